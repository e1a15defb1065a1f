//! Arrays of every dtype and shape on every format.

use std::fmt::Debug;

use ndwire::{Array, ArrayView, DType, DynArray, DynArrayView, Order};
use serde::{Deserialize, Serialize};

use super::support::{ELEMENT_TYPES, Format, Sample, each_element, samples, units};

const SHAPES: [&[usize]; 9] =
    [&[], &[0], &[3], &[2, 0, 3], &[2, 3], &[1, 4, 1], &[2, 3, 2], &[1; 32], &[1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3]];
const ORDERS: [Order; 2] = [Order::RowMajor, Order::ColumnMajor];

/// The order that an array of that shape keeps.
fn kept(shape: &[usize], order: Order) -> Order {
    let ordered = !shape.contains(&0) && shape.iter().filter(|&&dim| dim > 1).count() > 1;
    if ordered { order } else { Order::RowMajor }
}

/// Elements that JSON spells exactly, whatever the dtype: short floats, and no integer over 64 bits.
fn spellable(dtype: DType, count: usize) -> Vec<u8> {
    let element = |index: usize| match dtype {
        DType::F32 => (0.5 - index as f32).to_le_bytes().to_vec(),
        DType::F64 => (0.5 - index as f64).to_le_bytes().to_vec(),
        DType::Complex64 => [index as f32, 0.5].map(f32::to_le_bytes).concat(),
        DType::Complex128 => [index as f64, 0.5].map(f64::to_le_bytes).concat(),
        DType::Bool => vec![(index % 2) as u8],
        DType::U128 | DType::I128 => (u128::from(u64::MAX >> 1) - index as u128).to_le_bytes().to_vec(),
        _ => (0..dtype.size()).map(|byte| (index * 37 + byte * 91 + 200) as u8).collect(),
    };
    (0..count).flat_map(element).collect()
}

fn every_array() -> impl Iterator<Item = DynArray> {
    DType::ALL.iter().flat_map(|&dtype| {
        SHAPES.into_iter().flat_map(move |shape| {
            let bytes = spellable(dtype, shape.iter().product());
            ORDERS.map(|order| DynArray::new(dtype, shape, order, bytes.clone()).expect("shape and bytes fit"))
        })
    })
}

/// By what can be asked of it, and not only by `==`.
#[track_caller]
fn same(read: &DynArrayView<'_>, array: &DynArrayView<'_>) {
    assert_eq!((read.dtype(), read.shape(), read.order()), (array.dtype(), array.shape(), array.order()));
    assert_eq!(read.bytes(), array.bytes());
    assert_eq!(read, array);
}

#[test]
fn every_dtype_and_shape_survives_every_format() {
    let mut count = 0;
    for array in every_array() {
        for format in Format::ALL {
            let bytes = format.write(&array);
            let read: DynArray = format.read(&bytes).unwrap_or_else(|error| panic!("{format:?} {array:?}: {error}"));
            same(&read, &array);
            assert_eq!(format.write(&array.view()), bytes, "owned and borrowed are written alike");
            count += 1;
        }
        let bytes = ndwire::to_vec(&array).expect("written");
        same(&ndwire::from_slice(&bytes).expect("read"), &array);
        let bytes = rmp_serde::to_vec(&array).expect("written");
        let read: DynArrayView<'_> = rmp_serde::from_slice(&bytes).expect("read");
        assert!(
            bytes.as_ptr_range().contains(&read.bytes().as_ptr()) || read.bytes().is_empty(),
            "{read:?} is borrowed"
        );
        same(&read, &array);
    }
    assert_eq!(count, 47 * 9 * 2 * 6);
}

/// A typed array of that shape and order, of sample elements.
fn typed<T: Sample>(shape: &[usize], order: Order) -> Array<T> {
    Array::new(shape, order, samples::<T>(shape.iter().product())).expect("shape and elements fit")
}

#[track_caller]
fn same_typed<T: Sample>(read: &ArrayView<'_, T>, array: &Array<T>, format: Format) {
    let seen = (read.dtype(), read.shape(), read.order(), read.elements());
    assert_eq!(seen, (array.dtype(), array.shape(), array.order(), array.elements()), "{format:?}");
    assert_eq!(read.bytes(), array.bytes(), "{format:?}: to the bit");
    assert_eq!(read.to_vec(), array.to_vec(), "{format:?}");
    assert_eq!(read, &**array, "{format:?}");
}

fn typed_survives<T: Sample + Debug>() {
    for shape in SHAPES {
        for order in ORDERS {
            let array = typed::<T>(shape, order);
            assert_eq!((array.dtype(), array.order()), (T::DTYPE, kept(shape, order)));
            for format in Format::ALL {
                let bytes = format.write(&array);
                let read: Array<T> =
                    format.read(&bytes).unwrap_or_else(|error| panic!("{format:?} {array:?}: {error}"));
                same_typed(&read, &array, format);
                assert_eq!(format.write(&array.as_dyn()), bytes, "typed and erased are written alike");
                let erased: DynArray = format.read(&bytes).expect("erased");
                same_typed(&erased.typed::<T>().expect("of this type"), &array, format);
            }
            let bytes = ndwire::to_vec(&array).expect("written");
            same_typed(&ndwire::from_slice(&bytes).expect("read"), &array, Format::Ndwire);
            let text = serde_json::to_string(&array).expect("written");
            same_typed(&serde_json::from_str(&text).expect("read"), &array, Format::Json);
            let bytes = rmp_serde::to_vec(&array).expect("written");
            same_typed(&rmp_serde::from_slice(&bytes).expect("read"), &array, Format::MsgPack);
        }
    }
}

#[test]
fn typed_arrays_of_every_element_survive_every_format() {
    let mut types = 0;
    macro_rules! survives {
        ($type:ty) => {{
            typed_survives::<$type>();
            types += 1;
        }};
    }
    each_element!(survives);
    assert_eq!(types, ELEMENT_TYPES);
}

#[test]
fn times_and_codes_keep_the_dtype_that_they_were_given() {
    let elements = [i64::MIN, i64::MAX, -1, 0, 1, 1_700_000_000];
    let dtypes = units().flat_map(|unit| [DType::Datetime64(unit), DType::Timedelta64(unit)]);
    let mut count = 0;
    for dtype in dtypes {
        let times =
            Array::new([2, 3], Order::ColumnMajor, elements).expect("it fits").with_dtype(dtype).expect("a time");
        for format in Format::ALL {
            let read = format.round(&times);
            assert_eq!((read.dtype(), read.order(), read.elements()), (dtype, Order::ColumnMajor, &elements[..]));
            count += 1;
        }
    }
    assert_eq!(count, 28 * 6);
    for dtype in [DType::F8E4M3FN, DType::F8E5M2] {
        let codes = Array::from_elements([3], [0u8, 0x7F, 0xFF]).expect("it fits").with_dtype(dtype).expect("codes");
        for format in Format::ALL {
            let read = format.round(&codes);
            assert_eq!((read.dtype(), read.elements()), (dtype, &[0, 0x7F, 0xFF][..]));
        }
    }
}

#[test]
fn a_dtype_that_the_elements_cannot_have_is_refused() {
    let told = |error: ndwire::Error| super::support::told(&error);
    let mut refused = 0;
    macro_rules! refuses {
        ($type:ty) => {
            for &dtype in DType::ALL {
                let carried = match <$type as ndwire::Element>::DTYPE {
                    DType::I64 => matches!(dtype, DType::I64 | DType::Datetime64(_) | DType::Timedelta64(_)),
                    DType::U8 => matches!(dtype, DType::U8 | DType::F8E4M3FN | DType::F8E5M2),
                    own => dtype == own,
                };
                let array = Array::from(samples::<$type>(2));
                match array.with_dtype(dtype) {
                    Ok(array) => assert!(carried && array.dtype() == dtype, "{array:?}"),
                    Err(error) => {
                        let own = <$type as ndwire::Element>::DTYPE;
                        let message = format!("elements of type {own} cannot have the dtype {dtype}");
                        assert_eq!((carried, told(error)), (false, ("type_mismatch", message)));
                        refused += 1;
                    }
                }
            }
        };
    }
    each_element!(refuses);
    assert_eq!(refused, ELEMENT_TYPES * 47 - (ELEMENT_TYPES + 28 + 2));

    let erased = DynArray::from_elements([2], &[1u16, 2]).expect("it fits");
    let error = erased.view().with_dtype(DType::F32).expect_err("another size");
    assert_eq!(
        told(error),
        ("type_mismatch", "dtype f32 has elements of another size: found 2 bytes, expected 4".into())
    );
    let bytes = DynArray::from_elements([2], &[1u8, 2]).expect("it fits");
    let error = bytes.view().with_dtype(DType::Bool).expect_err("no bools");
    assert_eq!(told(error), ("malformed", "bool is neither 0 nor 1".into()));
}

/// What the other formats are given, to the letter.
#[test]
fn the_plain_form_is_what_it_is_said_to_be() {
    let json = |array: &DynArrayView<'_>| serde_json::to_string(array).expect("written");
    let array =
        DynArrayView::new(DType::U16, [2, 2], Order::ColumnMajor, vec![1, 0, 3, 0, 2, 0, 4, 0]).expect("it fits");
    assert_eq!(json(&array), r#"{"dtype":"u16","shape":[2,2],"order":"F","data":[1,3,2,4]}"#);
    let rank_0 = DynArrayView::from_elements([], &[0.5f32]).expect("it fits");
    assert_eq!(json(&rank_0), r#"{"dtype":"f32","shape":[],"data":[0.5]}"#);
    let empty = DynArrayView::from_elements::<bool>([0, 3], &[]).expect("it fits");
    assert_eq!(json(&empty), r#"{"dtype":"bool","shape":[0,3],"data":[]}"#);
    let half = DynArrayView::new(DType::F16, [1], Order::RowMajor, vec![0, 0x3C]).expect("it fits");
    assert_eq!(json(&half), r#"{"dtype":"f16","shape":[1],"data":[15360]}"#);
    let complex = DynArrayView::new(DType::Complex64, [1], Order::RowMajor, vec![0; 8]).expect("it fits");
    assert_eq!(json(&complex), r#"{"dtype":"complex64","shape":[1],"data":[[0.0,0.0]]}"#);

    // A map of three entries, the last of them binary.
    let bytes = rmp_serde::to_vec(&DynArrayView::from_elements([2], &[1u8, 2]).expect("it fits")).expect("written");
    assert_eq!(bytes, b"\x83\xA5dtype\xA2u8\xA5shape\x91\x02\xA4data\xC4\x02\x01\x02");
    let bytes = Format::Cbor.write(&DynArrayView::from_elements([2], &[1u8, 2]).expect("it fits"));
    assert_eq!(bytes, b"\xA3\x65dtype\x62u8\x65shape\x81\x02\x64data\x42\x01\x02");
}

/// JSON has no NaN, and `serde_json::Value` no integers beyond 64 bits: its own limits, and an error rather than another number.
#[test]
fn what_json_cannot_hold_is_an_error() {
    let nan = Array::from(vec![1.0f32, f32::NAN]);
    let text = serde_json::to_string(&nan).expect("written");
    assert_eq!(text, r#"{"dtype":"f32","shape":[2],"data":[1.0,null]}"#);
    let error = serde_json::from_str::<Array<f32>>(&text).expect_err("no number");
    assert_eq!(error.to_string(), "invalid type: null, expected f32 at line 1 column 43");
    let error =
        serde_json::from_value::<Array<f32>>(serde_json::to_value(&nan).expect("written")).expect_err("no number");
    assert_eq!(error.to_string(), "invalid type: null, expected a number or a list of numbers");

    let wide = Array::from(vec![u128::MAX, 1]);
    let text = serde_json::to_string(&wide).expect("written");
    assert_eq!(serde_json::from_str::<Array<u128>>(&text).expect("text has room for it"), wide);
    assert_eq!(serde_json::to_value(&wide).expect_err("no room").to_string(), "number out of range");
    let value: serde_json::Value = serde_json::from_str(&text).expect("as a float");
    let error = serde_json::from_value::<Array<u128>>(value).expect_err("a float is no integer");
    assert_eq!(error.to_string(), "invalid type: found a float, expected u128");
    for wide in [Array::from(vec![i128::MIN, i128::MAX])] {
        for format in Format::BINARY {
            assert_eq!(format.round(&wide), wide);
        }
        let text = serde_json::to_string(&wide).expect("written");
        assert_eq!(serde_json::from_str::<Array<i128>>(&text).expect("text has room for it"), wide);
    }
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Frame {
    image: Array<u8>,
    weights: DynArray,
    id: u64,
}

#[test]
fn arrays_survive_as_fields_of_structs_on_every_format() {
    let frame = Frame {
        image: Array::new([2, 2], Order::ColumnMajor, [1, 3, 2, 4]).expect("it fits"),
        weights: DynArray::from_elements([1, 2], &[0.5f32, 1.5]).expect("it fits"),
        id: 7,
    };
    for format in Format::ALL {
        assert_eq!(format.round(&frame), frame, "{format:?}");
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
