//! Arrays that are elements of lists: it makes no difference whether the lists are equally long, and so packed together, or not.

use std::fmt::Debug;

use ndwire::{Array, ArrayView, DynArray, Error, ErrorKind, Order, Value, from_slice, to_vec};
use serde::{Deserialize, Serialize};

/// The first of the lists: of equally long ones, and of those with another beside them.
fn firsts<R, T>(lists: [T; 2], other: T) -> [Result<R, String>; 2]
where
    R: for<'de> Deserialize<'de>,
    T: Serialize + Clone,
{
    let message = |error: Error| error.to_string().split(", at byte").next().unwrap_or_default().to_owned();
    let [one, two] = lists;
    [to_vec(&[one.clone(), two]), to_vec(&[one, other])]
        .map(|bytes| from_slice::<Vec<R>>(&bytes.unwrap()).map_err(message).map(|mut lists| lists.swap_remove(0)))
}

#[track_caller]
fn alike<R, T>(lists: [T; 2], other: T) -> Result<R, String>
where
    R: for<'de> Deserialize<'de> + Debug + PartialEq,
    T: Serialize + Clone,
{
    let [packed, apart] = firsts::<R, T>(lists, other);
    assert_eq!(packed, apart);
    // The form of a list too, where the type keeps it.
    assert_eq!(format!("{packed:?}"), format!("{apart:?}"));
    packed
}

#[test]
fn arrays_by_rows() {
    let lists = [vec![1.5f32, 2.0], vec![3.0, 4.0]];
    let dynamic: DynArray = alike(lists.clone(), vec![5.0]).unwrap();
    assert_eq!(dynamic, DynArray::from_elements([2], &[1.5f32, 2.0]).unwrap());
    let same: Array<f32> = alike(lists.clone(), vec![5.0]).unwrap();
    assert_eq!(same, vec![1.5, 2.0].into());
    let wider: Array<f64> = alike(lists.clone(), vec![5.0]).unwrap();
    assert_eq!(wider, vec![1.5, 2.0].into());
    let refused = alike::<Array<u8>, _>(lists, vec![5.0]).unwrap_err();
    assert_eq!(refused, "[0][0]: invalid type: found a float, expected u8");
}

/// Lists are read by value, whatever their dtype says: exactly, or not at all.
#[test]
fn integers_become_floats_that_hold_them() {
    let read: Array<f32> = alike([vec![1u32, 2], vec![3, 4]], vec![5]).unwrap();
    assert_eq!(read, vec![1.0, 2.0].into());
    let refused = alike::<Array<f32>, _>([vec![1u32, 16_777_217], vec![3, 4]], vec![5]).unwrap_err();
    assert_eq!(
        refused,
        "[0][1]: invalid value: found an integer out of range, expected an integer that f32 holds exactly"
    );
    let error = from_slice::<Vec<Array<u8>>>(&to_vec(&[[256u32], [1]]).unwrap()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidValue);
}

/// Bytes, and lists of more dims, go another way.
#[test]
fn bytes_and_blocks() {
    let bytes: Array<u8> = alike([vec![1u8, 2], vec![3, 4]], vec![5]).unwrap();
    assert_eq!(bytes, vec![1, 2].into());
    let block: Array<i16> = alike([[[1i16, 2, 3], [4, 5, 6]]; 2].map(Vec::from), vec![[7; 3]]).unwrap();
    assert_eq!(block, Array::from_elements([2, 3], [1, 2, 3, 4, 5, 6]).unwrap());
    let inside: Vec<DynArray> = alike([[[1i16, 2, 3], [4, 5, 6]]; 2].map(Vec::from), vec![[7; 3]]).unwrap();
    assert_eq!(inside, [[1i16, 2, 3], [4, 5, 6]].map(|row| DynArray::from_elements([3], &row).unwrap()));
}

/// Column-major arrays are shown by rows too, from a copy.
#[test]
fn arrays_in_an_array() {
    for (order, elements) in [(Order::RowMajor, [1i8, 2, 3, 4, 5, 6]), (Order::ColumnMajor, [1, 4, 2, 5, 3, 6])] {
        let bytes = to_vec(&Array::new([2, 3], order, elements).unwrap()).unwrap();
        let rows: Vec<ArrayView<'_, i8>> = from_slice(&bytes).unwrap();
        assert_eq!(rows, [&[1, 2, 3][..], &[4, 5, 6]].map(ArrayView::from));
        // What is read as a list of lists is lists.
        let rows: Vec<Array<u8>> = from_slice(&bytes).unwrap();
        assert_eq!(rows, [vec![1, 2, 3].into(), vec![4, 5, 6].into()]);
        let error = from_slice::<Vec<Array<bool>>>(&bytes).unwrap_err();
        assert_eq!(error.to_string(), "[0][0]: invalid type: found an integer, expected a boolean, at byte 16");
    }
}

/// An untyped value keeps the dtype of numbers in lists.
#[test]
fn untyped() {
    let value: Value = alike([vec![1u16, 2], vec![3, 4]], vec![5]).unwrap();
    assert_eq!(format!("{value:?}"), "rows u16 n=2");
}
