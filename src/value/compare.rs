//! Equality and hash of values: by content, whatever form a list has.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};
use core::slice;

use super::Value;
use super::list::{Form, List, Rows, scalar_value};
use super::records::Records;
use crate::array::DynArray;
use crate::dtype::DType;
use crate::wire::{Dims, RecordSchema, StepKind, Steps};

/// Two values are equal if they are the same pieces in the same order. Each list and map gives its length, and then what it holds.
#[derive(PartialEq, Eq, Hash)]
enum Piece<'v> {
    /// Nil in so many somes. Around anything else, a some says nothing.
    Nil(usize),
    Bool(bool),
    Int(i128),
    /// Over `i128::MAX`.
    Uint(u128),
    /// The bits.
    F32(u32),
    F64(u64),
    Char(char),
    Str(&'v str),
    Bytes(&'v [u8]),
    Array(&'v DynArray),
    List(usize),
    Map(usize),
}

/// The pieces of a value. Packed rows are read where they are, and nothing is called again for what is nested.
struct Pieces<'v> {
    /// The value itself, until it has been opened.
    root: Option<&'v Value>,
    /// What is left of each list and map that has been opened, the innermost at the end.
    open: Vec<Open<'v>>,
}

enum Open<'v> {
    Values(slice::Iter<'v, Value>),
    /// With the value whose key has been given.
    Entries(slice::Iter<'v, (Value, Value)>, Option<&'v Value>),
    Packed(Packed<'v>),
    /// In a box, so that a level takes less.
    Records(Box<Rest<'v>>),
}

/// What comes next in a list or map.
enum Next<'v> {
    Value(&'v Value),
    Packed(Packed<'v>),
    Piece(Piece<'v>),
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        let (mut these, mut those) = (Pieces::of(self), Pieces::of(other));
        loop {
            match (these.next(), those.next()) {
                (None, None) => return true,
                (this, that) if this != that || !these.packed_alike(&mut those) => return false,
                _ => {}
            }
        }
    }
}

impl Eq for Value {}

impl Hash for Value {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Pieces::of(self).for_each(|piece| piece.hash(state));
    }
}

impl<'v> Pieces<'v> {
    fn of(value: &'v Value) -> Self {
        Pieces { root: Some(value), open: Vec::new() }
    }

    /// Compares what is left of rows of the same form as bytes, and passes it in both; the nodes of the rows are yet to come.
    fn packed_alike(&mut self, other: &mut Self) -> bool {
        match (self.open.last_mut(), other.open.last_mut()) {
            (Some(Open::Packed(these)), Some(Open::Packed(those))) if these.form() == those.form() => {
                (these.left, those.left) = (0, 0);
                these.bytes == those.bytes
            }
            (Some(Open::Records(these)), Some(Open::Records(those)))
                if these.form().is_some() && these.form() == those.form() =>
            {
                let alike = these.fixed == those.fixed;
                let nodes = (these.nodes.iter(), those.nodes.iter());
                self.open.pop();
                other.open.pop();
                self.open.push(Open::Values(nodes.0));
                other.open.push(Open::Values(nodes.1));
                alike
            }
            _ => true,
        }
    }

    fn piece(&mut self, value: &'v Value) -> Piece<'v> {
        let (mut value, mut somes) = (value, 0);
        while let Value::Some(inner) = value {
            (value, somes) = (inner, somes + 1);
        }
        match value {
            Value::Nil | Value::Some(_) => Piece::Nil(somes),
            Value::Bool(value) => Piece::Bool(*value),
            Value::Int(value) => Piece::Int(*value),
            Value::Uint(value) => i128::try_from(*value).map_or(Piece::Uint(*value), Piece::Int),
            Value::F32(value) => Piece::F32(value.to_bits()),
            Value::F64(value) => Piece::F64(value.to_bits()),
            Value::Char(value) => Piece::Char(*value),
            Value::Str(text) => Piece::Str(text),
            Value::Bytes(bytes) => Piece::Bytes(bytes),
            Value::Array(array) => Piece::Array(array),
            Value::List(list) => {
                self.open.push(Open::of(list));
                Piece::List(list.len())
            }
            Value::Map(map) => {
                self.open.push(Open::Entries(map.entries().iter(), None));
                Piece::Map(map.entries().len())
            }
        }
    }
}

impl<'v> Iterator for Pieces<'v> {
    type Item = Piece<'v>;

    fn next(&mut self) -> Option<Piece<'v>> {
        if let Some(root) = self.root.take() {
            return Some(self.piece(root));
        }
        loop {
            match self.open.last_mut()?.next() {
                Some(Next::Piece(piece)) => return Some(piece),
                Some(Next::Value(value)) => return Some(self.piece(value)),
                Some(Next::Packed(packed)) => {
                    let len = packed.left;
                    self.open.push(Open::Packed(packed));
                    return Some(Piece::List(len));
                }
                None => self.open.pop(),
            };
        }
    }
}

impl<'v> Open<'v> {
    fn of(list: &'v List) -> Self {
        match &list.form {
            Form::Plain | Form::Built => Open::Values(list.values.iter()),
            Form::Rows(Rows { dtype, optional, shape, bytes }) => {
                let shape = Shape::Here(shape);
                Packed::new(*dtype, *optional, shape, bytes).map_or(Open::Values([].iter()), Open::Packed)
            }
            Form::Records(records) => Open::Records(Box::new(Rest::of(records))),
        }
    }

    fn next(&mut self) -> Option<Next<'v>> {
        match self {
            Open::Values(values) => values.next().map(Next::Value),
            Open::Entries(entries, due) => {
                let next = due.take().or_else(|| {
                    let (key, value) = entries.next()?;
                    *due = Some(value);
                    Some(key)
                });
                next.map(Next::Value)
            }
            Open::Packed(packed) => packed.next(),
            Open::Records(rest) => rest.next(),
        }
    }
}

/// The rest of a packed list of scalars, of optional scalars, or of lists of scalars.
struct Packed<'v> {
    dtype: DType,
    optional: bool,
    /// Of an element.
    shape: Shape<'v>,
    left: usize,
    /// Bytes of an element.
    width: usize,
    bytes: &'v [u8],
}

/// Dims, from a value or as they stand in a schema.
#[derive(Clone, Copy)]
enum Shape<'v> {
    Here(&'v [usize]),
    /// From that dim on.
    Schema(Dims<'v>, usize),
}

impl Shape<'_> {
    fn split_first(self) -> Option<(usize, Self)> {
        match self {
            Shape::Here(dims) => dims.split_first().map(|(&dim, rest)| (dim, Shape::Here(rest))),
            Shape::Schema(dims, at) => {
                let dim = dims.iter().nth(at)?;
                Some((usize::try_from(dim).unwrap_or(usize::MAX), Shape::Schema(dims, at + 1)))
            }
        }
    }
}

impl PartialEq for Shape<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self.split_first(), other.split_first()) {
            (Some((dim, inner)), Some((other_dim, other_inner))) => dim == other_dim && inner == other_inner,
            (one, other) => one.is_none() && other.is_none(),
        }
    }
}

impl<'v> Packed<'v> {
    /// None without a dim.
    fn new(dtype: DType, optional: bool, shape: Shape<'v>, bytes: &'v [u8]) -> Option<Self> {
        let (left, shape) = shape.split_first()?;
        Some(Packed { dtype, optional, shape, left, width: bytes.len() / left.max(1), bytes })
    }

    fn form(&self) -> (DType, bool, Shape<'v>, usize) {
        (self.dtype, self.optional, self.shape, self.left)
    }

    fn next(&mut self) -> Option<Next<'v>> {
        self.left = self.left.checked_sub(1)?;
        let (element, rest) = self.bytes.split_at_checked(self.width)?;
        self.bytes = rest;
        match Packed::new(self.dtype, self.optional, self.shape, element) {
            Some(list) => Some(Next::Packed(list)),
            None => Some(scalar(self.dtype, self.optional, element)),
        }
    }
}

fn scalar<'v>(dtype: DType, optional: bool, bytes: &[u8]) -> Next<'v> {
    let value = match (optional, bytes) {
        (true, [1, scalar @ ..]) => scalar_value(dtype, scalar),
        (true, _) => Value::Nil,
        (false, scalar) => scalar_value(dtype, scalar),
    };
    Next::Piece(match value {
        Value::Bool(value) => Piece::Bool(value),
        Value::Int(value) => Piece::Int(value),
        Value::F32(value) => Piece::F32(value.to_bits()),
        Value::F64(value) => Piece::F64(value.to_bits()),
        _ => Piece::Nil(0),
    })
}

/// The rest of rows that are maps or tuples.
struct Rest<'v> {
    schema: RecordSchema<'v>,
    /// Rows yet to be begun.
    rows: usize,
    /// What is left of the row that has been begun; none before the first.
    steps: Option<Steps<'v>>,
    /// What stands under the name that has been given.
    due: Option<StepKind<'v>>,
    fixed: &'v [u8],
    nodes: &'v [Value],
}

impl<'v> Rest<'v> {
    fn of(records: &'v Records) -> Self {
        let (schema, fixed, nodes) = records.parts();
        Rest { schema, rows: records.len(), steps: None, due: None, fixed, nodes }
    }

    /// The schema and the rows, before the first has been begun.
    fn form(&self) -> Option<(&'v [u8], usize)> {
        self.steps.is_none().then(|| (self.schema.encoded(), self.rows))
    }

    fn next(&mut self) -> Option<Next<'v>> {
        if let Some(kind) = self.due.take() {
            return self.cell(kind);
        }
        match self.steps.as_mut().and_then(Iterator::next) {
            // A position of a tuple.
            Some(step) if step.name.is_empty() => self.cell(step.kind),
            Some(step) => {
                self.due = Some(step.kind);
                Some(Next::Piece(Piece::Str(step.name)))
            }
            None => {
                self.rows = self.rows.checked_sub(1)?;
                self.steps = Some(self.schema.steps());
                let entries = self.schema.entries();
                Some(Next::Piece(if self.schema.is_map() { Piece::Map(entries) } else { Piece::List(entries) }))
            }
        }
    }

    /// What is in a tuple or map of a row are the steps that follow.
    fn cell(&mut self, kind: StepKind<'v>) -> Option<Next<'v>> {
        let width = usize::try_from(kind.width()).unwrap_or(usize::MAX);
        let (bytes, rest) = self.fixed.split_at_checked(width)?;
        self.fixed = rest;
        match kind {
            StepKind::Scalar(dtype) => Some(scalar(dtype, false, bytes)),
            StepKind::Optional(dtype) => Some(scalar(dtype, true, bytes)),
            StepKind::Subarray(dtype, dims) => {
                Packed::new(dtype, false, Shape::Schema(dims, 0), bytes).map(Next::Packed)
            }
            StepKind::Node => self.nodes.split_off_first().map(Next::Value),
            StepKind::Tuple(entries) => Some(Next::Piece(Piece::List(entries))),
            StepKind::Map(entries) => Some(Next::Piece(Piece::Map(entries))),
        }
    }
}
