//! How names and numbers are printed: on one line, bounded, and never what is in a value.

use ndwire::foreign::Encoding;

/// Characters that are printed of a name.
const LONGEST: usize = 80;

/// Characters that are printed of what a server says.
const LONGEST_MESSAGE: usize = 200;

/// The name of a key or field: escaped where it is not plain text, cut off where it is long.
pub(crate) fn name(bytes: &[u8]) -> String {
    escaped(bytes, LONGEST).unwrap_or_else(|start| format!("{start}… ({} bytes)", bytes.len()))
}

/// Escaped where it is not plain text; the error is the beginning, where there are more characters.
fn escaped(bytes: &[u8], longest: usize) -> Result<String, String> {
    let mut out = String::new();
    let mut count = 0;
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            if count == longest {
                return Err(out);
            }
            count += 1;
            match c {
                '\\' => out.push_str("\\\\"),
                // Such as turn the direction of a line around, or are not seen.
                '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' => {
                    out.extend(c.escape_unicode());
                }
                _ if c.is_control() => out.extend(c.escape_default()),
                _ => out.push(c),
            }
        }
        for byte in chunk.invalid() {
            if count == longest {
                return Err(out);
            }
            count += 1;
            out.push_str(&format!("\\x{byte:02x}"));
        }
    }
    Ok(out)
}

/// A text of at most this many characters.
pub(crate) fn bounded(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        None => text.to_string(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

/// A number with its thousands apart.
pub(crate) fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// What a server says of a command that failed, without what the command was given: of an unknown one it prints the arguments. Of a
/// command in a script it says besides which script that was.
pub(crate) fn server_error(code: &str, details: Option<&str>) -> String {
    let details = details.unwrap_or_default();
    let plain = details.split_once("with args").map_or(details, |(plain, _)| plain);
    let in_script = plain.rsplit_once(" script: ").filter(|(_, which)| which.contains("@user_script"));
    let plain = in_script.map_or(plain, |(plain, _)| plain);
    match plain.trim_end_matches([',', ':', ' ', '.']) {
        "" => format!("the server says {}", bounded(code, 40)),
        plain => {
            let plain = escaped(plain.as_bytes(), LONGEST_MESSAGE).unwrap_or_else(|start| format!("{start}…"));
            format!("the server says {}: {plain}", bounded(code, 40))
        }
    }
}

/// What bytes of no known encoding are, as detection says it, without saying again that they are none.
pub(crate) fn other(why: &str) -> &str {
    without_offset(why.strip_prefix("no encoding of arrays that is known: ").unwrap_or(why))
}

/// A reason without where in the value it is, which differs from value to value.
pub(crate) fn without_offset(why: &str) -> &str {
    why.rsplit_once(", at byte ").map_or(why, |(why, _)| why)
}

/// An encoding with its dtype, as `--from` takes it.
pub(crate) fn encoding(encoding: Encoding) -> String {
    match encoding {
        Encoding::DimsHeader(dtype) => format!("dims-header:{dtype}"),
        encoding => encoding.name().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped_and_bounded() {
        assert_eq!(name(b"frame:7"), "frame:7");
        assert_eq!(name("größe".as_bytes()), "größe");
        assert_eq!(name(b"a\n\x1b[31m\\\xff"), "a\\n\\u{1b}[31m\\\\\\xff");
        assert_eq!(name("a\u{202e}b".as_bytes()), "a\\u{202e}b");
        assert_eq!(name(&[b'x'; 81]), format!("{}… (81 bytes)", "x".repeat(80)));
        assert_eq!(name(&[0xff; 1000]), format!("{}… (1000 bytes)", "\\xff".repeat(80)));
    }

    #[test]
    fn thousands_stand_apart() {
        let rows = [(0, "0"), (999, "999"), (1000, "1,000"), (12_345_678, "12,345,678")];
        for (given, expected) in rows {
            assert_eq!(number(given), expected);
        }
    }

    #[test]
    fn a_server_that_names_arguments_is_cut_short() {
        let rows = [
            (
                "ERR",
                Some("unknown command 'EVALSHA', with args beginning with: 'abc' '1' 'key' 'secret'"),
                "the server says ERR: unknown command 'EVALSHA'",
            ),
            (
                "READONLY",
                Some("You can't write against a read only replica."),
                "the server says READONLY: You can't write against a read only replica",
            ),
            ("MISCONF", None, "the server says MISCONF"),
            (
                "ERR",
                Some(
                    "ACL failure in script: User u has no permissions to run the 'hpexpireat' command script: \
                     935bb0dc1d2d3a3f0d1d76a2b9f4a1f2bbf0e1c2, on @user_script:5.",
                ),
                "the server says ERR: ACL failure in script: User u has no permissions to run the 'hpexpireat' command",
            ),
            (
                "MISCONF",
                Some(
                    "Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. Commands that may modify \
                     the data set are disabled",
                ),
                "the server says MISCONF: Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. \
                 Commands that may modify the data set are disabled",
            ),
        ];
        for (code, details, expected) in rows {
            assert_eq!(server_error(code, details), expected);
        }
        assert_eq!(server_error("ERR", Some(&"x".repeat(201))), format!("the server says ERR: {}…", "x".repeat(200)));
    }
}
