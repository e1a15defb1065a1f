//! Instructions of the cases of tables, apart from the key cases: in one program they would change what those come to.

use std::hint::black_box;

use gungraun::{library_benchmark, library_benchmark_group, main};
use ndwire_benches::cases::tables::{Detection, Sample, detections, samples};
use ndwire_benches::peers::{Format, Ndwire};
use serde::Serialize;

fn encoded(value: impl Serialize) -> Vec<u8> {
    Ndwire::encode(&value).expect("every case can be encoded")
}

#[library_benchmark]
#[bench::samples_1_000(samples(1_000))]
fn encode_samples(value: Vec<Sample>) -> Result<Vec<u8>, String> {
    Ndwire::encode(black_box(&value))
}

#[library_benchmark]
#[bench::detections_100(detections(100))]
fn encode_detections(value: Vec<Detection>) -> Result<Vec<u8>, String> {
    Ndwire::encode(black_box(&value))
}

#[library_benchmark]
#[bench::samples_1_000(encoded(samples(1_000)))]
fn decode_samples(bytes: Vec<u8>) -> Result<Vec<Sample>, String> {
    Ndwire::decode(black_box(&bytes))
}

#[library_benchmark]
#[bench::detections_100(encoded(detections(100)))]
fn decode_detections(bytes: Vec<u8>) -> Result<Vec<Detection>, String> {
    Ndwire::decode(black_box(&bytes))
}

library_benchmark_group!(
    name = tables;
    benchmarks = encode_samples, encode_detections, decode_samples, decode_detections
);

main!(library_benchmark_groups = tables);
