//! Values of redis-rs commands: types of this crate for every supported major version, and one macro that writes the traits of a
//! version.

#[cfg(feature = "foreign")]
mod any_encoding;
mod own;
mod packed;
mod raw_le;
mod received;
#[cfg(feature = "redis-1")]
pub mod v1;
#[cfg(feature = "redis-2")]
pub mod v2;
mod value;
mod wrapper;

use alloc::string::{String, ToString};

use serde::de::DeserializeOwned;

#[cfg(feature = "foreign")]
pub use any_encoding::AnyEncoding;
pub use packed::Packed;
pub use raw_le::{RawElement, RawLe};
pub use received::Received;
pub use wrapper::Wire;

/// What the expansions of `redis_value!` name.
#[doc(hidden)]
pub mod private {
    pub use serde::de::DeserializeOwned;
    pub use serde::ser::Serialize;

    /// What no type with a lifetime is. The compiler says no more than the name.
    pub trait ReadBorrowingTypesAsReceived {}

    #[cfg(feature = "redis-1")]
    pub use super::v1::glue as redis_1;
    #[cfg(feature = "redis-2")]
    pub use super::v2::glue as redis_2;
}

/// Implements the traits of the redis-rs that is called `$redis` here. The versions differ in their crates only.
macro_rules! implement {
    ($redis:ident) => {
        /// The traits of this redis-rs, and what an implementation of them for a value does.
        #[doc(hidden)]
        pub mod glue {
            pub use $redis::{FromRedisValue, ParsingError, RedisWrite, ToRedisArgs, ToSingleRedisArg, Value};

            use super::super as shared;
            use alloc::vec::Vec;

            /// A value as one argument, or a panic before the first call on `out`.
            pub fn write<T: serde::Serialize, W: ?Sized + RedisWrite>(value: &T, out: &mut W) {
                shared::Packed::or_panic(value).write_redis_args(out);
            }

            /// The value in a reply. `target` is the type as the caller wrote it.
            pub fn read<T: serde::de::DeserializeOwned>(reply: &Value, target: &str) -> Result<T, ParsingError> {
                Ok(shared::decode(bytes(reply, target)?)?)
            }

            /// The value in a reply, in whatever encoding it is.
            #[cfg(feature = "foreign")]
            pub(super) fn read_any<T: serde::de::DeserializeOwned>(
                reply: &Value,
                target: &str,
            ) -> Result<T, ParsingError> {
                Ok(shared::decode_any(bytes(reply, target)?)?)
            }

            fn bytes<'a>(reply: &'a Value, target: &str) -> Result<&'a [u8], ParsingError> {
                match reply {
                    Value::BulkString(bytes) => Ok(&bytes[..]),
                    Value::Attribute { data, .. } => bytes(data, target),
                    other => Err(unexpected(other, target)),
                }
            }

            /// The bytes of a reply, moved out of it.
            #[allow(clippy::useless_conversion, reason = "redis-rs means to give them as `bytes::Bytes` one day")]
            pub(super) fn take(reply: Value, target: &str) -> Result<Vec<u8>, ParsingError> {
                match reply {
                    Value::BulkString(bytes) => Ok(Vec::<u8>::from(bytes)),
                    Value::Attribute { data, .. } => take(*data, target),
                    other => Err(unexpected(&other, target)),
                }
            }

            pub(super) fn copy(reply: &Value, target: &str) -> Result<Vec<u8>, ParsingError> {
                bytes(reply, target).map(<[u8]>::to_vec)
            }

            fn unexpected(reply: &Value, target: &str) -> ParsingError {
                let found = match reply {
                    Value::Nil => return shared::missing(target).into(),
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
                    // Of the server's own errors redis-rs hands over those of a pipeline that ignores errors.
                    Value::ServerError(error) => &alloc::format!("the server's error {}", error.code()),
                    _ => "a reply of another type",
                };
                shared::unexpected(found).into()
            }
        }

        impl<T: serde::Serialize> $redis::ToRedisArgs for Wire<T> {
            fn write_redis_args<W: ?Sized + $redis::RedisWrite>(&self, out: &mut W) {
                glue::write(&self.0, out);
            }
        }

        impl<T: serde::Serialize> $redis::ToSingleRedisArg for Wire<T> {}

        impl<T: serde::de::DeserializeOwned> $redis::FromRedisValue for Wire<T> {
            fn from_redis_value(reply: $redis::Value) -> Result<Self, $redis::ParsingError> {
                Self::from_redis_value_ref(&reply)
            }

            // The default would clone the value.
            fn from_redis_value_ref(reply: &$redis::Value) -> Result<Self, $redis::ParsingError> {
                glue::read(reply, "Wire<T>").map(Wire)
            }
        }

        #[cfg(feature = "foreign")]
        impl<T: serde::de::DeserializeOwned> $redis::FromRedisValue for AnyEncoding<T> {
            fn from_redis_value(reply: $redis::Value) -> Result<Self, $redis::ParsingError> {
                Self::from_redis_value_ref(&reply)
            }

            // The default would clone the value.
            fn from_redis_value_ref(reply: &$redis::Value) -> Result<Self, $redis::ParsingError> {
                glue::read_any(reply, "AnyEncoding<T>").map(AnyEncoding)
            }
        }

        impl $redis::ToRedisArgs for Packed {
            fn write_redis_args<W: ?Sized + $redis::RedisWrite>(&self, out: &mut W) {
                out.reserve_space_for_args([self.len()]);
                self.write_argument(out.writer_for_next_arg());
            }
        }

        impl $redis::ToSingleRedisArg for Packed {}

        impl $redis::FromRedisValue for Received {
            fn from_redis_value(reply: $redis::Value) -> Result<Self, $redis::ParsingError> {
                glue::take(reply, "Received").map(Received::from)
            }

            fn from_redis_value_ref(reply: &$redis::Value) -> Result<Self, $redis::ParsingError> {
                glue::copy(reply, "Received").map(Received::from)
            }
        }

        impl<T: RawElement> $redis::ToRedisArgs for RawLe<'_, T> {
            fn write_redis_args<W: ?Sized + $redis::RedisWrite>(&self, out: &mut W) {
                out.write_arg(&self.to_bytes());
            }
        }

        impl<T: RawElement> $redis::ToSingleRedisArg for RawLe<'_, T> {}
    };
}
use implement;

fn decode<T: DeserializeOwned>(bytes: &[u8]) -> core::result::Result<T, String> {
    crate::from_slice(bytes).map_err(|error| error.to_string())
}

#[cfg(feature = "foreign")]
fn decode_any<T: DeserializeOwned>(bytes: &[u8]) -> core::result::Result<T, String> {
    crate::foreign::decode(bytes).map_err(|error| error.to_string())
}

fn missing(target: &str) -> String {
    unexpected("nil") + ": read a key that may be missing as `Option<" + target + ">`"
}

fn unexpected(found: &str) -> String {
    alloc::format!("invalid type: found {found}, expected a string")
}
