#[macro_use]
#[path = "../program.rs"]
mod program;

program! {
    value => serde_json::to_vec(&value).unwrap(),
    bytes => serde_json::from_slice(&bytes).unwrap()
}
