//! What is rewritten, what stays, and what is said about it.

use ndwire::foreign::Encoding;
use ndwire::{Map, Value};
use redis::cmd;

use crate::support::{
    all_golden, array, connect, encoded, everything, get, golden, msgpack, run, server, set, value_in,
};

const ALL: &str = "msgpack-numpy,text-header,npy,dims-header:<u2";

/// What no migration may touch, whatever it is told to rewrite.
fn untouchable() -> Vec<(&'static str, Vec<u8>)> {
    let no_array: Map = [("id".into(), 1.into()), ("name".into(), "Ada".into())].into_iter().collect();
    vec![
        ("json", br#"{"shape": [2, 3]}"#.to_vec()),
        ("text", b"hello".to_vec()),
        ("counter", b"42".to_vec()),
        ("empty", Vec::new()),
        ("pickle", b"\x80\x04K\x01.".to_vec()),
        ("gzip", b"\x1f\x8b\x08\0\0\0\0\0".to_vec()),
        ("garbage", vec![0xFE, 0xED, 0xFA, 0xCE, 0x00, 0x99, 0x01]),
        ("long-garbage", (0..5000u32).map(|at| (at * 7 % 251) as u8 | 0x80).collect()),
        ("msgpack-numbers", vec![0x93, 1, 2, 3]),
        ("msgpack-map", encoded(Encoding::MsgpackNumpy, &no_array.into())),
        ("ndwire", ndwire::to_vec(&vec![1.0f32; 300]).unwrap()),
        ("ndwire-broken", b"\xC1NDW\x01\0\0\0\x05\0\0\0\0\0\0\0hello".to_vec()),
    ]
}

#[test]
fn a_dry_run_changes_nothing() {
    let server = server();
    let mut con = connect(&server);
    for number in 0..20 {
        set(&mut con, &format!("a:{number}"), msgpack(number));
    }
    for (key, value) in untouchable() {
        set(&mut con, key, value);
    }
    cmd("PEXPIRE").arg("a:1").arg(1_000_000).exec(&mut con).unwrap();
    let before = everything(&mut con);
    let dry = run(&server.url, &["migrate", "--pattern", "*", "--from", ALL, "--fields"]).ended_with(0);
    assert_eq!(everything(&mut con), before);
    dry.has("nothing was written: this was a dry run, without --write");
    dry.has("total: 32 values, 20 would be converted, 0 refused, 0 changed meanwhile");
    // A dry run promises what the real one does.
    let real = run(&server.url, &["migrate", "--pattern", "*", "--from", ALL, "--fields", "--write"]).ended_with(0);
    assert!(everything(&mut con) != before);
    let promised = dry.out.replace("would be converted", "converted").replace(", dry run", "");
    let promised = promised.replace("nothing was written: this was a dry run, without --write\n", "");
    assert_eq!(real.out, promised);
}

#[test]
fn every_golden_file_migrates_or_is_refused() {
    let server = server();
    let mut con = connect(&server);
    let mut refused = Vec::new();
    for (ending, encoding) in
        [(".msgpack", Encoding::MsgpackNumpy), (".texthdr", Encoding::TextHeader), (".npy", Encoding::Npy)]
    {
        for (name, old) in all_golden(ending) {
            set(&mut con, &name, &old);
            let from = encoding.name();
            let done = run(&server.url, &["migrate", "--pattern", &name, "--from", from, "--write"]);
            let now = get(&mut con, &name);
            match encoding.decode::<Value>(&old) {
                Ok(value) if done.out.contains("without an array") => {
                    assert_eq!((done.code, now), (0, old), "{name}");
                    assert!(
                        ["x_scalar_bool.msgpack", "x_scalar_f4.msgpack"].contains(&name.as_str()),
                        "{name}: {value:?}"
                    );
                }
                Ok(value) => {
                    done.ended_with(0).has("total: 1 value, 1 converted, 0 refused, 0 changed meanwhile");
                    assert!(now == ndwire::to_vec(&value).unwrap(), "{name}: {:?}, expected {value:?}", value_in(&now));
                    // And back, but for what NumPy has no dtype for.
                    let back = ["migrate", "--pattern", &name, "--from", "ndwire", "--to", "msgpack-numpy", "--write"];
                    let back = run(&server.url, &back);
                    let again = get(&mut con, &name);
                    match name.starts_with("float8") {
                        true => {
                            assert!(
                                back.ended_with(1).out.contains("  1  ndwire: f8e4m3fn has no dtype in NumPy"),
                                "{name}"
                            );
                            assert_eq!(again, now, "{name}");
                        }
                        false => {
                            back.ended_with(0);
                            same_arrays(&Encoding::MsgpackNumpy.decode(&again).unwrap(), &value, &name);
                        }
                    }
                }
                Err(error) => {
                    let done = done.ended_with(1);
                    let why = error.to_string();
                    let why = why.rsplit_once(", at byte ").map_or(why.as_str(), |(why, _)| why);
                    done.has(&format!("  1  {from}: {why} ({name})"));
                    assert_eq!(now, old, "{name}");
                    refused.push(name);
                }
            }
        }
    }
    // Texts and fields that rows cannot hold.
    assert!(refused.iter().any(|name| name == "x_object_array_PICKLE.msgpack"), "{refused:?}");
    assert!(refused.iter().any(|name| name == "S5_2x3.npy"), "{refused:?}");
    assert!(refused.len() < 16, "{refused:?}");
}

/// The same, but for memory order, which MessagePack does not have.
fn same_arrays(one: &Value, other: &Value, name: &str) {
    match (one.as_array(), other.as_array()) {
        (Some(one), Some(other)) if one.order() != other.order() => {
            assert_eq!((one.dtype(), one.shape()), (other.dtype(), other.shape()), "{name}");
            // 2 rows of 3 f32, of which one has them by columns.
            assert_eq!((one.bytes(), one.shape()), (&golden("f4_2x3_F.texthdr")[12..], &[2, 3][..]), "{name}");
        }
        _ => assert_eq!(one, other, "{name}"),
    }
}

#[test]
fn the_headers_of_two_dims_are_found_by_their_length() {
    let server = server();
    let mut con = connect(&server);
    set(&mut con, "ii:good", golden("u2_80x80.ii"));
    set(&mut con, "ii:other-dtype", golden("f8_2x3.ii"));
    set(&mut con, "ii:cut", &golden("u2_80x80.ii")[..12_807]);
    set(&mut con, "ii:empty", golden("f4_0x3.ii"));
    set(&mut con, "ii:zeros", [0; 8]);
    set(&mut con, "ii:npy", golden("u2_80x80.npy"));
    let before = everything(&mut con);
    // Not unless it is asked for.
    let first = run(&server.url, &["migrate", "--pattern", "ii:*", "--from", "text-header", "--write"]).ended_with(0);
    first.has("total: 6 values, 0 converted, 0 refused, 0 changed meanwhile");
    assert_eq!(everything(&mut con), before);

    let done =
        run(&server.url, &["migrate", "--pattern", "ii:*", "--from", "dims-header:<u2", "--write"]).ended_with(1);
    done.has("dims-header:<u2: 3 values, 1 converted (12,808 to 12,832 bytes), 2 refused");
    done.has("npy: 1 value, 1 not named by --from");
    let why = "8 bytes may be a number as well as two dims without elements: write it anew, or leave it";
    let line = done.out.lines().find(|line| line.contains(why)).expect("a reason");
    assert!(
        line.starts_with("  2  dims-header:<u2: ") && line.contains("ii:empty") && line.contains("ii:zeros"),
        "{line}"
    );
    let after = everything(&mut con);
    for (key, dump) in &before {
        assert_eq!(&after[key] == dump, key != b"ii:good", "{}", String::from_utf8_lossy(key));
    }
    let expected: Value = Encoding::Npy.decode(&golden("u2_80x80.npy")).unwrap();
    assert_eq!(value_in(&get(&mut con, "ii:good")), expected);
}

#[test]
fn what_is_no_array_stays_as_it_is() {
    let server = server();
    let mut con = connect(&server);
    for (key, value) in untouchable() {
        set(&mut con, key, value);
    }
    cmd("SADD").arg("set").arg(msgpack(1)).exec(&mut con).unwrap();
    cmd("RPUSH").arg("list").arg(msgpack(1)).exec(&mut con).unwrap();
    cmd("ZADD").arg("sorted").arg(1).arg(msgpack(1)).exec(&mut con).unwrap();
    cmd("XADD").arg("stream").arg("*").arg("f").arg(msgpack(1)).exec(&mut con).unwrap();
    cmd("HSET").arg("hash").arg("f").arg(msgpack(1)).exec(&mut con).unwrap();
    cmd("PFADD").arg("hyper").arg("x").exec(&mut con).unwrap();
    let before = everything(&mut con);
    let done = run(&server.url, &["migrate", "--pattern", "*", "--from", ALL, "--write"]).ended_with(0);
    assert_eq!(everything(&mut con), before);
    let plain = "  2  found other bytes, or MessagePack without arrays (msgpack-";
    assert!(done.out.lines().any(|line| line.starts_with(plain)), "{}", done.out);
    done.has("ndwire: 2 values, 2 already ndwire");
    assert!(done.out.contains("left alone, no encoding of arrays:\n"), "{}", done.out);
    for (key, word) in
        [("json", "JSON"), ("pickle", "pickle"), ("text", "text"), ("gzip", "gzip"), ("garbage", "other bytes")]
    {
        let line = done.out.lines().find(|line| line.starts_with("  ") && line.contains(word));
        assert!(line.is_some(), "{key}: {}", done.out);
    }
}

#[test]
fn times_to_live_stay() {
    let server = server();
    let mut con = connect(&server);
    for number in 0..10 {
        set(&mut con, &format!("a:{number}"), msgpack(number));
        if number % 2 == 0 {
            let at = 4_102_444_800_123i64 + number as i64;
            cmd("PEXPIREAT").arg(format!("a:{number}")).arg(at).exec(&mut con).unwrap();
        }
    }
    let before = everything(&mut con);
    run(&server.url, &["migrate", "--pattern", "a:*", "--from", "msgpack-numpy", "--write"]).ended_with(0);
    let there = everything(&mut con);
    for (number, (key, (_, expires))) in before.iter().enumerate() {
        assert_eq!(there[key].1, *expires);
        assert_eq!(*expires == -1, number % 2 == 1);
        let now = get(&mut con, std::str::from_utf8(key).unwrap());
        assert_eq!(value_in(&now), array(number, &[4, 5]).into());
    }
    run(&server.url, &["migrate", "--pattern", "a:*", "--from", "ndwire", "--to", "msgpack-numpy", "--write"])
        .ended_with(0);
    // The very bytes of Python, and the times.
    assert_eq!(everything(&mut con), before);
}

#[test]
fn only_what_is_named_is_rewritten() {
    let server = server();
    let mut con = connect(&server);
    for (ending, count) in [(".msgpack", 3), (".texthdr", 2), (".npy", 1)] {
        for number in 0..count {
            set(&mut con, &format!("frame:{number}{ending}"), golden(&format!("u2_2x3{ending}")));
        }
    }
    set(&mut con, "other:1", golden("u2_2x3.msgpack"));
    let before = everything(&mut con);
    let arguments = ["migrate", "--pattern", "frame:*", "--from", "text-header", "--from", "npy", "--write", "--list"];
    let done = run(&server.url, &arguments).ended_with(0);
    done.has("msgpack-numpy: 3 values, 3 not named by --from");
    done.has("text-header: 2 values, 2 converted (46 to 88 bytes)");
    done.has("npy: 1 value, 1 converted (140 to 44 bytes)");
    done.has("frame:0.npy: npy, 140 bytes, to ndwire, 44 bytes");
    done.has("total: 6 values, 3 converted, 0 refused, 0 changed meanwhile");
    let after = everything(&mut con);
    assert!(before.iter().all(|(key, dump)| (&after[key] == dump) == key.ends_with(b".msgpack") || key == b"other:1"));
    // Resuming is a rerun.
    let again = run(&server.url, &arguments).ended_with(0);
    again.has("ndwire: 3 values, 3 already ndwire");
    assert_eq!(everything(&mut con), after);
}

#[test]
fn refusals_are_listed_with_reasons() {
    let server = server();
    let mut con = connect(&server);
    for number in 0..5 {
        set(&mut con, &format!("object:{number}"), golden("x_object_array_PICKLE.msgpack"));
    }
    let whole = golden("u2_80x80.npy");
    set(&mut con, "cut\n\x1b[31m", &whole[..whole.len() - 1]);
    let mut long = golden("u2_2x3.msgpack");
    long.push(0);
    set(&mut con, "long", long);
    set(&mut con, "good", golden("u2_2x3.msgpack"));
    let before = everything(&mut con);
    let done = run(&server.url, &["migrate", "--pattern", "*", "--from", "msgpack-numpy,npy", "--write"]).ended_with(1);
    done.has("total: 8 values, 1 converted, 7 refused, 0 changed meanwhile");
    done.has("msgpack-numpy: 7 values, 1 converted (54 to 44 bytes), 6 refused");
    let reason = |bytes: &[u8], encoding: Encoding| {
        let error = encoding.decode::<Value>(bytes).unwrap_err().to_string();
        error.rsplit_once(", at byte ").map_or(error.clone(), |(why, _)| why.to_string())
    };
    let why = reason(&whole[..whole.len() - 1], Encoding::Npy);
    done.has(&format!("  1  npy: {why} (cut\\n\\u{{1b}}[31m)"));
    let why = reason(&golden("x_object_array_PICKLE.msgpack"), Encoding::MsgpackNumpy);
    let line = done.out.lines().find(|line| line.starts_with("  5  ")).expect("the five are one reason");
    assert!(line.starts_with(&format!("  5  msgpack-numpy: {why} (object:")) && line.ends_with(", …)"), "{line}");
    let after = everything(&mut con);
    assert!(before.iter().all(|(key, dump)| (&after[key] == dump) == (key != b"good")));
}

/// What a server says of a command that it does not let through, is a reason too.
#[test]
fn a_server_that_does_not_write_is_told() {
    let server = server();
    let mut con = connect(&server);
    set(&mut con, "a", msgpack(1));
    set(&mut con, "b", msgpack(2));
    let before = everything(&mut con);
    let migrate = ["migrate", "--pattern", "*", "--from", "msgpack-numpy", "--write"];
    // Not enough memory for anything.
    cmd("CONFIG").arg("SET").arg("maxmemory").arg(1).exec(&mut con).unwrap();
    let done = run(&server.url, &migrate).ended_with(1);
    assert!(done.out.contains("  2  msgpack-numpy: the server says OOM: "), "{}", done.out);
    cmd("CONFIG").arg("SET").arg("maxmemory").arg(0).exec(&mut con).unwrap();
    assert_eq!(everything(&mut con), before);
    // A replica: what is written there would be lost.
    cmd("REPLICAOF").arg("127.0.0.1").arg(1).exec(&mut con).unwrap();
    let done = run(&server.url, &migrate);
    assert_eq!(
        (done.code, done.errors),
        (1, format!("error: {}: is a replica: give the url of a primary\n", server.url))
    );
    cmd("REPLICAOF").arg("NO").arg("ONE").exec(&mut con).unwrap();
    run(&server.url, &migrate).ended_with(0).has("total: 2 values, 2 converted, 0 refused, 0 changed meanwhile");
}

#[test]
fn arguments_that_do_not_go_together() {
    let rows: [(&[&str], &str); 7] = [
        (&["migrate", "--from", "npy"], "error: the following required arguments were not provided:"),
        (&["migrate", "--pattern", "*"], "error: the following required arguments were not provided:"),
        (&["migrate", "--pattern", "*", "--from", "ndwire"], "error: --from names ndwire, which is what --to writes"),
        (
            &["migrate", "--pattern", "*", "--from", "dims-header:<f4,dims-header:<u2,dims-header:<f4,dims-header:>i2"],
            "error: --from names dims-header:<u2 and dims-header:>i2, which nothing in a value tells apart: name one of them",
        ),
        (&["migrate", "--pattern", "*", "--from", "pickle"], "error: invalid value 'pickle' for '--from <ENCODING>'"),
        (&["migrate", "--pattern", "*", "--from", "npy", "--to", "npy"], "error: invalid value 'npy' for '--to <TO>'"),
        (&["describe"], "error: the following required arguments were not provided:"),
    ];
    for (arguments, message) in rows {
        let done = run("redis://127.0.0.1:1/", arguments);
        assert_eq!((done.code, done.out.as_str()), (2, ""), "{arguments:?}");
        assert!(done.errors.starts_with(message), "{arguments:?}: {}", done.errors);
    }
}

#[test]
fn a_server_that_nobody_names() {
    for arguments in [&["describe", "--key", "a"][..], &["describe", "--key", "a", "--url", ""]] {
        let done = run("", arguments);
        let expected = "error: no server: give --url, or set REDIS_URL\n";
        assert_eq!((done.code, done.out.as_str(), done.errors.as_str()), (2, "", expected));
    }
}

#[test]
fn a_server_that_is_not_there_is_named_without_its_password() {
    // Nobody listens on a port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("redis://user:secret@127.0.0.1:{port}/");
    for arguments in [&["migrate", "--pattern", "*", "--from", "npy"][..], &["describe", "--key", "a"]] {
        let done = run(&url, arguments);
        assert_eq!(done.code, 1);
        let start = format!("error: redis://user:***@127.0.0.1:{port}/: cannot connect: ");
        assert!(done.errors.starts_with(&start) && !done.errors.contains("secret"), "{}", done.errors);
    }
    let done = run("redis://user:secret@[nonsense", &["describe", "--key", "a"]);
    assert_eq!(done.code, 2);
    let start = "error: redis://user:***@[nonsense: not a server's url: ";
    assert!(done.errors.starts_with(start) && !done.errors.contains("secret"), "{}", done.errors);
    // Nor in the help, which prints where the default is from.
    let help = run(&url, &["migrate", "--help"]).ended_with(0);
    assert!(help.out.contains("[env: REDIS_URL]") && !help.out.contains("secret"), "{}", help.out);
}
