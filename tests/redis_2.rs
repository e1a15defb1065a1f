//! `ndwire::redis_2` with the candidate of redis 2.0 against a real server: the tests of `redis.rs`, word for word.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

#[cfg(feature = "foreign")]
pub(crate) use ndwire::redis_2::AnyEncoding;
pub(crate) use ndwire::redis_2::{Packed, RawLe, Received, Wire};
pub(crate) use redis_2 as redis;

#[cfg(feature = "foreign")]
#[path = "redis/any_encoding.rs"]
mod any_encoding;
#[path = "redis/fixture.rs"]
mod fixture;
#[path = "redis/found.rs"]
mod found;
#[path = "redis/own.rs"]
mod own;
#[path = "redis/packed.rs"]
mod packed;
#[path = "redis/raw_le.rs"]
mod raw_le;
#[path = "redis/received.rs"]
mod received;
#[path = "redis/replies.rs"]
mod replies;
#[path = "redis/server.rs"]
mod server;
#[path = "redis/typed.rs"]
mod typed;
#[path = "redis/writing.rs"]
mod writing;
