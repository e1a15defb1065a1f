//! Values without their types: when they are equal, and lists of them by columns.

#[path = "values/columns.rs"]
mod columns;
#[path = "values/equality.rs"]
mod equality;
