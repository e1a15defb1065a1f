//! What bytes seem to be, from the first of them: the one place that knows what other formats begin with.

use super::{MAGIC, payload_len};

/// Bytes looked at for a text header whose dtype has fields.
const LONGEST_TEXT_HEADER: usize = 1 << 16;
/// Characters of the name of a dtype without fields.
const LONGEST_DTYPE: usize = 64;
/// Characters by which text is told from other bytes.
const TEXT_SAMPLE: usize = 64;

/// What bytes seem to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    Empty,
    /// This format, as far as the bytes go.
    Ndwire,
    /// This format, after its first byte went through text: as U+FFFD, or as the character that Latin-1 has for it.
    NdwireAsText,
    Npy,
    Pickle,
    /// `dtype|d0,d1|` and bytes.
    TextHeader,
    Zip,
    Gzip,
    Zstd,
    Hdf5,
    Png,
    Jpeg,
    Safetensors,
    Zeros,
    Json,
    Text,
    /// Begins like a map or an array of MessagePack.
    MessagePack,
    /// Of exactly the length that a scalar, str, bin or ext of MessagePack begins with. Too little to be named after.
    MessagePackScalar,
    /// Two big-endian u32 whose product divides what follows, perhaps.
    TwoDims,
    Other,
}

impl Look {
    pub(crate) fn of(value: &[u8]) -> Look {
        let start = value.get(..TEXT_SAMPLE).unwrap_or(value);
        match value {
            [] => Look::Empty,
            _ if value.iter().zip(&MAGIC).all(|(found, expected)| found == expected) => Look::Ndwire,
            [0xEF, 0xBF, 0xBD, b'N', b'D', b'W', ..] | [0xC3, 0x81, b'N', b'D', b'W', 1, ..] => Look::NdwireAsText,
            [0x93, b'N', b'U', b'M', b'P', b'Y', ..] => Look::Npy,
            [0x80, 2..=5, ..] => Look::Pickle,
            _ if is_old_pickle(value) => Look::Pickle,
            _ if is_text_header(value) => Look::TextHeader,
            [b'P', b'K', 3, 4, ..] => Look::Zip,
            [0x1F, 0x8B, ..] => Look::Gzip,
            [0x28, 0xB5, 0x2F, 0xFD, ..] => Look::Zstd,
            [0x89, b'H', b'D', b'F', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Look::Hdf5,
            [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Look::Png,
            [0xFF, 0xD8, 0xFF, ..] => Look::Jpeg,
            // A text of one letter is also an integer of MessagePack: it is taken for text, which is refused, and not for a number.
            [byte] if byte.is_ascii() && is_text(start) => Look::Text,
            [0x80 | 0x90] => Look::MessagePack,
            _ if message_pack_len(value) == Some(value.len() as u64) => Look::MessagePackScalar,
            [first, _, _, _, 0, 0, 0, 0, b'{', ..]
                if !matches!(first, 0x81..=0x9F | 0xDC..=0xDF) || holds_safetensors_header(value) =>
            {
                Look::Safetensors
            }
            // Text of the scripts whose letters begin so (Syriac, Thaana) is hardly as long as it would promise.
            [0xDC | 0xDE, ..] if holds_what_it_promises(value) => Look::MessagePack,
            _ if start.iter().all(|&byte| byte == 0) => Look::Zeros,
            _ if is_text(start) => match start.trim_ascii_start() {
                [b'{' | b'[' | b'"', ..] => Look::Json,
                _ => Look::Text,
            },
            [0x81..=0x8F | 0x91..=0x9F | 0xDC..=0xDF, _, ..] => Look::MessagePack,
            _ if is_two_dims(value) => Look::TwoDims,
            _ => Look::Other,
        }
    }

    /// For messages: "found …".
    pub(crate) fn name(self) -> &'static str {
        match self {
            Look::Empty => "nothing",
            Look::Ndwire => "an ndwire value",
            Look::NdwireAsText => {
                "an ndwire value that was decoded as text on the way, which destroys it: ask the client for bytes \
                 (in Python: decode_responses=False)"
            }
            Look::Npy => "an npy file",
            Look::Pickle => "a pickle",
            Look::TextHeader => "an array with a text header",
            Look::Zip => "a zip archive (npz, perhaps)",
            Look::Gzip => "gzip data",
            Look::Zstd => "zstd data",
            Look::Hdf5 => "an HDF5 file",
            Look::Png => "a PNG image",
            Look::Jpeg => "a JPEG image",
            Look::Safetensors => "safetensors",
            Look::Zeros => "zeros (a range was written to a key that did not exist?)",
            Look::Json => "JSON or text",
            Look::Text => "text",
            Look::MessagePack => "MessagePack, perhaps",
            Look::MessagePackScalar | Look::TwoDims | Look::Other => "other bytes",
        }
    }
}

/// UTF-8 without control characters; its last character may be cut off.
fn is_text(start: &[u8]) -> bool {
    let is_control = |byte: &u8| byte.is_ascii_control() && !byte.is_ascii_whitespace();
    let is_utf8 = core::str::from_utf8(start).map_or_else(|error| error.error_len().is_none(), |_| true);
    is_utf8 && !start.iter().any(is_control)
}

/// Pickles of protocol 0 and 1, which have no mark of their own: by the commonest first instructions, and the stop at the end.
fn is_old_pickle(value: &[u8]) -> bool {
    let starts: [&[u8]; 9] =
        [b"(dp", b"(lp", b"(ip", b"(cn", b"}q\0", b"]q\0", b"ccopy_reg\n", b"cnumpy", b"c__builtin__\n"];
    value.ends_with(b".") && starts.iter().any(|start| value.starts_with(start))
}

/// A dtype as NumPy prints it, then `|`, dims with commas between them, and `|`.
fn is_text_header(value: &[u8]) -> bool {
    if value.starts_with(b"[(") || value.starts_with(b"{'") {
        // Where it ends tells the one who reads it as Python does; a name of a field may have a bar in it.
        let window = value.get(..LONGEST_TEXT_HEADER).unwrap_or(value);
        return (0..window.len()).any(|at| begins_with_dims(window.get(at..).unwrap_or_default()));
    }
    let (order, rest) = match value {
        [b'<' | b'>' | b'=' | b'|', rest @ ..] => (true, rest),
        _ => (false, value),
    };
    let window = rest.get(..LONGEST_DTYPE).unwrap_or(rest);
    let Some(end) = window.iter().position(|&byte| byte == b'|') else {
        return false;
    };
    let Some((name, dims)) = rest.split_at_checked(end) else {
        return false;
    };
    is_like_dtype(name, order) && begins_with_dims(dims)
}

/// `|`, digits and commas, `|`.
fn begins_with_dims(bytes: &[u8]) -> bool {
    let Some((b'|', rest)) = bytes.split_first() else {
        return false;
    };
    let after = rest.iter().find(|byte| !byte.is_ascii_digit() && **byte != b',');
    after == Some(&b'|')
}

/// The name of a dtype, whether there is such a dtype or not.
fn is_like_dtype(name: &[u8], order: bool) -> bool {
    let unit = name.iter().position(|&byte| byte == b'[').unwrap_or(name.len());
    let name = match name.split_at_checked(unit) {
        Some((name, [])) => name,
        Some((name, [b'[', unit @ .., b']'])) if unit.iter().all(u8::is_ascii_alphanumeric) => name,
        _ => return false,
    };
    if name.starts_with(b"float8_") {
        return true;
    }
    let digits = name.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let (stem, digits) = name.split_at(name.len() - digits);
    match stem {
        [b'b' | b'i' | b'u' | b'f' | b'c' | b'm' | b'M' | b'S' | b'U' | b'V' | b'O' | b'a'] => {
            order || !digits.is_empty()
        }
        b"?" => true,
        b"bool" | b"int" | b"uint" | b"float" | b"complex" | b"bfloat" | b"datetime" | b"timedelta" | b"object"
        | b"str" | b"bytes" | b"void" | b"longdouble" | b"clongdouble" => true,
        _ => false,
    }
}

/// Bytes that a scalar, str, bin or ext of MessagePack takes, by its first bytes.
fn message_pack_len(value: &[u8]) -> Option<u64> {
    let (&first, rest) = value.split_first()?;
    let len = |bytes: usize| {
        let number = rest.get(..bytes)?.iter().fold(0, |number: u64, &byte| number << 8 | u64::from(byte));
        number.checked_add(1 + bytes as u64)
    };
    Some(match first {
        0x00..=0x7F | 0xC0 | 0xC2 | 0xC3 | 0xE0..=0xFF => 1,
        0xA0..=0xBF => 1 + u64::from(first & 0x1F),
        0xC4 | 0xD9 => len(1)?,
        0xC5 | 0xDA => len(2)?,
        0xC6 | 0xDB => len(4)?,
        0xC7 => 1 + len(1)?,
        0xC8 => 1 + len(2)?,
        0xC9 => 1 + len(4)?,
        0xCC | 0xD0 => 2,
        0xCD | 0xD1 | 0xD4 => 3,
        0xD5 => 4,
        0xCA | 0xCE | 0xD2 => 5,
        0xD6 => 6,
        0xCB | 0xCF | 0xD3 => 9,
        0xD7 => 10,
        0xD8 => 18,
        _ => return None,
    })
}

/// Whether behind an array or map of MessagePack, its length in 16 bits, is a byte for each of its values.
fn holds_what_it_promises(value: &[u8]) -> bool {
    let [first, high, low, rest @ ..] = value else {
        return false;
    };
    let len = usize::from(*high) << 8 | usize::from(*low);
    rest.len() >= if *first == 0xDE { 2 * len } else { len }
}

/// Whether the header of safetensors is whole: as long as it says, its brace closed. Its length may begin as MessagePack does.
fn holds_safetensors_header(value: &[u8]) -> bool {
    value.split_first_chunk().is_some_and(|(len, rest)| {
        let header = usize::try_from(u64::from_le_bytes(*len)).ok().and_then(|len| rest.get(..len));
        header.is_some_and(|header| header.trim_ascii_end().ends_with(b"}"))
    })
}

/// Whether elements of 1, 2, 4, 8 or 16 bytes could follow two big-endian dims, neither of them 0.
fn is_two_dims(value: &[u8]) -> bool {
    let Some(([a0, a1, a2, a3, b0, b1, b2, b3], payload)) = value.split_first_chunk() else {
        return false;
    };
    let number = |bytes: [&u8; 4]| bytes.iter().fold(0u64, |number, &&byte| number << 8 | u64::from(byte));
    let sizes = [number([a0, a1, a2, a3]), number([b0, b1, b2, b3])];
    !sizes.contains(&0)
        && [1, 2, 4, 8, 16].iter().any(|&size| payload_len(sizes.into_iter(), size) == Ok(payload.len() as u64))
}

#[cfg(test)]
mod tests {
    use alloc::vec;
    use alloc::vec::Vec;

    use super::Look;

    #[test]
    fn looks() {
        // Lists of numbers from 35 on, and a map of such.
        let ages = |head: &[u8; 3], values: usize| -> Vec<u8> {
            head.iter().copied().chain((35..100).cycle().take(values)).collect()
        };
        let (list, map) = (ages(b"\xDC\x80\x41", 0x8041), ages(b"\xDE\x80\x41", 2 * 0x8041));
        // Their lengths begin as an array of MessagePack does.
        let safetensors =
            |len: u16| [&len.to_le_bytes()[..], &[0; 6], b"{", &vec![b' '; usize::from(len) - 2], b"}\x07"].concat();
        let (short, long) = (safetensors(0x98), safetensors(0x1DC));
        let table: [(&[u8], Look); 73] = [
            (b"", Look::Empty),
            (b"\xC1", Look::Ndwire),
            (b"\xC1NDW\x01", Look::Ndwire),
            (b"\xC1NDX", Look::Other),
            (b"\xEF\xBF\xBDNDW\x01\0\0\0", Look::NdwireAsText),
            (b"\xC3\x81NDW\x01\0\0\0", Look::NdwireAsText),
            (b"\xC3\x81NDWICH", Look::Text),
            (b"\x93NUMPY\x01\x00", Look::Npy),
            (b"\x93NUMP", Look::MessagePack),
            (b"\x80\x04\x95\x17", Look::Pickle),
            (b"\x80\x02N.", Look::Pickle),
            (b"\x80\x02", Look::Pickle),
            // An empty map of MessagePack and a byte after it.
            (b"\x80\x06", Look::Other),
            (b"h\xC3", Look::Text),
            (b"\x80", Look::MessagePack),
            (b"(lp0\nI1\naI2\na.", Look::Pickle),
            (b"cnumpy.core.multiarray\n_reconstruct\n.", Look::Pickle),
            (b"]q\x00(K\x01K\x02e.", Look::Pickle),
            (b"(lp0\nI1\na", Look::Text),
            (b"float32|2,3|\0\0\x80\x3F", Look::TextHeader),
            (b"float32||\0\0\x80\x3F", Look::TextHeader),
            (b">i4|2,3|", Look::TextHeader),
            (b"|S5|2,3|hello", Look::TextHeader),
            (b"<U3|2,2|", Look::TextHeader),
            (b"datetime64[ns]|2,2|", Look::TextHeader),
            (b"float8_e4m3fn|3|\0\0\0", Look::TextHeader),
            (b"?|1|\x01", Look::TextHeader),
            (b"[('x', '<i4'), ('y', '<f8')]|2|", Look::TextHeader),
            (b"{'names': ['a|2'], 'formats': ['i1']}|2|", Look::TextHeader),
            (b"float32|2,3", Look::Text),
            (b"float32|2,x|", Look::Text),
            (b"user|5|name", Look::Text),
            (b"f|5|name", Look::Text),
            (b"a||b", Look::Text),
            (b"||", Look::Text),
            (b"[\"a|1|\"]", Look::Json),
            (b"{\"a\": \"f4|1|\"}", Look::Json),
            (b"{'a': 1}", Look::Json),
            (b"PK\x03\x04", Look::Zip),
            (b"\x1F\x8B\x08\0", Look::Gzip),
            (b"\x28\xB5\x2F\xFD", Look::Zstd),
            (b"\x89HDF\r\n\x1A\n\0", Look::Hdf5),
            (b"\x89PNG\r\n\x1A\n\0", Look::Png),
            (b"\xFF\xD8\xFF\xE0", Look::Jpeg),
            (b"\x08\0\0\0\0\0\0\0{\"a\":1}", Look::Safetensors),
            (&short, Look::Safetensors),
            (&long, Look::Safetensors),
            (&short[..0x98 + 7], Look::MessagePack),
            (b"\x98\x01\x02\x03\0\0\0\0\x7B", Look::MessagePack),
            (b"\x81\xA1a\x97\0\0\0\0\x7B\x01\x02", Look::MessagePack),
            (b"\xDC\0\x10\x01\0\0\0\0\x7B\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0A", Look::MessagePack),
            (&list, Look::MessagePack),
            (&map, Look::MessagePack),
            (&list[..0x8043], Look::Text),
            ("ܐܒܓ".as_bytes(), Look::Text),
            (b"\0\0\0", Look::Zeros),
            (b"\0", Look::MessagePackScalar),
            (b"\x07", Look::MessagePackScalar),
            (b"\xFF", Look::MessagePackScalar),
            (b"7", Look::Text),
            (b"\n", Look::Text),
            (b"17", Look::Text),
            ("öffnen".as_bytes(), Look::Text),
            ("мир".as_bytes(), Look::Text),
            (b"\xA3abc", Look::MessagePackScalar),
            (b"\xA3abcd", Look::Other),
            (b"\xC2", Look::MessagePackScalar),
            (b"\xC4\x02\0\0", Look::MessagePackScalar),
            (b"\xCB\x3F\xF0\0\0\0\0\0\0", Look::MessagePackScalar),
            (b"\xD8\x05\0\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0A\x0B\x0C\x0D\x0E\x0F", Look::MessagePackScalar),
            (b"\x81\xA2id\x07", Look::MessagePack),
            (b"\0\0\0\x02\0\0\0\x01\x05\x06", Look::TwoDims),
            (b"\0\0\0\x02\0\0\0\x01\x05\x06\x07", Look::Other),
        ];
        for (bytes, look) in table {
            assert_eq!(Look::of(bytes), look, "{}", bytes.escape_ascii());
        }
    }
}
