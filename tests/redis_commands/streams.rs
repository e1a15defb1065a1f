//! Values in the entries of streams.

use std::collections::HashMap;

use crate::fixture::Server;
use crate::frame::{Frame, FrameView, frame};
use crate::redis::streams::{StreamMaxlen, StreamRangeReply, StreamReadOptions, StreamReadReply};
use crate::redis::{Commands, FromRedisValue, cmd};
use crate::{Packed, Received, Wire};

#[test]
fn streams_by_their_types() {
    let server = Server::start();
    let (mut con, stream) = (server.connection(), server.key("stream"));
    let first: String = con.xadd(&stream, "1-1", &[("left", &frame(1)), ("right", &frame(2))]).unwrap();
    assert_eq!(first, "1-1");
    con.xadd::<_, _, _, _, ()>(&stream, "2-1", &[("left", Packed::encode(&frame(3)).unwrap())]).unwrap();
    con.xadd::<_, _, _, _, ()>(&stream, "3-1", &[("left", Wire(frame(4)))]).unwrap();

    let reply: StreamRangeReply = con.xrange_all(&stream).unwrap();
    let ids: Vec<_> = reply.ids.iter().map(|entry| entry.id.as_str()).collect();
    assert_eq!(ids, ["1-1", "2-1", "3-1"]);
    let left: Vec<Option<Frame>> = reply.ids.iter().map(|entry| entry.get("left")).collect();
    assert_eq!(left, [Some(frame(1)), Some(frame(3)), Some(frame(4))]);
    assert_eq!(reply.ids[0].get::<Wire<Frame>>("right"), Some(Wire(frame(2))));
    let received: Received = reply.ids[1].get("left").unwrap();
    received.decode::<FrameView<'_>>().unwrap().assert_is(&frame(3));

    let reply: StreamReadReply = con.xread(&[&stream], &["1-1"]).unwrap();
    assert_eq!((reply.keys.len(), reply.keys[0].key.as_str()), (1, stream.as_str()));
    let left: Vec<Option<Frame>> = reply.keys[0].ids.iter().map(|entry| entry.get("left")).collect();
    assert_eq!(left, [Some(frame(3)), Some(frame(4))]);
    let options = StreamReadOptions::default().count(1).block(60_000);
    let reply: StreamReadReply = con.xread_options(&[&stream], &["2-1"], &options).unwrap();
    assert_eq!(reply.keys[0].ids[0].get::<Frame>("left"), Some(frame(4)));

    // What is read in a group, and then acknowledged.
    con.xgroup_create::<_, _, _, ()>(&stream, "group", "0").unwrap();
    let options = StreamReadOptions::default().group("group", "consumer");
    let reply: StreamReadReply = con.xread_options(&[&stream], &[">"], &options).unwrap();
    let left: Vec<Option<Frame>> = reply.keys[0].ids.iter().map(|entry| entry.get("left")).collect();
    assert_eq!(left, [Some(frame(1)), Some(frame(3)), Some(frame(4))]);
    assert_eq!(con.xack::<_, _, _, usize>(&stream, "group", &ids).unwrap(), 3);

    con.xadd_maxlen::<_, _, _, _, ()>(&stream, StreamMaxlen::Equals(1), "*", &[("left", &frame(5))]).unwrap();
    let reply: StreamRangeReply = con.xrevrange_all(&stream).unwrap();
    assert_eq!((reply.ids.len(), reply.ids[0].get::<Frame>("left")), (1, Some(frame(5))));
}

/// A field that is no value is `None` for redis-rs, as if it were missing. `Received` tells them apart.
#[test]
fn a_field_of_a_stream_that_is_no_value() {
    let server = Server::start();
    let (mut con, stream) = (server.connection(), server.key("stream"));
    con.xadd::<_, _, _, _, ()>(&stream, "1-1", &[("text", "text")]).unwrap();
    let reply: StreamRangeReply = con.xrange_all(&stream).unwrap();
    let entry = &reply.ids[0];
    assert_eq!(entry.get::<Frame>("text"), None);
    assert_eq!(entry.get::<Frame>("missing"), None);
    assert_eq!(
        entry.get::<Received>("text").unwrap().decode::<Frame>().unwrap_err().to_string(),
        "not an ndwire value: found text, at byte 0"
    );
    assert_eq!(entry.get::<Received>("missing"), None);
    assert_eq!(
        Frame::from_redis_value_ref(&entry.map["text"]).unwrap_err().to_string(),
        "Incompatible type - not an ndwire value: found text, at byte 0"
    );
}

#[test]
fn streams_by_raw_commands() {
    let server = Server::start();
    let (mut con, stream) = (server.connection(), server.key("stream"));
    for id in 1..=3 {
        let mut xadd = cmd("XADD");
        xadd.arg(&stream).arg(format!("{id}-0")).arg("left").arg(frame(id)).arg("right").arg(Wire(frame(id + 10)));
        xadd.exec(&mut con).unwrap();
    }

    let mut xrange = cmd("XRANGE");
    xrange.arg(&stream).arg("-").arg("+");
    type Entries<T> = Vec<(String, Vec<(String, T)>)>;
    let entries: Entries<Frame> = xrange.query(&mut con).unwrap();
    let expected = [1, 2, 3]
        .map(|id| (format!("{id}-0"), vec![("left".to_string(), frame(id)), ("right".to_string(), frame(id + 10))]));
    assert_eq!(entries, expected);
    let entries: Vec<(String, HashMap<String, Received>)> = xrange.query(&mut con).unwrap();
    entries[1].1["right"].decode::<FrameView<'_>>().unwrap().assert_is(&frame(12));

    let mut xread = cmd("XREAD");
    xread.arg("COUNT").arg(1).arg("STREAMS").arg(&stream).arg("2-0");
    let streams: Vec<(String, Entries<Frame>)> = xread.query(&mut con).unwrap();
    assert_eq!(streams, [(stream.clone(), vec![expected[2].clone()])]);
    // Nothing newer is nil.
    let nothing: Option<Vec<(String, Entries<Frame>)>> =
        cmd("XREAD").arg("STREAMS").arg(&stream).arg("$").query(&mut con).unwrap();
    assert_eq!(nothing, None);
}
