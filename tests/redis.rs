//! `ndwire::redis` with redis 1.x against a real server.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

pub(crate) use ::redis;
#[cfg(feature = "foreign")]
pub(crate) use ndwire::redis::AnyEncoding;
pub(crate) use ndwire::redis::{Packed, RawLe, Received, Wire};

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
