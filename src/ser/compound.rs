//! Lists, maps and tuples that are open on the general lane.

use alloc::boxed::Box;
use alloc::string::String;

use serde::ser::{self, Serialize};

use super::context::Context;
use super::general::{DONE, Done, General, To};
use super::list::List;
use super::map::MapNode;
use super::record::{Entries, Part, Record};
use super::shape::Kind;
use crate::error::{Error, Result};
use crate::wire;

/// An open list, map, struct or variant.
pub(super) struct Compound<'a> {
    cx: &'a mut Context,
    open: Open<'a>,
    /// The enum's variant whose content it is: a map of one entry around it.
    variant: Option<Variant>,
}

struct Variant {
    name: &'static str,
    /// Of a row, the step of the map of one entry.
    at: Option<u32>,
}

enum Open<'a> {
    /// A list. If its elements may be serialized twice, rows like those before go the fast lane.
    List { list: Box<List>, may_repeat: bool },
    /// A map or struct as a node.
    Map(MapNode),
    /// A tuple or struct of a row.
    Part(&'a mut Record, Part),
    /// A map of a row.
    Entries(&'a mut Record, Entries),
}

impl<'a> Compound<'a> {
    pub(super) fn list(cx: &'a mut Context, len: Option<usize>, may_repeat: bool) -> Result<Self> {
        let list = List::open(cx, len)?;
        Ok(Compound { cx, open: Open::List { list, may_repeat }, variant: None })
    }

    pub(super) fn tuple(general: General<'a>, len: usize) -> Result<Self> {
        let General { cx, to } = general;
        match to.record(cx) {
            None => Self::list(cx, Some(len), true),
            Some(record) => {
                cx.enter(1)?;
                let part = record.open(false);
                Ok(Compound { cx, open: Open::Part(record, part), variant: None })
            }
        }
    }

    pub(super) fn structure(general: General<'a>, len: usize) -> Result<Self> {
        let General { cx, to } = general;
        cx.enter(1)?;
        let open = match to.record(cx) {
            None => Open::Map(MapNode::open(cx, Some(len), false)),
            Some(record) => {
                let part = record.open(true);
                Open::Part(record, part)
            }
        };
        Ok(Compound { cx, open, variant: None })
    }

    pub(super) fn map(general: General<'a>, len: Option<usize>) -> Result<Self> {
        let General { cx, to } = general;
        cx.enter(1)?;
        let sort = cx.options.sort_maps;
        let open = match to.record(cx) {
            None => Open::Map(MapNode::open(cx, len, sort)),
            Some(record) => {
                let entries = Entries::open(cx, record, sort);
                Open::Entries(record, entries)
            }
        };
        Ok(Compound { cx, open, variant: None })
    }

    /// The map of one entry around the content of a variant.
    pub(super) fn variant(general: General<'a>, name: &'static str) -> Result<InVariant<'a>> {
        let General { cx, to } = general;
        cx.enter(1)?;
        match to.record(cx) {
            None => {
                wire::put_map(&mut cx.out.meta, 1);
                cx.out.put_str(name);
                Ok(InVariant { cx, open: None })
            }
            Some(record) => {
                let at = record.shape.len() as u32;
                record.shape.push(Kind::Map(1));
                record.shape.push_name(name);
                Ok(InVariant { cx, open: Some((record, at)) })
            }
        }
    }

    #[inline]
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.cx.check()?;
        let error = match &mut self.open {
            Open::List { list, may_repeat } => {
                let written = match *may_repeat {
                    true => list.element_or_fast(self.cx, value),
                    false => list.element_once(self.cx, value),
                };
                match written {
                    Ok(()) => return Ok(()),
                    Err(error) => error.in_element(list.count_scalars()),
                }
            }
            Open::Part(record, part) => match value.serialize(General::record(self.cx, record)) {
                Ok(Done { .. }) => {
                    part.end_place(record);
                    return Ok(());
                }
                Err(error) => error.in_element(part.count()),
            },
            Open::Map(_) | Open::Entries(..) => self.cx.protocol("a map was given an element"),
        };
        Err(self.fail(error))
    }

    #[inline]
    fn field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<()> {
        self.cx.check()?;
        let written = match &mut self.open {
            Open::Map(map) => {
                map.add_field();
                self.cx.out.put_str(name);
                value.serialize(General::node(self.cx))
            }
            Open::Part(record, part) => {
                record.shape.push_name(name);
                let written = value.serialize(General::record(self.cx, record));
                if written.is_ok() {
                    part.end_place(record);
                }
                written
            }
            Open::List { .. } | Open::Entries(..) => Err(self.cx.protocol("a list was given a field")),
        };
        match written {
            Ok(_) => Ok(()),
            Err(error) => Err(self.fail(error.in_field(name))),
        }
    }

    #[cold]
    fn fail(&mut self, error: Error) -> Error {
        let error = match &self.variant {
            Some(variant) => error.in_field(variant.name),
            None => error,
        };
        self.cx.poison(error)
    }

    fn finish(self) -> Result<Done> {
        let Compound { cx, open, variant, .. } = self;
        cx.check()?;
        cx.leave(1);
        let record = match open {
            Open::List { list, .. } => {
                list.finish(cx)?;
                None
            }
            Open::Map(map) => {
                map.close(cx)?;
                None
            }
            Open::Part(record, part) => {
                part.close(record);
                Some(record)
            }
            Open::Entries(record, entries) => {
                if entries.awaits_value() {
                    return Err(cx.protocol("a map has a key without a value"));
                }
                entries.close(cx, record);
                Some(record)
            }
        };
        if let Some(Variant { at, .. }) = variant {
            cx.leave(1);
            if let (Some(at), Some(record)) = (at, record) {
                record.shape.close(at as usize, Kind::Map(1));
            }
        }
        Ok(DONE)
    }

    fn key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<()> {
        self.cx.check()?;
        if self.awaits_value() {
            return Err(self.cx.protocol("a map has a key without a value"));
        }
        if let Open::Map(map) = &mut self.open {
            map.begin_child(self.cx);
        }
        let start = self.cx.out.mark();
        if let Err(error) = key.serialize(General::node(self.cx)) {
            return Err(self.cx.poison(error));
        }
        if let Open::Entries(record, entries) = &mut self.open
            && !entries.key(self.cx, record, start)
        {
            let marks = entries.turn_node(self.cx, record, start)?;
            self.open = Open::Map(MapNode::of_entries(marks, self.cx.options.sort_maps));
        }
        Ok(())
    }

    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.cx.check()?;
        if !self.awaits_value() {
            return Err(self.cx.protocol("a map has a value without a key"));
        }
        let written = match &mut self.open {
            Open::Map(map) => {
                map.begin_child(self.cx);
                value.serialize(General::node(self.cx))
            }
            Open::Entries(record, entries) => {
                let written = value.serialize(General::record(self.cx, record));
                if written.is_ok() {
                    entries.end_value(record);
                }
                written
            }
            Open::List { .. } | Open::Part(..) => Err(self.cx.protocol("a list was given an entry")),
        };
        match written {
            Ok(_) => Ok(()),
            Err(error) => {
                let error = error.in_field(&self.key_text());
                Err(self.cx.poison(error))
            }
        }
    }

    fn awaits_value(&self) -> bool {
        match &self.open {
            Open::Map(map) => map.awaits_value(),
            Open::Entries(_, entries) => entries.awaits_value(),
            Open::List { .. } | Open::Part(..) => false,
        }
    }

    /// The last key, for errors.
    #[cold]
    fn key_text(&self) -> String {
        match &self.open {
            Open::Entries(record, entries) => entries.last_key(record),
            Open::Map(map) => map.last_key(self.cx),
            Open::List { .. } | Open::Part(..) => String::new(),
        }
    }
}

/// Inside of the map of one entry around the content of a variant.
pub(super) struct InVariant<'a> {
    cx: &'a mut Context,
    open: Option<(&'a mut Record, u32)>,
}

impl<'a> InVariant<'a> {
    /// A content that is one value.
    pub(super) fn only_field<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<Done> {
        let InVariant { cx, open } = self;
        let written = match open {
            None => value.serialize(General::node(cx)),
            Some((record, at)) => {
                let written = value.serialize(General::record(cx, record));
                record.shape.close(at as usize, Kind::Map(1));
                written
            }
        };
        cx.leave(1);
        written.map_err(|error| cx.poison(error.in_field(name)))
    }

    pub(super) fn tuple_in(self, name: &'static str, len: usize) -> Result<Compound<'a>> {
        self.content(name, |general| Compound::tuple(general, len))
    }

    pub(super) fn structure_in(self, name: &'static str, len: usize) -> Result<Compound<'a>> {
        self.content(name, |general| Compound::structure(general, len))
    }

    fn content(
        self,
        name: &'static str,
        open: impl FnOnce(General<'a>) -> Result<Compound<'a>>,
    ) -> Result<Compound<'a>> {
        let InVariant { cx, open: around } = self;
        let (to, at) = match around {
            None => (To::Out, None),
            Some((record, at)) => (To::Record(record), Some(at)),
        };
        let mut content = open(General { cx, to }).map_err(|error| error.in_field(name))?;
        content.variant = Some(Variant { name, at });
        Ok(content)
    }
}

macro_rules! list {
    ($($trait:ident $method:ident,)*) => {$(
        impl ser::$trait for Compound<'_> {
            type Ok = Done;
            type Error = Error;

            #[inline]
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
                self.element(value)
            }

            fn end(self) -> Result<Done> {
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
            type Ok = Done;
            type Error = Error;

            #[inline]
            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<()> {
                self.field(name, value)
            }

            fn end(self) -> Result<Done> {
                self.finish()
            }
        }
    )*};
}

structure! { SerializeStruct, SerializeStructVariant, }

impl ser::SerializeMap for Compound<'_> {
    type Ok = Done;
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<()> {
        self.key(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.value(value)
    }

    fn end(self) -> Result<Done> {
        self.finish()
    }
}
