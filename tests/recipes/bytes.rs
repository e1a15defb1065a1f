//! Values in `bytes::Bytes`: shared without a copy, and decoded where they are needed.

use bytes::Bytes;
use ndwire::{ArrayView, AsArray};

/// The bytes of an array f32 [length], to be handed on without a copy.
pub fn encode(embedding: &[f32]) -> ndwire::Result<Bytes> {
    ndwire::to_vec(&AsArray(embedding)).map(Bytes::from)
}

/// A view into the bytes, if the elements are aligned there, and otherwise a copy. Keep the `Bytes` as long as the view.
pub fn decode(value: &Bytes) -> ndwire::Result<ArrayView<'_, f32>> {
    ndwire::from_slice(value)
}
