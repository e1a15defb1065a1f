//! Structured dtypes in the maps of msgpack-numpy.

use ndwire::foreign::Encoding;

use super::messagepack::{array, bin, dims, field, list, text, uint};
use super::{Row, all_refused};

/// A structured array of this `type`, with so many bytes.
fn structured(fields: &[Vec<u8>], data: usize) -> Vec<u8> {
    array(&[
        ("type", Some(list(fields))),
        ("kind", Some(bin(b"V"))),
        ("shape", Some(dims(&[1]))),
        ("data", Some(bin(&vec![0; data]))),
    ])
}

#[test]
fn structured_dtypes() {
    let two = |first: Vec<u8>, second: Vec<u8>| structured(&[first, second], 8);
    let nested = |depth: usize| {
        let mut dtype = text("|u1");
        for _ in 0..depth {
            dtype = list(&[list(&[text("a"), dtype])]);
        }
        dtype
    };
    let shaped = |shape: Vec<u8>| list(&[text("a"), text("<f4"), shape]);
    let many: Vec<Vec<u8>> = (0..65).map(|n| field(&format!("f{n}"), "|u1")).collect();
    let long_name = [&[0xDA, 1, 0][..], &[b'n'; 256], &text("<u8")].concat();
    let rows: Vec<Row> = vec![
        ("no field", structured(&[], 0), "structured dtype has no fields, at byte 0"),
        (
            "one field, and bytes for two",
            structured(&[field("a", "<f4")], 8),
            "1 rows of 4 bytes do not fit their data: found 8 bytes, expected 4, at byte 0",
        ),
        (
            "one field, and half of its bytes",
            structured(&[field("a", "<f4")], 2),
            "1 rows of 4 bytes do not fit their data: found 2 bytes, expected 4, at byte 0",
        ),
        (
            "a name twice",
            two(field("a", "<f4"), field("a", "<f4")),
            "row schema has the name `a` twice in a map, at byte 0",
        ),
        (
            "an array of void, which is described as padding",
            structured(&[field("", "|V8")], 8),
            "dtype `|V8` cannot be held: bytes without a meaning, such as np.save makes of bfloat16 and float8; write them as unsigned integers of that width (array.view('u1'), array.view('u2')), at byte 0",
        ),
        (
            "a text",
            two(field("a", "<f4"), field("b", "|S4")),
            "b: dtype `|S4` cannot be held: text of a fixed width; write a list of str instead (array.tolist()), at byte 0",
        ),
        (
            "a half",
            structured(&[field("a", "<f2")], 2),
            "a: dtype `<f2` cannot stand in a table, whose columns are bool, integers of up to 64 bits, f32 and f64: write it as an array of its own, at byte 0",
        ),
        (
            "a time",
            structured(&[field("a", "<M8[s]")], 8),
            "a: dtype `<M8[s]` cannot stand in a table, whose columns are bool, integers of up to 64 bits, f32 and f64: write it as an array of its own, at byte 0",
        ),
        (
            "a complex",
            structured(&[field("a", "<c8")], 8),
            "a: dtype `<c8` cannot stand in a table, whose columns are bool, integers of up to 64 bits, f32 and f64: write it as an array of its own, at byte 0",
        ),
        (
            "void with a name",
            structured(&[field("a", "|V4")], 4),
            "a: dtype `|V4` cannot be held: bytes without a meaning, such as np.save makes of bfloat16 and float8; write them as unsigned integers of that width (array.view('u1'), array.view('u2')), at byte 0",
        ),
        (
            "an object",
            two(field("a", "|O"), field("b", "<f4")),
            "a: dtype `|O` cannot be held: objects of Python are a pickle, which is never read, because loading one runs what it says; write numbers, or a list, at byte 0",
        ),
        (
            "an object deep inside",
            structured(&[list(&[text("a"), list(&[field("b", "|O")])])], 8),
            "a.b: dtype `|O` cannot be held: objects of Python are a pickle, which is never read, because loading one runs what it says; write numbers, or a list, at byte 0",
        ),
        (
            "a field that is a str",
            structured(&[text("a")], 4),
            "field of a structured dtype is not a name with a format, at byte 0",
        ),
        (
            "a field of a name only",
            structured(&[list(&[text("a")])], 4),
            "field of a structured dtype is not a name with a format, at byte 0",
        ),
        (
            "a field of four parts",
            structured(&[list(&[text("a"), text("<f4"), dims(&[1]), uint(1)])], 4),
            "field of a structured dtype is not a name with a format, at byte 0",
        ),
        (
            "a name that is a number",
            structured(&[list(&[uint(1), text("<f4")])], 4),
            "field of a structured dtype has no name, at byte 0",
        ),
        (
            "a subarray with a dim of 0",
            structured(&[shaped(dims(&[0]))], 0),
            "a: array without elements cannot stand in a table: leave it out, at byte 0",
        ),
        (
            "a subarray of 2^62 elements",
            structured(&[shaped(dims(&[1 << 62]))], 4),
            "a: structured dtype exceeds the largest payload, at byte 0",
        ),
        (
            "a subarray of 2^32 x 2^32",
            structured(&[shaped(dims(&[1 << 32, 1 << 32]))], 4),
            "a: structured dtype exceeds the largest payload, at byte 0",
        ),
        (
            "a subarray of eight dims",
            structured(&[shaped(dims(&[1; 8]))], 4),
            "subarray has rank-and-order 08, expected 1 to 7, at byte 0",
        ),
        (
            "a subarray that is text",
            structured(&[shaped(text("nonsense"))], 4),
            "a: shape of a field is not a tuple of integers, at byte 0",
        ),
        (
            "a subarray of a struct",
            structured(&[list(&[text("a"), list(&[field("b", "|u1")]), dims(&[2])])], 2),
            "a: arrays of structures cannot stand in a table: write one field for each, at byte 0",
        ),
        (
            "65 fields",
            structured(&many, 65),
            "a row holds at most 64 numbers and arrays: found 65; write them as arrays of their own, or the rows as maps, at byte 0",
        ),
        (
            "a name of 256 bytes",
            structured(&[[vec![0x92], long_name].concat()], 8),
            "row schema has a name of 256 bytes, expected 1 to 255, at byte 0",
        ),
        (
            "names that are much for a byte",
            structured(&[field(&"n".repeat(60), "|u1")], 1),
            "a row is presented as too many maps, lists and names for its bytes, at byte 0",
        ),
        (
            "nine structs inside each other",
            array_of(nested(9)),
            "row schema has more than 8 maps inside each other, at byte 0",
        ),
        (
            "a hundred structs inside each other",
            array_of(nested(100)),
            "document is nested deeper than 128 levels, at byte 845",
        ),
        (
            "a thousand structs inside each other",
            array_of(nested(1000)),
            "document is nested deeper than 128 levels, at byte 845",
        ),
        ("a bool of 2", with_bool(), "bool is neither 0 nor 1, at byte 0"),
        (
            "two dims",
            structured_of(&[field("a", "|u1")], &[1, 1], 1),
            "structured array has rank 2: make it one of rank 1 (array.reshape(-1)), at byte 0",
        ),
        (
            "2^62 rows of four bytes",
            structured_of(&[field("a", "<f4")], &[1 << 62], 4),
            "structured dtype exceeds the largest payload, at byte 0",
        ),
        ("rows of no byte", structured_of(&[], &[1 << 62], 0), "structured dtype has no fields, at byte 0"),
    ];
    all_refused(Encoding::MsgpackNumpy, rows);
}

fn structured_of(fields: &[Vec<u8>], shape: &[u64], data: usize) -> Vec<u8> {
    array(&[
        ("type", Some(list(fields))),
        ("kind", Some(bin(b"V"))),
        ("shape", Some(dims(shape))),
        ("data", Some(bin(&vec![0; data]))),
    ])
}

fn array_of(dtype: Vec<u8>) -> Vec<u8> {
    array(&[("type", Some(dtype)), ("kind", Some(bin(b"V"))), ("shape", Some(dims(&[1]))), ("data", Some(bin(&[0])))])
}

fn with_bool() -> Vec<u8> {
    array(&[
        ("type", Some(list(&[field("a", "|b1")]))),
        ("kind", Some(bin(b"V"))),
        ("shape", Some(dims(&[1]))),
        ("data", Some(bin(&[2]))),
    ])
}
