//! Reading past nodes, and looking at what comes next.

use super::{Node, Reader, RowSchema, Rows, tag};
use crate::error::Result;

impl<'a> Reader<'a> {
    /// Reads past one node and all that belongs to it. What it accepts is what reading accepts (rule R18).
    pub(crate) fn skip(&mut self) -> Result<()> {
        match self.node()? {
            Node::List(count) => self.skip_children(count),
            Node::Map(entries) => self.skip_children(entries * 2),
            Node::Some => self.skip_children(1),
            Node::Rows(rows) => self.skip_node_part(&rows),
            _ => Ok(()),
        }
    }

    fn skip_children(&mut self, count: usize) -> Result<()> {
        for _ in 0..count {
            self.skip()?;
        }
        self.close();
        Ok(())
    }

    /// Reads past the node part of rows that have just been read.
    #[inline]
    pub(crate) fn skip_node_part(&mut self, rows: &Rows<'a>) -> Result<()> {
        match rows.schema {
            RowSchema::Record(schema) if schema.node_leaves() > 0 => self.each_node_leaf(rows, Self::skip),
            _ => Ok(()),
        }
    }

    /// Reads the nodes of the node part of rows that have just been read, each at the depth where it stands.
    pub(crate) fn each_node_leaf(
        &mut self,
        rows: &Rows<'a>,
        mut read: impl FnMut(&mut Self) -> Result<()>,
    ) -> Result<()> {
        let RowSchema::Record(schema) = rows.schema else { return Ok(()) };
        let levels = schema.node_levels();
        for _ in 0..rows.count {
            for &levels in &levels {
                self.enter(levels.into());
                read(self)?;
                self.leave(levels.into());
            }
        }
        Ok(())
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
