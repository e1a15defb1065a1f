//! The next value to be read, in the same terms for a node and for a part of a row.

use alloc::vec::Vec;

use super::array::row_major;
use super::cell::{Bytes, Cell, Packed, Record, scalar_node};
use super::deserializer::Deserializer;
use super::list::{Elements, RowsLeft};
use super::plan::{Step, plan};
use crate::dtype::DType;
use crate::error::Result;
use crate::wire::{Dims, Node, RowSchema, Rows, sequences};

pub(super) enum Next<'a, 'de> {
    Node(Node<'de>),
    /// A list that has to be made of a node or cell first.
    List(Elements<'a, 'de>, usize),
    Map(Record<'a, 'de>),
    /// Bytes made on the way.
    Bytes(&'a [u8]),
}

/// Room for what lists are read from, while they are.
#[derive(Default)]
pub(super) struct Room<'de> {
    steps: Vec<Step<'de>>,
    bytes: Vec<u8>,
}

impl<'a, 'de: 'a> Next<'a, 'de> {
    /// A cell.
    #[inline(never)]
    pub(super) fn of(cell: &Cell<'a, 'de>) -> Self {
        match *cell {
            Cell::Scalar(dtype, bytes) => Self::scalar(dtype, bytes),
            Cell::Optional(dtype, [1, scalar @ ..]) => Self::scalar(dtype, scalar),
            Cell::Optional(..) => Next::Node(Node::Nil),
            Cell::List(list) => Next::list(list),
            Cell::Tuple(record) => Next::List(Elements::Tuple(record), record.entries()),
            Cell::Map(record) => Next::Map(record),
            Cell::Name(name) => Next::Node(Node::Str(name)),
            Cell::Number(number) => Next::Node(Node::Uint(number)),
            Cell::Elements(Packed { bytes: Bytes::Made(bytes), .. }) => Next::Bytes(bytes),
            Cell::Bytes(bytes) | Cell::Elements(Packed { bytes: Bytes::Lent(bytes), .. }) => {
                Next::Node(Node::Bytes(bytes))
            }
            Cell::Dims(dims) => Next::List(Elements::Dims(dims.iter()), dims.rank()),
        }
    }

    fn scalar(dtype: DType, bytes: &'a [u8]) -> Self {
        // A complex number is a list of its real and imaginary part.
        let parts = |dtype: DType| {
            let bytes = bytes.get(..2 * dtype.size()).unwrap_or_default();
            Next::list(Packed::flat(dtype, Bytes::Made(bytes)))
        };
        match dtype {
            DType::Complex64 => parts(DType::F32),
            DType::Complex128 => parts(DType::F64),
            _ => Next::Node(scalar_node(dtype, bytes).unwrap_or(Node::Nil)),
        }
    }

    pub(super) fn list(list: Packed<'a, 'de>) -> Self {
        Next::List(Elements::packed(list), list.count)
    }

    /// Rows as the list that they are.
    pub(super) fn rows(self, room: &'a mut Room<'de>) -> Self {
        let Next::Node(Node::Rows(rows)) = self else { return self };
        // Each row takes a byte that is there, so their number fits this machine.
        let count = usize::try_from(rows.count).unwrap_or(usize::MAX);
        if let Some(packed) = packed_rows(&rows) {
            return Next::list(packed);
        }
        room.steps = plan(rows.schema);
        let (steps, fixed) = (&room.steps[..], rows.fixed);
        Next::List(Elements::Rows(RowsLeft { steps, fixed, width: fixed.len() / count.max(1) }), count)
    }

    /// For a target that is a sequence: an array, within the budget of rule R9, and bytes are lists too.
    pub(super) fn sequence(self, deserializer: &mut Deserializer<'de>, room: &'a mut Room<'de>) -> Result<Self> {
        match self {
            Next::Node(Node::List(count)) => Ok(Next::List(Elements::Nodes, count)),
            Next::Node(Node::Array(array)) if array.dims.rank() > 0 => {
                deserializer.reader.spend(sequences(array.dims.iter()))?;
                let bytes = row_major(&array, &mut room.bytes);
                let (count, dims) = array.dims.split_first().unwrap_or((0, Dims::NONE));
                let count = usize::try_from(count).unwrap_or(usize::MAX);
                Ok(Next::list(Packed { dtype: array.dtype, count, dims, bytes }))
            }
            Next::Node(Node::Bytes(bytes)) => Ok(Next::list(Packed::flat(DType::U8, Bytes::Lent(bytes)))),
            Next::Node(Node::DataBytes(payload)) => Ok(Next::list(Packed::flat(DType::U8, Bytes::Lent(payload.bytes)))),
            next => Ok(next.rows(room)),
        }
    }
}

/// Rows of scalars, or of lists of these.
pub(super) fn packed_rows<'de>(rows: &Rows<'de>) -> Option<Packed<'de, 'de>> {
    let (dtype, dims) = match rows.schema {
        RowSchema::Scalar(dtype) => (dtype, Dims::NONE),
        RowSchema::Subarray(dtype, dims) => (dtype, dims),
        RowSchema::Optional(_) | RowSchema::Record(_) => return None,
    };
    let count = usize::try_from(rows.count).unwrap_or(usize::MAX);
    Some(Packed { dtype, count, dims, bytes: Bytes::Lent(rows.fixed) })
}
