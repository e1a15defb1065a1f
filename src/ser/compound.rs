//! Lists and maps while they are written.

use serde::ser::{self, Serialize};

use super::encoder::Serializer;
use super::table::KeyPlace;
use crate::error::{Error, Result};

/// An open list, map, struct or variant.
pub struct Compound<'a> {
    encoder: &'a mut Serializer,
    kind: Kind,
    /// The enum's variant whose content it is: a map of one entry around it.
    variant: Option<&'static str>,
    /// Elements so far; of a map, where its last key is. For errors only.
    position: usize,
    key: KeyPlace,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    List,
    Map,
}

impl<'a> Compound<'a> {
    pub(super) fn list(encoder: &'a mut Serializer) -> Self {
        Compound { encoder, kind: Kind::List, variant: None, position: 0, key: KeyPlace::default() }
    }

    pub(super) fn variant_list(encoder: &'a mut Serializer, variant: &'static str) -> Self {
        Compound { encoder, kind: Kind::List, variant: Some(variant), position: 0, key: KeyPlace::default() }
    }

    pub(super) fn map(encoder: &'a mut Serializer) -> Self {
        Compound { encoder, kind: Kind::Map, variant: None, position: 0, key: KeyPlace::default() }
    }

    pub(super) fn variant_map(encoder: &'a mut Serializer, variant: &'static str) -> Self {
        Compound { encoder, kind: Kind::Map, variant: Some(variant), position: 0, key: KeyPlace::default() }
    }

    #[inline]
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        match value.serialize(&mut *self.encoder) {
            Ok(()) => {
                self.position += 1;
                Ok(())
            }
            Err(error) => Err(self.fail(error.in_element(self.position as u64))),
        }
    }

    #[inline]
    fn field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<()> {
        self.encoder.field_name(name)?;
        match value.serialize(&mut *self.encoder) {
            Ok(()) => Ok(()),
            Err(error) => Err(self.fail(error.in_field(name))),
        }
    }

    #[cold]
    fn fail(&mut self, error: Error) -> Error {
        let error = match self.variant {
            Some(variant) => error.in_field(variant),
            None => error,
        };
        self.encoder.poison(error)
    }

    fn finish(self) -> Result<()> {
        match self.kind {
            Kind::List => self.encoder.close_list()?,
            Kind::Map => self.encoder.close_map()?,
        }
        if self.variant.is_some() {
            self.encoder.close_map()?;
        }
        Ok(())
    }
}

macro_rules! list {
    ($($trait:ident $method:ident,)*) => {$(
        impl ser::$trait for Compound<'_> {
            type Ok = ();
            type Error = Error;

            #[inline]
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
                self.element(value)
            }

            fn end(self) -> Result<()> {
                self.finish()
            }
        }
    )*};
}

list! {
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field,
}

macro_rules! structure {
    ($($trait:ident,)*) => {$(
        impl ser::$trait for Compound<'_> {
            type Ok = ();
            type Error = Error;

            #[inline]
            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<()> {
                self.field(name, value)
            }

            fn end(self) -> Result<()> {
                self.finish()
            }
        }
    )*};
}

structure! { SerializeStruct, SerializeStructVariant, }

impl ser::SerializeMap for Compound<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<()> {
        self.encoder.begin_key()?;
        self.key = self.encoder.key_place();
        key.serialize(&mut *self.encoder).map_err(|error| self.encoder.poison(error))
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.encoder.begin_value()?;
        value.serialize(&mut *self.encoder).map_err(|error| {
            let error = error.in_field(&self.encoder.key_text(self.key));
            self.encoder.poison(error)
        })
    }

    fn end(self) -> Result<()> {
        self.finish()
    }
}
