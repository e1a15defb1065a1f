//! What a Python object is as a value, before it is written.

use ndwire::{DType, DynArrayView, ErrorKind, List, Order, Schema, Value};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};
use serde::ser::{Error, Serialize, SerializeMap, SerializeTuple, Serializer};

use crate::error::{Fail, Result};

/// Bytes of Python's own, or a `MemoryError`.
pub(crate) fn python_bytes<'py>(py: Python<'py>, content: &[u8]) -> PyResult<Bound<'py, PyBytes>> {
    /// From here on there may be no memory for it, at which `PyBytes::new` panics; the other way writes zeros first.
    const LARGE: usize = 1 << 20;
    if content.len() < LARGE {
        return Ok(PyBytes::new(py, content));
    }
    PyBytes::new_with(py, content.len(), |place| {
        place.copy_from_slice(content);
        Ok(())
    })
}

/// A Python object, with the bytes of everything that Python may change already taken.
pub(crate) enum Tree<'py> {
    Nil,
    Bool(bool),
    Int(i128),
    Uint(u128),
    F32(f32),
    F64(f64),
    /// An integer of NumPy, whose width counts in a list.
    Number(Number),
    Str(Bound<'py, PyString>),
    Bytes(Bound<'py, PyBytes>),
    List(Vec<Tree<'py>>),
    Tuple(Vec<Tree<'py>>),
    Map(Vec<(Tree<'py>, Tree<'py>)>),
    Array(Box<ArrayParts<'py>>),
    Rows(Box<RowParts<'py>>),
    /// A row alone.
    Row(Box<Value>),
}

/// An integer with its width.
pub(crate) enum Number {
    U8(u8),
    U16(u16),
    U32(u32),
    U64(u64),
    I8(i8),
    I16(i16),
    I32(i32),
    I64(i64),
}

pub(crate) struct ArrayParts<'py> {
    pub(crate) dtype: DType,
    pub(crate) shape: Vec<usize>,
    pub(crate) order: Order,
    pub(crate) bytes: Bound<'py, PyBytes>,
}

impl ArrayParts<'_> {
    pub(crate) fn view(&self) -> ndwire::Result<DynArrayView<'_>> {
        DynArrayView::new(self.dtype, &self.shape, self.order, self.bytes.as_bytes())
    }
}

pub(crate) struct RowParts<'py> {
    pub(crate) schema: Schema,
    pub(crate) len: usize,
    pub(crate) bytes: Bound<'py, PyBytes>,
}

impl RowParts<'_> {
    pub(crate) fn view(&self) -> ndwire::Result<List<'_>> {
        List::packed(self.schema.clone(), self.len, self.bytes.as_bytes())
    }
}

impl<'py> Tree<'py> {
    /// An array, if that is one.
    pub(crate) fn array(parts: ArrayParts<'py>) -> Result<Self> {
        parts.view()?;
        Ok(Tree::Array(Box::new(parts)))
    }

    /// Rows, if these are some.
    pub(crate) fn rows(parts: RowParts<'py>) -> Result<Self> {
        if let Err(error) = parts.view() {
            return Err(no_rows(&parts.schema, error));
        }
        Ok(Tree::Rows(Box::new(parts)))
    }
}

/// Why rows are none, with what to do instead if no row could be one.
pub(crate) fn no_rows(schema: &Schema, error: ndwire::Error) -> Fail {
    match List::packed(schema.clone(), 0, &[][..]) {
        // It says so itself.
        Err(error) if error.kind() == ErrorKind::Unsupported => error.into(),
        Err(error) => Fail::unsupported(format!(
            "{error}: write each field as an array of its own, or the rows as a list of dicts"
        )),
        Ok(_) => error.into(),
    }
}

impl Serialize for Tree<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self {
            Tree::Nil => serializer.serialize_unit(),
            Tree::Bool(value) => serializer.serialize_bool(*value),
            Tree::Int(value) => int(*value, serializer),
            Tree::Uint(value) => serializer.serialize_u128(*value),
            Tree::F32(value) => serializer.serialize_f32(*value),
            Tree::F64(value) => serializer.serialize_f64(*value),
            Tree::Number(number) => number.serialize(serializer),
            // It has been looked at before, so it is Unicode.
            Tree::Str(text) => serializer.serialize_str(text.to_str().map_err(S::Error::custom)?),
            Tree::Bytes(bytes) => serializer.serialize_bytes(bytes.as_bytes()),
            Tree::List(values) => serializer.collect_seq(values),
            Tree::Tuple(values) => {
                let mut tuple = serializer.serialize_tuple(values.len())?;
                for value in values {
                    tuple.serialize_element(value)?;
                }
                tuple.end()
            }
            Tree::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
            // Both have been made once before.
            Tree::Array(parts) => parts.view().map_err(S::Error::custom)?.serialize(serializer),
            Tree::Rows(parts) => parts.view().map_err(S::Error::custom)?.serialize(serializer),
            Tree::Row(value) => value.serialize(serializer),
        }
    }
}

/// As every writer of untyped data: i64 if it fits, else u64, else 128 bits.
fn int<S: Serializer>(value: i128, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    match (i64::try_from(value), u64::try_from(value)) {
        (Ok(value), _) => serializer.serialize_i64(value),
        (_, Ok(value)) => serializer.serialize_u64(value),
        _ => serializer.serialize_i128(value),
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match *self {
            Number::U8(value) => serializer.serialize_u8(value),
            Number::U16(value) => serializer.serialize_u16(value),
            Number::U32(value) => serializer.serialize_u32(value),
            Number::U64(value) => serializer.serialize_u64(value),
            Number::I8(value) => serializer.serialize_i8(value),
            Number::I16(value) => serializer.serialize_i16(value),
            Number::I32(value) => serializer.serialize_i32(value),
            Number::I64(value) => serializer.serialize_i64(value),
        }
    }
}
