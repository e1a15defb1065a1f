//! The schema of rows, as reading one row after the other needs it.

use alloc::vec::Vec;
use core::cell::Cell as Kept;

use super::cell::{Bytes, Cell, Packed, Record};
use crate::dtype::DType;
use crate::error::Result;
use crate::wire::{CONTAINER_LIMIT, Reader, RowSchema, StepKind};

/// A row or a part of it. The parts of one tuple or map follow each other without a gap.
pub(super) struct Step<'de> {
    /// Empty in a tuple.
    pub(super) name: &'de str,
    pub(super) kind: StepKind<'de>,
    /// Where in the fixed part of a row it starts, and its bytes there; of a tuple or map none.
    pub(super) start: u32,
    pub(super) width: u32,
    /// The first of the steps inside.
    first: u32,
    /// Its depth, counted from the list of rows.
    pub(super) levels: u8,
    /// The kind in a word, for the fast lane.
    pub(super) tag: Tag,
    /// Of a map: the address of a struct's own names, once these were found to be the same.
    pub(super) agreed: Kept<usize>,
}

impl<'de> Step<'de> {
    fn new(name: &'de str, kind: StepKind<'de>, start: u32, levels: usize) -> Self {
        // Widths are limited, and so are levels.
        let width = u32::try_from(kind.width()).unwrap_or(u32::MAX);
        let levels = u8::try_from(levels).unwrap_or(u8::MAX);
        Step { name, kind, start, width, first: 0, levels, tag: Tag::of(&kind), agreed: Kept::new(0) }
    }

    /// How many steps are inside, next to each other.
    pub(super) fn entries(&self) -> usize {
        match self.kind {
            StepKind::Tuple(entries) | StepKind::Map(entries) => entries,
            _ => 0,
        }
    }

    /// The steps inside, of those of the whole row.
    pub(super) fn inside<'a>(&self, steps: &'a [Step<'de>]) -> &'a [Step<'de>] {
        self.inside_of(steps, self.entries()).unwrap_or_default()
    }

    #[inline(always)]
    pub(super) fn inside_of<'a>(&self, steps: &'a [Step<'de>], entries: usize) -> Option<&'a [Step<'de>]> {
        let first = self.first as usize;
        steps.get(first..first + entries)
    }
}

/// A kind of step in a word.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Tag(u32);

impl Tag {
    /// None of the others.
    pub(super) const OTHER: Tag = Tag(0);
    pub(super) const NODE: Tag = Tag(1 << 16);

    /// A kind of leaf, the size of a scalar, and its dtype.
    const fn leaf(kind: u32, dtype: DType) -> Tag {
        Tag(kind << 16 | (dtype.size() as u32) << 8 | dtype.code() as u32)
    }

    pub(super) const fn scalar(dtype: DType) -> Tag {
        Self::leaf(2, dtype)
    }

    const fn optional(dtype: DType) -> Tag {
        Self::leaf(3, dtype)
    }

    /// A list of scalars.
    pub(super) const fn list(dtype: DType) -> Tag {
        Self::leaf(4, dtype)
    }

    #[inline(always)]
    pub(super) const fn tuple(entries: usize) -> Tag {
        Tag(1 << 30 | entries as u32)
    }

    #[inline(always)]
    pub(super) const fn map(entries: usize) -> Tag {
        Tag(1 << 31 | entries as u32)
    }

    pub(super) fn of(kind: &StepKind<'_>) -> Tag {
        match *kind {
            StepKind::Scalar(dtype) => Tag::scalar(dtype),
            StepKind::Optional(dtype) => Tag::optional(dtype),
            StepKind::Subarray(dtype, dims) if dims.rank() == 1 => Tag::list(dtype),
            StepKind::Subarray(..) => Tag::OTHER,
            StepKind::Node => Tag::NODE,
            StepKind::Tuple(entries) => Tag::tuple(entries),
            StepKind::Map(entries) => Tag::map(entries),
        }
    }

    /// Of the scalars in an optional or a list.
    #[inline(always)]
    pub(super) const fn inner(self) -> Tag {
        Tag(2 << 16 | self.0 & 0xFFFF)
    }

    /// Bytes of a scalar.
    #[inline(always)]
    pub(super) const fn size(self) -> usize {
        (self.0 >> 8 & 0xFF) as usize
    }

    #[inline(always)]
    pub(super) const fn is_optional(self) -> bool {
        self.0 >> 16 == 3
    }

    #[inline(always)]
    pub(super) const fn is_list(self) -> bool {
        self.0 >> 16 == 4
    }

    /// Of a scalar.
    pub(super) fn scalar_dtype(self) -> Option<DType> {
        if self.0 >> 16 == 2 { DType::from_code(self.0 as u8) } else { None }
    }
}

/// The steps of a row: first the row itself.
pub(super) fn plan(schema: RowSchema<'_>) -> Vec<Step<'_>> {
    let kind = match schema {
        RowSchema::Scalar(dtype) => StepKind::Scalar(dtype),
        RowSchema::Optional(dtype) => StepKind::Optional(dtype),
        RowSchema::Subarray(dtype, dims) => StepKind::Subarray(dtype, dims),
        RowSchema::Record(record) if record.is_map() => StepKind::Map(record.entries()),
        RowSchema::Record(record) => StepKind::Tuple(record.entries()),
    };
    let RowSchema::Record(record) = schema else { return Vec::from([Step::new("", kind, 0, 1)]) };
    let mut steps = Vec::with_capacity(1 + record.step_count());
    steps.push(Step::new("", kind, 0, 1));
    // The place of the next step in each open tuple or map, the row first.
    let mut next = [0; CONTAINER_LIMIT];
    next[0] = inside(&mut steps, 0);
    let mut start = 0;
    for step in record.steps() {
        let around = step.levels() - 2;
        let Some(place) = next.get_mut(around) else { break };
        let at = *place;
        *place += 1;
        let new = Step::new(step.name, step.kind, start, step.levels());
        start += new.width;
        if let Some(step) = steps.get_mut(at) {
            *step = new;
        }
        if let (StepKind::Tuple(_) | StepKind::Map(_), Some(place)) = (step.kind, next.get_mut(around + 1)) {
            *place = inside(&mut steps, at);
        }
    }
    steps
}

/// Makes room for what is inside a step. Returns where.
fn inside(steps: &mut Vec<Step<'_>>, at: usize) -> usize {
    let first = steps.len();
    if let Some(step) = steps.get_mut(at) {
        step.first = u32::try_from(first).unwrap_or(u32::MAX);
        let len = first + step.entries();
        steps.resize_with(len, || Step::new("", StepKind::Node, 0, 0));
    }
    first
}

/// A step of a row as a cell; none for a node leaf.
pub(super) fn cell<'a, 'de>(steps: &'a [Step<'de>], step: &'a Step<'de>, row: &'de [u8]) -> Option<Cell<'a, 'de>> {
    let bytes = || row.get(step.start as usize..).unwrap_or_default();
    match step.kind {
        StepKind::Scalar(dtype) => Some(Cell::Scalar(dtype, bytes())),
        StepKind::Optional(dtype) => Some(Cell::Optional(dtype, bytes())),
        StepKind::Subarray(dtype, dims) => {
            let bytes = bytes().get(..step.width as usize).unwrap_or_default();
            Some(Cell::List(Packed::new(dtype, dims, Bytes::Lent(bytes))))
        }
        StepKind::Tuple(_) => Some(Cell::Tuple(Record { steps, step, row })),
        StepKind::Map(_) => Some(Cell::Map(Record { steps, step, row })),
        StepKind::Node => None,
    }
}

/// Skips the nodes of a step of a row. The scalars need no check: it was done when the list was opened.
pub(super) fn skip(reader: &mut Reader<'_>, steps: &[Step<'_>], step: &Step<'_>) -> Result<()> {
    match step.kind {
        StepKind::Node => reader.skip(),
        StepKind::Tuple(_) | StepKind::Map(_) => {
            reader.enter(1);
            step.inside(steps).iter().try_for_each(|step| skip(reader, steps, step))?;
            reader.leave(1);
            Ok(())
        }
        _ => Ok(()),
    }
}
