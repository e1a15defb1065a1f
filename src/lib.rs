//! Keep arrays in Redis: a serde data format whose arrays travel as contiguous, aligned payloads.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(feature = "ndarray-0_17")]
extern crate ndarray as ndarray_0_17;
#[cfg(feature = "redis-1")]
extern crate redis as redis_1;
#[cfg(feature = "std")]
extern crate std;

mod array;
mod checksum;
mod de;
mod dtype;
mod element;
mod error;
mod ext;
mod layout;
mod limits;
mod ser;
mod token;
mod value;
mod wire;

pub use array::{DynArray, Order};
#[cfg(feature = "std")]
pub use de::{from_reader, from_reader_with};
pub use de::{from_slice, from_slice_with, Deserializer};
pub use dtype::{DType, TimeUnit};
pub use element::Element;
pub use error::{Error, ErrorKind, Result};
#[cfg(feature = "redis-1")]
pub use ext::redis::v1 as redis;
#[cfg(feature = "redis-2")]
pub use ext::redis::v2 as redis_2;
pub use layout::{Entries, Entry, Layout};
pub use limits::Limits;
#[cfg(feature = "std")]
pub use ser::to_writer;
pub use ser::{encode_into, encode_into_with, to_vec, to_vec_with, Options, Serializer};
pub use value::{List, Map, Value};
