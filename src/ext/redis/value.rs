//! The macro by which a struct of the application becomes a value of redis-rs.

/// Makes structs and enums of the application values of redis-rs: arguments of commands, and types of replies.
///
/// They need serde's `Serialize` and `DeserializeOwned`, usually derived. The macro implements `ToRedisArgs`, `ToSingleRedisArg` and
/// `FromRedisValue`, of each redis-rs whose feature (`redis-1`, `redis-2`) is enabled. What is stored are the bytes of
/// [`to_vec`](crate::to_vec).
///
/// ```no_run
/// # #[cfg(feature = "redis-1")] {
/// # fn main() -> redis::RedisResult<()> {
/// use redis::Commands;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize)]
/// struct Frame { id: u64, embedding: Vec<f32> }
///
/// ndwire::redis_value!(Frame);
///
/// let mut con = redis::Client::open("redis://127.0.0.1/")?.get_connection()?;
/// let frame = Frame { id: 7, embedding: vec![0.5; 768] };
///
/// con.set::<_, _, ()>("frame:7", &frame)?;
/// let again: Frame = con.get("frame:7")?;
///
/// // Where a key may be missing:
/// let frame: Option<Frame> = con.get("frame:8")?;
/// let frames: Vec<Option<Frame>> = con.mget(&["frame:7", "frame:8"])?;
/// # Ok(())
/// # }
/// # }
/// ```
///
/// Several types stand in one call: `redis_value!(Frame, Camera);`. A generic type comes with its parameters and their bounds; that
/// it is `Serialize` and `DeserializeOwned` need not be said:
///
/// ```
/// # #[cfg(feature = "redis-1")] {
/// # use redis::{FromRedisValue, ToRedisArgs, Value};
/// use ndwire::Element;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize, PartialEq, Debug)]
/// struct Grid<T: Element, const N: usize> { spacing: [f64; 2], cells: Vec<Option<T>> }
///
/// ndwire::redis_value!(for[T: Element, const N: usize] Grid<T, N>);
///
/// let grid = Grid::<f32, 2> { spacing: [0.5, 0.5], cells: vec![Some(1.0), None] };
/// let reply = Value::BulkString(grid.to_redis_args().remove(0));
/// assert_eq!(Grid::<f32, 2>::from_redis_value(reply).unwrap(), grid);
/// # }
/// ```
///
/// A type with a lifetime, `redis_value!(for['a] Label<'a>);`, becomes an argument only; read it with
/// [`Received`](crate::redis::Received). Types of other crates, `Vec<Frame>` among them, cannot be given traits here: wrap them in
/// [`Wire`](crate::redis::Wire).
///
/// # A list of values in one key
///
/// redis-rs reads a `Vec<Frame>` as a reply of many frames, so for one key it gives a vector of one frame, and **for a missing
/// key an empty vector**. A list that is stored in one key goes in and out as `Wire`, where a missing key is an error, or
/// `None` of an `Option`:
///
/// ```
/// # #[cfg(feature = "redis-1")] {
/// # #[derive(serde::Serialize, serde::Deserialize, PartialEq, Debug)]
/// # struct Frame { id: u64 }
/// # ndwire::redis_value!(Frame);
/// # use ndwire::redis::Wire;
/// # use redis::{FromRedisValue, Value};
/// assert_eq!(<Vec<Frame>>::from_redis_value(Value::Nil), Ok(vec![]));
/// assert_eq!(<Option<Wire<Vec<Frame>>>>::from_redis_value(Value::Nil), Ok(None));
/// # }
/// ```
///
/// # Errors
/// As those of [`Wire`](crate::redis::Wire#errors).
///
/// # Panics
/// Writing an argument panics, before anything is sent, if the value cannot be encoded or takes more than 512 MiB: see
/// [`Wire`](crate::redis::Wire#panics). A program that wants a `Result` encodes a [`Packed`](crate::redis::Packed).
#[macro_export]
macro_rules! redis_value {
    (for[$lifetime:lifetime $($generics:tt)*] $type:ty $(,)?) => {
        $crate::__redis_1_value!([$lifetime $($generics)*] [$crate::__private::ReadBorrowingTypesAsReceived] $type);
        $crate::__redis_2_value!([$lifetime $($generics)*] [$crate::__private::ReadBorrowingTypesAsReceived] $type);
    };
    (for[$($generics:tt)*] $type:ty $(,)?) => {
        $crate::__redis_1_value!([$($generics)*] [] $type);
        $crate::__redis_2_value!([$($generics)*] [] $type);
    };
    ($name:ident < T $($rest:tt)*) => {
        ::core::compile_error!(::core::concat!(
            "`T` is a parameter of the type, which has to be declared, with its bounds: `redis_value!(for[T] ",
            ::core::stringify!($name),
            "<T>)`"
        ));
    };
    ($($type:ty),+ $(,)?) => {$(
        $crate::__redis_1_value!([] [] $type);
        $crate::__redis_2_value!([] [] $type);
    )+};
}

// Which versions are enabled is decided here: a `cfg` in an expansion would ask for features of the application.

#[cfg(feature = "redis-1")]
#[doc(hidden)]
#[macro_export]
macro_rules! __redis_1_value {
    ($($tokens:tt)*) => { $crate::__redis_value_of!(redis_1 $($tokens)*); };
}

#[cfg(not(feature = "redis-1"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __redis_1_value {
    ($($tokens:tt)*) => {};
}

#[cfg(feature = "redis-2")]
#[doc(hidden)]
#[macro_export]
macro_rules! __redis_2_value {
    ($($tokens:tt)*) => { $crate::__redis_value_of!(redis_2 $($tokens)*); };
}

#[cfg(not(feature = "redis-2"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __redis_2_value {
    ($($tokens:tt)*) => {};
}

/// The impls for one version. What a type needs stands in `where`, so that it goes for generic types too.
#[doc(hidden)]
#[macro_export]
macro_rules! __redis_value_of {
    ($version:ident [$($generics:tt)*] [$($reply:path)?] $type:ty) => {
        impl<$($generics)*> $crate::__private::$version::ToRedisArgs for $type
        where
            $type: $crate::__private::Serialize,
        {
            // Parameters of the type have no hygiene: the name must not be one of theirs.
            fn write_redis_args<__Out>(&self, out: &mut __Out)
            where
                __Out: ?::core::marker::Sized + $crate::__private::$version::RedisWrite,
            {
                $crate::__private::$version::write(self, out);
            }
        }

        impl<$($generics)*> $crate::__private::$version::ToSingleRedisArg for $type
        where
            $type: $crate::__private::Serialize,
        {
        }

        impl<$($generics)*> $crate::__private::$version::FromRedisValue for $type
        where
            $type: $crate::__private::DeserializeOwned $(+ $reply)?,
        {
            fn from_redis_value(
                reply: $crate::__private::$version::Value,
            ) -> ::core::result::Result<Self, $crate::__private::$version::ParsingError> {
                $crate::__private::$version::read(&reply, ::core::stringify!($type))
            }

            // The default would clone the value.
            fn from_redis_value_ref(
                reply: &$crate::__private::$version::Value,
            ) -> ::core::result::Result<Self, $crate::__private::$version::ParsingError> {
                $crate::__private::$version::read(reply, ::core::stringify!($type))
            }
        }
    };
}
