//! An array to serde: by the array token, the struct `{dtype, shape, order?, data}`.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::data::{Data, DataSeed, ReadData};
use super::{DynArray, Order};
use crate::dtype::DType;
use crate::token;

impl Serialize for DynArray<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(token::ARRAY, &Fields(self))
    }
}

struct Fields<'f>(&'f DynArray<'f>);

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let DynArray { dtype, shape, order, bytes } = self.0;
        let column_major = *order == Order::ColumnMajor;
        let mut fields = serializer.serialize_struct("Array", 3 + usize::from(column_major))?;
        fields.serialize_field("dtype", dtype.name())?;
        fields.serialize_field("shape", &Shape(shape))?;
        if column_major {
            fields.serialize_field("order", "F")?;
        } else {
            fields.skip_field("order")?;
        }
        fields.serialize_field("data", &Data { dtype: *dtype, bytes })?;
        fields.end()
    }
}

/// Dims as u64 on every machine.
struct Shape<'s>(&'s [usize]);

impl Serialize for Shape<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeSeq;
        let mut dims = serializer.serialize_seq(Some(self.0.len()))?;
        for &dim in self.0 {
            dims.serialize_element(&(dim as u64))?;
        }
        dims.end()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for DynArray<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(token::ARRAY, ArrayVisitor)
    }
}

struct ArrayVisitor;

impl<'de> Visitor<'de> for ArrayVisitor {
    type Value = DynArray<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    /// Formats that do not know the token, and values that are not an array node.
    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(ArrayVisitor)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut dtype, mut shape, mut order, mut data) = (None, None, None, None);
        while let Some(field) = map.next_key_seed(FieldSeed)? {
            match (field, dtype) {
                (Field::DType, None) => dtype = Some(map.next_value_seed(DTypeSeed)?),
                (Field::Shape, _) if shape.is_none() => shape = Some(map.next_value::<Vec<usize>>()?),
                (Field::Order, _) if order.is_none() => order = Some(map.next_value_seed(OrderSeed)?),
                (Field::Data, Some(dtype)) if data.is_none() => data = Some(map.next_value_seed(DataSeed(dtype))?),
                (Field::Data, None) => {
                    return Err(de::Error::custom("the dtype of an array must stand before its data"))
                }
                (field, _) => return Err(de::Error::duplicate_field(field.name())),
            }
        }
        let dtype = dtype.ok_or_else(|| de::Error::missing_field("dtype"))?;
        let shape = shape.ok_or_else(|| de::Error::missing_field("shape"))?;
        let bytes = match data.ok_or_else(|| de::Error::missing_field("data"))? {
            ReadData::Borrowed(bytes) => Cow::Borrowed(bytes),
            ReadData::Owned(bytes) => Cow::Owned(bytes),
        };
        DynArray::new(dtype, shape, order.unwrap_or_default(), bytes).map_err(de::Error::custom)
    }
}

#[derive(Clone, Copy)]
enum Field {
    DType,
    Shape,
    Order,
    Data,
}

impl Field {
    fn name(self) -> &'static str {
        match self {
            Field::DType => "dtype",
            Field::Shape => "shape",
            Field::Order => "order",
            Field::Data => "data",
        }
    }

    fn from_name(name: &str) -> Option<Field> {
        [Field::DType, Field::Shape, Field::Order, Field::Data].into_iter().find(|field| field.name() == name)
    }
}

macro_rules! name_seed {
    ($seed:ident -> $value:ty, $expected:literal, $parse:expr) => {
        struct $seed;

        impl<'de> de::DeserializeSeed<'de> for $seed {
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

name_seed!(FieldSeed -> Field, "a field of an array: dtype, shape, order or data", Field::from_name);
name_seed!(DTypeSeed -> DType, "the name of a dtype", DType::from_name);
name_seed!(OrderSeed -> Order, "the order `C` or `F`", |name| match name {
    "C" => Some(Order::RowMajor),
    "F" => Some(Order::ColumnMajor),
    _ => None,
});
