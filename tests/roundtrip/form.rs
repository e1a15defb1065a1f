//! The form of a list by 5.5, as plainly as the text says it: all elements are at hand, and nothing is clever.

use super::model::{Data, ListEvents, TUPLE_EVENTS};

/// What an element is to its list, and what the elements have in common.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shape {
    Nil,
    Scalar(u8),
    Optional(u8),
    Tuple(Vec<Shape>),
    Map(Vec<(String, Shape)>),
    Node,
}

/// What stands behind D7.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Schema {
    Scalar(u8),
    Optional(u8),
    Subarray(u8, Vec<u64>),
    Tuple(Vec<Schema>),
    Map(Vec<(String, Schema)>),
    Node,
}

/// The schema of the rows that these elements are; none for a plain list.
pub(crate) fn form(elements: &[Data]) -> Option<Schema> {
    let shape = elements.iter().map(|element| shape(element, 0)).reduce(join)?;
    if matches!(shape, Shape::Nil | Shape::Node) {
        return None;
    }
    let schema = schema(&shape);
    is_accepted(&schema).then_some(schema)
}

/// The shape of what stands inside so many tuples and maps of its row.
pub(crate) fn shape(data: &Data, around: usize) -> Shape {
    let Some(data) = content(data) else { return Shape::Node };
    if let Some(elements) = tuple(data) {
        if around == 8 || elements.is_empty() {
            return Shape::Node;
        }
        let tuple = Shape::Tuple(elements.iter().map(|element| shape(element, around + 1)).collect());
        return if elements.len() > 16 && even(&tuple).is_none() { Shape::Node } else { within_leaves(tuple) };
    }
    if let Some(entries) = entries(data) {
        if around == 8 || entries.is_empty() {
            return Shape::Node;
        }
        let Some(names) = names(&entries) else { return Shape::Node };
        let values = entries.iter().map(|(_, value)| shape(value, around + 1));
        return within_leaves(Shape::Map(names.into_iter().zip(values).collect()));
    }
    match data {
        Data::None | Data::Unit | Data::UnitStruct => Shape::Nil,
        other => scalar(other).map_or(Shape::Node, |(dtype, _)| Shape::Scalar(dtype)),
    }
}

/// The names of these entries, if a schema can have them.
fn names(entries: &[(Option<String>, Data)]) -> Option<Vec<String>> {
    let names: Vec<String> = entries.iter().map(|(name, _)| name.clone()).collect::<Option<_>>()?;
    let differ: std::collections::BTreeSet<&String> = names.iter().collect();
    let fit = names.iter().all(|name| (1..=255).contains(&name.len()));
    (fit && differ.len() == names.len()).then_some(names)
}

fn within_leaves(shape: Shape) -> Shape {
    if leaves(&shape) > 1024 { Shape::Node } else { shape }
}

fn leaves(shape: &Shape) -> usize {
    match shape {
        Shape::Tuple(_) if even(shape).is_some() => 1,
        Shape::Tuple(shapes) => shapes.iter().map(leaves).sum(),
        Shape::Map(shapes) => shapes.iter().map(|(_, shape)| leaves(shape)).sum(),
        _ => 1,
    }
}

/// The dtype and dims, if it is a scalar (of no dims) or an even tuple.
fn even(shape: &Shape) -> Option<(u8, Vec<u64>)> {
    match shape {
        Shape::Scalar(dtype) => Some((*dtype, vec![])),
        Shape::Tuple(shapes) => {
            let (dtype, dims) = even(&shapes[0])?;
            let same = shapes.iter().all(|shape| *shape == shapes[0]);
            same.then(|| (dtype, [&[shapes.len() as u64], &dims[..]].concat()))
        }
        _ => None,
    }
}

pub(crate) fn join(one: Shape, other: Shape) -> Shape {
    match (one, other) {
        (one, other) if one == other => one,
        (Shape::Nil, Shape::Scalar(dtype) | Shape::Optional(dtype))
        | (Shape::Scalar(dtype) | Shape::Optional(dtype), Shape::Nil) => Shape::Optional(dtype),
        (Shape::Scalar(one), Shape::Optional(other)) | (Shape::Optional(one), Shape::Scalar(other)) if one == other => {
            Shape::Optional(one)
        }
        (Shape::Tuple(one), Shape::Tuple(other)) if one.len() == other.len() && one.len() <= 16 => {
            Shape::Tuple(one.into_iter().zip(other).map(|(one, other)| join(one, other)).collect())
        }
        (Shape::Map(one), Shape::Map(other))
            if one.len() == other.len() && one.iter().zip(&other).all(|(one, other)| one.0 == other.0) =>
        {
            let places = one.into_iter().zip(other);
            Shape::Map(places.map(|((name, one), (_, other))| (name, join(one, other))).collect())
        }
        _ => Shape::Node,
    }
}

fn schema(shape: &Shape) -> Schema {
    match shape {
        Shape::Nil | Shape::Node => Schema::Node,
        Shape::Scalar(dtype) => Schema::Scalar(*dtype),
        Shape::Optional(dtype) => Schema::Optional(*dtype),
        Shape::Tuple(shapes) => {
            let schemas: Vec<Schema> = shapes.iter().map(schema).collect();
            let same = schemas.iter().all(|schema| *schema == schemas[0]);
            let count = schemas.len() as u64;
            match &schemas[0] {
                Schema::Scalar(dtype) if same => Schema::Subarray(*dtype, vec![count]),
                Schema::Subarray(dtype, dims) if same => Schema::Subarray(*dtype, [&[count], &dims[..]].concat()),
                _ => Schema::Tuple(schemas),
            }
        }
        Shape::Map(shapes) => Schema::Map(shapes.iter().map(|(name, shape)| (name.clone(), schema(shape))).collect()),
    }
}

/// What a row has, and what it is presented as.
#[derive(Default)]
struct Measure {
    bytes: u128,
    nodes: u128,
    leaves: u128,
    names: u128,
    sequences: u128,
    rank: usize,
    containers: usize,
}

impl Measure {
    /// Of what stands inside so many containers.
    fn add(&mut self, schema: &Schema, around: usize) {
        if let Schema::Tuple(_) | Schema::Map(_) = schema {
            self.sequences += 1;
            self.containers = self.containers.max(around + 1);
        } else {
            self.leaves += 1;
        }
        match schema {
            Schema::Node => self.nodes += 1,
            Schema::Scalar(dtype) => self.bytes += size(*dtype) as u128,
            Schema::Optional(dtype) => self.bytes += 1 + size(*dtype) as u128,
            Schema::Subarray(dtype, dims) => {
                let product = |dims: &[u64]| dims.iter().map(|&dim| u128::from(dim)).product::<u128>();
                self.sequences += (0..dims.len()).map(|axis| product(&dims[..axis])).sum::<u128>();
                self.bytes += product(dims) * size(*dtype) as u128;
                self.rank = self.rank.max(dims.len());
            }
            Schema::Tuple(schemas) => schemas.iter().for_each(|schema| self.add(schema, around + 1)),
            Schema::Map(schemas) => {
                for (name, schema) in schemas {
                    self.names += name.len() as u128;
                    self.add(schema, around + 1);
                }
            }
        }
    }
}

/// Whether a reader takes rows with this schema: the limits of 5.2, and the formula of 5.3.
fn is_accepted(schema: &Schema) -> bool {
    let mut row = Measure::default();
    row.add(schema, 0);
    let formula = match schema {
        Schema::Scalar(_) | Schema::Optional(_) => true,
        _ => 24 * row.sequences + row.names <= 64 * (row.bytes + row.nodes),
    };
    let limits = row.rank <= 7 && row.containers <= 8 && row.leaves <= 1024 && row.bytes <= 0x7FFF_FFFF;
    limits && formula
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

/// The elements, if it is given as a tuple.
pub(crate) fn tuple(data: &Data) -> Option<&[Data]> {
    match data {
        Data::List(events, elements) if TUPLE_EVENTS.contains(events) => Some(elements),
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
