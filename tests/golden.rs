//! The golden files, and the independent Python implementation that made them from the specification alone.

#[path = "golden/events.rs"]
mod events;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use events::{agrees, Events, Random};
use ndwire::{from_slice, to_vec, ErrorKind, Layout, Value};
use serde::Deserialize;
use serde_json::Value as Json;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// The cases: name, events, and the dump that the Python reader gives.
fn cases() -> Vec<Json> {
    let text =
        fs::read_to_string(folder().join("v1-draft/index.json")).expect("the golden files are part of the repository");
    let mut json = serde_json::Deserializer::from_str(&text);
    // One case is nested as deep as the format allows, and a level takes several in JSON.
    json.disable_recursion_limit();
    Vec::deserialize(&mut json).expect("the index is a list")
}

fn bytes_of(case: &Json) -> (&str, Vec<u8>) {
    let name = case["name"].as_str().expect("a name");
    (name, fs::read(folder().join(format!("v1-draft/{name}.ndw"))).expect("each case has its file"))
}

#[test]
fn every_golden_file_reads_as_its_dump_and_is_written_back() {
    let cases = cases();
    assert!(cases.len() >= 296, "golden files are only ever added: {}", cases.len());
    for case in &cases {
        let (name, bytes) = bytes_of(case);
        let value: Value = from_slice(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        agrees(&value, &case["dump"]).unwrap_or_else(|what| panic!("{name}: {what}"));
        assert!(to_vec(&value).expect("it was read") == bytes, "{name}: written back to other bytes");
        assert_eq!(Layout::of(&bytes).expect("it was read").value_len(), bytes.len() as u64, "{name}");
    }
}

#[test]
fn every_golden_file_is_what_its_events_are_written_to() {
    for case in &cases() {
        let (name, bytes) = bytes_of(case);
        assert!(to_vec(&Events(&case["events"])).expect(name) == bytes, "{name}: other bytes");
    }
}

#[test]
fn every_proper_prefix_of_a_golden_file_is_truncated() {
    for case in &cases() {
        let (name, bytes) = bytes_of(case);
        for len in (0..bytes.len()).filter(|len| *len < 600 || len % 97 == 0) {
            let error = from_slice::<Value>(&bytes[..len]).expect_err(name);
            assert_eq!(error.kind(), ErrorKind::Truncated, "{name} cut to {len}: {error}");
        }
    }
}

#[test]
fn the_python_implementation_agrees_on_the_golden_files_and_the_specification() {
    python(&["make_golden.py", "--check", "v1-draft"], "golden: ");
    python(&["test_spec_tables.py", "../../SPEC.md"], "spec tables: ");
}

#[test]
fn the_python_implementation_agrees_on_random_values() {
    const COUNT: usize = 600;
    let folder = std::env::temp_dir().join(format!("ndwire-golden-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a temporary folder");
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let mut index = Vec::new();
    for number in 0..COUNT {
        let events = random.events(5);
        let name = format!("random_{number}");
        fs::write(folder.join(format!("{name}.ndw")), to_vec(&Events(&events)).expect("it is not nested deep"))
            .expect("written");
        index.push(serde_json::json!({"name": name, "events": events}));
    }
    fs::write(folder.join("index.json"), Json::from(index).to_string()).expect("written");
    python(&["check_encoded.py", folder.to_str().expect("a plain path")], &format!("encoded: {COUNT} of {COUNT} "));
    fs::remove_dir_all(&folder).expect("removed");
}

/// Runs a script of the golden folder; it must succeed, and say so.
fn python(arguments: &[&str], expected: &str) {
    let output = Command::new("python3")
        .args(arguments)
        .current_dir(folder())
        .output()
        .expect("python3 must be on PATH: scripts/test --install installs it");
    let printed = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?} failed:\n{printed}{errors}");
    assert!(printed.contains(expected), "{arguments:?} printed:\n{printed}");
}
