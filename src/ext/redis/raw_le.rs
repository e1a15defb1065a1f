//! A vector without a header, for commands that want one.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Deref;

use crate::element::Element;
use crate::error::{Error, ErrorKind, Result};

/// A scalar that [`RawLe`] takes: `f32`, `f64`, `i8`, `u8`, and with the feature `half-2` its `f16` and `bf16`.
///
/// It cannot be implemented outside this crate.
///
/// ```
/// # #[cfg(feature = "redis-1")] {
/// fn element_count<T: ndwire::redis::RawElement>(blob: &[u8]) -> usize {
///     blob.len() / size_of::<T>()
/// }
/// assert_eq!(element_count::<f32>(&[0; 12]), 3);
/// # }
/// ```
// `Element` is sealed, so this is too.
pub trait RawElement: Element {}

impl RawElement for f32 {}
impl RawElement for f64 {}
impl RawElement for i8 {}
impl RawElement for u8 {}
#[cfg(feature = "half-2")]
impl RawElement for half_2::f16 {}
#[cfg(feature = "half-2")]
impl RawElement for half_2::bf16 {}

/// A vector as nothing but its elements, little-endian: what `VADD … FP32` and the vector fields of the search module take.
///
/// redis-rs makes one text argument for each element of a `Vec<f32>`; this is one argument of `4 * len` bytes. It is not a value
/// of this format: nothing in it tells its dtype or length, so reading it takes the element count, and refuses every other.
///
/// ```
/// # #[cfg(feature = "redis-1")] {
/// use ndwire::redis::RawLe;
///
/// let embedding = [1.0f32, 2.0, 3.0];
/// let mut vadd = redis::cmd("VADD");
/// vadd.arg("embeddings").arg("FP32").arg(RawLe::new(&embedding)).arg("frame:7");
/// assert_eq!(vadd.args_iter().count(), 5);
/// # }
/// ```
///
/// A vector field of a hash, written with `HSET` and read back with `HGET` as a [`Received`](super::Received) (or `Vec<u8>`):
///
/// ```
/// # #[cfg(feature = "redis-1")] {
/// # use redis::{FromRedisValue, ToRedisArgs, Value};
/// use ndwire::redis::{RawLe, Received};
///
/// let blob = RawLe::new(&[1.0f32, 2.0, 3.0]).to_redis_args().remove(0);
/// let received = Received::from(blob);
/// let embedding = received.raw_le::<f32>(3)?;
/// assert_eq!(embedding.iter().sum::<f32>(), 6.0);
///
/// let error = received.raw_le::<f32>(384).unwrap_err();
/// assert_eq!(error.to_string(), "raw f32 vector has another length: found 12 bytes, expected 1536 (384 elements)");
/// # }
/// # Ok::<(), ndwire::Error>(())
/// ```
///
/// It derefs to a slice. Its `Debug` is dtype and length, never content.
#[derive(Clone, PartialEq)]
pub struct RawLe<'a, T: RawElement> {
    elements: Cow<'a, [T]>,
}

impl<'a, T: RawElement> RawLe<'a, T> {
    /// A vector around elements of the caller.
    ///
    /// ```
    /// # #[cfg(feature = "redis-1")]
    /// assert_eq!(ndwire::redis::RawLe::new(&[1u8, 2, 3]).len(), 3);
    /// ```
    pub fn new(elements: &'a [T]) -> Self {
        RawLe { elements: Cow::Borrowed(elements) }
    }

    /// Reads a vector of this many elements. It borrows from the bytes if this machine reads them as they are.
    ///
    /// ```
    /// # #[cfg(feature = "redis-1")] {
    /// use ndwire::redis::RawLe;
    ///
    /// let bytes = [0, 0, 128, 63, 0, 0, 0, 64];
    /// assert_eq!(RawLe::<f32>::from_bytes(&bytes, 2)?[..], [1.0, 2.0]);
    /// # }
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// Fails, with kind [`InvalidLength`](crate::ErrorKind::InvalidLength), if the bytes are not of exactly this many elements.
    pub fn from_bytes(bytes: &'a [u8], element_count: usize) -> Result<Self> {
        // In 128 bits a product of two lengths cannot overflow.
        let expected = element_count as u128 * size_of::<T>() as u128;
        if bytes.len() as u128 != expected {
            let message = alloc::format!(
                "raw {} vector has another length: found {} bytes, expected {expected} ({element_count} elements)",
                T::DTYPE,
                bytes.len()
            );
            return Err(Error::new(ErrorKind::InvalidLength, message));
        }
        Ok(RawLe { elements: T::view(bytes) })
    }

    /// The elements as a vector, copied only if they are borrowed.
    ///
    /// ```
    /// # #[cfg(feature = "redis-1")]
    /// assert_eq!(ndwire::redis::RawLe::from(vec![1.5f32]).into_vec(), [1.5]);
    /// ```
    pub fn into_vec(self) -> Vec<T> {
        self.elements.into_owned()
    }

    /// The argument: the elements, little-endian. Borrowed unless this machine is big-endian.
    ///
    /// ```
    /// # #[cfg(feature = "redis-1")]
    /// assert_eq!(ndwire::redis::RawLe::new(&[1.0f32]).to_bytes()[..], [0, 0, 128, 63]);
    /// ```
    pub fn to_bytes(&self) -> Cow<'_, [u8]> {
        T::bytes(&self.elements)
    }
}

impl<T: RawElement> From<Vec<T>> for RawLe<'_, T> {
    fn from(elements: Vec<T>) -> Self {
        RawLe { elements: Cow::Owned(elements) }
    }
}

impl<'a, T: RawElement> From<&'a [T]> for RawLe<'a, T> {
    fn from(elements: &'a [T]) -> Self {
        RawLe::new(elements)
    }
}

impl<T: RawElement> Deref for RawLe<'_, T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.elements
    }
}

impl<T: RawElement> fmt::Debug for RawLe<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawLe({}, {} elements)", T::DTYPE, self.elements.len())
    }
}
