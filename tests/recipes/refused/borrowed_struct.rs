//~ error[E0277]: the trait bound `Label<'_>: FromRedisValue` is not satisfied
//~ the trait `ndwire::__private::ReadBorrowingTypesAsReceived` is not implemented for `Label<'_>`

use redis::Commands;

#[derive(serde::Serialize, serde::Deserialize)]
struct Label<'a> {
    name: &'a str,
}

ndwire::redis_value!(for['a] Label<'a>);

fn main() -> redis::RedisResult<()> {
    let mut con = redis::Client::open("redis://127.0.0.1/")?.get_connection()?;
    con.set::<_, _, ()>("label", Label { name: "north" })?;
    let label: Label = con.get("label")?;
    Ok(())
}
