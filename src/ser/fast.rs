//! The fast lane: one row that is expected to be like those before.

use core::fmt;

use serde::ser::{self, Impossible, Serialize};

use super::general::{Done, General};
use super::miss::Miss;
use super::plan::{CHUNK, Cursor, Moved, PLACES, Row, tag};
use crate::dtype::DType;
use crate::error::Result;
use crate::token;

type Written = core::result::Result<Moved, Miss>;

/// Writes one value of a row, or the row. Returns how far it has moved.
pub(super) struct Fast<'r> {
    pub(super) row: &'r mut Row,
    pub(super) cursor: Cursor,
}

/// In a cursor's place: the presence byte of an optional has been written.
const PRESENT: usize = 1 << 31;

impl<'r> Fast<'r> {
    #[inline(always)]
    fn scalar<const N: usize>(self, dtype: DType, bytes: [u8; N]) -> Written {
        let (at, pos) = (self.cursor.at(), self.cursor.pos());
        let code = u32::from(dtype.code());
        let is_present = at & PRESENT != 0;
        let expected = if is_present { tag::of_len(code | tag::OPTIONAL, 1 + N) } else { code };
        let at = at & !PRESENT;
        // Nothing but this is returned, so that the places of a struct's fields are constants.
        match self.row.tag(at) == expected && self.row.put(pos, bytes) {
            true => Moved::by(1, N),
            false => Err(self.row.miss(at)),
        }
    }

    /// A node, written on the general lane.
    fn node(self, write: impl FnOnce(General<'_>) -> Result<Done>) -> Written {
        let at = self.cursor.at();
        if !matches!(self.row.tag(at), tag::NODE | tag::ANY_NODE) {
            return Err(self.miss());
        }
        match write(General::node(self.row.at_node(at))) {
            Ok(_) => Moved::by(1, 0),
            // The general lane writes the row once more, and meets the error again.
            Err(_) => {
                self.row.cx.recover();
                Err(self.miss())
            }
        }
    }

    fn nil(self) -> Written {
        let (at, pos) = (self.cursor.at(), self.cursor.pos());
        match self.row.tag(at) {
            tag::NIL => Moved::by(1, 0),
            tag::ANY_NODE => {
                self.row.cx.out.meta.push(crate::wire::tag::NIL);
                Moved::by(1, 0)
            }
            tag if tag & 0xC0 == tag::OPTIONAL && self.row.put(pos, [0; 9]) => Moved::by(1, (tag >> 8) as usize),
            _ => Err(self.miss()),
        }
    }

    #[inline(never)]
    fn str(self, value: &str) -> Written {
        if !matches!(self.row.tag(self.cursor.at()), tag::NODE | tag::ANY_NODE) {
            return Err(self.miss());
        }
        self.row.cx.out.put_str(value);
        Moved::by(1, 0)
    }

    #[inline(always)]
    fn open(self, expected: u32, is_even: bool, len: usize) -> core::result::Result<Places<'r>, Miss> {
        let (at, pos) = (self.cursor.at() & (PLACES - 1), self.cursor.pos() & (2 * CHUNK - 1));
        if self.row.tag(at) != expected {
            return Err(self.row.miss(at));
        }
        Ok(Places { row: self.row, at, pos, moved_at: 1, moved_pos: 0, count: 0, len, is_even, outer: 0 })
    }

    #[inline(always)]
    fn tuple(self, len: usize) -> core::result::Result<Places<'r>, Miss> {
        let is_even = self.row.tag(self.cursor.at()) == tag::of_len(tag::EVEN, len);
        self.open(tag::of_len(if is_even { tag::EVEN } else { tag::TUPLE }, len), is_even, len)
    }

    /// Goes into the map of one entry around the content of a variant.
    #[inline]
    fn variant(self, name: &str) -> core::result::Result<Fast<'r>, Miss> {
        let at = self.cursor.at() & (PLACES - 1);
        if self.row.tag(at) != tag::of_len(tag::MAP, 1) || !self.row.is_named(at + 1, name) {
            return Err(self.row.miss(at));
        }
        Ok(Fast { row: self.row, cursor: Cursor::new(at + 1, self.cursor.pos()) })
    }

    #[cold]
    fn miss(self) -> Miss {
        self.row.miss(self.cursor.at() & !PRESENT)
    }
}

macro_rules! scalars {
    ($($method:ident $type:ty => $variant:ident;)*) => {$(
        #[inline(always)]
        fn $method(self, value: $type) -> Written {
            self.scalar(DType::$variant, value.to_le_bytes())
        }
    )*};
}

impl<'r> ser::Serializer for Fast<'r> {
    type Ok = Moved;
    type Error = Miss;
    type SerializeSeq = Impossible<Moved, Miss>;
    type SerializeTuple = Places<'r>;
    type SerializeTupleStruct = Places<'r>;
    type SerializeTupleVariant = Places<'r>;
    type SerializeMap = Impossible<Moved, Miss>;
    type SerializeStruct = Places<'r>;
    type SerializeStructVariant = Places<'r>;

    scalars! {
        serialize_u8 u8 => U8;
        serialize_u16 u16 => U16;
        serialize_u32 u32 => U32;
        serialize_u64 u64 => U64;
        serialize_i8 i8 => I8;
        serialize_i16 i16 => I16;
        serialize_i32 i32 => I32;
        serialize_i64 i64 => I64;
        serialize_f32 f32 => F32;
        serialize_f64 f64 => F64;
    }

    #[inline(always)]
    fn serialize_bool(self, value: bool) -> Written {
        self.scalar(DType::Bool, [u8::from(value)])
    }

    fn serialize_u128(self, value: u128) -> Written {
        self.node(|general| general.serialize_u128(value))
    }

    fn serialize_i128(self, value: i128) -> Written {
        self.node(|general| general.serialize_i128(value))
    }

    fn serialize_char(self, value: char) -> Written {
        self.node(|general| general.serialize_char(value))
    }

    #[inline(always)]
    fn serialize_str(self, value: &str) -> Written {
        self.str(value)
    }

    fn serialize_bytes(self, value: &[u8]) -> Written {
        self.node(|general| general.serialize_bytes(value))
    }

    #[inline(always)]
    fn serialize_none(self) -> Written {
        self.nil()
    }

    #[inline(always)]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Written {
        let (at, pos) = (self.cursor.at(), self.cursor.pos());
        if at & PRESENT != 0 {
            return value.serialize(self);
        }
        match self.row.tag(at) {
            tag::ANY_NODE => self.node(|general| general.serialize_some(value)),
            // A none inside is a node, so it is not for this lane.
            tag::NIL => Err(self.miss()),
            tag if tag & 0xC0 == tag::OPTIONAL => {
                if !self.row.put(pos, [1]) {
                    return Err(self.miss());
                }
                let cursor = Cursor::new(at | PRESENT, pos + 1);
                let moved = value.serialize(Fast { row: self.row, cursor })?;
                Moved::by(moved.at(), moved.pos() + 1)
            }
            _ => value.serialize(self),
        }
    }

    fn serialize_unit(self) -> Written {
        self.nil()
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Written {
        self.nil()
    }

    fn serialize_unit_variant(self, _name: &'static str, _index: u32, variant: &'static str) -> Written {
        self.str(variant)
    }

    #[inline(always)]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Written {
        match token::Written::of(name) {
            None => value.serialize(self),
            Some(_) => self.node(|general| general.serialize_newtype_struct(name, value)),
        }
    }

    #[inline]
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Written {
        if self.row.tag(self.cursor.at()) == tag::ANY_NODE {
            return self.node(|general| general.serialize_newtype_variant(name, index, variant, value));
        }
        let moved = value.serialize(self.variant(variant)?)?;
        Moved::by(1 + moved.at(), moved.pos())
    }

    fn serialize_seq(self, _len: Option<usize>) -> core::result::Result<Self::SerializeSeq, Miss> {
        Err(self.miss())
    }

    #[inline(always)]
    fn serialize_tuple(self, len: usize) -> core::result::Result<Places<'r>, Miss> {
        self.tuple(len)
    }

    #[inline(always)]
    fn serialize_tuple_struct(self, _name: &'static str, len: usize) -> core::result::Result<Places<'r>, Miss> {
        self.tuple(len)
    }

    #[inline]
    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        len: usize,
    ) -> core::result::Result<Places<'r>, Miss> {
        Ok(Places { outer: 1, ..self.variant(variant)?.tuple(len)? })
    }

    fn serialize_map(self, _len: Option<usize>) -> core::result::Result<Self::SerializeMap, Miss> {
        Err(self.miss())
    }

    #[inline(always)]
    fn serialize_struct(self, _name: &'static str, len: usize) -> core::result::Result<Places<'r>, Miss> {
        self.open(tag::of_len(tag::MAP, len), false, len)
    }

    #[inline]
    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        len: usize,
    ) -> core::result::Result<Places<'r>, Miss> {
        Ok(Places { outer: 1, ..self.variant(variant)?.open(tag::of_len(tag::MAP, len), false, len)? })
    }

    fn collect_seq<I>(self, iter: I) -> Written
    where
        I: IntoIterator,
        I::Item: Serialize,
    {
        self.node(|general| general.collect_seq(iter))
    }

    fn collect_map<K, V, I>(self, iter: I) -> Written
    where
        K: Serialize,
        V: Serialize,
        I: IntoIterator<Item = (K, V)>,
    {
        match self.row.tag(self.cursor.at()) {
            tag::ANY_NODE => self.node(|general| general.collect_map(iter)),
            _ => Err(self.miss()),
        }
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, value: &T) -> Written {
        self.node(|general| general.collect_str(value))
    }

    fn is_human_readable(&self) -> bool {
        true
    }
}

/// The places of a tuple or struct of the row.
pub(super) struct Places<'r> {
    row: &'r mut Row,
    at: usize,
    pos: usize,
    /// How far behind `at` and `pos` the next place is; in an even tuple all are at one place of the plan.
    moved_at: usize,
    moved_pos: usize,
    count: usize,
    len: usize,
    is_even: bool,
    /// 1 inside the map of a variant.
    outer: usize,
}

/// For the count of places: one has missed, and so will the whole, even if the miss is swallowed.
const MISSED: usize = usize::MAX;

impl Places<'_> {
    #[inline(always)]
    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> core::result::Result<(), Miss> {
        let offset = if self.is_even { 1 } else { self.moved_at };
        let cursor = Cursor::new(self.at + offset, self.pos + self.moved_pos);
        match value.serialize(Fast { row: &mut *self.row, cursor }) {
            Ok(moved) => {
                self.moved_at = offset + moved.at();
                self.moved_pos += moved.pos();
                self.count += 1;
                Ok(())
            }
            Err(Miss) => {
                self.count = MISSED;
                Err(Miss)
            }
        }
    }

    #[inline(always)]
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> core::result::Result<(), Miss> {
        match self.count < self.len {
            true => self.value(value),
            false => Err(self.missed()),
        }
    }

    #[inline(always)]
    fn field<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> core::result::Result<(), Miss> {
        match self.count < self.len && self.row.is_named(self.at + self.moved_at, name) {
            true => self.value(value),
            false => Err(self.missed()),
        }
    }

    #[inline(always)]
    fn finish(self) -> Written {
        match self.count == self.len {
            true => Moved::by(self.outer + self.moved_at, self.moved_pos),
            false => Err(self.row.miss(self.at)),
        }
    }

    /// Not one function for all, so that what is open need not stand in memory.
    #[inline(always)]
    fn missed(&mut self) -> Miss {
        // With a place too many, the container has not ended either.
        let ended = usize::from(self.count >= self.len);
        self.count = MISSED;
        self.row.miss(self.at + self.moved_at - ended)
    }
}

macro_rules! tuples {
    ($($trait:ident $method:ident,)*) => {$(
        impl ser::$trait for Places<'_> {
            type Ok = Moved;
            type Error = Miss;

            #[inline(always)]
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> core::result::Result<(), Miss> {
                self.element(value)
            }

            #[inline(always)]
            fn end(self) -> Written {
                self.finish()
            }
        }
    )*};
}

tuples! {
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field,
}

macro_rules! structs {
    ($($trait:ident,)*) => {$(
        impl ser::$trait for Places<'_> {
            type Ok = Moved;
            type Error = Miss;

            #[inline(always)]
            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> core::result::Result<(), Miss> {
                self.field(name, value)
            }

            #[inline(always)]
            fn end(self) -> Written {
                self.finish()
            }
        }
    )*};
}

structs! { SerializeStruct, SerializeStructVariant, }
