//! `ndwire::redis_2` with the candidate of redis 2.0 against a real server: the tests of `redis.rs`, word for word.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

pub(crate) use ndwire::redis_2::Wire;
pub(crate) use redis_2 as redis;

#[path = "redis/fixture.rs"]
mod fixture;
#[path = "redis/replies.rs"]
mod replies;
#[path = "redis/server.rs"]
mod server;
#[path = "redis/writing.rs"]
mod writing;
