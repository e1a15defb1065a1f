//! Which Redis an example talks to.

use std::env;
use std::error::Error;
use std::path::PathBuf;

use redis::{Client, Connection, Value};

#[path = "../../tests/common/redis_server.rs"]
mod redis_server;

use crate::in_process;
use redis_server::PrivateServer;

/// A server, for as long as this lives.
pub struct Server {
    /// Where it is, as redis-rs wants it.
    pub url: String,
    /// Where it came from, for people.
    pub mode: String,
    _private: Option<PrivateServer>,
}

impl Server {
    /// The server that `REDIS_URL` names; else a private `redis-server`, if one is installed; else a stand-in inside this
    /// process, so that an example runs on a machine that has nothing but Rust.
    pub fn choose() -> Result<Server, Box<dyn Error>> {
        if let Some(server) = Self::of_redis_url()? {
            return Ok(server);
        }
        if let Some(private) = PrivateServer::start()? {
            return Self::private(private, "redis-server from PATH");
        }
        Ok(Server { url: in_process::start()?, mode: "in-process (redcon)".to_string(), _private: None })
    }

    /// A server that knows vector sets, which Redis does from version 8 on: the one that `REDIS_URL` names; else a private one of
    /// the program that `NDWIRE_REDIS_8` names; else a private `redis-server` from `PATH`.
    pub fn with_vector_sets() -> Result<Server, Box<dyn Error>> {
        if let Some(server) = Self::of_redis_url()?
            && has_vector_sets(&server)?
        {
            return Ok(server);
        }
        if let Some(program) = env::var_os("NDWIRE_REDIS_8") {
            let private = PrivateServer::start_program(PathBuf::from(program))?;
            let server = Self::private(private, "redis-server of NDWIRE_REDIS_8")?;
            if has_vector_sets(&server)? {
                return Ok(server);
            }
        }
        if let Some(private) = PrivateServer::start()? {
            let server = Self::private(private, "redis-server from PATH")?;
            if has_vector_sets(&server)? {
                return Ok(server);
            }
        }
        Err("no server with vector sets (Redis 8.0 or later): expected one in REDIS_URL, or the path of its redis-server \
             in NDWIRE_REDIS_8"
            .into())
    }

    /// A blocking connection. The error says where nobody answered, without the password that a URL may hold.
    pub fn connect(&self) -> Result<Connection, Box<dyn Error>> {
        let client = Client::open(self.url.as_str())?;
        let address = client.get_connection_info().addr().clone();
        client
            .get_connection()
            .map_err(|error| format!("no connection to the Redis server at {address}: {error}").into())
    }

    /// Connects once, so that every example names the server that does not answer, whichever way it connects itself.
    fn of_redis_url() -> Result<Option<Server>, Box<dyn Error>> {
        let Ok(url) = env::var("REDIS_URL") else { return Ok(None) };
        let server = Server { url, mode: "REDIS_URL".to_string(), _private: None };
        server.connect()?;
        Ok(Some(server))
    }

    fn private(private: PrivateServer, from: &str) -> Result<Server, Box<dyn Error>> {
        let mut server = Server { url: private.url.clone(), mode: String::new(), _private: Some(private) };
        let info: String = redis::cmd("INFO").arg("server").query(&mut server.connect()?)?;
        let version = info.lines().find_map(|line| line.strip_prefix("redis_version:"));
        server.mode = format!("{from} (version {})", version.unwrap_or("unknown"));
        Ok(server)
    }
}

/// The server says itself what it knows: other servers count their versions otherwise.
fn has_vector_sets(server: &Server) -> Result<bool, Box<dyn Error>> {
    let reply: Value = redis::cmd("COMMAND").arg("INFO").arg("VADD").query(&mut server.connect()?)?;
    Ok(matches!(reply, Value::Array(commands) if matches!(commands[..], [Value::Array(_)])))
}
