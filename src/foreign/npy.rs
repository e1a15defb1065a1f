//! `.npy`: the magic `93 4E 55 4D 50 59`, a version, the length of the header, the header (a dict of Python), and the elements.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::dtype::NumpyDType;
use super::fields::{put_fields, put_tuple};
use super::literal::{Literal, put_string};
use super::structure::Description;
use crate::array::{DynArrayView, Order};
use crate::error::{Error, ErrorKind, Result, printable};
use crate::value::List;

const MAGIC: [u8; 6] = *b"\x93NUMPY";
/// What the elements stand at a multiple of.
const ALIGNMENT: usize = 64;
/// Bytes before the header, its length included: version 1.0, and 2.0 and 3.0.
const SHORT_PREFIX: usize = 10;
const LONG_PREFIX: usize = 12;
/// NumPy leaves room so that the first dim may grow to so many digits in place.
const GROWTH_DIGITS: usize = 21;

/// The header, parsed.
struct Head<'a> {
    descr: Literal<'a>,
    order: Order,
    shape: Vec<usize>,
}

/// The ndwire value of a whole `.npy`.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<u8>> {
    let (text, start, payload) = split(bytes)?;
    let head = head(&text).map_err(|error| {
        let before = error.offset().and_then(|at| text.get(..usize::try_from(at).ok()?)).unwrap_or_default();
        // Each character of Latin-1 was one byte.
        let at = if matches!(text, Cow::Owned(_)) { before.chars().count() } else { before.len() };
        error.without_offset().or_at((start + at) as u64)
    })?;
    let at = (bytes.len() - payload.len()) as u64;
    let dtype = Description::parse(&head.descr).map_err(|error| error.or_at(start as u64))?;
    dtype.to_ndwire(&head.shape, head.order, payload).map_err(|error| error.without_offset().or_at(at))
}

/// The header's text, where it begins, and the bytes behind it.
fn split(bytes: &[u8]) -> Result<(Cow<'_, str>, usize, &[u8])> {
    let version = match bytes.split_at_checked(MAGIC.len()) {
        Some((magic, rest)) if magic == MAGIC => rest.get(..2),
        _ => return Err(Error::at(0, ErrorKind::Malformed, "no npy file: it does not begin with `\\x93NUMPY`")),
    };
    let truncated = || Error::at(bytes.len() as u64, ErrorKind::Truncated, "npy header is truncated");
    let (len, start) = match version {
        Some([1, 0]) => {
            let len = bytes.get(8..SHORT_PREFIX).and_then(|len| len.try_into().ok()).ok_or_else(truncated)?;
            (usize::from(u16::from_le_bytes(len)), SHORT_PREFIX)
        }
        Some([2 | 3, 0]) => {
            let len = bytes.get(8..LONG_PREFIX).and_then(|len| len.try_into().ok()).ok_or_else(truncated)?;
            (usize::try_from(u32::from_le_bytes(len)).map_err(|_| truncated())?, LONG_PREFIX)
        }
        Some([major, minor]) => {
            let message = format!("no such version of npy: found {major}.{minor}, expected 1.0, 2.0 or 3.0");
            return Err(Error::at(6, ErrorKind::UnsupportedVersion, message));
        }
        _ => return Err(truncated()),
    };
    let rest = bytes.get(start..).unwrap_or_default();
    let Some((header, payload)) = rest.split_at_checked(len) else {
        let message = format!("npy header is truncated: needed {len} bytes, {} left", rest.len());
        return Err(Error::at(start as u64, ErrorKind::Truncated, message));
    };
    let text = match core::str::from_utf8(header) {
        Ok(text) if version == Some(&[3, 0]) || header.is_ascii() => Cow::Borrowed(text),
        // Latin-1: each byte is the character of its number.
        _ if version != Some(&[3, 0]) => header.iter().map(|&byte| char::from(byte)).collect(),
        _ => return Err(Error::at(start as u64, ErrorKind::Malformed, "npy header is not UTF-8")),
    };
    Ok((text, start, payload))
}

fn head(text: &str) -> Result<Head<'_>> {
    let (literal, len) = Literal::parse(text)?;
    if text.get(len..).is_some_and(|rest| !rest.trim_ascii().is_empty()) {
        return Err(Error::at(len as u64, ErrorKind::Malformed, "something stands behind the dict of an npy header"));
    }
    let Literal::Dict(entries) = literal else {
        return Err(Error::at(0, ErrorKind::Malformed, "npy header is not a dict"));
    };
    let (mut descr, mut order, mut shape) = (None, None, None);
    for (key, value) in entries {
        let known = match key.as_str() {
            Some("descr") => descr.replace(value).is_none(),
            Some("fortran_order") => {
                let Literal::Bool(fortran) = value else {
                    return Err(Error::new(ErrorKind::Malformed, "fortran_order of an npy header is not a bool"));
                };
                order.replace(if fortran { Order::ColumnMajor } else { Order::RowMajor }).is_none()
            }
            Some("shape") => {
                let (Literal::Tuple(_), Some(dims)) = (&value, value.as_dims()) else {
                    return Err(Error::new(ErrorKind::Malformed, "shape of an npy header is not a tuple of integers"));
                };
                shape.replace(dims).is_none()
            }
            _ => false,
        };
        if !known {
            let name = printable(key.as_str().unwrap_or("?"));
            let message = format!("npy header has a key that it may not have, or has it twice: `{name}`");
            return Err(Error::new(ErrorKind::Malformed, message));
        }
    }
    match (descr, order, shape) {
        (Some(descr), Some(order), Some(shape)) => Ok(Head { descr, order, shape }),
        _ => Err(Error::new(ErrorKind::Malformed, "npy header lacks one of descr, fortran_order and shape")),
    }
}

/// The bytes that `np.save` writes of this array.
pub(super) fn write(array: &DynArrayView<'_>) -> Result<Vec<u8>> {
    let mut descr = String::new();
    put_string(&mut descr, &NumpyDType::from(array.dtype()).short_name()?);
    let mut out = head_of(&descr, array.order(), array.shape())?;
    out.extend_from_slice(array.bytes());
    Ok(out)
}

/// The bytes that `np.save` writes of these rows as a structured array.
pub(super) fn write_rows(rows: &List<'_>) -> Result<Vec<u8>> {
    let mut descr = String::new();
    rows.schema().into_iter().for_each(|schema| put_fields(&mut descr, schema));
    let mut out = head_of(&descr, Order::RowMajor, &[rows.len()])?;
    out.extend_from_slice(rows.bytes());
    Ok(out)
}

/// All that stands before the elements.
fn head_of(descr: &str, order: Order, shape: &[usize]) -> Result<Vec<u8>> {
    let fortran = if order == Order::ColumnMajor { "True" } else { "False" };
    let mut text = format!("{{'descr': {descr}, 'fortran_order': {fortran}, 'shape': ");
    put_tuple(&mut text, shape);
    text.push_str(", }");
    let growing = if order == Order::ColumnMajor { shape.last() } else { shape.first() };
    if let Some(size) = growing {
        let digits = size.checked_ilog10().unwrap_or(0) as usize + 1;
        text.extend(core::iter::repeat_n(' ', GROWTH_DIGITS - digits));
    }
    // Latin-1 if that holds all names, else UTF-8.
    let latin: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    let (text, utf8) = latin.map_or_else(|| (text.into_bytes(), true), |latin| (latin, false));
    let padded = |prefix: usize| text.len() + 1 + (ALIGNMENT - (prefix + text.len() + 1) % ALIGNMENT);
    let mut out = MAGIC.to_vec();
    let prefix = match u16::try_from(padded(SHORT_PREFIX)) {
        Ok(len) if !utf8 => {
            out.extend([1, 0]);
            out.extend(len.to_le_bytes());
            SHORT_PREFIX
        }
        _ => {
            let Ok(len) = u32::try_from(padded(LONG_PREFIX)) else {
                return Err(Error::new(ErrorKind::TooLarge, "npy header exceeds 4 GiB"));
            };
            out.extend([if utf8 { 3 } else { 2 }, 0]);
            out.extend(len.to_le_bytes());
            LONG_PREFIX
        }
    };
    let end = prefix + padded(prefix) - 1;
    out.extend(text);
    out.resize(end, b' ');
    out.push(b'\n');
    Ok(out)
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::ToString;
    use alloc::vec;

    use super::*;

    /// An `.npy` with this header.
    fn npy(version: u8, header: &str, elements: &[u8]) -> Vec<u8> {
        let len = u32::try_from(header.len()).unwrap().to_le_bytes();
        let len = if version == 1 { &len[..2] } else { &len };
        [&MAGIC[..], &[version, 0], len, header.as_bytes(), elements].concat()
    }

    #[test]
    fn headers() {
        let table = [
            ("(1, 2)", "npy header is not a dict, at byte 10"),
            ("{'descr': 'u1'} x", "something stands behind the dict of an npy header, at byte 25"),
            (
                "{'descr': 'u1', 'descr': 'u1'}",
                "npy header has a key that it may not have, or has it twice: `descr`, at byte 10",
            ),
            ("{3: 'u1'}", "npy header has a key that it may not have, or has it twice: `?`, at byte 10"),
            ("{'shape': 3}", "shape of an npy header is not a tuple of integers, at byte 10"),
            ("{'shape': ('3',)}", "shape of an npy header is not a tuple of integers, at byte 10"),
            (
                "{'descr': '<u2', 'fortran_order': False, 'shape': (-1,)}",
                "no literal of Python stands here, at byte 61",
            ),
        ];
        for (header, message) in table {
            assert_eq!(read(&npy(1, header, &[])).unwrap_err().to_string(), message);
        }
        let latin = [&MAGIC[..], b"\x01\0\x0C\0{'\xE9\xE9\xE9\xE9': -1}"].concat();
        assert_eq!(read(&latin).unwrap_err().to_string(), "no literal of Python stands here, at byte 19");
        assert_eq!(
            read(&npy(3, "{'\u{e9}': -1}", &[])).unwrap_err().to_string(),
            "no literal of Python stands here, at byte 19"
        );
        let header = "{'shape':(2,),'fortran_order':False,'descr':'|u1'}\n";
        let expected = crate::to_vec(&DynArrayView::from_elements([2], &[7u8, 8]).unwrap()).unwrap();
        for version in [1, 2, 3] {
            assert_eq!(read(&npy(version, header, &[7, 8])).unwrap(), expected);
        }
        let error = read(&npy(3, "{'descr': [('\u{e9}', 'u1')]", &[])[..26]).unwrap_err();
        assert_eq!(error.to_string(), "npy header is truncated: needed 24 bytes, 14 left, at byte 12");
    }

    /// A product of dims that wraps to 0, and an array of a billion of billions of elements in a small file.
    #[test]
    fn shapes_that_no_file_holds() {
        for shape in ["4294967296, 4294967296", "0, 4294967296, 4294967296, 4294967296"] {
            let header = format!("{{'descr': '|u1', 'fortran_order': False, 'shape': ({shape})}}");
            assert_eq!(read(&npy(1, &header, &[])).unwrap_err().kind(), ErrorKind::TooLarge);
        }
        let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000, 1000000)}";
        assert_eq!(
            read(&npy(1, header, &[])).unwrap_err().to_string(),
            "shape [1000000000, 1000000] of f64 does not fit its data: found 0 bytes, expected 8000000000000000, at byte 82"
        );
    }

    #[test]
    fn elements_stand_at_a_multiple_of_64() {
        for rank in 0..=32 {
            for order in [Order::RowMajor, Order::ColumnMajor] {
                let head = head_of("'<f8'", order, &vec![1; rank]).unwrap();
                assert_eq!((head.len() % ALIGNMENT, head.last()), (0, Some(&b'\n')));
            }
        }
        let long = format!("[('{}', '|u1')]", "x".repeat(66_000));
        assert_eq!(head_of(&long, Order::RowMajor, &[1]).unwrap()[6..8], [2, 0]);
        assert_eq!(head_of("[('é', '|u1')]", Order::RowMajor, &[1]).unwrap()[6..8], [1, 0]);
        assert_eq!(head_of("[('温', '|u1')]", Order::RowMajor, &[1]).unwrap()[6..8], [3, 0]);
        assert_eq!(head_of("'|u1'", Order::RowMajor, &[usize::MAX]).unwrap().len(), 128);
    }
}
