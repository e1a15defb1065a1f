//! How deep a MessagePack document may be nested: what is written is read again, and only what its reader would refuse is not written.

use ndwire::foreign::Encoding::MsgpackNumpy;
use ndwire::{Array, Columns, DType, DynArray, ErrorKind, List, Map, Order, Schema, Value, to_vec};
use proptest::prelude::*;
use serde::Serialize;

/// The most lists around a scalar.
const LIMIT: usize = 128;

fn value<T: Serialize + ?Sized>(value: &T) -> Value {
    ndwire::from_slice(&to_vec(value).unwrap()).unwrap()
}

/// Beside nil, so that a list does not become one with what is in it.
fn in_lists(value: Value, lists: usize) -> Value {
    (0..lists).fold(value, |inner, _| Value::List(List::from(vec![Value::Nil, inner])))
}

fn map(key: &str, value: Value) -> Value {
    Value::Map(Map::from_iter([(Value::from(key), value)]))
}

fn array(rank: usize) -> Value {
    DynArray::new(DType::U8, vec![1; rank], Order::RowMajor, vec![7]).unwrap().into()
}

/// Rows of one structure inside another, so many in all, around two numbers or an array of them.
fn structures(count: usize, leaf: Schema) -> Value {
    let schema = (0..count).fold(leaf, |inner, _| Schema::Map(vec![("a".into(), inner)]));
    List::packed(schema, 2, vec![7; 16]).unwrap().into()
}

/// What stands in the lists, how many lists it may stand in, and which levels it takes of a document by itself.
fn kinds() -> Vec<(&'static str, Value, usize)> {
    let text = [(1u8, "x"), (2, "y")];
    vec![
        ("a number", value(&7), 0),
        ("a text", value("x"), 0),
        ("an empty list", value(&[0; 0]), 1),
        ("a map", map("a", value(&7)), 1),
        ("an array of rank 0", array(0), 2),
        ("an array of rank 1", array(1), 2),
        ("an array of rank 2", array(2), 2),
        ("an array of rank 3, as deep in ndwire as in a document", array(3), 3),
        ("an array of rank 32, deeper in ndwire", array(32), 32),
        ("an array without elements", value(&Array::from_elements([0, 3], vec![0u8; 0]).unwrap()), 2),
        ("a complex number", DynArray::new(DType::Complex128, [], Order::RowMajor, vec![0; 16]).unwrap().into(), 2),
        ("a list of numbers", value(&[1u8, 2]), 2),
        ("a list of lists of numbers", value(&[[1u8, 2], [3, 4]]), 2),
        ("a list of optional numbers", value(&[Some(1u8), None]), 1),
        ("a list of tuples", value(&[(1u8, 2u16), (3, 4)]), 2),
        ("a list of tuples with a text", value(&text), 2),
        ("a list of tuples with arrays", value(&[([1u8, 2], 2u16), ([3, 4], 4)]), 4),
        ("a table", value(&Columns::new().with("a", &[1u8, 2])), 3),
        ("a table with a text", value(&Columns::new().with("a", &["x", "y"])), 2),
        ("a table with arrays", value(&[map("a", array(1)), map("a", array(2))]), 4),
        ("a table of small arrays", structures(1, Schema::Subarray(DType::U8, vec![8])), 4),
        ("a table of structures", structures(2, Schema::Scalar(DType::U64)), 5),
        ("a table of structures of small arrays", structures(2, Schema::Subarray(DType::U8, vec![8])), 6),
        ("a table of two structures around each", structures(3, Schema::Subarray(DType::U8, vec![2, 4])), 8),
        ("an array in a map", map("a", array(1)), 3),
        ("an array as a key", Value::Map(Map::from_iter([(array(1), Value::Nil)])), 3),
        ("an array in a list beside a scalar", Value::List(List::from(vec![value(&1), array(1), value(&1)])), 3),
    ]
}

/// Written and read agree about a value in so many lists; whether it can be written.
fn is_written(what: &str, inner: &Value, lists: usize) -> bool {
    // The document that it would be: the reader is asked whether it takes it.
    let document = [[0x92, 0xC0].repeat(lists), MsgpackNumpy.encode(inner).unwrap()].concat();
    let read = MsgpackNumpy.decode::<Value>(&document);
    match MsgpackNumpy.encode(&in_lists(inner.clone(), lists)) {
        Ok(written) => {
            assert_eq!(written, document, "{what} in {lists} lists");
            let read = read.unwrap_or_else(|error| panic!("{what} in {lists} lists is written and not read: {error}"));
            assert_eq!(MsgpackNumpy.encode(&read).unwrap(), written, "{what} in {lists} lists");
            true
        }
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::TooDeep, "{what} in {lists} lists: {error}");
            let read = read.map(drop).expect_err("what is read can be written");
            assert_eq!(read.kind(), ErrorKind::TooDeep, "{what} in {lists} lists: {read}");
            false
        }
    }
}

#[test]
fn every_kind_is_written_as_deep_as_it_is_read() {
    for (what, inner, levels) in kinds() {
        let deepest = (LIMIT - levels - 8..LIMIT + 4).rfind(|lists| is_written(what, &inner, *lists));
        assert_eq!(deepest, Some(LIMIT - levels), "{what}");
    }
}

#[test]
fn what_is_said_of_what_is_too_deep() {
    let error = MsgpackNumpy.encode(&in_lists(array(1), 127)).unwrap_err();
    let message = "nested too deep for MessagePack, of which 128 levels are read: an array takes two of them, a table three, and two \
                   more for each struct in its rows";
    assert_eq!(error.path(), Some(&*"[1]".repeat(127)));
    assert!(error.to_string().ends_with(message), "{error}");
    // Beyond 128 levels it is no value of ndwire either.
    let error = MsgpackNumpy.encode(&in_lists(value(&7), 129)).unwrap_err();
    assert!(error.to_string().ends_with("nested too deep: found 129 levels, the limit is 128"), "{error}");
}

/// A scalar of NumPy that only an array holds takes one level where Python wrote it, and two where it is written again.
#[test]
fn scalars_of_numpy() {
    let scalar = b"\x83\xC4\x02nd\xC2\xC4\x04type\xA3<f2\xC4\x04data\xC4\x02\x00\x3C";
    let read = |lists| MsgpackNumpy.decode::<Value>(&[&vec![0x91; lists][..], scalar].concat());
    assert!(MsgpackNumpy.encode(&read(126).unwrap()).is_ok());
    assert_eq!(MsgpackNumpy.encode(&read(127).unwrap()).unwrap_err().kind(), ErrorKind::TooDeep);
    assert_eq!(read(128).unwrap_err().kind(), ErrorKind::TooDeep);
}

fn any_value() -> impl Strategy<Value = Value> {
    let kind = (0..kinds().len()).prop_map(|index| kinds().swap_remove(index).1);
    kind.prop_recursive(4, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..3).prop_map(|all| Value::List(List::from(all))),
            prop::collection::vec(inner.clone(), 1..3).prop_map(|all| value(&all)),
            inner.prop_map(|inner| map("m", inner)),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn whatever_is_written_is_read(inner in any_value()) {
        let written: Vec<bool> = (88..130).map(|lists| is_written("a value", &inner, lists)).collect();
        prop_assert!(written[0] && !written[41] && written.is_sorted_by(|shallow, deep| shallow >= deep));
    }
}
