//! Rust types that are elements of arrays.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use crate::dtype::DType;

/// A Rust type that is an array's element: `bool`, the integers and the floats. It cannot be implemented outside this crate.
///
/// ```
/// use ndwire::{DType, Element};
/// assert_eq!(<u16 as Element>::DTYPE, DType::U16);
/// ```
pub trait Element: sealed::Sealed + Copy + Send + Sync + 'static {
    /// The dtype on the wire.
    ///
    /// ```
    /// assert_eq!(<f64 as ndwire::Element>::DTYPE.name(), "f64");
    /// ```
    const DTYPE: DType;
}

pub(crate) mod sealed {
    use super::{Cow, Vec};

    /// The only casts between bytes and elements.
    pub trait Sealed: Sized + Clone {
        /// Packed elements, borrowed if this machine reads them as they are: aligned, and little endian (rule R12).
        fn view(bytes: &[u8]) -> Cow<'_, [Self]>;

        /// Elements as they are packed, borrowed on a little-endian machine.
        fn bytes(elements: &[Self]) -> Cow<'_, [u8]>;

        /// Packed elements as a vector.
        fn read(bytes: &[u8]) -> Vec<Self> {
            Self::view(bytes).into_owned()
        }
    }
}

macro_rules! elements {
    ($($type:ty => $dtype:ident,)*) => {$(
        impl Element for $type {
            const DTYPE: DType = DType::$dtype;
        }

        impl sealed::Sealed for $type {
            fn view(bytes: &[u8]) -> Cow<'_, [Self]> {
                #[cfg(target_endian = "little")]
                if let Ok(elements) = bytemuck::try_cast_slice(bytes) {
                    return Cow::Borrowed(elements);
                }
                let (chunks, _) = bytes.as_chunks();
                Cow::Owned(chunks.iter().map(|chunk| <$type>::from_le_bytes(*chunk)).collect())
            }

            fn bytes(elements: &[Self]) -> Cow<'_, [u8]> {
                if cfg!(target_endian = "little") {
                    return Cow::Borrowed(bytemuck::cast_slice(elements));
                }
                Cow::Owned(elements.iter().flat_map(|element| element.to_le_bytes()).collect())
            }
        }
    )*};
}

elements! {
    u8 => U8,
    u16 => U16,
    u32 => U32,
    u64 => U64,
    u128 => U128,
    i8 => I8,
    i16 => I16,
    i32 => I32,
    i64 => I64,
    i128 => I128,
    f32 => F32,
    f64 => F64,
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
}
