//! What the binaries of this package share: the cases, the peers, and how time is taken.

pub mod allocations;
pub mod cases;
pub mod environment;
pub mod instructions;
pub mod measure;
pub mod peers;
pub mod table;
