//! The tables of docs/other-encodings.md, run.

#[path = "common/bytes.rs"]
mod common;

use ndwire::foreign::Encoding;
use ndwire::{Error, Value};

/// The rows of the table below this heading.
fn table(heading: &str) -> Vec<Vec<String>> {
    let lines = include_str!("../docs/other-encodings.md").lines();
    let lines = lines.skip_while(|line| *line != heading).skip_while(|line| !line.starts_with('|'));
    let rows: Vec<Vec<String>> = lines.skip(2).take_while(|line| line.starts_with('|')).map(cells).collect();
    assert!(!rows.is_empty(), "there is no table below {heading}");
    rows
}

/// The cells of a line, without the marks of code; an escaped bar is a bar.
fn cells(line: &str) -> Vec<String> {
    let inner = line.trim().trim_start_matches('|').trim_end_matches('|').replace("\\|", "\u{1}");
    inner.split('|').map(|cell| cell.trim().trim_matches('`').replace('\u{1}', "|")).collect()
}

/// Hex, and ASCII text in quotes; each may be repeated: `00*8`, `"("*60000`.
fn bytes(notation: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = notation.trim_start();
    while !rest.is_empty() {
        let (part, after) = match rest.strip_prefix('"') {
            Some(quoted) => {
                let (text, after) = quoted.split_once('"').expect("a text in quotes ends");
                (text.as_bytes().to_vec(), after)
            }
            None => {
                let (pair, after) = rest.split_at(2);
                (vec![u8::from_str_radix(pair, 16).unwrap_or_else(|_| panic!("{pair:?} is not a byte"))], after)
            }
        };
        let end = after.find(' ').unwrap_or(after.len());
        let times = match after[..end].strip_prefix('*') {
            Some(times) => times.parse().expect("a number"),
            None => 1,
        };
        out.extend(part.repeat(times));
        rest = after[end..].trim_start();
    }
    out
}

/// The value with this META and DATA.
fn value(meta: &str, data: &str) -> Value {
    let value = common::value(&bytes(meta), &bytes(data));
    ndwire::from_slice(&value).unwrap_or_else(|error| panic!("{value:02X?}: {error}"))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(" ")
}

/// Every row's last cells as they are found to be, beside what the table says.
#[track_caller]
fn compare(heading: &str, cells_of: impl Fn(&[String]) -> Vec<String>) {
    let mut wrong = Vec::new();
    for row in table(heading) {
        let found = cells_of(&row);
        let expected = &row[row.len() - found.len()..];
        if *expected != found[..] {
            wrong.push(format!(
                "{}\n  found    {}\n  expected {}",
                row.join(" | "),
                found.join(" | "),
                expected.join(" | ")
            ));
        }
    }
    assert!(wrong.is_empty(), "{heading}\n{}", wrong.join("\n"));
}

fn encoding(name: &str) -> Encoding {
    name.parse().unwrap()
}

fn error_cells(error: &Error) -> Vec<String> {
    vec![error.to_string(), error.kind().name().to_string()]
}

#[test]
fn read() {
    compare("## 9. Read", |row| {
        let value: Value = encoding(&row[0]).decode(&bytes(&row[1])).unwrap_or_else(|error| panic!("{row:?}: {error}"));
        let bytes = ndwire::to_vec(&value).unwrap();
        let end = 16 + usize::from(bytes[8]);
        let data = bytes.get(end.next_multiple_of(16)..).unwrap_or_default();
        vec![hex(&bytes[16..end]), hex(data)]
    });
}

#[test]
fn refused() {
    compare("## 10. Refused", |row| error_cells(&encoding(&row[0]).decode::<Value>(&bytes(&row[1])).unwrap_err()));
}

#[test]
fn written() {
    for row in table("## 11. Written") {
        let found = encoding(&row[2]).encode(&value(&row[0], &row[1])).unwrap();
        let expected = bytes(&row[3]);
        assert_eq!(found, expected, "{row:?}: {}", found.escape_ascii());
    }
}

#[test]
fn not_written() {
    compare("## 12. Not written", |row| {
        vec![encoding(&row[2]).encode(&value(&row[0], &row[1])).unwrap_err().to_string()]
    });
}

/// What is found by the first bytes is what the tables call it.
#[test]
fn found_out() {
    for row in table("## 9. Read") {
        let (name, bytes) = (&row[0], bytes(&row[1]));
        if !name.starts_with("dims-header") {
            assert_eq!(Encoding::detect(&bytes).unwrap(), encoding(name), "{}", row[1]);
        }
    }
}

/// Every beginning of a value is refused: nothing reads half of one.
#[test]
fn no_beginning_of_a_value_is_one() {
    for row in table("## 9. Read") {
        let (encoding, bytes) = (encoding(&row[0]), bytes(&row[1]));
        for len in 0..bytes.len() {
            assert!(encoding.decode::<Value>(&bytes[..len]).is_err(), "{}: {len} bytes", row[1]);
        }
        let longer = [&bytes[..], &[0]].concat();
        assert!(encoding.decode::<Value>(&longer).is_err(), "{}: and a byte more", row[1]);
    }
}
