//! Where a list decides its form.
//!
//! A list whose elements have a shape in common ([`ElementShape`]) keeps them packed behind the last payload while it
//! is open. It stays undecided until it ends, or until an element comes that no row can hold: then it, and every undecided list
//! around it, becomes plain, and what was packed is converted, once. An element that fits only a weaker shape
//! starts a new segment, so that nothing is converted before the list's end.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::convert::Sink;
use super::encoder::{FrameKind, NONE_EXPECTED, Serializer};
use super::scalar::Scalar;
use super::shape::{Block, ElementShape};
use super::table::{Forced, Table};
use crate::dtype::DType;
use crate::error::{Error, ErrorKind, Result};
use crate::wire::{self, LEAF_LIMIT, Place};

/// A list that may yet become rows.
pub(super) struct OpenList {
    /// Where its first packed byte is.
    pub(super) start: usize,
    pub(super) announced: Option<usize>,
    /// Earlier segments.
    segments: Vec<Segment>,
    /// Its shape is the join of all elements so far.
    pub(super) current: Segment,
    /// It came as a tuple.
    is_tuple: bool,
    /// A tuple in a list or tuple: its elements are places of a row, and not rows themselves.
    is_place: bool,
    /// It is to be rows, whatever a writer would choose.
    pub(super) is_forced: bool,
    /// Of a list of maps or tuples.
    pub(super) table: Option<Box<Table>>,
}

/// A list inside a list of such lists, before it is known to differ from them.
pub(super) struct Row {
    start: usize,
    /// Where it ends if it does not differ.
    end: usize,
    len: usize,
    is_tuple: bool,
}

/// Elements that are packed alike.
#[derive(Clone, Copy)]
pub(super) struct Segment {
    pub(super) shape: ElementShape,
    start: usize,
    /// Which of the table's records it is packed as, if it is of records.
    pub(super) record: usize,
    /// Elements; of scalars it follows from the bytes instead, so that the hot path need not count.
    pub(super) count: u64,
}

impl Segment {
    pub(super) fn new(shape: ElementShape, start: usize, record: usize, count: u64) -> Self {
        Segment { shape, start, record, count }
    }

    pub(super) fn count(&self, bytes: &[u8]) -> u64 {
        match self.shape {
            ElementShape::Scalar(dtype) => (bytes.len() / dtype.size()) as u64,
            _ => self.count,
        }
    }
}

impl OpenList {
    fn new(start: usize, announced: Option<usize>, is_tuple: bool) -> Self {
        let current = Segment::new(ElementShape::Unknown, start, 0, 0);
        OpenList {
            start,
            announced,
            segments: Vec::new(),
            current,
            is_tuple,
            is_place: false,
            is_forced: false,
            table: None,
        }
    }

    /// Joins an element's shape, and says whether it fits into rows. If the form changes, the element begins a new segment at `at`.
    fn join(&mut self, element: ElementShape, at: usize) -> bool {
        let shape = &self.current.shape;
        if shape.holds(&element) {
            return true;
        }
        let joined = shape.join(element);
        if joined == ElementShape::Node || joined == *shape {
            return joined == *shape;
        }
        self.begin_segment(Segment::new(joined, at, 0, 0));
        true
    }

    /// Takes its packed bytes to be at another place.
    pub(super) fn move_to(&mut self, start: usize) {
        let moved = |at: usize| at - self.start + start;
        self.current.start = moved(self.current.start);
        for segment in &mut self.segments {
            segment.start = moved(segment.start);
        }
        self.start = start;
    }

    pub(super) fn begin_segment(&mut self, segment: Segment) {
        if self.current.shape != ElementShape::Unknown {
            self.segments.push(self.current);
        }
        self.current = segment;
    }

    /// Whether nothing has come; not for a list of scalars, which counts by its bytes.
    fn is_empty(&self) -> bool {
        self.segments.is_empty() && self.current.count == 0
    }

    pub(super) fn segments(&self) -> impl Iterator<Item = Segment> + '_ {
        self.segments.iter().copied().chain([self.current])
    }
}

impl Serializer {
    /// Begins a list. Its form is decided by its elements.
    pub(super) fn open_list(&mut self, announced: Option<usize>) -> Result<()> {
        self.open_elements(announced, false)
    }

    /// Begins a tuple: in a list it is a row with a leaf for each element, in a row it may be a subarray.
    pub(super) fn open_tuple(&mut self, len: usize) -> Result<()> {
        self.open_elements(Some(len), len > 0)
    }

    fn open_elements(&mut self, announced: Option<usize>, is_tuple: bool) -> Result<()> {
        if self.begin_row(announced, is_tuple) {
            return Ok(());
        }
        self.leave_row()?;
        self.check_depth(1)?;
        self.somes = 0;
        self.expected = NONE_EXPECTED;
        if self.building.is_some() && self.is_in_row()? {
            self.push_layer(is_tuple && self.forced.is_none());
        } else if is_tuple
            && announced <= Some(LEAF_LIMIT)
            && self.lists.len() > self.lists_base
            && self.may_be_row(false)
        {
            return self.open_row(false, false);
        } else if self.lists.last().is_some_and(|list| list.current.shape == ElementShape::Record) {
            // No row is a list like this one. (Records are at the base, with nothing undecided around them.)
            self.settle()?;
        }
        if self.lists.len() == self.lists_base {
            self.unpadded = self.payloads.len();
            // Tag, dtype and count of the commonest rows: exact if this list of scalars is the value's only payload.
            let node = 2 + wire::uv_len(announced.unwrap_or(usize::MAX) as u64);
            self.payloads.align(self.meta.len() + node);
        }
        let mut list = OpenList::new(self.payloads.len(), announced, is_tuple);
        list.is_place = is_tuple && announced <= Some(LEAF_LIMIT) && self.is_in_list();
        self.lists.push(list);
        Ok(())
    }

    /// Whether what begins stands in a list or tuple.
    fn is_in_list(&self) -> bool {
        let frame = self.frames.last_above(self.frames_base);
        self.lists.len() > self.lists_base
            || match (frame, self.layers.last()) {
                (Some(frame), _) => frame.kind == FrameKind::List,
                (None, Some(layer)) => layer.is_in_tuple,
                (None, None) => false,
            }
    }

    /// Whether the innermost list has had rows by which the next may go.
    #[inline]
    pub(super) fn has_rows(&self) -> bool {
        let Some(list) = self.lists.last() else { return false };
        self.building.is_none()
            && self.row.is_none()
            && self.lists.len() > self.lists_base
            && match &list.current.shape {
                ElementShape::Block(block) => block.is_tuple,
                ElementShape::Record => list.table.as_ref().is_some_and(|table| table.is_common),
                _ => false,
            }
    }

    /// Whether the innermost list may have a map, or a tuple, as a row.
    pub(super) fn may_be_row(&self, is_map: bool) -> bool {
        let Some(list) = self.lists.last().filter(|list| !list.is_place) else { return false };
        match list.current.shape {
            ElementShape::Unknown => true,
            ElementShape::Block(_) => !is_map,
            ElementShape::Record => list.table.as_ref().is_some_and(|table| table.common.is_map == is_map),
            _ => false,
        }
    }

    /// Begins a list inside a list whose elements were all lists of just so many scalars: most likely it is another.
    #[inline]
    fn begin_row(&mut self, announced: Option<usize>, is_tuple: bool) -> bool {
        let (None, Some(list), Some(len)) = (&self.row, self.lists.last(), announced) else { return false };
        let ElementShape::Block(block) = &list.current.shape else { return false };
        if self.building.is_some() || self.lists.len() == self.lists_base || !block.is_flat(len as u64) {
            return false;
        }
        let start = self.payloads.len();
        let end = start.saturating_add(len.saturating_mul(block.dtype.size()));
        self.row = Some(Row { start, end, len, is_tuple });
        self.expected = block.dtype.code();
        self.somes = 0;
        true
    }

    /// Makes a list like others of a row that turns out to hold something else.
    #[inline]
    pub(super) fn leave_row(&mut self) -> Result<()> {
        match self.row.take() {
            None => Ok(()),
            Some(row) => self.leave(row),
        }
    }

    #[inline(never)]
    fn leave(&mut self, row: Row) -> Result<()> {
        let dtype = DType::from_code(self.expected).filter(|_| self.payloads.len() > row.start);
        let may_be_row = self.lists.last().is_some_and(|list| !list.is_place);
        if row.is_tuple && row.len <= LEAF_LIMIT && may_be_row {
            self.expected = NONE_EXPECTED;
            return self.resume_row(row.start, dtype);
        }
        let mut list = OpenList::new(row.start, Some(row.len), row.is_tuple);
        list.is_place = row.is_tuple && row.len <= LEAF_LIMIT;
        match dtype {
            Some(dtype) => list.current.shape = ElementShape::Scalar(dtype),
            None => self.expected = NONE_EXPECTED,
        }
        self.lists.push(list);
        Ok(())
    }

    /// Begins a list that is plain whatever its elements.
    pub(super) fn open_plain_list(&mut self, announced: Option<usize>) -> Result<()> {
        self.open_list(announced)?;
        self.leave_row()?;
        self.settle()
    }

    /// Begins a list that is rows whatever a writer would choose: its elements say of what.
    pub(super) fn open_forced_rows(&mut self, announced: Option<usize>) -> Result<()> {
        self.open_list(announced)?;
        self.leave_row()?;
        if let Some(list) = self.lists.last_mut() {
            list.is_forced = true;
        }
        Ok(())
    }

    /// Makes room for what a list announces, within reason: an announcement may be wrong.
    pub(super) fn reserve_elements(&mut self, count: usize, size: usize) {
        const MOST: usize = 1 << 20;
        self.payloads.reserve(count.saturating_mul(size).min(MOST));
    }

    /// A scalar that is not what the hot path expects.
    #[inline(never)]
    pub(super) fn scalar(&mut self, scalar: Scalar) -> Result<()> {
        self.leave_row()?;
        if self.building.is_some() && self.is_in_row()? {
            self.row_scalar(scalar);
            return Ok(());
        }
        let at = self.payloads.len();
        if let Some(list) = self.lists.last_mut_above(self.lists_base) {
            let dtype = scalar.dtype();
            let shape = match self.forced.take() {
                Some(Forced::Optional(own)) if own == dtype => ElementShape::Optional(dtype),
                _ => ElementShape::Scalar(dtype),
            };
            if list.join(shape, at) {
                if let ElementShape::Scalar(_) = list.current.shape {
                    let announced = list.announced.unwrap_or(0);
                    self.expected = dtype.code();
                    self.reserve_elements(announced, dtype.size());
                } else {
                    list.current.count += 1;
                    self.expected = NONE_EXPECTED;
                    self.payloads.push([1]);
                }
                scalar.with_le_bytes(|bytes| self.payloads.extend(bytes));
                return Ok(());
            }
        }
        self.node()?;
        scalar.put_node(&mut self.meta);
        Ok(())
    }

    /// Nil, with the somes before it.
    pub(super) fn nil(&mut self) -> Result<()> {
        self.leave_row()?;
        let somes = core::mem::take(&mut self.somes);
        if self.building.is_some() && somes == 0 && self.is_in_row()? {
            self.row_nil();
            return Ok(());
        }
        let at = self.payloads.len();
        let list = self.lists.last_mut_above(self.lists_base);
        if let (0, None, Some(list)) = (somes, &self.building, list) {
            let shape = match self.forced.take() {
                Some(Forced::Optional(dtype)) => ElementShape::Optional(dtype),
                _ => ElementShape::Nil,
            };
            if list.join(shape, at) {
                list.current.count += 1;
                self.expected = NONE_EXPECTED;
                if let ElementShape::Optional(dtype) = list.current.shape {
                    self.payloads.push_zeros(1 + dtype.size());
                }
                return Ok(());
            }
        }
        self.check_depth(somes)?;
        self.node()?;
        self.meta.resize(self.meta.len() + somes, wire::tag::SOME);
        self.meta.push(wire::tag::NIL);
        Ok(())
    }

    /// Ends a list.
    pub(super) fn close_list(&mut self) -> Result<()> {
        self.refuse_if_poisoned()?;
        if let (Some(row), Some(list)) = (&self.row, self.lists.last_mut()) {
            if self.payloads.len() == row.end {
                list.current.count += 1;
                if let ElementShape::Block(block) = &mut list.current.shape {
                    block.is_tuple &= row.is_tuple;
                }
                self.row = None;
                self.expected = NONE_EXPECTED;
                return Ok(());
            }
            self.leave_row()?;
        }
        if self.building.is_some() {
            return self.close_container();
        }
        if self.lists.len() == self.lists_base {
            return self.close_frame();
        }
        let Some(mut list) = self.lists.pop() else {
            return self.close_frame();
        };
        self.expected = NONE_EXPECTED;
        match list.current.shape {
            ElementShape::Unknown | ElementShape::Optional(_) if list.is_empty() => {
                // Before the node: it may settle the lists around this one, whose payloads stay.
                if self.lists.len() == self.lists_base {
                    self.payloads.truncate(self.unpadded);
                }
                self.node()?;
                wire::put_list(&mut self.meta, 0);
            }
            ElementShape::Unknown | ElementShape::Nil | ElementShape::Node => {
                self.lists.push(list);
                self.settle()?;
                return self.close_frame();
            }
            ElementShape::Record => {
                self.lists.push(list);
                return self.close_records();
            }
            ElementShape::Scalar(dtype) => {
                let count = list.current.count(self.payloads.tail(list.start));
                if self.close_subarray(list.start, count, dtype, &[], list.is_tuple) {
                    return Ok(());
                }
                self.close_rows(&list, count, dtype, &[], list.is_tuple)?;
            }
            ElementShape::Block(row) => {
                self.spare_tables.extend(list.table.take());
                let is_tuple = list.is_tuple && row.is_tuple;
                if self.close_subarray(list.start, list.current.count, row.dtype, row.dims(), is_tuple) {
                    return Ok(());
                }
                self.close_rows(&list, list.current.count, row.dtype, row.dims(), is_tuple)?;
            }
            ElementShape::Optional(dtype) => self.close_optional_rows(&list, dtype)?,
        }
        self.end_layer();
        Ok(())
    }

    /// Ends a list of scalars or blocks: it is part of the list around it, or a node.
    fn close_rows(&mut self, list: &OpenList, count: u64, dtype: DType, row: &[u64], is_tuple: bool) -> Result<()> {
        if let Some(parent) = self.lists.last_mut_above(self.lists_base) {
            let fits = match &mut parent.current.shape {
                ElementShape::Block(block) if block.is_of_rows(count, dtype, row) => {
                    block.is_tuple &= is_tuple;
                    true
                }
                ElementShape::Block(_) | ElementShape::Record => false,
                _ => Block::of_rows(count, dtype, row)
                    .map(|block| if is_tuple { block.of_tuples() } else { block })
                    .is_some_and(|block| parent.join(ElementShape::Block(block), list.start)),
            };
            if fits {
                parent.current.count += 1;
                return Ok(());
            }
            let fixed = self.payloads.split_off(list.start);
            self.node()?;
            self.put_rows(false, dtype, row, count, &fixed);
            return Ok(());
        }
        self.node()?;
        wire::put_rows(&mut self.meta, false, dtype.code(), row, count);
        self.place_last_list(list.start);
        Ok(())
    }

    fn close_optional_rows(&mut self, list: &OpenList, dtype: DType) -> Result<()> {
        if list.segments.is_empty() && self.lists.len() == self.lists_base {
            self.node()?;
            wire::put_rows(&mut self.meta, true, dtype.code(), &[], list.current.count);
            self.place_last_list(list.start);
            return Ok(());
        }
        let packed = self.payloads.split_off(list.start);
        let mut fixed = Vec::new();
        let mut count = 0;
        for (segment, bytes) in split(list, &packed) {
            count += segment.count(bytes);
            match segment.shape {
                ElementShape::Scalar(_) => bytes.chunks_exact(dtype.size()).for_each(|scalar| {
                    fixed.push(1);
                    fixed.extend_from_slice(scalar);
                }),
                ElementShape::Nil => {
                    let zeros = usize::try_from(segment.count).unwrap_or(usize::MAX).saturating_mul(1 + dtype.size());
                    fixed.resize(fixed.len() + zeros, 0);
                }
                _ => fixed.extend_from_slice(bytes),
            }
        }
        if self.lists.len() == self.lists_base {
            self.payloads.truncate(self.unpadded);
        }
        self.node()?;
        self.put_rows(true, dtype, &[], count, &fixed);
        Ok(())
    }

    /// The packed bytes of the outermost list, which stand where a payload would: they stay, or go to META if they are few.
    fn place_last_list(&mut self, start: usize) {
        if Place::of(self.payloads.len() - start) == Place::Meta {
            self.meta.extend_from_slice(self.payloads.tail(start));
            self.payloads.truncate(self.unpadded);
        }
    }

    /// A rows node from bytes that stand elsewhere.
    pub(super) fn put_rows(&mut self, optional: bool, dtype: DType, row: &[u64], count: u64, fixed: &[u8]) {
        let mut sink = Sink { meta: &mut self.meta, data: &mut self.payloads };
        sink.put_rows(optional, dtype, row, count, fixed);
    }

    pub(super) fn protocol(&mut self, message: &'static str) -> Error {
        match self.refuse_if_poisoned() {
            // After a swallowed error the calls need not fit together any more.
            Err(error) => error,
            Ok(()) => self.poison(Error::new(ErrorKind::Protocol, message)),
        }
    }
}

/// The segments of a list with their bytes, from its packed bytes.
pub(super) fn split<'a>(list: &'a OpenList, packed: &'a [u8]) -> impl Iterator<Item = (Segment, &'a [u8])> {
    let ends = list.segments().skip(1).map(|next| next.start - list.start).chain([packed.len()]);
    list.segments().zip(ends).map(|(segment, end)| (segment, &packed[segment.start - list.start..end]))
}
