//! What the fast path for rows expects of the next row, event by event.

use super::schema::{Kind, Step};
use super::shape::Block;

/// What is expected at a place: the dtype code of a scalar, or one of these.
pub(super) mod code {
    /// A step of another kind.
    pub(crate) const OTHER: u8 = 0xFB;
    pub(crate) const MAP: u8 = 0xFC;
    /// The row, a tuple of steps.
    pub(crate) const TUPLE: u8 = 0xFD;
    /// A map or tuple ends.
    pub(crate) const END: u8 = 0xFE;
    /// Nothing: it is not a place of the row.
    pub(crate) const NOTHING: u8 = 0xFF;
}

/// Places of a plan, a power of two.
pub(super) const PLACES: usize = 128;

/// Places that are not steps of the row.
pub(super) mod place {
    /// The row itself.
    pub(crate) const ROW: u8 = 0;
    /// The name of a step.
    pub(crate) const NAME: u8 = super::PLACES as u8 - 3;
    /// The row has been handed over.
    pub(crate) const LEFT: u8 = super::PLACES as u8 - 2;
    /// The row has been handed over, and the encoder has the innermost map, tuple or list.
    pub(crate) const ENCODER: u8 = super::PLACES as u8 - 1;
}

/// The places of a row, in the order of their events: it, then its steps and ends.
pub(super) struct Plan {
    /// What [`name_key`] makes of a field's name, once that has been learnt.
    names: [u64; PLACES],
    codes: [u8; PLACES],
    /// The step of a place; of an end, the steps before it.
    steps: [u8; PLACES],
}

/// A name by its place in memory; none is 0. No two names of up to 255 bytes have the same, and a longer name, which no schema
/// has, has what no such name has.
#[inline(always)]
pub(super) fn name_key(name: &'static str) -> u64 {
    (name.as_ptr().addr() as u64).wrapping_add((name.len().min(256) as u64) << 48)
}

/// A place is its number modulo [`PLACES`]: so it needs no check.
#[inline(always)]
fn index(at: u8) -> usize {
    usize::from(at) % PLACES
}

impl Plan {
    #[inline(always)]
    pub(super) fn new() -> Self {
        Plan { names: [0; PLACES], codes: [code::NOTHING; PLACES], steps: [0; PLACES] }
    }

    /// Makes it the plan for rows of these steps, or of this block. Says whether they fit in.
    pub(super) fn set(&mut self, steps: &[Step], block: Option<&Block>, is_map: bool) -> bool {
        let mut end = index(place::ROW);
        let root = match (block, is_map) {
            (Some(_), _) => code::OTHER,
            (None, true) => code::MAP,
            (None, false) => code::TUPLE,
        };
        self.push(&mut end, root, 0);
        match block {
            Some(block) => self.push(&mut end, block.dtype.code(), 0),
            None => self.push_entries(&mut end, steps, 0),
        }
        end <= index(place::NAME)
    }

    fn push(&mut self, end: &mut usize, code: u8, step: usize) {
        if *end < index(place::NAME) {
            self.codes[*end] = code;
            self.steps[*end] = step as u8;
        }
        *end += 1;
    }

    fn push_entries(&mut self, end: &mut usize, steps: &[Step], first: usize) {
        let mut at = 0;
        while let Some(step) = steps.get(at) {
            match &step.kind {
                Kind::Map(below) => {
                    self.push(end, code::MAP, first + at);
                    self.push_entries(end, &steps[at + 1..][..*below], first + at + 1);
                }
                Kind::Scalar(dtype) => self.push(end, dtype.code(), first + at),
                Kind::Subarray(block) => {
                    self.push(end, code::OTHER, first + at);
                    // The place of its scalars.
                    self.push(end, block.dtype.code(), first + at);
                }
                _ => self.push(end, code::OTHER, first + at),
            }
            at += step.span();
        }
        self.push(end, code::END, first + steps.len());
    }

    #[inline(always)]
    pub(super) fn code(&self, at: u8) -> u8 {
        self.codes[index(at)]
    }

    /// Whether a step is awaited there.
    #[inline(always)]
    pub(super) fn has_step(&self, at: u8) -> bool {
        self.code(at) < code::END
    }

    /// Whether a field of that name is awaited there, of which the name's place is known.
    #[inline(always)]
    pub(super) fn is_named(&self, at: u8, name: &'static str) -> bool {
        self.names[index(at)] == name_key(name)
    }

    pub(super) fn step(&self, at: u8) -> usize {
        usize::from(self.steps[index(at)])
    }

    /// The compiler may keep a name in several places, but the next row will come from the same.
    pub(super) fn learn_name(&mut self, at: u8, name: &'static str) {
        self.names[index(at)] = name_key(name);
    }
}
