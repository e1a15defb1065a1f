//! Every way in which bytes are not a value, or not a value of the target, with the exact message and place.
//!
//! Rows with a header repair nothing: they are the whole value. Rows of META get a header that is right for it.

use std::collections::{BTreeMap, BTreeSet};

use bytes::{head, hex};
use ndwire::{DynArrayView, Error, Limits, Value, from_slice, from_slice_with, to_vec};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};

#[path = "common/bytes.rs"]
mod bytes;
#[path = "reject/nodes.rs"]
mod nodes;
#[path = "reject/tables.rs"]
mod tables;

/// The value with this META and these bytes behind it, padding included.
fn value(meta: &str, behind: &str) -> Vec<u8> {
    [head(&hex(meta)), hex(behind)].concat()
}

/// The kind's name and the whole message.
type Told<'a> = (&'a str, &'a str);

fn told(error: &Error) -> (String, String) {
    // The place stands in the message too; it is the same.
    let place = error.offset().map(|offset| format!(", at byte {offset}")).unwrap_or_default();
    assert!(error.to_string().ends_with(&place), "{error}");
    (error.kind().name().to_owned(), error.to_string())
}

#[track_caller]
fn refused<T: DeserializeOwned>(bytes: &[u8], (kind, message): Told<'_>) {
    match from_slice::<T>(bytes) {
        Ok(_) => panic!("{bytes:02X?} was accepted, expected: {message}"),
        Err(error) => assert_eq!(told(&error), (kind.to_owned(), message.to_owned()), "{bytes:02X?}"),
    }
}

/// By whoever reads it: untyped, skipped, as a tree of no type of ours.
#[track_caller]
fn refused_by_all(bytes: &[u8], expected: Told<'_>) {
    refused::<Value>(bytes, expected);
    refused::<IgnoredAny>(bytes, expected);
    let error = from_slice::<IgnoredAny>(bytes).unwrap_err();
    assert_eq!(from_slice::<Value>(bytes).unwrap_err().offset(), error.offset());
}

#[test]
fn r1_headers() {
    let rows: &[(&str, Told<'_>)] = &[
        ("", ("truncated", "value is empty: needed 16 bytes, 0 left, at byte 0")),
        ("C1", ("truncated", "header is truncated: needed 16 bytes, 1 left, at byte 0")),
        ("C1 4E 44", ("truncated", "header is truncated: needed 16 bytes, 3 left, at byte 0")),
        (
            "C1 4E 44 57 01 00 00 00 01 00 00 00 00 00 00",
            ("truncated", "header is truncated: needed 16 bytes, 15 left, at byte 0"),
        ),
        ("C1 4E 44 58", ("not_ndwire", "not an ndwire value: found other bytes, at byte 0")),
        ("C0", ("not_ndwire", "not an ndwire value: found other bytes, at byte 0")),
        ("93 4E 55 4D 50 59 01 00 76 00", ("not_ndwire", "not an ndwire value: found an npy file, at byte 0")),
        ("80 04 95 10 00 00 00 00", ("not_ndwire", "not an ndwire value: found a pickle, at byte 0")),
        ("7B 22 61 22 3A 20 31 7D", ("not_ndwire", "not an ndwire value: found JSON or text, at byte 0")),
        ("5B 31 2C 32 5D", ("not_ndwire", "not an ndwire value: found JSON or text, at byte 0")),
        ("68 65 6C 6C 6F", ("not_ndwire", "not an ndwire value: found text, at byte 0")),
        ("0A", ("not_ndwire", "not an ndwire value: found text, at byte 0")),
        ("82 A2 69 64 07", ("not_ndwire", "not an ndwire value: found MessagePack, perhaps, at byte 0")),
        ("93 01 02 03", ("not_ndwire", "not an ndwire value: found MessagePack, perhaps, at byte 0")),
        ("DE 00 10 A1 61", ("not_ndwire", "not an ndwire value: found MessagePack, perhaps, at byte 0")),
        ("C4 02 01 02", ("not_ndwire", "not an ndwire value: found other bytes, at byte 0")),
        ("80", ("not_ndwire", "not an ndwire value: found MessagePack, perhaps, at byte 0")),
        ("80 04", ("not_ndwire", "not an ndwire value: found a pickle, at byte 0")),
        ("1F 8B 08 00 00", ("not_ndwire", "not an ndwire value: found gzip data, at byte 0")),
        ("28 B5 2F FD 04", ("not_ndwire", "not an ndwire value: found zstd data, at byte 0")),
        ("50 4B 03 04 2D 00", ("not_ndwire", "not an ndwire value: found a zip archive (npz, perhaps), at byte 0")),
        ("40 00 00 00 00 00 00 00 7B 22 61", ("not_ndwire", "not an ndwire value: found safetensors, at byte 0")),
        // Text in UTF-8, its last character cut off or not; and what only begins like it.
        ("C3 A4 68", ("not_ndwire", "not an ndwire value: found text, at byte 0")),
        ("68 C3", ("not_ndwire", "not an ndwire value: found text, at byte 0")),
        ("20 0A 5B 31", ("not_ndwire", "not an ndwire value: found JSON or text, at byte 0")),
        ("68 FF 68", ("not_ndwire", "not an ndwire value: found other bytes, at byte 0")),
        ("68 07 68", ("not_ndwire", "not an ndwire value: found other bytes, at byte 0")),
        ("00 00 80 3F", ("not_ndwire", "not an ndwire value: found other bytes, at byte 0")),
        (
            "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00",
            (
                "not_ndwire",
                "not an ndwire value: found zeros (a range was written to a key that did not exist?), at byte 0",
            ),
        ),
        (
            "C1 4E 44 57 02 00 00 00 01 00 00 00 00 00 00 00 C0",
            ("unsupported_version", "written by a newer format: found version 2, expected 1, at byte 4"),
        ),
        (
            "C1 4E 44 57 00 00 00 00 01 00 00 00 00 00 00 00 C0",
            ("unsupported_version", "no such format version: found version 0, expected 1, at byte 4"),
        ),
        // The version is looked at before the flags, the flags before the reserved bytes, those before the length.
        (
            "C1 4E 44 57 FF FF FF FF FF FF FF FF FF FF FF FF FF",
            ("unsupported_version", "written by a newer format: found version 255, expected 1, at byte 4"),
        ),
        (
            "C1 4E 44 57 01 01 01 00 FF FF FF FF 00 00 00 00 C0",
            ("unsupported_flags", "must-understand flag unknown to version 1: bit 0, at byte 5"),
        ),
        (
            "C1 4E 44 57 01 80 00 00 01 00 00 00 00 00 00 00 C0",
            ("unsupported_flags", "must-understand flag unknown to version 1: bit 7, at byte 5"),
        ),
        (
            "C1 4E 44 57 01 00 01 00 01 00 00 00 00 00 00 00 C0",
            ("malformed", "reserved header bytes are not zero, at byte 6"),
        ),
        (
            "C1 4E 44 57 01 00 00 80 FF FF FF FF 00 00 00 00 C0",
            ("malformed", "reserved header bytes are not zero, at byte 6"),
        ),
        (
            "C1 4E 44 57 01 00 00 00 02 00 00 00 00 00 00 00 C0",
            ("truncated", "metadata is truncated: needed 2 bytes, 1 left, at byte 16"),
        ),
        (
            "C1 4E 44 57 01 00 00 00 FF FF FF FF 00 00 00 00 C0",
            ("truncated", "metadata is truncated: needed 4294967295 bytes, 1 left, at byte 16"),
        ),
        (
            "C1 4E 44 57 01 00 00 00 01 00 00 00 00 00 00 00 C0",
            (
                "checksum_mismatch",
                "checksum of header and metadata does not match: they were changed after they were written, at byte 12",
            ),
        ),
    ];
    for (bytes, expected) in rows {
        refused_by_all(&hex(bytes), *expected);
        // The header is checked before the target is asked for anything.
        refused::<()>(&hex(bytes), *expected);
    }
    refused_by_all(&value("", ""), ("truncated", "metadata is truncated: needed 1 bytes, 0 left, at byte 16"));
    refused_by_all(&value("", "C0"), ("truncated", "metadata is truncated: needed 1 bytes, 0 left, at byte 16"));
}

#[test]
fn r1_every_bit_of_header_and_metadata_counts() {
    let bytes = to_vec(&BTreeMap::from([("name", vec![1.0f32; 200])])).unwrap();
    let head = 16 + u32::from_le_bytes(bytes[8..12].try_into().unwrap()) as usize;
    let mut kinds = BTreeSet::new();
    for bit in 0..head * 8 {
        let mut bytes = bytes.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let error = from_slice::<Value>(&bytes).expect_err("a changed bit was accepted");
        let expected: &[&str] = match bit / 8 {
            0..4 => &["not_ndwire"],
            4 => &["unsupported_version"],
            5 => &["unsupported_flags"],
            6..8 => &["malformed"],
            8..12 => &["checksum_mismatch", "truncated"],
            _ => &["checksum_mismatch"],
        };
        assert!(expected.contains(&error.kind().name()), "bit {bit}: {error}");
        kinds.insert(error.kind().name());
    }
    assert_eq!(kinds.len(), 6);
}

#[derive(Debug, Serialize, Deserialize)]
struct Frames<P> {
    frames: Vec<Frame<P>>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Frame<P> {
    id: u8,
    pixels: P,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Strict {
    #[allow(dead_code, reason = "only its reading is looked at")]
    id: u8,
}

#[derive(Debug, Serialize, Deserialize)]
enum Shape {
    Square,
    Circle(f32),
    Box { width: f32 },
    Pair(u8, u8),
}

#[test]
fn r13_fields() {
    refused::<Frame<u8>>(
        &value("B3 82 69 64 07 86 70 69 78 65 6C 73 08 82 69 64 09", ""),
        ("duplicate_field", "duplicate field `id`, at byte 16"),
    );
    // In a map they are data.
    let twice = value("B2 81 61 01 81 61 02", "");
    assert_eq!(from_slice::<BTreeMap<String, u8>>(&twice).unwrap(), BTreeMap::from([("a".into(), 2)]));
    refused::<Frame<u8>>(&value("B1 82 69 64 07", ""), ("missing_field", "missing field `pixels`, at byte 16"));
    refused::<Frames<u8>>(
        &value("B1 86 66 72 61 6D 65 73 A1 B1 82 69 64 07", ""),
        ("missing_field", "frames[0]: missing field `pixels`, at byte 25"),
    );
    refused::<Strict>(
        &value("B2 82 69 64 07 81 61 08", ""),
        ("unknown_field", "unknown field `a`, expected `id`, at byte 21"),
    );
    // A number is not a place among the fields.
    refused::<Frame<u8>>(
        &value("B2 00 07 01 08", ""),
        ("type_mismatch", "invalid type: found an integer, expected a field name, at byte 17"),
    );
    refused::<Shape>(
        &value("00", ""),
        ("type_mismatch", "invalid type: found an integer, expected enum Shape, at byte 16"),
    );
}

#[test]
fn types_deep_inside() {
    fn frame<P>(id: u8, pixels: P) -> Frame<P> {
        Frame { id, pixels }
    }
    let frames = (0..4).map(|id| frame(id, vec![1.0f32; 200])).collect();
    let bytes = to_vec(&Frames { frames }).unwrap();
    refused::<Frames<String>>(
        &bytes,
        ("type_mismatch", "frames[0].pixels: invalid type: found a list, expected a string, at byte 43"),
    );
    let mixed =
        BTreeMap::from([("frames", (frame(0, 1u8), frame(1, 2u8), frame(2, 3u8), Odd { id: 3, pixels: "MARKER" }))]);
    refused::<Frames<u8>>(
        &to_vec(&mixed).unwrap(),
        ("type_mismatch", "frames[3].pixels: invalid type: found a str, expected u8, at byte 46"),
    );
    let list = BTreeMap::from([("frames", [frame(0, vec![1i16, 2, -3])])]);
    refused::<Frames<Vec<u8>>>(
        &to_vec(&list).unwrap(),
        ("invalid_value", "frames[0].pixels[2]: invalid value: found an integer out of range, expected u8, at byte 40"),
    );
    let big = BTreeMap::from([("frames", [frame(0, vec![vec![1u16; 300], vec![2, 300]])])]);
    refused::<Frames<Vec<Vec<u8>>>>(
        &to_vec(&big).unwrap(),
        (
            "invalid_value",
            "frames[0].pixels[1][1]: invalid value: found an integer out of range, expected u8, at byte 45",
        ),
    );
    let block = BTreeMap::from([("frames", [frame(0, vec![vec![1u16, 2], vec![2, 300]])])]);
    refused::<Frames<Vec<Vec<u8>>>>(
        &to_vec(&block).unwrap(),
        (
            "invalid_value",
            "frames[0].pixels[1][1]: invalid value: found an integer out of range, expected u8, at byte 48",
        ),
    );
    let optional = BTreeMap::from([("frames", [frame(0, [Some(1u16), None, Some(300)])])]);
    refused::<Frames<Vec<Option<u8>>>>(
        &to_vec(&optional).unwrap(),
        ("invalid_value", "frames[0].pixels[2]: invalid value: found an integer out of range, expected u8, at byte 24"),
    );
}

#[derive(Serialize)]
struct Odd {
    id: u8,
    pixels: &'static str,
}

#[test]
fn tuples_of_another_length() {
    let pairs: &[(&str, &str, Told<'_>)] = &[
        (
            "D7 10 03 01 02 03",
            "",
            ("unread_elements", "the target reads fewer elements than there are: found 3, expected 2, at byte 16"),
        ),
        (
            "A3 01 02 81 61",
            "",
            ("unread_elements", "the target reads fewer elements than there are: found 3, expected 2, at byte 16"),
        ),
        (
            "D6 10 01 04",
            "00 00 00 00 00 00 00 00 00 00 00 00 01 02 03 04",
            ("unread_elements", "the target reads fewer elements than there are: found 4, expected 2, at byte 16"),
        ),
        ("D7 10 01 01", "", ("invalid_length", "invalid length: found 1, expected a tuple of size 2, at byte 16")),
        ("A1 01", "", ("invalid_length", "invalid length: found 1, expected a tuple of size 2, at byte 16")),
        ("A0", "", ("invalid_length", "invalid length: found 0, expected a tuple of size 2, at byte 16")),
        ("B0", "", ("type_mismatch", "invalid type: found a map, expected a tuple of size 2, at byte 16")),
        (
            "D6 10 00",
            "00 00 00 00 00 00 00 00 00 00 00 00 00 01",
            ("type_mismatch", "invalid type: found an array of u8 [], expected a tuple of size 2, at byte 16"),
        ),
    ];
    for (meta, behind, expected) in pairs {
        refused::<(u8, u8)>(&value(meta, behind), *expected);
    }
    refused::<Vec<(u8, u8)>>(
        &value("D7 D6 10 01 03 02 01 02 03 04 05 06", ""),
        ("unread_elements", "[0]: the target reads fewer elements than there are: found 3, expected 2, at byte 16"),
    );
    refused::<(Vec<u8>, Vec<u8>)>(
        &value("D7 D6 10 01 01 03 01 02 03", ""),
        ("unread_elements", "the target reads fewer elements than there are: found 3, expected 2, at byte 16"),
    );
    refused::<(Option<u8>,)>(
        &value("D7 D5 10 02 01 01 00 00", ""),
        ("unread_elements", "the target reads fewer elements than there are: found 2, expected 1, at byte 16"),
    );
    // A struct is read from a list by position, and nothing may be left there either.
    refused::<Frame<u8>>(
        &value("D7 10 03 01 02 03", ""),
        ("unread_elements", "the target reads fewer elements than there are: found 3, expected 2, at byte 16"),
    );
}

#[test]
fn variants() {
    let expected = "expected one of `Square`, `Circle`, `Box`, `Pair`";
    let rows: &[(&str, Told<'_>)] = &[
        ("84 4F 76 61 6C", ("unknown_variant", &format!("unknown variant, {expected}, at byte 16"))),
        ("B1 84 4F 76 61 6C 07", ("unknown_variant", &format!("unknown variant `Oval`, {expected}, at byte 17"))),
        (
            "B1 86 53 71 75 61 72 65 07",
            ("type_mismatch", "Square: invalid type: found an integer, expected unit, at byte 24"),
        ),
        ("B1 86 43 69 72 63 6C 65 C0", ("type_mismatch", "Circle: invalid type: found nil, expected f32, at byte 24")),
        (
            "86 43 69 72 63 6C 65",
            ("type_mismatch", "invalid type: found a unit variant, expected newtype variant, at byte 16"),
        ),
        ("B1 83 42 6F 78 B0", ("missing_field", "Box: missing field `width`, at byte 21")),
        (
            "B1 83 42 6F 78 B1 85 77 69 64 74 68 C2",
            ("type_mismatch", "Box.width: invalid type: found a bool, expected f32, at byte 28"),
        ),
        (
            "B1 84 50 61 69 72 A3 01 02 C0",
            (
                "unread_elements",
                "Pair: the target reads fewer elements than there are: found 3, expected 2, at byte 22",
            ),
        ),
        (
            "B1 84 50 61 69 72 A1 01",
            (
                "invalid_length",
                "Pair: invalid length: found 1, expected tuple variant Shape::Pair with 2 elements, at byte 22",
            ),
        ),
        (
            "B0",
            (
                "invalid_length",
                "invalid length: found 0, expected a map of one entry, the variant and its content, at byte 16",
            ),
        ),
        (
            "B2 83 42 6F 78 B0 81 61 01",
            (
                "invalid_length",
                "invalid length: found 2, expected a map of one entry, the variant and its content, at byte 16",
            ),
        ),
        ("A0", ("type_mismatch", "invalid type: found a list, expected enum Shape, at byte 16")),
    ];
    for (meta, expected) in rows {
        refused::<Shape>(&value(meta, ""), *expected);
    }
}

/// Content of the value is in no message, whatever goes wrong.
#[test]
fn messages_do_not_quote_the_value() {
    const MARKER: &str = "MARKER4711";
    const NUMBER: u64 = 4711;
    let texts = to_vec(&(MARKER, MARKER.repeat(100), [MARKER], (MARKER, NUMBER))).unwrap();
    let number = to_vec(&NUMBER).unwrap();
    let wide = to_vec(&u128::MAX).unwrap();
    let float = to_vec(&4711.5f64).unwrap();
    let map = to_vec(&BTreeMap::from([("field", MARKER)])).unwrap();
    let text = to_vec(MARKER).unwrap();
    let long = to_vec(&MARKER.repeat(100)).unwrap();
    let bytes = to_vec(serde_bytes::Bytes::new(MARKER.as_bytes())).unwrap();
    let array = to_vec(&DynArrayView::from_elements([10], MARKER.as_bytes()).unwrap()).unwrap();
    let rows = to_vec(&vec![NUMBER; 100]).unwrap();
    let values = [&texts, &number, &wide, &float, &map, &text, &long, &bytes, &array, &rows];
    let mut errors = Vec::new();
    for value in values {
        errors.extend([
            from_slice::<u8>(value).err(),
            from_slice::<bool>(value).err(),
            from_slice::<char>(value).err(),
            from_slice::<()>(value).err(),
            from_slice::<(u8, u8)>(value).err(),
            from_slice::<Vec<bool>>(value).err(),
            from_slice::<BTreeMap<String, u8>>(value).err(),
            from_slice::<Shape>(value).err(),
            from_slice::<Vec<Shape>>(value).err(),
            from_slice::<Frame<u8>>(value).err(),
            from_slice::<std::time::Duration>(value).err(),
            from_slice::<DynArrayView<'_>>(value).err(),
            from_slice::<std::num::NonZeroU8>(value).err(),
            from_slice::<[u8; 3]>(value).err(),
        ]);
        let limits = Limits { depth: 0, meta_len: 3, ..Limits::default() };
        errors.push(from_slice_with::<Value>(value, limits).err());
        errors.extend((0..value.len()).map(|len| from_slice::<Value>(&value[..len]).err()));
    }
    let errors: Vec<Error> = errors.into_iter().flatten().collect();
    assert!(errors.len() > 2_000, "{}", errors.len());
    for error in errors {
        for message in [error.to_string(), format!("{error:?}")] {
            let quoted = ["MARKER", "4711", "340282366920938463463374607431768211455"];
            assert!(!quoted.iter().any(|content| message.contains(content)), "{message}");
            assert!(message.is_ascii() && !message.contains('\n'), "{message}");
        }
    }
}

#[test]
fn limits_of_the_reader() {
    let bytes = to_vec(&(vec![vec![1u8; 600]; 2], "x")).unwrap();
    let told_with = |limits| told(&from_slice_with::<Value>(&bytes, limits).unwrap_err()).1;
    let limits = Limits::default();
    assert_eq!(
        told_with(Limits { depth: 2, ..limits }),
        "nested too deep: found 3 levels, the reader's limit is 2, at byte 22"
    );
    assert_eq!(
        told_with(Limits { meta_len: 9, ..limits }),
        "metadata of 12 bytes exceeds the reader's limit of 9, at byte 8"
    );
    assert_eq!(
        told_with(Limits { value_len: 1_239, ..limits }),
        "value of 1240 bytes exceeds the reader's limit of 1239, at byte 0"
    );
    let enough = Limits { depth: 3, meta_len: 12, value_len: 1_240 };
    assert_eq!(to_vec(&from_slice_with::<Value>(&bytes, enough).unwrap()).unwrap(), bytes);
}
