//! Lists at the limits of the rule: random rows almost never come near one.

use proptest::prelude::*;

use super::model::{Data, LIST_EVENTS, ListEvents, MAP_EVENTS, TUPLE_EVENTS};

/// Which limit a list stands at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Border {
    Leaves,
    Rank,
    Containers,
    Names,
    Formula,
    LongTuples,
    Mixes,
}

pub(crate) const BORDERS: [Border; 7] = [
    Border::Leaves,
    Border::Rank,
    Border::Containers,
    Border::Names,
    Border::Formula,
    Border::LongTuples,
    Border::Mixes,
];

/// A list at this limit, and how it gives itself.
pub(crate) fn at_border(border: Border) -> impl Strategy<Value = (ListEvents, Vec<Data>)> {
    any::<u64>().prop_map(move |seed| {
        let mut dice = Dice(seed | 1);
        let element = border.element(&mut dice);
        let count = 1 + dice.roll(3);
        let elements = (0..count).map(|_| {
            let mut element = element.clone();
            if dice.roll(3) == 0 {
                change(&mut element, &mut dice);
            }
            element
        });
        let elements = elements.collect();
        (*dice.pick(&LIST_EVENTS), elements)
    })
}

/// A list at any limit.
pub(crate) fn border() -> impl Strategy<Value = (ListEvents, Vec<Data>)> {
    proptest::sample::select(&BORDERS[..]).prop_flat_map(at_border)
}

/// Numbers by the generator of Marsaglia, from a seed that is not 0.
struct Dice(u64);

impl Dice {
    /// One of 0 to below the number of sides.
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 11) % sides as u64) as usize
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.roll(from.len())]
    }
}

impl Border {
    fn element(self, dice: &mut Dice) -> Data {
        match self {
            Border::Leaves => {
                let inner = leaves(1018 + dice.roll(10), dice);
                match dice.roll(3) {
                    0 => inner,
                    1 => tuple(vec![inner, small(dice)], dice),
                    _ => map(vec![("a".into(), small(dice)), ("b".into(), inner)], dice),
                }
            }
            Border::Rank => {
                let wide = dice.roll(3);
                let dims: Vec<usize> = (0..5 + dice.roll(5)).map(|axis| if axis < wide { 2 } else { 1 }).collect();
                // The innermost dims are long enough for the formula, or not.
                let last = *dice.pick(&[1, 2, 3, 8]);
                let scalar = scalar(dice);
                let block =
                    dims.iter().fold(tuple(vec![scalar; last], dice), |inner, &dim| tuple(vec![inner; dim], dice));
                let around = dice.roll(4);
                (0..around).fold(block, |inner, _| around_one(inner, dice))
            }
            Border::Containers => {
                let depth = 6 + dice.roll(4);
                let leaf = if dice.roll(2) == 0 { small(dice) } else { tuple(vec![Data::U64(7); 2], dice) };
                (0..depth).fold(leaf, |inner, _| around_one(inner, dice))
            }
            Border::Names => {
                let lens = [1, 31, 32, 39, 40, 41, 42, 103, 104, 105, 254, 255, 256, 257];
                let len = *dice.pick(&lens);
                let value = [Data::U8(1), Data::U16(1), Data::U32(1), Data::U64(1), text()][dice.roll(5)].clone();
                let map = map(vec![(name(len, 0), value)], dice);
                if dice.roll(2) == 0 { map } else { around_one(map, dice) }
            }
            Border::Formula => at_formula(dice),
            Border::LongTuples => {
                let long = long_tuple(dice);
                match dice.roll(4) {
                    0 => long,
                    1 => tuple(vec![long; 1 + dice.roll(18)], dice),
                    2 => tuple(vec![long, long_tuple(dice)], dice),
                    _ => around_one(long, dice),
                }
            }
            Border::Mixes => mix(dice, 3),
        }
    }
}

fn text() -> Data {
    Data::Str("text".into())
}

fn scalar(dice: &mut Dice) -> Data {
    [Data::Bool(true), Data::U8(1), Data::I16(-2), Data::F32(0.5), Data::F64(0.25)][dice.roll(5)].clone()
}

/// One leaf.
fn small(dice: &mut Dice) -> Data {
    match dice.roll(8) {
        0 => Data::None,
        1 => text(),
        2 => Data::U16(3),
        3 => Data::Some(Data::U8(1).into()),
        4 => Data::Some(Data::Unit.into()),
        5 => tuple(vec![], dice),
        6 => Data::list([Data::U8(1)]),
        _ => Data::U8(1),
    }
}

fn tuple(elements: Vec<Data>, dice: &mut Dice) -> Data {
    Data::List(*dice.pick(TUPLE_EVENTS), elements)
}

fn map(entries: Vec<(String, Data)>, dice: &mut Dice) -> Data {
    let entries = entries.into_iter().map(|(name, value)| (Data::Str(name), value)).collect();
    Data::Map(*dice.pick(&MAP_EVENTS), entries)
}

/// One that is different for each index, of so many bytes where these are enough.
fn name(len: usize, index: usize) -> String {
    let index = if index == 0 { String::new() } else { index.to_string() };
    "n".repeat(len.saturating_sub(index.len())) + &index
}

/// A container with this in it, alone or beside something.
fn around_one(inner: Data, dice: &mut Dice) -> Data {
    match dice.roll(6) {
        0 => tuple(vec![inner], dice),
        1 => tuple(vec![inner.clone(), inner], dice),
        2 => tuple(vec![Data::U64(1), inner], dice),
        3 => map(vec![("m".into(), inner)], dice),
        4 => map(vec![("m".into(), inner), ("u".into(), Data::U64(1))], dice),
        _ => Data::NewtypeVariant("v", inner.into()),
    }
}

/// So many leaves in maps, tuples of up to 16, and both.
fn leaves(count: usize, dice: &mut Dice) -> Data {
    let alike = small(dice);
    let one = |dice: &mut Dice| match dice.roll(40) {
        0 => small(dice),
        1 => tuple(vec![Data::U8(1); 3], dice),
        _ => alike.clone(),
    };
    if count <= 16 || dice.roll(2) == 0 && count < 1100 && dice.roll(2) == 0 {
        let values: Vec<Data> = (0..count).map(|_| one(dice)).collect();
        return if count <= 16 && dice.roll(2) == 0 { uneven(values, dice) } else { named(values, dice) };
    }
    let mut left = count;
    let mut parts = Vec::new();
    let most = 2 + dice.roll(15);
    while left > 0 {
        let part = left.min(count.div_ceil(most));
        parts.push(leaves(part, dice));
        left -= part;
    }
    if parts.len() <= 16 && dice.roll(2) == 0 { tuple(parts, dice) } else { named(parts, dice) }
}

fn named(values: Vec<Data>, dice: &mut Dice) -> Data {
    let entries = values.into_iter().enumerate().map(|(index, value)| (name(1, index), value));
    map(entries.collect(), dice)
}

/// A tuple of these that counts each as a leaf.
fn uneven(mut values: Vec<Data>, dice: &mut Dice) -> Data {
    if values.iter().all(|value| matches!(value, Data::U8(_) | Data::U16(_) | Data::Some(_))) {
        values[0] = Data::None;
    }
    tuple(values, dice)
}

/// Maps in each other whose names are as long as the formula allows, one byte more, or one less.
fn at_formula(dice: &mut Dice) -> Data {
    let containers = 1 + dice.roll(5);
    let count = 1 + dice.roll(4);
    let (leaf, per_row) = [
        (Data::U8(1), 1),
        (Data::U16(1), 2),
        (Data::F32(0.5), 4),
        (text(), 1),
        (Data::None, 1),
        (Data::List(ListEvents::Tuple, vec![Data::U8(1); 3]), 3),
    ][dice.roll(6)]
    .clone();
    let is_block = matches!(leaf, Data::List(..));
    let sequences = containers + if is_block { count } else { 0 };
    let room = (64 * per_row * count) as i64 - 24 * sequences as i64 + dice.roll(3) as i64 - 1;
    let names = containers - 1 + count;
    // Each name has a byte or two; the rest goes to the names as they come, as far as one may have it.
    let mut rest = usize::try_from(room).unwrap_or(0).saturating_sub(2 * names);
    let mut next = |index: usize| {
        let more = rest.min(253);
        rest -= more;
        name(2 + more, index)
    };
    let fields: Vec<(String, Data)> = (0..count).map(|index| (next(index + 1), leaf.clone())).collect();
    let names: Vec<String> = (1..containers).map(|_| next(9)).collect();
    let innermost = map(fields, dice);
    names.into_iter().fold(innermost, |inner, name| map(vec![(name, inner)], dice))
}

fn long_tuple(dice: &mut Dice) -> Data {
    let count = 14 + dice.roll(5);
    let fill = if dice.roll(3) == 0 { tuple(vec![Data::U8(1); 2], dice) } else { scalar(dice) };
    let mut elements = vec![fill; count];
    if dice.roll(2) == 0 {
        let at = dice.roll(count);
        elements[at] = small(dice);
    }
    tuple(elements, dice)
}

/// Tuples and maps of everything that joins with something.
fn mix(dice: &mut Dice, depth: usize) -> Data {
    if depth == 0 || dice.roll(5) == 0 {
        return small(dice);
    }
    let parts: Vec<Data> = (0..1 + dice.roll(3)).map(|_| mix(dice, depth - 1)).collect();
    match dice.roll(4) {
        0 => named(parts, dice),
        1 => tuple(vec![parts[0].clone(); 1 + dice.roll(3)], dice),
        2 => Data::TupleVariant("v", parts),
        _ => tuple(parts, dice),
    }
}

/// Something in it is something else.
fn change(data: &mut Data, dice: &mut Dice) {
    let stays = dice.roll(8) == 0;
    match data {
        Data::List(_, elements) | Data::TupleVariant(_, elements) if !stays && !elements.is_empty() => {
            let at = dice.roll(elements.len());
            change(&mut elements[at], dice);
        }
        Data::Map(_, entries) if !stays && !entries.is_empty() => {
            let at = dice.roll(entries.len());
            match dice.roll(16) {
                0 => entries.rotate_left(1),
                _ => change(&mut entries[at].1, dice),
            }
        }
        Data::NewtypeVariant(_, inner) | Data::Some(inner) if !stays => change(inner, dice),
        other => {
            *other = match dice.roll(4) {
                0 => tuple(vec![Data::U8(1), Data::U16(2)], dice),
                1 => tuple(vec![Data::U8(1); 2], dice),
                _ => small(dice),
            };
        }
    }
}
