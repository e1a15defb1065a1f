//! The serializer for code that asks for one.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use serde::ser::{self, Serialize};

use super::Options;
use super::compound::Compound;
use super::context::Context;
use super::general::General;
use super::payloads::Payloads;
use crate::error::{Error, ErrorKind, Result};

/// A serde `Serializer` of this format, for code that asks for one (`serde_transcode`, `erased_serde`); others use [`to_vec`](crate::to_vec).
///
/// It writes one value, in one pass.
///
/// ```
/// use serde::Serialize;
///
/// let mut serializer = ndwire::Serializer::new(ndwire::Options::default());
/// [1u16, 2].serialize(&mut serializer)?;
/// assert_eq!(serializer.into_vec()?, ndwire::to_vec(&[1u16, 2])?);
/// # Ok::<(), ndwire::Error>(())
/// ```
pub struct Serializer {
    cx: Box<Context>,
    /// Values that were begun.
    begun: usize,
    /// Values that have ended.
    ended: usize,
}

impl Serializer {
    /// A serializer of one value.
    ///
    /// ```
    /// let serializer = ndwire::Serializer::new(ndwire::Options::default());
    /// assert!(serializer.into_vec().is_err(), "nothing has been written");
    /// ```
    pub fn new(options: Options) -> Self {
        Serializer { cx: Context::new(Payloads::after(Vec::new()), options), begun: 0, ended: 0 }
    }

    /// The bytes of the value that was written.
    ///
    /// ```
    /// # use serde::Serialize;
    /// let mut serializer = ndwire::Serializer::new(ndwire::Options::default());
    /// true.serialize(&mut serializer)?;
    /// assert_eq!(serializer.into_vec()?.len(), 17);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// Fails if not exactly one value was written, or if an error on the way was swallowed.
    pub fn into_vec(self) -> Result<Vec<u8>> {
        self.cx.check()?;
        if (self.begun, self.ended) != (1, 1) {
            return Err(Error::new(ErrorKind::Protocol, "a `Serialize` did not write exactly one value"));
        }
        self.cx.end(|data, meta| data.into_value(meta)).map_err(|(_, error)| error)
    }

    fn begin(&mut self) -> General<'_> {
        self.begun += 1;
        General::node(&mut self.cx)
    }

    fn open<'a>(&'a mut self, open: impl FnOnce(General<'a>) -> Result<Compound<'a>>) -> Result<Opened<'a>> {
        self.begun += 1;
        let compound = open(General::node(&mut self.cx))?;
        Ok(Opened { compound, ended: &mut self.ended })
    }
}

impl fmt::Debug for Serializer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Serializer").finish_non_exhaustive()
    }
}

/// A list, map, struct or variant that is open.
pub struct Opened<'a> {
    compound: Compound<'a>,
    ended: &'a mut usize,
}

impl fmt::Debug for Opened<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened").finish_non_exhaustive()
    }
}

macro_rules! values {
    ($($method:ident($($arg:ident: $type:ty),*);)*) => {$(
        fn $method(self, $($arg: $type),*) -> Result<()> {
            self.begin().$method($($arg),*)?;
            self.ended += 1;
            Ok(())
        }
    )*};
}

macro_rules! containers {
    ($($method:ident($($arg:ident: $type:ty),*);)*) => {$(
        fn $method(self, $($arg: $type),*) -> Result<Opened<'a>> {
            self.open(|general| general.$method($($arg),*))
        }
    )*};
}

impl<'a> ser::Serializer for &'a mut Serializer {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Opened<'a>;
    type SerializeTuple = Opened<'a>;
    type SerializeTupleStruct = Opened<'a>;
    type SerializeTupleVariant = Opened<'a>;
    type SerializeMap = Opened<'a>;
    type SerializeStruct = Opened<'a>;
    type SerializeStructVariant = Opened<'a>;

    values! {
        serialize_bool(value: bool);
        serialize_u8(value: u8);
        serialize_u16(value: u16);
        serialize_u32(value: u32);
        serialize_u64(value: u64);
        serialize_u128(value: u128);
        serialize_i8(value: i8);
        serialize_i16(value: i16);
        serialize_i32(value: i32);
        serialize_i64(value: i64);
        serialize_i128(value: i128);
        serialize_f32(value: f32);
        serialize_f64(value: f64);
        serialize_char(value: char);
        serialize_str(value: &str);
        serialize_bytes(value: &[u8]);
        serialize_none();
        serialize_unit();
        serialize_unit_struct(name: &'static str);
        serialize_unit_variant(name: &'static str, index: u32, variant: &'static str);
    }

    containers! {
        serialize_seq(len: Option<usize>);
        serialize_tuple(len: usize);
        serialize_tuple_struct(name: &'static str, len: usize);
        serialize_tuple_variant(name: &'static str, index: u32, variant: &'static str, len: usize);
        serialize_map(len: Option<usize>);
        serialize_struct(name: &'static str, len: usize);
        serialize_struct_variant(name: &'static str, index: u32, variant: &'static str, len: usize);
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<()> {
        self.begin().serialize_some(value)?;
        self.ended += 1;
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<()> {
        self.begin().serialize_newtype_struct(name, value)?;
        self.ended += 1;
        Ok(())
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<()> {
        self.begin().serialize_newtype_variant(name, index, variant, value)?;
        self.ended += 1;
        Ok(())
    }

    fn collect_seq<I>(self, iter: I) -> Result<()>
    where
        I: IntoIterator,
        I::Item: Serialize,
    {
        self.begin().collect_seq(iter)?;
        self.ended += 1;
        Ok(())
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, value: &T) -> Result<()> {
        self.begin().collect_str(value)?;
        self.ended += 1;
        Ok(())
    }

    fn is_human_readable(&self) -> bool {
        true
    }
}

macro_rules! opened {
    ($($trait:ident { $($method:ident($($arg:ident: $type:ty)?);)+ })*) => {$(
        impl ser::$trait for Opened<'_> {
            type Ok = ();
            type Error = Error;

            $(
                fn $method<T: Serialize + ?Sized>(&mut self, $($arg: $type,)? value: &T) -> Result<()> {
                    ser::$trait::$method(&mut self.compound, $($arg,)? value)
                }
            )+

            fn end(self) -> Result<()> {
                ser::$trait::end(self.compound)?;
                *self.ended += 1;
                Ok(())
            }
        }
    )*};
}

opened! {
    SerializeSeq { serialize_element(); }
    SerializeTuple { serialize_element(); }
    SerializeTupleStruct { serialize_field(); }
    SerializeTupleVariant { serialize_field(); }
    SerializeMap { serialize_key(); serialize_value(); }
    SerializeStruct { serialize_field(name: &'static str); }
    SerializeStructVariant { serialize_field(name: &'static str); }
}
