//! Types of the application that are values themselves.

use std::collections::{BTreeMap, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};

use ndwire::Element;
use serde::{Deserialize, Serialize};

use crate::fixture::{Server, TIME_TO_LIVE};
use crate::redis::{Commands, FromRedisValue, RedisResult, ToSingleRedisArg, Value, cmd, pipe};
use crate::{Packed, Received, Wire};

#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
struct Frame {
    id: u64,
    image: Vec<[u8; 3]>,
    pose: ndarray::Array2<f64>,
    corners: [[f32; 2]; 4],
    embedding: Vec<f32>,
    depth: Option<Vec<u16>>,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
enum Event {
    Started,
    Moved { by: [f32; 3] },
    Seen(Frame),
}

ndwire::redis_value!(Frame, Event);

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Grid<T: Element, const N: usize> {
    spacing: Vec<f64>,
    cells: Vec<T>,
}

ndwire::redis_value!(for[T: Element, const N: usize] Grid<T, N>);

/// Its parameters have the names that an implementation might want for itself.
#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Pair<W, Out> {
    left: W,
    right: Out,
}

ndwire::redis_value!(for[W, Out] Pair<W, Out>,);

/// A type that borrows is an argument only.
#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Label<'a> {
    name: &'a str,
    score: f32,
}

ndwire::redis_value!(for['a] Label<'a>);

mod nested {
    #[derive(serde::Serialize, serde::Deserialize, PartialEq, Debug)]
    pub(crate) struct Camera(pub(crate) String);
}

ndwire::redis_value!(nested::Camera);

fn frame(id: u64) -> Frame {
    Frame {
        id,
        image: vec![[0, 128, 255]; 500],
        pose: ndarray::Array2::eye(4),
        corners: [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0], [6.0, 7.0]],
        embedding: (0..384).map(|i| i as f32 / 384.0).collect(),
        depth: Some(vec![1000; 64]),
    }
}

#[test]
fn a_struct_is_set_and_got_as_it_is() {
    let server = Server::start();
    let (mut con, key) = (server.connection(), server.key("frame"));
    con.set::<_, _, ()>(&key, &frame(1)).unwrap();
    con.expire::<_, ()>(&key, TIME_TO_LIVE as i64).unwrap();
    let again: Frame = con.get(&key).unwrap();
    assert_eq!(again, frame(1));

    // The bytes are those of all other ways.
    let bytes = ndwire::to_vec(&frame(1)).unwrap();
    assert_eq!(con.get::<_, Vec<u8>>(&key).unwrap(), bytes);
    assert_eq!(con.get::<_, Wire<Frame>>(&key).unwrap().0, frame(1));

    // By value, and in the boxes of redis-rs.
    con.set_ex::<_, _, ()>(&key, frame(2), TIME_TO_LIVE).unwrap();
    assert_eq!(con.get::<_, Box<Frame>>(&key).unwrap(), frame(2).into());
    con.set_ex::<_, _, ()>(&key, std::sync::Arc::new(frame(3)), TIME_TO_LIVE).unwrap();
    assert_eq!(con.get::<_, Option<Frame>>(&key).unwrap(), Some(frame(3)));
}

#[test]
fn enums_generic_types_and_types_of_modules_are_values() {
    let server = Server::start();
    let (mut con, key) = (server.connection(), server.key("types"));
    for event in [Event::Started, Event::Moved { by: [1.0, 2.0, 3.0] }, Event::Seen(frame(1))] {
        con.set_ex::<_, _, ()>(&key, &event, TIME_TO_LIVE).unwrap();
        assert_eq!(con.get::<_, Event>(&key).unwrap(), event);
    }

    let floats = Grid::<f32, 2> { spacing: vec![0.5; 2], cells: vec![1.5; 300] };
    con.set_ex::<_, _, ()>(&key, &floats, TIME_TO_LIVE).unwrap();
    assert_eq!(con.get::<_, Grid<f32, 2>>(&key).unwrap(), floats);

    let pair = Pair { left: "left".to_string(), right: Some(vec![1i16, -1]) };
    con.set_ex::<_, _, ()>(&key, &pair, TIME_TO_LIVE).unwrap();
    assert_eq!(con.get::<_, Pair<String, Option<Vec<i16>>>>(&key).unwrap(), pair);

    let camera = nested::Camera("north".to_string());
    con.set_ex::<_, _, ()>(&key, &camera, TIME_TO_LIVE).unwrap();
    assert_eq!(con.get::<_, nested::Camera>(&key).unwrap(), camera);

    let label = Label { name: "cat", score: 0.5 };
    con.set_ex::<_, _, ()>(&key, &label, TIME_TO_LIVE).unwrap();
    let received: Received = con.get(&key).unwrap();
    assert_eq!(received.decode::<Label<'_>>().unwrap(), label);
}

#[test]
fn missing_types_are_named_as_they_are_written() {
    let message = |error: crate::redis::ParsingError| {
        error.to_string().rsplit_once(": ").map(|(_, advice)| advice.to_string()).unwrap()
    };
    assert_eq!(
        message(Grid::<f32, 2>::from_redis_value(Value::Nil).unwrap_err()),
        "read a key that may be missing as `Option<Grid<T, N>>`"
    );
    assert_eq!(
        message(nested::Camera::from_redis_value(Value::Nil).unwrap_err()),
        "read a key that may be missing as `Option<nested::Camera>`"
    );
}

#[test]
fn lists_of_keys_hashes_and_lists_give_many() {
    let server = Server::start();
    let mut con = server.connection();
    let keys = ["a", "b", "c"].map(|name| server.key(name));
    con.mset::<_, _, ()>(&[(&keys[0], frame(0)), (&keys[2], frame(2))]).unwrap();
    for key in &keys {
        con.expire::<_, ()>(key, TIME_TO_LIVE as i64).unwrap();
    }
    let frames: Vec<Option<Frame>> = con.mget(&keys).unwrap();
    assert_eq!(frames, [Some(frame(0)), None, Some(frame(2))]);

    let hash = server.key("hash");
    con.hset_multiple::<_, _, _, ()>(&hash, &[("x", frame(3)), ("y", frame(4))]).unwrap();
    con.expire::<_, ()>(&hash, TIME_TO_LIVE as i64).unwrap();
    assert_eq!(con.hget::<_, _, Option<Frame>>(&hash, "z").unwrap(), None);
    let expected = [("x".to_string(), frame(3)), ("y".to_string(), frame(4))];
    assert_eq!(con.hgetall::<_, BTreeMap<String, Frame>>(&hash).unwrap(), expected.clone().into());
    assert_eq!(con.hgetall::<_, HashMap<String, Frame>>(&hash).unwrap(), expected.into());

    let list = server.key("list");
    con.rpush::<_, _, ()>(&list, vec![frame(5), frame(6)]).unwrap();
    con.expire::<_, ()>(&list, TIME_TO_LIVE as i64).unwrap();
    assert_eq!(con.lrange::<_, Vec<Frame>>(&list, 0, -1).unwrap(), [frame(5), frame(6)]);
}

#[test]
fn a_pipeline_gives_a_tuple() {
    let server = Server::start();
    let (mut con, key) = (server.connection(), server.key("piped"));
    let (first, second): (Frame, Option<Event>) = pipe()
        .atomic()
        .set_ex(&key, frame(1), TIME_TO_LIVE)
        .ignore()
        .get(&key)
        .get(server.key("nothing"))
        .query(&mut con)
        .unwrap();
    assert_eq!((first, second), (frame(1), None));
}

#[test]
fn it_is_one_argument_and_the_same_as_all_others() {
    fn argument(value: impl ToSingleRedisArg) -> Vec<Vec<u8>> {
        assert_eq!(value.num_of_args(), 1);
        value.to_redis_args()
    }
    let bytes = [ndwire::to_vec(&frame(1)).unwrap()];
    let (value, packed) = (frame(1), Packed::encode(&frame(1)).unwrap());
    assert_eq!(argument(&value), bytes);
    assert_eq!(argument(Wire(&value)), bytes);
    assert_eq!(argument(value), bytes);
    assert_eq!(argument(&packed), bytes);
    assert_eq!(argument(packed), bytes);
}

#[test]
fn what_cannot_be_encoded_panics_before_anything_is_sent() {
    #[derive(Debug)]
    struct Sensor;

    impl Serialize for Sensor {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            // Some of it is fine.
            serializer.collect_seq([1u8, 2])?;
            Err(serde::ser::Error::custom("the sensor is asleep"))
        }
    }

    impl<'de> Deserialize<'de> for Sensor {
        fn deserialize<D: serde::Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
            Ok(Sensor)
        }
    }

    ndwire::redis_value!(Sensor);

    let server = Server::start();
    let (mut con, key) = (server.connection(), server.key("sensor"));
    let panic = catch_unwind(AssertUnwindSafe(|| -> RedisResult<()> {
        pipe().set(&key, frame(1)).set(&key, &Sensor).query(&mut con)
    }));
    assert_eq!(
        panic.unwrap_err().downcast_ref::<String>().unwrap(),
        "cannot encode a value for Redis: the sensor is asleep"
    );
    assert_eq!(cmd("PING").query::<String>(&mut con).unwrap(), "PONG");
    assert!(!con.exists::<_, bool>(&key).unwrap());
}

/// One call of the macro is for all versions.
#[cfg(all(feature = "redis-1", feature = "redis-2"))]
#[test]
fn both_versions_take_it() {
    let argument = ::redis::ToRedisArgs::to_redis_args(&frame(1)).remove(0);
    assert_eq!([argument.clone()][..], redis_2::ToRedisArgs::to_redis_args(&frame(1))[..]);
    let one: Frame = ::redis::FromRedisValue::from_redis_value(::redis::Value::BulkString(argument.clone())).unwrap();
    let two: Frame = redis_2::FromRedisValue::from_redis_value(redis_2::Value::BulkString(argument)).unwrap();
    assert_eq!(one, two);
}
