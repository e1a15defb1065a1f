//! Lists of values, in the form they have in the format.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::vec::Vec;

use serde::ser::{Serialize, Serializer};

use super::ValueView;
use super::cell::{Cell, Cells};
use super::schema::Schema;
use crate::array::{DynArrayView, Order};
use crate::error::{Error, Result};
use crate::token::{RowsParts, Written as Token};
use crate::wire;

/// A list. One that was read keeps its form; one that was made or changed takes the form that its elements choose.
///
/// ```
/// use ndwire::{List, Value};
///
/// let mut value: Value = ndwire::from_slice(&ndwire::to_vec(&[1u8, 2])?)?;
/// let Value::List(list) = &mut value else { panic!("a list") };
/// assert_eq!(list.get(1).as_deref(), Some(&Value::from(2)));
///
/// list.to_mut().push("three".into());
/// assert_eq!(format!("{value:?}"), r#"[1, 2, "three"]"#);
/// # Ok::<(), ndwire::Error>(())
/// ```
///
/// A list in rows has what they have in common once, its [`schema`](List::schema), and then the rows packed, which is a structured array
/// of NumPy. One that was [made of packed bytes](List::packed) is written as one block, without a look at the rows one by one; it reads
/// as any list of structs:
///
/// ```
/// use ndwire::{DType, List, Schema, Value};
///
/// #[derive(serde::Deserialize, PartialEq, Debug)]
/// struct Sample { id: u8, x: u16 }
///
/// let schema = Schema::Map(vec![("id".into(), Schema::Scalar(DType::U8)), ("x".into(), Schema::Scalar(DType::U16))]);
/// let rows = List::packed(schema, 2, [1, 3, 0, 2, 4, 0].as_slice())?;
/// let bytes = ndwire::to_vec(&rows)?;
/// let samples: Vec<Sample> = ndwire::from_slice(&bytes)?;
/// assert_eq!(samples, [Sample { id: 1, x: 3 }, Sample { id: 2, x: 4 }]);
/// # Ok::<(), ndwire::Error>(())
/// ```
#[derive(Clone)]
pub struct List<'a>(pub(super) Form<'a>);

#[derive(Clone)]
pub(super) enum Form<'a> {
    /// Read as a plain list, and stays one.
    Plain(Vec<ValueView<'a>>),
    /// Made here.
    Built(Vec<ValueView<'a>>),
    /// In a box, so that other values are not larger for it.
    Rows(Box<Rows<'a>>),
}

#[derive(Clone)]
pub(super) struct Rows<'a> {
    pub(super) schema: Schema,
    pub(super) len: usize,
    pub(super) bytes: Cow<'a, [u8]>,
    /// Row by row.
    pub(super) nodes: Vec<ValueView<'a>>,
    written: Written,
}

/// How rows are written.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(
    not(feature = "foreign"),
    allow(dead_code, reason = "only other encodings have rows that are not written as such")
)]
enum Written {
    /// As rows of this schema.
    Rows,
    /// One by one, as the structs that they are: a list of a form that these choose.
    OneByOne,
    /// The only row, which is no list.
    Alone,
}

impl<'a> List<'a> {
    /// A list in rows of a schema without [nodes](Schema::Node), from their packed bytes, which are little endian and without padding.
    /// Without rows it may have nodes, too: a table without rows keeps its columns.
    ///
    /// ```
    /// use ndwire::{DType, List, Schema};
    ///
    /// let error = List::packed(Schema::Scalar(DType::U16), 2, vec![0; 5]).unwrap_err();
    /// assert_eq!(error.to_string(), "rows do not fit their schema: found 5 bytes, expected 2 rows of 2");
    /// let error = List::packed(Schema::Scalar(DType::F16), 1, vec![0; 2]).unwrap_err();
    /// assert_eq!(error.to_string(), "rows cannot hold f16, expected bool, an integer of up to 64 bits, f32 or f64");
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// Of kind [`Shape`](crate::ErrorKind::Shape) if bytes and rows do not fit, if there is no row and the schema is neither a tuple nor a
    /// map (an empty list of numbers has no schema), for a node where there are rows, and for a dtype that rows cannot hold; of kind
    /// [`Unsupported`](crate::ErrorKind::Unsupported) for over 1,024 leaves; and as of a value with such rows otherwise: a bool that is
    /// neither 0 nor 1, names that are empty, too long or there twice, and a row whose names and nesting are too many for its bytes.
    pub fn packed(schema: Schema, len: usize, bytes: impl Into<Cow<'a, [u8]>>) -> Result<Self> {
        let bytes = bytes.into();
        schema.check_packed(len)?;
        wire::check_rows(&schema.encoded(), len as u64, &bytes).map_err(Error::without_offset)?;
        Ok(Self::of_rows(schema, len, bytes, Vec::new()))
    }

    /// The rows of a structured array, or the single one of an array of rank 0, and whether this format can hold them as rows. If it
    /// cannot, they are written one by one. The caller has checked that the bytes fit the schema, that bools are 0 or 1, and that no map
    /// has a name twice.
    #[cfg(feature = "foreign")]
    pub(crate) fn of_structure(
        schema: Schema,
        len: usize,
        alone: bool,
        bytes: impl Into<Cow<'a, [u8]>>,
    ) -> (Self, bool) {
        let bytes = bytes.into();
        let fit = wire::check_rows(&schema.encoded(), len as u64, &bytes).is_ok();
        let written = match fit {
            _ if alone => Written::Alone,
            true => Written::Rows,
            false => Written::OneByOne,
        };
        (List(Form::Rows(Box::new(Rows { schema, len, bytes, nodes: Vec::new(), written }))), fit)
    }

    /// The elements of an array as a packed list, of which each is a row. Of rank 0 it is one row.
    pub(super) fn of_array(array: DynArrayView<'a>) -> Self {
        let (schema, len) = match array.shape() {
            [] => (Schema::Scalar(array.dtype()), 1),
            [len] => (Schema::Scalar(array.dtype()), *len),
            [len, row @ ..] => (Schema::Subarray(array.dtype(), row.into()), *len),
        };
        Self::of_rows(schema, len, array.into_bytes(), Vec::new())
    }

    /// Of rows that have been checked.
    pub(super) fn of_rows(schema: Schema, len: usize, bytes: Cow<'a, [u8]>, nodes: Vec<ValueView<'a>>) -> Self {
        List(Form::Rows(Box::new(Rows { schema, len, bytes, nodes, written: Written::Rows })))
    }

    /// A plain list, whatever its elements. One without elements has no other form, and may be added to.
    pub(crate) fn plain(values: Vec<ValueView<'a>>) -> Self {
        List(if values.is_empty() { Form::Built(values) } else { Form::Plain(values) })
    }

    /// How many elements.
    ///
    /// ```
    /// assert_eq!(ndwire::List::from(vec![ndwire::Value::Nil]).len(), 1);
    /// ```
    pub fn len(&self) -> usize {
        match &self.0 {
            Form::Plain(values) | Form::Built(values) => values.len(),
            Form::Rows(rows) => rows.len,
        }
    }

    /// Whether it has no elements.
    ///
    /// ```
    /// assert!(ndwire::List::default().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// An element. It is made on the spot if the list is packed: a scalar or nil, a list, or a map.
    ///
    /// ```
    /// # use ndwire::{DType, List, Schema, Value};
    /// let rows = List::packed(Schema::Optional(DType::U8), 2, vec![1, 7, 0, 0])?;
    /// assert_eq!(rows.get(0).as_deref(), Some(&Value::Int(7)));
    /// assert_eq!(rows.get(1).as_deref(), Some(&Value::Nil));
    /// assert!(rows.get(2).is_none());
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn get(&self, index: usize) -> Option<Cow<'_, ValueView<'a>>> {
        match &self.0 {
            Form::Plain(values) | Form::Built(values) => values.get(index).map(Cow::Borrowed),
            Form::Rows(rows) => rows.cells().nth(index).map(|(_, cell)| Cow::Owned(cell.value())),
        }
    }

    /// The elements in order.
    ///
    /// ```
    /// assert_eq!(ndwire::List::default().iter().count(), 0);
    /// ```
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Cow<'_, ValueView<'a>>> {
        (0..self.len()).map(|index| self.get(index).unwrap_or(Cow::Owned(ValueView::Nil)))
    }

    /// The elements, unless they are packed.
    ///
    /// ```
    /// assert_eq!(ndwire::List::default().values(), Some(&[][..]));
    /// ```
    pub fn values(&self) -> Option<&[ValueView<'a>]> {
        match &self.0 {
            Form::Plain(values) | Form::Built(values) => Some(values),
            Form::Rows(_) => None,
        }
    }

    /// What its rows have in common, if it is packed.
    ///
    /// ```
    /// # use ndwire::{DType, List, Schema};
    /// let rows = List::packed(Schema::Scalar(DType::U8), 1, vec![7])?;
    /// assert_eq!(rows.schema(), Some(&Schema::Scalar(DType::U8)));
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn schema(&self) -> Option<&Schema> {
        self.rows().map(|rows| &rows.schema)
    }

    /// The packed rows, [`width`](Schema::width) bytes each, without their nodes: a structured array of NumPy. Empty if the list is not
    /// packed.
    ///
    /// ```
    /// let bytes = ndwire::to_vec(&ndwire::Columns::new().with("a", &[1u8, 2]).with("b", &[3u16, 4]))?;
    /// let table: ndwire::TableView = ndwire::from_slice(&bytes)?;
    /// assert_eq!(table.bytes(), [1, 3, 0, 2, 4, 0]);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn bytes(&self) -> &[u8] {
        self.rows().map_or(&[], |rows| &rows.bytes)
    }

    /// The nodes of all rows: those of the first row in the order of the schema, then those of the second, and so on. None if the list is
    /// not packed.
    ///
    /// ```
    /// let bytes = ndwire::to_vec(&ndwire::Columns::new().with("name", &["a", "b"]))?;
    /// let table: ndwire::TableView = ndwire::from_slice(&bytes)?;
    /// assert_eq!(table.nodes().len(), 2);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn nodes(&self) -> &[ValueView<'a>] {
        self.rows().map_or(&[], |rows| &rows.nodes)
    }

    pub(super) fn rows(&self) -> Option<&Rows<'a>> {
        match &self.0 {
            Form::Rows(rows) => Some(rows),
            _ => None,
        }
    }

    /// The rows one by one, if it is packed.
    pub(super) fn cells(&self) -> Option<Cells<'_, 'a>> {
        self.rows().map(Rows::cells)
    }

    /// The list as an array, if its elements are packed numbers, or lists of them, and none is optional.
    ///
    /// ```
    /// # use ndwire::{DType, List, Schema, Value};
    /// let rows = List::packed(Schema::Subarray(DType::U8, vec![3]), 2, vec![0; 6])?;
    /// assert_eq!(rows.as_array().expect("packed").shape(), [2, 3]);
    /// assert!(List::from(vec![Value::from(1)]).as_array().is_none(), "packed when it is written, not before");
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn as_array(&self) -> Option<DynArrayView<'_>> {
        let rows = self.rows()?;
        let (dtype, row) = match &rows.schema {
            Schema::Scalar(dtype) => (*dtype, &[][..]),
            Schema::Subarray(dtype, row) => (*dtype, &row[..]),
            _ => return None,
        };
        DynArrayView::new(dtype, [&[rows.len], row].concat(), Order::RowMajor, &*rows.bytes).ok()
    }

    /// The elements as values, to be changed. From then on the list takes the form that its elements choose.
    ///
    /// ```
    /// let mut list = ndwire::List::default();
    /// list.to_mut().push(ndwire::Value::Nil);
    /// assert_eq!(list.len(), 1);
    /// ```
    pub fn to_mut(&mut self) -> &mut Vec<ValueView<'a>> {
        let values = match &mut self.0 {
            Form::Plain(values) | Form::Built(values) => core::mem::take(values),
            Form::Rows(rows) => rows.cells().map(|(_, cell)| cell.value()).collect(),
        };
        self.0 = Form::Built(values);
        match &mut self.0 {
            Form::Built(values) | Form::Plain(values) => values,
            Form::Rows(rows) => &mut rows.nodes,
        }
    }

    pub(super) fn into_owned(self) -> List<'static> {
        let owned = |values: Vec<ValueView<'a>>| values.into_iter().map(ValueView::into_owned).collect();
        List(match self.0 {
            Form::Plain(values) => Form::Plain(owned(values)),
            Form::Built(values) => Form::Built(owned(values)),
            Form::Rows(rows) => {
                let Rows { schema, len, bytes, nodes, written } = *rows;
                let (bytes, nodes) = (bytes.into_owned().into(), owned(nodes));
                Form::Rows(Box::new(Rows { schema, len, bytes, nodes, written }))
            }
        })
    }
}

impl<'a> Rows<'a> {
    pub(super) fn cells(&self) -> Cells<'_, 'a> {
        Cells::rows(&self.schema, self.len, &self.bytes, &self.nodes)
    }
}

impl Default for List<'_> {
    fn default() -> Self {
        Vec::new().into()
    }
}

impl<'a> From<Vec<ValueView<'a>>> for List<'a> {
    fn from(values: Vec<ValueView<'a>>) -> Self {
        List(Form::Built(values))
    }
}

impl Serialize for List<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> core::result::Result<S::Ok, S::Error> {
        match &self.0 {
            Form::Built(values) => serializer.collect_seq(values),
            Form::Plain(values) => Token::PlainList.serialize(values, values, serializer),
            Form::Rows(rows) => rows.serialize(serializer),
        }
    }
}

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> core::result::Result<S::Ok, S::Error> {
        let Rows { schema, len, bytes, nodes, written } = self;
        match written {
            Written::Rows => {
                let parts = RowsParts { count: *len, schema: &schema.encoded(), fixed: bytes, nodes };
                Token::Rows.serialize(&parts, &Each(self.cells()), serializer)
            }
            Written::OneByOne => Each(self.cells()).serialize(serializer),
            Written::Alone => match self.cells().next() {
                Some((_, row)) => row.serialize(serializer),
                None => serializer.serialize_unit(),
            },
        }
    }
}

/// The rows one by one.
struct Each<'r>(Cells<'r, 'r>);

impl Serialize for Each<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> core::result::Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.clone().map(|(_, row): (_, Cell<'_, '_>)| row))
    }
}
