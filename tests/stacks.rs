//! How much stack the deepest values take: what the README says is enough. A thread that has too little ends the test program.

use std::thread;

use ndwire::{Value, from_slice, to_vec};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Level {
    inner: Option<Box<Level>>,
    place: [f64; 2],
    name: String,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
enum Tree {
    Leaf(u8),
    Branches(Vec<Tree>),
    Branch { inner: Box<Tree>, place: f64, name: String },
}

/// 127 maps inside each other, and a list in each.
fn levels() -> Level {
    let level = |inner| Level { inner, place: [1.0, 2.0], name: "level".into() };
    (0..126).fold(level(None), |inner, _| level(Some(Box::new(inner))))
}

/// A branch is two maps, branches are a map and a list, a leaf is a map: 127 levels.
fn tree() -> Tree {
    (0..63).fold(Tree::Leaf(1), |inner, index| match index % 2 {
        0 => Tree::Branches(vec![inner]),
        _ => Tree::Branch { inner: Box::new(inner), place: 0.5, name: "branch".into() },
    })
}

fn in_kib<T: Send + 'static>(kib: usize, run: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = thread::Builder::new().stack_size(kib << 10).spawn(run).expect("a thread");
    thread.join().expect("it ends")
}

#[test]
fn the_deepest_values_fit_the_stacks_of_the_readme() {
    let (to_write, to_read) = if cfg!(debug_assertions) { (256, 1024) } else { (128, 256) };
    let (levels, bytes) = in_kib(to_write, || {
        let bytes = to_vec(&levels()).expect("written");
        (levels(), bytes)
    });
    let value = bytes.clone();
    assert!(in_kib(to_read, move || from_slice::<Level>(&bytes)).expect("read") == levels);
    assert!(in_kib(to_read, move || from_slice::<Value>(&value)).is_ok());
    let (tree, bytes) = in_kib(to_write, || {
        let bytes = to_vec(&tree()).expect("written");
        (tree(), bytes)
    });
    assert!(in_kib(to_read, move || from_slice::<Tree>(&bytes)).expect("read") == tree);
}
