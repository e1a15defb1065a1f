//! A cell: the next value to be read if it is not a node, but a part of a row, or a part that is made for the target.

use serde::de::Visitor;

use super::plan::{self, Step};
use crate::dtype::DType;
use crate::error::Result;
use crate::wire::{Dims, Node, Reader};

#[derive(Clone, Copy)]
pub(super) enum Cell<'a, 'de> {
    /// A scalar, and its bytes with what follows.
    Scalar(DType, &'a [u8]),
    /// The same behind a presence byte.
    Optional(DType, &'a [u8]),
    List(Packed<'a, 'de>),
    Tuple(Record<'a, 'de>),
    Map(Record<'a, 'de>),
    Name(&'de str),
    Number(u64),
    /// Bytes, to a target that asks for a sequence the scalars in them.
    Elements(Packed<'a, 'de>),
    Bytes(&'de [u8]),
    Dims(Dims<'a>),
}

/// Scalars one after the other, as nested lists.
#[derive(Clone, Copy)]
pub(super) struct Packed<'a, 'de> {
    pub(super) dtype: DType,
    /// How many are in the list, and the dims of each.
    pub(super) count: usize,
    pub(super) dims: Dims<'a>,
    pub(super) bytes: Bytes<'a, 'de>,
}

/// A tuple or map of a row.
#[derive(Clone, Copy)]
pub(super) struct Record<'a, 'de> {
    pub(super) steps: &'a [Step<'de>],
    pub(super) step: &'a Step<'de>,
    pub(super) row: &'de [u8],
}

/// Bytes of the value itself, which a target may borrow, or made on the way.
#[derive(Clone, Copy)]
pub(super) enum Bytes<'a, 'de> {
    Lent(&'de [u8]),
    Made(&'a [u8]),
}

impl<'a, 'de: 'a> Bytes<'a, 'de> {
    pub(super) fn get(self) -> &'a [u8] {
        match self {
            Bytes::Lent(bytes) => bytes,
            Bytes::Made(bytes) => bytes,
        }
    }

    pub(super) fn visit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self {
            Bytes::Lent(bytes) => visitor.visit_borrowed_bytes(bytes),
            Bytes::Made(bytes) => visitor.visit_bytes(bytes),
        }
    }

    /// Takes so many off the front.
    pub(super) fn split_off(&mut self, len: usize) -> Self {
        let (start, rest) = match *self {
            Bytes::Lent(bytes) => {
                let (start, rest) = bytes.split_at_checked(len).unwrap_or((bytes, &[]));
                (Bytes::Lent(start), Bytes::Lent(rest))
            }
            Bytes::Made(bytes) => {
                let (start, rest) = bytes.split_at_checked(len).unwrap_or((bytes, &[]));
                (Bytes::Made(start), Bytes::Made(rest))
            }
        };
        *self = rest;
        start
    }
}

impl<'a, 'de: 'a> Packed<'a, 'de> {
    /// Of these dims, the first of which is the list's own.
    pub(super) fn new(dtype: DType, dims: Dims<'a>, bytes: Bytes<'a, 'de>) -> Self {
        // The bytes are there, so that dims fit this machine.
        let (count, dims) = dims.split_first().unwrap_or((1, Dims::NONE));
        Packed { dtype, count: usize::try_from(count).unwrap_or(usize::MAX), dims, bytes }
    }

    /// One list of scalars.
    pub(super) fn flat(dtype: DType, bytes: Bytes<'a, 'de>) -> Self {
        Packed { dtype, count: bytes.get().len() / dtype.size(), dims: Dims::NONE, bytes }
    }

    /// Bytes of an element.
    pub(super) fn width(&self) -> usize {
        self.bytes.get().len() / self.count.max(1)
    }

    /// Takes the first element off.
    pub(super) fn next(&mut self, width: usize) -> Cell<'a, 'de> {
        let bytes = self.bytes.split_off(width);
        match self.dims.rank() {
            0 => Cell::Scalar(self.dtype, bytes.get()),
            _ => Cell::List(Packed::new(self.dtype, self.dims, bytes)),
        }
    }

    /// Bytes, if it may be read as such.
    pub(super) fn as_bytes(&self) -> Option<Bytes<'a, 'de>> {
        (self.dtype == DType::U8 && self.dims.rank() == 0).then_some(self.bytes)
    }
}

impl<'a, 'de> Record<'a, 'de> {
    pub(super) fn entries(&self) -> usize {
        self.step.entries()
    }

    fn inside(&self, position: usize) -> Option<&'a Step<'de>> {
        self.step.inside(self.steps).get(position)
    }

    pub(super) fn name_of(&self, position: usize) -> &'de str {
        self.inside(position).map_or("", |step| step.name)
    }

    /// The entry at that position; none for a node leaf.
    pub(super) fn entry(&self, position: usize) -> Option<Cell<'a, 'de>> {
        plan::cell(self.steps, self.inside(position)?, self.row)
    }
}

impl Cell<'_, '_> {
    pub(super) fn is_absent(&self) -> bool {
        matches!(self, Cell::Optional(_, [0, ..]))
    }

    /// Reads past the nodes in it.
    pub(super) fn skip(&self, reader: &mut Reader<'_>) -> Result<()> {
        match self {
            Cell::Tuple(record) | Cell::Map(record) => plan::skip(reader, record.steps, record.step),
            _ => Ok(()),
        }
    }
}

/// A scalar as the node of the same value; none if that is no scalar. Half floats and 8-bit floats are shown as their bits, times as
/// integers. Each form of list shows an integer alike, as by its value.
pub(super) fn scalar_node(dtype: DType, bytes: &[u8]) -> Option<Node<'static>> {
    macro_rules! number {
        ($type:ty) => {
            <$type>::from_le_bytes(*bytes.first_chunk()?)
        };
    }
    let int = |value: i64| u64::try_from(value).map_or(Node::Int(value), Node::Uint);
    Some(match dtype {
        DType::Bool => Node::Bool(number!(u8) == 1),
        DType::U8 | DType::F8E4M3FN | DType::F8E5M2 => Node::Uint(number!(u8).into()),
        DType::U16 | DType::F16 | DType::BF16 => Node::Uint(number!(u16).into()),
        DType::U32 => Node::Uint(number!(u32).into()),
        DType::U64 => Node::Uint(number!(u64)),
        DType::I8 => int(number!(i8).into()),
        DType::I16 => int(number!(i16).into()),
        DType::I32 => int(number!(i32).into()),
        DType::I64 | DType::Datetime64(_) | DType::Timedelta64(_) => int(number!(i64)),
        DType::F32 => Node::F32(number!(f32)),
        DType::F64 => Node::F64(number!(f64)),
        DType::U128 => wide_uint(number!(u128)),
        DType::I128 => {
            let value = number!(i128);
            match (u128::try_from(value), i64::try_from(value)) {
                (Ok(value), _) => wide_uint(value),
                (_, Ok(value)) => Node::Int(value),
                _ => Node::WideInt(value),
            }
        }
        _ => return None,
    })
}

fn wide_uint(value: u128) -> Node<'static> {
    u64::try_from(value).map_or(Node::WideUint(value), Node::Uint)
}
