//! The untyped value: what any valid bytes mean.

mod compare;
mod debug;
mod list;
mod map;
mod parse;
mod rebuilt;
mod records;
mod rows_view;
mod schema;
mod serde;
mod view;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use crate::array::{DynArray, DynArrayView};

pub use list::List;
pub use map::Map;
pub(crate) use parse::parse;
pub(crate) use records::Tuples;
pub use rows_view::RowsView;
pub use schema::Schema;
pub(crate) use serde::read_part;
pub use view::ValueView;

/// Any value, for tools that do not know its type.
///
/// It keeps the form of everything it was read from, so that it is written back to the same bytes.
///
/// Two values are equal if they hold the same: the form of a list and the width of an integer do not count, the order of a map's entries
/// does, floats are compared by their bits, `f32` and `f64` differ, and an array is not a list. To compare the form too, compare bytes.
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
/// values and never their width; a small array in a table as a list of its own; and numbers that stood in a plain list are packed.
/// Integers beyond 64 bits do not go into the buffer at all.
#[derive(Clone)]
#[non_exhaustive]
pub enum Value {
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
    Str(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// Something that is there, and is nil or another of these.
    Some(Box<Value>),
    /// A list, in whatever form.
    List(List),
    /// A map or struct.
    Map(Map),
    /// An array node.
    Array(DynArray),
}

impl Value {
    /// The map, if it is one.
    ///
    /// ```
    /// # use ndwire::Value;
    /// assert!(Value::Nil.as_map().is_none());
    /// ```
    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The list, if it is one.
    ///
    /// ```
    /// # use ndwire::{List, Value};
    /// assert_eq!(Value::List(List::default()).as_list().map(List::len), Some(0));
    /// ```
    pub fn as_list(&self) -> Option<&List> {
        match self {
            Value::List(list) => Some(list),
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
            Value::Array(array) => Some(array.view()),
            Value::List(list) => list.as_array(),
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
            Value::Str(text) => Some(text),
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
            Value::Int(int) => Some(int),
            Value::Uint(uint) => i128::try_from(uint).ok(),
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
            Value::F32(float) => Some(float.into()),
            Value::F64(float) => Some(float),
            _ => None,
        }
    }
}

macro_rules! from {
    ($($type:ty => |$value:ident| $out:expr;)*) => {$(
        impl From<$type> for Value {
            fn from($value: $type) -> Self {
                $out
            }
        }
    )*};
}

from! {
    bool => |value| Value::Bool(value);
    i64 => |value| Value::Int(value.into());
    i32 => |value| Value::Int(value.into());
    u32 => |value| Value::Int(value.into());
    u64 => |value| Value::Int(value.into());
    f32 => |value| Value::F32(value);
    f64 => |value| Value::F64(value);
    &str => |value| Value::Str(value.into());
    String => |value| Value::Str(value);
    Vec<u8> => |value| Value::Bytes(value);
    Vec<Value> => |value| Value::List(value.into());
    Map => |value| Value::Map(value);
    List => |value| Value::List(value);
    DynArray => |value| Value::Array(value);
    DynArrayView<'_> => |value| Value::Array(value.into_owned());
}
