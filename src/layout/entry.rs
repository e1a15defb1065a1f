//! One node.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use crate::array::Order;
use crate::dtype::DType;
use crate::error::printable;
use crate::wire::{Node, Payload, RowSchema, Rows};

/// The way to a list or map that is not the root, from its end: the beginning is shared by all that goes on from it.
pub(super) struct Path<'a> {
    pub(super) around: Option<Arc<Path<'a>>>,
    pub(super) last: Segment<'a>,
}

/// One step of a path.
#[derive(Clone, Copy)]
pub(super) enum Segment<'a> {
    Field(&'a str),
    /// The value of a key that is not a str.
    Key,
    Position(usize),
}

impl fmt::Display for Segment<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Segment::Field(name) => f.write_str(&printable(name)),
            Segment::Key => f.write_str("<key>"),
            Segment::Position(position) => write!(f, "[{position}]"),
        }
    }
}

/// One node of a value.
///
/// ```
/// let bytes = ndwire::to_vec(&vec![0.5f64; 100])?;
/// let entry = ndwire::Layout::of(&bytes)?.entries().next().expect("the root");
/// assert_eq!(entry.kind(), "rows");
/// assert_eq!(entry.dtype(), Some(ndwire::DType::F64));
/// assert_eq!(entry.shape(), Some(vec![100]));
/// assert_eq!(entry.payload(), Some(32..832));
/// # Ok::<(), ndwire::Error>(())
/// ```
#[derive(Clone)]
pub struct Entry<'a> {
    /// Of the list or map around it; none for the root, and for what is directly in it.
    pub(super) path: Option<Arc<Path<'a>>>,
    /// Its place there; none for the root.
    pub(super) last: Option<Segment<'a>>,
    pub(super) node: Node<'a>,
}

impl Entry<'_> {
    /// Where it is in the tree, as in `frames[3].pixels`; empty for the root.
    ///
    /// ```
    /// # use std::collections::BTreeMap;
    /// let bytes = ndwire::to_vec(&BTreeMap::from([("a", [[1.5f32, 2.5]])]))?;
    /// let last = ndwire::Layout::of(&bytes)?.entries().last().expect("entries");
    /// assert_eq!(last.path(), "a");
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn path(&self) -> String {
        let mut segments: Vec<&Segment<'_>> = self.last.iter().collect();
        let mut around = self.path.as_deref();
        while let Some(path) = around {
            segments.push(&path.last);
            around = path.around.as_deref();
        }
        let mut path = String::new();
        for segment in segments.into_iter().rev() {
            if !path.is_empty() && !matches!(segment, Segment::Position(_)) {
                path.push('.');
            }
            path.push_str(&segment.to_string());
        }
        path
    }

    /// Its name in the list or map around it, for the tree.
    pub(super) fn write_name(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.last {
            Some(last) => write!(f, "{last}: "),
            None => Ok(()),
        }
    }

    /// What it is: `nil`, `bool`, `uint`, `int`, `f32`, `f64`, `char`, `str`, `bytes`, `list`, `map`, `some`, `array` or `rows`.
    ///
    /// ```
    /// let bytes = ndwire::to_vec("hello")?;
    /// assert_eq!(ndwire::Layout::of(&bytes)?.entries().next().expect("the root").kind(), "str");
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn kind(&self) -> &'static str {
        match self.node {
            Node::Nil => "nil",
            Node::Bool(_) => "bool",
            Node::Uint(_) | Node::WideUint(_) => "uint",
            Node::Int(_) | Node::WideInt(_) => "int",
            Node::F32(_) => "f32",
            Node::F64(_) => "f64",
            Node::Char(_) => "char",
            Node::Str(_) | Node::DataStr(..) => "str",
            Node::Bytes(_) | Node::DataBytes(_) => "bytes",
            Node::List(_) => "list",
            Node::Map(_) => "map",
            Node::Some => "some",
            Node::Array(_) => "array",
            Node::Rows(_) => "rows",
        }
    }

    /// The element type of an array or rows; none of rows of maps or tuples.
    ///
    /// ```
    /// let bytes = ndwire::to_vec(&[1u8])?;
    /// assert_eq!(ndwire::Layout::of(&bytes)?.entries().next().expect("the root").dtype(), Some(ndwire::DType::U8));
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn dtype(&self) -> Option<DType> {
        match &self.node {
            Node::Array(array) => Some(array.dtype),
            Node::Rows(rows) => rows.schema.dtype(),
            _ => None,
        }
    }

    /// The dims of an array; of rows, their number and the dims of a row.
    ///
    /// ```
    /// let bytes = ndwire::to_vec(&[[1u8, 2]])?;
    /// assert_eq!(ndwire::Layout::of(&bytes)?.entries().next().expect("the root").shape(), Some(vec![1, 2]));
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn shape(&self) -> Option<Vec<u64>> {
        match &self.node {
            Node::Array(array) => Some(array.dims.iter().collect()),
            Node::Rows(rows) => {
                let count = core::iter::once(rows.count);
                Some(match rows.schema {
                    RowSchema::Subarray(_, row) => count.chain(row.iter()).collect(),
                    _ => count.collect(),
                })
            }
            _ => None,
        }
    }

    /// How the elements of an array or rows lie in memory.
    ///
    /// ```
    /// let bytes = ndwire::to_vec(&[1u8])?;
    /// let entry = ndwire::Layout::of(&bytes)?.entries().next().expect("the root");
    /// assert_eq!(entry.order(), Some(ndwire::Order::RowMajor));
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn order(&self) -> Option<Order> {
        match &self.node {
            Node::Array(array) if array.column_major => Some(Order::ColumnMajor),
            Node::Array(_) | Node::Rows(_) => Some(Order::RowMajor),
            _ => None,
        }
    }

    /// Where its payload is, in bytes from the start of the value; none if its content stands in the metadata.
    ///
    /// ```
    /// let bytes = ndwire::to_vec(&[1u8])?;
    /// assert_eq!(ndwire::Layout::of(&bytes)?.entries().next().expect("the root").payload(), None);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn payload(&self) -> Option<Range<u64>> {
        let range = |payload: &Payload<'_>| payload.offset..payload.offset + payload.len;
        match &self.node {
            Node::DataStr(_, payload) | Node::DataBytes(payload) => Some(range(payload)),
            Node::Array(array) if array.payload.len > 0 => Some(range(&array.payload)),
            Node::Rows(rows) => rows.payload.as_ref().map(range),
            _ => None,
        }
    }
}

/// One line without the path: the kind, dtype, shape, order and byte range (`{:#}`: without that). Never content but names of fields.
impl fmt::Display for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())?;
        let mut number = |count: usize, one, many| write!(f, ", {count} {}", if count == 1 { one } else { many });
        match &self.node {
            Node::Str(text) => number(text.len(), "byte", "bytes")?,
            Node::Bytes(bytes) => number(bytes.len(), "byte", "bytes")?,
            Node::List(count) => number(*count, "element", "elements")?,
            Node::Map(entries) => number(*entries, "entry", "entries")?,
            Node::Array(_) | Node::Rows(_) => {
                match &self.node {
                    Node::Rows(Rows { schema: RowSchema::Optional(_), .. }) => f.write_str(" optional")?,
                    Node::Rows(Rows { schema: RowSchema::Record(schema), .. }) => {
                        write!(f, " {schema}")?;
                    }
                    _ => {}
                }
                if let Some(dtype) = self.dtype() {
                    write!(f, " {dtype}")?;
                }
                if let Some(shape) = self.shape() {
                    write!(f, " {shape:?}")?;
                }
                if self.order() == Some(Order::ColumnMajor) {
                    f.write_str(" column-major")?;
                }
            }
            _ => {}
        }
        match self.payload() {
            Some(range) if !f.alternate() => write!(f, ", bytes {}..{}", range.start, range.end),
            _ => Ok(()),
        }
    }
}

/// Path and line, never content.
impl fmt::Debug for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Entry({:?}, {:?})", self.path(), format!("{self}"))
    }
}
