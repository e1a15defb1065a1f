//! Maps of values.

use alloc::format;
use alloc::vec::Vec;

use super::ValueView;
use crate::error::{Error, ErrorKind, Result, printable};

/// A map: entries in their order, with keys of any kind.
///
/// ```
/// use ndwire::{Map, Value};
///
/// let map: Map = [("a".into(), 1.into()), ("b".into(), 2.into())].into_iter().collect();
/// assert_eq!(map.get("b")?, Some(&Value::from(2)));
/// # Ok::<(), ndwire::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Map<'a> {
    entries: Vec<(ValueView<'a>, ValueView<'a>)>,
}

impl<'a> Map<'a> {
    /// The value of a key that is a str.
    ///
    /// ```
    /// # use ndwire::Map;
    /// assert_eq!(Map::default().get("a")?, None);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// Of kind [`DuplicateField`](ErrorKind::DuplicateField) if the map has the key more than once: which one is meant cannot be known.
    pub fn get(&self, key: &str) -> Result<Option<&ValueView<'a>>> {
        let mut values = self.entries.iter().filter(|(found, _)| found.as_str() == Some(key)).map(|(_, value)| value);
        let first = values.next();
        match values.next() {
            None => Ok(first),
            Some(_) => {
                let message = format!("map has the key `{}` more than once", printable(key));
                Err(Error::new(ErrorKind::DuplicateField, message))
            }
        }
    }

    /// The entries in their order.
    ///
    /// ```
    /// # use ndwire::Map;
    /// assert!(Map::default().entries().is_empty());
    /// ```
    pub fn entries(&self) -> &[(ValueView<'a>, ValueView<'a>)] {
        &self.entries
    }

    /// The entries, to be changed.
    ///
    /// ```
    /// # use ndwire::Map;
    /// let mut map = Map::default();
    /// map.entries_mut().push(("a".into(), 1.into()));
    /// assert_eq!(map.entries().len(), 1);
    /// ```
    pub fn entries_mut(&mut self) -> &mut Vec<(ValueView<'a>, ValueView<'a>)> {
        &mut self.entries
    }

    /// Of keys and values in turn.
    pub(super) fn of_alternating(values: Vec<ValueView<'a>>) -> Self {
        let mut entries = Vec::with_capacity(values.len() / 2);
        let mut values = values.into_iter();
        while let (Some(key), Some(value)) = (values.next(), values.next()) {
            entries.push((key, value));
        }
        Map { entries }
    }

    pub(super) fn into_owned(self) -> Map<'static> {
        let entries = self.entries.into_iter().map(|(key, value)| (key.into_owned(), value.into_owned()));
        Map { entries: entries.collect() }
    }
}

impl<'a> From<Vec<(ValueView<'a>, ValueView<'a>)>> for Map<'a> {
    fn from(entries: Vec<(ValueView<'a>, ValueView<'a>)>) -> Self {
        Map { entries }
    }
}

impl<'a> FromIterator<(ValueView<'a>, ValueView<'a>)> for Map<'a> {
    fn from_iter<I: IntoIterator<Item = (ValueView<'a>, ValueView<'a>)>>(entries: I) -> Self {
        Map { entries: entries.into_iter().collect() }
    }
}
