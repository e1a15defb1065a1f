//! Lists in rows, borrowed from the value or made of packed bytes.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::format;
use alloc::vec::Vec;
use core::fmt;

use serde::ser::{Serialize, SerializeMap, SerializeTuple, Serializer};

use super::list::{Form, List, Rows, scalar_value};
use super::records::{OptionalScalar, Records, Tuples};
use super::schema::Schema;
use super::view::ValueView;
use crate::array::{DynArrayView, Order};
use crate::dtype::DType;
use crate::error::{Error, ErrorKind, Result};
use crate::token::{self, RowsParts};
use crate::wire;

/// A list in rows: what every row has in common once, then the rows packed, which is a structured array of NumPy.
///
/// One that was read borrows the packed bytes. One that was [made](RowsView::new) of them is written as one block, without looking at
/// the rows one by one; it reads as any list of structs:
///
/// ```
/// use ndwire::{DType, RowsView, Schema};
///
/// #[derive(serde::Deserialize, PartialEq, Debug)]
/// struct Sample { id: u8, x: u16 }
///
/// let schema = Schema::Map(vec![("id".into(), Schema::Scalar(DType::U8)), ("x".into(), Schema::Scalar(DType::U16))]);
/// let rows = RowsView::new(schema, 2, [1, 3, 0, 2, 4, 0].as_slice())?;
/// let bytes = ndwire::to_vec(&rows)?;
/// let samples: Vec<Sample> = ndwire::from_slice(&bytes)?;
/// assert_eq!(samples, [Sample { id: 1, x: 3 }, Sample { id: 2, x: 4 }]);
/// # Ok::<(), ndwire::Error>(())
/// ```
#[derive(Clone)]
pub struct RowsView<'a>(Box<Inner<'a>>);

/// In a box, so that other values are not larger for it.
#[derive(Clone)]
struct Inner<'a> {
    schema: Schema,
    /// The schema as it stands on the wire, checked.
    encoded: Vec<u8>,
    len: usize,
    bytes: Cow<'a, [u8]>,
    /// Row by row.
    nodes: Vec<ValueView<'a>>,
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

impl<'a> RowsView<'a> {
    /// Rows of a schema without [nodes](Schema::Node), from their packed bytes, which are little endian and without padding. Without
    /// rows it may have nodes, too: a table without rows keeps its columns.
    ///
    /// ```
    /// use ndwire::{DType, RowsView, Schema};
    ///
    /// let error = RowsView::new(Schema::Scalar(DType::U16), 2, vec![0; 5]).unwrap_err();
    /// assert_eq!(error.to_string(), "rows do not fit their schema: found 5 bytes, expected 2 rows of 2");
    /// let error = RowsView::new(Schema::Scalar(DType::F16), 1, vec![0; 2]).unwrap_err();
    /// assert_eq!(error.to_string(), "rows cannot hold f16, expected bool, an integer of up to 64 bits, f32 or f64");
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// Of kind [`Shape`](ErrorKind::Shape) if bytes and rows do not fit, if there is no row and the schema is neither a tuple nor a map
    /// (an empty list of numbers has no schema), for a node where there are rows, and for a dtype that rows cannot hold; of kind
    /// [`Unsupported`](ErrorKind::Unsupported) for over 1,024 leaves; and as of a value with such rows otherwise: a bool that is
    /// neither 0 nor 1, names that are empty, too long or there twice, and a row whose names and nesting are too many for its bytes.
    pub fn new(schema: Schema, len: usize, bytes: impl Into<Cow<'a, [u8]>>) -> Result<Self> {
        let bytes = bytes.into();
        if len == 0 && !matches!(schema, Schema::Tuple(_) | Schema::Map(_)) {
            return Err(Error::new(ErrorKind::Shape, "rows of no element, expected an empty list"));
        }
        schema.check_packed(len)?;
        let leaves = schema.leaves();
        if leaves > wire::LEAF_LIMIT {
            let limit = wire::LEAF_LIMIT;
            let message = format!(
                "a row holds at most {limit} numbers and arrays: found {leaves}; write them as arrays of their own, or the rows as maps"
            );
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
        let mut encoded = Vec::new();
        schema.encode(&mut encoded);
        wire::check_rows(&encoded, len as u64, &bytes).map_err(Error::without_offset)?;
        Ok(RowsView(Box::new(Inner { schema, encoded, len, bytes, nodes: Vec::new(), written: Written::Rows })))
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
        let mut encoded = Vec::new();
        schema.encode(&mut encoded);
        let fit = wire::check_rows(&encoded, len as u64, &bytes).is_ok();
        let written = match fit {
            _ if alone => Written::Alone,
            true => Written::Rows,
            false => Written::OneByOne,
        };
        (RowsView(Box::new(Inner { schema, encoded, len, bytes, nodes: Vec::new(), written })), fit)
    }

    /// What has been read, with the nodes of its rows.
    pub(super) fn of(rows: &wire::Rows<'a>, nodes: Vec<ValueView<'a>>) -> Self {
        let schema = Schema::of(rows.schema);
        let mut encoded = Vec::new();
        schema.encode(&mut encoded);
        // Each row takes a byte that is there, so their number fits this machine.
        let len = usize::try_from(rows.count).unwrap_or(usize::MAX);
        RowsView(Box::new(Inner { schema, encoded, len, bytes: rows.fixed.into(), nodes, written: Written::Rows }))
    }

    /// A packed list in a row of another list.
    pub(super) fn of_array(array: DynArrayView<'a>) -> Result<Self> {
        let (dtype, shape) = (array.dtype(), array.shape().to_vec());
        Self::packed(dtype, &shape, array.into_bytes())
    }

    fn packed(dtype: DType, shape: &[usize], bytes: Cow<'a, [u8]>) -> Result<Self> {
        match shape {
            [] => Err(Error::new(ErrorKind::Shape, "packed list of rank 0, expected at least 1")),
            [len] => Self::new(Schema::Scalar(dtype), *len, bytes),
            [len, row @ ..] => Self::new(Schema::Subarray(dtype, row.into()), *len, bytes),
        }
    }

    /// What every row holds.
    ///
    /// ```
    /// # use ndwire::{DType, RowsView, Schema};
    /// let rows = RowsView::new(Schema::Scalar(DType::U8), 1, vec![7])?;
    /// assert_eq!(rows.schema(), &Schema::Scalar(DType::U8));
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn schema(&self) -> &Schema {
        &self.0.schema
    }

    /// How many rows.
    ///
    /// ```
    /// # use ndwire::{DType, RowsView, Schema};
    /// assert_eq!(RowsView::new(Schema::Scalar(DType::U8), 2, vec![7, 8])?.len(), 2);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn len(&self) -> usize {
        self.0.len
    }

    /// Whether there is no row.
    ///
    /// ```
    /// # use ndwire::{DType, RowsView, Schema};
    /// let schema = Schema::Map(vec![("a".into(), Schema::Scalar(DType::U8))]);
    /// assert!(RowsView::new(schema, 0, vec![])?.is_empty());
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The packed rows, [`width`](Schema::width) bytes each, without their nodes.
    ///
    /// ```
    /// # use ndwire::{DType, RowsView, Schema};
    /// assert_eq!(RowsView::new(Schema::Scalar(DType::U8), 2, vec![7, 8])?.bytes(), [7, 8]);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn bytes(&self) -> &[u8] {
        &self.0.bytes
    }

    /// The nodes of all rows: those of the first row in the order of the schema, then those of the second, and so on.
    ///
    /// ```
    /// # use ndwire::ValueView;
    /// let bytes = ndwire::to_vec(&ndwire::Columns::new().with("name", &["a", "b"]))?;
    /// let ValueView::Rows(rows) = ndwire::from_slice(&bytes)? else { panic!("a table") };
    /// assert_eq!(rows.nodes().len(), 2);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn nodes(&self) -> &[ValueView<'a>] {
        &self.0.nodes
    }

    /// A row as a value: a scalar or nil, a list, or a map.
    ///
    /// ```
    /// # use ndwire::{DType, RowsView, Schema, ValueView};
    /// let rows = RowsView::new(Schema::Optional(DType::U8), 2, vec![1, 7, 0, 0])?;
    /// assert!(matches!((rows.get(0), rows.get(1)), (Some(ValueView::Int(7)), Some(ValueView::Nil))));
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn get(&self, index: usize) -> Option<ValueView<'_>> {
        (index < self.0.len).then(|| self.row(index).value())
    }

    /// The rows as an array, if they are scalars or arrays of them.
    ///
    /// ```
    /// # use ndwire::{DType, RowsView, Schema};
    /// let rows = RowsView::new(Schema::Subarray(DType::U8, vec![3]), 2, vec![0; 6])?;
    /// assert_eq!(rows.as_array().expect("packed").shape(), [2, 3]);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn as_array(&self) -> Option<DynArrayView<'_>> {
        let (dtype, shape) = self.array_parts()?;
        DynArrayView::new(dtype, shape, Order::RowMajor, &*self.0.bytes).ok()
    }

    fn array_parts(&self) -> Option<(DType, Vec<usize>)> {
        match &self.0.schema {
            Schema::Scalar(dtype) => Some((*dtype, Vec::from([self.0.len]))),
            Schema::Subarray(dtype, dims) => Some((*dtype, [&[self.0.len], &dims[..]].concat())),
            _ => None,
        }
    }

    fn row(&self, index: usize) -> Row<'_> {
        let width = self.0.schema.width();
        let nodes = self.0.schema.nodes();
        Row {
            schema: &self.0.schema,
            bytes: self.0.bytes.get(index.saturating_mul(width)..).unwrap_or_default(),
            nodes: self.0.nodes.get(index.saturating_mul(nodes)..).unwrap_or_default(),
        }
    }

    /// As the rows of a value are shown: with the names quoted.
    pub(super) fn write(&self, out: &mut impl fmt::Write) -> fmt::Result {
        match &self.0.schema {
            Schema::Tuple(_) | Schema::Map(_) => {
                let schema = wire::RecordSchema::of_checked(&self.0.encoded);
                write!(out, "rows {} n={}", schema.shown(true), self.0.len)
            }
            schema => write!(out, "rows {schema} n={}", self.0.len),
        }
    }

    pub(super) fn into_list(self) -> List {
        let packed = match &self.0.schema {
            Schema::Optional(dtype) => Some((*dtype, Vec::from([self.0.len]), true)),
            _ => self.array_parts().map(|(dtype, shape)| (dtype, shape, false)),
        };
        let Inner { encoded, len, bytes, nodes, .. } = *self.0;
        if let Some((dtype, shape, optional)) = packed {
            return Rows { dtype, optional, shape, bytes: bytes.into_owned() }.into();
        }
        let nodes = nodes.into_iter().map(ValueView::into_owned).collect();
        let records = Records::of_checked(encoded, len, bytes.into_owned(), nodes);
        List { form: Form::Records(Box::new(records)), values: Vec::new() }
    }
}

/// The same rows, in bytes of their own.
impl From<RowsView<'_>> for super::Value {
    fn from(rows: RowsView<'_>) -> Self {
        super::Value::List(rows.into_list())
    }
}

/// A row, or a part of it.
#[derive(Clone, Copy)]
struct Row<'r> {
    schema: &'r Schema,
    /// From there on.
    bytes: &'r [u8],
    nodes: &'r [ValueView<'r>],
}

impl<'r> Row<'r> {
    fn take(&self) -> &'r [u8] {
        self.bytes.get(..self.schema.width()).unwrap_or_default()
    }

    /// What stands under the schemas, one after the other.
    fn parts<S>(self, schemas: &'r [S], schema_of: impl Fn(&'r S) -> &'r Schema) -> impl Iterator<Item = Row<'r>> {
        let (mut bytes, mut nodes) = (self.bytes, self.nodes);
        schemas.iter().map(move |inner| {
            let part = Row { schema: schema_of(inner), bytes, nodes };
            bytes = bytes.get(part.schema.width()..).unwrap_or_default();
            nodes = nodes.get(part.schema.nodes()..).unwrap_or_default();
            part
        })
    }

    fn value(self) -> ValueView<'r> {
        match self.schema {
            Schema::Scalar(dtype) => ValueView::of_scalar(&scalar_value(*dtype, self.take())),
            Schema::Optional(dtype) => match self.take() {
                [1, scalar @ ..] => ValueView::of_scalar(&scalar_value(*dtype, scalar)),
                _ => ValueView::Nil,
            },
            Schema::Subarray(dtype, dims) => {
                // The parts were checked when the rows were.
                RowsView::packed(*dtype, dims, self.take().into()).map_or(ValueView::Nil, ValueView::Rows)
            }
            Schema::Node => self.nodes.first().cloned().unwrap_or(ValueView::Nil),
            Schema::Tuple(inner) => ValueView::List(self.parts(inner, |schema| schema).map(Row::value).collect()),
            Schema::Map(inner) => {
                let names = inner.iter().map(|(name, _)| ValueView::Str(name));
                ValueView::Map(names.zip(self.parts(inner, |(_, schema)| schema).map(Row::value)).collect())
            }
        }
    }
}

/// Each part as the schema has it, whatever it would be alone.
impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> core::result::Result<S::Ok, S::Error> {
        match self.schema {
            Schema::Scalar(dtype) => Tuples { dtype: *dtype, shape: &[], bytes: self.take() }.serialize(serializer),
            Schema::Optional(dtype) => OptionalScalar(*dtype, self.take()).serialize(serializer),
            Schema::Subarray(dtype, dims) => {
                Tuples { dtype: *dtype, shape: dims, bytes: self.take() }.serialize(serializer)
            }
            Schema::Node => match self.nodes.first() {
                Some(node) => node.serialize(serializer),
                None => serializer.serialize_unit(),
            },
            Schema::Tuple(inner) => {
                let mut tuple = serializer.serialize_tuple(inner.len())?;
                for part in self.parts(inner, |schema| schema) {
                    tuple.serialize_element(&part)?;
                }
                tuple.end()
            }
            Schema::Map(inner) => {
                let mut map = serializer.serialize_map(Some(inner.len()))?;
                for ((name, _), part) in inner.iter().zip(self.parts(inner, |(_, schema)| schema)) {
                    map.serialize_entry(name, &part)?;
                }
                map.end()
            }
        }
    }
}

impl Serialize for RowsView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> core::result::Result<S::Ok, S::Error> {
        match self.0.written {
            Written::Rows => {}
            Written::OneByOne => return Each(self).serialize(serializer),
            Written::Alone => return self.row(0).serialize(serializer),
        }
        let Inner { encoded, len, bytes, nodes, .. } = &*self.0;
        let parts = RowsParts { count: *len, schema: encoded, fixed: bytes, nodes };
        token::Written::Rows.serialize(&parts, &Each(self), serializer)
    }
}

/// The rows one by one.
struct Each<'r>(&'r RowsView<'r>);

impl Serialize for Each<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> core::result::Result<S::Ok, S::Error> {
        serializer.collect_seq((0..self.0.len()).map(|index| self.0.row(index)))
    }
}

/// The schema and the number of rows, never content.
impl fmt::Debug for RowsView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rows {} n={}", self.0.schema, self.0.len)
    }
}
