//! What the compiler says to programs that it refuses: those in `refused`, each of which begins with the lines that are looked for.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A package of these programs, with these features of ndwire beside `std` and ndarray.
fn package(folder: &Path, features: &str, programs: &[PathBuf]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the repository");
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder.join("src/bin")).expect("a folder");
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).expect("a copy");
    for program in programs {
        fs::copy(program, folder.join("src/bin").join(program.file_name().expect("a file"))).expect("a copy");
    }
    let redis = if features.is_empty() { "" } else { "redis = { version = \"1\", default-features = false }\n" };
    let manifest = format!(
        "[package]\nname = \"refused\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{redis}\
         ndarray = {{ version = \"0.17\", default-features = false }}\n\
         ndwire = {{ path = {root:?}, default-features = false, features = [\"std\", \"ndarray-0_17\", {features}] }}\n\
         serde = {{ version = \"1\", features = [\"derive\"] }}\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest).expect("written");
}

/// Checks each program and looks for the lines.
fn all_say_what_to_do(name: &str, features: &str, programs: &[PathBuf]) {
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let folder = temporary.join(name);
    package(&folder, features, programs);
    for program in programs {
        let name = program.file_stem().expect("a name");
        let output = Command::new(env!("CARGO"))
            .args(["check", "--quiet", "--color", "never", "--bin"])
            .arg(name)
            .current_dir(&folder)
            // The folder of this build, whose dependencies are the same.
            .env("CARGO_TARGET_DIR", temporary.parent().expect("it is in the target folder"))
            .output()
            .expect("cargo runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{name:?} was accepted");
        let text = fs::read_to_string(program).expect("a program");
        let expected: Vec<&str> = text.lines().map_while(|line| line.strip_prefix("//~ ")).collect();
        assert!(!expected.is_empty(), "{name:?} begins with no line to look for");
        for line in expected {
            assert!(said.contains(line), "{name:?}: the compiler does not say: {line}\n{said}");
        }
    }
}

#[test]
fn refusals_name_a_way_out() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("refused");
    let mut programs: Vec<PathBuf> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a file").path()).collect();
    programs.sort();
    let (without, with): (Vec<_>, Vec<_>) = programs.into_iter().partition(|path| path.ends_with("no_redis.rs"));
    assert_eq!((without.len(), with.len()), (1, 6));
    all_say_what_to_do("refused", "\"redis-1\"", &with);
    all_say_what_to_do("refused_without_redis", "", &without);
}
