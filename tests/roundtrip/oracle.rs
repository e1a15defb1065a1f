//! A second writer of the specification: the whole value is at hand, so each list is looked at twice, and nothing is clever.

use super::model::Data;

const THRESHOLD: usize = 512;

/// The bytes that a value must become.
pub(crate) fn encode(data: &Data) -> Vec<u8> {
    let mut out = Out::default();
    out.node(data);
    let mut value = vec![0xC1, b'N', b'D', b'W', 1, 0, 0, 0];
    value.extend(u32::try_from(out.meta.len()).unwrap().to_le_bytes());
    let checksum = crc32c(&[&value, &out.meta]);
    value.extend(checksum.to_le_bytes());
    value.extend(out.meta);
    for payload in out.payloads {
        value.resize(value.len().next_multiple_of(16), 0);
        value.extend(payload);
    }
    value
}

fn crc32c(parts: &[&[u8]]) -> u32 {
    let mut crc = u32::MAX;
    for &byte in parts.iter().copied().flatten() {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0x82F6_3B78 * (crc & 1));
        }
    }
    !crc
}

/// What an element is to its list (5.5).
#[derive(Debug, Clone, PartialEq)]
enum Shape {
    Nil,
    Scalar(u8),
    Optional(u8),
    Block(u8, Vec<u64>),
    Node,
}

fn shape(data: &Data) -> Shape {
    match data {
        Data::None | Data::Unit | Data::UnitStruct => Shape::Nil,
        Data::NewtypeStruct(content) => shape(content),
        Data::Some(content) if needs_some(content) => Shape::Node,
        Data::Some(content) => shape(content),
        Data::List(_, elements) => match form(elements) {
            Shape::Scalar(dtype) => block(dtype, vec![elements.len() as u64]),
            Shape::Block(dtype, dims) => block(dtype, [vec![elements.len() as u64], dims].concat()),
            _ => Shape::Node,
        },
        other => scalar(other).map_or(Shape::Node, |(dtype, _)| Shape::Scalar(dtype)),
    }
}

/// Whether a some around it is written.
fn needs_some(content: &Data) -> bool {
    match content {
        Data::None | Data::Unit | Data::UnitStruct => true,
        Data::Some(content) | Data::NewtypeStruct(content) => needs_some(content),
        _ => false,
    }
}

fn block(dtype: u8, dims: Vec<u64>) -> Shape {
    let width = dims.iter().product::<u64>() * size(dtype) as u64;
    let sequences: u64 = (0..dims.len()).map(|axis| dims[..axis].iter().product::<u64>()).sum();
    if dims.len() <= 7 && 24 * sequences <= 64 * width {
        Shape::Block(dtype, dims)
    } else {
        Shape::Node
    }
}

/// The join of the elements: scalar, optional and block are rows, the rest is a plain list.
fn form(elements: &[Data]) -> Shape {
    let shapes: Vec<Shape> = elements.iter().map(shape).collect();
    let Some(first) = shapes.first() else { return Shape::Node };
    if shapes.iter().all(|shape| shape == first) {
        return first.clone();
    }
    let mut dtypes: Vec<Option<u8>> = shapes
        .iter()
        .map(|shape| match shape {
            Shape::Nil => Some(u8::MAX),
            Shape::Scalar(dtype) => Some(*dtype),
            _ => None,
        })
        .collect();
    dtypes.sort();
    dtypes.dedup();
    match dtypes[..] {
        [Some(dtype), Some(u8::MAX)] => Shape::Optional(dtype),
        _ => Shape::Node,
    }
}

/// The dtype and the bytes of a row scalar.
fn scalar(data: &Data) -> Option<(u8, Vec<u8>)> {
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

fn size(dtype: u8) -> usize {
    match dtype {
        0x00 => 1,
        0x32 => 4,
        0x33 => 8,
        _ => 1 << (dtype & 0x0F),
    }
}

/// The scalars below, in order, through somes, newtypes and lists.
fn flatten(data: &Data, out: &mut Vec<u8>) {
    match data {
        Data::Some(content) | Data::NewtypeStruct(content) => flatten(content, out),
        Data::List(_, elements) => elements.iter().for_each(|element| flatten(element, out)),
        other => out.extend(scalar(other).unwrap().1),
    }
}

#[derive(Default)]
struct Out {
    meta: Vec<u8>,
    payloads: Vec<Vec<u8>>,
}

impl Out {
    fn uv(&mut self, mut value: u64) {
        while value > 0x7F {
            self.meta.push((value & 0x7F) as u8 | 0x80);
            value >>= 7;
        }
        self.meta.push(value as u8);
    }

    fn integer(&mut self, value: i128) {
        let le = value.to_le_bytes();
        let len = match value {
            -16..=127 => return self.meta.push(le[0]),
            -0x80..=0xFF => 0,
            -0x8000..=0xFFFF => 1,
            -0x8000_0000..=0xFFFF_FFFF => 2,
            -0x8000_0000_0000_0000..=0xFFFF_FFFF_FFFF_FFFF => 3,
            _ => 4,
        };
        self.meta.push(if value < 0 { 0xC9 } else { 0xC4 } + len);
        self.meta.extend(&le[..1 << len]);
    }

    fn head(&mut self, short: u8, long: u8, count: usize) {
        if count < 16 {
            self.meta.push(short + count as u8);
        } else {
            self.meta.push(long);
            self.uv(count as u64);
        }
    }

    fn text(&mut self, text: &str) {
        match text.len() {
            len @ 0..32 => self.meta.push(0x80 + len as u8),
            len => {
                self.meta.push(if len < THRESHOLD { 0xD1 } else { 0xD8 });
                self.uv(len as u64);
            }
        }
        self.place(text.as_bytes().to_vec());
    }

    /// Bytes go to META or DATA by their number alone.
    fn place(&mut self, bytes: Vec<u8>) {
        if bytes.len() < THRESHOLD {
            self.meta.extend(bytes);
        } else {
            self.payloads.push(bytes);
        }
    }

    fn list(&mut self, elements: &[Data]) {
        let mut fixed = Vec::new();
        match form(elements) {
            Shape::Nil | Shape::Node => {
                self.head(0xA0, 0xD3, elements.len());
                return elements.iter().for_each(|element| self.node(element));
            }
            Shape::Scalar(dtype) => self.meta.extend([0xD7, dtype]),
            Shape::Optional(dtype) => {
                self.meta.extend([0xD7, 0xD5, dtype]);
                for element in elements {
                    if shape(element) == Shape::Nil {
                        fixed.resize(fixed.len() + 1 + size(dtype), 0);
                    } else {
                        fixed.push(1);
                        flatten(element, &mut fixed);
                    }
                }
            }
            Shape::Block(dtype, dims) => {
                self.meta.extend([0xD7, 0xD6, dtype, dims.len() as u8]);
                dims.iter().for_each(|&dim| self.uv(dim));
            }
        }
        if fixed.is_empty() {
            elements.iter().for_each(|element| flatten(element, &mut fixed));
        }
        self.uv(elements.len() as u64);
        self.place(fixed);
    }

    fn fields(&mut self, fields: &[(&'static str, Data)]) {
        self.head(0xB0, 0xD4, fields.len());
        for (name, value) in fields {
            self.text(name);
            self.node(value);
        }
    }

    fn variant(&mut self, name: &str) {
        self.meta.push(0xB1);
        self.text(name);
    }

    fn node(&mut self, data: &Data) {
        match data {
            Data::Bool(value) => self.meta.push(if *value { 0xC3 } else { 0xC2 }),
            Data::I8(value) => self.integer((*value).into()),
            Data::I16(value) => self.integer((*value).into()),
            Data::I32(value) => self.integer((*value).into()),
            Data::I64(value) => self.integer((*value).into()),
            Data::I128(value) => self.integer(*value),
            Data::U8(value) => self.integer((*value).into()),
            Data::U16(value) => self.integer((*value).into()),
            Data::U32(value) => self.integer((*value).into()),
            Data::U64(value) => self.integer((*value).into()),
            Data::U128(value) => match i128::try_from(*value) {
                Ok(value) => self.integer(value),
                Err(_) => {
                    self.meta.push(0xC8);
                    self.meta.extend(value.to_le_bytes());
                }
            },
            Data::F32(value) => {
                self.meta.push(0xCE);
                self.meta.extend(value.to_le_bytes());
            }
            Data::F64(value) => {
                self.meta.push(0xCF);
                self.meta.extend(value.to_le_bytes());
            }
            Data::Char(value) => {
                self.meta.push(0xD0);
                self.uv(u32::from(*value).into());
            }
            Data::Str(value) => self.text(value),
            Data::Bytes(value) => {
                self.meta.push(if value.len() < THRESHOLD { 0xD2 } else { 0xD9 });
                self.uv(value.len() as u64);
                self.place(value.clone());
            }
            Data::None | Data::Unit | Data::UnitStruct => self.meta.push(0xC0),
            Data::Some(content) => {
                if needs_some(content) {
                    self.meta.push(0xD5);
                }
                self.node(content);
            }
            Data::UnitVariant(name) => self.text(name),
            Data::NewtypeStruct(content) => self.node(content),
            Data::NewtypeVariant(name, content) => {
                self.variant(name);
                self.node(content);
            }
            Data::List(_, elements) => self.list(elements),
            Data::TupleVariant(name, elements) => {
                self.variant(name);
                self.list(elements);
            }
            Data::Map(_, entries) => {
                self.head(0xB0, 0xD4, entries.len());
                for (key, value) in entries {
                    self.node(key);
                    self.node(value);
                }
            }
            Data::Struct(fields) => self.fields(fields),
            Data::StructVariant(name, fields) => {
                self.variant(name);
                self.fields(fields);
            }
        }
    }
}
