//! The fields by which an array is shown, one by one.

use alloc::format;
use core::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, EnumAccess, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::shape::{Dims, Order};
use crate::dtype::DType;
use crate::token;
use crate::wire::RANK_LIMIT;

#[derive(Clone, Copy)]
pub(super) enum Field {
    DType,
    Shape,
    Order,
    Data,
    /// The format version of ndarray's own serde, and its shape.
    Version,
    Dim,
    /// All of it: the key of this crate's deserializer alone.
    Parts,
    Other,
}

impl Field {
    pub(super) fn name(self) -> &'static str {
        match self {
            Field::DType => "dtype",
            Field::Shape => "shape",
            Field::Order => "order",
            Field::Data => "data",
            Field::Version => "v",
            Field::Dim => "dim",
            Field::Parts | Field::Other => "",
        }
    }
}

pub(super) struct FieldSeed;

impl<'de> DeserializeSeed<'de> for FieldSeed {
    type Value = Field;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Field, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for FieldSeed {
    type Value = Field;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field of an array: dtype, shape, order or data")
    }

    fn visit_str<E>(self, name: &str) -> Result<Field, E> {
        Ok(match name {
            "dtype" => Field::DType,
            "shape" => Field::Shape,
            "order" => Field::Order,
            "data" => Field::Data,
            "v" => Field::Version,
            "dim" => Field::Dim,
            _ => Field::Other,
        })
    }

    fn visit_bytes<E>(self, _: &[u8]) -> Result<Field, E> {
        Ok(Field::Other)
    }

    fn visit_u64<E>(self, key: u64) -> Result<Field, E> {
        Ok(if key == token::ARRAY_PARTS { Field::Parts } else { Field::Other })
    }
}

macro_rules! name_seed {
    ($seed:ident -> $value:ty, $expected:literal, $parse:expr) => {
        pub(super) struct $seed;

        impl<'de> DeserializeSeed<'de> for $seed {
            type Value = $value;

            fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<$value, D::Error> {
                deserializer.deserialize_str(self)
            }
        }

        impl Visitor<'_> for $seed {
            type Value = $value;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str($expected)
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<$value, E> {
                let parse: fn(&str) -> Option<$value> = $parse;
                parse(name).ok_or_else(|| de::Error::invalid_value(de::Unexpected::Other("a name"), &self))
            }
        }
    };
}

name_seed!(DTypeSeed -> DType, "the name of a dtype", DType::from_name);
name_seed!(OrderSeed -> Order, "the order `C` or `F`", |name| match name {
    "C" => Some(Order::RowMajor),
    "F" => Some(Order::ColumnMajor),
    _ => None,
});

pub(super) struct DimsSeed;

impl<'de> DeserializeSeed<'de> for DimsSeed {
    type Value = Dims;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Dims, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for DimsSeed {
    type Value = Dims;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the dims of an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Dims, A::Error> {
        let mut dims = [0; RANK_LIMIT];
        let mut rank = 0;
        while let Some(dim) = seq.next_element::<u64>()? {
            let Some(place) = dims.get_mut(rank) else {
                return Err(de::Error::custom(format!("rank of an array exceeds the limit of {RANK_LIMIT}")));
            };
            *place = dim_of(dim);
            rank += 1;
        }
        Ok(Dims::new(&dims[..rank]))
    }
}

/// Where a dim is 0 another may be larger than this machine counts; no element is ever looked for there.
pub(super) fn dim_of(dim: u64) -> usize {
    usize::try_from(dim).unwrap_or(usize::MAX)
}

/// A field of ndarray's own form, or one of somebody else's that has the same name.
pub(super) enum Loose {
    Number(u64),
    Dims(Dims),
    Other,
}

pub(super) struct LooseSeed;

impl<'de> DeserializeSeed<'de> for LooseSeed {
    type Value = Loose;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Loose, D::Error> {
        deserializer.deserialize_any(self)
    }
}

macro_rules! other {
    ($($method:ident $type:ty,)*) => {$(
        fn $method<E>(self, _: $type) -> Result<Loose, E> {
            Ok(Loose::Other)
        }
    )*};
}

impl<'de> Visitor<'de> for LooseSeed {
    type Value = Loose;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    other! {
        visit_bool bool,
        visit_i64 i64,
        visit_i128 i128,
        visit_u128 u128,
        visit_f64 f64,
        visit_char char,
        visit_str &str,
        visit_bytes &[u8],
    }

    fn visit_u64<E>(self, number: u64) -> Result<Loose, E> {
        Ok(Loose::Number(number))
    }

    fn visit_none<E>(self) -> Result<Loose, E> {
        Ok(Loose::Other)
    }

    fn visit_unit<E>(self) -> Result<Loose, E> {
        Ok(Loose::Other)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Loose, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Loose, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Loose, A::Error> {
        let mut dims = [0; RANK_LIMIT];
        let (mut rank, mut are_dims) = (0, true);
        while let Some(element) = seq.next_element_seed(LooseSeed)? {
            match (element, dims.get_mut(rank)) {
                (Loose::Number(dim), Some(place)) => *place = dim_of(dim),
                _ => are_dims = false,
            }
            rank += 1;
        }
        Ok(if are_dims { Loose::Dims(Dims::new(&dims[..rank])) } else { Loose::Other })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Loose, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Loose::Other)
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Loose, A::Error> {
        IgnoredAny.visit_enum(data).map(|_| Loose::Other)
    }
}
