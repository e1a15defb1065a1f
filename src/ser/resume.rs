//! Rows that come to the encoder when part of them has been packed already.

use super::encoder::Serializer;
use super::payloads::Payloads;
use super::scalar::Scalar;
use super::schema::{Kind, Record, Step, width};
use super::shape::ElementShape;
use super::table::{Container, Mark};
use crate::dtype::DType;
use crate::error::Result;
use crate::wire::{self, Reader};

impl Serializer {
    /// Goes on with a tuple of which so many scalars have been packed already.
    pub(super) fn resume_row(&mut self, start: usize, dtype: Option<DType>) -> Result<()> {
        self.open_row(false, false)?;
        let end = self.payloads.len();
        let Some(table) = &mut self.building else { return Ok(()) };
        table.row_start.fixed = start;
        if let Some(container) = table.open.last_mut() {
            container.start.fixed = start;
        }
        if let Some(dtype) = dtype {
            (start..end).step_by(dtype.size()).for_each(|_| table.push_leaf(Kind::Scalar(dtype)));
        }
        Ok(())
    }

    /// Takes over a row of which so many steps have been packed, starting at these positions (packed, META, held), and so many of its
    /// maps and tuples are open; and the name of the next step, if it is `named`.
    pub(super) fn resume_record(
        &mut self,
        done: usize,
        depth: usize,
        named: bool,
        [fixed, nodes, held]: [usize; 3],
    ) -> Result<()> {
        let Some(list) = self.lists.last_mut() else { return Ok(()) };
        let common = match (&list.table, &list.current.shape) {
            (Some(table), ElementShape::Record) => table.common.clone(),
            (_, ElementShape::Block(block)) => Record::of_block(block).unwrap_or_default(),
            _ => return Ok(()),
        };
        self.open_row(common.is_map, false)?;
        let mut mark = Mark { fixed, nodes, held };
        let Some(mut table) = self.building.take() else { return Ok(()) };
        table.row_start = mark;
        if let Some(row) = table.open.last_mut() {
            row.start = mark;
        }
        // Only the payloads' lengths matter, and the first starts aligned.
        let written = self.meta.split_off(nodes);
        let mut reader = Reader::of_nodes(&written);
        for (at, step) in common.steps.iter().take(done).enumerate() {
            match &step.kind {
                Kind::Map(below) => {
                    if at + 1 + below >= done && table.open.len() < depth {
                        table.row.steps.push(Step::new(step.name.clone(), Kind::Map(0)));
                        let names = 0;
                        table.open.push(Container {
                            step: Some(at),
                            is_map: true,
                            start: mark,
                            leaves: 0,
                            names,
                            sorted: None,
                        });
                        self.open_containers += 1;
                        continue;
                    }
                }
                kind => {
                    if let Some(open) = table.open.last_mut() {
                        open.leaves += 1;
                    }
                    mark.fixed += width(kind);
                    if matches!(kind, Kind::Nil | Kind::Node) {
                        reader.skip()?;
                        mark.nodes = nodes + usize::try_from(reader.offset()).unwrap_or(0);
                        if reader.data_end() > 0 {
                            mark.held = Payloads::aligned_after(held) + usize::try_from(reader.data_end()).unwrap_or(0);
                        }
                    }
                }
            }
            table.row.steps.push(step.clone());
        }
        // Every name may be a duplicate of one of these.
        table.open.iter_mut().for_each(|open| open.names = u64::MAX);
        table.name = common.steps.get(done).filter(|_| named).map(|step| step.name.clone());
        self.meta.extend_from_slice(&written);
        self.building = Some(table);
        Ok(())
    }

    /// Takes over a tuple of scalars or blocks that has come as far as these bytes, with as many of its levels open.
    pub(super) fn replay_block(&mut self, dtype: DType, dims: &[u64], packed: &[u8], open: usize) -> Result<()> {
        let [count, inner @ ..] = dims else { return Ok(()) };
        self.open_tuple(usize::try_from(*count).unwrap_or(usize::MAX))?;
        let width = wire::payload_len(inner.iter().copied(), dtype.size())
            .map_or(usize::MAX, |len| usize::try_from(len).unwrap_or(usize::MAX));
        let elements = packed.chunks_exact(width.max(1));
        let rest = elements.remainder();
        for element in elements {
            match inner {
                [] => self.scalar(Scalar::from_le_bytes(dtype, element))?,
                _ => {
                    self.replay_block(dtype, inner, element, usize::MAX)?;
                    self.close_list()?;
                }
            }
        }
        if open != usize::MAX && open > 1 {
            self.replay_block(dtype, inner, rest, open - 1)?;
        }
        Ok(())
    }
}
