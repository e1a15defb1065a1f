//! How names and numbers are printed: on one line, bounded, and never what is in a value.

use ndwire::ErrorKind;
use ndwire::foreign::Encoding;

/// Characters that are printed of a name.
const LONGEST: usize = 80;

/// Characters that are printed of what a server says.
const LONGEST_MESSAGE: usize = 200;

/// The name of a key or field: escaped where it is not plain text, cut off where it is long.
pub(crate) fn name(bytes: &[u8]) -> String {
    match ndwire::__escaped(bytes, LONGEST) {
        (name, true) => name,
        (start, false) => format!("{start}… ({} bytes)", bytes.len()),
    }
}

/// Why a value cannot be read, or written. Where it cannot be read to its last byte no names are told: what was taken for some may be
/// anything.
pub(crate) fn unreadable(error: &ndwire::Error) -> String {
    let text = error.to_string();
    let Some((path, why)) = error.path().and_then(|path| Some((path, text.strip_prefix(path)?))) else { return text };
    match error.kind() {
        ErrorKind::Truncated | ErrorKind::TrailingBytes | ErrorKind::Malformed | ErrorKind::TooDeep => {
            why.trim_start_matches([':', ' ']).to_string()
        }
        _ => format!("{}{why}", bounded(path, LONGEST)),
    }
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
    let shown = |text: &str, longest| match ndwire::__escaped(text.as_bytes(), longest) {
        (text, true) => text,
        (start, false) => format!("{start}…"),
    };
    let code = shown(code, 40);
    match plain.trim_end_matches([',', ':', ' ', '.']) {
        "" => format!("the server says {code}"),
        plain => format!("the server says {code}: {}", shown(plain, LONGEST_MESSAGE)),
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
        assert_eq!(name("a\u{202e}b\u{ad}\u{e0041}".as_bytes()), "a\\u{202e}b\\u{ad}\\u{e0041}");
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
