//! A wrapper for any value, where the application's own type has no traits of redis-rs.

/// A value as an argument of a Redis command, or as its reply.
///
/// For a struct of the application [`redis_value!`](crate::redis_value) does the same without a wrapper. `Wire` is for types
/// that are not the application's own: `Wire<Vec<Frame>>`, `Wire<BTreeMap<String, Frame>>`. An array of ndarray goes in and out as
/// [`AsArray`](crate::AsArray): `Wire` writes it by ndarray's own serde, which others see as a map.
///
/// As an argument it holds anything that is `Serialize`, usually a reference; as a reply anything that is `DeserializeOwned`.
/// Its bytes are those of [`to_vec`](crate::to_vec), whole and in one argument.
///
/// ```
/// # #[cfg(feature = "redis-1")] {
/// use ndwire::redis::Wire;
/// use redis::{FromRedisValue, ToRedisArgs, Value};
///
/// let pixels = vec![[0u8, 128, 255]; 4];
/// let argument = Wire(&pixels).to_redis_args().remove(0);
/// assert_eq!(argument, ndwire::to_vec(&pixels).unwrap());
///
/// let reply = Value::BulkString(argument);
/// let Wire(read): Wire<Vec<[u8; 3]>> = FromRedisValue::from_redis_value(reply).unwrap();
/// assert_eq!(read, pixels);
///
/// // A missing key:
/// assert_eq!(<Option<Wire<Vec<[u8; 3]>>>>::from_redis_value(Value::Nil), Ok(None));
/// # }
/// ```
///
/// # Errors
/// Reading fails with a `ParsingError` of redis-rs, whose text is that of this crate's [`Error`](crate::Error) if the bytes are
/// not a value or the value is not a `T`, and otherwise names the reply that was found in place of a string:
///
/// ```
/// # #[cfg(feature = "redis-1")] {
/// # use ndwire::redis::Wire;
/// # use redis::{FromRedisValue, Value};
/// let error = <Wire<u32>>::from_redis_value(Value::Nil).unwrap_err();
/// assert!(error.to_string().ends_with("found nil, expected a string: read a key that may be missing as `Option<Wire<T>>`"));
/// # }
/// ```
///
/// A program that wants this crate's error itself, with kind, offset and path, reads a [`Received`](super::Received).
///
/// # Panics
/// The traits of redis-rs leave an argument no way to fail, and an argument that is left out or cut short would be stored without
/// a word. So writing the argument panics if the value cannot be encoded (see [`to_vec`](crate::to_vec)) or takes more than
/// 512 MiB, which Redis refuses. The value is encoded whole before the first byte is written: when it panics, nothing has been sent, and
/// the connection stays usable. A program that wants a `Result` encodes a [`Packed`](super::Packed).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Wire<T>(pub T);
