//! Events that come from another format, or from this one, instead of from a type.

use std::cell::Cell;

use ndwire::{Deserializer, Options, Serializer, from_slice, to_vec};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde::ser::{Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant};
use serde_json::Value as Json;

use super::borders::border;
use super::model::{Data, ListEvents, MapEvents};
use super::oracle;
use super::properties::hex;
use super::rows::table;
use super::seen::Seen;
use super::strategies::data;

fn from_ours(bytes: &[u8]) -> Vec<u8> {
    let mut deserializer = Deserializer::new(bytes).unwrap();
    let mut serializer = Serializer::new(Options::default());
    serde_transcode::transcode(&mut deserializer, &mut serializer).unwrap();
    deserializer.end().unwrap();
    serializer.into_vec().unwrap()
}

fn from_json(text: &str) -> Vec<u8> {
    let mut serializer = Serializer::new(Options::default());
    serde_transcode::transcode(&mut serde_json::Deserializer::from_str(text), &mut serializer).unwrap();
    serializer.into_vec().unwrap()
}

fn json() -> impl Strategy<Value = Json> {
    let scalar = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<u64>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        (-9999..9999i32).prop_map(|quarters| Json::from(f64::from(quarters) / 4.0)),
        "\\PC{0,40}".prop_map(Json::from),
        vec(0..300u64, 0..90).prop_map(Json::from),
        vec(prop_oneof![Just(Json::Null), (0..9u64).prop_map(Json::from)], 0..9).prop_map(Json::from),
        vec(vec(Just(0.25), 3), 0..40).prop_map(Json::from),
    ];
    scalar.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Json::from),
            btree_map("[a-z]{0,3}", inner, 0..5).prop_map(|map| Json::Object(map.into_iter().collect())),
        ]
    })
}

/// The value as transcoding gives it: lists are sequences, an integer is unsigned if it is not negative, and 64 bits wide.
fn by_value(data: &Data) -> Data {
    let int = |value: i64| u64::try_from(value).map_or(Data::I64(value), Data::U64);
    let each = |list: &[Data]| list.iter().map(by_value).collect::<Vec<_>>();
    match data {
        Data::I8(value) => int((*value).into()),
        Data::I16(value) => int((*value).into()),
        Data::I32(value) => int((*value).into()),
        Data::I64(value) => int(*value),
        Data::U8(value) => Data::U64((*value).into()),
        Data::U16(value) => Data::U64((*value).into()),
        Data::U32(value) => Data::U64((*value).into()),
        Data::U128(value) => u64::try_from(*value).map_or(Data::U128(*value), Data::U64),
        Data::I128(value) => match (u64::try_from(*value), i64::try_from(*value)) {
            (Ok(value), _) => Data::U64(value),
            (_, Ok(value)) => Data::I64(value),
            _ => Data::I128(*value),
        },
        Data::Some(content) => Data::Some(by_value(content).into()),
        Data::NewtypeStruct(content) => Data::NewtypeStruct(by_value(content).into()),
        Data::NewtypeVariant(name, content) => Data::NewtypeVariant(name, by_value(content).into()),
        // Of a tuple, nothing but its elements is left.
        Data::List(_, list) => Data::list(each(list)),
        Data::TupleVariant(name, list) => Data::NewtypeVariant(name, Data::list(each(list)).into()),
        Data::Map(events, map) => {
            Data::Map(*events, map.iter().map(|(key, value)| (by_value(key), by_value(value))).collect())
        }
        Data::Struct(fields) => Data::Struct(fields.iter().map(|(name, value)| (*name, by_value(value))).collect()),
        Data::StructVariant(name, fields) => {
            Data::StructVariant(name, fields.iter().map(|(name, value)| (*name, by_value(value))).collect())
        }
        other => other.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn transcoding_gives_the_bytes_of_the_same_values(data in prop_oneof![data(), table()]) {
        let plain = to_vec(&by_value(&data)).unwrap();
        let transcoded = from_ours(&to_vec(&data).unwrap());
        prop_assert_eq!(hex(&transcoded), hex(&plain));
        prop_assert_eq!(from_slice::<Seen>(&transcoded).unwrap(), data.seen());
        prop_assert_eq!(from_ours(&transcoded), transcoded);
    }

    #[test]
    fn json_gives_the_same_bytes_by_either_way(json in json()) {
        let bytes = to_vec(&json).unwrap();
        prop_assert_eq!(from_json(&json.to_string()), &bytes[..]);
        prop_assert_eq!(from_slice::<Json>(&bytes).unwrap(), json.clone());
        let mut text = Vec::new();
        let mut deserializer = Deserializer::new(&bytes).unwrap();
        serde_transcode::transcode(&mut deserializer, &mut serde_json::Serializer::new(&mut text)).unwrap();
        prop_assert_eq!(serde_json::from_slice::<Json>(&text).unwrap(), json);
    }
}

#[test]
fn lists_without_integers_keep_their_bytes() {
    let lists = [
        Data::list((0..300).map(|n| Data::F32(n as f32))),
        Data::list((0..30).map(|n| Data::list((0..20).map(|m| Data::F64((n * m) as f64))))),
        Data::list([Data::Some(Data::F32(1.0).into()), Data::None]),
        Data::list([Data::None, Data::Unit]),
        Data::List(ListEvents::Unknown, vec![Data::Bool(true); 600]),
        Data::list([Data::list([Data::F32(1.0)]), Data::list([])]),
        Data::list([Data::U64(1), Data::U64(2)]),
        Data::list([Data::I64(-1), Data::I64(-2)]),
    ];
    for list in lists {
        let bytes = to_vec(&list).unwrap();
        assert_eq!(hex(&from_ours(&bytes)), hex(&bytes), "{list:?}");
    }
}

/// Elements of which each is good for one call, as those of a transcoder are.
struct Once<'a>(&'a Data, Cell<bool>);

impl<'a> Once<'a> {
    fn new(data: &'a Data) -> Self {
        Once(data, Cell::new(false))
    }
}

impl Serialize for Once<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        assert!(!self.1.replace(true), "serialized twice: {:?}", self.0);
        match self.0 {
            Data::Some(content) => serializer.serialize_some(&Once::new(content)),
            Data::NewtypeStruct(content) => serializer.serialize_newtype_struct("Newtype", &Once::new(content)),
            Data::NewtypeVariant(name, content) => {
                serializer.serialize_newtype_variant("Enum", 1, name, &Once::new(content))
            }
            Data::List(_, elements) => {
                let mut list = serializer.serialize_seq(None)?;
                elements.iter().try_for_each(|element| list.serialize_element(&Once::new(element)))?;
                list.end()
            }
            Data::Map(events, entries) => {
                let mut map = serializer.serialize_map(None)?;
                for (key, value) in entries {
                    if *events == MapEvents::Apart {
                        map.serialize_key(&Once::new(key))?;
                        map.serialize_value(&Once::new(value))?;
                    } else {
                        map.serialize_entry(&Once::new(key), &Once::new(value))?;
                    }
                }
                map.end()
            }
            Data::Struct(fields) => {
                let mut map = serializer.serialize_struct("Struct", fields.len())?;
                fields.iter().try_for_each(|(name, value)| map.serialize_field(name, &Once::new(value)))?;
                map.end()
            }
            Data::StructVariant(name, fields) => {
                let mut map = serializer.serialize_struct_variant("Enum", 3, name, fields.len())?;
                fields.iter().try_for_each(|(name, value)| map.serialize_field(name, &Once::new(value)))?;
                map.end()
            }
            scalar => scalar.serialize(serializer),
        }
    }
}

/// What an element may be, as JSON: the shapes that differ, and more of one.
const ELEMENTS: [&str; 18] = [
    "1",
    "-1",
    "0.5",
    "true",
    "null",
    "\"text\"",
    "[]",
    "[1,2]",
    "[0.5]",
    "[null]",
    "{}",
    "{\"a\":1}",
    "{\"a\":null}",
    "{\"a\":\"text\"}",
    "{\"a\":[1,2]}",
    "{\"a\":{\"b\":1}}",
    "{\"b\":1}",
    "{\"a\":1,\"b\":[[0.5,1.5],[2.5]]}",
];

/// No element is serialized twice, wherever in a list the one is that does not fit, and whatever it is.
#[test]
fn a_later_element_that_does_not_fit_costs_no_second_call() {
    for first in ELEMENTS {
        for other in ELEMENTS {
            for at in [1, 4, 39] {
                for len in [at + 1, at + 3] {
                    let list: Vec<&str> = (0..len).map(|n| if n == at { other } else { first }).collect();
                    let list = format!("[{}]", list.join(","));
                    let inside = format!("[{{\"id\":1,\"list\":{list}}},{{\"id\":2,\"list\":{list}}},{{\"id\":null}}]");
                    for text in [list, inside] {
                        let json: Json = serde_json::from_str(&text).unwrap();
                        let bytes = to_vec(&json).unwrap();
                        assert_eq!(hex(&from_json(&text)), hex(&bytes), "{text}");
                        assert_eq!(hex(&from_ours(&bytes)), hex(&bytes), "{text}");
                    }
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn elements_and_entries_are_serialized_once(
        data in prop_oneof![data(), table(), border().prop_map(|(events, list)| Data::List(events, list))],
    ) {
        let data = by_value(&data);
        prop_assert_eq!(hex(&to_vec(&Once::new(&data)).unwrap()), hex(&oracle::encode(&data)));
    }
}
