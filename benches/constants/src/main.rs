//! From how many bytes the fixed part of a list goes to DATA: times and sizes of copies of the crate that differ in that constant
//! alone, in one interleaved run. `constants.sh` makes the copies and runs this.

use std::hint::black_box;

use ndwire_benches::cases::Numbers;
use ndwire_benches::environment::hold_tunables;
use ndwire_benches::measure::{interleaved, thousands, Competitor, Plan};
use serde::{Deserialize, Serialize};

/// Eight small lists, as a record of measurements has them.
#[derive(Serialize, Deserialize, PartialEq, Clone)]
struct Lists {
    a: Vec<f32>,
    b: Vec<f32>,
    c: Vec<f32>,
    d: Vec<f32>,
    e: Vec<f32>,
    f: Vec<f32>,
    g: Vec<f32>,
    h: Vec<f32>,
}

fn lists(bytes: usize) -> Lists {
    let mut numbers = Numbers::default();
    let mut list = || numbers.floats(bytes / 4);
    Lists { a: list(), b: list(), c: list(), d: list(), e: list(), f: list(), g: list(), h: list() }
}

struct Copy {
    threshold: usize,
    name: &'static str,
    encode: fn(&Lists) -> Vec<u8>,
    decode: fn(&[u8]) -> Lists,
}

macro_rules! copies {
    ($($threshold:literal $name:literal $copy:ident)*) => {
        [$(Copy {
            threshold: $threshold,
            name: $name,
            encode: |value| $copy::to_vec(value).expect("lists can be encoded"),
            decode: |bytes| $copy::from_slice(bytes).expect("what was encoded can be decoded"),
        }),*]
    };
}

const SIZES: [usize; 6] = [64, 128, 256, 512, 1024, 2048];

fn main() {
    hold_tunables();
    let plan = if std::env::args().any(|argument| argument == "--quick") { Plan::QUICK } else { Plan::FULL };
    let copies = copies! {
        16 "16" ndwire_16
        128 "128" ndwire_128
        512 "512" ndwire_512
        2048 "2,048" ndwire_2048
        4096 "4,096" ndwire_4096
    };
    println!(
        "A struct of eight `Vec<f32>`, each of the given size; the copies of the crate differ in the threshold alone."
    );
    println!();
    println!("| one list | threshold | its place | bytes | encode | decode |");
    println!("|---:|---:|---|---:|---:|---:|");
    for size in SIZES {
        let value = lists(size);
        let encoded: Vec<Vec<u8>> = copies.iter().map(|copy| (copy.encode)(&value)).collect();
        for (copy, encoded) in copies.iter().zip(&encoded) {
            assert!((copy.decode)(encoded) == value, "threshold {}: another value came back", copy.name);
            // Magic, version and reserved bytes are 8; then comes the length of META.
            let meta = u32::from_le_bytes([encoded[8], encoded[9], encoded[10], encoded[11]]) as usize;
            let inline = meta >= 8 * size;
            assert_eq!(inline, size < copy.threshold, "threshold {}: the copy is not what it says", copy.name);
        }
        let mut encoders: Vec<Competitor<'_>> = copies
            .iter()
            .map(|copy| {
                Competitor::new(copy.name, || {
                    black_box((copy.encode)(black_box(&value)));
                })
            })
            .collect();
        let encode = interleaved(&mut encoders, plan);
        let mut decoders: Vec<Competitor<'_>> = copies
            .iter()
            .zip(&encoded)
            .map(|(copy, encoded)| {
                Competitor::new(copy.name, || {
                    black_box((copy.decode)(black_box(encoded)));
                })
            })
            .collect();
        let decode = interleaved(&mut decoders, plan);
        for (index, copy) in copies.iter().enumerate() {
            let place = if size < copy.threshold { "inline" } else { "DATA" };
            println!(
                "| {} B | {} | {place} | {} | {:.0} ns | {:.0} ns |",
                thousands(size as u64),
                copy.name,
                thousands(encoded[index].len() as u64),
                encode[index],
                decode[index],
            );
        }
    }
}
