//! Arrays as they are found in the input, before the target has its say.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::data::{DataSeed, shown_dtype};
use super::dynamic::DynArrayView;
use super::fields::dim_of;
use super::numbers::Numbers;
use super::shape::{Dims, Order};
use crate::dtype::DType;
use crate::element::Element;
use crate::token::{self, Head};
use crate::wire::RANK_LIMIT;

/// An array as it was found.
pub(super) struct Found<'de> {
    pub(super) array: DynArrayView<'de>,
    /// It was a list, whose dtype is that of its numbers: what stock serde makes of some element types that it does not know.
    pub(super) is_list: bool,
}

/// Dtype and dims of a list as those of an array of the target's dtype, where stock serde wrote elements of that dtype so: half floats as
/// their bits, complex numbers as pairs.
pub(super) fn list_as(target: Option<DType>, dtype: DType, dims: Dims) -> (DType, Dims) {
    match (target, dtype, &*dims) {
        (Some(target @ (DType::F16 | DType::BF16)), DType::U16, _) => (target, dims),
        (Some(target @ DType::Complex64), DType::F32, outer)
        | (Some(target @ DType::Complex128), DType::F64, outer) => {
            match outer {
                // A list without elements does not show that its elements would be pairs.
                [0] => (target, dims),
                [outer @ .., 2] => (target, Dims::new(outer)),
                _ => (dtype, dims),
            }
        }
        _ => (dtype, dims),
    }
}

/// A list of numbers of that dtype, for a target.
pub(super) fn list<'de, E: de::Error>(
    target: Option<DType>,
    dtype: DType,
    dims: &[usize],
    bytes: Cow<'de, [u8]>,
) -> Result<Found<'de>, E> {
    let (dtype, dims) = list_as(target, dtype, Dims::new(dims));
    match DynArrayView::with_dims(dtype, dims, Order::RowMajor, bytes) {
        Ok(array) => Ok(Found { array, is_list: true }),
        Err(error) => Err(E::custom(error)),
    }
}

/// Reads a list element by element for a target of that dtype, whatever form the list has.
pub(super) struct ListSeed(pub(super) DType);

impl<'de> DeserializeSeed<'de> for ListSeed {
    type Value = Found<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Found<'de>, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for ListSeed {
    type Value = Found<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an array of {}", self.0)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Found<'de>, A::Error> {
        let dtype = shown_dtype(self.0);
        let mut bytes = Vec::new();
        let dims = Numbers::read(seq, &mut |number| number.pack(dtype, &mut bytes))?;
        list(Some(self.0), dtype, &dims, bytes.into())
    }
}

/// The dtype that a target has of its own, as which it reads lists.
#[derive(Clone, Copy)]
pub(super) struct OwnDType {
    pub(super) dtype: DType,
    /// Whether it takes packed elements of another dtype without a look at each.
    takes: fn(DType) -> bool,
}

impl OwnDType {
    /// Elements that are those of the target, or widen to them: by the rule for lists that is what each of them would become.
    pub(super) const fn of<T: Element>() -> Self {
        fn takes<T: Element>(dtype: DType) -> bool {
            let shown = shown_dtype(T::DTYPE);
            dtype == shown || (shown == T::DTYPE && T::widen(dtype, &[]).is_some())
        }
        OwnDType { dtype: T::DTYPE, takes: takes::<T> }
    }
}

/// A packed list from this crate's deserializer, after the key of its parts.
pub(crate) fn read_parts<'de, A: MapAccess<'de>>(map: &mut A) -> Result<DynArrayView<'de>, A::Error> {
    parts(map, None).map(|found| found.array)
}

/// An array from this crate's deserializer, after the key of its parts, for a target that may have a dtype of its own.
pub(super) fn parts<'de, A: MapAccess<'de>>(map: &mut A, target: Option<OwnDType>) -> Result<Found<'de>, A::Error> {
    let (dtype, flags, dims) = map.next_value_seed(HeadSeed)?;
    if map.next_key::<u64>()? != Some(token::ELEMENTS) {
        return Err(de::Error::missing_field("the elements of an array"));
    }
    let is_list = flags & token::LIST != 0;
    match target {
        Some(own) if is_list && !(own.takes)(dtype) => return map.next_value_seed(ListSeed(own.dtype)),
        _ => {}
    }
    let bytes = map.next_value_seed(DataSeed(dtype))?;
    let order = if flags & token::COLUMN_MAJOR == 0 { Order::RowMajor } else { Order::ColumnMajor };
    match DynArrayView::with_dims(dtype, dims, order, bytes) {
        Ok(array) => Ok(Found { array, is_list }),
        Err(error) => Err(de::Error::custom(error)),
    }
}

struct HeadSeed;

impl<'de> DeserializeSeed<'de> for HeadSeed {
    type Value = (DType, u8, Dims);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_bytes(self)
    }
}

impl Visitor<'_> for HeadSeed {
    type Value = (DType, u8, Dims);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the head of an array")
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
        let invalid = || E::invalid_value(de::Unexpected::Bytes(bytes), &self);
        let (code, flags, dims) = Head::read(bytes).ok_or_else(invalid)?;
        let dtype = DType::from_code(code).filter(|_| dims.len() <= RANK_LIMIT).ok_or_else(invalid)?;
        let mut left = dims.iter();
        let dim = || left.next().map(|dim| dim_of(u64::from_le_bytes(*dim))).ok_or_else(invalid);
        Ok((dtype, flags, Dims::collect(dims.len(), dim)?))
    }
}
