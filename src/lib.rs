//! Keep arrays in Redis: a serde data format whose arrays travel as contiguous, aligned payloads.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod checksum;
mod de;
mod dtype;
mod error;
mod limits;
mod ser;
mod token;
mod wire;

#[cfg(feature = "std")]
pub use de::{from_reader, from_reader_with};
pub use de::{from_slice, from_slice_with, Deserializer};
pub use dtype::{DType, TimeUnit};
pub use error::{Error, ErrorKind, Result};
pub use limits::Limits;
#[cfg(feature = "std")]
pub use ser::to_writer;
pub use ser::{encode_into, encode_into_with, to_vec, to_vec_with, Options, Serializer};
