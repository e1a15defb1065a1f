//! Values to documents, with the bytes that Python's msgpack and msgpack-numpy write.

use alloc::format;
use alloc::vec::Vec;
use core::convert::Infallible;

use rmp::encode::{self, ByteBuf, ValueWriteError};

use super::array::in_key;
use crate::array::DynArrayView;
use crate::error::{Error, ErrorKind, Result};
use crate::foreign::dtype::NumpyDType;
use crate::foreign::fields::{is_structure, short_name};
use crate::foreign::row_major;
use crate::value::{RowsView, Schema, ValueView};

/// The document of a value.
pub(in crate::foreign) fn write(value: &ValueView<'_>) -> Result<Vec<u8>> {
    let mut out = ByteBuf::new();
    put(&mut out, value)?;
    Ok(out.into_vec())
}

/// Writing to memory never fails.
fn done<T>(_: core::result::Result<T, ValueWriteError<Infallible>>) {}

fn unsupported(message: &'static str) -> Error {
    Error::new(ErrorKind::Unsupported, message)
}

/// A length, of which MessagePack counts 32 bits.
fn length(len: usize) -> Result<u32> {
    u32::try_from(len).map_err(|_| {
        Error::new(
            ErrorKind::TooLarge,
            format!("MessagePack holds at most {} bytes or elements in one: found {len}", u32::MAX),
        )
    })
}

fn put(out: &mut ByteBuf, value: &ValueView<'_>) -> Result<()> {
    match value {
        ValueView::Nil => {
            let Ok(()) = encode::write_nil(out);
        }
        ValueView::Bool(value) => {
            let Ok(()) = encode::write_bool(out, *value);
        }
        ValueView::Int(value) => match (i64::try_from(*value), u64::try_from(*value)) {
            (Ok(value), _) => done(encode::write_sint(out, value)),
            (_, Ok(value)) => done(encode::write_uint(out, value)),
            _ => return Err(wide_integer()),
        },
        ValueView::Uint(_) => return Err(wide_integer()),
        ValueView::F32(value) => done(encode::write_f32(out, *value)),
        ValueView::F64(value) => done(encode::write_f64(out, *value)),
        ValueView::Char(value) => put_str(out, value.encode_utf8(&mut [0; 4]))?,
        ValueView::Str(text) => put_str(out, text)?,
        ValueView::Bytes(bytes) => put_bin(out, bytes)?,
        ValueView::Some(_) => {
            return Err(unsupported(
                "MessagePack has one nil only, and cannot tell `Some(None)` from `None`: use a map or an enum",
            ));
        }
        ValueView::List(values) => {
            done(encode::write_array_len(out, length(values.len())?));
            for (index, value) in values.iter().enumerate() {
                put(out, value).map_err(|error| error.in_element(index as u64))?;
            }
        }
        ValueView::Map(entries) => put_map(out, entries)?,
        ValueView::Array(array) => put_array(out, array)?,
        ValueView::Rows(rows) => put_rows(out, rows)?,
    }
    Ok(())
}

fn wide_integer() -> Error {
    unsupported("MessagePack has integers of up to 64 bits: write this one as a str, or as two halves")
}

fn put_str(out: &mut ByteBuf, text: &str) -> Result<()> {
    done(encode::write_str_len(out, length(text.len())?));
    out.as_mut_vec().extend_from_slice(text.as_bytes());
    Ok(())
}

fn put_bin(out: &mut ByteBuf, bytes: &[u8]) -> Result<()> {
    done(encode::write_bin_len(out, length(bytes.len())?));
    out.as_mut_vec().extend_from_slice(bytes);
    Ok(())
}

fn put_map(out: &mut ByteBuf, entries: &[(ValueView<'_>, ValueView<'_>)]) -> Result<()> {
    let has = |name: &str| {
        entries.iter().any(|(key, _)| match key {
            ValueView::Str(key) => *key == name,
            ValueView::Bytes(key) => *key == name.as_bytes(),
            _ => false,
        })
    };
    // With a `kind` alone its reader may load `data` as a pickle.
    if has("data") && (has("complex") || has("nd") && (has("type") || has("kind"))) {
        let message = "map has the keys by which msgpack-numpy knows its arrays (nd and data with type or kind, or complex and data): rename one";
        return Err(unsupported(message));
    }
    done(encode::write_map_len(out, length(entries.len())?));
    for (key, value) in entries {
        put(out, key)?;
        put(out, value).map_err(|error| in_key(error, key))?;
    }
    Ok(())
}

fn put_rows(out: &mut ByteBuf, rows: &RowsView<'_>) -> Result<()> {
    if let Some(array) = rows.as_array() {
        return put_array(out, &array);
    }
    if is_structure(rows.schema()) {
        put_array_head(out);
        put_fields(out, rows.schema())?;
        return put_array_tail(out, b"V", &[rows.len()], rows.bytes());
    }
    done(encode::write_array_len(out, length(rows.len())?));
    for (index, row) in (0..rows.len()).filter_map(|index| Some((index, rows.get(index)?))) {
        put(out, &row).map_err(|error| error.in_element(index as u64))?;
    }
    Ok(())
}

fn put_array(out: &mut ByteBuf, array: &DynArrayView<'_>) -> Result<()> {
    let name = NumpyDType::from(array.dtype()).short_name()?;
    put_array_head(out);
    put_str(out, &name)?;
    put_array_tail(out, b"", array.shape(), &row_major(array))
}

/// A map of five entries: nd is true, and type is what comes next.
fn put_array_head(out: &mut ByteBuf) {
    out.as_mut_vec().extend_from_slice(b"\x85\xC4\x02nd\xC3\xC4\x04type");
}

fn put_array_tail(out: &mut ByteBuf, kind: &[u8], shape: &[usize], data: &[u8]) -> Result<()> {
    put_bin(out, b"kind")?;
    put_bin(out, kind)?;
    put_bin(out, b"shape")?;
    put_sizes(out, shape)?;
    put_bin(out, b"data")?;
    put_bin(out, data)
}

fn put_sizes(out: &mut ByteBuf, sizes: &[usize]) -> Result<()> {
    done(encode::write_array_len(out, length(sizes.len())?));
    for &size in sizes {
        done(encode::write_uint(out, size as u64));
    }
    Ok(())
}

/// The fields of a structured dtype, each a list of its name, its format, and its shape if it has one.
fn put_fields(out: &mut ByteBuf, schema: &Schema) -> Result<()> {
    let Schema::Map(fields) = schema else {
        return Ok(());
    };
    done(encode::write_array_len(out, length(fields.len())?));
    for (name, schema) in fields {
        done(encode::write_array_len(out, if matches!(schema, Schema::Subarray(..)) { 3 } else { 2 }));
        put_str(out, name)?;
        match schema {
            Schema::Scalar(dtype) => put_str(out, short_name(*dtype))?,
            Schema::Subarray(dtype, dims) => {
                put_str(out, short_name(*dtype))?;
                put_sizes(out, dims)?;
            }
            inner => put_fields(out, inner)?,
        }
    }
    Ok(())
}
