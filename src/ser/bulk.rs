//! The fast path for a list that is given as an iterator, as `Vec<T>` gives itself.
//!
//! Its loop is monomorphic. Each element is serialized to a [`Probe`], which only hands back a scalar of the expected dtype: for
//! a plain scalar type that is decided when the loop is compiled, and the loop becomes a copy. Anything else goes on to the
//! encoder from inside the same call, so that every element's `serialize` runs once.

use serde::ser::{self, Serialize};

use super::compound::Compound;
use super::encoder::{Serializer, NONE_EXPECTED};
use super::scalar::Scalar;
use crate::dtype::DType;
use crate::error::{Error, Result};

/// Bytes collected before they are appended: they stay in the first-level cache.
const CHUNK: usize = 4096;
/// Elements under which setting up a chunk costs more than it saves.
const WORTHWHILE: usize = 16;

pub(super) fn collect<I>(encoder: &mut Serializer, mut iter: I) -> Result<()>
where
    I: Iterator,
    I::Item: Serialize,
{
    let (least, most) = iter.size_hint();
    encoder.open_list((most == Some(least)).then_some(least))?;
    let mut index = 0u64;
    let collected = loop {
        let chunked = match DType::from_code(encoder.expected) {
            Some(dtype) if iter.size_hint().0 >= WORTHWHILE => match dtype.size() {
                1 => Some(scalars::<1, { CHUNK }, _>(encoder, &mut iter, &mut index)),
                2 => Some(scalars::<2, { CHUNK / 2 }, _>(encoder, &mut iter, &mut index)),
                4 => Some(scalars::<4, { CHUNK / 4 }, _>(encoder, &mut iter, &mut index)),
                _ => Some(scalars::<8, { CHUNK / 8 }, _>(encoder, &mut iter, &mut index)),
            },
            _ => None,
        };
        match chunked {
            Some(Ok(true)) => break Ok(()),
            Some(Ok(false)) => {}
            Some(Err(error)) => break Err(error),
            None => match iter.next() {
                None => break Ok(()),
                Some(item) => match one(encoder, &item) {
                    Ok(()) => index += 1,
                    Err(error) => break Err(error),
                },
            },
        }
    };
    match collected {
        Ok(()) => encoder.close_list(),
        Err(error) => Err(encoder.poison(error.in_element(index))),
    }
}

/// One element, by the same route as those in chunks so that its type is compiled for one serializer only.
#[inline]
fn one<T: Serialize>(encoder: &mut Serializer, item: &T) -> Result<()> {
    let expected = encoder.expected;
    let mut hit = None;
    item.serialize(Probe { encoder, expected, filled: &[], hit: &mut hit })?;
    if let Some(bits) = hit {
        encoder.append_bits(expected, bits);
    }
    Ok(())
}

/// Elements while they are scalars of the expected dtype, of `W` bytes; true when there are no more.
#[inline(never)]
fn scalars<const W: usize, const N: usize, I>(encoder: &mut Serializer, iter: &mut I, index: &mut u64) -> Result<bool>
where
    I: Iterator,
    I::Item: Serialize,
{
    let expected = encoder.expected;
    let mut chunk = [[0u8; W]; N];
    loop {
        let mut filled = 0;
        while filled < N {
            let Some(item) = iter.next() else {
                encoder.payloads.extend(chunk[..filled].as_flattened());
                return Ok(true);
            };
            let mut hit = None;
            let probe = Probe { encoder, expected, filled: chunk[..filled].as_flattened(), hit: &mut hit };
            let written = item.serialize(probe);
            match (written, hit) {
                (Ok(()), Some(bits)) => {
                    chunk[filled] = low_bytes(bits);
                    filled += 1;
                }
                (Ok(()), None) => {
                    *index += filled as u64 + 1;
                    return Ok(false);
                }
                (Err(error), _) => {
                    *index += filled as u64;
                    return Err(error);
                }
            }
        }
        *index += N as u64;
        encoder.payloads.extend(chunk.as_flattened());
    }
}

#[inline(always)]
fn low_bytes<const W: usize>(bits: u64) -> [u8; W] {
    let bytes = bits.to_le_bytes();
    core::array::from_fn(|i| bytes[i])
}

impl Serializer {
    fn append_bits(&mut self, expected: u8, bits: u64) {
        let size = DType::from_code(expected).map_or(8, DType::size);
        self.payloads.extend(&bits.to_le_bytes()[..size]);
    }
}

/// Takes one element. A scalar of the expected dtype is handed back as its bits; anything else goes to the encoder, after
/// the elements before it that were handed back.
struct Probe<'a> {
    encoder: &'a mut Serializer,
    expected: u8,
    filled: &'a [u8],
    hit: &'a mut Option<u64>,
}

impl<'a> Probe<'a> {
    #[inline(never)]
    fn miss(self) -> &'a mut Serializer {
        self.encoder.payloads.extend(self.filled);
        self.encoder
    }
}

macro_rules! probe {
    (scalars { $($method:ident $type:ty => $variant:ident, $bits:expr;)* } others { $($other:ident($($arg:ident: $arg_type:ty),*) -> $out:ty;)* }) => {
        $(
            #[inline(always)]
            fn $method(self, value: $type) -> Result<()> {
                const CODE: u8 = DType::$variant.code();
                if self.expected == CODE {
                    let bits: fn($type) -> u64 = $bits;
                    *self.hit = Some(bits(value));
                    return Ok(());
                }
                self.miss().scalar(Scalar::$variant(value))
            }
        )*
        $(
            fn $other(self, $($arg: $arg_type),*) -> Result<$out> {
                self.miss().$other($($arg),*)
            }
        )*
    };
}

impl<'a> ser::Serializer for Probe<'a> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Compound<'a>;
    type SerializeTuple = Compound<'a>;
    type SerializeTupleStruct = Compound<'a>;
    type SerializeTupleVariant = Compound<'a>;
    type SerializeMap = Compound<'a>;
    type SerializeStruct = Compound<'a>;
    type SerializeStructVariant = Compound<'a>;

    probe! {
        scalars {
        serialize_bool bool => Bool, |value| u64::from(value);
        serialize_u8 u8 => U8, |value| u64::from(value);
        serialize_u16 u16 => U16, |value| u64::from(value);
        serialize_u32 u32 => U32, |value| u64::from(value);
        serialize_u64 u64 => U64, |value| value;
        serialize_i8 i8 => I8, |value| u64::from(value.cast_unsigned());
        serialize_i16 i16 => I16, |value| u64::from(value.cast_unsigned());
        serialize_i32 i32 => I32, |value| u64::from(value.cast_unsigned());
        serialize_i64 i64 => I64, |value| value.cast_unsigned();
        serialize_f32 f32 => F32, |value| u64::from(value.to_bits());
        serialize_f64 f64 => F64, |value| value.to_bits();
        }
        others {
        serialize_u128(value: u128) -> ();
        serialize_i128(value: i128) -> ();
        serialize_char(value: char) -> ();
        serialize_str(value: &str) -> ();
        serialize_bytes(value: &[u8]) -> ();
        serialize_none() -> ();
        serialize_unit() -> ();
        serialize_unit_struct(name: &'static str) -> ();
        serialize_unit_variant(name: &'static str, index: u32, variant: &'static str) -> ();
        serialize_seq(len: Option<usize>) -> Compound<'a>;
        serialize_tuple(len: usize) -> Compound<'a>;
        serialize_tuple_struct(name: &'static str, len: usize) -> Compound<'a>;
        serialize_tuple_variant(name: &'static str, index: u32, variant: &'static str, len: usize) -> Compound<'a>;
        serialize_map(len: Option<usize>) -> Compound<'a>;
        serialize_struct(name: &'static str, len: usize) -> Compound<'a>;
        serialize_struct_variant(name: &'static str, index: u32, variant: &'static str, len: usize) -> Compound<'a>;
        }
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<()> {
        self.miss().serialize_some(value)
    }

    #[inline(always)]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<()> {
        match crate::token::is_ours(name) {
            true => self.miss().serialize_newtype_struct(name, value),
            false => value.serialize(self),
        }
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<()> {
        self.miss().serialize_newtype_variant(name, index, variant, value)
    }

    fn collect_seq<I>(self, iter: I) -> Result<()>
    where
        I: IntoIterator,
        I::Item: Serialize,
    {
        self.miss().collect_seq(iter)
    }

    fn is_human_readable(&self) -> bool {
        true
    }
}

const _: () = assert!(DType::from_code(NONE_EXPECTED).is_none());
