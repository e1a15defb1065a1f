//! Measures every case and writes `BENCHMARKS.md`.
//!
//! ```text
//! report [--quick] [--case WORDS] [--instructions] [--date YYYY-MM-DD]
//! ```
//!
//! `--quick` and `--case` (only cases whose title has these words) print and write nothing.

mod arrays;
mod goals;
mod lists;
mod over_redis;
#[path = "../../../../tests/common/redis_server.rs"]
mod redis_server;
mod ways;

use std::path::PathBuf;
use std::process::exit;

use arrays::Arrays;
use goals::Goal;
use ndwire_benches::allocations::Counting;
use ndwire_benches::cases::{self, bytes_of};
use ndwire_benches::environment::{TUNABLES, compiler, cores, hold_tunables, kernel, processor, today};
use ndwire_benches::instructions::Counts;
use ndwire_benches::measure::{Plan, thousands};
use ndwire_benches::table::{Baseline, PLAIN_LIST, Table, measure};
use over_redis::OverRedis;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

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
    let wanted = |title: &str| {
        let wanted = arguments.case.as_deref().is_none_or(|words| title.contains(words));
        if wanted {
            eprintln!("{title}");
        }
        wanted
    };
    let tables = tables(plan, &wanted);
    let arrays = wanted(arrays::TITLE).then(|| arrays::measure(plan));
    let over_redis = wanted(over_redis::TITLE).then(|| over_redis::measure(plan));
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let path = root.join("BENCHMARKS.md");
    let (Some(arrays), Some(over_redis), false, None) = (&arrays, &over_redis, arguments.quick, &arguments.case) else {
        tables.iter().for_each(|table| println!("{}", table.markdown()));
        arrays.iter().for_each(|arrays| println!("{}", arrays.markdown()));
        over_redis.iter().for_each(|over_redis| println!("{}", over_redis.markdown()));
        println!("{}", goals::markdown(&goals::of_tables(&tables)));
        return;
    };
    let date = arguments.date.unwrap_or_else(today);
    if arguments.instructions {
        anew("cargo", &["run", "--release", "--manifest-path", MANIFEST, "--bin", "instructions", "--", "--write"]);
    }
    let counts = instructions().unwrap_or_else(|why| give_up(&why));
    let text = report(&date, &tables, arrays, over_redis, &counts);
    if let Err(error) = std::fs::write(&path, text) {
        give_up(&format!("{} could not be written: {error}", path.display()))
    }
    println!("wrote {}", path.display());
}

const MANIFEST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");

/// Runs what writes a file of figures anew.
fn anew(program: &str, arguments: &[&str]) {
    // Neither the compiler nor valgrind's own C library is to be told what the times are taken with.
    let status = std::process::Command::new(program).args(arguments).env_remove("GLIBC_TUNABLES").status();
    if !status.as_ref().is_ok_and(|status| status.success()) {
        give_up(&format!("{program} {}: {status:?}", arguments.join(" ")))
    }
}

fn give_up(why: &str) -> ! {
    eprintln!("{why}");
    exit(1)
}

/// The counts that are committed, as a section.
fn instructions() -> Result<String, String> {
    let Counts { of, counts } = Counts::read()?;
    let rows = counts.iter().map(|(name, count)| format!("| {name} | {} |\n", thousands(*count)));
    Ok(format!(
        "## Instructions

Counted by callgrind with {of}: the same on every run with one compiler. A call and the drop of what it gives; the libraries' calls into the C library count too. A change by more than 5 % fails the tests (`benches/instructions.txt`). The structs are detections, as above.

| | instructions |
|---|---:|
{}",
        rows.collect::<String>()
    ))
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

fn tables(plan: Plan, wanted: &dyn Fn(&str) -> bool) -> Vec<Table> {
    let mut tables = Vec::new();
    let mut case = |title: &'static str, run: &dyn Fn() -> Table| {
        if wanted(title) {
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
    tables.extend(lists::tables(plan, wanted));
    tables
}

fn floats(of: &'static str, floats: &[f32]) -> Baseline<f32> {
    Baseline { of, bytes: bytes_of(floats), elements: floats.to_vec() }
}

fn report(date: &str, tables: &[Table], arrays: &Arrays, over_redis: &OverRedis, counts: &str) -> String {
    let goals: Vec<Goal> = goals::of_tables(tables).into_iter().chain(arrays.goals()).collect();
    let tables_text: Vec<String> = tables.iter().map(Table::markdown).collect();
    format!(
        "# Benchmarks

Written by a program, not by hand:

```sh
cargo run --release --manifest-path benches/Cargo.toml --bin report
```

`--instructions` counts the instructions again; without it the committed counts are shown.

## Machine

| | |
|---|---|
| processor | {processor} |
| cores | {cores} |
| kernel | {kernel} |
| compiler | {compiler}, plain release profile |
| date | {date} |

## How it is measured

* All competitors of a case run in turn, in one process, {rounds} rounds of about {turn} µs each ({rounds_of_long_calls} rounds for the mesh, whose calls are long); each round begins with another one. A time is the median over the rounds of the time of one call. Compare within a table, not between machines or days.
* Encode is into a new `Vec<u8>`, decode is to an owned value, both through serde's derived code; dropping the result is in the time. `memcpy` is `to_vec` of the same bytes, or of the same elements; the rows with a reused buffer are compared with `memcpy` into a reused buffer.
* Every value is read back and compared before anything is timed. A competitor that cannot do a case says n/a, and why.
* Every competitor runs with `GLIBC_TUNABLES={TUNABLES}`: `memcpy` of 3 to 256 KiB can otherwise be 15 to 30 times slower when source and destination differ by 16 modulo 4096, and freed memory stays with the process, so that nobody pays for the page faults of another.
* The program's allocator is the system's, with a flag that says whether to count; it is looked at on every call, for all competitors alike.
* bincode runs with fixed integers, rmp-serde with named fields, all others with their defaults. bincode, postcard and bitcode do not describe themselves: they write no names and no types.
* \"{PLAIN_LIST}\" is what ndwire would take for a list of structs if it had no tables: every element with its names.

## Goals

{goals}
## Times

{tables}
{arrays}
{over_redis}
{counts}
## Losing attempts

What was tried and lost is kept by hand in `benches/NOTES.md`.
",
        processor = processor(),
        cores = cores(),
        kernel = kernel(),
        compiler = compiler(),
        rounds = Plan::FULL.rounds,
        rounds_of_long_calls = Plan::FULL.of_long_calls().rounds,
        turn = Plan::FULL.turn.as_micros(),
        goals = goals::markdown(&goals),
        tables = tables_text.join("\n"),
        arrays = arrays.markdown(),
        over_redis = over_redis.markdown(),
    )
}
