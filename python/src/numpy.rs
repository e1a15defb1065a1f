//! NumPy's types, looked up once.

use ndwire::{DType, TimeUnit};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyType};

use crate::error::{Fail, Result};

/// The class `numpy.ndarray`.
pub(crate) fn ndarray(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS.import(py, "numpy", "ndarray")
}

/// The class `numpy.generic`: that of all scalars.
pub(crate) fn generic(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS.import(py, "numpy", "generic")
}

/// Whether it is a `numpy.recarray` or `numpy.memmap`: arrays like others once looked at as such.
pub(crate) fn is_plain_subclass(py: Python<'_>, class: &Bound<'_, PyType>) -> PyResult<bool> {
    static RECARRAY: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    static MEMMAP: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    Ok(class.is(RECARRAY.import(py, "numpy", "recarray")?) || class.is(MEMMAP.import(py, "numpy", "memmap")?))
}

/// The function `numpy.asarray`.
pub(crate) fn asarray<'py>(object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    static FUNCTION: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    FUNCTION.import(object.py(), "numpy", "asarray")?.call1((object,))
}

/// Unit and count of a datetime64 or timedelta64.
pub(crate) fn datetime_data(dtype: &Bound<'_, PyAny>) -> PyResult<(String, u64)> {
    static FUNCTION: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    FUNCTION.import(dtype.py(), "numpy", "datetime_data")?.call1((dtype,))?.extract()
}

/// The class `numpy.dtype`.
fn dtype_class(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS.import(py, "numpy", "dtype")
}

/// `numpy.dtype(fields)`, or with a mark `numpy.dtype(fields, metadata={"ndwire": mark})`.
pub(crate) fn structured<'py>(fields: Bound<'py, PyAny>, mark: Option<&str>) -> PyResult<Bound<'py, PyAny>> {
    let py = fields.py();
    let Some(mark) = mark else { return dtype_class(py)?.call1((fields,)) };
    let metadata = PyDict::new(py);
    metadata.set_item(intern!(py, "ndwire"), mark)?;
    let keywords = PyDict::new(py);
    keywords.set_item(intern!(py, "metadata"), metadata)?;
    dtype_class(py)?.call((fields,), Some(&keywords))
}

/// The `numpy.dtype` of a dtype, little endian.
///
/// bfloat16 and the 8-bit floats are those of `ml_dtypes`, which is imported when the first of them is met.
pub(crate) fn dtype(py: Python<'_>, dtype: DType) -> Result<&Bound<'_, PyAny>> {
    static DTYPES: [PyOnceLock<Py<PyAny>>; 256] = [const { PyOnceLock::new() }; 256];
    let place = &DTYPES[usize::from(dtype.code())];
    if let Some(found) = place.get(py) {
        return Ok(found.bind(py));
    }
    let made = match (dtype.numpy_name(), ml_dtype(dtype)) {
        (Some(name), _) => dtype_class(py)?.call1((name,))?,
        (None, Some(name)) => {
            let module = py.import("ml_dtypes").map_err(|_| {
                Fail::unsupported(format!("arrays of {dtype} need the package ml_dtypes: pip install ml_dtypes"))
            })?;
            dtype_class(py)?.call1((module.getattr(name)?,))?
        }
        (None, None) => {
            return Err(Fail::unsupported(format!(
                "NumPy has no dtype for arrays of {dtype}: write it as a list, which Python reads as ints, or as two u64 for each"
            )));
        }
    };
    Ok(place.get_or_init(py, || made.unbind()).bind(py))
}

/// The name in `ml_dtypes`.
pub(crate) fn ml_dtype(dtype: DType) -> Option<&'static str> {
    match dtype {
        DType::BF16 => Some("bfloat16"),
        DType::F8E4M3FN => Some("float8_e4m3fn"),
        DType::F8E5M2 => Some("float8_e5m2"),
        _ => None,
    }
}

/// The dtype whose `numpy.dtype` is this very object. Those of NumPy itself are one object each, but for times.
pub(crate) fn known(object: &Bound<'_, PyAny>) -> Option<DType> {
    static KNOWN: PyOnceLock<Vec<(Py<PyAny>, DType)>> = PyOnceLock::new();
    let py = object.py();
    let known = KNOWN.get_or_init(py, || {
        let plain = DType::ALL.iter().filter(|dtype| dtype.numpy_name().is_some() && !is_time(**dtype));
        // The most usual first.
        let usual = |dtype: &DType| [DType::F32, DType::F64, DType::U8, DType::I64].iter().position(|one| one == dtype);
        let mut known: Vec<_> =
            plain.filter_map(|&of| dtype(py, of).ok().map(|object| (object.clone().unbind(), of))).collect();
        known.sort_by_key(|(_, dtype)| usual(dtype).unwrap_or(usize::MAX));
        known
    });
    known.iter().find(|(one, _)| one.is(object)).map(|&(_, dtype)| dtype)
}

fn is_time(dtype: DType) -> bool {
    matches!(dtype, DType::Datetime64(_) | DType::Timedelta64(_))
}

/// The dtype of a count of that unit.
pub(crate) fn time(kind: &str, unit: &str) -> Option<DType> {
    let is_unit = |dtype: &&DType| match dtype {
        DType::Datetime64(one) => kind == "M" && TimeUnit::name(*one) == unit,
        DType::Timedelta64(one) => kind == "m" && TimeUnit::name(*one) == unit,
        _ => false,
    };
    DType::ALL.iter().find(is_unit).copied()
}
