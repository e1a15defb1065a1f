//! Text headers.

use ndwire::foreign::Encoding;
use ndwire::{DynArray, Value};

use super::{Row, all_refused};

fn text(header: &str, payload: &[u8]) -> Vec<u8> {
    [header.as_bytes(), payload].concat()
}

#[test]
fn headers() {
    let long = "s".repeat(100_000);
    let rows: Vec<Row> = vec![
        ("nothing", vec![], "text header has no `|` behind the dtype, at byte 0"),
        ("no separator", text("float32", &[]), "text header has no `|` behind the dtype, at byte 0"),
        ("one separator", text("float32|2,3", &[]), "text header has no `|` behind the dims, at byte 8"),
        ("no separator in much text", long.into_bytes(), "text header has no `|` behind the dtype, at byte 0"),
        ("no dtype", text("|1|", &[0; 4]), "dtype is none of NumPy's, such as `<f4` or `float32`, at byte 0"),
        ("no dtype and no shape", text("||", &[]), "dtype is none of NumPy's, such as `<f4` or `float32`, at byte 0"),
        (
            "a dtype that is none",
            text("nonsense|1|", &[0; 4]),
            "dtype is none of NumPy's, such as `<f4` or `float32`, at byte 0",
        ),
        (
            "a space in the dtype",
            text(" float32|1|", &[0; 4]),
            "dtype is none of NumPy's, such as `<f4` or `float32`, at byte 0",
        ),
        (
            "an element too few",
            text("float32|2|", &[0; 4]),
            "shape [2] of f32 does not fit its data: found 4 bytes, expected 8, at byte 10",
        ),
        (
            "an element too many",
            text("float32|1|", &[0; 8]),
            "shape [1] of f32 does not fit its data: found 8 bytes, expected 4, at byte 10",
        ),
        (
            "a byte too many",
            text("float32|1|", &[0; 5]),
            "shape [1] of f32 does not fit its data: found 5 bytes, expected 4, at byte 10",
        ),
        (
            "a payload where none is",
            text("float32|0,3|", &[0; 4]),
            "shape [0, 3] of f32 does not fit its data: found 4 bytes, expected 0, at byte 12",
        ),
        (
            "no payload where one is",
            text("float32|1|", &[]),
            "shape [1] of f32 does not fit its data: found 0 bytes, expected 4, at byte 10",
        ),
        (
            "2^32 x 2^32",
            text("float32|4294967296,4294967296|", &[]),
            "shape [4294967296, 4294967296] of f32 exceeds the largest payload, at byte 30",
        ),
        (
            "2^32 x 2^32 bytes",
            text("uint8|4294967296,4294967296|", &[0]),
            "shape [4294967296, 4294967296] of u8 exceeds the largest payload, at byte 28",
        ),
        (
            "2^63 beside a dim of 0",
            text("uint8|0,9223372036854775808|", &[]),
            "shape [0, 9223372036854775808] of u8 exceeds the largest payload, at byte 28",
        ),
        (
            "a dim of 40 digits",
            text("uint8|1111111111222222222233333333334444444444|", &[0]),
            "dims of a text header are not decimal numbers with commas between them, at byte 6",
        ),
        ("33 dims", text(&format!("uint8|{}1|", "1,".repeat(32)), &[0]), "rank 33 exceeds the limit of 32, at byte 72"),
        (
            "a million dims",
            text(&format!("uint8|{}1|", "1,".repeat(1_000_000)), &[0]),
            "rank 1000001 exceeds the limit of 32, at byte 2000008",
        ),
        (
            "a negative dim",
            text("uint8|-1|", &[0]),
            "dims of a text header are not decimal numbers with commas between them, at byte 6",
        ),
        (
            "a dim with a sign",
            text("uint8|+1|", &[0]),
            "dims of a text header are not decimal numbers with commas between them, at byte 6",
        ),
        (
            "a dim with a space",
            text("uint8|1, 1|", &[0]),
            "dims of a text header are not decimal numbers with commas between them, at byte 6",
        ),
        (
            "a dim in hex",
            text("uint8|0x1|", &[0]),
            "dims of a text header are not decimal numbers with commas between them, at byte 6",
        ),
        (
            "a dim with an underscore",
            text("uint8|1_0|", &[0; 10]),
            "dims of a text header are not decimal numbers with commas between them, at byte 6",
        ),
        (
            "a dim that is no number",
            text("uint8|nonsense|", &[0]),
            "dims of a text header are not decimal numbers with commas between them, at byte 6",
        ),
        (
            "a comma at the end",
            text("uint8|1,|", &[0]),
            "dims of a text header are not decimal numbers with commas between them, at byte 6",
        ),
        (
            "a comma alone",
            text("uint8|,|", &[0]),
            "dims of a text header are not decimal numbers with commas between them, at byte 6",
        ),
        (
            "a shape in brackets",
            text("uint8|(1,)|", &[0]),
            "dims of a text header are not decimal numbers with commas between them, at byte 6",
        ),
        (
            "other digits",
            text("uint8|١|", &[0]),
            "dims of a text header are not decimal numbers with commas between them, at byte 6",
        ),
        (
            "objects",
            text("object|1|", &[0; 8]),
            "dtype `object` cannot be held: objects of Python are a pickle, which is never read, because loading one runs what it says; write numbers, or a list, at byte 0",
        ),
        (
            "objects by code",
            text("|O|1|", &[0; 8]),
            "dtype `|O` cannot be held: objects of Python are a pickle, which is never read, because loading one runs what it says; write numbers, or a list, at byte 0",
        ),
        (
            "text of fixed width",
            text("|S5|1|", &[0; 5]),
            "dtype `|S5` cannot be held: text of a fixed width; write a list of str instead (array.tolist()), at byte 0",
        ),
        (
            "text",
            text("<U1|1|", &[0; 4]),
            "dtype `<U1` cannot be held: text of a fixed width; write a list of str instead (array.tolist()), at byte 0",
        ),
        ("a bool of 2", text("bool|2|", &[1, 2]), "bool is neither 0 nor 1, at byte 7"),
    ];
    all_refused(Encoding::TextHeader, rows);
}

/// A payload may begin with anything, the separator too.
#[test]
fn what_is_accepted() {
    let array: DynArray = Encoding::TextHeader.decode(b"uint8|3||||").unwrap();
    assert_eq!(array.bytes(), b"|||");
    // Python counts zeros before a number for nothing; and it prints structured dtypes, though it does not read them.
    let array: DynArray = Encoding::TextHeader.decode(b"uint8|01|\x07").unwrap();
    assert_eq!((array.shape(), array.bytes()), (&[1][..], &[7][..]));
    let rows: Value = Encoding::TextHeader.decode(b"[('a|b', '<i2')]|1|\x07\x00").unwrap();
    assert_eq!(format!("{rows:?}"), r#"rows {"a|b": i16} n=1"#);
}
