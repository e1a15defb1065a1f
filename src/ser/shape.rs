//! What the elements of a list have in common: the join of section 5.5 of the specification.

use crate::dtype::DType;
use crate::wire::{SUBARRAY_RANK_LIMIT, payload_len, row_formula_holds};

/// What an element is to its list, by the types it gave; and what all elements so far are together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ElementShape {
    /// Of a list without elements: joins to the other.
    Unknown,
    Nil,
    Scalar(DType),
    /// Scalars and nils.
    Optional(DType),
    Block(Block),
    /// Maps, or tuples that are no block. Which, their list knows.
    Record,
    /// Anything else: the list is plain.
    Node,
}

/// A rectangular nest of lists of one scalar type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) dtype: DType,
    rank: usize,
    dims: [u64; SUBARRAY_RANK_LIMIT],
    /// It came as tuples at every level: so it may yet turn out to be a tuple of several leaves.
    pub(crate) is_tuple: bool,
}

impl Block {
    /// What `count` rows are to the list around them, if a subarray schema can say it.
    pub(crate) fn of_rows(count: u64, dtype: DType, row: &[u64]) -> Option<Block> {
        let mut dims = [0; SUBARRAY_RANK_LIMIT];
        let rank = row.len() + 1;
        dims[0] = count;
        dims.get_mut(1..rank)?.copy_from_slice(row);
        let block = Block { dtype, rank, dims, is_tuple: false };
        let width = payload_len(block.dims().iter().copied(), dtype.size()).ok()?;
        row_formula_holds(block.dims().iter().copied(), width).then_some(block)
    }

    /// The same, come as tuples.
    pub(crate) fn of_tuples(self) -> Block {
        Block { is_tuple: true, ..self }
    }

    /// Whether [`of_rows`](Block::of_rows) would give the same.
    pub(crate) fn is_of_rows(&self, count: u64, dtype: DType, row: &[u64]) -> bool {
        self.dtype == dtype && self.dims().split_first() == Some((&count, row))
    }

    /// Whether it is a list of so many scalars.
    #[inline]
    pub(crate) fn is_flat(&self, count: u64) -> bool {
        self.rank == 1 && self.dims[0] == count
    }

    /// Whether it is a block of the same dtype and dims, however the two came.
    pub(crate) fn is_same(&self, other: &Block) -> bool {
        self.dtype == other.dtype && self.dims() == other.dims()
    }

    pub(crate) fn dims(&self) -> &[u64] {
        &self.dims[..self.rank]
    }

    /// Its bytes. They have been counted once, so they fit.
    pub(crate) fn width(&self) -> usize {
        let len = payload_len(self.dims().iter().copied(), self.dtype.size()).unwrap_or(u64::MAX);
        usize::try_from(len).unwrap_or(usize::MAX)
    }

    /// What its elements are, if not scalars.
    pub(crate) fn inner(&self) -> Option<Block> {
        let (_, inner) = self.dims().split_first()?;
        let (count, row) = inner.split_first()?;
        Block::of_rows(*count, self.dtype, row)
    }
}

impl ElementShape {
    /// Whether an element of this shape changes nothing: what [`join`](ElementShape::join) says, for the common cases at once.
    #[inline]
    pub(crate) fn holds(&self, element: &ElementShape) -> bool {
        use ElementShape::{Nil, Optional, Scalar};
        match (self, element) {
            (Scalar(a), Scalar(b)) | (Optional(a), Scalar(b) | Optional(b)) => a == b,
            (Optional(_), Nil) => true,
            _ => false,
        }
    }

    /// Commutative and associative, so the order of elements cannot choose a list's form. Records are joined by their list.
    pub(crate) fn join(self, other: ElementShape) -> ElementShape {
        use ElementShape::{Block, Nil, Node, Optional, Record, Scalar, Unknown};
        match (self, other) {
            (Unknown, shape) | (shape, Unknown) => shape,
            (Block(a), Block(b)) if a.is_same(&b) => {
                Block(super::shape::Block { is_tuple: a.is_tuple && b.is_tuple, ..a })
            }
            (Record, Record) => Node,
            (a, b) if a == b => a,
            (Nil, Scalar(dtype) | Optional(dtype)) | (Scalar(dtype) | Optional(dtype), Nil) => Optional(dtype),
            (Scalar(a), Optional(b)) | (Optional(a), Scalar(b)) if a == b => Optional(a),
            _ => Node,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> impl Iterator<Item = ElementShape> {
        let scalars = [DType::U8, DType::F32].into_iter();
        let blocks = [(1, DType::U8), (2, DType::U8), (2, DType::F32)];
        [ElementShape::Unknown, ElementShape::Nil, ElementShape::Node]
            .into_iter()
            .chain(scalars.clone().map(ElementShape::Scalar))
            .chain(scalars.map(ElementShape::Optional))
            .chain(blocks.into_iter().filter_map(|(n, dtype)| Block::of_rows(n, dtype, &[]).map(ElementShape::Block)))
    }

    #[test]
    fn the_join_is_commutative_associative_and_idempotent() {
        assert_eq!(all().count(), 10);
        for a in all() {
            assert_eq!(a.join(a), a);
            for b in all().filter(|b| a.holds(b)) {
                assert_eq!(a.join(b), a);
            }
            for b in all() {
                assert_eq!(a.join(b), b.join(a));
                for c in all() {
                    assert_eq!(a.join(b).join(c), a.join(b.join(c)), "{a:?} {b:?} {c:?}");
                }
            }
        }
    }

    #[test]
    fn a_block_is_what_a_subarray_schema_can_say() {
        assert!(Block::of_rows(3, DType::F32, &[2; 6]).is_some());
        assert!(Block::of_rows(3, DType::F32, &[2; 7]).is_none());
        assert!(Block::of_rows(1, DType::U8, &[1]).is_some());
        assert!(Block::of_rows(1, DType::U8, &[1, 1]).is_none());
        assert!(Block::of_rows(u64::MAX, DType::U8, &[2]).is_none());
        let block = Block::of_rows(3, DType::F32, &[2]).expect("a subarray");
        assert!(block.is_of_rows(3, DType::F32, &[2]));
        assert!(!block.is_flat(3));
        assert!(Block::of_rows(3, DType::F32, &[]).is_some_and(|block| block.is_flat(3) && !block.is_flat(2)));
        for (count, dtype, row) in
            [(2, DType::F32, &[2][..]), (3, DType::U8, &[2]), (3, DType::F32, &[3]), (3, DType::F32, &[])]
        {
            assert!(!block.is_of_rows(count, dtype, row));
        }
    }
}
