//! Lists whose rows are maps or tuples.

use alloc::vec::Vec;
use core::fmt;

use serde::ser::{Serialize, SerializeMap, SerializeTuple, Serializer};

use super::list::{Form, List, Rows, scalar_value};
use super::{Map, Value};
use crate::dtype::{DType, row_scalar};
use crate::element::sealed::Sealed;
use crate::token::{RowsParts, Written};
use crate::wire::{RecordSchema, StepKind, Steps};

/// Rows of maps or tuples, as they were read.
#[derive(Clone)]
pub(super) struct Records {
    /// As it stands on the wire, checked.
    schema: Vec<u8>,
    count: usize,
    fixed: Vec<u8>,
    /// Row by row.
    nodes: Vec<Value>,
}

impl Records {
    pub(super) fn new(schema: RecordSchema<'_>, count: u64, fixed: &[u8], nodes: Vec<Value>) -> Self {
        // Each row takes a byte that is there, so their number fits this machine.
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        Records { schema: schema.encoded().into(), count, fixed: fixed.into(), nodes }
    }

    /// Of parts that have been checked.
    pub(super) fn of_checked(schema: Vec<u8>, count: usize, fixed: Vec<u8>, nodes: Vec<Value>) -> Self {
        Records { schema, count, fixed, nodes }
    }

    fn schema(&self) -> RecordSchema<'_> {
        RecordSchema::of_checked(&self.schema)
    }

    /// What its rows have in common, their fixed parts, and their nodes.
    pub(super) fn parts(&self) -> (RecordSchema<'_>, &[u8], &[Value]) {
        (self.schema(), &self.fixed, &self.nodes)
    }

    pub(super) fn len(&self) -> usize {
        self.count
    }

    pub(super) fn get(&self, index: usize) -> Option<Value> {
        (index < self.count).then(|| self.row(self.schema(), index).value())
    }

    /// All rows as values.
    pub(super) fn values(&self) -> Vec<Value> {
        let schema = self.schema();
        (0..self.count).map(|index| self.row(schema, index).value()).collect()
    }

    fn row<'r>(&'r self, schema: RecordSchema<'r>, index: usize) -> Part<'r> {
        let width = usize::try_from(schema.width()).unwrap_or(usize::MAX);
        let nodes = schema.node_leaves();
        let cursor = Cursor {
            steps: schema.steps(),
            fixed: self.fixed.get(index.saturating_mul(width)..).unwrap_or_default(),
            nodes: self.nodes.get(index.saturating_mul(nodes)..).unwrap_or_default(),
        };
        match schema.is_map() {
            true => Part::Map(schema.entries(), cursor),
            false => Part::Tuple(schema.entries(), cursor),
        }
    }

    pub(super) fn write(&self, out: &mut impl fmt::Write) -> fmt::Result {
        write!(out, "rows {} n={}", self.schema().shown(true), self.count)
    }
}

/// A place in a row: what follows from there on.
#[derive(Clone)]
struct Cursor<'r> {
    steps: Steps<'r>,
    fixed: &'r [u8],
    nodes: &'r [Value],
}

impl<'r> Cursor<'r> {
    /// The next step, and what it has in the row. Of a tuple or map that is nothing: what is in it follows.
    fn next(&mut self) -> Option<(&'r str, Part<'r>)> {
        let step = self.steps.next()?;
        let width = usize::try_from(step.kind.width()).unwrap_or(usize::MAX);
        let (bytes, rest) = self.fixed.split_at_checked(width)?;
        self.fixed = rest;
        let part = match step.kind {
            StepKind::Scalar(dtype) => Part::Scalar(dtype, bytes),
            StepKind::Optional(dtype) => Part::Optional(dtype, bytes),
            StepKind::Subarray(dtype, dims) => {
                Part::Subarray(Subarray { dtype, shape: super::parse::dims(dims.iter()), bytes })
            }
            StepKind::Node => Part::Node(self.nodes.split_off_first()?),
            StepKind::Tuple(entries) => Part::Tuple(entries, self.clone()),
            StepKind::Map(entries) => Part::Map(entries, self.clone()),
        };
        Some((step.name, part))
    }

    /// Goes past what is inside a part that has just been read.
    fn pass(&mut self, part: &Part<'_>) {
        if let Part::Tuple(entries, _) | Part::Map(entries, _) = part {
            for _ in 0..*entries {
                let Some((_, inner)) = self.next() else { break };
                self.pass(&inner);
            }
        }
    }

    /// That many entries or positions.
    fn parts(mut self, entries: usize) -> impl Iterator<Item = (&'r str, Part<'r>)> {
        (0..entries).map_while(move |_| {
            let (name, part) = self.next()?;
            self.pass(&part);
            Some((name, part))
        })
    }
}

/// A row, or what stands in it under a name or at a position.
enum Part<'r> {
    Scalar(DType, &'r [u8]),
    /// With its presence byte.
    Optional(DType, &'r [u8]),
    Subarray(Subarray<'r>),
    Node(&'r Value),
    /// So many positions, and where they start.
    Tuple(usize, Cursor<'r>),
    /// So many entries, and where they start.
    Map(usize, Cursor<'r>),
}

struct Subarray<'r> {
    dtype: DType,
    shape: Vec<usize>,
    bytes: &'r [u8],
}

impl Part<'_> {
    fn value(self) -> Value {
        match self {
            Part::Scalar(dtype, scalar) | Part::Optional(dtype, [1, scalar @ ..]) => scalar_value(dtype, scalar),
            Part::Optional(..) => Value::Nil,
            Part::Subarray(Subarray { dtype, shape, bytes }) => {
                Value::List(Rows { dtype, optional: false, shape, bytes: bytes.into() }.into())
            }
            Part::Node(node) => node.clone(),
            Part::Tuple(entries, cursor) => {
                // As many as the schema has, which limits them.
                let mut values = Vec::with_capacity(entries);
                values.extend(cursor.parts(entries).map(|(_, part)| part.value()));
                Value::List(List { form: Form::Plain, values })
            }
            Part::Map(entries, cursor) => {
                let mut values = Vec::with_capacity(entries);
                values.extend(cursor.parts(entries).map(|(name, part)| (Value::Str(name.into()), part.value())));
                Value::Map(values.into_iter().collect::<Map>())
            }
        }
    }
}

impl Serialize for Records {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Records { schema, count, fixed, nodes } = self;
        let parts = RowsParts { count: *count, schema, fixed, nodes };
        Written::Rows.serialize(&parts, &Each(self), serializer)
    }
}

/// The rows one by one.
struct Each<'r>(&'r Records);

impl Serialize for Each<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let schema = self.0.schema();
        serializer.collect_seq((0..self.0.count).map(|index| self.0.row(schema, index)))
    }
}

/// To other formats.
impl Serialize for Part<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Part::Scalar(dtype, scalar) => serialize_scalar(*dtype, scalar, serializer),
            Part::Optional(dtype, bytes) => OptionalScalar(*dtype, bytes).serialize(serializer),
            Part::Subarray(Subarray { dtype, shape, bytes }) => {
                Tuples { dtype: *dtype, shape, bytes }.serialize(serializer)
            }
            Part::Node(node) => node.serialize(serializer),
            Part::Tuple(entries, cursor) => {
                let mut tuple = serializer.serialize_tuple(*entries)?;
                for (_, part) in cursor.clone().parts(*entries) {
                    tuple.serialize_element(&part)?;
                }
                tuple.end()
            }
            Part::Map(entries, cursor) => {
                let mut map = serializer.serialize_map(Some(*entries))?;
                for (name, part) in cursor.clone().parts(*entries) {
                    map.serialize_entry(name, &part)?;
                }
                map.end()
            }
        }
    }
}

/// A packed scalar, as its type.
fn serialize_scalar<S: Serializer>(dtype: DType, bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    macro_rules! scalar {
        ($type:ty) => {
            match <$type>::view(bytes).first() {
                Some(scalar) => scalar.serialize(serializer),
                None => serializer.serialize_unit(),
            }
        };
    }
    row_scalar!(dtype, scalar)
}

/// A scalar behind a presence byte.
pub(super) struct OptionalScalar<'r>(pub(super) DType, pub(super) &'r [u8]);

impl Serialize for OptionalScalar<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        macro_rules! optional {
            ($type:ty) => {{
                let scalar = match self.1 {
                    [1, scalar @ ..] => <$type>::view(scalar).first().copied(),
                    _ => None,
                };
                scalar.serialize(serializer)
            }};
        }
        row_scalar!(self.0, optional)
    }
}

/// Packed scalars as tuples of tuples: what a list in a row must be to be packed.
pub(crate) struct Tuples<'r> {
    pub(crate) dtype: DType,
    pub(crate) shape: &'r [usize],
    pub(crate) bytes: &'r [u8],
}

impl Serialize for Tuples<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Tuples { dtype, shape: [count, inner @ ..], bytes } = *self else {
            return serialize_scalar(self.dtype, self.bytes, serializer);
        };
        let mut tuple = serializer.serialize_tuple(*count)?;
        for bytes in bytes.chunks_exact((bytes.len() / (*count).max(1)).max(1)) {
            tuple.serialize_element(&Tuples { dtype, shape: inner, bytes })?;
        }
        tuple.end()
    }
}
