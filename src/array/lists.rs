//! Lists of elements, and of arrays of a fixed length, as arrays; and what arrays are kept in.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::format;
use alloc::rc::Rc;
#[cfg(target_has_atomic = "ptr")]
use alloc::sync::Arc;
use alloc::vec::Vec;

use serde::de::{self, Deserializer};
use serde::ser::{Error as _, Serialize, Serializer};

use super::attribute::{DeserializeArray, SerializeArray};
use super::read::read_plain;
use super::shape::Order;
use super::view::ArrayView;
use crate::element::Element;

/// What a list is made of: elements, or arrays of a fixed length, each of which adds a dim.
pub trait Cell: Copy + 'static {
    type Element: Element;

    /// How many dims it adds.
    const RANK: usize;

    /// Adds them, the outermost first.
    fn push_dims(dims: &mut Vec<usize>);
    fn flat(cells: &[Self]) -> &[Self::Element];
    /// Of as many elements as fill the cells.
    fn cells(elements: &[Self::Element]) -> &[Self];
    fn from_elements(elements: Vec<Self::Element>) -> Vec<Self>;
}

#[diagnostic::do_not_recommend]
impl<T: Element> Cell for T {
    type Element = T;
    const RANK: usize = 0;

    fn push_dims(_: &mut Vec<usize>) {}

    fn flat(cells: &[T]) -> &[T] {
        cells
    }

    fn cells(elements: &[T]) -> &[T] {
        elements
    }

    fn from_elements(elements: Vec<T>) -> Vec<T> {
        elements
    }
}

#[diagnostic::do_not_recommend]
impl<C: Cell, const N: usize> Cell for [C; N] {
    type Element = C::Element;
    const RANK: usize = C::RANK + 1;

    fn push_dims(dims: &mut Vec<usize>) {
        dims.push(N);
        C::push_dims(dims);
    }

    fn flat(cells: &[Self]) -> &[C::Element] {
        C::flat(cells.as_flattened())
    }

    fn cells(elements: &[C::Element]) -> &[Self] {
        C::cells(elements).as_chunks().0
    }

    fn from_elements(elements: Vec<C::Element>) -> Vec<Self> {
        Self::cells(&elements).to_vec()
    }
}

fn write<C: Cell, S: Serializer>(cells: &[C], serializer: S) -> Result<S::Ok, S::Error> {
    let elements = C::flat(cells);
    if C::RANK == 0 {
        return ArrayView::from(elements).serialize(serializer);
    }
    let mut dims = Vec::from([cells.len()]);
    C::push_dims(&mut dims);
    ArrayView::from_elements(dims, elements).map_err(S::Error::custom)?.serialize(serializer)
}

/// The cells of an array of their rank and dims, in logical order.
fn read<'de, C: Cell, D: Deserializer<'de>>(deserializer: D) -> Result<Cow<'de, [C]>, D::Error> {
    let array = read_plain::<C::Element, D>(deserializer, Some(1 + C::RANK))?;
    if C::RANK > 0 {
        let mut dims = Vec::new();
        C::push_dims(&mut dims);
        for (axis, (&found, expected)) in (1..).zip(array.shape()[1..].iter().zip(dims)) {
            if found != expected {
                return Err(de::Error::invalid_length(found, &&*format!("{expected} along axis {axis}")));
            }
        }
    }
    Ok(match array.order() {
        Order::ColumnMajor if C::RANK > 0 => Cow::Owned(C::from_elements(array.to_vec())),
        _ => match array.into_elements() {
            Cow::Borrowed(elements) => Cow::Borrowed(C::cells(elements)),
            Cow::Owned(elements) => Cow::Owned(C::from_elements(elements)),
        },
    })
}

impl<C: Cell> SerializeArray for [C] {
    fn serialize_array<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write(self, serializer)
    }
}

macro_rules! as_slice {
    ($(for[$($generics:tt)*] $type:ty,)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<C: Cell, $($generics)*> SerializeArray for $type {
            fn serialize_array<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                write(&self[..], serializer)
            }
        }
    )*};
}
as_slice! {
    for[] Vec<C>,
    for[] Cow<'_, [C]>,
    for[const N: usize] [C; N],
}

/// Without a copy unless it wraps around the end of its memory.
#[diagnostic::do_not_recommend]
impl<C: Cell> SerializeArray for VecDeque<C> {
    fn serialize_array<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.as_slices() {
            (cells, []) => write(cells, serializer),
            (front, back) => write(&[front, back].concat(), serializer),
        }
    }
}

#[diagnostic::do_not_recommend]
impl<'de: 'a, 'a, C: Cell> DeserializeArray<'de> for Cow<'a, [C]> {
    fn deserialize_array<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer)
    }
}

#[diagnostic::do_not_recommend]
impl<'de: 'a, 'a, C: Cell> DeserializeArray<'de> for &'a [C] {
    fn deserialize_array<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match read(deserializer)? {
            Cow::Borrowed(cells) => Ok(cells),
            Cow::Owned(_) => Err(not_borrowed()),
        }
    }
}

/// Why a target that can only borrow gets nothing.
#[cold]
pub(crate) fn not_borrowed<E: de::Error>() -> E {
    E::custom("array cannot be borrowed from the input: its elements are not aligned there, or of another dtype")
}

#[diagnostic::do_not_recommend]
impl<'de, C: Cell> DeserializeArray<'de> for Vec<C> {
    fn deserialize_array<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer).map(Cow::into_owned)
    }
}

macro_rules! from_vec {
    ($($type:ty,)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<'de, C: Cell> DeserializeArray<'de> for $type {
            fn deserialize_array<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Vec::deserialize_array(deserializer).map(Self::from)
            }
        }
    )*};
}
from_vec! {
    VecDeque<C>,
    Box<[C]>,
    Rc<[C]>,
}
#[cfg(target_has_atomic = "ptr")]
from_vec! {
    Arc<[C]>,
}

#[diagnostic::do_not_recommend]
impl<'de, C: Cell, const N: usize> DeserializeArray<'de> for [C; N] {
    fn deserialize_array<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let cells: Cow<'de, [C]> = read(deserializer)?;
        <[C; N]>::try_from(&*cells)
            .map_err(|_| de::Error::invalid_length(cells.len(), &&*format!("an array of length {N}")))
    }
}

macro_rules! kept_in {
    ($pointer:ident) => {
        impl<A: SerializeArray + ?Sized> SerializeArray for $pointer<A> {
            fn serialize_array<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                A::serialize_array(self, serializer)
            }
        }

        impl<'de, A: DeserializeArray<'de>> DeserializeArray<'de> for $pointer<A> {
            fn deserialize_array<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                A::deserialize_array(deserializer).map($pointer::new)
            }
        }
    };
}
kept_in!(Box);
kept_in!(Rc);
#[cfg(target_has_atomic = "ptr")]
kept_in!(Arc);
