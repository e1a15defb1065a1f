//! A value as a tree that can be changed, and back to bytes with the length, the checksum, the counts and the padding right.

pub(crate) const HEADER: usize = 16;
/// Nesting to which bytes are taken apart. Beyond it they stay together as one leaf: this is not where depth is limited.
const DEEPEST: usize = 160;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The head is all there is in META.
    Leaf,
    List,
    /// Children are keys and values in turn.
    Map,
    Some,
    /// Rows of maps or tuples: the head is a leaf's, the children are the nodes of the node part.
    Rows,
}

#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    /// Of a leaf and of rows only: the others are written from their children.
    pub(crate) head: Vec<u8>,
    pub(crate) payload: Vec<u8>,
    pub(crate) children: Vec<Node>,
}

impl Node {
    pub(crate) fn leaf(head: Vec<u8>, payload: Vec<u8>) -> Self {
        Node { kind: Kind::Leaf, head, payload, children: Vec::new() }
    }

    pub(crate) fn of(kind: Kind, children: Vec<Node>) -> Self {
        Node { kind, head: Vec::new(), payload: Vec::new(), children }
    }

    /// Itself and everything below.
    pub(crate) fn count(&self) -> usize {
        1 + self.children.iter().map(Node::count).sum::<usize>()
    }

    /// The node at a place in the order in which they are written.
    pub(crate) fn at(&mut self, mut place: usize) -> &mut Node {
        if place == 0 || self.children.is_empty() {
            return self;
        }
        place -= 1;
        let last = self.children.len() - 1;
        for index in 0..last {
            let count = self.children[index].count();
            if place < count {
                return self.children[index].at(place);
            }
            place -= count;
        }
        self.children[last].at(place)
    }

    /// Gives each payload the length that its node claims, unless the claim is beyond `longest`, and rows no more nodes than they claim.
    pub(crate) fn fit(&mut self, longest: usize) {
        if let (Kind::Rows, Some(nodes)) = (self.kind, nodes_of_rows(&self.head)) {
            self.children.truncate(usize::try_from(nodes).unwrap_or(usize::MAX));
        }
        if let (Kind::Leaf | Kind::Rows, Some((_, claim))) = (self.kind, measure(&self.head)) {
            if let Some(claim) = usize::try_from(claim).ok().filter(|&claim| claim <= longest) {
                let fill = self.payload.last().copied().unwrap_or(0);
                self.payload.resize(claim, fill);
            }
        }
        for child in &mut self.children {
            child.fit(longest);
        }
    }

    fn write<'n>(&'n self, meta: &mut Vec<u8>, payloads: &mut Vec<&'n [u8]>) {
        let count = self.children.len();
        match self.kind {
            Kind::Leaf | Kind::Rows => meta.extend(&self.head),
            Kind::List if count < 16 => meta.push(0xA0 + count as u8),
            Kind::List => {
                meta.push(0xD3);
                put_uv(meta, count as u64);
            }
            Kind::Map if count < 32 => meta.push(0xB0 + (count / 2) as u8),
            Kind::Map => {
                meta.push(0xD4);
                put_uv(meta, (count / 2) as u64);
            }
            Kind::Some => meta.push(0xD5),
        }
        if !self.payload.is_empty() {
            payloads.push(&self.payload);
        }
        for child in &self.children {
            child.write(meta, payloads);
        }
    }

    /// The value whose root this is.
    pub(crate) fn to_value(&self) -> Vec<u8> {
        let (mut meta, mut payloads) = (Vec::new(), Vec::new());
        self.write(&mut meta, &mut payloads);
        let mut value = repaired(&meta);
        for payload in payloads {
            value.resize(value.len().next_multiple_of(16), 0);
            value.extend(payload);
        }
        value
    }
}

/// A right header before this META.
pub(crate) fn repaired(meta: &[u8]) -> Vec<u8> {
    let mut value = b"\xC1NDW\x01\0\0\0".to_vec();
    value.extend((meta.len() as u32).to_le_bytes());
    let checksum = crc32c(&[&value, meta]);
    value.extend(checksum.to_le_bytes());
    value.extend(meta);
    value
}

/// Where META ends, if the header is plausible; its checksum is not looked at.
pub fn header_len(value: &[u8]) -> Option<usize> {
    let header = value.first_chunk::<HEADER>()?;
    let meta = usize::try_from(u32::from_le_bytes([header[8], header[9], header[10], header[11]])).ok()?;
    let end = HEADER.checked_add(meta)?;
    (header.starts_with(b"\xC1NDW") && meta > 0 && end <= value.len()).then_some(end)
}

/// The tree of a value. What makes no sense is kept as a leaf, and what is left over is dropped.
pub(crate) fn parse(value: &[u8]) -> Option<Node> {
    let end = header_len(value)?;
    let mut parser = Parser { meta: &value[HEADER..end], value, data_at: end };
    Some(parser.node(0))
}

/// A payload of a value, found without the crate under test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload {
    pub range: std::ops::Range<u64>,
    /// It stands in a key, or in a node leaf of rows: a layout lists neither.
    pub is_hidden: bool,
}

/// The payloads of a value that is right, in order.
pub fn payloads(value: &[u8]) -> Vec<Payload> {
    fn collect(node: &Node, is_hidden: bool, end: &mut u64, found: &mut Vec<Payload>) {
        if !node.payload.is_empty() {
            let start = end.next_multiple_of(16);
            *end = start + node.payload.len() as u64;
            found.push(Payload { range: start..*end, is_hidden });
        }
        for (index, child) in node.children.iter().enumerate() {
            let is_key = node.kind == Kind::Map && index % 2 == 0;
            collect(child, is_hidden || is_key || node.kind == Kind::Rows, end, found);
        }
    }
    let mut found = Vec::new();
    if let (Some(root), Some(meta_end)) = (parse(value), header_len(value)) {
        collect(&root, false, &mut (meta_end as u64), &mut found);
    }
    found
}

struct Parser<'a> {
    meta: &'a [u8],
    value: &'a [u8],
    data_at: usize,
}

impl Parser<'_> {
    fn node(&mut self, depth: usize) -> Node {
        let opened = match self.meta {
            _ if depth > DEEPEST => None,
            [tag @ 0xA0..=0xAF, rest @ ..] => Some((Kind::List, u64::from(tag - 0xA0), rest)),
            [tag @ 0xB0..=0xBF, rest @ ..] => Some((Kind::Map, 2 * u64::from(tag - 0xB0), rest)),
            [0xD5, rest @ ..] => Some((Kind::Some, 1, rest)),
            [0xD3, rest @ ..] => uv(rest).map(|(count, rest)| (Kind::List, count, rest)),
            [0xD4, rest @ ..] => uv(rest).map(|(count, rest)| (Kind::Map, count.saturating_mul(2), rest)),
            _ => None,
        };
        let Some((kind, count, rest)) = opened else {
            let mut node = self.leaf();
            let nodes = if depth > DEEPEST { 0 } else { nodes_of_rows(&node.head).unwrap_or(0) };
            if nodes > 0 {
                node.kind = Kind::Rows;
                while (node.children.len() as u64) < nodes && !self.meta.is_empty() {
                    node.children.push(self.node(depth + 1));
                }
            }
            return node;
        };
        self.meta = rest;
        let mut children = Vec::new();
        while (children.len() as u64) < count && !self.meta.is_empty() {
            children.push(self.node(depth + 1));
        }
        Node::of(kind, children)
    }

    fn leaf(&mut self) -> Node {
        let (len, claim) = measure(self.meta).unwrap_or((self.meta.len(), 0));
        let (head, rest) = self.meta.split_at(len);
        self.meta = rest;
        let mut payload = Vec::new();
        if claim > 0 {
            let data = self.value.get(self.data_at.next_multiple_of(16)..).unwrap_or_default();
            let len = usize::try_from(claim).unwrap_or(usize::MAX).min(data.len());
            payload = data[..len].to_vec();
            self.data_at = self.data_at.next_multiple_of(16) + len;
        }
        Node::leaf(head.to_vec(), payload)
    }
}

/// How long the leaf at the start of META is, and how many bytes of payload it claims; none if it makes no sense.
pub(crate) fn measure(meta: &[u8]) -> Option<(usize, u64)> {
    let (&tag, rest) = meta.split_first()?;
    let (left, payload) = match tag {
        0x00..=0x7F | 0xC0 | 0xC2 | 0xC3 | 0xF0..=0xFF => (rest, 0),
        0x80..=0x9F => (rest.get(usize::from(tag - 0x80)..)?, 0),
        0xC4..=0xC8 => (rest.get(1 << (tag - 0xC4)..)?, 0),
        0xC9..=0xCD => (rest.get(1 << (tag - 0xC9)..)?, 0),
        0xCE => (rest.get(4..)?, 0),
        0xCF => (rest.get(8..)?, 0),
        0xD0 => (uv(rest)?.1, 0),
        0xD1 | 0xD2 => {
            let (len, rest) = uv(rest)?;
            (rest.get(usize::try_from(len).ok()?..)?, 0)
        }
        0xD6 => {
            let (&[dtype, rank], rest) = rest.split_first_chunk()?;
            dims(rest, rank & 0x3F, dtype)?
        }
        0xD7 => {
            let (width, _, rest) = schema(rest, 0)?;
            let (count, rest) = uv(rest)?;
            match width.saturating_mul(count) {
                fixed @ 0..=511 => (rest.get(usize::try_from(fixed).ok()?..)?, 0),
                fixed => (rest, fixed),
            }
        }
        0xD8 | 0xD9 => {
            let (len, rest) = uv(rest)?;
            (rest, len)
        }
        _ => return None,
    };
    Some((meta.len() - left.len(), payload))
}

/// Reads past a row schema, and gives the bytes and the nodes of a row.
fn schema(bytes: &[u8], depth: usize) -> Option<(u64, u64, &[u8])> {
    let (count, is_map, mut rest) = match bytes {
        [0xD6, dtype, rank, rest @ ..] => {
            let (rest, width) = dims(rest, *rank, *dtype)?;
            return Some((width, 0, rest));
        }
        [0xD5, dtype, rest @ ..] => return Some((1 + item_size(*dtype), 0, rest)),
        [0xC0, rest @ ..] => return Some((0, 1, rest)),
        [dtype @ 0..=0x7F, rest @ ..] => return Some((item_size(*dtype), 0, rest)),
        [tag @ 0xA0..=0xAF, rest @ ..] => (u64::from(tag - 0xA0), false, rest),
        [tag @ 0xB0..=0xBF, rest @ ..] => (u64::from(tag - 0xB0), true, rest),
        [tag @ (0xD3 | 0xD4), rest @ ..] => {
            let (count, rest) = uv(rest)?;
            (count, *tag == 0xD4, rest)
        }
        _ => return None,
    };
    let (mut width, mut nodes) = (0u64, 0u64);
    for _ in 0..count.min(4096) {
        if is_map {
            rest = rest.get(measure(rest)?.0..)?;
        }
        let (inner_width, inner_nodes, after) = if depth < 32 { schema(rest, depth + 1)? } else { return None };
        width = width.saturating_add(inner_width);
        nodes = nodes.saturating_add(inner_nodes);
        rest = after;
    }
    Some((width, nodes, rest))
}

/// How many nodes follow the head of rows.
fn nodes_of_rows(head: &[u8]) -> Option<u64> {
    let (_, nodes, rest) = schema(head.strip_prefix(&[0xD7])?, 0)?;
    Some(nodes.saturating_mul(uv(rest)?.0))
}

/// Reads past dims, and gives what they claim.
fn dims(mut bytes: &[u8], rank: u8, dtype: u8) -> Option<(&[u8], u64)> {
    let mut claim = item_size(dtype);
    for _ in 0..rank {
        let (dim, rest) = uv(bytes)?;
        claim = claim.saturating_mul(dim);
        bytes = rest;
    }
    Some((bytes, claim))
}

/// In every dtype code but those of times, the low half is the logarithm of the size.
pub(crate) fn item_size(dtype: u8) -> u64 {
    match dtype {
        0x60.. => 8,
        _ => 1 << (dtype & 7),
    }
}

fn uv(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let len = 1 + bytes.iter().take(9).take_while(|&&byte| byte >= 0x80).count();
    let (encoded, rest) = bytes.split_at_checked(len)?;
    let value = encoded.iter().rev().fold(0u64, |value, byte| value << 7 | u64::from(byte & 0x7F));
    Some((value, rest))
}

pub(crate) fn put_uv(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn crc32c(parts: &[&[u8]]) -> u32 {
    let bytes = parts.iter().flat_map(|part| part.iter());
    !bytes.fold(u32::MAX, |crc, &byte| TABLE[usize::from(crc as u8 ^ byte)] ^ crc >> 8)
}

const TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = (crc >> 1) ^ (0x82F6_3B78 * (crc & 1));
            bit += 1;
        }
        table[byte] = crc;
        byte += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    /// Every golden value, taken apart and written, is the same: so the mutator reads all forms of node, and repairs rightly.
    #[test]
    fn golden_values_survive() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/golden/v1");
        let mut values = 0;
        for entry in std::fs::read_dir(folder).expect(folder) {
            let path = entry.expect(folder).path();
            if path.extension().is_none_or(|extension| extension != "ndw") {
                continue;
            }
            let value = std::fs::read(&path).expect("a file");
            let tree = parse(&value).expect("a value");
            assert!(tree.to_value() == value, "{}: {:02X?} from {:02X?}", path.display(), tree.to_value(), value);
            values += 1;
        }
        assert!(values > 200, "{values} golden values");
    }

    #[test]
    fn the_checksum_is_that_of_the_rfc() {
        assert_eq!(crc32c(&[b"1234", b"56789"]), 0xE306_9283);
    }
}
