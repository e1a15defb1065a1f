//! `SET` and `GET` of 4 MiB on a private server: a raw blob, ndwire, and a peer.

use std::cell::RefCell;
use std::fmt::Write as _;

use ndwire_benches::allocations::{Counts, count};
use ndwire_benches::environment::first_line;
use ndwire_benches::measure::{Competitor, Plan, interleaved, time};
use redis::{Client, Connection};

use crate::ways::{Command, Values, Way, server, ways};

pub const TITLE: &str = "`SET` and `GET` of 4 MiB";

struct Row {
    name: &'static str,
    set: f64,
    set_counts: Counts,
    get: f64,
    get_counts: Counts,
    /// What the connection has kept after its first `SET` and `GET`.
    kept: isize,
}

pub struct OverRedis {
    server: String,
    rows: Vec<Row>,
}

/// A way on a connection of its own.
struct Entrant<'a> {
    way: Way<'a>,
    connection: RefCell<Connection>,
    kept: isize,
}

fn enter<'a>(client: &Client, way: Way<'a>) -> Entrant<'a> {
    let mut connection = client.get_connection().expect("the server answers");
    let ((), counts) = count(|| {
        (way.set)(&mut connection);
        (way.get)(&mut connection);
    });
    Entrant { way, connection: RefCell::new(connection), kept: counts.kept }
}

pub fn measure(plan: Plan) -> OverRedis {
    let (server, client) = server();
    let values = Values::new();
    let entrants = ways(&values).map(|way| enter(&client, way));
    values.check(&mut client.get_connection().expect("the server answers"));

    let times = |command: for<'e> fn(&'e Entrant<'_>) -> &'e Command<'e>| {
        let competitors = entrants.iter().map(|entrant| {
            Competitor::new(entrant.way.name, || command(entrant)(&mut entrant.connection.borrow_mut()))
        });
        interleaved(&mut competitors.collect::<Vec<_>>(), plan)
    };
    let (sets, gets) = (times(|entrant| &entrant.way.set), times(|entrant| &entrant.way.get));
    let rows = entrants.iter().zip(sets).zip(gets).map(|((entrant, set), get)| {
        let mut connection = entrant.connection.borrow_mut();
        Row {
            name: entrant.way.name,
            set,
            set_counts: count(|| (entrant.way.set)(&mut connection)).1,
            get,
            get_counts: count(|| (entrant.way.get)(&mut connection)).1,
            kept: entrant.kept,
        }
    });
    let rows = rows.collect();
    OverRedis { server: first_line(&server.program.to_string_lossy(), &["--version"]), rows }
}

pub fn mib(bytes: f64) -> String {
    format!("{:.1}", bytes / f64::from(1 << 20))
}

impl OverRedis {
    pub fn markdown(&self) -> String {
        // `Redis server v=7.0.15 sha=…`
        let version = self.server.split_whitespace().find_map(|word| word.strip_prefix("v=")).unwrap_or(&self.server);
        let mut text = format!(
            "## {TITLE}

A struct with an id and 1,048,576 floats, attributed for ndwire, on a private redis-server {version} over a unix socket, with redis-rs, one connection for each row. The raw blob is only the bytes of the floats; it is not made into floats again.

* A time is that of the whole call, encoding or decoding included; the rows take turns.
* *Allocated* is what one call asks of the heap of this process, in MiB: all its allocations, and by how much reallocations grew them.
* *Peak* is the most that one call holds at a time, in MiB, beyond what is held before: the value itself, and the connection's buffers.
* *Kept* is what the connection holds after its first `SET` and `GET`, in MiB, until it is closed.

| | `SET` | × raw | allocated | peak | `GET` | × raw | allocated | peak | kept |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|
"
        );
        let raw = &self.rows[0];
        for row in &self.rows {
            // Writing to a string does not fail.
            let _ = writeln!(
                text,
                "| {} | {} | {:.2} | {} | {} | {} | {:.2} | {} | {} | {} |",
                row.name,
                time(row.set),
                row.set / raw.set,
                mib(row.set_counts.bytes as f64),
                mib(row.set_counts.peak as f64),
                time(row.get),
                row.get / raw.get,
                mib(row.get_counts.bytes as f64),
                mib(row.get_counts.peak as f64),
                mib(row.kept as f64),
            );
        }
        text
    }
}
