//! Types that are written and read as arrays by an attribute.

use core::fmt;
use core::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

/// Writes a field as an array: one half of `#[serde(with = "ndwire::array")]`.
///
/// ```
/// #[derive(serde::Serialize)]
/// struct Frame {
///     #[serde(serialize_with = "ndwire::array::serialize")]
///     embedding: Vec<f32>,
/// }
/// let bytes = ndwire::to_vec(&Frame { embedding: vec![0.5; 4] })?;
/// assert_eq!(ndwire::Layout::of(&bytes)?.to_string(), "map, 1 entry\n  embedding: array f32 [4], bytes 32..48\n");
/// # Ok::<(), ndwire::Error>(())
/// ```
///
/// # Errors
/// As the serializer; if the array has more than 32 dims.
pub fn serialize<T: SerializeArray + ?Sized, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    value.serialize_array(serializer)
}

/// Reads a field that is an array: the other half of `#[serde(with = "ndwire::array")]`.
///
/// ```
/// #[derive(serde::Deserialize)]
/// struct Frame {
///     #[serde(deserialize_with = "ndwire::array::deserialize")]
///     embedding: Box<[f32]>,
/// }
/// let bytes = ndwire::to_vec(&std::collections::BTreeMap::from([("embedding", [0.5f32; 4])]))?;
/// assert_eq!(*ndwire::from_slice::<Frame>(&bytes)?.embedding, [0.5; 4]);
/// # Ok::<(), ndwire::Error>(())
/// ```
///
/// # Errors
/// Fails if the value is no array, has another dtype that does not widen to that of the field, or another rank or length than the
/// field can have.
pub fn deserialize<'de, T: DeserializeArray<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::deserialize_array(deserializer)
}

/// A type that can be written as an array, by [`serialize`] and [`AsArray`].
///
/// To implement it for a type of your own, make an [`ArrayView`](crate::ArrayView) of it and serialize that:
///
/// ```
/// use ndwire::array::SerializeArray;
/// use ndwire::ArrayView;
/// use serde::{ser::Error, Serialize, Serializer};
///
/// struct Image { width: usize, height: usize, pixels: Vec<[u8; 3]> }
///
/// impl SerializeArray for Image {
///     fn serialize_array<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
///         let array = ArrayView::from_elements([self.height, self.width, 3], self.pixels.as_flattened());
///         array.map_err(S::Error::custom)?.serialize(serializer)
///     }
/// }
///
/// let image = Image { width: 2, height: 1, pixels: vec![[0, 128, 255]; 2] };
/// let bytes = ndwire::to_vec(&ndwire::AsArray(image))?;
/// assert_eq!(ndwire::from_slice::<ndwire::Array<u8>>(&bytes)?.shape(), [1, 2, 3]);
/// # Ok::<(), ndwire::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be written as an array",
    note = "arrays are lists (`Vec`, `VecDeque`, `[T; N]`, `&[T]`, `Cow<[T]>`) of numbers and bools or of `[T; N]`, the arrays of ndarray (feature `ndarray-0_17`), and `Option`, `Box`, `Rc` and `Arc` of an array",
    note = "for arrays in a list or a map leave the attribute out, and make each of them an `ndwire::AsArray`",
    note = "for `usize` and `isize`, whose size is the machine's, use `u64` and `i64`"
)]
pub trait SerializeArray {
    /// Writes the value as an array.
    ///
    /// # Errors
    /// As the serializer.
    fn serialize_array<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

/// A type that can be read from an array, by [`deserialize`] and [`AsArray`].
///
/// To implement it for a type of your own, deserialize an [`ArrayView`](crate::ArrayView) (or an [`Array`](crate::Array)) and make it of that:
///
/// ```
/// use ndwire::array::DeserializeArray;
/// use ndwire::ArrayView;
/// use serde::{de::Error, Deserialize, Deserializer};
///
/// #[derive(PartialEq, Debug)]
/// struct Corners([[f32; 2]; 4]);
///
/// impl<'de> DeserializeArray<'de> for Corners {
///     fn deserialize_array<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
///         let mut corners = [[0.0; 2]; 4];
///         let array = ArrayView::deserialize(deserializer)?;
///         array.read_into(corners.as_flattened_mut()).map_err(D::Error::custom)?;
///         Ok(Corners(corners))
///     }
/// }
///
/// let bytes = ndwire::to_vec(&[[0.5f32; 2]; 4])?;
/// assert_eq!(ndwire::from_slice::<ndwire::AsArray<Corners>>(&bytes)?.0, Corners([[0.5; 2]; 4]));
/// # Ok::<(), ndwire::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from an array",
    note = "arrays are lists (`Vec`, `VecDeque`, `[T; N]`, `&[T]`, `Cow<[T]>`) of numbers and bools or of `[T; N]`, the arrays of ndarray (feature `ndarray-0_17`), and `Option`, `Box`, `Rc` and `Arc` of an array",
    note = "for arrays in a list or a map leave the attribute out, and make each of them an `ndwire::AsArray`",
    note = "for `usize` and `isize`, whose size is the machine's, use `u64` and `i64`"
)]
pub trait DeserializeArray<'de>: Sized {
    /// Reads the value from an array.
    ///
    /// # Errors
    /// As [`deserialize`].
    fn deserialize_array<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

/// A value that is written and read as an array where an attribute cannot go: in a `Vec`, as the value of a map, as the root. So it is also
/// an argument and a reply of redis-rs: one array in one key.
///
/// ```
/// use ndwire::AsArray;
/// use std::collections::BTreeMap;
///
/// let layers = BTreeMap::from([("bias", AsArray(vec![0.5f32; 4])), ("scale", AsArray(vec![1.0; 4]))]);
/// let bytes = ndwire::to_vec(&layers)?;
/// assert_eq!(ndwire::from_slice::<BTreeMap<&str, AsArray<Vec<f32>>>>(&bytes)?, layers);
/// assert_eq!(ndwire::Layout::of(&bytes)?.to_string(), "\
/// map, 2 entries
///   bias: array f32 [4], bytes 48..64
///   scale: array f32 [4], bytes 64..80
/// ");
/// # Ok::<(), ndwire::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AsArray<T>(pub T);

impl<T: SerializeArray> Serialize for AsArray<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize_array(serializer)
    }
}

impl<'de, T: DeserializeArray<'de>> Deserialize<'de> for AsArray<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize_array(deserializer).map(AsArray)
    }
}

impl<T: SerializeArray + ?Sized> SerializeArray for &T {
    fn serialize_array<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        T::serialize_array(self, serializer)
    }
}

impl<T: SerializeArray> SerializeArray for Option<T> {
    fn serialize_array<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Some(value) => serializer.serialize_some(&AsArray(value)),
            None => serializer.serialize_none(),
        }
    }
}

impl<'de, T: DeserializeArray<'de>> DeserializeArray<'de> for Option<T> {
    fn deserialize_array<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_option(OptionVisitor(PhantomData))
    }
}

struct OptionVisitor<T>(PhantomData<T>);

impl<'de, T: DeserializeArray<'de>> Visitor<'de> for OptionVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array or none")
    }

    fn visit_none<E>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        T::deserialize_array(deserializer).map(Some)
    }
}
