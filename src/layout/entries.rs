//! One node after the other.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use super::entry::{Entry, Path, Segment};
use crate::limits::Limits;
use crate::wire::{Node, Reader};

/// The nodes of a value, from [`Layout::entries`](super::Layout::entries).
///
/// ```
/// let bytes = ndwire::to_vec(&[(), ()])?;
/// assert_eq!(ndwire::Layout::of(&bytes)?.entries().count(), 3);
/// # Ok::<(), ndwire::Error>(())
/// ```
pub struct Entries<'a> {
    /// None once all has been read.
    reader: Option<Reader<'a>>,
    open: Vec<Open<'a>>,
}

/// A list or map whose nodes are being read.
struct Open<'a> {
    is_map: bool,
    read: usize,
    left: usize,
    /// Of the list or map itself, shared by all that is in it; none for the root.
    path: Option<Arc<Path<'a>>>,
}

impl<'a> Entries<'a> {
    /// Of a head that has been read once, so that it can be read again.
    pub(super) fn new(head: &'a [u8]) -> Self {
        Entries { reader: Reader::of_head(head, &Limits::DEFAULT).ok(), open: Vec::new() }
    }

    /// Lists and maps around the next node.
    pub(super) fn depth(&mut self) -> usize {
        self.close();
        self.open.len()
    }

    /// Reads past what is left of the innermost list or map if so many elements or entries of it have been read, and says how many
    /// that were.
    pub(super) fn pass_over(&mut self, of_list: usize, of_map: usize) -> Option<usize> {
        self.close();
        let open = self.open.last_mut()?;
        let (most, nodes) = if open.is_map { (of_map, 2) } else { (of_list, 1) };
        if open.read < most {
            return None;
        }
        let left = core::mem::take(&mut open.left);
        let reader = self.reader.as_mut()?;
        for _ in 0..left * nodes {
            reader.skip().ok()?;
        }
        Some(left)
    }

    /// Ends the lists and maps of which everything has been read, and the whole if that was the last.
    fn close(&mut self) {
        while let Some(Open { left: 0, .. }) = self.open.last() {
            self.open.pop();
            self.reader.as_mut().map(Reader::close);
            if self.open.is_empty() {
                self.reader = None;
            }
        }
    }

    /// The next node, or none when all have been read.
    fn read(&mut self) -> Option<Entry<'a>> {
        self.close();
        let reader = self.reader.as_mut()?;
        let (mut path, mut last) = (None, None);
        if let Some(open) = self.open.last_mut() {
            path = open.path.clone();
            last = Some(match open.is_map {
                true => {
                    let key = reader.offset();
                    reader.skip().ok()?;
                    reader.str_at(key).map_or(Segment::Key, Segment::Field)
                }
                false => Segment::Position(open.read),
            });
            open.read += 1;
            open.left -= 1;
        }
        let node = reader.node().ok()?;
        match node {
            Node::List(left) | Node::Map(left) => {
                let path = last.map(|last| Arc::new(Path { around: path.clone(), last }));
                self.open.push(Open { is_map: matches!(node, Node::Map(_)), read: 0, left, path });
            }
            Node::Some => {
                // What it holds is nil, at some depth: nothing to be shown of it.
                reader.skip().ok()?;
                reader.close();
            }
            Node::Rows(rows) => reader.skip_node_part(&rows).ok()?,
            _ => {}
        }
        if self.open.is_empty() {
            self.reader = None;
        }
        Some(Entry { path, last, node })
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = Entry<'a>;

    fn next(&mut self) -> Option<Entry<'a>> {
        let entry = self.read();
        if entry.is_none() {
            self.reader = None;
        }
        entry
    }
}

impl fmt::Debug for Entries<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entries").finish_non_exhaustive()
    }
}
