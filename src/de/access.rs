//! The inside of lists, maps and enums.

use alloc::format;
use core::cell::Cell;

use serde::de::value::{BorrowedBytesDeserializer, U64Deserializer};
use serde::de::{self, DeserializeSeed, Visitor};

use super::deserializer::Deserializer;
use crate::error::{Error, ErrorKind, Result};

/// Elements of a plain list.
pub(super) struct ListAccess<'a, 'de> {
    deserializer: &'a mut Deserializer<'de>,
    count: usize,
    left: usize,
}

impl<'a, 'de> ListAccess<'a, 'de> {
    pub(super) fn new(deserializer: &'a mut Deserializer<'de>, count: usize) -> Self {
        ListAccess { deserializer, count, left: count }
    }

    pub(super) fn end(self) -> Result<()> {
        check_read(self.left, self.count)?;
        self.deserializer.reader.close();
        Ok(())
    }
}

/// In every form of list, elements that a visitor leaves unread are an error.
#[inline]
pub(super) fn check_read(left: usize, found: usize) -> Result<()> {
    match left {
        0 => Ok(()),
        _ => Err(unread("elements", left, found)),
    }
}

/// In every form of map, so are entries.
#[inline]
pub(super) fn check_entries_read(left: usize, found: usize) -> Result<()> {
    match left {
        0 => Ok(()),
        _ => Err(unread("entries", left, found)),
    }
}

#[cold]
fn unread(what: &str, left: usize, found: usize) -> Error {
    let read = found.saturating_sub(left);
    let message = format!("the target reads fewer {what} than there are: found {found}, expected {read}");
    Error::new(ErrorKind::UnreadElements, message)
}

impl<'de> de::SeqAccess<'de> for ListAccess<'_, 'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        self.left = left;
        let start = self.deserializer.offset();
        match seed.deserialize(&mut *self.deserializer) {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(error.or_at(start).in_element((self.count - left - 1) as u64)),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left)
    }
}

/// Entries of a map.
pub(super) struct MapAccess<'a, 'de> {
    deserializer: &'a mut Deserializer<'de>,
    entries: usize,
    left: usize,
    /// Where the key is whose value is due; 0, where no key can be, if none is.
    key: u64,
    /// Whether it was asked for as a map.
    is_map: bool,
}

impl<'a, 'de> MapAccess<'a, 'de> {
    pub(super) fn new(deserializer: &'a mut Deserializer<'de>, entries: usize, is_map: bool) -> Self {
        MapAccess { deserializer, entries, left: entries, key: 0, is_map }
    }

    pub(super) fn end(self) -> Result<()> {
        check_entries_read(self.left + usize::from(self.key != 0), self.entries)?;
        self.deserializer.reader.close();
        Ok(())
    }
}

impl<'de> de::MapAccess<'de> for MapAccess<'_, 'de> {
    type Error = Error;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        if self.key != 0 {
            return Err(out_of_turn());
        }
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        self.left = left;
        self.key = self.deserializer.offset();
        if self.is_map {
            self.deserializer.map_key = self.key;
        }
        match seed.deserialize(&mut *self.deserializer) {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(error.or_at(self.key)),
        }
    }

    #[inline]
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        // Its turn is over even if it cannot be read.
        let key = core::mem::take(&mut self.key);
        if key == 0 {
            return Err(out_of_turn());
        }
        let start = self.deserializer.offset();
        match seed.deserialize(&mut *self.deserializer) {
            Ok(value) => Ok(value),
            Err(error) => {
                let key = self.deserializer.reader.str_at(key).unwrap_or("<key>");
                Err(error.or_at(start).in_field(key))
            }
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left)
    }
}

/// In every form of map.
#[cold]
pub(super) fn out_of_turn() -> Error {
    Error::new(ErrorKind::Protocol, "a visitor asked for keys and values out of turn")
}

/// A map of one entry, read as a variant and its content.
pub(super) struct Enum<'a, 'de> {
    deserializer: &'a mut Deserializer<'de>,
    name: u64,
    /// Entries whose content has not been asked for.
    unread: &'a Cell<usize>,
}

impl<'a, 'de> Enum<'a, 'de> {
    pub(super) fn new(deserializer: &'a mut Deserializer<'de>, unread: &'a Cell<usize>) -> Self {
        let name = deserializer.offset();
        Enum { deserializer, name, unread }
    }

    fn content<T>(self, read: impl FnOnce(&mut Deserializer<'de>) -> Result<T>) -> Result<T> {
        self.unread.set(0);
        let start = self.deserializer.offset();
        read(self.deserializer).map_err(|error| {
            let name = self.deserializer.reader.str_at(self.name).unwrap_or("<variant>");
            error.or_at(start).in_field(name)
        })
    }
}

impl<'de> de::EnumAccess<'de> for Enum<'_, 'de> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self)> {
        match seed.deserialize(&mut *self.deserializer) {
            Ok(variant) => Ok((variant, self)),
            Err(error) => {
                let name = self.deserializer.reader.str_at(self.name).unwrap_or("<variant>");
                Err(error.or_at(self.name).of_variant(name))
            }
        }
    }
}

impl<'de> de::VariantAccess<'de> for Enum<'_, 'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<()> {
        self.content(|deserializer| de::Deserialize::deserialize(deserializer))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value> {
        self.content(|deserializer| seed.deserialize(deserializer))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value> {
        self.content(|deserializer| de::Deserializer::deserialize_tuple(deserializer, len, visitor))
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value> {
        self.content(|deserializer| de::Deserializer::deserialize_struct(deserializer, "", fields, visitor))
    }
}

/// Where the next node is, for a visitor that asked for the place by the value token: the bytes of the whole value, and the place
/// of the reader.
pub(super) struct Place<'de> {
    value: Option<&'de [u8]>,
    place: core::array::IntoIter<u64, 3>,
}

impl<'de> Place<'de> {
    pub(super) fn new(value: &'de [u8], place: [u64; 3]) -> Self {
        Place { value: Some(value), place: place.into_iter() }
    }
}

impl<'de> de::SeqAccess<'de> for Place<'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        match (self.value.take(), self.place.as_slice()) {
            (Some(value), _) => seed.deserialize(BorrowedBytesDeserializer::new(value)).map(Some),
            (None, []) => Ok(None),
            (None, [next, ..]) => {
                let next = U64Deserializer::new(*next);
                self.place.next();
                seed.deserialize(next).map(Some)
            }
        }
    }
}
