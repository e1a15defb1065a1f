//! Reading values.
//!
//! ```text
//! Deserializer          the bytes of a value and the place in them
//!   └ Source            what any target is read from: the next node, or a cell, which is a part of a row
//!       └ Next          node or cell, as the one thing that both are: a scalar, a list, a map …
//!           └ visit     shows it to the target's visitor, the inside through one type for each kind:
//!               ├ List      nodes, rows, the scalars of a packed list, the positions of a tuple
//!               ├ Map       nodes, the entries of a row, an array as a map
//!               └ Variant   a name, or a map of one entry
//! ```
//!
//! This is the general lane. It makes of rows what it makes of the plain list, because to a visitor they are the same; and each visitor is
//! compiled for few types, which is what a program's size is made of.
//!
//! Targets that are lists (`deserialize_seq`) are shown rows by two shorter ways:
//!
//! ```text
//! Leaves → Leaf         scalars, optional scalars, lists of scalars: packed elements, with the state of the loop in registers
//! Records → Fast        tuples and maps by their plan
//! ```
//!
//! Their only error is a [`Miss`](miss::Miss): the general lane reads that element again.

mod array;
mod cell;
mod deserializer;
mod fast;
mod leaf;
mod list;
mod lost;
mod map;
mod miss;
mod next;
mod plan;
mod rows;
mod source;
mod variant;
mod visit;

use serde::de::Deserialize;
#[cfg(feature = "std")]
use serde::de::DeserializeOwned;

use crate::error::Result;
#[cfg(feature = "std")]
use crate::error::{Error, ErrorKind};
use crate::limits::Limits;
pub use deserializer::Deserializer;

/// Reads a value from its bytes. `T` may borrow from them: `&str`, `&[u8]`, and arrays.
///
/// ```
/// #[derive(serde::Serialize, serde::Deserialize)]
/// struct Label<'a> { name: &'a str, score: f32 }
///
/// let bytes = ndwire::to_vec(&Label { name: "cat", score: 0.5 })?;
/// let label: Label = ndwire::from_slice(&bytes)?;
/// assert_eq!((label.name, label.score), ("cat", 0.5));
/// # Ok::<(), ndwire::Error>(())
/// ```
///
/// # Errors
/// Fails if the bytes are not exactly one value, or if it is not a `T`.
pub fn from_slice<'de, T: Deserialize<'de>>(bytes: &'de [u8]) -> Result<T> {
    from_slice_with(bytes, Limits::DEFAULT)
}

/// [`from_slice`] with limits.
///
/// ```
/// let bytes = ndwire::to_vec(&7u8)?;
/// assert_eq!(ndwire::from_slice_with::<u8>(&bytes, ndwire::Limits::default())?, 7);
/// # Ok::<(), ndwire::Error>(())
/// ```
///
/// # Errors
/// As [`from_slice`]; of kind [`LimitExceeded`](crate::ErrorKind::LimitExceeded) beyond the limits.
pub fn from_slice_with<'de, T: Deserialize<'de>>(bytes: &'de [u8], limits: Limits) -> Result<T> {
    let mut deserializer = Deserializer::with_limits(bytes, limits)?;
    let start = deserializer.offset();
    let value =
        T::deserialize(deserializer.source()).map_err(|error| lost::located(error.or_at(start), bytes, &limits))?;
    deserializer.end()?;
    Ok(value)
}

/// Reads a value that is all a reader has left.
///
/// ```
/// let bytes = ndwire::to_vec(&vec!["a", "b"])?;
/// let names: Vec<String> = ndwire::from_reader(&bytes[..])?;
/// assert_eq!(names, ["a", "b"]);
/// # Ok::<(), ndwire::Error>(())
/// ```
///
/// # Errors
/// As [`from_slice`]; of kind [`Io`](crate::ErrorKind::Io) if the reader fails.
#[cfg(feature = "std")]
pub fn from_reader<T: DeserializeOwned>(reader: impl std::io::Read) -> Result<T> {
    from_reader_with(reader, Limits::DEFAULT)
}

/// [`from_reader`] with limits. It reads no further than the limit on the length of a value.
///
/// ```
/// let bytes = ndwire::to_vec(&7u8)?;
/// let limits = ndwire::Limits { value_len: 16, ..Default::default() };
/// assert!(ndwire::from_reader_with::<u8>(&bytes[..], limits).is_err());
/// # Ok::<(), ndwire::Error>(())
/// ```
///
/// # Errors
/// As [`from_reader`].
#[cfg(feature = "std")]
pub fn from_reader_with<T: DeserializeOwned>(reader: impl std::io::Read, limits: Limits) -> Result<T> {
    use std::io::Read as _;
    let mut bytes = alloc::vec::Vec::new();
    reader.take(limits.value_len.saturating_add(1)).read_to_end(&mut bytes).map_err(Error::io)?;
    if bytes.len() as u64 > limits.value_len {
        let message = alloc::format!("value exceeds the reader's limit of {} bytes", limits.value_len);
        return Err(Error::at(limits.value_len, ErrorKind::LimitExceeded, message));
    }
    from_slice_with(&bytes, limits)
}
