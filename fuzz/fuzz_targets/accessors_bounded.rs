//! Law: whatever is called on a value that was read holds no more memory than a stated multiple of its length, its result included,
//! and asks for no more than a stated multiple in all.
#![no_main]

use libfuzzer_sys::{fuzz_crossover, fuzz_mutator, fuzz_target};
use ndwire_fuzz::{CountingAllocator, accessors, taken_by};

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

fuzz_target!(|bytes: &[u8]| {
    accessors::accessors(bytes, &mut |what, bound, call| {
        let (peak, total) = taken_by(call);
        bound.check(what, bytes.len(), peak, total);
    });
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    ndwire_fuzz::mutate(data, size, max_size, seed, libfuzzer_sys::fuzzer_mutate)
});

fuzz_crossover!(|first: &[u8], second: &[u8], out: &mut [u8], seed: u32| {
    ndwire_fuzz::cross_over(first, second, out, seed)
});
