//! An open map, tuple or block of a row that is expected to be like those before it.

use serde::ser::{self, Serialize};

use super::plan::{code, place};
use super::probe::Probe;
use super::rows::{LeftEntries, Rows};
use super::state::State;
use super::table::KeyPlace;
use crate::error::{Error, Result};

#[derive(Clone, Copy)]
pub(super) enum Mode {
    /// A map or tuple of steps.
    Entries,
    /// The scalars of a block, up to the position `end`.
    Scalars,
    /// The blocks of a block, up to the position `end`.
    Blocks,
}

/// An open map, tuple or block of a row, or the row.
pub(super) struct Entries<'s, 'e> {
    rows: &'s mut Rows<'e>,
    state: State,
    mode: Mode,
    end: usize,
    /// For errors only.
    element: u32,
}

impl<'s, 'e> Entries<'s, 'e> {
    #[inline(always)]
    pub(super) fn new(rows: &'s mut Rows<'e>, state: State, mode: Mode, end: usize) -> Self {
        Entries { rows, state, mode, end, element: 0 }
    }

    pub(super) fn of_encoder(rows: &'s mut Rows<'e>) -> Self {
        Self::new(rows, State::of_encoder(), Mode::Entries, 0)
    }

    #[inline(always)]
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        let state = self.state;
        let is_expected = match self.mode {
            Mode::Entries => self.rows.plan.has_step(state.at()),
            Mode::Scalars | Mode::Blocks => state.pos() < self.end && !state.is_left(),
        };
        if !is_expected {
            self.state = self.rows.other_element(state, self.mode, self.element, value)?;
        } else {
            match value.serialize(Probe::new(&mut *self.rows, state)) {
                Ok(after) => {
                    self.state = match self.mode {
                        _ if after.is_left() => self.rows.left_element(self.element)?,
                        Mode::Entries => after,
                        // The place stays the same until the block ends.
                        _ => state.moved_to(after.pos()),
                    }
                }
                Err(error) => return Err(self.rows.fail(error.in_element(self.element.into()), state)),
            }
        }
        self.element += 1;
        Ok(())
    }

    #[inline(always)]
    fn finish(self) -> Result<State> {
        let Entries { rows, state, mode, end, .. } = self;
        let is_complete = match mode {
            Mode::Entries => rows.plan.code(state.at()) == code::END,
            Mode::Scalars | Mode::Blocks => state.pos() == end && !state.is_left(),
        };
        match mode {
            _ if !is_complete => rows.close_left(state, mode),
            Mode::Entries => Ok(state.outside()),
            _ => Ok(state.outside_level(matches!(mode, Mode::Scalars))),
        }
    }
}

impl Rows<'_> {
    /// An element that is not expected. (Here and below, the state and mode are of the map, tuple or block.)
    #[cold]
    #[inline(never)]
    fn other_element<T: Serialize + ?Sized>(
        &mut self,
        state: State,
        mode: Mode,
        element: u32,
        value: &T,
    ) -> Result<State> {
        let state = self.leave_entries(state, mode)?;
        match value.serialize(&mut *self.encoder) {
            Ok(()) => Ok(state),
            Err(error) => Err(self.fail(error.in_element(element.into()), state)),
        }
    }

    /// After an element at which the row was handed over.
    #[cold]
    #[inline(never)]
    fn left_element(&mut self, element: u32) -> Result<State> {
        match self.failure.take() {
            Some(error) => Err(error.in_element(element.into())),
            None => Ok(State::left()),
        }
    }

    /// Returns what went wrong with the scalar before.
    pub(super) fn check_failure(&mut self) -> Result<()> {
        self.failure.take().map_or(Ok(()), Err)
    }

    /// Notes what went wrong with a scalar.
    pub(super) fn fail_at(&mut self, error: Error, state: State) {
        let is_in_map = state.level() == 0 && state.depth() > 0 && self.is_map && !state.is_name();
        let error = match is_in_map {
            true => error.in_field(&self.key_text(self.plan.step(state.at()))),
            false => error,
        };
        self.failure = Some(self.encoder.poison(error));
    }

    /// Makes sure that the encoder has a map, tuple or list.
    #[cold]
    #[inline(never)]
    pub(super) fn leave_entries(&mut self, state: State, mode: Mode) -> Result<State> {
        if state.is_of_encoder() {
            return Ok(state);
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
        Ok(State::of_encoder())
    }

    /// Ends what the encoder has.
    #[cold]
    #[inline(never)]
    pub(super) fn close_left(&mut self, state: State, mode: Mode) -> Result<State> {
        self.check_failure()?;
        self.leave_entries(state, mode)?;
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
    pub(super) fn fail_in_field(&mut self, error: Error, name: &'static str, state: State) -> Error {
        self.fail(error.in_field(name), state)
    }

    #[cold]
    #[inline(never)]
    fn fail(&mut self, error: Error, state: State) -> Error {
        let variant = match state.is_of_encoder() {
            true => self.left.last().and_then(|left| left.variant),
            false => None,
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

impl ser::SerializeMap for Entries<'_, '_> {
    type Ok = State;
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<()> {
        let state = self.state;
        if !state.is_left() {
            if !self.element.is_multiple_of(2) {
                return Err(self.rows.encoder.protocol("a map has a key without a value"));
            }
            self.element += 1;
            if self.rows.plan.has_step(state.at()) {
                self.rows.name_at = state.at();
                return match key.serialize(Probe::new(&mut *self.rows, state.with_at(place::NAME))) {
                    Ok(after) => {
                        if after.is_left() {
                            self.state = after;
                        }
                        self.rows.check_failure()
                    }
                    Err(error) => Err(self.rows.fail(error, state)),
                };
            }
        }
        self.state = self.rows.leave_entries(state, self.mode)?;
        self.rows.encoder.begin_key()?;
        let place = self.rows.encoder.key_place();
        if let Some(left) = self.rows.left.last_mut() {
            left.key = place;
        }
        match key.serialize(&mut *self.rows.encoder) {
            Ok(()) => Ok(()),
            Err(error) => Err(self.rows.fail(error, self.state)),
        }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        let state = self.state;
        if self.element.is_multiple_of(2) && !state.is_left() {
            return Err(self.rows.encoder.protocol("a map has a value without a key"));
        }
        self.element += 1;
        if !state.is_left() {
            let step = self.rows.plan.step(state.at());
            return match value.serialize(Probe::new(&mut *self.rows, state)) {
                Ok(state) => {
                    self.state = state;
                    self.rows.check_failure()
                }
                Err(error) => {
                    let error = error.in_field(&self.rows.key_text(step));
                    Err(self.rows.fail(error, state))
                }
            };
        }
        self.state = self.rows.leave_entries(state, self.mode)?;
        self.rows.encoder.begin_value()?;
        match value.serialize(&mut *self.rows.encoder) {
            Ok(()) => Ok(()),
            Err(error) => {
                let key = self.rows.left.last().map(|left| left.key).unwrap_or_default();
                let error = error.in_field(&self.rows.encoder.key_text(key));
                Err(self.rows.fail(error, self.state))
            }
        }
    }

    fn end(self) -> Result<State> {
        if !self.element.is_multiple_of(2) && !self.state.is_left() {
            return Err(self.rows.encoder.protocol("a map has a key without a value"));
        }
        self.finish()
    }
}
