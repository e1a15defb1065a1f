//! What the fuzz targets share: a mutator that knows the format, and an allocator that counts.
//!
//! The mutator knows the format from the specification alone and calls nothing of ndwire, so that it cannot inherit its mistakes. Only
//! [`foreign`], the laws of the encodings of Python, and [`accessors`], what is called on values, call it.

pub mod accessors;
mod events;
pub mod foreign;
mod heap;
mod leaves;
mod mutate;
mod random;
mod tree;

pub use events::{ByLanes, OneByOne, tree_of};
pub use heap::{CountingAllocator, peak_of, taken_by};
pub use mutate::{cross_over, mutate};
pub use tree::{Payload, header_len, payloads};
