//! What the elements of a list have in common (5.5), by looking at all of them.

use super::model::{Data, ListEvents, TUPLE_EVENTS};

/// What an element is to its list, or a leaf to its row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shape {
    Nil,
    Scalar(u8),
    Optional(u8),
    /// A block; as a leaf, a subarray.
    Block(u8, Vec<u64>),
    Tuple(Vec<Shape>),
    Map(Vec<(String, Shape)>),
    Node,
}

/// The form of a list with these elements: nil and node are a plain list, everything else is rows with this schema.
/// What `is_place` is a tuple that stands in a list or tuple: its elements are no rows of several leaves.
pub(crate) fn form(elements: &[Data], is_place: bool) -> Shape {
    let Some(shape) = elements.iter().map(element).reduce(join) else { return Shape::Node };
    match &shape {
        Shape::Tuple(leaves) => match all_alike(leaves) {
            Some(block) => block,
            None if elements.len() > 1 && !is_place && formula_holds(&shape) => shape,
            None => Shape::Node,
        },
        Shape::Map(_) if elements.len() < 2 || is_place || !formula_holds(&shape) => Shape::Node,
        _ => shape,
    }
}

fn element(data: &Data) -> Shape {
    let Some(data) = content(data) else { return Shape::Node };
    if let Some(elements) = tuple(data) {
        return Shape::Tuple(elements.iter().map(|element| leaf(element, None)).collect());
    }
    if let Some(entries) = entries(data) {
        return map(&entries, 1);
    }
    match data {
        Data::List(_, elements) => rows_of(elements.len(), &form(elements, false)).unwrap_or(Shape::Node),
        other => single(other),
    }
}

/// A leaf in so many maps of its row, or in a tuple.
fn leaf(data: &Data, maps: Option<usize>) -> Shape {
    let Some(data) = content(data) else { return Shape::Node };
    if let Data::List(events, elements) = data {
        if !TUPLE_EVENTS.contains(events) || elements.is_empty() {
            return Shape::Node;
        }
        let leaves: Vec<Shape> = elements.iter().map(|element| leaf(element, None)).collect();
        return all_alike(&leaves).unwrap_or(Shape::Node);
    }
    match (entries(data), maps) {
        (Some(entries), Some(maps)) => map(&entries, maps + 1),
        _ => single(data),
    }
}

fn map(entries: &[(Option<String>, Data)], maps: usize) -> Shape {
    let mut leaves = Vec::new();
    for (index, (name, value)) in entries.iter().enumerate() {
        let is_twice = entries[..index].iter().any(|(other, _)| other == name);
        match name {
            Some(name) if (1..=255).contains(&name.len()) && !is_twice => {
                leaves.push((name.clone(), leaf(value, Some(maps))));
            }
            _ => return Shape::Node,
        }
    }
    let shape = Shape::Map(leaves);
    match maps <= 8 && (1..=64).contains(&count_leaves(&shape)) {
        true => shape,
        false => Shape::Node,
    }
}

fn count_leaves(shape: &Shape) -> usize {
    match shape {
        Shape::Map(leaves) => leaves.iter().map(|(_, shape)| count_leaves(shape)).sum(),
        _ => 1,
    }
}

fn single(data: &Data) -> Shape {
    match data {
        Data::None | Data::Unit | Data::UnitStruct => Shape::Nil,
        other => scalar(other).map_or(Shape::Node, |(dtype, _)| Shape::Scalar(dtype)),
    }
}

/// What so many of these are together, if they are one block.
fn rows_of(count: usize, row: &Shape) -> Option<Shape> {
    let (dtype, dims) = match row {
        Shape::Scalar(dtype) => (*dtype, vec![count as u64]),
        Shape::Block(dtype, dims) => (*dtype, [&[count as u64], &dims[..]].concat()),
        _ => return None,
    };
    let block = Shape::Block(dtype, dims);
    formula_holds(&block).then_some(block)
}

/// The subarray that a tuple of these leaves is: they are all the same scalar or the same subarray. Where no schema can say that
/// one, the node.
fn all_alike(leaves: &[Shape]) -> Option<Shape> {
    let same = leaves.iter().all(|leaf| *leaf == leaves[0]);
    match leaves[0] {
        Shape::Scalar(_) | Shape::Block(..) if same => Some(rows_of(leaves.len(), &leaves[0]).unwrap_or(Shape::Node)),
        _ => None,
    }
}

fn join(one: Shape, other: Shape) -> Shape {
    match (one, other) {
        (one, other) if one == other => one,
        (Shape::Nil, Shape::Scalar(dtype) | Shape::Optional(dtype))
        | (Shape::Scalar(dtype) | Shape::Optional(dtype), Shape::Nil) => Shape::Optional(dtype),
        (Shape::Scalar(one), Shape::Optional(other)) | (Shape::Optional(one), Shape::Scalar(other)) if one == other => {
            Shape::Optional(one)
        }
        (block @ Shape::Block(..), Shape::Tuple(leaves)) | (Shape::Tuple(leaves), block @ Shape::Block(..))
            if all_alike(&leaves).as_ref() == Some(&block) =>
        {
            block
        }
        (Shape::Tuple(one), Shape::Tuple(other)) if one.len() == other.len() => {
            Shape::Tuple(one.into_iter().zip(other).map(|(one, other)| join(one, other)).collect())
        }
        (Shape::Map(one), Shape::Map(other))
            if one.len() == other.len() && one.iter().zip(&other).all(|(one, other)| one.0 == other.0) =>
        {
            let leaves = one.into_iter().zip(other);
            Shape::Map(leaves.map(|((name, one), (_, other))| (name, join(one, other))).collect())
        }
        _ => Shape::Node,
    }
}

/// What a row is presented as, and what it has.
#[derive(Default)]
struct Measure {
    sequences: u128,
    names: u128,
    bytes: u128,
    nodes: u128,
}

impl Measure {
    fn add(&mut self, shape: &Shape) {
        match shape {
            Shape::Nil | Shape::Node => self.nodes += 1,
            Shape::Scalar(dtype) => self.bytes += size(*dtype) as u128,
            Shape::Optional(dtype) => self.bytes += 1 + size(*dtype) as u128,
            Shape::Block(dtype, dims) => {
                let product = |dims: &[u64]| dims.iter().map(|&dim| u128::from(dim)).product::<u128>();
                self.sequences += (0..dims.len()).map(|axis| product(&dims[..axis])).sum::<u128>();
                self.bytes += product(dims) * size(*dtype) as u128;
            }
            Shape::Tuple(leaves) => {
                self.sequences += 1;
                leaves.iter().for_each(|leaf| self.add(leaf));
            }
            Shape::Map(leaves) => {
                self.sequences += 1;
                for (name, leaf) in leaves {
                    self.names += name.len() as u128;
                    self.add(leaf);
                }
            }
        }
    }
}

/// Of a block, also that it has a rank which a schema can say.
fn formula_holds(shape: &Shape) -> bool {
    let mut row = Measure::default();
    row.add(shape);
    let fits = !matches!(shape, Shape::Block(_, dims) if dims.len() > 7);
    fits && 24 * row.sequences + row.names <= 64 * (row.bytes + row.nodes)
}

/// What it is, through newtypes and somes that are not written. None if a some is written.
pub(crate) fn content(data: &Data) -> Option<&Data> {
    match data {
        Data::Some(inner) if needs_some(inner) => None,
        Data::Some(inner) | Data::NewtypeStruct(inner) => content(inner),
        other => Some(other),
    }
}

/// Whether a some around it is written.
pub(crate) fn needs_some(content: &Data) -> bool {
    match content {
        Data::None | Data::Unit | Data::UnitStruct => true,
        Data::Some(content) | Data::NewtypeStruct(content) => needs_some(content),
        _ => false,
    }
}

/// The elements, if it is given as a tuple of 1 to 64.
pub(crate) fn tuple(data: &Data) -> Option<&[Data]> {
    match data {
        Data::List(events, elements) if TUPLE_EVENTS.contains(events) => {
            (1..=64).contains(&elements.len()).then_some(elements)
        }
        _ => None,
    }
}

/// The entries of a map, a struct or a variant with content; a name is none if it is no str.
pub(crate) fn entries(data: &Data) -> Option<Vec<(Option<String>, Data)>> {
    let one = |name: &str, content: Data| Some(vec![(Some(name.to_owned()), content)]);
    match data {
        Data::Map(_, entries) => Some(entries.iter().map(|(key, value)| (text(key), value.clone())).collect()),
        Data::Struct(fields) => {
            Some(fields.iter().map(|(name, value)| (Some((*name).to_owned()), value.clone())).collect())
        }
        Data::NewtypeVariant(name, content) => one(name, Data::clone(content)),
        Data::TupleVariant(name, elements) => one(name, Data::List(ListEvents::Tuple, elements.clone())),
        Data::StructVariant(name, fields) => one(name, Data::Struct(fields.clone())),
        _ => None,
    }
}

fn text(key: &Data) -> Option<String> {
    match content(key)? {
        Data::Str(text) => Some(text.clone()),
        Data::UnitVariant(name) => Some((*name).to_owned()),
        _ => None,
    }
}

/// The dtype and the bytes of a row scalar.
pub(crate) fn scalar(data: &Data) -> Option<(u8, Vec<u8>)> {
    Some(match data {
        Data::Bool(value) => (0x00, vec![u8::from(*value)]),
        Data::U8(value) => (0x10, value.to_le_bytes().into()),
        Data::U16(value) => (0x11, value.to_le_bytes().into()),
        Data::U32(value) => (0x12, value.to_le_bytes().into()),
        Data::U64(value) => (0x13, value.to_le_bytes().into()),
        Data::I8(value) => (0x20, value.to_le_bytes().into()),
        Data::I16(value) => (0x21, value.to_le_bytes().into()),
        Data::I32(value) => (0x22, value.to_le_bytes().into()),
        Data::I64(value) => (0x23, value.to_le_bytes().into()),
        Data::F32(value) => (0x32, value.to_le_bytes().into()),
        Data::F64(value) => (0x33, value.to_le_bytes().into()),
        _ => return None,
    })
}

pub(crate) fn size(dtype: u8) -> usize {
    match dtype {
        0x00 => 1,
        0x32 => 4,
        0x33 => 8,
        _ => 1 << (dtype & 0x0F),
    }
}
