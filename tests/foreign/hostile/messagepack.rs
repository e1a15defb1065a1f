//! MessagePack documents, and the maps that msgpack-numpy makes of arrays.

use ndwire::foreign::Encoding;
use ndwire::{DynArray, Value};

use super::{Row, all_refused};
use crate::cases::bytes;

pub(crate) fn text(text: &str) -> Vec<u8> {
    [&[0xD9, u8::try_from(text.len()).unwrap()], text.as_bytes()].concat()
}

pub(crate) fn bin(bytes: &[u8]) -> Vec<u8> {
    [&[0xC4, u8::try_from(bytes.len()).unwrap()], bytes].concat()
}

pub(crate) fn list(values: &[Vec<u8>]) -> Vec<u8> {
    [vec![0xDD], u32::try_from(values.len()).unwrap().to_be_bytes().to_vec(), values.concat()].concat()
}

pub(crate) fn uint(number: u64) -> Vec<u8> {
    [&[0xCF], &number.to_be_bytes()[..]].concat()
}

pub(crate) fn dims(dims: &[u64]) -> Vec<u8> {
    list(&dims.iter().map(|dim| uint(*dim)).collect::<Vec<_>>())
}

const PICKLE: &str = "array of Python's objects is a pickle, which is never read, because loading one runs what it says: write \
                      numbers, or a list, at byte 0";

const TRUE: &[u8] = &[0xC3];
const FALSE: &[u8] = &[0xC2];

/// A map with bin keys.
fn map(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let head = [vec![0xDF], u32::try_from(entries.len()).unwrap().to_be_bytes().to_vec()].concat();
    let entries = entries.iter().flat_map(|(key, value)| [bin(key.as_bytes()), value.clone()].concat());
    head.into_iter().chain(entries).collect()
}

/// The map of an array, with one entry changed, taken out or put behind.
pub(crate) fn array(change: &[(&str, Option<Vec<u8>>)]) -> Vec<u8> {
    let mut entries = vec![
        ("nd", TRUE.to_vec()),
        ("type", text("<f4")),
        ("kind", bin(b"")),
        ("shape", dims(&[1, 2])),
        ("data", bin(&[0; 8])),
    ];
    for (key, value) in change {
        let place = entries.iter().position(|(found, _)| found == key);
        match (place, value) {
            (Some(place), Some(value)) => entries[place].1.clone_from(value),
            (Some(place), None) => drop(entries.remove(place)),
            (None, value) => entries.push((key, value.clone().unwrap())),
        }
    }
    map(&entries)
}

fn with(key: &str, value: Vec<u8>) -> Vec<u8> {
    array(&[(key, Some(value))])
}

fn without(key: &str) -> Vec<u8> {
    array(&[(key, None)])
}

/// A field of a structured dtype.
pub(crate) fn field(name: &str, dtype: &str) -> Vec<u8> {
    list(&[text(name), text(dtype)])
}

#[test]
fn documents() {
    let row = |what, hex: &str, message| (what, bytes(hex), message);
    let rows: Vec<Row> = vec![
        row("nothing", "", "document is truncated: a value is missing, at byte 0"),
        row("a byte that is never used", "C1", "C1 is never used in MessagePack, at byte 0"),
        row("a second value", "C0 C0", "1 bytes are left over after the document, at byte 1"),
        row(
            "a u16 of one byte",
            "CD 01",
            "document is truncated: a number or length is cut off, 2 bytes left, at byte 0",
        ),
        row(
            "an f64 of four bytes",
            "CB 3F F0 00 00",
            "document is truncated: a number or length is cut off, 5 bytes left, at byte 0",
        ),
        row(
            "a str of 4 GiB",
            "DB FF FF FF FF 73 65 63 72 65 74",
            "document is truncated: needed 4294967295 bytes, 6 left, at byte 5",
        ),
        row(
            "a bin of 4 GiB",
            "C6 FF FF FF FF 73 65 63 72 65 74",
            "document is truncated: needed 4294967295 bytes, 6 left, at byte 5",
        ),
        row(
            "a list of 4 billion",
            "DD FF FF FF FF C0",
            "document is truncated: 4294967295 values promised, 1 bytes left for them, at byte 5",
        ),
        row(
            "a map of 4 billion entries",
            "DF FF FF FF FF C0 C0",
            "document is truncated: 8589934590 values promised, 2 bytes left for them, at byte 5",
        ),
        row(
            "a list of 15 in two bytes",
            "9F C0 C0",
            "document is truncated: 15 values promised, 2 bytes left for them, at byte 1",
        ),
        row(
            "lists that share what is there",
            "92 92 C0 C0",
            "[0]: document is truncated: 2 values promised, 1 bytes left for them, at byte 2",
        ),
        row(
            "a map without its last value",
            "82 A1 61 01 A1 62",
            "document is truncated: needed 1 bytes, 0 left, at byte 5",
        ),
        row(
            "an extension of one byte",
            "D4 2A 00",
            "extension type 42 of MessagePack is not read: write a number or a text, at byte 0",
        ),
        row(
            "an extension of any length",
            "C7 03 2A 01 02 03",
            "extension type 42 of MessagePack is not read: write a number or a text, at byte 0",
        ),
        row(
            "an extension of 4 GiB",
            "C9 FF FF FF FF 2A",
            "extension type 42 of MessagePack is not read: write a number or a text, at byte 0",
        ),
        row(
            "a timestamp",
            "D6 FF 00 00 00 01",
            "extension type -1 of MessagePack (a timestamp) is not read: write a number or a text, at byte 0",
        ),
        row(
            "an extension in a map",
            "81 A1 61 91 D4 05 00",
            "a[0]: extension type 5 of MessagePack is not read: write a number or a text, at byte 4",
        ),
        (
            "129 lists",
            vec![0x91; 129].into_iter().chain([0xC0]).collect(),
            "document is nested deeper than 128 levels, at byte 129",
        ),
        ("a million lists", vec![0x91; 1_000_000], "document is nested deeper than 128 levels, at byte 129"),
        (
            "129 maps",
            bytes("81 A1 61").repeat(129).into_iter().chain([0xC0]).collect(),
            "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a: document is nested deeper than 128 levels, at byte 385",
        ),
        (
            "129 maps as keys",
            vec![0x81; 129].into_iter().chain([0xC0; 130]).collect(),
            "document is nested deeper than 128 levels, at byte 129",
        ),
        (
            "an array in 128 lists",
            vec![0x91; 128].into_iter().chain(array(&[])).collect(),
            "document is nested deeper than 128 levels, at byte 133",
        ),
        (
            "an array of two dims in 127 lists",
            vec![0x91; 127].into_iter().chain(array(&[])).collect(),
            "document is nested deeper than 128 levels, at byte 168",
        ),
    ];
    all_refused(Encoding::MsgpackNumpy, rows);
    // As deep as is allowed, from both sides.
    let deep: Vec<u8> = vec![0x91; 128].into_iter().chain([0xC0]).collect();
    let value: Value = Encoding::MsgpackNumpy.decode(&deep).unwrap();
    assert_eq!(Encoding::MsgpackNumpy.encode(&value).unwrap(), deep);
    let deep: Vec<u8> = vec![0x91; 126].into_iter().chain(array(&[])).collect();
    assert!(Encoding::MsgpackNumpy.decode::<Value>(&deep).is_ok());
}

#[test]
fn maps_of_arrays() {
    let good: DynArray = Encoding::MsgpackNumpy.decode(&array(&[])).unwrap();
    assert_eq!(good.shape(), [1, 2]);
    let long = |len: usize| [&[0xC5, 0x01, u8::try_from(len - 256).unwrap()][..], &vec![0; len]].concat();
    let rows: Vec<Row> = vec![
        (
            "data too short",
            with("data", bin(&[0; 7])),
            "shape [1, 2] of f32 does not fit its data: found 7 bytes, expected 8, at byte 0",
        ),
        (
            "data too long",
            with("data", bin(&[0; 9])),
            "shape [1, 2] of f32 does not fit its data: found 9 bytes, expected 8, at byte 0",
        ),
        (
            "data longer by an element",
            with("data", bin(&[0; 12])),
            "shape [1, 2] of f32 does not fit its data: found 12 bytes, expected 8, at byte 0",
        ),
        (
            "a shape of 2^32 x 2^32",
            with("shape", dims(&[1 << 32, 1 << 32])),
            "shape [4294967296, 4294967296] of f32 exceeds the largest payload, at byte 0",
        ),
        (
            "2^32 x 2^32 without data",
            array(&[
                ("shape", Some(dims(&[1 << 32, 1 << 32]))),
                ("data", Some(bin(b"shape [4294967296, 4294967296] of f32 exceeds the largest payload, at byte 0"))),
            ]),
            "shape [4294967296, 4294967296] of f32 exceeds the largest payload, at byte 0",
        ),
        (
            "2^63 beside a dim of 0",
            array(&[
                ("shape", Some(dims(&[0, 1 << 63]))),
                ("data", Some(bin(b"shape [0, 9223372036854775808] of f32 exceeds the largest payload, at byte 0"))),
            ]),
            "shape [0, 9223372036854775808] of f32 exceeds the largest payload, at byte 0",
        ),
        (
            "2^64 - 1 elements",
            with("shape", dims(&[u64::MAX])),
            "shape [18446744073709551615] of f32 exceeds the largest payload, at byte 0",
        ),
        (
            "a negative dim",
            with("shape", bytes("92 FF FE")),
            "shape of an array is not a list of integers from 0 on, at byte 0",
        ),
        (
            "a dim that is a float",
            with("shape", bytes("91 CB 40 00 00 00 00 00 00 00")),
            "shape of an array is not a list of integers from 0 on, at byte 0",
        ),
        (
            "a dim that is true",
            with("shape", bytes("92 C3 02")),
            "shape of an array is not a list of integers from 0 on, at byte 0",
        ),
        ("33 dims", with("shape", dims(&[1; 33])), "rank 33 exceeds the limit of 32, at byte 0"),
        (
            "33 dims and data for them",
            array(&[("shape", Some(dims(&[1; 33]))), ("data", Some(bin(&[0; 4])))]),
            "rank 33 exceeds the limit of 32, at byte 0",
        ),
        (
            "a type that is none",
            with("type", text("nonsense")),
            "dtype is none of NumPy's, such as `<f4` or `float32`, at byte 0",
        ),
        (
            "a text",
            with("type", text("<U2")),
            "dtype `<U2` cannot be held: text of a fixed width; write a list of str instead (array.tolist()), at byte 0",
        ),
        (
            "a type of a width that is none",
            with("type", text("<f5")),
            "dtype is none of NumPy's, such as `<f4` or `float32`, at byte 0",
        ),
        (
            "a long double",
            array(&[("type", Some(text("<f16"))), ("data", Some(bin(&[0; 32])))]),
            "dtype `<f16` cannot be held: it differs from machine to machine; convert it to float64 or complex128, at byte 0",
        ),
        (
            "objects by kind",
            with("kind", bin(b"O")),
            "array of Python's objects is a pickle, which is never read, because loading one runs what it says: write numbers, or a list, at byte 0",
        ),
        (
            "objects by type",
            with("type", text("|O")),
            "dtype `|O` cannot be held: objects of Python are a pickle, which is never read, because loading one runs what it says; write numbers, or a list, at byte 0",
        ),
        (
            "objects by both",
            array(&[("kind", Some(bin(b"O"))), ("type", Some(list(&[field("", "|O")])))]),
            "array of Python's objects is a pickle, which is never read, because loading one runs what it says: write numbers, or a list, at byte 0",
        ),
        ("objects, old wire", bytes("83 A2 6E 64 C3 A4 6B 69 6E 64 A1 4F A4 64 61 74 61 A6 73 65 63 72 65 74"), PICKLE),
        ("objects without a type", array(&[("kind", Some(bin(b"O"))), ("type", None), ("shape", None)]), PICKLE),
        ("objects and a key more", array(&[("kind", Some(bin(b"O"))), ("more", Some(uint(1)))]), PICKLE),
        ("a kind that is none", with("kind", bin(b"Q")), "kind of an array is none of msgpack-numpy's, at byte 0"),
        (
            "a bool of 2",
            array(&[("type", Some(text("|b1"))), ("data", Some(bin(&[1, 2])))]),
            "bool is neither 0 nor 1, at byte 0",
        ),
        (
            "a scalar of too many bytes",
            map(&[("nd", FALSE.to_vec()), ("type", text("<f4")), ("data", bin(&[0; 8]))]),
            "shape [] of f32 does not fit its data: found 8 bytes, expected 4, at byte 0",
        ),
        (
            "a scalar of too few bytes",
            map(&[("nd", FALSE.to_vec()), ("type", text("<f4")), ("data", bin(&[0; 3]))]),
            "shape [] of f32 does not fit its data: found 3 bytes, expected 4, at byte 0",
        ),
        (
            "a scalar of objects",
            map(&[("nd", FALSE.to_vec()), ("type", text("|O")), ("data", bin(&[0; 8]))]),
            "dtype `|O` cannot be held: objects of Python are a pickle, which is never read, because loading one runs what it says; write numbers, or a list, at byte 0",
        ),
        (
            "a complex that is none",
            map(&[("complex", TRUE.to_vec()), ("data", text("nonsense"))]),
            "complex number is not printed as Python prints it, at byte 0",
        ),
        (
            "a complex of words",
            map(&[("complex", TRUE.to_vec()), ("data", text("(1+2i)"))]),
            "complex number is not printed as Python prints it, at byte 0",
        ),
        (
            "in a list in a map",
            [bytes("81 A1 61 92 C0"), with("data", bin(&[0; 7]))].concat(),
            "a[1]: shape [1, 2] of f32 does not fit its data: found 7 bytes, expected 8, at byte 5",
        ),
        (
            "data of 300 bytes",
            with("data", long(300)),
            "shape [1, 2] of f32 does not fit its data: found 300 bytes, expected 8, at byte 0",
        ),
    ];
    all_refused(Encoding::MsgpackNumpy, rows);
}

/// What msgpack-numpy would fail on, or has no arrays for, is a map as any other. It is not written, because a reader might take it for
/// an array.
#[test]
fn maps_that_are_no_arrays() {
    let rows: Vec<(&str, Vec<u8>, &str, &str)> = vec![
        (
            "no data",
            without("data"),
            r#"{bytes 2: true, bytes 4: "<f4", bytes 4: bytes 0, bytes 5: [1, 2]}"#,
            "34 bytes",
        ),
        (
            "data as a list",
            with("data", bytes("91 00")),
            r#"{bytes 2: true, bytes 4: "<f4", bytes 4: bytes 0, bytes 5: [1, 2], bytes 4: [0]}"#,
            "map has the keys by which msgpack-numpy knows its arrays (nd and data with type or kind, or complex and data): rename one",
        ),
        (
            "data as nil",
            with("data", bytes("C0")),
            r#"{bytes 2: true, bytes 4: "<f4", bytes 4: bytes 0, bytes 5: [1, 2], bytes 4: nil}"#,
            "map has the keys by which msgpack-numpy knows its arrays (nd and data with type or kind, or complex and data): rename one",
        ),
        (
            "no shape",
            without("shape"),
            r#"{bytes 2: true, bytes 4: "<f4", bytes 4: bytes 0, bytes 4: bytes 8}"#,
            "map has the keys by which msgpack-numpy knows its arrays (nd and data with type or kind, or complex and data): rename one",
        ),
        (
            "a shape that is a number",
            with("shape", uint(2)),
            r#"{bytes 2: true, bytes 4: "<f4", bytes 4: bytes 0, bytes 5: 2, bytes 4: bytes 8}"#,
            "map has the keys by which msgpack-numpy knows its arrays (nd and data with type or kind, or complex and data): rename one",
        ),
        (
            "no type",
            without("type"),
            "{bytes 2: true, bytes 4: bytes 0, bytes 5: [1, 2], bytes 4: bytes 8}",
            "map has the keys by which msgpack-numpy knows its arrays (nd and data with type or kind, or complex and data): rename one",
        ),
        (
            "a type that is a number",
            with("type", uint(7)),
            "{bytes 2: true, bytes 4: 7, bytes 4: bytes 0, bytes 5: [1, 2], bytes 4: bytes 8}",
            "map has the keys by which msgpack-numpy knows its arrays (nd and data with type or kind, or complex and data): rename one",
        ),
        (
            "a kind that is a number",
            with("kind", uint(7)),
            r#"{bytes 2: true, bytes 4: "<f4", bytes 4: 7, bytes 5: [1, 2], bytes 4: bytes 8}"#,
            "map has the keys by which msgpack-numpy knows its arrays (nd and data with type or kind, or complex and data): rename one",
        ),
        (
            "a key more",
            with("nonsense", uint(1)),
            r#"{bytes 2: true, bytes 4: "<f4", bytes 4: bytes 0, bytes 5: [1, 2], bytes 4: bytes 8, bytes 8: 1}"#,
            "map has the keys by which msgpack-numpy knows its arrays (nd and data with type or kind, or complex and data): rename one",
        ),
        (
            "a key more, of another name",
            array(&[("type ", Some(text("<f4")))]),
            r#"{bytes 2: true, bytes 4: "<f4", bytes 4: bytes 0, bytes 5: [1, 2], bytes 4: bytes 8, bytes 5: "<f4"}"#,
            "map has the keys by which msgpack-numpy knows its arrays (nd and data with type or kind, or complex and data): rename one",
        ),
        (
            "data twice",
            [map_head(6), entries(&array(&[])), bin(b"data"), bin(&[0; 8])].concat(),
            r#"{bytes 2: true, bytes 4: "<f4", bytes 4: bytes 0, bytes 5: [1, 2], bytes 4: bytes 8, bytes 4: bytes 8}"#,
            "map has the keys by which msgpack-numpy knows its arrays (nd and data with type or kind, or complex and data): rename one",
        ),
        (
            "nd twice",
            [map_head(6), entries(&array(&[])), bin(b"nd"), TRUE.to_vec()].concat(),
            r#"{bytes 2: true, bytes 4: "<f4", bytes 4: bytes 0, bytes 5: [1, 2], bytes 4: bytes 8, bytes 2: true}"#,
            "map has the keys by which msgpack-numpy knows its arrays (nd and data with type or kind, or complex and data): rename one",
        ),
        (
            "nd as a number",
            with("nd", uint(1)),
            r#"{bytes 2: 1, bytes 4: "<f4", bytes 4: bytes 0, bytes 5: [1, 2], bytes 4: bytes 8}"#,
            "map has the keys by which msgpack-numpy knows its arrays (nd and data with type or kind, or complex and data): rename one",
        ),
        (
            "a scalar without data",
            map(&[("nd", FALSE.to_vec()), ("type", text("<f4"))]),
            r#"{bytes 2: false, bytes 4: "<f4"}"#,
            "16 bytes",
        ),
        (
            "a complex of bytes",
            map(&[("complex", TRUE.to_vec()), ("data", uint(1))]),
            "{bytes 7: true, bytes 4: 1}",
            "map has the keys by which msgpack-numpy knows its arrays (nd and data with type or kind, or complex and data): rename one",
        ),
    ];
    let mut wrong = String::new();
    for (what, input, shown, message) in rows {
        let value: Value = Encoding::MsgpackNumpy.decode(&input).unwrap_or_else(|error| panic!("{what}: {error}"));
        let found = format!("{value:?}");
        let written = match Encoding::MsgpackNumpy.encode(&value) {
            Ok(written) => format!("{} bytes", written.len()),
            Err(error) => error.to_string(),
        };
        if (found.as_str(), written.as_str()) != (shown, message) {
            wrong += &format!("{what}\n   found: {found}\n written: {written}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn map_head(count: u8) -> Vec<u8> {
    vec![0x80 + count]
}

/// Those of a map with a head of five bytes.
fn entries(map: &[u8]) -> Vec<u8> {
    map[5..].to_vec()
}
