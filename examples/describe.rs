//! Prints what is in values, without reading their payloads:
//!
//! ```text
//! cargo run --example describe -- FILE        a file
//! cargo run --example describe -- key KEY     a key of the Redis server of REDIS_URL
//! cargo run --example describe -- keys PREFIX every key that begins so
//! ```

use std::error::Error;
use std::fs::File;
use std::io::Read;

use ndwire::Layout;
use redis::{Commands, Connection};

/// What is read first: the head of most values is shorter.
const FIRST: usize = 4096;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [file] => describe(file, head(file_range(file)))?,
        ["key", key] => {
            let mut con = connect()?;
            describe(key, head(key_range(&mut con, key)))?;
        }
        ["keys", prefix] => {
            let mut con = connect()?;
            let pattern: String = prefix.chars().flat_map(escaped).chain(['*']).collect();
            let mut keys: Vec<String> = con.scan_match(pattern)?.collect::<Result<_, _>>()?;
            keys.sort();
            // One key that holds something else must not end the list.
            for key in &keys {
                if let Err(error) = describe(key, head(key_range(&mut con, key))) {
                    println!("{}: {error}\n", key.escape_debug());
                }
            }
        }
        _ => return Err("expected FILE, `key KEY` or `keys PREFIX`".into()),
    }
    Ok(())
}

fn connect() -> Result<Connection, Box<dyn Error>> {
    let url = std::env::var("REDIS_URL").map_err(|_| "REDIS_URL names no server")?;
    let client = redis::Client::open(url)?;
    let address = client.get_connection_info().addr().clone();
    client.get_connection().map_err(|error| format!("no connection to the Redis server at {address}: {error}").into())
}

/// A character as itself in a pattern.
fn escaped(c: char) -> impl Iterator<Item = char> {
    matches!(c, '*' | '?' | '[' | ']' | '\\' | '^').then_some('\\').into_iter().chain([c])
}

type Range<'a> = Box<dyn FnMut(usize) -> Result<Vec<u8>, Box<dyn Error>> + 'a>;

/// The first bytes of a file.
fn file_range(path: &str) -> Range<'_> {
    Box::new(move |len| {
        let mut bytes = Vec::new();
        File::open(path).map_err(|error| format!("{path}: {error}"))?.take(len as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    })
}

/// The first bytes of a key. `GETRANGE` counts its end in, and gives nothing for a missing key.
fn key_range<'a>(con: &'a mut Connection, key: &'a str) -> Range<'a> {
    Box::new(move |len| match con.getrange(key, 0, len as isize - 1)? {
        bytes if Vec::is_empty(&bytes) => Err("no such key, or an empty value".into()),
        bytes => Ok(bytes),
    })
}

/// The head of a value: with one read if it is short, else with two.
fn head(mut first_bytes: Range<'_>) -> Result<Vec<u8>, Box<dyn Error>> {
    let bytes = first_bytes(FIRST)?;
    match Layout::needed(&bytes)? {
        needed if needed <= bytes.len() || bytes.len() < FIRST => Ok(bytes),
        needed => first_bytes(needed),
    }
}

fn describe(name: &str, head: Result<Vec<u8>, Box<dyn Error>>) -> Result<(), Box<dyn Error>> {
    let head = head?;
    let layout = Layout::of(&head)?;
    println!("{}: {} bytes\n{layout}", name.escape_debug(), layout.value_len());
    Ok(())
}
