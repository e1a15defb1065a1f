//! Depth 128 is written, read and skipped; 129 is refused by all three, by the same count (rule R7).

use ndwire::{ErrorKind, from_slice, to_vec};
use serde::Serialize;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeSeq, Serializer};

use crate::bytes::value;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Level {
    List,
    /// A tuple, of which up to 8 may stand in one row.
    Pair,
    Map,
    Key,
    Variant,
    Some,
    Newtype,
    /// Two rows of a map: rows, the map, and what stands in it.
    Table,
    /// The same of tuples.
    TupleTable,
    /// Two rows of a map in a map.
    DeepTable,
}

/// Levels around a leaf.
struct Nest<'a> {
    levels: &'a [Level],
    leaf: Leaf,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Leaf {
    Nil,
    Number,
    Text,
    EmptyList,
}

impl Serialize for Nest<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some((level, levels)) = self.levels.split_first() else {
            return match self.leaf {
                Leaf::Nil => serializer.serialize_unit(),
                Leaf::Number => serializer.serialize_u64(5),
                Leaf::Text => serializer.serialize_str("leaf"),
                Leaf::EmptyList => serializer.serialize_seq(None)?.end(),
            };
        };
        let inner = Nest { levels, leaf: self.leaf };
        match level {
            Level::List => serializer.collect_seq([inner]),
            Level::Pair => ("text", inner).serialize(serializer),
            Level::Map => serializer.collect_map([("key", inner)]),
            Level::Key => serializer.collect_map([(inner, "value")]),
            Level::Variant => serializer.serialize_newtype_variant("Enum", 0, "Variant", &inner),
            Level::Some => serializer.serialize_some(&inner),
            Level::Newtype => serializer.serialize_newtype_struct("Newtype", &inner),
            // Only one of the rows goes on, or there would be twice as much at each level.
            Level::Table => serializer.collect_seq([Row(Some(&inner)), Row(None)]),
            Level::TupleTable => serializer.collect_seq([(Some(&inner), "text"), (None, "text")]),
            Level::DeepTable => serializer.collect_seq([Row(Some(Row(Some(&inner)))), Row(Some(Row(None)))]),
        }
    }
}

struct Row<T>(T);

impl<T: Serialize> Serialize for Row<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map([("row", &self.0)])
    }
}

/// Reads everything by the most general visits, and says how deep it was.
struct Depth(usize);

impl<'de> Deserialize<'de> for Depth {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Depths;
        impl<'de> Visitor<'de> for Depths {
            type Value = Depth;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("anything")
            }
            fn visit_unit<E>(self) -> Result<Depth, E> {
                Ok(Depth(0))
            }
            fn visit_u64<E>(self, _: u64) -> Result<Depth, E> {
                Ok(Depth(0))
            }
            fn visit_str<E>(self, _: &str) -> Result<Depth, E> {
                Ok(Depth(0))
            }
            fn visit_bytes<E>(self, _: &[u8]) -> Result<Depth, E> {
                Ok(Depth(0))
            }
            fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Depth, D::Error> {
                Ok(Depth(1 + Depth::deserialize(deserializer)?.0))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Depth, A::Error> {
                let mut deepest = 0;
                while let Some(Depth(depth)) = list.next_element()? {
                    deepest = deepest.max(depth);
                }
                Ok(Depth(1 + deepest))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Depth, A::Error> {
                let mut deepest = 0;
                while let Some((Depth(key), Depth(value))) = map.next_entry()? {
                    deepest = deepest.max(key).max(value);
                }
                Ok(Depth(1 + deepest))
            }
        }
        deserializer.deserialize_any(Depths)
    }
}

const LEVELS: [Level; 5] = [Level::List, Level::Pair, Level::Map, Level::Key, Level::Variant];

fn accepted(levels: &[Level], leaf: Leaf, depth: usize) {
    let bytes = to_vec(&Nest { levels, leaf }).unwrap_or_else(|error| panic!("{error}: {levels:?} {leaf:?}"));
    assert_eq!(from_slice::<Depth>(&bytes).unwrap_or_else(|error| panic!("{error}: {levels:?}")).0, depth);
    from_slice::<IgnoredAny>(&bytes).unwrap_or_else(|error| panic!("skipping: {error}: {levels:?}"));
}

fn refused(levels: &[Level], leaf: Leaf) {
    let error = to_vec(&Nest { levels, leaf }).expect_err("129 levels were written");
    assert_eq!(error.kind(), ErrorKind::TooDeep);
    let message = "nested too deep: found 129 levels, the limit is 128";
    assert!(error.to_string().ends_with(message), "{error}");
}

#[test]
fn the_writer_takes_128_levels_of_every_kind() {
    for level in LEVELS {
        for leaf in [Leaf::Nil, Leaf::Number, Leaf::Text] {
            accepted(&[level; 128], leaf, 128);
            refused(&[level; 129], leaf);
        }
        accepted(&[level; 127], Leaf::EmptyList, 128);
        refused(&[level; 128], Leaf::EmptyList);
        for inner in LEVELS {
            let mixed: Vec<Level> = [level, inner].into_iter().cycle().take(129).collect();
            accepted(&mixed[..128], Leaf::Text, 128);
            refused(&mixed, Leaf::Text);
        }
    }
}

#[test]
fn a_some_counts_where_it_is_written_and_a_newtype_never() {
    accepted(&[Level::Some; 128], Leaf::Nil, 128);
    refused(&[Level::Some; 129], Leaf::Nil);
    accepted(&[Level::Some; 500], Leaf::Number, 0);
    accepted(&[Level::Newtype; 500], Leaf::Nil, 0);
    accepted(&[[Level::List; 64], [Level::Some; 64]].concat(), Leaf::Nil, 128);
    refused(&[[Level::List; 65].as_slice(), &[Level::Some; 64]].concat(), Leaf::Nil);
    let transparent: Vec<Level> =
        [Level::List, Level::Some, Level::Newtype].into_iter().cycle().take(3 * 128).collect();
    accepted(&transparent, Leaf::Number, 128);
    refused(&[&[Level::List][..], &transparent].concat(), Leaf::Number);
}

/// The count is the same whether a level is a list, or a tuple or map of a row; of these only 8 stand in one.
#[test]
fn levels_count_the_same_in_rows() {
    for inner in [Level::Pair, Level::Map, Level::Variant, Level::DeepTable] {
        for (start, end) in [(0, 20), (50, 58), (50, 59), (50, 60), (100, 128), (119, 128), (120, 128)] {
            let own = if inner == Level::DeepTable { 3 } else { 1 };
            let levels = |total: usize| {
                let middle = vec![inner; (end - start) / own];
                let around = [vec![Level::List; start], middle].concat();
                let used = start + (end - start) / own * own;
                [around, vec![Level::List; total - used]].concat()
            };
            for leaf in [Leaf::Number, Leaf::Text] {
                accepted(&levels(128), leaf, 128);
                refused(&levels(129), leaf);
            }
        }
    }
}

/// The rows count one, so does the map or tuple, and a node leaf stands inside these.
#[test]
fn tables_count_rows_and_maps() {
    for (level, own) in [(Level::Table, 2), (Level::TupleTable, 2), (Level::DeepTable, 3)] {
        // An inner table is a node leaf. Lists around the last level make up for what 128 is not divisible by.
        let levels = |total: usize| {
            let tables = total / own;
            [vec![Level::List; total - tables * own], vec![level; tables]].concat()
        };
        for leaf in [Leaf::Number, Leaf::Text] {
            accepted(&levels(128), leaf, 128);
            refused(&levels(129), leaf);
        }
        accepted(&levels(127), Leaf::EmptyList, 128);
        refused(&levels(128), Leaf::EmptyList);
        for inner in [Level::Map, Level::List, Level::Variant, Level::Pair] {
            let mixed = |total: usize| {
                let mut levels = vec![level; 20];
                levels.resize(20 + total - 20 * own, inner);
                levels.push(level);
                levels
            };
            accepted(&mixed(128 - own), Leaf::Text, 128);
            refused(&mixed(129 - own), Leaf::Text);
        }
    }
}

/// So many levels around a node, in every form that has one child; 128 levels are read and skipped, one more is not.
fn read_and_skip(own: usize, node: &[u8], data: &[u8]) {
    // A list, a map's value, a map's key; each adds one level.
    let around: [(&[u8], &[u8]); 3] = [(&[0xA1], &[]), (&[0xB1, 0x80], &[]), (&[0xB1], &[0x80])];
    for (before, after) in around {
        let nest = |levels: usize| value(&[before.repeat(levels), node.to_vec(), after.repeat(levels)].concat(), data);
        let bytes = nest(128 - own);
        from_slice::<IgnoredAny>(&bytes).unwrap_or_else(|error| panic!("{error}: {before:02X?} {node:02X?}"));
        from_slice::<Depth>(&bytes).unwrap_or_else(|error| panic!("{error}: {before:02X?} {node:02X?}"));
        let bytes = nest(129 - own);
        for error in [from_slice::<IgnoredAny>(&bytes).err(), from_slice::<Depth>(&bytes).err()] {
            let error = error.expect("129 levels were read");
            assert_eq!(error.kind(), ErrorKind::TooDeep, "{before:02X?} {node:02X?}");
            assert!(error.to_string().contains("nested too deep: found 129 levels, the limit is 128"), "{error}");
        }
    }
}

#[test]
fn the_reader_and_the_skipper_take_128_levels_of_every_kind() {
    read_and_skip(0, &[0x05], &[]);
    read_and_skip(1, &[0xA0], &[]);
    read_and_skip(1, &[0xB0], &[]);
    read_and_skip(1, &[0xD5, 0xC0], &[]);
    read_and_skip(3, &[0xD5, 0xD5, 0xD5, 0xC0], &[]);
    read_and_skip(1, &[0xD7, 0x10, 0x01, 0x07], &[]);
    read_and_skip(1, &[0xD7, 0xD5, 0x10, 0x01, 0x01, 0x07], &[]);
    read_and_skip(2, &[0xD7, 0xD6, 0x10, 0x01, 0x01, 0x01, 0x07], &[]);
    read_and_skip(
        8,
        &[0xD7, 0xD6, 0x10, 0x07, 2, 2, 2, 2, 2, 2, 2, 1].iter().copied().chain([7; 128]).collect::<Vec<u8>>(),
        &[],
    );
    // Rows of a map, of maps in maps, of a tuple; with a subarray, and a list in a node leaf.
    read_and_skip(2, &[0xD7, 0xB1, 0x81, 0x61, 0x10, 0x01, 0x07], &[]);
    read_and_skip(2, &[0xD7, 0xB1, 0x81, 0x61, 0xC0, 0x01, 0xC0], &[]);
    read_and_skip(4, &[0xD7, 0xB1, 0x81, 0x61, 0xC0, 0x01, 0xA1, 0xA0], &[]);
    let maps = |count: usize| [&[0xD7][..], &[0xB1, 0x81, 0x61].repeat(count), &[0x13, 1], &[0; 8]].concat();
    read_and_skip(4, &maps(3), &[]);
    read_and_skip(9, &maps(8), &[]);
    read_and_skip(2, &[0xD7, 0xA2, 0x10, 0x11, 0x01, 1, 2, 0], &[]);
    read_and_skip(4, &[0xD7, 0xA2, 0x10, 0xD6, 0x10, 2, 1, 2, 0x01, 1, 2, 3], &[]);
    read_and_skip(4, &[0xD7, 0xB2, 0x81, 0x61, 0xB1, 0x81, 0x61, 0xC0, 0x81, 0x62, 0xC0, 0x01, 0xA0, 0xA0], &[]);
    // Tuples in tuples, and tuples and maps in each other.
    read_and_skip(3, &[0xD7, 0xA2, 0x10, 0xA2, 0x10, 0x11, 0x01, 1, 2, 3, 0], &[]);
    read_and_skip(4, &[0xD7, 0xA2, 0x10, 0xA2, 0x10, 0xC0, 0x01, 1, 2, 0xA0], &[]);
    read_and_skip(4, &[0xD7, 0xA2, 0xC0, 0xB1, 0x81, 0x61, 0xA1, 0xC0, 0x01, 0xA0, 5], &[]);
    read_and_skip(3, &[0xD7, 0xB1, 0x81, 0x61, 0xA2, 0x10, 0x11, 0x01, 1, 2, 0], &[]);
    let tuples = |leaves: &[u8], row: &[u8]| {
        let places = if leaves[0] == 0xC0 { leaves.len() as u8 } else { 1 };
        [&[0xD7][..], &[0xA1; 7], &[0xA0 + places], leaves, &[0x01], row].concat()
    };
    read_and_skip(9, &tuples(&[0xC0; 3], &[5; 3]), &[]);
    read_and_skip(10, &tuples(&[0xC0; 3], &[0xA0; 3]), &[]);
    read_and_skip(9, &tuples(&[0xD5, 0x13], &[1, 1, 2, 3, 4, 5, 6, 7, 8]), &[]);
    // What no row shows counts too.
    read_and_skip(2, &[0xD7, 0xB1, 0x81, 0x61, 0x10, 0x00], &[]);
    read_and_skip(2, &[0xD7, 0xA2, 0x10, 0x11, 0x00], &[]);
    read_and_skip(4, &[0xD7, 0xA2, 0x10, 0xB1, 0x81, 0x61, 0xD6, 0x10, 1, 3, 0x00], &[]);
    read_and_skip(1, &[0xD6, 0x10, 0x00], &[7]);
    read_and_skip(1, &[0xD6, 0x10, 0x01, 0x01], &[7]);
    read_and_skip(2, &[0xD6, 0x10, 0x02, 0x01, 0x01], &[7]);
    read_and_skip(2, &[0xD6, 0x10, 0x02, 0x01, 0x00], &[]);
    read_and_skip(32, &[&[0xD6, 0x10, 0x20][..], &[1; 32]].concat(), &[7]);
}

/// In so many maps.
struct InMaps<'v, T>(usize, &'v T);

impl<T: Serialize> Serialize for InMaps<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            0 => self.1.serialize(serializer),
            left => serializer.collect_map([("m", InMaps(left - 1, self.1))]),
        }
    }
}

#[derive(Serialize)]
enum Content {
    Newtype(Vec<u8>),
    Tuple(u8, u8),
    Struct { a: u8 },
}

/// The map of a variant is the last that may be: the path ends at its content, whatever that is.
#[test]
fn the_variant_is_named_whose_content_is_too_deep() {
    let contents = [Content::Newtype(vec![1]), Content::Tuple(1, 2), Content::Struct { a: 1 }];
    for (content, name) in contents.iter().zip(["Newtype", "Tuple", "Struct"]) {
        let error = to_vec(&InMaps(127, content)).expect_err("129 levels");
        let path = format!("{}{name}: ", "m.".repeat(127));
        assert_eq!(error.to_string(), format!("{path}nested too deep: found 129 levels, the limit is 128"));
        assert!(to_vec(&InMaps(126, content)).is_ok(), "{name}");
    }
}
