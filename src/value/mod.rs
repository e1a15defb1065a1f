//! The untyped value: what any valid bytes mean.

mod cell;
mod compare;
mod debug;
mod deserializer;
mod list;
mod map;
mod read;
mod schema;
mod write;

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use serde::de::DeserializeOwned;
use serde::ser::Serialize;

use crate::array::{Array, ArrayView, DynArray, DynArrayView};
use crate::element::Element;
use crate::error::{Error, Result};

pub(crate) use cell::Cell;
#[cfg(feature = "foreign")]
pub(crate) use cell::scalar;
pub(crate) use deserializer::{Item, read_list};
pub use list::List;
pub use map::Map;
pub use read::Borrowed;
pub use schema::Schema;

/// Any value, independent of the bytes that it was read from: a [`ValueView`] that owns what it holds.
///
/// ```
/// use ndwire::Value;
///
/// #[derive(serde::Serialize)]
/// struct Frame { id: u32, pixels: Vec<f32> }
///
/// let bytes = ndwire::to_vec(&Frame { id: 7, pixels: vec![0.0; 300] })?;
/// let value: Value = ndwire::from_slice(&bytes)?;
/// assert_eq!(format!("{value:?}"), r#"{"id": 7, "pixels": rows f32 n=300}"#);
/// assert_eq!(ndwire::to_vec(&value)?, bytes);
///
/// let map = value.as_map().expect("a struct is a map");
/// let pixels = map.get("pixels")?.and_then(Value::as_array).expect("a list of numbers is an array");
/// assert_eq!(pixels.shape(), [300]);
///
/// assert_eq!(map.get("pixels")?, Some(&Value::from(vec![Value::from(0.0f32); 300])), "packed or not, the same list");
/// # Ok::<(), ndwire::Error>(())
/// ```
///
/// # What serde's buffers lose
///
/// Under `#[serde(flatten)]`, in untagged enums and beside a tag serde buffers what is there before a `Value` sees it. It keeps arrays,
/// so that a catch-all hands on the fields of newer structs:
///
/// ```
/// use std::collections::BTreeMap;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize)]
/// struct Older {
///     id: u32,
///     #[serde(flatten)]
///     extra: BTreeMap<String, ndwire::Value>,
/// }
///
/// #[derive(Serialize)]
/// struct Newer { id: u32, mask: ndwire::Array<bool> }
///
/// let bytes = ndwire::to_vec(&Newer { id: 7, mask: vec![true, false].into() })?;
/// let mut older: Older = ndwire::from_slice(&bytes)?;
/// assert!(matches!(&older.extra["mask"], ndwire::Value::Array(mask) if mask.shape() == [2]));
/// assert_eq!(ndwire::to_vec(&older)?, bytes);
/// # Ok::<(), ndwire::Error>(())
/// ```
///
/// The buffer has no arrays: they come as the map that every reader is shown. So a map whose entries are just `dtype`, `shape`, for
/// column-major elements `order`, and `data`, in this order, with bytes of the right length, is read as an array from a buffer, and from
/// other formats that have bytes. Read directly, a map stays a map. An array that is flattened itself, or is all that a variant beside a
/// tag holds, is taken apart by serde when it is written: it comes back as a map, which array types read and a `Value` keeps.
///
/// What it does not keep is the form of a list. Floats and bools come back as they were; integers as i64, because readers are shown their
/// values and never their width; a small array in a table as a list of its own; and numbers of a plain list are packed.
/// Integers beyond 64 bits do not go into the buffer at all.
pub type Value = ValueView<'static>;

/// Any value, for tools that do not know its type: owned ([`Value`]), or with texts, bytes, arrays and packed rows [`Borrowed`].
///
/// It keeps the form of everything it was read from, so that it is written back to the same bytes.
///
/// Two values are equal if they hold the same: the form of a list and the width of an integer do not count, the order of a map's entries
/// does, floats are compared by their bits, `f32` and `f64` differ, and an array is not a list. To compare the form too, compare bytes.
#[derive(Clone)]
#[non_exhaustive]
pub enum ValueView<'a> {
    /// Nothing: none, unit.
    Nil,
    /// A truth value.
    Bool(bool),
    /// An integer. Its width is not kept.
    Int(i128),
    /// An integer beyond [`i128::MAX`].
    Uint(u128),
    /// A 32-bit float, every bit kept.
    F32(f32),
    /// A 64-bit float, every bit kept.
    F64(f64),
    /// A character.
    Char(char),
    /// Text.
    Str(Cow<'a, str>),
    /// Bytes.
    Bytes(Cow<'a, [u8]>),
    /// Something that is there, and is nil or another of these.
    Some(Box<ValueView<'a>>),
    /// A list, in whatever form.
    List(List<'a>),
    /// A map or struct.
    Map(Map<'a>),
    /// An array node.
    Array(DynArrayView<'a>),
}

/// Turns anything that can be written into a value.
///
/// ```
/// use ndwire::value::to_value;
/// assert_eq!(format!("{:?}", to_value(&[("a", 1u8), ("b", 2)])?), "rows (node, u8) n=2");
/// # Ok::<(), ndwire::Error>(())
/// ```
///
/// # Errors
/// As [`to_vec`](crate::to_vec).
pub fn to_value<T: Serialize + ?Sized>(value: &T) -> Result<Value> {
    crate::from_slice(&crate::to_vec(value)?)
}

/// Reads a type from a value: what it reads from the value's bytes.
///
/// ```
/// use ndwire::Value;
/// use ndwire::value::from_value;
///
/// let value = Value::from(vec![Value::from("a"), Value::from("b")]);
/// assert_eq!(from_value::<Vec<String>>(&value)?, ["a", "b"]);
/// # Ok::<(), ndwire::Error>(())
/// ```
///
/// # Errors
/// As [`to_vec`](crate::to_vec), and if it is not a `T`.
pub fn from_value<T: DeserializeOwned>(value: &ValueView<'_>) -> Result<T> {
    crate::from_slice(&crate::to_vec(value)?).map_err(Error::without_offset)
}

impl<'a> ValueView<'a> {
    /// The same value, independent of the input.
    ///
    /// ```
    /// # use ndwire::{Value, value::Borrowed};
    /// let bytes = ndwire::to_vec("north")?;
    /// let Borrowed(value) = ndwire::from_slice(&bytes)?;
    /// assert_eq!(value.into_owned(), Value::from("north"));
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn into_owned(self) -> Value {
        match self {
            ValueView::Nil => Value::Nil,
            ValueView::Bool(value) => Value::Bool(value),
            ValueView::Int(value) => Value::Int(value),
            ValueView::Uint(value) => Value::Uint(value),
            ValueView::F32(value) => Value::F32(value),
            ValueView::F64(value) => Value::F64(value),
            ValueView::Char(value) => Value::Char(value),
            ValueView::Str(text) => Value::Str(text.into_owned().into()),
            ValueView::Bytes(bytes) => Value::Bytes(bytes.into_owned().into()),
            ValueView::Some(inner) => Value::Some(Box::new(inner.into_owned())),
            ValueView::List(list) => Value::List(list.into_owned()),
            ValueView::Map(map) => Value::Map(map.into_owned()),
            ValueView::Array(array) => Value::from(array.into_owned()),
        }
    }

    /// The map, if it is one.
    ///
    /// ```
    /// # use ndwire::Value;
    /// assert!(Value::Nil.as_map().is_none());
    /// ```
    pub fn as_map(&self) -> Option<&Map<'a>> {
        match self {
            ValueView::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The list, if it is one.
    ///
    /// ```
    /// # use ndwire::{List, Value};
    /// assert_eq!(Value::List(List::default()).as_list().map(List::len), Some(0));
    /// ```
    pub fn as_list(&self) -> Option<&List<'a>> {
        match self {
            ValueView::List(list) => Some(list),
            _ => None,
        }
    }

    /// The array, if it is an array node or a list whose elements are packed like one.
    ///
    /// ```
    /// # use ndwire::Value;
    /// let value: Value = ndwire::from_slice(&ndwire::to_vec(&[[1u8, 2], [3, 4]])?)?;
    /// assert_eq!(value.as_array().expect("packed").shape(), [2, 2]);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn as_array(&self) -> Option<DynArrayView<'_>> {
        match self {
            ValueView::Array(array) => Some(array.view()),
            ValueView::List(list) => list.as_array(),
            _ => None,
        }
    }

    /// The text, if it is a str.
    ///
    /// ```
    /// # use ndwire::Value;
    /// assert_eq!(Value::from("cat").as_str(), Some("cat"));
    /// ```
    pub fn as_str(&self) -> Option<&str> {
        match self {
            ValueView::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The bytes, if it is such.
    ///
    /// ```
    /// # use ndwire::Value;
    /// assert_eq!(Value::from(vec![1u8, 2]).as_bytes(), Some(&[1, 2][..]));
    /// ```
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            ValueView::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The integer, if it is one and fits.
    ///
    /// ```
    /// # use ndwire::Value;
    /// assert_eq!(Value::from(7).as_int(), Some(7));
    /// ```
    pub fn as_int(&self) -> Option<i128> {
        match *self {
            ValueView::Int(int) => Some(int),
            ValueView::Uint(uint) => i128::try_from(uint).ok(),
            _ => None,
        }
    }

    /// The float, if it is one.
    ///
    /// ```
    /// # use ndwire::Value;
    /// assert_eq!(Value::F32(0.5).as_float(), Some(0.5));
    /// ```
    pub fn as_float(&self) -> Option<f64> {
        match *self {
            ValueView::F32(float) => Some(float.into()),
            ValueView::F64(float) => Some(float),
            _ => None,
        }
    }
}

macro_rules! from {
    ($($type:ty => |$value:ident| $out:expr;)*) => {$(
        impl<'a> From<$type> for ValueView<'a> {
            fn from($value: $type) -> Self {
                $out
            }
        }
    )*};
}

from! {
    bool => |value| ValueView::Bool(value);
    i8 => |value| ValueView::Int(value.into());
    i16 => |value| ValueView::Int(value.into());
    i32 => |value| ValueView::Int(value.into());
    i64 => |value| ValueView::Int(value.into());
    u8 => |value| ValueView::Int(value.into());
    u16 => |value| ValueView::Int(value.into());
    u32 => |value| ValueView::Int(value.into());
    u64 => |value| ValueView::Int(value.into());
    f32 => |value| ValueView::F32(value);
    f64 => |value| ValueView::F64(value);
    &str => |value| ValueView::Str(String::from(value).into());
    String => |value| ValueView::Str(value.into());
    Vec<u8> => |value| ValueView::Bytes(value.into());
    Vec<ValueView<'a>> => |value| ValueView::List(value.into());
    Map<'a> => |value| ValueView::Map(value);
    List<'a> => |value| ValueView::List(value);
    DynArray => |value| ValueView::Array(value.into());
    DynArrayView<'a> => |value| ValueView::Array(value);
}

impl<'a, T: Element> From<ArrayView<'a, T>> for ValueView<'a> {
    fn from(array: ArrayView<'a, T>) -> Self {
        DynArrayView::from(array).into()
    }
}

impl<T: Element> From<Array<T>> for ValueView<'_> {
    fn from(array: Array<T>) -> Self {
        DynArray::from(array).into()
    }
}
