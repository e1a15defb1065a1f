//! Rows of maps and tuples: what no reader takes, and what harm changed bytes may do.

use ndwire::{ErrorKind, Value, from_slice, to_vec};
use serde::Serialize;
use serde::de::IgnoredAny;

use super::bytes::head;
use super::nodes::Row;
use super::{refused_by_all, value};

pub(crate) const SCHEMAS: &[Row] = &[
    ("R10", "D7 A0 01", "", ("malformed", "row schema has a tuple of no schema, at byte 17")),
    ("R10", "D7 B0 01", "", ("malformed", "row schema has a map of no schema, at byte 17")),
    ("R10", "D7 B1 81 61 B0 01", "", ("malformed", "row schema has a map of no schema, at byte 20")),
    ("R10", "D7 D3 00 01", "", ("not_canonical", "tuple is not in its shortest form, at byte 17")),
    ("R10", "D7 D3 02 10 11 01 01 02 00", "", ("not_canonical", "tuple is not in its shortest form, at byte 17")),
    ("R10", "D7 D4 01 81 61 10 01 01", "", ("not_canonical", "map is not in its shortest form, at byte 17")),
    ("R10", "D7 B1 81 61 D4 0F", "", ("not_canonical", "map is not in its shortest form, at byte 20")),
    ("R10", "D7 D3 90 00 C0", "", ("not_canonical", "uv is not in its shortest form, at byte 18")),
    (
        "R10",
        "D7 A2 10 10 01 01 02",
        "",
        ("not_canonical", "a tuple of one scalar or subarray, expected a subarray, at byte 17"),
    ),
    (
        "R10",
        "D7 A1 32 01 00*4",
        "",
        ("not_canonical", "a tuple of one scalar or subarray, expected a subarray, at byte 17"),
    ),
    (
        "R10",
        "D7 A2 D6 10 01 02 D6 10 01 02 01 01 02 03 04",
        "",
        ("not_canonical", "a tuple of one scalar or subarray, expected a subarray, at byte 17"),
    ),
    (
        "R10",
        "D7 D3 10 13*16 01 00*128",
        "",
        ("not_canonical", "a tuple of one scalar or subarray, expected a subarray, at byte 17"),
    ),
    (
        "R10",
        "D7 A1 A2 10 10 01 01 02",
        "",
        ("not_canonical", "a tuple of one scalar or subarray, expected a subarray, at byte 18"),
    ),
    (
        "R10",
        "D7 B1 81 61 A2 D6 10 01 02 D6 10 01 02 01 00*4",
        "",
        ("not_canonical", "a tuple of one scalar or subarray, expected a subarray, at byte 20"),
    ),
    ("R10", "D7 A2 C0 A0 01 00", "", ("malformed", "row schema has a tuple of no schema, at byte 19")),
    ("R10", "D7 A2 C0 D3 02 C0 C0 01 00", "", ("not_canonical", "tuple is not in its shortest form, at byte 19")),
    (
        "R5",
        "D7 A2 10 D4 10 01 01 02 00",
        "",
        ("truncated", "metadata is truncated: needed 48 bytes, 4 left, at byte 21"),
    ),
    (
        "R5",
        "D7 A2 10 D3 10 01 01 02 03 00",
        "",
        ("truncated", "metadata is truncated: needed 16 bytes, 5 left, at byte 21"),
    ),
    ("R5", "D7 D3 80 08 C0 C0", "", ("truncated", "metadata is truncated: needed 1024 bytes, 2 left, at byte 20")),
    ("R5", "D7 B2 81 61 C0 81", "", ("truncated", "metadata is truncated: needed 6 bytes, 4 left, at byte 18")),
    // What the list around owes is not there for a schema.
    ("R5", "A3 D7 A2 C0 C0 C0", "", ("truncated", "metadata is truncated: needed 2 bytes, 1 left, at byte 19")),
    ("R10", "D7 A2 10 D7 10 01 01 02", "", ("malformed", "found D7, expected a row schema, at byte 19")),
    ("R10", "D7 B1 81 61 81 61", "", ("malformed", "found 81, expected a row schema, at byte 20")),
    ("R10", "D7 B1 81 61 C1 01", "", ("malformed", "found C1, expected a row schema, at byte 20")),
    ("R10", "D7 B1 81 61 14 01", "", ("malformed", "found dtype 14, expected a row scalar, at byte 20")),
    ("R10", "D7 B1 81 61 D5 C0 01", "", ("malformed", "found dtype C0, expected a row scalar, at byte 20")),
    ("R10", "D7 A2 10 D5 60 01", "", ("malformed", "found dtype 60, expected a row scalar, at byte 19")),
    (
        "R10",
        "D7 B1 81 61 D6 10 08 01",
        "",
        ("malformed", "subarray has rank-and-order 08, expected 1 to 7, at byte 20"),
    ),
    ("R10", "D7 A2 C0 D6 10 02 02 00 01", "", ("malformed", "subarray has a dim of 0, at byte 19")),
];

pub(crate) const NAMES: &[Row] = &[
    ("R10", "D7 B1 80 10 01 01", "", ("malformed", "row schema has a name of 0 bytes, expected 1 to 255, at byte 18")),
    (
        "R10",
        "D7 B1 D1 80 02 61*256 13 01 00*8",
        "",
        ("malformed", "row schema has a name of 256 bytes, expected 1 to 255, at byte 18"),
    ),
    (
        "R10",
        "D7 B1 D1 FF*9 01 61 10 01 01",
        "",
        ("malformed", "row schema has a name of 18446744073709551615 bytes, expected 1 to 255, at byte 18"),
    ),
    ("R10", "D7 B1 D1 1F 61*31 13 01 00*8", "", ("not_canonical", "name is not in its shortest form, at byte 18")),
    ("R10", "D7 B1 05 10 01 01", "", ("malformed", "found 05, expected the name of a row schema's entry, at byte 18")),
    ("R10", "D7 B1 C0 10 01 01", "", ("malformed", "found C0, expected the name of a row schema's entry, at byte 18")),
    ("R10", "D7 B1 D2 01 61 10", "", ("malformed", "found D2, expected the name of a row schema's entry, at byte 18")),
    ("R10", "D7 B1 D8 80 04 10", "", ("malformed", "found D8, expected the name of a row schema's entry, at byte 18")),
    (
        "R10",
        "D7 B2 81 61 10 10 00 00",
        "",
        ("malformed", "found 10, expected the name of a row schema's entry, at byte 21"),
    ),
    (
        "R10",
        "D7 B2 81 61 10 81 61 11 01 01 02 00",
        "",
        ("malformed", "row schema has the name `a` twice in a map, at byte 21"),
    ),
    (
        "R10",
        "D7 B1 81 61 B2 81 62 10 81 62 11 01 01 02 00",
        "",
        ("malformed", "row schema has the name `b` twice in a map, at byte 24"),
    ),
    // One below has the same name, which it may.
    (
        "R10",
        "D7 B3 81 61 B1 81 62 13 81 62 13 81 61 13 01 00*24",
        "",
        ("malformed", "row schema has the name `a` twice in a map, at byte 27"),
    ),
    ("R11", "D7 B1 81 FF 10 01 01", "", ("malformed", "str is not UTF-8, at byte 18")),
    ("R11", "D7 B1 83 ED A0 80 10 01 01", "", ("malformed", "str is not UTF-8, at byte 18")),
    ("R15", "D7 B1 83 61 62", "", ("truncated", "metadata is truncated: needed 3 bytes, 2 left, at byte 19")),
    ("R15", "D7 B1 D1 29 61*40", "", ("truncated", "metadata is truncated: needed 41 bytes, 40 left, at byte 20")),
    ("R5", "D7 B1", "", ("truncated", "metadata is truncated: needed 3 bytes, 0 left, at byte 18")),
    ("R5", "D7 B1 81 61", "", ("truncated", "metadata is truncated: needed 3 bytes, 2 left, at byte 18")),
    ("R5", "D7 A2 10", "", ("truncated", "metadata is truncated: needed 2 bytes, 1 left, at byte 18")),
    ("R15", "D7 B1 81 61 10", "", ("truncated", "metadata is truncated: needed 1 bytes, 0 left, at byte 21")),
];

const TOO_MUCH: &str = "a row is presented as too many maps, lists and names for its bytes, at byte 17";

pub(crate) const LIMITS: &[Row] = &[
    ("R10", "D7 D3 81 08 C0*1025 01 C0*1025", "", ("malformed", "row schema has more than 1024 leaves, at byte 17")),
    ("R10", "D7 D4 81 08 81 61", "", ("malformed", "row schema has more than 1024 leaves, at byte 17")),
    ("R10", "D7 D3 FF*9 01 C0", "", ("malformed", "row schema has more than 1024 leaves, at byte 17")),
    (
        "R10",
        "D7 A2 D3 80 04 C0*512 D3 81 04 C0*513 01 C0*1025",
        "",
        ("malformed", "row schema has more than 1024 leaves, at byte 1048"),
    ),
    (
        "R10",
        "D7 A1*9 C0 01 C0",
        "",
        ("malformed", "row schema has more than 8 tuples and maps inside each other, at byte 25"),
    ),
    (
        "R10",
        "D7 A1 B1 81 61 A1*7 C0 01 C0",
        "",
        ("malformed", "row schema has more than 8 tuples and maps inside each other, at byte 27"),
    ),
    (
        "R10",
        "D7 B1 81 61 B1 81 61 B1 81 61 B1 81 61 B1 81 61 B1 81 61 B1 81 61 B1 81 61 B1 81 61 13 01 00*8",
        "",
        ("malformed", "row schema has more than 8 tuples and maps inside each other, at byte 41"),
    ),
    // 24 for each map and list, and the bytes of names, against 64 for each byte and node.
    ("R17", "D7 B1 81 61 B1 81 62 B1 81 63 00 01 01", "", ("malformed", TOO_MUCH)),
    ("R17", "D7 B1 D1 29 61*41 00 01 01", "", ("malformed", TOO_MUCH)),
    ("R17", "D7 B1 D1 29 61*41 C0 01 C0", "", ("malformed", TOO_MUCH)),
    ("R17", "D7 B1 81 61 B1 81 62 D6 10 02 01 01 01 01", "", ("malformed", TOO_MUCH)),
    ("R17", "D7 A1 A1 A1 C0 01 C0", "", ("malformed", TOO_MUCH)),
    ("R17", "D7 D6 10 03 01 01 01 01 01", "", ("malformed", TOO_MUCH)),
    ("R10", "D7 D6 10 01 80 80 80 80 08 01 00", "", ("malformed", "a row is wider than 2147483647 bytes, at byte 17")),
    (
        "R10",
        "D7 A2 D6 10 01 FF FF FF FF 07 10 01",
        "",
        ("malformed", "a row is wider than 2147483647 bytes, at byte 26"),
    ),
    (
        "R10",
        "D7 B1 81 61 D6 33 02 80*4 20 80*4 20 01",
        "",
        ("malformed", "a row is wider than 2147483647 bytes, at byte 20"),
    ),
    ("R3", "D7 A2 D6 10 01 80*4 04 10 80*4 20", "", ("too_large", "rows exceed the largest payload, at byte 16")),
    ("R3", "D7 B1 81 61 13 80*8 10", "", ("too_large", "rows exceed the largest payload, at byte 16")),
];

pub(crate) const ROWS: &[Row] = &[
    ("R10", "D7 10 00", "", ("not_canonical", "rows of no element, expected an empty list, at byte 16")),
    ("R10", "D7 D5 32 00", "", ("not_canonical", "rows of no element, expected an empty list, at byte 16")),
    ("R10", "D7 D6 32 01 02 00", "", ("not_canonical", "rows of no element, expected an empty list, at byte 16")),
    (
        "R14",
        "D7 B1 81 61 C0 00 C0",
        "",
        ("trailing_bytes", "metadata goes on after its node: 1 bytes left, at byte 22"),
    ),
    ("R10", "D7 B1 81 61 10 81 00 07", "", ("not_canonical", "uv is not in its shortest form, at byte 21")),
    ("R10", "D7 B1 81 61 D5 10 02 01 07 02 07", "", ("malformed", "presence byte is neither 0 nor 1, at byte 25")),
    ("R10", "D7 B1 81 61 D5 10 02 01 07 00 07", "", ("not_canonical", "an absent scalar is not zero, at byte 25")),
    ("R11", "D7 B2 81 61 10 81 62 00 02 01 00 01 02", "", ("malformed", "bool is neither 0 nor 1, at byte 28")),
    ("R11", "D7 A2 10 D5 00 01 07 01 02", "", ("malformed", "bool is neither 0 nor 1, at byte 24")),
    ("R11", "D7 A2 10 D6 00 01 02 02 07 00 01 07 01 03", "", ("malformed", "bool is neither 0 nor 1, at byte 29")),
    // Nodes owed: three of which two are there, one more than the fixed part leaves, one more than the list around leaves.
    ("R5", "D7 B1 81 61 C0 03 01 02", "", ("truncated", "metadata is truncated: needed 3 bytes, 2 left, at byte 22")),
    (
        "R5",
        "D7 B2 81 61 10 81 62 C0 02 01 02 C0",
        "",
        ("truncated", "metadata is truncated: needed 2 bytes, 1 left, at byte 25"),
    ),
    (
        "R5",
        "A2 D7 B1 81 61 C0 02 01 02",
        "",
        ("truncated", "metadata is truncated: needed 2 bytes, 1 left, at byte 23"),
    ),
    ("R5", "D7 B1 81 61 C0 02 A1 C0", "", ("truncated", "metadata is truncated: needed 1 bytes, 0 left, at byte 23")),
    ("R5", "D7 B1 81 61 C0 02 82 61", "", ("truncated", "metadata is truncated: needed 2 bytes, 0 left, at byte 23")),
    ("R5", "D7 B1 81 61 10 05 01 02", "", ("truncated", "metadata is truncated: needed 5 bytes, 2 left, at byte 22")),
    (
        "R5",
        "D7 A2 C0 C0 FF*9 01 C0 C0",
        "",
        ("truncated", "metadata is truncated: needed 18446744073709551615 bytes, 2 left, at byte 30"),
    ),
    (
        "R5",
        "D7 D3 40 C0*64 80*8 04 C0*64",
        "",
        ("truncated", "metadata is truncated: needed 18446744073709551615 bytes, 64 left, at byte 92"),
    ),
    ("R10", "D7 B1 81 61 C0 01 C1", "", ("malformed", "found reserved tag C1, expected a node, at byte 22")),
    ("R10", "D7 A2 10 C0 02 07 08 C4 01 00", "", ("not_canonical", "integer is not in its shortest form, at byte 23")),
    ("R11", "D7 A2 10 C0 02 07 08 00 81 FF", "", ("malformed", "str is not UTF-8, at byte 24")),
    (
        "R14",
        "D7 B1 81 61 C0 01 01 02",
        "",
        ("trailing_bytes", "metadata goes on after its node: 1 bytes left, at byte 23"),
    ),
    (
        "R14",
        "D7 B1 81 61 10 01 01 02",
        "",
        ("trailing_bytes", "metadata goes on after its node: 1 bytes left, at byte 23"),
    ),
    (
        "R4",
        "D7 B1 81 61 13 40",
        "00*10 00*511",
        ("truncated", "payload is truncated: needed 512 bytes, 511 left, at byte 32"),
    ),
    (
        "R4",
        "D7 B2 81 61 13 81 62 C0 40 D8 80 04 00*63",
        "00*5 00*512 61*511",
        ("truncated", "payload is truncated: needed 512 bytes, 511 left, at byte 608"),
    ),
    ("R8", "D7 B1 81 61 13 40", "00*9 01 00*512", ("malformed", "padding before a payload is not zero, at byte 22")),
    (
        "R14",
        "D7 B1 81 61 13 40",
        "00*10 00*512 00",
        ("trailing_bytes", "bytes after the end of the value: 1 left, at byte 544"),
    ),
];

/// Leaves are counted over all maps of a schema.
#[test]
fn the_1025th_leaf() {
    let letter = |n: usize| b'a' + (n % 26) as u8;
    let entry = |n: usize| format!("83 {:02X} {:02X} {:02X} C0 ", letter(n / 676), letter(n / 26), letter(n));
    let many: String = (0..1023).map(entry).collect();
    let of = |last: &str| format!("D7 B2 82 7A 61 D4 FF 07 {many}82 7A 62 {last} 01 C0*1024");
    assert_eq!(from_slice::<Vec<Value>>(&value(&of("C0"), "")).unwrap().len(), 1);
    let at = 16 + 1 + 1 + 3 + 3 + 1023 * 5 + 3 + 1 + 3 + 1 + 3;
    let message = format!("row schema has more than 1024 leaves, at byte {at}");
    refused_by_all(&value(&of("B2 82 61 61 C0 82 61 62 C0"), ""), ("malformed", &message));
}

#[derive(Serialize, Clone)]
struct Full {
    id: u16,
    gap: Option<f32>,
    ok: bool,
    inner: Inner,
    name: String,
    list: Vec<u16>,
}

#[derive(Serialize, Clone)]
struct Inner {
    place: [u8; 3],
    text: Option<&'static str>,
}

fn full(n: u16) -> Full {
    Full {
        id: n,
        gap: n.is_multiple_of(2).then_some(0.5),
        ok: n.is_multiple_of(3),
        inner: Inner { place: [1, 2, 3], text: (n % 2 == 1).then_some("text") },
        name: "n".repeat(usize::from(n)),
        list: (0..n % 3).collect(),
    }
}

/// Small tables: flat, with everything, of tuples, in each other, with payloads.
fn tables() -> Vec<Vec<u8>> {
    let rows: Vec<Full> = (1..4).map(full).collect();
    let wide: Vec<Full> = vec![full(600), full(1), full(700)];
    let tables = vec![
        to_vec(&[("a", 1u8), ("b", 2)].map(|(_, n)| std::collections::BTreeMap::from([("a", n), ("b", 3)]))).unwrap(),
        to_vec(&rows).unwrap(),
        to_vec(&[(1u8, 2u16, "x"), (3, 4, "y")]).unwrap(),
        to_vec(&[(1u8, Some([1u16, 2])), (2, None)]).unwrap(),
        to_vec(&vec![(1u8, vec![(1u8, "a"), (2, "b")]), (2, vec![(3, "c"), (4, "d")])]).unwrap(),
        to_vec(&wide).unwrap(),
        to_vec(&("before", &rows, &wide, "after")).unwrap(),
    ];
    for table in &tables {
        assert!(table[16] == 0xD7 || table[16] == 0xA4, "{:02X?}", &table[16..20]);
    }
    tables
}

#[test]
fn every_prefix_of_a_table_is_truncated() {
    for table in tables() {
        for len in 0..table.len() {
            let kinds = [
                from_slice::<Value>(&table[..len]).map(drop).unwrap_err().kind(),
                from_slice::<IgnoredAny>(&table[..len]).map(drop).unwrap_err().kind(),
                from_slice::<serde_json::Value>(&table[..len]).map(drop).unwrap_err().kind(),
            ];
            assert_eq!(kinds, [ErrorKind::Truncated; 3], "{len} of {}", table.len());
        }
    }
}

/// META cut short, with a header that is right for it: no prefix of a node is a node.
#[test]
fn every_prefix_of_the_metadata_of_a_table_is_an_error() {
    for table in tables() {
        let meta_len = u32::from_le_bytes(table[8..12].try_into().unwrap()) as usize;
        let text = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02X} ")).collect::<String>();
        for len in 1..meta_len {
            let cut = value(&text(&table[16..16 + len]), &text(&table[16 + meta_len..]));
            let error = from_slice::<IgnoredAny>(&cut).map(drop).unwrap_err();
            // The fixed part, or a payload, may be taken from what is left.
            let kinds = [ErrorKind::Truncated, ErrorKind::TrailingBytes, ErrorKind::Malformed];
            assert!(kinds.contains(&error.kind()), "{len} of {meta_len}: {error}");
            assert_eq!(from_slice::<Value>(&cut).map(drop).unwrap_err().to_string(), error.to_string());
        }
    }
}

/// Every byte of META changed to every other, under a header that is right for it: an error, or a value that all readers take and
/// that comes back as its bytes.
#[test]
fn changed_tables_are_refused_or_read_by_all_alike() {
    let (mut taken, mut refused) = (0, 0);
    for table in tables() {
        let meta_len = u32::from_le_bytes(table[8..12].try_into().unwrap()) as usize;
        let step = if table.len() > 400 { 7 } else { 1 };
        for at in 16..16 + meta_len {
            for change in (1..=255u8).step_by(step) {
                let mut meta = table[16..16 + meta_len].to_vec();
                meta[at - 16] ^= change;
                let bytes = [head(&meta), table[16 + meta_len..].to_vec()].concat();
                match (from_slice::<Value>(&bytes), from_slice::<IgnoredAny>(&bytes)) {
                    (Ok(read), Ok(_)) => {
                        assert_eq!(to_vec(&read).unwrap(), bytes, "byte {at} changed by {change:02X}");
                        taken += 1;
                    }
                    (Err(one), Err(other)) => {
                        assert_eq!(one.to_string(), other.to_string(), "byte {at} changed by {change:02X}");
                        refused += 1;
                    }
                    (one, other) => {
                        panic!("byte {at} changed by {change:02X}: {:?}, skipped: {:?}", one.map(drop), other.map(drop))
                    }
                }
                // Whatever these make of it.
                let _ = from_slice::<serde_json::Value>(&bytes);
                let _ = from_slice::<Vec<std::collections::HashMap<String, Value>>>(&bytes);
            }
        }
    }
    assert!(taken > 5_000 && refused > 20_000, "{taken} taken, {refused} refused");
}
