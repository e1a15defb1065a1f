//! CRC-32C (Castagnoli), as in RFC 3720: by the processor's instruction under `std`, else from a table.

/// The checksum of `bytes`, continued from `crc`, the checksum of what came before (0 at the start).
pub(crate) fn crc32c(crc: u32, bytes: &[u8]) -> u32 {
    // The head of an array alone: the call would cost more than the work.
    #[cfg(feature = "std")]
    if bytes.len() > 16 {
        return ::crc32c::crc32c_append(crc, bytes);
    }
    from_table(crc, bytes)
}

/// [`crc32c`] without the processor's help: for a handful of bytes it is as fast, and it can be evaluated by the compiler.
pub(crate) const fn from_table(crc: u32, bytes: &[u8]) -> u32 {
    let mut crc = !crc;
    let mut index = 0;
    while index < bytes.len() {
        crc = TABLE[(crc.to_le_bytes()[0] ^ bytes[index]) as usize] ^ (crc >> 8);
        index += 1;
    }
    !crc
}

static TABLE: [u32; 256] = {
    // The reflected polynomial 1EDC6F41.
    const POLYNOMIAL: u32 = 0x82F6_3B78;
    let mut table = [0; 256];
    let mut byte = 0u32;
    while byte < 256 {
        let mut crc = byte;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ POLYNOMIAL } else { crc >> 1 };
            bit += 1;
        }
        table[byte as usize] = crc;
        byte += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::{crc32c, from_table};

    #[test]
    fn lengths_on_both_sides_of_the_call_agree() {
        let bytes: [u8; 40] = core::array::from_fn(|i| (i as u8).wrapping_mul(7));
        for len in 0..40 {
            assert_eq!(crc32c(1, &bytes[..len]), from_table(1, &bytes[..len]), "{len}");
        }
    }

    #[test]
    fn both_ways_give_the_check_value() {
        assert_eq!(crc32c(crc32c(0, b""), b"123456789"), 0xE306_9283);
        assert_eq!(from_table(0, b"123456789"), 0xE306_9283);
        assert_eq!(from_table(from_table(0, b"1234"), b"56789"), 0xE306_9283);
    }
}
