//! The fast path for rows of maps, tuples and blocks that are given as an iterator, as `Vec<T>` gives them.
//!
//! A row that is like those before it is written by a [`Probe`](super::probe::Probe), which goes along a plan: a struct's field is known
//! by the address of its name, a scalar by its dtype, and its bytes are put where the row has a place for them. At the first event
//! that is not as expected, the row is handed over to the encoder as far as it has come.

use alloc::string::String;
use alloc::vec::Vec;

use serde::ser::Serialize;

use super::encoder::Serializer;
use super::plan::{Plan, place};
use super::probe::Probe;
use super::schema::{Kind, Step};
use super::shape::{Block, ElementShape};
use super::state::State;
use super::table::KeyPlace;
use crate::error::{Error, Result};

/// Bytes of rows that are gathered before they are appended to the list's: they stay in the first-level cache.
pub(super) const CHUNK: usize = 2048;
/// What a place in a chunk can need beyond it: one scalar.
const SLACK: usize = 16;

/// Rows while they are like those before them; then the rest of the iterator, if there is any.
pub(super) fn run<I>(encoder: &mut Serializer, mut iter: I, index: &mut u64) -> Result<Option<I>>
where
    I: Iterator,
    I::Item: Serialize,
{
    let mut rows = Rows::new(encoder);
    if !rows.take()? {
        return Ok(Some(iter));
    }
    loop {
        let Some(item) = iter.next() else {
            rows.give_back();
            return Ok(None);
        };
        rows.begin();
        let start = rows.filled;
        let state = match item.serialize(Probe::of_row(&mut rows, start)) {
            Ok(state) => state,
            Err(error) => {
                rows.give_back();
                return Err(error);
            }
        };
        *index += 1;
        if state.is_left() {
            return match rows.failure {
                Some(error) => Err(error),
                None => Ok(Some(iter)),
            };
        }
        rows.filled = state.pos();
        rows.count += 1;
    }
}

/// What the probes of a run have in common.
pub(super) struct Rows<'e> {
    pub(super) encoder: &'e mut Serializer,
    pub(super) plan: Plan,
    /// The place of which the name is awaited.
    pub(super) name_at: u8,
    /// Rows, up to `filled`; behind it the row that is being written.
    pub(super) chunk: [u8; CHUNK + SLACK],
    filled: usize,
    width: usize,
    /// What the plan was made of, lent by the list's table.
    pub(super) steps: Vec<Step>,
    /// Instead of a plan.
    pub(super) block: Option<Block>,
    pub(super) is_map: bool,
    is_lent: bool,
    /// How many layers are below.
    layer: usize,
    /// Whether a row has node leaves.
    has_nodes: bool,
    /// Rows so far of which the list does not know.
    count: u64,
    /// Where the row begins in META, and among the payloads of its nodes.
    start: [usize; 2],
    /// Maps, tuples and lists that the encoder writes, from the outermost on.
    pub(super) left: Vec<LeftEntries>,
    /// What went wrong when the row was handed over at a scalar. The next call that is not meant to be fast returns it: so that of the
    /// scalar, which is, has no error to look for.
    pub(super) failure: Option<Error>,
}

/// A map, tuple or list that the encoder writes.
#[derive(Clone, Copy)]
pub(super) struct LeftEntries {
    pub(super) is_list: bool,
    /// Where the probe goes on afterwards, if it does.
    pub(super) after: State,
    /// For errors only.
    pub(super) key: KeyPlace,
    pub(super) variant: Option<&'static str>,
}

impl<'e> Rows<'e> {
    /// Without anything, so that it is made where it stays.
    #[inline(always)]
    fn new(encoder: &'e mut Serializer) -> Self {
        Rows {
            plan: Plan::new(),
            name_at: place::NAME,
            chunk: [0; CHUNK + SLACK],
            filled: 0,
            width: 0,
            steps: Vec::new(),
            block: None,
            is_map: false,
            is_lent: false,
            layer: encoder.layers.len(),
            has_nodes: false,
            count: 0,
            start: [encoder.meta.len(), 0],
            left: Vec::new(),
            failure: None,
            encoder,
        }
    }

    /// Takes what the rows so far of the innermost list are like, if that can be followed.
    #[inline(never)]
    fn take(&mut self) -> Result<bool> {
        let Some(list) = self.encoder.lists.last_mut() else { return Ok(false) };
        let depth = match (&list.current.shape, &mut list.table) {
            (ElementShape::Block(block), _) if block.width() <= CHUNK => {
                self.width = block.width();
                self.block = Some(*block);
                block.dims().len()
            }
            (ElementShape::Record, Some(table)) if table.common.width() <= CHUNK => {
                self.width = table.common.width();
                self.is_map = table.common.is_map;
                self.steps = core::mem::take(&mut table.common.steps);
                table.common.depth()
            }
            _ => return Ok(false),
        };
        self.is_lent = true;
        let fits = self.plan.set(&self.steps, self.block.as_ref(), self.is_map);
        self.has_nodes = self.steps.iter().any(|step| matches!(step.kind, Kind::Nil | Kind::Node));
        let is_too_deep = self.encoder.check_depth(depth);
        if !fits || is_too_deep.is_err() {
            self.give_back();
        }
        is_too_deep.map(|()| fits)
    }

    #[inline]
    fn begin(&mut self) {
        if self.filled + self.width > CHUNK {
            self.flush();
        }
        if self.has_nodes {
            self.start[0] = self.encoder.meta.len();
            if let Some(table) = self.encoder.lists.last().and_then(|list| list.table.as_ref()) {
                self.start[1] = table.held.len();
            }
        }
    }

    #[inline(never)]
    fn flush(&mut self) {
        self.encoder.payloads.extend(&self.chunk[..self.filled]);
        self.filled = 0;
    }

    /// Gives the encoder back what was lent, with the finished rows.
    #[inline(never)]
    fn give_back(&mut self) {
        if !core::mem::take(&mut self.is_lent) {
            return;
        }
        self.flush();
        if let Some(list) = self.encoder.lists.last_mut() {
            list.current.count += core::mem::take(&mut self.count);
            if let (Some(table), None) = (&mut list.table, &self.block) {
                table.common.steps = core::mem::take(&mut self.steps);
            }
        }
    }

    /// The step that is awaited at a place of the plan.
    #[inline]
    fn step_at(&self, at: u8) -> Option<&Step> {
        match at != place::ROW && self.plan.has_step(at) {
            true => self.steps.get(self.plan.step(at)),
            false => None,
        }
    }

    #[inline]
    pub(super) fn kind_at(&self, at: u8) -> Option<&Kind> {
        self.step_at(at).map(|step| &step.kind)
    }

    /// The name of a step, for messages: also when the row has been handed over since.
    pub(super) fn key_text(&self, step: usize) -> String {
        match self.steps.get(step) {
            Some(step) => step.name.as_str().into(),
            None => self.encoder.key_text(KeyPlace::of_step(self.layer, step)),
        }
    }

    /// Whether a step of that name is awaited.
    pub(super) fn has_name(&self, at: u8, name: &str) -> bool {
        self.step_at(at).is_some_and(|step| step.name.as_str() == name)
    }

    /// Hands the row over to the encoder as far as it has come. If it is `named`, the name of the next step has come, too.
    #[cold]
    #[inline(never)]
    pub(super) fn leave(&mut self, state: State, named: bool) -> Result<()> {
        let done = self.plan.step(state.at());
        // Of a subarray as many levels are open as the state says: what there is of it is given again.
        let mut from = self.filled;
        if state.level() > 0 && self.block.is_none() {
            from += self.steps.iter().take(done).map(|step| super::schema::width(&step.kind)).sum::<usize>();
        }
        let block = match self.steps.get(done).map(|step| &step.kind) {
            Some(Kind::Subarray(block)) => Some(**block),
            _ => self.block,
        };
        let pos = state.pos();
        let (packed, partial) = match state.level() {
            0 => (self.chunk[self.filled..pos].to_vec(), Vec::new()),
            _ => (self.chunk[self.filled..from].to_vec(), self.chunk[from..pos].to_vec()),
        };
        self.give_back();
        let fixed = self.encoder.payloads.len();
        self.encoder.payloads.extend(&packed);
        if state.depth() > 0 {
            let [nodes, held] = self.start;
            self.encoder.resume_record(done, state.depth(), named, [fixed, nodes, held])?;
        }
        match block {
            Some(block) if state.level() > 0 => {
                self.encoder.replay_block(block.dtype, block.dims(), &partial, state.level())
            }
            _ => Ok(()),
        }
    }

    /// A node of the row that the encoder writes is on a layer of its own.
    pub(super) fn open_leaf(&mut self, depth: usize) {
        self.encoder.building = self.encoder.lists.last_mut().and_then(|list| list.table.take());
        self.encoder.open_containers += depth;
        self.encoder.push_layer(false);
    }

    pub(super) fn close_leaf(&mut self, depth: usize) {
        self.encoder.open_containers -= depth;
        let mut table = self.encoder.building.take();
        if let Some(table) = &mut table {
            // The encoder noted the node as a leaf of a row of its own.
            table.row.steps.clear();
        }
        if let Some(list) = self.encoder.lists.last_mut() {
            list.table = table;
        }
    }

    pub(super) fn put_held(&mut self, bytes: &[u8]) {
        if let Some(table) = self.encoder.lists.last_mut().and_then(|list| list.table.as_mut()) {
            table.held.put(0, bytes);
        }
    }
}
