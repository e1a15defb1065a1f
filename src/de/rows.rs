//! Rows, and arrays that are shown as nested lists.

use serde::de::{self, DeserializeSeed, Visitor};
use serde::forward_to_deserialize_any;

use super::access::check_read;
use super::array::element_as_array;
use super::deserializer::Deserializer;
use super::records::records_visit;
use super::scalar::{of_newtype, optional_scalars_visit, row_scalars_visit, rows_of_scalars_visit, scalars_visit};
use crate::dtype::DType;
use crate::error::{Error, Result};
use crate::token;
use crate::wire::{RANK_LIMIT, RowSchema, Rows};

/// Rows as a list.
#[inline]
pub(super) fn rows_visit<'de, V: Visitor<'de>>(
    rows: Rows<'de>,
    deserializer: &mut Deserializer<'de>,
    visitor: V,
) -> Result<V::Value> {
    match rows.schema {
        RowSchema::Scalar(dtype) => row_scalars_visit(dtype, rows.fixed, visitor),
        RowSchema::Optional(dtype) => optional_scalars_visit(dtype, rows.fixed, visitor),
        RowSchema::Subarray(dtype, dims) => {
            let shape = Shape::new(core::iter::once(rows.count).chain(dims.iter()));
            nested_visit(dtype, shape.dims(), Bytes::Lent(rows.fixed), visitor)
        }
        RowSchema::Record(schema) => records_visit(schema, &rows, deserializer, visitor),
    }
}

/// Dims of something whose bytes are there, so that they fit this machine.
pub(super) struct Shape {
    dims: [usize; RANK_LIMIT],
    rank: usize,
}

impl Shape {
    pub(super) fn new(dims: impl Iterator<Item = u64>) -> Self {
        let mut shape = Shape { dims: [0; RANK_LIMIT], rank: 0 };
        for (place, dim) in shape.dims.iter_mut().zip(dims) {
            *place = usize::try_from(dim).unwrap_or(usize::MAX);
            shape.rank += 1;
        }
        shape
    }

    pub(super) fn dims(&self) -> &[usize] {
        &self.dims[..self.rank]
    }
}

/// Bytes of elements: of the value itself, which a target may borrow, or made on the way.
#[derive(Clone, Copy)]
pub(super) enum Bytes<'b, 'de> {
    Lent(&'de [u8]),
    Made(&'b [u8]),
}

impl<'b, 'de: 'b> Bytes<'b, 'de> {
    pub(super) fn get(self) -> &'b [u8] {
        match self {
            Bytes::Lent(bytes) => bytes,
            Bytes::Made(bytes) => bytes,
        }
    }

    fn split_at(self, len: usize) -> (Self, Self) {
        match self {
            Bytes::Lent(bytes) => {
                let (start, rest) = bytes.split_at(len);
                (Bytes::Lent(start), Bytes::Lent(rest))
            }
            Bytes::Made(bytes) => {
                let (start, rest) = bytes.split_at(len);
                (Bytes::Made(start), Bytes::Made(rest))
            }
        }
    }

    fn visit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self {
            Bytes::Lent(bytes) => visitor.visit_borrowed_bytes(bytes),
            Bytes::Made(bytes) => visitor.visit_bytes(bytes),
        }
    }
}

/// Elements in row-major order as nested lists of these dims, of which there is at least one.
pub(super) fn nested_visit<'b, 'de: 'b, V: Visitor<'de>>(
    dtype: DType,
    dims: &'b [usize],
    bytes: Bytes<'b, 'de>,
    visitor: V,
) -> Result<V::Value> {
    match dims {
        // The commonest nest, with the dtype decided once. Rows of bytes go the other way: a target may want them as bytes.
        &[_, columns] if columns > 0 && dtype.is_row_scalar() && dtype != DType::U8 => {
            rows_of_scalars_visit(dtype, columns, bytes.get(), visitor)
        }
        [first, inner @ ..] if !inner.is_empty() => {
            let width = bytes.get().len() / (*first).max(1);
            let mut access = Nested { dtype, inner, bytes, width, left: *first, position: 0 };
            let value = visitor.visit_seq(&mut access)?;
            check_read(access.left, *first)?;
            Ok(value)
        }
        _ => scalars_visit(dtype, bytes.get(), visitor),
    }
}

/// A list of lists.
struct Nested<'b, 'de> {
    dtype: DType,
    inner: &'b [usize],
    /// What is left, and how many bytes of it an element takes.
    bytes: Bytes<'b, 'de>,
    width: usize,
    left: usize,
    position: u64,
}

impl<'b, 'de: 'b> de::SeqAccess<'de> for Nested<'b, 'de> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>> {
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        self.left = left;
        let (bytes, rest) = self.bytes.split_at(self.width);
        self.bytes = rest;
        let value = seed
            .deserialize(Row { dtype: self.dtype, dims: self.inner, bytes })
            .map_err(|error| error.in_element(self.position))?;
        self.position += 1;
        Ok(Some(value))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left)
    }
}

/// An element of a list of lists.
struct Row<'b, 'de> {
    dtype: DType,
    dims: &'b [usize],
    bytes: Bytes<'b, 'de>,
}

/// Packed elements as a list of so many.
pub(super) fn list_of<'b, 'de: 'b>(
    dtype: DType,
    dims: &'b [usize; 1],
    bytes: &'b [u8],
) -> impl de::Deserializer<'de, Error = Error> {
    Row { dtype, dims, bytes: Bytes::Made(bytes) }
}

impl<'b, 'de: 'b> Row<'b, 'de> {
    fn bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match (self.dtype, self.dims) {
            (DType::U8, [_]) => self.bytes.visit(visitor),
            _ => de::Deserializer::deserialize_any(self, visitor),
        }
    }
}

impl<'b, 'de: 'b> de::Deserializer<'de> for Row<'b, 'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        nested_visit(self.dtype, self.dims, self.bytes, visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.bytes(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value> {
        match name {
            token::ARRAY if self.dtype.is_row_scalar() => element_as_array(self.dtype, self.dims, self.bytes, visitor),
            // There are no rows without elements.
            token::VALUE if self.dtype.is_row_scalar() && !self.bytes.get().is_empty() => {
                element_as_array(self.dtype, self.dims, self.bytes, visitor)
            }
            token::RAW_JSON => self.deserialize_any(visitor),
            _ => visitor.visit_newtype_struct(self),
        }
        .map_err(|error| of_newtype(name, error))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string unit unit_struct
        seq tuple tuple_struct map struct enum identifier
    }
}
