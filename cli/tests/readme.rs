//! What the README says that the program prints, it prints.

use std::process::Command;

use crate::support::{Run, connect, golden, root, server, set};

/// The commands of the README with what stands below each.
fn commands(readme: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut inside = false;
    for line in readme.lines() {
        match (line, line.strip_prefix("$ ")) {
            ("```console", _) => inside = true,
            ("```", _) => inside = false,
            (_, Some(command)) if inside => found.push((command.to_string(), String::new())),
            _ if inside => {
                let (_, printed) = found.last_mut().expect("a command before what it prints");
                printed.push_str(line);
                printed.push('\n');
            }
            _ => {}
        }
    }
    found
}

/// The pages of SCAN come in the server's order.
fn sorted(text: &str) -> Vec<&str> {
    let mut lines: Vec<_> = text.lines().collect();
    lines.sort();
    lines
}

#[test]
fn the_readme_tells_the_truth() {
    let server = server();
    let mut con = connect(&server);
    set(&mut con, "frame:1", golden("u2_80x80.msgpack"));
    set(&mut con, "frame:2", golden("u2_80x80.msgpack"));
    set(&mut con, "frame:3", golden("u2_80x80.ii"));
    set(&mut con, "doc:1", golden("x_dict_of_arrays.msgpack"));
    set(&mut con, "doc:2", golden("x_object_array_PICKLE.msgpack"));
    set(&mut con, "vector:1", golden("f4_768.texthdr"));
    set(&mut con, "scan:1", golden("f4_2x3x4.npy"));
    set(&mut con, "settings", r#"{"scans": 1}"#);
    let readme = std::fs::read_to_string(root().join("cli/README.md")).expect("a README");
    let commands = commands(&readme);
    assert_eq!(commands.len(), 6);
    for (command, printed) in commands {
        let arguments = command.strip_prefix("ndwire ").expect("the program");
        let output = Command::new("sh")
            .args(["-c", &format!("\"$0\" {arguments}"), env!("CARGO_BIN_EXE_ndwire")])
            .env("REDIS_URL", &server.url)
            .current_dir(root())
            .output()
            .expect("it starts");
        let run = Run::from(output);
        assert_eq!(run.errors, "");
        let out = run.out.replace(&server.url, "redis://127.0.0.1/");
        assert_eq!(sorted(&out), sorted(&printed), "$ {command}\n{out}");
    }
}
