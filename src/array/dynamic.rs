//! Arrays of any dtype.

use alloc::borrow::Cow;
use alloc::format;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Deref;

use super::shape::{Descriptor, Dims, Order, check_places, too_large};
use super::view::{Array, ArrayView};
use crate::dtype::DType;
use crate::element::Element;
use crate::error::{Error, ErrorKind, OTHER_DTYPE, Result};
use crate::wire;

/// An array of any dtype: what generic tools read and write. On the wire it is one node with its payload in DATA.
///
/// Its bytes are borrowed from the input where that is possible. Its shape always fits its bytes, whatever format it came from.
/// A field of this type in a derived struct needs `#[serde(borrow)]`. [`DynArray`] is the same with bytes of its own.
///
/// ```
/// use ndwire::{DType, DynArrayView};
///
/// let bytes = ndwire::to_vec(&DynArrayView::from_elements([2, 3], &[1.0f32, 2.0, 3.0, 4.0, 5.0, 6.0])?)?;
///
/// let read: DynArrayView = ndwire::from_slice(&bytes)?;
/// assert_eq!((read.dtype(), read.shape()), (DType::F32, &[2, 3][..]));
/// assert_eq!(read.elements::<f32>()?[5], 6.0);
/// # Ok::<(), ndwire::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct DynArrayView<'a> {
    descriptor: Descriptor,
    bytes: Cow<'a, [u8]>,
}

impl<'a> DynArrayView<'a> {
    /// An array from its parts; the bytes are the elements in that order, little endian.
    ///
    /// An order has a meaning only if two or more dims exceed 1 and none is 0; otherwise the array is row-major.
    ///
    /// ```
    /// use ndwire::{DType, DynArrayView, Order};
    ///
    /// let array = DynArrayView::new(DType::U8, [2, 2], Order::ColumnMajor, vec![1, 3, 2, 4])?;
    /// assert_eq!(array.order(), Order::ColumnMajor);
    /// let error = DynArrayView::new(DType::U8, [2, 2], Order::RowMajor, vec![1]).unwrap_err();
    /// assert_eq!(error.to_string(), "shape [2, 2] of u8 does not fit its data: found 1 bytes, expected 4");
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// Of kind [`Shape`](ErrorKind::Shape) if shape and bytes do not fit, [`TooLarge`](ErrorKind::TooLarge) beyond rank 32 or the
    /// largest payload, [`Malformed`](ErrorKind::Malformed) for a bool that is neither 0 nor 1.
    pub fn new(
        dtype: DType,
        shape: impl AsRef<[usize]>,
        order: Order,
        bytes: impl Into<Cow<'a, [u8]>>,
    ) -> Result<Self> {
        Self::with_dims(dtype, Dims::new(shape.as_ref()), order, bytes.into())
    }

    pub(super) fn with_dims(dtype: DType, dims: Dims, order: Order, bytes: Cow<'a, [u8]>) -> Result<Self> {
        let descriptor = Descriptor::new(dtype, dims, order, bytes.len())?;
        if dtype == DType::Bool && bytes.iter().any(|&byte| byte > 1) {
            return Err(Error::new(ErrorKind::Malformed, "bool is neither 0 nor 1"));
        }
        Ok(DynArrayView { descriptor, bytes })
    }

    /// A row-major array of these elements.
    ///
    /// ```
    /// let array = ndwire::DynArrayView::from_elements([3], &[1u16, 2, 3])?;
    /// assert_eq!(array.bytes(), [1, 0, 2, 0, 3, 0]);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`new`](DynArrayView::new).
    pub fn from_elements<T: Element>(shape: impl AsRef<[usize]>, elements: &'a [T]) -> Result<Self> {
        Self::new(T::DTYPE, shape, Order::RowMajor, T::bytes(elements))
    }

    /// What stands before the payload of a value that is one array. This head and the bytes of the elements, one after the other, are
    /// the value: for writers that have the elements elsewhere, or send them in pieces.
    ///
    /// ```
    /// use ndwire::{ArrayView, DType, DynArrayView, Order};
    ///
    /// let elements = [1.0f32, 2.0, 3.0];
    /// let mut value = DynArrayView::head(DType::F32, &[3], Order::RowMajor)?;
    /// assert_eq!(value.len(), 32);
    /// elements.iter().for_each(|element| value.extend_from_slice(&element.to_le_bytes()));
    /// assert_eq!(value, ndwire::to_vec(&ArrayView::from(&elements[..]))?);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// Of kind [`TooLarge`](ErrorKind::TooLarge) beyond rank 32 or the largest payload.
    pub fn head(dtype: DType, shape: &[usize], order: Order) -> Result<Vec<u8>> {
        let len = wire::payload_len(shape.iter().map(|&dim| dim as u64), dtype.size());
        let len = len.map_err(|error| too_large(error, dtype, shape))?;
        let mut meta = Vec::with_capacity(3 + shape.len());
        wire::put_array(&mut meta, dtype.code(), order == Order::ColumnMajor, shape.iter().map(|&dim| dim as u64));
        let mut head = Vec::with_capacity(wire::HEADER_LEN + meta.len() + wire::ALIGNMENT);
        head.extend_from_slice(&wire::write_header(&meta)?);
        head.extend_from_slice(&meta);
        if len > 0 {
            head.resize(head.len().next_multiple_of(wire::ALIGNMENT), 0);
        }
        Ok(head)
    }

    /// What has been checked before.
    pub(super) fn from_parts(descriptor: Descriptor, bytes: Cow<'a, [u8]>) -> Self {
        DynArrayView { descriptor, bytes }
    }

    pub(super) fn parts(&self) -> (&Descriptor, &[u8]) {
        (&self.descriptor, &self.bytes)
    }

    /// The bytes, borrowed if they were.
    pub(crate) fn into_bytes(self) -> Cow<'a, [u8]> {
        self.bytes
    }

    pub(super) fn into_parts(self) -> (Descriptor, Cow<'a, [u8]>) {
        (self.descriptor, self.bytes)
    }

    /// The type of the elements.
    ///
    /// ```
    /// # let array = ndwire::DynArrayView::from_elements([], &[1u16])?;
    /// assert_eq!(array.dtype(), ndwire::DType::U16);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn dtype(&self) -> DType {
        self.descriptor.dtype
    }

    /// The dims. None for a single element (rank 0).
    ///
    /// ```
    /// # let array = ndwire::DynArrayView::from_elements([2, 1], &[1u16, 2])?;
    /// assert_eq!(array.shape(), [2, 1]);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn shape(&self) -> &[usize] {
        &self.descriptor.dims
    }

    /// How the elements lie in memory.
    ///
    /// ```
    /// # let array = ndwire::DynArrayView::from_elements([2], &[1u16, 2])?;
    /// assert_eq!(array.order(), ndwire::Order::RowMajor);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn order(&self) -> Order {
        self.descriptor.order
    }

    /// The elements in memory order, little endian.
    ///
    /// ```
    /// # let array = ndwire::DynArrayView::from_elements([1], &[258u16])?;
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
    /// # let array = ndwire::DynArrayView::from_elements([2], &[1u16, 2])?;
    /// assert_eq!(*array.elements::<u16>()?, [1, 2]);
    /// let error = array.elements::<f32>().unwrap_err();
    /// assert_eq!(error.to_string(), "array has another dtype: found u16, expected f32");
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// Of kind [`TypeMismatch`](ErrorKind::TypeMismatch) if the array's elements are not of type `T`: its dtype is another, and none
    /// of those that [`ArrayView::with_dtype`] gives to `T`.
    pub fn elements<T: Element>(&self) -> Result<Cow<'_, [T]>> {
        self.check_type::<T>()?;
        Ok(T::view(&self.bytes))
    }

    /// The same array with elements of type `T`, borrowed if [`elements`](DynArrayView::elements) borrows.
    ///
    /// ```
    /// # let array = ndwire::DynArrayView::from_elements([2, 1], &[1u16, 2])?;
    /// assert_eq!(array.typed::<u16>()?.shape(), [2, 1]);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`elements`](DynArrayView::elements).
    pub fn typed<T: Element>(&self) -> Result<ArrayView<'_, T>> {
        Ok(ArrayView::from_parts(self.descriptor.clone(), self.elements()?))
    }

    /// Copies the elements into a buffer of the caller's, in logical order: the last index runs fastest.
    ///
    /// ```
    /// let array = ndwire::DynArrayView::from_elements([2], &[1u16, 2])?;
    /// let mut buffer = [0u16; 2];
    /// array.read_into(&mut buffer)?;
    /// assert_eq!(buffer, [1, 2]);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`elements`](DynArrayView::elements), and of kind [`Shape`](ErrorKind::Shape) if the buffer has another length than the
    /// array. The buffer is untouched then.
    pub fn read_into<T: Element>(&self, buffer: &mut [T]) -> Result<()> {
        self.check_type::<T>()?;
        check_places(self.bytes.len() / self.dtype().size(), buffer.len())?;
        match self.descriptor.order {
            Order::RowMajor => T::unpack(&self.bytes, buffer),
            Order::ColumnMajor => self.descriptor.fill(&T::view(&self.bytes), buffer),
        }
        Ok(())
    }

    fn check_type<T: Element>(&self) -> Result<()> {
        match T::carries(self.dtype()) {
            true => Ok(()),
            false => Err(Error::new(ErrorKind::TypeMismatch, other_dtype(self.dtype(), T::DTYPE))),
        }
    }

    /// The same bytes as another dtype of the same size: as bits of half floats, as times, as codes.
    ///
    /// ```
    /// use ndwire::{DType, DynArrayView};
    /// let halves = DynArrayView::from_elements([2], &[0x3C00u16, 0x4000])?.with_dtype(DType::F16)?;
    /// assert_eq!(halves.dtype(), DType::F16);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// Of kind [`TypeMismatch`](ErrorKind::TypeMismatch) if the sizes differ, [`Malformed`](ErrorKind::Malformed) if bytes are no bools.
    pub fn with_dtype(self, dtype: DType) -> Result<Self> {
        if dtype.size() != self.dtype().size() {
            let (found, expected) = (self.dtype().size(), dtype.size());
            let message =
                format!("dtype {dtype} has elements of another size: found {found} bytes, expected {expected}");
            return Err(Error::new(ErrorKind::TypeMismatch, message));
        }
        Self::with_dims(dtype, self.descriptor.dims, self.descriptor.order, self.bytes)
    }

    /// The same array, borrowed from this one.
    ///
    /// ```
    /// let array = ndwire::DynArray::from_elements([2], &[1u16, 2])?;
    /// assert_eq!(array.view(), *array);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn view(&self) -> DynArrayView<'_> {
        DynArrayView { descriptor: self.descriptor.clone(), bytes: Cow::Borrowed(&*self.bytes) }
    }

    /// The same array, independent of the input's lifetime.
    ///
    /// ```
    /// let owned: ndwire::DynArray = {
    ///     let bytes = ndwire::to_vec(&[1u8, 2])?;
    ///     ndwire::from_slice::<ndwire::DynArrayView>(&bytes)?.into_owned()
    /// };
    /// assert_eq!(owned.bytes(), [1, 2]);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn into_owned(self) -> DynArray {
        let DynArrayView { descriptor, bytes } = self;
        DynArray(DynArrayView { descriptor, bytes: Cow::Owned(bytes.into_owned()) })
    }
}

/// Dtype, shape and order; never the elements.
impl fmt::Debug for DynArrayView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.descriptor.describe(f)
    }
}

pub(super) fn other_dtype(found: DType, expected: DType) -> alloc::string::String {
    format!("{OTHER_DTYPE}: found {found}, expected {expected}")
}

/// An array of any dtype that owns its bytes. It has the methods of [`DynArrayView`] to look at it.
///
/// ```
/// use ndwire::{DType, DynArray};
///
/// let bytes = ndwire::to_vec(&vec![[1.0f32, 2.0, 3.0]; 2])?;
/// let read: DynArray = ndwire::from_slice(&bytes)?;
/// assert_eq!((read.dtype(), read.shape()), (DType::F32, &[2, 3][..]));
/// # Ok::<(), ndwire::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct DynArray(DynArrayView<'static>);

impl DynArray {
    /// An array from its parts; the bytes are the elements in that order, little endian.
    ///
    /// ```
    /// use ndwire::{DType, DynArray, Order};
    /// let array = DynArray::new(DType::U8, [2, 2], Order::ColumnMajor, [1, 3, 2, 4])?;
    /// assert_eq!(array.order(), Order::ColumnMajor);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`DynArrayView::new`].
    pub fn new(dtype: DType, shape: impl AsRef<[usize]>, order: Order, bytes: impl Into<Vec<u8>>) -> Result<Self> {
        DynArrayView::new(dtype, shape, order, bytes.into()).map(DynArray)
    }

    /// A row-major array with a copy of these elements.
    ///
    /// ```
    /// let array = ndwire::DynArray::from_elements([3], &[1u16, 2, 3])?;
    /// assert_eq!(array.bytes(), [1, 0, 2, 0, 3, 0]);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`DynArrayView::new`].
    pub fn from_elements<T: Element>(shape: impl AsRef<[usize]>, elements: &[T]) -> Result<Self> {
        DynArrayView::from_elements(shape, elements).map(DynArrayView::into_owned)
    }
}

impl Deref for DynArray {
    type Target = DynArrayView<'static>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

/// Dtype, shape and order; never the elements.
impl fmt::Debug for DynArray {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T: Element> From<Array<T>> for DynArray {
    fn from(array: Array<T>) -> Self {
        array.as_dyn().into_owned()
    }
}

impl From<DynArray> for DynArrayView<'static> {
    fn from(array: DynArray) -> Self {
        array.0
    }
}
