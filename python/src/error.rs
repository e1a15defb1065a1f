//! What goes wrong, as Python sees it.

use std::convert::Infallible;
use std::fmt;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

const DOC: &std::ffi::CStr = c"Why a value could not be written or read.

The text is that of the Rust crate: what is wrong, with what was found and what was expected, and where. Names of fields and keys
may stand in it, shortened and with what is not seen in them escaped, and no other content of the value.

Attributes
----------
kind : str
    What sort of thing went wrong, in one word that does not change between versions, as `truncated`.
path : str or None
    Where in the value, as in `frames[3].pixels`, if known.
offset : int or None
    Where in the bytes, from the start of the value, if known.";

/// The class `ndwire.Error`.
pub(crate) fn class(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let class = CLASS.get_or_try_init(py, || {
        let class = PyErr::new_type(py, c"ndwire.Error", Some(DOC), Some(&py.get_type::<PyValueError>()), None)?;
        // For those who make one themselves.
        class.setattr(py, "kind", "custom")?;
        class.setattr(py, "path", py.None())?;
        class.setattr(py, "offset", py.None())?;
        Ok::<_, PyErr>(class)
    })?;
    Ok(class.bind(py))
}

/// Why not, and where: an error of the crate, or of what Python has and the format has not.
#[derive(Debug)]
pub(crate) struct Refusal {
    kind: &'static str,
    message: String,
    path: String,
    offset: Option<u64>,
}

/// What ends a conversion.
#[derive(Debug)]
pub(crate) enum Fail {
    Refused(Box<Refusal>),
    /// Python itself: no memory, interrupted, an attribute that is not there.
    Python(PyErr),
}

pub(crate) type Result<T> = std::result::Result<T, Fail>;

impl Fail {
    /// What the format has no form for.
    #[cold]
    pub(crate) fn unsupported(message: impl Into<String>) -> Self {
        Self::new("unsupported", message)
    }

    #[cold]
    pub(crate) fn new(kind: &'static str, message: impl Into<String>) -> Self {
        Fail::Refused(Box::new(Refusal { kind, message: message.into(), path: String::new(), offset: None }))
    }

    /// Puts a name before the path.
    #[cold]
    pub(crate) fn in_field(self, name: &str) -> Self {
        self.under(printable(name))
    }

    /// Puts a list position before the path.
    #[cold]
    pub(crate) fn in_element(self, index: usize) -> Self {
        self.under(format!("[{index}]"))
    }

    fn under(mut self, segment: String) -> Self {
        if let Fail::Refused(refusal) = &mut self {
            let dot = if refusal.path.is_empty() || refusal.path.starts_with('[') { "" } else { "." };
            refusal.path = format!("{segment}{dot}{}", refusal.path);
        }
        self
    }

    pub(crate) fn into_error(self, py: Python<'_>) -> PyErr {
        match self {
            Fail::Refused(refusal) => refusal.into_error(py).unwrap_or_else(|error| error),
            Fail::Python(error) => error,
        }
    }
}

impl From<PyErr> for Fail {
    fn from(error: PyErr) -> Self {
        Fail::Python(error)
    }
}

/// What the conversion of a number to Python gives instead of an error.
impl From<Infallible> for Fail {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

impl From<ndwire::Error> for Fail {
    fn from(error: ndwire::Error) -> Self {
        let path = error.path().unwrap_or_default().to_owned();
        let text = error.to_string();
        // The text begins with the path and ends with the offset, which are put around it again.
        let text = text.strip_prefix(&format!("{path}: ")).filter(|_| !path.is_empty()).unwrap_or(&text);
        let end = error.offset().map(|offset| format!(", at byte {offset}")).unwrap_or_default();
        let message = text.strip_suffix(&end).unwrap_or(text).to_owned();
        Fail::Refused(Box::new(Refusal { kind: error.kind().name(), message, path, offset: error.offset() }))
    }
}

impl Refusal {
    fn into_error(self, py: Python<'_>) -> PyResult<PyErr> {
        let error = class(py)?.call1((self.to_string(),))?;
        error.setattr("kind", self.kind)?;
        error.setattr("path", Some(self.path).filter(|path| !path.is_empty()))?;
        error.setattr("offset", self.offset)?;
        Ok(PyErr::from_value(error))
    }
}

/// As the crate prints its errors.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)?;
        match self.offset {
            Some(offset) => write!(f, ", at byte {offset}"),
            None => Ok(()),
        }
    }
}

/// A name as it may stand in a message, as the crate prints it: on one line, of bounded length, and nothing in it that is not seen.
pub(crate) fn printable(name: &str) -> String {
    match ndwire::__escaped(name.as_bytes(), 64) {
        (name, true) => name,
        (start, false) => format!("{start}…"),
    }
}
