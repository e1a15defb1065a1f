//! Rows that are maps or tuples.

use alloc::vec::Vec;
use core::cell::Cell;

use serde::de::{self, DeserializeSeed, Visitor};

use super::access::{check_entries_read, check_read};
use super::deserializer::Deserializer;
use super::field::{Field, Name};
use crate::dtype::DType;
use crate::error::{Error, ErrorKind, Result};
use crate::wire::{Dims, RecordSchema, Rows, StepKind, MAP_LIMIT};

/// Rows of maps or tuples as a list of these.
pub(super) fn records_visit<'de, V: Visitor<'de>>(
    schema: RecordSchema<'de>,
    rows: &Rows<'de>,
    deserializer: &mut Deserializer<'de>,
    visitor: V,
) -> Result<V::Value> {
    let (root, inner) = plan(schema);
    // Each row takes a byte that is there, so their number fits this machine.
    let count = usize::try_from(rows.count).unwrap_or(usize::MAX);
    let unread = Cell::new(0);
    let access = RowsAccess {
        rows: Elements { position: 0, count, unread: &unread },
        root: &root,
        inner: &inner,
        fixed: rows.fixed,
        deserializer,
    };
    let value = visitor.visit_seq(access)?;
    check_read(unread.get())?;
    Ok(value)
}

/// A step of a schema, as reading one row after the other needs it.
pub(super) struct PlanStep<'de> {
    pub(super) name: &'de str,
    pub(super) kind: Kind,
    /// Of a map or tuple.
    pub(super) entries: usize,
    /// Bytes in the fixed part, with all that is inside.
    pub(super) width: usize,
    /// How many of the next steps are inside.
    pub(super) inner: usize,
    /// How much deeper than the rows node it stands.
    pub(super) levels: usize,
    /// Of a subarray.
    pub(super) dims: Dims<'de>,
}

#[derive(Clone, Copy)]
pub(super) enum Kind {
    Scalar(DType),
    Optional(DType),
    Subarray(DType),
    Node,
    Map,
    /// Only as the whole row.
    Tuple,
}

/// A whole row, and the steps inside it.
fn plan(schema: RecordSchema<'_>) -> (PlanStep<'_>, Vec<PlanStep<'_>>) {
    let mut root = PlanStep {
        name: "",
        kind: if schema.is_map() { Kind::Map } else { Kind::Tuple },
        entries: schema.entries(),
        width: 0,
        inner: 0,
        levels: 1,
        dims: Dims::NONE,
    };
    let mut steps: Vec<PlanStep<'_>> = Vec::with_capacity(schema.entries());
    // The maps around the step, without the root.
    let mut open = [0; MAP_LIMIT];
    for step in schema.steps() {
        // A row is there, so its leaves fit memory.
        let width = usize::try_from(step.kind.width()).unwrap_or(usize::MAX);
        let around = step.levels().saturating_sub(2);
        for &map in open.iter().take(around) {
            steps[map].width += width;
            steps[map].inner += 1;
        }
        root.width += width;
        root.inner += 1;
        let (kind, entries, dims) = match step.kind {
            StepKind::Scalar(dtype) => (Kind::Scalar(dtype), 0, Dims::NONE),
            StepKind::Optional(dtype) => (Kind::Optional(dtype), 0, Dims::NONE),
            StepKind::Subarray(dtype, dims) => (Kind::Subarray(dtype), 0, dims),
            StepKind::Node => (Kind::Node, 0, Dims::NONE),
            StepKind::Map(entries) => {
                if let Some(place) = open.get_mut(around) {
                    *place = steps.len();
                }
                (Kind::Map, entries, Dims::NONE)
            }
        };
        steps.push(PlanStep { name: step.name, kind, entries, width, inner: 0, levels: step.levels(), dims });
    }
    (root, steps)
}

/// How far a sequence has been read. What is left is said when the visitor drops the sequence, which it gets by value: so the loop
/// over it keeps its place in registers.
struct Elements<'r> {
    position: usize,
    count: usize,
    unread: &'r Cell<usize>,
}

impl Elements<'_> {
    #[inline]
    fn left(&self) -> usize {
        self.count - self.position
    }

    /// The position of the next element, if there is one.
    #[inline]
    fn next(&mut self) -> Option<usize> {
        let position = self.position;
        if position == self.count {
            return None;
        }
        self.position += 1;
        Some(position)
    }
}

impl Drop for Elements<'_> {
    #[inline]
    fn drop(&mut self) {
        self.unread.set(self.left());
    }
}

#[cold]
fn in_element(error: Error, position: usize) -> Error {
    error.in_element(position as u64)
}

/// The rows.
struct RowsAccess<'r, 'a, 'de> {
    rows: Elements<'r>,
    root: &'r PlanStep<'de>,
    inner: &'r [PlanStep<'de>],
    /// Of the rows that are left.
    fixed: &'de [u8],
    deserializer: &'a mut Deserializer<'de>,
}

impl<'de> de::SeqAccess<'de> for RowsAccess<'_, '_, 'de> {
    type Error = Error;

    #[inline]
    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>> {
        let Some(position) = self.rows.next() else { return Ok(None) };
        let (fixed, rest) = self.fixed.split_at(self.root.width);
        self.fixed = rest;
        match seed.deserialize(Field::new(self.root, self.inner, fixed, &mut *self.deserializer)) {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(in_element(error, position)),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rows.left())
    }
}

/// What is inside a row, or a map in it: the steps that are left, and their bytes in the fixed part.
struct Rest<'p, 'de> {
    steps: &'p [PlanStep<'de>],
    fixed: &'de [u8],
}

impl<'p, 'de> Rest<'p, 'de> {
    /// The next entry or position. It goes on by what the plan says, whatever is made of the field.
    #[inline]
    fn next<'a>(&mut self, deserializer: &'a mut Deserializer<'de>) -> Option<(&'p PlanStep<'de>, Field<'a, 'p, 'de>)> {
        let (step, steps) = self.steps.split_first()?;
        let (inner, steps) = steps.split_at(step.inner);
        let (fixed, rest) = self.fixed.split_at(step.width);
        *self = Rest { steps, fixed: rest };
        Some((step, Field::new(step, inner, fixed, deserializer)))
    }
}

/// Shows the inside of a map.
#[inline]
pub(super) fn map_visit<'p, 'de, V: Visitor<'de>>(
    entries: usize,
    steps: &'p [PlanStep<'de>],
    fixed: &'de [u8],
    deserializer: &mut Deserializer<'de>,
    visitor: V,
) -> Result<V::Value> {
    let unread = Cell::new(0);
    let access = MapAccess { rest: Rest { steps, fixed }, left: entries, unread: &unread, deserializer };
    let value = visitor.visit_map(access)?;
    check_entries_read(unread.get())?;
    Ok(value)
}

struct MapAccess<'r, 'a, 'p, 'de> {
    rest: Rest<'p, 'de>,
    /// Keys that have not been asked for.
    left: usize,
    unread: &'r Cell<usize>,
    deserializer: &'a mut Deserializer<'de>,
}

impl Drop for MapAccess<'_, '_, '_, '_> {
    #[inline]
    fn drop(&mut self) {
        // The last key may have been read without its value.
        self.unread.set(self.left.max(usize::from(!self.rest.steps.is_empty())));
    }
}

#[cold]
fn in_field(error: Error, name: &str) -> Error {
    error.in_field(name)
}

impl<'de> de::MapAccess<'de> for MapAccess<'_, '_, '_, 'de> {
    type Error = Error;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        let Some(step) = self.rest.steps.first() else { return Ok(None) };
        self.left = left;
        seed.deserialize(Name(step.name)).map(Some)
    }

    #[inline]
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        let Some((step, field)) = self.rest.next(&mut *self.deserializer) else {
            return Err(Error::new(ErrorKind::Protocol, "a visitor asked for a value without a key"));
        };
        seed.deserialize(field).map_err(|error| in_field(error, step.name))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left)
    }
}

/// Shows the inside of a tuple.
pub(super) fn tuple_visit<'p, 'de, V: Visitor<'de>>(
    entries: usize,
    steps: &'p [PlanStep<'de>],
    fixed: &'de [u8],
    deserializer: &mut Deserializer<'de>,
    visitor: V,
) -> Result<V::Value> {
    let unread = Cell::new(0);
    let positions = Elements { position: 0, count: entries, unread: &unread };
    let value = visitor.visit_seq(TupleAccess { rest: Rest { steps, fixed }, positions, deserializer })?;
    check_read(unread.get())?;
    Ok(value)
}

struct TupleAccess<'r, 'a, 'p, 'de> {
    rest: Rest<'p, 'de>,
    positions: Elements<'r>,
    deserializer: &'a mut Deserializer<'de>,
}

impl<'de> de::SeqAccess<'de> for TupleAccess<'_, '_, '_, 'de> {
    type Error = Error;

    #[inline]
    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>> {
        let Some(position) = self.positions.next() else { return Ok(None) };
        let Some((_, field)) = self.rest.next(&mut *self.deserializer) else { return Ok(None) };
        seed.deserialize(field).map(Some).map_err(|error| in_element(error, position))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.positions.left())
    }
}

/// Shows a map of one entry as a variant and its content.
pub(super) fn enum_visit<'p, 'de, V: Visitor<'de>>(
    steps: &'p [PlanStep<'de>],
    fixed: &'de [u8],
    deserializer: &mut Deserializer<'de>,
    visitor: V,
) -> Result<V::Value> {
    let Some((step, content)) = (Rest { steps, fixed }).next(deserializer) else { return visitor.visit_unit() };
    let unread = Cell::new(1);
    let value = visitor.visit_enum(Variant { name: step.name, content, unread: &unread })?;
    check_entries_read(unread.get())?;
    Ok(value)
}

struct Variant<'r, 'a, 'p, 'de> {
    name: &'de str,
    content: Field<'a, 'p, 'de>,
    unread: &'r Cell<usize>,
}

impl<'a, 'p, 'de> Variant<'_, 'a, 'p, 'de> {
    fn content<T>(self, read: impl FnOnce(Field<'a, 'p, 'de>) -> Result<T>) -> Result<T> {
        self.unread.set(0);
        read(self.content).map_err(|error| in_field(error, self.name))
    }
}

impl<'de> de::EnumAccess<'de> for Variant<'_, '_, '_, 'de> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self)> {
        Ok((seed.deserialize(Name(self.name))?, self))
    }
}

impl<'de> de::VariantAccess<'de> for Variant<'_, '_, '_, 'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<()> {
        self.content(|field| de::Deserialize::deserialize(field))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value> {
        self.content(|field| seed.deserialize(field))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value> {
        self.content(|field| de::Deserializer::deserialize_tuple(field, len, visitor))
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value> {
        self.content(|field| de::Deserializer::deserialize_struct(field, "", fields, visitor))
    }
}
