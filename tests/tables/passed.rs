//! Errors on their way through the [layer](super::layer).

use std::cell::RefCell;
use std::fmt;

use ndwire::ErrorKind;
use serde::de;

use super::recorder::Names;
use super::support::failure;

/// An error of this crate in its parts.
#[derive(Debug)]
pub(crate) struct Passed {
    pub(crate) kind: ErrorKind,
    pub(crate) path: String,
    pub(crate) message: String,
}

thread_local! {
    /// The error that is on its way through the deserializer, under this name.
    static WAITING: RefCell<Option<Passed>> = const { RefCell::new(None) };
}

const WAITS: &str = "an error waits beside";

/// To the deserializer.
pub(crate) fn lay_aside<E: de::Error>(error: Passed) -> E {
    WAITING.set(Some(error));
    E::custom(WAITS)
}

impl Passed {
    fn new(error: ndwire::Error) -> Self {
        let (kind, message) = failure(&error);
        Passed { kind, path: String::new(), message }
    }

    /// From the deserializer. Its error comes under the name of any serde error, so it is taken apart as text. Its path is one of
    /// names that the tests choose.
    pub(crate) fn back(error: impl de::Error) -> Self {
        let shown = error.to_string();
        let message = shown.rsplit_once(", at byte ").map_or(shown.as_str(), |(message, _)| message);
        let debug = format!("{error:?}");
        let name = debug.strip_prefix("Error(").and_then(|rest| rest.split_once(',')).map(|(name, _)| name);
        let kind =
            ErrorKind::ALL.iter().copied().find(|kind| Some(kind.name()) == name).expect("an error of this crate");
        match (WAITING.take(), message.strip_suffix(WAITS)) {
            (Some(passed), Some(outer)) => {
                let outer = outer.strip_suffix(": ").unwrap_or_default();
                let path = passed.path;
                let dot = if outer.is_empty() || path.is_empty() || path.starts_with('[') { "" } else { "." };
                let kind = if passed.kind == ErrorKind::Custom { kind } else { passed.kind };
                Passed { kind, path: format!("{outer}{dot}{path}"), message: passed.message }
            }
            _ => Passed { kind, path: String::new(), message: message.to_owned() },
        }
    }

    pub(crate) fn failure(self) -> (ErrorKind, String) {
        (self.kind, self.to_string())
    }
}

impl fmt::Display for Passed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => f.write_str(&self.message),
            path => write!(f, "{path}: {}", self.message),
        }
    }
}

impl std::error::Error for Passed {}

impl de::Error for Passed {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Passed::new(de::Error::custom(message))
    }

    fn invalid_type(found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Passed::new(de::Error::invalid_type(found, expected))
    }

    fn invalid_value(found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Passed::new(de::Error::invalid_value(found, expected))
    }

    fn invalid_length(found: usize, expected: &dyn de::Expected) -> Self {
        Passed::new(de::Error::invalid_length(found, expected))
    }

    fn unknown_variant(found: &str, expected: Names) -> Self {
        Passed::new(de::Error::unknown_variant(found, expected))
    }

    fn unknown_field(found: &str, expected: Names) -> Self {
        Passed::new(de::Error::unknown_field(found, expected))
    }

    fn missing_field(field: &'static str) -> Self {
        Passed::new(de::Error::missing_field(field))
    }

    fn duplicate_field(field: &'static str) -> Self {
        Passed::new(de::Error::duplicate_field(field))
    }
}
