//! The table of `README.md` that compares ndwire with other ways to store arrays: every row is what the code here finds out.
//!
//! One test for each row, and one for all of the table, which prints it as it should be.

#[path = "compare/aborts.rs"]
mod aborts;
#[path = "compare/peers.rs"]
mod peers;
#[path = "compare/properties.rs"]
mod properties;

use peers::PEERS;
use properties::{PROPERTIES, Property};

const BEGIN: &str = "<!-- compare -->\n";
const END: &str = "<!-- /compare -->\n";

/// The table in the text, between its marks, if they are there.
fn block() -> Option<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md");
    let text = std::fs::read_to_string(path).expect("README.md can be read");
    let block = text.split_once(BEGIN).and_then(|(_, rest)| rest.split_once(END));
    block.map(|(block, _)| block.to_owned())
}

fn head() -> String {
    format!("| | {} |\n|---|{}\n", PEERS.join(" | "), "---|".repeat(PEERS.len()))
}

fn row(Property { text, find_out, .. }: &Property) -> String {
    format!("| {text} | {} |\n", find_out().join(" | "))
}

#[track_caller]
fn holds(name: &str) {
    let property = PROPERTIES.iter().find(|property| property.name == name).expect("it is in the table");
    let row = row(property);
    assert!(block().is_some_and(|block| block.contains(&row)), "README.md has another row than\n{row}");
}

/// The one test that compares all of it, and that prints all of it.
#[test]
fn the_table_is_this() {
    let expected = format!("{}{}", head(), PROPERTIES.iter().map(row).collect::<String>());
    assert!(block().as_ref() == Some(&expected), "README.md has another table than\n{BEGIN}{expected}{END}");
}

macro_rules! tests {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                holds(stringify!($name));
            }
        )*

        #[test]
        fn every_row_has_its_test() {
            assert_eq!([$(stringify!($name)),*], PROPERTIES.map(|property| property.name));
        }
    };
}

tests! {
    any_serde_struct
    read_without_the_type
    dtype_and_shape_told
    borrowed_in_place
    column_major_kept
    other_dtypes
    nan_bits_kept
    some_none_kept
    fields_may_change
    trailing_bytes_refused
    hostile_nest
}
