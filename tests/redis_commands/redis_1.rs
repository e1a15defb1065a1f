//! Commands and connections of redis 1.x with values, against real servers: one that `REDIS_URL` names or that a test starts, and
//! clusters that tests start.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

pub(crate) use ::redis;
pub(crate) use ndwire::redis::{Packed, Received, Wire};

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
mod pool;
mod pub_sub;
mod scripts;
mod sizes;
mod streams;
