//! What is where in a value, from its head alone.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use crate::array::Order;
use crate::dtype::DType;
use crate::error::{Result, printable};
use crate::limits::Limits;
use crate::wire::{self, Node, Payload, Reader, RowSchema};

/// The tree of a value: its paths with dtypes, shapes, and the byte range of each payload.
///
/// It needs only the head, so it can be had of a large value in Redis with one `GETRANGE` of its first bytes, or two if the
/// head is longer than that. It prints as a tree.
///
/// The keys of a map give paths and are not listed themselves, not even those that are arrays or long texts with payloads of
/// their own. Rows of maps or tuples are one line, with their schema: texts, lists and arrays in their columns are not listed
/// either.
///
/// ```
/// use ndwire::Layout;
///
/// #[derive(serde::Serialize)]
/// struct Frame { id: u32, pixels: Vec<[f32; 3]> }
///
/// let bytes = ndwire::to_vec(&Frame { id: 7, pixels: vec![[0.0; 3]; 100] })?;
/// assert_eq!(Layout::needed(&bytes[..16])?, 34);
///
/// let layout = Layout::of(&bytes[..34])?;
/// assert_eq!(layout.to_string(), "\
/// map, 2 entries
///   id: uint
///   pixels: rows f32 [100, 3], bytes 48..1248
/// ");
/// # Ok::<(), ndwire::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Layout<'a> {
    head: &'a [u8],
    value_len: u64,
}

impl<'a> Layout<'a> {
    /// Reads a value's head. Bytes after it are not looked at.
    ///
    /// ```
    /// let bytes = ndwire::to_vec(&7u8)?;
    /// assert_eq!(ndwire::Layout::of(&bytes)?.entries().count(), 1);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// Fails if the head is not there whole, or is not that of a value.
    pub fn of(bytes: &'a [u8]) -> Result<Self> {
        let mut reader = Reader::of_head(bytes, &Limits::DEFAULT)?;
        reader.skip()?;
        let value_len = reader.data_end();
        reader.finish()?;
        Ok(Layout { head: bytes, value_len })
    }

    /// How many bytes of a value its head takes, from its first 16 bytes; 16 if fewer are given.
    ///
    /// ```
    /// let bytes = ndwire::to_vec("hello")?;
    /// assert_eq!(ndwire::Layout::needed(&bytes[..3])?, 16);
    /// assert_eq!(ndwire::Layout::needed(&bytes[..16])?, 22);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// Fails if the bytes do not begin a value.
    pub fn needed(prefix: &[u8]) -> Result<usize> {
        match wire::meta_len(prefix) {
            Ok(meta_len) => Ok(wire::needed_for_head(meta_len).unwrap_or(usize::MAX)),
            Err(error) if error.kind() == crate::ErrorKind::Truncated => Ok(wire::HEADER_LEN),
            Err(error) => Err(error),
        }
    }

    /// Bytes of the whole value, its payloads included.
    ///
    /// ```
    /// let bytes = ndwire::to_vec(&vec![0u8; 1000])?;
    /// assert_eq!(ndwire::Layout::of(&bytes[..20])?.value_len(), bytes.len() as u64);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn value_len(&self) -> u64 {
        self.value_len
    }

    /// The nodes of the value: each list and map before what it holds.
    ///
    /// ```
    /// let bytes = ndwire::to_vec(&("a", [1u8, 2]))?;
    /// let layout = ndwire::Layout::of(&bytes)?;
    /// let paths: Vec<String> = layout.entries().map(|entry| entry.path()).collect();
    /// assert_eq!(paths, ["", "[0]", "[1]"]);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn entries(&self) -> Entries<'a> {
        // It has been read once, so it can be read again.
        Entries { reader: Reader::of_head(self.head, &Limits::DEFAULT).ok(), open: Vec::new() }
    }
}

impl fmt::Display for Layout<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for entry in self.entries() {
            write!(f, "{:indent$}", "", indent = 2 * entry.path.len())?;
            match entry.path.last() {
                Some(Segment::Field(name)) => write!(f, "{}: ", printable(name))?,
                Some(Segment::Key) => f.write_str("<key>: ")?,
                Some(Segment::Position(position)) => write!(f, "[{position}]: ")?,
                None => {}
            }
            writeln!(f, "{entry}")?;
        }
        Ok(())
    }
}

/// The lengths only, never content.
impl fmt::Debug for Layout<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Layout").field("value_len", &self.value_len).finish_non_exhaustive()
    }
}

/// The nodes of a value, from [`Layout::entries`].
///
/// ```
/// let bytes = ndwire::to_vec(&[(), ()])?;
/// assert_eq!(ndwire::Layout::of(&bytes)?.entries().count(), 3);
/// # Ok::<(), ndwire::Error>(())
/// ```
pub struct Entries<'a> {
    /// None once all has been read.
    reader: Option<Reader<'a>>,
    open: Vec<Open<'a>>,
}

/// A list or map whose nodes are being read.
struct Open<'a> {
    is_map: bool,
    left: usize,
    segment: Segment<'a>,
}

/// One step of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Segment<'a> {
    Field(&'a str),
    /// The value of a key that is not a str.
    Key,
    Position(u64),
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
    path: Vec<Segment<'a>>,
    node: Node<'a>,
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
        let mut path = String::new();
        for segment in &self.path {
            match segment {
                Segment::Position(position) => path.push_str(&format!("[{position}]")),
                Segment::Field(_) | Segment::Key => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    match segment {
                        Segment::Field(name) => path.push_str(&printable(name)),
                        _ => path.push_str("<key>"),
                    }
                }
            }
        }
        path
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

/// One line without the path: the kind, dtype, shape, order and byte range. Never content.
impl fmt::Display for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())?;
        match &self.node {
            Node::Str(text) => write!(f, ", {} bytes", text.len())?,
            Node::Bytes(bytes) => write!(f, ", {} bytes", bytes.len())?,
            Node::List(count) => write!(f, ", {count} elements")?,
            Node::Map(entries) => write!(f, ", {entries} entries")?,
            Node::Array(_) | Node::Rows(_) => {
                match &self.node {
                    Node::Rows(wire::Rows { schema: RowSchema::Optional(_), .. }) => f.write_str(" optional")?,
                    Node::Rows(wire::Rows { schema: RowSchema::Record(schema), .. }) => {
                        write!(f, " {}", schema.shown(false))?;
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
            Some(range) => write!(f, ", bytes {}..{}", range.start, range.end),
            None => Ok(()),
        }
    }
}

/// Path and line, never content.
impl fmt::Debug for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Entry({:?}, {:?})", self.path(), format!("{self}"))
    }
}

impl<'a> Entries<'a> {
    /// The next node, or none when all have been read.
    fn read(&mut self) -> Option<Entry<'a>> {
        let reader = self.reader.as_mut()?;
        while self.open.last().is_some_and(|open| open.left == 0) {
            self.open.pop();
            reader.close();
        }
        if let Some(open) = self.open.last_mut() {
            open.left -= 1;
            if open.is_map {
                let key = reader.offset();
                reader.skip().ok()?;
                open.segment = reader.str_at(key).map_or(Segment::Key, Segment::Field);
            } else if let Segment::Position(position) = &mut open.segment {
                *position = position.wrapping_add(1);
            }
        }
        let path = self.open.iter().map(|open| open.segment).collect();
        let node = reader.node().ok()?;
        match node {
            Node::List(count) => {
                // One before the first.
                self.open.push(Open { is_map: false, left: count, segment: Segment::Position(u64::MAX) });
            }
            Node::Map(entries) => self.open.push(Open { is_map: true, left: entries, segment: Segment::Key }),
            Node::Some => {
                // What it holds is nil, at some depth: nothing to be shown of it.
                reader.skip().ok()?;
                reader.close();
            }
            Node::Rows(rows) => reader.skip_node_part(&rows).ok()?,
            _ => {}
        }
        if self.open.is_empty() {
            self.reader = None;
        }
        Some(Entry { path, node })
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = Entry<'a>;

    fn next(&mut self) -> Option<Entry<'a>> {
        let entry = self.read();
        if entry.is_none() {
            self.reader = None;
        }
        entry
    }
}

impl fmt::Debug for Entries<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entries").finish_non_exhaustive()
    }
}
