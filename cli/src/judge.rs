//! What is to become of a value, from its bytes alone.

use ndwire::foreign::Encoding;
use ndwire::{Layout, Value};

use crate::{same, show};

/// Which encodings become which one.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) from: Vec<Encoding>,
    pub(crate) to: Encoding,
}

/// What is to become of a value.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is what it shall be.
    Already,
    /// It is to be replaced by these bytes.
    Convert { from: Encoding, new: Vec<u8> },
    /// It is of an encoding that is to stay.
    NotNamed(Encoding),
    /// It is of an encoding that is to be rewritten, and holds no array: of MessagePack, NumPy scalars only.
    NoArray(Encoding),
    /// It should be rewritten, and cannot be.
    Refused(Encoding, String),
    /// It is no encoding of arrays that is known, but this.
    Other(String),
}

/// Bytes of the header of an ndwire value.
pub(crate) const HEADER: usize = 16;

/// Whether this begins an ndwire value.
pub(crate) fn is_ndwire(start: &[u8]) -> bool {
    start.get(..HEADER).is_some_and(|header| Layout::needed(header).is_ok())
}

impl Plan {
    /// What is to become of these bytes.
    pub(crate) fn judge(&self, old: &[u8]) -> Verdict {
        match Encoding::detect_arrays(old) {
            Ok(found) if found == self.to => Verdict::Already,
            Ok(found) if self.from.contains(&found) => match found.decode::<Value>(old) {
                Ok(value) => self.convert(found, old, &value),
                Err(error) => Verdict::Refused(found, show::unreadable(&error)),
            },
            Ok(found) => Verdict::NotNamed(found),
            // Only here: taken for two dims, the beginning of any other encoding is a thousand million rows or more.
            Err(error) => self.dims_header(old).unwrap_or_else(|| Verdict::Other(error.to_string())),
        }
    }

    /// Two dims and bytes, if `--from` names a dtype with which the length is exactly right.
    fn dims_header(&self, old: &[u8]) -> Option<Verdict> {
        let encoding = *self.from.iter().find(|encoding| match encoding {
            Encoding::DimsHeader(dtype) => dims_header_len(old, dtype.dtype.size()) == Some(old.len() as u64),
            _ => false,
        })?;
        if old.len() <= DIMS {
            // Dims of which both are small: what begins with the mark of something else is that.
            let plausible = old.chunks_exact(4).all(|dim| dim.starts_with(&[0]));
            let why = "8 bytes may be a number as well as two dims without elements: write it anew, or leave it";
            return plausible.then(|| Verdict::Refused(encoding, why.to_string()));
        }
        Some(match encoding.decode::<Value>(old) {
            Ok(value) => self.convert(encoding, old, &value),
            Err(error) => Verdict::Refused(encoding, show::unreadable(&error)),
        })
    }

    fn convert(&self, from: Encoding, old: &[u8], value: &Value) -> Verdict {
        let converted = (|| {
            let why = |error: ndwire::Error| show::unreadable(&error);
            let plain = ndwire::to_vec(value).map_err(why)?;
            let layout = Layout::of(&plain).map_err(why)?;
            if !layout.entries().any(|entry| matches!(entry.kind(), "array" | "rows")) {
                return match from != Encoding::Ndwire && holds_maps(&layout) {
                    true => Err(NO_TABLE.to_string()),
                    false => Ok(Verdict::NoArray(from)),
                };
            }
            let new = self.to.encode(value).map_err(why)?;
            let again = self.to.decode::<Value>(&new);
            let again = again.map_err(|error| format!("the new bytes cannot be read: {}", why(error)))?;
            let again = ndwire::to_vec(&again).map_err(why)?;
            same::values(&plain, &again).map_err(|path| format!("the new bytes would read otherwise{path}"))?;
            if old.len() as u64 + new.len() as u64 > TOGETHER {
                return Err(
                    "old and new value are too long for one command: over 1,000,000,000 bytes together".to_string()
                );
            }
            Ok(Verdict::Convert { from, new })
        })();
        converted.unwrap_or_else(|why| Verdict::Refused(from, why))
    }
}

/// Whether there is a list of maps: as such a structured array is read that no table can hold.
fn holds_maps(layout: &Layout<'_>) -> bool {
    let mut before = "";
    layout.entries().any(|entry| {
        let kind = entry.kind();
        (std::mem::replace(&mut before, kind), kind) == ("list", "map")
    })
}

const NO_TABLE: &str =
    "structured array that no table can hold would lose its dtypes, as a list of maps: write its fields as arrays";

/// Bytes of the two dims.
const DIMS: usize = 8;

/// Bytes that a server takes of a client before it closes the connection are 1 GiB, if nobody has set it otherwise
/// (`client-query-buffer-limit`).
const TOGETHER: u64 = 1_000_000_000;

/// How long a value with this header would be.
fn dims_header_len(bytes: &[u8], element: usize) -> Option<u64> {
    let dim = |at: usize| Some(u64::from(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?)));
    dim(0)?.checked_mul(dim(4)?)?.checked_mul(element as u64)?.checked_add(DIMS as u64)
}
