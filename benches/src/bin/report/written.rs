//! The bytes that a call writes to the heap, counted by valgrind's DHAT.
//!
//! The program starts itself under valgrind, with [`ARGUMENT`]: once with a few calls, once with more. What more calls write is theirs.

use std::fmt::Write as _;
use std::process::Command;

use crate::over_redis::{TITLE, mib};
use crate::ways::{Values, server, ways};

/// Makes the program run [`repeat`] and nothing else; the three that it needs follow.
pub const ARGUMENT: &str = "--repeat";

const CALLS: u64 = 4;

/// Runs one command of one way so many times, after each has run once.
///
/// # Panics
/// If an argument is not one of [`of_every_way`].
pub fn repeat(mut arguments: impl Iterator<Item = String>) {
    let mut next = || arguments.next().expect("a way, a command and how many times");
    let (way, command, calls) = (next(), next(), next());
    let values = Values::new();
    let way = ways(&values).into_iter().nth(way.parse().expect("a number")).expect("that many ways");
    let (_server, client) = server();
    let mut connection = client.get_connection().expect("the server answers");
    (way.set)(&mut connection);
    (way.get)(&mut connection);
    let command = match command.as_str() {
        "set" => way.set,
        "get" => way.get,
        other => panic!("no such command: {other}"),
    };
    for _ in 0..calls.parse().expect("a number") {
        command(&mut connection);
    }
}

/// A table of what each way writes.
///
/// # Errors
/// In words, if valgrind does not run or says something that is not understood.
pub fn of_every_way() -> Result<String, String> {
    let mut text = format!(
        "### {TITLE}: bytes written to the heap

In MiB for each call, counted by DHAT, a tool of valgrind: every byte that this process writes to its heap, which are its copies, and for `GET`, in every row alike, what redis-rs moves and zeroes in its own buffer. What the kernel writes there, 4 MiB for each `GET`, is not counted.

| | `SET` | `GET` |
|---|---:|---:|
"
    );
    for (index, way) in ways(&Values::new()).iter().enumerate() {
        let written =
            |command| Ok::<_, String>((written(index, command, CALLS)? - written(index, command, 0)?) / CALLS as f64);
        // Writing to a string does not fail.
        let _ = writeln!(text, "| {} | {} | {} |", way.name, mib(written("set")?), mib(written("get")?));
    }
    Ok(text)
}

fn written(way: usize, command: &str, calls: u64) -> Result<f64, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new("valgrind")
        .args(["--tool=dhat", "--dhat-out-file=/dev/null"])
        .arg(program)
        .args([ARGUMENT, &way.to_string(), command, &calls.to_string()])
        // Valgrind's own C library does not read what the times are taken with.
        .env_remove("GLIBC_TUNABLES")
        .output()
        .map_err(|error| format!("valgrind could not be started: {error}"))?;
    let words = String::from_utf8_lossy(&output.stderr);
    // `==123== Writes:    50,434,964 bytes`
    let line = words.lines().find_map(|line| line.split_once("Writes:")?.1.trim().strip_suffix(" bytes"));
    match line.and_then(|bytes| bytes.replace(',', "").parse().ok()) {
        Some(bytes) if output.status.success() => Ok(bytes),
        _ => Err(format!("valgrind --tool=dhat ended with {}:\n{words}", output.status)),
    }
}
