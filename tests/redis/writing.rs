//! What `Wire` does to the command it is written into.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::Wire;
use crate::redis::{RedisWrite, ToRedisArgs};

/// Notes every call.
#[derive(Default)]
struct Recorder {
    reserved: Vec<usize>,
    arguments: Vec<Vec<Vec<u8>>>,
    full: bool,
}

struct Argument<'a> {
    pieces: &'a mut Vec<Vec<u8>>,
    full: bool,
}

impl std::io::Write for Argument<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.full {
            return Err(std::io::Error::other("no room"));
        }
        self.pieces.push(bytes.to_vec());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl RedisWrite for Recorder {
    fn write_arg(&mut self, bytes: &[u8]) {
        self.arguments.push(vec![bytes.to_vec()]);
    }

    fn writer_for_next_arg(&mut self) -> impl std::io::Write + '_ {
        assert_eq!(self.reserved.len(), self.arguments.len() + 1, "room is reserved first");
        self.arguments.push(Vec::new());
        Argument { pieces: self.arguments.last_mut().unwrap(), full: self.full }
    }

    fn reserve_space_for_args(&mut self, additional: impl IntoIterator<Item = usize>) {
        self.reserved.extend(additional);
    }
}

#[test]
fn head_and_payloads_are_never_gathered() {
    let value = ("many", vec![1.0f32; 1000], vec![2u8; 3000]);
    let bytes = ndwire::to_vec(&value).unwrap();
    let mut out = Recorder::default();
    Wire(&value).write_redis_args(&mut out);
    assert_eq!(out.reserved, [bytes.len()]);
    assert_eq!(out.arguments.len(), 1);
    let pieces = &out.arguments[0];
    assert_eq!(pieces.concat(), bytes);
    let head = ndwire::Layout::needed(&bytes).unwrap().next_multiple_of(16);
    assert_eq!(pieces[0].len(), head, "the first piece is the head");
    assert_eq!(pieces.len(), 2, "the second one is DATA");
}

#[test]
fn it_is_one_argument() {
    assert_eq!(Wire(vec![1u8, 2, 3]).num_of_args(), 1);
    assert_eq!(Wire(vec![1u8, 2, 3]).to_redis_args(), [ndwire::to_vec(&[1u8, 2, 3]).unwrap()]);
    assert_eq!(
        vec![Wire(1u8), Wire(2)].to_redis_args(),
        [ndwire::to_vec(&1u8).unwrap(), ndwire::to_vec(&2u8).unwrap()]
    );
}

#[test]
fn nothing_is_written_of_what_redis_would_refuse() {
    // One byte of content more than leaves room for the head.
    let bytes = vec![0u8; 512 << 20];
    let mut out = Recorder::default();
    let panic = catch_unwind(AssertUnwindSafe(|| Wire(serde_bytes::Bytes::new(&bytes)).write_redis_args(&mut out)));
    assert_eq!(
        panic.unwrap_err().downcast_ref::<String>().unwrap(),
        "cannot encode a value for Redis: value is too large for Redis: found 536870944 bytes, the limit is 536870912"
    );
    assert!(out.reserved.is_empty());
    assert!(out.arguments.is_empty());
}

#[test]
fn the_largest_value_that_redis_takes_is_written() {
    let bytes = vec![0u8; (512 << 20) - 32];
    let mut out = Count::default();
    Wire(serde_bytes::Bytes::new(&bytes)).write_redis_args(&mut out);
    assert_eq!((out.reserved, out.written), (512 << 20, 512 << 20));
}

/// Only counts, to be spared a copy of half a gibibyte.
#[derive(Default)]
struct Count {
    reserved: usize,
    written: usize,
}

impl std::io::Write for Count {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.written += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl RedisWrite for Count {
    fn write_arg(&mut self, bytes: &[u8]) {
        self.written += bytes.len();
    }

    fn writer_for_next_arg(&mut self) -> impl std::io::Write + '_ {
        self
    }

    fn reserve_space_for_args(&mut self, additional: impl IntoIterator<Item = usize>) {
        self.reserved += additional.into_iter().sum::<usize>();
    }
}

#[test]
fn half_an_argument_is_never_sent() {
    let mut out = Recorder { full: true, ..Recorder::default() };
    let panic = catch_unwind(AssertUnwindSafe(|| Wire(7u8).write_redis_args(&mut out))).unwrap_err();
    assert_eq!(panic.downcast_ref::<String>().unwrap(), "cannot write a value into a Redis command: no room");
}
