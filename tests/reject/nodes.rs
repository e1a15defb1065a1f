//! The reject rules of section 6, one row or more for each.

use super::{Told, refused, refused_by_all, tables, value};

/// Rule, META, bytes behind META, what is told.
pub(crate) type Row = (&'static str, &'static str, &'static str, Told<'static>);

const PAD13: &str = "00 00 00 00 00 00 00 00 00 00 00 00 00 ";

#[test]
fn every_rule() {
    let mut rules = std::collections::BTreeSet::new();
    let records = [tables::SCHEMAS, tables::NAMES, tables::LIMITS, tables::ROWS];
    for table in [SPELLINGS, CONTENTS, CLAIMS, ARRAYS, ROWS, ENDS].into_iter().chain(records) {
        for (rule, meta, behind, expected) in table {
            refused_by_all(&value(meta, behind), *expected);
            rules.insert(*rule);
        }
    }
    // R1, R7, R9 and R13 have tests of their own; R6, R12 and R16 to R22 are not about single values.
    let expected = ["R10", "R11", "R14", "R15", "R17", "R2", "R3", "R4", "R5", "R8"];
    assert_eq!(rules.into_iter().collect::<Vec<_>>(), expected);
}

const NOT_SHORTEST_INT: Told<'static> = ("not_canonical", "integer is not in its shortest form, at byte 16");

const SPELLINGS: &[Row] = &[
    ("R10", "C1", "", ("malformed", "found reserved tag C1, expected a node, at byte 16")),
    ("R10", "DA", "", ("malformed", "found reserved tag DA, expected a node, at byte 16")),
    ("R10", "A2 C0 EF", "", ("malformed", "found reserved tag EF, expected a node, at byte 18")),
    ("R10", "C4 7F", "", NOT_SHORTEST_INT),
    ("R10", "C5 FF 00", "", NOT_SHORTEST_INT),
    ("R10", "C6 FF FF 00 00", "", NOT_SHORTEST_INT),
    ("R10", "C7 FF FF FF FF 00 00 00 00", "", NOT_SHORTEST_INT),
    ("R10", "C8 FF FF FF FF FF FF FF FF 00 00 00 00 00 00 00 00", "", NOT_SHORTEST_INT),
    ("R10", "C9 F0", "", NOT_SHORTEST_INT),
    ("R10", "C9 01", "", NOT_SHORTEST_INT),
    ("R10", "CA 80 FF", "", NOT_SHORTEST_INT),
    ("R10", "CB 00 80 FF FF", "", NOT_SHORTEST_INT),
    ("R10", "CC 00 00 00 80 FF FF FF FF", "", NOT_SHORTEST_INT),
    ("R10", "CD 00 00 00 00 00 00 00 80 FF FF FF FF FF FF FF FF", "", NOT_SHORTEST_INT),
    ("R10", "D0 C1 00", "", ("not_canonical", "uv is not in its shortest form, at byte 17")),
    ("R2", "D0 80 80 80 80 80 80 80 80 80 02", "", ("malformed", "uv exceeds 64 bits, at byte 17")),
    ("R2", "D0 80 80 80 80 80 80 80 80 80 80 01", "", ("malformed", "uv exceeds 64 bits, at byte 17")),
    ("R10", "D1 01 61", "", ("not_canonical", "str is not in its shortest form, at byte 16")),
    ("R10", "D1 80 04", "", ("not_canonical", "str of 512 bytes stands in META, expected DATA, at byte 16")),
    ("R10", "D2 80 04", "", ("not_canonical", "bytes node of 512 bytes stands in META, expected DATA, at byte 16")),
    ("R10", "D3 01 C0", "", ("not_canonical", "list is not in its shortest form, at byte 16")),
    ("R10", "D4 00", "", ("not_canonical", "map is not in its shortest form, at byte 16")),
    ("R10", "D5 01", "", ("not_canonical", "some stands before a node that needs none, at byte 16")),
    ("R10", "D5 D5 A0", "", ("not_canonical", "some stands before a node that needs none, at byte 17")),
    ("R10", "D8 03", "", ("not_canonical", "str of 3 bytes stands in DATA, expected META, at byte 16")),
    ("R10", "D9 00", "", ("not_canonical", "bytes node of 0 bytes stands in DATA, expected META, at byte 16")),
];

const CONTENTS: &[Row] = &[
    ("R11", "D0 80 B0 03", "", ("malformed", "char is not a Unicode scalar value, at byte 16")),
    ("R11", "D0 80 80 C4 00", "", ("not_canonical", "uv is not in its shortest form, at byte 17")),
    ("R11", "D0 80 80 44", "", ("malformed", "char is not a Unicode scalar value, at byte 16")),
    ("R11", "D0 C1 80 80 80 10", "", ("malformed", "char is not a Unicode scalar value, at byte 16")),
    ("R11", "82 C3 28", "", ("malformed", "str is not UTF-8, at byte 16")),
    ("R11", "A1 83 ED A0 80", "", ("malformed", "str is not UTF-8, at byte 17")),
    ("R11", "D7 00 03 01 00 02", "", ("malformed", "bool is neither 0 nor 1, at byte 21")),
    ("R11", "D7 D6 00 01 02 02 01 00 01 FF", "", ("malformed", "bool is neither 0 nor 1, at byte 25")),
    ("R11", "D7 D5 00 02 01 01 01 02", "", ("malformed", "bool is neither 0 nor 1, at byte 23")),
    (
        "R11",
        "D6 00 01 02",
        "00 00 00 00 00 00 00 00 00 00 00 00 00 02",
        ("malformed", "bool is neither 0 nor 1, at byte 33"),
    ),
];

const CLAIMS: &[Row] = &[
    ("R5", "A1", "", ("truncated", "metadata is truncated: needed 1 bytes, 0 left, at byte 17")),
    ("R5", "AF 00", "", ("truncated", "metadata is truncated: needed 15 bytes, 1 left, at byte 17")),
    ("R5", "A2 A2 00 00", "", ("truncated", "metadata is truncated: needed 2 bytes, 1 left, at byte 18")),
    ("R5", "A2 82 61 61", "", ("truncated", "metadata is truncated: needed 2 bytes, 1 left, at byte 18")),
    ("R5", "A2 D2 02 61 61", "", ("truncated", "metadata is truncated: needed 2 bytes, 1 left, at byte 19")),
    ("R5", "A3 CE 00 00 80 3F C0", "", ("truncated", "metadata is truncated: needed 4 bytes, 3 left, at byte 18")),
    ("R5", "B1 C0", "", ("truncated", "metadata is truncated: needed 2 bytes, 1 left, at byte 17")),
    ("R5", "B2 C0 C0 B1 C0", "", ("truncated", "metadata is truncated: needed 2 bytes, 0 left, at byte 20")),
    (
        "R5",
        "D3 FF FF FF FF FF FF FF FF FF 01 C0",
        "",
        ("truncated", "metadata is truncated: needed 18446744073709551615 bytes, 1 left, at byte 27"),
    ),
    (
        "R5",
        "D4 FF FF FF FF FF FF FF FF 7F C0 C0",
        "",
        ("truncated", "metadata is truncated: needed 18446744073709551614 bytes, 2 left, at byte 26"),
    ),
    (
        "R5",
        "D4 FF FF FF FF FF FF FF FF FF 01 C0",
        "",
        ("truncated", "metadata is truncated: needed 18446744073709551615 bytes, 1 left, at byte 27"),
    ),
    ("R5", "D7 10 05 01 02", "", ("truncated", "metadata is truncated: needed 5 bytes, 2 left, at byte 19")),
    ("R5", "A2 D7 10 02 01 02", "", ("truncated", "metadata is truncated: needed 2 bytes, 1 left, at byte 20")),
    ("R15", "CE 00 00", "", ("truncated", "metadata is truncated: needed 4 bytes, 2 left, at byte 17")),
    ("R15", "C8 00", "", ("truncated", "metadata is truncated: needed 16 bytes, 1 left, at byte 17")),
    ("R15", "D0", "", ("truncated", "metadata is truncated: needed 1 bytes, 0 left, at byte 17")),
    ("R15", "D0 AC", "", ("truncated", "metadata is truncated: needed 1 bytes, 0 left, at byte 18")),
    ("R15", "D5", "", ("truncated", "metadata is truncated: needed 1 bytes, 0 left, at byte 17")),
    ("R15", "D6 32", "", ("truncated", "metadata is truncated: needed 1 bytes, 0 left, at byte 18")),
    ("R15", "D6 32 02 05", "", ("truncated", "metadata is truncated: needed 1 bytes, 0 left, at byte 20")),
    ("R15", "D7", "", ("truncated", "metadata is truncated: needed 1 bytes, 0 left, at byte 17")),
    ("R4", "D8 80 04", "", ("truncated", "payload is truncated: needed 512 bytes, 0 left, at byte 32")),
    (
        "R4",
        "D9 FF FF FF FF FF FF FF FF 7F",
        "00 00 00 00 00 00 07",
        ("truncated", "payload is truncated: needed 9223372036854775807 bytes, 1 left, at byte 32"),
    ),
    ("R4", "D7 10 80 04", "00 00", ("truncated", "payload is truncated: needed 512 bytes, 0 left, at byte 32")),
    ("R3", "D8 80 80 80 80 80 80 80 80 80 01", "", ("too_large", "str exceeds the largest payload, at byte 16")),
    ("R3", "D9 FF FF FF FF FF FF FF FF FF 01", "", ("too_large", "bytes node exceeds the largest payload, at byte 16")),
];

const ARRAYS: &[Row] = &[
    ("R10", "D6 01 01 01", "", ("malformed", "found 01, expected a dtype, at byte 17")),
    ("R10", "D6 6E 01 01", "", ("malformed", "found 6E, expected a dtype, at byte 17")),
    ("R10", "D6 7F 01 01", "", ("malformed", "found 7F, expected a dtype, at byte 17")),
    ("R10", "D6 80 01 01", "", ("malformed", "found 80, expected a dtype, at byte 17")),
    ("R10", "D6 32 41 01", "", ("malformed", "bit 6 of rank-and-order is set, at byte 19")),
    ("R3", "D6 32 21", "", ("too_large", "rank 33 exceeds the limit of 32, at byte 19")),
    ("R3", "D6 32 3F", "", ("too_large", "rank 63 exceeds the limit of 32, at byte 19")),
    ("R10", "D6 10 81 03", "", ("not_canonical", "column-major where order has no meaning, at byte 16")),
    ("R10", "D6 10 82 01 03", "", ("not_canonical", "column-major where order has no meaning, at byte 16")),
    ("R10", "D6 10 83 00 02 02", "", ("not_canonical", "column-major where order has no meaning, at byte 16")),
    ("R10", "D6 10 80", "", ("not_canonical", "column-major where order has no meaning, at byte 16")),
    ("R10", "D6 10 01 81 00", "", ("not_canonical", "uv is not in its shortest form, at byte 19")),
    (
        "R3",
        "D6 10 02 80 80 80 80 80 80 80 80 80 01 02",
        "",
        ("too_large", "shape exceeds the largest payload, at byte 30"),
    ),
    (
        "R3",
        "D6 10 03 00 80 80 80 80 80 80 80 80 80 01 02",
        "",
        ("too_large", "shape exceeds the largest payload, at byte 31"),
    ),
    (
        "R3",
        "D6 10 03 80 80 80 80 80 80 80 80 80 01 02 00",
        "",
        ("too_large", "shape exceeds the largest payload, at byte 31"),
    ),
    ("R3", "D6 33 01 80 80 80 80 80 80 80 80 10", "", ("too_large", "shape exceeds the largest payload, at byte 28")),
    (
        "R4",
        "D6 32 01 02",
        "00 00 00 00 00 00 00 00 00 00 00 00 00 00 80 3F",
        ("truncated", "payload is truncated: needed 8 bytes, 4 left, at byte 32"),
    ),
    (
        "R4",
        "D6 33 02 FF FF FF FF 0F 80 80 80 02",
        "",
        ("truncated", "payload is truncated: needed 144115188042301440 bytes, 0 left, at byte 32"),
    ),
    (
        "R2",
        "A2 D6 10 01 FF FF FF FF FF FF FF FF 7F D6 10 01 FF FF FF FF FF FF FF FF 7F",
        "",
        ("truncated", "payload is truncated: needed 9223372036854775807 bytes, 0 left, at byte 48"),
    ),
    (
        "R8",
        "D6 10 01 01",
        "00 00 00 00 00 00 00 00 00 00 00 01 07",
        ("malformed", "padding before a payload is not zero, at byte 20"),
    ),
    (
        "R8",
        "A2 D6 10 01 01 D6 10 01 01",
        "00 00 00 00 00 00 00 07 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 07",
        ("malformed", "padding before a payload is not zero, at byte 33"),
    ),
];

const ROWS: &[Row] = &[
    ("R10", "D7 32 00", "", ("not_canonical", "rows of no element, expected an empty list, at byte 16")),
    ("R10", "D7 14 01", "", ("malformed", "found dtype 14, expected a row scalar, at byte 17")),
    ("R10", "D7 31 01", "", ("malformed", "found dtype 31, expected a row scalar, at byte 17")),
    ("R10", "D7 60 01", "", ("malformed", "found dtype 60, expected a row scalar, at byte 17")),
    ("R10", "D7 05 01", "", ("malformed", "found dtype 05, expected a row scalar, at byte 17")),
    ("R10", "D7 D5 53 01", "", ("malformed", "found dtype 53, expected a row scalar, at byte 17")),
    ("R10", "D7 D5 D5 10 01", "", ("malformed", "found dtype D5, expected a row scalar, at byte 17")),
    ("R10", "D7 D6 24 01 01 01", "", ("malformed", "found dtype 24, expected a row scalar, at byte 17")),
    ("R10", "D7 C0 01", "", ("malformed", "found C0, expected a row schema, at byte 17")),
    ("R10", "D7 80 01", "", ("malformed", "found 80, expected a row schema, at byte 17")),
    ("R10", "D7 D7 10 01", "", ("malformed", "found D7, expected a row schema, at byte 17")),
    ("R10", "D7 D6 32 00 01", "", ("malformed", "subarray has rank-and-order 00, expected 1 to 7, at byte 17")),
    ("R10", "D7 D6 32 08 01", "", ("malformed", "subarray has rank-and-order 08, expected 1 to 7, at byte 17")),
    (
        "R10",
        "D7 D6 10 81 02 01 01 02",
        "",
        ("malformed", "subarray has rank-and-order 81, expected 1 to 7, at byte 17"),
    ),
    ("R10", "D7 D6 10 01 00 01", "", ("malformed", "subarray has a dim of 0, at byte 17")),
    ("R10", "D7 D6 10 02 02 00 01", "", ("malformed", "subarray has a dim of 0, at byte 17")),
    (
        "R17",
        "D7 D6 10 03 01 01 01 01 07",
        "",
        ("malformed", "a row is presented as too many maps, lists and names for its bytes, at byte 17"),
    ),
    (
        "R17",
        "D7 D6 11 06 01 01 01 01 01 01 01 07 07",
        "",
        ("malformed", "a row is presented as too many maps, lists and names for its bytes, at byte 17"),
    ),
    ("R10", "D7 D5 10 01 02 07", "", ("malformed", "presence byte is neither 0 nor 1, at byte 20")),
    ("R10", "D7 D5 10 02 01 07 00 07", "", ("not_canonical", "an absent scalar is not zero, at byte 22")),
    ("R3", "D7 33 80 80 80 80 80 80 80 80 10", "", ("too_large", "rows exceed the largest payload, at byte 16")),
    ("R3", "D7 33 FF FF FF FF FF FF FF FF FF 01", "", ("too_large", "rows exceed the largest payload, at byte 16")),
    (
        "R10",
        "D7 D6 33 02 80 80 80 80 80 20 80 80 80 80 80 20 01",
        "",
        ("malformed", "a row is wider than 2147483647 bytes, at byte 17"),
    ),
];

const ENDS: &[Row] = &[
    ("R14", "00", "01", ("trailing_bytes", "bytes after the end of the value: 1 left, at byte 17")),
    ("R14", "00 00", "", ("trailing_bytes", "metadata goes on after its node: 1 bytes left, at byte 17")),
    (
        "R14",
        "D6 10 01 01",
        "00 00 00 00 00 00 00 00 00 00 00 00 01 00 00",
        ("trailing_bytes", "bytes after the end of the value: 2 left, at byte 33"),
    ),
    // An array without elements has no payload and takes no padding.
    ("R8", "D6 10 01 00", "00", ("trailing_bytes", "bytes after the end of the value: 1 left, at byte 20")),
];

#[test]
fn the_same_rules_hold_for_typed_targets() {
    refused::<Vec<bool>>(&value("D7 00 01 02", ""), ("malformed", "bool is neither 0 nor 1, at byte 19"));
    refused::<Option<bool>>(
        &value("D5 C2", ""),
        ("not_canonical", "some stands before a node that needs none, at byte 16"),
    );
    refused::<u64>(&value("C4 05", ""), NOT_SHORTEST_INT);
    refused::<Vec<u64>>(
        &value("A2 01 C4 05", ""),
        ("not_canonical", "[1]: integer is not in its shortest form, at byte 18"),
    );
    refused::<String>(&value("82 C3 28", ""), ("malformed", "str is not UTF-8, at byte 16"));
    let payload = format!("{PAD13}C0 00 00 00 00 00 00 00");
    refused::<(Vec<f64>,)>(
        &value("A1 D6 33 01 02", &payload[3 * 2..]),
        ("truncated", "[0]: payload is truncated: needed 16 bytes, 8 left, at byte 32"),
    );
    refused::<u8>(&value("07", "00"), ("trailing_bytes", "bytes after the end of the value: 1 left, at byte 17"));
}

/// R9: what arrays may be presented as lists is bounded over the whole value.
#[test]
fn the_budget_of_sequences() {
    // [1024, 0] takes 1,025 sequences of 1,024 and the value's 23 bytes.
    let one = value("D6 10 02 80 08 00", "");
    assert_eq!(ndwire::from_slice::<Vec<Vec<u8>>>(&one).unwrap().len(), 1024);
    let two = value("A2 D6 10 02 80 08 00 D6 10 01 05", "00 00 00 00 00 01 02 03 04 05");
    let budget = "array is presented as more lists than the budget: needed";
    refused::<Vec<Vec<Vec<u8>>>>(
        &value("A2 D6 10 02 80 08 00 D6 10 02 80 08 00", ""),
        ("too_large", &format!("[1]: {budget} 1025, 28 left, at byte 29")),
    );
    refused::<Vec<Vec<u8>>>(
        &value("D6 10 02 80 20 00", ""),
        ("too_large", &format!("{budget} 4097, 1046 left, at byte 22")),
    );
    // Untyped, an array is not lists; and a list of one sequence has room.
    ndwire::from_slice::<ndwire::Value>(&two).unwrap();
    assert_eq!(ndwire::from_slice::<(Vec<Vec<u8>>, Vec<u8>)>(&two).unwrap().1, [1, 2, 3, 4, 5]);
}

/// R7: see the tests of the writer for every form.
#[test]
fn depth() {
    let nest = "A1 ".repeat(129) + "C0";
    let message = "nested too deep: found 129 levels, the limit is 128, at byte 145";
    refused::<serde::de::IgnoredAny>(&value(&nest, ""), ("too_deep", message));
    refused::<ndwire::Value>(&value(&nest, ""), ("too_deep", message));
}
