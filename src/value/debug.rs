//! A view of a value for people: on one line, of bounded length, with dtype and shape instead of elements.

use core::fmt::{self, Write};

use super::list::{Form, List, Rows};
use super::records::Records;
use super::{Map, RowsView, Value, ValueView};
use crate::array::DynArrayView;

/// Characters printed at most, and of one str.
const LONGEST: usize = 2000;
const LONGEST_STR: usize = 64;

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        bounded(f, |out| print(out, self.shown()))
    }
}

/// As of the [`Value`] that it is a view of: one line of bounded length.
impl fmt::Debug for ValueView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        bounded(f, |out| print(out, self.shown()))
    }
}

impl fmt::Debug for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        bounded(f, |out| print(out, list(self)))
    }
}

impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        bounded(f, |out| print(out, Shown::Map(self.entries())))
    }
}

/// A formatter that stops when enough has been printed.
struct Bounded<'w, 'f> {
    out: &'w mut fmt::Formatter<'f>,
    left: usize,
}

impl Write for Bounded<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for c in text.chars() {
            self.left = self.left.checked_sub(1).ok_or(fmt::Error)?;
            self.out.write_char(c)?;
        }
        Ok(())
    }
}

fn bounded(f: &mut fmt::Formatter<'_>, print: impl FnOnce(&mut Bounded<'_, '_>) -> fmt::Result) -> fmt::Result {
    let mut bounded = Bounded { out: f, left: LONGEST };
    let printed = print(&mut bounded);
    match (printed, bounded.left) {
        (Err(_), 0) => f.write_char('…'),
        (printed, _) => printed,
    }
}

/// What is shown of a value, or of a view of one. Lists and maps are of these.
enum Shown<'s, V> {
    Nil,
    Bool(bool),
    Int(i128),
    Uint(u128),
    F32(f32),
    F64(f64),
    Char(char),
    Str(&'s str),
    Bytes(&'s [u8]),
    Some(&'s V),
    List(&'s [V]),
    Rows(&'s Rows),
    Records(&'s Records),
    RowsView(&'s RowsView<'s>),
    Map(&'s [(V, V)]),
    Array(&'s DynArrayView<'s>),
}

trait Show: Sized {
    fn shown(&self) -> Shown<'_, Self>;
}

impl Show for Value {
    fn shown(&self) -> Shown<'_, Self> {
        match self {
            Value::Nil => Shown::Nil,
            Value::Bool(value) => Shown::Bool(*value),
            Value::Int(value) => Shown::Int(*value),
            Value::Uint(value) => Shown::Uint(*value),
            Value::F32(value) => Shown::F32(*value),
            Value::F64(value) => Shown::F64(*value),
            Value::Char(value) => Shown::Char(*value),
            Value::Str(text) => Shown::Str(text),
            Value::Bytes(bytes) => Shown::Bytes(bytes),
            Value::Some(inner) => Shown::Some(inner),
            Value::List(shown) => list(shown),
            Value::Map(map) => Shown::Map(map.entries()),
            Value::Array(array) => Shown::Array(array),
        }
    }
}

impl Show for ValueView<'_> {
    fn shown(&self) -> Shown<'_, Self> {
        match self {
            ValueView::Nil => Shown::Nil,
            ValueView::Bool(value) => Shown::Bool(*value),
            ValueView::Int(value) => Shown::Int(*value),
            ValueView::Uint(value) => Shown::Uint(*value),
            ValueView::F32(value) => Shown::F32(*value),
            ValueView::F64(value) => Shown::F64(*value),
            ValueView::Char(value) => Shown::Char(*value),
            ValueView::Str(text) => Shown::Str(text),
            ValueView::Bytes(bytes) => Shown::Bytes(bytes),
            ValueView::Some(inner) => Shown::Some(inner),
            ValueView::List(values) => Shown::List(values),
            ValueView::Rows(rows) => Shown::RowsView(rows),
            ValueView::Map(entries) => Shown::Map(entries),
            ValueView::Array(array) => Shown::Array(array),
        }
    }
}

fn list(list: &List) -> Shown<'_, Value> {
    match &list.form {
        Form::Rows(rows) => Shown::Rows(rows),
        Form::Records(records) => Shown::Records(records),
        Form::Plain | Form::Built => Shown::List(&list.values),
    }
}

fn print<V: Show>(out: &mut Bounded<'_, '_>, shown: Shown<'_, V>) -> fmt::Result {
    match shown {
        Shown::Nil => out.write_str("nil"),
        Shown::Bool(value) => write!(out, "{value}"),
        Shown::Int(value) => write!(out, "{value}"),
        Shown::Uint(value) => write!(out, "{value}"),
        Shown::F32(value) => write!(out, "{value:?}f32"),
        Shown::F64(value) => write!(out, "{value:?}f64"),
        Shown::Char(value) => write!(out, "{value:?}"),
        Shown::Str(text) => match text.char_indices().nth(LONGEST_STR) {
            None => write!(out, "{text:?}"),
            Some((end, _)) => write!(out, "{:?}… ({} bytes)", &text[..end], text.len()),
        },
        Shown::Bytes(bytes) => write!(out, "bytes {}", bytes.len()),
        Shown::Some(inner) => {
            out.write_str("some(")?;
            print(out, inner.shown())?;
            out.write_char(')')
        }
        Shown::List(values) => {
            out.write_char('[')?;
            for (index, value) in values.iter().enumerate() {
                separate(out, index)?;
                print(out, value.shown())?;
            }
            out.write_char(']')
        }
        Shown::Rows(rows) => write_rows(out, rows),
        Shown::Records(records) => records.write(out),
        Shown::RowsView(rows) => rows.write(out),
        Shown::Map(entries) => {
            out.write_char('{')?;
            for (index, (key, value)) in entries.iter().enumerate() {
                separate(out, index)?;
                print(out, key.shown())?;
                out.write_str(": ")?;
                print(out, value.shown())?;
            }
            out.write_char('}')
        }
        Shown::Array(array) => write!(out, "{array:?}"),
    }
}

fn separate(out: &mut Bounded<'_, '_>, index: usize) -> fmt::Result {
    out.write_str(if index == 0 { "" } else { ", " })
}

fn write_rows(out: &mut Bounded<'_, '_>, rows: &Rows) -> fmt::Result {
    out.write_str(if rows.optional { "rows optional " } else { "rows " })?;
    write!(out, "{}", rows.dtype)?;
    if let [_, row @ ..] = &rows.shape[..]
        && !row.is_empty()
    {
        write!(out, " {row:?}")?;
    }
    write!(out, " n={}", rows.len())
}
