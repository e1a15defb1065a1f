//! Each goal beside what this run measured.

use std::fmt::Write as _;

use ndwire_benches::table::{ENCODE_INTO, MEMCPY, MEMCPY_REUSED, PLAIN_LIST, Row, Table};

use crate::lists::{DETECTIONS, LOG, MESH, SAMPLES};
use crate::{PLAIN, SMALL};

pub struct Goal {
    pub goal: String,
    pub measured: String,
    pub met: bool,
}

pub fn markdown(goals: &[Goal]) -> String {
    let mut text = "| goal | measured | |\n|---|---|---|\n".to_owned();
    for Goal { goal, measured, met } in goals {
        // Writing to a string does not fail.
        let _ = writeln!(text, "| {goal} | {measured} | {} |", if *met { "met" } else { "**missed**" });
    }
    text
}

pub fn of_tables(tables: &[Table]) -> Vec<Goal> {
    let mut goals = Vec::new();
    let mut row = |goal: String, measured, met| goals.push(Goal { goal, measured, met });
    for title in [PLAIN[2].0, PLAIN[3].0] {
        let Some(table) = tables.iter().find(|table| table.title == title) else { continue };
        let ratio = table.ratio("ndwire", encode).unwrap_or(f64::INFINITY);
        row(format!("{title}: encodes in at most 1.6 × memcpy"), format!("{ratio:.2}"), ratio <= 1.6);
        let (fastest, others) = fastest_peer(table, decode);
        let ours = took(table, "ndwire", decode);
        let measured = format!("{:.2} of the time of {fastest}, the fastest peer", ours / others);
        row(format!("{title}: decodes faster than every peer"), measured, ours < others);
    }
    if let Some(table) = tables.iter().find(|table| table.title == SMALL) {
        for (way, of) in [("encodes", encode as fn(&Row) -> &Result<f64, String>), ("decodes", decode)] {
            let ratio = took(table, "ndwire", of) / took(table, "postcard", of);
            row(format!("{SMALL}: {way} no slower than postcard"), format!("{ratio:.2} of its time"), ratio <= 1.0);
        }
    }
    for bound in BOUNDS {
        goals.extend(tables.iter().filter(|table| table.title == bound.title).map(|table| bound.of(table)));
    }
    goals
}

/// What is asked of one column of a list of structs.
struct Bound {
    title: &'static str,
    column: Column,
    limit: Limit,
}

#[derive(Clone, Copy)]
enum Column {
    Encode,
    Decode,
    Bytes,
}

enum Limit {
    /// At most so many times what the best of these needs.
    AtMost(f64, &'static [&'static str]),
    /// By so many times faster than the fastest of these.
    Faster(f64, &'static [&'static str]),
    /// At most so many bytes more than what `memcpy` copies.
    Over(usize),
}

const SELF_DESCRIBING: &[&str] = &["rmp-serde (named)", "cbor4ii", "ciborium", "serde_json"];

const fn bound(title: &'static str, column: Column, limit: Limit) -> Bound {
    Bound { title, column, limit }
}

const BOUNDS: [Bound; 15] = [
    bound(MESH, Column::Encode, Limit::AtMost(1.3, &["postcard"])),
    bound(MESH, Column::Encode, Limit::Faster(7.0, SELF_DESCRIBING)),
    bound(MESH, Column::Decode, Limit::AtMost(1.5, &["bincode 2"])),
    bound(MESH, Column::Decode, Limit::AtMost(1.0, &["postcard"])),
    bound(MESH, Column::Decode, Limit::Faster(8.0, SELF_DESCRIBING)),
    bound(MESH, Column::Bytes, Limit::Over(128)),
    bound(SAMPLES, Column::Encode, Limit::AtMost(1.5, &["bincode 2"])),
    bound(SAMPLES, Column::Decode, Limit::AtMost(1.3, &["bincode 2"])),
    bound(SAMPLES, Column::Bytes, Limit::Over(96)),
    bound(DETECTIONS, Column::Encode, Limit::AtMost(1.5, &["postcard", "bincode 2"])),
    bound(DETECTIONS, Column::Decode, Limit::AtMost(1.5, &["postcard", "bincode 2"])),
    bound(DETECTIONS, Column::Bytes, Limit::AtMost(1.1, &["postcard"])),
    bound(LOG, Column::Encode, Limit::Faster(1.5, SELF_DESCRIBING)),
    bound(LOG, Column::Decode, Limit::Faster(1.5, SELF_DESCRIBING)),
    bound(LOG, Column::Bytes, Limit::AtMost(1.15, &["postcard"])),
];

impl Bound {
    fn of(&self, table: &Table) -> Goal {
        let needs = |name| match self.column {
            Column::Encode => took(table, name, encode),
            Column::Decode => took(table, name, decode),
            Column::Bytes => table.row(name).bytes.map_or(f64::INFINITY, |bytes| bytes as f64),
        };
        let best = |peers: &[&'static str]| {
            let all = peers.iter().map(|&name| (name, needs(name)));
            all.min_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or(("nobody", f64::INFINITY))
        };
        let ours = needs("ndwire");
        let (goal, measured, met) = match self.limit {
            Limit::AtMost(times, peers) => {
                let (name, theirs) = best(peers);
                let several = if peers.len() > 1 { "the fastest of " } else { "" };
                let goal = format!("at most {times} × {several}{}", peers.join(", "));
                (goal, format!("{:.2} × {name}", ours / theirs), ours <= times * theirs)
            }
            Limit::Faster(times, peers) => {
                let (name, theirs) = best(peers);
                let goal = format!("at least {times} times faster than the fastest self-describing peer");
                (goal, format!("{:.2} times faster than {name}", theirs / ours), times * ours <= theirs)
            }
            Limit::Over(more) => {
                let payload = needs(MEMCPY);
                (
                    format!("at most payload + {more}"),
                    format!("payload + {}", ours - payload),
                    ours <= payload + more as f64,
                )
            }
        };
        let column = match self.column {
            Column::Encode => "encode",
            Column::Decode => "decode",
            Column::Bytes => "bytes",
        };
        // What could not be done took forever, and so may have the peers.
        Goal { goal: format!("{}: {column}: {goal}", self.title), measured, met: met && ours.is_finite() }
    }
}

fn encode(row: &Row) -> &Result<f64, String> {
    &row.encode
}

fn decode(row: &Row) -> &Result<f64, String> {
    &row.decode
}

fn took(table: &Table, name: &str, of: fn(&Row) -> &Result<f64, String>) -> f64 {
    of(table.row(name)).as_ref().copied().unwrap_or(f64::INFINITY)
}

fn fastest_peer(table: &Table, of: fn(&Row) -> &Result<f64, String>) -> (&'static str, f64) {
    let ours = ["ndwire", MEMCPY, MEMCPY_REUSED, ENCODE_INTO, PLAIN_LIST];
    let peers = table.rows.iter().filter(|row| !ours.contains(&row.name));
    let times = peers.filter_map(|row| Some((row.name, *of(row).as_ref().ok()?)));
    times.min_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or(("nobody", f64::INFINITY))
}
