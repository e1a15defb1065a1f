//! Values in the fields of hashes, and as members of sets.

use std::collections::{BTreeMap, HashMap};

use crate::fixture::Server;
use crate::frame::{Frame, FrameView, frame};
use crate::redis::{Commands, Connection, cmd};
use crate::{Packed, Received, Wire};

fn fields() -> [(String, Frame); 3] {
    ["left", "middle", "right"].map(String::from).map(|name| (name.clone(), frame(name.len() as u64)))
}

#[test]
fn hashes() {
    let server = Server::start();
    hash_commands(&server, &mut server.connection());
}

/// There a hash is a map, not a list of twice as many strings.
#[test]
fn hashes_over_resp3() {
    let server = Server::start();
    hash_commands(&server, &mut server.resp3_connection());
}

fn hash_commands(server: &Server, con: &mut Connection) {
    let hash = server.key("hash");
    con.hset_multiple::<_, _, _, ()>(&hash, &fields()).unwrap();
    assert_eq!(con.hgetall::<_, HashMap<String, Frame>>(&hash).unwrap(), fields().into());
    assert_eq!(con.hgetall::<_, BTreeMap<String, Frame>>(&hash).unwrap(), fields().into());
    let mut pairs = con.hgetall::<_, Vec<(String, Wire<Frame>)>>(&hash).unwrap();
    pairs.sort_by(|(one, _), (other, _)| one.cmp(other));
    assert_eq!(pairs, fields().map(|(name, frame)| (name, Wire(frame))));
    let received: HashMap<String, Received> = con.hgetall(&hash).unwrap();
    assert_eq!(received.len(), 3);
    for (name, frame) in fields() {
        received[&name].decode::<FrameView<'_>>().unwrap().assert_is(&frame);
    }

    // HMSET is the old name, and takes the same.
    cmd("HMSET").arg(&hash).arg("left").arg(frame(10)).arg("new").arg(Wire(frame(11))).exec(con).unwrap();
    assert_eq!(con.hset::<_, _, _, usize>(&hash, "more", &frame(12)).unwrap(), 1);
    assert_eq!(con.hset::<_, _, _, usize>(&hash, "more", Packed::encode(&frame(13)).unwrap()).unwrap(), 0);
    assert!(!con.hset_nx::<_, _, _, bool>(&hash, "more", &frame(14)).unwrap());
    assert_eq!(
        con.hmget::<_, _, Vec<Option<Frame>>>(&hash, &["left", "new", "no", "more"]).unwrap(),
        [Some(frame(10)), Some(frame(11)), None, Some(frame(13))]
    );
    assert_eq!(con.hget::<_, _, Frame>(&hash, "middle").unwrap(), frame(6));
    assert_eq!(con.hget::<_, _, Option<Frame>>(&hash, "no").unwrap(), None);
    assert_eq!(con.hvals::<_, Vec<Frame>>(&hash).unwrap().len(), 5);

    // A field that holds something else.
    con.hset::<_, _, _, ()>(&hash, "text", "text").unwrap();
    assert_eq!(
        con.hgetall::<_, HashMap<String, Frame>>(&hash).unwrap_err().to_string(),
        "Incompatible type - not an ndwire value: found text, at byte 0"
    );
    let received: HashMap<String, Received> = con.hgetall(&hash).unwrap();
    let good = received.values().filter(|received| received.decode::<Frame>().is_ok()).count();
    assert_eq!((received.len(), good), (6, 5));

    // A hash that is missing.
    let nothing: HashMap<String, Frame> = con.hgetall(server.key("nothing")).unwrap();
    assert_eq!(nothing, HashMap::new());
    assert_eq!(con.hget::<_, _, Option<Frame>>(server.key("nothing"), "left").unwrap(), None);
}

/// Equal values have equal bytes, so a set has each of them once.
#[test]
fn sets_and_sorted_sets() {
    let server = Server::start();
    let (mut con, set, sorted) = (server.connection(), server.key("set"), server.key("sorted"));
    assert_eq!(con.sadd::<_, _, usize>(&set, vec![frame(1), frame(2), frame(1)]).unwrap(), 2);
    assert_eq!(con.sadd::<_, _, usize>(&set, Packed::encode(&frame(2)).unwrap()).unwrap(), 0);
    assert!(con.sismember::<_, _, bool>(&set, &frame(1)).unwrap());
    assert!(!con.sismember::<_, _, bool>(&set, &frame(3)).unwrap());
    let mut members: Vec<Frame> = con.smembers(&set).unwrap();
    members.sort_by_key(|frame| frame.id);
    assert_eq!(members, [frame(1), frame(2)]);

    for (id, score) in [(1, 0.5), (2, -1.0), (3, 0.25), (1, 2.0)] {
        con.zadd::<_, _, _, ()>(&sorted, &frame(id), score).unwrap();
    }
    assert_eq!(
        con.zrange_withscores::<_, Vec<(Frame, f64)>>(&sorted, 0, -1).unwrap(),
        [(frame(2), -1.0), (frame(3), 0.25), (frame(1), 2.0)]
    );
    assert_eq!(con.zscore::<_, _, f64>(&sorted, &frame(3)).unwrap(), 0.25);
}
