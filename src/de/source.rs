//! The general lane: nodes and cells to serde's visits.

use alloc::vec::Vec;
use core::cell::Cell as Report;

use serde::de::{self, Unexpected, Visitor};

use super::array::{ArrayEntries, Parts, STOCK};
use super::cell::{Bytes, Cell, Packed};
use super::deserializer::Deserializer;
use super::list::{Elements, List, check_entries_read};
use super::map::Entries;
use super::next::{Next, Room};
use super::plan::Tag;
use super::variant::{Form, Variant};
use super::visit::{
    leaves_visit, list_visit, map_visit, records_visit, refused, rows_visit, visit, visit_cell, visit_inside,
};
use crate::dtype::DType;
use crate::error::{Error, Result};
use crate::token;
use crate::wire::{Array, Dims, Node, RowSchema, Rows};

/// What any target is read from: the next node, or a cell.
pub(super) struct Source<'a, 'de> {
    pub(super) deserializer: &'a mut Deserializer<'de>,
    pub(super) cell: Option<&'a Cell<'a, 'de>>,
}

impl<'a, 'de> Source<'a, 'de> {
    #[inline]
    fn next(self) -> Result<(&'a mut Deserializer<'de>, Next<'a, 'de>)> {
        let next = match self.cell {
            None => Next::Node(self.deserializer.reader.node()?),
            Some(cell) => Next::of(cell),
        };
        Ok((self.deserializer, next))
    }

    /// The next thing as what it is.
    #[inline]
    fn other<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.cell {
            None => {
                let node = self.deserializer.reader.node()?;
                visit(self.deserializer, Next::Node(node), visitor)
            }
            // Arrays have many of these.
            Some(Cell::Number(number)) => visitor.visit_u64(*number),
            Some(cell) => visit_cell(self.deserializer, cell, visitor),
        }
    }

    /// The content of a tuple variant.
    pub(super) fn positions<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let mut room = Room::default();
        match self.sequence(&mut room)? {
            (deserializer, Next::List(elements, count)) => list_visit(deserializer, elements, count, visitor),
            (deserializer, next) => visit(deserializer, next, visitor),
        }
    }

    fn bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if let Some(Cell::List(list)) = self.cell
            && let Some(bytes) = list.as_bytes()
        {
            return bytes.visit(visitor);
        }
        match self.next()? {
            (_, Next::Node(Node::Rows(Rows { schema: RowSchema::Scalar(DType::U8), fixed, .. }))) => {
                visitor.visit_borrowed_bytes(fixed)
            }
            (_, Next::Node(Node::Array(Array { dtype: DType::U8, dims, payload, .. }))) if dims.rank() == 1 => {
                visitor.visit_borrowed_bytes(payload.bytes)
            }
            (_, Next::Node(Node::Rows(Rows { count: 0, .. }))) => visitor.visit_borrowed_bytes(&[]),
            (deserializer, Next::Node(Node::List(0))) => {
                deserializer.reader.close();
                visitor.visit_borrowed_bytes(&[])
            }
            (deserializer, next) => visit(deserializer, next, visitor),
        }
    }

    /// The next thing, for a target that is a sequence.
    fn next_sequence(self) -> Result<(&'a mut Deserializer<'de>, Next<'a, 'de>)> {
        match self.cell {
            Some(Cell::Elements(list)) => Ok((self.deserializer, Next::list(*list))),
            _ => self.next(),
        }
    }

    fn sequence(self, room: &'a mut Room<'de>) -> Result<(&'a mut Deserializer<'de>, Next<'a, 'de>)> {
        let (deserializer, next) = self.next_sequence()?;
        let next = next.sequence(deserializer, room)?;
        Ok((deserializer, next))
    }

    /// A target of this crate.
    #[inline(never)]
    fn token<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value> {
        let Source { deserializer, cell } = self;
        match (name, cell) {
            (token::VALUE, None) => {
                let (value, [at, meta_end, data_at]) = (deserializer.value, deserializer.reader.place());
                deserializer.reader.skip()?;
                let [at, meta_end, data_at] = [at, meta_end, data_at].map(Cell::Number);
                let place = [Cell::Bytes(value), at, meta_end, data_at];
                list_visit(deserializer, Elements::Cells(&place), place.len(), visitor)
            }
            (token::ARRAY, None) if deserializer.reader.next_is_array_like() => {
                let node = deserializer.reader.node()?;
                match Parts::of(&node) {
                    Some(parts) => parts.visit(deserializer, visitor),
                    None => visit(deserializer, Next::Node(node), visitor),
                }
            }
            // There are no rows without elements.
            (token::ARRAY | token::VALUE, Some(Cell::List(list)))
                if list.dtype.is_row_scalar() && (name == token::ARRAY || !list.bytes.get().is_empty()) =>
            {
                Parts::of_list(*list).visit(deserializer, visitor)
            }
            (token::ARRAY | token::VALUE, Some(Cell::Dims(dims))) if dims.rank() > 0 => {
                let made: Vec<u8> = dims.iter().flat_map(u64::to_le_bytes).collect();
                Parts::of_list(Packed::flat(DType::U64, Bytes::Made(&made))).visit(deserializer, visitor)
            }
            // An untyped value keeps a tuple apart from a list that may take another form.
            (token::VALUE, Some(tuple @ Cell::Tuple(_))) => {
                map_visit(deserializer, Entries::Part(token::TUPLE, tuple), 1, visitor)
            }
            (token::RAW_JSON, _) | (token::CONTENT, Some(Cell::Map(_))) => Source { deserializer, cell }.other(visitor),
            _ => visitor.visit_newtype_struct(Source { deserializer, cell }),
        }
    }
}

macro_rules! any {
    ($($method:ident)*) => {$(
        #[inline]
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
            self.deserialize_any(visitor)
        }
    )*};
}

impl<'de> de::Deserializer<'de> for Source<'_, 'de> {
    type Error = Error;

    #[inline]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.other(visitor)
    }

    any! {
        deserialize_bool deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_f32 deserialize_f64 deserialize_char deserialize_unit
    }

    /// Also asked of a struct with flattened maps, which keeps any key for these.
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.next()? {
            (deserializer, Next::Node(Node::Map(entries))) => {
                map_visit(deserializer, Entries::Nodes { key: 0, is_map: true }, entries, visitor)
            }
            (deserializer, next) => visit_inside(deserializer, next, visitor),
        }
    }

    #[inline]
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if self.cell.is_none()
            && let Some(text) = self.deserializer.reader.short_str()?
        {
            return visitor.visit_borrowed_str(text);
        }
        self.other(visitor)
    }

    #[inline]
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.bytes(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.bytes(visitor)
    }

    #[inline]
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.cell {
            None if self.deserializer.reader.next_is_nil() => {
                self.deserializer.reader.node()?;
                visitor.visit_none()
            }
            None if self.deserializer.reader.next_is_some() => {
                self.deserializer.reader.node()?;
                let value = visitor.visit_some(Source { deserializer: &mut *self.deserializer, cell: None })?;
                self.deserializer.reader.close();
                Ok(value)
            }
            Some(cell) if cell.is_absent() => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result<V::Value> {
        match self.next()? {
            (_, Next::Node(Node::Nil)) => visitor.visit_unit(),
            (_, other) => Err(refused(&other, &visitor)),
        }
    }

    #[inline]
    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value> {
        if !name.starts_with('$') {
            return visitor.visit_newtype_struct(self);
        }
        self.token(name, visitor).map_err(|error| if name == token::ARRAY { error.of_array() } else { error })
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if self.cell.is_some() {
            let (deserializer, next) = self.next_sequence()?;
            return rows_visit(deserializer, next, visitor);
        }
        let deserializer = self.deserializer;
        let (dtype, count, fixed) = match deserializer.reader.short_list() {
            Some(list) => list,
            None => match deserializer.reader.node()? {
                Node::List(count) => {
                    let mut list = List::new(deserializer, Elements::Nodes, count);
                    return records_visit(&mut list, visitor);
                }
                Node::Rows(Rows { schema: RowSchema::Scalar(dtype), count, fixed, .. }) => (dtype, count, fixed),
                node => return rows_visit(deserializer, Next::Node(node), visitor),
            },
        };
        // Lists of scalars are many: these at once.
        let (width, count) = (dtype.size(), usize::try_from(count).unwrap_or(usize::MAX));
        let packed = Packed { dtype, count, dims: Dims::NONE, bytes: Bytes::Lent(fixed) };
        let mut list = List::new(deserializer, Elements::Packed(packed, width), count);
        leaves_visit(&mut list, Tag::scalar(dtype), width, fixed, visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value> {
        let mut room = Room::default();
        match self.sequence(&mut room)? {
            (deserializer, Next::List(elements, count)) => list_visit(deserializer, elements, count, visitor),
            (deserializer, next) => visit_inside(deserializer, next, visitor),
        }
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value> {
        self.deserialize_tuple(len, visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        let Source { deserializer, cell } = self;
        let next = match cell {
            None => match deserializer.reader.node()? {
                Node::Map(entries) => {
                    return map_visit(deserializer, Entries::Nodes { key: 0, is_map: false }, entries, visitor);
                }
                node => Next::Node(node),
            },
            Some(Cell::Map(record)) => {
                return map_visit(deserializer, Entries::Record(*record), record.entries(), visitor);
            }
            Some(cell) => Next::of(cell),
        };
        match next {
            Next::Node(Node::Array(array)) if name == STOCK.0 && fields == STOCK.1 => {
                // The struct, the dims and the elements are three sequences.
                deserializer.reader.spend(3)?;
                let mut room = Vec::new();
                let entries = ArrayEntries::stock(&array, &mut room);
                map_visit(deserializer, Entries::Array(entries), entries.len(), visitor)
            }
            next => visit_inside(deserializer, next, visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        let (deserializer, next) = self.next()?;
        let (form, entries) = match next {
            Next::Node(Node::Str(name) | Node::DataStr(name, _)) => (Form::Unit(name), None),
            Next::Node(Node::Map(entries)) => (Form::Nodes(deserializer.offset()), Some(entries)),
            Next::Map(record) => (Form::Record(record), Some(record.entries())),
            other => return visit(deserializer, other, visitor),
        };
        match entries {
            Some(1) if matches!(form, Form::Record(_)) => deserializer.reader.enter(1),
            None | Some(1) => {}
            Some(entries) => {
                let expected = "a map of one entry, the variant and its content";
                return Err(de::Error::invalid_length(entries, &expected));
            }
        }
        let unread = Report::new(usize::from(entries.is_some()));
        let value = visitor.visit_enum(Variant { deserializer: &mut *deserializer, form, unread: &unread })?;
        check_entries_read(unread.get(), 1)?;
        if entries.is_some() {
            deserializer.reader.close();
        }
        Ok(value)
    }

    /// A field or variant by its name alone: derived code would take an integer for a position. A key of a map may be one.
    #[inline]
    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if self.cell.is_none()
            && let Some(name) = self.deserializer.reader.short_str()?
        {
            return visitor.visit_borrowed_str(name);
        }
        let is_map_key = match self.cell {
            None => self.deserializer.map_key == self.deserializer.offset(),
            Some(cell) => !matches!(cell, Cell::Scalar(..) | Cell::Optional(..)),
        };
        match self.next()? {
            (_, Next::Node(Node::Str(name) | Node::DataStr(name, _))) => visitor.visit_borrowed_str(name),
            (_, Next::Node(Node::Bytes(name))) => visitor.visit_borrowed_bytes(name),
            (_, Next::Node(Node::DataBytes(name))) => visitor.visit_borrowed_bytes(name.bytes),
            // Only the type is named in a message, never the number.
            (_, Next::Node(Node::Uint(_) | Node::Int(_))) if !is_map_key => {
                Err(de::Error::invalid_type(Unexpected::Unsigned(0), &"a field name"))
            }
            (_, Next::Node(Node::Uint(value))) => visitor.visit_u64(value),
            (_, Next::Node(Node::Int(value))) => visitor.visit_i64(value),
            (_, Next::Node(Node::Bool(value))) => visitor.visit_bool(value),
            (_, Next::Node(Node::F32(value))) => visitor.visit_f32(value),
            (_, Next::Node(Node::F64(value))) => visitor.visit_f64(value),
            (_, Next::Node(Node::Char(value))) => visitor.visit_char(value),
            (_, Next::Node(Node::Nil)) => visitor.visit_unit(),
            (_, other) => Err(refused(&other, &visitor)),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.cell {
            None => self.deserializer.reader.skip()?,
            Some(cell) => cell.skip(&mut self.deserializer.reader)?,
        }
        visitor.visit_unit()
    }
}
