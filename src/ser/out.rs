//! What has been written: META, and the payloads that belong to it.

use alloc::vec::Vec;

use super::payloads::Payloads;
use crate::wire::{self, Place};

/// Nodes one after the other, and their payloads in the same order.
pub(super) struct Out {
    pub(super) meta: Vec<u8>,
    pub(super) data: Payloads,
}

/// A place between two nodes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) meta: usize,
    pub(super) data: usize,
}

/// Nodes that were taken out, to be written again in another form.
#[derive(Default)]
pub(super) struct Taken {
    pub(super) meta: Vec<u8>,
    /// Without the padding before the first payload.
    pub(super) data: Vec<u8>,
}

impl Out {
    pub(super) fn mark(&self) -> Mark {
        Mark { meta: self.meta.len(), data: self.data.len() }
    }

    /// Forgets what was written behind the mark.
    pub(super) fn truncate(&mut self, mark: Mark) {
        self.meta.truncate(mark.meta);
        self.data.truncate(mark.data);
    }

    /// Takes out what was written behind the mark.
    pub(super) fn take_from(&mut self, mark: Mark) -> Taken {
        Taken { meta: self.meta.split_off(mark.meta), data: self.data.split_off_aligned(mark.data) }
    }

    /// The same, into what was taken out before.
    pub(super) fn take_into(&mut self, mark: Mark, taken: &mut Taken) {
        taken.meta.clear();
        taken.meta.extend(self.meta.drain(mark.meta..));
        taken.data = self.data.split_off_aligned(mark.data);
    }

    /// Appends nodes with their payloads.
    pub(super) fn put(&mut self, meta: &[u8], data: &[u8]) {
        self.meta.extend_from_slice(meta);
        if !data.is_empty() {
            self.put_payload(data);
        }
    }

    /// Appends a payload, which belongs to the node before it.
    pub(super) fn put_payload(&mut self, bytes: &[u8]) {
        self.data.put(self.meta.len(), bytes);
    }

    #[inline]
    pub(super) fn put_str(&mut self, text: &str) {
        if wire::put_str(&mut self.meta, text) == Place::Data {
            self.put_payload(text.as_bytes());
        }
    }

    pub(super) fn put_bytes(&mut self, bytes: &[u8]) {
        if wire::put_bytes(&mut self.meta, bytes) == Place::Data {
            self.put_payload(bytes);
        }
    }

    /// Begins a plain list, if it is known how long it will be. Returns the bytes of its head.
    pub(super) fn put_list(&mut self, announced: Option<u64>) -> usize {
        let start = self.meta.len();
        if let Some(len) = announced {
            wire::put_list(&mut self.meta, len);
        }
        self.meta.len() - start
    }

    /// Puts the head of a node before the nodes that were written behind the mark, in place of the `len` bytes there.
    pub(super) fn put_head(&mut self, mark: Mark, len: usize, put: impl FnOnce(&mut Vec<u8>)) {
        self.meta.drain(mark.meta..mark.meta + len);
        let end = self.meta.len();
        put(&mut self.meta);
        self.move_head(mark, end);
    }

    /// Moves what stands behind `end` before the nodes that were written behind the mark.
    fn move_head(&mut self, mark: Mark, end: usize) {
        let len = self.meta.len() - end;
        if let Some(nodes) = self.meta.get_mut(mark.meta..) {
            nodes.rotate_right(len);
        }
    }

    /// Puts the head of rows before the nodes that were written behind the mark, and their fixed part before or among the payloads.
    pub(super) fn put_rows(&mut self, mark: Mark, put_head: impl FnOnce(&mut Vec<u8>), fixed: &mut Vec<u8>) {
        let end = self.meta.len();
        put_head(&mut self.meta);
        match Place::of(fixed.len()) {
            Place::Meta => self.meta.extend_from_slice(fixed),
            Place::Data => self.data.insert(mark.data, self.meta.len(), fixed),
        }
        self.move_head(mark, end);
    }
}
