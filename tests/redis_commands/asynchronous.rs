//! Connections of tokio: keys, pipelines and transactions.

use futures_util::FutureExt;
use tokio::task::JoinSet;

use crate::fixture::{PATIENCE, Server};
use crate::frame::{Frame, FrameView, frame};
use crate::redis::aio::transaction_async;
use crate::redis::{AsyncCommands, ExistenceCheck, Expiry, RedisResult, SetExpiry, SetOptions, cmd, pipe};
use crate::{Packed, Received, Wire};

#[tokio::test]
async fn tasks_share_one_multiplexed_connection() {
    let server = Server::start();
    let con = server.async_connection().await;
    let mut tasks = JoinSet::new();
    for (key, id) in server.numbered_keys(16).into_iter().zip(0u64..) {
        let mut con = con.clone();
        tasks.spawn(async move {
            for round in 0..10 {
                let id = id * 100 + round;
                match round % 3 {
                    0 => con.set::<_, _, ()>(&key, &frame(id)).await.unwrap(),
                    1 => con.set::<_, _, ()>(&key, Wire(frame(id))).await.unwrap(),
                    _ => con.set::<_, _, ()>(&key, Packed::encode(&frame(id)).unwrap()).await.unwrap(),
                }
                assert_eq!(con.get::<_, Frame>(&key).await.unwrap(), frame(id));
                let received: Received = con.get(&key).await.unwrap();
                received.decode::<FrameView<'_>>().unwrap().assert_is(&frame(id));
            }
        });
    }
    assert_eq!(tasks.join_all().await.len(), 16);
}

/// A command whose future is dropped may or may not have been carried out, but never in part; and replies stay in step.
#[tokio::test]
async fn a_command_that_is_given_up_leaves_the_connection_usable() {
    let server = Server::start();
    let (mut con, key, other) = (server.async_connection().await, server.key("frame"), server.key("other"));
    con.set::<_, _, ()>(&key, &frame(1)).await.unwrap();
    con.set::<_, _, ()>(&other, &frame(2)).await.unwrap();
    for _ in 0..50 {
        let _: Option<RedisResult<()>> = con.set(&key, frame(3)).boxed_local().now_or_never();
        let _: Option<RedisResult<Frame>> = con.get(&key).boxed_local().now_or_never();
        assert_eq!(con.get::<_, Frame>(&other).await.unwrap(), frame(2));
        let found: Frame = con.get(&key).await.unwrap();
        assert!(found == frame(1) || found == frame(3), "half of a value");
    }
}

#[tokio::test]
async fn keys() {
    let server = Server::start();
    let mut con = server.async_connection().await;
    let keys = server.numbered_keys(3);
    con.mset::<_, _, ()>(&[(&keys[0], frame(0)), (&keys[2], frame(2))]).await.unwrap();
    assert_eq!(con.mget::<_, Vec<Option<Frame>>>(&keys).await.unwrap(), [Some(frame(0)), None, Some(frame(2))]);
    let received: Vec<Option<Received>> = con.mget(&keys).await.unwrap();
    received[2].as_ref().unwrap().decode::<FrameView<'_>>().unwrap().assert_is(&frame(2));

    let key = &keys[1];
    assert_eq!(con.getset::<_, _, Option<Frame>>(key, &frame(3)).await.unwrap(), None);
    assert_eq!(con.getset::<_, _, Frame>(key, Wire(frame(4))).await.unwrap(), frame(3));
    assert_eq!(con.get_ex::<_, Frame>(key, Expiry::EX(100)).await.unwrap(), frame(4));
    assert!((1..=100).contains(&con.ttl::<_, i64>(key).await.unwrap()));
    assert_eq!(con.get_del::<_, Frame>(key).await.unwrap(), frame(4));
    assert_eq!(con.get::<_, Option<Frame>>(key).await.unwrap(), None);
    assert_eq!(
        con.get::<_, Frame>(key).await.unwrap_err().to_string(),
        "Incompatible type - invalid type: found nil, expected a string: \
         read a key that may be missing as `Option<Frame>`"
    );
}

#[tokio::test]
async fn set_options_and_expiry() {
    let server = Server::start();
    let (mut con, key) = (server.async_connection().await, server.key("frame"));
    let nx = || SetOptions::default().conditional_set(ExistenceCheck::NX);
    let xx = || SetOptions::default().conditional_set(ExistenceCheck::XX);
    assert!(!con.set_options::<_, _, bool>(&key, &frame(1), xx()).await.unwrap());
    assert!(con.set_options::<_, _, bool>(&key, &frame(1), nx()).await.unwrap());
    assert!(!con.set_options::<_, _, bool>(&key, &frame(2), nx()).await.unwrap());
    let ex = xx().get(true).with_expiration(SetExpiry::EX(100));
    let old: Option<Frame> = con.set_options(&key, Packed::encode(&frame(3)).unwrap(), ex).await.unwrap();
    assert_eq!(old, Some(frame(1)));
    assert!((1..=100).contains(&con.ttl::<_, i64>(&key).await.unwrap()));

    assert!(con.pexpire::<_, bool>(&key, 1).await.unwrap());
    tokio::time::timeout(PATIENCE, async {
        while let Some(found) = con.get::<_, Option<Frame>>(&key).await.unwrap() {
            assert_eq!(found, frame(3));
        }
    })
    .await
    .expect("a key that expires");
    assert_eq!(con.get::<_, Option<Received>>(&key).await.unwrap(), None);
}

#[tokio::test]
async fn wrongtype_both_ways() {
    let server = Server::start();
    let (mut con, string, list) = (server.async_connection().await, server.key("string"), server.key("list"));
    con.set::<_, _, ()>(&string, &frame(1)).await.unwrap();
    con.rpush::<_, _, ()>(&list, &frame(2)).await.unwrap();
    let errors = [
        con.get::<_, Option<Frame>>(&list).await.unwrap_err(),
        con.get::<_, Received>(&list).await.unwrap_err(),
        con.lrange::<_, Vec<Frame>>(&string, 0, -1).await.unwrap_err(),
        con.rpush::<_, _, ()>(&string, &frame(3)).await.unwrap_err(),
        con.hset::<_, _, _, ()>(&string, "field", &frame(3)).await.unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.to_string(), "\"WRONGTYPE\": Operation against a key holding the wrong kind of value");
    }
    assert_eq!(con.get::<_, Frame>(&string).await.unwrap(), frame(1));
}

#[tokio::test]
async fn a_thousand_values_in_one_pipeline() {
    let server = Server::start();
    let mut con = server.async_connection().await;
    let keys = server.numbered_keys(1000);
    let frames: Vec<Frame> = (0..).map(frame).take(1000).collect();
    let (mut sets, mut gets) = (pipe(), pipe());
    for (key, frame) in keys.iter().zip(&frames) {
        sets.set(key, frame).ignore();
        gets.get(key);
    }
    sets.exec_async(&mut con).await.unwrap();
    assert!(gets.query_async::<Vec<Frame>>(&mut con).await.unwrap() == frames, "frames differ");
    let received: Vec<Received> = gets.atomic().query_async(&mut con).await.unwrap();
    assert_eq!(received.len(), 1000);
    for (received, frame) in received.iter().zip(&frames) {
        received.decode::<FrameView<'_>>().unwrap().assert_is(frame);
    }
}

#[tokio::test]
async fn a_command_that_fails_leaves_the_others_alone() {
    let server = Server::start();
    let (mut con, first, last) = (server.async_connection().await, server.key("first"), server.key("last"));
    for atomic in [false, true] {
        let mut commands = pipe();
        if atomic {
            commands.atomic();
        }
        commands.set(&first, frame(1)).rpush(&first, frame(2)).set(&last, frame(3)).get(&last);
        let error = commands.exec_async(&mut con).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "Pipeline failure: [(Index 1, error: \"WRONGTYPE\": Operation against a key holding the wrong kind of value)]",
            "atomic: {atomic}"
        );
        assert_eq!(con.mget::<_, Vec<Frame>>(&[&first, &last]).await.unwrap(), [frame(1), frame(3)]);

        type Results = (RedisResult<()>, RedisResult<usize>, RedisResult<()>, RedisResult<Frame>);
        let results: Results = commands.ignore_errors().query_async(&mut con).await.unwrap();
        assert_eq!((results.0, results.2, results.3), (Ok(()), Ok(()), Ok(frame(3))));
        assert_eq!(results.1.unwrap_err().code(), Some("WRONGTYPE"));
        con.del::<_, ()>(&[&first, &last]).await.unwrap();
    }
}

/// A connection of its own: who watches must not share.
#[tokio::test]
async fn a_watched_key_that_changes_makes_the_transaction_run_again() {
    let server = Server::start();
    let (con, other) = (server.async_connection().await, server.async_connection().await);
    let key = server.key("frame");
    other.clone().set::<_, _, ()>(&key, &frame(1)).await.unwrap();

    let mut attempts = 0;
    let (stored,): (Frame,) = transaction_async(con, &[&key], |mut con, mut commands| {
        attempts += 1;
        let (first, mut other, key) = (attempts == 1, other.clone(), key.clone());
        async move {
            let found: Frame = con.get(&key).await?;
            if first {
                other.set::<_, _, ()>(&key, &frame(10)).await?;
            }
            commands.set(&key, frame(found.id + 1)).ignore().get(&key).query_async(&mut con).await
        }
    })
    .await
    .unwrap();
    assert_eq!((attempts, stored), (2, frame(11)));
    let found: Frame = cmd("GET").arg(&key).query_async(&mut other.clone()).await.unwrap();
    assert_eq!(found, frame(11));
}
