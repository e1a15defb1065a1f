//! The Python that has the packages of `scripts/python.txt`.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The interpreter that `NDWIRE_PYTHON` names, or else that of `.venv`. A test without it has failed.
fn interpreter() -> PathBuf {
    if let Some(named) = std::env::var_os("NDWIRE_PYTHON") {
        return named.into();
    }
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join(".venv/bin/python");
    assert!(
        python.exists(),
        "these tests need Python with the packages of scripts/python.txt, and there is no .venv: run \
         `scripts/test --install`, or set NDWIRE_PYTHON"
    );
    python
}

/// Runs a script of the repository and gives what it printed. It must succeed, and print no error.
pub(crate) fn run(script: &str, arguments: &[&str]) -> String {
    let python = interpreter();
    let output = Command::new(&python)
        .arg("-B")
        .arg(script)
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap_or_else(|error| panic!("{}: {error}", python.display()));
    let printed = String::from_utf8(output.stdout).expect("text");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && errors.is_empty(), "{script} {}: {printed}{errors}", output.status);
    printed
}
