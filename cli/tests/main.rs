//! The program as its users run it, on servers of the tests' own. A missing server, interpreter or file is a failure.

mod cluster;
mod concurrent;
mod describe;
mod fields;
mod killed;
mod migrate;
mod other_bytes;
mod proxy;
mod python;
mod readme;
mod support;
mod tls;
