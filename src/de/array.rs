//! Arrays: as the parts that an array type takes, and as maps for other targets.

use alloc::vec::Vec;

use serde::de::value::{BytesDeserializer, U64Deserializer};
use serde::de::{DeserializeSeed, MapAccess, Visitor};

use super::cell::{Bytes, Cell, Packed};
use super::deserializer::Deserializer;
use super::next::packed_rows;
use super::source::Source;
use crate::error::{Error, Result};
use crate::token::{self, Head};
use crate::wire::{Array, LogicalOrder, Node};

/// The elements of an array in logical order.
pub(super) fn row_major<'a, 'de: 'a>(array: &Array<'de>, room: &'a mut Vec<u8>) -> Bytes<'a, 'de> {
    let bytes = array.payload.bytes;
    if !array.column_major {
        return Bytes::Lent(bytes);
    }
    let size = array.dtype.size();
    let dims: Vec<usize> = array.dims.iter().map(|dim| usize::try_from(dim).unwrap_or(usize::MAX)).collect();
    room.reserve_exact(bytes.len());
    for position in LogicalOrder::of_column_major(&dims) {
        room.extend_from_slice(bytes.get(position * size..).and_then(|rest| rest.get(..size)).unwrap_or_default());
    }
    Bytes::Made(room)
}

/// An array or a packed list as an array type gets it.
pub(super) struct Parts<'a, 'de> {
    flags: u8,
    /// Of an array without dims it has one element.
    has_count: bool,
    elements: Packed<'a, 'de>,
}

impl<'a, 'de: 'a> Parts<'a, 'de> {
    /// Of a node, if an array type needs it in no other form.
    pub(super) fn of(node: &Node<'de>) -> Option<Self> {
        match node {
            Node::Array(array) => {
                let flags = if array.column_major { token::COLUMN_MAJOR } else { 0 };
                let elements = Packed::new(array.dtype, array.dims, Bytes::Lent(array.payload.bytes));
                Some(Parts { flags, has_count: array.dims.rank() > 0, elements })
            }
            Node::Rows(rows) => packed_rows(rows).map(Parts::of_list),
            _ => None,
        }
    }

    pub(super) fn of_list(elements: Packed<'a, 'de>) -> Self {
        Parts { flags: token::LIST, has_count: true, elements }
    }

    /// Shows it as the map of two entries that [`token::ARRAY_PARTS`] and [`token::ELEMENTS`] are the keys of.
    pub(super) fn visit<V: Visitor<'de>>(self, deserializer: &mut Deserializer<'de>, visitor: V) -> Result<V::Value> {
        let Parts { flags, has_count, elements } = self;
        let count = has_count.then_some(elements.count as u64);
        let head = Head::new(elements.dtype.code(), flags, count.into_iter().chain(elements.dims.iter()));
        visitor.visit_map(PartsMap { deserializer, head: &head, elements: Cell::Elements(elements), read: 0 })
    }
}

struct PartsMap<'r, 'a, 'de> {
    deserializer: &'r mut Deserializer<'de>,
    head: &'r Head,
    elements: Cell<'a, 'de>,
    /// Entries that have been begun.
    read: u8,
}

impl<'de> MapAccess<'de> for PartsMap<'_, '_, 'de> {
    type Error = Error;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        let key = match self.read {
            0 => token::ARRAY_PARTS,
            1 => token::ELEMENTS,
            _ => return Ok(None),
        };
        self.read += 1;
        seed.deserialize(U64Deserializer::new(key)).map(Some)
    }

    #[inline]
    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value> {
        match self.read {
            1 => seed.deserialize(BytesDeserializer::new(self.head.bytes())),
            _ => seed.deserialize(Source { deserializer: self.deserializer, cell: Some(&self.elements) }),
        }
    }
}

/// The struct of ndarray's own serde, by which a target is known.
pub(super) const STOCK: (&str, [&str; 3]) = ("Array", ["v", "dim", "data"]);

/// The entries of an array that is read as a map: `{dtype, shape, order?, data}`, or those of [`STOCK`].
#[derive(Clone, Copy)]
pub(super) struct ArrayEntries<'a, 'de> {
    array: &'a Array<'de>,
    /// For the latter: the elements in logical order.
    stock: Option<Bytes<'a, 'de>>,
}

impl<'a, 'de: 'a> ArrayEntries<'a, 'de> {
    pub(super) fn new(array: &'a Array<'de>) -> Self {
        ArrayEntries { array, stock: None }
    }

    pub(super) fn stock(array: &'a Array<'de>, room: &'a mut Vec<u8>) -> Self {
        ArrayEntries { array, stock: Some(row_major(array, room)) }
    }

    fn names(&self) -> &'static [&'static str] {
        match (self.stock, self.array.column_major) {
            (Some(_), _) => &STOCK.1,
            (None, true) => &["dtype", "shape", "order", "data"],
            (None, false) => &["dtype", "shape", "data"],
        }
    }

    pub(super) fn len(&self) -> usize {
        self.names().len()
    }

    pub(super) fn name(&self, position: usize) -> &'static str {
        self.names().get(position).copied().unwrap_or_default()
    }

    pub(super) fn value(&self, position: usize) -> Cell<'a, 'de> {
        match (self.name(position), self.stock) {
            ("dtype", _) => Cell::Name(self.array.dtype.name()),
            ("shape" | "dim", _) => Cell::Dims(self.array.dims),
            ("order", _) => Cell::Name("F"),
            ("v", _) => Cell::Number(1),
            (_, None) => Cell::Bytes(self.array.payload.bytes),
            (_, Some(elements)) => Cell::List(Packed::flat(self.array.dtype, elements)),
        }
    }
}
