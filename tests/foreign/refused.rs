//! What is not read and not written, each with its one message; and what documents become.

/// What a value is written to.
#[derive(Debug, PartialEq)]
pub(crate) enum What {
    /// The bytes it was read from.
    Same,
    /// These, for a reason that stands beside it.
    Bytes(&'static str),
    /// Nothing: the message.
    NotWritten(&'static str),
    /// It was not read.
    NotRead,
}

/// Files that Python wrote and that are refused.
pub(crate) const NOT_READ: &[(&str, &str)] = &[];

/// Arrays that an encoding does not take: the message, and the files that Python would have, or has, of them.
pub(crate) const NOT_WRITTEN: &[(&str, &[&str])] = &[];

/// Files that are not one array: how they show, or the message; and what they are written to.
pub(crate) const OTHERS: &[(&str, &str, What)] = &[];
