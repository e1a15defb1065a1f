//! What the rows of a list have in common, as a tree.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::dtype::DType;
use crate::error::{Error, ErrorKind, Result, printable};
use crate::wire::{self, RowSchema, StepKind, Steps};

/// What the rows of a list have in common: the counterpart of a NumPy dtype for structured arrays.
///
/// ```
/// use ndwire::{DType, Schema, ValueView};
///
/// let bytes = ndwire::to_vec(&ndwire::Columns::new().with("ts", &[10i64, 20]).with("x", &[0.5f32, 1.5]))?;
/// let ValueView::Rows(rows) = ndwire::from_slice(&bytes)? else { panic!("a table") };
/// let fields = [("ts".into(), Schema::Scalar(DType::I64)), ("x".into(), Schema::Scalar(DType::F32))];
/// assert_eq!(*rows.schema(), Schema::Map(fields.into()));
/// # Ok::<(), ndwire::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Schema {
    /// A `bool`, an integer of up to 64 bits, an `f32` or an `f64`.
    Scalar(DType),
    /// The same behind a presence byte: 0 and zeros, or 1 and the scalar.
    Optional(DType),
    /// An array of scalars with these dims, row-major.
    Subarray(DType, Vec<usize>),
    /// One after the other, without names.
    Tuple(Vec<Schema>),
    /// One after the other, each with its name.
    Map(Vec<(String, Schema)>),
    /// Anything, of any size: it stands behind the rows and takes no bytes in them. Only in a tuple or map.
    Node,
}

impl Schema {
    /// Bytes of a row. There is no padding in it.
    ///
    /// ```
    /// use ndwire::{DType, Schema};
    /// let schema = Schema::Map(vec![("a".into(), Schema::Scalar(DType::U8)), ("b".into(), Schema::Optional(DType::F32))]);
    /// assert_eq!(schema.width(), 6);
    /// ```
    pub fn width(&self) -> usize {
        match self {
            Schema::Scalar(dtype) => dtype.size(),
            Schema::Optional(dtype) => 1 + dtype.size(),
            Schema::Subarray(dtype, dims) => {
                let len = wire::payload_len(dims.iter().map(|&dim| dim as u64), dtype.size());
                len.ok().and_then(|len| usize::try_from(len).ok()).unwrap_or(usize::MAX)
            }
            Schema::Tuple(inner) => inner.iter().fold(0, |width, schema| schema.width().saturating_add(width)),
            Schema::Map(inner) => inner.iter().fold(0, |width, (_, schema)| schema.width().saturating_add(width)),
            Schema::Node => 0,
        }
    }

    /// Its nodes in a row.
    pub(super) fn nodes(&self) -> usize {
        match self {
            Schema::Tuple(inner) => inner.iter().map(Schema::nodes).sum(),
            Schema::Map(inner) => inner.iter().map(|(_, schema)| schema.nodes()).sum(),
            Schema::Node => 1,
            _ => 0,
        }
    }

    /// What it takes of the leaf limit of the format.
    pub(super) fn leaves(&self) -> usize {
        match self {
            Schema::Tuple(inner) => inner.iter().map(Schema::leaves).sum(),
            Schema::Map(inner) => inner.iter().map(|(_, schema)| schema.leaves()).sum(),
            _ => 1,
        }
    }

    /// Nothing in it but what packed bytes of so many rows hold. What else a schema may not be is found by the reader's own checks.
    pub(super) fn check_packed(&self, rows: usize) -> Result<()> {
        match self {
            Schema::Scalar(dtype) | Schema::Optional(dtype) | Schema::Subarray(dtype, _) => match dtype.is_row_scalar()
            {
                true => Ok(()),
                false => {
                    let message =
                        format!("rows cannot hold {dtype}, expected bool, an integer of up to 64 bits, f32 or f64");
                    Err(Error::new(ErrorKind::Shape, message))
                }
            },
            Schema::Tuple(inner) => inner.iter().try_for_each(|schema| schema.check_packed(rows)),
            Schema::Map(inner) => inner.iter().try_for_each(|(name, schema)| {
                if !(1..=wire::NAME_LIMIT).contains(&name.len()) {
                    let (found, limit) = (name.len(), wire::NAME_LIMIT);
                    let message = format!("row schema has a name of {found} bytes, expected 1 to {limit}");
                    return Err(Error::new(ErrorKind::Malformed, message));
                }
                schema.check_packed(rows).map_err(|error| error.in_field(name))
            }),
            Schema::Node if rows > 0 => Err(Error::new(ErrorKind::Shape, "packed rows cannot hold a node")),
            Schema::Node => Ok(()),
        }
    }

    /// As it stands on the wire. What no schema may hold gives bytes that the reader refuses.
    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        match self {
            Schema::Scalar(dtype) => wire::put_leaf(out, false, dtype.code(), [].into_iter()),
            Schema::Optional(dtype) => wire::put_leaf(out, true, dtype.code(), [].into_iter()),
            Schema::Subarray(dtype, dims) if dims.is_empty() => out.extend([wire::tag::ARRAY, dtype.code(), 0]),
            Schema::Subarray(dtype, dims) => {
                wire::put_leaf(out, false, dtype.code(), dims.iter().map(|&dim| dim as u64))
            }
            Schema::Tuple(inner) => {
                wire::put_list(out, inner.len() as u64);
                inner.iter().for_each(|schema| schema.encode(out));
            }
            Schema::Map(inner) => {
                wire::put_map(out, inner.len() as u64);
                for (name, schema) in inner {
                    wire::put_str(out, name);
                    schema.encode(out);
                }
            }
            Schema::Node => out.push(wire::tag::NIL),
        }
    }

    /// Of rows that have been read.
    pub(super) fn of(schema: RowSchema<'_>) -> Schema {
        match schema {
            RowSchema::Scalar(dtype) => Schema::Scalar(dtype),
            RowSchema::Optional(dtype) => Schema::Optional(dtype),
            RowSchema::Subarray(dtype, dims) => Schema::Subarray(dtype, super::parse::dims(dims.iter())),
            RowSchema::Record(record) => {
                let (mut steps, entries) = (record.steps(), record.entries());
                of_step(if record.is_map() { StepKind::Map(entries) } else { StepKind::Tuple(entries) }, &mut steps)
            }
        }
    }
}

/// Of a step, with what is in it from those that follow.
fn of_step(kind: StepKind<'_>, steps: &mut Steps<'_>) -> Schema {
    match kind {
        StepKind::Scalar(dtype) => Schema::Scalar(dtype),
        StepKind::Optional(dtype) => Schema::Optional(dtype),
        StepKind::Subarray(dtype, dims) => Schema::Subarray(dtype, super::parse::dims(dims.iter())),
        StepKind::Node => Schema::Node,
        StepKind::Tuple(entries) => {
            let mut inner = Vec::with_capacity(entries);
            while let Some(step) = (inner.len() < entries).then(|| steps.next()).flatten() {
                inner.push(of_step(step.kind, steps));
            }
            Schema::Tuple(inner)
        }
        StepKind::Map(entries) => {
            let mut inner = Vec::with_capacity(entries);
            while let Some(step) = (inner.len() < entries).then(|| steps.next()).flatten() {
                inner.push((step.name.into(), of_step(step.kind, steps)));
            }
            Schema::Map(inner)
        }
    }
}

/// As in a [`Layout`](crate::Layout): `{ts: i64, x: f32 [3]}`.
impl fmt::Display for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Schema::Scalar(dtype) => write!(f, "{dtype}"),
            Schema::Optional(dtype) => write!(f, "optional {dtype}"),
            Schema::Subarray(dtype, dims) => write!(f, "{dtype} {dims:?}"),
            Schema::Node => f.write_str("node"),
            Schema::Tuple(inner) => {
                f.write_str("(")?;
                for (index, schema) in inner.iter().enumerate() {
                    write!(f, "{}{schema}", if index == 0 { "" } else { ", " })?;
                }
                f.write_str(")")
            }
            Schema::Map(inner) => {
                f.write_str("{")?;
                for (index, (name, schema)) in inner.iter().enumerate() {
                    write!(f, "{}{}: {schema}", if index == 0 { "" } else { ", " }, printable(name))?;
                }
                f.write_str("}")
            }
        }
    }
}
