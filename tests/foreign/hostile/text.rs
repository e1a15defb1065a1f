//! Text headers.

use ndwire::DynArray;
use ndwire::foreign::Encoding;

use super::{Row, all_refused};

fn text(header: &str, payload: &[u8]) -> Vec<u8> {
    [header.as_bytes(), payload].concat()
}

#[test]
fn headers() {
    let long = "s".repeat(100_000);
    let rows: Vec<Row> = vec![
        ("nothing", vec![], ""),
        ("no separator", text("float32", &[]), ""),
        ("one separator", text("float32|2,3", &[]), ""),
        ("no separator in much text", long.into_bytes(), ""),
        ("no dtype", text("|1|", &[0; 4]), ""),
        ("no dtype and no shape", text("||", &[]), ""),
        ("a dtype that is none", text("secret|1|", &[0; 4]), ""),
        ("a space in the dtype", text(" float32|1|", &[0; 4]), ""),
        ("an element too few", text("float32|2|", &[0; 4]), ""),
        ("an element too many", text("float32|1|", &[0; 8]), ""),
        ("a byte too many", text("float32|1|", &[0; 5]), ""),
        ("a payload where none is", text("float32|0,3|", &[0; 4]), ""),
        ("no payload where one is", text("float32|1|", &[]), ""),
        ("2^32 x 2^32", text("float32|4294967296,4294967296|", &[]), ""),
        ("2^32 x 2^32 bytes", text("uint8|4294967296,4294967296|", &[0]), ""),
        ("2^63 beside a dim of 0", text("uint8|0,9223372036854775808|", &[]), ""),
        ("a dim of 40 digits", text("uint8|1111111111222222222233333333334444444444|", &[0]), ""),
        ("33 dims", text(&format!("uint8|{}1|", "1,".repeat(32)), &[0]), ""),
        ("a million dims", text(&format!("uint8|{}1|", "1,".repeat(1_000_000)), &[0]), ""),
        ("a negative dim", text("uint8|-1|", &[0]), ""),
        ("a dim with a sign", text("uint8|+1|", &[0]), ""),
        ("a dim with a space", text("uint8|1, 1|", &[0]), ""),
        ("a dim in hex", text("uint8|0x1|", &[0]), ""),
        ("a dim with zeros before it", text("uint8|01|", &[0]), ""),
        ("a dim with an underscore", text("uint8|1_0|", &[0; 10]), ""),
        ("a dim that is no number", text("uint8|secret|", &[0]), ""),
        ("a comma at the end", text("uint8|1,|", &[0]), ""),
        ("a comma alone", text("uint8|,|", &[0]), ""),
        ("a shape in brackets", text("uint8|(1,)|", &[0]), ""),
        ("other digits", text("uint8|١|", &[0]), ""),
        ("objects", text("object|1|", &[0; 8]), ""),
        ("objects by code", text("|O|1|", &[0; 8]), ""),
        ("text of fixed width", text("|S5|1|", &[0; 5]), ""),
        ("text", text("<U1|1|", &[0; 4]), ""),
        ("a struct", text("[('x', '<f4')]|1|", &[0; 4]), ""),
        ("a struct with the separator in a name", text("[('a|b', '<f4')]|1|", &[0; 4]), ""),
        ("a bool of 2", text("bool|2|", &[1, 2]), ""),
    ];
    all_refused(Encoding::TextHeader, rows);
}

/// A payload may begin with anything, the separator too.
#[test]
fn separators_in_the_payload() {
    let array: DynArray = Encoding::TextHeader.decode(b"uint8|3||||").unwrap();
    assert_eq!(array.bytes(), b"|||");
}
