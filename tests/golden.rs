//! The golden files, and the independent Python implementation that made them from the specification alone.

#[path = "common/bytes.rs"]
mod bytes;
#[path = "golden/dumps.rs"]
mod dumps;
#[path = "golden/events.rs"]
mod events;
#[path = "golden/random.rs"]
mod random;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use bytes::value;
use dumps::{agrees, view_agrees};
use events::Events;
use ndwire::value::Borrowed;
use ndwire::{ErrorKind, Layout, Options, Value, from_slice, to_vec, to_vec_with};
use random::Random;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value as Json;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// The cases: name, events, whether maps are sorted, and the dump that the Python reader gives.
fn cases() -> Vec<Json> {
    let text = fs::read_to_string(folder().join("v1/index.json")).expect("the golden files are part of the repository");
    let mut json = serde_json::Deserializer::from_str(&text);
    // One case is nested as deep as the format allows, and a level takes several in JSON.
    json.disable_recursion_limit();
    Vec::deserialize(&mut json).expect("the index is a list")
}

fn bytes_of(case: &Json) -> (&str, Vec<u8>) {
    let name = case["name"].as_str().expect("a name");
    (name, fs::read(folder().join(format!("v1/{name}.ndw"))).expect("each case has its file"))
}

#[test]
fn every_golden_file_reads_as_its_dump_and_is_written_back() {
    let cases = cases();
    assert!(cases.len() >= 1_176, "golden files are only ever added: {}", cases.len());
    for case in &cases {
        let (name, bytes) = bytes_of(case);
        let value: Value = from_slice(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        agrees(&value, &case["dump"]).unwrap_or_else(|what| panic!("{name}: {what}"));
        assert!(to_vec(&value).expect("it was read") == bytes, "{name}: written back to other bytes");
        let Borrowed(view) = from_slice(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        view_agrees(&view, &case["dump"]).unwrap_or_else(|what| panic!("{name}: a view: {what}"));
        assert!(to_vec(&view).expect("it was read") == bytes, "{name}: written back from a view to other bytes");
        assert_eq!(format!("{view:?}"), format!("{value:?}"), "{name}");
        let owned = view.into_owned();
        assert!(owned == value && to_vec(&owned).expect("it was read") == bytes, "{name}: another value from a view");
        assert_eq!(Layout::of(&bytes).expect("it was read").value_len(), bytes.len() as u64, "{name}");
    }
}

#[test]
fn every_golden_file_is_what_its_events_are_written_to() {
    let mut no_writer_chooses = 0;
    for case in &cases() {
        let (name, bytes) = bytes_of(case);
        if case["events"].is_null() {
            no_writer_chooses += 1;
            continue;
        }
        assert!(written(&case["events"], &case["sort_maps"]) == bytes, "{name}: other bytes");
    }
    assert_eq!(no_writer_chooses, 128);
}

fn written(events: &Json, sort_maps: &Json) -> Vec<u8> {
    let options = Options { sort_maps: sort_maps.as_bool().expect("a bool") };
    to_vec_with(&Events(events), options).expect("it is not nested too deep")
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
    python(&["make_golden.py", "--check", "v1"], "golden: ");
    python(&["test_spec_tables.py", "../../SPEC.md"], "spec tables: ");
    python(&["test_forms.py", "400"], "400 values");
}

#[test]
fn the_python_implementation_agrees_on_random_values() {
    const COUNT: usize = 600;
    let folder = std::env::temp_dir().join(format!("ndwire-golden-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a temporary folder");
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let mut index = Vec::new();
    let (mut tables, mut nested) = (0, 0);
    for number in 0..COUNT {
        let events = if number % 3 == 0 { random.events(4) } else { random.rows(4) };
        let (name, sort_maps) = (format!("random_{number}"), Json::from(number % 4 == 0));
        let bytes = written(&events, &sort_maps);
        let value: Value = from_slice(&bytes).unwrap_or_else(|error| panic!("{name}: {error}: {events}"));
        assert!(to_vec(&value).expect("it was read") == bytes, "{name}: written back to other bytes: {events}");
        let shown = format!("{value:?}");
        tables += usize::from(shown.contains("rows {") || shown.contains("rows ("));
        // Brackets stand in schemas only, but for that of `some(`.
        nested += usize::from([": (", ", (", "(("].iter().any(|tuple| shown.contains(tuple)));
        fs::write(folder.join(format!("{name}.ndw")), bytes).expect("written");
        index.push(serde_json::json!({"name": name, "events": events, "sort_maps": sort_maps}));
    }
    assert!(tables >= 100, "only {tables} of {COUNT} values have a table that shows");
    assert!(nested >= 30, "only {nested} of {COUNT} values have a tuple in a table that shows");
    fs::write(folder.join("index.json"), Json::from(index).to_string()).expect("written");
    python(&["check_encoded.py", folder.to_str().expect("a plain path")], &format!("encoded: {COUNT} of {COUNT} "));
    fs::remove_dir_all(&folder).expect("removed");
}

/// Random values with a change in META under a right checksum: both readers accept them, or neither does.
#[test]
fn the_python_implementation_accepts_the_same_changed_values() {
    const COUNT: usize = 6_000;
    let path = std::env::temp_dir().join(format!("ndwire-golden-changed-{}.json", std::process::id()));
    let mut random = Random(0x2545_F491_4F6C_DD1D);
    let mut entries = Vec::new();
    let mut accepted = 0;
    while entries.len() < COUNT {
        let bytes = to_vec(&Events(&random.rows(3))).expect("it is not nested deep");
        for _ in 0..if bytes.len() < 2_000 { 10 } else { 0 } {
            let changed = with_meta(&bytes, |meta| random.change(meta));
            let result = from_slice::<Value>(&changed);
            if let Ok(value) = &result {
                accepted += 1;
                assert!(to_vec(value).expect("it was read") == changed, "written back to other bytes: {changed:02X?}");
            }
            let hex: String = changed.iter().map(|byte| format!("{byte:02x}")).collect();
            entries.push(serde_json::json!({"hex": hex, "kind": result.err().map(|error| error.kind().name())}));
        }
    }
    assert!((COUNT / 4..=COUNT / 4 * 3).contains(&accepted), "{accepted} of {COUNT} were accepted");
    fs::write(&path, Json::from(entries).to_string()).expect("written");
    python(&["check_accepted.py", path.to_str().expect("a plain path")], &format!("judged: {COUNT} of {COUNT} "));
    fs::remove_file(&path).expect("removed");
}

#[test]
fn one_level_around_a_golden_file_of_the_full_depth_is_too_deep() {
    let cases = cases();
    // Rows of no element count their schema too. Serde has no such rows, so their file has no events.
    let is_deep = |name: &str| name.starts_with("depth_") || name == "accepted_empty_at_full_depth";
    let deep: Vec<_> = cases.iter().filter(|case| is_deep(case["name"].as_str().expect("a name"))).collect();
    assert!(deep.len() >= 26, "{}", deep.len());
    for case in deep {
        let (name, bytes) = bytes_of(case);
        if !case["events"].is_null() {
            let error = to_vec(&[Events(&case["events"])]).expect_err(name);
            assert_eq!(error.kind(), ErrorKind::TooDeep, "{name}: {error}");
        }
        let around = with_meta(&bytes, |meta| meta.insert(0, 0xA1));
        for error in [from_slice::<Value>(&around).expect_err(name), from_slice::<IgnoredAny>(&around).expect_err(name)]
        {
            assert_eq!(error.kind(), ErrorKind::TooDeep, "{name}: {error}");
        }
    }
}

/// The value with another META and the same DATA, under a right checksum.
fn with_meta(bytes: &[u8], change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let end = 16 + u32::from_le_bytes(bytes[8..12].try_into().expect("4 bytes")) as usize;
    let mut meta = bytes[16..end].to_vec();
    change(&mut meta);
    value(&meta, bytes.get(end.next_multiple_of(16)..).unwrap_or_default())
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
