//! The scalars that rows can hold.

use alloc::vec::Vec;

use crate::dtype::DType;
use crate::wire::{self, tag};

macro_rules! scalars {
    ($($variant:ident $type:ty,)*) => {
        /// A scalar as its `Serialize` gave it.
        #[derive(Debug, Clone, Copy)]
        pub(super) enum Scalar {
            Bool(bool),
            $($variant($type),)*
        }

        impl Scalar {
            pub(super) fn dtype(self) -> DType {
                match self {
                    Scalar::Bool(_) => DType::Bool,
                    $(Scalar::$variant(_) => DType::$variant,)*
                }
            }

            pub(super) fn with_le_bytes(self, write: impl FnOnce(&[u8])) {
                match self {
                    Scalar::Bool(value) => write(&[u8::from(value)]),
                    $(Scalar::$variant(value) => write(&value.to_le_bytes()),)*
                }
            }

            /// A packed scalar of that dtype, which must be one that rows can hold.
            pub(super) fn from_le_bytes(dtype: DType, bytes: &[u8]) -> Scalar {
                match dtype {
                    $(DType::$variant => Scalar::$variant(<$type>::from_le_bytes(first(bytes))),)*
                    _ => Scalar::Bool(bytes.first() == Some(&1)),
                }
            }
        }
    };
}

scalars! {
    U8 u8, U16 u16, U32 u32, U64 u64,
    I8 i8, I16 i16, I32 i32, I64 i64,
    F32 f32, F64 f64,
}

fn first<const N: usize>(bytes: &[u8]) -> [u8; N] {
    bytes.first_chunk().copied().unwrap_or([0; N])
}

impl Scalar {
    /// Its node.
    pub(super) fn put_node(self, meta: &mut Vec<u8>) {
        match self {
            Scalar::Bool(value) => meta.push(if value { tag::TRUE } else { tag::FALSE }),
            Scalar::U8(value) => wire::put_uint(meta, value.into()),
            Scalar::U16(value) => wire::put_uint(meta, value.into()),
            Scalar::U32(value) => wire::put_uint(meta, value.into()),
            Scalar::U64(value) => wire::put_uint(meta, value.into()),
            Scalar::I8(value) => wire::put_int(meta, value.into()),
            Scalar::I16(value) => wire::put_int(meta, value.into()),
            Scalar::I32(value) => wire::put_int(meta, value.into()),
            Scalar::I64(value) => wire::put_int(meta, value.into()),
            Scalar::F32(value) => {
                meta.push(tag::F32);
                meta.extend_from_slice(&value.to_le_bytes());
            }
            Scalar::F64(value) => {
                meta.push(tag::F64);
                meta.extend_from_slice(&value.to_le_bytes());
            }
        }
    }
}
