//! The fast lane: rows of records, straight to the target that asks for just what the schema has.
//!
//! What it does not expect goes through the general lane, from that place on. Its only error is a [`Miss`], which says that the
//! general lane has one: that reads the row again, and says which.

use core::cell::Cell as Report;
use core::marker::PhantomData;

use serde::de::{self, DeserializeSeed, MapAccess, Visitor};
use serde::forward_to_deserialize_any;

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
    pub(super) at: usize,
}

impl<'de> Fast<'_, '_, 'de> {
    #[inline(always)]
    fn scalar<const N: usize>(&self, tag: Tag) -> Option<[u8; N]> {
        let step = self.lane.steps.get(self.at)?;
        let start = step.start as usize;
        let bytes = *self.lane.row.get(start..start + N)?.first_chunk()?;
        (step.tag == tag).then_some(bytes)
    }

    #[inline(always)]
    fn zero(&self) -> u32 {
        self.lane.zero
    }

    #[inline(always)]
    fn leaf(&self, step: &Step<'de>) -> Leaf<'de> {
        let start = step.start as usize;
        let bytes = self.lane.row.get(start..start + step.width as usize).unwrap_or_default();
        Leaf { tag: step.tag, zero: self.lane.zero, bytes }
    }

    #[inline(always)]
    fn tag(&self) -> Tag {
        self.lane.steps.get(self.at).map_or(Tag::OTHER, |step| step.tag)
    }

    /// Reads it by the general lane.
    #[inline]
    fn general<T>(self, read: impl FnOnce(Source<'_, 'de>) -> Checked<T>) -> Result<T, Miss> {
        let Lane { deserializer, steps, row, .. } = self.lane;
        let Some(step) = steps.get(self.at) else { return Err(Miss) };
        let cell = plan::cell(steps, self.at, row);
        let levels = usize::from(step.levels).saturating_sub(1);
        deserializer.reader.enter(levels);
        let read = read(Source { deserializer, cell: cell.as_ref() });
        deserializer.reader.leave(levels);
        read.map_err(|_| Miss)
    }

    #[cold]
    #[inline(never)]
    fn other_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Miss> {
        self.general(|source| de::Deserializer::deserialize_struct(source, name, fields, visitor))
    }

    #[cold]
    #[inline(never)]
    fn other_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Miss> {
        self.general(|source| de::Deserializer::deserialize_tuple(source, len, visitor))
    }

    /// Whether the names of this map are those of a struct, in its order. Compared once.
    #[inline(always)]
    fn agrees(&self, fields: &'static [&'static str]) -> Option<usize> {
        let step = self.lane.steps.get(self.at)?;
        if step.tag != Tag::map(fields.len()) {
            return None;
        }
        let names = fields.as_ptr().addr();
        (step.agreed.get() == names || names_agree(self.lane.steps, step, fields, names)).then_some(step.first())
    }
}

#[cold]
#[inline(never)]
fn names_agree(steps: &[Step<'_>], step: &Step<'_>, fields: &[&str], address: usize) -> bool {
    let inside = steps.get(step.first()..).unwrap_or_default().iter().take(fields.len());
    let agree = inside.map(|step| step.name).eq(fields.iter().copied());
    if agree {
        step.agreed.set(address);
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
        if self.tag() == Tag::NODE {
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
        match self.lane.steps.get(self.at) {
            Some(step) if step.tag.is_optional() => self.leaf(step).deserialize_option(visitor),
            Some(step) if step.tag == Tag::NODE => self.general(|source| source.deserialize_option(visitor)),
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
        match self.lane.steps.get(self.at) {
            Some(step) if step.tag.is_list() => self.leaf(step).deserialize_tuple(len, visitor),
            Some(step) if step.tag == Tag::tuple(len) => {
                let (first, unread) = (step.first(), Report::new(len));
                let value =
                    visitor.visit_seq(Positions { lane: self.lane, next: first, left: len, unread: &unread })?;
                if unread.get() == 0 { Ok(value) } else { Err(Miss) }
            }
            _ => self.other_tuple(len, visitor),
        }
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
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Miss> {
        let Some(first) = self.agrees(fields) else {
            return self.other_struct(name, fields, visitor);
        };
        let unread = Report::new(true);
        let entries = Entries { lane: self.lane, fields, first, read: 0, is_due: false, unread: &unread };
        let value = visitor.visit_map(entries)?;
        if unread.get() { Err(Miss) } else { Ok(value) }
    }
}

/// A struct's fields, by the names that its visitor has said: constants where the compiler unrolls its loop.
struct Entries<'r, 'a, 'de> {
    lane: &'r mut Lane<'a, 'de>,
    fields: &'static [&'static str],
    first: usize,
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
        seed.deserialize(Name(name)).map(Some)
    }

    #[inline(always)]
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Miss> {
        if !self.is_due {
            return Err(Miss);
        }
        self.is_due = false;
        seed.deserialize(Fast { lane: &mut *self.lane, at: self.first + self.read - 1 })
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

struct Name(&'static str);

impl<'de> de::Deserializer<'de> for Name {
    type Error = Miss;

    #[inline(always)]
    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Miss> {
        visitor.visit_borrowed_str(self.0)
    }

    #[inline(always)]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Miss> {
        visitor.visit_borrowed_str(self.0)
    }

    // What a struct's visitor may ask besides, the general lane answers.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, Miss> {
        Err(Miss)
    }

    fn deserialize_option<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Miss> {
        Err(Miss)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _name: &'static str, _visitor: V) -> Result<V::Value, Miss> {
        Err(Miss)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Miss> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct
    }
}

/// The positions of a tuple.
struct Positions<'r, 'a, 'de> {
    lane: &'r mut Lane<'a, 'de>,
    next: usize,
    left: usize,
    unread: &'r Report<usize>,
}

impl Drop for Positions<'_, '_, '_> {
    #[inline(always)]
    fn drop(&mut self) {
        self.unread.set(self.left);
    }
}

impl<'de> de::SeqAccess<'de> for Positions<'_, '_, 'de> {
    type Error = Miss;

    #[inline(always)]
    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Miss> {
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        let at = self.next;
        (self.left, self.next) = (left, at + 1);
        seed.deserialize(Fast { lane: &mut *self.lane, at }).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left)
    }
}
