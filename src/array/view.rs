//! Arrays whose elements have a type.

use alloc::borrow::Cow;
use alloc::format;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Deref;

use super::dynamic::DynArrayView;
use super::shape::{Descriptor, Dims, Order, check_places};
use crate::dtype::DType;
use crate::element::Element;
use crate::error::{Error, ErrorKind, Result};

/// An array of elements of type `T`, borrowed where that is possible: from the input when it is read, from a slice when it is
/// made. On the wire it is one node, with its payload in DATA.
///
/// Reading one copies nothing if the elements lie aligned in the input and have the type `T`; otherwise it copies them once. In
/// the input, payloads are aligned to 16 bytes if the input itself is, as a vector from the allocator or the reply of a server is.
///
/// Its shape always fits its elements, whatever format it came from. A field of this type in a derived struct needs
/// `#[serde(borrow)]`. [`Array`] is the same with elements of its own.
///
/// ```
/// use ndwire::ArrayView;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize)]
/// struct Frame<'a> {
///     id: u64,
///     #[serde(borrow)]
///     image: ArrayView<'a, u16>,
/// }
///
/// let pixels: Vec<u16> = (0..12).collect();
/// let bytes = ndwire::to_vec(&Frame { id: 7, image: ArrayView::from_elements([3, 4], &pixels)? })?;
///
/// let frame: Frame = ndwire::from_slice(&bytes)?;
/// assert_eq!(frame.image.shape(), [3, 4]);
/// assert_eq!(frame.image.elements()[11], 11);
/// assert!(frame.image.is_borrowed());
/// # Ok::<(), ndwire::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ArrayView<'a, T: Element> {
    descriptor: Descriptor,
    elements: Cow<'a, [T]>,
}

impl<'a, T: Element> ArrayView<'a, T> {
    /// An array from its parts; the elements are in that order.
    ///
    /// An order has a meaning only if two or more dims exceed 1 and none is 0; otherwise the array is row-major.
    ///
    /// ```
    /// use ndwire::{ArrayView, Order};
    ///
    /// let array = ArrayView::new([2, 2], Order::ColumnMajor, &[1.0f32, 3.0, 2.0, 4.0][..])?;
    /// assert_eq!(array.to_vec(), [1.0, 2.0, 3.0, 4.0]);
    /// let error = ArrayView::from_elements([2, 2], &[1.0f32]).unwrap_err();
    /// assert_eq!(error.to_string(), "shape [2, 2] of f32 does not fit its data: found 4 bytes, expected 16");
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// Of kind [`Shape`](ErrorKind::Shape) if shape and elements do not fit, [`TooLarge`](ErrorKind::TooLarge) beyond rank 32 or
    /// the largest payload.
    pub fn new(shape: impl AsRef<[usize]>, order: Order, elements: impl Into<Cow<'a, [T]>>) -> Result<Self> {
        let elements = elements.into();
        let descriptor = Descriptor::new(T::DTYPE, Dims::new(shape.as_ref()), order, size_of_val(&*elements))?;
        Ok(ArrayView { descriptor, elements })
    }

    /// A row-major array of these elements.
    ///
    /// ```
    /// let array = ndwire::ArrayView::from_elements([3], &[1u16, 2, 3])?;
    /// assert_eq!(*array.bytes(), [1, 0, 2, 0, 3, 0]);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`new`](ArrayView::new).
    pub fn from_elements(shape: impl AsRef<[usize]>, elements: &'a [T]) -> Result<Self> {
        Self::new(shape, Order::RowMajor, elements)
    }

    /// What has been checked before.
    pub(super) fn from_parts(descriptor: Descriptor, elements: Cow<'a, [T]>) -> Self {
        ArrayView { descriptor, elements }
    }

    pub(super) fn parts(&self) -> (&Descriptor, Cow<'_, [u8]>) {
        (&self.descriptor, self.bytes())
    }

    /// The same elements as another dtype that has no Rust type of its own: `i64` as a `datetime64` or `timedelta64`, `u8` as
    /// an 8-bit float.
    ///
    /// ```
    /// use ndwire::{ArrayView, DType, TimeUnit};
    ///
    /// let times = ArrayView::from_elements([2], &[0i64, 1_700_000_000])?.with_dtype(DType::Datetime64(TimeUnit::Second))?;
    /// assert_eq!(format!("{times:?}"), "array datetime64[s] [2]");
    /// assert_eq!(times.elements()[1], 1_700_000_000);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// Of kind [`TypeMismatch`](ErrorKind::TypeMismatch) if elements of type `T` cannot have that dtype.
    pub fn with_dtype(self, dtype: DType) -> Result<Self> {
        match T::carries(dtype) {
            true => Ok(ArrayView { descriptor: Descriptor { dtype, ..self.descriptor }, ..self }),
            false => Err(Error::new(
                ErrorKind::TypeMismatch,
                format!("elements of type {} cannot have the dtype {dtype}", T::DTYPE),
            )),
        }
    }

    /// The dtype: that of `T`, or one set by [`with_dtype`](ArrayView::with_dtype).
    ///
    /// ```
    /// # let array = ndwire::ArrayView::from_elements([], &[1u16])?;
    /// assert_eq!(array.dtype(), ndwire::DType::U16);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn dtype(&self) -> DType {
        self.descriptor.dtype
    }

    /// The dims. None for a single element (rank 0).
    ///
    /// ```
    /// # let array = ndwire::ArrayView::from_elements([2, 1], &[1u16, 2])?;
    /// assert_eq!(array.shape(), [2, 1]);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn shape(&self) -> &[usize] {
        &self.descriptor.dims
    }

    /// How the elements lie in memory.
    ///
    /// ```
    /// # let array = ndwire::ArrayView::from_elements([2], &[1u16, 2])?;
    /// assert_eq!(array.order(), ndwire::Order::RowMajor);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn order(&self) -> Order {
        self.descriptor.order
    }

    /// The elements in memory order.
    ///
    /// ```
    /// # let array = ndwire::ArrayView::from_elements([2], &[1u16, 2])?;
    /// assert_eq!(array.elements(), [1, 2]);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn elements(&self) -> &[T] {
        &self.elements
    }

    /// The elements in memory order, for as long as the input lives if they are borrowed from it.
    ///
    /// ```
    /// let bytes = ndwire::to_vec(&ndwire::ArrayView::from_elements([2], &[1u64, 2])?)?;
    /// let read: ndwire::ArrayView<u64> = ndwire::from_slice(&bytes)?;
    /// assert!(matches!(read.into_elements(), std::borrow::Cow::Borrowed([1, 2])));
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn into_elements(self) -> Cow<'a, [T]> {
        self.elements
    }

    /// Whether the elements are borrowed, and not copied.
    ///
    /// ```
    /// assert!(ndwire::ArrayView::from_elements([2], &[1u16, 2])?.is_borrowed());
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn is_borrowed(&self) -> bool {
        matches!(self.elements, Cow::Borrowed(_))
    }

    /// The elements in memory order, little endian.
    ///
    /// ```
    /// # let array = ndwire::ArrayView::from_elements([1], &[258u16])?;
    /// assert_eq!(*array.bytes(), [2, 1]);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn bytes(&self) -> Cow<'_, [u8]> {
        T::bytes(&self.elements)
    }

    /// How many elements there are.
    ///
    /// ```
    /// # let array = ndwire::ArrayView::from_elements([2, 1], &[1u16, 2])?;
    /// assert_eq!(array.len(), 2);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn len(&self) -> usize {
        self.elements.len()
    }

    /// Whether there is no element: a dim is 0.
    ///
    /// ```
    /// assert!(ndwire::ArrayView::<u16>::from_elements([3, 0], &[])?.is_empty());
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn is_empty(&self) -> bool {
        self.elements.is_empty()
    }

    /// A copy of the elements in logical order: the last index runs fastest, whatever the order in memory.
    ///
    /// ```
    /// let array = ndwire::ArrayView::new([2, 2], ndwire::Order::ColumnMajor, &[1u8, 3, 2, 4][..])?;
    /// assert_eq!(array.to_vec(), [1, 2, 3, 4]);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn to_vec(&self) -> Vec<T> {
        self.descriptor.logical(&self.elements).into_owned()
    }

    /// Copies the elements into a buffer of the caller's, in logical order.
    ///
    /// ```
    /// let array = ndwire::ArrayView::new([2, 2], ndwire::Order::ColumnMajor, &[1u8, 3, 2, 4][..])?;
    /// let mut buffer = [0; 4];
    /// array.read_into(&mut buffer)?;
    /// assert_eq!(buffer, [1, 2, 3, 4]);
    ///
    /// let error = array.read_into(&mut [0; 3]).unwrap_err();
    /// assert_eq!(error.to_string(), "buffer has another length than the array: found 3, expected 4");
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// Of kind [`Shape`](ErrorKind::Shape) if the buffer has another length than the array; it is untouched then.
    pub fn read_into(&self, buffer: &mut [T]) -> Result<()> {
        check_places(self.len(), buffer.len())?;
        self.descriptor.fill(&self.elements, buffer);
        Ok(())
    }

    /// The same array, borrowed from this one.
    ///
    /// ```
    /// let array = ndwire::Array::from(vec![1u16, 2]);
    /// assert!(array.view().is_borrowed());
    /// ```
    pub fn view(&self) -> ArrayView<'_, T> {
        ArrayView { descriptor: self.descriptor.clone(), elements: Cow::Borrowed(&self.elements) }
    }

    /// The same array with its dtype erased, borrowed from this one.
    ///
    /// ```
    /// let array = ndwire::ArrayView::from_elements([2], &[1u16, 2])?;
    /// assert_eq!(array.as_dyn().bytes(), [1, 0, 2, 0]);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn as_dyn(&self) -> DynArrayView<'_> {
        DynArrayView::from_parts(self.descriptor.clone(), self.bytes())
    }

    /// The same array, independent of the input's lifetime.
    ///
    /// ```
    /// let owned: ndwire::Array<u8> = {
    ///     let bytes = ndwire::to_vec(&[1u8, 2])?;
    ///     ndwire::from_slice::<ndwire::ArrayView<u8>>(&bytes)?.into_owned()
    /// };
    /// assert_eq!(owned.elements(), [1, 2]);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn into_owned(self) -> Array<T> {
        let ArrayView { descriptor, elements } = self;
        Array(ArrayView { descriptor, elements: Cow::Owned(elements.into_owned()) })
    }
}

/// Dtype, shape and order; never the elements.
impl<T: Element> fmt::Debug for ArrayView<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.descriptor.describe(f)
    }
}

impl<'a, T: Element> From<ArrayView<'a, T>> for DynArrayView<'a> {
    fn from(array: ArrayView<'a, T>) -> Self {
        let bytes = match array.elements {
            Cow::Borrowed(elements) => T::bytes(elements),
            Cow::Owned(elements) => Cow::Owned(T::bytes(&elements).into_owned()),
        };
        DynArrayView::from_parts(array.descriptor, bytes)
    }
}

/// A row-major array of rank 1.
impl<'a, T: Element> From<&'a [T]> for ArrayView<'a, T> {
    fn from(elements: &'a [T]) -> Self {
        ArrayView { descriptor: Descriptor::flat(T::DTYPE, elements.len()), elements: Cow::Borrowed(elements) }
    }
}

/// An array of elements of type `T` that it owns. It has the methods of [`ArrayView`] to look at it.
///
/// ```
/// use ndwire::Array;
///
/// let mut image = Array::from_elements([2, 3], vec![0u8; 6])?;
/// image.elements_mut()[5] = 255;
/// let bytes = ndwire::to_vec(&image)?;
///
/// let read: Array<u8> = ndwire::from_slice(&bytes)?;
/// assert_eq!((read.shape(), read.elements()[5]), (&[2, 3][..], 255));
/// # Ok::<(), ndwire::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Array<T: Element>(ArrayView<'static, T>);

impl<T: Element> Array<T> {
    /// An array from its parts; the elements are in that order.
    ///
    /// ```
    /// use ndwire::{Array, Order};
    /// let array = Array::new([2, 2], Order::ColumnMajor, vec![1.0f32, 3.0, 2.0, 4.0])?;
    /// assert_eq!(array.to_vec(), [1.0, 2.0, 3.0, 4.0]);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`ArrayView::new`].
    pub fn new(shape: impl AsRef<[usize]>, order: Order, elements: impl Into<Vec<T>>) -> Result<Self> {
        ArrayView::new(shape, order, elements.into()).map(Array)
    }

    /// A row-major array of these elements.
    ///
    /// ```
    /// let array = ndwire::Array::from_elements([2, 3], [0.5f64; 6])?;
    /// assert_eq!(array.len(), 6);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`ArrayView::new`].
    pub fn from_elements(shape: impl AsRef<[usize]>, elements: impl Into<Vec<T>>) -> Result<Self> {
        Self::new(shape, Order::RowMajor, elements)
    }

    /// [`ArrayView::with_dtype`] of an array that owns its elements.
    ///
    /// ```
    /// use ndwire::{Array, DType};
    /// let codes = Array::from(vec![0x38u8, 0x40]).with_dtype(DType::F8E4M3FN)?;
    /// assert_eq!(codes.dtype(), DType::F8E4M3FN);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`ArrayView::with_dtype`].
    pub fn with_dtype(self, dtype: DType) -> Result<Self> {
        self.0.with_dtype(dtype).map(Array)
    }

    /// The elements in memory order, to be changed.
    ///
    /// ```
    /// let mut array = ndwire::Array::from(vec![1u16, 2]);
    /// array.elements_mut()[0] = 7;
    /// assert_eq!(array.elements(), [7, 2]);
    /// ```
    pub fn elements_mut(&mut self) -> &mut [T] {
        self.0.elements.to_mut()
    }

    /// The elements in memory order, without a copy.
    ///
    /// ```
    /// assert_eq!(ndwire::Array::from(vec![1u16, 2]).into_elements(), [1, 2]);
    /// ```
    pub fn into_elements(self) -> Vec<T> {
        self.0.elements.into_owned()
    }
}

impl<T: Element> Deref for Array<T> {
    type Target = ArrayView<'static, T>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

/// Dtype, shape and order; never the elements.
impl<T: Element> fmt::Debug for Array<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A row-major array of rank 1.
impl<T: Element> From<Vec<T>> for Array<T> {
    fn from(elements: Vec<T>) -> Self {
        Array(ArrayView { descriptor: Descriptor::flat(T::DTYPE, elements.len()), elements: Cow::Owned(elements) })
    }
}
