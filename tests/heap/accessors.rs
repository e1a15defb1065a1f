//! Whatever is called on a value that was read takes memory and time in proportion to it. The law itself is in `fuzz/src/accessors.rs`;
//! here it is held for values that are as bad as the format allows, and long enough for a square to show.

#[allow(unreachable_pub, reason = "it is public in the package of the fuzz targets")]
#[path = "../../fuzz/src/accessors.rs"]
mod law;

use super::amplification::{cases, plain};
use super::bytes::{uv, value};
use super::*;
use ndwire::value::Borrowed;
use ndwire::{Columns, TableView};

/// What a call holds at its peak, and asks for in all.
fn taken<T>(call: impl FnOnce() -> T) -> (T, usize, usize) {
    let before = TOTAL.get();
    let (result, peak, _) = measure(call);
    (result, peak, TOTAL.get() - before)
}

fn holds(bytes: &[u8]) {
    assert!(from_slice::<IgnoredAny>(bytes).is_ok());
    law::accessors(bytes, &mut |what, bound, call| {
        let ((), peak, total) = taken(call);
        bound.check(what, bytes.len(), peak, total);
    });
}

/// The tag and the number of a list or map.
fn head(short: u8, long: u8, count: usize) -> Vec<u8> {
    if count < 16 { vec![short + count as u8] } else { [&[long], &uv(count as u64)[..]].concat() }
}

/// A plain list: an element, and that many of another.
fn list(first: &[u8], count: usize, other: &[u8]) -> Vec<u8> {
    value(&[&head(0xA0, 0xD3, 1 + count), first, &other.repeat(count)].concat(), &[])
}

/// A map with nil under each name.
fn map(names: impl ExactSizeIterator<Item = String>) -> Vec<u8> {
    let mut map = head(0xB0, 0xD4, names.len());
    for name in names {
        if name.len() < 32 {
            map.push(0x80 + name.len() as u8);
        } else {
            map.extend([&[0xD1], &uv(name.len() as u64)[..]].concat());
        }
        map.extend(name.as_bytes());
        map.push(0xC0);
    }
    map
}

fn names(count: usize) -> impl ExactSizeIterator<Item = String> {
    (0..count).map(|n| format!("{n:x}"))
}

/// So many maps around one of so many names.
fn path(maps: usize, name: &str, inner: usize) -> Vec<u8> {
    let around = [&[0xB1, 0x80 + name.len() as u8], name.as_bytes()].concat();
    [around.repeat(maps), map(names(inner))].concat()
}

#[test]
fn lists_of_maps() {
    let wide = map(names(3_000));
    // Each column has as many rows as there are columns: 12,022 bytes, of which a table was made that took 1,281 MB.
    let same = list(&[&[0xD4][..], &uv(4_000), &[0x80, 0x00].repeat(4_000)].concat(), 4_000, &[0xB0]);
    assert_eq!(same.len(), 12_022);
    holds(&same);
    holds(&list(&wide, 3_000, &[0xB0]));
    // Each name is looked for in a map of as many names.
    holds(&list(&wide, 1, &wide));
    holds(&list(&wide, 3, &map((0..3_000).rev().map(|n| format!("{n:x}")))));
    holds(&list(&wide, 1_000, &map((0..16).map(|n| format!("{:x}", 7 * n)))));
    // Names on long ways.
    holds(&list(&path(100, "0123456789abcdef0123456789abcde", 3_000), 3, &[0xB0]));
    holds(&list(&map(["x".repeat(500)].into_iter()), 10, &wide));
    let inner = path(1, "a", 1_000);
    holds(&list(&inner, 1, &inner));
    holds(&list(&inner, 1_000, &[0xB1, 0x81, b'a', 0xB0]));
}

#[test]
fn tables() {
    for (what, bytes) in cases(5_000).into_iter().chain(plain(5_000)) {
        println!("{what}");
        holds(&bytes);
    }
    let labels: Vec<String> = (0..2_000).map(|n| "l".repeat(n % 50)).collect();
    let x = vec![0.5f32; 2_000];
    holds(&to_vec(&Columns::new().with("label", &labels).with("x", &x)).unwrap());
    holds(&to_vec(&vec![(1u8, "x", 2.5f64); 500]).unwrap());
}

#[test]
fn values_of_every_kind() {
    holds(&to_vec(&frame()).unwrap());
    holds(&to_vec(&(0..3_000).map(|n| ("text", n)).collect::<Vec<_>>()).unwrap());
    holds(&to_vec(&DynArrayView::from_elements([100, 100], &vec![0.5f32; 10_000]).unwrap()).unwrap());
    holds(&to_vec(&vec![true; 10_000]).unwrap());
    holds(&to_vec(&[Some(1u8), None].repeat(5_000)).unwrap());
    holds(&to_vec(&"x".repeat(10_000)).unwrap());
    holds(&to_vec(&[0u8; 0]).unwrap());
    // Lists in lists, as deep as it goes, somes, and many nodes below.
    holds(&value(&[&[0xA1; 127][..], &[0xD3], &uv(5_000), &[0xC0; 5_000]].concat(), &[]));
    holds(&value(&[&[0xD5; 127][..], &[0xC0]].concat(), &[]));
    // As many levels as there may be, in as few bytes.
    holds(&value(&[&[0xA1; 127][..], &[0xA0]].concat(), &[]));
    holds(&value(&[&[0xB1, 0x81, b'a'].repeat(126)[..], &map(names(2_000))].concat(), &[]));
    let dims: Vec<u8> = [0xD6, 0x10, 0x80 | 32].into_iter().chain([2, 2]).chain([1; 30]).collect();
    holds(&value(&dims, &[1, 2, 3, 4]));
}

/// Of an honest table with texts a column is found without making the others, and no text is copied.
#[test]
fn a_column_is_found_without_the_others() {
    #[derive(Serialize)]
    struct Row {
        label: String,
        x: f32,
        inner: Inner,
    }
    #[derive(Serialize)]
    struct Inner {
        y: f32,
    }
    let row = |n: usize| Row { label: "label ".repeat(n % 30), x: n as f32, inner: Inner { y: 0.5 } };
    let bytes = to_vec(&(0..10_000).map(row).collect::<Vec<_>>()).unwrap();
    let table: TableView<'_> = from_slice(&bytes).unwrap();
    for name in ["x", "inner.y", "label"] {
        let (column, _, total) = taken(|| table.column(name).unwrap());
        assert_eq!((&*column.name(), column.len()), (name, 10_000));
        assert!(total <= 64, "{name}: {total}");
    }
    let (sum, _, total) = taken(|| table.column("x").unwrap().iter::<f32>().unwrap().map(f64::from).sum::<f64>());
    assert_eq!((sum, total), (49_995_000.0, 0));
    let (shown, peak, _) = taken(|| format!("{table:?}"));
    assert_eq!(shown, r#"TableView { len: 10000, columns: ["label", "x", "inner.y"] }"#);
    assert!(peak <= 1024, "{peak}");
}

/// A view is printed where it stands.
#[test]
fn a_view_is_printed_without_a_copy() {
    let bytes = to_vec(&vec![0.5f32; 4 << 20]).unwrap();
    let Borrowed(view) = from_slice(&bytes).unwrap();
    let (shown, peak, _) = taken(|| format!("{view:?}"));
    assert_eq!(shown, "rows f32 n=4194304");
    assert!(peak <= 1024, "{peak}");
}
