//! 1,000 embeddings as values of 1,000 keys, fetched with one `MGET`, and a search for the nearest neighbours of some words.
//!
//! ```text
//! cargo run --release --example search [WORD...]
//! ```
//!
//! The search looks at every embedding, which is the fastest way up to some ten thousand of them. To search within Redis, see the
//! example `vector_set`.

use std::borrow::Cow;
use std::error::Error;
use std::time::Instant;

use ndarray::{Array2, ArrayView1, Axis};
use ndwire::redis::{Packed, Received};
use redis::Commands;
use serde::{Deserialize, Serialize};

/// It owns nothing: written, it borrows from the words; read, from the reply, as far as the floats in there are aligned.
#[derive(Serialize, Deserialize)]
struct Entry<'a> {
    word: &'a str,
    #[serde(with = "ndwire::array", borrow)]
    embedding: Cow<'a, [f32]>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let server = ndwire_examples::Server::choose()?;
    println!("server: {}", server.mode);
    let mut con = server.connect()?;

    let words = ndwire_examples::words()?;
    let prefix = format!("ndwire-search:{}:", std::process::id());
    let keys: Vec<String> = words.iter().map(|word| prefix.clone() + &word.text).collect();

    let start = Instant::now();
    let mut pipe = redis::pipe();
    for (key, word) in keys.iter().zip(&words) {
        let entry = Entry { word: &word.text, embedding: Cow::Borrowed(&word.embedding) };
        pipe.set_ex(key, Packed::encode(&entry)?, 60).ignore();
    }
    pipe.query::<()>(&mut con)?;
    let stored_in = start.elapsed();

    // `Received` takes each reply as it is, so that one foreign value among a thousand fails alone and says what it is.
    let start = Instant::now();
    let replies: Vec<Option<Received>> = con.mget(&keys)?;
    let fetched_in = start.elapsed();

    let start = Instant::now();
    let mut found = Vec::new();
    let mut matrix = Array2::zeros((0, 384));
    for (key, reply) in keys.iter().zip(&replies) {
        let Some(reply) = reply else { return Err(format!("{key}: no such key").into()) };
        let entry: Entry<'_> = reply.decode().map_err(|error| format!("{key}: {error}"))?;
        found.push(entry.word);
        matrix.push_row(ArrayView1::from(&*entry.embedding))?;
    }
    let decoded_in = start.elapsed();
    con.del::<_, ()>(&keys)?;

    let bytes: usize = replies.iter().flatten().map(Received::len).sum();
    let build = if cfg!(debug_assertions) { " (debug build)" } else { "" };
    println!(
        "{} embeddings, {bytes} bytes: stored in {stored_in:.1?}, fetched with one MGET in {fetched_in:.1?}, \
         decoded in {decoded_in:.1?}{build}",
        found.len()
    );
    if !words
        .iter()
        .zip(&found)
        .zip(matrix.rows())
        .all(|((word, found), row)| word.text == *found && row == ArrayView1::from(&word.embedding))
    {
        return Err("what was read is not what was stored".into());
    }

    // The cosine of two vectors is the product of both at length 1.
    for mut row in matrix.rows_mut() {
        row /= row.dot(&row).sqrt();
    }
    let asked: Vec<String> = std::env::args().skip(1).collect();
    let asked = match asked.is_empty() {
        true => ["king", "river", "january", "music"].map(String::from).to_vec(),
        false => asked,
    };
    let start = Instant::now();
    for word in &asked {
        let Some(index) = found.iter().position(|other| other == word) else {
            println!("  {word}: not among the words");
            continue;
        };
        let cosines = matrix.dot(&matrix.index_axis(Axis(0), index));
        let mut nearest: Vec<usize> = (0..found.len()).filter(|other| *other != index).collect();
        nearest.sort_by(|a, b| cosines[*b].total_cmp(&cosines[*a]));
        let nearest: Vec<String> = nearest[..4].iter().map(|i| format!("{} {:.2}", found[*i], cosines[*i])).collect();
        println!("  {word}: {}", nearest.join(", "));
    }
    println!("searched {} times in {:.1?}{build}", asked.len(), start.elapsed());
    Ok(())
}
