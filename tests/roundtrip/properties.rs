//! What holds for every value.

#[cfg(feature = "std")]
use ndwire::to_writer;
use ndwire::{Value, encode_into, from_slice, to_vec};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use serde::de::IgnoredAny;

use super::borders::{BORDERS, Border, at_border, border};
use super::model::{Data, LIST_EVENTS, ListEvents, MAP_EVENTS, MapEvents, SEQ_EVENTS, TUPLE_EVENTS};
use super::oracle;
use super::rows::{rows, table};
use super::seen::Seen;
use super::strategies::{data, list_events, nest};

/// The bytes, which must be those of the second writer and read as what went in.
pub(crate) fn check(data: &Data) -> Vec<u8> {
    let bytes = to_vec(data).unwrap_or_else(|error| panic!("{error}: {data:?}"));
    assert_eq!(hex(&bytes), hex(&oracle::encode(data)), "{data:?}");
    let seen: Seen = from_slice(&bytes).unwrap_or_else(|error| panic!("{error}: {data:?}"));
    assert_eq!(seen, data.seen());
    from_slice::<IgnoredAny>(&bytes).unwrap_or_else(|error| panic!("skipping: {error}: {data:?}"));
    let value: Value = from_slice(&bytes).unwrap_or_else(|error| panic!("untyped: {error}: {data:?}"));
    assert_eq!(hex(&to_vec(&value).unwrap()), hex(&bytes), "untyped {value:?}: {data:?}");
    bytes
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.chunks(16).map(|line| line.iter().map(|byte| format!("{byte:02X} ")).collect::<String>() + "\n").collect()
}

/// The length of META and its first byte, by which the forms of a list differ.
fn head(bytes: &[u8]) -> (u32, u8) {
    (u32::from_le_bytes(bytes[8..12].try_into().unwrap()), bytes[16])
}

/// Every order of these elements gives one schema, or none.
fn every_order(list: &[Data], events: ListEvents) -> Result<(), TestCaseError> {
    let schema = oracle::schema(list);
    let start = schema.as_ref().map_or(0, Vec::len);
    let first = to_vec(&Data::List(ListEvents::Known, list.to_vec())).unwrap();
    let mut order: Vec<usize> = (0..list.len()).collect();
    permutations(&mut order, 0, &mut |order| {
        let shuffled: Vec<Data> = order.iter().map(|&index| list[index].clone()).collect();
        assert_eq!(oracle::schema(&shuffled), schema, "{order:?} of {list:?}");
        let bytes = to_vec(&Data::List(events, shuffled)).unwrap();
        assert_eq!(head(&bytes), head(&first), "{order:?} of {list:?}");
        assert_eq!(hex(&bytes[16..17 + start]), hex(&first[16..17 + start]), "{order:?} of {list:?}");
    });
    if let Some(schema) = schema {
        prop_assert_eq!(hex(&first[17..][..start]), hex(&schema));
    }
    Ok(())
}

fn permutations(order: &mut [usize], from: usize, visit: &mut impl FnMut(&[usize])) {
    if from == order.len() {
        return visit(order);
    }
    for other in from..order.len() {
        order.swap(from, other);
        permutations(order, from + 1, visit);
        order.swap(from, other);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_value_comes_back_and_has_the_bytes_of_the_specification(data in data()) {
        let bytes = check(&data);
        prop_assert_eq!(&to_vec(&data).unwrap(), &bytes);
        #[cfg(feature = "std")]
        {
            let mut written = Vec::new();
            to_writer(&data, &mut written).unwrap();
            prop_assert_eq!(&written, &bytes);
        }
        let mut behind = vec![0xAA; 21];
        encode_into(&data, &mut behind).unwrap();
        prop_assert_eq!(&behind[..21], &[0xAA; 21]);
        prop_assert_eq!(&behind[21..], &bytes);
    }

    #[test]
    fn nests_come_back_and_have_the_bytes_of_the_specification(data in nest()) {
        check(&data);
    }

    #[test]
    fn rows_come_back_and_have_the_bytes_of_the_specification(data in table()) {
        check(&data);
    }

    #[test]
    fn lists_at_the_limits_come_back_and_have_the_bytes_of_the_specification((events, list) in border()) {
        check(&Data::List(events, list));
    }

    #[test]
    fn every_order_of_a_list_at_a_limit_gives_the_same_form((events, list) in border()) {
        every_order(&list, events)?;
    }

    /// A list's own events make no difference to its form. (To the list around it, it may make one whether it is a tuple.)
    #[test]
    fn the_elements_decide_the_form_not_the_events(
        data in prop_oneof![2 => table(), 1 => data(), 1 => nest()],
        events in 0..1260usize,
    ) {
        let bytes = to_vec(&data).unwrap();
        let seq = SEQ_EVENTS[events % 7];
        let tuple = TUPLE_EVENTS[events / 7 % 3];
        let map = MAP_EVENTS[events / 21 % 6];
        let mut by_others = data.by(seq, tuple, map);
        if let Data::List(own, _) = &mut by_others {
            *own = LIST_EVENTS[events / 126];
        }
        prop_assert_eq!(hex(&to_vec(&by_others).unwrap()), hex(&bytes));
    }

    #[test]
    fn the_order_of_elements_does_not_decide_the_form(
        (elements, shuffled) in prop_oneof![vec(data(), 0..12), rows(0..12)]
            .prop_flat_map(|list| (Just(list.clone()), Just(list).prop_shuffle())),
        events in list_events(),
    ) {
        let one = to_vec(&Data::List(ListEvents::Known, elements)).unwrap();
        let other = to_vec(&Data::List(events, shuffled)).unwrap();
        prop_assert_eq!(head(&one), head(&other));
    }

    #[test]
    fn every_order_of_rows_gives_the_same_schema(list in rows(3..6), events in list_events()) {
        every_order(&list, events)?;
    }

    #[test]
    fn the_order_of_optional_scalars_does_not_decide_the_form(
        shuffled in (0..40usize, 0..40usize).prop_flat_map(|(some, none)| {
            let list = [vec![Data::Some(Data::F32(1.5).into()); some], vec![Data::None; none]].concat();
            Just(list).prop_shuffle()
        }),
        events in list_events(),
    ) {
        check(&Data::List(events, shuffled));
    }

    #[test]
    fn every_proper_prefix_is_an_error(data in prop_oneof![data(), table()], cut in any::<prop::sample::Index>()) {
        let bytes = to_vec(&data).unwrap();
        let cut = cut.index(bytes.len());
        let error = from_slice::<IgnoredAny>(&bytes[..cut]).expect_err("a prefix was accepted");
        prop_assert_eq!(error.kind(), ndwire::ErrorKind::Truncated, "{} of {}: {}", cut, bytes.len(), error);
    }
}

#[test]
fn a_value_without_lists_does_not_depend_on_the_events_of_maps() {
    let entries = vec![(Data::U8(1), Data::Str("x".repeat(600))), (Data::list([]), Data::None)];
    let bytes = check(&Data::Map(MapEvents::Known, entries.clone()));
    for events in MAP_EVENTS {
        assert_eq!(to_vec(&Data::Map(events, entries.clone())).unwrap(), bytes, "{events:?}");
    }
}

/// The rows of the strategies are tables often enough, of every kind, or the properties would say little.
#[test]
fn random_rows_are_tables_often() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut maps, mut tuples, mut packed, mut plain) = (0, 0, 0, 0);
    for _ in 0..300 {
        let list = rows(2..12).new_tree(&mut runner).unwrap().current();
        match oracle::schema(&list).as_ref().map(|schema| schema[0]) {
            Some(0xB0..=0xBF) => maps += 1,
            Some(0xA0..=0xAF) => tuples += 1,
            Some(_) => packed += 1,
            None => plain += 1,
        }
    }
    let found = format!("{maps} of maps, {tuples} of tuples, {packed} of scalars and blocks, {plain} plain");
    assert!(maps > 100 && tuples > 30 && packed > 15 && plain > 40, "{found}");
}

/// The same of the lists at the limits: on both sides of each.
#[test]
fn lists_at_the_limits_are_on_both_sides_of_them() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for border in BORDERS {
        let (mut within, mut beyond) = (0, 0);
        for _ in 0..200 {
            let (_, list) = at_border(border).new_tree(&mut runner).unwrap().current();
            let is_within = match border {
                Border::Containers => list.iter().all(|element| containers(element) <= 8),
                _ => oracle::schema(&list).is_some(),
            };
            *(if is_within { &mut within } else { &mut beyond }) += 1;
        }
        let enough = if border == Border::Leaves { 15 } else { 25 };
        assert!(within > enough && beyond > enough, "{border:?}: {within} within, {beyond} beyond");
    }
}

/// Tuples and maps inside each other.
fn containers(data: &Data) -> usize {
    let deepest = |elements: &[Data]| elements.iter().map(containers).max().unwrap_or(0);
    match data {
        Data::List(events, elements) if TUPLE_EVENTS.contains(events) => 1 + deepest(elements),
        Data::Map(_, entries) => 1 + entries.iter().map(|(_, value)| containers(value)).max().unwrap_or(0),
        Data::NewtypeVariant(_, inner) => 1 + containers(inner),
        _ => 0,
    }
}
