//! Values of the format by their bytes, for tests that write these by hand.
#![allow(dead_code, reason = "not every crate that includes this file needs all of it")]

/// Bytes in hex; `61*256` is the byte 61 256 times.
pub(crate) fn hex(text: &str) -> Vec<u8> {
    let bytes = text.split_whitespace().flat_map(|word| {
        let (pair, times) = word.split_once('*').unwrap_or((word, "1"));
        let byte = u8::from_str_radix(pair, 16).unwrap_or_else(|_| panic!("{pair:?} is not a byte"));
        std::iter::repeat_n(byte, times.parse().unwrap_or_else(|_| panic!("{times:?} is not a number")))
    });
    bytes.collect()
}

/// A length or a count.
pub(crate) fn uv(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number > 0x7F {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

/// CRC-32C, bit by bit.
pub(crate) fn crc32c(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ (0x82F6_3B78 * (crc & 1)))
    })
}

/// This META behind the header that is right for it.
pub(crate) fn head(meta: &[u8]) -> Vec<u8> {
    let len = u32::try_from(meta.len()).expect("META has at most 4 GiB").to_le_bytes();
    let start = [&b"\xC1NDW\x01\0\0\0"[..], &len].concat();
    let checksum = crc32c(&[&start[..], meta].concat()).to_le_bytes();
    [&start[..], &checksum, meta].concat()
}

/// A payload behind what there is, at the next multiple of 16.
pub(crate) fn add_payload(value: &mut Vec<u8>, payload: &[u8]) {
    value.resize(value.len().next_multiple_of(16), 0);
    value.extend(payload);
}

/// The value with this META and DATA.
pub(crate) fn value(meta: &[u8], data: &[u8]) -> Vec<u8> {
    let mut value = head(meta);
    if !data.is_empty() {
        add_payload(&mut value, data);
    }
    value
}
