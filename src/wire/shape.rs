//! Arithmetic of shapes: the only place where dims are multiplied.

use alloc::vec;
use alloc::vec::Vec;

use super::{PAYLOAD_LIMIT, RANK_LIMIT, ROW_BYTE_ALLOWANCE, ROW_SEQUENCE_COST, SUBARRAY_RANK_LIMIT, WIDTH_LIMIT};

/// Why a shape is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ShapeError {
    /// More dims than the format allows.
    Rank(usize),
    /// More bytes than the format allows.
    TooLarge,
}

/// Bytes that an array of these dims takes (rule R3): the verdict is taken over the dims that are not 0, so that it does not depend on their order.
pub(crate) fn payload_len(dims: impl Iterator<Item = u64>, item_size: usize) -> Result<u64, ShapeError> {
    let mut rank = 0;
    let mut empty = false;
    let mut product = Some(item_size as u64);
    for dim in dims {
        rank += 1;
        empty |= dim == 0;
        if dim != 0 {
            product = product.and_then(|product| product.checked_mul(dim));
        }
    }
    if rank > RANK_LIMIT {
        return Err(ShapeError::Rank(rank));
    }
    match product {
        Some(product) if product <= PAYLOAD_LIMIT => Ok(if empty { 0 } else { product }),
        _ => Err(ShapeError::TooLarge),
    }
}

/// Sequences that an array of these dims is presented as: `1 + d1 + d1·d2 + …`, without the last dim, ending at the first 0.
pub(crate) fn sequences(dims: impl Iterator<Item = u64>) -> u128 {
    // A product of dims before a 0 is at most the largest payload, and there are at most 32: no overflow.
    let mut total = 0u128;
    let mut product = 1u128;
    for dim in dims {
        total += product;
        product *= u128::from(dim);
    }
    total
}

/// Bytes that these dims of a scalar take in a row, if a row may be so wide.
pub(crate) fn row_width(mut dims: impl Iterator<Item = u64>, item_size: usize) -> Option<u64> {
    dims.try_fold(item_size as u64, |width, dim| width.checked_mul(dim).filter(|&width| width <= WIDTH_LIMIT))
}

/// Whether a subarray of these dims may be a row (section 5): of rank 1 to 7, not too wide, and not too many sequences for its bytes.
pub(crate) fn row_formula_holds(dims: impl ExactSizeIterator<Item = u64> + Clone, width: u64) -> bool {
    let mut row = RowMeasure::default();
    let rank = dims.len();
    (1..=SUBARRAY_RANK_LIMIT).contains(&rank) && row.add_subarray(dims, width) && row.holds()
}

/// What a row is presented as, and what it takes: the two sides of the row formula.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct RowMeasure {
    name_bytes: u64,
    sequences: u64,
    node_leaves: u64,
    width: u64,
}

impl RowMeasure {
    pub(crate) fn add_container(&mut self) {
        self.sequences += 1;
    }

    pub(crate) fn add_name(&mut self, bytes: usize) {
        self.name_bytes += bytes as u64;
    }

    pub(crate) fn add_node(&mut self) {
        self.node_leaves += 1;
    }

    /// Of a scalar; false if the row is too wide with it.
    pub(crate) fn add_bytes(&mut self, width: u64) -> bool {
        self.width = self.width.saturating_add(width);
        self.width <= WIDTH_LIMIT
    }

    /// Of a subarray that takes so many bytes; false if the row is too wide with it.
    pub(crate) fn add_subarray(&mut self, dims: impl Iterator<Item = u64>, width: u64) -> bool {
        let fits = self.add_bytes(width);
        if fits {
            // No term is over the width, and there are 7.
            self.sequences += u64::try_from(sequences(dims)).unwrap_or(WIDTH_LIMIT);
        }
        fits
    }

    /// Bytes of a row in the fixed part.
    pub(crate) fn width(&self) -> u64 {
        self.width
    }

    /// Whether a reader is not made to build too much for the bytes of a row.
    pub(crate) fn holds(&self) -> bool {
        self.name_bytes + self.sequences * ROW_SEQUENCE_COST <= (self.width + self.node_leaves) * ROW_BYTE_ALLOWANCE
    }
}

/// The positions of an array's elements in its payload, in logical (row-major) order, for a column-major payload.
pub(crate) struct LogicalOrder {
    dims: Vec<usize>,
    strides: Vec<usize>,
    index: Vec<usize>,
    position: usize,
    left: usize,
}

impl LogicalOrder {
    /// Only for dims whose product has been checked.
    pub(crate) fn of_column_major(dims: &[usize]) -> Self {
        let mut strides = Vec::with_capacity(dims.len());
        let mut stride = 1usize;
        for &dim in dims {
            strides.push(stride);
            stride = stride.saturating_mul(dim);
        }
        LogicalOrder { dims: dims.into(), strides, index: vec![0; dims.len()], position: 0, left: stride }
    }
}

impl Iterator for LogicalOrder {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        self.left = self.left.checked_sub(1)?;
        let position = self.position;
        for axis in (0..self.dims.len()).rev() {
            self.index[axis] += 1;
            self.position += self.strides[axis];
            if self.index[axis] < self.dims[axis] {
                break;
            }
            self.position -= self.strides[axis] * self.dims[axis];
            self.index[axis] = 0;
        }
        Some(position)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verdict_on_a_shape_does_not_depend_on_the_order_of_dims() {
        let half = 1 << 62;
        for dims in [[0, half, 2], [half, 0, 2], [half, 2, 0]] {
            assert_eq!(payload_len(dims.into_iter(), 1), Err(ShapeError::TooLarge));
        }
        assert_eq!(payload_len([half].into_iter(), 1), Ok(half));
        assert_eq!(payload_len([half, 0].into_iter(), 1), Ok(0));
        assert_eq!(payload_len([u64::MAX, 2].into_iter(), 16), Err(ShapeError::TooLarge));
        assert_eq!(payload_len([].into_iter(), 4), Ok(4));
        assert_eq!(payload_len([1; 33].into_iter(), 1), Err(ShapeError::Rank(33)));
    }

    #[test]
    fn sequences_are_counted_up_to_the_first_zero() {
        assert_eq!(sequences([].into_iter()), 0);
        assert_eq!(sequences([5].into_iter()), 1);
        assert_eq!(sequences([5, 3].into_iter()), 6);
        assert_eq!(sequences([5, 0, 7].into_iter()), 6);
        assert!(row_formula_holds([1, 1].into_iter(), 1));
        assert!(!row_formula_holds([1, 1, 1].into_iter(), 1));
        assert!(!row_formula_holds([2; 8].into_iter(), 256));
    }

    #[test]
    fn a_row_is_not_too_wide() {
        assert_eq!(row_width([2, 3].into_iter(), 4), Some(24));
        assert_eq!(row_width([WIDTH_LIMIT].into_iter(), 1), Some(WIDTH_LIMIT));
        assert_eq!(row_width([WIDTH_LIMIT, 2].into_iter(), 1), None);
        assert_eq!(row_width([1 << 28].into_iter(), 8), None);
        assert!(row_formula_holds([WIDTH_LIMIT].into_iter(), WIDTH_LIMIT));
        assert!(!row_formula_holds([WIDTH_LIMIT + 1].into_iter(), WIDTH_LIMIT + 1));
        let mut row = RowMeasure::default();
        assert!(row.add_subarray([WIDTH_LIMIT - 1].into_iter(), WIDTH_LIMIT - 1) && row.add_bytes(1));
        assert!(!row.add_bytes(1));
    }

    #[test]
    fn logical_order_transposes() {
        let positions: Vec<usize> = LogicalOrder::of_column_major(&[2, 3]).collect();
        assert_eq!(positions, [0, 2, 4, 1, 3, 5]);
        assert_eq!(LogicalOrder::of_column_major(&[]).collect::<Vec<_>>(), [0]);
        assert_eq!(LogicalOrder::of_column_major(&[2, 0]).count(), 0);
    }
}
