//! The rules of the house, held by reading the sources as text; and the looks of errors.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use ndwire::{DType, DynArrayView, Error, ErrorKind, Order, from_slice, to_vec, to_writer};

/// A file of the repository: its path from the root, with slashes, and its text.
struct File {
    path: String,
    text: String,
}

impl File {
    /// The lines of the program itself: without comments, and without the tests at the bottom or in a file of their own. Numbered from 1.
    fn program(&self) -> impl Iterator<Item = (usize, &str)> {
        let is_tests = self.path.starts_with("src/") && self.path.ends_with("/tests.rs");
        let lines = self.text.lines().take_while(move |line| !is_tests && *line != "mod tests {");
        lines.enumerate().filter_map(|(index, line)| {
            let code = line.split("//").next().unwrap_or_default();
            (!code.trim().is_empty()).then_some((index + 1, code))
        })
    }

    fn is_in(&self, folder: &str) -> bool {
        self.path.starts_with(&format!("src/{folder}/")) || self.path == format!("src/{folder}.rs")
    }
}

fn read(folder: &str, ending: &str, out: &mut Vec<File>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut entries: Vec<_> = fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap()).collect();
    entries.sort_by_key(|entry| entry.file_name());
    for entry in entries {
        let name = entry.file_name().into_string().unwrap();
        let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        if entry.file_type().unwrap().is_dir() {
            if !folder.is_empty() {
                read(&path, ending, out);
            }
        } else if name.ends_with(ending) {
            out.push(File { text: fs::read_to_string(entry.path()).unwrap(), path });
        }
    }
}

fn sources() -> Vec<File> {
    let mut files = Vec::new();
    read("src", ".rs", &mut files);
    assert!(files.len() > 30, "only {} files in src", files.len());
    files
}

/// No line of these files' programs contains any of these.
#[track_caller]
fn none_of<'a>(files: impl IntoIterator<Item = &'a File>, forbidden: &[&str], why: &str) {
    let mut seen = 0;
    for file in files {
        seen += 1;
        for (number, line) in file.program() {
            for text in forbidden {
                assert!(!line.contains(text), "{}:{number}: `{text}`: {why}:\n{line}", file.path);
            }
        }
    }
    assert!(seen > 0, "no file to look at: {why}");
}

#[test]
fn no_file_is_longer_than_500_lines() {
    let mut files = sources();
    read("tests", ".rs", &mut files);
    for file in files {
        let lines = file.text.lines().count();
        assert!(lines <= 500, "{} has {lines} lines", file.path);
    }
}

#[test]
fn no_shortcuts() {
    let files = sources();
    let marks = ["todo!", "unimplemented!", "dbg!", "println!", ".unwrap()", ".unwrap_err()", "unwrap_unchecked"];
    none_of(&files, &marks, "not in a program");
    none_of(&files, &["unsafe ", "unsafe{"], "there is none");
    none_of(
        &files,
        &["cfg(fuzzing)", "debug_assert", "cfg!(debug", "cfg(debug", "cfg(not(debug"],
        "every build is the same (R16)",
    );
    none_of(files.iter().filter(|file| !file.is_in("ext")), &["panic!(", ".expect("], "errors are returned");
    assert!(files.iter().any(|file| file.path == "src/lib.rs" && file.text.contains("#![forbid(unsafe_code)]")));
    let lib = files.iter().find(|file| file.path == "src/lib.rs").unwrap();
    assert!(lib.program().all(|(_, line)| !line.contains("fn ")), "src/lib.rs has logic");
}

/// Which modules a module may name: only such as are above it here, so that none names itself by way of others.
const MAY_NAME: [(&str, &[&str]); 15] = [
    ("checksum", &[]),
    ("dtype", &[]),
    ("error", &[]),
    ("token", &[]),
    ("limits", &[]),
    ("wire", &["checksum", "dtype", "error", "limits"]),
    ("element", &["dtype"]),
    ("array", &["dtype", "element", "error", "token", "wire"]),
    ("ser", &["dtype", "error", "token", "wire"]),
    ("de", &["dtype", "error", "limits", "token", "wire"]),
    ("value", &["array", "de", "dtype", "element", "error", "limits", "ser", "token", "wire"]),
    ("layout", &["array", "dtype", "error", "limits", "value", "wire"]),
    ("table", &["array", "de", "dtype", "element", "error", "ser", "token", "value", "wire"]),
    ("foreign", &["array", "de", "dtype", "error", "limits", "ser", "value", "wire"]),
    ("ext", &["array", "de", "dtype", "element", "error", "foreign", "layout", "limits", "ser", "table", "value"]),
];

/// Those that name each other all the same, the upper one first.
const CIRCLES: [(&str, &str); 1] = [
    // The depth that is read by default is the format's own; and who reads the format holds what a caller has lowered.
    ("limits", "wire"),
];

/// The module of each name that `src/lib.rs` makes public, and of each module its own name.
fn modules_by_name(files: &[File]) -> BTreeMap<String, String> {
    let lib = files.iter().find(|file| file.path == "src/lib.rs").unwrap();
    let program: String = lib.program().map(|(_, line)| line).collect();
    let mut modules: BTreeMap<String, String> =
        MAY_NAME.map(|(module, _)| (module.to_owned(), module.to_owned())).into();
    // A macro that is exported has no path.
    modules.insert("redis_value".to_owned(), "ext".to_owned());
    for statement in program.split("pub use ").skip(1) {
        let (path, names) = statement.split(';').next().unwrap().rsplit_once("::").unwrap();
        for name in names.trim_matches(['{', '}']).split(',') {
            let name = name.split(" as ").last().unwrap().trim();
            modules.insert(name.to_owned(), path.split("::").next().unwrap().to_owned());
        }
    }
    modules
}

#[test]
fn dependence_has_one_direction() {
    for (index, (module, allowed)) in MAY_NAME.iter().enumerate() {
        let is_above = |name: &&str| MAY_NAME[..index].iter().any(|(above, _)| above == name);
        assert!(allowed.iter().all(is_above), "{module} may name only what is above it: {allowed:?}");
    }
    let files = sources();
    let modules = modules_by_name(&files);
    let mut named = BTreeSet::new();
    for file in files.iter().filter(|file| file.path != "src/lib.rs") {
        let (module, allowed) = MAY_NAME
            .iter()
            .find(|(module, _)| file.is_in(module))
            .unwrap_or_else(|| panic!("{} is in no module that this test knows", file.path));
        let is_root = [format!("src/{module}.rs"), format!("src/{module}/mod.rs")].contains(&file.path);
        for (number, line) in file.program() {
            let place = format!("{}:{number}", file.path);
            assert!(!line.contains("crate::{"), "{place}: one `use` for each module");
            assert!(!(is_root && line.starts_with("use super::")), "{place}: other modules are named from `crate`");
            // Hidden names stand in macros that users expand, not in modules.
            for rest in line.replace("$crate::__", "").split("crate::").skip(1) {
                let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let other = modules.get(&name).unwrap_or_else(|| panic!("{place}: `{name}` is of no module"));
                let may = other == module || allowed.contains(&other.as_str());
                assert!(may || CIRCLES.contains(&(*module, other)), "{place}: names `{other}`, may name {allowed:?}");
                named.insert((*module, other.clone()));
            }
        }
    }
    assert!(named.len() > 40, "{named:?}");
    for (upper, lower) in CIRCLES {
        assert!(
            named.contains(&(upper, lower.to_owned())),
            "{upper} does not name {lower} any more: CIRCLES can lose them"
        );
    }
}

#[test]
fn the_format_stands_alone() {
    let files = sources();
    let wire: Vec<&File> = files.iter().filter(|file| file.is_in("wire")).collect();
    let others = ["serde", "bytemuck", "feature", "std::", "cfg(target", "ndarray", "redis", "half::", "num_complex"];
    none_of(wire.iter().copied(), &others, "src/wire knows nothing else");
    let narrowing = ["u8", "u16", "u32", "usize", "i8", "i16", "i32", "i64", "i128", "u128", "f32", "f64", "isize"];
    for file in wire {
        for (number, line) in file.program() {
            let uses = line.trim_start().trim_start_matches("pub(crate) ").trim_start_matches("pub(super) ");
            if let Some(path) = uses.strip_prefix("use ") {
                let root = path.split("::").next().unwrap_or_default();
                let known = [
                    "alloc", "core", "super", "crate", "header", "node", "packed", "read", "schema", "shape", "walk",
                    "write",
                ];
                assert!(known.contains(&root), "{}:{number}: uses {root}", file.path);
            }
            // `as u64` from usize loses nothing on any machine.
            let cast = narrowing.iter().find(|to| contains_cast(line, to));
            assert!(cast.is_none(), "{}:{number}: casts: {line}", file.path);
        }
    }
    // Who only shows and glues takes what others have read.
    none_of(files.iter().filter(|file| file.is_in("ext")), &["wire::", "tag::"], "src/ext has no format logic");
    // Bytes of numbers are written and read little endian only; what others wrote may be big endian, and never of the machine's order.
    let ours = files.iter().filter(|file| !file.is_in("foreign"));
    none_of(ours, &["to_be_bytes", "from_be_bytes"], "the format is little endian");
    none_of(&files, &["to_ne_bytes", "from_ne_bytes"], "the same bytes on every machine");
}

fn contains_cast(line: &str, to: &str) -> bool {
    line.split(" as ").skip(1).any(|rest| {
        rest.strip_prefix(to).is_some_and(|after| !after.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
    })
}

/// Dims are multiplied in `wire/shape.rs` only.
#[test]
fn one_module_multiplies_dims() {
    let files = sources();
    let shape = files.iter().find(|file| file.path == "src/wire/shape.rs").unwrap();
    assert!(shape.text.contains("checked_mul(dim)"));
    let multiplies = [" * ", "_mul(", "*=", "::mul", "product"];
    for file in files.iter().filter(|file| file.path != shape.path) {
        for (number, line) in file.program() {
            let words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
            let of_dims = words.into_iter().any(|word| ["dim", "dims", "shape", "stride", "strides"].contains(&word));
            let multiplied = multiplies.iter().any(|how| line.contains(how));
            // How far apart bools stand is a number of bytes.
            let known = line.contains("saturating_mul(stride)), ErrorKind::Malformed, \"bool is neither 0 nor 1\"");
            assert!(!(of_dims && multiplied) || known, "{}:{number}: {line}", file.path);
            assert!(!line.contains(".product"), "{}:{number}: {line}", file.path);
        }
    }
}

/// Texts name no place of the machine they were written on.
#[test]
fn no_machine_paths() {
    let mut files = sources();
    for (folder, ending) in [("docs", ".md"), ("tests", ".rs"), ("examples", ".rs"), ("", ".md"), ("", ".toml")] {
        read(folder, ending, &mut files);
    }
    [".ci", ".github", "scripts"].iter().for_each(|folder| read(folder, "", &mut files));
    let names: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    for needed in ["SPEC.md", "Cargo.toml", "src/lib.rs", "tests/house.rs", ".ci/run"] {
        assert!(names.contains(needed), "{needed} is not among the files");
    }
    let folders = ["work", "home", "root", "Users", "tmp"].map(|folder| format!("/{folder}/"));
    for file in &files {
        for (index, line) in file.text.lines().enumerate() {
            for folder in &folders {
                let found = line.contains(folder.as_str());
                assert!(!found, "{}:{}: names {folder}: {line}", file.path, index + 1);
            }
        }
    }
}

/// GitHub shows the lines that rustdoc hides, and who copies a snippet gets them too. So nothing is hidden, and each is a program:
/// then the doc test compiles just what is shown.
#[test]
fn snippets_of_the_readme_are_whole_programs() {
    let mut files = Vec::new();
    for folder in ["", "cli", "python"] {
        read(folder, ".md", &mut files);
    }
    let mut seen = 0;
    for File { path, text } in &files {
        for snippet in text.split("\n```rust").skip(1) {
            let (snippet, _) = snippet.split_once("\n```").unwrap();
            let hidden = snippet.lines().find(|line| matches!(line.trim_start().split(' ').next(), Some("#")));
            assert_eq!(hidden, None, "{path}: hidden lines are shown by others");
            assert!(snippet.contains("\nfn main()"), "{path}: no program: {snippet}");
            seen += 1;
        }
    }
    assert!(seen >= 6, "{seen}");
}

#[test]
fn an_error_is_one_word() {
    assert_eq!(size_of::<Error>(), size_of::<usize>());
    assert_eq!(size_of::<ndwire::Result<()>>(), size_of::<usize>());
    fn is_shared<T: std::error::Error + Send + Sync + 'static>() {}
    is_shared::<Error>();
}

#[test]
fn names_of_kinds_never_change() {
    let names: Vec<&str> = ErrorKind::ALL.iter().map(|kind| kind.name()).collect();
    let first = [
        "not_ndwire",
        "unsupported_version",
        "unsupported_flags",
        "unsupported",
        "checksum_mismatch",
        "truncated",
        "trailing_bytes",
        "malformed",
        "not_canonical",
        "too_deep",
        "too_large",
        "limit_exceeded",
        "type_mismatch",
        "invalid_value",
        "invalid_length",
        "unknown_variant",
        "unknown_field",
        "missing_field",
        "duplicate_field",
        "unread_elements",
        "poisoned",
        "protocol",
        "shape",
        "io",
        "custom",
    ];
    // New kinds may come; none goes or is renamed.
    assert!(first.iter().all(|name| names.contains(name)), "{names:?}");
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
}

struct Full;

impl std::io::Write for Full {
    fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
        Err(std::io::Error::other("the disk is full"))
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn looks_of_errors() {
    let array = || DynArrayView::new(DType::F32, [2, 3], Order::RowMajor, vec![0; 24]).unwrap();
    let rows: [(Error, &str, &str); 5] = [
        (
            from_slice::<u8>(b"{}").unwrap_err(),
            "not an ndwire value: found JSON or text, at byte 0",
            r#"Error(not_ndwire, "not an ndwire value: found JSON or text, at byte 0")"#,
        ),
        (
            from_slice::<(u8, Vec<(char, u8)>)>(&to_vec(&(1u8, [('x', -1i8)])).unwrap()).unwrap_err(),
            "[1][0][1]: invalid value: found an integer out of range, expected u8, at byte 18",
            r#"Error(invalid_value, "[1][0][1]: invalid value: found an integer out of range, expected u8, at byte 18")"#,
        ),
        (
            to_writer(&1u8, Full).unwrap_err(),
            "reading or writing failed: the disk is full",
            r#"Error(io, "reading or writing failed: the disk is full")"#,
        ),
        (
            DynArrayView::new(DType::F32, [2, 3], Order::RowMajor, vec![0; 23]).unwrap_err(),
            "shape [2, 3] of f32 does not fit its data: found 23 bytes, expected 24",
            r#"Error(shape, "shape [2, 3] of f32 does not fit its data: found 23 bytes, expected 24")"#,
        ),
        (
            array().elements::<f64>().unwrap_err(),
            "array has another dtype: found f32, expected f64",
            r#"Error(type_mismatch, "array has another dtype: found f32, expected f64")"#,
        ),
    ];
    for (error, display, debug) in rows {
        assert_eq!(error.to_string(), display);
        assert_eq!(format!("{error:?}"), debug);
        // One line, lower case or a path at the start, no full stop at the end.
        assert!(!display.ends_with('.') && !display.contains('\n'));
    }
}
