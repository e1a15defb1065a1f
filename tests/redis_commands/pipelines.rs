//! Many commands at once, and transactions.

use crate::fixture::Server;
use crate::frame::{Frame, FrameView, frame};
use crate::redis::{Commands, RedisResult, pipe, transaction};
use crate::{Packed, Received, Wire};

const COUNT: usize = 1000;

#[test]
fn a_thousand_values_in_one_pipeline() {
    let server = Server::start();
    let mut con = server.connection();
    let keys = server.numbered_keys(COUNT);
    let frames: Vec<Frame> = (0..).map(frame).take(COUNT).collect();

    let mut sets = pipe();
    for (number, (key, frame)) in keys.iter().zip(&frames).enumerate() {
        match number % 3 {
            0 => sets.set(key, frame).ignore(),
            1 => sets.set(key, Wire(frame)).ignore(),
            _ => sets.set(key, Packed::encode(frame).unwrap()).ignore(),
        };
    }
    sets.exec(&mut con).unwrap();

    let mut gets = pipe();
    for key in &keys {
        gets.get(key);
    }
    assert!(gets.query::<Vec<Frame>>(&mut con).unwrap() == frames, "frames differ");
    let received: Vec<Received> = gets.query(&mut con).unwrap();
    assert_eq!(received.len(), COUNT);
    for (received, frame) in received.iter().zip(&frames) {
        received.decode::<FrameView<'_>>().unwrap().assert_is(frame);
    }
    assert!(con.mget::<_, Vec<Frame>>(&keys).unwrap() == frames, "frames differ");

    // And again with the same pipeline, as one transaction.
    sets.atomic().exec(&mut con).unwrap();
    assert!(gets.atomic().query::<Vec<Frame>>(&mut con).unwrap() == frames, "frames differ");
}

#[test]
fn replies_of_a_pipeline_are_of_many_types() {
    let server = Server::start();
    let (mut con, key, list) = (server.connection(), server.key("frame"), server.key("list"));
    for atomic in [false, true] {
        let mut commands = pipe();
        if atomic {
            commands.atomic();
        }
        commands.set(&key, frame(1)).ignore().get(&key).strlen(&key).del(&list).ignore();
        commands.rpush(&list, vec![frame(2), frame(3)]).lrange(&list, 0, -1).get(server.key("nothing"));
        let replies: (Frame, usize, usize, Vec<Frame>, Option<Received>) = commands.query(&mut con).unwrap();
        let encoded_len = Packed::encode(&frame(1)).unwrap().len();
        assert_eq!(replies, (frame(1), encoded_len, 2, vec![frame(2), frame(3)], None), "atomic: {atomic}");
    }
}

#[test]
fn a_command_that_fails_leaves_the_others_alone() {
    let server = Server::start();
    let mut con = server.connection();
    let [first, last] = ["first", "last"].map(|name| server.key(name));
    for atomic in [false, true] {
        con.del::<_, ()>(&[&first, &last]).unwrap();
        let mut commands = pipe();
        if atomic {
            commands.atomic();
        }
        // A string is no list.
        commands.set(&first, frame(1)).rpush(&first, frame(2)).set(&last, frame(3)).get(&last);

        let error = commands.exec(&mut con).unwrap_err();
        assert_eq!(
            error.to_string(),
            "Pipeline failure: [(Index 1, error: \"WRONGTYPE\": Operation against a key holding the wrong kind of value)]",
            "atomic: {atomic}"
        );
        assert_eq!(con.mget::<_, Vec<Frame>>(&[&first, &last]).unwrap(), [frame(1), frame(3)]);

        type Results = (RedisResult<()>, RedisResult<usize>, RedisResult<()>, RedisResult<Frame>);
        let results: Results = commands.ignore_errors().query(&mut con).unwrap();
        assert_eq!((results.0, results.2, results.3), (Ok(()), Ok(()), Ok(frame(3))));
        assert_eq!(results.1.unwrap_err().code(), Some("WRONGTYPE"));
    }
}

#[test]
fn a_transaction_that_cannot_run_changes_nothing() {
    let server = Server::start();
    let (mut con, key) = (server.connection(), server.key("frame"));
    // Redis refuses the second command when it is queued.
    let error = pipe().atomic().set(&key, frame(1)).cmd("RPUSH").arg(&key).exec(&mut con).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Transaction aborted: [(Index 1, error: ResponseError: wrong number of arguments for 'rpush' command)]"
    );
    assert_eq!(con.get::<_, Option<Frame>>(&key).unwrap(), None);
}

#[test]
fn a_watched_key_that_changes_makes_the_transaction_run_again() {
    let server = Server::start();
    let (mut con, mut other, key) = (server.connection(), server.connection(), server.key("frame"));
    con.set::<_, _, ()>(&key, &frame(1)).unwrap();

    let mut seen = Vec::new();
    let (stored,): (Frame,) = transaction(&mut con, &[&key], |con, commands| {
        let found: Frame = con.get(&key)?;
        if seen.is_empty() {
            other.set::<_, _, ()>(&key, &frame(10))?;
        }
        seen.push(found.id);
        commands.set(&key, frame(found.id + 1)).ignore().get(&key).query(con)
    })
    .unwrap();
    assert_eq!(seen, [1, 10]);
    assert_eq!(stored, frame(11));
    assert_eq!(other.get::<_, Frame>(&key).unwrap(), frame(11));

    // One that gives up leaves the connection as it was.
    let error = transaction(&mut con, &[&key], |con, commands| {
        let _: Vec<f32> = con.get::<_, Wire<_>>(&key)?.0;
        commands.set(&key, frame(0)).query::<Option<()>>(con)
    })
    .unwrap_err();
    assert_eq!(error.to_string(), "Incompatible type - invalid type: found a map, expected a sequence, at byte 16");
    assert_eq!(con.get::<_, Frame>(&key).unwrap(), frame(11));
}
