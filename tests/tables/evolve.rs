//! Types that change: what an old program wrote is read by a new one, and the other way round.

use std::collections::BTreeMap;

use ndwire::ErrorKind::{DuplicateField, InvalidValue, MissingField, TypeMismatch, UnknownField};
use serde::{Deserialize, Serialize};

use super::support::{alike, fails, fine};

/// The first version of a log entry.
#[derive(Serialize, Deserialize, Debug, Clone, PartialEq)]
struct Old {
    code: u16,
    size: u32,
    host: String,
    place: OldPlace,
    scale: f32,
}

#[derive(Serialize, Deserialize, Debug, Clone, PartialEq)]
struct OldPlace {
    x: f32,
    y: f32,
}

/// Reordered, `host` renamed, `scale` removed, `user` and `note` added, `size` optional and wider, `place` longer.
#[derive(Serialize, Deserialize, Debug, Clone, PartialEq)]
struct New {
    #[serde(default)]
    user: String,
    place: NewPlace,
    #[serde(alias = "host")]
    hostname: String,
    note: Option<i8>,
    size: Option<u64>,
    code: i32,
}

#[derive(Serialize, Deserialize, Debug, Clone, PartialEq)]
struct NewPlace {
    y: f64,
    #[serde(default)]
    z: f64,
    x: f64,
}

fn old() -> Vec<Old> {
    [1u16, 2]
        .map(|code| Old {
            code,
            size: 10,
            host: format!("host {code}"),
            place: OldPlace { x: code.into(), y: 0.5 },
            scale: 2.0,
        })
        .to_vec()
}

fn new(code: i32, size: Option<u64>) -> New {
    New {
        user: String::new(),
        place: NewPlace { y: 0.5, z: 0.0, x: code.into() },
        hostname: format!("host {code}"),
        note: None,
        size,
        code,
    }
}

#[test]
fn old_to_new() {
    assert_eq!(alike!(&old() => Vec<New>), fine([new(1, Some(10)), new(2, Some(10))]));
}

#[test]
fn new_to_old() {
    #[derive(Deserialize, Debug)]
    struct Tolerant {
        code: u16,
        #[serde(default)]
        size: Option<u32>,
        #[serde(alias = "hostname")]
        host: String,
        place: OldPlace,
        #[serde(default = "one")]
        scale: f32,
    }
    fn one() -> f32 {
        1.0
    }
    let news = [new(1, Some(10)), new(2, None)];
    let tolerant = [(1, Some(10)), (2, None)].map(|(code, size)| Tolerant {
        code,
        size,
        host: format!("host {code}"),
        place: OldPlace { x: f32::from(code), y: 0.5 },
        scale: 1.0,
    });
    assert_eq!(alike!(&news => Vec<Tolerant>), fine(tolerant));
    let there = [new(1, Some(10)), new(2, Some(1 << 40))];
    assert_eq!(alike!(&there => Vec<Old>), fails(MissingField, "[0]: missing field `host`"));
    let negative = [new(-1, Some(10)), new(2, None)];
    assert_eq!(
        alike!(&negative => Vec<Tolerant>),
        fails(InvalidValue, "[0].code: invalid value: found an integer out of range, expected u16")
    );
}

#[test]
fn a_field_renamed_while_both_names_are_written() {
    #[derive(Serialize)]
    struct Both {
        host: &'static str,
        hostname: &'static str,
        code: u8,
    }
    #[derive(Deserialize, Debug)]
    struct Renamed {
        #[serde(alias = "host")]
        hostname: String,
        code: u8,
    }
    let both = [1, 2].map(|code| Both { host: "a", hostname: "b", code });
    assert_eq!(alike!(&both => Vec<Renamed>), fails(DuplicateField, "[0]: duplicate field `hostname`"));
}

#[test]
fn denied_deep_inside() {
    #[derive(Deserialize, Debug)]
    #[serde(deny_unknown_fields)]
    struct X {
        x: f32,
    }
    #[derive(Deserialize, Debug)]
    struct Outer {
        place: X,
        code: u8,
    }
    let denied = fails(UnknownField, "[0].place: unknown field `y`, expected `x`");
    assert_eq!(alike!(&old() => Vec<Outer>), denied);
}

#[test]
fn what_the_reader_does_not_know_is_kept_beside() {
    #[derive(Deserialize, Debug)]
    struct Keeping {
        code: u16,
        #[serde(flatten)]
        others: BTreeMap<String, serde_json::Value>,
    }
    let others = |code: u16| {
        BTreeMap::from([
            ("size".to_owned(), serde_json::json!(10)),
            ("host".to_owned(), serde_json::json!(format!("host {code}"))),
            ("place".to_owned(), serde_json::json!({"x": f64::from(code), "y": 0.5})),
            ("scale".to_owned(), serde_json::json!(2.0)),
        ])
    };
    let keeping = [1, 2].map(|code| Keeping { code, others: others(code) });
    assert_eq!(alike!(&old() => Vec<Keeping>), fine(keeping));
}

/// A struct that has become a variant, and one that has become a tuple.
#[test]
fn another_kind_of_type() {
    #[derive(Serialize)]
    enum Event {
        Moved { x: f32, y: f32 },
    }
    #[derive(Deserialize, Debug)]
    struct Wrapped {
        #[serde(rename = "Moved")]
        moved: OldPlace,
    }
    let events = [1.0, 2.0].map(|x| Event::Moved { x, y: 0.5 });
    let wrapped = [1.0, 2.0].map(|x| Wrapped { moved: OldPlace { x, y: 0.5 } });
    assert_eq!(alike!(&events => Vec<Wrapped>), fine(wrapped));
    #[derive(Deserialize, Debug)]
    struct AsTuple {
        place: (f32, f32),
    }
    let tuple = alike!(&old() => Vec<AsTuple>);
    assert_eq!(tuple, fails(TypeMismatch, "[0].place: invalid type: found a map, expected a tuple of size 2"));
}

/// Rows of one program and rows of the next in one list: the join makes the table, or there is none.
#[test]
fn old_and_new_in_one_list() {
    #[derive(Serialize)]
    #[serde(untagged)]
    enum Either {
        Old { ts: i64, x: Option<f32>, tag: &'static str },
        New { ts: i64, x: f32, tag: u8 },
    }
    #[derive(Deserialize, Debug)]
    struct Reader {
        ts: i64,
        x: Option<f32>,
        tag: serde_json::Value,
    }
    let rows = [
        Either::Old { ts: 1, x: None, tag: "old" },
        Either::New { ts: 2, x: 0.5, tag: 7 },
        Either::Old { ts: 3, x: Some(1.5), tag: "older" },
    ];
    let read = [
        Reader { ts: 1, x: None, tag: "old".into() },
        Reader { ts: 2, x: Some(0.5), tag: 7.into() },
        Reader { ts: 3, x: Some(1.5), tag: "older".into() },
    ];
    assert_eq!(alike!(&rows => Vec<Reader>), fine(read));
}
