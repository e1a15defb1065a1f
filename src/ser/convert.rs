//! Packed rows to rows of another schema, and to nodes.

use alloc::vec::Vec;

use super::payloads::Payloads;
use super::scalar::Scalar;
use super::schema::{Kind, Record, Step, entries, width};
use super::shape::Block;
use crate::dtype::DType;
use crate::error::Result;
use crate::wire::{self, Node, Place, Reader, RowSchema, Rows};

/// Packed rows, read one after the other.
pub(super) struct Source<'s> {
    fixed: &'s [u8],
    nodes: &'s [u8],
    reader: Reader<'s>,
    held: &'s [u8],
}

/// The next node: its bytes in META, and in DATA.
#[derive(Clone, Copy)]
struct Piece<'s> {
    meta: &'s [u8],
    data: &'s [u8],
}

impl<'s> Source<'s> {
    /// Rows of a fixed part, of nodes, and of the payloads of these.
    pub(super) fn new(fixed: &'s [u8], nodes: &'s [u8], held: &'s [u8]) -> Self {
        Source { fixed, nodes, reader: Reader::of_nodes(nodes), held }
    }

    /// Goes on with another fixed part; the nodes follow each other.
    pub(super) fn set_fixed(&mut self, fixed: &'s [u8]) {
        self.fixed = fixed;
    }

    fn take(&mut self, len: usize) -> &'s [u8] {
        let (taken, rest) = self.fixed.split_at(len.min(self.fixed.len()));
        self.fixed = rest;
        taken
    }

    fn node(&mut self) -> Result<Piece<'s>> {
        let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
        let (start, data_start) = (place(self.reader.offset()), place(self.reader.data_end()));
        self.reader.skip()?;
        let (end, data_end) = (place(self.reader.offset()), place(self.reader.data_end()));
        // Its payloads are placed as they were: the first of them starts aligned, here and there.
        let first = Payloads::aligned_after(data_start).min(data_end);
        Ok(Piece { meta: &self.nodes[start..end], data: &self.held[first..data_end] })
    }
}

/// Where nodes go.
pub(super) struct Sink<'t> {
    pub(super) meta: &'t mut Vec<u8>,
    pub(super) data: &'t mut Payloads,
}

impl Sink<'_> {
    fn put_piece(&mut self, piece: Piece<'_>) {
        self.meta.extend_from_slice(piece.meta);
        if !piece.data.is_empty() {
            self.data.put(self.meta.len(), piece.data);
        }
    }

    /// A rows node of scalars, optional scalars or subarrays.
    pub(super) fn put_rows(&mut self, optional: bool, dtype: DType, row: &[u64], count: u64, fixed: &[u8]) {
        wire::put_rows(self.meta, optional, dtype.code(), row, count);
        match Place::of(fixed.len()) {
            Place::Meta => self.meta.extend_from_slice(fixed),
            Place::Data => self.data.put(self.meta.len(), fixed),
        }
    }

    fn put_block(&mut self, block: &Block, fixed: &[u8]) {
        if let [count, row @ ..] = block.dims() {
            self.put_rows(false, block.dtype, row, *count, fixed);
        }
    }
}

/// One row as a node.
pub(super) fn put_row(record: &Record, source: &mut Source<'_>, sink: &mut Sink<'_>) -> Result<()> {
    if !record.is_map {
        return put_tuple(&record.steps, source, sink);
    }
    wire::put_map(sink.meta, record.entries() as u64);
    put_entries(&record.steps, source, sink)
}

fn put_entries(steps: &[Step], source: &mut Source<'_>, sink: &mut Sink<'_>) -> Result<()> {
    let mut at = 0;
    while let Some(step) = steps.get(at) {
        wire::put_str(sink.meta, step.name.as_str());
        put_value(&steps[at..], source, sink)?;
        at += step.span();
    }
    Ok(())
}

/// What the first step says as a node.
pub(super) fn put_value(steps: &[Step], source: &mut Source<'_>, sink: &mut Sink<'_>) -> Result<()> {
    let [step, below @ ..] = steps else { return Ok(()) };
    match &step.kind {
        Kind::Nil | Kind::Node => sink.put_piece(source.node()?),
        Kind::Scalar(dtype) => Scalar::from_le_bytes(*dtype, source.take(dtype.size())).put_node(sink.meta),
        Kind::Optional(dtype) => match source.take(1 + dtype.size()) {
            [1, scalar @ ..] => Scalar::from_le_bytes(*dtype, scalar).put_node(sink.meta),
            _ => sink.meta.push(wire::tag::NIL),
        },
        Kind::Subarray(block) => sink.put_block(block, source.take(block.width())),
        Kind::Map(len) => {
            let below = &below[..*len];
            wire::put_map(sink.meta, entries(below) as u64);
            put_entries(below, source, sink)?;
        }
    }
    Ok(())
}

/// A leaf of a tuple.
enum Leaf<'s> {
    Nil(Piece<'s>),
    Scalar(DType, &'s [u8]),
    Block(Block, &'s [u8]),
    Node(Piece<'s>),
}

/// A tuple as a node: a list, whose form its own elements choose.
fn put_tuple(steps: &[Step], source: &mut Source<'_>, sink: &mut Sink<'_>) -> Result<()> {
    let mut leaves = Vec::with_capacity(steps.len());
    for step in steps {
        leaves.push(leaf(&step.kind, source)?);
    }
    let count = leaves.len() as u64;
    let mut packed = Vec::new();
    match common(&leaves) {
        Some(Common::Scalar(dtype)) => {
            leaves.iter().for_each(|leaf| packed.extend_from_slice(leaf.packed()));
            sink.put_rows(false, dtype, &[], count, &packed);
        }
        Some(Common::Optional(dtype)) => {
            for leaf in &leaves {
                packed.push(u8::from(!matches!(leaf, Leaf::Nil(_))));
                packed.extend_from_slice(leaf.packed());
                packed.resize(packed.len().next_multiple_of(1 + dtype.size()), 0);
            }
            sink.put_rows(true, dtype, &[], count, &packed);
        }
        Some(Common::Block(block)) => {
            leaves.iter().for_each(|leaf| packed.extend_from_slice(leaf.packed()));
            sink.put_rows(false, block.dtype, block.dims(), count, &packed);
        }
        None => {
            wire::put_list(sink.meta, count);
            for leaf in leaves {
                match leaf {
                    Leaf::Nil(piece) | Leaf::Node(piece) => sink.put_piece(piece),
                    Leaf::Scalar(dtype, bytes) => Scalar::from_le_bytes(dtype, bytes).put_node(sink.meta),
                    Leaf::Block(block, bytes) => sink.put_block(&block, bytes),
                }
            }
        }
    }
    Ok(())
}

fn leaf<'s>(kind: &Kind, source: &mut Source<'s>) -> Result<Leaf<'s>> {
    Ok(match kind {
        Kind::Scalar(dtype) => Leaf::Scalar(*dtype, source.take(dtype.size())),
        Kind::Optional(dtype) => match source.take(1 + dtype.size()) {
            [1, scalar @ ..] => Leaf::Scalar(*dtype, scalar),
            _ => Leaf::Nil(Piece { meta: &[wire::tag::NIL], data: &[] }),
        },
        Kind::Subarray(block) => Leaf::Block(**block, source.take(block.width())),
        _ => {
            let piece = source.node()?;
            match (piece.meta, Reader::of_nodes(piece.meta).node()) {
                ([wire::tag::NIL], _) => Leaf::Nil(piece),
                // A list that came as a sequence: in a row it is a node, as a list of its own it is a block.
                (_, Ok(Node::Rows(rows))) => match block_of(&rows) {
                    Some(block) => Leaf::Block(block, if piece.data.is_empty() { rows.fixed } else { piece.data }),
                    None => Leaf::Node(piece),
                },
                _ => Leaf::Node(piece),
            }
        }
    })
}

fn block_of(rows: &Rows<'_>) -> Option<Block> {
    match rows.schema {
        RowSchema::Scalar(dtype) => Block::of_rows(rows.count, dtype, &[]),
        RowSchema::Subarray(dtype, dims) => Block::of_rows(rows.count, dtype, &dims.iter().collect::<Vec<_>>()),
        _ => None,
    }
}

impl<'s> Leaf<'s> {
    fn packed(&self) -> &'s [u8] {
        match self {
            Leaf::Scalar(_, bytes) | Leaf::Block(_, bytes) => bytes,
            Leaf::Nil(_) | Leaf::Node(_) => &[],
        }
    }
}

/// What all leaves of a tuple are, if a rows node can hold them.
enum Common {
    Scalar(DType),
    Optional(DType),
    Block(Block),
}

fn common(leaves: &[Leaf<'_>]) -> Option<Common> {
    if let [Leaf::Block(first, _), rest @ ..] = leaves {
        let is_same = |leaf: &Leaf<'_>| matches!(leaf, Leaf::Block(block, _) if block.is_same(first));
        return rest.iter().all(is_same).then_some(Common::Block(*first));
    }
    let dtype = leaves.iter().find_map(|leaf| match leaf {
        Leaf::Scalar(dtype, _) => Some(*dtype),
        _ => None,
    })?;
    let is_scalar = |leaf: &Leaf<'_>| matches!(leaf, Leaf::Scalar(own, _) if *own == dtype);
    if leaves.iter().all(is_scalar) {
        return Some(Common::Scalar(dtype));
    }
    leaves.iter().all(|leaf| is_scalar(leaf) || matches!(leaf, Leaf::Nil(_))).then_some(Common::Optional(dtype))
}

/// Rows packed as one schema to rows packed as a weaker one.
pub(super) fn repack(
    from: &Record,
    to: &Record,
    count: u64,
    source: &mut Source<'_>,
    fixed: &mut Payloads,
    sink: &mut Sink<'_>,
) -> Result<()> {
    for _ in 0..count {
        repack_entries(&from.steps, &to.steps, source, fixed, sink)?;
    }
    Ok(())
}

fn repack_entries(
    from: &[Step],
    to: &[Step],
    source: &mut Source<'_>,
    fixed: &mut Payloads,
    sink: &mut Sink<'_>,
) -> Result<()> {
    let (mut i, mut j) = (0, 0);
    while let (Some(a), Some(b)) = (from.get(i), to.get(j)) {
        match (&a.kind, &b.kind) {
            (Kind::Map(m), Kind::Map(n)) => {
                repack_entries(&from[i + 1..][..*m], &to[j + 1..][..*n], source, fixed, sink)?;
            }
            (_, Kind::Node | Kind::Nil) => put_value(&from[i..], source, sink)?,
            (Kind::Nil, kind) => {
                source.node()?;
                fixed.push_zeros(width(kind));
            }
            (Kind::Scalar(dtype), Kind::Optional(_)) => {
                fixed.push([1]);
                fixed.extend(source.take(dtype.size()));
            }
            (kind, _) => fixed.extend(source.take(width(kind))),
        }
        i += a.span();
        j += b.span();
    }
    Ok(())
}
