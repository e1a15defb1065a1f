//! What is where in a value, from its head alone.

mod entries;
mod entry;

use core::fmt;

pub use entries::Entries;
pub use entry::Entry;

use crate::error::Result;
use crate::limits::Limits;
use crate::wire::{self, Reader};

/// Lines that a list and a map are given in the tree. The elements of a list are mostly alike, the entries of a map are not.
const LIST_LINES: usize = 20;
const MAP_LINES: usize = 100;

/// Levels of the tree from which on lines stand no further to the right.
const INDENTED: usize = 16;

/// The tree of a value: its paths with dtypes, shapes, and the byte range of each payload.
///
/// It needs only the head, so it can be had of a large value in Redis with one `GETRANGE` of its first bytes, or two if the
/// head is longer than that.
///
/// It prints as a tree; `{:#}` leaves the byte ranges out. Each list gets 20 lines and each map 100, then the number of what is left
/// (`… 980 more`). Lines are indented for 16 levels at most. So the text has at most 64 bytes for each byte of the head; it is written line
/// by line. It quotes names of fields and keys of maps, and no other content: at most 64 characters of each, escaped as in an
/// [`Error`](crate::Error).
///
/// The keys of a map give paths and are not listed themselves, not even those that are arrays or long texts with payloads of
/// their own. Rows of maps or tuples are one line, with their schema: texts, lists and arrays in their columns are not listed
/// either.
///
/// ```
/// use ndwire::Layout;
///
/// #[derive(serde::Serialize)]
/// struct Frame { id: u32, pixels: Vec<[f32; 3]> }
///
/// let bytes = ndwire::to_vec(&Frame { id: 7, pixels: vec![[0.0; 3]; 100] })?;
/// assert_eq!(Layout::needed(&bytes[..16])?, 34);
///
/// let layout = Layout::of(&bytes[..34])?;
/// assert_eq!(layout.to_string(), "\
/// map, 2 entries
///   id: uint
///   pixels: rows f32 [100, 3], bytes 48..1248
/// ");
/// # Ok::<(), ndwire::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Layout<'a> {
    head: &'a [u8],
    value_len: u64,
}

impl<'a> Layout<'a> {
    /// Reads a value's head. Bytes after it are not looked at.
    ///
    /// ```
    /// let bytes = ndwire::to_vec(&7u8)?;
    /// assert_eq!(ndwire::Layout::of(&bytes)?.entries().count(), 1);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// Fails if the head is not there whole, or is not that of a value.
    pub fn of(bytes: &'a [u8]) -> Result<Self> {
        let mut reader = Reader::of_head(bytes, &Limits::DEFAULT)?;
        reader.skip()?;
        let value_len = reader.data_end();
        reader.finish()?;
        Ok(Layout { head: bytes, value_len })
    }

    /// How many bytes of a value its head takes, from its first 16 bytes; 16 if fewer are given.
    ///
    /// ```
    /// let bytes = ndwire::to_vec("hello")?;
    /// assert_eq!(ndwire::Layout::needed(&bytes[..3])?, 16);
    /// assert_eq!(ndwire::Layout::needed(&bytes[..16])?, 22);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// Fails if the bytes do not begin a value.
    pub fn needed(prefix: &[u8]) -> Result<usize> {
        match wire::meta_len(prefix) {
            Ok(meta_len) => Ok(wire::needed_for_head(meta_len).unwrap_or(usize::MAX)),
            Err(error) if error.kind() == crate::ErrorKind::Truncated => Ok(wire::HEADER_LEN),
            Err(error) => Err(error),
        }
    }

    /// Bytes of the whole value, its payloads included.
    ///
    /// ```
    /// let bytes = ndwire::to_vec(&vec![0u8; 1000])?;
    /// assert_eq!(ndwire::Layout::of(&bytes[..20])?.value_len(), bytes.len() as u64);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn value_len(&self) -> u64 {
        self.value_len
    }

    /// The nodes of the value: each list and map before what it holds.
    ///
    /// ```
    /// let bytes = ndwire::to_vec(&("a", [1u8, 2]))?;
    /// let layout = ndwire::Layout::of(&bytes)?;
    /// let paths: Vec<String> = layout.entries().map(|entry| entry.path()).collect();
    /// assert_eq!(paths, ["", "[0]", "[1]"]);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn entries(&self) -> Entries<'a> {
        Entries::new(self.head)
    }
}

impl fmt::Display for Layout<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut entries = self.entries();
        loop {
            let indent = 2 * entries.depth().min(INDENTED);
            if let Some(left) = entries.pass_over(LIST_LINES, MAP_LINES) {
                writeln!(f, "{:indent$}… {left} more", "")?;
                continue;
            }
            let Some(entry) = entries.next() else { return Ok(()) };
            write!(f, "{:indent$}", "")?;
            entry.write_name(f)?;
            fmt::Display::fmt(&entry, f)?;
            f.write_str("\n")?;
        }
    }
}

/// The lengths only, never content.
impl fmt::Debug for Layout<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Layout").field("value_len", &self.value_len).finish_non_exhaustive()
    }
}
