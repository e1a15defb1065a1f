//! Packed scalars, one after the other, with the dtype decided once per list.

use core::marker::PhantomData;

use serde::de::value::SeqDeserializer;
use serde::de::{self, DeserializeSeed, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::access::check_read;
use crate::dtype::DType;
use crate::error::{Error, Result};

/// An element type as it is packed and as a visitor sees it.
pub(super) trait Packed: Copy {
    const SIZE: usize;
    fn unpack(bytes: &[u8]) -> Self;
    fn visit<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value>;

    /// To a target that is an option.
    fn visit_option<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_some(Element(self))
    }
}

/// Calls a macro with the Rust type of a row scalar's dtype.
macro_rules! row_scalar {
    ($dtype:expr, $with:ident) => {
        match $dtype {
            DType::U8 => $with!(u8),
            DType::U16 => $with!(u16),
            DType::U32 => $with!(u32),
            DType::U64 => $with!(u64),
            DType::I8 => $with!(i8),
            DType::I16 => $with!(i16),
            DType::I32 => $with!(i32),
            DType::I64 => $with!(i64),
            DType::F32 => $with!(f32),
            DType::F64 => $with!(f64),
            // The reader has checked that it is a row scalar.
            _ => $with!(bool),
        }
    };
}

macro_rules! packed {
    ($($type:ty => |$value:ident, $visitor:ident| $visit:expr;)*) => {$(
        impl Packed for $type {
            const SIZE: usize = size_of::<$type>();

            #[inline(always)]
            fn unpack(bytes: &[u8]) -> Self {
                // The slices come from `chunks_exact` of this size.
                <$type>::from_le_bytes(bytes.first_chunk().copied().unwrap_or_default())
            }

            #[inline(always)]
            fn visit<'de, V: Visitor<'de>>(self, $visitor: V) -> Result<V::Value> {
                let $value = self;
                $visit
            }
        }
    )*};
}

/// Integers are shown by value, as a node shows them: the same to a visitor in every form of list.
macro_rules! signed {
    ($value:ident, $visitor:ident) => {
        match u64::try_from($value) {
            Ok(value) => $visitor.visit_u64(value),
            Err(_) => $visitor.visit_i64($value.into()),
        }
    };
}

packed! {
    u8 => |value, visitor| visitor.visit_u64(value.into());
    u16 => |value, visitor| visitor.visit_u64(value.into());
    u32 => |value, visitor| visitor.visit_u64(value.into());
    u64 => |value, visitor| visitor.visit_u64(value);
    i8 => |value, visitor| signed!(value, visitor);
    i16 => |value, visitor| signed!(value, visitor);
    i32 => |value, visitor| signed!(value, visitor);
    i64 => |value, visitor| signed!(value, visitor);
    f32 => |value, visitor| visitor.visit_f32(value);
    f64 => |value, visitor| visitor.visit_f64(value);
    u128 => |value, visitor| match u64::try_from(value) {
        Ok(value) => visitor.visit_u64(value),
        Err(_) => visitor.visit_u128(value),
    };
    i128 => |value, visitor| match (u128::try_from(value), i64::try_from(value)) {
        (Ok(value), _) => Packed::visit(value, visitor),
        (_, Ok(value)) => visitor.visit_i64(value),
        _ => visitor.visit_i128(value),
    };
}

impl Packed for bool {
    const SIZE: usize = 1;

    fn unpack(bytes: &[u8]) -> Self {
        bytes == [1]
    }

    fn visit<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_bool(self)
    }
}

/// A complex number is a sequence of its real and imaginary part.
#[derive(Clone, Copy)]
struct Complex<T>([T; 2]);

macro_rules! complex {
    ($($float:ty)*) => {$(
        impl Packed for Complex<$float> {
            const SIZE: usize = 2 * size_of::<$float>();

            fn unpack(bytes: &[u8]) -> Self {
                let (real, imaginary) = bytes.split_at(size_of::<$float>());
                Complex([Packed::unpack(real), Packed::unpack(imaginary)])
            }

            fn visit<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
                let mut parts = SeqDeserializer::new(self.0.into_iter());
                let value = visitor.visit_seq(&mut parts)?;
                check_read(SeqAccess::size_hint(&parts).unwrap_or(0))?;
                Ok(value)
            }
        }
    )*};
}

complex! { f32 f64 }

/// A scalar behind a presence byte.
impl<T: Packed> Packed for Option<T> {
    const SIZE: usize = 1 + T::SIZE;

    fn unpack(bytes: &[u8]) -> Self {
        match bytes {
            [1, scalar @ ..] => Some(T::unpack(scalar)),
            _ => None,
        }
    }

    fn visit<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self {
            Some(scalar) => scalar.visit(visitor),
            None => visitor.visit_unit(),
        }
    }

    fn visit_option<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self {
            Some(scalar) => visitor.visit_some(Element(scalar)),
            None => visitor.visit_none(),
        }
    }
}

/// Packed elements of any dtype as a sequence. Half floats and 8-bit floats are shown as their bits, times as integers.
pub(super) fn scalars_visit<'de, V: Visitor<'de>>(dtype: DType, bytes: &[u8], visitor: V) -> Result<V::Value> {
    match dtype {
        DType::U128 => packed_visit::<u128, V>(bytes, visitor),
        DType::I128 => packed_visit::<i128, V>(bytes, visitor),
        DType::F16 | DType::BF16 => packed_visit::<u16, V>(bytes, visitor),
        DType::F8E4M3FN | DType::F8E5M2 => packed_visit::<u8, V>(bytes, visitor),
        DType::Datetime64(_) | DType::Timedelta64(_) => packed_visit::<i64, V>(bytes, visitor),
        DType::Complex64 => packed_visit::<Complex<f32>, V>(bytes, visitor),
        DType::Complex128 => packed_visit::<Complex<f64>, V>(bytes, visitor),
        row_scalar => row_scalars_visit(row_scalar, bytes, visitor),
    }
}

/// Packed row scalars as a sequence.
#[inline]
pub(super) fn row_scalars_visit<'de, V: Visitor<'de>>(dtype: DType, bytes: &[u8], visitor: V) -> Result<V::Value> {
    macro_rules! visit {
        ($type:ty) => {
            packed_visit::<$type, V>(bytes, visitor)
        };
    }
    row_scalar!(dtype, visit)
}

/// Packed optional row scalars as a sequence.
pub(super) fn optional_scalars_visit<'de, V: Visitor<'de>>(dtype: DType, bytes: &[u8], visitor: V) -> Result<V::Value> {
    macro_rules! visit {
        ($type:ty) => {
            packed_visit::<Option<$type>, V>(bytes, visitor)
        };
    }
    row_scalar!(dtype, visit)
}

/// Bytes as a sequence of integers.
pub(super) fn bytes_visit<'de, V: Visitor<'de>>(bytes: &[u8], visitor: V) -> Result<V::Value> {
    packed_visit::<u8, V>(bytes, visitor)
}

fn packed_visit<'de, T: Packed, V: Visitor<'de>>(bytes: &[u8], visitor: V) -> Result<V::Value> {
    let mut access =
        Scalars::<T> { elements: bytes.chunks_exact(T::SIZE), count: bytes.len() / T::SIZE, packed: PhantomData };
    let value = visitor.visit_seq(&mut access)?;
    check_read(access.elements.len())?;
    Ok(value)
}

/// Elements packed one after the other.
struct Scalars<'b, T> {
    elements: core::slice::ChunksExact<'b, u8>,
    count: usize,
    packed: PhantomData<T>,
}

impl<'de, T: Packed> SeqAccess<'de> for Scalars<'_, T> {
    type Error = Error;

    #[inline]
    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>> {
        let Some(bytes) = self.elements.next() else { return Ok(None) };
        match seed.deserialize(Element(T::unpack(bytes))) {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(error.in_element((self.count - self.elements.len() - 1) as u64)),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.elements.len())
    }
}

/// One element.
struct Element<T>(T);

impl<'de, T: Packed> de::Deserializer<'de> for Element<T> {
    type Error = Error;

    #[inline]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.0.visit(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.0.visit_option(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
