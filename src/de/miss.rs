//! The error of the fast lane.

use core::fmt;

use serde::de;

/// The general lane has to read this.
#[derive(Debug)]
pub(super) struct Miss;

impl fmt::Display for Miss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("another form than expected")
    }
}

impl core::error::Error for Miss {}

impl de::Error for Miss {
    #[cold]
    fn custom<T: fmt::Display>(_: T) -> Self {
        Miss
    }

    #[cold]
    fn invalid_type(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Miss
    }

    #[cold]
    fn invalid_value(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Miss
    }

    #[cold]
    fn invalid_length(_: usize, _: &dyn de::Expected) -> Self {
        Miss
    }

    #[cold]
    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Miss
    }

    #[cold]
    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Miss
    }

    #[cold]
    fn missing_field(_: &'static str) -> Self {
        Miss
    }

    #[cold]
    fn duplicate_field(_: &'static str) -> Self {
        Miss
    }
}
