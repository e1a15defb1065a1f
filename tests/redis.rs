//! `ndwire::redis` with redis 1.x against a real server.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

pub(crate) use ::redis;
pub(crate) use ndwire::redis::Wire;

#[path = "redis/fixture.rs"]
mod fixture;
#[path = "redis/replies.rs"]
mod replies;
#[path = "redis/server.rs"]
mod server;
#[path = "redis/writing.rs"]
mod writing;
