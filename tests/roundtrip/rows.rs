//! Random rows: most elements of a list follow one pattern, so that tables occur, and now and then something else.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;

use super::model::{Data, SEQ_EVENTS, TUPLE_EVENTS};
use super::strategies::{NAMES, leaf, list_events, map_events, row_scalar, text};

/// One strategy for each row of a list.
type Pattern = BoxedStrategy<Data>;

/// Names that a schema can have, and, at the end, such as make a map a node.
fn names() -> impl Strategy<Value = Vec<&'static str>> {
    let any = select(&NAMES[..]);
    prop_oneof![
        9 => (1..7usize, Just(vec!["a", "id", "pixels", "dtype", "naïve", "$ndwire", "x"]).prop_shuffle())
            .prop_map(|(count, names)| names[..count].to_vec()),
        1 => vec(any, 0..5),
    ]
}

fn nil() -> Pattern {
    select(&[Data::None, Data::Unit, Data::UnitStruct][..]).boxed()
}

/// As often as given, one in so many is something else.
fn with_misfits(pattern: Pattern, one_in: u32) -> Pattern {
    Union::new_weighted(vec![(one_in, pattern), (1, leaf().boxed())]).boxed()
}

fn leaf_pattern() -> impl Strategy<Value = Pattern> {
    let tuple_events = || select(TUPLE_EVENTS);
    prop_oneof![
        4 => row_scalar(),
        2 => row_scalar().prop_map(|scalar| {
            Union::new([scalar.clone(), nil(), scalar.prop_map(|scalar| Data::Some(scalar.into())).boxed()]).boxed()
        }),
        1 => Just(nil()),
        2 => Just(text().prop_map(Data::Str).boxed()),
        // A subarray, of one level or two.
        2 => (row_scalar(), 1..5usize, tuple_events())
            .prop_map(|(scalar, len, events)| vec(scalar, len).prop_map(move |list| Data::List(events, list)).boxed()),
        1 => (row_scalar(), 1..4usize, 1..4usize, tuple_events()).prop_map(|(scalar, inner, outer, events)| {
            let inner = vec(scalar, inner).prop_map(move |list| Data::List(events, list));
            vec(inner, outer).prop_map(move |list| Data::List(events, list)).boxed()
        }),
        // Lists that are nodes of their row, some with payloads.
        1 => (row_scalar(), select(SEQ_EVENTS)).prop_map(|(scalar, events)| {
            let lists = Union::new([vec(scalar.clone(), 0..4).boxed(), vec(scalar, 520).boxed()]);
            lists.prop_map(move |list| Data::List(events, list)).boxed()
        }),
        1 => Just(leaf().boxed()),
        1 => leaf().prop_map(|data| Just(data).boxed()),
    ]
    .prop_flat_map(|pattern| {
        select(&[20u32, 200, 100_000][..]).prop_map(move |share| with_misfits(pattern.clone(), share))
    })
}

/// What the elements of a list are like.
pub(crate) fn pattern() -> impl Strategy<Value = Pattern> {
    leaf_pattern().prop_recursive(4, 24, 6, |inner| {
        let wrapped = |pattern: Pattern| pattern.prop_map(Box::new);
        prop_oneof![
            4 => (vec(inner.clone(), 7), names()).prop_map(|(patterns, names)| {
                let values = patterns[..names.len().min(7)].to_vec();
                let named = move |values: Vec<Data>| Data::Struct(names.iter().copied().zip(values).collect());
                values.prop_map(named).boxed()
            }),
            2 => (vec(inner.clone(), 7), names(), map_events()).prop_map(|(patterns, names, events)| {
                let values = patterns[..names.len().min(7)].to_vec();
                let keys = move |values: Vec<Data>| {
                    let keys = names.iter().map(|&name| Data::Str(name.into()));
                    Data::Map(events, keys.zip(values).collect())
                };
                values.prop_map(keys).boxed()
            }),
            3 => (vec(inner.clone(), 1..5), select(TUPLE_EVENTS)).prop_map(|(patterns, events)| {
                patterns.prop_map(move |values| Data::List(events, values)).boxed()
            }),
            1 => (inner.clone(), select(&NAMES[..])).prop_map(move |(pattern, name)| {
                wrapped(pattern).prop_map(move |content| Data::NewtypeVariant(name, content)).boxed()
            }),
            1 => (vec(inner.clone(), 1..4), select(&NAMES[..])).prop_map(|(patterns, name)| {
                let list = patterns.clone().prop_map(move |values| Data::TupleVariant(name, values));
                let fields = patterns.prop_map(move |values| Data::StructVariant(name, NAMES.into_iter().zip(values).collect()));
                Union::new_weighted(vec![(9, list.boxed()), (1, fields.boxed())]).boxed()
            }),
            1 => inner.clone().prop_map(move |pattern| {
                let some = wrapped(pattern.clone()).prop_map(Data::Some).boxed();
                let newtype = wrapped(pattern.clone()).prop_map(Data::NewtypeStruct).boxed();
                Union::new([pattern, some, newtype]).boxed()
            }),
            // A table as a node of a row.
            1 => (inner, list_events()).prop_map(|(pattern, events)| {
                vec(pattern, 0..4).prop_map(move |list| Data::List(events, list)).boxed()
            }),
        ]
        .prop_map(|pattern| with_misfits(pattern, 60))
    })
}

/// Elements of a list, most of them alike.
pub(crate) fn rows(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Data>> {
    pattern().prop_flat_map(move |pattern| vec(pattern, count.clone()))
}

/// A list of rows.
pub(crate) fn table() -> impl Strategy<Value = Data> {
    (list_events(), prop_oneof![4 => rows(2..6), 2 => rows(6..20), 1 => rows(40..120)])
        .prop_map(|(events, rows)| Data::List(events, rows))
}
