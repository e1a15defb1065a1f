//! Law: whatever the bytes, reading them as a MessagePack document with arrays neither panics nor holds more heap than a stated
//! multiple of their length, nor does looking for arrays; and what is read is written to what reads the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ndwire::foreign::{self, Encoding};
use ndwire::{Array, Value};
use ndwire_fuzz::CountingAllocator;
use ndwire_fuzz::foreign::{Choices, arrays_are_found, comes_back, decode_bounded, document};

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

fuzz_target!(|bytes: &[u8]| {
    law(bytes);
    // The same bytes as choices: documents that are right, or nearly.
    law(&document(&mut Choices(bytes), 4));
    let _ = foreign::decode::<Value>(bytes);
    let _ = Encoding::MsgpackNumpy.decode::<Vec<Array<f32>>>(bytes);
});

fn law(bytes: &[u8]) {
    let value = decode_bounded(Encoding::MsgpackNumpy, bytes);
    arrays_are_found(bytes, value.as_ref());
    if let Some(value) = value {
        comes_back(Encoding::MsgpackNumpy, &value);
    }
}
