//! Counts instructions and compares them with `instructions.txt`; ends with 1 if one is more than 5 % off, in either direction.
//!
//! With `--write` it writes the file anew, to be committed.

use std::process::exit;

use ndwire_benches::instructions::{CASES, Counts, count, here, run};

/// How far a count may be from the committed one, for the compiler that this is of.
const BOUND: f64 = 0.05;
/// For another compiler, which may be a little better or worse by itself.
const BOUND_OF_ANOTHER_COMPILER: f64 = 0.25;

fn main() {
    let argument = std::env::args().nth(1);
    if let Some(case) = argument.as_ref().and_then(|argument| argument.parse().ok()) {
        return run(case);
    }
    let result = match argument.as_deref() {
        None => compare(),
        Some("--write") => write(),
        Some(other) => Err(format!("unknown argument {other}; known is --write")),
    };
    if let Err(why) = result {
        eprintln!("{why}");
        exit(1)
    }
}

fn write() -> Result<(), String> {
    let one = |(case, (name, _)): (usize, &(&str, _))| Ok::<_, String>(((*name).to_owned(), count(case)?));
    let counts = Counts { of: here(), counts: CASES.iter().enumerate().map(one).collect::<Result<_, _>>()? };
    print!("{}", counts.text());
    std::fs::write(Counts::path(), counts.text()).map_err(|error| error.to_string())
}

fn compare() -> Result<(), String> {
    let committed = Counts::read()?;
    let here = here();
    let bound = if committed.of == here { BOUND } else { BOUND_OF_ANOTHER_COMPILER };
    println!("counts of {}; at most {} % off", committed.of, bound * 100.0);
    if committed.of != here {
        println!(
            "ANOTHER COMPILER OR PROCESSOR: this is {here}, so the bound is wide; --write, if it is the one of CI"
        );
    }
    let mut off = 0;
    for (case, (name, _)) in CASES.iter().enumerate() {
        let now = count(case)?;
        let before = committed.get(name).ok_or_else(|| format!("no count of: {name}; --write adds it"))?;
        let change = now as f64 / before as f64 - 1.0;
        let verdict = if change.abs() <= bound { "" } else { "  OFF" };
        off += usize::from(change.abs() > bound);
        println!("{before:>8} -> {now:>8}  {:>+6.1} %  {name}{verdict}", change * 100.0);
    }
    if off == 0 {
        return Ok(());
    }
    Err(format!(
        "{off} of {} are off. If that is meant, for better or worse, commit what this writes:\n  \
         cargo test --release --no-default-features --manifest-path benches/Cargo.toml --test instructions -- --write",
        CASES.len()
    ))
}
