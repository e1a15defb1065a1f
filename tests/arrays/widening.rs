//! Which dtypes an element type reads, by a rule that is computed here from what the numbers of a dtype are.

use std::fmt::Debug;

use ndwire::{Array, ArrayView, DType, DynArray, Element, Order};

use super::support::{ELEMENT_TYPES, each_element, told};

/// What the numbers of a dtype are. No bools, codes and times: they are no numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Numbers {
    /// From -2^n (or 0) to 2^m - 1.
    Integers { signed: bool, bits: u32 },
    /// So many bits of precision; exponents of the largest, and of the last bit of the smallest subnormal.
    Floats { precision: i32, largest: i32, smallest: i32 },
    /// Two of such floats.
    Complex(i32),
}

fn numbers(dtype: DType) -> Option<Numbers> {
    use Numbers::*;
    let bits = 8 * dtype.size() as u32;
    Some(match dtype {
        DType::U8 | DType::U16 | DType::U32 | DType::U64 | DType::U128 => Integers { signed: false, bits },
        DType::I8 | DType::I16 | DType::I32 | DType::I64 | DType::I128 => Integers { signed: true, bits },
        DType::F16 => Floats { precision: 11, largest: 15, smallest: -24 },
        DType::BF16 => Floats { precision: 8, largest: 127, smallest: -133 },
        DType::F32 => Floats { precision: 24, largest: 127, smallest: -149 },
        DType::F64 => Floats { precision: 53, largest: 1023, smallest: -1074 },
        DType::Complex64 => Complex(24),
        DType::Complex128 => Complex(53),
        DType::Bool | DType::F8E4M3FN | DType::F8E5M2 | DType::Datetime64(_) | DType::Timedelta64(_) => return None,
    })
}

/// Whether every number of the one is exactly a number of the other. A real number is not taken for a complex one.
fn holds(target: Numbers, source: Numbers) -> bool {
    use Numbers::*;
    match (source, target) {
        (Integers { signed: true, .. }, Integers { signed: false, .. }) => false,
        (Integers { signed: false, bits }, Integers { signed: true, bits: room }) => bits < room,
        (Integers { bits, .. }, Integers { bits: room, .. }) => bits <= room,
        // The largest in magnitude is 2^n - 1 of n bits, or the power of two -2^(n-1).
        (Integers { signed, bits }, Floats { precision, largest, .. }) => {
            let magnitude = bits as i32 - i32::from(signed);
            magnitude <= precision && magnitude <= largest
        }
        (Floats { precision, largest, smallest }, Floats { precision: room, largest: high, smallest: low }) => {
            precision <= room && largest <= high && smallest >= low
        }
        (Complex(precision), Complex(room)) => precision <= room,
        _ => false,
    }
}

/// Elements of a dtype by their bits, the ends of its range among them, and the numbers they are: exact in f64, or in i128, or too
/// large for it.
fn source(dtype: DType) -> Vec<Vec<u8>> {
    let size = dtype.size();
    if dtype == DType::Bool {
        return vec![vec![0], vec![1]];
    }
    let mut all = vec![vec![0; size], vec![0xFF; size], vec![0x7F; size], vec![1; size], vec![0x80; size]];
    // The largest and smallest of a signed integer, and of the unsigned one of one bit less.
    let mut largest = vec![0xFF; size];
    largest[size - 1] = 0x7F;
    let mut smallest = vec![0; size];
    smallest[size - 1] = 0x80;
    all.extend([largest, smallest, (1..=size as u8).collect()]);
    all
}

/// A number, whatever it is stored as.
#[derive(PartialEq, Debug, Clone, Copy)]
enum Exact {
    Integer(i128),
    /// Over the largest i128.
    Large(u128),
    Float(f64),
    NotANumber,
    Pair(f64, f64),
    Bool(bool),
}

fn float(value: f64) -> Exact {
    match value.is_nan() {
        true => Exact::NotANumber,
        false => Exact::Float(value),
    }
}

/// By the crates of the types, and not by what is tested.
fn exact(dtype: DType, bytes: &[u8]) -> Exact {
    macro_rules! as_type {
        ($type:ty) => {
            <$type>::from_le_bytes(bytes.try_into().expect("of its size"))
        };
    }
    match dtype {
        DType::Bool => Exact::Bool(bytes == [1]),
        DType::U8 | DType::F8E4M3FN | DType::F8E5M2 => Exact::Integer(as_type!(u8).into()),
        DType::U16 => Exact::Integer(as_type!(u16).into()),
        DType::U32 => Exact::Integer(as_type!(u32).into()),
        DType::U64 => Exact::Integer(as_type!(u64).into()),
        DType::U128 => i128::try_from(as_type!(u128)).map_or(Exact::Large(as_type!(u128)), Exact::Integer),
        DType::I8 => Exact::Integer(as_type!(i8).into()),
        DType::I16 => Exact::Integer(as_type!(i16).into()),
        DType::I32 => Exact::Integer(as_type!(i32).into()),
        DType::I64 | DType::Datetime64(_) | DType::Timedelta64(_) => Exact::Integer(as_type!(i64).into()),
        DType::I128 => Exact::Integer(as_type!(i128)),
        DType::F16 => float(half::f16::from_le_bytes(bytes.try_into().expect("of its size")).to_f64()),
        DType::BF16 => float(half::bf16::from_le_bytes(bytes.try_into().expect("of its size")).to_f64()),
        DType::F32 => float(as_type!(f32).into()),
        DType::F64 => float(as_type!(f64)),
        DType::Complex64 | DType::Complex128 => {
            let (re, im) = bytes.split_at(bytes.len() / 2);
            let part = if dtype == DType::Complex64 { DType::F32 } else { DType::F64 };
            match (exact(part, re), exact(part, im)) {
                (Exact::Float(re), Exact::Float(im)) => Exact::Pair(re, im),
                _ => Exact::NotANumber,
            }
        }
    }
}

/// The same number, where an integer may have become a float.
fn same(source: Exact, read: Exact) -> bool {
    match (source, read) {
        (Exact::Integer(integer), Exact::Float(float)) => float as i128 == integer && integer as f64 == float,
        (Exact::Float(source), Exact::Float(read)) => source.to_bits() == read.to_bits(),
        _ => source == read,
    }
}

/// Every dtype into elements of type `T`; how many were read.
fn into<T: Element + Debug>() -> usize {
    let mut accepted = 0;
    for &dtype in DType::ALL {
        let elements = source(dtype);
        let array = DynArray::new(dtype, [elements.len()], Order::RowMajor, elements.concat()).expect("it fits");
        let bytes = ndwire::to_vec(&array).expect("written");
        let carried = match T::DTYPE {
            DType::I64 => matches!(dtype, DType::Datetime64(_) | DType::Timedelta64(_)),
            DType::U8 => matches!(dtype, DType::F8E4M3FN | DType::F8E5M2),
            _ => false,
        };
        let widens = match (numbers(T::DTYPE), numbers(dtype)) {
            (Some(target), Some(source)) => holds(target, source),
            _ => dtype == T::DTYPE,
        };
        match ndwire::from_slice::<Array<T>>(&bytes) {
            Ok(read) => {
                assert!(widens || carried, "{dtype} was read as {}", T::DTYPE);
                assert_eq!(read.dtype(), if carried { dtype } else { T::DTYPE });
                let raw = read.bytes();
                assert_eq!(raw.len(), elements.len() * T::DTYPE.size());
                for (element, read) in elements.iter().zip(raw.chunks(T::DTYPE.size())) {
                    let (source, read) = (exact(dtype, element), exact(T::DTYPE, read));
                    assert!(same(source, read), "{source:?} of {dtype} became {read:?} of {}", T::DTYPE);
                }
                accepted += 1;
            }
            Err(error) => {
                assert!(!widens && !carried, "{dtype} was not read as {}: {error}", T::DTYPE);
                let message = format!("array has another dtype: found {dtype}, expected {}, at byte 16", T::DTYPE);
                assert_eq!(told(&error), ("type_mismatch", message));
            }
        }
    }
    accepted
}

#[test]
fn a_dtype_is_read_exactly_where_no_number_of_it_can_change() {
    let mut accepted = Vec::new();
    macro_rules! count {
        ($type:ty) => {
            accepted.push((<$type as Element>::DTYPE.name(), into::<$type>()))
        };
    }
    each_element!(count);
    assert_eq!(accepted.len(), ELEMENT_TYPES);
    // The type's own, what widens to it, and for two of them what they carry: so that the rule above cannot be empty.
    let expected = [
        ("bool", 1),
        ("u8", 1 + 2),
        ("u16", 2),
        ("u32", 3),
        ("u64", 4),
        ("u128", 5),
        ("i8", 1),
        ("i16", 3),
        ("i32", 5),
        ("i64", 7 + 28),
        ("i128", 9),
        ("f32", 1 + 4 + 2),
        ("f64", 1 + 6 + 3),
        ("f16", 1 + 2),
        ("bf16", 1 + 2),
        ("complex64", 1),
        ("complex128", 2),
    ];
    let known = |(name, _): &(&str, usize)| accepted.iter().any(|(accepted, _)| accepted == name);
    assert_eq!(accepted, expected.into_iter().filter(known).collect::<Vec<_>>());
}

#[test]
fn an_array_keeps_shape_and_order_when_it_widens() {
    let array = Array::new([2, 3], Order::ColumnMajor, [1u8, 4, 2, 5, 3, 6]).expect("it fits");
    let bytes = ndwire::to_vec(&array).expect("written");
    let read: ArrayView<'_, f32> = ndwire::from_slice(&bytes).expect("it widens");
    assert_eq!((read.shape(), read.order()), (&[2, 3][..], Order::ColumnMajor));
    assert_eq!(read.elements(), [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
    assert!(!read.is_borrowed());
    // From a payload that is not aligned, too.
    let halves = DynArray::new(DType::F16, [], Order::RowMajor, vec![0, 0x3C]).expect("it fits");
    let input = super::support::Shifted::new(&ndwire::to_vec(&halves).expect("written"), 1);
    let read: ArrayView<'_, f64> = ndwire::from_slice(input.bytes()).expect("it widens");
    assert_eq!((read.shape(), read.elements()), (&[][..], &[1.0][..]));
}

#[test]
fn what_widens_on_this_format_widens_on_the_others() {
    use super::support::Format;
    let array = Array::new([1, 2], Order::RowMajor, [1u8, 255]).expect("it fits");
    let narrow = Array::from(vec![1u16, 2]);
    for format in Format::ALL {
        let read: Array<f64> = format.read(&format.write(&array)).expect("it widens");
        assert_eq!((read.shape(), read.elements()), (&[1, 2][..], &[1.0, 255.0][..]), "{format:?}");
        let error = format.read::<Array<u8>>(&format.write(&narrow)).expect_err("it does not");
        assert!(error.contains("array has another dtype: found u16, expected u8"), "{format:?}: {error}");
    }
}

/// All halves, bit by bit, into f32 and f64. A NaN stays one, of the same sign and payload in f32: its bits are moved, where half's
/// own conversion makes a signaling one quiet.
#[test]
fn every_half_is_the_number_that_half_says() {
    let bits: Vec<u16> = (0..=u16::MAX).collect();
    let raw: Vec<u8> = bits.iter().flat_map(|bits| bits.to_le_bytes()).collect();
    let read = |dtype| {
        let array = DynArray::new(dtype, [bits.len()], Order::RowMajor, raw.clone()).expect("it fits");
        let bytes = ndwire::to_vec(&array).expect("written");
        let single: Array<f32> = ndwire::from_slice(&bytes).expect("it widens");
        let double: Array<f64> = ndwire::from_slice(&bytes).expect("it widens");
        single.into_elements().into_iter().zip(double.into_elements()).collect::<Vec<_>>()
    };
    let mut nans = 0;
    for (&bits, (single, double)) in bits.iter().zip(read(DType::F16)) {
        let expected = half::f16::from_bits(bits);
        if expected.is_nan() {
            nans += 1;
            let (sign, payload) = (u32::from(bits >> 15) << 31, u32::from(bits & 0x3FF) << 13);
            assert_eq!(single.to_bits(), sign | 0x7F80_0000 | payload, "{bits:04X}");
            assert!(double.is_nan(), "{bits:04X}");
        } else {
            assert_eq!(single.to_bits(), expected.to_f32().to_bits(), "{bits:04X}");
            assert_eq!(double.to_bits(), expected.to_f64().to_bits(), "{bits:04X}");
        }
    }
    assert_eq!(nans, 2 * 1023);
    for (&bits, (single, double)) in bits.iter().zip(read(DType::BF16)) {
        assert_eq!(single.to_bits(), u32::from(bits) << 16, "{bits:04X}");
        match half::bf16::from_bits(bits) {
            nan if nan.is_nan() => assert!(double.is_nan(), "{bits:04X}"),
            number => assert_eq!(double.to_bits(), number.to_f64().to_bits(), "{bits:04X}"),
        }
    }
}
