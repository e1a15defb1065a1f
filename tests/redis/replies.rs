//! Replies that a server of the tests does not give by itself.

use serde::de::{Deserialize, Deserializer, Visitor};

use crate::redis::{FromRedisValue, ParsingError, PushKind, Value, VerbatimFormat};
use crate::Wire;

fn stored(value: &impl serde::Serialize) -> Value {
    Value::BulkString(ndwire::to_vec(value).unwrap())
}

fn with_attributes(value: Value) -> Value {
    Value::Attribute { data: Box::new(value), attributes: vec![(Value::Okay, Value::Int(1))] }
}

#[test]
fn values_are_found_under_attributes() {
    for reply in [with_attributes(stored(&[1u8, 2])), with_attributes(with_attributes(stored(&[1u8, 2])))] {
        assert_eq!(Wire::<Vec<u8>>::from_redis_value_ref(&reply), Ok(Wire(vec![1, 2])));
        assert_eq!(Wire::<Vec<u8>>::from_redis_value(reply), Ok(Wire(vec![1, 2])));
    }
    let missing = Option::<Wire<u8>>::from_redis_value(with_attributes(Value::Nil));
    assert_eq!(missing, Ok(None));
}

#[test]
fn other_replies_are_named() {
    let number = Value::Int(1);
    let table = [
        (Value::Nil, "nil, expected a string: read a key that may be missing as `Option<Wire<T>>`"),
        (with_attributes(Value::Nil), "nil, expected a string: read a key that may be missing as `Option<Wire<T>>`"),
        (Value::Int(5), "an integer, expected a string"),
        (Value::Array(vec![stored(&1u8)]), "an array, expected a string"),
        (Value::SimpleString("QUEUED".to_string()), "a status, expected a string"),
        (Value::Okay, "a status, expected a string"),
        (Value::Map(vec![(number.clone(), number.clone())]), "a map, expected a string"),
        (Value::Set(vec![number.clone()]), "a set, expected a string"),
        (Value::Double(0.5), "a double, expected a string"),
        (Value::Boolean(true), "a boolean, expected a string"),
        (
            Value::VerbatimString { format: VerbatimFormat::Text, text: "secret".to_string() },
            "a verbatim string, expected a string",
        ),
        (Value::Push { kind: PushKind::Message, data: vec![number] }, "a push message, expected a string"),
    ];
    for (reply, expected) in table {
        let expected = ParsingError::from(format!("invalid type: found {expected}"));
        assert_eq!(Wire::<u8>::from_redis_value_ref(&reply), Err(expected.clone()));
        assert_eq!(Wire::<u8>::from_redis_value(reply), Err(expected));
    }
}

/// Where the bytes of a value were when it was read.
#[derive(Debug)]
struct Address(*const u8);

impl<'de> Deserialize<'de> for Address {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Borrowed;
        impl Visitor<'_> for Borrowed {
            type Value = Address;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("bytes of the input")
            }

            fn visit_borrowed_bytes<E>(self, bytes: &[u8]) -> Result<Address, E> {
                Ok(Address(bytes.as_ptr()))
            }
        }
        deserializer.deserialize_bytes(Borrowed)
    }
}

#[test]
fn a_reply_is_read_without_a_copy_of_it() {
    let bytes = ndwire::to_vec(serde_bytes::Bytes::new(&[7; 5000])).unwrap();
    let payload = bytes.len() - 5000;
    let reply = Value::BulkString(bytes);
    let Value::BulkString(bytes) = &reply else { unreachable!() };
    let expected = bytes[payload..].as_ptr();
    assert_eq!(Wire::<Address>::from_redis_value_ref(&reply).unwrap().0 .0, expected);
    assert_eq!(Wire::<Address>::from_redis_value(reply).unwrap().0 .0, expected);
}
