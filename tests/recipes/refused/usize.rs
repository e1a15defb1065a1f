//~ error[E0277]: `Vec<usize>` cannot be written as an array
//~ error[E0277]: `Vec<usize>` cannot be read from an array
//~ = note: for `usize` and `isize`, whose size is the machine's, use `u64` and `i64`

#[derive(serde::Serialize, serde::Deserialize)]
struct Index {
    #[serde(with = "ndwire::array")]
    starts: Vec<usize>,
}

fn main() {}
