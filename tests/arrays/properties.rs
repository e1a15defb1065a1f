//! Arrays of random shape, order, dtype and bytes there and back; and random maps and lists into the array types.

use std::fmt::Debug;

use ndwire::{Array, AsArray, DType, DynArray, DynArrayView, Element, Order};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::support::{Format, Shifted, lies_in};

/// Shapes with dims of 0 and 1 among them, and of high rank.
fn shapes() -> impl Strategy<Value = Vec<usize>> {
    prop_oneof![
        4 => vec(0..5usize, 0..5),
        2 => vec(1..4usize, 1..4),
        1 => vec(1..2usize, 0..=32),
        1 => (0..=26usize, vec(1..4usize, 1..6)).prop_map(|(ones, dims)| [vec![1; ones], dims].concat()),
        1 => (100..400usize).prop_map(|len| vec![len]),
    ]
}

fn orders() -> impl Strategy<Value = Order> {
    select(&[Order::RowMajor, Order::ColumnMajor][..])
}

/// Any bits: NaNs with payloads, infinities, the smallest and the largest.
fn element(dtype: DType) -> impl Strategy<Value = Vec<u8>> {
    let size = dtype.size();
    let bytes = prop_oneof![
        6 => vec(any::<u8>(), size),
        1 => Just(vec![0xFF; size]),
        1 => Just(vec![0; size]),
        // NaNs of f16, f32 and f64 that are signaling, and infinities.
        2 => select(&[[1u8, 0x7C, 0x80, 0x7F, 1, 0, 0xF0, 0x7F], [0, 0xFC, 0x80, 0xFF, 0, 0, 0xF0, 0xFF]][..])
            .prop_map(move |tail| tail.iter().cycle().skip(8 - size % 8).take(size).copied().collect()),
    ];
    bytes.prop_map(move |bytes: Vec<u8>| if dtype == DType::Bool { vec![bytes[0] & 1] } else { bytes })
}

fn arrays() -> impl Strategy<Value = DynArray> {
    (shapes(), orders(), select(DType::ALL)).prop_flat_map(|(shape, order, dtype)| {
        let count = shape.iter().product::<usize>();
        vec(element(dtype), count)
            .prop_map(move |elements| DynArray::new(dtype, &shape, order, elements.concat()).expect("it fits"))
    })
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
#[serde(tag = "kind")]
enum Tagged {
    Array(DynArray),
    Fields { before: u8, image: DynArray },
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Flat {
    before: u8,
    #[serde(flatten)]
    array: DynArray,
}

/// Through the typed array of one element type: its bytes.
fn typed_bytes<T: Element + Debug>(format: Format, bytes: &[u8]) -> (DType, Vec<usize>, Order, Vec<u8>) {
    let array: Array<T> = format.read(bytes).expect("of this type");
    (array.dtype(), array.shape().to_vec(), array.order(), array.bytes().into_owned())
}

/// By the element type of the dtype, where the features give one.
fn typed(format: Format, dtype: DType, bytes: &[u8]) -> Option<(DType, Vec<usize>, Order, Vec<u8>)> {
    macro_rules! by {
        ($type:ty) => {
            Some(typed_bytes::<$type>(format, bytes))
        };
    }
    match dtype {
        DType::Bool => by!(bool),
        DType::U8 | DType::F8E4M3FN | DType::F8E5M2 => by!(u8),
        DType::U16 => by!(u16),
        DType::U128 => by!(u128),
        DType::I32 => by!(i32),
        DType::I64 | DType::Datetime64(_) | DType::Timedelta64(_) => by!(i64),
        DType::F32 => by!(f32),
        DType::F64 => by!(f64),
        #[cfg(feature = "half-2")]
        DType::F16 => by!(half::f16),
        #[cfg(feature = "num-complex-0_4")]
        DType::Complex64 => by!(num_complex::Complex<f32>),
        _ => None,
    }
}

/// What JSON can spell: no NaN or infinity, and, where serde buffers, no integers of 128 bits.
fn json_can_spell(array: &DynArrayView<'_>) -> bool {
    let finite = |size| match size {
        4 => array.bytes().chunks(4).all(|bytes| f32::from_le_bytes(bytes.try_into().expect("four")).is_finite()),
        _ => array.bytes().chunks(8).all(|bytes| f64::from_le_bytes(bytes.try_into().expect("eight")).is_finite()),
    };
    match array.dtype() {
        DType::F32 | DType::Complex64 => finite(4),
        DType::F64 | DType::Complex128 => finite(8),
        _ => true,
    }
}

/// The bytes that serde_json itself makes of the same floats: its parser is a bit off, now and then.
fn as_json_reads(array: &DynArrayView<'_>) -> Vec<u8> {
    fn read<T: Element + Serialize + DeserializeOwned>(bytes: &[u8], from: fn(&[u8]) -> T, size: usize) -> Vec<u8> {
        let plain: Vec<T> = bytes.chunks(size).map(from).collect();
        let plain: Vec<T> = serde_json::from_str(&serde_json::to_string(&plain).expect("written")).expect("read");
        Array::from(plain).bytes().into_owned()
    }
    match array.dtype() {
        DType::F32 | DType::Complex64 => {
            read(array.bytes(), |bytes| f32::from_le_bytes(bytes.try_into().expect("four")), 4)
        }
        DType::F64 | DType::Complex128 => {
            read(array.bytes(), |bytes| f64::from_le_bytes(bytes.try_into().expect("eight")), 8)
        }
        _ => array.bytes().to_vec(),
    }
}

fn is_wide(dtype: DType) -> bool {
    matches!(dtype, DType::U128 | DType::I128)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_array_comes_back_to_the_bit(array in arrays(), shift in 0..16usize) {
        for format in Format::BINARY {
            let bytes = format.write(&array);
            let read: DynArray = format.read(&bytes).expect("read");
            prop_assert_eq!(&read, &array);
            if let Some(typed) = typed(format, array.dtype(), &bytes) {
                prop_assert_eq!(typed, (array.dtype(), array.shape().to_vec(), array.order(), array.bytes().to_vec()));
            }
            prop_assert_eq!(&format.round(&AsList(array.clone())).0, &array);
        }
        let bytes = ndwire::to_vec(&array).expect("written");
        let input = Shifted::new(&bytes, shift);
        let view: DynArrayView<'_> = ndwire::from_slice(input.bytes()).expect("read");
        prop_assert!(view.bytes().is_empty() || lies_in(view.bytes(), input.bytes()));
        prop_assert_eq!(&view, &*array);
        // The bytes are those of the payload, in the order that the node says.
        let entry = ndwire::Layout::of(&bytes).expect("a head").entries().next().expect("the root");
        prop_assert_eq!((entry.kind(), entry.dtype(), entry.order()), ("array", Some(array.dtype()), Some(array.order())));
        let payload = entry.payload().map(|range| &bytes[range.start as usize..range.end as usize]);
        prop_assert_eq!(payload.unwrap_or_default(), array.bytes());
    }

    #[test]
    fn an_array_comes_back_from_buffered_types_to_the_bit(array in arrays()) {
        for format in [Format::Ndwire, Format::MsgPackNamed, Format::Cbor] {
            let fields = Tagged::Fields { before: 1, image: array.clone() };
            prop_assert_eq!(&format.round(&fields), &fields);
            // Where the token is dropped this format has a list, which serde's buffer cannot hold if its integers are wide.
            if format != Format::Ndwire || !is_wide(array.dtype()) {
                match format.round(&Tagged::Array(array.clone())) {
                    Tagged::Array(read) => prop_assert_eq!(&read, &array),
                    other => prop_assert!(false, "{:?}", other),
                }
                prop_assert_eq!(&format.round(&Flat { before: 1, array: array.clone() }).array, &array);
            }
        }
    }

    #[test]
    fn an_array_comes_back_from_json(array in arrays()) {
        prop_assume!(json_can_spell(&array));
        let expected = DynArray::new(array.dtype(), array.shape(), array.order(), as_json_reads(&array)).expect("it fits");
        let text = serde_json::to_string(&array).expect("written");
        prop_assert_eq!(&serde_json::from_str::<DynArray>(&text).expect("read"), &expected);
        if let Some((dtype, shape, order, bytes)) = typed(Format::Json, array.dtype(), text.as_bytes()) {
            prop_assert_eq!((dtype, &shape[..], order, &bytes[..]), (expected.dtype(), expected.shape(), expected.order(), expected.bytes()));
        }
        if !is_wide(array.dtype()) {
            prop_assert_eq!(&Format::JsonValue.round(&expected), &Format::Json.round(&expected));
            match Format::Json.round(&Tagged::Array(array.clone())) {
                Tagged::Array(read) => prop_assert_eq!(&read, &expected),
                other => prop_assert!(false, "{:?}", other),
            }
        }
    }

    /// Logical order, against arithmetic on the indices.
    #[test]
    fn column_major_elements_are_read_in_logical_order(dims in vec(1..5usize, 0..5)) {
        let count: usize = dims.iter().product();
        let elements: Vec<u32> = (0..count as u32).collect();
        let array = Array::new(&dims, Order::ColumnMajor, elements).expect("it fits");
        let expected: Vec<u32> = (0..count).map(|mut index| {
            let mut indices = vec![0; dims.len()];
            for (place, dim) in indices.iter_mut().zip(&dims).rev() {
                *place = index % dim;
                index /= dim;
            }
            indices.iter().zip(&dims).rev().fold(0, |position, (index, dim)| position * dim + index) as u32
        }).collect();
        prop_assert_eq!(&array.to_vec(), &expected);
        let mut buffer = vec![0; count];
        array.read_into(&mut buffer).expect("it fits");
        prop_assert_eq!(&buffer, &expected);
        if array.order() == Order::ColumnMajor && dims.len() == 2 {
            let lists: Vec<Vec<u32>> = ndwire::from_slice(&ndwire::to_vec(&array).expect("written")).expect("read");
            prop_assert_eq!(lists.concat(), expected);
        }
    }
}

/// An array in a list, so that it is not the root.
#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct AsList(DynArray);

/// What is almost an array, and what is not at all.
fn almost() -> impl Strategy<Value = Json> {
    let number = prop_oneof![
        6 => (0..4u64).prop_map(Json::from),
        1 => any::<i64>().prop_map(Json::from),
        1 => any::<u64>().prop_map(Json::from),
        1 => any::<f32>().prop_map(Json::from),
        1 => Just(Json::Bool(true)),
        1 => Just(Json::Null),
        1 => Just(Json::from("a")),
    ];
    let nest = number.prop_recursive(4, 24, 4, |inner| vec(inner, 0..4).prop_map(Json::from));
    let names: Vec<Json> =
        DType::ALL.iter().map(|dtype| dtype.name().into()).chain(["no".into(), Json::Null]).collect();
    let value = prop_oneof![
        3 => select(names),
        4 => vec((0..4u64).prop_map(Json::from), 0..4).prop_map(Json::from),
        2 => vec(any::<u64>().prop_map(Json::from), 0..4).prop_map(Json::from),
        1 => select(&["C", "F", "X"][..]).prop_map(Json::from),
        1 => Just(Json::from(1)),
        4 => nest.clone(),
    ];
    let keys = select(&["dtype", "shape", "order", "data", "v", "dim", "other"][..]);
    let right =
        (select(DType::ALL), vec(0..3u64, 0..4), nest.clone(), any::<bool>()).prop_map(|(dtype, shape, data, flat)| {
            let count: u64 = shape.iter().product();
            let data = if flat { Json::from(vec![1; count as usize]) } else { data };
            serde_json::json!({"dtype": dtype.name(), "shape": shape, "data": data})
        });
    let stock = (vec(0..3u64, 0..4), nest.clone())
        .prop_map(|(dim, data)| serde_json::json!({"v": 1, "dim": dim, "data": data}));
    prop_oneof![
        3 => vec((keys, value), 0..7).prop_map(|entries| entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        3 => right,
        1 => stock,
        2 => nest,
    ]
}

/// Whatever is accepted has as many elements as its shape says; how many were.
fn accepted<T: Element + Debug>(format: Format, bytes: &[u8]) -> Result<usize, TestCaseError> {
    let mut count = 0;
    let fits = |shape: &[usize], bytes: usize, dtype: DType| {
        prop_assert_eq!(shape.iter().map(|&dim| dim as u128).product::<u128>() * dtype.size() as u128, bytes as u128);
        prop_assert!(shape.len() <= 32);
        Ok(())
    };
    if let Ok(array) = format.read::<DynArray>(bytes) {
        fits(array.shape(), array.bytes().len(), array.dtype())?;
        count += 1;
    }
    if let Ok(array) = format.read::<Array<T>>(bytes) {
        fits(array.shape(), array.bytes().len(), array.dtype())?;
        prop_assert_eq!(array.elements().len(), array.to_vec().len());
        count += 1;
    }
    if let Ok(AsArray(elements)) = format.read::<AsArray<Vec<T>>>(bytes) {
        let array: Array<T> = format.read(bytes).expect("what a vector reads an array reads");
        prop_assert_eq!((array.shape(), array.len()), (&[elements.len()][..], elements.len()));
        count += 1;
    }
    #[cfg(feature = "ndarray-0_17")]
    if let Ok(AsArray(array)) = format.read::<AsArray<ndarray::ArrayD<T>>>(bytes) {
        prop_assert_eq!(array.shape().iter().product::<usize>(), array.len());
        count += 1;
    }
    Ok(count)
}

#[test]
fn whatever_is_accepted_has_as_many_elements_as_its_shape_says() {
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 3000,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let total = std::cell::Cell::new([0usize; 4]);
    let result = runner.run(&almost(), |value| {
        let mut counts = total.get();
        for (format, count) in
            [Format::Ndwire, Format::Json, Format::MsgPack, Format::Cbor].into_iter().zip(&mut counts)
        {
            let bytes = format.write(&value);
            *count += accepted::<u8>(format, &bytes)?;
            *count += accepted::<f32>(format, &bytes)?;
            #[cfg(feature = "num-complex-0_4")]
            {
                *count += accepted::<num_complex::Complex<f64>>(format, &bytes)?;
            }
        }
        total.set(counts);
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    assert!(total.get().iter().all(|&count| count > 300), "too few were accepted for a test: {:?}", total.get());
}
