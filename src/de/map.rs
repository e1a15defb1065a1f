//! The inside of maps, of every form.

use serde::de::{self, DeserializeSeed};

use super::array::ArrayEntries;
use super::cell::{Cell, Record};
use super::deserializer::Deserializer;
use super::list::check_entries_read;
use super::source::Source;
use crate::error::{Error, ErrorKind, Result};

/// A map that is being read.
pub(super) struct Map<'a, 'de> {
    deserializer: &'a mut Deserializer<'de>,
    entries: Entries<'a, 'de>,
    count: usize,
    /// Entries whose keys have not been asked for.
    left: usize,
    /// Whether the value of the last key is due.
    is_due: bool,
}

/// Where the entries come from.
pub(super) enum Entries<'a, 'de> {
    /// Nodes: where the last key is, and whether a map was asked for.
    Nodes {
        key: u64,
        is_map: bool,
    },
    Record(Record<'a, 'de>),
    Array(ArrayEntries<'a, 'de>),
    /// Of a token.
    Part(u64, &'a Cell<'a, 'de>),
}

impl<'a, 'de> Map<'a, 'de> {
    /// Begins to read a map of nodes, which the reader has opened, or another.
    #[inline]
    pub(super) fn new(deserializer: &'a mut Deserializer<'de>, entries: Entries<'a, 'de>, count: usize) -> Self {
        if !matches!(entries, Entries::Nodes { .. }) {
            deserializer.reader.enter(1);
        }
        Map { deserializer, entries, count, left: count, is_due: false }
    }

    pub(super) fn end(self) -> Result<()> {
        check_entries_read(self.left + usize::from(self.is_due), self.count)?;
        self.deserializer.reader.close();
        Ok(())
    }

    /// The next key, if it is no node.
    #[inline]
    fn key(&mut self) -> Option<Cell<'a, 'de>> {
        let position = self.count - self.left;
        match &mut self.entries {
            Entries::Nodes { key, is_map } => {
                *key = self.deserializer.offset();
                if *is_map {
                    self.deserializer.map_key = *key;
                }
                None
            }
            Entries::Record(record) => Some(Cell::Name(record.name_of(position))),
            Entries::Array(array) => Some(Cell::Name(array.name(position))),
            Entries::Part(key, _) => Some(Cell::Number(*key)),
        }
    }

    /// The value that is due, if it is no node.
    #[inline]
    fn value(&self) -> Option<Cell<'a, 'de>> {
        let position = self.count - self.left - 1;
        match &self.entries {
            Entries::Nodes { .. } => None,
            Entries::Record(record) => record.entry(position),
            Entries::Array(array) => Some(array.value(position)),
            Entries::Part(_, value) => Some(**value),
        }
    }

    #[cold]
    fn key_failed(&self, error: Error) -> Error {
        match self.entries {
            Entries::Nodes { key, .. } => error.or_at(key),
            _ => error,
        }
    }

    #[cold]
    fn value_failed(&self, error: Error, start: u64) -> Error {
        let position = self.count - self.left - 1;
        match &self.entries {
            Entries::Nodes { key, .. } => {
                error.or_at(start).in_field(self.deserializer.reader.str_at(*key).unwrap_or("<key>"))
            }
            Entries::Record(record) => {
                let error = if record.entry(position).is_none() { error.or_at(start) } else { error };
                error.in_field(record.name_of(position))
            }
            Entries::Array(array) => error.in_field(array.name(position)),
            Entries::Part(..) => error,
        }
    }
}

impl<'de> de::MapAccess<'de> for Map<'_, 'de> {
    type Error = Error;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        if self.is_due {
            return Err(out_of_turn());
        }
        if self.left == 0 {
            return Ok(None);
        }
        let key = self.key();
        self.left -= 1;
        self.is_due = true;
        match seed.deserialize(Source { deserializer: self.deserializer, cell: key.as_ref() }) {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(self.key_failed(error)),
        }
    }

    #[inline]
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        // Its turn is over even if it cannot be read.
        if !core::mem::take(&mut self.is_due) {
            return Err(out_of_turn());
        }
        let value = self.value();
        let start = self.deserializer.offset();
        match seed.deserialize(Source { deserializer: self.deserializer, cell: value.as_ref() }) {
            Ok(value) => Ok(value),
            Err(error) => Err(self.value_failed(error, start)),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left)
    }
}

#[cold]
pub(super) fn out_of_turn() -> Error {
    Error::new(ErrorKind::Protocol, "a visitor asked for keys and values out of turn")
}
