//! Lists that turn out to be plain, and the heads of plain lists and maps.

use alloc::vec::Vec;

use super::convert::{self, Sink, Source};
use super::encoder::{Frame, FrameKind, NONE_EXPECTED, Serializer};
use super::list::{Segment, split};
use super::scalar::Scalar;
use super::shape::ElementShape;
use crate::error::Result;
use crate::wire;

impl Serializer {
    /// Makes every undecided list plain, the outermost first, and their elements nodes.
    pub(super) fn settle(&mut self) -> Result<()> {
        self.settle_lists(self.lists.len())
    }

    /// Makes the lists around the innermost one plain, which is a node for them.
    pub(super) fn settle_outer(&mut self) -> Result<()> {
        let last = self.lists.len().saturating_sub(1);
        if last <= self.lists_base {
            return Ok(());
        }
        // What the innermost one has so far comes after what is written for the others.
        let Some(mut inner) = self.lists.pop() else { return Ok(()) };
        let packed = self.payloads.split_off(inner.start);
        let nodes = inner.table.as_ref().map_or(self.meta.len(), |table| table.nodes_start);
        let nodes = self.meta.split_off(nodes);
        self.settle_lists(last)?;
        self.unpadded = self.payloads.len();
        self.payloads.align(self.meta.len());
        inner.move_to(self.payloads.len());
        if let Some(table) = &mut inner.table {
            table.nodes_start = self.meta.len();
        }
        self.payloads.extend(&packed);
        self.meta.extend_from_slice(&nodes);
        self.lists.push(inner);
        Ok(())
    }

    /// Makes the undecided lists up to one plain. Nothing is behind their packed bytes, and in META their node leaves alone.
    fn settle_lists(&mut self, end: usize) -> Result<()> {
        let lists = self.lists.split_off(self.lists_base.min(end));
        let Some(base) = lists.first().map(|list| list.start) else { return Ok(()) };
        self.expected = NONE_EXPECTED;
        let packed = self.payloads.split_off(base);
        self.payloads.truncate(self.unpadded);
        // Only the innermost list can have nodes: a list of records makes those around it plain.
        let nodes = match lists.last().and_then(|list| list.table.as_ref()) {
            Some(table) => self.meta.split_off(table.nodes_start),
            None => Vec::new(),
        };
        let ends: Vec<usize> = lists.iter().skip(1).map(|inner| inner.start).chain([packed.len() + base]).collect();
        for (mut list, end) in lists.into_iter().zip(ends) {
            let table = list.table.take();
            let held = table.as_ref().map_or(&[][..], |table| table.held.tail(0));
            let mut source = Source::new(&[], &nodes, held);
            self.count_child();
            self.open_frame(FrameKind::List, list.announced);
            for (segment, bytes) in split(&list, &packed[list.start - base..end - base]) {
                match (segment.shape, &table) {
                    (ElementShape::Record, Some(table)) => {
                        source.set_fixed(bytes);
                        let Some(record) = table.records.get(segment.record) else { continue };
                        let mut sink = Sink { meta: &mut self.meta, data: &mut self.payloads };
                        for _ in 0..segment.count {
                            convert::put_row(record, &mut source, &mut sink)?;
                        }
                        self.count_children(segment.count);
                    }
                    _ => self.put_elements(segment, bytes),
                }
            }
            if let Some(mut table) = table {
                table.held.truncate(0);
                self.spare_tables.push(table);
            }
        }
        Ok(())
    }

    /// The elements of a segment as nodes.
    fn put_elements(&mut self, segment: Segment, bytes: &[u8]) {
        let count = segment.count(bytes);
        match segment.shape {
            ElementShape::Nil => {
                let nils = usize::try_from(count).unwrap_or(usize::MAX);
                self.meta.resize(self.meta.len().saturating_add(nils), wire::tag::NIL);
            }
            ElementShape::Scalar(dtype) => {
                for scalar in bytes.chunks_exact(dtype.size()) {
                    Scalar::from_le_bytes(dtype, scalar).put_node(&mut self.meta);
                }
            }
            ElementShape::Optional(dtype) => {
                for row in bytes.chunks_exact(1 + dtype.size()) {
                    match row {
                        [1, scalar @ ..] => Scalar::from_le_bytes(dtype, scalar).put_node(&mut self.meta),
                        _ => self.meta.push(wire::tag::NIL),
                    }
                }
            }
            ElementShape::Block(block) => {
                let [rows, row @ ..] = block.dims() else { return };
                let width = bytes.len() / usize::try_from(count.max(1)).unwrap_or(usize::MAX);
                for element in bytes.chunks_exact(width.max(1)) {
                    self.put_rows(false, block.dtype, row, *rows, element);
                }
            }
            ElementShape::Unknown | ElementShape::Record | ElementShape::Node => {}
        }
        self.count_children(count);
    }

    fn count_children(&mut self, count: u64) {
        if let Some(frame) = self.frames.last_mut() {
            frame.children += count;
        }
    }

    /// A map or plain list whose head is written: what it announced, or a guess, to be set right at its end.
    pub(super) fn open_frame(&mut self, kind: FrameKind, announced: Option<usize>) {
        let written = announced.unwrap_or(0) as u64;
        let head = self.meta.len();
        match kind {
            FrameKind::List => wire::put_list(&mut self.meta, written),
            FrameKind::Map => wire::put_map(&mut self.meta, written),
        }
        self.frames.push(Frame { kind, head, head_end: self.meta.len(), written, children: 0, entries: Vec::new() });
    }

    /// Ends a map or a plain list: its head is set right if its announcement was not.
    pub(super) fn close_frame(&mut self) -> Result<()> {
        self.refuse_if_poisoned()?;
        if self.frames.len() == self.frames_base {
            return Err(self.protocol("a list or map ended that had not begun"));
        }
        let Some(mut frame) = self.frames.pop() else { return Ok(()) };
        self.sort_entries(&mut frame);
        let count = match frame.kind {
            FrameKind::List => frame.children,
            FrameKind::Map if frame.children % 2 == 1 => {
                return Err(self.protocol("a map has a key without a value"));
            }
            FrameKind::Map => frame.children / 2,
        };
        if count != frame.written {
            let mut head = Vec::new();
            match frame.kind {
                FrameKind::List => wire::put_list(&mut head, count),
                FrameKind::Map => wire::put_map(&mut head, count),
            }
            self.meta.splice(frame.head..frame.head_end, head);
        }
        self.end_layer();
        Ok(())
    }
}
