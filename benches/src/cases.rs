//! The values that are measured.

pub mod tables;

use std::borrow::Cow;

use ndarray::{Array2, Array3, ShapeBuilder};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, PartialEq, Clone)]
pub struct Plain {
    pub values: Vec<f32>,
}

#[derive(Serialize, Deserialize, PartialEq, Clone)]
pub struct Small {
    pub id: u64,
    pub label: String,
    pub embedding: Vec<f32>,
}

#[derive(Serialize, Deserialize, PartialEq, Clone)]
pub struct Image {
    pub id: u64,
    pub image: Array3<u8>,
}

/// An attributed list, last in a struct.
#[derive(Serialize, Deserialize, PartialEq, Clone)]
pub struct Attributed {
    pub id: u64,
    #[serde(with = "ndwire::array")]
    pub values: Vec<f32>,
}

ndwire::redis_value!(Attributed);

/// The same fields without the attribute.
#[derive(Serialize, Deserialize, PartialEq, Clone)]
pub struct Unattributed {
    pub id: u64,
    pub values: Vec<f32>,
}

/// An attributed array of ndarray's, last in a struct.
#[derive(Serialize, Deserialize, PartialEq, Clone)]
pub struct AttributedMatrix {
    pub id: u64,
    #[serde(with = "ndwire::array")]
    pub values: Array2<f32>,
}

/// Reads both as a view of ndwire's.
#[derive(Deserialize)]
pub struct Viewed<'a> {
    pub id: u64,
    #[serde(borrow)]
    pub values: ndwire::ArrayView<'a, f32>,
}

/// Reads [`Attributed`] as a slice, if it lies aligned.
#[derive(Deserialize)]
pub struct ViewedList<'a> {
    pub id: u64,
    #[serde(borrow, with = "ndwire::array")]
    pub values: Cow<'a, [f32]>,
}

/// Reads [`AttributedMatrix`] as a view of ndarray's.
#[derive(Deserialize)]
pub struct ViewedMatrix<'a> {
    pub id: u64,
    #[serde(borrow, with = "ndwire::array")]
    pub values: ndarray::ArrayView2<'a, f32>,
}

#[derive(Serialize, Deserialize, PartialEq, Clone)]
pub struct Record {
    pub id: u64,
    pub name: String,
    pub title: String,
    pub tags: Vec<String>,
    pub score: f64,
    pub active: bool,
}

/// The same numbers on every run.
pub struct Numbers(u64);

impl Default for Numbers {
    fn default() -> Self {
        Numbers(0x9E37_79B9_7F4A_7C15)
    }
}

impl Numbers {
    pub fn bits(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// From -1 to 1, with all 24 bits in use.
    pub fn float(&mut self) -> f32 {
        (self.bits() >> 40) as f32 / (1u64 << 23) as f32 - 1.0
    }

    pub fn floats(&mut self, count: usize) -> Vec<f32> {
        (0..count).map(|_| self.float()).collect()
    }

    fn words(&mut self, count: u64) -> String {
        const WORDS: [&str; 12] = [
            "amber", "basin", "cedar", "delta", "ember", "fjord", "glade", "heron", "islet", "juniper", "kelp",
            "lagoon",
        ];
        let words: Vec<&str> = (0..count).map(|_| WORDS[(self.bits() % 12) as usize]).collect();
        words.join(" ")
    }
}

pub fn plain(bytes: usize) -> Plain {
    Plain { values: Numbers::default().floats(bytes / 4) }
}

pub fn square(side: usize) -> Array2<f32> {
    let mut numbers = Numbers::default();
    Array2::from_shape_simple_fn((side, side), || numbers.float())
}

/// A square of floats as a list.
pub fn attributed(side: usize) -> Attributed {
    Attributed { id: 4_711, values: Numbers::default().floats(side * side) }
}

/// The same as `attributed`, for formats that have no arrays.
pub fn unattributed(side: usize) -> Unattributed {
    let Attributed { id, values } = attributed(side);
    Unattributed { id, values }
}

/// The same floats as a matrix; in column-major order it is the transposed one, so that they lie in memory alike.
pub fn attributed_matrix(side: usize, column_major: bool) -> AttributedMatrix {
    let floats = Numbers::default().floats(side * side);
    let values = Array2::from_shape_vec((side, side).set_f(column_major), floats).expect("a square has as many floats");
    AttributedMatrix { id: 4_711, values }
}

pub fn small() -> Small {
    Small { id: 4_711, label: "a tabby cat on a mat".to_owned(), embedding: Numbers::default().floats(768) }
}

pub fn points(count: usize) -> Vec<[f32; 3]> {
    let mut numbers = Numbers::default();
    (0..count).map(|_| std::array::from_fn(|_| numbers.float())).collect()
}

/// One element in eight is missing, at irregular places.
pub fn gaps(count: usize) -> Vec<Option<f32>> {
    let mut numbers = Numbers::default();
    (0..count).map(|_| (!numbers.bits().is_multiple_of(8)).then(|| numbers.float())).collect()
}

/// Lists of 16.
pub fn short_lists(count: usize) -> Vec<Vec<f32>> {
    let mut numbers = Numbers::default();
    (0..count).map(|_| numbers.floats(16)).collect()
}

pub fn image() -> Image {
    let mut numbers = Numbers::default();
    Image { id: 4_711, image: Array3::from_shape_simple_fn((427, 640, 3), || numbers.bits() as u8) }
}

pub fn records(count: u64) -> Vec<Record> {
    let mut numbers = Numbers::default();
    let record = |id| Record {
        id,
        name: numbers.words(2),
        title: numbers.words(9),
        tags: (0..3).map(|_| numbers.words(1)).collect(),
        score: (numbers.bits() % 10_000) as f64 / 100.0,
        active: id % 3 == 0,
    };
    (0..count).map(record).collect()
}

/// The bytes of numbers, as `memcpy` moves them.
pub fn bytes_of(floats: &[f32]) -> Vec<u8> {
    floats.iter().flat_map(|float| float.to_le_bytes()).collect()
}
