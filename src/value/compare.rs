//! Equality and hash of values: by content, whatever form a list has.

use alloc::vec::Vec;
use core::hash::{Hash, Hasher};
use core::slice;

use super::ValueView;
use super::cell::{Cell, Cells, Content, scalar};
use crate::array::DynArrayView;

/// Two values are equal if they are the same pieces in the same order. Each list and map gives its length, and then what it holds.
#[derive(PartialEq, Eq, Hash)]
enum Piece<'v> {
    /// Nil in so many somes. Around anything else, a some says nothing.
    Nil(usize),
    Bool(bool),
    Int(i128),
    /// Over `i128::MAX`.
    Uint(u128),
    /// The bits.
    F32(u32),
    F64(u64),
    Char(char),
    Str(&'v str),
    Bytes(&'v [u8]),
    Array(&'v DynArrayView<'v>),
    List(usize),
    Map(usize),
}

/// The pieces of a value. Packed rows are read where they are, and nothing is called again for what is nested.
struct Pieces<'v> {
    /// The value itself, until it has been opened.
    root: Option<&'v ValueView<'v>>,
    /// What is left of each list and map that has been opened, the innermost at the end.
    open: Vec<Open<'v>>,
}

enum Open<'v> {
    Values(slice::Iter<'v, ValueView<'v>>),
    /// With the value whose key has been given.
    Entries(slice::Iter<'v, (ValueView<'v>, ValueView<'v>)>, Option<&'v ValueView<'v>>),
    /// And whether the name of the next has been given.
    Cells(Cells<'v, 'v>, bool),
}

/// What comes next in a list or map.
enum Next<'v> {
    Value(&'v ValueView<'v>),
    Cell(Cell<'v, 'v>),
    Name(&'v str),
}

impl PartialEq for ValueView<'_> {
    fn eq(&self, other: &Self) -> bool {
        let (mut these, mut those) = (Pieces::of(self), Pieces::of(other));
        loop {
            match (these.next(), those.next()) {
                (None, None) => return true,
                (this, that) if this != that => return false,
                (Some(Piece::List(_)), _) if !these.packed_alike(&mut those) => return false,
                _ => {}
            }
        }
    }
}

impl Eq for ValueView<'_> {}

impl Hash for ValueView<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Pieces::of(self).for_each(|piece| piece.hash(state));
    }
}

impl<'v> Pieces<'v> {
    fn of(value: &'v ValueView<'v>) -> Self {
        Pieces { root: Some(value), open: Vec::new() }
    }

    /// Compares rows of the same form, which have just been opened, as bytes. Their nodes are yet to come.
    fn packed_alike(&mut self, other: &mut Self) -> bool {
        let (Some(Open::Cells(these, _)), Some(Open::Cells(those, _))) = (self.open.last(), other.open.last()) else {
            return true;
        };
        if !these.have_form_of(those) {
            return true;
        }
        let ((bytes, nodes), (other_bytes, other_nodes)) = (these.rest(), those.rest());
        self.open.pop();
        other.open.pop();
        self.open.push(Open::Values(nodes.iter()));
        other.open.push(Open::Values(other_nodes.iter()));
        bytes == other_bytes
    }

    fn value(&mut self, value: &'v ValueView<'v>) -> Piece<'v> {
        let (mut value, mut somes) = (value, 0);
        while let ValueView::Some(inner) = value {
            (value, somes) = (inner, somes + 1);
        }
        match value {
            ValueView::Nil | ValueView::Some(_) => Piece::Nil(somes),
            ValueView::Bool(value) => Piece::Bool(*value),
            ValueView::Int(value) => Piece::Int(*value),
            ValueView::Uint(value) => i128::try_from(*value).map_or(Piece::Uint(*value), Piece::Int),
            ValueView::F32(value) => Piece::F32(value.to_bits()),
            ValueView::F64(value) => Piece::F64(value.to_bits()),
            ValueView::Char(value) => Piece::Char(*value),
            ValueView::Str(text) => Piece::Str(text),
            ValueView::Bytes(bytes) => Piece::Bytes(bytes),
            ValueView::Array(array) => Piece::Array(array),
            ValueView::List(list) => {
                self.open.push(match (list.values(), list.cells()) {
                    (None, Some(cells)) => Open::Cells(cells, false),
                    (values, _) => Open::Values(values.unwrap_or_default().iter()),
                });
                Piece::List(list.len())
            }
            ValueView::Map(map) => {
                self.open.push(Open::Entries(map.entries().iter(), None));
                Piece::Map(map.entries().len())
            }
        }
    }

    fn cell(&mut self, cell: Cell<'v, 'v>) -> Piece<'v> {
        match cell.content() {
            Content::Nil => Piece::Nil(0),
            Content::Scalar(dtype, bytes) => match scalar(dtype, bytes) {
                ValueView::Bool(value) => Piece::Bool(value),
                ValueView::Int(value) => Piece::Int(value),
                ValueView::F32(value) => Piece::F32(value.to_bits()),
                ValueView::F64(value) => Piece::F64(value.to_bits()),
                _ => Piece::Nil(0),
            },
            Content::Node(node) => self.value(node),
            Content::Scalars(cells) | Content::Tuple(cells) => {
                let len = cells.len();
                self.open.push(Open::Cells(cells, false));
                Piece::List(len)
            }
            Content::Map(cells) => {
                let len = cells.len();
                self.open.push(Open::Cells(cells, false));
                Piece::Map(len)
            }
        }
    }
}

impl<'v> Iterator for Pieces<'v> {
    type Item = Piece<'v>;

    fn next(&mut self) -> Option<Piece<'v>> {
        if let Some(root) = self.root.take() {
            return Some(self.value(root));
        }
        loop {
            match self.open.last_mut()?.next() {
                Some(Next::Value(value)) => return Some(self.value(value)),
                Some(Next::Cell(cell)) => return Some(self.cell(cell)),
                Some(Next::Name(name)) => return Some(Piece::Str(name)),
                None => self.open.pop(),
            };
        }
    }
}

impl<'v> Open<'v> {
    fn next(&mut self) -> Option<Next<'v>> {
        match self {
            Open::Values(values) => values.next().map(Next::Value),
            Open::Entries(entries, due) => {
                let next = due.take().or_else(|| {
                    let (key, value) = entries.next()?;
                    *due = Some(value);
                    Some(key)
                });
                next.map(Next::Value)
            }
            Open::Cells(cells, is_named) => match cells.name() {
                Some(name) if !*is_named => {
                    *is_named = true;
                    Some(Next::Name(name))
                }
                _ => {
                    *is_named = false;
                    cells.next().map(|(_, cell)| Next::Cell(cell))
                }
            },
        }
    }
}
