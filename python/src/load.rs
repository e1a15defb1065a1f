//! Values to Python objects.

use ndwire::value::Borrowed;
use ndwire::{DType, DynArrayView, Limits, List, Map, Order, ValueView};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyFloat, PyList, PyString, PyTuple};

use crate::error::{Fail, Result};
use crate::numpy;
use crate::tree::python_bytes;

/// How objects are made, and the bytes that they are made of.
pub(crate) struct Loader<'d, 'py> {
    py: Python<'py>,
    /// Nobody changes it, so arrays may be views into it.
    data: &'d Bound<'py, PyBytes>,
    /// Rows become lists, never arrays.
    pub(crate) lists: bool,
    /// Arrays own their elements.
    copy: bool,
}

impl<'d, 'py> Loader<'d, 'py> {
    pub(crate) fn new(data: &'d Bound<'py, PyBytes>, lists: bool, copy: bool) -> Self {
        Loader { py: data.py(), data, lists, copy }
    }

    pub(crate) fn py(&self) -> Python<'py> {
        self.py
    }

    pub(crate) fn load(&self) -> Result<Bound<'py, PyAny>> {
        // Its length has been checked, against a limit of the caller's.
        let limits = Limits { value_len: u64::MAX, ..Limits::DEFAULT };
        let Borrowed(view) = ndwire::from_slice_with(self.data.as_bytes(), limits)?;
        self.value(&view)
    }

    pub(crate) fn value(&self, view: &ValueView<'_>) -> Result<Bound<'py, PyAny>> {
        let py = self.py;
        Ok(match view {
            ValueView::Nil | ValueView::Some(_) => py.None().into_bound(py),
            ValueView::Bool(value) => value.into_pyobject(py)?.to_owned().into_any(),
            ValueView::Int(value) => int(py, *value)?,
            ValueView::Uint(value) => value.into_pyobject(py)?.into_any(),
            ValueView::F32(value) => PyFloat::new(py, f64::from(*value)).into_any(),
            ValueView::F64(value) => PyFloat::new(py, *value).into_any(),
            ValueView::Char(value) => value.into_pyobject(py)?.into_any(),
            ValueView::Str(text) => PyString::from_bytes(py, text.as_bytes())?.into_any(),
            ValueView::Bytes(bytes) => python_bytes(py, bytes)?.into_any(),
            ValueView::List(list) => self.list(list)?,
            ValueView::Map(map) => self.map(map)?,
            ValueView::Array(array) => self.array_node(array)?,
            _ => {
                return Err(Fail::unsupported(
                    "a value of a kind that this package does not know: install a newer one",
                ));
            }
        })
    }

    fn list(&self, found: &List<'_>) -> Result<Bound<'py, PyAny>> {
        if let Some(schema) = found.schema() {
            return self.rows(found, schema);
        }
        let list = PyList::empty(self.py);
        for (index, value) in found.values().unwrap_or_default().iter().enumerate() {
            list.append(self.value(value).map_err(|fail| fail.in_element(index))?)?;
        }
        Ok(list.into_any())
    }

    fn map(&self, map: &Map<'_>) -> Result<Bound<'py, PyAny>> {
        let dict = PyDict::new(self.py);
        for (index, (key, value)) in map.entries().iter().enumerate() {
            let name = key.as_str().unwrap_or("<key>");
            let made = self.value(value).map_err(|fail| fail.in_field(name))?;
            let key = self.value(key).map_err(|fail| fail.in_field("<key>"))?;
            dict.set_item(key, made).map_err(|error| match error.is_instance_of::<PyTypeError>(self.py) {
                true => Fail::unsupported(
                    "a key that is a list, a map or an array is no key of a dict: write the map as a list of pairs",
                )
                .in_field(name),
                false => error.into(),
            })?;
            if dict.len() == index {
                return Err(Fail::new(
                    "duplicate_field",
                    "the key stands in the map more than once, or equals another in Python: write the map as a list of pairs",
                )
                .in_field(name));
            }
        }
        Ok(dict.into_any())
    }

    fn array_node(&self, array: &DynArrayView<'_>) -> Result<Bound<'py, PyAny>> {
        let dtype = numpy::dtype(self.py, array.dtype())?;
        let column_major = array.order() == Order::ColumnMajor;
        self.array(dtype, array.shape(), array.bytes(), alignment(array.dtype()), column_major)
    }

    /// An array of these elements: a view into the data.
    pub(crate) fn array(
        &self,
        dtype: &Bound<'py, PyAny>,
        shape: &[usize],
        elements: &[u8],
        alignment: usize,
        column_major: bool,
    ) -> Result<Bound<'py, PyAny>> {
        let py = self.py;
        let dims = PyTuple::new(py, shape)?;
        let class = numpy::ndarray(py)?;
        let made = match (self.offset(elements, alignment), column_major) {
            (Some(offset), false) => class.call1((dims, dtype, self.data, offset)),
            (Some(offset), true) => class.call1((dims, dtype, self.data, offset, py.None(), intern!(py, "F"))),
            (None, false) => class.call1((dims, dtype, PyBytes::new(py, elements))),
            (None, true) => class.call1((dims, dtype, PyBytes::new(py, elements), 0, py.None(), intern!(py, "F"))),
        };
        let array = made.map_err(|error| match error.is_instance_of::<PyValueError>(py) {
            true => Fail::new(
                "too_large",
                format!("shape {shape:?} is too large for NumPy, though it has no elements: write smaller dims"),
            ),
            false => error.into(),
        })?;
        if self.copy {
            return Ok(array.call_method1(intern!(py, "copy"), (intern!(py, "K"),))?);
        }
        Ok(array)
    }

    /// Where in the data they are. None if they are elsewhere, or not aligned, which small lists in the metadata may not be.
    fn offset(&self, elements: &[u8], alignment: usize) -> Option<usize> {
        if elements.is_empty() {
            return Some(0);
        }
        let data = self.data.as_bytes();
        let address = elements.as_ptr().addr();
        let offset = address.checked_sub(data.as_ptr().addr())?;
        let inside = offset.checked_add(elements.len()).is_some_and(|end| end <= data.len());
        (inside && address.is_multiple_of(alignment)).then_some(offset)
    }
}

/// What NumPy calls aligned.
pub(crate) fn alignment(dtype: DType) -> usize {
    match dtype {
        DType::Complex64 => 4,
        DType::Complex128 => 8,
        other => other.size(),
    }
}

fn int(py: Python<'_>, value: i128) -> Result<Bound<'_, PyAny>> {
    Ok(match i64::try_from(value) {
        Ok(value) => value.into_pyobject(py)?.into_any(),
        Err(_) => value.into_pyobject(py)?.into_any(),
    })
}
