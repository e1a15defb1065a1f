//! A server for one test, connections to it, and keys on it that do not stay.

use std::cell::RefCell;
use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant};

use crate::redis::aio::MultiplexedConnection;
use crate::redis::{AsyncConnectionConfig, Client, Commands, Connection, IntoConnectionInfo, ProtocolVersion};

#[path = "../common/test_server.rs"]
pub(crate) mod test_server;

use test_server::redis_server::PrivateServer;

/// Only a test that fails waits that long. redis-rs gives up on a reply of an async connection after 500 ms by default, which a
/// busy machine or a large value may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// The server that `REDIS_URL` names, or else one of the test's own.
pub(crate) struct Server {
    pub(crate) url: String,
    prefix: String,
    keys: RefCell<Vec<String>>,
    private: Option<PrivateServer>,
}

impl Server {
    /// A test without a server has failed.
    pub(crate) fn start() -> Self {
        let (url, private) = test_server::choose();
        let prefix = format!("ndwire-test:{}:{}:", std::process::id(), RandomState::new().hash_one(0));
        Server { url, prefix, keys: RefCell::default(), private }
    }

    pub(crate) fn client(&self) -> Client {
        Client::open(self.url.as_str()).unwrap()
    }

    pub(crate) fn connection(&self) -> Connection {
        self.client().get_connection().unwrap()
    }

    /// A connection on which replies have more types.
    pub(crate) fn resp3_connection(&self) -> Connection {
        let info = self.url.as_str().into_connection_info().unwrap();
        let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
        Client::open(info.set_redis_settings(settings)).unwrap().get_connection().unwrap()
    }

    pub(crate) async fn async_connection(&self) -> MultiplexedConnection {
        self.client().get_multiplexed_async_connection_with_config(&patient()).await.unwrap()
    }

    /// A key, or a channel, of this test alone. A key is deleted at the end of the test.
    pub(crate) fn key(&self, name: &str) -> String {
        let key = format!("{}{name}", self.prefix);
        self.keys.borrow_mut().push(key.clone());
        key
    }

    pub(crate) fn numbered_keys(&self, count: usize) -> Vec<String> {
        (0..count).map(|number| self.key(&number.to_string())).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let keys = self.keys.take();
        // A server of our own takes its keys with it.
        if self.private.is_none() && !keys.is_empty() {
            let deleted: Result<(), _> = self.client().get_connection().and_then(|mut con| con.del(keys));
            // In a test that has failed, a second panic would hide the first one.
            assert!(deleted.is_ok() || std::thread::panicking(), "keys stay on the server: {deleted:?}");
        }
    }
}

pub(crate) fn patient() -> AsyncConnectionConfig {
    AsyncConnectionConfig::new().set_connection_timeout(Some(PATIENCE)).set_response_timeout(Some(PATIENCE))
}

/// Until `poll` gives something, which it will.
pub(crate) fn wait_for<T>(what: &str, mut poll: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(result) = poll() {
            return result;
        }
        assert!(start.elapsed() < PATIENCE, "no {what} after {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(2));
    }
}
