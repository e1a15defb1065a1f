//! Mutations of values: of the tree, or of the bytes of META or DATA alone, with the header repaired afterwards. Without the
//! repair the checksum would refuse nearly everything, and no fuzzer would see what stands behind it.

use crate::leaves;
use crate::random::Random;
use crate::tree::{HEADER, Kind, Node, header_len, measure, parse, repaired};

/// Longer inputs find nothing more and are slow.
const LONGEST: usize = 4096;
/// How long a value may become. Most are kept short: ten of those run in the time of one that is full.
const ROOM: [usize; 8] = [128, 256, 256, 512, 1024, 1024, 2048, LONGEST];

/// Changes `data[..size]` in place and gives its new size. `by_default` is the fuzzer's own mutation of bytes.
pub fn mutate(
    data: &mut [u8],
    size: usize,
    max_size: usize,
    seed: u32,
    by_default: impl Fn(&mut [u8], usize, usize) -> usize,
) -> usize {
    let random = &mut Random::new(seed);
    let longest = random.pick(&ROOM).max(size).min(LONGEST).min(max_size);
    if size <= longest && random.one_in(32) {
        // Nothing repaired: the header is under test too.
        return by_default(data, size, longest);
    }
    let value = &data[..size];
    let mut mutated = match header_len(value).filter(|_| size <= longest) {
        None => {
            let mut root = leaves::node(random);
            fitted(&mut root, random, longest)
        }
        Some(meta_end) => match random.below(8) {
            0 | 1 => meta_bytes(value, meta_end, longest, random, by_default),
            2 if meta_end < size => data_bytes(value, meta_end, longest, by_default),
            _ => nodes(value, random, longest),
        },
    };
    if random.one_in(32) {
        blemish(&mut mutated, random);
    }
    keep(data, mutated, size, longest)
}

/// Puts a node of one value into another, at a place of `out`, and gives its size.
pub fn cross_over(value: &[u8], other: &[u8], out: &mut [u8], seed: u32) -> usize {
    let random = &mut Random::new(seed);
    let longest = LONGEST.min(out.len());
    let mut mutated = value.to_vec();
    if let (Some(mut root), Some(mut donor)) = (parse(value), parse(other)) {
        let (place, from) = (random.below(root.count()), random.below(donor.count()));
        let given = donor.at(from).clone();
        let target = root.at(place);
        match target.kind {
            Kind::List if random.one_in(2) => target.children.push(given),
            _ => *target = given,
        }
        mutated = fitted(&mut root, random, longest);
    }
    keep(out, mutated, 0, longest)
}

/// Writes the new value, unless there is no room for it.
fn keep(data: &mut [u8], mutated: Vec<u8>, size: usize, longest: usize) -> usize {
    if mutated.len() > longest {
        return size.min(longest);
    }
    data[..mutated.len()].copy_from_slice(&mutated);
    mutated.len()
}

/// The fuzzer's own mutation on META alone. Half of the time what it did is then given counts and payloads that fit.
fn meta_bytes(
    value: &[u8],
    meta_end: usize,
    longest: usize,
    random: &mut Random,
    by_default: impl Fn(&mut [u8], usize, usize) -> usize,
) -> Vec<u8> {
    let mut meta = value[HEADER..meta_end].to_vec();
    let len = meta.len();
    let room = (longest.saturating_sub(HEADER + value.len() - meta_end)).max(len);
    meta.resize(room, 0);
    let len = by_default(&mut meta, len, room);
    let mut mutated = repaired(&meta[..len.max(1).min(room)]);
    if let Some(data) = value.get(meta_end.next_multiple_of(16)..) {
        mutated.resize(mutated.len().next_multiple_of(16), 0);
        mutated.extend(data);
    }
    match parse(&mutated) {
        Some(mut root) if random.one_in(2) => fitted(&mut root, random, longest),
        _ => mutated,
    }
}

/// The same on everything behind META, padding included. The header does not cover it.
fn data_bytes(
    value: &[u8],
    meta_end: usize,
    longest: usize,
    by_default: impl Fn(&mut [u8], usize, usize) -> usize,
) -> Vec<u8> {
    let mut mutated = value.to_vec();
    mutated.resize(longest.max(value.len()), 0);
    let room = mutated.len() - meta_end;
    let len = by_default(&mut mutated[meta_end..], value.len() - meta_end, room);
    mutated.truncate(meta_end + len);
    mutated
}

fn nodes(value: &[u8], random: &mut Random, longest: usize) -> Vec<u8> {
    let Some(mut root) = parse(value) else { return value.to_vec() };
    for _ in 0..1 + random.below(3) {
        change(&mut root, random, longest);
    }
    fitted(&mut root, random, longest)
}

/// Written, mostly with payloads of the length that their nodes claim. What became too long loses nodes until it fits.
fn fitted(root: &mut Node, random: &mut Random, longest: usize) -> Vec<u8> {
    if !random.one_in(12) {
        root.fit(longest);
    }
    for _ in 0..64 {
        let value = root.to_value();
        if value.len() <= longest {
            return value;
        }
        let place = random.below(root.count());
        let node = root.at(place);
        let half = node.children.len() / 4 * 2;
        match node.children.len() {
            0 => *node = Node::leaf(vec![random.byte() & 0x7F], Vec::new()),
            _ => node.children.truncate(half),
        }
        if node.kind == Kind::Some {
            node.children = vec![Node::leaf(vec![0xC0], Vec::new())];
        }
    }
    repaired(&[random.byte()])
}

/// One change of one node.
fn change(root: &mut Node, random: &mut Random, longest: usize) {
    let count = root.count();
    let place = random.below(count);
    let other = root.at(random.below(count)).clone();
    let node = root.at(place);
    match random.below(12) {
        0 => *node = leaves::node(random),
        1 => {
            *node = match random.below(4) {
                0 => leaves::array(random),
                1 => leaves::rows(random),
                2 => leaves::plain_table(random),
                _ => leaves::records(random),
            }
        }
        2 => *node = other,
        3 => wrap(node, random),
        4 if !node.children.is_empty() => *node = node.children.swap_remove(random.below(node.children.len())),
        _ => match node.kind {
            Kind::Leaf | Kind::Rows if !node.payload.is_empty() && random.one_in(3) => {
                let place = random.below(node.payload.len());
                node.payload[place] = random.pick(&[0, 1, 2, 0x7F, 0xFF]);
            }
            Kind::Leaf => change_head(node, random),
            Kind::Rows if random.one_in(2) => change_head(node, random),
            Kind::Rows => change_children(node, other, random, longest),
            Kind::List | Kind::Map => change_children(node, other, random, longest),
            Kind::Some => wrap(node, random),
        },
    }
}

/// Puts lists, maps or somes around a node: a few, or around the limit of depth.
fn wrap(node: &mut Node, random: &mut Random) {
    let kind = random.pick(&[Kind::List, Kind::Map, Kind::Some]);
    let levels = if random.one_in(8) { 120 + random.below(12) } else { 1 + random.below(2) };
    for _ in 0..levels {
        let inner = std::mem::replace(node, Node::leaf(vec![0xC0], Vec::new()));
        let children = match kind {
            Kind::Map if random.one_in(8) => vec![inner, leaves::node(random)],
            Kind::Map => vec![leaves::name(random), inner],
            _ => vec![inner],
        };
        *node = Node::of(kind, children);
    }
}

fn change_head(node: &mut Node, random: &mut Random) {
    let head = &mut node.head;
    let place = random.below(head.len());
    match random.below(5) {
        0 if !head.is_empty() => head[place] ^= 1 << random.below(8),
        1 if !head.is_empty() => head[place] = head[place].wrapping_add(random.pick(&[1, 0xFF])),
        2 => head.insert(place, random.pick(&[0, 1, 0x7F, 0x80, 0xFF])),
        3 if head.len() > 1 => {
            head.remove(place);
        }
        _ => {
            // A boundary where a length, a dim or a count may be.
            let mut uv = Vec::new();
            crate::tree::put_uv(&mut uv, leaves::boundary(random));
            let place = place.max(1).min(head.len());
            head.splice(place..(place + 1).min(head.len()), uv);
        }
    }
    if head.is_empty() {
        head.push(0xC0);
    }
    // Bytes of META that the claim calls for.
    if measure(head).is_none() && random.one_in(2) {
        head.extend([0; 16]);
    }
}

fn change_children(node: &mut Node, other: Node, random: &mut Random, longest: usize) {
    // A map's children go in pairs.
    let step = if node.kind == Kind::Map { 2 } else { 1 };
    let pairs = node.children.len() / step;
    let start = random.below(pairs) * step;
    match random.below(6) {
        0 if pairs > 0 => {
            node.children.drain(start..start + step);
        }
        1 | 2 if pairs > 0 => {
            // The same again, once or until the value is full.
            let times = if random.one_in(4) { longest } else { 1 + random.below(4) };
            let repeated: Vec<Node> = node.children[start..start + step].to_vec();
            let width = Node::of(node.kind, repeated.clone()).to_value().len() - HEADER;
            for _ in 0..times.min(longest / width.max(1) * 3 / 4) {
                node.children.extend(repeated.iter().cloned());
            }
        }
        3 if pairs > 1 => {
            let with = random.below(pairs) * step;
            for offset in 0..step {
                node.children.swap(start + offset, with + offset);
            }
        }
        _ => {
            let child = if random.one_in(2) { other } else { leaves::node(random) };
            let key = if random.one_in(4) { leaves::node(random) } else { leaves::name(random) };
            node.children.extend([key, child].into_iter().skip(2 - step));
        }
    }
}

/// What no repair mends: a byte of header, META or padding, the end cut off, or something after it.
fn blemish(value: &mut Vec<u8>, random: &mut Random) {
    let place = random.below(value.len());
    match random.below(4) {
        0 => value.truncate(place),
        1 => value.push(random.pick(&[0, 1, 0xC0])),
        2 => value[place] ^= 1 << random.below(8),
        _ => {
            let padding = header_len(value).filter(|&end| end % 16 > 0 && end < value.len());
            value[padding.unwrap_or(place)] ^= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nearly everything that comes out has a right header: what the targets see is the format, not its lock.
    #[test]
    fn most_mutations_pass_the_header() {
        let mut data = vec![0; LONGEST];
        let (mut size, mut right) = (0, 0);
        for seed in 0..10_000 {
            size = mutate(&mut data, size, LONGEST, seed, |_, size, _| size);
            assert!(size <= LONGEST);
            let end = header_len(&data[..size]);
            right += u32::from(end.is_some_and(|end| data[..end] == repaired(&data[HEADER..end])[..]));
        }
        assert!(right > 8_000, "{right} of 10,000");
    }
}
