//! What comes next, shown to a visitor.

use alloc::vec::Vec;
use core::cell::Cell as Report;
use core::hint::black_box;

use serde::de::{self, Unexpected, Visitor};

use super::array::ArrayEntries;
use super::cell::Cell;
use super::deserializer::Deserializer;
use super::list::{Elements, List};
use super::map::{Entries, Map};
use super::next::{Next, Room};
use super::plan::Tag;
use super::rows::{Leaves, Records, leaves_of};
use super::source::Source;
use crate::error::{Error, Result};
use crate::wire::{Array, Node};

/// Shows what comes next as what it is.
#[inline]
pub(super) fn visit<'de, V: Visitor<'de>>(
    deserializer: &mut Deserializer<'de>,
    next: Next<'_, 'de>,
    visitor: V,
) -> Result<V::Value> {
    match next {
        Next::Node(Node::Nil) => visitor.visit_unit(),
        Next::Node(Node::Bool(value)) => visitor.visit_bool(value),
        Next::Node(Node::Uint(value)) => visitor.visit_u64(value),
        Next::Node(Node::Int(value)) => visitor.visit_i64(value),
        Next::Node(Node::F32(value)) => visitor.visit_f32(value),
        Next::Node(Node::F64(value)) => visitor.visit_f64(value),
        Next::Node(Node::Str(text) | Node::DataStr(text, _)) => visitor.visit_borrowed_str(text),
        other => visit_rare(deserializer, other, visitor),
    }
}

#[inline(never)]
pub(super) fn visit_cell<'de, V: Visitor<'de>>(
    deserializer: &mut Deserializer<'de>,
    cell: &Cell<'_, 'de>,
    visitor: V,
) -> Result<V::Value> {
    visit(deserializer, Next::of(cell), visitor)
}

#[inline(never)]
fn visit_rare<'de, V: Visitor<'de>>(
    deserializer: &mut Deserializer<'de>,
    next: Next<'_, 'de>,
    visitor: V,
) -> Result<V::Value> {
    match next {
        Next::Node(Node::WideUint(value)) => visitor.visit_u128(value),
        Next::Node(Node::WideInt(value)) => visitor.visit_i128(value),
        Next::Node(Node::Char(value)) => visitor.visit_char(value),
        Next::Node(Node::Bytes(bytes)) => visitor.visit_borrowed_bytes(bytes),
        Next::Node(Node::DataBytes(payload)) => visitor.visit_borrowed_bytes(payload.bytes),
        Next::Bytes(bytes) => visitor.visit_bytes(bytes),
        Next::Node(Node::Some) => {
            let value = visitor.visit_some(Source { deserializer: &mut *deserializer, cell: None })?;
            deserializer.reader.close();
            Ok(value)
        }
        other => visit_inside(deserializer, other, visitor),
    }
}

/// Shows what has an inside: to a target that can have nothing else, as a struct or a sequence.
pub(super) fn visit_inside<'de, V: Visitor<'de>>(
    deserializer: &mut Deserializer<'de>,
    next: Next<'_, 'de>,
    visitor: V,
) -> Result<V::Value> {
    let mut room = Room::default();
    match next.rows(&mut room) {
        Next::Node(Node::Map(entries)) => {
            map_visit(deserializer, Entries::Nodes { key: 0, is_map: false }, entries, visitor)
        }
        Next::Map(record) => map_visit(deserializer, Entries::Record(record), record.entries(), visitor),
        Next::Node(Node::Array(array)) => {
            let entries = ArrayEntries::new(&array);
            map_visit(deserializer, Entries::Array(entries), entries.len(), visitor)
                .map_err(|error| of_array(error, &array))
        }
        Next::Node(Node::List(count)) => list_visit(deserializer, Elements::Nodes, count, visitor),
        Next::List(elements, count) => list_visit(deserializer, elements, count, visitor),
        other => Err(refused(&other, &visitor)),
    }
}

/// What a visitor says that has no method for this. Here, so that each visitor needs none of these.
#[cold]
#[inline(never)]
pub(super) fn refused(next: &Next<'_, '_>, expected: &dyn de::Expected) -> Error {
    let found = match *next {
        Next::List(..) | Next::Node(Node::List(_) | Node::Rows(_)) => Unexpected::Seq,
        Next::Map(_) | Next::Node(Node::Map(_) | Node::Array(_)) => Unexpected::Map,
        Next::Bytes(bytes) | Next::Node(Node::Bytes(bytes)) => Unexpected::Bytes(bytes),
        Next::Node(node) => match node {
            Node::Nil => Unexpected::Unit,
            Node::Bool(value) => Unexpected::Bool(value),
            Node::Uint(value) => Unexpected::Unsigned(value),
            Node::Int(value) => Unexpected::Signed(value),
            Node::WideUint(_) => Unexpected::Other("integer as u128"),
            Node::WideInt(_) => Unexpected::Other("integer as i128"),
            Node::F32(value) => Unexpected::Float(value.into()),
            Node::F64(value) => Unexpected::Float(value),
            Node::Char(value) => Unexpected::Char(value),
            Node::Str(text) | Node::DataStr(text, _) => Unexpected::Str(text),
            Node::DataBytes(payload) => Unexpected::Bytes(payload.bytes),
            _ => Unexpected::Option,
        },
    };
    de::Error::invalid_type(found, expected)
}

#[cold]
fn of_array(error: Error, array: &Array<'_>) -> Error {
    let shape: Vec<u64> = array.dims.iter().collect();
    error.found_array(format_args!("an array of {} {shape:?}", array.dtype))
}

pub(super) fn list_visit<'de, V: Visitor<'de>>(
    deserializer: &mut Deserializer<'de>,
    elements: Elements<'_, 'de>,
    count: usize,
    visitor: V,
) -> Result<V::Value> {
    let mut list = List::new(deserializer, elements, count);
    let value = visitor.visit_seq(&mut list)?;
    list.end()?;
    Ok(value)
}

/// The same for a target that is a list.
#[inline(never)]
pub(super) fn rows_visit<'de, V: Visitor<'de>>(
    deserializer: &mut Deserializer<'de>,
    next: Next<'_, 'de>,
    visitor: V,
) -> Result<V::Value> {
    let mut room = Room::default();
    let (elements, count) = match next.sequence(deserializer, &mut room)? {
        Next::List(elements, count) => (elements, count),
        other => return visit_inside(deserializer, other, visitor),
    };
    let leaves = leaves_of(&elements);
    let mut list = List::new(deserializer, elements, count);
    match leaves {
        Some((tag, width, bytes)) => leaves_visit(&mut list, tag, width, bytes, visitor),
        None => records_visit(&mut list, visitor),
    }
}

/// A list of leaves, none of which is empty.
#[inline]
pub(super) fn leaves_visit<'de, V: Visitor<'de>>(
    list: &mut List<'_, 'de>,
    tag: Tag,
    width: usize,
    bytes: &[u8],
    visitor: V,
) -> Result<V::Value> {
    let unread = Report::new(bytes.len());
    let leaves = Leaves { list, tag, width, bytes, zero: black_box(0), unread: &unread };
    let value = visitor.visit_seq(leaves)?;
    list.left = if unread.get() == 0 { 0 } else { unread.get() / width };
    list.end()?;
    Ok(value)
}

pub(super) fn records_visit<'de, V: Visitor<'de>>(list: &mut List<'_, 'de>, visitor: V) -> Result<V::Value> {
    let unread = Report::new(list.count);
    let value = visitor.visit_seq(Records::new(list, &unread))?;
    list.left = unread.get();
    list.end()?;
    Ok(value)
}

pub(super) fn map_visit<'de, V: Visitor<'de>>(
    deserializer: &mut Deserializer<'de>,
    entries: Entries<'_, 'de>,
    count: usize,
    visitor: V,
) -> Result<V::Value> {
    let mut map = Map::new(deserializer, entries, count);
    let value = visitor.visit_map(&mut map)?;
    map.end()?;
    Ok(value)
}
