//! Packed rows, read by their schema: the one place that knows what is where in a row.

use alloc::string::String;
use alloc::vec::Vec;
use core::slice;

use serde::ser::{Serialize, SerializeMap, SerializeTuple, Serializer};

use super::ValueView;
use super::list::List;
use super::map::Map;
use super::schema::Schema;
use crate::array::{DynArrayView, Order};
use crate::dtype::{DType, row_scalar};
use crate::element::sealed::Sealed;

/// A row, or a part of one.
#[derive(Clone, Copy)]
pub(crate) struct Cell<'r, 'a> {
    kind: Kind<'r>,
    /// Its bytes in the fixed part, and its nodes.
    bytes: &'r [u8],
    nodes: &'r [ValueView<'a>],
}

#[derive(Clone, Copy, PartialEq)]
enum Kind<'r> {
    Of(&'r Schema),
    /// Scalars of these dims; one scalar if there are none.
    Scalars(DType, &'r [usize]),
}

/// What a cell holds.
pub(super) enum Content<'r, 'a> {
    Nil,
    Scalar(DType, &'r [u8]),
    Node(&'r ValueView<'a>),
    /// A small array.
    Scalars(Cells<'r, 'a>),
    Tuple(Cells<'r, 'a>),
    Map(Cells<'r, 'a>),
}

/// Cells one after the other, each with its name; without a name where it has none.
#[derive(Clone)]
pub(super) struct Cells<'r, 'a> {
    kinds: Kinds<'r>,
    left: usize,
    bytes: &'r [u8],
    nodes: &'r [ValueView<'a>],
}

#[derive(Clone)]
enum Kinds<'r> {
    /// All of one kind, of so many bytes and nodes.
    Same(Kind<'r>, usize, usize),
    Tuple(slice::Iter<'r, Schema>),
    Map(slice::Iter<'r, (String, Schema)>),
}

impl<'r, 'a> Cell<'r, 'a> {
    /// A leaf of packed rows.
    pub(crate) fn packed(leaf: &'r Schema, bytes: &'r [u8]) -> Self {
        Cell { kind: Kind::Of(leaf), bytes, nodes: &[] }
    }

    /// Scalars of these dims; one scalar if there are none.
    pub(crate) fn scalars(dtype: DType, dims: &'r [usize], bytes: &'r [u8]) -> Self {
        Cell { kind: Kind::Scalars(dtype, dims), bytes, nodes: &[] }
    }

    pub(super) fn content(self) -> Content<'r, 'a> {
        let Cell { kind, bytes, nodes } = self;
        let cells = |kinds, left| Cells { kinds, left, bytes, nodes };
        match kind {
            Kind::Of(Schema::Scalar(dtype)) => Content::Scalar(*dtype, bytes),
            Kind::Of(Schema::Optional(dtype)) => match bytes {
                [1, scalar @ ..] => Content::Scalar(*dtype, scalar),
                _ => Content::Nil,
            },
            Kind::Of(Schema::Node) => nodes.first().map_or(Content::Nil, Content::Node),
            Kind::Of(Schema::Tuple(inner)) => Content::Tuple(cells(Kinds::Tuple(inner.iter()), inner.len())),
            Kind::Of(Schema::Map(inner)) => Content::Map(cells(Kinds::Map(inner.iter()), inner.len())),
            Kind::Of(Schema::Subarray(dtype, dims)) => Cell::scalars(*dtype, dims, bytes).content(),
            Kind::Scalars(dtype, []) => Content::Scalar(dtype, bytes),
            Kind::Scalars(dtype, [count, dims @ ..]) => {
                let width = bytes.len() / (*count).max(1);
                Content::Scalars(cells(Kinds::Same(Kind::Scalars(dtype, dims), width, 0), *count))
            }
        }
    }

    /// As an array, if it is a list of scalars.
    pub(super) fn as_array(self) -> Option<DynArrayView<'r>> {
        let (dtype, dims) = match self.kind {
            Kind::Of(Schema::Subarray(dtype, dims)) => (*dtype, &dims[..]),
            Kind::Scalars(dtype, dims) if !dims.is_empty() => (dtype, dims),
            _ => return None,
        };
        DynArrayView::new(dtype, dims, Order::RowMajor, self.bytes).ok()
    }

    /// As a value by itself, which borrows nothing from the list.
    pub(crate) fn value(self) -> ValueView<'a> {
        match self.content() {
            Content::Nil => ValueView::Nil,
            Content::Scalar(dtype, bytes) => scalar(dtype, bytes),
            Content::Node(node) => node.clone(),
            Content::Scalars(_) => {
                self.as_array().map_or(ValueView::Nil, |array| List::of_array(array.into_owned().into()).into())
            }
            Content::Tuple(cells) => {
                // As many as the schema has, which limits them.
                let mut values = Vec::with_capacity(cells.left);
                values.extend(cells.map(|(_, cell)| cell.value()));
                ValueView::List(List::plain(values))
            }
            Content::Map(cells) => {
                let mut entries = Vec::with_capacity(cells.left);
                entries.extend(cells.map(|(name, cell)| (ValueView::from(name), cell.value())));
                ValueView::Map(Map::from(entries))
            }
        }
    }
}

impl<'r, 'a> Cells<'r, 'a> {
    /// Rows of a schema.
    pub(super) fn rows(schema: &'r Schema, len: usize, bytes: &'r [u8], nodes: &'r [ValueView<'a>]) -> Self {
        Cells { kinds: Kinds::Same(Kind::Of(schema), schema.width(), schema.nodes()), left: len, bytes, nodes }
    }

    /// Whether as many rows of an equal schema are left as there, or as many scalars of the same kind.
    pub(super) fn have_form_of(&self, other: &Self) -> bool {
        match (&self.kinds, &other.kinds) {
            (Kinds::Same(one, ..), Kinds::Same(another, ..)) => self.left == other.left && one == another,
            _ => false,
        }
    }

    /// The name of the next, if it has one.
    pub(super) fn name(&self) -> Option<&'r str> {
        match &self.kinds {
            Kinds::Map(inner) => inner.as_slice().first().map(|(name, _)| name.as_str()),
            _ => None,
        }
    }

    /// The bytes and nodes of all that are left.
    pub(super) fn rest(&self) -> (&'r [u8], &'r [ValueView<'a>]) {
        (self.bytes, self.nodes)
    }
}

impl<'r, 'a> Iterator for Cells<'r, 'a> {
    type Item = (&'r str, Cell<'r, 'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let of = |schema: &'r Schema| (Kind::Of(schema), schema.width(), schema.nodes());
        let (name, (kind, width, nodes)) = match &mut self.kinds {
            Kinds::Same(kind, width, nodes) => ("", (*kind, *width, *nodes)),
            Kinds::Tuple(inner) => ("", of(inner.next()?)),
            Kinds::Map(inner) => {
                let (name, schema) = inner.next()?;
                (name.as_str(), of(schema))
            }
        };
        let bytes = self.bytes.split_off(..width)?;
        let nodes = self.nodes.split_off(..nodes)?;
        Some((name, Cell { kind, bytes, nodes }))
    }

    fn nth(&mut self, index: usize) -> Option<Self::Item> {
        if let Kinds::Same(_, width, nodes) = self.kinds {
            self.bytes = self.bytes.get(index.checked_mul(width)?..)?;
            self.nodes = self.nodes.get(index.checked_mul(nodes)?..)?;
            self.left = self.left.checked_sub(index)?;
            return self.next();
        }
        (0..index).try_for_each(|_| self.next().map(drop))?;
        self.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Cells<'_, '_> {}

/// A packed scalar as a value.
pub(crate) fn scalar(dtype: DType, bytes: &[u8]) -> ValueView<'static> {
    macro_rules! value {
        ($type:ty) => {
            <$type>::view(bytes).first().map_or(ValueView::Nil, |&scalar| ValueView::from(scalar))
        };
    }
    row_scalar!(dtype, value)
}

/// With the type of each scalar, and in the form that is packed again.
impl Serialize for Cell<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Kind::Of(Schema::Optional(dtype)) = self.kind {
            macro_rules! optional {
                ($type:ty) => {{
                    let scalar = match self.bytes {
                        [1, scalar @ ..] => <$type>::view(scalar).first().copied(),
                        _ => None,
                    };
                    scalar.serialize(serializer)
                }};
            }
            return row_scalar!(*dtype, optional);
        }
        match self.content() {
            Content::Nil => serializer.serialize_unit(),
            Content::Scalar(dtype, bytes) => {
                macro_rules! scalar {
                    ($type:ty) => {
                        match <$type>::view(bytes).first() {
                            Some(scalar) => scalar.serialize(serializer),
                            None => serializer.serialize_unit(),
                        }
                    };
                }
                row_scalar!(dtype, scalar)
            }
            Content::Node(node) => node.serialize(serializer),
            Content::Scalars(cells) | Content::Tuple(cells) => {
                let mut tuple = serializer.serialize_tuple(cells.len())?;
                for (_, cell) in cells {
                    tuple.serialize_element(&cell)?;
                }
                tuple.end()
            }
            Content::Map(cells) => {
                let mut map = serializer.serialize_map(Some(cells.len()))?;
                for (name, cell) in cells {
                    map.serialize_entry(name, &cell)?;
                }
                map.end()
            }
        }
    }
}
