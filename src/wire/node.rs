//! What a node is, once its bytes have been checked.

use super::RecordSchema;
use crate::dtype::DType;

/// One node's tag and what belongs to it, without its child nodes. The reader has checked every rule that holds for it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Node<'a> {
    Nil,
    Bool(bool),
    Uint(u64),
    /// Over `u64::MAX`.
    WideUint(u128),
    /// Negative.
    Int(i64),
    /// Under `i64::MIN`.
    WideInt(i128),
    F32(f32),
    F64(f64),
    Char(char),
    Str(&'a str),
    Bytes(&'a [u8]),
    /// A str in DATA; empty text if only the head is there.
    DataStr(&'a str, Payload<'a>),
    DataBytes(Payload<'a>),
    /// So many nodes follow.
    List(usize),
    /// So many keys and values follow.
    Map(usize),
    /// One node follows: nil, or another of these.
    Some,
    Array(Array<'a>),
    /// The nodes of its node part follow: for each row as many as its schema has node leaves.
    Rows(Rows<'a>),
}

/// Where a payload is, and its bytes unless only the head was given.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Payload<'a> {
    /// From the start of the value.
    pub(crate) offset: u64,
    pub(crate) len: u64,
    /// Empty if only the head was given.
    pub(crate) bytes: &'a [u8],
}

/// The dims of a node, still encoded; checked, so that reading them again cannot fail.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dims<'a> {
    pub(super) rank: u8,
    pub(super) encoded: &'a [u8],
}

impl<'a> Dims<'a> {
    /// Of rank 0.
    pub(crate) const NONE: Dims<'static> = Dims { rank: 0, encoded: &[] };

    pub(crate) fn rank(self) -> usize {
        usize::from(self.rank)
    }

    /// The first, and the others.
    pub(crate) fn split_first(self) -> Option<(u64, Dims<'a>)> {
        let rank = self.rank.checked_sub(1)?;
        let mut encoded = self.encoded;
        let first = uv_of(&mut encoded)?;
        Some((first, Dims { rank, encoded }))
    }

    pub(crate) fn iter(self) -> DimsIter<'a> {
        DimsIter { left: self.rank(), encoded: self.encoded }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct DimsIter<'a> {
    left: usize,
    encoded: &'a [u8],
}

impl Iterator for DimsIter<'_> {
    type Item = u64;

    #[inline(always)]
    fn next(&mut self) -> Option<u64> {
        self.left = self.left.checked_sub(1)?;
        uv_of(&mut self.encoded)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for DimsIter<'_> {}

/// A `uv` that has been checked.
pub(super) fn uv_of(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    let mut shift = 0;
    loop {
        let byte = *bytes.split_off_first()?;
        value |= u64::from(byte & 0x7F) << shift;
        shift += 7;
        if byte < 0x80 {
            return Some(value);
        }
    }
}

/// An array node.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Array<'a> {
    pub(crate) dtype: DType,
    pub(crate) column_major: bool,
    pub(crate) dims: Dims<'a>,
    /// Without bytes and at the end of what precedes it if a dim is 0.
    pub(crate) payload: Payload<'a>,
}

/// What every row has in common.
#[derive(Debug, Clone, Copy)]
pub(crate) enum RowSchema<'a> {
    Scalar(DType),
    Optional(DType),
    Subarray(DType, Dims<'a>),
    /// A tuple or a map.
    Record(RecordSchema<'a>),
}

impl RowSchema<'_> {
    /// The dtype of all scalars, if they have one.
    pub(crate) fn dtype(&self) -> Option<DType> {
        match *self {
            RowSchema::Scalar(dtype) | RowSchema::Optional(dtype) | RowSchema::Subarray(dtype, _) => Some(dtype),
            RowSchema::Record(_) => None,
        }
    }

    /// The nodes of a row in the node part.
    pub(crate) fn node_leaves(&self) -> usize {
        match self {
            RowSchema::Record(schema) => schema.node_leaves(),
            _ => 0,
        }
    }
}

/// A rows node.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rows<'a> {
    pub(crate) schema: RowSchema<'a>,
    /// Rows; at least one unless the schema is a record.
    pub(crate) count: u64,
    /// `count` times the width of the schema in bytes; empty if they are in DATA and only the head was given.
    pub(crate) fixed: &'a [u8],
    /// If the fixed part is in DATA.
    pub(crate) payload: Option<Payload<'a>>,
}
