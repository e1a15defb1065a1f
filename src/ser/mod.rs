//! Writing values.

mod array;
mod block;
mod bulk;
mod close;
mod compound;
mod convert;
mod encoder;
mod entries;
mod fields;
mod layer;
mod list;
mod only;
mod payloads;
mod plain;
mod plan;
mod probe;
mod resume;
mod rows;
mod scalar;
mod schema;
mod serializer;
mod shape;
mod stack;
mod state;
mod table;

use alloc::vec::Vec;

use serde::ser::Serialize;

use only::only;

#[cfg(feature = "std")]
use crate::error::Error;
use crate::error::Result;
pub use encoder::Serializer;

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
/// # Errors
/// Fails if the value is nested deeper than 128 levels, if its metadata exceeds 4 GiB, or if its `Serialize` fails.
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
    // While it is written, the buffer belongs to the encoder; every way out gives it back.
    let mut serializer = Serializer::after(core::mem::take(out), options);
    let written = value.serialize(&mut serializer);
    let (buffer, result) = match written {
        Ok(()) => match serializer.finish() {
            Ok(buffer) => (buffer, Ok(())),
            Err((buffer, error)) => (buffer, Err(error)),
        },
        Err(error) => (serializer.abandon(), Err(error)),
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
        let mut serializer = Serializer::in_pieces(options);
        value.serialize(&mut serializer)?;
        let (head, data) = serializer.finish_pieces()?;
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
