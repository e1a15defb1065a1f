//! Types from values.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use serde::de::value::{MapAccessDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::ValueView;
use super::cell::{Cell, Content, scalar};
use crate::array::{DynArrayView, Order};
use crate::dtype::DType;
use crate::error::{Error, Result};
use crate::token::{self, Head};

macro_rules! forward {
    ($($method:ident($($argument:ident: $type:ty),*);)*) => {$(
        fn $method<V: Visitor<'de>>(self, $($argument: $type,)* visitor: V) -> Result<V::Value> {
            Item::Value(self).$method($($argument,)* visitor)
        }
    )*};
}

/// Reads a type from a value, as from a format without arrays: these come as the map `{dtype, shape, order?, data}`, which array types read,
/// too. To read just what the value's bytes would give, use [`from_value`](super::from_value).
///
/// ```
/// use ndwire::Value;
/// use serde::Deserialize;
///
/// let value = Value::from(vec![Value::from("a"), Value::from("b")]);
/// assert_eq!(<Vec<&str>>::deserialize(&value)?, ["a", "b"]);
/// # Ok::<(), ndwire::Error>(())
/// ```
impl<'de> Deserializer<'de> for &'de ValueView<'_> {
    type Error = Error;

    forward! {
        deserialize_any(); deserialize_option(); deserialize_bytes(); deserialize_byte_buf();
        deserialize_newtype_struct(name: &'static str);
        deserialize_enum(name: &'static str, variants: &'static [&'static str]);
    }

    fn is_human_readable(&self) -> bool {
        false
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string unit unit_struct seq tuple tuple_struct map struct
        identifier ignored_any
    }
}

/// A value, or a part of packed rows.
#[derive(Clone, Copy)]
pub(crate) enum Item<'v> {
    Value(&'v ValueView<'v>),
    Cell(Cell<'v, 'v>),
    Name(&'v str),
}

impl<'v> Item<'v> {
    pub(crate) fn is_nil(self) -> bool {
        match self {
            Item::Value(ValueView::Nil) => true,
            Item::Cell(cell) => matches!(cell.content(), Content::Nil | Content::Node(ValueView::Nil)),
            _ => false,
        }
    }

    pub(crate) fn into_value(self) -> ValueView<'v> {
        match self {
            Item::Value(value) => value.clone(),
            Item::Cell(cell) => cell.value(),
            Item::Name(name) => ValueView::Str(name.into()),
        }
    }

    /// An array, or what is packed like one, and whether that is a list.
    fn array(self) -> Option<(DynArrayView<'v>, bool)> {
        match self {
            Item::Value(ValueView::Array(array)) => Some((array.view(), false)),
            Item::Value(ValueView::List(list)) => Some((list.as_array()?, true)),
            Item::Cell(cell) => match cell.content() {
                Content::Node(node) => Item::Value(node).array(),
                _ => Some((cell.as_array()?, true)),
            },
            _ => None,
        }
    }

    /// The entry of a map that has one: the form of a variant with content.
    fn only_entry(self) -> Option<(Self, Self)> {
        match self {
            Item::Value(ValueView::Map(map)) => match map.entries() {
                [(key, value)] => Some((Item::Value(key), Item::Value(value))),
                _ => None,
            },
            Item::Cell(cell) => match cell.content() {
                Content::Map(mut cells) if cells.len() == 1 => {
                    cells.next().map(|(name, cell)| (Item::Name(name), Item::Cell(cell)))
                }
                Content::Node(node) => Item::Value(node).only_entry(),
                _ => None,
            },
            _ => None,
        }
    }

    /// The bytes of a packed list of u8.
    fn packed_bytes(self) -> Option<&'v [u8]> {
        let (array, is_list) = self.array()?;
        match (is_list, array.dtype(), array.shape().len(), array.into_bytes()) {
            (true, DType::U8, 1, Cow::Borrowed(bytes)) => Some(bytes),
            _ => None,
        }
    }
}

impl<'de> Deserializer<'de> for Item<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self {
            Item::Name(name) => visitor.visit_borrowed_str(name),
            Item::Cell(cell) => match cell.content() {
                Content::Nil => visitor.visit_unit(),
                Content::Scalar(dtype, bytes) => visit_scalar(&scalar(dtype, bytes), visitor),
                Content::Node(node) => node.deserialize_any(visitor),
                Content::Scalars(cells) | Content::Tuple(cells) => {
                    visit_list(cells.map(|(_, cell)| Item::Cell(cell)), visitor)
                }
                Content::Map(cells) => {
                    visit_map(cells.map(|(name, cell)| (Item::Name(name), Item::Cell(cell))), visitor)
                }
            },
            Item::Value(value) => match value {
                ValueView::Str(text) => visitor.visit_borrowed_str(text),
                ValueView::Bytes(bytes) => visitor.visit_borrowed_bytes(bytes),
                ValueView::Some(inner) => visitor.visit_some(Item::Value(inner)),
                ValueView::List(list) => match list.cells() {
                    Some(cells) => visit_list(cells.map(|(_, cell)| Item::Cell(cell)), visitor),
                    None => visit_list(list.values().unwrap_or_default().iter().map(Item::Value), visitor),
                },
                ValueView::Map(map) => {
                    visit_map(map.entries().iter().map(|(key, value)| (Item::Value(key), Item::Value(value))), visitor)
                }
                ValueView::Array(array) => visit_array(array, visitor),
                scalar => visit_scalar(scalar, visitor),
            },
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self {
            Item::Value(ValueView::Nil) => visitor.visit_none(),
            Item::Value(ValueView::Some(inner)) => visitor.visit_some(Item::Value(inner)),
            Item::Cell(cell) => match cell.content() {
                Content::Nil => visitor.visit_none(),
                Content::Node(node) => node.deserialize_option(visitor),
                _ => visitor.visit_some(self),
            },
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value> {
        match self.array().filter(|_| name == token::ARRAY) {
            Some((array, is_list)) => visit_parts(array, is_list.then_some(self), visitor),
            None => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.packed_bytes() {
            Some(bytes) => visitor.visit_borrowed_bytes(bytes),
            None => self.deserialize_any(visitor),
        }
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        match (self, self.only_entry()) {
            (Item::Value(ValueView::Str(name)), _) => visitor.visit_enum((&**name).into_deserializer()),
            (_, Some(entry)) => {
                let entries = Entries { entries: core::iter::once(entry), name: None, value: None };
                visitor.visit_enum(MapAccessDeserializer::new(entries))
            }
            _ => self.deserialize_any(visitor),
        }
    }

    fn is_human_readable(&self) -> bool {
        false
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string unit unit_struct seq tuple tuple_struct map struct
        identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, Error> for Item<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

fn visit_scalar<'v, V: Visitor<'v>>(scalar: &ValueView<'_>, visitor: V) -> Result<V::Value> {
    match *scalar {
        ValueView::Bool(value) => visitor.visit_bool(value),
        ValueView::Int(value) => match (u64::try_from(value), i64::try_from(value)) {
            (Ok(value), _) => visitor.visit_u64(value),
            (_, Ok(value)) => visitor.visit_i64(value),
            _ => visitor.visit_i128(value),
        },
        ValueView::Uint(value) => visitor.visit_u128(value),
        ValueView::F32(value) => visitor.visit_f32(value),
        ValueView::F64(value) => visitor.visit_f64(value),
        ValueView::Char(value) => visitor.visit_char(value),
        _ => visitor.visit_unit(),
    }
}

/// Reads the items as a list.
pub(crate) fn read_list<'v, T: Deserialize<'v>>(items: impl ExactSizeIterator<Item = Item<'v>>) -> Result<T> {
    T::deserialize(ListOf(items))
}

struct ListOf<I>(I);

impl<'de, I: ExactSizeIterator<Item = Item<'de>>> Deserializer<'de> for ListOf<I> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visit_list(self.0, visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map
        struct identifier ignored_any option enum
    }
}

fn visit_list<'v, V: Visitor<'v>>(elements: impl ExactSizeIterator<Item = Item<'v>>, visitor: V) -> Result<V::Value> {
    let count = elements.len();
    let mut elements = Elements { elements, count };
    let value = visitor.visit_seq(&mut elements)?;
    all_read("elements", count, elements.elements.len())?;
    Ok(value)
}

fn visit_map<'v, V: Visitor<'v>>(
    entries: impl ExactSizeIterator<Item = (Item<'v>, Item<'v>)>,
    visitor: V,
) -> Result<V::Value> {
    let count = entries.len();
    let mut entries = Entries { entries, name: None, value: None };
    let value = visitor.visit_map(&mut entries)?;
    all_read("entries", count, entries.entries.len() + usize::from(entries.value.is_some()))?;
    Ok(value)
}

/// In every form of list and map, what a visitor leaves unread is an error.
fn all_read(what: &str, found: usize, left: usize) -> Result<()> {
    match left {
        0 => Ok(()),
        _ => Err(Error::unread(what, left, found)),
    }
}

struct Elements<I> {
    elements: I,
    count: usize,
}

impl<'de, I: ExactSizeIterator<Item = Item<'de>>> SeqAccess<'de> for Elements<I> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        let position = self.count - self.elements.len();
        let Some(element) = self.elements.next() else { return Ok(None) };
        seed.deserialize(element).map(Some).map_err(|error| error.in_element(position as u64))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.elements.len())
    }
}

struct Entries<'v, I> {
    entries: I,
    /// Of the value that is due, for messages.
    name: Option<&'v str>,
    value: Option<Item<'v>>,
}

impl<'de, I: ExactSizeIterator<Item = (Item<'de>, Item<'de>)>> MapAccess<'de> for Entries<'de, I> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        let Some((key, value)) = self.entries.next() else { return Ok(None) };
        self.value = Some(value);
        self.name = match key {
            Item::Name(name) => Some(name),
            Item::Value(value) => value.as_str(),
            Item::Cell(_) => None,
        };
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value> {
        let value = self.value.take().unwrap_or(Item::Value(&ValueView::Nil));
        seed.deserialize(value).map_err(|error| error.in_field(self.name.unwrap_or("<key>")))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.entries.len())
    }
}

fn visit_array<'v, V: Visitor<'v>>(array: &'v DynArrayView<'_>, visitor: V) -> Result<V::Value> {
    let order = (array.order() == Order::ColumnMajor).then_some(("order", Part::Name("F")));
    let parts = [("dtype", Part::Name(array.dtype().name())), ("shape", Part::Dims(array.shape()))];
    let parts = parts.into_iter().chain(order).chain([("data", Part::Elements(array.bytes(), None))]);
    visitor.visit_map(MapDeserializer::new(parts))
}

/// As this crate's deserializer shows it to an array type.
fn visit_parts<'v, V: Visitor<'v>>(array: DynArrayView<'v>, list: Option<Item<'v>>, visitor: V) -> Result<V::Value> {
    let column_major = if array.order() == Order::ColumnMajor { token::COLUMN_MAJOR } else { 0 };
    let flags = column_major | if list.is_some() { token::LIST } else { 0 };
    let head = Head::new(array.dtype().code(), flags, array.shape().iter().map(|&dim| dim as u64));
    let Cow::Borrowed(bytes) = array.into_bytes() else { return visitor.visit_unit() };
    let parts = [(token::ARRAY_PARTS, Part::Head(head.bytes().into())), (token::ELEMENTS, Part::Elements(bytes, list))];
    visitor.visit_map(MapDeserializer::new(parts.into_iter()))
}

/// A part of an array.
enum Part<'v> {
    Name(&'static str),
    Head(Vec<u8>),
    Dims(&'v [usize]),
    /// The elements; and the list that they are, for a target that asks for one.
    Elements(&'v [u8], Option<Item<'v>>),
}

impl<'de> IntoDeserializer<'de, Error> for Part<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Part<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self {
            Part::Name(name) => visitor.visit_borrowed_str(name),
            Part::Head(head) => visitor.visit_bytes(&head),
            Part::Dims(dims) => visitor.visit_seq(SeqDeserializer::new(dims.iter().map(|&dim| dim as u64))),
            Part::Elements(bytes, _) => visitor.visit_borrowed_bytes(bytes),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self {
            Part::Elements(_, Some(list)) => list.deserialize_any(visitor),
            other => other.deserialize_any(visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct tuple tuple_struct map
        struct identifier ignored_any option newtype_struct enum
    }
}
