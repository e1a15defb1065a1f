//! What enums make of a table, exactly.

use ndwire::ErrorKind::{
    Custom, InvalidLength, InvalidValue, MissingField, TypeMismatch, UnknownVariant, UnreadElements,
};
use serde::Serialize;

use super::reader_enums::*;
use super::reader_structs::InnerAt;
use super::support::{alike, fails, fine};
use super::writers::{detections, samples};

#[derive(Serialize)]
struct At {
    x: f64,
    y: f64,
}

#[derive(Serialize)]
enum Written {
    Circle { r: f32, at: At },
    Move(f32, u8),
    Level(i32),
}

#[derive(Serialize)]
struct WithKind {
    kind: &'static str,
    value: i64,
}

#[derive(Serialize)]
struct Holder {
    id: u8,
    shape: Written,
}

fn circles() -> [Written; 2] {
    [1.0, 2.0].map(|r| Written::Circle { r, at: At { x: 3.0, y: 4.0 } })
}

fn moves() -> [Written; 2] {
    [Written::Move(1.0, 2), Written::Move(3.0, 4)]
}

fn kinds() -> [WithKind; 2] {
    [WithKind { kind: "cat", value: 200 }, WithKind { kind: "dog", value: -1 }]
}

#[test]
fn one_variant_in_all_rows() {
    let circle = |r| Shape::Circle { r, at: InnerAt { x: 3.0, y: 4.0 } };
    assert_eq!(alike!(&circles() => Vec<Shape>), fine([circle(1.0), circle(2.0)]));
    assert_eq!(alike!(&moves() => Vec<Shape>), fine([Shape::Move(1.0, 2), Shape::Move(3.0, 4)]));
    let levels = [Written::Level(-1), Written::Level(70_000)];
    assert_eq!(alike!(&levels => Vec<Shape>), fine([Shape::Level(-1), Shape::Level(70_000)]));
    let overflow = alike!(&levels => Vec<ShapeNewtypes>);
    assert_eq!(overflow, fails(InvalidValue, "[0].Level: invalid value: found an integer out of range, expected u8"));
    let pair = alike!(&levels => Vec<ShapeTuples>);
    assert_eq!(
        pair,
        fails(TypeMismatch, "[0].Level: invalid type: found an integer, expected tuple variant ShapeTuples::Level")
    );
    let unit = alike!(&levels => Vec<ShapeUnits>);
    assert_eq!(unit, fails(TypeMismatch, "[0].Level: invalid type: found an integer, expected unit"));
}

#[test]
fn content_that_is_too_short_or_too_long() {
    let longer = alike!(&moves() => Vec<ShapeNewtypes>);
    assert_eq!(longer, fails(InvalidLength, "[0].Move: invalid length: found 2, expected a tuple of size 3"));
    let denying = alike!(&circles() => Vec<ShapeDenying>);
    assert_eq!(denying, fails(ndwire::ErrorKind::UnknownField, "[0].Circle: unknown field `at`, expected `r`"));
    let shorter = alike!(&circles() => Vec<ShapeNewtypes>);
    assert_eq!(shorter, fails(MissingField, "[0].Circle: missing field `x`"));
}

#[test]
fn variants_that_the_reader_does_not_have() {
    let cats = alike!(&moves() => Vec<Cats>);
    // It is named where the reader is not behind a layer of others (`tests/messages.rs`).
    assert_eq!(cats, fails(UnknownVariant, "[0]: unknown variant, expected one of `Cat`, `Dog`"));
    // What `other` stands for has no content.
    let rest = alike!(&moves() => Vec<ShapeRest>);
    assert_eq!(rest, fails(TypeMismatch, "[0].Move: invalid type: found a list, expected unit"));
}

#[test]
fn rows_that_are_no_enum() {
    let entries = alike!(&samples() => Vec<Shape>);
    let expected = "[0]: invalid length: found 4, expected a map of one entry, the variant and its content";
    assert_eq!(entries, fails(InvalidLength, expected));
    let tuple = alike!(&[(1u8, "x"), (2, "y")] => Vec<Shape>);
    assert_eq!(tuple, fails(TypeMismatch, "[0]: invalid type: found a list, expected enum Shape"));
}

#[test]
fn fields_that_are_enums() {
    let holders = [1, 2].map(|id| Holder { id, shape: Written::Move(0.5, id) });
    let drawn = [1, 2].map(|id| Drawn { id, shape: Shape::Move(0.5, id) });
    assert_eq!(alike!(&holders => Vec<Drawn>), fine(drawn));
    let kind = alike!(&holders => Vec<DrawnKind>);
    assert_eq!(kind, fails(UnknownVariant, "[0].shape: unknown variant, expected one of `cat`, `dog`"));
    let of_kind = [OfKind { kind: Kind::Cat, value: 200 }, OfKind { kind: Kind::Dog, value: -1 }];
    assert_eq!(alike!(&kinds() => Vec<OfKind>), fine(of_kind));
    let one = alike!(&kinds() => Vec<OfOneKind>);
    assert_eq!(one, fails(UnknownVariant, "[1].kind: unknown variant, expected `cat`"));
    let other = [OfCatOrOther { kind: CatOrOther::Cat }, OfCatOrOther { kind: CatOrOther::Other }];
    assert_eq!(alike!(&kinds() => Vec<OfCatOrOther>), fine(other));
    let content = alike!(&kinds() => Vec<OfContent>);
    assert_eq!(content, fails(TypeMismatch, "[0].kind: invalid type: found a unit variant, expected newtype variant"));
    let integer = alike!(&samples() => Vec<EnumOfInteger>);
    assert_eq!(integer, fails(TypeMismatch, "[0].ts: invalid type: found an integer, expected enum Kind"));
    let floats = alike!(&detections() => Vec<EnumOfFloats>);
    assert_eq!(floats, fails(TypeMismatch, "[0].bbox: invalid type: found a list, expected enum Shape"));
}

#[test]
fn tagged_inside_and_beside() {
    let inside = [InternalKind::Cat { value: 200 }, InternalKind::Dog { value: -1 }];
    assert_eq!(alike!(&kinds() => Vec<InternalKind>), fine(inside));
    let beside = alike!(&kinds() => Vec<AdjacentKind>);
    assert_eq!(beside, fails(InvalidValue, "[1].value: invalid value: found an integer out of range, expected u8"));
    assert_eq!(
        alike!(&kinds()[..1].iter().chain(&kinds()[..1]).collect::<Vec<_>>() => Vec<AdjacentKind>),
        fine([AdjacentKind::Cat(200), AdjacentKind::Cat(200)])
    );
    let other = alike!(&detections() => Vec<ByLabel>).unwrap();
    assert_eq!(other, "[Cat { class: 3 }, Other, Other, Other]");
    let no_tag = alike!(&samples() => Vec<Internal>);
    assert_eq!(no_tag, fails(MissingField, "[0]: missing field `kind`"));
    let bool = alike!(&samples() => Vec<ByBool>);
    assert_eq!(bool, fails(TypeMismatch, "[0].ok: invalid type: found a bool, expected variant identifier"));
}

#[test]
fn untagged() {
    let narrow = alike!(&samples() => Vec<UntaggedNarrow>).unwrap();
    assert_eq!(narrow, "[Small { ts: 1 }, Large { ts: -2 }, Large { ts: 9223372036854775807 }]");
    let numbers = alike!(&detections()[..2] => Vec<NumbersOfDetections>).unwrap();
    let floats = |last| format!("bbox: List([Float(0.0), Float(1.0), Float(2.0), Float({last:?})])");
    let first = format!("NumbersOfDetections {{ class: Small(3), {}, label: Text(\"cat\") }}", floats(3.0));
    let second = format!("NumbersOfDetections {{ class: Signed(300), {}, label: Text(\"\") }}", floats(300.0));
    assert_eq!(numbers, format!("[{first}, {second}]"));
    let never = alike!(&samples() => Vec<UntaggedNever>);
    assert_eq!(never, fails(Custom, "[0]: data did not match any variant of untagged enum UntaggedNever"));
    let lists = alike!(&[(1, 0.5f32), (2, 1.5)] => UntaggedLists);
    assert_eq!(lists, fine(UntaggedLists::Pairs(vec![(1, 0.5), (2, 1.5)])));
}

/// A variant's content that is shorter than what is there.
#[test]
fn unread_content() {
    #[derive(serde::Deserialize, Debug)]
    enum Shorter {
        Move((f32,)),
    }
    let shorter = alike!(&moves() => Vec<Shorter>);
    assert_eq!(
        shorter,
        fails(UnreadElements, "[0].Move: the target reads fewer elements than there are: found 2, expected 1")
    );
    let Shorter::Move(_) = Shorter::Move((1.0,));
}
