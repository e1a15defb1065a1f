//! Fields of hashes, and what of them must stay.

use std::collections::BTreeMap;

use redis::{Connection, cmd};

use crate::proxy::{Then, before};
use crate::support::redis_server::PrivateServer;
use crate::support::{Run, array, connect, everything, golden, msgpack, run, server, server_8, value_in};

const MIGRATE: [&str; 7] = ["migrate", "--pattern", "*", "--from", "msgpack-numpy,text-header", "--write", "--fields"];

fn hset(con: &mut Connection, key: &str, field: &str, value: impl AsRef<[u8]>) {
    cmd("HSET").arg(key).arg(field).arg(value.as_ref()).exec(con).unwrap();
}

fn hash(con: &mut Connection, key: &str) -> BTreeMap<String, Vec<u8>> {
    cmd("HGETALL").arg(key).query(con).unwrap()
}

#[test]
fn fields_are_for_those_who_ask() {
    let server = server();
    let mut con = connect(&server);
    for number in 0..300 {
        hset(&mut con, "big", &format!("f:{number}"), msgpack(number));
    }
    hset(&mut con, "mixed", "image", golden("u2_2x3.texthdr"));
    hset(&mut con, "mixed", "npy", golden("u2_2x3.npy"));
    hset(&mut con, "mixed", "name", "Ada");
    hset(&mut con, "mixed", "json", "[1, 2]");
    cmd("PEXPIREAT").arg("mixed").arg(4_102_444_800_123i64).exec(&mut con).unwrap();
    let untouched = everything(&mut con);
    let without = run(&server.url, &MIGRATE[..6]).ended_with(0);
    without.has("total: 0 values, 0 converted, 0 refused, 0 changed meanwhile");
    let dry: Vec<&str> = MIGRATE.into_iter().filter(|argument| *argument != "--write").collect();
    run(&server.url, &dry)
        .ended_with(0)
        .has("total: 304 values, 301 would be converted, 0 refused, 0 changed meanwhile");
    assert_eq!(everything(&mut con), untouched);

    let done = run(&server.url, &MIGRATE).ended_with(0);
    done.has("total: 304 values, 301 converted, 0 refused, 0 changed meanwhile");
    done.has("npy: 1 value, 1 not named by --from");
    for (field, value) in hash(&mut con, "big") {
        let number = field.strip_prefix("f:").unwrap().parse().unwrap();
        assert_eq!(value_in(&value), array(number, &[4, 5]).into());
    }
    let mixed = hash(&mut con, "mixed");
    let array = value_in(&mixed["image"]);
    assert_eq!(array.as_array().expect("an array").shape(), [2, 3]);
    assert_eq!((mixed["npy"].clone(), &mixed["name"][..]), (golden("u2_2x3.npy"), &b"Ada"[..]));
    assert_eq!(cmd("PEXPIRETIME").arg("mixed").query::<i64>(&mut con).unwrap(), 4_102_444_800_123);
    // And a rerun has nothing to do; then back to the bytes of Python.
    run(&server.url, &MIGRATE).ended_with(0).has("ndwire: 301 values, 301 already ndwire");
    let back = ["migrate", "--pattern", "big", "--from", "ndwire", "--to", "msgpack-numpy", "--write", "--fields"];
    run(&server.url, &back).ended_with(0);
    assert_eq!(everything(&mut con)[&b"big"[..]].1, untouched[&b"big"[..]].1);
    assert!(hash(&mut con, "big").iter().all(|(field, value)| value == &msgpack(field[2..].parse().unwrap())));
}

/// Fields have times to live of their own from Redis 7.4 on.
#[test]
fn times_to_live_of_fields_stay() {
    let server = server_8();
    let mut con = connect(&server);
    for number in 0..10 {
        hset(&mut con, "h", &format!("f:{number}"), msgpack(number));
        if number % 2 == 0 {
            let at = 4_102_444_800_000i64 + number as i64;
            let field = format!("f:{number}");
            cmd("HPEXPIREAT").arg("h").arg(at).arg("FIELDS").arg(1).arg(field).exec(&mut con).unwrap();
        }
    }
    // In the newer protocol, too.
    let url = format!("{}?protocol=resp3", server.url);
    run(&url, &MIGRATE).ended_with(0).has("total: 10 values, 10 converted, 0 refused, 0 changed meanwhile");
    for number in 0..10usize {
        let field = format!("f:{number}");
        let value: Vec<u8> = cmd("HGET").arg("h").arg(&field).query(&mut con).unwrap();
        assert_eq!(value_in(&value), array(number, &[4, 5]).into());
        let times: Vec<i64> = cmd("HPEXPIRETIME").arg("h").arg("FIELDS").arg(1).arg(&field).query(&mut con).unwrap();
        assert_eq!(times, [if number % 2 == 0 { 4_102_444_800_000 + number as i64 } else { -1 }]);
    }
}

/// Nor does a field lose its time where the user may write it, and may not put the time back.
#[test]
fn a_field_stays_whose_time_cannot_be_put_back() {
    let server = server_8();
    let mut con = connect(&server);
    for field in ["with", "without"] {
        hset(&mut con, "h", field, msgpack(1));
    }
    let at = 4_102_444_800_123i64;
    cmd("HPEXPIREAT").arg("h").arg(at).arg("FIELDS").arg(1).arg("with").exec(&mut con).unwrap();
    let user = ["SETUSER", "u", "on", ">p", "~*", "+@all", "-hpexpireat"];
    cmd("ACL").arg(&user).exec(&mut con).unwrap();
    let done = run(&format!("{}?user=u&pass=p", server.url), &MIGRATE).ended_with(1);
    done.has("msgpack-numpy: 2 values, 1 converted (82 to 72 bytes), 1 refused");
    assert!(done.out.contains("'hpexpireat'") && done.out.contains("(h with)"), "{}", done.out);
    let there = hash(&mut con, "h");
    assert_eq!(there["with"], msgpack(1));
    assert_eq!(value_in(&there["without"]), array(1, &[4, 5]).into());
    let times: Vec<i64> = cmd("HPEXPIRETIME").arg("h").arg("FIELDS").arg(1).arg("with").query(&mut con).unwrap();
    assert_eq!(times, [at]);
}

/// They are of a type of their own.
#[test]
fn vector_sets_stay() {
    let server = server_8();
    let mut con = connect(&server);
    let vector: Vec<u8> = [1.0f32, 2.0, 3.0].iter().flat_map(|float| float.to_le_bytes()).collect();
    cmd("VADD").arg("v").arg("FP32").arg(vector).arg("element").exec(&mut con).unwrap();
    cmd("SET").arg("a").arg(msgpack(1)).exec(&mut con).unwrap();
    let before = everything(&mut con);
    run(&server.url, &MIGRATE).ended_with(0).has("total: 1 value, 1 converted, 0 refused, 0 changed meanwhile");
    assert_eq!(everything(&mut con)[&b"v"[..]], before[&b"v"[..]]);
}

/// With and without times to live, which are scripts of their own.
#[test]
fn a_field_that_changes_between_is_read_again() {
    for server in [server(), server_8()] {
        field_that_changes_between(&server);
    }
}

fn field_that_changes_between(server: &PrivateServer) {
    let mut con = connect(server);
    hset(&mut con, "h", "f", msgpack(1));
    hset(&mut con, "h", "g", msgpack(1));
    let (mut other, mut done) = (connect(server), false);
    let url = before(
        server,
        Box::new(move |command| {
            if command[0] == b"EVALSHA" && !done {
                done = true;
                hset(&mut other, "h", "f", msgpack(2));
                cmd("HDEL").arg("h").arg("g").exec(&mut other).unwrap();
            }
            Then::Forward
        }),
    );
    let done = run(&url, &MIGRATE).ended_with(0);
    done.has("total: 2 values, 1 converted, 0 refused, 0 changed meanwhile");
    done.has("  1  deleted, expired or of another type by now (h g)");
    let there = hash(&mut con, "h");
    assert_eq!(there.len(), 1);
    assert_eq!(value_in(&there["f"]), array(2, &[4, 5]).into());
}

/// What a search module answers: the server of the tests has none.
fn bulk(text: &str) -> String {
    format!("${}\r\n{text}\r\n", text.len())
}

fn list(items: &[String]) -> String {
    format!("*{}\r\n{}", items.len(), items.concat())
}

fn texts(texts: &[&str]) -> String {
    list(&texts.iter().map(|text| bulk(text)).collect::<Vec<_>>())
}

/// The part of FT.INFO that matters, among other things, as of RediSearch 2.
fn index(kind: &str, prefixes: &[&str], attributes: &[String]) -> String {
    let definition =
        [bulk("key_type"), bulk(kind), bulk("prefixes"), texts(prefixes), bulk("default_score"), bulk("1")];
    list(&[
        bulk("index_name"),
        bulk("i"),
        bulk("index_options"),
        texts(&[]),
        bulk("index_definition"),
        list(&definition),
        bulk("attributes"),
        list(attributes),
        bulk("num_docs"),
        bulk("2"),
    ])
}

fn migrate_with_indexes(server: &PrivateServer, indexes: Vec<(&'static str, String)>) -> Run {
    let url = before(
        server,
        Box::new(move |command| match &command[0][..] {
            b"FT._LIST" => Then::Answer(texts(&indexes.iter().map(|(name, _)| *name).collect::<Vec<_>>()).into_bytes()),
            b"FT.INFO" => {
                let index =
                    indexes.iter().find(|(name, _)| name.as_bytes() == command[1]).expect("an index of the list");
                Then::Answer(index.1.clone().into_bytes())
            }
            _ => Then::Forward,
        }),
    );
    run(&url, &MIGRATE)
}

#[test]
fn indexed_vectors_stay() {
    let server = server();
    let mut con = connect(&server);
    for key in ["doc:1", "doc:2", "other:1", "json:1"] {
        for field in ["embedding", "image", "body", "type"] {
            hset(&mut con, key, field, msgpack(3));
        }
    }
    let text = texts(&["identifier", "body", "attribute", "body", "type", "TEXT", "WEIGHT", "1", "SORTABLE"]);
    let vector =
        texts(&["identifier", "embedding", "attribute", "e", "type", "VECTOR", "algorithm", "HNSW", "dim", "20"]);
    // A field may be named like what stands before it.
    let type_vector =
        texts(&["identifier", "type", "attribute", "type", "type", "VECTOR", "algorithm", "FLAT", "SORTABLE"]);
    let old_vector = texts(&["image", "type", "VECTOR"]);
    let done = migrate_with_indexes(
        &server,
        vec![
            ("i", index("HASH", &["doc:", "none:"], &[text, vector.clone(), type_vector])),
            ("old", index("HASH", &["doc:2"], &[old_vector])),
            ("of-json", index("JSON", &["json:"], &[vector])),
        ],
    )
    .ended_with(0);
    done.has("total: 11 values, 11 converted, 0 refused, 0 changed meanwhile");
    for key in ["doc:1", "doc:2", "other:1", "json:1"] {
        for (field, value) in hash(&mut con, key) {
            let stays = matches!((key, &field[..]), ("doc:1" | "doc:2", "embedding" | "type") | ("doc:2", "image"));
            assert_eq!(value == msgpack(3), stays, "{key} {field}");
        }
    }
}

#[test]
fn without_knowing_the_indexed_vectors_no_field_is_touched() {
    let server = server();
    let mut con = connect(&server);
    hset(&mut con, "doc:1", "embedding", msgpack(3));
    let before_all = everything(&mut con);
    let start = "cannot tell which fields of hashes are indexed vectors, which must stay as they are: ";
    let end = "; without --fields only keys are migrated\n";
    let attributes = [texts(&["identifier", "embedding", "attribute", "e", "VECTOR"])];
    let rows = [
        (index("HASH", &["doc:"], &attributes), "FT.INFO gave no definition and attributes of an index"),
        (texts(&["index_name", "i"]), "FT.INFO gave no definition and attributes of an index"),
        (
            "-NOPERM User default has no permissions\r\n".to_string(),
            "the server says NOPERM: User default has no permissions",
        ),
    ];
    for (info, why) in rows {
        let done = migrate_with_indexes(&server, vec![("i", info)]);
        assert_eq!(done.code, 1);
        assert!(done.errors.contains(start) && done.errors.ends_with(&format!("{why}{end}")), "{}", done.errors);
        assert_eq!(everything(&mut con), before_all);
    }
}
