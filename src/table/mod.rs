//! Lists of structs by their columns, read and written.

mod column;
mod columns;
mod view;

pub use column::{Column, ColumnIter};
pub use columns::{ColumnSource, Columns};
pub use view::TableView;
