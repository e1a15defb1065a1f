//! Arrays from serde: an array node, the map `{dtype, shape, order?, data}`, the map `{v, dim, data}` of ndarray's own serde, or a
//! list.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::data::{shown_dtype, DataSeed};
use super::dynamic::{other_dtype, DynArray, DynArrayView};
use super::fields::{dim_of, DTypeSeed, DimsSeed, Field, FieldSeed, OrderSeed};
use super::numbers::{Number, Numbers};
use super::shape::{Descriptor, Dims, Order};
use super::view::{Array, ArrayView};
use crate::dtype::DType;
use crate::element::Element;
use crate::error::{Error, ErrorKind};
use crate::token;
use crate::wire::RANK_LIMIT;

/// An array as it was found.
pub(super) struct Found<'de> {
    array: DynArrayView<'de>,
    /// It was a list, whose dtype is that of its numbers: what stock serde makes of some element types that it does not know.
    is_list: bool,
}

/// What an array is read as.
trait Target<'de>: Sized {
    /// The dtype that a list of unknown dtype has.
    const DTYPE: Option<DType>;

    fn from_found(found: Found<'de>) -> Result<Self, Error>;
}

fn read<'de, T: Target<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_newtype_struct(token::ARRAY, TokenVisitor(PhantomData))
}

impl<'de: 'a, 'a> Deserialize<'de> for DynArrayView<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer)
    }
}

impl<'de> Deserialize<'de> for DynArray {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        DynArrayView::deserialize(deserializer).map(DynArrayView::into_owned)
    }
}

impl<'de: 'a, 'a, T: Element> Deserialize<'de> for ArrayView<'a, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer)
    }
}

impl<'de, T: Element> Deserialize<'de> for Array<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        ArrayView::deserialize(deserializer).map(ArrayView::into_owned)
    }
}

/// Reads an array for a target that does not keep the dtype: it must be the element type's own.
pub(crate) fn read_plain<'de, T: Element, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<ArrayView<'de, T>, D::Error> {
    read(deserializer).map(|Plain(array)| array)
}

struct Plain<'de, T: Element>(ArrayView<'de, T>);

impl<'de> Target<'de> for DynArrayView<'de> {
    const DTYPE: Option<DType> = None;

    fn from_found(found: Found<'de>) -> Result<Self, Error> {
        Ok(found.array)
    }
}

impl<'de, T: Element> Target<'de> for Plain<'de, T> {
    const DTYPE: Option<DType> = Some(T::DTYPE);

    fn from_found(found: Found<'de>) -> Result<Self, Error> {
        let array = ArrayView::from_found(found)?;
        if array.dtype() != T::DTYPE {
            let message = other_dtype(array.dtype(), T::DTYPE) + ": only the array types of ndwire keep such a dtype";
            return Err(Error::new(ErrorKind::Shape, message));
        }
        Ok(Plain(array))
    }
}

impl<'de, T: Element> Target<'de> for ArrayView<'de, T> {
    const DTYPE: Option<DType> = Some(T::DTYPE);

    fn from_found(Found { array, is_list }: Found<'de>) -> Result<Self, Error> {
        let (Descriptor { mut dtype, order, mut dims }, bytes) = array.into_parts();
        if is_list {
            match (T::DTYPE, dtype) {
                (DType::F16 | DType::BF16, DType::U16) => dtype = T::DTYPE,
                (DType::Complex64, DType::F32) | (DType::Complex128, DType::F64) => match &*dims {
                    // A list without elements does not show that its elements would be pairs.
                    [0] => dtype = T::DTYPE,
                    [outer @ .., 2] => {
                        dtype = T::DTYPE;
                        dims = Dims::new(outer);
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        let elements = match bytes {
            bytes if !T::carries(dtype) => match T::widen(dtype, &bytes) {
                Some(elements) => {
                    dtype = T::DTYPE;
                    Cow::Owned(elements)
                }
                None => return Err(Error::new(ErrorKind::Shape, other_dtype(dtype, T::DTYPE))),
            },
            Cow::Borrowed(bytes) => T::view(bytes),
            Cow::Owned(bytes) => Cow::Owned(T::read(&bytes)),
        };
        Ok(ArrayView::from_parts(Descriptor { dtype, order, dims }, elements))
    }
}

/// By this the deserializer of this format, and others, are asked for an array.
struct TokenVisitor<T>(PhantomData<T>);

impl<'de, T: Target<'de>> TokenVisitor<T> {
    const FOUND: FoundVisitor = FoundVisitor { dtype: T::DTYPE };

    fn finish<E: de::Error>(found: Found<'de>) -> Result<T, E> {
        T::from_found(found).map_err(de::Error::custom)
    }
}

impl<'de, T: Target<'de>> Visitor<'de> for TokenVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Self::FOUND.expecting(f)
    }

    /// Formats that do not know the token, and values that are not an array node.
    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        Self::finish(deserializer.deserialize_any(Self::FOUND)?)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        Self::finish(Self::FOUND.visit_map(map)?)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<T, A::Error> {
        Self::finish(Self::FOUND.visit_seq(seq)?)
    }
}

#[derive(Clone, Copy)]
struct FoundVisitor {
    /// What the numbers of a list are read as.
    dtype: Option<DType>,
}

impl<'de> Visitor<'de> for FoundVisitor {
    type Value = Found<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.dtype {
            Some(dtype) => write!(f, "an array of {dtype}"),
            None => f.write_str("an array"),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Found<'de>, A::Error> {
        let Some(dtype) = self.dtype.map(shown_dtype) else {
            // Whatever it holds, its numbers say too little.
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            return Err(de::Error::invalid_type(de::Unexpected::Seq, &"an array with its dtype"));
        };
        let mut bytes = Vec::new();
        let dims = Numbers::read(seq, &mut |number| number.pack(dtype, &mut bytes))?;
        list(dtype, &dims, bytes.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Found<'de>, A::Error> {
        let (mut dtype, mut shape, mut order, mut data, mut version) = (None, None, None, None, None);
        while let Some(field) = map.next_key_seed(FieldSeed)? {
            match field {
                Field::Parts => return map.next_value_seed(PartsSeed),
                Field::DType if dtype.is_none() => dtype = Some(map.next_value_seed(DTypeSeed)?),
                Field::Shape | Field::Dim if shape.is_none() => shape = Some((field, map.next_value_seed(DimsSeed)?)),
                Field::Order if order.is_none() => order = Some(map.next_value_seed(OrderSeed)?),
                Field::Version if version.is_none() => version = Some(map.next_value::<u64>()?),
                Field::Data if data.is_none() => {
                    data = Some(match dtype {
                        Some(dtype) => Held::Bytes(map.next_value_seed(DataSeed(dtype))?),
                        None => map.next_value_seed(HeldSeed)?,
                    });
                }
                Field::Other => drop(map.next_value::<IgnoredAny>()?),
                field => return Err(de::Error::duplicate_field(field.name())),
            }
        }
        match (dtype, shape, data, version) {
            (Some(dtype), Some((Field::Shape, dims)), Some(data), _) => {
                let array = DynArrayView::with_dims(dtype, dims, order.unwrap_or_default(), data.into_bytes(dtype)?);
                Ok(Found { array: array.map_err(de::Error::custom)?, is_list: false })
            }
            (None, Some((Field::Dim, dims)), Some(data), Some(1)) => data.into_stock(self.dtype, &dims),
            (None, Some((Field::Dim, _)), _, Some(version)) => {
                Err(de::Error::invalid_value(de::Unexpected::Unsigned(version), &"version 1 of ndarray's arrays"))
            }
            (None, ..) => Err(de::Error::missing_field("dtype")),
            (Some(_), _, None, _) => Err(de::Error::missing_field("data")),
            (Some(_), ..) => Err(de::Error::missing_field("shape")),
        }
    }
}

/// A list of numbers of that dtype.
fn list<'de, E: de::Error>(dtype: DType, dims: &[usize], bytes: Cow<'de, [u8]>) -> Result<Found<'de>, E> {
    match DynArrayView::with_dims(dtype, Dims::new(dims), Order::RowMajor, bytes) {
        Ok(array) => Ok(Found { array, is_list: true }),
        Err(error) => Err(E::custom(error)),
    }
}

/// The elements of an array whose dtype is not known before they come.
enum Held<'de> {
    Bytes(Cow<'de, [u8]>),
    /// A packed list of this format.
    Packed(DynArrayView<'de>),
    /// Another list, or lists in a list.
    Numbers(Vec<usize>, Vec<Number>),
}

impl<'de> Held<'de> {
    /// As the elements of an array of that dtype.
    fn into_bytes<E: de::Error>(self, dtype: DType) -> Result<Cow<'de, [u8]>, E> {
        let shown = shown_dtype(dtype);
        let parts: &[usize] = if shown.size() < dtype.size() { &[2] } else { &[] };
        match self {
            Held::Bytes(bytes) => Ok(bytes),
            Held::Packed(array) if array.dtype() == shown && &array.shape()[1..] == parts => Ok(array.into_parts().1),
            Held::Packed(array) => Err(E::custom(other_dtype(array.dtype(), shown))),
            Held::Numbers(dims, numbers) if numbers.is_empty() || &dims[1..] == parts => {
                Ok(pack(&numbers, shown)?.into())
            }
            Held::Numbers(..) => Err(E::custom("data of an array has another rank than a list of its elements")),
        }
    }

    /// As the `data` of an array in the form of ndarray's own serde: what its elements are shows in the list itself, or the target
    /// knows.
    fn into_stock<E: de::Error>(self, target: Option<DType>, dims: &[usize]) -> Result<Found<'de>, E> {
        let with = |parts: &[usize]| [dims, parts.get(1..).unwrap_or_default()].concat();
        match (self, target) {
            (Held::Packed(array), _) => list(array.dtype(), &with(array.shape()), array.into_parts().1),
            (Held::Numbers(parts, numbers), Some(target)) => {
                let shown = shown_dtype(target);
                // Elements that are not there do not show that they would be pairs.
                let pairs = if shown.size() < target.size() && numbers.is_empty() { &[0, 2] } else { &parts[..] };
                list(shown, &with(pairs), pack(&numbers, shown)?.into())
            }
            (Held::Numbers(..) | Held::Bytes(_), _) => Err(de::Error::missing_field("dtype")),
        }
    }
}

fn pack<E: de::Error>(numbers: &[Number], dtype: DType) -> Result<Vec<u8>, E> {
    let mut bytes = Vec::new();
    for number in numbers {
        number.pack(dtype, &mut bytes).map_err(E::custom)?;
    }
    Ok(bytes)
}

struct HeldSeed;

impl<'de> DeserializeSeed<'de> for HeldSeed {
    type Value = Held<'de>;

    /// By the token: a packed list of this format comes in one piece.
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Held<'de>, D::Error> {
        deserializer.deserialize_newtype_struct(token::ARRAY, self)
    }
}

impl<'de> Visitor<'de> for HeldSeed {
    type Value = Held<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the elements of an array")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Held<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_borrowed_bytes<E>(self, bytes: &'de [u8]) -> Result<Held<'de>, E> {
        Ok(Held::Bytes(bytes.into()))
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Held<'de>, E> {
        Ok(Held::Bytes(bytes.to_vec().into()))
    }

    fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Held<'de>, E> {
        Ok(Held::Bytes(bytes.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Held<'de>, A::Error> {
        let mut numbers = Vec::new();
        let dims = Numbers::read(seq, &mut |number| {
            numbers.push(number);
            Ok(())
        })?;
        Ok(Held::Numbers(dims, numbers))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Held<'de>, A::Error> {
        // No array in the elements of an array: nothing here calls itself.
        match map.next_key_seed(FieldSeed)? {
            Some(Field::Parts) => match map.next_value_seed(PartsSeed)? {
                Found { array, is_list: true } => Ok(Held::Packed(array)),
                Found { .. } => Err(de::Error::invalid_type(de::Unexpected::Map, &self)),
            },
            _ => Err(de::Error::invalid_type(de::Unexpected::Map, &self)),
        }
    }
}

/// An array from this crate's deserializer.
struct PartsSeed;

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
        let mut number = || seq.next_element::<u64>()?.ok_or_else(|| de::Error::invalid_length(0, &self));
        let dtype = u8::try_from(number()?).ok().and_then(DType::from_code);
        let (flags, rank) = (number()?, number()?);
        let rank = usize::try_from(rank).ok().filter(|&rank| rank <= RANK_LIMIT);
        let (Some(dtype), Some(rank)) = (dtype, rank) else {
            return Err(de::Error::invalid_value(de::Unexpected::Other("parts"), &self));
        };
        let dims = Dims::collect(rank, || number().map(dim_of))?;
        let Some(bytes) = seq.next_element::<&[u8]>()? else { return Err(de::Error::invalid_length(0, &self)) };
        let order = if flags & token::COLUMN_MAJOR == 0 { Order::RowMajor } else { Order::ColumnMajor };
        match DynArrayView::with_dims(dtype, dims, order, Cow::Borrowed(bytes)) {
            Ok(array) => Ok(Found { array, is_list: flags & token::LIST != 0 }),
            Err(error) => Err(de::Error::custom(error)),
        }
    }
}
