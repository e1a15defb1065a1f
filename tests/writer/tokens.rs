//! The names by which a `Value` keeps the form of its lists are no way to write what no reader accepts.

use std::collections::BTreeMap;

use ndwire::{ErrorKind, Value, from_slice, to_vec};
use serde::Serialize;
use serde::de::IgnoredAny;
use serde::ser::{SerializeSeq, Serializer};

const TOKENS: [&str; 7] = [
    "$ndwire::array",
    "$ndwire::list",
    "$ndwire::rows",
    "$ndwire::node",
    "$ndwire::optional f32",
    "$ndwire::optional u8",
    "$ndwire::unheard of",
];

#[derive(Clone)]
struct Token<T>(&'static str, T);

impl<T: Serialize> Serialize for Token<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(self.0, &self.1)
    }
}

#[test]
fn a_token_around_a_list_or_scalar() {
    let nothing: &[Option<f32>] = &[];
    let meta = |bytes: ndwire::Result<Vec<u8>>| bytes.unwrap()[16..].to_vec();
    assert_eq!(meta(to_vec(&Token("$ndwire::optional f32", nothing))), [0xA0]);
    assert_eq!(meta(to_vec(&Token("$ndwire::list", nothing))), [0xA0]);
    assert_eq!(meta(to_vec(&Token("$ndwire::list", vec![1u8, 2]))), [0xA2, 1, 2]);
    assert_eq!(meta(to_vec(&Token("$ndwire::optional f32", vec!["a"]))), [0xA1, 0x81, b'a']);
    assert_eq!(meta(to_vec(&Token("$ndwire::unheard of", 7u8))), [7]);
    assert_eq!(meta(to_vec(&Token("$ndwire::node", 7u8))), [7]);
    assert_eq!(meta(to_vec(&Token("$ndwire::optional u8", 7u8))), [7]);
    for name in ["$ndwire::array", "$ndwire::rows"] {
        assert_eq!(to_vec(&Token(name, nothing)).unwrap_err().kind(), ErrorKind::Protocol, "{name}");
        assert_eq!(to_vec(&Token(name, vec![1u8, 2])).unwrap_err().kind(), ErrorKind::Protocol, "{name}");
    }
    for name in ["$ndwire::list", "$ndwire::array", "$ndwire::rows"] {
        assert_eq!(to_vec(&Token(name, 7u8)).unwrap_err().kind(), ErrorKind::Protocol, "{name}");
    }
}

/// The parts of packed rows.
struct Parts(u64, &'static [u8], &'static [u8], &'static [u8]);

impl Serialize for Parts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Bytes(&'static [u8]);
        impl Serialize for Bytes {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_bytes(self.0)
            }
        }
        let mut parts = serializer.serialize_seq(None)?;
        parts.serialize_element(&self.0)?;
        parts.serialize_element(&Bytes(self.1))?;
        parts.serialize_element(&Bytes(self.2))?;
        self.3.iter().try_for_each(|node| parts.serialize_element(node))?;
        parts.end()
    }
}

#[test]
fn parts_that_are_no_rows_are_refused() {
    let written = |parts| to_vec(&Token("$ndwire::rows", parts)).map(|bytes| bytes[16..].to_vec());
    assert_eq!(written(Parts(2, &[0x10], &[1, 2], &[])).unwrap(), [0xD7, 0x10, 2, 1, 2]);
    assert_eq!(written(Parts(1, &[0xA1, 0xC0], &[], &[7])).unwrap(), [0xD7, 0xA1, 0xC0, 1, 7]);
    assert_eq!(written(Parts(0, &[0xA1, 0xC0], &[], &[])).unwrap(), [0xD7, 0xA1, 0xC0, 0]);
    let refused = [
        Parts(0, &[0x10], &[], &[]),
        Parts(1, &[0x10], &[1, 2], &[]),
        Parts(2, &[0x00], &[1, 2], &[]),
        Parts(1, &[0xC0], &[], &[7]),
        Parts(1, &[0xA1, 0x10], &[7], &[]),
        Parts(1, &[0xA1, 0xC0], &[], &[]),
        Parts(1, &[0xA1, 0xC0], &[], &[7, 7]),
        Parts(u64::MAX, &[0xA2, 0xC0, 0xC0], &[], &[7, 7]),
        Parts(1, &[], &[], &[]),
    ];
    for (case, parts) in refused.into_iter().enumerate() {
        assert_eq!(written(parts).unwrap_err().kind(), ErrorKind::Protocol, "{case}");
    }
}

/// An error, or a value that all read alike and that comes back.
fn value_or_error(what: &str, value: &impl Serialize) -> bool {
    match to_vec(value) {
        Ok(bytes) => {
            let read: Value = from_slice(&bytes).unwrap_or_else(|error| panic!("{what}: {error}: {bytes:02X?}"));
            from_slice::<IgnoredAny>(&bytes).unwrap_or_else(|error| panic!("{what}: skipping: {error}"));
            assert_eq!(to_vec(&read).unwrap(), bytes, "{what}: {read:?}");
            true
        }
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Protocol, "{what}: {error}");
            false
        }
    }
}

/// Something with a token somewhere.
#[derive(Serialize, Clone)]
#[serde(untagged)]
enum Content {
    Byte(u8),
    Float(f32),
    Nil,
    Text(String),
    Bytes(Vec<u8>),
    Pairs(Vec<(u8, Option<f32>)>),
    Tuple(u8, String),
    Map(BTreeMap<&'static str, u16>),
    Maps(Vec<BTreeMap<&'static str, u16>>),
    Token(Box<Token<Content>>),
    List(Vec<Content>),
}

fn contents() -> Vec<Content> {
    let map = BTreeMap::from([("a", 1), ("b", 2)]);
    vec![
        Content::Byte(7),
        Content::Float(0.5),
        Content::Nil,
        Content::Text("t".repeat(600)),
        Content::Bytes(vec![1, 2]),
        Content::Pairs(vec![(1, None), (2, Some(0.5))]),
        Content::Tuple(1, "x".into()),
        Content::Map(map.clone()),
        Content::Maps(vec![map.clone(), map]),
        Content::Maps(vec![]),
    ]
}

#[test]
fn a_token_anywhere_gives_a_value_or_an_error() {
    let (mut values, mut errors) = (0, 0);
    let mut count = |what: &str, value: &dyn Fn() -> bool| {
        let _ = what;
        match value() {
            true => values += 1,
            false => errors += 1,
        }
    };
    for name in TOKENS {
        for content in contents() {
            let token = || Token(name, content.clone());
            let what = format!("{name} around {}", serde_json::to_string(&content).unwrap());
            count(&what, &|| value_or_error(&what, &token()));
            count(&what, &|| value_or_error(&what, &[token(), token()]));
            count(&what, &|| value_or_error(&what, &Some(vec![Some(token()), None, Some(token())])));
            count(&what, &|| value_or_error(&what, &(token(), token(), 7u8)));
            count(&what, &|| value_or_error(&what, &vec![(token(), 1u8), (token(), 2)]));
            count(&what, &|| value_or_error(&what, &vec![BTreeMap::from([("x", token()), ("y", token())]); 3]));
            count(&what, &|| {
                value_or_error(&what, &vec![BTreeMap::from([("x", BTreeMap::from([("y", token())]))]); 3])
            });
            count(&what, &|| value_or_error(&what, &Keys(vec![(token(), 1), (token(), 2)])));
            count(&what, &|| value_or_error(&what, &vec![Keys(vec![(token(), 1)]), Keys(vec![(token(), 2)])]));
            count(&what, &|| value_or_error(&what, &vec![vec![token(); 2], vec![token(); 2]]));
            for plain in contents() {
                // Beside others, before and after; and in rows that have been without it, or go on without it.
                let (with, without) = (Content::Token(token().into()), plain.clone());
                let row = |content: &Content| BTreeMap::from([("id", Content::Byte(1)), ("x", content.clone())]);
                count(&what, &|| value_or_error(&what, &[&with, &without, &with]));
                count(&what, &|| value_or_error(&what, &[&without, &without, &with, &without]));
                count(&what, &|| value_or_error(&what, &[&without, &without, &with, &without].map(row)));
                count(&what, &|| value_or_error(&what, &[&without, &without, &with].map(row).to_vec()));
                count(&what, &|| {
                    value_or_error(&what, &[&with, &without, &without].map(|content| (content, 1u8)).to_vec())
                });
                count(&what, &|| {
                    value_or_error(&what, &[&without, &without, &with].map(|content| (content, content)).to_vec())
                });
                // Tokens in tokens.
                for outer in TOKENS {
                    let list = Content::List(vec![with.clone(), without.clone(), with.clone()]);
                    count(&what, &|| value_or_error(&format!("{outer} around {what}"), &Token(outer, list.clone())));
                    let rows = [&with, &without].map(row);
                    count(&what, &|| value_or_error(&format!("{outer} around {what}"), &Token(outer, rows.to_vec())));
                    count(&what, &|| value_or_error(&format!("{outer} around {what}"), &Token(outer, token())));
                }
            }
        }
    }
    assert!(values > 5_000 && errors > 1_000, "{values} values, {errors} errors");
}

/// A map of these entries.
#[derive(Clone)]
struct Keys<K>(Vec<(K, u8)>);

impl<K: Serialize> Serialize for Keys<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}
