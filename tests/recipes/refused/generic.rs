//~ error: `T` is a parameter of the type, which has to be declared, with its bounds: `redis_value!(for[T] Grid<T>)`

#[derive(serde::Serialize, serde::Deserialize)]
struct Grid<T> {
    cells: Vec<T>,
}

ndwire::redis_value!(Grid<T>);

fn main() {}
