//! Arrays as views into the reply: nothing is copied but what is computed with.
//!
//! ```text
//! cargo run --example views
//! ```

use std::error::Error;

use ndarray::{ArrayView3, Axis};
use ndwire::ArrayView;
use ndwire::redis::{Packed, Received};
use redis::Commands;
use serde::{Deserialize, Serialize};

/// Written, it borrows from what it is made of; read, from the reply. Both array fields are the same on the wire.
#[derive(Serialize, Deserialize)]
struct Batch<'a> {
    scanner: &'a str,
    /// A view of ndarray's: reading fails where it cannot borrow (see below).
    #[serde(with = "ndwire::array", borrow)]
    images: ArrayView3<'a, u8>,
    /// A view of this crate's: where it cannot borrow it copies.
    #[serde(borrow)]
    embedding: ArrayView<'a, f32>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let server = ndwire_examples::Server::choose()?;
    println!("server: {}", server.mode);
    let mut con = server.connect()?;
    let key = format!("ndwire-views:{}:batch", std::process::id());

    let digits = ndwire_examples::load("digits_u8_1797x8x8.npy", "|u1")?;
    let embedding = ndwire_examples::load("minilm_token_embedding_f32_384.npy", "<f4")?.f32s().collect::<Vec<f32>>();
    let batch = Batch {
        scanner: "desk 3",
        images: ArrayView3::from_shape((1797, 8, 8), &digits.bytes)?,
        embedding: ArrayView::from(&embedding[..]),
    };
    // One copy, into the buffer of the command.
    con.set_ex::<_, _, ()>(&key, Packed::encode(&batch)?, 60)?;

    // The reply is moved out of redis-rs, and the batch borrows from it: it lives as long as `reply`.
    let reply: Received = con.get(&key)?;
    con.del::<_, ()>(&key)?;
    let again: Batch<'_> = reply.decode()?;
    println!("{} bytes of {}: {:?} and {:?}", reply.len(), again.scanner, again.images.shape(), again.embedding);

    let place = |address: *const u8| reply.as_bytes().as_ptr_range().contains(&address);
    let images_are_views = place(again.images.as_ptr());
    let embedding_is_view = place(again.embedding.elements().as_ptr().cast());
    println!("views into the reply: images {images_are_views}, embedding {embedding_is_view}");

    // Computed with in place.
    let mean = again.images.mapv(f32::from).mean_axis(Axis(0)).ok_or("no images")?;
    println!("mean image, middle row: {:.1}", mean.row(4));

    // A value that does not lie where floats may lie, as in the middle of a file: the view of this crate copies.
    let mut shifted = vec![0; 1 + reply.len()];
    shifted[1..].copy_from_slice(reply.as_bytes());
    let copied: Batch<'_> = ndwire::from_slice(&shifted[1..])?;
    println!(
        "one byte further: embedding is borrowed: {}, equal: {}",
        copied.embedding.is_borrowed(),
        copied.embedding == again.embedding
    );

    if !(images_are_views && embedding_is_view && again.images == batch.images && again.embedding == batch.embedding) {
        return Err("what was read is not a view of what was stored".into());
    }
    println!("read back equal");
    Ok(())
}
