//! Readers between which and the rows stands serde's buffer: flattened structs and enums, and what they are inside of.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::reader_enums::{Adjacent, Internal, Kind, Number, Shape, Untagged};
use super::reader_maps::{Hashed, Meaning};
use super::reader_structs::{Denying, Exact, Fewer, InnerAt, Same};
use super::support::{Reader, list_readers, row_readers};

macro_rules! flat {
    ($($(#[$attribute:meta])* $name:ident { $($(#[$on_field:meta])* $field:ident: $type:ty,)* })*) => {$(
        #[derive(Deserialize, Debug)]
        #[serde(crate = "serde")]
        $(#[$attribute])*
        pub(crate) struct $name { $($(#[$on_field])* $field: $type,)* }
    )*};
}

flat! {
    XY { x: f32, y: f32, }
    Label { label: String, }
    LabelAndScore { score: f64, #[serde(flatten)] label: Label, }
    IntoStruct { ts: i64, #[serde(flatten)] rest: XY, }
    IntoSame { #[serde(flatten)] rest: Same, }
    IntoExact { #[serde(flatten)] rest: Exact, ts: i8, }
    IntoDenying { #[serde(flatten)] rest: Denying, }
    #[serde(deny_unknown_fields)] DenyingAround { ts: i64, #[serde(flatten)] rest: XY, }
    IntoTwo { #[serde(flatten)] one: XY, #[serde(flatten)] other: LabelAndScore, }
    IntoTwoMaps { #[serde(flatten)] one: BTreeMap<String, IgnoredAny>, #[serde(flatten)] other: BTreeMap<String, f64>, }
    IntoMap { ts: i64, #[serde(flatten)] rest: BTreeMap<String, serde_json::Value>, }
    IntoHashMap { class: u16, #[serde(flatten)] rest: Hashed<String, serde_json::Value>, }
    IntoValues { #[serde(flatten)] rest: BTreeMap<String, Meaning>, }
    IntoFloats { label: String, #[serde(flatten)] rest: BTreeMap<String, f32>, }
    IntoCiborium { #[serde(flatten)] rest: BTreeMap<String, ciborium::Value>, }
    IntoChars { #[serde(flatten)] rest: BTreeMap<char, f64>, }
    IntoValue { x: f64, #[serde(flatten)] rest: serde_json::Value, }
    IntoMaybe { ts: i64, #[serde(flatten)] rest: Option<XY>, }
    IntoMaybeLabel { #[serde(flatten)] rest: Option<LabelAndScore>, #[serde(flatten)] all: BTreeMap<String, IgnoredAny>, }
    IntoShape { #[serde(flatten)] shape: Shape, }
    IntoShapeBesides { id: u8, #[serde(flatten)] shape: Option<Shape>, }
    IntoInternal { #[serde(flatten)] rest: Internal, }
    IntoAdjacent { #[serde(flatten)] rest: Adjacent, }
    IntoUntagged { #[serde(flatten)] rest: Untagged, }
    IntoUnit { ts: i64, #[serde(flatten)] rest: (), }
    IntoNested { at: InnerAt, #[serde(flatten)] rest: Nested, }
    Nested { inner: InnerFlat, last: u8, }
    InnerFlat { label: String, #[serde(flatten)] rest: BTreeMap<String, serde_json::Value>, }
    InnerInner { id: u32, inner: IntoMaybeLabelInside, }
    IntoMaybeLabelInside { #[serde(flatten)] label: Label, n: i8, #[serde(default, flatten)] more: BTreeMap<String, Meaning>, }
    WithDefault { #[serde(default)] extra: u8, #[serde(flatten)] rest: Option<Label>, }
    KindAside { #[serde(flatten)] rest: OnlyKind, value: i8, }
    OnlyKind { kind: Kind, }
}

#[derive(Deserialize, Debug)]
#[serde(untagged)]
pub(crate) enum Flattened {
    Detection(LabelAndScore),
    Sample(IntoStruct),
    Exact(Exact),
    Any(BTreeMap<String, Number>),
    Number(Number),
}

#[derive(Deserialize, Debug)]
#[serde(untagged)]
pub(crate) enum Lists {
    Same(Vec<Same>),
    Labels(Vec<Label>),
    Flat(Vec<IntoMap>),
    Pairs(Vec<(f64, Option<f64>)>),
    Any(Vec<Number>),
    Other(serde_json::Value),
}

#[derive(Deserialize, Debug)]
#[serde(untagged)]
pub(crate) enum Strict {
    Denying(Vec<Denying>),
    Pairs(Vec<(u8, u8, u8, u8)>),
}

pub(crate) fn readers() -> Vec<Reader> {
    let rows = row_readers![
        LabelAndScore,
        IntoStruct,
        IntoSame,
        IntoExact,
        IntoDenying,
        DenyingAround,
        IntoTwo,
        IntoTwoMaps,
        IntoMap,
        IntoHashMap,
        IntoValues,
        IntoFloats,
        IntoCiborium,
        IntoChars,
        IntoValue,
        IntoMaybe,
        IntoMaybeLabel,
        IntoShape,
        IntoShapeBesides,
        IntoInternal,
        IntoAdjacent,
        IntoUntagged,
        IntoUnit,
        IntoNested,
        InnerInner,
        WithDefault,
        KindAside,
        Flattened,
        Option<Flattened>,
    ];
    let lists = list_readers![Lists, Strict, (Flattened, Fewer, IgnoredAny), Vec<Lists>];
    rows.into_iter().chain(lists).collect()
}
