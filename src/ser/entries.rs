//! An open map, tuple or block of a row that is expected to be like those before it.

use serde::ser::{self, Serialize};

use super::probe::Probe;
use super::rows::{code, LeftEntries, Rows};
use super::state::{State, DEPTH, LEVEL};
use super::table::KeyPlace;
use crate::error::{Error, Result};

#[derive(Clone, Copy)]
pub(super) enum Mode {
    /// A map or tuple of steps.
    Entries,
    /// Scalars of this dtype code, of a block up to the position `end`.
    Scalars(u8),
    /// The blocks of a block, up to the position `end`.
    Blocks,
    /// The encoder has it.
    Encoder,
}

/// An open map or tuple of a row, or the row.
pub(super) struct Entries<'s, 'e> {
    pub(super) rows: &'s mut Rows<'e>,
    pub(super) state: State,
    pub(super) mode: Mode,
    pub(super) end: usize,
    /// For errors only.
    pub(super) element: u32,
}

impl<'s, 'e> Entries<'s, 'e> {
    pub(super) fn of_encoder(rows: &'s mut Rows<'e>) -> Self {
        Entries { rows, state: State::left(), mode: Mode::Encoder, end: 0, element: 0 }
    }

    #[inline(always)]
    fn probe(&mut self, code: u8) -> Probe<'_, 'e> {
        Probe::new(&mut *self.rows, self.state.with_code(code))
    }

    /// After an entry or element.
    #[inline(always)]
    fn took(&mut self, state: State) {
        self.state = match self.mode {
            Mode::Entries => state,
            _ if state.is_left() => state,
            // The step stays the same until the subarray ends.
            _ => self.state.moved_to(state.pos()),
        };
    }

    #[inline(always)]
    fn field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<()> {
        let code = match (self.mode, self.rows.plan.get(self.state.at())) {
            (Mode::Entries, Some(planned)) => match planned.code_of(name) {
                Some(code) => Some(code),
                None => self.rows.learn_name(self.state.at(), name),
            },
            _ => None,
        };
        match code {
            Some(code) => match value.serialize(self.probe(code)) {
                Ok(state) => {
                    self.took(state);
                    Ok(())
                }
                Err(error) => Err(self.rows.fail(error.in_field(name), self.mode)),
            },
            None => {
                self.mode = self.rows.left_entries(self.mode, self.state)?;
                self.state = State::left();
                self.rows.encoder.field_name(name)?;
                match value.serialize(&mut *self.rows.encoder) {
                    Ok(()) => Ok(()),
                    Err(error) => Err(self.rows.fail(error.in_field(name), self.mode)),
                }
            }
        }
    }

    #[inline(always)]
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        let code = match (self.mode, self.rows.plan.get(self.state.at())) {
            (Mode::Scalars(code), _) if self.state.pos() < self.end && !self.state.is_left() => Some(code),
            (Mode::Blocks, _) if self.state.pos() < self.end && !self.state.is_left() => Some(code::OTHER),
            (Mode::Entries, Some(planned)) if planned.code() != code::END => Some(planned.code()),
            _ => None,
        };
        let written = match code {
            Some(code) => value.serialize(self.probe(code)).map(|state| self.took(state)),
            None => {
                self.mode = self.rows.left_entries(self.mode, self.state)?;
                self.state = State::left();
                value.serialize(&mut *self.rows.encoder)
            }
        };
        match written {
            Ok(()) => {
                self.element += 1;
                Ok(())
            }
            Err(error) => Err(self.rows.fail(error.in_element(self.element.into()), self.mode)),
        }
    }

    #[inline(always)]
    fn finish(self) -> Result<State> {
        let is_complete = match self.mode {
            Mode::Entries => self.rows.plan.get(self.state.at()).is_some_and(|planned| planned.code() == code::END),
            Mode::Scalars(_) | Mode::Blocks => self.state.pos() == self.end && !self.state.is_left(),
            Mode::Encoder => false,
        };
        if is_complete {
            let opened = if let Mode::Entries = self.mode { DEPTH } else { LEVEL };
            return Ok(self.state.after(0).closed(opened));
        }
        let Entries { rows, state, mode, .. } = self;
        rows.close_left(mode, state)
    }
}

impl Rows<'_> {
    /// Makes sure that the encoder has a map, tuple or list.
    #[cold]
    #[inline(never)]
    fn left_entries(&mut self, mode: Mode, state: State) -> Result<Mode> {
        if let Mode::Encoder = mode {
            return Ok(mode);
        }
        if !state.is_left() {
            self.leave(state, state.level() > 0)?;
        }
        let is_list = match mode {
            // The row's own are all that can be a tuple of steps.
            Mode::Entries => !self.is_map,
            _ => true,
        };
        self.left.push(LeftEntries { is_list, after: State::left(), key: KeyPlace::default(), variant: None });
        Ok(Mode::Encoder)
    }

    /// Ends what the encoder has.
    #[cold]
    #[inline(never)]
    fn close_left(&mut self, mode: Mode, state: State) -> Result<State> {
        self.left_entries(mode, state)?;
        let Some(left) = self.left.pop() else { return Ok(State::left()) };
        match left.is_list {
            true => self.encoder.close_list()?,
            false => self.encoder.close_map()?,
        }
        if left.variant.is_some() {
            self.encoder.close_map()?;
        }
        if !left.after.is_left() {
            self.close_leaf(left.after.depth());
        }
        Ok(left.after)
    }

    #[cold]
    #[inline(never)]
    fn fail(&mut self, error: Error, mode: Mode) -> Error {
        let variant = match mode {
            Mode::Encoder => self.left.last().and_then(|left| left.variant),
            _ => None,
        };
        let error = match variant {
            Some(variant) => error.in_field(variant),
            None => error,
        };
        self.encoder.poison(error)
    }
}

macro_rules! list {
    ($($trait:ident $method:ident,)*) => {$(
        impl ser::$trait for Entries<'_, '_> {
            type Ok = State;
            type Error = Error;

            #[inline(always)]
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
                self.element(value)
            }

            #[inline(always)]
            fn end(self) -> Result<State> {
                self.finish()
            }
        }
    )*};
}

list! {
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field,
}

macro_rules! structure {
    ($($trait:ident,)*) => {$(
        impl ser::$trait for Entries<'_, '_> {
            type Ok = State;
            type Error = Error;

            #[inline(always)]
            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<()> {
                self.field(name, value)
            }

            #[inline(always)]
            fn end(self) -> Result<State> {
                self.finish()
            }
        }
    )*};
}

structure! { SerializeStruct, SerializeStructVariant, }

impl ser::SerializeMap for Entries<'_, '_> {
    type Ok = State;
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<()> {
        if let Mode::Entries = self.mode {
            if self.element % 2 == 1 && !self.state.is_left() {
                return Err(self.rows.encoder.protocol("a map has a key without a value"));
            }
            self.element += 1;
            let is_next = self.rows.plan.get(self.state.at()).is_some_and(|planned| planned.code() != code::END);
            if is_next {
                return match key.serialize(self.probe(code::KEY)) {
                    Ok(state) => {
                        self.took(state);
                        Ok(())
                    }
                    Err(error) => Err(self.rows.fail(error, self.mode)),
                };
            }
        }
        self.mode = self.rows.left_entries(self.mode, self.state)?;
        self.state = State::left();
        self.rows.encoder.begin_key()?;
        let place = self.rows.encoder.key_place();
        if let Some(left) = self.rows.left.last_mut() {
            left.key = place;
        }
        match key.serialize(&mut *self.rows.encoder) {
            Ok(()) => Ok(()),
            Err(error) => Err(self.rows.fail(error, self.mode)),
        }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        let at = self.state.at();
        if let (Mode::Entries, false, false) = (self.mode, self.element % 2 == 1, self.state.is_left()) {
            return Err(self.rows.encoder.protocol("a map has a value without a key"));
        }
        self.element += 1;
        let step = self.rows.step(at);
        let planned = self.rows.plan.get(at).map(|planned| planned.code());
        if self.state.is_left() {
            self.mode = self.rows.left_entries(self.mode, self.state)?;
        }
        if let (Mode::Entries, Some(code)) = (self.mode, planned) {
            return match value.serialize(self.probe(code)) {
                Ok(state) => {
                    self.took(state);
                    Ok(())
                }
                Err(error) => {
                    let error = error.in_field(&self.rows.key_text(step));
                    Err(self.rows.fail(error, self.mode))
                }
            };
        }
        self.rows.encoder.begin_value()?;
        match value.serialize(&mut *self.rows.encoder) {
            Ok(()) => Ok(()),
            Err(error) => {
                let key = self.rows.left.last().map(|left| left.key).unwrap_or_default();
                let error = error.in_field(&self.rows.encoder.key_text(key));
                Err(self.rows.fail(error, self.mode))
            }
        }
    }

    fn end(self) -> Result<State> {
        if let (Mode::Entries, true, false) = (self.mode, self.element % 2 == 1, self.state.is_left()) {
            return Err(self.rows.encoder.protocol("a map has a key without a value"));
        }
        self.finish()
    }
}
