//! Somebody else writes while a migration runs.

use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use ndwire::Value;
use redis::{Connection, cmd};

use crate::proxy::{Then, before};
use crate::support::redis_server::PrivateServer;
use crate::support::{Run, array, array_in, connect, get, golden, msgpack, program, run, server, set, value_in};

const MIGRATE: [&str; 8] = ["migrate", "--pattern", "*", "--from", "msgpack-numpy", "--write", "--batch", "1"];

/// Migrates, and does that on another connection before Redis gets a script; `each` time or the first time only.
fn with_a_write_between(
    server: &PrivateServer,
    each: bool,
    mut write: impl FnMut(&mut Connection) + Send + 'static,
) -> Run {
    let mut con = connect(server);
    let mut done = false;
    let url = before(
        server,
        Box::new(move |command| {
            if command[0].starts_with(b"EVALSHA") && (each || !done) {
                done = true;
                write(&mut con);
            }
            Then::Forward
        }),
    );
    let ran = run(&url, &MIGRATE);
    Run { out: ran.out.lines().skip(1).map(|line| format!("{line}\n")).collect(), ..ran }
}

#[test]
fn a_value_that_changes_between_is_read_again() {
    let server = server();
    let mut con = connect(&server);
    set(&mut con, "a", msgpack(1));
    let done = with_a_write_between(&server, false, |con| set(con, "a", msgpack(2))).ended_with(0);
    done.has("total: 1 value, 1 converted, 0 refused, 0 changed meanwhile");
    assert_eq!(value_in(&get(&mut con, "a")), array(2, &[4, 5]).into());
}

#[test]
fn a_value_that_keeps_changing_is_listed() {
    let server = server();
    let mut con = connect(&server);
    set(&mut con, "a", msgpack(1));
    let mut number = 1;
    let done = with_a_write_between(&server, true, move |con| {
        number += 1;
        set(con, "a", msgpack(number));
    });
    let expected = "msgpack-numpy: 1 value, 1 changed meanwhile\n\
                    changed meanwhile:\n  \
                    1  written by somebody else while it was converted, twice (a)\n\
                    total: 1 value, 0 converted, 0 refused, 1 changed meanwhile\n";
    assert_eq!(done, Run { code: 1, out: expected.to_string(), errors: String::new() });
    // The last of the writes is the one that counts.
    assert_eq!(get(&mut con, "a"), msgpack(3));
}

#[test]
fn a_value_that_goes_away_or_turns_into_something_else() {
    let server = server();
    let mut con = connect(&server);
    type Write = fn(&mut Connection);
    let gone = "gone meanwhile:\n  1  deleted, expired or of another type by now (a)\n\
                total: 1 value, 0 converted, 0 refused, 0 changed meanwhile\n";
    let rows: [(Write, &str); 4] = [
        (|con| cmd("DEL").arg("a").exec(con).unwrap(), gone),
        (
            |con| {
                cmd("DEL").arg("a").exec(con).unwrap();
                cmd("RPUSH").arg("a").arg("x").exec(con).unwrap();
            },
            gone,
        ),
        (
            |con| set(con, "a", ndwire::to_vec(&Value::from(array(9, &[3]))).unwrap()),
            "ndwire: 1 value, 1 already ndwire\ntotal: 1 value, 0 converted, 0 refused, 0 changed meanwhile\n",
        ),
        (
            |con| set(con, "a", "[1, 2]"),
            "left alone, no encoding of arrays:\n  \
             1  found JSON or text (a)\n\
             total: 1 value, 0 converted, 0 refused, 0 changed meanwhile\n",
        ),
    ];
    for (write, expected) in rows {
        cmd("DEL").arg("a").exec(&mut con).unwrap();
        set(&mut con, "a", msgpack(1));
        let done = with_a_write_between(&server, false, write).ended_with(0);
        assert_eq!(done.out, expected);
    }
}

/// A new time to live is no reason to leave a value alone, and is the one that stays.
#[test]
fn a_time_to_live_that_changes_between_stays() {
    let server = server();
    let mut con = connect(&server);
    set(&mut con, "a", msgpack(1));
    let at = 4_102_444_800_123i64;
    with_a_write_between(&server, false, move |con| cmd("PEXPIREAT").arg("a").arg(at).exec(con).unwrap()).ended_with(0);
    assert_eq!(value_in(&get(&mut con, "a")), array(1, &[4, 5]).into());
    assert_eq!(cmd("PEXPIRETIME").arg("a").query::<i64>(&mut con).unwrap(), at);
}

#[test]
fn a_server_that_forgets_scripts_is_told_them_again() {
    let server = server();
    let mut con = connect(&server);
    for number in 0..3 {
        set(&mut con, &format!("a:{number}"), msgpack(number));
    }
    let flush = |con: &mut Connection| cmd("SCRIPT").arg("FLUSH").exec(con).unwrap();
    let done = with_a_write_between(&server, true, flush).ended_with(0);
    done.has("total: 3 values, 3 converted, 0 refused, 0 changed meanwhile");
}

/// Ctrl-C ends it after what is under way, and a rerun does the rest.
#[test]
fn an_interrupted_migration_goes_on_later() {
    let server = server();
    let mut con = connect(&server);
    for number in 0..20 {
        set(&mut con, &format!("a:{number}"), msgpack(number));
    }
    let process = Arc::new(AtomicU32::new(0));
    let (of_hook, mut scripts) = (process.clone(), 0);
    let started = Arc::new(Mutex::new(()));
    let (of_hook_started, lock) = (started.clone(), started.lock().unwrap());
    let url = before(
        &server,
        Box::new(move |command| {
            // The first command waits until it is known whom to interrupt.
            drop(of_hook_started.lock());
            if command[0] == b"EVALSHA" {
                scripts += 1;
                if scripts == 3 {
                    let process = of_hook.load(Ordering::SeqCst).to_string();
                    assert!(Command::new("kill").args(["-INT", &process]).status().expect("kill").success());
                }
            }
            Then::Forward
        }),
    );
    let mut command = program(&url, &MIGRATE);
    command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let child = command.spawn().expect("it starts");
    process.store(child.id(), Ordering::SeqCst);
    drop(lock);
    let done = Run::from(child.wait_with_output().expect("it ends")).ended_with(1);
    done.has("total: 3 values, 3 converted, 0 refused, 0 changed meanwhile");
    done.has("interrupted: run it again for the rest");
    let again = run(&server.url, &MIGRATE).ended_with(0);
    again.has("ndwire: 3 values, 3 already ndwire");
    again.has("total: 20 values, 17 converted, 0 refused, 0 changed meanwhile");
}

/// Every key is written again and again while it is migrated, there and back; what was written last is what is there.
#[test]
fn no_write_of_anybody_else_is_lost() {
    const KEYS: usize = 200;
    let server = server();
    let mut con = connect(&server);
    let mut last: Vec<usize> = (0..KEYS).collect();
    for (key, number) in last.iter().enumerate() {
        set(&mut con, &format!("k:{key}"), msgpack(*number));
    }
    let stop = Arc::new(AtomicBool::new(false));
    let (of_writer, mut con_of_writer) = (stop.clone(), connect(&server));
    let writer = std::thread::spawn(move || {
        let mut number = KEYS;
        while !of_writer.load(Ordering::SeqCst) {
            // In no order that a page of SCAN has.
            let key = number * 7919 % KEYS;
            set(&mut con_of_writer, &format!("k:{key}"), msgpack(number));
            last[key] = number;
            number += 1;
        }
        last
    });
    let mut changed = 0;
    for round in 0..40 {
        let (from, to) = [("msgpack-numpy", "ndwire"), ("ndwire", "msgpack-numpy")][round % 2];
        let done = run(&server.url, &["migrate", "--pattern", "k:*", "--from", from, "--to", to, "--write"]);
        assert!([0, 1].contains(&done.code) && done.errors.is_empty(), "{done:?}");
        assert!(done.out.contains(&format!("total: {KEYS} values, ")), "{}", done.out);
        changed += done.code;
    }
    stop.store(true, Ordering::SeqCst);
    let last = writer.join().expect("the writer writes");
    assert!(last.iter().any(|number| *number > 10 * KEYS), "the writer was at work");
    // Nobody writes any more.
    run(&server.url, &["migrate", "--pattern", "k:*", "--from", "msgpack-numpy", "--write"]).ended_with(0);
    for (key, number) in last.iter().enumerate() {
        let there = get(&mut con, &format!("k:{key}"));
        assert_eq!(array_in(&there), array(*number, &[4, 5]), "k:{key}, after {changed} rounds with changes");
        assert_eq!(value_in(&there), array(*number, &[4, 5]).into());
    }
}

/// What was done is told, and the rest is for the next run.
#[test]
fn a_server_that_goes_away_is_named_after_the_summary() {
    let server = server();
    let mut con = connect(&server);
    for number in 0..20 {
        set(&mut con, &format!("a:{number}"), msgpack(number));
    }
    let (mut other, mut scripts) = (connect(&server), 0);
    let url = before(
        &server,
        Box::new(move |command| {
            if command[0] == b"EVALSHA" {
                scripts += 1;
                if scripts == 6 {
                    cmd("SHUTDOWN").arg("NOSAVE").exec(&mut other).expect_err("it does not answer");
                }
            }
            Then::Forward
        }),
    );
    let done = run(&url, &MIGRATE);
    assert_eq!(done.code, 1);
    done.has("total: 5 values, 5 converted, 0 refused, 0 changed meanwhile");
    assert!(done.errors.starts_with(&format!("error: {url}: the connection failed: ")), "{}", done.errors);
}

#[test]
fn a_long_value_is_written_whole() {
    let server = server();
    let mut con = connect(&server);
    // More than is read together, and than a socket takes at once.
    for number in 0..3 {
        let large = ndwire::DynArray::from_elements([6 << 20], &vec![number as u16; 6 << 20]).unwrap();
        set(&mut con, &format!("large:{number}"), ndwire::foreign::Encoding::MsgpackNumpy.encode(&large).unwrap());
    }
    set(&mut con, "small", golden("u2_2x3.msgpack"));
    run(&server.url, &["migrate", "--pattern", "*", "--from", "msgpack-numpy", "--write"]).ended_with(0);
    for number in 0..3 {
        let there = value_in(&get(&mut con, &format!("large:{number}")));
        let array = there.as_array().expect("an array");
        assert_eq!(array.shape(), [6 << 20]);
        assert!(array.elements::<u16>().unwrap().iter().all(|element| *element == number as u16));
    }
}
