//! The tables of SPEC.md, docs/vectors.md and docs/crate.md, run: what they say is what the crate does.

#[path = "common/bytes.rs"]
mod bytes;
#[path = "spec/lists.rs"]
mod lists;
#[path = "common/python.rs"]
mod python;

use std::collections::{BTreeMap, BTreeSet};

use bytes::{crc32c, hex, uv, value};
use ndwire::{DType, ErrorKind, Schema, Value, from_slice, to_vec};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

const SPEC: &str = include_str!("../SPEC.md");
const VECTORS: &str = include_str!("../docs/vectors.md");
const CRATE: &str = include_str!("../docs/crate.md");

/// The section of a text from a heading that starts so to the next heading.
fn section(text: &str, heading: &str) -> String {
    let named = |line: &&str| line.starts_with('#') && line.trim_start_matches('#').trim_start().starts_with(heading);
    let mut lines = text.lines().skip_while(|line| !named(line));
    assert!(lines.next().is_some(), "there is no section {heading}");
    lines.take_while(|line| !line.starts_with('#')).map(|line| format!("{line}\n")).collect()
}

/// The rows of the table whose head starts with these names.
fn table(text: &str, heading: &str, names: &[&str]) -> Vec<Vec<String>> {
    let section = section(text, heading);
    let lines = section.lines().skip_while(|line| !line.starts_with('|') || cells(line) != names);
    let rows: Vec<Vec<String>> = lines.skip(2).take_while(|line| line.starts_with('|')).map(cells).collect();
    assert!(rows.iter().all(|row| row.len() == names.len()), "a row has other cells than {names:?}");
    assert!(!rows.is_empty(), "section {heading} has no table {names:?}");
    rows
}

/// The cells of a line, without the marks of code; an escaped bar is a bar.
fn cells(line: &str) -> Vec<String> {
    let inner = line.trim().trim_start_matches('|').trim_end_matches('|').replace("\\|", "\u{1}");
    inner.split('|').map(|cell| cell.trim().trim_matches('`').replace('\u{1}', "|")).collect()
}

#[test]
fn the_checksum_of_these_tests_is_that_of_rfc_3720() {
    assert_eq!(crc32c(b"123456789"), 0xE306_9283);
    assert!(section(SPEC, "2. Layout").contains("is E3069283."));
}

#[test]
fn accepted() {
    let rows = table(VECTORS, "Accepted", &["META", "DATA", "reads as"]);
    assert!(rows.len() >= 74, "{} rows", rows.len());
    for row in &rows {
        let [meta, data, reads_as] = &row[..] else { unreachable!() };
        let bytes = value(&hex(meta), &hex(data));
        let read: Value = from_slice(&bytes).unwrap_or_else(|error| panic!("{meta}: {error}"));
        assert_eq!(&format!("{read:?}"), reads_as, "{meta}");
        assert_eq!(to_vec(&read).unwrap(), bytes, "{meta}");
        from_slice::<IgnoredAny>(&bytes).unwrap_or_else(|error| panic!("skipping {meta}: {error}"));
        for len in 0..bytes.len() {
            let untyped = from_slice::<Value>(&bytes[..len]).unwrap_err().kind();
            let skipped = from_slice::<IgnoredAny>(&bytes[..len]).unwrap_err().kind();
            assert_eq!([untyped, skipped], [ErrorKind::Truncated; 2], "{len} bytes of {meta}");
        }
    }
    let tags: BTreeSet<u8> = rows.iter().map(|row| hex(&row[0])[0]).collect();
    for tag in (0xC0..=0xD7).filter(|tag| ![0xC1].contains(tag)) {
        assert!(tags.contains(&tag), "no row has the tag {tag:02X}");
    }
}

/// Forms that are too long for a table.
#[test]
fn accepted_in_data() {
    for (tag, shown) in [(0xD8, format!("{:?}", "a".repeat(512))), (0xD9, "bytes 512".to_owned())] {
        let bytes = value(&[tag, 0x80, 0x04], &[b'a'; 512]);
        let read: Value = from_slice(&bytes).unwrap();
        let text = format!("{read:?}");
        assert!(text == shown || (tag == 0xD8 && text.starts_with("\"aaaaaaaa") && text.len() < 512), "{text}");
        assert_eq!(to_vec(&read).unwrap(), bytes);
    }
    let bytes = value(&[0xD7, 0x10, 0x80, 0x04], &[7; 512]);
    assert_eq!(from_slice::<Vec<u8>>(&bytes).unwrap(), [7; 512]);
}

/// The schema that is too wide for a table: its text says what it is.
#[test]
fn accepted_and_too_wide_for_the_table() {
    let section = section(VECTORS, "Accepted");
    let (_, wide) = section.split_once("too wide for the table, 1,024 leaves: `").unwrap();
    let bytes = value(&hex(wide.split('`').next().unwrap()), &[]);
    let read: Value = from_slice(&bytes).unwrap();
    let Value::List(rows) = &read else { panic!("no rows: {read:?}") };
    assert_eq!(rows.schema(), Some(&Schema::Tuple(vec![Schema::Node; 1024])));
    assert!(rows.is_empty());
    assert_eq!(to_vec(&read).unwrap(), bytes);
    assert!(from_slice::<Vec<Value>>(&bytes).unwrap().is_empty());
    from_slice::<IgnoredAny>(&bytes).unwrap();
}

#[test]
fn rejected() {
    let rows = table(VECTORS, "Rejected", &["rule", "META", "DATA", "why", "kind"]);
    assert!(rows.len() >= 88, "{} rows", rows.len());
    for row in &rows {
        let [rule, meta, data, why, kind] = &row[..] else { unreachable!() };
        let bytes = value(&hex(meta), &hex(data));
        let untyped = from_slice::<Value>(&bytes).map(|value| format!("{value:?}"));
        let skipped = from_slice::<IgnoredAny>(&bytes).map(|_| "skipped".to_owned());
        for result in [untyped, skipped] {
            let error = result.expect_err(&format!("{rule}: {meta}: {why}"));
            assert_eq!(error.kind().name(), kind, "{rule}: {meta}: {why}: {error}");
        }
        assert!(SPEC.contains(&format!("\n{rule}. ")), "section 6 has no rule {rule}");
    }
    let kinds: BTreeSet<&str> = rows.iter().map(|row| row[4].as_str()).collect();
    assert!(kinds.iter().all(|kind| ErrorKind::ALL.iter().any(|known| known.name() == *kind)), "{kinds:?}");
    let rules: BTreeSet<&str> = rows.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(rules, BTreeSet::from(["R10", "R11", "R14", "R15", "R17", "R3", "R4", "R5"]));
}

#[test]
fn constants() {
    let rows = table(SPEC, "1. Constants", &["name", "value", "what it bounds"]);
    let constants: BTreeMap<&str, &str> = rows.iter().map(|row| (row[0].as_str(), row[1].as_str())).collect();
    assert_eq!(constants.len(), 17, "a constant is not checked here, or twice in the table: {constants:?}");
    let number = |name: &str| constants[name].replace(',', "").parse::<u64>().unwrap();

    let small = to_vec(&7u8).unwrap();
    assert_eq!(small[..4], hex(constants["magic"]));
    assert_eq!(u64::from(small[4]), number("version"));
    assert_eq!(small.len() as u64, number("header length") + 1);

    let alignment = number("alignment") as usize;
    let two = to_vec(&(vec![1u8; 513], "x".repeat(600))).unwrap();
    let starts: Vec<usize> =
        [1, b'x'].iter().map(|first| two.iter().rposition(|byte| byte == first).unwrap()).collect();
    assert_eq!(starts[0] + 1 - 513, two.len() - 600 - 513 - (alignment - 513 % alignment));
    assert_eq!((starts[0] + 1 - 513) % alignment, 0);
    assert_eq!((starts[1] + 1 - 600) % alignment, 0);

    let threshold = number("DATA threshold") as usize;
    for (len, tag) in [(threshold - 1, 0xD1), (threshold, 0xD8)] {
        assert_eq!(to_vec(&"x".repeat(len)).unwrap()[16], tag);
    }

    let depth = number("depth limit") as usize;
    assert_eq!(depth, ndwire::Limits::default().depth);
    let nest = |levels: usize| value(&[vec![0xA1; levels], vec![0xC0]].concat(), &[]);
    assert!(from_slice::<IgnoredAny>(&nest(depth)).is_ok());
    assert_eq!(from_slice::<IgnoredAny>(&nest(depth + 1)).unwrap_err().kind(), ErrorKind::TooDeep);

    let rank = number("rank limit") as u8;
    let array = |rank: u8| value(&[vec![0xD6, 0x10, rank], vec![1; rank.into()]].concat(), &[7]);
    assert!(from_slice::<IgnoredAny>(&array(rank)).is_ok());
    assert_eq!(from_slice::<IgnoredAny>(&array(rank + 1)).unwrap_err().kind(), ErrorKind::TooLarge);

    let rank = number("subarray rank limit") as u8;
    let subarray = |rank: u8| {
        let dims = vec![2; rank.into()];
        value(&[vec![0xD7, 0xD6, 0x10, rank], dims, vec![1], vec![7; 1 << rank]].concat(), &[])
    };
    assert!(from_slice::<IgnoredAny>(&subarray(rank)).is_ok());
    assert_eq!(from_slice::<IgnoredAny>(&subarray(rank + 1)).unwrap_err().kind(), ErrorKind::Malformed);

    let judged =
        |meta: &[Vec<u8>]| from_slice::<IgnoredAny>(&value(&meta.concat(), &[])).err().map(|error| error.kind());
    let leaves = number("leaf limit") as usize;
    let nodes = |leaves: usize| {
        let count = vec![0xD7, 0xD3, (leaves & 0x7F) as u8 | 0x80, (leaves >> 7) as u8];
        [count, vec![0xC0; leaves], vec![1], vec![0xC0; leaves]]
    };
    assert_eq!([judged(&nodes(leaves)), judged(&nodes(leaves + 1))], [None, Some(ErrorKind::Malformed)]);
    let containers = number("container limit") as usize;
    for container in [&[0xA1][..], &[0xB1, 0x81, b'a']] {
        let nested = |count: usize| [vec![0xD7], container.repeat(count), vec![0xA2, 0x13, 0x12, 1], vec![7; 12]];
        assert_eq!([judged(&nested(containers - 1)), judged(&nested(containers))], [None, Some(ErrorKind::Malformed)]);
    }
    let width = number("width limit");
    assert_eq!(width, i32::MAX as u64);
    let wide = |last: u8| [vec![0xD7, 0xB1, 0x81, b'a', 0xD6, 0x10, 1, 0xFF, 0xFF, 0xFF, 0xFF, last, 0]];
    assert_eq!([judged(&wide(7)), judged(&wide(8))], [None, Some(ErrorKind::Malformed)]);
    // An uneven tuple of more places is a node.
    let places = number("tuple limit") as usize;
    for (places, tag) in [(places, 0xD7), (places + 1, 0xA1)] {
        assert_eq!(to_vec(&[lists::Uneven(places)]).unwrap()[16], tag, "{places}");
    }
    let name = number("name limit") as usize;
    let named = |bytes: usize| {
        let length = vec![0xD7, 0xB1, 0xD1, (bytes & 0x7F) as u8 | 0x80, (bytes >> 7) as u8];
        [length, vec![b'n'; bytes], vec![0x13, 1], vec![7; 8]]
    };
    assert_eq!([judged(&named(name)), judged(&named(name + 1))], [None, Some(ErrorKind::Malformed)]);

    // Rows of [1, …, 1] of one byte: so many sequences, so many bytes.
    assert_eq!(constants["row cost"], "24 and 64");
    for ones in 1..=7u8 {
        let rows = value(&[vec![0xD7, 0xD6, 0x10, ones], vec![1; ones.into()], vec![1, 7]].concat(), &[]);
        let kind = from_slice::<IgnoredAny>(&rows).err().map(|error| error.kind());
        assert_eq!(kind, (24 * u32::from(ones) > 64).then_some(ErrorKind::Malformed), "{ones}");
    }

    // Arrays of [n, 0] are n + 1 sequences each and have no payload.
    assert_eq!(constants["sequence budget"], "length of the value + 1,024");
    let arrays = |last: u8| value(&[0xA2, 0xD6, 0x10, 2, 0x80, 0x08, 0, 0xD6, 0x10, 2, last, 0], &[]);
    let budget = arrays(0).len() as u8;
    assert!(from_slice::<Vec<Vec<Vec<u8>>>>(&arrays(budget - 2)).is_ok());
    assert_eq!(from_slice::<Vec<Vec<Vec<u8>>>>(&arrays(budget - 1)).unwrap_err().kind(), ErrorKind::TooLarge);

    assert_eq!(number("META limit"), u64::from(u32::MAX));
    assert_eq!(number("META limit"), u64::from(ndwire::Limits::default().meta_len));
    let payload = number("payload limit");
    assert_eq!(payload, i64::MAX as u64);
    // The largest payload is refused because it is not there; one more byte, because it cannot be.
    let bytes = |len: u64| {
        let meta = [vec![0xD9], uv(len)].concat();
        from_slice::<IgnoredAny>(&value(&meta, &[0])).unwrap_err().kind()
    };
    assert_eq!([bytes(payload), bytes(payload + 1)], [ErrorKind::Truncated, ErrorKind::TooLarge]);
}

#[test]
fn dtypes() {
    let rows = table(SPEC, "4. Dtypes", &["code", "name", "bytes", "NumPy"]);
    let units = "Y, M, W, D, h, m, s, ms, us, ns, ps, fs, as, generic";
    assert!(section(SPEC, "4. Dtypes").contains(&format!("from 0: {units} ")));
    let mut expected = Vec::new();
    for row in &rows {
        let [code, name, bytes, numpy] = &row[..] else { unreachable!() };
        let numpy = (!numpy.starts_with("none")).then_some(numpy.as_str());
        let bytes: usize = bytes.parse().unwrap();
        match code.strip_suffix(" + u") {
            None => expected.push((hex(code)[0], name.clone(), bytes, numpy.map(str::to_owned))),
            Some(base) => {
                for (index, unit) in units.split(", ").enumerate() {
                    let numpy = match unit {
                        "generic" => numpy.unwrap().replace("[unit]", ""),
                        _ => numpy.unwrap().replace("unit", unit),
                    };
                    expected.push((hex(base)[0] + index as u8, name.replace("unit", unit), bytes, Some(numpy)));
                }
            }
        }
    }
    let found: Vec<_> = DType::ALL
        .iter()
        .map(|dtype| (dtype.code(), dtype.name().to_owned(), dtype.size(), dtype.numpy_name().map(str::to_owned)))
        .collect();
    assert_eq!(found, expected);
    let codes: BTreeSet<u8> = expected.iter().map(|row| row.0).collect();
    assert_eq!(codes, (0..=255).filter(|&code| DType::from_code(code).is_some()).collect());
}

/// The elements that an array of that dtype is read as, or why it is not, without the offset.
fn elements_read(bytes: &[u8], target: &str) -> Option<String> {
    fn read<T: ndwire::Element>(bytes: &[u8]) -> String {
        let shown = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(" ");
        match from_slice::<ndwire::Array<T>>(bytes) {
            Ok(array) => shown(&array.bytes()),
            Err(error) => error.to_string().split(", at byte").next().unwrap().to_owned(),
        }
    }
    Some(match target {
        "bool" => read::<bool>(bytes),
        "u8" => read::<u8>(bytes),
        "u64" => read::<u64>(bytes),
        "u128" => read::<u128>(bytes),
        "i8" => read::<i8>(bytes),
        "i64" => read::<i64>(bytes),
        "i128" => read::<i128>(bytes),
        "f32" => read::<f32>(bytes),
        "f64" => read::<f64>(bytes),
        #[cfg(feature = "half-2")]
        "f16" => read::<half::f16>(bytes),
        #[cfg(feature = "half-2")]
        "bf16" => read::<half::bf16>(bytes),
        #[cfg(not(feature = "half-2"))]
        "f16" | "bf16" => return None,
        #[cfg(feature = "num-complex-0_4")]
        "complex64" => read::<num_complex::Complex<f32>>(bytes),
        #[cfg(feature = "num-complex-0_4")]
        "complex128" => read::<num_complex::Complex<f64>>(bytes),
        #[cfg(not(feature = "num-complex-0_4"))]
        "complex64" | "complex128" => return None,
        other => panic!("docs/crate.md has a target that this test does not know: {other:?}"),
    })
}

/// One rule for lists, whatever their form.
#[test]
fn lists_of_numbers_into_arrays() {
    let rows = table(CRATE, "Reading into arrays", &["list", "in rows", "as a plain list", "target", "read as"]);
    assert!(rows.len() >= 30, "{} rows", rows.len());
    let mut targets = BTreeSet::new();
    for row in &rows {
        let [list, packed, plain, target, read_as] = &row[..] else { unreachable!() };
        targets.insert(target.as_str());
        for meta in [packed, plain].into_iter().filter(|meta| *meta != "–") {
            if let Some(read) = elements_read(&value(&hex(meta), &[]), target) {
                assert_eq!(&read, read_as, "{list} as {target}: {meta}");
            }
        }
    }
    assert_eq!(targets.len(), 13, "{targets:?}");
}

/// It reads all golden files and accepted vectors as the independent Python implementation does.
#[test]
fn the_reader_of_the_appendix() {
    let printed = python::run("tests/golden/test_spec_reader.py", &[]);
    let mut words = printed.split(' ');
    assert_eq!(words.next(), Some("appendix:"), "{printed}");
    let agreed: usize = words.next().and_then(|number| number.parse().ok()).unwrap_or_default();
    assert!(agreed >= 1_176 + 74, "{printed}");
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Frame<'a> {
    id: u8,
    #[serde(borrow)]
    pixels: ndwire::DynArrayView<'a>,
}

#[test]
fn a_value_byte_by_byte() {
    let section = section(SPEC, "9. A value");
    let block: Vec<&str> = section.split("```").collect();
    let lines = block[1].lines().skip(1);
    // The bytes of a line end before its text, which stands behind at least two blanks.
    let mut bytes: Vec<u8> = lines.clone().flat_map(|line| hex(line.split("  ").next().unwrap())).collect();
    assert_eq!(lines.count(), 14);
    assert_eq!(bytes.len(), 48 + 24);
    let pixels = ndwire::DynArrayView::from_elements([2, 3], &[0.0f32, 1.0, 2.0, 3.0, 4.0, 5.0]).unwrap();
    let frame = Frame { id: 7, pixels };
    assert_eq!(to_vec(&frame).unwrap(), bytes);
    assert_eq!(from_slice::<Frame<'_>>(&bytes).unwrap(), frame);
    let shown = format!("{:?}", from_slice::<Value>(&bytes).unwrap());
    assert_eq!(shown, r#"{"id": 7, "pixels": array f32 [2, 3]}"#);
    // A payload can be changed in place: the head does not guard it.
    bytes[48..52].copy_from_slice(&9.0f32.to_le_bytes());
    assert_eq!(from_slice::<Frame<'_>>(&bytes).unwrap().pixels.elements::<f32>().unwrap()[0], 9.0);
}
