//! A second writer of the specification: the whole value is at hand, so each list is looked at twice, and nothing is clever.

use super::bytes::{add_payload, head, uv};
use super::form::{Schema, content, entries, form, needs_some, scalar, size, tuple};
use super::model::Data;

const THRESHOLD: usize = 512;

/// The bytes that a value must become.
pub(crate) fn encode(data: &Data) -> Vec<u8> {
    let mut out = Out::default();
    out.node(data);
    let mut value = head(&out.meta);
    out.payloads.iter().for_each(|payload| add_payload(&mut value, payload));
    value
}

/// The scalars below, in order, through somes, newtypes and lists.
fn flatten(data: &Data, out: &mut Vec<u8>) {
    match data {
        Data::Some(content) | Data::NewtypeStruct(content) => flatten(content, out),
        Data::List(_, elements) => elements.iter().for_each(|element| flatten(element, out)),
        other => out.extend(scalar(other).unwrap().1),
    }
}

/// The schema of the rows that these elements are, if they are.
pub(crate) fn schema(elements: &[Data]) -> Option<Vec<u8>> {
    let mut out = Out::default();
    out.schema(&form(elements)?);
    Some(out.meta)
}

/// A key's node, and the payloads behind it: entries are sorted by these.
pub(crate) fn key(data: &Data) -> (Vec<u8>, Vec<Vec<u8>>) {
    let mut out = Out::default();
    out.node(data);
    (out.meta, out.payloads)
}

/// What rows are packed into.
#[derive(Default)]
struct Row {
    fixed: Vec<u8>,
    nodes: Vec<Data>,
}

impl Row {
    fn pack(&mut self, schema: &Schema, data: &Data) {
        match (schema, content(data)) {
            (Schema::Tuple(schemas), Some(data)) => {
                let elements = tuple(data).unwrap();
                schemas.iter().zip(elements).for_each(|(schema, element)| self.pack(schema, element));
            }
            (Schema::Map(schemas), Some(data)) => {
                let values = entries(data).unwrap();
                schemas.iter().zip(values).for_each(|((_, schema), (_, value))| self.pack(schema, &value));
            }
            (Schema::Optional(dtype), Some(Data::None | Data::Unit | Data::UnitStruct)) => {
                self.fixed.resize(self.fixed.len() + 1 + size(*dtype), 0);
            }
            (Schema::Optional(_), _) => {
                self.fixed.push(1);
                flatten(data, &mut self.fixed);
            }
            (Schema::Scalar(_) | Schema::Subarray(..), _) => flatten(data, &mut self.fixed),
            (Schema::Node, _) => self.nodes.push(data.clone()),
            (Schema::Tuple(_) | Schema::Map(_), None) => unreachable!("a some that is written is a node"),
        }
    }
}

#[derive(Default)]
struct Out {
    meta: Vec<u8>,
    payloads: Vec<Vec<u8>>,
}

impl Out {
    fn uv(&mut self, value: u64) {
        self.meta.extend(uv(value));
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
        let Some(schema) = form(elements) else {
            self.head(0xA0, 0xD3, elements.len());
            return elements.iter().for_each(|element| self.node(element));
        };
        self.meta.push(0xD7);
        self.schema(&schema);
        self.uv(elements.len() as u64);
        let mut row = Row::default();
        elements.iter().for_each(|element| row.pack(&schema, element));
        self.place(row.fixed);
        row.nodes.iter().for_each(|node| self.node(node));
    }

    fn schema(&mut self, schema: &Schema) {
        match schema {
            Schema::Node => self.meta.push(0xC0),
            Schema::Scalar(dtype) => self.meta.push(*dtype),
            Schema::Optional(dtype) => self.meta.extend([0xD5, *dtype]),
            Schema::Subarray(dtype, dims) => {
                self.meta.extend([0xD6, *dtype, dims.len() as u8]);
                dims.iter().for_each(|&dim| self.uv(dim));
            }
            Schema::Tuple(schemas) => {
                self.head(0xA0, 0xD3, schemas.len());
                schemas.iter().for_each(|schema| self.schema(schema));
            }
            Schema::Map(schemas) => {
                self.head(0xB0, 0xD4, schemas.len());
                for (name, schema) in schemas {
                    self.text(name);
                    self.schema(schema);
                }
            }
        }
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
