//! The one error of the crate.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::string::{String, ToString};
use core::fmt;

/// What a message on an array of another dtype begins with.
pub(crate) const OTHER_DTYPE: &str = "array has another dtype";

/// A result whose error is [`Error`].
pub type Result<T> = core::result::Result<T, Error>;

/// Why a value could not be written or read.
///
/// It prints what is wrong, with what was found and what was expected, then where: the path of the field and
/// the byte offset from the start of the value, each when known.
///
/// It may quote names of fields and keys of maps, and nothing else of the value. Of a name it shows at most 64 characters. Control
/// characters, and those that are invisible or change the direction of text, are escaped (`\u{202e}`). The message of a `Serialize` or
/// `Deserialize` of yours ([`ErrorKind::Custom`]) may quote what it likes. It is escaped too, and cut off after 1,000 characters.
///
/// ```
/// let bytes = ndwire::to_vec(&vec![1.0f32; 200])?;
/// let error = ndwire::from_slice::<Vec<f32>>(&bytes[..400]).unwrap_err();
/// assert_eq!(error.kind(), ndwire::ErrorKind::Truncated);
/// assert_eq!(error.to_string(), "payload is truncated: needed 800 bytes, 368 left, at byte 32");
/// # Ok::<(), ndwire::Error>(())
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    offset: Option<u64>,
    path: String,
    /// Where in memory the bytes are that a target found and could not take: of what serde has buffered nothing else tells the place.
    bytes: Option<usize>,
    source: Option<Box<dyn core::error::Error + Send + Sync>>,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// What sort of thing went wrong.
        ///
        /// ```
        /// let error = ndwire::from_slice::<u32>(b"{\"json\": 1}").unwrap_err();
        /// assert_eq!(error.kind().name(), "not_ndwire");
        /// ```
        #[non_exhaustive]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ErrorKind {
            $($(#[$doc])* $variant,)*
        }

        impl ErrorKind {
            /// Every kind, in order of declaration.
            ///
            /// ```
            /// assert!(ndwire::ErrorKind::ALL.contains(&ndwire::ErrorKind::Truncated));
            /// ```
            pub const ALL: &'static [ErrorKind] = &[$(ErrorKind::$variant,)*];

            /// A name that does not change between versions, for metrics and tests.
            ///
            /// ```
            /// assert_eq!(ndwire::ErrorKind::ChecksumMismatch.name(), "checksum_mismatch");
            /// ```
            pub const fn name(self) -> &'static str {
                match self {
                    $(ErrorKind::$variant => $name,)*
                }
            }
        }
    };
}

kinds! {
    /// The bytes do not begin with the magic of this format.
    NotNdwire = "not_ndwire",
    /// The value has another version of the format.
    UnsupportedVersion = "unsupported_version",
    /// The value has a must-understand flag that this version does not know.
    UnsupportedFlags = "unsupported_flags",
    /// The value uses a form that this version of the crate does not read.
    Unsupported = "unsupported",
    /// The checksum of header and metadata does not match.
    ChecksumMismatch = "checksum_mismatch",
    /// The value ends early, or claims more than it holds.
    Truncated = "truncated",
    /// Bytes are left over after the value.
    TrailingBytes = "trailing_bytes",
    /// The bytes are not a value of this format.
    Malformed = "malformed",
    /// The bytes spell a value in a way that no writer may.
    NotCanonical = "not_canonical",
    /// The value is nested deeper than the limit.
    TooDeep = "too_deep",
    /// A shape, a length or the metadata is larger than the format or this machine allows.
    TooLarge = "too_large",
    /// A limit of the reader ([`Limits`](crate::Limits)) is exceeded.
    LimitExceeded = "limit_exceeded",
    /// The value holds another type than the target, or an array of another dtype.
    TypeMismatch = "type_mismatch",
    /// The type is right and the content is out of the target's range.
    InvalidValue = "invalid_value",
    /// A sequence or map has another length than the target.
    InvalidLength = "invalid_length",
    /// An enum has no such variant.
    UnknownVariant = "unknown_variant",
    /// A struct that denies unknown fields has no such field.
    UnknownField = "unknown_field",
    /// A field of the target is not in the value.
    MissingField = "missing_field",
    /// A field stands in the value more than once.
    DuplicateField = "duplicate_field",
    /// The target left elements of a list or entries of a map unread.
    UnreadElements = "unread_elements",
    /// A `Serialize` swallowed an error; what it wrote is not a value.
    Poisoned = "poisoned",
    /// A `Serialize` or `Deserialize` broke the protocol of serde.
    Protocol = "protocol",
    /// An array's shape does not fit its elements, or its rank is not the one asked for.
    Shape = "shape",
    /// Reading or writing failed; the cause is the error's source.
    Io = "io",
    /// The message of a `Serialize` or `Deserialize` implementation.
    Custom = "custom",
}

impl Error {
    /// The sort of the error.
    ///
    /// ```
    /// assert_eq!(ndwire::from_slice::<u8>(b"").unwrap_err().kind(), ndwire::ErrorKind::Truncated);
    /// ```
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Where in the value, in bytes from its start, if known.
    ///
    /// ```
    /// let mut bytes = ndwire::to_vec(&7u8)?;
    /// bytes.push(0);
    /// assert_eq!(ndwire::from_slice::<u8>(&bytes).unwrap_err().offset(), Some(17));
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn offset(&self) -> Option<u64> {
        self.0.offset
    }

    /// The path of fields and list positions, as in `frames[3].pixels`, if known.
    ///
    /// ```
    /// let bytes = ndwire::to_vec(&std::collections::BTreeMap::from([("a", [1, 2])]))?;
    /// type Other = std::collections::BTreeMap<String, Vec<String>>;
    /// let error = ndwire::from_slice::<Other>(&bytes).unwrap_err();
    /// assert_eq!(error.path(), Some("a[0]"));
    /// # Ok::<(), ndwire::Error>(())
    /// ```
    pub fn path(&self) -> Option<&str> {
        (!self.0.path.is_empty()).then_some(self.0.path.as_str())
    }

    #[cold]
    pub(crate) fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        let (message, path) = (message.into(), String::new());
        Error(Box::new(Inner { kind, message, offset: None, path, bytes: None, source: None }))
    }

    /// Of a visitor that leaves elements or entries unread: so many of those found.
    #[cold]
    pub(crate) fn unread(what: &str, left: usize, found: usize) -> Self {
        let read = found.saturating_sub(left);
        let message = alloc::format!("the target reads fewer {what} than there are: found {found}, expected {read}");
        Error::new(ErrorKind::UnreadElements, message)
    }

    pub(crate) fn at(offset: u64, kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(kind, message).or_at(offset)
    }

    #[cfg(feature = "std")]
    pub(crate) fn io(error: std::io::Error) -> Self {
        let mut this = Self::new(ErrorKind::Io, "reading or writing failed");
        this.0.source = Some(Box::new(error));
        this
    }

    /// Gives a kind to what an array type has said itself: serde carries the words alone.
    #[cold]
    pub(crate) fn of_array(mut self) -> Self {
        const KINDS: [(&str, ErrorKind); 3] = [
            (OTHER_DTYPE, ErrorKind::TypeMismatch),
            ("invalid type", ErrorKind::TypeMismatch),
            ("invalid value", ErrorKind::InvalidValue),
        ];
        if self.0.kind == ErrorKind::Custom {
            let named = KINDS.iter().find(|(words, _)| self.0.message.starts_with(words));
            self.0.kind = named.map_or(ErrorKind::Shape, |&(_, kind)| kind);
        }
        self
    }

    /// Names the variant that is not known, where its name is the key of a map. A text alone may be any content, and is not quoted.
    #[cold]
    pub(crate) fn of_variant(mut self, name: &str) -> Self {
        if self.0.kind == ErrorKind::UnknownVariant
            && let Some(expected) = self.0.message.strip_prefix("unknown variant, ")
        {
            self.0.message = alloc::format!("unknown variant `{}`, {expected}", printable(name)).into();
        }
        self
    }

    /// Says that an array was there, where a visitor was shown one as a map and saw a map.
    #[cold]
    pub(crate) fn found_array(mut self, array: impl fmt::Display) -> Self {
        let message = match self.0.kind {
            // An error of what is in the map has a path.
            _ if !self.0.path.is_empty() => None,
            ErrorKind::TypeMismatch => {
                let expected = self.0.message.strip_prefix("invalid type: found a map, ");
                expected.map(|expected| alloc::format!("invalid type: found {array}, {expected}"))
            }
            ErrorKind::MissingField => Some(alloc::format!("{} in {array}", self.0.message)),
            _ => None,
        };
        if let Some(message) = message {
            self.0.message = message.into();
        }
        self
    }

    /// Sets the offset unless a more exact one is known.
    #[cold]
    pub(crate) fn or_at(mut self, offset: u64) -> Self {
        self.0.offset.get_or_insert(offset);
        self
    }

    /// Of bytes that the caller never sees as they were when they were checked.
    #[cold]
    pub(crate) fn without_offset(mut self) -> Self {
        self.0.offset = None;
        self
    }

    /// Where in the value the bytes are that a target could not take.
    pub(crate) fn found_in(&self, value: &[u8]) -> Option<u64> {
        let offset = self.0.bytes?.checked_sub(value.as_ptr().addr())?;
        (offset < value.len()).then_some(offset as u64)
    }

    /// The path of another error, and that offset, if its own is only the beginning of it.
    pub(crate) fn with_longer_path(mut self, other: Error, offset: u64) -> Self {
        if other.0.path.len() > self.0.path.len() && other.0.path.starts_with(&self.0.path) {
            self.0.path = other.0.path;
            self.0.offset = Some(offset);
        }
        self
    }

    /// Puts a field name before the path.
    #[cold]
    pub(crate) fn in_field(mut self, name: &str) -> Self {
        let mut path = printable(name);
        if !self.0.path.is_empty() && !self.0.path.starts_with('[') {
            path.push('.');
        }
        path.push_str(&self.0.path);
        self.0.path = path;
        self
    }

    /// Puts a list position before the path.
    #[cold]
    pub(crate) fn in_element(mut self, index: u64) -> Self {
        let dot = if self.0.path.is_empty() || self.0.path.starts_with('[') { "" } else { "." };
        self.0.path = alloc::format!("[{index}]{dot}{}", self.0.path);
        self
    }
}

/// A name for a message: its first 64 characters, escaped.
pub(crate) fn printable(name: &str) -> String {
    const LONGEST: usize = 64;
    let (mut out, is_whole) = escaped(name.as_bytes(), LONGEST);
    if !is_whole {
        out.push('…');
    }
    out
}

/// Escapes a text of unknown origin for messages. It gives the first characters, and whether these are all.
///
/// Invisible characters, and those that change the direction of text, become `\u{202e}`. A byte that is not UTF-8 becomes `\xff`. A
/// backslash is doubled, so that a text cannot imitate an escape.
///
/// It is public for the program `ndwire` and the Python package.
pub fn escaped(text: &[u8], longest: usize) -> (String, bool) {
    let mut out = String::new();
    let mut count = 0;
    for chunk in text.utf8_chunks() {
        for c in chunk.valid().chars() {
            if count == longest {
                return (out, false);
            }
            count += 1;
            match c {
                '\\' => out.push_str("\\\\"),
                c => put_seen(&mut out, c),
            }
        }
        for byte in chunk.invalid() {
            if count == longest {
                return (out, false);
            }
            count += 1;
            out.push_str(&alloc::format!("\\x{byte:02x}"));
        }
    }
    (out, true)
}

fn put_seen(out: &mut String, c: char) {
    match is_hidden(c) {
        true => out.extend(c.escape_default()),
        false => out.push(c),
    }
}

/// Whether a character is invisible or changes how the text beside it is shown: control characters, marks of direction, ends of lines and
/// paragraphs, and what Unicode calls ignorable or shows as a blank letter.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
            | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = self.path() {
            write!(f, "{path}: ")?;
        }
        f.write_str(&self.0.message)?;
        if let Some(source) = &self.0.source {
            write!(f, ": {}", message_of(source))?;
        }
        match self.0.offset {
            Some(offset) => write!(f, ", at byte {offset}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({}, {:?})", self.0.kind.name(), self.to_string())
    }
}

impl core::error::Error for Error {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

/// What a `Display` of others prints, or `None` if it fails: `to_string` and `format!` would panic.
pub(crate) fn text_of(value: &(impl fmt::Display + ?Sized)) -> Option<String> {
    let mut text = String::new();
    fmt::write(&mut text, format_args!("{value}")).ok()?;
    Some(text)
}

/// A message of others, on one line, and cut off where it is long. It may quote what it likes.
fn message_of(message: &(impl fmt::Display + ?Sized)) -> Cow<'static, str> {
    const LONGEST: usize = 1000;
    let Some(text) = text_of(message) else { return Cow::Borrowed("an error whose `Display` fails") };
    let mut out = String::new();
    text.chars().take(LONGEST).for_each(|c| put_seen(&mut out, c));
    if text.chars().nth(LONGEST).is_some() {
        out.push('…');
    }
    Cow::Owned(out)
}

impl serde::ser::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Error::new(ErrorKind::Custom, message_of(&message))
    }
}

/// serde's default messages quote what they found; these name its type only.
impl serde::de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        let mut message = message_of(&message);
        // Only serde's own deserializers refuse these types by themselves.
        if matches!(&*message, "u128 is not supported" | "i128 is not supported") {
            message = (message.into_owned()
                + " where serde buffers (in flatten, untagged, beside a tag): use 64 bits, a text or an array")
                .into();
        }
        Error::new(ErrorKind::Custom, message)
    }

    fn invalid_type(found: serde::de::Unexpected<'_>, expected: &dyn serde::de::Expected) -> Self {
        let mut message = message_of(&format_args!("invalid type: found {}, expected {expected}", type_of(found)));
        let serde::de::Unexpected::Bytes(bytes) = found else { return Error::new(ErrorKind::TypeMismatch, message) };
        if message.ends_with("expected any valid JSON value") {
            message = (message.into_owned()
                + ": serde_json::Value has no bytes, and so no arrays, but ndwire::Value has")
                .into();
        }
        let mut error = Error::new(ErrorKind::TypeMismatch, message);
        error.0.bytes = Some(bytes.as_ptr().addr());
        error
    }

    fn invalid_value(found: serde::de::Unexpected<'_>, expected: &dyn serde::de::Expected) -> Self {
        let message =
            message_of(&format_args!("invalid value: found {} out of range, expected {expected}", type_of(found)));
        Error::new(ErrorKind::InvalidValue, message)
    }

    fn invalid_length(found: usize, expected: &dyn serde::de::Expected) -> Self {
        let message = message_of(&format_args!("invalid length: found {found}, expected {expected}"));
        Error::new(ErrorKind::InvalidLength, message)
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Error::new(ErrorKind::UnknownVariant, alloc::format!("unknown variant, expected {}", one_of(expected)))
    }

    fn unknown_field(found: &str, expected: &'static [&'static str]) -> Self {
        let message = alloc::format!("unknown field `{}`, expected {}", printable(found), one_of(expected));
        Error::new(ErrorKind::UnknownField, message)
    }

    fn missing_field(field: &'static str) -> Self {
        Error::new(ErrorKind::MissingField, alloc::format!("missing field `{field}`"))
    }

    fn duplicate_field(field: &'static str) -> Self {
        Error::new(ErrorKind::DuplicateField, alloc::format!("duplicate field `{field}`"))
    }
}

fn type_of(found: serde::de::Unexpected<'_>) -> &'static str {
    use serde::de::Unexpected;
    match found {
        Unexpected::Bool(_) => "a bool",
        Unexpected::Unsigned(_) | Unexpected::Signed(_) => "an integer",
        Unexpected::Float(_) => "a float",
        Unexpected::Char(_) => "a char",
        Unexpected::Str(_) => "a str",
        Unexpected::Bytes(_) => "bytes",
        Unexpected::Unit => "nil",
        Unexpected::Option => "an option",
        Unexpected::NewtypeStruct => "a newtype struct",
        Unexpected::Seq => "a list",
        Unexpected::Map => "a map",
        Unexpected::Enum => "an enum",
        Unexpected::UnitVariant => "a unit variant",
        Unexpected::NewtypeVariant => "a newtype variant",
        Unexpected::TupleVariant => "a tuple variant",
        Unexpected::StructVariant => "a struct variant",
        // By serde's own words for them, which hold the number.
        Unexpected::Other(other) if other.ends_with("as u128") || other.ends_with("as i128") => {
            "an integer of 128 bits"
        }
        Unexpected::Other(_) => "another type",
    }
}

fn one_of(names: &[&str]) -> String {
    match names {
        [] => "none".to_string(),
        [name] => alloc::format!("`{name}`"),
        [first, rest @ ..] => {
            let mut out = alloc::format!("one of `{first}`");
            for name in rest {
                out.push_str(", `");
                out.push_str(name);
                out.push('`');
            }
            out
        }
    }
}
