//! A feature store: what is known of each user is a hash, and each field of it a typed value.
//!
//! ```text
//! cargo run --example features
//! ```
//!
//! A model that needs two of the fields fetches two of them, with one command.

use std::collections::BTreeMap;
use std::error::Error;

use ndarray::Array2;
use ndwire::AsArray;
use ndwire::redis::{Packed, Received, Wire};
use redis::Commands;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Purchases {
    currency: String,
    #[serde(with = "ndwire::array")]
    cents: Vec<u32>,
    #[serde(with = "ndwire::array")]
    days_ago: Vec<u16>,
}

// Now it is an argument and a reply of redis-rs.
ndwire::redis_value!(Purchases);

fn main() -> Result<(), Box<dyn Error>> {
    let server = ndwire_examples::Server::choose()?;
    println!("server: {}", server.mode);
    let mut con = server.connect()?;
    let key = format!("ndwire-features:{}:user:7", std::process::id());

    let words = ndwire_examples::words()?;
    let taste = &words[120].embedding;
    let purchases = Purchases { currency: "EUR".to_string(), cents: vec![1999, 450, 12_000], days_ago: vec![2, 9, 60] };

    // Fields of different types in one command: `Packed` is one type for all of them, and fails here if a value cannot be
    // encoded, not within redis-rs.
    let fields = [
        ("age", Packed::encode(&34u8)?),
        ("country", Packed::encode("NZ")?),
        ("purchases", Packed::encode(&purchases)?),
        ("taste", Packed::encode(&AsArray(taste))?),
    ];
    // In one round trip: a hash takes no time to live from `HSET`.
    redis::pipe().hset_multiple(&key, &fields).ignore().expire(&key, 60).ignore().query::<()>(&mut con)?;
    println!("HSET    {key}: {} fields", fields.len());

    // One field more, of a type that cannot be given redis-rs's traits here; `AsArray` stands where an attribute cannot.
    let visits = Array2::from_shape_fn((7, 24), |(weekday, hour)| (weekday * hour % 5) as u32);
    con.hset::<_, _, _, ()>(&key, "visits", Wire(AsArray(&visits)))?;
    println!("HSET    visits: by weekday and hour");

    // Two fields, each read as its type. A field that may be missing is an `Option`.
    let (Wire(AsArray(taste_again)), spent): (Wire<AsArray<Vec<f32>>>, Option<Purchases>) =
        con.hmget(&key, &["taste", "purchases"])?;
    println!("HMGET   taste: {} floats, purchases: {spent:?}", taste_again.len());
    let (Wire(age), newsletter): (Wire<u8>, Option<Wire<bool>>) = con.hmget(&key, &["age", "newsletter"])?;
    println!("HMGET   age: {age}, newsletter: {newsletter:?}");

    // The whole hash as a map. Its fields have different types, so they come as bytes that describe themselves, and each is
    // decoded when it is wanted. (A hash whose fields have one type is read as `HashMap<String, Purchases>`.)
    let all: BTreeMap<String, Received> = con.hgetall(&key)?;
    println!("HGETALL {} fields", all.len());
    for (field, value) in &all {
        println!("  {field}, {} bytes:", value.len());
        for line in value.layout()?.to_string().lines() {
            println!("    {line}");
        }
    }
    let country: &str = all["country"].decode()?;
    let AsArray(visits_again): AsArray<Array2<u32>> = all["visits"].decode()?;
    println!("country: {country}, visits on the last day: {}", visits_again.row(6).sum());

    con.del::<_, ()>(&key)?;
    if (taste_again, spent.as_ref(), age, newsletter) != (taste.clone(), Some(&purchases), 34, None) || country != "NZ"
    {
        return Err("what was read is not what was stored".into());
    }
    println!("read back equal");
    Ok(())
}
