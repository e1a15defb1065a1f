//! Any value, borrowed.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::list::List;
use super::parse::{FIRST_RESERVATION, dims, make_room};
use super::rebuilt::array_parts;
use super::rows_view::RowsView;
use super::serde::int;
use super::{Map, Value};
use crate::array::{DynArrayView, Order, read_parts};
use crate::error::Result;
use crate::token;
use crate::wire::{Node, Reader};

/// Any value, with texts, bytes, arrays and packed rows borrowed from the input: [`Value`] without a copy.
///
/// Like that it keeps the form of everything, so that it is written back to the same bytes.
///
/// ```
/// use ndwire::{ArrayView, ValueView};
///
/// let image = [0u8; 3000];
/// let bytes = ndwire::to_vec(&("north", ArrayView::from_elements([10, 100, 3], &image)?))?;
///
/// let ValueView::List(parts) = ndwire::from_slice(&bytes)? else { panic!("a tuple is a list") };
/// let [ValueView::Str(camera), ValueView::Array(image)] = &parts[..] else { panic!("a text and an array") };
/// assert_eq!((*camera, image.shape()), ("north", &[10, 100, 3][..]));
/// # Ok::<(), ndwire::Error>(())
/// ```
///
/// From other formats it is read where they can lend all of it; read a [`Value`] from those. From serde's buffers, too, arrays come as
/// arrays ([what these lose](Value#what-serdes-buffers-lose)); lists come as plain lists, where those of a [`Value`] are packed again.
#[derive(Clone)]
#[non_exhaustive]
pub enum ValueView<'a> {
    /// Nothing: none, unit.
    Nil,
    /// A truth value.
    Bool(bool),
    /// An integer. Its width is not kept.
    Int(i128),
    /// An integer beyond [`i128::MAX`].
    Uint(u128),
    /// A 32-bit float, every bit kept.
    F32(f32),
    /// A 64-bit float, every bit kept.
    F64(f64),
    /// A character.
    Char(char),
    /// Text.
    Str(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
    /// Something that is there, and is nil or another of these.
    Some(Box<ValueView<'a>>),
    /// A plain list.
    List(Vec<ValueView<'a>>),
    /// A list in rows.
    Rows(RowsView<'a>),
    /// A map or struct: keys and values in their order.
    Map(Vec<(ValueView<'a>, ValueView<'a>)>),
    /// An array node.
    Array(DynArrayView<'a>),
}

impl ValueView<'_> {
    /// The same value, independent of the input.
    ///
    /// ```
    /// # use ndwire::{Value, ValueView};
    /// let bytes = ndwire::to_vec("north")?;
    /// assert_eq!(ndwire::from_slice::<ValueView>(&bytes)?.into_owned(), Value::from("north"));
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn into_owned(self) -> Value {
        match self {
            ValueView::Nil => Value::Nil,
            ValueView::Bool(value) => Value::Bool(value),
            ValueView::Int(value) => Value::Int(value),
            ValueView::Uint(value) => Value::Uint(value),
            ValueView::F32(value) => Value::F32(value),
            ValueView::F64(value) => Value::F64(value),
            ValueView::Char(value) => Value::Char(value),
            ValueView::Str(text) => Value::Str(text.into()),
            ValueView::Bytes(bytes) => Value::Bytes(bytes.into()),
            ValueView::Some(inner) => Value::Some(Box::new(inner.into_owned())),
            ValueView::List(values) if values.is_empty() => Value::List(List::default()),
            ValueView::List(values) => Value::List(List::plain(values.into_iter().map(Self::into_owned).collect())),
            ValueView::Rows(rows) => rows.into(),
            ValueView::Map(entries) => {
                let entries = entries.into_iter().map(|(key, value)| (key.into_owned(), value.into_owned()));
                Value::Map(entries.collect::<Map>())
            }
            ValueView::Array(array) => Value::Array(array.into_owned()),
        }
    }
}

/// A scalar of a row; nothing else.
impl ValueView<'_> {
    pub(super) fn of_scalar(scalar: &Value) -> Self {
        match *scalar {
            Value::Bool(value) => ValueView::Bool(value),
            Value::Int(value) => ValueView::Int(value),
            Value::F32(value) => ValueView::F32(value),
            Value::F64(value) => ValueView::F64(value),
            _ => ValueView::Nil,
        }
    }
}

/// The next node, with all that belongs to it.
fn parse<'a>(reader: &mut Reader<'a>) -> Result<ValueView<'a>> {
    Ok(match reader.node()? {
        Node::Nil => ValueView::Nil,
        Node::Bool(value) => ValueView::Bool(value),
        Node::Uint(value) => ValueView::Int(value.into()),
        Node::WideUint(value) => i128::try_from(value).map_or(ValueView::Uint(value), ValueView::Int),
        Node::Int(value) => ValueView::Int(value.into()),
        Node::WideInt(value) => ValueView::Int(value),
        Node::F32(value) => ValueView::F32(value),
        Node::F64(value) => ValueView::F64(value),
        Node::Char(value) => ValueView::Char(value),
        Node::Str(text) | Node::DataStr(text, _) => ValueView::Str(text),
        Node::Bytes(bytes) => ValueView::Bytes(bytes),
        Node::DataBytes(payload) => ValueView::Bytes(payload.bytes),
        Node::List(count) => {
            let mut values = Vec::with_capacity(count.min(FIRST_RESERVATION));
            for _ in 0..count {
                make_room(&mut values, count);
                values.push(parse(reader)?);
            }
            reader.close();
            ValueView::List(values)
        }
        Node::Map(entries) => {
            let mut values = Vec::with_capacity(entries.min(FIRST_RESERVATION));
            for _ in 0..entries {
                make_room(&mut values, entries);
                values.push((parse(reader)?, parse(reader)?));
            }
            reader.close();
            ValueView::Map(values)
        }
        Node::Some => {
            let inner = parse(reader)?;
            reader.close();
            ValueView::Some(Box::new(inner))
        }
        Node::Array(array) => {
            let order = if array.column_major { Order::ColumnMajor } else { Order::RowMajor };
            ValueView::Array(DynArrayView::new(array.dtype, dims(array.dims.iter()), order, array.payload.bytes)?)
        }
        Node::Rows(rows) => {
            let mut nodes = Vec::new();
            reader.each_node_leaf(&rows, |reader| {
                nodes.push(parse(reader)?);
                Ok(())
            })?;
            ValueView::Rows(RowsView::of(&rows, nodes))
        }
    })
}

impl<'de: 'a, 'a> Deserialize<'de> for ValueView<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> core::result::Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(token::VALUE, PlaceVisitor)
    }
}

/// From this crate's deserializer comes the place of the node, or what stands in a row and is none; from any other the content.
struct PlaceVisitor;

impl<'de> Visitor<'de> for PlaceVisitor {
    type Value = ValueView<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        AnyVisitor.expecting(f)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> core::result::Result<ValueView<'de>, D::Error> {
        deserializer.deserialize_newtype_struct(token::CONTENT, ContentVisitor)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, access: A) -> core::result::Result<ValueView<'de>, A::Error> {
        let (value, place) = token::read_place(access)?;
        parse(&mut Reader::resume(value, place)).map_err(de::Error::custom)
    }

    /// From a row. The keys are no names, so that no format with named fields can have them.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> core::result::Result<ValueView<'de>, A::Error> {
        match map.next_key::<u64>()? {
            Some(token::TUPLE) => map.next_value().map(ValueView::List),
            Some(token::ARRAY_PARTS) => {
                let array = read_parts(&mut map)?;
                RowsView::of_array(array).map(ValueView::Rows).map_err(de::Error::custom)
            }
            _ => Err(de::Error::invalid_type(de::Unexpected::Map, &self)),
        }
    }
}

/// As for a [`Value`]: a map in a row comes as itself, anything else as the content of a newtype.
struct ContentVisitor;

impl<'de> Visitor<'de> for ContentVisitor {
    type Value = ValueView<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        AnyVisitor.expecting(f)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> core::result::Result<ValueView<'de>, D::Error> {
        deserializer.deserialize_any(AnyVisitor)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> core::result::Result<ValueView<'de>, A::Error> {
        read_map(map).map(ValueView::Map)
    }
}

type Entries<'de> = Vec<(ValueView<'de>, ValueView<'de>)>;

fn read_map<'de, A: MapAccess<'de>>(mut map: A) -> core::result::Result<Entries<'de>, A::Error> {
    let mut entries = Vec::new();
    while let Some(entry) = map.next_entry()? {
        entries.push(entry);
    }
    Ok(entries)
}

/// Borrows a value from what any format lends.
struct AnyVisitor;

impl<'de> Visitor<'de> for AnyVisitor {
    type Value = ValueView<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value, lent by the input")
    }

    fn visit_unit<E>(self) -> core::result::Result<ValueView<'de>, E> {
        Ok(ValueView::Nil)
    }

    fn visit_none<E>(self) -> core::result::Result<ValueView<'de>, E> {
        Ok(ValueView::Nil)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> core::result::Result<ValueView<'de>, D::Error> {
        let inner = ValueView::deserialize(deserializer)?;
        Ok(match inner {
            ValueView::Nil | ValueView::Some(_) => ValueView::Some(Box::new(inner)),
            _ => inner,
        })
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> core::result::Result<ValueView<'de>, D::Error> {
        ValueView::deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> core::result::Result<ValueView<'de>, E> {
        Ok(ValueView::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> core::result::Result<ValueView<'de>, E> {
        Ok(ValueView::Int(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> core::result::Result<ValueView<'de>, E> {
        Ok(ValueView::Int(value.into()))
    }

    fn visit_i128<E>(self, value: i128) -> core::result::Result<ValueView<'de>, E> {
        Ok(ValueView::Int(value))
    }

    fn visit_u128<E>(self, value: u128) -> core::result::Result<ValueView<'de>, E> {
        Ok(i128::try_from(value).map_or(ValueView::Uint(value), ValueView::Int))
    }

    fn visit_f32<E>(self, value: f32) -> core::result::Result<ValueView<'de>, E> {
        Ok(ValueView::F32(value))
    }

    fn visit_f64<E>(self, value: f64) -> core::result::Result<ValueView<'de>, E> {
        Ok(ValueView::F64(value))
    }

    fn visit_char<E>(self, value: char) -> core::result::Result<ValueView<'de>, E> {
        Ok(ValueView::Char(value))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> core::result::Result<ValueView<'de>, E> {
        Ok(ValueView::Str(value))
    }

    fn visit_borrowed_bytes<E>(self, value: &'de [u8]) -> core::result::Result<ValueView<'de>, E> {
        Ok(ValueView::Bytes(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> core::result::Result<ValueView<'de>, A::Error> {
        let mut values = Vec::with_capacity(seq.size_hint().unwrap_or(0).min(FIRST_RESERVATION));
        while let Some(value) = seq.next_element()? {
            values.push(value);
        }
        Ok(ValueView::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> core::result::Result<ValueView<'de>, A::Error> {
        let is_whole = map.size_hint().is_some();
        let entries = read_map(map)?;
        match (array_parts(&entries), &entries[..]) {
            (Some((dtype, shape, order)), [.., (_, ValueView::Bytes(bytes))]) if is_whole => {
                DynArrayView::new(dtype, shape, order, *bytes).map(ValueView::Array).map_err(de::Error::custom)
            }
            _ => Ok(ValueView::Map(entries)),
        }
    }
}

impl Serialize for ValueView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> core::result::Result<S::Ok, S::Error> {
        match self {
            ValueView::Nil => serializer.serialize_unit(),
            ValueView::Bool(value) => serializer.serialize_bool(*value),
            ValueView::Int(value) => int(*value, serializer),
            ValueView::Uint(value) => serializer.serialize_u128(*value),
            ValueView::F32(value) => serializer.serialize_f32(*value),
            ValueView::F64(value) => serializer.serialize_f64(*value),
            ValueView::Char(value) => serializer.serialize_char(*value),
            ValueView::Str(text) => serializer.serialize_str(text),
            ValueView::Bytes(bytes) => serializer.serialize_bytes(bytes),
            ValueView::Some(inner) => serializer.serialize_some(inner),
            ValueView::List(values) => token::Written::PlainList.serialize(values, values, serializer),
            ValueView::Rows(rows) => rows.serialize(serializer),
            ValueView::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
            ValueView::Array(array) => array.serialize(serializer),
        }
    }
}
