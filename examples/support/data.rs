//! The arrays of `examples/data`: the part of NumPy's `.npy` format that they use (version 1.0, little endian, C order).

use std::error::Error;
use std::path::{Path, PathBuf};

/// Shape and raw elements.
pub struct Array {
    pub shape: Vec<usize>,
    pub bytes: Vec<u8>,
}

impl Array {
    /// The elements of an array of `<f4`.
    pub fn f32s(&self) -> impl Iterator<Item = f32> + '_ {
        self.bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
    }
}

/// A word and its embedding.
pub struct Word {
    pub text: String,
    pub embedding: Vec<f32>,
}

/// 1,000 common English words with the embeddings, of 384 floats each, that a language model has for them.
pub fn words() -> Result<Vec<Word>, Box<dyn Error>> {
    let embeddings = load("minilm_words_f32_1000x384.npy", "<f4")?;
    let floats: Vec<f32> = embeddings.f32s().collect();
    let path = path("minilm_words_1000.txt");
    let texts = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let words: Vec<Word> = (texts.lines().zip(floats.chunks_exact(384)))
        .map(|(text, embedding)| Word { text: text.to_string(), embedding: embedding.to_vec() })
        .collect();
    match (embeddings.shape.as_slice(), texts.lines().count()) {
        ([1000, 384], 1000) => Ok(words),
        (shape, lines) => Err(format!("expected 1000 words, found {lines} and embeddings of shape {shape:?}").into()),
    }
}

/// Reads a file of `examples/data` whose elements are of this dtype, as NumPy spells it.
pub fn load(name: &str, dtype: &str) -> Result<Array, Box<dyn Error>> {
    parse(&file(name)?, dtype).ok_or_else(|| format!("{name}: not a .npy file of {dtype} in C order").into())
}

/// The bytes of a file of `examples/data`.
pub fn file(name: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let path = path(name);
    Ok(std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?)
}

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name)
}

/// Magic, version, the length of a header of two bytes, and the header: the text of a Python dict.
fn parse(file: &[u8], dtype: &str) -> Option<Array> {
    let rest = file.strip_prefix(b"\x93NUMPY\x01\x00")?;
    let (header_len, rest) = rest.split_first_chunk::<2>()?;
    let (header, bytes) = rest.split_at_checked(u16::from_le_bytes(*header_len).into())?;
    let header = std::str::from_utf8(header).ok()?;
    let expected = format!("'descr': '{dtype}', 'fortran_order': False");
    header.contains(&expected).then_some(())?;
    let shape = header.split_once("'shape': (")?.1.split_once(')')?.0;
    let dims = shape.split(',').map(str::trim).filter(|dim| !dim.is_empty());
    let shape = dims.map(|dim| dim.parse().ok()).collect::<Option<_>>()?;
    Some(Array { shape, bytes: bytes.to_vec() })
}
