//! Values through an async connection that tasks share.
//!
//! ```text
//! cargo run --example async_tokio --features tokio
//! ```

use std::error::Error;
use std::time::{Duration, Instant};

use ndarray::Array2;
use ndwire::redis::Packed;
use redis::{AsyncCommands, AsyncConnectionConfig, Client, RedisResult};
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;

#[derive(Serialize, Deserialize, PartialEq)]
struct Frame {
    id: u64,
    #[serde(with = "ndwire::array")]
    pixels: Array2<u8>,
    #[serde(with = "ndwire::array")]
    depth: Array2<f32>,
}

ndwire::redis_value!(Frame);

impl Frame {
    fn new(id: u64) -> Frame {
        let pixels = Array2::from_shape_fn((480, 640), |(row, column)| (row * column) as u8 ^ id as u8);
        let depth = Array2::from_shape_fn((120, 160), |(row, column)| (row + column) as f32 / (id + 1) as f32);
        Frame { id, pixels, depth }
    }
}

// One thread is enough: the tasks wait for the server.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let server = ndwire_examples::Server::choose()?;
    println!("server: {}", server.mode);

    // By default redis-rs gives up on a reply after 500 ms. That is meant for small values: all tasks share this connection, so
    // a reply also waits for the arrays of the others before it. And giving up takes nothing back: a `SET` that timed out may
    // have been stored.
    let config = AsyncConnectionConfig::new().set_response_timeout(Some(Duration::from_secs(30)));
    let client = Client::open(server.url.as_str())?;
    let mut con = client.get_multiplexed_async_connection_with_config(&config).await?;

    let prefix = format!("ndwire-async:{}:frame:", std::process::id());
    let keys: Vec<String> = (0..16).map(|id| format!("{prefix}{id}")).collect();

    let frames: Vec<Frame> = (0..16).map(Frame::new).collect();

    // A pipeline: sixteen commands, one round trip. A frame is encoded into the pipeline's buffer as it is added.
    let start = Instant::now();
    let mut pipe = redis::pipe();
    for (key, frame) in keys.iter().zip(&frames) {
        pipe.set_ex(key, frame, 60).ignore();
    }
    pipe.exec_async(&mut con).await?;
    println!("pipeline: {} frames stored in {:.1?}", keys.len(), start.elapsed());

    // Sixteen tasks read at once. A clone of the connection is a handle to the same one.
    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for key in keys.clone() {
        let mut con = con.clone();
        tasks.spawn(async move {
            let frame: RedisResult<Option<Frame>> = con.get(key).await;
            frame
        });
    }
    let mut read = Vec::new();
    while let Some(frame) = tasks.join_next().await {
        read.push(frame??.ok_or("a frame is missing")?);
    }
    println!("tasks:    {} frames read in {:.1?}", read.len(), start.elapsed());
    read.sort_by_key(|frame| frame.id);

    // Encoded once for two keys. Where encoding can fail, it fails here and not within redis-rs.
    let packed = Packed::encode(&frames[0])?;
    let (first, second) = (format!("{prefix}first"), format!("{prefix}second"));
    let (mut one, mut other) = (con.clone(), con.clone());
    tokio::try_join!(one.set_ex::<_, _, ()>(&first, &packed, 60), other.set_ex::<_, _, ()>(&second, &packed, 60),)?;
    let twice: Vec<Option<Frame>> = con.mget(&[&first, &second]).await?;
    println!("packed:   {} bytes encoded once, stored twice, {} read", packed.len(), twice.iter().flatten().count());

    con.del::<_, ()>(keys).await?;
    con.del::<_, ()>(&[first, second]).await?;
    if read != frames || twice.iter().any(|frame| frame.as_ref() != Some(&frames[0])) {
        return Err("what was read is not what was stored".into());
    }
    println!("read back equal");
    Ok(())
}
