//! Trees of serde's events, from any bytes: lists whose elements are alike, or nearly.

use serde::ser::{
    Error, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, SerializeTupleVariant, Serializer,
};

/// Nodes of a tree: what is repeated may become large.
const MOST: usize = 6000;
/// Levels, beyond the limit of depth.
const DEEPEST: usize = 140;
/// Of lengths around those of a machine word or two, and alike but for a byte.
const NAMES: [&str; 16] = [
    "a",
    "b",
    "c",
    "",
    "of seve",
    "of sevn",
    "of eight",
    "of eighs",
    "of fifteen byte",
    "of fifteen bytf",
    "of sixteen bytes",
    "of sixteen bytez",
    "of sixteem bytes",
    "a name of more than 31 bytes in all",
    "a name of more than 32 bytes in all",
    "d",
];

#[derive(Debug, Clone)]
pub enum Tree {
    /// A number by its type, the last of which have no dtype of rows.
    Number(u8, u64),
    Char,
    Text(&'static str),
    Bytes(usize),
    None,
    Unit,
    UnitVariant(&'static str),
    Some(Box<Tree>),
    Newtype(Box<Tree>),
    Seq(Vec<Tree>),
    Tuple(Vec<Tree>),
    Struct(Vec<(&'static str, Tree)>),
    Map(Vec<(&'static str, Tree)>),
    /// A map with keys that may be no strs.
    Pairs(Vec<(Tree, Tree)>),
    Variant(&'static str, Box<Tree>),
    TupleVariant(&'static str, Vec<Tree>),
    /// What cannot be serialized.
    Fails,
}

/// Each list by `collect_seq`, or as a tuple.
pub struct ByLanes<'t>(pub &'t Tree);

/// Each list by `serialize_seq`, but tuples inside others: as sequences they would be nodes.
pub struct OneByOne<'t>(pub &'t Tree);

pub fn tree_of(bytes: &[u8]) -> Tree {
    Source { bytes, left: MOST }.tree(0)
}

struct Source<'b> {
    bytes: &'b [u8],
    left: usize,
}

impl Source<'_> {
    /// Zeros behind the end.
    fn byte(&mut self) -> usize {
        let Some((&byte, rest)) = self.bytes.split_first() else { return 0 };
        self.bytes = rest;
        usize::from(byte)
    }

    fn name(&mut self) -> &'static str {
        NAMES[self.byte() % NAMES.len()]
    }

    fn boxed(&mut self, depth: usize) -> Box<Tree> {
        Box::new(self.tree(depth + 1))
    }

    fn tree(&mut self, depth: usize) -> Tree {
        let op = self.byte();
        if self.left == 0 || depth > DEEPEST {
            return Tree::None;
        }
        self.left -= 1;
        match op % 32 {
            0 => Tree::None,
            op @ 1..=13 => Tree::Number(op as u8 - 1, self.byte() as u64),
            14 => Tree::Char,
            15 => Tree::Text(self.name()),
            16 => Tree::Bytes([0, 3, 511, 512][self.byte() % 4]),
            17 => match self.byte() % 16 {
                0 => Tree::Fails,
                even if even % 2 == 0 => Tree::Unit,
                _ => Tree::UnitVariant(self.name()),
            },
            18 => Tree::Some(self.boxed(depth)),
            19 => Tree::Newtype(self.boxed(depth)),
            20 => Tree::Seq(self.repeated(depth)),
            21 => Tree::Seq(self.several(depth)),
            22 => Tree::Tuple(self.repeated(depth)),
            23 | 24 => Tree::Tuple(self.several(depth)),
            25 | 26 => Tree::Struct(self.named(depth)),
            27 => Tree::Map(self.named(depth)),
            28 => Tree::Pairs((0..self.byte() % 4).map(|_| (self.tree(depth + 1), self.tree(depth + 1))).collect()),
            29 => Tree::Variant(self.name(), self.boxed(depth)),
            30 => Tree::TupleVariant(self.name(), self.several(depth)),
            _ => {
                let (levels, kind) = (self.byte() % 128, self.byte());
                let mut tree = self.tree(depth + levels);
                for _ in 0..levels {
                    tree = match kind % 4 {
                        0 => Tree::Seq(vec![tree]),
                        1 => Tree::Tuple(vec![tree]),
                        2 => Tree::Struct(vec![("a", tree)]),
                        _ => Tree::Some(tree.into()),
                    };
                }
                tree
            }
        }
    }

    fn several(&mut self, depth: usize) -> Vec<Tree> {
        (0..self.byte() % 20).map(|_| self.tree(depth + 1)).collect()
    }

    fn named(&mut self, depth: usize) -> Vec<(&'static str, Tree)> {
        (0..self.byte() % 8).map(|_| (self.name(), self.tree(depth + 1))).collect()
    }

    /// The same with other numbers again and again, and then some places changed.
    fn repeated(&mut self, depth: usize) -> Vec<Tree> {
        let times = match self.byte() {
            few @ 0..=127 => few % 16,
            many => (many - 127) * 9,
        };
        let mut one = self.tree(depth + 1);
        let nodes = one.count();
        let times = times.min(self.left / nodes);
        self.left -= times * nodes;
        let mut elements: Vec<Tree> = (0..times).map(|number| one.numbered(number as u64)).collect();
        for _ in 0..self.byte() % 4 {
            let (element, place) = (256 * self.byte() + self.byte(), self.byte());
            let other = self.tree(depth + 1);
            let Some(element) = element.checked_rem(times).and_then(|element| elements.get_mut(element)) else {
                continue;
            };
            match (element.at(place % nodes), other) {
                (Tree::Struct(fields) | Tree::Map(fields), Tree::Text(name)) if !fields.is_empty() => {
                    let count = fields.len();
                    fields[place % count].0 = name;
                }
                (node, other) => *node = other,
            }
        }
        elements
    }
}

impl Tree {
    fn children(&mut self) -> Vec<&mut Tree> {
        match self {
            Tree::Some(inner) | Tree::Newtype(inner) | Tree::Variant(_, inner) => vec![inner],
            Tree::Seq(elements) | Tree::Tuple(elements) | Tree::TupleVariant(_, elements) => {
                elements.iter_mut().collect()
            }
            Tree::Struct(fields) | Tree::Map(fields) => fields.iter_mut().map(|(_, value)| value).collect(),
            Tree::Pairs(pairs) => pairs.iter_mut().flat_map(|(key, value)| [key, value]).collect(),
            _ => vec![],
        }
    }

    /// Itself and everything below.
    fn count(&mut self) -> usize {
        self.children().into_iter().fold(1, |count, child| count + child.count())
    }

    /// The node at a place in the order in which they are written, or the last one.
    fn at(&mut self, mut place: usize) -> &mut Tree {
        if place == 0 || self.children().is_empty() {
            return self;
        }
        place -= 1;
        let mut children = self.children();
        let mut index = 0;
        while index + 1 < children.len() {
            let count = children[index].count();
            if place < count {
                break;
            }
            place -= count;
            index += 1;
        }
        children.swap_remove(index).at(place)
    }

    fn numbered(&self, by: u64) -> Tree {
        fn number(tree: &mut Tree, by: u64) {
            if let Tree::Number(_, value) = tree {
                *value = value.wrapping_mul(by + 1);
            }
            tree.children().into_iter().for_each(|child| number(child, by));
        }
        let mut tree = self.clone();
        number(&mut tree, by);
        tree
    }
}

/// How lists give themselves.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    ByLanes,
    /// In no other list, so that it has no say in the form of one whether a list is a tuple.
    OneByOneOutside,
    OneByOne,
}

struct Events<'t>(&'t Tree, Way);

impl Serialize for ByLanes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Events(self.0, Way::ByLanes).serialize(serializer)
    }
}

impl Serialize for OneByOne<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Events(self.0, Way::OneByOneOutside).serialize(serializer)
    }
}

impl Serialize for Events<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let &Events(tree, way) = self;
        let inside = if way == Way::OneByOneOutside { Way::OneByOne } else { way };
        match tree {
            Tree::Number(kind, number) => numbers(*kind, *number, serializer),
            Tree::Char => serializer.serialize_char('€'),
            Tree::Text(text) => serializer.serialize_str(text),
            Tree::Bytes(len) => serializer.serialize_bytes(&[7; 512][..*len]),
            Tree::Fails => Err(S::Error::custom("fails")),
            Tree::None => serializer.serialize_none(),
            Tree::Unit => serializer.serialize_unit(),
            Tree::UnitVariant(name) => serializer.serialize_unit_variant("Enum", 0, name),
            Tree::Some(inner) => serializer.serialize_some(&Events(inner, way)),
            Tree::Newtype(inner) => serializer.serialize_newtype_struct("Newtype", &Events(inner, way)),
            Tree::Seq(elements) if way == Way::ByLanes => {
                serializer.collect_seq(elements.iter().map(|tree| Events(tree, way)))
            }
            Tree::Tuple(elements) if way != Way::OneByOneOutside => {
                let mut tuple = serializer.serialize_tuple(elements.len())?;
                elements.iter().try_for_each(|tree| tuple.serialize_element(&Events(tree, inside)))?;
                tuple.end()
            }
            Tree::Seq(elements) | Tree::Tuple(elements) => {
                let mut seq = serializer.serialize_seq(Some(elements.len()))?;
                elements.iter().try_for_each(|tree| seq.serialize_element(&Events(tree, inside)))?;
                seq.end()
            }
            Tree::Struct(fields) => {
                let mut fields_of = serializer.serialize_struct("Struct", fields.len())?;
                fields.iter().try_for_each(|(name, tree)| fields_of.serialize_field(name, &Events(tree, way)))?;
                fields_of.end()
            }
            Tree::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                entries.iter().try_for_each(|(name, tree)| map.serialize_entry(name, &Events(tree, way)))?;
                map.end()
            }
            Tree::Pairs(pairs) => {
                let mut map = serializer.serialize_map(None)?;
                pairs.iter().try_for_each(|(key, tree)| map.serialize_entry(&Events(key, way), &Events(tree, way)))?;
                map.end()
            }
            Tree::Variant(name, inner) => serializer.serialize_newtype_variant("Enum", 1, name, &Events(inner, way)),
            Tree::TupleVariant(name, elements) if way == Way::OneByOneOutside => {
                serializer.serialize_newtype_variant("Enum", 2, name, &Events(&Tree::Seq(elements.clone()), way))
            }
            Tree::TupleVariant(name, elements) => {
                let mut tuple = serializer.serialize_tuple_variant("Enum", 2, name, elements.len())?;
                elements.iter().try_for_each(|tree| tuple.serialize_field(&Events(tree, inside)))?;
                tuple.end()
            }
        }
    }
}

fn numbers<S: Serializer>(kind: u8, number: u64, serializer: S) -> Result<S::Ok, S::Error> {
    match kind {
        0 => serializer.serialize_bool(number % 2 == 1),
        1 => serializer.serialize_u8(number as u8),
        2 => serializer.serialize_u16(number as u16),
        3 => serializer.serialize_u32(number as u32),
        4 => serializer.serialize_u64(number),
        5 => serializer.serialize_i8(number as i8),
        6 => serializer.serialize_i16(number as i16),
        7 => serializer.serialize_i32(number as i32),
        8 => serializer.serialize_i64(number as i64),
        9 => serializer.serialize_f32(number as f32),
        10 => serializer.serialize_f64(number as f64),
        11 => serializer.serialize_u128(number.into()),
        _ => serializer.serialize_i128(number.into()),
    }
}
