//! serde's events, and what each does to the encoder.

use alloc::string::String;
use core::fmt;

use serde::ser::{self, Serialize};

use super::array::ArrayContent;
use super::block::BlockContent;
use super::compound::Compound;
use super::encoder::Serializer;
use super::scalar::Scalar;
use super::table::Forced;
use crate::error::{Error, ErrorKind, Result, text_of};
use crate::token;
use crate::wire;

/// A scalar event: the hot path appends it to the list that expects just this.
macro_rules! scalar {
    ($($method:ident $type:ty => $variant:ident,)*) => {$(
        #[inline]
        fn $method(self, value: $type) -> Result<()> {
            if self.expected == crate::dtype::DType::$variant.code() {
                self.payloads.push(value.to_le_bytes());
                return Ok(());
            }
            self.scalar(Scalar::$variant(value))
        }
    )*};
}

impl<'a> ser::Serializer for &'a mut Serializer {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Compound<'a>;
    type SerializeTuple = Compound<'a>;
    type SerializeTupleStruct = Compound<'a>;
    type SerializeTupleVariant = Compound<'a>;
    type SerializeMap = Compound<'a>;
    type SerializeStruct = Compound<'a>;
    type SerializeStructVariant = Compound<'a>;

    scalar! {
        serialize_u8 u8 => U8,
        serialize_u16 u16 => U16,
        serialize_u32 u32 => U32,
        serialize_u64 u64 => U64,
        serialize_i8 i8 => I8,
        serialize_i16 i16 => I16,
        serialize_i32 i32 => I32,
        serialize_i64 i64 => I64,
        serialize_f32 f32 => F32,
        serialize_f64 f64 => F64,
    }

    fn serialize_bool(self, value: bool) -> Result<()> {
        if self.expected == crate::dtype::DType::Bool.code() {
            self.payloads.push([u8::from(value)]);
            return Ok(());
        }
        self.scalar(Scalar::Bool(value))
    }

    fn serialize_u128(self, value: u128) -> Result<()> {
        self.node()?;
        wire::put_uint(&mut self.meta, value);
        Ok(())
    }

    fn serialize_i128(self, value: i128) -> Result<()> {
        self.node()?;
        wire::put_int(&mut self.meta, value);
        Ok(())
    }

    fn serialize_char(self, value: char) -> Result<()> {
        self.node()?;
        wire::put_char(&mut self.meta, value);
        Ok(())
    }

    fn serialize_str(self, value: &str) -> Result<()> {
        self.str(value)
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<()> {
        self.bytes(value)
    }

    fn serialize_none(self) -> Result<()> {
        self.nil()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<()> {
        self.somes += 1;
        let written = value.serialize(&mut *self);
        self.somes = 0;
        written
    }

    fn serialize_unit(self) -> Result<()> {
        self.nil()
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<()> {
        self.nil()
    }

    fn serialize_unit_variant(self, _name: &'static str, _index: u32, variant: &'static str) -> Result<()> {
        self.str(variant)
    }

    #[inline]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<()> {
        if !token::is_ours(name) {
            return value.serialize(self);
        }
        match name {
            token::ARRAY => value.serialize(ArrayContent::new(self)),
            token::BLOCK => value.serialize(BlockContent::new(self)),
            token::PLAIN_LIST => value.serialize(ListToken { encoder: self, is_rows: false }),
            token::ROWS => value.serialize(ListToken { encoder: self, is_rows: true }),
            _ => {
                self.forced = match token::optional_dtype(name) {
                    Some(dtype) => Some(Forced::Optional(dtype)),
                    None => Some(Forced::Node),
                };
                let written = value.serialize(&mut *self);
                self.forced = None;
                written
            }
        }
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<()> {
        self.open_struct(1)?;
        self.field_name(variant)?;
        value.serialize(&mut *self).map_err(|error| self.poison(error.in_field(variant)))?;
        self.close_map()
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<Compound<'a>> {
        self.open_list(len)?;
        Ok(Compound::list(self))
    }

    fn serialize_tuple(self, len: usize) -> Result<Compound<'a>> {
        self.open_tuple(len)?;
        Ok(Compound::list(self))
    }

    fn serialize_tuple_struct(self, _name: &'static str, len: usize) -> Result<Compound<'a>> {
        self.serialize_tuple(len)
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Compound<'a>> {
        self.open_struct(1)?;
        self.field_name(variant)?;
        self.open_tuple(len)?;
        Ok(Compound::variant_list(self, variant))
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Compound<'a>> {
        self.open_map(len)?;
        Ok(Compound::map(self))
    }

    fn serialize_struct(self, _name: &'static str, len: usize) -> Result<Compound<'a>> {
        self.open_struct(len)?;
        Ok(Compound::map(self))
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Compound<'a>> {
        self.open_struct(1)?;
        self.field_name(variant)?;
        self.open_struct(len)?;
        Ok(Compound::variant_map(self, variant))
    }

    fn collect_seq<I>(self, iter: I) -> Result<()>
    where
        I: IntoIterator,
        I::Item: Serialize,
    {
        super::bulk::collect(self, iter.into_iter())
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, value: &T) -> Result<()> {
        self.str(&printed(value)?)
    }

    fn is_human_readable(&self) -> bool {
        true
    }
}

/// What a `Display` prints. One that fails is an error, where serde's own `collect_str` panics.
pub(super) fn printed<T: fmt::Display + ?Sized>(value: &T) -> Result<String> {
    text_of(value).ok_or_else(|| Error::new(ErrorKind::Custom, "the `Display` of a value fails"))
}

/// What a list token's content is written to: only a list makes sense there.
struct ListToken<'a> {
    encoder: &'a mut Serializer,
    /// Rows, or plain.
    is_rows: bool,
}

impl<'a> ListToken<'a> {
    fn open(self, len: Option<usize>) -> Result<Compound<'a>> {
        match self.is_rows {
            true => self.encoder.open_forced_rows(len)?,
            false => self.encoder.open_plain_list(len)?,
        }
        Ok(Compound::list(self.encoder))
    }
}

super::only! {
    impl ListToken<'a> expecting "a list" refusing map, bytes, str, u64 {
        type SerializeSeq = Compound<'a>;

        fn serialize_seq(self, len: Option<usize>) -> Result<Compound<'a>> {
            self.open(len)
        }
    }
}
