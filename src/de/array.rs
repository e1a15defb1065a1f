//! Array nodes: as the struct `{dtype, shape, order?, data}`, or as nested lists.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use serde::de::value::{
    BorrowedBytesDeserializer, BorrowedStrDeserializer, BytesDeserializer, SeqAccessDeserializer, SeqDeserializer,
    U8Deserializer, U64Deserializer,
};
use serde::de::{self, DeserializeSeed, Visitor};
use serde::forward_to_deserialize_any;

use super::access::out_of_turn;
use super::deserializer::Deserializer;
use super::field::Name;
use super::rows::{Bytes, Shape, list_of, nested_visit, rows_visit};
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
    visitor.visit_map(Fields { dtype, shape, data, turns: Turns::new(names) }).map_err(|error| {
        let shape: Vec<u64> = array.dims.iter().collect();
        error.found_array(format_args!("an array of {dtype} {shape:?}"))
    })
}

/// An array for a target that is one: its parts, without a look at names.
#[inline]
pub(super) fn parts_visit<'de, V: Visitor<'de>>(array: Array<'de>, visitor: V) -> Result<V::Value> {
    let flags = if array.column_major { token::COLUMN_MAJOR } else { 0 };
    let bytes = array.payload.bytes;
    let (rank, lent) = (array.dims.rank(), BorrowedBytesDeserializer::new(bytes));
    Parts { dtype: array.dtype, flags, rank, dims: array.dims.iter(), bytes, lent }.visit(visitor)
}

/// Rows of scalars or subarrays as the same parts: they need no other form.
pub(super) fn rows_as_array<'de, V: Visitor<'de>>(
    rows: Rows<'de>,
    deserializer: &mut Deserializer<'de>,
    visitor: V,
) -> Result<V::Value> {
    let (dims, bytes) = (core::iter::once(rows.count), rows.fixed);
    let (flags, lent) = (token::LIST, BorrowedBytesDeserializer::new(bytes));
    match rows.schema {
        RowSchema::Scalar(dtype) => Parts { dtype, flags, rank: 1, dims, bytes, lent }.visit(visitor),
        RowSchema::Subarray(dtype, row) => {
            Parts { dtype, flags, rank: 1 + row.rank(), dims: dims.chain(row.iter()), bytes, lent }.visit(visitor)
        }
        RowSchema::Optional(_) | RowSchema::Record(_) => rows_visit(rows, deserializer, visitor),
    }
}

/// A subarray in a row as the same parts.
pub(super) fn subarray_as_array<'de, V: Visitor<'de>>(
    dtype: DType,
    dims: Dims<'de>,
    bytes: &'de [u8],
    visitor: V,
) -> Result<V::Value> {
    let (rank, lent) = (dims.rank(), BorrowedBytesDeserializer::new(bytes));
    Parts { dtype, flags: token::LIST, rank, dims: dims.iter(), bytes, lent }.visit(visitor)
}

/// An element of packed lists as the same parts.
pub(super) fn element_as_array<'b, 'de: 'b, V: Visitor<'de>>(
    dtype: DType,
    dims: &[usize],
    bytes: Bytes<'b, 'de>,
    visitor: V,
) -> Result<V::Value> {
    let (rank, flags) = (dims.len(), token::LIST);
    let dims = dims.iter().map(|&dim| dim as u64);
    match bytes {
        Bytes::Lent(bytes) => {
            let lent = BorrowedBytesDeserializer::new(bytes);
            Parts { dtype, flags, rank, dims, bytes, lent }.visit(visitor)
        }
        Bytes::Made(bytes) => {
            let lent = BytesDeserializer::new(bytes);
            Parts { dtype, flags, rank, dims, bytes, lent }.visit(visitor)
        }
    }
}

/// The parts of an array, as the one entry of a map and as the sequence that is its value.
struct Parts<'b, I, D> {
    dtype: DType,
    flags: u64,
    rank: usize,
    dims: I,
    bytes: &'b [u8],
    /// The same bytes as the target gets them.
    lent: D,
}

impl<I: Iterator<Item = u64> + Clone, D> Parts<'_, I, D> {
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

impl<'de, I, D> de::MapAccess<'de> for Entry<Parts<'_, I, D>>
where
    I: Iterator<Item = u64> + Clone,
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
            Some(parts) => {
                let dims = parts.dims.clone();
                seed.deserialize(SeqAccessDeserializer::new(PartsAccess { parts, dims, next: 0 }))
            }
            None => Err(Error::new(ErrorKind::Protocol, "a visitor asked for a value without a key")),
        }
    }
}

struct PartsAccess<'b, I, D> {
    parts: Parts<'b, I, D>,
    /// Those that are left.
    dims: I,
    next: usize,
}

impl<'de, I, D> de::SeqAccess<'de> for PartsAccess<'_, I, D>
where
    I: Iterator<Item = u64> + Clone,
    D: de::Deserializer<'de, Error = Error> + Copy,
{
    type Error = Error;

    #[inline]
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        let number = match self.next {
            0 => self.parts.dtype.code().into(),
            1 => self.parts.flags,
            2 => self.parts.rank as u64,
            3 => match self.dims.next() {
                // It stays the turn of the dims until there is none left.
                Some(dim) => return seed.deserialize(U64Deserializer::new(dim)).map(Some),
                None => {
                    self.next += 1;
                    return seed.deserialize(Elements(&self.parts)).map(Some);
                }
            },
            _ => return Ok(None),
        };
        self.next += 1;
        seed.deserialize(U64Deserializer::new(number)).map(Some)
    }
}

/// The elements of an array: their bytes, or, to a target that asks for a sequence, one by one.
struct Elements<'p, 'b, I, D>(&'p Parts<'b, I, D>);

impl<'de, I, D> de::Deserializer<'de> for Elements<'_, '_, I, D>
where
    I: Iterator<Item = u64> + Clone,
    D: de::Deserializer<'de, Error = Error> + Copy,
{
    type Error = Error;

    #[inline]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.0.lent.deserialize_any(visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let Parts { dtype, dims, bytes, .. } = self.0;
        nested_visit(*dtype, Shape::new(dims.clone()).dims(), Bytes::Made(bytes), visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct tuple tuple_struct map struct enum identifier ignored_any
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
    match row_major(&array, &shape) {
        Cow::Borrowed(bytes) => nested_visit(array.dtype, shape.dims(), Bytes::Lent(bytes), visitor),
        Cow::Owned(bytes) => nested_visit(array.dtype, shape.dims(), Bytes::Made(&bytes), visitor),
    }
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
            _ => seed.deserialize(list_of(self.dtype, &[self.elements.len() / self.dtype.size()], self.elements)),
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
            "dtype" => seed.deserialize(Name(self.dtype.name())),
            "shape" => {
                let dims: Vec<u8> = self.shape.by_ref().flat_map(u64::to_le_bytes).collect();
                seed.deserialize(list_of(DType::U64, &[dims.len() / 8], &dims))
            }
            "order" => seed.deserialize(Name("F")),
            _ => seed.deserialize(Data(self.data)),
        }
        .map_err(|error: Error| error.in_field(name))
    }
}

/// The bytes, to a target that may be an option or a newtype.
struct Data<'de>(&'de [u8]);

impl<'de> de::Deserializer<'de> for Data<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_borrowed_bytes(self.0)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct enum identifier ignored_any
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
