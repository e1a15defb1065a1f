//! A value that has been encoded before a command is made of it.

use alloc::vec::Vec;
use core::fmt;
use std::io::Write;

use serde::ser::Serialize;

use crate::Limits;
use crate::error::{Error, ErrorKind, Result};
use crate::ser::{Encoded, Options};

/// An encoded value as an argument of Redis commands.
///
/// All that can fail has failed when there is one: the value was encoded, and it is not larger than what Redis takes. A
/// reference to it is an argument for as many commands as wanted.
///
/// The metadata and the arrays stay in two pieces, and each is copied once, into the buffer of the command. What Redis stores are the
/// bytes of [`to_vec`](crate::to_vec).
///
/// ```no_run
/// # #[cfg(feature = "redis-1")] {
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use ndwire::redis::Packed;
/// use redis::Commands;
///
/// let mut con = redis::Client::open("redis://127.0.0.1/")?.get_connection()?;
///
/// let embedding = Packed::encode(&vec![0.5f32; 768])?;
/// con.set::<_, _, ()>("latest", &embedding)?;
/// con.publish::<_, _, ()>("embeddings", &embedding)?;
/// # Ok(())
/// # }
/// # }
/// ```
///
/// Its `Debug` is its length, never content.
///
/// ```
/// # #[cfg(feature = "redis-1")] {
/// use ndwire::redis::Packed;
/// use redis::ToRedisArgs;
///
/// let packed = Packed::encode("secret")?;
/// assert_eq!(packed.to_redis_args(), [ndwire::to_vec("secret")?]);
/// assert_eq!(format!("{packed:?}"), "Packed { len: 23 }");
/// # }
/// # Ok::<(), ndwire::Error>(())
/// ```
pub struct Packed {
    encoded: Encoded,
}

#[allow(clippy::len_without_is_empty, reason = "a value has at least its header")]
impl Packed {
    /// What Redis takes for one string unless it is configured otherwise (`proto-max-bulk-len`): 512 MiB.
    ///
    /// ```
    /// # #[cfg(feature = "redis-1")]
    /// assert_eq!(ndwire::redis::Packed::DEFAULT_LIMIT, 512 * 1024 * 1024);
    /// ```
    pub const DEFAULT_LIMIT: u64 = Limits::DEFAULT.value_len;

    /// Encodes a value.
    ///
    /// ```
    /// # #[cfg(feature = "redis-1")] {
    /// use ndwire::redis::Packed;
    ///
    /// struct Sensor;
    ///
    /// impl serde::Serialize for Sensor {
    ///     fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
    ///         Err(serde::ser::Error::custom("the sensor is asleep"))
    ///     }
    /// }
    ///
    /// let error = Packed::encode(&Sensor).unwrap_err();
    /// assert_eq!(error.to_string(), "the sensor is asleep");
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`to_vec`](crate::to_vec); of kind [`TooLarge`](crate::ErrorKind::TooLarge) if the value takes more than 512 MiB.
    pub fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Self> {
        Self::encode_with(value, Options::default(), Self::DEFAULT_LIMIT)
    }

    /// [`encode`](Packed::encode) with options, and with a limit of the application or of a server with another configuration.
    ///
    /// Readers refuse values of more than 512 MiB too, unless their [`Limits`] are set higher.
    ///
    /// ```
    /// # #[cfg(feature = "redis-1")] {
    /// use ndwire::redis::Packed;
    ///
    /// let error = Packed::encode_with(&vec![0u8; 2000], ndwire::Options::default(), 1024).unwrap_err();
    /// assert_eq!(error.kind(), ndwire::ErrorKind::TooLarge);
    /// assert_eq!(error.to_string(), "value is too large for Redis: found 2032 bytes, the limit is 1024");
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`encode`](Packed::encode), with this limit.
    pub fn encode_with<T: Serialize + ?Sized>(value: &T, options: Options, limit_in_bytes: u64) -> Result<Self> {
        let encoded = Encoded::new(value, options)?;
        let found = encoded.len();
        match found as u64 > limit_in_bytes {
            true => Err(Error::new(
                ErrorKind::TooLarge,
                alloc::format!("value is too large for Redis: found {found} bytes, the limit is {limit_in_bytes}"),
            )),
            false => Ok(Packed { encoded }),
        }
    }

    /// For arguments that have no way to fail.
    #[expect(clippy::panic, reason = "the trait cannot fail, and an argument left out would shift the others")]
    pub(super) fn or_panic<T: Serialize>(value: &T) -> Self {
        match Self::encode(value) {
            Ok(packed) => packed,
            Err(error) => panic!("cannot encode a value for Redis: {error}"),
        }
    }

    /// Bytes of the value, which are those that the key will hold.
    ///
    /// ```
    /// # #[cfg(feature = "redis-1")]
    /// assert_eq!(ndwire::redis::Packed::encode(&7u8)?.len(), 17);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn len(&self) -> usize {
        self.encoded.len()
    }

    /// The bytes in one vector.
    ///
    /// ```
    /// # #[cfg(feature = "redis-1")]
    /// assert_eq!(ndwire::redis::Packed::encode(&7u8)?.to_vec(), ndwire::to_vec(&7u8)?);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn to_vec(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.len());
        self.write_argument(&mut bytes);
        bytes
    }

    /// Writes the bytes to a writer.
    ///
    /// ```
    /// # #[cfg(feature = "redis-1")] {
    /// let packed = ndwire::redis::Packed::encode(&7u8)?;
    /// let mut file = Vec::new();
    /// packed.write_to(&mut file)?;
    /// assert_eq!(file, packed.to_vec());
    /// # }
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// Fails, with kind [`Io`](crate::ErrorKind::Io), if the writer fails.
    pub fn write_to(&self, mut writer: impl Write) -> Result<()> {
        self.encoded.write_to(&mut writer).map_err(Error::io)
    }

    /// Head and payloads one after the other: the command's buffer is the first place where they meet.
    #[expect(clippy::panic, reason = "half an argument must not be sent")]
    pub(super) fn write_argument(&self, mut writer: impl Write) {
        if let Err(error) = self.encoded.write_to(&mut writer) {
            panic!("cannot write a value into a Redis command: {error}");
        }
    }
}

impl fmt::Debug for Packed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Packed").field("len", &self.len()).finish()
    }
}
