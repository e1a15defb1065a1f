//! Arrays, rows and payloads: the part of the reader that looks beyond META.

use alloc::format;

use super::read::error_at;
use super::{
    align_up, payload_len, row_formula_holds, tag, Array, Dims, Node, Payload, Place, Reader, RowSchema, Rows,
    ShapeError, SUBARRAY_RANK_LIMIT,
};
use crate::dtype::DType;
use crate::error::{Error, ErrorKind, Result};

impl<'a> Reader<'a> {
    pub(super) fn array_node(&mut self, start: usize) -> Result<Node<'a>> {
        let dtype = self.dtype()?;
        let [rank_and_order] = self.array()?;
        let rank = rank_and_order & 0x3F;
        if rank_and_order & 0x40 != 0 {
            return Err(self.error(ErrorKind::Malformed, "bit 6 of rank-and-order is set"));
        }
        let (dims, len) = self.dims(rank, dtype)?;
        let column_major = rank_and_order & tag::COLUMN_MAJOR != 0;
        let order_matters = || dims.iter().filter(|&dim| dim > 1).count() > 1 && dims.iter().all(|dim| dim != 0);
        if column_major && !order_matters() {
            return Err(error_at(start, ErrorKind::NotCanonical, "column-major where order has no meaning"));
        }
        self.check_depth(usize::from(rank).max(1))?;
        let payload = self.payload(len)?;
        if dtype == DType::Bool {
            check_bools(payload.bytes.iter(), payload.offset, 1)?;
        }
        Ok(Node::Array(Array { dtype, column_major, dims, payload }))
    }

    pub(super) fn rows(&mut self, start: usize) -> Result<Node<'a>> {
        let schema = self.schema()?;
        let item = schema.dtype().size();
        let (width, depth) = match schema {
            RowSchema::Scalar(_) => (item as u64, 1),
            RowSchema::Optional(_) => (item as u64 + 1, 1),
            RowSchema::Subarray(_, dims) => (self.shape(dims, item)?, 1 + dims.rank()),
        };
        if let RowSchema::Subarray(_, dims) = schema {
            if !row_formula_holds(dims.iter(), width) {
                return Err(self.error(ErrorKind::Malformed, "a row is presented as too many lists for its bytes"));
            }
        }
        let count = self.uv()?;
        if count == 0 {
            return Err(error_at(start, ErrorKind::NotCanonical, "rows of no element, expected an empty list"));
        }
        self.check_depth(depth)?;
        let too_large = || error_at(start, ErrorKind::TooLarge, "rows exceed the largest payload");
        let len = width.checked_mul(count).filter(|&len| len <= super::PAYLOAD_LIMIT).ok_or_else(too_large)?;
        let in_meta = usize::try_from(len).ok().filter(|&len| Place::of(len) == Place::Meta);
        let (fixed, offset, payload) = match in_meta {
            Some(len) => {
                let offset = self.offset();
                (self.take(len)?, offset, None)
            }
            None => {
                let payload = self.payload(len)?;
                (payload.bytes, payload.offset, Some(payload))
            }
        };
        // A payload that is there fits memory, and so does a row of it; only the head may claim more.
        let width = usize::try_from(width).map_err(|_| too_large())?;
        match schema {
            RowSchema::Optional(dtype) => check_optional(fixed, dtype, width, offset)?,
            _ if schema.dtype() == DType::Bool => check_bools(fixed.iter(), offset, 1)?,
            _ => {}
        }
        Ok(Node::Rows(Rows { schema, count, fixed, payload }))
    }

    fn schema(&mut self) -> Result<RowSchema<'a>> {
        let start = self.at;
        let [first] = self.array()?;
        match first {
            0..=tag::UINT_MAX => Ok(RowSchema::Scalar(self.row_scalar(first, start)?)),
            tag::SOME => {
                let [code] = self.array()?;
                Ok(RowSchema::Optional(self.row_scalar(code, start)?))
            }
            tag::ARRAY => {
                let [code, rank] = self.array()?;
                let dtype = self.row_scalar(code, start)?;
                if !(1..=SUBARRAY_RANK_LIMIT).contains(&usize::from(rank)) {
                    return Err(error_at(
                        start,
                        ErrorKind::Malformed,
                        format!("subarray has rank-and-order {rank:02X}, expected 1 to 7"),
                    ));
                }
                let (dims, _) = self.dims(rank, dtype)?;
                if dims.iter().any(|dim| dim == 0) {
                    return Err(error_at(start, ErrorKind::Malformed, "subarray has a dim of 0"));
                }
                Ok(RowSchema::Subarray(dtype, dims))
            }
            tag::LIST..=tag::MAP_MAX | tag::LONG_LIST | tag::LONG_MAP => {
                Err(error_at(start, ErrorKind::Unsupported, "rows of tuples and maps are not defined yet"))
            }
            _ => Err(error_at(start, ErrorKind::Malformed, format!("found {first:02X}, expected a row schema"))),
        }
    }

    fn row_scalar(&self, code: u8, start: usize) -> Result<DType> {
        DType::from_code(code).filter(|dtype| dtype.is_row_scalar()).ok_or_else(|| {
            error_at(start, ErrorKind::Malformed, format!("found dtype {code:02X}, expected a row scalar"))
        })
    }

    fn dtype(&mut self) -> Result<DType> {
        let start = self.at;
        let [code] = self.array()?;
        DType::from_code(code)
            .ok_or_else(|| error_at(start, ErrorKind::Malformed, format!("found {code:02X}, expected a dtype")))
    }

    /// Dims, and the bytes they claim.
    fn dims(&mut self, rank: u8, dtype: DType) -> Result<(Dims<'a>, u64)> {
        if usize::from(rank) > super::RANK_LIMIT {
            return Err(
                self.error(ErrorKind::TooLarge, format!("rank {rank} exceeds the limit of {}", super::RANK_LIMIT))
            );
        }
        let start = self.at;
        for _ in 0..rank {
            self.uv()?;
        }
        let dims = Dims { rank, encoded: self.meta_since(start as u64) };
        let len = self.shape(dims, dtype.size())?;
        Ok((dims, len))
    }

    fn shape(&self, dims: Dims<'_>, item_size: usize) -> Result<u64> {
        payload_len(dims.iter(), item_size).map_err(|error| match error {
            ShapeError::Rank(rank) => self.error(ErrorKind::TooLarge, format!("rank {rank} exceeds the limit")),
            ShapeError::TooLarge => self.error(ErrorKind::TooLarge, "shape exceeds the largest payload"),
        })
    }

    pub(super) fn data_payload(&mut self, start: usize, what: &str) -> Result<Payload<'a>> {
        let len = self.uv()?;
        if usize::try_from(len).is_ok_and(|len| Place::of(len) == Place::Meta) {
            return Err(error_at(
                start,
                ErrorKind::NotCanonical,
                format!("{what} of {len} bytes stands in DATA, expected META"),
            ));
        }
        if len > super::PAYLOAD_LIMIT {
            return Err(error_at(start, ErrorKind::TooLarge, format!("{what} exceeds the largest payload")));
        }
        self.payload(len)
    }

    /// The next payload, after zero padding (rules R4 and R8).
    fn payload(&mut self, len: u64) -> Result<Payload<'a>> {
        if len == 0 {
            return Ok(Payload { offset: self.data_at, len, bytes: &[] });
        }
        let end_of = |offset: u64| offset.checked_add(len).map(|end| (offset, end));
        let Some((offset, end)) = align_up(self.data_at).and_then(end_of) else {
            return Err(self.error(ErrorKind::TooLarge, "payloads exceed the largest value"));
        };
        let mut bytes: &[u8] = &[];
        if self.whole {
            let place = |at: u64| usize::try_from(at).ok().filter(|&at| at <= self.value.len());
            let (Some(padding), Some(start)) = (place(self.data_at), place(offset)) else {
                return Err(payload_truncated(offset, len, 0));
            };
            let Some(end) = place(end) else {
                return Err(payload_truncated(offset, len, self.value.len() - start));
            };
            if self.value[padding..start].iter().any(|&byte| byte != 0) {
                return Err(error_at(padding, ErrorKind::Malformed, "padding before a payload is not zero"));
            }
            bytes = &self.value[start..end];
        }
        self.data_at = end;
        Ok(Payload { offset, len, bytes })
    }
}

#[cold]
fn payload_truncated(offset: u64, needed: u64, left: usize) -> Error {
    let message = format!("payload is truncated: needed {needed} bytes, {left} left");
    Error::at(offset, ErrorKind::Truncated, message)
}

/// Each byte is 0 or 1 (rule R11). `stride` is the distance between them in the value.
fn check_bools<'b>(bytes: impl Iterator<Item = &'b u8> + Clone, offset: u64, stride: u64) -> Result<()> {
    // One pass without a branch per byte; the place is looked for only when it fails.
    if bytes.clone().fold(0, |all, &byte| all | byte) <= 1 {
        return Ok(());
    }
    let index = bytes.clone().take_while(|&&byte| byte <= 1).count() as u64;
    Err(Error::at(offset.saturating_add(index.saturating_mul(stride)), ErrorKind::Malformed, "bool is neither 0 nor 1"))
}

/// Presence is 0 or 1, with zeros where it is 0 (rule R10).
fn check_optional(fixed: &[u8], dtype: DType, width: usize, offset: u64) -> Result<()> {
    for (index, row) in fixed.chunks_exact(width).enumerate() {
        let [presence, value @ ..] = row else { continue };
        let at = offset.saturating_add((index as u64).saturating_mul(width as u64));
        if *presence > 1 {
            return Err(Error::at(at, ErrorKind::Malformed, "presence byte is neither 0 nor 1"));
        }
        if *presence == 0 && value.iter().any(|&byte| byte != 0) {
            return Err(Error::at(at, ErrorKind::NotCanonical, "an absent scalar is not zero"));
        }
    }
    if dtype == DType::Bool {
        check_bools(fixed.iter().skip(1).step_by(width), offset.saturating_add(1), width as u64)?;
    }
    Ok(())
}
