//! What a reader allows, below what the format allows.

/// How much a reader accepts. The defaults are the limits of the format; an application that knows its values sets lower ones.
///
/// ```
/// use ndwire::{from_slice_with, to_vec, ErrorKind, Limits};
///
/// let bytes = to_vec(&vec![vec![vec![1u8]]])?;
/// let limits = Limits { depth: 2, ..Limits::default() };
/// let error = from_slice_with::<Vec<Vec<Vec<u8>>>>(&bytes, limits).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::LimitExceeded);
/// # Ok::<(), ndwire::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Nesting of lists, maps and arrays (section 6.2 of the specification). At most 128 has an effect.
    pub depth: usize,
    /// Bytes of metadata: names, small values, everything but large payloads. Default 4 GiB - 1.
    pub meta_len: u32,
    /// Bytes of the whole value. Default 512 MiB, what Redis allows a string to have.
    pub value_len: u64,
}

impl Limits {
    /// The defaults, as a constant.
    ///
    /// ```
    /// assert_eq!(ndwire::Limits::DEFAULT, ndwire::Limits::default());
    /// ```
    pub const DEFAULT: Limits = Limits { depth: crate::wire::DEPTH_LIMIT, meta_len: u32::MAX, value_len: 512 << 20 };
}

impl Default for Limits {
    fn default() -> Self {
        Limits::DEFAULT
    }
}
