//! The fields that the rows of a table have in common.

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::dtype::DType;
use crate::value::Value;
use crate::wire::{RecordSchema, StepKind};

/// The fields, each tuple and map before what is in it.
#[derive(Clone)]
pub(super) struct Fields<'a>(Vec<Field<'a>>);

#[derive(Clone)]
struct Field<'a> {
    /// The place of the tuple or map that it stands in; none if that is the row.
    parent: Option<usize>,
    /// In a tuple its position.
    name: Cow<'a, str>,
    content: Content,
}

#[derive(Clone)]
pub(super) enum Content {
    /// A tuple or map, which is no column: its fields follow.
    Container,
    Packed(Packed),
    /// Of node leaves, and of lists that are not packed.
    Values(Values),
}

/// A column of packed elements.
#[derive(Clone)]
pub(super) struct Packed {
    pub(super) dtype: DType,
    /// Of one cell.
    pub(super) shape: Vec<usize>,
    pub(super) is_optional: bool,
    /// Where the cell is in a row, and its bytes.
    pub(super) offset: usize,
    pub(super) width: usize,
}

/// A column of values.
#[derive(Clone, Default)]
pub(super) struct Values {
    /// Each with its row. Rows that are left out have nil.
    pub(super) cells: Vec<(usize, Value)>,
    /// A row has the name more than once, and here nil.
    pub(super) is_ambiguous: bool,
}

impl Values {
    pub(super) fn put(&mut self, row: usize, value: Value) {
        match self.cells.last_mut() {
            None => self.cells = Vec::from([(row, value)]),
            Some((last, cell)) if *last == row => {
                self.is_ambiguous = true;
                *cell = Value::Nil;
            }
            Some(_) => self.cells.push((row, value)),
        }
    }
}

impl<'a> Fields<'a> {
    /// Of packed rows. Their nodes are yet to be put.
    pub(super) fn of_schema(schema: RecordSchema<'a>) -> Self {
        // The tuples and maps around a step, each with how many steps directly in it have come. The row itself is the first.
        let (mut fields, mut around, mut offset) = (Vec::new(), Vec::from([(None, 0)]), 0);
        for step in schema.steps() {
            around.truncate(step.levels() - 1);
            let Some((parent, position)) = around.last_mut() else { break };
            let parent = *parent;
            let name = match step.name {
                "" => position.to_string().into(),
                name => name.into(),
            };
            *position += 1;
            let width = usize::try_from(step.kind.width()).unwrap_or(usize::MAX);
            let packed =
                |dtype, shape, is_optional| Content::Packed(Packed { dtype, shape, is_optional, offset, width });
            let content = match step.kind {
                StepKind::Scalar(dtype) => packed(dtype, Vec::new(), false),
                StepKind::Optional(dtype) => packed(dtype, Vec::new(), true),
                StepKind::Subarray(dtype, dims) => {
                    packed(dtype, dims.iter().map(|dim| usize::try_from(dim).unwrap_or(usize::MAX)).collect(), false)
                }
                StepKind::Node => Content::Values(Values::default()),
                StepKind::Tuple(_) | StepKind::Map(_) => {
                    around.push((Some(fields.len()), 0));
                    Content::Container
                }
            };
            fields.push(Field { parent, name, content });
            offset += width;
        }
        Fields(fields)
    }

    /// Of maps, which all rows are: the fields of the first.
    pub(super) fn of_rows(rows: Vec<Value>) -> Self {
        let mut fields = Fields(Vec::new());
        fields.gather(None, false, &mut rows.into_iter().enumerate());
        fields
    }

    /// Puts what the maps hold under the names of the first map, and so on in the maps in it. Each name is looked at once.
    /// If a row has the name of the maps more than once, all that is in them is ambiguous.
    fn gather(&mut self, parent: Option<usize>, is_ambiguous: bool, maps: &mut dyn Iterator<Item = (usize, Value)>) {
        let mut columns: Vec<(String, Values)> = Vec::new();
        let mut places = BTreeMap::new();
        let mut is_first = true;
        for (row, value) in maps {
            let Value::Map(mut map) = value else { continue };
            for (key, value) in core::mem::take(map.entries_mut()) {
                let Value::Str(name) = key else { continue };
                let place = match places.get(&name) {
                    Some(&place) => place,
                    None if is_first => {
                        columns.push((name.clone(), Values::default()));
                        places.insert(name, columns.len() - 1);
                        columns.len() - 1
                    }
                    None => continue,
                };
                columns[place].1.put(row, value);
            }
            is_first = false;
        }
        for (name, mut values) in columns {
            values.is_ambiguous |= is_ambiguous;
            let place = self.0.len();
            let mut field = Field { parent, name: name.into(), content: Content::Container };
            if let Some((_, Value::Map(_))) = values.cells.first() {
                self.0.push(field);
                self.gather(Some(place), values.is_ambiguous, &mut values.cells.into_iter());
            } else {
                field.content = Content::Values(values);
                self.0.push(field);
            }
        }
    }

    /// The columns of node leaves, in the order of the schema.
    pub(super) fn node_leaves(&mut self) -> Vec<&mut Values> {
        fn values<'f>(field: &'f mut Field<'_>) -> Option<&'f mut Values> {
            match &mut field.content {
                Content::Values(values) => Some(values),
                _ => None,
            }
        }
        self.0.iter_mut().filter_map(values).collect()
    }

    /// The contents, each at its place.
    pub(super) fn contents(&self) -> impl Iterator<Item = (usize, &Content)> {
        self.0.iter().map(|field| &field.content).enumerate()
    }

    /// The names on the way to a field, with a dot between. They are joined when they are asked for: all of them at once could take
    /// many times what the names do.
    pub(super) fn name(&self, place: usize) -> Cow<'_, str> {
        let way = || core::iter::successors(self.0.get(place), |field| self.0.get(field.parent?));
        match way().count() {
            0 | 1 => way().next().map_or("", |field| &field.name).into(),
            _ => {
                let mut names: Vec<&str> = way().map(|field| &*field.name).collect();
                names.reverse();
                names.join(".").into()
            }
        }
    }

    /// Whether a field has that name.
    pub(super) fn is_named(&self, place: usize, name: &str) -> bool {
        let Some(field) = self.0.get(place) else { return false };
        let Some(before) = name.strip_suffix(&*field.name) else { return false };
        match field.parent {
            None => before.is_empty(),
            Some(parent) => before.strip_suffix('.').is_some_and(|path| self.is_named(parent, path)),
        }
    }
}
