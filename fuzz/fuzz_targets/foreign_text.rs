//! Law: whatever the bytes, reading them as an array behind a header of text neither panics nor holds more heap than a stated multiple
//! of their length; and an array that is read is written to what reads the same, but for rank 0 and structures, which its readers do not
//! read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ndwire::Value;
use ndwire::foreign::Encoding;
use ndwire_fuzz::CountingAllocator;
use ndwire_fuzz::foreign::{Choices, comes_back, decode_bounded, is_not_written, plain};

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

fuzz_target!(|bytes: &[u8]| {
    law(bytes);
    // The same bytes as choices: arrays that are right.
    let (dtype, _, dims, payload) = plain(&mut Choices(bytes));
    law(&[format!("{dtype}|{dims}|").as_bytes(), &payload].concat());
    if let Some(dtype) = dtype.strip_prefix('|') {
        law(&[format!("{dtype}|{dims}|").as_bytes(), &payload].concat());
    }
});

fn law(bytes: &[u8]) {
    match decode_bounded(Encoding::TextHeader, bytes) {
        Some(Value::Array(array)) if !array.view().shape().is_empty() => {
            comes_back(Encoding::TextHeader, &array.into())
        }
        Some(other) => is_not_written(Encoding::TextHeader, &other),
        None => {}
    }
}
