//! Packed rows as rows of another shape, and as nodes.

use alloc::vec::Vec;

use super::context::Context;
use super::list::List;
use super::out::Taken;
use super::payloads::Payloads;
use super::record::Record;
use super::scalar::Scalar;
use super::shape::{Dims, Kind, Shape};
use crate::dtype::DType;
use crate::error::Result;
use crate::wire::{self, Place, Reader, tag};

/// Rows that were written, read from the first to the last.
pub(super) struct Source<'s> {
    fixed: &'s [u8],
    nodes: &'s Taken,
    reader: Reader<'s>,
}

impl<'s> Source<'s> {
    pub(super) fn new(fixed: &'s [u8], nodes: &'s Taken) -> Self {
        Source { fixed, nodes, reader: Reader::of_nodes(&nodes.meta) }
    }

    fn take(&mut self, len: u64) -> &'s [u8] {
        let len = usize::try_from(len).unwrap_or(usize::MAX).min(self.fixed.len());
        let (taken, rest) = self.fixed.split_at(len);
        self.fixed = rest;
        taken
    }

    /// The scalar under an optional, if it is there.
    fn optional(&mut self, dtype: DType) -> Option<Scalar> {
        match self.take(1 + dtype.size() as u64) {
            [1, scalar @ ..] => Some(Scalar::from_le_bytes(dtype, scalar)),
            _ => None,
        }
    }

    fn scalar(&mut self, dtype: DType) -> Scalar {
        Scalar::from_le_bytes(dtype, self.take(dtype.size() as u64))
    }

    /// All rows that are left.
    fn rest(&mut self) -> (&'s [u8], &'s [u8], &'s [u8]) {
        let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
        let (meta, data) = (place(self.reader.offset()), Payloads::aligned_after(place(self.reader.data_end())));
        let nodes = self.nodes;
        let fixed = core::mem::take(&mut self.fixed);
        (fixed, nodes.meta.get(meta..).unwrap_or_default(), nodes.data.get(data..).unwrap_or_default())
    }

    /// The next node: its bytes in META and its payloads.
    fn node(&mut self) -> Result<(&'s [u8], &'s [u8])> {
        let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
        let (start, data_start) = (place(self.reader.offset()), place(self.reader.data_end()));
        self.reader.skip()?;
        let (end, data_end) = (place(self.reader.offset()), place(self.reader.data_end()));
        // The first payload starts aligned, here and where it goes.
        let first = Payloads::aligned_after(data_start).min(data_end);
        let nodes = self.nodes;
        Ok((nodes.meta.get(start..end).unwrap_or_default(), nodes.data.get(first..data_end).unwrap_or_default()))
    }
}

/// Writes a part of a row as a node of its own, with its tag.
pub(super) fn put_node(cx: &mut Context, shape: &Shape, at: usize, source: &mut Source<'_>) -> Result<()> {
    match shape.kind(at) {
        Kind::Nil => cx.out.meta.push(tag::NIL),
        Kind::Node => {
            let (meta, data) = source.node()?;
            cx.out.put(meta, data);
        }
        Kind::Scalar(dtype) => source.scalar(dtype).put_node(&mut cx.out.meta),
        Kind::Optional(dtype) => match source.optional(dtype) {
            Some(scalar) => scalar.put_node(&mut cx.out.meta),
            None => cx.out.meta.push(tag::NIL),
        },
        Kind::Even(len) if !shape.even(at + 1).1.is_over_limit() => {
            put_even(cx, shape, at, len, source.take(shape.width(at)));
        }
        Kind::Even(_) | Kind::Tuple(_) => {
            let mut list = List::taken_from(cx, None);
            for place in shape.places(at) {
                list.begin_element(cx);
                match list.is_plain {
                    true => put_node(cx, shape, place, source)?,
                    false => copy(cx, &mut list.record, shape, place, source)?,
                }
                list.end_element(cx)?;
            }
            list.finish(cx)?;
        }
        Kind::Map(len) => {
            wire::put_map(&mut cx.out.meta, len.into());
            for place in shape.places(at) {
                cx.out.put_str(shape.name(place));
                put_node(cx, shape, place, source)?;
            }
        }
    }
    Ok(())
}

/// An even tuple as a list: rows of scalars or subarrays, if a reader accepts them.
fn put_even(cx: &mut Context, shape: &Shape, at: usize, len: u32, bytes: &[u8]) {
    let (dtype, dims) = shape.even(at + 1);
    if dims.iter().len() == 0 || is_subarray(dtype, &dims) {
        let meta = &mut cx.out.meta;
        meta.push(tag::ROWS);
        wire::put_leaf(meta, false, dtype.code(), dims.iter());
        wire::put_uv(meta, len.into());
        match Place::of(bytes.len()) {
            Place::Meta => meta.extend_from_slice(bytes),
            Place::Data => cx.out.put_payload(bytes),
        }
        return;
    }
    wire::put_list(&mut cx.out.meta, len.into());
    if let Kind::Even(inner) = shape.kind(at + 1) {
        let width = bytes.len() / (len as usize).max(1);
        bytes.chunks_exact(width.max(1)).for_each(|bytes| put_even(cx, shape, at + 1, inner, bytes));
    }
}

fn is_subarray(dtype: DType, dims: &Dims) -> bool {
    let width = dims.iter().fold(dtype.size() as u64, u64::saturating_mul);
    wire::row_formula_holds(dims.iter(), width)
}

/// Copies a part of a row into a record. An optional is copied as the scalar or nil that it holds, so that a tuple around it may
/// become even.
fn copy(cx: &mut Context, record: &mut Record, shape: &Shape, at: usize, source: &mut Source<'_>) -> Result<()> {
    if let Kind::Even(_) = shape.kind(at) {
        record.shape.push_from(shape, at);
        record.fixed.extend_from_slice(source.take(shape.width(at)));
        return Ok(());
    }
    record.shape.push_name(shape.name(at));
    match shape.kind(at) {
        Kind::Scalar(dtype) => record.put(source.scalar(dtype)),
        Kind::Optional(dtype) => match source.optional(dtype) {
            Some(scalar) => record.put(scalar),
            None => record.shape.push(Kind::Nil),
        },
        Kind::Nil => record.shape.push(Kind::Nil),
        Kind::Node => {
            let (meta, data) = source.node()?;
            cx.out.put(meta, data);
            record.shape.push(Kind::Node);
        }
        kind => {
            let mut part = record.open(matches!(kind, Kind::Map(_)));
            for place in shape.places(at) {
                copy(cx, record, shape, place, source)?;
                part.end_place(record);
            }
            part.close(record);
        }
    }
    Ok(())
}

/// Writes rows of one shape as rows of a weaker one.
pub(super) fn repack(
    cx: &mut Context,
    (from, i): (&Shape, usize),
    (to, j): (&Shape, usize),
    source: &mut Source<'_>,
    fixed: &mut Vec<u8>,
) -> Result<()> {
    match (from.kind(i), to.kind(j)) {
        (_, Kind::Node) => put_node(cx, from, i, source)?,
        (Kind::Nil, Kind::Optional(dtype)) => fixed.resize(fixed.len() + 1 + dtype.size(), 0),
        (Kind::Scalar(dtype), Kind::Optional(_)) => {
            fixed.push(1);
            fixed.extend_from_slice(source.take(dtype.size() as u64));
        }
        (Kind::Even(_), Kind::Even(_)) => fixed.extend_from_slice(source.take(from.width(i))),
        (Kind::Even(_) | Kind::Tuple(_) | Kind::Map(_), _) => {
            for (i, j) in from.places(i).zip(to.places(j)) {
                repack(cx, (from, i), (to, j), source, fixed)?;
            }
        }
        _ => fixed.extend_from_slice(source.take(from.width(i))),
    }
    Ok(())
}

/// Writes all rows that are left as they are.
pub(super) fn put_rest(cx: &mut Context, source: &mut Source<'_>, fixed: &mut Vec<u8>) {
    let (rows, meta, data) = source.rest();
    fixed.extend_from_slice(rows);
    cx.out.put(meta, data);
}
