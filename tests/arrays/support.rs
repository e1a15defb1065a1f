//! What the tests of arrays share: element types, formats, and how errors are compared.

use std::fmt::Debug;

use ndwire::{DType, Element, Error, TimeUnit};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Calls a macro for each element type that the features give.
macro_rules! each_element {
    ($with:ident) => {
        $with!(bool);
        $with!(u8);
        $with!(u16);
        $with!(u32);
        $with!(u64);
        $with!(u128);
        $with!(i8);
        $with!(i16);
        $with!(i32);
        $with!(i64);
        $with!(i128);
        $with!(f32);
        $with!(f64);
        #[cfg(feature = "half-2")]
        {
            $with!(half::f16);
            $with!(half::bf16);
        }
        #[cfg(feature = "num-complex-0_4")]
        {
            $with!(num_complex::Complex<f32>);
            $with!(num_complex::Complex<f64>);
        }
    };
}
pub(crate) use each_element;

/// How many types [`each_element`] calls its macro for.
pub(crate) const ELEMENT_TYPES: usize =
    13 + if cfg!(feature = "half-2") { 2 } else { 0 } + if cfg!(feature = "num-complex-0_4") { 2 } else { 0 };

/// Elements of which neighbours differ, the largest and smallest among them, that JSON can spell.
pub(crate) trait Sample: Element + PartialEq + Debug {
    fn sample(index: usize) -> Self;
}

macro_rules! samples {
    ($($type:ty: |$index:ident| $sample:expr;)*) => {$(
        impl Sample for $type {
            fn sample($index: usize) -> Self {
                $sample
            }
        }
    )*};
}

macro_rules! integer_samples {
    ($($type:ty),*) => {
        samples! {$(
            $type: |index| match index {
                0 => <$type>::MAX,
                1 => <$type>::MIN,
                _ => index as $type,
            };
        )*}
    };
}
integer_samples!(u8, u16, u32, u64, i8, i16, i32, i64);

samples! {
    bool: |index| index.is_multiple_of(3);
    // A `serde_json::Value` holds no more than 64 bits; wider ones have a test of their own.
    u128: |index| if index == 0 { u64::MAX.into() } else { index as u128 };
    i128: |index| if index == 0 { i64::MIN.into() } else { 1 - index as i128 };
    f32: |index| if index == 0 { -0.0 } else { 0.5 - 3.0 * index as f32 };
    f64: |index| if index == 0 { -0.0 } else { 0.25 - 3.0 * index as f64 };
}

#[cfg(feature = "half-2")]
samples! {
    half::f16: |index| half::f16::from_f32(f32::sample(index));
    half::bf16: |index| half::bf16::from_f32(f32::sample(index));
}

#[cfg(feature = "num-complex-0_4")]
samples! {
    num_complex::Complex<f32>: |index| num_complex::Complex { re: f32::sample(index), im: index as f32 };
    num_complex::Complex<f64>: |index| num_complex::Complex { re: f64::sample(index), im: index as f64 };
}

pub(crate) fn samples<T: Sample>(count: usize) -> Vec<T> {
    (0..count).map(T::sample).collect()
}

/// The formats that the same types go through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Ndwire,
    Json,
    /// Its maps are sorted, so that `data` stands before `dtype`.
    JsonValue,
    MsgPack,
    MsgPackNamed,
    Cbor,
}

impl Format {
    pub(crate) const ALL: [Format; 6] =
        [Format::Ndwire, Format::Json, Format::JsonValue, Format::MsgPack, Format::MsgPackNamed, Format::Cbor];

    /// Those that keep every bit of a float and every integer.
    pub(crate) const BINARY: [Format; 4] = [Format::Ndwire, Format::MsgPack, Format::MsgPackNamed, Format::Cbor];

    pub(crate) fn write<T: Serialize + ?Sized>(self, value: &T) -> Vec<u8> {
        match self {
            Format::Ndwire => ndwire::to_vec(value).expect("written"),
            Format::Json => serde_json::to_vec(value).expect("written"),
            Format::JsonValue => serde_json::to_vec(&serde_json::to_value(value).expect("a value")).expect("written"),
            Format::MsgPack => rmp_serde::to_vec(value).expect("written"),
            Format::MsgPackNamed => rmp_serde::to_vec_named(value).expect("written"),
            Format::Cbor => {
                let mut bytes = Vec::new();
                ciborium::into_writer(value, &mut bytes).expect("written");
                bytes
            }
        }
    }

    /// The value, or the message of the error.
    pub(crate) fn read<T: DeserializeOwned>(self, bytes: &[u8]) -> Result<T, String> {
        match self {
            Format::Ndwire => ndwire::from_slice(bytes).map_err(|error| error.to_string()),
            Format::Json => serde_json::from_slice(bytes).map_err(|error| error.to_string()),
            Format::JsonValue => {
                serde_json::from_slice(bytes).and_then(serde_json::from_value::<T>).map_err(|error| error.to_string())
            }
            Format::MsgPack | Format::MsgPackNamed => rmp_serde::from_slice(bytes).map_err(|error| error.to_string()),
            Format::Cbor => ciborium::from_reader(bytes).map_err(|error: ciborium::de::Error<_>| error.to_string()),
        }
    }

    /// Those that a value can be borrowed from.
    pub(crate) const BORROWED: [Format; 4] = [Format::Ndwire, Format::Json, Format::MsgPack, Format::MsgPackNamed];

    /// A value that may borrow from the bytes, where the format can do that.
    pub(crate) fn read_borrowed<'de, T: Deserialize<'de>>(self, bytes: &'de [u8]) -> Result<T, String> {
        match self {
            Format::Ndwire => ndwire::from_slice(bytes).map_err(|error| error.to_string()),
            Format::Json => serde_json::from_slice(bytes).map_err(|error| error.to_string()),
            Format::MsgPack | Format::MsgPackNamed => rmp_serde::from_slice(bytes).map_err(|error| error.to_string()),
            Format::JsonValue | Format::Cbor => Err("nothing can be borrowed here".into()),
        }
    }

    /// The value as it comes back.
    #[track_caller]
    pub(crate) fn round<T: Serialize + DeserializeOwned>(self, value: &T) -> T {
        match self.read(&self.write(value)) {
            Ok(value) => value,
            Err(message) => panic!("{self:?}: {message}"),
        }
    }
}

/// Every time dtype's unit.
pub(crate) fn units() -> impl Iterator<Item = TimeUnit> {
    DType::ALL.iter().filter_map(|dtype| match dtype {
        DType::Datetime64(unit) => Some(*unit),
        _ => None,
    })
}

/// An input in an allocation that begins at a multiple of 16, at a distance from it.
pub(crate) struct Shifted {
    room: Vec<u8>,
    start: usize,
    len: usize,
}

impl Shifted {
    pub(crate) fn new(bytes: &[u8], shift: usize) -> Self {
        let mut room = vec![0; bytes.len() + shift + 16];
        let start = room.as_ptr().align_offset(16) + shift;
        room[start..start + bytes.len()].copy_from_slice(bytes);
        Shifted { room, start, len: bytes.len() }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.room[self.start..self.start + self.len]
    }
}

/// Whether a slice lies inside the input.
pub(crate) fn lies_in<T>(part: &[T], input: &[u8]) -> bool {
    let range = input.as_ptr_range();
    let part = part.as_ptr_range();
    range.start <= part.start.cast() && part.end.cast() <= range.end
}

/// The kind's name and the whole message.
pub(crate) fn told(error: &Error) -> (&'static str, String) {
    (error.kind().name(), error.to_string())
}

/// Reading these bytes of ndwire as that type fails in just this way.
#[track_caller]
pub(crate) fn refused<'de, T: Deserialize<'de>>(bytes: &'de [u8], kind: &str, message: &str) {
    match ndwire::from_slice::<T>(bytes) {
        Ok(_) => panic!("accepted, expected: {message}"),
        Err(error) => assert_eq!(told(&error), (kind, message.to_owned())),
    }
}
