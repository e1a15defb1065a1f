//! Lists that are written as tables.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::time::Duration;

use serde::Serialize;
use serde_bytes::ByteBuf;
use toml_datetime::Datetime;

use super::model::{Data, ListEvents};
use super::support::Forms;

#[derive(Serialize, Clone, Debug)]
pub(crate) struct Sample {
    pub(crate) ts: i64,
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) ok: bool,
}

pub(crate) fn samples() -> Vec<Sample> {
    vec![
        Sample { ts: 1, x: 0.5, y: -0.0, ok: true },
        Sample { ts: -2, x: f32::NAN, y: 1e30, ok: false },
        Sample { ts: i64::MAX, x: 3.0, y: 4.0, ok: true },
    ]
}

#[derive(Serialize, Clone, Debug)]
pub(crate) struct Detection {
    pub(crate) class: u16,
    pub(crate) score: f32,
    pub(crate) bbox: [f32; 4],
    pub(crate) label: String,
}

pub(crate) fn detections() -> Vec<Detection> {
    let detection = |class, label: &str| Detection {
        class,
        score: f32::from(class) / 8.0,
        bbox: [0.0, 1.0, 2.0, f32::from(class)],
        label: label.to_owned(),
    };
    vec![detection(3, "cat"), detection(300, ""), detection(7, &"long ".repeat(150)), detection(0, "dög")]
}

#[derive(Serialize)]
pub(crate) struct Point {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

#[derive(Serialize)]
pub(crate) struct Nested {
    id: u32,
    at: Point,
    inner: Inner,
    tags: Vec<&'static str>,
    values: Vec<i16>,
    last: u8,
}

#[derive(Serialize)]
struct Inner {
    label: &'static str,
    at: Point,
    n: i8,
    table: Vec<Sample>,
}

fn nested(count: u32) -> Vec<Nested> {
    let point = |x: u32| Point { x: x.into(), y: 0.25 };
    let inner = |id| Inner { label: "inner", at: point(id + 1), n: -1, table: samples() };
    (0..count)
        .map(|id| Nested {
            id,
            at: point(id),
            inner: inner(id),
            tags: vec!["a"; id as usize],
            values: vec![-3; 300 * id as usize],
            last: 9,
        })
        .collect()
}

#[derive(Serialize, Default)]
pub(crate) struct Gaps {
    a: Option<u32>,
    b: Option<f32>,
    text: Option<&'static str>,
    never: Option<u8>,
    twice: Option<Option<u8>>,
    unit: (),
    list: Option<[u8; 2]>,
}

pub(crate) fn gaps() -> Vec<Gaps> {
    vec![
        Gaps { a: Some(1), text: Some("text"), ..Gaps::default() },
        Gaps { b: Some(-1.5), twice: Some(None), ..Gaps::default() },
        Gaps { a: Some(u32::MAX), b: Some(2.5), twice: Some(Some(3)), list: Some([1, 2]), ..Gaps::default() },
    ]
}

#[derive(Serialize)]
struct Packed {
    rgba: [u8; 4],
    matrix: [[f32; 3]; 2],
    flags: (bool, bool),
    one: [i64; 1],
    #[serde(with = "serde_bytes")]
    bytes: &'static [u8],
    ragged: Vec<Vec<f32>>,
}

fn packed() -> Vec<Packed> {
    let of = |n: u8, bytes, ragged| Packed {
        rgba: [n, 1, 2, 255],
        matrix: [[f32::from(n), 1.0, 2.0], [3.0, 4.0, 5.0]],
        flags: (n > 1, true),
        one: [i64::from(n) - 2],
        bytes,
        ragged,
    };
    vec![
        of(1, &b"xyz"[..], vec![]),
        of(2, &b""[..], vec![vec![1.0], vec![]]),
        of(3, &[9; 600][..], vec![vec![0.5; 200]]),
    ]
}

#[derive(Serialize)]
struct Triple(bool, Option<i8>, [u8; 2]);

/// A variant with content is a map of one entry.
#[derive(Serialize)]
enum Shape {
    Circle { r: f32, at: Point },
    Move(f32, u8),
    Name(String),
    Level(i32),
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Cat,
    Dog,
}

#[derive(Serialize)]
struct OfKind {
    kind: Kind,
    value: i64,
}

#[derive(Serialize)]
#[serde(tag = "kind")]
enum Internal {
    Sample(Sample),
    Point { x: f64, y: f64 },
}

#[derive(Serialize)]
#[serde(tag = "t", content = "c")]
enum Adjacent {
    Sample(Sample),
}

/// A field that is one variant in all rows.
#[derive(Serialize)]
struct Drawn {
    id: u8,
    shape: Shape,
}

/// Tuples and maps inside each other.
#[derive(Serialize)]
struct Paired {
    pair: (u8, f32),
    points: [Point; 2],
    deep: ((u8, u16), [u8; 3]),
    gaps: (Option<i16>, Option<i16>),
    labelled: (Point, &'static str),
    shape: Shape,
    last: u8,
}

fn paired(count: u8) -> Vec<Paired> {
    let point = |n: u8| Point { x: n.into(), y: 0.25 };
    (0..count)
        .map(|n| Paired {
            pair: (n, f32::from(n)),
            points: [point(n), point(n + 1)],
            deep: ((n, 300), [n, 1, 2]),
            gaps: ((n == 0).then_some(-1), (n != 0).then_some(2)),
            labelled: (point(n), "label"),
            shape: Shape::Move(0.5, n),
            last: 9,
        })
        .collect()
}

/// As many containers as a schema has, of each kind by turns, around a number.
fn deepest(leaf: u64) -> Data {
    (0..8).fold(Data::U64(leaf), |inner, n| match n % 2 {
        0 => Data::List(ListEvents::Tuple, vec![inner, Data::Str("text".into())]),
        _ => Data::Struct(vec![("a", inner), ("x", Data::F64(0.5))]),
    })
}

#[derive(Serialize)]
struct Dated {
    at: Datetime,
    x: f32,
}

pub(crate) fn dates() -> Vec<Datetime> {
    ["1979-05-27T07:32:00Z", "2026-01-02", "07:32:00.5"].map(|text| text.parse().unwrap()).to_vec()
}

#[derive(Serialize)]
struct Wide {
    i: i64,
    u: u64,
    wide: i128,
    wider: u128,
    c: char,
    f: f64,
    small: i8,
}

#[derive(Serialize)]
struct Standard {
    duration: Duration,
    address: Ipv4Addr,
    range: std::ops::Range<u16>,
    result: Result<u8, ()>,
}

#[derive(Serialize)]
struct Embedded {
    id: u64,
    #[serde(with = "ndwire::array")]
    embedding: Vec<f32>,
    values: [f32; 3],
    raw: Vec<f32>,
    small: [i16; 2],
}

pub(crate) fn embedded(count: u16) -> Vec<impl Serialize> {
    let of = |id: u16| Embedded {
        id: id.into(),
        embedding: vec![f32::from(id); 200 * usize::from(id)],
        values: [f32::from(id), 1.0, 2.0],
        raw: vec![0.5; 3],
        small: [-1, 7],
    };
    (0..count).map(of).collect()
}

fn map<const N: usize>(entries: [(&'static str, f64); N]) -> BTreeMap<&'static str, f64> {
    entries.into()
}

/// All of them, by name.
pub(crate) fn tables() -> Vec<(&'static str, Forms)> {
    let point = || Point { x: 1.0, y: 2.0 };
    let two = |samples: Vec<Sample>| -> [Sample; 2] { samples.try_into().unwrap() };
    let circle = |r| Shape::Circle { r, at: point() };
    let wide = |n: i8| Wide {
        i: i64::MIN + i64::from(n + 1),
        u: u64::MAX,
        wide: i128::MIN + 1,
        wider: if n > 0 { 5 } else { u128::MAX },
        c: 'ß',
        f: 0.1,
        small: n,
    };
    let standard = |n: u8| Standard {
        duration: Duration::new(3, 4),
        address: Ipv4Addr::new(10, 0, 0, n),
        range: 1..7,
        result: Ok(n),
    };
    let columns: BTreeMap<String, u8> = (0..300).map(|n| (format!("column {n:03}"), n as u8)).collect();
    let tables = vec![
        ("samples", Forms::of(&samples())),
        ("many samples", Forms::of(&(0..20).flat_map(|_| samples()).collect::<Vec<_>>())),
        ("detections", Forms::of(&detections())),
        ("nested", Forms::of(&nested(3))),
        ("gaps", Forms::of(&gaps())),
        ("packed", Forms::of(&packed())),
        ("pairs", Forms::of(&[(1, 0.5f32), (-2, 1.5), (i32::MAX, 2.5)])),
        ("number and text", Forms::of(&[(1u8, "one"), (2, "two")])),
        ("wide pairs", Forms::of(&[(1.5f32, 2.5f64), (3.5, 4.5)])),
        ("triples", Forms::of(&[Triple(true, Some(-1), [1, 2]), Triple(false, None, [3, 4])])),
        ("circles", Forms::of(&[circle(1.0), circle(2.0)])),
        ("moves", Forms::of(&[Shape::Move(1.0, 2), Shape::Move(3.0, 4)])),
        ("names", Forms::of(&[Shape::Name("x".into()), Shape::Name("y".into())])),
        ("levels", Forms::of(&[Shape::Level(-1), Shape::Level(70_000)])),
        ("kinds", Forms::of(&[OfKind { kind: Kind::Cat, value: -1 }, OfKind { kind: Kind::Dog, value: 1 }])),
        ("tagged samples", Forms::of(&samples().into_iter().map(Internal::Sample).collect::<Vec<_>>())),
        ("tagged points", Forms::of(&[Internal::Point { x: 1.0, y: 2.0 }, Internal::Point { x: 3.0, y: 4.0 }])),
        ("tagged beside", Forms::of(&samples().into_iter().map(Adjacent::Sample).collect::<Vec<_>>())),
        ("drawn", Forms::of(&[Drawn { id: 1, shape: circle(1.0) }, Drawn { id: 2, shape: circle(0.5) }])),
        (
            "drawn differently",
            Forms::of(&[Drawn { id: 1, shape: circle(1.0) }, Drawn { id: 2, shape: Shape::Move(0.5, 1) }]),
        ),
        ("dates", Forms::of(&dates())),
        ("dated", Forms::of(&dates().into_iter().map(|at| Dated { at, x: 0.5 }).collect::<Vec<_>>())),
        ("wide", Forms::of(&[wide(1), wide(-1)])),
        ("standard", Forms::of(&[standard(1), standard(2)])),
        ("embedded", Forms::of(&embedded(3))),
        ("maps", Forms::of(&[map([("x", 1.0), ("y", 2.0)]), map([("x", 3.0), ("y", 4.0)])])),
        (
            "maps of maps",
            Forms::of(
                &[1.0, 2.0].map(|x| BTreeMap::from([("a", map([("x", x)])), ("b", map([("x", x), ("y", 4.0)]))])),
            ),
        ),
        ("maps of digits", Forms::of(&[map([("1", 1.0), ("22", 2.0)]), map([("1", 3.0), ("22", 4.0)])])),
        ("maps of variants", Forms::of(&[map([("Cat", 1.0), ("Dog", 2.0)]), map([("Cat", 3.0), ("Dog", 4.0)])])),
        ("maps of one", Forms::of(&[map([("Cat", 1.0)]), map([("Cat", 2.0)])])),
        ("300 columns", Forms::of(&[columns.clone(), columns])),
        ("one sample", Forms::of(&samples()[..1])),
        ("one detection", Forms::of(&detections()[2..3])),
        ("one pair", Forms::of(&[(1, 0.5f32)])),
        ("one map", Forms::of(&[map([("x", 1.0), ("y", 2.0)])])),
        ("one nested", Forms::of(&nested(1))),
        ("paired", Forms::of(&paired(3))),
        ("one paired", Forms::of(&paired(1))),
        ("pairs of points", Forms::of(&[(point(), point()), (point(), Point { x: -1.0, y: 0.0 })])),
        ("arrays of samples", Forms::of(&[samples()[..2].to_vec(), samples()[1..].to_vec()].map(two))),
        ("point and text", Forms::of(&[(point(), "one"), (point(), "two")])),
        ("pairs in pairs", Forms::of(&[((1u8, 200u16), 3u8), ((4, 5), 6)])),
        ("pairs of no type in common", Forms::of(&[((1u8, "x"), Some(3u8)), ((4, "y"), None)])),
        ("pairs of variants", Forms::of(&[(circle(1.0), Shape::Move(0.5, 1)), (circle(2.0), Shape::Move(1.5, 2))])),
        ("drawn moves", Forms::of(&[1, 2].map(|id| Drawn { id, shape: Shape::Move(0.5, id) }))),
        (
            "sixteen",
            Forms::of(&[1u8, 2].map(|n| (n, 1u16, 2u8, 3u8, 4u8, 5u8, 6u8, 7u8, 8u8, 9u8, 1.5f32, "x", (), n, n, n))),
        ),
        ("deepest", Forms::of(&[deepest(1), deepest(2)])),
        ("no samples", Forms::of_no_rows(b"\xB4\x82ts\x23\x81x\x32\x81y\x32\x82ok\x00")),
        ("no pairs", Forms::of_no_rows(b"\xA2\x22\x32")),
        ("no pairs of points", Forms::of_no_rows(b"\xA2\xB2\x81x\x33\x81y\x33\xB2\x81x\x33\x81y\x33")),
        ("no texts", Forms::of_no_rows(b"\xB2\x85label\xC0\x81x\xD5\x32")),
        ("byte buffers", Forms::of(&[(ByteBuf::from(vec![1, 2]), 1u8), (ByteBuf::from(vec![3]), 2)])),
        ("nothing", Forms::of(&[((), 1u8), ((), 2)])),
    ];
    for (name, forms) in &tables {
        assert!(forms.is_table(), "{name}: {:?}", forms.described());
    }
    tables
}
