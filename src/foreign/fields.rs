//! The schema of a table, as NumPy describes the dtype of a structured array.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;

use super::literal::put_string;
use crate::dtype::DType;
use crate::value::Schema;

/// Whether rows are a structured array: maps of numbers, arrays of them, and maps and tuples of such.
pub(super) fn is_structure(schema: &Schema) -> bool {
    fn is_fixed(schema: &Schema) -> bool {
        match schema {
            Schema::Map(fields) => fields.iter().all(|(_, schema)| is_fixed(schema)),
            Schema::Tuple(places) => places.iter().all(is_fixed),
            schema => matches!(schema, Schema::Scalar(_) | Schema::Subarray(..)),
        }
    }
    matches!(schema, Schema::Map(_)) && is_fixed(schema)
}

/// The fields of a structure: of a tuple with the names that NumPy gives fields without one.
pub(super) fn fields_of(schema: &Schema) -> Vec<(Cow<'_, str>, &Schema)> {
    match schema {
        Schema::Map(fields) => fields.iter().map(|(name, schema)| (name.into(), schema)).collect(),
        Schema::Tuple(places) => {
            places.iter().enumerate().map(|(place, schema)| (format!("f{place}").into(), schema)).collect()
        }
        _ => Vec::new(),
    }
}

/// The short name of a dtype that rows may hold; each has one.
pub(super) fn short_name(dtype: DType) -> &'static str {
    dtype.numpy_name().unwrap_or(dtype.name())
}

/// The list of fields as Python prints `dtype.descr`.
pub(super) fn put_fields(out: &mut String, schema: &Schema) {
    out.push('[');
    for (index, (name, schema)) in fields_of(schema).into_iter().enumerate() {
        out.push_str(if index > 0 { ", (" } else { "(" });
        put_string(out, &name);
        out.push_str(", ");
        match schema {
            Schema::Scalar(dtype) => put_string(out, short_name(*dtype)),
            Schema::Subarray(dtype, dims) => {
                put_string(out, short_name(*dtype));
                out.push_str(", ");
                put_tuple(out, dims);
            }
            inner => put_fields(out, inner),
        }
        out.push(')');
    }
    out.push(']');
}

/// Integers as Python prints a tuple of them.
pub(super) fn put_tuple(out: &mut String, numbers: &[usize]) {
    out.push('(');
    for (index, number) in numbers.iter().enumerate() {
        // Writing to a `String` never fails.
        let _ = write!(out, "{}{number}", if index > 0 { ", " } else { "" });
    }
    out.push_str(if numbers.len() == 1 { ",)" } else { ")" });
}
