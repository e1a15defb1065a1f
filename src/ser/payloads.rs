//! DATA while it grows, with room before it for the head.

use alloc::vec::Vec;

use crate::error::Error;
#[cfg(feature = "std")]
use crate::error::Result;
use crate::wire::{ALIGNMENT, HEADER_LEN, write_header};

/// The buffer of payloads. Room for header and META is left in front, by a guess that is exact when the value's first
/// payload is also its last and nothing follows it: then the finished value needs no copy.
pub(crate) struct Payloads {
    bytes: Vec<u8>,
    /// Where the value starts: what precedes it belongs to the caller.
    value_start: usize,
    /// Where DATA starts.
    start: usize,
    leave_room: bool,
}

impl Payloads {
    /// Payloads of a value that will be appended to `bytes`.
    pub(crate) fn after(bytes: Vec<u8>) -> Self {
        let start = bytes.len();
        Payloads { bytes, value_start: start, start, leave_room: true }
    }

    /// Payloads of a value whose head will stand elsewhere.
    pub(crate) fn apart() -> Self {
        Payloads { leave_room: false, ..Self::after(Vec::new()) }
    }

    /// Bytes of DATA so far. All positions are counted from its start.
    pub(crate) fn len(&self) -> usize {
        self.bytes.len().saturating_sub(self.start)
    }

    #[inline]
    pub(crate) fn extend(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    pub(crate) fn push_zeros(&mut self, count: usize) {
        self.bytes.resize(self.bytes.len() + count, 0);
    }

    pub(crate) fn reserve(&mut self, additional: usize) {
        // A failure to reserve is met again, and reported, when the bytes are really written.
        let _ = self.bytes.try_reserve(additional);
    }

    /// The buffer itself, for a payload of about that length to be appended. Until it is taken back there is none.
    pub(crate) fn lend_for(&mut self, meta_len: usize, payload_len: usize) -> Vec<u8> {
        self.reserve_for(meta_len, payload_len);
        self.align(meta_len);
        core::mem::take(&mut self.bytes)
    }

    pub(crate) fn take_back(&mut self, bytes: Vec<u8>) {
        self.bytes = bytes;
    }

    pub(crate) fn truncate(&mut self, len: usize) {
        self.bytes.truncate(self.start + len);
    }

    pub(crate) fn split_off(&mut self, from: usize) -> Vec<u8> {
        self.bytes.split_off(self.start + from)
    }

    /// Makes room for a payload of that length and what stands before it, in one allocation.
    pub(crate) fn reserve_for(&mut self, meta_len: usize, payload_len: usize) {
        let before = if self.len() == 0 && self.leave_room { aligned(HEADER_LEN + meta_len) } else { ALIGNMENT };
        self.reserve(before.saturating_add(payload_len));
    }

    /// Makes the next byte the start of a payload. `meta_len` is how long META will be if this payload is the last.
    pub(crate) fn align(&mut self, meta_len: usize) {
        if self.len() == 0 && self.leave_room {
            self.start = self.value_start + aligned(HEADER_LEN + meta_len);
            self.bytes.resize(self.start, 0);
        } else {
            self.push_zeros(aligned(self.len()) - self.len());
        }
    }

    /// The payloads behind a position, without the padding before the first of them.
    pub(crate) fn split_off_aligned(&mut self, from: usize) -> Vec<u8> {
        let payloads = self.split_off(aligned(from).min(self.len()));
        self.truncate(from);
        payloads
    }

    /// Appends a payload at the next aligned place.
    pub(crate) fn put(&mut self, meta_len: usize, bytes: &[u8]) {
        self.reserve_for(meta_len, bytes.len());
        self.align(meta_len);
        self.extend(bytes);
    }

    /// Puts a payload before those that start behind a position. Takes the vector itself where that saves a copy.
    pub(crate) fn insert(&mut self, at: usize, meta_len: usize, bytes: &mut Vec<u8>) {
        let (start, end) = (aligned(at), self.len());
        if start < end {
            let more = aligned(bytes.len());
            self.push_zeros(more);
            let payloads = &mut self.bytes[self.start..];
            payloads.copy_within(start..end, start + more);
            let (place, padding) = payloads[start..start + more].split_at_mut(bytes.len());
            place.copy_from_slice(bytes);
            padding.fill(0);
        } else if end == 0 && self.value_start == 0 && self.bytes.capacity() < bytes.len() {
            let (len, room) = (bytes.len(), if self.leave_room { aligned(HEADER_LEN + meta_len) } else { 0 });
            bytes.resize(len + room, 0);
            bytes.copy_within(..len, room);
            bytes[..room].fill(0);
            (self.bytes, self.start) = (core::mem::take(bytes), room);
        } else {
            self.put(meta_len, bytes);
        }
    }

    /// Where a payload that starts after `end` starts.
    pub(crate) fn aligned_after(end: usize) -> usize {
        aligned(end)
    }

    /// The finished value, behind what the buffer held before.
    pub(crate) fn into_value(mut self, meta: &[u8]) -> core::result::Result<Vec<u8>, (Vec<u8>, Error)> {
        let header = match write_header(meta) {
            Ok(header) => header,
            Err(error) => return Err((self.into_untouched(), error)),
        };
        if self.len() == 0 {
            self.bytes.truncate(self.value_start);
            self.bytes.reserve_exact(HEADER_LEN + meta.len());
            self.bytes.extend_from_slice(&header);
            self.bytes.extend_from_slice(meta);
            return Ok(self.bytes);
        }
        let room = self.start - self.value_start;
        let head_len = aligned(HEADER_LEN + meta.len());
        if head_len > room {
            let more = head_len - room;
            let end = self.bytes.len();
            self.push_zeros(more);
            self.bytes.copy_within(self.start..end, self.start + more);
        } else if head_len < room {
            self.bytes.drain(self.value_start + head_len..self.start);
        }
        let head = &mut self.bytes[self.value_start..self.value_start + head_len];
        let (place, rest) = head.split_at_mut(HEADER_LEN);
        place.copy_from_slice(&header);
        let (place, padding) = rest.split_at_mut(meta.len());
        place.copy_from_slice(meta);
        padding.fill(0);
        Ok(self.bytes)
    }

    /// The finished value as pieces to be written one after the other: the head, and DATA.
    #[cfg(feature = "std")]
    pub(crate) fn into_pieces(self, meta: &mut Vec<u8>) -> Result<(Vec<u8>, Vec<u8>)> {
        let header = write_header(meta)?;
        let mut head = core::mem::take(meta);
        head.splice(..0, header);
        if self.len() > 0 {
            head.resize(aligned(head.len()), 0);
        }
        Ok((head, self.bytes))
    }

    /// What the caller's buffer held before.
    pub(crate) fn into_untouched(mut self) -> Vec<u8> {
        self.bytes.truncate(self.value_start);
        self.bytes
    }
}

fn aligned(len: usize) -> usize {
    len.next_multiple_of(ALIGNMENT)
}
