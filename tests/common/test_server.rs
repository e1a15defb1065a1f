//! Which server a test talks to.

#[path = "redis_server.rs"]
pub(crate) mod redis_server;

use redis_server::PrivateServer;

/// The server that `REDIS_URL` names, or else one of the test's own, for as long as it is held. A test without a server has failed.
pub(crate) fn choose() -> (String, Option<PrivateServer>) {
    if let Ok(url) = std::env::var("REDIS_URL") {
        return (url, None);
    }
    let private = PrivateServer::start().expect("redis-server is on PATH but does not start").expect(
        "these tests need a Redis server, and there is no redis-server on PATH: \
         run `scripts/test --install`, or set REDIS_URL",
    );
    (private.url.clone(), Some(private))
}
