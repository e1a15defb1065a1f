//! Nodes to bytes of META. The caller puts payloads where they belong.

use alloc::vec::Vec;

use super::{DATA_THRESHOLD, tag};

/// Whether a node's bytes stand in META or in DATA.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Meta,
    Data,
}

impl Place {
    /// Where this many bytes of a str, bytes node or fixed part stand.
    pub(crate) fn of(len: usize) -> Place {
        if len < DATA_THRESHOLD { Place::Meta } else { Place::Data }
    }
}

pub(crate) fn put_uv(meta: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        meta.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    meta.push(value.to_le_bytes()[0]);
}

fn put<const N: usize>(meta: &mut Vec<u8>, tag: u8, bytes: [u8; N]) {
    meta.push(tag);
    meta.extend_from_slice(&bytes);
}

/// A tag that holds a count up to `max - short`, or the long tag and the count.
fn put_counted(meta: &mut Vec<u8>, short: u8, max: u8, long: u8, count: u64) {
    match u8::try_from(count) {
        Ok(count) if count <= max - short => meta.push(short + count),
        _ => {
            meta.push(long);
            put_uv(meta, count);
        }
    }
}

pub(crate) fn put_uint(meta: &mut Vec<u8>, value: u128) {
    if let Ok(value) = u8::try_from(value) {
        if value <= tag::UINT_MAX {
            meta.push(value);
        } else {
            put(meta, tag::U8, [value]);
        }
    } else if let Ok(value) = u16::try_from(value) {
        put(meta, tag::U16, value.to_le_bytes());
    } else if let Ok(value) = u32::try_from(value) {
        put(meta, tag::U32, value.to_le_bytes());
    } else if let Ok(value) = u64::try_from(value) {
        put(meta, tag::U64, value.to_le_bytes());
    } else {
        put(meta, tag::U128, value.to_le_bytes());
    }
}

pub(crate) fn put_int(meta: &mut Vec<u8>, value: i128) {
    if let Ok(value) = u128::try_from(value) {
        put_uint(meta, value);
    } else if let Ok(value) = i8::try_from(value) {
        if value >= -16 {
            meta.push(value.to_le_bytes()[0]);
        } else {
            put(meta, tag::I8, value.to_le_bytes());
        }
    } else if let Ok(value) = i16::try_from(value) {
        put(meta, tag::I16, value.to_le_bytes());
    } else if let Ok(value) = i32::try_from(value) {
        put(meta, tag::I32, value.to_le_bytes());
    } else if let Ok(value) = i64::try_from(value) {
        put(meta, tag::I64, value.to_le_bytes());
    } else {
        put(meta, tag::I128, value.to_le_bytes());
    }
}

pub(crate) fn put_char(meta: &mut Vec<u8>, value: char) {
    meta.push(tag::CHAR);
    put_uv(meta, u64::from(u32::from(value)));
}

/// The node of a str, with its bytes if they stand in META.
#[inline]
pub(crate) fn put_str(meta: &mut Vec<u8>, value: &str) -> Place {
    // Names, mostly: one reservation and no division of cases.
    if value.len() <= usize::from(tag::STR_MAX - tag::STR) {
        meta.reserve(1 + value.len());
        meta.push(tag::STR + value.len().to_le_bytes()[0]);
        meta.extend_from_slice(value.as_bytes());
        return Place::Meta;
    }
    put_longer_str(meta, value)
}

fn put_longer_str(meta: &mut Vec<u8>, value: &str) -> Place {
    let place = Place::of(value.len());
    match place {
        Place::Meta => {
            meta.push(tag::LONG_STR);
            put_uv(meta, value.len() as u64);
            meta.extend_from_slice(value.as_bytes());
        }
        Place::Data => {
            meta.push(tag::DATA_STR);
            put_uv(meta, value.len() as u64);
        }
    }
    place
}

/// The node of bytes, with them if they stand in META.
pub(crate) fn put_bytes(meta: &mut Vec<u8>, value: &[u8]) -> Place {
    let place = Place::of(value.len());
    meta.push(if place == Place::Meta { tag::BYTES } else { tag::DATA_BYTES });
    put_uv(meta, value.len() as u64);
    if place == Place::Meta {
        meta.extend_from_slice(value);
    }
    place
}

/// The head of a list of this many nodes.
pub(crate) fn put_list(meta: &mut Vec<u8>, count: u64) {
    put_counted(meta, tag::LIST, tag::LIST_MAX, tag::LONG_LIST, count);
}

/// The head of a map of this many entries.
pub(crate) fn put_map(meta: &mut Vec<u8>, entries: u64) {
    put_counted(meta, tag::MAP, tag::MAP_MAX, tag::LONG_MAP, entries);
}

/// The node of an array. Its payload goes to DATA.
pub(crate) fn put_array(
    meta: &mut Vec<u8>,
    dtype: u8,
    column_major: bool,
    dims: impl ExactSizeIterator<Item = u64> + Clone,
) {
    // A rank over the limit has been refused before; the mask keeps the byte well-formed all the same.
    let rank = dims.len().to_le_bytes()[0] & 0x3F;
    let order_matters = dims.clone().filter(|&dim| dim > 1).count() > 1 && dims.clone().all(|dim| dim != 0);
    let order = if column_major && order_matters { tag::COLUMN_MAJOR } else { 0 };
    meta.extend_from_slice(&[tag::ARRAY, dtype, rank | order]);
    dims.for_each(|dim| put_uv(meta, dim));
}

/// The schema of a scalar, an optional scalar or a subarray.
pub(crate) fn put_leaf(meta: &mut Vec<u8>, optional: bool, dtype: u8, dims: impl ExactSizeIterator<Item = u64>) {
    if optional {
        meta.push(tag::SOME);
    }
    if dims.len() == 0 {
        meta.push(dtype);
    } else {
        meta.extend_from_slice(&[tag::ARRAY, dtype, dims.len().to_le_bytes()[0]]);
        dims.for_each(|dim| put_uv(meta, dim));
    }
}

/// The str whose node stands at the start of these bytes of META, if it is one. For messages.
pub(crate) fn leading_str(meta: &[u8]) -> Option<&str> {
    let (&first, rest) = meta.split_first()?;
    let (len, rest) = match first {
        tag::STR..=tag::STR_MAX => (usize::from(first - tag::STR), rest),
        tag::LONG_STR => match *rest {
            [len, ref rest @ ..] if len < 0x80 => (usize::from(len), rest),
            [low, high, ref rest @ ..] => (usize::from(low & 0x7F) | usize::from(high) << 7, rest),
            _ => return None,
        },
        _ => return None,
    };
    core::str::from_utf8(rest.get(..len)?).ok()
}
