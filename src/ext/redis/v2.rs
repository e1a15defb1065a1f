//! Values as arguments and replies of the release candidates of redis 2.0. Unstable until 2.0 is final.
//!
//! [`Wire`] is the same type as in `ndwire::redis`, with the traits of both major versions, so that a program can move from one to the other.
//!
//! ```
//! use ndwire::redis_2::Wire;
//! use redis_2::{FromRedisValue, ToRedisArgs, Value};
//!
//! let argument = Wire(&[1.0f32, 2.0]).to_redis_args().remove(0);
//! let Wire(read): Wire<Vec<f32>> = FromRedisValue::from_redis_value(Value::BulkString(argument))?;
//! assert_eq!(read, [1.0, 2.0]);
//! # Ok::<(), redis_2::ParsingError>(())
//! ```
#![doc = include_str!("traps.md")]

pub use super::Wire;

super::implement!(redis_2);
