//! The elements of an array as a list, for formats that have no arrays.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::fmt;

use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use super::numbers::Exact;
use crate::dtype::DType;
use crate::element::Element;
use crate::element::sealed::Sealed;

/// Calls a macro with the type by which a dtype's elements are shown: half floats and 8-bit floats as their bits, times as
/// integers, complex numbers as two floats.
macro_rules! shown {
    ($dtype:expr, $with:ident) => {
        match $dtype {
            DType::Bool => $with!(bool, 1),
            DType::U8 | DType::F8E4M3FN | DType::F8E5M2 => $with!(u8, 1),
            DType::U16 | DType::F16 | DType::BF16 => $with!(u16, 1),
            DType::U32 => $with!(u32, 1),
            DType::U64 => $with!(u64, 1),
            DType::U128 => $with!(u128, 1),
            DType::I8 => $with!(i8, 1),
            DType::I16 => $with!(i16, 1),
            DType::I32 => $with!(i32, 1),
            DType::I64 | DType::Datetime64(_) | DType::Timedelta64(_) => $with!(i64, 1),
            DType::I128 => $with!(i128, 1),
            DType::F32 => $with!(f32, 1),
            DType::F64 => $with!(f64, 1),
            DType::Complex64 => $with!(f32, 2),
            DType::Complex128 => $with!(f64, 2),
        }
    };
}

pub(super) use shown;

/// The dtype of the elements, or of their parts, by which a dtype is shown.
pub(super) fn shown_dtype(dtype: DType) -> DType {
    macro_rules! name {
        ($type:ty, $parts:literal) => {
            <$type as Element>::DTYPE
        };
    }
    shown!(dtype, name)
}

/// Packed elements, as bytes where the format is binary and as a list where it is for people.
pub(super) struct Data<'a> {
    pub(super) dtype: DType,
    pub(super) bytes: &'a [u8],
}

impl Serialize for Data<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !serializer.is_human_readable() {
            return serializer.serialize_bytes(self.bytes);
        }
        macro_rules! list {
            ($type:ty, 1) => {
                serializer.collect_seq(<$type>::view(self.bytes).iter())
            };
            ($type:ty, $parts:literal) => {
                serializer.collect_seq(<$type>::view(self.bytes).as_chunks::<$parts>().0)
            };
        }
        shown!(self.dtype, list)
    }
}

/// Reads packed elements of that dtype from bytes or from a list; borrowed if the input has them so.
pub(super) struct DataSeed(pub(super) DType);

impl<'de> DeserializeSeed<'de> for DataSeed {
    type Value = Cow<'de, [u8]>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Cow<'de, [u8]>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for DataSeed {
    type Value = Cow<'de, [u8]>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the elements of an array of {}", self.0)
    }

    fn visit_borrowed_bytes<E>(self, bytes: &'de [u8]) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(bytes))
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Self::Value, E> {
        Ok(Cow::Owned(bytes.into()))
    }

    fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Self::Value, E> {
        Ok(Cow::Owned(bytes))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut bytes = Vec::new();
        macro_rules! list {
            ($type:ty, 1) => {
                while let Some(Exact(element)) = seq.next_element::<Exact<$type>>()? {
                    bytes.extend_from_slice(&<$type>::bytes(&[element]));
                }
            };
            ($type:ty, $parts:literal) => {
                while let Some(parts) = seq.next_element::<[Exact<$type>; $parts]>()? {
                    bytes.extend_from_slice(&<$type>::bytes(&parts.map(|Exact(part)| part)));
                }
            };
        }
        shown!(self.0, list);
        Ok(Cow::Owned(bytes))
    }
}
