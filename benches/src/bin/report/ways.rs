//! The ways in which 4 MiB are stored and read over Redis.

use std::hint::black_box;

use ndwire::redis::{Packed, Received, Wire};
use ndwire_benches::cases::{self, Attributed, Unattributed, Viewed, bytes_of};
use redis::{Client, Commands, Connection};

use crate::redis_server::PrivateServer;

/// Of the square of f32.
const SIDE: usize = 1024;

/// What is stored.
pub struct Values {
    frame: Attributed,
    plain: Unattributed,
    blob: Vec<u8>,
}

impl Values {
    pub fn new() -> Self {
        let frame = cases::attributed(SIDE);
        let blob = bytes_of(&frame.values);
        Values { frame, plain: cases::unattributed(SIDE), blob }
    }

    /// What each way has stored is what it should have.
    pub fn check(&self, connection: &mut Connection) {
        for key in ["packed", "value", "wire"] {
            let received: Received = connection.get(key).expect("GET");
            assert!(
                received.decode().is_ok_and(|read: Attributed| read == self.frame),
                "{key}: another value came back"
            );
        }
        assert!(connection.get::<_, Vec<u8>>("blob").expect("GET") == self.blob, "another blob came back");
        let bytes: Vec<u8> = connection.get("postcard").expect("GET");
        assert!(postcard::from_bytes(&bytes) == Ok(self.plain.clone()), "another value came back from postcard");
    }
}

pub type Command<'a> = Box<dyn Fn(&mut Connection) + 'a>;

/// One way, with a key of its own.
pub struct Way<'a> {
    pub name: &'static str,
    pub set: Command<'a>,
    pub get: Command<'a>,
}

pub fn server() -> (PrivateServer, Client) {
    let server = PrivateServer::start().expect("redis-server starts");
    let server = server.expect("redis-server is on PATH (Debian: package redis-server)");
    let client = Client::open(server.url.as_str()).expect("the url of a unix socket");
    (server, client)
}

pub fn ways(values: &Values) -> [Way<'_>; 5] {
    [
        Way {
            name: "raw blob: `&[u8]`, `Vec<u8>`",
            set: Box::new(|connection| connection.set("blob", &values.blob[..]).expect("SET")),
            get: Box::new(|connection| {
                let read: Vec<u8> = connection.get("blob").expect("GET");
                assert_eq!(black_box(read).len(), values.blob.len());
            }),
        },
        Way {
            name: "ndwire `Packed`; `Received`, decoded to an `ArrayView`",
            set: Box::new(|connection| {
                let packed = Packed::encode(black_box(&values.frame)).expect("encoded before");
                connection.set("packed", &packed).expect("SET")
            }),
            get: Box::new(|connection| {
                let received: Received = connection.get("packed").expect("GET");
                let view: Viewed<'_> = received.decode().expect("it was encoded");
                assert!(view.values.is_borrowed());
                black_box(view.values.elements());
            }),
        },
        Way {
            name: "ndwire `redis_value!`, owned",
            set: Box::new(|connection| connection.set("value", black_box(&values.frame)).expect("SET")),
            get: Box::new(|connection| {
                let read: Attributed = connection.get("value").expect("GET");
                assert_eq!(black_box(read).values.len(), values.frame.values.len());
            }),
        },
        Way {
            name: "ndwire `Wire`, owned",
            set: Box::new(|connection| connection.set("wire", Wire(black_box(&values.frame))).expect("SET")),
            get: Box::new(|connection| {
                let Wire(read): Wire<Attributed> = connection.get("wire").expect("GET");
                assert_eq!(black_box(read).values.len(), values.frame.values.len());
            }),
        },
        Way {
            name: "postcard through `Vec<u8>`, owned",
            set: Box::new(|connection| {
                let bytes = postcard::to_stdvec(black_box(&values.plain)).expect("encoded before");
                connection.set("postcard", bytes).expect("SET")
            }),
            get: Box::new(|connection| {
                let bytes: Vec<u8> = connection.get("postcard").expect("GET");
                let read: Unattributed = postcard::from_bytes(&bytes).expect("it was encoded");
                assert_eq!(black_box(read).values.len(), values.plain.values.len());
            }),
        },
    ]
}
