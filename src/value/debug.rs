//! A view of a value for people: on one line, of bounded length, with dtype and shape instead of elements.

use core::fmt::{self, Write};

use super::{List, Map, ValueView};

/// Characters printed at most, and of one str.
const LONGEST: usize = 2000;
const LONGEST_STR: usize = 64;

impl fmt::Debug for ValueView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        bounded(f, |out| value(out, self))
    }
}

impl fmt::Debug for List<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        bounded(f, |out| list(out, self))
    }
}

impl fmt::Debug for Map<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        bounded(f, |out| map(out, self))
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

fn value(out: &mut Bounded<'_, '_>, shown: &ValueView<'_>) -> fmt::Result {
    match shown {
        ValueView::Nil => out.write_str("nil"),
        ValueView::Bool(value) => write!(out, "{value}"),
        ValueView::Int(value) => write!(out, "{value}"),
        ValueView::Uint(value) => write!(out, "{value}"),
        ValueView::F32(value) => write!(out, "{value:?}f32"),
        ValueView::F64(value) => write!(out, "{value:?}f64"),
        ValueView::Char(value) => write!(out, "{value:?}"),
        ValueView::Str(text) => match text.char_indices().nth(LONGEST_STR) {
            None => write!(out, "{text:?}"),
            Some((end, _)) => write!(out, "{:?}… ({} bytes)", &text[..end], text.len()),
        },
        ValueView::Bytes(bytes) => write!(out, "bytes {}", bytes.len()),
        ValueView::Some(inner) => {
            out.write_str("some(")?;
            value(out, inner)?;
            out.write_char(')')
        }
        ValueView::List(shown) => list(out, shown),
        ValueView::Map(shown) => map(out, shown),
        ValueView::Array(array) => write!(out, "{array:?}"),
    }
}

fn list(out: &mut Bounded<'_, '_>, list: &List<'_>) -> fmt::Result {
    let Some(values) = list.values() else {
        return match list.schema() {
            Some(schema) => write!(out, "rows {schema:#} n={}", list.len()),
            None => Ok(()),
        };
    };
    out.write_char('[')?;
    for (index, inner) in values.iter().enumerate() {
        separate(out, index)?;
        value(out, inner)?;
    }
    out.write_char(']')
}

fn map(out: &mut Bounded<'_, '_>, map: &Map<'_>) -> fmt::Result {
    out.write_char('{')?;
    for (index, (key, inner)) in map.entries().iter().enumerate() {
        separate(out, index)?;
        value(out, key)?;
        out.write_str(": ")?;
        value(out, inner)?;
    }
    out.write_char('}')
}

fn separate(out: &mut Bounded<'_, '_>, index: usize) -> fmt::Result {
    out.write_str(if index == 0 { "" } else { ", " })
}
