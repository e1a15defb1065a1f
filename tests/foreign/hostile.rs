//! Bytes that are nobody's value: each with its one message. No message tells a byte of what it refuses.

use ndwire::foreign::{Encoding, NumpyDType, decode};
use ndwire::{ErrorKind, Value, from_slice};
use serde::de::IgnoredAny;

use super::cases::{ENDINGS, bytes, cases, others};

#[path = "hostile/messagepack.rs"]
pub(crate) mod messagepack;
#[path = "hostile/npy.rs"]
mod npy;
#[path = "hostile/structured.rs"]
mod structured;
#[path = "hostile/text.rs"]
mod text;

/// What it is, its bytes, and the message.
pub(crate) type Row = (&'static str, Vec<u8>, &'static str);

/// Every row is refused with its message, whatever the target type; nothing in the message is from the payload.
pub(crate) fn all_refused(encoding: Encoding, rows: Vec<Row>) {
    let mut wrong = String::new();
    for (what, input, expected) in rows {
        let found = match encoding.decode::<Value>(&input) {
            Ok(value) => format!("a value: {value:?}"),
            Err(error) => {
                assert!(!format!("{error}{error:?}").contains("secret"), "{what}: {error}");
                let skipped = encoding.decode::<IgnoredAny>(&input).map(drop).unwrap_err();
                assert_eq!(skipped.to_string(), error.to_string(), "{what}: skipped");
                error.to_string()
            }
        };
        // The path of what is deep is long.
        let shown = if found.len() > 380 { &found[found.rfind(": ").map_or(0, |at| at + 2)..] } else { &found };
        if shown != expected {
            wrong += &format!("{what}\n   found: {shown}\nexpected: {expected}\n");
        }
    }
    assert!(wrong.is_empty(), "{encoding}:\n{wrong}");
}

/// The encodings that a file with this ending could be taken for.
fn encodings(case: &super::cases::Case, ending: &str) -> Option<Encoding> {
    case.encoding(ending).ok()
}

#[test]
fn a_file_cut_short_is_no_value() {
    let mut cuts = 0;
    for case in &cases() {
        for ending in ENDINGS {
            let (Some(encoding), Some(bytes)) = (encodings(case, ending), case.file(ending)) else { continue };
            if case.decode(ending, &bytes).is_err() {
                continue;
            }
            for len in (0..bytes.len()).filter(|len| *len < 300 || len % 97 == 0) {
                let found = encoding.decode::<Value>(&bytes[..len]);
                let error = found.map(drop).expect_err(&format!("{}.{ending} cut to {len}", case.name));
                let kinds = [ErrorKind::Truncated, ErrorKind::Malformed, ErrorKind::Shape, ErrorKind::Unsupported];
                assert!(kinds.contains(&error.kind()), "{}.{ending} cut to {len}: {error:?}", case.name);
                cuts += 1;
            }
            for more in [&b"\0"[..], b"\n", &bytes] {
                let found = encoding.decode::<Value>(&[&bytes, more].concat()).map(drop);
                let error = found.expect_err(&format!("{}.{ending} with more", case.name));
                let kind = if ending == "msgpack" { ErrorKind::TrailingBytes } else { ErrorKind::Shape };
                assert_eq!(error.kind(), kind, "{}.{ending} with more: {error}", case.name);
            }
        }
    }
    for (file, bytes) in others() {
        for len in (0..bytes.len()).filter(|len| *len < 600 || len % 97 == 0) {
            let error = Encoding::MsgpackNumpy.decode::<Value>(&bytes[..len]).map(drop).expect_err(&file);
            let kinds = [ErrorKind::Truncated, ErrorKind::Unsupported];
            assert!(kinds.contains(&error.kind()), "{file} cut to {len}: {error:?}");
        }
    }
    assert!(cuts > 15_000, "{cuts}");
}

/// Where a byte of a file is changed, it is refused or is some other value; it never panics, and a value is written and read again.
#[test]
fn a_file_with_a_changed_byte_is_refused_or_another_value() {
    let (mut values, mut errors) = (0, 0);
    for case in &cases() {
        for ending in ENDINGS {
            let (Some(encoding), Some(bytes)) = (encodings(case, ending), case.file(ending)) else { continue };
            for place in 0..bytes.len().min(160) {
                for change in [0x01, 0x20, 0x80, 0xFF] {
                    let mut changed = bytes.clone();
                    changed[place] ^= change;
                    match encoding.decode::<Value>(&changed) {
                        Err(_) => errors += 1,
                        Ok(value) => {
                            values += 1;
                            if let Ok(written) = encoding.encode(&value) {
                                let again: Value = encoding.decode(&written).unwrap();
                                assert_eq!(encoding.encode(&again).unwrap(), written, "{}.{ending} {place}", case.name);
                            }
                        }
                    }
                }
            }
        }
    }
    assert!(values > 5_000 && errors > 5_000, "{values} values, {errors} errors");
}

/// What is not an encoding of arrays is named.
#[test]
fn other_things_are_named() {
    let dims = bytes("00 00 00 02 00 00 00 03");
    let rows: Vec<Row> = vec![
        ("nothing", vec![], "unsupported: no encoding of arrays that is known: found nothing, at byte 0"),
        (
            "json.dumps of a dict",
            b"{\"secret\": 7}".to_vec(),
            "unsupported: no encoding of arrays that is known: found JSON or text, at byte 0",
        ),
        (
            "json.dumps of a list",
            b"[1, 2]".to_vec(),
            "unsupported: no encoding of arrays that is known: found JSON or text, at byte 0",
        ),
        ("text", b"secret words".to_vec(), "unsupported: no encoding of arrays that is known: found text, at byte 0"),
        ("a counter", b"17".to_vec(), "unsupported: no encoding of arrays that is known: found text, at byte 0"),
        (
            "text with a separator",
            b"secret|words".to_vec(),
            "unsupported: no encoding of arrays that is known: found text, at byte 0",
        ),
        (
            "text with umlauts",
            "öffnen".into(),
            "unsupported: no encoding of arrays that is known: found text, at byte 0",
        ),
        (
            "pickle of protocol 5",
            bytes("80 05 5D 94 2E"),
            "unsupported: no encoding of arrays that is known: found a pickle; it is never read, because loading a pickle runs what it says: whoever trusts its writer loads it in Python and writes it anew, at byte 0",
        ),
        (
            "pickle of protocol 2",
            bytes("80 02 7D 71 00 2E"),
            "unsupported: no encoding of arrays that is known: found a pickle; it is never read, because loading a pickle runs what it says: whoever trusts its writer loads it in Python and writes it anew, at byte 0",
        ),
        (
            "pickle of protocol 0",
            b"(dp0\nVsecret\np1\nI7\ns.".to_vec(),
            "unsupported: no encoding of arrays that is known: found a pickle; it is never read, because loading a pickle runs what it says: whoever trusts its writer loads it in Python and writes it anew, at byte 0",
        ),
        (
            "an .npz archive",
            b"PK\x03\x04\x14\0\0\0\0\0\0\0!\0".to_vec(),
            "unsupported: no encoding of arrays that is known: found a zip archive (npz, perhaps); store each array of it as an npy file, at byte 0",
        ),
        (
            "gzip",
            bytes("1F 8B 08 00 00 00 00 00"),
            "unsupported: no encoding of arrays that is known: found gzip data; decompress them first, at byte 0",
        ),
        (
            "zstd",
            bytes("28 B5 2F FD 04 00"),
            "unsupported: no encoding of arrays that is known: found zstd data; decompress them first, at byte 0",
        ),
        (
            "a PNG",
            bytes("89 50 4E 47 0D 0A 1A 0A"),
            "unsupported: no encoding of arrays that is known: found a PNG image, at byte 0",
        ),
        (
            "HDF5",
            b"\x89HDF\r\n\x1a\n".to_vec(),
            "unsupported: no encoding of arrays that is known: found an HDF5 file, at byte 0",
        ),
        (
            "an Arrow file",
            b"ARROW1\0\0".to_vec(),
            "unsupported: no encoding of arrays that is known: found other bytes, at byte 0",
        ),
        (
            "two dims and nothing",
            dims,
            "unsupported: no encoding of arrays that is known: found other bytes, at byte 0",
        ),
        (
            "the magic of a later ndwire",
            bytes("C1 4E 44 57 02 00 00 00 00 00 00 00 00 00 00 00"),
            "unsupported_version: written by a newer format: found version 2, expected 1, at byte 4",
        ),
        (
            "a byte that MessagePack never uses",
            bytes("C1 00"),
            "unsupported: no encoding of arrays that is known: found other bytes, at byte 0",
        ),
    ];
    let mut wrong = String::new();
    for (what, input, expected) in rows {
        let found = match decode::<Value>(&input) {
            Ok(value) => format!("a value: {value:?}"),
            Err(error) => format!("{}: {error}", error.kind().name()),
        };
        assert!(!found.contains("secret"), "{what}: {found}");
        if found != expected {
            wrong += &format!("{what}\n   found: {found}\nexpected: {expected}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn dims_headers() {
    let dims = |dtype: &str| Encoding::DimsHeader(dtype.parse::<NumpyDType>().unwrap());
    let row = |what, hex: &str, message| (what, bytes(hex), message);
    all_refused(
        dims("<f4"),
        vec![
            row("nothing", "", "dims header is truncated: needed 8 bytes, 0 left, at byte 0"),
            row("one dim", "00 00 00 01", "dims header is truncated: needed 8 bytes, 4 left, at byte 0"),
            row("seven bytes", "00 00 00 01 00 00 00", "dims header is truncated: needed 8 bytes, 7 left, at byte 0"),
            row(
                "an element too few",
                "00 00 00 01 00 00 00 02 00 00 80 3F",
                "shape [1, 2] of f32 does not fit its data: found 4 bytes, expected 8, at byte 8",
            ),
            row(
                "an element too many",
                "00 00 00 01 00 00 00 01 00 00 80 3F 00 00 80 3F",
                "shape [1, 1] of f32 does not fit its data: found 8 bytes, expected 4, at byte 8",
            ),
            row(
                "bytes after no element",
                "00 00 00 00 00 00 00 02 00",
                "shape [0, 2] of f32 does not fit its data: found 1 bytes, expected 0, at byte 8",
            ),
            row(
                "half an element",
                "00 00 00 01 00 00 00 01 00 00",
                "shape [1, 1] of f32 does not fit its data: found 2 bytes, expected 4, at byte 8",
            ),
            row(
                "as much as two u32 can say",
                "FF FF FF FF FF FF FF FF 00 00 80 3F",
                "shape [4294967295, 4294967295] of f32 exceeds the largest payload, at byte 8",
            ),
            row(
                "dims the wrong way round",
                "01 00 00 00 01 00 00 00 00 00 80 3F",
                "shape [16777216, 16777216] of f32 does not fit its data: found 4 bytes, expected 1125899906842624, at byte 8",
            ),
        ],
    );
    all_refused(
        dims("c16"),
        vec![row(
            "more bytes than can be counted",
            "FF FF FF FF FF FF FF FF",
            "shape [4294967295, 4294967295] of complex128 exceeds the largest payload, at byte 8",
        )],
    );
    all_refused(
        dims("?"),
        vec![row("a bool of 2", "00 00 00 01 00 00 00 02 01 02", "bool is neither 0 nor 1, at byte 8")],
    );
    all_refused(
        dims(">f8"),
        vec![row(
            "an i4 taken for an f8",
            "00 00 00 01 00 00 00 01 00 00 00 07",
            "shape [1, 1] of f64 does not fit its data: found 4 bytes, expected 8, at byte 8",
        )],
    );
}

/// Of names that are no dtype for two dims.
#[test]
fn dtypes_that_are_none() {
    let rows = [
        ("", "unsupported: dtype `` cannot be held: no such dtype is known"),
        ("nonsense", "unsupported: dtype `nonsense` cannot be held: no such dtype is known"),
        ("<f3", "unsupported: dtype `<f3` cannot be held: no such dtype is known"),
        ("<f4 ", "unsupported: dtype `<f4 ` cannot be held: no such dtype is known"),
        ("f4,f4", "unsupported: dtype `f4,f4` cannot be held: no such dtype is known"),
        ("(2,)f4", "unsupported: dtype `(2,)f4` cannot be held: no such dtype is known"),
        (
            "O",
            "unsupported: dtype `O` cannot be held: objects of Python are a pickle, which is never read, because loading one runs what it says; write numbers, or a list",
        ),
        (
            "|O",
            "unsupported: dtype `|O` cannot be held: objects of Python are a pickle, which is never read, because loading one runs what it says; write numbers, or a list",
        ),
        (
            "object",
            "unsupported: dtype `object` cannot be held: objects of Python are a pickle, which is never read, because loading one runs what it says; write numbers, or a list",
        ),
        (
            "|S5",
            "unsupported: dtype `|S5` cannot be held: text of a fixed width; write a list of str instead (array.tolist())",
        ),
        (
            "<U3",
            "unsupported: dtype `<U3` cannot be held: text of a fixed width; write a list of str instead (array.tolist())",
        ),
        (
            "|V3",
            "unsupported: dtype `|V3` cannot be held: bytes without a meaning, such as np.save makes of bfloat16 and float8; write them as unsigned integers of that width (array.view('u1'), array.view('u2'))",
        ),
        (
            "void24",
            "unsupported: dtype `void24` cannot be held: bytes without a meaning, such as np.save makes of bfloat16 and float8; write them as unsigned integers of that width (array.view('u1'), array.view('u2'))",
        ),
        (
            "float128",
            "unsupported: dtype `float128` cannot be held: it differs from machine to machine; convert it to float64 or complex128",
        ),
        (
            "<f16",
            "unsupported: dtype `<f16` cannot be held: it differs from machine to machine; convert it to float64 or complex128",
        ),
        (
            "M8[10ns]",
            "unsupported: dtype `M8[10ns]` cannot be held: times are counted in one of the units Y, M, W, D, h, m, s, ms, us, ns, ps, fs, as; convert it (array.astype('datetime64[ns]'))",
        ),
        (
            "M8[nonsense]",
            "unsupported: dtype `M8[nonsense]` cannot be held: times are counted in one of the units Y, M, W, D, h, m, s, ms, us, ns, ps, fs, as; convert it (array.astype('datetime64[ns]'))",
        ),
        ("[('x', '<f4')]", "unsupported: dtype `[('x', '<f4')]` cannot be held: no such dtype is known"),
        ("int4", "unsupported: dtype `int4` cannot be held: no such dtype is known"),
        ("float8_e4m3", "unsupported: dtype `float8_e4m3` cannot be held: no such dtype is known"),
    ];
    let mut wrong = String::new();
    for (text, expected) in rows {
        let found = match text.parse::<NumpyDType>() {
            Ok(dtype) => format!("a dtype: {dtype}"),
            Err(error) => format!("{}: {error}", error.kind().name()),
        };
        if found != expected {
            wrong += &format!("{text:?}\n   found: {found}\nexpected: {expected}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// An ndwire value is not read by the encodings of others, and theirs are none of its own.
#[test]
fn encodings_are_not_taken_for_one_another() {
    for case in &cases() {
        for ending in ENDINGS {
            let (Some(encoding), Some(bytes)) = (encodings(case, ending), case.file(ending)) else { continue };
            let other = [Encoding::MsgpackNumpy, Encoding::TextHeader, Encoding::Npy, Encoding::Ndwire];
            for other in other.into_iter().filter(|other| *other != encoding) {
                let found = other.decode::<Value>(&bytes);
                assert!(found.is_err(), "{}.{ending} read as {other}: {found:?}", case.name);
            }
            assert_eq!(from_slice::<Value>(&bytes).unwrap_err().kind(), ErrorKind::NotNdwire, "{}.{ending}", case.name);
        }
    }
}
