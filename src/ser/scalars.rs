//! The fast lane of a list of scalars.

use alloc::boxed::Box;
use alloc::vec::Vec;

use serde::ser::{self, Impossible, Serialize};

use super::context::Context;
use super::list::List;
use super::miss::Miss;
use super::out::Mark;
use crate::dtype::DType;
use crate::token;
use crate::wire::{self, Place, tag};

/// Bytes that are made room for at a time.
const STEP: usize = 1984;
/// Bytes that are reserved for what is announced: an iterator may announce anything.
pub(super) const LONGEST_RESERVATION: usize = 1 << 26;

/// A list of scalars of one dtype, while nothing else comes.
pub(super) struct Scalars {
    code: u8,
    width: usize,
    /// How many were announced.
    announced: Option<u64>,
    /// Where the list begins.
    start: Mark,
    /// Where the scalars go: META or DATA itself, or a vector apart if nothing is announced; and where they begin in it.
    bytes: Vec<u8>,
    first: usize,
}

impl Scalars {
    /// Begins with none.
    pub(super) fn open(cx: &mut Context, code: u8, width: usize, announced: Option<u64>) -> Self {
        let start = cx.out.mark();
        let mut bytes = match announced {
            None => core::mem::take(&mut cx.spare.0),
            Some(len) => {
                put_head(&mut cx.out.meta, code, len);
                let len = usize::try_from(len).unwrap_or(usize::MAX).saturating_mul(width);
                match Place::of(len) {
                    Place::Meta => core::mem::take(&mut cx.out.meta),
                    Place::Data => cx.out.data.lend_for(cx.out.meta.len(), len.min(LONGEST_RESERVATION)),
                }
            }
        };
        let first = if announced.is_some() { bytes.len() } else { 0 };
        bytes.truncate(first);
        Scalars { code, width, announced, start, bytes, first }
    }

    /// Appends one scalar, and others as long as they are of the dtype. Returns the first that is not.
    pub(super) fn run<I>(&mut self, bits: u64, iter: &mut I) -> Option<I::Item>
    where
        I: Iterator,
        I::Item: Serialize,
    {
        match self.width {
            1 => run_of::<1, I>((self.code, bits), &mut self.bytes, iter),
            2 => run_of::<2, I>((self.code, bits), &mut self.bytes, iter),
            4 => run_of::<4, I>((self.code, bits), &mut self.bytes, iter),
            _ => run_of::<8, I>((self.code, bits), &mut self.bytes, iter),
        }
    }

    fn count(&self) -> u64 {
        ((self.bytes.len() - self.first) / self.width) as u64
    }

    /// Gives META or DATA back.
    fn give_back(&mut self, cx: &mut Context) {
        let bytes = core::mem::take(&mut self.bytes);
        match self.announced {
            None => cx.spare.0 = bytes,
            Some(len) => match Place::of(usize::try_from(len).unwrap_or(usize::MAX).saturating_mul(self.width)) {
                Place::Meta => cx.out.meta = bytes,
                Place::Data => cx.out.data.take_back(bytes),
            },
        }
    }

    /// Takes the scalars out of META or DATA.
    #[cold]
    fn take_out(&mut self, cx: &mut Context) -> Vec<u8> {
        let own = self.bytes.split_off(self.first);
        self.give_back(cx);
        cx.out.truncate(self.start);
        own
    }

    /// Ends the list.
    pub(super) fn close(mut self, cx: &mut Context) {
        let count = self.count();
        if self.announced == Some(count) {
            return self.give_back(cx);
        }
        let mut own = self.take_out(cx);
        cx.out.put_rows(self.start, |meta| put_head(meta, self.code, count), &mut own);
        cx.spare.0 = own;
    }

    /// Goes on with other elements.
    #[cold]
    pub(super) fn into_list(mut self, cx: &mut Context) -> Box<List> {
        let (count, own) = (self.count(), self.take_out(cx));
        let dtype = DType::from_code(self.code).unwrap_or(DType::Bool);
        List::of_scalars(cx, dtype, own, count, self.announced)
    }
}

/// The head of so many packed scalars.
fn put_head(meta: &mut Vec<u8>, code: u8, count: u64) {
    meta.extend_from_slice(&[tag::ROWS, code]);
    wire::put_uv(meta, count);
}

#[inline(never)]
fn run_of<const W: usize, I>((expected, bits): (u8, u64), to: &mut Vec<u8>, iter: &mut I) -> Option<I::Item>
where
    I: Iterator,
    I::Item: Serialize,
{
    // The buffer on the stack: the compiler knows that nothing else changes it.
    let mut buffer = core::mem::take(to);
    buffer.extend_from_slice(&scalar::<W>(bits));
    let missed = 'rows: loop {
        let (least, most) = iter.size_hint();
        if most == Some(0) {
            // Another one, if the iterator has said so wrongly.
            break iter.next();
        }
        let start = buffer.len();
        let room = least.clamp(1, STEP / W);
        buffer.resize(start + room * W, 0);
        let mut filled = 0;
        for place in buffer.get_mut(start..).unwrap_or_default().as_chunks_mut::<W>().0 {
            let missed = match iter.next() {
                None => None,
                Some(item) => match item.serialize(Leaf) {
                    Ok((code, bits)) if code == expected => {
                        *place = scalar(bits);
                        filled += 1;
                        continue;
                    }
                    _ => Some(item),
                },
            };
            buffer.truncate(start + filled * W);
            break 'rows missed;
        }
    };
    *to = buffer;
    missed
}

#[inline(always)]
fn scalar<const W: usize>(bits: u64) -> [u8; W] {
    core::array::from_fn(|i| (bits >> (8 * i)) as u8)
}

/// Says of a scalar its dtype's code and its bits, and of another leaf that it is a [`NODE`]. It misses the rest.
pub(super) struct Leaf;

/// In place of a dtype's code: what is a node, and makes the list that begins with it a plain one.
pub(super) const NODE: u8 = 0xFF;

type Found = Result<(u8, u64), Miss>;

macro_rules! leaf {
    ($($method:ident $type:ty => $variant:ident, $value:ident $bits:expr;)*) => {$(
        #[inline(always)]
        fn $method(self, $value: $type) -> Found {
            Ok((DType::$variant.code(), $bits))
        }
    )*};
}

macro_rules! nodes {
    ($($method:ident($($type:ty),*);)*) => {$(
        #[inline]
        fn $method(self, $(_: $type),*) -> Found {
            Ok((NODE, 0))
        }
    )*};
}

macro_rules! misses {
    ($($method:ident($($type:ty),*) -> $ok:ty;)*) => {$(
        #[inline]
        fn $method(self, $(_: $type),*) -> Result<$ok, Miss> {
            Err(Miss)
        }
    )*};
}

impl ser::Serializer for Leaf {
    type Ok = (u8, u64);
    type Error = Miss;
    type SerializeSeq = Impossible<(u8, u64), Miss>;
    type SerializeTuple = Impossible<(u8, u64), Miss>;
    type SerializeTupleStruct = Impossible<(u8, u64), Miss>;
    type SerializeTupleVariant = Impossible<(u8, u64), Miss>;
    type SerializeMap = Impossible<(u8, u64), Miss>;
    type SerializeStruct = Impossible<(u8, u64), Miss>;
    type SerializeStructVariant = Impossible<(u8, u64), Miss>;

    leaf! {
        serialize_bool bool => Bool, value u64::from(value);
        serialize_u8 u8 => U8, value u64::from(value);
        serialize_u16 u16 => U16, value u64::from(value);
        serialize_u32 u32 => U32, value u64::from(value);
        serialize_u64 u64 => U64, value value;
        serialize_i8 i8 => I8, value u64::from(value as u8);
        serialize_i16 i16 => I16, value u64::from(value as u16);
        serialize_i32 i32 => I32, value u64::from(value as u32);
        serialize_i64 i64 => I64, value value as u64;
        serialize_f32 f32 => F32, value u64::from(value.to_bits());
        serialize_f64 f64 => F64, value value.to_bits();
    }

    nodes! {
        serialize_u128(u128);
        serialize_i128(i128);
        serialize_char(char);
        serialize_str(&str);
        serialize_bytes(&[u8]);
        serialize_unit_variant(&'static str, u32, &'static str);
    }

    misses! {
        serialize_none() -> (u8, u64);
        serialize_unit() -> (u8, u64);
        serialize_unit_struct(&'static str) -> (u8, u64);
        serialize_seq(Option<usize>) -> Self::SerializeSeq;
        serialize_tuple(usize) -> Self::SerializeTuple;
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant;
        serialize_map(Option<usize>) -> Self::SerializeMap;
        serialize_struct(&'static str, usize) -> Self::SerializeStruct;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Self::SerializeStructVariant;
    }

    #[inline(always)]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Found {
        value.serialize(self)
    }

    #[inline(always)]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Found {
        match token::Written::of(name) {
            None => value.serialize(self),
            Some(_) => Ok((NODE, 0)),
        }
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _value: &T,
    ) -> Found {
        Err(Miss)
    }

    fn collect_seq<I>(self, _iter: I) -> Found
    where
        I: IntoIterator,
        I::Item: Serialize,
    {
        Ok((NODE, 0))
    }

    fn collect_str<T: core::fmt::Display + ?Sized>(self, _value: &T) -> Found {
        Ok((NODE, 0))
    }
}
