//! What a reader of tables can be made to take: the names, maps and lists that each row shows, against the bytes that it has. The row
//! formula of the specification (5.3) bounds the first by the second.

use std::collections::HashMap;

use super::bytes::{uv, value};
use super::*;
use ndwire::ValueView;
use ndwire::value::Borrowed;

/// Rows of this schema and of this many bytes each, all zero, with so many node leaves.
fn rows(schema: &[u8], width: usize, nodes: usize, count: usize) -> Vec<u8> {
    let head = [&[0xD7], schema, &uv(count as u64)[..]].concat();
    let (fixed, nodes) = (vec![0; width * count], vec![0xC0; nodes * count]);
    match fixed.len() {
        0..512 => value(&[head, fixed, nodes].concat(), &[]),
        _ => value(&[head, nodes].concat(), &fixed),
    }
}

fn name(len: usize, byte: u8) -> Vec<u8> {
    let head = if len < 32 { vec![0x80 + len as u8] } else { [&[0xD1], &uv(len as u64)[..]].concat() };
    [head, vec![byte; len]].concat()
}

/// So many maps of one entry, each with a name of this length, around a leaf.
fn nest(maps: usize, len: usize, leaf: &[u8]) -> Vec<u8> {
    [[&[0xB1], &name(len, b'n')[..]].concat().repeat(maps), leaf.to_vec()].concat()
}

/// So many tuples of one, around a leaf.
fn tuples(count: usize, leaf: &[u8]) -> Vec<u8> {
    [&vec![0xA1; count][..], leaf].concat()
}

/// A tuple of as many as a schema has leaves.
fn many(leaf: &[u8]) -> Vec<u8> {
    [&[0xD3, 0x80, 0x08][..], &leaf.repeat(1024)].concat()
}

/// One map of so many leaves, with names of this length.
fn wide(entries: usize, len: usize, leaf: &[u8]) -> Vec<u8> {
    let head = if entries < 16 { vec![0xB0 + entries as u8] } else { [&[0xD4], &uv(entries as u64)[..]].concat() };
    let each = (0..entries).map(|n| {
        let mut name = name(len, b'a' + (n % 26) as u8);
        if n >= 26 {
            let last = name.len() - 1;
            name[last] = b'0' + (n / 26) as u8;
        }
        [&name, leaf].concat()
    });
    [head, each.collect::<Vec<_>>().concat()].concat()
}

/// What, and its bytes: rows that show as much as the formula allows for each byte.
pub(crate) fn cases(count: usize) -> Vec<(&'static str, Vec<u8>)> {
    let cases = vec![
        // 24 + 40 = 64 x 1.
        ("a bool under a name of 40 bytes", rows(&nest(1, 40, &[0x00]), 1, 0, count)),
        ("a nil under a name of 40 bytes", rows(&nest(1, 40, &[0xC0]), 0, 1, count)),
        ("a bool in two maps of names of 8 bytes", rows(&nest(2, 8, &[0x00]), 1, 0, count)),
        ("a nil in two maps of names of 8 bytes", rows(&nest(2, 8, &[0xC0]), 0, 1, count)),
        // 8 x 24 + 8 x 8 = 64 x 4, and with names of 40 bytes 64 x 8.
        ("a u32 in eight maps of names of 8 bytes", rows(&nest(8, 8, &[0x12]), 4, 0, count)),
        ("a u64 in eight maps of names of 40 bytes", rows(&nest(8, 40, &[0x13]), 8, 0, count)),
        // 24 + 12 x (5 x 24 + 6) = 64 x 24: no more maps a byte than these.
        ("twelve chains of five maps around a u16", rows(&wide(12, 1, &nest(5, 1, &[0x11])), 24, 0, count / 24)),
        (
            "24 chains of five maps around two nils",
            rows(&wide(24, 1, &nest(4, 1, &wide(2, 1, &[0xC0]))), 0, 48, count / 48),
        ),
        ("a name of 255 bytes", rows(&nest(1, 255, &[0x13]), 8, 0, count)),
        ("a bool in one map of a name of one byte", rows(&nest(1, 1, &[0x00]), 1, 0, count)),
        ("two bools", rows(&wide(2, 1, &[0x00]), 2, 0, count)),
        ("64 bools under names of 63 bytes", rows(&wide(64, 63, &[0x00]), 64, 0, count / 8)),
        ("64 nils under names of 63 bytes", rows(&wide(64, 63, &[0xC0]), 0, 64, count / 8)),
        ("64 bools under names of two bytes", rows(&wide(64, 2, &[0x00]), 64, 0, count / 8)),
        ("an absent bool under a name of 104 bytes", rows(&nest(1, 104, &[0xD5, 0x00]), 2, 0, count)),
        ("1,024 nils under names of 63 bytes", rows(&wide(1024, 63, &[0xC0]), 0, 1024, count / 128)),
        ("1,024 bools under names of two bytes", rows(&wide(1024, 2, &[0x00]), 1024, 0, count / 128)),
        // 8 x 24 = 64 x 3: no more lists a byte than these.
        ("eight tuples around three nils", rows(&tuples(7, &[0xA3, 0xC0, 0xC0, 0xC0]), 0, 3, count / 3)),
        ("eight tuples around three bytes", rows(&tuples(7, &[0xA2, 0xD5, 0x10, 0x10]), 3, 0, count / 3)),
        ("1,024 nils, each in two tuples", rows(&many(&tuples(2, &[0xC0])), 0, 1024, count / 1024)),
        ("1,024 nils, each in a map", rows(&many(&nest(1, 1, &[0xC0])), 0, 1024, count / 1024)),
        ("a nil in a map in a tuple", rows(&tuples(1, &nest(1, 16, &[0xC0])), 0, 1, count)),
        ("a nil in a tuple in a map", rows(&nest(1, 16, &tuples(1, &[0xC0])), 0, 1, count)),
        ("a tuple of one nil", rows(&[0xA1, 0xC0], 0, 1, count)),
        ("a tuple of two bytes of two types", rows(&[0xA2, 0x10, 0x00], 2, 0, count)),
        ("a subarray of [1, 1] bytes", rows(&[0xD6, 0x10, 2, 1, 1], 1, 0, count)),
        ("a subarray of seven unit dims", rows(&[0xD6, 0x33, 7, 1, 1, 1, 1, 1, 1, 1], 8, 0, count)),
        ("a map of a subarray of [1] byte", rows(&nest(1, 16, &[0xD6, 0x10, 1, 1]), 1, 0, count)),
        ("a map of a subarray of [1, 1, 1, 1] u16s", rows(&nest(1, 8, &[0xD6, 0x11, 4, 1, 1, 1, 1]), 2, 0, count)),
    ];
    for (what, bytes) in &cases {
        assert!(from_slice::<IgnoredAny>(bytes).is_ok(), "{what}: {:?}", from_slice::<IgnoredAny>(bytes).map(drop));
    }
    cases
}

/// The same data as plain lists of maps, for comparison: each row tells its names.
pub(crate) fn plain(count: usize) -> Vec<(&'static str, Vec<u8>)> {
    let list = |element: &[u8]| value(&[&[0xD3][..], &uv(count as u64), &element.repeat(count)].concat(), &[]);
    vec![
        ("plain: empty maps", list(&[0xB0])),
        ("plain: a nil in a map under the empty name", list(&[0xB1, 0x80, 0xC0])),
        ("plain: a bool in a map of a name of one byte", list(&[0xB1, 0x81, b'n', 0xC2])),
        ("plain: lists of one nil", list(&[0xA1, 0xC0])),
        ("plain: maps of 15 nils under the empty name", list(&[&[0xBF][..], &[0x80, 0xC0].repeat(15)].concat())),
    ]
}

/// As serde buffers it for `untagged` and `flatten`.
#[derive(DeriveDeserialize)]
#[serde(untagged)]
#[allow(dead_code, reason = "what it holds only takes memory")]
enum Buffered {
    Never { no_such_field: u8 },
    Rows(Vec<HashMap<String, IgnoredAny>>),
    Any(IgnoredAny),
}

/// A row whose fields are buffered.
#[derive(DeriveDeserialize)]
#[allow(dead_code, reason = "what it holds only takes memory")]
struct Flat {
    id: Option<u8>,
    #[serde(flatten)]
    rest: BTreeMap<String, serde_json::Value>,
}

/// The most bytes taken for each byte of the value, and the case that takes them.
fn worst<T: DeserializeOwned>(cases: &[(&'static str, Vec<u8>)]) -> (f64, &'static str) {
    let mut worst = (0.0, "");
    for (what, bytes) in cases {
        let (_, peak, _) = measure(|| drop(from_slice::<T>(bytes)));
        let per_byte = peak.saturating_sub(4 * KIB) as f64 / bytes.len() as f64;
        if per_byte > worst.0 {
            worst = (per_byte, what);
        }
    }
    worst
}

#[test]
fn what_rows_show_is_bounded_by_their_bytes() {
    type Check = fn(&[(&'static str, Vec<u8>)]) -> (f64, &'static str);
    // Per byte of the value: what tables may take, and what plain lists of maps take anyway.
    let targets: [(&str, Check, f64, f64); 7] = [
        ("serde_json::Value", worst::<serde_json::Value>, 2060.0, 290.0),
        ("serde's buffer, untagged", worst::<Buffered>, 415.0, 110.0),
        ("serde's buffer, flattened", worst::<Vec<Flat>>, 2060.0, 280.0),
        ("a hash map for each row", worst::<Vec<HashMap<String, serde_json::Value>>>, 2010.0, 125.0),
        ("a tree map for each row", worst::<Vec<BTreeMap<String, serde_json::Value>>>, 2060.0, 275.0),
        ("ndwire::Value", worst::<Value>, 230.0, 230.0),
        ("nothing", worst::<IgnoredAny>, 0.1, 0.1),
    ];
    for (target, check, most, most_plain) in targets {
        let (tables, plain) = (check(&cases(20_000)), check(&plain(20_000)));
        println!("{target}: {:.1} bytes a byte ({}); {:.1} ({})", tables.0, tables.1, plain.0, plain.1);
        assert!(plain.0 <= most_plain, "{target}: {} bytes for each byte: {}", plain.0, plain.1);
        assert!(tables.0 <= most, "{target}: {} bytes for each byte: {}", tables.0, tables.1);
    }
}

/// A view takes the values that it points to the parts with, and no part.
#[test]
fn what_a_view_takes_is_bounded_by_the_nodes() {
    let mut worst = (0.0, "");
    for (what, bytes) in cases(20_000).into_iter().chain(plain(20_000)) {
        let (_, peak, _) = measure(|| drop(from_slice::<Borrowed<'_>>(&bytes)));
        let per_byte = peak.saturating_sub(4 * KIB) as f64 / bytes.len() as f64;
        if per_byte > worst.0 {
            worst = (per_byte, what);
        }
    }
    println!("a view: {:.1} bytes a byte ({})", worst.0, worst.1);
    assert!(worst.0 <= 4.0 * size_of::<ValueView<'_>>() as f64, "{worst:?}");
}
