//! A service that is switched while its neighbours are not: it reads what they left in Redis, whatever that is, with one type, and
//! still writes what they read.
//!
//! ```text
//! cargo run --example old_encodings --features foreign
//! ```

use std::error::Error;

use ndwire::foreign::Encoding;
use ndwire::redis::{AnyEncoding, Received, Wire};
use ndwire::{Array, ArrayView};
use redis::Commands;
use serde::{Deserialize, Serialize};

/// What the service works with. Nothing in it says how it was stored.
#[derive(Serialize, Deserialize, PartialEq)]
struct Scan {
    scanner: String,
    images: Array<u8>,
    labels: Array<u8>,
    embedding: Array<f32>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let server = ndwire_examples::Server::choose()?;
    println!("server: {}", server.mode);
    let mut con = server.connect()?;
    let key = |name: &str| format!("ndwire-old-encodings:{}:{name}", std::process::id());

    // What other programs have stored: the embeddings of four words, each in its writer's own way; ...
    let words = ndwire_examples::words()?;
    let embedding = |place: usize| ArrayView::from_elements([384], &words[place].embedding);
    let text_header: Vec<u8> =
        [&b"float32|384|"[..], &words[1].embedding.iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<_>>()].concat();
    let keys = [0, 1, 2, 3].map(|place: usize| key(&words[place].text));
    con.set_ex::<_, _, ()>(&keys[0], Encoding::Npy.encode(&embedding(0)?)?, 60)?;
    con.set_ex::<_, _, ()>(&keys[1], text_header, 60)?;
    con.set_ex::<_, _, ()>(&keys[2], Encoding::MsgpackNumpy.encode(&embedding(2)?)?, 60)?;
    con.set_ex::<_, _, ()>(&keys[3], Wire(embedding(3)?), 60)?;
    // ... a file of `np.save`, byte by byte; ...
    let images_key = key("images");
    con.set_ex::<_, _, ()>(&images_key, ndwire_examples::file("digits_u8_1797x8x8.npy")?, 60)?;
    // ... and one image behind its two dims, as big-endian u32.
    let image_key = key("image");
    let images = ndwire_examples::load("digits_u8_1797x8x8.npy", "|u1")?;
    con.set_ex::<_, _, ()>(&image_key, [&[0, 0, 0, 8, 0, 0, 0, 8], &images.bytes[..64]].concat(), 60)?;

    // What is there?
    for key in keys.iter().chain([&images_key, &image_key]) {
        let received: Received = con.get(key)?;
        match Encoding::detect(received.as_bytes()) {
            Ok(encoding) => {
                println!(
                    "  {key}: {} bytes, {:?} as {encoding}",
                    received.len(),
                    received.decode_any::<ndwire::Value>()?
                )
            }
            Err(error) => println!("  {key}: {} bytes, {error}", received.len()),
        }
    }

    // One type for all of them, in one command.
    let read: Vec<AnyEncoding<Array<f32>>> = con.mget(&keys)?;
    let embeddings_equal = read.iter().zip(&words).all(|(read, word)| read.0.elements() == word.embedding);
    let AnyEncoding(images_again): AnyEncoding<Array<u8>> = con.get(&images_key)?;

    // Two dims and bytes could be anything, so the reader says what they are.
    let received: Received = con.get(&image_key)?;
    let image: Array<u8> = received.decode_as(Encoding::DimsHeader("uint8".parse()?))?;

    // For a neighbour that still calls `msgpack_numpy.unpackb`: it gets a dict with arrays in it.
    let labels = ndwire_examples::load("digits_labels_u8_1797.npy", "|u1")?;
    let scan = Scan {
        scanner: "desk 3".to_string(),
        images: images_again,
        labels: Array::from_elements([1797], labels.bytes)?,
        embedding: Array::from_elements([384], words[0].embedding.clone())?,
    };
    let scan_key = key("scan");
    con.set_ex::<_, _, ()>(&scan_key, Encoding::MsgpackNumpy.encode(&scan)?, 60)?;
    let received: Received = con.get(&scan_key)?;
    println!("  {scan_key}: {} bytes as {}", received.len(), Encoding::detect(received.as_bytes())?);
    let again: Scan = received.decode_any()?;

    con.del::<_, ()>(keys.iter().chain([&images_key, &image_key, &scan_key]).collect::<Vec<_>>())?;
    let images_equal = scan.images.elements() == images.bytes && image.elements() == &images.bytes[..64];
    if !embeddings_equal || !images_equal || again != scan {
        return Err("what was read is not what was stored".into());
    }
    println!("read back equal: 7 keys in 5 encodings");
    Ok(())
}
