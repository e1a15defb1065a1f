//! Values to documents, with the bytes that Python's msgpack and msgpack-numpy write.

use alloc::format;
use alloc::vec::Vec;
use core::convert::Infallible;

use rmp::encode::{self, ByteBuf, ValueWriteError};

use super::array::in_key;
use crate::array::DynArrayView;
use crate::error::{Error, ErrorKind, Result};
use crate::foreign::dtype::NumpyDType;
use crate::foreign::fields::{fields_of, is_structure, short_name};
use crate::foreign::row_major;
use crate::value::{List, Map, Schema, ValueView};
use crate::wire::DEPTH_LIMIT;

/// The document of a value.
pub(in crate::foreign) fn write(value: &ValueView<'_>) -> Result<Vec<u8>> {
    let mut document = Document { out: ByteBuf::new(), depth: 0 };
    document.put(value)?;
    Ok(document.out.into_vec())
}

/// Writing to memory never fails.
fn done<T>(_: core::result::Result<T, ValueWriteError<Infallible>>) {}

fn unsupported(message: &'static str) -> Error {
    Error::new(ErrorKind::Unsupported, message)
}

fn wide_integer() -> Error {
    unsupported("MessagePack has integers of up to 64 bits: write this one as a str, or as two halves")
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

struct Document {
    out: ByteBuf,
    /// Arrays and maps of MessagePack around the next value, as the reader counts them.
    depth: usize,
}

impl Document {
    /// An array or map of MessagePack, with what is in it. One that its reader would refuse is not written.
    fn nested(&mut self, put: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        if self.depth == DEPTH_LIMIT {
            let message = format!(
                "nested too deep for MessagePack, of which {DEPTH_LIMIT} levels are read: an array takes two of them, a table three, and \
                 two more for each struct in its rows"
            );
            return Err(Error::new(ErrorKind::TooDeep, message));
        }
        self.depth += 1;
        put(self)?;
        self.depth -= 1;
        Ok(())
    }

    fn put(&mut self, value: &ValueView<'_>) -> Result<()> {
        let out = &mut self.out;
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
            ValueView::Char(value) => self.put_str(value.encode_utf8(&mut [0; 4]))?,
            ValueView::Str(text) => self.put_str(text)?,
            ValueView::Bytes(bytes) => self.put_bin(bytes)?,
            ValueView::Some(_) => {
                return Err(unsupported(
                    "MessagePack has one nil only, and cannot tell `Some(None)` from `None`: use a map or an enum",
                ));
            }
            ValueView::List(list) => self.put_list(list)?,
            ValueView::Map(map) => self.put_map(map)?,
            ValueView::Array(array) => self.put_array(array)?,
        }
        Ok(())
    }

    fn put_str(&mut self, text: &str) -> Result<()> {
        done(encode::write_str_len(&mut self.out, length(text.len())?));
        self.out.as_mut_vec().extend_from_slice(text.as_bytes());
        Ok(())
    }

    fn put_bin(&mut self, bytes: &[u8]) -> Result<()> {
        done(encode::write_bin_len(&mut self.out, length(bytes.len())?));
        self.out.as_mut_vec().extend_from_slice(bytes);
        Ok(())
    }

    fn put_map(&mut self, map: &Map<'_>) -> Result<()> {
        let entries = map.entries();
        let has = |name: &str| {
            entries.iter().any(|(key, _)| key.as_str() == Some(name) || key.as_bytes() == Some(name.as_bytes()))
        };
        // With a `kind` alone its reader may load `data` as a pickle.
        if has("data") && (has("complex") || has("nd") && (has("type") || has("kind"))) {
            let message = "map has the keys by which msgpack-numpy knows its arrays (nd and data with type or kind, or complex and data): rename one";
            return Err(unsupported(message));
        }
        self.nested(|document| {
            done(encode::write_map_len(&mut document.out, length(entries.len())?));
            for (key, value) in entries {
                document.put(key)?;
                document.put(value).map_err(|error| in_key(error, key))?;
            }
            Ok(())
        })
    }

    fn put_list(&mut self, list: &List<'_>) -> Result<()> {
        if let Some(array) = list.as_array() {
            return self.put_array(&array);
        }
        if let Some(schema) = list.schema().filter(|schema| is_structure(schema)) {
            return self.put_parts(|document| document.put_fields(schema), b"V", &[list.len()], list.bytes());
        }
        self.nested(|document| {
            done(encode::write_array_len(&mut document.out, length(list.len())?));
            for (index, value) in list.iter().enumerate() {
                document.put(&value).map_err(|error| error.in_element(index as u64))?;
            }
            Ok(())
        })
    }

    fn put_array(&mut self, array: &DynArrayView<'_>) -> Result<()> {
        let name = NumpyDType::from(array.dtype()).short_name()?;
        self.put_parts(|document| document.put_str(&name), b"", array.shape(), &row_major(array))
    }

    /// The map of an array. Its `type` is what the function writes.
    fn put_parts(
        &mut self,
        put_type: impl FnOnce(&mut Self) -> Result<()>,
        kind: &[u8],
        shape: &[usize],
        data: &[u8],
    ) -> Result<()> {
        self.nested(|document| {
            // Five entries, of which the first is whole.
            document.out.as_mut_vec().extend_from_slice(b"\x85\xC4\x02nd\xC3\xC4\x04type");
            put_type(document)?;
            document.put_bin(b"kind")?;
            document.put_bin(kind)?;
            document.put_bin(b"shape")?;
            document.put_sizes(shape)?;
            document.put_bin(b"data")?;
            document.put_bin(data)
        })
    }

    fn put_sizes(&mut self, sizes: &[usize]) -> Result<()> {
        self.nested(|document| {
            done(encode::write_array_len(&mut document.out, length(sizes.len())?));
            sizes.iter().for_each(|size| done(encode::write_uint(&mut document.out, *size as u64)));
            Ok(())
        })
    }

    /// The fields of a structured dtype, each a list of its name, its format, and its shape if it has one.
    fn put_fields(&mut self, schema: &Schema) -> Result<()> {
        let fields = fields_of(schema);
        self.nested(|document| {
            done(encode::write_array_len(&mut document.out, length(fields.len())?));
            fields.iter().try_for_each(|(name, schema)| document.put_field(name, schema))
        })
    }

    fn put_field(&mut self, name: &str, schema: &Schema) -> Result<()> {
        self.nested(|document| {
            let parts = if matches!(schema, Schema::Subarray(..)) { 3 } else { 2 };
            done(encode::write_array_len(&mut document.out, parts));
            document.put_str(name)?;
            match schema {
                Schema::Scalar(dtype) => document.put_str(short_name(*dtype)),
                Schema::Subarray(dtype, dims) => {
                    document.put_str(short_name(*dtype))?;
                    document.put_sizes(dims)
                }
                inner => document.put_fields(inner),
            }
        })
    }
}
