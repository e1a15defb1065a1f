//! Arrays from serde: an array node, the map `{dtype, shape, order?, data}`, the map `{v, dim, data}` of ndarray's own serde, or a
//! list.

use alloc::borrow::Cow;
use alloc::format;
use core::fmt;
use core::marker::PhantomData;

use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::data::DataSeed;
use super::dynamic::{DynArray, DynArrayView, other_dtype};
use super::fields::{DTypeSeed, DimsSeed, Field, FieldSeed, Loose, LooseSeed, OrderSeed};
use super::found::{Found, ListSeed, OwnDType, list, list_as, parts};
use super::held::{Held, HeldSeed};
use super::shape::Descriptor;
use super::view::{Array, ArrayView};
use crate::dtype::DType;
use crate::element::Element;
use crate::error::{Error, ErrorKind};
use crate::token;

/// What an array is read as.
trait Target<'de>: Sized {
    /// Its own dtype, if it has one.
    const DTYPE: Option<OwnDType>;
    /// What is said of it if it has none.
    const EXPECTED: &'static str = "an array";

    fn from_found(found: Found<'de>, rank: Option<usize>) -> Result<Self, Error>;
}

fn read<'de, T: Target<'de>, D: Deserializer<'de>>(deserializer: D, rank: Option<usize>) -> Result<T, D::Error> {
    deserializer.deserialize_newtype_struct(token::ARRAY, TokenVisitor { rank, target: PhantomData })
}

impl<'de: 'a, 'a> Deserialize<'de> for DynArrayView<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer, None)
    }
}

impl<'de> Deserialize<'de> for DynArray {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        DynArrayView::deserialize(deserializer).map(DynArrayView::into_owned)
    }
}

impl<'de: 'a, 'a, T: Element> Deserialize<'de> for ArrayView<'a, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer, None)
    }
}

impl<'de, T: Element> Deserialize<'de> for Array<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        ArrayView::deserialize(deserializer).map(ArrayView::into_owned)
    }
}

/// Reads an array for a target that does not keep the dtype: it must be the element type's own. Of any rank, or of this one.
pub(crate) fn read_plain<'de, T: Element, D: Deserializer<'de>>(
    deserializer: D,
    rank: Option<usize>,
) -> Result<ArrayView<'de, T>, D::Error> {
    read(deserializer, rank).map(|Plain(array)| array)
}

struct Plain<'de, T: Element>(ArrayView<'de, T>);

impl<'de> Target<'de> for DynArrayView<'de> {
    const DTYPE: Option<OwnDType> = None;

    fn from_found(found: Found<'de>, _: Option<usize>) -> Result<Self, Error> {
        Ok(found.array)
    }
}

/// A list inside a list, for a target that has no dtype of its own.
struct InnerList<'de>(DynArrayView<'de>);

impl<'de> Target<'de> for InnerList<'de> {
    const DTYPE: Option<OwnDType> = None;
    const EXPECTED: &'static str = "a list of numbers with its dtype";

    fn from_found(Found { array, is_list }: Found<'de>, _: Option<usize>) -> Result<Self, Error> {
        match is_list {
            true => Ok(InnerList(array)),
            false => Err(de::Error::custom("list is no array: found an array in it, expected lists of numbers")),
        }
    }
}

impl<'de> Deserialize<'de> for InnerList<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer, None)
    }
}

impl<'de, T: Element> Target<'de> for Plain<'de, T> {
    const DTYPE: Option<OwnDType> = Some(OwnDType::of::<T>());

    fn from_found(found: Found<'de>, rank: Option<usize>) -> Result<Self, Error> {
        let array = ArrayView::from_found(found, None)?;
        if array.dtype() != T::DTYPE {
            let message = other_dtype(array.dtype(), T::DTYPE) + ": only the array types of ndwire keep such a dtype";
            return Err(Error::new(ErrorKind::TypeMismatch, message));
        }
        match rank {
            Some(expected) if expected != array.shape().len() => {
                let message = format!("array has another rank: found {}, expected {expected}", array.shape().len());
                Err(Error::new(ErrorKind::Shape, message))
            }
            _ => Ok(Plain(array)),
        }
    }
}

impl<'de, T: Element> Target<'de> for ArrayView<'de, T> {
    const DTYPE: Option<OwnDType> = Some(OwnDType::of::<T>());

    fn from_found(Found { array, is_list }: Found<'de>, _: Option<usize>) -> Result<Self, Error> {
        let (Descriptor { mut dtype, order, mut dims }, bytes) = array.into_parts();
        if is_list {
            (dtype, dims) = list_as(Some(T::DTYPE), dtype, dims);
        }
        let widened = match T::carries(dtype) {
            true => None,
            false => match T::widen(dtype, &bytes) {
                None => return Err(Error::new(ErrorKind::TypeMismatch, other_dtype(dtype, T::DTYPE))),
                widened => {
                    dtype = T::DTYPE;
                    widened
                }
            },
        };
        let elements = match (bytes, widened) {
            // No element needs no alignment.
            (bytes, _) if bytes.is_empty() => Cow::Borrowed(&[][..]),
            (_, Some(elements)) => Cow::Owned(elements),
            (Cow::Borrowed(bytes), None) => T::view(bytes),
            (Cow::Owned(bytes), None) => Cow::Owned(T::read(&bytes)),
        };
        Ok(ArrayView::from_parts(Descriptor { dtype, order, dims }, elements))
    }
}

/// By this the deserializer of this format, and others, are asked for an array.
struct TokenVisitor<T> {
    /// What the target can have, if not any.
    rank: Option<usize>,
    target: PhantomData<T>,
}

impl<'de, T: Target<'de>> TokenVisitor<T> {
    const FOUND: FoundVisitor = FoundVisitor {
        dtype: match T::DTYPE {
            Some(own) => Some(own.dtype),
            None => None,
        },
        expected: T::EXPECTED,
    };

    fn finish<E: de::Error>(&self, found: Found<'de>) -> Result<T, E> {
        T::from_found(found, self.rank).map_err(de::Error::custom)
    }
}

impl<'de, T: Target<'de>> Visitor<'de> for TokenVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Self::FOUND.expecting(f)
    }

    /// Formats that do not know the token, and values that are not an array node.
    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        self.finish(deserializer.deserialize_any(Self::FOUND)?)
    }

    /// This crate's deserializer: what others show is behind [`visit_newtype_struct`](Visitor::visit_newtype_struct), so the key cannot be
    /// one of somebody else's.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        self.finish(match map.next_key_seed(FieldSeed)? {
            Some(Field::Parts) => parts(&mut map, T::DTYPE)?,
            first => Self::FOUND.fields(first, map)?,
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<T, A::Error> {
        self.finish(Self::FOUND.visit_seq(seq)?)
    }
}

#[derive(Clone, Copy)]
struct FoundVisitor {
    /// What the numbers of a list are read as.
    dtype: Option<DType>,
    expected: &'static str,
}

impl<'de> Visitor<'de> for FoundVisitor {
    type Value = Found<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.dtype {
            Some(dtype) => write!(f, "an array of {dtype}"),
            None => f.write_str(self.expected),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Found<'de>, A::Error> {
        match self.dtype {
            Some(dtype) => ListSeed(dtype).visit_seq(seq),
            None => lists(seq),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Found<'de>, A::Error> {
        let first = map.next_key_seed(FieldSeed)?;
        self.fields(first, map)
    }
}

/// A list of lists that have their dtype, all the same, and are equally long at each level. A number by itself says too little.
fn lists<'de, A: SeqAccess<'de>>(mut seq: A) -> Result<Found<'de>, A::Error> {
    let Some(InnerList(first)) = seq.next_element()? else {
        return Err(de::Error::invalid_type(de::Unexpected::Seq, &"an array with its dtype"));
    };
    let (dtype, shape) = (first.dtype(), first.shape().to_vec());
    let mut bytes = first.into_bytes().into_owned();
    let mut count = 1;
    while let Some(InnerList(next)) = seq.next_element()? {
        if next.dtype() != dtype {
            let found = next.dtype();
            return Err(de::Error::custom(format!(
                "list is no array: found a list of {found} beside a list of {dtype}"
            )));
        }
        if next.shape() != shape {
            let found = next.shape();
            let message = format!("list is no array: found a list of shape {found:?} beside a list of shape {shape:?}");
            return Err(de::Error::custom(message));
        }
        bytes.extend_from_slice(next.bytes());
        count += 1;
    }
    list(None, dtype, &[&[count], &shape[..]].concat(), bytes.into())
}

impl FoundVisitor {
    /// The map of an array, from its first key on. Others may stand in it: the neighbours of a flattened field.
    fn fields<'de, A: MapAccess<'de>>(self, first: Option<Field>, mut map: A) -> Result<Found<'de>, A::Error> {
        let (mut dtype, mut shape, mut order, mut held) = (None, None, None, None);
        let (mut version, mut dim) = (Loose::Other, Loose::Other);
        let mut next = first;
        while let Some(field) = next {
            match field {
                Field::DType if dtype.is_none() => dtype = Some(map.next_value_seed(DTypeSeed)?),
                Field::Shape if shape.is_none() => shape = Some(map.next_value_seed(DimsSeed)?),
                Field::Order if order.is_none() => order = Some(map.next_value_seed(OrderSeed)?),
                Field::Data if held.is_none() => {
                    held = Some(match dtype {
                        Some(dtype) => Held::Bytes(map.next_value_seed(DataSeed(dtype))?),
                        None => map.next_value_seed(HeldSeed)?,
                    });
                }
                Field::Version => version = map.next_value_seed(LooseSeed)?,
                Field::Dim => dim = map.next_value_seed(LooseSeed)?,
                Field::Parts | Field::Other => drop(map.next_value::<IgnoredAny>()?),
                field => return Err(de::Error::duplicate_field(field.name())),
            }
            next = map.next_key_seed(FieldSeed)?;
        }
        let data = |held: Option<Held<'de>>| held.ok_or_else(|| de::Error::missing_field("data"));
        match (dtype, shape, version, dim) {
            (Some(dtype), Some(dims), ..) => {
                let bytes = data(held)?.into_bytes(dtype)?;
                match DynArrayView::with_dims(dtype, dims, order.unwrap_or_default(), bytes) {
                    Ok(array) => Ok(Found { array, is_list: false }),
                    Err(error) => Err(de::Error::custom(error)),
                }
            }
            (Some(_), None, ..) => Err(de::Error::missing_field("shape")),
            (None, _, Loose::Number(1), Loose::Dims(dims)) => data(held)?.into_stock(self.dtype, &dims),
            (None, _, Loose::Number(version), Loose::Dims(_)) => {
                Err(de::Error::invalid_value(de::Unexpected::Unsigned(version), &"version 1 of ndarray's arrays"))
            }
            (None, Some(_), ..) => Err(de::Error::missing_field("dtype")),
            (None, None, ..) => Err(de::Error::invalid_type(de::Unexpected::Map, &self)),
        }
    }
}
