//! Glue to other crates, one folder or file per crate. Nothing else in this crate depends on it, and it knows nothing of the format.

#[cfg(feature = "half-2")]
mod half_2;
#[cfg(feature = "ndarray-0_17")]
mod ndarray_0_17;
#[cfg(not(any(feature = "redis-1", feature = "redis-2")))]
mod no_redis;
#[cfg(feature = "num-complex-0_4")]
mod num_complex_0_4;
#[cfg(any(feature = "redis-1", feature = "redis-2"))]
pub(crate) mod redis;
