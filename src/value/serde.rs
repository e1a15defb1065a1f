//! Values to serde and back.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::list::{Form, List, Rows};
use super::parse::FIRST_RESERVATION;
use super::rebuilt::array_parts;
use super::records::OptionalScalar;
use super::{Map, Value};
use crate::array::{DynArray, read_parts};
use crate::dtype::{DType, row_scalar};
use crate::element::sealed::Sealed;
use crate::token::{self, RowsParts, Written};
use crate::wire::{Reader, put_leaf};

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Nil => serializer.serialize_unit(),
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Int(value) => int(*value, serializer),
            Value::Uint(value) => match i128::try_from(*value) {
                Ok(value) => int(value, serializer),
                Err(_) => serializer.serialize_u128(*value),
            },
            Value::F32(value) => serializer.serialize_f32(*value),
            Value::F64(value) => serializer.serialize_f64(*value),
            Value::Char(value) => serializer.serialize_char(*value),
            Value::Str(text) => serializer.serialize_str(text),
            Value::Bytes(bytes) => serializer.serialize_bytes(bytes),
            Value::Some(inner) => serializer.serialize_some(inner),
            Value::List(list) => list.serialize(serializer),
            Value::Map(map) => {
                let mut entries = serializer.serialize_map(Some(map.entries().len()))?;
                for (key, value) in map.entries() {
                    entries.serialize_entry(key, value)?;
                }
                entries.end()
            }
            Value::Array(array) => array.serialize(serializer),
        }
    }
}

/// As untyped writers do: i64 if it fits, else u64, else 128 bits.
pub(super) fn int<S: Serializer>(value: i128, serializer: S) -> Result<S::Ok, S::Error> {
    match (i64::try_from(value), u64::try_from(value)) {
        (Ok(value), _) => serializer.serialize_i64(value),
        (_, Ok(value)) => serializer.serialize_u64(value),
        _ => serializer.serialize_i128(value),
    }
}

impl Serialize for List {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.form {
            Form::Built => serializer.collect_seq(&self.values),
            Form::Plain => Written::PlainList.serialize(&self.values, &self.values, serializer),
            Form::Records(records) => records.serialize(serializer),
            Form::Rows(rows) => {
                let (count, row) = rows.shape.split_first().map_or((0, &[][..]), |(count, row)| (*count, row));
                let mut schema = Vec::new();
                put_leaf(&mut schema, rows.optional, rows.dtype.code(), row.iter().map(|&dim| dim as u64));
                let parts = RowsParts { count, schema: &schema, fixed: &rows.bytes, nodes: &[(); 0] };
                Written::Rows.serialize(&parts, &Numbers(rows), serializer)
            }
        }
    }
}

/// Packed scalars to other formats: lists, nested if they are subarrays.
struct Numbers<'r>(&'r Rows);

impl Serialize for Numbers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Rows { dtype, optional, shape, bytes } = self.0;
        match optional {
            true => serializer.collect_seq(bytes.chunks_exact(1 + dtype.size()).map(|row| OptionalScalar(*dtype, row))),
            false => Nested { dtype: *dtype, shape, bytes }.serialize(serializer),
        }
    }
}

/// Packed scalars as nested lists.
struct Nested<'r> {
    dtype: DType,
    shape: &'r [usize],
    bytes: &'r [u8],
}

impl Serialize for Nested<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.shape {
            [count, inner @ ..] if !inner.is_empty() => {
                let width = (self.bytes.len() / (*count).max(1)).max(1);
                let row = |bytes| Nested { dtype: self.dtype, shape: inner, bytes };
                serializer.collect_seq(self.bytes.chunks_exact(width).map(row))
            }
            _ => {
                macro_rules! list {
                    ($type:ty) => {
                        serializer.collect_seq(<$type>::view(self.bytes).iter())
                    };
                }
                row_scalar!(self.dtype, list)
            }
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(token::VALUE, PlaceVisitor)
    }
}

/// From this crate's deserializer comes the place of the node, or what stands in a row and is none; from any other the content.
struct PlaceVisitor;

impl<'de> Visitor<'de> for PlaceVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_newtype_struct(token::CONTENT, ContentVisitor)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, access: A) -> Result<Value, A::Error> {
        let (value, place) = token::read_place(access)?;
        super::parse::parse(&mut Reader::resume(value, place)).map_err(de::Error::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Value, A::Error> {
        read_part(map)
    }
}

/// A list in a row. The keys are no names, so that no format with named fields can have them.
pub(crate) fn read_part<'de, A: MapAccess<'de>>(mut map: A) -> Result<Value, A::Error> {
    match map.next_key::<u64>()? {
        Some(token::TUPLE) => {
            let values = map.next_value()?;
            Ok(Value::List(List { form: Form::Plain, values }))
        }
        Some(token::ARRAY_PARTS) => {
            let array = read_parts(&mut map)?;
            let (shape, bytes) = (array.shape().into(), array.bytes().into());
            Ok(Value::List(Rows { dtype: array.dtype(), optional: false, shape, bytes }.into()))
        }
        _ => Err(de::Error::invalid_type(de::Unexpected::Map, &PlaceVisitor)),
    }
}

/// A map in a row comes as itself, from this crate's deserializer; from any other comes the content, with arrays as maps in it.
struct ContentVisitor;

impl<'de> Visitor<'de> for ContentVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        AnyVisitor.expecting(f)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(AnyVisitor)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Value, A::Error> {
        read_map(map).map(Value::Map)
    }
}

fn read_map<'de, A: MapAccess<'de>>(mut map: A) -> Result<Map, A::Error> {
    let mut entries = Map::default();
    while let Some(entry) = map.next_entry()? {
        entries.entries_mut().push(entry);
    }
    Ok(entries)
}

/// Builds a value from what any format shows.
struct AnyVisitor;

impl<'de> Visitor<'de> for AnyVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Nil)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Nil)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        let inner = Value::deserialize(deserializer)?;
        Ok(match inner {
            Value::Nil | Value::Some(_) => Value::Some(Box::new(inner)),
            _ => inner,
        })
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Int(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Int(value.into()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Value, E> {
        Ok(Value::Int(value))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Value, E> {
        Ok(i128::try_from(value).map_or(Value::Uint(value), Value::Int))
    }

    fn visit_f32<E>(self, value: f32) -> Result<Value, E> {
        Ok(Value::F32(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::F64(value))
    }

    fn visit_char<E>(self, value: char) -> Result<Value, E> {
        Ok(Value::Char(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Str(value.into()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::Str(value))
    }

    fn visit_bytes<E>(self, value: &[u8]) -> Result<Value, E> {
        Ok(Value::Bytes(value.into()))
    }

    fn visit_byte_buf<E>(self, value: Vec<u8>) -> Result<Value, E> {
        Ok(Value::Bytes(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut values = Vec::with_capacity(seq.size_hint().unwrap_or(0).min(FIRST_RESERVATION));
        while let Some(value) = seq.next_element()? {
            values.push(value);
        }
        Ok(Value::List(values.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Value, A::Error> {
        // The fields that are left over for a flattened value have no length: they are no map, and no array.
        let is_whole = map.size_hint().is_some();
        let mut map = read_map(map)?;
        let Some((dtype, shape, order)) = array_parts(map.entries()).filter(|_| is_whole) else {
            return Ok(Value::Map(map));
        };
        let Some((_, Value::Bytes(bytes))) = map.entries_mut().pop() else { return Ok(Value::Map(map)) };
        DynArray::new(dtype, shape, order, bytes).map(Value::Array).map_err(de::Error::custom)
    }
}
