//! NumPy's arrays and scalars to what is written of them.

use ndwire::{DType, DynArrayView, List, Order, Schema};
use pyo3::exceptions::PyMemoryError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyTuple};

use crate::dtypes::{self, Elements};
use crate::error::{Fail, Result};
use crate::numpy;
use crate::room::Room;
use crate::tree::{ArrayParts, Number, RowParts, Tree, no_rows, python_bytes};

/// The largest rank of the format.
const RANK_LIMIT: usize = 32;

/// The whole value, if the object is an array of the usual sort: of NumPy's own dtypes, native, row-major, without gaps.
///
/// It is the head and the array joined by Python itself: one copy, and no Rust slice ever stands over memory that Python may change.
pub(crate) fn usual<'py>(object: &Bound<'py, PyAny>, room: &Room) -> Result<Option<Bound<'py, PyBytes>>> {
    let py = object.py();
    if !object.get_type().is(numpy::ndarray(py)?) {
        return Ok(None);
    }
    let Some(dtype) = numpy::known(&object.getattr(intern!(py, "dtype"))?) else { return Ok(None) };
    let shape = object.getattr(intern!(py, "shape"))?.cast_into::<PyTuple>().map_err(PyErr::from)?;
    let mut dims = [0usize; RANK_LIMIT];
    let Some(dims) = dims.get_mut(..shape.len()) else { return Ok(None) };
    for (dim, found) in dims.iter_mut().zip(shape.iter_borrowed()) {
        *dim = found.extract()?;
    }
    let Ok(head) = DynArrayView::head(dtype, &*dims, Order::RowMajor) else { return Ok(None) };
    let len = dims.iter().product::<usize>() * dtype.size();
    room.holds(head.len() + len)?;
    let value = match join(&PyBytes::new(py, &head), object) {
        Ok(value) => value,
        Err(error) if error.is_instance_of::<PyMemoryError>(py) => return Err(error.into()),
        // It is not contiguous, or it is on a machine with another byte order.
        Err(_) => return Ok(None),
    };
    let payload = value.as_bytes().get(head.len()..).unwrap_or_default();
    let is_whole = payload.len() == len;
    let is_sound = dtype != DType::Bool || payload.iter().all(|&byte| byte <= 1);
    Ok((is_whole && is_sound).then_some(value))
}

/// Both as one, copied once.
fn join<'py>(head: &Bound<'py, PyBytes>, payload: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
    static EMPTY: PyOnceLock<Py<PyBytes>> = PyOnceLock::new();
    let py = head.py();
    let empty = EMPTY.get_or_init(py, || PyBytes::new(py, b"").unbind()).bind(py);
    Ok(empty.call_method1(intern!(py, "join"), ((head, payload),))?.cast_into()?)
}

/// An array alone, as a value.
pub(crate) fn alone<'py>(array: &ArrayParts<'py>, room: &Room) -> Result<Bound<'py, PyBytes>> {
    let head = DynArrayView::head(array.dtype, &array.shape, array.order)?;
    room.holds(head.len() + array.bytes.len()?)?;
    Ok(join(&PyBytes::new(array.bytes.py(), &head), array.bytes.as_any())?)
}

/// What an array is as a value.
pub(crate) fn tree<'py>(array: &Bound<'py, PyAny>, room: &Room) -> Result<Tree<'py>> {
    let dtype = array.getattr(intern!(array.py(), "dtype"))?;
    match dtypes::elements(&dtype)? {
        Elements::Plain { dtype, little_endian } => {
            room.take(array.getattr(intern!(array.py(), "nbytes"))?.extract()?)?;
            Tree::array(parts(array, dtype, little_endian)?)
        }
        Elements::Structured(schema) => rows(array, &dtype, schema, room),
    }
}

fn shape(array: &Bound<'_, PyAny>) -> PyResult<Vec<usize>> {
    array.getattr(intern!(array.py(), "shape"))?.extract()
}

fn parts<'py>(array: &Bound<'py, PyAny>, dtype: DType, little_endian: bool) -> Result<ArrayParts<'py>> {
    let py = array.py();
    let swapped;
    let array = match little_endian {
        true => array,
        // Bytes are turned around and nothing else: no bit of a NaN is lost.
        false if dtype == DType::BF16 => {
            // ml_dtypes 0.5.0 leaves them as they are.
            swapped =
                array.call_method1(intern!(py, "view"), (intern!(py, "u2"),))?.call_method0(intern!(py, "byteswap"))?;
            &swapped
        }
        false => {
            swapped = array.call_method0(intern!(py, "byteswap"))?;
            &swapped
        }
    };
    let flags = array.getattr(intern!(py, "flags"))?;
    let is = |flag: &Bound<'py, _>| -> PyResult<bool> { flags.getattr(flag)?.is_truthy() };
    let column_major = !is(intern!(py, "c_contiguous"))? && is(intern!(py, "f_contiguous"))?;
    let (order, letter) = match column_major {
        true => (Order::ColumnMajor, intern!(py, "F")),
        false => (Order::RowMajor, intern!(py, "C")),
    };
    Ok(ArrayParts { dtype, shape: shape(array)?, order, bytes: bytes_of(array, letter)? })
}

/// A copy of the elements in that order. It works for dtypes that refuse the buffer protocol, too.
fn bytes_of<'py>(array: &Bound<'py, PyAny>, order: &Bound<'py, impl Sized>) -> PyResult<Bound<'py, PyBytes>> {
    Ok(array.call_method1(intern!(array.py(), "tobytes"), (order.as_any(),))?.cast_into()?)
}

/// A structured array: its rows packed and little endian.
fn rows<'py>(array: &Bound<'py, PyAny>, dtype: &Bound<'py, PyAny>, schema: Schema, room: &Room) -> Result<Tree<'py>> {
    let py = array.py();
    let shape = shape(array)?;
    if shape.len() > 1 {
        return Err(Fail::unsupported(format!(
            "structured arrays are written as a list of rows, and this one has shape {shape:?}: use .reshape(-1), and write the shape beside it"
        )));
    }
    // Of one row alone, integers may be written shorter than they are.
    if let Some(len) = shape.first() {
        room.take(schema.width().saturating_mul(*len))?;
    }
    let packed = dtypes::structured(py, &schema)?;
    // Field by field, with the bytes of each as they are.
    let bytes = match dtype.eq(&packed)? {
        true => bytes_of(array, intern!(py, "C"))?,
        false => bytes_of(&array.call_method1(intern!(py, "astype"), (packed,))?, intern!(py, "C"))?,
    };
    let bytes = without_absent(&schema, bytes)?;
    match shape.first() {
        None => match List::packed(schema.clone(), 1, bytes.as_bytes().to_vec()) {
            Ok(rows) => Ok(rows.get(0).map_or(Tree::Nil, |row| Tree::Row(Box::new(row.into_owned())))),
            Err(error) => Err(no_rows(&schema, error)),
        },
        // An empty list says nothing of numbers. Tuples and structs keep their fields.
        Some(0) if matches!(schema, Schema::Optional(_)) => Ok(Tree::List(Vec::new())),
        Some(&len) => Tree::rows(RowParts { schema, len, bytes }),
    }
}

/// Zeros where an optional scalar is absent, whatever stands there.
fn without_absent<'py>(schema: &Schema, bytes: Bound<'py, PyBytes>) -> PyResult<Bound<'py, PyBytes>> {
    let mut places = Vec::new();
    optional_places(schema, 0, &mut places);
    if places.is_empty() {
        return Ok(bytes);
    }
    let mut cleared = bytes.as_bytes().to_vec();
    for row in cleared.chunks_exact_mut(schema.width().max(1)) {
        for place in &places {
            if let Some([0, value @ ..]) = row.get_mut(place.clone()) {
                value.fill(0);
            }
        }
    }
    python_bytes(bytes.py(), &cleared)
}

fn optional_places(schema: &Schema, start: usize, places: &mut Vec<std::ops::Range<usize>>) {
    let mut each = |inner: &mut dyn Iterator<Item = &Schema>| {
        let mut start = start;
        for schema in inner {
            optional_places(schema, start, places);
            start += schema.width();
        }
    };
    match schema {
        Schema::Optional(_) => places.push(start..start + schema.width()),
        Schema::Tuple(inner) => each(&mut inner.iter()),
        Schema::Map(inner) => each(&mut inner.iter().map(|(_, schema)| schema)),
        _ => {}
    }
}

/// What a NumPy scalar is as a value: a number where the format has one of that kind, an array of rank 0 otherwise.
pub(crate) fn scalar<'py>(object: &Bound<'py, PyAny>) -> Result<Tree<'py>> {
    let array = numpy::asarray(object)?;
    // It is small, and may be written shorter than it is.
    let tree = tree(&array, &Room::new(None))?;
    let Tree::Array(parts) = &tree else { return Ok(tree) };
    Ok(number(parts.dtype, parts.bytes.as_bytes()).unwrap_or(tree))
}

fn number<'py>(dtype: DType, bytes: &[u8]) -> Option<Tree<'py>> {
    macro_rules! number {
        ($variant:ident, $type:ty) => {
            Tree::Number(Number::$variant(<$type>::from_le_bytes(*bytes.first_chunk()?)))
        };
    }
    Some(match dtype {
        DType::Bool => Tree::Bool(bytes == [1]),
        DType::U8 => number!(U8, u8),
        DType::U16 => number!(U16, u16),
        DType::U32 => number!(U32, u32),
        DType::U64 => number!(U64, u64),
        DType::I8 => number!(I8, i8),
        DType::I16 => number!(I16, i16),
        DType::I32 => number!(I32, i32),
        DType::I64 => number!(I64, i64),
        DType::F32 => Tree::F32(f32::from_le_bytes(*bytes.first_chunk()?)),
        DType::F64 => Tree::F64(f64::from_le_bytes(*bytes.first_chunk()?)),
        _ => return None,
    })
}
