//! Embeddings in a vector set of Redis, which does the search itself.
//!
//! ```text
//! cargo run --example vector_set
//! ```
//!
//! Vector sets came with Redis 8.0: see `Server::with_vector_sets` for where such a server is looked for. Their commands, like the
//! vector fields of the search module, take a blob of little-endian floats without any header: that is `RawLe`, and no value
//! of this format.

use std::error::Error;
use std::time::Instant;

use ndwire::redis::{RawLe, Received};
use redis::Commands;

const DIM: usize = 384;

fn main() -> Result<(), Box<dyn Error>> {
    let server = ndwire_examples::Server::with_vector_sets()?;
    println!("server: {}", server.mode);
    let mut con = server.connect()?;
    let key = format!("ndwire-vector-set:{}", std::process::id());
    let words = ndwire_examples::words()?;

    // NOQUANT keeps the floats; without it the server keeps one byte for each.
    let start = Instant::now();
    let mut pipe = redis::pipe();
    for word in &words {
        let vadd =
            pipe.cmd("VADD").arg(&key).arg("FP32").arg(RawLe::new(&word.embedding)).arg(&word.text).arg("NOQUANT");
        vadd.ignore();
    }
    pipe.expire(&key, 60).ignore().query::<()>(&mut con)?;
    println!("VADD FP32: {} embeddings of {} bytes in {:.1?}", words.len(), DIM * 4, start.elapsed());

    for text in ["king", "river", "january", "music"] {
        let word = words.iter().find(|word| word.text == text).ok_or("not among the words")?;
        let mut vsim = redis::cmd("VSIM");
        vsim.arg(&key).arg("FP32").arg(RawLe::new(&word.embedding)).arg("WITHSCORES").arg("COUNT").arg(5);
        let nearest: Vec<(String, f64)> = vsim.query(&mut con)?;
        // A score is a cosine brought from -1..1 to 0..1. The first of all is the word itself.
        let nearest: Vec<String> =
            nearest.iter().map(|(other, score)| format!("{other} {:.2}", 2.0 * score - 1.0)).collect();
        println!("VSIM FP32: {}", nearest.join(", "));
        if nearest[0] != format!("{text} 1.00") {
            return Err(format!("{text} is not its own nearest neighbour").into());
        }
    }

    // The server keeps vectors at length 1, and beside each the length that it had.
    let word = words.iter().find(|word| word.text == "king").ok_or("not among the words")?;
    let (kind, blob, length): (String, Received, f32) =
        redis::cmd("VEMB").arg(&key).arg(&word.text).arg("RAW").query(&mut con)?;
    con.del::<_, ()>(&key)?;

    // Nothing in the blob tells its type or length: reading it takes both, and refuses a blob of another length.
    let stored = blob.raw_le::<f32>(DIM)?;
    let refused = blob.raw_le::<f32>(768).map(|_| ()).expect_err("384 floats are not 768");
    println!("VEMB RAW:  {} as {kind}, {} bytes; as 768 floats: {refused}", word.text, blob.len());

    let largest_difference =
        stored.iter().zip(&word.embedding).map(|(stored, given)| (stored * length - given).abs()).fold(0.0, f32::max);
    if largest_difference > 1e-6 {
        return Err(format!("what was read differs from what was stored by {largest_difference}").into());
    }
    println!("read back, times its length {length:.3}: within {largest_difference:.0e} of what was stored");
    Ok(())
}
