//! What the examples share and do not teach: where the arrays come from, and which server there is.

mod data;
mod in_process;
mod server;

pub use data::{Array, Word, file, load, words};
pub use server::Server;
