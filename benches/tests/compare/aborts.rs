//! What might end the process is tried in a child.

use std::process::Command;

use crate::peers::{npy_of_header, read_npy};
use ndwire_benches::peers::{Bincode, Format, Ndwire, Postcard, RmpSerde, SerdeJson};
use safetensors::SafeTensors;
use serde::Deserialize;

/// How deep the input is: nine bytes of stack for each level would be more than [`STACK`].
const LEVELS: usize = 1_000_000;
/// What the main thread has on Linux. In a build that is not optimized, a peer's limit of 1,024 levels is beyond a smaller one.
const STACK: usize = 8 << 20;
/// Names the peer to the child.
const VARIABLE: &str = "NDWIRE_COMPARE_PEER";

#[derive(Deserialize)]
struct Nest(#[allow(dead_code, reason = "it is only read")] Vec<Nest>);

/// `error` or `aborts`.
pub fn reads_a_hostile_nest(peer: &str) -> &'static str {
    let program = std::env::current_exe().expect("the path of this program is known");
    let arguments = ["aborts::child", "--exact", "--ignored", "--nocapture"];
    let output = Command::new(program).args(arguments).env(VARIABLE, peer).output().expect("the child starts");
    let (out, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    match (output.status.success(), out.contains("refused: "), error.contains("has overflowed its stack")) {
        (true, true, false) => "error",
        (false, false, true) => "aborts",
        _ => panic!("{peer}: {}\n{out}\n{error}", output.status),
    }
}

#[test]
#[ignore = "a child of the test of hostile nests, which tells it the peer"]
fn child() {
    let peer = std::env::var(VARIABLE).expect("the parent tells the peer");
    let thread = std::thread::Builder::new().stack_size(STACK);
    let refused = thread.spawn(move || read(&peer)).expect("a thread starts").join().expect("no panic");
    println!("refused: {refused}");
}

/// The words of the error.
fn read(peer: &str) -> String {
    let repeat = |byte: u8, end: u8| [vec![byte; LEVELS], vec![end]].concat();
    match peer {
        "ndwire" => refused::<Ndwire>(&ndwire_value(&repeat(0xA1, 0xA0))),
        // Each level is a length of 1, as eight bytes or as one.
        "bincode 2" => refused::<Bincode>(&[1u64.to_le_bytes().repeat(LEVELS), vec![0; 8]].concat()),
        "postcard" => refused::<Postcard>(&repeat(1, 0)),
        "rmp-serde (named)" => refused::<RmpSerde>(&repeat(0x91, 0x90)),
        "serde_json" => refused::<SerdeJson>(&[repeat(b'[', b'['), repeat(b']', b']')].concat()),
        "safetensors" => {
            let header = [&b"{\"values\":"[..], &repeat(b'[', b'['), &repeat(b']', b']'), b"}"].concat();
            let bytes = [&(header.len() as u64).to_le_bytes()[..], &header].concat();
            SafeTensors::deserialize(&bytes).expect_err("no tensor is there").to_string()
        }
        "npy" => {
            let header = format!("{{'descr': {}{}}}", "[".repeat(LEVELS), "]".repeat(LEVELS));
            read_npy(&npy_of_header(&header)).expect_err("no array is there").to_string()
        }
        _ => panic!("no such peer: {peer}"),
    }
}

fn refused<F: Format>(bytes: &[u8]) -> String {
    match F::decode::<Nest>(bytes) {
        Ok(nest) => {
            // Dropping it would be a deep recursion of Rust's own.
            std::mem::forget(nest);
            panic!("{}: the nest was read", F::NAME)
        }
        Err(words) => words,
    }
}

/// A value with this metadata.
fn ndwire_value(meta: &[u8]) -> Vec<u8> {
    let len = u32::try_from(meta.len()).expect("less than 4 GiB");
    let start = [&b"\xC1NDW\x01\0\0\0"[..], &len.to_le_bytes()].concat();
    let checksum = crc32c(&[&start[..], meta].concat());
    [&start[..], &checksum.to_le_bytes(), meta].concat()
}

/// CRC-32C, bit by bit.
fn crc32c(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| (crc >> 1) ^ (0x82F6_3B78 & (crc & 1).wrapping_neg());
    !bytes.iter().fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}
