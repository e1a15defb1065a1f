//! Bytes that claim much and hold little: the memory taken is bounded by the bytes that are there.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{SeqAccess, Visitor};

use super::bytes::{uv, value};
use super::*;

/// A list of lists of lists, as deep as it goes. Each level keeps the vector that the size hint asks for.
struct Nest {
    #[allow(dead_code, reason = "it is there to take memory")]
    inner: Vec<Nest>,
}

impl<'de> Deserialize<'de> for Nest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NestVisitor;
        impl<'de> Visitor<'de> for NestVisitor {
            type Value = Nest;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("nested lists")
            }
            fn visit_unit<E>(self) -> Result<Nest, E> {
                Ok(Nest { inner: Vec::new() })
            }
            fn visit_u64<E>(self, _: u64) -> Result<Nest, E> {
                Ok(Nest { inner: Vec::new() })
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Nest, A::Error> {
                // As serde's own vectors do, but without a cap of theirs.
                let mut inner = Vec::with_capacity(list.size_hint().unwrap_or(0));
                while let Some(element) = list.next_element()? {
                    inner.push(element);
                }
                Ok(Nest { inner })
            }
        }
        deserializer.deserialize_seq(NestVisitor)
    }
}

/// The most that reading takes, whether it fails or not.
fn peak<T: DeserializeOwned>(bytes: &[u8]) -> usize {
    measure(|| drop(from_slice::<T>(bytes))).1
}

/// What the plan of a schema may take: a step for each byte of it, and no more than 1,024 leaves in 8 containers each are.
fn plan(bytes: &[u8]) -> usize {
    bytes.len().min(1024 * 9) * 96
}

/// For each target, at most so many bytes of memory per byte of the value, and a constant.
fn bounded(bytes: &[u8], what: &str) {
    fn check<T: DeserializeOwned>(bytes: &[u8], what: &str, per_byte: usize, constant: usize, _: PhantomData<T>) {
        let peak = peak::<T>(bytes);
        let plan = if per_byte == 0 { 0 } else { plan(bytes) };
        let allowed = per_byte * bytes.len() + constant + plan;
        assert!(peak <= allowed, "{what}: {} takes {peak} of {} bytes", std::any::type_name::<T>(), bytes.len());
    }
    // Skipping takes nothing but the message of an error.
    check(bytes, what, 0, 1024, PhantomData::<IgnoredAny>);
    check(bytes, what, size_of::<Value>() * 4, 1024, PhantomData::<Value>);
    // A byte of META can be an element of 24 bytes; the budget of sequences adds 1,024 of them.
    check(bytes, what, 24 * 4, 24 * 2048, PhantomData::<Nest>);
    check(bytes, what, 24 * 4, 24 * 2048, PhantomData::<Vec<Vec<Vec<u8>>>>);
    check(bytes, what, 24 * 4, 24 * 2048, PhantomData::<Vec<Vec<Vec<Vec<Vec<Vec<()>>>>>>>);
    check(bytes, what, 8, 8 * 2048, PhantomData::<Vec<u64>>);
    check(bytes, what, 8, 1024, PhantomData::<String>);
    // Its vectors begin with room for four: two lists for a byte of a row, and more for two bytes, take up to eleven of its values a byte.
    check(bytes, what, size_of::<serde_json::Value>() * 12, 64 * KIB, PhantomData::<serde_json::Value>);
    check(bytes, what, 512, 4096, PhantomData::<BTreeMap<u64, u64>>);
    let array = measure(|| drop(from_slice::<DynArrayView<'_>>(bytes))).1;
    assert!(array <= bytes.len() + 1024 + plan(bytes), "{what}: an array takes {array} of {} bytes", bytes.len());
}

#[test]
fn lists_that_each_claim_everything() {
    for len in [50, 500, 5_000, 20_000] {
        for (tag, levels) in [(0xD3u8, 127), (0xD3, 10), (0xD4, 100)] {
            // Each level claims all that is left of META, or a part of it, or a part of what the levels above leave.
            for (share, greedy) in [(1, true), (2, true), (1, false), (2, false), (3, false), (10, false), (60, false)]
            {
                let mut meta = Vec::new();
                let mut owed = 0usize;
                for _ in 0..levels {
                    let left = (len - meta.len()).saturating_sub(if greedy { 12 } else { owed + 12 });
                    let nodes = (left / share).max(32);
                    owed += nodes - 1;
                    meta.push(tag);
                    meta.extend(uv(if tag == 0xD4 { nodes as u64 / 2 } else { nodes as u64 }));
                    if meta.len() + 12 > len {
                        break;
                    }
                }
                meta.resize(len, 0xC0);
                let bytes = value(&meta, &[]);
                let kind = from_slice::<IgnoredAny>(&bytes).unwrap_err().kind();
                assert!([ErrorKind::Truncated, ErrorKind::TrailingBytes].contains(&kind), "{kind:?}");
                bounded(&bytes, &format!("{levels} levels of {tag:02X}, 1/{share} each, greedy {greedy}, {len} bytes"));
            }
        }
    }
}

#[test]
fn nests_of_many_lists_that_are_there() {
    for len in [100usize, 5_000, 40_000] {
        for element in [&[0xA0u8][..], &[0xA1, 0xC0], &[0xC0], &[0xA1, 0xA1, 0xA0], &[0xB1, 0xC0, 0xA0], &[0x80]] {
            let count = (len / element.len()) as u64;
            let meta = [&[0xD3], &uv(count)[..], &element.repeat(count as usize)].concat();
            let bytes = value(&meta, &[]);
            assert!(from_slice::<IgnoredAny>(&bytes).is_ok());
            bounded(&bytes, &format!("{count} of {element:02X?}"));
        }
    }
}

#[test]
fn claims_of_more_than_there_is() {
    let huge = [u64::MAX, u64::MAX >> 1, 1 << 40, 1 << 32, u64::from(u32::MAX), 1 << 20];
    for claim in huge {
        let claim = uv(claim);
        let metas: [&[&[u8]]; 12] = [
            &[&[0xD3], &claim],
            &[&[0xD4], &claim],
            &[&[0xD1], &claim],
            &[&[0xD2], &claim],
            &[&[0xD8], &claim],
            &[&[0xD9], &claim],
            &[&[0xD7, 0x10], &claim],
            &[&[0xD7, 0x33], &claim],
            &[&[0xD7, 0xD5, 0x13], &claim],
            &[&[0xD7, 0xD6, 0x10, 1], &claim, &[1]],
            &[&[0xD7, 0xD6, 0x10, 1, 2], &claim],
            &[&[0xD6, 0x33, 2], &claim, &claim],
        ];
        for parts in metas {
            for tail in [0, 300] {
                let bytes = value(&[parts.concat(), vec![0; tail]].concat(), &[0; 100]);
                let kind = from_slice::<IgnoredAny>(&bytes).unwrap_err().kind();
                let expected =
                    [ErrorKind::Truncated, ErrorKind::TooLarge, ErrorKind::NotCanonical, ErrorKind::Malformed];
                assert!(expected.contains(&kind), "{parts:02X?}: {kind:?}");
                bounded(&bytes, &format!("{parts:02X?}"));
            }
        }
    }
}

#[test]
fn arrays_of_many_dims_as_lists() {
    let mut refused = 0;
    for rank in [2usize, 3, 8, 31, 32] {
        for first in [1u64, 100, 1_000, 20_000, 1 << 40] {
            for (last, data) in [(1u64, first.min(20_000) as usize), (0, 0)] {
                for column_major in [false, true] {
                    let mut meta = vec![0xD6, 0x10, rank as u8];
                    let mut dims = vec![1; rank];
                    (dims[0], dims[rank - 1]) = (first, last);
                    if column_major {
                        (dims[0], dims[1], meta[2]) = (first / 2, 2, rank as u8 | 0x80);
                    }
                    dims.iter().for_each(|&dim| meta.extend(uv(dim)));
                    let bytes = value(&meta, &vec![7; data]);
                    bounded(&bytes, &format!("array {dims:?}"));
                    let kind = from_slice::<Nest>(&bytes).err().map(|error| error.kind());
                    refused += usize::from(kind == Some(ErrorKind::TooLarge));
                }
            }
        }
    }
    assert!(refused > 10, "the budget was never used up: {refused}");
}

#[test]
fn rows_of_the_most_lists_that_the_formula_allows() {
    for (dtype, dims, width) in [
        (0x10u8, &[1u8, 1][..], 1usize),
        (0x11, &[1, 1, 1, 1, 1], 2),
        (0x33, &[1, 1, 1, 1, 1, 1, 1], 8),
        (0x10, &[2, 1, 1], 2),
        (0x10, &[1, 1, 1, 1, 1, 1, 4], 4),
    ] {
        for count in [1u64, 100, 30_000] {
            let schema = [&[0xD7, 0xD6, dtype, dims.len() as u8][..], dims, &uv(count)].concat();
            let packed = vec![7; width * count as usize];
            let bytes = match packed.len() {
                0..512 => value(&[schema, packed].concat(), &[]),
                _ => value(&schema, &packed),
            };
            if from_slice::<IgnoredAny>(&bytes).is_ok() {
                bounded(&bytes, &format!("{count} rows of {dims:?} {dtype:02X}"));
            } else {
                assert_eq!(from_slice::<IgnoredAny>(&bytes).unwrap_err().kind(), ErrorKind::Malformed);
            }
        }
    }
}

/// The same of tuples, whose leaves are nodes of a byte.
#[test]
fn rows_of_the_most_tuples_that_the_formula_allows() {
    // 24 = 64 x 1 - 40, 2 x 24 = 64 x 1 - 16, and 8 x 24 = 64 x 3.
    let eight = [&[0xA1; 7][..], &[0xA3, 0xC0, 0xC0, 0xC0]].concat();
    let many = [&[0xD3, 0x80, 0x08][..], &[0xA1, 0xA1, 0xC0].repeat(1024)].concat();
    for (schema, nodes) in [(&[0xA1, 0xC0][..], 1), (&[0xA1, 0xA1, 0xC0], 1), (&eight, 3), (&many, 1024)] {
        for count in [1usize, 100, 30_000] {
            let count = count.div_ceil(nodes);
            let bytes = value(&[&[0xD7], schema, &uv(count as u64), &vec![0xC0; nodes * count]].concat(), &[]);
            from_slice::<IgnoredAny>(&bytes).unwrap_or_else(|error| panic!("{error}: {nodes} nodes"));
            bounded(&bytes, &format!("{count} rows of tuples around {nodes} nodes"));
        }
    }
}

/// Found by `decode_bounded`: 65 bytes that are shown as 1,107 lists of one element, each of which took room for four values.
#[test]
fn lists_of_one_value_take_room_for_one() {
    let dims = [1, 65].into_iter().chain([1; 17]);
    let meta: Vec<u8> = [0xD6, 0x40, 19].into_iter().chain(dims).collect();
    let bytes = value(&meta, &[2; 65]);
    let (values, peak, _) = measure(|| from_slice::<Vec<Value>>(&bytes).expect("the budget holds them"));
    assert_eq!(values.len(), 1);
    assert!(peak <= 1107 * size_of::<Value>() + 8 * KIB, "{peak}");
}
