//! Writes and reads a value with nothing but `alloc`. The panic handler below would be one too many if std were linked.
#![no_std]
#![no_main]

extern crate alloc;

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::alloc::{GlobalAlloc, Layout};
use core::sync::atomic::{AtomicUsize, Ordering};

use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, PartialEq)]
struct Frame {
    id: u64,
    camera: String,
    pixels: Vec<[f32; 3]>,
}

#[unsafe(no_mangle)]
extern "C" fn main() -> i32 {
    let frame = Frame { id: 7, camera: "north".into(), pixels: vec![[0.0, 0.5, 1.0]; 100] };
    let Ok(bytes) = ndwire::to_vec(&frame) else { return 1 };
    let Ok(again) = ndwire::from_slice::<Frame>(&bytes) else { return 2 };
    let Ok(value) = ndwire::from_slice::<ndwire::Value>(&bytes) else { return 3 };
    let Ok(written) = ndwire::to_vec(&value) else { return 4 };
    if again == frame && written == bytes { 0 } else { 5 }
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}

/// The precompiled `alloc` names these two; where a panic aborts nothing calls them.
#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() {}
#[unsafe(no_mangle)]
extern "C" fn _Unwind_Resume() {}

// memcpy and its kin, and the start of the program.
#[link(name = "c")]
unsafe extern "C" {}

/// Memory from a fixed place, never given back: enough for one value.
struct Bump;

const SIZE: usize = 1 << 20;
#[repr(align(16))]
struct Memory(core::cell::UnsafeCell<[u8; SIZE]>);
// SAFETY: each byte is handed out once.
unsafe impl Sync for Memory {}
static MEMORY: Memory = Memory(core::cell::UnsafeCell::new([0; SIZE]));
static USED: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every block is a part of MEMORY of its own, aligned as asked for up to the 16 bytes of MEMORY itself.
unsafe impl GlobalAlloc for Bump {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let size = layout.size().next_multiple_of(16);
        let start = USED.fetch_add(size, Ordering::Relaxed);
        if layout.align() > 16 || start + size > SIZE {
            return core::ptr::null_mut();
        }
        // SAFETY: start + size is within MEMORY.
        unsafe { MEMORY.0.get().cast::<u8>().add(start) }
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

#[global_allocator]
static ALLOCATOR: Bump = Bump;
