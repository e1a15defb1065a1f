//! Every file that Python wrote is read to the values that it was made of, and written back to its bytes; or refused, by name.

use std::collections::{BTreeMap, BTreeSet};

use ndwire::foreign::Encoding;
use ndwire::{Order, Value, from_slice, to_vec};

use super::cases::{Case, ENDINGS, bytes, cases, others, row_major};
use super::refused::{NOT_READ, NOT_WRITTEN, OTHERS};

/// Structured arrays, as they show.
const ROWS: [(&str, &str); 15] = [
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
    ("struct_titled_1", r#"rows {"a": i32, "b": i32} n=1"#),
    ("struct_titled_1_normal", r#"rows {"a": i32, "b": i32} n=1"#),
    ("struct_nested_0", r#"rows {"p": {"x": f32, "y": f32}, "id": u64, "ok": bool} n=0"#),
];

/// The same, of rank 0: one map.
const ONE_MAP: (&str, &str) = ("struct_nested_0d", r#"{"p": {"x": 1.0f32, "y": 2.0f32}, "id": 3, "ok": true}"#);

/// The value of a case, checked against the manifest; or the message with which it is refused.
fn read(case: &Case, ending: &str, bytes: &[u8]) -> Result<Value, String> {
    let file = format!("{}.{ending}", case.name);
    let value = case.decode(ending, bytes).map_err(|error| error.to_string())?;
    if case.is_struct() {
        let (_, shown) = ROWS
            .iter()
            .chain([&ONE_MAP])
            .find(|(name, _)| *name == case.name)
            .unwrap_or_else(|| panic!("{file} is read: {value:?}"));
        assert_eq!(format!("{value:?}"), *shown, "{file}");
        return Ok(value);
    }
    let Value::Array(array) = &value else { panic!("{file}: {value:?}") };
    let array = array.view();
    assert_eq!(Some(array.dtype()), case.dtype(), "{file}");
    assert_eq!(array.shape(), case.shape(), "{file}");
    let column_major = case.is_column_major() && ending == "npy";
    assert_eq!(array.order(), if column_major { Order::ColumnMajor } else { Order::RowMajor }, "{file}");
    assert!(row_major(&array) == case.payload(), "{file}: other values");
    Ok(value)
}

/// Files whose values are no arrays any more, and what they are written to: one struct is a map.
const WRITTEN_OTHERWISE: [(&str, &str); 1] =
    [("struct_nested_0d.msgpack", "83 A1 70 82 A1 78 CA 3F 80 00 00 A1 79 CA 40 00 00 00 A2 69 64 03 A2 6F 6B C3")];

/// What was refused, with its message, is what is stated.
fn refused_as_stated(found: BTreeMap<String, String>, stated: &[(&str, &[&str])]) {
    let each = stated.iter().flat_map(|(message, files)| files.iter().map(move |file| (file, message)));
    let expected: BTreeMap<_, _> = each.map(|(file, message)| (file.to_string(), message.to_string())).collect();
    let files: BTreeSet<&String> = found.keys().chain(expected.keys()).collect();
    let mut wrong = String::new();
    for file in files {
        let (found, expected) = (found.get(file), expected.get(file));
        if found != expected {
            wrong += &format!("{file}\n   found: {found:?}\nexpected: {expected:?}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_file_is_read_or_refused() {
    let (mut read_count, mut refused) = (0, BTreeMap::new());
    for case in &cases() {
        for ending in ENDINGS {
            let Some(bytes) = case.file(ending) else { continue };
            match read(case, ending, &bytes) {
                Ok(_) => read_count += 1,
                Err(message) => drop(refused.insert(format!("{}.{ending}", case.name), message)),
            }
        }
    }
    refused_as_stated(refused, NOT_READ);
    assert!(read_count >= 170, "{read_count}");
}

/// The packed rows of a structured array are the bytes that NumPy has, little endian and without padding.
#[test]
fn rows_hold_the_bytes_of_numpy() {
    let all = cases();
    for (name, _) in &ROWS[..14] {
        let case = all.iter().find(|case| case.name == *name).unwrap();
        let normal = all.iter().find(|case| case.name == format!("{name}_normal")).unwrap_or(case);
        let payload = normal.payload();
        for ending in ["msgpack", "npy"] {
            let Ok(value) = read(case, ending, &case.file(ending).unwrap()) else { continue };
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
    let (mut same, mut refused) = (0, BTreeMap::new());
    for case in &all {
        // Big-endian numbers are written little endian, and structs without padding.
        let normal = all.iter().find(|other| other.name == format!("{}_normal", case.name)).unwrap_or(case);
        for source in ENDINGS {
            let Some(of_source) = case.file(source) else { continue };
            let Ok(value) = read(case, source, &of_source) else { continue };
            for target in ENDINGS {
                let file = format!("{}.{target}", case.name);
                // No dtype of two dims is structured.
                let Ok(encoding) = normal.encoding(target) else { continue };
                let written = match encoding.encode(&value) {
                    Ok(written) => written,
                    Err(error) => {
                        let before = refused.insert(file.clone(), error.to_string());
                        assert!(before.is_none_or(|before| before == error.to_string()), "{file}, read from {source}");
                        continue;
                    }
                };
                assert!(!refused.contains_key(&file), "{file}, read from {source}, is written");
                if let Some((_, hex)) = WRITTEN_OTHERWISE.iter().find(|(other, _)| *other == file) {
                    assert_eq!(written, bytes(hex), "{file}");
                } else if let Some(of_python) = normal.file(target) {
                    let c_order = target == "npy" && source != "npy" && case.is_column_major();
                    let expected = if c_order { in_c_order(&of_python, case) } else { of_python };
                    assert!(written == expected, "{file}, read from {source}: {written:02X?}");
                    same += 1;
                } else {
                    let again = case.decode(target, &written).unwrap();
                    assert_eq!(again, value, "{file}, read from {source}, which Python does not write");
                    assert_eq!(to_vec(&again).unwrap(), to_vec(&value).unwrap(), "{file}, read from {source}");
                }
            }
        }
    }
    refused_as_stated(refused, NOT_WRITTEN);
    assert!(same >= 400, "{same}");
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
            // By their bytes, which tell the forms of lists apart.
            let [decoded, expected] =
                [decoded, expected].map(|read| read.map(|value| to_vec(&value).unwrap()).map_err(|e| e.to_string()));
            assert_eq!(decoded, expected, "{file}");
            if let Ok(value) = case.decode(ending, &bytes) {
                let ndwire = to_vec(&value).unwrap();
                assert_eq!(Encoding::detect(&ndwire).unwrap(), Encoding::Ndwire, "{file}");
                assert!(to_vec(&ndwire::foreign::decode::<Value>(&ndwire).unwrap()).unwrap() == ndwire, "{file}");
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
    let mut found = BTreeMap::new();
    for (file, input) in others() {
        let row = match Encoding::MsgpackNumpy.decode::<Value>(&input) {
            Err(error) => (error.to_string(), "not read".to_string()),
            Ok(value) => {
                let written = match Encoding::MsgpackNumpy.encode(&value) {
                    Err(error) => error.to_string(),
                    Ok(written) if written == input => "the same".to_string(),
                    Ok(written) => {
                        let again: Value = Encoding::MsgpackNumpy.decode(&written).unwrap();
                        assert_eq!(to_vec(&again).unwrap(), to_vec(&value).unwrap(), "{file}");
                        written.iter().map(|byte| format!("{byte:02X}")).collect()
                    }
                };
                (format!("{value:?}").chars().take(200).collect(), written)
            }
        };
        found.insert(file, row);
    }
    let row =
        |(file, shown, written): &(&str, &str, &str)| (file.to_string(), (shown.to_string(), written.to_string()));
    let expected: BTreeMap<_, _> = OTHERS.iter().map(row).collect();
    let mut wrong = String::new();
    for (file, found) in &found {
        if Some(found) != expected.get(file) {
            wrong += &format!("{file}\n   found: {found:?}\nexpected: {:?}\n", expected.get(file));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert_eq!(found.len(), expected.len());
}
