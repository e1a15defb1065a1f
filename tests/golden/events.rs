//! Typed events and dumps, the JSON in which the golden files are described (see `ndwire_writer.py`).

use ndwire::{DType, DynArrayView, Order, Value};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{json, Value as Json};

/// What a `Serialize` emits, from its description.
pub(crate) struct Events<'j>(pub(crate) &'j Json);

impl Serialize for Events<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let item = |index: usize| &self.0[index];
        let text = || item(1).as_str().expect("text");
        macro_rules! number {
            ($method:ident) => {
                serializer.$method(text().parse().expect("a number"))
            };
        }
        match item(0).as_str().expect("a tag") {
            "nil" => serializer.serialize_unit(),
            "bool" => serializer.serialize_bool(item(1).as_bool().expect("a bool")),
            "u8" => number!(serialize_u8),
            "u16" => number!(serialize_u16),
            "u32" => number!(serialize_u32),
            "u64" => number!(serialize_u64),
            "u128" => number!(serialize_u128),
            "i8" => number!(serialize_i8),
            "i16" => number!(serialize_i16),
            "i32" => number!(serialize_i32),
            "i64" => number!(serialize_i64),
            "i128" => number!(serialize_i128),
            "f32" => serializer.serialize_f32(f32::from_le_bytes(hex(item(1)).try_into().expect("4 bytes"))),
            "f64" => serializer.serialize_f64(f64::from_le_bytes(hex(item(1)).try_into().expect("8 bytes"))),
            "char" => {
                let code = item(1).as_u64().and_then(|code| u32::try_from(code).ok());
                serializer.serialize_char(code.and_then(char::from_u32).expect("a char"))
            }
            "str" => serializer.serialize_str(text()),
            "bytes" => serializer.serialize_bytes(&hex(item(1))),
            "some" => serializer.serialize_some(&Events(item(1))),
            "seq" => serializer.collect_seq(item(1).as_array().expect("elements").iter().map(Events)),
            "map" => {
                let entries = item(1).as_array().expect("entries");
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for entry in entries {
                    map.serialize_entry(&Events(&entry[0]), &Events(&entry[1]))?;
                }
                map.end()
            }
            "array" => array(self.0).serialize(serializer),
            other => panic!("no such event: {other}"),
        }
    }
}

fn array(json: &Json) -> DynArrayView<'static> {
    let dtype = DType::from_name(json[1].as_str().expect("a dtype")).expect("a dtype");
    let dims = json[2].as_array().expect("dims");
    let shape: Vec<usize> = dims.iter().map(|dim| dim.as_u64().expect("a dim") as usize).collect();
    let order = if json[3] == "F" { Order::ColumnMajor } else { Order::RowMajor };
    DynArrayView::new(dtype, shape, order, hex(&json[4])).expect("a right array")
}

fn hex(json: &Json) -> Vec<u8> {
    let text = json.as_str().expect("hex");
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex")).collect()
}

/// Whether a value is what a dump says, the form of each list included.
pub(crate) fn agrees(value: &Value, dump: &Json) -> Result<(), String> {
    let differs = || Err(format!("{value:?} is not {}", dump.to_string().chars().take(200).collect::<String>()));
    let same = match (value, dump[0].as_str().expect("a tag")) {
        (Value::Nil, "nil") => true,
        (Value::Bool(value), "bool") => dump[1] == *value,
        (Value::Int(value), "int") => dump[1] == value.to_string(),
        (Value::Uint(value), "int") => dump[1] == value.to_string(),
        (Value::F32(value), "f32") => hex(&dump[1]) == value.to_le_bytes(),
        (Value::F64(value), "f64") => hex(&dump[1]) == value.to_le_bytes(),
        (Value::Char(value), "char") => dump[1] == u32::from(*value),
        (Value::Str(value), "str") => dump[1] == **value,
        (Value::Bytes(value), "bytes") => hex(&dump[1]) == **value,
        (Value::Some(value), "some") => return agrees(value, &dump[1]),
        (Value::Array(value), "array") => **value == array(dump),
        (Value::List(list), "list") => {
            let dumps = dump[1].as_array().expect("elements");
            if list.len() != dumps.len() || list.as_array().is_some() {
                return differs();
            }
            return list.iter().zip(dumps).try_for_each(|(element, dump)| agrees(&element, dump));
        }
        (Value::List(list), "rows") => {
            let (schema, count, fixed) = (&dump[1], &dump[2], hex(&dump[3]));
            let dtype = schema[1].as_str().expect("a dtype");
            if schema[0] == "optional" {
                format!("{list:?}") == format!("rows optional {dtype} n={count}")
                    && optional_bytes(value, dtype) == fixed
            } else {
                let mut shape = vec![count.clone()];
                shape.extend(schema.get(2).and_then(Json::as_array).into_iter().flatten().cloned());
                let expected = json!(["array", dtype, shape, "C", dump[3]]);
                list.as_array().is_some_and(|found| found == array(&expected))
            }
        }
        (Value::Map(map), "map") => {
            let dumps = dump[1].as_array().expect("entries");
            if map.entries().len() != dumps.len() {
                return differs();
            }
            return map.entries().iter().zip(dumps).try_for_each(|((key, value), dump)| {
                agrees(key, &dump[0])?;
                agrees(value, &dump[1])
            });
        }
        _ => false,
    };
    if same {
        Ok(())
    } else {
        differs()
    }
}

/// The fixed part of rows of optional scalars, from their elements.
fn optional_bytes(value: &Value, dtype: &str) -> Vec<u8> {
    let size = DType::from_name(dtype).expect("a dtype").size();
    let mut bytes = Vec::new();
    for element in value.as_list().expect("a list").iter() {
        let scalar = match &*element {
            Value::Nil => vec![0; size],
            Value::Bool(value) => vec![u8::from(*value)],
            Value::Int(value) => value.to_le_bytes()[..size].to_vec(),
            Value::F32(value) => value.to_le_bytes().to_vec(),
            Value::F64(value) => value.to_le_bytes().to_vec(),
            other => panic!("not an optional scalar: {other:?}"),
        };
        bytes.push(u8::from(!matches!(*element, Value::Nil)));
        bytes.extend(scalar);
    }
    bytes
}

/// Events by chance, the same in every run. Lists lean to elements that are alike, so that all forms occur.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        // xorshift64: chance is all that is asked of it.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn hex(&mut self, bytes: usize) -> String {
        (0..bytes).map(|_| format!("{:02x}", self.below(256))).collect()
    }

    fn scalar(&mut self, kind: u64) -> Json {
        let int = |tag: &str, value: i128| json!([tag, value.to_string()]);
        let bits = i128::from(self.below(u64::MAX) >> self.below(64));
        match kind {
            0 => json!(["bool", bits % 2 == 0]),
            1 => int("u8", bits & 0xFF),
            2 => int("u16", bits & 0xFFFF),
            3 => int("u32", bits & 0xFFFF_FFFF),
            4 => int("u64", bits),
            5 => int("i8", i128::from(bits as i8)),
            6 => int("i16", i128::from(bits as i16)),
            7 => int("i32", i128::from(bits as i32)),
            8 => int("i64", i128::from(bits as i64)),
            9 => json!(["f32", self.hex(4)]),
            _ => json!(["f64", self.hex(8)]),
        }
    }

    pub(crate) fn events(&mut self, depth: u64) -> Json {
        match self.below(if depth == 0 { 9 } else { 16 }) {
            0 => json!(["nil"]),
            1..=3 => {
                let kind = self.below(11);
                self.scalar(kind)
            }
            4 => json!(["u128", (u128::from(self.below(u64::MAX)) << self.below(64)).to_string()]),
            5 => {
                let code = [65, 233, 8364, 128_512][self.below(4) as usize];
                json!(["char", code])
            }
            6 => {
                let text = "é".repeat([0, 3, 15, 16, 255, 256][self.below(6) as usize]);
                json!(["str", text])
            }
            7 => {
                let len = [0, 3, 511, 512][self.below(4) as usize];
                json!(["bytes", self.hex(len)])
            }
            8 => self.array(),
            9 => json!(["some", self.events(depth - 1)]),
            10 => {
                let entries = self.below(4);
                json!([
                    "map",
                    (0..entries).map(|_| [self.events(1.min(depth - 1)), self.events(depth - 1)]).collect::<Vec<_>>()
                ])
            }
            11 | 12 => {
                let (kind, count, nils) = (self.below(11), [1, 2, 20, 300][self.below(4) as usize], self.below(3) == 0);
                let element = |random: &mut Self| match nils && random.below(3) == 0 {
                    true => json!(["nil"]),
                    false => random.scalar(kind),
                };
                json!(["seq", (0..count).map(|_| element(self)).collect::<Vec<_>>()])
            }
            13 | 14 => {
                let (kind, rows, columns, ragged) =
                    (self.below(11), self.below(5), 1 + self.below(90), self.below(3) == 0);
                let row = |random: &mut Self| {
                    let columns = columns + u64::from(ragged && random.below(4) == 0);
                    json!(["seq", (0..columns).map(|_| random.scalar(kind)).collect::<Vec<_>>()])
                };
                json!(["seq", (0..rows).map(|_| row(self)).collect::<Vec<_>>()])
            }
            _ => json!(["seq", (0..self.below(5)).map(|_| self.events(depth - 1)).collect::<Vec<_>>()]),
        }
    }

    fn array(&mut self) -> Json {
        let shape: Vec<usize> = (0..self.below(4)).map(|_| self.below(5) as usize).collect();
        let (dtype, size) = [("u8", 1), ("f16", 2), ("f32", 4), ("complex128", 16)][self.below(4) as usize];
        let order_matters = shape.iter().filter(|&&dim| dim > 1).count() > 1 && !shape.contains(&0);
        let order = if order_matters && self.below(2) == 0 { "F" } else { "C" };
        let len = shape.iter().product::<usize>() * size;
        json!(["array", dtype, shape, order, self.hex(len)])
    }
}
