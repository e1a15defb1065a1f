//! Rows to Python objects.

use ndwire::{DType, List, Schema, ValueView};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};

use crate::dtypes;
use crate::error::{Fail, Result};
use crate::load::{Loader, alignment};
use crate::numpy;

/// A schema with what each row needs of it.
enum Plan<'s, 'py> {
    Scalar(DType),
    Optional(DType),
    Subarray(DType, &'s [usize], usize),
    Tuple(Vec<Plan<'s, 'py>>),
    Map(Vec<(&'s str, Bound<'py, PyString>, Plan<'s, 'py>)>),
    Node,
}

impl<'s, 'py> Plan<'s, 'py> {
    fn new(py: Python<'py>, schema: &'s Schema) -> Result<Self> {
        Ok(match schema {
            Schema::Scalar(dtype) => Plan::Scalar(*dtype),
            Schema::Optional(dtype) => Plan::Optional(*dtype),
            Schema::Subarray(dtype, dims) => Plan::Subarray(*dtype, dims, schema.width()),
            Schema::Tuple(inner) => {
                Plan::Tuple(inner.iter().map(|schema| Plan::new(py, schema)).collect::<Result<_>>()?)
            }
            Schema::Map(inner) => {
                let entry = |(name, schema): &'s (String, Schema)| {
                    Ok((name.as_str(), PyString::new(py, name), Plan::new(py, schema)?))
                };
                Plan::Map(inner.iter().map(entry).collect::<Result<_>>()?)
            }
            Schema::Node => Plan::Node,
            _ => return Err(Fail::unsupported("rows of a kind that this package does not know: install a newer one")),
        })
    }
}

/// What is still to be read of the rows.
struct Rest<'r> {
    bytes: &'r [u8],
    nodes: &'r [ValueView<'r>],
}

impl<'r> Rest<'r> {
    fn take(&mut self, width: usize) -> Result<&'r [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(width).ok_or_else(missing)?;
        self.bytes = rest;
        Ok(taken)
    }
}

/// The crate has checked that there are as many bytes and nodes as the schema needs.
fn missing() -> Fail {
    Fail::new("malformed", "rows are incomplete")
}

impl<'py> Loader<'_, 'py> {
    pub(crate) fn rows(&self, rows: &List<'_>, schema: &Schema) -> Result<Bound<'py, PyAny>> {
        if self.lists || has_nodes(schema) {
            return self.row_list(rows, schema);
        }
        let len = [rows.len()];
        match schema {
            Schema::Scalar(dtype) => {
                self.array(numpy::dtype(self.py(), *dtype)?, &len, rows.bytes(), alignment(*dtype), false)
            }
            Schema::Subarray(dtype, dims) => {
                let shape = [&len[..], dims].concat();
                self.array(numpy::dtype(self.py(), *dtype)?, &shape, rows.bytes(), alignment(*dtype), false)
            }
            // Packed fields are nowhere aligned, and NumPy knows.
            schema => self.array(&dtypes::structured(self.py(), schema)?, &len, rows.bytes(), 1, false),
        }
    }

    fn row_list(&self, rows: &List<'_>, schema: &Schema) -> Result<Bound<'py, PyAny>> {
        let plan = Plan::new(self.py(), schema)?;
        let mut rest = Rest { bytes: rows.bytes(), nodes: rows.nodes() };
        let list = PyList::empty(self.py());
        for index in 0..rows.len() {
            list.append(self.part(&plan, &mut rest).map_err(|fail| fail.in_element(index))?)?;
        }
        Ok(list.into_any())
    }

    fn part(&self, plan: &Plan<'_, 'py>, rest: &mut Rest<'_>) -> Result<Bound<'py, PyAny>> {
        let py = self.py();
        match plan {
            Plan::Scalar(dtype) => scalar(py, *dtype, rest.take(dtype.size())?),
            Plan::Optional(dtype) => match rest.take(1 + dtype.size())? {
                [1, value @ ..] => scalar(py, *dtype, value),
                _ => Ok(py.None().into_bound(py)),
            },
            Plan::Subarray(dtype, dims, width) => {
                let elements = rest.take(*width)?;
                match self.lists {
                    true => nested(py, *dtype, dims, elements),
                    false => self.array(numpy::dtype(py, *dtype)?, dims, elements, alignment(*dtype), false),
                }
            }
            Plan::Tuple(inner) => {
                let list = PyList::empty(py);
                for (index, plan) in inner.iter().enumerate() {
                    list.append(self.part(plan, rest).map_err(|fail| fail.in_element(index))?)?;
                }
                Ok(list.into_any())
            }
            Plan::Map(inner) => {
                let dict = PyDict::new(py);
                for (name, key, plan) in inner {
                    dict.set_item(key, self.part(plan, rest).map_err(|fail| fail.in_field(name))?)?;
                }
                Ok(dict.into_any())
            }
            Plan::Node => {
                let (node, nodes) = rest.nodes.split_first().ok_or_else(missing)?;
                rest.nodes = nodes;
                self.value(node)
            }
        }
    }
}

/// Whether rows have parts of no fixed size.
fn has_nodes(schema: &Schema) -> bool {
    match schema {
        Schema::Node => true,
        Schema::Tuple(inner) => inner.iter().any(has_nodes),
        Schema::Map(inner) => inner.iter().any(|(_, schema)| has_nodes(schema)),
        _ => false,
    }
}

/// Packed scalars as lists of lists.
fn nested<'py>(py: Python<'py>, dtype: DType, dims: &[usize], elements: &[u8]) -> Result<Bound<'py, PyAny>> {
    let [count, inner @ ..] = dims else { return scalar(py, dtype, elements) };
    let list = PyList::empty(py);
    for elements in elements.chunks_exact((elements.len() / (*count).max(1)).max(1)) {
        list.append(nested(py, dtype, inner, elements)?)?;
    }
    Ok(list.into_any())
}

/// A packed scalar.
fn scalar<'py>(py: Python<'py>, dtype: DType, bytes: &[u8]) -> Result<Bound<'py, PyAny>> {
    macro_rules! number {
        ($type:ty) => {
            <$type>::from_le_bytes(*bytes.first_chunk().ok_or_else(missing)?).into_pyobject(py)?.into_any()
        };
    }
    Ok(match dtype {
        DType::Bool => (bytes == [1]).into_pyobject(py)?.to_owned().into_any(),
        DType::U8 => number!(u8),
        DType::U16 => number!(u16),
        DType::U32 => number!(u32),
        DType::U64 => number!(u64),
        DType::I8 => number!(i8),
        DType::I16 => number!(i16),
        DType::I32 => number!(i32),
        DType::I64 => number!(i64),
        DType::F32 => number!(f32),
        DType::F64 => number!(f64),
        _ => return Err(missing()),
    })
}
