//! The first 16 bytes.

use alloc::format;

use super::look::Look;
use super::{HEADER_LEN, MAGIC, VERSION};
use crate::checksum::{crc32c, from_table};
use crate::error::{Error, ErrorKind, Result};

/// A header whose checks (R1) have passed, the checksum included.
pub(crate) struct Header {
    /// Where META ends, counted from the start of the value.
    pub(crate) meta_end: usize,
}

impl Header {
    /// Checks magic, version, flags, reserved bytes, length and checksum, in this order.
    pub(crate) fn parse(value: &[u8]) -> Result<Header> {
        let meta_len = meta_len(value)?;
        let Some(meta_end) = needed_for_head(meta_len) else {
            return Err(Error::at(
                8,
                ErrorKind::TooLarge,
                format!("metadata of {meta_len} bytes exceeds this machine's memory"),
            ));
        };
        let Some(head) = value.get(..meta_end) else {
            let message = format!("metadata is truncated: needed {meta_len} bytes, {} left", value.len() - HEADER_LEN);
            return Err(Error::at(HEADER_LEN as u64, ErrorKind::Truncated, message));
        };
        let (header, meta) = head.split_at(HEADER_LEN);
        if header[12..] != checksum(meta_len, meta).to_le_bytes() {
            let message = "checksum of header and metadata does not match: they were changed after they were written";
            return Err(Error::at(12, ErrorKind::ChecksumMismatch, message));
        }
        Ok(Header { meta_end })
    }
}

/// The length of META from the header's first 12 bytes, after the checks that need no more than the header.
pub(crate) fn meta_len(value: &[u8]) -> Result<u32> {
    let header = match value.first_chunk::<HEADER_LEN>() {
        Some(header) if header.starts_with(&MAGIC) => header,
        _ => return Err(no_header(value)),
    };
    let [_, _, _, _, version, flags, reserved0, reserved1, l0, l1, l2, l3, ..] = *header;
    if version != VERSION {
        let by = if version > VERSION { "written by a newer format" } else { "no such format version" };
        let message = format!("{by}: found version {version}, expected {VERSION}");
        return Err(Error::at(4, ErrorKind::UnsupportedVersion, message));
    }
    if flags != 0 {
        let message = format!("must-understand flag unknown to version {VERSION}: bit {}", flags.trailing_zeros());
        return Err(Error::at(5, ErrorKind::UnsupportedFlags, message));
    }
    if [reserved0, reserved1] != [0, 0] {
        return Err(Error::at(6, ErrorKind::Malformed, "reserved header bytes are not zero"));
    }
    Ok(u32::from_le_bytes([l0, l1, l2, l3]))
}

/// Why the bytes have no header: they are too few, or of something else.
#[cold]
fn no_header(value: &[u8]) -> Error {
    let agreeing = value.iter().zip(&MAGIC).take_while(|(found, expected)| found == expected).count();
    if agreeing < MAGIC.len() && agreeing < value.len() {
        return Error::at(0, ErrorKind::NotNdwire, format!("not an ndwire value: found {}", Look::of(value).name()));
    }
    let what = if value.is_empty() { "value is empty" } else { "header is truncated" };
    let message = format!("{what}: needed {HEADER_LEN} bytes, {} left", value.len());
    Error::at(0, ErrorKind::Truncated, message)
}

/// Bytes of header and META together, unless this machine cannot count them.
pub(crate) fn needed_for_head(meta_len: u32) -> Option<usize> {
    usize::try_from(meta_len).ok()?.checked_add(HEADER_LEN)
}

/// The header of this META.
pub(crate) fn write_header(meta: &[u8]) -> Result<[u8; HEADER_LEN]> {
    let Ok(meta_len) = u32::try_from(meta.len()) else {
        let message = format!("metadata of {} bytes exceeds the limit of {}", meta.len(), u32::MAX);
        return Err(Error::new(ErrorKind::TooLarge, message));
    };
    let mut header = [0; HEADER_LEN];
    header[..4].copy_from_slice(&MAGIC);
    header[4] = VERSION;
    header[8..12].copy_from_slice(&meta_len.to_le_bytes());
    header[12..].copy_from_slice(&checksum(meta_len, meta).to_le_bytes());
    Ok(header)
}

/// CRC-32C of the header's first 12 bytes and META. All but four of the twelve are the same in every value of this version.
fn checksum(meta_len: u32, meta: &[u8]) -> u32 {
    const FIXED: u32 = from_table(0, &[MAGIC[0], MAGIC[1], MAGIC[2], MAGIC[3], VERSION, 0, 0, 0]);
    crc32c(from_table(FIXED, &meta_len.to_le_bytes()), meta)
}
