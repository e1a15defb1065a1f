//! Messages that help: what somebody did, and the whole text that comes of it.
//!
//! Those on bytes that are no value are in `tests/reject.rs`, those on arrays in `tests/arrays/refused.rs`.

use std::collections::BTreeMap;

use ndwire::{Array, AsArray, DynArray, ErrorKind, Layout, from_slice, to_vec};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Frame {
    id: u32,
    text: String,
}

#[derive(Deserialize)]
struct Image {
    #[serde(with = "ndwire::array")]
    #[allow(dead_code, reason = "only its reading is looked at")]
    image: Vec<f32>,
}

#[derive(Serialize)]
enum Written {
    Oval(f32),
    #[serde(rename = "a\u{7}b")]
    Bell(f32),
    Plain,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "only its reading is looked at")]
enum Shape {
    Square(f32),
    Circle(f32),
}

/// What was done, what came of it, the kind, and the message.
type Row<'a> = (&'a str, ndwire::Result<()>, ErrorKind, &'a str);

#[track_caller]
fn all<const N: usize>(rows: [Row<'_>; N]) {
    for (done, outcome, kind, message) in rows {
        match outcome {
            Ok(()) => panic!("{done}: was accepted"),
            Err(error) => assert_eq!((error.kind(), error.to_string().as_str()), (kind, message), "{done}"),
        }
    }
}

/// Writes it and reads it as another type.
fn reread<T: DeserializeOwned>(value: &(impl Serialize + ?Sized)) -> ndwire::Result<()> {
    from_slice::<T>(&to_vec(value)?).map(drop)
}

fn field<T>(value: T) -> BTreeMap<&'static str, T> {
    BTreeMap::from([("image", value)])
}

fn array() -> Array<f32> {
    Array::from_elements([2, 3], [0.5; 6]).expect("it fits")
}

#[test]
fn arrays_and_what_is_none() {
    use ErrorKind::{MissingField, TypeMismatch};
    let frame = Frame { id: 7, text: "north".into() };
    all([
        (
            "a struct read as an array",
            reread::<Image>(&field(&frame)),
            TypeMismatch,
            "image: invalid type: found a map, expected an array of f32, at byte 23",
        ),
        (
            "a struct read as an array of any dtype",
            reread::<DynArray>(&frame),
            TypeMismatch,
            "invalid type: found a map, expected an array, at byte 16",
        ),
        (
            "a map with a shape and no dtype, read as an array",
            reread::<DynArray>(&BTreeMap::from([("shape", [2, 3])])),
            MissingField,
            "missing field `dtype`, at byte 16",
        ),
        (
            "an array read as a number",
            reread::<BTreeMap<String, u8>>(&field(array())),
            TypeMismatch,
            "image: invalid type: found an array of f32 [2, 3], expected u8, at byte 23",
        ),
        (
            "an array read as a text",
            reread::<String>(&array()),
            TypeMismatch,
            "invalid type: found an array of f32 [2, 3], expected a string, at byte 16",
        ),
        (
            "an array of rank 0 read as a list",
            reread::<Vec<f32>>(&Array::from_elements([], [0.5f32]).expect("it fits")),
            TypeMismatch,
            "invalid type: found an array of f32 [], expected a sequence, at byte 16",
        ),
        (
            "an array read as a struct",
            reread::<Frame>(&array()),
            MissingField,
            "missing field `id` in an array of f32 [2, 3], at byte 16",
        ),
        (
            "an array in a table read as a number",
            reread::<Vec<BTreeMap<String, u8>>>(&[field(array()), field(array())]),
            TypeMismatch,
            "[0].image: invalid type: found an array of f32 [2, 3], expected u8, at byte 26",
        ),
    ]);
}

#[test]
fn arrays_of_another_dtype_or_rank() {
    use ErrorKind::{InvalidValue, Shape, TypeMismatch};
    all([
        (
            "an array read with another dtype",
            reread::<Image>(&field(AsArray([1u32, 2]))),
            TypeMismatch,
            "image: array has another dtype: found u32, expected f32, at byte 23",
        ),
        (
            "elements taken as another type",
            array().as_dyn().elements::<u8>().map(drop),
            TypeMismatch,
            "array has another dtype: found f32, expected u8",
        ),
        (
            "a dtype that the elements cannot have",
            array().with_dtype(ndwire::DType::F64).map(drop),
            TypeMismatch,
            "elements of type f32 cannot have the dtype f64",
        ),
        (
            "a dtype of another size",
            array().as_dyn().with_dtype(ndwire::DType::F64).map(drop),
            TypeMismatch,
            "dtype f64 has elements of another size: found 4 bytes, expected 8",
        ),
        (
            "an array read with another rank",
            reread::<Image>(&field(array())),
            Shape,
            "image: array has another rank: found 2, expected 1, at byte 23",
        ),
        (
            "an array read with another length",
            reread::<AsArray<[f32; 1]>>(&AsArray([0.5f32; 3])),
            ErrorKind::InvalidLength,
            "invalid length: found 3, expected an array of length 1, at byte 16",
        ),
        (
            "an array read with another length of its rows",
            reread::<AsArray<Vec<[f32; 4]>>>(&array()),
            ErrorKind::InvalidLength,
            "invalid length: found 3, expected 4 along axis 1, at byte 16",
        ),
        (
            "a list with a number that the dtype does not hold",
            reread::<Array<u8>>(&(1u8, 300u16)),
            InvalidValue,
            "[1]: invalid value: found an integer out of range, expected u8, at byte 18",
        ),
        (
            "a list with a number of another type",
            reread::<Array<u8>>(&(1u8, true)),
            TypeMismatch,
            "[1]: invalid type: found a bool, expected u8, at byte 18",
        ),
        (
            "lists of unlike length read as an array",
            reread::<Array<u8>>(&(vec![1u8, 2], vec![3u8])),
            Shape,
            "[1]: list is no array: found a list of 1 beside a list of 2, at byte 22",
        ),
    ]);
}

#[cfg(feature = "ndarray-0_17")]
#[test]
fn arrays_of_another_rank_for_ndarray() {
    all([(
        "an array read as ndarray's, of another rank",
        reread::<AsArray<ndarray::Array3<f32>>>(&array()),
        ErrorKind::Shape,
        "array has another rank: found 2, expected 3, at byte 16",
    )]);
}

/// The name of a variant with content is the key of a map. One without is a text, which may be any content: it is not quoted.
#[test]
fn variants() {
    use ErrorKind::UnknownVariant;
    let long = BTreeMap::from([("x".repeat(100), 1.5f32)]);
    let cut = format!("unknown variant `{}…`, expected one of `Square`, `Circle`, at byte 17", "x".repeat(64));
    all([
        (
            "a variant that the reader does not have",
            reread::<Shape>(&Written::Oval(1.5)),
            UnknownVariant,
            "unknown variant `Oval`, expected one of `Square`, `Circle`, at byte 17",
        ),
        (
            "the same in a table",
            reread::<Vec<Shape>>(&[Written::Oval(1.5), Written::Oval(2.5)]),
            UnknownVariant,
            "[0]: unknown variant `Oval`, expected one of `Square`, `Circle`, at byte 16",
        ),
        (
            "a variant with a control character in its name",
            reread::<Shape>(&Written::Bell(1.5)),
            UnknownVariant,
            "unknown variant `a\\u{7}b`, expected one of `Square`, `Circle`, at byte 17",
        ),
        ("a variant with a long name", reread::<Shape>(&long), UnknownVariant, &cut),
        (
            "a variant without content",
            reread::<Shape>(&Written::Plain),
            UnknownVariant,
            "unknown variant, expected one of `Square`, `Circle`, at byte 16",
        ),
    ]);
}

#[test]
fn elements_left_over() {
    use ErrorKind::UnreadElements;
    all([
        (
            "a packed list read as a shorter one",
            reread::<[u8; 2]>(&[7u8; 10]),
            UnreadElements,
            "the target reads fewer elements than there are: found 10, expected 2, at byte 16",
        ),
        (
            "a plain list read as a shorter one",
            reread::<(u8, String)>(&(1u8, "a", true, 'c')),
            UnreadElements,
            "the target reads fewer elements than there are: found 4, expected 2, at byte 16",
        ),
        (
            "an array read as a shorter list",
            reread::<[u8; 2]>(&AsArray([7u8; 10])),
            UnreadElements,
            "the target reads fewer elements than there are: found 10, expected 2, at byte 16",
        ),
        (
            "rows read as shorter tuples",
            reread::<Vec<(u8, u8)>>(&[[1u8, 2, 3]; 2]),
            UnreadElements,
            "[0]: the target reads fewer elements than there are: found 3, expected 2, at byte 16",
        ),
    ]);
}

/// What a client that decodes replies makes of the first byte: U+FFFD as UTF-8, `Á` as Latin-1.
#[test]
fn values_that_were_decoded_as_text() {
    let value = to_vec(&7u8).expect("written");
    let utf_8 = String::from_utf8_lossy(&value).into_owned();
    let latin_1: String = value.iter().map(|&byte| char::from(byte)).collect();
    assert!(utf_8.as_bytes().starts_with(b"\xEF\xBF\xBDNDW") && latin_1.as_bytes().starts_with(b"\xC3\x81NDW"));
    for text in [utf_8, latin_1] {
        let message = "not an ndwire value: found an ndwire value that was decoded as text on the way, which destroys it: \
            ask the client for bytes (in Python: decode_responses=False), at byte 0";
        let bytes = text.as_bytes();
        all([
            ("decoded as text", from_slice::<u8>(bytes).map(drop), ErrorKind::NotNdwire, message),
            ("and looked into", Layout::of(bytes).map(drop), ErrorKind::NotNdwire, message),
        ]);
    }
}

#[test]
fn one_is_no_plural() {
    let bytes = to_vec(&BTreeMap::from([("a", ["b"])])).expect("written");
    let layout = Layout::of(&bytes).expect("it has a layout").to_string();
    assert_eq!(layout, "map, 1 entry\n  a: list, 1 element\n    [0]: str, 1 byte\n");
}
