//~ error: `redis_value!` needs a feature of ndwire: `redis-1` for redis 1.x, `redis-2` for the candidate of redis 2.0

#[derive(serde::Serialize, serde::Deserialize)]
struct Frame {
    id: u64,
}

ndwire::redis_value!(Frame);

fn main() {}
