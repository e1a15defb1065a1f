//! What all serializers of one value share.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::Options;
use super::list::List;
use super::out::{Out, Taken};
use super::payloads::Payloads;
use super::plan::Row;
use crate::error::{Error, ErrorKind, Result};
use crate::wire::DEPTH_LIMIT;

/// Room for the META of a struct with a few fields, so that it need not grow from nothing.
const FIRST_META: usize = 128;

/// What is kept of a value for the next one: the bytes of a vector, lists, and plans.
const KEPT: usize = 1 << 13;
const MOST_KEPT: usize = 8;

/// Bytes that may always be written in vain.
const MAY_LOSE: usize = 4096;

/// The state of one encoding: the output, the depth of the next node, and vectors that can be used again.
pub(super) struct Context {
    pub(super) out: Out,
    pub(super) options: Options,
    /// Lists, maps and tuples that are open, those of rows too.
    pub(super) depth: usize,
    /// Somes directly before the next event.
    pub(super) somes: usize,
    /// The scalars and nodes of an element that is packed once more.
    pub(super) spare: (Vec<u8>, Taken),
    poisoned: bool,
    /// Bytes of nodes that were written in vain, in rows that missed.
    lost: usize,
    #[allow(
        clippy::vec_box,
        reason = "a list goes from here to where it is open and back: its address is less to move"
    )]
    pub(super) lists: Vec<Box<List>>,
    #[allow(clippy::vec_box, reason = "so do rows")]
    pub(super) rows: Vec<Box<Row>>,
}

/// The context of the last value that this thread has written, so that its vectors and plans can be used again.
#[cfg(feature = "std")]
mod last {
    use super::{Box, Context};
    use core::cell::Cell;

    std::thread_local! {
        static LAST: Cell<Option<Box<Context>>> = const { Cell::new(None) };
    }

    pub(super) fn take() -> Option<Box<Context>> {
        LAST.try_with(Cell::take).ok().flatten()
    }

    pub(super) fn put(cx: Box<Context>) {
        // A thread that ends keeps none.
        let _ = LAST.try_with(|last| last.set(Some(cx)));
    }
}

/// Without threads none is kept.
#[cfg(not(feature = "std"))]
mod last {
    use super::{Box, Context};

    pub(super) fn take() -> Option<Box<Context>> {
        None
    }

    pub(super) fn put(_cx: Box<Context>) {}
}

impl Context {
    pub(super) fn new(data: Payloads, options: Options) -> Box<Self> {
        let mut cx = last::take().unwrap_or_else(|| Box::new(Self::none()));
        cx.out.meta.reserve(FIRST_META);
        (cx.out.data, cx.options) = (data, options);
        cx
    }

    /// Ends a value that was written without an error: gives back its payloads, and keeps what is not large for the next value.
    pub(super) fn end<T>(mut self: Box<Self>, finish: impl FnOnce(Payloads, &mut Vec<u8>) -> T) -> T {
        let data = core::mem::replace(&mut self.out.data, Payloads::apart());
        let result = finish(data, &mut self.out.meta);
        keep(&mut self.out.meta);
        keep(&mut self.spare.0);
        keep(&mut self.spare.1.meta);
        keep(&mut self.spare.1.data);
        self.lists.truncate(MOST_KEPT);
        self.rows.truncate(MOST_KEPT);
        self.lists.iter_mut().for_each(|list| keep(&mut list.record.fixed));
        (self.depth, self.somes, self.lost) = (0, 0, 0);
        last::put(self);
        result
    }

    /// A place holder, which allocates nothing.
    pub(super) fn none() -> Self {
        Context {
            out: Out { meta: Vec::new(), data: Payloads::apart() },
            options: Options::default(),
            depth: 0,
            somes: 0,
            spare: Default::default(),
            poisoned: false,
            lost: 0,
            lists: Vec::new(),
            rows: Vec::new(),
        }
    }

    /// Begins a list, map, tuple, or as many.
    #[inline]
    pub(super) fn enter(&mut self, levels: usize) -> Result<()> {
        self.depth += levels;
        self.somes = 0;
        self.check()?;
        match self.depth <= DEPTH_LIMIT {
            true => Ok(()),
            false => Err(self.too_deep()),
        }
    }

    #[inline]
    pub(super) fn leave(&mut self, levels: usize) {
        self.depth -= levels.min(self.depth);
    }

    #[cold]
    fn too_deep(&mut self) -> Error {
        let message = alloc::format!("nested too deep: found {} levels, the limit is {DEPTH_LIMIT}", self.depth);
        self.poison(Error::new(ErrorKind::TooDeep, message))
    }

    /// Makes sure that the end is an error, even if this error is swallowed.
    #[cold]
    pub(super) fn poison(&mut self, error: Error) -> Error {
        self.poisoned = true;
        error
    }

    /// A `Serialize` that does not keep serde's protocol.
    #[cold]
    pub(super) fn protocol(&mut self, message: &'static str) -> Error {
        self.poison(Error::new(ErrorKind::Protocol, message))
    }

    /// Refuses to go on after an error.
    #[inline]
    pub(super) fn check(&self) -> Result<()> {
        match self.poisoned {
            false => Ok(()),
            true => Err(Error::new(ErrorKind::Poisoned, "a `Serialize` swallowed an error of one of its parts")),
        }
    }

    /// Notes nodes that were written in vain.
    pub(super) fn lose(&mut self, nodes: &Taken) {
        self.lost += nodes.meta.len() + nodes.data.len();
    }

    /// Whether rows may be tried on the fast lane: not where what is written in vain would be much of all. (A row that misses behind a
    /// list in it is written twice, and so may be the lists in that list.)
    pub(super) fn may_try(&self) -> bool {
        self.lost <= self.out.meta.len() + self.out.data.len() + MAY_LOSE
    }

    /// Forgets an error, of what will be written once more.
    #[cold]
    pub(super) fn recover(&mut self) {
        (self.poisoned, self.somes) = (false, 0);
    }
}

/// Empties a vector, and keeps its memory if it is not large.
fn keep(bytes: &mut Vec<u8>) {
    bytes.clear();
    if bytes.capacity() > KEPT {
        *bytes = Vec::new();
    }
}
