//! `ndwire::foreign`: what Python wrote is read, and what is written is what Python writes.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

#[path = "foreign/cases.rs"]
mod cases;
#[path = "foreign/depth.rs"]
mod depth;
#[path = "foreign/found.rs"]
mod found;
#[path = "foreign/golden.rs"]
mod golden;
#[path = "foreign/hostile.rs"]
mod hostile;
#[path = "foreign/no_table.rs"]
mod no_table;
#[path = "foreign/refused.rs"]
mod refused;
#[path = "foreign/typed.rs"]
mod typed;
