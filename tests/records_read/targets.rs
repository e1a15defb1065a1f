//! Types that rows are read into.

use std::collections::BTreeMap;

use ndwire::{Array, DynArray, Value};
use serde::Deserialize;
use serde::de::IgnoredAny;

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
pub(crate) struct Inner {
    pub(crate) e: f32,
    pub(crate) d: Option<u8>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
pub(crate) struct Whole {
    pub(crate) p: [u8; 2],
    pub(crate) c: Inner,
    pub(crate) b: Value,
    pub(crate) a: u8,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
pub(crate) struct Other {
    #[serde(alias = "a")]
    pub(crate) alpha: i64,
    #[serde(default)]
    pub(crate) missing: u8,
    pub(crate) c: BTreeMap<String, Option<f64>>,
    pub(crate) p: Vec<u16>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
pub(crate) struct Denies {
    pub(crate) a: u8,
    pub(crate) c: Inner,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
pub(crate) struct Flat {
    pub(crate) a: u8,
    #[serde(flatten)]
    pub(crate) rest: BTreeMap<String, IgnoredAny>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
pub(crate) struct Arrays {
    pub(crate) p: Array<f32>,
    pub(crate) b: IgnoredAny,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
pub(crate) struct Dynamic {
    pub(crate) p: DynArray,
    pub(crate) a: Option<Option<u8>>,
    pub(crate) c: Option<Value>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
pub(crate) struct WrongArray {
    pub(crate) a: Array<u8>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
pub(crate) struct Missing {
    pub(crate) z: u8,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
pub(crate) struct Wrong {
    pub(crate) c: WrongInner,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
pub(crate) struct WrongInner {
    pub(crate) e: String,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
pub(crate) struct WrongNode {
    pub(crate) b: Vec<u8>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
pub(crate) struct Bytes {
    pub(crate) p: serde_bytes::ByteBuf,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
#[allow(dead_code)]
pub(crate) enum Untagged {
    No { z: u8 },
    Yes { a: u8, p: Vec<u8> },
}

#[derive(Debug, Deserialize)]
#[serde(transparent)]
#[allow(dead_code)]
pub(crate) struct Newtype(Whole);

#[derive(Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Letter {
    A,
    B,
    C,
    P,
    V,
}

#[derive(Debug, Deserialize)]
#[serde(field_identifier, rename_all = "lowercase")]
pub(crate) enum Named {
    V,
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(dead_code)]
pub(crate) enum Tagged {
    V(i8),
    W,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(dead_code)]
pub(crate) enum Content {
    V { n: u8, s: String },
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(dead_code)]
pub(crate) enum Unit {
    V,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(dead_code)]
pub(crate) enum Pair {
    V(u8, u8),
}

#[derive(Debug, Deserialize)]
#[serde(tag = "a")]
#[allow(dead_code)]
pub(crate) enum Internally {
    One,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
pub(crate) struct UnitStruct;

#[derive(Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Named2(pub(crate) String);

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
pub(crate) struct Nested {
    pub(crate) p: ([u8; 2], (Option<Value>, u8)),
    pub(crate) a: (u8, Cell),
}

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
pub(crate) struct Cell {
    pub(crate) c: Option<String>,
    pub(crate) b: i16,
}

/// A tuple struct, and what is not asked for.
#[derive(Debug, Deserialize)]
#[allow(dead_code)]
pub(crate) struct NestedLoose {
    pub(crate) a: Pairs,
    #[serde(default)]
    pub(crate) missing: Option<u8>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
pub(crate) struct Pairs(u64, BTreeMap<String, Value>);

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
pub(crate) struct NestedFlat {
    pub(crate) a: Value,
    #[serde(flatten)]
    pub(crate) rest: BTreeMap<String, Value>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(dead_code)]
pub(crate) enum TaggedPair {
    V(Value, bool),
}

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
pub(crate) struct Table {
    pub(crate) t: Vec<Whole>,
    pub(crate) u: [Vec<IgnoredAny>; 1],
}
