//! A view of a value for people: on one line, of bounded length, with dtype and shape instead of elements.

use core::fmt::{self, Write};

use super::list::{Form, List, Rows};
use super::{Map, Value};

/// Characters printed at most, and of one str.
const LONGEST: usize = 2000;
const LONGEST_STR: usize = 64;

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        bounded(f, |out| value(out, self))
    }
}

impl fmt::Debug for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        bounded(f, |out| list(out, self))
    }
}

impl fmt::Debug for Map {
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

fn value(out: &mut Bounded<'_, '_>, shown: &Value) -> fmt::Result {
    match shown {
        Value::Nil => out.write_str("nil"),
        Value::Bool(value) => write!(out, "{value}"),
        Value::Int(value) => write!(out, "{value}"),
        Value::Uint(value) => write!(out, "{value}"),
        Value::F32(value) => write!(out, "{value:?}f32"),
        Value::F64(value) => write!(out, "{value:?}f64"),
        Value::Char(value) => write!(out, "{value:?}"),
        Value::Str(text) => match text.char_indices().nth(LONGEST_STR) {
            None => write!(out, "{text:?}"),
            Some((end, _)) => write!(out, "{:?}… ({} bytes)", &text[..end], text.len()),
        },
        Value::Bytes(bytes) => write!(out, "bytes {}", bytes.len()),
        Value::Some(inner) => {
            out.write_str("some(")?;
            value(out, inner)?;
            out.write_char(')')
        }
        Value::List(shown) => list(out, shown),
        Value::Map(shown) => map(out, shown),
        Value::Array(array) => write!(out, "{array:?}"),
    }
}

fn list(out: &mut Bounded<'_, '_>, list: &List) -> fmt::Result {
    match &list.form {
        Form::Rows(rows) => return write_rows(out, rows),
        Form::Records(records) => return records.write(out),
        Form::Plain | Form::Built => {}
    }
    out.write_char('[')?;
    for (index, element) in list.values.iter().enumerate() {
        if index > 0 {
            out.write_str(", ")?;
        }
        value(out, element)?;
    }
    out.write_char(']')
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

fn map(out: &mut Bounded<'_, '_>, map: &Map) -> fmt::Result {
    out.write_char('{')?;
    for (index, (key, shown)) in map.entries().iter().enumerate() {
        if index > 0 {
            out.write_str(", ")?;
        }
        value(out, key)?;
        out.write_str(": ")?;
        value(out, shown)?;
    }
    out.write_char('}')
}
