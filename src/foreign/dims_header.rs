//! The header of two big-endian u32: rows and columns, then the elements, whose dtype only the two sides know.

use alloc::format;
use alloc::vec::Vec;

use super::dtype::{NumpyDType, swap};
use super::row_major;
use crate::array::{DynArrayView, Order};
use crate::error::{Error, ErrorKind, Result};

/// Bytes of the header.
const LEN: usize = 8;

/// The array of a whole header with its elements.
pub(super) fn read(bytes: &[u8], dtype: NumpyDType) -> Result<DynArrayView<'_>> {
    let Some(([a0, a1, a2, a3, b0, b1, b2, b3], payload)) = bytes.split_first_chunk::<LEN>() else {
        let message = format!("dims header is truncated: needed {LEN} bytes, {} left", bytes.len());
        return Err(Error::at(0, ErrorKind::Truncated, message));
    };
    let sizes = [u32::from_be_bytes([*a0, *a1, *a2, *a3]), u32::from_be_bytes([*b0, *b1, *b2, *b3])];
    let shape = sizes.map(|size| usize::try_from(size).unwrap_or(usize::MAX));
    dtype.array(&shape, Order::RowMajor, payload).map_err(|error| error.or_at(LEN as u64))
}

/// The bytes that Python writes of this array, in the byte order that its readers expect.
pub(super) fn write(array: &DynArrayView<'_>, dtype: NumpyDType) -> Result<Vec<u8>> {
    if array.dtype() != dtype.dtype {
        let message = format!("dims-header of another dtype: found {}, expected {}", array.dtype(), dtype.dtype);
        return Err(Error::new(ErrorKind::Unsupported, message));
    }
    let [rows, columns] = *array.shape() else {
        let message = format!("dims-header holds arrays of rank 2: found rank {}", array.shape().len());
        return Err(Error::new(ErrorKind::Unsupported, message));
    };
    let (Ok(rows), Ok(columns)) = (u32::try_from(rows), u32::try_from(columns)) else {
        let message = format!("dims-header holds dims of 32 bits: found {rows} rows of {columns}");
        return Err(Error::new(ErrorKind::TooLarge, message));
    };
    let mut out = [rows.to_be_bytes(), columns.to_be_bytes()].concat();
    out.extend_from_slice(&row_major(array));
    if let Some(word) = dtype.swapped() {
        swap(&mut out[LEN..], word);
    }
    Ok(out)
}
