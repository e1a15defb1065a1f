//! A redis-rs before 1.0: a value is a `Vec<u8>` there.

use redis::{Commands, Connection};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, PartialEq, Debug)]
pub struct Frame {
    pub id: u64,
    #[serde(with = "ndwire::array")]
    pub embedding: Vec<f32>,
}

/// The key holds the bytes of `to_vec`, in one string.
pub fn set(con: &mut Connection, key: &str, frame: &Frame) -> Result<(), Box<dyn std::error::Error>> {
    Ok(con.set(key, ndwire::to_vec(frame)?)?)
}

/// An `Option`, because redis-rs makes an empty `Vec<u8>` of a missing key.
pub fn get(con: &mut Connection, key: &str) -> Result<Option<Frame>, Box<dyn std::error::Error>> {
    let reply: Option<Vec<u8>> = con.get(key)?;
    Ok(reply.map(|bytes| ndwire::from_slice(&bytes)).transpose()?)
}
