//! Values to serde.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Borrowed, ValueView};

impl Serialize for ValueView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            ValueView::Nil => serializer.serialize_unit(),
            ValueView::Bool(value) => serializer.serialize_bool(*value),
            ValueView::Int(value) => int(*value, serializer),
            ValueView::Uint(value) => match i128::try_from(*value) {
                Ok(value) => int(value, serializer),
                Err(_) => serializer.serialize_u128(*value),
            },
            ValueView::F32(value) => serializer.serialize_f32(*value),
            ValueView::F64(value) => serializer.serialize_f64(*value),
            ValueView::Char(value) => serializer.serialize_char(*value),
            ValueView::Str(text) => serializer.serialize_str(text),
            ValueView::Bytes(bytes) => serializer.serialize_bytes(bytes),
            ValueView::Some(inner) => serializer.serialize_some(inner),
            ValueView::List(list) => list.serialize(serializer),
            ValueView::Map(map) => {
                let mut entries = serializer.serialize_map(Some(map.entries().len()))?;
                for (key, value) in map.entries() {
                    entries.serialize_entry(key, value)?;
                }
                entries.end()
            }
            ValueView::Array(array) => array.serialize(serializer),
        }
    }
}

impl Serialize for Borrowed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// As untyped writers do: i64 if it fits, else u64, else 128 bits.
fn int<S: Serializer>(value: i128, serializer: S) -> Result<S::Ok, S::Error> {
    match (i64::try_from(value), u64::try_from(value)) {
        (Ok(value), _) => serializer.serialize_i64(value),
        (_, Ok(value)) => serializer.serialize_u64(value),
        _ => serializer.serialize_i128(value),
    }
}
