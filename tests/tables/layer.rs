//! A layer between a reader and the deserializer that passes on every call as it is.
//!
//! A reader is compiled once for each of the deserializers that it may be given, of which there are as many as there are types of
//! elements. Through this layer each is given the same one, which is what makes hundreds of readers affordable. No value passes
//! through it, because each stays in the slot of its visitor; and no error, because each waits beside for its outer path.

use std::fmt;

use serde::de::{self, Deserialize, DeserializeSeed, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};

use super::passed::{Passed, lay_aside};
use super::recorder::{Ask, Names};
use super::support::{Outcome, failure};

/// What a reader makes of what is below it.
pub(crate) type Read<'de> = fn(&mut dyn AskFor<'de>) -> Result<String>;

/// Reads a value, and what it is as its `Debug` shows it.
pub(crate) fn shown<'de, R: Deserialize<'de> + fmt::Debug>(from: &mut dyn AskFor<'de>) -> Result<String> {
    R::deserialize(from).map(|value| format!("{value:?}"))
}

/// Reads through the layer; an error is its kind, and its message without the offset.
pub(crate) fn read<'de>(bytes: &'de [u8], read: Read<'de>) -> Outcome {
    let mut deserializer = ndwire::Deserializer::new(bytes).map_err(|error| failure(&error))?;
    let shown = read(&mut Below(Some(&mut deserializer))).map_err(Passed::failure)?;
    deserializer.end().map_err(|error| failure(&error))?;
    Ok(shown)
}

/// [`read`] of a list that stands between other fields, which must be as they were written.
pub(crate) fn read_between<'de>(bytes: &'de [u8], read: Read<'de>) -> Outcome {
    let mut deserializer = ndwire::Deserializer::new(bytes).map_err(|error| failure(&error))?;
    let shown = de::Deserializer::deserialize_map(&mut deserializer, Around { read, shown: String::new() })
        .map_err(|error| Passed::back(error).failure())?;
    deserializer.end().map_err(|error| failure(&error))?;
    Ok(shown)
}

/// The fields around the list.
struct Around<'de> {
    read: Read<'de>,
    shown: String,
}

impl<'de> Take<'de> for Around<'de> {
    fn take(&mut self, from: &mut dyn AskFor<'de>) -> Result<()> {
        self.shown = (self.read)(from)?;
        Ok(())
    }
}

impl<'de> Visitor<'de> for Around<'de> {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list between other fields")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<String, A::Error> {
        assert_eq!(map.next_entry()?, Some(("before", 1)));
        assert_eq!(map.next_key()?, Some("list"));
        map.next_value_seed(Above(&mut self as &mut dyn Take<'de>))?;
        assert_eq!(map.next_entry()?, Some(("after", vec![7; 200])));
        assert_eq!(map.next_entry()?, Some(("last", "last")));
        assert_eq!(map.next_key::<&str>()?, None);
        Ok(self.shown)
    }
}

pub(crate) type Result<T, E = Passed> = std::result::Result<T, E>;

/// A deserializer, a seed, a sequence, a map, an enum: without types.
pub(crate) trait AskFor<'de> {
    fn ask(&mut self, ask: Ask, visitor: &mut dyn Show<'de>) -> Result<()>;
}

pub(crate) trait Take<'de> {
    fn take(&mut self, from: &mut dyn AskFor<'de>) -> Result<()>;
}

pub(crate) trait List<'de> {
    fn next(&mut self, seed: &mut dyn Take<'de>) -> Result<bool>;
    fn hint(&self) -> Option<usize>;
}

pub(crate) trait Entries<'de> {
    fn key(&mut self, seed: &mut dyn Take<'de>) -> Result<bool>;
    fn value(&mut self, seed: &mut dyn Take<'de>) -> Result<()>;
    fn hint(&self) -> Option<usize>;
}

pub(crate) trait Variant<'de> {
    fn name(&mut self, seed: &mut dyn Take<'de>) -> Result<()>;
    fn unit(&mut self) -> Result<()>;
    fn newtype(&mut self, seed: &mut dyn Take<'de>) -> Result<()>;
    fn tuple(&mut self, len: usize, visitor: &mut dyn Show<'de>) -> Result<()>;
    fn fields(&mut self, fields: Names, visitor: &mut dyn Show<'de>) -> Result<()>;
}

/// A visitor or seed, and then what it made.
struct Slot<G, T> {
    given: Option<G>,
    made: Option<T>,
}

impl<G, T> Slot<G, T> {
    fn new(given: G) -> Self {
        Slot { given: Some(given), made: None }
    }

    fn made(self) -> T {
        self.made.expect("what succeeded has made something")
    }
}

impl<'de, S: DeserializeSeed<'de>> Take<'de> for Slot<S, S::Value> {
    fn take(&mut self, from: &mut dyn AskFor<'de>) -> Result<()> {
        self.made = Some(self.given.take().expect("a seed is used once").deserialize(from)?);
        Ok(())
    }
}

/// What this crate's deserializer gives, without types.
struct Below<T>(Option<T>);

impl<T> Below<T> {
    fn take(&mut self) -> T {
        self.0.take().expect("a deserializer is asked once")
    }
}

impl<'de, D: de::Deserializer<'de>> AskFor<'de> for Below<D> {
    fn ask(&mut self, ask: Ask, visitor: &mut dyn Show<'de>) -> Result<()> {
        let deserializer = self.take();
        assert!(deserializer.is_human_readable());
        ask.of(deserializer, Above(visitor)).map_err(Passed::back)
    }
}

impl<'de, A: SeqAccess<'de>> List<'de> for Below<A> {
    fn next(&mut self, seed: &mut dyn Take<'de>) -> Result<bool> {
        let list = self.0.as_mut().expect("a list");
        list.next_element_seed(Above(seed)).map(|element| element.is_some()).map_err(Passed::back)
    }

    fn hint(&self) -> Option<usize> {
        self.0.as_ref().and_then(A::size_hint)
    }
}

impl<'de, A: MapAccess<'de>> Entries<'de> for Below<A> {
    fn key(&mut self, seed: &mut dyn Take<'de>) -> Result<bool> {
        let map = self.0.as_mut().expect("a map");
        map.next_key_seed(Above(seed)).map(|key| key.is_some()).map_err(Passed::back)
    }

    fn value(&mut self, seed: &mut dyn Take<'de>) -> Result<()> {
        self.0.as_mut().expect("a map").next_value_seed(Above(seed)).map_err(Passed::back)
    }

    fn hint(&self) -> Option<usize> {
        self.0.as_ref().and_then(A::size_hint)
    }
}

/// An enum, and then the content of its variant.
struct Content<A, V>(Below<A>, Below<V>);

impl<'de, A: EnumAccess<'de>> Variant<'de> for Content<A, A::Variant> {
    fn name(&mut self, seed: &mut dyn Take<'de>) -> Result<()> {
        let ((), content) = self.0.take().variant_seed(Above(seed)).map_err(Passed::back)?;
        self.1 = Below(Some(content));
        Ok(())
    }

    fn unit(&mut self) -> Result<()> {
        let passed = self.1.take().unit_variant().map_err(Passed::back);
        // The deserializer reads it itself, so its error has a path of one name already.
        passed.map_err(|passed| match passed.message.split_once(": ") {
            Some((name, message)) if passed.path.is_empty() && name != "invalid type" => {
                Passed { kind: passed.kind, path: name.to_owned(), message: message.to_owned() }
            }
            _ => passed,
        })
    }

    fn newtype(&mut self, seed: &mut dyn Take<'de>) -> Result<()> {
        self.1.take().newtype_variant_seed(Above(seed)).map_err(Passed::back)
    }

    fn tuple(&mut self, len: usize, visitor: &mut dyn Show<'de>) -> Result<()> {
        self.1.take().tuple_variant(len, Above(visitor)).map_err(Passed::back)
    }

    fn fields(&mut self, fields: Names, visitor: &mut dyn Show<'de>) -> Result<()> {
        self.1.take().struct_variant(fields, Above(visitor)).map_err(Passed::back)
    }
}

/// What this crate's deserializer is given: a visitor or a seed of no type.
struct Above<'a, T: ?Sized>(&'a mut T);

impl<'de> DeserializeSeed<'de> for Above<'_, dyn Take<'de> + '_> {
    type Value = ();

    fn deserialize<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.0.take(&mut Below(Some(deserializer))).map_err(lay_aside)
    }
}

/// What is shown to a visitor. Integers come in 64 or 128 bits, as a node shows them.
pub(crate) enum Shown<'a, 'de> {
    Bool(bool),
    U64(u64),
    I64(i64),
    U128(u128),
    I128(i128),
    F32(f32),
    F64(f64),
    Char(char),
    Str(&'a str),
    BorrowedStr(&'de str),
    Bytes(&'a [u8]),
    BorrowedBytes(&'de [u8]),
    Unit,
    None,
    Some(&'a mut dyn AskFor<'de>),
    Newtype(&'a mut dyn AskFor<'de>),
    List(&'a mut dyn List<'de>),
    Map(&'a mut dyn Entries<'de>),
    Variant(&'a mut dyn Variant<'de>),
}

/// A visitor. It has one method for all that it may be shown, because each is compiled for every reader.
pub(crate) trait Show<'de> {
    fn show(&mut self, shown: Shown<'_, 'de>) -> Result<()>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
}

impl<'de, V: Visitor<'de>> Show<'de> for Slot<V, V::Value> {
    fn show(&mut self, shown: Shown<'_, 'de>) -> Result<()> {
        let visitor = self.given.take().expect("a visitor is used once");
        self.made = Some(match shown {
            Shown::Bool(value) => visitor.visit_bool(value),
            Shown::U64(value) => visitor.visit_u64(value),
            Shown::I64(value) => visitor.visit_i64(value),
            Shown::U128(value) => visitor.visit_u128(value),
            Shown::I128(value) => visitor.visit_i128(value),
            Shown::F32(value) => visitor.visit_f32(value),
            Shown::F64(value) => visitor.visit_f64(value),
            Shown::Char(value) => visitor.visit_char(value),
            Shown::Str(value) => visitor.visit_str(value),
            Shown::BorrowedStr(value) => visitor.visit_borrowed_str(value),
            Shown::Bytes(value) => visitor.visit_bytes(value),
            Shown::BorrowedBytes(value) => visitor.visit_borrowed_bytes(value),
            Shown::Unit => visitor.visit_unit(),
            Shown::None => visitor.visit_none(),
            Shown::Some(inner) => visitor.visit_some(inner),
            Shown::Newtype(inner) => visitor.visit_newtype_struct(inner),
            Shown::List(list) => visitor.visit_seq(list),
            Shown::Map(map) => visitor.visit_map(map),
            Shown::Variant(variant) => visitor.visit_enum(variant),
        }?);
        Ok(())
    }

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.given.as_ref().expect("a visitor that was not used yet").expecting(f)
    }
}

macro_rules! visits {
    ($($method:ident $type:ty => $shown:ident;)*) => {$(
        fn $method<E: de::Error>(self, value: $type) -> Result<(), E> {
            self.0.show(Shown::$shown(value)).map_err(lay_aside)
        }
    )*};
}

impl<'de> Visitor<'de> for Above<'_, dyn Show<'de> + '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    visits! {
        visit_bool bool => Bool;
        visit_u64 u64 => U64;
        visit_i64 i64 => I64;
        visit_u128 u128 => U128;
        visit_i128 i128 => I128;
        visit_f32 f32 => F32;
        visit_f64 f64 => F64;
        visit_char char => Char;
        visit_str &str => Str;
        visit_borrowed_str &'de str => BorrowedStr;
        visit_bytes &[u8] => Bytes;
        visit_borrowed_bytes &'de [u8] => BorrowedBytes;
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        self.0.show(Shown::Unit).map_err(lay_aside)
    }

    fn visit_none<E: de::Error>(self) -> Result<(), E> {
        self.0.show(Shown::None).map_err(lay_aside)
    }

    fn visit_some<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.0.show(Shown::Some(&mut Below(Some(deserializer)))).map_err(lay_aside)
    }

    fn visit_newtype_struct<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.0.show(Shown::Newtype(&mut Below(Some(deserializer)))).map_err(lay_aside)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<(), A::Error> {
        self.0.show(Shown::List(&mut Below(Some(list)))).map_err(lay_aside)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        self.0.show(Shown::Map(&mut Below(Some(map)))).map_err(lay_aside)
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<(), A::Error> {
        self.0.show(Shown::Variant(&mut Content(Below(Some(data)), Below(None)))).map_err(lay_aside)
    }
}

macro_rules! asks {
    ($($method:ident($($argument:ident: $type:ty),*) => $ask:expr;)*) => {
        impl<'de> de::Deserializer<'de> for &mut (dyn AskFor<'de> + '_) {
            type Error = Passed;

            $(fn $method<V: Visitor<'de>>(self, $($argument: $type,)* visitor: V) -> Result<V::Value> {
                let mut slot = Slot::new(visitor);
                self.ask($ask, &mut slot)?;
                Ok(slot.made())
            })*
        }
    };
}

asks! {
    deserialize_any() => Ask::Any;
    deserialize_bool() => Ask::Bool;
    deserialize_i8() => Ask::I8;
    deserialize_i16() => Ask::I16;
    deserialize_i32() => Ask::I32;
    deserialize_i64() => Ask::I64;
    deserialize_i128() => Ask::I128;
    deserialize_u8() => Ask::U8;
    deserialize_u16() => Ask::U16;
    deserialize_u32() => Ask::U32;
    deserialize_u64() => Ask::U64;
    deserialize_u128() => Ask::U128;
    deserialize_f32() => Ask::F32;
    deserialize_f64() => Ask::F64;
    deserialize_char() => Ask::Char;
    deserialize_str() => Ask::Str;
    deserialize_string() => Ask::String;
    deserialize_bytes() => Ask::Bytes;
    deserialize_byte_buf() => Ask::ByteBuf;
    deserialize_option() => Ask::Option;
    deserialize_unit() => Ask::Unit;
    deserialize_unit_struct(name: &'static str) => Ask::UnitStruct(name);
    deserialize_newtype_struct(name: &'static str) => Ask::NewtypeStruct(name);
    deserialize_seq() => Ask::Seq;
    deserialize_tuple(len: usize) => Ask::Tuple(len);
    deserialize_tuple_struct(name: &'static str, len: usize) => Ask::TupleStruct(name, len);
    deserialize_map() => Ask::Map;
    deserialize_struct(name: &'static str, fields: Names) => Ask::Struct(name, fields);
    deserialize_enum(name: &'static str, variants: Names) => Ask::Enum(name, variants);
    deserialize_identifier() => Ask::Identifier;
    deserialize_ignored_any() => Ask::IgnoredAny;
}

impl<'de> SeqAccess<'de> for &mut (dyn List<'de> + '_) {
    type Error = Passed;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>> {
        let mut slot = Slot::new(seed);
        Ok(self.next(&mut slot)?.then(|| slot.made()))
    }

    fn size_hint(&self) -> Option<usize> {
        self.hint()
    }
}

impl<'de> MapAccess<'de> for &mut (dyn Entries<'de> + '_) {
    type Error = Passed;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>> {
        let mut slot = Slot::new(seed);
        Ok(self.key(&mut slot)?.then(|| slot.made()))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value> {
        let mut slot = Slot::new(seed);
        self.value(&mut slot)?;
        Ok(slot.made())
    }

    fn size_hint(&self) -> Option<usize> {
        self.hint()
    }
}

impl<'de> EnumAccess<'de> for &mut (dyn Variant<'de> + '_) {
    type Error = Passed;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self)> {
        let mut slot = Slot::new(seed);
        self.name(&mut slot)?;
        Ok((slot.made(), self))
    }
}

impl<'de> VariantAccess<'de> for &mut (dyn Variant<'de> + '_) {
    type Error = Passed;

    fn unit_variant(self) -> Result<()> {
        self.unit()
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value> {
        let mut slot = Slot::new(seed);
        self.newtype(&mut slot)?;
        Ok(slot.made())
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value> {
        let mut slot = Slot::new(visitor);
        self.tuple(len, &mut slot)?;
        Ok(slot.made())
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: Names, visitor: V) -> Result<V::Value> {
        let mut slot = Slot::new(visitor);
        self.fields(fields, &mut slot)?;
        Ok(slot.made())
    }
}
