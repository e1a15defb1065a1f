//! The fast lane of leaves: scalars, optional scalars and lists of scalars, straight from their bytes.

use core::cell::Cell as Report;
use core::marker::PhantomData;

use serde::de::{self, Deserialize, DeserializeSeed, Visitor};
use serde::forward_to_deserialize_any;

use super::cell::scalar_node;
use super::miss::Miss;
use super::plan::Tag;
use crate::wire::Node;

/// A leaf. What it cannot be read as is a [`Miss`].
#[derive(Clone, Copy)]
pub(super) struct Leaf<'r> {
    pub(super) tag: Tag,
    /// Keeps the bits of a float in an integer register. Without it each float is spilled to the stack around the call by which
    /// `Vec::push` may grow; and a struct of floats goes through memory in halves, which the processor waits for.
    pub(super) zero: u32,
    pub(super) bytes: &'r [u8],
}

impl Leaf<'_> {
    #[inline(always)]
    fn scalar<const N: usize>(&self, tag: Tag) -> Option<[u8; N]> {
        self.bytes.first_chunk().filter(|_| self.tag == tag).copied()
    }

    #[inline(always)]
    fn zero(&self) -> u32 {
        self.zero
    }

    /// Another scalar than was asked for.
    #[cold]
    #[inline(never)]
    fn other<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Miss> {
        let dtype = self.tag.scalar_dtype().ok_or(Miss)?;
        match scalar_node(dtype, self.bytes).ok_or(Miss)? {
            Node::Bool(value) => visitor.visit_bool(value),
            Node::Uint(value) => visitor.visit_u64(value),
            Node::Int(value) => visitor.visit_i64(value),
            Node::F32(value) => visitor.visit_f32(value),
            Node::F64(value) => visitor.visit_f64(value),
            Node::WideUint(value) => visitor.visit_u128(value),
            Node::WideInt(value) => visitor.visit_i128(value),
            _ => Err(Miss),
        }
    }

    #[inline(always)]
    fn list<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Miss> {
        if !self.tag.is_list() {
            return Err(Miss);
        }
        let unread = Report::new(0);
        let leaf = Leaf { tag: self.tag.inner(), ..self };
        let value = visitor.visit_seq(Scalars { leaf, size: self.tag.size(), unread: &unread })?;
        if unread.get() == 0 { Ok(value) } else { Err(Miss) }
    }
}

/// The scalars that a fast lane reads. Integers are shown by value, as a node shows them.
macro_rules! scalars {
    () => {
        scalars! {
            deserialize_bool Bool |bytes, visitor, _zero| visitor.visit_bool(bytes == [1]);
            deserialize_u8 U8 |bytes, visitor, _zero| visitor.visit_u64(u8::from_le_bytes(bytes).into());
            deserialize_u16 U16 |bytes, visitor, _zero| visitor.visit_u64(u16::from_le_bytes(bytes).into());
            deserialize_u32 U32 |bytes, visitor, _zero| visitor.visit_u64(u32::from_le_bytes(bytes).into());
            deserialize_u64 U64 |bytes, visitor, _zero| visitor.visit_u64(u64::from_le_bytes(bytes));
            deserialize_i8 I8 |bytes, visitor, _zero| scalars!(signed i8::from_le_bytes(bytes), visitor);
            deserialize_i16 I16 |bytes, visitor, _zero| scalars!(signed i16::from_le_bytes(bytes), visitor);
            deserialize_i32 I32 |bytes, visitor, _zero| scalars!(signed i32::from_le_bytes(bytes), visitor);
            deserialize_i64 I64 |bytes, visitor, _zero| scalars!(signed i64::from_le_bytes(bytes), visitor);
            deserialize_f32 F32 |bytes, visitor, zero| visitor.visit_f32(f32::from_bits(u32::from_le_bytes(bytes) ^ zero));
            deserialize_f64 F64 |bytes, visitor, zero| {
                visitor.visit_f64(f64::from_bits(u64::from_le_bytes(bytes) ^ u64::from(zero)))
            };
        }
    };
    ($($method:ident $dtype:ident |$bytes:ident, $visitor:ident, $zero:ident| $visit:expr;)*) => {$(
        #[inline(always)]
        fn $method<V: Visitor<'de>>(self, $visitor: V) -> Result<V::Value, Miss> {
            match self.scalar(const { Tag::scalar(crate::dtype::DType::$dtype) }) {
                Some($bytes) => {
                    let $zero = self.zero();
                    $visit
                }
                None => Err(Miss),
            }
        }
    )*};
    (signed $value:expr, $visitor:ident) => {
        match u64::try_from($value) {
            Ok(value) => $visitor.visit_u64(value),
            Err(_) => $visitor.visit_i64($value.into()),
        }
    };
}
pub(super) use scalars;

impl<'de> de::Deserializer<'de> for Leaf<'_> {
    type Error = Miss;

    scalars! {}

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Miss> {
        self.other(visitor)
    }

    #[inline(always)]
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Miss> {
        match self.bytes {
            [0, ..] if self.tag.is_optional() => visitor.visit_none(),
            [_, scalar @ ..] if self.tag.is_optional() => {
                visitor.visit_some(Leaf { tag: self.tag.inner(), bytes: scalar, ..self })
            }
            _ => visitor.visit_some(self),
        }
    }

    #[inline(always)]
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Miss> {
        self.list(visitor)
    }

    #[inline(always)]
    fn deserialize_tuple<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value, Miss> {
        self.list(visitor)
    }

    #[inline(always)]
    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value, Miss> {
        self.list(visitor)
    }

    #[inline(always)]
    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Miss> {
        match name.starts_with('$') {
            true => Err(Miss),
            false => visitor.visit_newtype_struct(self),
        }
    }

    /// Derived code would take an integer for a position.
    fn deserialize_identifier<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Miss> {
        Err(Miss)
    }

    forward_to_deserialize_any! {
        i128 u128 char str string bytes byte_buf unit unit_struct map struct enum ignored_any
    }
}

/// The scalars of a list. A visitor gets them by value, and nobody else their address: so the loop over them keeps its place in
/// registers. What is left is said when the visitor drops them.
struct Scalars<'r, 's> {
    /// The tag of each, and the bytes of all that are left.
    leaf: Leaf<'r>,
    size: usize,
    unread: &'s Report<usize>,
}

impl Drop for Scalars<'_, '_> {
    #[inline(always)]
    fn drop(&mut self) {
        self.unread.set(self.leaf.bytes.len());
    }
}

impl<'de> de::SeqAccess<'de> for Scalars<'_, '_> {
    type Error = Miss;

    #[inline(always)]
    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Miss> {
        let Some((bytes, rest)) = self.leaf.bytes.split_at_checked(self.size) else { return Ok(None) };
        self.leaf.bytes = rest;
        seed.deserialize(Leaf { bytes, ..self.leaf }).map(Some)
    }

    #[inline(always)]
    fn next_element<T: Deserialize<'de>>(&mut self) -> Result<Option<T>, Miss> {
        self.next_element_seed(PhantomData)
    }

    #[inline]
    fn size_hint(&self) -> Option<usize> {
        Some(self.leaf.bytes.len() / self.size.max(1))
    }
}
