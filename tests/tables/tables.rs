//! A table and the plain list of the same data give the same value or the same error, to whoever reads them.

#![allow(clippy::type_complexity, clippy::large_enum_variant, reason = "types are nested here because they are tested")]
#![allow(dead_code, reason = "what a reader has read is looked at by its Debug, which the compiler does not count")]

#[path = "../common/bytes.rs"]
mod bytes;
mod cross;
mod depth;
mod events;
mod evolve;
mod exact;
mod exact_enums;
mod exact_shapes;
mod layer;
#[path = "../roundtrip/model.rs"]
mod model;
mod passed;
mod random;
mod reader_arrays;
mod reader_buffers;
mod reader_enums;
mod reader_maps;
mod reader_structs;
mod reader_visitors;
mod recorder;
mod support;
mod writers;
