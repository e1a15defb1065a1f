//! Vectors without a header.

use crate::fixture::{Server, TIME_TO_LIVE};
use crate::redis::{Commands, ToRedisArgs, ToSingleRedisArg, cmd};
use crate::{RawLe, Received};

/// One argument, of these bytes.
#[track_caller]
fn assert_bytes(vector: impl ToSingleRedisArg, expected: &[u8]) {
    assert_eq!(vector.num_of_args(), 1);
    assert_eq!(vector.to_redis_args(), [expected]);
}

#[test]
fn elements_are_little_endian_and_nothing_else() {
    assert_bytes(RawLe::new(&[1.0f32, -2.0]), &[0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]);
    assert_bytes(RawLe::new(&[1.0f64]), &[0, 0, 0, 0, 0, 0, 0xF0, 0x3F]);
    assert_bytes(RawLe::new(&[1i8, -1]), &[1, 0xFF]);
    assert_bytes(RawLe::new(&[1u8, 255]), &[1, 0xFF]);
    assert_bytes(RawLe::<f32>::new(&[]), &[]);
    assert_bytes(RawLe::from(vec![1.0f32]), &[0, 0, 0x80, 0x3F]);
    let slice: &[f32] = &[1.0];
    assert_bytes(RawLe::from(slice), &[0, 0, 0x80, 0x3F]);
    // Bits are kept, those of a NaN too.
    assert_bytes(RawLe::new(&[f32::from_bits(0x7FA0_0001)]), &[1, 0, 0xA0, 0x7F]);
}

#[cfg(feature = "half-2")]
#[test]
fn half_floats_are_elements() {
    use half::{bf16, f16};

    assert_bytes(RawLe::new(&[f16::ONE, f16::NEG_ONE]), &[0, 0x3C, 0, 0xBC]);
    assert_bytes(RawLe::new(&[bf16::ONE, bf16::NEG_ONE]), &[0x80, 0x3F, 0x80, 0xBF]);
    let received = Received::from(vec![0, 0x3C, 0, 0xBC]);
    assert_eq!(received.raw_le::<f16>(2).unwrap()[..], [f16::ONE, f16::NEG_ONE]);
    let error = received.raw_le::<bf16>(384).unwrap_err();
    assert_eq!(error.to_string(), "raw bf16 vector has another length: found 4 bytes, expected 768 (384 elements)");
}

#[test]
fn a_vector_field_comes_back() {
    let server = Server::start();
    let (mut con, key) = (server.connection(), server.key("doc"));
    let embedding: Vec<f32> = (0..384).map(|i| i as f32 / 384.0).collect();
    con.hset::<_, _, _, ()>(&key, "embedding", RawLe::new(&embedding)).unwrap();
    con.expire::<_, ()>(&key, TIME_TO_LIVE as i64).unwrap();
    let len: usize = cmd("HSTRLEN").arg(&key).arg("embedding").query(&mut con).unwrap();
    assert_eq!(len, 4 * 384);

    let received: Received = con.hget(&key, "embedding").unwrap();
    let again = received.raw_le::<f32>(384).unwrap();
    assert_eq!(again[..], embedding);
    assert_eq!(again.into_vec(), embedding);

    let bytes: Vec<u8> = con.hget(&key, "embedding").unwrap();
    assert_eq!(RawLe::<f32>::from_bytes(&bytes, 384).unwrap()[..], embedding);
}

#[test]
fn it_is_one_argument_of_vadd() {
    let mut command = cmd("VADD");
    command.arg("embeddings").arg("FP32").arg(RawLe::new(&[1.0f32, 2.0])).arg("frame:7");
    assert_eq!(
        command.get_packed_command(),
        b"*5\r\n$4\r\nVADD\r\n$10\r\nembeddings\r\n$4\r\nFP32\r\n$8\r\n\0\0\x80?\0\0\0@\r\n$7\r\nframe:7\r\n"
    );
}

#[test]
fn another_length_is_refused_and_both_are_named() {
    let table = [
        (RawLe::<f32>::from_bytes(&[0; 12], 384).err(), "f32", "found 12 bytes, expected 1536 (384 elements)"),
        (RawLe::<f32>::from_bytes(&[0; 11], 3).err(), "f32", "found 11 bytes, expected 12 (3 elements)"),
        (RawLe::<f32>::from_bytes(&[0; 13], 3).err(), "f32", "found 13 bytes, expected 12 (3 elements)"),
        (RawLe::<f32>::from_bytes(&[0; 4], 0).err(), "f32", "found 4 bytes, expected 0 (0 elements)"),
        (
            RawLe::<f64>::from_bytes(&[], usize::MAX).err(),
            "f64",
            "found 0 bytes, expected 147573952589676412920 (18446744073709551615 elements)",
        ),
    ];
    for (error, dtype, expected) in table {
        let error = error.unwrap();
        assert_eq!(error.kind().name(), "invalid_length");
        assert_eq!(error.to_string(), format!("raw {dtype} vector has another length: {expected}"));
    }
    let error = Received::from(vec![0; 3]).raw_le::<i8>(2).unwrap_err();
    assert_eq!(error.to_string(), "raw i8 vector has another length: found 3 bytes, expected 2 (2 elements)");
    assert_eq!(RawLe::<u8>::from_bytes(&[], 0).unwrap().len(), 0);
}

#[test]
fn it_borrows_where_it_can() {
    let elements = [1.0f32, 2.0, 3.0];
    let bytes = RawLe::new(&elements).to_redis_args().remove(0);
    let mut buffer = [0; 16];
    let aligned = buffer.as_ptr().align_offset(4);
    for shift in 0..4 {
        let place = &mut buffer[shift..shift + 12];
        place.copy_from_slice(&bytes);
        let vector = RawLe::<f32>::from_bytes(place, 3).unwrap();
        assert_eq!(vector[..], elements);
        let is_borrowed = std::ptr::addr_eq(vector.as_ptr(), place.as_ptr());
        assert_eq!(is_borrowed, shift == aligned && cfg!(target_endian = "little"));
    }
    let own = RawLe::new(&elements);
    assert_eq!(own.as_ptr(), elements.as_ptr());
    let vector = vec![1u8, 2, 3];
    let address = vector.as_ptr();
    let vector = RawLe::from(vector).into_vec();
    assert_eq!(vector.as_ptr(), address);
}

#[test]
fn debug_is_dtype_and_length() {
    assert_eq!(format!("{:?}", RawLe::new(&[1.5f32, 2.5])), "RawLe(f32, 2 elements)");
}
