//! Each goal beside what this run measured.

use std::fmt::Write as _;

use ndwire_benches::instructions::{Counts, VIEW, VIEW_ALONE};
use ndwire_benches::table::{MEMCPY, Row, Table};

use crate::size::Size;
use crate::values::*;

/// A number that is to be at most so large.
pub struct Goal {
    pub work: String,
    pub measured: f64,
    pub at_most: f64,
    /// Of what the numbers are multiples, or what they count.
    pub unit: String,
}

impl Goal {
    fn met(&self) -> bool {
        self.measured <= self.at_most
    }
}

pub fn markdown(goals: &[Goal]) -> String {
    let met = goals.iter().filter(|goal| goal.met()).count();
    let mut text =
        format!("{met} of {} are met.\n\n| work | measured | at most | |\n|---|---:|---:|---|\n", goals.len());
    for goal in goals {
        let Goal { work, measured, at_most, unit } = goal;
        let places = if unit.starts_with('×') { 2 } else { 0 };
        let verdict = if goal.met() { "met" } else { "**missed**" };
        // Writing to a string does not fail.
        let _ = writeln!(text, "| {work} | {measured:.places$} {unit} | {at_most} | {verdict} |");
    }
    text
}

/// So many times the least that one of these takes.
type Limit = Option<(f64, &'static [&'static str])>;

struct Bound {
    title: &'static str,
    row: &'static str,
    encode: Limit,
    decode: Limit,
}

const fn bound(title: &'static str, encode: Limit, decode: Limit) -> Bound {
    Bound { title, row: "ndwire", encode, decode }
}

const POSTCARD: &[&str] = &["postcard"];
const POSITIONAL: &[&str] = &["postcard", "bincode 2"];

const BOUNDS: [Bound; 15] = [
    bound(FLOATS, Some((0.9, POSTCARD)), Some((1.15, POSTCARD))),
    bound(MANY_FLOATS, Some((1.2, &[MEMCPY])), Some((0.75, POSTCARD))),
    bound(EMBEDDING, Some((0.5, POSTCARD)), Some((0.9, POSTCARD))),
    bound(MATRIX, Some((1.2, POSTCARD)), Some((0.75, POSTCARD))),
    bound(POINTS, Some((0.75, POSTCARD)), Some((1.35, POSTCARD))),
    bound(GAPS, Some((1.1, POSTCARD)), Some((1.6, POSTCARD))),
    bound(SHORT_LISTS, Some((1.5, POSTCARD)), Some((1.5, POSTCARD))),
    bound(MESH, Some((1.25, POSTCARD)), Some((1.2, POSTCARD))),
    bound(SAMPLES, Some((0.7, &["bincode 2"])), Some((1.1, POSTCARD))),
    bound(DETECTIONS, Some((1.25, POSITIONAL)), Some((1.15, POSITIONAL))),
    bound(LOG, Some((1.2, POSTCARD)), Some((1.15, POSTCARD))),
    bound(RECORDS, Some((1.2, POSTCARD)), Some((1.1, POSTCARD))),
    bound(EVENTS, Some((1.3, &["cbor4ii"])), Some((0.8, &["cbor4ii"]))),
    Bound { title: THREE_WAYS, row: AS_ARRAY, encode: Some((1.5, &["ndwire"])), decode: None },
    Bound { title: THREE_WAYS, row: BY_ELEMENT, encode: Some((1.2, &[RMP_BY_ELEMENT])), decode: None },
];

pub fn of_tables(tables: &[Table]) -> Vec<Goal> {
    let mut goals = Vec::new();
    for bound in &BOUNDS {
        let Some(table) = tables.iter().find(|table| table.title == bound.title) else { continue };
        for (way, limit, of) in [("encode", bound.encode, ENCODE), ("decode", bound.decode, DECODE)] {
            let Some((at_most, peers)) = limit else { continue };
            let theirs = peers.iter().map(|&name| (name, took(table, name, of)));
            let Some((peer, theirs)) = theirs.min_by(|a, b| a.1.total_cmp(&b.1)) else { continue };
            let row = bound.row.strip_prefix("ndwire").unwrap_or_default();
            let work = format!("{}{row}: {way}", name_of(bound.title));
            // What could not be done took forever, and so may have the peers.
            let measured = took(table, bound.row, of) / theirs;
            goals.push(Goal { work, measured, at_most, unit: format!("× {peer}") });
        }
    }
    if let Some(most) = tables.iter().max_by_key(|table| table.allocations) {
        let work = "`encode_into` a buffer that has held the value, every case".to_owned();
        let unit = match most.allocations {
            0 => "allocations".to_owned(),
            _ => format!("allocations ({})", name_of(most.title)),
        };
        goals.push(Goal { work, measured: most.allocations as f64, at_most: 0.0, unit });
    }
    goals
}

pub fn of_counts(counts: &Counts) -> Vec<Goal> {
    let goal = |(name, at_most)| {
        let measured = counts.get(name).map_or(f64::INFINITY, |count| count as f64);
        Goal { work: name.to_owned(), measured, at_most, unit: "instructions".to_owned() }
    };
    [(VIEW_ALONE, 700.0), (VIEW, 900.0)].map(goal).into()
}

pub fn of_size(size: &Size) -> Vec<Goal> {
    let (bytes, seconds) = size.ratios().unwrap_or((f64::INFINITY, f64::INFINITY));
    let goal = |(work, measured, at_most): (&str, _, _)| {
        let work = work.to_owned();
        Goal { work, measured, at_most, unit: "× rmp-serde (named)".to_owned() }
    };
    [("Code size of 60 types", bytes, 1.0), ("Their compile time", seconds, 1.3)].map(goal).into()
}

type Column = fn(&Row) -> &Result<f64, String>;
pub const ENCODE: Column = |row| &row.encode;
pub const DECODE: Column = |row| &row.decode;

pub fn took(table: &Table, name: &str, of: Column) -> f64 {
    of(table.row(name)).as_ref().copied().unwrap_or(f64::INFINITY)
}
