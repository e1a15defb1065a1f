#[macro_use]
#[path = "../program.rs"]
mod program;

program! {
    value => ndwire::to_vec(&value).unwrap(),
    bytes => ndwire::from_slice(&bytes).unwrap()
}
