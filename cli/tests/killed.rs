//! 10,000 keys of all sorts, and a program that is killed on the way.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ndwire::foreign::{Encoding, NumpyDType};
use ndwire::{DType, DynArray, Map, Value};
use redis::{Connection, cmd};

use crate::proxy::{Then, before};
use crate::support::redis_server::PrivateServer;
use crate::support::{all_golden, array, connect, encoded, golden, program, run, server, value_in};

const KEYS: usize = 10_000;
const FROM: &str = "msgpack-numpy,text-header,npy,dims-header:<u2";

/// What is under a key.
struct Stored {
    old: Vec<u8>,
    /// What it means, if it is to be migrated.
    value: Option<Value>,
    expires: i64,
}

/// What Python wrote, of what can be read and has an array.
fn goldens() -> Vec<(Vec<u8>, Value)> {
    let mut found = Vec::new();
    for (ending, encoding) in
        [(".msgpack", Encoding::MsgpackNumpy), (".texthdr", Encoding::TextHeader), (".npy", Encoding::Npy)]
    {
        for (_, bytes) in all_golden(ending) {
            // Of float8 there is no way back.
            if let Ok(value) = encoding.decode::<Value>(&bytes)
                && Encoding::MsgpackNumpy.encode(&value).is_ok()
                && (value.as_array().is_some() || value.as_list().is_some() || value.as_map().is_some())
            {
                found.push((bytes, value));
            }
        }
    }
    assert!(found.len() > 60, "{} golden files", found.len());
    found
}

fn f32s(number: usize, shape: &[usize]) -> DynArray {
    let elements: Vec<f32> = (0..shape.iter().product()).map(|at| number as f32 + at as f32 / 8.0).collect();
    DynArray::from_elements(shape, &elements).unwrap()
}

fn document(number: usize) -> Value {
    let frames = vec![Value::from(array(number, &[3, 3])), f32s(number, &[7]).into()];
    let entries: [(Value, Value); 4] = [
        ("id".into(), (number as u64).into()),
        ("name".into(), format!("frame {number}").into()),
        ("score".into(), (number as f64 / 3.0).into()),
        ("frames".into(), frames.into()),
    ];
    // Plain, as MessagePack has it: a list that was made takes the form that its elements choose.
    Encoding::MsgpackNumpy.decode(&encoded(Encoding::MsgpackNumpy, &Value::Map(Map::from_iter(entries)))).unwrap()
}

fn stored(number: usize, goldens: &[(Vec<u8>, Value)]) -> Stored {
    let dims_header = Encoding::DimsHeader(NumpyDType::from(DType::U16));
    let of = |encoding: Encoding, value: Value| (encoded(encoding, &value), Some(value));
    let (old, value) = match number % 10 {
        0 | 1 => of(Encoding::MsgpackNumpy, array(number, &[8, number % 9 + 1]).into()),
        2 => of(Encoding::MsgpackNumpy, document(number)),
        3 => of(Encoding::TextHeader, f32s(number, &[3, number % 7 + 1]).into()),
        4 => of(Encoding::Npy, f32s(number, &[number % 5 + 1, 2, 2]).into()),
        5 => of(dims_header, array(number, &[4, number % 9 + 1]).into()),
        6 => {
            let (old, value) = goldens[number / 10 % goldens.len()].clone();
            (old, Some(value))
        }
        7 => (encoded(Encoding::Ndwire, &array(number, &[5]).into()), None),
        8 => (format!("{{\"id\": {number}, \"shape\": [2, 3]}}").into_bytes(), None),
        _ => match number / 10 % 5 {
            0 => (number.to_string().into_bytes(), None),
            1 => (b"\x80\x04K\x01.".to_vec(), None),
            2 => (vec![0x93, 1, 2, number as u8 & 0x7F], None),
            3 => ([0xFE].into_iter().chain((0..40).map(|at| (number * 13 + at * 31) as u8 | 0x81)).collect(), None),
            _ => (format!("a text of key {number}").into_bytes(), None),
        },
    };
    let expires = if number.is_multiple_of(7) { 4_102_444_800_000 + number as i64 } else { -1 };
    Stored { old, value, expires }
}

fn fill(con: &mut Connection) -> BTreeMap<String, Stored> {
    let goldens = goldens();
    let all: BTreeMap<_, _> = (0..KEYS).map(|number| (format!("key:{number}"), stored(number, &goldens))).collect();
    let mut pipe = redis::pipe();
    for (key, stored) in &all {
        pipe.cmd("SET").arg(key).arg(&stored.old).ignore();
        if stored.expires > 0 {
            pipe.cmd("PEXPIREAT").arg(key).arg(stored.expires).ignore();
        }
    }
    pipe.exec(con).unwrap();
    all
}

/// Every key with its value and the time it expires.
fn there(con: &mut Connection, keys: &BTreeMap<String, Stored>) -> BTreeMap<String, (Vec<u8>, i64)> {
    let mut pipe = redis::pipe();
    for key in keys.keys() {
        pipe.cmd("GET").arg(key).cmd("PEXPIRETIME").arg(key);
    }
    let replies: Vec<redis::Value> = pipe.query(con).unwrap();
    let size: usize = cmd("DBSIZE").query(con).unwrap();
    assert_eq!(size, KEYS);
    let replies = replies.chunks_exact(2).map(|pair| {
        let [redis::Value::BulkString(value), redis::Value::Int(expires)] = pair else { panic!("{pair:?}") };
        (value.clone(), *expires)
    });
    keys.keys().cloned().zip(replies).collect()
}

/// Every key holds what it held, or the same value as ndwire; gives how many are converted.
#[track_caller]
fn nothing_is_lost(con: &mut Connection, keys: &BTreeMap<String, Stored>) -> usize {
    let mut converted = 0;
    for (key, (now, expires)) in there(con, keys) {
        let stored = &keys[&key];
        assert_eq!(expires, stored.expires, "{key}");
        if now == stored.old {
            continue;
        }
        let value = stored.value.as_ref().unwrap_or_else(|| panic!("{key} has changed"));
        assert!(now == ndwire::to_vec(value).unwrap(), "{key}: {:?}, expected {value:?}", value_in(&now));
        converted += 1;
    }
    converted
}

/// Runs the program until it says that it has converted so many, and kills it there.
fn killed(url: &str, arguments: &[&str], after: usize) {
    let mut child = program(url, arguments).arg("--list").stdout(Stdio::piped()).spawn().expect("it starts");
    let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let converted = lines.map(|line| line.expect("text")).filter(|line| line.contains(" bytes, to "));
    assert_eq!(converted.take(after).count(), after, "it ended by itself");
    child.kill().expect("it runs");
    let status = child.wait().expect("it ends");
    assert_eq!(status.code(), None, "it was killed, and did not end by itself");
}

/// Runs the program, and kills it between reading a batch and writing the last of it: before Redis gets that many scripts.
fn killed_in_a_batch(server: &PrivateServer, con: &mut Connection, arguments: &[&str], scripts: usize) {
    let (send, receive) = std::sync::mpsc::channel();
    let (mut process, mut seen) = (None, 0);
    let url = before(
        server,
        Box::new(move |command| {
            // The first command waits until it is known whom to kill.
            let process: u32 = *process.get_or_insert_with(|| receive.recv().expect("a process"));
            seen += (command[0] == b"EVALSHA") as usize;
            if seen == scripts {
                assert!(Command::new("kill").args(["-KILL", &process.to_string()]).status().expect("kill").success());
            }
            if seen < scripts { Then::Forward } else { Then::Answer(Vec::new()) }
        }),
    );
    let mut child = program(&url, arguments).stdout(Stdio::null()).spawn().expect("it starts");
    send.send(child.id()).expect("the proxy waits");
    assert_eq!(child.wait().expect("it ends").code(), None, "it was killed, and did not end by itself");
    // Redis has done all that was sent once it has noticed that nobody is there any more.
    let start = Instant::now();
    while cmd("CLIENT").arg("LIST").query::<String>(con).unwrap().lines().count() > 1 {
        assert!(start.elapsed() < Duration::from_secs(60), "the connection of the proxy stays");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn ten_thousand_keys_survive_being_killed_twice() {
    let server = server();
    let mut con = connect(&server);
    let keys = fill(&mut con);
    let to_convert = keys.values().filter(|stored| stored.value.is_some()).count();
    assert_eq!(to_convert, 7000);
    let migrate = ["migrate", "--pattern", "key:*", "--from", FROM, "--write", "--batch", "64"];
    killed(&server.url, &migrate, 1000);
    let first = nothing_is_lost(&mut con, &keys);
    assert!((1000..to_convert).contains(&first), "{first}");
    killed_in_a_batch(&server, &mut con, &migrate, 2001);
    let second = nothing_is_lost(&mut con, &keys);
    assert_eq!(second, first + 2000);

    let rest = run(&server.url, &migrate).ended_with(0);
    let converted = to_convert - second;
    let thousands = |number: usize| match number {
        0..1000 => number.to_string(),
        _ => format!("{},{:03}", number / 1000, number % 1000),
    };
    rest.has(&format!("total: 10,000 values, {} converted, 0 refused, 0 changed meanwhile", thousands(converted)));
    assert_eq!(nothing_is_lost(&mut con, &keys), to_convert);

    // The way back, killed too: what was ndwire before goes along, and all that can be read is equal.
    let back = ["migrate", "--pattern", "key:*", "--from", "ndwire", "--to", "msgpack-numpy", "--write"];
    killed(&server.url, &back, 2000);
    run(&server.url, &back).ended_with(0);
    for (key, (now, expires)) in there(&mut con, &keys) {
        let stored = &keys[&key];
        assert_eq!(expires, stored.expires, "{key}");
        match &stored.value {
            Some(value) => {
                let again: Value = Encoding::MsgpackNumpy.decode(&now).unwrap_or_else(|error| panic!("{key}: {error}"));
                assert!(alike(&again, value), "{key}: {again:?}, expected {value:?}");
            }
            None if stored.old.starts_with(b"\xC1NDW") => {
                let again: Value = Encoding::MsgpackNumpy.decode(&now).unwrap();
                assert!(ndwire::to_vec(&again).unwrap() == stored.old, "{key}: {again:?}");
            }
            None => assert_eq!(now, stored.old, "{key}"),
        }
    }
    // And there again.
    run(&server.url, &["migrate", "--pattern", "key:*", "--from", "msgpack-numpy", "--write"]).ended_with(0);
    let golden = golden("u2_80x80.msgpack");
    let expected: Value = Encoding::MsgpackNumpy.decode(&golden).unwrap();
    assert!(keys.values().any(|stored| stored.old == golden && stored.value.as_ref() == Some(&expected)));
}

/// The same, but for the memory order of arrays, which MessagePack does not keep.
fn alike(one: &Value, other: &Value) -> bool {
    let (Some(one), Some(other)) = (one.as_array(), other.as_array()) else { return one == other };
    if one.order() == other.order() {
        return one == other;
    }
    let sorted = |array: &ndwire::DynArrayView<'_>| {
        let mut elements: Vec<_> = array.bytes().chunks_exact(array.dtype().size()).map(<[u8]>::to_vec).collect();
        elements.sort();
        elements
    };
    (one.dtype(), one.shape(), sorted(&one)) == (other.dtype(), other.shape(), sorted(&other))
}
