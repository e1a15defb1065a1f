//! Typed events, the JSON in which the golden files are described: what each does is said in `ndwire_forms.py`.

use ndwire::{DType, DynArrayView, Order};
use serde::ser::{
    Serialize, SerializeMap, SerializeStruct, SerializeStructVariant, SerializeTuple, SerializeTupleStruct,
    SerializeTupleVariant, Serializer,
};
use serde_json::Value as Json;

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
            "newtype" => serializer.serialize_newtype_struct("Newtype", &Events(item(1))),
            "seq" => serializer.collect_seq(list(item(1)).iter().map(Events)),
            "tuple" => {
                let elements = list(item(1));
                let mut tuple = serializer.serialize_tuple(elements.len())?;
                elements.iter().try_for_each(|element| tuple.serialize_element(&Events(element)))?;
                tuple.end()
            }
            "tuple_struct" => {
                let elements = list(item(1));
                let mut tuple = serializer.serialize_tuple_struct("Tuple", elements.len())?;
                elements.iter().try_for_each(|element| tuple.serialize_field(&Events(element)))?;
                tuple.end()
            }
            "map" => {
                let entries = list(item(1));
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                entries.iter().try_for_each(|entry| map.serialize_entry(&Events(&entry[0]), &Events(&entry[1])))?;
                map.end()
            }
            "struct" => {
                let fields = list(item(1));
                let mut map = serializer.serialize_struct("Struct", fields.len())?;
                fields.iter().try_for_each(|field| map.serialize_field(name(&field[0]), &Events(&field[1])))?;
                map.end()
            }
            "variant" => variant(name(item(1)), item(2), serializer),
            "array" => array(self.0).serialize(serializer),
            other => panic!("no such event: {other}"),
        }
    }
}

/// A variant with content: a tuple or a struct as such, anything else as a newtype's.
fn variant<S: Serializer>(variant: &'static str, content: &Json, serializer: S) -> Result<S::Ok, S::Error> {
    match content[0].as_str() {
        Some("tuple") => {
            let elements = list(&content[1]);
            let mut tuple = serializer.serialize_tuple_variant("Enum", 0, variant, elements.len())?;
            elements.iter().try_for_each(|element| tuple.serialize_field(&Events(element)))?;
            tuple.end()
        }
        Some("struct") => {
            let fields = list(&content[1]);
            let mut map = serializer.serialize_struct_variant("Enum", 0, variant, fields.len())?;
            fields.iter().try_for_each(|field| map.serialize_field(name(&field[0]), &Events(&field[1])))?;
            map.end()
        }
        _ => serializer.serialize_newtype_variant("Enum", 0, variant, &Events(content)),
    }
}

fn list(json: &Json) -> &[Json] {
    json.as_array().expect("a list")
}

/// The name of a field or variant. serde takes only names that live as long as the program.
fn name(json: &Json) -> &'static str {
    json.as_str().expect("a name").to_owned().leak()
}

pub(crate) fn array(json: &Json) -> DynArrayView<'static> {
    let dtype = DType::from_name(json[1].as_str().expect("a dtype")).expect("a dtype");
    let dims = json[2].as_array().expect("dims");
    let shape: Vec<usize> = dims.iter().map(|dim| dim.as_u64().expect("a dim") as usize).collect();
    let order = if json[3] == "F" { Order::ColumnMajor } else { Order::RowMajor };
    DynArrayView::new(dtype, shape, order, hex(&json[4])).expect("a right array")
}

pub(crate) fn hex(json: &Json) -> Vec<u8> {
    let text = json.as_str().expect("hex");
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex")).collect()
}
