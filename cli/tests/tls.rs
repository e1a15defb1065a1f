//! A server that speaks TLS, with a certificate that nobody has signed.

use std::path::Path;
use std::process::Command;

use ndwire::foreign::Encoding;
use redis::cmd;

use crate::support::redis_server::{PrivateServer, on_path};
use crate::support::{Run, connect, golden, program, set};

/// A key, and a certificate for this machine that is signed with it.
fn certificate(folder: &Path) {
    let arguments = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -keyout key.pem -out cert.pem \
                     -subj /CN=ndwire -addext subjectAltName=IP:127.0.0.1 -addext basicConstraints=critical,CA:FALSE";
    let made = Command::new("openssl").args(arguments.split(' ')).current_dir(folder).output();
    let made = made.expect("these tests need openssl: run `scripts/test --install`");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

#[test]
fn certificates_are_checked() {
    let folder = std::env::temp_dir().join(format!("ndwire-tls-{}", std::process::id()));
    std::fs::create_dir(&folder).unwrap();
    certificate(&folder);
    let redis = on_path("redis-server").expect("a redis-server on PATH: run `scripts/test --install`");
    let (server, port) = PrivateServer::start_tls(redis, &folder).expect("redis-server does not start with TLS");
    let mut con = connect(&server);
    set(&mut con, "frame", golden("u2_2x3.msgpack"));

    let url = format!("rediss://127.0.0.1:{port}");
    let migrate = ["migrate", "--pattern", "*", "--from", "msgpack-numpy", "--write"];
    let trusting = |url: &str, file: &str| {
        let output = program(url, &migrate).env("SSL_CERT_FILE", folder.join(file)).output();
        Run::from(output.expect("it starts"))
    };
    // Of a certificate that nobody trusts.
    std::fs::write(folder.join("none.pem"), "").unwrap();
    let done = trusting(&url, "none.pem");
    assert_eq!((done.code, done.out.as_str()), (1, ""));
    assert!(done.errors.starts_with(&format!("error: {url}: cannot connect: invalid peer certificate: ")), "{done:?}");
    let done = trusting(&format!("{url}/#insecure"), "cert.pem");
    let expected =
        format!("error: {url}/#insecure: certificates are always checked: name the one to trust in SSL_CERT_FILE\n");
    assert_eq!((done.code, done.errors.as_str()), (2, expected.as_str()));
    let value: Vec<u8> = cmd("GET").arg("frame").query(&mut con).unwrap();
    assert_eq!(Encoding::detect(&value).unwrap(), Encoding::MsgpackNumpy);

    trusting(&url, "cert.pem").ended_with(0).has("msgpack-numpy: 1 value, 1 converted (54 to 44 bytes)");
    let value: Vec<u8> = cmd("GET").arg("frame").query(&mut con).unwrap();
    assert_eq!(Encoding::detect(&value).unwrap(), Encoding::Ndwire);
    std::fs::remove_dir_all(&folder).unwrap();
}
