//! Nodes of a row that are lists or maps of their own: to them the rows below look finished.

use alloc::boxed::Box;

use super::encoder::Serializer;
use super::payloads::Payloads;
use super::schema::Kind;
use super::shape::Block;
use super::table::Table;
use crate::dtype::DType;

/// What waits while a node of a row is written.
pub(super) struct Layer {
    pub(super) table: Option<Box<Table>>,
    pub(super) payloads: Payloads,
    lists_base: usize,
    frames_base: usize,
    unpadded: usize,
    roots: usize,
    /// The row below is a tuple.
    pub(super) is_in_tuple: bool,
    /// It may turn out to be a subarray: a tuple.
    is_tuple: bool,
}

impl Serializer {
    /// Begins a node of the row that is a list or map.
    pub(super) fn push_layer(&mut self, is_tuple: bool) {
        let mut table = self.building.take();
        let held = match &mut table {
            Some(table) => core::mem::replace(&mut table.held, Payloads::apart()),
            None => Payloads::apart(),
        };
        self.forced = None;
        let is_in_tuple = table.as_ref().is_some_and(|table| !table.row.is_map);
        let payloads = core::mem::replace(&mut self.payloads, held);
        let (lists_base, frames_base, unpadded, roots) = (self.lists_base, self.frames_base, self.unpadded, self.roots);
        self.layers.push(Layer { table, payloads, lists_base, frames_base, unpadded, roots, is_in_tuple, is_tuple });
        self.lists_base = self.lists.len();
        self.frames_base = self.frames.len();
    }

    /// Ends the layer if the node that it was begun for has ended: that was a leaf of the row below.
    #[inline]
    pub(super) fn end_layer(&mut self) {
        if !self.layers.is_empty() && self.lists.len() == self.lists_base && self.frames.len() == self.frames_base {
            self.pop_layer();
            self.row_node();
        }
    }

    fn pop_layer(&mut self) {
        let Some(layer) = self.layers.pop() else { return };
        let held = core::mem::replace(&mut self.payloads, layer.payloads);
        self.building = layer.table;
        if let Some(table) = &mut self.building {
            table.held = held;
        }
        self.lists_base = layer.lists_base;
        self.frames_base = layer.frames_base;
        self.unpadded = layer.unpadded;
        self.roots = layer.roots;
    }

    /// If a list that ends is a tuple of a row, and rows of these scalars or blocks: it is a subarray of the row.
    pub(super) fn close_subarray(
        &mut self,
        start: usize,
        count: u64,
        dtype: DType,
        row: &[u64],
        is_tuple: bool,
    ) -> bool {
        let is_leaf = self.layers.last().is_some_and(|layer| layer.is_tuple);
        let block =
            match is_leaf && is_tuple && self.lists.len() == self.lists_base && self.frames.len() == self.frames_base {
                true => Block::of_rows(count, dtype, row),
                false => None,
            };
        let Some(block) = block else { return false };
        let packed = self.payloads.split_off(start);
        self.payloads.truncate(self.unpadded);
        self.pop_layer();
        self.payloads.extend(&packed);
        self.forced = None;
        if let Some(table) = &mut self.building {
            table.push_leaf(Kind::Subarray(Box::new(block)));
        }
        true
    }
}
