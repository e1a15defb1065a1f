//! NumPy's dtypes as those of the format, and back.

use ndwire::{DType, Schema};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

use crate::error::{Fail, Result, printable};
use crate::numpy;

/// The mark of a dtype that stands for an optional scalar.
const OPTIONAL: &str = "optional";
/// The mark of a dtype that stands for a tuple.
const TUPLE: &str = "tuple";

/// What an array holds.
pub(crate) enum Elements {
    Plain {
        dtype: DType,
        /// Its bytes stand in the order of the format.
        little_endian: bool,
    },
    Structured(Schema),
}

/// What the elements of a NumPy dtype are.
pub(crate) fn elements(dtype: &Bound<'_, PyAny>) -> Result<Elements> {
    if let Some(dtype) = numpy::known(dtype) {
        return Ok(Elements::Plain { dtype, little_endian: true });
    }
    if is_structured(dtype)? {
        return schema(dtype).map(Elements::Structured);
    }
    let (dtype, little_endian) = plain(dtype)?;
    Ok(Elements::Plain { dtype, little_endian })
}

fn is_structured(dtype: &Bound<'_, PyAny>) -> PyResult<bool> {
    Ok(!dtype.getattr(intern!(dtype.py(), "names"))?.is_none())
}

/// A dtype that is no structure, and whether it is little endian.
fn plain(object: &Bound<'_, PyAny>) -> Result<(DType, bool)> {
    let py = object.py();
    let kind: String = object.getattr(intern!(py, "kind"))?.extract()?;
    let name: String = object.getattr(intern!(py, "name"))?.extract()?;
    let width: usize = object.getattr(intern!(py, "itemsize"))?.extract()?;
    let byteorder: String = object.getattr(intern!(py, "byteorder"))?.extract()?;
    let little_endian = match byteorder.as_str() {
        ">" => false,
        "=" => cfg!(target_endian = "little") || width == 1,
        _ => true,
    };
    let class = object.getattr(intern!(py, "type"))?;
    // Some dtypes of others have no class of scalars.
    if class.is_none() {
        return Err(refused(&kind, "", &printable(&name)));
    }
    if class.getattr(intern!(py, "__module__"))?.extract::<String>()? == "ml_dtypes" {
        let found = DType::ALL.iter().copied().find(|&dtype| numpy::ml_dtype(dtype) == Some(name.as_str()));
        let found = found.ok_or_else(|| {
            let name = printable(&name);
            Fail::unsupported(format!("there are no arrays of {name}: use .view() as integers of the same width"))
        })?;
        return Ok((found, little_endian));
    }
    let character: String = object.getattr(intern!(py, "char"))?.extract()?;
    let found = match (kind.as_str(), width) {
        (_, _) if character == "g" || character == "G" => None,
        ("b", 1) => Some(DType::Bool),
        ("u", 1) => Some(DType::U8),
        ("u", 2) => Some(DType::U16),
        ("u", 4) => Some(DType::U32),
        ("u", 8) => Some(DType::U64),
        ("i", 1) => Some(DType::I8),
        ("i", 2) => Some(DType::I16),
        ("i", 4) => Some(DType::I32),
        ("i", 8) => Some(DType::I64),
        ("f", 2) => Some(DType::F16),
        ("f", 4) => Some(DType::F32),
        ("f", 8) => Some(DType::F64),
        ("c", 8) => Some(DType::Complex64),
        ("c", 16) => Some(DType::Complex128),
        ("M" | "m", 8) => {
            let (unit, count) = numpy::datetime_data(object)?;
            if count != 1 {
                return Err(Fail::unsupported(format!(
                    "there are no arrays of {name}, a multiple of a unit: use .astype(\"{kind}8[{unit}]\")"
                )));
            }
            numpy::time(&kind, &unit)
        }
        _ => None,
    };
    found.map(|dtype| (dtype, little_endian)).ok_or_else(|| refused(&kind, &character, &printable(&name)))
}

fn refused(kind: &str, character: &str, name: &str) -> Fail {
    let workaround = match (kind, character) {
        (_, "g") => "use .astype(\"float64\"), which rounds",
        (_, "G") => "use .astype(\"complex128\"), which rounds",
        ("O", _) => "write a list of its elements (.tolist()), or give it a dtype; objects are never pickled",
        ("U" | "T", _) => "write a list of str (.tolist())",
        ("S", _) => "write a list of bytes (.tolist()), or its bytes as numbers (.view(\"u1\"))",
        ("V", _) => "use .view() as numbers, or name its fields",
        _ => "use .astype() to one that the format has, or write a list (.tolist())",
    };
    Fail::unsupported(format!("there are no arrays of {name}: {workaround}"))
}

/// The schema of rows with this structured dtype.
fn schema(dtype: &Bound<'_, PyAny>) -> Result<Schema> {
    let py = dtype.py();
    let names = dtype.getattr(intern!(py, "names"))?.cast_into::<PyTuple>().map_err(PyErr::from)?;
    if names.is_empty() {
        return Err(Fail::unsupported("there are no rows without a field: write their number"));
    }
    let fields = dtype.getattr(intern!(py, "fields"))?;
    let mut inner = Vec::with_capacity(names.len());
    for name in names {
        let text: String =
            name.extract().map_err(|_| Fail::unsupported("the name of a field is no valid Unicode: rename it"))?;
        let of_field = |fail: Fail| fail.in_field(&text);
        let field = fields.get_item(&name)?.cast_into::<PyTuple>().map_err(PyErr::from)?;
        if field.len() > 2 {
            return Err(of_field(Fail::unsupported("fields have a name and no title: give the dtype without it")));
        }
        let schema = field_schema(&field.get_item(0)?).map_err(of_field)?;
        inner.push((text, schema));
    }
    match mark(dtype)?.as_deref() {
        Some(OPTIONAL) => {
            if let [(present, Schema::Scalar(DType::Bool)), (value, Schema::Scalar(dtype))] = &inner[..]
                && (present.as_str(), value.as_str()) == ("present", "value")
            {
                return Ok(Schema::Optional(*dtype));
            }
        }
        Some(TUPLE) => {
            return Ok(Schema::Tuple(inner.into_iter().map(|(_, schema)| schema).collect()));
        }
        _ => {}
    }
    Ok(Schema::Map(inner))
}

fn field_schema(dtype: &Bound<'_, PyAny>) -> Result<Schema> {
    let py = dtype.py();
    if is_structured(dtype)? {
        return schema(dtype);
    }
    let subarray = dtype.getattr(intern!(py, "subdtype"))?;
    if subarray.is_none() {
        return row_scalar(dtype).map(Schema::Scalar);
    }
    let (base, dims): (Bound<'_, PyAny>, Vec<usize>) = subarray.extract()?;
    if is_structured(&base)? {
        return Err(Fail::unsupported("a row holds no array of structures: give each a field of its own"));
    }
    row_scalar(&base).map(|dtype| Schema::Subarray(dtype, dims))
}

fn row_scalar(dtype: &Bound<'_, PyAny>) -> Result<DType> {
    let (dtype, _) = match numpy::known(dtype) {
        Some(known) => (known, true),
        None => plain(dtype).map_err(|fail| match fail {
            Fail::Refused(_) => cannot_hold(dtype),
            python => python,
        })?,
    };
    match dtype {
        DType::Bool | DType::F32 | DType::F64 => Ok(dtype),
        DType::U8 | DType::U16 | DType::U32 | DType::U64 | DType::I8 | DType::I16 | DType::I32 | DType::I64 => {
            Ok(dtype)
        }
        _ => Err(Fail::unsupported(format!(
            "a row cannot hold {dtype}, only bool, integers, f32 and f64: write the field as an array of its own, or use .view()"
        ))),
    }
}

fn cannot_hold(dtype: &Bound<'_, PyAny>) -> Fail {
    match dtype.getattr(intern!(dtype.py(), "name")).and_then(|name| name.extract::<String>()) {
        Ok(name) => Fail::unsupported(format!(
            "a row cannot hold {}, only bool, integers, f32 and f64: write the field as a list or an array of its own",
            printable(&name)
        )),
        Err(error) => Fail::Python(error),
    }
}

/// What this package has noted in the metadata of a dtype.
fn mark(dtype: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
    let metadata = dtype.getattr(intern!(dtype.py(), "metadata"))?;
    if metadata.is_none() {
        return Ok(None);
    }
    let mark = metadata.call_method1(intern!(dtype.py(), "get"), (intern!(dtype.py(), "ndwire"),))?;
    Ok(mark.extract().ok())
}

/// The NumPy dtype of rows, or of a part of them: packed, little endian.
pub(crate) fn structured<'py>(py: Python<'py>, schema: &Schema) -> Result<Bound<'py, PyAny>> {
    match schema {
        Schema::Scalar(dtype) => numpy::dtype(py, *dtype).cloned(),
        Schema::Optional(dtype) => {
            let present = (intern!(py, "present"), numpy::dtype(py, DType::Bool)?).into_pyobject(py)?;
            let value = (intern!(py, "value"), numpy::dtype(py, *dtype)?).into_pyobject(py)?;
            let fields = PyList::new(py, [present, value])?.into_any();
            Ok(numpy::structured(fields, Some(OPTIONAL))?)
        }
        Schema::Tuple(inner) => {
            let fields = PyList::empty(py);
            for (index, schema) in inner.iter().enumerate() {
                fields.append(field(py, &format!("f{index}"), schema)?)?;
            }
            Ok(numpy::structured(fields.into_any(), Some(TUPLE))?)
        }
        Schema::Map(inner) => {
            let fields = PyList::empty(py);
            for (name, schema) in inner {
                fields.append(field(py, name, schema)?)?;
            }
            Ok(numpy::structured(fields.into_any(), None)?)
        }
        _ => Err(Fail::unsupported("rows with what has no fixed size are no array")),
    }
}

fn field<'py>(py: Python<'py>, name: &str, schema: &Schema) -> Result<Bound<'py, PyTuple>> {
    if let Schema::Subarray(dtype, dims) = schema {
        return Ok((name, numpy::dtype(py, *dtype)?, PyTuple::new(py, dims)?).into_pyobject(py)?);
    }
    Ok((name, structured(py, schema)?).into_pyobject(py)?)
}
