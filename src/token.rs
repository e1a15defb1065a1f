//! Names of newtype structs by which this crate's own types tell its own serializer and deserializer what plain serde cannot.
//!
//! Other formats see through them: a newtype struct is its content.

use serde::de::{Error, SeqAccess};

use crate::dtype::DType;

/// Written and read: the content is an array, as the map `{dtype, shape, order?, data}`.
pub(crate) const ARRAY: &str = "$ndwire::array";
/// Read: the only key of the map that an array type is shown for the token. Not a name, so that no format with named fields can have
/// it. The value is a sequence: the dtype's code, [`COLUMN_MAJOR`] and [`LIST`] as bits, the rank, the dims, and the elements: as bytes,
/// or as the list to a visitor that asks for a sequence.
pub(crate) const ARRAY_PARTS: u64 = 0;
/// Read: the only key of the map that a [`VALUE`] is shown for a tuple in rows. The value is a sequence.
pub(crate) const TUPLE: u64 = 1;
/// The elements are in column-major order.
pub(crate) const COLUMN_MAJOR: u64 = 1;
/// It was a packed list, and no array node.
pub(crate) const LIST: u64 = 2;
/// Read: the visitor wants the place of the next node rather than its content. What stands in a row and is no node comes as a map
/// of one entry instead: a packed list as for [`ARRAY`], a tuple under [`TUPLE`]; or as the newtype's content.
pub(crate) const VALUE: &str = "$ndwire::value";
/// Read: asked by a [`VALUE`] for the content of the newtype that it was shown. A map in a row comes as itself; from anything else the
/// content comes as that of a newtype again: only from serde's buffers and other formats may a map in it be an array.
pub(crate) const CONTENT: &str = "$ndwire::content";
/// Written: the content is a list that stays a plain list, whatever its elements.
pub(crate) const PLAIN_LIST: &str = "$ndwire::list";
/// Written: the content is a list that stays rows, with the schema that its elements spell.
pub(crate) const ROWS: &str = "$ndwire::rows";
/// Written: the content is rows without nodes, to this crate's serializer as a sequence of four: the levels of the schema, the schema's
/// bytes, the number of rows, the packed rows; to any other as a list of the rows.
pub(crate) const BLOCK: &str = "$ndwire::block";
/// Written: the content is a node leaf of a row, whatever it is.
pub(crate) const NODE: &str = "$ndwire::node";

/// Read: serde_json's name of a JSON text kept as it is. Its `RawValue` is written as a struct of this name with a field of this name,
/// and wants to be shown just that as a map.
pub(crate) const RAW_JSON: &str = "$serde_json::private::RawValue";

/// What a visitor that asked for a [`VALUE`] is shown as a sequence: the bytes of the whole value, and the place of the next node
/// for `Reader::resume`.
pub(crate) fn read_place<'de, A: SeqAccess<'de>>(mut access: A) -> Result<(&'de [u8], [u64; 3]), A::Error> {
    let missing = || A::Error::custom("the place of a value is incomplete");
    let value = access.next_element()?.ok_or_else(missing)?;
    let mut place = [0; 3];
    for number in &mut place {
        *number = access.next_element()?.ok_or_else(missing)?;
    }
    Ok((value, place))
}

/// Written: the content is an optional scalar of a row, also where it is not nil.
pub(crate) const fn optional(dtype: DType) -> &'static str {
    match dtype {
        DType::Bool => "$ndwire::optional bool",
        DType::U8 => "$ndwire::optional u8",
        DType::U16 => "$ndwire::optional u16",
        DType::U32 => "$ndwire::optional u32",
        DType::U64 => "$ndwire::optional u64",
        DType::I8 => "$ndwire::optional i8",
        DType::I16 => "$ndwire::optional i16",
        DType::I32 => "$ndwire::optional i32",
        DType::I64 => "$ndwire::optional i64",
        DType::F32 => "$ndwire::optional f32",
        _ => "$ndwire::optional f64",
    }
}

/// The dtype of a name made by [`optional`].
pub(crate) fn optional_dtype(name: &str) -> Option<DType> {
    DType::from_name(name.strip_prefix("$ndwire::optional ")?)
}

/// Whether a newtype struct's name is worth a closer look.
pub(crate) fn is_ours(name: &str) -> bool {
    name.starts_with("$ndwire::")
}
