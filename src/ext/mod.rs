//! Glue to other crates, one folder or file per crate. Nothing else in this crate depends on it, and it knows nothing of the format.

#[cfg(any(feature = "redis-1", feature = "redis-2"))]
pub(crate) mod redis;
