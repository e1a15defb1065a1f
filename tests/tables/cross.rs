//! Every reader over every table.

use std::collections::BTreeSet;

use ndwire::ErrorKind;

use super::layer;
use super::support::{Outcome, Reader, outcome_direct};
use super::writers::tables;
use super::{reader_arrays, reader_buffers, reader_enums, reader_maps, reader_structs, reader_visitors};

#[track_caller]
fn every_table_by(readers: &[Reader], at_least: usize, reading: usize) {
    assert!(readers.len() >= at_least, "{} readers", readers.len());
    let tables = tables();
    let mut read_by = BTreeSet::new();
    let mut differences = Vec::new();
    for reader in readers {
        for (table, forms) in &tables {
            match forms.compare(reader) {
                Ok(outcome) if outcome.is_ok() => drop(read_by.insert(reader.name)),
                Ok(_) => {}
                Err(difference) => differences.push(format!("{table} by {difference}\n")),
            }
        }
    }
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences.concat());
    // A reader of which all that is compared are errors proves less; some mean to fail.
    assert!(read_by.len() >= reading, "{} of {} read something", read_by.len(), readers.len());
}

#[test]
fn structs_and_tuples() {
    every_table_by(&reader_structs::readers(), 100, 75);
}

#[test]
fn enums() {
    every_table_by(&reader_enums::readers(), 50, 30);
}

#[test]
fn maps_and_untyped_values() {
    every_table_by(&reader_maps::readers(), 40, 25);
}

#[test]
fn through_serdes_buffer() {
    every_table_by(&reader_buffers::readers(), 30, 25);
}

#[test]
fn visitors_written_by_hand() {
    every_table_by(&reader_visitors::readers(), 30, 14);
}

#[test]
fn arrays() {
    every_table_by(&reader_arrays::readers_of_dtypes(), 25, 15);
    every_table_by(&reader_arrays::readers_of_packed(), 10, 4);
}

/// An error that is made above the layer goes through it as a text, to which the name of a variant is not added.
fn without_variant(outcome: Outcome) -> Outcome {
    outcome.map_err(|(kind, message)| match (kind, message.split_once("unknown variant `")) {
        (ErrorKind::UnknownVariant, Some((path, named))) => {
            let (_, expected) = named.split_once("`, ").unwrap();
            (kind, format!("{path}unknown variant, {expected}"))
        }
        _ => (kind, message),
    })
}

/// What the other tests see through the layer is what a program sees without it.
#[test]
fn the_layer_changes_nothing() {
    type Read = fn(&[u8]) -> Outcome;
    macro_rules! direct {
        ($($type:ty),* $(,)?) => {
            [$((stringify!($type), |bytes| outcome_direct::<Vec<$type>>(bytes), |bytes| layer::read(bytes, layer::shown::<Vec<$type>>))),*]
        };
    }
    let readers: [(&str, Read, Read); 12] = direct![
        reader_structs::Same,
        reader_structs::Detected,
        reader_structs::Nest,
        reader_structs::GapsSame,
        (u8, String),
        reader_enums::Shape,
        reader_enums::Number,
        reader_enums::Drawn,
        reader_buffers::IntoMap,
        reader_arrays::Embedded,
        reader_arrays::OfText,
        reader_maps::Meaning,
    ];
    for (name, direct, through) in readers {
        for (table, forms) in &tables() {
            for bytes in [&forms.table, &forms.plain] {
                assert_eq!(without_variant(direct(bytes)), through(bytes), "{table} by {name}");
            }
        }
    }
}
