//! Attributed arrays, owned and borrowed, beside `memcpy` of their elements.

use std::fmt::Write as _;
use std::hint::black_box;

use ndwire_benches::allocations::{Counts, count};
use ndwire_benches::cases::{self, Attributed, AttributedMatrix, Viewed, ViewedList, ViewedMatrix, bytes_of};
use ndwire_benches::measure::{Competitor, Plan, interleaved, time};
use ndwire_benches::table::MEMCPY;
use serde::Serialize;
use serde::de::{Deserialize, DeserializeOwned};

use crate::goals::Goal;

pub const TITLE: &str = "Attributed arrays";

/// Sides of squares of f32.
const SIZES: [(usize, &str); 3] = [(32, "4 KiB"), (256, "256 KiB"), (1024, "4 MiB")];
/// From here a copy is longer than what is around it.
const LARGE: usize = 256 << 10;

const LIST: &str = "`Vec<f32>`";
const ROW_MAJOR: &str = "`Array2<f32>`";
const COLUMN_MAJOR: &str = "`Array2<f32>`, column-major";

const VIEW: &str = "`ndwire::ArrayView<f32>`";
const SLICE: &str = "`Cow<[f32]>`";
const NDARRAY_VIEW: &str = "`ndarray::ArrayView2<f32>`";
const LONE_VIEW: &str = "`ndwire::ArrayView<f32>`, alone";

/// One size.
struct Size {
    bytes: usize,
    name: &'static str,
    memcpy_bytes: f64,
    memcpy_elements: f64,
    owned: Vec<Owned>,
    borrowed: Vec<Borrowed>,
}

struct Owned {
    name: &'static str,
    encode: f64,
    encode_counts: Counts,
    decode: f64,
    decode_counts: Counts,
}

struct Borrowed {
    name: &'static str,
    decode: f64,
    counts: Counts,
}

pub struct Arrays {
    sizes: Vec<Size>,
}

pub fn measure(plan: Plan) -> Arrays {
    Arrays { sizes: SIZES.map(|(side, name)| size(side, name, plan)).into() }
}

type Read<'a> = Box<dyn Fn() + 'a>;

/// A type that goes there and back, and what it takes.
struct Entrant<'a> {
    name: &'static str,
    encode: Box<dyn Fn() -> Vec<u8> + 'a>,
    /// Of its own encoding.
    decode: Read<'a>,
}

fn entrant<'a, T: Serialize + DeserializeOwned + PartialEq>(
    name: &'static str,
    value: &'a T,
    bytes: &'a [u8],
) -> Entrant<'a> {
    assert!(ndwire::from_slice::<T>(bytes).expect("it was encoded") == *value, "{name}: another value came back");
    Entrant {
        name,
        encode: Box::new(|| ndwire::to_vec(black_box(value)).expect("encoded before")),
        decode: Box::new(|| {
            black_box(ndwire::from_slice::<T>(black_box(bytes)).expect("decoded before"));
        }),
    }
}

fn size(side: usize, name: &'static str, plan: Plan) -> Size {
    let list: Attributed = cases::attributed(side);
    let rows: AttributedMatrix = cases::attributed_matrix(side, false);
    let columns: AttributedMatrix = cases::attributed_matrix(side, true);
    let elements = &list.values;
    let bytes = bytes_of(elements);
    let encodings = [encoded(&list), encoded(&rows), encoded(&columns)];
    let entrants = [
        entrant(LIST, &list, &encodings[0]),
        entrant(ROW_MAJOR, &rows, &encodings[1]),
        entrant(COLUMN_MAJOR, &columns, &encodings[2]),
    ];

    let memcpy_bytes = Competitor::new(MEMCPY, || {
        black_box(black_box(&bytes).to_vec());
    });
    let encoders = entrants.iter().map(|entrant| {
        Competitor::new(entrant.name, || {
            black_box((entrant.encode)());
        })
    });
    let encode = interleaved(&mut [memcpy_bytes].into_iter().chain(encoders).collect::<Vec<_>>(), plan);

    let memcpy_elements = Competitor::new(MEMCPY, || {
        black_box(black_box(elements).to_vec());
    });
    let decoders = entrants.iter().map(|entrant| Competitor::new(entrant.name, || (entrant.decode)()));
    let decode = interleaved(&mut [memcpy_elements].into_iter().chain(decoders).collect::<Vec<_>>(), plan);

    let owned = entrants.iter().enumerate().map(|(index, entrant)| Owned {
        name: entrant.name,
        encode: encode[1 + index],
        encode_counts: count(&entrant.encode).1,
        decode: decode[1 + index],
        decode_counts: count(&entrant.decode).1,
    });

    let view = ndwire::from_slice::<Viewed<'_>>(&encodings[1]).expect("it was encoded").values;
    assert!(view.is_borrowed() && view.elements() == elements, "the view has other elements, or copied them");
    let slice = ndwire::from_slice::<ViewedList<'_>>(&encodings[0]).expect("it was encoded").values;
    assert!(matches!(slice, std::borrow::Cow::Borrowed(slice) if slice == elements), "other elements, or copied");
    let matrix = ndwire::from_slice::<ViewedMatrix<'_>>(&encodings[1]).expect("it was encoded").values;
    assert!(matrix == rows.values, "the view of ndarray's has other elements");
    let lone = encoded(&ndwire::AsArray(&rows.values));
    let readers: [(&str, Read<'_>); 4] = [
        (VIEW, Box::new(|| read::<Viewed<'_>>(&encodings[1]))),
        (SLICE, Box::new(|| read::<ViewedList<'_>>(&encodings[0]))),
        (NDARRAY_VIEW, Box::new(|| read::<ViewedMatrix<'_>>(&encodings[1]))),
        (LONE_VIEW, Box::new(|| read::<ndwire::ArrayView<'_, f32>>(&lone))),
    ];
    let mut borrowers: Vec<_> = readers.iter().map(|(name, read)| Competitor::new(name, read)).collect();
    let times = interleaved(&mut borrowers, plan);
    let borrowed = readers.iter().zip(times);
    let borrowed = borrowed.map(|((name, read), decode)| Borrowed { name, decode, counts: count(read).1 });

    Size {
        bytes: bytes.len(),
        name,
        memcpy_bytes: encode[0],
        memcpy_elements: decode[0],
        owned: owned.collect(),
        borrowed: borrowed.collect(),
    }
}

fn encoded<T: Serialize>(value: &T) -> Vec<u8> {
    ndwire::to_vec(value).expect("every case can be encoded")
}

fn read<'de, T: Deserialize<'de>>(bytes: &'de [u8]) {
    black_box(ndwire::from_slice::<T>(black_box(bytes)).expect("decoded before"));
}

impl Arrays {
    pub fn markdown(&self) -> String {
        let mut text = format!(
            "## {TITLE}

Fields with `#[serde(with = \"ndwire::array\")]`, last in a struct behind an id. `memcpy` is `to_vec` of the same bytes, or of the same elements. Allocations are those of one call, counted by the program's allocator; an owned value has its elements allocated, and dropping it is in the time.

| size | | encode | × memcpy | allocations | decode, owned | × memcpy | allocations |
|---|---|---:|---:|---:|---:|---:|---:|
"
        );
        // Writing to a string does not fail.
        for size in &self.sizes {
            let (bytes, elements) = (time(size.memcpy_bytes), time(size.memcpy_elements));
            let _ = writeln!(text, "| {} | {MEMCPY} | {bytes} | 1.00 | 1 | {elements} | 1.00 | 1 |", size.name);
            for row in &size.owned {
                let _ = writeln!(
                    text,
                    "| {} | {} | {} | {:.2} | {} | {} | {:.2} | {} |",
                    size.name,
                    row.name,
                    time(row.encode),
                    row.encode / size.memcpy_bytes,
                    row.encode_counts.calls,
                    time(row.decode),
                    row.decode / size.memcpy_elements,
                    row.decode_counts.calls,
                );
            }
        }
        text.push_str("\nThe same, read by a struct that borrows from the bytes; and an array that is all of the value:\n\n| size | | decode, borrowed | allocations |\n|---|---|---:|---:|\n");
        for size in &self.sizes {
            for row in &size.borrowed {
                let _ =
                    writeln!(text, "| {} | {} | {} | {} |", size.name, row.name, time(row.decode), row.counts.calls);
            }
        }
        text
    }

    pub fn goals(&self) -> Vec<Goal> {
        let mut goals = Vec::new();
        for size in self.sizes.iter().filter(|size| size.bytes >= LARGE) {
            let encode = |row: &Owned| row.encode / size.memcpy_bytes;
            let decode = |row: &Owned| row.decode / size.memcpy_elements;
            for (way, ratio) in [("encode", &encode as &dyn Fn(&Owned) -> f64), ("decode", &decode)] {
                let slowest = size.owned.iter().map(ratio).fold(0.0, f64::max);
                let work = format!("{TITLE} of {}, the slowest: {way}", size.name);
                goals.push(Goal { work, measured: slowest, at_most: 1.1, unit: format!("× {MEMCPY}") });
            }
        }
        goals
    }
}
