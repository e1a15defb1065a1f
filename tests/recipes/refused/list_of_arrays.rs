//~ error[E0277]: `Vec<ArrayBase<OwnedRepr<f32>, Dim<[usize; 2]>, f32>>` cannot be written as an array
//~ error[E0277]: `Vec<ArrayBase<OwnedRepr<f32>, Dim<[usize; 2]>, f32>>` cannot be read from an array
//~ = note: for arrays in a list or a map leave the attribute out, and make each of them an `ndwire::AsArray`

#[derive(serde::Serialize, serde::Deserialize)]
struct Layers {
    #[serde(with = "ndwire::array")]
    weights: Vec<ndarray::Array2<f32>>,
}

fn main() {}
