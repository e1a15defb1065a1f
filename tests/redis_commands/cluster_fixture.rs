//! A cluster of three nodes, for one test.

use std::path::PathBuf;

use crate::fixture::test_server::redis_server::{PrivateServer, on_path};
use crate::fixture::wait_for;
use crate::redis::cluster::{ClusterClient, ClusterClientBuilder};
use crate::redis::{Client, Connection, cmd};

const SLOTS: u32 = 16_384;

/// Runs until it is dropped, as its nodes do.
pub(crate) struct Cluster {
    nodes: Vec<(PrivateServer, [u16; 2])>,
}

impl Cluster {
    /// A test without servers has failed. They are its own: on a cluster of somebody else there is nothing to gain.
    pub(crate) fn start() -> Self {
        let program: PathBuf = on_path("redis-server").expect(
            "these tests need three Redis servers, and there is no redis-server on PATH: run `scripts/test --install`",
        );
        let start = |_| PrivateServer::start_node(program.clone()).expect("redis-server does not start as a node");
        let cluster = Cluster { nodes: (0..3).map(start).collect() };
        cluster.form();
        cluster
    }

    /// What `redis-cli --cluster create` does, without the questions and the pauses.
    fn form(&self) {
        let mut connections: Vec<Connection> = self.connections().collect();
        for (number, con) in (0..).zip(&mut connections) {
            let mut slots = cmd("CLUSTER");
            slots.arg("ADDSLOTS");
            for slot in SLOTS * number / 3..SLOTS * (number + 1) / 3 {
                slots.arg(slot);
            }
            slots.exec(con).unwrap();
            // Without that all have the same, and would have to settle it.
            cmd("CLUSTER").arg("SET-CONFIG-EPOCH").arg(number + 1).exec(con).unwrap();
        }
        for (number, con) in (1..).zip(&mut connections) {
            for (_, [port, bus]) in &self.nodes[number..] {
                cmd("CLUSTER").arg("MEET").arg("127.0.0.1").arg(port).arg(bus).exec(con).unwrap();
            }
        }
        for con in &mut connections {
            wait_for("cluster", || {
                let info: String = cmd("CLUSTER").arg("INFO").query(con).unwrap();
                let whole = ["cluster_state:ok", "cluster_slots_ok:16384", "cluster_known_nodes:3", "cluster_size:3"];
                whole.iter().all(|line| info.lines().any(|found| found == *line)).then_some(())
            });
        }
    }

    /// To each node alone.
    pub(crate) fn connections(&self) -> impl Iterator<Item = Connection> + '_ {
        self.nodes.iter().map(|(node, _)| Client::open(node.url.as_str()).unwrap().get_connection().unwrap())
    }

    /// It is told of one node, and finds the others.
    pub(crate) fn client(&self, configure: impl FnOnce(ClusterClientBuilder) -> ClusterClientBuilder) -> ClusterClient {
        let [port, _] = self.nodes[0].1;
        configure(ClusterClientBuilder::new([format!("redis://127.0.0.1:{port}/")])).build().unwrap()
    }
}
