//! How much memory encoding and decoding take, counted by an allocator of the test's own.
//!
//! Counted are the bytes that the code under test has asked for and not given back, on its own thread. A growing vector counts as its
//! new size: what the system's allocator takes to move it is not counted.

#![allow(unsafe_code, reason = "an allocator cannot be written without; src/ has none")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::collections::BTreeMap;

use ndwire::{DynArrayView, ErrorKind, Value, from_slice, to_vec, to_writer};
use serde::de::{Deserialize, DeserializeOwned, IgnoredAny};
use serde::{Deserialize as DeriveDeserialize, Serialize};

struct Counting;

thread_local! {
    static LIVE: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
    static CALLS: Cell<usize> = const { Cell::new(0) };
    static TOTAL: Cell<usize> = const { Cell::new(0) };
}

fn count(more: isize) {
    // A thread that ends may free after its counters are gone.
    let _ = LIVE.try_with(|live| {
        live.set(live.get() + more);
        let _ = PEAK.try_with(|peak| peak.set(peak.get().max(live.get())));
    });
    if more > 0 {
        let _ = CALLS.try_with(|calls| calls.set(calls.get() + 1));
    }
}

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        ask(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size as isize - layout.size() as isize);
        ask(size);
        unsafe { System.realloc(block, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// All bytes ever asked for; a vector that grows asks for all of its new size.
fn ask(size: usize) {
    let _ = TOTAL.try_with(|total| total.set(total.get() + size));
}

/// The largest number of bytes held at a time while it ran, and how often it asked for more.
fn measure<T>(run: impl FnOnce() -> T) -> (T, usize, usize) {
    let before = LIVE.get();
    PEAK.set(before);
    CALLS.set(0);
    let result = run();
    (result, (PEAK.get() - before) as usize, CALLS.get())
}

#[test]
fn the_allocator_counts() {
    let (vector, peak, calls) = measure(|| {
        drop(vec![0u8; 5000]);
        vec![0u8; 1000]
    });
    assert_eq!((vector.len(), peak, calls), (1000, 5000, 2));
}

const KIB: usize = 1024;

#[derive(Serialize)]
struct Frame {
    id: u32,
    name: String,
    embedding: Vec<f32>,
    image: Vec<Vec<f32>>,
    volume: Vec<Vec<[u16; 3]>>,
    labels: Vec<String>,
    counts: BTreeMap<String, Vec<u64>>,
    mask: Vec<bool>,
}

fn frame() -> Frame {
    Frame {
        id: 7,
        name: "n".repeat(20_000),
        embedding: vec![0.5; 100_000],
        image: vec![vec![0.25; 640]; 480],
        volume: vec![vec![[1, 2, 3]; 100]; 300],
        labels: (0..200).map(|n| "l".repeat(n * 10)).collect(),
        counts: (0..50).map(|n| (format!("count {n}"), vec![n; 500])).collect(),
        mask: vec![true; 70_000],
    }
}

fn meta_len(bytes: &[u8]) -> usize {
    u32::from_le_bytes(bytes[8..12].try_into().unwrap()) as usize
}

/// Beyond the vector that `to_vec` gives back, as large as it was asked for, at most META and 64 KiB. That vector is at most
/// twice as large as the value, and so is the one of META: both grow by doubling.
fn encodes_within<T: Serialize>(value: &T, beyond: impl Fn(usize) -> usize) {
    let (bytes, peak, _) = measure(|| to_vec(value).unwrap());
    let (meta, capacity) = (meta_len(&bytes), bytes.capacity());
    assert!(capacity <= 2 * bytes.len() + 64 * KIB, "{capacity} for a value of {} bytes", bytes.len());
    let extra = peak - capacity.min(peak);
    let allowed = 2 * meta + 64 * KIB + beyond(bytes.len());
    assert!(extra <= allowed, "{extra} beyond the output of {capacity}, allowed {allowed}, META {meta}");

    // `to_writer` holds META, and the payloads in one buffer, each at most twice as large as what is in it. It never gathers them.
    let mut written = Vec::with_capacity(bytes.len());
    let ((), peak, _) = measure(|| to_writer(value, &mut written).unwrap());
    assert_eq!(written, bytes);
    let data = bytes.len() - 16 - meta;
    let allowed = 2 * data + 2 * meta + 64 * KIB + beyond(bytes.len());
    assert!(peak <= allowed, "{peak} while writing, allowed {allowed}, META {meta}, DATA {data}");
}

#[test]
fn encoding_builds_no_tree() {
    let nothing = |_| 0;
    encodes_within(&frame(), nothing);
    encodes_within(&vec![0.5f32; 1 << 20], nothing);
    encodes_within(&vec![vec![0.5f32; 1000]; 1000], nothing);
    encodes_within(&vec![[[0.5f64; 4]; 4]; 5000], nothing);
    encodes_within(&(0..100).map(|n| vec![n as u16; 600]).collect::<Vec<_>>(), nothing);
    encodes_within(&vec!["x".repeat(10_000); 100], nothing);
    encodes_within(&vec![serde_bytes::ByteBuf::from(vec![1; 100_000]); 10], nothing);
    encodes_within(&(0..100_000u32).map(|n| ("text", n)).collect::<Vec<_>>(), nothing);
    encodes_within(&vec![None::<f32>; 100_000], nothing);
    encodes_within(&vec![frame(), frame(), frame()], nothing);
}

/// A vector in a vector is a node, whatever stands beside it: nothing waits for the end of a list.
#[test]
fn vectors_in_vectors_are_written_where_they_stay() {
    let nothing = |_| 0;
    encodes_within(&vec![vec![0.5f32; 100_000], vec![0.5; 50_000], vec![]], nothing);
    encodes_within(&(0..2000).map(|n| vec![0.5f32; 100 + n % 2]).collect::<Vec<_>>(), nothing);
    let rectangular = || vec![vec![0.5f32; 1000]; 200];
    encodes_within(&(rectangular(), "misfit"), nothing);
    encodes_within(&vec![rectangular(), vec![vec![0.5f32; 999]; 200]], nothing);
}

/// What turns out not to fit when much of it is packed is moved once: the packed bytes are held twice, and no longer.
#[test]
fn a_list_that_becomes_plain_is_held_twice() {
    #[derive(Clone, Serialize)]
    #[serde(untagged)]
    enum Part {
        Number(f32),
        Block([f32; 32]),
        Text(&'static str),
    }
    // They, too, grow by doubling.
    let packed = |len: usize| 2 * len;
    for misfit in [Part::Text("misfit"), Part::Block([0.5; 32])] {
        encodes_within(&[vec![Part::Number(0.5); 200_000], vec![misfit]].concat(), packed);
    }
    for misfit in [Part::Text("misfit"), Part::Number(0.5)] {
        let list = || [vec![Part::Block([0.5; 32]); 20_000], vec![misfit.clone()]].concat();
        encodes_within(&list(), packed);
        encodes_within(&(list(), "misfit"), packed);
    }
}

/// Optional scalars of which some are absent are packed a second time, with their presence: held three times at the end.
#[test]
fn a_list_of_optional_scalars_is_held_three_times() {
    let (mut late, mut early) = (vec![Some(0.5f32); 100_000], vec![Some(0.5f32); 100_000]);
    (late[99_999], early[0]) = (None, None);
    let packed = |len: usize| 2 * len;
    encodes_within(&early, packed);
    encodes_within(&(0..100_000u64).map(|n| (n % 3 > 0).then_some(n)).collect::<Vec<_>>(), packed);
    encodes_within(&late, packed);
}

#[derive(DeriveDeserialize)]
struct Borrowed<'a> {
    name: &'a str,
    #[serde(borrow)]
    blob: &'a serde_bytes::Bytes,
    bytes: &'a [u8],
    short: &'a str,
    numbers: (u8, f64, bool),
}

#[test]
fn what_is_borrowed_takes_no_memory() {
    let (name, blob) = ("n".repeat(100_000), vec![7u8; 50_000]);
    let map = to_vec(&(
        (&name, serde_bytes::Bytes::new(&blob), &blob, "short", (1u8, 2.5f64, true)),
        DynArrayView::from_elements([100, 100], &vec![0.5f32; 10_000]).unwrap(),
    ))
    .unwrap();
    let (read, peak, calls) = measure(|| from_slice::<(Borrowed<'_>, IgnoredAny)>(&map).unwrap());
    assert_eq!((peak, calls), (0, 0));
    let Borrowed { name: read_name, blob: read_blob, bytes, short, numbers } = read.0;
    assert_eq!((read_name, &read_blob[..], bytes), (&name[..], &blob[..], &blob[..]));
    assert_eq!((short, numbers), ("short", (1, 2.5, true)));

    let (_, peak, calls) = measure(|| from_slice::<IgnoredAny>(&map).unwrap());
    assert_eq!((peak, calls), (0, 0));

    // A borrowed array takes the vector of its shape.
    let (array, peak, _) = measure(|| from_slice::<(IgnoredAny, DynArrayView<'_>)>(&map).unwrap().1);
    assert_eq!(array.shape(), [100, 100]);
    assert!(peak <= 64, "{peak}");
}

#[test]
fn what_is_owned_takes_its_payload() {
    let floats = vec![0.5f32; 200_000];
    let bytes = to_vec(&floats).unwrap();
    let (read, peak, calls) = measure(|| from_slice::<Vec<f32>>(&bytes).unwrap());
    assert_eq!((read.len(), peak, calls), (200_000, 800_000, 1));
    let text = to_vec(&"x".repeat(100_000)).unwrap();
    let (read, peak, calls) = measure(|| from_slice::<String>(&text).unwrap());
    assert_eq!((read.len(), peak, calls), (100_000, 100_000, 1));
}

#[path = "heap/accessors.rs"]
mod accessors;
#[path = "heap/amplification.rs"]
mod amplification;
#[path = "common/bytes.rs"]
mod bytes;
#[cfg(feature = "foreign")]
#[path = "heap/foreign.rs"]
mod foreign;
#[path = "heap/hostile.rs"]
mod hostile;
#[path = "heap/linear.rs"]
mod linear;
#[path = "heap/tables.rs"]
mod tables;
