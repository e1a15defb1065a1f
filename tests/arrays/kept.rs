//! What untyped values keep where serde buffers: read and written back, the bytes are the same.

use std::collections::BTreeMap;

use ndwire::value::Borrowed;
use ndwire::{DType, DynArray, Map, Order, Value, ValueView, from_slice, to_vec};
use serde::{Deserialize, Serialize};
use serde_bytes::{ByteBuf, Bytes};

use super::support::Format;

#[derive(Serialize, Deserialize)]
struct Flat<V> {
    id: u8,
    #[serde(flatten)]
    extra: BTreeMap<String, V>,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Untagged<V> {
    Never { no_such_field: u8 },
    Any(V),
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind")]
enum Internal<V> {
    Fields { extra: V },
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", content = "content")]
enum Adjacent<V> {
    Any(V),
}

/// Serde buffers the content where it stands before the tag.
#[derive(Serialize)]
struct ContentFirst<V> {
    content: V,
    kind: &'static str,
}

fn again<'de, T: Serialize + Deserialize<'de>>(bytes: &'de [u8]) -> Vec<u8> {
    let read: T = from_slice(bytes).unwrap_or_else(|error| panic!("{error}"));
    to_vec(&read).unwrap()
}

/// In each of serde's buffers, and back.
macro_rules! kept_by {
    ($value:ident, $name:ident, $untyped:ty) => {
        let flat = to_vec(&Flat { id: 7, extra: BTreeMap::from([("extra".into(), $value)]) }).unwrap();
        assert_eq!(again::<Flat<$untyped>>(&flat), flat, "{}, flattened", $name);
        let untagged = to_vec($value).unwrap();
        assert_eq!(again::<Untagged<$untyped>>(&untagged), untagged, "{}, untagged", $name);
        let internal = to_vec(&Internal::Fields { extra: $value }).unwrap();
        assert_eq!(again::<Internal<$untyped>>(&internal), internal, "{}, beside a tag", $name);
        let first = to_vec(&ContentFirst { content: $value, kind: "Any" }).unwrap();
        let adjacent = to_vec(&Adjacent::Any($value)).unwrap();
        assert_eq!(again::<Adjacent<$untyped>>(&first), adjacent, "{}, before its tag", $name);
    };
}

#[track_caller]
fn kept<T: Serialize>(value: &T, name: &str) {
    kept_by!(value, name, Value);
}

#[track_caller]
fn kept_by_both<T: Serialize>(value: &T, name: &str) {
    kept(value, name);
    kept_by!(value, name, Borrowed<'_>);
}

fn arrays(dtype: DType) -> impl Iterator<Item = DynArray> {
    let shapes = [
        (&[][..], Order::RowMajor),
        (&[0], Order::RowMajor),
        (&[3, 0], Order::RowMajor),
        (&[0, usize::MAX >> 1], Order::RowMajor),
        (&[6], Order::RowMajor),
        (&[600], Order::RowMajor),
        (&[2, 3], Order::RowMajor),
        (&[2, 3], Order::ColumnMajor),
        (&[3, 1, 2], Order::ColumnMajor),
        (&[1; 32], Order::RowMajor),
    ];
    shapes.into_iter().filter_map(move |(shape, order)| {
        let count: usize = if shape.contains(&0) { 0 } else { shape.iter().product() };
        let bytes = (0..count * dtype.size()).map(|byte| if dtype == DType::Bool { byte % 2 } else { byte } as u8);
        // A dim that is too large for the dtype is left out.
        DynArray::new(dtype, shape, order, bytes.collect::<Vec<u8>>()).ok()
    })
}

#[test]
fn an_array_stays_an_array() {
    for &dtype in DType::ALL {
        assert!(arrays(dtype).count() >= 9);
        for array in arrays(dtype) {
            kept_by_both(&array, &format!("{array:?}"));
        }
    }
}

#[test]
fn arrays_stay_arrays_at_any_depth() {
    let array = || DynArray::new(DType::F16, [2, 2], Order::ColumnMajor, [1, 2, 3, 4, 5, 6, 7, 8]).expect("it fits");
    let map: Map<'_> = [
        (array().into(), Value::Some(Box::new(Value::Some(Box::new(Value::Nil))))),
        ("list".into(), vec![Value::from(array()), vec![array().into(), Value::Nil].into()].into()),
        ("map".into(), Map::from_iter([("a".into(), array().into()), ("b".into(), array().into())]).into()),
    ]
    .into_iter()
    .collect();
    kept_by_both(&Value::from(map), "nested");
    kept_by_both(&(Value::from(Map::from_iter([("a".into(), array().into())])), "text"), "in a list");
    // In the node part of a table.
    #[derive(Serialize)]
    struct Row {
        x: f32,
        array: DynArray,
    }
    kept(&[Row { x: 0.5, array: array() }, Row { x: 1.5, array: array() }], "in a table");
}

#[derive(Serialize, Deserialize, Clone, Debug)]
struct LikeAnArray {
    dtype: String,
    shape: Vec<u64>,
    data: ByteBuf,
}

fn like_an_array() -> LikeAnArray {
    LikeAnArray { dtype: "u16".into(), shape: vec![2], data: ByteBuf::from([1, 0, 2, 0]) }
}

/// Only in a buffer does an array have no other form: read directly, a map is a map, whatever is in it.
#[test]
fn read_directly_a_map_stays_a_map() {
    let map = like_an_array();
    #[track_caller]
    fn all_maps<'de, T: Serialize + Deserialize<'de>>(bytes: &'de [u8]) {
        assert_eq!(again::<T>(bytes), bytes);
    }
    let alone = to_vec(&map).unwrap();
    all_maps::<Value>(&alone);
    all_maps::<Borrowed<'_>>(&alone);
    // Rows of maps, and maps in rows; what stands in a plain list.
    let inside = |map: &LikeAnArray| BTreeMap::from([("a", map.clone()), ("b", map.clone())]);
    let table = to_vec(&[map.clone(), map.clone()]).unwrap();
    let nested = to_vec(&[inside(&map), inside(&map)]).unwrap();
    let plain = to_vec(&(&map, "text")).unwrap();
    for bytes in [&table, &plain] {
        let values: Vec<Value> = from_slice(bytes).unwrap();
        assert!(matches!(values[0], Value::Map(_)), "{:?}", values[0]);
        let values: Vec<Borrowed<'_>> = from_slice(bytes).unwrap();
        assert!(matches!(values[0].0, ValueView::Map(_)), "{:?}", values[0]);
    }
    let values: Vec<BTreeMap<String, Value>> = from_slice(&nested).unwrap();
    assert!(values.iter().flat_map(BTreeMap::values).all(|value| matches!(value, Value::Map(_))), "{values:?}");
    let values: Vec<Value> = from_slice(&nested).unwrap();
    assert_eq!(
        format!("{:?}", values[0].as_map().unwrap().get("a").unwrap().unwrap()),
        r#"{"dtype": "u16", "shape": rows u64 n=1, "data": bytes 4}"#
    );
    // The fields of a struct that are left over are no array either.
    #[derive(Serialize, Deserialize)]
    struct Rest<V> {
        id: u8,
        #[serde(flatten)]
        rest: V,
    }
    let flat = to_vec(&Rest { id: 7, rest: map }).unwrap();
    assert!(matches!(from_slice::<Rest<Value>>(&flat).unwrap().rest, Value::Map(_)));
    assert!(matches!(from_slice::<Rest<Borrowed<'_>>>(&flat).unwrap().rest, Borrowed(ValueView::Map(_))));
}

/// What cannot be told: in a buffer a map with just these entries is an array.
#[test]
fn in_a_buffer_a_map_of_these_entries_is_an_array() {
    let bytes = to_vec(&Flat { id: 7, extra: BTreeMap::from([("extra".into(), like_an_array())]) }).unwrap();
    let read: Flat<Value> = from_slice(&bytes).unwrap();
    assert_eq!(read.extra["extra"], DynArray::from_elements([2], &[1u16, 2]).unwrap().into());
    // Through another format arrays come as such maps as well, where it has bytes; JSON has none.
    let array = DynArray::new(DType::F32, [2, 3], Order::ColumnMajor, [7; 24]).unwrap();
    for format in Format::ALL {
        let read: Value = format.read(&format.write(&array)).expect("read");
        let is_array = matches!(&read, Value::Array(read) if *read == *array);
        assert_eq!(is_array, !matches!(format, Format::Json | Format::JsonValue), "{format:?}: {read:?}");
    }
}

#[test]
fn other_maps_in_a_buffer_stay_maps() {
    let text = |text: &str| Value::from(text);
    let shape = |dims: &[i64]| Value::from(dims.iter().map(|&dim| dim.into()).collect::<Vec<Value>>());
    let bytes = |bytes: &[u8]| Value::from(bytes.to_vec());
    let map = |entries: &[(&str, Value)]| -> Value {
        Map::from_iter(entries.iter().map(|(key, value)| (text(key), value.clone()))).into()
    };
    let described = |dtype: Value, dims: Value, data: Value| map(&[("dtype", dtype), ("shape", dims), ("data", data)]);
    let ordered = |order: Value, dims: &[i64]| {
        map(&[("dtype", text("u8")), ("shape", shape(dims)), ("order", order), ("data", bytes(&[1; 4]))])
    };
    let (u8_, two, data) = (text("u8"), shape(&[2]), bytes(&[1, 2]));
    for value in [
        described(text("u9"), two.clone(), data.clone()),
        described(Value::from(16), two.clone(), data.clone()),
        described(u8_.clone(), shape(&[3]), data.clone()),
        described(u8_.clone(), shape(&[-2]), data.clone()),
        described(u8_.clone(), shape(&[1 << 62, 1 << 62]), data.clone()),
        described(u8_.clone(), Value::from(2), data.clone()),
        described(u8_.clone(), vec![text("2"), Value::Nil].into(), data.clone()),
        described(u8_.clone(), shape(&[1; 33]), bytes(&[1])),
        described(text("bool"), two.clone(), data.clone()),
        described(u8_.clone(), two.clone(), text("ab")),
        described(u8_.clone(), two.clone(), vec![Value::from(true), Value::from(false)].into()),
        map(&[("shape", two.clone()), ("dtype", u8_.clone()), ("data", data.clone())]),
        map(&[("dtype", u8_.clone()), ("shape", two.clone()), ("data", data.clone()), ("unit", text("m"))]),
        map(&[("dtype", u8_.clone()), ("shape", two.clone())]),
        map(&[("dtype", u8_.clone()), ("shape", two.clone()), ("Data", data.clone())]),
        ordered(text("C"), &[2, 2]),
        ordered(text("F"), &[4]),
        ordered(text("F"), &[4, 1]),
        ordered(Value::Nil, &[2, 2]),
    ] {
        let bytes = to_vec(&Flat { id: 7, extra: BTreeMap::from([("extra".into(), &value)]) }).unwrap();
        assert!(matches!(from_slice::<Flat<Value>>(&bytes).unwrap().extra["extra"], Value::Map(_)), "{value:?}");
        let read: Flat<Borrowed<'_>> = from_slice(&bytes).unwrap();
        assert!(matches!(read.extra["extra"].0, ValueView::Map(_)), "{value:?}");
    }
}

/// An array in a buffer is borrowed by the view.
#[test]
fn the_view_of_an_array_in_a_buffer_is_no_copy() {
    let array = DynArray::from_elements([1000], &[7u8; 1000]).unwrap();
    let bytes = to_vec(&Flat { id: 7, extra: BTreeMap::from([("extra".into(), array)]) }).unwrap();
    let read: Flat<Borrowed<'_>> = from_slice(&bytes).unwrap();
    let Borrowed(ValueView::Array(array)) = &read.extra["extra"] else { panic!("an array") };
    assert!(super::support::lies_in(array.bytes(), &bytes));
}

#[test]
fn lists_that_a_buffer_keeps() {
    #[derive(Serialize)]
    struct Row {
        x: f32,
        ok: bool,
        name: &'static str,
    }
    let row = |x, name| Row { x, ok: true, name };
    kept(&vec![0.5f32; 300], "f32");
    kept(&vec![0.1f64; 3], "f64");
    kept(&[true, false], "bool");
    kept(&[i64::MIN, 1], "i64");
    kept(&[Some(0.5f32), None], "optional");
    kept(&[row(0.5, "a"), row(1.5, "b")], "a table");
    kept(&vec![vec![0.5f32], vec![]], "ragged");
    kept(&["a", "b"], "texts");
    kept(&Bytes::new(b"bytes"), "bytes");
    kept(&(1u8, "a", Some(Some(())), 'x', -1i8), "mixed");
}

/// Integers are shown by value, so that every form of list reads alike: a buffer never learns their width. Arrays keep it.
#[test]
fn the_width_of_integers_in_lists_is_lost_in_a_buffer() {
    let bytes = to_vec(&Flat { id: 7, extra: BTreeMap::from([("extra".into(), [1u8, 2, 3])]) }).unwrap();
    let read: Flat<Value> = from_slice(&bytes).unwrap();
    let expected = Flat { id: 7, extra: BTreeMap::from([("extra".into(), [1i64, 2, 3])]) };
    assert_eq!(to_vec(&read).unwrap(), to_vec(&expected).unwrap());
}

/// The entries of an array that is read as a map, by every type that a map's values may be of.
#[test]
fn an_array_as_a_map_of_untyped_values() {
    let array = DynArray::new(DType::U8, [2, 2], Order::ColumnMajor, [1, 3, 2, 4]).unwrap();
    let bytes = to_vec(&array).unwrap();
    let expected = r#"{"data": bytes 4, "dtype": "u8", "order": "F", "shape": rows u64 n=2}"#;
    let read: BTreeMap<String, Value> = from_slice(&bytes).unwrap();
    assert_eq!(format!("{read:?}"), expected);
    // Where a list has no elements there are no rows.
    let scalar = to_vec(&DynArray::from_elements([], &[7u8]).unwrap()).unwrap();
    let read: BTreeMap<String, Value> = from_slice(&scalar).unwrap();
    assert_eq!(format!("{read:?}"), r#"{"data": bytes 1, "dtype": "u8", "shape": []}"#);
    let empty = to_vec(&DynArray::from_elements::<u8>([2, 0], &[]).unwrap()).unwrap();
    assert_eq!(format!("{:?}", from_slice::<Vec<Value>>(&empty).unwrap()), "[[], []]");

    #[derive(Deserialize, PartialEq, Debug)]
    struct Name(String);
    #[derive(Deserialize, PartialEq, Debug)]
    struct Loose {
        dtype: Name,
        shape: Option<Vec<Option<u32>>>,
        order: Option<Name>,
        data: Option<ByteBuf>,
    }
    let expected = Loose {
        dtype: Name("u8".into()),
        shape: Some(vec![Some(2), Some(2)]),
        order: Some(Name("F".into())),
        data: Some(ByteBuf::from([1, 3, 2, 4])),
    };
    assert_eq!(from_slice::<Loose>(&bytes).unwrap(), expected);
}
