//! A node of a cluster is migrated at a time.

use std::time::{Duration, Instant};

use redis::cmd;

use crate::support::redis_server::{PrivateServer, on_path};
use crate::support::{connect, everything, msgpack, run, value_in};

const SLOTS: u32 = 16_384;

/// Two nodes with half of the slots each.
fn cluster() -> [PrivateServer; 2] {
    let program = on_path("redis-server").expect("these tests need redis-server on PATH: run `scripts/test --install`");
    let [(one, _), (other, [port, bus])] =
        [(), ()].map(|()| PrivateServer::start_node(program.clone()).expect("redis-server does not start as a node"));
    let nodes = [one, other];
    for (number, node) in (0..).zip(&nodes) {
        let mut con = connect(node);
        let mut slots = cmd("CLUSTER");
        slots.arg("ADDSLOTS");
        for slot in SLOTS * number / 2..SLOTS * (number + 1) / 2 {
            slots.arg(slot);
        }
        slots.exec(&mut con).unwrap();
        cmd("CLUSTER").arg("SET-CONFIG-EPOCH").arg(number + 1).exec(&mut con).unwrap();
    }
    cmd("CLUSTER").arg("MEET").arg("127.0.0.1").arg(port).arg(bus).exec(&mut connect(&nodes[0])).unwrap();
    let start = Instant::now();
    for node in &nodes {
        let mut con = connect(node);
        loop {
            let info: String = cmd("CLUSTER").arg("INFO").query(&mut con).unwrap();
            if ["cluster_state:ok", "cluster_slots_ok:16384"]
                .iter()
                .all(|line| info.lines().any(|found| found == *line))
            {
                break;
            }
            assert!(start.elapsed() < Duration::from_secs(60), "the cluster does not form: {info}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    nodes
}

#[test]
fn the_keys_of_one_node_are_migrated() {
    let nodes = cluster();
    let mut connections = nodes.each_ref().map(connect);
    let mut counts = [0, 0];
    for number in 0..40 {
        let key = format!("a:{number}");
        let slot: u32 = cmd("CLUSTER").arg("KEYSLOT").arg(&key).query(&mut connections[0]).unwrap();
        let node = (slot >= SLOTS / 2) as usize;
        cmd("SET").arg(&key).arg(msgpack(number)).exec(&mut connections[node]).unwrap();
        counts[node] += 1;
    }
    assert!(counts.iter().all(|count| *count > 0), "{counts:?}");
    let [_, untouched] = connections.each_mut().map(everything);
    for (node, count) in nodes.iter().zip(counts) {
        let done = run(&node.url, &["migrate", "--pattern", "a:*", "--from", "msgpack-numpy", "--write"]).ended_with(0);
        done.has("this is one node of a cluster: only its keys are migrated; run this for each of its primaries");
        done.has(&format!("total: {count} values, {count} converted, 0 refused, 0 changed meanwhile"));
        if std::ptr::eq(node, &nodes[0]) {
            assert_eq!(everything(&mut connections[1]), untouched);
        }
    }
    for con in &mut connections {
        for key in everything(con).keys() {
            value_in(&cmd("GET").arg(key).query::<Vec<u8>>(con).unwrap());
        }
    }
}
