//! Law: whatever the bytes and the dtype, reading two dims and an array neither panics nor holds more heap than a stated multiple of
//! their length; and what is read is written to the same bytes, unless they are the other way round.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ndwire::DType;
use ndwire::foreign::{ByteOrder, Encoding, NumpyDType};
use ndwire_fuzz::CountingAllocator;
use ndwire_fuzz::foreign::{comes_back, decode_bounded};

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

fuzz_target!(|bytes: &[u8]| {
    let sum: usize = bytes.iter().map(|byte| usize::from(*byte)).sum();
    let dtype = DType::ALL[(sum + bytes.len()) % DType::ALL.len()];
    law(dtype, bytes);
    // The same bytes as an array of this dtype, with dims that fit.
    let count = bytes.len() / dtype.size();
    for rows in (1..4).filter(|rows| count.is_multiple_of(*rows)) {
        let dims = [rows as u32, (count / rows) as u32].map(u32::to_be_bytes).concat();
        law(dtype, &[&dims, &bytes[..count * dtype.size()]].concat());
    }
});

fn law(dtype: DType, bytes: &[u8]) {
    for byte_order in [ByteOrder::Little, ByteOrder::Big] {
        let encoding = Encoding::DimsHeader(NumpyDType { dtype, byte_order });
        if let Some(value) = decode_bounded(encoding, bytes) {
            comes_back(encoding, &value);
            assert!(encoding.encode(&value).expect("written before") == bytes, "{encoding}: written to other bytes");
        }
    }
}
