//! The compiled half of the Python package `ndwire`: the crate ndwire with Python's objects on its other side.
#![forbid(unsafe_code)]

mod array;
mod dtypes;
mod dump;
mod error;
mod load;
mod numpy;
mod rows;
mod tree;

use pyo3::prelude::*;

/// What Python imports as `ndwire._ndwire`.
#[pymodule]
mod _ndwire {
    use pyo3::exceptions::PyValueError;
    use pyo3::prelude::*;
    use pyo3::types::PyBytes;

    use crate::error::Fail;
    use crate::load::Loader;

    /// dumps(obj, /)
    /// --
    ///
    /// Write an object as the bytes of a value.
    #[pyfunction]
    #[pyo3(signature = (obj, /))]
    fn dumps<'py>(py: Python<'py>, obj: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
        crate::dump::dumps(obj).map_err(|fail| fail.into_error(py))
    }

    #[pyfunction]
    #[pyo3(signature = (data, /, *, lists = "array", copy = false))]
    fn loads<'py>(py: Python<'py>, data: &Bound<'py, PyAny>, lists: &str, copy: bool) -> PyResult<Bound<'py, PyAny>> {
        let lists = match lists {
            "array" => false,
            "list" => true,
            _ => return Err(PyValueError::new_err("lists is neither \"array\" nor \"list\"")),
        };
        let data = crate::dump::snapshot(data)?;
        Loader::new(&data, lists, copy).load().map_err(|fail| fail.into_error(py))
    }

    #[pyfunction]
    #[pyo3(signature = (data, /))]
    fn describe(py: Python<'_>, data: &Bound<'_, PyAny>) -> PyResult<String> {
        let data = crate::dump::snapshot(data)?;
        let layout = ndwire::Layout::of(data.as_bytes()).map_err(|error| Fail::from(error).into_error(py))?;
        Ok(layout.to_string())
    }

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        module.add("Error", crate::error::class(module.py())?)
    }
}
