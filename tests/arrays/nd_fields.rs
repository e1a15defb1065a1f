//! The attribute on ndarray's owned, shared and view types, of every dimension.

use std::fmt::Debug;

use ndarray::{
    ArcArray, Array, Array1, Array2, Array3, ArrayD, ArrayView1, ArrayView2, ArrayViewMut2, CowArray, Dimension, Ix0,
    Ix1, Ix2, Ix3, Ix4, Ix5, Ix6, IxDyn, ShapeBuilder, s,
};
use ndwire::{AsArray, DynArrayView, Element, Order};
use serde::{Deserialize, Serialize};

use super::fields::layout;
use super::support::{Format, Sample, Shifted, lies_in, refused, samples};

/// An array of that shape, in both orders, as every type of ndarray's.
fn survives<T: Sample + Debug, D: Dimension>(shape: D) {
    for column_major in [false, true] {
        let order = shape.clone().set_f(column_major);
        let array: Array<T, D> = Array::from_shape_vec(order, samples(shape.size())).expect("it fits");
        let bytes = ndwire::to_vec(&AsArray(&array)).expect("written");
        let erased: DynArrayView<'_> = ndwire::from_slice(&bytes).expect("read");
        let ordered = shape.slice().iter().filter(|&&dim| dim > 1).count() > 1 && shape.size() > 0;
        assert_eq!((erased.dtype(), erased.shape()), (T::DTYPE, shape.slice()));
        assert_eq!(erased.order() == Order::ColumnMajor, column_major && ordered, "{:?}", shape.slice());
        assert_eq!(
            *erased.elements::<T>().expect("of this type"),
            array.as_slice_memory_order().expect("contiguous")[..]
        );
        for other in [
            ndwire::to_vec(&AsArray(array.view())),
            ndwire::to_vec(&AsArray(array.clone().view_mut())),
            ndwire::to_vec(&AsArray(array.to_shared())),
            ndwire::to_vec(&AsArray(CowArray::from(&array))),
            ndwire::to_vec(&AsArray(Some(&array))),
        ] {
            assert_eq!(other.expect("written"), bytes, "every type is written alike");
        }
        let AsArray(read) = ndwire::from_slice::<AsArray<Array<T, D>>>(&bytes).expect("read");
        assert_eq!(read, array);
        assert_eq!(read.as_slice_memory_order(), array.as_slice_memory_order(), "in the same order");
        for read in [
            ndwire::from_slice::<AsArray<ArcArray<T, D>>>(&bytes).map(|AsArray(read)| read.into_owned()),
            ndwire::from_slice::<AsArray<CowArray<'_, T, D>>>(&bytes).map(|AsArray(read)| read.into_owned()),
            ndwire::from_slice::<AsArray<Option<Array<T, D>>>>(&bytes).map(|AsArray(read)| read.expect("some")),
        ] {
            assert_eq!(read.expect("read"), array);
        }
        let input = Shifted::new(&bytes, 0);
        if shape.size() > 0 {
            let AsArray(view) =
                ndwire::from_slice::<AsArray<ndarray::ArrayView<'_, T, D>>>(input.bytes()).expect("aligned");
            assert_eq!(view, array);
            assert!(lies_in(view.as_slice_memory_order().expect("contiguous"), input.bytes()));
            let AsArray(cow) = ndwire::from_slice::<AsArray<CowArray<'_, T, D>>>(input.bytes()).expect("aligned");
            assert!(cow.is_view() && cow == array);
        }
    }
}

#[test]
fn arrays_of_every_dimension_survive() {
    survives::<f32, _>(Ix0());
    survives::<u8, _>(Ix1(5));
    survives::<u16, _>(Ix1(0));
    survives::<f64, _>(Ix2(3, 4));
    survives::<bool, _>(Ix2(3, 0));
    survives::<i8, _>(Ix3(2, 3, 4));
    survives::<u64, _>(Ix4(2, 1, 3, 2));
    survives::<i16, _>(Ix5(1, 2, 1, 2, 2));
    survives::<u32, _>(Ix6(2, 1, 2, 1, 2, 3));
    survives::<i64, _>(IxDyn(&[]));
    survives::<i32, _>(IxDyn(&[2, 1, 1, 1, 1, 1, 1, 3]));
    survives::<u128, _>(IxDyn(&[1; 32]));
    #[cfg(feature = "half-2")]
    survives::<half::f16, _>(Ix2(2, 3));
    #[cfg(feature = "num-complex-0_4")]
    survives::<num_complex::Complex<f32>, _>(Ix2(2, 3));
}

/// Both orders of a matrix, on every format.
fn survives_everywhere<T: Sample + Debug>() {
    for column_major in [false, true] {
        let array = Array2::from_shape_vec((2, 3).set_f(column_major), samples::<T>(6)).expect("it fits");
        for format in Format::ALL {
            let AsArray(read) = format.round(&AsArray(array.clone()));
            assert_eq!((read.strides(), &read), (array.strides(), &array), "{format:?}");
            let AsArray(read) = format.round(&AsArray(array.to_shared()));
            assert_eq!((read.strides(), &read), (array.strides(), &array.to_shared()), "{format:?}");
        }
        for format in Format::BORROWED {
            let bytes = format.write(&AsArray(&array));
            assert_eq!(format.read_borrowed::<AsArray<CowArray<'_, T, Ix2>>>(&bytes).expect("read").0, array);
        }
    }
}

#[test]
fn both_orders_survive_every_format() {
    survives_everywhere::<f32>();
    survives_everywhere::<i64>();
    #[cfg(feature = "half-2")]
    survives_everywhere::<half::bf16>();
    #[cfg(feature = "num-complex-0_4")]
    survives_everywhere::<num_complex::Complex<f64>>();
}

/// An array without elements is a view wherever it stands in the input: there is nothing to align.
#[test]
fn a_view_without_elements_is_borrowed_wherever_it_stands() {
    let empty = Array2::<f64>::zeros((3, 0));
    for name_len in 0..8 {
        let bytes = ndwire::to_vec(&("n".repeat(name_len), AsArray(&empty))).expect("written");
        let read = ndwire::from_slice::<(&str, AsArray<ArrayView2<'_, f64>>)>(&bytes);
        let (_, AsArray(view)) = read.unwrap_or_else(|error| panic!("name of {name_len} bytes: {error}"));
        assert_eq!(view, empty);
    }
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Frame<'a> {
    #[serde(with = "ndwire::array")]
    image: Array2<u8>,
    #[serde(with = "ndwire::array")]
    weights: ArrayD<f32>,
    #[serde(with = "ndwire::array")]
    shared: ArcArray<u16, Ix1>,
    #[serde(with = "ndwire::array", borrow)]
    cow: CowArray<'a, i32, Ix3>,
    #[serde(with = "ndwire::array", borrow)]
    view: ArrayView1<'a, f64>,
    #[serde(with = "ndwire::array", default)]
    mask: Option<Array1<bool>>,
}

#[test]
fn fields_are_array_nodes_in_their_memory_order() {
    let view = [0.5, 1.5];
    let frame = Frame {
        image: Array::from_shape_vec((2, 3).f(), (0..6).collect()).expect("it fits"),
        weights: ArrayD::from_elem(vec![2, 1, 2], 0.5),
        shared: ArcArray::from_iter([1, 2]),
        cow: Array3::from_elem((1, 2, 2), -1).into(),
        view: ArrayView1::from(&view),
        mask: None,
    };
    let expected = [
        "map, 6 entries",
        "  image: array u8 [2, 3] column-major, bytes 80..86",
        "  weights: array f32 [2, 1, 2], bytes 96..112",
        "  shared: array u16 [2], bytes 112..116",
        "  cow: array i32 [1, 2, 2], bytes 128..144",
        "  view: array f64 [2], bytes 144..160",
        "  mask: nil",
        "",
    ];
    assert_eq!(layout(&frame), expected.join("\n"));
    let bytes = ndwire::to_vec(&frame).expect("written");
    assert_eq!(bytes[80..86], [0, 1, 2, 3, 4, 5], "the column-major payload as it lies in memory");
    let input = Shifted::new(&bytes, 0);
    let read: Frame<'_> = ndwire::from_slice(input.bytes()).expect("read");
    assert_eq!(read, frame);
    assert_eq!(read.image.strides(), [1, 2]);
    assert!(read.cow.is_view() && lies_in(read.view.to_slice().expect("contiguous"), input.bytes()));
}

#[derive(Serialize)]
struct Mutable<'a> {
    #[serde(with = "ndwire::array")]
    view: ArrayViewMut2<'a, u8>,
}

#[test]
fn a_mutable_view_is_written() {
    let mut array = Array2::from_elem((2, 2), 7u8);
    let bytes = ndwire::to_vec(&Mutable { view: array.view_mut() }).expect("written");
    assert_eq!(layout(&Mutable { view: array.view_mut() }), "map, 1 entry\n  view: array u8 [2, 2], bytes 32..36\n");
    assert_eq!(bytes[32..], [7; 4]);
}

/// Logical order, element by element: the oracle is ndarray's own iterator.
#[track_caller]
fn written_in_logical_order<T: Sample, D: Dimension>(view: ndarray::ArrayView<'_, T, D>) {
    let logical: Vec<T> = view.iter().copied().collect();
    let bytes = ndwire::to_vec(&AsArray(view.view())).expect("written");
    let read: ndwire::ArrayView<'_, T> = ndwire::from_slice(&bytes).expect("read");
    assert_eq!((read.shape(), read.order(), read.elements()), (view.shape(), Order::RowMajor, &logical[..]));
    let AsArray(array) = ndwire::from_slice::<AsArray<Array<T, D>>>(&bytes).expect("read");
    assert_eq!(array, view);
}

#[test]
fn views_of_any_memory_are_written_in_logical_order() {
    let cube = Array::from_iter(0..60u16).into_shape_with_order((3, 4, 5)).expect("60 elements");
    written_in_logical_order(cube.view());
    written_in_logical_order(cube.slice(s![.., ..;2, 1..4]));
    written_in_logical_order(cube.slice(s![..;-1, .., ..]));
    written_in_logical_order(cube.slice(s![..;-1, ..;-2, ..;-1]));
    written_in_logical_order(cube.slice(s![1..1, .., ..]));
    written_in_logical_order(cube.slice(s![1, 2, 3]));
    written_in_logical_order(cube.slice(s![.., 1, ..]));
    written_in_logical_order(cube.view().permuted_axes([1, 0, 2]));
    written_in_logical_order(cube.view().permuted_axes([2, 0, 1]));
    written_in_logical_order(Array1::from_iter(0..3u8).broadcast((4, 3)).expect("it broadcasts"));
    written_in_logical_order(ndarray::aview0(&7i64).broadcast((2, 2, 2)).expect("it broadcasts"));
    written_in_logical_order(Array1::from_iter(0..10i32).slice(s![..;-3]));
    written_in_logical_order(cube.view().into_dyn());

    // Transposed whole, it keeps its memory, and is column-major.
    let bytes = ndwire::to_vec(&AsArray(cube.t())).expect("written");
    let read: ndwire::ArrayView<'_, u16> = ndwire::from_slice(&bytes).expect("read");
    assert_eq!((read.shape(), read.order()), (&[5, 4, 3][..], Order::ColumnMajor));
    assert_eq!(read.elements(), cube.as_slice().expect("contiguous"));
    assert_eq!(layout(&AsArray(cube.t())), "array u16 [5, 4, 3] column-major, bytes 32..152\n");
    assert_eq!(layout(&AsArray(cube.view())), "array u16 [3, 4, 5], bytes 32..152\n");
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
#[serde(bound(serialize = "T: Element, D: Dimension", deserialize = "T: Element, D: Dimension"))]
struct Generic<T: Element, D: Dimension> {
    #[serde(with = "ndwire::array")]
    array: Array<T, D>,
}

#[test]
fn generic_structs_say_their_bounds() {
    let generic = Generic { array: Array2::from_elem((2, 3), 0.5f32) };
    let dynamic = Generic { array: ArrayD::from_elem(vec![2; 7], 1u8) };
    for format in Format::ALL {
        assert_eq!(format.round(&generic), generic);
        assert_eq!(format.round(&dynamic), dynamic);
    }
}

#[test]
fn a_rank_that_is_not_that_of_the_field_is_refused() {
    let flat = ndwire::to_vec(&AsArray(vec![0.5f32; 6])).expect("written");
    let square = ndwire::to_vec(&AsArray(Array2::from_elem((2, 3), 0.5f32))).expect("written");
    let message = |found, expected| format!("array has another rank: found {found}, expected {expected}, at byte 16");
    refused::<AsArray<Array2<f32>>>(&flat, "shape", &message(1, 2));
    refused::<AsArray<Array1<f32>>>(&square, "shape", &message(2, 1));
    refused::<AsArray<Array<f32, Ix0>>>(&square, "shape", &message(2, 0));
    refused::<AsArray<ArcArray<f32, Ix3>>>(&square, "shape", &message(2, 3));
    refused::<AsArray<CowArray<'_, f32, Ix6>>>(&square, "shape", &message(2, 6));
    refused::<AsArray<ArrayView1<'_, f32>>>(&square, "shape", &message(2, 1));
    assert_eq!(ndwire::from_slice::<AsArray<ArrayD<f32>>>(&square).expect("any rank").0.shape(), [2, 3]);

    let deep = ArrayD::from_elem(vec![1; 33], 0u8);
    let error = ndwire::to_vec(&AsArray(&deep)).expect_err("too many dims");
    assert_eq!(error.to_string(), "rank 33 exceeds the limit of 32");
}

/// A dim of 0 beside others that multiply to almost all that ndarray, and this format, can count.
#[test]
fn large_dims_beside_a_0_are_read() {
    let wide = |dim| {
        let array = ndwire::Array::<u8>::from_elements([0, 1 << 40, dim], []).expect("the format has it");
        let bytes = ndwire::to_vec(&array).expect("written");
        assert_eq!(ndwire::from_slice::<ndwire::Array<u8>>(&bytes).expect("the format has it"), array);
        bytes
    };
    // The largest payload of the format is the largest isize: what fits the one fits the other, counted in bytes.
    let bytes = wide((1 << 23) - 1);
    assert_eq!(ndwire::from_slice::<AsArray<Array3<u8>>>(&bytes).expect("read").0.shape(), [0, 1 << 40, (1 << 23) - 1]);
    // Widened, it would be eight times that; ndarray counts elements, of which it has as many as before.
    assert_eq!(ndwire::from_slice::<AsArray<Array3<f64>>>(&bytes).expect("read").0.len(), 0);
}
