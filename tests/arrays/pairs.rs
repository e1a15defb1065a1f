//! The closed list of pairs by which the attribute can be added to a field later: each is read both ways.

use std::collections::{BTreeSet, VecDeque};
use std::fmt::Debug;

use ndwire::array::{DeserializeArray, SerializeArray};
use ndwire::{Array, AsArray, DType, DynArray, Order};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, PartialEq, Debug)]
#[serde(bound(serialize = "A: SerializeArray", deserialize = "A: DeserializeArray<'de>"))]
struct Attributed<A> {
    id: u8,
    #[serde(with = "ndwire::array")]
    field: A,
    after: String,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Plain<P> {
    id: u8,
    field: P,
    after: String,
}

/// What the one wrote the other reads.
#[track_caller]
fn both_ways<P, A>(plain: P, attributed: A)
where
    P: Serialize + DeserializeOwned + PartialEq + Debug,
    A: SerializeArray + for<'de> DeserializeArray<'de> + PartialEq + Debug,
{
    let bytes = ndwire::to_vec(&plain).expect("written");
    assert_eq!(ndwire::from_slice::<AsArray<A>>(&bytes).expect("the attribute was added").0, attributed);
    let bytes = ndwire::to_vec(&AsArray(attributed)).expect("written");
    assert_eq!(ndwire::from_slice::<P>(&bytes).expect("the reader has no attribute"), plain);
}

/// The same in a struct, in a list of structs, and in an option.
#[track_caller]
fn both_ways_in_structs<P, A>(plain: P, attributed: A)
where
    P: Serialize + DeserializeOwned + PartialEq + Debug + Clone,
    A: SerializeArray + for<'de> DeserializeArray<'de> + PartialEq + Debug + Clone,
{
    let plain = || Plain { id: 7, field: plain.clone(), after: "a".into() };
    let attributed = || Attributed { id: 7, field: attributed.clone(), after: "a".into() };
    let bytes = ndwire::to_vec(&plain()).expect("written");
    assert_eq!(ndwire::from_slice::<Attributed<A>>(&bytes).expect("the attribute was added"), attributed());
    let option = ndwire::from_slice::<Attributed<Option<A>>>(&bytes).expect("with an option as well");
    assert_eq!(option.field, Some(attributed().field));
    let bytes = ndwire::to_vec(&vec![plain(), plain()]).expect("written");
    assert_eq!(ndwire::from_slice::<Vec<Attributed<A>>>(&bytes).expect("in a table"), [attributed(), attributed()]);

    let bytes = ndwire::to_vec(&attributed()).expect("written");
    assert_eq!(ndwire::from_slice::<Plain<P>>(&bytes).expect("the reader has no attribute"), plain());
    assert_eq!(ndwire::from_slice::<Plain<Option<P>>>(&bytes).expect("with an option").field, Some(plain().field));
    let bytes = ndwire::to_vec(&vec![attributed(), attributed()]).expect("written");
    assert_eq!(ndwire::from_slice::<Vec<Plain<P>>>(&bytes).expect("in a table"), [plain(), plain()]);
}

#[test]
fn plain_lists_of_the_standard_library() {
    both_ways_in_structs(vec![0.5f32, -0.0], vec![0.5f32, -0.0]);
    both_ways(vec![1u8, 2, 3], vec![1u8, 2, 3]);
    both_ways(vec![true, false], vec![true, false]);
    both_ways(vec![i64::MIN, i64::MAX], vec![i64::MIN, i64::MAX]);
    both_ways(vec![u64::MAX, 0], vec![u64::MAX, 0]);
    both_ways(vec![0.5f64; 1000], vec![0.5f64; 1000]);
    both_ways(vec![7u16; 255], vec![7u16; 255]);
    both_ways(vec![7u16; 256], vec![7u16; 256]);
    // Lists of wide integers are not packed.
    both_ways_in_structs(vec![u128::MAX, 0], vec![u128::MAX, 0]);
    both_ways(vec![i128::MIN, 0, i128::MAX], vec![i128::MIN, 0, i128::MAX]);
    both_ways(Vec::<f32>::new(), Vec::<f32>::new());
    both_ways([1u32, 2, 3], [1u32, 2, 3]);
    both_ways([1u32, 2, 3], vec![1u32, 2, 3]);
    both_ways(vec![1u32, 2, 3].into_boxed_slice(), vec![1u32, 2, 3].into_boxed_slice());
    both_ways((1u8, 2u8), [1u8, 2]);
    both_ways((-1i8, 2u8), vec![-1i16, 2]);
    both_ways(VecDeque::from([1u64, 2]), vec![1u64, 2]);
    both_ways(BTreeSet::from([-2i32, 1]), vec![-2i32, 1]);
    both_ways(vec![Some(0.5f32), Some(1.5)], vec![0.5f32, 1.5]);
}

/// A plain `Vec` converts as serde's own visitors do; an array widens.
#[test]
fn lists_widen_as_arrays_do() {
    let bytes = ndwire::to_vec(&vec![1u8, 255]).expect("written");
    assert_eq!(ndwire::from_slice::<Array<f32>>(&bytes).expect("it widens").elements(), [1.0, 255.0]);
    assert_eq!(ndwire::from_slice::<Array<u64>>(&bytes).expect("it widens").elements(), [1, 255]);
    let bytes = ndwire::to_vec(&vec![[0.5f32, 1.5]; 2]).expect("written");
    let read: Array<f64> = ndwire::from_slice(&bytes).expect("it widens");
    assert_eq!((read.shape(), read.elements()), (&[2, 2][..], &[0.5, 1.5, 0.5, 1.5][..]));
}

#[test]
fn a_packed_list_keeps_its_dtype_where_the_dtype_is_erased() {
    let erased = |bytes: &[u8]| ndwire::from_slice::<DynArray>(bytes).expect("read");
    let array = erased(&ndwire::to_vec(&vec![[1u16, 2, 3], [4, 5, 6]]).expect("written"));
    assert_eq!((array.dtype(), array.shape(), array.order()), (DType::U16, &[2, 3][..], Order::RowMajor));
    assert_eq!(array.bytes(), [1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0]);
    // Halves without the attribute are their bits.
    let array = erased(&ndwire::to_vec(&vec![half::f16::ONE]).expect("written"));
    assert_eq!((array.dtype(), array.bytes()), (DType::U16, &[0, 0x3C][..]));
}

#[test]
fn a_column_major_array_is_a_list_in_logical_order() {
    let array = Array::new([2, 3], Order::ColumnMajor, [1u8, 4, 2, 5, 3, 6]).expect("it fits");
    let bytes = ndwire::to_vec(&array).expect("written");
    assert_eq!(ndwire::from_slice::<Vec<Vec<u64>>>(&bytes).expect("read"), [[1, 2, 3], [4, 5, 6]]);
    assert_eq!(ndwire::from_slice::<[[u8; 3]; 2]>(&bytes).expect("read"), [[1, 2, 3], [4, 5, 6]]);
    assert_eq!(ndwire::from_slice::<((u8, f32, u16), [i64; 3])>(&bytes).expect("read"), ((1, 2.0, 3), [4, 5, 6]));
}

#[cfg(feature = "half-2")]
mod half_2 {
    use half::{bf16, f16};

    use super::*;

    #[test]
    fn halves_by_their_own_serde_are_lists_of_u16() {
        let halves: Vec<f16> = [0.5, -0.0, f32::INFINITY, 65504.0].map(f16::from_f32).into();
        both_ways_in_structs(halves.clone(), halves.clone());
        both_ways(halves.clone(), Box::<[f16]>::from(halves.clone()));
        both_ways(halves.clone(), [halves[0], halves[1], halves[2], halves[3]]);
        both_ways(halves.repeat(100), halves.repeat(100));
        let brain: Vec<bf16> = [0.5, -0.0, f32::INFINITY, 1e38].map(bf16::from_f32).into();
        both_ways(brain.clone(), brain.clone());
        both_ways(brain.repeat(100), brain.repeat(100));
        both_ways(Vec::<bf16>::new(), Vec::<bf16>::new());
        // A NaN keeps its bits.
        let bytes = ndwire::to_vec(&vec![f16::from_bits(0x7D01)]).expect("written");
        assert_eq!(ndwire::from_slice::<Array<f16>>(&bytes).expect("read").elements()[0].to_bits(), 0x7D01);
        let nested = ndwire::to_vec(&[[f16::ONE; 2]; 3]).expect("written");
        let read: Array<f16> = ndwire::from_slice(&nested).expect("read");
        assert_eq!((read.dtype(), read.shape(), read.elements()), (DType::F16, &[3, 2][..], &[f16::ONE; 6][..]));
    }

    /// In other formats a list is a list as well.
    #[test]
    fn halves_are_lists_of_u16_on_every_format() {
        let halves = vec![f16::ONE, f16::MAX];
        for format in crate::support::Format::ALL {
            let read: Array<f16> = format.read(&format.write(&halves)).expect("read");
            assert_eq!(read.elements(), halves, "{format:?}");
        }
    }
}

#[cfg(feature = "num-complex-0_4")]
mod num_complex_0_4 {
    use num_complex::Complex;

    use super::*;

    #[test]
    fn complex_numbers_by_their_own_serde_are_pairs() {
        let single = vec![Complex { re: 0.5f32, im: -0.0 }, Complex { re: 1.0, im: 2.0 }];
        let double = vec![Complex { re: 0.1f64, im: -0.1 }; 3];
        both_ways_in_structs(single.clone(), single.clone());
        both_ways(single.repeat(100), single.repeat(100));
        both_ways(double.clone(), double.clone());
        both_ways(double.clone(), [double[0]; 3]);
        both_ways(double.repeat(100), double.repeat(100));
        both_ways(Vec::<Complex<f32>>::new(), Vec::<Complex<f32>>::new());
        both_ways(Vec::<Complex<f64>>::new(), Vec::<Complex<f64>>::new());
        let nested = ndwire::to_vec(&[[single[1]; 2]; 3]).expect("written");
        let read: Array<Complex<f32>> = ndwire::from_slice(&nested).expect("read");
        assert_eq!((read.dtype(), read.shape(), read.elements()), (DType::Complex64, &[3, 2][..], &[single[1]; 6][..]));
        for format in crate::support::Format::ALL {
            let read: Array<Complex<f32>> = format.read(&format.write(&single)).expect("read");
            assert_eq!((read.shape(), read.elements()), (&[2][..], &single[..]), "{format:?}");
        }
    }
}

#[cfg(feature = "ndarray-0_17")]
mod ndarray_0_17 {
    use ndarray::{ArcArray1, Array2, Array3, ArrayD, IxDyn, ShapeBuilder, arr0, arr1, arr2, arr3};

    use super::*;

    #[test]
    fn ndarrays_own_serde() {
        both_ways(arr0(0.5f32), arr0(0.5f32));
        both_ways_in_structs(arr1(&[1u8, 2, 3]), arr1(&[1u8, 2, 3]));
        both_ways(arr1(&[1u8, 2, 3]).to_shared(), arr1(&[1u8, 2, 3]).to_shared());
        both_ways(arr2(&[[1i64, 2, 3], [4, 5, -6]]), arr2(&[[1i64, 2, 3], [4, 5, -6]]));
        both_ways(arr2(&[[true, false]]), arr2(&[[true, false]]));
        both_ways(arr3(&[[[0.5f64], [1.5]], [[2.5], [3.5]]]), arr3(&[[[0.5f64], [1.5]], [[2.5], [3.5]]]));
        both_ways(arr1(&[u128::MAX, 1]), arr1(&[u128::MAX, 1]));
        both_ways(Array2::from_elem((40, 50), 0.5f32), Array2::from_elem((40, 50), 0.5f32));
        let column_major = Array2::from_shape_vec((2, 3).f(), (0..6u16).collect()).expect("it fits");
        both_ways(column_major.clone(), column_major.clone());
        both_ways(column_major.clone(), column_major.as_standard_layout().into_owned());
        let column_major = Array3::from_shape_vec((2, 3, 4).f(), (0..24).map(f64::from).collect()).expect("it fits");
        both_ways(column_major.clone(), column_major);
        for shape in [&[][..], &[0], &[3], &[0, 3], &[3, 0], &[2, 0, 2], &[2, 3], &[1; 8], &[1; 32]] {
            both_ways(ArrayD::from_elem(shape, 0.5f32), ArrayD::from_elem(shape, 0.5f32));
            both_ways(ArrayD::from_elem(shape, 7u8), ArrayD::from_elem(shape, 7u8));
        }
        both_ways(Array2::<f32>::zeros((0, 3)), Array2::<f32>::zeros((0, 3)));
        both_ways(ArcArray1::<i16>::zeros(0), ArcArray1::<i16>::zeros(0));
    }

    #[test]
    fn nested_lists_and_arrays_of_a_rank() {
        both_ways_in_structs(vec![[1u8, 2, 3], [4, 5, 6]], arr2(&[[1u8, 2, 3], [4, 5, 6]]));
        both_ways(vec![vec![0.5f32; 3]; 400], Array2::from_elem((400, 3), 0.5f32));
        both_ways([[1u16; 3]; 4], Array2::from_elem((4, 3), 1u16));
        both_ways([[[1i16; 2]; 3]; 4], Array3::from_elem((4, 3, 2), 1i16));
        both_ways(vec![vec![vec![0.5f64; 2]; 3]; 4], ArrayD::from_elem(vec![4, 3, 2], 0.5f64));
        both_ways([[1u8]; 3], ArrayD::from_elem(IxDyn(&[3, 1]), 1u8));
        both_ways(vec![1u32, 2], arr1(&[1u32, 2]));
        both_ways(Vec::<u8>::new(), arr1::<u8>(&[]));
        both_ways(vec![Vec::<u8>::new(); 3], Array2::<u8>::zeros((3, 0)));
        let column_major = Array2::from_shape_vec((2, 3).f(), vec![1u8, 4, 2, 5, 3, 6]).expect("it fits");
        both_ways([[1u8, 2, 3], [4, 5, 6]], column_major);
    }

    #[test]
    fn stock_arrays_are_read_by_the_erased_and_typed_types() {
        let bytes = ndwire::to_vec(&arr2(&[[1u16, 2], [3, 4]])).expect("written");
        let read: DynArray = ndwire::from_slice(&bytes).expect("what its numbers are shows in the list");
        assert_eq!((read.dtype(), read.shape(), read.order()), (DType::U16, &[2, 2][..], Order::RowMajor));
        let read: Array<f32> = ndwire::from_slice(&bytes).expect("it widens");
        assert_eq!((read.shape(), read.elements()), (&[2, 2][..], &[1.0, 2.0, 3.0, 4.0][..]));
        for format in crate::support::Format::ALL {
            // MessagePack without names writes a list of three.
            if format != crate::support::Format::MsgPack {
                let read: Array<u16> = format.read(&format.write(&arr2(&[[1u16, 2], [3, 4]]))).expect("read");
                assert_eq!((read.shape(), read.elements()), (&[2, 2][..], &[1, 2, 3, 4][..]), "{format:?}");
            }
        }
    }

    #[cfg(feature = "half-2")]
    #[test]
    fn stock_arrays_of_halves() {
        use half::{bf16, f16};
        both_ways_in_structs(arr1(&[f16::ONE, f16::MAX]), arr1(&[f16::ONE, f16::MAX]));
        both_ways(Array2::from_elem((3, 2), bf16::ONE), Array2::from_elem((3, 2), bf16::ONE));
        both_ways(Array2::from_elem((300, 2), f16::ONE), Array2::from_elem((300, 2), f16::ONE));
        both_ways([[f16::ONE; 2]; 3], Array2::from_elem((3, 2), f16::ONE));
        for shape in [&[][..], &[0], &[0, 3], &[2, 3]] {
            both_ways(ArrayD::from_elem(shape, f16::ONE), ArrayD::from_elem(shape, f16::ONE));
        }
    }

    #[cfg(feature = "num-complex-0_4")]
    #[test]
    fn stock_arrays_of_complex_numbers() {
        let number = num_complex::Complex { re: 0.5f32, im: -1.0 };
        let column_major = Array2::from_shape_fn((2, 3).f(), |(row, column)| number * (row * 3 + column) as f32);
        both_ways_in_structs(column_major.clone(), column_major);
        both_ways([[number; 2]; 3], Array2::from_elem((3, 2), number));
        both_ways(arr0(number), arr0(number));
        for shape in [&[][..], &[0], &[0, 3], &[3, 0], &[2], &[2, 2], &[2, 3, 2], &[1; 31]] {
            both_ways(ArrayD::from_elem(shape, number), ArrayD::from_elem(shape, number));
            let number = num_complex::Complex { re: 0.1f64, im: -1.0 };
            both_ways(ArrayD::from_elem(shape, number), ArrayD::from_elem(shape, number));
        }
    }

    /// The pairs are no dim of the array.
    #[cfg(feature = "num-complex-0_4")]
    #[test]
    fn a_stock_array_of_complex_numbers_of_the_highest_rank() {
        let array = ArrayD::from_elem(vec![1; 32], num_complex::Complex { re: 0.5f32, im: -1.0 });
        both_ways(array.clone(), array);
    }
}
