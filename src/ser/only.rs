//! A `Serializer` that takes one or two kinds of content and refuses the rest.

/// Implements `serde::Serializer` for a type that takes a seq, a map, bytes, a str or a u64, as the methods given say. Those of
/// them that it does not take are named as refused, and everything else is. It answers that it is not human readable.
macro_rules! only {
    (impl $name:ident<$($lifetime:lifetime),*> expecting $expected:literal refusing $($kind:ident),+ { $($given:tt)* }) => {
        impl<$($lifetime),*> serde::ser::Serializer for $name<$($lifetime),*> {
            type Ok = crate::ser::general::Done;
            type Error = crate::error::Error;
            type SerializeTuple = serde::ser::Impossible<crate::ser::general::Done, crate::error::Error>;
            type SerializeTupleStruct = serde::ser::Impossible<crate::ser::general::Done, crate::error::Error>;
            type SerializeTupleVariant = serde::ser::Impossible<crate::ser::general::Done, crate::error::Error>;
            type SerializeStruct = serde::ser::Impossible<crate::ser::general::Done, crate::error::Error>;
            type SerializeStructVariant = serde::ser::Impossible<crate::ser::general::Done, crate::error::Error>;

            $($given)*

            $(crate::ser::only::refuse_kind! { $kind, $expected })+

            crate::ser::only::refuse! { $expected,
                serialize_bool(value: bool) -> crate::ser::general::Done;
                serialize_i8(value: i8) -> crate::ser::general::Done;
                serialize_i16(value: i16) -> crate::ser::general::Done;
                serialize_i32(value: i32) -> crate::ser::general::Done;
                serialize_i64(value: i64) -> crate::ser::general::Done;
                serialize_i128(value: i128) -> crate::ser::general::Done;
                serialize_u8(value: u8) -> crate::ser::general::Done;
                serialize_u16(value: u16) -> crate::ser::general::Done;
                serialize_u32(value: u32) -> crate::ser::general::Done;
                serialize_u128(value: u128) -> crate::ser::general::Done;
                serialize_f32(value: f32) -> crate::ser::general::Done;
                serialize_f64(value: f64) -> crate::ser::general::Done;
                serialize_char(value: char) -> crate::ser::general::Done;
                serialize_none() -> crate::ser::general::Done;
                serialize_unit() -> crate::ser::general::Done;
                serialize_unit_struct(name: &'static str) -> crate::ser::general::Done;
                serialize_unit_variant(name: &'static str, index: u32, variant: &'static str) -> crate::ser::general::Done;
                serialize_tuple(len: usize) -> Self::SerializeTuple;
                serialize_tuple_struct(name: &'static str, len: usize) -> Self::SerializeTupleStruct;
                serialize_tuple_variant(name: &'static str, index: u32, variant: &'static str, len: usize) -> Self::SerializeTupleVariant;
                serialize_struct(name: &'static str, len: usize) -> Self::SerializeStruct;
                serialize_struct_variant(name: &'static str, index: u32, variant: &'static str, len: usize) -> Self::SerializeStructVariant;
            }

            fn serialize_some<T: serde::Serialize + ?Sized>(self, _value: &T) -> crate::error::Result<crate::ser::general::Done> {
                Err(crate::ser::only::refused($expected))
            }

            fn serialize_newtype_struct<T: serde::Serialize + ?Sized>(
                self,
                _name: &'static str,
                _value: &T,
            ) -> crate::error::Result<crate::ser::general::Done> {
                Err(crate::ser::only::refused($expected))
            }

            fn serialize_newtype_variant<T: serde::Serialize + ?Sized>(
                self,
                _name: &'static str,
                _index: u32,
                _variant: &'static str,
                _value: &T,
            ) -> crate::error::Result<crate::ser::general::Done> {
                Err(crate::ser::only::refused($expected))
            }

            fn collect_str<T: core::fmt::Display + ?Sized>(self, value: &T) -> crate::error::Result<crate::ser::general::Done> {
                self.serialize_str(&crate::ser::general::printed(value)?)
            }

            fn is_human_readable(&self) -> bool {
                false
            }
        }
    };
}

macro_rules! refuse_kind {
    (seq, $expected:literal) => {
        type SerializeSeq = serde::ser::Impossible<crate::ser::general::Done, crate::error::Error>;
        crate::ser::only::refuse! { $expected, serialize_seq(len: Option<usize>) -> Self::SerializeSeq; }
    };
    (map, $expected:literal) => {
        type SerializeMap = serde::ser::Impossible<crate::ser::general::Done, crate::error::Error>;
        crate::ser::only::refuse! { $expected, serialize_map(len: Option<usize>) -> Self::SerializeMap; }
    };
    (bytes, $expected:literal) => {
        crate::ser::only::refuse! { $expected, serialize_bytes(value: &[u8]) -> crate::ser::general::Done; }
    };
    (str, $expected:literal) => {
        crate::ser::only::refuse! { $expected, serialize_str(value: &str) -> crate::ser::general::Done; }
    };
    (u64, $expected:literal) => {
        crate::ser::only::refuse! { $expected, serialize_u64(value: u64) -> crate::ser::general::Done; }
    };
}

macro_rules! refuse {
    ($expected:literal, $($method:ident($($arg:ident: $type:ty),*) -> $out:ty;)*) => {$(
        fn $method(self, $($arg: $type),*) -> crate::error::Result<$out> {
            $(let _ = $arg;)*
            Err(crate::ser::only::refused($expected))
        }
    )*};
}

pub(super) use {only, refuse, refuse_kind};

/// The caller is inside a value that is being written, and poisons the encoder with this.
#[cold]
pub(super) fn refused(expected: &str) -> crate::error::Error {
    crate::error::Error::new(
        crate::error::ErrorKind::Protocol,
        alloc::format!("found something else, expected {expected}"),
    )
}
