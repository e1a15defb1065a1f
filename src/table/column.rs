//! One column of a table.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::{self, Vec};
use core::fmt;
use core::slice::ChunksExact;

use crate::array::Array;
use crate::dtype::DType;
use crate::element::Element;
use crate::error::{Error, ErrorKind, Result, printable};
use crate::value::{Cell, Item, List, Schema, ValueView, read_list};

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
    source: Source<'a>,
}

/// The name of a field, and those around it. They are joined when they are asked for: all of them at once could take many times what the
/// names do.
#[derive(Clone)]
pub(super) struct Name<'a> {
    pub(super) around: Option<Arc<Name<'a>>>,
    pub(super) own: Cow<'a, str>,
}

#[derive(Clone, Copy)]
pub(super) enum Source<'a> {
    Packed(Packed<'a>),
    Values(Values<'a>),
}

/// A value for each row, or what maps in these have under the last names of the column.
#[derive(Clone, Copy)]
pub(super) struct Values<'a> {
    pub(super) values: &'a [ValueView<'a>],
    /// The place of the first, and from one to the next.
    pub(super) start: usize,
    pub(super) stride: usize,
    pub(super) names: usize,
}

/// What a row has under a name.
#[derive(Clone, Copy)]
enum Found<'a> {
    Nothing,
    One(&'a ValueView<'a>),
    /// The name, or one around it, is there more than once.
    More,
}

impl<'a> Values<'a> {
    /// The value of a row.
    pub(super) fn get(self, row: usize) -> Option<&'a ValueView<'a>> {
        self.values.get(self.start..)?.iter().step_by(self.stride.max(1)).nth(row)
    }

    fn find(self, row: usize, name: &Name<'_>) -> Found<'a> {
        let Some(names) = self.names.checked_sub(1) else { return self.get(row).map_or(Found::Nothing, Found::One) };
        let map = match &name.around {
            Some(around) if names > 0 => Values { names, ..self }.find(row, around),
            _ => self.get(row).map_or(Found::Nothing, Found::One),
        };
        let Found::One(ValueView::Map(map)) = map else {
            return if let Found::More = map { Found::More } else { Found::Nothing };
        };
        let mut values = map.entries().iter().filter(|(key, _)| key.as_str() == Some(&name.own));
        match (values.next(), values.next()) {
            (None, _) => Found::Nothing,
            (Some((_, value)), None) => Found::One(value),
            _ => Found::More,
        }
    }
}

/// A leaf of packed rows.
#[derive(Clone, Copy)]
pub(super) struct Packed<'a> {
    pub(super) list: &'a List<'a>,
    pub(super) leaf: &'a Schema,
    /// Bytes of a row, and those of them before the leaf.
    pub(super) stride: usize,
    pub(super) offset: usize,
}

impl<'a> Packed<'a> {
    fn rows(self) -> ChunksExact<'a, u8> {
        self.list.bytes().chunks_exact(self.stride.max(1))
    }

    /// The bytes of each cell.
    fn cells(self) -> impl ExactSizeIterator<Item = &'a [u8]> {
        let cell = self.offset..self.offset + self.leaf.width();
        self.rows().map(move |row| row.get(cell.clone()).unwrap_or_default())
    }

    fn is<T: Element>(self) -> bool {
        *self.leaf == Schema::Scalar(T::DTYPE)
    }

    fn dtype(self) -> Option<DType> {
        match self.leaf {
            Schema::Scalar(dtype) | Schema::Optional(dtype) | Schema::Subarray(dtype, _) => Some(*dtype),
            _ => None,
        }
    }
}

impl<'a> Column<'a> {
    pub(super) fn new(name: Name<'a>, rows: usize, source: Source<'a>) -> Self {
        Column { name, rows, source }
    }

    pub(super) fn without_rows(name: &str) -> Self {
        let source = Source::Values(Values { values: &[], start: 0, stride: 1, names: 0 });
        Column { name: Name { around: None, own: String::from(name).into() }, rows: 0, source }
    }

    /// The column, unless a row has its name more than once.
    pub(super) fn unambiguous(self) -> Result<Self> {
        match self.source {
            Source::Values(values) if (0..self.rows).any(|row| matches!(values.find(row, &self.name), Found::More)) => {
                Err(self.ambiguous())
            }
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
        if self.name.around.is_none() {
            return Cow::Borrowed(&self.name.own);
        }
        let way = core::iter::successors(Some(&self.name), |name| name.around.as_deref());
        let mut names: Vec<&str> = way.map(|name| &*name.own).collect();
        names.reverse();
        names.join(".").into()
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
        match &self.source {
            Source::Packed(packed) => packed.dtype(),
            Source::Values(_) => None,
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
        match &self.source {
            Source::Packed(packed) => matches!(packed.leaf, Schema::Optional(_)),
            Source::Values(_) => self.items().any(Item::is_nil),
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
    pub fn values(&self) -> Vec<ValueView<'a>> {
        self.items().map(Item::into_value).collect()
    }

    /// What each row has.
    fn items(&self) -> Box<dyn ExactSizeIterator<Item = Item<'a>> + '_> {
        match &self.source {
            Source::Packed(packed) => {
                let leaf = packed.leaf;
                Box::new(packed.cells().map(move |bytes| Item::Cell(Cell::packed(leaf, bytes))))
            }
            Source::Values(values) => Box::new((0..self.rows).map(|row| match values.find(row, &self.name) {
                Found::One(value) => Item::Value(value),
                Found::Nothing | Found::More => Item::Value(&ValueView::Nil),
            })),
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
        match self.source {
            Source::Packed(packed) if packed.is::<T>() => {
                Ok(ColumnIter(Elements::Strided { rows: packed.rows(), offset: packed.offset }))
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
        match self.source {
            Source::Packed(packed) if packed.is::<T>() => Ok(packed.cells().filter_map(T::first).collect()),
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
        match self.source {
            Source::Packed(packed) if !matches!(packed.leaf, Schema::Optional(_)) => {
                packed.to_array(self.rows).map_err(|error| error.in_field(&self.name()))
            }
            _ => self.list_to_array(self.items()),
        }
    }

    /// Each value by what it is, as a list of numbers is read.
    fn list_to_array<T: Element>(&self, items: impl ExactSizeIterator<Item = Item<'a>>) -> Result<Array<T>> {
        self.clone().unambiguous()?;
        read_list(items).map_err(|error| error.in_field(&self.name()))
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
        match self.source {
            Source::Packed(packed) if *packed.leaf == Schema::Optional(T::DTYPE) => {
                let cell = |cell: &[u8]| match cell {
                    [1, scalar @ ..] => T::first(scalar),
                    _ => None,
                };
                Ok(packed.cells().map(cell).collect())
            }
            _ => {
                let there: Vec<Item<'_>> = self.items().filter(|item| !item.is_nil()).collect();
                let mut there = self.flat(self.list_to_array::<T>(there.into_iter())?)?.into_iter();
                Ok(self.items().map(|item| if item.is_nil() { None } else { there.next() }).collect())
            }
        }
    }
}

impl Packed<'_> {
    fn to_array<T: Element>(self, rows: usize) -> Result<Array<T>> {
        let (Schema::Scalar(dtype) | Schema::Optional(dtype) | Schema::Subarray(dtype, _)) = self.leaf else {
            return Array::from_elements([0], Vec::new());
        };
        let mut packed = Vec::with_capacity(self.leaf.width().saturating_mul(rows).min(self.list.bytes().len()));
        self.cells().for_each(|cell| packed.extend_from_slice(cell));
        let elements = match *dtype == T::DTYPE {
            true => Some(T::read(&packed)),
            false => T::widen(*dtype, &packed),
        };
        let Some(elements) = elements else {
            let message = format!("array has another dtype: found {dtype}, expected {}", T::DTYPE);
            return Err(Error::new(ErrorKind::TypeMismatch, message));
        };
        let inner = if let Schema::Subarray(_, dims) = self.leaf { &dims[..] } else { &[] };
        Array::from_elements([&[rows], inner].concat(), elements)
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
