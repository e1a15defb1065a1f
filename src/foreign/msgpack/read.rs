//! Documents to values, borrowed from them.

use alloc::format;
use alloc::vec::Vec;

use rmp::Marker;
use rmp::decode::{self, Bytes};

use crate::error::{Error, ErrorKind, Result};
use crate::value::{List, Map, ValueView};
use crate::wire::DEPTH_LIMIT;

/// Elements for which room is made before they are there: one byte becomes a value of many. When so many are there, room is made for
/// all that are promised, so that a list does not grow, and for a while stand there twice.
const FIRST_RESERVATION: usize = 256;

/// The value of a whole document.
pub(in crate::foreign) fn read(bytes: &[u8]) -> Result<ValueView<'_>> {
    let mut document = Document { bytes, at: 0, owed: 0, depth: 0, search: None };
    let value = document.value()?;
    match bytes.len() - document.at {
        0 => Ok(value),
        left => Err(document.error(ErrorKind::TrailingBytes, format!("{left} bytes are left over after the document"))),
    }
}

/// Whether there is an array in a document, be it whole or not, and the array one that can be held or not.
pub(in crate::foreign) fn has_array(bytes: &[u8]) -> bool {
    let mut document = Document { bytes, at: 0, owed: 0, depth: 0, search: Some(false) };
    // What follows on an error cannot be told.
    let _ = document.value();
    document.search == Some(true)
}

struct Document<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Values that open arrays and maps still promise; each takes at least one byte.
    owed: usize,
    /// Arrays and maps around the next value.
    depth: usize,
    /// Whether an array has been found, where one is looked for: extensions, and arrays that cannot be held, are no errors then.
    search: Option<bool>,
}

impl<'a> Document<'a> {
    fn error(&self, kind: ErrorKind, message: impl Into<alloc::borrow::Cow<'static, str>>) -> Error {
        Error::at(self.at as u64, kind, message)
    }

    /// What is left and not owed to others.
    fn free(&self) -> &'a [u8] {
        let end = self.bytes.len().saturating_sub(self.owed);
        self.bytes.get(self.at..end).unwrap_or_default()
    }

    /// So many bytes.
    fn take(&mut self, len: u32) -> Result<&'a [u8]> {
        let free = self.free();
        let taken = usize::try_from(len).ok().and_then(|len| free.get(..len));
        let taken = taken.ok_or_else(|| {
            self.error(ErrorKind::Truncated, format!("document is truncated: needed {len} bytes, {} left", free.len()))
        })?;
        self.at += taken.len();
        Ok(taken)
    }

    /// What a function of the library reads from here on: a number, or the length of something.
    fn number<T, E>(&mut self, read: impl FnOnce(&mut Bytes<'a>) -> core::result::Result<T, E>) -> Result<T> {
        let mut rest = Bytes::new(self.free());
        // The marker is known to be right, so that only the end of the bytes can stand in the way.
        let number = read(&mut rest).map_err(|_| {
            let message =
                format!("document is truncated: a number or length is cut off, {} bytes left", self.free().len());
            self.error(ErrorKind::Truncated, message)
        })?;
        self.at = self.bytes.len() - self.owed - rest.remaining_slice().len();
        Ok(number)
    }

    /// Goes inside of something that promises so many values.
    fn open(&mut self, values: u64) -> Result<usize> {
        if self.depth == DEPTH_LIMIT {
            return Err(self.error(ErrorKind::TooDeep, format!("document is nested deeper than {DEPTH_LIMIT} levels")));
        }
        let free = self.free().len();
        match usize::try_from(values) {
            Ok(values) if values <= free => {
                self.depth += 1;
                self.owed += values;
                Ok(values)
            }
            _ => {
                let message = format!("document is truncated: {values} values promised, {free} bytes left for them");
                Err(self.error(ErrorKind::Truncated, message))
            }
        }
    }

    /// The next of the values that are owed.
    fn next(&mut self) -> Result<ValueView<'a>> {
        self.owed -= 1;
        self.value()
    }

    fn value(&mut self) -> Result<ValueView<'a>> {
        let start = self.at;
        let Some(&byte) = self.free().first() else {
            return Err(self.error(ErrorKind::Truncated, "document is truncated: a value is missing"));
        };
        Ok(match Marker::from_u8(byte) {
            Marker::Null => self.skip_marker(ValueView::Nil),
            Marker::False => self.skip_marker(ValueView::Bool(false)),
            Marker::True => self.skip_marker(ValueView::Bool(true)),
            Marker::FixPos(_)
            | Marker::FixNeg(_)
            | Marker::U8
            | Marker::U16
            | Marker::U32
            | Marker::U64
            | Marker::I8
            | Marker::I16
            | Marker::I32
            | Marker::I64 => ValueView::Int(self.number(decode::read_int)?),
            Marker::F32 => ValueView::F32(self.number(decode::read_f32)?),
            Marker::F64 => ValueView::F64(self.number(decode::read_f64)?),
            Marker::FixStr(_) | Marker::Str8 | Marker::Str16 | Marker::Str32 => {
                let len = self.number(decode::read_str_len)?;
                let text = self.take(len)?;
                // Before there was a type for bytes they were written as str.
                core::str::from_utf8(text).map_or(ValueView::Bytes(text.into()), |text| ValueView::Str(text.into()))
            }
            Marker::Bin8 | Marker::Bin16 | Marker::Bin32 => {
                let len = self.number(decode::read_bin_len)?;
                ValueView::Bytes(self.take(len)?.into())
            }
            Marker::FixArray(_) | Marker::Array16 | Marker::Array32 => {
                let len = self.number(decode::read_array_len)?;
                self.list(len)?
            }
            Marker::FixMap(_) | Marker::Map16 | Marker::Map32 => {
                let len = self.number(decode::read_map_len)?;
                self.map(len, start)?
            }
            Marker::FixExt1
            | Marker::FixExt2
            | Marker::FixExt4
            | Marker::FixExt8
            | Marker::FixExt16
            | Marker::Ext8
            | Marker::Ext16
            | Marker::Ext32 => {
                let decode::ExtMeta { typeid: number, size } = self.number(decode::read_ext_meta)?;
                if self.search.is_some() {
                    return self.take(size).map(|bytes| ValueView::Bytes(bytes.into()));
                }
                let which = if number == -1 { " (a timestamp)" } else { "" };
                let message =
                    format!("extension type {number} of MessagePack{which} is not read: write a number or a text");
                return Err(Error::at(start as u64, ErrorKind::Unsupported, message));
            }
            Marker::Reserved => return Err(self.error(ErrorKind::Malformed, "C1 is never used in MessagePack")),
        })
    }

    fn skip_marker(&mut self, value: ValueView<'a>) -> ValueView<'a> {
        self.at += 1;
        value
    }

    fn list(&mut self, len: u32) -> Result<ValueView<'a>> {
        let len = self.open(len.into())?;
        let mut values = Vec::with_capacity(len.min(FIRST_RESERVATION));
        for index in 0..len {
            if index == FIRST_RESERVATION {
                values.reserve_exact(len - index);
            }
            values.push(self.next().map_err(|error| error.in_element(index as u64))?);
        }
        self.depth -= 1;
        Ok(List::plain(values).into())
    }

    fn map(&mut self, len: u32, start: usize) -> Result<ValueView<'a>> {
        let len = self.open(u64::from(len) << 1)? / 2;
        let mut entries = Vec::with_capacity(len.min(FIRST_RESERVATION));
        let read = self.entries(len, &mut entries);
        if self.search.is_some() {
            let is_array = match read {
                Ok(()) => !matches!(super::array::of_map(&entries), Ok(None)),
                Err(_) => super::array::begins(&entries),
            };
            self.search = self.search.map(|found| found || is_array);
            self.depth -= 1;
            return read.map(|()| ValueView::Nil);
        }
        read?;
        self.depth -= 1;
        match super::array::of_map(&entries).map_err(|error| error.or_at(start as u64))? {
            Some(array) => Ok(array),
            None => Ok(Map::from(entries).into()),
        }
    }

    fn entries(&mut self, len: usize, entries: &mut Vec<(ValueView<'a>, ValueView<'a>)>) -> Result<()> {
        for index in 0..len {
            if index == FIRST_RESERVATION {
                entries.reserve_exact(len - index);
            }
            let key = self.next()?;
            let value = self.next().map_err(|error| super::array::in_key(error, &key))?;
            entries.push((key, value));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn depth() {
        let nested = |depth: usize| [&[0x91].repeat(depth)[..], &[0xC0]].concat();
        assert!(read(&nested(128)).is_ok());
        let error = read(&nested(129)).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (ErrorKind::TooDeep, Some(129)));
        assert!(error.to_string().ends_with("[0]: document is nested deeper than 128 levels, at byte 129"));
        assert_eq!(read(&[0x91].repeat(1_000_000)).unwrap_err().kind(), ErrorKind::TooDeep);
        assert_eq!(read(&[0x81].repeat(1_000_000)).unwrap_err().kind(), ErrorKind::TooDeep);
    }

    #[test]
    fn lists_longer_than_the_first_room_are_whole() {
        let list = [&[0xDC, 0x04, 0x00][..], &[7].repeat(1024)].concat();
        let ValueView::List(mut values) = read(&list).unwrap() else { panic!("a list") };
        assert_eq!((values.len(), values.to_mut().capacity()), (1024, 1024));
        let map = [&[0xDE, 0x04, 0x00][..], &[7].repeat(2048)].concat();
        let ValueView::Map(mut map) = read(&map).unwrap() else { panic!("a map") };
        assert_eq!((map.entries().len(), map.entries_mut().capacity()), (1024, 1024));
    }

    /// What a promise may cost: a list of nils takes a value for each byte.
    #[test]
    fn a_value_is_not_larger_than_it_was_measured_to_be() {
        assert!(size_of::<ValueView<'_>>() <= 96, "{}", size_of::<ValueView<'_>>());
    }
}
