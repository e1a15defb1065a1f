//! The fast lane: rows of records, straight to the target that asks for just what the schema has.
//!
//! Scalars, tuples and structs are a [`Miss`] unless they are what the schema has, and the general lane reads the row again. All else
//! the general lane reads, from that place on.

use core::cell::Cell as Report;
use core::marker::PhantomData;

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{self, DeserializeSeed, MapAccess, Visitor};

use super::deserializer::Deserializer;
use super::leaf::{Leaf, scalars};
use super::miss::Miss;
use super::plan::{self, Step, Tag};
use super::source::Source;
use crate::error::Result as Checked;

/// The row that is being read.
pub(super) struct Lane<'a, 'de> {
    pub(super) deserializer: &'a mut Deserializer<'de>,
    pub(super) steps: &'a [Step<'de>],
    pub(super) row: &'de [u8],
    pub(super) zero: u32,
}

/// A row or a part of it.
pub(super) struct Fast<'r, 'a, 'de> {
    pub(super) lane: &'r mut Lane<'a, 'de>,
    pub(super) step: &'a Step<'de>,
}

impl<'a, 'de> Fast<'_, 'a, 'de> {
    #[inline(always)]
    fn scalar<const N: usize>(&self, tag: Tag) -> Option<[u8; N]> {
        let start = self.step.start as usize;
        let bytes = *self.lane.row.get(start..start + N)?.first_chunk()?;
        (self.step.tag == tag).then_some(bytes)
    }

    #[inline(always)]
    fn zero(&self) -> u32 {
        self.lane.zero
    }

    #[inline(always)]
    fn leaf(&self) -> Leaf<'de> {
        let start = self.step.start as usize;
        let bytes = self.lane.row.get(start..start + self.step.width as usize).unwrap_or_default();
        Leaf { tag: self.step.tag, zero: self.lane.zero, bytes }
    }

    /// Reads it by the general lane.
    #[inline]
    fn general<T>(self, read: impl FnOnce(Source<'_, 'de>) -> Checked<T>) -> Result<T, Miss> {
        let Lane { deserializer, steps, row, .. } = self.lane;
        let cell = plan::cell(steps, self.step, row);
        let levels = usize::from(self.step.levels).saturating_sub(1);
        deserializer.reader.enter(levels);
        let read = read(Source { deserializer, cell: cell.as_ref() });
        deserializer.reader.leave(levels);
        read.map_err(|_| Miss)
    }

    /// The steps inside, if this is a tuple or map of so many.
    #[inline(always)]
    fn inside(&self, tag: Tag, len: usize) -> Option<&'a [Step<'de>]> {
        if self.step.tag == tag { self.step.inside_of(self.lane.steps, len) } else { None }
    }

    /// Whether the names of this map are those of a struct, in its order. Compared once.
    #[inline(always)]
    fn agrees(&self, fields: &'static [&'static str]) -> bool {
        self.step.agreed.get() == fields.as_ptr().addr() || names_agree(self.lane.steps, self.step, fields)
    }
}

#[cold]
#[inline(never)]
fn names_agree(steps: &[Step<'_>], step: &Step<'_>, fields: &'static [&'static str]) -> bool {
    let agree = step.inside(steps).iter().map(|step| step.name).eq(fields.iter().copied());
    if agree {
        step.agreed.set(fields.as_ptr().addr());
    }
    agree
}

macro_rules! general {
    ($($method:ident($($argument:ident: $type:ty),*);)*) => {$(
        fn $method<V: Visitor<'de>>(self, $($argument: $type,)* visitor: V) -> Result<V::Value, Miss> {
            self.general(|source| source.$method($($argument,)* visitor))
        }
    )*};
}

impl<'de> de::Deserializer<'de> for Fast<'_, '_, 'de> {
    type Error = Miss;

    scalars! {}

    general! {
        deserialize_any(); deserialize_i128(); deserialize_u128(); deserialize_char(); deserialize_bytes(); deserialize_byte_buf();
        deserialize_unit(); deserialize_map(); deserialize_identifier(); deserialize_seq(); deserialize_ignored_any();
        deserialize_unit_struct(name: &'static str);
        deserialize_enum(name: &'static str, variants: &'static [&'static str]);
    }

    #[inline]
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Miss> {
        if self.step.tag == Tag::NODE {
            match self.lane.deserializer.reader.short_str() {
                Ok(Some(text)) => return visitor.visit_borrowed_str(text),
                Ok(None) => {}
                Err(_) => return Err(Miss),
            }
        }
        self.general(|source| source.deserialize_str(visitor))
    }

    #[inline]
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Miss> {
        self.deserialize_str(visitor)
    }

    #[inline]
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Miss> {
        match self.step.tag {
            tag if tag.is_optional() => self.leaf().deserialize_option(visitor),
            Tag::NODE => self.general(|source| source.deserialize_option(visitor)),
            _ => visitor.visit_some(self),
        }
    }

    #[inline]
    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Miss> {
        match name.starts_with('$') {
            true => self.general(|source| source.deserialize_newtype_struct(name, visitor)),
            false => visitor.visit_newtype_struct(self),
        }
    }

    #[inline]
    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Miss> {
        if self.step.tag.is_list() {
            return self.leaf().deserialize_tuple(len, visitor);
        }
        let Some(steps) = self.inside(Tag::tuple(len), len) else { return Err(Miss) };
        let unread = Report::new(len);
        let value = visitor.visit_seq(Positions { lane: self.lane, steps, unread: &unread })?;
        if unread.get() == 0 { Ok(value) } else { Err(Miss) }
    }

    #[inline]
    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, Miss> {
        self.deserialize_tuple(len, visitor)
    }

    #[inline(always)]
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Miss> {
        let Some(steps) = self.inside(Tag::map(fields.len()), fields.len()).filter(|_| self.agrees(fields)) else {
            return Err(Miss);
        };
        let unread = Report::new(true);
        let entries = Entries { lane: self.lane, fields, steps, read: 0, is_due: false, unread: &unread };
        let value = visitor.visit_map(entries);
        if unread.get() { Err(Miss) } else { value }
    }
}

/// A struct's fields, by the names that its visitor has said: constants where the compiler unrolls its loop.
struct Entries<'r, 'a, 'de> {
    lane: &'r mut Lane<'a, 'de>,
    fields: &'static [&'static str],
    steps: &'a [Step<'de>],
    read: usize,
    is_due: bool,
    /// Said when the visitor drops this, which it gets by value: so the loop over it keeps its place in registers.
    unread: &'r Report<bool>,
}

impl Drop for Entries<'_, '_, '_> {
    #[inline(always)]
    fn drop(&mut self) {
        self.unread.set(self.is_due || self.read < self.fields.len());
    }
}

impl<'de> MapAccess<'de> for Entries<'_, '_, 'de> {
    type Error = Miss;

    #[inline(always)]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Miss> {
        if self.is_due {
            return Err(Miss);
        }
        let Some(name) = self.fields.get(self.read) else { return Ok(None) };
        self.is_due = true;
        self.read += 1;
        seed.deserialize(BorrowedStrDeserializer::new(name)).map(Some)
    }

    #[inline(always)]
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Miss> {
        if !self.is_due {
            return Err(Miss);
        }
        self.is_due = false;
        let Some(step) = self.steps.get(self.read - 1) else { return Err(Miss) };
        seed.deserialize(Fast { lane: &mut *self.lane, step })
    }

    #[inline(always)]
    fn next_key<K: de::Deserialize<'de>>(&mut self) -> Result<Option<K>, Miss> {
        self.next_key_seed(PhantomData)
    }

    #[inline(always)]
    fn next_value<V: de::Deserialize<'de>>(&mut self) -> Result<V, Miss> {
        self.next_value_seed(PhantomData)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.fields.len() - self.read)
    }
}

/// The positions of a tuple that are left.
struct Positions<'r, 'a, 'de> {
    lane: &'r mut Lane<'a, 'de>,
    steps: &'a [Step<'de>],
    unread: &'r Report<usize>,
}

impl Drop for Positions<'_, '_, '_> {
    #[inline(always)]
    fn drop(&mut self) {
        self.unread.set(self.steps.len());
    }
}

impl<'de> de::SeqAccess<'de> for Positions<'_, '_, 'de> {
    type Error = Miss;

    #[inline(always)]
    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Miss> {
        let Some((step, steps)) = self.steps.split_first() else { return Ok(None) };
        self.steps = steps;
        seed.deserialize(Fast { lane: &mut *self.lane, step }).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.steps.len())
    }
}
