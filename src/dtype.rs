//! The one table of element types.

use core::fmt;

/// A unit of time, as NumPy counts `datetime64` and `timedelta64`.
///
/// ```
/// assert_eq!(ndwire::TimeUnit::Nanosecond.name(), "ns");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum TimeUnit {
    /// `Y`
    Year = 0,
    /// `M`
    Month = 1,
    /// `W`
    Week = 2,
    /// `D`
    Day = 3,
    /// `h`
    Hour = 4,
    /// `m`
    Minute = 5,
    /// `s`
    Second = 6,
    /// `ms`
    Millisecond = 7,
    /// `us`
    Microsecond = 8,
    /// `ns`
    Nanosecond = 9,
    /// `ps`
    Picosecond = 10,
    /// `fs`
    Femtosecond = 11,
    /// `as`
    Attosecond = 12,
    /// `generic`: no unit
    Generic = 13,
}

impl TimeUnit {
    /// NumPy's name of the unit.
    ///
    /// ```
    /// assert_eq!(ndwire::TimeUnit::Day.name(), "D");
    /// ```
    pub const fn name(self) -> &'static str {
        ["Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as", "generic"][self as usize]
    }
}

macro_rules! dtypes {
    (numbers { $($(#[$doc:meta])* $variant:ident = $code:literal, $name:literal, $size:literal, $numpy:expr;)* }
     units { $($unit:ident $index:literal $unit_name:literal;)* }) => {
        /// The type of an array's elements.
        ///
        /// ```
        /// use ndwire::DType;
        /// assert_eq!(DType::F32.name(), "f32");
        /// assert_eq!(DType::F32.size(), 4);
        /// assert_eq!(DType::F32.numpy_name(), Some("<f4"));
        /// ```
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum DType {
            $($(#[$doc])* $variant,)*
            /// A count of the unit since 1970-01-01T00:00, as i64; the smallest i64 is NaT. NumPy's `datetime64`.
            Datetime64(TimeUnit),
            /// A count of the unit, as i64; the smallest i64 is NaT. NumPy's `timedelta64`.
            Timedelta64(TimeUnit),
        }

        impl DType {
            /// Every dtype, in the order of their codes.
            ///
            /// ```
            /// assert!(ndwire::DType::ALL.iter().all(|&dtype| ndwire::DType::from_code(dtype.code()) == Some(dtype)));
            /// ```
            pub const ALL: &'static [DType] = &[
                $(DType::$variant,)*
                $(DType::Datetime64(TimeUnit::$unit),)*
                $(DType::Timedelta64(TimeUnit::$unit),)*
            ];

            /// The byte that stands for it on the wire.
            ///
            /// ```
            /// assert_eq!(ndwire::DType::F32.code(), 0x32);
            /// ```
            pub const fn code(self) -> u8 {
                match self {
                    $(DType::$variant => $code,)*
                    DType::Datetime64(unit) => 0x60 + unit as u8,
                    DType::Timedelta64(unit) => 0x70 + unit as u8,
                }
            }

            /// The dtype of a byte on the wire.
            ///
            /// ```
            /// assert_eq!(ndwire::DType::from_code(0x32), Some(ndwire::DType::F32));
            /// assert_eq!(ndwire::DType::from_code(0xFF), None);
            /// ```
            pub const fn from_code(code: u8) -> Option<DType> {
                Some(match code {
                    $($code => DType::$variant,)*
                    0x60..=0x7F => {
                        let unit = match code & 0x0F {
                            $($index => TimeUnit::$unit,)*
                            _ => return None,
                        };
                        if code < 0x70 { DType::Datetime64(unit) } else { DType::Timedelta64(unit) }
                    }
                    _ => return None,
                })
            }

            /// Its name in this crate, in `describe` and in the map that other formats see.
            ///
            /// ```
            /// use ndwire::{DType, TimeUnit};
            /// assert_eq!(DType::Datetime64(TimeUnit::Nanosecond).name(), "datetime64[ns]");
            /// ```
            pub const fn name(self) -> &'static str {
                match self {
                    $(DType::$variant => $name,)*
                    $(DType::Datetime64(TimeUnit::$unit) => concat!("datetime64[", $unit_name, "]"),)*
                    $(DType::Timedelta64(TimeUnit::$unit) => concat!("timedelta64[", $unit_name, "]"),)*
                }
            }

            /// The dtype of that name.
            ///
            /// ```
            /// assert_eq!(ndwire::DType::from_name("f32"), Some(ndwire::DType::F32));
            /// ```
            pub fn from_name(name: &str) -> Option<DType> {
                Some(match name {
                    $($name => DType::$variant,)*
                    $(concat!("datetime64[", $unit_name, "]") => DType::Datetime64(TimeUnit::$unit),)*
                    $(concat!("timedelta64[", $unit_name, "]") => DType::Timedelta64(TimeUnit::$unit),)*
                    _ => return None,
                })
            }

            /// NumPy's own name for it, where it has one (`<f4`).
            ///
            /// ```
            /// assert_eq!(ndwire::DType::BF16.numpy_name(), None);
            /// ```
            #[allow(unreachable_patterns, reason = "the generic unit stands before the rule for all units")]
            pub const fn numpy_name(self) -> Option<&'static str> {
                match self {
                    $(DType::$variant => $numpy,)*
                    DType::Datetime64(TimeUnit::Generic) => Some("<M8"),
                    DType::Timedelta64(TimeUnit::Generic) => Some("<m8"),
                    $(DType::Datetime64(TimeUnit::$unit) => Some(concat!("<M8[", $unit_name, "]")),)*
                    $(DType::Timedelta64(TimeUnit::$unit) => Some(concat!("<m8[", $unit_name, "]")),)*
                }
            }

            /// Bytes an element takes, 1 to 16.
            ///
            /// ```
            /// assert_eq!(ndwire::DType::Complex128.size(), 16);
            /// ```
            pub const fn size(self) -> usize {
                match self {
                    $(DType::$variant => $size,)*
                    DType::Datetime64(_) | DType::Timedelta64(_) => 8,
                }
            }
        }
    };
}

dtypes! {
    numbers {
    /// One byte, 0 or 1.
    Bool = 0x00, "bool", 1, Some("|b1");
    /// 8-bit unsigned integer.
    U8 = 0x10, "u8", 1, Some("|u1");
    /// 16-bit unsigned integer.
    U16 = 0x11, "u16", 2, Some("<u2");
    /// 32-bit unsigned integer.
    U32 = 0x12, "u32", 4, Some("<u4");
    /// 64-bit unsigned integer.
    U64 = 0x13, "u64", 8, Some("<u8");
    /// 128-bit unsigned integer.
    U128 = 0x14, "u128", 16, None;
    /// 8-bit signed integer.
    I8 = 0x20, "i8", 1, Some("|i1");
    /// 16-bit signed integer.
    I16 = 0x21, "i16", 2, Some("<i2");
    /// 32-bit signed integer.
    I32 = 0x22, "i32", 4, Some("<i4");
    /// 64-bit signed integer.
    I64 = 0x23, "i64", 8, Some("<i8");
    /// 128-bit signed integer.
    I128 = 0x24, "i128", 16, None;
    /// IEEE 754 binary16.
    F16 = 0x31, "f16", 2, Some("<f2");
    /// IEEE 754 binary32.
    F32 = 0x32, "f32", 4, Some("<f4");
    /// IEEE 754 binary64.
    F64 = 0x33, "f64", 8, Some("<f8");
    /// 8-bit float with 4 exponent bits and no infinities.
    F8E4M3FN = 0x40, "f8e4m3fn", 1, None;
    /// The upper half of a binary32.
    BF16 = 0x41, "bf16", 2, None;
    /// 8-bit float with 5 exponent bits.
    F8E5M2 = 0x50, "f8e5m2", 1, None;
    /// Two binary32: real part, imaginary part.
    Complex64 = 0x53, "complex64", 8, Some("<c8");
    /// Two binary64: real part, imaginary part.
    Complex128 = 0x54, "complex128", 16, Some("<c16");
    }
    units {
    Year 0 "Y"; Month 1 "M"; Week 2 "W"; Day 3 "D"; Hour 4 "h"; Minute 5 "m"; Second 6 "s"; Millisecond 7 "ms";
    Microsecond 8 "us"; Nanosecond 9 "ns"; Picosecond 10 "ps"; Femtosecond 11 "fs"; Attosecond 12 "as"; Generic 13 "generic";
    }
}

impl DType {
    /// Whether a row may hold it as a scalar: bool, the integers up to 64 bits, f32, f64.
    pub(crate) const fn is_row_scalar(self) -> bool {
        use DType::*;
        matches!(self, Bool | U8 | U16 | U32 | U64 | I8 | I16 | I32 | I64 | F32 | F64)
    }
}

/// Calls a macro with the Rust type of a row scalar's dtype, for code that is compiled once for each.
macro_rules! row_scalar {
    ($dtype:expr, $with:ident) => {
        match $dtype {
            DType::U8 => $with!(u8),
            DType::U16 => $with!(u16),
            DType::U32 => $with!(u32),
            DType::U64 => $with!(u64),
            DType::I8 => $with!(i8),
            DType::I16 => $with!(i16),
            DType::I32 => $with!(i32),
            DType::I64 => $with!(i64),
            DType::F32 => $with!(f32),
            DType::F64 => $with!(f64),
            // The last: whoever calls knows that it is a row scalar.
            _ => $with!(bool),
        }
    };
}
pub(crate) use row_scalar;

impl fmt::Display for DType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Debug for DType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::DType;

    #[test]
    fn codes_and_names_are_distinct_and_lead_back() {
        for (index, &dtype) in DType::ALL.iter().enumerate() {
            assert_eq!(DType::from_code(dtype.code()), Some(dtype));
            assert_eq!(DType::from_name(dtype.name()), Some(dtype));
            assert!(DType::ALL[..index].iter().all(|other| other.code() < dtype.code()));
        }
        let known = (0..=255).filter(|&code| DType::from_code(code).is_some()).count();
        assert_eq!(known, DType::ALL.len());
        assert_eq!(known, 19 + 28);
    }
}
