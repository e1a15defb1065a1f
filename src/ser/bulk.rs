//! The fast path for a list that is given as an iterator, as `Vec<T>` gives itself.
//!
//! Its loop is monomorphic. Each element is serialized to a [`Probe`], which only hands back a scalar of the expected dtype: for
//! a plain scalar type that is decided when the loop is compiled, and the loop becomes a copy. Anything else goes on to the
//! encoder from inside the same call, so that every element's `serialize` runs once.

use alloc::vec::Vec;
use core::fmt;

use serde::ser::{self, Serialize};

use super::compound::Compound;
use super::encoder::{NONE_EXPECTED, Serializer};
use super::scalar::Scalar;
use super::serializer::printed;
use crate::dtype::DType;
use crate::error::{Error, Result};

/// Bytes by which the buffer grows, up to a multiple of this. Few enough to stay in the first-level cache, a multiple of 16 so that
/// steps start aligned, and under 2 KiB: from there on glibc zeroes with `rep stosb`, which is slow to start.
const STEP: usize = 1984;
/// Elements under which a step costs more than it saves.
const WORTHWHILE: usize = 4;

pub(super) fn collect<I>(encoder: &mut Serializer, mut iter: I) -> Result<()>
where
    I: Iterator,
    I::Item: Serialize,
{
    let (least, most) = iter.size_hint();
    encoder.open_list((most == Some(least)).then_some(least))?;
    let mut index = 0u64;
    let collected = loop {
        let run = match encoder.expected {
            NONE_EXPECTED if encoder.has_rows() => super::rows::run(encoder, iter, &mut index),
            NONE_EXPECTED => Ok(Some(iter)),
            _ if iter.size_hint().0 >= WORTHWHILE => run(encoder, iter, &mut index),
            _ => Ok(Some(iter)),
        };
        match run {
            Ok(Some(rest)) => iter = rest,
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        }
        match iter.next() {
            None => break Ok(()),
            Some(item) => match one(encoder, &item) {
                Ok(()) => index += 1,
                Err(error) => break Err(error),
            },
        }
    };
    match collected {
        Ok(()) => encoder.close_list(),
        Err(error) => Err(encoder.poison(error.in_element(index))),
    }
}

/// Elements while they are scalars of the expected dtype; then the rest of the iterator, if there is any.
fn run<I>(encoder: &mut Serializer, iter: I, index: &mut u64) -> Result<Option<I>>
where
    I: Iterator,
    I::Item: Serialize,
{
    macro_rules! dispatch {
        ($($dtype:ident $size:literal)*) => {{
            $(const $dtype: u8 = DType::$dtype.code();)*
            match encoder.expected {
                $($dtype => scalars::<{ $dtype }, $size, I>(encoder, iter, index),)*
                _ => Ok(Some(iter)),
            }
        }};
    }
    #[allow(non_upper_case_globals, reason = "constants named as the dtypes that they are the codes of")]
    {
        dispatch! { Bool 1 U8 1 U16 2 U32 4 U64 8 I8 1 I16 2 I32 4 I64 8 F32 4 F64 8 }
    }
}

/// One element, by the same route as those in chunks so that its type is compiled for one serializer only.
#[inline]
fn one<T: Serialize>(encoder: &mut Serializer, item: &T) -> Result<()> {
    let expected = encoder.expected;
    let mut hit = None;
    item.serialize(Probe { encoder, expected, lent: None, hit: &mut hit, somes: 0 })?;
    match hit {
        Some(bits) => encoder.append_bits(expected, bits),
        None => encoder.somes = 0,
    }
    Ok(())
}

/// The loop for one dtype, of `W` bytes. The dtype is a constant, so that the check for it falls away where the element's type
/// says the same; the probe has one type for all, so that larger elements are compiled once.
#[inline(never)]
fn scalars<const DTYPE: u8, const W: usize, I>(
    encoder: &mut Serializer,
    mut iter: I,
    index: &mut u64,
) -> Result<Option<I>>
where
    I: Iterator,
    I::Item: Serialize,
{
    // A local, not behind the encoder, so that the loop keeps its pointer in a register. The probe gives it back.
    let mut buffer = encoder.payloads.lend();
    loop {
        let start = buffer.len();
        let room = iter.size_hint().0.min(((STEP - start % STEP) / W).max(1)).max(1);
        // Zeroed step by step: that costs less than a check for capacity per element.
        buffer.resize(start + room * W, 0);
        let mut filled = 0;
        while filled < buffer[start..].as_chunks::<W>().0.len() {
            let at = start + filled * W;
            let Some(item) = iter.next() else {
                buffer.truncate(at);
                encoder.payloads.take_back(buffer);
                return Ok(None);
            };
            let mut hit = None;
            let probe = Probe { encoder, expected: DTYPE, lent: Some((&mut buffer, at)), hit: &mut hit, somes: 0 };
            if let Err(error) = item.serialize(probe) {
                *index += filled as u64;
                encoder.recover(buffer, at);
                return Err(error);
            }
            let Some(bits) = hit else {
                *index += filled as u64 + 1;
                encoder.recover(buffer, at);
                return Ok(Some(iter));
            };
            buffer[start..].as_chunks_mut().0[filled] = low_bytes::<W>(bits);
            filled += 1;
        }
        *index += filled as u64;
    }
}

#[inline(always)]
fn low_bytes<const W: usize>(bits: u64) -> [u8; W] {
    let bytes = bits.to_le_bytes();
    core::array::from_fn(|i| bytes[i])
}

impl Serializer {
    /// After an element that was not handed back: its probe has returned the buffer, unless it failed before it wrote anything.
    #[cold]
    fn recover(&mut self, mut buffer: Vec<u8>, filled: usize) {
        if !buffer.is_empty() {
            buffer.truncate(filled);
            self.payloads.take_back(buffer);
        }
        self.somes = 0;
    }

    fn append_bits(&mut self, expected: u8, bits: u64) {
        let size = DType::from_code(expected).map_or(8, DType::size);
        self.payloads.extend(&bits.to_le_bytes()[..size]);
    }
}

/// Takes one element. A scalar of the expected dtype is handed back as its bits; anything else goes to the encoder, which first
/// gets its buffer back, up to where it is filled.
struct Probe<'a> {
    encoder: &'a mut Serializer,
    expected: u8,
    lent: Option<(&'a mut Vec<u8>, usize)>,
    hit: &'a mut Option<u64>,
    somes: usize,
}

impl<'a> Probe<'a> {
    // Inlined, so that the buffer's address stays unknown to other code and its pointer in a register.
    #[inline(always)]
    fn miss(self) -> &'a mut Serializer {
        if let Some((buffer, filled)) = self.lent {
            buffer.truncate(filled);
            self.encoder.payloads.take_back(core::mem::take(buffer));
        }
        self.encoder.somes = self.somes;
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

    /// A some is transparent but before nil: the encoder is told of it only if it gets the element.
    #[inline(always)]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<()> {
        value.serialize(Probe { somes: self.somes + 1, ..self })
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

    fn collect_str<T: fmt::Display + ?Sized>(self, value: &T) -> Result<()> {
        self.serialize_str(&printed(value)?)
    }

    fn is_human_readable(&self) -> bool {
        true
    }
}

const _: () = assert!(DType::from_code(NONE_EXPECTED).is_none());
