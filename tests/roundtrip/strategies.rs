//! Values of the whole data model, with the ugly ones near the front.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::model::{Data, LIST_EVENTS, ListEvents, MAP_EVENTS, MapEvents};

pub(crate) const NAMES: [&str; 8] =
    ["a", "id", "pixels", "dtype", "", "naïve", "$ndwire", "a name of more than thirty-one bytes"];

fn name() -> impl Strategy<Value = &'static str> {
    select(&NAMES[..])
}

pub(crate) fn list_events() -> impl Strategy<Value = ListEvents> {
    select(&LIST_EVENTS[..])
}

pub(crate) fn map_events() -> impl Strategy<Value = MapEvents> {
    select(&MAP_EVENTS[..])
}

pub(crate) fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "\\PC{0,12}",
        1 => select(&[31usize, 32, 127, 128, 511, 512, 513, 2000][..]).prop_map(|len| "x".repeat(len)),
    ]
}

fn blob() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => vec(any::<u8>(), 0..12),
        1 => (select(&[127usize, 128, 511, 512, 1000][..]), any::<u8>()).prop_map(|(len, byte)| vec![byte; len]),
    ]
}

fn f32s() -> impl Strategy<Value = f32> {
    prop_oneof![select(&[-0.0, f32::NAN, f32::INFINITY, 0.0][..]), any::<u32>().prop_map(f32::from_bits)]
}

fn f64s() -> impl Strategy<Value = f64> {
    prop_oneof![select(&[-0.0, f64::NAN, f64::INFINITY, 0.0][..]), any::<u64>().prop_map(f64::from_bits)]
}

/// One strategy for each type that rows can hold.
fn row_scalars() -> Vec<BoxedStrategy<Data>> {
    vec![
        any::<bool>().prop_map(Data::Bool).boxed(),
        any::<u8>().prop_map(Data::U8).boxed(),
        prop_oneof![0..300u16, any::<u16>()].prop_map(Data::U16).boxed(),
        prop_oneof![0..300u32, any::<u32>()].prop_map(Data::U32).boxed(),
        prop_oneof![0..300u64, any::<u64>()].prop_map(Data::U64).boxed(),
        any::<i8>().prop_map(Data::I8).boxed(),
        prop_oneof![-200..200i16, any::<i16>()].prop_map(Data::I16).boxed(),
        prop_oneof![-200..200i32, any::<i32>()].prop_map(Data::I32).boxed(),
        prop_oneof![-200..200i64, any::<i64>()].prop_map(Data::I64).boxed(),
        f32s().prop_map(Data::F32).boxed(),
        f64s().prop_map(Data::F64).boxed(),
    ]
}

pub(crate) fn row_scalar() -> impl Strategy<Value = BoxedStrategy<Data>> {
    select(row_scalars())
}

pub(crate) fn leaf() -> impl Strategy<Value = Data> {
    prop_oneof![
        4 => proptest::strategy::Union::new(row_scalars()),
        1 => prop_oneof![-300..300i128, any::<i128>()].prop_map(Data::I128),
        1 => prop_oneof![0..300u128, any::<u128>()].prop_map(Data::U128),
        1 => any::<char>().prop_map(Data::Char),
        2 => text().prop_map(Data::Str),
        1 => blob().prop_map(Data::Bytes),
        2 => select(&[Data::None, Data::Unit, Data::UnitStruct][..]),
        1 => name().prop_map(Data::UnitVariant),
        2 => (row_scalar(), select(&[0usize, 1, 2, 3, 15, 16, 63, 64, 100, 511, 512, 600][..]))
            .prop_flat_map(|(scalar, len)| (list_events(), vec(scalar, len)))
            .prop_map(|(events, elements)| Data::List(events, elements)),
        1 => row_scalar().prop_flat_map(|scalar| {
            let optional = prop_oneof![
                scalar.clone(),
                scalar.prop_map(|scalar| Data::Some(scalar.into())),
                select(&[Data::None, Data::Unit][..]),
            ];
            (list_events(), prop_oneof![vec(optional.clone(), 1..8), vec(optional, 100..700)])
        }).prop_map(|(events, elements)| Data::List(events, elements)),
    ]
}

/// Lists of lists of one scalar type: rectangular, and, now and then, with one element that does not fit.
pub(crate) fn nest() -> impl Strategy<Value = Data> {
    let dims = prop_oneof![
        vec(1..4usize, 1..10),
        (1..700usize, 1..4usize).prop_map(|(inner, outer)| vec![outer, inner]),
        vec(2..6usize, 2..4),
    ];
    (row_scalar(), dims, any::<prop::sample::Index>(), 0..4usize).prop_flat_map(|(scalar, dims, at, change)| {
        let count = dims.iter().product::<usize>();
        (vec(scalar, count), list_events(), Just((dims, at, change))).prop_map(
            |(scalars, events, (dims, at, change))| {
                let mut elements = scalars;
                for (axis, &dim) in dims.iter().enumerate().rev() {
                    let mut lists: Vec<Data> =
                        elements.chunks(dim).map(|list| Data::List(events, list.to_vec())).collect();
                    let index = at.index(lists.len());
                    if axis == at.index(dims.len())
                        && let Data::List(_, list) = &mut lists[index]
                    {
                        match change {
                            0 => drop(list.pop()),
                            1 => list.push(Data::None),
                            2 => list.insert(0, Data::Str("misfit".into())),
                            _ => {}
                        }
                    }
                    elements = lists;
                }
                elements.swap_remove(0)
            },
        )
    })
}

/// Any value.
pub(crate) fn data() -> impl Strategy<Value = Data> {
    let leaf = prop_oneof![8 => leaf(), 2 => nest()];
    leaf.prop_recursive(5, 48, 6, |inner| {
        let boxed = || inner.clone().prop_map(Box::new);
        let fields = || vec((name(), inner.clone()), 0..5);
        prop_oneof![
            2 => boxed().prop_map(Data::Some),
            1 => boxed().prop_map(Data::NewtypeStruct),
            1 => (name(), boxed()).prop_map(|(name, content)| Data::NewtypeVariant(name, content)),
            4 => (list_events(), vec(inner.clone(), 0..6)).prop_map(|(events, elements)| Data::List(events, elements)),
            1 => (list_events(), inner.clone(), 1..20usize)
                .prop_map(|(events, element, count)| Data::List(events, vec![element; count])),
            1 => (name(), vec(inner.clone(), 0..5)).prop_map(|(name, elements)| Data::TupleVariant(name, elements)),
            2 => (map_events(), vec((inner.clone(), inner.clone()), 0..5))
                .prop_map(|(events, entries)| Data::Map(events, entries)),
            1 => fields().prop_map(Data::Struct),
            1 => (name(), fields()).prop_map(|(name, fields)| Data::StructVariant(name, fields)),
        ]
    })
}
