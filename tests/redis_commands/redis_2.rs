//! Commands and connections of the candidate of redis 2.0 with values: the tests of `redis_1.rs`, word for word, but for the pool,
//! which is made for redis 1.x.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

pub(crate) use ndwire::redis_2::{Packed, Received, Wire};
pub(crate) use redis_2 as redis;

mod asynchronous;
mod asynchronous_structures;
mod cluster;
mod cluster_fixture;
mod fixture;
mod frame;
mod hashes;
mod keys;
mod lists;
mod pipelines;
mod pub_sub;
mod scripts;
mod sizes;
mod streams;
