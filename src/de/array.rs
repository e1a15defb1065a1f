//! Array nodes: as the struct `{dtype, shape, order?, data}`, or as nested lists.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use serde::de::value::{
    BorrowedBytesDeserializer, BorrowedStrDeserializer, BytesDeserializer, SeqAccessDeserializer, SeqDeserializer,
    U8Deserializer, U64Deserializer,
};
use serde::de::{self, DeserializeSeed, Visitor};

use super::access::out_of_turn;
use super::deserializer::Deserializer;
use super::rows::{Shape, list_of, nested_visit, rows_visit};
use crate::dtype::DType;
use crate::error::{Error, ErrorKind, Result};
use crate::token;
use crate::wire::{Array, Dims, LogicalOrder, Reader, RowSchema, Rows, sequences};

/// An array as a map.
pub(super) fn array_visit<'de, V: Visitor<'de>>(array: Array<'de>, visitor: V) -> Result<V::Value> {
    let names: &[&str] = match array.column_major {
        true => &["dtype", "shape", "order", "data"],
        false => &["dtype", "shape", "data"],
    };
    let (dtype, shape, data) = (array.dtype, array.dims.iter(), array.payload.bytes);
    visitor.visit_map(Fields { dtype, shape, data, turns: Turns::new(names) })
}

/// An array for a target that is one: its parts, without a look at names.
#[inline]
pub(super) fn parts_visit<'de, V: Visitor<'de>>(array: Array<'de>, visitor: V) -> Result<V::Value> {
    let flags = if array.column_major { token::COLUMN_MAJOR } else { 0 };
    let data = BorrowedBytesDeserializer::new(array.payload.bytes);
    Parts { dtype: array.dtype, flags, dims: array.dims.iter(), data }.visit(visitor)
}

/// Rows of scalars or subarrays as the same parts: they need no other form.
pub(super) fn rows_as_array<'de, V: Visitor<'de>>(
    rows: Rows<'de>,
    deserializer: &mut Deserializer<'de>,
    visitor: V,
) -> Result<V::Value> {
    let count = core::iter::once(rows.count);
    let (flags, data) = (token::LIST, BorrowedBytesDeserializer::new(rows.fixed));
    match rows.schema {
        RowSchema::Scalar(dtype) => Parts { dtype, flags, dims: count, data }.visit(visitor),
        RowSchema::Subarray(dtype, dims) => {
            let dims: Vec<u64> = count.chain(dims.iter()).collect();
            Parts { dtype, flags, dims: dims.into_iter(), data }.visit(visitor)
        }
        RowSchema::Optional(_) | RowSchema::Record(_) => rows_visit(rows, deserializer, visitor),
    }
}

/// A subarray in a row as the same parts.
pub(super) fn subarray_as_array<'de, V: Visitor<'de>>(
    dtype: DType,
    dims: Dims<'de>,
    data: &'de [u8],
    visitor: V,
) -> Result<V::Value> {
    let data = BorrowedBytesDeserializer::new(data);
    Parts { dtype, flags: token::LIST, dims: dims.iter(), data }.visit(visitor)
}

/// An element of packed lists as the same parts: the target may copy its bytes.
pub(super) fn element_as_array<'de, V: Visitor<'de>>(
    dtype: DType,
    dims: &[usize],
    data: &[u8],
    visitor: V,
) -> Result<V::Value> {
    let (dims, data) = (dims.iter().map(|&dim| dim as u64), BytesDeserializer::new(data));
    Parts { dtype, flags: token::LIST, dims, data }.visit(visitor)
}

/// The parts of an array, as the one entry of a map and as the sequence that is its value.
struct Parts<I, D> {
    dtype: DType,
    flags: u64,
    dims: I,
    /// The bytes.
    data: D,
}

impl<I: ExactSizeIterator<Item = u64>, D> Parts<I, D> {
    #[inline]
    fn visit<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value>
    where
        D: de::Deserializer<'de, Error = Error> + Copy,
    {
        visitor.visit_map(Entry { parts: Some(self) })
    }
}

struct Entry<P> {
    parts: Option<P>,
}

impl<'de, I, D> de::MapAccess<'de> for Entry<Parts<I, D>>
where
    I: ExactSizeIterator<Item = u64>,
    D: de::Deserializer<'de, Error = Error> + Copy,
{
    type Error = Error;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        match self.parts {
            Some(_) => seed.deserialize(U64Deserializer::new(token::ARRAY_PARTS)).map(Some),
            None => Ok(None),
        }
    }

    #[inline]
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        match self.parts.take() {
            Some(parts) => seed.deserialize(SeqAccessDeserializer::new(PartsAccess { parts, next: 0 })),
            None => Err(Error::new(ErrorKind::Protocol, "a visitor asked for a value without a key")),
        }
    }
}

struct PartsAccess<I, D> {
    parts: Parts<I, D>,
    next: usize,
}

impl<'de, I, D> de::SeqAccess<'de> for PartsAccess<I, D>
where
    I: ExactSizeIterator<Item = u64>,
    D: de::Deserializer<'de, Error = Error> + Copy,
{
    type Error = Error;

    #[inline]
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        let Parts { dtype, flags, dims, data } = &mut self.parts;
        let number = match self.next {
            0 => dtype.code().into(),
            1 => *flags,
            2 => dims.len() as u64,
            3 => match dims.next() {
                // It stays the turn of the dims until there is none left.
                Some(dim) => return seed.deserialize(U64Deserializer::new(dim)).map(Some),
                None => {
                    self.next += 1;
                    return seed.deserialize(*data).map(Some);
                }
            },
            _ => return Ok(None),
        };
        self.next += 1;
        seed.deserialize(U64Deserializer::new(number)).map(Some)
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
    nested_visit(array.dtype, shape.dims(), &row_major(&array, &shape), visitor)
}

/// The elements in logical order.
fn row_major<'de>(array: &Array<'de>, shape: &Shape) -> Cow<'de, [u8]> {
    if !array.column_major {
        return Cow::Borrowed(array.payload.bytes);
    }
    let size = array.dtype.size();
    let mut row_major = Vec::with_capacity(array.payload.bytes.len());
    for position in LogicalOrder::of_column_major(shape.dims()) {
        row_major.extend_from_slice(&array.payload.bytes[position * size..][..size]);
    }
    Cow::Owned(row_major)
}

/// The struct of ndarray's own serde, by which a target is known.
pub(super) const STOCK: (&str, [&str; 3]) = ("Array", ["v", "dim", "data"]);

/// An array as that struct: version 1, the dims, and the elements in logical order as a list.
pub(super) fn stock_visit<'de, V: Visitor<'de>>(
    array: Array<'de>,
    reader: &mut Reader<'de>,
    visitor: V,
) -> Result<V::Value> {
    // The struct, the dims and the elements are three sequences.
    reader.spend(3)?;
    let shape = Shape::new(array.dims.iter());
    let elements = row_major(&array, &shape);
    let turns = Turns::new(&STOCK.1);
    visitor.visit_map(StockFields { dtype: array.dtype, dims: array.dims.iter(), elements: &elements, turns })
}

struct StockFields<'b, I> {
    dtype: DType,
    dims: I,
    elements: &'b [u8],
    turns: Turns,
}

impl<'de, I: Iterator<Item = u64>> de::MapAccess<'de> for StockFields<'_, I> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        self.turns.key(seed)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        let name = self.turns.value()?;
        match name {
            "v" => seed.deserialize(U8Deserializer::new(1)),
            "dim" => seed.deserialize(SeqDeserializer::new(&mut self.dims)),
            _ => seed.deserialize(list_of(self.dtype, self.elements)),
        }
        .map_err(|error: Error| error.in_field(name))
    }
}

/// The fields, in order.
struct Fields<'de, I> {
    dtype: DType,
    shape: I,
    data: &'de [u8],
    turns: Turns,
}

impl<'de, I: Iterator<Item = u64>> de::MapAccess<'de> for Fields<'de, I> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        self.turns.key(seed)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        let name = self.turns.value()?;
        match name {
            "dtype" => seed.deserialize(BorrowedStrDeserializer::new(self.dtype.name())),
            "shape" => seed.deserialize(SeqDeserializer::new(&mut self.shape)),
            "order" => seed.deserialize(BorrowedStrDeserializer::new("F")),
            _ => seed.deserialize(BorrowedBytesDeserializer::new(self.data)),
        }
        .map_err(|error: Error| error.in_field(name))
    }
}

/// The names of a map's entries, and whether a key or a value is next.
struct Turns {
    names: core::slice::Iter<'static, &'static str>,
    /// Whose value is due.
    name: Option<&'static str>,
}

impl Turns {
    fn new(names: &'static [&'static str]) -> Self {
        Turns { names: names.iter(), name: None }
    }

    fn key<'de, K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        if self.name.is_some() {
            return Err(out_of_turn());
        }
        let Some(name) = self.names.next() else { return Ok(None) };
        self.name = Some(name);
        seed.deserialize(BorrowedStrDeserializer::new(name)).map(Some)
    }

    fn value(&mut self) -> Result<&'static str> {
        self.name.take().ok_or_else(out_of_turn)
    }
}
