//! Puts a struct with arrays into Redis and reads it back: `cargo run --example quickstart`.
//!
//! It needs no server: see `Server::choose` for which one it takes.

use std::error::Error;
use std::time::Instant;

use ndarray::Array3;
use ndwire::Layout;
use ndwire_examples::Server;
use redis::Commands;
use serde::{Deserialize, Serialize};

/// Any serde type will do. With the attribute a field is an array, which keeps its shape and is copied as one block.
#[derive(Serialize, Deserialize, PartialEq)]
struct Batch {
    id: u64,
    scanner: String,
    #[serde(with = "ndwire::array")]
    images: Array3<u8>,
    #[serde(with = "ndwire::array")]
    labels: Vec<u8>,
    #[serde(with = "ndwire::array")]
    embedding: Vec<f32>,
    reviewed: Option<bool>,
}

// Now redis-rs takes it as an argument, and gives it as a reply.
ndwire::redis_value!(Batch);

/// Real data: 1,797 scanned digits with their labels, and one embedding of a language model.
fn load() -> Result<Batch, Box<dyn Error>> {
    let images = ndwire_examples::load("digits_u8_1797x8x8.npy", "|u1")?;
    let labels = ndwire_examples::load("digits_labels_u8_1797.npy", "|u1")?;
    let embedding = ndwire_examples::load("minilm_token_embedding_f32_384.npy", "<f4")?;
    let shape: [usize; 3] = images.shape.try_into().map_err(|_| "three dimensions expected")?;
    Ok(Batch {
        id: 7,
        scanner: "desk 3".to_string(),
        images: Array3::from_shape_vec(shape, images.bytes)?,
        labels: labels.bytes,
        embedding: embedding.f32s().collect(),
        reviewed: None,
    })
}

fn main() -> Result<(), Box<dyn Error>> {
    let batch = load()?;
    let server = Server::choose()?;
    println!("server: {}", server.mode);
    let mut con = server.connect()?;

    // The server may be shared: a key of our own, which goes by itself if this program cannot delete it.
    let key = format!("ndwire-quickstart:{}:batch", std::process::id());
    let start = Instant::now();
    con.set_ex::<_, _, ()>(&key, &batch, 60)?;
    let stored_in = start.elapsed();

    let start = Instant::now();
    let again: Batch = con.get(&key)?;
    let read_in = start.elapsed();

    // Redis holds the bytes of `to_vec`, and they describe themselves: any program can list what is in them.
    let bytes: Vec<u8> = con.get(&key)?;
    con.del::<_, ()>(&key)?;

    let build = if cfg!(debug_assertions) { " (debug build)" } else { "" };
    println!("key:    {key}, {} bytes, stored in {stored_in:.1?}, read in {read_in:.1?}{build}", bytes.len());
    println!("{}", Layout::of(&bytes)?);
    if again != batch {
        return Err("what was read is not what was stored".into());
    }
    println!("read back equal: {} images of {:?}", again.images.dim().0, &again.images.shape()[1..]);
    Ok(())
}
