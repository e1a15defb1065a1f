//! Measures every case and writes `BENCHMARKS.md`.
//!
//! ```text
//! report [--quick] [--case WORDS] [--instructions] [--date YYYY-MM-DD]
//! ```
//!
//! `--quick` and `--case` (only cases whose title has these words) print and write nothing.

use std::path::PathBuf;
use std::process::exit;

use ndwire_benches::cases::{self, bytes_of};
use ndwire_benches::environment::{compiler, cores, hold_tunables, kernel, processor, today, TUNABLES};
use ndwire_benches::instructions;
use ndwire_benches::measure::Plan;
use ndwire_benches::table::{measure, Baseline, Row, Table, ENCODE_INTO, MEMCPY, MEMCPY_REUSED};

#[derive(Default)]
struct Arguments {
    quick: bool,
    case: Option<String>,
    instructions: bool,
    date: Option<String>,
}

fn arguments() -> Arguments {
    let mut arguments = Arguments::default();
    let mut given = std::env::args().skip(1);
    while let Some(argument) = given.next() {
        let mut value = || {
            given.next().unwrap_or_else(|| {
                eprintln!("{argument} needs a value");
                exit(2)
            })
        };
        match argument.as_str() {
            "--quick" => arguments.quick = true,
            "--case" => arguments.case = Some(value()),
            "--instructions" => arguments.instructions = true,
            "--date" => arguments.date = Some(value()),
            _ => {
                eprintln!("unknown argument {argument}; known are --quick, --case WORDS, --instructions, --date DATE");
                exit(2)
            }
        }
    }
    arguments
}

fn main() {
    let arguments = arguments();
    hold_tunables();
    let plan = if arguments.quick { Plan::QUICK } else { Plan::FULL };
    let tables = tables(plan, arguments.case.as_deref());
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let path = root.join("BENCHMARKS.md");
    if arguments.quick || arguments.case.is_some() {
        tables.iter().for_each(|table| println!("{}", table.markdown()));
        return;
    }
    let date = arguments.date.unwrap_or_else(today);
    let counts = match arguments.instructions {
        true => instructions::count(&date).unwrap_or_else(|why| {
            eprintln!("instructions could not be counted: {why}");
            exit(1)
        }),
        false => instructions::of_earlier_report(&std::fs::read_to_string(&path).unwrap_or_default()),
    };
    let text = report(&date, &tables, &counts);
    if let Err(error) = std::fs::write(&path, text) {
        eprintln!("{} could not be written: {error}", path.display());
        exit(1)
    }
    println!("wrote {}", path.display());
}

const PLAIN: [(&str, usize); 4] = [
    ("Plain struct, `Vec<f32>` of 512 B", 512),
    ("Plain struct, `Vec<f32>` of 4 KiB", 4 << 10),
    ("Plain struct, `Vec<f32>` of 256 KiB", 256 << 10),
    ("Plain struct, `Vec<f32>` of 4 MiB", 4 << 20),
];
const STOCK: [(&str, usize); 2] =
    [("Stock `ndarray::Array2<f32>` of 256 KiB", 256), ("Stock `ndarray::Array2<f32>` of 4 MiB", 1024)];
const SMALL: &str = "Small struct: id, label, embedding of 768 floats";

fn tables(plan: Plan, only: Option<&str>) -> Vec<Table> {
    let wanted = |title: &str| only.is_none_or(|words| title.contains(words));
    let mut tables = Vec::new();
    let mut case = |title: &'static str, run: &dyn Fn() -> Table| {
        if wanted(title) {
            eprintln!("{title}");
            tables.push(run());
        }
    };
    for (title, bytes) in PLAIN {
        case(title, &|| {
            let value = cases::plain(bytes);
            measure(title, &value, &floats("the floats", &value.values), plan)
        });
    }
    for (title, side) in STOCK {
        case(title, &|| {
            let value = cases::square(side);
            measure(title, &value, &floats("the floats", value.as_slice().unwrap_or_default()), plan)
        });
    }
    case(SMALL, &|| {
        let value = cases::small();
        measure(SMALL, &value, &floats("the 768 floats", &value.embedding), plan)
    });
    let title = "Struct with `Vec<[f32; 3]>` of 256 KiB";
    case(title, &|| {
        let value = cases::points(256 << 10);
        measure(title, &value, &floats("the floats", value.points.as_flattened()), plan)
    });
    let title = "Struct with `Vec<Option<f32>>` of 65,536 elements, one in eight missing";
    case(title, &|| {
        let value = cases::gaps(64 << 10);
        let present: Vec<f32> = value.values.iter().map(|value| value.unwrap_or_default()).collect();
        measure(title, &value, &floats("65,536 floats, with zeros for those missing", &present), plan)
    });
    let title = "Struct with an id and a stock `Array3<u8>` of 427 × 640 × 3";
    case(title, &|| {
        let value = cases::image();
        let elements = value.image.as_slice().unwrap_or_default().to_vec();
        measure(title, &value, &Baseline { of: "the pixels", bytes: elements.clone(), elements }, plan)
    });
    let title = "List of 1,000 small structs, mostly text";
    case(title, &|| {
        let value = cases::records(1_000);
        let elements = ndwire::to_vec(&value).expect("the records can be encoded");
        measure(title, &value, &Baseline { of: "ndwire's encoding", bytes: elements.clone(), elements }, plan)
    });
    tables
}

fn floats(of: &'static str, floats: &[f32]) -> Baseline<f32> {
    Baseline { of, bytes: bytes_of(floats), elements: floats.to_vec() }
}

fn report(date: &str, tables: &[Table], counts: &str) -> String {
    let tables_text: Vec<String> = tables.iter().map(Table::markdown).collect();
    format!(
        "# Benchmarks

Written by a program, not by hand:

```sh
cargo run --release --manifest-path benches/Cargo.toml --bin report
```

`--instructions` counts the instructions again (`benches/README.md` says what it needs); without it their section is kept.

## Machine

| | |
|---|---|
| processor | {processor} |
| cores | {cores} |
| kernel | {kernel} |
| compiler | {compiler}, plain release profile |
| date | {date} |

## How it is measured

* All competitors of a case run in turn, in one process, {rounds} rounds of about {turn} µs each; each round begins with another one. A time is the median over the rounds of the time of one call. Compare within a table, not between machines or days.
* Encode is into a new `Vec<u8>`, decode is to an owned value, both through serde's derived code; dropping the result is in the time. `memcpy` is `to_vec` of the same bytes, or of the same elements; the rows with a reused buffer are compared with `memcpy` into a reused buffer.
* Every value is read back and compared before anything is timed. A competitor that cannot do a case says n/a, and why.
* Every competitor runs with `GLIBC_TUNABLES={TUNABLES}`: `memcpy` of 3 to 256 KiB can otherwise be 15 to 30 times slower when source and destination differ by 16 modulo 4096, and freed memory stays with the process, so that nobody pays for the page faults of another.
* bincode runs with fixed integers, rmp-serde with named fields, all others with their defaults. bincode, postcard and bitcode do not describe themselves: they write no names and no types.

## Goals

{goals}
## Times

{tables}
{counts}
## Losing attempts

What was tried and lost is kept by hand in `benches/NOTES.md`.
",
        processor = processor(),
        cores = cores(),
        kernel = kernel(),
        compiler = compiler(),
        rounds = Plan::FULL.rounds,
        turn = Plan::FULL.turn.as_micros(),
        goals = goals(tables),
        tables = tables_text.join("\n"),
    )
}

/// Each goal beside what this run measured.
fn goals(tables: &[Table]) -> String {
    let mut text = "| goal | measured | |\n|---|---|---|\n".to_owned();
    let mut row = |goal: &str, measured: String, met: bool| {
        text.push_str(&format!("| {goal} | {measured} | {} |\n", if met { "met" } else { "**missed**" }));
    };
    for title in [PLAIN[2].0, PLAIN[3].0] {
        let Some(table) = tables.iter().find(|table| table.title == title) else { continue };
        let ratio = table.ratio("ndwire", |row| &row.encode).unwrap_or(f64::INFINITY);
        row(&format!("{title}: encodes in at most 1.6 × memcpy"), format!("{ratio:.2}"), ratio <= 1.6);
        let (fastest, others) = fastest_peer(table, |row| &row.decode);
        let ours = took(table, "ndwire", |row| &row.decode);
        let measured = format!("{:.2} of the time of {fastest}, the fastest peer", ours / others);
        row(&format!("{title}: decodes faster than every peer"), measured, ours < others);
    }
    if let Some(table) = tables.iter().find(|table| table.title == SMALL) {
        for (way, of) in [("encodes", encode as fn(&Row) -> &Result<f64, String>), ("decodes", decode)] {
            let ratio = took(table, "ndwire", of) / took(table, "postcard", of);
            row(&format!("{SMALL}: {way} no slower than postcard"), format!("{ratio:.2} of its time"), ratio <= 1.0);
        }
    }
    text
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
