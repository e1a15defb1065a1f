//! Commands on keys that hold one value.

use crate::fixture::{Server, wait_for};
use crate::frame::{Frame, FrameView, frame};
use crate::redis::{Commands, ExistenceCheck, Expiry, RedisResult, SetExpiry, SetOptions, cmd};
use crate::{Packed, Received, Wire};

#[test]
fn one_connection_takes_many_commands() {
    let server = Server::start();
    let mut con = server.connection();
    let keys = server.numbered_keys(10);
    for round in 0..20u64 {
        for (id, key) in (round..).zip(&keys) {
            match round % 3 {
                0 => con.set::<_, _, ()>(key, &frame(id)).unwrap(),
                1 => con.set::<_, _, ()>(key, Wire(frame(id))).unwrap(),
                _ => con.set::<_, _, ()>(key, Packed::encode(&frame(id)).unwrap()).unwrap(),
            }
        }
        for (id, key) in (round..).zip(&keys) {
            assert_eq!(con.get::<_, Frame>(key).unwrap(), frame(id));
            let received: Received = con.get(key).unwrap();
            received.decode::<FrameView<'_>>().unwrap().assert_is(&frame(id));
        }
    }
}

#[test]
fn getset_getdel_and_getex() {
    let server = Server::start();
    let (mut con, key) = (server.connection(), server.key("frame"));
    assert_eq!(con.getset::<_, _, Option<Frame>>(&key, &frame(1)).unwrap(), None);
    assert_eq!(con.getset::<_, _, Frame>(&key, Packed::encode(&frame(2)).unwrap()).unwrap(), frame(1));
    assert_eq!(con.get_ex::<_, Frame>(&key, Expiry::EX(100)).unwrap(), frame(2));
    assert!((1..=100).contains(&con.ttl::<_, i64>(&key).unwrap()));
    assert_eq!(con.get_del::<_, Wire<Frame>>(&key).unwrap().0, frame(2));
    assert_eq!(con.get_del::<_, Option<Frame>>(&key).unwrap(), None);
    assert_eq!(con.get_ex::<_, Option<Received>>(&key, Expiry::PERSIST).unwrap(), None);
}

#[test]
fn mset_and_mget() {
    let server = Server::start();
    let mut con = server.connection();
    let keys = server.numbered_keys(4);
    let frames: Vec<_> = keys.iter().zip(0..).map(|(key, id)| (key, frame(id))).take(3).collect();
    con.mset::<_, _, ()>(&frames).unwrap();
    assert_eq!(
        con.mget::<_, Vec<Option<Frame>>>(&keys).unwrap(),
        [Some(frame(0)), Some(frame(1)), Some(frame(2)), None]
    );
    assert_eq!(con.mget::<_, (Frame, Wire<Frame>)>(&keys[..2]).unwrap(), (frame(0), Wire(frame(1))));

    // All or nothing, which is nothing here.
    let packed: Vec<_> = keys.iter().map(|key| (key, Packed::encode(&frame(9)).unwrap())).collect();
    assert!(!con.mset_nx::<_, _, bool>(&packed).unwrap());
    con.del::<_, ()>(&keys).unwrap();
    assert!(con.mset_nx::<_, _, bool>(&packed).unwrap());

    // One result for each item, whatever another one is.
    con.set::<_, _, ()>(&keys[1], "text").unwrap();
    con.del::<_, ()>(&keys[2]).unwrap();
    let replies: Vec<Option<Received>> = con.mget(&keys).unwrap();
    let results: Vec<_> = replies.iter().map(|reply| reply.as_ref().map(Received::decode::<FrameView<'_>>)).collect();
    let [Some(Ok(first)), Some(Err(second)), None, Some(Ok(fourth))] = &results[..] else {
        panic!("other results");
    };
    first.assert_is(&frame(9));
    fourth.assert_is(&frame(9));
    assert_eq!(second.to_string(), "not an ndwire value: found text, at byte 0");
    // Whereas a vector of frames fails as a whole.
    assert_eq!(
        con.mget::<_, Vec<Option<Frame>>>(&keys).unwrap_err().to_string(),
        "Incompatible type - not an ndwire value: found text, at byte 0"
    );
}

#[test]
fn set_options() {
    let server = Server::start();
    let (mut con, key) = (server.connection(), server.key("frame"));
    let nx = || SetOptions::default().conditional_set(ExistenceCheck::NX);
    let xx = || SetOptions::default().conditional_set(ExistenceCheck::XX);

    // XX of a key that is missing.
    assert!(!con.set_options::<_, _, bool>(&key, &frame(1), xx()).unwrap());
    assert_eq!(con.get::<_, Option<Frame>>(&key).unwrap(), None);
    // NX, twice.
    assert!(con.set_options::<_, _, bool>(&key, &frame(1), nx()).unwrap());
    assert!(!con.set_options::<_, _, bool>(&key, &frame(2), nx()).unwrap());
    assert_eq!(con.get::<_, Frame>(&key).unwrap(), frame(1));
    // GET gives what was there.
    let old: Option<Frame> = con.set_options(&key, Packed::encode(&frame(3)).unwrap(), xx().get(true)).unwrap();
    assert_eq!(old, Some(frame(1)));
    // EX, which the next SET takes away, unless it has KEEPTTL.
    let ex = SetOptions::default().with_expiration(SetExpiry::EX(100));
    con.set_options::<_, _, ()>(&key, Wire(frame(4)), ex).unwrap();
    assert!((1..=100).contains(&con.ttl::<_, i64>(&key).unwrap()));
    con.set_options::<_, _, ()>(&key, &frame(5), SetOptions::default().with_expiration(SetExpiry::KEEPTTL)).unwrap();
    assert!((1..=100).contains(&con.ttl::<_, i64>(&key).unwrap()));
    con.set::<_, _, ()>(&key, &frame(6)).unwrap();
    assert_eq!(con.ttl::<_, i64>(&key).unwrap(), -1);
    // GET of a key that is missing.
    con.del::<_, ()>(&key).unwrap();
    let px = SetOptions::default().with_expiration(SetExpiry::PX(100_000)).get(true);
    assert_eq!(con.set_options::<_, _, Option<Frame>>(&key, &frame(7), px).unwrap(), None);
    assert!((1..=100).contains(&con.ttl::<_, i64>(&key).unwrap()));
    assert_eq!(con.get::<_, Frame>(&key).unwrap(), frame(7));

    con.pset_ex::<_, _, ()>(&key, &frame(8), 100_000).unwrap();
    assert!(!con.set_nx::<_, _, bool>(&key, &frame(9)).unwrap());
    assert_eq!(con.get::<_, Frame>(&key).unwrap(), frame(8));
}

#[test]
fn an_expired_key_is_none() {
    let server = Server::start();
    let (mut con, key) = (server.connection(), server.key("frame"));
    con.set::<_, _, ()>(&key, &frame(1)).unwrap();
    assert!(con.pexpire::<_, bool>(&key, 1).unwrap());
    wait_for("expiry", || match con.get::<_, Option<Frame>>(&key).unwrap() {
        // Until it is gone, it is whole.
        Some(found) => {
            assert_eq!(found, frame(1));
            None
        }
        None => Some(()),
    });
    assert_eq!(con.get::<_, Option<Wire<Frame>>>(&key).unwrap(), None);
    assert_eq!(con.get::<_, Option<Received>>(&key).unwrap(), None);
    assert_eq!(con.mget::<_, Vec<Option<Frame>>>(&[&key]).unwrap(), [None]);
    assert_eq!(
        con.get::<_, Frame>(&key).unwrap_err().to_string(),
        "Incompatible type - invalid type: found nil, expected a string: \
         read a key that may be missing as `Option<Frame>`"
    );
}

#[test]
fn wrongtype_both_ways() {
    let server = Server::start();
    let (mut con, string, list) = (server.connection(), server.key("string"), server.key("list"));
    let hash = server.key("hash");
    con.set::<_, _, ()>(&string, &frame(1)).unwrap();
    con.rpush::<_, _, ()>(&list, &frame(2)).unwrap();
    con.hset::<_, _, _, ()>(&hash, "field", &frame(3)).unwrap();

    let expected = "\"WRONGTYPE\": Operation against a key holding the wrong kind of value";
    // Keys of other types, read as strings.
    for key in [&list, &hash] {
        let results = [
            con.get::<_, Frame>(key).map(drop),
            con.get::<_, Option<Frame>>(key).map(drop),
            con.get::<_, Received>(key).map(drop),
            con.getset::<_, _, Option<Frame>>(key, &frame(4)).map(drop),
        ];
        for result in results {
            let error = result.unwrap_err();
            assert_eq!((error.code(), error.to_string().as_str()), (Some("WRONGTYPE"), expected));
        }
    }
    // A string, as keys of other types.
    let results: [RedisResult<()>; 6] = [
        con.rpush(&string, frame(4)),
        con.lrange::<_, Vec<Frame>>(&string, 0, -1).map(drop),
        con.hget::<_, _, Option<Frame>>(&string, "field").map(drop),
        con.hset(&string, "field", frame(4)),
        con.sadd(&string, frame(4)),
        cmd("XADD").arg(&string).arg("*").arg("frame").arg(frame(4)).query(&mut con),
    ];
    for result in results {
        let error = result.unwrap_err();
        assert_eq!((error.code(), error.to_string().as_str()), (Some("WRONGTYPE"), expected));
    }
    let error = con.incr::<_, _, i64>(&string, 1).unwrap_err();
    assert_eq!(error.to_string(), "ResponseError: value is not an integer or out of range");

    // Nothing was changed, and the connection is as good as before.
    assert_eq!(con.get::<_, Frame>(&string).unwrap(), frame(1));
    assert_eq!(con.lrange::<_, Vec<Frame>>(&list, 0, -1).unwrap(), [frame(2)]);
    assert_eq!(con.hget::<_, _, Frame>(&hash, "field").unwrap(), frame(3));
}

#[test]
fn keys_are_copied_and_renamed_with_their_values() {
    let server = Server::start();
    let (mut con, key) = (server.connection(), server.key("frame"));
    let (copy, moved) = (server.key("copy"), server.key("moved"));
    con.set::<_, _, ()>(&key, &frame(1)).unwrap();
    cmd("COPY").arg(&key).arg(&copy).exec(&mut con).unwrap();
    con.rename::<_, _, ()>(&key, &moved).unwrap();
    assert_eq!(con.get::<_, Frame>(&copy).unwrap(), frame(1));
    assert_eq!(con.get::<_, Frame>(&moved).unwrap(), frame(1));

    let dump: Vec<u8> = cmd("DUMP").arg(&copy).query(&mut con).unwrap();
    con.del::<_, ()>(&copy).unwrap();
    cmd("RESTORE").arg(&copy).arg(0).arg(dump).exec(&mut con).unwrap();
    assert_eq!(con.get::<_, Frame>(&copy).unwrap(), frame(1));
}
