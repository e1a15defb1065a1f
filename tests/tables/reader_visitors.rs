//! Readers with visitors written by hand.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::support::{Reader, list_readers, row_readers};

/// Types whose visitor has one method alone, and the method of `Deserializer` by which it asks.
macro_rules! visitors {
    ($($name:ident by $ask:ident($($argument:expr),*) { $($visit:tt)* })*) => {$(
        #[derive(Debug)]
        pub(crate) struct $name(Vec<String>);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct OnlyVisitor;

                impl<'de> Visitor<'de> for OnlyVisitor {
                    type Value = Vec<String>;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str(stringify!($name))
                    }

                    $($visit)*
                }
                deserializer.$ask($($argument,)* OnlyVisitor).map($name)
            }
        }
    )*};
}

visitors! {
    OnlyMap by deserialize_any() {
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<String>, A::Error> {
            let mut keys = Vec::new();
            while let Some((key, IgnoredAny)) = map.next_entry()? {
                keys.push(key);
            }
            Ok(keys)
        }
    }
    OnlyMapAsStruct by deserialize_struct("OnlyMapAsStruct", &["x", "ts"]) {
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<String>, A::Error> {
            let mut entries = Vec::new();
            while let Some(key) = map.next_key::<&str>()? {
                // What it wants of a value depends on the key.
                entries.push(match key {
                    "ts" => map.next_value::<i64>()?.to_string(),
                    "x" | "y" => map.next_value::<f64>()?.to_string(),
                    "label" => map.next_value::<String>()?,
                    _ => format!("{:?}", map.next_value::<IgnoredAny>()?),
                });
            }
            Ok(entries)
        }
    }
    OnlySeq by deserialize_struct("OnlySeq", &["ts", "x"]) {
        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<String>, A::Error> {
            let mut elements = Vec::new();
            while let Some(IgnoredAny) = list.next_element()? {
                elements.push(format!("{:?}", list.size_hint()));
            }
            Ok(elements)
        }
    }
    OnlySeqAsAny by deserialize_any() {
        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<String>, A::Error> {
            let mut elements = Vec::new();
            while let Some(element) = list.next_element::<f64>()? {
                elements.push(element.to_string());
            }
            Ok(elements)
        }
    }
    FirstEntry by deserialize_map() {
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<String>, A::Error> {
            let (key, IgnoredAny) = map.next_entry()?.ok_or_else(|| A::Error::custom("empty"))?;
            Ok(vec![key])
        }
    }
    FirstElement by deserialize_seq() {
        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<String>, A::Error> {
            Ok(vec![format!("{:?}", list.next_element::<IgnoredAny>()?)])
        }
    }
    NoEntry by deserialize_map() {
        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Vec<String>, A::Error> {
            Ok(vec![format!("{:?}", map.size_hint())])
        }
    }
    NoElement by deserialize_seq() {
        fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Vec<String>, A::Error> {
            Ok(vec![format!("{:?}", list.size_hint())])
        }
    }
    RefusesAfterTwo by deserialize_map() {
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<String>, A::Error> {
            map.next_entry::<IgnoredAny, IgnoredAny>()?;
            map.next_key::<IgnoredAny>()?;
            Err(A::Error::custom("that is enough"))
        }
    }
    RefusesElements by deserialize_seq() {
        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<String>, A::Error> {
            list.next_element::<IgnoredAny>()?;
            Err(A::Error::invalid_length(1, &self))
        }
    }
    KeysAsBytes by deserialize_map() {
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<String>, A::Error> {
            let mut keys = Vec::new();
            while let Some((key, IgnoredAny)) = map.next_entry::<serde_bytes::ByteBuf, _>()? {
                keys.push(format!("{key:?}"));
            }
            Ok(keys)
        }
    }
    KeysAsChars by deserialize_map() {
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<String>, A::Error> {
            let mut keys = Vec::new();
            while let Some((key, IgnoredAny)) = map.next_entry::<char, _>()? {
                keys.push(key.to_string());
            }
            Ok(keys)
        }
    }
    KeysAsIntegers by deserialize_map() {
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<String>, A::Error> {
            let mut keys = Vec::new();
            while let Some((key, IgnoredAny)) = map.next_entry::<u64, _>()? {
                keys.push(key.to_string());
            }
            Ok(keys)
        }
    }
    // As a derived struct reads an entry that it does not know, but with the value as text.
    TextOnly by deserialize_map() {
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<String>, A::Error> {
            let mut values = Vec::new();
            while let Some((IgnoredAny, value)) = map.next_entry::<IgnoredAny, String>()? {
                values.push(value);
            }
            Ok(values)
        }
    }
    TextOrUnit by deserialize_str() {
        fn visit_str<E: Error>(self, text: &str) -> Result<Vec<String>, E> {
            Ok(vec![text.to_owned()])
        }

        fn visit_unit<E: Error>(self) -> Result<Vec<String>, E> {
            Ok(Vec::new())
        }
    }
    OnlyNewtype by deserialize_newtype_struct("OnlyNewtype") {
        fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<String>, D::Error> {
            Ok(vec![format!("{:?}", IgnoredAny::deserialize(deserializer)?)])
        }
    }
    OnlySome by deserialize_option() {
        fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<String>, D::Error> {
            OnlyMap::deserialize(deserializer).map(|OnlyMap(keys)| keys)
        }
    }
    OnlyNothing by deserialize_unit() {}
    OnlyEnum by deserialize_enum("OnlyEnum", &["Cat"]) {
        fn visit_enum<A: serde::de::EnumAccess<'de>>(self, data: A) -> Result<Vec<String>, A::Error> {
            let (name, content) = data.variant::<String>()?;
            serde::de::VariantAccess::newtype_variant::<IgnoredAny>(content)?;
            Ok(vec![name])
        }
    }
    Integer by deserialize_u16() {
        fn visit_u64<E: Error>(self, value: u64) -> Result<Vec<String>, E> {
            Ok(vec![value.to_string()])
        }
    }
}

/// A key by how it was shown: a name is one, a position would be another.
#[derive(Debug)]
enum ShownKey {
    Position(u64),
    Name(String),
    Bytes(Vec<u8>),
}

impl<'de> Deserialize<'de> for ShownKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;

        impl Visitor<'_> for KeyVisitor {
            type Value = ShownKey;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_u64<E: Error>(self, position: u64) -> Result<ShownKey, E> {
                Ok(ShownKey::Position(position))
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<ShownKey, E> {
                Ok(ShownKey::Name(name.to_owned()))
            }

            fn visit_bytes<E: Error>(self, name: &[u8]) -> Result<ShownKey, E> {
                Ok(ShownKey::Bytes(name.to_owned()))
            }
        }
        deserializer.deserialize_identifier(KeyVisitor)
    }
}

visitors! {
    // Fields that are not those of the rows, or stand in another order: what it is shown are the names of the rows.
    ShownKeys by deserialize_struct("ShownKeys", &["ok", "y", "ts", "x"]) {
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<String>, A::Error> {
            let mut keys = Vec::new();
            while let Some((key, IgnoredAny)) = map.next_entry::<ShownKey, _>()? {
                keys.push(format!("{key:?}"));
            }
            Ok(keys)
        }
    }
    // As a derived struct does, but swapping two fields where it is given positions.
    ByName by deserialize_struct("ByName", &["x", "y"]) {
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<String>, A::Error> {
            let mut values = Vec::new();
            while let Some(key) = map.next_key::<ShownKey>()? {
                match key {
                    ShownKey::Name(name) if name == "y" => values.push(format!("y {}", map.next_value::<f64>()?)),
                    ShownKey::Name(name) if name == "x" => values.push(format!("x {}", map.next_value::<f64>()?)),
                    ShownKey::Name(_) => drop(map.next_value::<IgnoredAny>()?),
                    ShownKey::Position(position) => {
                        values.push(format!("{position} {}", map.next_value::<f64>()?));
                    }
                    ShownKey::Bytes(_) => return Err(A::Error::custom("bytes")),
                }
            }
            Ok(values)
        }

        fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<Vec<String>, A::Error> {
            Err(A::Error::custom("a sequence"))
        }
    }
    // Stops in the middle of a row, by its own will and by an error.
    TwoEntries by deserialize_struct("TwoEntries", &["ts", "x", "y", "ok"]) {
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<String>, A::Error> {
            let one = map.next_entry::<String, IgnoredAny>()?;
            let two = map.next_entry::<String, IgnoredAny>()?;
            Ok(vec![format!("{one:?} {two:?}")])
        }
    }
    KeyAlone by deserialize_map() {
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<String>, A::Error> {
            Ok(map.next_key()?.into_iter().collect())
        }
    }
    TwoElements by deserialize_tuple(2) {
        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<String>, A::Error> {
            let one = list.next_element::<IgnoredAny>()?;
            let two = list.next_element::<IgnoredAny>()?;
            Ok(vec![format!("{one:?} {two:?} {:?}", list.size_hint())])
        }
    }
}

/// A key by its variant, which may want content: a name has none.
#[derive(serde::Deserialize, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
pub(crate) enum KeyWithContent {
    Ts,
    X(u8),
    Y { y: u8 },
    Ok,
    Cat,
}

/// The same by hand: it knows its variants when it is shown them.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct AnyVariant(String);

impl<'de> Deserialize<'de> for AnyVariant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyVariantVisitor;

        impl<'de> Visitor<'de> for AnyVariantVisitor {
            type Value = AnyVariant;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a variant")
            }

            fn visit_enum<A: serde::de::EnumAccess<'de>>(self, data: A) -> Result<AnyVariant, A::Error> {
                let (name, content) = data.variant::<String>()?;
                match name.as_str() {
                    "Cat" => drop(serde::de::VariantAccess::newtype_variant::<IgnoredAny>(content)?),
                    _ => serde::de::VariantAccess::unit_variant(content)?,
                }
                Ok(AnyVariant(name))
            }
        }
        deserializer.deserialize_enum("AnyVariant", &["ts", "x"], AnyVariantVisitor)
    }
}

type Keyed<K> = std::collections::BTreeMap<K, IgnoredAny>;

#[derive(serde::Deserialize, Debug)]
pub(crate) struct NestedStops {
    pair: TwoElements,
    points: FirstElement,
    labelled: (FirstEntry, String),
}

#[derive(serde::Deserialize, Debug)]
pub(crate) struct NestedNothing {
    pair: NoElement,
    last: u8,
}

#[derive(serde::Deserialize, Debug)]
pub(crate) struct Fields {
    ts: Integer,
    ok: IgnoredAny,
}

#[derive(serde::Deserialize, Debug)]
pub(crate) struct MapFields {
    at: FirstEntry,
    inner: OnlyMap,
}

#[derive(serde::Deserialize, Debug)]
pub(crate) struct ListFields {
    bbox: FirstElement,
    label: TextOrUnit,
}

pub(crate) fn readers() -> Vec<Reader> {
    let rows = row_readers![
        OnlyMap,
        OnlyMapAsStruct,
        OnlySeq,
        OnlySeqAsAny,
        FirstEntry,
        FirstElement,
        NoEntry,
        NoElement,
        RefusesAfterTwo,
        RefusesElements,
        KeysAsBytes,
        KeysAsChars,
        KeysAsIntegers,
        TextOnly,
        TextOrUnit,
        OnlyNewtype,
        OnlySome,
        OnlyNothing,
        OnlyEnum,
        Integer,
        Fields,
        MapFields,
        ListFields,
        ShownKeys,
        ByName,
        TwoEntries,
        KeyAlone,
        TwoElements,
        (ShownKeys, ShownKeys),
        (ByName, ByName),
        (FirstEntry, IgnoredAny),
        (KeyAlone, IgnoredAny),
        (TwoElements, u8),
        (TwoEntries, TwoEntries),
        (IgnoredAny, NoEntry),
        NestedStops,
        NestedNothing,
        Keyed<KeyWithContent>,
        Keyed<AnyVariant>,
    ];
    let lists = list_readers![
        OnlyMap,
        OnlySeq,
        OnlySeqAsAny,
        FirstElement,
        NoElement,
        RefusesElements,
        OnlyNewtype,
        OnlySome,
        OnlyNothing,
        OnlyEnum,
    ];
    rows.into_iter().chain(lists).collect()
}
