//! What an array type does not read, with the kind and the message.

use std::borrow::Cow;
use std::collections::BTreeMap;

use ndwire::{Array, ArrayView, AsArray, DType, DynArray, DynArrayView, Element, ErrorKind, Order, TimeUnit};
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::support::refused;

fn bytes<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    ndwire::to_vec(value).expect("written")
}

fn array<T: Element>(shape: &[usize], order: Order, elements: Vec<T>) -> Vec<u8> {
    bytes(&Array::new(shape, order, elements).expect("it fits"))
}

fn other_dtype(found: DType, expected: DType) -> String {
    format!("array has another dtype: found {found}, expected {expected}, at byte 16")
}

/// As the typed array, and as every container that the attribute is for.
#[track_caller]
fn refused_by_all<T: Element + std::fmt::Debug>(bytes: &[u8], kind: &str, message: &str) {
    refused::<Array<T>>(bytes, kind, message);
    refused::<AsArray<Vec<T>>>(bytes, kind, message);
    refused::<AsArray<Box<[T]>>>(bytes, kind, message);
    refused::<AsArray<[T; 2]>>(bytes, kind, message);
    refused::<AsArray<Cow<'_, [T]>>>(bytes, kind, message);
    refused::<AsArray<&[T]>>(bytes, kind, message);
    refused::<AsArray<Option<Vec<T>>>>(bytes, kind, message);
    #[cfg(feature = "ndarray-0_17")]
    {
        refused::<AsArray<ndarray::Array1<T>>>(bytes, kind, message);
        refused::<AsArray<ndarray::ArrayView2<'_, T>>>(bytes, kind, message);
        refused::<AsArray<ndarray::CowArray<'_, T, ndarray::IxDyn>>>(bytes, kind, message);
    }
}

#[cfg(any(feature = "half-2", feature = "num-complex-0_4"))]
#[track_caller]
fn another_dtype<T: Element + std::fmt::Debug>(bytes: &[u8], found: DType) {
    refused_by_all::<T>(bytes, "type_mismatch", &other_dtype(found, T::DTYPE));
}

/// An array says its dtype, so that nothing needs to be guessed: what is for lists is not for arrays.
#[cfg(any(feature = "half-2", feature = "num-complex-0_4"))]
#[test]
fn an_array_of_bits_or_pairs_is_not_what_a_list_of_them_would_be() {
    for order in [Order::RowMajor, Order::ColumnMajor] {
        #[cfg(feature = "half-2")]
        {
            another_dtype::<half::f16>(&array(&[2, 3], order, vec![1u16; 6]), DType::U16);
            another_dtype::<half::bf16>(&array(&[2, 3], order, vec![1u16; 6]), DType::U16);
            another_dtype::<half::f16>(&array(&[2], order, vec![half::bf16::ONE; 2]), DType::BF16);
            another_dtype::<half::bf16>(&array(&[2], order, vec![half::f16::ONE; 2]), DType::F16);
            another_dtype::<u16>(&array(&[2], order, vec![half::f16::ONE; 2]), DType::F16);
            // Nor is a list of floats one of bits.
            let message = "[0]: invalid type: found a float, expected u16, at byte 16";
            refused_by_all::<half::f16>(&bytes(&vec![1.0f32, 2.0]), "type_mismatch", message);
        }
        #[cfg(feature = "num-complex-0_4")]
        {
            use num_complex::Complex;
            another_dtype::<Complex<f32>>(&array(&[3, 2], order, vec![0.5f32; 6]), DType::F32);
            another_dtype::<Complex<f64>>(&array(&[3, 2], order, vec![0.5f64; 6]), DType::F64);
            another_dtype::<f32>(&array(&[2], order, vec![Complex { re: 0.5f32, im: 1.0 }; 2]), DType::Complex64);
            another_dtype::<Complex<f32>>(
                &array(&[2], order, vec![Complex { re: 0.5f64, im: 1.0 }; 2]),
                DType::Complex128,
            );
            // Nor are lists of other than pairs.
            another_dtype::<Complex<f32>>(&bytes(&vec![[0.5f32; 3]; 2]), DType::F32);
            another_dtype::<Complex<f32>>(&bytes(&[0.5f32; 3]), DType::F32);
        }
    }
}

/// One rule for lists in every form: each number by itself, in range and of its kind.
#[test]
fn packed_lists_neither_round_integers_nor_change_sign_or_kind() {
    let value = |place, expected| format!("{place}: invalid value: found {expected}, at byte 16");
    let kind = |place, expected| format!("{place}: invalid type: found {expected}, at byte 16");
    let exactly = |float| format!("an integer out of range, expected an integer that {float} holds exactly");
    refused_by_all::<f32>(&bytes(&[1u32, 16_777_217]), "invalid_value", &value("[1]", exactly("f32")));
    refused_by_all::<f32>(&bytes(&[1i32, -16_777_217]), "invalid_value", &value("[1]", exactly("f32")));
    refused_by_all::<f64>(&bytes(&[1u64, u64::MAX]), "invalid_value", &value("[1]", exactly("f64")));
    refused_by_all::<f64>(&bytes(&[1i64, i64::MIN + 1]), "invalid_value", &value("[1]", exactly("f64")));
    let infinite = "a float out of range, expected a float that f32 holds, at most rounded".to_owned();
    refused_by_all::<f32>(&bytes(&[0.5f64, -1e39]), "invalid_value", &value("[1]", infinite));
    let range = |expected| format!("an integer out of range, expected {expected}");
    refused_by_all::<u8>(&bytes(&[1u16, 256]), "invalid_value", &value("[1]", range("u8")));
    refused_by_all::<u8>(&bytes(&[1i8, -2]), "invalid_value", &value("[1]", range("u8")));
    refused_by_all::<i8>(&bytes(&[1u8, 128]), "invalid_value", &value("[1]", range("i8")));
    refused_by_all::<u64>(&bytes(&[1i8, -2]), "invalid_value", &value("[1]", range("u64")));
    refused_by_all::<i64>(&bytes(&[1u64, u64::MAX]), "invalid_value", &value("[1]", range("i64")));
    refused_by_all::<u32>(&bytes(&[1.0f32, 2.0]), "type_mismatch", &kind("[0]", "a float, expected u32"));
    refused_by_all::<bool>(&bytes(&[0u8, 1]), "type_mismatch", &kind("[0]", "an integer, expected a boolean"));
    refused_by_all::<u8>(&bytes(&[false, true]), "type_mismatch", &kind("[0]", "a bool, expected u8"));
    refused_by_all::<f32>(&bytes(&[[false, true]; 2]), "type_mismatch", &kind("[0][0]", "a bool, expected f32"));
}

/// A list that is not packed says its numbers by value, and serde's own visitors take those that are in range.
#[test]
fn numbers_of_other_lists_are_taken_by_value() {
    let out_of_range =
        |expected: &str| format!("[1]: invalid value: found an integer out of range, expected {expected}, at byte 18");
    refused_by_all::<u8>(&bytes(&(1u8, 300u16)), "invalid_value", &out_of_range("u8"));
    refused_by_all::<i8>(&bytes(&(1u8, 300u16)), "invalid_value", &out_of_range("i8"));
    refused_by_all::<u64>(&bytes(&(1u8, -1i16)), "invalid_value", &out_of_range("u64"));
    let message = "[1]: invalid type: found a float, expected u8, at byte 18";
    refused_by_all::<u8>(&bytes(&(1u8, 2.0f32)), "type_mismatch", message);
    let message = "[1]: invalid type: found a bool, expected f32, at byte 18";
    refused_by_all::<f32>(&bytes(&(1u8, true)), "type_mismatch", message);
    let wide: AsArray<Vec<u64>> = ndwire::from_slice(&bytes(&vec![1u128, 2])).expect("they fit");
    assert_eq!(wide.0, [1, 2]);
}

/// No integer may change on the way into an array: not in a list that is not packed either.
#[test]
fn integers_of_other_lists_are_not_rounded() {
    let message = "invalid value: found an integer out of range, expected an integer that f32 holds exactly";
    refused_by_all::<f32>(&bytes(&(1u8, 16_777_217u32)), "invalid_value", &format!("[1]: {message}, at byte 18"));
    let message = "invalid value: found an integer out of range, expected an integer that f64 holds exactly";
    refused_by_all::<f64>(&bytes(&(1u8, u64::MAX)), "invalid_value", &format!("[1]: {message}, at byte 18"));
}

/// JSON has no other floats than f64, so that 0.1 must be a number of a list of f32.
#[test]
fn an_f64_in_a_list_is_rounded_to_f32() {
    assert_eq!(serde_json::from_str::<Array<f32>>("[0.1]").expect("read").elements(), [0.1f32]);
    assert_eq!(ndwire::from_slice::<Array<f32>>(&bytes(&(0.5f32, 0.1f64))).expect("read").elements(), [0.5, 0.1f32]);
    assert_eq!(ndwire::from_slice::<Array<f32>>(&bytes(&[0.5f64, 0.1])).expect("read").elements(), [0.5, 0.1f32]);
    let text = r#"{"dtype": "f32", "shape": [1], "data": [0.1]}"#;
    assert_eq!(serde_json::from_str::<Array<f32>>(text).expect("read").elements(), [0.1f32]);
}

/// So is what the map of an array has for `data`, wherever in it that stands, and that of ndarray's own serde.
#[test]
fn lists_of_data_have_the_same_rule() {
    let maps = |list: &str, dtype: &str| {
        [
            format!(r#"{{"dtype": "{dtype}", "shape": [1], "data": {list}}}"#),
            format!(r#"{{"data": {list}, "dtype": "{dtype}", "shape": [1]}}"#),
            format!(r#"{{"v": 1, "dim": [1], "data": {list}}}"#),
        ]
    };
    for text in maps("[16777217]", "f32") {
        let error = serde_json::from_str::<Array<f32>>(&text).expect_err(&text).to_string();
        assert!(error.contains("expected an integer that f32 holds exactly"), "{text}: {error}");
    }
    for text in maps("[1e39]", "f32") {
        let error = serde_json::from_str::<Array<f32>>(&text).expect_err(&text).to_string();
        assert!(error.contains("expected a float that f32 holds, at most rounded"), "{text}: {error}");
    }
    for text in maps("[16777216]", "f32") {
        assert_eq!(serde_json::from_str::<Array<f32>>(&text).expect("read").elements(), [16_777_216.0], "{text}");
    }
    #[derive(Serialize)]
    struct Stock<T> {
        v: u8,
        dim: [u64; 1],
        data: T,
    }
    let read = |data: &[f64]| ndwire::from_slice::<Array<f32>>(&bytes(&Stock { v: 1, dim: [2], data }));
    assert_eq!(read(&[0.1, 0.5]).expect("read").elements(), [0.1f32, 0.5]);
    assert_eq!(read(&[0.1, 1e39]).expect_err("too large").kind(), ErrorKind::InvalidValue);
}

#[test]
fn times_and_codes_are_not_plain_integers() {
    let only = ": only the array types of ndwire keep such a dtype, at byte 16";
    let dtype = DType::Datetime64(TimeUnit::Nanosecond);
    let times = bytes(&Array::from(vec![1i64, 2]).with_dtype(dtype).expect("a time"));
    let message = format!("array has another dtype: found datetime64[ns], expected i64{only}");
    refused::<AsArray<Vec<i64>>>(&times, "type_mismatch", &message);
    refused::<AsArray<[i64; 2]>>(&times, "type_mismatch", &message);
    refused::<AsArray<&[i64]>>(&times, "type_mismatch", &message);
    refused::<AsArray<Option<Cow<'_, [i64]>>>>(&times, "type_mismatch", &message);
    #[cfg(feature = "ndarray-0_17")]
    refused::<AsArray<ndarray::Array1<i64>>>(&times, "type_mismatch", &message);
    refused_by_all::<i128>(&times, "type_mismatch", &other_dtype(dtype, DType::I128));
    refused_by_all::<f64>(&times, "type_mismatch", &other_dtype(dtype, DType::F64));
    assert_eq!(ndwire::from_slice::<Array<i64>>(&times).expect("it keeps the dtype").dtype(), dtype);
    // Of a time into another unit: the reader sees which it is.
    let codes = bytes(&Array::from(vec![1u8, 2]).with_dtype(DType::F8E5M2).expect("codes"));
    let message = format!("array has another dtype: found f8e5m2, expected u8{only}");
    refused::<AsArray<Vec<u8>>>(&codes, "type_mismatch", &message);
    refused_by_all::<f32>(&codes, "type_mismatch", &other_dtype(DType::F8E5M2, DType::F32));
}

#[test]
fn ranks_and_lengths_of_fields() {
    let scalar = array(&[], Order::RowMajor, vec![0.5f32]);
    let square = array(&[2, 1], Order::RowMajor, vec![0.5f32; 2]);
    let flat = array(&[3], Order::RowMajor, vec![0.5f32; 3]);
    for (bytes, rank) in [(&scalar, 0), (&square, 2)] {
        let message = format!("array has another rank: found {rank}, expected 1, at byte 16");
        refused::<AsArray<Vec<f32>>>(bytes, "shape", &message);
        refused::<AsArray<Box<[f32]>>>(bytes, "shape", &message);
        refused::<AsArray<[f32; 2]>>(bytes, "shape", &message);
        refused::<AsArray<Cow<'_, [f32]>>>(bytes, "shape", &message);
        refused::<AsArray<&[f32]>>(bytes, "shape", &message);
        refused::<AsArray<Vec<f64>>>(bytes, "shape", &message);
    }
    refused::<AsArray<[f32; 2]>>(
        &flat,
        "invalid_length",
        "invalid length: found 3, expected an array of length 2, at byte 16",
    );
    refused::<AsArray<[f32; 4]>>(
        &flat,
        "invalid_length",
        "invalid length: found 3, expected an array of length 4, at byte 16",
    );
    refused::<AsArray<[f64; 0]>>(
        &flat,
        "invalid_length",
        "invalid length: found 3, expected an array of length 0, at byte 16",
    );
    let empty = bytes(&AsArray::<[f32; 0]>([]));
    refused::<AsArray<[f32; 1]>>(
        &empty,
        "invalid_length",
        "invalid length: found 0, expected an array of length 1, at byte 16",
    );
    // Through a field, with its path.
    #[derive(Deserialize, Debug)]
    struct Frame {
        #[serde(with = "ndwire::array")]
        #[allow(dead_code, reason = "it is never read")]
        corners: [f32; 4],
    }
    let frame = bytes(&BTreeMap::from([("corners", AsArray([0.5f32; 3]))]));
    let message = "corners: invalid length: found 3, expected an array of length 4, at byte 25";
    refused::<Frame>(&frame, "invalid_length", message);
}

#[test]
fn lists_that_are_no_array() {
    let beside = |path: &str, found, expected, at| {
        format!("{path}list is no array: found a list of {found} beside a list of {expected}, at byte {at}")
    };
    refused_by_all::<u8>(&bytes(&(vec![1u8, 2], vec![3u8])), "shape", &beside("[1]: ", 1, 2, 22));
    refused_by_all::<u8>(&bytes(&(Vec::<u8>::new(), vec![3u8])), "shape", &beside("[1]: ", 1, 0, 18));
    refused_by_all::<f32>(
        &bytes(&(vec![vec![0.5f32; 2]; 2], vec![vec![0.5f32; 2]])),
        "shape",
        &beside("[1]: ", 1, 2, 40),
    );
    let mixed =
        |at| format!("[1]: list is no array: found numbers beside lists, expected one or the other, at byte {at}");
    refused_by_all::<u8>(&bytes(&(1u8, vec![3u8])), "shape", &mixed(18));
    refused_by_all::<u8>(&bytes(&(vec![3u8], 1u8)), "shape", &mixed(21));
    refused_by_all::<u8>(&bytes(&(Vec::<u8>::new(), 1u8)), "shape", &mixed(18));
    let element =
        |found, at| format!("[1]: invalid type: found {found}, expected a number or a list of numbers, at byte {at}");
    refused_by_all::<u8>(&bytes(&(1u8, "a")), "type_mismatch", &element("a str", 18));
    refused_by_all::<u8>(&bytes(&(1u8, ())), "type_mismatch", &element("nil", 16));
    refused_by_all::<f32>(&bytes(&(Some(0.5f32), None::<f32>)), "type_mismatch", &element("nil", 16));
    refused_by_all::<u8>(&bytes(&(1u8, 'c')), "type_mismatch", &element("a str", 18));
    refused_by_all::<u8>(&bytes(&(1u8, serde_bytes::Bytes::new(b"a"))), "type_mismatch", &element("bytes", 18));
    // A list of arrays is no array of a higher rank.
    refused_by_all::<u8>(&bytes(&(1u8, AsArray([1u8]))), "type_mismatch", &element("an array of u8 [1]", 18));
}

/// What an empty list's elements would be does not show, nor what they would be lists of.
#[test]
fn an_empty_list_is_an_array_of_rank_1_only() {
    let empty = bytes::<[u8]>(&[]);
    assert_eq!(ndwire::from_slice::<Array<f32>>(&empty).expect("of rank 1").shape(), [0]);
    #[cfg(feature = "ndarray-0_17")]
    {
        let message = "array has another rank: found 1, expected 2, at byte 16";
        refused::<AsArray<ndarray::Array2<f32>>>(&empty, "shape", message);
        let message = "array has another rank: found 1, expected 0, at byte 16";
        refused::<AsArray<ndarray::Array0<f32>>>(&empty, "shape", message);
    }
    let message = "invalid type: found a list, expected an array with its dtype, at byte 16";
    refused::<DynArray>(&empty, "type_mismatch", message);
    let element = |found: &str, expected: &str, at: usize| {
        format!("[0]: invalid type: found {found}, expected {expected} with its dtype, at byte {at}")
    };
    refused::<DynArray>(&bytes(&(1u8, 2u16)), "type_mismatch", &element("an integer", "a list of numbers", 17));
    refused::<DynArray>(&bytes(&["a", "b"]), "type_mismatch", &element("a str", "a list of numbers", 17));
    let empty = bytes(&(Vec::<u8>::new(), Vec::<u8>::new()));
    refused::<DynArray>(&empty, "type_mismatch", &element("a list", "an array", 17));
    refused::<DynArray>(&bytes(&[Some(1u8), None]), "type_mismatch", &element("an integer", "a list of numbers", 16));
}

/// A plain list of rows, for a target with a dtype and for one without.
#[test]
fn lists_of_rows() {
    let lists = vec![vec![1u16, 2, 3], vec![4, 5, 6]];
    let two = bytes(&lists);
    let deep = bytes(&vec![lists.clone(), lists.clone()]);
    let found: DynArray = ndwire::from_slice(&two).expect("an array");
    assert_eq!(
        (found.dtype(), found.shape(), found.bytes()),
        (ndwire::DType::U16, &[2, 3][..], &[1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0][..])
    );
    assert_eq!(ndwire::from_slice::<DynArray>(&deep).expect("an array").shape(), [2, 2, 3]);
    let typed: Array<f32> = ndwire::from_slice(&deep).expect("an array");
    assert_eq!((typed.shape(), &typed.elements()[6..9]), (&[2, 2, 3][..], &[1.0, 2.0, 3.0][..]));

    let ragged = bytes(&vec![vec![1u16, 2], vec![3]]);
    let message = "list is no array: found a list of shape [1] beside a list of shape [2], at byte 16";
    refused::<DynArray>(&ragged, "shape", message);
    let message = "[1]: list is no array: found a list of 1 beside a list of 2, at byte 24";
    refused::<Array<u16>>(&ragged, "shape", message);
    let message = "list is no array: found a list of u16 beside a list of u8, at byte 16";
    refused::<DynArray>(&bytes(&(vec![1u8, 2], vec![3u16, 4])), "shape", message);
    let message = "[1]: list is no array: found an array in it, expected lists of numbers, at byte 22";
    refused::<DynArray>(&bytes(&(vec![1u8, 2], AsArray([1u8, 2]))), "shape", message);
    let message = "[1]: invalid type: found a list, expected an array with its dtype, at byte 22";
    refused::<DynArray>(&bytes(&(vec![1u8, 2], Vec::<u8>::new())), "type_mismatch", message);
}

#[test]
fn values_that_are_no_array() {
    let found =
        |found: &str, expected: &str| format!("invalid type: found {found}, expected an array{expected}, at byte 16");
    for (value, name) in [
        (bytes("text"), "a str"),
        (bytes(&7u8), "an integer"),
        (bytes(&0.5f32), "a float"),
        (bytes(&true), "a bool"),
        (bytes(&'c'), "a str"),
        (bytes(serde_bytes::Bytes::new(b"bytes")), "bytes"),
    ] {
        refused_by_all::<u8>(&value, "type_mismatch", &found(name, " of u8"));
        refused::<DynArray>(&value, "type_mismatch", &found(name, ""));
    }
    refused::<DynArray>(&bytes(&()), "type_mismatch", &found("nil", ""));
    refused::<Array<u8>>(&bytes(&()), "type_mismatch", &found("nil", " of u8"));
    assert_eq!(
        ndwire::from_slice::<serde_bytes::ByteBuf>(&bytes(&AsArray([1u8, 2]))).expect("the other way"),
        [1, 2][..]
    );
}

#[cfg(feature = "ndarray-0_17")]
#[test]
fn a_stock_array_of_another_version_or_shape() {
    #[derive(Serialize)]
    struct Stock<T> {
        v: u64,
        dim: Vec<u64>,
        data: T,
    }
    let version = bytes(&Stock { v: 2, dim: vec![2], data: [1u8, 2] });
    let message = "invalid value: found an integer out of range, expected version 1 of ndarray's arrays, at byte 16";
    refused::<Array<u8>>(&version, "invalid_value", message);
    refused::<DynArray>(&version, "invalid_value", message);
    let shape = |v, dim: &[u64]| bytes(&Stock { v, dim: dim.into(), data: [1u8, 2] });
    let message = "shape [3] of u8 does not fit its data: found 2 bytes, expected 3, at byte 16";
    refused::<Array<u8>>(&shape(1, &[3]), "shape", message);
    refused::<DynArray>(&shape(1, &[3]), "shape", message);
    let message = "shape [] of u8 does not fit its data: found 2 bytes, expected 1, at byte 16";
    refused::<Array<u8>>(&shape(1, &[]), "shape", message);
    let message = "shape [2, 2] of u8 does not fit its data: found 2 bytes, expected 4, at byte 16";
    refused::<AsArray<ndarray::Array2<u8>>>(&shape(1, &[2, 2]), "shape", message);
    let missing = bytes(&BTreeMap::from([("dim", vec![2u64]), ("other", vec![])]));
    let message = "invalid type: found a map, expected an array of u8, at byte 16";
    refused::<Array<u8>>(&missing, "type_mismatch", message);
    let mixed = bytes(&Stock { v: 1, dim: vec![2], data: (1u8, 2u16) });
    refused::<DynArray>(&mixed, "missing_field", "missing field `dtype`, at byte 16");
    assert_eq!(ndwire::from_slice::<Array<u8>>(&mixed).expect("the target knows").elements(), [1, 2]);
}

/// The version is right: what is missing is the data.
#[test]
fn a_stock_array_without_data_says_so() {
    #[derive(Serialize)]
    struct Stock {
        v: u8,
        dim: [u8; 1],
    }
    let message = "missing field `data`, at byte 16";
    refused::<Array<u8>>(&bytes(&Stock { v: 1, dim: [2] }), "missing_field", message);
    refused::<DynArray>(&bytes(&Stock { v: 1, dim: [2] }), "missing_field", message);
}

#[test]
fn constructors_hold_shape_and_length_together() {
    fn refuses<T: std::fmt::Debug>(result: ndwire::Result<T>, kind: &str, message: &str) {
        assert_eq!(super::support::told(&result.expect_err("refused")), (kind, message.to_owned()));
    }
    let deep = [1usize; 33];
    for order in [Order::RowMajor, Order::ColumnMajor] {
        let message = "shape [3] of u8 does not fit its data: found 2 bytes, expected 3";
        refuses(DynArrayView::new(DType::U8, [3], order, vec![1, 2]), "shape", message);
        refuses(DynArray::new(DType::U8, [3], order, [1, 2]), "shape", message);
        refuses(ArrayView::new([3], order, &[1u8, 2][..]), "shape", message);
        refuses(Array::new([3], order, [1u8, 2]), "shape", message);
        let message = "shape [4294967296, 4294967296] of f32 exceeds the largest payload";
        refuses(Array::<f32>::new([1 << 32, 1 << 32], order, []), "too_large", message);
        refuses(Array::new(deep, order, [1u8]), "too_large", "rank 33 exceeds the limit of 32");
        refuses(DynArray::new(DType::U8, deep, order, [1]), "too_large", "rank 33 exceeds the limit of 32");
    }
    refuses(
        DynArray::from_elements([], &[1u8, 2]),
        "shape",
        "shape [] of u8 does not fit its data: found 2 bytes, expected 1",
    );
    refuses(
        DynArray::new(DType::U16, [1], Order::RowMajor, [1]),
        "shape",
        "shape [1] of u16 does not fit its data: found 1 bytes, expected 2",
    );
    refuses(DynArray::new(DType::Bool, [1], Order::RowMajor, [2]), "malformed", "bool is neither 0 nor 1");
}

/// An array that a visitor is shown as a map is one whose keys and values have their turn.
#[test]
fn keys_of_an_array_out_of_turn() {
    struct Keys;

    impl<'de> Visitor<'de> for Keys {
        type Value = Keys;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("keys")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Keys, A::Error> {
            while map.next_key::<IgnoredAny>()?.is_some() {}
            Ok(self)
        }
    }

    impl<'de> Deserialize<'de> for Keys {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_map(Keys)
        }
    }

    let error = ndwire::from_slice::<Keys>(&bytes(&Array::from(vec![1.0f32]))).map(|Keys| ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
    assert_eq!(error.to_string(), "a visitor asked for keys and values out of turn, at byte 16");
}
