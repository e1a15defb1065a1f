//! Nodes to serde's visits.

use core::cell::Cell;

use serde::de::{self, IntoDeserializer, Unexpected, Visitor};

use super::access::{Enum, ListAccess, MapAccess, Place, check_entries_read};
use super::array::{STOCK, array_visit, parts_visit, rows_as_array, sequence_visit, stock_visit};
use super::field::ONE_ENTRY;
use super::rows::rows_visit;
use super::scalar::{bytes_visit, of_newtype};
use crate::dtype::DType;
use crate::error::{Error, Result};
use crate::limits::Limits;
use crate::token;
use crate::wire::{Array, Node, Reader, RowSchema, Rows};

/// A serde `Deserializer` of this format, for code that asks for one; others use [`from_slice`](crate::from_slice).
///
/// ```
/// use serde::Deserialize;
///
/// let bytes = ndwire::to_vec(&[1u16, 2])?;
/// let mut deserializer = ndwire::Deserializer::new(&bytes)?;
/// assert_eq!(<[u16; 2]>::deserialize(&mut deserializer)?, [1, 2]);
/// deserializer.end()?;
/// # Ok::<(), ndwire::Error>(())
/// ```
pub struct Deserializer<'de> {
    pub(super) reader: Reader<'de>,
    value: &'de [u8],
    /// Where the last key is of something that was asked for as a map.
    pub(super) map_key: u64,
}

impl<'de> Deserializer<'de> {
    /// A deserializer of one value, after its header and checksum have been checked.
    ///
    /// ```
    /// assert!(ndwire::Deserializer::new(b"{}").is_err());
    /// ```
    ///
    /// # Errors
    /// Fails if the bytes are not a value of this format.
    pub fn new(value: &'de [u8]) -> Result<Self> {
        Self::with_limits(value, Limits::DEFAULT)
    }

    /// [`new`](Deserializer::new) with limits.
    ///
    /// ```
    /// let bytes = ndwire::to_vec(&7u8)?;
    /// let limits = ndwire::Limits { value_len: 16, ..Default::default() };
    /// assert!(ndwire::Deserializer::with_limits(&bytes, limits).is_err());
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`new`](Deserializer::new); or the value is beyond the limits.
    pub fn with_limits(value: &'de [u8], limits: Limits) -> Result<Self> {
        Ok(Deserializer { reader: Reader::new(value, &limits)?, value, map_key: 0 })
    }

    /// Checks that nothing is left over. A value is not accepted before this.
    ///
    /// ```
    /// use serde::Deserialize;
    ///
    /// let mut bytes = ndwire::to_vec(&7u8)?;
    /// bytes.push(0);
    /// let mut deserializer = ndwire::Deserializer::new(&bytes)?;
    /// assert_eq!(u8::deserialize(&mut deserializer)?, 7);
    /// assert!(deserializer.end().is_err());
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// Fails if bytes are left over.
    pub fn end(self) -> Result<()> {
        self.reader.finish()
    }

    pub(super) fn offset(&self) -> u64 {
        self.reader.offset()
    }

    /// Shows a node as what it is.
    #[inline]
    fn visit<V: Visitor<'de>>(&mut self, node: Node<'de>, visitor: V) -> Result<V::Value> {
        match node {
            Node::Nil => visitor.visit_unit(),
            Node::Bool(value) => visitor.visit_bool(value),
            Node::Uint(value) => visitor.visit_u64(value),
            Node::Int(value) => visitor.visit_i64(value),
            Node::F32(value) => visitor.visit_f32(value),
            Node::F64(value) => visitor.visit_f64(value),
            Node::Str(text) | Node::DataStr(text, _) => visitor.visit_borrowed_str(text),
            Node::Map(entries) => self.visit_map(entries, false, visitor),
            Node::Rows(rows) => rows_visit(rows, self, visitor),
            other => self.visit_rare(other, visitor),
        }
    }

    fn visit_rare<V: Visitor<'de>>(&mut self, node: Node<'de>, visitor: V) -> Result<V::Value> {
        match node {
            Node::WideUint(value) => visitor.visit_u128(value),
            Node::WideInt(value) => visitor.visit_i128(value),
            Node::Char(value) => visitor.visit_char(value),
            Node::Bytes(bytes) => visitor.visit_borrowed_bytes(bytes),
            Node::DataBytes(payload) => visitor.visit_borrowed_bytes(payload.bytes),
            Node::List(count) => self.visit_list(count, visitor),
            Node::Some => self.visit_some(visitor),
            Node::Array(array) => array_visit(array, visitor),
            // Shown by the caller.
            _ => visitor.visit_unit(),
        }
    }

    fn visit_list<V: Visitor<'de>>(&mut self, count: usize, visitor: V) -> Result<V::Value> {
        let mut access = ListAccess::new(self, count);
        let value = visitor.visit_seq(&mut access)?;
        access.end()?;
        Ok(value)
    }

    fn visit_map<V: Visitor<'de>>(&mut self, entries: usize, is_map: bool, visitor: V) -> Result<V::Value> {
        let mut access = MapAccess::new(self, entries, is_map);
        let value = visitor.visit_map(&mut access)?;
        access.end()?;
        Ok(value)
    }

    fn visit_some<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value> {
        let value = visitor.visit_some(&mut *self)?;
        self.reader.close();
        Ok(value)
    }

    /// For an array type: array nodes and packed lists as their parts.
    fn array<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value> {
        if !self.reader.next_is_array_like() {
            return visitor.visit_newtype_struct(self);
        }
        match self.reader.node()? {
            Node::Array(array) => parts_visit(array, visitor),
            Node::Rows(rows) => rows_as_array(rows, self, visitor),
            other => self.visit(other, visitor),
        }
    }

    fn sequence<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value> {
        match self.reader.node()? {
            Node::Rows(rows) => rows_visit(rows, self, visitor),
            Node::List(count) => self.visit_list(count, visitor),
            Node::Array(array) if array.dims.rank() > 0 => sequence_visit(array, &mut self.reader, visitor),
            Node::Bytes(bytes) => bytes_visit(bytes, visitor),
            Node::DataBytes(payload) => bytes_visit(payload.bytes, visitor),
            other => self.visit(other, visitor),
        }
    }

    fn bytes<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value> {
        match self.reader.node()? {
            Node::Rows(Rows { schema: RowSchema::Scalar(DType::U8), fixed, .. }) => visitor.visit_borrowed_bytes(fixed),
            Node::Array(Array { dtype: DType::U8, dims, payload, .. }) if dims.rank() == 1 => {
                visitor.visit_borrowed_bytes(payload.bytes)
            }
            Node::List(0) => {
                self.reader.close();
                visitor.visit_borrowed_bytes(&[])
            }
            other => self.visit(other, visitor),
        }
    }
}

macro_rules! any {
    ($($method:ident)*) => {$(
        #[inline]
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
            self.deserialize_any(visitor)
        }
    )*};
}

impl<'de> de::Deserializer<'de> for &mut Deserializer<'de> {
    type Error = Error;

    #[inline]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let node = self.reader.node()?;
        self.visit(node, visitor)
    }

    any! {
        deserialize_bool deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_f32 deserialize_f64 deserialize_char deserialize_unit
    }

    /// Also asked of a struct with flattened maps, which keeps any key for these.
    #[inline]
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.reader.node()? {
            Node::Map(entries) => self.visit_map(entries, true, visitor),
            other => self.visit(other, visitor),
        }
    }

    #[inline]
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.reader.short_str()? {
            Some(text) => visitor.visit_borrowed_str(text),
            None => self.deserialize_any(visitor),
        }
    }

    #[inline]
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.bytes(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if self.reader.next_is_nil() {
            self.reader.node()?;
            return visitor.visit_none();
        }
        if self.reader.next_is_some() {
            self.reader.node()?;
            return self.visit_some(visitor);
        }
        visitor.visit_some(self)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result<V::Value> {
        self.deserialize_any(visitor)
    }

    #[inline]
    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value> {
        match name {
            token::ARRAY => self.array(visitor).map_err(|error| of_newtype(name, error)),
            token::VALUE => {
                let place = Place::new(self.value, self.reader.place());
                self.reader.skip()?;
                visitor.visit_seq(place)
            }
            token::RAW_JSON => self.deserialize_any(visitor),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    #[inline]
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.sequence(visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value> {
        self.sequence(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value> {
        self.sequence(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        match self.reader.node()? {
            Node::Array(array) if name == STOCK.0 && fields == STOCK.1 => stock_visit(array, &mut self.reader, visitor),
            node => self.visit(node, visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        match self.reader.node()? {
            Node::Str(name) | Node::DataStr(name, _) => visitor.visit_enum(name.into_deserializer()),
            Node::Map(1) => {
                let unread = Cell::new(1);
                let value = visitor.visit_enum(Enum::new(self, &unread))?;
                check_entries_read(unread.get(), 1)?;
                self.reader.close();
                Ok(value)
            }
            Node::Map(entries) => Err(de::Error::invalid_length(entries, &ONE_ENTRY)),
            other => self.visit(other, visitor),
        }
    }

    /// A field or variant by its name alone: derived code would take an integer for a position. A key of a map may be one.
    #[inline]
    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if let Some(name) = self.reader.short_str()? {
            return visitor.visit_borrowed_str(name);
        }
        let is_map_key = self.map_key == self.offset();
        match self.reader.node()? {
            Node::Str(name) | Node::DataStr(name, _) => visitor.visit_borrowed_str(name),
            // Only the type is named in a message, never the number.
            Node::Uint(_) | Node::Int(_) if !is_map_key => {
                Err(de::Error::invalid_type(Unexpected::Unsigned(0), &"a field name"))
            }
            other => self.visit(other, visitor),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.reader.skip()?;
        visitor.visit_unit()
    }

    fn is_human_readable(&self) -> bool {
        true
    }
}

impl core::fmt::Debug for Deserializer<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Deserializer").field("offset", &self.reader.offset()).finish_non_exhaustive()
    }
}
