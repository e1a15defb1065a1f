//! The client fred: a value is a `Bytes` there.

use fred::bytes::Bytes;
use fred::clients::Client;
use fred::interfaces::KeysInterface;
use ndarray::Array2;
use ndwire::AsArray;

/// The key holds an array f32 [rows, columns], in one string.
pub async fn set(client: &Client, key: &str, matrix: &Array2<f32>) -> Result<(), Box<dyn std::error::Error>> {
    let value = Bytes::from(ndwire::to_vec(&AsArray(matrix))?);
    Ok(client.set(key, value, None, None, false).await?)
}

/// `None` for a missing key.
pub async fn get(client: &Client, key: &str) -> Result<Option<Array2<f32>>, Box<dyn std::error::Error>> {
    let reply: Option<Bytes> = client.get(key).await?;
    Ok(reply.map(|bytes| ndwire::from_slice(&bytes).map(|AsArray(matrix)| matrix)).transpose()?)
}
