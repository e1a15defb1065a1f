//! The general lane: every event of serde, as a node or as a place of a row.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::ser::{self, Serialize};

use super::compound::Compound;
use super::context::Context;
use super::lanes;
use super::list::List;
use super::record::Record;
use super::shape::Kind;
use super::token::Token;
use crate::dtype::DType;
use crate::error::{Error, ErrorKind, Result, text_of};
use crate::token;
use crate::wire::{self, tag};

/// Writes one value.
pub(super) struct General<'a> {
    pub(super) cx: &'a mut Context,
    pub(super) to: To<'a>,
}

/// Where a value goes.
pub(super) enum To<'a> {
    /// It is a node.
    Out,
    /// It is an element of a list, or a place of one.
    Record(&'a mut Record),
    /// It is an element of a list of scalars.
    Scalars(&'a mut List),
}

impl<'a> To<'a> {
    /// The record of what is no scalar; none of a node.
    #[inline]
    pub(super) fn record(self, cx: &Context) -> Option<&'a mut Record> {
        match self {
            To::Out => None,
            To::Record(record) => Some(record),
            To::Scalars(list) => Some(list.leave_scalars(cx)),
        }
    }
}

/// Proof that one value was written.
pub(super) struct Done(());

/// For what writes a value.
pub(super) const DONE: Done = Done(());

impl<'a> General<'a> {
    /// Of a value that stands alone.
    #[inline]
    pub(super) fn node(cx: &'a mut Context) -> Self {
        General { cx, to: To::Out }
    }

    #[inline]
    pub(super) fn record(cx: &'a mut Context, record: &'a mut Record) -> Self {
        General { cx, to: To::Record(record) }
    }

    /// Announces what is a node wherever it stands.
    #[inline]
    pub(super) fn into_node(self) -> &'a mut Context {
        if let Some(record) = self.to.record(self.cx) {
            record.shape.push(Kind::Node);
        }
        self.cx
    }

    fn nil(self) -> Result<Done> {
        let somes = core::mem::take(&mut self.cx.somes);
        if somes > 0 {
            self.cx.enter(somes)?;
            self.cx.leave(somes);
            let meta = &mut self.into_node().out.meta;
            meta.extend(core::iter::repeat_n(tag::SOME, somes));
            meta.push(tag::NIL);
            return Ok(DONE);
        }
        match self.to.record(self.cx) {
            None => self.cx.out.meta.push(tag::NIL),
            Some(record) => record.shape.push(Kind::Nil),
        }
        Ok(DONE)
    }

    /// A scalar that is not among others, out of line: it is small there where these are.
    #[inline(never)]
    fn put_scalar<const N: usize>(self, dtype: DType, bytes: [u8; N], put_node: fn(&mut Vec<u8>, [u8; N])) {
        match self.to.record(self.cx) {
            None => put_node(&mut self.cx.out.meta, bytes),
            Some(record) => record.put_scalar(dtype, bytes),
        }
    }

    fn str(self, value: &str) -> Result<Done> {
        self.into_node().out.put_str(value);
        Ok(DONE)
    }
}

macro_rules! scalars {
    ($($method:ident $type:ty => $variant:ident, $meta:ident $value:ident $put:expr;)*) => {$(
        #[inline]
        fn $method(self, $value: $type) -> Result<Done> {
            let bytes = $value.to_le_bytes();
            match self.to {
                To::Scalars(list) if list.is_of(DType::$variant) => list.put_scalar(bytes),
                _ => self.put_scalar(DType::$variant, bytes, |$meta, bytes| {
                    let $value = <$type>::from_le_bytes(bytes);
                    $put;
                }),
            }
            Ok(DONE)
        }
    )*};
}

impl<'a> ser::Serializer for General<'a> {
    type Ok = Done;
    type Error = Error;
    type SerializeSeq = Compound<'a>;
    type SerializeTuple = Compound<'a>;
    type SerializeTupleStruct = Compound<'a>;
    type SerializeTupleVariant = Compound<'a>;
    type SerializeMap = Compound<'a>;
    type SerializeStruct = Compound<'a>;
    type SerializeStructVariant = Compound<'a>;

    scalars! {
        serialize_u8 u8 => U8, meta value wire::put_uint(meta, value.into());
        serialize_u16 u16 => U16, meta value wire::put_uint(meta, value.into());
        serialize_u32 u32 => U32, meta value wire::put_uint(meta, value.into());
        serialize_u64 u64 => U64, meta value wire::put_uint(meta, value.into());
        serialize_i8 i8 => I8, meta value wire::put_int(meta, value.into());
        serialize_i16 i16 => I16, meta value wire::put_int(meta, value.into());
        serialize_i32 i32 => I32, meta value wire::put_int(meta, value.into());
        serialize_i64 i64 => I64, meta value wire::put_int(meta, value.into());
        serialize_f32 f32 => F32, meta value put_float(meta, tag::F32, value.to_le_bytes());
        serialize_f64 f64 => F64, meta value put_float(meta, tag::F64, value.to_le_bytes());
    }

    fn serialize_bool(self, value: bool) -> Result<Done> {
        let bytes = [u8::from(value)];
        match self.to {
            To::Scalars(list) if list.is_of(DType::Bool) => list.put_scalar(bytes),
            _ => self.put_scalar(DType::Bool, bytes, |meta, [byte]| meta.push(tag::FALSE + byte)),
        }
        Ok(DONE)
    }

    fn serialize_u128(self, value: u128) -> Result<Done> {
        wire::put_uint(&mut self.into_node().out.meta, value);
        Ok(DONE)
    }

    fn serialize_i128(self, value: i128) -> Result<Done> {
        wire::put_int(&mut self.into_node().out.meta, value);
        Ok(DONE)
    }

    fn serialize_char(self, value: char) -> Result<Done> {
        wire::put_char(&mut self.into_node().out.meta, value);
        Ok(DONE)
    }

    fn serialize_str(self, value: &str) -> Result<Done> {
        self.str(value)
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<Done> {
        self.into_node().out.put_bytes(value);
        Ok(DONE)
    }

    fn serialize_none(self) -> Result<Done> {
        self.nil()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Done> {
        let General { cx, to } = self;
        cx.somes += 1;
        let written = value.serialize(General { cx: &mut *cx, to });
        cx.somes = 0;
        written
    }

    fn serialize_unit(self) -> Result<Done> {
        self.nil()
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<Done> {
        self.nil()
    }

    fn serialize_unit_variant(self, _name: &'static str, _index: u32, variant: &'static str) -> Result<Done> {
        self.str(variant)
    }

    #[inline]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<Done> {
        match token::Written::of(name) {
            None => value.serialize(self),
            Some(token) => value.serialize(Token::new(self.into_node(), token)),
        }
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Done> {
        Compound::variant(self, variant)?.only_field(variant, value)
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<Compound<'a>> {
        Compound::list(self.into_node(), len, false)
    }

    fn serialize_tuple(self, len: usize) -> Result<Compound<'a>> {
        Compound::tuple(self, len)
    }

    fn serialize_tuple_struct(self, _name: &'static str, len: usize) -> Result<Compound<'a>> {
        Compound::tuple(self, len)
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Compound<'a>> {
        Compound::variant(self, variant)?.tuple_in(variant, len)
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Compound<'a>> {
        Compound::map(self, len)
    }

    fn serialize_struct(self, _name: &'static str, len: usize) -> Result<Compound<'a>> {
        Compound::structure(self, len)
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Compound<'a>> {
        Compound::variant(self, variant)?.structure_in(variant, len)
    }

    fn collect_seq<I>(self, iter: I) -> Result<Done>
    where
        I: IntoIterator,
        I::Item: Serialize,
    {
        lanes::collect(self.into_node(), iter.into_iter())
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, value: &T) -> Result<Done> {
        self.str(&printed(value)?)
    }

    fn is_human_readable(&self) -> bool {
        true
    }
}

#[inline]
fn put_float<const N: usize>(meta: &mut Vec<u8>, tag: u8, bytes: [u8; N]) {
    meta.push(tag);
    meta.extend_from_slice(&bytes);
}

/// What a `Display` prints. One that fails is an error, where serde's own `collect_str` panics.
pub(super) fn printed<T: fmt::Display + ?Sized>(value: &T) -> Result<String> {
    text_of(value).ok_or_else(|| Error::new(ErrorKind::Custom, "the `Display` of a value fails"))
}
