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
/// It prints as in a [`Layout`](crate::Layout), `{ts: i64, x: f32 [3]}`; with `{:#}` its names are quoted.
///
/// ```
/// use ndwire::{DType, Schema, TableView};
///
/// let bytes = ndwire::to_vec(&ndwire::Columns::new().with("ts", &[10i64, 20]).with("x", &[0.5f32, 1.5]))?;
/// let table: TableView = ndwire::from_slice(&bytes)?;
/// let fields = [("ts".into(), Schema::Scalar(DType::I64)), ("x".into(), Schema::Scalar(DType::F32))];
/// assert_eq!(table.schema(), Some(&Schema::Map(fields.into())));
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
    /// Anything, of any size: it comes behind the rows and takes no bytes in them. Only in a tuple or map.
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
        self.sum(usize::saturating_add, |leaf| match leaf {
            Schema::Scalar(dtype) => dtype.size(),
            Schema::Optional(dtype) => 1 + dtype.size(),
            Schema::Subarray(dtype, dims) => {
                let len = wire::payload_len(dims.iter().map(|&dim| dim as u64), dtype.size());
                len.ok().and_then(|len| usize::try_from(len).ok()).unwrap_or(usize::MAX)
            }
            _ => 0,
        })
    }

    /// Nodes of a row.
    pub(crate) fn nodes(&self) -> usize {
        self.sum(core::ops::Add::add, |leaf| usize::from(matches!(leaf, Schema::Node)))
    }

    /// What the format's limit on leaves counts.
    fn leaves(&self) -> usize {
        self.sum(core::ops::Add::add, |_| 1)
    }

    /// Of all leaves.
    fn sum(&self, add: fn(usize, usize) -> usize, of: fn(&Schema) -> usize) -> usize {
        match self {
            Schema::Tuple(inner) => inner.iter().fold(0, |sum, schema| add(sum, schema.sum(add, of))),
            Schema::Map(inner) => inner.iter().fold(0, |sum, (_, schema)| add(sum, schema.sum(add, of))),
            leaf => of(leaf),
        }
    }

    /// Checks that packed bytes of so many rows can hold it. What the format refuses besides, the reader's own checks find.
    pub(super) fn check_packed(&self, rows: usize) -> Result<()> {
        if rows == 0 && !matches!(self, Schema::Tuple(_) | Schema::Map(_)) {
            return Err(Error::new(ErrorKind::Shape, "rows of no element, expected an empty list"));
        }
        self.check_parts(rows)?;
        let (leaves, limit) = (self.leaves(), wire::LEAF_LIMIT);
        if leaves > limit {
            let message = format!(
                "a row holds at most {limit} numbers and arrays: found {leaves}; write them as arrays of their own, or the rows as maps"
            );
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
        Ok(())
    }

    fn check_parts(&self, rows: usize) -> Result<()> {
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
            Schema::Tuple(inner) => inner.iter().try_for_each(|schema| schema.check_parts(rows)),
            Schema::Map(inner) => inner.iter().try_for_each(|(name, schema)| {
                if !(1..=wire::NAME_LIMIT).contains(&name.len()) {
                    let (found, limit) = (name.len(), wire::NAME_LIMIT);
                    let message = format!("row schema has a name of {found} bytes, expected 1 to {limit}");
                    return Err(Error::new(ErrorKind::Malformed, message));
                }
                schema.check_parts(rows).map_err(|error| error.in_field(name))
            }),
            Schema::Node if rows > 0 => Err(Error::new(ErrorKind::Shape, "packed rows cannot hold a node")),
            Schema::Node => Ok(()),
        }
    }

    /// Its bytes in the format. What no schema may hold gives bytes that the reader refuses.
    pub(super) fn encoded(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.encode(&mut out);
        out
    }

    fn encode(&self, out: &mut Vec<u8>) {
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
    pub(crate) fn of(schema: RowSchema<'_>) -> Schema {
        match schema {
            RowSchema::Scalar(dtype) => Schema::Scalar(dtype),
            RowSchema::Optional(dtype) => Schema::Optional(dtype),
            RowSchema::Subarray(dtype, dims) => of_step(StepKind::Subarray(dtype, dims), None),
            RowSchema::Record(record) => {
                let entries = record.entries();
                let kind = if record.is_map() { StepKind::Map(entries) } else { StepKind::Tuple(entries) };
                of_step(kind, Some(&mut record.steps()))
            }
        }
    }
}

/// Of a step, with what is in it from those that follow.
fn of_step<'a>(kind: StepKind<'a>, mut steps: Option<&mut Steps<'a>>) -> Schema {
    let mut inner = |count: usize| {
        let mut inner = Vec::with_capacity(count);
        for _ in 0..count {
            let Some(step) = steps.as_mut().and_then(|steps| steps.next()) else { break };
            inner.push((step.name, of_step(step.kind, steps.as_deref_mut())));
        }
        inner
    };
    match kind {
        StepKind::Scalar(dtype) => Schema::Scalar(dtype),
        StepKind::Optional(dtype) => Schema::Optional(dtype),
        StepKind::Subarray(dtype, dims) => {
            Schema::Subarray(dtype, dims.iter().map(|dim| usize::try_from(dim).unwrap_or(usize::MAX)).collect())
        }
        StepKind::Node => Schema::Node,
        StepKind::Tuple(count) => Schema::Tuple(inner(count).into_iter().map(|(_, schema)| schema).collect()),
        StepKind::Map(count) => {
            Schema::Map(inner(count).into_iter().map(|(name, schema)| (name.into(), schema)).collect())
        }
    }
}

impl fmt::Display for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let comma = |index| if index == 0 { "" } else { ", " };
        match self {
            Schema::Scalar(dtype) => write!(f, "{dtype}"),
            Schema::Optional(dtype) => write!(f, "optional {dtype}"),
            Schema::Subarray(dtype, dims) => {
                write!(f, "{dtype} [")?;
                dims.iter().enumerate().try_for_each(|(index, dim)| write!(f, "{}{dim}", comma(index)))?;
                f.write_str("]")
            }
            Schema::Node => f.write_str("node"),
            Schema::Tuple(inner) => {
                f.write_str("(")?;
                for (index, schema) in inner.iter().enumerate() {
                    f.write_str(comma(index))?;
                    schema.fmt(f)?;
                }
                f.write_str(")")
            }
            Schema::Map(inner) => {
                f.write_str("{")?;
                for (index, (name, schema)) in inner.iter().enumerate() {
                    f.write_str(comma(index))?;
                    match f.alternate() {
                        true => write!(f, "{:?}: ", &**name)?,
                        false => write!(f, "{}: ", printable(name))?,
                    }
                    schema.fmt(f)?;
                }
                f.write_str("}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shortened_without_quotes() {
        let schema = Schema::Map(Vec::from([
            ("a\n".into(), Schema::Node),
            ("b".repeat(80), Schema::Subarray(DType::U8, Vec::from([2]))),
        ]));
        let b = "b".repeat(64);
        assert_eq!(format!("{schema}"), format!(r"{{a\n: node, {b}…: u8 [2]}}"));
        assert_eq!(format!("{schema:#}"), format!(r#"{{"a\n": node, "{}": u8 [2]}}"#, "b".repeat(80)));
    }
}
