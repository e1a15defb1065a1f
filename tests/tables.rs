//! A table and the plain list of the same data give the same value or the same error, to whoever reads them.

#![allow(clippy::type_complexity, clippy::large_enum_variant, reason = "types are nested here because they are tested")]
#![allow(dead_code, reason = "what a reader has read is looked at by its Debug, which the compiler does not count")]

#[path = "tables/cross.rs"]
mod cross;
#[path = "tables/depth.rs"]
mod depth;
#[path = "tables/events.rs"]
mod events;
#[path = "tables/evolve.rs"]
mod evolve;
#[path = "tables/exact.rs"]
mod exact;
#[path = "tables/exact_enums.rs"]
mod exact_enums;
#[path = "tables/exact_shapes.rs"]
mod exact_shapes;
#[path = "tables/layer.rs"]
mod layer;
#[path = "roundtrip/model.rs"]
mod model;
#[path = "tables/passed.rs"]
mod passed;
#[path = "tables/random.rs"]
mod random;
#[path = "tables/reader_arrays.rs"]
mod reader_arrays;
#[path = "tables/reader_buffers.rs"]
mod reader_buffers;
#[path = "tables/reader_enums.rs"]
mod reader_enums;
#[path = "tables/reader_maps.rs"]
mod reader_maps;
#[path = "tables/reader_structs.rs"]
mod reader_structs;
#[path = "tables/reader_visitors.rs"]
mod reader_visitors;
#[path = "tables/recorder.rs"]
mod recorder;
#[path = "tables/support.rs"]
mod support;
#[path = "tables/writers.rs"]
mod writers;
