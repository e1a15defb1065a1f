//! One column of a table.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::{self, Vec};
use core::fmt;
use core::slice::ChunksExact;

use serde::ser::{Serialize, Serializer};

use super::fields::{Fields, Packed, Values};
use crate::array::Array;
use crate::dtype::DType;
use crate::element::Element;
use crate::error::{Error, ErrorKind, Result, printable};
use crate::token;
use crate::value::Value;

/// One field of all rows, from [`TableView`](crate::TableView).
///
/// ```
/// let bytes = ndwire::to_vec(&ndwire::Columns::new().with("x", &[1.5f32, 2.5]))?;
/// let table: ndwire::TableView = ndwire::from_slice(&bytes)?;
/// let x = table.column("x")?;
/// assert_eq!((&*x.name(), x.len()), ("x", 2));
/// assert_eq!(x.to_vec::<f64>()?, [1.5, 2.5], "widened where no number is lost");
/// # Ok::<(), ndwire::Error>(())
/// ```
#[derive(Clone)]
pub struct Column<'a> {
    name: Name<'a>,
    rows: usize,
    cells: Cells<'a>,
}

#[derive(Clone)]
enum Name<'a> {
    /// Of the field at that place.
    Of(&'a Fields<'a>, usize),
    /// By which it was asked for.
    Asked(String),
}

#[derive(Clone, Copy)]
pub(super) enum Cells<'a> {
    Packed(PackedCells<'a>),
    Values(&'a Values),
    /// There is no row.
    None,
}

#[derive(Clone, Copy)]
pub(super) struct PackedCells<'a> {
    pub(super) packed: &'a Packed,
    pub(super) stride: usize,
    pub(super) fixed: &'a [u8],
}

impl<'a> PackedCells<'a> {
    fn rows(self) -> ChunksExact<'a, u8> {
        self.fixed.chunks_exact(self.stride.max(1))
    }

    fn cells(self) -> impl Iterator<Item = &'a [u8]> {
        let cell = self.packed.offset..self.packed.offset + self.packed.width;
        self.rows().map(move |row| row.get(cell.clone()).unwrap_or_default())
    }

    fn is<T: Element>(self) -> bool {
        self.packed.dtype == T::DTYPE && self.packed.shape.is_empty() && !self.packed.is_optional
    }
}

impl<'a> Column<'a> {
    pub(super) fn new(fields: &'a Fields<'a>, place: usize, rows: usize, cells: Cells<'a>) -> Self {
        Column { name: Name::Of(fields, place), rows, cells }
    }

    pub(super) fn without_rows(name: &str) -> Self {
        Column { name: Name::Asked(name.into()), rows: 0, cells: Cells::None }
    }

    pub(super) fn is_named(&self, name: &str) -> bool {
        match &self.name {
            Name::Of(fields, place) => fields.is_named(*place, name),
            Name::Asked(asked) => asked == name,
        }
    }

    /// The column, unless a row has its name more than once.
    pub(super) fn unambiguous(self) -> Result<Self> {
        match self.cells {
            Cells::Values(values) if values.is_ambiguous => Err(self.ambiguous()),
            _ => Ok(self),
        }
    }

    pub(super) fn ambiguous(&self) -> Error {
        let message = format!("table has the column `{}` more than once", printable(&self.name()));
        Error::new(ErrorKind::DuplicateField, message)
    }

    /// The name of the field; of one in a nested struct the names, with a dot between.
    ///
    /// ```
    /// # let bytes = ndwire::to_vec(&ndwire::Columns::new().with("x", &[1.5f32, 2.5]))?;
    /// # let table: ndwire::TableView = ndwire::from_slice(&bytes)?;
    /// assert_eq!(table.columns()[0].name(), "x");
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn name(&self) -> Cow<'_, str> {
        match &self.name {
            Name::Of(fields, place) => fields.name(*place),
            Name::Asked(name) => name.as_str().into(),
        }
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
        self.rows
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
            Cells::Packed(cells) => Some(cells.packed.dtype),
            Cells::Values(_) | Cells::None => None,
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
            Cells::Packed(cells) => cells.packed.is_optional,
            Cells::Values(_) | Cells::None => self.each().any(|value| is_nil(&value)),
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
        self.each().map(Cow::into_owned).collect()
    }

    fn each(&self) -> Box<dyn Iterator<Item = Cow<'a, Value>> + 'a> {
        match self.cells {
            Cells::Packed(cells) => Box::new(cells.cells().map(|cell| Cow::Owned(cells.packed.value(cell)))),
            Cells::Values(values) => {
                let mut there = values.cells.iter().peekable();
                let value = move |row| match there.next_if(|(at, _)| *at == row) {
                    Some((_, value)) => Cow::Borrowed(value),
                    None => Cow::Owned(Value::Nil),
                };
                Box::new((0..self.rows).map(value))
            }
            Cells::None => Box::new(core::iter::empty()),
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
        match self.cells {
            Cells::Packed(cells) if cells.is::<T>() => {
                Ok(ColumnIter(Elements::Strided { rows: cells.rows(), offset: cells.packed.offset }))
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
    /// assert_eq!(error.to_string(), "x: array has another dtype: found f32, expected u8");
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// Of kind [`TypeMismatch`](ErrorKind::TypeMismatch) if it is of another dtype, unless that widens to the type without losing a
    /// number; or if a row has none. Of kind [`Shape`](ErrorKind::Shape) if a row has an array.
    pub fn to_vec<T: Element>(&self) -> Result<Vec<T>> {
        match self.cells {
            Cells::Packed(cells) if cells.is::<T>() => Ok(cells.cells().filter_map(T::first).collect()),
            _ => self.flat(self.to_array()?),
        }
    }

    fn flat<T: Element>(&self, array: Array<T>) -> Result<Vec<T>> {
        match array.shape() {
            [_] => Ok(array.into_elements()),
            shape => {
                let message = format!("rows have arrays: found shape {shape:?}, expected one element in each");
                Err(Error::new(ErrorKind::Shape, message).in_field(&self.name()))
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
        match self.cells {
            Cells::Packed(cells) if !cells.packed.is_optional => {
                cells.to_array(self.rows).map_err(|error| error.in_field(&self.name()))
            }
            _ => self.list_to_array(self.each().collect()),
        }
    }

    /// Each value by what it is, as a list of numbers is read.
    fn list_to_array<T: Element>(&self, values: Vec<Cow<'_, Value>>) -> Result<Array<T>> {
        let bytes = self.clone().unambiguous().and_then(|_| crate::to_vec(&PlainList(&values)));
        // A place in bytes that nobody else sees.
        let read = bytes.and_then(|bytes| crate::from_slice(&bytes).map_err(Error::without_offset));
        read.map_err(|error| error.in_field(&self.name()))
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
        if let Cells::Packed(cells) = self.cells
            && cells.packed.is_optional
            && cells.packed.dtype == T::DTYPE
        {
            let cell = |cell: &[u8]| match cell {
                [1, scalar @ ..] => T::first(scalar),
                _ => None,
            };
            return Ok(cells.cells().map(cell).collect());
        }
        let there = self.each().filter(|value| !is_nil(value)).collect();
        let mut there = self.flat(self.list_to_array::<T>(there)?)?.into_iter();
        Ok(self.each().map(|value| if is_nil(&value) { None } else { there.next() }).collect())
    }
}

fn is_nil(value: &Value) -> bool {
    matches!(value, Value::Nil)
}

/// A list that is written plain, whatever its elements.
struct PlainList<'c>(&'c [Cow<'c, Value>]);

impl Serialize for PlainList<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> core::result::Result<S::Ok, S::Error> {
        token::Written::PlainList.serialize(&self.0, &self.0, serializer)
    }
}

impl PackedCells<'_> {
    fn to_array<T: Element>(self, rows: usize) -> Result<Array<T>> {
        let Packed { dtype, shape, width, .. } = self.packed;
        let mut packed = Vec::with_capacity(width.saturating_mul(rows).min(self.fixed.len()));
        self.cells().for_each(|cell| packed.extend_from_slice(cell));
        let elements = match *dtype == T::DTYPE {
            true => Some(T::read(&packed)),
            false => T::widen(*dtype, &packed),
        };
        let Some(elements) = elements else {
            let message = format!("array has another dtype: found {dtype}, expected {}", T::DTYPE);
            return Err(Error::new(ErrorKind::TypeMismatch, message));
        };
        let shape: Vec<usize> = core::iter::once(rows).chain(shape.iter().copied()).collect();
        Array::from_elements(shape, elements)
    }
}

impl Packed {
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
        let name = printable(&self.name());
        f.debug_struct("Column")
            .field("name", &format_args!("\"{name}\""))
            .field("dtype", &dtype)
            .field("len", &self.len())
            .finish()
    }
}

impl<T> fmt::Debug for ColumnIter<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ColumnIter").finish_non_exhaustive()
    }
}
