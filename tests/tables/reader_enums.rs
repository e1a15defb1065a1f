//! Readers that are enums, as rows and as fields.

use serde::Deserialize;

use super::reader_structs::{Fewer, InnerAt, Same};
use super::support::{Reader, list_readers, row_readers};

macro_rules! enums {
    ($($(#[$attribute:meta])* $name:ident { $($variants:tt)* })*) => {$(
        #[derive(Deserialize, Debug)]
        #[serde(crate = "serde")]
        $(#[$attribute])*
        pub(crate) enum $name { $($variants)* }
    )*};
}

enums! {
    Shape { Circle { r: f64, at: InnerAt }, Move(f32, u8), Name(String), Level(i32), Cat, }
    ShapeTuples { Circle(f32, InnerAt), Move(f32), Name(String, u8), Level(i32, i32), }
    ShapeNewtypes { Circle(InnerAt), Move((f32, f32, f32)), Name(char), Level(u8), }
    ShapeUnits { Circle, Move, Name, Level, Cat, }
    ShapeStructs { Circle {}, Move { r: u8 }, Name { r: f32 }, Level {}, }
    #[serde(deny_unknown_fields)] ShapeDenying { Circle { r: f64 }, Move(f64, f64), }
    ShapeRest { Circle { r: Option<u8>, extra: Option<u8> }, #[serde(other)] Other, }
    ShapeRenamed { #[serde(alias = "Move", rename = "Step")] Moved(Vec<f32>), #[serde(rename = "Circle")] Round(Rest), }
    Cats { Cat(f64), Dog(f64), }
    #[serde(rename_all = "lowercase")] Kind { Cat, Dog, }
    #[serde(rename_all = "lowercase")] OnlyCat { Cat, }
    #[serde(rename_all = "lowercase")] CatOrOther { Cat, #[serde(other)] Other, }
    #[serde(rename_all = "lowercase")] CatWithContent { Cat(u8), Dog, }
    #[serde(tag = "kind")] Internal { Sample(Same), Point { x: f64, y: f64 }, }
    #[serde(tag = "kind")] InternalNarrow { Sample { ts: u8 }, Point { x: u8 }, }
    #[serde(tag = "kind")] InternalUnit { Sample, Point, }
    #[serde(tag = "kind")] InternalOther { Point { y: f32 }, #[serde(other)] Other, }
    #[serde(tag = "kind", rename_all = "lowercase")] InternalKind { Cat { value: i64 }, Dog { value: i8 }, }
    #[serde(tag = "label")] ByLabel { #[serde(rename = "cat")] Cat { class: u8 }, #[serde(other)] Other, }
    #[serde(tag = "ok")] ByBool { True {}, }
    #[serde(tag = "ts")] ByNumber { Zero, One { x: f32 }, }
    #[serde(tag = "t", content = "c")] Adjacent { Sample(Same), Other(u8), }
    #[serde(tag = "t", content = "c", deny_unknown_fields)] AdjacentFewer { Sample { x: f32 }, }
    #[serde(tag = "t", content = "c")] AdjacentUnit { Sample, }
    #[serde(tag = "t", content = "c")] AdjacentTuple { Sample(i64, f32), }
    #[serde(tag = "c", content = "t")] Turned { Sample(u8), }
    #[serde(tag = "kind", content = "value", rename_all = "lowercase")] AdjacentKind { Cat(i64), Dog(u8), }
    #[serde(untagged)] Untagged { Three(f32, f32, f32), Same(Same), Point { x: f64, y: f64 }, Pair(i64, f64), Number(f64), Nothing, }
    #[serde(untagged)] UntaggedNarrow { Small { ts: u8 }, Large { ts: i64 }, Words { label: String }, }
    #[serde(untagged)] UntaggedNever { No { nowhere: u8 }, }
    #[serde(untagged)] Number { Small(u8), Signed(i64), Float(f32), Wide(f64), Text(String), Yes(bool), List(Vec<Number>), Nothing, }
    #[serde(untagged)] UntaggedLists { Numbers(Vec<u8>), Fewer(Vec<Fewer>), Pairs(Vec<(i32, f32)>), }
    #[serde(untagged)] Variants { Shape(Shape), Cats(Cats), }
}

#[derive(Deserialize, Debug)]
pub(crate) struct Rest {
    r: f32,
}

macro_rules! fields {
    ($($name:ident { $($field:ident: $type:ty),* })*) => {$(
        #[derive(Deserialize, Debug)]
        pub(crate) struct $name { $(pub(crate) $field: $type),* }
    )*};
}

fields! {
    OfKind { kind: Kind, value: i64 }
    OfOneKind { kind: OnlyCat }
    OfCatOrOther { kind: CatOrOther }
    OfContent { kind: CatWithContent }
    OfKindMaybe { kind: Option<Kind>, value: f64 }
    Drawn { id: u8, shape: Shape }
    DrawnTuples { shape: ShapeTuples }
    DrawnNewtypes { shape: ShapeNewtypes }
    DrawnUnits { shape: ShapeUnits }
    DrawnStructs { shape: ShapeStructs }
    DrawnMaybe { shape: Option<Shape>, id: Option<u8> }
    DrawnRest { shape: ShapeRest }
    DrawnUntagged { shape: Variants }
    DrawnKind { shape: Kind }
    EnumOfInteger { ts: Kind }
    EnumOfFloats { bbox: Shape }
    EnumOfText { label: Kind }
    Numbers { ts: Number, x: Number, ok: Number }
    NumbersOfDetections { class: Number, bbox: Number, label: Number }
    NumbersOfGaps { a: Number, b: Number, text: Number }
    WhichResult { result: Result<u8, ()> }
    WrongResult { result: Result<(), u8> }
}

pub(crate) fn readers() -> Vec<Reader> {
    let rows = row_readers![
        Shape,
        ShapeTuples,
        ShapeNewtypes,
        ShapeUnits,
        ShapeStructs,
        ShapeDenying,
        ShapeRest,
        ShapeRenamed,
        Cats,
        Kind,
        CatOrOther,
        Internal,
        InternalNarrow,
        InternalUnit,
        InternalOther,
        InternalKind,
        ByLabel,
        ByBool,
        ByNumber,
        Adjacent,
        AdjacentFewer,
        AdjacentUnit,
        AdjacentTuple,
        Turned,
        AdjacentKind,
        Untagged,
        UntaggedNarrow,
        UntaggedNever,
        Number,
        Variants,
        OfKind,
        OfOneKind,
        OfCatOrOther,
        OfContent,
        OfKindMaybe,
        Drawn,
        DrawnTuples,
        DrawnNewtypes,
        DrawnUnits,
        DrawnStructs,
        DrawnMaybe,
        DrawnRest,
        DrawnUntagged,
        DrawnKind,
        EnumOfInteger,
        EnumOfFloats,
        EnumOfText,
        Numbers,
        NumbersOfDetections,
        NumbersOfGaps,
        WhichResult,
        WrongResult,
        (Shape, Shape),
        (Shape, ShapeTuples),
        (ShapeNewtypes, Cats),
        (Untagged, Untagged),
        (Number, Number),
        ((Number, Number), Number),
        Option<Shape>,
    ];
    let lists = list_readers![Shape, Kind, Untagged, UntaggedLists, Internal, (Shape, Cats)];
    rows.into_iter().chain(lists).collect()
}
