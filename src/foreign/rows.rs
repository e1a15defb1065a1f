//! The rows of a structured array: without padding, little endian, as a table if they are one.

use alloc::borrow::Cow;
use alloc::format;
use alloc::vec::Vec;

use super::dtype::{NumpyDType, swap};
use super::structure::{Format, Structure, malformed, size_of, too_large};
use crate::dtype::DType;
use crate::error::{Error, ErrorKind, Result};
use crate::value::{List, Schema, ValueView};
use crate::wire::{payload_len, sequences};

/// What rows that repeat their names may count, for each byte of the array (`docs/other-encodings.md`, section 4).
const PER_BYTE: u128 = 200;
/// What a row, a field, a list, and a byte of a name count: about the memory that an untyped value takes for them.
const PER_PART: u128 = 160;
const PER_NAME_BYTE: u128 = 3;
/// Bytes that every array has beside its elements and names.
const ONCE: u128 = 32;

impl Structure<'_> {
    fn schema(&self) -> Schema {
        let fields = self.fields.iter().map(|field| {
            let schema = match &field.format {
                Format::Numbers(dtype, dims) if dims.is_empty() => Schema::Scalar(dtype.dtype),
                Format::Numbers(dtype, dims) => Schema::Subarray(dtype.dtype, dims.clone()),
                Format::Structure(inner) => inner.schema(),
            };
            (field.name.clone().into_owned(), schema)
        });
        Schema::Map(fields.collect())
    }

    /// The list of an array of these. Of rank 0 it is one of them.
    pub(super) fn value<'b>(&self, shape: &[usize], bytes: &'b [u8]) -> Result<ValueView<'b>> {
        let count = match shape {
            [] => 1,
            [count] => *count,
            _ => {
                let message =
                    format!("structured array has rank {}: make it one of rank 1 (array.reshape(-1))", shape.len());
                return Err(Error::new(ErrorKind::Unsupported, message));
            }
        };
        let expected = payload_len([count as u64].into_iter(), self.stride).map_err(|_| too_large())?;
        if expected != bytes.len() as u64 {
            let (found, stride) = (bytes.len(), self.stride);
            let message = format!(
                "{count} rows of {stride} bytes do not fit their data: found {found} bytes, expected {expected}"
            );
            return Err(Error::new(ErrorKind::Shape, message));
        }
        if count == 0 {
            // It keeps its fields, if a schema can hold them.
            return Ok(List::packed(self.schema(), 0, Vec::new()).unwrap_or_default().into());
        }
        self.check_bools(bytes)?;
        let (rows, fit) = List::of_structure(self.schema(), count, shape.is_empty(), self.packed(bytes));
        if !fit {
            self.check_repeated(count, bytes.len())?;
        }
        Ok(rows.into())
    }

    fn check_bools(&self, bytes: &[u8]) -> Result<()> {
        let mut pieces = Vec::new();
        self.pieces(0, &|dtype| dtype.dtype == DType::Bool, &mut pieces);
        if pieces.is_empty() {
            return Ok(());
        }
        let is_bool = |row: &[u8]| pieces.iter().all(|piece| piece.of(row).iter().all(|&byte| byte <= 1));
        match bytes.chunks_exact(self.stride).all(is_bool) {
            true => Ok(()),
            false => Err(malformed("bool is neither 0 nor 1")),
        }
    }

    /// Checks that rows do not grow too much when each is written with all of its names.
    fn check_repeated(&self, count: usize, len: usize) -> Result<()> {
        let (names, parts) = self.counted();
        let row = PER_PART * (parts + 1) + PER_NAME_BYTE * names;
        if row.saturating_mul(count as u128) <= PER_BYTE * (len as u128 + names + ONCE) {
            return Ok(());
        }
        let message = format!(
            "{count} rows of {} bytes would repeat too many names, structures and dims for their size, because they are no table: \
             shorten the names, or write each field as an array of its own",
            self.stride
        );
        Err(Error::new(ErrorKind::Unsupported, message))
    }

    /// The bytes of all names of a row, and its fields and the lists in them.
    fn counted(&self) -> (u128, u128) {
        self.fields.iter().fold((0, 0), |(names, parts), field| {
            let inner = match &field.format {
                Format::Structure(inner) => inner.counted(),
                Format::Numbers(_, dims) => (0, sequences(dims.iter().map(|&dim| dim as u64))),
            };
            (names + field.name.len() as u128 + inner.0, parts + 1 + inner.1)
        })
    }

    /// The rows without padding, little endian.
    fn packed<'b>(&self, bytes: &'b [u8]) -> Cow<'b, [u8]> {
        let mut pieces = Vec::new();
        self.pieces(0, &|_| true, &mut pieces);
        if let [Piece { offset: 0, len, word: None }] = pieces[..]
            && len == self.stride
        {
            return Cow::Borrowed(bytes);
        }
        let mut out = Vec::with_capacity(bytes.len());
        for row in bytes.chunks_exact(self.stride) {
            for piece in &pieces {
                let start = out.len();
                out.extend_from_slice(piece.of(row));
                if let Some(word) = piece.word {
                    swap(&mut out[start..], word);
                }
            }
        }
        Cow::Owned(out)
    }

    /// Where the numbers of these dtypes stand in a row.
    fn pieces(&self, base: usize, wanted: &impl Fn(NumpyDType) -> bool, out: &mut Vec<Piece>) {
        for field in &self.fields {
            let offset = base.saturating_add(field.offset);
            match &field.format {
                Format::Structure(inner) => inner.pieces(offset, wanted, out),
                Format::Numbers(dtype, dims) if wanted(*dtype) => {
                    let (len, word) = (size_of(*dtype, dims).unwrap_or(usize::MAX), dtype.swapped());
                    match out.last_mut() {
                        Some(last) if word.is_none() && last.word.is_none() && last.offset + last.len == offset => {
                            last.len = last.len.saturating_add(len);
                        }
                        _ => out.push(Piece { offset, len, word }),
                    }
                }
                Format::Numbers(..) => {}
            }
        }
    }
}

/// Bytes of a row that go together, and the width of the numbers whose bytes are to be turned.
struct Piece {
    offset: usize,
    len: usize,
    word: Option<usize>,
}

impl Piece {
    fn of<'r>(&self, row: &'r [u8]) -> &'r [u8] {
        row.get(self.offset..).and_then(|rest| rest.get(..self.len)).unwrap_or_default()
    }
}
