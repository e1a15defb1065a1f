//! Writing values.
//!
//! ```text
//!             a value                          an element of a list, or a place of one
//!                |                                              |
//!          General, to Out  <---- what is a node ---- General, to a Record      the general lane
//!                |                                              |
//!     scalar, text: META                     scalar: its dtype to the shape, its bytes to the fixed part
//!     map:   MapNode                         map, tuple: Part, which grows the shape
//!     list:  List -- for each element -->    node: to Out, a place of the shape says so
//!                |
//!                |  end of an element: the shape is that of those before?  one row more
//!                |                     another one?  join, and a new segment     (shape, convert)
//!                |  further elements:  Fast, by the plan of the shape            the fast lane
//!                |                     a Miss?  the same element once more, on the general lane
//!                |
//!          end of the list: the join is a schema?  rows; else a plain list       (convert)
//! ```
//!
//! A list of an iterator is looked at first: if it begins with a scalar, scalars like it are packed at once ([`scalars`]); if it begins
//! with what is a node, it is a plain list at once. Only what else there is, and what follows scalars, needs a List.
//!
//! * [`general`] and [`compound`] are the general lane: each event of serde, as a node or as a place of a row. They give all errors and
//!   hold all limits. [`record`] and [`map`] are what is open in a row and as a node.
//! * [`list`] is a list while it is written, [`lanes`] brings its elements to it. [`shape`] says what elements look like and have in
//!   common, and which form follows; it is the rule of section 5.5 and nothing else. [`convert`] writes rows as rows of another shape, or
//!   as nodes.
//! * [`fast`] and [`scalars`] are the fast lanes of rows and of scalars, by a [`plan`]. Their only error is a [`miss`]. Only elements that
//!   may be serialized twice go there; [`second`] compares what the two calls gave.
//! * [`context`] is what all share, and what one value leaves to the next: memory and plans. [`out`] is the META and DATA so far,
//!   [`payloads`] DATA with room for the head before it.
//! * [`token`] takes what this crate's own types hand over in parts. [`serializer`] is the serializer for code that asks for one.

mod compound;
mod context;
mod convert;
mod fast;
mod general;
mod lanes;
mod list;
mod map;
mod miss;
mod only;
mod out;
mod payloads;
mod plan;
mod record;
mod scalar;
mod scalars;
mod second;
mod serializer;
mod shape;
mod token;

use alloc::vec::Vec;

use serde::ser::Serialize;

#[cfg(feature = "std")]
use crate::error::Error;
use crate::error::Result;
use context::Context;
use general::General;
use payloads::Payloads;
pub use serializer::Serializer;

/// How a value is written.
///
/// ```
/// use std::collections::HashMap;
/// use ndwire::{to_vec_with, Options};
///
/// let options = Options { sort_maps: true, ..Options::default() };
/// let one: HashMap<_, _> = [("b", 1), ("a", 2)].into();
/// let other: HashMap<_, _> = [("a", 2), ("b", 1)].into();
/// assert_eq!(to_vec_with(&one, options)?, to_vec_with(&other, options)?);
/// # Ok::<(), ndwire::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Puts the entries of maps (not the fields of structs) in the order of their bytes, so that equal `HashMap`s give equal
    /// bytes. Default: the order in which they come.
    pub sort_maps: bool,
}

/// Writes a value into a new vector.
///
/// ```
/// let bytes = ndwire::to_vec(&vec![1.0f32, 2.0])?;
/// assert_eq!(ndwire::from_slice::<Vec<f32>>(&bytes)?, [1.0, 2.0]);
/// # Ok::<(), ndwire::Error>(())
/// ```
///
/// # Elements that are serialized twice
/// An element of a slice, a `Vec`, another collection, a tuple or an array may be serialized twice, if it is the first or turns out to
/// be unlike those before it. What comes through `serialize_element` of a `SerializeSeq`, or as an entry of a map, is serialized once.
///
/// # Errors
/// Fails if the value is nested deeper than 128 levels, if its metadata exceeds 4 GiB, or if its `Serialize` fails. Of kind
/// [`Protocol`](crate::ErrorKind::Protocol) if an element that is serialized twice gives another structure the second time: other
/// names, kinds or lengths. (Scalars may have other values: those of the second call count.)
pub fn to_vec<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>> {
    to_vec_with(value, Options::default())
}

/// [`to_vec`] with options.
///
/// ```
/// let bytes = ndwire::to_vec_with(&7u8, ndwire::Options::default())?;
/// assert_eq!(bytes, ndwire::to_vec(&7u8)?);
/// # Ok::<(), ndwire::Error>(())
/// ```
///
/// # Errors
/// As [`to_vec`].
pub fn to_vec_with<T: Serialize + ?Sized>(value: &T, options: Options) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    encode_into_with(value, &mut out, options)?;
    Ok(out)
}

/// Appends a value to a buffer, so that the buffer can be used again. On an error the buffer is as it was.
///
/// ```
/// let mut buffer = Vec::new();
/// for frame in [[1u8, 2], [3, 4]] {
///     buffer.clear();
///     ndwire::encode_into(&frame, &mut buffer)?;
///     assert_eq!(ndwire::from_slice::<[u8; 2]>(&buffer)?, frame);
/// }
/// # Ok::<(), ndwire::Error>(())
/// ```
///
/// # Errors
/// As [`to_vec`].
pub fn encode_into<T: Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) -> Result<()> {
    encode_into_with(value, out, Options::default())
}

/// [`encode_into`] with options.
///
/// ```
/// let mut buffer = Vec::new();
/// ndwire::encode_into_with(&7u8, &mut buffer, ndwire::Options::default())?;
/// assert_eq!(buffer, ndwire::to_vec(&7u8)?);
/// # Ok::<(), ndwire::Error>(())
/// ```
///
/// # Errors
/// As [`to_vec`].
pub fn encode_into_with<T: Serialize + ?Sized>(value: &T, out: &mut Vec<u8>, options: Options) -> Result<()> {
    // While it is written, the buffer belongs to the context; every way out gives it back.
    let mut cx = Context::new(Payloads::after(core::mem::take(out)), options);
    let written = value.serialize(General::node(&mut cx)).and_then(|_| cx.check());
    let (buffer, result) = match written {
        Ok(()) => match cx.end(|data, meta| data.into_value(meta)) {
            Ok(buffer) => (buffer, Ok(())),
            Err((buffer, error)) => (buffer, Err(error)),
        },
        Err(error) => (cx.out.data.into_untouched(), Err(error)),
    };
    *out = buffer;
    result
}

/// Writes a value to a writer: the head first, then the payloads, without gathering them in one buffer.
///
/// Nothing is written if the value cannot be encoded.
///
/// ```
/// let mut file = Vec::new();
/// ndwire::to_writer(&"hello", &mut file)?;
/// assert_eq!(file, ndwire::to_vec("hello")?);
/// # Ok::<(), ndwire::Error>(())
/// ```
///
/// # Errors
/// As [`to_vec`]; of kind [`Io`](crate::ErrorKind::Io) if the writer fails.
#[cfg(feature = "std")]
pub fn to_writer<T: Serialize + ?Sized>(value: &T, mut writer: impl std::io::Write) -> Result<()> {
    Encoded::new(value, Options::default())?.write_to(&mut writer).map_err(Error::io)
}

/// A finished value in two pieces, which are never gathered into one.
#[cfg(feature = "std")]
pub(crate) struct Encoded {
    /// Header, META, and the padding before DATA.
    head: Vec<u8>,
    data: Vec<u8>,
}

#[cfg(feature = "std")]
impl Encoded {
    pub(crate) fn new<T: Serialize + ?Sized>(value: &T, options: Options) -> Result<Self> {
        let mut cx = Context::new(Payloads::apart(), options);
        value.serialize(General::node(&mut cx))?;
        cx.check()?;
        let (head, data) = cx.end(Payloads::into_pieces)?;
        Ok(Encoded { head, data })
    }

    /// Bytes of the whole value.
    #[cfg(any(feature = "redis-1", feature = "redis-2"))]
    pub(crate) fn len(&self) -> usize {
        self.head.len() + self.data.len()
    }

    pub(crate) fn write_to(&self, writer: &mut (impl std::io::Write + ?Sized)) -> std::io::Result<()> {
        writer.write_all(&self.head)?;
        writer.write_all(&self.data)
    }
}
