//! Lists of structs written from columns.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::ser::{self, Serialize, SerializeMap, Serializer};

use crate::array::{Array, ArrayView, DynArrayView, Order};
use crate::element::Element;
use crate::error::printable;
use crate::value::{Cell as Packed, List, Schema};

/// A list of structs that is written from columns: the same bytes as a `Vec` of the structs. Without rows it keeps the columns, which
/// an empty `Vec` cannot.
///
/// ```
/// #[derive(serde::Serialize)]
/// struct Sample { ts: i64, x: f32 }
///
/// let (ts, x) = (vec![10i64, 20, 30], vec![0.5f32, 1.5, 2.5]);
/// let columns = ndwire::Columns::new().with("ts", &ts).with("x", &x);
///
/// let samples = [Sample { ts: 10, x: 0.5 }, Sample { ts: 20, x: 1.5 }, Sample { ts: 30, x: 2.5 }];
/// assert_eq!(ndwire::to_vec(&columns)?, ndwire::to_vec(&samples)?);
/// # Ok::<(), ndwire::Error>(())
/// ```
///
/// Writing fails if the columns differ in length, or if one is of a dtype that rows cannot hold: they hold `bool`, the integers up to
/// 64 bits, `f32` and `f64`. Arrays are row-major.
#[derive(Clone, Default)]
pub struct Columns<'a> {
    columns: Vec<(&'a str, ColumnSource<'a>)>,
}

impl<'a> Columns<'a> {
    /// No column yet.
    ///
    /// ```
    /// assert_eq!(ndwire::to_vec(&ndwire::Columns::new())?.last(), Some(&0xA0), "an empty list");
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// With one more field in each row: a slice of elements or texts, or an array whose first dim counts the rows.
    ///
    /// ```
    /// let boxes = ndwire::ArrayView::from_elements([2, 4], &[0.5f32; 8])?;
    /// let columns = ndwire::Columns::new().with("label", &["cat", "dog"]).with("box", boxes);
    /// let bytes = ndwire::to_vec(&columns)?;
    /// assert_eq!(ndwire::Layout::of(&bytes)?.to_string(), "rows {label: node, box: f32 [4]} [2]\n");
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    #[must_use]
    pub fn with(mut self, name: &'a str, column: impl Into<ColumnSource<'a>>) -> Self {
        self.columns.push((name, column.into()));
        self
    }
}

/// What can be a column of [`Columns`]: made by `From` from a slice, a vector, or an array.
///
/// ```
/// let source: ndwire::ColumnSource = (&[1u8, 2]).into();
/// # let _ = source;
/// ```
#[derive(Clone)]
pub struct ColumnSource<'a>(Source<'a>);

#[derive(Clone)]
enum Source<'a> {
    Array(DynArrayView<'a>),
    Strs(&'a [&'a str]),
    Strings(&'a [String]),
}

impl ColumnSource<'_> {
    fn rows(&self) -> usize {
        match &self.0 {
            Source::Array(array) => array.shape().first().copied().unwrap_or(0),
            Source::Strs(texts) => texts.len(),
            Source::Strings(texts) => texts.len(),
        }
    }
}

impl<'a, T: Element> From<&'a [T]> for ColumnSource<'a> {
    fn from(elements: &'a [T]) -> Self {
        ArrayView::from(elements).into()
    }
}

impl<'a, T: Element, const N: usize> From<&'a [T; N]> for ColumnSource<'a> {
    fn from(elements: &'a [T; N]) -> Self {
        elements.as_slice().into()
    }
}

impl<'a, T: Element> From<&'a Vec<T>> for ColumnSource<'a> {
    fn from(elements: &'a Vec<T>) -> Self {
        elements.as_slice().into()
    }
}

impl<'a, T: Element> From<ArrayView<'a, T>> for ColumnSource<'a> {
    fn from(array: ArrayView<'a, T>) -> Self {
        ColumnSource(Source::Array(DynArrayView::from(array)))
    }
}

impl<'a, T: Element> From<&'a Array<T>> for ColumnSource<'a> {
    fn from(array: &'a Array<T>) -> Self {
        array.view().into()
    }
}

impl<'a> From<DynArrayView<'a>> for ColumnSource<'a> {
    fn from(array: DynArrayView<'a>) -> Self {
        ColumnSource(Source::Array(array))
    }
}

impl<'a> From<&'a [&'a str]> for ColumnSource<'a> {
    fn from(texts: &'a [&'a str]) -> Self {
        ColumnSource(Source::Strs(texts))
    }
}

impl<'a, const N: usize> From<&'a [&'a str; N]> for ColumnSource<'a> {
    fn from(texts: &'a [&'a str; N]) -> Self {
        texts.as_slice().into()
    }
}

impl<'a> From<&'a [String]> for ColumnSource<'a> {
    fn from(texts: &'a [String]) -> Self {
        ColumnSource(Source::Strings(texts))
    }
}

impl<'a> From<&'a Vec<String>> for ColumnSource<'a> {
    fn from(texts: &'a Vec<String>) -> Self {
        texts.as_slice().into()
    }
}

impl Serialize for Columns<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let rows = self.columns.first().map_or(0, |(_, column)| column.rows());
        for (name, column) in &self.columns {
            let name = || printable(name);
            if column.rows() != rows {
                let message =
                    format!("column `{}` has another length: found {}, expected {rows}", name(), column.rows());
                return Err(ser::Error::custom(message));
            }
            match &column.0 {
                Source::Array(array) if !array.dtype().is_row_scalar() => {
                    let message =
                        format!("column `{}` is of a dtype that rows cannot hold: found {}", name(), array.dtype());
                    return Err(ser::Error::custom(message));
                }
                Source::Array(array) if array.order() == Order::ColumnMajor => {
                    let message = format!("column `{}` is column-major, expected row-major", name());
                    return Err(ser::Error::custom(message));
                }
                _ => {}
            }
        }
        if rows == 0
            && let Ok(rows) = List::packed(self.schema(), 0, &[][..])
        {
            return rows.serialize(serializer);
        }
        serializer.collect_seq((0..rows).map(|row| Row { columns: self, row }))
    }
}

impl Columns<'_> {
    /// Of its rows. It may be more than rows can be.
    fn schema(&self) -> Schema {
        Schema::Map(self.columns.iter().map(|(name, column)| ((*name).into(), column.schema())).collect())
    }
}

impl ColumnSource<'_> {
    fn schema(&self) -> Schema {
        match &self.0 {
            Source::Array(array) => match array.shape() {
                [] | [_] => Schema::Scalar(array.dtype()),
                [_, shape @ ..] => Schema::Subarray(array.dtype(), shape.into()),
            },
            Source::Strs(_) | Source::Strings(_) => Schema::Node,
        }
    }
}

struct Row<'c> {
    columns: &'c Columns<'c>,
    row: usize,
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.columns.columns.len()))?;
        for (name, column) in &self.columns.columns {
            map.serialize_entry(name, &Cell { column, row: self.row })?;
        }
        map.end()
    }
}

struct Cell<'c> {
    column: &'c ColumnSource<'c>,
    row: usize,
}

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.column.0 {
            Source::Array(array) => {
                let [rows, shape @ ..] = array.shape() else { return serializer.serialize_unit() };
                let width = array.bytes().len() / (*rows).max(1);
                let bytes = array.bytes().get(self.row * width..).and_then(|rest| rest.get(..width));
                Packed::scalars(array.dtype(), shape, bytes.unwrap_or_default()).serialize(serializer)
            }
            Source::Strs(texts) => texts.get(self.row).copied().unwrap_or_default().serialize(serializer),
            Source::Strings(texts) => texts.get(self.row).map(String::as_str).unwrap_or_default().serialize(serializer),
        }
    }
}

/// The columns' names, never content.
impl fmt::Debug for Columns<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.columns.iter().map(|(name, _)| name)).finish()
    }
}

/// Dtype and rows, never content.
impl fmt::Debug for ColumnSource<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dtype = match &self.0 {
            Source::Array(array) => Some(array.dtype().name()),
            _ => None,
        };
        f.debug_struct("ColumnSource").field("dtype", &dtype).field("rows", &self.rows()).finish()
    }
}
