//! Values over the connections of a pool.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use deadpool_redis::{Manager, Pool, Runtime};
use tokio::task::JoinSet;

use crate::fixture::{PATIENCE, Server, patient};
use crate::frame::{Frame, FrameView, frame};
use crate::redis::{AsyncCommands, pipe};
use crate::{Packed, Received, Wire};

const TASKS: u64 = 8;
const CONNECTIONS: usize = 3;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tasks_share_a_pool() {
    let server = Server::start();
    let manager = Manager::new_with_config(server.url.as_str(), patient()).unwrap();
    let pool = Pool::builder(manager)
        .max_size(CONNECTIONS)
        .wait_timeout(Some(PATIENCE))
        .runtime(Runtime::Tokio1)
        .build()
        .unwrap();
    let busy = Arc::new(AtomicUsize::new(0));

    let mut tasks = JoinSet::new();
    for (key, task) in server.numbered_keys(TASKS as usize).into_iter().zip(0..TASKS) {
        let (pool, busy) = (pool.clone(), busy.clone());
        tasks.spawn(async move {
            for round in 0..20 {
                let mut con = pool.get().await.unwrap();
                assert!(busy.fetch_add(1, Ordering::SeqCst) < CONNECTIONS);
                let id = task * 100 + round;
                match round % 4 {
                    0 => con.set::<_, _, ()>(&key, &frame(id)).await.unwrap(),
                    1 => con.set::<_, _, ()>(&key, Wire(frame(id))).await.unwrap(),
                    2 => con.set::<_, _, ()>(&key, Packed::encode(&frame(id)).unwrap()).await.unwrap(),
                    _ => pipe().atomic().set(&key, frame(id)).ignore().exec_async(&mut con).await.unwrap(),
                }
                // What a task read wrongly is no fault of the connection.
                let error = con.get::<_, Wire<u8>>(&key).await.unwrap_err();
                assert_eq!(error.to_string(), "Incompatible type - invalid type: found a map, expected u8, at byte 16");
                busy.fetch_sub(1, Ordering::SeqCst);
                drop(con);

                // Likely over another connection.
                let mut con = pool.get().await.unwrap();
                busy.fetch_add(1, Ordering::SeqCst);
                assert_eq!(con.get::<_, Frame>(&key).await.unwrap(), frame(id));
                let received: Received = con.get(&key).await.unwrap();
                received.decode::<FrameView<'_>>().unwrap().assert_is(&frame(id));
                busy.fetch_sub(1, Ordering::SeqCst);
            }
        });
    }
    assert_eq!(tasks.join_all().await.len(), TASKS as usize);
    assert_eq!(pool.status().size, CONNECTIONS);
}
