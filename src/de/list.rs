//! The inside of lists, of every form.

use serde::de::{self, DeserializeSeed};

use super::cell::{Cell, Packed, Record};
use super::deserializer::Deserializer;
use super::plan::{self, Step};
use super::source::Source;
use crate::error::{Error, ErrorKind, Result};
use crate::wire::DimsIter;

/// A list that is being read.
pub(super) struct List<'a, 'de> {
    pub(super) deserializer: &'a mut Deserializer<'de>,
    pub(super) elements: Elements<'a, 'de>,
    pub(super) count: usize,
    pub(super) left: usize,
}

/// Where the elements come from.
pub(super) enum Elements<'a, 'de> {
    Nodes,
    /// Scalars, or lists of these; and the bytes of an element.
    Packed(Packed<'a, 'de>, usize),
    Rows(RowsLeft<'a, 'de>),
    /// The positions of a tuple.
    Tuple(Record<'a, 'de>),
    Dims(DimsIter<'a>),
    Cells(&'a [Cell<'a, 'de>]),
}

/// The rows that are left.
pub(super) struct RowsLeft<'a, 'de> {
    pub(super) steps: &'a [Step<'de>],
    pub(super) fixed: &'de [u8],
    pub(super) width: usize,
}

impl<'de> RowsLeft<'_, 'de> {
    #[inline]
    pub(super) fn next(&mut self) -> &'de [u8] {
        let (row, rest) = self.fixed.split_at_checked(self.width).unwrap_or_default();
        self.fixed = rest;
        row
    }
}

impl<'a, 'de> Elements<'a, 'de> {
    pub(super) fn packed(list: Packed<'a, 'de>) -> Self {
        Elements::Packed(list, list.width())
    }

    /// The element at that position, which is the next; none for a node.
    #[inline(never)]
    fn next(&mut self, position: usize) -> Option<Cell<'a, 'de>> {
        match self {
            Elements::Nodes => None,
            Elements::Packed(list, width) => Some(list.next(*width)),
            Elements::Rows(rows) => {
                let row = rows.next();
                plan::cell(rows.steps, rows.steps.first()?, row)
            }
            Elements::Tuple(record) => record.entry(position),
            Elements::Dims(dims) => dims.next().map(Cell::Number),
            Elements::Cells(cells) => cells.get(position).copied(),
        }
    }
}

impl<'a, 'de> List<'a, 'de> {
    /// Begins to read a list of nodes, which the reader has opened, or another.
    #[inline]
    pub(super) fn new(deserializer: &'a mut Deserializer<'de>, elements: Elements<'a, 'de>, count: usize) -> Self {
        if !matches!(elements, Elements::Nodes) {
            deserializer.reader.enter(1);
        }
        List { deserializer, elements, count, left: count }
    }

    /// Goes on to where so many elements are left, behind others that were read from their bytes.
    pub(super) fn go_to(&mut self, left: usize) {
        let elements = self.left.saturating_sub(left);
        self.left = left;
        match &mut self.elements {
            Elements::Packed(list, width) => {
                list.bytes.split_off(elements * *width);
            }
            Elements::Rows(rows) => rows.fixed = rows.fixed.get(elements * rows.width..).unwrap_or_default(),
            _ => {}
        }
    }

    #[cold]
    pub(super) fn ended(&self) -> Error {
        Error::new(ErrorKind::Custom, "no element is left")
    }

    /// An element that a visitor leaves unread is an error.
    pub(super) fn end(&mut self) -> Result<()> {
        check_read(self.left, self.count)?;
        self.deserializer.reader.close();
        Ok(())
    }

    #[cold]
    fn failed(&self, error: Error, start: u64) -> Error {
        let position = self.count - self.left - 1;
        let is_node = match &self.elements {
            Elements::Nodes => true,
            Elements::Tuple(record) => record.entry(position).is_none(),
            // Not elements of the value.
            Elements::Cells(_) => return error,
            _ => false,
        };
        let error = if is_node { error.or_at(start) } else { error };
        error.in_element(position as u64)
    }
}

impl<'de> de::SeqAccess<'de> for List<'_, 'de> {
    type Error = Error;

    #[inline]
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        let start = self.deserializer.offset();
        let cell = match self.elements {
            Elements::Nodes => None,
            _ => self.elements.next(self.count - self.left),
        };
        self.left = left;
        match seed.deserialize(Source { deserializer: self.deserializer, cell: cell.as_ref() }) {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(self.failed(error, start)),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left)
    }
}

/// In every form of list, elements that a visitor leaves unread are an error.
#[inline]
fn check_read(left: usize, found: usize) -> Result<()> {
    match left {
        0 => Ok(()),
        _ => Err(Error::unread("elements", left, found)),
    }
}

/// In every form of map, so are entries.
#[inline]
pub(super) fn check_entries_read(left: usize, found: usize) -> Result<()> {
    match left {
        0 => Ok(()),
        _ => Err(Error::unread("entries", left, found)),
    }
}
