//! Columns of a list that was read.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::column::{Cells, Column, PackedCells};
use super::fields::{Content, Fields};
use crate::error::{Error, ErrorKind, Result, printable};
use crate::token;
use crate::value::{Value, parse, read_part};
use crate::wire::{Node, Reader, RowSchema};

/// Names that are shown at most.
const NAMES_SHOWN: usize = 16;

/// A list of structs or maps, read by its columns without making the structs.
///
/// Rows are borrowed from the value. A list that is no rows (an empty `Vec`, or one whose structs differ) is read as [`Value`]s, so that
/// it has the same columns. From other formats it can be read, too. A field of this type needs `#[serde(borrow)]`.
///
/// ```
/// use ndwire::TableView;
///
/// #[derive(serde::Serialize)]
/// struct Sample { ts: i64, x: f32, ok: bool }
///
/// let samples: Vec<Sample> = (0..100).map(|i| Sample { ts: i, x: 0.5 * i as f32, ok: true }).collect();
/// let bytes = ndwire::to_vec(&samples)?;
///
/// let table: TableView = ndwire::from_slice(&bytes)?;
/// let names: Vec<String> = table.columns().iter().map(|column| column.name().into()).collect();
/// assert_eq!((table.len(), names.join(" ")), (100, "ts x ok".into()));
/// let sum: f32 = table.column("x")?.iter::<f32>()?.sum();
/// assert_eq!(sum, 2475.0);
/// # Ok::<(), ndwire::Error>(())
/// ```
#[derive(Clone)]
pub struct TableView<'a> {
    len: usize,
    stride: usize,
    /// The packed rows.
    fixed: &'a [u8],
    fields: Fields<'a>,
}

impl<'a> TableView<'a> {
    /// How many rows.
    ///
    /// ```
    /// let bytes = ndwire::to_vec(&[(); 0])?;
    /// assert_eq!(ndwire::from_slice::<ndwire::TableView>(&bytes)?.len(), 0);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no row.
    ///
    /// ```
    /// let bytes = ndwire::to_vec(&[(); 0])?;
    /// assert!(ndwire::from_slice::<ndwire::TableView>(&bytes)?.is_empty());
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes from one row to the next in [`bytes`](TableView::bytes); 0 if the list is not packed.
    ///
    /// ```
    /// let bytes = ndwire::to_vec(&ndwire::Columns::new().with("a", &[1u8, 2]).with("b", &[1u16, 2]))?;
    /// assert_eq!(ndwire::from_slice::<ndwire::TableView>(&bytes)?.stride(), 3);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn stride(&self) -> usize {
        self.stride
    }

    /// The packed rows as they stand in the value: a NumPy structured array. Empty if the list is not packed.
    ///
    /// ```
    /// let bytes = ndwire::to_vec(&ndwire::Columns::new().with("a", &[1u8, 2]).with("b", &[3u16, 4]))?;
    /// let table: ndwire::TableView = ndwire::from_slice(&bytes)?;
    /// assert_eq!(table.bytes(), [1, 3, 0, 2, 4, 0]);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn bytes(&self) -> &'a [u8] {
        self.fixed
    }

    /// The columns in the order of the fields; those of a nested struct one by one, with a dot between the names; those of a nested
    /// tuple, too, whose places are numbered from 0 (`p.0`), unless it is an array, which is one column. A list that is not packed has
    /// the fields of its first row.
    ///
    /// ```
    /// let bytes = ndwire::to_vec(&ndwire::Columns::new().with("a", &[1u8, 2]))?;
    /// let table: ndwire::TableView = ndwire::from_slice(&bytes)?;
    /// assert_eq!(table.columns()[0].dtype(), Some(ndwire::DType::U8));
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn columns(&self) -> Vec<Column<'_>> {
        self.each_column().collect()
    }

    /// A column by its name. An empty list, which has no columns, has every column; rows of no element have theirs.
    ///
    /// ```
    /// let bytes = ndwire::to_vec(&ndwire::Columns::new().with("a", &[1u8, 2]))?;
    /// let table: ndwire::TableView = ndwire::from_slice(&bytes)?;
    /// assert_eq!(table.column("a")?.to_vec::<u8>()?, [1, 2]);
    /// assert_eq!(table.column("b").unwrap_err().to_string(), "table has no column `b`: found `a`");
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// Of kind [`MissingField`](ErrorKind::MissingField) if there is no such column, [`DuplicateField`](ErrorKind::DuplicateField) if the
    /// name stands there more than once: twice in a row, or as `a.b` beside a `b` in `a`.
    pub fn column(&self, name: &str) -> Result<Column<'_>> {
        if self.is_empty() && self.each_column().next().is_none() {
            return Ok(Column::without_rows(name));
        }
        let mut found = self.each_column().filter(|column| column.is_named(name));
        match (found.next(), found.next()) {
            (Some(column), None) => column.unambiguous(),
            (Some(column), Some(_)) => Err(column.ambiguous()),
            (None, _) => {
                let mut found = String::new();
                for column in self.each_column().take(NAMES_SHOWN) {
                    found.push_str(if found.is_empty() { "found `" } else { ", `" });
                    found.push_str(&printable(&column.name()));
                    found.push('`');
                }
                let message = format!("table has no column `{}`: {found}", printable(name));
                Err(Error::new(ErrorKind::MissingField, message))
            }
        }
    }

    fn each_column(&self) -> impl Iterator<Item = Column<'_>> {
        self.fields.contents().filter_map(|(place, content)| {
            let cells = match content {
                Content::Container => return None,
                Content::Packed(packed) => {
                    Cells::Packed(PackedCells { packed, stride: self.stride, fixed: self.fixed })
                }
                Content::Values(values) => Cells::Values(values),
            };
            Some(Column::new(&self.fields, place, self.len, cells))
        })
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for TableView<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> core::result::Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(token::VALUE, RowsVisitor)
    }
}

/// From this crate's deserializer comes the place of the node, from any other the content.
struct RowsVisitor;

impl<'de> Visitor<'de> for RowsVisitor {
    type Value = TableView<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of structs or maps")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> core::result::Result<TableView<'de>, D::Error> {
        Value::deserialize(deserializer).and_then(|value| table_of(value).map_err(de::Error::custom))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, access: A) -> core::result::Result<TableView<'de>, A::Error> {
        let (value, place) = token::read_place(access)?;
        read(value, place).map_err(de::Error::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> core::result::Result<TableView<'de>, A::Error> {
        read_part(map).and_then(|value| table_of(value).map_err(de::Error::custom))
    }
}

fn read(value: &[u8], place: [u64; 3]) -> Result<TableView<'_>> {
    let mut reader = Reader::resume(value, place);
    if let Ok(Node::Rows(rows)) = reader.node()
        && let RowSchema::Record(schema) = rows.schema
        && schema.is_map()
    {
        let mut fields = Fields::of_schema(schema);
        let mut leaves = fields.node_leaves();
        let (mut row, mut leaf) = (0, 0);
        reader.each_node_leaf(&rows, |reader| {
            leaves[leaf].put(row, parse(reader)?);
            leaf += 1;
            if leaf == leaves.len() {
                (row, leaf) = (row + 1, 0);
            }
            Ok(())
        })?;
        let len = usize::try_from(rows.count).unwrap_or(usize::MAX);
        let stride = usize::try_from(schema.width()).unwrap_or(usize::MAX);
        return Ok(TableView { len, stride, fixed: rows.fixed, fields });
    }
    table_of(parse(&mut Reader::resume(value, place))?)
}

fn table_of<'a>(value: Value) -> Result<TableView<'a>> {
    let is_map = |value: &Value| matches!(value, Value::Map(_));
    if let Value::List(mut list) = value
        && list.get(0).is_none_or(|first| is_map(&first))
    {
        let rows = core::mem::take(list.to_mut());
        if rows.iter().all(is_map) {
            return Ok(TableView { len: rows.len(), stride: 0, fixed: &[], fields: Fields::of_rows(rows) });
        }
    }
    Err(Error::new(ErrorKind::TypeMismatch, "found another value, expected a list of structs or maps"))
}

/// The number of rows and the first names of columns, never content.
impl fmt::Debug for TableView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TableView").field("len", &self.len()).field("columns", &Names(self)).finish()
    }
}

struct Names<'t>(&'t TableView<'t>);

impl fmt::Debug for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names = f.debug_list();
        for column in self.0.each_column().take(NAMES_SHOWN) {
            names.entry(&format_args!("\"{}\"", printable(&column.name())));
        }
        match self.0.each_column().skip(NAMES_SHOWN).count() {
            0 => names.finish(),
            more => names.entry(&format_args!("… {more} more")).finish(),
        }
    }
}
