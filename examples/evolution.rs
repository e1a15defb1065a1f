//! A struct that changes while values of its older versions are in Redis.
//!
//! ```text
//! cargo run --example evolution
//! ```
//!
//! Services are replaced one by one, so each version reads what the others write, older and newer.

use std::error::Error;

use ndarray::{Array2, array};
use ndwire::redis::Wire;
use ndwire::{AsArray, Layout};
use redis::Commands;
use serde::{Deserialize, Serialize};

/// The first version.
#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
struct FrameV1 {
    id: u32,
    /// To be renamed: first every reader learns the new name, then it is written.
    #[serde(alias = "camera")]
    cam: String,
    exposure: f32,
    embedding: Vec<f32>,
    /// As ndarray's own serde writes it.
    weights: Array2<f32>,
    /// To be removed: first every reader does without.
    #[serde(default)]
    scratch: Vec<u8>,
}

/// The second.
#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
struct FrameV2 {
    /// Reordered: fields are found by name.
    exposure: f32,
    /// Widened: integers are stored by value, not by width.
    id: u64,
    /// Renamed: the new name is written, and both are read.
    #[serde(alias = "cam")]
    camera: String,
    /// Become an array: a list is read as one, and version 1 reads the array as a list.
    #[serde(with = "ndwire::array")]
    embedding: Vec<f32>,
    /// The same for ndarray's own form.
    #[serde(with = "ndwire::array")]
    weights: Array2<f32>,
    /// Added: older values have the default.
    #[serde(default = "one")]
    gain: f32,
    /// Added as an option: older values have none.
    note: Option<String>,
    /// Added as an option with the attribute: serde then needs `default` to take a missing field for none.
    #[serde(with = "ndwire::array", default)]
    mask: Option<Vec<bool>>,
    // Removed: `scratch`. What older values have of it is skipped.
}

fn one() -> f32 {
    1.0
}

ndwire::redis_value!(FrameV1, FrameV2);

fn main() -> Result<(), Box<dyn Error>> {
    let server = ndwire_examples::Server::choose()?;
    println!("server: {}", server.mode);
    let mut con = server.connect()?;
    let key = format!("ndwire-evolution:{}:frame", std::process::id());

    let old = FrameV1 {
        id: 7,
        cam: "north".to_string(),
        exposure: 0.01,
        embedding: ndwire_examples::words()?[0].embedding.clone(),
        weights: array![[0.5, -1.0], [2.0, 0.25]],
        scratch: vec![1, 2, 3],
    };

    // The new service reads what the old one wrote.
    con.set_ex::<_, _, ()>(&key, &old, 60)?;
    let upgraded: FrameV2 = con.get(&key)?;
    println!(
        "version 1 as version 2: id {}, camera {}, gain {}, note {:?}",
        upgraded.id, upgraded.camera, upgraded.gain, upgraded.note
    );
    assert_eq!((upgraded.id, &upgraded.camera, upgraded.gain), (7, &old.cam, 1.0));
    assert_eq!((&upgraded.embedding, &upgraded.weights), (&old.embedding, &old.weights));
    assert_eq!((&upgraded.note, &upgraded.mask), (&None, &None));

    // The old service reads what the new one writes.
    let new = FrameV2 { note: Some("cloudy".to_string()), mask: Some(vec![true, false]), ..upgraded };
    con.set_ex::<_, _, ()>(&key, &new, 60)?;
    let downgraded: FrameV1 = con.get(&key)?;
    println!(
        "version 2 as version 1: id {}, cam {}, {} floats",
        downgraded.id,
        downgraded.cam,
        downgraded.embedding.len()
    );
    assert_eq!(downgraded, FrameV1 { scratch: vec![], ..old.clone() });
    assert_eq!(con.get::<_, FrameV2>(&key)?, new);

    // The same in a table, which has the names once: each version reads the other's list.
    let key_of_list = format!("{key}s");
    con.set_ex::<_, _, ()>(&key_of_list, Wire(vec![old.clone(); 3]), 60)?;
    print!("a list of version 1: {}", Layout::of(&con.get::<_, Vec<u8>>(&key_of_list)?)?);
    let Wire(upgraded) = con.get::<_, Wire<Vec<FrameV2>>>(&key_of_list)?;
    assert_eq!(upgraded[2], FrameV2 { note: None, mask: None, ..new.clone() });
    con.set_ex::<_, _, ()>(&key_of_list, Wire(vec![new.clone(); 3]), 60)?;
    print!("a list of version 2: {}", Layout::of(&con.get::<_, Vec<u8>>(&key_of_list)?)?);
    let Wire(downgraded) = con.get::<_, Wire<Vec<FrameV1>>>(&key_of_list)?;
    assert_eq!(downgraded, vec![FrameV1 { scratch: vec![], ..old }; 3]);
    con.del::<_, ()>(&key_of_list)?;

    // An id that version 1 cannot hold is an error, not another id.
    con.set_ex::<_, _, ()>(&key, &FrameV2 { id: 1 << 40, ..new }, 60)?;
    let error = con.get::<_, FrameV1>(&key).expect_err("it is too large");
    println!("an id of 41 bits as version 1: {error}");

    // An array becomes one of a dtype that holds all its numbers; to a narrower one it is an error.
    con.set_ex::<_, _, ()>(&key, Wire(AsArray(vec![1u8, 2, 3])), 60)?;
    let Wire(AsArray(wider)) = con.get::<_, Wire<AsArray<Vec<f32>>>>(&key)?;
    println!("an array of u8 as one of f32: {wider:?}");
    con.del::<_, ()>(&key)?;
    println!("every version reads every other");
    Ok(())
}
