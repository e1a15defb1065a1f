//! What an operation asks of the heap, counted by an allocator that a program must have set as its own.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// The system's allocator, which counts on a thread while [`count`] runs there. At all other times it only looks at a flag.
pub struct Counting;

/// What was asked for while something ran, on its own thread.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Counts {
    /// Calls that asked for more: allocations, and reallocations that grow.
    pub calls: usize,
    /// Bytes of all allocations, and those by which reallocations grew. What the system's allocator copies to move a block that
    /// grows is not in it.
    pub bytes: usize,
    /// The most bytes that were held at a time, beyond those held before.
    pub peak: usize,
    /// Bytes held afterwards, beyond those held before; negative if more was given back than asked for.
    pub kept: isize,
}

const NOTHING: Counts = Counts { calls: 0, bytes: 0, peak: 0, kept: 0 };

thread_local! {
    static COUNTING: Cell<bool> = const { Cell::new(false) };
    static COUNTS: Cell<Counts> = const { Cell::new(NOTHING) };
}

#[inline]
fn note(more: isize) {
    // A thread that ends may free after its counters are gone.
    if COUNTING.try_with(Cell::get) == Ok(true) {
        note_counting(more);
    }
}

#[cold]
fn note_counting(more: isize) {
    let _ = COUNTS.try_with(|cell| {
        let mut counts = cell.get();
        counts.kept += more;
        counts.peak = counts.peak.max(counts.kept.max(0) as usize);
        if more > 0 {
            counts.calls += 1;
            counts.bytes += more as usize;
        }
        cell.set(counts);
    });
}

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note(layout.size() as isize);
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        note(layout.size() as isize);
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        note(-(layout.size() as isize));
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        note(size as isize - layout.size() as isize);
        unsafe { System.realloc(block, layout, size) }
    }
}

/// Counts while it runs. What it gives is dropped outside of the count.
///
/// # Panics
/// If the program has not set [`Counting`] as its allocator.
pub fn count<T>(run: impl FnOnce() -> T) -> (T, Counts) {
    assert_eq!(
        counted(|| vec![0u8; 64]).1,
        Counts { calls: 1, bytes: 64, peak: 64, kept: 64 },
        "Counting is not the allocator"
    );
    counted(run)
}

fn counted<T>(run: impl FnOnce() -> T) -> (T, Counts) {
    COUNTS.set(NOTHING);
    COUNTING.set(true);
    let result = run();
    COUNTING.set(false);
    (result, COUNTS.get())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[global_allocator]
    static ALLOCATOR: Counting = Counting;

    #[test]
    fn peak_and_sum_and_what_is_kept_differ() {
        let (vector, counts) = count(|| {
            drop(vec![0u8; 5000]);
            let mut vector = vec![0u8; 1000];
            vector.reserve_exact(200);
            vector
        });
        assert_eq!(counts, Counts { calls: 3, bytes: 6200, peak: 5000, kept: 1200 });
        let ((), counts) = count(|| drop(vector));
        assert_eq!(counts, Counts { calls: 0, bytes: 0, peak: 0, kept: -1200 });
    }
}
