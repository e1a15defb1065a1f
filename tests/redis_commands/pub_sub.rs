//! Values as messages.

use futures_util::StreamExt;

use crate::fixture::{PATIENCE, Server};
use crate::frame::{Frame, FrameView, frame};
use crate::redis::{AsyncCommands, Commands};
use crate::{Packed, Received, Wire};

const NO_VALUE: &str = "Incompatible type - not an ndwire value: found text, at byte 0";

#[test]
fn messages() {
    let server = Server::start();
    let (mut con, mut subscriber, channel) = (server.connection(), server.connection(), server.key("channel"));
    let mut subscription = subscriber.as_pubsub();
    subscription.set_read_timeout(Some(PATIENCE)).unwrap();
    subscription.subscribe(&channel).unwrap();

    assert_eq!(con.publish::<_, _, usize>(&channel, &frame(1)).unwrap(), 1);
    con.publish::<_, _, ()>(&channel, Packed::encode(&frame(2)).unwrap()).unwrap();
    con.publish::<_, _, ()>(&channel, Wire(frame(3))).unwrap();
    con.publish::<_, _, ()>(&channel, "text").unwrap();

    let message = subscription.get_message().unwrap();
    assert_eq!(message.get_channel_name(), channel);
    assert_eq!(message.get_payload::<Frame>().unwrap(), frame(1));
    // A message can be read more than once.
    assert_eq!(message.get_payload::<Wire<Frame>>().unwrap().0, frame(1));
    let received: Received = subscription.get_message().unwrap().get_payload().unwrap();
    received.decode::<FrameView<'_>>().unwrap().assert_is(&frame(2));
    assert_eq!(subscription.get_message().unwrap().get_payload::<Wire<Frame>>().unwrap().0, frame(3));
    let message = subscription.get_message().unwrap();
    assert_eq!(message.get_payload::<Frame>().unwrap_err().to_string(), NO_VALUE);

    subscription.unsubscribe(&channel).unwrap();
    subscription.psubscribe(format!("{channel}*")).unwrap();
    con.publish::<_, _, ()>(format!("{channel}:4"), &frame(4)).unwrap();
    let message = subscription.get_message().unwrap();
    assert_eq!(message.get_channel_name(), format!("{channel}:4"));
    assert_eq!(message.get_payload::<Frame>().unwrap(), frame(4));

    // The connection is for commands again.
    drop(subscription);
    assert_eq!(subscriber.get::<_, Option<Frame>>(&channel).unwrap(), None);
}

#[tokio::test]
async fn messages_with_tokio() {
    let server = Server::start();
    let (mut con, channel) = (server.async_connection().await, server.key("channel"));
    let mut subscription = server.client().get_async_pubsub().await.unwrap();
    subscription.subscribe(&channel).await.unwrap();

    assert_eq!(con.publish::<_, _, usize>(&channel, &frame(1)).await.unwrap(), 1);
    con.publish::<_, _, ()>(&channel, Packed::encode(&frame(2)).unwrap()).await.unwrap();
    con.publish::<_, _, ()>(&channel, "text").await.unwrap();

    let mut messages = subscription.into_on_message();
    let mut next = async || tokio::time::timeout(PATIENCE, messages.next()).await.unwrap().unwrap();
    let message = next().await;
    assert_eq!(message.get_channel_name(), channel);
    assert_eq!(message.get_payload::<Frame>().unwrap(), frame(1));
    let received: Received = next().await.get_payload().unwrap();
    received.decode::<FrameView<'_>>().unwrap().assert_is(&frame(2));
    assert_eq!(next().await.get_payload::<Frame>().unwrap_err().to_string(), NO_VALUE);
}
