//! The content of an array token: the struct `{dtype, shape, order?, data}` becomes one array node.

use alloc::vec::Vec;

use serde::ser::{self, Serialize};

use super::encoder::Serializer;
use crate::dtype::DType;
use crate::error::{Error, ErrorKind, Result};
use crate::wire::{self, payload_len};

/// What an array token's content is written to. It answers that it is not human readable, so that the content comes as bytes.
pub(super) struct ArrayContent<'a> {
    encoder: &'a mut Serializer,
}

impl<'a> ArrayContent<'a> {
    pub(super) fn new(encoder: &'a mut Serializer) -> Self {
        ArrayContent { encoder }
    }

    fn refuse(self) -> Error {
        self.encoder.protocol("the content of an array token is not the struct of an array")
    }
}

/// The fields so far. `data` comes last and completes the node.
pub(super) struct ArrayFields<'a> {
    encoder: &'a mut Serializer,
    dtype: Option<DType>,
    shape: Vec<u64>,
    column_major: bool,
    complete: bool,
}

impl ser::SerializeStruct for ArrayFields<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<()> {
        value.serialize(Field { name, fields: self })
    }

    fn end(self) -> Result<()> {
        match self.complete {
            true => Ok(()),
            false => Err(self.encoder.protocol("the struct of an array has no data")),
        }
    }
}

/// What one field's value is written to.
struct Field<'f, 'a> {
    name: &'static str,
    fields: &'f mut ArrayFields<'a>,
}

impl Field<'_, '_> {
    fn refuse(self) -> Error {
        self.fields.encoder.protocol("a field of the struct of an array has another type")
    }

    fn text(self, value: &str) -> Result<()> {
        match (self.name, DType::from_name(value)) {
            ("dtype", Some(dtype)) => self.fields.dtype = Some(dtype),
            ("order", _) => self.fields.column_major = value == "F",
            _ => return Err(self.refuse()),
        }
        Ok(())
    }

    fn dim(self, value: u64) -> Result<()> {
        self.fields.shape.push(value);
        Ok(())
    }

    fn data(self, value: &[u8]) -> Result<()> {
        let ArrayFields { encoder, dtype: Some(dtype), shape, column_major, complete } = self.fields else {
            return Err(self.refuse());
        };
        let dims = || shape.iter().copied();
        let refused = |encoder: &mut Serializer, kind, message: &'static str| encoder.poison(Error::new(kind, message));
        let Ok(len) = payload_len(dims(), dtype.size()) else {
            return Err(refused(encoder, ErrorKind::TooLarge, "shape of an array exceeds the format's limits"));
        };
        if len != value.len() as u64 {
            return Err(refused(encoder, ErrorKind::Shape, "shape of an array does not fit its data"));
        }
        if *dtype == DType::Bool && value.iter().any(|&byte| byte > 1) {
            return Err(refused(encoder, ErrorKind::Malformed, "bool is neither 0 nor 1"));
        }
        encoder.somes = 0;
        encoder.check_depth(shape.len().max(1))?;
        encoder.node()?;
        wire::put_array(&mut encoder.meta, dtype.code(), *column_major, dims());
        if !value.is_empty() {
            encoder.put_payload(value);
        }
        *complete = true;
        Ok(())
    }
}

/// The dims, one after the other.
struct Dims<'f, 'a> {
    fields: &'f mut ArrayFields<'a>,
}

impl ser::SerializeSeq for Dims<'_, '_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        value.serialize(Field { name: "dim", fields: self.fields })
    }

    fn end(self) -> Result<()> {
        Ok(())
    }
}

super::only! {
    impl ArrayContent<'a> expecting "the struct of an array" {
        type SerializeSeq = ser::Impossible<(), Error>;
        type SerializeStruct = ArrayFields<'a>;

        fn serialize_struct(self, _name: &'static str, _len: usize) -> Result<ArrayFields<'a>> {
            let encoder = self.encoder;
            Ok(ArrayFields { encoder, dtype: None, shape: Vec::new(), column_major: false, complete: false })
        }

        fn serialize_seq(self, _len: Option<usize>) -> Result<ser::Impossible<(), Error>> {
            Err(self.refuse())
        }

        fn serialize_bytes(self, _value: &[u8]) -> Result<()> {
            Err(self.refuse())
        }

        fn serialize_str(self, _value: &str) -> Result<()> {
            Err(self.refuse())
        }

        fn serialize_u64(self, _value: u64) -> Result<()> {
            Err(self.refuse())
        }
    }
}

super::only! {
    impl Field<'f, 'a> expecting "a field of an array" {
        type SerializeSeq = Dims<'f, 'a>;
        type SerializeStruct = ser::Impossible<(), Error>;

        fn serialize_struct(self, _name: &'static str, _len: usize) -> Result<ser::Impossible<(), Error>> {
            Err(self.refuse())
        }

        fn serialize_seq(self, _len: Option<usize>) -> Result<Dims<'f, 'a>> {
            match self.name {
                "shape" => Ok(Dims { fields: self.fields }),
                _ => Err(self.refuse()),
            }
        }

        fn serialize_bytes(self, value: &[u8]) -> Result<()> {
            match self.name {
                "data" => self.data(value),
                _ => Err(self.refuse()),
            }
        }

        fn serialize_str(self, value: &str) -> Result<()> {
            self.text(value)
        }

        fn serialize_u64(self, value: u64) -> Result<()> {
            match self.name {
                "dim" => self.dim(value),
                _ => Err(self.refuse()),
            }
        }
    }
}
