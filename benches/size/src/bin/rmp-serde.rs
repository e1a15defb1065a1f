#[macro_use]
#[path = "../program.rs"]
mod program;

program! {
    value => rmp_serde::to_vec_named(&value).unwrap(),
    bytes => rmp_serde::from_slice(&bytes).unwrap()
}
