//! Arrays as they are found in the input, before the target has its say.

use alloc::borrow::Cow;
use core::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::data::DataSeed;
use super::dynamic::DynArrayView;
use super::fields::dim_of;
use super::shape::{Dims, Order};
use crate::dtype::DType;
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

/// A packed list from this crate's deserializer, after the key of its parts.
pub(crate) fn read_parts<'de, A: MapAccess<'de>>(map: &mut A) -> Result<DynArrayView<'de>, A::Error> {
    map.next_value_seed(PartsSeed).map(|found| found.array)
}

/// An array from this crate's deserializer.
pub(super) struct PartsSeed;

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
        let Some(bytes) = seq.next_element_seed(DataSeed(dtype))? else {
            return Err(de::Error::invalid_length(0, &self));
        };
        let order = if flags & token::COLUMN_MAJOR == 0 { Order::RowMajor } else { Order::ColumnMajor };
        match DynArrayView::with_dims(dtype, dims, order, bytes) {
            Ok(array) => Ok(Found { array, is_list: flags & token::LIST != 0 }),
            Err(error) => Err(de::Error::custom(error)),
        }
    }
}

/// One of the parts, in line: this is most of what borrowing an array takes.
#[inline(always)]
fn number<'de, A: SeqAccess<'de>>(seq: &mut A) -> Result<u64, A::Error> {
    seq.next_element()?.ok_or_else(|| de::Error::invalid_length(0, &PartsSeed))
}
