//! The walk over nodes, and looking at what comes next.

use alloc::vec::Vec;

use super::{Node, Reader, RowSchema, Rows, tag};
use crate::error::Result;

/// Nodes for which room is made before they are there: a node of one byte may be built into much more.
const FIRST_RESERVATION: usize = 256;

/// What is built of a node, and of what has been built of the nodes inside it, in their order. Of a map these are keys and values in turn.
pub(crate) trait Build<'a>: Sized {
    fn build(node: Node<'a>, inside: Vec<Self>) -> Result<Self>;
}

/// Nothing: it is read past.
impl Build<'_> for () {
    fn build(_: Node<'_>, _: Vec<()>) -> Result<()> {
        Ok(())
    }
}

impl<'a> Reader<'a> {
    /// Reads the next node and all that belongs to it.
    pub(crate) fn build<B: Build<'a>>(&mut self) -> Result<B> {
        let node = self.node()?;
        let inside = match &node {
            Node::List(count) => self.build_inside(*count)?,
            Node::Map(entries) => self.build_inside(entries * 2)?,
            Node::Some => self.build_inside(1)?,
            Node::Rows(rows) => self.build_node_part(rows)?,
            _ => Vec::new(),
        };
        B::build(node, inside)
    }

    fn build_inside<B: Build<'a>>(&mut self, count: usize) -> Result<Vec<B>> {
        let mut built = Vec::with_capacity(count.min(FIRST_RESERVATION));
        for _ in 0..count {
            push(&mut built, count, self.build()?);
        }
        self.close();
        Ok(built)
    }

    /// The node part of rows that have just been read.
    fn build_node_part<B: Build<'a>>(&mut self, rows: &Rows<'a>) -> Result<Vec<B>> {
        // There is a byte for each, so their number fits this machine.
        let count = usize::try_from(rows.count).unwrap_or(usize::MAX).saturating_mul(rows.schema.node_leaves());
        let mut built = Vec::with_capacity(count.min(FIRST_RESERVATION));
        self.each_node_leaf(rows, |reader| {
            push(&mut built, count, reader.build()?);
            Ok(())
        })?;
        Ok(built)
    }

    /// Reads the nodes of the node part of rows that have just been read, each at its depth.
    pub(crate) fn each_node_leaf(
        &mut self,
        rows: &Rows<'a>,
        mut read: impl FnMut(&mut Self) -> Result<()>,
    ) -> Result<()> {
        let RowSchema::Record(schema) = rows.schema else { return Ok(()) };
        let levels = schema.node_levels();
        if levels.is_empty() {
            return Ok(());
        }
        for _ in 0..rows.count {
            for &levels in &levels {
                self.enter(levels.into());
                read(self)?;
                self.leave(levels.into());
            }
        }
        Ok(())
    }

    /// Reads past one node and all that belongs to it. What it accepts is what reading accepts (rule R18).
    pub(crate) fn skip(&mut self) -> Result<()> {
        self.build()
    }

    /// Reads past the node part of rows that have just been read.
    #[inline]
    pub(crate) fn skip_node_part(&mut self, rows: &Rows<'a>) -> Result<()> {
        match rows.schema.node_leaves() {
            0 => Ok(()),
            _ => self.build_node_part::<()>(rows).map(drop),
        }
    }

    /// Whether the next node is nil; reads nothing.
    #[inline]
    pub(crate) fn next_is_nil(&self) -> bool {
        self.peek() == Some(tag::NIL)
    }

    /// Whether the next node is a some; reads nothing.
    #[inline]
    pub(crate) fn next_is_some(&self) -> bool {
        self.peek() == Some(tag::SOME)
    }

    /// Whether the next node is an array or rows; reads nothing.
    #[inline]
    pub(crate) fn next_is_array_like(&self) -> bool {
        matches!(self.peek(), Some(tag::ARRAY | tag::ROWS))
    }
}

/// When the first are there, room is made for all: so they do not move again and again, and for a while take room twice.
fn push<B>(built: &mut Vec<B>, count: usize, next: B) {
    if built.len() == FIRST_RESERVATION {
        built.reserve_exact(count - FIRST_RESERVATION);
    }
    built.push(next);
}
