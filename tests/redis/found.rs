//! What is said of keys that hold something else, or nothing.

use serde::{Deserialize, Serialize};

use crate::fixture::{Server, TIME_TO_LIVE, set_bytes};
use crate::redis::{Commands, RedisResult, pipe};
use crate::{Packed, Received, Wire};

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Frame {
    id: u64,
    camera: String,
    embedding: Vec<f32>,
}

ndwire::redis_value!(Frame);

fn frame() -> Frame {
    Frame { id: 7, camera: "north".to_string(), embedding: vec![0.5; 384] }
}

fn bytes(hex: &str) -> Vec<u8> {
    hex.split(' ').map(|byte| u8::from_str_radix(byte, 16).unwrap()).collect()
}

#[test]
fn other_bytes_are_named() {
    let whole = ndwire::to_vec(&frame()).unwrap();
    assert_eq!(whole.len(), 1584);
    let mut damaged = whole.clone();
    damaged[20] ^= 1;
    let changed =
        "checksum of header and metadata does not match: they were changed after they were written, at byte 12";
    let table: [(&str, Vec<u8>, &str, &str); 20] = [
        ("nothing", vec![], "truncated", "value is empty: needed 16 bytes, 0 left, at byte 0"),
        (
            "json.dumps",
            b"{\"id\": 7, \"camera\": \"north\"}".to_vec(),
            "not_ndwire",
            "not an ndwire value: found JSON or text, at byte 0",
        ),
        (
            "json.dumps(indent=1) of a list",
            b"\n[\n 7\n]".to_vec(),
            "not_ndwire",
            "not an ndwire value: found JSON or text, at byte 0",
        ),
        ("text", b"plain text".to_vec(), "not_ndwire", "not an ndwire value: found text, at byte 0"),
        ("a counter", b"17".to_vec(), "not_ndwire", "not an ndwire value: found text, at byte 0"),
        ("text with umlauts", "öffnen".into(), "not_ndwire", "not an ndwire value: found text, at byte 0"),
        (
            "msgpack.packb of {\"id\": 7}",
            bytes("81 A2 69 64 07"),
            "not_ndwire",
            "not an ndwire value: found MessagePack, perhaps, at byte 0",
        ),
        (
            "msgpack.packb of [7, \"north\"]",
            bytes("92 07 A5 6E 6F 72 74 68"),
            "not_ndwire",
            "not an ndwire value: found MessagePack, perhaps, at byte 0",
        ),
        (
            "pickle.dumps of [1.5, 2.5]",
            bytes(
                "80 04 95 17 00 00 00 00 00 00 00 5D 94 28 47 3F F8 00 00 00 00 00 00 47 40 04 00 00 00 00 00 00 65 2E",
            ),
            "not_ndwire",
            "not an ndwire value: found a pickle, at byte 0",
        ),
        (
            "pickle.dumps of {\"id\": 7}, protocol 2",
            bytes("80 02 7D 71 00 58 02 00 00 00 69 64 71 01 4B 07 73 2E"),
            "not_ndwire",
            "not an ndwire value: found a pickle, at byte 0",
        ),
        (
            "np.save",
            [b"\x93NUMPY\x01\x00v\x00{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }".as_slice(), &[0; 8]]
                .concat(),
            "not_ndwire",
            "not an ndwire value: found an npy file, at byte 0",
        ),
        (
            "np.savez",
            bytes("50 4B 03 04 2D 00 00 00 00 00"),
            "not_ndwire",
            "not an ndwire value: found a zip archive (npz, perhaps), at byte 0",
        ),
        (
            "safetensors.save",
            [&[8, 0, 0, 0, 0, 0, 0, 0], b"{\"a\":1} ".as_slice()].concat(),
            "not_ndwire",
            "not an ndwire value: found safetensors, at byte 0",
        ),
        (
            "gzip.compress of a value",
            bytes("1F 8B 08 00 00 00 00 00 00 FF"),
            "not_ndwire",
            "not an ndwire value: found gzip data, at byte 0",
        ),
        (
            "the bytes of [1.0, 2.0] as f32",
            bytes("00 00 80 3F 00 00 00 40"),
            "not_ndwire",
            "not an ndwire value: found other bytes, at byte 0",
        ),
        (
            "zeros",
            vec![0; 20],
            "not_ndwire",
            "not an ndwire value: found zeros (a range was written to a key that did not exist?), at byte 0",
        ),
        (
            "half a header",
            whole[..10].to_vec(),
            "truncated",
            "header is truncated: needed 16 bytes, 10 left, at byte 0",
        ),
        (
            "all but the last byte",
            whole[..1583].to_vec(),
            "truncated",
            "embedding: payload is truncated: needed 1536 bytes, 1535 left, at byte 48",
        ),
        ("a changed byte", damaged, "checksum_mismatch", changed),
        (
            "a byte more",
            [whole.as_slice(), &[0]].concat(),
            "trailing_bytes",
            "bytes after the end of the value: 1 left, at byte 1584",
        ),
    ];
    let server = Server::start();
    let (mut con, key) = (server.connection(), server.key("other"));
    for (what, bytes, kind, expected) in table {
        set_bytes(&mut con, &key, &bytes);
        let received: Received = con.get(&key).unwrap();
        let error = received.decode::<Frame>().unwrap_err();
        assert_eq!((error.kind().name(), error.to_string().as_str()), (kind, expected), "{what}");

        let expected = format!("Incompatible type - {expected}");
        assert_eq!(con.get::<_, Frame>(&key).unwrap_err().to_string(), expected, "{what}");
        assert_eq!(con.get::<_, Option<Frame>>(&key).unwrap_err().to_string(), expected, "{what}");
        assert_eq!(con.get::<_, Wire<Frame>>(&key).unwrap_err().to_string(), expected, "{what}");
    }
}

#[test]
fn zeros_stand_before_a_range_in_a_new_key() {
    let server = Server::start();
    let (mut con, key) = (server.connection(), server.key("range"));
    con.setrange::<_, _, ()>(&key, 100, "x").unwrap();
    con.expire::<_, ()>(&key, TIME_TO_LIVE as i64).unwrap();
    assert_eq!(
        con.get::<_, Frame>(&key).unwrap_err().to_string(),
        "Incompatible type - not an ndwire value: \
         found zeros (a range was written to a key that did not exist?), at byte 0"
    );
}

#[test]
fn a_missing_key_is_none_or_an_error_that_says_so() {
    let server = Server::start();
    let (mut con, key) = (server.connection(), server.key("missing"));
    assert_eq!(con.get::<_, Option<Frame>>(&key).unwrap(), None);
    assert_eq!(con.get::<_, Option<Wire<Frame>>>(&key).unwrap(), None);
    assert_eq!(con.get::<_, Option<Received>>(&key).unwrap(), None);

    let expected = |target: &str| {
        format!(
            "Incompatible type - invalid type: found nil, expected a string: \
             read a key that may be missing as `Option<{target}>`"
        )
    };
    assert_eq!(con.get::<_, Frame>(&key).unwrap_err().to_string(), expected("Frame"));
    assert_eq!(con.get::<_, Wire<Frame>>(&key).unwrap_err().to_string(), expected("Wire<T>"));
    assert_eq!(con.get::<_, Received>(&key).unwrap_err().to_string(), expected("Received"));

    // A part of it is an empty string, not nil.
    let part: Received = con.getrange(&key, 0, 15).unwrap();
    assert!(part.is_empty());
}

#[test]
fn a_missing_key_is_an_empty_vector_to_redis_rs() {
    let server = Server::start();
    let (mut con, key) = (server.connection(), server.key("frames"));
    assert_eq!(con.get::<_, Vec<Frame>>(&key).unwrap(), []);
    assert_eq!(con.get::<_, Option<Vec<Frame>>>(&key).unwrap(), None);
    assert_eq!(con.get::<_, Option<Wire<Vec<Frame>>>>(&key).unwrap(), None);
    assert_eq!(
        con.get::<_, Wire<Vec<Frame>>>(&key).unwrap_err().to_string(),
        "Incompatible type - invalid type: found nil, expected a string: \
         read a key that may be missing as `Option<Wire<T>>`"
    );

    // And one string is a vector of one.
    con.set_ex::<_, _, ()>(&key, frame(), TIME_TO_LIVE).unwrap();
    assert_eq!(con.get::<_, Vec<Frame>>(&key).unwrap(), [frame()]);
    con.set_ex::<_, _, ()>(&key, Wire([frame(), frame()]), TIME_TO_LIVE).unwrap();
    assert_eq!(con.get::<_, Wire<Vec<Frame>>>(&key).unwrap().0, [frame(), frame()]);
    assert_eq!(
        con.get::<_, Vec<Frame>>(&key).unwrap_err().to_string(),
        "Incompatible type - [0]: invalid type: found a map, expected u64, at byte 16"
    );
}

#[test]
fn another_type_is_named_with_the_field() {
    #[derive(Serialize, Deserialize, Debug)]
    #[allow(dead_code, reason = "it is never read whole")]
    struct Other {
        id: u64,
        camera: u32,
    }
    ndwire::redis_value!(Other);

    let server = Server::start();
    let (mut con, key) = (server.connection(), server.key("type"));
    con.set_ex::<_, _, ()>(&key, frame(), TIME_TO_LIVE).unwrap();
    let error = con.get::<_, Received>(&key).unwrap().decode::<Other>().unwrap_err();
    assert_eq!((error.kind().name(), error.path(), error.offset()), ("type_mismatch", Some("camera"), Some(28)));
    assert_eq!(error.to_string(), "camera: invalid type: found a str, expected u32, at byte 28");
    assert_eq!(con.get::<_, Other>(&key).unwrap_err().to_string(), format!("Incompatible type - {error}"));
}

#[test]
fn a_key_of_another_type_is_the_servers_error() {
    let server = Server::start();
    let (mut con, key) = (server.connection(), server.key("list"));
    con.rpush::<_, _, ()>(&key, frame()).unwrap();
    con.expire::<_, ()>(&key, TIME_TO_LIVE as i64).unwrap();

    let expected = "\"WRONGTYPE\": Operation against a key holding the wrong kind of value";
    let error = con.get::<_, Frame>(&key).unwrap_err();
    assert_eq!((error.code(), error.to_string().as_str()), (Some("WRONGTYPE"), expected));
    assert_eq!(con.get::<_, Option<Wire<Frame>>>(&key).unwrap_err().to_string(), expected);
    assert_eq!(con.get::<_, Option<Received>>(&key).unwrap_err().to_string(), expected);

    // `MGET` does not tell it from a missing key.
    let other = server.key("no-list");
    con.set_ex::<_, _, ()>(&other, frame(), TIME_TO_LIVE).unwrap();
    assert_eq!(con.mget::<_, Vec<Option<Frame>>>(&[&key, &other]).unwrap(), [None, Some(frame())]);

    // The right command gives strings, of which one was asked for.
    assert_eq!(con.lrange::<_, Vec<Frame>>(&key, 0, -1).unwrap(), [frame()]);
    let error = con.lrange::<_, Frame>(&key, 0, -1).unwrap_err();
    assert_eq!(error.to_string(), "Incompatible type - invalid type: found an array, expected a string");
    // The wrong one gives something else.
    let error = con.llen::<_, Frame>(&key).unwrap_err();
    assert_eq!(error.to_string(), "Incompatible type - invalid type: found an integer, expected a string");
    let error = con.expire::<_, Received>(&key, TIME_TO_LIVE as i64).unwrap_err();
    assert_eq!(error.to_string(), "Incompatible type - invalid type: found an integer, expected a string");
    let error = con.set::<_, _, Received>(&other, &Packed::encode(&7u8).unwrap()).unwrap_err();
    assert_eq!(error.to_string(), "Incompatible type - invalid type: found a status, expected a string");
}

#[test]
fn a_pipeline_that_ignores_errors_gives_one_result_a_command() {
    let server = Server::start();
    let mut con = server.connection();
    let (list, string) = (server.key("list"), server.key("string"));
    con.rpush::<_, _, ()>(&list, "x").unwrap();
    con.expire::<_, ()>(&list, TIME_TO_LIVE as i64).unwrap();
    con.set_ex::<_, _, ()>(&string, frame(), TIME_TO_LIVE).unwrap();

    let results: Vec<RedisResult<Frame>> = pipe().get(&list).get(&string).ignore_errors().query(&mut con).unwrap();
    let [first, second] = results.try_into().unwrap();
    assert_eq!(first.unwrap_err().code(), Some("WRONGTYPE"));
    assert_eq!(second.unwrap(), frame());

    let error = pipe().get(&list).ignore_errors().query::<(Received,)>(&mut con).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Incompatible type - invalid type: found the server's error WRONGTYPE, expected a string"
    );
}
