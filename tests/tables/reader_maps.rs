//! Readers that are maps, with keys of many types, and untyped values.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::hash::Hash;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_bytes::ByteBuf;

use super::reader_structs::{Fewer, InnerAt, Newtype, Same};
use super::support::{Reader, list_readers, row_readers};

/// A hash map whose `Debug` is in the order of its keys.
#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct Hashed<K: Hash + Eq, V>(HashMap<K, V>);

impl<K: Hash + Eq + Ord + fmt::Debug, V: fmt::Debug> fmt::Debug for Hashed<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sorted: BTreeMap<_, _> = self.0.iter().collect();
        sorted.fmt(f)
    }
}

/// Untyped, compared by what it means and not by the form of its lists.
pub(crate) struct Meaning(ndwire::Value);

impl<'de> Deserialize<'de> for Meaning {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        ndwire::Value::deserialize(deserializer).map(Meaning)
    }
}

impl fmt::Debug for Meaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(&self.0, f)
    }
}

fn show(value: &ndwire::Value, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match value {
        ndwire::Value::List(list) => {
            f.write_str("[")?;
            for element in list.iter() {
                show(&element, f)?;
                f.write_str(", ")?;
            }
            f.write_str("]")
        }
        ndwire::Value::Map(map) => {
            f.write_str("{")?;
            for (key, value) in map.entries() {
                show(key, f)?;
                f.write_str(": ")?;
                show(value, f)?;
                f.write_str(", ")?;
            }
            f.write_str("}")
        }
        ndwire::Value::Some(inner) => {
            f.write_str("some ")?;
            show(inner, f)
        }
        ndwire::Value::Str(text) => write!(f, "{text:?}"),
        ndwire::Value::Bytes(bytes) => write!(f, "bytes {bytes:?}"),
        ndwire::Value::Array(array) => write!(f, "{array:?} {:?}", ndwire::to_vec(array).map_err(|_| fmt::Error)?),
        scalar => write!(f, "{scalar:?}"),
    }
}

#[derive(Deserialize, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Animal {
    Cat,
    Dog,
}

#[derive(Deserialize, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[serde(field_identifier, rename_all = "lowercase")]
pub(crate) enum Column {
    Ts,
    X,
    Y,
    Ok,
}

#[derive(Deserialize, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[serde(field_identifier, rename_all = "lowercase")]
pub(crate) enum AnyColumn<'a> {
    Ts,
    Other(&'a str),
}

#[derive(Deserialize, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[serde(transparent)]
pub(crate) struct Key(String);

#[derive(Deserialize, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct NewtypeKey(Box<str>);

#[derive(Deserialize, Debug)]
pub(crate) struct Places {
    at: BTreeMap<String, f64>,
    inner: Hashed<String, serde_json::Value>,
}

#[derive(Deserialize, Debug)]
pub(crate) struct Values {
    ts: Meaning,
    x: serde_json::Value,
    y: ciborium::Value,
}

pub(crate) fn readers() -> Vec<Reader> {
    let maps = row_readers![
        BTreeMap<String, f64>, BTreeMap<String, u8>, BTreeMap<&str, f32>, BTreeMap<char, f64>, BTreeMap<u8, f64>,
        BTreeMap<i64, IgnoredAny>, BTreeMap<bool, f64>, BTreeMap<(), f64>, BTreeMap<Option<String>, f64>,
        BTreeMap<Key, f64>, BTreeMap<NewtypeKey, IgnoredAny>, BTreeMap<Animal, f64>, BTreeMap<Column, IgnoredAny>,
        BTreeMap<AnyColumn<'_>, IgnoredAny>, BTreeMap<ByteBuf, IgnoredAny>, BTreeMap<Vec<u8>, IgnoredAny>,
        BTreeMap<(u8, u8), IgnoredAny>, BTreeMap<u128, IgnoredAny>, BTreeMap<String, Option<f64>>,
        BTreeMap<String, IgnoredAny>, BTreeMap<String, Newtype<f64>>, BTreeMap<String, InnerAt>,
        BTreeMap<String, BTreeMap<String, f64>>, BTreeMap<Animal, Same>, BTreeMap<String, serde_json::Value>,
        (BTreeMap<String, f64>, Meaning), Vec<BTreeMap<String, serde_json::Value>>, (Meaning, serde_json::Value),
        ((Meaning, Meaning), Meaning), BTreeMap<Box<str>, Meaning>, Hashed<String, f32>, Hashed<char, f64>, Hashed<Animal, f64>, Hashed<String, Meaning>,
    ];
    let values = row_readers![serde_json::Value, Meaning, ciborium::Value, rmpv_like::Value, Places, Values];
    let lists = list_readers![
        serde_json::Value, Meaning, ciborium::Value, rmpv_like::Value, BTreeMap<String, IgnoredAny>,
        (Fewer, serde_json::Value, Meaning),
    ];
    maps.into_iter().chain(values).chain(lists).collect()
}

/// An untyped value with a field for each of serde's types, none of which is converted.
pub(crate) mod rmpv_like {
    use serde::Deserialize;

    use super::super::recorder::{Ask, Plan, Seed};

    #[derive(Debug)]
    pub(crate) struct Value(Vec<String>);

    impl<'de> Deserialize<'de> for Value {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let log = Default::default();
            serde::de::DeserializeSeed::deserialize(Seed::new(&Plan::of(Ask::Any), &log), deserializer)?;
            Ok(Value(log.into_inner()))
        }
    }
}
