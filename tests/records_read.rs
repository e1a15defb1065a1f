//! Rows of maps and tuples, built by hand: they read like the plain list of the same data.

use std::collections::BTreeMap;
use std::fmt::{self, Debug};

use ndwire::{Array, ArrayView, DynArray, ErrorKind, Layout, Value, from_slice, to_vec};
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

#[path = "records_read/targets.rs"]
mod targets;
#[path = "records_read/visitors.rs"]
mod visitors;

use targets::*;
use visitors::{ASKS, FirstEntry, Hints, Nothing, Shown, leaves_unread};

/// Bytes in hex; `61*256` is a byte 256 times.
fn hex(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for word in text.split_whitespace() {
        let (byte, times) = word.split_once('*').unwrap_or((word, "1"));
        bytes.extend(vec![u8::from_str_radix(byte, 16).unwrap(); times.parse().unwrap()]);
    }
    bytes
}

fn crc32c(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ (0x82F6_3B78 * (crc & 1)))
    })
}

/// The value with this META and payloads.
fn value(meta: &str, payloads: &[&[u8]]) -> Vec<u8> {
    let meta = hex(meta);
    let mut value = hex("C1 4E 44 57 01 00 00 00");
    value.extend(u32::try_from(meta.len()).unwrap().to_le_bytes());
    let checksum = crc32c(&[&value[..], &meta].concat());
    value.extend(checksum.to_le_bytes());
    value.extend(meta);
    for payload in payloads {
        value.resize(value.len().next_multiple_of(16), 0);
        value.extend(*payload);
    }
    value
}

/// What came out, without the place.
fn outcome<T: DeserializeOwned + Debug>(bytes: &[u8]) -> String {
    match from_slice::<T>(bytes) {
        Ok(value) => format!("{value:?}"),
        Err(error) => {
            let text = error.to_string();
            format!("{} {}", error.kind().name(), text.split(", at byte ").next().unwrap_or_default())
        }
    }
}

/// Compares the two forms for each target, and gives what came out.
macro_rules! alike {
    ($data:expr; $($target:ty),* $(,)?) => {{
        let (rows, plain) = $data;
        let (rows, plain) = (value(rows, &[]), value(plain, &[]));
        let mut outcomes = Vec::new();
        $(
            let outcome_of_rows = outcome::<$target>(&rows);
            assert_eq!(outcome_of_rows, outcome::<$target>(&plain), "{}", stringify!($target));
            outcomes.push((stringify!($target), outcome_of_rows));
        )*
        outcomes
    }};
}

#[track_caller]
fn came_out(outcomes: &[(&str, String)], target: &str, expected: &str) {
    let (_, found) = outcomes.iter().find(|(name, _)| *name == target).unwrap_or_else(|| panic!("no {target}"));
    assert_eq!(found, expected, "{target}");
}

const MAPS: (&str, &str) = (
    "D7 B4 81 61 10 81 62 C0 81 63 B2 81 64 D5 10 81 65 32 81 70 D6 10 01 02 02 \
     01 01 07 00 00 C0 3F 01 02  02 00 00 00 00 80 BF 03 04  81 78  A1 C0",
    "A2 B4 81 61 01 81 62 81 78 81 63 B2 81 64 07 81 65 CE 00 00 C0 3F 81 70 D7 10 02 01 02 \
     B4 81 61 02 81 62 A1 C0 81 63 B2 81 64 C0 81 65 CE 00 00 80 BF 81 70 D7 10 02 03 04",
);

/// `{"v": i16}`: 5 and -1.
const ONE_ENTRY: (&str, &str) = ("D7 B1 81 76 21 02 05 00 FF FF", "A2 B1 81 76 05 B1 81 76 FF");
/// `{"v": {"n": u8, "s": node}}`.
const NESTED_ENTRY: (&str, &str) =
    ("D7 B1 81 76 B2 81 6E 10 81 73 C0 01 09 81 7A", "A1 B1 81 76 B2 81 6E 09 81 73 81 7A");
/// `{"v": node}`: a str, nil, and a map of one entry.
const NODE_ENTRY: (&str, &str) =
    ("D7 B1 81 76 C0 03 81 76 C0 B1 81 76 01", "A3 B1 81 76 81 76 B1 81 76 C0 B1 81 76 B1 81 76 01");
/// `(u8, node, optional i16, f64 [1])`.
const TUPLES: (&str, &str) = (
    "D7 A4 10 C0 D5 21 D6 33 01 01 02 01 01 FE FF 00*8 02 00 00 00 00*8 81 78 C0",
    "A2 A4 01 81 78 FE D7 33 01 00*8 A4 02 C0 C0 D7 33 01 00*8",
);
/// Every kind of scalar: `{"a": bool, "b": i8, "c": i64, "d": u64, "e": f64, "f": u32}`.
const SCALARS: (&str, &str) = (
    "D7 B6 81 61 00 81 62 20 81 63 23 81 64 13 81 65 33 81 66 12 01 \
     01 80 FF*8 FF*8 00 00 00 00 00 00 F8 3F 01 00 00 00",
    "A1 B6 81 61 C3 81 62 C9 80 81 63 FF 81 64 C7 FF*8 81 65 CF 00 00 00 00 00 00 F8 3F 81 66 01",
);

#[test]
fn every_request_is_answered_alike() {
    let asked = |data, asks| {
        ASKS.set(asks);
        alike!(data; Shown, Vec<Shown>, BTreeMap<String, Shown>, Vec<BTreeMap<String, Shown>>, Vec<BTreeMap<Letter, Shown>>,
            Vec<Vec<Shown>>, Vec<(Shown, Shown, Shown, Shown)>, Vec<BTreeMap<String, Option<Shown>>>,
            Vec<BTreeMap<String, BTreeMap<String, Shown>>>, Vec<BTreeMap<String, Vec<Shown>>>)
    };
    for data in [MAPS, ONE_ENTRY, NESTED_ENTRY, NODE_ENTRY, TUPLES, SCALARS] {
        (0..32).for_each(|asks| drop(asked(data, asks)));
    }
    let outcomes = asked(ONE_ENTRY, 0);
    came_out(&outcomes, "Vec<Shown>", r#"[Shown("map str v: u64 5."), Shown("map str v: i64 -1.")]"#);
    let outcomes = asked(ONE_ENTRY, 29);
    came_out(&outcomes, "Vec<Shown>", r#"[Shown("enum v Shown(\"u64 5\")"), Shown("enum v Shown(\"i64 -1\")")]"#);
    let outcomes = asked(ONE_ENTRY, 30);
    came_out(
        &outcomes,
        "Vec<BTreeMap<String, Shown>>",
        "type_mismatch [0].v: invalid type: found an integer, expected a field name",
    );
    let outcomes = asked(MAPS, 17);
    came_out(
        &outcomes,
        "Vec<BTreeMap<String, Shown>>",
        r#"[{"a": Shown("u64 1"), "b": Shown("str x"), "c": Shown("map str d: u64 7 str e: f32 1.5."), "p": Shown("bytes [1, 2]")}, {"a": Shown("u64 2"), "b": Shown("seq unit."), "c": Shown("map str d: unit str e: f32 -1."), "p": Shown("bytes [3, 4]")}]"#,
    );
}

#[test]
fn types_read_alike() {
    let outcomes = alike!(MAPS; Vec<Whole>, Vec<Other>, Vec<Denies>, Vec<Flat>, Vec<Arrays>, Vec<Dynamic>, Vec<WrongArray>,
        Vec<Missing>, Vec<Wrong>, Vec<WrongNode>, Vec<Bytes>, Vec<Untagged>, Vec<Newtype>, Vec<BTreeMap<Letter, IgnoredAny>>,
        Vec<BTreeMap<char, IgnoredAny>>, Vec<BTreeMap<u8, IgnoredAny>>, Vec<BTreeMap<Option<Letter>, IgnoredAny>>,
        Vec<BTreeMap<String, Value>>, Vec<Tagged>, Vec<Internally>, Vec<UnitStruct>, Vec<()>, Vec<u8>, Vec<String>,
        Vec<IgnoredAny>, IgnoredAny, serde_json::Value, Vec<serde_json::Value>, Option<Vec<Option<Whole>>>, (Whole, Whole),
        (Whole,), [Whole; 2], [Whole; 1], [Whole; 3], Whole, String, Array<f32>, DynArray, Vec<Array<u8>>, Vec<Nothing>,
        Nothing, FirstEntry, Vec<FirstEntry>, Hints, serde_bytes::ByteBuf, Vec<serde_bytes::ByteBuf>, BTreeMap<String, u8>);
    came_out(
        &outcomes,
        "Nothing",
        "unread_elements the target reads fewer elements than there are: found 2, expected 0",
    );
    came_out(
        &outcomes,
        "Vec<FirstEntry>",
        "unread_elements [0]: the target reads fewer entries than there are: found 4, expected 1",
    );
    came_out(&outcomes, "Vec<WrongNode>", "type_mismatch [0].b: invalid type: found a str, expected a sequence");
    came_out(&outcomes, "Vec<Wrong>", "type_mismatch [0].c.e: invalid type: found a float, expected a string");
    came_out(
        &outcomes,
        "Vec<Tagged>",
        "invalid_length [0]: invalid length: found 4, expected a map of one entry, the variant and its content",
    );
    came_out(
        &outcomes,
        "serde_json::Value",
        r#"Array [Object {"a": Number(1), "b": String("x"), "c": Object {"d": Number(7), "e": Number(1.5)}, "p": Array [Number(1), Number(2)]}, Object {"a": Number(2), "b": Array [Null], "c": Object {"d": Null, "e": Number(-1.0)}, "p": Array [Number(3), Number(4)]}]"#,
    );
    alike!(ONE_ENTRY; Vec<Tagged>, Vec<Unit>, Vec<Content>, Vec<Pair>, Vec<Named>, Vec<BTreeMap<Named2, i16>>, Vec<Untagged>,
        Vec<BTreeMap<String, Named>>, Vec<BTreeMap<String, Letter>>, Vec<BTreeMap<String, char>>, Vec<BTreeMap<String, u8>>);
    let outcomes = alike!(NESTED_ENTRY; Vec<Tagged>, Vec<Unit>, Vec<Content>, Vec<Pair>, Vec<BTreeMap<String, Content>>,
        serde_json::Value);
    came_out(&outcomes, "Vec<Content>", r#"[V { n: 9, s: "z" }]"#);
    let outcomes = alike!(NODE_ENTRY; Vec<Tagged>, Vec<Unit>, Vec<Pair>, Vec<BTreeMap<String, Option<Tagged>>>,
        Vec<BTreeMap<String, Letter>>, serde_json::Value, Vec<BTreeMap<String, Option<Letter>>>);
    came_out(
        &outcomes,
        "Vec<BTreeMap<String, Letter>>",
        "type_mismatch [1].v: invalid type: found nil, expected enum Letter",
    );
    type Row = (u8, Option<String>, Option<i16>, [f64; 1]);
    alike!(TUPLES; Vec<Row>, Vec<(u8, Option<String>)>, Vec<(u8, u8, u8, u8)>, Vec<Vec<Value>>, Vec<[IgnoredAny; 4]>,
        Vec<(u8, IgnoredAny, IgnoredAny, DynArray)>, Vec<Whole>, Vec<Tagged>, Vec<String>, Vec<FirstEntry>, Nothing,
        serde_json::Value, IgnoredAny, Vec<IgnoredAny>, Array<f64>, Vec<Array<f64>>, Vec<DynArray>);
}

/// Of each value, which differ where its lists have another form.
fn bytes_of<'v>(values: impl IntoIterator<Item = &'v Value>) -> Vec<Vec<u8>> {
    values.into_iter().map(|value| to_vec(value).unwrap()).collect()
}

/// A value made of a row, or of a part of one, is the one that the plain list makes.
#[test]
fn values_are_those_of_the_plain_list() {
    for (rows, plain) in [MAPS, ONE_ENTRY, NESTED_ENTRY, NODE_ENTRY, TUPLES, SCALARS] {
        let (rows, plain) = (value(rows, &[]), value(plain, &[]));
        let expected: Vec<Value> = from_slice(&plain).unwrap();
        assert_eq!(from_slice::<Vec<Value>>(&rows).unwrap(), expected);
        assert_eq!(bytes_of(&from_slice::<Vec<Value>>(&rows).unwrap()), bytes_of(&expected));
        assert_eq!(format!("{:?}", from_slice::<Vec<Value>>(&rows).unwrap()), format!("{expected:?}"));
        let Value::List(mut list) = from_slice(&rows).unwrap() else { panic!("no list") };
        assert_eq!(list.len(), expected.len());
        assert_eq!(list.get(expected.len()), None);
        assert!(list.as_array().is_none());
        let each: Vec<Value> = list.iter().map(|row| row.into_owned()).collect();
        assert_eq!((bytes_of(&each), each), (bytes_of(&expected), expected.clone()));
        assert_eq!((bytes_of(&*list.to_mut()), &*list.to_mut()), (bytes_of(&expected), &expected));
    }
    let (rows, plain) = (value(MAPS.0, &[]), value(MAPS.1, &[]));
    type Maps = Vec<BTreeMap<String, Value>>;
    let (of_rows, of_plain): (Maps, Maps) = (from_slice(&rows).unwrap(), from_slice(&plain).unwrap());
    assert_eq!(of_rows, of_plain);
    let values = |maps: &Maps| maps.iter().map(|map| bytes_of(map.values())).collect::<Vec<_>>();
    assert_eq!(values(&of_rows), values(&of_plain));
    let [first, _] = &from_slice::<Maps>(&rows).unwrap()[..] else { panic!("two rows") };
    assert_eq!(format!("{:?}", first["p"]), "rows u8 n=2");
}

#[test]
fn a_value_shows_its_schema() {
    for (rows, shown) in [
        (MAPS.0, r#"rows {"a": u8, "b": node, "c": {"d": optional u8, "e": f32}, "p": u8 [2]} n=2"#),
        (TUPLES.0, "rows (u8, node, optional i16, f64 [1]) n=2"),
    ] {
        let read: Value = from_slice(&value(rows, &[])).unwrap();
        assert_eq!(format!("{read:?}"), shown);
    }
}

/// Through a format that sees no tokens.
#[test]
fn a_value_is_natural_elsewhere() {
    for data in [MAPS, NESTED_ENTRY, TUPLES] {
        let json = |meta| serde_json::to_string(&from_slice::<Value>(&value(meta, &[])).unwrap()).unwrap();
        assert_eq!(json(data.0), json(data.1));
    }
    let json = serde_json::to_string(&from_slice::<Value>(&value(MAPS.0, &[])).unwrap()).unwrap();
    assert_eq!(
        json,
        r#"[{"a":1,"b":"x","c":{"d":7,"e":1.5},"p":[1,2]},{"a":2,"b":[null],"c":{"d":null,"e":-1.0},"p":[3,4]}]"#
    );
}

/// A fixed part and node leaves in DATA, and arrays that borrow from it.
#[test]
fn payloads() {
    // `{"id": u16, "v": f32 [64], "t": node}`, three rows; the second text stands in DATA as well.
    let meta = "D7 B3 82 69 64 11 81 76 D6 32 01 40 81 74 C0 03 81 78 D8 80 04 D6 32 01 02";
    let mut fixed = Vec::new();
    for row in 0..3u16 {
        fixed.extend(row.to_le_bytes());
        (0..64u16).for_each(|column| fixed.extend(f32::from(row * 100 + column).to_le_bytes()));
    }
    let bytes = value(meta, &[&fixed, &[b'y'; 512], &[0, 0, 128, 63, 0, 0, 0, 64]]);
    #[derive(Deserialize)]
    struct Row<'a> {
        #[serde(borrow)]
        v: ArrayView<'a, f32>,
        id: u16,
        t: Value,
    }
    let rows: Vec<Row<'_>> = from_slice(&bytes).unwrap();
    assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!(rows[2].v.shape(), [64]);
    assert_eq!(format!("{:?} {:?}", rows[0].t, rows[2].t), r#""x" array f32 [2]"#);
    assert_eq!(rows[1].t.as_str().map(str::len), Some(512));
    from_slice::<IgnoredAny>(&bytes).unwrap();
    assert_eq!(
        format!("{:?}", from_slice::<Value>(&bytes).unwrap()),
        r#"rows {"id": u16, "v": f32 [64], "t": node} n=3"#
    );

    let layout = Layout::of(&bytes[..Layout::needed(&bytes).unwrap()]).unwrap();
    assert_eq!(layout.value_len(), bytes.len() as u64);
    assert_eq!(layout.to_string(), "rows {id: u16, v: f32 [64], t: node} [3], bytes 48..822\n");
    let entry = layout.entries().next().unwrap();
    assert_eq!((entry.kind(), entry.dtype(), entry.shape()), ("rows", None, Some(vec![3])));

    // Rows of borrowed bytes and texts.
    #[derive(Debug, Deserialize)]
    struct Borrows<'a> {
        p: &'a [u8],
        t: &'a str,
    }
    let bytes = value("D7 B2 81 70 D6 10 01 02 81 74 C0 01 07 08 82 68 69", &[]);
    let [Borrows { p, t }] = from_slice(&bytes).unwrap();
    assert_eq!((p, t), (&[7u8, 8][..], "hi"));
}

/// Tables in tables, and what follows them, in the tree of a value.
#[test]
fn nested_tables() {
    // `{"rows": [{"a": u8, "b": node}; 2], "after": [(u8, node); 2]}`, with a table in the first row.
    let meta = "B2 84 72 6F 77 73 D7 B2 81 61 10 81 62 C0 02 01 02 D7 B1 81 63 C0 02 A0 05 C0 \
                85 61 66 74 65 72 D7 A2 10 C0 02 01 02 03 C0";
    let bytes = value(meta, &[]);
    type Table = Vec<BTreeMap<String, Option<serde_json::Value>>>;
    #[derive(Deserialize)]
    struct Tables {
        rows: Table,
        after: Vec<(u8, Option<u8>)>,
    }
    let tables: Tables = from_slice(&bytes).unwrap();
    assert_eq!(tables.after, [(1, Some(3)), (2, None)]);
    assert_eq!(tables.rows[0]["b"], Some(serde_json::json!([{"c": []}, {"c": 5}])));
    from_slice::<IgnoredAny>(&bytes).unwrap();
    assert_eq!(
        Layout::of(&bytes).unwrap().to_string(),
        "map, 2 entries\n  rows: rows {a: u8, b: node} [2]\n  after: rows (u8, node) [2]\n"
    );
}

/// Depth and what is owed, in the node part.
#[test]
fn limits_inside_rows() {
    // Rows, map, and lists inside.
    for (lists, kind) in [(125, None), (126, None), (127, Some(ErrorKind::TooDeep))] {
        let bytes = value(&format!("D7 B1 81 61 C0 01 A1*{} A0", lists - 1), &[]);
        let untyped = from_slice::<Value>(&bytes).err().map(|error| error.kind());
        let typed = from_slice::<Vec<BTreeMap<String, serde_json::Value>>>(&bytes).err().map(|error| error.kind());
        let skipped = from_slice::<IgnoredAny>(&bytes).err().map(|error| error.kind());
        assert_eq!([untyped, typed, skipped], [kind; 3], "{lists}");
    }
    // A list in the first row leaves nothing for the second.
    let error = from_slice::<Value>(&value("D7 B1 81 61 C0 02 A2 00 00", &[])).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Truncated, "{error}");
    let error = from_slice::<IgnoredAny>(&value("D7 B1 81 61 C0 01 C1", &[])).unwrap_err();
    assert_eq!(error.to_string(), "found reserved tag C1, expected a node, at byte 22");
    let error = from_slice::<Value>(&value("D7 B1 81 61 C0 01 01 02", &[])).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TrailingBytes, "{error}");
}

/// A visitor that takes keys without their values, or values without their keys, gets no value.
#[test]
fn broken_visitors() {
    leaves_unread!(Keys, deserialize_map, |map| while map.next_key::<IgnoredAny>()?.is_some() {}, |seq| drop(seq));
    let error = from_slice::<Vec<Keys>>(&value(SCALARS.0, &[])).unwrap_err();
    assert_eq!(error.to_string(), "[0]: a visitor asked for keys and values out of turn, at byte 16");
    leaves_unread!(Values, deserialize_map, |map| while map.next_value::<IgnoredAny>().is_ok() {}, |seq| drop(seq));
    let error = from_slice::<Vec<Values>>(&value(SCALARS.0, &[])).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnreadElements, "{error}");
}
