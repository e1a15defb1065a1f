//! Visitors that are not derived.

use std::cell::Cell;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A visitor that leaves things unread.
macro_rules! leaves_unread {
    ($name:ident, $method:ident, |$map:ident| $read_map:expr, |$seq:ident| $read_seq:expr) => {
        #[derive(Debug)]
        pub(crate) struct $name;

        impl<'de> Visitor<'de> for $name {
            type Value = $name;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("something to leave unread")
            }

            fn visit_map<A: MapAccess<'de>>(self, #[allow(unused_mut)] mut $map: A) -> Result<$name, A::Error> {
                $read_map;
                Ok($name)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, #[allow(unused_mut)] mut $seq: A) -> Result<$name, A::Error> {
                $read_seq;
                Ok($name)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                deserializer.$method($name)
            }
        }
    };
}

leaves_unread!(Nothing, deserialize_any, |map| drop(map), |seq| drop(seq));
leaves_unread!(FirstEntry, deserialize_map, |map| map.next_entry::<IgnoredAny, IgnoredAny>()?, |seq| seq
    .next_element::<FirstEntry>()?);
leaves_unread!(
    Hints,
    deserialize_seq,
    |map| {
        assert_eq!(map.size_hint(), Some(4));
        while map.next_entry::<String, IgnoredAny>()?.is_some() {}
        assert_eq!(map.size_hint(), Some(0));
        assert!(map.next_key::<String>()?.is_none());
    },
    |seq| {
        let hint = seq.size_hint().unwrap();
        let mut count = 0;
        while seq.next_element::<Hints>()?.is_some() {
            count += 1;
            assert_eq!(seq.size_hint(), Some(hint - count));
        }
        assert!(seq.next_element::<Hints>()?.is_none());
    }
);

thread_local! {
    /// What a [`Shown`] asks for.
    pub(crate) static ASKS: Cell<usize> = const { Cell::new(0) };
}

/// Says by which visit it was given what it asked for.
#[derive(Debug)]
#[allow(dead_code)]
pub(crate) struct Shown(pub(crate) String);

impl<'de> Visitor<'de> for Shown {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self, E> {
        Ok(Shown(format!("bool {value}")))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self, E> {
        Ok(Shown(format!("u64 {value}")))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self, E> {
        Ok(Shown(format!("i64 {value}")))
    }

    fn visit_f32<E>(self, value: f32) -> Result<Self, E> {
        Ok(Shown(format!("f32 {value}")))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self, E> {
        Ok(Shown(format!("f64 {value}")))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self, E> {
        Ok(Shown(format!("str {value}")))
    }

    fn visit_borrowed_bytes<E>(self, value: &'de [u8]) -> Result<Self, E> {
        Ok(Shown(format!("bytes {value:?}")))
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(Shown("unit".into()))
    }

    fn visit_none<E>(self) -> Result<Self, E> {
        Ok(Shown("none".into()))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self, D::Error> {
        Ok(Shown(format!("some {:?}", Shown::ask(0, deserializer)?)))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self, D::Error> {
        Ok(Shown(format!("newtype {:?}", Shown::ask(0, deserializer)?)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self, A::Error> {
        let mut shown = String::from("seq");
        while let Some(element) = seq.next_element::<Shown>()? {
            shown += &format!(" {}", element.0);
        }
        Ok(Shown(shown + "."))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self, A::Error> {
        let mut shown = String::from("map");
        while let Some((key, value)) = map.next_entry::<Shown, Shown>()? {
            shown += &format!(" {}: {}", key.0, value.0);
        }
        Ok(Shown(shown + "."))
    }

    fn visit_enum<A: serde::de::EnumAccess<'de>>(self, data: A) -> Result<Self, A::Error> {
        use serde::de::VariantAccess;
        let (name, content) = data.variant::<String>()?;
        // As derived code does it for variants of each kind.
        Ok(Shown(match name.as_str() {
            "a" | "b" => format!("enum {name} {:?}", content.unit_variant()),
            "c" => format!("enum {name} {:?}", content.tuple_variant(1, Shown(name.clone()))?),
            "d" => format!("enum {name} {:?}", content.struct_variant(&[], Shown(name.clone()))?),
            _ => format!("enum {name} {:?}", content.newtype_variant::<Shown>()?),
        }))
    }
}

impl<'de> Deserialize<'de> for Shown {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Shown::ask(ASKS.get(), deserializer)
    }
}

impl Shown {
    fn ask<'de, D: Deserializer<'de>>(asks: usize, deserializer: D) -> Result<Self, D::Error> {
        assert!(deserializer.is_human_readable());
        let visitor = Shown(String::new());
        match asks {
            0 => deserializer.deserialize_any(visitor),
            1 => deserializer.deserialize_bool(visitor),
            2 => deserializer.deserialize_u8(visitor),
            3 => deserializer.deserialize_u16(visitor),
            4 => deserializer.deserialize_u32(visitor),
            5 => deserializer.deserialize_u64(visitor),
            6 => deserializer.deserialize_u128(visitor),
            7 => deserializer.deserialize_i8(visitor),
            8 => deserializer.deserialize_i16(visitor),
            9 => deserializer.deserialize_i32(visitor),
            10 => deserializer.deserialize_i64(visitor),
            11 => deserializer.deserialize_i128(visitor),
            12 => deserializer.deserialize_f32(visitor),
            13 => deserializer.deserialize_f64(visitor),
            14 => deserializer.deserialize_char(visitor),
            15 => deserializer.deserialize_str(visitor),
            16 => deserializer.deserialize_string(visitor),
            17 => deserializer.deserialize_bytes(visitor),
            18 => deserializer.deserialize_byte_buf(visitor),
            19 => deserializer.deserialize_option(visitor),
            20 => deserializer.deserialize_unit(visitor),
            21 => deserializer.deserialize_unit_struct("U", visitor),
            22 => deserializer.deserialize_newtype_struct("N", visitor),
            23 => deserializer.deserialize_seq(visitor),
            24 => deserializer.deserialize_tuple(2, visitor),
            25 => deserializer.deserialize_tuple_struct("T", 2, visitor),
            26 => deserializer.deserialize_map(visitor),
            27 => deserializer.deserialize_struct("S", &["a"], visitor),
            28 => deserializer.deserialize_struct("Array", &["v", "dim", "data"], visitor),
            29 => deserializer.deserialize_enum("E", &["a"], visitor),
            30 => deserializer.deserialize_identifier(visitor),
            31 => deserializer.deserialize_ignored_any(visitor),
            _ => unreachable!(),
        }
    }
}

pub(super) use leaves_unread;
