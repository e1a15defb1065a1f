//! What structs make of a table, exactly.

use ndwire::ErrorKind::{
    Custom, DuplicateField, InvalidLength, InvalidValue, MissingField, TypeMismatch, UnknownField, UnreadElements,
};

use super::reader_buffers::{DenyingAround, IntoMap, IntoMaybe, IntoStruct};
use super::reader_structs::*;
use super::support::{alike, fails, fine};
use super::writers::{dates, detections, gaps, samples};

/// How a list of three samples without the second, whose NaN is not worth showing, is written and read.
fn two() -> Vec<super::writers::Sample> {
    let mut samples = samples();
    samples.remove(1);
    samples
}

#[test]
fn fields_in_any_order_and_some_of_them() {
    let same = |ts, x, y, ok| Same { ts, x, y, ok };
    let max = i64::MAX;
    assert_eq!(alike!(&two() => Vec<Same>), fine([same(1, 0.5, -0.0, true), same(max, 3.0, 4.0, true)]));
    let reordered = [Reordered { ok: true, y: -0.0, ts: 1, x: 0.5 }, Reordered { ok: true, y: 4.0, ts: max, x: 3.0 }];
    assert_eq!(alike!(&two() => Vec<Reordered>), fine(reordered));
    assert_eq!(alike!(&two() => Vec<Fewer>), fine([Fewer { x: 0.5 }, Fewer { x: 3.0 }]));
    assert_eq!(alike!(&two() => Vec<None_>), fine([None_ {}, None_ {}]));
}

#[test]
fn fields_that_are_not_there() {
    let missing = fails(MissingField, "[0]: missing field `extra`");
    assert_eq!(alike!(&two() => Vec<More>), missing);
    assert_eq!(alike!(&two() => Vec<Upper>), fails(MissingField, "[0]: missing field `TS`"));
    let defaulted = |ts| Defaulted { ts, extra: vec![] };
    assert_eq!(alike!(&two() => Vec<Defaulted>), fine([defaulted(1), defaulted(i64::MAX)]));
    let by_function = |ts| DefaultFn { ts, extra: seven() };
    assert_eq!(alike!(&two() => Vec<DefaultFn>), fine([by_function(1), by_function(i64::MAX)]));
    let all = |ts| DefaultAll { ts, ..DefaultAll::default() };
    assert_eq!(alike!(&two() => Vec<DefaultAll>), fine([all(1), all(i64::MAX)]));
    let optional = |ts, x| Optional { ts, extra: None, x: Some(x) };
    assert_eq!(alike!(&two() => Vec<Optional>), fine([optional(1, 0.5), optional(i64::MAX, 3.0)]));
}

#[test]
fn fields_by_other_names() {
    let renamed = |time, height| Renamed { time, height };
    assert_eq!(alike!(&two() => Vec<Renamed>), fine([renamed(1, -0.0), renamed(i64::MAX, 4.0)]));
    let twice = fails(DuplicateField, "[0]: duplicate field `either`");
    assert_eq!(alike!(&two() => Vec<Collision>), twice);
    assert_eq!(alike!(&two() => Vec<CollisionOptional>), twice);
}

#[test]
fn fields_that_are_denied() {
    let exact = |ts, x, y| Exact { ts, x, y, ok: true };
    assert_eq!(alike!(&two() => Vec<Exact>), fine([exact(1, 0.5, -0.0), exact(i64::MAX, 3.0, 4.0)]));
    assert_eq!(alike!(&two() => Vec<Denying>), fails(UnknownField, "[0]: unknown field `x`, expected `ts`"));
    let denied = alike!(&two() => Vec<DenyingAround>);
    assert_eq!(denied, fails(Custom, "[0]: unknown field `ok`"));
}

#[test]
fn fields_that_are_skipped_or_converted() {
    let skipping = |x| Skipping { ts: 0, x, y: 0 };
    assert_eq!(alike!(&two() => Vec<Skipping>), fine([skipping(0.5), skipping(3.0)]));
    assert_eq!(alike!(&two() => Vec<With>), fine([With { x: 1.0 }, With { x: 6.0 }]));
    let converted = alike!(&samples() => Vec<Converted>);
    assert_eq!(converted, fails(Custom, "[1]: negative time"));
}

#[test]
fn other_types_of_numbers() {
    let narrow = alike!(&samples() => Vec<Narrow>);
    assert_eq!(narrow, fails(InvalidValue, "[1].ts: invalid value: found an integer out of range, expected u8"));
    let unsigned = alike!(&samples() => Vec<Unsigned>);
    assert_eq!(unsigned, fails(InvalidValue, "[1].ts: invalid value: found an integer out of range, expected u64"));
    let wider = |ts, x| Wider { ts, x };
    assert_eq!(alike!(&two() => Vec<Wider>), fine([wider(1, 0.5), wider(i64::MAX.into(), 3.0)]));
    let floats = [FloatOfInteger { ts: 1.0 }, FloatOfInteger { ts: i64::MAX as f32 }];
    assert_eq!(alike!(&two() => Vec<FloatOfInteger>), fine(floats));
    let integer = alike!(&two() => Vec<IntegerOfFloat>);
    assert_eq!(integer, fails(TypeMismatch, "[0].x: invalid type: found a float, expected i32"));
    let bool = alike!(&two() => Vec<BoolOfInteger>);
    assert_eq!(bool, fails(TypeMismatch, "[0].ts: invalid type: found an integer, expected a boolean"));
    let of_bool = alike!(&two() => Vec<IntegerOfBool>);
    assert_eq!(of_bool, fails(TypeMismatch, "[0].ok: invalid type: found a bool, expected u8"));
    let text = alike!(&two() => Vec<TextOfInteger>);
    assert_eq!(text, fails(TypeMismatch, "[0].ts: invalid type: found an integer, expected a string"));
    let unit = alike!(&two() => Vec<UnitOfInteger>);
    assert_eq!(unit, fails(TypeMismatch, "[0].ts: invalid type: found an integer, expected unit"));
    let number = alike!(&detections() => Vec<Numbers>);
    assert_eq!(number, fails(TypeMismatch, "[0].label: invalid type: found a str, expected u8"));
}

#[test]
fn options() {
    let options = |ts| OptionsOfScalars { ts: Some(Some(ts)), ok: Some(true) };
    assert_eq!(alike!(&two() => Vec<OptionsOfScalars>), fine([options(1), options(i64::MAX)]));
    let must = alike!(&gaps() => Vec<GapsMust>);
    assert_eq!(must, fails(TypeMismatch, "[1].a: invalid type: found nil, expected u32"));
    let text = alike!(&gaps() => Vec<GapsText>);
    assert_eq!(text, fails(TypeMismatch, "[1].text: invalid type: found nil, expected a string"));
    let gap = |a, b, text: Option<&str>, twice, list| GapsSame {
        a,
        b,
        text: text.map(str::to_owned),
        never: None,
        twice,
        unit: (),
        list,
    };
    let same = [
        gap(Some(1), None, Some("text"), None, None),
        gap(None, Some(-1.5), None, Some(None), None),
        gap(Some(u32::MAX), Some(2.5), None, Some(Some(3)), Some([1, 2])),
    ];
    assert_eq!(alike!(&gaps() => Vec<GapsSame>), fine(same));
}

#[test]
fn text_and_boxes() {
    let label = |class: u16| match class {
        3 => "cat".to_owned(),
        7 => "long ".repeat(150),
        300 => String::new(),
        _ => "dög".to_owned(),
    };
    let detected = [3, 300, 7, 0].map(|class| Detected {
        class,
        score: f32::from(class) / 8.0,
        bbox: [0.0, 1.0, 2.0, class.into()],
        label: label(class),
    });
    assert_eq!(alike!(&detections() => Vec<Detected>), fine(detected));
    // Borrowed text is the same text; that it compiles shows that it is borrowed.
    #[derive(serde::Deserialize, Debug)]
    struct Label<'a> {
        label: &'a str,
    }
    let labels = [3, 300, 7, 0].map(label);
    let borrowed: Vec<_> = labels.iter().map(|label| Label { label }).collect();
    assert_eq!(alike!(&detections() => Vec<Label<'_>>), fine(borrowed));
    let chars = alike!(&detections()[1..] => Vec<CharLabel>);
    assert_eq!(chars, fails(InvalidValue, "[0].label: invalid value: found a str out of range, expected a character"));
    assert_eq!(
        alike!(&detections() => Vec<TooShort>),
        fails(UnreadElements, "[0].bbox: the target reads fewer elements than there are: found 4, expected 3")
    );
    assert_eq!(
        alike!(&detections() => Vec<TooLong>),
        fails(InvalidLength, "[0].bbox: invalid length: found 4, expected an array of length 5")
    );
    assert_eq!(
        alike!(&detections() => Vec<Integers>),
        fails(TypeMismatch, "[0].bbox[0]: invalid type: found a float, expected u8")
    );
}

#[test]
fn flattened() {
    assert!(alike!(&samples() => Vec<IntoStruct>).is_ok());
    let maybe = alike!(&detections() => Vec<IntoMaybe>);
    assert_eq!(maybe, fails(MissingField, "[0]: missing field `ts`"));
    let map = alike!(&two() => Vec<IntoMap>).unwrap();
    assert!(
        map.starts_with(r#"[IntoMap { ts: 1, rest: {"ok": Bool(true), "x": Number(0.5), "y": Number(-0.0)} }"#),
        "{map}"
    );
}

/// Its visitor has `visit_map` alone, so that positions in place of names would be an error.
#[test]
fn a_date_is_a_row_and_a_field() {
    assert_eq!(alike!(&dates() => Vec<toml_datetime::Datetime>), fine(dates()));
    #[derive(serde::Serialize, serde::Deserialize, Debug, Clone)]
    struct Entry {
        at: toml_datetime::Datetime,
        x: f32,
    }
    let entries: Vec<Entry> = dates().into_iter().map(|at| Entry { at, x: 0.5 }).collect();
    assert_eq!(alike!(&entries => Vec<Entry>), fine(&entries));
    let pairs = alike!(&entries => Vec<(toml_datetime::Datetime, f32)>);
    assert_eq!(pairs, fails(TypeMismatch, "[0]: invalid type: found a map, expected a tuple of size 2"));
    let sample = alike!(&samples() => Vec<toml_datetime::Datetime>);
    assert_eq!(sample, fails(Custom, "[0]: expected field with custom name"));
}
