#[macro_use]
#[path = "../program.rs"]
mod program;

program! {
    value => std::hint::black_box(value),
    bytes => bytes
}
