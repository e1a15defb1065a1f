//! What a row looks like to the fast lane, and the rows that it has written.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::num::NonZeroU64;

use super::context::Context;
use super::miss::Miss;
use super::out::{Mark, Taken};
use super::second::FirstCall;
use super::shape::{Kind, Shape};

/// Steps of a shape that goes the fast lane. A place is its number modulo this …
pub(super) const PLACES: usize = 128;
/// … and a constant behind it, which needs no check up to this.
const SLACK: usize = 16;
const STEPS: usize = PLACES + SLACK;
/// Bytes of rows that are gathered before they are appended to the others, and the most that a row may have.
pub(super) const CHUNK: usize = 1024;
const BYTES: usize = 2 * CHUNK + 256;

/// What is expected at a place: a scalar's dtype code, or one of these.
pub(super) mod tag {
    /// With a scalar's dtype code: an optional. The next byte is its width.
    pub(crate) const OPTIONAL: u32 = 0x80;
    pub(crate) const NIL: u32 = 0x40;
    /// A node, and in a tuple nothing that another form would write otherwise.
    pub(crate) const NODE: u32 = 0x41;
    /// A node, or nil as one.
    pub(crate) const ANY_NODE: u32 = 0x42;
    /// With the number of places in the higher bytes, as the next two.
    pub(crate) const EVEN: u32 = 0x43;
    pub(crate) const TUPLE: u32 = 0x44;
    pub(crate) const MAP: u32 = 0x45;
    /// Nothing: behind the last place.
    pub(crate) const NONE: u32 = 0xFF;

    #[inline(always)]
    pub(crate) const fn of_len(tag: u32, len: usize) -> u32 {
        tag | (len as u32) << 8
    }
}

/// A place in the plan and one in the chunk. Passed by value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor(u64);

impl Cursor {
    #[inline(always)]
    pub(super) fn new(at: usize, pos: usize) -> Self {
        Cursor((at as u64) << 32 | pos as u64 & 0xFFFF_FFFF)
    }

    #[inline(always)]
    pub(super) fn at(self) -> usize {
        (self.0 >> 32) as usize
    }

    #[inline(always)]
    pub(super) fn pos(self) -> usize {
        (self.0 & 0xFFFF_FFFF) as usize
    }
}

/// How far a value has moved both: by one place at least. So a miss can be told in the same register.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moved(NonZeroU64);

impl Moved {
    #[inline(always)]
    pub(super) fn by(at: usize, pos: usize) -> Result<Self, Miss> {
        match NonZeroU64::new((at as u64) << 32 | pos as u64 & 0xFFFF_FFFF) {
            Some(moved) => Ok(Moved(moved)),
            None => Err(Miss),
        }
    }

    #[inline(always)]
    pub(super) fn at(self) -> usize {
        (self.0.get() >> 32) as usize
    }

    #[inline(always)]
    pub(super) fn pos(self) -> usize {
        (self.0.get() & 0xFFFF_FFFF) as usize
    }
}

/// A name as two numbers. With a name that the compiler knows, they are constants.
#[inline(always)]
fn key_of(name: &str) -> [u64; 2] {
    let bytes = name.as_bytes();
    let mut key = [(bytes.len().min(255) as u64) << 56, 0];
    let mut i = 0;
    while i < 7 {
        if i < bytes.len() {
            key[0] |= (bytes[i] as u64) << (8 * i);
        }
        i += 1;
    }
    let mut i = 0;
    while i < 8 {
        if i + 7 < bytes.len() {
            key[1] |= (bytes[i + 7] as u64) << (8 * i);
        }
        i += 1;
    }
    key
}

/// The plan of a row, and the rows.
pub(super) struct Row {
    keys: [u64; STEPS],
    longer_keys: [u64; STEPS],
    tags: [u32; STEPS],
    /// How deep the node at a place stands, counted from the list.
    levels: [u8; STEPS],
    chunk: [u8; BYTES],
    /// Bytes of whole rows in the chunk.
    pub(super) filled: usize,
    pub(super) width: usize,
    /// What the plan was made from.
    pub(super) shape: Shape,
    /// The rows before those in the chunk.
    pub(super) fixed: Vec<u8>,
    /// Where the nodes of the rows go, as long as rows are written.
    pub(super) cx: Context,
    depth: usize,
    has_nodes: bool,
    /// The place at which the last row missed.
    missed_at: usize,
}

impl Row {
    pub(super) fn new() -> Box<Self> {
        Box::new(Row {
            keys: [0; STEPS],
            longer_keys: [0; STEPS],
            tags: [tag::NONE; STEPS],
            levels: [0; STEPS],
            chunk: [0; BYTES],
            filled: 0,
            width: 0,
            shape: Shape::default(),
            fixed: Vec::new(),
            cx: Context::none(),
            depth: 0,
            has_nodes: false,
            missed_at: usize::MAX,
        })
    }

    /// Whether rows of that shape can go the fast lane.
    pub(super) fn may_have(shape: &Shape) -> bool {
        let is_row = !matches!(shape.root(), Kind::Nil | Kind::Node);
        is_row && shape.len() <= PLACES && shape.width(0) <= CHUNK as u64
    }

    /// Makes the plan of a shape.
    fn plan(&mut self, shape: &Shape) {
        if *shape == self.shape {
            return;
        }
        self.shape.clone_from(shape);
        self.has_nodes = shape.has_nodes();
        self.width = usize::try_from(shape.width(0)).unwrap_or(CHUNK);
        self.plan_from(0, 1, false);
        self.tags.iter_mut().skip(shape.len()).take(SLACK).for_each(|tag| *tag = tag::NONE);
    }

    fn plan_from(&mut self, at: usize, level: u8, in_tuple: bool) {
        let tag = match self.shape.kind(at) {
            Kind::Scalar(dtype) => dtype.code().into(),
            Kind::Optional(dtype) => tag::of_len(tag::OPTIONAL | u32::from(dtype.code()), 1 + dtype.size()),
            Kind::Nil => tag::NIL,
            Kind::Node if in_tuple => tag::NODE,
            Kind::Node => tag::ANY_NODE,
            Kind::Even(len) => tag::of_len(tag::EVEN, len as usize),
            Kind::Tuple(len) => tag::of_len(tag::TUPLE, len as usize),
            Kind::Map(len) => tag::of_len(tag::MAP, len as usize),
        };
        let key = key_of(self.shape.name(at));
        if let (Some(place), Some(first), Some(longer), Some(own_level)) =
            (self.tags.get_mut(at), self.keys.get_mut(at), self.longer_keys.get_mut(at), self.levels.get_mut(at))
        {
            (*place, *first, *longer, *own_level) = (tag, key[0], key[1], level);
        }
        let (mut next, end) = (at + 1, at + self.shape.span(at));
        let in_tuple = in_tuple || matches!(self.shape.kind(at), Kind::Even(_) | Kind::Tuple(_));
        while next < end {
            self.plan_from(next, level + 1, in_tuple);
            next += self.shape.span(next);
        }
    }

    /// Begins to write rows of a list whose elements stand at that depth.
    pub(super) fn begin(&mut self, shape: &Shape, depth: usize, fixed: &mut Vec<u8>) {
        self.plan(shape);
        core::mem::swap(&mut self.fixed, fixed);
        self.depth = depth;
    }

    /// Ends it.
    pub(super) fn give_back(&mut self, fixed: &mut Vec<u8>) {
        self.flush();
        core::mem::swap(&mut self.fixed, fixed);
    }

    /// Takes the context, which is the list's, or gives it back: if there are nodes.
    #[inline]
    pub(super) fn borrow_context(&mut self, cx: &mut Context) {
        if self.has_nodes {
            core::mem::swap(&mut self.cx, cx);
            cx.depth = self.depth;
        }
    }

    /// After a row. Returns what the chunk is filled with.
    #[inline(always)]
    pub(super) fn end(&mut self, filled: usize) -> usize {
        let filled = filled + self.width;
        if filled <= CHUNK {
            return filled;
        }
        self.filled = filled;
        self.flush();
        0
    }

    /// Takes back what a row that missed had written.
    #[cold]
    pub(super) fn cut_off(&mut self, nodes: Mark) -> FirstCall {
        let missed_at = core::mem::replace(&mut self.missed_at, usize::MAX);
        // It is not said where an error of a `Serialize` itself came.
        let missed_at = if missed_at == usize::MAX { 0 } else { missed_at };
        let nodes = if self.has_nodes { self.cx.out.take_from(nodes) } else { Taken::default() };
        FirstCall { missed_at, nodes }
    }

    /// Appends the rows in the chunk to those before.
    pub(super) fn flush(&mut self) {
        self.fixed.extend_from_slice(self.chunk.get(..self.filled).unwrap_or_default());
        self.filled = 0;
    }

    /// What is expected there.
    #[inline(always)]
    pub(super) fn tag(&self, at: usize) -> u32 {
        match self.tags.get(at) {
            Some(&tag) => tag,
            None => tag::NONE,
        }
    }

    /// Whether the place has that name.
    #[inline(always)]
    pub(super) fn is_named(&self, at: usize, name: &str) -> bool {
        let key = key_of(name);
        self.keys.get(at) == Some(&key[0])
            && (name.len() <= 7 || self.longer_keys.get(at) == Some(&key[1]))
            && (name.len() <= 15 || self.has_long_name(at, name))
    }

    #[inline(never)]
    fn has_long_name(&self, at: usize, name: &str) -> bool {
        self.shape.name(at) == name
    }

    /// Puts a scalar into the row.
    #[inline(always)]
    pub(super) fn put<const N: usize>(&mut self, pos: usize, bytes: [u8; N]) -> bool {
        match self.chunk.get_mut(pos..pos + N) {
            Some(place) => {
                place.copy_from_slice(&bytes);
                true
            }
            None => false,
        }
    }

    /// The context, for a node at that place.
    #[inline]
    pub(super) fn at_node(&mut self, at: usize) -> &mut Context {
        self.cx.depth = self.depth + usize::from(self.levels.get(at).copied().unwrap_or(0)) - 1;
        &mut self.cx
    }

    #[inline(always)]
    pub(super) fn nodes(&self) -> Mark {
        self.cx.out.mark()
    }

    /// Notes where the row misses, unless it has done so before.
    #[cold]
    pub(super) fn miss(&mut self, at: usize) -> Miss {
        self.missed_at = self.missed_at.min(at);
        Miss
    }
}
