//! Whether two values are the same data, where an encoding has fewer forms for it.

use ndwire::value::Borrowed;
use ndwire::{DynArrayView, List, Order, ValueView};

/// Compares two ndwire values: bit by bit, but for the forms that MessagePack does not have. These are column-major arrays, packed lists
/// of numbers (which are arrays there), lists of structs in rows or apart, characters, and something that is there.
///
/// The error is where they differ, as ` at a path`; nothing at the root.
pub(crate) fn values(one: &[u8], other: &[u8]) -> Result<(), String> {
    if one == other {
        return Ok(());
    }
    let read = |bytes| ndwire::from_slice(bytes).map_err(|error| format!(": {error}"));
    let (Borrowed(one), Borrowed(other)) = (read(one)?, read(other)?);
    same(&one, &other).map_err(|mut path| {
        path.reverse();
        if path.is_empty() { String::new() } else { format!(" at {}", crate::show::bounded(&path.concat(), 80)) }
    })
}

/// The path, from its end.
type Differs = Vec<String>;

fn same(one: &ValueView<'_>, other: &ValueView<'_>) -> Result<(), Differs> {
    let equal = |equal: bool| if equal { Ok(()) } else { Err(Vec::new()) };
    match (one, other) {
        (ValueView::Some(one), other) => same(one, other),
        (one, ValueView::Some(other)) => same(one, other),
        (ValueView::Nil, ValueView::Nil) => Ok(()),
        (ValueView::Bool(one), ValueView::Bool(other)) => equal(one == other),
        (ValueView::Int(one), ValueView::Int(other)) => equal(one == other),
        (ValueView::Uint(one), ValueView::Uint(other)) => equal(one == other),
        (ValueView::F32(one), ValueView::F32(other)) => equal(one.to_bits() == other.to_bits()),
        (ValueView::F64(one), ValueView::F64(other)) => equal(one.to_bits() == other.to_bits()),
        (ValueView::Char(one), ValueView::Char(other)) => equal(one == other),
        (ValueView::Char(one), ValueView::Str(other)) | (ValueView::Str(other), ValueView::Char(one)) => {
            equal(*one.encode_utf8(&mut [0; 4]) == **other)
        }
        (ValueView::Str(one), ValueView::Str(other)) => equal(one == other),
        (ValueView::Bytes(one), ValueView::Bytes(other)) => equal(one == other),
        (ValueView::Map(one), ValueView::Map(other)) => {
            equal(one.entries().len() == other.entries().len())?;
            for ((key, value), (other_key, other_value)) in one.entries().iter().zip(other.entries()) {
                same(key, other_key).map_err(|path| below(path, ".<key>".to_string()))?;
                same(value, other_value).map_err(|path| below(path, field(key)))?;
            }
            Ok(())
        }
        (ValueView::Array(one), ValueView::Array(other)) => equal(arrays(one, other)),
        (ValueView::Array(array), ValueView::List(rows)) | (ValueView::List(rows), ValueView::Array(array)) => {
            equal(rows.as_array().is_some_and(|rows| arrays(array, &rows)))
        }
        (ValueView::List(one), ValueView::List(other)) if packed_alike(one, other) => Ok(()),
        (ValueView::List(one), ValueView::List(other)) => lists(one, other),
        _ => Err(Vec::new()),
    }
}

fn below(mut path: Differs, step: String) -> Differs {
    path.push(step);
    path
}

fn field(key: &ValueView<'_>) -> String {
    match key {
        ValueView::Str(name) => format!(".{}", crate::show::name(name.as_bytes())),
        _ => ".<key>".to_string(),
    }
}

/// Element by element, however each of them is stored.
fn lists(one: &List<'_>, other: &List<'_>) -> Result<(), Differs> {
    if one.len() != other.len() {
        return Err(Vec::new());
    }
    for (index, (one, other)) in one.iter().zip(other.iter()).enumerate() {
        same(&one, &other).map_err(|path| below(path, format!("[{index}]")))?;
    }
    Ok(())
}

/// Rows of one schema with the same bytes, and nothing behind them.
fn packed_alike(one: &List<'_>, other: &List<'_>) -> bool {
    one.schema().is_some()
        && one.schema() == other.schema()
        && one.len() == other.len()
        && one.bytes() == other.bytes()
        && one.nodes().is_empty()
        && other.nodes().is_empty()
}

fn arrays(one: &DynArrayView<'_>, other: &DynArrayView<'_>) -> bool {
    if one.dtype() != other.dtype() || one.shape() != other.shape() {
        return false;
    }
    if one.order() == other.order() {
        return one.bytes() == other.bytes();
    }
    let (rows, columns) = if one.order() == Order::RowMajor { (one, other) } else { (other, one) };
    transposed(rows, columns)
}

/// Whether a row-major array has the elements of a column-major one of its shape.
fn transposed(rows: &DynArrayView<'_>, columns: &DynArrayView<'_>) -> bool {
    let (shape, size) = (rows.shape(), rows.dtype().size());
    // Bytes from one element to the next along each dim of the column-major one.
    let mut strides = Vec::with_capacity(shape.len());
    let mut stride = size;
    for &dim in shape {
        strides.push(stride);
        stride = stride.saturating_mul(dim);
    }
    let mut index = vec![0; shape.len()];
    let mut at = 0;
    for element in rows.bytes().chunks_exact(size.max(1)) {
        if columns.bytes().get(at..at + size) != Some(element) {
            return false;
        }
        for (axis, position) in index.iter_mut().enumerate().rev() {
            *position += 1;
            at += strides[axis];
            if *position < shape[axis] {
                break;
            }
            at -= strides[axis] * shape[axis];
            *position = 0;
        }
    }
    rows.bytes().len() == columns.bytes().len()
}

#[cfg(test)]
mod tests {
    use ndwire::{AsArray, DType, DynArray, List, Value, to_vec};

    use super::*;

    #[derive(serde::Serialize)]
    struct Sample {
        at: i64,
        x: f32,
    }

    fn bytes(value: impl serde::Serialize) -> Vec<u8> {
        to_vec(&value).unwrap()
    }

    fn array(order: Order, elements: &[u16]) -> Vec<u8> {
        let elements: Vec<u8> = elements.iter().flat_map(|element| element.to_le_bytes()).collect();
        bytes(DynArray::new(DType::U16, [2, 3], order, elements).unwrap())
    }

    /// Plain, as MessagePack has it.
    fn plain(value: Value) -> Value {
        let map = |(key, value): (&str, Value)| (Value::from(key), value);
        let Value::List(list) = value else { return value };
        list.iter()
            .map(|row| Value::Map([("row", row.into_owned())].map(map).into_iter().collect()))
            .collect::<Vec<_>>()
            .into()
    }

    #[test]
    fn forms_that_message_pack_does_not_have_are_the_same() {
        let by_rows = array(Order::RowMajor, &[1, 2, 3, 4, 5, 6]);
        let by_columns = array(Order::ColumnMajor, &[1, 4, 2, 5, 3, 6]);
        let rows = [
            (by_rows.clone(), by_columns),
            (by_rows, bytes([[1u16, 2, 3], [4, 5, 6]])),
            (bytes('x'), bytes("x")),
            (bytes(Value::Some(Box::new(Value::from(5)))), bytes(5)),
            (bytes([1.5f32, 2.5]), bytes(AsArray(vec![1.5f32, 2.5]))),
            (bytes([Some(1u8), None]), bytes(List::from(vec![Value::from(1), Value::Nil]))),
            (bytes(f32::NAN), bytes(f32::NAN)),
        ];
        for (one, other) in rows {
            assert_eq!(values(&one, &other), Ok(()), "{one:?} {other:?}");
            assert_eq!(values(&other, &one), Ok(()), "{one:?} {other:?}");
        }
    }

    #[test]
    fn what_differs_is_found() {
        let by_rows = array(Order::RowMajor, &[1, 2, 3, 4, 5, 6]);
        let sample = |x| Sample { at: 1, x };
        let rows = [
            (by_rows.clone(), array(Order::ColumnMajor, &[1, 2, 3, 4, 5, 6]), ""),
            (by_rows.clone(), array(Order::RowMajor, &[1, 2, 3, 4, 5, 7]), ""),
            (by_rows, bytes([[1u32, 2, 3], [4, 5, 6]]), ""),
            (bytes(0.0f64), bytes(-0.0f64), ""),
            (bytes(1.0f32), bytes(1.0f64), ""),
            (bytes("a"), bytes("b"), ""),
            (bytes([sample(1.0), sample(2.0)]), bytes([sample(1.0), sample(2.5)]), " at [1].x"),
            (bytes((1, [sample(1.0)])), bytes((1, [sample(0.5)])), " at [1][0].x"),
            (bytes(vec![1u8; 3]), bytes(vec![1u8; 4]), ""),
            (bytes(plain(vec![Value::from(1)].into())), bytes(plain(vec![Value::from(2)].into())), " at [0].row"),
        ];
        for (one, other, path) in rows {
            assert_eq!(values(&one, &other), Err(path.to_string()), "{one:?} {other:?}");
            assert_eq!(values(&other, &one), Err(path.to_string()), "{one:?} {other:?}");
        }
    }
}
