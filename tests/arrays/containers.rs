//! `AsArray` on lists of arrays of a fixed length, and on what arrays are kept in.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::fmt::Debug;
use std::rc::Rc;
use std::sync::Arc;

use ndwire::array::{DeserializeArray, SerializeArray};
use ndwire::{Array, AsArray, Order, from_slice, to_vec};

use super::support::refused;

const POINTS: [[f32; 3]; 2] = [[0.5, 1.0, 1.5], [2.0, 2.5, 3.0]];

/// Written as that array, and read back from it.
#[track_caller]
fn is_array<T>(value: T, shape: &[usize], elements: &[f32])
where
    T: SerializeArray + for<'de> DeserializeArray<'de> + PartialEq + Debug,
{
    let bytes = to_vec(&AsArray(&value)).expect("written");
    assert_eq!(bytes, to_vec(&Array::from_elements(shape, elements).expect("it fits")).expect("written"));
    assert_eq!(from_slice::<AsArray<T>>(&bytes).expect("read").0, value);
    // Not aligned, so that nothing is borrowed.
    let moved = [&[0], &bytes[..]].concat();
    assert_eq!(from_slice::<AsArray<T>>(&moved[1..]).expect("read").0, value);
}

#[test]
fn lists_of_fixed_arrays_have_more_dims() {
    let flat = POINTS.as_flattened();
    is_array(POINTS, &[2, 3], flat);
    is_array(POINTS.to_vec(), &[2, 3], flat);
    is_array(VecDeque::from(POINTS), &[2, 3], flat);
    is_array(Box::<[[f32; 3]]>::from(POINTS), &[2, 3], flat);
    is_array(Arc::<[[f32; 3]]>::from(POINTS), &[2, 3], flat);
    is_array([[[0.5f32; 2]; 3]; 4], &[4, 3, 2], &[0.5; 24]);
    is_array(vec![[[[0.5f32; 1]; 2]; 3]; 2], &[2, 3, 2, 1], &[0.5; 12]);
    is_array(Vec::<[f32; 3]>::new(), &[0, 3], &[]);
    is_array([[0.5f32; 2]; 2], &[2, 2], &[0.5; 4]);
}

#[test]
fn pointers_hold_arrays() {
    let list = [0.5f32, 1.5];
    is_array(Arc::<[f32]>::from(list), &[2], &list);
    is_array(Rc::<[f32]>::from(list), &[2], &list);
    is_array(Box::<[f32]>::from(list), &[2], &list);
    is_array(Arc::new(list.to_vec()), &[2], &list);
    is_array(Rc::new(list), &[2], &list);
    is_array(Box::new(Arc::new(list)), &[2], &list);
    is_array(Some(Arc::new(list)), &[2], &list);
    #[cfg(feature = "ndarray-0_17")]
    {
        let pose = ndarray::Array2::from_elem((2, 3), 0.5f32);
        is_array(Arc::new(pose.clone()), &[2, 3], &[0.5; 6]);
        is_array(Rc::new(pose.clone()), &[2, 3], &[0.5; 6]);
        is_array(Box::new(pose), &[2, 3], &[0.5; 6]);
    }
}

#[test]
fn a_deque_that_wraps_is_written_in_its_order() {
    let mut deque = VecDeque::with_capacity(4);
    deque.extend([2.0f32, 3.0]);
    deque.push_front(1.0);
    assert!(!deque.as_slices().1.is_empty(), "it wraps");
    is_array(deque, &[3], &[1.0, 2.0, 3.0]);
}

#[test]
fn elements_come_in_logical_order() {
    let turned = Array::new([3, 2], Order::ColumnMajor, [1u16, 3, 5, 2, 4, 6]).expect("it fits");
    let bytes = to_vec(&turned).expect("written");
    assert_eq!(from_slice::<AsArray<[[u16; 2]; 3]>>(&bytes).expect("read").0, [[1, 2], [3, 4], [5, 6]]);
    assert_eq!(from_slice::<AsArray<Vec<[u16; 2]>>>(&bytes).expect("read").0, [[1, 2], [3, 4], [5, 6]]);
}

#[test]
fn fixed_arrays_are_borrowed_and_widened() {
    let bytes = to_vec(&AsArray(POINTS)).expect("written");
    assert_eq!(from_slice::<AsArray<&[[f32; 3]]>>(&bytes).expect("borrowed").0, POINTS);
    assert!(matches!(from_slice::<AsArray<Cow<'_, [[f32; 3]]>>>(&bytes).expect("read").0, Cow::Borrowed(_)));
    assert_eq!(from_slice::<AsArray<[[f64; 3]; 2]>>(&bytes).expect("wider").0, POINTS.map(|row| row.map(f64::from)));
    // As it is written without the attribute.
    let list = to_vec(&POINTS.to_vec()).expect("written");
    assert_eq!(from_slice::<AsArray<Vec<[f32; 3]>>>(&list).expect("read").0, POINTS);
}

#[test]
fn other_dims_are_refused() {
    let bytes = to_vec(&AsArray(POINTS)).expect("written");
    let at = |message: &str| format!("{message}, at byte 16");
    let other = at("invalid length: found 3, expected 4 along axis 1");
    refused::<AsArray<Vec<[f32; 4]>>>(&bytes, "invalid_length", &other);
    let other = at("invalid length: found 2, expected an array of length 3");
    refused::<AsArray<[[f32; 3]; 3]>>(&bytes, "invalid_length", &other);
    let other = at("array has another rank: found 2, expected 3");
    refused::<AsArray<Vec<[[f32; 3]; 1]>>>(&bytes, "shape", &other);
    let other = at("array has another rank: found 2, expected 1");
    refused::<AsArray<Arc<[f32]>>>(&bytes, "shape", &other);
}
