//! ndarray 0.17: arrays to [`DynArray`] and back, without a copy where the memory allows it.

use alloc::format;
use alloc::vec::Vec;

use ndarray_0_17::{Array, ArrayBase, ArrayView, ArrayViewD, CowArray, Data, Dimension, IxDyn, ShapeBuilder};

use crate::array::{DynArray, Order};
use crate::element::Element;
use crate::error::{Error, ErrorKind, Result};

impl<'a> DynArray<'a> {
    /// An array of ndarray's. It is borrowed if it lies contiguous in row- or column-major order, and otherwise copied in logical
    /// order.
    ///
    /// ```
    /// use ndarray::array;
    /// use ndwire::{DynArray, Order};
    ///
    /// let matrix = array![[1.0f32, 2.0], [3.0, 4.0]];
    /// let bytes = ndwire::to_vec(&DynArray::from_ndarray(matrix.t())?)?;
    ///
    /// let read: DynArray = ndwire::from_slice(&bytes)?;
    /// assert_eq!(read.order(), Order::ColumnMajor);
    /// assert_eq!(read.to_ndarray::<f32>()?, matrix.t().into_dyn());
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// Of kind [`TooLarge`](ErrorKind::TooLarge) beyond rank 32.
    pub fn from_ndarray<T: Element, D: Dimension>(view: ArrayView<'a, T, D>) -> Result<Self> {
        let shape = view.shape().to_vec();
        if let Some(elements) = view.to_slice() {
            return Self::new(T::DTYPE, shape, Order::RowMajor, T::bytes(elements));
        }
        if let Some(elements) = view.clone().reversed_axes().to_slice() {
            return Self::new(T::DTYPE, shape, Order::ColumnMajor, T::bytes(elements));
        }
        let elements: Vec<T> = view.iter().copied().collect();
        Self::new(T::DTYPE, shape, Order::RowMajor, T::bytes(&elements).into_owned())
    }

    /// The array as one of ndarray's: a view if the elements are aligned in memory, and otherwise a copy.
    ///
    /// ```
    /// # let array = ndwire::DynArray::from_elements(&[1u16, 2, 3, 4], [2, 2])?;
    /// assert_eq!(array.to_ndarray::<u16>()?[[1, 0]], 3);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// Of kind [`Shape`](ErrorKind::Shape) if `T` is not the array's dtype.
    pub fn to_ndarray<T: Element>(&self) -> Result<CowArray<'_, T, IxDyn>> {
        let order = IxDyn(self.shape()).set_f(self.order() == Order::ColumnMajor);
        // Shape and length fit, by construction; what ndarray may still refuse is a shape beyond isize.
        let refused =
            |error| Error::new(ErrorKind::Shape, format!("ndarray refuses the shape {:?}: {error}", self.shape()));
        match self.elements::<T>()? {
            alloc::borrow::Cow::Borrowed(elements) => {
                ArrayViewD::from_shape(order, elements).map(CowArray::from).map_err(refused)
            }
            alloc::borrow::Cow::Owned(elements) => {
                Array::from_shape_vec(order, elements).map(CowArray::from).map_err(refused)
            }
        }
    }
}

/// A copy of any array of ndarray's, in its memory order if it is contiguous.
impl<T: Element, S: Data<Elem = T>, D: Dimension> TryFrom<&ArrayBase<S, D>> for DynArray<'static> {
    type Error = Error;

    fn try_from(array: &ArrayBase<S, D>) -> Result<Self> {
        DynArray::from_ndarray(array.view()).map(DynArray::into_owned)
    }
}
