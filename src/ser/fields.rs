//! An open struct of a row that is expected to be like those before it.

use serde::ser::{self, Serialize};

use super::entries::Mode;
use super::plan::code;
use super::probe::Probe;
use super::rows::Rows;
use super::state::State;
use crate::error::{Error, Result};

/// A map of a row, or the row, whose keys are fields.
pub(super) struct Fields<'s, 'e> {
    rows: &'s mut Rows<'e>,
    state: State,
}

impl<'s, 'e> Fields<'s, 'e> {
    #[inline(always)]
    pub(super) fn new(rows: &'s mut Rows<'e>, state: State) -> Self {
        Fields { rows, state }
    }

    pub(super) fn of_encoder(rows: &'s mut Rows<'e>) -> Self {
        Self::new(rows, State::of_encoder())
    }

    #[inline(always)]
    fn field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<()> {
        let state = self.state;
        self.state = match self.rows.plan.is_named(state.at(), name) {
            true => match value.serialize(Probe::new(&mut *self.rows, state)) {
                Ok(state) => state,
                Err(error) => return Err(self.rows.fail_in_field(error, name, state)),
            },
            false => self.rows.other_field(state, name, value)?,
        };
        Ok(())
    }

    #[inline(always)]
    fn finish(self) -> Result<State> {
        match self.rows.plan.code(self.state.at()) == code::END {
            true => Ok(self.state.outside()),
            false => self.rows.close_left(self.state, Mode::Entries),
        }
    }
}

impl Rows<'_> {
    /// A field that is not known to be the next one. The state is of the struct.
    #[cold]
    #[inline(never)]
    fn other_field<T: Serialize + ?Sized>(&mut self, state: State, name: &'static str, value: &T) -> Result<State> {
        self.check_failure()?;
        if self.has_name(state.at(), name) {
            self.plan.learn_name(state.at(), name);
            return match value.serialize(Probe::new(&mut *self, state)) {
                Ok(state) => Ok(state),
                Err(error) => Err(self.fail_in_field(error, name, state)),
            };
        }
        let state = self.leave_entries(state, Mode::Entries)?;
        self.encoder.field_name(name)?;
        match value.serialize(&mut *self.encoder) {
            Ok(()) => Ok(state),
            Err(error) => Err(self.fail_in_field(error, name, state)),
        }
    }
}

macro_rules! fields {
    ($($trait:ident,)*) => {$(
        impl ser::$trait for Fields<'_, '_> {
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

fields! { SerializeStruct, SerializeStructVariant, }
