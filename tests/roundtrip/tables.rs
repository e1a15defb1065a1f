//! Lists of maps and tuples: tables, and what makes them none, row by row.

use std::collections::HashMap;

use ndwire::{Options, to_vec, to_vec_with};
use proptest::prelude::*;

use super::model::{Data, ListEvents, MapEvents};
use super::oracle;
use super::properties::{check, hex};
use super::rows::table;

pub(crate) fn record(fields: &[(&'static str, Data)]) -> Data {
    Data::Struct(fields.to_vec())
}

pub(crate) fn tuple(elements: impl IntoIterator<Item = Data>) -> Data {
    Data::List(ListEvents::Tuple, elements.into_iter().collect())
}

fn text(len: usize) -> Data {
    Data::Str("t".repeat(len))
}

/// A list in all the ways that a list may be given, alone and among others.
pub(crate) fn check_all(rows: &[Data]) {
    for events in [ListEvents::Known, ListEvents::Collect, ListEvents::OneShot, ListEvents::Wrong(3)] {
        check(&Data::List(events, rows.to_vec()));
    }
    check(&Data::List(ListEvents::TupleStruct, rows.to_vec()));
    let list = || Data::List(ListEvents::Collect, rows.to_vec());
    check(&Data::list([list(), list()]));
    check(&tuple([text(600), list(), Data::list([Data::F64(0.5)]), list(), text(513)]));
    check(&Data::List(
        ListEvents::Collect,
        (0..3).map(|n| record(&[("id", Data::U8(n)), ("rows", list()), ("text", text(700))])).collect(),
    ));
}

/// One row of everything that a row may hold.
fn full(n: usize) -> Data {
    record(&[
        ("id", Data::U32(n as u32)),
        ("gap", if n.is_multiple_of(3) { Data::None } else { Data::Some(Data::F32(0.5).into()) }),
        (
            "inner",
            record(&[("x", Data::F64(n as f64)), ("deep", record(&[("ok", Data::Bool(true)), ("t", text(n % 7))]))]),
        ),
        ("box", tuple([Data::I16(1), Data::I16(2), Data::I16(n as i16)])),
        ("list", Data::list((0..n % 3).map(|n| Data::U16(n as u16)))),
        ("nothing", Data::Unit),
        ("long", text(if n.is_multiple_of(4) { 600 } else { 3 })),
    ])
}

fn fields(row: &mut Data) -> &mut Vec<(&'static str, Data)> {
    match row {
        Data::Struct(fields) => fields,
        _ => panic!("no struct"),
    }
}

/// Changes of a full row, each of which makes it another shape.
fn changes() -> Vec<fn(&mut Data)> {
    vec![
        |row| fields(row)[0].1 = Data::U64(7),
        |row| fields(row)[0].1 = Data::Some(Data::U32(7).into()),
        |row| fields(row)[0].1 = Data::None,
        |row| fields(row)[0].1 = text(800),
        |row| fields(row)[1].1 = Data::F64(0.5),
        |row| fields(row)[1].1 = Data::Some(Data::None.into()),
        |row| fields(row)[2].1 = Data::None,
        |row| fields(row)[2].1 = record(&[("y", Data::F64(0.5)), ("deep", Data::Unit)]),
        |row| fields(&mut fields(row)[2].1)[1].1 = record(&[("ok", Data::Bool(true))]),
        |row| drop(fields(&mut fields(row)[2].1).pop()),
        |row| fields(&mut fields(&mut fields(row)[2].1)[1].1)[0].1 = text(900),
        |row| fields(&mut fields(&mut fields(row)[2].1)[1].1)[1].1 = Data::U8(1),
        |row| fields(row)[3].1 = tuple([Data::I16(1), Data::I16(2)]),
        |row| fields(row)[3].1 = tuple([Data::I16(1), Data::I16(2), Data::I32(3)]),
        |row| fields(row)[3].1 = Data::list([Data::I16(1), Data::I16(2), Data::I16(3)]),
        |row| fields(row)[3].1 = Data::None,
        |row| fields(row)[4].1 = Data::list((0..300).map(Data::U16)),
        |row| fields(row)[4].1 = Data::U16(3),
        |row| fields(row)[5].1 = Data::I8(3),
        |row| fields(row)[5].1 = record(&[("a", Data::I8(3))]),
        |row| fields(row)[6].1 = Data::None,
        |row| drop(fields(row).pop()),
        |row| fields(row).push(("more", Data::U8(1))),
        |row| fields(row).swap(0, 1),
        |row| fields(row)[0].0 = "other",
        |row| fields(row).clear(),
        |row| *row = Data::None,
        |row| *row = Data::U8(3),
        |row| *row = text(3),
        |row| *row = tuple([Data::U8(3), Data::U16(4)]),
        |row| *row = tuple([Data::U8(3), Data::U8(4)]),
        |row| *row = Data::list([Data::U8(3), Data::U8(4)]),
        |row| *row = Data::Some(Data::None.into()),
        |row| *row = Data::NewtypeVariant("Variant", row.clone().into()),
        |row| *row = Data::Some(Data::NewtypeStruct(row.clone().into()).into()),
        |row| *row = Data::list([row.clone(), row.clone()]),
    ]
}

#[test]
fn one_row_that_differs_at_every_place() {
    for count in [1usize, 2, 3, 9, 40] {
        let rows: Vec<Data> = (0..count).map(full).collect();
        check_all(&rows);
        for change in changes() {
            for at in [0, 1, count / 2, count - 1] {
                let mut rows = rows.clone();
                let Some(row) = rows.get_mut(at) else { continue };
                change(row);
                check(&Data::list(rows.clone()));
                check(&Data::List(ListEvents::Collect, rows));
            }
        }
    }
}

#[test]
fn two_rows_that_differ() {
    let rows: Vec<Data> = (0..6).map(full).collect();
    for one in changes() {
        for other in changes() {
            for (at, next) in [(0, 1), (3, 5)] {
                let mut rows = rows.clone();
                one(&mut rows[at]);
                other(&mut rows[next]);
                check(&Data::List(ListEvents::Collect, rows));
            }
        }
    }
}

/// The same field, weaker and weaker.
#[test]
fn leaves_of_every_chain() {
    let leaves = [
        Data::U8(1),
        Data::None,
        Data::U16(2),
        text(3),
        text(600),
        tuple([Data::U8(1), Data::U8(2)]),
        tuple([Data::U8(1), Data::U16(2)]),
        tuple([tuple([Data::U8(1), Data::U8(2)]), tuple([Data::U8(1), Data::U8(2)])]),
        Data::list([Data::U8(1), Data::U8(2)]),
        record(&[("x", Data::U8(1))]),
        record(&[("x", Data::None)]),
        record(&[("y", Data::U8(1))]),
        Data::Bytes(vec![1; 520]),
        Data::Some(Data::Unit.into()),
    ];
    for a in &leaves {
        for b in &leaves {
            for c in &leaves {
                let chain = [a, b, c, b];
                let rows =
                    |row: fn(Data) -> Data| Data::List(ListEvents::Collect, chain.map(|leaf| row(leaf.clone())).into());
                check(&rows(|leaf| record(&[("id", Data::U8(7)), ("leaf", leaf), ("end", Data::Bool(true))])));
                check(&rows(|leaf| tuple([Data::U8(7), leaf])));
                check(&rows(|leaf| tuple([leaf.clone(), leaf])));
                check(&rows(|leaf| record(&[("outer", record(&[("leaf", leaf)]))])));
                let Data::List(_, plain) = rows(|leaf| leaf) else { unreachable!() };
                check(&Data::list(plain));
            }
        }
    }
}

#[test]
fn tables_in_tables() {
    let inner = |n: usize| Data::List(ListEvents::Collect, (0..n).map(full).collect());
    let row = |n: usize| record(&[("rows", inner(n)), ("n", Data::U8(n as u8)), ("again", inner(n + 1))]);
    check_all(&(0..5).map(row).collect::<Vec<_>>());
    let outer = |n: usize| record(&[("tables", Data::list((0..n).map(row))), ("text", text(512))]);
    check_all(&(0..4).map(outer).collect::<Vec<_>>());
    let pairs = |n: usize| tuple([inner(n), Data::list((0..n).map(|n| tuple([Data::U8(n as u8), text(n * 200)])))]);
    check_all(&(0..5).map(pairs).collect::<Vec<_>>());
}

/// Around the lengths by which rows are gathered, and around the 512 bytes.
#[test]
fn rows_of_many_widths() {
    for width in
        [1usize, 127, 128, 170, 171, 255, 256, 257, 511, 512, 1023, 1024, 1025, 2031, 2040, 2047, 2048, 2049, 5000]
    {
        let block = |n: usize| {
            let row = |part: &[usize]| tuple(part.iter().map(|&byte| Data::U8((byte + n) as u8)));
            let bytes: Vec<usize> = (0..width).collect();
            bytes.chunks(50).map(|part| Data::NewtypeStruct(row(part).into())).collect::<Vec<_>>()
        };
        let row =
            |n: usize| Data::Struct(block(n).into_iter().zip(NAMES).map(|(block, name)| (*name, block)).collect());
        for count in [2usize, 3, 17] {
            let mut rows: Vec<Data> = (0..count).map(row).collect();
            check(&Data::List(ListEvents::Collect, rows.clone()));
            fields(&mut rows[count - 1])[0].1 = Data::None;
            check(&Data::List(ListEvents::Collect, rows));
        }
    }
}

/// A hundred and more names.
const NAMES: &[&str] = &{
    const LETTERS: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut names = [""; 110];
    let mut at = 0;
    while at < 110 {
        names[at] = LETTERS.split_at(at).1.split_at(2).0;
        at += 1;
    }
    names
};

fn wide(leaves: usize) -> Data {
    // Names of two letters; the second sixty begin with a number, so that none stands twice.
    let name = |n: usize| format!("{}{}", n / 26, char::from(b'a' + (n % 26) as u8));
    Data::Map(MapEvents::Known, (0..leaves).map(|n| (Data::Str(name(n)), Data::U8(n as u8))).collect())
}

#[test]
fn maps_and_tuples_of_many_leaves() {
    for leaves in [15, 16, 17, 64, 65, 1022, 1023, 1024, 1025, 1026] {
        check_all(&[wide(leaves), wide(leaves), wide(leaves)]);
        let around = |inner: Data| record(&[("before", Data::U16(1)), ("inner", inner), ("after", Data::Bool(true))]);
        check_all(&[around(wide(leaves)), around(wide(leaves))]);
        let halves =
            |n: usize| record(&[("one", wide(leaves / 2)), ("other", record(&[("in", wide(n - leaves / 2))]))]);
        check_all(&[halves(leaves), halves(leaves)]);
        let mixed = |n: usize| tuple((0..leaves).map(|at| if at == n { Data::U16(1) } else { Data::U8(at as u8) }));
        check_all(&[mixed(0), mixed(0)]);
        check_all(&[mixed(1000), mixed(0), mixed(1000)]);
        check_all(&[mixed(1000), mixed(1000), Data::list((0..leaves).map(|n| Data::U8(n as u8)))]);
    }
}

#[test]
fn maps_inside_each_other() {
    fn nest(maps: usize, leaf: Data) -> Data {
        (0..maps).fold(leaf, |inner, _| record(&[("m", inner)]))
    }
    for maps in 1..=11 {
        for leaf in [Data::F64(0.5), text(3), text(700), Data::None, tuple([Data::U64(1), Data::U64(2)])] {
            check_all(&[nest(maps, leaf.clone()), nest(maps, leaf.clone()), nest(maps, leaf.clone())]);
            let beside = |leaf: Data| record(&[("a", Data::U64(1)), ("n", nest(maps, leaf)), ("z", Data::U64(2))]);
            check_all(&[beside(leaf.clone()), beside(Data::U8(1)), beside(leaf)]);
        }
        // One field of a byte, and the formula.
        check_all(&[nest(maps, Data::U8(1)), nest(maps, Data::U8(2))]);
    }
}

#[test]
fn names_of_every_length() {
    for len in [0usize, 1, 31, 32, 40, 41, 104, 105, 254, 255, 256, 257, 600] {
        for value in [Data::U8(1), Data::U64(1), tuple(vec![Data::U64(7); 4]), text(3)] {
            let row = |name: String| Data::Map(MapEvents::Known, vec![(Data::Str(name), value.clone())]);
            check_all(&[row("n".repeat(len)), row("n".repeat(len))]);
            check_all(&[row("n".repeat(len)), row("m".repeat(len)), row("n".repeat(len))]);
            let name: &'static str = "n".repeat(len).leak();
            let row = record(&[("id", Data::U64(1)), (name, value.clone())]);
            check_all(&[row.clone(), row.clone(), row]);
        }
    }
}

/// Field names are known by where they are in memory. These are at one place, and differ in length alone.
#[test]
fn names_at_one_address() {
    let long: &'static str = "abcdefghijklmnop".repeat(64).leak();
    for len in [1usize, 2, 200, 255] {
        for other in [0usize, 1, 2, 3, 255, 256, len + 255, len + 256, len + 257, len + 512] {
            for value in [Data::U8(1), text(3), record(&[("a", Data::U64(1))])] {
                let row = |len: usize| record(&[("id", Data::U64(1)), (&long[..len], value.clone())]);
                check_all(&[row(len), row(len), row(len), row(other)]);
                check_all(&[row(len), row(other), row(len)]);
            }
        }
    }
    // The same names at two places.
    let copy = |name: &str| -> &'static str { name.to_owned().leak() };
    let row = |name: &'static str| record(&[(name, Data::U64(1)), ("x", record(&[(name, text(3))]))]);
    check_all(&[row("name"), row("name"), row(copy("name")), row("name"), row(copy("name")), row(copy("nome"))]);
}

#[test]
fn keys_that_no_schema_has() {
    let map = |entries: &[(Data, u64)]| {
        Data::Map(MapEvents::Known, entries.iter().map(|(key, value)| (key.clone(), Data::U64(*value))).collect())
    };
    let name = |name: &str| Data::Str(name.into());
    let keys: [&[(Data, u64)]; 9] = [
        &[(name("a"), 1), (name("a"), 2)],
        &[(name("a"), 1), (name("b"), 2), (name("a"), 3)],
        &[(name("a"), 1), (Data::U8(1), 2)],
        &[(Data::None, 1)],
        &[(Data::Bytes(vec![1; 600]), 1), (name("a"), 1)],
        &[(Data::Char('a'), 1)],
        &[(Data::Some(name("a").into()), 1), (Data::NewtypeStruct(name("b").into()), 2)],
        &[(Data::UnitVariant("a"), 1), (name("b"), 2)],
        &[(Data::list([name("a")]), 1), (record(&[("a", Data::U8(1))]), 2)],
    ];
    for keys in keys {
        check_all(&[map(keys), map(keys), map(keys)]);
        let good = map(&[(name("a"), 1), (name("b"), 2)]);
        check_all(&[good.clone(), good.clone(), map(keys), good.clone()]);
        let inside = |inner: Data| record(&[("id", Data::U8(1)), ("map", inner), ("end", text(520))]);
        check_all(&[inside(map(keys)), inside(map(keys))]);
        check_all(&[inside(good.clone()), inside(good.clone()), inside(map(keys)), inside(good)]);
    }
    // A key whose second like comes late.
    for repeated in [0, 5, 62] {
        let mut entries: Vec<(Data, u64)> = (0..63).map(|n| (Data::Str(format!("key {n}")), n)).collect();
        let good = map(&entries);
        entries.push((entries[repeated].0.clone(), 9));
        check_all(&[good.clone(), good, map(&entries)]);
        check_all(&[map(&entries), map(&entries)]);
    }
}

#[test]
fn variants_are_maps_of_one_entry() {
    let circle = Data::NewtypeVariant("Circle", Data::F32(0.5).into());
    let pair = Data::TupleVariant("Pair", vec![Data::U8(1), Data::U8(2)]);
    let odd = Data::TupleVariant("Pair", vec![Data::U8(1), Data::U16(2)]);
    let boxed = Data::StructVariant("Box", vec![("width", Data::F32(0.5)), ("name", text(600))]);
    let unit = Data::UnitVariant("Nothing");
    let all = [&circle, &pair, &odd, &boxed, &unit];
    for one in all {
        check_all(&[one.clone(), one.clone(), one.clone()]);
        for other in all {
            check_all(&[one.clone(), one.clone(), other.clone(), one.clone()]);
            let row = |shape: &Data| record(&[("id", Data::U8(1)), ("shape", shape.clone())]);
            check_all(&[row(one), row(one), row(other), row(one)]);
        }
    }
    let empty = Data::TupleVariant("Pair", vec![]);
    check_all(&[empty.clone(), empty.clone(), pair]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn sorted_rows_have_the_bytes_of_sorted_data(data in table()) {
        let bytes = to_vec_with(&data, Options { sort_maps: true }).unwrap();
        prop_assert_eq!(hex(&bytes), hex(&oracle::encode(&sorted(&data))));
    }
}

/// The data with the entries of every map in the order of their keys.
fn sorted(data: &Data) -> Data {
    let fields = |fields: &[(&'static str, Data)]| fields.iter().map(|(name, value)| (*name, sorted(value))).collect();
    let boxed = |data: &Data| Box::new(sorted(data));
    match data {
        Data::Some(content) => Data::Some(boxed(content)),
        Data::NewtypeStruct(content) => Data::NewtypeStruct(boxed(content)),
        Data::NewtypeVariant(name, content) => Data::NewtypeVariant(name, boxed(content)),
        Data::List(events, elements) => Data::List(*events, elements.iter().map(sorted).collect()),
        Data::TupleVariant(name, elements) => Data::TupleVariant(name, elements.iter().map(sorted).collect()),
        Data::Struct(values) => Data::Struct(fields(values)),
        Data::StructVariant(name, values) => Data::StructVariant(name, fields(values)),
        Data::Map(events, entries) => {
            let mut entries: Vec<_> = entries.iter().map(|(key, value)| (sorted(key), sorted(value))).collect();
            entries.sort_by_cached_key(|(key, _)| oracle::key(key));
            Data::Map(*events, entries)
        }
        other => other.clone(),
    }
}

/// Two of these with the same entries show them in different orders.
#[test]
fn rows_of_hash_maps_become_one_table_if_maps_are_sorted() {
    let row = |n: u64| -> HashMap<String, u64> { (0..20).map(|key| (format!("key {key:02}"), key * n)).collect() };
    let rows: Vec<HashMap<String, u64>> = (0..50).map(row).collect();
    let bytes = to_vec_with(&rows, Options { sort_maps: true }).unwrap();
    let ordered = Data::list((0..50).map(|n| {
        let entries = (0..20).map(|key| (Data::Str(format!("key {key:02}")), Data::U64(key * n)));
        Data::Map(MapEvents::Known, entries.collect())
    }));
    assert_eq!(hex(&bytes), hex(&to_vec(&ordered).unwrap()));
    assert_eq!(bytes[16..18], [0xD7, 0xD4]);
}

#[test]
fn a_tuple_of_more_elements_than_a_schema_has_among_tuples_of_few() {
    let few = || tuple([tuple([Data::U64(0)]), Data::U8(0)]);
    for many in [16, 17, 65, 100] {
        check_all(&[few(), tuple((0..many).map(Data::U16)), few()]);
        check_all(&[few(), few(), tuple((0..many).map(|n| if n == 15 { text(1) } else { Data::U16(n) }))]);
    }
    check_all(&[few(), tuple([]), few()]);
}

/// Two elements may have more leaves in common than either: an even tuple is one, what two of them have in common is not.
#[test]
fn leaves_of_what_elements_have_in_common() {
    let one = tuple(vec![Data::U8(1); 16]);
    let other = tuple((0..16).map(|at| if at == 3 { Data::U16(1) } else { Data::U8(1) }));
    // 65 x 16 leaves are over the limit, 64 x 16 are not.
    for count in [63, 64, 65] {
        let row = |inner: &Data| {
            let name = |n: usize| Data::Str(format!("{}{}", n / 26, char::from(b'a' + (n % 26) as u8)));
            Data::Map(MapEvents::Known, (0..count).map(|n| (name(n), inner.clone())).collect())
        };
        check_all(&[row(&one), row(&one)]);
        check_all(&[row(&other), row(&other)]);
        check_all(&[row(&one), row(&other)]);
        check_all(&[row(&tuple(vec![Data::U16(1); 16])), row(&one), row(&one)]);
        check_all(&[row(&one), row(&one), row(&tuple(vec![Data::None; 16]))]);
    }
}

#[test]
fn tuples_and_maps_inside_each_other() {
    let leaves = [Data::U64(1), Data::None, text(3), tuple([Data::U64(1), Data::U64(2)]), Data::list([Data::U64(1)])];
    for containers in 1..=10 {
        for leaf in &leaves {
            for turns in [1, 2, 3] {
                let around = |n: usize, inner: Data| match n % turns {
                    0 => tuple([inner, text(1)]),
                    1 => record(&[("m", inner)]),
                    _ => Data::TupleVariant("V", vec![inner]),
                };
                let row = |leaf: Data| (0..containers).fold(leaf, |inner, n| around(n, inner));
                check_all(&[row(leaf.clone())]);
                check_all(&[row(leaf.clone()), row(leaf.clone()), row(Data::None), row(leaf.clone())]);
                let some = |content: Data| Data::Some(content.into());
                check_all(&[row(leaf.clone()), row(some(leaf.clone())), row(some(Data::None))]);
            }
        }
    }
}

/// One row is a table, none is an empty list.
#[test]
fn one_row_and_none() {
    for row in [
        full(1),
        tuple([Data::U8(1), Data::U16(2)]),
        tuple([Data::None]),
        record(&[("a", Data::None)]),
        record(&[]),
        Data::StructVariant("V", vec![("a", Data::U8(1))]),
        tuple([record(&[("a", Data::U8(1))]), record(&[("a", Data::U8(2))])]),
    ] {
        check_all(&[row]);
    }
    check_all(&[]);
}
