//! Dumps: the JSON that says what a value is, the form of each list included (see `ndwire_writer.py` and `ndwire_schema.py`).

use ndwire::{DType, Schema, Value, ValueView};
use serde_json::{Value as Json, json};

use crate::events::{array, hex};

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
        (Value::Array(value), "array") => *value == array(dump),
        (Value::List(list), "list") => {
            let dumps = dump[1].as_array().expect("elements");
            if list.len() != dumps.len() || list.as_array().is_some() {
                return differs();
            }
            return list.iter().zip(dumps).try_for_each(|(element, dump)| agrees(&element, dump));
        }
        (Value::List(list), "rows") => {
            let (schema, count) = (&dump[1], &dump[2]);
            if format!("{list:?}") != shown(&format!("rows {} n={count}", schema_text(schema))) || *count != list.len()
            {
                return differs();
            }
            if ["scalar", "subarray"].map(Some).contains(&schema[0].as_str()) {
                let mut shape = vec![count.clone()];
                shape.extend(schema.get(2).and_then(Json::as_array).into_iter().flatten().cloned());
                let expected = json!(["array", schema[1], shape, "C", dump[3]]);
                return if list.as_array().is_some_and(|found| found == array(&expected)) { Ok(()) } else { differs() };
            }
            let mut rows = Rows { fixed: Vec::new(), nodes: dump[4].as_array().expect("nodes").iter() };
            list.iter().try_for_each(|row| rows.take(&row, schema))?;
            rows.fixed == hex(&dump[3]) && rows.nodes.next().is_none()
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
    if same { Ok(()) } else { differs() }
}

/// Whether a view is what a dump says: of rows the whole schema and the bytes as they stand, of others what holds rows.
pub(crate) fn view_agrees(view: &ValueView<'_>, dump: &Json) -> Result<(), String> {
    let list = |index: usize| dump[index].as_array().map_or(&[][..], Vec::as_slice);
    match (view, dump[0].as_str().expect("a tag")) {
        (ValueView::Some(inner), "some") => view_agrees(inner, &dump[1]),
        (ValueView::List(views), "list") if views.values().is_some_and(|views| views.len() == list(1).len()) => {
            views.values().into_iter().flatten().zip(list(1)).try_for_each(|(view, dump)| view_agrees(view, dump))
        }
        (ValueView::Map(map), "map") if map.entries().len() == list(1).len() => {
            map.entries().iter().zip(list(1)).try_for_each(|((key, value), dump)| {
                view_agrees(key, &dump[0])?;
                view_agrees(value, &dump[1])
            })
        }
        (ValueView::List(rows), "rows") => {
            let same =
                rows.schema() == Some(&schema_of(&dump[1])) && dump[2] == rows.len() && rows.bytes() == hex(&dump[3]);
            if !same || rows.nodes().len() != list(4).len() {
                return Err(format!("{view:?} is not of {}", dump[1]));
            }
            rows.nodes().iter().zip(list(4)).try_for_each(|(node, dump)| view_agrees(node, dump))
        }
        (ValueView::Some(_) | ValueView::List(_) | ValueView::Map(_), _) | (_, "some" | "list" | "map" | "rows") => {
            Err(format!("{view:?} is no {}", dump[0]))
        }
        _ => Ok(()),
    }
}

fn schema_of(schema: &Json) -> Schema {
    let inner = || schema[1].as_array().expect("schemas").iter();
    match schema[0].as_str().expect("a tag") {
        "node" => Schema::Node,
        "scalar" => Schema::Scalar(dtype(schema)),
        "optional" => Schema::Optional(dtype(schema)),
        "subarray" => {
            let dims = schema[2].as_array().expect("dims").iter();
            Schema::Subarray(dtype(schema), dims.map(|dim| dim.as_u64().expect("a dim") as usize).collect())
        }
        "tuple" => Schema::Tuple(inner().map(schema_of).collect()),
        "map" => {
            let name = |entry: &Json| entry[0].as_str().expect("a name").to_owned();
            Schema::Map(inner().map(|entry| (name(entry), schema_of(&entry[1]))).collect())
        }
        other => panic!("no such schema: {other}"),
    }
}

/// As much of a text as `Debug` prints.
fn shown(text: &str) -> String {
    match text.char_indices().nth(2000) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

/// A schema as it is shown.
fn schema_text(schema: &Json) -> String {
    let text = |json: &Json| json.as_str().expect("text").to_owned();
    let parts = || schema[1].as_array().expect("schemas").iter();
    match schema[0].as_str().expect("a tag") {
        "node" => "node".to_owned(),
        "scalar" => text(&schema[1]),
        "optional" => format!("optional {}", text(&schema[1])),
        "subarray" => {
            let dims: Vec<_> = schema[2].as_array().expect("dims").iter().map(Json::to_string).collect();
            format!("{} [{}]", text(&schema[1]), dims.join(", "))
        }
        "tuple" => format!("({})", parts().map(schema_text).collect::<Vec<_>>().join(", ")),
        "map" => {
            let entries = parts().map(|entry| format!("{:?}: {}", text(&entry[0]), schema_text(&entry[1])));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        other => panic!("no such schema: {other}"),
    }
}

/// What rows are made of: the fixed part is built from the elements, the nodes are compared with theirs.
struct Rows<'j> {
    fixed: Vec<u8>,
    nodes: std::slice::Iter<'j, Json>,
}

impl Rows<'_> {
    fn take(&mut self, value: &Value, schema: &Json) -> Result<(), String> {
        let differs = || Err(format!("{value:?} is not of {schema}"));
        let inner = || schema[1].as_array().expect("schemas").iter();
        match (schema[0].as_str().expect("a tag"), value) {
            ("node", value) => {
                let dump = self.nodes.next().ok_or("more nodes than the dump has")?;
                agrees(value, dump)
            }
            ("optional", Value::Nil) => {
                self.fixed.push(0);
                self.fixed.extend(vec![0; dtype(schema).size()]);
                Ok(())
            }
            ("optional", value) => {
                self.fixed.push(1);
                self.scalar(value, schema)
            }
            ("scalar", value) => self.scalar(value, schema),
            ("subarray", value) => self.nested(value, schema, schema[2].as_array().expect("dims")),
            ("tuple", Value::List(list)) if list.len() == inner().len() => {
                list.iter().zip(inner()).try_for_each(|(element, schema)| self.take(&element, schema))
            }
            ("map", Value::Map(map)) if map.entries().len() == inner().len() => {
                map.entries().iter().zip(inner()).try_for_each(|((name, value), entry)| match name {
                    Value::Str(name) if entry[0] == **name => self.take(value, &entry[1]),
                    _ => differs(),
                })
            }
            _ => differs(),
        }
    }

    fn nested(&mut self, value: &Value, schema: &Json, dims: &[Json]) -> Result<(), String> {
        match (value, dims) {
            (value, []) => self.scalar(value, schema),
            (Value::List(list), [dim, inner @ ..]) if *dim == list.len() => {
                list.iter().try_for_each(|element| self.nested(&element, schema, inner))
            }
            _ => Err(format!("{value:?} is not of {dims:?}")),
        }
    }

    fn scalar(&mut self, value: &Value, schema: &Json) -> Result<(), String> {
        let dtype = dtype(schema);
        match value {
            Value::Bool(value) if dtype == DType::Bool => self.fixed.push(u8::from(*value)),
            Value::Int(value) => self.fixed.extend(&value.to_le_bytes()[..dtype.size()]),
            Value::F32(value) if dtype == DType::F32 => self.fixed.extend(value.to_le_bytes()),
            Value::F64(value) if dtype == DType::F64 => self.fixed.extend(value.to_le_bytes()),
            other => return Err(format!("{other:?} is no {}", dtype.name())),
        }
        Ok(())
    }
}

fn dtype(schema: &Json) -> DType {
    DType::from_name(schema[1].as_str().expect("a dtype")).expect("a dtype")
}
