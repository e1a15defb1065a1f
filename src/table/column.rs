//! One column of a table.

use alloc::format;
use alloc::string::String;
use alloc::vec::{self, Vec};
use core::fmt;
use core::slice::ChunksExact;

use crate::array::Array;
use crate::dtype::DType;
use crate::element::Element;
use crate::error::{Error, ErrorKind, Result};
use crate::value::{List, Value};

/// One field of all rows, from [`TableView`](crate::TableView).
///
/// ```
/// let bytes = ndwire::to_vec(&ndwire::Columns::new().with("x", &[1.5f32, 2.5]))?;
/// let table: ndwire::TableView = ndwire::from_slice(&bytes)?;
/// let x = table.column("x")?;
/// assert_eq!((x.name(), x.len()), ("x", 2));
/// assert_eq!(x.to_vec::<f64>()?, [1.5, 2.5], "widened where no number is lost");
/// # Ok::<(), ndwire::Error>(())
/// ```
#[derive(Clone)]
pub struct Column<'a> {
    pub(super) name: String,
    pub(super) cells: Cells<'a>,
}

#[derive(Clone)]
pub(super) enum Cells<'a> {
    Packed(Packed<'a>),
    /// Of node leaves, and of lists that are not packed.
    Values(Vec<Value>),
}

#[derive(Clone)]
pub(super) struct Packed<'a> {
    pub(super) dtype: DType,
    /// Of one cell.
    pub(super) shape: Vec<usize>,
    pub(super) is_optional: bool,
    /// Where the cell is in a row, and its bytes.
    pub(super) offset: usize,
    pub(super) width: usize,
    pub(super) stride: usize,
    pub(super) fixed: &'a [u8],
    pub(super) count: usize,
}

impl<'a> Packed<'a> {
    fn cells(&self) -> impl Iterator<Item = &'a [u8]> + '_ {
        let rows = self.fixed.chunks_exact(self.stride.max(1));
        rows.map(|row| row.get(self.offset..self.offset + self.width).unwrap_or_default())
    }

    fn is<T: Element>(&self) -> bool {
        self.dtype == T::DTYPE && self.shape.is_empty() && !self.is_optional
    }
}

impl<'a> Column<'a> {
    /// The name of the field; of one in a nested struct the names, with a dot between.
    ///
    /// ```
    /// # let bytes = ndwire::to_vec(&ndwire::Columns::new().with("x", &[1.5f32, 2.5]))?;
    /// # let table: ndwire::TableView = ndwire::from_slice(&bytes)?;
    /// assert_eq!(table.columns()[0].name(), "x");
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many rows.
    ///
    /// ```
    /// # let bytes = ndwire::to_vec(&ndwire::Columns::new().with("x", &[1.5f32, 2.5]))?;
    /// # let table: ndwire::TableView = ndwire::from_slice(&bytes)?;
    /// assert_eq!(table.column("x")?.len(), 2);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn len(&self) -> usize {
        match &self.cells {
            Cells::Packed(packed) => packed.count,
            Cells::Values(values) => values.len(),
        }
    }

    /// Whether there is no row.
    ///
    /// ```
    /// # let bytes = ndwire::to_vec(&ndwire::Columns::new().with("x", &[1.5f32, 2.5]))?;
    /// # let table: ndwire::TableView = ndwire::from_slice(&bytes)?;
    /// assert!(!table.column("x")?.is_empty());
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The type of the packed elements; none if each row has a node of its own, such as a text.
    ///
    /// ```
    /// # let bytes = ndwire::to_vec(&ndwire::Columns::new().with("x", &[1.5f32, 2.5]))?;
    /// # let table: ndwire::TableView = ndwire::from_slice(&bytes)?;
    /// assert_eq!(table.column("x")?.dtype(), Some(ndwire::DType::F32));
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn dtype(&self) -> Option<DType> {
        match &self.cells {
            Cells::Packed(packed) => Some(packed.dtype),
            Cells::Values(_) => None,
        }
    }

    /// Whether a row may have no element: an `Option` that is none somewhere.
    ///
    /// ```
    /// # let bytes = ndwire::to_vec(&ndwire::Columns::new().with("x", &[1.5f32, 2.5]))?;
    /// # let table: ndwire::TableView = ndwire::from_slice(&bytes)?;
    /// assert!(!table.column("x")?.is_optional());
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn is_optional(&self) -> bool {
        match &self.cells {
            Cells::Packed(packed) => packed.is_optional,
            Cells::Values(values) => values.iter().any(|value| matches!(value, Value::Nil)),
        }
    }

    /// Its values, row by row: what each field would be alone. For columns of text, lists and the like.
    ///
    /// ```
    /// # let bytes = ndwire::to_vec(&ndwire::Columns::new().with("name", &["a", "b"]))?;
    /// # let table: ndwire::TableView = ndwire::from_slice(&bytes)?;
    /// assert_eq!(table.column("name")?.values()[1].as_str(), Some("b"));
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn values(&self) -> Vec<Value> {
        match &self.cells {
            Cells::Values(values) => values.clone(),
            Cells::Packed(packed) => packed.cells().map(|cell| packed.value(cell)).collect(),
        }
    }

    /// Its elements, straight from the rows if they are packed as this type; else as [`to_vec`](Column::to_vec) gives them.
    ///
    /// ```
    /// # let bytes = ndwire::to_vec(&ndwire::Columns::new().with("x", &[1.5f32, 2.5]))?;
    /// # let table: ndwire::TableView = ndwire::from_slice(&bytes)?;
    /// assert_eq!(table.column("x")?.iter::<f32>()?.fold(0.0, f32::max), 2.5);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`to_vec`](Column::to_vec).
    pub fn iter<T: Element>(&self) -> Result<ColumnIter<'a, T>> {
        match &self.cells {
            Cells::Packed(packed) if packed.is::<T>() => {
                let rows = packed.fixed.chunks_exact(packed.stride.max(1));
                Ok(ColumnIter(Elements::Strided { rows, offset: packed.offset }))
            }
            _ => Ok(ColumnIter(Elements::Copied(self.to_vec()?.into_iter()))),
        }
    }

    /// Its elements in a vector.
    ///
    /// ```
    /// # let bytes = ndwire::to_vec(&ndwire::Columns::new().with("x", &[1.5f32, 2.5]))?;
    /// # let table: ndwire::TableView = ndwire::from_slice(&bytes)?;
    /// assert_eq!(table.column("x")?.to_vec::<f32>()?, [1.5, 2.5]);
    /// let error = table.column("x")?.to_vec::<u8>().unwrap_err();
    /// assert_eq!(error.to_string(), "x: array of another dtype: found f32, expected u8");
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// Of kind [`Shape`](ErrorKind::Shape) if it is of another dtype, unless that widens to the type without losing a number; if a row has
    /// an array; or none.
    pub fn to_vec<T: Element>(&self) -> Result<Vec<T>> {
        match &self.cells {
            Cells::Packed(packed) if packed.is::<T>() => Ok(packed.cells().filter_map(T::first).collect()),
            _ => {
                let array = self.to_array::<T>()?;
                match array.shape() {
                    [_] => Ok(array.into_elements()),
                    shape => {
                        let message = format!("rows have arrays: found shape {shape:?}, expected one element in each");
                        Err(Error::new(ErrorKind::Shape, message).in_field(&self.name))
                    }
                }
            }
        }
    }

    /// Its elements as an array of shape `[rows]`, or `[rows, dims of a row…]` where each row has an array or a list of one length.
    ///
    /// ```
    /// # let boxes = ndwire::ArrayView::from_elements([2, 4], &[1.0f32; 8])?;
    /// # let bytes = ndwire::to_vec(&ndwire::Columns::new().with("box", boxes))?;
    /// # let table: ndwire::TableView = ndwire::from_slice(&bytes)?;
    /// assert_eq!(table.column("box")?.to_array::<f32>()?.shape(), [2, 4]);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`to_vec`](Column::to_vec), or if the rows' lists differ in length.
    pub fn to_array<T: Element>(&self) -> Result<Array<T>> {
        let read = |bytes: Vec<u8>| crate::from_slice::<Array<T>>(&bytes);
        let array = match &self.cells {
            Cells::Packed(packed) if !packed.is_optional => packed.to_array(),
            // Each value by what it is, as a list of numbers is read.
            _ => crate::to_vec(&List::plain(self.values())).and_then(read),
        };
        array.map_err(|error| error.in_field(&self.name))
    }

    /// Its elements, or none where a row has none.
    ///
    /// ```
    /// #[derive(serde::Serialize)]
    /// struct Reading { celsius: Option<f32> }
    ///
    /// let bytes = ndwire::to_vec(&[Reading { celsius: Some(21.5) }, Reading { celsius: None }])?;
    /// let table: ndwire::TableView = ndwire::from_slice(&bytes)?;
    /// assert_eq!(table.column("celsius")?.to_options::<f32>()?, [Some(21.5), None]);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`to_vec`](Column::to_vec).
    pub fn to_options<T: Element>(&self) -> Result<Vec<Option<T>>> {
        if let Cells::Packed(packed) = &self.cells
            && packed.is_optional
            && packed.dtype == T::DTYPE
        {
            let cell = |cell: &[u8]| match cell {
                [1, scalar @ ..] => T::first(scalar),
                _ => None,
            };
            return Ok(packed.cells().map(cell).collect());
        }
        let (values, name) = (self.values(), self.name.clone());
        let is_there: Vec<bool> = values.iter().map(|value| !matches!(value, Value::Nil)).collect();
        let there = values.into_iter().filter(|value| !matches!(value, Value::Nil)).collect();
        let mut there = Column { name, cells: Cells::Values(there) }.to_vec::<T>()?.into_iter();
        Ok(is_there.into_iter().map(|is_there| if is_there { there.next() } else { None }).collect())
    }
}

impl Packed<'_> {
    fn to_array<T: Element>(&self) -> Result<Array<T>> {
        let mut packed = Vec::with_capacity(self.width.saturating_mul(self.count).min(self.fixed.len()));
        self.cells().for_each(|cell| packed.extend_from_slice(cell));
        let elements = match self.dtype == T::DTYPE {
            true => Some(T::read(&packed)),
            false => T::widen(self.dtype, &packed),
        };
        let Some(elements) = elements else {
            let message = format!("array of another dtype: found {}, expected {}", self.dtype, T::DTYPE);
            return Err(Error::new(ErrorKind::Shape, message));
        };
        let shape: Vec<usize> = core::iter::once(self.count).chain(self.shape.iter().copied()).collect();
        Array::from_elements(shape, elements)
    }

    fn value(&self, cell: &[u8]) -> Value {
        match (self.is_optional, cell) {
            (true, [1, scalar @ ..]) => Value::packed(self.dtype, &[], scalar),
            (true, _) => Value::Nil,
            (false, cell) => Value::packed(self.dtype, &self.shape, cell),
        }
    }
}

/// The elements of a column, from [`Column::iter`].
///
/// ```
/// # let bytes = ndwire::to_vec(&ndwire::Columns::new().with("x", &[1.5f32, 2.5]))?;
/// # let table: ndwire::TableView = ndwire::from_slice(&bytes)?;
/// assert_eq!(table.column("x")?.iter::<f32>()?.len(), 2);
/// # Ok::<(), ndwire::Error>(())
/// ```
pub struct ColumnIter<'a, T>(Elements<'a, T>);

enum Elements<'a, T> {
    Strided { rows: ChunksExact<'a, u8>, offset: usize },
    Copied(vec::IntoIter<T>),
}

impl<T: Element> Iterator for ColumnIter<'_, T> {
    type Item = T;

    #[inline]
    fn next(&mut self) -> Option<T> {
        match &mut self.0 {
            Elements::Strided { rows, offset } => T::first(rows.next()?.get(*offset..)?),
            Elements::Copied(elements) => elements.next(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match &self.0 {
            Elements::Strided { rows, .. } => rows.size_hint(),
            Elements::Copied(elements) => elements.size_hint(),
        }
    }
}

impl<T: Element> ExactSizeIterator for ColumnIter<'_, T> {}

/// Name, dtype and length, never content.
impl fmt::Debug for Column<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dtype = self.dtype().map(DType::name);
        f.debug_struct("Column").field("name", &self.name).field("dtype", &dtype).field("len", &self.len()).finish()
    }
}

impl<T> fmt::Debug for ColumnIter<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ColumnIter").finish_non_exhaustive()
    }
}
