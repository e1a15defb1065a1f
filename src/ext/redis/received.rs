//! A reply whose bytes are read in a second step.

use alloc::vec::Vec;
use core::fmt;

use serde::de::Deserialize;

#[cfg(feature = "foreign")]
use serde::de::DeserializeOwned;

use super::{RawElement, RawLe};
use crate::Layout;
use crate::Limits;
use crate::error::Result;
#[cfg(feature = "foreign")]
use crate::foreign::Encoding;

/// The bytes of a reply, to be decoded by the program.
///
/// Taking a reply copies nothing, and fails only if it is not a string. What [`decode`](Received::decode) gives may borrow from it: `&str`,
/// `&[u8]` and arrays are then views into the reply. And its errors are this crate's [`Error`](crate::Error), with kind, offset
/// and path, where redis-rs would keep nothing but their text and count them as a failure of the connection.
///
/// ```
/// # #[cfg(feature = "redis-1")] {
/// use ndwire::redis::Received;
/// use ndwire::ArrayView;
/// # use redis::{FromRedisValue, Value};
///
/// #[derive(serde::Serialize, serde::Deserialize)]
/// struct Frame<'a> {
///     camera: &'a str,
///     #[serde(borrow)]
///     depth: ArrayView<'a, f32>,
/// }
///
/// # let depth = ArrayView::from_elements([2, 3], &[0.5; 6])?;
/// # let reply = Value::BulkString(ndwire::to_vec(&Frame { camera: "north", depth })?);
/// # let get = |_: &str| Received::from_redis_value(reply);
/// // As in `con.get("frame:7")?`
/// let received: Received = get("frame:7").expect("a string");
/// let frame: Frame = received.decode()?;
/// assert_eq!((frame.camera, frame.depth.shape()), ("north", &[2, 3][..]));
/// assert!(frame.depth.is_borrowed());
///
/// let error = received.decode::<Vec<f32>>().unwrap_err();
/// assert_eq!(error.kind(), ndwire::ErrorKind::TypeMismatch);
/// # }
/// # Ok::<(), ndwire::Error>(())
/// ```
///
/// With `MGET` every item has a result of its own:
///
/// ```no_run
/// # #[cfg(feature = "redis-1")] {
/// # fn main() -> redis::RedisResult<()> {
/// # #[derive(serde::Deserialize)]
/// # struct Frame { id: u64 }
/// # let mut con = redis::Client::open("redis://127.0.0.1/")?.get_connection()?;
/// # use redis::Commands;
/// # use ndwire::redis::Received;
/// let keys = ["frame:1", "frame:2", "frame:3"];
/// let replies: Vec<Option<Received>> = con.mget(&keys)?;
/// for (key, reply) in keys.iter().zip(&replies) {
///     match reply.as_ref().map(Received::decode::<Frame>) {
///         Some(Ok(frame)) => println!("{key}: frame {}", frame.id),
///         Some(Err(error)) => println!("{key}: {error}"),
///         // `MGET` also gives nil for a key that holds no string.
///         None => println!("{key}: no such key, or not a string"),
///     }
/// }
/// # Ok(())
/// # }
/// # }
/// ```
///
/// Its `Debug` is its length, never content.
///
/// # Errors
/// A reply that is not a string, nil included, is a `ParsingError` of redis-rs that names what was found. Read a key that may be
/// missing as `Option<Received>`.
#[derive(Clone, PartialEq, Eq)]
pub struct Received {
    bytes: Vec<u8>,
}

impl Received {
    /// Reads the value. It may borrow from the reply.
    ///
    /// ```
    /// # #[cfg(feature = "redis-1")] {
    /// # use ndwire::redis::Received;
    /// let received = Received::from(ndwire::to_vec(&("cat", 0.5f32))?);
    /// let (name, score): (&str, f32) = received.decode()?;
    /// assert_eq!((name, score), ("cat", 0.5));
    /// # }
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`from_slice`](crate::from_slice).
    pub fn decode<'de, T: Deserialize<'de>>(&'de self) -> Result<T> {
        crate::from_slice(&self.bytes)
    }

    /// [`decode`](Received::decode) with limits.
    ///
    /// ```
    /// # #[cfg(feature = "redis-1")] {
    /// # use ndwire::redis::Received;
    /// let received = Received::from(ndwire::to_vec(&vec![0u8; 2000])?);
    /// let limits = ndwire::Limits { value_len: 1024, ..Default::default() };
    /// let error = received.decode_with::<Vec<u8>>(limits).unwrap_err();
    /// assert_eq!(error.kind(), ndwire::ErrorKind::LimitExceeded);
    /// # }
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`from_slice_with`](crate::from_slice_with).
    pub fn decode_with<'de, T: Deserialize<'de>>(&'de self, limits: Limits) -> Result<T> {
        crate::from_slice_with(&self.bytes, limits)
    }

    /// Reads the value in whatever encoding it is: ndwire, or what [`Encoding::detect`] finds. As
    /// [`AnyEncoding`](super::AnyEncoding), with this crate's errors. Nothing is borrowed from the reply.
    ///
    /// ```
    /// # #[cfg(feature = "redis-1")] {
    /// # use ndwire::redis::Received;
    /// use ndwire::Array;
    ///
    /// let received = Received::from(b"uint8|2,3|\x01\x02\x03\x04\x05\x06".to_vec());
    /// let array: Array<u8> = received.decode_any()?;
    /// assert_eq!((array.shape(), array.elements()), (&[2, 3][..], &[1, 2, 3, 4, 5, 6][..]));
    /// # }
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`foreign::decode`](crate::foreign::decode).
    #[cfg(feature = "foreign")]
    pub fn decode_any<T: DeserializeOwned>(&self) -> Result<T> {
        crate::foreign::decode(&self.bytes)
    }

    /// Reads the value in this encoding and no other. The only way for two dims and their bytes, which nothing tells apart.
    ///
    /// ```
    /// # #[cfg(feature = "redis-1")] {
    /// # use ndwire::redis::Received;
    /// use ndwire::Array;
    /// use ndwire::foreign::Encoding;
    ///
    /// let received = Received::from(vec![0, 0, 0, 1, 0, 0, 0, 2, 0, 7, 1, 0]);
    /// let array: Array<u16> = received.decode_as(Encoding::DimsHeader(">u2".parse()?))?;
    /// assert_eq!((array.shape(), array.elements()), (&[1, 2][..], &[7, 256][..]));
    /// # }
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Encoding::decode`].
    #[cfg(feature = "foreign")]
    pub fn decode_as<T: DeserializeOwned>(&self, encoding: Encoding) -> Result<T> {
        encoding.decode(&self.bytes)
    }

    /// The paths in the value, with dtypes, shapes and byte ranges.
    ///
    /// ```
    /// # #[cfg(feature = "redis-1")] {
    /// # use ndwire::redis::Received;
    /// let received = Received::from(ndwire::to_vec(&vec![0.5f32; 384])?);
    /// assert_eq!(received.layout()?.to_string(), "rows f32 [384], bytes 32..1568\n");
    /// # }
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Layout::of`].
    pub fn layout(&self) -> Result<Layout<'_>> {
        Layout::of(&self.bytes)
    }

    /// The bytes as a raw vector of this many elements, which is not a value of this format: see [`RawLe`].
    ///
    /// ```
    /// # #[cfg(feature = "redis-1")] {
    /// # use ndwire::redis::Received;
    /// let received = Received::from(vec![0, 0, 128, 63, 0, 0, 0, 64]);
    /// assert_eq!(received.raw_le::<f32>(2)?[..], [1.0, 2.0]);
    /// # }
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`RawLe::from_bytes`].
    pub fn raw_le<T: RawElement>(&self, element_count: usize) -> Result<RawLe<'_, T>> {
        RawLe::from_bytes(&self.bytes, element_count)
    }

    /// The bytes as they came.
    ///
    /// ```
    /// # #[cfg(feature = "redis-1")]
    /// assert_eq!(ndwire::redis::Received::from(b"{}".to_vec()).as_bytes(), b"{}");
    /// ```
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes as they came, moved out.
    ///
    /// ```
    /// # #[cfg(feature = "redis-1")]
    /// assert_eq!(ndwire::redis::Received::from(b"{}".to_vec()).into_vec(), b"{}");
    /// ```
    pub fn into_vec(self) -> Vec<u8> {
        self.bytes
    }

    /// How many bytes came.
    ///
    /// ```
    /// # #[cfg(feature = "redis-1")]
    /// assert_eq!(ndwire::redis::Received::from(b"{}".to_vec()).len(), 2);
    /// ```
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether no bytes came: an empty string, and what `GETRANGE` gives for a missing key.
    ///
    /// ```
    /// # #[cfg(feature = "redis-1")]
    /// assert!(ndwire::redis::Received::from(Vec::new()).is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}

/// For bytes that came another way, as from a script or in pieces.
impl From<Vec<u8>> for Received {
    fn from(bytes: Vec<u8>) -> Self {
        Received { bytes }
    }
}

impl AsRef<[u8]> for Received {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received").field("len", &self.len()).finish()
    }
}
