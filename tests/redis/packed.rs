//! Values that are encoded before a command is made of them.

use std::collections::HashMap;

use ndwire::Options;
use serde::Serialize;

use crate::fixture::{Server, TIME_TO_LIVE};
use crate::redis::{Commands, ToRedisArgs, cmd, pipe};
use crate::{Packed, Wire};

#[test]
fn one_is_an_argument_of_many_commands() {
    let server = Server::start();
    let mut con = server.connection();
    let keys = ["p1", "p2", "p3"].map(|name| server.key(name));
    let packed = Packed::encode(&vec![0.5f32; 768]).unwrap();
    con.set_ex::<_, _, ()>(&keys[0], &packed, TIME_TO_LIVE).unwrap();
    con.hset::<_, _, _, ()>(&keys[1], "embedding", &packed).unwrap();
    con.expire::<_, ()>(&keys[1], TIME_TO_LIVE as i64).unwrap();
    pipe().set_ex(&keys[2], &packed, TIME_TO_LIVE).publish("embeddings", &packed).exec(&mut con).unwrap();

    assert_eq!(con.strlen::<_, usize>(&keys[0]).unwrap(), packed.len());
    assert_eq!(con.get::<_, Wire<Vec<f32>>>(&keys[0]).unwrap().0, [0.5; 768]);
    assert_eq!(con.hget::<_, _, Vec<u8>>(&keys[1], "embedding").unwrap(), packed.to_vec());
    assert_eq!(con.get::<_, Vec<u8>>(&keys[2]).unwrap(), packed.to_vec());
}

#[test]
fn it_fails_where_it_is_encoded() {
    struct Failing;

    impl Serialize for Failing {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_seq([1u8, 2])?;
            Err(serde::ser::Error::custom("the sensor is asleep"))
        }
    }

    let error = Packed::encode(&Failing).unwrap_err();
    assert_eq!((error.kind().name(), error.to_string().as_str()), ("custom", "the sensor is asleep"));
}

#[test]
fn the_limit_is_exact_and_both_sizes_are_named() {
    let value = vec![0u8; 2000];
    let len = ndwire::to_vec(&value).unwrap().len();
    let packed = |limit| Packed::encode_with(&value, Options::default(), limit);
    assert_eq!(packed(len as u64).unwrap().len(), len);
    let error = packed(len as u64 - 1).unwrap_err();
    assert_eq!(error.kind().name(), "too_large");
    assert_eq!(error.to_string(), "value is too large for Redis: found 2032 bytes, the limit is 2031");
    // That it holds by default is shown with `Wire`, which is spared a second test with half a gibibyte.
    assert_eq!(Packed::DEFAULT_LIMIT, 512 << 20);
}

#[test]
fn options_are_kept() {
    let options = Options { sort_maps: true };
    let map: HashMap<u32, u32> = (0..100).map(|i| (i, i)).collect();
    let packed = Packed::encode_with(&map, options, Packed::DEFAULT_LIMIT).unwrap();
    assert_eq!(packed.to_vec(), ndwire::to_vec_with(&map, options).unwrap());
}

#[test]
fn its_bytes_are_those_of_to_vec() {
    let value = ("many", vec![1.0f32; 1000], vec![2u8; 3000]);
    let bytes = ndwire::to_vec(&value).unwrap();
    let packed = Packed::encode(&value).unwrap();
    assert_eq!(packed.len(), bytes.len());
    assert_eq!(packed.to_vec(), bytes);
    assert_eq!(packed.to_redis_args(), std::slice::from_ref(&bytes));
    assert_eq!(packed.num_of_args(), 1);
    let mut file = Vec::new();
    packed.write_to(&mut file).unwrap();
    assert_eq!(file, bytes);

    // Without a sized type, too.
    assert_eq!(Packed::encode("text").unwrap().to_vec(), ndwire::to_vec("text").unwrap());
    assert_eq!(Packed::encode(&[1u8, 2][..]).unwrap().to_vec(), ndwire::to_vec(&[1u8, 2]).unwrap());
}

#[test]
fn a_writer_that_fails_is_an_error_of_kind_io() {
    let mut short = [0; 20];
    let error = Packed::encode(&vec![1u8; 2000]).unwrap().write_to(&mut short[..]).unwrap_err();
    assert_eq!(error.kind().name(), "io");
    assert_eq!(error.to_string(), "reading or writing failed: failed to write whole buffer");
}

#[test]
fn debug_is_its_length() {
    assert_eq!(format!("{:?}", Packed::encode("secret").unwrap()), "Packed { len: 23 }");
}

/// What the page of traps says of logs.
#[test]
fn debug_of_a_command_shows_the_payload() {
    let mut command = cmd("SET");
    command.arg("key").arg(Packed::encode("secret").unwrap());
    assert!(format!("{command:?}").contains("secret"));
}
