//! The header of text: `dtype|d0,d1|`, and the elements.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;

use super::dtype::NumpyDType;
use super::literal::Literal;
use super::row_major;
use super::structure::Description;
use crate::array::{DynArrayView, Order};
use crate::error::{Error, ErrorKind, Result};

/// Bytes in which a dtype is looked for.
const LONGEST_DTYPE: usize = 1 << 16;

/// The ndwire value of a whole text header with its elements.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<u8>> {
    let (literal, len) = dtype(bytes)?;
    let Some(b'|') = bytes.get(len) else {
        return Err(Error::at(len as u64, ErrorKind::Malformed, "text header has no `|` behind the dtype"));
    };
    let dtype = Description::parse(&literal).map_err(|error| error.without_offset().or_at(0))?;
    let start = len + 1;
    let rest = bytes.get(start..).unwrap_or_default();
    let Some((dims, payload)) =
        rest.iter().position(|&byte| byte == b'|').and_then(|end| Some((rest.get(..end)?, rest.get(end + 1..)?)))
    else {
        return Err(Error::at(start as u64, ErrorKind::Malformed, "text header has no `|` behind the dims"));
    };
    let shape = parse_dims(dims).map_err(|error| error.or_at(start as u64))?;
    dtype
        .to_ndwire(&shape, Order::RowMajor, payload)
        .map_err(|error| error.without_offset().or_at((bytes.len() - payload.len()) as u64))
}

/// Whether it begins with a dtype as NumPy prints it, and a bar. Words such as `int`, and one letter with a number (`u7|12|`), begin many
/// a text.
pub(super) fn has_dtype(bytes: &[u8]) -> bool {
    dtype(bytes).is_ok_and(|(literal, len)| {
        bytes.get(len) == Some(&b'|') && literal.as_str().is_none_or(NumpyDType::is_printed)
    })
}

/// The dtype as it is printed, and how many bytes that is. It may begin with the very bar that ends it (`|S5|2,3|`), and the names
/// of its fields may have one.
fn dtype(bytes: &[u8]) -> Result<(Literal<'_>, usize)> {
    let window = bytes.get(..LONGEST_DTYPE).unwrap_or(bytes);
    let text = match core::str::from_utf8(window) {
        Ok(text) => text,
        // The elements are anything.
        Err(error) => {
            window.get(..error.valid_up_to()).and_then(|text| core::str::from_utf8(text).ok()).unwrap_or_default()
        }
    };
    if text.starts_with(['[', '{']) {
        return Literal::parse(text);
    }
    let order = usize::from(text.starts_with('|'));
    match text.get(order..).and_then(|rest| rest.find('|')) {
        Some(end) => {
            let name = text.get(..order + end).unwrap_or_default();
            Ok((Literal::Str(Cow::Borrowed(name)), name.len()))
        }
        None => Err(Error::at(0, ErrorKind::Malformed, "text header has no `|` behind the dtype")),
    }
}

/// Decimal numbers with commas between them; none if there is nothing.
fn parse_dims(dims: &[u8]) -> Result<Vec<usize>> {
    if dims.is_empty() {
        return Ok(Vec::new());
    }
    let number = |digits: &[u8]| {
        let digits =
            core::str::from_utf8(digits).ok().filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
        digits.parse().ok()
    };
    let dims: Option<Vec<usize>> = dims.split(|&byte| byte == b',').map(number).collect();
    dims.ok_or_else(|| {
        Error::new(ErrorKind::Malformed, "dims of a text header are not decimal numbers with commas between them")
    })
}

/// The bytes that Python writes of this array.
pub(super) fn write(array: &DynArrayView<'_>) -> Result<Vec<u8>> {
    if array.shape().is_empty() {
        let message =
            "text-header cannot hold an array of rank 0, whose dims its readers cannot split: give it the shape [1]";
        return Err(Error::new(ErrorKind::Unsupported, message));
    }
    let mut header: String = NumpyDType::from(array.dtype()).python_name()?;
    for (index, size) in array.shape().iter().enumerate() {
        // Writing to a `String` never fails.
        let _ = write!(header, "{}{size}", if index > 0 { ',' } else { '|' });
    }
    let elements = row_major(array);
    Ok([format!("{header}|").as_bytes(), &elements].concat())
}
