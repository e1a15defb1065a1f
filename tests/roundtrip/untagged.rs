//! Types that serde buffers before it knows what they are: under `untagged` and `flatten`, and beside a tag.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use ndwire::{AsArray, Error, ErrorKind, Value, from_slice, to_vec};
use serde::{Deserialize, Serialize};
use serde_bytes::Bytes;

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
    let too_wide = "wide: invalid type: found an integer of 128 bits, expected any value, at byte 22";
    for bytes in [to_vec(&Wide { wide: u128::MAX }).unwrap(), to_vec(&Signed { wide: i128::MIN }).unwrap()] {
        let error = from_slice::<MaybeWide>(&bytes).unwrap_err();
        assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::TypeMismatch, too_wide));
    }
    let bytes = to_vec(&FlatWide { wide: Wide { wide: u128::MAX } }).unwrap();
    let error = from_slice::<FlatWide>(&bytes).unwrap_err();
    assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::TypeMismatch, too_wide));

    let bytes = to_vec(&FlatWide { wide: Wide { wide: 5 } }).unwrap();
    let error = from_slice::<FlatWide>(&bytes).unwrap_err();
    let refused = |error: Error, found: &str| {
        let why =
            " where serde buffers (in flatten, untagged, beside a tag): use 64 bits, a text or an array, at byte 16";
        assert_eq!((error.kind(), error.to_string()), (ErrorKind::Custom, format!("{found} is not supported{why}")));
    };
    refused(error, "u128");
    let bytes = to_vec(&Signed { wide: -5 }).unwrap();
    let error = from_slice::<MaybeWide>(&bytes).unwrap_err();
    let no_match = "data did not match any variant of untagged enum MaybeWide, at byte 16";
    assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Custom, no_match));
    same(MaybeNarrow::Narrow { wide: u64::MAX });

    // Beside a tag, too. A small one goes in as an integer of 64 bits; it is the type that is not read from there.
    let bytes = to_vec(&Tagged::Unsigned(Wide { wide: u128::MAX })).unwrap();
    let too_wide = "wide: invalid type: found an integer of 128 bits, expected any value, at byte 36";
    assert_eq!(from_slice::<Tagged>(&bytes).unwrap_err().to_string(), too_wide);
    refused(from_slice::<Tagged>(&to_vec(&Tagged::Unsigned(Wide { wide: 5 })).unwrap()).unwrap_err(), "u128");
    refused(from_slice::<Tagged>(&to_vec(&Tagged::Signed(Signed { wide: -5 })).unwrap()).unwrap_err(), "i128");
    let narrow: TaggedNarrow = from_slice(&to_vec(&Tagged::Unsigned(Wide { wide: 5 })).unwrap()).unwrap();
    assert_eq!(narrow, TaggedNarrow::Unsigned { wide: 5 });
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
#[serde(tag = "kind")]
enum Tagged {
    Unsigned(Wide),
    Signed(Signed),
}

#[derive(Deserialize, PartialEq, Debug)]
#[serde(tag = "kind")]
enum TaggedNarrow {
    Unsigned { wide: u64 },
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Camera<T> {
    id: u8,
    #[serde(flatten)]
    extra: BTreeMap<String, T>,
}

/// A catch-all of `serde_json::Value`s has no place for bytes. Serde forgets whose they are; the message says it all the same.
#[test]
fn bytes_in_a_catch_all_of_json_are_refused_by_name() {
    let why = "invalid type: found bytes, expected any valid JSON value: serde_json::Value has no bytes, and so no arrays, but ndwire::Value has";
    let told = |error: Error| error.to_string().split(", at byte").next().unwrap().to_owned();
    type Json = Camera<serde_json::Value>;
    fn camera<T>(extra: T) -> Camera<T> {
        Camera { id: 7, extra: BTreeMap::from([("lens".into(), extra)]) }
    }
    let array = || AsArray([0.5f32; 4]);
    let bytes = to_vec(&camera(array())).unwrap();
    let error = from_slice::<Json>(&bytes).unwrap_err();
    // The payload: 4 floats at the end.
    assert_eq!((error.path(), error.offset()), (Some("lens"), Some(bytes.len() as u64 - 16)));
    assert_eq!((error.kind(), told(error)), (ErrorKind::TypeMismatch, format!("lens: {why}")));
    // Deeper, among others, and in a struct that stands somewhere itself.
    let deep = camera(("text", [(); 0], BTreeMap::from([("a", AsArray([1.5f32; 4])), ("b", array())])));
    let error = from_slice::<Json>(&to_vec(&deep).unwrap()).unwrap_err();
    assert_eq!(told(error), format!("lens[2].a: {why}"));
    let list = to_vec(&(camera(array()), "text")).unwrap();
    let error = from_slice::<(Json, String)>(&list).unwrap_err();
    assert_eq!(told(error), format!("[0].lens: {why}"));
    let named = to_vec(&BTreeMap::from([("left", Some(camera(Bytes::new(&b"bytes"[..]))))])).unwrap();
    let error = from_slice::<BTreeMap<String, Option<Json>>>(&named).unwrap_err();
    assert_eq!(told(error), format!("left.lens: {why}"));
    // From a reader the value stands elsewhere in memory.
    #[cfg(feature = "std")]
    assert_eq!(told(ndwire::from_reader::<Json>(&bytes[..]).unwrap_err()), format!("lens: {why}"));
    // What is not buffered has its path as ever, and what needs no bytes is read.
    let error = from_slice::<BTreeMap<String, serde_json::Value>>(&to_vec(&camera(array())).unwrap()).unwrap_err();
    assert_eq!(told(error), format!("lens.data: {why}"));
    assert_eq!(from_slice::<Json>(&to_vec(&camera("glass")).unwrap()).unwrap(), camera("glass".into()));
    let kept: Camera<Value> = from_slice(&bytes).unwrap();
    assert_eq!(to_vec(&kept).unwrap(), bytes);
}

/// Integers of rows are shown to the buffer as those of a plain list are: what is read from it is the same.
#[test]
fn a_buffer_makes_no_difference_between_forms_of_a_list() {
    #[derive(Deserialize, PartialEq, Debug)]
    #[serde(untagged)]
    enum Any {
        Tagged(First),
        Numbers(Vec<i64>),
    }
    #[derive(Deserialize, PartialEq, Debug)]
    #[serde(tag = "kind")]
    enum First {
        Zero { value: u8 },
    }
    let packed = from_slice::<Any>(&to_vec(&[0u16, 5]).unwrap()).unwrap();
    let plain = from_slice::<Any>(&to_vec(&(0u16, 5u8)).unwrap()).unwrap();
    assert_eq!(packed, plain);
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
#[serde(untagged)]
enum MaybeNarrow {
    Narrow { wide: u64 },
}
