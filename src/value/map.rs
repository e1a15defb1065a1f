//! Maps of values.

use alloc::format;
use alloc::vec::Vec;

use super::Value;
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
pub struct Map {
    entries: Vec<(Value, Value)>,
}

impl Map {
    /// The value of a key that is a str.
    ///
    /// ```
    /// # use ndwire::Map;
    /// assert_eq!(Map::default().get("a")?, None);
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// Of kind [`DuplicateField`](ErrorKind::DuplicateField) if the key stands there more than once: which one is meant cannot be known.
    pub fn get(&self, key: &str) -> Result<Option<&Value>> {
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
    pub fn entries(&self) -> &[(Value, Value)] {
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
    pub fn entries_mut(&mut self) -> &mut Vec<(Value, Value)> {
        &mut self.entries
    }
}

impl FromIterator<(Value, Value)> for Map {
    fn from_iter<I: IntoIterator<Item = (Value, Value)>>(entries: I) -> Self {
        Map { entries: entries.into_iter().collect() }
    }
}
