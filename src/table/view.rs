//! Columns of a list that was read.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::de::{self, Deserialize, Deserializer, SeqAccess, Visitor};

use super::column::{Cells, Column, Packed};
use crate::error::{Error, ErrorKind, Result, printable};
use crate::token;
use crate::value::{Value, parse};
use crate::wire::{Node, Reader, RecordSchema, RowSchema, StepKind};

/// A list of structs or maps, read by its columns without making the structs.
///
/// Rows are borrowed from the value. A list that is no rows (one without elements, or of one, or whose structs differ) is read as
/// [`Value`]s, so that it has the same columns. From other formats it can be read, too. A field of this type needs
/// `#[serde(borrow)]`.
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
    rows: Rows<'a>,
}

#[derive(Clone)]
enum Rows<'a> {
    Packed { schema: RecordSchema<'a>, count: usize, fixed: &'a [u8], nodes: Vec<Value> },
    Plain(Vec<Value>),
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
        match &self.rows {
            Rows::Packed { count, .. } => *count,
            Rows::Plain(values) => values.len(),
        }
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
        match &self.rows {
            Rows::Packed { schema, .. } => usize::try_from(schema.width()).unwrap_or(usize::MAX),
            Rows::Plain(_) => 0,
        }
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
        match &self.rows {
            Rows::Packed { fixed, .. } => fixed,
            Rows::Plain(_) => &[],
        }
    }

    /// The columns in the order of the fields; those of a nested struct one by one, with a dot between the names. A list that is not
    /// packed has the fields of its first row.
    ///
    /// ```
    /// let bytes = ndwire::to_vec(&ndwire::Columns::new().with("a", &[1u8, 2]))?;
    /// let table: ndwire::TableView = ndwire::from_slice(&bytes)?;
    /// assert_eq!(table.columns()[0].dtype(), Some(ndwire::DType::U8));
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn columns(&self) -> Vec<Column<'a>> {
        match &self.rows {
            Rows::Packed { schema, count, fixed, nodes } => packed_columns(*schema, *count, fixed, nodes),
            Rows::Plain(values) => plain_columns(values),
        }
    }

    /// A column by its name. A list without elements has every column.
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
    /// Of kind [`MissingField`](ErrorKind::MissingField) if there is no such column.
    pub fn column(&self, name: &str) -> Result<Column<'a>> {
        if self.is_empty() {
            return Ok(Column { name: name.to_owned(), cells: Cells::Values(Vec::new()) });
        }
        let mut columns = self.columns();
        match columns.iter().position(|column| column.name == name) {
            Some(index) => Ok(columns.swap_remove(index)),
            None => {
                let mut found = String::new();
                for column in columns.iter().take(16) {
                    found.push_str(if found.is_empty() { "found `" } else { ", `" });
                    found.push_str(&printable(&column.name));
                    found.push('`');
                }
                let message = format!("table has no column `{}`: {found}", printable(name));
                Err(Error::new(ErrorKind::MissingField, message))
            }
        }
    }
}

fn packed_columns<'a>(schema: RecordSchema<'a>, count: usize, fixed: &'a [u8], nodes: &[Value]) -> Vec<Column<'a>> {
    let stride = usize::try_from(schema.width()).unwrap_or(usize::MAX);
    let (mut columns, mut path, mut offset, mut node) = (Vec::new(), Vec::new(), 0, 0);
    for step in schema.steps() {
        path.truncate(step.levels().saturating_sub(2));
        path.push(step.name);
        let width = usize::try_from(step.kind.width()).unwrap_or(usize::MAX);
        let packed = |dtype, shape, is_optional| {
            Cells::Packed(Packed { dtype, shape, is_optional, offset, width, stride, fixed, count })
        };
        let cells = match step.kind {
            StepKind::Scalar(dtype) => packed(dtype, Vec::new(), false),
            StepKind::Optional(dtype) => packed(dtype, Vec::new(), true),
            StepKind::Subarray(dtype, dims) => {
                packed(dtype, dims.iter().map(|dim| usize::try_from(dim).unwrap_or(usize::MAX)).collect(), false)
            }
            StepKind::Node => {
                let values = nodes.iter().skip(node).step_by(schema.node_leaves().max(1)).cloned().collect();
                node += 1;
                Cells::Values(values)
            }
            StepKind::Map(_) => continue,
        };
        columns.push(Column { name: path.join("."), cells });
        offset += width;
    }
    columns
}

fn plain_columns<'a>(values: &[Value]) -> Vec<Column<'a>> {
    let Some(Value::Map(first)) = values.first() else { return Vec::new() };
    let names = first.entries().iter().filter_map(|(key, _)| key.as_str());
    let column = |name: &str| {
        let cells = values.iter().map(|row| match row {
            Value::Map(row) => row.get(name).ok().flatten().cloned().unwrap_or(Value::Nil),
            _ => Value::Nil,
        });
        Column { name: name.to_owned(), cells: Cells::Values(cells.collect()) }
    };
    names.flat_map(|name| flattened(column(name))).collect()
}

/// The columns of a column of maps.
fn flattened(column: Column<'_>) -> Vec<Column<'_>> {
    match &column.cells {
        Cells::Values(values) if matches!(values.first(), Some(Value::Map(_))) => {
            let prefixed = |inner: Column<'static>| Column { name: format!("{}.{}", column.name, inner.name), ..inner };
            plain_columns(values).into_iter().map(prefixed).collect()
        }
        _ => Vec::from([column]),
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
}

fn read(value: &[u8], place: [u64; 3]) -> Result<TableView<'_>> {
    let mut reader = Reader::resume(value, place);
    if let Ok(Node::Rows(rows)) = reader.node()
        && let RowSchema::Record(schema) = rows.schema
        && schema.is_map()
    {
        let mut nodes = Vec::new();
        reader.each_node_leaf(&rows, |reader| {
            nodes.push(parse(reader)?);
            Ok(())
        })?;
        let count = usize::try_from(rows.count).unwrap_or(usize::MAX);
        return Ok(TableView { rows: Rows::Packed { schema, count, fixed: rows.fixed, nodes } });
    }
    table_of(parse(&mut Reader::resume(value, place))?)
}

fn table_of<'a>(value: Value) -> Result<TableView<'a>> {
    if let Value::List(mut list) = value {
        let values = core::mem::take(list.to_mut());
        if values.iter().all(|value| matches!(value, Value::Map(_))) {
            return Ok(TableView { rows: Rows::Plain(values) });
        }
    }
    Err(Error::new(ErrorKind::TypeMismatch, "found another value, expected a list of structs or maps"))
}

/// The number of rows and the columns' names, never content.
impl fmt::Debug for TableView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self.columns().into_iter().map(|column| column.name).collect();
        f.debug_struct("TableView").field("len", &self.len()).field("columns", &names).finish()
    }
}
