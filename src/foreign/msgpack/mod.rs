//! MessagePack documents with the arrays of the Python package msgpack-numpy in them.

mod array;
mod read;
mod write;

pub(super) use read::read;
pub(super) use write::write;
