//! Rows that are maps or tuples.

use alloc::vec::Vec;
use core::cell::Cell;
use core::hint::black_box;
use core::marker::PhantomData;

use serde::de::{self, DeserializeSeed, Visitor};

use super::access::{check_entries_read, check_read, out_of_turn};
use super::deserializer::Deserializer;
use super::field::{Field, Name};
use crate::dtype::DType;
use crate::error::{Error, Result};
use crate::wire::{Dims, MAP_LIMIT, RecordSchema, Rows, StepKind};

/// Rows of maps or tuples as a list of these.
pub(super) fn records_visit<'de, V: Visitor<'de>>(
    schema: RecordSchema<'de>,
    rows: &Rows<'de>,
    deserializer: &mut Deserializer<'de>,
    visitor: V,
) -> Result<V::Value> {
    let (plan, width) = plan(schema);
    // Each row takes a byte that is there, so their number fits this machine.
    let count = usize::try_from(rows.count).unwrap_or(usize::MAX);
    // A visitor may also forget the sequence.
    let unread = Cell::new(count);
    let access = RowsAccess {
        rows: Elements { position: 0, count, unread: &unread },
        plan: &plan,
        fixed: rows.fixed,
        width,
        zero: black_box(0),
        deserializer,
    };
    let value = visitor.visit_seq(access)?;
    check_read(unread.get(), count)?;
    Ok(value)
}

/// A step of a schema, as reading one row after the other needs it.
pub(super) struct PlanStep<'de> {
    pub(super) name: &'de str,
    pub(super) kind: Kind,
    /// Where in the row's fixed part it starts.
    pub(super) start: usize,
    /// How many of the next steps are inside.
    pub(super) inner: usize,
    /// Of a map or tuple.
    pub(super) entries: usize,
    /// Bytes in the fixed part of what is no map and no tuple.
    pub(super) width: usize,
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

/// The whole row and the steps inside it, and its bytes in the fixed part.
fn plan(schema: RecordSchema<'_>) -> (Vec<PlanStep<'_>>, usize) {
    let root = PlanStep {
        name: "",
        kind: if schema.is_map() { Kind::Map } else { Kind::Tuple },
        start: 0,
        inner: 0,
        entries: schema.entries(),
        width: 0,
        levels: 1,
        dims: Dims::NONE,
    };
    let mut plan = Vec::with_capacity(1 + schema.entries());
    plan.push(root);
    let mut start = 0;
    // What is around a step, the whole row first.
    let mut open = [0; MAP_LIMIT];
    for step in schema.steps() {
        let around = step.levels() - 1;
        for &container in open.iter().take(around) {
            plan[container].inner += 1;
        }
        let (kind, entries, dims) = match step.kind {
            StepKind::Scalar(dtype) => (Kind::Scalar(dtype), 0, Dims::NONE),
            StepKind::Optional(dtype) => (Kind::Optional(dtype), 0, Dims::NONE),
            StepKind::Subarray(dtype, dims) => (Kind::Subarray(dtype), 0, dims),
            StepKind::Node => (Kind::Node, 0, Dims::NONE),
            StepKind::Map(entries) => {
                if let Some(place) = open.get_mut(around) {
                    *place = plan.len();
                }
                (Kind::Map, entries, Dims::NONE)
            }
        };
        // A row is there, so its leaves fit memory.
        let width = usize::try_from(step.kind.width()).unwrap_or(usize::MAX);
        let (name, levels) = (step.name, step.levels());
        plan.push(PlanStep { name, kind, start, inner: 0, entries, width, levels, dims });
        start += width;
    }
    (plan, start)
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
    plan: &'r [PlanStep<'de>],
    /// Of the rows that are left.
    fixed: &'de [u8],
    width: usize,
    zero: u32,
    deserializer: &'a mut Deserializer<'de>,
}

impl<'de> de::SeqAccess<'de> for RowsAccess<'_, '_, 'de> {
    type Error = Error;

    #[inline]
    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>> {
        let Some(position) = self.rows.next() else { return Ok(None) };
        let (fixed, rest) = self.fixed.split_at(self.width);
        self.fixed = rest;
        let mut row = Row { fixed, zero: self.zero, deserializer: &mut *self.deserializer };
        match seed.deserialize(Field { steps: self.plan, row: &mut row }) {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(in_element(error, position)),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rows.left())
    }
}

/// One row: its bytes in the fixed part, and where its nodes come from.
pub(super) struct Row<'a, 'de> {
    pub(super) fixed: &'de [u8],
    /// Keeps the bits of a float in an integer register, so that a struct of floats is put together there: from float registers it
    /// goes through memory in halves, which the processor waits for.
    pub(super) zero: u32,
    pub(super) deserializer: &'a mut Deserializer<'de>,
}

/// The entries or positions of a row, or of a map in it, that are left. It goes on by what the plan says, whatever is made of a field.
struct Rest<'p, 'de>(&'p [PlanStep<'de>]);

impl<'p, 'de> Rest<'p, 'de> {
    #[cold]
    #[inline(never)]
    fn count(mut self) -> usize {
        core::iter::from_fn(|| self.next()).count()
    }

    /// The next step, with all that is inside it.
    #[inline(always)]
    fn next(&mut self) -> Option<&'p [PlanStep<'de>]> {
        // Told by the kind, so that the next step can be looked at before how much is inside this one has been loaded.
        let first = self.0.first()?;
        let inner = if let Kind::Map = first.kind { first.inner } else { 0 };
        let (steps, rest) = self.0.split_at_checked(1 + inner)?;
        self.0 = rest;
        Some(steps)
    }
}

/// Shows the inside of a map.
#[inline(always)]
pub(super) fn map_visit<'de, V: Visitor<'de>>(field: Field<'_, '_, '_, 'de>, visitor: V) -> Result<V::Value> {
    let Field { steps: [_, inner @ ..], row } = field else { return visitor.visit_unit() };
    let unread = Cell::new(inner.len());
    let access = MapAccess { rest: Rest(inner), value_is_due: false, row, unread: &unread };
    let result = visitor.visit_map(access);
    // Given back as it came: small structs would go through memory otherwise.
    match unread.get() {
        0 => result,
        left => Err(entries_unread(result.err(), left, Rest(inner).count())),
    }
}

struct MapAccess<'r, 'a, 'p, 'd, 'de> {
    /// The entries whose values have not been asked for.
    rest: Rest<'p, 'de>,
    /// The key of the first of these has been.
    value_is_due: bool,
    row: &'a mut Row<'d, 'de>,
    unread: &'r Cell<usize>,
}

impl Drop for MapAccess<'_, '_, '_, '_, '_> {
    #[inline]
    fn drop(&mut self) {
        self.unread.set(if self.rest.0.is_empty() { 0 } else { Rest(self.rest.0).count() });
    }
}

#[cold]
fn in_field(error: Error, steps: &[PlanStep<'_>]) -> Error {
    match steps {
        [step, ..] => error.in_field(step.name),
        [] => error,
    }
}

impl<'de> de::MapAccess<'de> for MapAccess<'_, '_, '_, '_, 'de> {
    type Error = Error;

    #[inline(always)]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        if self.value_is_due {
            return Err(out_of_turn());
        }
        let Some(step) = self.rest.0.first() else { return Ok(None) };
        self.value_is_due = true;
        seed.deserialize(Name(step.name)).map(Some)
    }

    #[inline(always)]
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        let (true, Some(steps)) = (self.value_is_due, self.rest.next()) else { return Err(out_of_turn()) };
        self.value_is_due = false;
        match seed.deserialize(Field { steps, row: &mut *self.row }) {
            Ok(value) => Ok(value),
            Err(error) => Err(in_field(error, steps)),
        }
    }

    // As serde has them, but always in line: so the place in the map stays in registers.
    #[inline(always)]
    fn next_key<K: de::Deserialize<'de>>(&mut self) -> Result<Option<K>> {
        self.next_key_seed(PhantomData)
    }

    #[inline(always)]
    fn next_value<V: de::Deserialize<'de>>(&mut self) -> Result<V> {
        self.next_value_seed(PhantomData)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(Rest(self.rest.0).count() - usize::from(self.value_is_due))
    }
}

/// Why a map was not read to its end: the visitor's own reason first.
#[cold]
fn entries_unread(error: Option<Error>, left: usize, found: usize) -> Error {
    error.or_else(|| check_entries_read(left, found).err()).unwrap_or_else(out_of_turn)
}

/// Shows the inside of a tuple.
pub(super) fn tuple_visit<'de, V: Visitor<'de>>(field: Field<'_, '_, '_, 'de>, visitor: V) -> Result<V::Value> {
    let Field { steps: [tuple, inner @ ..], row } = field else { return visitor.visit_unit() };
    let unread = Cell::new(tuple.entries);
    let positions = Elements { position: 0, count: tuple.entries, unread: &unread };
    let value = visitor.visit_seq(TupleAccess { rest: Rest(inner), positions, row })?;
    check_read(unread.get(), tuple.entries)?;
    Ok(value)
}

struct TupleAccess<'r, 'a, 'p, 'd, 'de> {
    rest: Rest<'p, 'de>,
    positions: Elements<'r>,
    row: &'a mut Row<'d, 'de>,
}

impl<'de> de::SeqAccess<'de> for TupleAccess<'_, '_, '_, '_, 'de> {
    type Error = Error;

    #[inline]
    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>> {
        let Some(position) = self.positions.next() else { return Ok(None) };
        let Some(steps) = self.rest.next() else { return Ok(None) };
        match seed.deserialize(Field { steps, row: &mut *self.row }) {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(in_element(error, position)),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.positions.left())
    }
}

/// Shows a map of one entry as a variant and its content.
pub(super) fn enum_visit<'de, V: Visitor<'de>>(field: Field<'_, '_, '_, 'de>, visitor: V) -> Result<V::Value> {
    let Field { steps: [_, steps @ ..], row } = field else { return visitor.visit_unit() };
    let unread = Cell::new(1);
    let value = visitor.visit_enum(Variant { content: Field { steps, row }, unread: &unread })?;
    check_entries_read(unread.get(), 1)?;
    Ok(value)
}

struct Variant<'r, 'a, 'p, 'd, 'de> {
    content: Field<'a, 'p, 'd, 'de>,
    unread: &'r Cell<usize>,
}

impl<'a, 'p, 'd, 'de> Variant<'_, 'a, 'p, 'd, 'de> {
    fn content<T>(self, read: impl FnOnce(Field<'a, 'p, 'd, 'de>) -> Result<T>) -> Result<T> {
        self.unread.set(0);
        let steps = self.content.steps;
        read(self.content).map_err(|error| in_field(error, steps))
    }
}

impl<'de> de::EnumAccess<'de> for Variant<'_, '_, '_, '_, 'de> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self)> {
        let name = self.content.steps.first().map_or("", |step| step.name);
        let variant = seed.deserialize(Name(name)).map_err(|error: Error| error.of_variant(name))?;
        Ok((variant, self))
    }
}

impl<'de> de::VariantAccess<'de> for Variant<'_, '_, '_, '_, 'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<()> {
        self.content(de::Deserialize::deserialize)
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
