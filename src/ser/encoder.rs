//! The state of one encoding: META, payloads, and what is open.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::Options;
use super::layer::Layer;
use super::list::{OpenList, Row};
use super::payloads::Payloads;
use super::stack::Stack;
use super::table::{Forced, Table};
use crate::error::{Error, ErrorKind, Result};
use crate::wire::{self, DEPTH_LIMIT};

/// No dtype: the next event takes the long way.
pub(super) const NONE_EXPECTED: u8 = u8::MAX;

/// Room for the META of a struct with a few fields, so that it need not grow from nothing.
pub(super) const FIRST_META: usize = 128;

/// A serde `Serializer` of this format, for code that asks for one (`serde_transcode`, `erased_serde`); others use [`to_vec`](crate::to_vec).
///
/// It writes one value, in one pass.
///
/// ```
/// use serde::Serialize;
///
/// let mut serializer = ndwire::Serializer::new(ndwire::Options::default());
/// [1u16, 2].serialize(&mut serializer)?;
/// assert_eq!(serializer.into_vec()?, ndwire::to_vec(&[1u16, 2])?);
/// # Ok::<(), ndwire::Error>(())
/// ```
pub struct Serializer {
    pub(super) meta: Vec<u8>,
    pub(super) payloads: Payloads,
    /// The dtype code of the innermost list while it holds nothing but such scalars: one of these only needs its bytes appended.
    pub(super) expected: u8,
    /// Open maps and plain lists: their heads are written.
    pub(super) frames: Stack<Frame>,
    /// Lists inside the innermost frame whose form is not decided.
    pub(super) lists: Stack<OpenList>,
    /// A list inside the innermost of these that is likely one more row of it.
    pub(super) row: Option<Row>,
    /// Where the payloads ended before the outermost undecided list.
    pub(super) unpadded: usize,
    /// Somes directly before the next event.
    pub(super) somes: usize,
    /// The rows of which one is being written, if nothing is open inside it: taken from the innermost list.
    pub(super) building: Option<Box<Table>>,
    /// What is open below a node of a row; frames and lists from these positions on belong to that node.
    pub(super) layers: Vec<Layer>,
    pub(super) lists_base: usize,
    pub(super) frames_base: usize,
    /// Maps and tuples of rows that are open, on all layers.
    pub(super) open_containers: usize,
    /// What a token says of the next leaf or element.
    pub(super) forced: Option<Forced>,
    /// To be used again.
    #[allow(clippy::vec_box, reason = "a table goes from list to row to layer: its address is less to move")]
    pub(super) spare_tables: Vec<Box<Table>>,
    pub(super) roots: usize,
    options: Options,
    poisoned: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FrameKind {
    List,
    Map,
}

pub(super) struct Frame {
    pub(super) kind: FrameKind,
    /// Where its head is in META, and the count in it.
    pub(super) head: usize,
    pub(super) head_end: usize,
    pub(super) written: u64,
    /// Nodes so far: elements, or keys and values.
    pub(super) children: u64,
    /// Where each entry is, if it is a map to be sorted.
    pub(super) entries: Vec<Entry>,
}

pub(super) struct Entry {
    key: Place,
    value: Place,
}

/// A position in META, and where the payloads before it end.
#[derive(Clone, Copy)]
struct Place {
    meta: usize,
    payloads: usize,
}

impl Serializer {
    /// A serializer of one value.
    ///
    /// ```
    /// let serializer = ndwire::Serializer::new(ndwire::Options::default());
    /// assert!(serializer.into_vec().is_err(), "nothing has been written");
    /// ```
    pub fn new(options: Options) -> Self {
        Self::after(Vec::new(), options)
    }

    /// The bytes of the value that was written.
    ///
    /// ```
    /// # use serde::Serialize;
    /// let mut serializer = ndwire::Serializer::new(ndwire::Options::default());
    /// true.serialize(&mut serializer)?;
    /// assert_eq!(serializer.into_vec()?.len(), 17);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// Fails if not exactly one value was written, or if an error on the way was swallowed.
    pub fn into_vec(mut self) -> Result<Vec<u8>> {
        self.finish().map_err(|(_, error)| error)
    }

    /// A serializer of a value that will be appended to `buffer`.
    pub(crate) fn after(buffer: Vec<u8>, options: Options) -> Self {
        Self::with_payloads(Payloads::after(buffer), options)
    }

    fn with_payloads(payloads: Payloads, options: Options) -> Self {
        Serializer {
            meta: Vec::with_capacity(FIRST_META),
            payloads,
            expected: NONE_EXPECTED,
            frames: Stack::new(),
            lists: Stack::new(),
            row: None,
            unpadded: 0,
            somes: 0,
            building: None,
            layers: Vec::new(),
            lists_base: 0,
            frames_base: 0,
            open_containers: 0,
            forced: None,
            spare_tables: Vec::new(),
            roots: 0,
            options,
            poisoned: false,
        }
    }

    /// The finished value behind what the buffer held, or that as it was and the error.
    /// (By reference: a serializer is much to move.)
    pub(crate) fn finish(&mut self) -> core::result::Result<Vec<u8>, (Vec<u8>, Error)> {
        match self.check_complete() {
            Ok(()) => core::mem::replace(&mut self.payloads, Payloads::apart()).into_value(&self.meta),
            Err(error) => Err((self.abandon(), error)),
        }
    }

    /// A serializer of a value whose pieces will be written one after the other.
    #[cfg(feature = "std")]
    pub(crate) fn in_pieces(options: Options) -> Self {
        Self::with_payloads(Payloads::apart(), options)
    }

    /// The finished value as head and DATA.
    #[cfg(feature = "std")]
    pub(crate) fn finish_pieces(mut self) -> Result<(Vec<u8>, Vec<u8>)> {
        self.check_complete()?;
        self.payloads.into_pieces(self.meta)
    }

    /// The caller's buffer as it was: below all layers.
    pub(crate) fn abandon(&mut self) -> Vec<u8> {
        let payloads = match self.layers.first_mut() {
            Some(lowest) => &mut lowest.payloads,
            None => &mut self.payloads,
        };
        core::mem::replace(payloads, Payloads::apart()).into_untouched()
    }

    fn check_complete(&mut self) -> Result<()> {
        self.refuse_if_poisoned()?;
        if self.roots != 1 || !self.frames.is_empty() || !self.lists.is_empty() || self.building.is_some() {
            return Err(self.protocol("a `Serialize` did not write exactly one value"));
        }
        Ok(())
    }

    /// Announces a node in META: it is a leaf of a row; or lists around it become plain, and its parent counts it.
    #[inline]
    pub(super) fn node(&mut self) -> Result<()> {
        self.refuse_if_poisoned()?;
        if self.row.is_some() {
            self.leave_row()?;
        }
        if self.building.is_some() && self.is_in_row()? {
            self.row_node();
            return Ok(());
        }
        if self.lists.len() > self.lists_base {
            self.settle()?;
        }
        self.count_child();
        Ok(())
    }

    #[inline]
    pub(super) fn count_child(&mut self) {
        match self.frames.last_mut_above(self.frames_base) {
            Some(frame) => frame.children += 1,
            None => self.roots += 1,
        }
    }

    /// Begins a struct, or a variant's map of one entry.
    #[inline]
    pub(super) fn open_struct(&mut self, announced: usize) -> Result<()> {
        self.open_entries(Some(announced), false)
    }

    /// Begins a map.
    pub(super) fn open_map(&mut self, announced: Option<usize>) -> Result<()> {
        self.open_entries(announced, self.options.sort_maps)
    }

    fn open_entries(&mut self, announced: Option<usize>, sort: bool) -> Result<()> {
        self.leave_row()?;
        self.check_depth(1)?;
        self.somes = 0;
        if self.building.is_some() && self.is_in_row()? {
            if self.open_row_map(sort) {
                return Ok(());
            }
            self.push_layer(false);
        } else if self.lists.len() > self.lists_base && self.may_be_row(true) {
            return self.open_row(true, sort);
        }
        self.node()?;
        self.open_frame(FrameKind::Map, announced);
        Ok(())
    }

    /// Ends a map.
    pub(super) fn close_map(&mut self) -> Result<()> {
        match self.building.is_some() {
            true => self.close_container(),
            false => self.close_frame(),
        }
    }

    pub(super) fn sorts_maps(&self) -> bool {
        self.options.sort_maps
    }

    /// Begins an entry of a map.
    pub(super) fn begin_key(&mut self) -> Result<()> {
        if self.building.is_some() && self.begin_row_key()? {
            return Ok(());
        }
        let (here, sort) = (self.place(), self.options.sort_maps);
        match self.frames.last_mut() {
            Some(frame) if frame.children % 2 == 1 => Err(self.protocol("a map has a key without a value")),
            Some(frame) if sort => {
                frame.entries.push(Entry { key: here, value: here });
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Begins the value of an entry.
    pub(super) fn begin_value(&mut self) -> Result<()> {
        if let Some(table) = &self.building {
            return match table.name.is_some() {
                true => Ok(()),
                false => Err(self.protocol("a map has a value without a key")),
            };
        }
        let here = self.place();
        match self.frames.last_mut() {
            Some(frame) if frame.children % 2 == 0 => Err(self.protocol("a map has a value without a key")),
            Some(frame) => {
                if let Some(entry) = frame.entries.last_mut() {
                    entry.value = here;
                }
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn place(&self) -> Place {
        Place { meta: self.meta.len(), payloads: self.payloads.len() }
    }

    /// Puts the entries of a map in the order of the bytes of their keys: those in META, then their payloads.
    pub(super) fn sort_entries(&mut self, frame: &mut Frame) {
        let entries = core::mem::take(&mut frame.entries);
        let Some(start) = entries.first().map(|entry| entry.key) else { return };
        let end = self.place();
        let meta = self.meta.split_off(start.meta);
        let data = self.payloads.split_off(start.payloads);
        let piece = |from: Place, to: Place| {
            let meta = &meta[from.meta - start.meta..to.meta - start.meta];
            // Payloads start aligned; where there are none, so do the next entry's, or nothing follows.
            let first = Payloads::aligned_after(from.payloads).min(to.payloads);
            (meta, &data[first - start.payloads..to.payloads - start.payloads])
        };
        let ends = entries.iter().skip(1).map(|next| next.key).chain([end]);
        let mut pieces: Vec<_> = (entries.iter().zip(ends))
            .map(|(entry, end)| (piece(entry.key, entry.value), piece(entry.key, end)))
            .collect();
        // Stable, so that duplicate keys keep their order.
        pieces.sort_by_key(|&(key, _)| key);
        for (_, (meta, data)) in pieces {
            self.meta.extend_from_slice(meta);
            if !data.is_empty() {
                self.put_payload(data);
            }
        }
    }

    /// Appends payload bytes at the next aligned place.
    pub(super) fn put_payload(&mut self, bytes: &[u8]) {
        match self.building.is_some() {
            true => self.put_held(bytes),
            false => self.payloads.put(self.meta.len(), bytes),
        }
    }

    pub(super) fn str(&mut self, value: &str) -> Result<()> {
        if self.building.is_some() && self.awaits_row_key() {
            return self.row_key(value);
        }
        self.node()?;
        if wire::put_str(&mut self.meta, value) == wire::Place::Data {
            self.put_payload(value.as_bytes());
        }
        Ok(())
    }

    pub(super) fn bytes(&mut self, value: &[u8]) -> Result<()> {
        self.node()?;
        if wire::put_bytes(&mut self.meta, value) == wire::Place::Data {
            self.put_payload(value);
        }
        Ok(())
    }

    #[inline]
    pub(super) fn check_depth(&mut self, more: usize) -> Result<()> {
        let depth =
            self.frames.len() + self.lists.len() + self.open_containers + usize::from(self.row.is_some()) + more;
        if depth <= DEPTH_LIMIT {
            return Ok(());
        }
        let message = alloc::format!("nested too deep: found {depth} levels, the limit is {DEPTH_LIMIT}");
        Err(self.poison(Error::new(ErrorKind::TooDeep, message)))
    }

    /// Makes sure that nothing more is written, and that the end is an error, even if this error is swallowed.
    #[cold]
    pub(super) fn poison(&mut self, error: Error) -> Error {
        self.poisoned = true;
        self.expected = NONE_EXPECTED;
        error
    }

    #[inline]
    pub(super) fn refuse_if_poisoned(&self) -> Result<()> {
        match self.poisoned {
            false => Ok(()),
            true => Err(Error::new(ErrorKind::Poisoned, "a `Serialize` swallowed an error of one of its parts")),
        }
    }
}

impl core::fmt::Debug for Serializer {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Serializer").finish_non_exhaustive()
    }
}
