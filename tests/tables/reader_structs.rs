//! Readers that are derived structs and tuples.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_bytes::ByteBuf;
use toml_datetime::Datetime;

use super::support::{Reader, list_readers, row_readers};

/// Structs, each with attributes of its own.
macro_rules! structs {
    ($($(#[$attribute:meta])* $name:ident { $($(#[$on_field:meta])* $field:ident: $type:ty,)* })*) => {$(
        #[derive(Deserialize, Debug)]
        #[serde(crate = "serde")]
        $(#[$attribute])*
        pub(crate) struct $name { $($(#[$on_field])* pub(crate) $field: $type,)* }
    )*};
}

pub(crate) fn seven() -> u16 {
    7
}

fn doubled<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<f32, D::Error> {
    f32::deserialize(deserializer).map(|value| value * 2.0)
}

structs! {
    Same { ts: i64, x: f32, y: f32, ok: bool, }
    Reordered { ok: bool, y: f32, ts: i64, x: f32, }
    Fewer { x: f32, }
    None_ {}
    More { ts: i64, x: f32, y: f32, ok: bool, extra: u8, }
    Defaulted { ts: i64, #[serde(default)] extra: Vec<u8>, }
    DefaultFn { ts: i64, #[serde(default = "seven")] extra: u16, }
    #[derive(Default)] #[serde(default)] DefaultAll { ts: i64, extra: String, also: Option<u8>, }
    Optional { ts: i64, extra: Option<u8>, x: Option<f32>, }
    Renamed { #[serde(rename = "ts")] time: i64, #[serde(alias = "y", alias = "why")] height: f32, }
    Collision { #[serde(alias = "x", alias = "y")] either: f32, }
    CollisionOptional { #[serde(alias = "x", alias = "y")] either: Option<f32>, }
    #[serde(deny_unknown_fields)] Exact { ts: i64, x: f32, y: f32, ok: bool, }
    #[serde(deny_unknown_fields)] Denying { ts: i64, }
    #[serde(rename_all = "UPPERCASE")] Upper { ts: i64, }
    Skipping { #[serde(skip)] ts: i64, x: f32, #[serde(skip_deserializing)] y: u8, }
    With { #[serde(deserialize_with = "doubled")] x: f32, }
    Narrow { ts: u8, }
    Wider { ts: i128, x: f64, }
    Unsigned { ts: u64, }
    FloatOfInteger { ts: f32, }
    IntegerOfFloat { x: i32, }
    BoolOfInteger { ts: bool, }
    IntegerOfBool { ok: u8, }
    TextOfInteger { ts: String, }
    CharOfInteger { ts: char, }
    UnitOfInteger { ts: (), }
    OptionsOfScalars { ts: Option<Option<i64>>, ok: Option<bool>, }
    Ignoring { ts: IgnoredAny, x: f32, label: IgnoredAny, }
    Detected { class: u16, score: f32, bbox: [f32; 4], label: String, }
    Vectors { bbox: Vec<f32>, label: Box<str>, }
    BoxTuple { bbox: (f32, f64, f32, f32), class: u32, }
    TooShort { bbox: [f32; 3], }
    TooLong { bbox: [f32; 5], }
    Integers { bbox: Vec<u8>, }
    CharLabel { label: char, }
    BytesLabel { label: ByteBuf, }
    Numbers { label: u8, }
    InnerAt { x: f64, y: f64, }
    Nest { id: u16, at: InnerAt, inner: Inside, tags: Vec<String>, values: Vec<i32>, last: i8, }
    Inside { label: String, at: Option<InnerAt>, n: i64, table: Vec<Fewer>, }
    Shallow { inner: IgnoredAny, at: IgnoredAny, last: u8, }
    InnerOnly { inner: Exact, }
    PlaceAsPair { at: (f64, f64), }
    PlaceAsNumber { at: f64, }
    GapsSame {
        a: Option<u32>, b: Option<f32>, text: Option<String>, never: Option<String>, twice: Option<Option<u8>>, unit: (),
        list: Option<[u8; 2]>,
    }
    GapsMust { a: u32, }
    GapsText { text: String, }
    GapsUnit { a: (), }
    GapsDefault { #[serde(default)] b: f32, }
    GapsOnce { twice: Option<u8>, }
    Rgba { rgba: [u8; 4], matrix: Vec<Vec<f32>>, flags: [bool; 2], one: Vec<i64>, }
    Bytewise { rgba: ByteBuf, bytes: ByteBuf, }
    BytesAsList { bytes: Vec<u8>, rgba: Vec<u16>, }
    Matrices { matrix: [[f64; 3]; 2], ragged: Vec<Vec<f32>>, flags: (bool, bool), one: (i8,), }
    MatrixTooShort { matrix: Vec<[f32; 2]>, }
    MatrixFlat { matrix: Vec<f32>, }
    WideSame { i: i64, u: u64, wide: i128, wider: u128, c: char, f: f64, small: i8, }
    WideNarrow { wide: i64, wider: u8, }
    WideSmall { small: u8, }
    WideText { c: String, }
    Digits { #[serde(rename = "1")] one: f64, #[serde(rename = "22")] many: f32, }
    Duration { duration: std::time::Duration, address: std::net::IpAddr, range: std::ops::Range<i32>, }
    Arrays { id: u32, embedding: Vec<f32>, values: Vec<f32>, raw: Vec<f32>, small: (i8, i8), }
    ArraysOfIntegers { embedding: Vec<u8>, }
    Dates { at: Option<Datetime>, x: f32, }
    Swapped { #[serde(rename = "x")] y: f32, #[serde(rename = "y")] x: f32, }
    Crossed { #[serde(rename = "first", alias = "y")] x: f32, #[serde(rename = "second", alias = "x")] y: f32, }
    CrossedNames { #[serde(rename = "x", alias = "ok")] y: f32, #[serde(rename = "y", alias = "why")] x: f32, }
    Shifted { #[serde(alias = "z", alias = "q")] ts: i64, #[serde(alias = "y", rename = "r")] x: f32, ok: bool, }
    PairedSame {
        pair: (u8, f32), points: [InnerAt; 2], deep: ((u8, u16), [u8; 3]), gaps: (Option<i16>, Option<i16>),
        labelled: (InnerAt, String), last: u8,
    }
    PairedVectors { pair: Vec<f64>, points: Vec<InnerAt>, gaps: Vec<Option<i64>>, deep: (Vec<u32>, Vec<u8>), }
    PairedShort { pair: (u8,), }
    PairedLong { points: [InnerAt; 3], }
    PairedNarrow { deep: ((u8, u8), [u8; 3]), }
    PairedMust { gaps: (i16, i16), }
    PairedIgnored { points: IgnoredAny, deep: (IgnoredAny, [u8; 3]), labelled: (IgnoredAny, String), }
    PairedAsMap { pair: InnerAt, }
    PairedDenied { labelled: (DenyingX, String), }
    #[serde(deny_unknown_fields)] DenyingX { x: f64, }
    Deepest { a: IgnoredAny, x: f64, }
}

#[derive(Deserialize, Debug)]
pub(crate) struct Dated {
    at: Datetime,
    x: f32,
}

#[derive(Deserialize, Debug)]
pub(crate) struct Borrowed<'a> {
    label: &'a str,
    class: u16,
}

#[derive(Deserialize, Debug)]
pub(crate) struct Cows<'a> {
    #[serde(borrow)]
    label: Cow<'a, str>,
}

#[derive(Deserialize, Debug)]
#[serde(transparent)]
pub(crate) struct Transparent(Same);

#[derive(Deserialize, Debug)]
pub(crate) struct Newtype<T>(T);

#[derive(Deserialize, Debug)]
pub(crate) struct NewtypeFields {
    ts: Newtype<Newtype<i64>>,
    x: Newtype<Option<f32>>,
}

#[derive(Deserialize, Debug)]
pub(crate) struct Unit;

#[derive(Deserialize, Debug)]
pub(crate) struct Pair(pub(crate) i32, pub(crate) f32);

#[derive(Deserialize, Debug)]
pub(crate) struct One(i32, #[serde(default)] u8);

#[derive(Deserialize, Debug)]
pub(crate) struct Three(bool, Option<i16>, [u8; 2]);

#[derive(Deserialize, Debug)]
#[serde(try_from = "Same")]
pub(crate) struct Converted(i64);

impl TryFrom<Same> for Converted {
    type Error = String;

    fn try_from(same: Same) -> Result<Self, String> {
        if same.ts < 0 { Err("negative time".to_owned()) } else { Ok(Converted(same.ts)) }
    }
}

pub(crate) fn readers() -> Vec<Reader> {
    let structs = row_readers![
        Same,
        Reordered,
        Fewer,
        None_,
        More,
        Defaulted,
        DefaultFn,
        DefaultAll,
        Optional,
        Renamed,
        Collision,
        CollisionOptional,
        Exact,
        Denying,
        Upper,
        Skipping,
        With,
        Narrow,
        Wider,
        Unsigned,
        FloatOfInteger,
        IntegerOfFloat,
        BoolOfInteger,
        IntegerOfBool,
        TextOfInteger,
        CharOfInteger,
        UnitOfInteger,
        OptionsOfScalars,
        Ignoring,
        Detected,
        Vectors,
        BoxTuple,
        TooShort,
        TooLong,
        Integers,
        CharLabel,
        BytesLabel,
        Numbers,
        InnerAt,
        Nest,
        Shallow,
        InnerOnly,
        PlaceAsPair,
        PlaceAsNumber,
        GapsSame,
        GapsMust,
        GapsText,
        GapsUnit,
        GapsDefault,
        GapsOnce,
        Rgba,
        Bytewise,
        BytesAsList,
        Matrices,
        MatrixTooShort,
        MatrixFlat,
        WideSame,
        WideNarrow,
        WideSmall,
        WideText,
        Digits,
        Duration,
        Arrays,
        ArraysOfIntegers,
        Dates,
        Swapped,
        Crossed,
        CrossedNames,
        Shifted,
        PairedSame,
        PairedVectors,
        PairedShort,
        PairedLong,
        PairedNarrow,
        PairedMust,
        PairedIgnored,
        PairedAsMap,
        PairedDenied,
        Deepest,
        Dated,
        Borrowed<'_>,
        Cows<'_>,
        Transparent,
        Newtype<Same>,
        NewtypeFields,
        Unit,
        Converted,
        Option<Same>,
        Box<Same>,
        Option<Option<Fewer>>,
        Datetime,
    ];
    let tuples = row_readers![
        (),
        (i32,),
        (i32, f32),
        (i64, f64),
        (u8, f32),
        (i32, f32, u8),
        (i32, Option<f32>),
        (IgnoredAny, f32),
        (f32, u8),
        (u8, String),
        (u8, &str),
        (u8, Cow<'_, str>),
        (u8, char),
        (f64, f64),
        (Option<f32>, f64),
        (ByteBuf, u8),
        ((), u8),
        (Option<u8>, Option<u8>),
        (bool, Option<i8>, [u8; 2]),
        (bool, Option<i8>, ByteBuf),
        (bool, i8, Vec<u8>),
        (Same, u8),
        (InnerAt, InnerAt),
        (InnerAt, Fewer),
        [InnerAt; 2],
        [InnerAt; 3],
        (InnerAt, u8),
        (InnerAt, String),
        (InnerAt, &str),
        (IgnoredAny, String),
        (DenyingX, String),
        [Same; 2],
        (Same, Reordered),
        Vec<Same>,
        Vec<InnerAt>,
        ((u8, u16), u8),
        ((u8, u8), u8),
        ((u8,), u8),
        (Vec<u16>, u8),
        ([u16; 2], u8),
        (InnerAt, (u8, u16)),
        ((u8, String), Option<u8>),
        ((u8, &str), u8),
        (Deepest, String),
        Pair,
        One,
        Three,
        [i32; 2],
        [f64; 2],
        [f64; 3],
        Vec<f64>,
        Vec<Vec<f32>>,
        Vec<IgnoredAny>,
        u8,
        f64,
        bool,
        char,
        String,
        ByteBuf,
        IgnoredAny,
    ];
    let lists = list_readers![
        (Same, Same, Same),
        (Fewer, IgnoredAny),
        [Fewer; 3],
        [Fewer; 2],
        Option<Vec<Fewer>>,
        Newtype<Vec<Fewer>>,
        std::collections::VecDeque<Fewer>,
        Box<[Fewer]>,
        IgnoredAny,
        (),
        Unit,
        u8,
        String,
        ByteBuf,
        Same,
        Option<u8>,
        Option<IgnoredAny>,
        Pair,
        (Pair, Pair, Pair),
    ];
    structs.into_iter().chain(tuples).chain(lists).collect()
}
