//! Counts of instructions, as a section of the report.

use std::fmt::Write as _;
use std::process::Command;

use serde_json::Value;

use crate::environment::first_line;
use crate::measure::thousands;

/// What the section begins with, and how an earlier one is found.
const TITLE: &str = "## Instructions\n";
/// Where one benchmark's output has its count.
const COUNT: &str = "/profiles/0/data/total/metrics/Ir/values/new";

/// Runs the benchmarks `instructions` and `instructions_of_tables` and makes a section of its counts.
///
/// # Errors
/// In words, if it does not run (then its own words come first) or says something that is not understood.
pub fn count(date: &str) -> Result<String, String> {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let benches = ["--bench", "instructions", "--bench", "instructions_of_tables"];
    // Valgrind's own C library does not read what the times are taken with.
    let output = Command::new("cargo")
        .args(["bench", "--manifest-path", manifest])
        .args(benches)
        .args(["--", "--output-format=json"])
        .env_remove("GLIBC_TUNABLES")
        .stderr(std::process::Stdio::inherit())
        .output()
        .map_err(|error| format!("cargo could not be started: {error}"))?;
    if !output.status.success() {
        return Err(format!("`cargo bench` ended with {}", output.status));
    }
    let mut rows = String::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let benchmark: Value = serde_json::from_str(line).map_err(|error| format!("{error} in: {line}"))?;
        let name = |key: &str| benchmark[key].as_str().unwrap_or("?").replace('_', " ");
        let count = benchmark.pointer(COUNT).and_then(Value::as_u64);
        let count = count.ok_or_else(|| format!("no count at {COUNT} in: {line}"))?;
        // Writing to a string does not fail.
        let _ = writeln!(rows, "| {} | {} | {} |", name("function_name"), name("id"), thousands(count));
    }
    if rows.is_empty() {
        return Err("the benchmark printed no counts".to_owned());
    }
    Ok(format!(
        "{TITLE}
Counted by callgrind ({}) through gungraun on {date}: the same on every run with one compiler. A call and the drop of what it was given; the libraries' calls into the C library count too.

| case | value | instructions |
|---|---|---:|
{rows}",
        first_line("valgrind", &["--version"]),
    ))
}

/// The section as it stands in an earlier report, or that there is none.
pub fn of_earlier_report(report: &str) -> String {
    let section = report.split_once(TITLE).map(|(_, rest)| rest.split("\n## ").next().unwrap_or_default());
    match section {
        Some(section) => format!("{TITLE}{section}"),
        None => format!("{TITLE}\nNot counted yet: run the program with `--instructions`.\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_carried_over_unchanged() {
        let section = format!("{TITLE}\n| a | b | 1 |\n");
        let report = format!("# Report\n\n{section}\n## Losing attempts\n");
        assert_eq!(of_earlier_report(&report), section);
        let again = format!("# Report\n\n{}\n## Losing attempts\n", of_earlier_report(&report));
        assert_eq!(again, report);
    }
}
