//! The golden files of `tests/golden/python`, and what their manifests say of them.

use std::fs;
use std::path::{Path, PathBuf};

use ndwire::foreign::{Encoding, NumpyDType};
use ndwire::{DType, DynArrayView, Order, Result, Value};
use serde_json::Value as Json;

pub(crate) const ENDINGS: [&str; 4] = ["msgpack", "texthdr", "ii", "npy"];

/// An array that Python was given.
pub(crate) struct Case {
    pub(crate) name: String,
    folder: PathBuf,
    json: Json,
}

pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/python")
}

/// Every case of both manifests.
pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for folder in [folder(), folder().join("more")] {
        let manifest = manifest(&folder);
        for (name, json) in manifest["cases"].as_object().unwrap() {
            cases.push(Case { name: name.clone(), folder: folder.clone(), json: json.clone() });
        }
    }
    assert!(cases.len() >= 34 + 41, "golden files are only ever added: {}", cases.len());
    cases
}

/// The values that are not one array: file and bytes.
pub(crate) fn others() -> Vec<(String, Vec<u8>)> {
    let mut others = Vec::new();
    for folder in [folder(), folder().join("more")] {
        for (_, json) in manifest(&folder)["extras"].as_object().unwrap() {
            let file = json["file"].as_str().unwrap();
            others.push((file.to_string(), read_file(&folder.join(file))));
        }
    }
    others
}

fn manifest(folder: &Path) -> Json {
    serde_json::from_slice(&read_file(&folder.join("manifest.json"))).expect("the manifest is JSON")
}

fn read_file(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("the golden files are part of the repository: {path:?}: {error}"))
}

impl Case {
    /// The bytes that Python wrote, if it did.
    pub(crate) fn file(&self, ending: &str) -> Option<Vec<u8>> {
        let file = self.json["files"][ending]["file"].as_str()?;
        Some(read_file(&self.folder.join(file)))
    }

    /// As Python names it.
    pub(crate) fn dtype_text(&self) -> &str {
        self.json["dtype"].as_str().unwrap()
    }

    /// The dtype that this crate has for it, if it has one.
    pub(crate) fn dtype(&self) -> Option<DType> {
        let text = self.dtype_text();
        let typestr = self.json["dtype_str"].as_str().unwrap().replace('>', "<");
        match text {
            "bfloat16" => Some(DType::BF16),
            "float8_e4m3fn" => Some(DType::F8E4M3FN),
            "float8_e5m2" => Some(DType::F8E5M2),
            _ => DType::ALL.iter().copied().find(|dtype| dtype.numpy_name() == Some(&typestr)),
        }
    }

    pub(crate) fn is_struct(&self) -> bool {
        !self.json["descr"].is_null()
    }

    pub(crate) fn is_column_major(&self) -> bool {
        self.json["order"] == "F"
    }

    pub(crate) fn shape(&self) -> Vec<usize> {
        let dims = self.json["shape"].as_array().unwrap();
        dims.iter().map(|dim| usize::try_from(dim.as_u64().unwrap()).unwrap()).collect()
    }

    /// The values, little endian and in C order.
    pub(crate) fn payload(&self) -> Vec<u8> {
        bytes(self.json["payload_le_c_hex"].as_str().unwrap())
    }

    /// The encoding of a file with this ending.
    pub(crate) fn encoding(&self, ending: &str) -> Result<Encoding> {
        Ok(match ending {
            "msgpack" => Encoding::MsgpackNumpy,
            "texthdr" => Encoding::TextHeader,
            "npy" => Encoding::Npy,
            _ => Encoding::DimsHeader(self.dtype_text().parse::<NumpyDType>()?),
        })
    }

    pub(crate) fn decode(&self, ending: &str, bytes: &[u8]) -> Result<Value> {
        self.encoding(ending)?.decode(bytes)
    }
}

/// The bytes of hex, which may have spaces.
pub(crate) fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().filter(|byte| *byte != b' ').collect();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(byte).collect()
}

/// The elements in C order.
pub(crate) fn row_major(array: &DynArrayView<'_>) -> Vec<u8> {
    if array.order() == Order::RowMajor {
        return array.bytes().to_vec();
    }
    let (shape, size) = (array.shape(), array.dtype().size());
    let mut out = Vec::new();
    let mut index = vec![0; shape.len()];
    for _ in 0..array.bytes().len() / size {
        // The first index runs fastest in memory.
        let place = shape.iter().zip(&index).rev().fold(0, |place, (dim, index)| place * dim + index);
        out.extend(&array.bytes()[place * size..][..size]);
        for (index, dim) in index.iter_mut().zip(shape).rev() {
            *index += 1;
            if *index < *dim {
                break;
            }
            *index = 0;
        }
    }
    out
}
