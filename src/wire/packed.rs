//! Arrays, rows and payloads: the part of the reader that looks beyond META.

use alloc::format;

use super::parse_schema::Measured;
use super::read::error_at;
use super::{
    Array, Dims, Node, Payload, Place, Reader, RecordSchema, RowSchema, Rows, ShapeError, StepKind, align_up,
    payload_len, tag,
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

    /// The next node if it is a short list of numbers, of which there may be many; else reads nothing.
    #[inline]
    pub(crate) fn short_list(&mut self) -> Option<(DType, u64, &'a [u8])> {
        let meta = self.meta();
        let [tag::ROWS, code, count @ 1..=0x7F, ..] = *meta else { return None };
        let dtype = DType::from_code(code).filter(|dtype| dtype.is_row_scalar() && *dtype != DType::Bool)?;
        let end = 3 + dtype.size() * usize::from(count);
        // What is wrong with another, reading it as a node tells.
        let bytes = meta.get(3..end).filter(|bytes| Place::of(bytes.len()) == Place::Meta)?;
        self.pass(end).then_some((dtype, count.into(), bytes))
    }

    pub(super) fn rows(&mut self, start: usize) -> Result<Node<'a>> {
        let Measured { schema, width, depth } = self.schema()?;
        let count = self.uv()?;
        // A table without rows keeps its columns.
        if count == 0 && !matches!(schema, RowSchema::Record(_)) {
            return Err(error_at(start, ErrorKind::NotCanonical, "rows of no element, expected an empty list"));
        }
        self.check_depth(1 + depth)?;
        // The fixed part comes first, and must leave a byte for each node of the node part.
        let nodes = count.saturating_mul(schema.node_leaves() as u64);
        self.owe(usize::try_from(nodes).unwrap_or(usize::MAX))?;
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
        // A payload that is there fits memory, and so does a row of it; only the head, or no row, may claim more.
        let width = usize::try_from(width).map_err(|_| too_large())?;
        check_fixed(schema, fixed, width, offset)?;
        Ok(Node::Rows(Rows { schema, count, fixed, payload }))
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
        let dims = self.encoded_dims(rank)?;
        let len = self.shape(dims, dtype.size())?;
        Ok((dims, len))
    }

    /// So many dims, whatever they are.
    pub(super) fn encoded_dims(&mut self, rank: u8) -> Result<Dims<'a>> {
        let start = self.at;
        for _ in 0..rank {
            self.uv()?;
        }
        Ok(Dims { rank, encoded: self.meta_since(start as u64) })
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

/// Rows that stand alone, but for their nodes: every rule that holds for a schema and for its fixed part. Returns the levels of the
/// deepest place, as rule R7 counts them, without the rows themselves.
pub(crate) fn check_rows(schema: &[u8], count: u64, fixed: &[u8]) -> Result<usize> {
    let mut reader = Reader::of_nodes(schema);
    let Measured { schema, width, depth } = reader.schema()?;
    reader.finish()?;
    let found = fixed.len() as u64;
    if width.checked_mul(count) != Some(found) {
        let message = format!("rows do not fit their schema: found {found} bytes, expected {count} rows of {width}");
        return Err(Error::new(ErrorKind::Shape, message));
    }
    // They are there, so a row fits memory.
    check_fixed(schema, fixed, usize::try_from(width).unwrap_or(usize::MAX), 0)?;
    Ok(depth)
}

/// The bytes of all rows (rules R10 and R11).
fn check_fixed(schema: RowSchema<'_>, fixed: &[u8], width: usize, offset: u64) -> Result<()> {
    match schema {
        RowSchema::Optional(dtype) => check_optional(dtype, Column { fixed, width, start: 0, offset }),
        RowSchema::Record(record) => check_record(record, fixed, width, offset),
        _ if schema.dtype() == Some(DType::Bool) => check_bools(fixed.iter(), offset, 1),
        _ => Ok(()),
    }
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

/// One leaf of all rows.
#[derive(Clone, Copy)]
struct Column<'a> {
    fixed: &'a [u8],
    /// Bytes of a row, and where in it the leaf starts.
    width: usize,
    start: usize,
    /// Where the fixed part starts in the value.
    offset: u64,
}

impl<'a> Column<'a> {
    /// What is there from the leaf's start on, row by row.
    fn rows(self) -> impl Iterator<Item = &'a [u8]> + Clone {
        self.fixed.get(self.start..).unwrap_or_default().chunks(self.width.max(1))
    }

    /// Where the leaf of that row starts in the value.
    fn offset_of(self, row: usize) -> u64 {
        let start = (row as u64).saturating_mul(self.width as u64).saturating_add(self.start as u64);
        self.offset.saturating_add(start)
    }

    /// Whether each is a presence byte and a scalar of so many bytes, as rule R10 wants it.
    fn are_optional<const N: usize>(self) -> bool {
        self.rows().fold(true, |all, row| match row.split_first_chunk::<1>() {
            Some(([presence], scalar)) => {
                let is_zero = scalar.first_chunk::<N>() == Some(&[0; N]);
                all & (*presence <= 1) & ((*presence == 1) | is_zero)
            }
            None => all,
        })
    }

    /// That many bools in each row.
    fn check_bools(self, count: usize) -> Result<()> {
        if count == 1 {
            return check_bools(self.rows().filter_map(|row| row.first()), self.offset_of(0), self.width as u64);
        }
        for (index, row) in self.rows().enumerate() {
            check_bools(row.iter().take(count), self.offset_of(index), 1)?;
        }
        Ok(())
    }
}

/// The leaves of tuples and maps: rules R10 and R11.
fn check_record(schema: RecordSchema<'_>, fixed: &[u8], width: usize, offset: u64) -> Result<()> {
    if fixed.is_empty() {
        return Ok(());
    }
    let mut column = Column { fixed, width, start: 0, offset };
    for step in schema.steps() {
        // A row is there, so its leaves fit memory.
        let len = usize::try_from(step.kind.width()).unwrap_or(usize::MAX);
        match step.kind {
            StepKind::Scalar(DType::Bool) | StepKind::Subarray(DType::Bool, _) => column.check_bools(len)?,
            StepKind::Optional(dtype) => check_optional(dtype, column)?,
            _ => {}
        }
        column.start = column.start.saturating_add(len);
    }
    Ok(())
}

/// Presence is 0 or 1, with zeros where it is 0 (rule R10).
fn check_optional(dtype: DType, column: Column<'_>) -> Result<()> {
    // One pass without a branch per row; the place is looked for only when it fails.
    let is_right = match dtype.size() {
        1 => column.are_optional::<1>(),
        2 => column.are_optional::<2>(),
        4 => column.are_optional::<4>(),
        8 => column.are_optional::<8>(),
        _ => false,
    };
    if !is_right {
        check_each_optional(dtype, column)?;
    }
    if dtype == DType::Bool {
        Column { start: column.start + 1, ..column }.check_bools(1)?;
    }
    Ok(())
}

#[cold]
fn check_each_optional(dtype: DType, column: Column<'_>) -> Result<()> {
    for (index, row) in column.rows().enumerate() {
        let Some(([presence, value @ ..], _)) = row.split_at_checked(1 + dtype.size()) else { continue };
        if *presence > 1 {
            let message = "presence byte is neither 0 nor 1";
            return Err(Error::at(column.offset_of(index), ErrorKind::Malformed, message));
        }
        if *presence == 0 && value.iter().any(|&byte| byte != 0) {
            return Err(Error::at(column.offset_of(index), ErrorKind::NotCanonical, "an absent scalar is not zero"));
        }
    }
    Ok(())
}
