//! The encodings of arrays that are found in Redis: msgpack-numpy, `.npy`, and headers made by hand.
//!
//! [`decode`] finds out what bytes are and reads them into any type that reads from ndwire; [`Encoding`] reads and writes one of them.
//! `docs/other-encodings.md` in the repository says what becomes of what, and what is refused.
//!
//! ```
//! use ndwire::foreign::{self, Encoding};
//!
//! // What `np.save` writes, and what stands behind a header of text.
//! let npy = Encoding::Npy.encode(&vec![[0.5f32, 1.5]; 3])?;
//! let text = b"uint16|2,2|\x01\x00\x02\x00\x03\x00\x04\x00";
//! assert_eq!(Encoding::detect(&npy)?, Encoding::Npy);
//! assert_eq!(foreign::decode::<Vec<[f32; 2]>>(&npy)?, [[0.5, 1.5]; 3]);
//! assert_eq!(foreign::decode::<Vec<[u16; 2]>>(text)?, [[1, 2], [3, 4]]);
//! # Ok::<(), ndwire::Error>(())
//! ```
//!
//! # Bytes from others
//!
//! The readers hold to what the reader of ndwire holds to: nothing is allocated for a claim, every length is checked, nothing may be
//! left over, and what cannot be held exactly is an error that names it and a way out. Pickles are never loaded: loading one runs what
//! it says.

mod dims_header;
mod dtype;
mod fields;
mod literal;
mod msgpack;
mod npy;
mod rows;
mod structure;
mod text_header;

use alloc::borrow::Cow;
use alloc::format;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use serde::Serialize;
use serde::de::DeserializeOwned;

pub use dtype::{ByteOrder, NumpyDType};

use fields::is_structure;

use crate::array::{DynArrayView, Order};
use crate::error::{Error, ErrorKind, Result, printable};
use crate::limits::Limits;
use crate::value::{Borrowed, ValueView};
use crate::wire::LogicalOrder;
use crate::wire::look::Look;

/// An encoding of arrays that is found in Redis.
///
/// ```
/// use ndwire::foreign::Encoding;
///
/// let bytes = Encoding::Npy.encode(&vec![1u8, 2, 3])?;
/// assert_eq!(&bytes[..6], b"\x93NUMPY");
/// assert_eq!(Encoding::Npy.decode::<Vec<u8>>(&bytes)?, [1, 2, 3]);
/// # Ok::<(), ndwire::Error>(())
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// This crate's own format.
    Ndwire,
    /// A MessagePack document, with the arrays of the Python package msgpack-numpy anywhere in it.
    MsgpackNumpy,
    /// One array: its dtype as NumPy prints it, `|`, the dims with commas between them, `|`, and the elements.
    TextHeader,
    /// One array of two dims: these as two big-endian u32, and the elements. The dtype is the caller's to know.
    DimsHeader(NumpyDType),
    /// One array as `np.save` writes it: `.npy` of version 1.0, 2.0 or 3.0.
    Npy,
}

impl Encoding {
    /// A name that does not change between versions: `ndwire`, `msgpack-numpy`, `text-header`, `dims-header`, `npy`.
    ///
    /// `Display` prints it too, and `FromStr` reads it, the dims header with its dtype: `dims-header:>i4`.
    ///
    /// ```
    /// use ndwire::foreign::Encoding;
    /// assert_eq!(Encoding::MsgpackNumpy.name(), "msgpack-numpy");
    /// assert_eq!("dims-header:<f4".parse::<Encoding>()?.name(), "dims-header");
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Ndwire => "ndwire",
            Encoding::MsgpackNumpy => "msgpack-numpy",
            Encoding::TextHeader => "text-header",
            Encoding::DimsHeader(_) => "dims-header",
            Encoding::Npy => "npy",
        }
    }

    /// What bytes seem to be, from the first of them. Whether they are it, reading them tells.
    ///
    /// A header of dims has nothing to be known by, so it is never found: ask for [`Encoding::DimsHeader`] where it is used.
    ///
    /// ```
    /// use ndwire::foreign::Encoding;
    ///
    /// assert_eq!(Encoding::detect(b"float32|2,3|")?, Encoding::TextHeader);
    /// assert_eq!(Encoding::detect(b"\x82\xA1a\x01\xA1b\x02")?, Encoding::MsgpackNumpy);
    /// let error = Encoding::detect(b"[[1, 2], [3, 4]]").unwrap_err();
    /// assert_eq!(error.to_string(), "no encoding of arrays that is known: found JSON or text, at byte 0");
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// Of kind [`Unsupported`](ErrorKind::Unsupported) for other bytes, with what they seem to be.
    pub fn detect(bytes: &[u8]) -> Result<Encoding> {
        let look = Look::of(bytes);
        let hint = match look {
            Look::Ndwire => return Ok(Encoding::Ndwire),
            Look::MessagePack | Look::MessagePackScalar => return Ok(Encoding::MsgpackNumpy),
            Look::TextHeader => return Ok(Encoding::TextHeader),
            Look::Npy => return Ok(Encoding::Npy),
            Look::Pickle => {
                "; it is never read, because loading a pickle runs what it says: whoever trusts its writer loads it in Python and \
                 writes it anew"
            }
            Look::Zip => "; store each array of it as an npy file",
            Look::Gzip | Look::Zstd => "; decompress them first",
            Look::TwoDims => {
                "; a header of two big-endian u32 could be there, which cannot be told from other numbers: ask for the encoding \
                 dims-header with its dtype"
            }
            _ => "",
        };
        let message = format!("no encoding of arrays that is known: found {}{hint}", look.name());
        Err(Error::at(0, ErrorKind::Unsupported, message))
    }

    /// [`detect`](Encoding::detect), stricter, for those who look through values of any kind.
    ///
    /// MessagePack is found only if it holds an array or a scalar of NumPy: by its first byte alone, one in eight values of any kind is
    /// MessagePack. An array that ends early or cannot be held counts too; reading it then gives the error. A text header is found only
    /// if it begins with a dtype as NumPy prints it: `u7|12|Ada` is text.
    ///
    /// ```
    /// use ndwire::foreign::Encoding;
    ///
    /// let array = Encoding::MsgpackNumpy.encode(&vec![0.5f32, 1.5])?;
    /// assert_eq!(Encoding::detect_arrays(&array)?, Encoding::MsgpackNumpy);
    ///
    /// let pixels = [0x92, 0x10, 0xC0, 0xFF];
    /// assert_eq!(Encoding::detect(&pixels)?, Encoding::MsgpackNumpy);
    /// let error = Encoding::detect_arrays(&pixels).unwrap_err();
    /// let expected = "no encoding of arrays that is known: found other bytes, or MessagePack without arrays, at byte 0";
    /// assert_eq!(error.to_string(), expected);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`detect`](Encoding::detect).
    pub fn detect_arrays(bytes: &[u8]) -> Result<Encoding> {
        let found = match Self::detect(bytes)? {
            Encoding::MsgpackNumpy if !msgpack::has_array(bytes) => "other bytes, or MessagePack without arrays",
            Encoding::TextHeader if !text_header::has_dtype(bytes) => "text",
            encoding => return Ok(encoding),
        };
        Err(Error::at(0, ErrorKind::Unsupported, format!("no encoding of arrays that is known: found {found}")))
    }

    /// Reads a value of this encoding, into whatever reads the same value from ndwire.
    ///
    /// ```
    /// use ndwire::foreign::Encoding;
    ///
    /// let big_endian = Encoding::DimsHeader(">u2".parse()?);
    /// let rows: Vec<Vec<u16>> = big_endian.decode(&[0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4])?;
    /// assert_eq!(rows, [[0x0102, 0x0304]]);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// Fails if the bytes are not exactly one value of the encoding, if it has something in it that cannot be held exactly (of kind
    /// [`Unsupported`](ErrorKind::Unsupported)), or if it is not a `T`.
    pub fn decode<T: DeserializeOwned>(self, bytes: &[u8]) -> Result<T> {
        self.decode_with(bytes, Limits::DEFAULT)
    }

    /// [`decode`](Encoding::decode) with limits: on the bytes, and on the ndwire value of the same meaning.
    ///
    /// ```
    /// use ndwire::Limits;
    /// use ndwire::foreign::Encoding;
    ///
    /// let limits = Limits { value_len: 1 << 20, ..Limits::default() };
    /// assert_eq!(Encoding::TextHeader.decode_with::<Vec<u8>>(b"uint8|2|\x01\x02", limits)?, [1, 2]);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`decode`](Encoding::decode); of kind [`LimitExceeded`](ErrorKind::LimitExceeded) beyond the limits.
    pub fn decode_with<T: DeserializeOwned>(self, bytes: &[u8], limits: Limits) -> Result<T> {
        if bytes.len() as u64 > limits.value_len {
            let message = format!("value exceeds the reader's limit of {} bytes", limits.value_len);
            return Err(Error::at(limits.value_len, ErrorKind::LimitExceeded, message));
        }
        crate::from_slice_with(&self.to_ndwire(bytes)?, limits)
    }

    /// The ndwire value of the same meaning.
    fn to_ndwire(self, bytes: &[u8]) -> Result<Cow<'_, [u8]>> {
        Ok(Cow::Owned(match self {
            Encoding::Ndwire => return Ok(Cow::Borrowed(bytes)),
            Encoding::Npy => npy::read(bytes)?,
            Encoding::TextHeader => text_header::read(bytes)?,
            Encoding::DimsHeader(dtype) => crate::to_vec(&dims_header::read(bytes, dtype)?)?,
            Encoding::MsgpackNumpy => crate::to_vec(&msgpack::read(bytes)?)?,
        }))
    }

    /// Writes a value in this encoding, as the Python side writes it.
    ///
    /// ```
    /// use ndwire::foreign::Encoding;
    ///
    /// assert_eq!(Encoding::TextHeader.encode(&vec![1u16, 2])?, b"uint16|2|\x01\x00\x02\x00");
    /// let error = Encoding::TextHeader.encode("text").unwrap_err();
    /// assert_eq!(error.to_string(), "text-header holds one array: found a str");
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`to_vec`](crate::to_vec); of kind [`Unsupported`](ErrorKind::Unsupported) for what the encoding, or its readers, cannot hold.
    pub fn encode<T: Serialize + ?Sized>(self, value: &T) -> Result<Vec<u8>> {
        let bytes = crate::to_vec(value)?;
        if self == Encoding::Ndwire {
            return Ok(bytes);
        }
        let Borrowed(value) = crate::from_slice_with(&bytes, Limits::DEFAULT)?;
        match (self, value.as_array(), &value) {
            (Encoding::MsgpackNumpy, ..) => msgpack::write(&value),
            (Encoding::Npy, Some(array), _) => npy::write(&array),
            (Encoding::Npy, None, ValueView::List(rows)) if rows.schema().is_some_and(is_structure) => {
                npy::write_rows(rows)
            }
            (Encoding::TextHeader, Some(array), _) => text_header::write(&array),
            (Encoding::DimsHeader(dtype), Some(array), _) => dims_header::write(&array, dtype),
            _ => {
                let message = format!("{} holds one array: found {}", self.name(), what(&value));
                Err(Error::new(ErrorKind::Unsupported, message))
            }
        }
    }
}

/// A value, for messages.
fn what(value: &ValueView<'_>) -> &'static str {
    match value {
        ValueView::Nil => "nil",
        ValueView::Bool(_) => "a bool",
        ValueView::Int(_) | ValueView::Uint(_) => "an integer",
        ValueView::F32(_) | ValueView::F64(_) => "a float",
        ValueView::Char(_) => "a char",
        ValueView::Str(_) => "a str",
        ValueView::Bytes(_) => "bytes",
        ValueView::Some(_) => "an option in an option",
        ValueView::List(list) if list.schema().is_some() => "a table",
        ValueView::List(list) if list.is_empty() => "an empty list, which has no dtype",
        ValueView::List(_) => "a plain list",
        ValueView::Map(_) => "a map",
        ValueView::Array(_) => "an array",
    }
}

/// The elements in row-major order.
fn row_major<'a>(array: &'a DynArrayView<'_>) -> Cow<'a, [u8]> {
    if array.order() == Order::RowMajor {
        return Cow::Borrowed(array.bytes());
    }
    let size = array.dtype().size();
    let mut out = Vec::with_capacity(array.bytes().len());
    for position in LogicalOrder::of_column_major(array.shape()) {
        out.extend_from_slice(array.bytes().chunks_exact(size).nth(position).unwrap_or_default());
    }
    Cow::Owned(out)
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Encoding::DimsHeader(dtype) => f.pad(&format!("dims-header:{dtype}")),
            other => f.pad(other.name()),
        }
    }
}

impl FromStr for Encoding {
    type Err = Error;

    /// # Errors
    /// Of kind [`Unsupported`](ErrorKind::Unsupported) for another name, and for a dtype that is not known.
    fn from_str(name: &str) -> Result<Self> {
        Ok(match name {
            "ndwire" => Encoding::Ndwire,
            "msgpack-numpy" => Encoding::MsgpackNumpy,
            "text-header" => Encoding::TextHeader,
            "npy" => Encoding::Npy,
            _ => match name.strip_prefix("dims-header:") {
                Some(dtype) => Encoding::DimsHeader(dtype.parse()?),
                None => {
                    let message = format!(
                        "no such encoding: found `{}`, expected ndwire, msgpack-numpy, text-header, npy, or dims-header with its \
                         dtype (dims-header:>i4)",
                        printable(name)
                    );
                    return Err(Error::new(ErrorKind::Unsupported, message));
                }
            },
        })
    }
}

/// Finds out what bytes are ([`Encoding::detect`]) and reads them ([`Encoding::decode`]).
///
/// ```
/// let sizes: Vec<i32> = ndwire::foreign::decode(b"int32|3|\x01\0\0\0\x02\0\0\0\x03\0\0\0")?;
/// assert_eq!(sizes, [1, 2, 3]);
/// assert_eq!(ndwire::foreign::decode::<String>(&ndwire::to_vec("its own format, too")?)?, "its own format, too");
/// # Ok::<(), ndwire::Error>(())
/// ```
///
/// # Errors
/// As the two.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    decode_with(bytes, Limits::DEFAULT)
}

/// [`decode`] with limits.
///
/// ```
/// assert_eq!(ndwire::foreign::decode_with::<u8>(&[7], ndwire::Limits::default())?, 7);
/// # Ok::<(), ndwire::Error>(())
/// ```
///
/// # Errors
/// As [`decode`]; of kind [`LimitExceeded`](ErrorKind::LimitExceeded) beyond the limits.
pub fn decode_with<T: DeserializeOwned>(bytes: &[u8], limits: Limits) -> Result<T> {
    Encoding::detect(bytes)?.decode_with(bytes, limits)
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn names_lead_back() {
        let names = [
            "ndwire",
            "msgpack-numpy",
            "text-header",
            "npy",
            "dims-header:>i4",
            "dims-header:bfloat16",
            "dims-header:u128",
        ];
        for name in names {
            assert_eq!(name.parse::<Encoding>().unwrap().to_string(), name);
        }
        let table = [
            (
                "dims-header",
                "no such encoding: found `dims-header`, expected ndwire, msgpack-numpy, text-header, npy, or dims-header with its dtype \
                 (dims-header:>i4)",
            ),
            ("dims-header:f3", "dtype `f3` cannot be held: no such dtype is known"),
        ];
        for (name, message) in table {
            let error = name.parse::<Encoding>().unwrap_err();
            assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Unsupported, message));
        }
    }

    #[test]
    fn what_is_not_read_is_named() {
        let table: [(&[u8], &str); 8] = [
            (b"", "nothing"),
            (b"[1, 2]", "JSON or text"),
            (b"17", "text"),
            (b"\0\0\0\0", "zeros (a range was written to a key that did not exist?)"),
            (
                b"\x80\x04\x95\x05\0\0\0\0\0\0\0\x4B\x01.",
                "a pickle; it is never read, because loading a pickle runs what it says: whoever trusts its writer loads it in \
                 Python and writes it anew",
            ),
            (b"PK\x03\x04", "a zip archive (npz, perhaps); store each array of it as an npy file"),
            (b"\x1F\x8B\x08\0", "gzip data; decompress them first"),
            (
                b"\0\0\0\x01\0\0\0\x02\x01\x02",
                "other bytes; a header of two big-endian u32 could be there, which cannot be told from other numbers: ask for the \
                 encoding dims-header with its dtype",
            ),
        ];
        for (bytes, what) in table {
            let error = decode::<u8>(bytes).unwrap_err();
            assert_eq!(error.to_string(), format!("no encoding of arrays that is known: found {what}, at byte 0"));
            assert_eq!(error.kind(), ErrorKind::Unsupported);
        }
    }

    #[test]
    fn limits_hold_for_both_sides() {
        let limits = Limits { value_len: 9, ..Limits::DEFAULT };
        let error = decode_with::<crate::Value>(b"uint8|2|\0\0", limits).unwrap_err();
        assert_eq!(error.to_string(), "value exceeds the reader's limit of 9 bytes, at byte 9");
        let limits = Limits { depth: 2, ..Limits::DEFAULT };
        let error = Encoding::MsgpackNumpy.decode_with::<crate::Value>(b"\x91\x91\x90", limits).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::LimitExceeded);
    }
}
