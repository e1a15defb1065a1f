//! Keep arrays in Redis: a serde data format whose arrays travel as contiguous, aligned payloads, and the redis-rs traits.
//!
//! # A struct with arrays, into Redis and back
//!
//! Derive serde's traits, put `#[serde(with = "ndwire::array")]` on the fields that are arrays ([`array`](mod@array) says which types those may
//! be), and make the struct a value of redis-rs with [`redis_value!`]:
//!
//! ```no_run
//! # #[cfg(all(feature = "redis-1", feature = "ndarray-0_17"))] {
//! # fn main() -> redis::RedisResult<()> {
//! use ndarray::Array3;
//! use redis::Commands;
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize)]
//! struct Frame {
//!     id: u64,
//!     camera: String,
//!     #[serde(with = "ndwire::array")]
//!     image: Array3<u8>,
//!     #[serde(with = "ndwire::array")]
//!     embedding: Vec<f32>,
//! }
//! ndwire::redis_value!(Frame);
//!
//! let mut con = redis::Client::open("redis://127.0.0.1/")?.get_connection()?;
//! let frame = Frame { id: 7, camera: "north".into(), image: Array3::zeros((48, 64, 3)), embedding: vec![0.5; 768] };
//!
//! con.set::<_, _, ()>("frame:7", &frame)?;
//! let again: Frame = con.get("frame:7")?;
//! let missing: Option<Frame> = con.get("frame:8")?;
//! # Ok(())
//! # }
//! # }
//! ```
//!
//! One array in one key needs no struct: [`AsArray`] is an argument and a reply ([an example](redis#one-array-in-one-key)).
//!
//! The module [`redis`] has the rest: [`Packed`](redis::Packed) to encode before a command is made, with a `Result`;
//! [`Received`](redis::Received) to decode after the reply has come, without a copy; [`Wire`](redis::Wire) for types that
//! the macro cannot be called for; [`RawLe`](redis::RawLe) for vector search; and [the traps](redis#what-to-know-about-redis-and-redis-rs).
//!
//! # Without Redis
//!
//! It is a serde format like others: [`to_vec`] and [`from_slice`], [`encode_into`] a buffer that is used again, [`to_writer`] and
//! [`from_reader`].
//!
//! ```
//! let bytes = ndwire::to_vec(&("north", vec![[0u8, 128, 255]; 640]))?;
//! let (camera, pixels): (&str, Vec<[u8; 3]>) = ndwire::from_slice(&bytes)?;
//! assert_eq!((camera, pixels.len()), ("north", 640));
//! # Ok::<(), ndwire::Error>(())
//! ```
//!
//! # Arrays without a copy
//!
//! [`ArrayView`] borrows its elements from the input, [`Array`] owns them; [`DynArrayView`] and [`DynArray`] are the same for any
//! [`DType`], for tools that do not know what comes. [`AsArray`] makes an array of a `Vec` or an ndarray where an attribute cannot go.
//!
//! ```
//! use ndwire::{ArrayView, AsArray};
//!
//! let bytes = ndwire::to_vec(&AsArray(vec![0.5f32; 768]))?;
//! let embedding: ArrayView<f32> = ndwire::from_slice(&bytes)?;
//! assert!(embedding.is_borrowed());
//! # Ok::<(), ndwire::Error>(())
//! ```
//!
//! # What is in a value
//!
//! [`Layout`] lists the paths of a value with dtypes, shapes and byte ranges. It needs the first bytes only, so it works on
//! what a `GETRANGE` brings. [`Value`] reads any value without its type, and writes it back to the same bytes;
//! [`value::Borrowed`] reads it without a copy.
//!
//! ```
//! # let bytes = ndwire::to_vec(&std::collections::BTreeMap::from([("image", vec![[0u8; 3]; 640])]))?;
//! assert_eq!(ndwire::Layout::of(&bytes)?.to_string(), "\
//! map, 1 entry
//!   image: rows u8 [640, 3], bytes 32..1952
//! ");
//! # Ok::<(), ndwire::Error>(())
//! ```
//!
//! # What is already there
//!
//! With the feature `foreign` the module `foreign` reads and writes what other programs keep in Redis: msgpack-numpy, `.npy`, and
//! arrays behind a header of text or of two numbers.
//!
//! # Lists without the attribute
//!
//! A list of one scalar type is written as one packed payload too, and so is a list of optional scalars, and one of arrays of a fixed
//! length (`Vec<[f32; 3]>`). A list of structs (or maps, or tuples) is a *table*, one row is enough: names and types once, then the
//! scalars, optional scalars, small arrays, nested structs and tuples packed row after row, and behind them what has no fixed size, such
//! as texts and every `Vec`. It reads like the plain list of the same data. Structs that differ in their names or the order of these
//! make a plain list, and so does a `Vec` of `Vec`s, in which each inner one is packed for itself, equally long or not.
//! All that follows from the elements alone: a vector, array, tuple or iterator of the same elements gives the same bytes. As an element
//! itself a `Vec` is a value of its own, and `[T; N]` a part of the row. No list of serde's tells its type where it is empty; [`Columns`]
//! do. Integers keep their width in a packed list and take the shortest form elsewhere; floats are never narrowed or widened. What the
//! attribute adds: any rank, memory order, dtypes that serde does not know (f16, complex), and one copy of the whole block both ways
//! instead of one call for each element.
//!
//! [`TableView`] reads a list of structs by its columns, and [`Columns`] writes one from columns, without the structs:
//!
//! ```
//! use ndwire::{Columns, TableView};
//!
//! #[derive(serde::Serialize)]
//! struct Sample { ts: i64, x: f32 }
//!
//! let bytes = ndwire::to_vec(&[Sample { ts: 10, x: 0.5 }, Sample { ts: 20, x: 1.5 }])?;
//! assert_eq!(ndwire::Layout::of(&bytes)?.to_string(), "rows {ts: i64, x: f32} [2]\n");
//!
//! let samples: TableView = ndwire::from_slice(&bytes)?;
//! let x: Vec<f32> = samples.column("x")?.to_vec()?;
//! assert_eq!(ndwire::to_vec(&Columns::new().with("ts", &[10i64, 20]).with("x", &x))?, bytes);
//! # Ok::<(), ndwire::Error>(())
//! ```
//!
//! # Values of older and newer structs
//!
//! Fields are found by name, in tables too: they may be added (with `#[serde(default)]`, or as `Option`), removed, reordered, and renamed with
//! `#[serde(alias = "…")]`. Integers may become wider, and an array's dtype too where no number is lost; a list can become
//! an array by the attribute, and a reader without it reads the array as a list ([the pairs](mod@array#what-a-field-of-an-array-type-reads)).
//! The example `evolution` does all of it.
//!
//! # Bytes from others
//!
//! Every reader checks the whole value: a wrong byte gives an [`Error`] that says what, where, found and expected, and nothing is
//! allocated for a claim. [`Limits`] lowers what is accepted. `SPEC.md` in the repository is the format.
//!
//! # Features
//!
//! `std`, `redis-1` and `ndarray-0_17` are on by default; `half-2` gives f16 and bf16, `num-complex-0_4` complex numbers, `foreign` the
//! encodings of others, `redis-2` the candidate of redis 2.0 (unstable until that is final). Without any, the crate needs `alloc`
//! alone. No feature changes a byte on the wire.
//!
//! # Traps
//!
//! * A `HashMap` is written in its own order, so equal maps give different bytes: use a `BTreeMap` or [`Options::sort_maps`].
//! * A missing field of type `Option` reads as `None`; one of another type, or with any `with`, needs `#[serde(default)]`.
//! * 128-bit integers inside `untagged` and internally tagged enums and `flatten` fail, small ones too: serde's own buffer cannot hold
//!   them. Arrays of them do not, unless the array is flattened itself, or is all that a variant beside a tag holds: there serde takes it
//!   apart.
//! * In an `untagged` enum of arrays put the narrow dtypes first: a wider one reads a narrower array.
//! * A catch-all (`#[serde(flatten)] extra: BTreeMap<String, V>`) needs [`Value`] for `V` where arrays may come: a `serde_json::Value`
//!   has no bytes ([more](mod@array#under-untagged-flatten-and-beside-a-tag)).
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]
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
#[cfg(feature = "foreign")]
pub mod foreign;
mod layout;
mod limits;
mod ser;
mod table;
mod token;
pub mod value;
mod wire;

pub use array::{Array, ArrayView, AsArray, DynArray, DynArrayView, Order};
pub use de::{Deserializer, from_slice, from_slice_with};
#[cfg(feature = "std")]
pub use de::{from_reader, from_reader_with};
pub use dtype::{DType, TimeUnit};
pub use element::Element;
#[doc(hidden)]
pub use error::escaped as __escaped;
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
pub use ser::{Options, Serializer, encode_into, encode_into_with, to_vec, to_vec_with};
pub use table::{Column, ColumnIter, ColumnSource, Columns, TableView};
pub use value::{List, Map, Schema, Value, ValueView};

/// The snippets of the README are compiled, and run where they need no server.
#[cfg(all(
    doctest,
    feature = "redis-1",
    feature = "ndarray-0_17",
    feature = "half-2",
    feature = "num-complex-0_4",
    feature = "foreign"
))]
#[doc = include_str!("../README.md")]
struct Readme;
