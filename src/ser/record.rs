//! One element of a list while it is written: its shape, and its scalars.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::context::Context;
use super::convert::{self, Source};
use super::out::Mark;
use super::payloads::Payloads;
use super::scalar::Scalar;
use super::shape::{Kind, Shape, is_name};
use crate::dtype::DType;
use crate::error::Result;
use crate::wire::leading_str;

/// The element that is being written, and the scalars of those before it. Its nodes go to the context, one after the other.
#[derive(Default)]
pub(super) struct Record {
    pub(super) shape: Shape,
    pub(super) fixed: Vec<u8>,
}

impl Record {
    /// A scalar.
    pub(super) fn put(&mut self, scalar: Scalar) {
        self.shape.push(Kind::Scalar(scalar.dtype()));
        scalar.with_le_bytes(|bytes| self.fixed.extend_from_slice(bytes));
    }

    #[inline]
    pub(super) fn put_scalar<const N: usize>(&mut self, dtype: DType, bytes: [u8; N]) {
        self.shape.push(Kind::Scalar(dtype));
        self.fixed.extend_from_slice(&bytes);
    }

    /// Whether a first element was a node and nothing else. Forgets it.
    pub(super) fn is_node(&mut self) -> bool {
        let is_node = self.shape.len() == 1 && self.shape.root() == Kind::Node;
        self.shape.clear();
        self.fixed.clear();
        is_node
    }

    /// Begins a tuple or map.
    pub(super) fn open(&mut self, is_map: bool) -> Part {
        let at = self.shape.len() as u32;
        self.shape.push(if is_map { Kind::Map(0) } else { Kind::Tuple(0) });
        Part { at, is_map, count: 0, alike: 0 }
    }
}

/// A tuple or map of the element, while it is open.
pub(super) struct Part {
    /// The step of itself.
    at: u32,
    pub(super) is_map: bool,
    /// Places so far.
    count: u32,
    /// How many of a tuple's places are alike and may be an even tuple: all so far, or 0. Only the first of them has steps.
    alike: u32,
}

impl Part {
    /// Places so far.
    pub(super) fn count(&self) -> u64 {
        self.count.into()
    }

    /// After each place of it.
    #[inline]
    pub(super) fn end_place(&mut self, record: &mut Record) {
        self.count += 1;
        if !self.is_map {
            self.compare(record);
        }
    }

    /// Keeps one of those that are alike, and all where one differs.
    fn compare(&mut self, record: &mut Record) {
        let shape = &mut record.shape;
        let first = self.at as usize + 1;
        if self.count == 1 {
            self.alike = u32::from(matches!(shape.kind(first), Kind::Scalar(_) | Kind::Even(_)));
        } else if self.alike > 0 {
            let last = first + shape.span(first);
            if shape.is_same(first, shape, last) {
                shape.truncate(last);
                self.alike += 1;
            } else {
                self.spread(shape, last);
            }
        }
    }

    /// Gives each of those that are alike its steps, before the one at `last`, which differs.
    fn spread(&mut self, shape: &mut Shape, last: usize) {
        let (mut one, mut other) = (Shape::default(), Shape::default());
        one.push_from(shape, self.at as usize + 1);
        other.push_from(shape, last);
        shape.truncate(last);
        (1..self.alike).for_each(|_| shape.push_from(&one, 0));
        shape.push_from(&other, 0);
        self.alike = 0;
    }

    /// Says that no entry will follow.
    pub(super) fn close(self, record: &mut Record) {
        let kind = match self.is_map {
            true => Kind::Map(self.count),
            false if self.alike == self.count && self.count > 0 => Kind::Even(self.count),
            false => Kind::Tuple(self.count),
        };
        record.shape.close(self.at as usize, kind);
    }
}

/// Where an entry of a map begins.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    step: usize,
    fixed: usize,
    nodes: Mark,
}

/// A map of the element that comes as one, whose keys are known one after the other.
pub(super) struct Entries {
    part: Part,
    start: Entry,
    /// A key was taken that has no value yet.
    awaits_value: bool,
    /// The step of the last value.
    last: usize,
    /// Where each begins, if they are to be sorted.
    #[allow(clippy::box_collection, reason = "what is open is moved often, and sorted seldom")]
    sorted: Option<Box<Vec<Entry>>>,
}

impl Entries {
    pub(super) fn open(cx: &Context, record: &mut Record, sort: bool) -> Self {
        let start = Entry::here(cx, record);
        Entries { part: record.open(true), start, awaits_value: false, last: 0, sorted: sort.then(Box::default) }
    }

    /// Takes a key, which was written as a node behind the mark. False if a row cannot have it.
    pub(super) fn key(&mut self, cx: &mut Context, record: &mut Record, key: Mark) -> bool {
        let written = cx.out.meta.get(key.meta..).unwrap_or_default();
        let name = leading_str(written).filter(|name| is_name(name) && cx.out.data.len() == key.data);
        let Some(name) = name else { return false };
        record.shape.push_name(name);
        cx.out.truncate(key);
        (self.awaits_value, self.last) = (true, record.shape.len());
        if let Some(entries) = &mut self.sorted {
            entries.push(Entry::here(cx, record));
        }
        true
    }

    pub(super) fn awaits_value(&self) -> bool {
        self.awaits_value
    }

    /// After each value.
    pub(super) fn end_value(&mut self, record: &mut Record) {
        self.awaits_value = false;
        self.part.end_place(record);
    }

    /// The last key, for errors.
    pub(super) fn last_key(&self, record: &Record) -> String {
        match self.last < record.shape.len() {
            true => record.shape.name(self.last).into(),
            false => record.shape.last_name().into(),
        }
    }

    /// Ends it.
    pub(super) fn close(mut self, cx: &mut Context, record: &mut Record) {
        if let Some(entries) = self.sorted.take() {
            sort(cx, record, &entries);
        }
        self.part.close(record);
    }

    /// Makes it a node, because of a key that was written behind the mark: writes what came before as entries, and the key again.
    /// Returns where each key and each value begins.
    pub(super) fn turn_node(&mut self, cx: &mut Context, record: &mut Record, key: Mark) -> Result<Vec<Mark>> {
        let key = cx.out.take_from(key);
        let (at, count) = (self.part.at as usize, self.part.count);
        record.shape.close(at, Kind::Map(count));
        let fixed = record.fixed.split_off(self.start.fixed);
        let nodes = cx.out.take_from(self.start.nodes);
        let mut source = Source::new(&fixed, &nodes);
        let mut marks = Vec::with_capacity(count as usize * 2 + 1);
        for place in record.shape.places(at) {
            marks.push(cx.out.mark());
            cx.out.put_str(record.shape.name(place));
            marks.push(cx.out.mark());
            convert::put_node(cx, &record.shape, place, &mut source)?;
        }
        record.shape.replace(at, Kind::Node);
        marks.push(cx.out.mark());
        cx.out.put(&key.meta, &key.data);
        Ok(marks)
    }
}

impl Entry {
    fn here(cx: &Context, record: &Record) -> Self {
        Entry { step: record.shape.len(), fixed: record.fixed.len(), nodes: cx.out.mark() }
    }
}

/// Puts the entries of a map in the order of the bytes of their keys as nodes: by length, then by bytes. Equal ones keep their order.
fn sort(cx: &mut Context, record: &mut Record, entries: &[Entry]) {
    let key = |shape: &Shape, entry: &Entry| (shape.name(entry.step).len(), String::from(shape.name(entry.step)));
    if entries.is_sorted_by_key(|entry| key(&record.shape, entry)) {
        return;
    }
    let Some(&first) = entries.first() else { return };
    let end = Entry::here(cx, record);
    let shape = record.shape.clone();
    let fixed = record.fixed.split_off(first.fixed);
    let nodes = cx.out.take_from(first.nodes);
    record.shape.truncate(first.step);
    let ends = entries.iter().skip(1).chain([&end]);
    let mut order: Vec<_> = entries.iter().zip(ends).collect();
    order.sort_by_cached_key(|(entry, _)| key(&shape, entry));
    let data_start = Payloads::aligned_after(first.nodes.data);
    for (entry, end) in order {
        record.shape.push_from(&shape, entry.step);
        record
            .fixed
            .extend_from_slice(fixed.get(entry.fixed - first.fixed..end.fixed - first.fixed).unwrap_or_default());
        let meta = nodes.meta.get(entry.nodes.meta - first.nodes.meta..end.nodes.meta - first.nodes.meta);
        let from = Payloads::aligned_after(entry.nodes.data).min(end.nodes.data);
        let data = nodes.data.get(from.saturating_sub(data_start)..end.nodes.data.saturating_sub(data_start));
        cx.out.put(meta.unwrap_or_default(), data.unwrap_or_default());
    }
}
