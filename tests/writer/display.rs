//! Types that are written by their `Display`, and one that fails.

use std::collections::BTreeMap;
use std::fmt;

use ndwire::{ErrorKind, from_slice, to_vec};
use serde::de::{Deserialize, Deserializer, Error as _, Visitor};
use serde::ser::{Error as _, Serialize, Serializer};

/// Prints its number, unless it is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Printed(u32);

impl fmt::Display for Printed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("number ")?;
        match self.0 {
            0 => Err(fmt::Error),
            number => write!(f, "{number}"),
        }
    }
}

impl Serialize for Printed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[derive(serde::Serialize)]
struct Row<T> {
    number: u8,
    printed: T,
}

fn rows(printed: &[u32]) -> Vec<Row<Printed>> {
    printed.iter().map(|&number| Row { number: 7, printed: Printed(number) }).collect()
}

fn failed(value: &impl Serialize, path: Option<&str>) {
    let error = to_vec(value).unwrap_err();
    let expected = (ErrorKind::Custom, path, "the `Display` of a value fails");
    let message = error.to_string();
    let message = message.rsplit_once(": ").map_or(message.as_str(), |(_, message)| message);
    assert_eq!((error.kind(), error.path(), message), expected);
    #[cfg(feature = "redis-1")]
    assert_eq!(ndwire::redis::Packed::encode(value).unwrap_err().path(), path);
}

#[test]
fn a_display_that_fails_is_an_error_wherever_it_stands() {
    failed(&Printed(0), None);
    failed(&Some(Printed(0)), None);
    failed(&[Printed(1), Printed(0)], Some("[1]"));
    failed(&vec![Printed(1), Printed(0)], Some("[1]"));
    failed(&(1.5, Printed(0)), Some("[1]"));
    failed(&Row { number: 7, printed: Printed(0) }, Some("printed"));
    // In the first row, in the second, in one that is expected to be like those before it, and as the key of a map.
    failed(&rows(&[0]), Some("[0].printed"));
    failed(&rows(&[1, 0]), Some("[1].printed"));
    failed(&rows(&[1, 2, 3, 0]), Some("[3].printed"));
    failed(&BTreeMap::from([(Printed(0), 1)]), None);
    failed(&vec![BTreeMap::from([(Printed(1), 1)]), [(Printed(0), 1)].into()], Some("[1]"));
    failed(&Row { number: 7, printed: vec![BTreeMap::from([("key", Printed(0))])] }, Some("printed[0].key"));
}

#[test]
fn what_is_printed_is_written_as_the_same_text_is() {
    let texts = |numbers: &[u32]| numbers.iter().map(|number| format!("number {number}")).collect::<Vec<_>>();
    let numbers = [1, 2, 3];
    assert_eq!(to_vec(&numbers.map(Printed)).unwrap(), to_vec(&texts(&numbers)).unwrap());
    let printed = rows(&numbers);
    let written: Vec<_> = texts(&numbers).into_iter().map(|printed| Row { number: 7, printed }).collect();
    assert_eq!(to_vec(&printed).unwrap(), to_vec(&written).unwrap());
    let keys: Vec<BTreeMap<_, _>> = numbers.iter().map(|&number| [(Printed(number), number)].into()).collect();
    let names: Vec<BTreeMap<_, _>> = texts(&numbers).into_iter().zip(numbers).map(|entry| [entry].into()).collect();
    assert_eq!(to_vec(&keys).unwrap(), to_vec(&names).unwrap());
}

/// Says what is wrong by a `Display` that fails.
#[derive(Debug)]
struct Fails;

impl Serialize for Fails {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(S::Error::custom(Printed(0)))
    }
}

impl<'de> Deserialize<'de> for Fails {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(D::Error::custom(Printed(0)))
    }
}

/// Its visitor fails to say what it expects.
#[derive(Debug)]
struct Expects;

impl<'de> Deserialize<'de> for Expects {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Nothing;

        impl Visitor<'_> for Nothing {
            type Value = Expects;

            fn expecting(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
                Err(fmt::Error)
            }

            fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Expects, E> {
                match value {
                    0 => Err(E::invalid_value(serde::de::Unexpected::Unsigned(value), &self)),
                    _ => Err(E::invalid_length(1, &self)),
                }
            }
        }

        deserializer.deserialize_any(Nothing)
    }
}

#[test]
fn a_message_that_fails_is_an_error_all_the_same() {
    let message = "an error whose `Display` fails";
    assert_eq!(to_vec(&Fails).unwrap_err().to_string(), message);
    let (zero, one, text) = (to_vec(&0).unwrap(), to_vec(&1).unwrap(), to_vec("text").unwrap());
    assert_eq!(from_slice::<Fails>(&zero).unwrap_err().to_string(), format!("{message}, at byte 16"));
    for (bytes, kind) in
        [(zero, ErrorKind::InvalidValue), (one, ErrorKind::InvalidLength), (text, ErrorKind::TypeMismatch)]
    {
        let error = from_slice::<Expects>(&bytes).unwrap_err();
        assert_eq!((error.kind(), error.to_string()), (kind, format!("{message}, at byte 16")));
    }

    #[derive(Debug)]
    struct Writer;

    impl std::error::Error for Writer {}

    impl fmt::Display for Writer {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            Err(fmt::Error)
        }
    }

    impl std::io::Write for Writer {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other(Writer))
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    let error = ndwire::to_writer(&7, Writer).unwrap_err();
    assert_eq!(error.to_string(), format!("reading or writing failed: {message}"));
    assert_eq!(format!("{error:?}"), format!("Error(io, {:?})", error.to_string()));
}
