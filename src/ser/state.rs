//! Where a probe is.

use super::rows::code;

/// Where a probe is, in one register: the position in the chunk where the next byte goes, the step of the plan, what the plan says of
/// it, and how many maps and tuples, and levels of a subarray, are open. As a struct of four it would be stored in parts and loaded
/// as a whole, which a processor cannot forward.
#[derive(Clone, Copy)]
pub(super) struct State(u64);

pub(super) const AT: u32 = 32;
pub(super) const CODE: u32 = 48;
pub(super) const DEPTH: u32 = 56;
pub(super) const LEVEL: u32 = 60;
/// The step of a probe that awaits the row itself.
pub(super) const ROOT: u16 = u16::MAX;
/// The step after the row has been handed over.
const LEFT: u16 = u16::MAX - 1;

impl State {
    #[inline(always)]
    pub(super) fn of_row(pos: usize) -> State {
        State(pos as u64 | u64::from(ROOT) << AT | u64::from(code::OTHER) << CODE)
    }

    #[inline(always)]
    pub(super) fn left() -> State {
        State(u64::from(LEFT) << AT | u64::from(code::END) << CODE)
    }

    /// The row has been handed over to the encoder.
    #[inline(always)]
    pub(super) fn is_left(self) -> bool {
        self.step() == LEFT
    }

    #[inline(always)]
    pub(super) fn pos(self) -> usize {
        (self.0 as u32) as usize
    }

    #[inline(always)]
    pub(super) fn step(self) -> u16 {
        (self.0 >> AT) as u16
    }

    #[inline(always)]
    pub(super) fn at(self) -> usize {
        usize::from(self.step())
    }

    #[inline(always)]
    pub(super) fn code(self) -> u8 {
        (self.0 >> CODE) as u8
    }

    #[inline(always)]
    pub(super) fn with_code(self, code: u8) -> State {
        State(self.0 & !(0xFF << CODE) | u64::from(code) << CODE)
    }

    pub(super) fn depth(self) -> usize {
        (self.0 >> DEPTH & 0xF) as usize
    }

    pub(super) fn level(self) -> usize {
        (self.0 >> LEVEL) as usize
    }

    /// After a leaf of so many bytes.
    #[inline(always)]
    pub(super) fn after(self, bytes: usize) -> State {
        State(self.0 + (bytes as u64 | 1 << AT))
    }

    /// At another position, at the same step.
    #[inline(always)]
    pub(super) fn moved_to(self, pos: usize) -> State {
        State(self.0 & !0xFFFF_FFFF | pos as u64)
    }

    /// Inside a map or tuple, at its first step.
    #[inline(always)]
    pub(super) fn inside(self, at: u16) -> State {
        State(self.0 & !(0xFFFF << AT) | u64::from(at) << AT).opened(DEPTH)
    }

    #[inline(always)]
    pub(super) fn opened(self, what: u32) -> State {
        State(self.0 + (1 << what))
    }

    #[inline(always)]
    pub(super) fn closed(self, what: u32) -> State {
        State(self.0 - (1 << what))
    }
}
