//! Commands and what comes back.

use std::panic::{AssertUnwindSafe, catch_unwind};

use ndarray::{Array2, Array3, array};
use serde::{Deserialize, Serialize};

use crate::Wire;
use crate::fixture::{Server, TIME_TO_LIVE, set_bytes};
use crate::redis::{Commands, Connection, RedisResult, SetExpiry, SetOptions, Value, cmd, pipe};

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Frame {
    id: u64,
    camera: String,
    image: Array3<u8>,
    weights: Array2<f32>,
    embedding: Vec<f32>,
    labels: Vec<String>,
    score: Option<f64>,
    note: Option<String>,
}

fn frame(id: u64) -> Frame {
    Frame {
        id,
        camera: "north".to_string(),
        image: Array3::from_shape_fn((12, 16, 3), |(row, column, channel)| (row * 20 + column + channel) as u8),
        weights: array![[0.5, -1.0], [f32::MIN_POSITIVE, f32::INFINITY]],
        embedding: (0..384).map(|i| i as f32 / 384.0).collect(),
        labels: vec!["cat".to_string(), "häuschen".to_string()],
        score: Some(0.75),
        note: None,
    }
}

/// `SET` as a user writes it; the time to live comes after, so that nothing stays on a server that others use.
fn set<T: Serialize>(con: &mut Connection, key: &str, value: &T) {
    con.set::<_, _, ()>(key, Wire(value)).unwrap();
    con.expire::<_, ()>(key, TIME_TO_LIVE as i64).unwrap();
}

#[test]
fn a_struct_with_arrays_comes_back() {
    let server = Server::start();
    let (mut con, key) = (server.connection(), server.key("frame"));
    set(&mut con, &key, &frame(7));
    let Wire(again): Wire<Frame> = con.get(&key).unwrap();
    assert_eq!(again, frame(7));
}

#[test]
fn plain_types_come_back() {
    let server = Server::start();
    let (mut con, key) = (server.connection(), server.key("plain"));

    let floats: Vec<f32> = (0..1000).map(|i| i as f32).collect();
    set(&mut con, &key, &floats);
    assert_eq!(con.get::<_, Wire<Vec<f32>>>(&key).unwrap(), Wire(floats));

    let labels = ["cat", "", "häuschen"];
    set(&mut con, &key, &labels);
    assert_eq!(con.get::<_, Wire<Vec<String>>>(&key).unwrap().0, labels);

    // An absent value in a key that is there is not a missing key.
    set(&mut con, &key, &None::<u32>);
    assert_eq!(con.get::<_, Option<Wire<Option<u32>>>>(&key).unwrap(), Some(Wire(None)));
    set(&mut con, &key, &Some(5u32));
    assert_eq!(con.get::<_, Option<Wire<Option<u32>>>>(&key).unwrap(), Some(Wire(Some(5))));
}

#[test]
fn mget_gives_one_option_a_key() {
    let server = Server::start();
    let mut con = server.connection();
    let keys = ["a", "b", "c"].map(|name| server.key(name));
    set(&mut con, &keys[0], &frame(0));
    set(&mut con, &keys[2], &frame(2));
    let frames: Vec<Option<Wire<Frame>>> = con.mget(&keys).unwrap();
    assert_eq!(frames, [Some(Wire(frame(0))), None, Some(Wire(frame(2)))]);
}

#[test]
fn mset_and_hset_keep_their_arguments_apart() {
    let server = Server::start();
    let mut con = server.connection();
    let keys = ["m1", "m2"].map(|name| server.key(name));
    con.mset::<_, _, ()>(&[(&keys[0], Wire(vec![1u8; 600])), (&keys[1], Wire(vec![2u8; 5]))]).unwrap();
    for (key, expected) in keys.iter().zip([vec![1u8; 600], vec![2; 5]]) {
        con.expire::<_, ()>(key, TIME_TO_LIVE as i64).unwrap();
        assert_eq!(con.get::<_, Wire<Vec<u8>>>(key).unwrap().0, expected);
    }

    let hash = server.key("hash");
    con.hset::<_, _, _, ()>(&hash, "frame", Wire(&frame(1))).unwrap();
    con.expire::<_, ()>(&hash, TIME_TO_LIVE as i64).unwrap();
    assert_eq!(con.hget::<_, _, Wire<Frame>>(&hash, "frame").unwrap().0, frame(1));
    assert_eq!(con.hget::<_, _, Option<Wire<Frame>>>(&hash, "other").unwrap(), None);
}

#[test]
fn set_takes_its_options() {
    let server = Server::start();
    let (mut con, key) = (server.connection(), server.key("options"));
    let options = SetOptions::default().with_expiration(SetExpiry::EX(TIME_TO_LIVE));
    con.set_options::<_, _, ()>(&key, Wire(&frame(7)), options).unwrap();
    assert_eq!(con.get::<_, Wire<Frame>>(&key).unwrap().0, frame(7));
    let seconds: u64 = con.ttl(&key).unwrap();
    assert!((1..=TIME_TO_LIVE).contains(&seconds), "{seconds}");
}

#[test]
fn pipelines_take_and_give_values() {
    let server = Server::start();
    let mut con = server.connection();
    let keys = ["p1", "p2"].map(|name| server.key(name));
    let (first, second, missing): (Wire<Frame>, Wire<Vec<f64>>, Option<Wire<Frame>>) = pipe()
        .atomic()
        .set_ex(&keys[0], Wire(&frame(1)), TIME_TO_LIVE)
        .ignore()
        .set_ex(&keys[1], Wire([0.5f64; 3]), TIME_TO_LIVE)
        .ignore()
        .get(&keys[0])
        .get(&keys[1])
        .get(server.key("p3"))
        .query(&mut con)
        .unwrap();
    assert_eq!((first.0, second.0, missing), (frame(1), vec![0.5; 3], None));
}

#[test]
fn what_cannot_be_encoded_panics_before_anything_is_sent() {
    struct Failing;
    impl Serialize for Failing {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            // Some of it is fine.
            serializer.collect_seq([1u8, 2])?;
            Err(serde::ser::Error::custom("the sensor is asleep"))
        }
    }

    let server = Server::start();
    let (mut con, key) = (server.connection(), server.key("failing"));
    let panic = catch_unwind(AssertUnwindSafe(|| con.set::<_, _, ()>(&key, Wire(&Failing)))).unwrap_err();
    assert_eq!(panic.downcast_ref::<String>().unwrap(), "cannot encode a value for Redis: the sensor is asleep");
    assert_eq!(cmd("PING").query::<String>(&mut con).unwrap(), "PONG");
    assert!(!con.exists::<_, bool>(&key).unwrap());

    // The same in the middle of a pipeline.
    let panic = catch_unwind(AssertUnwindSafe(|| -> RedisResult<()> {
        pipe().set(&key, Wire(1u8)).set(&key, Wire(&Failing)).query(&mut con)
    }));
    assert_eq!(
        panic.unwrap_err().downcast_ref::<String>().unwrap(),
        "cannot encode a value for Redis: the sensor is asleep"
    );
    assert_eq!(cmd("PING").query::<String>(&mut con).unwrap(), "PONG");
    assert!(!con.exists::<_, bool>(&key).unwrap());
}

#[test]
fn sixteen_mebibytes_come_back() {
    let server = Server::start();
    let (mut con, key) = (server.connection(), server.key("large"));
    let floats: Vec<f32> = (0..4 << 20).map(|i| i as f32).collect();
    set(&mut con, &key, &floats);
    assert_eq!(con.strlen::<_, usize>(&key).unwrap(), ndwire::to_vec(&floats).unwrap().len());
    let Wire(again): Wire<Vec<f32>> = con.get(&key).unwrap();
    assert!(again == floats, "16 MiB differ");
}

#[test]
fn redis_holds_the_bytes_of_to_vec() {
    let server = Server::start();
    let (mut con, key) = (server.connection(), server.key("bytes"));
    let bytes = ndwire::to_vec(&frame(7)).unwrap();

    set(&mut con, &key, &frame(7));
    assert_eq!(con.get::<_, Vec<u8>>(&key).unwrap(), bytes);

    set_bytes(&mut con, &key, &bytes);
    assert_eq!(con.get::<_, Wire<Frame>>(&key).unwrap().0, frame(7));
}

#[test]
fn the_head_alone_can_be_read() {
    let server = Server::start();
    let (mut con, key) = (server.connection(), server.key("head"));
    set(&mut con, &key, &frame(7));

    let mut head: Vec<u8> = con.getrange(&key, 0, 15).unwrap();
    assert_eq!(head.len(), 16);
    let needed = ndwire::Layout::needed(&head).unwrap();
    // The end of GETRANGE is inclusive.
    let rest: Vec<u8> = con.getrange(&key, 16, needed as isize - 1).unwrap();
    head.extend(rest);
    assert_eq!(head.len(), needed);

    let whole: Vec<u8> = con.get(&key).unwrap();
    assert!(needed < whole.len(), "{needed} of {}", whole.len());
    let tree = ndwire::Layout::of(&head).unwrap().to_string();
    assert_eq!(tree, ndwire::Layout::of(&whole).unwrap().to_string());
    assert!(tree.contains("embedding"), "{tree}");
}

#[test]
fn replies_stay_as_they_are_without_wire() {
    let server = Server::start();
    let (mut con, key) = (server.connection(), server.key("raw"));
    set(&mut con, &key, &7u8);
    let bytes = ndwire::to_vec(&7u8).unwrap();
    assert_eq!(con.get::<_, Value>(&key).unwrap(), Value::BulkString(bytes));
}
