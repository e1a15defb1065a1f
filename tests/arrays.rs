//! Array types: on this format, on others, in buffers that are not aligned, and fed with shapes that do not fit.

use std::borrow::Cow;

use ndwire::{from_slice, to_vec, DType, DynArray, ErrorKind, Order};
use serde::{Deserialize, Serialize};

/// Arrays of every dtype: of rank 0, with a dim of 0, of rank 32, column-major.
fn every_array() -> impl Iterator<Item = DynArray<'static>> {
    let shapes: [&[usize]; 6] = [&[], &[0], &[3], &[2, 0, 3], &[2, 3], &[1; 32]];
    DType::ALL.iter().flat_map(move |&dtype| {
        shapes.into_iter().flat_map(move |shape| {
            let len = shape.iter().product::<usize>() * dtype.size();
            let bytes: Vec<u8> = (0..len).map(|i| (i % 2) as u8).collect();
            [Order::RowMajor, Order::ColumnMajor]
                .map(|order| DynArray::new(dtype, shape, order, bytes.clone()).expect("shape and bytes fit"))
        })
    })
}

#[test]
fn every_array_survives_this_format_and_json() {
    let mut count = 0;
    for array in every_array() {
        let bytes = to_vec(&array).expect("written");
        assert_eq!(from_slice::<DynArray<'_>>(&bytes).expect("read"), array);
        let text = serde_json::to_string(&array).expect("written");
        assert_eq!(serde_json::from_str::<DynArray<'_>>(&text).expect("read"), array, "{text}");
        count += 1;
    }
    assert_eq!(count, 47 * 6 * 2);
}

#[test]
fn an_array_is_borrowed_from_the_input_wherever_that_lies() {
    let numbers: Vec<f64> = (0..100).map(f64::from).collect();
    let bytes = to_vec(&DynArray::from_elements(&numbers, [100]).expect("it fits")).expect("written");
    let mut room = vec![0; bytes.len() + 16];
    let mut copied = 0;
    for shift in 0..16 {
        room[shift..shift + bytes.len()].copy_from_slice(&bytes);
        let input = &room[shift..shift + bytes.len()];
        let array: DynArray<'_> = from_slice(input).expect("alignment is no condition");
        assert!(input.as_ptr_range().contains(&array.bytes().as_ptr()), "the bytes are borrowed in any case");
        let elements = array.elements::<f64>().expect("the right dtype");
        assert_eq!(*elements, numbers[..]);
        copied += usize::from(matches!(elements, Cow::Owned(_)));
    }
    assert_eq!(copied, 14, "two of sixteen places are aligned for 8 bytes");
}

#[test]
fn a_packed_list_reads_as_an_array_and_an_array_as_a_list() {
    let list = to_vec(&vec![[1u16, 2, 3], [4, 5, 6]]).expect("written");
    let array: DynArray<'_> = from_slice(&list).expect("read");
    assert_eq!((array.dtype(), array.shape()), (DType::U16, &[2, 3][..]));

    let column_major = DynArray::new(DType::U8, [2, 3], Order::ColumnMajor, vec![1, 4, 2, 5, 3, 6]).expect("it fits");
    let bytes = to_vec(&column_major).expect("written");
    assert_eq!(from_slice::<Vec<Vec<u64>>>(&bytes).expect("read"), [[1, 2, 3], [4, 5, 6]]);
    assert_eq!(from_slice::<[[u8; 3]; 2]>(&bytes).expect("read"), [[1, 2, 3], [4, 5, 6]]);

    let error = from_slice::<DynArray<'_>>(&to_vec(&["a", "b"]).expect("written")).expect_err("no array");
    assert_eq!(error.to_string(), "invalid type: found a list, expected an array, at byte 16");
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
#[serde(tag = "kind")]
enum Tagged<'a> {
    Image(#[serde(borrow)] DynArray<'a>),
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Flattened<'a> {
    id: u8,
    #[serde(flatten, borrow)]
    rest: Rest<'a>,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Rest<'a> {
    #[serde(borrow)]
    image: DynArray<'a>,
}

#[test]
fn arrays_inside_tagged_and_flattened_types_keep_their_order() {
    let image = || DynArray::new(DType::F32, [2, 3], Order::ColumnMajor, vec![7; 24]).expect("it fits");
    let tagged = Tagged::Image(image());
    assert_eq!(from_slice::<Tagged<'_>>(&to_vec(&tagged).expect("written")).expect("read"), tagged);
    let flattened = Flattened { id: 1, rest: Rest { image: image() } };
    assert_eq!(from_slice::<Flattened<'_>>(&to_vec(&flattened).expect("written")).expect("read"), flattened);
}

#[test]
fn a_shape_that_does_not_fit_is_refused_whatever_it_came_from() {
    let ones = format!(r#"{{"dtype": "u8", "shape": [1{}], "data": [1]}}"#, ", 1".repeat(32));
    let cases = [
        (r#"{"dtype": "u8", "shape": [3], "data": [1, 2]}"#, "does not fit its data: found 2 bytes, expected 3"),
        (r#"{"dtype": "u8", "shape": [4294967296, 4294967296], "data": []}"#, "exceeds the largest payload"),
        (&ones, "rank 33 exceeds the limit of 32"),
        (r#"{"dtype": "bool", "shape": [1], "data": [2]}"#, "invalid type"),
        (r#"{"dtype": "no", "shape": [1], "data": [2]}"#, "expected the name of a dtype"),
        (r#"{"dtype": "u8", "shape": [1], "order": "X", "data": [2]}"#, "expected the order `C` or `F`"),
        (r#"{"dtype": "u8", "shape": [1]}"#, "missing field `data`"),
        (r#"{"dtype": "u8", "dtype": "u8", "shape": [1], "data": [1]}"#, "duplicate field `dtype`"),
        (r#"{"data": [1], "dtype": "u8", "shape": [1]}"#, "the dtype of an array must stand before its data"),
    ];
    for (json, expected) in cases {
        let error = serde_json::from_str::<DynArray<'_>>(json).expect_err("refused").to_string();
        assert!(error.contains(expected), "{json}: {error}");
        // The same struct as a plain map of this format.
        let mut serializer = ndwire::Serializer::new(ndwire::Options::default());
        let mut json_deserializer = serde_json::Deserializer::from_str(json);
        serde_transcode::transcode(&mut json_deserializer, &mut serializer).expect("transcoded");
        let bytes = serializer.into_vec().expect("written");
        let error = from_slice::<DynArray<'_>>(&bytes).expect_err("refused").to_string();
        assert!(error.contains(expected), "{json}: {error}");
    }
    let error = DynArray::new(DType::Bool, [1], Order::RowMajor, vec![2]).expect_err("no bool");
    assert_eq!(error.kind(), ErrorKind::Malformed);
    let error = DynArray::from_elements(&[1u8, 2], [3]).expect_err("too few");
    assert_eq!(error.kind(), ErrorKind::Shape);
}

#[cfg(feature = "ndarray-0_17")]
mod ndarray_0_17 {
    use super::*;
    use ndarray::{s, Array, ArrayD, IxDyn};

    /// Views with gaps, reversed, transposed, empty and of rank 0 are written in logical order.
    #[test]
    fn views_of_any_memory_are_written_in_logical_order() {
        let cube = Array::from_iter(0..60u16).into_shape_with_order((3, 4, 5)).expect("60 elements");
        let views = [
            cube.view().into_dyn(),
            cube.t().into_dyn(),
            cube.slice(s![.., ..;2, 1..4]).into_dyn(),
            cube.slice(s![..;-1, .., ..]).into_dyn(),
            cube.slice(s![1..1, .., ..]).into_dyn(),
            cube.slice(s![1, 2, 3]).into_dyn(),
            cube.view().permuted_axes([1, 0, 2]).into_dyn(),
        ];
        for view in views {
            let bytes = to_vec(&DynArray::from_ndarray(view.clone()).expect("of rank 3")).expect("written");
            let read: DynArray<'_> = from_slice(&bytes).expect("read");
            assert_eq!(read.to_ndarray::<u16>().expect("the right dtype"), view);
        }
        let transposed = DynArray::try_from(&cube.t().to_owned()).expect("of rank 3");
        assert_eq!(transposed.order(), Order::ColumnMajor);
    }

    #[test]
    fn a_stock_array_reads_what_a_stock_array_wrote() {
        let stock: ArrayD<f32> = Array::from_elem(IxDyn(&[2, 3, 4]), 0.5);
        assert_eq!(from_slice::<ArrayD<f32>>(&to_vec(&stock).expect("written")).expect("read"), stock);
    }
}

/// An element that fails on its own, after many that were packed on the fast path, must not take the caller's buffer with it.
#[test]
fn a_failing_element_leaves_the_buffer_as_it_was() {
    struct Fails(u32);

    impl Serialize for Fails {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            match self.0 {
                150 => Err(serde::ser::Error::custom("no")),
                number => serializer.serialize_u32(number),
            }
        }
    }

    let mut buffer = b"before".to_vec();
    let elements: Vec<Fails> = (0..1000).map(Fails).collect();
    let error = ndwire::encode_into(&elements, &mut buffer).expect_err("one fails");
    assert_eq!((error.to_string().as_str(), &buffer[..]), ("[150]: no", &b"before"[..]));
}
