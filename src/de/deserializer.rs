//! What is read from.

use serde::de::{self, Visitor};

use super::source::Source;
use crate::error::{Error, Result};
use crate::limits::Limits;
use crate::wire::Reader;

/// A serde `Deserializer` of this format, for code that asks for one; others use [`from_slice`](crate::from_slice).
///
/// ```
/// use serde::Deserialize;
///
/// let bytes = ndwire::to_vec(&[1u16, 2])?;
/// let mut deserializer = ndwire::Deserializer::new(&bytes)?;
/// assert_eq!(<[u16; 2]>::deserialize(&mut deserializer)?, [1, 2]);
/// deserializer.end()?;
/// # Ok::<(), ndwire::Error>(())
/// ```
pub struct Deserializer<'de> {
    pub(super) reader: Reader<'de>,
    pub(super) value: &'de [u8],
    /// Where the last key is of something that was asked for as a map.
    pub(super) map_key: u64,
    pub(super) lanes: Lanes,
}

/// By which lanes rows may be read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lanes {
    /// By any.
    Free,
    /// By any, inside a row that is read by the fast lane and will be read again if this fails.
    InRow,
    /// Inside a row that is read again.
    General,
}

impl<'de> Deserializer<'de> {
    /// A deserializer of one value, after its header and checksum have been checked.
    ///
    /// ```
    /// assert!(ndwire::Deserializer::new(b"{}").is_err());
    /// ```
    ///
    /// # Errors
    /// Fails if the bytes are not a value of this format.
    pub fn new(value: &'de [u8]) -> Result<Self> {
        Self::with_limits(value, Limits::DEFAULT)
    }

    /// [`new`](Deserializer::new) with limits.
    ///
    /// ```
    /// let bytes = ndwire::to_vec(&7u8)?;
    /// let limits = ndwire::Limits { value_len: 16, ..Default::default() };
    /// assert!(ndwire::Deserializer::with_limits(&bytes, limits).is_err());
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`new`](Deserializer::new); or the value is beyond the limits.
    pub fn with_limits(value: &'de [u8], limits: Limits) -> Result<Self> {
        Ok(Deserializer { reader: Reader::new(value, &limits)?, value, map_key: 0, lanes: Lanes::Free })
    }

    /// Checks that nothing is left over. A value is not accepted before this.
    ///
    /// ```
    /// use serde::Deserialize;
    ///
    /// let mut bytes = ndwire::to_vec(&7u8)?;
    /// bytes.push(0);
    /// let mut deserializer = ndwire::Deserializer::new(&bytes)?;
    /// assert_eq!(u8::deserialize(&mut deserializer)?, 7);
    /// assert!(deserializer.end().is_err());
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// Fails if bytes are left over.
    pub fn end(self) -> Result<()> {
        self.reader.finish()
    }

    /// What the next node is read from.
    #[inline]
    pub(super) fn source(&mut self) -> Source<'_, 'de> {
        Source { deserializer: self, cell: None }
    }

    #[inline]
    pub(super) fn offset(&self) -> u64 {
        self.reader.offset()
    }
}

macro_rules! forward {
    ($($method:ident($($argument:ident: $type:ty),*);)*) => {$(
        #[inline]
        fn $method<V: Visitor<'de>>(self, $($argument: $type,)* visitor: V) -> Result<V::Value> {
            self.source().$method($($argument,)* visitor)
        }
    )*};
}

impl<'de> de::Deserializer<'de> for &mut Deserializer<'de> {
    type Error = Error;

    forward! {
        deserialize_any(); deserialize_bool(); deserialize_char(); deserialize_unit();
        deserialize_u8(); deserialize_u16(); deserialize_u32(); deserialize_u64(); deserialize_u128();
        deserialize_i8(); deserialize_i16(); deserialize_i32(); deserialize_i64(); deserialize_i128();
        deserialize_f32(); deserialize_f64();
        deserialize_str(); deserialize_string(); deserialize_bytes(); deserialize_byte_buf(); deserialize_identifier();
        deserialize_option(); deserialize_seq(); deserialize_map(); deserialize_ignored_any();
        deserialize_unit_struct(name: &'static str);
        deserialize_newtype_struct(name: &'static str);
        deserialize_tuple(len: usize);
        deserialize_tuple_struct(name: &'static str, len: usize);
        deserialize_struct(name: &'static str, fields: &'static [&'static str]);
        deserialize_enum(name: &'static str, variants: &'static [&'static str]);
    }
}

impl core::fmt::Debug for Deserializer<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Deserializer").field("offset", &self.reader.offset()).finish_non_exhaustive()
    }
}
