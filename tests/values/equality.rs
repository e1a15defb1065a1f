//! Two values are equal if they hold the same, in whatever form; and their hashes agree.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, HashSet};
use std::hash::{Hash, Hasher};

use ndwire::{DType, DynArray, List, Map, Order, Value, from_slice, to_vec};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde::Serialize;

fn hash_of(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[track_caller]
fn equal(one: &Value, other: &Value) {
    assert_eq!((one == other, other == one), (true, true), "{one:?} and {other:?}");
    assert_eq!(hash_of(one), hash_of(other), "{one:?} and {other:?}");
}

#[track_caller]
fn different(one: &Value, other: &Value) {
    assert_eq!((one == other, other == one), (false, false), "{one:?} and {other:?}");
}

fn read(written: &impl Serialize) -> Value {
    from_slice(&to_vec(written).unwrap()).unwrap()
}

fn some(value: Value) -> Value {
    Value::Some(Box::new(value))
}

fn map(entries: &[(&str, Value)]) -> Value {
    Value::Map(entries.iter().map(|(name, value)| (Value::from(*name), value.clone())).collect())
}

fn list(values: &[Value]) -> Value {
    Value::List(values.to_vec().into())
}

fn nest(levels: usize, value: Value) -> Value {
    (0..levels).fold(value, |inner, _| Value::from(vec![inner]))
}

/// The same value, with all lists made one by one.
fn built(value: &Value) -> Value {
    match value {
        Value::Some(inner) => some(built(inner)),
        Value::List(list) => Value::List(list.iter().map(|element| built(&element)).collect::<Vec<_>>().into()),
        Value::Map(map) => Value::Map(map.entries().iter().map(|(key, value)| (built(key), built(value))).collect()),
        other => other.clone(),
    }
}

/// The definition, word by word.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        // A some around what is not nil says nothing.
        (Value::Some(inner), other) if core(inner) != Value::Nil => same(inner, other),
        (one, Value::Some(inner)) if core(inner) != Value::Nil => same(one, inner),
        (Value::Some(one), Value::Some(other)) => same(one, other),
        (Value::Nil, Value::Nil) => true,
        (Value::Bool(one), Value::Bool(other)) => one == other,
        (Value::Int(one), Value::Int(other)) => one == other,
        (Value::Uint(one), Value::Uint(other)) => one == other,
        (Value::Int(int), Value::Uint(uint)) | (Value::Uint(uint), Value::Int(int)) => {
            u128::try_from(*int) == Ok(*uint)
        }
        (Value::F32(one), Value::F32(other)) => one.to_bits() == other.to_bits(),
        (Value::F64(one), Value::F64(other)) => one.to_bits() == other.to_bits(),
        (Value::Char(one), Value::Char(other)) => one == other,
        (Value::Str(one), Value::Str(other)) => one == other,
        (Value::Bytes(one), Value::Bytes(other)) => one == other,
        (Value::List(one), Value::List(other)) => {
            one.len() == other.len() && one.iter().zip(other.iter()).all(|(one, other)| same(&one, &other))
        }
        (Value::Map(one), Value::Map(other)) => {
            let entries = one.entries().iter().zip(other.entries());
            one.entries().len() == other.entries().len()
                && entries.into_iter().all(|(one, other)| same(&one.0, &other.0) && same(&one.1, &other.1))
        }
        (Value::Array(one), Value::Array(other)) => one == other,
        _ => false,
    }
}

fn core(value: &Value) -> Value {
    match value {
        Value::Some(inner) => core(inner),
        Value::Nil => Value::Nil,
        _ => Value::Bool(true),
    }
}

/// Few enough that two of them are often the same.
fn leaf() -> impl Strategy<Value = Value> {
    let array = |dtype, shape: &[usize], order| Value::from(DynArray::new(dtype, shape, order, [1, 0, 1, 1]).unwrap());
    select(vec![
        Value::Nil,
        some(Value::Nil),
        Value::Bool(true),
        Value::Int(1),
        Value::Uint(1),
        Value::Int(-1),
        Value::Uint(u128::MAX),
        Value::F32(1.0),
        Value::F64(1.0),
        Value::F64(-0.0),
        Value::F64(0.0),
        Value::F32(f32::NAN),
        Value::Char('a'),
        Value::from("a"),
        Value::from(b"a".to_vec()),
        array(DType::U8, &[4], Order::RowMajor),
        array(DType::Bool, &[2, 2], Order::RowMajor),
        array(DType::Bool, &[2, 2], Order::ColumnMajor),
        // Lists of the same content in other forms.
        list(&[Value::Int(1), Value::Int(1)]),
        read(&[1u8, 1]),
        read(&[1i64, 1]),
        read(&[Some(1u16), Some(1)]),
        list(&[list(&[Value::Int(1)]), list(&[Value::Int(1)])]),
        read(&[[1u8], [1]]),
        read(&[(1u8, "a"), (1, "a")]),
        list(&[list(&[Value::Int(1), "a".into()]), list(&[Value::Int(1), "a".into()])]),
        read(&[[("a", 1u8)], [("a", 1)]].map(BTreeMap::from)),
        list(&[map(&[("a", Value::Int(1))]), map(&[("a", Value::Int(1))])]),
    ])
}

fn value() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(4, 24, 3, |inner| {
        let entry = || (select(vec![Value::from("a"), Value::from("b"), Value::Int(1)]), inner.clone());
        prop_oneof![
            3 => vec(inner.clone(), 0..4).prop_map(|values| list(&values)),
            3 => (inner.clone(), 1..4usize).prop_map(|(value, count)| list(&vec![value; count])),
            3 => vec(entry(), 0..3).prop_map(|entries| Value::Map(entries.into_iter().collect())),
            1 => inner.clone().prop_map(some),
        ]
    })
}

fn leaves(value: &mut Value) -> Vec<&mut Value> {
    match value {
        Value::List(list) => list.to_mut().iter_mut().flat_map(leaves).collect(),
        Value::Map(map) => map.entries_mut().iter_mut().flat_map(|(_, value)| leaves(value)).collect(),
        leaf => vec![leaf],
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn equality_is_by_content(one in value(), other in value()) {
        prop_assert_eq!(one == other, same(&one, &other), "{:?} and {:?}", one, other);
        if one == other {
            prop_assert_eq!(hash_of(&one), hash_of(&other));
        }
        if let (Ok(bytes), Ok(others)) = (to_vec(&one), to_vec(&other)) && bytes == others {
            equal(&one, &other);
        }
    }

    /// What was read is what was written, in the form that the elements chose.
    #[test]
    fn what_was_read_equals_what_was_written(value in value(), at in any::<Index>(), leaf in leaf()) {
        let again = read(&value);
        equal(&again, &value);
        equal(&again, &built(&again));
        let mut other = built(&again);
        let mut leaves = leaves(&mut other);
        if !leaves.is_empty() {
            let index = at.index(leaves.len());
            *leaves[index] = leaf;
        }
        prop_assert_eq!(again == other, same(&again, &other), "{:?} and {:?}", again, other);
        prop_assert_eq!(again == read(&other), same(&again, &other), "{:?} and {:?}", again, other);
    }
}

#[derive(Serialize, Clone)]
struct Row {
    id: u16,
    corner: [[f32; 2]; 2],
    note: Option<bool>,
    label: &'static str,
    inner: Inner,
    many: Vec<u8>,
}

#[derive(Serialize, Clone)]
struct Inner {
    kind: i8,
    tags: Vec<&'static str>,
}

fn rows() -> Vec<Row> {
    let row = |id: u16| Row {
        id,
        corner: [[0.5, f32::NAN], [id.into(), -0.0]],
        note: (id % 3 == 1).then_some(true),
        label: "label",
        inner: Inner { kind: -1, tags: vec!["tag"; usize::from(id % 3)] },
        many: vec![7; usize::from(id)],
    };
    (0..5).map(row).collect()
}

/// In every form that a list is read in: as packed, as made one by one, and with each leaf changed.
#[test]
fn the_form_of_a_list_does_not_count() {
    let values = [
        read(&[1u8, 2, 3]),
        read(&[1i64, 2, 3]),
        read(&[true, false]),
        read(&[Some(1.5f64), None]),
        read(&[[[1u8, 2], [3, 4]], [[5, 6], [7, 8]]]),
        read(&[(1u8, [0.5f32; 3], Some(2u16)), (2, [0.25; 3], None)]),
        read(&[(1u8, "x", vec![1u8]), (2, "y", vec![2])]),
        read(&rows()),
        read(&vec![rows(), rows()]),
        read(&(rows(), "x", [[0u8; 3]; 2])),
    ];
    for value in &values {
        let other = built(value);
        equal(value, value);
        equal(value, &other);
        equal(value, &read(&other));
        let count = leaves(&mut other.clone()).len();
        for index in 0..count {
            let mut changed = other.clone();
            *leaves(&mut changed)[index] = "changed".into();
            different(value, &changed);
            different(value, &read(&changed));
        }
        let mut longer = other.clone();
        let Value::List(list) = &mut longer else { panic!("a list") };
        list.to_mut().push(Value::Nil);
        different(value, &longer);
    }
    equal(&values[0], &values[1]);
    // The same bytes of other types or shapes are not the same lists.
    different(&read(&[1u32, 0]), &read(&[1u64]));
    different(&read(&[0u8, 1]), &read(&[false, true]));
    different(&read(&[[1u8, 2], [3, 4]]), &read(&[[1u8, 2, 3, 4]]));
    different(&read(&[0x3F80_0000u32]), &read(&[1.0f32]));
    // Nor are rows that differ in a name alone.
    let named = |name: &'static str| read(&[[(name, 1u8)], [(name, 2)]].map(BTreeMap::from));
    equal(&named("a"), &named("a"));
    different(&named("a"), &named("b"));
}

#[test]
fn what_counts_and_what_does_not() {
    equal(&Value::Uint(5), &Value::Int(5));
    equal(&some(Value::Int(5)), &Value::Int(5));
    equal(&some(some(Value::Nil)), &some(some(Value::Nil)));
    equal(&Value::List(List::default()), &read(&[0u8; 0]));
    equal(&Value::F64(f64::NAN), &Value::F64(f64::NAN));
    let array = |order| Value::from(DynArray::new(DType::U8, [2, 2], order, [1, 2, 3, 4]).unwrap());
    let (a, b) = (("a", Value::Int(1)), ("b", Value::Int(2)));
    for (one, other) in [
        (Value::Nil, some(Value::Nil)),
        (some(Value::Nil), some(some(Value::Nil))),
        (Value::F32(1.0), Value::F64(1.0)),
        (Value::F64(0.0), Value::F64(-0.0)),
        (Value::F64(1.0), Value::Int(1)),
        (Value::Uint(u128::MAX), Value::Int(-1)),
        (Value::from("a"), Value::Char('a')),
        (Value::from("a"), Value::from(b"a".to_vec())),
        (array(Order::RowMajor), read(&[[1u8, 2], [3, 4]])),
        (array(Order::RowMajor), array(Order::ColumnMajor)),
        (map(&[a.clone(), b.clone()]), map(&[b.clone(), a.clone()])),
        (map(&[a.clone(), b]), map(std::slice::from_ref(&a))),
        (map(&[a.clone(), a.clone()]), map(&[a])),
        (list(&[]), Value::Map(Map::default())),
        (list(&[list(&[]), Value::Nil]), list(&[list(&[Value::Nil])])),
        (list(&[list(&[Value::Nil]), list(&[])]), list(&[list(&[]), list(&[Value::Nil])])),
    ] {
        different(&one, &other);
        equal(&one, &one);
    }
}

/// All that is nested deeper than can be written was the same.
#[test]
fn what_cannot_be_written_is_compared_too() {
    different(&nest(129, Value::Int(1)), &nest(140, "x".into()));
    different(&nest(129, Value::Int(1)), &nest(129, Value::Int(2)));
    equal(&nest(129, Value::Int(1)), &nest(129, Value::Uint(1)));
    let ten: HashSet<Value> = (0..10).map(|n| nest(129, Value::Int(n))).collect();
    assert_eq!(ten.len(), 10);
}

/// However deep a value is, comparing it takes no stack.
#[test]
fn nothing_is_called_again_for_what_is_nested() {
    let on_stack = |bytes, run: &(dyn Fn() + Sync)| {
        std::thread::scope(|scope| {
            std::thread::Builder::new().stack_size(bytes).spawn_scoped(scope, run).unwrap().join().unwrap();
        });
    };
    // Dropping it takes some.
    on_stack(64 << 20, &|| {
        let around = |inner| Value::Map([("a".into(), Value::from(vec![inner]))].into_iter().collect());
        let maps = |leaf| (0..10_000).fold(leaf, |inner, _| around(inner));
        let (one, same, other) = (maps(Value::Int(1)), maps(Value::Uint(1)), maps(Value::Int(2)));
        on_stack(32 << 10, &|| {
            equal_without_text(&one, &same);
            assert!(one != other);
        });
    });
}

fn equal_without_text(one: &Value, other: &Value) {
    assert!(one == other && hash_of(one) == hash_of(other));
}
