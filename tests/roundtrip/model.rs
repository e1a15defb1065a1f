//! Any value of serde's data model, as the events by which it serializes itself.

use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Data {
    Bool(bool),
    I8(i8),
    I16(i16),
    I32(i32),
    I64(i64),
    I128(i128),
    U8(u8),
    U16(u16),
    U32(u32),
    U64(u64),
    U128(u128),
    F32(f32),
    F64(f64),
    Char(char),
    Str(String),
    Bytes(Vec<u8>),
    None,
    Some(Box<Data>),
    Unit,
    UnitStruct,
    UnitVariant(&'static str),
    NewtypeStruct(Box<Data>),
    NewtypeVariant(&'static str, Box<Data>),
    List(ListEvents, Vec<Data>),
    TupleVariant(&'static str, Vec<Data>),
    Map(MapEvents, Vec<(Data, Data)>),
    Struct(Vec<(&'static str, Data)>),
    StructVariant(&'static str, Vec<(&'static str, Data)>),
}

/// By which of serde's ways a list gives itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum ListEvents {
    Known,
    Unknown,
    /// A sequence that announces so many elements, whatever it has.
    Wrong(usize),
    Tuple,
    WrongTuple(usize),
    TupleStruct,
    /// `collect_seq` over a slice.
    Collect,
    /// `collect_seq` over an iterator without a size hint.
    OneShot,
}

/// By which of serde's ways a map gives itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum MapEvents {
    Known,
    Unknown,
    Wrong(usize),
    /// `collect_map`.
    Collect,
    /// `serialize_key` and `serialize_value` instead of `serialize_entry`.
    Apart,
}

/// Those of a sequence, then those of a tuple.
pub(crate) const LIST_EVENTS: [ListEvents; 10] = [
    ListEvents::Known,
    ListEvents::Unknown,
    ListEvents::Wrong(0),
    ListEvents::Wrong(1),
    ListEvents::Wrong(40),
    ListEvents::Collect,
    ListEvents::OneShot,
    ListEvents::Tuple,
    ListEvents::WrongTuple(9),
    ListEvents::TupleStruct,
];

pub(crate) const SEQ_EVENTS: &[ListEvents] = LIST_EVENTS.split_at(7).0;
pub(crate) const TUPLE_EVENTS: &[ListEvents] = LIST_EVENTS.split_at(7).1;

pub(crate) const MAP_EVENTS: [MapEvents; 6] = [
    MapEvents::Known,
    MapEvents::Unknown,
    MapEvents::Wrong(0),
    MapEvents::Wrong(40),
    MapEvents::Collect,
    MapEvents::Apart,
];

impl Data {
    pub(crate) fn list(elements: impl IntoIterator<Item = Data>) -> Data {
        Data::List(ListEvents::Known, elements.into_iter().collect())
    }

    /// The same data, by other events at every sequence, tuple and map.
    pub(crate) fn by(&self, seq: ListEvents, tuple: ListEvents, map: MapEvents) -> Data {
        let by = |data: &Data| data.by(seq, tuple, map);
        let each = |elements: &[Data]| elements.iter().map(by).collect();
        let fields =
            |fields: &[(&'static str, Data)]| fields.iter().map(|(name, value)| (*name, by(value))).collect::<Vec<_>>();
        match self {
            Data::Some(value) => Data::Some(by(value).into()),
            Data::NewtypeStruct(value) => Data::NewtypeStruct(by(value).into()),
            Data::NewtypeVariant(name, value) => Data::NewtypeVariant(name, by(value).into()),
            Data::List(events, elements) if TUPLE_EVENTS.contains(events) => Data::List(tuple, each(elements)),
            Data::List(_, elements) => Data::List(seq, each(elements)),
            Data::TupleVariant(name, elements) => Data::TupleVariant(name, each(elements)),
            Data::Map(_, entries) => Data::Map(map, entries.iter().map(|(key, value)| (by(key), by(value))).collect()),
            Data::Struct(values) => Data::Struct(fields(values)),
            Data::StructVariant(name, values) => Data::StructVariant(name, fields(values)),
            other => other.clone(),
        }
    }
}

impl Serialize for Data {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Data::Bool(value) => serializer.serialize_bool(*value),
            Data::I8(value) => serializer.serialize_i8(*value),
            Data::I16(value) => serializer.serialize_i16(*value),
            Data::I32(value) => serializer.serialize_i32(*value),
            Data::I64(value) => serializer.serialize_i64(*value),
            Data::I128(value) => serializer.serialize_i128(*value),
            Data::U8(value) => serializer.serialize_u8(*value),
            Data::U16(value) => serializer.serialize_u16(*value),
            Data::U32(value) => serializer.serialize_u32(*value),
            Data::U64(value) => serializer.serialize_u64(*value),
            Data::U128(value) => serializer.serialize_u128(*value),
            Data::F32(value) => serializer.serialize_f32(*value),
            Data::F64(value) => serializer.serialize_f64(*value),
            Data::Char(value) => serializer.serialize_char(*value),
            Data::Str(value) => serializer.serialize_str(value),
            Data::Bytes(value) => serializer.serialize_bytes(value),
            Data::None => serializer.serialize_none(),
            Data::Some(value) => serializer.serialize_some(&**value),
            Data::Unit => serializer.serialize_unit(),
            Data::UnitStruct => serializer.serialize_unit_struct("Unit"),
            Data::UnitVariant(name) => serializer.serialize_unit_variant("Enum", 0, name),
            Data::NewtypeStruct(value) => serializer.serialize_newtype_struct("Newtype", &**value),
            Data::NewtypeVariant(name, value) => serializer.serialize_newtype_variant("Enum", 1, name, &**value),
            Data::List(events, elements) => serialize_list(*events, elements, serializer),
            Data::TupleVariant(name, elements) => {
                let mut list = serializer.serialize_tuple_variant("Enum", 2, name, elements.len())?;
                elements.iter().try_for_each(|element| list.serialize_field(element))?;
                list.end()
            }
            Data::Map(events, entries) => serialize_map(*events, entries, serializer),
            Data::Struct(fields) => {
                let mut map = serializer.serialize_struct("Struct", fields.len())?;
                fields.iter().try_for_each(|(name, value)| map.serialize_field(name, value))?;
                map.end()
            }
            Data::StructVariant(name, fields) => {
                let mut map = serializer.serialize_struct_variant("Enum", 3, name, fields.len())?;
                fields.iter().try_for_each(|(name, value)| map.serialize_field(name, value))?;
                map.end()
            }
        }
    }
}

fn serialize_list<S: Serializer>(events: ListEvents, elements: &[Data], serializer: S) -> Result<S::Ok, S::Error> {
    let announced = match events {
        ListEvents::Known => Some(elements.len()),
        ListEvents::Unknown => None,
        ListEvents::Wrong(count) => Some(count),
        ListEvents::Tuple | ListEvents::WrongTuple(_) => {
            // Over 16 are another matter: one that lies about that has a test of its own.
            let count = match events {
                ListEvents::WrongTuple(count) if elements.len() <= 16 => count,
                _ => elements.len(),
            };
            let mut list = serializer.serialize_tuple(count)?;
            elements.iter().try_for_each(|element| list.serialize_element(element))?;
            return list.end();
        }
        ListEvents::TupleStruct => {
            let mut list = serializer.serialize_tuple_struct("Tuple", elements.len())?;
            elements.iter().try_for_each(|element| list.serialize_field(element))?;
            return list.end();
        }
        ListEvents::Collect => return serializer.collect_seq(elements),
        ListEvents::OneShot => {
            let mut left = elements.iter();
            return serializer.collect_seq(std::iter::from_fn(move || left.next()));
        }
    };
    let mut list = serializer.serialize_seq(announced)?;
    elements.iter().try_for_each(|element| list.serialize_element(element))?;
    list.end()
}

fn serialize_map<S: Serializer>(events: MapEvents, entries: &[(Data, Data)], serializer: S) -> Result<S::Ok, S::Error> {
    let announced = match events {
        MapEvents::Known | MapEvents::Apart => Some(entries.len()),
        MapEvents::Unknown => None,
        MapEvents::Wrong(count) => Some(count),
        MapEvents::Collect => return serializer.collect_map(entries.iter().map(|(key, value)| (key, value))),
    };
    let mut map = serializer.serialize_map(announced)?;
    for (key, value) in entries {
        if events == MapEvents::Apart {
            map.serialize_key(key)?;
            map.serialize_value(value)?;
        } else {
            map.serialize_entry(key, value)?;
        }
    }
    map.end()
}
