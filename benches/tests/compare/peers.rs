//! The peers: formats of serde behind the face they have in the measurements, and containers of arrays.

use ndarray::{Array2, ArrayView2};
use ndarray_npy::{ReadNpyExt, WritableElement, WriteNpyExt};
use safetensors::tensor::{Dtype, TensorView};

/// In the order of the table's columns; first those that [`each`] goes through.
pub const PEERS: [&str; 8] =
    ["ndwire", "bincode 2", "postcard", "rmp-serde (named)", "serde_json", "safetensors", "npy", "raw bytes"];

/// Calls a function with the type of each format of serde.
macro_rules! each {
    ($function:ident) => {
        [
            $function::<ndwire_benches::peers::Ndwire>(),
            $function::<ndwire_benches::peers::Bincode>(),
            $function::<ndwire_benches::peers::Postcard>(),
            $function::<ndwire_benches::peers::RmpSerde>(),
            $function::<ndwire_benches::peers::SerdeJson>(),
        ]
    };
}
pub(crate) use each;

/// Whether a type has a trait.
macro_rules! implements {
    ($type:ty: $($bound:tt)+) => {{
        #[allow(dead_code, reason = "not looked at where the type has the trait")]
        trait Otherwise {
            const FOUND: bool = false;
        }
        impl<T: ?Sized> Otherwise for T {}
        #[allow(dead_code, reason = "only its constant is looked at")]
        struct Probe<T: ?Sized>(std::marker::PhantomData<T>);
        #[allow(dead_code, reason = "found only where the type has the trait")]
        impl<T: ?Sized + $($bound)+> Probe<T> {
            const FOUND: bool = true;
        }
        <Probe<$type>>::FOUND
    }};
}
pub(crate) use implements;

/// A file of named tensors.
pub fn safetensors<'a>(tensors: impl IntoIterator<Item = (&'a str, TensorView<'a>)>) -> Vec<u8> {
    safetensors::serialize(tensors, None).expect("tensors can be written")
}

/// A file with one tensor of shape [2, 3].
pub fn one_tensor(dtype: Dtype, data: &[u8]) -> Vec<u8> {
    safetensors([("values", TensorView::new(dtype, vec![2, 3], data).expect("as many bytes"))])
}

/// The header of a file of tensors, which stands behind its length.
pub fn safetensors_header(bytes: &[u8]) -> serde_json::Value {
    let (len, rest) = bytes.split_first_chunk().expect("8 bytes of length");
    let len = u64::from_le_bytes(*len) as usize;
    serde_json::from_slice(&rest[..len]).expect("the header is JSON")
}

/// A NumPy file.
pub fn npy<T: WritableElement>(array: &Array2<T>) -> Vec<u8> {
    let mut bytes = Vec::new();
    array.write_npy(&mut bytes).expect("arrays can be written");
    bytes
}

pub fn read_npy(bytes: &[u8]) -> Result<Array2<f32>, ndarray_npy::ReadNpyError> {
    Array2::read_npy(bytes)
}

/// A NumPy file of version 2.0 with this header, and no data.
pub fn npy_of_header(header: &str) -> Vec<u8> {
    let len = u32::try_from(header.len() + 1).expect("a short header");
    [&b"\x93NUMPY\x02\x00"[..], &len.to_le_bytes(), header.as_bytes(), b"\n"].concat()
}

/// The text of a NumPy file's header, of version 1.0.
pub fn npy_header(bytes: &[u8]) -> &str {
    assert_eq!(bytes[..8], *b"\x93NUMPY\x01\x00");
    let len = u16::from_le_bytes([bytes[8], bytes[9]]) as usize;
    std::str::from_utf8(&bytes[10..10 + len]).expect("ASCII")
}

/// What is quickly made by hand: both dims as u32, then the elements.
pub fn raw<T: bytemuck::Pod>(array: ArrayView2<'_, T>) -> Vec<u8> {
    let dims = [array.nrows() as u32, array.ncols() as u32];
    let elements: Vec<T> = array.iter().copied().collect();
    [bytemuck::cast_slice(&dims), bytemuck::cast_slice(&elements)].concat()
}
