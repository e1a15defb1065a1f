//! Python objects to values.

use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{
    PyBool, PyByteArray, PyBytes, PyDict, PyFloat, PyInt, PyList, PyMemoryView, PyString, PyTuple, PyType,
};

use crate::array;
use crate::error::{Fail, Result, printable};
use crate::numpy;
use crate::room::Room;
use crate::tree::{Tree, python_bytes};

/// How deep lists and dicts may be nested: as deep as the format allows.
const DEPTH_LIMIT: usize = 128;

/// The value of an object.
pub(crate) fn dumps<'py>(object: &Bound<'py, PyAny>, room: &Room) -> Result<Bound<'py, PyBytes>> {
    if let Some(value) = array::usual(object, room)? {
        return Ok(value);
    }
    match tree(object, 0, room)? {
        Tree::Array(parts) => array::alone(&parts, room),
        tree => {
            let value = ndwire::to_vec(&tree)?;
            room.holds(value.len())?;
            Ok(python_bytes(object.py(), &value)?)
        }
    }
}

/// The bytes of anything with the buffer protocol, as they are now: Python may change them at any time. How many they are is checked
/// before they are copied.
pub(crate) fn snapshot<'py>(
    object: &Bound<'py, PyAny>,
    check: impl FnOnce(usize) -> Result<()>,
) -> Result<Bound<'py, PyBytes>> {
    if let Ok(bytes) = object.cast::<PyBytes>() {
        check(bytes.len()?)?;
        return Ok(bytes.clone());
    }
    let view = PyMemoryView::from(object).map_err(|error| match error.is_instance_of::<PyTypeError>(object.py()) {
        true => no_buffer(object),
        false => error,
    })?;
    check(view.getattr(intern!(object.py(), "nbytes"))?.extract()?)?;
    Ok(view.call_method0(intern!(object.py(), "tobytes"))?.cast_into().map_err(PyErr::from)?)
}

fn no_buffer(object: &Bound<'_, PyAny>) -> PyErr {
    if object.is_none() {
        return PyTypeError::new_err("expected bytes or another buffer, found None: is the key missing?");
    }
    if object.is_instance_of::<PyString>() {
        return PyTypeError::new_err(
            "expected bytes or another buffer, found str: give the client decode_responses=False, since text loses bytes",
        );
    }
    match class_name(&object.get_type()) {
        Ok(name) => PyTypeError::new_err(format!("expected bytes or another buffer, found {name}")),
        Err(error) => error,
    }
}

fn class_name(class: &Bound<'_, PyType>) -> PyResult<String> {
    Ok(printable(&class.fully_qualified_name()?.to_string_lossy()))
}

/// What an object is as a value. Subclasses are what they derive from, but for those of arrays.
fn tree<'py>(object: &Bound<'py, PyAny>, depth: usize, room: &Room) -> Result<Tree<'py>> {
    let py = object.py();
    if object.is_none() {
        return Ok(Tree::Nil);
    }
    if let Ok(value) = object.cast::<PyBool>() {
        return Ok(Tree::Bool(value.is_true()));
    }
    if object.is_instance_of::<PyInt>() {
        return int(object);
    }
    if let Ok(value) = object.cast::<PyFloat>() {
        return Ok(Tree::F64(value.value()));
    }
    if let Ok(text) = object.cast::<PyString>() {
        return str(text, room);
    }
    if let Ok(bytes) = object.cast::<PyBytes>() {
        return snapshot(bytes, |len| room.take(len)).map(Tree::Bytes);
    }
    if let Ok(list) = object.cast::<PyList>() {
        return Ok(Tree::List(elements(list.iter(), depth, room)?));
    }
    if let Ok(tuple) = object.cast::<PyTuple>() {
        return Ok(Tree::Tuple(elements(tuple.iter(), depth, room)?));
    }
    if let Ok(dict) = object.cast::<PyDict>() {
        return entries(dict, depth, room).map(Tree::Map);
    }
    if object.is_instance(numpy::ndarray(py)?)? {
        return ndarray(object, room);
    }
    if object.is_instance(numpy::generic(py)?)? {
        return array::scalar(object);
    }
    if object.is_instance_of::<PyByteArray>() {
        return snapshot(object, |len| room.take(len)).map(Tree::Bytes);
    }
    if let Ok(view) = object.cast::<PyMemoryView>() {
        return memoryview(view, room);
    }
    Err(refused(&object.get_type()))
}

fn int<'py>(object: &Bound<'py, PyAny>) -> Result<Tree<'py>> {
    if let Ok(value) = object.extract::<i64>() {
        return Ok(Tree::Int(value.into()));
    }
    // The rest is found out by shifting, which a subclass may have made its own.
    let exact = object.py().get_type::<PyInt>().call_method1(intern!(object.py(), "__index__"), (object,))?;
    if let Ok(value) = exact.extract::<i128>() {
        return Ok(Tree::Int(value));
    }
    match exact.extract::<u128>() {
        Ok(value) => Ok(Tree::Uint(value)),
        Err(_) => Err(Fail::unsupported("an int has more than 128 bits: write it as str or bytes")),
    }
}

fn str<'py>(text: &Bound<'py, PyString>, room: &Room) -> Result<Tree<'py>> {
    match text.to_str() {
        Ok(content) => room.take(content.len()).map(|()| Tree::Str(text.clone())),
        Err(_) => Err(Fail::unsupported(
            "a str is no valid Unicode (it has surrogates): write .encode(\"utf-8\", \"surrogatepass\")",
        )),
    }
}

/// One level deeper, if there is one.
fn deeper(depth: usize) -> Result<usize> {
    match depth < DEPTH_LIMIT {
        true => Ok(depth + 1),
        false => {
            let found = depth + 1;
            Err(Fail::new("too_deep", format!("nested too deep: found {found} levels, the limit is {DEPTH_LIMIT}")))
        }
    }
}

fn elements<'py>(
    objects: impl ExactSizeIterator<Item = Bound<'py, PyAny>>,
    depth: usize,
    room: &Room,
) -> Result<Vec<Tree<'py>>> {
    let depth = deeper(depth)?;
    let mut values = Vec::with_capacity(objects.len());
    for (index, object) in objects.enumerate() {
        values.push(tree(&object, depth, room).map_err(|fail| fail.in_element(index))?);
    }
    Ok(values)
}

fn entries<'py>(dict: &Bound<'py, PyDict>, depth: usize, room: &Room) -> Result<Vec<(Tree<'py>, Tree<'py>)>> {
    let depth = deeper(depth)?;
    // A list of its own, which stays what it is if the dict is changed meanwhile. A subclass may have an order of its own.
    let items = match dict.is_exact_instance_of::<PyDict>() {
        true => dict.items(),
        false => {
            let items = dict.as_any().call_method0(intern!(dict.py(), "items"))?;
            let list = PyList::empty(dict.py());
            for item in items.try_iter()? {
                list.append(item?)?;
            }
            list
        }
    };
    let mut entries = Vec::with_capacity(items.len());
    for item in items {
        let (key, value): (Bound<'py, PyAny>, Bound<'py, PyAny>) = item.extract()?;
        let name = || match key.cast::<PyString>().map(|text| text.to_string_lossy().into_owned()) {
            Ok(name) => name,
            Err(_) => "<key>".to_owned(),
        };
        // Names of a table stand there once, so keys are not counted.
        let made = tree(&key, depth, &Room::new(None)).and_then(is_key).map_err(|fail| fail.in_field("<key>"))?;
        let value = tree(&value, depth, room).map_err(|fail| fail.in_field(&name()))?;
        entries.push((made, value));
    }
    Ok(entries)
}

/// What Python can have as a key when it reads the value again.
fn is_key(key: Tree<'_>) -> Result<Tree<'_>> {
    match key {
        Tree::List(_) | Tree::Tuple(_) | Tree::Map(_) | Tree::Array(_) | Tree::Rows(_) | Tree::Row(_) => {
            Err(Fail::unsupported("a key of a dict is a str, an int or another single value: join the parts to a str"))
        }
        key => Ok(key),
    }
}

fn ndarray<'py>(object: &Bound<'py, PyAny>, room: &Room) -> Result<Tree<'py>> {
    let py = object.py();
    let class = object.get_type();
    if class.is(numpy::ndarray(py)?) {
        return array::tree(object, room);
    }
    if numpy::is_plain_subclass(py, &class)? {
        return array::tree(&numpy::asarray(object)?, room);
    }
    let name = class_name(&class)?;
    Err(Fail::unsupported(format!(
        "{name} is more than an array: use np.asarray(), and write the rest (as a mask) beside it"
    )))
}

fn memoryview<'py>(view: &Bound<'py, PyMemoryView>, room: &Room) -> Result<Tree<'py>> {
    let py = view.py();
    let rank: usize = view.getattr(intern!(py, "ndim"))?.extract()?;
    let format: String = view.getattr(intern!(py, "format"))?.extract()?;
    if rank != 1 || !["B", "b", "c"].contains(&format.trim_start_matches('@')) {
        return Err(Fail::unsupported(
            "a memoryview is written as bytes, and this one has a shape or a type: use np.asarray(), or .cast(\"B\") for its bytes",
        ));
    }
    snapshot(view, |len| room.take(len)).map(Tree::Bytes)
}

fn refused(class: &Bound<'_, PyType>) -> Fail {
    let name = match class_name(class) {
        Ok(name) => name,
        Err(error) => return Fail::Python(error),
    };
    let workaround = match name.as_str() {
        "set" | "frozenset" => "use sorted() or list()",
        "complex" => "use np.complex128()",
        "array.array" => "use np.asarray()",
        "datetime.datetime" | "datetime.date" => "use np.datetime64(), .timestamp() or .isoformat()",
        "datetime.timedelta" => "use np.timedelta64() or .total_seconds()",
        _ => {
            "use a dict, list, tuple, str, bytes, int, float, bool or None of what is in it (dataclasses.asdict()), or np.asarray()"
        }
    };
    Fail::unsupported(format!("there is no form for {name}: {workaround}"))
}
