//! Rows of maps and tuples, built by hand: they read like the plain list of the same data.

use std::collections::BTreeMap;
use std::fmt::{self, Debug};

use ndwire::{Array, ArrayView, DynArray, ErrorKind, Layout, Value, from_slice, to_vec};
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

#[path = "common/bytes.rs"]
mod bytes;
#[path = "records_read/targets.rs"]
mod targets;
#[path = "records_read/visitors.rs"]
mod visitors;

use bytes::{add_payload, head, hex};
use targets::*;
use visitors::{ASKS, FirstEntry, Hints, Nothing, Shown, leaves_unread};

/// The value with this META and payloads.
fn value(meta: &str, payloads: &[&[u8]]) -> Vec<u8> {
    let mut value = head(&hex(meta));
    payloads.iter().for_each(|payload| add_payload(&mut value, payload));
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

/// `{"a": (u8, {"b": i16, "c": node}), "p": (u8 [2], (node, u8))}`.
const TUPLES_IN_MAPS: (&str, &str) = (
    "D7 B2 81 61 A2 10 B2 81 62 21 81 63 C0 81 70 A2 D6 10 01 02 A2 C0 10 02 \
     01 FE FF 03 04 05  02 07 00 06 07 08  81 78 A1 C0  C0 D7 10 02 01 02",
    "A2 B2 81 61 A2 01 B2 81 62 FE 81 63 81 78 81 70 A2 D7 10 02 03 04 A2 A1 C0 05 \
     B2 81 61 A2 02 B2 81 62 07 81 63 C0 81 70 A2 D7 10 02 06 07 A2 D7 10 02 01 02 08",
);
/// `((u8, u16), {"v": (node, bool)}, (optional u8, (f32, u8)))`.
const TUPLES_IN_TUPLES: (&str, &str) = (
    "D7 A3 A2 10 11 B1 81 76 A2 C0 00 A2 D5 10 A2 32 10 02 \
     01 02 00 01 01 07 00 00 80 3F 09  03 04 00 00 00 00 00 00 00 40 0A  81 78 05",
    "A2 A3 A2 01 02 B1 81 76 A2 81 78 C3 A2 07 A2 CE 00 00 80 3F 09 \
     A3 A2 03 04 B1 81 76 A2 05 C2 A2 C0 A2 CE 00 00 00 40 0A",
);
/// `(u8 [2], (node))`, whose node is a list as long: an array of rank 2, and one that is ragged.
const ARRAYS: (&str, &str) = (
    "D7 A2 D6 10 01 02 A1 C0 02 01 02 03 04 D7 10 02 05 06 D7 10 01 07",
    "A2 A2 D7 10 02 01 02 A1 D7 10 02 05 06 A2 D7 10 02 03 04 A1 D7 10 01 07",
);
/// `{"a": u8, "b": (node, u8)}` and `(u8, node)`, without rows.
const NO_MAPS: (&str, &str) = ("D7 B2 81 61 10 81 62 A2 C0 10 00", "A0");
const NO_TUPLES: (&str, &str) = ("D7 A2 10 C0 00", "A0");

#[test]
fn every_request_is_answered_alike() {
    let asked = |data, asks| {
        ASKS.set(asks);
        alike!(data; Shown, Vec<Shown>, BTreeMap<String, Shown>, Vec<BTreeMap<String, Shown>>, Vec<BTreeMap<Letter, Shown>>,
            Vec<Vec<Shown>>, Vec<(Shown, Shown, Shown, Shown)>, Vec<BTreeMap<String, Option<Shown>>>,
            Vec<BTreeMap<String, BTreeMap<String, Shown>>>, Vec<BTreeMap<String, Vec<Shown>>>)
    };
    let nested = [TUPLES_IN_MAPS, TUPLES_IN_TUPLES, ARRAYS, NO_MAPS, NO_TUPLES];
    for data in [MAPS, ONE_ENTRY, NESTED_ENTRY, NODE_ENTRY, TUPLES, SCALARS].into_iter().chain(nested) {
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

#[test]
fn nested_tuples_read_alike() {
    let outcomes = alike!(TUPLES_IN_MAPS; Vec<Nested>, Vec<NestedLoose>, Vec<Whole>, Vec<BTreeMap<String, Value>>,
        Vec<BTreeMap<String, (IgnoredAny, Value)>>, Vec<BTreeMap<String, Vec<Value>>>, Vec<BTreeMap<String, [IgnoredAny; 3]>>,
        Vec<BTreeMap<String, (IgnoredAny,)>>, Vec<Untagged>, Vec<NestedFlat>, serde_json::Value, IgnoredAny, Vec<IgnoredAny>,
        Vec<BTreeMap<String, serde_bytes::ByteBuf>>, Vec<BTreeMap<String, Array<u8>>>, Vec<BTreeMap<String, DynArray>>,
        Vec<BTreeMap<String, String>>, Vec<BTreeMap<String, Tagged>>, Vec<BTreeMap<String, Option<Value>>>,
        Vec<BTreeMap<String, Inner>>, Nothing, Vec<FirstEntry>);
    came_out(
        &outcomes,
        "Vec<Nested>",
        r#"[Nested { p: ([3, 4], (Some([nil]), 5)), a: (1, Cell { c: Some("x"), b: -2 }) }, Nested { p: ([6, 7], (Some(rows u8 n=2), 8)), a: (2, Cell { c: None, b: 7 }) }]"#,
    );
    came_out(
        &outcomes,
        "Vec<BTreeMap<String, (IgnoredAny,)>>",
        "unread_elements [0].a: the target reads fewer elements than there are: found 2, expected 1",
    );
    came_out(
        &outcomes,
        "Vec<BTreeMap<String, [IgnoredAny; 3]>>",
        "invalid_length [0].a: invalid length: found 2, expected an array of length 3",
    );
    type Row = ((u8, u16), Option<BTreeMap<String, (Value, bool)>>, (Option<u8>, (f32, u8)));
    let outcomes = alike!(TUPLES_IN_TUPLES; Vec<Row>, (Row, Row), [Row; 2], Vec<Vec<Value>>, Vec<(IgnoredAny, IgnoredAny, Value)>,
        Vec<((u8, u8), IgnoredAny, IgnoredAny)>, Vec<(IgnoredAny, Tagged, IgnoredAny)>, Vec<(IgnoredAny, TaggedPair, Value)>,
        Vec<(IgnoredAny, IgnoredAny, (Option<u8>, (u8, u8)))>, Vec<(DynArray, IgnoredAny, IgnoredAny)>, Vec<Whole>, Vec<String>,
        Vec<(Array<u16>, IgnoredAny, IgnoredAny)>, Vec<serde_bytes::ByteBuf>, serde_json::Value, IgnoredAny, Nothing, Array<u8>);
    came_out(
        &outcomes,
        "Vec<(IgnoredAny, IgnoredAny, (Option<u8>, (u8, u8)))>",
        "type_mismatch [0][2][1][0]: invalid type: found a float, expected u8",
    );
    came_out(
        &outcomes,
        "Vec<(IgnoredAny, TaggedPair, Value)>",
        r#"[(IgnoredAny, V("x", true), [7, [1.0f32, 9]]), (IgnoredAny, V(5, false), [nil, [2.0f32, 10]])]"#,
    );
    let outcomes = alike!(ARRAYS; Vec<DynArray>, Vec<Array<u8>>, Vec<Array<f32>>, DynArray, Array<u8>, (DynArray, IgnoredAny),
        Vec<(DynArray, DynArray)>, Vec<(Array<u8>, Array<f64>)>, Vec<(Value, DynArray)>, Vec<Vec<Vec<Value>>>);
    came_out(
        &outcomes,
        "Vec<(DynArray, DynArray)>",
        "[(array u8 [2], array u8 [1, 2]), (array u8 [2], array u8 [1, 1])]",
    );
}

/// Rows of no element are the empty list.
#[test]
fn no_rows_read_alike() {
    for data in [NO_MAPS, NO_TUPLES] {
        let outcomes = alike!(data; Vec<Whole>, Vec<u8>, Vec<String>, (), (Whole,), [Whole; 0], [Whole; 1], Whole, UnitStruct,
            Array<f32>, Array<u8>, DynArray, serde_bytes::ByteBuf, String, Option<Vec<u8>>, Option<Option<Vec<Value>>>, 
            IgnoredAny, serde_json::Value, Tagged, Untagged, Newtype, Nothing, FirstEntry, Hints, BTreeMap<String, u8>,
            std::collections::BTreeSet<u8>, char, bool, f32, Letter, ndwire::AsArray<Vec<u8>>, ndwire::AsArray<[u8; 0]>);
        came_out(&outcomes, "Array<f32>", "array f32 [0]");
        came_out(&outcomes, "serde_bytes::ByteBuf", "[]");
        came_out(&outcomes, "DynArray", "type_mismatch invalid type: found a list, expected an array with its dtype");
    }
    let data = ("B2 81 74 D7 B1 81 61 10 00 81 75 A1 D7 A2 10 C0 00", "B2 81 74 A0 81 75 A1 A0");
    alike!(data; BTreeMap<String, Vec<String>>, BTreeMap<String, serde_json::Value>, BTreeMap<String, Vec<Vec<u8>>>,
        BTreeMap<String, Array<u8>>, BTreeMap<String, IgnoredAny>, BTreeMap<String, serde_bytes::ByteBuf>, Table);
    // In a node leaf.
    let data = ("D7 B1 81 74 C0 02 D7 A2 10 11 00 A0", "A2 B1 81 74 A0 B1 81 74 A0");
    alike!(data; Vec<BTreeMap<String, Vec<u8>>>, Vec<BTreeMap<String, Array<u8>>>, Vec<BTreeMap<String, serde_bytes::ByteBuf>>,
        Vec<BTreeMap<String, Option<[u8; 0]>>>, serde_json::Value, Vec<BTreeMap<String, Letter>>);
}

/// As many leaves as there may be.
#[test]
fn a_thousand_names() {
    let name = |n: usize| {
        format!(
            "84 {:02X} {:02X} {:02X} {:02X} ",
            b'0',
            b'0' + (n / 100) as u8,
            b'0' + (n / 10 % 10) as u8,
            b'0' + (n % 10) as u8
        )
    };
    let schema: String = (0..1024).map(|n| name(n) + if n % 2 == 0 { "10 " } else { "C0 " }).collect();
    let row = |start: usize| (0..512).map(|n| (start + n) as u8).collect::<Vec<u8>>();
    let nodes: String = (0..1024).map(|n| format!("{:02X} ", n % 128)).collect();
    let bytes = value(&format!("D7 D4 80 08 {schema} 02 {nodes}"), &[&[row(0), row(1)].concat()]);
    let maps: Vec<BTreeMap<String, u8>> = from_slice(&bytes).unwrap();
    assert_eq!((maps.len(), maps[0].len()), (2, 1024));
    assert_eq!((maps[1]["0002"], maps[1]["0003"], maps[1]["0:23"]), (2, 1, 127));
    let read: Value = from_slice(&bytes).unwrap();
    assert!(to_vec(&read).unwrap() == bytes);
}

/// Of each value, which differ where its lists have another form.
fn bytes_of<'v>(values: impl IntoIterator<Item = &'v Value>) -> Vec<Vec<u8>> {
    values.into_iter().map(|value| to_vec(value).unwrap()).collect()
}

/// A value made of a row, or of a part of one, is the one that the plain list makes.
#[test]
fn values_are_those_of_the_plain_list() {
    let nested = [TUPLES_IN_MAPS, TUPLES_IN_TUPLES, ARRAYS, NO_MAPS, NO_TUPLES];
    for (rows, plain) in [MAPS, ONE_ENTRY, NESTED_ENTRY, NODE_ENTRY, TUPLES, SCALARS].into_iter().chain(nested) {
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
        (TUPLES_IN_MAPS.0, r#"rows {"a": (u8, {"b": i16, "c": node}), "p": (u8 [2], (node, u8))} n=2"#),
        (TUPLES_IN_TUPLES.0, r#"rows ((u8, u16), {"v": (node, bool)}, (optional u8, (f32, u8))) n=2"#),
        (NO_MAPS.0, r#"rows {"a": u8, "b": (node, u8)} n=0"#),
    ] {
        let read: Value = from_slice(&value(rows, &[])).unwrap();
        assert_eq!(format!("{read:?}"), shown);
    }
}

/// Through a format that sees no tokens.
#[test]
fn a_value_is_natural_elsewhere() {
    for data in [MAPS, NESTED_ENTRY, TUPLES, TUPLES_IN_MAPS, TUPLES_IN_TUPLES, NO_MAPS] {
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
