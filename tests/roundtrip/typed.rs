//! Derived types with every feature of serde's derive.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::fmt::Debug;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU16;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use ndwire::{Value, from_slice, to_vec};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use serde_bytes::{ByteBuf, Bytes};

#[track_caller]
pub(crate) fn same<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: T) -> Vec<u8> {
    let bytes = to_vec(&value).unwrap();
    let back: T = from_slice(&bytes).unwrap_or_else(|error| panic!("{error}: {value:?}"));
    assert_eq!(back, value);
    from_slice::<IgnoredAny>(&bytes).unwrap_or_else(|error| panic!("skipping: {error}: {value:?}"));
    assert_eq!(to_vec(&back).unwrap(), bytes);
    assert_eq!(to_vec(&from_slice::<Value>(&bytes).unwrap()).unwrap(), bytes);
    bytes
}

/// META as text, where a byte that is not printable ASCII is in hex.
#[track_caller]
fn meta(value: &impl Serialize, expected: &str) {
    let bytes = to_vec(value).unwrap();
    let len = u32::from_le_bytes(bytes[8..12].try_into().unwrap()) as usize;
    let text: String = bytes[16..16 + len]
        .iter()
        .map(|&byte| if (0x20..0x7F).contains(&byte) { char::from(byte).to_string() } else { format!("<{byte:02X}>") })
        .collect();
    assert_eq!(text, expected);
}

macro_rules! representations {
    ($($name:ident #[$($attribute:tt)*] { $($variants:tt)* })*) => {$(
        #[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
        #[$($attribute)*]
        enum $name { $($variants)* }
    )*};
}

#[derive(Serialize, Deserialize, PartialEq, Debug, Clone, Default)]
struct Inner {
    embedding: Vec<f32>,
    rows: Vec<Vec<u16>>,
    name: Option<String>,
}

representations! {
    External #[serde(rename_all = "snake_case")] {
        Unit, Newtype(Inner), Tuple(u8, Vec<f64>), Struct { a: u8, b: Vec<Option<f32>> }, Nil(()), Maybe(Option<u8>),
    }
    Internal #[serde(tag = "kind")] { Unit, Newtype(Inner), Struct { a: u8, b: Vec<Option<f32>> } }
    Adjacent #[serde(tag = "kind", content = "content")] {
        Unit, Newtype(Inner), Tuple(u8, Vec<f64>), Struct { a: u8, b: Vec<Option<f32>> }, Maybe(Option<Option<u8>>),
    }
    Untagged #[serde(untagged)] {
        Unit, Number(f32), Tuple(u8, String), Newtype(Inner), Struct { a: i8, b: Vec<Option<f32>> }, List(Vec<f64>), Char(char),
    }
}

fn inner() -> Inner {
    Inner { embedding: vec![0.5; 768], rows: vec![vec![1; 300], vec![2; 300]], name: Some("x".repeat(600)) }
}

#[test]
fn all_four_representations_of_an_enum() {
    use External as E;
    let struct_b = || vec![Some(1.5), None];
    for value in [
        E::Unit,
        E::Newtype(inner()),
        E::Tuple(1, vec![0.5; 100]),
        E::Struct { a: 1, b: struct_b() },
        E::Nil(()),
        E::Maybe(None),
        E::Maybe(Some(3)),
    ] {
        same(value.clone());
        same(vec![value.clone(), E::Unit, value.clone()]);
        same(BTreeMap::from([(1u8, (value.clone(), Some(value)))]));
    }
    for value in [Internal::Unit, Internal::Newtype(inner()), Internal::Struct { a: 200, b: struct_b() }] {
        same(value.clone());
        same(vec![Some(value), None]);
    }
    for value in [
        Adjacent::Unit,
        Adjacent::Newtype(inner()),
        Adjacent::Tuple(1, vec![0.5; 100]),
        Adjacent::Struct { a: 1, b: struct_b() },
        Adjacent::Maybe(None),
        Adjacent::Maybe(Some(None)),
        Adjacent::Maybe(Some(Some(1))),
    ] {
        same(value.clone());
        same([value.clone(), value]);
    }
    for value in [
        Untagged::Unit,
        Untagged::Number(-0.0),
        Untagged::Tuple(1, "x".repeat(600)),
        Untagged::Newtype(inner()),
        Untagged::Struct { a: -1, b: struct_b() },
        Untagged::List(vec![0.25; 100]),
        Untagged::Char('€'),
    ] {
        same(value.clone());
        same(vec![value.clone(), Untagged::Unit, value]);
    }
    meta(&E::Unit, "<84>unit");
    meta(&E::Tuple(1, vec![]), "<B1><85>tuple<A2><01><A0>");
    meta(&E::Struct { a: 1, b: vec![None] }, "<B1><86>struct<B2><81>a<01><81>b<A1><C0>");
    meta(&E::Nil(()), "<B1><83>nil<C0>");
    meta(&Internal::Struct { a: 1, b: vec![] }, "<B3><84>kind<86>Struct<81>a<01><81>b<A0>");
    meta(&Adjacent::Unit, "<B1><84>kind<84>Unit");
    meta(&Adjacent::Maybe(Some(None)), "<B2><84>kind<85>Maybe<87>content<D5><C0>");
    meta(&Untagged::Unit, "<C0>");
}

#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
struct Attributes {
    #[serde(rename = "type")]
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    left_out: Option<Vec<f32>>,
    #[serde(default = "seven")]
    given: u8,
    #[serde(skip)]
    skipped: u8,
    #[serde(alias = "old_name", default)]
    new_name: Vec<u16>,
    #[serde(with = "serde_bytes")]
    blob: Vec<u8>,
    #[serde(flatten)]
    flat: Inner,
    #[serde(flatten)]
    rest: BTreeMap<String, Vec<Option<f64>>>,
}

fn seven() -> u8 {
    7
}

fn attributes() -> Attributes {
    Attributes {
        kind: "k".into(),
        left_out: None,
        given: 9,
        skipped: 0,
        new_name: vec![1; 300],
        blob: vec![3; 600],
        flat: inner(),
        rest: BTreeMap::from([("extra".into(), vec![Some(1.0), None]), ("empty".into(), vec![])]),
    }
}

#[test]
fn attributes_of_the_derive() {
    same(attributes());
    same(Attributes { left_out: Some(vec![1.0; 200]), ..attributes() });
    same(vec![attributes(), Attributes { given: 1, ..attributes() }]);
    let small =
        Attributes { new_name: vec![], blob: vec![1], flat: Inner::default(), rest: BTreeMap::new(), ..attributes() };
    let fields = "<84>type<81>k<85>given<09><88>new_name<A0><84>blob<D2><01><01>";
    meta(&small, &format!("<B7>{fields}<89>embedding<A0><84>rows<A0><84>name<C0>"));
}

#[test]
fn fields_may_be_added_removed_reordered_and_renamed() {
    #[derive(Serialize)]
    struct Old {
        embedding: Vec<f32>,
        old_name: [u16; 2],
        gone: (Vec<f32>, Vec<Vec<f64>>, Option<Option<u8>>, BTreeMap<u8, String>),
        blob: ByteBuf,
        #[serde(rename = "type")]
        kind: &'static str,
    }
    #[derive(Deserialize, PartialEq, Debug)]
    struct New {
        #[serde(rename = "type")]
        kind: String,
        #[serde(default = "seven")]
        added: u8,
        #[serde(with = "serde_bytes")]
        blob: Vec<u8>,
        #[serde(alias = "old_name")]
        new_name: Vec<u16>,
        embedding: Vec<f32>,
        option: Option<u8>,
    }
    let gone = (vec![1.0; 500], vec![vec![0.5; 80]; 2], Some(None), BTreeMap::from([(1, "x".repeat(600))]));
    let old = Old { embedding: vec![2.0; 200], old_name: [5, 6], gone, blob: vec![9; 700].into(), kind: "k" };
    let new: New = from_slice(&to_vec(&old).unwrap()).unwrap();
    let expected = New {
        kind: "k".into(),
        added: 7,
        blob: vec![9; 700],
        new_name: vec![5, 6],
        embedding: vec![2.0; 200],
        option: None,
    };
    assert_eq!(new, expected);
}

#[test]
fn borrowed_text_and_bytes() {
    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    struct Borrowed<'a> {
        name: &'a str,
        #[serde(borrow)]
        bytes: &'a Bytes,
        slice: &'a [u8],
        #[serde(borrow)]
        cow: Cow<'a, str>,
        #[serde(borrow)]
        names: Vec<&'a str>,
        path: &'a std::path::Path,
    }
    for len in [0, 5, 31, 32, 511, 512, 3000] {
        let text = "x".repeat(len);
        let value = Borrowed {
            name: &text,
            bytes: Bytes::new(text.as_bytes()),
            slice: text.as_bytes(),
            cow: Cow::Borrowed(&text),
            names: vec![&text, "second"],
            path: std::path::Path::new(&text),
        };
        let bytes = to_vec(&value).unwrap();
        let back: Borrowed<'_> = from_slice(&bytes).unwrap();
        assert_eq!(back, value);
        assert!(matches!(back.cow, Cow::Borrowed(_)));
        let range = bytes.as_ptr_range();
        for part in [back.name.as_bytes(), back.bytes, back.slice, back.names[1].as_bytes()] {
            assert!(part.is_empty() || range.contains(&part.as_ptr()), "not borrowed from the value");
        }
    }
}

#[test]
fn options_units_and_newtypes() {
    #[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
    struct Unit;
    #[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
    struct Newtype<T>(T);
    type Deep = Option<Option<Option<()>>>;
    let all: [Deep; 4] = [None, Some(None), Some(Some(None)), Some(Some(Some(())))];
    for (index, value) in all.into_iter().enumerate() {
        assert_eq!(same(value)[16..], [&vec![0xD5; index][..], &[0xC0]].concat());
        same((value, Newtype(value), [value; 3]));
        same(BTreeMap::from([(value, value)]));
    }
    same(all);
    same((Some(()), None::<()>, (), Unit, Some(Unit), Newtype(Some(Unit)), Some(Newtype(Unit))));
    same(vec![Some(Newtype(None)), Some(Newtype(Some(1u8))), None]);
    same([Some(vec![Some(1u8), None]), None, Some(vec![])]);
    same(Newtype(Newtype(vec![Newtype(1.0f32); 200])));
    assert_eq!(to_vec(&vec![Newtype(1.0f32); 200]).unwrap(), to_vec(&vec![1.0f32; 200]).unwrap());
    same(vec![Some(Some(1.5f32)), Some(Some(2.5))]);
}

#[test]
fn numbers_at_their_edges_and_chars() {
    let edges: Vec<i128> = [0, 7, 8, 15, 16, 31, 32, 63, 64, 126]
        .into_iter()
        .flat_map(|bits| [(1i128 << bits) - 1, 1 << bits, -(1 << bits), -(1 << bits) - 1])
        .chain([-16, -17, 127, 128, i128::MAX, i128::MIN])
        .collect();
    for &edge in &edges {
        same(edge);
        same([edge; 3]);
        let _ = u128::try_from(edge).map(same);
        let _ = u64::try_from(edge).map(|edge| same((edge, vec![edge; 2])));
        let _ = i64::try_from(edge).map(|edge| same((edge, vec![edge; 2])));
        let _ = i32::try_from(edge).map(|edge| same((edge, vec![edge; 2])));
        let _ = u32::try_from(edge).map(|edge| same((edge, vec![edge; 2])));
        let _ = i16::try_from(edge).map(|edge| same((edge, vec![edge; 2])));
        let _ = u16::try_from(edge).map(|edge| same((edge, vec![edge; 2])));
        let _ = i8::try_from(edge).map(|edge| same((edge, vec![edge; 2])));
        let _ = u8::try_from(edge).map(|edge| same((edge, vec![edge; 2])));
    }
    same(u128::MAX);
    for char in ['\0', 'a', '\u{7F}', '\u{80}', '€', '\u{D7FF}', '\u{E000}', '\u{10FFFF}'] {
        same((char, [char; 2], Some(char), BTreeMap::from([(char, char)])));
    }
}

#[test]
fn every_bit_of_a_float() {
    let singles = [0x7FC0_0000, 0x7F80_0001, 0xFFFF_FFFF, 0x8000_0000, 0x0000_0001, 0x7F80_0000, 0xFF80_0000];
    for bits in singles {
        let float = f32::from_bits(bits);
        let read: (f32, Vec<f32>, Vec<Option<f32>>, [[f32; 1]; 2], Vec<f32>) =
            from_slice(&to_vec(&(float, vec![float], [Some(float), None], [[float]; 2], vec![float; 300])).unwrap())
                .unwrap();
        let all = [&[read.0][..], &read.1, &[read.2[0].unwrap()], read.3.as_flattened(), &read.4].concat();
        assert_eq!(all.len(), 305);
        assert!(all.iter().all(|float| float.to_bits() == bits), "{bits:08X}");
        let wide = u64::from(bits) << 32 | 1;
        let float = f64::from_bits(wide);
        let read: (f64, Vec<f64>, Vec<Option<f64>>, Vec<[f64; 2]>) =
            from_slice(&to_vec(&(float, [float], [Some(float), None], vec![[float; 2]; 100])).unwrap()).unwrap();
        let all = [&[read.0][..], &read.1, &[read.2[0].unwrap()], read.3.as_flattened()].concat();
        assert!(all.iter().all(|float| float.to_bits() == wide), "{wide:016X}");
    }
}

#[test]
fn collections_and_types_of_the_standard_library() {
    same(BTreeMap::from([(true, 'a'), (false, 'b')]));
    same(BTreeMap::from([((1u8, 'x'), [1.5f32; 2]), ((2, 'y'), [2.5; 2])]));
    same(BTreeMap::from([(vec![1u8; 600], "long key".to_string()), (vec![], String::new())]));
    same(BTreeMap::from([(Some(1u8), ()), (None, ())]));
    same(BTreeMap::from([(BTreeMap::from([(1u8, 2u8)]), 3u8)]));
    same(BTreeMap::from([(i128::MIN, u128::MAX)]));
    let map: HashMap<_, _> = (0..100u8).map(|n| (n, vec![f32::from(n); 200])).collect();
    assert_eq!(from_slice::<HashMap<u8, Vec<f32>>>(&to_vec(&map).unwrap()).unwrap(), map);
    same((0..20u16).collect::<BTreeSet<_>>());
    same((0..20u16).collect::<VecDeque<_>>());
    same((String::from("s"), Box::new(5u8), vec!["a".to_string(); 20].into_boxed_slice()));
    same((Ok::<u8, String>(1), Err::<u8, String>("e".into())));
    same((IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST), SocketAddr::from(([1, 2, 3, 4], 5))));
    same((SystemTime::UNIX_EPOCH + Duration::new(1 << 40, 999_999_999), Duration::new(5, 6)));
    same((PathBuf::from("/a/ü"), NonZeroU16::MAX, std::ops::Range { start: 1u8, end: 3 }, std::num::Wrapping(7i64)));
    same((std::sync::atomic::AtomicU8::new(3).into_inner(), ByteBuf::from(vec![1, 2]), [(); 3], [[0u8; 0]; 2]));
    same([1u8; 32]);
    same((1u8, 2u16, 3u32, 4u64, 5i8, 6i16, 7i32, 8i64, 9.5f32, 10.5f64, 'c', true));
}
