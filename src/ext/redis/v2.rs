//! Values as arguments and replies of the release candidates of redis 2.0. Unstable until 2.0 is final.
//!
//! The types are the same as in `ndwire::redis`, with the traits of both major versions, so that a program can move from one to
//! the other. So are those to which [`redis_value!`](crate::redis_value) gives the traits.
//!
//! ```
//! use ndwire::AsArray;
//! use redis_2::{FromRedisValue, ToRedisArgs, Value};
//!
//! #[derive(serde::Serialize, serde::Deserialize, PartialEq, Debug)]
//! struct Frame { id: u64, embedding: Vec<f32> }
//!
//! ndwire::redis_value!(Frame);
//!
//! let frame = Frame { id: 7, embedding: vec![0.5; 768] };
//! let argument = frame.to_redis_args().remove(0);
//! assert_eq!(Frame::from_redis_value(Value::BulkString(argument))?, frame);
//!
//! // One array, also of ndarray:
//! let argument = AsArray(&[1.0f32, 2.0]).to_redis_args().remove(0);
//! let AsArray(read): AsArray<Vec<f32>> = FromRedisValue::from_redis_value(Value::BulkString(argument))?;
//! assert_eq!(read, [1.0, 2.0]);
//! # Ok::<(), redis_2::ParsingError>(())
//! ```
//!
//! [`Wire`] is for types of other crates; [`Packed`] encodes first and can fail there; [`Received`] takes a reply without a copy, to be
//! decoded in a second step; [`RawLe`] is a bare little-endian vector.
#![doc = include_str!("traps.md")]

#[cfg(feature = "foreign")]
pub use super::AnyEncoding;
pub use super::{Packed, RawElement, RawLe, Received, Wire};

super::implement!(redis_2);
