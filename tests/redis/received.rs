//! Replies that are decoded in a second step.

use std::borrow::Cow;

use ndwire::{ArrayView, DynArrayView};
use serde::{Deserialize, Serialize};

use crate::fixture::{Server, TIME_TO_LIVE, set_bytes};
use crate::redis::{Commands, Connection, FromRedisValue, Value, cmd, pipe};
use crate::{Received, Wire};

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Frame<'a> {
    name: &'a str,
    #[serde(borrow)]
    label: Cow<'a, str>,
    #[serde(with = "serde_bytes")]
    pixels: &'a [u8],
    depth: ArrayView<'a, f32>,
    mask: DynArrayView<'a>,
    embedding: Vec<f32>,
}

fn frame(pixels: &[u8]) -> Frame<'_> {
    let depth = ArrayView::from_elements([24, 16], &[0.25; 384]).unwrap();
    let mask = DynArrayView::from_elements([24, 16], &[true; 384]).unwrap();
    Frame { name: "frame", label: "cat".into(), pixels, depth, mask, embedding: vec![0.5; 384] }
}

#[test]
fn the_bytes_of_a_reply_are_moved() {
    let bytes = ndwire::to_vec(&frame(&[7; 5000])).unwrap();
    let (address, expected) = (bytes.as_ptr(), bytes.clone());

    let received = Received::from_redis_value(Value::BulkString(bytes)).unwrap();
    assert_eq!(received.as_bytes().as_ptr(), address);
    assert_eq!(received.as_bytes(), expected);

    let bytes = received.into_vec();
    assert_eq!(bytes.as_ptr(), address);
    let reply = Value::Attribute { data: Box::new(Value::BulkString(bytes)), attributes: vec![] };
    let received = Received::from_redis_value(reply).unwrap();
    assert_eq!(received.as_bytes().as_ptr(), address);

    let reply = Value::Array(vec![Value::Nil, Value::BulkString(received.into_vec())]);
    let [missing, received] = Vec::<Option<Received>>::from_redis_value(reply).unwrap().try_into().unwrap();
    assert_eq!(missing, None);
    assert_eq!(received.as_ref().map(|received| received.as_bytes().as_ptr()), Some(address));

    // Of one that is only lent they are copied.
    let reply = Value::BulkString(expected.clone());
    let copy = Received::from_redis_value_ref(&reply).unwrap();
    assert_eq!(copy.as_bytes(), expected);
    assert_eq!(reply, Value::BulkString(expected));
}

#[test]
fn what_is_decoded_borrows_from_the_reply() {
    let server = Server::start();
    let (mut con, key) = (server.connection(), server.key("views"));
    let pixels = vec![7; 5000];
    con.set_ex::<_, _, ()>(&key, Wire(frame(&pixels)), TIME_TO_LIVE).unwrap();
    let received: Received = con.get(&key).unwrap();
    let again: Frame<'_> = received.decode().unwrap();
    assert_eq!(again, frame(&pixels));
    let reply = received.as_bytes().as_ptr_range();
    assert!(reply.contains(&again.name.as_ptr()));
    assert!(reply.contains(&again.pixels.as_ptr()));
    assert!(reply.contains(&again.depth.elements().as_ptr().cast()));
    assert!(reply.contains(&again.mask.bytes().as_ptr()));
    assert!(matches!(again.label, Cow::Borrowed(label) if reply.contains(&label.as_ptr())));
}

#[test]
fn mget_gives_one_result_an_item() {
    let server = Server::start();
    let mut con = server.connection();
    let keys = ["good", "missing", "json", "list", "other"].map(|name| server.key(name));
    con.set_ex::<_, _, ()>(&keys[0], Wire(vec![1.0f32, 2.0]), TIME_TO_LIVE).unwrap();
    set_bytes(&mut con, &keys[2], b"[1.0, 2.0]");
    con.rpush::<_, _, ()>(&keys[3], "x").unwrap();
    con.expire::<_, ()>(&keys[3], TIME_TO_LIVE as i64).unwrap();
    con.set_ex::<_, _, ()>(&keys[4], Wire(["a"]), TIME_TO_LIVE).unwrap();

    let replies: Vec<Option<Received>> = con.mget(&keys).unwrap();
    let results: Vec<_> = replies
        .iter()
        .map(|reply| reply.as_ref().map(|reply| reply.decode::<Vec<f32>>().map_err(|error| error.to_string())))
        .collect();
    assert_eq!(
        results,
        [
            Some(Ok(vec![1.0, 2.0])),
            None,
            Some(Err("not an ndwire value: found JSON or text, at byte 0".to_string())),
            None,
            Some(Err("[0]: invalid type: found a str, expected f32, at byte 17".to_string())),
        ]
    );

    // Where the typed reading fails as a whole.
    let error = con.mget::<_, Vec<Option<Wire<Vec<f32>>>>>(&keys).unwrap_err();
    assert_eq!(error.to_string(), "Incompatible type - not an ndwire value: found JSON or text, at byte 0");
}

#[test]
fn errors_have_kind_offset_and_path() {
    let received = Received::from(ndwire::to_vec(&frame(&[])).unwrap());
    #[derive(Deserialize, Debug)]
    #[allow(dead_code, reason = "it is never read whole")]
    struct Other {
        embedding: Vec<u8>,
    }
    let error = received.decode::<Other>().unwrap_err();
    assert_eq!(error.kind().name(), "type_mismatch");
    assert_eq!(error.path(), Some("embedding[0]"));
    assert_eq!(error.offset(), Some(78));
}

#[test]
fn limits_are_kept() {
    let received = Received::from(ndwire::to_vec(&vec![vec![vec![1u8]]]).unwrap());
    let limits = ndwire::Limits { depth: 2, ..Default::default() };
    assert_eq!(received.decode_with::<Vec<Vec<Vec<u8>>>>(limits).unwrap_err().kind().name(), "limit_exceeded");
    assert_eq!(received.decode::<Vec<Vec<Vec<u8>>>>().unwrap(), [[[1]]]);
}

#[test]
fn a_part_of_a_value_has_its_layout() {
    let server = Server::start();
    let (mut con, key) = (server.connection(), server.key("part"));
    con.set_ex::<_, _, ()>(&key, Wire(vec![0.5f64; 1000]), TIME_TO_LIVE).unwrap();
    let part: Received = con.getrange(&key, 0, 99).unwrap();
    assert_eq!(part.len(), 100);
    let layout = part.layout().unwrap();
    assert_eq!(layout.to_string(), "rows f64 [1000], bytes 32..8032\n");
    assert_eq!(layout.value_len(), con.strlen::<_, u64>(&key).unwrap());
    assert_eq!(
        Received::from(b"{}".to_vec()).layout().unwrap_err().to_string(),
        "not an ndwire value: found JSON or text, at byte 0"
    );
}

/// Between two `GETRANGE`s somebody may write. If the layout stays, nothing tells: the checksum is of the head alone.
#[test]
fn two_ranges_of_a_value_can_be_torn_and_one_cannot() {
    let server = Server::start();
    let (mut con, mut writer) = (server.connection(), server.connection());
    let key = server.key("torn");
    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    struct Scan {
        at: u32,
        depth: Vec<f32>,
    }
    let scan = |at: u32| Scan { at, depth: vec![at as f32; 1000] };
    let put = |con: &mut Connection, at| con.set_ex::<_, _, ()>(&key, Wire(&scan(at)), TIME_TO_LIVE).unwrap();
    put(&mut writer, 1);

    let head: Received = con.getrange(&key, 0, 99).unwrap();
    put(&mut writer, 2);
    let rest: Received = con.getrange(&key, 100, -1).unwrap();
    let torn = Received::from([head.into_vec(), rest.into_vec()].concat());
    // The payload begins at byte 32.
    let depth = [vec![1.0; (100 - 32) / 4], vec![2.0; 1000 - 17]].concat();
    assert_eq!(torn.decode::<Scan>().unwrap(), Scan { at: 1, depth });

    // In one transaction nobody comes between.
    let (head, rest): (Received, Received) =
        pipe().atomic().getrange(&key, 0, 99).getrange(&key, 100, -1).query(&mut con).unwrap();
    put(&mut writer, 3);
    let whole = Received::from([head.into_vec(), rest.into_vec()].concat());
    assert_eq!(whole.decode::<Scan>().unwrap(), scan(2));
    // Nor in a script, nor in one range.
    let script = "return {redis.call('GETRANGE', KEYS[1], 0, 99), redis.call('GETRANGE', KEYS[1], 100, -1)}";
    let (head, rest): (Received, Received) = cmd("EVAL").arg(script).arg(1).arg(&key).query(&mut con).unwrap();
    assert_eq!(Received::from([head.into_vec(), rest.into_vec()].concat()).decode::<Scan>().unwrap(), scan(3));
    let whole: Received = con.getrange(&key, 0, -1).unwrap();
    assert_eq!(whole.decode::<Scan>().unwrap(), scan(3));
}

#[test]
fn debug_is_its_length() {
    assert_eq!(format!("{:?}", Received::from(b"secret".to_vec())), "Received { len: 6 }");
    assert_eq!(format!("{:?}", Received::from(ndwire::to_vec("secret").unwrap())), "Received { len: 23 }");
}
