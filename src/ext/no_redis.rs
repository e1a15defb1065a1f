//! Without redis-rs: what to enable.

/// Needs the feature `redis-1` (redis 1.x) or `redis-2` (the candidate of 2.0).
#[macro_export]
macro_rules! redis_value {
    ($($tokens:tt)*) => {
        ::core::compile_error!(
            "`redis_value!` needs a feature of ndwire: `redis-1` for redis 1.x, `redis-2` for the candidate of redis 2.0"
        );
    };
}
