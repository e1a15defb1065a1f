use alloc::string::ToString;
use alloc::vec::Vec;

use super::*;
use crate::wire::{Node, Rows};

/// Bytes in hex; `61*256` is a byte 256 times.
pub(in crate::wire) fn hex(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for word in text.split_whitespace() {
        let (byte, times) = word.split_once('*').unwrap_or((word, "1"));
        let byte = u8::from_str_radix(byte, 16).expect("a byte");
        bytes.extend(core::iter::repeat_n(byte, times.parse().expect("a number")));
    }
    bytes
}

pub(in crate::wire) fn rows(bytes: &[u8]) -> Result<(Rows<'_>, Reader<'_>)> {
    let mut reader = Reader::of_nodes(bytes);
    match reader.node()? {
        Node::Rows(rows) => Ok((rows, reader)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn rejected() {
    use ErrorKind::{Malformed, NotCanonical, TooLarge, Truncated};
    let nine_maps = alloc::format!("D7 {} 13 01 01 02 03 04 05 06 07 08", "B1 81 61 ".repeat(9));
    let table: [(&str, ErrorKind, &str); 47] = [
        ("D7 A0 01", Malformed, "row schema has a tuple of no schema, at byte 1"),
        ("D7 B0 01", Malformed, "row schema has a map of no schema, at byte 1"),
        ("D7 C0 01 01", Malformed, "found C0, expected a row schema, at byte 1"),
        ("D7 A2 10 10 01 01 02", NotCanonical, "a tuple of one scalar or subarray, expected a subarray, at byte 1"),
        (
            "D7 A1 D6 10 01 02 01 01 02",
            NotCanonical,
            "a tuple of one scalar or subarray, expected a subarray, at byte 1",
        ),
        ("D7 A1 A2 10 10 01 01 02", NotCanonical, "a tuple of one scalar or subarray, expected a subarray, at byte 2"),
        ("D7 B1 81 61 A1 10 01 01", NotCanonical, "a tuple of one scalar or subarray, expected a subarray, at byte 4"),
        ("D7 A1 A0 01", Malformed, "row schema has a tuple of no schema, at byte 2"),
        ("D7 A1 D5 D5 01", Malformed, "found dtype D5, expected a row scalar, at byte 2"),
        ("D7 B1 81 61 14 01 01", Malformed, "found dtype 14, expected a row scalar, at byte 4"),
        ("D7 B1 80 10 01 01", Malformed, "row schema has a name of 0 bytes, expected 1 to 255, at byte 2"),
        ("D7 B1 05 10 01 01", Malformed, "found 05, expected the name of a row schema's entry, at byte 2"),
        ("D7 B2 81 61 10 81 61 11 01 01 02 00", Malformed, "row schema has the name `a` twice in a map, at byte 5"),
        // Behind a map that has the name as well, which is none of its brothers.
        (
            "D7 B3 81 61 B1 81 62 10 81 62 10 81 62 10 01 01 02 03",
            Malformed,
            "row schema has the name `b` twice in a map, at byte 11",
        ),
        (
            "D7 B1 D1 80 02 61*256 11 01 01 00",
            Malformed,
            "row schema has a name of 256 bytes, expected 1 to 255, at byte 2",
        ),
        ("D7 B1 D1 01 61 10 01 01", NotCanonical, "name is not in its shortest form, at byte 2"),
        ("D7 B1 81 FF 10 01 01", Malformed, "str is not UTF-8, at byte 2"),
        ("D7 D3 02 10 11 01 01 02 00", NotCanonical, "tuple is not in its shortest form, at byte 1"),
        ("D7 D4 01 81 61 10 01 01", NotCanonical, "map is not in its shortest form, at byte 1"),
        ("D7 D3 81 08 C0*1025 01 C0*1025", Malformed, "row schema has more than 1024 leaves, at byte 1"),
        (
            "D7 A2 D3 80 04 C0*512 D3 81 04 C0*513 01 C0*1025",
            Malformed,
            "row schema has more than 1024 leaves, at byte 1032",
        ),
        ("D7 D3 80 08 C0 C0", Truncated, "metadata is truncated: needed 1024 bytes, 2 left, at byte 4"),
        ("D7 B2 81 61 C0 81", Truncated, "metadata is truncated: needed 6 bytes, 4 left, at byte 2"),
        ("D7 B2 81 61 D4 3F", Truncated, "metadata is truncated: needed 6 bytes, 4 left, at byte 2"),
        ("D7 B1 81 61 D4 10 81 61 C0*45", Truncated, "metadata is truncated: needed 48 bytes, 47 left, at byte 6"),
        (&nine_maps, Malformed, "row schema has more than 8 tuples and maps inside each other, at byte 25"),
        ("D7 A1*9 C0 01 C0", Malformed, "row schema has more than 8 tuples and maps inside each other, at byte 9"),
        (
            "D7 A1 B1 81 61 A1*7 C0 01 C0",
            Malformed,
            "row schema has more than 8 tuples and maps inside each other, at byte 11",
        ),
        (
            "D7 B1 81 61 B1 81 62 B1 81 63 00 01 01",
            Malformed,
            "a row is presented as too many maps, lists and names for its bytes, at byte 1",
        ),
        (
            "D7 B1 D1 29 61*41 00 01 01",
            Malformed,
            "a row is presented as too many maps, lists and names for its bytes, at byte 1",
        ),
        (
            "D7 D6 10 03 01 01 01 01 01",
            Malformed,
            "a row is presented as too many maps, lists and names for its bytes, at byte 1",
        ),
        ("D7 D6 10 01 80 80 80 80 08 01 00", Malformed, "a row is wider than 2147483647 bytes, at byte 1"),
        (
            "D7 D6 13 02 FF FF FF FF FF FF FF FF 0F FF FF FF FF FF FF FF FF 0F 00",
            Malformed,
            "a row is wider than 2147483647 bytes, at byte 1",
        ),
        ("D7 A2 D6 10 01 FF FF FF FF 07 10 01 00", Malformed, "a row is wider than 2147483647 bytes, at byte 10"),
        (
            "D7 B1 81 61 D6 10 01 FF FF FF FF 07 FF FF FF FF FF 7F",
            TooLarge,
            "rows exceed the largest payload, at byte 0",
        ),
        ("D7 32 00", NotCanonical, "rows of no element, expected an empty list, at byte 0"),
        ("D7 D5 32 00", NotCanonical, "rows of no element, expected an empty list, at byte 0"),
        ("D7 D6 32 01 02 00", NotCanonical, "rows of no element, expected an empty list, at byte 0"),
        ("D7 B1 81 61 D5 10 02 01 07 02 07", Malformed, "presence byte is neither 0 nor 1, at byte 9"),
        ("D7 B1 81 61 D5 10 02 01 07 00 07", NotCanonical, "an absent scalar is not zero, at byte 9"),
        ("D7 B2 81 61 10 81 62 00 02 01 00 01 02", Malformed, "bool is neither 0 nor 1, at byte 12"),
        ("D7 A2 10 D5 00 02 01 01 01 00 01 03", Malformed, "bool is neither 0 nor 1, at byte 11"),
        ("D7 A2 10 D6 00 01 02 02 01 00 01 01 01 03", Malformed, "bool is neither 0 nor 1, at byte 13"),
        ("D7 B1 81 61 C0 03 01 02", Truncated, "metadata is truncated: needed 3 bytes, 2 left, at byte 6"),
        (
            "D7 B1 81 61 C0 FF FF FF FF FF FF FF FF FF 01 01",
            Truncated,
            "metadata is truncated: needed 18446744073709551615 bytes, 1 left, at byte 15",
        ),
        (
            "D7 A2 C0 C0 FF FF FF FF FF FF FF FF FF 01 01",
            Truncated,
            "metadata is truncated: needed 18446744073709551615 bytes, 1 left, at byte 14",
        ),
        ("D7 B2 81 61 10 81 62 C0 02 01 02 C0", Truncated, "metadata is truncated: needed 2 bytes, 1 left, at byte 9"),
    ];
    for (text, kind, message) in table {
        let bytes = hex(text);
        let error = rows(&bytes).map(|(rows, _)| rows).expect_err(text);
        assert_eq!((error.kind(), error.to_string()), (kind, message.to_string()), "{text}");
    }
}

/// However many there are and however alike: the least of those that stand there twice.
#[test]
fn many_names() {
    let map = |names: &[usize]| {
        let mut bytes = hex("D7 D4");
        super::super::put_uv(&mut bytes, names.len() as u64);
        for name in names {
            super::super::put_str(&mut bytes, &alloc::format!("a{name:04}b"));
            bytes.push(tag::NIL);
        }
        bytes.push(0);
        bytes
    };
    let mut names: Vec<usize> = (0..1024).rev().collect();
    assert!(rows(&map(&names)).is_ok());
    (names[700], names[900]) = (names[3], names[3]);
    names[1000] = names[20];
    let error = rows(&map(&names)).map(|_| ()).expect_err("a name three times");
    let start = 4 + 1000 * 8;
    assert_eq!(error.to_string(), alloc::format!("row schema has the name `a1003b` twice in a map, at byte {start}"));
}
