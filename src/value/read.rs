//! Values from nodes, and from what other formats show.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::list::List;
use super::map::Map;
use super::schema::Schema;
use super::{Value, ValueView};
use crate::array::{DynArrayView, Order, read_parts};
use crate::dtype::DType;
use crate::error::Result;
use crate::token;
use crate::wire::{Build, Node, RANK_LIMIT, Reader};

/// Elements for which room is made before they are there: a node of one byte becomes a value of many.
const FIRST_RESERVATION: usize = 256;

/// A value whose texts, bytes, arrays and packed rows are borrowed from the input where it lends them: what is read is the form, and not
/// a byte is copied.
///
/// ```
/// use ndwire::{ArrayView, ValueView, value::Borrowed};
///
/// let image = [0u8; 3000];
/// let bytes = ndwire::to_vec(&("north", ArrayView::from_elements([10, 100, 3], &image)?))?;
///
/// let Borrowed(value) = ndwire::from_slice(&bytes)?;
/// let parts = value.as_list().and_then(|list| list.values()).expect("a tuple is a list");
/// let [ValueView::Str(camera), ValueView::Array(image)] = parts else { panic!("a text and an array") };
/// assert_eq!((&**camera, image.shape()), ("north", &[10, 100, 3][..]));
/// # Ok::<(), ndwire::Error>(())
/// ```
///
/// A field of this type needs `#[serde(borrow)]`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Borrowed<'a>(pub ValueView<'a>);

impl<'a> Build<'a> for ValueView<'a> {
    fn build(node: Node<'a>, inside: Vec<Self>) -> Result<Self> {
        Ok(match node {
            Node::Nil => ValueView::Nil,
            Node::Bool(value) => ValueView::Bool(value),
            Node::Uint(value) => ValueView::Int(value.into()),
            Node::WideUint(value) => uint(value),
            Node::Int(value) => ValueView::Int(value.into()),
            Node::WideInt(value) => ValueView::Int(value),
            Node::F32(value) => ValueView::F32(value),
            Node::F64(value) => ValueView::F64(value),
            Node::Char(value) => ValueView::Char(value),
            Node::Str(text) | Node::DataStr(text, _) => ValueView::Str(text.into()),
            Node::Bytes(bytes) => ValueView::Bytes(bytes.into()),
            Node::DataBytes(payload) => ValueView::Bytes(payload.bytes.into()),
            Node::List(_) => ValueView::List(List::plain(inside)),
            Node::Map(_) => ValueView::Map(Map::of_alternating(inside)),
            Node::Some => ValueView::Some(Box::new(inside.into_iter().next().unwrap_or(ValueView::Nil))),
            Node::Array(array) => {
                let order = if array.column_major { Order::ColumnMajor } else { Order::RowMajor };
                let shape: Vec<usize> = array.dims.iter().map(place).collect();
                ValueView::Array(DynArrayView::new(array.dtype, shape, order, array.payload.bytes)?)
            }
            Node::Rows(rows) => {
                ValueView::List(List::of_rows(Schema::of(rows.schema), place(rows.count), rows.fixed.into(), inside))
            }
        })
    }
}

/// As this machine counts. Where a dim is 0 another may be larger than that; no element is ever looked for there.
fn place(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn uint<'a>(value: u128) -> ValueView<'a> {
    i128::try_from(value).map_or(ValueView::Uint(value), ValueView::Int)
}

/// Owned, whatever the input could lend. What it lends is borrowed by [`Borrowed`].
impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> core::result::Result<Self, D::Error> {
        Borrowed::deserialize(deserializer).map(|Borrowed(value)| value.into_owned())
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Borrowed<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> core::result::Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(token::VALUE, PlaceVisitor).map(Borrowed)
    }
}

/// From this crate's deserializer comes the place of the node, or a part of a row that has none; from any other the content.
struct PlaceVisitor;

impl<'de> Visitor<'de> for PlaceVisitor {
    type Value = ValueView<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        AnyVisitor.expecting(f)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> core::result::Result<Self::Value, D::Error> {
        deserializer.deserialize_newtype_struct(token::CONTENT, ContentVisitor)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, access: A) -> core::result::Result<Self::Value, A::Error> {
        let (value, place) = token::read_place(access)?;
        Reader::resume(value, place).build().map_err(de::Error::custom)
    }

    /// A list in a row. The keys are no names, so that no format with named fields can have them.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> core::result::Result<Self::Value, A::Error> {
        match map.next_key::<u64>()? {
            Some(token::TUPLE) => {
                let values: Vec<Borrowed<'de>> = map.next_value()?;
                Ok(ValueView::List(List::plain(values.into_iter().map(|Borrowed(value)| value).collect())))
            }
            Some(token::ARRAY_PARTS) => Ok(ValueView::List(List::of_array(read_parts(&mut map)?))),
            _ => Err(de::Error::invalid_type(de::Unexpected::Map, &self)),
        }
    }
}

/// A map in a row comes as itself, from this crate's deserializer; from any other comes the content, with arrays as maps in it.
struct ContentVisitor;

impl<'de> Visitor<'de> for ContentVisitor {
    type Value = ValueView<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        AnyVisitor.expecting(f)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> core::result::Result<Self::Value, D::Error> {
        deserializer.deserialize_any(AnyVisitor)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> core::result::Result<Self::Value, A::Error> {
        read_map(map).map(ValueView::Map)
    }
}

fn read_map<'de, A: MapAccess<'de>>(mut map: A) -> core::result::Result<Map<'de>, A::Error> {
    let mut entries = Map::default();
    while let Some((Borrowed(key), Borrowed(value))) = map.next_entry()? {
        entries.entries_mut().push((key, value));
    }
    Ok(entries)
}

/// Builds a value from what any format shows.
struct AnyVisitor;

impl<'de> Visitor<'de> for AnyVisitor {
    type Value = ValueView<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> core::result::Result<Self::Value, E> {
        Ok(ValueView::Nil)
    }

    fn visit_none<E>(self) -> core::result::Result<Self::Value, E> {
        Ok(ValueView::Nil)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> core::result::Result<Self::Value, D::Error> {
        let Borrowed(inner) = Borrowed::deserialize(deserializer)?;
        Ok(match inner {
            ValueView::Nil | ValueView::Some(_) => ValueView::Some(Box::new(inner)),
            _ => inner,
        })
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> core::result::Result<Self::Value, D::Error> {
        Borrowed::deserialize(deserializer).map(|Borrowed(value)| value)
    }

    fn visit_bool<E>(self, value: bool) -> core::result::Result<Self::Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> core::result::Result<Self::Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> core::result::Result<Self::Value, E> {
        Ok(value.into())
    }

    fn visit_i128<E>(self, value: i128) -> core::result::Result<Self::Value, E> {
        Ok(ValueView::Int(value))
    }

    fn visit_u128<E>(self, value: u128) -> core::result::Result<Self::Value, E> {
        Ok(uint(value))
    }

    fn visit_f32<E>(self, value: f32) -> core::result::Result<Self::Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> core::result::Result<Self::Value, E> {
        Ok(value.into())
    }

    fn visit_char<E>(self, value: char) -> core::result::Result<Self::Value, E> {
        Ok(ValueView::Char(value))
    }

    fn visit_str<E>(self, value: &str) -> core::result::Result<Self::Value, E> {
        Ok(value.into())
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> core::result::Result<Self::Value, E> {
        Ok(ValueView::Str(value.into()))
    }

    fn visit_string<E>(self, value: String) -> core::result::Result<Self::Value, E> {
        Ok(value.into())
    }

    fn visit_bytes<E>(self, value: &[u8]) -> core::result::Result<Self::Value, E> {
        Ok(Vec::from(value).into())
    }

    fn visit_borrowed_bytes<E>(self, value: &'de [u8]) -> core::result::Result<Self::Value, E> {
        Ok(ValueView::Bytes(value.into()))
    }

    fn visit_byte_buf<E>(self, value: Vec<u8>) -> core::result::Result<Self::Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> core::result::Result<Self::Value, A::Error> {
        let mut values = Vec::with_capacity(seq.size_hint().unwrap_or(0).min(FIRST_RESERVATION));
        while let Some(Borrowed(value)) = seq.next_element()? {
            values.push(value);
        }
        Ok(values.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> core::result::Result<Self::Value, A::Error> {
        // The fields that are left over for a flattened value have no length: they are no map, and no array.
        let is_whole = map.size_hint().is_some();
        let mut map = read_map(map)?;
        let Some((dtype, shape, order)) = array_parts(&map).filter(|_| is_whole) else {
            return Ok(ValueView::Map(map));
        };
        let Some((_, ValueView::Bytes(bytes))) = map.entries_mut().pop() else { return Ok(ValueView::Map(map)) };
        DynArrayView::new(dtype, shape, order, bytes).map(ValueView::Array).map_err(de::Error::custom)
    }
}

/// The array that a map is, but for its bytes, which are the last entry: just the keys by which an array is shown, in their order, the
/// name of a dtype, dims, the order only where it has a meaning, and as many bytes as they take. serde's buffers, and other formats, have
/// no other form for arrays.
fn array_parts(map: &Map<'_>) -> Option<(DType, Vec<usize>, Order)> {
    let entries = map.entries();
    let (keys, order): (&[&str], _) = match entries.len() {
        3 => (&["dtype", "shape", "data"], Order::RowMajor),
        4 => (&["dtype", "shape", "order", "data"], Order::ColumnMajor),
        _ => return None,
    };
    let [(_, dtype), (_, shape), rest @ .., (_, data)] = entries else { return None };
    let are_those = entries.iter().zip(keys).all(|((key, _), expected)| key.as_str() == Some(expected));
    if !are_those || rest.iter().any(|(_, order)| order.as_str() != Some("F")) {
        return None;
    }
    let dims = shape.as_list().filter(|dims| dims.len() <= RANK_LIMIT)?;
    let dims: Vec<usize> = dims.iter().map(|dim| usize::try_from(dim.as_int()?).ok()).collect::<Option<_>>()?;
    let dtype = DType::from_name(dtype.as_str()?)?;
    let array = DynArrayView::new(dtype, &dims, order, data.as_bytes()?).ok()?;
    (array.order() == order).then_some((dtype, dims, order))
}
