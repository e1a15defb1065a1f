//! Every file that Python wrote is read to the values that it was made of, and written back to its bytes; or refused, by name.

use std::collections::BTreeSet;

use ndwire::foreign::Encoding;
use ndwire::{Error, Order, Value, from_slice, to_vec};

use super::cases::{Case, ENDINGS, bytes, cases, others, row_major};
use super::refused::{NOT_READ, NOT_WRITTEN, OTHERS, What};

/// Structured arrays, as they show.
const ROWS: [(&str, &str); 13] = [
    ("struct_aligned_2", r#"rows {"a": i8, "b": f64} n=2"#),
    ("struct_aligned_2_normal", r#"rows {"a": i8, "b": f64} n=2"#),
    ("struct_be_2", r#"rows {"big": i32, "little": i32, "real": f64} n=2"#),
    ("struct_be_2_normal", r#"rows {"big": i32, "little": i32, "real": f64} n=2"#),
    ("struct_nested_1", r#"rows {"p": {"x": f32, "y": f32}, "id": u64, "ok": bool} n=1"#),
    ("struct_nested_2", r#"rows {"p": {"x": f32, "y": f32}, "id": u64, "ok": bool} n=2"#),
    ("struct_one_2", r#"rows {"only": i16} n=2"#),
    ("struct_sub_2x2_2", r#"rows {"m": f64 [2, 2], "k": u8} n=2"#),
    ("struct_sub_be_1", r#"rows {"v": u16 [2]} n=1"#),
    ("struct_sub_be_1_normal", r#"rows {"v": u16 [2]} n=1"#),
    ("struct_sub_nested_2", r#"rows {"p": u16 [2], "n": {"f": f32, "g": {"h": u8}}} n=2"#),
    ("struct_unicode_2", r#"rows {"größe": i32, "名": i32} n=2"#),
    ("struct_nested_0", "[]"),
];

/// The same, of rank 0: one map.
const ONE_MAP: (&str, &str) = ("struct_nested_0d", r#"{"p": {"x": 1.0f32, "y": 2.0f32}, "id": 3, "ok": true}"#);

/// What a file means; or the one message with which it is refused.
fn expected<'a>(case: &'a Case, ending: &str) -> Result<&'a str, &'static str> {
    let file = format!("{}.{ending}", case.name);
    if let Some((_, message)) = NOT_READ.iter().find(|(name, _)| *name == file) {
        return Err(message);
    }
    let rows = ROWS.iter().chain([&ONE_MAP]).find(|(name, _)| *name == case.name);
    assert!(rows.is_some() == case.is_struct(), "{file}: neither readable nor refused");
    Ok(rows.map_or("", |(_, shown)| shown))
}

/// The value of a case, checked against the manifest.
fn read(case: &Case, ending: &str, bytes: &[u8]) -> Option<Value> {
    let file = format!("{}.{ending}", case.name);
    let value = match (case.decode(ending, bytes), expected(case, ending)) {
        (Ok(value), Ok(shown)) if case.is_struct() => {
            assert_eq!(format!("{value:?}"), shown, "{file}");
            return Some(value);
        }
        (Ok(value), Ok(_)) => value,
        (Err(error), Err(message)) => {
            assert_eq!(error.to_string(), message, "{file}");
            return None;
        }
        (found, expected) => panic!("{file}: {found:?}, expected {expected:?}"),
    };
    let Value::Array(array) = &value else { panic!("{file}: {value:?}") };
    let array = array.view();
    assert_eq!(Some(array.dtype()), case.dtype(), "{file}");
    assert_eq!(array.shape(), case.shape(), "{file}");
    let column_major = case.is_column_major() && ending == "npy";
    assert_eq!(array.order(), if column_major { Order::ColumnMajor } else { Order::RowMajor }, "{file}");
    assert!(row_major(&array) == case.payload(), "{file}: other values");
    Some(value)
}

#[test]
fn every_file_is_read_or_refused() {
    let (mut read_count, mut refused) = (0, BTreeSet::new());
    for case in &cases() {
        for ending in ENDINGS {
            let Some(bytes) = case.file(ending) else { continue };
            match read(case, ending, &bytes) {
                Some(_) => read_count += 1,
                None => assert!(refused.insert(format!("{}.{ending}", case.name))),
            }
        }
    }
    assert!(read_count >= 170, "{read_count}");
    let stated: BTreeSet<String> = NOT_READ.iter().map(|(file, _)| file.to_string()).collect();
    assert_eq!(refused, stated);
}

/// The packed rows of a structured array are the bytes that NumPy has, little endian and without padding.
#[test]
fn rows_hold_the_bytes_of_numpy() {
    let all = cases();
    for (name, _) in &ROWS[..12] {
        let case = all.iter().find(|case| case.name == *name).unwrap();
        let normal = all.iter().find(|case| case.name == format!("{name}_normal")).unwrap_or(case);
        let payload = normal.payload();
        for ending in ["msgpack", "npy"] {
            let value = read(case, ending, &case.file(ending).unwrap()).unwrap();
            let written = to_vec(&value).unwrap();
            assert!(written.ends_with(&payload), "{name}.{ending}");
            // A list of structs of the same data takes the same form, from two structs on.
            if case.shape() != [1] {
                let list: serde_json::Value = from_slice(&written).unwrap();
                assert_eq!(list.as_array().unwrap().len(), 2, "{name}");
            }
        }
    }
}

/// From whatever encoding it was read, a value is written as each encoding to the bytes that Python writes of the same array.
#[test]
fn every_file_is_written_again() {
    let all = cases();
    let (mut same, mut refused) = (0, BTreeSet::new());
    for case in &all {
        // Big-endian numbers are written little endian, and structs without padding.
        let normal = all.iter().find(|other| other.name == format!("{}_normal", case.name)).unwrap_or(case);
        for source in ENDINGS {
            let Some(bytes) = case.file(source) else { continue };
            let Some(value) = read(case, source, &bytes) else { continue };
            for target in ENDINGS {
                let what = format!("{}.{target}", case.name);
                match (write(normal, target, &value), stated(&what)) {
                    (Ok(written), None) => {
                        let Some(mut expected) = normal.file(target) else {
                            assert_eq!(
                                case.decode(target, &written).unwrap(),
                                value,
                                "{what}: Python does not write it"
                            );
                            continue;
                        };
                        if target == "npy" && source != "npy" && case.is_column_major() {
                            expected = in_c_order(&expected, case);
                        }
                        assert!(written == expected, "{what}, read from {source}: {written:02X?}");
                        same += 1;
                    }
                    (Err(error), Some(message)) => {
                        assert_eq!(error.to_string(), message, "{what}, read from {source}");
                        refused.insert(what);
                    }
                    (found, expected) => panic!("{what}, read from {source}: {found:02X?}, expected {expected:?}"),
                }
            }
        }
    }
    assert!(same >= 400, "{same}");
    let stated: BTreeSet<String> =
        NOT_WRITTEN.iter().flat_map(|(_, files)| *files).map(|file| file.to_string()).collect();
    assert_eq!(refused, stated);
}

fn write(case: &Case, target: &str, value: &Value) -> Result<Vec<u8>, Error> {
    case.encoding(target)?.encode(value)
}

fn stated(file: &str) -> Option<&'static str> {
    NOT_WRITTEN.iter().find(|(_, files)| files.contains(&file)).map(|(message, _)| *message)
}

/// A .npy file in Fortran order, as it would be in C order.
fn in_c_order(npy: &[u8], case: &Case) -> Vec<u8> {
    let payload = case.payload();
    let (header, _) = npy.split_at(npy.len() - payload.len());
    let header = String::from_utf8_lossy(&header[10..]).replace("'fortran_order': True, ", "'fortran_order': False, ");
    // One space less, so that the header is as long as before.
    let header = header.replace(" \n", "\n");
    [&npy[..10], header.as_bytes(), &payload].concat()
}

/// Every file is recognised by its first bytes, but for two dims, which nothing tells.
#[test]
fn every_file_is_detected() {
    for case in &cases() {
        for ending in ENDINGS {
            let Some(bytes) = case.file(ending) else { continue };
            let file = format!("{}.{ending}", case.name);
            let found = Encoding::detect(&bytes);
            if ending == "ii" {
                let decoded = ndwire::foreign::decode::<Value>(&bytes);
                assert!(decoded.is_err(), "{file}: {decoded:?} by {found:?}");
                continue;
            }
            assert_eq!(found.unwrap(), case.encoding(ending).unwrap(), "{file}");
            let (decoded, expected) = (ndwire::foreign::decode::<Value>(&bytes), case.decode(ending, &bytes));
            assert_eq!(decoded.map_err(|e| e.to_string()), expected.map_err(|e| e.to_string()), "{file}");
            if let Ok(value) = case.decode(ending, &bytes) {
                let ndwire = to_vec(&value).unwrap();
                assert_eq!(Encoding::detect(&ndwire).unwrap(), Encoding::Ndwire, "{file}");
                assert_eq!(ndwire::foreign::decode::<Value>(&ndwire).unwrap(), value, "{file}");
            }
        }
    }
    for (file, bytes) in others() {
        assert_eq!(Encoding::detect(&bytes).unwrap(), Encoding::MsgpackNumpy, "{file}");
    }
}

/// Documents and scalars, each with what it means and what it is written to.
#[test]
fn other_values() {
    let mut seen = BTreeSet::new();
    for (file, input) in others() {
        let (_, shown, written) =
            OTHERS.iter().find(|(name, ..)| *name == file).unwrap_or_else(|| panic!("{file}: expected nowhere"));
        seen.insert(file.clone());
        let value = match Encoding::MsgpackNumpy.decode::<Value>(&input) {
            Ok(value) => value,
            Err(error) => {
                assert_eq!((error.to_string().as_str(), written), (*shown, &What::NotRead), "{file}");
                continue;
            }
        };
        assert_eq!(format!("{value:?}"), *shown, "{file}");
        let found = Encoding::MsgpackNumpy.encode(&value);
        match written {
            What::Same => assert!(found.as_ref().unwrap() == &input, "{file}: {found:02X?}"),
            What::Bytes(hex) => assert_eq!(found.unwrap(), bytes(hex), "{file}"),
            What::NotWritten(message) => assert_eq!(found.unwrap_err().to_string(), *message, "{file}"),
            What::NotRead => panic!("{file} is read: {value:?}"),
        }
    }
    let stated: BTreeSet<String> = OTHERS.iter().map(|(file, ..)| file.to_string()).collect();
    assert_eq!(seen, stated);
}
