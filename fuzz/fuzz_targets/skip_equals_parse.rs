//! Law: skipping accepts what parsing accepts and leaves off at the same place (rule R18); no type accepts more; and limits
//! only ever reject more.
#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::{fuzz_crossover, fuzz_mutator, fuzz_target};
use ndwire::{DynArrayView, Error, ErrorKind, Limits, Map, Value, from_slice, from_slice_with, to_vec};
use ndwire_fuzz::header_len;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

fuzz_target!(|bytes: &[u8]| {
    let skipped = from_slice::<IgnoredAny>(bytes).map(drop);
    let parsed = from_slice::<Value>(bytes);
    assert_eq!(error_of(&skipped), error_of(&parsed), "one parser stands behind both");
    let reader = ndwire::from_reader::<Value>(bytes);
    assert_eq!(error_of(&reader), error_of(&parsed));
    match parsed {
        Ok(value) => {
            limits_are_exact(bytes, &value);
            followed_by_more(bytes, &value);
        }
        Err(_) => {
            no_type_accepts::<serde_json::Value>(bytes);
            no_type_accepts::<Vec<f64>>(bytes);
            no_type_accepts::<Vec<Vec<Option<i64>>>>(bytes);
            no_type_accepts::<BTreeMap<String, String>>(bytes);
            assert!(from_slice::<Last>(bytes).is_err());
            assert!(from_slice::<DynArrayView>(bytes).is_err());
            assert!(from_slice::<&str>(bytes).is_err());
            assert!(from_slice::<&[u8]>(bytes).is_err());
            assert!(from_slice_with::<Value>(bytes, limits(bytes)).is_err());
        }
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    ndwire_fuzz::mutate(data, size, max_size, seed, libfuzzer_sys::fuzzer_mutate)
});

fuzz_crossover!(|first: &[u8], second: &[u8], out: &mut [u8], seed: u32| {
    ndwire_fuzz::cross_over(first, second, out, seed)
});

/// Ignores every field but the one that follows.
#[derive(Deserialize, Debug, PartialEq)]
struct Last<'a> {
    #[serde(borrow)]
    last: DynArrayView<'a>,
    text: String,
}

fn error_of<T>(result: &Result<T, Error>) -> Option<(ErrorKind, String)> {
    result.as_ref().err().map(|error| (error.kind(), error.to_string()))
}

fn no_type_accepts<T: DeserializeOwned>(bytes: &[u8]) {
    assert!(from_slice::<T>(bytes).is_err(), "{} accepts what is not a value", std::any::type_name::<T>());
}

/// Limits that vary with the input.
fn limits(bytes: &[u8]) -> Limits {
    let of = |index: usize| bytes.get(index).copied().unwrap_or(0);
    Limits { depth: usize::from(of(12)) / 16, meta_len: u32::from(of(13)) * 4, value_len: u64::from(of(14)) * 16 }
}

/// A limit that is met accepts, one below it rejects, and any other set of limits rejects or gives the same value.
fn limits_are_exact(bytes: &[u8], value: &Value) {
    match from_slice_with::<Value>(bytes, limits(bytes)) {
        Ok(limited) => assert_eq!(limited, *value),
        Err(error) => assert_eq!(error.kind(), ErrorKind::LimitExceeded, "{error}"),
    }
    let meta_len = (header_len(bytes).expect("a value has a header") - 16) as u32;
    let value_len = bytes.len() as u64;
    let depth =
        (0..=128).find(|&depth| accepted(bytes, Limits { depth, ..Limits::DEFAULT })).expect("at most 128 deep");
    let tight = Limits { depth, meta_len, value_len };
    assert!(accepted(bytes, tight));
    assert!(accepted(bytes, Limits { depth: usize::MAX, meta_len: u32::MAX, value_len: u64::MAX }));
    assert!(!accepted(bytes, Limits { meta_len: meta_len - 1, ..tight }));
    assert!(!accepted(bytes, Limits { value_len: value_len - 1, ..tight }));
    // Deeper by one: refused by reader and writer alike exactly when the limit of the format is reached.
    let deeper = to_vec(&(value, ""));
    match depth {
        128 => assert_eq!(error_of(&deeper).map(|(kind, _)| kind), Some(ErrorKind::TooDeep)),
        _ => assert!(!accepted(&deeper.expect("not too deep"), Limits { depth, ..Limits::DEFAULT })),
    }
}

/// Whether limits let a value pass that is within the format's.
fn accepted(bytes: &[u8], limits: Limits) -> bool {
    match from_slice_with::<IgnoredAny>(bytes, limits) {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::LimitExceeded, "{error}");
            false
        }
    }
}

/// What stands behind a value, in META and in DATA, is read the same whether the value was read or skipped.
fn followed_by_more(bytes: &[u8], value: &Value) {
    let text = "end ".repeat(150);
    let last = DynArrayView::from_elements([3], &[1.5f32, 2.5, 3.5]).expect("an array");
    let Ok(list) = to_vec(&(value, &text, &last)) else {
        assert!(!accepted(bytes, Limits { depth: 127, ..Limits::DEFAULT }), "only depth can refuse it");
        return;
    };
    let (_, found, array) = from_slice::<(IgnoredAny, String, DynArrayView)>(&list).expect("skipped");
    assert!((&found, &array) == (&text, &last), "after a skip: {} bytes of text, {array:?}", found.len());
    let (read, found, array) = from_slice::<(Value, String, DynArrayView)>(&list).expect("read");
    assert!((&read, &found, &array) == (value, &text, &last), "after a read: {} bytes of text, {array:?}", found.len());

    let fields: Map = [
        (Value::from("first"), value.clone()),
        (Value::from("last"), Value::from(last.clone())),
        (Value::from("between"), value.clone()),
        (Value::from("text"), Value::from(text.as_str())),
    ]
    .into_iter()
    .collect();
    let map = to_vec(&Value::from(fields)).expect("no deeper than the list");
    let expected = Last { last, text };
    assert_eq!(from_slice::<Last>(&map).expect("fields skipped"), expected);
}
