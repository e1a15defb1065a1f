//! Each goal beside what this run measured.

use std::fmt::Write as _;

use ndwire_benches::table::{Row, Table, ENCODE_INTO, MEMCPY, MEMCPY_REUSED};

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
    goals
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
    let ours = ["ndwire", MEMCPY, MEMCPY_REUSED, ENCODE_INTO];
    let peers = table.rows.iter().filter(|row| !ours.contains(&row.name));
    let times = peers.filter_map(|row| Some((row.name, *of(row).as_ref().ok()?)));
    times.min_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or(("nobody", f64::INFINITY))
}
