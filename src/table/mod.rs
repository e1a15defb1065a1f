//! Lists of structs by their columns, without the structs.

mod column;
mod columns;
mod fields;
mod view;

pub use column::{Column, ColumnIter};
pub use columns::{ColumnSource, Columns};
pub use view::TableView;
