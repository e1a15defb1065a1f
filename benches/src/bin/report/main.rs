//! Measures every case, writes `BENCHMARKS.md` and draws the charts.
//!
//! ```text
//! report [--quick] [--case WORDS] [--out FOLDER] [--instructions] [--size] [--date YYYY-MM-DD]
//! ```
//!
//! `--quick` and `--case` (only cases whose title has these words) print and write nothing; with `--out` the quick report and its
//! charts are written there.

mod arrays;
mod charts;
mod goals;
mod over_redis;
#[path = "../../../../tests/common/redis_server.rs"]
mod redis_server;
mod size;
mod values;
mod ways;

use std::path::{Path, PathBuf};
use std::process::exit;

use arrays::Arrays;
use goals::{DECODE, ENCODE, Goal, took};
use ndwire_benches::allocations::Counting;
use ndwire_benches::environment::{TUNABLES, compiler, cores, hold_tunables, kernel, processor, today};
use ndwire_benches::instructions::Counts;
use ndwire_benches::measure::{Plan, thousands};
use ndwire_benches::table::{MEMCPY, Table};
use over_redis::OverRedis;
use size::Size;
use values::{ATTRIBUTED, EMBEDDING, MATRIX, MESH};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[derive(Default)]
struct Arguments {
    quick: bool,
    case: Option<String>,
    out: Option<PathBuf>,
    instructions: bool,
    size: bool,
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
            "--out" => arguments.out = Some(value().into()),
            "--instructions" => arguments.instructions = true,
            "--size" => arguments.size = true,
            "--date" => arguments.date = Some(value()),
            _ => {
                eprintln!(
                    "unknown argument {argument}; known are --quick, --case WORDS, --out FOLDER, --instructions, --size, --date DATE"
                );
                exit(2)
            }
        }
    }
    arguments
}

fn main() {
    let arguments = arguments();
    hold_tunables();
    if arguments.instructions {
        let test = ["--release", "--no-default-features", "--manifest-path", MANIFEST, "--test", "instructions"];
        anew("cargo", &[&["test"], &test[..], &["--", "--write"]].concat());
    }
    if arguments.size {
        anew(size::PROGRAM, &[]);
    }
    let counts = Counts::read().unwrap_or_else(|why| give_up(&why));
    let size = Size::read().unwrap_or_else(|why| give_up(&why));
    let plan = if arguments.quick { Plan::QUICK } else { Plan::FULL };
    let wanted = |title: &str| {
        let wanted = arguments.case.as_deref().is_none_or(|words| title.contains(words));
        if wanted {
            eprintln!("{title}");
        }
        wanted
    };
    let tables = values::tables(plan, &wanted);
    let arrays = wanted(arrays::TITLE).then(|| arrays::measure(plan));
    let over_redis = wanted(over_redis::TITLE).then(|| over_redis::measure(plan));
    let mut goals = goals::of_tables(&tables);
    goals.extend(arrays.iter().flat_map(Arrays::goals));
    goals.extend(goals::of_counts(&counts));
    goals.extend(goals::of_size(&size));
    let out = match arguments {
        Arguments { case: Some(_), .. } => None,
        Arguments { out: Some(out), .. } => Some(out),
        Arguments { quick, .. } => (!quick).then(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")),
    };
    let (Some(arrays), Some(over_redis), Some(out)) = (&arrays, &over_redis, out) else {
        tables.iter().for_each(|table| println!("{}", table.markdown()));
        arrays.iter().for_each(|arrays| println!("{}", arrays.markdown()));
        over_redis.iter().for_each(|over_redis| println!("{}", over_redis.markdown()));
        println!("{}", goals::markdown(&goals));
        return;
    };
    let date = arguments.date.unwrap_or_else(today);
    let text = report(&date, &goals, &tables, arrays, over_redis, &counts, &size);
    write(&out.join("BENCHMARKS.md"), &text);
    for (name, svg) in charts::draw(&tables, &size).unwrap_or_else(|why| give_up(&why)) {
        write(&out.join("benches/charts").join(name), &svg);
    }
}

fn write(path: &Path, text: &str) {
    let folder = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    if let Err(error) = folder.and_then(|()| std::fs::write(path, text)) {
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

fn counts_markdown(Counts { of, counts }: &Counts) -> String {
    let rows = counts.iter().map(|(name, count)| format!("| {name} | {} |\n", thousands(*count)));
    format!(
        "Counted by callgrind with {of}: the same on every run with one compiler. A call and the drop of what it gives; the C library's part counts too. A change by more than 5 % fails the tests. The structs are detections, as above.

| | instructions |
|---|---:|
{}",
        rows.collect::<String>()
    )
}

/// What a reader wants to know first, in three sentences.
fn summary(tables: &[Table]) -> String {
    let ratio = |title: &str, row: &str, peer: &str, of| {
        let table = tables.iter().find(|table| table.title == title);
        table.map_or(f64::INFINITY, |table| took(table, row, of) / took(table, peer, of))
    };
    let peer = "rmp-serde (named)";
    let mesh = tables.iter().find(|table| table.title == MESH);
    let bytes = |row| mesh.and_then(|table| table.row(row).bytes).map_or(f64::INFINITY, |bytes| bytes as f64);
    format!(
        "With ndwire's attribute an `Array2` of 256 KiB is encoded in {:.2} times, and decoded in {:.2} times, the time of a memory copy. \
         Without it, as plain serde types, a struct with 768 floats takes {:.2} times as long as with postcard to encode and {:.2} times to decode, a mesh of nested structs {:.2} and {:.2} times; postcard writes no names and no types. \
         {peer} writes them too: ndwire encodes the mesh {:.1} times and decodes it {:.1} times as fast, in {:.0} % of the bytes.",
        ratio(MATRIX, ATTRIBUTED, MEMCPY, ENCODE),
        ratio(MATRIX, ATTRIBUTED, MEMCPY, DECODE),
        ratio(EMBEDDING, "ndwire", "postcard", ENCODE),
        ratio(EMBEDDING, "ndwire", "postcard", DECODE),
        ratio(MESH, "ndwire", "postcard", ENCODE),
        ratio(MESH, "ndwire", "postcard", DECODE),
        ratio(MESH, peer, "ndwire", ENCODE),
        ratio(MESH, peer, "ndwire", DECODE),
        bytes("ndwire") / bytes(peer) * 100.0,
    )
}

fn report(
    date: &str,
    goals: &[Goal],
    tables: &[Table],
    arrays: &Arrays,
    over_redis: &OverRedis,
    counts: &Counts,
    size: &Size,
) -> String {
    let tables_text: Vec<String> = tables.iter().map(Table::markdown).collect();
    format!(
        "# Benchmarks

![Time as a multiple of a memory copy](benches/charts/times.svg)

{summary}

All of this is written by a program, with what it measured on {date} on {processor}, {cores} cores, {kernel}, with {compiler}: `cargo run --release --manifest-path benches/Cargo.toml --bin report`. The last section says how it measures.

## Goals

{goals}
## Code size and compile time

![Code size and compile time](benches/charts/size.svg)

{size}
## Cases

![Bytes](benches/charts/bytes.svg)

{tables}
{arrays}
{over_redis}
## Instructions

{counts}
## How it is measured

* All competitors of a case run in turn, in one process, {rounds} rounds of about {turn} µs each, or fewer, at least {fewest}, where calls are long; each round begins with another one. A time is the median over the rounds of the time of one call. Compare within a table, not between machines or days.
* Encode is into a new `Vec<u8>`, decode is to an owned value, both through serde's derived code; dropping the result is in the time. `memcpy` is `to_vec` of the same bytes, or of the same elements; the rows with a reused buffer are compared with `memcpy` into a reused buffer.
* Every value is read back and compared before anything is timed. A competitor that cannot do a case says n/a, and why.
* Every competitor runs with `GLIBC_TUNABLES={TUNABLES}`: `memcpy` of 3 to 256 KiB can otherwise be 15 to 30 times slower when source and destination differ by 16 modulo 4096, and freed memory stays with the process, so that nobody pays for the page faults of another.
* The program's allocator is the system's, with a flag that says whether to count; it is looked at on every call, for all competitors alike.
* bincode runs with fixed integers, rmp-serde with named fields, all others with their defaults. bincode, postcard and bitcode do not describe themselves: they write no names and no types.
* Instructions and code size are those of the last time that the program ran with `--instructions` and `--size` (`benches/README.md`).
* What was tried and lost is kept by hand in `benches/NOTES.md`.
",
        summary = summary(tables),
        processor = processor(),
        cores = cores(),
        kernel = kernel(),
        compiler = compiler(),
        rounds = Plan::FULL.rounds,
        fewest = Plan::FEWEST,
        turn = Plan::FULL.turn.as_micros(),
        goals = goals::markdown(goals),
        size = size.markdown(),
        tables = tables_text.join("\n"),
        arrays = arrays.markdown(),
        over_redis = over_redis.markdown(),
        counts = counts_markdown(counts),
    )
}
