#[macro_use]
#[path = "../program.rs"]
mod program;

program! {
    value => bincode::serde::encode_to_vec(&value, bincode::config::standard()).unwrap(),
    bytes => bincode::serde::decode_from_slice(&bytes, bincode::config::standard()).unwrap().0
}
