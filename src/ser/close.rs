//! The end of a row, and of a list of rows.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::convert::{self, Sink, Source};
use super::encoder::{FIRST_META, Serializer};
use super::list::Segment;
use super::payloads::Payloads;
use super::schema::{Kind, Record};
use super::shape::ElementShape;
use super::table::{EntryMark, Table};
use crate::error::Result;
use crate::wire::{self, LEAF_LIMIT};

impl Serializer {
    /// Ends a map or tuple of a row.
    pub(super) fn close_container(&mut self) -> Result<()> {
        self.refuse_if_poisoned()?;
        let Some(mut table) = self.building.take() else { return Err(self.protocol("a row ended that had not begun")) };
        let Some(container) = table.open.last() else { return Err(self.protocol("a row ended that had not begun")) };
        let first = container.step.map_or(0, |step| step + 1);
        let is_empty = table.row.steps.len() == first;
        if is_empty || table.awaits_key || table.name.is_some() {
            let is_map = container.is_map;
            self.building = Some(table);
            self.collapse()?;
            return if is_map { self.close_frame() } else { self.close_list() };
        }
        self.sort_row(&mut table);
        self.open_containers -= 1;
        let closed = table.open.pop();
        let Some((step, leaves)) = closed.and_then(|closed| Some((closed.step?, closed.leaves))) else {
            return self.close_row(table);
        };
        let below = table.row.steps.len() - step - 1;
        if let Some(own) = table.row.steps.get_mut(step) {
            own.kind = Kind::Map(below);
        }
        let around = table.open.last_mut();
        let too_many = around.is_some_and(|around| {
            around.leaves += leaves;
            around.leaves > LEAF_LIMIT
        });
        self.building = Some(table);
        if too_many {
            self.collapse()?;
        }
        Ok(())
    }

    /// Puts the entries of a finished map in the order of their keys' bytes.
    fn sort_row(&mut self, table: &mut Table) {
        let Some(container) = table.open.last() else { return };
        let Some(first) = container.sorted else { return };
        let entries = table.entries.split_off(first.min(table.entries.len()));
        let (Some(start), Some(step)) =
            (entries.first().map(|entry| entry.start), entries.first().map(|entry| entry.step))
        else {
            return;
        };
        let end = EntryMark { step: table.row.steps.len(), start: self.mark(table) };
        let ends = entries.iter().skip(1).chain([&end]);
        let mut pieces: Vec<(&EntryMark, &EntryMark)> = entries.iter().zip(ends).collect();
        let steps = table.row.steps.split_off(step);
        let key = |entry: &EntryMark| {
            let mut key = Vec::new();
            wire::put_str(&mut key, steps[entry.step - step].name.as_str());
            key
        };
        pieces.sort_by_cached_key(|(entry, _)| key(entry));
        let fixed = self.payloads.split_off(start.fixed);
        let nodes = self.meta.split_off(start.nodes);
        let held = table.held.split_off(start.held);
        for (from, to) in pieces {
            table.row.steps.extend_from_slice(&steps[from.step - step..to.step - step]);
            self.payloads.extend(&fixed[from.start.fixed - start.fixed..to.start.fixed - start.fixed]);
            self.meta.extend_from_slice(&nodes[from.start.nodes - start.nodes..to.start.nodes - start.nodes]);
            let first = Payloads::aligned_after(from.start.held).min(to.start.held);
            let payloads = &held[first - start.held..to.start.held - start.held];
            if !payloads.is_empty() {
                table.held.put(0, payloads);
            }
        }
    }

    /// Ends a row: it is joined with the rows before it.
    fn close_row(&mut self, mut table: Box<Table>) -> Result<()> {
        let own = table.row.as_block();
        let start = table.row_start;
        let Some(list) = self.lists.last_mut() else { return Err(self.protocol("a row without a list")) };
        if list.current.shape == ElementShape::Record && table.is_common && table.row == table.common {
            list.current.count += 1;
            list.table = Some(table);
            return Ok(());
        }
        match (list.current.shape, own) {
            (ElementShape::Block(block), Some(Ok(own))) if block.is_same(&own) => {
                list.current.count += 1;
                list.table = Some(table);
                return Ok(());
            }
            (ElementShape::Unknown, Some(Ok(own))) => {
                let shape = ElementShape::Block(own.of_tuples());
                list.current = Segment::new(shape, start.fixed, 0, 1);
                list.table = Some(table);
                return Ok(());
            }
            (ElementShape::Block(block), _) if block.is_tuple => {
                // Its rows are packed as a tuple's are.
                if let Some(record) = Record::of_block(&block) {
                    list.current.shape = ElementShape::Record;
                    list.current.record = 0;
                    table.common = record.clone();
                    table.records.push(record);
                    table.is_common = true;
                }
            }
            (ElementShape::Unknown, _) => {
                list.current = Segment::new(ElementShape::Record, start.fixed, 0, 1);
                table.common = table.row.clone();
                // Of which kind it is stays known: the nodes of the rows to come look there.
                let is_map = table.row.is_map;
                table.records.push(core::mem::replace(&mut table.row, Record { is_map, ..Record::default() }));
                table.is_common = true;
                list.table = Some(table);
                self.make_room();
                return self.settle_outer();
            }
            _ => {}
        }
        let joined = match list.current.shape {
            ElementShape::Record => table.common.join(&table.row),
            _ => None,
        };
        let Some(joined) = joined else {
            list.begin_segment(Segment::new(ElementShape::Record, start.fixed, table.records.len(), 1));
            let row = core::mem::take(&mut table.row);
            table.records.push(row);
            list.table = Some(table);
            return self.settle();
        };
        let is_common = joined.remembers(&table.row);
        if !(table.is_common && is_common && joined == table.common) {
            list.begin_segment(Segment::new(ElementShape::Record, start.fixed, table.records.len(), 0));
            let record = if is_common { &joined } else { &table.row };
            table.records.push(record.clone());
            table.is_common = is_common;
        }
        list.current.count += 1;
        table.common = joined;
        if is_common && !table.row.is_packed_as(&table.common) {
            let fixed = self.payloads.split_off(start.fixed);
            let nodes = self.meta.split_off(start.nodes);
            let held = table.held.split_off_aligned(start.held);
            let mut source = Source::new(&fixed, &nodes, &held);
            let mut sink = Sink { meta: &mut self.meta, data: &mut table.held };
            convert::repack(&table.row, &table.common, 1, &mut source, &mut self.payloads, &mut sink)?;
        }
        if let Some(list) = self.lists.last_mut() {
            list.table = Some(table);
        }
        self.settle_outer()
    }

    /// After the first row, when it is known how long the head of the rows will be: so that what has been packed may stay where it is.
    fn make_room(&mut self) {
        let Some(list) = self.lists.last_mut() else { return };
        let Some(table) = &list.table else { return };
        let announced = list.announced.unwrap_or(1);
        let width = self.payloads.len() - list.start;
        if self.meta.len() == table.nodes_start && list.start == 0 {
            let mut schema = Vec::with_capacity(FIRST_META);
            table.common.put(&mut schema);
            let head = self.meta.len() + 1 + schema.len() + wire::uv_len(announced as u64);
            self.payloads.move_start(head);
        }
        self.reserve_elements(announced.saturating_sub(1), width);
    }

    /// Ends a list of records: it is rows, or after all plain.
    pub(super) fn close_records(&mut self) -> Result<()> {
        let Some(list) = self.lists.last_mut() else { return Ok(()) };
        let Some(mut table) = list.table.take() else { return Ok(()) };
        let count: u64 = list.segments().map(|segment| segment.count).sum();
        if (count < 2 && !list.is_forced) || !table.common.is_schema() {
            list.table = Some(table);
            self.settle()?;
            return self.close_frame();
        }
        let Some(list) = self.lists.pop() else { return Ok(()) };
        if !table.records.iter().all(|record| record.is_packed_as(&table.common)) {
            let packed = self.payloads.split_off(list.start);
            let nodes = self.meta.split_off(table.nodes_start);
            let held = core::mem::replace(&mut table.held, Payloads::apart());
            let mut source = Source::new(&[], &nodes, held.tail(0));
            for (segment, fixed) in super::list::split(&list, &packed) {
                source.set_fixed(fixed);
                let Some(record) = table.records.get(segment.record) else { continue };
                let mut sink = Sink { meta: &mut self.meta, data: &mut table.held };
                convert::repack(record, &table.common, segment.count, &mut source, &mut self.payloads, &mut sink)?;
            }
        }
        self.count_child();
        let mut head = Vec::with_capacity(FIRST_META);
        head.push(wire::tag::ROWS);
        table.common.put(&mut head);
        wire::put_uv(&mut head, count);
        if wire::Place::of(self.payloads.len() - list.start) == wire::Place::Meta {
            head.extend_from_slice(self.payloads.tail(list.start));
            self.payloads.truncate(self.unpadded);
        }
        // (A splice takes many more instructions.)
        let end = self.meta.len();
        self.meta.extend_from_slice(&head);
        if table.nodes_start < end {
            self.meta.copy_within(table.nodes_start..end, table.nodes_start + head.len());
            self.meta[table.nodes_start..][..head.len()].copy_from_slice(&head);
        }
        self.payloads.put_all(self.meta.len(), &mut table.held);
        self.spare_tables.push(table);
        self.end_layer();
        Ok(())
    }
}
