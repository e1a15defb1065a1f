//! Values on a cluster of three nodes.

use std::collections::HashMap;

use crate::cluster_fixture::Cluster;
use crate::fixture::PATIENCE;
use crate::frame::{Frame, FrameView, frame};
use crate::redis::cluster::cluster_pipe;
use crate::redis::{AsyncCommands, Commands, Script, cmd, pipe};
use crate::{Packed, Received, Wire};

/// Enough for many slots of each node.
const COUNT: u64 = 60;

fn keys() -> Vec<String> {
    (0..COUNT).map(|id| format!("frame:{id}")).collect()
}

fn pairs() -> Vec<(String, Frame)> {
    keys().into_iter().zip((0..).map(frame)).collect()
}

/// Every node has some of the keys, and all nodes together have them once.
fn assert_spread(cluster: &Cluster) {
    let counts: Vec<u64> = cluster.connections().map(|mut con| cmd("DBSIZE").query(&mut con).unwrap()).collect();
    assert_eq!(counts.iter().sum::<u64>(), COUNT, "{counts:?}");
    assert!(counts.iter().all(|&count| count > 5), "{counts:?}");
}

#[test]
fn values_across_slots() {
    let cluster = Cluster::start();
    let mut con = cluster.client(|builder| builder).get_connection().unwrap();

    // One command for the program; one for each slot, and for each node, for redis-rs.
    con.mset::<_, _, ()>(&pairs()).unwrap();
    assert_spread(&cluster);
    let mut with_missing = keys();
    with_missing.insert(7, "missing".to_string());
    let frames: Vec<Option<Frame>> = con.mget(&with_missing).unwrap();
    assert_eq!(frames.len(), COUNT as usize + 1);
    assert_eq!(frames[7], None);
    assert!(frames.into_iter().flatten().eq((0..COUNT).map(frame)), "frames differ");
    let received: Vec<Received> = con.mget(keys()).unwrap();
    for (received, id) in received.iter().zip(0..) {
        received.decode::<FrameView<'_>>().unwrap().assert_is(&frame(id));
    }

    // A foreign value among them.
    con.set::<_, _, ()>("frame:30", "text").unwrap();
    let received: Vec<Received> = con.mget(keys()).unwrap();
    let bad: Vec<_> = received
        .iter()
        .enumerate()
        .filter_map(|(number, received)| Some((number, received.decode::<Frame>().err()?)))
        .collect();
    assert_eq!((bad.len(), bad[0].0), (1, 30));
    assert_eq!(bad[0].1.to_string(), "not an ndwire value: found text, at byte 0");

    // Packed values for all of them, and each alone.
    let packed: Vec<_> = keys().into_iter().zip((100..).map(|id| Packed::encode(&frame(id)).unwrap())).collect();
    con.mset::<_, _, ()>(&packed).unwrap();
    for (key, id) in keys().iter().zip(100..) {
        assert_eq!(con.get::<_, Frame>(key).unwrap(), frame(id));
        con.set::<_, _, ()>(key, Wire(frame(id + 1))).unwrap();
    }

    let mut gets = cluster_pipe();
    for key in keys() {
        gets.get(key);
    }
    let frames: Vec<Frame> = gets.query(&mut con).unwrap();
    assert!(frames.into_iter().eq((101..).map(frame).take(COUNT as usize)), "frames differ");

    assert_eq!(con.del::<_, u64>(keys()).unwrap(), COUNT);
    assert_eq!(con.mget::<_, Vec<Option<Frame>>>(keys()).unwrap(), vec![None; COUNT as usize]);

    // Keys of one slot: a hash, and a script.
    con.hset_multiple::<_, _, _, ()>("{left}:hash", &pairs()).unwrap();
    assert_eq!(con.hgetall::<_, HashMap<String, Frame>>("{left}:hash").unwrap(), HashMap::from_iter(pairs()));
    let script = Script::new("redis.call('SET', KEYS[1], ARGV[1]) return redis.call('GET', KEYS[1])");
    assert_eq!(script.key("{left}:frame").arg(frame(1)).invoke::<Frame>(&mut con).unwrap(), frame(1));
}

#[tokio::test]
async fn values_across_slots_with_tokio() {
    let cluster = Cluster::start();
    let client = cluster.client(|builder| builder.connection_timeout(PATIENCE).response_timeout(PATIENCE));
    let mut con = client.get_async_connection().await.unwrap();

    con.mset::<_, _, ()>(&pairs()).await.unwrap();
    assert_spread(&cluster);
    let mut with_missing = keys();
    with_missing.insert(7, "missing".to_string());
    let frames: Vec<Option<Frame>> = con.mget(&with_missing).await.unwrap();
    assert_eq!((frames.len(), &frames[7]), (COUNT as usize + 1, &None));
    assert!(frames.into_iter().flatten().eq((0..COUNT).map(frame)), "frames differ");
    let received: Vec<Received> = con.mget(keys()).await.unwrap();
    for (received, id) in received.iter().zip(0..) {
        received.decode::<FrameView<'_>>().unwrap().assert_is(&frame(id));
    }

    // A pipeline is for one slot.
    let mut commands = pipe();
    commands.set("{left}:1", frame(1)).ignore().set("{left}:2", Wire(frame(2))).ignore();
    commands.get("{left}:1").get("{left}:2").get("{left}:3");
    let replies: (Frame, Received, Option<Frame>) = commands.query_async(&mut con).await.unwrap();
    assert_eq!((replies.0, replies.2), (frame(1), None));
    replies.1.decode::<FrameView<'_>>().unwrap().assert_is(&frame(2));
}
