//! Values of redis-rs commands: one [`Wire`] for every supported major version, and one macro that writes the traits of a version.

#[cfg(feature = "redis-1")]
pub mod v1;
#[cfg(feature = "redis-2")]
pub mod v2;

use alloc::string::{String, ToString};
use std::io::Write;

use serde::de::DeserializeOwned;
use serde::ser::Serialize;

use crate::error::{Error, ErrorKind, Result};
use crate::ser::{Encoded, Options};
use crate::Limits;

/// A value as an argument of a Redis command, or as its reply.
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
/// # Panics
/// The traits of redis-rs leave an argument no way to fail, and an argument that is left out or cut short would be stored without
/// a word. So writing the argument panics if the value cannot be encoded (see [`to_vec`](crate::to_vec)) or takes more than
/// 512 MiB, which Redis refuses. The value is encoded whole before the first byte is written: when it panics, nothing has been sent, and
/// the connection stays usable. A program that wants a `Result` encodes with [`to_vec`](crate::to_vec) and gives redis-rs the bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Wire<T>(pub T);

/// Implements the traits of the redis-rs that is called `$redis` here. The versions differ in their crates only.
macro_rules! implement {
    ($redis:ident) => {
        impl<T: serde::Serialize> $redis::ToRedisArgs for Wire<T> {
            fn write_redis_args<W: ?Sized + $redis::RedisWrite>(&self, out: &mut W) {
                // All that can fail comes before the first call on `out`.
                let encoded = super::encode(&self.0);
                out.reserve_space_for_args([encoded.len()]);
                super::write(&encoded, out.writer_for_next_arg());
            }
        }

        impl<T: serde::Serialize> $redis::ToSingleRedisArg for Wire<T> {}

        impl<T: serde::de::DeserializeOwned> $redis::FromRedisValue for Wire<T> {
            fn from_redis_value(value: $redis::Value) -> Result<Self, $redis::ParsingError> {
                Self::from_redis_value_ref(&value)
            }

            // The default would clone the value.
            fn from_redis_value_ref(value: &$redis::Value) -> Result<Self, $redis::ParsingError> {
                use $redis::Value;

                let found = match value {
                    Value::BulkString(bytes) => return Ok(Wire(super::decode(&bytes[..])?)),
                    Value::Attribute { data, .. } => return Self::from_redis_value_ref(data),
                    Value::Nil => "nil",
                    Value::Int(_) => "an integer",
                    Value::Array(_) => "an array",
                    Value::SimpleString(_) | Value::Okay => "a status",
                    Value::Map(_) => "a map",
                    Value::Set(_) => "a set",
                    Value::Double(_) => "a double",
                    Value::Boolean(_) => "a boolean",
                    Value::VerbatimString { .. } => "a verbatim string",
                    Value::BigNumber(_) => "a big number",
                    Value::Push { .. } => "a push message",
                    Value::ServerError(_) => "an error of the server",
                    _ => "a reply of another type",
                };
                Err(super::unexpected(found).into())
            }
        }
    };
}
use implement;

/// The finished value, or a panic.
#[expect(clippy::panic, reason = "the trait cannot fail, and an argument left out would shift the others")]
fn encode<T: Serialize>(value: &T) -> Encoded {
    match Encoded::new(value, Options::default()).and_then(fitting) {
        Ok(encoded) => encoded,
        Err(error) => panic!("cannot encode a value for Redis: {error}"),
    }
}

/// Refuses what the server would answer by closing the connection, and what readers refuse by default.
fn fitting(encoded: Encoded) -> Result<Encoded> {
    let (found, limit) = (encoded.len(), Limits::DEFAULT.value_len);
    match found as u64 > limit {
        true => Err(Error::new(
            ErrorKind::TooLarge,
            alloc::format!("value is too large for Redis: found {found} bytes, the limit is {limit}"),
        )),
        false => Ok(encoded),
    }
}

/// Head and payloads one after the other: the command's buffer is the first place where they meet.
#[expect(clippy::panic, reason = "half an argument must not be sent")]
fn write(encoded: &Encoded, mut writer: impl Write) {
    if let Err(error) = encoded.write_to(&mut writer) {
        panic!("cannot write a value into a Redis command: {error}");
    }
}

fn decode<T: DeserializeOwned>(bytes: &[u8]) -> core::result::Result<T, String> {
    crate::from_slice(bytes).map_err(|error| error.to_string())
}

fn unexpected(found: &str) -> String {
    let advice = match found {
        "nil" => ": read a key that may be missing as `Option<Wire<T>>`",
        _ => "",
    };
    alloc::format!("invalid type: found {found}, expected a string{advice}")
}
