//! The laws of `ndwire::foreign`, and inputs of its encodings that are right but for what is to be tried.

use ndwire::foreign::Encoding;
use ndwire::{ErrorKind, Value, from_slice, to_vec};

use crate::peak_of;

/// The most heap that reading may hold, in bytes per byte of input (`docs/memory.md`) and once.
const PER_BYTE: usize = 512;
const ONCE: usize = 16 * 1024;

/// Whatever the bytes: no panic, and no more heap than stated.
pub fn decode_bounded(encoding: Encoding, bytes: &[u8]) -> Option<Value> {
    let (result, peak) = peak_of(|| encoding.decode::<Value>(bytes));
    let allowed = PER_BYTE * bytes.len() + ONCE;
    assert!(peak <= allowed, "{encoding} holds {peak} bytes of heap, allowed {allowed} for {} bytes", bytes.len());
    match result {
        Ok(value) => Some(value),
        Err(error) => {
            let printed = format!("{error}{error:?}").len();
            assert!(printed <= 4000, "an error printed {printed} bytes");
            None
        }
    }
}

/// Looking whether there are arrays in bytes holds no more heap than reading them, and finds those that are read.
pub fn arrays_are_found(bytes: &[u8], value: Option<&Value>) {
    let (found, peak) = peak_of(|| Encoding::detect_arrays(bytes));
    let allowed = PER_BYTE * bytes.len() + ONCE;
    assert!(peak <= allowed, "looking holds {peak} bytes of heap, allowed {allowed} for {} bytes", bytes.len());
    if value.is_some_and(has_array) && matches!(Encoding::detect(bytes), Ok(Encoding::MsgpackNumpy)) {
        assert_eq!(found.expect("an array is found"), Encoding::MsgpackNumpy);
    }
}

fn has_array(value: &Value) -> bool {
    match value {
        Value::Array(_) => true,
        Value::List(list) => list.iter().any(|value| has_array(&value)),
        Value::Map(map) => map.entries().iter().any(|(key, value)| has_array(key) || has_array(value)),
        _ => false,
    }
}

/// A value that was read is a value of ndwire, and is written to what is read as the same value; and that to the same bytes.
pub fn comes_back(encoding: Encoding, value: &Value) {
    let ndwire = to_vec(value).expect("what was read can be written");
    let read: Value = from_slice(&ndwire).expect("what was written can be read");
    assert_eq!(read, *value);
    assert!(to_vec(&read).expect("what was read can be written") == ndwire, "written back to other bytes");
    let written = match encoding.encode(value) {
        Ok(written) => written,
        // A map that is nearly an array is read as what it is, and not written: another reader could take it for one.
        Err(error) if error.to_string().contains("map has the keys by which msgpack-numpy knows its arrays") => return,
        Err(error) => panic!("not written: {error}: {value:?}"),
    };
    let again: Value = encoding.decode(&written).unwrap_or_else(|error| panic!("not read: {error}: {value:?}"));
    if !has_packed_numbers(value) {
        assert_eq!(again, *value, "read back as another value");
        assert!(to_vec(&again).expect("it was read") == ndwire, "read back in another form");
    }
    assert!(encoding.encode(&again).expect("written before") == written, "written to other bytes");
}

/// Whether there is a list of packed numbers in it, as from a small array in a structured array of rank 0: it is written as an array.
fn has_packed_numbers(value: &Value) -> bool {
    match value {
        Value::List(list) => list.as_array().is_some() || list.iter().any(|value| has_packed_numbers(&value)),
        Value::Map(map) => {
            map.entries().iter().any(|(key, value)| has_packed_numbers(key) || has_packed_numbers(value))
        }
        _ => false,
    }
}

/// What an encoding of one array reads and does not write.
pub fn is_not_written(encoding: Encoding, value: &Value) {
    let error = encoding.encode(value).expect_err("not an array that its readers read");
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
}

/// A source of choices: the bytes of the fuzzer, and zeros behind them.
pub struct Choices<'a>(pub &'a [u8]);

impl Choices<'_> {
    fn next(&mut self) -> usize {
        match self.0.split_first() {
            Some((first, rest)) => {
                self.0 = rest;
                usize::from(*first)
            }
            None => 0,
        }
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.next() % all.len()]
    }

    fn take(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| self.next() as u8).collect()
    }
}

const DTYPES: [(&str, usize); 18] = [
    ("|b1", 1),
    ("|i1", 1),
    ("<i2", 2),
    (">i4", 4),
    ("<i8", 8),
    ("|u1", 1),
    (">u2", 2),
    ("<u4", 4),
    ("<u8", 8),
    ("<f2", 2),
    ("<f4", 4),
    (">f8", 8),
    ("<c8", 8),
    (">c16", 16),
    ("<M8[ns]", 8),
    (">m8[D]", 8),
    ("|S3", 3),
    ("|V2", 2),
];

/// Elements of a dtype: bools stay bools, mostly.
fn elements(choices: &mut Choices<'_>, dtype: &str, len: usize) -> Vec<u8> {
    let mut bytes = choices.take(len);
    if dtype == "|b1" {
        bytes.iter_mut().filter(|byte| **byte != 0xFF).for_each(|byte| *byte &= 1);
    }
    bytes
}

fn shape(choices: &mut Choices<'_>) -> Vec<usize> {
    (0..choices.of(&[0, 1, 1, 1, 2, 2, 3])).map(|_| choices.of(&[0, 1, 2, 3, 5])).collect()
}

fn str(text: &str) -> Vec<u8> {
    match text.len() {
        short @ 0..32 => [&[0xA0 | short as u8], text.as_bytes()].concat(),
        long => [&[0xD9, long as u8], text.as_bytes()].concat(),
    }
}

/// A key, as bin or as the old wire has it.
fn key(choices: &mut Choices<'_>, text: &str) -> Vec<u8> {
    match choices.next() {
        0..200 => [&[0xC4, text.len() as u8], text.as_bytes()].concat(),
        _ => str(text),
    }
}

fn bin(bytes: &[u8]) -> Vec<u8> {
    [&[0xC5], &(bytes.len() as u16).to_be_bytes()[..], bytes].concat()
}

/// A document with arrays, structured ones too, that msgpack-numpy could have written, or nearly.
pub fn document(choices: &mut Choices<'_>, depth: usize) -> Vec<u8> {
    match choices.next() % if depth == 0 { 8 } else { 12 } {
        0 => vec![choices.of(&[0xC0, 0xC2, 0xC3, 0x00, 0x7F, 0xFF, 0xE0])],
        1 => [vec![0xCB], choices.take(8)].concat(),
        2 => [vec![0xCA], choices.take(4)].concat(),
        3 => [vec![choices.of(&[0xCF, 0xD3])], choices.take(8)].concat(),
        4 => str(choices.of(&["", "nd", "text", "größe"])),
        5 => {
            let len = choices.next() % 5;
            bin(&choices.take(len))
        }
        6 => array(choices),
        7 => scalar(choices),
        8 | 9 => {
            let count = choices.next() % 6;
            let values: Vec<u8> = (0..count).flat_map(|_| document(choices, depth - 1)).collect();
            [vec![0x90 | count as u8], values].concat()
        }
        _ => {
            let count = choices.next() % 5;
            let entry = |choices: &mut Choices<'_>| {
                let name = choices.of(&["a", "b", "nd", "data", "type", "complex"]);
                [key(choices, name), document(choices, depth - 1)].concat()
            };
            let entries: Vec<u8> = (0..count).flat_map(|_| entry(choices)).collect();
            [vec![0x80 | count as u8], entries].concat()
        }
    }
}

fn array(choices: &mut Choices<'_>) -> Vec<u8> {
    let shape = shape(choices);
    let (kind, dtype, width) = match choices.next() % 3 {
        0 => {
            let (fields, width) = fields(choices, 2);
            ("V", fields, width)
        }
        _ => {
            let (dtype, width) = choices.of(&DTYPES);
            ("", str(dtype), width)
        }
    };
    let len = shape.iter().product::<usize>() * width + usize::from(choices.next() == 255);
    let name = if dtype == str("|b1") { "|b1" } else { "" };
    let data = elements(choices, name, len);
    let dims: Vec<u8> = shape.iter().map(|dim| *dim as u8).collect();
    let mut entries = vec![
        (key(choices, "nd"), vec![0xC3]),
        (key(choices, "type"), dtype),
        (key(choices, "kind"), [&[0xC4, kind.len() as u8], kind.as_bytes()].concat()),
        (key(choices, "shape"), [vec![0x90 | dims.len() as u8], dims].concat()),
        (key(choices, "data"), bin(&data)),
    ];
    match choices.next() {
        250 => drop(entries.remove(2)),
        251 => entries.swap(0, 4),
        252 => entries.push(entries[choices.next() % 5].clone()),
        _ => {}
    }
    [
        vec![0x80 | entries.len() as u8],
        entries.into_iter().flat_map(|(key, value)| [key, value].concat()).collect::<Vec<u8>>(),
    ]
    .concat()
}

/// A structured dtype and its width.
fn fields(choices: &mut Choices<'_>, depth: usize) -> (Vec<u8>, usize) {
    let count = 1 + choices.next() % 4;
    let (mut all, mut total) = (vec![0x90 | count as u8], 0);
    for name in ["a", "b", "c", "d"].into_iter().take(count) {
        let name = match choices.next() {
            255 => String::new(),
            // Too long for a table of narrow rows.
            250..255 => name.repeat(60),
            _ => name.to_string(),
        };
        let name = name.as_str();
        let (dtype, width) = match choices.next() % if depth == 0 { 3 } else { 4 } {
            3 => fields(choices, depth - 1),
            _ => {
                let (dtype, width) = choices.of(&DTYPES);
                (str(dtype), width)
            }
        };
        if choices.next().is_multiple_of(4) {
            let dim = choices.of(&[1u8, 2, 3]);
            all.extend([vec![0x93], str(name), dtype, vec![0x91, dim]].concat());
            total += width * usize::from(dim);
        } else {
            all.extend([vec![0x92], str(name), dtype].concat());
            total += width;
        }
    }
    (all, total)
}

fn scalar(choices: &mut Choices<'_>) -> Vec<u8> {
    let (dtype, width) = choices.of(&DTYPES);
    let data = elements(choices, dtype, width);
    let entries =
        [[key(choices, "nd"), vec![0xC2]], [key(choices, "type"), str(dtype)], [key(choices, "data"), bin(&data)]];
    [vec![0x83], entries.as_flattened().concat()].concat()
}

/// A `.npy` file of this version around a header and a payload.
pub fn npy(version: u8, header: &[u8], payload: &[u8]) -> Vec<u8> {
    let len = header.len() as u32;
    let len = if version == 1 { (len as u16).to_le_bytes().to_vec() } else { len.to_le_bytes().to_vec() };
    [&b"\x93NUMPY"[..], &[version, 0], &len[..], header, payload].concat()
}

/// An array of one of the plain dtypes, as a header of text or `.npy`: dtype, order, shape and payload that fit.
pub fn plain(choices: &mut Choices<'_>) -> (&'static str, bool, String, Vec<u8>) {
    let ((dtype, width), column_major, shape) = (choices.of(&DTYPES), choices.next() % 2 == 1, shape(choices));
    let payload = elements(choices, dtype, shape.iter().product::<usize>() * width);
    let dims = shape.iter().map(usize::to_string).collect::<Vec<_>>().join(",");
    (dtype, column_major, dims, payload)
}
