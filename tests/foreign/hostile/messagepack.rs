//! MessagePack documents, and the maps that msgpack-numpy makes of arrays.

use ndwire::foreign::Encoding;
use ndwire::{DynArray, Value};

use super::{Row, all_refused};
use crate::cases::bytes;

fn text(text: &str) -> Vec<u8> {
    [&[0xD9, u8::try_from(text.len()).unwrap()], text.as_bytes()].concat()
}

fn bin(bytes: &[u8]) -> Vec<u8> {
    [&[0xC4, u8::try_from(bytes.len()).unwrap()], bytes].concat()
}

fn list(values: &[Vec<u8>]) -> Vec<u8> {
    [vec![0xDD], u32::try_from(values.len()).unwrap().to_be_bytes().to_vec(), values.concat()].concat()
}

fn uint(number: u64) -> Vec<u8> {
    [&[0xCF], &number.to_be_bytes()[..]].concat()
}

fn dims(dims: &[u64]) -> Vec<u8> {
    list(&dims.iter().map(|dim| uint(*dim)).collect::<Vec<_>>())
}

const TRUE: &[u8] = &[0xC3];
const FALSE: &[u8] = &[0xC2];

/// A map with bin keys.
fn map(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let head = [vec![0xDF], u32::try_from(entries.len()).unwrap().to_be_bytes().to_vec()].concat();
    let entries = entries.iter().flat_map(|(key, value)| [bin(key.as_bytes()), value.clone()].concat());
    head.into_iter().chain(entries).collect()
}

/// The map of an array, with one entry changed, taken out or put behind.
fn array(change: &[(&str, Option<Vec<u8>>)]) -> Vec<u8> {
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

/// A structured array of this `type`, with so many bytes.
fn structured(fields: &[Vec<u8>], data: usize) -> Vec<u8> {
    array(&[
        ("type", Some(list(fields))),
        ("kind", Some(bin(b"V"))),
        ("shape", Some(dims(&[1]))),
        ("data", Some(bin(&vec![0; data]))),
    ])
}

fn field(name: &str, dtype: &str) -> Vec<u8> {
    list(&[text(name), text(dtype)])
}

#[test]
fn documents() {
    let row = |what, hex: &str, message| (what, bytes(hex), message);
    let rows: Vec<Row> = vec![
        row("nothing", "", ""),
        row("a byte that is never used", "C1", ""),
        row("a second value", "C0 C0", ""),
        row("a u16 of one byte", "CD 01", ""),
        row("an f64 of four bytes", "CB 3F F0 00 00", ""),
        row("a str of 4 GiB", "DB FF FF FF FF 73 65 63 72 65 74", ""),
        row("a bin of 4 GiB", "C6 FF FF FF FF 73 65 63 72 65 74", ""),
        row("a list of 4 billion", "DD FF FF FF FF C0", ""),
        row("a map of 4 billion entries", "DF FF FF FF FF C0 C0", ""),
        row("a list of 15 in two bytes", "9F C0 C0", ""),
        row("lists that share what is there", "92 92 C0 C0", ""),
        row("a map without its last value", "82 A1 61 01 A1 62", ""),
        row("an extension of one byte", "D4 2A 00", ""),
        row("an extension of any length", "C7 03 2A 01 02 03", ""),
        row("an extension of 4 GiB", "C9 FF FF FF FF 2A", ""),
        row("a timestamp", "D6 FF 00 00 00 01", ""),
        row("an extension in a map", "81 A1 61 91 D4 05 00", ""),
        ("129 lists", vec![0x91; 129].into_iter().chain([0xC0]).collect(), ""),
        ("a million lists", vec![0x91; 1_000_000], ""),
        ("129 maps", bytes("81 A1 61").repeat(129).into_iter().chain([0xC0]).collect(), ""),
        ("129 maps as keys", vec![0x81; 129].into_iter().chain([0xC0; 130]).collect(), ""),
        ("an array in 128 lists", vec![0x91; 128].into_iter().chain(array(&[])).collect(), ""),
        ("an array of two dims in 127 lists", vec![0x91; 127].into_iter().chain(array(&[])).collect(), ""),
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
        ("data too short", with("data", bin(&[0; 7])), ""),
        ("data too long", with("data", bin(&[0; 9])), ""),
        ("data longer by an element", with("data", bin(&[0; 12])), ""),
        ("no data", without("data"), ""),
        ("data as a list", with("data", bytes("91 00")), ""),
        ("data as nil", with("data", bytes("C0")), ""),
        ("no shape", without("shape"), ""),
        ("a shape of 2^32 x 2^32", with("shape", dims(&[1 << 32, 1 << 32])), ""),
        (
            "2^32 x 2^32 without data",
            array(&[("shape", Some(dims(&[1 << 32, 1 << 32]))), ("data", Some(bin(b"")))]),
            "",
        ),
        ("2^63 beside a dim of 0", array(&[("shape", Some(dims(&[0, 1 << 63]))), ("data", Some(bin(b"")))]), ""),
        ("2^64 - 1 elements", with("shape", dims(&[u64::MAX])), ""),
        ("a negative dim", with("shape", bytes("92 FF FE")), ""),
        ("a dim that is a float", with("shape", bytes("91 CB 40 00 00 00 00 00 00 00")), ""),
        ("a dim that is true", with("shape", bytes("92 C3 02")), ""),
        ("a shape that is a number", with("shape", uint(2)), ""),
        ("33 dims", with("shape", dims(&[1; 33])), ""),
        ("33 dims and data for them", array(&[("shape", Some(dims(&[1; 33]))), ("data", Some(bin(&[0; 4])))]), ""),
        ("no type", without("type"), ""),
        ("a type that is none", with("type", text("secret")), ""),
        ("a type that is a number", with("type", uint(7)), ""),
        ("a text", with("type", text("<U2")), ""),
        ("a type of a width that is none", with("type", text("<f5")), ""),
        ("a long double", array(&[("type", Some(text("<f16"))), ("data", Some(bin(&[0; 32])))]), ""),
        ("objects by kind", with("kind", bin(b"O")), ""),
        ("objects by type", with("type", text("|O")), ""),
        ("objects by both", array(&[("kind", Some(bin(b"O"))), ("type", Some(list(&[field("", "|O")])))]), ""),
        ("objects, old wire", bytes("83 A2 6E 64 C3 A4 6B 69 6E 64 A1 4F A4 64 61 74 61 A6 73 65 63 72 65 74"), ""),
        ("a kind that is none", with("kind", bin(b"Q")), ""),
        ("a kind that is a number", with("kind", uint(7)), ""),
        ("a bool of 2", array(&[("type", Some(text("|b1"))), ("data", Some(bin(&[1, 2])))]), ""),
        ("a key more", with("secret", uint(1)), ""),
        ("the type twice", array(&[("type ", None::<Vec<u8>>.or(Some(text("<f4"))))]), ""),
        ("data twice", [map_head(6), entries(&array(&[])), bin(b"data"), bin(&[0; 8])].concat(), ""),
        ("nd twice", [map_head(6), entries(&array(&[])), bin(b"nd"), TRUE.to_vec()].concat(), ""),
        ("nd as a number", with("nd", uint(1)), ""),
        (
            "a scalar of too many bytes",
            map(&[("nd", FALSE.to_vec()), ("type", text("<f4")), ("data", bin(&[0; 8]))]),
            "",
        ),
        (
            "a scalar of too few bytes",
            map(&[("nd", FALSE.to_vec()), ("type", text("<f4")), ("data", bin(&[0; 3]))]),
            "",
        ),
        ("a scalar of objects", map(&[("nd", FALSE.to_vec()), ("type", text("|O")), ("data", bin(&[0; 8]))]), ""),
        ("a scalar without data", map(&[("nd", FALSE.to_vec()), ("type", text("<f4"))]), ""),
        ("a complex that is none", map(&[("complex", TRUE.to_vec()), ("data", text("secret"))]), ""),
        ("a complex of words", map(&[("complex", TRUE.to_vec()), ("data", text("(1+2i)"))]), ""),
        ("a complex of bytes", map(&[("complex", TRUE.to_vec()), ("data", uint(1))]), ""),
        ("in a list in a map", [bytes("81 A1 61 92 C0"), with("data", bin(&[0; 7]))].concat(), ""),
        ("data of 300 bytes", with("data", long(300)), ""),
    ];
    all_refused(Encoding::MsgpackNumpy, rows);
}

fn map_head(count: u8) -> Vec<u8> {
    vec![0x80 + count]
}

/// Those of a map with a head of five bytes.
fn entries(map: &[u8]) -> Vec<u8> {
    map[5..].to_vec()
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
        ("no field", structured(&[], 0), ""),
        ("one field, and bytes for two", structured(&[field("a", "<f4")], 8), ""),
        ("one field, and half of its bytes", structured(&[field("a", "<f4")], 2), ""),
        ("a name twice", two(field("a", "<f4"), field("a", "<f4")), ""),
        ("only padding", structured(&[field("", "|V8")], 8), ""),
        ("a text", two(field("a", "<f4"), field("b", "|S4")), ""),
        ("a half", structured(&[field("a", "<f2")], 2), ""),
        ("a time", structured(&[field("a", "<M8[s]")], 8), ""),
        ("a complex", structured(&[field("a", "<c8")], 8), ""),
        ("void with a name", structured(&[field("a", "|V4")], 4), ""),
        ("an object", two(field("a", "|O"), field("b", "<f4")), ""),
        ("an object deep inside", structured(&[list(&[text("a"), list(&[field("b", "|O")])])], 8), ""),
        ("a field that is a str", structured(&[text("a")], 4), ""),
        ("a field of a name only", structured(&[list(&[text("a")])], 4), ""),
        ("a field of four parts", structured(&[list(&[text("a"), text("<f4"), dims(&[1]), uint(1)])], 4), ""),
        ("a name that is a number", structured(&[list(&[uint(1), text("<f4")])], 4), ""),
        ("a subarray with a dim of 0", structured(&[shaped(dims(&[0]))], 0), ""),
        ("a subarray of 2^62 elements", structured(&[shaped(dims(&[1 << 62]))], 4), ""),
        ("a subarray of 2^32 x 2^32", structured(&[shaped(dims(&[1 << 32, 1 << 32]))], 4), ""),
        ("a subarray of eight dims", structured(&[shaped(dims(&[1; 8]))], 4), ""),
        ("a subarray that is text", structured(&[shaped(text("secret"))], 4), ""),
        ("a subarray of a struct", structured(&[list(&[text("a"), list(&[field("b", "|u1")]), dims(&[2])])], 2), ""),
        ("65 fields", structured(&many, 65), ""),
        ("a name of 256 bytes", structured(&[[vec![0x92], long_name].concat()], 8), ""),
        ("names that are much for a byte", structured(&[field(&"n".repeat(60), "|u1")], 1), ""),
        ("nine structs inside each other", array_of(nested(9)), ""),
        ("a hundred structs inside each other", array_of(nested(100)), ""),
        ("a thousand structs inside each other", array_of(nested(1000)), ""),
        ("a bool of 2", with_bool(), ""),
        ("two dims", structured_of(&[field("a", "|u1")], &[1, 1], 1), ""),
        ("2^62 rows of four bytes", structured_of(&[field("a", "<f4")], &[1 << 62], 4), ""),
        ("rows of no byte", structured_of(&[], &[1 << 62], 0), ""),
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
