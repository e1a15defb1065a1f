//! Law: whatever the bytes, decoding them into any type neither panics nor holds more heap than a stated multiple of their
//! length (rule R19 of `docs/crate.md`).
#![no_main]

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex};

use libfuzzer_sys::{fuzz_crossover, fuzz_mutator, fuzz_target};
use ndwire::{Array, ArrayView, AsArray, DynArrayView, Value};
use ndwire_fuzz::{CountingAllocator, peak_of};
use serde::Deserialize;
use serde::de::IgnoredAny;

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

/// For errors (their box, message and path), and for the first node of a tree map.
const ONCE: usize = 2048;
/// Lists that an array node without elements may be presented as, beyond the length of the value (rule R9): room is made for
/// them, even where the target then refuses the first.
const SEQUENCES: usize = 1024;
/// The size of a `Value`: what a program pays for each node that it reads untyped.
const VALUE: usize = 80;
const _: () = assert!(size_of::<Value>() <= VALUE);

/// What a step of a row schema takes while its rows are read, three times while there are more. It has a byte on the wire.
const PLAN: usize = 3 * 96;
/// What a name of a row schema takes while it is looked for twice in its map, where it has three bytes with its schema: 16 bytes.
const NAME: usize = 6;

/// Maps that rows may be presented as for each of their bytes: 24 bytes for a map and one for its name are at most 64, so that 7 maps
/// may stand around 3 bytes.
const MAPS: usize = 3;

/// What an array type holds of a number of a list.
const NUMBER: usize = 32;

/// A target type, and the most heap that it may take, in bytes per byte of input and once. The bounds hold for inputs of any
/// length; how sizes add up to them is said at each.
macro_rules! bounds {
    ($bytes:ident: $($type:ty => $per_byte:expr, $once:expr;)*) => {$(
        let (result, peak) = peak_of(|| ndwire::from_slice::<$type>($bytes));
        let length = $bytes.len();
        // Who reads no list makes no plan of its rows, and checks their schema all the same.
        let per_byte = ($per_byte) + if stringify!($type) == "IgnoredAny" { NAME } else { PLAN };
        assert!(
            peak <= per_byte * length + $once,
            "{} holds {peak} bytes of heap, allowed {} times {length} bytes and {}, gives {}",
            stringify!($type), per_byte, $once, if result.is_ok() { "a value" } else { "an error" },
        );
        report(stringify!($type), peak.saturating_sub($once) / length.max(1), peak);
    )*};
}

fuzz_target!(|bytes: &[u8]| {
    bounds! { bytes:
        // Borrowed or skipped: nothing but an error.
        &str => 0, ONCE;
        &[u8] => 0, ONCE;
        IgnoredAny => 0, ONCE;
        u128 => 0, ONCE;
        Option<Option<u8>> => 0, ONCE;
        // A vector of elements that take a byte each on the wire: their size, and three times that while it grows.
        Vec<f32> => 3 * 4, ONCE + SEQUENCES * 4;
        Vec<Option<i64>> => 3 * 16, ONCE + SEQUENCES * 16;
        Vec<[u8; 3]> => 3 * 3, ONCE + SEQUENCES * 3;
        Shape => 3 * 4, ONCE + SEQUENCES * 2;
        // An array node is borrowed. Its plain form may be a list of numbers that are held, with 32 bytes each, until the dtype
        // comes, and then become 16 bytes each.
        DynArrayView => 3 * NUMBER + 3 * 16, ONCE;
        ArrayView<bool> => 3 * NUMBER + 3, ONCE;
        ArrayView<f64> => 3 * NUMBER + 3 * 8 + 8, ONCE;
        Array<u128> => 3 * NUMBER + 3 * 16 + 16, ONCE;
        AsArray<Option<Vec<f32>>> => 3 * NUMBER + 3 * 4 + 4, ONCE;
        AsArray<&[u16]> => 3 * NUMBER + 3 * 2 + 2, ONCE;
        Frame => 3 * NUMBER + 3 * 16, ONCE + SEQUENCES * 16;
        // Vectors of what may be empty, and then takes no byte at all in an array node.
        Vec<Vec<f32>> => 3 * 24 + 8, ONCE + SEQUENCES * 3 * 24;
        Tree => 3 * 32 + 8, ONCE + SEQUENCES * 3 * 32;
        // 80 bytes for a node of one byte.
        Value => 3 * VALUE, ONCE;
        BTreeMap<String, Value> => 3 * VALUE + 8, ONCE;
        // A row of one byte may be two lists and a scalar: 80 bytes, and two vectors, each with room for four.
        // A row of a map is a map of two values for each entry, and a name.
        Vec<Value> => 3 * VALUE + 2 * 4 * VALUE + MAPS * (2 * VALUE + 16), ONCE + SEQUENCES * 3 * VALUE;
        // serde's buffer: 32 bytes for a node of one byte, the same in lists of one element, and what is made of it.
        // A map of it has 64 bytes for each entry.
        Loose => 3 * 32 + 2 * 32 + 3 * 24 + 24 + MAPS * 64, ONCE;
        Tagged => 3 * 32 + 2 * 32 + 3 * 24 + 24 + MAPS * 64, ONCE;
        // A tree map of one entry takes 632 bytes, and two or three on the wire, or as rows the third of one.
        serde_json::Value => 400 + MAPS * 640, ONCE;
        Flat => 600 + MAPS * (640 + 64), 2 * ONCE;
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    ndwire_fuzz::mutate(data, size, max_size, seed, libfuzzer_sys::fuzzer_mutate)
});

fuzz_crossover!(|first: &[u8], second: &[u8], out: &mut [u8], seed: u32| {
    ndwire_fuzz::cross_over(first, second, out, seed)
});

/// What most programs read: names, a borrowed str, arrays in every form.
#[derive(Deserialize)]
#[allow(dead_code, reason = "read, never looked at")]
struct Frame<'a> {
    id: u32,
    #[serde(borrow, default)]
    label: &'a str,
    #[serde(borrow)]
    pixels: DynArrayView<'a>,
    #[serde(default)]
    embedding: Vec<f32>,
    #[serde(default)]
    boxes: Vec<[f32; 4]>,
    #[serde(default)]
    counts: Option<Vec<u64>>,
    #[serde(default, with = "ndwire::array")]
    mask: Option<Box<[i32]>>,
}

/// As deep as the value is.
#[derive(Deserialize)]
#[allow(dead_code, reason = "read, never looked at")]
struct Tree {
    #[serde(default)]
    left: Option<Box<Tree>>,
    #[serde(default)]
    right: Vec<Tree>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "read, never looked at")]
enum Shape {
    Unit,
    Newtype(Vec<u16>),
    Tuple(u8, String),
    Struct { a: f64, b: Option<char> },
}

/// serde holds the whole content before it tries the variants.
#[derive(Deserialize)]
#[serde(untagged)]
#[allow(dead_code, reason = "read, never looked at")]
enum Loose<'a> {
    Number(f64),
    Text(String),
    #[serde(borrow)]
    Array(DynArrayView<'a>),
    Numbers(Vec<f64>),
    Nested(Vec<Vec<i64>>),
    Names(BTreeMap<String, u64>),
}

#[derive(Deserialize)]
#[serde(tag = "type")]
#[allow(dead_code, reason = "read, never looked at")]
enum Tagged {
    Unit,
    Struct { a: f64, b: Option<Vec<u8>> },
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "read, never looked at")]
struct Flat {
    id: u8,
    #[serde(flatten)]
    rest: BTreeMap<String, serde_json::Value>,
}

/// Prints each new record, to find and to check the table above: set `NDWIRE_FUZZ_RECORDS` to anything.
fn report(target: &'static str, per_byte: usize, peak: usize) {
    type Records = Mutex<BTreeMap<&'static str, (usize, usize)>>;
    static RECORDS: LazyLock<Option<Records>> =
        LazyLock::new(|| std::env::var_os("NDWIRE_FUZZ_RECORDS").map(|_| Mutex::default()));
    let Some(records) = &*RECORDS else { return };
    let mut records = records.lock().expect("one thread");
    let record = records.entry(target).or_default();
    if per_byte > record.0 || (per_byte == 0 && record.0 == 0 && peak > record.1) {
        *record = (per_byte, peak);
        eprintln!("record: {target}: {per_byte} per byte, {peak} in all");
    }
}
