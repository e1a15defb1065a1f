//! What msgpack-numpy makes of arrays, NumPy's scalars and Python's complex numbers: maps with keys of its own.

use alloc::borrow::Cow;
use alloc::string::ToString;
use alloc::vec::Vec;

use crate::array::{DynArrayView, Order};
use crate::dtype::DType;
use crate::error::{Error, ErrorKind, Result};
use crate::foreign::dtype::NumpyDType;
use crate::foreign::literal::Literal;
use crate::foreign::structure::Description;
use crate::value::{List, ValueView, scalar as packed_scalar};

/// Puts the key of a map before the path of an error.
pub(super) fn in_key(error: Error, key: &ValueView<'_>) -> Error {
    match key {
        ValueView::Int(key) => error.in_field(&key.to_string()),
        key => match name(key).and_then(|name| core::str::from_utf8(name).ok()) {
            Some(name) => error.in_field(name),
            None => error.in_field("?"),
        },
    }
}

/// A name, which older packages wrote as str and newer ones write as bin.
fn name<'v>(value: &'v ValueView<'_>) -> Option<&'v [u8]> {
    match value {
        ValueView::Str(name) => Some(name.as_bytes()),
        ValueView::Bytes(name) => Some(name),
        _ => None,
    }
}

fn malformed(message: &'static str) -> Error {
    Error::new(ErrorKind::Malformed, message)
}

/// The entries of a map that msgpack-numpy writes.
#[derive(Default)]
struct Parts<'v, 'a> {
    nd: Option<bool>,
    complex: bool,
    dtype: Option<&'v ValueView<'a>>,
    kind: Option<&'v [u8]>,
    shape: Option<&'v List<'a>>,
    data: Option<&'a [u8]>,
}

impl<'v, 'a> Parts<'v, 'a> {
    /// None if there is any other entry, one of another type, or one twice.
    fn of(entries: &'v [(ValueView<'a>, ValueView<'a>)]) -> Option<Self> {
        let mut parts = Parts::default();
        for (key, value) in entries {
            let first = match (name(key)?, value) {
                (b"nd", ValueView::Bool(nd)) => parts.nd.replace(*nd).is_none(),
                (b"complex", ValueView::Bool(true)) => !core::mem::replace(&mut parts.complex, true),
                (b"type", ValueView::Str(_) | ValueView::Bytes(_) | ValueView::List(_)) => {
                    parts.dtype.replace(value).is_none()
                }
                (b"kind", value) => parts.kind.replace(name(value)?).is_none(),
                (b"shape", ValueView::List(shape)) => parts.shape.replace(shape).is_none(),
                (b"data", ValueView::Bytes(Cow::Borrowed(data))) => parts.data.replace(data).is_none(),
                (b"data", ValueView::Str(Cow::Borrowed(data))) => parts.data.replace(data.as_bytes()).is_none(),
                _ => false,
            };
            if !first {
                return None;
            }
        }
        Some(parts)
    }
}

/// The array of a map, if it is one.
pub(super) fn of_map<'a>(entries: &[(ValueView<'a>, ValueView<'a>)]) -> Result<Option<ValueView<'a>>> {
    if holds_pickle(entries) {
        return Err(pickle());
    }
    // Most maps are seen not to be one by their first key.
    if !matches!(entries.len(), 2..=5) {
        return Ok(None);
    }
    match Parts::of(entries) {
        Some(Parts {
            nd: Some(true),
            complex: false,
            dtype: Some(dtype),
            kind,
            shape: Some(shape),
            data: Some(data),
        }) => array(dtype, kind, shape, data).map(Some),
        Some(Parts {
            nd: Some(false),
            complex: false,
            dtype: Some(dtype),
            kind: None,
            shape: None,
            data: Some(data),
        }) => scalar(dtype, data).map(Some),
        Some(Parts { nd: None, complex: true, dtype: None, kind: None, shape: None, data: Some(data) }) => {
            match complex(data) {
                // With names that are str it is anybody's map, unless it is what an older package wrote.
                Err(_) if entries.iter().all(|(key, _)| matches!(key, ValueView::Str(_))) => Ok(None),
                number => number.map(Some),
            }
        }
        _ => Ok(None),
    }
}

/// Whether these are the first entries of an array or a NumPy scalar.
pub(super) fn begins(entries: &[(ValueView<'_>, ValueView<'_>)]) -> bool {
    Parts::of(entries).is_some_and(|parts| parts.nd.is_some() && parts.dtype.is_some())
}

/// Whether msgpack-numpy would load a pickle here. It looks for no other keys.
fn holds_pickle(entries: &[(ValueView<'_>, ValueView<'_>)]) -> bool {
    let has = |wanted: &[u8], fits: fn(&ValueView<'_>) -> bool| {
        entries.iter().any(|(key, value)| name(key) == Some(wanted) && fits(value))
    };
    has(b"nd", |nd| matches!(nd, ValueView::Bool(true)))
        && has(b"kind", |kind| name(kind) == Some(b"O"))
        && has(b"data", |_| true)
}

fn pickle() -> Error {
    let message = "array of Python's objects is a pickle, which is never read, because loading one runs what it says: \
                   write numbers, or a list";
    Error::new(ErrorKind::Unsupported, message)
}

fn array<'a>(dtype: &ValueView<'a>, kind: Option<&[u8]>, shape: &List<'a>, data: &'a [u8]) -> Result<ValueView<'a>> {
    match kind {
        None | Some(b"" | b"V") => {}
        Some(_) => return Err(malformed("kind of an array is none of msgpack-numpy's")),
    }
    let shape: Option<Vec<usize>> = shape.iter().map(|dim| usize::try_from(dim.as_int()?).ok()).collect();
    let shape = shape.ok_or_else(|| malformed("shape of an array is not a list of integers from 0 on"))?;
    match Description::parse(&literal(dtype)?)? {
        Description::Plain(dtype) => dtype.array(&shape, Order::RowMajor, data).map(ValueView::Array),
        Description::Structure(structure) => structure.value(&shape, data),
    }
}

/// A dtype in a document, as it would be printed.
fn literal<'a>(value: &ValueView<'a>) -> Result<Literal<'a>> {
    Ok(match value {
        ValueView::Str(Cow::Borrowed(text)) => Literal::Str(Cow::Borrowed(text)),
        ValueView::Bytes(Cow::Borrowed(text)) => match core::str::from_utf8(text) {
            Ok(text) => Literal::Str(Cow::Borrowed(text)),
            Err(_) => return Err(malformed("name in the dtype of an array is not UTF-8")),
        },
        ValueView::Int(number) => match u64::try_from(*number) {
            Ok(number) => Literal::Int(number),
            Err(_) => return Err(malformed("number in the dtype of an array is negative")),
        },
        ValueView::List(list) => {
            Literal::List(list.values().unwrap_or_default().iter().map(literal).collect::<Result<_>>()?)
        }
        _ => return Err(malformed("dtype of an array is neither a name nor a list of fields")),
    })
}

/// A NumPy scalar: as a scalar where there is one of its dtype, else as an array of rank 0.
fn scalar<'a>(dtype: &ValueView<'a>, data: &'a [u8]) -> Result<ValueView<'a>> {
    let literal = literal(dtype)?;
    let Some(name) = literal.as_str() else {
        return Err(malformed("dtype of a NumPy scalar is not a name"));
    };
    let dtype = NumpyDType::of_python(name)?;
    let array = dtype.array(&[], Order::RowMajor, data)?;
    if !dtype.dtype.is_row_scalar() {
        return Ok(ValueView::Array(array));
    }
    Ok(packed_scalar(dtype.dtype, array.bytes()))
}

/// Python's complex number, of which msgpack-numpy writes what is printed: `(1+2j)`, `2j`.
fn complex<'a>(data: &[u8]) -> Result<ValueView<'a>> {
    let parts = core::str::from_utf8(data).ok().and_then(parse_complex);
    let (real, imaginary) = parts.ok_or_else(|| malformed("complex number is not printed as Python prints it"))?;
    let bytes = [real.to_le_bytes(), imaginary.to_le_bytes()].concat();
    DynArrayView::new(DType::Complex128, [], Order::RowMajor, bytes).map(ValueView::Array)
}

fn parse_complex(text: &str) -> Option<(f64, f64)> {
    let inner = text.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).unwrap_or(text).strip_suffix('j')?;
    // The sign between the two, which is not that of an exponent nor the first.
    let split = inner.char_indices().rev().find(|&(index, c)| {
        matches!(c, '+' | '-') && index > 0 && !inner.get(..index).is_some_and(|before| before.ends_with('e'))
    });
    match split {
        None => Some((0.0, inner.parse().ok()?)),
        Some((index, _)) => {
            let (real, imaginary) = inner.split_at_checked(index)?;
            Some((real.parse().ok()?, imaginary.parse().ok()?))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complex_numbers_as_python_prints_them() {
        let table = [
            ("(1+2j)", 1.0, 2.0),
            ("2j", 0.0, 2.0),
            ("(-0-2j)", -0.0, -2.0),
            ("-2j", 0.0, -2.0),
            ("(1.5e-10+inf", f64::NAN, f64::NAN),
            ("(1.5e-10-2e+30j)", 1.5e-10, -2e30),
            ("1e-05j", 0.0, 1e-5),
            ("(inf-infj)", f64::INFINITY, f64::NEG_INFINITY),
            ("(nan+nanj)", f64::NAN, f64::NAN),
        ];
        for (text, real, imaginary) in table {
            let expected = if text.ends_with(')') || text.ends_with('j') { Some((real, imaginary)) } else { None };
            let bits = |parts: Option<(f64, f64)>| parts.map(|(real, imaginary)| (real.to_bits(), imaginary.to_bits()));
            assert_eq!(bits(parse_complex(text)), bits(expected), "{text}");
        }
        for text in ["", "j", "1", "(1+2)", "1+2", "(1 + 2j)", "1,2j"] {
            assert_eq!(parse_complex(text), None, "{text}");
        }
    }
}
