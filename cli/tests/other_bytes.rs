//! Values that are no arrays, and begin like MessagePack as one in eight of any kind does.

use ndwire::Value;
use ndwire::foreign::Encoding;
use redis::cmd;

use crate::support::{connect, everything, get, golden, msgpack, run, server, set};

const MIGRATE: [&str; 6] = ["migrate", "--pattern", "*", "--from", "msgpack-numpy", "--write"];

/// Numbers without an order, the same in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn bytes(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| self.next() as u8).collect()
    }

    /// From -1 to 1, more of them near 0.
    fn float(&mut self) -> f32 {
        (0..4).map(|_| self.next() as f32 / (1u64 << 31) as f32 - 0.5).sum::<f32>() / 2.0
    }
}

/// What stands in a cache beside arrays: embeddings, images, counters, text.
fn others() -> Vec<Vec<u8>> {
    let mut random = Random(7);
    let mut values = Vec::new();
    for _ in 0..2000 {
        values.push((0..64).flat_map(|_| random.float().to_le_bytes()).collect());
        values.push(random.bytes(28 * 28));
        let counter = random.next();
        values.push((counter % 100_000).to_le_bytes().to_vec());
        values.push((counter as u32).to_be_bytes().to_vec());
        values.push((0..8).flat_map(|_| random.float().to_be_bytes()).collect());
    }
    values
}

#[test]
fn thousands_of_values_of_other_kinds_are_left_alone() {
    let values = others();
    let begins = |value: &&Vec<u8>| Encoding::detect(value).is_ok_and(|found| found == Encoding::MsgpackNumpy);
    let broken = values.iter().filter(begins).filter(|value| Encoding::MsgpackNumpy.decode::<Value>(value).is_err());
    let broken = broken.count();
    assert!(broken > 700, "only {broken} values that begin like MessagePack");

    let server = server();
    let mut con = connect(&server);
    let mut pipe = redis::pipe();
    for (number, value) in values.iter().enumerate() {
        pipe.cmd("SET").arg(format!("other:{number}")).arg(value).ignore();
    }
    pipe.exec(&mut con).unwrap();
    let before = everything(&mut con);
    let done = run(&server.url, &MIGRATE).ended_with(0);
    done.has("total: 10,000 values, 0 converted, 0 refused, 0 changed meanwhile");
    assert!(!done.out.contains("msgpack-numpy: "), "{}", done.out);
    assert_eq!(everything(&mut con), before);
    let done = run(&server.url, &["describe", "--pattern", "*"]).ended_with(0);
    assert!(done.out.lines().any(|line| line.ends_with(" 10,000 of no known encoding, 0 that cannot be read")));
    assert!(done.out.contains("bytes: found other bytes, or MessagePack without arrays\n"));

    // Among them one array, and one of Python's objects.
    set(&mut con, "array", msgpack(1));
    run(&server.url, &MIGRATE).ended_with(0).has("msgpack-numpy: 1 value, 1 converted (82 to 72 bytes)");
    set(&mut con, "object", golden("x_object_array_PICKLE.msgpack"));
    let done = run(&server.url, &MIGRATE).ended_with(1);
    done.has("msgpack-numpy: 1 value, 1 refused");
    done.has("total: 10,002 values, 0 converted, 1 refused, 0 changed meanwhile");
    assert!(
        done.out.lines().any(
            |line| line.starts_with("  1  msgpack-numpy: array of Python's objects") && line.ends_with(" (object)")
        )
    );
    let after = everything(&mut con);
    assert!(before.iter().all(|(key, value)| &after[key] == value));
}

/// A map of MessagePack of these keys and values.
fn map(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let entry = |(key, value): &(&str, &[u8])| [&[0xA0 + key.len() as u8], key.as_bytes(), value].concat();
    [vec![0x80 + entries.len() as u8], entries.iter().flat_map(entry).collect()].concat()
}

const TIMESTAMP: &[u8] = b"\xD6\xFF\x00\x00\x00\x01";

#[test]
fn extensions_are_refused_beside_arrays_only() {
    let server = server();
    let mut con = connect(&server);
    let array = msgpack(1);
    set(&mut con, "plain:1", map(&[("at", TIMESTAMP), ("id", b"\x07")]));
    set(&mut con, "plain:2", [b"\x92\xC7\x03\x05abc", TIMESTAMP].concat());
    set(&mut con, "plain:3", TIMESTAMP);
    set(&mut con, "plain:4", map(&[("nd", b"\xC3"), ("at", TIMESTAMP)]));
    set(&mut con, "array:1", map(&[("at", TIMESTAMP), ("x", &array)]));
    set(&mut con, "array:2", map(&[("x", &array), ("at", TIMESTAMP)]));
    let before = everything(&mut con);
    let done = run(&server.url, &MIGRATE).ended_with(1);
    done.has("msgpack-numpy: 2 values, 2 refused");
    done.has("total: 6 values, 0 converted, 2 refused, 0 changed meanwhile");
    let why = "  2  msgpack-numpy: at: extension type -1 of MessagePack (a timestamp) is not read: write a number or a text (array:";
    assert!(done.out.lines().any(|line| line.starts_with(why)), "{}", done.out);
    run(&server.url, &["migrate", "--pattern", "plain:*", "--from", "msgpack-numpy", "--write"]).ended_with(0);
    // Not taken for MessagePack where that is not asked for either.
    let done = run(&server.url, &["migrate", "--pattern", "*", "--from", "npy", "--write"]).ended_with(0);
    done.has("msgpack-numpy: 2 values, 2 not named by --from");
    assert_eq!(everything(&mut con), before);
}

#[test]
fn text_with_bars_is_left_alone() {
    let server = server();
    let mut con = connect(&server);
    set(&mut con, "user", "u7|12|Ada");
    set(&mut con, "dict", "{'name': 'Ada', 'tag': 'a|1|b'}");
    let before = everything(&mut con);
    let done = run(&server.url, &["migrate", "--pattern", "*", "--from", "text-header", "--write"]).ended_with(0);
    done.has("total: 2 values, 0 converted, 0 refused, 0 changed meanwhile");
    assert!(done.out.contains("  2  found text ("), "{}", done.out);
    assert_eq!(everything(&mut con), before);
}

/// What was taken for the key of a map may be a password.
#[test]
fn nothing_is_printed_of_what_cannot_be_read() {
    let server = server();
    let mut con = connect(&server);
    let secret = "password=hunter2!";
    let array = msgpack(1);
    let values = [
        ("cut", map(&[(secret, b"\x92\x01")])),
        ("whole", map(&[(secret, b"\x01")])),
        ("never-used", map(&[(secret, b"\xC1")])),
        ("bytes-left", [map(&[(secret, b"\x01")]), secret.into()].concat()),
        ("text", format!("\u{80}{secret}").into_bytes()),
        ("array-cut", map(&[("x", &array), (secret, &array[..array.len() - 1])])),
        ("array-left", [map(&[(secret, &array)]), secret.into()].concat()),
        ("array-never-used", map(&[("x", &array), (secret, b"\xC1")])),
        ("array-deep", map(&[("x", &array), (secret, &[0x91; 200])])),
    ];
    for (key, value) in &values {
        set(&mut con, key, value);
        let done = run(&server.url, &["describe", "--key", key]);
        assert_eq!((done.code, done.out.as_str()), (1, ""), "{key}: {done:?}");
        assert!(!done.errors.contains("hunter2"), "{key}: {}", done.errors);
        let begins = match key.starts_with("array") {
            true => format!("error: {key}: msgpack-numpy, cannot be read: "),
            false => format!("error: {key}: no encoding of arrays that is known: found "),
        };
        assert!(done.errors.starts_with(&begins), "{key}: {}", done.errors);
    }
    let done = run(&server.url, &["describe", "--pattern", "*"]).ended_with(1);
    assert!(
        done.out.lines().any(|line| line.ends_with(", 5 of no known encoding, 4 that cannot be read")),
        "{}",
        done.out
    );
    done.has("cut: other, 21 bytes: found other bytes, or MessagePack without arrays");
    assert!(!done.out.contains("hunter2"), "{}", done.out);
    let done = run(&server.url, &MIGRATE).ended_with(1);
    done.has("total: 9 values, 0 converted, 4 refused, 0 changed meanwhile");
    assert!(!done.out.contains("hunter2"), "{}", done.out);
}

/// Names are for people: on one line, nothing hidden, and not without end.
#[test]
fn names_of_values_are_escaped_and_bounded() {
    let server = server();
    let mut con = connect(&server);
    let array = msgpack(1);
    set(&mut con, "hidden", map(&[("a\u{202E}b\u{200B}", &array)]));
    let done = run(&server.url, &["describe", "--key", "hidden"]).ended_with(0);
    done.has("  a\\u{202e}b\\u{200b}: array u16 [4, 5]");
    let done = run(&server.url, &["describe", "--pattern", "hidden"]).ended_with(0);
    done.has("hidden: msgpack-numpy, 92 bytes: a\\u{202e}b\\u{200b}: array u16 [4, 5]");

    let object = golden("x_object_array_PICKLE.msgpack");
    let mut deep = vec![];
    (0..100).for_each(|_| deep.extend(b"\x81\xBB\x1B\x1B\x1B\x1B\x1B\x1B\x1B\x1B\x1B\x1B\x1B\x1B\x1B\x1B\x1B\x1B\x1B\x1B\x1B\x1B\x1B\x1B\x1B\x1B\x1B\x1B\x1B"));
    deep.extend(&object);
    set(&mut con, "deep", deep);
    for arguments in [&["describe", "--pattern", "deep"][..], &["describe", "--key", "deep"], &MIGRATE] {
        let done = run(&server.url, arguments);
        assert_eq!(done.code, 1);
        assert!(done.out.lines().chain(done.errors.lines()).all(|line| line.len() < 500), "{done:?}");
        assert!((done.out + &done.errors).contains("…: array of Python's objects is a pickle"), "{arguments:?}");
    }
}

#[test]
fn a_long_list_is_a_few_lines() {
    let server = server();
    let mut con = connect(&server);
    let numbers = [&[0xDD, 0, 1, 0x86, 0xA0][..], &[7; 100_000]].concat();
    let array = msgpack(1);
    set(&mut con, "long", map(&[("x", &array), ("y", &numbers)]));
    let described = run(&server.url, &["describe", "--key", "long"]).ended_with(0).out;
    assert_eq!(described.lines().count(), 1 + 1 + 2 + 20 + 1, "{described}");
    assert!(described.ends_with("    [19]: uint\n    … 99980 more\n"), "{described}");
    cmd("SET").arg("ndwire").arg(ndwire::to_vec(&vec!["x"; 100_000]).unwrap()).exec(&mut con).unwrap();
    let described = run(&server.url, &["describe", "--key", "ndwire"]).ended_with(0).out;
    assert!(described.ends_with("  [19]: str, 1 byte\n  … 99980 more\n"), "{described}");
}

/// As a list of maps it would lose its dtypes.
#[test]
fn a_structured_array_that_no_table_holds_is_refused() {
    let fields: Vec<String> = (0..1025).map(|field| format!("('f{field}', '|u1')")).collect();
    let header = format!("{{'descr': [{}], 'fortran_order': False, 'shape': (2,), }}\n", fields.join(", "));
    let len = u16::try_from(header.len()).unwrap().to_le_bytes();
    let old = [b"\x93NUMPY\x01\x00", &len[..], header.as_bytes(), &[7; 2050]].concat();
    assert_eq!(Encoding::Npy.decode::<Vec<std::collections::BTreeMap<String, u8>>>(&old).unwrap()[1]["f1024"], 7);
    let server = server();
    let mut con = connect(&server);
    set(&mut con, "wide", &old);
    let done = run(&server.url, &["migrate", "--pattern", "*", "--from", "npy", "--write"]).ended_with(1);
    let why =
        "structured array that no table can hold would lose its dtypes, as a list of maps: write its fields as arrays";
    done.has(&format!("  1  npy: {why} (wide)"));
    assert_eq!(get(&mut con, "wide"), old);
}

/// The way back would not find it, and the summary says so before anything is written.
#[test]
fn what_has_no_array_in_messagepack_is_counted() {
    let server = server();
    let mut con = connect(&server);
    set(&mut con, "people", ndwire::to_vec(&[("Ada", 36), ("Bob", 40)]).unwrap());
    set(&mut con, "optional", ndwire::to_vec(&[Some(1.5), None]).unwrap());
    set(&mut con, "numbers", ndwire::to_vec(&[1.5, 2.5]).unwrap());
    set(&mut con, "plain", ndwire::to_vec(&["a"]).unwrap());
    let arguments = ["migrate", "--pattern", "*", "--from", "ndwire", "--to", "msgpack-numpy"];
    let expected = "not found again by the way back:\n  2  MessagePack without arrays, as of tables with texts (";
    let dry = run(&server.url, &arguments).ended_with(0);
    assert!(dry.out.contains(expected), "{}", dry.out);
    let real = run(&server.url, &[&arguments[..], &["--write"]].concat()).ended_with(0);
    assert!(real.out.contains(expected), "{}", real.out);
    real.has("total: 4 values, 3 converted, 0 refused, 0 changed meanwhile");
    let back = run(&server.url, &MIGRATE).ended_with(0);
    back.has("total: 4 values, 1 converted, 0 refused, 0 changed meanwhile");
}
