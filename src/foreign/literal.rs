//! Literals of Python: the header of a `.npy` is one, and dtypes with fields are printed as one.
//!
//! A reader of our own, because the crate that others take (py_literal) tries a nested list twice at each level, so that a
//! header of 20 open brackets keeps it busy for good. Nothing is made for what a text claims, and lists stand in each other 32 times at most.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;

use crate::error::{Error, ErrorKind, Result};

/// Lists, tuples and dicts in each other.
const DEPTH_LIMIT: usize = 32;

/// A literal, with what dtypes and headers are made of.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Literal<'a> {
    None,
    Bool(bool),
    Int(u64),
    Str(Cow<'a, str>),
    Tuple(Vec<Literal<'a>>),
    List(Vec<Literal<'a>>),
    Dict(Vec<(Literal<'a>, Literal<'a>)>),
}

impl<'a> Literal<'a> {
    /// The literal that a text begins with, and how many bytes of it that is. Offsets in errors count from the text's start.
    pub(super) fn parse(text: &'a str) -> Result<(Literal<'a>, usize)> {
        let mut reader = LiteralReader { text, at: 0, depth: 0 };
        let literal = reader.literal()?;
        Ok((literal, reader.at))
    }

    pub(super) fn as_str(&self) -> Option<&str> {
        match self {
            Literal::Str(text) => Some(text),
            _ => None,
        }
    }

    /// A tuple or a list: msgpack-numpy makes one of the other.
    pub(super) fn as_sequence(&self) -> Option<&[Literal<'a>]> {
        match self {
            Literal::Tuple(values) | Literal::List(values) => Some(values),
            _ => None,
        }
    }

    /// The dims of a shape: integers in a sequence, or one integer.
    pub(super) fn as_dims(&self) -> Option<Vec<usize>> {
        let dim = |literal: &Literal<'_>| match literal {
            Literal::Int(dim) => usize::try_from(*dim).ok(),
            _ => None,
        };
        match self.as_sequence() {
            Some(values) => values.iter().map(dim).collect(),
            None => dim(self).map(|dim| [dim].into()),
        }
    }
}

struct LiteralReader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> LiteralReader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn error(&self, message: impl Into<Cow<'static, str>>) -> Error {
        Error::at(self.at as u64, ErrorKind::Malformed, message)
    }

    /// The next character but for blanks, which is not taken.
    fn peek(&mut self) -> Option<char> {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_ascii_start().len();
        self.rest().chars().next()
    }

    /// Takes that character if it is the next.
    fn take(&mut self, expected: char) -> bool {
        let found = self.peek() == Some(expected);
        if found {
            self.at += expected.len_utf8();
        }
        found
    }

    fn literal(&mut self) -> Result<Literal<'a>> {
        match self.peek() {
            Some('(') => self.sequence('(', ')').map(|(values, comma)| match <[_; 1]>::try_from(values) {
                // Round brackets around one value are no tuple.
                Ok([value]) if !comma => value,
                Ok(values) => Literal::Tuple(values.into()),
                Err(values) => Literal::Tuple(values),
            }),
            Some('[') => self.sequence('[', ']').map(|(values, _)| Literal::List(values)),
            Some('{') => self.dict(),
            Some('\'' | '"') => self.string().map(Literal::Str),
            // Prefixes of strings. Dtypes are written as bytes by Python 2.
            Some('u' | 'b') if self.rest().get(1..).is_some_and(|rest| rest.starts_with(['\'', '"'])) => {
                self.at += 1;
                self.string().map(Literal::Str)
            }
            Some('0'..='9') => self.int(),
            _ => {
                let words = [("True", Literal::Bool(true)), ("False", Literal::Bool(false)), ("None", Literal::None)];
                match words.into_iter().find(|(word, _)| self.rest().starts_with(word)) {
                    Some((word, literal)) => {
                        self.at += word.len();
                        Ok(literal)
                    }
                    None => Err(self.error("no literal of Python stands here")),
                }
            }
        }
    }

    fn open(&mut self) -> Result<()> {
        self.depth += 1;
        match self.depth > DEPTH_LIMIT {
            true => Err(Error::at(
                self.at as u64,
                ErrorKind::TooDeep,
                format!("brackets stand in each other more than {DEPTH_LIMIT} times"),
            )),
            false => Ok(()),
        }
    }

    /// The values between brackets, and whether a comma stands behind the last.
    fn sequence(&mut self, open: char, close: char) -> Result<(Vec<Literal<'a>>, bool)> {
        self.take(open);
        self.open()?;
        let mut values = Vec::new();
        let mut comma = true;
        while !self.take(close) {
            if !comma {
                return Err(self.error(format!("expected a comma or `{close}`")));
            }
            values.push(self.literal()?);
            comma = self.take(',');
        }
        self.depth -= 1;
        Ok((values, comma))
    }

    fn dict(&mut self) -> Result<Literal<'a>> {
        self.take('{');
        self.open()?;
        let mut entries = Vec::new();
        let mut comma = true;
        while !self.take('}') {
            if !comma {
                return Err(self.error("expected a comma or `}`"));
            }
            let key = self.literal()?;
            if !self.take(':') {
                return Err(self.error("expected `:`"));
            }
            entries.push((key, self.literal()?));
            comma = self.take(',');
        }
        self.depth -= 1;
        Ok(Literal::Dict(entries))
    }

    fn int(&mut self) -> Result<Literal<'a>> {
        let rest = self.rest();
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let number = rest.get(..digits).and_then(|digits| digits.parse().ok());
        let number = number.ok_or_else(|| self.error("integer exceeds 64 bits"))?;
        self.at += digits;
        // Long integers of Python 2.
        if self.rest().starts_with('L') {
            self.at += 1;
        }
        Ok(Literal::Int(number))
    }

    fn string(&mut self) -> Result<Cow<'a, str>> {
        let start = self.at + 1;
        let quote = self.rest().chars().next();
        let mut chars = self.text.get(start..).unwrap_or_default().char_indices();
        // Filled from the first escape on.
        let mut unescaped: Option<String> = None;
        while let Some((index, c)) = chars.next() {
            if Some(c) == quote {
                self.at = start + index + 1;
                let plain = self.text.get(start..start + index).unwrap_or_default();
                return Ok(unescaped.map_or(Cow::Borrowed(plain), Cow::Owned));
            }
            if c == '\\' {
                let text = self.text;
                let out = unescaped.get_or_insert_with(|| text.get(start..start + index).unwrap_or_default().into());
                match escape(&mut chars) {
                    Some(c) => out.push(c),
                    None => {
                        return Err(Error::at(
                            (start + index) as u64,
                            ErrorKind::Malformed,
                            "no such escape in a string",
                        ));
                    }
                }
            } else if let Some(out) = &mut unescaped {
                out.push(c);
            }
        }
        Err(self.error("string has no end"))
    }
}

/// The character of an escape, of which the backslash has been read.
fn escape(chars: &mut core::str::CharIndices<'_>) -> Option<char> {
    let digits = match chars.next()?.1 {
        'n' => return Some('\n'),
        'r' => return Some('\r'),
        't' => return Some('\t'),
        c @ ('\\' | '\'' | '"') => return Some(c),
        'x' => 2,
        'u' => 4,
        'U' => 8,
        _ => return None,
    };
    let code = (0..digits).try_fold(0u32, |code, _| Some(code << 4 | chars.next()?.1.to_digit(16)?));
    char::from_u32(code?)
}

/// Appends a string as Python's `repr` does.
pub(super) fn put_string(out: &mut String, text: &str) {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    out.push(quote);
    for c in text.chars() {
        let code = u32::from(c);
        // Writing to a `String` never fails.
        let _ = match c {
            '\n' => out.write_str("\\n"),
            '\r' => out.write_str("\\r"),
            '\t' => out.write_str("\\t"),
            '\\' => out.write_str("\\\\"),
            _ if c == quote => write!(out, "\\{c}"),
            _ if is_printable(c) => out.write_char(c),
            _ if code < 0x100 => write!(out, "\\x{code:02x}"),
            _ if code < 0x1_0000 => write!(out, "\\u{code:04x}"),
            _ => write!(out, "\\U{code:08x}"),
        };
    }
    out.push(quote);
}

/// What Python prints as it is. Of the characters that it does not, those that names may really have: controls, blanks other than
/// the space, and the marks of format and private use. A reader takes both spellings.
fn is_printable(c: char) -> bool {
    let hidden =
        matches!(u32::from(c), 0xAD | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0xE000..=0xF8FF | 0xFEFF);
    c == ' ' || !(c.is_control() || c.is_whitespace() || hidden)
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;
    use alloc::vec;

    use super::*;

    fn text(text: &str) -> Literal<'_> {
        Literal::Str(text.into())
    }

    #[test]
    fn literals() {
        let table = [
            ("None", Literal::None, 4),
            (" True ", Literal::Bool(true), 5),
            ("18446744073709551615", Literal::Int(u64::MAX), 20),
            ("3L", Literal::Int(3), 2),
            ("'a|b'|", text("a|b"), 5),
            (r#""it's""#, text("it's"), 6),
            (r#"u'\x41\u00e9\U0001f600\n\\\''"#, text("Aé😀\n\\'"), 29),
            ("b'<f4'", text("<f4"), 6),
            ("()", Literal::Tuple(vec![]), 2),
            ("(2,)", Literal::Tuple(vec![Literal::Int(2)]), 4),
            ("(2)", Literal::Int(2), 3),
            ("[2]", Literal::List(vec![Literal::Int(2)]), 3),
            ("( 2 , 3 ) x", Literal::Tuple(vec![Literal::Int(2), Literal::Int(3)]), 9),
            (
                "{'a': (1, 'b'), }",
                Literal::Dict(vec![(text("a"), Literal::Tuple(vec![Literal::Int(1), text("b")]))]),
                17,
            ),
        ];
        for (source, literal, len) in table {
            assert_eq!(Literal::parse(source).unwrap(), (literal, len), "{source}");
        }
    }

    #[test]
    fn what_is_no_literal() {
        let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let table: [(&str, &str); 13] = [
            ("", "no literal of Python stands here, at byte 0"),
            ("(1, ", "no literal of Python stands here, at byte 4"),
            ("[1 2]", "expected a comma or `]`, at byte 3"),
            ("(1 2)", "expected a comma or `)`, at byte 3"),
            ("{'a': 1 'b'", "expected a comma or `}`, at byte 8"),
            ("{'a' 1}", "expected `:`, at byte 5"),
            ("[,]", "no literal of Python stands here, at byte 1"),
            ("-1", "no literal of Python stands here, at byte 0"),
            ("18446744073709551616", "integer exceeds 64 bits, at byte 0"),
            ("'abc", "string has no end, at byte 0"),
            (r"'a\q'", "no such escape in a string, at byte 2"),
            (r"'\ud800'", "no such escape in a string, at byte 1"),
            (&"(".repeat(60_000), "brackets stand in each other more than 32 times, at byte 33"),
        ];
        for (source, message) in table {
            assert_eq!(Literal::parse(source).unwrap_err().to_string(), message);
        }
        assert!(Literal::parse(&deep(32)).is_ok());
        assert_eq!(Literal::parse(&deep(33)).unwrap_err().kind(), ErrorKind::TooDeep);
    }

    #[test]
    fn strings_as_python_prints_them() {
        let table = [
            ("x", "'x'"),
            ("it's", "\"it's\""),
            ("'\"", r#"'\'"'"#),
            ("a\\b\n\t\u{1}", r"'a\\b\n\t\x01'"),
            ("Größe", "'Größe'"),
            ("\u{a0}\u{200b}\u{2028}", r"'\xa0\u200b\u2028'"),
            ("温度", "'温度'"),
        ];
        for (source, printed) in table {
            let mut out = String::new();
            put_string(&mut out, source);
            assert_eq!(out, printed);
            assert_eq!(Literal::parse(printed).unwrap(), (text(source), printed.len()));
        }
    }
}
