//! Law: whatever the bytes, reading them as `.npy` neither panics nor holds more heap than a stated multiple of their length; and
//! an array that is read is written to what reads the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ndwire::foreign::Encoding;
use ndwire::{Value, from_slice, to_vec};
use ndwire_fuzz::CountingAllocator;
use ndwire_fuzz::foreign::{Choices, comes_back, decode_bounded, is_not_written, npy, plain};

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

fuzz_target!(|bytes: &[u8]| {
    law(bytes);
    // The same bytes as a header and a payload, around which the rest is right.
    let (version, rest) = bytes.split_first().unwrap_or((&1, bytes));
    let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
    let (header, payload) = rest.split_at(end);
    law(&npy(1 + version % 3, header, payload));
    // And as choices: files that are right.
    let (dtype, column_major, dims, payload) = plain(&mut Choices(bytes));
    let order = if column_major { "True" } else { "False" };
    let header = format!("{{'descr': '{dtype}', 'fortran_order': {order}, 'shape': ({dims},), }}").replace("(,)", "()");
    law(&npy(1 + version % 3, header.as_bytes(), &payload));
});

fn law(bytes: &[u8]) {
    let Some(value) = decode_bounded(Encoding::Npy, bytes) else { return };
    let ndwire = to_vec(&value).expect("what was read can be written");
    match from_slice::<Value>(&ndwire).expect("what was written can be read") {
        Value::Array(_) => comes_back(Encoding::Npy, &value),
        Value::List(rows) if rows.schema().is_some() && rows.nodes().is_empty() => comes_back(Encoding::Npy, &value),
        // A structured array of rank 0 is a map, one of no rows an empty list, and one that is no table mostly a plain list: none is an
        // array any more.
        _ => is_not_written(Encoding::Npy, &value),
    }
}
