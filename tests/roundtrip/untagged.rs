//! Types that serde buffers before it knows what they are: under `untagged` and `flatten`, and beside a tag.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use ndwire::{ErrorKind, from_slice, to_vec};
use serde::{Deserialize, Serialize};

use super::typed::same;

#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
struct Std {
    address: IpAddr,
    time: SystemTime,
    duration: Duration,
    path: PathBuf,
    char: char,
    option: Option<Option<u8>>,
    unit: Option<()>,
    floats: Vec<f32>,
    optional: Vec<Option<f32>>,
    nested: Vec<[f64; 2]>,
    ragged: Vec<Vec<u8>>,
    #[serde(with = "serde_bytes")]
    bytes: Vec<u8>,
    keys: BTreeMap<String, (i64, u64)>,
}

fn std(address: IpAddr, option: Option<Option<u8>>) -> Std {
    Std {
        address,
        time: SystemTime::UNIX_EPOCH + Duration::new(1_700_000_000, 5),
        duration: Duration::new(3, 4),
        path: PathBuf::from("/a/b"),
        char: '€',
        option,
        unit: Some(()),
        floats: vec![1.5; 300],
        optional: vec![Some(1.5), None],
        nested: vec![[0.5, 1.5]; 40],
        ragged: vec![vec![1, 2], vec![], vec![3]],
        bytes: vec![7; 600],
        keys: BTreeMap::from([("k".into(), (i64::MIN, u64::MAX))]),
    }
}

fn values() -> Vec<Std> {
    let addresses = [IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1)), IpAddr::V6(Ipv6Addr::LOCALHOST)];
    let options = [None, Some(None), Some(Some(3))];
    addresses.into_iter().flat_map(|address| options.map(|option| std(address, option))).collect()
}

#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
#[serde(untagged)]
enum Untagged {
    Never { no_such_field: u8 },
    Std(Std),
    Address(IpAddr),
    Number(f32),
}

#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
#[serde(tag = "kind")]
enum Internal {
    Std(Std),
    Newer { address: IpAddr, nested: Box<Internal> },
}

#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
#[serde(tag = "kind", content = "content")]
enum Adjacent {
    Std(Std),
}

#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
struct Flat {
    before: u8,
    #[serde(flatten)]
    std: Std,
    after: Vec<f32>,
}

#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
struct FlatOption {
    #[serde(flatten)]
    std: Option<Std>,
    #[serde(flatten)]
    variant: External,
}

#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
enum External {
    First { a: IpAddr },
    Second(Vec<f32>),
}

#[test]
fn types_of_the_standard_library_come_back_from_serdes_buffer() {
    for value in values() {
        same(value.clone());
        same(Untagged::Std(value.clone()));
        same(Untagged::Address(value.address));
        same(vec![Untagged::Std(value.clone()), Untagged::Number(0.5)]);
        same(Internal::Std(value.clone()));
        same(Internal::Newer { address: value.address, nested: Box::new(Internal::Std(value.clone())) });
        same(Adjacent::Std(value.clone()));
        same(Flat { before: 1, std: value.clone(), after: vec![0.5; 200] });
        same(FlatOption { std: Some(value.clone()), variant: External::First { a: value.address } });
        same(FlatOption { std: None, variant: External::Second(vec![1.0; 200]) });
    }
}

/// The content of an adjacent enum may stand before its tag; then serde buffers it.
#[test]
fn content_before_its_tag() {
    #[derive(Serialize)]
    struct ContentFirst {
        content: Std,
        kind: &'static str,
    }
    for value in values() {
        let bytes = to_vec(&ContentFirst { content: value.clone(), kind: "Std" }).unwrap();
        assert_eq!(from_slice::<Adjacent>(&bytes).unwrap(), Adjacent::Std(value));
    }
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Wide {
    wide: u128,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Signed {
    wide: i128,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
#[serde(untagged)]
enum MaybeWide {
    Wide(Wide),
    Signed(Signed),
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct FlatWide {
    #[serde(flatten)]
    wide: Wide,
}

/// serde's buffer has no 128-bit integers, whatever the format: an integer beyond 64 bits does not go in, and none of the type comes out.
#[test]
fn integers_of_128_bits_in_serdes_buffer_are_an_error() {
    same(Wide { wide: u128::MAX });
    same(Signed { wide: i128::MIN });
    let too_wide = "wide: invalid type: found another type, expected any value, at byte 22";
    for bytes in [to_vec(&Wide { wide: u128::MAX }).unwrap(), to_vec(&Signed { wide: i128::MIN }).unwrap()] {
        let error = from_slice::<MaybeWide>(&bytes).unwrap_err();
        assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::TypeMismatch, too_wide));
    }
    let bytes = to_vec(&FlatWide { wide: Wide { wide: u128::MAX } }).unwrap();
    let error = from_slice::<FlatWide>(&bytes).unwrap_err();
    assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::TypeMismatch, too_wide));

    let bytes = to_vec(&FlatWide { wide: Wide { wide: 5 } }).unwrap();
    let error = from_slice::<FlatWide>(&bytes).unwrap_err();
    assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Custom, "u128 is not supported, at byte 16"));
    let bytes = to_vec(&Signed { wide: -5 }).unwrap();
    let error = from_slice::<MaybeWide>(&bytes).unwrap_err();
    let no_match = "data did not match any variant of untagged enum MaybeWide, at byte 16";
    assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Custom, no_match));
    same(MaybeNarrow::Narrow { wide: u64::MAX });
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
#[serde(untagged)]
enum MaybeNarrow {
    Narrow { wide: u64 },
}
