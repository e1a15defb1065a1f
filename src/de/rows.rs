//! The elements of lists for targets that are lists: by a fast lane, because such may be read twice.

use core::cell::Cell as Report;
use core::hint::black_box;
use core::marker::PhantomData;

use serde::de::{self, Deserialize, DeserializeSeed, SeqAccess};

use super::deserializer::Lanes;
use super::fast::{Fast, Lane};
use super::leaf::Leaf;
use super::list::{Elements, List};
use super::plan::Tag;
use crate::error::{Error, ErrorKind, Result};
use crate::wire::{Reader, StepKind};

/// What a list of leaves is read from: the tag and the bytes of each.
pub(super) fn leaves_of<'a, 'de>(elements: &Elements<'a, 'de>) -> Option<(Tag, usize, &'a [u8])>
where
    'de: 'a,
{
    let (tag, width, bytes) = match elements {
        Elements::Packed(packed, width) if packed.dtype.is_row_scalar() => match packed.dims.rank() {
            0 => (Tag::scalar(packed.dtype), *width, packed.bytes.get()),
            1 => (Tag::list(packed.dtype), *width, packed.bytes.get()),
            _ => return None,
        },
        Elements::Rows(rows) => match rows.steps {
            [leaf] => (leaf.tag, rows.width, rows.fixed),
            _ => return None,
        },
        _ => return None,
    };
    (width > 0).then_some((tag, width, bytes))
}

/// Leaves. A visitor gets them by value, and nobody else their address: so the loop over them keeps its place in registers. What
/// is left is said when the visitor drops them.
pub(super) struct Leaves<'r, 'a, 'de> {
    pub(super) list: &'r mut List<'a, 'de>,
    pub(super) tag: Tag,
    /// Bytes of one, and of all that are left.
    pub(super) width: usize,
    pub(super) bytes: &'r [u8],
    pub(super) zero: u32,
    pub(super) unread: &'r Report<usize>,
}

impl Drop for Leaves<'_, '_, '_> {
    #[inline(always)]
    fn drop(&mut self) {
        self.unread.set(self.bytes.len());
    }
}

impl<'de> de::SeqAccess<'de> for Leaves<'_, '_, 'de> {
    type Error = Error;

    /// A seed is good for one reading only.
    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>> {
        self.list.go_to(self.bytes.len() / self.width.max(1));
        self.bytes = self.bytes.get(self.width..).unwrap_or_default();
        self.list.next_element_seed(seed)
    }

    #[inline(always)]
    fn next_element<T: Deserialize<'de>>(&mut self) -> Result<Option<T>> {
        let Some((bytes, rest)) = self.bytes.split_at_checked(self.width) else { return Ok(None) };
        self.bytes = rest;
        match T::deserialize(Leaf { tag: self.tag, zero: self.zero, bytes }) {
            Ok(value) => Ok(Some(value)),
            Err(_) => leaf_again(self.list, self.width, rest.len()).map(Some),
        }
    }

    #[inline]
    fn size_hint(&self) -> Option<usize> {
        Some(self.bytes.len() / self.width.max(1))
    }
}

/// A leaf that the fast lane has not read, when so many bytes are left behind it.
#[cold]
#[inline(never)]
fn leaf_again<'de, T: Deserialize<'de>>(list: &mut List<'_, 'de>, width: usize, behind: usize) -> Result<T> {
    list.go_to(1 + behind / width.max(1));
    list.next_element()?.ok_or_else(|| list.ended())
}

/// Any other list: if its elements are records, by their fast lane.
pub(super) struct Records<'r, 'a, 'de> {
    list: &'r mut List<'a, 'de>,
    lane: Kind,
    zero: u32,
    unread: &'r Report<usize>,
}

#[derive(Clone, Copy)]
enum Kind {
    General,
    Records { has_nodes: bool },
}

impl<'r, 'a, 'de> Records<'r, 'a, 'de> {
    pub(super) fn new(list: &'r mut List<'a, 'de>, unread: &'r Report<usize>) -> Self {
        let lane = match &list.elements {
            Elements::Rows(rows) if list.deserializer.lanes != Lanes::General => {
                let has_nodes = rows.steps.iter().any(|step| matches!(step.kind, StepKind::Node));
                Kind::Records { has_nodes }
            }
            _ => Kind::General,
        };
        Records { list, lane, zero: black_box(0), unread }
    }

    #[inline(always)]
    fn row<T: Deserialize<'de>>(&mut self, has_nodes: bool) -> Result<Option<T>> {
        let List { deserializer, elements: Elements::Rows(rows), left, .. } = &mut *self.list else { return Ok(None) };
        let Some(less) = left.checked_sub(1) else { return Ok(None) };
        let fixed = rows.fixed;
        // Only the outermost row is read again: else there would be twice as many readings with each level.
        let before = (has_nodes && deserializer.lanes == Lanes::Free).then(|| deserializer.reader.clone());
        if before.is_some() {
            deserializer.lanes = Lanes::InRow;
        }
        let row = rows.next();
        let Some(step) = rows.steps.first() else { return Ok(None) };
        let mut lane = Lane { deserializer, steps: rows.steps, row, zero: self.zero };
        let value = T::deserialize(Fast { lane: &mut lane, step });
        if before.is_some() {
            deserializer.lanes = Lanes::Free;
        }
        match value {
            Ok(value) => {
                *left = less;
                Ok(Some(value))
            }
            Err(_) => {
                // The next ones will be like it.
                self.lane = Kind::General;
                row_again(self.list, fixed, before).map(Some)
            }
        }
    }
}

/// A row that the fast lane has not read.
#[cold]
#[inline(never)]
fn row_again<'de, T: Deserialize<'de>>(
    list: &mut List<'_, 'de>,
    fixed: &'de [u8],
    before: Option<Reader<'de>>,
) -> Result<T> {
    if list.deserializer.lanes == Lanes::InRow {
        return Err(Error::new(ErrorKind::Custom, "the row around this one is read again"));
    }
    if let Some(before) = before {
        list.deserializer.reader = before;
    }
    if let Elements::Rows(rows) = &mut list.elements {
        rows.fixed = fixed;
    }
    list.deserializer.lanes = Lanes::General;
    let read = list.next_element();
    list.deserializer.lanes = Lanes::Free;
    read?.ok_or_else(|| list.ended())
}

impl Drop for Records<'_, '_, '_> {
    #[inline]
    fn drop(&mut self) {
        self.unread.set(self.list.left);
    }
}

impl<'de> de::SeqAccess<'de> for Records<'_, '_, 'de> {
    type Error = Error;

    /// A seed is good for one reading only.
    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>> {
        self.list.next_element_seed(seed)
    }

    #[inline(always)]
    fn next_element<T: Deserialize<'de>>(&mut self) -> Result<Option<T>> {
        match self.lane {
            Kind::Records { has_nodes } => self.row(has_nodes),
            Kind::General => self.list.next_element_seed(PhantomData),
        }
    }

    #[inline]
    fn size_hint(&self) -> Option<usize> {
        Some(self.list.left)
    }
}
