//! Rows that are maps or tuples, while they are written.
//!
//! A row is written to a [`Table`]: scalars to the fixed part behind the list's earlier rows, anything else as a node to META, with
//! its payloads held back until the fixed part is complete. What its leaves are is noted on the way, so that the finished row can be
//! joined with what the list's rows have in common. A node that is a list or map of its own is written on a new [`Layer`], to which
//! the rows below look finished.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::convert::{self, Sink, Source};
use super::encoder::{FrameKind, Serializer};
use super::payloads::Payloads;
use super::scalar::Scalar;
use super::schema::{Kind, Name, Record, Step};
use crate::dtype::DType;
use crate::error::Result;
use crate::wire::{self, LEAF_LIMIT, MAP_LIMIT, NAME_LIMIT};

/// What a list of maps or tuples has beside its packed bytes.
pub(super) struct Table {
    /// Where its node leaves are in META.
    pub(super) nodes_start: usize,
    /// Payloads of its node leaves.
    pub(super) held: Payloads,
    /// What all rows so far have in common.
    pub(super) common: Record,
    /// How the rows of each segment of records are packed.
    pub(super) records: Vec<Record>,
    /// Whether the last of these is the common one.
    pub(super) is_common: bool,
    /// The row that is being written, up to where it is.
    pub(super) row: Record,
    pub(super) row_start: Mark,
    /// Its maps and tuple that have not ended.
    pub(super) open: Vec<Container>,
    pub(super) name: Option<Name>,
    /// The next event is a key.
    pub(super) awaits_key: bool,
    /// Entries of maps that are to be sorted.
    pub(super) entries: Vec<EntryMark>,
}

/// Where the next bytes of a row go.
#[derive(Clone, Copy, Default)]
pub(super) struct Mark {
    pub(super) fixed: usize,
    pub(super) nodes: usize,
    pub(super) held: usize,
}

/// A map or tuple of a row.
pub(super) struct Container {
    /// Its own step; none of the row itself.
    pub(super) step: Option<usize>,
    pub(super) is_map: bool,
    pub(super) start: Mark,
    /// So far, those of finished maps in it included.
    pub(super) leaves: usize,
    /// A bit for each name: only one that is set already may be a duplicate.
    pub(super) names: u64,
    /// Its first entry among those to be sorted, if it is to be.
    pub(super) sorted: Option<usize>,
}

pub(super) struct EntryMark {
    pub(super) step: usize,
    pub(super) start: Mark,
}

impl Table {
    fn new() -> Self {
        Table {
            nodes_start: 0,
            held: Payloads::apart(),
            common: Record::default(),
            records: Vec::new(),
            is_common: false,
            row: Record::default(),
            row_start: Mark::default(),
            open: Vec::new(),
            name: None,
            awaits_key: false,
            entries: Vec::new(),
        }
    }

    pub(super) fn push_leaf(&mut self, kind: Kind) {
        let name = self.name.take().unwrap_or_default();
        self.row.steps.push(Step::new(name, kind));
        if let Some(container) = self.open.last_mut() {
            container.leaves += 1;
        }
    }

    /// Takes the name of what comes next; refuses one that a schema cannot have.
    fn set_name(&mut self, name: Name) -> core::result::Result<(), Name> {
        let text = name.as_str();
        let Some(container) = self.open.last_mut() else { return Err(name) };
        let (Some(first), Some(last)) = (text.bytes().next(), text.bytes().last()) else { return Err(name) };
        let bit = 1 << ((text.len() + 7 * usize::from(first) + 13 * usize::from(last)) % 64);
        let own = &self.row.steps[container.step.map_or(0, |step| step + 1)..];
        if text.len() > NAME_LIMIT || (container.names & bit != 0 && has_entry(own, text)) {
            return Err(name);
        }
        container.names |= bit;
        self.name = Some(name);
        self.awaits_key = false;
        Ok(())
    }
}

fn has_entry(steps: &[Step], name: &str) -> bool {
    let mut at = 0;
    while let Some(step) = steps.get(at) {
        if step.name.as_str() == name {
            return true;
        }
        at += step.span();
    }
    false
}

impl Serializer {
    pub(super) fn mark(&self, table: &Table) -> Mark {
        Mark { fixed: self.payloads.len(), nodes: self.meta.len(), held: table.held.len() }
    }

    /// Begins a row that is a map or tuple, of the innermost list.
    pub(super) fn open_row(&mut self, is_map: bool, sort: bool) -> Result<()> {
        if is_map {
            // A list of maps is no block: the lists around it are plain.
            self.settle_outer()?;
        }
        let Some(list) = self.lists.last_mut() else { return Err(self.protocol("a row without a list")) };
        let mut table = match list.table.take() {
            Some(table) => table,
            None => {
                let mut table = self.spare_tables.pop().unwrap_or_else(|| Box::new(Table::new()));
                table.nodes_start = self.meta.len();
                table.records.clear();
                table.is_common = false;
                table
            }
        };
        table.row.is_map = is_map;
        table.row.steps.clear();
        table.row_start = self.mark(&table);
        table.open.clear();
        table.entries.clear();
        table.name = None;
        table.awaits_key = false;
        self.push_container(&mut table, None, is_map, sort);
        self.building = Some(table);
        Ok(())
    }

    fn push_container(&mut self, table: &mut Table, step: Option<usize>, is_map: bool, sort: bool) {
        let sorted = sort.then_some(table.entries.len());
        table.open.push(Container { step, is_map, start: self.mark(table), leaves: 0, names: 0, sorted });
        self.open_containers += 1;
    }

    /// Whether the next event is a value in a row that is still being written. A map that cannot be a schema ends here.
    #[inline]
    pub(super) fn is_in_row(&mut self) -> Result<bool> {
        match &self.building {
            None => Ok(false),
            Some(table) if !table.awaits_key && table.open.last().is_some_and(|open| open.leaves < LEAF_LIMIT) => {
                Ok(true)
            }
            Some(table) if table.open.last().is_some_and(|open| !open.is_map) => {
                Err(self.protocol("a tuple has more elements than it announced"))
            }
            Some(_) => {
                self.collapse()?;
                Ok(false)
            }
        }
    }

    pub(super) fn row_scalar(&mut self, scalar: Scalar) {
        let dtype = scalar.dtype();
        let forced = self.forced.take();
        let Some(table) = &mut self.building else { return };
        match forced {
            Some(Forced::Node) => {
                scalar.put_node(&mut self.meta);
                table.push_leaf(Kind::Node);
            }
            Some(Forced::Optional(own)) if own == dtype => {
                self.payloads.push([1]);
                scalar.with_le_bytes(|bytes| self.payloads.extend(bytes));
                table.push_leaf(Kind::Optional(dtype));
            }
            _ => {
                scalar.with_le_bytes(|bytes| self.payloads.extend(bytes));
                table.push_leaf(Kind::Scalar(dtype));
            }
        }
    }

    pub(super) fn row_nil(&mut self) {
        let forced = self.forced.take();
        let Some(table) = &mut self.building else { return };
        match forced {
            Some(Forced::Optional(dtype)) => {
                self.payloads.push_zeros(1 + dtype.size());
                table.push_leaf(Kind::Optional(dtype));
            }
            forced => {
                self.meta.push(wire::tag::NIL);
                table.push_leaf(if forced.is_some() { Kind::Node } else { Kind::Nil });
            }
        }
    }

    /// The next node is a leaf of the row.
    pub(super) fn row_node(&mut self) {
        self.forced = None;
        if let Some(table) = &mut self.building {
            table.push_leaf(Kind::Node);
        }
    }

    /// A payload of the row's last node.
    pub(super) fn put_held(&mut self, bytes: &[u8]) {
        if let Some(table) = &mut self.building {
            table.held.put(0, bytes);
        }
    }

    /// A map in a row. False if it has to be a node.
    pub(super) fn open_row_map(&mut self, sort: bool) -> bool {
        let Some(mut table) = self.building.take() else { return false };
        let fits = table.row.is_map && table.open.len() < MAP_LIMIT && self.forced.is_none();
        if fits {
            let name = table.name.take().unwrap_or_default();
            let step = table.row.steps.len();
            table.row.steps.push(Step::new(name, Kind::Map(0)));
            self.push_container(&mut table, Some(step), true, sort);
        }
        self.building = Some(table);
        fits
    }

    /// The name of a struct's field.
    #[inline]
    pub(super) fn field_name(&mut self, name: &'static str) -> Result<()> {
        match &mut self.building {
            None => self.str(name),
            Some(table) => match table.set_name(Name::field(name)) {
                Ok(()) => Ok(()),
                Err(_) => {
                    self.collapse()?;
                    self.str(name)
                }
            },
        }
    }

    /// Whether a key is awaited for a row.
    pub(super) fn awaits_row_key(&self) -> bool {
        self.building.as_ref().is_some_and(|table| table.awaits_key)
    }

    /// A str as the key of a row's map.
    pub(super) fn row_key(&mut self, name: &str) -> Result<()> {
        let Some(table) = &mut self.building else { return Ok(()) };
        if table.set_name(Name::key(name)).is_err() {
            self.collapse()?;
            return self.str(name);
        }
        Ok(())
    }

    /// Begins an entry of a row's map. False if there is no such map.
    pub(super) fn begin_row_key(&mut self) -> Result<bool> {
        let Some(mut table) = self.building.take() else { return Ok(false) };
        if table.awaits_key || table.name.is_some() {
            return Err(self.protocol("a map has a key without a value"));
        }
        table.awaits_key = true;
        if table.open.last().is_some_and(|open| open.sorted.is_some()) {
            let mark = EntryMark { step: table.row.steps.len(), start: self.mark(&table) };
            table.entries.push(mark);
        }
        self.building = Some(table);
        Ok(true)
    }

    /// Makes the innermost map or tuple of the row a node, as far as it has come: no schema can say it.
    #[cold]
    pub(super) fn collapse(&mut self) -> Result<()> {
        let Some(mut table) = self.building.take() else { return Ok(()) };
        let Some(container) = table.open.pop() else { return Err(self.protocol("a row ended that had not begun")) };
        self.open_containers -= 1;
        if let Some(first) = container.sorted {
            table.entries.truncate(first);
        }
        let (name, awaits_key) = (table.name.take(), core::mem::take(&mut table.awaits_key));
        let forced = self.forced.take();
        let fixed = self.payloads.split_off(container.start.fixed);
        let nodes = self.meta.split_off(container.start.nodes);
        let held = table.held.split_off_aligned(container.start.held);
        let steps = table.row.steps.split_off(container.step.map_or(0, |step| step + 1));
        if container.step.is_some() {
            table.name = table.row.steps.pop().map(|own| own.name);
            self.building = Some(table);
            self.push_layer(false);
        } else {
            if let Some(list) = self.lists.last_mut() {
                list.table = Some(table);
            }
            self.settle()?;
        }
        self.count_child();
        self.open_frame(if container.is_map { FrameKind::Map } else { FrameKind::List }, None);
        let mut source = Source::new(&fixed, &nodes, &held);
        let mut at = 0;
        while let Some(step) = steps.get(at) {
            if container.is_map {
                self.frame_key(step.name.as_str(), container.sorted.is_some())?;
            }
            let mut sink = Sink { meta: &mut self.meta, data: &mut self.payloads };
            convert::put_value(&steps[at..], &mut source, &mut sink)?;
            self.count_child();
            at += step.span();
        }
        match name {
            Some(name) => self.frame_key(name.as_str(), container.sorted.is_some())?,
            None if awaits_key => self.begin_key()?,
            None => {}
        }
        self.forced = forced;
        Ok(())
    }

    fn frame_key(&mut self, name: &str, sort: bool) -> Result<()> {
        if sort {
            self.begin_key()?;
        }
        self.str(name)?;
        if sort {
            self.begin_value()?;
        }
        Ok(())
    }
}

/// Where the key of an entry is: a step of a row, on that layer, or a node in META.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct KeyPlace {
    layer: Option<usize>,
    at: usize,
}

impl KeyPlace {
    /// A step of the row on a layer.
    pub(super) fn of_step(layer: usize, step: usize) -> Self {
        KeyPlace { layer: Some(layer), at: step }
    }
}

impl Serializer {
    /// Where the next key goes.
    pub(super) fn key_place(&self) -> KeyPlace {
        match &self.building {
            Some(table) => KeyPlace { layer: Some(self.layers.len()), at: table.row.steps.len() },
            None => KeyPlace { layer: None, at: self.meta.len() },
        }
    }

    /// The text of a key, for messages.
    pub(super) fn key_text(&self, place: KeyPlace) -> String {
        let text = match place.layer {
            None => self.meta.get(place.at..).and_then(wire::leading_str),
            Some(layer) => {
                let below = self.layers.get(layer).map(|layer| &layer.table);
                below.unwrap_or(&self.building).as_ref().and_then(|table| {
                    let step = table.row.steps.get(place.at).map(|step| &step.name);
                    step.or(table.name.as_ref()).map(Name::as_str)
                })
            }
        };
        text.unwrap_or("<key>").into()
    }
}

/// What a leaf has to be, whatever comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Forced {
    Node,
    Optional(DType),
}
