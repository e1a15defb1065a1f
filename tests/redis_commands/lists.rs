//! Values in lists.

use std::num::NonZeroUsize;
use std::thread;

use crate::fixture::{Server, wait_for};
use crate::frame::{Frame, FrameView, frame};
use crate::redis::{Commands, Direction, cmd};
use crate::{Packed, Received, Wire};

#[test]
fn lists() {
    let server = Server::start();
    let (mut con, list) = (server.connection(), server.key("list"));
    assert_eq!(con.lpush::<_, _, usize>(&list, &frame(1)).unwrap(), 1);
    // Many arguments, not one list.
    assert_eq!(con.lpush::<_, _, usize>(&list, vec![frame(2), frame(3)]).unwrap(), 3);
    assert_eq!(con.rpush::<_, _, usize>(&list, Packed::encode(&frame(4)).unwrap()).unwrap(), 4);
    let frames = [3, 2, 1, 4].map(frame);
    assert_eq!(con.lrange::<_, Vec<Frame>>(&list, 0, -1).unwrap(), frames);
    assert_eq!(con.lrange::<_, Vec<Wire<Frame>>>(&list, 1, 2).unwrap(), [Wire(frame(2)), Wire(frame(1))]);
    let received: Vec<Received> = con.lrange(&list, 0, -1).unwrap();
    for (received, frame) in received.iter().zip(&frames) {
        received.decode::<FrameView<'_>>().unwrap().assert_is(frame);
    }

    con.lset::<_, _, ()>(&list, 1, &frame(20)).unwrap();
    assert_eq!(con.lindex::<_, Frame>(&list, 1).unwrap(), frame(20));
    assert_eq!(con.lindex::<_, Option<Frame>>(&list, 9).unwrap(), None);
    // Equal values have equal bytes, by which Redis finds an element.
    assert_eq!(con.lrem::<_, _, usize>(&list, 0, &frame(20)).unwrap(), 1);
    assert_eq!(con.lpop::<_, Frame>(&list, None).unwrap(), frame(3));
    assert_eq!(con.rpop::<_, Vec<Frame>>(&list, NonZeroUsize::new(5)).unwrap(), [frame(4), frame(1)]);
    assert_eq!(con.rpop::<_, Option<Frame>>(&list, None).unwrap(), None);
    assert_eq!(con.lrange::<_, Vec<Frame>>(&list, 0, -1).unwrap(), []);

    let other = server.key("other");
    con.rpush::<_, _, ()>(&list, &frame(5)).unwrap();
    assert_eq!(con.lmove::<_, _, Frame>(&list, &other, Direction::Left, Direction::Right).unwrap(), frame(5));
    // A list in one value, for which one string was asked.
    con.rpush::<_, _, ()>(&list, Wire([frame(6), frame(7)])).unwrap();
    assert_eq!(con.lpop::<_, Wire<Vec<Frame>>>(&list, None).unwrap().0, [frame(6), frame(7)]);
}

#[test]
fn blpop_waits_for_a_value() {
    let server = Server::start();
    let (mut con, list) = (server.connection(), server.key("list"));
    con.rpush::<_, _, ()>(&list, &frame(1)).unwrap();
    let popped: (String, Frame) = con.blpop(&list, 60.0).unwrap();
    assert_eq!(popped, (list.clone(), frame(1)));
    assert_eq!(con.blpop::<_, Option<(String, Frame)>>(&list, 0.01).unwrap(), None);

    let mut blocked = server.connection();
    let id: u64 = cmd("CLIENT").arg("ID").query(&mut blocked).unwrap();
    let thread = thread::spawn({
        let list = list.clone();
        move || blocked.blpop::<_, (String, Received)>(&list, 60.0)
    });
    wait_for("client that waits", || {
        let client: String = cmd("CLIENT").arg("LIST").arg("ID").arg(id).query(&mut con).unwrap();
        client.contains(" cmd=blpop ").then_some(())
    });
    con.rpush::<_, _, ()>(&list, &frame(2)).unwrap();
    let (from, received) = thread.join().unwrap().unwrap();
    assert_eq!(from, list);
    received.decode::<FrameView<'_>>().unwrap().assert_is(&frame(2));
}
