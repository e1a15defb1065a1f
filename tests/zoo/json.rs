//! Types that write themselves under private names, by which their own formats know them: of serde_json, toml, ciborium, rmp-serde.

use ciborium::tag::{Captured, Required};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use serde_json::value::RawValue;
use serde_json::{Map, Number, Value, json};

use crate::law::{animals, read_back};
use crate::std_types::{float, text};

/// A JSON text as it came.
#[derive(Serialize, Deserialize, Debug, Clone)]
pub(crate) struct Raw(Box<RawValue>);

impl PartialEq for Raw {
    fn eq(&self, other: &Self) -> bool {
        self.0.get() == other.0.get()
    }
}

fn number() -> impl Strategy<Value = Number> {
    prop_oneof![
        any::<u64>().prop_map(Number::from),
        any::<i64>().prop_map(Number::from),
        float().prop_filter_map("finite", Number::from_f64),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        number().prop_map(Value::Number),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            btree_map(text(), inner, 0..5).prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

/// An extension type of MessagePack.
#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
#[serde(rename = "_ExtStruct")]
struct Extension((i8, ByteBuf));

#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
struct Json {
    value: Value,
    map: Map<String, Value>,
    number: Number,
    numbers: Vec<Number>,
    maybe: Option<Value>,
    date: toml::value::Datetime,
    dates: Vec<toml::value::Datetime>,
    toml: toml::Value,
    extensions: Vec<Extension>,
    tagged: Required<u32, 7>,
    captured: Vec<Captured<String>>,
}

fn date() -> impl Strategy<Value = toml::value::Datetime> {
    let dates = vec![
        "1979-05-27T07:32:00Z",
        "1979-05-27T00:32:00.999999-07:00",
        "1979-05-27T07:32:00",
        "1979-05-27",
        "07:32:00",
    ];
    proptest::sample::select(dates).prop_map(|text| text.parse().unwrap())
}

fn document() -> impl Strategy<Value = toml::Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(toml::Value::from),
        any::<i64>().prop_map(toml::Value::from),
        float().prop_map(toml::Value::from),
        text().prop_map(toml::Value::from),
        date().prop_map(toml::Value::Datetime),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(toml::Value::from),
            btree_map(text(), inner, 0..4).prop_map(|entries| toml::Value::Table(entries.into_iter().collect())),
        ]
    })
}

fn json() -> impl Strategy<Value = Json> {
    let values = (value(), btree_map(text(), value(), 0..4), number(), vec(number(), 0..4), date(), document());
    values.prop_map(|(value, map, number, numbers, date, toml)| Json {
        maybe: Some(value.clone()),
        value,
        map: map.into_iter().collect(),
        number,
        numbers,
        dates: vec![date; 3],
        date,
        toml,
        extensions: vec![Extension((7, ByteBuf::from([1, 2]))), Extension((-1, ByteBuf::new()))],
        tagged: Required(7),
        captured: vec![Captured(Some(8), "text".into()), Captured(None, "".into())],
    })
}

#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
struct Raws {
    raw: Raw,
    maybe: Option<Raw>,
    list: Vec<Raw>,
    lists: Vec<Vec<Raw>>,
    pairs: Vec<(u8, Raw)>,
}

fn raw() -> impl Strategy<Value = Raw> {
    let spaces = proptest::sample::select(&["", " ", "\n\t"][..]);
    (value(), spaces)
        .prop_map(|(value, spaces)| Raw(RawValue::from_string(format!("[{spaces}{value}{spaces}]")).unwrap()))
}

fn raws() -> impl Strategy<Value = Raws> {
    (raw(), proptest::option::of(raw()), vec(raw(), 0..4)).prop_map(|(raw, maybe, list)| Raws {
        raw,
        maybe,
        lists: vec![list.clone(), vec![], list.clone()],
        pairs: list.iter().cloned().zip(0..).map(|(raw, id)| (id, raw)).collect(),
        list,
    })
}

animals! {
    law {
        json_and_toml: json();
    }
    law_unbuffered {
        raw_json: raws();
    }
}

/// Borrowed from the bytes, in and outside of rows.
#[test]
fn raw_json_is_borrowed() {
    #[derive(Serialize, Deserialize, Debug)]
    struct Event<'a> {
        id: u32,
        #[serde(borrow)]
        payload: &'a RawValue,
    }

    let texts = ["{\"a\": [1, 2.50]}".to_string(), "null".to_string(), format!("\"{}\"", "x".repeat(600))];
    let raws: Vec<&RawValue> = texts.iter().map(|text| serde_json::from_str(text).unwrap()).collect();
    let events: Vec<_> = raws.iter().zip(0..).map(|(payload, id)| Event { id, payload }).collect();
    let bytes = ndwire::to_vec(&events).unwrap();
    assert!(ndwire::Layout::of(&bytes).unwrap().to_string().starts_with("rows {id: u32, payload: {"));
    let read: Vec<Event<'_>> = ndwire::from_slice(&bytes).unwrap();
    assert!(read.iter().zip(&texts).all(|(event, text)| event.payload.get() == text));
    let read: Vec<Event<'_>> = ndwire::from_slice(&bytes).unwrap();
    assert!(bytes.as_ptr_range().contains(&read[2].payload.get().as_ptr()));

    let bytes = ndwire::to_vec(&raws).unwrap();
    let read: Vec<&RawValue> = ndwire::from_slice(&bytes).unwrap();
    assert!(read.iter().zip(&texts).all(|(raw, text)| raw.get() == text));
    for text in &texts {
        let raw: &RawValue = serde_json::from_str(text).unwrap();
        let bytes = ndwire::to_vec(raw).unwrap();
        assert_eq!(ndwire::from_slice::<&RawValue>(&bytes).unwrap().get(), text);
        // An untyped value of serde_json is what the text says.
        let value: Value = serde_json::from_str(text).unwrap();
        assert_eq!(ndwire::from_slice::<Value>(&bytes).unwrap(), value);
    }
}

/// What is no JSON text is refused, by what it is.
#[test]
fn raw_json_is_read_from_nothing_else() {
    let refused = |bytes: ndwire::Result<Vec<u8>>, path: Option<&str>, message: &str| {
        let bytes = bytes.unwrap();
        let (error, list) = match path {
            None => (ndwire::from_slice::<Raw>(&bytes).unwrap_err(), false),
            Some(_) => (ndwire::from_slice::<Vec<Raw>>(&bytes).unwrap_err(), true),
        };
        assert_eq!((error.path().is_some(), error.path()), (list, path), "{error}");
        assert!(error.to_string().contains(message), "{error}");
    };
    let found = |found: &str| format!("invalid type: found {found}, expected any valid JSON value");
    refused(ndwire::to_vec("null"), None, &found("a str"));
    refused(ndwire::to_vec(&[1, 2]), None, &found("a list"));
    refused(ndwire::to_vec(&7), None, &found("an integer"));
    refused(ndwire::to_vec(&json!({})), None, &found("a map"));
    refused(ndwire::to_vec(&json!({"a": 1})), None, "unexpected raw value");
    refused(ndwire::to_vec(&[1, 2]), Some("[0]"), &found("an integer"));
    refused(ndwire::to_vec(&[[1, 2], [3, 4]]), Some("[0]"), &found("a list"));
    refused(ndwire::to_vec(&json!([{"a": 1}, {"a": 2}])), Some("[0]"), "unexpected raw value");
}

#[test]
fn a_null_is_not_nothing() {
    read_back(&Some(Value::Null)).unwrap();
    read_back(&vec![Some(Value::Null), None]).unwrap();
}
