//! The only error of the fast lane.

use core::fmt;

/// An element is not like those before: it goes the general lane, which also gives the errors. It has the place of the plan at which it
/// was seen; of an error of a `Serialize` itself, which does not say where it comes from, the first.
#[derive(Debug, Clone, Copy)]
pub(super) struct Miss(pub(super) u32);

impl fmt::Display for Miss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an element is not like those before")
    }
}

impl core::error::Error for Miss {}

impl serde::ser::Error for Miss {
    #[cold]
    fn custom<T: fmt::Display>(_message: T) -> Self {
        Miss(0)
    }
}
