//! Who may be serialized a second time, and what becomes of one that is another then.
//!
//! A row that does not fit those before it may be asked again where a second call is harmless by custom: the elements of
//! `collect_seq`, of tuples and of arrays. What comes one by one is asked once.

use std::cell::Cell;

use ndwire::{ErrorKind, encode_into, to_vec, to_writer};
use serde::Serialize;
use serde::ser::{Error as _, SerializeMap, SerializeStruct, SerializeTuple, Serializer};

use super::OneByOne;

const OTHER: &str = "a `Serialize` gives another structure when it is called again";

/// Good for one call.
struct Once<T>(T, Cell<bool>);

impl<T> Once<T> {
    fn new(value: T) -> Self {
        Once(value, Cell::new(false))
    }
}

impl<T: Serialize> Serialize for Once<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        assert!(!self.1.replace(true), "serialized twice");
        self.0.serialize(serializer)
    }
}

/// A struct of these fields, of any types.
macro_rules! row {
    ($serializer:expr, $($name:ident: $value:expr),*) => {{
        let mut row = $serializer.serialize_struct("Row", [$(stringify!($name)),*].len())?;
        $(row.serialize_field(stringify!($name), &$value)?;)*
        row.end()
    }};
}

/// A few structures that an element may have.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    Byte,
    Word,
    Nil,
    Text,
    Bytes,
    Pair,
    Triple,
    UnevenPair,
    LongTuple,
    Row,
    RowOfNone,
    RowOfText,
    RowOfOther,
    Renamed,
    RenamedFirst,
    Longer,
    Shorter,
    WiderFirst,
    Reordered,
    Map,
    Variant,
    OtherVariant,
    UnitVariant,
    Vector,
    LongerVector,
    Deep,
    DeepRenamed,
}

const FORMS: [Form; 27] = [
    Form::Byte,
    Form::Word,
    Form::Nil,
    Form::Text,
    Form::Bytes,
    Form::Pair,
    Form::Triple,
    Form::UnevenPair,
    Form::LongTuple,
    Form::Row,
    Form::RowOfNone,
    Form::RowOfText,
    Form::RowOfOther,
    Form::Renamed,
    Form::RenamedFirst,
    Form::Longer,
    Form::Shorter,
    Form::WiderFirst,
    Form::Reordered,
    Form::Map,
    Form::Variant,
    Form::OtherVariant,
    Form::UnitVariant,
    Form::Vector,
    Form::LongerVector,
    Form::Deep,
    Form::DeepRenamed,
];

impl Serialize for Form {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Form::Byte => serializer.serialize_u8(1),
            Form::Word => serializer.serialize_u16(1),
            Form::Nil => serializer.serialize_none(),
            Form::Text => serializer.serialize_str("text"),
            Form::Bytes => serializer.serialize_bytes(&[1; 700]),
            Form::Pair => (1u8, 2u8).serialize(serializer),
            Form::Triple => (1u8, 2u8, 3u8).serialize(serializer),
            Form::UnevenPair => (1u8, "text").serialize(serializer),
            Form::LongTuple => [7u16; 20].serialize(serializer),
            Form::Row => row!(serializer, a: 1u8, b: 2u8),
            Form::RowOfNone => row!(serializer, a: 1u8, b: None::<u8>),
            Form::RowOfText => row!(serializer, a: 1u8, b: "text"),
            Form::RowOfOther => row!(serializer, a: 1u8, b: 2u16),
            Form::Renamed => row!(serializer, a: 1u8, c: 2u8),
            Form::RenamedFirst => row!(serializer, c: 1u8, b: "text"),
            Form::Longer => row!(serializer, a: 1u8, b: 2u8, c: 3u8),
            Form::Shorter => row!(serializer, a: 1u8),
            Form::WiderFirst => row!(serializer, a: 1u16, b: "text"),
            Form::Reordered => row!(serializer, b: 2u8, a: 1u8),
            Form::Map => serializer.collect_map([("a", 1u8), ("b", 2)]),
            Form::Variant => serializer.serialize_newtype_variant("Enum", 0, "A", &1u8),
            Form::OtherVariant => serializer.serialize_newtype_variant("Enum", 1, "B", &1u8),
            Form::UnitVariant => serializer.serialize_unit_variant("Enum", 2, "C"),
            Form::Vector => vec![1u8, 2].serialize(serializer),
            Form::LongerVector => vec![1u8; 3].serialize(serializer),
            Form::Deep => row!(serializer, a: 1u8, b: [Form::RowOfText; 2]),
            Form::DeepRenamed => row!(serializer, a: 1u8, b: [Form::RowOfText, Form::RenamedFirst]),
        }
    }
}

/// One form at its first call, the other at every later one.
struct Changes(Form, Form, Cell<usize>);

impl Serialize for Changes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let calls = self.2.replace(self.2.get() + 1);
        if calls == 0 { self.0.serialize(serializer) } else { self.1.serialize(serializer) }
    }
}

/// An element among others of another type.
enum Among<T> {
    Fixed(Form),
    Own(T),
}

impl<T: Serialize> Serialize for Among<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Among::Fixed(form) => form.serialize(serializer),
            Among::Own(own) => own.serialize(serializer),
        }
    }
}

fn among<T>(fixed: Form, at: usize, own: T, len: usize) -> Vec<Among<T>> {
    let mut list: Vec<Among<T>> = (0..len - 1).map(|_| Among::Fixed(fixed)).collect();
    list.insert(at, Among::Own(own));
    list
}

/// A list as a tuple.
struct Tuple<'a, T>(&'a [T]);

impl<T: Serialize> Serialize for Tuple<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_tuple(self.0.len())?;
        self.0.iter().try_for_each(|element| list.serialize_element(element))?;
        list.end()
    }
}

#[test]
fn what_comes_one_by_one_is_serialized_once_wherever_one_does_not_fit() {
    for fixed in FORMS {
        for other in FORMS {
            for at in [0, 1, 4, 39] {
                let len = at + 2;
                let list: Vec<Once<Form>> = (0..len).map(|n| Once::new(if n == at { other } else { fixed })).collect();
                let plain: Vec<Form> = (0..len).map(|n| if n == at { other } else { fixed }).collect();
                assert_eq!(to_vec(&OneByOne(&list)).unwrap(), to_vec(&plain).unwrap(), "{fixed:?} {other:?} {at}");
            }
            // The same in rows: as fields and entries of elements that come one by one, and as a value and its fields.
            let rows = [fixed, fixed, other, fixed];
            let structs: Vec<_> = rows.iter().map(|form| Field(Once::new(*form), Once::new(fixed))).collect();
            let plain: Vec<_> = rows.iter().map(|form| Field(*form, fixed)).collect();
            assert_eq!(to_vec(&OneByOne(&structs)).unwrap(), to_vec(&plain).unwrap(), "{fixed:?} {other:?}");
            let maps: Vec<_> = rows.iter().map(|form| Entries([Once::new(*form), Once::new(fixed)])).collect();
            let plain: Vec<_> = rows.iter().map(|form| Entries([*form, fixed])).collect();
            assert_eq!(to_vec(&OneByOne(&maps)).unwrap(), to_vec(&plain).unwrap(), "{fixed:?} {other:?}");
            assert_eq!(
                to_vec(&Entries([Once::new(fixed), Once::new(other)])).unwrap(),
                to_vec(&Entries([fixed, other])).unwrap()
            );
            assert_eq!(
                to_vec(&Field(Once::new(fixed), Once::new(other))).unwrap(),
                to_vec(&Field(fixed, other)).unwrap()
            );
        }
    }
}

struct Field<A, B>(A, B);

impl<A: Serialize, B: Serialize> Serialize for Field<A, B> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        row!(serializer, before: 1u8, form: self.0, after: self.1)
    }
}

struct Entries<T>([T; 2]);

impl<T: Serialize> Serialize for Entries<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("one", &self.0[0])?;
        map.serialize_key("other")?;
        map.serialize_value(&self.0[1])?;
        map.end()
    }
}

#[test]
fn two_calls_give_the_data_of_one_of_them_or_an_error() {
    let mut called_again = 0;
    for fixed in FORMS {
        for first in FORMS {
            for second in FORMS {
                for at in [0, 3] {
                    let list = || among(fixed, at, Changes(first, second, Cell::new(0)), at + 2);
                    let by = |form: Form| to_vec(&among(fixed, at, form, at + 2)).unwrap();
                    let why = format!("{at} {fixed:?}, then {first:?}, if asked again {second:?}");
                    let (vector, elements) = (list(), list());
                    let results = [to_vec(&vector), to_vec(&Tuple(&elements))];
                    for (list, result) in [vector, elements].iter().zip(results) {
                        let Among::Own(Changes(.., calls)) = &list[at] else { unreachable!() };
                        assert!(calls.get() <= 2, "{} calls: {why}", calls.get());
                        called_again += calls.get() - 1;
                        match result {
                            Ok(bytes) if calls.get() == 1 => assert_eq!(bytes, by(first), "{why}"),
                            Ok(bytes) => assert!(bytes == by(first) || bytes == by(second), "{why}"),
                            Err(error) => {
                                let at = format!("[{at}]");
                                assert_eq!(error.kind(), ErrorKind::Protocol, "{error}: {why}");
                                assert!(error.to_string().ends_with(OTHER), "{error}: {why}");
                                assert!(error.path().unwrap().starts_with(&at), "{error}: {why}");
                                assert!(calls.get() == 2 && first != second, "{why}");
                            }
                        }
                    }
                }
            }
        }
    }
    println!("{called_again} called again");
}

/// What had been written before the element did not fit must be there again.
#[test]
fn another_structure_in_the_second_call_is_an_error() {
    for second in [
        Form::RenamedFirst,
        Form::WiderFirst,
        Form::Byte,
        Form::Nil,
        Form::Text,
        Form::Pair,
        Form::UnevenPair,
        Form::Variant,
        Form::Reordered,
        Form::Vector,
    ] {
        for at in [1, 2, 9, 300] {
            let list = || among(Form::Row, at, Changes(Form::RowOfText, second, Cell::new(0)), at + 3);
            let once = to_vec(&among(Form::Row, at, Form::RowOfText, at + 3)).unwrap();
            let asked = list();
            let before = b"before".to_vec();
            let mut out = before.clone();
            let result = encode_into(&asked, &mut out);
            let Among::Own(Changes(.., calls)) = &asked[at] else { unreachable!() };
            if calls.get() == 1 {
                result.unwrap();
                assert_eq!(out[6..], once);
                continue;
            }
            let error = result.unwrap_err();
            assert_eq!((error.kind(), error.to_string()), (ErrorKind::Protocol, format!("[{at}]: {OTHER}")));
            assert_eq!(out, before);
            let mut written = Vec::new();
            assert_eq!(to_writer(&(1u8, list()), &mut written).unwrap_err().path(), Some(&*format!("[1][{at}]")));
            assert_eq!(written, b"");
        }
    }
}

/// Counts its calls, and gives the number.
struct Counts<T>(T, Cell<u32>);

impl<T: Serialize> Serialize for Counts<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.1.set(self.1.get() + 1);
        row!(serializer, a: self.1.get(), b: self.0, c: f64::from(self.1.get()))
    }
}

#[test]
fn other_scalars_in_the_second_call_are_fine() {
    for fixed in FORMS {
        for other in FORMS {
            for at in [0, 1, 5] {
                let forms = (0..at + 2).map(|n| if n == at { other } else { fixed });
                let list: Vec<_> = forms.clone().map(|form| Counts(form, Cell::new(0))).collect();
                let bytes = to_vec(&list).unwrap_or_else(|error| panic!("{error}: {fixed:?} {other:?} {at}"));
                // It is what the last call gave, each row for itself.
                let row = |(n, form): (usize, Form)| Counts(form, Cell::new(list[n].1.get() - 1));
                let last: Vec<_> = forms.enumerate().map(row).collect();
                assert_eq!(bytes, to_vec(&OneByOne(&last)).unwrap(), "{fixed:?} {other:?} {at}");
            }
        }
    }
}

/// Goes on whatever its parts say, as if nothing had happened.
struct GoesOn(Form, Form);

impl Serialize for GoesOn {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_struct("Row", 3)?;
        let _ = row.serialize_field("a", &self.0);
        let _ = row.serialize_field("b", &self.1);
        let _ = row.serialize_field("c", &1u8);
        row.end()
    }
}

/// That a row does not fit is no error of its parts: who swallows it has swallowed nothing.
#[test]
fn a_row_that_swallows_a_misfit_is_written() {
    for fixed in FORMS {
        for other in FORMS {
            for at in [1, 4] {
                let form = |n: usize| if n == at { other } else { fixed };
                let rows: Vec<_> = (0..at + 2).map(|n| GoesOn(form(n), form(n + 1))).collect();
                let bytes = to_vec(&rows).unwrap_or_else(|error| panic!("{error}: {fixed:?} {other:?}"));
                assert_eq!(bytes, to_vec(&OneByOne(&rows)).unwrap(), "{fixed:?} {other:?}");
            }
        }
    }
}

/// Fails at its first call, or at its second.
struct FailsAt(usize, Cell<usize>);

impl Serialize for FailsAt {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let call = self.1.replace(self.1.get() + 1);
        if call == self.0 { Err(S::Error::custom("failed")) } else { Form::RowOfText.serialize(serializer) }
    }
}

#[test]
fn an_error_of_either_call_is_told() {
    for fixed in FORMS {
        for call in [0, 1] {
            for at in [0, 1, 4] {
                let list = among(fixed, at, FailsAt(call, Cell::new(0)), at + 2);
                match to_vec(&list) {
                    Ok(bytes) => assert_eq!(bytes, to_vec(&among(fixed, at, Form::RowOfText, at + 2)).unwrap()),
                    Err(error) => {
                        assert_eq!((error.kind(), error.to_string()), (ErrorKind::Custom, format!("[{at}]: failed")));
                    }
                }
                let list = among(fixed, at, FailsAt(call, Cell::new(0)), at + 2);
                let one_by_one = to_vec(&OneByOne(&list)).map_err(|error| error.to_string());
                match call {
                    0 => assert_eq!(one_by_one.unwrap_err(), format!("[{at}]: failed")),
                    _ => assert_eq!(one_by_one.unwrap(), to_vec(&among(fixed, at, Form::RowOfText, at + 2)).unwrap()),
                }
            }
        }
    }
}

/// Levels of lists of which the second element does not fit, and holds the next list. In front of the field that does not fit or
/// behind it, in a vector or in an array.
struct Levels<'a> {
    left: usize,
    is_behind: bool,
    is_array: bool,
    calls: &'a Cell<usize>,
}

/// More calls than any writer needs that asks no level anew for each level around it.
const MOST_CALLS: usize = 200_000;

impl Serialize for Levels<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Element<'a>(&'a Levels<'a>, usize);

        impl Serialize for Element<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let Element(Levels { left, is_behind, is_array, calls }, at) = *self;
                calls.set(calls.get() + 1);
                if calls.get() > MOST_CALLS {
                    return Err(S::Error::custom("called without end"));
                }
                let inner = (at == 1 && *left > 0).then(|| Levels {
                    left: left - 1,
                    is_behind: *is_behind,
                    is_array: *is_array,
                    calls,
                });
                // The field fits in every element but the second.
                let field = if at == 1 { Form::Text } else { Form::Byte };
                match is_behind {
                    true => row!(serializer, inner: inner, field: field),
                    false => row!(serializer, field: field, inner: inner),
                }
            }
        }

        let element = |at| Element(self, at);
        match self.is_array {
            true => [element(0), element(1), element(2)].serialize(serializer),
            false => vec![element(0), element(1), element(2)].serialize(serializer),
        }
    }
}

#[test]
fn a_level_is_not_asked_anew_for_each_level_around_it() {
    for is_behind in [true, false] {
        for is_array in [true, false] {
            let calls = Cell::new(0);
            to_vec(&Levels { left: 40, is_behind, is_array, calls: &calls })
                .unwrap_or_else(|error| panic!("{error}: {is_behind} {is_array}"));
            let elements = 3 * 41;
            assert!(calls.get() >= elements && calls.get() <= 41 * 2 * elements, "{} calls", calls.get());
        }
    }
}
