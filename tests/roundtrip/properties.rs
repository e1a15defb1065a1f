//! What holds for every value.

#[cfg(feature = "std")]
use ndwire::to_writer;
use ndwire::{encode_into, from_slice, to_vec, Value};
use proptest::collection::vec;
use proptest::prelude::*;
use serde::de::IgnoredAny;

use super::model::{Data, ListEvents, MapEvents, LIST_EVENTS, MAP_EVENTS};
use super::oracle;
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
    fn the_elements_decide_the_form_not_the_events(data in prop_oneof![data(), nest()], events in 0..60usize) {
        let bytes = to_vec(&data).unwrap();
        let list = LIST_EVENTS[events % LIST_EVENTS.len()];
        let map = MAP_EVENTS[events % MAP_EVENTS.len()];
        prop_assert_eq!(to_vec(&data.by(list, map)).unwrap(), bytes);
    }

    #[test]
    fn the_order_of_elements_does_not_decide_the_form(
        (elements, shuffled) in vec(data(), 0..12).prop_flat_map(|list| (Just(list.clone()), Just(list).prop_shuffle())),
        events in list_events(),
    ) {
        let one = to_vec(&Data::List(ListEvents::Known, elements)).unwrap();
        let other = to_vec(&Data::List(events, shuffled)).unwrap();
        prop_assert_eq!(head(&one), head(&other));
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
    fn every_proper_prefix_is_an_error(data in data(), cut in any::<prop::sample::Index>()) {
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
