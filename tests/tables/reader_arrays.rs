//! Readers that are arrays or borrowed bytes, or have these as fields: they look for packed lists.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_bytes::{ByteArray, ByteBuf, Bytes};

use super::support::{Reader, list_readers, row_readers};

/// An array whose `Debug` shows its elements too, as bytes.
#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct Shown<A>(pub(crate) A);

pub(crate) type Array<T> = Shown<ndwire::Array<T>>;
pub(crate) type DynArray = Shown<ndwire::DynArray>;

impl<A: Serialize + fmt::Debug> fmt::Debug for Shown<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {:?}", self.0, ndwire::to_vec(&self.0).map_err(|_| fmt::Error)?)
    }
}

macro_rules! arrays {
    ($($name:ident { $($(#[$on_field:meta])* $field:ident: $type:ty,)* })*) => {$(
        #[derive(Deserialize, Debug)]
        #[serde(crate = "serde")]
        pub(crate) struct $name { $($(#[$on_field])* $field: $type,)* }
    )*};
}

arrays! {
    Boxes { bbox: Array<f32>, label: String, }
    WideBoxes { bbox: Array<f64>, }
    WrongBoxes { bbox: Array<u8>, }
    DynBoxes { bbox: DynArray, }
    MaybeBoxes { bbox: Option<Array<f32>>, }
    ByAttribute { #[serde(with = "ndwire::array")] bbox: Vec<f32>, }
    ByAttributeFixed { #[serde(with = "ndwire::array")] bbox: [f32; 4], }
    ByAttributeTooLong { #[serde(with = "ndwire::array")] bbox: [f32; 5], }
    ByAttributeBoxed { #[serde(deserialize_with = "ndwire::array::deserialize")] bbox: Box<[f32]>, }
    Matrix { matrix: Array<f32>, rgba: Array<u8>, one: Array<i64>, flags: Array<bool>, }
    WideMatrix { matrix: Array<f64>, rgba: Array<u16>, one: DynArray, }
    Ragged { ragged: Array<f32>, }
    Embedded { id: u64, embedding: Array<f32>, values: Array<f32>, raw: Array<f32>, small: Array<i16>, }
    EmbeddedDyn { embedding: DynArray, values: DynArray, raw: DynArray, small: DynArray, }
    EmbeddedBy {
        #[serde(with = "ndwire::array")] embedding: Vec<f32>,
        #[serde(with = "ndwire::array")] values: [f32; 3],
        #[serde(with = "ndwire::array")] small: Vec<i32>,
    }
    OfScalar { ts: Array<i64>, }
    OfText { label: Array<u8>, }
    OfMap { at: Array<f64>, }
    OfNumbers { values: Array<i16>, id: u8, }
    OfGaps { list: Option<Array<u8>>, a: Option<u32>, }
    ByteArrays { rgba: ByteArray<4>, }
    ByteArraysTooLong { rgba: ByteArray<5>, }
    Flat { #[serde(flatten)] rest: Inside, }
    Inside { bbox: Array<f32>, label: String, }
    FlatValues { #[serde(flatten)] rest: ValuesInside, }
    ValuesInside { embedding: Array<f32>, values: Array<f32>, }
}

arrays! {
    NdBoxes { #[serde(with = "ndwire::array")] bbox: ndarray::Array1<f32>, label: String, }
    NdMatrix { #[serde(with = "ndwire::array")] matrix: ndarray::Array2<f32>, }
    NdWrongRank { #[serde(with = "ndwire::array")] matrix: ndarray::Array1<f32>, }
    NdStock { bbox: ndarray::Array1<f32>, }
    NdEmbedded { #[serde(with = "ndwire::array")] embedding: ndarray::Array1<f32>, }
    NdEmbeddedStock { embedding: ndarray::Array1<f32>, }
}

#[derive(Deserialize, Debug)]
#[serde(untagged)]
pub(crate) enum Buffered {
    Boxes(Boxes),
    Embedded(EmbeddedBy),
    Any(DynArray),
}

#[derive(Deserialize, Debug)]
pub(crate) struct BorrowedBytes<'a> {
    #[serde(borrow)]
    rgba: &'a Bytes,
    bytes: &'a [u8],
}

#[derive(Deserialize, Debug)]
pub(crate) struct BufferOf<'a> {
    #[serde(borrow)]
    rgba: &'a Bytes,
    bytes: ByteBuf,
}

/// Those that may see whether a list is packed: arrays of any dtype, which a plain list has none of, and borrowed bytes.
pub(crate) fn readers_of_packed() -> Vec<Reader> {
    let rows = row_readers![
        DynBoxes,
        WideMatrix,
        EmbeddedDyn,
        Buffered,
        BufferOf<'_>,
        BorrowedBytes<'_>,
        DynArray,
        (DynArray, u8)
    ];
    rows.into_iter().chain(list_readers![DynArray, Buffered, &[u8]]).collect()
}

/// Those that read numbers into a dtype of their own, whatever form the list has.
pub(crate) fn readers_of_dtypes() -> Vec<Reader> {
    let rows = row_readers![
        Boxes,
        WideBoxes,
        WrongBoxes,
        MaybeBoxes,
        ByAttribute,
        ByAttributeFixed,
        ByAttributeTooLong,
        ByAttributeBoxed,
        Matrix,
        Ragged,
        Embedded,
        EmbeddedBy,
        OfScalar,
        OfText,
        OfMap,
        OfNumbers,
        OfGaps,
        Flat,
        FlatValues,
        ByteArrays,
        ByteArraysTooLong,
        Array<f32>,
        Array<f64>,
        (bool, Option<i8>, Array<u8>),
        (Array<f32>, u8),
        (Array<u16>, u8),
        ((Array<u8>, Array<u16>), u8),
    ];
    let rows = rows.into_iter().chain(row_readers![
        NdBoxes,
        NdMatrix,
        NdWrongRank,
        NdStock,
        NdEmbedded,
        NdEmbeddedStock,
        ndarray::Array1<f32>
    ]);
    let lists = list_readers![Array<f32>, Array<f64>, Array<i32>];
    rows.into_iter().chain(lists).collect()
}
