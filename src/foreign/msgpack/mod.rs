//! MessagePack documents with the arrays of the Python package msgpack-numpy in them.

mod array;
mod read;
mod write;

pub(super) use read::{has_array, read};
pub(super) use write::write;
