//! Values from nothing to 64 MiB.

use ndwire::{Array, ArrayView, AsArray, Layout};

use crate::fixture::Server;
use crate::frame::{Frame, frame};
use crate::redis::{AsyncCommands, Commands};
use crate::{Packed, Received, Wire};

const MIB: usize = 1 << 20;

#[test]
fn values_without_content() {
    let server = Server::start();
    let (mut con, key) = (server.connection(), server.key("nothing"));

    con.set::<_, _, ()>(&key, Wire(())).unwrap();
    assert_eq!(con.get::<_, Wire<()>>(&key).unwrap(), Wire(()));
    con.set::<_, _, ()>(&key, Wire(None::<Vec<f32>>)).unwrap();
    assert_eq!(con.get::<_, Wire<Option<Vec<f32>>>>(&key).unwrap(), Wire(None));
    con.set::<_, _, ()>(&key, Wire("")).unwrap();
    assert_eq!(con.get::<_, Wire<String>>(&key).unwrap(), Wire(String::new()));
    con.set::<_, _, ()>(&key, Wire(Vec::<Frame>::new())).unwrap();
    assert_eq!(con.get::<_, Wire<Vec<Frame>>>(&key).unwrap(), Wire(vec![]));

    for shape in [&[0][..], &[0, 3], &[3, 0], &[2, 0, 4]] {
        let empty = ArrayView::<f64>::from_elements(shape, &[]).unwrap();
        let packed = Packed::encode(&empty).unwrap();
        con.set::<_, _, ()>(&key, &packed).unwrap();
        assert_eq!(con.strlen::<_, usize>(&key).unwrap(), packed.len());
        let received: Received = con.get(&key).unwrap();
        let again: ArrayView<'_, f64> = received.decode().unwrap();
        assert_eq!((again.shape(), again.len()), (shape, 0));
        let Wire(owned): Wire<Array<f64>> = con.get(&key).unwrap();
        assert_eq!((owned.shape(), owned.len()), (shape, 0));
    }
    // An array of no axes has one element.
    let scalar = ArrayView::from_elements([], &[2.5f64]).unwrap();
    con.set::<_, _, ()>(&key, Wire(&scalar)).unwrap();
    let Wire(again): Wire<Array<f64>> = con.get(&key).unwrap();
    assert_eq!((again.shape(), again.elements()), (&[][..], &[2.5][..]));
    // Redis itself has empty strings, which are no values.
    con.set::<_, _, ()>(&key, "").unwrap();
    assert_eq!(
        con.get::<_, Wire<()>>(&key).unwrap_err().to_string(),
        "Incompatible type - value is empty: needed 16 bytes, 0 left, at byte 0"
    );
}

/// Around the multiples of the alignment, and around the sizes at which redis-rs and Redis change how they copy.
#[test]
fn sizes_around_the_limits() {
    let server = Server::start();
    let (mut con, key) = (server.connection(), server.key("array"));
    let elements: Vec<u8> = (0..MIB + 2).map(|i| (i % 251) as u8).collect();
    let around = |size: usize| size - 2..=size + 2;
    let lens = (0..=66).chain([128, 256, 512, 1024, 4096, 16_384, 32_768, 65_536, MIB].into_iter().flat_map(around));
    for len in lens {
        let elements = &elements[..len];
        let packed = Packed::encode(&AsArray(elements)).unwrap();
        con.set::<_, _, ()>(&key, &packed).unwrap();
        assert_eq!(con.strlen::<_, usize>(&key).unwrap(), packed.len(), "{len} elements");

        let received: Received = con.get(&key).unwrap();
        let again: ArrayView<'_, u8> = received.decode().unwrap();
        assert!(again.elements() == elements, "{len} elements differ");
        assert!(again.is_borrowed(), "{len} elements were copied");
        if let Some(first) = again.elements().first() {
            let offset = std::ptr::from_ref(first).addr() - received.as_bytes().as_ptr().addr();
            assert_eq!(offset % 16, 0, "{len} elements");
        }
    }
}

/// 64 MiB of a pattern that is not the same anywhere.
fn large() -> Vec<u8> {
    let pattern: Vec<u8> = (0..MIB).map(|i| (i % 251) as u8).collect();
    let mut large = pattern.repeat(64);
    for (number, part) in large.chunks_exact_mut(MIB).enumerate() {
        part[..8].copy_from_slice(&(number as u64).to_le_bytes());
    }
    large
}

fn assert_is_large(received: &Received) {
    let again: ArrayView<'_, u8> = received.decode().unwrap();
    assert_eq!(again.shape(), [64, 1024, 1024]);
    assert!(again.is_borrowed(), "64 MiB were copied");
    for (number, part) in again.elements().chunks_exact(MIB).enumerate() {
        assert_eq!(part[..8], (number as u64).to_le_bytes());
        assert!(part[8..MIB - 1].iter().zip(8usize..).step_by(997).all(|(&byte, i)| usize::from(byte) == i % 251));
    }
}

#[test]
fn a_value_of_64_mib() {
    let server = Server::start();
    let (mut con, key) = (server.connection(), server.key("large"));
    let elements = large();
    // What is not needed any more is dropped at once: some of these tests run at the same time.
    let packed = Packed::encode(&ArrayView::from_elements([64, 1024, 1024], &elements).unwrap()).unwrap();
    drop(elements);
    con.set::<_, _, ()>(&key, &packed).unwrap();
    assert_eq!(con.strlen::<_, usize>(&key).unwrap(), packed.len());
    assert!(packed.len() > 64 * MIB);
    drop(packed);

    let received: Received = con.get(&key).unwrap();
    assert_is_large(&received);
    drop(received);

    // The head alone says what is in it.
    let head: Received = con.getrange(&key, 0, 255).unwrap();
    assert!(head.layout().unwrap().to_string().contains("array u8 [64, 1024, 1024]"));
    con.del::<_, ()>(&key).unwrap();
}

#[tokio::test]
async fn a_value_of_64_mib_with_tokio() {
    let server = Server::start();
    let (mut con, key) = (server.async_connection().await, server.key("large"));
    let elements = large();
    let packed = Packed::encode(&ArrayView::from_elements([64, 1024, 1024], &elements).unwrap()).unwrap();
    drop(elements);
    con.set::<_, _, ()>(&key, &packed).await.unwrap();
    drop(packed);
    let received: Received = con.get(&key).await.unwrap();
    assert_is_large(&received);
    con.del::<_, ()>(&key).await.unwrap();
}

#[test]
fn setrange_changes_elements_in_place() {
    let server = Server::start();
    let (mut con, key) = (server.connection(), server.key("frame"));
    con.set::<_, _, ()>(&key, Wire(vec![0.5f32; 300])).unwrap();
    let stored: Vec<u8> = con.get(&key).unwrap();
    let payload = stored.len() - 1200;
    assert_eq!(
        Layout::of(&stored).unwrap().to_string(),
        format!("rows f32 [300], bytes {payload}..{}\n", stored.len())
    );

    con.setrange::<_, _, ()>(&key, (payload + 4 * 7) as isize, &1.5f32.to_le_bytes()).unwrap();
    let Wire(changed): Wire<Vec<f32>> = con.get(&key).unwrap();
    assert_eq!(changed.iter().enumerate().filter(|(_, element)| **element != 0.5).collect::<Vec<_>>(), [(7, &1.5)]);
}

#[test]
fn setrange_on_a_missing_key_leaves_zeros() {
    let server = Server::start();
    let (mut con, key, hash) = (server.connection(), server.key("frame"), server.key("hash"));
    con.setrange::<_, _, ()>(&key, 1000, &1.5f32.to_le_bytes()).unwrap();
    let expected = "not an ndwire value: found zeros (a range was written to a key that did not exist?), at byte 0";
    let received: Received = con.get(&key).unwrap();
    assert_eq!(received.len(), 1004);
    let error = received.decode::<Frame>().unwrap_err();
    assert_eq!((error.kind().name(), error.to_string().as_str()), ("not_ndwire", expected));
    assert_eq!(con.get::<_, Frame>(&key).unwrap_err().to_string(), format!("Incompatible type - {expected}"));

    // And behind the end of one that is there.
    con.set::<_, _, ()>(&hash, &frame(1)).unwrap();
    let len: usize = con.strlen(&hash).unwrap();
    con.setrange::<_, _, ()>(&hash, len as isize + 10, "x").unwrap();
    assert_eq!(
        con.get::<_, Frame>(&hash).unwrap_err().to_string(),
        format!("Incompatible type - bytes after the end of the value: 11 left, at byte {len}")
    );
}
