//! Nested lists of numbers, whose shape shows while they are read.

use alloc::format;
use alloc::vec::Vec;
use core::fmt;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, SeqAccess, Unexpected, Visitor};
use serde::forward_to_deserialize_any;

use super::data::shown;
use crate::dtype::DType;
use crate::element::sealed::Sealed;
use crate::error::Error;
use crate::wire::RANK_LIMIT;

/// A number as a format shows it.
#[derive(Clone, Copy)]
pub(super) enum Number {
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    WideUnsigned(u128),
    WideSigned(i128),
    Single(f32),
    Double(f64),
}

macro_rules! from {
    ($($type:ty => $variant:ident,)*) => {$(
        impl From<$type> for Number {
            fn from(value: $type) -> Self {
                Number::$variant(value.into())
            }
        }
    )*};
}
from! {
    bool => Bool,
    u8 => Unsigned,
    u16 => Unsigned,
    u32 => Unsigned,
    u64 => Unsigned,
    i8 => Signed,
    i16 => Signed,
    i32 => Signed,
    i64 => Signed,
    f32 => Single,
    f64 => Double,
}

impl Number {
    /// What is given to a float of that dtype: an integer that it holds exactly, as that float; a float, which may be rounded (text has one
    /// width of floats), but not to infinity. To any other dtype the number itself.
    fn checked(self, dtype: DType) -> Result<Self, Error> {
        let (digits, expected) = match dtype {
            DType::F32 => (f32::MANTISSA_DIGITS, "an integer that f32 holds exactly"),
            DType::F64 => (f64::MANTISSA_DIGITS, "an integer that f64 holds exactly"),
            _ => return Ok(self),
        };
        let (magnitude, is_negative) = match self {
            Number::Unsigned(value) => (value.into(), false),
            Number::Signed(value) => (value.unsigned_abs().into(), value < 0),
            Number::WideUnsigned(value) => (value, false),
            Number::WideSigned(value) => (value.unsigned_abs(), value < 0),
            Number::Double(value) if dtype == DType::F32 && value.is_finite() && (value as f32).is_infinite() => {
                let expected = &"a float that f32 holds, at most rounded";
                return Err(de::Error::invalid_value(Unexpected::Float(value), expected));
            }
            Number::Bool(_) | Number::Single(_) | Number::Double(_) => return Ok(self),
        };
        if u128::BITS.saturating_sub(magnitude.leading_zeros() + magnitude.trailing_zeros()) > digits {
            return Err(de::Error::invalid_value(Unexpected::Unsigned(0), &expected));
        }
        let value = magnitude as f64;
        Ok(Number::Double(if is_negative { -value } else { value }))
    }

    /// Appends it as an element of that dtype, or of the dtype's parts if it is complex.
    pub(super) fn pack(self, dtype: DType, bytes: &mut Vec<u8>) -> Result<(), Error> {
        let number = self.checked(dtype)?;
        macro_rules! pack {
            ($type:ty, $parts:literal) => {
                bytes.extend_from_slice(&<$type>::bytes(&[<$type>::deserialize(number)?]))
            };
        }
        shown!(dtype, pack);
        Ok(())
    }
}

impl<'de> Deserializer<'de> for Number {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Number::Bool(value) => visitor.visit_bool(value),
            Number::Unsigned(value) => visitor.visit_u64(value),
            Number::Signed(value) => visitor.visit_i64(value),
            Number::WideUnsigned(value) => visitor.visit_u128(value),
            Number::WideSigned(value) => visitor.visit_i128(value),
            Number::Single(value) => visitor.visit_f32(value),
            Number::Double(value) => visitor.visit_f64(value),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// A number of a list of known dtype, which a format is asked for by its type: text has no other way to tell all 128 bits of one.
pub(super) struct Exact<T>(pub(super) T);

macro_rules! exact {
    ($($type:ty)*) => {$(
        impl<'de> Deserialize<'de> for Exact<$type> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <$type>::deserialize(deserializer).map(Exact)
            }
        }
    )*};
}
exact! { bool u8 u16 u32 u64 u128 i8 i16 i32 i64 i128 }

macro_rules! exact_float {
    ($($type:ty, $dtype:ident, $ask:ident;)*) => {$(
        impl<'de> Deserialize<'de> for Exact<$type> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let number = deserializer.$ask(FloatVisitor(DType::$dtype))?;
                number.checked(DType::$dtype).and_then(<$type>::deserialize).map(Exact).map_err(de::Error::custom)
            }
        }
    )*};
}
exact_float! {
    f32, F32, deserialize_f32;
    f64, F64, deserialize_f64;
}

/// What a float of that dtype may be read from.
struct FloatVisitor(DType);

macro_rules! visits {
    ($($method:ident $type:ty => $variant:ident,)*) => {$(
        fn $method<E>(self, value: $type) -> Result<Number, E> {
            Ok(Number::$variant(value))
        }
    )*};
}

impl Visitor<'_> for FloatVisitor {
    type Value = Number;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }

    visits! {
        visit_u64 u64 => Unsigned,
        visit_i64 i64 => Signed,
        visit_u128 u128 => WideUnsigned,
        visit_i128 i128 => WideSigned,
        visit_f32 f32 => Single,
        visit_f64 f64 => Double,
    }
}

/// What has been read of a list of numbers, or of lists of them.
pub(super) struct Numbers<'s> {
    /// How long the lists at each level are, where one has been read to its end.
    lengths: Vec<Option<usize>>,
    /// The level at which numbers stand.
    level: Option<usize>,
    sink: &'s mut dyn FnMut(Number) -> Result<(), Error>,
}

impl<'s> Numbers<'s> {
    /// Reads the list that `seq` is: gives its numbers to `sink`, and returns its dims.
    pub(super) fn read<'de, A: SeqAccess<'de>>(
        seq: A,
        sink: &'s mut dyn FnMut(Number) -> Result<(), Error>,
    ) -> Result<Vec<usize>, A::Error> {
        let mut numbers = Numbers { lengths: Vec::new(), level: None, sink };
        numbers.list(0, seq)?;
        Ok(numbers.lengths.into_iter().flatten().collect())
    }

    fn number<E: de::Error>(&mut self, level: usize, number: Number) -> Result<(), E> {
        let is_list = self.lengths.get(level).is_some_and(Option::is_some);
        if is_list || *self.level.get_or_insert(level) != level {
            return Err(mixed());
        }
        (self.sink)(number).map_err(E::custom)
    }

    fn list<'de, A: SeqAccess<'de>>(&mut self, level: usize, mut seq: A) -> Result<(), A::Error> {
        if self.level.is_some_and(|numbers| numbers <= level) {
            return Err(mixed());
        }
        // A list of complex numbers has one more level than the array.
        if level > RANK_LIMIT {
            return Err(de::Error::custom(format!("list is no array: its rank exceeds the limit of {RANK_LIMIT}")));
        }
        let mut found = 0;
        while seq.next_element_seed(Level { numbers: self, level: level + 1 })?.is_some() {
            found += 1;
        }
        if self.lengths.len() <= level {
            self.lengths.resize(level + 1, None);
        }
        match *self.lengths[level].get_or_insert(found) {
            expected if expected != found => {
                Err(de::Error::custom(format!("list is no array: found a list of {found} beside a list of {expected}")))
            }
            _ => Ok(()),
        }
    }
}

#[cold]
fn mixed<E: de::Error>() -> E {
    E::custom("list is no array: found numbers beside lists, expected one or the other")
}

/// An element of the lists at the level before.
struct Level<'n, 's> {
    numbers: &'n mut Numbers<'s>,
    level: usize,
}

impl<'de> DeserializeSeed<'de> for Level<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

macro_rules! number {
    ($($method:ident $type:ty => $variant:ident,)*) => {$(
        fn $method<E: de::Error>(self, value: $type) -> Result<(), E> {
            self.numbers.number(self.level, Number::$variant(value))
        }
    )*};
}

impl<'de> Visitor<'de> for Level<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or a list of numbers")
    }

    number! {
        visit_bool bool => Bool,
        visit_u64 u64 => Unsigned,
        visit_i64 i64 => Signed,
        visit_u128 u128 => WideUnsigned,
        visit_i128 i128 => WideSigned,
        visit_f32 f32 => Single,
        visit_f64 f64 => Double,
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<(), A::Error> {
        self.numbers.list(self.level, seq)
    }
}
