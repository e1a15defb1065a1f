//! Nodes to values.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::iter::once;

use super::Value;
use super::list::{Form, List, Rows};
use super::records::Records;
use crate::array::{DynArray, Order};
use crate::dtype::DType;
use crate::error::Result;
use crate::wire::{self, Node, Reader, RowSchema};

/// Elements for which room is made before they are there: a node of one byte becomes a value of many.
pub(super) const FIRST_RESERVATION: usize = 256;

/// Makes room for one more of so many values. When the first are there, it makes room for all, so that a list does not grow, and for
/// a while stand there twice.
pub(super) fn make_room<T>(values: &mut Vec<T>, count: usize) {
    if values.len() == FIRST_RESERVATION {
        values.reserve_exact(count - FIRST_RESERVATION);
    }
}

/// The next node, with all that belongs to it.
pub(crate) fn parse(reader: &mut Reader<'_>) -> Result<Value> {
    Ok(match reader.node()? {
        Node::Nil => Value::Nil,
        Node::Bool(value) => Value::Bool(value),
        Node::Uint(value) => Value::Int(value.into()),
        Node::WideUint(value) => i128::try_from(value).map_or(Value::Uint(value), Value::Int),
        Node::Int(value) => Value::Int(value.into()),
        Node::WideInt(value) => Value::Int(value),
        Node::F32(value) => Value::F32(value),
        Node::F64(value) => Value::F64(value),
        Node::Char(value) => Value::Char(value),
        Node::Str(text) | Node::DataStr(text, _) => Value::Str(text.into()),
        Node::Bytes(bytes) => Value::Bytes(bytes.into()),
        Node::DataBytes(payload) => Value::Bytes(payload.bytes.into()),
        Node::List(count) => {
            let mut values = Vec::with_capacity(count.min(FIRST_RESERVATION));
            for _ in 0..count {
                make_room(&mut values, count);
                values.push(parse(reader)?);
            }
            reader.close();
            // An empty list has one form only, and may be added to.
            let form = if values.is_empty() { Form::Built } else { Form::Plain };
            Value::List(List { form, values })
        }
        Node::Map(entries) => {
            let mut values = Vec::with_capacity(entries.min(FIRST_RESERVATION));
            for _ in 0..entries {
                make_room(&mut values, entries);
                values.push((parse(reader)?, parse(reader)?));
            }
            reader.close();
            Value::Map(values.into_iter().collect())
        }
        Node::Some => {
            let inner = parse(reader)?;
            reader.close();
            Value::Some(Box::new(inner))
        }
        Node::Array(array) => {
            let order = if array.column_major { Order::ColumnMajor } else { Order::RowMajor };
            Value::Array(DynArray::new(array.dtype, dims(array.dims.iter()), order, array.payload.bytes.to_vec())?)
        }
        Node::Rows(rows) => Value::List(match rows.schema {
            RowSchema::Scalar(dtype) => packed(&rows, dtype, false, dims(once(rows.count))),
            RowSchema::Optional(dtype) => packed(&rows, dtype, true, dims(once(rows.count))),
            RowSchema::Subarray(dtype, row) => packed(&rows, dtype, false, dims(once(rows.count).chain(row.iter()))),
            RowSchema::Record(schema) => {
                let mut nodes = Vec::new();
                reader.each_node_leaf(&rows, |reader| {
                    nodes.push(parse(reader)?);
                    Ok(())
                })?;
                let form = Form::Records(Box::new(Records::new(schema, rows.count, rows.fixed, nodes)));
                List { form, values: Vec::new() }
            }
        }),
    })
}

fn packed(rows: &wire::Rows<'_>, dtype: DType, optional: bool, shape: Vec<usize>) -> List {
    Rows { dtype, optional, shape, bytes: rows.fixed.into() }.into()
}

/// Dims as this machine counts. Where a dim is 0 another may be larger than that; no element is ever looked for there.
pub(super) fn dims(dims: impl Iterator<Item = u64>) -> Vec<usize> {
    dims.map(|dim| usize::try_from(dim).unwrap_or(usize::MAX)).collect()
}
