//! The columns of a list.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Deref;

use serde::de::{self, Deserialize, Deserializer};

use super::column::{Column, Name, Packed, Source, Values};
use crate::error::{Error, ErrorKind, Result, printable};
use crate::value::{Borrowed, List, Map, Schema, ValueView};

/// Names that are shown at most.
const NAMES_SHOWN: usize = 16;

/// A list of structs or maps, read by its columns without making the structs: [`List`] has its methods.
///
/// What a list borrows is borrowed. A list that is no rows (an empty `Vec`, or one whose structs differ) has the same columns. From other
/// formats it can be read, too. A field of this type needs `#[serde(borrow)]`.
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
pub struct TableView<'a>(List<'a>);

impl<'a> Deref for TableView<'a> {
    type Target = List<'a>;

    fn deref(&self) -> &List<'a> {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for TableView<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> core::result::Result<Self, D::Error> {
        if let Borrowed(ValueView::List(list)) = Borrowed::deserialize(deserializer)? {
            let has_maps = match (list.schema(), list.values()) {
                (Some(schema), _) => matches!(schema, Schema::Map(_)),
                (None, values) => values.unwrap_or_default().iter().all(|value| matches!(value, ValueView::Map(_))),
            };
            if has_maps {
                return Ok(TableView(list));
            }
        }
        let message = "found another value, expected a list of structs or maps";
        Err(de::Error::custom(Error::new(ErrorKind::TypeMismatch, message)))
    }
}

/// Of lists of structs or maps. A list of anything else has no columns.
impl List<'_> {
    /// The columns in the order of the fields; those of a nested struct one by one, with a dot between the names; those of a nested
    /// tuple in rows, too, whose places are numbered from 0 (`p.0`), unless it is an array, which is one column. A list that is not
    /// packed has the fields of its first row.
    ///
    /// ```
    /// let bytes = ndwire::to_vec(&ndwire::Columns::new().with("a", &[1u8, 2]))?;
    /// let table: ndwire::TableView = ndwire::from_slice(&bytes)?;
    /// assert_eq!(table.columns()[0].dtype(), Some(ndwire::DType::U8));
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn columns(&self) -> Vec<Column<'_>> {
        let mut found = Vec::new();
        Search { list: self, found: &mut |column| found.push(column) }.list(Wanted::Any);
        found
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
    /// Of kind [`MissingField`](ErrorKind::MissingField) if there is no such column, [`DuplicateField`](ErrorKind::DuplicateField) if it is
    /// there more than once: twice in a row, or as `a.b` beside a `b` in `a`.
    pub fn column(&self, name: &str) -> Result<Column<'_>> {
        if self.is_empty() && self.schema().is_none() {
            return Ok(Column::without_rows(name));
        }
        let (mut first, mut second) = (None, None);
        let found = &mut |column| if first.is_none() { first = Some(column) } else { second = Some(column) };
        Search { list: self, found }.list(Wanted::Named(name));
        match (first, second) {
            (Some(column), None) => column.unambiguous(),
            (Some(column), Some(_)) => Err(column.ambiguous()),
            (None, _) => {
                let mut found = String::new();
                for_first_names(self, &mut |name| {
                    found.push_str(if found.is_empty() { "found `" } else { ", `" });
                    found.push_str(name);
                    found.push('`');
                });
                let message = format!("table has no column `{}`: {found}", printable(name));
                Err(Error::new(ErrorKind::MissingField, message))
            }
        }
    }
}

/// Shows the first names of columns, and says how many more there are.
fn for_first_names(list: &List<'_>, show: &mut dyn FnMut(&str)) -> usize {
    let mut count = 0;
    let found = &mut |column: Column<'_>| {
        count += 1;
        if count <= NAMES_SHOWN {
            show(&printable(&column.name()));
        }
    };
    Search { list, found }.list(Wanted::Any);
    count.saturating_sub(NAMES_SHOWN)
}

/// Which columns are looked for.
#[derive(Clone, Copy)]
enum Wanted<'n> {
    Any,
    /// Those of that name, from here on.
    Named(&'n str),
}

impl<'n> Wanted<'n> {
    /// Whether a field of that name is wanted as a column, and what is wanted inside it.
    fn of(self, field: &str) -> (bool, Option<Self>) {
        match self {
            Wanted::Any => (true, Some(Wanted::Any)),
            Wanted::Named(name) => match name.strip_prefix(field) {
                Some("") => (true, None),
                Some(rest) => (false, rest.strip_prefix('.').map(Wanted::Named)),
                None => (false, None),
            },
        }
    }
}

/// A way through the fields of a list. Those of maps are the fields of the first row.
struct Search<'s, 'a> {
    list: &'a List<'a>,
    found: &'s mut dyn FnMut(Column<'a>),
}

impl<'a> Search<'_, 'a> {
    fn list(&mut self, wanted: Wanted<'_>) {
        match (self.list.schema(), self.list.values()) {
            (Some(row @ Schema::Map(_)), _) => {
                let mut place = Place { bytes: 0, nodes: 0, row_width: row.width(), row_nodes: row.nodes() };
                self.schema(None, wanted, row, &mut place);
            }
            (None, Some(values)) => {
                if let Some(ValueView::Map(first)) = values.first() {
                    self.inside(None, wanted, first, Values { values, start: 0, stride: 1, names: 0 });
                }
            }
            _ => {}
        }
    }

    /// A tuple or map of all rows, by its schema.
    fn schema(&mut self, around: Option<&Arc<Name<'a>>>, wanted: Wanted<'_>, schema: &'a Schema, place: &mut Place) {
        match schema {
            Schema::Map(inner) => {
                inner.iter().for_each(|(name, schema)| self.part(around, wanted, name.into(), schema, place));
            }
            Schema::Tuple(inner) => {
                let names = (0..inner.len()).map(|position| position.to_string().into());
                names.zip(inner).for_each(|(name, schema)| self.part(around, wanted, name, schema, place));
            }
            _ => {}
        }
    }

    fn part(
        &mut self,
        around: Option<&Arc<Name<'a>>>,
        wanted: Wanted<'_>,
        name: Cow<'a, str>,
        schema: &'a Schema,
        place: &mut Place,
    ) {
        let (column, inside) = wanted.of(&name);
        match schema {
            Schema::Tuple(_) | Schema::Map(_) => {
                if let Some(inside) = inside {
                    let name = Arc::new(Name { around: around.cloned(), own: name });
                    return self.schema(Some(&name), inside, schema, place);
                }
            }
            Schema::Node => {
                let values =
                    Values { values: self.list.nodes(), start: place.nodes, stride: place.row_nodes, names: 0 };
                self.values(Name { around: around.cloned(), own: name }, (column, inside), values.get(0), values);
            }
            leaf if column => {
                let packed = Packed { list: self.list, leaf, stride: place.row_width, offset: place.bytes };
                let name = Name { around: around.cloned(), own: name };
                (self.found)(Column::new(name, self.list.len(), Source::Packed(packed)));
            }
            _ => {}
        }
        place.bytes += schema.width();
        place.nodes += schema.nodes();
    }

    /// The values of a field: a column, or if the first is a map, columns of its own.
    fn values(
        &mut self,
        name: Name<'a>,
        (column, inside): (bool, Option<Wanted<'_>>),
        first: Option<&'a ValueView<'a>>,
        values: Values<'a>,
    ) {
        match (first, inside, column) {
            (Some(ValueView::Map(first)), Some(inside), _) => self.inside(Some(&Arc::new(name)), inside, first, values),
            (Some(ValueView::Map(_)), ..) | (_, _, false) => {}
            _ => (self.found)(Column::new(name, self.list.len(), Source::Values(values))),
        }
    }

    /// What maps hold under the names of the first of them.
    fn inside(&mut self, around: Option<&Arc<Name<'a>>>, wanted: Wanted<'_>, first: &'a Map<'a>, values: Values<'a>) {
        let repeated = repeated(first);
        let values = Values { names: values.names + 1, ..values };
        for (index, (key, value)) in first.entries().iter().enumerate() {
            let Some(name) = key.as_str() else { continue };
            let (column, inside) = wanted.of(name);
            let found = repeated.binary_search_by_key(&index, |(index, _)| *index).ok();
            let once = match found.and_then(|place| repeated.get(place)) {
                None => Some(value),
                Some((_, true)) => None,
                Some((_, false)) => continue,
            };
            if column || inside.is_some() {
                self.values(Name { around: around.cloned(), own: name.into() }, (column, inside), once, values);
            }
        }
    }
}

/// The entries of a map whose name is there more than once, and whether each is the first of them.
fn repeated(map: &Map<'_>) -> Vec<(usize, bool)> {
    let name = |index: u32| map.entries().get(index as usize).and_then(|(key, _)| key.as_str());
    let mut sorted: Vec<u32> = (0..u32::try_from(map.entries().len()).unwrap_or(u32::MAX)).collect();
    sorted.retain(|&index| name(index).is_some());
    sorted.sort_by(|&one, &other| name(one).cmp(&name(other)).then(one.cmp(&other)));
    let mut repeated = Vec::new();
    for same in sorted.chunk_by(|&one, &other| name(one) == name(other)).filter(|same| same.len() > 1) {
        repeated.extend(same.iter().enumerate().map(|(place, &index)| (index as usize, place == 0)));
    }
    repeated.sort_unstable();
    repeated
}

/// Where a part of a row begins, as bytes of the fixed part and as nodes, and how much of both a whole row has.
struct Place {
    bytes: usize,
    nodes: usize,
    row_width: usize,
    row_nodes: usize,
}

/// The number of rows and the first names of columns, never content.
impl fmt::Debug for TableView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TableView").field("len", &self.len()).field("columns", &Names(self)).finish()
    }
}

struct Names<'t>(&'t List<'t>);

impl fmt::Debug for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names = f.debug_list();
        let more = for_first_names(self.0, &mut |name| {
            names.entry(&format_args!("\"{name}\""));
        });
        match more {
            0 => names.finish(),
            more => names.entry(&format_args!("… {more} more")).finish(),
        }
    }
}
