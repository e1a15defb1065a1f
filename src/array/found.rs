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
use crate::token;
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

/// A packed list from this crate's deserializer, after the key of its parts.
pub(crate) fn read_parts<'de, A: MapAccess<'de>>(map: &mut A) -> Result<DynArrayView<'de>, A::Error> {
    map.next_value_seed(PartsSeed::OF_ANY).map(|found| found.array)
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

/// An array from this crate's deserializer.
pub(super) struct PartsSeed {
    pub(super) target: Option<OwnDType>,
}

impl PartsSeed {
    /// For a target that has no dtype of its own.
    pub(super) const OF_ANY: PartsSeed = PartsSeed { target: None };
}

impl<'de> DeserializeSeed<'de> for PartsSeed {
    type Value = Found<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Found<'de>, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for PartsSeed {
    type Value = Found<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the parts of an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Found<'de>, A::Error> {
        let dtype = u8::try_from(number(&mut seq)?).ok().and_then(DType::from_code);
        let (flags, rank) = (number(&mut seq)?, number(&mut seq)?);
        let rank = usize::try_from(rank).ok().filter(|&rank| rank <= RANK_LIMIT);
        let (Some(dtype), Some(rank)) = (dtype, rank) else {
            return Err(de::Error::invalid_value(de::Unexpected::Other("parts"), &self));
        };
        let dims = Dims::collect(rank, || number(&mut seq).map(dim_of))?;
        let is_list = flags & token::LIST != 0;
        let missing = || de::Error::invalid_length(0, &PartsSeed::OF_ANY);
        match self.target {
            Some(own) if is_list && !(own.takes)(dtype) => {
                return seq.next_element_seed(ListSeed(own.dtype))?.ok_or_else(missing);
            }
            _ => {}
        }
        let bytes = seq.next_element_seed(DataSeed(dtype))?.ok_or_else(missing)?;
        let order = if flags & token::COLUMN_MAJOR == 0 { Order::RowMajor } else { Order::ColumnMajor };
        match DynArrayView::with_dims(dtype, dims, order, bytes) {
            Ok(array) => Ok(Found { array, is_list }),
            Err(error) => Err(de::Error::custom(error)),
        }
    }
}

/// One of the parts, in line: this is most of what borrowing an array takes.
#[inline(always)]
fn number<'de, A: SeqAccess<'de>>(seq: &mut A) -> Result<u64, A::Error> {
    seq.next_element()?.ok_or_else(|| de::Error::invalid_length(0, &PartsSeed::OF_ANY))
}
