//! How many bytes a value may have.

use std::cell::Cell;

use crate::error::{Fail, Result};

/// What Redis allows a key to hold.
pub(crate) const DEFAULT_LIMIT: u64 = 512 << 20;

/// The bytes that a value may have, and how many of them are known to be taken.
pub(crate) struct Room {
    /// Any number, if there is none.
    limit: Option<u64>,
    taken: Cell<u64>,
}

impl Room {
    pub(crate) fn new(limit: Option<u64>) -> Self {
        Room { limit, taken: Cell::new(0) }
    }

    /// Counts bytes that will be in the value, before they are copied.
    pub(crate) fn take(&self, len: usize) -> Result<()> {
        self.taken.set(self.taken.get().saturating_add(len as u64));
        self.check(self.taken.get(), "at least ")
    }

    /// That a value of so many bytes is within the limit.
    pub(crate) fn holds(&self, len: usize) -> Result<()> {
        self.check(len as u64, "")
    }

    fn check(&self, len: u64, at_least: &str) -> Result<()> {
        match self.limit {
            Some(limit) if len > limit => Err(Fail::new(
                "limit_exceeded",
                format!(
                    "value of {at_least}{len} bytes exceeds the limit of {limit}: give dumps and loads a larger limit, or limit=None \
                     (Redis holds at most 512 MiB in a key)"
                ),
            )),
            _ => Ok(()),
        }
    }
}
