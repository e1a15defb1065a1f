//! Values in and out of Lua.

use crate::fixture::Server;
use crate::frame::{Frame, FrameView, frame};
use crate::redis::{AsyncCommands, Commands, Script, cmd, pipe};
use crate::{Packed, Received, Wire};

/// What goes in comes out, through a key too.
const KEEP: &str = "redis.call('SET', KEYS[1], ARGV[1]) return redis.call('GET', KEYS[1])";

#[test]
fn a_value_passes_through_a_script() {
    let server = Server::start();
    let (mut con, key) = (server.connection(), server.key("frame"));

    let bytes = ndwire::to_vec(&frame(1)).unwrap();
    let through: Frame = cmd("EVAL").arg("return ARGV[1]").arg(0).arg(frame(1)).query(&mut con).unwrap();
    assert_eq!(through, frame(1));
    let through: Received = cmd("EVAL").arg(KEEP).arg(1).arg(&key).arg(Wire(frame(1))).query(&mut con).unwrap();
    assert_eq!(through.as_bytes(), bytes);

    let script = Script::new(KEEP);
    // The first time the script is loaded.
    for id in [2, 3] {
        let through: Frame = script.key(&key).arg(frame(id)).invoke(&mut con).unwrap();
        assert_eq!(through, frame(id));
        assert_eq!(con.get::<_, Frame>(&key).unwrap(), frame(id));
    }
    let received: Received = script.key(&key).arg(Packed::encode(&frame(4)).unwrap()).invoke(&mut con).unwrap();
    received.decode::<FrameView<'_>>().unwrap().assert_is(&frame(4));
    let (through,): (Frame,) = pipe().invoke_script(script.key(&key).arg(frame(5))).query(&mut con).unwrap();
    assert_eq!(through, frame(5));
}

#[test]
fn a_script_gives_many_values_or_none() {
    let server = Server::start();
    let (mut con, key) = (server.connection(), server.key("frame"));
    con.set::<_, _, ()>(&key, &frame(1)).unwrap();

    let script = Script::new("return {ARGV[2], redis.call('GET', KEYS[1]), redis.call('GET', KEYS[2]), ARGV[1]}");
    let nothing = server.key("nothing");
    let mut call = script.key(&key);
    call.key(&nothing).arg(frame(2)).arg(frame(3));
    let frames: Vec<Option<Frame>> = call.invoke(&mut con).unwrap();
    assert_eq!(frames, [Some(frame(3)), Some(frame(1)), None, Some(frame(2))]);

    let missing = Script::new("return redis.call('GET', KEYS[1])");
    assert_eq!(missing.key(&nothing).invoke::<Option<Frame>>(&mut con).unwrap(), None);
}

#[test]
fn a_script_sees_the_bytes() {
    let server = Server::start();
    let mut con = server.connection();
    let packed = Packed::encode(&frame(1)).unwrap();
    let script = Script::new("return {#ARGV[1], string.byte(ARGV[1], 1, -1)}");
    let seen: Vec<usize> = script.arg(&packed).invoke(&mut con).unwrap();
    assert_eq!((seen.len(), seen[0]), (packed.len() + 1, packed.len()));
    assert!(seen[1..].iter().zip(packed.to_vec()).all(|(&seen, byte)| seen == usize::from(byte)));

    // Half of a value is no value.
    let half = Script::new("return string.sub(ARGV[1], 1, 20)");
    assert_eq!(
        half.arg(&packed).invoke::<Frame>(&mut con).unwrap_err().to_string(),
        "Incompatible type - metadata is truncated: needed 115 bytes, 4 left, at byte 16"
    );
    let fails = Script::new("return redis.error_reply('OWN no')");
    let error = fails.arg(&packed).invoke::<Frame>(&mut con).unwrap_err();
    assert_eq!(error.to_string(), "\"OWN\": no");
    let counts = Script::new("return #ARGV[1]");
    assert_eq!(
        counts.arg(&packed).invoke::<Frame>(&mut con).unwrap_err().to_string(),
        "Incompatible type - invalid type: found an integer, expected a string"
    );
}

#[tokio::test]
async fn a_value_passes_through_a_script_with_tokio() {
    let server = Server::start();
    let (mut con, key) = (server.async_connection().await, server.key("frame"));
    let script = Script::new(KEEP);
    for id in [1, 2] {
        let through: Frame = script.key(&key).arg(frame(id)).invoke_async(&mut con).await.unwrap();
        assert_eq!(through, frame(id));
        assert_eq!(con.get::<_, Frame>(&key).await.unwrap(), frame(id));
    }
    let packed = Packed::encode(&frame(3)).unwrap();
    let through: Received = cmd("EVAL").arg(KEEP).arg(1).arg(&key).arg(&packed).query_async(&mut con).await.unwrap();
    assert_eq!(through.as_bytes(), packed.to_vec());
}
