//! The elements of a list one after the other: each by the lane that is made for it.

use alloc::boxed::Box;
use alloc::vec::Vec;

use serde::ser::Serialize;

use super::context::Context;
use super::fast::Fast;
use super::general::{DONE, Done, General};
use super::list::List;
use super::miss::Miss;
use super::plan::{Cursor, Row};
use super::scalars::{LONGEST_RESERVATION, Leaf, NODE, Scalars};
use super::second::{self, FirstCall};
use crate::dtype::DType;
use crate::error::Result;
use crate::wire::{self, Place, tag};

/// How many elements must be to come for the fast lane to be made ready.
const FEW: u64 = 3;

impl List {
    /// Writes an element that may be serialized twice: on the fast lane first.
    #[inline]
    pub(super) fn element_or_fast<T: Serialize + ?Sized>(&mut self, cx: &mut Context, value: &T) -> Result<()> {
        if !self.is_ready && self.may_be_fast(cx) && self.announced.is_some_and(|len| len > FEW) {
            self.row = Some(self.lend_row(cx));
            self.is_ready = true;
        }
        if self.is_ready
            && let Some(mut row) = self.row.take()
        {
            row.borrow_context(cx);
            let filled = row.filled;
            let written = one_row(&mut row, filled, value);
            row.borrow_context(cx);
            match written {
                Ok(filled) => {
                    row.filled = filled;
                    (self.run, self.count) = (self.run + 1, self.count + 1);
                    self.row = Some(row);
                    return Ok(());
                }
                Err(missed) => self.take_row(row, cx, 0, Some(missed)),
            }
        }
        self.element(cx, value)
    }

    /// Takes over what the fast lane has written of the elements that came one by one.
    pub(super) fn end_lane(&mut self, cx: &mut Context) {
        if self.is_ready
            && let Some(row) = self.row.take()
        {
            self.take_row(row, cx, 0, None);
        }
    }

    /// Whether the next element may go the fast lane.
    #[inline]
    fn may_be_fast(&self, cx: &Context) -> bool {
        !self.is_plain && self.credit > 0 && self.run > 0 && self.is_exact && Row::may_have(&self.shape) && cx.may_try()
    }

    /// Puts the scalars into DATA, where those that follow go, too: as long as all elements are of one shape without nodes.
    fn go_to_data(&mut self, cx: &mut Context) {
        let is_first = self.count == 1 && self.lent.is_none() && !self.shape.has_nodes();
        let width = self.record.fixed.len();
        let len = self.announced.map(|len| usize::try_from(len).unwrap_or(usize::MAX).saturating_mul(width));
        if !is_first || len.is_some_and(|len| Place::of(len) == Place::Meta) {
            return;
        }
        let end = cx.out.meta.len();
        self.put_head(&mut cx.out.meta, self.announced.unwrap_or(self.count));
        let meta_len = cx.out.meta.len();
        cx.out.meta.truncate(end);
        let end = cx.out.data.len();
        let mut bytes = cx.out.data.lend_for(meta_len, len.unwrap_or(0).min(LONGEST_RESERVATION));
        self.lent = Some((bytes.len(), end));
        bytes.extend_from_slice(&self.record.fixed);
        cx.spare.0 = core::mem::replace(&mut self.record.fixed, bytes);
    }

    /// Takes the scalars out of DATA.
    #[cold]
    pub(super) fn leave_data(&mut self, cx: &mut Context) {
        if let Some((start, end)) = self.lent.take() {
            let own = self.record.fixed.split_off(start);
            cx.out.data.take_back(core::mem::replace(&mut self.record.fixed, own));
            cx.out.data.truncate(end);
        }
    }

    /// The head of so many rows of the last segment's shape.
    pub(super) fn put_head(&self, meta: &mut Vec<u8>, count: u64) {
        meta.push(tag::ROWS);
        self.shape.put_schema(meta);
        wire::put_uv(meta, count);
    }

    /// Makes the fast lane ready for the shape of the last segment.
    fn lend_row(&mut self, cx: &mut Context) -> Box<Row> {
        let mut row = self.row.take().or_else(|| cx.rows.pop()).unwrap_or_else(Row::new);
        row.begin(&self.shape, cx.depth, &mut self.record.fixed);
        row
    }

    /// Takes over what the fast lane has written: so many rows, and perhaps the first call of one that missed.
    fn take_row(&mut self, mut row: Box<Row>, cx: &mut Context, count: u64, missed: Option<FirstCall>) {
        row.give_back(&mut self.record.fixed);
        self.is_ready = false;
        self.row = Some(row);
        self.run += count;
        self.count += count;
        if let Some(first) = &missed {
            self.credit -= 1;
            cx.lose(&first.nodes);
        }
        self.first_call = missed;
    }

    /// Writes rows as long as they are like the last segment's. Returns the first that is not, and what comes after it: given by value, and
    /// not lent, so that the loop keeps them in registers.
    fn rows<I>(&mut self, cx: &mut Context, mut iter: I) -> (Option<I::Item>, I)
    where
        I: Iterator,
        I::Item: Serialize,
    {
        self.go_to_data(cx);
        let mut row = self.lend_row(cx);
        row.borrow_context(cx);
        // In a register: each row begins where the one before has ended.
        let (mut count, mut filled) = (0, row.filled);
        let (item, missed) = loop {
            let Some(item) = iter.next() else { break (None, None) };
            match one_row(&mut row, filled, &item) {
                Ok(end) => (filled, count) = (end, count + 1),
                Err(missed) => break (Some(item), Some(missed)),
            }
        };
        row.filled = filled;
        row.borrow_context(cx);
        self.take_row(row, cx, count, missed);
        (item, iter)
    }
}

/// Writes a row on the fast lane behind what the chunk is filled with, and returns what it is filled with then; or what a row that missed
/// had written.
#[inline(always)]
fn one_row<T: Serialize + ?Sized>(row: &mut Row, filled: usize, value: &T) -> core::result::Result<usize, FirstCall> {
    let nodes = row.nodes();
    match value.serialize(Fast { row: &mut *row, cursor: Cursor::new(0, filled) }) {
        Ok(_) => Ok(row.end(filled)),
        Err(Miss) => Err(row.cut_off(nodes)),
    }
}

/// A list of what an iterator gives, whose elements may be serialized twice.
pub(super) fn collect<I>(cx: &mut Context, mut iter: I) -> Result<Done>
where
    I: Iterator,
    I::Item: Serialize,
{
    let announced = match iter.size_hint() {
        (least, Some(most)) if least == most => Some(least as u64),
        _ => None,
    };
    cx.enter(1)?;
    let Some(first) = iter.next() else {
        cx.out.meta.push(tag::LIST);
        cx.leave(1);
        return Ok(DONE);
    };
    match first.serialize(Leaf) {
        Ok((NODE, _)) => plain(cx, announced, first, iter)?,
        Ok((code, bits)) => {
            let width = DType::from_code(code).map_or(1, DType::size);
            let mut scalars = Scalars::open(cx, code, width, announced);
            match scalars.run(bits, &mut iter) {
                None => scalars.close(cx),
                Some(other) => {
                    let list = scalars.into_list(cx);
                    rows(cx, list, other, iter)?;
                }
            }
        }
        Err(Miss) => {
            let list = List::taken_from(cx, announced);
            rows(cx, list, first, iter)?;
        }
    }
    cx.leave(1);
    Ok(DONE)
}

/// Elements of any kind.
fn rows<I>(cx: &mut Context, mut list: Box<List>, first: I::Item, mut iter: I) -> Result<()>
where
    I: Iterator,
    I::Item: Serialize,
{
    let mut next = Some(first);
    while let Some(item) = next {
        if let Err(error) = list.element(cx, &item) {
            return Err(cx.poison(error.in_element(list.count)));
        }
        if list.may_be_fast(cx) && iter.size_hint().0 as u64 >= FEW {
            (next, iter) = list.rows(cx, iter);
        } else {
            next = iter.next();
        }
    }
    list.finish(cx)
}

/// Elements of a plain list.
fn plain<I>(cx: &mut Context, announced: Option<u64>, first: I::Item, mut iter: I) -> Result<()>
where
    I: Iterator,
    I::Item: Serialize,
{
    let start = cx.out.mark();
    let head = cx.out.put_list(announced);
    // The first as a place of a row, which says whether it is the node that it was to be.
    let mut list = List::taken_from(cx, None);
    let written = first.serialize(General::record(cx, &mut list.record));
    let is_node = list.record.is_node();
    cx.lists.push(list);
    let written = written.and_then(|_| if is_node { Ok(()) } else { Err(second::differs(cx)) });
    written.map_err(|error| cx.poison(error.in_element(0)))?;
    let (mut next, mut count) = (iter.next(), 1);
    while let Some(item) = next {
        if let Err(error) = item.serialize(General::node(cx)) {
            return Err(cx.poison(error.in_element(count)));
        }
        count += 1;
        next = iter.next();
    }
    if announced != Some(count) {
        cx.out.put_head(start, head, |meta| wire::put_list(meta, count));
    }
    Ok(())
}
