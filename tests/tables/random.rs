//! The law over random rows, and every reader.

use std::cell::Cell;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::strategy::Union;
use proptest::test_runner::TestRunner;
use serde::{Serialize, Serializer};

use super::model::{Data, ListEvents, MapEvents};
use super::support::{Forms, Plain, Reader};
use super::{reader_arrays, reader_buffers, reader_enums, reader_maps, reader_structs, reader_visitors};

/// Names that the readers know.
const NAMES: [&str; 22] = [
    "ts", "x", "y", "ok", "class", "score", "bbox", "label", "at", "inner", "kind", "id", "value", "t", "c", "a", "b",
    "shape", "Cat", "1", "r", "text",
];

const WORDS: [&str; 9] = ["Sample", "Point", "cat", "dog", "Circle", "Move", "x", "", "dög"];

/// What makes the values of one column.
type Values = BoxedStrategy<Data>;

fn scalar() -> impl Strategy<Value = Values> {
    select(vec![
        any::<bool>().prop_map(Data::Bool).boxed(),
        (0..3u8).prop_map(Data::U8).boxed(),
        prop_oneof![0..300u16, any::<u16>()].prop_map(Data::U16).boxed(),
        prop_oneof![0..300u32, any::<u32>()].prop_map(Data::U32).boxed(),
        any::<u64>().prop_map(Data::U64).boxed(),
        (-2..3i8).prop_map(Data::I8).boxed(),
        any::<i16>().prop_map(Data::I16).boxed(),
        prop_oneof![-3..300i32, any::<i32>()].prop_map(Data::I32).boxed(),
        prop_oneof![-3..300i64, any::<i64>()].prop_map(Data::I64).boxed(),
        any::<f32>().prop_map(Data::F32).boxed(),
        any::<f64>().prop_map(Data::F64).boxed(),
    ])
}

/// Nil now and then.
fn optional(cell: Values) -> Values {
    let some = cell.prop_map(|value| Data::Some(value.into()));
    prop_oneof![2 => some, 1 => select(&[Data::None, Data::Unit, Data::UnitStruct][..])].boxed()
}

fn tuple(cells: Vec<Values>) -> Values {
    let events = select(&[ListEvents::Tuple, ListEvents::TupleStruct][..]);
    (events, cells).prop_map(|(events, cells)| Data::List(events, cells)).boxed()
}

fn subarray() -> impl Strategy<Value = Values> {
    (scalar(), vec(1..5usize, 1..3))
        .prop_map(|(cell, dims)| dims.into_iter().rev().fold(cell, |cell, dim| tuple(vec![cell; dim])))
}

fn node() -> Values {
    prop_oneof![
        4 => select(&WORDS[..]).prop_map(|word| Data::Str(word.into())),
        1 => select(&[30usize, 128, 512, 700][..]).prop_map(|len| Data::Str("long ".repeat(len / 5))),
        2 => select(&WORDS[..]).prop_map(Data::UnitVariant),
        1 => any::<char>().prop_map(Data::Char),
        1 => vec(any::<u8>(), 0..6).prop_map(Data::Bytes),
        1 => any::<i128>().prop_map(Data::I128),
        1 => (0..900u128).prop_map(Data::U128),
        1 => Just(Data::Some(Data::None.into())),
        2 => (0..300usize, any::<f32>()).prop_map(|(len, value)| Data::list(vec![Data::F32(value); len])),
        2 => vec((0..9u8).prop_map(Data::U8), 0..4).prop_map(Data::list),
        1 => vec(select(&WORDS[..]).prop_map(|word| Data::Str(word.into())), 0..3).prop_map(Data::list),
        1 => vec((any::<i64>(), any::<f32>()), 0..4).prop_map(|rows| {
            Data::list(rows.into_iter().map(|(ts, x)| Data::Struct(vec![("ts", Data::I64(ts)), ("x", Data::F32(x))])))
        }),
    ]
    .boxed()
}

/// Entries with these names, as a struct or as a map.
fn map(entries: Vec<(&'static str, Values)>) -> Values {
    let (names, cells): (Vec<_>, Vec<_>) = entries.into_iter().unzip();
    (any::<bool>(), cells)
        .prop_map(move |(is_struct, values)| {
            let entries = names.iter().copied().zip(values);
            match is_struct {
                true => Data::Struct(entries.collect()),
                false => {
                    Data::Map(MapEvents::Known, entries.map(|(name, value)| (Data::Str(name.into()), value)).collect())
                }
            }
        })
        .boxed()
}

fn entries(cell: BoxedStrategy<Values>) -> impl Strategy<Value = Values> {
    (1..6usize)
        .prop_flat_map(move |count| (subsequence(&NAMES[..], count).prop_shuffle(), vec(cell.clone(), count)))
        .prop_map(|(names, cells)| map(names.into_iter().zip(cells).collect()))
}

fn variant(cell: BoxedStrategy<Values>) -> impl Strategy<Value = Values> {
    (select(&WORDS[..4]), cell).prop_map(|(name, cell)| {
        cell.prop_map(move |content| match content {
            Data::List(_, elements) => Data::TupleVariant(name, elements),
            Data::Struct(fields) => Data::StructVariant(name, fields),
            content => Data::NewtypeVariant(name, content.into()),
        })
        .boxed()
    })
}

fn cell() -> impl Strategy<Value = Values> {
    let leaf = prop_oneof![
        6 => scalar(),
        3 => scalar().prop_map(optional),
        2 => subarray(),
        1 => subarray().prop_map(optional),
        4 => Just(node()),
        1 => Just(Just(Data::None).boxed()),
        // A column whose values are of different types.
        1 => vec(prop_oneof![scalar(), Just(node())], 2..4).prop_map(|cells| Union::new(cells).boxed()),
    ];
    leaf.prop_recursive(2, 12, 4, |inner| {
        prop_oneof![
            3 => entries(inner.clone().boxed()),
            2 => vec(inner.clone(), 1..4).prop_map(tuple),
            1 => variant(inner.clone().boxed()),
            1 => inner.prop_map(|cell| cell.prop_map(|value| Data::NewtypeStruct(value.into())).boxed()),
        ]
    })
}

/// Rows of one make, and now and then one that is not.
fn rows() -> impl Strategy<Value = Vec<Data>> {
    let row = prop_oneof![
        6 => entries(cell().boxed()),
        2 => vec(cell(), 1..5).prop_map(tuple),
        1 => variant(cell().boxed()),
    ];
    let misfit = prop_oneof![Just(Data::None), Just(Data::U8(7)), node(), scalar().prop_flat_map(|cell| cell)];
    (row, 1..6usize, prop_oneof![9 => Just(false), 1 => Just(true)], any::<prop::sample::Index>()).prop_flat_map(
        move |(row, count, misfits, at)| {
            (vec(row, count), misfit.clone()).prop_map(move |(mut rows, misfit)| {
                if misfits {
                    rows[at.index(count)] = misfit;
                }
                rows
            })
        },
    )
}

/// The same data with every list in it, however deep, a plain list.
struct Deep<'d>(&'d Data);

impl Serialize for Deep<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Data::Some(value) => serializer.serialize_some(&Deep(value)),
            Data::NewtypeStruct(value) => serializer.serialize_newtype_struct("Newtype", &Deep(value)),
            Data::NewtypeVariant(name, value) => serializer.serialize_newtype_variant("Enum", 1, name, &Deep(value)),
            Data::List(_, elements) => Plain(Elements(elements)).serialize(serializer),
            Data::TupleVariant(name, elements) => {
                serializer.serialize_newtype_variant("Enum", 2, name, &Plain(Elements(elements)))
            }
            Data::Map(_, entries) => serializer.collect_map(entries.iter().map(|(key, value)| (key, Deep(value)))),
            Data::Struct(fields) => Fields(fields).serialize(serializer),
            Data::StructVariant(name, fields) => serializer.serialize_newtype_variant("Enum", 3, name, &Fields(fields)),
            other => other.serialize(serializer),
        }
    }
}

struct Elements<'d>(&'d [Data]);

impl Serialize for Elements<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(Deep))
    }
}

struct Fields<'d>(&'d [(&'static str, Data)]);

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, Deep(value))))
    }
}

/// Readers that do not ask for bytes or arrays: these see a packed list as what it is, and a plain list not.
fn readers_of_lists() -> Vec<Reader> {
    let readers = [
        reader_structs::readers(),
        reader_enums::readers(),
        reader_maps::readers(),
        reader_buffers::readers(),
        reader_visitors::readers(),
    ];
    readers.into_iter().flatten().collect()
}

/// Calls it with lists, and checks that enough of them were tables, and that enough was read. PROPTEST_CASES asks for more or fewer.
fn for_random_rows(check: impl Fn(&[Data]) -> Result<(bool, usize), String>) {
    let tables = Cell::new(0);
    let values = Cell::new(0);
    let cases = std::env::var("PROPTEST_CASES").map_or(64, |cases| cases.parse().expect("PROPTEST_CASES is a number"));
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    let run = TestRunner::new(config).run(&rows(), |rows| {
        let (is_table, fine) = check(&rows).map_err(TestCaseError::fail)?;
        tables.set(tables.get() + u32::from(is_table));
        values.set(values.get() + fine);
        Ok(())
    });
    run.unwrap_or_else(|error| panic!("{error}"));
    assert!(tables.get() > cases / 3, "{} of {cases} were tables", tables.get());
    assert!(values.get() > 10 * cases as usize, "{} values were read", values.get());
}

#[test]
fn random_rows_by_every_reader() {
    let mut readers = readers_of_lists();
    readers.extend(reader_arrays::readers_of_dtypes());
    let packed = reader_arrays::readers_of_packed();
    for_random_rows(|rows| {
        let forms = Forms::of(rows);
        let packed = if forms.is_table_of_maps_alone() { &packed[..] } else { &[] };
        let mut fine = 0;
        for reader in readers.iter().chain(packed) {
            fine += usize::from(forms.compare(reader)?.is_ok());
        }
        Ok((forms.is_table(), fine))
    });
}

#[test]
fn random_rows_with_all_lists_plain() {
    let readers = readers_of_lists();
    for_random_rows(|rows| {
        let forms = Forms::of_two(rows, &Plain(Elements(rows)));
        let mut fine = 0;
        for reader in &readers {
            fine += usize::from(forms.compare(reader)?.is_ok());
        }
        Ok((forms.is_table(), fine))
    });
}

#[test]
fn random_rows_event_by_event() {
    for_random_rows(|rows| {
        let forms = Forms::of(rows);
        let events = super::events::good_ways(&forms, forms.is_table_of_maps_alone())?;
        Ok((forms.is_table(), events))
    });
}
