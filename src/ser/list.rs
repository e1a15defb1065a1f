//! A list while it is written: its segments, and the form that they take in the end.
//!
//! Each element is recorded: its shape, its scalars, its nodes. Elements of one shape that follow each other are a segment. What all
//! have in common, the join of their shapes, is known at any time; the end packs the segments as rows of it, once. As soon as that is
//! a node the list is plain, and further elements are written as nodes.

use alloc::boxed::Box;
use alloc::vec::Vec;

use serde::ser::Serialize;

use super::context::Context;
use super::convert::{self, Source};
use super::general::{General, To};
use super::out::{Mark, Taken};
use super::plan::Row;
use super::record::Record;
use super::scalars::LONGEST_RESERVATION;
use super::second::FirstCall;
use super::shape::{Kind, Shape};
use crate::dtype::DType;
use crate::error::Result;
use crate::wire::{self, Place};

/// Shapes that are looked through for one that was there before.
const RECENT_SHAPES: usize = 8;

#[derive(Default)]
pub(super) struct List {
    /// The element that is being written, and the scalars of all.
    pub(super) record: Record,
    /// Of the elements of the last segment.
    pub(super) shape: Shape,
    /// Elements of the last segment.
    pub(super) run: u64,
    /// The dtype of all elements, if they are scalars that have come one by one. They are not counted yet.
    scalars: Option<DType>,
    /// Whether limits leave that shape as it is.
    pub(super) is_exact: bool,
    /// Of elements that were packed as rows of the last segment.
    packed: Vec<Shape>,
    /// Whether a shape came that could not be packed with the one before.
    has_parted: bool,
    /// The join of all shapes, if it is not that of the last segment.
    joined: Option<Shape>,
    /// The segments before the last: their shapes among `shapes`, and their elements.
    segments: Vec<(usize, u64)>,
    shapes: Vec<Known>,
    /// Where the shape of the last segment is among them, if it is.
    index: Option<usize>,
    /// Elements that have ended.
    pub(super) count: u64,
    /// How many were announced.
    pub(super) announced: Option<u64>,
    pub(super) is_plain: bool,
    /// Where the head goes.
    start: Mark,
    /// The bytes of a plain list's head there already.
    head: usize,
    /// If the scalars of all stand in DATA already: where they begin, and where DATA ended.
    pub(super) lent: Option<(usize, usize)>,
    /// Where the element that is being written begins.
    element: Mark,
    element_fixed: usize,
    /// Rows that may still miss before the fast lane is given up.
    pub(super) credit: u32,
    /// The fast lane, if rows have gone it.
    pub(super) row: Option<Box<Row>>,
    /// Whether rows stand in it that the list has not got yet, and more may come.
    pub(super) is_ready: bool,
    /// The first call of an element that is serialized again.
    pub(super) first_call: Option<FirstCall>,
}

/// A shape of segments that are closed.
struct Known {
    shape: Shape,
    is_exact: bool,
}

/// How many rows may miss before the fast lane is given up.
const CREDIT: u32 = 4;
/// Bytes that are not worth to be given back.
const SMALL: usize = 1024;

impl List {
    /// Opens a list at the next node.
    pub(super) fn open(cx: &mut Context, announced: Option<usize>) -> Result<Box<List>> {
        cx.enter(1)?;
        Ok(Self::taken_from(cx, announced.map(|len| len as u64)))
    }

    /// The same within the depth of what was written before.
    pub(super) fn taken_from(cx: &mut Context, announced: Option<u64>) -> Box<List> {
        let mut list = cx.lists.pop().unwrap_or_default();
        (list.start, list.credit, list.announced) = (cx.out.mark(), CREDIT, announced);
        list
    }

    /// A list that begins with so many scalars.
    pub(super) fn of_scalars(
        cx: &mut Context,
        dtype: DType,
        fixed: Vec<u8>,
        count: u64,
        announced: Option<u64>,
    ) -> Box<List> {
        let mut list = Self::taken_from(cx, announced);
        list.shape.push(Kind::Scalar(dtype));
        (list.record.fixed, list.is_exact, list.run, list.count) = (fixed, true, count, count);
        list
    }

    /// Writes no more than a plain list, whatever its elements.
    pub(super) fn make_plain(&mut self, cx: &mut Context) {
        self.is_plain = true;
        self.head = cx.out.put_list(self.announced);
    }

    #[inline]
    pub(super) fn begin_element(&mut self, cx: &Context) {
        self.record.shape.clear();
        self.element = cx.out.mark();
        self.element_fixed = self.record.fixed.len();
    }

    #[inline]
    pub(super) fn end_element(&mut self, cx: &mut Context) -> Result<()> {
        self.count += 1;
        if self.is_plain {
            return Ok(());
        }
        if self.run > 0 && self.record.shape == self.shape {
            self.run += 1;
            return Ok(());
        }
        self.other_shape(cx)
    }

    #[inline(never)]
    fn other_shape(&mut self, cx: &mut Context) -> Result<()> {
        if self.run > 0 && self.packed.contains(&self.record.shape) {
            self.run += 1;
            return self.repack_element(cx);
        }
        if self.has_parted && self.recent(&self.record.shape).is_some_and(|known| self.return_to(known)) {
            return Ok(());
        }
        let limited = self.record.shape.limited();
        let own = limited.as_ref().unwrap_or(&self.record.shape);
        if self.count == 1 {
            let (is_node, was_node) = (own.root() == Kind::Node, self.record.shape.root() == Kind::Node);
            if was_node {
                return self.first_node(cx);
            }
            core::mem::swap(&mut self.shape, &mut self.record.shape);
            (self.is_exact, self.joined, self.run) = (limited.is_none(), limited, 1);
            if is_node {
                self.close_segment(1, None);
                return self.turn_plain(cx);
            }
            return Ok(());
        }
        let joined = self.joined.as_ref().unwrap_or(&self.shape).join(own);
        if joined.root() == Kind::Node {
            let shape = core::mem::take(&mut self.record.shape);
            self.close_segment(self.run, Some(shape));
            self.close_segment(1, None);
            return self.turn_plain(cx);
        }
        // What limits have changed is packed at the end, from what it was.
        let packing = match limited {
            None if self.is_exact => self.shape.packing_join(&self.record.shape),
            _ => None,
        };
        match packing {
            Some(shape) => {
                if shape == self.shape {
                    self.run += 1;
                } else {
                    self.close_segment(self.run, Some(shape));
                    self.run = 1;
                }
                self.repack_element(cx)?;
                if self.packed.len() < RECENT_SHAPES {
                    self.packed.push(core::mem::take(&mut self.record.shape));
                }
            }
            None => {
                self.has_parted = true;
                let shape = core::mem::take(&mut self.record.shape);
                self.close_segment(self.run, Some(shape));
                (self.is_exact, self.run) = (limited.is_none(), 1);
            }
        }
        self.joined = (joined != self.shape).then_some(joined);
        Ok(())
    }

    /// Writes an element on the general lane.
    #[inline]
    pub(super) fn element<T: Serialize + ?Sized>(&mut self, cx: &mut Context, value: &T) -> Result<()> {
        if self.is_plain {
            value.serialize(General::node(cx))?;
            self.count += 1;
            return Ok(());
        }
        if self.lent.is_some() {
            self.leave_data(cx);
        }
        self.begin_element(cx);
        value.serialize(General::record(cx, &mut self.record))?;
        if let Some(first) = self.first_call.take() {
            first.compare(cx, &self.shape, &self.record.shape, self.element)?;
        }
        self.end_element(cx)
    }

    /// Writes an element that may be serialized only once. Scalars like those before are put at once, and nothing else is noted of them.
    #[inline]
    pub(super) fn element_once<T: Serialize + ?Sized>(&mut self, cx: &mut Context, value: &T) -> Result<()> {
        if self.scalars.is_some() {
            value.serialize(General { cx, to: To::Scalars(self) })?;
            return if self.scalars.is_some() { Ok(()) } else { self.end_element(cx) };
        }
        self.element(cx, value)?;
        if let (1, Kind::Scalar(dtype)) = (self.count, self.shape.root()) {
            self.scalars = Some(dtype);
            let len = usize::try_from(self.announced.unwrap_or(0)).unwrap_or(usize::MAX);
            self.record.fixed.reserve(len.saturating_mul(dtype.size()).min(LONGEST_RESERVATION));
        }
        Ok(())
    }

    /// Whether all elements are scalars of that dtype.
    #[inline]
    pub(super) fn is_of(&self, dtype: DType) -> bool {
        self.scalars == Some(dtype)
    }

    /// One more of the scalars.
    #[inline]
    pub(super) fn put_scalar<const N: usize>(&mut self, bytes: [u8; N]) {
        self.record.fixed.extend_from_slice(&bytes);
    }

    /// Records an element that is another than the scalars before.
    #[cold]
    pub(super) fn leave_scalars(&mut self, cx: &Context) -> &mut Record {
        self.count_scalars();
        self.begin_element(cx);
        &mut self.record
    }

    /// Counts the elements, if they are scalars that have come one by one.
    pub(super) fn count_scalars(&mut self) -> u64 {
        if let Some(dtype) = self.scalars.take() {
            self.count = (self.record.fixed.len() / dtype.size()) as u64;
            self.run = self.count;
        }
        self.count
    }

    /// Where a shape is among those that closed segments had lately.
    fn recent(&self, shape: &Shape) -> Option<usize> {
        let start = self.shapes.len().saturating_sub(RECENT_SHAPES);
        self.shapes.iter().skip(start).position(|known| known.shape == *shape).map(|at| start + at)
    }

    /// Begins a segment of a shape that one had before.
    fn return_to(&mut self, known: usize) -> bool {
        let Some(&Known { is_exact, .. }) = self.shapes.get(known) else { return false };
        if self.joined.is_none() {
            self.joined = Some(self.shape.clone());
        }
        self.close_run();
        core::mem::swap(&mut self.shape, &mut self.record.shape);
        (self.index, self.is_exact, self.run) = (Some(known), is_exact, 1);
        true
    }

    /// Ends the last segment, and begins one of another shape.
    fn close_segment(&mut self, run: u64, next: Option<Shape>) {
        self.run = run;
        self.close_run();
        (self.shape, self.index) = (next.unwrap_or_default(), None);
    }

    fn close_run(&mut self) {
        let found = self.index.or_else(|| self.recent(&self.shape));
        let index = found.unwrap_or(self.shapes.len());
        if found.is_none() {
            let shape = core::mem::take(&mut self.shape);
            self.shapes.push(Known { shape, is_exact: self.is_exact });
        }
        self.packed.clear();
        self.segments.push((index, self.run));
    }

    /// Packs the element that has just been written as a row of the last segment.
    fn repack_element(&mut self, cx: &mut Context) -> Result<()> {
        let (mut own, mut nodes) = core::mem::take(&mut cx.spare);
        own.clear();
        own.extend(self.record.fixed.drain(self.element_fixed..));
        cx.out.take_into(self.element, &mut nodes);
        let Record { shape, fixed } = &mut self.record;
        convert::repack(cx, (shape, 0), (&self.shape, 0), &mut Source::new(&own, &nodes), fixed)?;
        cx.spare = (own, nodes);
        Ok(())
    }

    /// Takes out all elements.
    fn take_elements(&mut self, cx: &mut Context) -> (Vec<u8>, Taken) {
        let mut fixed = core::mem::take(&mut self.record.fixed);
        if fixed.capacity() > SMALL {
            fixed.shrink_to_fit();
        }
        (fixed, cx.out.take_from(self.start))
    }

    /// A first element that is a node.
    fn first_node(&mut self, cx: &mut Context) -> Result<()> {
        self.is_plain = true;
        let Some(len) = self.announced else { return Ok(()) };
        let end = cx.out.meta.len();
        cx.out.put_head(self.start, 0, |meta| wire::put_list(meta, len));
        self.head = cx.out.meta.len() - end;
        Ok(())
    }

    /// Writes the elements so far, all in closed segments, as nodes. Those that follow are written as nodes at once.
    fn turn_plain(&mut self, cx: &mut Context) -> Result<()> {
        let (fixed, nodes) = self.take_elements(cx);
        self.make_plain(cx);
        let mut source = Source::new(&fixed, &nodes);
        for (shape, run) in core::mem::take(&mut self.segments) {
            let Some(Known { shape, .. }) = self.shapes.get(shape) else { continue };
            for _ in 0..run {
                convert::put_node(cx, shape, 0, &mut source)?;
            }
        }
        self.keep(fixed);
        Ok(())
    }

    /// Keeps a small vector to be used again.
    fn keep(&mut self, mut fixed: Vec<u8>) {
        if fixed.capacity() <= SMALL {
            fixed.clear();
            self.record.fixed = fixed;
        }
    }

    /// Ends the list, and gives it back to be used again.
    pub(super) fn finish(mut self: Box<Self>, cx: &mut Context) -> Result<()> {
        self.end_lane(cx);
        self.count_scalars();
        self.settle(cx)?;
        let Self { record, shape, joined, segments, shapes, .. } = &mut *self;
        record.shape.clear();
        record.fixed.clear();
        shape.clear();
        segments.clear();
        shapes.clear();
        *joined = None;
        (self.first_call, self.lent, self.index) = (None, None, None);
        self.packed.clear();
        self.has_parted = false;
        cx.rows.extend(self.row.take());
        (self.run, self.count, self.announced, self.is_plain, self.head) = (0, 0, None, false, 0);
        cx.lists.push(self);
        Ok(())
    }

    fn settle(&mut self, cx: &mut Context) -> Result<()> {
        if self.count == 0 {
            cx.out.put_head(self.start, self.head, |meta| wire::put_list(meta, 0));
            return Ok(());
        }
        if !self.is_plain {
            let joined = self.joined.as_ref().unwrap_or(&self.shape);
            if joined.is_schema() {
                return self.put_rows(cx);
            }
            self.close_segment(self.run, None);
            self.turn_plain(cx)?;
        }
        if self.head == 0 || self.announced != Some(self.count) {
            cx.out.put_head(self.start, self.head, |meta| wire::put_list(meta, self.count));
        }
        Ok(())
    }

    fn put_rows(&mut self, cx: &mut Context) -> Result<()> {
        let has_nils = self.shape.steps.iter().any(|step| step.kind == Kind::Nil);
        if self.joined.is_some() || !self.segments.is_empty() || has_nils {
            self.repack_all(cx)?;
        }
        if let Some((start, _)) = self.lent {
            if Place::of(self.record.fixed.len() - start) == Place::Data {
                self.lent = None;
                let own = core::mem::take(&mut cx.spare.0);
                cx.out.data.take_back(core::mem::replace(&mut self.record.fixed, own));
                self.put_head(&mut cx.out.meta, self.count);
                return Ok(());
            }
            self.leave_data(cx);
        }
        let mut fixed = core::mem::take(&mut self.record.fixed);
        cx.out.put_rows(self.start, |meta| self.put_head(meta, self.count), &mut fixed);
        self.record.fixed = fixed;
        Ok(())
    }

    /// Packs all segments as rows of the join.
    fn repack_all(&mut self, cx: &mut Context) -> Result<()> {
        let joined = self.joined.take().unwrap_or_else(|| self.shape.clone()).without_nils();
        self.close_segment(self.run, Some(joined));
        let (fixed, nodes) = self.take_elements(cx);
        let mut source = Source::new(&fixed, &nodes);
        let segments = core::mem::take(&mut self.segments);
        for (index, &(shape, run)) in segments.iter().enumerate() {
            let Some(Known { shape, .. }) = self.shapes.get(shape) else { continue };
            if index + 1 == segments.len() && *shape == self.shape {
                convert::put_rest(cx, &mut source, &mut self.record.fixed);
                continue;
            }
            for _ in 0..run {
                convert::repack(cx, (shape, 0), (&self.shape, 0), &mut source, &mut self.record.fixed)?;
            }
        }
        Ok(())
    }
}
