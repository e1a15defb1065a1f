//! Arrays of ndarray 0.16, beside a program's or a library's ndarray 0.17.

use ndarray_0_16::{Array, ArrayD, Dimension, ShapeError};
use ndwire::ArrayView;

/// An array f32 of the same shape, row-major: without a copy where it is so in memory.
pub fn encode<D: Dimension>(array: &Array<f32, D>) -> ndwire::Result<Vec<u8>> {
    match array.as_slice() {
        Some(elements) => ndwire::to_vec(&ArrayView::from_elements(array.shape(), elements)?),
        None => {
            ndwire::to_vec(&ndwire::Array::from_elements(array.shape(), array.iter().copied().collect::<Vec<_>>())?)
        }
    }
}

/// Of any shape; `into_dimensionality` makes an `Array2` of it.
pub fn decode(bytes: &[u8]) -> ndwire::Result<Result<ArrayD<f32>, ShapeError>> {
    let array: ArrayView<f32> = ndwire::from_slice(bytes)?;
    Ok(ArrayD::from_shape_vec(array.shape(), array.to_vec()))
}
