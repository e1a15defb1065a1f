//! Hostile values, each with exactly what must come of it. What a fuzz target finds gets a row here.

#[path = "common/bytes.rs"]
mod bytes;

use std::collections::BTreeMap;
use std::fmt::Debug;

use bytes::{head, hex};
use ndwire::{DynArrayView, Error, ErrorKind, Layout, Result, Value, from_slice};
use serde::de::{DeserializeOwned, IgnoredAny};

use ErrorKind::{Malformed, NotCanonical, TooDeep, TooLarge, TrailingBytes, Truncated, TypeMismatch};

struct Row {
    name: &'static str,
    /// Bytes in hex. `00*3` is three of them.
    meta: &'static str,
    /// What follows META, padding included.
    data: &'static str,
    read: fn(&[u8]) -> Result<String>,
    /// What it reads as, or the kind and the message.
    expected: std::result::Result<&'static str, (ErrorKind, &'static str)>,
}

const ROWS: &[Row] = &[
    // Counts that promise more than there is: nothing may be reserved for them.
    Row {
        name: "a list of 2^64 - 1 nodes",
        meta: "D3 FF*9 01",
        data: "",
        read: shown::<Vec<u64>>,
        expected: Err((Truncated, "metadata is truncated: needed 18446744073709551615 bytes, 0 left, at byte 27")),
    },
    Row {
        name: "a map of 2^63 entries, which are 2^64 nodes",
        meta: "D4 80*9 01 00",
        data: "",
        read: shown::<BTreeMap<String, u8>>,
        expected: Err((Truncated, "metadata is truncated: needed 18446744073709551615 bytes, 1 left, at byte 27")),
    },
    Row {
        name: "lists that promise the same bytes again and again",
        meta: "A4 A4 A4 00*4",
        data: "",
        read: shown::<Vec<Vec<Vec<u8>>>>,
        expected: Err((Truncated, "[0]: metadata is truncated: needed 4 bytes, 2 left, at byte 18")),
    },
    Row {
        name: "a str that takes the bytes of its siblings",
        meta: "A3 82 61 61 00",
        data: "",
        read: shown::<Value>,
        expected: Err((Truncated, "metadata is truncated: needed 2 bytes, 1 left, at byte 18")),
    },
    Row {
        name: "a str of 2^64 - 1 bytes in META",
        meta: "D1 FF*9 01",
        data: "",
        read: shown::<String>,
        expected: Err((NotCanonical, "str of 18446744073709551615 bytes stands in META, expected DATA, at byte 16")),
    },
    Row {
        name: "a str of 2^62 bytes in DATA",
        meta: "D8 80*8 40",
        data: "",
        read: shown::<String>,
        expected: Err((Truncated, "payload is truncated: needed 4611686018427387904 bytes, 0 left, at byte 32")),
    },
    Row {
        name: "bytes of 2^63 in DATA",
        meta: "D9 80*9 01",
        data: "",
        read: shown::<IgnoredAny>,
        expected: Err((TooLarge, "bytes node exceeds the largest payload, at byte 16")),
    },
    Row {
        name: "rows of 2^64 - 1",
        meta: "D7 10 FF*9 01",
        data: "",
        read: shown::<Vec<u8>>,
        expected: Err((TooLarge, "rows exceed the largest payload, at byte 16")),
    },
    Row {
        name: "rows of 2^62 in no bytes",
        meta: "D7 32 80*8 40",
        data: "",
        read: shown::<Vec<f32>>,
        expected: Err((TooLarge, "rows exceed the largest payload, at byte 16")),
    },
    Row {
        name: "rows of 2^60 in no bytes",
        meta: "D7 32 80*8 10",
        data: "",
        read: shown::<Vec<f32>>,
        expected: Err((Truncated, "payload is truncated: needed 4611686018427387904 bytes, 0 left, at byte 32")),
    },
    Row {
        name: "optional rows of 2^62 in no bytes",
        meta: "D7 D5 10 80*8 20",
        data: "",
        read: shown::<Vec<Option<u8>>>,
        expected: Err((Truncated, "payload is truncated: needed 4611686018427387904 bytes, 0 left, at byte 32")),
    },
    Row {
        name: "rows whose width times count wraps to nothing",
        meta: "D7 D6 10 01 80*4 04 80*4 40",
        data: "",
        read: shown::<Vec<Vec<u8>>>,
        expected: Err((TooLarge, "rows exceed the largest payload, at byte 16")),
    },
    Row {
        name: "rows of many lists in few bytes",
        meta: "D7 D6 10 07 01*7 01 00",
        data: "",
        read: shown::<Value>,
        expected: Err((Malformed, "a row is presented as too many maps, lists and names for its bytes, at byte 17")),
    },
    Row {
        name: "rows of as many lists for their bytes as there may be",
        meta: "D7 D6 10 02 01 01 02 05 06",
        data: "",
        read: shown::<Vec<Vec<Vec<u8>>>>,
        expected: Ok("[[[5]], [[6]]]"),
    },
    // Dims of 0 beside huge ones.
    Row {
        name: "no element beside a huge dim, as a list",
        meta: "D6 10 02 00 FF*8 7F",
        data: "",
        read: shown::<Vec<Vec<u8>>>,
        expected: Ok("[]"),
    },
    Row {
        name: "no element beside a huge dim, untyped",
        meta: "D6 10 02 FF*8 7F 00",
        data: "",
        read: shown::<Value>,
        expected: Ok("array u8 [9223372036854775807, 0]"),
    },
    Row {
        name: "2^63 - 1 lists of nothing",
        meta: "D6 10 02 FF*8 7F 00",
        data: "",
        read: shown::<Vec<Vec<u8>>>,
        expected: Err((
            TooLarge,
            "array is presented as more lists than the budget: needed 9223372036854775808, 1053 left, at byte 29",
        )),
    },
    Row {
        name: "as many lists of nothing as the budget has",
        meta: "D6 10 02 95 08 00",
        data: "",
        read: length,
        expected: Ok("1045"),
    },
    Row {
        name: "one list of nothing more than the budget has",
        meta: "D6 10 02 96 08 00",
        data: "",
        read: length,
        expected: Err((
            TooLarge,
            "array is presented as more lists than the budget: needed 1047, 1046 left, at byte 22",
        )),
    },
    Row {
        name: "the budget is of the value, not of each array",
        meta: "A2 D6 10 02 80 08 00 D6 10 02 80 08 00",
        data: "",
        read: shown::<(Vec<Vec<u8>>, Vec<Vec<u8>>)>,
        expected: Err((
            TooLarge,
            "[1]: array is presented as more lists than the budget: needed 1025, 28 left, at byte 29",
        )),
    },
    Row {
        name: "dims whose product wraps, before a 0",
        meta: "D6 33 03 80*8 40 80*8 40 00",
        data: "",
        read: array,
        expected: Err((TooLarge, "shape exceeds the largest payload, at byte 38")),
    },
    Row {
        name: "lists of nothing in a list of values that cannot be told from each other",
        meta: "D6 10 03 03 80 02 00",
        data: "",
        read: shown::<Vec<IgnoredAny>>,
        expected: Ok("[IgnoredAny, IgnoredAny, IgnoredAny]"),
    },
    Row {
        name: "a rank of 63",
        meta: "D6 10 3F 01*63",
        data: "",
        read: shown::<Value>,
        expected: Err((TooLarge, "rank 63 exceeds the limit of 32, at byte 19")),
    },
    // Depth.
    Row {
        name: "128 lists",
        meta: "A1*128 07",
        data: "",
        read: skipped_and_parsed,
        expected: Ok("skipped and parsed"),
    },
    Row {
        name: "129 lists",
        meta: "A1*129 07",
        data: "",
        read: skipped_and_parsed,
        expected: Err((TooDeep, "nested too deep: found 129 levels, the limit is 128, at byte 145")),
    },
    Row {
        name: "a hundred thousand lists",
        meta: "A1*100000 07",
        data: "",
        read: skipped_and_parsed,
        expected: Err((TooDeep, "nested too deep: found 129 levels, the limit is 128, at byte 145")),
    },
    Row {
        name: "a hundred thousand somes",
        meta: "D5*100000 C0",
        data: "",
        read: skipped_and_parsed,
        expected: Err((TooDeep, "nested too deep: found 129 levels, the limit is 128, at byte 145")),
    },
    Row {
        name: "128 maps, each the key",
        meta: "B1*128 07 00*128",
        data: "",
        read: skipped_and_parsed,
        expected: Ok("skipped and parsed"),
    },
    Row {
        name: "an array of rank 32 in 97 lists",
        meta: "A1*97 D6 10 20 01*31 00",
        data: "",
        read: skipped_and_parsed,
        expected: Err((TooDeep, "nested too deep: found 129 levels, the limit is 128, at byte 148")),
    },
    // DATA: padding, and where it ends.
    Row {
        name: "padding before the first payload",
        meta: "D6 10 01 01",
        data: "00*11 01 07",
        read: skipped_and_parsed,
        expected: Err((Malformed, "padding before a payload is not zero, at byte 20")),
    },
    Row {
        name: "padding between payloads",
        meta: "A2 D6 10 01 01 D6 10 01 01",
        data: "00*7 07 00*14 01 08",
        read: skipped_and_parsed,
        expected: Err((Malformed, "padding before a payload is not zero, at byte 33")),
    },
    Row {
        name: "padding behind the last payload",
        meta: "D6 10 01 01",
        data: "00*12 07 00*15",
        read: skipped_and_parsed,
        expected: Err((TrailingBytes, "bytes after the end of the value: 15 left, at byte 33")),
    },
    Row {
        name: "padding for an array without elements",
        meta: "D6 10 01 00",
        data: "00*12",
        read: skipped_and_parsed,
        expected: Err((TrailingBytes, "bytes after the end of the value: 12 left, at byte 20")),
    },
    Row {
        name: "cut off within the padding",
        meta: "D6 10 01 01",
        data: "00*5",
        read: skipped_and_parsed,
        expected: Err((Truncated, "payload is truncated: needed 1 bytes, 0 left, at byte 32")),
    },
    Row {
        name: "payloads whose end cannot be counted",
        meta: "A2 D6 10 01 FF*8 7F D6 10 01 FF*8 7F",
        data: "",
        read: layout,
        expected: Err((TooLarge, "payloads exceed the largest value, at byte 41")),
    },
    Row {
        name: "a head that claims more than there is",
        meta: "A2 D6 10 01 FF*8 7F D6 10 01 01",
        data: "",
        read: layout,
        expected: Ok("list, 2 elements\n  [0]: array u8 [9223372036854775807], bytes 48..9223372036854775855\n  \
                      [1]: array u8 [1], bytes 9223372036854775856..9223372036854775857\n"),
    },
    // Content that is looked at on every path.
    Row {
        name: "a bool of 2 in a skipped field",
        meta: "B1 81 78 D6 00 01 02",
        data: "00*9 01 02",
        read: shown::<Nothing>,
        expected: Err((Malformed, "x: bool is neither 0 nor 1, at byte 33")),
    },
    Row {
        name: "text in DATA that is not UTF-8, skipped",
        meta: "A1 D8 80 04",
        data: "00*12 61*511 FF",
        read: skipped_and_parsed,
        expected: Err((Malformed, "str is not UTF-8, at byte 32")),
    },
    Row {
        name: "an array as the key of a map",
        meta: "B1 D6 11 01 02 0C",
        data: "00*10 01 00 02 00",
        read: skipped_and_parsed,
        expected: Ok("skipped and parsed"),
    },
    Row {
        name: "the array's own fields, with bytes of another length",
        meta: "B3 85 64 74 79 70 65 82 75 38 85 73 68 61 70 65 A1 02 84 64 61 74 61 D2 01 07",
        data: "",
        read: array,
        expected: Err((
            ErrorKind::Shape,
            "shape [2] of u8 does not fit its data: found 1 bytes, expected 2, at byte 16",
        )),
    },
    Row {
        name: "an option of an option, which is a list",
        meta: "A0",
        data: "",
        read: shown::<Option<Option<u8>>>,
        expected: Err((TypeMismatch, "invalid type: found a list, expected u8, at byte 16")),
    },
];

#[test]
fn hostile_values_end_as_they_must() {
    let mut names = std::collections::BTreeSet::new();
    let mut wrong = Vec::new();
    for row in ROWS {
        assert!(names.insert(row.name), "two rows have the name {:?}", row.name);
        let found = (row.read)(&value(row)).map_err(|error| (error.kind(), error.to_string()));
        let expected = row.expected.map(str::to_string).map_err(|(kind, message)| (kind, message.to_string()));
        if found != expected {
            wrong.push(format!("{}:\n     found {found:?}\n  expected {expected:?}\n", row.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.concat());
}

/// Found by `canonical`: what the head says is small, whatever the payload, and neither it nor an entry shows content.
#[test]
fn a_layout_and_its_entries_print_no_content() {
    let bytes =
        ndwire::to_vec(&("a secret", DynArrayView::from_elements([100_000], &[0x5Au8; 100_000]).expect("an array")));
    let bytes = bytes.expect("a value");
    let layout = Layout::of(&bytes).expect("a value has a layout");
    let entries: Vec<String> = layout.entries().map(|entry| format!("{entry:?}")).collect();
    assert_eq!(entries.len(), 3);
    for printed in entries.into_iter().chain([format!("{layout:?}")]) {
        assert!(printed.len() < 1000, "{} bytes printed", printed.len());
        assert!(
            !printed.contains("secret") && !printed.contains("90, 90") && !printed.contains("115, 101"),
            "{printed}"
        );
    }
}

/// A target that ignores every field.
#[derive(Debug, serde::Deserialize)]
struct Nothing {}

fn shown<T: DeserializeOwned + Debug>(bytes: &[u8]) -> Result<String> {
    from_slice::<T>(bytes).map(|value| format!("{value:?}"))
}

fn array(bytes: &[u8]) -> Result<String> {
    from_slice::<DynArrayView<'_>>(bytes).map(|array| format!("{array:?}"))
}

fn length(bytes: &[u8]) -> Result<String> {
    from_slice::<Vec<Vec<u8>>>(bytes).map(|lists| lists.len().to_string())
}

fn layout(bytes: &[u8]) -> Result<String> {
    Layout::of(bytes).map(|layout| layout.to_string())
}

/// Skipping and parsing end alike.
fn skipped_and_parsed(bytes: &[u8]) -> Result<String> {
    let of = |error: &Error| (error.kind(), error.to_string());
    let skipped = from_slice::<IgnoredAny>(bytes);
    let parsed = from_slice::<Value>(bytes);
    assert_eq!(skipped.as_ref().err().map(of), parsed.as_ref().err().map(of));
    if let Ok(value) = &parsed {
        assert_eq!(ndwire::to_vec(value)?, bytes);
    }
    skipped.and(parsed).map(|_| "skipped and parsed".to_string())
}

fn value(row: &Row) -> Vec<u8> {
    [head(&hex(row.meta)), hex(row.data)].concat()
}
