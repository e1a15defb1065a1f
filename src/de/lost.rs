//! The path of an error that arose in serde's buffer: there it is lost.

use alloc::vec::Vec;

use crate::error::{Error, ErrorKind};
use crate::limits::Limits;
use crate::wire::{Node, Reader};

/// Names the field whose bytes the target could not take, if the error does not yet.
#[cold]
pub(super) fn located(error: Error, value: &[u8], limits: &Limits) -> Error {
    let Some(at) = error.found_in(value) else { return error };
    let Some(steps) = steps_to(at, value, limits) else { return error };
    let path = steps.iter().rev().fold(Error::new(ErrorKind::Custom, ""), |path, step| match *step {
        Step::Field(name) => path.in_field(name),
        Step::Element(position) => path.in_element(position),
    });
    error.with_longer_path(path, at)
}

enum Step<'v> {
    Field(&'v str),
    Element(u64),
}

/// The way to the bytes at that place in the value, as far as it goes through plain maps and lists.
fn steps_to<'v>(at: u64, value: &'v [u8], limits: &Limits) -> Option<Vec<Step<'v>>> {
    let mut reader = Reader::new(value, limits).ok()?;
    let mut steps = Vec::new();
    loop {
        let (count, is_map) = match reader.node().ok()? {
            Node::Map(entries) => (entries, true),
            Node::List(count) => (count, false),
            Node::Some => continue,
            _ => return Some(steps),
        };
        let (step, inside) = (0..count as u64).find_map(|position| {
            let key = reader.offset();
            if is_map {
                reader.skip().ok()?;
            }
            let (place, meta, data) = (reader.place(), reader.offset(), reader.data_end());
            reader.skip().ok()?;
            let holds = (meta..reader.offset()).contains(&at) || (data..reader.data_end()).contains(&at);
            let step = || match is_map {
                true => Step::Field(Reader::resume(value, place).str_at(key).unwrap_or("<key>")),
                false => Step::Element(position),
            };
            holds.then(|| (step(), Reader::resume(value, place)))
        })?;
        steps.push(step);
        reader = inside;
    }
}
