//! An array to serde: by the array token, the map `{dtype, shape, order?, data}`.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::data::Data;
use super::dynamic::{DynArray, DynArrayView};
use super::shape::{Descriptor, Order};
use super::view::{Array, ArrayView};
use crate::element::Element;
use crate::token::{Bytes, COLUMN_MAJOR, Head, Written};

impl Serialize for DynArrayView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (descriptor, bytes) = self.parts();
        write(descriptor, bytes, serializer)
    }
}

impl Serialize for DynArray {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        DynArrayView::serialize(self, serializer)
    }
}

impl<T: Element> Serialize for ArrayView<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (descriptor, bytes) = self.parts();
        write(descriptor, &bytes, serializer)
    }
}

impl<T: Element> Serialize for Array<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        ArrayView::serialize(self, serializer)
    }
}

fn write<S: Serializer>(descriptor: &Descriptor, bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    Written::Array.serialize(&Parts { descriptor, bytes }, &Fields { descriptor, bytes }, serializer)
}

/// To this crate's serializer.
struct Parts<'f> {
    descriptor: &'f Descriptor,
    bytes: &'f [u8],
}

impl Serialize for Parts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Descriptor { dtype, order, dims } = self.descriptor;
        let flags = if *order == Order::ColumnMajor { COLUMN_MAJOR } else { 0 };
        let head = Head::new(dtype.code(), flags, dims.iter().map(|&dim| dim as u64));
        let mut parts = serializer.serialize_seq(Some(2))?;
        parts.serialize_element(&Bytes(head.bytes()))?;
        parts.serialize_element(&Bytes(self.bytes))?;
        parts.end()
    }
}

/// To any other.
struct Fields<'f> {
    descriptor: &'f Descriptor,
    bytes: &'f [u8],
}

/// A map and not a struct: some formats write a struct without the names of its fields.
impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Descriptor { dtype, order, dims } = self.descriptor;
        let column_major = *order == Order::ColumnMajor;
        let mut fields = serializer.serialize_map(Some(3 + usize::from(column_major)))?;
        fields.serialize_entry("dtype", dtype.name())?;
        fields.serialize_entry("shape", &DimList(dims))?;
        if column_major {
            fields.serialize_entry("order", "F")?;
        }
        fields.serialize_entry("data", &Data { dtype: *dtype, bytes: self.bytes })?;
        fields.end()
    }
}

/// Dims as u64 on every machine.
struct DimList<'s>(&'s [usize]);

impl Serialize for DimList<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut dims = serializer.serialize_seq(Some(self.0.len()))?;
        for &dim in self.0 {
            dims.serialize_element(&(dim as u64))?;
        }
        dims.end()
    }
}
