//! Array nodes: as the struct `{dtype, shape, order?, data}`, or as nested lists.

use alloc::vec::Vec;

use serde::de::value::{BorrowedBytesDeserializer, BorrowedStrDeserializer, SeqDeserializer};
use serde::de::{self, DeserializeSeed, Visitor};

use super::rows::{nested_visit, rows_visit, Shape};
use crate::dtype::DType;
use crate::error::{Error, Result};
use crate::wire::{sequences, Array, LogicalOrder, Reader, RowSchema, Rows};

/// An array as a map.
pub(super) fn array_visit<'de, V: Visitor<'de>>(array: Array<'de>, visitor: V) -> Result<V::Value> {
    fields_visit(array.dtype, array.dims.iter(), array.column_major, array.payload.bytes, visitor)
}

/// Rows of scalars or subarrays as the same map, for a target that is an array: they need no other form.
pub(super) fn rows_as_array<'de, V: Visitor<'de>>(rows: Rows<'de>, visitor: V) -> Result<V::Value> {
    let count = core::iter::once(rows.count);
    match rows.schema {
        RowSchema::Scalar(dtype) => fields_visit(dtype, count, false, rows.fixed, visitor),
        RowSchema::Subarray(dtype, dims) => fields_visit(dtype, count.chain(dims.iter()), false, rows.fixed, visitor),
        RowSchema::Optional(_) => rows_visit(rows, visitor),
    }
}

/// An array of rank 1 or more as nested lists, within the budget of rule R9.
pub(super) fn sequence_visit<'de, V: Visitor<'de>>(
    array: Array<'de>,
    reader: &mut Reader<'de>,
    visitor: V,
) -> Result<V::Value> {
    reader.spend(sequences(array.dims.iter()))?;
    let shape = Shape::new(array.dims.iter());
    if !array.column_major {
        return nested_visit(array.dtype, shape.dims(), array.payload.bytes, visitor);
    }
    let size = array.dtype.size();
    let mut row_major = Vec::with_capacity(array.payload.bytes.len());
    for position in LogicalOrder::of_column_major(shape.dims()) {
        row_major.extend_from_slice(&array.payload.bytes[position * size..][..size]);
    }
    nested_visit(array.dtype, shape.dims(), &row_major, visitor)
}

fn fields_visit<'de, V: Visitor<'de>>(
    dtype: DType,
    shape: impl Iterator<Item = u64>,
    column_major: bool,
    data: &'de [u8],
    visitor: V,
) -> Result<V::Value> {
    visitor.visit_map(Fields { dtype, shape, column_major, data, next: 0 })
}

/// The fields, in order.
struct Fields<'de, I> {
    dtype: DType,
    shape: I,
    column_major: bool,
    data: &'de [u8],
    next: usize,
}

const NAMES: [&str; 4] = ["dtype", "shape", "order", "data"];

impl<'de, I: Iterator<Item = u64>> de::MapAccess<'de> for Fields<'de, I> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        if NAMES.get(self.next) == Some(&"order") && !self.column_major {
            self.next += 1;
        }
        match NAMES.get(self.next) {
            Some(name) => seed.deserialize(BorrowedStrDeserializer::new(name)).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        let name = NAMES.get(self.next).copied().unwrap_or_default();
        self.next += 1;
        match name {
            "dtype" => seed.deserialize(BorrowedStrDeserializer::new(self.dtype.name())),
            "shape" => seed.deserialize(SeqDeserializer::new(&mut self.shape)),
            "order" => seed.deserialize(BorrowedStrDeserializer::new("F")),
            _ => seed.deserialize(BorrowedBytesDeserializer::new(self.data)),
        }
        .map_err(|error: Error| error.in_field(name))
    }
}
