//! Maps with every kind of key: alone, flattened into a struct, into one that is flattened itself, and where serde buffers.

use std::collections::BTreeMap;
use std::fmt::Debug;

use ordered_float::OrderedFloat;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
struct Flat<K: Ord> {
    own: u8,
    #[serde(flatten)]
    map: BTreeMap<K, u8>,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Twice<K: Ord> {
    outer: u8,
    #[serde(flatten)]
    flat: Flat<K>,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Row<K: Ord> {
    id: u8,
    flat: Flat<K>,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
#[serde(tag = "kind")]
enum Internal<K: Ord> {
    Flat(Flat<K>),
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
#[serde(untagged)]
enum Untagged<K: Ord> {
    Map(BTreeMap<K, u8>),
}

/// Whether it is read as what it was. If not, rmp-serde does no better.
fn reads<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) -> bool {
    let bytes = ndwire::to_vec(value).unwrap();
    if ndwire::from_slice::<T>(&bytes).is_ok_and(|read| read == *value) {
        return true;
    }
    let packed = rmp_serde::to_vec_named(value).ok().and_then(|bytes| rmp_serde::from_slice::<T>(&bytes).ok());
    // It writes a char as a text.
    let is_text = packed.as_ref().is_some_and(|_| format!("{value:?}").contains("'€'"));
    assert!(packed.is_none_or(|read| read != *value) || is_text, "rmp-serde reads {value:?}");
    false
}

/// The names of the places in which a map of these keys is read as what it was.
fn places<K: Serialize + DeserializeOwned + Ord + Clone + Debug>(keys: &[K]) -> String {
    let map: BTreeMap<K, u8> = keys.iter().cloned().zip(0..).collect();
    let flat = Flat { own: 7, map: map.clone() };
    let rows = vec![flat.clone(), flat.clone()];
    let nested = vec![Row { id: 1, flat: flat.clone() }, Row { id: 2, flat: flat.clone() }];
    let places = [
        ("plain", reads(&vec![map.clone(), map.clone()])),
        ("flat", reads(&flat)),
        ("rows", reads(&rows) && reads(&nested)),
        ("twice", reads(&Twice { outer: 7, flat: flat.clone() })),
        ("internal", reads(&Internal::Flat(flat))),
        ("untagged", reads(&Untagged::Map(map))),
    ];
    places.iter().filter(|(_, reads)| *reads).map(|(name, _)| *name).collect::<Vec<_>>().join(" ")
}

#[derive(Serialize, Deserialize, PartialEq, Eq, PartialOrd, Ord, Debug, Clone)]
struct Id(u32);

#[derive(Serialize, Deserialize, PartialEq, Eq, PartialOrd, Ord, Debug, Clone)]
enum Name {
    First,
    Second,
    Numbered(u8),
}

#[derive(Serialize, Deserialize, PartialEq, Eq, PartialOrd, Ord, Debug, Clone)]
struct Point {
    x: i8,
    y: i8,
}

/// By kind of key. What serde keeps of a key, and reads from what it keeps, is the same in every format.
#[test]
fn keys() {
    let everywhere = "plain flat rows twice internal untagged";
    // serde keeps them, and hands them on to no struct in its buffer.
    let once = "plain flat rows untagged";
    // A struct keeps no such key.
    let maps = "plain untagged";
    // serde's buffers hold no 128 bits, and give back none, however small.
    let direct = "plain";
    let table = [
        ("texts", places(&["", "a", "own key"].map(String::from)), everywhere),
        ("u64", places(&[0u64, 1, 1 << 32, 1 << 63, u64::MAX]), everywhere),
        ("i64 from 0", places(&[0i64, 7, i64::MAX]), everywhere),
        ("newtypes", places(&[Id(0), Id(1), Id(u32::MAX)]), everywhere),
        ("unit variants", places(&[Name::First, Name::Second]), everywhere),
        ("bytes", places(&[ByteBuf::from([0, 255]), ByteBuf::from(vec![7; 600])]), everywhere),
        ("i64", places(&[i64::MIN, -1000, -1, 0, 7, i64::MAX]), once),
        ("bool", places(&[false, true]), once),
        ("char", places(&['a', '€']), once),
        ("f64", places(&[OrderedFloat(0.5), OrderedFloat(f64::INFINITY)]), once),
        ("options", places(&[None, Some(0u8), Some(1)]), once),
        ("nil", places(&[()]), once),
        ("tuples", places(&[(1u8, 2u16), (1, 3)]), maps),
        ("arrays", places(&[[1u8, 2], [1, 3]]), maps),
        ("structs", places(&[Point { x: 1, y: 2 }, Point { x: 1, y: 3 }]), maps),
        ("variants", places(&[Name::First, Name::Numbered(7)]), maps),
        ("u128", places(&[u128::MAX, 1 << 64]), direct),
        ("small u128", places(&[0u128, 7]), direct),
    ];
    let found = table.each_ref().map(|(kind, found, _)| format!("{kind}: {found}"));
    let expected = table.each_ref().map(|(kind, _, expected)| format!("{kind}: {expected}"));
    assert_eq!(found, expected);
}

#[test]
fn a_variant_keeps_a_map_of_numbers() {
    #[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
    enum Variant {
        Flat {
            own: u8,
            #[serde(flatten)]
            map: BTreeMap<i64, u8>,
        },
    }

    let variant = Variant::Flat { own: 7, map: [(-1, 0), (0, 1), (300, 2)].into() };
    assert!(reads(&vec![variant.clone(), variant]));
}

#[derive(Deserialize, PartialEq, Debug)]
struct Own {
    #[allow(dead_code, reason = "never found")]
    own: u8,
}

#[derive(Deserialize, PartialEq, Debug)]
enum Variants {
    #[allow(dead_code, reason = "never found")]
    Own(u8),
}

#[derive(Deserialize, PartialEq, Debug)]
#[serde(tag = "kind", content = "content")]
enum Adjacent {
    #[allow(dead_code, reason = "never found")]
    Own(u8),
}

#[derive(Deserialize, PartialEq, Debug)]
struct FlatOwn {
    #[allow(dead_code, reason = "never found")]
    #[serde(flatten)]
    own: Own,
}

/// A number finds no field and no variant, whatever its position.
#[test]
fn fields_and_variants_are_not_found_by_number() {
    fn refused<T: DeserializeOwned + Debug>(bytes: &[u8], message: &str) {
        let error = ndwire::from_slice::<T>(bytes).unwrap_err();
        assert!(error.to_string().contains(message), "{error}");
    }
    let no_name = "invalid type: found an integer, expected a field name";
    for key in [-1i128, 0, 1, 1 << 32, u64::MAX.into()] {
        let map = BTreeMap::from([(key, 7u8)]);
        for bytes in [ndwire::to_vec(&map).unwrap(), ndwire::to_vec(&BTreeMap::from([(key, &map)])).unwrap()] {
            refused::<Own>(&bytes, no_name);
            refused::<Variants>(&bytes, no_name);
            refused::<Adjacent>(&bytes, no_name);
            refused::<FlatOwn>(&bytes, "missing field `own`");
        }
        // A struct in a map of numbers, in a list and in rows; and in a struct that keeps such a map.
        let maps = vec![BTreeMap::from([(key, map.clone())]); 2];
        refused::<Vec<BTreeMap<i128, Own>>>(&ndwire::to_vec(&maps).unwrap(), no_name);
        let rows = vec![("text", &map), ("text", &map)];
        refused::<Vec<(String, Own)>>(&ndwire::to_vec(&rows).unwrap(), no_name);
        refused::<Vec<(String, Variants)>>(&ndwire::to_vec(&rows).unwrap(), no_name);
        let flat = BTreeMap::from([("own", &map)]);
        #[derive(Deserialize, Debug)]
        #[allow(dead_code, reason = "never read")]
        struct Around {
            own: Own,
            #[serde(flatten)]
            map: BTreeMap<i128, u8>,
        }
        refused::<Around>(&ndwire::to_vec(&flat).unwrap(), no_name);
    }
}
