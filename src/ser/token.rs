//! What this crate's own types hand over in parts: arrays, rows that are packed already, and lists that stay plain.

use alloc::boxed::Box;
use alloc::vec::Vec;

use serde::ser::{self, Serialize};

use super::context::Context;
use super::general::{DONE, Done, General};
use super::list::List;
use super::only::only;
use crate::dtype::DType;
use crate::error::{Error, ErrorKind, Result};
use crate::token::{COLUMN_MAJOR, Head, Written};
use crate::wire::{self, Place, RANK_LIMIT, RecordSchema, payload_len, tag};

/// The content of a token: a sequence of its parts. It answers that it is not human readable, so that the content comes so.
pub(super) struct Token<'a> {
    cx: &'a mut Context,
    token: Written,
}

impl<'a> Token<'a> {
    pub(super) fn new(cx: &'a mut Context, token: Written) -> Self {
        Token { cx, token }
    }
}

/// The parts so far.
pub(super) struct Parts<'a> {
    cx: &'a mut Context,
    state: State,
}

enum State {
    /// The head; then the elements.
    Array {
        head: Option<Vec<u8>>,
    },
    /// How many rows there are; the schema; the fixed part.
    Rows {
        numbers: Vec<u64>,
        schema: Option<Vec<u8>>,
    },
    /// The nodes of rows: how deep each of a row stands, how many have come, and how many there are.
    Nodes {
        levels: Vec<u8>,
        written: u64,
        count: u64,
    },
    List(Box<List>),
}

impl ser::SerializeSeq for Parts<'_> {
    type Ok = Done;
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, part: &T) -> Result<()> {
        self.cx.check()?;
        match &mut self.state {
            State::List(list) => match list.element(self.cx, part) {
                Ok(()) => Ok(()),
                Err(error) => Err(self.cx.poison(error.in_element(list.count))),
            },
            State::Nodes { levels, written, .. } => {
                let row = (levels.len() as u64).max(1);
                let levels = levels.get((*written % row) as usize).copied().unwrap_or(0).into();
                let index = *written / row;
                *written += 1;
                self.cx.enter(levels)?;
                let result = part.serialize(General::node(self.cx));
                self.cx.leave(levels);
                result.map(|_| ()).map_err(|error| self.cx.poison(error.in_element(index)))
            }
            State::Array { .. } | State::Rows { .. } => part.serialize(Part { parts: self }).map(|_| ()),
        }
    }

    fn end(self) -> Result<Done> {
        let Parts { cx, state } = self;
        match state {
            State::List(list) => {
                list.finish(cx)?;
                cx.leave(1);
                Ok(DONE)
            }
            State::Nodes { written, count, .. } if written == count => Ok(DONE),
            _ => Err(cx.protocol("parts of a token are missing")),
        }
    }
}

/// A part that is a number or bytes.
struct Part<'p, 'a> {
    parts: &'p mut Parts<'a>,
}

impl Part<'_, '_> {
    fn number(self, value: u64) -> Result<Done> {
        if let State::Rows { numbers, .. } = &mut self.parts.state {
            numbers.push(value);
        }
        Ok(DONE)
    }

    fn bytes(self, bytes: &[u8]) -> Result<Done> {
        let Parts { cx, state } = self.parts;
        let next = match state {
            State::Array { head: Some(head) } => {
                put_array(cx, head, bytes)?;
                Some(State::Nodes { levels: Vec::new(), written: 0, count: 0 })
            }
            State::Array { head } => {
                *head = Some(bytes.into());
                None
            }
            State::Rows { numbers, schema: Some(schema) } => Some(put_rows(cx, numbers, schema, bytes)?),
            State::Rows { schema, .. } => {
                *schema = Some(bytes.into());
                None
            }
            _ => None,
        };
        if let Some(next) = next {
            *state = next;
        }
        Ok(DONE)
    }
}

fn put_array(cx: &mut Context, head: &[u8], bytes: &[u8]) -> Result<()> {
    let head = Head::read(head).and_then(|(code, flags, dims)| Some((DType::from_code(code)?, flags, dims)));
    let Some((dtype, flags, dims)) = head else {
        return Err(cx.protocol("parts of an array have another type"));
    };
    let (column_major, dims) = (flags & COLUMN_MAJOR != 0, dims.iter().map(|dim| u64::from_le_bytes(*dim)));
    let len = payload_len(dims.clone(), dtype.size()).ok().filter(|_| dims.len() <= RANK_LIMIT);
    let Some(len) = len else {
        return Err(cx.poison(Error::new(ErrorKind::TooLarge, "shape of an array exceeds the format's limits")));
    };
    if len != bytes.len() as u64 {
        return Err(cx.poison(Error::new(ErrorKind::Shape, "shape of an array does not fit its data")));
    }
    if dtype == DType::Bool && bytes.iter().any(|&byte| byte > 1) {
        return Err(cx.poison(Error::new(ErrorKind::Malformed, "bool is neither 0 nor 1")));
    }
    let levels = dims.len().max(1);
    cx.enter(levels)?;
    cx.leave(levels);
    wire::put_array(&mut cx.out.meta, dtype.code(), column_major, dims);
    if !bytes.is_empty() {
        cx.out.put_payload(bytes);
    }
    Ok(())
}

fn put_rows(cx: &mut Context, numbers: &[u64], schema: &[u8], fixed: &[u8]) -> Result<State> {
    let [count] = *numbers else {
        return Err(cx.protocol("parts of rows have another type"));
    };
    let is_record =
        schema.first().is_some_and(|&tag| matches!(tag, tag::LIST..=tag::MAP_MAX | tag::LONG_LIST | tag::LONG_MAP));
    let Ok(levels) = wire::check_rows(schema, count, fixed) else {
        return Err(cx.protocol("parts of rows are no rows"));
    };
    if count == 0 && !is_record {
        return Err(cx.protocol("parts of rows are no rows"));
    }
    cx.enter(1 + levels)?;
    cx.leave(1 + levels);
    let meta = &mut cx.out.meta;
    meta.push(tag::ROWS);
    meta.extend_from_slice(schema);
    wire::put_uv(meta, count);
    match Place::of(fixed.len()) {
        Place::Meta => meta.extend_from_slice(fixed),
        Place::Data => cx.out.put_payload(fixed),
    }
    let levels = if is_record { RecordSchema::of_checked(schema).node_levels() } else { Vec::new() };
    let count = count.saturating_mul(levels.len() as u64);
    Ok(State::Nodes { levels, written: 0, count })
}

only! {
    impl Token<'a> expecting "the parts of a token" refusing map, bytes, str, u64 {
        type SerializeSeq = Parts<'a>;

        fn serialize_seq(self, len: Option<usize>) -> Result<Parts<'a>> {
            let Token { cx, token } = self;
            let state = match token {
                Written::Array => State::Array { head: None },
                Written::Rows => State::Rows { numbers: Vec::with_capacity(2), schema: None },
                Written::PlainList => {
                    let mut list = List::open(cx, len)?;
                    list.make_plain(cx);
                    State::List(list)
                }
            };
            cx.somes = 0;
            Ok(Parts { cx, state })
        }
    }
}

only! {
    impl Part<'p, 'a> expecting "a part of a token" refusing seq, map, str {
        fn serialize_bytes(self, value: &[u8]) -> Result<Done> {
            self.bytes(value)
        }

        fn serialize_u64(self, value: u64) -> Result<Done> {
            self.number(value)
        }
    }
}
