//! Where a list decides its form.
//!
//! A list whose elements have a shape in common ([`ElementShape`]) keeps them packed behind the last payload while it
//! is open. It stays undecided until it ends, or until an element comes that no row can hold: then it, and every undecided list
//! around it, becomes plain, and what was packed is converted, once. An element that fits only a weaker shape
//! starts a new segment, so that nothing is converted before the list's end.

use alloc::vec::Vec;

use super::encoder::{Frame, FrameKind, Serializer, NONE_EXPECTED};
use super::scalar::Scalar;
use super::shape::{Block, ElementShape};
use crate::dtype::DType;
use crate::error::{Error, ErrorKind, Result};
use crate::wire::{self, Place};

/// A list that may yet become rows.
pub(super) struct OpenList {
    /// Where its first packed byte is.
    start: usize,
    announced: Option<usize>,
    /// Earlier segments.
    segments: Vec<Segment>,
    /// Its shape is the join of all elements so far.
    current: Segment,
}

/// A list inside a list of such lists, before it is known to differ from them.
pub(super) struct Row {
    start: usize,
    /// Where it ends if it does not differ.
    end: usize,
    len: usize,
}

/// Elements that are packed alike.
#[derive(Clone, Copy)]
struct Segment {
    shape: ElementShape,
    start: usize,
    /// Elements; of scalars it follows from the bytes instead, so that the hot path need not count.
    count: u64,
}

impl Segment {
    fn count(&self, bytes: &[u8]) -> u64 {
        match self.shape {
            ElementShape::Scalar(dtype) => (bytes.len() / dtype.size()) as u64,
            _ => self.count,
        }
    }
}

impl OpenList {
    fn new(start: usize, announced: Option<usize>) -> Self {
        let current = Segment { shape: ElementShape::Unknown, start, count: 0 };
        OpenList { start, announced, segments: Vec::new(), current }
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
        if *shape != ElementShape::Unknown {
            self.segments.push(self.current);
        }
        self.current = Segment { shape: joined, start: at, count: 0 };
        true
    }

    /// Whether nothing has come; not for a list of scalars, which counts by its bytes.
    fn is_empty(&self) -> bool {
        self.segments.is_empty() && self.current.count == 0
    }

    fn segments(&self) -> impl Iterator<Item = Segment> + '_ {
        self.segments.iter().copied().chain([self.current])
    }
}

impl Serializer {
    /// Begins a list. Its form is decided by its elements.
    pub(super) fn open_list(&mut self, announced: Option<usize>) -> Result<()> {
        if self.begin_row(announced) {
            return Ok(());
        }
        self.leave_row();
        self.check_depth(1)?;
        self.somes = 0;
        self.expected = NONE_EXPECTED;
        if self.lists.is_empty() {
            self.unpadded = self.payloads.len();
            // Tag, dtype and count of the commonest rows: exact if this list of scalars is the value's only payload.
            let node = 2 + wire::uv_len(announced.unwrap_or(usize::MAX) as u64);
            self.payloads.align(self.meta.len() + node);
        }
        self.lists.push(OpenList::new(self.payloads.len(), announced));
        Ok(())
    }

    /// Begins a list inside a list whose elements were all lists of just so many scalars: most likely it is another.
    #[inline]
    fn begin_row(&mut self, announced: Option<usize>) -> bool {
        let (None, Some(list), Some(len)) = (&self.row, self.lists.last(), announced) else { return false };
        let ElementShape::Block(block) = &list.current.shape else { return false };
        if !block.is_flat(len as u64) {
            return false;
        }
        let start = self.payloads.len();
        self.row = Some(Row { start, end: start.saturating_add(len.saturating_mul(block.dtype.size())), len });
        self.expected = block.dtype.code();
        self.somes = 0;
        true
    }

    /// Makes a list like others of a row that turns out to hold something else.
    fn leave_row(&mut self) {
        let Some(row) = self.row.take() else { return };
        let mut list = OpenList::new(row.start, Some(row.len));
        match DType::from_code(self.expected) {
            Some(dtype) if self.payloads.len() > row.start => list.current.shape = ElementShape::Scalar(dtype),
            _ => self.expected = NONE_EXPECTED,
        }
        self.lists.push(list);
    }

    /// Begins a list that is plain whatever its elements.
    pub(super) fn open_plain_list(&mut self, announced: Option<usize>) -> Result<()> {
        self.open_list(announced)?;
        self.leave_row();
        self.settle();
        Ok(())
    }

    /// Begins a list of optional scalars, whatever its elements.
    pub(super) fn open_optional_list(&mut self, announced: Option<usize>, dtype: DType) -> Result<()> {
        self.open_list(announced)?;
        self.leave_row();
        if let Some(list) = self.lists.last_mut() {
            list.join(ElementShape::Optional(dtype), list.start);
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
        self.leave_row();
        let at = self.payloads.len();
        if let Some(list) = self.lists.last_mut() {
            let dtype = scalar.dtype();
            if list.join(ElementShape::Scalar(dtype), at) {
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
        self.leave_row();
        let somes = core::mem::take(&mut self.somes);
        let at = self.payloads.len();
        if let (0, Some(list)) = (somes, self.lists.last_mut()) {
            if list.join(ElementShape::Nil, at) {
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
                self.row = None;
                self.expected = NONE_EXPECTED;
                return Ok(());
            }
            self.leave_row();
        }
        let Some(list) = self.lists.pop() else {
            return self.close_frame();
        };
        self.expected = NONE_EXPECTED;
        match list.current.shape {
            ElementShape::Unknown | ElementShape::Optional(_) if list.is_empty() => {
                // Before the node: it may settle the lists around this one, whose payloads stay.
                if self.lists.is_empty() {
                    self.payloads.truncate(self.unpadded);
                }
                self.node()?;
                wire::put_list(&mut self.meta, 0);
                Ok(())
            }
            ElementShape::Unknown | ElementShape::Nil | ElementShape::Node => {
                self.lists.push(list);
                self.settle();
                self.close_frame()
            }
            ElementShape::Scalar(dtype) => {
                let count = list.current.count(self.payloads.tail(list.start));
                self.close_rows(&list, count, dtype, &[])
            }
            ElementShape::Block(row) => self.close_rows(&list, list.current.count, row.dtype, row.dims()),
            ElementShape::Optional(dtype) => self.close_optional_rows(&list, dtype),
        }
    }

    /// Ends a list of scalars or blocks: it is part of the list around it, or a node.
    fn close_rows(&mut self, list: &OpenList, count: u64, dtype: DType, row: &[u64]) -> Result<()> {
        if let Some(parent) = self.lists.last_mut() {
            let fits = match &parent.current.shape {
                ElementShape::Block(block) => block.is_of_rows(count, dtype, row),
                _ => Block::of_rows(count, dtype, row)
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
        if list.segments.is_empty() && self.lists.is_empty() {
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
        if self.lists.is_empty() {
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
    fn put_rows(&mut self, optional: bool, dtype: DType, row: &[u64], count: u64, fixed: &[u8]) {
        wire::put_rows(&mut self.meta, optional, dtype.code(), row, count);
        match Place::of(fixed.len()) {
            Place::Meta => self.meta.extend_from_slice(fixed),
            Place::Data => self.put_payload(fixed),
        }
    }

    /// Makes every undecided list plain, the outermost first, and their elements nodes.
    pub(super) fn settle(&mut self) {
        self.leave_row();
        let Some(outermost) = self.lists.first() else { return };
        self.expected = NONE_EXPECTED;
        let packed = self.payloads.split_off(outermost.start);
        self.payloads.truncate(self.unpadded);
        let lists = core::mem::take(&mut self.lists);
        let base = lists.first().map_or(0, |list| list.start);
        for (index, list) in lists.iter().enumerate() {
            self.count_child();
            let end = lists.get(index + 1).map_or(packed.len(), |inner| inner.start - base);
            self.open_frame(FrameKind::List, list.announced);
            for (segment, bytes) in split(list, &packed[list.start - base..end]) {
                self.put_elements(segment, bytes);
            }
        }
    }

    /// The elements of a segment as nodes.
    fn put_elements(&mut self, segment: Segment, bytes: &[u8]) {
        let count = segment.count(bytes);
        match segment.shape {
            ElementShape::Nil => {
                let nils = usize::try_from(count).unwrap_or(usize::MAX);
                self.meta.resize(self.meta.len().saturating_add(nils), wire::tag::NIL);
            }
            ElementShape::Scalar(dtype) => {
                for scalar in bytes.chunks_exact(dtype.size()) {
                    Scalar::from_le_bytes(dtype, scalar).put_node(&mut self.meta);
                }
            }
            ElementShape::Optional(dtype) => {
                for row in bytes.chunks_exact(1 + dtype.size()) {
                    match row {
                        [1, scalar @ ..] => Scalar::from_le_bytes(dtype, scalar).put_node(&mut self.meta),
                        _ => self.meta.push(wire::tag::NIL),
                    }
                }
            }
            ElementShape::Block(block) => {
                let [rows, row @ ..] = block.dims() else { return };
                let width = bytes.len() / usize::try_from(count.max(1)).unwrap_or(usize::MAX);
                for element in bytes.chunks_exact(width.max(1)) {
                    self.put_rows(false, block.dtype, row, *rows, element);
                }
            }
            ElementShape::Unknown | ElementShape::Node => {}
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.children += count;
        }
    }

    /// A map or plain list whose head is written: what it announced, or a guess, to be set right at its end.
    pub(super) fn open_frame(&mut self, kind: FrameKind, announced: Option<usize>) {
        let written = announced.unwrap_or(0) as u64;
        let head = self.meta.len();
        match kind {
            FrameKind::List => wire::put_list(&mut self.meta, written),
            FrameKind::Map => wire::put_map(&mut self.meta, written),
        }
        self.frames.push(Frame { kind, head, head_end: self.meta.len(), written, children: 0, entries: Vec::new() });
    }

    /// Ends a map or a plain list: its head is set right if its announcement was not.
    pub(super) fn close_frame(&mut self) -> Result<()> {
        self.refuse_if_poisoned()?;
        let Some(mut frame) = self.frames.pop() else {
            return Err(self.protocol("a list or map ended that had not begun"));
        };
        self.sort_entries(&mut frame);
        let count = match frame.kind {
            FrameKind::List => frame.children,
            FrameKind::Map if frame.children % 2 == 1 => {
                return Err(self.protocol("a map has a key without a value"));
            }
            FrameKind::Map => frame.children / 2,
        };
        if count != frame.written {
            let mut head = Vec::new();
            match frame.kind {
                FrameKind::List => wire::put_list(&mut head, count),
                FrameKind::Map => wire::put_map(&mut head, count),
            }
            self.meta.splice(frame.head..frame.head_end, head);
        }
        Ok(())
    }

    pub(super) fn protocol(&mut self, message: &'static str) -> Error {
        self.poison(Error::new(ErrorKind::Protocol, message))
    }
}

/// The segments of a list with their bytes, from its packed bytes.
fn split<'a>(list: &'a OpenList, packed: &'a [u8]) -> impl Iterator<Item = (Segment, &'a [u8])> {
    let ends = list.segments().skip(1).map(|next| next.start - list.start).chain([packed.len()]);
    list.segments().zip(ends).map(|(segment, end)| (segment, &packed[segment.start - list.start..end]))
}
