//! Arrays: shape, order and bytes, which always fit each other.

mod data;
mod serde;

use alloc::borrow::Cow;
use alloc::format;
use alloc::vec::Vec;
use core::fmt;

use crate::dtype::DType;
use crate::element::Element;
use crate::error::{Error, ErrorKind, Result};
use crate::wire::{self, ShapeError};

/// How an array's elements lie in memory.
///
/// ```
/// assert_eq!(ndwire::Order::default(), ndwire::Order::RowMajor);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Order {
    /// The last index runs fastest, as in C.
    #[default]
    RowMajor,
    /// The first index runs fastest, as in Fortran.
    ColumnMajor,
}

/// An array of any dtype: what generic tools read and write. On the wire it is one node with its payload in DATA.
///
/// Its bytes are borrowed from the input where that is possible. Its shape always fits its bytes, whatever format it came from.
///
/// ```
/// use ndwire::{DType, DynArray};
///
/// let array = DynArray::from_elements(&[1.0f32, 2.0, 3.0, 4.0, 5.0, 6.0], [2, 3])?;
/// let bytes = ndwire::to_vec(&array)?;
///
/// let read: DynArray = ndwire::from_slice(&bytes)?;
/// assert_eq!((read.dtype(), read.shape()), (DType::F32, &[2, 3][..]));
/// assert_eq!(read.elements::<f32>()?[5], 6.0);
/// # Ok::<(), ndwire::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct DynArray<'a> {
    dtype: DType,
    shape: Vec<usize>,
    order: Order,
    bytes: Cow<'a, [u8]>,
}

impl<'a> DynArray<'a> {
    /// An array from its parts; the bytes are the elements in that order, little endian.
    ///
    /// An order has a meaning only if two or more dims exceed 1 and none is 0; otherwise the array is row-major.
    ///
    /// ```
    /// use ndwire::{DType, DynArray, Order};
    ///
    /// let array = DynArray::new(DType::U8, [2, 2], Order::ColumnMajor, vec![1, 3, 2, 4])?;
    /// assert_eq!(array.order(), Order::ColumnMajor);
    /// let error = DynArray::new(DType::U8, [2, 2], Order::RowMajor, vec![1]).unwrap_err();
    /// assert_eq!(error.to_string(), "shape [2, 2] of u8 does not fit its data: found 1 bytes, expected 4");
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// Of kind [`Shape`](ErrorKind::Shape) if shape and bytes do not fit, [`TooLarge`](ErrorKind::TooLarge) beyond rank 32 or the
    /// largest payload, [`Malformed`](ErrorKind::Malformed) for a bool that is neither 0 nor 1.
    pub fn new(
        dtype: DType,
        shape: impl Into<Vec<usize>>,
        order: Order,
        bytes: impl Into<Cow<'a, [u8]>>,
    ) -> Result<Self> {
        let (shape, bytes) = (shape.into(), bytes.into());
        let expected = payload_len(&shape, dtype)?;
        if expected != bytes.len() as u64 {
            let found = bytes.len();
            let message =
                format!("shape {shape:?} of {dtype} does not fit its data: found {found} bytes, expected {expected}");
            return Err(Error::new(ErrorKind::Shape, message));
        }
        if dtype == DType::Bool && bytes.iter().any(|&byte| byte > 1) {
            return Err(Error::new(ErrorKind::Malformed, "bool is neither 0 nor 1"));
        }
        let order_matters = shape.iter().filter(|&&dim| dim > 1).count() > 1 && !shape.contains(&0);
        let order = if order_matters { order } else { Order::RowMajor };
        Ok(DynArray { dtype, shape, order, bytes })
    }

    /// A row-major array of these elements. They are borrowed on a little-endian machine.
    ///
    /// ```
    /// let array = ndwire::DynArray::from_elements(&[1u16, 2, 3], [3])?;
    /// assert_eq!(array.bytes(), [1, 0, 2, 0, 3, 0]);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`new`](DynArray::new).
    pub fn from_elements<T: Element>(elements: &'a [T], shape: impl Into<Vec<usize>>) -> Result<Self> {
        Self::new(T::DTYPE, shape, Order::RowMajor, T::bytes(elements))
    }

    /// The type of the elements.
    ///
    /// ```
    /// # let array = ndwire::DynArray::from_elements(&[1u16], [])?;
    /// assert_eq!(array.dtype(), ndwire::DType::U16);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn dtype(&self) -> DType {
        self.dtype
    }

    /// The dims. None for a single element (rank 0).
    ///
    /// ```
    /// # let array = ndwire::DynArray::from_elements(&[1u16, 2], [2, 1])?;
    /// assert_eq!(array.shape(), [2, 1]);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// How the elements lie in memory.
    ///
    /// ```
    /// # let array = ndwire::DynArray::from_elements(&[1u16, 2], [2])?;
    /// assert_eq!(array.order(), ndwire::Order::RowMajor);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn order(&self) -> Order {
        self.order
    }

    /// The elements in memory order, little endian.
    ///
    /// ```
    /// # let array = ndwire::DynArray::from_elements(&[258u16], [1])?;
    /// assert_eq!(array.bytes(), [2, 1]);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The elements in memory order. They are borrowed if they are aligned for `T`, which they are when the value was read
    /// from an allocation of its own, and copied otherwise.
    ///
    /// ```
    /// # let array = ndwire::DynArray::from_elements(&[1u16, 2], [2])?;
    /// assert_eq!(*array.elements::<u16>()?, [1, 2]);
    /// let error = array.elements::<f32>().unwrap_err();
    /// assert_eq!(error.to_string(), "array has another dtype: found u16, expected f32");
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// Of kind [`Shape`](ErrorKind::Shape) if `T` is not the array's dtype.
    pub fn elements<T: Element>(&self) -> Result<Cow<'_, [T]>> {
        if T::DTYPE != self.dtype {
            let message = format!("array has another dtype: found {}, expected {}", self.dtype, T::DTYPE);
            return Err(Error::new(ErrorKind::Shape, message));
        }
        Ok(T::view(&self.bytes))
    }

    /// The same array, independent of the input's lifetime.
    ///
    /// ```
    /// let owned: ndwire::DynArray<'static> = {
    ///     let bytes = ndwire::to_vec(&[1u8, 2])?;
    ///     ndwire::from_slice::<ndwire::DynArray>(&bytes)?.into_owned()
    /// };
    /// assert_eq!(owned.bytes(), [1, 2]);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn into_owned(self) -> DynArray<'static> {
        let DynArray { dtype, shape, order, bytes } = self;
        DynArray { dtype, shape, order, bytes: Cow::Owned(bytes.into_owned()) }
    }

    /// The same array without a copy.
    pub(crate) fn borrowed(&self) -> DynArray<'_> {
        DynArray { bytes: Cow::Borrowed(&*self.bytes), shape: self.shape.clone(), ..*self }
    }
}

/// Dtype, shape and order; never the elements.
impl fmt::Debug for DynArray<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "array {} {:?}", self.dtype, self.shape)?;
        match self.order {
            Order::RowMajor => Ok(()),
            Order::ColumnMajor => f.write_str(" column-major"),
        }
    }
}

fn payload_len(shape: &[usize], dtype: DType) -> Result<u64> {
    wire::payload_len(shape.iter().map(|&dim| dim as u64), dtype.size()).map_err(|error| {
        let message = match error {
            ShapeError::Rank(rank) => format!("rank {rank} exceeds the limit of {}", wire::RANK_LIMIT),
            ShapeError::TooLarge => format!("shape {shape:?} of {dtype} exceeds the largest payload"),
        };
        Error::new(ErrorKind::TooLarge, message)
    })
}
