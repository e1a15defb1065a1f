//! A map as a node while it is written.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::context::Context;
use super::out::Mark;
use super::payloads::Payloads;
use crate::error::Result;
use crate::wire::{self, leading_str};

/// A map whose entries go to META, one after the other.
pub(super) struct MapNode {
    start: Mark,
    /// How many entries were announced, and the bytes of the head that says so.
    announced: Option<u64>,
    head: usize,
    /// Keys and values so far.
    children: u64,
    /// Where the last key begins in META, for errors.
    key: usize,
    /// Where each key and each value begins, if the entries are to be sorted.
    #[allow(clippy::box_collection, reason = "what is open is moved often, and sorted seldom")]
    sorted: Option<Box<Vec<Mark>>>,
}

impl MapNode {
    pub(super) fn open(cx: &mut Context, announced: Option<usize>, sort: bool) -> Self {
        let (start, announced) = (cx.out.mark(), announced.map(|len| len as u64));
        if let Some(len) = announced {
            wire::put_map(&mut cx.out.meta, len);
        }
        let head = cx.out.meta.len() - start.meta;
        MapNode { start, announced, head, children: 0, key: 0, sorted: sort.then(Box::default) }
    }

    /// A map of entries that were written without a head: where each key and each value begins, the last value missing.
    pub(super) fn of_entries(marks: Vec<Mark>, sort: bool) -> Self {
        let start = marks.first().copied().unwrap_or_default();
        let children = marks.len() as u64;
        let key = marks.last().map_or(0, |mark| mark.meta);
        MapNode { start, announced: None, head: 0, children, key, sorted: sort.then(|| Box::new(marks)) }
    }

    /// Begins a key or a value.
    #[inline]
    pub(super) fn begin_child(&mut self, cx: &Context) {
        if !self.awaits_value() {
            self.key = cx.out.meta.len();
        }
        self.children += 1;
        if let Some(marks) = &mut self.sorted {
            marks.push(cx.out.mark());
        }
    }

    /// Counts the field of a struct: its key and its value.
    #[inline]
    pub(super) fn add_field(&mut self) {
        self.children += 2;
    }

    /// Whether a key was written that has no value yet.
    pub(super) fn awaits_value(&self) -> bool {
        self.children % 2 == 1
    }

    /// The last key, for errors.
    pub(super) fn last_key(&self, cx: &Context) -> String {
        leading_str(cx.out.meta.get(self.key..).unwrap_or_default()).unwrap_or("<key>").into()
    }

    pub(super) fn close(mut self, cx: &mut Context) -> Result<()> {
        if self.awaits_value() {
            return Err(cx.protocol("a map has a key without a value"));
        }
        if let Some(marks) = self.sorted.take() {
            sort(cx, &marks);
        }
        let entries = self.children / 2;
        if self.announced != Some(entries) {
            cx.out.put_head(self.start, self.head, |meta| wire::put_map(meta, entries));
        }
        Ok(())
    }
}

/// Puts the entries in the order of the bytes of their keys: those in META, then their payloads. Equal keys keep their order.
fn sort(cx: &mut Context, marks: &[Mark]) {
    let Some(&start) = marks.first() else { return };
    let end = cx.out.mark();
    let nodes = cx.out.take_from(start);
    let data_start = Payloads::aligned_after(start.data);
    let piece = |from: Mark, to: Mark| {
        // Payloads start aligned; where there are none, so do the next entry's, or nothing follows.
        let first = Payloads::aligned_after(from.data).min(to.data);
        let meta = nodes.meta.get(from.meta - start.meta..to.meta - start.meta);
        let data = nodes.data.get(first.saturating_sub(data_start)..to.data.saturating_sub(data_start));
        (meta.unwrap_or_default(), data.unwrap_or_default())
    };
    let ends = marks.iter().skip(2).step_by(2).copied().chain([end]);
    let entries = marks.chunks_exact(2).zip(ends);
    let mut pieces: Vec<_> = entries
        .filter_map(|(entry, end)| match *entry {
            [key, value] => Some((piece(key, value), piece(key, end))),
            _ => None,
        })
        .collect();
    pieces.sort_by_key(|&(key, _)| key);
    for (_, (meta, data)) in pieces {
        cx.out.put(meta, data);
    }
}
