//! A reader that writes down what it is shown, asks for it in every way that serde has, and keeps to the protocol or not.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor};

macro_rules! asks {
    ($($ask:ident $(($($argument:ident: $type:ty = $example:expr),*))? $method:ident;)*) => {
        /// By which of the methods of `Deserializer` it asks.
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub(crate) enum Ask { $($ask $(($($type),*))?),* }

        impl Ask {
            pub(crate) const ALL: &'static [Ask] = &[$(Ask::$ask $(($($example),*))?),*];

            pub(crate) fn of<'de, D, V>(self, deserializer: D, visitor: V) -> Result<V::Value, D::Error>
            where
                D: Deserializer<'de>,
                V: Visitor<'de>,
            {
                match self {
                    $(Ask::$ask $(($($argument),*))? => deserializer.$method($($($argument,)*)? visitor),)*
                }
            }
        }
    };
}

pub(crate) type Names = &'static [&'static str];

const NAMES: Names = &["x", "y", "at", "Cat"];

asks! {
    Any deserialize_any;
    Bool deserialize_bool;
    I8 deserialize_i8;
    I16 deserialize_i16;
    I32 deserialize_i32;
    I64 deserialize_i64;
    I128 deserialize_i128;
    U8 deserialize_u8;
    U16 deserialize_u16;
    U32 deserialize_u32;
    U64 deserialize_u64;
    U128 deserialize_u128;
    F32 deserialize_f32;
    F64 deserialize_f64;
    Char deserialize_char;
    Str deserialize_str;
    String deserialize_string;
    Bytes deserialize_bytes;
    ByteBuf deserialize_byte_buf;
    Option deserialize_option;
    Unit deserialize_unit;
    UnitStruct(name: &'static str = "Unit") deserialize_unit_struct;
    NewtypeStruct(name: &'static str = "Newtype") deserialize_newtype_struct;
    Seq deserialize_seq;
    Tuple(len: usize = 2) deserialize_tuple;
    TupleStruct(name: &'static str = "Tuple", len: usize = 3) deserialize_tuple_struct;
    Map deserialize_map;
    Struct(name: &'static str = "Struct", fields: Names = NAMES) deserialize_struct;
    Enum(name: &'static str = "Enum", variants: Names = NAMES) deserialize_enum;
    Identifier deserialize_identifier;
    IgnoredAny deserialize_ignored_any;
}

/// What it does with a list, a map or a variant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Manner {
    /// All to the end.
    Good,
    Nothing,
    First,
    /// It goes on asking after the end.
    BeyondTheEnd,
    /// The last key without its value.
    AllButTheLastValue,
    KeysOnly,
    ValuesOnly,
    EachKeyTwice,
    EachValueTwice,
    /// It goes on after an element or value that is not what it wants.
    Forgiving,
    /// It asks for the content of a variant by one of these, or not at all.
    VariantUnit,
    VariantTuple,
    VariantStruct,
    VariantWithoutContent,
    /// It reads the first, and never gives back what it was shown.
    Forgets,
}

/// What to ask for: the list, its elements, what is in these, and everything further in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) asks: [Ask; 4],
    pub(crate) key: Ask,
    /// At this level; elsewhere it is good.
    pub(crate) manner: Manner,
    pub(crate) level: usize,
    /// At which level a str is an error, for the forgiving.
    pub(crate) refuses_text: Option<usize>,
}

impl Plan {
    pub(crate) fn of(ask: Ask) -> Self {
        Plan { asks: [ask; 4], key: Ask::Any, manner: Manner::Good, level: 0, refuses_text: None }
    }
}

pub(crate) type Log = RefCell<Vec<String>>;

#[derive(Clone, Copy)]
pub(crate) struct Seed<'r> {
    plan: &'r Plan,
    log: &'r Log,
    depth: usize,
    is_key: bool,
    /// The name of a variant, which is asked for by nothing else.
    is_name: bool,
}

impl<'r> Seed<'r> {
    pub(crate) fn new(plan: &'r Plan, log: &'r Log) -> Self {
        Seed { plan, log, depth: 0, is_key: false, is_name: false }
    }

    fn inner(self) -> Self {
        Seed { depth: self.depth + 1, is_key: false, is_name: false, ..self }
    }

    fn key(self) -> Self {
        Seed { is_key: true, ..self.inner() }
    }

    fn manner(self) -> Manner {
        if self.depth == self.plan.level { self.plan.manner } else { Manner::Good }
    }

    fn log(self, event: impl Into<String>) {
        self.log.borrow_mut().push(event.into());
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        assert!(deserializer.is_human_readable());
        let ask = match (self.is_name, self.is_key) {
            (true, _) => Ask::Identifier,
            (_, true) => self.plan.key,
            _ => self.plan.asks[self.depth.min(3)],
        };
        ask.of(deserializer, self)
    }
}

macro_rules! visits {
    ($($method:ident $type:ty, $name:literal;)*) => {$(
        fn $method<E>(self, value: $type) -> Result<(), E> {
            self.log(format!(concat!($name, " {:?}"), value));
            Ok(())
        }
    )*};
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything at all")
    }

    visits! {
        visit_bool bool, "bool";
        visit_i8 i8, "i8";
        visit_i16 i16, "i16";
        visit_i32 i32, "i32";
        visit_i64 i64, "i64";
        visit_i128 i128, "i128";
        visit_u8 u8, "u8";
        visit_u16 u16, "u16";
        visit_u32 u32, "u32";
        visit_u64 u64, "u64";
        visit_u128 u128, "u128";
        visit_char char, "char";
        visit_bytes &[u8], "bytes";
    }

    fn visit_f32<E>(self, value: f32) -> Result<(), E> {
        self.log(format!("f32 {:08X}", value.to_bits()));
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.log(format!("f64 {:016X}", value.to_bits()));
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.log(format!("str {text:?}"));
        if self.plan.refuses_text == Some(self.depth) && !self.is_key { Err(E::custom("no text")) } else { Ok(()) }
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.log("unit");
        Ok(())
    }

    fn visit_none<E>(self) -> Result<(), E> {
        self.log("none");
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.log("some");
        Ask::Any.of(deserializer, self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.log("newtype");
        Ask::Any.of(deserializer, self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        self.log("list");
        loop {
            self.log(format!("hint {:?}", list.size_hint()));
            if self.manner() == Manner::Nothing {
                break;
            }
            match list.next_element_seed(self.inner()) {
                Ok(Some(())) if matches!(self.manner(), Manner::First | Manner::Forgets) => break,
                Ok(Some(())) => {}
                Ok(None) => break,
                Err(_) if self.manner() == Manner::Forgiving => self.log("forgiven"),
                Err(error) => return Err(error),
            }
        }
        if self.manner() == Manner::BeyondTheEnd {
            for _ in 0..2 {
                let again = list.next_element_seed(self.inner())?;
                self.log(format!("again {again:?}, hint {:?}", list.size_hint()));
            }
        }
        if self.manner() == Manner::Forgets {
            std::mem::forget(list);
        }
        self.log("end of list");
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        self.log("map");
        let manner = self.manner();
        'entries: loop {
            let hint = map.size_hint();
            self.log(format!("hint {hint:?}"));
            if manner == Manner::Nothing || (manner == Manner::ValuesOnly && matches!(hint, Some(0) | None)) {
                break;
            }
            let keys = match manner {
                Manner::ValuesOnly => 0,
                Manner::EachKeyTwice => 2,
                _ => 1,
            };
            for _ in 0..keys {
                if map.next_key_seed(self.key())?.is_none() {
                    break 'entries;
                }
            }
            if manner == Manner::KeysOnly || (manner == Manner::AllButTheLastValue && hint == Some(1)) {
                continue;
            }
            for _ in 0..if manner == Manner::EachValueTwice { 2 } else { 1 } {
                match map.next_value_seed(self.inner()) {
                    Ok(()) => {}
                    Err(_) if manner == Manner::Forgiving => self.log("forgiven"),
                    Err(error) => return Err(error),
                }
            }
            if matches!(manner, Manner::First | Manner::Forgets) {
                break;
            }
        }
        if manner == Manner::BeyondTheEnd {
            let again = map.next_key_seed(self.key())?;
            self.log(format!("again {again:?}, hint {:?}", map.size_hint()));
        }
        if manner == Manner::Forgets {
            std::mem::forget(map);
        }
        self.log("end of map");
        Ok(())
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<(), A::Error> {
        self.log("enum");
        let ((), content) = data.variant_seed(Seed { is_name: true, ..self.key() })?;
        match self.manner() {
            Manner::VariantWithoutContent | Manner::Nothing => Ok(()),
            Manner::VariantUnit => content.unit_variant(),
            Manner::VariantTuple => content.tuple_variant(2, self.inner()),
            Manner::VariantStruct => content.struct_variant(NAMES, self.inner()),
            Manner::Forgets => {
                std::mem::forget(content);
                Ok(())
            }
            _ => content.newtype_variant_seed(self.inner()),
        }
    }
}
