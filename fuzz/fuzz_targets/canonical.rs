//! Law: what is accepted has one spelling. It is written back to the same bytes, no part of it is a value, and what its head
//! says is what it is.
#![no_main]

use std::fmt::{Display, Write};
use std::ops::Range;

use libfuzzer_sys::{fuzz_crossover, fuzz_mutator, fuzz_target};
use ndwire::value::Borrowed;
use ndwire::{ErrorKind, Layout, Value, from_slice, to_vec};
use ndwire_fuzz::{Payload, header_len, payloads};

/// The kinds that section 6.1 gives to bytes which are not a value, and the reader's own limits.
const KINDS: [ErrorKind; 11] = [
    ErrorKind::NotNdwire,
    ErrorKind::UnsupportedVersion,
    ErrorKind::UnsupportedFlags,
    ErrorKind::ChecksumMismatch,
    ErrorKind::Truncated,
    ErrorKind::Malformed,
    ErrorKind::NotCanonical,
    ErrorKind::TooLarge,
    ErrorKind::TooDeep,
    ErrorKind::TrailingBytes,
    ErrorKind::Unsupported,
];

fuzz_target!(|bytes: &[u8]| {
    let layout = Layout::of(bytes);
    match from_slice::<Value>(bytes) {
        Ok(value) => {
            let layout = layout.expect("a value has a layout");
            same_bytes(bytes, &value);
            prefixes_are_rejected(bytes);
            head_agrees(bytes, layout);
            let printed = length_of(format_args!("{value:?}"));
            assert!(printed <= 4 * 2001, "Debug of a value printed {printed} bytes");
        }
        Err(error) => {
            assert!(KINDS.contains(&error.kind()), "{error:?}");
            // A path of up to 128 names, each of up to 64 characters, and the message.
            let printed = length_of(format_args!("{error}{error:?}"));
            assert!(printed <= 200_000, "an error printed {printed} bytes");
            if let Ok(layout) = layout {
                let of_payloads =
                    [ErrorKind::Truncated, ErrorKind::Malformed, ErrorKind::NotCanonical, ErrorKind::TrailingBytes];
                assert!(of_payloads.contains(&error.kind()), "the head is right, and yet {error:?}");
                print(layout, bytes.len());
            }
        }
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    ndwire_fuzz::mutate(data, size, max_size, seed, libfuzzer_sys::fuzzer_mutate)
});

fuzz_crossover!(|first: &[u8], second: &[u8], out: &mut [u8], seed: u32| {
    ndwire_fuzz::cross_over(first, second, out, seed)
});

fn same_bytes(bytes: &[u8], value: &Value) {
    let Borrowed(view) = from_slice(bytes).expect("what can be read can be viewed");
    let written = to_vec(&view).expect("what was read can be written");
    assert!(written == bytes, "written back from a view: {written:02X?}");
    let written = to_vec(value).expect("what was read can be written");
    assert!(written == bytes, "written back: {written:02X?}");
    let again: Value = from_slice(&written).expect("what was written can be read");
    assert_eq!(again, *value);
    assert_eq!(value.clone(), *value);
    let other = to_vec(&(value, 0u8)).ok().and_then(|longer| from_slice::<Value>(&longer).ok());
    assert_ne!(other.as_ref(), Some(value));
}

/// Every proper prefix is truncated, whatever is cut (rule R15): the places where something ends, and some others.
fn prefixes_are_rejected(bytes: &[u8]) {
    let meta_end = header_len(bytes).expect("a value has a header");
    let length = bytes.len();
    let places = [0, 1, 4, 12, 15, 16, 17, meta_end - 1, meta_end, meta_end + 1, length / 2, length - 17, length - 1];
    // A few more, which differ from input to input.
    let spread = (1..8).map(|step| (step * 0x9E37_79B1usize).wrapping_add(length * 31) % length);
    for end in places.into_iter().chain(spread).filter(|&end| end < length) {
        let prefix = &bytes[..end];
        let kind = from_slice::<Value>(prefix).map_err(|error| error.kind());
        assert_eq!(kind, Err(ErrorKind::Truncated), "the first {end} of {length} bytes");
        let needed = if end < 16 { 16 } else { meta_end };
        assert_eq!(Layout::needed(prefix).expect("the prefix of a value"), needed, "of the first {end} bytes");
        assert_eq!(Layout::of(prefix).is_ok(), end >= meta_end, "of the first {end} bytes");
    }
}

/// The head alone, and the whole value, tell the same; payloads lie one after the other, aligned, with zeros between.
fn head_agrees(bytes: &[u8], layout: Layout<'_>) {
    let meta_end = header_len(bytes).expect("a value has a header");
    assert_eq!(layout.value_len(), bytes.len() as u64);
    assert_eq!(Layout::needed(bytes).expect("a value"), meta_end);
    let of_head = Layout::of(&bytes[..meta_end]).expect("a head has a layout");
    assert_eq!(of_head.value_len(), layout.value_len());
    assert_eq!(of_head.to_string(), layout.to_string());

    let payloads = payloads(bytes);
    let mut end = meta_end as u64;
    for Payload { range: Range { start, end: next }, .. } in &payloads {
        assert!(*start == end.next_multiple_of(16) && next > start, "payload {start}..{next} after {end}");
        assert!(bytes[end as usize..*start as usize].iter().all(|&byte| byte == 0), "padding {end}..{start}");
        end = *next;
    }
    assert_eq!(end, bytes.len() as u64, "the value ends with its last payload");

    // A layout shows what stands under a map's keys, not what is in the keys; and of rows what they are, not each.
    let expected: Vec<_> =
        payloads.into_iter().filter(|payload| !payload.is_hidden).map(|payload| payload.range).collect();
    let mut found = Vec::new();
    for entry in layout.entries() {
        let Some(range) = entry.payload() else { continue };
        if let (Some(dtype), Some(shape), "array") = (entry.dtype(), entry.shape(), entry.kind()) {
            let elements: u64 = shape.iter().product();
            assert_eq!(elements * dtype.size() as u64, range.end - range.start);
        }
        found.push(range);
    }
    assert_eq!(found, expected);
    print(layout, meta_end);
}

/// Nothing panics, the tree is as long as it is promised to be, and no node prints more than a path of 128 levels needs.
fn print(layout: Layout<'_>, length: usize) {
    let printed = length_of(layout);
    assert!(printed <= 64 * length, "a layout of {length} bytes printed {printed}");
    let printed = length_of(format_args!("{layout:?}"));
    assert!(printed <= 100, "Debug of a layout printed {printed} bytes");
    for entry in layout.entries() {
        let printed = length_of(format_args!("{}{:?}", entry.path(), entry));
        assert!(printed <= 400_000, "an entry printed {printed} bytes");
    }
}

/// How much something prints, without keeping it.
fn length_of(printed: impl Display) -> usize {
    struct Count(usize);
    impl Write for Count {
        fn write_str(&mut self, text: &str) -> std::fmt::Result {
            self.0 += text.len();
            Ok(())
        }
    }
    let mut count = Count(0);
    write!(count, "{printed}").expect("counting cannot fail");
    count.0
}
