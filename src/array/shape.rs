//! Dims, and the order of elements in memory.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::format;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::ops::Deref;

use crate::dtype::DType;
use crate::error::{Error, ErrorKind, Result};
use crate::wire::{self, LogicalOrder, ShapeError};

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

/// Dims up to this many need no allocation. With more room a `Value` would be larger.
const INLINE: usize = INLINE_RANK as usize;
const INLINE_RANK: u8 = 4;

/// The dims of an array.
#[derive(Clone)]
pub(super) enum Dims {
    Inline { rank: u8, dims: [usize; INLINE] },
    Many(Box<[usize]>),
}

impl Dims {
    pub(super) fn new(dims: &[usize]) -> Self {
        match u8::try_from(dims.len()) {
            Ok(rank) if dims.len() <= INLINE => {
                let mut inline = [0; INLINE];
                inline[..dims.len()].copy_from_slice(dims);
                Dims::Inline { rank, dims: inline }
            }
            _ => Dims::Many(dims.into()),
        }
    }

    /// So many dims, one after the other.
    pub(super) fn collect<E>(
        rank: usize,
        mut next: impl FnMut() -> core::result::Result<usize, E>,
    ) -> core::result::Result<Self, E> {
        if let Ok(inline @ 0..=INLINE_RANK) = u8::try_from(rank) {
            let mut dims = [0; INLINE];
            for dim in &mut dims[..rank] {
                *dim = next()?;
            }
            return Ok(Dims::Inline { rank: inline, dims });
        }
        (0..rank).map(|_| next()).collect::<core::result::Result<_, E>>().map(Dims::Many)
    }
}

impl Deref for Dims {
    type Target = [usize];

    fn deref(&self) -> &[usize] {
        match self {
            Dims::Inline { rank, dims } => &dims[..usize::from(*rank)],
            Dims::Many(dims) => dims,
        }
    }
}

/// A shape that the format does not hold.
#[cold]
pub(super) fn too_large(error: ShapeError, dtype: DType, dims: &[usize]) -> Error {
    let message = match error {
        ShapeError::Rank(rank) => format!("rank {rank} exceeds the limit of {}", wire::RANK_LIMIT),
        ShapeError::TooLarge => format!("shape {dims:?} of {dtype} exceeds the largest payload"),
    };
    Error::new(ErrorKind::TooLarge, message)
}

/// All that an array is besides its elements: dtype, shape and order, which fit the format.
#[derive(Clone)]
pub(super) struct Descriptor {
    pub(super) dtype: DType,
    pub(super) order: Order,
    pub(super) dims: Dims,
}

impl Descriptor {
    /// Checks the dims against the format's limits and against how many bytes there are.
    pub(super) fn new(dtype: DType, dims: Dims, order: Order, found: usize) -> Result<Descriptor> {
        let expected = wire::payload_len(dims.iter().map(|&dim| dim as u64), dtype.size());
        let expected = expected.map_err(|error| too_large(error, dtype, &dims))?;
        if expected != found as u64 {
            let message = format!(
                "shape {:?} of {dtype} does not fit its data: found {found} bytes, expected {expected}",
                &*dims
            );
            return Err(Error::new(ErrorKind::Shape, message));
        }
        let has_meaning = || dims.iter().filter(|&&dim| dim > 1).count() > 1 && !dims.contains(&0);
        let order = if order == Order::ColumnMajor && has_meaning() { order } else { Order::RowMajor };
        Ok(Descriptor { dtype, order, dims })
    }

    /// Of a list of so many elements, which are in memory: no limit can be exceeded.
    pub(super) fn flat(dtype: DType, len: usize) -> Descriptor {
        Descriptor { dtype, order: Order::RowMajor, dims: Dims::new(&[len]) }
    }

    /// Elements in memory order as they come in logical order, the last index running fastest.
    pub(super) fn logical<'e, T: Copy>(&self, elements: &'e [T]) -> Cow<'e, [T]> {
        match self.order {
            Order::RowMajor => Cow::Borrowed(elements),
            Order::ColumnMajor => {
                let positions = LogicalOrder::of_column_major(&self.dims);
                Cow::Owned(positions.map(|position| elements[position]).collect())
            }
        }
    }

    /// Puts elements in memory order into as many places, in logical order.
    pub(super) fn fill<T: Copy>(&self, elements: &[T], places: &mut [T]) {
        match self.order {
            Order::RowMajor => places.copy_from_slice(elements),
            Order::ColumnMajor => {
                for (place, position) in places.iter_mut().zip(LogicalOrder::of_column_major(&self.dims)) {
                    *place = elements[position];
                }
            }
        }
    }

    /// `array f32 [2, 3] column-major`
    pub(super) fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "array {} {:?}", self.dtype, &*self.dims)?;
        match self.order {
            Order::RowMajor => Ok(()),
            Order::ColumnMajor => f.write_str(" column-major"),
        }
    }
}

/// Refuses a buffer that does not have exactly one place for each element.
pub(super) fn check_places(elements: usize, places: usize) -> Result<()> {
    if elements == places {
        return Ok(());
    }
    let message = format!("buffer has another length than the array: found {places}, expected {elements}");
    Err(Error::new(ErrorKind::Shape, message))
}

impl PartialEq for Descriptor {
    fn eq(&self, other: &Self) -> bool {
        (self.dtype, self.order, &*self.dims) == (other.dtype, other.order, &*other.dims)
    }
}

impl Eq for Descriptor {}

impl Hash for Descriptor {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.dtype, self.order, &*self.dims).hash(state);
    }
}
