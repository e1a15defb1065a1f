//! Values as arguments and replies of [redis](https://docs.rs/redis/1) 1.x.
//!
//! # One array in one key
//!
//! [`AsArray`](crate::AsArray) is an argument and a reply: of ndarray's arrays, `Vec`s and [all that may be an array](mod@crate::array).
//!
//! ```no_run
//! # #[cfg(feature = "ndarray-0_17")] {
//! use ndarray::{Array2, array};
//! use ndwire::AsArray;
//! use redis::Commands;
//!
//! fn main() -> redis::RedisResult<()> {
//!     let mut con = redis::Client::open("redis://127.0.0.1/")?.get_connection()?;
//!     con.set::<_, _, ()>("pose", AsArray(&array![[1.0f32, 0.0], [0.0, 1.0]]))?;
//!     let AsArray(pose): AsArray<Array2<f32>> = con.get("pose")?;
//!     println!("{pose}");
//!     Ok(())
//! }
//! # }
//! ```
//!
//! So are [`Array`](crate::Array), [`DynArray`](crate::DynArray) and [`Value`](crate::Value); [`ArrayView`](crate::ArrayView),
//! [`DynArrayView`](crate::DynArrayView) and [`Columns`](crate::Columns) are arguments. Where a key may be missing, read an `Option` of
//! these, and of `MGET` a `Vec` of `Option`s.
//!
//! # Your struct
//!
//! [`redis_value!`](crate::redis_value) makes a struct an argument and a reply. It goes wherever redis-rs takes one argument or gives
//! one string: `GET`, `SET`, `MGET`, `HSET`, `PUBLISH`, in pipelines and scripts, blocking and async.
//!
//! ```no_run
//! use redis::Commands;
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize)]
//! struct Frame { id: u64, embedding: Vec<f32> }
//!
//! ndwire::redis_value!(Frame);
//!
//! let frame = Frame { id: 7, embedding: vec![0.5; 768] };
//! let mut con = redis::Client::open("redis://127.0.0.1/")?.get_connection()?;
//!
//! con.set::<_, _, ()>("frame:7", &frame)?;
//! let again: Frame = con.get("frame:7")?;
//! assert_eq!(again.embedding, frame.embedding);
//!
//! // Where a key may be missing:
//! let frame: Option<Frame> = con.get("frame:8")?;
//! let frames: Vec<Option<Frame>> = con.mget(&["frame:7", "frame:8"])?;
//! # let _ = (frame, frames);
//! # Ok::<(), redis::RedisError>(())
//! ```
//!
//! # What there is besides
//!
//! | | |
//! |---|---|
//! | [`Wire`] | for types that are not your own: `con.set(key, Wire(&frames))`, `let Wire(frames): Wire<Vec<Frame>> = con.get(key)?` |
//! | [`Packed`] | encodes first and can fail there, where the above panic; then an argument of many commands |
//! | [`Received`] | takes a reply without a copy, to decode it in a second step: views into the reply, this crate's errors, one result for each item of an `MGET` |
//! | [`RawLe`] | no value of this format, but a bare little-endian vector: `VADD … FP32`, vector fields |
//! | `AnyEncoding` | with the feature `foreign`: a reply that is ndwire, or what Python stored as msgpack-numpy, text header or `.npy` |
//!
//! ```no_run
//! # #[derive(serde::Serialize, serde::Deserialize)]
//! # struct Frame { id: u64, embedding: Vec<f32> }
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let frame = Frame { id: 7, embedding: vec![0.5; 768] };
//! # let mut con = redis::Client::open("redis://127.0.0.1/")?.get_connection()?;
//! # use redis::Commands;
//! use ndwire::redis::{Packed, RawLe, Received};
//!
//! let packed = Packed::encode(&frame)?;
//! con.set::<_, _, ()>("frame:7", &packed)?;
//!
//! let received: Option<Received> = con.get("frame:7")?;
//! if let Some(received) = &received {
//!     let frame: Frame = received.decode()?;
//! }
//!
//! con.hset::<_, _, _, ()>("doc:7", "embedding", RawLe::new(&frame.embedding))?;
//! let blob: Received = con.hget("doc:7", "embedding")?;
//! assert_eq!(blob.raw_le::<f32>(768)?.len(), 768);
//! # Ok(())
//! # }
//! ```
#![doc = include_str!("traps.md")]
//! * **`SET … IFEQ` of redis 1.x.** `ValueComparison::ifeq` passes its argument through a lossy conversion to text, so it never
//!   matches a binary value. Give the condition as raw arguments of `redis::cmd("SET")`.

#[cfg(feature = "foreign")]
pub use super::AnyEncoding;
pub use super::{Packed, RawElement, RawLe, Received, Wire};

super::implement!(redis_1);
