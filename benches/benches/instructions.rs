//! Instructions of the key cases, counted by valgrind: the same on every run, whatever else the machine does.
//!
//! `README.md` says what this needs. `report --instructions` runs it and puts the counts into the report.

use std::hint::black_box;

use gungraun::{library_benchmark, library_benchmark_group, main};
use ndarray::Array2;
use ndwire_benches::cases::{self, Attributed, AttributedMatrix, Plain, Record, Small, Viewed, ViewedList};
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
#[bench::list_4_kib(cases::attributed(32))]
#[bench::list_256_kib(cases::attributed(256))]
fn encode_attributed(value: Attributed) -> Result<Vec<u8>, String> {
    Ndwire::encode(black_box(&value))
}

#[library_benchmark]
#[bench::row_major_256_kib(cases::attributed_matrix(256, false))]
#[bench::column_major_256_kib(cases::attributed_matrix(256, true))]
fn encode_attributed_matrix(value: AttributedMatrix) -> Result<Vec<u8>, String> {
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
#[bench::list_4_kib(encoded::<Ndwire>(cases::attributed(32)))]
#[bench::list_256_kib(encoded::<Ndwire>(cases::attributed(256)))]
fn decode_attributed(bytes: Vec<u8>) -> Result<Attributed, String> {
    Ndwire::decode(black_box(&bytes))
}

#[library_benchmark]
#[bench::row_major_256_kib(encoded::<Ndwire>(cases::attributed_matrix(256, false)))]
#[bench::column_major_256_kib(encoded::<Ndwire>(cases::attributed_matrix(256, true)))]
fn decode_attributed_matrix(bytes: Vec<u8>) -> Result<AttributedMatrix, String> {
    Ndwire::decode(black_box(&bytes))
}

// What borrows from the input cannot leave with it: these drop it themselves.

#[library_benchmark]
#[bench::list_256_kib(encoded::<Ndwire>(cases::attributed(256)))]
fn view_attributed(bytes: Vec<u8>) {
    drop(black_box(ndwire::from_slice::<Viewed<'_>>(black_box(&bytes))));
}

#[library_benchmark]
#[bench::list_256_kib(encoded::<Ndwire>(cases::attributed(256)))]
fn view_attributed_as_slice(bytes: Vec<u8>) {
    drop(black_box(ndwire::from_slice::<ViewedList<'_>>(black_box(&bytes))));
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
        encode_attributed,
        encode_attributed_matrix,
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
        decode_attributed,
        decode_attributed_matrix,
        view_attributed,
        view_attributed_as_slice,
        decode_small,
        decode_small_postcard,
        decode_records
);

main!(library_benchmark_groups = encode, decode);
