//! Structured dtypes: the rows of a table, with padding and in any order of bytes.

use alloc::borrow::Cow;
use alloc::format;
use alloc::vec::Vec;

use super::dtype::NumpyDType;
use super::literal::Literal;
use crate::array::Order;
use crate::error::{Error, ErrorKind, Result, printable};
use crate::wire::{RANK_LIMIT, payload_len};

/// A dtype as headers describe it.
pub(super) enum Description<'a> {
    Plain(NumpyDType),
    Structure(Structure<'a>),
}

/// The dtype of a structured array.
pub(super) struct Structure<'a> {
    pub(super) fields: Vec<Field<'a>>,
    /// Bytes from one row to the next, padding included.
    pub(super) stride: usize,
    /// Whether it is said where each field stands. Else they follow each other.
    placed: bool,
}

pub(super) struct Field<'a> {
    pub(super) name: Cow<'a, str>,
    /// Bytes from the start of the structure.
    pub(super) offset: usize,
    pub(super) format: Format<'a>,
}

pub(super) enum Format<'a> {
    /// Of rank 0 if it is a scalar.
    Numbers(NumpyDType, Vec<usize>),
    Structure(Structure<'a>),
}

impl<'a> Description<'a> {
    pub(super) fn parse(literal: &Literal<'a>) -> Result<Self> {
        match literal {
            Literal::Str(name) => NumpyDType::of_python(name).map(Description::Plain),
            _ => Structure::parse(literal).map(Description::Structure),
        }
    }

    /// The ndwire value of an array of this dtype.
    pub(super) fn to_ndwire(&self, shape: &[usize], order: Order, bytes: &[u8]) -> Result<Vec<u8>> {
        match self {
            Description::Plain(dtype) => crate::to_vec(&dtype.array(shape, order, bytes)?),
            Description::Structure(structure) => crate::to_vec(&structure.value(shape, bytes)?),
        }
    }
}

pub(super) fn malformed(message: &'static str) -> Error {
    Error::new(ErrorKind::Malformed, message)
}

impl<'a> Structure<'a> {
    /// From the list of fields that `dtype.descr` gives, or the dict that `str(dtype)` prints where fields do not follow each other.
    fn parse(literal: &Literal<'a>) -> Result<Self> {
        let structure = match literal {
            Literal::Tuple(fields) | Literal::List(fields) => Self::of_fields(fields)?,
            Literal::Dict(entries) => Self::of_dict(entries)?,
            _ => return Err(malformed("dtype is neither a name nor a list of fields")),
        };
        if structure.fields.is_empty() {
            // An array of void is described as one of nothing but padding.
            if structure.stride > 0 {
                NumpyDType::of_python(&format!("|V{}", structure.stride))?;
            }
            let message = "structured dtype has no fields: write the number of its rows";
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
        let mut names: Vec<&str> = structure.fields.iter().map(|field| &*field.name).collect();
        names.sort_unstable();
        if names.first() == Some(&"") {
            return Err(malformed("structured dtype has a field without a name"));
        }
        if let Some((name, _)) = names.iter().zip(names.iter().skip(1)).find(|(one, other)| one == other) {
            let message = format!("structured dtype has the name `{}` twice", printable(name));
            return Err(Error::new(ErrorKind::Malformed, message));
        }
        Ok(structure)
    }

    fn of_fields(descriptions: &[Literal<'a>]) -> Result<Self> {
        let mut fields = Vec::new();
        let mut stride = 0usize;
        for (index, description) in descriptions.iter().enumerate() {
            let (name, format, dims) = match description.as_sequence() {
                Some([name, format]) => (name, format, None),
                Some([name, format, dims]) => (name, format, Some(dims)),
                _ => return Err(malformed("field of a structured dtype is not a name with a format")),
            };
            let name = field_name(name)?;
            let offset = stride;
            let size = match padding(&name, format) {
                Some(size) => size,
                None => {
                    let (format, size) = Format::parse(format, dims).map_err(|error| {
                        if name.is_empty() { error.in_element(index as u64) } else { error.in_field(&name) }
                    })?;
                    fields.push(Field { name, offset, format });
                    size
                }
            };
            stride = stride.checked_add(size).ok_or_else(too_large)?;
        }
        Ok(Structure { fields, stride, placed: false })
    }

    fn of_dict(entries: &[(Literal<'a>, Literal<'a>)]) -> Result<Self> {
        let find = |key: &str| entries.iter().find(|(found, _)| found.as_str() == Some(key)).map(|(_, value)| value);
        let list = |key| find(key).and_then(Literal::as_sequence);
        let incomplete =
            || malformed("structured dtype lacks one of names, formats, offsets and itemsize, or they do not fit");
        let (Some(names), Some(formats), Some(offsets)) = (list("names"), list("formats"), find("offsets")) else {
            return Err(incomplete());
        };
        let (Some(offsets), Some(&[stride])) =
            (offsets.as_dims(), find("itemsize").and_then(Literal::as_dims).as_deref())
        else {
            return Err(incomplete());
        };
        if names.len() != formats.len() || names.len() != offsets.len() {
            return Err(incomplete());
        }
        let mut fields = Vec::new();
        let mut used = 0usize;
        for ((name, format), offset) in names.iter().zip(formats).zip(offsets) {
            let name = field_name(name)?;
            let (format, size) = Format::parse(format, None).map_err(|error| error.in_field(&name))?;
            used = used.checked_add(size).ok_or_else(too_large)?;
            // Fields may stand in any order. They may not take more than there is, all together, so that rows without padding are
            // no larger than with it.
            if offset.checked_add(size).is_none_or(|end| end > stride) || used > stride {
                return Err(malformed("field stands outside of its structure, or over another").in_field(&name));
            }
            if let Format::Structure(inner) = &format
                && !inner.is_the_same_aligned()
            {
                let message = "structure in another may have padding, of which its printed dtype says nothing: write it with np.save";
                return Err(Error::new(ErrorKind::Unsupported, message).in_field(&name));
            }
            fields.push(Field { name, offset, format });
        }
        Ok(Structure { fields, stride, placed: true })
    }

    /// Whether its fields stand where they would if it were aligned. Where `str(dtype)` prints a dict, the lists of fields in it are
    /// printed alike for both.
    fn is_the_same_aligned(&self) -> bool {
        let fits = |field: &Field<'_>| field.offset.is_multiple_of(field.format.alignment());
        let inner = self.fields.iter().all(|field| match &field.format {
            Format::Structure(inner) => inner.is_the_same_aligned(),
            Format::Numbers(..) => true,
        });
        inner && (self.placed || self.fields.iter().all(fits) && self.stride.is_multiple_of(self.alignment()))
    }

    /// What its offset is a multiple of if it is aligned.
    fn alignment(&self) -> usize {
        self.fields.iter().map(|field| field.format.alignment()).max().unwrap_or(1)
    }
}

pub(super) fn too_large() -> Error {
    Error::new(ErrorKind::TooLarge, "structured dtype exceeds the largest payload")
}

/// A name, or the second of a title and a name.
fn field_name<'a>(literal: &Literal<'a>) -> Result<Cow<'a, str>> {
    match (literal, literal.as_sequence()) {
        (Literal::Str(name), _) | (_, Some([_, Literal::Str(name)])) => Ok(name.clone()),
        _ => Err(malformed("field of a structured dtype has no name")),
    }
}

/// Bytes of a field that is none: NumPy describes the padding of aligned structures so.
fn padding(name: &str, format: &Literal<'_>) -> Option<usize> {
    let format = format.as_str().filter(|_| name.is_empty())?;
    format.trim_start_matches(['|', '<', '>', '=']).strip_prefix('V')?.parse().ok()
}

pub(super) fn size_of(dtype: NumpyDType, dims: &[usize]) -> Option<usize> {
    let len = payload_len(dims.iter().map(|&dim| dim as u64), dtype.dtype.size()).ok()?;
    usize::try_from(len).ok()
}

impl<'a> Format<'a> {
    /// What its offset is a multiple of in an aligned structure: the size of a number, as on machines of 64 bits.
    fn alignment(&self) -> usize {
        match self {
            Format::Numbers(dtype, _) => dtype.dtype.size(),
            Format::Structure(inner) => inner.alignment(),
        }
    }

    /// The format of a field, and the bytes it takes.
    fn parse(literal: &Literal<'a>, dims: Option<&Literal<'a>>) -> Result<(Self, usize)> {
        let (literal, dims) = match (literal.as_sequence(), dims) {
            // In dicts the two are one.
            (Some([format, dims]), None) if dims.as_dims().is_some() => (format, Some(dims)),
            _ => (literal, dims),
        };
        let dims = match dims {
            None => Vec::new(),
            Some(dims) => dims.as_dims().ok_or_else(|| malformed("shape of a field is not a tuple of integers"))?,
        };
        let Literal::Str(name) = literal else {
            if !dims.is_empty() {
                let message = "arrays of structures cannot stand in a table: write one field for each";
                return Err(Error::new(ErrorKind::Unsupported, message));
            }
            let inner = Structure::parse(literal)?;
            let size = inner.stride;
            return Ok((Format::Structure(inner), size));
        };
        let dtype = NumpyDType::of_python(name)?;
        if !dtype.dtype.is_row_scalar() {
            let message = format!(
                "dtype `{}` cannot stand in a table, whose columns are bool, integers of up to 64 bits, f32 and f64: write it as an \
                 array of its own",
                printable(name)
            );
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
        if dims.len() > RANK_LIMIT {
            let message = format!("rank {} exceeds the limit of {RANK_LIMIT}", dims.len());
            return Err(Error::new(ErrorKind::TooLarge, message));
        }
        if dims.contains(&0) {
            return Err(Error::new(
                ErrorKind::Unsupported,
                "array without elements cannot stand in a table: leave it out",
            ));
        }
        let size = size_of(dtype, &dims).ok_or_else(too_large)?;
        Ok((Format::Numbers(dtype, dims), size))
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::{String, ToString};

    use super::*;

    fn read(dtype: &str, shape: &[usize], bytes: &[u8]) -> Result<String> {
        let (literal, _) = Literal::parse(dtype)?;
        let bytes = Description::parse(&literal)?.to_ndwire(shape, Order::RowMajor, bytes)?;
        let value: crate::Value = crate::from_slice(&bytes)?;
        Ok(format!(
            "{value:?} {:?}",
            value.as_list().map(|list| list.iter().map(|row| format!("{row:?}")).collect::<Vec<_>>())
        ))
    }

    #[test]
    fn fields_of_every_form() {
        let row = [1, 2, 3, 4, 5, 6, 7, 8];
        let table = [
            ("[('a', '<u2'), ('', '|V2'), ('b', '>u4')]", r#"{"a": 513, "b": 84281096}"#),
            ("[(('a title', 'a'), '<u4'), ('b', '<u2', (2,))]", r#"{"a": 67305985, "b": rows u16 n=2}"#),
            ("[('a', '<u2', 2), ('b', '>u2', (1, 2))]", r#"{"a": rows u16 n=2, "b": rows u16 [2] n=1}"#),
            ("[('a', 'u1', ()), ('', 'V3'), ('b', '<u4')]", r#"{"a": 1, "b": 134678021}"#),
            ("[('a', [('b', '>u2'), ('', '|V4')]), ('c', '>u2')]", r#"{"a": {"b": 258}, "c": 1800}"#),
            (
                "{'names': ['b', 'a'], 'formats': ['u1', ('>u2', (2,))], 'offsets': [7, 1], 'itemsize': 8}",
                r#"{"b": 8, "a": rows u16 n=2}"#,
            ),
            (
                "{'names': ['a'], 'formats': [{'names': ['b'], 'formats': ['u1'], 'offsets': [3], 'itemsize': 4}], \
                 'offsets': [4], 'titles': [None], 'itemsize': 8, 'aligned': True}",
                r#"{"a": {"b": 8}}"#,
            ),
            (
                "{'names': ['p'], 'formats': [[('a', '<u2'), ('q', [('b', 'u1'), ('c', 'u1', (3,))])]], 'offsets': [2], 'itemsize': 8}",
                r#"{"p": {"a": 1027, "q": {"b": 5, "c": rows u8 n=3}}}"#,
            ),
            (
                "{'names': ['p'], 'formats': [{'names': ['a', 'b'], 'formats': ['u1', '<u2'], 'offsets': [0, 1], 'itemsize': 3}], \
                 'offsets': [1], 'itemsize': 8}",
                r#"{"p": {"a": 2, "b": 1027}}"#,
            ),
        ];
        for (dtype, expected) in table {
            let rows = read(dtype, &[1], &row).unwrap();
            assert!(rows.ends_with(&format!(" Some([{:?}])", expected)), "{dtype}: {rows}");
            assert_eq!(read(dtype, &[], &row).unwrap(), format!("{expected} None"));
            let schema = rows.split(" n=1 Some").next().unwrap();
            assert_eq!(read(dtype, &[0], &[]).unwrap(), format!("{schema} n=0 Some([])"));
        }
    }

    #[test]
    fn what_no_table_holds() {
        let lacks = "structured dtype lacks one of names, formats, offsets and itemsize, or they do not fit";
        let table = [
            ("3", "dtype is neither a name nor a list of fields"),
            ("[]", "structured dtype has no fields: write the number of its rows"),
            ("[('', '|V0')]", "structured dtype has no fields: write the number of its rows"),
            (
                "[('', '|V4')]",
                "dtype `|V4` cannot be held: bytes without a meaning, such as np.save makes of bfloat16 and float8; write them as unsigned \
                 integers of that width (array.view('u1'), array.view('u2'))",
            ),
            ("['a']", "field of a structured dtype is not a name with a format"),
            ("[('a',)]", "field of a structured dtype is not a name with a format"),
            ("[(3, 'u1')]", "field of a structured dtype has no name"),
            (
                "[('', 'S1')]",
                "[0]: dtype `S1` cannot be held: text of a fixed width; write a list of str instead (array.tolist())",
            ),
            ("[('a', 3)]", "a: dtype is neither a name nor a list of fields"),
            ("[('a', 'u1', 'x')]", "a: shape of a field is not a tuple of integers"),
            ("[('a', 'u1', (0,))]", "a: array without elements cannot stand in a table: leave it out"),
            ("[('a', 'u8', (4294967296, 4294967296))]", "a: structured dtype exceeds the largest payload"),
            (
                "[('a', [('b', 'u1')], (2,))]",
                "a: arrays of structures cannot stand in a table: write one field for each",
            ),
            (
                "[('a', '<c8')]",
                "a: dtype `<c8` cannot stand in a table, whose columns are bool, integers of up to 64 bits, f32 and f64: write it as an \
                 array of its own",
            ),
            ("{'names': ['a'], 'formats': ['u1'], 'offsets': [0]}", lacks),
            ("{'names': ['a'], 'formats': ['u1'], 'offsets': [0, 1], 'itemsize': 1}", lacks),
            (
                "{'names': ['a'], 'formats': ['u1'], 'offsets': [18446744073709551615], 'itemsize': 1}",
                "a: field stands outside of its structure, or over another",
            ),
            (
                "{'names': ['p'], 'formats': [[('a', 'i1'), ('b', '<i4')]], 'offsets': [0], 'itemsize': 8, 'aligned': True}",
                "p: structure in another may have padding, of which its printed dtype says nothing: write it with np.save",
            ),
            (
                "{'names': ['p'], 'formats': [[('a', '<i4'), ('b', 'i1')]], 'offsets': [0], 'itemsize': 8}",
                "p: structure in another may have padding, of which its printed dtype says nothing: write it with np.save",
            ),
            (
                "{'names': ['p'], 'formats': [[('a', '<i2'), ('q', [('b', 'i1'), ('c', '<i4', (1,))])]], 'offsets': [1], 'itemsize': 8}",
                "p: structure in another may have padding, of which its printed dtype says nothing: write it with np.save",
            ),
            (
                "{'names': ['a', 'b'], 'formats': ['u8', 'u8'], 'offsets': [0, 0], 'itemsize': 8}",
                "b: field stands outside of its structure, or over another",
            ),
        ];
        for (dtype, message) in table {
            assert_eq!(read(dtype, &[1], &[0; 8]).unwrap_err().to_string(), message, "{dtype}");
        }
        let table = [
            (&[2][..], "2 rows of 1 bytes do not fit their data: found 8 bytes, expected 2"),
            (&[1, 8], "structured array has rank 2: make it one of rank 1 (array.reshape(-1))"),
            (&[usize::MAX], "structured dtype exceeds the largest payload"),
        ];
        for (shape, message) in table {
            assert_eq!(read("[('a', 'u1')]", shape, &[0; 8]).unwrap_err().to_string(), message);
        }
        assert_eq!(read("[('a', '?')]", &[1], &[2]).unwrap_err().to_string(), "bool is neither 0 nor 1");
    }
}
