//! Images of the crate image as arrays, for which Python has `numpy.asarray`, and back.

use image::{GrayImage, RgbImage};
use ndwire::ArrayView;

/// An array u8 [height, width, 3], from the image's own memory.
pub fn encode_rgb(image: &RgbImage) -> ndwire::Result<Vec<u8>> {
    let (width, height) = image.dimensions();
    ndwire::to_vec(&ArrayView::from_elements([height as usize, width as usize, 3], image.as_raw())?)
}

/// `None` if the array is of another shape.
pub fn decode_rgb(bytes: &[u8]) -> ndwire::Result<Option<RgbImage>> {
    let array: ArrayView<u8> = ndwire::from_slice(bytes)?;
    let &[height, width, 3] = array.shape() else { return Ok(None) };
    Ok(RgbImage::from_raw(width as u32, height as u32, array.to_vec()))
}

/// An array u8 [height, width].
pub fn encode_gray(image: &GrayImage) -> ndwire::Result<Vec<u8>> {
    let (width, height) = image.dimensions();
    ndwire::to_vec(&ArrayView::from_elements([height as usize, width as usize], image.as_raw())?)
}

/// `None` if the array is of another shape.
pub fn decode_gray(bytes: &[u8]) -> ndwire::Result<Option<GrayImage>> {
    let array: ArrayView<u8> = ndwire::from_slice(bytes)?;
    let &[height, width] = array.shape() else { return Ok(None) };
    Ok(GrayImage::from_raw(width as u32, height as u32, array.to_vec()))
}
