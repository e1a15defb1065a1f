//! A server for one test, and keys on it that do not stay.

use std::cell::RefCell;
use std::hash::{BuildHasher, RandomState};
use std::io::Write;
use std::sync::Once;

use crate::redis::{Client, Commands, Connection};

#[path = "../common/test_server.rs"]
mod test_server;

use test_server::redis_server::PrivateServer;

/// How long a key outlives a test that could not delete it.
pub(crate) const TIME_TO_LIVE: u64 = 60;

/// The server that `REDIS_URL` names, or else one of the test's own.
pub(crate) struct Server {
    url: String,
    prefix: String,
    keys: RefCell<Vec<String>>,
    _private: Option<PrivateServer>,
}

impl Server {
    /// A test without a server has failed.
    pub(crate) fn start() -> Self {
        let (url, private) = test_server::choose();
        let prefix = format!("ndwire-test:{}:{}:", std::process::id(), RandomState::new().hash_one(0));
        let server = Server { url, prefix, keys: RefCell::default(), _private: private };
        server.log_version();
        server
    }

    pub(crate) fn connection(&self) -> Connection {
        Client::open(self.url.as_str()).unwrap().get_connection().unwrap()
    }

    /// Where it is, for another program.
    #[allow(dead_code, reason = "not every crate that includes this file runs one")]
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// A key of this test alone, which is deleted at its end.
    pub(crate) fn key(&self, name: &str) -> String {
        let key = format!("{}{name}", self.prefix);
        self.keys.borrow_mut().push(key.clone());
        key
    }

    /// Once for each test program, and past the capture of the test harness: the log of every run says what it ran against.
    #[expect(clippy::explicit_write, reason = "the harness captures what `eprintln` prints")]
    fn log_version(&self) {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            let info: String = crate::redis::cmd("INFO").arg("server").query(&mut self.connection()).unwrap();
            let version = info.lines().find(|line| line.starts_with("redis_version:")).unwrap();
            let from = match &self._private {
                Some(private) => private.program.display().to_string(),
                None => "REDIS_URL".to_string(),
            };
            writeln!(std::io::stderr(), "{version} ({from})").unwrap();
        });
    }
}

/// Any bytes, as another program may have put them there.
#[allow(dead_code, reason = "not every crate that includes this file stores such")]
pub(crate) fn set_bytes(con: &mut Connection, key: &str, bytes: &[u8]) {
    con.set_ex::<_, _, ()>(key, bytes, TIME_TO_LIVE).unwrap();
}

impl Drop for Server {
    fn drop(&mut self) {
        let keys = self.keys.take();
        // A server of our own takes its keys with it. On another one they have a time to live, should this fail.
        if self._private.is_none()
            && !keys.is_empty()
            && let Ok(mut con) = Client::open(self.url.as_str()).and_then(|client| client.get_connection())
        {
            let _: Result<(), _> = con.del(keys);
        }
    }
}
