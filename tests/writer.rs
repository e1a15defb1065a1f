//! What the writer owes to a `Serialize` that does not behave, and to the buffer and the writer it is given.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::io::{self, Write};

use ndwire::{ErrorKind, Options, encode_into, from_slice, to_vec, to_vec_with, to_writer};
use serde::Serialize;
use serde::ser::{Error as _, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, Serializer};

/// The number of announced elements and the number given.
struct Lie {
    kind: Kind,
    announced: usize,
    given: u32,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Seq,
    Tuple,
    Strings,
    Map,
    Struct,
    TupleVariant,
    StructVariant,
}

const KINDS: [Kind; 7] =
    [Kind::Seq, Kind::Tuple, Kind::Strings, Kind::Map, Kind::Struct, Kind::TupleVariant, Kind::StructVariant];

const FIELDS: [&str; 20] =
    ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t"];

impl Serialize for Lie {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::{SerializeStructVariant, SerializeTupleVariant};
        match self.kind {
            Kind::Seq => {
                let mut list = serializer.serialize_seq(Some(self.announced))?;
                (0..self.given).try_for_each(|n| list.serialize_element(&n))?;
                list.end()
            }
            Kind::Tuple => {
                let mut list = serializer.serialize_tuple(self.announced)?;
                (0..self.given).try_for_each(|n| list.serialize_element(&n))?;
                list.end()
            }
            Kind::Strings => {
                let mut list = serializer.serialize_seq(Some(self.announced))?;
                (0..self.given).try_for_each(|n| list.serialize_element(&n.to_string()))?;
                list.end()
            }
            Kind::Map => {
                let mut map = serializer.serialize_map(Some(self.announced))?;
                (0..self.given).try_for_each(|n| map.serialize_entry(&n, &[n]))?;
                map.end()
            }
            Kind::Struct => {
                let mut map = serializer.serialize_struct("Lie", self.announced)?;
                FIELDS[..self.given as usize].iter().try_for_each(|name| map.serialize_field(name, "x"))?;
                map.end()
            }
            Kind::TupleVariant => {
                let mut list = serializer.serialize_tuple_variant("Lies", 0, "Lie", self.announced)?;
                (0..self.given).try_for_each(|n| list.serialize_field(&n))?;
                list.end()
            }
            Kind::StructVariant => {
                let mut map = serializer.serialize_struct_variant("Lies", 0, "Lie", self.announced)?;
                FIELDS[..self.given as usize].iter().try_for_each(|name| map.serialize_field(name, "x"))?;
                map.end()
            }
        }
    }
}

/// Elements by `collect_seq`, from an iterator that lies about how many there are.
struct LyingIterator<'a, T> {
    hint: (usize, Option<usize>),
    elements: &'a [T],
}

impl<T: Serialize> Serialize for LyingIterator<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Iter<'a, T>((usize, Option<usize>), std::slice::Iter<'a, T>);

        impl<'a, T> Iterator for Iter<'a, T> {
            type Item = &'a T;

            fn next(&mut self) -> Option<&'a T> {
                self.1.next()
            }

            fn size_hint(&self) -> (usize, Option<usize>) {
                self.0
            }
        }

        serializer.collect_seq(Iter(self.hint, self.elements.iter()))
    }
}

#[test]
fn a_wrong_size_hint_gives_the_bytes_of_the_right_one() {
    fn check<T: Serialize>(elements: &[T]) {
        let right = to_vec(elements).unwrap();
        for hint in [
            (0, None),
            (0, Some(0)),
            (1, Some(1)),
            (1 << 20, Some(1 << 20)),
            (usize::MAX, Some(usize::MAX)),
            (7, Some(3)),
        ] {
            assert!(to_vec(&LyingIterator { hint, elements }).unwrap() == right, "{hint:?}");
            let inside = [LyingIterator { hint, elements }, LyingIterator { hint, elements }];
            assert!(to_vec(&inside).unwrap() == to_vec(&[elements, elements]).unwrap(), "{hint:?}");
        }
    }
    check::<u8>(&[]);
    check(&[7u8; 5]);
    check(&[0.5f64; 3000]);
    check(&[Some(1u16), None, Some(3)]);
    check(&["a", "b", "c"]);
    check(&[(1u8, "a"); 5]);
    check(&[BTreeMap::from([("a", 1u8)]), [("a", 2)].into(), [("b", 3)].into()]);
}

#[test]
fn a_wrong_announced_length_gives_the_bytes_of_the_right_one() {
    for kind in KINDS {
        for given in [0, 1, 2, 15, 16, 20] {
            let right = to_vec(&Lie { kind, announced: given as usize, given }).unwrap();
            for announced in [0, 1, 2, 15, 16, 17, 127, 128, 20_000, usize::MAX] {
                let lie = Lie { kind, announced, given };
                assert_eq!(to_vec(&lie).unwrap(), right, "{kind:?}: {announced} announced, {given} given");
                let pair = to_vec(&(&lie, "next")).unwrap();
                let honest = Lie { kind, announced: given as usize, given };
                assert_eq!(pair, to_vec(&(honest, "next")).unwrap(), "{kind:?}: {announced} announced, {given} given");
            }
        }
    }
}

/// Fails after an element of its own has been written.
struct Fails;

impl Serialize for Fails {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        list.serialize_element(&1u8)?;
        Err(S::Error::custom("no more"))
    }
}

/// Fails before it has written anything.
struct FailsAtOnce;

impl Serialize for FailsAtOnce {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(S::Error::custom("nothing"))
    }
}

/// Swallows the error of what it holds, and goes on.
struct Swallows<T>(Kind, T);

impl<T: Serialize> Serialize for Swallows<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Kind::Seq | Kind::Strings | Kind::TupleVariant => {
                let mut list = serializer.serialize_seq(Some(2))?;
                let _ = list.serialize_element(&self.1);
                let _ = list.serialize_element(&7u8);
                list.end()
            }
            Kind::Tuple => {
                let mut list = serializer.serialize_tuple(2)?;
                let _ = list.serialize_element(&7u8);
                let _ = list.serialize_element(&self.1);
                list.end()
            }
            Kind::Map | Kind::StructVariant => {
                let mut map = serializer.serialize_map(None)?;
                let _ = map.serialize_entry("key", &self.1);
                let _ = map.serialize_entry(&self.1, "value");
                map.end()
            }
            Kind::Struct => {
                let mut map = serializer.serialize_struct("Struct", 1)?;
                let _ = map.serialize_field("field", &self.1);
                map.end()
            }
        }
    }
}

/// Swallows the error of a key.
struct SwallowsKey;

impl Serialize for SwallowsKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        let _ = map.serialize_key(&FailsAtOnce);
        let _ = map.serialize_value(&1u8);
        map.end()
    }
}

fn poisoned(value: &impl Serialize) {
    let error = to_vec(value).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Poisoned, "{error}");
    assert_eq!(error.to_string().split(": ").last(), Some("a `Serialize` swallowed an error of one of its parts"));
    let mut written = Vec::new();
    assert_eq!(to_writer(value, &mut written).unwrap_err().kind(), ErrorKind::Poisoned);
    assert_eq!(written, b"");
}

#[test]
fn a_swallowed_error_poisons_the_value() {
    for kind in [Kind::Seq, Kind::Tuple, Kind::Map, Kind::Struct] {
        poisoned(&Swallows(kind, Fails));
        poisoned(&Swallows(kind, FailsAtOnce));
        poisoned(&Some(Swallows(kind, vec![Fails])));
        poisoned(&(1u8, Swallows(kind, BTreeMap::from([(1, Fails)]))));
        for outer in [Kind::Seq, Kind::Tuple, Kind::Map, Kind::Struct] {
            poisoned(&Swallows(outer, Swallows(kind, Fails)));
            poisoned(&Swallows(outer, (1u8, Swallows(kind, [FailsAtOnce]))));
            poisoned(&Swallows(outer, Swallows(Kind::Seq, Swallows(kind, FailsAtOnce))));
        }
    }
    poisoned(&SwallowsKey);
    poisoned(&vec![SwallowsKey]);
}

/// A map with a key and no value, as its events.
struct Keys(usize);

impl Serialize for Keys {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0))?;
        (0..self.0).try_for_each(|key| map.serialize_key(&key))?;
        map.end()
    }
}

#[test]
fn a_key_without_a_value_is_an_error() {
    for keys in 1..5 {
        let error = to_vec(&Keys(keys)).unwrap_err();
        assert_eq!(
            (error.kind(), error.to_string().as_str()),
            (ErrorKind::Protocol, "a map has a key without a value")
        );
    }
}

struct Counted<'a, T>(T, &'a Cell<usize>);

impl<T: Serialize> Serialize for Counted<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.1.set(self.1.get() + 1);
        self.0.serialize(serializer)
    }
}

#[derive(Serialize, Clone)]
#[serde(untagged)]
enum Any {
    Byte(u8),
    Float(f32),
    Nil,
    Text(&'static str),
    List(Vec<f32>),
}

#[test]
fn every_element_of_a_sequence_is_serialized_once_and_of_a_vector_at_most_twice() {
    use Any::{Byte, Float, List, Nil, Text};
    let weakening: [&[Any]; 8] = [
        &[Byte(1), Byte(2)],
        &[Byte(1), Nil],
        &[Nil, Byte(1)],
        &[Byte(1), Float(1.0)],
        &[Byte(1), Nil, Text("x"), Byte(2)],
        &[List(vec![1.0; 200]), List(vec![2.0; 200]), List(vec![])],
        &[List(vec![1.0; 2]), Nil],
        &[Text("x"), Byte(1)],
    ];
    for prefix in [0, 1, 15, 16, 17, 5000] {
        for elements in weakening {
            let calls = Cell::new(0);
            let all = vec![Byte(1); prefix].into_iter().chain(elements.iter().cloned());
            let list: Vec<Counted<'_, Any>> = all.map(|element| Counted(element, &calls)).collect();
            let one_by_one = to_vec(&OneByOne(&list)).unwrap();
            assert_eq!(calls.replace(0), list.len());
            let collected = to_vec(&list).unwrap();
            let once = list.iter().all(|element| matches!(element.0, Byte(_)));
            let most = if once { list.len() } else { 2 * list.len() };
            assert!((list.len()..=most).contains(&calls.get()), "{} calls of {}", calls.replace(0), list.len());
            calls.set(0);
            assert_eq!(collected, one_by_one);
            let nested = OneByOne(&[Counted(OneByOne(&list), &calls), Counted(OneByOne(&list), &calls)]);
            to_vec(&nested).unwrap();
            assert_eq!(calls.get(), 2 + 2 * list.len());
        }
    }
}

/// A list through `serialize_element` instead of `collect_seq`.
struct OneByOne<'a, T>(&'a [T]);

impl<T: Serialize> Serialize for OneByOne<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        self.0.iter().try_for_each(|element| list.serialize_element(element))?;
        list.end()
    }
}

#[derive(Serialize)]
struct Frames {
    frames: Vec<Frame>,
}

#[derive(Serialize)]
struct Frame {
    id: u8,
    pixels: Pixels,
}

#[derive(Serialize)]
enum Pixels {
    Raw(Vec<f32>),
    Broken { deep: BTreeMap<&'static str, (u8, Option<FailsAtOnce>)> },
}

#[test]
fn an_error_of_a_part_has_its_path() {
    let deep = BTreeMap::from([("last\n", (1, Some(FailsAtOnce)))]);
    let frames = vec![
        Frame { id: 0, pixels: Pixels::Raw(vec![1.0; 300]) },
        Frame { id: 1, pixels: Pixels::Raw(vec![]) },
        Frame { id: 2, pixels: Pixels::Broken { deep } },
    ];
    let error = to_vec(&Frames { frames }).unwrap_err();
    assert_eq!(error.path(), Some("frames[2].pixels.Broken.deep.last\\n[1]"));
    assert_eq!(error.to_string(), "frames[2].pixels.Broken.deep.last\\n[1]: nothing");
    assert_eq!((error.kind(), error.offset()), (ErrorKind::Custom, None));
    let error = to_vec(&OneByOne(&[vec![1u8], vec![2]].map(|_| Fails))).unwrap_err();
    assert_eq!((error.to_string().as_str(), error.path()), ("[0]: no more", Some("[0]")));
    let list: Vec<Result<u8, FailsAtOnce>> = (0..40).map(Ok).chain([Err(FailsAtOnce)]).collect();
    let list: Vec<OkOrFails> = list.into_iter().map(OkOrFails).collect();
    assert_eq!(to_vec(&list).unwrap_err().path(), Some("[40]"));
    assert_eq!(to_vec(&[&list]).unwrap_err().path(), Some("[0][40]"));
    assert_eq!(to_vec(&BTreeMap::from([(1, &list)])).unwrap_err().path(), Some("<key>[40]"));
}

struct OkOrFails(Result<u8, FailsAtOnce>);

impl Serialize for OkOrFails {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Ok(value) => value.serialize(serializer),
            Err(error) => error.serialize(serializer),
        }
    }
}

type EncodeInto = Box<dyn Fn(&mut Vec<u8>) -> ndwire::Result<()>>;

/// A value of each kind: small, one payload, several payloads, a payload that went back to META.
fn values() -> Vec<(Vec<u8>, EncodeInto)> {
    fn entry<T: Serialize + 'static>(value: T) -> (Vec<u8>, EncodeInto) {
        (to_vec(&value).unwrap(), Box::new(move |out| encode_into(&value, out)))
    }
    vec![
        entry(7u8),
        entry(vec![1.5f32; 10]),
        entry(vec![1.5f32; 1000]),
        entry(("x".repeat(700), vec![1u8; 600], vec![vec![0.5f64; 70]; 3])),
        entry((vec![vec![1.0f32; 300], vec![]], "y".repeat(513))),
        entry(vec![Some(1u64); 3]),
    ]
}

#[test]
fn encode_into_appends_behind_any_prefix() {
    for (bytes, encode) in values() {
        for len in (0..34).chain([511, 4096, 4097]) {
            let prefix: Vec<u8> = (0..len).map(|n| n as u8).collect();
            let mut out = prefix.clone();
            encode(&mut out).unwrap();
            assert_eq!(&out[..len], prefix, "prefix of {len} bytes");
            assert_eq!(&out[len..], bytes, "prefix of {len} bytes");
            encode(&mut out).unwrap();
            assert_eq!(&out[len + bytes.len()..], bytes, "a second value behind {len} bytes");
        }
    }
}

#[test]
fn encode_into_leaves_the_buffer_as_it_was_on_an_error() {
    for len in [0, 1, 15, 16, 17, 5000] {
        let before: Vec<u8> = (0..len).map(|n| n as u8).collect();
        let mut out = before.clone();
        let kind = |result: ndwire::Result<()>| result.unwrap_err().kind();
        assert_eq!(kind(encode_into(&FailsAtOnce, &mut out)), ErrorKind::Custom);
        assert_eq!(kind(encode_into(&(vec![1.0f32; 2000], Fails), &mut out)), ErrorKind::Custom);
        assert_eq!(kind(encode_into(&Swallows(Kind::Seq, (vec![1.0f32; 2000], Fails)), &mut out)), ErrorKind::Poisoned);
        assert_eq!(kind(encode_into(&(vec![1.0f32; 2000], Keys(1)), &mut out)), ErrorKind::Protocol);
        assert_eq!(out, before);
    }
}

/// Takes so many bytes, then fails.
struct Full(Vec<u8>, usize);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = self.1 - self.0.len();
        if room == 0 {
            return Err(io::Error::other("the disk is full"));
        }
        let taken = bytes.len().min(room).min(7);
        self.0.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn to_writer_gives_the_bytes_of_to_vec_or_the_cause() {
    let value = ("x".repeat(700), vec![1.5f32; 600], [1u8, 2, 3]);
    let bytes = to_vec(&value).unwrap();
    for room in [0, 1, 16, 17, 40, 48, 700, bytes.len() - 1] {
        let mut full = Full(Vec::new(), room);
        let error = to_writer(&value, &mut full).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Io);
        assert_eq!(error.to_string(), "reading or writing failed: the disk is full");
        assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "the disk is full");
        assert_eq!(full.0, bytes[..room]);
    }
    let mut full = Full(Vec::new(), usize::MAX);
    to_writer(&value, &mut full).unwrap();
    assert_eq!(full.0, bytes);
    for (bytes, _) in values() {
        assert_eq!(from_slice::<serde::de::IgnoredAny>(&bytes).map(|_| ()).map_err(|error| error.to_string()), Ok(()));
    }
}

#[path = "common/bytes.rs"]
mod bytes;
#[path = "writer/depth.rs"]
mod depth;
#[path = "writer/display.rs"]
mod display;
#[path = "writer/sorting.rs"]
mod sorting;
#[path = "writer/tables.rs"]
mod tables;
#[path = "writer/tokens.rs"]
mod tokens;
#[path = "writer/twice.rs"]
mod twice;

fn sorted<T: Serialize>(value: &T) -> Vec<u8> {
    to_vec_with(value, Options { sort_maps: true }).unwrap()
}
