//! Replies in the encodings that Python writes: the golden files of `tests/golden/python`, put on a server.

use ndwire::foreign::Encoding;
use ndwire::{Array, DynArray, ErrorKind, Order};
use serde::{Deserialize, Serialize};

use crate::fixture::{Server, TIME_TO_LIVE, set_bytes};
use crate::redis::{Commands, FromRedisValue, ParsingError, Value, pipe};
use crate::{AnyEncoding, Received, Wire};

fn golden(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/python/");
    std::fs::read(format!("{folder}{name}")).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The elements of the golden files `f4_2x3x4`.
fn floats() -> Array<f32> {
    Array::from_elements([2, 3, 4], (0..24).map(|n| n as f32).collect::<Vec<_>>()).unwrap()
}

/// A service that is switched before its writers.
#[test]
fn one_type_reads_what_each_writer_left() {
    let server = Server::start();
    let mut con = server.connection();
    let keys = ["msgpack", "text", "npy", "ndwire", "missing"].map(|name| server.key(name));
    set_bytes(&mut con, &keys[0], &golden("f4_2x3x4.msgpack"));
    set_bytes(&mut con, &keys[1], &golden("f4_2x3x4.texthdr"));
    set_bytes(&mut con, &keys[2], &golden("f4_2x3x4.npy"));
    con.set_ex::<_, _, ()>(&keys[3], Wire(floats()), TIME_TO_LIVE).unwrap();

    for key in &keys[..4] {
        let AnyEncoding(read): AnyEncoding<Array<f32>> = con.get(key).unwrap();
        assert_eq!(read, floats());
        let received: Received = con.get(key).unwrap();
        assert_eq!(received.decode_any::<Array<f32>>().unwrap(), floats());
        // Any type that reads such an array reads it here.
        assert_eq!(received.decode_any::<Vec<Vec<Vec<f64>>>>().unwrap()[1][2], [20.0, 21.0, 22.0, 23.0]);
    }
    assert_eq!(con.get::<_, Option<AnyEncoding<Array<f32>>>>(&keys[4]).unwrap(), None);
    let all: Vec<Option<AnyEncoding<Array<f32>>>> = con.mget(&keys).unwrap();
    let expected = [(); 4].map(|()| Some(AnyEncoding(floats())));
    assert_eq!((&all[..4], &all[4]), (&expected[..], &None));
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Document {
    a: Array<u8>,
    b: Inner,
    n: Option<u32>,
    s: String,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Inner {
    c: Array<f32>,
}

/// What `x_dict_of_arrays.msgpack` holds.
fn document() -> Document {
    let c = Array::from_elements([1, 2], vec![1.0, 1.0]).unwrap();
    Document { a: Array::from_elements([3], vec![0, 1, 2]).unwrap(), b: Inner { c }, n: None, s: "txt".to_string() }
}

#[test]
fn a_document_with_arrays_is_a_struct_and_back() {
    let server = Server::start();
    let (mut con, key) = (server.connection(), server.key("document"));
    set_bytes(&mut con, &key, &golden("x_dict_of_arrays.msgpack"));
    let AnyEncoding(read): AnyEncoding<Document> = con.get(&key).unwrap();
    assert_eq!(read, document());

    // For readers that are not switched yet: the bytes that Python wrote.
    let bytes = Encoding::MsgpackNumpy.encode(&read).unwrap();
    pipe().set_ex(&key, bytes, TIME_TO_LIVE).ignore().exec(&mut con).unwrap();
    let stored: Vec<u8> = con.get(&key).unwrap();
    assert_eq!(stored, golden("x_dict_of_arrays.msgpack"));
}

#[test]
fn the_fields_of_a_hash_may_differ() {
    let server = Server::start();
    let (mut con, key) = (server.connection(), server.key("hash"));
    for (field, file) in [("a", "u1_2x3.npy"), ("b", "u1_2x3.texthdr"), ("c", "u1_2x3.msgpack")] {
        con.hset::<_, _, _, ()>(&key, field, golden(file)).unwrap();
    }
    con.expire::<_, ()>(&key, TIME_TO_LIVE as i64).unwrap();
    let read: Vec<AnyEncoding<Array<u8>>> = con.hmget(&key, &["a", "b", "c"]).unwrap();
    let expected = Array::from_elements([2, 3], vec![0u8, 1, 2, 255, 254, 42]).unwrap();
    assert_eq!(read.into_iter().map(|read| read.0).collect::<Vec<_>>(), [expected.clone(), expected.clone(), expected]);
}

#[test]
fn an_encoding_that_is_asked_for_is_the_only_one() {
    let dims = Received::from(golden("i4be_2x3.ii"));
    let expected = Array::from_elements([2, 3], vec![0, 1, -1, i32::MIN, i32::MAX, 42]).unwrap();
    let big_endian = Encoding::DimsHeader(">i4".parse().unwrap());
    assert_eq!(dims.decode_as::<Array<i32>>(big_endian).unwrap(), expected);

    let npy = Received::from(golden("f4_2x3_F.npy"));
    let array: DynArray = npy.decode_as(Encoding::Npy).unwrap();
    assert_eq!((array.shape(), array.order()), (&[2, 3][..], Order::ColumnMajor));
    for other in [Encoding::Ndwire, Encoding::TextHeader, Encoding::MsgpackNumpy] {
        let error = npy.decode_as::<DynArray>(other).unwrap_err();
        let expected = if other == Encoding::Ndwire { ErrorKind::NotNdwire } else { error.kind() };
        assert_eq!(error.kind(), expected, "{other}: {error}");
    }
    let stored = Received::from(ndwire::to_vec(&floats()).unwrap());
    assert_eq!(stored.decode_as::<Array<f32>>(Encoding::Ndwire).unwrap(), floats());
    assert_eq!(stored.decode_any::<Array<f32>>().unwrap(), floats());
}

#[test]
fn what_is_none_of_them_is_named() {
    let server = Server::start();
    let mut con = server.connection();
    for (name, bytes) in [("json", &b"{\"id\": 7}"[..]), ("pickle", b"\x80\x05]\x94."), ("empty", b"")] {
        let key = server.key(name);
        set_bytes(&mut con, &key, bytes);
        let received: Received = con.get(&key).unwrap();
        let error = received.decode_any::<Array<f32>>().unwrap_err();
        let expected = Encoding::detect(bytes).unwrap_err();
        assert_eq!((error.kind(), error.to_string()), (expected.kind(), expected.to_string()));
        let error = con.get::<_, AnyEncoding<Array<f32>>>(&key).unwrap_err();
        assert_eq!(error.to_string(), format!("Incompatible type - {expected}"));
    }
}

#[test]
fn other_replies_are_named() {
    let read = |reply: Value| {
        let by_reference = AnyEncoding::<u8>::from_redis_value_ref(&reply);
        assert_eq!(AnyEncoding::<u8>::from_redis_value(reply), by_reference);
        by_reference
    };
    let error = |text: &str| Err(ParsingError::from(text.to_string()));
    let nil = "invalid type: found nil, expected a string: read a key that may be missing as `Option<AnyEncoding<T>>`";
    assert_eq!(read(Value::Nil), error(nil));
    assert_eq!(read(Value::Int(5)), error("invalid type: found an integer, expected a string"));
    let stored = Value::BulkString(ndwire::to_vec(&7u8).unwrap());
    assert_eq!(read(Value::Attribute { data: Box::new(stored), attributes: vec![] }), Ok(AnyEncoding(7)));
}
