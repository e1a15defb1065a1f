//! What stands in a row, for the visitors that want it: shown as the nodes of the same data are.

use serde::de::value::U64Deserializer;
use serde::de::{self, DeserializeSeed, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::array::subarray_as_array;
use super::deserializer::Deserializer;
use super::records::{Kind, PlanStep, Row, enum_visit, map_visit, tuple_visit};
use super::rows::{Bytes, Shape, nested_visit};
use super::scalar::{Packed, Shown, of_newtype, row_scalars_visit, scalar_identifier, scalar_visit};
use crate::dtype::DType;
use crate::error::{Error, ErrorKind, Result};
use crate::token;
use crate::wire::Dims;

/// A row, an entry or a position of one: as a deserializer.
pub(super) struct Field<'a, 'p, 'd, 'de> {
    /// What it is, and the steps inside it.
    pub(super) steps: &'p [PlanStep<'de>],
    pub(super) row: &'a mut Row<'d, 'de>,
}

impl<'de> Field<'_, '_, '_, 'de> {
    #[inline(always)]
    fn kind(&self) -> Kind {
        // There is always a step.
        self.steps.first().map_or(Kind::Node, |step| step.kind)
    }

    /// Where it stands in the fixed part, and what follows.
    #[inline(always)]
    fn fixed(&self) -> &'de [u8] {
        let start = self.steps.first().map_or(0, |step| step.start);
        self.row.fixed.get(start..).unwrap_or_default()
    }

    /// Something else than the target asks for first. Out of line, so that what it asks for stays small enough to be inlined.
    #[inline(never)]
    fn other<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.kind() {
            Kind::Map => map_visit(self, visitor),
            Kind::Node => self.node(|deserializer| de::Deserializer::deserialize_any(deserializer, visitor)),
            _ => self.packed(visitor),
        }
    }

    /// Neither map nor node.
    fn packed<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match (self.kind(), self.fixed()) {
            (Kind::Scalar(dtype), scalar) | (Kind::Optional(dtype), [1, scalar @ ..]) => {
                scalar_visit(dtype, scalar, visitor)
            }
            (Kind::Subarray(dtype), _) => {
                let (dims, elements) = self.subarray();
                match dims.rank() {
                    1 => row_scalars_visit(dtype, elements, visitor),
                    _ => nested_visit(dtype, Shape::new(dims.iter()).dims(), Bytes::Lent(elements), visitor),
                }
            }
            (Kind::Tuple, _) => tuple_visit(self, visitor),
            (Kind::Optional(_) | Kind::Node | Kind::Map, _) => visitor.visit_unit(),
        }
    }

    fn subarray(&self) -> (Dims<'de>, &'de [u8]) {
        let (dims, width) = self.steps.first().map_or((Dims::NONE, 0), |step| (step.dims, step.width));
        (dims, self.fixed().get(..width).unwrap_or_default())
    }

    /// A node leaf, at its depth.
    #[inline]
    fn node<T>(self, read: impl FnOnce(&mut Deserializer<'de>) -> Result<T>) -> Result<T> {
        let levels = self.steps.first().map_or(0, |step| step.levels);
        let deserializer = &mut *self.row.deserializer;
        let start = deserializer.offset();
        deserializer.reader.enter(levels);
        let read = read(deserializer);
        deserializer.reader.leave(levels);
        read.map_err(|error| error.or_at(start))
    }

    fn bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match (self.kind(), self.subarray()) {
            (Kind::Node, _) => self.node(|deserializer| de::Deserializer::deserialize_bytes(deserializer, visitor)),
            (Kind::Subarray(DType::U8), (dims, bytes)) if dims.rank() == 1 => visitor.visit_borrowed_bytes(bytes),
            _ => self.other(visitor),
        }
    }

    #[inline]
    fn sequence<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.kind() {
            Kind::Node => self.node(|deserializer| de::Deserializer::deserialize_seq(deserializer, visitor)),
            _ => self.packed_or_map(visitor),
        }
    }

    #[inline]
    fn packed_or_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.kind() {
            Kind::Map => map_visit(self, visitor),
            _ => self.packed(visitor),
        }
    }

    #[inline(never)]
    fn other_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        match self.kind() {
            Kind::Node => {
                self.node(|deserializer| de::Deserializer::deserialize_struct(deserializer, name, fields, visitor))
            }
            _ => self.packed(visitor),
        }
    }

    #[inline]
    fn skip(self) -> Result<()> {
        let reader = &mut self.row.deserializer.reader;
        for step in self.steps {
            if let Kind::Node = step.kind {
                reader.enter(step.levels);
                reader.skip()?;
                reader.leave(step.levels);
            }
        }
        Ok(())
    }

    #[inline]
    fn is_absent(&self) -> bool {
        matches!((self.kind(), self.fixed()), (Kind::Optional(_), [0, ..]))
    }
}

/// Scalars go straight to a target that wants just theirs.
macro_rules! scalars {
    ($($method:ident $dtype:ident $type:ty;)*) => {$(
        #[inline(always)]
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
            let start = self.steps.first().map_or(0, |step| step.start);
            match (self.kind(), self.row.fixed.get(start..).and_then(<[u8]>::first_chunk)) {
                (Kind::Scalar(DType::$dtype), Some(scalar)) => <$type>::unpack(scalar).visit(visitor),
                _ => self.other(visitor),
            }
        }
    )*};
}

impl<'de> de::Deserializer<'de> for Field<'_, '_, '_, 'de> {
    type Error = Error;

    #[inline]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.other(visitor)
    }

    scalars! {
        deserialize_bool Bool bool;
        deserialize_u8 U8 u8;
        deserialize_u16 U16 u16;
        deserialize_u32 U32 u32;
        deserialize_u64 U64 u64;
        deserialize_i8 I8 i8;
        deserialize_i16 I16 i16;
        deserialize_i32 I32 i32;
        deserialize_i64 I64 i64;
        deserialize_f64 F64 f64;
    }

    #[inline(always)]
    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let start = self.steps.first().map_or(0, |step| step.start);
        match (self.kind(), self.row.fixed.get(start..).and_then(<[u8]>::first_chunk)) {
            (Kind::Scalar(DType::F32), Some(scalar)) => {
                visitor.visit_f32(f32::from_bits(u32::from_le_bytes(*scalar) ^ self.row.zero))
            }
            _ => self.other(visitor),
        }
    }

    forward_to_deserialize_any! { i128 u128 char unit unit_struct }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.kind() {
            Kind::Node => self.node(|deserializer| de::Deserializer::deserialize_map(deserializer, visitor)),
            _ => self.packed_or_map(visitor),
        }
    }

    #[inline]
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.kind() {
            Kind::Node => self.node(|deserializer| de::Deserializer::deserialize_str(deserializer, visitor)),
            _ => self.other(visitor),
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

    #[inline]
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.kind() {
            Kind::Node => self.node(|deserializer| de::Deserializer::deserialize_option(deserializer, visitor)),
            _ if self.is_absent() => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    #[inline]
    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value> {
        match (name, self.kind()) {
            (_, Kind::Node) => {
                self.node(|deserializer| de::Deserializer::deserialize_newtype_struct(deserializer, name, visitor))
            }
            (token::ARRAY | token::VALUE, Kind::Subarray(dtype)) => {
                let (dims, data) = self.subarray();
                subarray_as_array(dtype, dims, data, visitor)
            }
            (token::RAW_JSON, _) => self.packed_or_map(visitor),
            (token::CONTENT, Kind::Map) => map_visit(self, visitor),
            (token::VALUE, Kind::Tuple) => visitor.visit_map(TupleValue { tuple: Some(self) }),
            _ => visitor.visit_newtype_struct(self),
        }
        .map_err(|error| of_newtype(name, error))
    }

    #[inline]
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.sequence(visitor)
    }

    #[inline]
    fn deserialize_tuple<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value> {
        self.sequence(visitor)
    }

    #[inline]
    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value> {
        self.sequence(visitor)
    }

    #[inline]
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        match self.kind() {
            Kind::Map => map_visit(self, visitor),
            _ => self.other_struct(name, fields, visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        match (self.kind(), self.steps.first().map_or(0, |step| step.entries)) {
            (Kind::Node, _) => {
                self.node(|deserializer| de::Deserializer::deserialize_enum(deserializer, name, variants, visitor))
            }
            (Kind::Map, 1) => enum_visit(self, visitor),
            (Kind::Map, entries) => Err(de::Error::invalid_length(entries, &ONE_ENTRY)),
            _ => self.packed(visitor),
        }
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match (self.kind(), self.fixed()) {
            (Kind::Node, _) => {
                self.node(|deserializer| de::Deserializer::deserialize_identifier(deserializer, visitor))
            }
            (Kind::Scalar(dtype), scalar) | (Kind::Optional(dtype), [1, scalar @ ..]) => {
                scalar_identifier(dtype, scalar, visitor)
            }
            _ => self.other(visitor),
        }
    }

    /// What stands in the fixed part has been checked; what is in nodes is skipped.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.skip()?;
        visitor.visit_unit()
    }
}

/// What an enum with content is read from.
pub(super) const ONE_ENTRY: &str = "a map of one entry, the variant and its content";

/// The name of an entry, as a deserializer.
pub(super) struct Name<'de>(pub(super) &'de str);

impl<'de> de::Deserializer<'de> for Name<'de> {
    type Error = Error;

    #[inline]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_borrowed_str(self.0)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value> {
        match name {
            token::RAW_JSON => self.deserialize_any(visitor),
            _ => visitor.visit_newtype_struct(self),
        }
        .map_err(|error| of_newtype(name, error))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_enum(self.0.into_deserializer())
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct identifier
    }
}

/// A tuple for an untyped value, which keeps it apart from a list that may take another form.
struct TupleValue<F> {
    tuple: Option<F>,
}

impl<'de> de::MapAccess<'de> for TupleValue<Field<'_, '_, '_, 'de>> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        match self.tuple {
            Some(_) => seed.deserialize(U64Deserializer::new(token::TUPLE)).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        match self.tuple.take() {
            Some(tuple) => seed.deserialize(tuple),
            None => Err(Error::new(ErrorKind::Protocol, "a visitor asked for a value without a key")),
        }
    }
}
