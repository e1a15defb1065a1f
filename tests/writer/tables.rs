//! What the writer owes to a `Serialize` inside rows of maps and tuples.

use std::cell::Cell;
use std::collections::BTreeMap;

use ndwire::{ErrorKind, encode_into, from_slice, to_vec, to_writer};
use serde::Serialize;
use serde::ser::{Error as _, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, Serializer};
use serde_json::Value as Json;

use super::{Counted, Fails, FailsAtOnce, OneByOne, poisoned};

/// What a field holds.
#[derive(Serialize, Clone)]
#[serde(untagged)]
enum Any {
    Byte(u8),
    Float(f32),
    Nil,
    Text(String),
    Pair([u8; 2]),
    List(Vec<f32>),
    Map { x: u8, y: Option<f32> },
    Rows(Vec<Row<u8>>),
}

#[derive(Serialize, Clone)]
struct Row<T> {
    id: u32,
    field: T,
    inner: Inner<T>,
}

#[derive(Serialize, Clone)]
struct Inner<T> {
    ok: bool,
    deep: T,
}

fn row<T>(id: u32, field: T, deep: T) -> Row<T> {
    Row { id, field, inner: Inner { ok: true, deep } }
}

#[test]
fn every_field_of_a_sequence_is_serialized_once_and_of_a_vector_at_most_twice() {
    use Any::{Byte, Float, List, Map, Nil, Pair, Rows, Text};
    let kinds = [
        Byte(1),
        Float(0.5),
        Nil,
        Text("x".repeat(600)),
        Pair([1, 2]),
        List(vec![0.5; 200]),
        Map { x: 1, y: None },
        Rows(vec![row(1, 2, 3), row(4, 5, 6)]),
    ];
    for first in &kinds {
        for later in &kinds {
            for at in [0usize, 1, 2, 7] {
                let calls = Cell::new(0);
                let counted = |any: &Any| Counted(any.clone(), &calls);
                let field = |n: usize| counted(if n == at { later } else { first });
                let maps: Vec<_> = (0..8).map(|n| Counted(row(n as u32, field(n), field(7 - n)), &calls)).collect();
                let collected = to_vec(&maps).unwrap();
                let twice = calls.replace(0);
                assert!((8 * 3..=16 * 3).contains(&twice), "{twice} calls");
                assert_eq!(to_vec(&OneByOne(&maps)).unwrap(), collected);
                assert_eq!(calls.replace(0), 8 * 3);
                let mut written = Vec::new();
                to_writer(&maps, &mut written).unwrap();
                assert_eq!((calls.replace(0), &written), (twice, &collected));
                let tuples: Vec<_> = (0..8).map(|n| Counted((field(n), 1u8, field(7 - n)), &calls)).collect();
                let list = OneByOne(&tuples);
                to_vec(&OneByOne(&[OneByOne(&[&list]), OneByOne(&[&list, &list])])).unwrap();
                assert_eq!(calls.replace(0), 3 * 8 * 3);
                // At the last row nothing fits any more.
                let mut plain: Vec<_> = maps.iter().map(Ok).collect();
                plain.push(Err("text"));
                let plain: Vec<_> = plain.iter().map(OneOrOther).collect();
                to_vec(&OneByOne(&plain)).unwrap();
                assert_eq!(calls.replace(0), 8 * 3);
                to_vec(&plain).unwrap();
                assert!((8 * 3..=16 * 3).contains(&calls.replace(0)));
            }
        }
    }
}

struct OneOrOther<'a, A, B>(&'a Result<A, B>);

impl<A: Serialize, B: Serialize> Serialize for OneOrOther<'_, A, B> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Ok(one) => one.serialize(serializer),
            Err(other) => other.serialize(serializer),
        }
    }
}

/// Some number, or an error before or after something has been written.
#[derive(Clone, Copy)]
enum Number {
    Fine,
    AtOnce,
    Later,
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Number::Fine => serializer.serialize_u64(7),
            Number::AtOnce => FailsAtOnce.serialize(serializer),
            Number::Later => Fails.serialize(serializer),
        }
    }
}

/// The number in the row that fails is another than in the rest.
fn numbers(len: usize, at: usize, fails: Number) -> Vec<Number> {
    (0..len).map(|n| if n == at { fails } else { Number::Fine }).collect()
}

#[track_caller]
fn fails_at(value: &impl Serialize, path: &str, message: &str) {
    let before = b"before".to_vec();
    let mut out = before.clone();
    let error = encode_into(value, &mut out).unwrap_err();
    assert_eq!(error.to_string(), format!("{path}: {message}"));
    assert_eq!((error.kind(), error.path(), error.offset()), (ErrorKind::Custom, Some(path), None));
    assert_eq!(out, before);
    assert_eq!(to_vec(value).unwrap_err().to_string(), format!("{path}: {message}"));
    let mut written = Vec::new();
    assert_eq!(to_writer(value, &mut written).unwrap_err().to_string(), format!("{path}: {message}"));
    assert_eq!(written, b"");
}

#[test]
fn an_error_in_a_row_has_its_path_and_leaves_the_buffer() {
    for (fails, message) in [(Number::AtOnce, "nothing"), (Number::Later, "no more")] {
        for at in [0usize, 1, 2, 9, 10, 400] {
            let rows =
                |fine: fn(Number) -> Row<Number>| numbers(at + 3, at, fails).into_iter().map(fine).collect::<Vec<_>>();
            let fields = rows(|number| row(1, number, Number::Fine));
            fails_at(&fields, &format!("[{at}].field"), message);
            fails_at(&OneByOne(&fields), &format!("[{at}].field"), message);
            let deep = rows(|number| row(1, Number::Fine, number));
            fails_at(&deep, &format!("[{at}].inner.deep"), message);
            fails_at(&OneByOne(&deep), &format!("[{at}].inner.deep"), message);
            fails_at(&("x".repeat(700), &deep), &format!("[1][{at}].inner.deep"), message);
            fails_at(&BTreeMap::from([("rows", &deep)]), &format!("rows[{at}].inner.deep"), message);
            let tables = [rows(|_| row(1, Number::Fine, Number::Fine)), deep.clone()];
            fails_at(&tables.to_vec(), &format!("[1][{at}].inner.deep"), message);
            let outer: Vec<_> =
                tables.iter().map(|rows| BTreeMap::from([("n", Ok(1u8)), ("rows", Err(rows))])).collect();
            let outer: Vec<BTreeMap<_, _>> =
                outer.iter().map(|map| map.iter().map(|(key, value)| (key, OneOrOther(value))).collect()).collect();
            fails_at(&outer, &format!("[1].rows[{at}].inner.deep"), message);
            let tuples: Vec<_> = numbers(at + 3, at, fails).into_iter().map(|number| ("text", number, 1u8)).collect();
            fails_at(&tuples, &format!("[{at}][1]"), message);
            let blocks: Vec<_> = numbers(at + 3, at, fails).into_iter().map(|number| [Number::Fine, number]).collect();
            fails_at(&blocks, &format!("[{at}][1]"), message);
            let nested: Vec<_> = blocks.iter().map(|block| (1u8, [[Number::Fine; 2], *block])).collect();
            fails_at(&nested, &format!("[{at}][1][1][1]"), message);
            let maps: Vec<_> =
                blocks.iter().map(|block| BTreeMap::from([("a", [Number::Fine; 2]), ("b", *block)])).collect();
            fails_at(&maps, &format!("[{at}].b[1]"), message);
            fails_at(
                &maps.iter().map(|map| Some(Variant::Of(map))).collect::<Vec<_>>(),
                &format!("[{at}].Of.b[1]"),
                message,
            );
        }
    }
}

#[derive(Serialize)]
enum Variant<T> {
    Of(T),
}

/// Swallows the error of one part of a row and goes on as if nothing had happened.
#[derive(Clone, Copy)]
struct Swallower {
    kind: Kind,
    fails: Option<Number>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Struct,
    Map,
    Key,
    Tuple,
    Block,
    List,
}

const KINDS: [Kind; 6] = [Kind::Struct, Kind::Map, Kind::Key, Kind::Tuple, Kind::Block, Kind::List];

impl Serialize for Swallower {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let number = self.fails.unwrap_or(Number::Fine);
        match self.kind {
            Kind::Struct => {
                let mut row = serializer.serialize_struct("Row", 3)?;
                row.serialize_field("a", &1u8)?;
                let _ = row.serialize_field("b", &number);
                let _ = row.serialize_field("c", "text");
                row.end()
            }
            Kind::Map => {
                let mut row = serializer.serialize_map(Some(2))?;
                let _ = row.serialize_entry("a", &number);
                let _ = row.serialize_entry("b", &1u8);
                row.end()
            }
            Kind::Key => {
                let mut row = serializer.serialize_map(Some(2))?;
                row.serialize_entry("a", &1u8)?;
                let _ = match self.fails {
                    Some(number) => row.serialize_key(&number),
                    None => row.serialize_key("b"),
                };
                let _ = row.serialize_value(&1u8);
                row.end()
            }
            Kind::Tuple => {
                let mut row = serializer.serialize_tuple(3)?;
                row.serialize_element(&1u8)?;
                let _ = row.serialize_element(&number);
                let _ = row.serialize_element(&"x");
                row.end()
            }
            Kind::Block => {
                let mut row = serializer.serialize_tuple(2)?;
                let _ = row.serialize_element(&number);
                let _ = row.serialize_element(&7u64);
                row.end()
            }
            Kind::List => {
                let mut row = serializer.serialize_seq(Some(2))?;
                let _ = row.serialize_element(&number);
                let _ = row.serialize_element(&7u64);
                row.end()
            }
        }
    }
}

#[test]
fn a_swallowed_error_in_a_row_poisons_the_value() {
    for kind in KINDS {
        for fails in [Number::AtOnce, Number::Later] {
            for at in [0usize, 1, 2, 9, 300] {
                let rows: Vec<Swallower> =
                    (0..at + 3).map(|n| Swallower { kind, fails: (n == at).then_some(fails) }).collect();
                poisoned(&rows);
                poisoned(&OneByOne(&rows));
                poisoned(
                    &rows
                        .iter()
                        .map(|row| BTreeMap::from([("a", 1u8)].map(|(key, _)| (key, *row))))
                        .collect::<Vec<_>>(),
                );
                poisoned(&rows.iter().map(|row| (1u8, row)).collect::<Vec<_>>());
                poisoned(&rows.iter().map(|row| (vec![row], "x")).collect::<Vec<_>>());
                let mut out = vec![7; 100];
                assert_eq!(encode_into(&rows, &mut out).unwrap_err().kind(), ErrorKind::Poisoned);
                assert_eq!(out, vec![7; 100]);
            }
        }
    }
}

/// A row that announces another length than it has.
#[derive(Clone, Copy)]
struct Lie {
    kind: Kind,
    announced: usize,
    given: usize,
}

const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

impl Serialize for Lie {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let names = NAMES[..self.given].iter().enumerate();
        match self.kind {
            Kind::Struct => {
                let mut row = serializer.serialize_struct("Row", self.announced)?;
                names.into_iter().try_for_each(|(n, name)| row.serialize_field(name, &n))?;
                row.end()
            }
            Kind::Map | Kind::Key => {
                let mut row = serializer.serialize_map(Some(self.announced))?;
                names.into_iter().try_for_each(|(n, name)| row.serialize_entry(name, &n))?;
                row.end()
            }
            Kind::Tuple => {
                let mut row = serializer.serialize_tuple(self.announced)?;
                names.into_iter().try_for_each(|(n, name)| match n {
                    0 => row.serialize_element(name),
                    _ => row.serialize_element(&n),
                })?;
                row.end()
            }
            Kind::Block => {
                let mut row = serializer.serialize_tuple(self.announced)?;
                names.into_iter().try_for_each(|(n, _)| row.serialize_element(&n))?;
                row.end()
            }
            Kind::List => {
                let mut row = serializer.serialize_seq(Some(self.announced))?;
                names.into_iter().try_for_each(|(n, _)| row.serialize_element(&n))?;
                row.end()
            }
        }
    }
}

/// Over 16 elements, a tuple is another shape: one that announces the other kind is an error, or the same list in another form.
fn is_right(bytes: &[u8], truth: &[u8], is_tuple_both_times: bool) {
    match is_tuple_both_times {
        true => assert_eq!(bytes, truth),
        false => assert_eq!(from_slice::<Json>(bytes).unwrap(), from_slice::<Json>(truth).unwrap()),
    }
}

/// The bytes of the truth, or an error (rule R20 of `docs/crate.md`).
#[test]
fn a_wrong_length_in_a_row_gives_the_right_bytes_or_an_error() {
    let (mut right, mut errors) = (0, 0);
    for kind in KINDS {
        for given in 0..=6 {
            for announced in [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 20_000, usize::MAX] {
                for honest_rows in [0usize, 1, 2, 9] {
                    for honest_given in [given, 3] {
                        let honest = Lie { kind, announced: honest_given, given: honest_given };
                        let truth = Lie { kind, announced: given, given };
                        let rows = |last: Lie| {
                            let mut rows = vec![honest; honest_rows];
                            rows.extend([last, honest, honest]);
                            rows
                        };
                        let (lies, truths) = (rows(Lie { kind, announced, given }), rows(truth));
                        let around =
                            |rows: &[Lie]| rows.iter().map(|row| BTreeMap::from([("row", *row)])).collect::<Vec<_>>();
                        let cases = [
                            (to_vec(&lies), to_vec(&truths)),
                            (to_vec(&OneByOne(&lies)), to_vec(&truths)),
                            (to_vec(&around(&lies)), to_vec(&around(&truths))),
                            (to_vec(&(1u8, &lies, "x")), to_vec(&(1u8, &truths, "x"))),
                        ];
                        for (lie, truth) in cases {
                            match lie {
                                Ok(bytes) => {
                                    let alike = ![Kind::Tuple, Kind::Block].contains(&kind)
                                        || (1..=16).contains(&announced) == (1..=16).contains(&given);
                                    is_right(&bytes, &truth.unwrap(), alike);
                                    right += 1;
                                }
                                Err(error) => {
                                    assert_eq!(error.kind(), ErrorKind::Protocol, "{kind:?}: {error}");
                                    assert!(kind == Kind::Tuple || kind == Kind::Block, "{kind:?}: {error}");
                                    errors += 1;
                                }
                            }
                        }
                    }
                }
            }
        }
    }
    assert!(right > 10_000, "{right} right, {errors} errors");
}

/// More than a row may have, under the name of one that it may.
#[test]
fn a_tuple_of_too_many_elements_gives_the_right_bytes_or_an_error() {
    struct Long(usize, usize);
    impl Serialize for Long {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut row = serializer.serialize_tuple(self.0)?;
            (0..self.1).try_for_each(|n| match n {
                0 => row.serialize_element(&None::<u8>),
                _ => row.serialize_element(&7u8),
            })?;
            row.end()
        }
    }
    for announced in [0, 1, 15, 16, 17, 100, 1000] {
        for given in [15, 16, 17, 18, 263] {
            let truth = to_vec(&vec![Long(given, given), Long(given, given)]).unwrap();
            for lie in
                [vec![Long(announced, given), Long(given, given)], vec![Long(given, given), Long(announced, given)]]
            {
                match to_vec(&lie) {
                    Ok(bytes) => {
                        is_right(&bytes, &truth, (1..=16).contains(&announced) == (1..=16).contains(&given));
                    }
                    Err(error) => assert_eq!(error.kind(), ErrorKind::Protocol, "{announced} announced, {given} given"),
                }
            }
        }
    }
}

/// A map that gives keys and values out of turn.
struct OutOfTurn(&'static str);

impl Serialize for OutOfTurn {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (n, event) in self.0.chars().enumerate() {
            match event {
                'k' => map.serialize_key(NAMES[n % 6])?,
                _ => map.serialize_value(&1u8)?,
            }
        }
        map.end()
    }
}

#[test]
fn keys_and_values_out_of_turn_in_a_row() {
    let rows =
        [("k", false), ("v", false), ("kk", false), ("kvk", false), ("kvv", false), ("kvkvk", false), ("kvkv", true)];
    for (events, fine) in rows {
        for before in [0usize, 1, 2, 9] {
            for honest in ["kv", "kvkv", "kvkvkv"] {
                let rows = |last| {
                    let mut rows: Vec<OutOfTurn> = (0..before).map(|_| OutOfTurn(honest)).collect();
                    rows.extend([OutOfTurn(last), OutOfTurn(honest)]);
                    rows
                };
                let result = to_vec(&rows(events));
                match fine {
                    true => assert_eq!(from_bytes(&result.unwrap()), before + 2),
                    false => {
                        let error = result.unwrap_err();
                        let message = error.to_string();
                        let expected = ["a map has a key without a value", "a map has a value without a key"];
                        assert_eq!(error.kind(), ErrorKind::Protocol);
                        assert!(expected.iter().any(|expected| message.ends_with(expected)), "{events}: {message}");
                    }
                }
            }
        }
    }
}

fn from_bytes(bytes: &[u8]) -> usize {
    from_slice::<Vec<BTreeMap<String, u8>>>(bytes).unwrap().len()
}

/// A row that gives nothing, or two values.
struct Values(usize);

impl Serialize for Values {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            0 => Err(S::Error::custom("no value")),
            _ => serializer.serialize_u8(1),
        }
    }
}

#[test]
fn a_part_that_gives_no_value_is_an_error_where_it_stands() {
    let rows: Vec<_> = [1, 1, 1, 0, 1].map(|values| BTreeMap::from([("a", Values(1)), ("b", Values(values))])).into();
    assert_eq!(to_vec(&rows).unwrap_err().to_string(), "[3].b: no value");
    poisoned(&Swallowed(&rows));
}

/// A list of which each element's error is swallowed.
struct Swallowed<'a, T>(&'a [T]);

impl<T: Serialize> Serialize for Swallowed<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        for element in self.0 {
            let _ = list.serialize_element(element);
        }
        list.end()
    }
}
