//! Why the program ends before its work is done.

use std::io;

/// A result whose error ends the program.
pub(crate) type Result<T> = std::result::Result<T, Failure>;

/// What ends the program.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Something that the user can read, without a password or a payload in it.
    Message(String),
    /// The arguments do not go together.
    Usage(String),
    /// Nobody reads the output any more, as of `| head`.
    NobodyReads,
}

impl Failure {
    pub(crate) fn message(&self) -> Option<&str> {
        match self {
            Failure::Message(message) | Failure::Usage(message) => Some(message),
            Failure::NobodyReads => None,
        }
    }

    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Failure::Usage(_) => 2,
            Failure::Message(_) | Failure::NobodyReads => 1,
        }
    }
}

impl From<String> for Failure {
    fn from(message: String) -> Self {
        Failure::Message(message)
    }
}

/// Of writing to standard output: other reads and writes say themselves what failed.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::NobodyReads,
            _ => Failure::Message(format!("cannot write the output: {error}")),
        }
    }
}
