//! The law, and the places in which a value of a type may stand.

use std::collections::BTreeMap;
use std::fmt::Debug;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A field of a row, of a struct, of a variant.
#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
struct Row<T> {
    id: u16,
    value: T,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
enum External<T> {
    Newtype(T),
}

/// Places in which serde reads a value directly.
#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Direct<T> {
    option: Option<T>,
    list: Vec<T>,
    map: BTreeMap<String, T>,
    rows: Vec<Row<T>>,
    variant: External<T>,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Flat<T> {
    own: u8,
    #[serde(flatten)]
    row: Row<T>,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
#[serde(tag = "kind")]
enum Internal<T> {
    Newtype(Row<T>),
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
#[serde(untagged)]
enum Untagged<T> {
    Never { no_such_field: u8 },
    Struct { value: T },
}

/// Places in which serde keeps what it was shown, and reads it from that.
#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Buffered<T> {
    flat: Flat<T>,
    internal: Internal<T>,
    rows: Vec<Untagged<T>>,
}

fn direct<T: Clone>(values: &[T]) -> Direct<T> {
    let first = &values[0];
    Direct {
        option: Some(first.clone()),
        list: values.to_vec(),
        map: values.iter().zip(0..).map(|(value, id): (_, u8)| (format!("key {id}"), value.clone())).collect(),
        rows: values.iter().zip(0..).map(|(value, id)| Row { id, value: value.clone() }).collect(),
        variant: External::Newtype(first.clone()),
    }
}

fn buffered<T: Clone>(values: &[T]) -> Buffered<T> {
    let first = &values[0];
    let row = Row { id: 7, value: first.clone() };
    Buffered {
        flat: Flat { own: 1, row: row.clone() },
        internal: Internal::Newtype(row),
        rows: values.iter().map(|value| Untagged::Struct { value: value.clone() }).collect(),
    }
}

/// Written and read. If it is refused when it is written, the message.
pub(crate) fn read_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) -> Result<(), String> {
    let bytes = match ndwire::to_vec(value) {
        Ok(bytes) => bytes,
        Err(error) => return Err(error.to_string()),
    };
    match ndwire::from_slice::<T>(&bytes) {
        Ok(read) => assert_eq!(&read, value, "read another value"),
        Err(error) => panic!("written and not read: {error}\n{value:?}\n{}", ndwire::Layout::of(&bytes).unwrap()),
    }
    Ok(())
}

pub(crate) trait Animal: Serialize + DeserializeOwned + PartialEq + Debug + Clone {}

impl<T: Serialize + DeserializeOwned + PartialEq + Debug + Clone> Animal for T {}

/// Lists of values, in as many cases as every type gets.
pub(crate) fn for_lists<T: Debug>(values: impl Strategy<Value = T>, check: impl Fn(&[T])) {
    let config = ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() };
    let run = TestRunner::new(config).run(&vec(values, 2..5), |values| {
        check(&values);
        Ok(())
    });
    run.unwrap_or_else(|error| panic!("{error}"));
}

/// What is written is read: alone, and wherever a value may stand.
pub(crate) fn law<T: Animal>(values: impl Strategy<Value = T>) {
    for_lists(values, |values| {
        values.iter().for_each(|value| written(read_back(value)));
        written(read_back(&direct(values)));
        written(read_back(&buffered(values)));
    });
}

fn written(result: Result<(), String>) {
    result.unwrap_or_else(|error| panic!("refused when it was written: {error}"));
}

/// As the law, for what serde itself cannot read from its buffers: no better with the MessagePack and CBOR of others.
pub(crate) fn law_unbuffered<T: Animal>(values: impl Strategy<Value = T>) {
    let ours_fails = std::cell::Cell::new(false);
    for_lists(values, |values| {
        values.iter().for_each(|value| written(read_back(value)));
        written(read_back(&direct(values)));
        let buffered = buffered(values);
        let bytes = ndwire::to_vec(&buffered).unwrap();
        if ndwire::from_slice::<Buffered<T>>(&bytes).is_ok_and(|read| read == buffered) {
            return;
        }
        ours_fails.set(true);
        let packed = rmp_serde::to_vec_named(&buffered);
        let packed = packed.ok().and_then(|bytes| rmp_serde::from_slice::<Buffered<T>>(&bytes).ok());
        assert!(packed.is_none_or(|read| read != buffered), "rmp-serde reads it: {buffered:?}");
        let mut bytes = Vec::new();
        let cbor = ciborium::into_writer(&buffered, &mut bytes).ok();
        let cbor = cbor.and_then(|()| ciborium::from_reader::<Buffered<T>, _>(&bytes[..]).ok());
        assert!(cbor.is_none_or(|read| read != buffered), "ciborium reads it: {buffered:?}");
    });
    assert!(ours_fails.get(), "the law holds as a whole");
}

/// A test for each type: its name, and what makes its values.
macro_rules! animals {
    ($($law:ident { $($name:ident: $values:expr;)* })*) => {$($(
        #[test]
        fn $name() {
            crate::law::$law($values);
        }
    )*)*};
}

pub(crate) use animals;
