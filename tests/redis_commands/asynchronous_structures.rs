//! Connections of tokio: hashes, lists, sets and streams.

use std::collections::{BTreeMap, HashMap};

use crate::fixture::Server;
use crate::frame::{Frame, FrameView, frame};
use crate::redis::streams::{StreamRangeReply, StreamReadOptions, StreamReadReply};
use crate::redis::{AsyncCommands, cmd};
use crate::{Packed, Received, Wire};

#[tokio::test]
async fn hashes() {
    let server = Server::start();
    let (mut con, hash) = (server.async_connection().await, server.key("hash"));
    let fields = [("left".to_string(), frame(1)), ("right".to_string(), frame(2))];
    con.hset_multiple::<_, _, _, ()>(&hash, &fields).await.unwrap();
    assert_eq!(con.hgetall::<_, HashMap<String, Frame>>(&hash).await.unwrap(), fields.clone().into());
    assert_eq!(con.hgetall::<_, BTreeMap<String, Frame>>(&hash).await.unwrap(), fields.into());
    con.hset::<_, _, _, ()>(&hash, "packed", Packed::encode(&frame(3)).unwrap()).await.unwrap();
    assert_eq!(
        con.hmget::<_, _, Vec<Option<Frame>>>(&hash, &["packed", "no", "left"]).await.unwrap(),
        [Some(frame(3)), None, Some(frame(1))]
    );
    let received: HashMap<String, Received> = con.hgetall(&hash).await.unwrap();
    received["packed"].decode::<FrameView<'_>>().unwrap().assert_is(&frame(3));
}

#[tokio::test]
async fn lists_and_sets() {
    let server = Server::start();
    let mut con = server.async_connection().await;
    let (list, set, sorted) = (server.key("list"), server.key("set"), server.key("sorted"));
    con.lpush::<_, _, ()>(&list, vec![frame(1), frame(2)]).await.unwrap();
    con.rpush::<_, _, ()>(&list, Packed::encode(&frame(3)).unwrap()).await.unwrap();
    assert_eq!(con.lrange::<_, Vec<Frame>>(&list, 0, -1).await.unwrap(), [frame(2), frame(1), frame(3)]);
    assert_eq!(con.lpop::<_, Option<Frame>>(&list, None).await.unwrap(), Some(frame(2)));

    con.sadd::<_, _, ()>(&set, vec![Wire(frame(1)), Wire(frame(1))]).await.unwrap();
    assert_eq!(con.smembers::<_, Vec<Frame>>(&set).await.unwrap(), [frame(1)]);
    con.zadd::<_, _, _, ()>(&sorted, &frame(1), 0.5).await.unwrap();
    assert_eq!(con.zrange_withscores::<_, Vec<(Frame, f64)>>(&sorted, 0, -1).await.unwrap(), [(frame(1), 0.5)]);
}

/// On a connection of its own: who waits must not share.
#[tokio::test]
async fn blpop_waits_for_a_value() {
    let server = Server::start();
    let (mut con, mut blocked, list) =
        (server.async_connection().await, server.async_connection().await, server.key("list"));
    con.rpush::<_, _, ()>(&list, &frame(1)).await.unwrap();
    assert_eq!(blocked.blpop::<_, (String, Frame)>(&list, 60.0).await.unwrap(), (list.clone(), frame(1)));
    assert_eq!(blocked.blpop::<_, Option<(String, Frame)>>(&list, 0.01).await.unwrap(), None);

    let id: u64 = cmd("CLIENT").arg("ID").query_async(&mut blocked).await.unwrap();
    let task = tokio::spawn({
        let list = list.clone();
        async move { blocked.blpop::<_, (String, Received)>(&list, 60.0).await }
    });
    loop {
        let client: String = cmd("CLIENT").arg("LIST").arg("ID").arg(id).query_async(&mut con).await.unwrap();
        if client.contains(" cmd=blpop ") {
            break;
        }
    }
    con.rpush::<_, _, ()>(&list, &frame(2)).await.unwrap();
    let (_, received) = task.await.unwrap().unwrap();
    received.decode::<FrameView<'_>>().unwrap().assert_is(&frame(2));
}

#[tokio::test]
async fn streams() {
    let server = Server::start();
    let (mut con, stream) = (server.async_connection().await, server.key("stream"));
    con.xadd::<_, _, _, _, ()>(&stream, "1-0", &[("left", &frame(1)), ("right", &frame(2))]).await.unwrap();
    con.xadd::<_, _, _, _, ()>(&stream, "2-0", &[("left", Packed::encode(&frame(3)).unwrap())]).await.unwrap();
    let reply: StreamRangeReply = con.xrange_all(&stream).await.unwrap();
    assert_eq!(reply.ids[0].get::<Frame>("right"), Some(frame(2)));
    let received: Received = reply.ids[1].get("left").unwrap();
    received.decode::<FrameView<'_>>().unwrap().assert_is(&frame(3));

    let options = StreamReadOptions::default().count(5);
    let reply: StreamReadReply = con.xread_options(&[&stream], &["1-0"], &options).await.unwrap();
    assert_eq!(reply.keys[0].ids[0].get::<Frame>("left"), Some(frame(3)));

    type Entries = Vec<(String, HashMap<String, Frame>)>;
    let raw: Vec<(String, Entries)> =
        cmd("XREAD").arg("STREAMS").arg(&stream).arg("1-0").query_async(&mut con).await.unwrap();
    assert_eq!(raw, [(stream.clone(), vec![("2-0".to_string(), [("left".to_string(), frame(3))].into())])]);
}
