//! A stand-in for Redis that serves the commands of the examples from this process.

use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::sync::Mutex;

use redcon::Conn;

/// What a key holds.
enum Stored {
    Text(Vec<u8>),
    Hash(BTreeMap<Vec<u8>, Vec<u8>>),
}

type Store = HashMap<Vec<u8>, Stored>;

/// Serves on a free port of this machine until the process ends, which is sooner than any time to live.
pub(crate) fn start() -> Result<String, Box<dyn Error>> {
    let mut server = redcon::listen("127.0.0.1:0", Mutex::new(Store::new()))?;
    let url = format!("redis://{}", server.local_addr());
    server.command = Some(|connection, store, arguments| {
        let mut store = store.lock().expect("no command panics");
        let (name, arguments) = arguments.split_first().expect("a command has a name");
        answer(connection, &mut store, &name.to_ascii_uppercase(), arguments);
    });
    std::thread::spawn(move || server.serve());
    Ok(url)
}

fn answer(connection: &mut Conn, store: &mut Store, name: &[u8], arguments: &[Vec<u8>]) {
    match (name, arguments) {
        (b"SETEX", [key, _seconds, value]) => {
            store.insert(key.clone(), Stored::Text(value.clone()));
            connection.write_string("OK");
        }
        (b"GET", [key]) => write(connection, text(store, key)),
        (b"MGET", keys) => {
            connection.write_array(keys.len());
            keys.iter().for_each(|key| write(connection, text(store, key)));
        }
        // redis-rs sends HMSET for several fields.
        (b"HSET" | b"HMSET", [key, pairs @ ..]) if pairs.len() % 2 == 0 => {
            let stored = store.entry(key.clone()).or_insert_with(|| Stored::Hash(BTreeMap::new()));
            let Stored::Hash(hash) = stored else { return connection.write_error("WRONGTYPE not a hash") };
            let before = hash.len();
            hash.extend(pairs.chunks(2).map(|pair| (pair[0].clone(), pair[1].clone())));
            match name {
                b"HSET" => connection.write_integer((hash.len() - before) as i64),
                _ => connection.write_string("OK"),
            }
        }
        (b"HGETALL", [key]) => {
            let hash = hash(store, key);
            connection.write_array(hash.map_or(0, |hash| hash.len() * 2));
            for (field, value) in hash.into_iter().flatten() {
                connection.write_bulk(field);
                connection.write_bulk(value);
            }
        }
        (b"HMGET", [key, fields @ ..]) => {
            connection.write_array(fields.len());
            fields.iter().for_each(|field| write(connection, hash(store, key).and_then(|hash| hash.get(field))));
        }
        (b"EXPIRE", [key, _seconds]) => connection.write_integer(store.contains_key(key).into()),
        (b"DEL", keys) => {
            connection.write_integer(keys.iter().filter(|key| store.remove(*key).is_some()).count() as i64);
        }
        _ => connection.write_error("ERR unknown command"),
    }
}

fn write(connection: &mut Conn, value: Option<&Vec<u8>>) {
    match value {
        Some(value) => connection.write_bulk(value),
        None => connection.write_null(),
    }
}

fn text<'a>(store: &'a Store, key: &[u8]) -> Option<&'a Vec<u8>> {
    match store.get(key) {
        Some(Stored::Text(text)) => Some(text),
        _ => None,
    }
}

fn hash<'a>(store: &'a Store, key: &[u8]) -> Option<&'a BTreeMap<Vec<u8>, Vec<u8>>> {
    match store.get(key) {
        Some(Stored::Hash(hash)) => Some(hash),
        _ => None,
    }
}
