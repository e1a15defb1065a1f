//! Which Redis an example talks to.

use std::collections::HashMap;
use std::error::Error;
use std::sync::Mutex;

#[path = "../../tests/common/redis_server.rs"]
mod redis_server;

use redis_server::PrivateServer;

/// A server, for as long as this lives.
pub(crate) struct Server {
    /// Where it is, as redis-rs wants it.
    pub(crate) url: String,
    /// Where it came from, for people.
    pub(crate) mode: String,
    _private: Option<PrivateServer>,
}

impl Server {
    /// The server that `REDIS_URL` names; else a private `redis-server`, if one is installed; else a stand-in inside this
    /// process, so that an example runs on a machine that has nothing but Rust.
    pub(crate) fn choose() -> Result<Server, Box<dyn Error>> {
        if let Ok(url) = std::env::var("REDIS_URL") {
            return Ok(Server { url, mode: "REDIS_URL".to_string(), _private: None });
        }
        if let Some(private) = PrivateServer::start()? {
            let url = private.url.clone();
            let mode = format!("redis-server from PATH (version {})", version(&url)?);
            return Ok(Server { url, mode, _private: Some(private) });
        }
        Ok(Server { url: in_process()?, mode: "in-process (redcon)".to_string(), _private: None })
    }
}

fn version(url: &str) -> Result<String, Box<dyn Error>> {
    let info: String = redis::cmd("INFO").arg("server").query(&mut redis::Client::open(url)?.get_connection()?)?;
    let version = info.lines().find_map(|line| line.strip_prefix("redis_version:"));
    Ok(version.unwrap_or("unknown").to_string())
}

type Store = Mutex<HashMap<Vec<u8>, Vec<u8>>>;

/// Serves SETEX, GET and DEL on a free port of this machine until the process ends.
fn in_process() -> Result<String, Box<dyn Error>> {
    let mut server = redcon::listen("127.0.0.1:0", Store::default())?;
    let url = format!("redis://{}", server.local_addr());
    server.command = Some(|connection, store, arguments| {
        let mut store = store.lock().expect("no command panics");
        match arguments.as_slice() {
            // The time to live is longer than that of this process.
            [name, key, _seconds, value] if name.eq_ignore_ascii_case(b"SETEX") => {
                store.insert(key.clone(), value.clone());
                connection.write_string("OK");
            }
            [name, key] if name.eq_ignore_ascii_case(b"GET") => match store.get(key) {
                Some(value) => connection.write_bulk(value),
                None => connection.write_null(),
            },
            [name, key] if name.eq_ignore_ascii_case(b"DEL") => {
                connection.write_integer(store.remove(key).map_or(0, |_| 1));
            }
            _ => connection.write_error("ERR unknown command"),
        }
    });
    std::thread::spawn(move || server.serve());
    Ok(url)
}
