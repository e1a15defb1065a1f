//! Packed scalars, one after the other, with the dtype decided once per list.

use core::cell::Cell;
use core::hint::black_box;

use serde::de::{self, DeserializeSeed, SeqAccess, Unexpected, Visitor};
use serde::forward_to_deserialize_any;

use super::access::check_read;
use super::array::element_as_array;
use super::rows::Bytes;
use crate::dtype::{DType, row_scalar};
use crate::error::{Error, Result};
use crate::token;

/// Something that a visitor sees as an element of a list.
pub(super) trait Shown: Sized {
    fn visit<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value>;

    /// To a target that is an option.
    fn visit_option<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_some(Element(self))
    }

    /// To a target that is an array or an untyped value, and asks by its token.
    fn visit_token<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_newtype_struct(Element(self))
    }

    /// A target that wants a name refuses an integer: derived code would take it for a position.
    fn is_integer(&self) -> bool {
        false
    }
}

/// An element type as it is packed.
pub(super) trait Packed: Shown + Copy {
    /// The bytes of one: an array.
    type Bytes;

    fn split(bytes: &[u8]) -> &[Self::Bytes];
    fn join(elements: &[Self::Bytes]) -> &[u8];
    fn unpack(bytes: &Self::Bytes) -> Self;

    /// What unpacks the elements of one list.
    fn unpacker() -> impl Fn(&Self::Bytes) -> Self {
        Self::unpack
    }
}

macro_rules! packed {
    ($($type:ty, $size:literal, $unpack:expr $(, $unpacker:expr)? => |$value:ident, $visitor:ident| $visit:expr $(, integer: $is_integer:literal)?;)*) => {$(
        impl Packed for $type {
            type Bytes = [u8; $size];

            #[inline(always)]
            fn split(bytes: &[u8]) -> &[[u8; $size]] {
                bytes.as_chunks().0
            }

            fn join(elements: &[[u8; $size]]) -> &[u8] {
                elements.as_flattened()
            }

            #[inline(always)]
            fn unpack(bytes: &[u8; $size]) -> Self {
                let unpack: fn(&[u8; $size]) -> Self = $unpack;
                unpack(bytes)
            }

            $(
                #[inline(always)]
                fn unpacker() -> impl Fn(&[u8; $size]) -> Self {
                    $unpacker
                }
            )?
        }

        impl Shown for $type {
            #[inline(always)]
            fn visit<'de, V: Visitor<'de>>(self, $visitor: V) -> Result<V::Value> {
                let $value = self;
                $visit
            }

            $(
                #[inline(always)]
                fn is_integer(&self) -> bool {
                    $is_integer
                }
            )?
        }

        /// A scalar behind a presence byte.
        impl Packed for Option<$type> {
            type Bytes = [u8; 1 + $size];

            fn split(bytes: &[u8]) -> &[[u8; 1 + $size]] {
                bytes.as_chunks().0
            }

            fn join(elements: &[[u8; 1 + $size]]) -> &[u8] {
                elements.as_flattened()
            }

            #[inline(always)]
            fn unpack([presence, scalar @ ..]: &[u8; 1 + $size]) -> Self {
                (*presence == 1).then(|| <$type>::unpack(scalar))
            }
        }

        impl Shown for Option<$type> {
            #[inline(always)]
            fn visit<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
                match self {
                    Some(scalar) => scalar.visit(visitor),
                    None => visitor.visit_unit(),
                }
            }

            #[inline(always)]
            fn visit_option<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
                match self {
                    Some(scalar) => visitor.visit_some(Element(scalar)),
                    None => visitor.visit_none(),
                }
            }

            #[inline(always)]
            fn is_integer(&self) -> bool {
                self.is_some_and(|scalar| scalar.is_integer())
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

// `black_box`: the zero keeps the bits of a float in an integer register. Without it each float is spilled to the stack around the
// call by which `Vec::push` may grow, which makes a list of floats a quarter slower to read.
packed! {
    bool, 1, |bytes| *bytes == [1] => |value, visitor| visitor.visit_bool(value);
    u8, 1, |bytes| u8::from_le_bytes(*bytes) => |value, visitor| visitor.visit_u64(value.into()), integer: true;
    u16, 2, |bytes| u16::from_le_bytes(*bytes) => |value, visitor| visitor.visit_u64(value.into()), integer: true;
    u32, 4, |bytes| u32::from_le_bytes(*bytes) => |value, visitor| visitor.visit_u64(value.into()), integer: true;
    u64, 8, |bytes| u64::from_le_bytes(*bytes) => |value, visitor| visitor.visit_u64(value), integer: true;
    i8, 1, |bytes| i8::from_le_bytes(*bytes) => |value, visitor| signed!(value, visitor), integer: true;
    i16, 2, |bytes| i16::from_le_bytes(*bytes) => |value, visitor| signed!(value, visitor), integer: true;
    i32, 4, |bytes| i32::from_le_bytes(*bytes) => |value, visitor| signed!(value, visitor), integer: true;
    i64, 8, |bytes| i64::from_le_bytes(*bytes) => |value, visitor| signed!(value, visitor), integer: true;
    f32, 4, |bytes| f32::from_le_bytes(*bytes), {
        let zero = black_box(0);
        move |bytes| f32::from_bits(u32::from_le_bytes(*bytes) ^ zero)
    } => |value, visitor| visitor.visit_f32(value);
    f64, 8, |bytes| f64::from_le_bytes(*bytes), {
        let zero = black_box(0);
        move |bytes| f64::from_bits(u64::from_le_bytes(*bytes) ^ zero)
    } => |value, visitor| visitor.visit_f64(value);
    u128, 16, |bytes| u128::from_le_bytes(*bytes) => |value, visitor| match u64::try_from(value) {
        Ok(value) => visitor.visit_u64(value),
        Err(_) => visitor.visit_u128(value),
    }, integer: true;
    i128, 16, |bytes| i128::from_le_bytes(*bytes) => |value, visitor| match (u128::try_from(value), i64::try_from(value)) {
        (Ok(value), _) => Shown::visit(value, visitor),
        (_, Ok(value)) => visitor.visit_i64(value),
        _ => visitor.visit_i128(value),
    }, integer: true;
    Complex<f32>, 8, |bytes| Complex::of(bytes) => |value, visitor| value.visit_parts(visitor);
    Complex<f64>, 16, |bytes| Complex::of(bytes) => |value, visitor| value.visit_parts(visitor);
}

/// A complex number: a sequence of its real and imaginary part.
#[derive(Clone, Copy)]
struct Complex<T>([T; 2]);

impl<T: Packed + Default> Complex<T> {
    fn of(bytes: &[u8]) -> Self {
        match T::split(bytes) {
            [real, imaginary] => Complex([T::unpack(real), T::unpack(imaginary)]),
            _ => Complex(Default::default()),
        }
    }

    fn visit_parts<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        elements_visit(self.0.into_iter(), |part| part, visitor)
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
    elements_visit(T::split(bytes).iter(), T::unpacker(), visitor)
}

/// Packed elements as a list of lists, so many in each.
pub(super) fn rows_of_scalars_visit<'de, V: Visitor<'de>>(
    dtype: DType,
    columns: usize,
    bytes: &[u8],
    visitor: V,
) -> Result<V::Value> {
    fn typed<'de, T: Packed, V: Visitor<'de>>(
        dtype: DType,
        columns: usize,
        bytes: &[u8],
        visitor: V,
    ) -> Result<V::Value> {
        elements_visit(T::split(bytes).chunks_exact(columns), |elements| RowOf::<T> { dtype, elements }, visitor)
    }
    macro_rules! visit {
        ($type:ty) => {
            typed::<$type, V>(dtype, columns, bytes, visitor)
        };
    }
    row_scalar!(dtype, visit)
}

/// A row of packed elements.
struct RowOf<'b, T: Packed> {
    dtype: DType,
    elements: &'b [T::Bytes],
}

impl<T: Packed> Shown for RowOf<'_, T> {
    #[inline]
    fn visit<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        elements_visit(self.elements.iter(), T::unpacker(), visitor)
    }

    fn visit_token<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        element_as_array(self.dtype, &[self.elements.len()], Bytes::Made(T::join(self.elements)), visitor)
    }
}

fn elements_visit<'de, I, T, V>(elements: I, unpack: impl Fn(I::Item) -> T, visitor: V) -> Result<V::Value>
where
    I: ExactSizeIterator,
    T: Shown,
    V: Visitor<'de>,
{
    let count = elements.len();
    let report = Report { left: Cell::new(count), failed: Cell::new(false) };
    match visitor.visit_seq(Scalars { elements, unpack, report: &report }) {
        Ok(value) => {
            check_read(report.left.get(), count)?;
            Ok(value)
        }
        Err(error) if report.failed.get() => Err(error.in_element((count - report.left.get() - 1) as u64)),
        Err(error) => Err(error),
    }
}

/// What became of a sequence. It is filled in when the visitor drops the sequence, which it gets by value: so the loop over it
/// keeps its place in registers.
struct Report {
    left: Cell<usize>,
    failed: Cell<bool>,
}

/// Elements packed one after the other.
struct Scalars<'r, I: ExactSizeIterator, U> {
    elements: I,
    unpack: U,
    report: &'r Report,
}

impl<I: ExactSizeIterator, U> Drop for Scalars<'_, I, U> {
    #[inline]
    fn drop(&mut self) {
        self.report.left.set(self.elements.len());
    }
}

impl<'de, I: ExactSizeIterator, T: Shown, U: Fn(I::Item) -> T> SeqAccess<'de> for Scalars<'_, I, U> {
    type Error = Error;

    #[inline]
    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>> {
        let Some(packed) = self.elements.next() else { return Ok(None) };
        match seed.deserialize(Element((self.unpack)(packed))) {
            Ok(value) => Ok(Some(value)),
            Err(error) => {
                self.report.failed.set(true);
                Err(error)
            }
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.elements.len())
    }
}

/// One element.
struct Element<T>(T);

impl<'de, T: Shown> de::Deserializer<'de> for Element<T> {
    type Error = Error;

    #[inline]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.0.visit(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.0.visit_option(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value> {
        match name {
            token::ARRAY | token::VALUE => self.0.visit_token(visitor),
            token::RAW_JSON => self.deserialize_any(visitor),
            _ => visitor.visit_newtype_struct(self),
        }
        .map_err(|error| of_newtype(name, error))
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0.is_integer() {
            // Only the type is named in a message, never the number.
            true => Err(de::Error::invalid_type(Unexpected::Unsigned(0), &"a field name")),
            false => self.deserialize_any(visitor),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct enum
    }
}

/// An error of a newtype: what an array type has to say itself gets its kind.
pub(super) fn of_newtype(name: &str, error: Error) -> Error {
    match name {
        token::ARRAY => error.of_array(),
        _ => error,
    }
}

/// One packed row scalar.
pub(super) fn scalar_visit<'de, V: Visitor<'de>>(dtype: DType, bytes: &[u8], visitor: V) -> Result<V::Value> {
    macro_rules! visit {
        ($type:ty) => {
            match <$type>::split(bytes) {
                [first, ..] => <$type>::unpack(first).visit(visitor),
                [] => visitor.visit_unit(),
            }
        };
    }
    row_scalar!(dtype, visit)
}

/// One packed row scalar, to a target that wants a name.
pub(super) fn scalar_identifier<'de, V: Visitor<'de>>(dtype: DType, bytes: &[u8], visitor: V) -> Result<V::Value> {
    macro_rules! visit {
        ($type:ty) => {
            match <$type>::split(bytes) {
                [first, ..] => de::Deserializer::deserialize_identifier(Element(<$type>::unpack(first)), visitor),
                [] => visitor.visit_unit(),
            }
        };
    }
    row_scalar!(dtype, visit)
}
