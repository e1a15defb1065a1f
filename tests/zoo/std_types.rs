//! What serde itself gives the types of the standard library.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, LinkedList, VecDeque};
use std::ffi::{CString, OsString};
use std::marker::PhantomData;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::num::{NonZero, Saturating, Wrapping};
use std::ops::{Bound, Range, RangeFrom, RangeInclusive, RangeTo};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use proptest::collection::{btree_map, btree_set, hash_map, hash_set, vec};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use crate::law::{animals, for_lists, read_back};

pub(crate) fn float() -> impl Strategy<Value = f64> {
    prop_oneof![proptest::num::f64::NORMAL, proptest::num::f64::ZERO, proptest::num::f64::INFINITE]
}

pub(crate) fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{0,8}", "\\PC{0,40}", "x{600}"]
}

#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
struct Unit;

#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
struct Newtype<T>(T);

#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
struct Tuple(i8, String, Vec<f32>);

#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
enum Enum {
    Unit,
    Newtype(u64),
    Tuple(bool, char),
    Struct { a: Option<f32>, b: Vec<u8> },
}

/// All that serde knows in one struct, so that it is compiled once.
#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
struct Scalars {
    bool: bool,
    unsigned: (u8, u16, u32, u64, usize),
    signed: (i8, i16, i32, i64, isize),
    floats: (f32, f64),
    char: char,
    text: String,
    unit: (),
    unit_struct: Unit,
    nothing: PhantomData<u8>,
    options: (Option<u8>, Option<Option<u8>>, Option<()>, Option<Unit>),
    newtype: Newtype<Newtype<u16>>,
    tuple: Tuple,
    variants: Vec<Enum>,
}

fn enumeration() -> impl Strategy<Value = Enum> {
    prop_oneof![
        Just(Enum::Unit),
        any::<u64>().prop_map(Enum::Newtype),
        any::<(bool, char)>().prop_map(|(a, b)| Enum::Tuple(a, b)),
        (any::<Option<bool>>(), any::<Vec<u8>>()).prop_map(|(a, b)| Enum::Struct { a: a.map(f32::from), b }),
    ]
}

fn scalars() -> impl Strategy<Value = Scalars> {
    let numbers = (any::<(u8, u16, u32, u64, usize)>(), any::<(i8, i16, i32, i64, isize)>());
    let options = any::<(Option<u8>, Option<Option<u8>>, Option<()>, bool)>();
    let others = (any::<(bool, char, u16, i8)>(), float(), text(), vec(enumeration(), 0..4));
    (numbers, options, others).prop_map(
        |((unsigned, signed), (a, b, c, unit), ((bool, char, n, m), float, text, variants))| Scalars {
            bool,
            unsigned,
            signed,
            floats: (1.5, float),
            char,
            text: text.clone(),
            unit: (),
            unit_struct: Unit,
            nothing: PhantomData,
            options: (a, b, c, unit.then_some(Unit)),
            newtype: Newtype(Newtype(n)),
            tuple: Tuple(m, text, vec![0.5; n.into()]),
            variants,
        },
    )
}

#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
struct Collections {
    arrays: ([u8; 0], [u16; 1], [[f32; 2]; 3], [String; 2]),
    vectors: (Vec<u8>, Vec<Vec<i32>>, Vec<Option<u64>>, Vec<()>, Vec<String>),
    boxed: (Box<[u16]>, Box<str>, Box<u8>),
    shared: (Rc<str>, Arc<[u8]>, Rc<Vec<u8>>),
    cells: (Cell<u8>, RefCell<String>),
    cow: Cow<'static, str>,
    deque: VecDeque<u32>,
    linked: LinkedList<String>,
    sets: (BTreeSet<i16>, HashSet<String>),
    maps: (BTreeMap<String, u8>, HashMap<String, Vec<u8>>, BTreeMap<String, BTreeMap<String, ()>>),
}

fn collections() -> impl Strategy<Value = Collections> {
    let texts = vec(text(), 2..4);
    let numbers = any::<(Vec<u8>, Vec<Vec<i32>>, Vec<Option<u64>>, Vec<()>, Vec<u16>, Vec<u32>)>();
    let sets = (btree_set(any::<i16>(), 0..5), hash_set(text(), 0..5));
    let map = || btree_map(text(), any::<u8>(), 0..4);
    let maps =
        (map(), hash_map(text(), any::<Vec<u8>>(), 0..4), btree_map(text(), btree_map(text(), Just(()), 0..3), 0..3));
    (texts, numbers, sets, maps).prop_map(|(texts, (bytes, lists, options, units, shorts, numbers), sets, maps)| {
        Collections {
            arrays: ([], [7], [[0.5; 2]; 3], [texts[0].clone(), texts[1].clone()]),
            boxed: (shorts.into(), texts[0].as_str().into(), Box::new(7)),
            shared: (texts[1].as_str().into(), bytes.as_slice().into(), Rc::new(bytes.clone())),
            cells: (Cell::new(7), RefCell::new(texts[0].clone())),
            cow: texts[1].clone().into(),
            deque: numbers.into(),
            linked: texts.iter().cloned().collect(),
            vectors: (bytes, lists, options, units, texts),
            sets,
            maps,
        }
    })
}

#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
struct Others {
    addresses: (Ipv4Addr, Ipv6Addr, IpAddr, SocketAddr),
    times: (Duration, SystemTime),
    system: (PathBuf, OsString, CString),
    ranges: (Range<u8>, RangeInclusive<i32>, RangeFrom<u64>, RangeTo<u8>, Range<String>),
    bounds: Vec<Bound<u16>>,
    numbers: (Wrapping<u32>, Saturating<i8>, NonZero<u64>, NonZero<i16>, Reverse<u8>),
    results: Vec<Result<u8, String>>,
}

fn others() -> impl Strategy<Value = Others> {
    let addresses = any::<(Ipv4Addr, Ipv6Addr, IpAddr, SocketAddr)>();
    let numbers = any::<(u8, i32, u64, u32, i8, NonZero<u64>, NonZero<i16>, u32)>();
    let results = any::<Vec<Result<u8, bool>>>();
    (addresses, numbers, results, "[a-zä]{1,9}").prop_map(
        |((v4, v6, ip, address), (a, b, c, d, e, f, g, seconds), results, text)| Others {
            // Flow and scope of an address are not in its text.
            addresses: (v4, v6, ip, SocketAddr::new(address.ip(), address.port())),
            times: (Duration::new(c, seconds / 8), SystemTime::UNIX_EPOCH + Duration::new(seconds.into(), 7)),
            system: ((&text).into(), (&text).into(), CString::new(text.clone()).unwrap()),
            ranges: (a..7, b..=7, c.., ..a, text.clone()..text.clone()),
            bounds: vec![Bound::Unbounded, Bound::Included(a.into()), Bound::Excluded(7)],
            numbers: (Wrapping(d), Saturating(e), f, g, Reverse(a)),
            results: results.into_iter().map(|result| result.map_err(|flag| flag.to_string())).collect(),
        },
    )
}

animals! {
    law {
        types_of_std: (scalars(), collections(), others());
    }
    law_unbuffered {
        integers_of_128_bits: any::<(u128, i128, Option<u128>)>();
    }
}

#[test]
fn what_cannot_be_text_is_refused_when_it_is_written() {
    use std::os::unix::ffi::OsStringExt;
    let path = any::<Vec<u8>>().prop_map(|bytes| PathBuf::from(OsString::from_vec(bytes)));
    for_lists(path, |paths| {
        let is_text = paths.iter().all(|path| path.to_str().is_some());
        let refused = read_back(&paths.to_vec()).err();
        assert_eq!(refused.is_none(), is_text, "{refused:?}");
    });
    let time = any::<(u32, bool)>().prop_map(|(seconds, before)| {
        match (SystemTime::UNIX_EPOCH, Duration::from_secs(seconds.into())) {
            (epoch, since) if before => epoch - since,
            (epoch, since) => epoch + since,
        }
    });
    for_lists(time, |times| {
        let is_after = times.iter().all(|&time| time >= SystemTime::UNIX_EPOCH);
        let refused = read_back(&times.to_vec()).err();
        assert_eq!(refused.is_none(), is_after, "{refused:?}");
    });
}

#[test]
fn what_a_cell_lends_is_refused_when_it_is_written() {
    let cell = RefCell::new(7u8);
    let _lent = cell.borrow_mut();
    let error = ndwire::to_vec(&[&cell]).unwrap_err();
    assert_eq!(error.to_string(), "[0]: already mutably borrowed");
}
