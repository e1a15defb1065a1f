//! Structured dtypes in the maps of msgpack-numpy.

use ndwire::foreign::Encoding;

use super::messagepack::{array, bin, dims, field, list, text, uint};
use super::{Row, all_refused};

/// A structured array of one row with this `type`, and with so many bytes.
fn structured(fields: &[Vec<u8>], data: usize) -> Vec<u8> {
    structured_of(fields, &[1], data)
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
    let rows: Vec<Row> = vec![
        ("no field", structured(&[], 0), "structured dtype has no fields: write the number of its rows, at byte 0"),
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
            "structured dtype has the name `a` twice, at byte 0",
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
        (
            "rows of no byte",
            structured_of(&[], &[1 << 62], 0),
            "structured dtype has no fields: write the number of its rows, at byte 0",
        ),
        (
            "a subarray of 33 dims",
            structured(&[shaped(dims(&[1; 33]))], 4),
            "a: rank 33 exceeds the limit of 32, at byte 0",
        ),
        (
            "a field without a name",
            structured(&[field("", "|u1")], 1),
            "structured dtype has a field without a name, at byte 0",
        ),
        (
            "a name twice among 65",
            structured(&[&many[..], &[field("f7", "|u1")]].concat(), 66),
            "structured dtype has the name `f7` twice, at byte 0",
        ),
        (
            "a bool of 2 that is no table's",
            structured_with(&[&many[..], &[field("b", "|b1")]].concat(), 1, &[&[0; 65][..], &[2]].concat()),
            "bool is neither 0 nor 1, at byte 0",
        ),
        (
            "a bool of 2 in the second row, in a small array",
            structured_with(&[list(&[text("a"), text("|b1"), dims(&[2])])], 2, &[1, 0, 1, 2]),
            "bool is neither 0 nor 1, at byte 0",
        ),
        (
            "long names in very many rows",
            structured_with(&[field(&"n".repeat(41), "|u1")], 200, &[0; 200]),
            "200 rows of 1 bytes would repeat too many names, structures and dims for their size, because they are no table: shorten \
             the names, or write each field as an array of its own, at byte 0",
        ),
    ];
    all_refused(Encoding::MsgpackNumpy, rows);
}

fn structured_of(fields: &[Vec<u8>], shape: &[u64], data: usize) -> Vec<u8> {
    with_parts(list(fields), shape, &vec![0; data])
}

fn structured_with(fields: &[Vec<u8>], rows: u64, data: &[u8]) -> Vec<u8> {
    with_parts(list(fields), &[rows], data)
}

fn array_of(dtype: Vec<u8>) -> Vec<u8> {
    with_parts(dtype, &[1], &[0])
}

fn with_bool() -> Vec<u8> {
    structured_with(&[field("a", "|b1")], 1, &[2])
}

fn with_parts(dtype: Vec<u8>, shape: &[u64], data: &[u8]) -> Vec<u8> {
    array(&[("type", Some(dtype)), ("kind", Some(bin(b"V"))), ("shape", Some(dims(shape))), ("data", Some(bin(data)))])
}
