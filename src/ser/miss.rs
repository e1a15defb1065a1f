//! The only error of the fast lane.

use core::fmt;

/// An element is not like those before: it goes the general lane, which also gives the errors.
#[derive(Debug, Clone, Copy)]
pub(super) struct Miss;

impl fmt::Display for Miss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an element is not like those before")
    }
}

impl core::error::Error for Miss {}

impl serde::ser::Error for Miss {
    #[cold]
    fn custom<T: fmt::Display>(_message: T) -> Self {
        Miss
    }
}
