//! The elements of an array whose dtype comes after them, or from elsewhere.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::data::shown_dtype;
use super::dynamic::DynArrayView;
use super::fields::{Field, FieldSeed};
use super::found::{Found, list, parts};
use super::numbers::{Number, Numbers};
use crate::dtype::{DType, row_scalar};
use crate::element::sealed::Sealed;
use crate::token;

/// The elements of an array whose dtype is not known before they come.
pub(super) enum Held<'de> {
    Bytes(Cow<'de, [u8]>),
    /// A packed list of this format.
    Packed(DynArrayView<'de>),
    /// Another list, or lists in a list.
    Numbers(Vec<usize>, Vec<Number>),
}

impl<'de> Held<'de> {
    /// As the elements of an array of that dtype.
    pub(super) fn into_bytes<E: de::Error>(self, dtype: DType) -> Result<Cow<'de, [u8]>, E> {
        let shown = shown_dtype(dtype);
        let parts: &[usize] = if shown.size() < dtype.size() { &[2] } else { &[] };
        let (dims, bytes) = match self {
            Held::Bytes(bytes) => return Ok(bytes),
            list => list.packed(shown)?,
        };
        if dims != [0] && dims.get(1..) != Some(parts) {
            return Err(E::custom("data of an array has another rank than a list of its elements"));
        }
        Ok(bytes)
    }

    /// As the `data` of an array in the form of ndarray's own serde: what its elements are shows in the list itself, or the target
    /// knows.
    pub(super) fn into_stock<E: de::Error>(self, target: Option<DType>, dims: &[usize]) -> Result<Found<'de>, E> {
        let with = |parts: &[usize]| [dims, parts.get(1..).unwrap_or_default()].concat();
        match (self, target) {
            (Held::Bytes(_), _) | (Held::Numbers(..), None) => Err(de::Error::missing_field("dtype")),
            (Held::Packed(array), None) => list(None, array.dtype(), &with(array.shape()), array.into_parts().1),
            (held, Some(target)) => {
                let shown = shown_dtype(target);
                let (parts, bytes) = held.packed(shown)?;
                // Elements that are not there do not show that they would be pairs.
                let pairs = if shown.size() < target.size() && bytes.is_empty() { &[0, 2] } else { &parts[..] };
                list(Some(target), shown, &with(pairs), bytes)
            }
        }
    }

    /// The dims of a list, and its numbers packed as that dtype.
    fn packed<E: de::Error>(self, dtype: DType) -> Result<(Vec<usize>, Cow<'de, [u8]>), E> {
        Ok(match self {
            Held::Bytes(bytes) => (Vec::new(), bytes),
            Held::Packed(array) if array.dtype() == dtype => (array.shape().to_vec(), array.into_parts().1),
            Held::Packed(array) => {
                macro_rules! pack {
                    ($type:ty) => {
                        pack(<$type>::view(array.bytes()).iter().map(|&number| number.into()), dtype)?
                    };
                }
                (array.shape().to_vec(), row_scalar!(array.dtype(), pack))
            }
            Held::Numbers(dims, numbers) => (dims, pack(numbers.into_iter(), dtype)?),
        })
    }
}

fn pack<'b, E: de::Error>(numbers: impl Iterator<Item = Number>, dtype: DType) -> Result<Cow<'b, [u8]>, E> {
    let mut bytes = Vec::new();
    for number in numbers {
        number.pack(dtype, &mut bytes).map_err(E::custom)?;
    }
    Ok(bytes.into())
}

pub(super) struct HeldSeed;

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
        HeldVisitor.expecting(f)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Held<'de>, D::Error> {
        deserializer.deserialize_any(HeldVisitor)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Held<'de>, A::Error> {
        HeldVisitor.visit_seq(seq)
    }

    /// This crate's deserializer. No array in the elements of an array: nothing here calls itself.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Held<'de>, A::Error> {
        match map.next_key_seed(FieldSeed)? {
            Some(Field::Parts) => match parts(&mut map, None)? {
                Found { array, is_list: true } => Ok(Held::Packed(array)),
                Found { .. } => Err(de::Error::invalid_type(de::Unexpected::Map, &self)),
            },
            _ => Err(de::Error::invalid_type(de::Unexpected::Map, &self)),
        }
    }
}

struct HeldVisitor;

impl<'de> Visitor<'de> for HeldVisitor {
    type Value = Held<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the elements of an array")
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
}
