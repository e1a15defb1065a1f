//! The value of these tests: a struct with arrays of many kinds.

use ndarray::{Array2, Array3, ShapeBuilder};
use ndwire::ArrayView;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
pub(crate) struct Frame {
    pub(crate) id: u64,
    pub(crate) camera: String,
    #[serde(with = "ndwire::array")]
    pub(crate) image: Array3<u8>,
    #[serde(with = "ndwire::array")]
    pub(crate) pose: Array2<f64>,
    pub(crate) embedding: Vec<f32>,
    pub(crate) corners: [[f32; 2]; 4],
    #[serde(with = "ndwire::array", default)]
    pub(crate) mask: Option<Vec<bool>>,
}

ndwire::redis_value!(Frame);

/// With all bytes that the protocol of Redis gives a meaning to, and all others. Its larger arrays stand behind the metadata,
/// the smaller ones in it.
pub(crate) fn frame(id: u64) -> Frame {
    Frame {
        id,
        camera: "north\r\n$5\r\n\0ö".to_string(),
        image: Array3::from_shape_fn((12, 16, 3), |(row, column, colour)| (row * 32 + column * 2 + colour) as u8),
        pose: Array2::from_shape_fn((4, 4).f(), |(row, column)| row as f64 - column as f64 / (id + 1) as f64),
        embedding: (0..192).map(|i| i as f32 / (id + 1) as f32).collect(),
        corners: [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0], [6.0, id as f32]],
        mask: id.is_multiple_of(2).then(|| vec![true, false, true]),
    }
}

/// A part of a [`Frame`] that borrows from the reply.
#[derive(Deserialize)]
pub(crate) struct FrameView<'a> {
    pub(crate) id: u64,
    pub(crate) camera: &'a str,
    #[serde(borrow)]
    pub(crate) image: ArrayView<'a, u8>,
    #[serde(borrow)]
    pub(crate) embedding: ArrayView<'a, f32>,
}

impl FrameView<'_> {
    #[track_caller]
    pub(crate) fn assert_is(&self, frame: &Frame) {
        assert_eq!((self.id, self.camera), (frame.id, frame.camera.as_str()));
        assert_eq!((self.image.shape(), self.image.elements()), (frame.image.shape(), frame.image.as_slice().unwrap()));
        assert_eq!(self.embedding.elements(), frame.embedding);
        assert!(self.image.is_borrowed());
    }
}
