//! Bytes that are nobody's value: each with its one message. No message tells a byte of what it refuses.

use ndwire::foreign::{Encoding, NumpyDType, decode};
use ndwire::{ErrorKind, Value, from_slice};
use serde::de::IgnoredAny;

use super::cases::{ENDINGS, bytes, cases, others};

#[path = "hostile/messagepack.rs"]
mod messagepack;
#[path = "hostile/npy.rs"]
mod npy;
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
        if found != expected {
            wrong += &format!("{what}\n   found: {found}\nexpected: {expected}\n");
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
                let kinds = [ErrorKind::Truncated, ErrorKind::Malformed, ErrorKind::NotNdwire, ErrorKind::Unsupported];
                assert!(kinds.contains(&error.kind()), "{}.{ending} cut to {len}: {error:?}", case.name);
                cuts += 1;
            }
            for more in [&b"\0"[..], b"\n", &bytes] {
                let found = encoding.decode::<Value>(&[&bytes, more].concat()).map(drop);
                let error = found.expect_err(&format!("{}.{ending} with more", case.name));
                assert_eq!(error.kind(), ErrorKind::TrailingBytes, "{}.{ending} with more: {error}", case.name);
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
        ("nothing", vec![], ""),
        ("json.dumps of a dict", b"{\"secret\": 7}".to_vec(), ""),
        ("json.dumps of a list", b"[1, 2]".to_vec(), ""),
        ("text", b"secret words".to_vec(), ""),
        ("a counter", b"17".to_vec(), ""),
        ("text with a separator", b"secret|words".to_vec(), ""),
        ("text with umlauts", "öffnen".into(), ""),
        ("pickle of protocol 5", bytes("80 05 5D 94 2E"), ""),
        ("pickle of protocol 2", bytes("80 02 7D 71 00 2E"), ""),
        ("pickle of protocol 0", b"(dp0\nVsecret\np1\nI7\ns.".to_vec(), ""),
        ("an .npz archive", b"PK\x03\x04\x14\0\0\0\0\0\0\0!\0".to_vec(), ""),
        ("gzip", bytes("1F 8B 08 00 00 00 00 00"), ""),
        ("zstd", bytes("28 B5 2F FD 04 00"), ""),
        ("a PNG", bytes("89 50 4E 47 0D 0A 1A 0A"), ""),
        ("HDF5", b"\x89HDF\r\n\x1a\n".to_vec(), ""),
        ("an Arrow file", b"ARROW1\0\0".to_vec(), ""),
        ("two dims and nothing", dims, ""),
        ("the magic of a later ndwire", bytes("C1 4E 44 57 02 00 00 00 00 00 00 00 00 00 00 00"), ""),
        ("a byte that MessagePack never uses", bytes("C1 00"), ""),
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
            row("nothing", "", ""),
            row("one dim", "00 00 00 01", ""),
            row("seven bytes", "00 00 00 01 00 00 00", ""),
            row("an element too few", "00 00 00 01 00 00 00 02 00 00 80 3F", ""),
            row("an element too many", "00 00 00 01 00 00 00 01 00 00 80 3F 00 00 80 3F", ""),
            row("bytes after no element", "00 00 00 00 00 00 00 02 00", ""),
            row("half an element", "00 00 00 01 00 00 00 01 00 00", ""),
            row("as much as two u32 can say", "FF FF FF FF FF FF FF FF 00 00 80 3F", ""),
            row("dims the wrong way round", "01 00 00 00 01 00 00 00 00 00 80 3F", ""),
        ],
    );
    all_refused(dims("c16"), vec![row("more bytes than can be counted", "FF FF FF FF FF FF FF FF", "")]);
    all_refused(dims("?"), vec![row("a bool of 2", "00 00 00 01 00 00 00 02 01 02", "")]);
    all_refused(dims(">f8"), vec![row("an i4 taken for an f8", "00 00 00 01 00 00 00 01 00 00 00 07", "")]);
}

/// Of names that are no dtype for two dims.
#[test]
fn dtypes_that_are_none() {
    let rows = [
        ("", ""),
        ("secret", ""),
        ("<f3", ""),
        ("<f4 ", ""),
        ("f4,f4", ""),
        ("(2,)f4", ""),
        ("O", ""),
        ("|O", ""),
        ("object", ""),
        ("|S5", ""),
        ("<U3", ""),
        ("|V3", ""),
        ("void24", ""),
        ("float128", ""),
        ("<f16", ""),
        ("M8[10ns]", ""),
        ("datetime64[generic]", ""),
        ("M8[secret]", ""),
        ("[('x', '<f4')]", ""),
        ("int4", ""),
        ("float8_e4m3", ""),
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
