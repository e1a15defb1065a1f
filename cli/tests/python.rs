//! Keys of a real fleet: written by Python with msgpack-numpy through redis-py, migrated, migrated back, and read by Python.

use std::path::PathBuf;
use std::process::Command;

use crate::support::{Run, connect, everything, root, run, server};

/// The interpreter that `NDWIRE_PYTHON` names, or else that of `.venv`. A test without it has failed.
fn interpreter() -> PathBuf {
    let python = std::env::var_os("NDWIRE_PYTHON").map_or_else(|| root().join(".venv/bin/python"), PathBuf::from);
    assert!(python.exists(), "{}: no Python: run `scripts/test --install`, or set NDWIRE_PYTHON", python.display());
    python
}

fn python(what: &str, socket: &str) -> String {
    let script = root().join("cli/tests/python_keys.py");
    let output = Command::new(interpreter()).arg("-B").arg(script).args([what, socket]).output().expect("it starts");
    Run::from(output).ended_with(0).out
}

#[test]
fn what_python_wrote_goes_there_and_back() {
    let server = server();
    let socket = server.url.strip_prefix("unix://").expect("a socket");
    assert_eq!(python("write", socket), "write: 471 values\n");
    let mut con = connect(&server);
    let before = everything(&mut con);
    let there = ["migrate", "--pattern", "*", "--from", "msgpack-numpy", "--write"];
    let done = run(&server.url, &there).ended_with(0);
    done.has("total: 471 values, 451 converted, 0 refused, 0 changed meanwhile");
    let migrated = everything(&mut con);
    assert_eq!(before.iter().filter(|(key, dump)| migrated[*key] != **dump).count(), 451);
    let back = ["migrate", "--pattern", "*", "--from", "ndwire", "--to", "msgpack-numpy", "--write"];
    run(&server.url, &back).ended_with(0).has("total: 471 values, 451 converted, 0 refused, 0 changed meanwhile");
    assert_eq!(python("check", socket), "check: 471 values\n");
}
