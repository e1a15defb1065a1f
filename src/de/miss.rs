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
}
