//! Names of newtype structs by which this crate's own types tell its own serializer and deserializer what plain serde cannot.
//!
//! Other formats see through them: a newtype struct is its content.

use serde::de::{Error, SeqAccess};
use serde::ser::{Serialize, SerializeSeq, Serializer};

/// Written and read: the content is an array, as the map `{dtype, shape, order?, data}`.
pub(crate) const ARRAY: &str = "$ndwire::array";
/// Read: the first key of the map that an array type is shown for the token. Not a name, so that no format with named fields can have
/// it. Its value is bytes: the [`Head`].
pub(crate) const ARRAY_PARTS: u64 = 0;
/// Read: the second key. Its value is the elements: bytes, or to a visitor that asks for a sequence the list.
pub(crate) const ELEMENTS: u64 = 2;
/// Read: the only key of the map that a [`VALUE`] is shown for a tuple in rows. The value is a sequence.
pub(crate) const TUPLE: u64 = 1;
/// The elements are in column-major order.
pub(crate) const COLUMN_MAJOR: u8 = 1;
/// It was a packed list, and no array node.
pub(crate) const LIST: u8 = 2;
/// Read: the visitor wants the place of the next node rather than its content. What stands in a row and is no node comes as a map
/// of one entry instead: a packed list as for [`ARRAY`], a tuple under [`TUPLE`]; or as the newtype's content.
pub(crate) const VALUE: &str = "$ndwire::value";
/// Read: asked by a [`VALUE`] for the content of the newtype that it was shown. A map in a row comes as itself; from anything else the
/// content comes as that of a newtype again: only from serde's buffers and other formats may a map in it be an array.
pub(crate) const CONTENT: &str = "$ndwire::content";
/// Written: the content is a list that stays a plain list, whatever its elements.
const PLAIN: &str = "$ndwire::list";
/// Written: the content is rows that are packed already.
const PACKED: &str = "$ndwire::rows";

/// Read: serde_json's name of a JSON text kept as it is. Its `RawValue` is written as a struct of this name with a field of this name,
/// and wants to be shown just that as a map.
pub(crate) const RAW_JSON: &str = "$serde_json::private::RawValue";

/// Dims of an array that is read: one more than a value may have, because rows of subarrays have their number before them.
const MOST_DIMS: usize = 33;

/// What an array type is told of an array before its elements: the dtype's code, [`COLUMN_MAJOR`] and [`LIST`] as bits, and the dims as
/// u64, little endian.
pub(crate) struct Head {
    bytes: [u8; 2 + 8 * MOST_DIMS],
    len: usize,
}

impl Head {
    pub(crate) fn new(code: u8, flags: u8, dims: impl Iterator<Item = u64>) -> Self {
        let mut head = Head { bytes: [0; 2 + 8 * MOST_DIMS], len: 2 };
        (head.bytes[0], head.bytes[1]) = (code, flags);
        for (place, dim) in head.bytes[2..].as_chunks_mut::<8>().0.iter_mut().zip(dims) {
            *place = dim.to_le_bytes();
            head.len += 8;
        }
        head
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    /// The dtype's code, the flags and the dims.
    #[inline]
    pub(crate) fn read(bytes: &[u8]) -> Option<(u8, u8, &[[u8; 8]])> {
        match bytes {
            [code, flags, dims @ ..] => Some((*code, *flags, dims.as_chunks().0)),
            _ => None,
        }
    }
}

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

/// A token that is written. To this crate's serializer the content is a sequence of parts, to any other what it stands for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Written {
    /// Parts: the [`Head`], and the elements as bytes.
    Array,
    /// Parts: the number of rows, the schema's bytes, the fixed part, and the nodes in their order.
    Rows,
    /// Parts: the elements.
    PlainList,
}

impl Written {
    /// The token of a newtype struct's name.
    #[inline]
    pub(crate) fn of(name: &str) -> Option<Written> {
        if !name.starts_with("$ndwire::") {
            return None;
        }
        match name {
            ARRAY => Some(Written::Array),
            PACKED => Some(Written::Rows),
            PLAIN => Some(Written::PlainList),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Written::Array => ARRAY,
            Written::Rows => PACKED,
            Written::PlainList => PLAIN,
        }
    }

    /// Writes the parts to this crate's serializer, and the content to any other.
    pub(crate) fn serialize<S: Serializer>(
        self,
        parts: &impl Serialize,
        content: &impl Serialize,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let for_people = serializer.is_human_readable();
        serializer.serialize_newtype_struct(self.name(), &PartsOr { parts, content, for_people })
    }
}

struct PartsOr<'p, P, C> {
    parts: &'p P,
    content: &'p C,
    /// What the serializer said of itself.
    for_people: bool,
}

impl<P: Serialize, C: Serialize> Serialize for PartsOr<'_, P, C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Only this crate's serializer changes its answer between a newtype struct and its content.
        match self.for_people && !serializer.is_human_readable() {
            true => self.parts.serialize(serializer),
            false => self.content.serialize(serializer),
        }
    }
}

/// Bytes as bytes.
pub(crate) struct Bytes<'b>(pub(crate) &'b [u8]);

impl Serialize for Bytes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}

/// Parts of [`Written::Rows`].
pub(crate) struct RowsParts<'r, N> {
    pub(crate) count: usize,
    pub(crate) schema: &'r [u8],
    pub(crate) fixed: &'r [u8],
    pub(crate) nodes: &'r [N],
}

impl<N: Serialize> Serialize for RowsParts<'_, N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut parts = serializer.serialize_seq(Some(3 + self.nodes.len()))?;
        parts.serialize_element(&(self.count as u64))?;
        parts.serialize_element(&Bytes(self.schema))?;
        parts.serialize_element(&Bytes(self.fixed))?;
        for node in self.nodes {
            parts.serialize_element(node)?;
        }
        parts.end()
    }
}
