//! What a reader that knows no type sees of a value.

use std::fmt;

use serde::de::{Deserialize, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};

use super::model::Data;

/// Floats as their bits, so that NaN and -0.0 are compared too.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Seen {
    Nil,
    Some(Box<Seen>),
    Bool(bool),
    Uint(u128),
    /// Negative.
    Int(i128),
    F32(u32),
    F64(u64),
    Char(char),
    Str(String),
    Bytes(Vec<u8>),
    List(Vec<Seen>),
    Map(Vec<(Seen, Seen)>),
}

impl Data {
    /// What must be seen of it, by section 7 of the specification.
    pub(crate) fn seen(&self) -> Seen {
        let list = |elements: &[Data]| Seen::List(elements.iter().map(Data::seen).collect());
        let name = |name: &str| Seen::Str(name.to_owned());
        let fields = |fields: &[(&'static str, Data)]| {
            Seen::Map(fields.iter().map(|(key, value)| (name(key), value.seen())).collect())
        };
        let variant = |variant: &str, content: Seen| Seen::Map(vec![(name(variant), content)]);
        match self {
            Data::Bool(value) => Seen::Bool(*value),
            Data::I8(value) => integer((*value).into()),
            Data::I16(value) => integer((*value).into()),
            Data::I32(value) => integer((*value).into()),
            Data::I64(value) => integer((*value).into()),
            Data::I128(value) => integer(*value),
            Data::U8(value) => Seen::Uint((*value).into()),
            Data::U16(value) => Seen::Uint((*value).into()),
            Data::U32(value) => Seen::Uint((*value).into()),
            Data::U64(value) => Seen::Uint((*value).into()),
            Data::U128(value) => Seen::Uint(*value),
            Data::F32(value) => Seen::F32(value.to_bits()),
            Data::F64(value) => Seen::F64(value.to_bits()),
            Data::Char(value) => Seen::Char(*value),
            Data::Str(value) => Seen::Str(value.clone()),
            Data::Bytes(value) => Seen::Bytes(value.clone()),
            Data::None | Data::Unit | Data::UnitStruct => Seen::Nil,
            Data::Some(value) => match value.seen() {
                content @ (Seen::Nil | Seen::Some(_)) => Seen::Some(content.into()),
                content => content,
            },
            Data::UnitVariant(variant) => name(variant),
            Data::NewtypeStruct(value) => value.seen(),
            Data::NewtypeVariant(name, value) => variant(name, value.seen()),
            Data::List(_, elements) => list(elements),
            Data::TupleVariant(name, elements) => variant(name, list(elements)),
            Data::Map(_, entries) => Seen::Map(entries.iter().map(|(key, value)| (key.seen(), value.seen())).collect()),
            Data::Struct(values) => fields(values),
            Data::StructVariant(name, values) => variant(name, fields(values)),
        }
    }
}

fn integer(value: i128) -> Seen {
    u128::try_from(value).map_or(Seen::Int(value), Seen::Uint)
}

impl<'de> Deserialize<'de> for Seen {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SeenVisitor)
    }
}

struct SeenVisitor;

macro_rules! visits {
    ($($method:ident $type:ty => |$value:ident| $seen:expr;)*) => {$(
        fn $method<E>(self, $value: $type) -> Result<Seen, E> {
            Ok($seen)
        }
    )*};
}

/// Integers are taken only as the documented visits: by value, never by width.
impl<'de> Visitor<'de> for SeenVisitor {
    type Value = Seen;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    visits! {
        visit_bool bool => |value| Seen::Bool(value);
        visit_u64 u64 => |value| Seen::Uint(value.into());
        visit_u128 u128 => |value| Seen::Uint(value);
        visit_i64 i64 => |value| integer(value.into());
        visit_i128 i128 => |value| integer(value);
        visit_f32 f32 => |value| Seen::F32(value.to_bits());
        visit_f64 f64 => |value| Seen::F64(value.to_bits());
        visit_char char => |value| Seen::Char(value);
        visit_str &str => |value| Seen::Str(value.to_owned());
        visit_bytes &[u8] => |value| Seen::Bytes(value.to_owned());
    }

    fn visit_none<E>(self) -> Result<Seen, E> {
        Ok(Seen::Nil)
    }

    fn visit_unit<E>(self) -> Result<Seen, E> {
        Ok(Seen::Nil)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Seen, D::Error> {
        Ok(Seen::Some(Box::new(Seen::deserialize(deserializer)?)))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Seen, D::Error> {
        Seen::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Seen, A::Error> {
        let hint = list.size_hint();
        let mut elements = Vec::new();
        while let Some(element) = list.next_element()? {
            elements.push(element);
        }
        assert!(hint.is_none_or(|hint| hint == elements.len()), "size hint {hint:?} of {} elements", elements.len());
        Ok(Seen::List(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Seen, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Seen::Map(entries))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Seen, A::Error> {
        let (name, content) = data.variant::<Seen>()?;
        Ok(Seen::Map(vec![(name, content.newtype_variant()?)]))
    }
}
