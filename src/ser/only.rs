//! A `Serializer` that takes one or two kinds of content and refuses the rest.

/// Implements `serde::Serializer` for a type that takes a seq, a map, bytes, a str or a u64, as the methods given say. Those of
/// them that it does not take are named as refused, and everything else is. It answers that it is not human readable.
macro_rules! only {
    (impl $name:ident<$($lifetime:lifetime),*> expecting $expected:literal refusing $($kind:ident),+ { $($given:tt)* }) => {
        impl<$($lifetime),*> serde::ser::Serializer for $name<$($lifetime),*> {
            type Ok = ();
            type Error = crate::error::Error;
            type SerializeTuple = serde::ser::Impossible<(), crate::error::Error>;
            type SerializeTupleStruct = serde::ser::Impossible<(), crate::error::Error>;
            type SerializeTupleVariant = serde::ser::Impossible<(), crate::error::Error>;
            type SerializeStruct = serde::ser::Impossible<(), crate::error::Error>;
            type SerializeStructVariant = serde::ser::Impossible<(), crate::error::Error>;

            $($given)*

            $(crate::ser::only::refuse_kind! { $kind, $expected })+

            crate::ser::only::refuse! { $expected,
                serialize_bool(value: bool) -> ();
                serialize_i8(value: i8) -> ();
                serialize_i16(value: i16) -> ();
                serialize_i32(value: i32) -> ();
                serialize_i64(value: i64) -> ();
                serialize_i128(value: i128) -> ();
                serialize_u8(value: u8) -> ();
                serialize_u16(value: u16) -> ();
                serialize_u32(value: u32) -> ();
                serialize_u128(value: u128) -> ();
                serialize_f32(value: f32) -> ();
                serialize_f64(value: f64) -> ();
                serialize_char(value: char) -> ();
                serialize_none() -> ();
                serialize_unit() -> ();
                serialize_unit_struct(name: &'static str) -> ();
                serialize_unit_variant(name: &'static str, index: u32, variant: &'static str) -> ();
                serialize_tuple(len: usize) -> Self::SerializeTuple;
                serialize_tuple_struct(name: &'static str, len: usize) -> Self::SerializeTupleStruct;
                serialize_tuple_variant(name: &'static str, index: u32, variant: &'static str, len: usize) -> Self::SerializeTupleVariant;
                serialize_struct(name: &'static str, len: usize) -> Self::SerializeStruct;
                serialize_struct_variant(name: &'static str, index: u32, variant: &'static str, len: usize) -> Self::SerializeStructVariant;
            }

            fn serialize_some<T: serde::Serialize + ?Sized>(self, _value: &T) -> crate::error::Result<()> {
                Err(crate::ser::only::refused($expected))
            }

            fn serialize_newtype_struct<T: serde::Serialize + ?Sized>(
                self,
                _name: &'static str,
                _value: &T,
            ) -> crate::error::Result<()> {
                Err(crate::ser::only::refused($expected))
            }

            fn serialize_newtype_variant<T: serde::Serialize + ?Sized>(
                self,
                _name: &'static str,
                _index: u32,
                _variant: &'static str,
                _value: &T,
            ) -> crate::error::Result<()> {
                Err(crate::ser::only::refused($expected))
            }

            fn collect_str<T: core::fmt::Display + ?Sized>(self, value: &T) -> crate::error::Result<()> {
                self.serialize_str(&crate::ser::serializer::printed(value)?)
            }

            fn is_human_readable(&self) -> bool {
                false
            }
        }
    };
}

macro_rules! refuse_kind {
    (seq, $expected:literal) => {
        type SerializeSeq = serde::ser::Impossible<(), crate::error::Error>;
        crate::ser::only::refuse! { $expected, serialize_seq(len: Option<usize>) -> Self::SerializeSeq; }
    };
    (map, $expected:literal) => {
        type SerializeMap = serde::ser::Impossible<(), crate::error::Error>;
        crate::ser::only::refuse! { $expected, serialize_map(len: Option<usize>) -> Self::SerializeMap; }
    };
    (bytes, $expected:literal) => {
        crate::ser::only::refuse! { $expected, serialize_bytes(value: &[u8]) -> (); }
    };
    (str, $expected:literal) => {
        crate::ser::only::refuse! { $expected, serialize_str(value: &str) -> (); }
    };
    (u64, $expected:literal) => {
        crate::ser::only::refuse! { $expected, serialize_u64(value: u64) -> (); }
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
