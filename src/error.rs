//! The one error of the crate.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::string::{String, ToString};
use core::fmt;

/// A result whose error is [`Error`].
pub type Result<T> = core::result::Result<T, Error>;

/// Why a value could not be written or read.
///
/// It prints what is wrong, with what was found and what was expected, then where: the path of the field and
/// the byte offset from the start of the value, each when known. It never prints content of the value.
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
    /// The value holds another type than the target.
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
    /// An array's shape does not fit its elements, or its dtype is not the one asked for.
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
        Error(Box::new(Inner { kind, message: message.into(), offset: None, path: String::new(), source: None }))
    }

    #[cold]
    pub(crate) fn at(offset: u64, kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(kind, message).or_at(offset)
    }

    #[cfg(feature = "std")]
    pub(crate) fn io(error: std::io::Error) -> Self {
        let mut this = Self::new(ErrorKind::Io, "reading or writing failed");
        this.0.source = Some(Box::new(error));
        this
    }

    /// Gives a kind to a message that came through serde, which has none.
    #[cold]
    pub(crate) fn custom_as(mut self, kind: ErrorKind) -> Self {
        if self.0.kind == ErrorKind::Custom {
            self.0.kind = kind;
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

/// A field name as it may stand in a message: one line, of bounded length.
pub(crate) fn printable(name: &str) -> String {
    const LONGEST: usize = 64;
    let mut out = String::new();
    for (count, c) in name.chars().enumerate() {
        if count == LONGEST {
            out.push('…');
            break;
        }
        if c.is_control() {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = self.path() {
            write!(f, "{path}: ")?;
        }
        f.write_str(&self.0.message)?;
        if let Some(source) = &self.0.source {
            write!(f, ": {source}")?;
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

impl serde::ser::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Error::new(ErrorKind::Custom, message.to_string())
    }
}

/// serde's default messages quote what they found; these name its type only.
impl serde::de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Error::new(ErrorKind::Custom, message.to_string())
    }

    fn invalid_type(found: serde::de::Unexpected<'_>, expected: &dyn serde::de::Expected) -> Self {
        let message = alloc::format!("invalid type: found {}, expected {expected}", type_of(found));
        Error::new(ErrorKind::TypeMismatch, message)
    }

    fn invalid_value(found: serde::de::Unexpected<'_>, expected: &dyn serde::de::Expected) -> Self {
        let message = alloc::format!("invalid value: found {} out of range, expected {expected}", type_of(found));
        Error::new(ErrorKind::InvalidValue, message)
    }

    fn invalid_length(found: usize, expected: &dyn serde::de::Expected) -> Self {
        Error::new(ErrorKind::InvalidLength, alloc::format!("invalid length: found {found}, expected {expected}"))
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
