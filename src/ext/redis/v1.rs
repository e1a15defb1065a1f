//! Values as arguments and replies of [redis](https://docs.rs/redis/1) 1.x.
//!
//! [`Wire`] around a value makes it an argument; as the type of a reply it reads the value back. It works wherever redis-rs takes
//! one argument or gives one string: `GET`, `SET`, `MGET`, `HSET`, `PUBLISH`, in pipelines and scripts, blocking and async.
//!
//! ```no_run
//! # #[derive(serde::Serialize, serde::Deserialize)]
//! # struct Frame { id: u64, embedding: Vec<f32> }
//! use ndwire::redis::Wire;
//! use redis::Commands;
//!
//! let frame = Frame { id: 7, embedding: vec![0.5; 768] };
//! let mut con = redis::Client::open("redis://127.0.0.1/")?.get_connection()?;
//!
//! con.set::<_, _, ()>("frame:7", Wire(&frame))?;
//! let Wire(again): Wire<Frame> = con.get("frame:7")?;
//! assert_eq!(again.embedding, frame.embedding);
//!
//! // Where a key may be missing:
//! let frame: Option<Wire<Frame>> = con.get("frame:8")?;
//! let frames: Vec<Option<Wire<Frame>>> = con.mget(&["frame:7", "frame:8"])?;
//! # let _ = (frame, frames);
//! # Ok::<(), redis::RedisError>(())
//! ```
#![doc = include_str!("traps.md")]
//! * **`SET … IFEQ` of redis 1.x.** `ValueComparison::ifeq` passes its argument through a lossy conversion to text, so it never
//!   matches a binary value. Give the condition as raw arguments of `redis::cmd("SET")`.

pub use super::Wire;

super::implement!(redis_1);
