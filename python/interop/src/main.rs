//! A Rust service that the tests of the Python package talk to.
//!
//! `interop write URL` sets keys that Python reads, `interop read URL` reads what Python has set and compares it with what it
//! would have written itself, and `interop errors` says of each line of hex what the crate says of these bytes.
#![forbid(unsafe_code)]

use std::error::Error;
use std::fmt::Debug;
use std::io::BufRead;

use half::{bf16, f16};
use ndarray::{Array2, Array3, ShapeBuilder};
use redis::{Commands, Connection, ToSingleRedisArg};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Frame {
    id: u64,
    camera: String,
    #[serde(with = "ndwire::array")]
    image: Array3<u8>,
    #[serde(with = "ndwire::array")]
    weights: Array2<f64>,
    #[serde(with = "ndwire::array")]
    embedding: Vec<f32>,
    #[serde(with = "ndwire::array")]
    halves: Vec<f16>,
    #[serde(with = "ndwire::array")]
    brain: Vec<bf16>,
    corners: [[f32; 2]; 4],
    samples: Vec<Sample>,
    note: Option<String>,
    depth: Option<f32>,
    scores: Vec<Option<f32>>,
    raw: Raw,
    state: State,
}

#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
struct Sample {
    ts: i64,
    x: f32,
    bbox: [u16; 4],
    ok: bool,
    score: Option<f32>,
    place: Place,
}

#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
struct Place {
    latitude: f64,
    level: i8,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Named {
    id: u32,
    name: String,
    score: Option<f64>,
}

/// Bytes, as serde has them.
#[derive(PartialEq, Debug)]
struct Raw(Vec<u8>);

impl Serialize for Raw {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Raw;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("bytes")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Raw, E> {
                Ok(Raw(bytes.into()))
            }
        }
        deserializer.deserialize_bytes(Visitor)
    }
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
enum State {
    Idle,
    Moving { speed: f32 },
}

ndwire::redis_value!(Frame, Sample, Named, State);

fn sample(index: u16) -> Sample {
    Sample {
        ts: 1000 + 10 * i64::from(index),
        x: f32::from(index) / 4.0,
        bbox: [index, index + 1, index + 2, index + 3],
        ok: index.is_multiple_of(3),
        score: (!index.is_multiple_of(5)).then(|| f32::from(index) / 2.0),
        place: Place { latitude: f64::from(index) / 8.0, level: -7 },
    }
}

fn samples(count: u16) -> Vec<Sample> {
    (0..count).map(sample).collect()
}

fn named(count: u32) -> Vec<Named> {
    let one = |id| Named { id, name: format!("name {id}"), score: (id != 1).then(|| f64::from(id) / 2.0) };
    (0..count).map(one).collect()
}

fn frame() -> Frame {
    Frame {
        id: u64::MAX,
        camera: "nörth".into(),
        image: Array3::from_shape_fn((4, 5, 3), |(row, column, channel)| (row * 50 + column * 10 + channel) as u8),
        weights: Array2::from_shape_fn((3, 2).f(), |(row, column)| row as f64 + column as f64 / 2.0),
        embedding: (0..768).map(|index| index as f32 / 768.0).collect(),
        halves: (0..5).map(|index| f16::from_f32(index as f32 / 2.0)).collect(),
        brain: (0..5).map(|index| bf16::from_f32(index as f32 * 2.0)).collect(),
        corners: [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0], [6.0, 7.0]],
        samples: samples(3),
        note: None,
        depth: Some(1.5),
        scores: vec![Some(0.5), None, Some(2.5)],
        raw: Raw(vec![1, 2, 3]),
        state: State::Moving { speed: 2.5 },
    }
}

fn set(connection: &mut Connection, key: &str, value: impl ToSingleRedisArg + Send + Sync) -> redis::RedisResult<()> {
    connection.set::<_, _, ()>(format!("rust:{key}"), value)
}

/// What Python has written must read as what would have been written here.
fn compare<T: redis::FromRedisValue + PartialEq + Debug>(
    connection: &mut Connection,
    key: &str,
    expected: &T,
) -> Result<(), Box<dyn Error>> {
    let found: T = connection.get(format!("python:{key}")).map_err(|error| format!("{key}: {error}"))?;
    match found == *expected {
        true => {
            println!("{key}: equal");
            Ok(())
        }
        false => Err(format!("{key}: found {found:?}, expected {expected:?}").into()),
    }
}

fn connect(url: Option<String>) -> Result<Connection, Box<dyn Error>> {
    Ok(redis::Client::open(url.ok_or("which server?")?)?.get_connection()?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some("write") => {
            let connection = &mut connect(arguments.next())?;
            set(connection, "frame", frame())?;
            set(connection, "idle", State::Idle)?;
            for count in [0, 1, 2, 1000] {
                set(connection, &format!("samples:{count}"), ndwire::redis::Packed::encode(&samples(count))?)?;
                let named = named(count.into());
                set(connection, &format!("named:{count}"), ndwire::redis::Packed::encode(&named)?)?;
            }
        }
        Some("read") => {
            let connection = &mut connect(arguments.next())?;
            compare(connection, "frame", &frame())?;
            compare(connection, "idle", &State::Idle)?;
            for count in [0, 1, 2, 1000] {
                for form in ["array", "list"] {
                    let expected = ndwire::redis::Wire(samples(count));
                    compare(connection, &format!("samples:{form}:{count}"), &expected)?;
                }
                compare(connection, &format!("named:{count}"), &ndwire::redis::Wire(named(count.into())))?;
            }
        }
        Some("errors") => {
            for line in std::io::stdin().lock().lines() {
                let bytes = unhex(&line?)?;
                match ndwire::from_slice::<ndwire::Value>(&bytes) {
                    Ok(_) => println!("ok"),
                    Err(error) => {
                        println!("{}\t{:?}\t{:?}\t{error}", error.kind().name(), error.offset(), error.path())
                    }
                }
            }
        }
        _ => return Err("write URL, read URL or errors".into()),
    }
    Ok(())
}

fn unhex(text: &str) -> Result<Vec<u8>, std::num::ParseIntError> {
    (0..text.len() / 2).map(|index| u8::from_str_radix(&text[2 * index..2 * index + 2], 16)).collect()
}
