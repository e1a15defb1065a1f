//! The part of NumPy's `.npy` format that the example data uses: version 1.0, little endian, C order.

use std::error::Error;
use std::path::Path;

/// Shape and raw elements.
pub(crate) struct Npy {
    pub(crate) shape: Vec<usize>,
    pub(crate) bytes: Vec<u8>,
}

/// Reads a file of `examples/data` whose elements are of this dtype, as NumPy spells it.
pub(crate) fn load(name: &str, dtype: &str) -> Result<Npy, Box<dyn Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data").join(name);
    let file = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    parse(&file, dtype).ok_or_else(|| format!("{}: not a .npy file of {dtype} in C order", path.display()).into())
}

/// Magic, version, the length of a header of two bytes, and the header: the text of a Python dict.
fn parse(file: &[u8], dtype: &str) -> Option<Npy> {
    let rest = file.strip_prefix(b"\x93NUMPY\x01\x00")?;
    let (header_len, rest) = rest.split_first_chunk::<2>()?;
    let (header, bytes) = rest.split_at_checked(u16::from_le_bytes(*header_len).into())?;
    let header = std::str::from_utf8(header).ok()?;
    let expected = format!("'descr': '{dtype}', 'fortran_order': False");
    header.contains(&expected).then_some(())?;
    let shape = header.split_once("'shape': (")?.1.split_once(')')?.0;
    let dims = shape.split(',').map(str::trim).filter(|dim| !dim.is_empty());
    let shape = dims.map(|dim| dim.parse().ok()).collect::<Option<_>>()?;
    Some(Npy { shape, bytes: bytes.to_vec() })
}
