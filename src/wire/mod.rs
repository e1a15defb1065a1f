//! The format: bytes to nodes and nodes to bytes. It knows no data model and no other crate.
//!
//! Everything that reads a value reads it through [`Reader`], and only `read`, `packed` and what reads row schemas slice input.

mod header;
pub(crate) mod look;
mod node;
mod packed;
mod parse_schema;
mod read;
mod schema;
mod shape;
mod walk;
mod write;

pub(crate) use header::{Header, meta_len, needed_for_head, write_header};
pub(crate) use node::{Array, Dims, DimsIter, Node, Payload, RowSchema, Rows};
pub(crate) use packed::check_rows;
pub(crate) use read::Reader;
pub(crate) use schema::{RecordSchema, StepKind, Steps};
pub(crate) use shape::{LogicalOrder, RowMeasure, ShapeError, payload_len, row_formula_holds, row_width, sequences};
pub(crate) use walk::Build;
pub(crate) use write::{
    Place, leading_str, put_array, put_bytes, put_char, put_int, put_leaf, put_list, put_map, put_str, put_uint, put_uv,
};

/// First four bytes of every value. `C1` begins no UTF-8 text and no MessagePack, and none of npy, pickle, zip, gzip, JSON.
pub(crate) const MAGIC: [u8; 4] = [0xC1, b'N', b'D', b'W'];
pub(crate) const VERSION: u8 = 1;
pub(crate) const HEADER_LEN: usize = 16;
/// Every payload starts at a multiple of this.
pub(crate) const ALIGNMENT: usize = 16;
/// From how many bytes a str, bytes or fixed part stands in DATA.
pub(crate) const DATA_THRESHOLD: usize = 512;
pub(crate) const DEPTH_LIMIT: usize = 128;
pub(crate) const RANK_LIMIT: usize = 32;
pub(crate) const SUBARRAY_RANK_LIMIT: usize = 7;
/// Leaves of a row schema.
pub(crate) const LEAF_LIMIT: usize = 1024;
/// Tuples and maps inside each other in a row schema.
pub(crate) const CONTAINER_LIMIT: usize = 8;
/// Shapes of a tuple that is not even.
pub(crate) const TUPLE_LIMIT: usize = 16;
/// Bytes of the fixed part of a row.
pub(crate) const WIDTH_LIMIT: u64 = 0x7FFF_FFFF;
/// Bytes of a name in a row schema.
pub(crate) const NAME_LIMIT: usize = 255;
/// The row formula: this many times the sequences of a row …
pub(crate) const ROW_SEQUENCE_COST: u64 = 24;
/// … is at most this many times the bytes of a row.
pub(crate) const ROW_BYTE_ALLOWANCE: u64 = 64;
/// What the budget of sequences has beyond the length of the value.
pub(crate) const SEQUENCE_BUDGET: u64 = 1024;
/// The largest payload, in bytes.
pub(crate) const PAYLOAD_LIMIT: u64 = i64::MAX.unsigned_abs();

/// The tag bytes.
pub(crate) mod tag {
    pub(crate) const UINT_MAX: u8 = 0x7F;
    pub(crate) const STR: u8 = 0x80;
    pub(crate) const STR_MAX: u8 = 0x9F;
    pub(crate) const LIST: u8 = 0xA0;
    pub(crate) const LIST_MAX: u8 = 0xAF;
    pub(crate) const MAP: u8 = 0xB0;
    pub(crate) const MAP_MAX: u8 = 0xBF;
    pub(crate) const NIL: u8 = 0xC0;
    pub(crate) const FALSE: u8 = 0xC2;
    pub(crate) const TRUE: u8 = 0xC3;
    pub(crate) const U8: u8 = 0xC4;
    pub(crate) const U16: u8 = 0xC5;
    pub(crate) const U32: u8 = 0xC6;
    pub(crate) const U64: u8 = 0xC7;
    pub(crate) const U128: u8 = 0xC8;
    pub(crate) const I8: u8 = 0xC9;
    pub(crate) const I16: u8 = 0xCA;
    pub(crate) const I32: u8 = 0xCB;
    pub(crate) const I64: u8 = 0xCC;
    pub(crate) const I128: u8 = 0xCD;
    pub(crate) const F32: u8 = 0xCE;
    pub(crate) const F64: u8 = 0xCF;
    pub(crate) const CHAR: u8 = 0xD0;
    pub(crate) const LONG_STR: u8 = 0xD1;
    pub(crate) const BYTES: u8 = 0xD2;
    pub(crate) const LONG_LIST: u8 = 0xD3;
    pub(crate) const LONG_MAP: u8 = 0xD4;
    pub(crate) const SOME: u8 = 0xD5;
    pub(crate) const ARRAY: u8 = 0xD6;
    pub(crate) const ROWS: u8 = 0xD7;
    pub(crate) const DATA_STR: u8 = 0xD8;
    pub(crate) const DATA_BYTES: u8 = 0xD9;
    /// From here to FF: -16 to -1.
    pub(crate) const INT_MIN: u8 = 0xF0;
    /// In rank-and-order: column-major.
    pub(crate) const COLUMN_MAJOR: u8 = 0x80;
}

/// The next multiple of the alignment, if it fits.
pub(crate) fn align_up(offset: u64) -> Option<u64> {
    offset.checked_next_multiple_of(ALIGNMENT as u64)
}
