//! The content of an array token: the map `{dtype, shape, order?, data}` becomes one array node.

use serde::ser::{self, Serialize};

use super::encoder::Serializer;
use crate::dtype::DType;
use crate::error::{Error, ErrorKind, Result};
use crate::wire::{self, RANK_LIMIT, payload_len};

/// What an array token's content is written to. It answers that it is not human readable, so that the content comes as bytes.
pub(super) struct ArrayContent<'a> {
    encoder: &'a mut Serializer,
}

impl<'a> ArrayContent<'a> {
    pub(super) fn new(encoder: &'a mut Serializer) -> Self {
        ArrayContent { encoder }
    }
}

/// The fields so far. `data` comes last and completes the node.
pub(super) struct ArrayFields<'a> {
    encoder: &'a mut Serializer,
    /// What the next value is.
    field: Field,
    dtype: Option<DType>,
    /// The dims so far: the first `rank` places, if there are as many.
    dims: [u64; RANK_LIMIT],
    rank: usize,
    column_major: bool,
    complete: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Key,
    DType,
    Shape,
    Dim,
    Order,
    Data,
}

impl ser::SerializeMap for ArrayFields<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<()> {
        key.serialize(FieldContent { field: Field::Key, fields: self })
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        value.serialize(FieldContent { field: self.field, fields: self })
    }

    fn end(self) -> Result<()> {
        match self.complete {
            true => Ok(()),
            false => Err(self.encoder.protocol("the map of an array has no data")),
        }
    }
}

/// What a key or a value is written to.
struct FieldContent<'f, 'a> {
    field: Field,
    fields: &'f mut ArrayFields<'a>,
}

impl FieldContent<'_, '_> {
    fn refuse(self) -> Error {
        self.fields.encoder.protocol("an entry of the map of an array has another type")
    }

    fn text(self, value: &str) -> Result<()> {
        match (self.field, value) {
            (Field::Key, "dtype") => self.fields.field = Field::DType,
            (Field::Key, "shape") => self.fields.field = Field::Shape,
            (Field::Key, "order") => self.fields.field = Field::Order,
            (Field::Key, "data") => self.fields.field = Field::Data,
            (Field::DType, _) => match DType::from_name(value) {
                Some(dtype) => self.fields.dtype = Some(dtype),
                None => return Err(self.refuse()),
            },
            (Field::Order, _) => self.fields.column_major = value == "F",
            _ => return Err(self.refuse()),
        }
        Ok(())
    }

    fn dim(self, value: u64) -> Result<()> {
        // A dim too many is counted, and refused with the data.
        if let Some(place) = self.fields.dims.get_mut(self.fields.rank) {
            *place = value;
        }
        self.fields.rank += 1;
        Ok(())
    }

    fn data(self, value: &[u8]) -> Result<()> {
        let ArrayFields { encoder, dtype: Some(dtype), dims, rank, column_major, complete, .. } = self.fields else {
            return Err(self.refuse());
        };
        let refused = |encoder: &mut Serializer, kind, message: &'static str| encoder.poison(Error::new(kind, message));
        let measured = dims.get(..*rank).and_then(|dims| {
            let len = payload_len(dims.iter().copied(), dtype.size()).ok()?;
            Some((dims, len))
        });
        let Some((shape, len)) = measured else {
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
        wire::put_array(&mut encoder.meta, dtype.code(), *column_major, shape.iter().copied());
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
        value.serialize(FieldContent { field: Field::Dim, fields: self.fields })
    }

    fn end(self) -> Result<()> {
        Ok(())
    }
}

super::only! {
    impl ArrayContent<'a> expecting "the map of an array" refusing seq, bytes, str, u64 {
        type SerializeMap = ArrayFields<'a>;

        fn serialize_map(self, _len: Option<usize>) -> Result<ArrayFields<'a>> {
            let encoder = self.encoder;
            Ok(ArrayFields { encoder, field: Field::Key, dtype: None, dims: [0; RANK_LIMIT], rank: 0, column_major: false, complete: false })
        }
    }
}

super::only! {
    impl FieldContent<'f, 'a> expecting "an entry of an array" refusing map {
        type SerializeSeq = Dims<'f, 'a>;

        fn serialize_seq(self, _len: Option<usize>) -> Result<Dims<'f, 'a>> {
            match self.field {
                Field::Shape => Ok(Dims { fields: self.fields }),
                _ => Err(self.refuse()),
            }
        }

        fn serialize_bytes(self, value: &[u8]) -> Result<()> {
            match self.field {
                Field::Data => self.data(value),
                _ => Err(self.refuse()),
            }
        }

        fn serialize_str(self, value: &str) -> Result<()> {
            self.text(value)
        }

        fn serialize_u64(self, value: u64) -> Result<()> {
            match self.field {
                Field::Dim => self.dim(value),
                _ => Err(self.refuse()),
            }
        }
    }
}
