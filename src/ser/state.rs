//! Where a probe is.

use super::plan::{PLACES, place};
use super::rows::CHUNK;

/// Where a probe is, in one register: the position in the chunk where the next byte goes, the place in the plan, and how many maps
/// and tuples, and levels of a subarray, are open. As a struct of four it would be stored in parts and loaded as a whole, which a
/// processor cannot forward. Nothing in it comes from the plan, so that one event need not wait for what the one before has loaded;
/// and it is 32 bits, so that what is added needs no register (in 64, as which a `Result` of it stays in registers, too).
#[derive(Clone, Copy)]
pub(super) struct State(u64);

const POS: u32 = 0xFFFF;
const LEVEL: u32 = 16;
const DEPTH: u32 = 20;
/// Somes are open directly around the value.
const SOME: u32 = 1 << 24;
/// In the highest bits, so that one shift gives it.
const AT: u32 = u32::BITS - PLACES.trailing_zeros();

const _: () = assert!(CHUNK <= POS as usize && AT > 24);

impl State {
    #[inline(always)]
    fn new(bits: u32) -> State {
        State(u64::from(bits))
    }

    #[inline(always)]
    fn bits(self) -> u32 {
        self.0 as u32
    }

    #[inline(always)]
    pub(super) fn of_row(pos: usize) -> State {
        State::new(pos as u32)
    }

    /// The row has been handed over to the encoder.
    #[inline(always)]
    pub(super) fn left() -> State {
        State::new((place::LEFT as u32) << AT)
    }

    /// And the innermost map, tuple or list is noted as the encoder's.
    #[inline(always)]
    pub(super) fn of_encoder() -> State {
        State::new((place::ENCODER as u32) << AT)
    }

    #[inline(always)]
    pub(super) fn is_left(self) -> bool {
        self.at() >= place::LEFT
    }

    pub(super) fn is_of_encoder(self) -> bool {
        self.at() == place::ENCODER
    }

    /// It is the name of a step that is awaited.
    pub(super) fn is_name(self) -> bool {
        self.at() == place::NAME
    }

    #[inline(always)]
    pub(super) fn pos(self) -> usize {
        (self.bits() & POS) as usize
    }

    #[inline(always)]
    pub(super) fn at(self) -> u8 {
        (self.bits() >> AT) as u8
    }

    pub(super) fn with_at(self, at: u8) -> State {
        State::new(self.bits() & ((1 << AT) - 1) | u32::from(at) << AT)
    }

    pub(super) fn depth(self) -> usize {
        (self.bits() >> DEPTH & 0xF) as usize
    }

    pub(super) fn level(self) -> usize {
        (self.bits() >> LEVEL & 0xF) as usize
    }

    pub(super) fn is_some(self) -> bool {
        self.bits() & SOME != 0
    }

    #[inline(always)]
    pub(super) fn in_some(self) -> State {
        State::new(self.bits() | SOME)
    }

    #[inline(always)]
    pub(super) fn without_some(self) -> State {
        State::new(self.bits() & !SOME)
    }

    #[inline(always)]
    fn plus(self, bits: u32) -> State {
        State::new(self.bits().wrapping_add(bits))
    }

    /// After a leaf of so many bytes.
    #[inline(always)]
    pub(super) fn after(self, bytes: usize) -> State {
        self.plus(bytes as u32 + (1 << AT))
    }

    /// At another position, at the same place.
    #[inline(always)]
    pub(super) fn moved_to(self, pos: usize) -> State {
        State::new(self.bits() & !POS | pos as u32)
    }

    /// Inside a map or tuple, at its first step.
    #[inline(always)]
    pub(super) fn inside(self) -> State {
        self.without_some().plus((1 << AT) + (1 << DEPTH))
    }

    /// After its end.
    #[inline(always)]
    pub(super) fn outside(self) -> State {
        self.plus((1 << AT) - (1 << DEPTH))
    }

    /// Inside a level of a subarray; inside the innermost, at the place of its scalars.
    #[inline(always)]
    pub(super) fn inside_level(self, is_innermost: bool) -> State {
        self.without_some().plus((1 << LEVEL) + (u32::from(is_innermost) << AT))
    }

    /// After its end.
    #[inline(always)]
    pub(super) fn outside_level(self, is_innermost: bool) -> State {
        self.plus(((2 - u32::from(is_innermost)) << AT) - (1 << LEVEL))
    }
}
