//! Rust types that are elements of arrays.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use crate::dtype::DType;

/// A Rust type that is an array's element: `bool`, the integers and the floats; with the feature `half-2` half's `f16` and `bf16`,
/// with `num-complex-0_4` the `Complex` of `f32` and `f64`. It cannot be implemented outside this crate.
///
/// Two dtypes have no type of their own here: times are elements of type `i64` and 8-bit floats are elements of type `u8`, in
/// arrays that keep their dtype ([`Array`](crate::Array), [`ArrayView`](crate::ArrayView) and the erased ones).
///
/// ```
/// use ndwire::{DType, Element};
/// assert_eq!(<u16 as Element>::DTYPE, DType::U16);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an element of an array",
    note = "elements are `bool`, integers and floats; `f16` and `bf16` need the feature `half-2` of ndwire, `Complex` needs `num-complex-0_4`"
)]
pub trait Element: sealed::Sealed + Copy + Send + Sync + 'static {
    /// The dtype on the wire.
    ///
    /// ```
    /// assert_eq!(<f64 as ndwire::Element>::DTYPE.name(), "f64");
    /// ```
    const DTYPE: DType;
}

pub(crate) mod sealed {
    use super::{Cow, DType, Vec};

    /// The only casts between bytes and elements.
    pub trait Sealed: Sized + Clone {
        /// Packed elements, borrowed if this machine reads them as they are: aligned, and little endian (rule R12).
        fn view(bytes: &[u8]) -> Cow<'_, [Self]>;

        /// Elements as they are packed, borrowed on a little-endian machine.
        fn bytes(elements: &[Self]) -> Cow<'_, [u8]>;

        /// Packed elements into as many places.
        fn unpack(bytes: &[u8], places: &mut [Self]);

        /// The first packed element, wherever it stands in memory.
        fn first(bytes: &[u8]) -> Option<Self>;

        /// Packed elements of a dtype all of whose numbers this type holds exactly; `None` for another dtype.
        fn widen(dtype: DType, bytes: &[u8]) -> Option<Vec<Self>>;

        /// Whether an array that keeps its dtype may have elements of this type: it is the type's own, or has none.
        fn carries(dtype: DType) -> bool;

        /// Packed elements as a vector.
        fn read(bytes: &[u8]) -> Vec<Self> {
            Self::view(bytes).into_owned()
        }
    }
}

/// Implements [`Element`] for types that are plain old data, given how their little-endian bytes are read and written, and which
/// dtypes widen to them: by `From`, or by a function.
macro_rules! elements {
    ($($type:ty => $dtype:ident, $size:literal, $from:expr, $to:expr,
        widens [$($source:ty => $source_dtype:ident),*]
        $(by [$($by_dtype:ident as $raw:ty => $by:expr),*])?
        $(carries [$($carried:tt)+])?;)*) => {$(
        impl $crate::element::Element for $type {
            const DTYPE: $crate::dtype::DType = $crate::dtype::DType::$dtype;
        }

        impl $crate::element::sealed::Sealed for $type {
            fn view(bytes: &[u8]) -> alloc::borrow::Cow<'_, [Self]> {
                #[cfg(target_endian = "little")]
                if let Ok(elements) = bytemuck::try_cast_slice(bytes) {
                    return alloc::borrow::Cow::Borrowed(elements);
                }
                let from: fn([u8; $size]) -> $type = $from;
                alloc::borrow::Cow::Owned(bytes.as_chunks().0.iter().map(|chunk| from(*chunk)).collect())
            }

            fn bytes(elements: &[Self]) -> alloc::borrow::Cow<'_, [u8]> {
                if cfg!(target_endian = "little") {
                    return alloc::borrow::Cow::Borrowed(bytemuck::cast_slice(elements));
                }
                let to: fn($type) -> [u8; $size] = $to;
                alloc::borrow::Cow::Owned(elements.iter().flat_map(|element| to(*element)).collect())
            }

            fn unpack(bytes: &[u8], places: &mut [Self]) {
                #[cfg(target_endian = "little")]
                {
                    let places: &mut [u8] = bytemuck::cast_slice_mut(places);
                    if places.len() == bytes.len() {
                        return places.copy_from_slice(bytes);
                    }
                }
                let from: fn([u8; $size]) -> $type = $from;
                for (place, chunk) in places.iter_mut().zip(bytes.as_chunks().0) {
                    *place = from(*chunk);
                }
            }

            fn first(bytes: &[u8]) -> Option<Self> {
                let from: fn([u8; $size]) -> $type = $from;
                bytes.first_chunk().map(|chunk| from(*chunk))
            }

            fn widen(dtype: $crate::dtype::DType, bytes: &[u8]) -> Option<alloc::vec::Vec<Self>> {
                match dtype {
                    $($crate::dtype::DType::$source_dtype => {
                        let elements = <$source as $crate::element::sealed::Sealed>::view(bytes);
                        Some(elements.iter().map(|&element| <$type>::from(element)).collect())
                    })*
                    $($($crate::dtype::DType::$by_dtype => {
                        let elements = <$raw as $crate::element::sealed::Sealed>::view(bytes);
                        let by: fn($raw) -> $type = $by;
                        Some(elements.iter().map(|&element| by(element)).collect())
                    })*)?
                    _ => {
                        let _ = bytes;
                        None
                    }
                }
            }

            fn carries(dtype: $crate::dtype::DType) -> bool {
                dtype == $crate::dtype::DType::$dtype $(|| matches!(dtype, $($carried)+))?
            }
        }
    )*};
}
#[cfg(any(feature = "half-2", feature = "num-complex-0_4"))]
pub(crate) use elements;

macro_rules! numbers {
    ($($type:ty => $dtype:ident, $size:literal, $widens:tt $(by $by:tt)? $(carries $carried:tt)?;)*) => {
        elements! {$(
            $type => $dtype, $size, <$type>::from_le_bytes, <$type>::to_le_bytes,
            widens $widens $(by $by)? $(carries $carried)?;
        )*}
    };
}

// What an element widens from is said in `docs/crate.md`, "Widening".
numbers! {
    u8 => U8, 1, [] carries [DType::F8E4M3FN | DType::F8E5M2];
    u16 => U16, 2, [u8 => U8];
    u32 => U32, 4, [u8 => U8, u16 => U16];
    u64 => U64, 8, [u8 => U8, u16 => U16, u32 => U32];
    u128 => U128, 16, [u8 => U8, u16 => U16, u32 => U32, u64 => U64];
    i8 => I8, 1, [];
    i16 => I16, 2, [i8 => I8, u8 => U8];
    i32 => I32, 4, [i8 => I8, i16 => I16, u8 => U8, u16 => U16];
    i64 => I64, 8, [i8 => I8, i16 => I16, i32 => I32, u8 => U8, u16 => U16, u32 => U32]
        carries [DType::Datetime64(_) | DType::Timedelta64(_)];
    i128 => I128, 16, [
        i8 => I8, i16 => I16, i32 => I32, i64 => I64, u8 => U8, u16 => U16, u32 => U32, u64 => U64
    ];
    f32 => F32, 4, [i8 => I8, i16 => I16, u8 => U8, u16 => U16] by [F16 as u16 => from_f16, BF16 as u16 => from_bf16];
    f64 => F64, 8, [i8 => I8, i16 => I16, i32 => I32, u8 => U8, u16 => U16, u32 => U32, f32 => F32]
        by [F16 as u16 => |bits| from_f16(bits).into(), BF16 as u16 => |bits| from_bf16(bits).into()];
}

impl Element for bool {
    const DTYPE: DType = DType::Bool;
}

impl sealed::Sealed for bool {
    fn view(bytes: &[u8]) -> Cow<'_, [Self]> {
        match bytemuck::checked::try_cast_slice(bytes) {
            Ok(elements) => Cow::Borrowed(elements),
            // Unreachable for the bytes of an array, which have been checked.
            Err(_) => Cow::Owned(bytes.iter().map(|&byte| byte != 0).collect()),
        }
    }

    fn bytes(elements: &[Self]) -> Cow<'_, [u8]> {
        Cow::Borrowed(bytemuck::cast_slice(elements))
    }

    fn unpack(bytes: &[u8], places: &mut [Self]) {
        for (place, &byte) in places.iter_mut().zip(bytes) {
            *place = byte != 0;
        }
    }

    fn first(bytes: &[u8]) -> Option<Self> {
        bytes.first().map(|&byte| byte != 0)
    }

    fn widen(_: DType, _: &[u8]) -> Option<Vec<Self>> {
        None
    }

    fn carries(dtype: DType) -> bool {
        dtype == DType::Bool
    }
}

/// The number of these bits of an IEEE 754 binary16. It is here because an array of them widens with or without the feature `half-2`.
fn from_f16(bits: u16) -> f32 {
    let (sign, exponent, fraction) =
        (u32::from(bits >> 15) << 31, u32::from(bits >> 10 & 0x1F), u32::from(bits & 0x3FF));
    let magnitude = match exponent {
        // A subnormal counts units of 2^-24.
        0 => (fraction as f32 / 16_777_216.0).to_bits(),
        0x1F => 0x7F80_0000 | fraction << 13,
        _ => (exponent + 127 - 15) << 23 | fraction << 13,
    };
    f32::from_bits(sign | magnitude)
}

/// The number of these upper half of the bits of a binary32.
fn from_bf16(bits: u16) -> f32 {
    f32::from_bits(u32::from(bits) << 16)
}
