//! Dtypes as NumPy spells them.

use alloc::format;
use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use crate::array::{DynArrayView, Order};
use crate::dtype::{DType, TimeUnit};
use crate::error::{Error, ErrorKind, Result, printable};

/// In which order the bytes of a number stand.
///
/// ```
/// use ndwire::foreign::{ByteOrder, NumpyDType};
/// assert_eq!(">i4".parse::<NumpyDType>()?.byte_order, ByteOrder::Big);
/// # Ok::<(), ndwire::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ByteOrder {
    /// The least significant byte first: `<`, and what NumPy calls native.
    Little,
    /// The most significant byte first: `>`.
    Big,
}

/// A dtype as NumPy spells it, with its byte order.
///
/// It reads the short form (`<f4`), the name (`float32`, `datetime64[ns]`), and the names of the package ml_dtypes (`bfloat16`). It
/// prints the short form if there is one.
///
/// ```
/// use ndwire::DType;
/// use ndwire::foreign::{ByteOrder, NumpyDType};
///
/// let dtype: NumpyDType = "float32".parse()?;
/// assert_eq!((dtype.dtype, dtype.byte_order), (DType::F32, ByteOrder::Little));
/// assert_eq!(dtype.to_string(), "<f4");
/// assert_eq!(NumpyDType::from(DType::BF16).to_string(), "bfloat16");
/// # Ok::<(), ndwire::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NumpyDType {
    /// What the elements are.
    pub dtype: DType,
    /// How their bytes stand. Without a meaning for dtypes of one byte, which are [`Little`](ByteOrder::Little).
    pub byte_order: ByteOrder,
}

/// The dtypes but for times by the names that Python has for them: NumPy, or ml_dtypes; the last two have ours alone.
const NAMES: [(DType, &str); 19] = [
    (DType::Bool, "bool"),
    (DType::U8, "uint8"),
    (DType::U16, "uint16"),
    (DType::U32, "uint32"),
    (DType::U64, "uint64"),
    (DType::I8, "int8"),
    (DType::I16, "int16"),
    (DType::I32, "int32"),
    (DType::I64, "int64"),
    (DType::F16, "float16"),
    (DType::F32, "float32"),
    (DType::F64, "float64"),
    (DType::Complex64, "complex64"),
    (DType::Complex128, "complex128"),
    (DType::BF16, "bfloat16"),
    (DType::F8E4M3FN, "float8_e4m3fn"),
    (DType::F8E5M2, "float8_e5m2"),
    (DType::U128, "u128"),
    (DType::I128, "i128"),
];

impl NumpyDType {
    /// A dtype that stands in a header or document of Python's.
    pub(super) fn of_python(name: &str) -> Result<Self> {
        match name.parse::<NumpyDType>() {
            Ok(NumpyDType { dtype: dtype @ (DType::U128 | DType::I128), .. }) => Err(no_python_dtype(dtype)),
            // It may be no dtype but a piece of something else, which is not for a message.
            Err(_) if why_not(name.trim_start_matches(ORDERS)) == UNKNOWN => {
                Err(Error::new(ErrorKind::Unsupported, "dtype is none of NumPy's, such as `<f4` or `float32`"))
            }
            other => other,
        }
    }

    /// As `str(dtype)` spells it: `float32`, `>f4`, `datetime64[ns]`. An error that names the dtype if Python has none.
    pub(super) fn python_name(self) -> Result<String> {
        match self.dtype {
            DType::U128 | DType::I128 => Err(no_python_dtype(self.dtype)),
            _ if self.swapped().is_some() => Ok(format!("{self}")),
            dtype => Ok(name_of(dtype).into()),
        }
    }

    /// Whether NumPy may print a dtype so, be it one that can be held or not: not a word (`int`) or a letter with a number (`u7`).
    pub(super) fn is_printed(text: &str) -> bool {
        let is_numbered = || {
            text.contains(|c: char| c.is_ascii_digit() || c == '[')
                && text.chars().nth(1).is_some_and(char::is_alphabetic)
        };
        text.parse::<NumpyDType>().is_ok() || text.starts_with(ORDERS) || text == "object" || is_numbered()
    }

    /// As `dtype.str` spells it: `<f4`. An error that names the dtype if NumPy has none.
    pub(super) fn short_name(self) -> Result<String> {
        match self.dtype.numpy_name() {
            Some(_) => Ok(format!("{self}")),
            None => Err(no_python_dtype(self.dtype)),
        }
    }

    /// The array of these bytes, which are borrowed if they are in the order of this format.
    pub(super) fn array<'b>(self, shape: &[usize], order: Order, bytes: &'b [u8]) -> Result<DynArrayView<'b>> {
        let array = DynArrayView::new(self.dtype, shape, order, bytes)?;
        match self.swapped() {
            None => Ok(array),
            Some(word) => {
                let mut bytes = bytes.to_vec();
                swap(&mut bytes, word);
                DynArrayView::new(self.dtype, shape, order, bytes)
            }
        }
    }

    /// The bytes of a number whose order is to be turned, if it is.
    pub(super) fn swapped(self) -> Option<usize> {
        let word = match self.dtype {
            DType::Complex64 | DType::Complex128 => self.dtype.size() / 2,
            dtype => dtype.size(),
        };
        (self.byte_order == ByteOrder::Big && word > 1).then_some(word)
    }
}

/// Turns the order of the bytes of each number of that width.
pub(super) fn swap(bytes: &mut [u8], word: usize) {
    for number in bytes.chunks_exact_mut(word) {
        number.reverse();
    }
}

fn name_of(dtype: DType) -> &'static str {
    match dtype {
        DType::Datetime64(TimeUnit::Generic) => "datetime64",
        DType::Timedelta64(TimeUnit::Generic) => "timedelta64",
        _ => NAMES.iter().find(|(other, _)| *other == dtype).map_or(dtype.name(), |(_, name)| name),
    }
}

fn no_python_dtype(dtype: DType) -> Error {
    let way_out = match dtype {
        DType::U128 | DType::I128 => "write two halves of 64 bits",
        _ => "write its bits as u8 or u16 (`with_dtype`)",
    };
    Error::new(ErrorKind::Unsupported, format!("{dtype} has no dtype in NumPy: {way_out}"))
}

impl FromStr for NumpyDType {
    type Err = Error;

    /// # Errors
    /// Of kind [`Unsupported`](ErrorKind::Unsupported) for what NumPy has and an array cannot hold, and for what is no dtype.
    fn from_str(text: &str) -> Result<Self> {
        let (order, name) = match text.split_at_checked(1) {
            Some((order, name)) if order.starts_with(ORDERS) => (Some(order), name),
            _ => (None, text),
        };
        let short = |dtype: &DType| dtype.numpy_name().is_some_and(|short| short.get(1..) == Some(name));
        // NumPy knows no order of the long names; those without a short one are printed with it here.
        let long = |dtype: &DType| {
            name_of(*dtype) == name && (order.is_none() || dtype.numpy_name().is_none())
                || order.is_none()
                    && matches!(dtype, DType::Datetime64(_) | DType::Timedelta64(_))
                    && dtype.name() == name
        };
        let all = || DType::ALL.iter().copied();
        let bool_name = (order.is_none() && matches!(name, "?" | "bool_")).then_some(DType::Bool);
        let Some(dtype) = all().find(short).or_else(|| all().find(long)).or(bool_name) else {
            let message = format!("dtype `{}` cannot be held: {}", printable(text), why_not(name));
            return Err(Error::new(ErrorKind::Unsupported, message));
        };
        let big = order == Some(">") && dtype.size() > 1;
        Ok(NumpyDType { dtype, byte_order: if big { ByteOrder::Big } else { ByteOrder::Little } })
    }
}

/// What may stand before a short name.
const ORDERS: [char; 4] = ['<', '>', '=', '|'];

/// Said of names that are of no dtype here: what to do about it.
fn why_not(name: &str) -> &'static str {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    match stem {
        "O" | "object" | "object_" => {
            "objects of Python are a pickle, which is never read, because loading one runs what it says; write numbers, or a list"
        }
        "S" | "U" | "a" | "str" | "bytes" | "str_" | "bytes_" => {
            "text of a fixed width; write a list of str instead (array.tolist())"
        }
        "V" | "void" => VOID,
        // np.save writes this for float8_e5m2, and does not read it.
        _ if name == "f1" => VOID,
        "g" | "G" | "longdouble" | "clongdouble" => LONG_DOUBLE,
        _ if ["f16", "f12", "float128", "float96", "c32", "c24", "complex256", "complex192"].contains(&name) => {
            LONG_DOUBLE
        }
        _ if ["M8[", "m8[", "datetime64[", "timedelta64["].iter().any(|times| name.starts_with(times)) => {
            "times are counted in one of the units Y, M, W, D, h, m, s, ms, us, ns, ps, fs, as; convert it \
             (array.astype('datetime64[ns]'))"
        }
        _ => UNKNOWN,
    }
}

const UNKNOWN: &str = "no such dtype is known";

const VOID: &str = "bytes without a meaning, such as np.save makes of bfloat16 and float8; write them as unsigned integers of that width \
                    (array.view('u1'), array.view('u2'))";

const LONG_DOUBLE: &str = "it differs from machine to machine; convert it to float64 or complex128";

impl fmt::Display for NumpyDType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let big = self.byte_order == ByteOrder::Big && self.dtype.size() > 1;
        match self.dtype.numpy_name() {
            Some(name) if big => f.pad(&name.replacen('<', ">", 1)),
            Some(name) => f.pad(name),
            None if big => f.pad(&format!(">{}", name_of(self.dtype))),
            None => f.pad(name_of(self.dtype)),
        }
    }
}

/// In the order of this format: little endian.
impl From<DType> for NumpyDType {
    fn from(dtype: DType) -> Self {
        NumpyDType { dtype, byte_order: ByteOrder::Little }
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn every_dtype_is_read_as_it_is_printed() {
        for &dtype in DType::ALL {
            for byte_order in [ByteOrder::Little, ByteOrder::Big] {
                let expected = NumpyDType { dtype, byte_order };
                let read: NumpyDType = expected.to_string().parse().unwrap();
                assert_eq!(read.dtype, dtype);
                assert_eq!(read.byte_order, if dtype.size() > 1 { byte_order } else { ByteOrder::Little });
                if let Ok(name) = expected.python_name() {
                    assert_eq!(name.parse::<NumpyDType>().unwrap(), read, "{name}");
                }
            }
        }
    }

    #[test]
    fn names_of_python() {
        let table = [
            ("?", "|b1"),
            ("bool", "|b1"),
            ("u1", "|u1"),
            (">u1", "|u1"),
            ("|i1", "|i1"),
            ("float16", "<f2"),
            ("=f8", "<f8"),
            (">f8", ">f8"),
            ("uint64", "<u8"),
            ("complex128", "<c16"),
            ("datetime64", "<M8"),
            ("datetime64[generic]", "<M8"),
            (">M8[us]", ">M8[us]"),
            ("timedelta64[as]", "<m8[as]"),
            ("bfloat16", "bfloat16"),
            ("float8_e5m2", "float8_e5m2"),
        ];
        for (text, printed) in table {
            assert_eq!(text.parse::<NumpyDType>().unwrap().to_string(), printed, "{text}");
        }
        let name = |dtype| NumpyDType::from(dtype).python_name().map_err(|error| error.to_string());
        assert_eq!(name(DType::U8), Ok("uint8".into()));
        assert_eq!(name(DType::F64), Ok("float64".into()));
        assert_eq!(name(DType::F8E4M3FN), Ok("float8_e4m3fn".into()));
        assert_eq!(name(DType::U128), Err("u128 has no dtype in NumPy: write two halves of 64 bits".into()));
    }

    #[test]
    fn what_no_array_holds_is_named() {
        let text = "text of a fixed width; write a list of str instead (array.tolist())";
        let long = "it differs from machine to machine; convert it to float64 or complex128";
        let table = [
            ("<U3", text),
            ("|S5", text),
            ("float128", long),
            ("<f16", long),
            ("f32", "no such dtype is known"),
            (
                "<f1",
                "bytes without a meaning, such as np.save makes of bfloat16 and float8; write them as unsigned integers of that width \
                 (array.view('u1'), array.view('u2'))",
            ),
            ("f3", "no such dtype is known"),
            ("", "no such dtype is known"),
            (">float32", "no such dtype is known"),
            (
                "|O",
                "objects of Python are a pickle, which is never read, because loading one runs what it says; write numbers, or a list",
            ),
            (
                "<M8[10ns]",
                "times are counted in one of the units Y, M, W, D, h, m, s, ms, us, ns, ps, fs, as; convert it \
                 (array.astype('datetime64[ns]'))",
            ),
            (
                "<V1",
                "bytes without a meaning, such as np.save makes of bfloat16 and float8; write them as unsigned integers of that width \
                 (array.view('u1'), array.view('u2'))",
            ),
        ];
        for (name, why) in table {
            let error = name.parse::<NumpyDType>().unwrap_err();
            assert_eq!(error.to_string(), format!("dtype `{name}` cannot be held: {why}"));
            assert_eq!(error.kind(), ErrorKind::Unsupported);
        }
    }

    #[test]
    fn the_parts_of_a_complex_number_are_turned_each() {
        let dtype: NumpyDType = ">c8".parse().unwrap();
        let array = dtype.array(&[1], Order::RowMajor, &[1, 2, 3, 4, 5, 6, 7, 8]).unwrap();
        assert_eq!(array.bytes(), [4, 3, 2, 1, 8, 7, 6, 5]);
    }
}
