//~ error[E0277]: `HashMap<String, ArrayBase<OwnedRepr<f32>, Dim<[usize; 2]>, f32>>` cannot be written as an array
//~ error[E0277]: `HashMap<String, ArrayBase<OwnedRepr<f32>, Dim<[usize; 2]>, f32>>` cannot be read from an array
//~ = note: for arrays in a list or a map leave the attribute out, and make each of them an `ndwire::AsArray`

use std::collections::HashMap;

#[derive(serde::Serialize, serde::Deserialize)]
struct Layers {
    #[serde(with = "ndwire::array")]
    weights: HashMap<String, ndarray::Array2<f32>>,
}

fn main() {}
