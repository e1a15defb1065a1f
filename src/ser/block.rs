//! The content of a block token: rows that are packed already become one rows node.

use serde::ser::{self, Serialize};

use super::encoder::Serializer;
use crate::error::{Error, Result};
use crate::wire::{self, Place};

/// What a block token's content is written to. It answers that it is not human readable, so that the content comes in parts.
pub(super) struct BlockContent<'a> {
    encoder: &'a mut Serializer,
}

impl<'a> BlockContent<'a> {
    pub(super) fn new(encoder: &'a mut Serializer) -> Self {
        BlockContent { encoder }
    }
}

/// The parts so far. The packed rows come last and complete the node.
pub(super) struct Parts<'a> {
    encoder: &'a mut Serializer,
    next: Part,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Levels,
    Schema,
    Count,
    Rows,
    Complete,
}

impl ser::SerializeSeq for Parts<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, part: &T) -> Result<()> {
        part.serialize(PartContent { parts: self })
    }

    fn end(self) -> Result<()> {
        match self.next {
            Part::Complete => Ok(()),
            _ => Err(self.encoder.protocol("a block token has no packed rows")),
        }
    }
}

/// What a part is written to.
struct PartContent<'p, 'a> {
    parts: &'p mut Parts<'a>,
}

impl PartContent<'_, '_> {
    fn refuse(self) -> Error {
        self.parts.encoder.protocol("a part of a block token has another type")
    }

    fn number(self, value: u64) -> Result<()> {
        let Parts { encoder, next } = self.parts;
        match *next {
            Part::Levels => {
                encoder.somes = 0;
                encoder.check_depth(usize::try_from(value).unwrap_or(usize::MAX).saturating_add(1))?;
                encoder.node()?;
                encoder.meta.push(wire::tag::ROWS);
                *next = Part::Schema;
            }
            Part::Count => {
                wire::put_uv(&mut encoder.meta, value);
                *next = Part::Rows;
            }
            _ => return Err(self.refuse()),
        }
        Ok(())
    }

    fn bytes(self, value: &[u8]) -> Result<()> {
        let Parts { encoder, next } = self.parts;
        match *next {
            Part::Schema => {
                encoder.meta.extend_from_slice(value);
                *next = Part::Count;
            }
            Part::Rows => {
                match Place::of(value.len()) {
                    Place::Meta => encoder.meta.extend_from_slice(value),
                    Place::Data => encoder.put_payload(value),
                }
                *next = Part::Complete;
            }
            _ => return Err(self.refuse()),
        }
        Ok(())
    }
}

super::only! {
    impl BlockContent<'a> expecting "packed rows" refusing map, bytes, str, u64 {
        type SerializeSeq = Parts<'a>;

        fn serialize_seq(self, _len: Option<usize>) -> Result<Parts<'a>> {
            Ok(Parts { encoder: self.encoder, next: Part::Levels })
        }
    }
}

super::only! {
    impl PartContent<'p, 'a> expecting "a part of packed rows" refusing seq, map, str {
        fn serialize_bytes(self, value: &[u8]) -> Result<()> {
            self.bytes(value)
        }

        fn serialize_u64(self, value: u64) -> Result<()> {
            self.number(value)
        }
    }
}
