//! What the encodings of Python can be made to take, per byte (`docs/memory.md`): claims of more than there is, and many small things.

use ndwire::foreign::{Encoding, decode};
use ndwire::{Array, DynArray};

use super::*;

/// The most bytes of heap for each byte of input, beyond 16 KiB.
const PER_BYTE: f64 = 200.0;

fn be32(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap().to_be_bytes()
}

fn list(element: &[u8], count: usize) -> Vec<u8> {
    [&[0xDD], &be32(count)[..], &element.repeat(count)].concat()
}

fn bin(bytes: &[u8]) -> Vec<u8> {
    [&[0xC6], &be32(bytes.len())[..], bytes].concat()
}

/// The map of an array.
fn array(dtype: &[u8], kind: &[u8], shape: &[u8], data: &[u8]) -> Vec<u8> {
    let entries = [
        [bin(b"nd"), vec![0xC3]],
        [bin(b"type"), dtype.to_vec()],
        [bin(b"kind"), bin(kind)],
        [bin(b"shape"), shape.to_vec()],
        [bin(b"data"), bin(data)],
    ];
    [vec![0x85], entries.as_flattened().concat()].concat()
}

/// A structured dtype of bytes, each field of so many bytes of name.
fn fields(count: usize, name: usize) -> Vec<u8> {
    let field =
        |n: usize| [vec![0x92, 0xD9, name as u8], format!("{n:0>name$}").into_bytes(), b"\xA3|u1".to_vec()].concat();
    [vec![0xDD], be32(count).to_vec(), (0..count).flat_map(field).collect()].concat()
}

/// Documents: small values that are there, and claims.
fn documents(n: usize) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    let mut add = |what: &str, bytes: Vec<u8>| all.push((what.to_string(), bytes));
    for (what, element) in [
        ("nils", &[0xC0][..]),
        ("ints", &[0x01]),
        ("empty maps", &[0x80]),
        ("empty lists", &[0x90]),
        ("empty texts", &[0xA0]),
        ("empty bins", &[0xC4, 0]),
        ("lists of a nil", &[0x91, 0xC0]),
        ("lists of a list of a nil", &[0x91, 0x91, 0xC0]),
        ("maps of a nil", &[0x81, 0xC0, 0xC0]),
        ("maps of an empty map", &[0x81, 0xC0, 0x80]),
        ("maps of two nils", &[0x82, 0xC0, 0xC0, 0xC0, 0xC0]),
        ("texts of a byte", &[0xA1, b'a']),
        ("lists of five nils", &[0x95, 0xC0, 0xC0, 0xC0, 0xC0, 0xC0]),
        ("maps named nd", &[0x81, 0xA2, b'n', b'd', 0xC0]),
    ] {
        let count = n / element.len();
        add(what, list(element, count));
        // The last one is missing, so that everything before it was for nothing.
        add(&format!("{what}, cut short"), list(element, count)[..4 + count * element.len()].to_vec());
        add(&format!("{what}, one too many claimed"), {
            let mut bytes = list(element, count);
            bytes[1..5].copy_from_slice(&be32(count + 1));
            bytes
        });
        let entries = n / (element.len() + 1);
        let map = [&[0xDF], &be32(entries)[..], &[&[0x01], element].concat().repeat(entries)].concat();
        add(&format!("a map of {what}"), map);
    }
    for head in [&[0xDD][..], &[0xDF], &[0x91, 0xDD], &[0x81, 0xC0, 0xDF]] {
        for claim in [u32::MAX as usize, n, n / 2, 1 << 20] {
            let level = [head, &be32(claim)].concat();
            let mut bytes = level.repeat(100);
            bytes.resize(bytes.len() + n, 0xC0);
            add(&format!("100 claims of {claim} by {head:02X?}"), bytes);
        }
    }
    let one = array(b"\xA3|u1", b"", &[0x91, 1], &[7]);
    add("arrays of a byte", list(&one, n / one.len()));
    let empty = array(b"\xA3|u1", b"", &[0x92, 0, 0xCB, 0], &[]);
    add("arrays that are refused", list(&empty, n / empty.len()));
    let empty = array(b"\xA3<c8", b"", &[0x94, 0, 0xCE, 0xFF, 0xFF, 0xFF, 0xFF, 1, 1], &[]);
    add("arrays of no element", list(&empty, n / empty.len()));
    add(
        "one array",
        array(b"\xA3|u1", b"", &[0x91, 0xCE, be32(n)[0], be32(n)[1], be32(n)[2], be32(n)[3]], &vec![0; n]),
    );
    add("a shape of very many dims", array(b"\xA3|u1", b"", &list(&[1], n), &[0]));
    add("very many fields", array(&fields(n / 10, 5), b"V", &[0x91, 1], &vec![0; n / 10]));
    add("64 fields and rows", array(&fields(64, 4), b"V", &[0x91, 0xCD, 1, 0], &vec![0; 64 * 256]));
    add("1,024 fields, and 16 rows", array(&fields(1024, 4), b"V", &[0x91, 16], &vec![0; 1024 * 16]));
    let short = array(&fields(3, 1), b"V", &[0x91, 1], &[0; 3]);
    add("structs of three bytes", list(&short, n / short.len()));
    let long = array(&fields(1, 40), b"V", &[0x91, 0xCE, be32(n)[0], be32(n)[1], be32(n)[2], be32(n)[3]], &vec![0; n]);
    add("rows of a byte under a long name", long);
    add("a dtype of lists", array(&[vec![0x91; n], vec![0xC0]].concat(), b"V", &[0x91, 1], &[0]));
    all
}

/// Structured arrays of so many bytes that are no table, because their names, structures or dims are too many: each row is written with
/// all of them, or they are refused.
fn no_tables(n: usize) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    let text = |text: &str| [&[0xDA, (text.len() >> 8) as u8, text.len() as u8], text.as_bytes()].concat();
    let mut add = |what: String, dtype: Vec<u8>, width: usize| {
        let rows = (n / width).max(1);
        let shape = [&[0x91, 0xCE], &be32(rows)[..]].concat();
        all.push((format!("{rows} rows of {what}"), array(&dtype, b"V", &shape, &vec![0; rows * width])));
    };
    for count in [1, 7, 300, 1024, 1025] {
        for name in [4, 10, 41, 256, 1000] {
            for (dtype, width) in [("|u1", 1), ("<f8", 8)] {
                let field = |n: usize| [&[0x92][..], &text(&format!("{n:0>name$}")), &text(dtype)].concat();
                let fields: Vec<u8> = (0..count).flat_map(field).collect();
                let dtype_of_all = [&[0xDD], &be32(count)[..], &fields].concat();
                add(format!("{count} {dtype} with names of {name}"), dtype_of_all, count * width);
            }
        }
    }
    for (dtype, width) in [("|u1", 1), ("<f8", 8)] {
        for depth in [1, 3, 9, 15, 40] {
            let nested = (0..depth).fold(text(dtype), |inner, _| [&[0x91, 0x92, 0xA1, b'a'][..], &inner].concat());
            add(format!("{depth} structures of {dtype} in each other"), nested, width);
            let beside = [&[0x91, 0x92, 0xA1, b'a', 0x91, 0x92, 0xA1, b'a'][..], &text(dtype)].concat();
            let many = (0..depth).flat_map(|n| [&[0x92][..], &text(&format!("{n:02}")), &beside[4..]].concat());
            let dtype_of_all = [&[0xDD], &be32(depth)[..], &many.collect::<Vec<u8>>()].concat();
            add(format!("{depth} structures of {dtype} beside each other"), dtype_of_all, depth * width);
        }
        for rank in [1, 7, 8, 32, 33] {
            let dims = [vec![0xDC, 0, rank], vec![1; rank.into()]].concat();
            let field = [&[0x91, 0x93, 0xA1, b'a'][..], &text(dtype), &dims].concat();
            add(format!("{rank} dims of {dtype}"), field, width);
        }
    }
    all
}

/// Files whose header claims or repeats.
fn files(n: usize) -> Vec<(String, Vec<u8>)> {
    let npy =
        |header: String| [&b"\x93NUMPY\x02\x00"[..], &(header.len() as u32).to_le_bytes(), header.as_bytes()].concat();
    let with =
        |descr: &str, shape: &str| npy(format!("{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}}}"));
    vec![
        ("a header of brackets".to_string(), npy("(".repeat(n))),
        ("a header of lists".to_string(), npy("[],".repeat(n / 3))),
        ("a list of empty texts".to_string(), with(&format!("[{}]", "'',".repeat(n / 3)), "(1,)")),
        ("a list of empty tuples".to_string(), with(&format!("[{}]", "(),".repeat(n / 3)), "(1,)")),
        ("very many fields".to_string(), with(&format!("[{}]", "('','<f4'),".repeat(n / 11)), "(1,)")),
        ("very many dims".to_string(), with("'<f4'", &format!("({})", "1,".repeat(n / 2)))),
        ("a long text".to_string(), with(&format!("'{}'", "x".repeat(n)), "(1,)")),
        ("very many elements".to_string(), with("'<f8'", "(1152921504606846975,)")),
        ("structs without end".to_string(), with("[('a', '<f8')]", "(1152921504606846975,)")),
        ("a key many times".to_string(), npy(format!("{{{}}}", "'shape':(),".repeat(n / 11)))),
    ]
}

fn texts(n: usize) -> Vec<(String, Vec<u8>)> {
    vec![
        ("very many dims".to_string(), format!("uint8|{}1|x", "1,".repeat(n / 2)).into_bytes()),
        ("a long dtype".to_string(), format!("{}|1|x", "x".repeat(n)).into_bytes()),
        ("a long dim".to_string(), format!("uint8|{}|x", "1".repeat(n)).into_bytes()),
        ("very many elements".to_string(), b"float64|1152921504606846975|".to_vec()),
        ("an array".to_string(), [format!("uint8|{n}|").as_bytes(), &vec![0; n]].concat()),
    ]
}

#[test]
fn foreign_encodings_take_what_their_bytes_justify() {
    fn check<T: DeserializeOwned>(encoding: Encoding, what: &str, bytes: &[u8], worst: &mut (f64, String)) {
        for peak in [measure(|| drop(encoding.decode::<T>(bytes))).1, measure(|| drop(decode::<T>(bytes))).1] {
            let per_byte = peak.saturating_sub(16 * KIB) as f64 / bytes.len() as f64;
            assert!(per_byte <= PER_BYTE, "{encoding}: {what}: {per_byte} bytes a byte of {}", bytes.len());
            if per_byte > worst.0 {
                *worst = (per_byte, format!("{what}, {} bytes", bytes.len()));
            }
        }
    }
    let (mut value, mut skipped, mut array) = Default::default();
    for n in [100, 5_000, 50_000] {
        let all = [(Encoding::MsgpackNumpy, documents(n)), (Encoding::Npy, files(n)), (Encoding::TextHeader, texts(n))];
        for (encoding, cases) in all {
            for (what, bytes) in cases {
                check::<Value>(encoding, &what, &bytes, &mut value);
                check::<IgnoredAny>(encoding, &what, &bytes, &mut skipped);
                check::<Vec<Array<f32>>>(encoding, &what, &bytes, &mut array);
            }
        }
    }
    for n in [1, 300, 20_000] {
        let mut read = 0;
        let cases = no_tables(n);
        for (what, bytes) in &cases {
            read += usize::from(Encoding::MsgpackNumpy.decode::<IgnoredAny>(bytes).is_ok());
            check::<Value>(Encoding::MsgpackNumpy, what, bytes, &mut value);
            check::<IgnoredAny>(Encoding::MsgpackNumpy, what, bytes, &mut skipped);
        }
        println!("of {} structured arrays of {n} bytes {read} are read", cases.len());
    }
    println!("ndwire::Value: {value:?}\nnothing: {skipped:?}\nlists of arrays: {array:?}");
}

/// An array is copied a few times, and no more.
#[test]
fn one_foreign_array_is_copied_a_few_times() {
    const LEN: usize = 1 << 22;
    const COPIES: usize = 3;
    let array = DynArray::from_elements([1, LEN], &vec![7u8; LEN]).unwrap();
    let dims = Encoding::DimsHeader(ndwire::DType::U8.into());
    for encoding in [Encoding::MsgpackNumpy, Encoding::Npy, Encoding::TextHeader, dims] {
        let (bytes, written, _) = measure(|| encoding.encode(&array).unwrap());
        let (_, read, _) = measure(|| encoding.decode::<DynArray>(&bytes).unwrap());
        println!("{encoding}: writing holds {written} bytes, reading {read}, of {LEN}");
        assert!(written <= COPIES * LEN + 64 * KIB, "{encoding}: writing holds {written} bytes");
        assert!(read <= COPIES * LEN + 64 * KIB, "{encoding}: reading holds {read} bytes");
    }
}
