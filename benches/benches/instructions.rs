//! Instructions of the key cases, counted by valgrind: the same on every run, whatever else the machine does.
//!
//! `README.md` says what this needs. `report --instructions` runs it and puts the counts into the report.

use std::hint::black_box;

use gungraun::{library_benchmark, library_benchmark_group, main};
use ndarray::Array2;
use ndwire_benches::cases::{self, Plain, Record, Small};
use ndwire_benches::peers::{Format, Ndwire, Postcard};
use serde::Serialize;

fn encoded<F: Format>(value: impl Serialize) -> Vec<u8> {
    F::encode(&value).expect("every case can be encoded")
}

#[library_benchmark]
#[bench::floats_512_b(cases::plain(512))]
#[bench::floats_256_kib(cases::plain(256 << 10))]
fn encode_plain(value: Plain) -> Result<Vec<u8>, String> {
    Ndwire::encode(black_box(&value))
}

#[library_benchmark]
#[bench::floats_256_kib(cases::plain(256 << 10))]
fn encode_plain_postcard(value: Plain) -> Result<Vec<u8>, String> {
    Postcard::encode(black_box(&value))
}

#[library_benchmark]
#[bench::stock_256_kib(cases::square(256))]
fn encode_array(value: Array2<f32>) -> Result<Vec<u8>, String> {
    Ndwire::encode(black_box(&value))
}

#[library_benchmark]
#[bench::embedding_768(cases::small())]
fn encode_small(value: Small) -> Result<Vec<u8>, String> {
    Ndwire::encode(black_box(&value))
}

#[library_benchmark]
#[bench::embedding_768(cases::small())]
fn encode_small_postcard(value: Small) -> Result<Vec<u8>, String> {
    Postcard::encode(black_box(&value))
}

#[library_benchmark]
#[bench::records_1_000(cases::records(1_000))]
fn encode_records(value: Vec<Record>) -> Result<Vec<u8>, String> {
    Ndwire::encode(black_box(&value))
}

#[library_benchmark]
#[bench::floats_512_b(encoded::<Ndwire>(cases::plain(512)))]
#[bench::floats_256_kib(encoded::<Ndwire>(cases::plain(256 << 10)))]
fn decode_plain(bytes: Vec<u8>) -> Result<Plain, String> {
    Ndwire::decode(black_box(&bytes))
}

#[library_benchmark]
#[bench::floats_256_kib(encoded::<Postcard>(cases::plain(256 << 10)))]
fn decode_plain_postcard(bytes: Vec<u8>) -> Result<Plain, String> {
    Postcard::decode(black_box(&bytes))
}

#[library_benchmark]
#[bench::stock_256_kib(encoded::<Ndwire>(cases::square(256)))]
fn decode_array(bytes: Vec<u8>) -> Result<Array2<f32>, String> {
    Ndwire::decode(black_box(&bytes))
}

#[library_benchmark]
#[bench::embedding_768(encoded::<Ndwire>(cases::small()))]
fn decode_small(bytes: Vec<u8>) -> Result<Small, String> {
    Ndwire::decode(black_box(&bytes))
}

#[library_benchmark]
#[bench::embedding_768(encoded::<Postcard>(cases::small()))]
fn decode_small_postcard(bytes: Vec<u8>) -> Result<Small, String> {
    Postcard::decode(black_box(&bytes))
}

#[library_benchmark]
#[bench::records_1_000(encoded::<Ndwire>(cases::records(1_000)))]
fn decode_records(bytes: Vec<u8>) -> Result<Vec<Record>, String> {
    Ndwire::decode(black_box(&bytes))
}

library_benchmark_group!(
    name = encode;
    benchmarks =
        encode_plain,
        encode_plain_postcard,
        encode_array,
        encode_small,
        encode_small_postcard,
        encode_records
);

library_benchmark_group!(
    name = decode;
    benchmarks =
        decode_plain,
        decode_plain_postcard,
        decode_array,
        decode_small,
        decode_small_postcard,
        decode_records
);

main!(library_benchmark_groups = encode, decode);
