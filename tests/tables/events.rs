//! What a visitor is shown of a table, event by event, is what it is shown of the plain list: however it asks, and whatever it does
//! with what it is shown.

use super::recorder::{Ask, Log, Manner, Plan, Seed};
use super::support::{Forms, failure};
use super::writers::tables;

/// What was shown, and what became of it.
fn shown(bytes: &[u8], plan: &Plan) -> Vec<String> {
    let log = Log::default();
    let mut deserializer = ndwire::Deserializer::new(bytes).unwrap();
    let read = serde::de::DeserializeSeed::deserialize(Seed::new(plan, &log), &mut deserializer);
    let read = read.and_then(|()| deserializer.end());
    let mut events = log.into_inner();
    events.push(format!("{:?}", read.map_err(|error| failure(&error))));
    events
}

/// How many events the forms share, or where they part.
fn compare(forms: &Forms, plan: &Plan) -> Result<usize, String> {
    let [events, plain] = [&forms.table, &forms.plain].map(|bytes| shown(bytes, plan));
    if events == plain {
        return Ok(events.len());
    }
    let parting = events.iter().zip(&plain).position(|(one, other)| one != other);
    let at = parting.unwrap_or(events.len().min(plain.len()));
    let from = at.saturating_sub(6);
    let [events, plain] = [&events, &plain].map(|events| &events[from..events.len().min(at + 3)]);
    Err(format!("{plan:?}, from event {from}:\n  table: {events:?}\n  plain: {plain:?}"))
}

#[track_caller]
fn same_events(table: &str, forms: &Forms, plan: &Plan) -> usize {
    compare(forms, plan).unwrap_or_else(|difference| panic!("{table} by {difference}"))
}

/// One level asked in every way at a time; for bytes, if packed lists are packed in both forms.
pub(crate) fn good_ways(forms: &Forms, bytes: bool) -> Result<usize, String> {
    let mut count = 0;
    for &ask in Ask::ALL.iter().filter(|ask| bytes || !matches!(ask, Ask::Bytes | Ask::ByteBuf)) {
        for level in 0..4 {
            let mut asks = [Ask::Any; 4];
            asks[level] = ask;
            count += compare(forms, &Plan { asks, ..Plan::of(ask) })?;
        }
        count += compare(forms, &Plan { key: ask, ..Plan::of(Ask::Any) })?;
    }
    Ok(count)
}

#[test]
fn asked_in_every_way_at_every_level() {
    let mut count = 0;
    for (table, forms) in &tables() {
        for &row in Ask::ALL {
            for &field in Ask::ALL {
                let asks = [Ask::Seq, row, field, Ask::Any];
                count += same_events(table, forms, &Plan { asks, ..Plan::of(Ask::Any) });
            }
        }
        count += good_ways(forms, true).unwrap_or_else(|difference| panic!("{table} by {difference}"));
    }
    assert!(count > 100_000, "{count}");
}

/// A number in a table is shown by its value, and text as text.
#[test]
fn the_events_of_samples_and_detections() {
    let tables = tables();
    let [samples, detections] =
        ["samples", "detections"].map(|name| &tables.iter().find(|(table, _)| *table == name).unwrap().1);
    let plan = Plan::of(Ask::Any);
    assert_eq!(
        shown(&samples.table, &plan)[..25],
        [
            "list",
            "hint Some(3)",
            "map",
            "hint Some(4)",
            "str \"ts\"",
            "u64 1",
            "hint Some(3)",
            "str \"x\"",
            "f32 3F000000",
            "hint Some(2)",
            "str \"y\"",
            "f32 80000000",
            "hint Some(1)",
            "str \"ok\"",
            "bool true",
            "hint Some(0)",
            "end of map",
            "hint Some(2)",
            "map",
            "hint Some(4)",
            "str \"ts\"",
            "i64 -2",
            "hint Some(3)",
            "str \"x\"",
            "f32 7FC00000",
        ]
    );
    let events = shown(&detections.table, &plan);
    assert_eq!(
        events[2..26],
        [
            "map",
            "hint Some(4)",
            "str \"class\"",
            "u64 3",
            "hint Some(3)",
            "str \"score\"",
            "f32 3EC00000",
            "hint Some(2)",
            "str \"bbox\"",
            "list",
            "hint Some(4)",
            "f32 00000000",
            "hint Some(3)",
            "f32 3F800000",
            "hint Some(2)",
            "f32 40000000",
            "hint Some(1)",
            "f32 40400000",
            "hint Some(0)",
            "end of list",
            "hint Some(1)",
            "str \"label\"",
            "str \"cat\"",
            "hint Some(0)",
        ]
    );
    assert_eq!(events.last().unwrap(), "Ok(())");
}

/// All tables, with plans by which a visitor does this with what it is shown at these levels.
fn for_this_manner(manner: Manner, levels: &[usize], mut check: impl FnMut(&str, &Forms, &Plan)) {
    for (table, forms) in &tables() {
        for &level in levels {
            for refuses_text in [None, Some(level + 1)] {
                for row in
                    [Ask::Any, Ask::Map, Ask::Struct("Struct", &[]), Ask::Enum("Enum", &[]), Ask::Seq, Ask::Option]
                {
                    let asks = [Ask::Any, row, Ask::Any, Ask::Any];
                    check(table, forms, &Plan { manner, level, asks, refuses_text, ..Plan::of(Ask::Any) });
                }
            }
        }
    }
}

fn in_this_manner(manner: Manner, levels: &[usize]) {
    for_this_manner(manner, levels, |table, forms, plan| {
        same_events(table, forms, plan);
    });
}

#[test]
fn nothing_is_read() {
    in_this_manner(Manner::Nothing, &[0, 1, 2]);
}

#[test]
fn one_is_read() {
    in_this_manner(Manner::First, &[0, 1, 2]);
}

#[test]
fn it_goes_on_asking_after_the_end() {
    in_this_manner(Manner::BeyondTheEnd, &[0, 1, 2]);
}

#[test]
fn variants_are_read_by_other_types_of_content() {
    for manner in [Manner::VariantUnit, Manner::VariantTuple, Manner::VariantStruct] {
        in_this_manner(manner, &[1]);
    }
}

#[test]
fn misuse_a_variant_without_its_content() {
    in_this_manner(Manner::VariantWithoutContent, &[1]);
}

#[test]
fn misuse_the_last_key_without_its_value() {
    in_this_manner(Manner::AllButTheLastValue, &[1, 2]);
}

#[test]
fn misuse_keys_without_values() {
    in_this_manner(Manner::KeysOnly, &[1, 2]);
}

#[test]
fn misuse_values_without_keys() {
    in_this_manner(Manner::ValuesOnly, &[1, 2]);
}

#[test]
fn misuse_each_key_twice() {
    in_this_manner(Manner::EachKeyTwice, &[1, 2]);
}

#[test]
fn misuse_each_value_twice() {
    in_this_manner(Manner::EachValueTwice, &[1, 2]);
}

/// A str that was not wanted has been read all the same. (After an error from inside a list or map nobody knows where the reader is.)
#[test]
fn errors_are_forgiven() {
    let mut forgiven = 0;
    for (table, forms) in &tables() {
        for level in 0..3 {
            let plan = Plan { manner: Manner::Forgiving, level, refuses_text: Some(level + 1), ..Plan::of(Ask::Any) };
            same_events(table, forms, &plan);
            forgiven += shown(&forms.table, &plan).iter().filter(|event| *event == "forgiven").count();
        }
    }
    assert!(forgiven > 20, "{forgiven}");
}

/// A visitor that never drops what it was shown.
#[test]
fn misuse_the_list_is_forgotten() {
    in_this_manner(Manner::Forgets, &[0, 1, 2]);
}
