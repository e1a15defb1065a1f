//! The fast lane of a list of scalars.

use alloc::vec::Vec;

use serde::ser::{self, Impossible, Serialize};

use super::miss::Miss;
use crate::dtype::DType;

/// Bytes that are made room for at a time.
const STEP: usize = 1984;

/// Appends scalars as long as they are of the dtype. Returns the first that is not.
pub(super) fn run<I>(dtype: DType, to: &mut Vec<u8>, iter: &mut I) -> Option<I::Item>
where
    I: Iterator,
    I::Item: Serialize,
{
    match dtype.size() {
        1 => run_of::<1, I>(dtype, to, iter),
        2 => run_of::<2, I>(dtype, to, iter),
        4 => run_of::<4, I>(dtype, to, iter),
        _ => run_of::<8, I>(dtype, to, iter),
    }
}

#[inline(never)]
fn run_of<const W: usize, I>(dtype: DType, to: &mut Vec<u8>, iter: &mut I) -> Option<I::Item>
where
    I: Iterator,
    I::Item: Serialize,
{
    let expected = dtype.code();
    // The buffer on the stack: the compiler knows that nothing else changes it.
    let mut buffer = core::mem::take(to);
    let missed = loop {
        let start = buffer.len();
        let room = iter.size_hint().0.min(((STEP - start % STEP) / W).max(1)).max(1);
        buffer.resize(start + room * W, 0);
        let mut filled = 0;
        let ended = loop {
            let Some(place) = buffer[start..].as_chunks_mut::<W>().0.get_mut(filled) else { break None };
            let Some(item) = iter.next() else { break Some(None) };
            match item.serialize(Leaf { expected }) {
                Ok(bits) => *place = core::array::from_fn(|i| (bits >> (8 * i)) as u8),
                Err(Miss) => break Some(Some(item)),
            }
            filled += 1;
        };
        if let Some(missed) = ended {
            buffer.truncate(start + filled * W);
            break missed;
        }
    };
    *to = buffer;
    missed
}

/// Takes a scalar of one dtype, and gives its bits.
struct Leaf {
    expected: u8,
}

type Bits = Result<u64, Miss>;

macro_rules! leaf {
    ($($method:ident $type:ty => $variant:ident, $value:ident $bits:expr;)*) => {$(
        #[inline(always)]
        fn $method(self, $value: $type) -> Bits {
            match self.expected == DType::$variant.code() {
                true => Ok($bits),
                false => Err(Miss),
            }
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
    type Ok = u64;
    type Error = Miss;
    type SerializeSeq = Impossible<u64, Miss>;
    type SerializeTuple = Impossible<u64, Miss>;
    type SerializeTupleStruct = Impossible<u64, Miss>;
    type SerializeTupleVariant = Impossible<u64, Miss>;
    type SerializeMap = Impossible<u64, Miss>;
    type SerializeStruct = Impossible<u64, Miss>;
    type SerializeStructVariant = Impossible<u64, Miss>;

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

    misses! {
        serialize_char(char) -> u64;
        serialize_str(&str) -> u64;
        serialize_bytes(&[u8]) -> u64;
        serialize_none() -> u64;
        serialize_unit() -> u64;
        serialize_unit_struct(&'static str) -> u64;
        serialize_unit_variant(&'static str, u32, &'static str) -> u64;
        serialize_seq(Option<usize>) -> Self::SerializeSeq;
        serialize_tuple(usize) -> Self::SerializeTuple;
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant;
        serialize_map(Option<usize>) -> Self::SerializeMap;
        serialize_struct(&'static str, usize) -> Self::SerializeStruct;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Self::SerializeStructVariant;
    }

    #[inline(always)]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Bits {
        value.serialize(self)
    }

    #[inline(always)]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _name: &'static str, value: &T) -> Bits {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _value: &T,
    ) -> Bits {
        Err(Miss)
    }

    fn collect_seq<I>(self, _iter: I) -> Bits
    where
        I: IntoIterator,
        I::Item: Serialize,
    {
        Err(Miss)
    }

    fn collect_str<T: core::fmt::Display + ?Sized>(self, _value: &T) -> Bits {
        Err(Miss)
    }
}
