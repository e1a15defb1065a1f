//~ error[E0277]: the trait bound `ArrayView<'_, f32>: FromRedisValue` is not satisfied
//~ the trait `ndwire::__private::ReadBorrowingTypesAsReceived` is not implemented for `ArrayView<'_, f32>`

use ndwire::ArrayView;
use redis::Commands;

fn main() -> redis::RedisResult<()> {
    let mut con = redis::Client::open("redis://127.0.0.1/")?.get_connection()?;
    let embedding: ArrayView<f32> = con.get("embedding")?;
    Ok(())
}
