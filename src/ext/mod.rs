//! Glue to other crates, one folder or file per crate. Nothing else in this crate depends on it, and it knows nothing of the format.

#[cfg(feature = "ndarray-0_17")]
mod ndarray_0_17;
#[cfg(any(feature = "redis-1", feature = "redis-2"))]
pub(crate) mod redis;
