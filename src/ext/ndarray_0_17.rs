//! ndarray 0.17: its arrays as fields, and conversions, without a copy where the memory allows it.

use alloc::borrow::Cow;
use alloc::format;
use alloc::vec::Vec;

use ndarray_0_17::{
    ArcArray, Array as NdArray, ArrayBase, ArrayD, ArrayView as NdArrayView, ArrayViewD, CowArray, Data, Dimension,
    IxDyn, ShapeBuilder, StrideShape,
};
use serde::de::{Deserializer, Error as _};
use serde::ser::{Error as _, Serialize, Serializer};

use crate::array::{Array, ArrayView, DeserializeArray, DynArrayView, Order, SerializeArray, not_borrowed, read_plain};
use crate::element::Element;
use crate::error::{Error, ErrorKind};

impl<'a, T: Element> ArrayView<'a, T> {
    /// An array of ndarray's. It is borrowed if it lies contiguous in row- or column-major order, and otherwise copied in logical
    /// order.
    ///
    /// ```
    /// use ndarray::array;
    /// use ndwire::{ArrayView, Order};
    ///
    /// let matrix = array![[1.0f32, 2.0], [3.0, 4.0]];
    /// let bytes = ndwire::to_vec(&ArrayView::from_ndarray(matrix.t())?)?;
    ///
    /// let read: ArrayView<f32> = ndwire::from_slice(&bytes)?;
    /// assert_eq!(read.order(), Order::ColumnMajor);
    /// assert_eq!(read.to_ndarray()?, matrix.t().into_dyn());
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// Of kind [`TooLarge`](ErrorKind::TooLarge) beyond rank 32.
    pub fn from_ndarray<D: Dimension>(view: NdArrayView<'a, T, D>) -> Result<Self, Error> {
        if let Some(elements) = view.to_slice() {
            return Self::new(view.shape(), Order::RowMajor, elements);
        }
        if let Some(elements) = view.clone().reversed_axes().to_slice() {
            return Self::new(view.shape(), Order::ColumnMajor, elements);
        }
        Self::new(view.shape(), Order::RowMajor, view.iter().copied().collect::<Vec<T>>())
    }

    /// The array as a view of ndarray's, in the same memory order.
    ///
    /// ```
    /// # let array = ndwire::ArrayView::from_elements([2, 2], &[1u16, 2, 3, 4])?;
    /// assert_eq!(array.to_ndarray()?[[1, 0]], 3);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// Of kind [`Shape`](ErrorKind::Shape) if ndarray refuses the shape: where one dim is 0 and the others multiply beyond
    /// `isize`.
    pub fn to_ndarray(&self) -> Result<ArrayViewD<'_, T>, Error> {
        ArrayViewD::from_shape(shape_of(self.shape(), self.order()), self.elements()).map_err(refused)
    }
}

impl<T: Element> Array<T> {
    /// The array as one of ndarray's, with its elements and in its memory order, without a copy.
    ///
    /// ```
    /// let array = ndwire::Array::from_elements([2, 2], [1u16, 2, 3, 4])?;
    /// assert_eq!(array.into_ndarray()?, ndarray::array![[1, 2], [3, 4]].into_dyn());
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`ArrayView::to_ndarray`].
    pub fn into_ndarray(self) -> Result<ArrayD<T>, Error> {
        let shape = shape_of(self.shape(), self.order());
        ArrayD::from_shape_vec(shape, self.into_elements()).map_err(refused)
    }
}

impl<'a> DynArrayView<'a> {
    /// [`ArrayView::from_ndarray`] for an array whose dtype is erased.
    ///
    /// ```
    /// let matrix = ndarray::array![[1.0f32, 2.0], [3.0, 4.0]];
    /// assert_eq!(ndwire::DynArrayView::from_ndarray(matrix.view())?.dtype(), ndwire::DType::F32);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`ArrayView::from_ndarray`].
    pub fn from_ndarray<T: Element, D: Dimension>(view: NdArrayView<'a, T, D>) -> Result<Self, Error> {
        let array = ArrayView::from_ndarray(view)?;
        let (shape, order) = (array.shape().to_vec(), array.order());
        match array.into_elements() {
            Cow::Borrowed(elements) => Self::new(T::DTYPE, shape, order, T::bytes(elements)),
            Cow::Owned(elements) => Self::new(T::DTYPE, shape, order, T::bytes(&elements).into_owned()),
        }
    }

    /// The array as one of ndarray's: a view if the elements are aligned in memory, and otherwise a copy.
    ///
    /// ```
    /// # let array = ndwire::DynArrayView::from_elements([2, 2], &[1u16, 2, 3, 4])?;
    /// assert_eq!(array.to_ndarray::<u16>()?[[1, 0]], 3);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`DynArrayView::elements`] and [`ArrayView::to_ndarray`].
    pub fn to_ndarray<T: Element>(&self) -> Result<CowArray<'_, T, IxDyn>, Error> {
        cow(self.typed()?)
    }
}

fn cow<T: Element>(array: ArrayView<'_, T>) -> Result<CowArray<'_, T, IxDyn>, Error> {
    let shape = shape_of(array.shape(), array.order());
    match array.into_elements() {
        Cow::Borrowed(elements) => ArrayViewD::from_shape(shape, elements).map(CowArray::from),
        Cow::Owned(elements) => ArrayD::from_shape_vec(shape, elements).map(CowArray::from),
    }
    .map_err(refused)
}

fn shape_of(shape: &[usize], order: Order) -> StrideShape<IxDyn> {
    IxDyn(shape).set_f(order == Order::ColumnMajor).into()
}

/// Shape and length fit, by construction; what ndarray may still refuse is a shape beyond isize.
fn refused(error: ndarray_0_17::ShapeError) -> Error {
    Error::new(ErrorKind::Shape, format!("ndarray refuses the shape of an array: {error}"))
}

/// A copy of any array of ndarray's, in its memory order if it is contiguous.
impl<T: Element, S: Data<Elem = T>, D: Dimension> TryFrom<&ArrayBase<S, D>> for Array<T> {
    type Error = Error;

    fn try_from(array: &ArrayBase<S, D>) -> Result<Self, Error> {
        ArrayView::from_ndarray(array.view()).map(ArrayView::into_owned)
    }
}

/// Owned, shared, views, mutable ones too.
impl<T: Element, S: Data<Elem = T>, D: Dimension> SerializeArray for ArrayBase<S, D> {
    fn serialize_array<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        ArrayView::from_ndarray(self.view()).map_err(Z::Error::custom)?.serialize(serializer)
    }
}

impl<'de: 'a, 'a, T: Element, D: Dimension> DeserializeArray<'de> for CowArray<'a, T, D> {
    fn deserialize_array<Z: Deserializer<'de>>(deserializer: Z) -> Result<Self, Z::Error> {
        let array = cow(read_plain::<T, Z>(deserializer, D::NDIM)?).map_err(Z::Error::custom)?;
        array.into_dimensionality().map_err(Z::Error::custom)
    }
}

impl<'de, T: Element, D: Dimension> DeserializeArray<'de> for NdArray<T, D> {
    fn deserialize_array<Z: Deserializer<'de>>(deserializer: Z) -> Result<Self, Z::Error> {
        CowArray::deserialize_array(deserializer).map(CowArray::into_owned)
    }
}

impl<'de, T: Element, D: Dimension> DeserializeArray<'de> for ArcArray<T, D> {
    fn deserialize_array<Z: Deserializer<'de>>(deserializer: Z) -> Result<Self, Z::Error> {
        NdArray::deserialize_array(deserializer).map(NdArray::into_shared)
    }
}

impl<'de: 'a, 'a, T: Element, D: Dimension> DeserializeArray<'de> for NdArrayView<'a, T, D> {
    fn deserialize_array<Z: Deserializer<'de>>(deserializer: Z) -> Result<Self, Z::Error> {
        let array = read_plain::<T, Z>(deserializer, D::NDIM)?;
        let shape = shape_of(array.shape(), array.order());
        let Cow::Borrowed(elements) = array.into_elements() else { return Err(not_borrowed()) };
        let view = ArrayViewD::from_shape(shape, elements).map_err(Z::Error::custom)?;
        view.into_dimensionality().map_err(Z::Error::custom)
    }
}
