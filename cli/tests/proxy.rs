//! A server between the program and Redis, which sees every command before Redis does.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex};

use crate::support::redis_server::PrivateServer;

/// What becomes of a command: Redis answers it, or these bytes do, if any.
pub(crate) enum Then {
    Forward,
    Answer(Vec<u8>),
}

/// Sees a command, with all its arguments, and may do whatever it likes before Redis gets it.
pub(crate) type Hook = Box<dyn FnMut(&[Vec<u8>]) -> Then + Send>;

/// Serves until the process of the tests ends; gives the url.
pub(crate) fn before(server: &PrivateServer, hook: Hook) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("redis://{}/", listener.local_addr().expect("an address"));
    let socket = server.url.strip_prefix("unix://").expect("a socket").to_string();
    let hook = Arc::new(Mutex::new(hook));
    std::thread::spawn(move || {
        for client in listener.incoming() {
            let (client, hook) = (client.expect("a client"), hook.clone());
            let redis = UnixStream::connect(&socket).expect("the server");
            std::thread::spawn(move || serve(client, redis, &hook));
        }
    });
    url
}

fn serve(mut client: TcpStream, mut redis: UnixStream, hook: &Mutex<Hook>) {
    client.set_nodelay(true).expect("an option");
    let (mut replies, mut to_client) = (redis.try_clone().expect("a handle"), client.try_clone().expect("a handle"));
    // What either side does after the other has gone does not matter.
    std::thread::spawn(move || {
        std::io::copy(&mut replies, &mut to_client).map(|_| to_client.shutdown(std::net::Shutdown::Both))
    });
    let mut buffer = Vec::new();
    let mut chunk = [0; 1 << 16];
    while let Ok(len @ 1..) = client.read(&mut chunk) {
        buffer.extend_from_slice(&chunk[..len]);
        while let Some((command, len)) = command(&buffer) {
            let then = (hook.lock().expect("no hook panics"))(&command);
            let done = match then {
                Then::Forward => redis.write_all(&buffer[..len]),
                // Only to commands that come alone, so that no reply of Redis is on its way.
                Then::Answer(answer) => client.write_all(&answer),
            };
            if done.is_err() {
                return;
            }
            buffer.drain(..len);
        }
    }
    let _ = redis.shutdown(std::net::Shutdown::Both);
}

/// The command at the beginning, and its length, once it is there whole.
fn command(bytes: &[u8]) -> Option<(Vec<Vec<u8>>, usize)> {
    let (count, mut at) = number(bytes, 0, b'*')?;
    let mut arguments = Vec::new();
    for _ in 0..count {
        let (len, start) = number(bytes, at, b'$')?;
        arguments.push(bytes.get(start..start + len)?.to_vec());
        at = start + len + 2;
    }
    (at <= bytes.len()).then_some((arguments, at))
}

/// The number behind this mark, and where its line ends.
fn number(bytes: &[u8], at: usize, mark: u8) -> Option<(usize, usize)> {
    let rest = bytes.get(at..)?;
    let end = rest.windows(2).position(|end| end == b"\r\n")?;
    assert_eq!(rest[0], mark, "not a command");
    let number = std::str::from_utf8(&rest[1..end]).ok()?.parse().ok()?;
    Some((number, at + end + 2))
}
