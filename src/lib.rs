//! Keep arrays in Redis: a serde data format whose arrays travel as contiguous, aligned payloads.
//!
//! # A struct with arrays, there and back
//!
//! Derive serde's traits; nothing else is needed. [`redis::Wire`] is what a value is wrapped in for redis-rs; [`to_vec`] and
//! [`from_slice`] do the same without Redis.
//!
//! ```
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize, PartialEq, Debug)]
//! struct Frame {
//!     id: u64,
//!     camera: String,
//!     image: Vec<[u8; 3]>,
//!     embedding: Vec<f32>,
//! }
//!
//! let frame = Frame { id: 7, camera: "north".into(), image: vec![[0, 128, 255]; 640], embedding: vec![0.5; 768] };
//! let bytes = ndwire::to_vec(&frame)?;
//! assert_eq!(ndwire::from_slice::<Frame>(&bytes)?, frame);
//! # Ok::<(), ndwire::Error>(())
//! ```
//!
//! # What is in a value
//!
//! [`Layout`] lists the paths of a value with dtypes, shapes and byte ranges. It needs the first bytes only, so it works on
//! what a `GETRANGE` brings. [`Value`] reads any value without its type, and writes it back to the same bytes.
//!
//! ```
//! # let bytes = ndwire::to_vec(&std::collections::BTreeMap::from([("image", vec![[0u8; 3]; 640])]))?;
//! assert_eq!(ndwire::Layout::of(&bytes)?.to_string(), "\
//! map, 1 entries
//!   image: rows u8 [640, 3], bytes 32..1952
//! ");
//! # Ok::<(), ndwire::Error>(())
//! ```
//!
//! # How lists become arrays
//!
//! A list whose elements are all of one scalar type, or equal-shaped nests of one, is written as one packed payload, and so is a
//! list of optional scalars. That follows from the elements alone: vectors, arrays, tuples and iterators give the same
//! bytes. A list that does not fit is a plain list. Integers keep their width in a packed list and take the shortest form
//! elsewhere; floats are never narrowed or widened. [`DynArray`] is an array of any dtype, memory order included.
//!
//! # Bytes from others
//!
//! Every reader checks the whole value: a wrong byte gives an [`Error`] that says what, where, found and expected, and nothing is
//! allocated for a claim. [`Limits`] lowers what is accepted. `SPEC.md` in the repository is the format.
//!
//! # Traps
//!
//! * A `HashMap` is written in its own order, so equal maps give different bytes: use a `BTreeMap` or [`Options::sort_maps`].
//! * A missing field of type `Option` reads as `None`; one of another type needs `#[serde(default)]`.
//! * 128-bit integers inside `untagged` enums and `flatten` fail: serde's own buffer cannot hold them.
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::unreachable))]

extern crate alloc;
#[cfg(feature = "half-2")]
extern crate half as half_2;
#[cfg(feature = "ndarray-0_17")]
extern crate ndarray as ndarray_0_17;
#[cfg(feature = "num-complex-0_4")]
extern crate num_complex as num_complex_0_4;
#[cfg(feature = "redis-1")]
extern crate redis as redis_1;
#[cfg(feature = "std")]
extern crate std;

pub mod array;
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

pub use array::{Array, ArrayView, AsArray, DynArray, DynArrayView, Order};
#[cfg(feature = "std")]
pub use de::{from_reader, from_reader_with};
pub use de::{from_slice, from_slice_with, Deserializer};
pub use dtype::{DType, TimeUnit};
pub use element::Element;
pub use error::{Error, ErrorKind, Result};
#[cfg(any(feature = "redis-1", feature = "redis-2"))]
#[doc(hidden)]
pub use ext::redis::private as __private;
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

/// The snippets of the README are compiled, and run where they need no server.
#[cfg(all(doctest, feature = "redis-1"))]
#[doc = include_str!("../README.md")]
struct Readme;
