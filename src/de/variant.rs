//! Variants of enums: a name, or a map of one entry, the variant and its content.

use core::cell::Cell as Report;

use serde::de::{self, DeserializeSeed, Unexpected, Visitor};

use super::cell::{Cell, Record};
use super::deserializer::Deserializer;
use super::source::Source;
use crate::error::{Error, Result};

pub(super) struct Variant<'a, 'de> {
    pub(super) deserializer: &'a mut Deserializer<'de>,
    pub(super) form: Form<'a, 'de>,
    /// Entries whose content has not been asked for.
    pub(super) unread: &'a Report<usize>,
}

pub(super) enum Form<'a, 'de> {
    /// A name alone.
    Unit(&'de str),
    /// A map of nodes, and where its key is.
    Nodes(u64),
    Record(Record<'a, 'de>),
}

impl<'de> Variant<'_, 'de> {
    fn content<T>(self, wanted: &str, read: impl FnOnce(Source<'_, 'de>) -> Result<T>) -> Result<T> {
        self.unread.set(0);
        let cell = match &self.form {
            Form::Unit(_) => return Err(de::Error::invalid_type(Unexpected::UnitVariant, &wanted)),
            Form::Nodes(_) => None,
            Form::Record(record) => record.entry(0),
        };
        let start = self.deserializer.offset();
        read(Source { deserializer: &mut *self.deserializer, cell: cell.as_ref() }).map_err(|error| {
            let error = if cell.is_none() { error.or_at(start) } else { error };
            error.in_field(self.form.name(self.deserializer))
        })
    }
}

impl<'de> Form<'_, 'de> {
    #[cold]
    fn name(&self, deserializer: &Deserializer<'de>) -> &'de str {
        match self {
            Form::Unit(name) => name,
            Form::Nodes(key) => deserializer.reader.str_at(*key).unwrap_or("<variant>"),
            Form::Record(record) => record.name_of(0),
        }
    }

    #[cold]
    fn failed(&self, error: Error, deserializer: &Deserializer<'de>) -> Error {
        let name = self.name(deserializer);
        match self {
            Form::Unit(_) => error,
            Form::Nodes(key) => error.or_at(*key).of_variant(name),
            Form::Record(_) => error.of_variant(name),
        }
    }
}

impl<'de> de::EnumAccess<'de> for Variant<'_, 'de> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self)> {
        let name = match &self.form {
            Form::Unit(name) => Some(Cell::Name(name)),
            Form::Nodes(_) => None,
            Form::Record(record) => Some(Cell::Name(record.name_of(0))),
        };
        match seed.deserialize(Source { deserializer: &mut *self.deserializer, cell: name.as_ref() }) {
            Ok(variant) => Ok((variant, self)),
            Err(error) => Err(self.form.failed(error, self.deserializer)),
        }
    }
}

impl<'de> de::VariantAccess<'de> for Variant<'_, 'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<()> {
        match self.form {
            Form::Unit(_) => Ok(()),
            _ => self.content("", |source| de::Deserialize::deserialize(source)),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value> {
        self.content("newtype variant", |source| seed.deserialize(source))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value> {
        self.content("tuple variant", |source| source.positions(visitor))
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value> {
        self.content("struct variant", |source| de::Deserializer::deserialize_struct(source, "", fields, visitor))
    }
}
