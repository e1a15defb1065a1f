//! A wrapper for values in whatever encoding they were stored.

/// The value of a key that holds ndwire, msgpack-numpy, a text header or `.npy`: whichever [`Encoding::detect`] finds.
///
/// For the time in which some writers store ndwire and others what they always did: a service that reads `AnyEncoding` can be deployed
/// first, and its writers follow one by one. It is a type of replies only; [`Wire`](super::Wire) and
/// [`redis_value!`](crate::redis_value) write ndwire, and [`Encoding::encode`] writes what old readers want.
///
/// ```
/// # #[cfg(feature = "redis-1")] {
/// use ndwire::foreign::Encoding;
/// use ndwire::redis::AnyEncoding;
/// # use redis::{FromRedisValue, Value};
///
/// #[derive(serde::Serialize, serde::Deserialize, PartialEq, Debug)]
/// struct Frame {
///     id: u64,
///     #[serde(with = "ndwire::array")]
///     embedding: Vec<f32>,
/// }
///
/// let frame = Frame { id: 7, embedding: vec![0.5, 1.5] };
/// for encoding in [Encoding::Ndwire, Encoding::MsgpackNumpy] {
///     let stored = encoding.encode(&frame)?;
///     // As in `let AnyEncoding(again): AnyEncoding<Frame> = con.get("frame:7")?`
///     let reply = Value::BulkString(stored);
///     let AnyEncoding(again): AnyEncoding<Frame> = FromRedisValue::from_redis_value(reply).expect("detected");
///     assert_eq!(again, frame);
/// }
/// # }
/// # Ok::<(), ndwire::Error>(())
/// ```
///
/// # Errors
/// As those of [`Wire`](super::Wire#errors); what is none of these encodings is named in the text. Two dims and their bytes (the `>II`
/// header) cannot be told from other bytes: read them with [`Received::decode_as`](super::Received::decode_as).
///
/// [`Encoding::detect`]: crate::foreign::Encoding::detect
/// [`Encoding::encode`]: crate::foreign::Encoding::encode
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AnyEncoding<T>(pub T);
