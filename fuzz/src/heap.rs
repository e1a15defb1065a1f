//! How much heap something takes at its peak.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Bytes allocated and not yet freed, and the most that they have been since [`peak_of`] began.
static LIVE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);
/// All bytes ever allocated.
static TOTAL: AtomicUsize = AtomicUsize::new(0);

/// The allocator of a fuzz target. `realloc` is the trait's own, which allocates before it frees: growing counts the old and
/// the new allocation, as it does when the allocator has to move it.
pub struct CountingAllocator;

// SAFETY: every call is handed on to the system's allocator as it came.
unsafe impl GlobalAlloc for CountingAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let live = LIVE.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        PEAK.fetch_max(live, Ordering::Relaxed);
        TOTAL.fetch_add(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// Runs something and gives the most heap that it held at once, its result included.
pub fn peak_of<T>(run: impl FnOnce() -> T) -> (T, usize) {
    let before = LIVE.load(Ordering::Relaxed);
    PEAK.store(before, Ordering::Relaxed);
    let result = run();
    (result, PEAK.load(Ordering::Relaxed).saturating_sub(before))
}

/// Runs something and gives the most heap that it held at once, and all that it asked for.
pub fn taken_by(run: impl FnOnce()) -> (usize, usize) {
    let before = TOTAL.load(Ordering::Relaxed);
    let ((), peak) = peak_of(run);
    (peak, TOTAL.load(Ordering::Relaxed) - before)
}
