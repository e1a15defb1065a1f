//! A serializer of one row that is expected to be like those before it.
//!
//! Where it is and where it writes is passed on by value, from call to call and back, and whatever leads off the expected way is a
//! call that gets these by value, too: so they become constants and registers once the calls are one.

use core::fmt;

use serde::ser::{self, Serialize};

use super::encoder::Serializer;
use super::entries::{Entries, Mode};
use super::fields::Fields;
use super::plan::code;
use super::rows::{CHUNK, LeftEntries, Rows};
use super::scalar::Scalar;
use super::schema::Kind;
use super::serializer::printed;
use super::state::State;
use super::table::KeyPlace;
use crate::dtype::DType;
use crate::error::{Error, Result};
use crate::token;
use crate::wire::{self, LEAF_LIMIT};

/// Takes one value of a row, or the row.
pub(super) struct Probe<'s, 'e> {
    rows: &'s mut Rows<'e>,
    state: State,
}

impl<'s, 'e> Probe<'s, 'e> {
    #[inline(always)]
    pub(super) fn new(rows: &'s mut Rows<'e>, state: State) -> Self {
        Probe { rows, state }
    }

    #[inline(always)]
    pub(super) fn of_row(rows: &'s mut Rows<'e>, pos: usize) -> Self {
        Probe { rows, state: State::of_row(pos) }
    }

    /// The scalar that is expected. The chunk has room for a scalar behind every place of a row.
    #[inline(always)]
    fn scalar<const N: usize>(self, bytes: [u8; N]) -> State {
        let pos = self.state.pos() % CHUNK;
        self.rows.chunk[pos..pos + N].copy_from_slice(&bytes);
        self.state.after(N)
    }

    /// The step's kind, unless it is the row itself or inside a subarray.
    fn kind(&self) -> Option<&Kind> {
        match self.state.level() {
            0 => self.rows.kind_at(self.state.at()),
            _ => None,
        }
    }

    fn is_node(&self) -> bool {
        matches!(self.kind(), Some(Kind::Node))
    }

    /// Hands over to the encoder, which gets the event.
    fn leave(self) -> Result<&'s mut Rows<'e>> {
        let Probe { rows, state } = self;
        let somes = match state.is_some() {
            true => core::mem::take(&mut rows.encoder.somes),
            false => 0,
        };
        if state.is_name() {
            rows.leave(state.with_at(rows.name_at), false)?;
            rows.encoder.begin_key()?;
        } else {
            rows.leave(state, true)?;
        }
        rows.encoder.somes = somes;
        Ok(rows)
    }

    /// Another scalar than the one that is expected.
    #[cold]
    #[inline(never)]
    fn other_scalar(mut self, scalar: Scalar) -> State {
        let state = self.state;
        match self.place_scalar(scalar) {
            Ok(state) => state,
            Err(error) => {
                self.rows.fail_at(error, state);
                State::left()
            }
        }
    }

    fn place_scalar(&mut self, scalar: Scalar) -> Result<State> {
        let pos = self.state.pos();
        match self.kind() {
            Some(Kind::Optional(dtype)) if *dtype == scalar.dtype() => {
                let size = dtype.size();
                self.rows.chunk[pos] = 1;
                scalar.with_le_bytes(|bytes| self.rows.chunk[pos + 1..pos + 1 + size].copy_from_slice(bytes));
                Ok(self.state.after(1 + size))
            }
            // Not of a tuple: it would forget its type, by which the tuple may still choose its form.
            Some(Kind::Node) if self.rows.is_map => {
                scalar.put_node(&mut self.rows.encoder.meta);
                Ok(self.state.after(0))
            }
            _ => {
                Probe::new(&mut *self.rows, self.state).leave()?.encoder.scalar(scalar)?;
                Ok(State::left())
            }
        }
    }

    #[inline(never)]
    fn nil(self) -> Result<State> {
        let pos = self.state.pos();
        match (self.kind(), self.state.is_some()) {
            (Some(Kind::Optional(dtype)), false) => {
                let size = dtype.size();
                self.rows.chunk[pos..pos + 1 + size].fill(0);
                Ok(self.state.after(1 + size))
            }
            (Some(Kind::Node | Kind::Nil), false) => {
                self.rows.encoder.meta.push(wire::tag::NIL);
                Ok(self.state.after(0))
            }
            _ => {
                self.leave()?.encoder.nil()?;
                Ok(State::left())
            }
        }
    }

    #[inline(never)]
    fn str(self, value: &str) -> Result<State> {
        if self.state.is_name() && self.rows.has_name(self.rows.name_at, value) {
            return Ok(self.state);
        }
        if !self.is_node() {
            self.leave()?.encoder.str(value)?;
            return Ok(State::left());
        }
        if wire::put_str(&mut self.rows.encoder.meta, value) == wire::Place::Data {
            self.rows.put_held(value.as_bytes());
        }
        Ok(self.state.after(0))
    }

    /// A node of the row that the encoder writes as a whole, on a layer of its own; or it gets the row and goes on with this.
    fn whole(self, write: impl FnOnce(&mut Serializer) -> Result<()>) -> Result<State> {
        if !self.is_node() {
            write(self.leave()?.encoder)?;
            return Ok(State::left());
        }
        let Probe { rows, state } = self;
        rows.open_leaf(state.depth());
        write(rows.encoder)?;
        rows.encoder.end_layer();
        rows.close_leaf(state.depth());
        Ok(state.after(0))
    }

    /// Whether a map or tuple of steps is expected: of the row, or the row.
    #[inline(always)]
    fn expects(&self, code: u8) -> bool {
        self.rows.plan.code(self.state.at()) == code
    }

    #[inline(always)]
    fn open_entries(self) -> Entries<'s, 'e> {
        Entries::new(self.rows, self.state.inside(), Mode::Entries, 0)
    }

    /// A tuple that is a block, or a level of one.
    #[inline(always)]
    fn open_block(self, len: usize) -> core::result::Result<Entries<'s, 'e>, Self> {
        match self.rows.level_of_block(self.state, len) {
            Some((mode, bytes)) => {
                let Probe { rows, state } = self;
                let inside = state.inside_level(matches!(mode, Mode::Scalars));
                Ok(Entries::new(rows, inside, mode, state.pos() + bytes))
            }
            None => Err(self),
        }
    }

    /// A list that the encoder writes: as a node of the row, or it gets the row.
    #[inline(never)]
    fn list(self, open: impl FnOnce(&mut Serializer) -> Result<()>) -> Result<Entries<'s, 'e>> {
        let state = self.state;
        let (rows, after) = match self.is_node() {
            true => {
                self.rows.open_leaf(state.depth());
                (self.rows, state.after(0))
            }
            false => (self.leave()?, State::left()),
        };
        open(rows.encoder)?;
        rows.left.push(LeftEntries { is_list: true, after, key: KeyPlace::default(), variant: None });
        Ok(Entries::of_encoder(rows))
    }

    /// A map or variant that the encoder writes: it gets the row.
    #[inline(never)]
    fn map(
        self,
        is_list: bool,
        variant: Option<&'static str>,
        open: impl FnOnce(&mut Serializer) -> Result<()>,
    ) -> Result<&'s mut Rows<'e>> {
        let rows = self.leave()?;
        open(rows.encoder)?;
        rows.left.push(LeftEntries { is_list, after: State::left(), key: KeyPlace::default(), variant });
        Ok(rows)
    }
}

impl Rows<'_> {
    /// A tuple of that length as the next level of a block: what it holds, and its bytes.
    #[inline]
    fn level_of_block(&self, state: State, len: usize) -> Option<(Mode, usize)> {
        match self.kind_at(state.at()) {
            Some(Kind::Subarray(block)) if state.level() == 0 && block.is_flat(len as u64) => {
                Some((Mode::Scalars, len * block.dtype.size()))
            }
            _ => self.level_of_any_block(state, len),
        }
    }

    #[inline(never)]
    fn level_of_any_block(&self, state: State, len: usize) -> Option<(Mode, usize)> {
        let block = match (&self.block, self.kind_at(state.at())) {
            (Some(block), _) => block,
            (_, Some(Kind::Subarray(block))) => block,
            _ => return None,
        };
        let (count, inner) = block.dims().get(state.level()..)?.split_first()?;
        if *count != len as u64 {
            return None;
        }
        let mode = if inner.is_empty() { Mode::Scalars } else { Mode::Blocks };
        let level = block.dims().iter().copied().skip(state.level());
        Some((mode, usize::try_from(wire::payload_len(level, block.dtype.size()).ok()?).ok()?))
    }
}

macro_rules! scalars {
    ($($method:ident $type:ty => $variant:ident;)*) => {$(
        #[inline(always)]
        fn $method(self, value: $type) -> Result<State> {
            const CODE: u8 = DType::$variant.code();
            Ok(match self.rows.plan.code(self.state.at()) == CODE {
                true => self.scalar(value.to_le_bytes()),
                false => self.other_scalar(Scalar::$variant(value)),
            })
        }
    )*};
}

impl<'s, 'e> ser::Serializer for Probe<'s, 'e> {
    type Ok = State;
    type Error = Error;
    type SerializeSeq = Entries<'s, 'e>;
    type SerializeTuple = Entries<'s, 'e>;
    type SerializeTupleStruct = Entries<'s, 'e>;
    type SerializeTupleVariant = Entries<'s, 'e>;
    type SerializeMap = Entries<'s, 'e>;
    type SerializeStruct = Fields<'s, 'e>;
    type SerializeStructVariant = Fields<'s, 'e>;

    scalars! {
        serialize_u8 u8 => U8;
        serialize_u16 u16 => U16;
        serialize_u32 u32 => U32;
        serialize_u64 u64 => U64;
        serialize_i8 i8 => I8;
        serialize_i16 i16 => I16;
        serialize_i32 i32 => I32;
        serialize_i64 i64 => I64;
        serialize_f32 f32 => F32;
        serialize_f64 f64 => F64;
    }

    #[inline(always)]
    fn serialize_bool(self, value: bool) -> Result<State> {
        Ok(match self.rows.plan.code(self.state.at()) == DType::Bool.code() {
            true => self.scalar([u8::from(value)]),
            false => self.other_scalar(Scalar::Bool(value)),
        })
    }

    fn serialize_u128(self, value: u128) -> Result<State> {
        self.whole(|encoder| encoder.serialize_u128(value))
    }

    fn serialize_i128(self, value: i128) -> Result<State> {
        self.whole(|encoder| encoder.serialize_i128(value))
    }

    fn serialize_char(self, value: char) -> Result<State> {
        self.whole(|encoder| encoder.serialize_char(value))
    }

    #[inline]
    fn serialize_str(self, value: &str) -> Result<State> {
        self.str(value)
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<State> {
        self.whole(|encoder| encoder.bytes(value))
    }

    fn serialize_none(self) -> Result<State> {
        self.nil()
    }

    #[inline(always)]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<State> {
        let Probe { rows, state } = self;
        rows.encoder.somes = if state.is_some() { rows.encoder.somes + 1 } else { 1 };
        let written = value.serialize(Probe { rows: &mut *rows, state: state.in_some() });
        rows.encoder.somes = 0;
        written.map(State::without_some)
    }

    fn serialize_unit(self) -> Result<State> {
        self.nil()
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<State> {
        self.nil()
    }

    fn serialize_unit_variant(self, _name: &'static str, _index: u32, variant: &'static str) -> Result<State> {
        self.str(variant)
    }

    #[inline(always)]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<State> {
        if !token::is_ours(name) {
            return value.serialize(self);
        }
        if name == token::ARRAY {
            return self.whole(|encoder| encoder.serialize_newtype_struct(name, value));
        }
        self.leave()?.encoder.serialize_newtype_struct(name, value)?;
        Ok(State::left())
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<State> {
        self.leave()?.encoder.serialize_newtype_variant(name, index, variant, value)?;
        Ok(State::left())
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<Entries<'s, 'e>> {
        self.list(move |encoder| encoder.open_list(len))
    }

    #[inline(always)]
    fn serialize_tuple(self, len: usize) -> Result<Entries<'s, 'e>> {
        if self.expects(code::TUPLE) && (1..=LEAF_LIMIT).contains(&len) {
            return Ok(self.open_entries());
        }
        match self.open_block(len) {
            Ok(entries) => Ok(entries),
            Err(probe) => probe.list(move |encoder| encoder.open_tuple(len)),
        }
    }

    #[inline(always)]
    fn serialize_tuple_struct(self, _name: &'static str, len: usize) -> Result<Entries<'s, 'e>> {
        self.serialize_tuple(len)
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Entries<'s, 'e>> {
        let rows = self.map(true, Some(variant), move |encoder| {
            encoder.open_struct(1)?;
            encoder.field_name(variant)?;
            encoder.open_tuple(len)
        })?;
        Ok(Entries::of_encoder(rows))
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Entries<'s, 'e>> {
        match self.expects(code::MAP) && !self.rows.encoder.sorts_maps() {
            true => Ok(self.open_entries()),
            false => Ok(Entries::of_encoder(self.map(false, None, move |encoder| encoder.open_map(len))?)),
        }
    }

    #[inline(always)]
    fn serialize_struct(self, _name: &'static str, len: usize) -> Result<Fields<'s, 'e>> {
        match self.expects(code::MAP) {
            true => Ok(Fields::new(self.rows, self.state.inside())),
            false => Ok(Fields::of_encoder(self.map(false, None, move |encoder| encoder.open_struct(len))?)),
        }
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Fields<'s, 'e>> {
        let rows = self.map(false, Some(variant), move |encoder| {
            encoder.open_struct(1)?;
            encoder.field_name(variant)?;
            encoder.open_struct(len)
        })?;
        Ok(Fields::of_encoder(rows))
    }

    fn collect_seq<I>(self, iter: I) -> Result<State>
    where
        I: IntoIterator,
        I::Item: Serialize,
    {
        self.whole(|encoder| super::bulk::collect(encoder, iter.into_iter()))
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, value: &T) -> Result<State> {
        self.str(&printed(value)?)
    }

    fn is_human_readable(&self) -> bool {
        true
    }
}
