//! New nodes, at and beyond every boundary of the format.

use crate::random::Random;
use crate::tree::{Kind, Node, item_size, measure, put_uv};

/// Names that the targets' types, arrays and buffered forms look for.
const NAMES: [&str; 21] = [
    "id",
    "label",
    "pixels",
    "embedding",
    "boxes",
    "counts",
    "rest",
    "left",
    "right",
    "type",
    "Unit",
    "Newtype",
    "Tuple",
    "Struct",
    "a",
    "b",
    "last",
    "dtype",
    "shape",
    "order",
    "data",
];
/// What a str is worth being, beside a name.
const WORDS: [&str; 8] = ["f32", "u8", "complex64", "datetime64[ns]", "F", "C", "", "é€\u{1F600}"];
const DTYPES: [u8; 24] = [
    0x00, 0x10, 0x11, 0x12, 0x13, 0x14, 0x20, 0x21, 0x22, 0x23, 0x24, 0x31, 0x32, 0x33, 0x40, 0x41, 0x50, 0x53, 0x54,
    0x60, 0x6D, 0x79, 0x6E, 0x7F,
];
const ROW_DTYPES: [u8; 11] = [0x00, 0x10, 0x11, 0x12, 0x13, 0x20, 0x21, 0x22, 0x23, 0x32, 0x33];
const BOUNDARIES: [u64; 22] = [
    0,
    1,
    2,
    3,
    4,
    15,
    16,
    31,
    32,
    127,
    128,
    255,
    511,
    512,
    513,
    1024,
    65_535,
    1 << 31,
    1 << 32,
    1 << 62,
    u64::MAX >> 1,
    u64::MAX,
];

pub(crate) fn boundary(random: &mut Random) -> u64 {
    let value = random.pick(&BOUNDARIES);
    if random.one_in(3) { value.wrapping_add(random.next() % 3).wrapping_sub(1) } else { value }
}

/// A node, most likely a leaf and most likely a right one.
pub(crate) fn node(random: &mut Random) -> Node {
    match random.below(16) {
        0 => plain(vec![random.byte()]),
        1 | 2 => plain(integer(random)),
        3 => float(random),
        4 => {
            let mut head = vec![0xD0];
            let code = random.pick(&[
                0,
                0x41,
                0x7F,
                0x80,
                0xD7FF,
                0xD800,
                0xDFFF,
                0xE000,
                0xFFFF,
                0x10_FFFF,
                0x11_0000,
                u64::MAX,
            ]);
            put_uv(&mut head, code);
            plain(head)
        }
        5 => name(random),
        6 => text(random),
        7 => bytes(random),
        8..=10 => array(random),
        11..=12 => rows(random),
        13 => records(random),
        14 => plain(vec![random.pick(&[0xC0, 0xC2, 0xC3])]),
        _ => {
            let children = (0..random.below(5)).map(|_| node(random)).collect::<Vec<_>>();
            match random.below(3) {
                0 => Node::of(Kind::List, children),
                1 => Node::of(Kind::Map, children.into_iter().flat_map(|child| [name(random), child]).collect()),
                _ => Node::of(Kind::Some, vec![plain(vec![0xC0])]),
            }
        }
    }
}

fn plain(head: Vec<u8>) -> Node {
    Node::leaf(head, Vec::new())
}

pub(crate) fn name(random: &mut Random) -> Node {
    let name = match random.below(8) {
        0 => random.pick(&WORDS),
        _ => random.pick(&NAMES),
    };
    let mut head = vec![0x80 + name.len() as u8];
    head.extend(name.as_bytes());
    plain(head)
}

/// A plain list of maps, the first of which may have many names; the others have some of them, or none.
pub(crate) fn plain_table(random: &mut Random) -> Node {
    let names = random.pick(&[1, 2, 16, 300]);
    let map = |random: &mut Random, count: usize| {
        let start = random.below(names);
        let entry = |at: usize| {
            let name = format!("{:x}", (start + at) % names);
            [plain([&[0x80 + name.len() as u8], name.as_bytes()].concat()), plain(vec![0xC0])]
        };
        Node::of(Kind::Map, (0..count).flat_map(entry).collect())
    };
    let rows = random.pick(&[1, 2, 3, 100, 300]);
    let most = random.pick(&[0, 1, 4]);
    let mut children = vec![map(random, names)];
    for _ in 0..rows {
        let count = random.below(most + 1);
        children.push(map(random, count));
    }
    Node::of(Kind::List, children)
}

fn integer(random: &mut Random) -> Vec<u8> {
    let bits = random.pick(&[0, 4, 7, 8, 15, 16, 31, 32, 63, 64, 127]);
    let value = (1i128 << bits).wrapping_add(random.below(3) as i128 - 1);
    let negative = random.one_in(2);
    let value = if negative { value.wrapping_neg() } else { value };
    let bytes = value.to_le_bytes();
    // The first width that holds it, sometimes the next: too wide.
    let fits = |width: usize| match negative {
        true => value >= -(1i128 << (8 * width - 1).min(126)),
        false => width == 16 || value < 1i128 << (8 * width),
    };
    let first = (0..5).find(|&log| fits(1 << log)).unwrap_or(4);
    let log = if random.one_in(6) { (first + 1).min(4) } else { first };
    match value {
        0..=127 if !random.one_in(6) => vec![bytes[0]],
        -16..=-1 if !random.one_in(6) => vec![bytes[0]],
        _ => {
            let tag = if negative { 0xC9 } else { 0xC4 } + log as u8;
            [&[tag], &bytes[..1 << log]].concat()
        }
    }
}

fn float(random: &mut Random) -> Node {
    let bits = random.pick(&[0, 1 << 63, 0x3FF0 << 48, 0x7FF0 << 48, 0x7FF8 << 48 | 1, 0xFFF0 << 48 | 1, u64::MAX]);
    plain(match random.one_in(2) {
        true => [&[0xCF][..], &bits.to_le_bytes()].concat(),
        false => [&[0xCE][..], &((bits >> 32) as u32).to_le_bytes()].concat(),
    })
}

/// A tag with a length, and that many bytes in META or in DATA.
fn sized(random: &mut Random, in_meta: u8, in_data: u8, short: bool) -> Node {
    let len = random.pick(&[0, 1, 31, 32, 33, 127, 128, 510, 511, 512, 513, 600]);
    let mut content = vec![random.pick(b"az09\x00\x1B"); len];
    if random.one_in(8) {
        // Not text.
        let place = random.below(len);
        if let Some(byte) = content.get_mut(place) {
            *byte = 0xFF;
        }
    }
    let in_data = if random.one_in(12) { in_meta } else { if len < 512 { in_meta } else { in_data } };
    let mut head = vec![in_data];
    match short && len < 32 {
        true => head[0] = 0x80 + len as u8,
        false => put_uv(&mut head, len as u64),
    }
    match len < 512 {
        true => {
            head.extend(content);
            plain(head)
        }
        false => Node::leaf(head, content),
    }
}

fn text(random: &mut Random) -> Node {
    let short = !random.one_in(12);
    sized(random, 0xD1, 0xD8, short)
}

fn bytes(random: &mut Random) -> Node {
    sized(random, 0xD2, 0xD9, false)
}

/// Bytes that are elements of that dtype, most likely.
fn elements(random: &mut Random, dtype: u8, len: usize) -> Vec<u8> {
    match dtype {
        0 if !random.one_in(8) => (0..len).map(|_| random.byte() & 1).collect(),
        _ if random.one_in(2) => vec![0; len],
        _ => (0..len).map(|_| random.byte()).collect(),
    }
}

pub(crate) fn array(random: &mut Random) -> Node {
    let dtype = random.pick(&DTYPES);
    let small = |random: &mut Random| random.below(5) as u64;
    let mut dims: Vec<u64> = match random.below(10) {
        0 => vec![],
        1 => vec![random.below(600) as u64],
        2 | 3 => vec![small(random), small(random)],
        4 => vec![small(random), small(random), small(random)],
        5 => vec![1; random.below(34)],
        6 => vec![0, boundary(random)],
        7 => vec![boundary(random), 0],
        8 => vec![small(random), 0, boundary(random), small(random)],
        _ => vec![boundary(random)],
    };
    if random.one_in(8) {
        let place = random.below(dims.len() + 1);
        dims.insert(place, 1);
    }
    let matters = dims.iter().filter(|&&dim| dim > 1).count() > 1 && !dims.contains(&0);
    let column_major = if random.one_in(10) { !matters } else { matters && random.one_in(2) };
    let mut head = vec![0xD6, dtype, dims.len() as u8 | if column_major { 0x80 } else { 0 }];
    dims.iter().for_each(|&dim| put_uv(&mut head, dim));
    let len = measure(&head).and_then(|(_, claim)| usize::try_from(claim).ok()).unwrap_or(0);
    let payload = elements(random, dtype, len.min(2048));
    Node::leaf(head, payload)
}

/// Rows of maps or tuples, mostly right.
pub(crate) fn records(random: &mut Random) -> Node {
    let mut record = Record { head: vec![0xD7], leaves: Vec::new(), nodes: 0 };
    match random.below(24) {
        0 => record.many_leaves(random),
        1 | 2 => record.many_containers(random),
        choice => {
            let most = if choice == 3 { 18 } else { 4 };
            let entries = 1 + random.below(most);
            record.container(random, entries, 1);
        }
    }
    let Record { mut head, leaves, nodes } = record;
    let width: usize = leaves.iter().map(Leaf::width).sum();
    let count = match random.below(8) {
        _ if width > 2048 => random.below(2) as u64,
        0 => boundary(random),
        1 => 0,
        _ => 1 + random.below(5) as u64,
    };
    put_uv(&mut head, count);
    let rows = usize::try_from(count).unwrap_or(usize::MAX).min(40);
    let mut fixed = Vec::new();
    for leaf in (0..rows).flat_map(|_| &leaves).filter(|_| width <= 2048) {
        let presence = u8::from(random.one_in(2));
        fixed.extend(leaf.is_optional.then_some(presence));
        match leaf.is_optional && presence == 0 {
            true => fixed.resize(fixed.len() + leaf.len, 0),
            false => fixed.extend(elements(random, leaf.dtype, leaf.len)),
        }
    }
    let children: Vec<Node> =
        (0..rows * nodes).map(|_| plain(vec![random.pick(&[0x00, 0x01, 0x80, 0xA0, 0xC0, 0xC3])])).collect();
    let mut node = match fixed.len() < 512 {
        true => plain([head, fixed].concat()),
        false => Node::leaf(head, fixed),
    };
    if nodes > 0 {
        node.kind = Kind::Rows;
        node.children = children;
    }
    node
}

/// A tuple or map schema while it is made.
struct Record {
    head: Vec<u8>,
    /// Those in the fixed part.
    leaves: Vec<Leaf>,
    /// How many stand in the node part.
    nodes: usize,
}

struct Leaf {
    is_optional: bool,
    dtype: u8,
    /// Bytes without the presence.
    len: usize,
}

impl Leaf {
    fn width(&self) -> usize {
        usize::from(self.is_optional) + self.len
    }
}

impl Record {
    fn open(&mut self, is_map: bool, entries: usize) {
        match (is_map, entries) {
            (_, 16..) => {
                self.head.push(if is_map { 0xD4 } else { 0xD3 });
                put_uv(&mut self.head, entries as u64);
            }
            (true, _) => self.head.push(0xB0 + entries as u8),
            (false, _) => self.head.push(0xA0 + entries as u8),
        }
    }

    fn leaf(&mut self, is_optional: bool, dtype: u8, elements: usize) {
        let size = usize::try_from(item_size(dtype)).unwrap_or(1);
        self.leaves.push(Leaf { is_optional, dtype, len: size.saturating_mul(elements).min(1 << 40) });
    }

    /// A tuple or map, that many inside each other.
    fn container(&mut self, random: &mut Random, entries: usize, containers: usize) {
        let is_map = random.one_in(2);
        self.open(is_map, entries);
        for index in 0..entries {
            if is_map {
                match random.one_in(16) {
                    true => self.head.extend(name(random).head),
                    false => self.head.extend([0x82, b'a' + containers as u8, b'a' + index as u8]),
                }
            }
            let dtype = random.pick(&ROW_DTYPES);
            // A tuple of one scalar or subarray would be a subarray.
            let choices = if is_map || entries > 1 || random.one_in(8) { 7 } else { 3 };
            match random.below(choices) {
                0 => {
                    self.head.extend([0xD5, dtype]);
                    self.leaf(true, dtype, 1);
                }
                1 => {
                    self.head.push(0xC0);
                    self.nodes += 1;
                }
                2 if containers < 9 => {
                    let inner = 1 + random.below(3);
                    self.container(random, inner, containers + 1);
                }
                3 => {
                    let elements = if random.one_in(16) { boundary(random) } else { 1 + random.below(4) as u64 };
                    self.head.extend([0xD6, dtype, 1]);
                    put_uv(&mut self.head, elements);
                    self.leaf(false, dtype, usize::try_from(elements).unwrap_or(usize::MAX));
                }
                _ => {
                    self.head.push(dtype);
                    self.leaf(false, dtype, 1);
                }
            }
        }
    }

    /// Around the limit of containers.
    fn many_containers(&mut self, random: &mut Random) {
        let around = 5 + random.below(3);
        for _ in 0..around {
            let is_map = random.one_in(2);
            self.open(is_map, 1);
            if is_map {
                self.head.extend([0x81, b'a']);
            }
        }
        let entries = 1 + random.below(4);
        self.container(random, entries, 1 + around);
    }

    /// Around the limit of leaves, in one tuple or in two.
    fn many_leaves(&mut self, random: &mut Random) {
        let leaves = 1022 + random.below(4);
        let first = if random.one_in(2) { 0 } else { 17 + random.below(990) };
        let is_optional = random.one_in(2);
        if first > 0 {
            self.open(false, 2);
        }
        for entries in [first, leaves - first].into_iter().filter(|&entries| entries > 0) {
            self.open(false, entries);
            for _ in 0..entries {
                match is_optional {
                    true => {
                        self.head.extend([0xD5, 0x10]);
                        self.leaf(true, 0x10, 1);
                    }
                    false => {
                        self.head.push(0xC0);
                        self.nodes += 1;
                    }
                }
            }
        }
    }
}

pub(crate) fn rows(random: &mut Random) -> Node {
    let dtype = if random.one_in(12) { random.pick(&DTYPES) } else { random.pick(&ROW_DTYPES) };
    let size = item_size(dtype);
    let optional = random.one_in(3);
    let (mut head, width) = if optional {
        (vec![0xD7, 0xD5, dtype], 1 + size)
    } else if random.one_in(2) {
        (vec![0xD7, dtype], size)
    } else {
        let dims: Vec<u64> = match random.below(4) {
            0 => vec![1; 1 + random.below(8)],
            1 => vec![boundary(random)],
            _ => (0..1 + random.below(3)).map(|_| 1 + random.below(4) as u64).collect(),
        };
        let mut head = vec![0xD7, 0xD6, dtype, dims.len() as u8];
        dims.iter().for_each(|&dim| put_uv(&mut head, dim));
        let width = dims.iter().fold(size, |width, &dim| width.saturating_mul(dim));
        (head, width)
    };
    let count = match random.below(4) {
        // Around the threshold of DATA.
        0 => (512 / width.max(1)).saturating_add(random.below(3) as u64).saturating_sub(1),
        1 => boundary(random),
        _ => 1 + random.below(20) as u64,
    };
    put_uv(&mut head, count);
    let len = usize::try_from(width.saturating_mul(count)).unwrap_or(usize::MAX);
    let mut fixed = elements(random, dtype, len.min(2048));
    if optional && !random.one_in(8) {
        for row in fixed.chunks_mut(width as usize) {
            row[0] = random.byte() & 1;
            if row[0] == 0 {
                row.fill(0);
            }
        }
    }
    match len < 512 {
        true => {
            head.extend(fixed);
            plain(head)
        }
        false => Node::leaf(head, fixed),
    }
}
