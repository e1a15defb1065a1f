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

    /// Puts the head of a node before the nodes that were written behind the mark, in place of the `len` bytes there.
    pub(super) fn put_head(&mut self, mark: Mark, len: usize, head: &[u8]) {
        if self.meta.len() == mark.meta + len {
            self.meta.truncate(mark.meta);
            self.meta.extend_from_slice(head);
        } else if self.meta.get(mark.meta..mark.meta + len) != Some(head) {
            self.meta.splice(mark.meta..mark.meta + len, head.iter().copied());
        }
    }

    /// Puts the head of rows before the nodes that were written behind the mark, and their fixed part before or among the payloads.
    pub(super) fn put_rows(&mut self, mark: Mark, mut head: Vec<u8>, fixed: &mut Vec<u8>) {
        if Place::of(fixed.len()) == Place::Meta {
            head.append(fixed);
        } else {
            self.data.insert(mark.data, self.meta.len() + head.len(), core::mem::take(fixed));
        }
        self.put_head(mark, 0, &head);
    }
}
