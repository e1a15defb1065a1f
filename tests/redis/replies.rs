//! Replies that a server of the tests does not give by itself.

use serde::de::{Deserialize, Deserializer, Visitor};

use crate::redis::{FromRedisValue, ParsingError, PushKind, Value, VerbatimFormat};
use crate::{Received, Wire};

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

/// By all types of replies, from a reply and from a reference to one.
#[track_caller]
fn assert_refused(reply: Value, expected: [String; 3]) {
    let [of_wire, of_received, of_struct] = expected.map(|message| Some(ParsingError::from(message)));
    assert_eq!(Wire::<u8>::from_redis_value_ref(&reply).err(), of_wire);
    assert_eq!(Wire::<u8>::from_redis_value(reply.clone()).err(), of_wire);
    assert_eq!(Received::from_redis_value_ref(&reply).err(), of_received);
    assert_eq!(Received::from_redis_value(reply.clone()).err(), of_received);
    assert_eq!(Reading::from_redis_value_ref(&reply).err(), of_struct);
    assert_eq!(Reading::from_redis_value(reply).err(), of_struct);
}

#[derive(serde::Serialize, serde::Deserialize, PartialEq, Debug)]
struct Reading(f32);

ndwire::redis_value!(Reading);

#[test]
fn nil_says_that_a_key_may_be_missing() {
    let expected = ["Wire<T>", "Received", "Reading"].map(|target| {
        format!("invalid type: found nil, expected a string: read a key that may be missing as `Option<{target}>`")
    });
    assert_refused(Value::Nil, expected.clone());
    assert_refused(with_attributes(Value::Nil), expected);
}

#[test]
fn other_replies_are_named() {
    let number = Value::Int(1);
    let table = [
        (Value::Int(5), "an integer"),
        (Value::Array(vec![stored(&1u8)]), "an array"),
        (Value::SimpleString("QUEUED".to_string()), "a status"),
        (Value::Okay, "a status"),
        (Value::Map(vec![(number.clone(), number.clone())]), "a map"),
        (Value::Set(vec![number.clone()]), "a set"),
        (Value::Double(0.5), "a double"),
        (Value::Boolean(true), "a boolean"),
        (Value::VerbatimString { format: VerbatimFormat::Text, text: "secret".to_string() }, "a verbatim string"),
        (Value::Push { kind: PushKind::Message, data: vec![number] }, "a push message"),
    ];
    for (reply, found) in table {
        let expected = format!("invalid type: found {found}, expected a string");
        assert_refused(reply.clone(), [expected.clone(), expected.clone(), expected.clone()]);
        assert_refused(with_attributes(reply), [expected.clone(), expected.clone(), expected]);
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
    assert_eq!(Wire::<Address>::from_redis_value_ref(&reply).unwrap().0.0, expected);
    assert_eq!(Wire::<Address>::from_redis_value(reply).unwrap().0.0, expected);
}
