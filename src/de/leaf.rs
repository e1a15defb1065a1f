//! The fast lane of rows that are leaves: scalars, optional scalars and lists of scalars.

use core::cell::Cell as Report;
use core::marker::PhantomData;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer as _, Visitor};

use super::cell::{Bytes, Cell, Packed};
use super::deserializer::Deserializer;
use super::list::unread;
use super::plan::Tag;
use super::source::Source;
use crate::dtype::DType;
use crate::error::{Error, Result};

/// The leaf at the front of these bytes.
pub(super) struct Leaf<'r, 'de> {
    pub(super) deserializer: &'r mut Deserializer<'de>,
    pub(super) tag: Tag,
    /// Bytes of all of it.
    pub(super) width: usize,
    /// Keeps the bits of a float in an integer register. Without it each float is spilled to the stack around the call by which
    /// `Vec::push` may grow; and a struct of floats goes through memory in halves, which the processor waits for.
    pub(super) zero: u32,
    pub(super) bytes: &'r [u8],
}

impl<'de> Leaf<'_, 'de> {
    #[inline(always)]
    fn scalar<const N: usize>(&self, tag: Tag) -> Option<[u8; N]> {
        self.bytes.first_chunk().filter(|_| self.tag == tag).copied()
    }

    /// Reads it by the general lane.
    #[inline]
    fn general<T>(self, read: impl FnOnce(Source<'_, 'de>) -> Result<T>) -> Result<T> {
        let cell = cell(self.tag, self.width, self.bytes);
        read(Source { deserializer: self.deserializer, cell: Some(&cell) })
    }
}

/// Another scalar than was asked for. By its parts, which are in registers.
#[cold]
#[inline(never)]
fn other<'de, V: Visitor<'de>>(
    deserializer: &mut Deserializer<'de>,
    tag: Tag,
    width: usize,
    bytes: &[u8],
    visitor: V,
) -> Result<V::Value> {
    Source { deserializer, cell: Some(&cell(tag, width, bytes)) }.deserialize_any(visitor)
}

#[inline(never)]
fn cell<'a, 'de: 'a>(tag: Tag, width: usize, bytes: &'a [u8]) -> Cell<'a, 'de> {
    match tag {
        _ if tag.is_list() => {
            let bytes = bytes.get(..width).unwrap_or_default();
            Cell::List(Packed::flat(tag.dtype(), Bytes::Made(bytes)))
        }
        _ if tag.is_optional() => Cell::Optional(tag.dtype(), bytes),
        _ => Cell::Scalar(tag.dtype(), bytes),
    }
}

macro_rules! scalars {
    ($($method:ident $dtype:ident |$bytes:ident, $visitor:ident, $zero:ident| $visit:expr;)*) => {$(
        #[inline(always)]
        fn $method<V: Visitor<'de>>(self, $visitor: V) -> Result<V::Value> {
            match self.scalar(const { Tag::scalar(DType::$dtype) }) {
                Some($bytes) => {
                    let $zero = self.zero;
                    $visit
                }
                None => other(self.deserializer, self.tag, self.width, self.bytes, $visitor),
            }
        }
    )*};
}

macro_rules! general {
    ($($method:ident($($argument:ident: $type:ty),*);)*) => {$(
        fn $method<V: Visitor<'de>>(self, $($argument: $type,)* visitor: V) -> Result<V::Value> {
            self.general(|source| source.$method($($argument,)* visitor))
        }
    )*};
}

/// Integers are shown by value, as a node shows them.
macro_rules! signed {
    ($value:expr, $visitor:ident) => {
        match u64::try_from($value) {
            Ok(value) => $visitor.visit_u64(value),
            Err(_) => $visitor.visit_i64($value.into()),
        }
    };
}
pub(super) use signed;

impl<'de> de::Deserializer<'de> for Leaf<'_, 'de> {
    type Error = Error;

    scalars! {
        deserialize_bool Bool |bytes, visitor, _zero| visitor.visit_bool(bytes == [1]);
        deserialize_u8 U8 |bytes, visitor, _zero| visitor.visit_u64(u8::from_le_bytes(bytes).into());
        deserialize_u16 U16 |bytes, visitor, _zero| visitor.visit_u64(u16::from_le_bytes(bytes).into());
        deserialize_u32 U32 |bytes, visitor, _zero| visitor.visit_u64(u32::from_le_bytes(bytes).into());
        deserialize_u64 U64 |bytes, visitor, _zero| visitor.visit_u64(u64::from_le_bytes(bytes));
        deserialize_i8 I8 |bytes, visitor, _zero| signed!(i8::from_le_bytes(bytes), visitor);
        deserialize_i16 I16 |bytes, visitor, _zero| signed!(i16::from_le_bytes(bytes), visitor);
        deserialize_i32 I32 |bytes, visitor, _zero| signed!(i32::from_le_bytes(bytes), visitor);
        deserialize_i64 I64 |bytes, visitor, _zero| signed!(i64::from_le_bytes(bytes), visitor);
        deserialize_f32 F32 |bytes, visitor, zero| visitor.visit_f32(f32::from_bits(u32::from_le_bytes(bytes) ^ zero));
        deserialize_f64 F64 |bytes, visitor, zero| {
            visitor.visit_f64(f64::from_bits(u64::from_le_bytes(bytes) ^ u64::from(zero)))
        };
    }

    #[inline(always)]
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.bytes {
            [0, ..] if self.tag.is_optional() => visitor.visit_none(),
            [1, scalar @ ..] if self.tag.is_optional() => {
                visitor.visit_some(Leaf { tag: self.tag.inner(), bytes: scalar, ..self })
            }
            _ => visitor.visit_some(self),
        }
    }

    #[inline(always)]
    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value> {
        if !self.tag.is_list() {
            return self.general(|source| source.deserialize_tuple(len, visitor));
        }
        let (tag, size) = (self.tag.inner(), self.tag.size());
        let bytes = self.bytes.get(..self.width).unwrap_or_default();
        leaves_visit(self.deserializer, (tag, size, bytes), self.zero, visitor)
    }

    #[inline(always)]
    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value> {
        self.deserialize_tuple(len, visitor)
    }

    #[inline(always)]
    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value> {
        match name.starts_with('$') {
            true => self.general(|source| source.deserialize_newtype_struct(name, visitor)),
            false => visitor.visit_newtype_struct(self),
        }
    }

    general! {
        deserialize_any(); deserialize_i128(); deserialize_u128(); deserialize_char(); deserialize_bytes(); deserialize_byte_buf();
        deserialize_unit(); deserialize_map(); deserialize_identifier(); deserialize_seq(); deserialize_ignored_any();
        deserialize_str(); deserialize_string();
        deserialize_unit_struct(name: &'static str);
        deserialize_enum(name: &'static str, variants: &'static [&'static str]);
        deserialize_struct(name: &'static str, fields: &'static [&'static str]);
    }
}

/// Leaves of so many bytes, one after the other.
#[inline(always)]
pub(super) fn leaves_visit<'de, V: Visitor<'de>>(
    deserializer: &mut Deserializer<'de>,
    (tag, width, bytes): (Tag, usize, &[u8]),
    zero: u32,
    visitor: V,
) -> Result<V::Value> {
    let report = Report::new((bytes.len(), false));
    let leaves = Leaves { deserializer, bytes, tag, width, zero, has_failed: false, report: &report };
    // Given back as it came: small arrays would go through memory otherwise.
    let result = visitor.visit_seq(leaves);
    match report.get() {
        (0, false) => result,
        (left, has_failed) => Err(not_read(result.err(), has_failed, left, bytes.len(), width)),
    }
}

/// Why not every leaf was read. (Told by bytes: to divide takes longer than to read a few leaves.)
#[cold]
#[inline(never)]
fn not_read(error: Option<Error>, has_failed: bool, left: usize, len: usize, width: usize) -> Error {
    let (left, count) = (left / width.max(1), len / width.max(1));
    match error {
        Some(error) if has_failed => error.in_element((count - left).saturating_sub(1) as u64),
        Some(error) => error,
        None => unread("elements", left, count),
    }
}

/// The visitor gets this by value, and nobody else its address: so the loop over it keeps its place in registers. What became of it is
/// said when the visitor drops it.
struct Leaves<'r, 'de> {
    deserializer: &'r mut Deserializer<'de>,
    bytes: &'r [u8],
    tag: Tag,
    width: usize,
    zero: u32,
    has_failed: bool,
    /// The bytes that are left, and whether a leaf could not be read.
    report: &'r Report<(usize, bool)>,
}

impl Drop for Leaves<'_, '_> {
    #[inline(always)]
    fn drop(&mut self) {
        self.report.set((self.bytes.len(), self.has_failed));
    }
}

impl<'de> de::SeqAccess<'de> for Leaves<'_, 'de> {
    type Error = Error;

    #[inline(always)]
    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>> {
        let Some((bytes, rest)) = self.bytes.split_at_checked(self.width) else { return Ok(None) };
        self.bytes = rest;
        let deserializer = &mut *self.deserializer;
        match seed.deserialize(Leaf { deserializer, tag: self.tag, width: self.width, zero: self.zero, bytes }) {
            Ok(value) => Ok(Some(value)),
            Err(error) => {
                self.has_failed = true;
                Err(error)
            }
        }
    }

    #[inline(always)]
    fn next_element<T: Deserialize<'de>>(&mut self) -> Result<Option<T>> {
        self.next_element_seed(PhantomData)
    }

    #[inline]
    fn size_hint(&self) -> Option<usize> {
        Some(self.bytes.len() / self.width.max(1))
    }
}
