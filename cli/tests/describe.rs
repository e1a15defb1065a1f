//! What is printed of files and keys, and that it is never content.

use std::process::{Command, Stdio};

use redis::cmd;

use crate::proxy::{Then, before};
use crate::support::{Run, connect, golden, program, root, run, server, set};

fn file(name: &str) -> String {
    root().join("tests/golden").join(name).display().to_string()
}

#[test]
fn files() {
    let url = "redis://127.0.0.1:1/";
    let rows = [
        ("python/u2_80x80.msgpack", "msgpack-numpy, 12,843 bytes\narray u16 [80, 80]\n"),
        ("python/f4_768.texthdr", "text-header, 3,084 bytes\narray f32 [768]\n"),
        ("python/f4_2x3_F.npy", "npy, 152 bytes\narray f32 [2, 3] column-major\n"),
        ("v1/example.ndw", "ndwire, 72 bytes\nmap, 2 entries\n  id: uint\n  pixels: array f32 [2, 3], bytes 48..72\n"),
    ];
    for (name, expected) in rows {
        let path = file(name);
        let done = run(url, &["describe", &path]).ended_with(0);
        assert_eq!(done.out, format!("{path}: {expected}"));
    }
    let path = file("python/u2_2x3.ii");
    let done = run(url, &["describe", &path]);
    assert_eq!(done.code, 1);
    assert!(
        done.errors.starts_with(&format!("error: {path}: no encoding of arrays that is known: found ")),
        "{done:?}"
    );
    let done = run(url, &["describe", &path, "--as", "dims-header:<u2"]).ended_with(0);
    assert_eq!(done.out, format!("{path}: dims-header:<u2, 20 bytes\narray u16 [2, 3]\n"));
    let done = run(url, &["describe", "no-such-file"]);
    assert_eq!(
        (done.code, done.errors),
        (1, "error: no-such-file: No such file or directory (os error 2)\n".to_string())
    );
}

/// A pipe has no length of its own, and is read but once.
#[test]
fn pipes() {
    let describe = |name: &str| {
        let mut command = program("redis://127.0.0.1:1/", &["describe", "/dev/stdin"]);
        let mut cat = Command::new("cat").arg(file(name)).stdout(Stdio::piped()).spawn().expect("cat");
        let output = command.stdin(cat.stdout.take().expect("a pipe")).output().expect("it starts");
        cat.wait().expect("it ends");
        Run::from(output).ended_with(0).out
    };
    let ndwire = "ndwire, 72 bytes\nmap, 2 entries\n  id: uint\n  pixels: array f32 [2, 3], bytes 48..72\n";
    assert_eq!(describe("v1/example.ndw"), format!("/dev/stdin: {ndwire}"));
    let msgpack = "msgpack-numpy, 12,843 bytes\narray u16 [80, 80]\n";
    assert_eq!(describe("python/u2_80x80.msgpack"), format!("/dev/stdin: {msgpack}"));
}

#[test]
fn a_key_from_its_first_bytes() {
    let server = server();
    let mut con = connect(&server);
    let large = ndwire::to_vec(&vec![1.5f32; 1 << 20]).unwrap();
    set(&mut con, "large", &large);
    set(&mut con, "cut", &large[..4000]);
    set(&mut con, "old", golden("x_dict_of_arrays.msgpack"));
    set(&mut con, "object", golden("x_object_array_PICKLE.msgpack"));
    cmd("RPUSH").arg("list").arg("x").exec(&mut con).unwrap();
    // As Redis sees it.
    let url = before(
        &server,
        Box::new(|command| {
            assert!(command[0] != b"GET", "the whole value is read");
            if command[0] == b"GETRANGE" && command[1] == b"large" {
                assert_eq!(command[2..], [b"0".to_vec(), b"4095".to_vec()]);
            }
            Then::Forward
        }),
    );
    let done = run(&url, &["describe", "--key", "large"]).ended_with(0);
    assert_eq!(done.out, "large: ndwire, 4,194,336 bytes\nrows f32 [1048576], bytes 32..4194336\n");
    let rows = [
        ("cut", "ndwire, cannot be read: needed 4194336 bytes, found 4000"),
        ("missing", "no such key, or an empty value"),
        ("list", "the server says WRONGTYPE: Operation against a key holding the wrong kind of value"),
    ];
    for (key, why) in rows {
        let done = run(&url, &["describe", "--key", key]);
        assert_eq!((done.code, done.errors), (1, format!("error: {key}: {why}\n")));
    }
    let done = run(&url, &["describe", "--key", "old"]).ended_with(0);
    assert!(done.out.starts_with("old: msgpack-numpy, 111 bytes\nmap, "), "{}", done.out);
    assert!(!done.out.contains("..") && done.out.contains(": array "), "{}", done.out);
    let done = run(&url, &["describe", "--key", "object"]);
    assert!(
        done.errors.starts_with("error: object: msgpack-numpy, cannot be read: ") && done.errors.contains("pickle"),
        "{done:?}"
    );
}

#[test]
fn a_pattern_with_a_summary() {
    let server = server();
    let mut con = connect(&server);
    for number in 0..120 {
        set(&mut con, &format!("frame:{number}"), golden("u2_80x80.msgpack"));
    }
    set(&mut con, "frame:new", ndwire::to_vec(&vec![[0u8; 3]; 100]).unwrap());
    set(&mut con, "frame:json", r#"{"secret": 1}"#);
    set(&mut con, "other", "x");
    let done = run(&server.url, &["describe", "--pattern", "frame:*"]).ended_with(0);
    done.has("frame:7: msgpack-numpy, 12,843 bytes: array u16 [80, 80]");
    done.has("frame:new: ndwire, 322 bytes: rows u8 [100, 3]");
    done.has("total: 122 keys, 1,541,495 bytes, 1 of no known encoding, 0 that cannot be read");
    done.has("  120  msgpack-numpy: array u16 [80, 80] (1,541,160 bytes)");
    done.has("  1  ndwire: rows u8 [100, 3] (322 bytes)");
    set(&mut con, "frame:object", golden("x_object_array_PICKLE.msgpack"));
    let broken = run(&server.url, &["describe", "--pattern", "frame:obj*"]).ended_with(1);
    assert!(broken.out.starts_with("frame:object: msgpack-numpy, 250 bytes: cannot be read: "), "{}", broken.out);
    broken.has("total: 1 keys, 250 bytes, 0 of no known encoding, 1 that cannot be read");
    assert!(!done.out.contains("secret") && !done.out.contains("other: x"), "{}", done.out);
}

/// What the server does not let be read is neither skipped nor taken for nothing.
#[test]
fn keys_that_may_not_be_read_are_told() {
    let server = server();
    let mut con = connect(&server);
    for key in ["mine:1", "other:1", "other:2"] {
        set(&mut con, key, golden("u2_2x3.msgpack"));
    }
    cmd("ACL").arg(&["SETUSER", "u", "on", ">p", "~mine:*", "+@all"]).exec(&mut con).unwrap();
    let url = format!("{}?user=u&pass=p", server.url);
    // What follows is in the words of the server, which differ from version to version.
    let why = "cannot be read: the server says NOPERM: ";
    let done = run(&url, &["describe", "--pattern", "*"]).ended_with(1);
    done.has("mine:1: msgpack-numpy, 54 bytes: array u16 [2, 3]");
    done.has("total: 3 keys, 54 bytes, 0 of no known encoding, 2 that cannot be read");
    for start in [format!("other:1: {why}"), format!("other:2: {why}"), format!("  2  {why}")] {
        assert!(done.out.lines().any(|line| line.starts_with(&start)), "{start}: {}", done.out);
    }
    // Nor where the length may be asked for alone.
    cmd("ACL").arg(&["SETUSER", "u", "allkeys", "-getrange"]).exec(&mut con).unwrap();
    let done = run(&url, &["describe", "--key", "other:1"]);
    assert_eq!((done.code, done.out.as_str()), (1, ""));
    assert!(done.errors.starts_with("error: other:1: the server says NOPERM: "), "{}", done.errors);
}
