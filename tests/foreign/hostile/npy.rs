//! `.npy` files.

use ndwire::foreign::Encoding;
use ndwire::{DynArray, Value};

use super::{Row, all_refused};

/// A file of this version with this header, padded as NumPy does, and this payload.
fn file(version: u8, header: &str, payload: &[u8]) -> Vec<u8> {
    let before = if version == 1 { 10 } else { 12 };
    let len = (before + header.len() + 1).next_multiple_of(64) - before;
    let mut file = [b"\x93NUMPY", &[version, 0][..]].concat();
    match version {
        1 => file.extend(u16::try_from(len).unwrap().to_le_bytes()),
        _ => file.extend(u32::try_from(len).unwrap().to_le_bytes()),
    }
    file.extend(header.bytes());
    file.resize(before + len - 1, b' ');
    file.push(b'\n');
    file.extend(payload);
    file
}

fn header(descr: &str, fortran_order: &str, shape: &str) -> String {
    format!("{{'descr': {descr}, 'fortran_order': {fortran_order}, 'shape': {shape}, }}")
}

fn npy(descr: &str, shape: &str, payload: &[u8]) -> Vec<u8> {
    file(1, &header(descr, "False", shape), payload)
}

fn with_header(header: &str) -> Vec<u8> {
    file(1, header, &[0; 4])
}

/// What other writers than today's NumPy make, and NumPy reads.
#[test]
fn other_writers() {
    let good = header("'<f4'", "False", "(1, 2)");
    let accepted = [
        file(1, &good, &[0; 8]),
        file(2, &good, &[0; 8]),
        file(3, &good, &[0; 8]),
        file(1, "{\"shape\": (1,2), \"fortran_order\": False, \"descr\": \"<f4\"}", &[0; 8]),
        file(1, "{'descr':'<f4','fortran_order':False,'shape':(1,2)}", &[0; 8]),
        file(1, "  { 'descr' : '<f4' , 'fortran_order' : False , 'shape' : ( 1 , 2 , ) , }", &[0; 8]),
        file(1, &good.replace("'<f4'", r"'\x3cf\u0034'"), &[0; 8]),
        [b"\x93NUMPY\x01\x00\x3C\x00", good.as_bytes(), b"\n", &[0; 8]].concat(),
        [b"\x93NUMPY\x01\x00\x3B\x00", good.as_bytes(), &[0; 8]].concat(),
    ];
    for file in accepted {
        let array: DynArray = Encoding::Npy.decode(&file).unwrap_or_else(|error| panic!("{error}: {file:02X?}"));
        assert_eq!(array.shape(), [1, 2]);
    }
    // A header over 64 KiB, as of very many fields, needs version 2.
    let long = format!("{good}{}", " ".repeat(70_000));
    assert_eq!(Encoding::Npy.decode::<DynArray>(&file(2, &long, &[0; 8])).unwrap().shape(), [1, 2]);
}

#[test]
fn files() {
    let good = header("'<f4'", "False", "(1, 2)");
    let rows: Vec<Row> = vec![
        ("nothing", vec![], r"no npy file: it does not begin with `\x93NUMPY`, at byte 0"),
        ("the magic alone", b"\x93NUMPY".to_vec(), "npy header is truncated, at byte 6"),
        ("another magic", b"\x93NUMPX\x01\x00".to_vec(), r"no npy file: it does not begin with `\x93NUMPY`, at byte 0"),
        (
            "version 0",
            file(0, &good, &[0; 8]),
            "no such version of npy: found 0.0, expected 1.0, 2.0 or 3.0, at byte 6",
        ),
        (
            "version 4",
            file(4, &good, &[0; 8]),
            "no such version of npy: found 4.0, expected 1.0, 2.0 or 3.0, at byte 6",
        ),
        (
            "version 1.1",
            [b"\x93NUMPY\x01\x01".to_vec(), file(1, &good, &[0; 8])[8..].to_vec()].concat(),
            "no such version of npy: found 1.1, expected 1.0, 2.0 or 3.0, at byte 6",
        ),
        (
            "a header of 65,535 bytes in ten",
            b"\x93NUMPY\x01\x00\xFF\xFFsecretsecr".to_vec(),
            "npy header is truncated: needed 65535 bytes, 10 left, at byte 10",
        ),
        (
            "a header of 4 GiB",
            b"\x93NUMPY\x02\x00\xFF\xFF\xFF\xFFsecret".to_vec(),
            "npy header is truncated: needed 4294967295 bytes, 6 left, at byte 12",
        ),
        ("no header", b"\x93NUMPY\x01\x00\x00\x00".to_vec(), "no literal of Python stands here, at byte 10"),
        (
            "an element too few",
            npy("'<f4'", "(2,)", &[0; 4]),
            "shape [2] of f32 does not fit its data: found 4 bytes, expected 8, at byte 128",
        ),
        (
            "an element too many",
            npy("'<f4'", "(2,)", &[0; 12]),
            "shape [2] of f32 does not fit its data: found 12 bytes, expected 8, at byte 128",
        ),
        (
            "a byte too many",
            npy("'<f4'", "(2,)", &[0; 9]),
            "shape [2] of f32 does not fit its data: found 9 bytes, expected 8, at byte 128",
        ),
        (
            "a payload where none is",
            npy("'<f4'", "(0,)", &[0; 4]),
            "shape [0] of f32 does not fit its data: found 4 bytes, expected 0, at byte 128",
        ),
        (
            "no payload where one is",
            npy("'<f4'", "()", &[]),
            "shape [] of f32 does not fit its data: found 0 bytes, expected 4, at byte 128",
        ),
        (
            "2^60 elements in 128 bytes",
            npy("'<f4'", "(1152921504606846976,)", &[]),
            "shape [1152921504606846976] of f32 does not fit its data: found 0 bytes, expected 4611686018427387904, at byte 128",
        ),
        (
            "2^32 x 2^32",
            npy("'<f4'", "(4294967296, 4294967296)", &[]),
            "shape [4294967296, 4294967296] of f32 exceeds the largest payload, at byte 128",
        ),
        (
            "2^32 x 2^32 bytes",
            npy("'|u1'", "(4294967296, 4294967296)", &[0]),
            "shape [4294967296, 4294967296] of u8 exceeds the largest payload, at byte 128",
        ),
        (
            "2^63 beside a dim of 0",
            npy("'|u1'", "(0, 9223372036854775808)", &[]),
            "shape [0, 9223372036854775808] of u8 exceeds the largest payload, at byte 128",
        ),
        (
            "a dim of 40 digits",
            npy("'<f4'", "(1111111111222222222233333333334444444444,)", &[]),
            "integer exceeds 64 bits, at byte 61",
        ),
        (
            "33 dims",
            npy("'|u1'", "(1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1)", &[0]),
            "rank 33 exceeds the limit of 32, at byte 192",
        ),
        ("a negative dim", npy("'<f4'", "(-1,)", &[0; 4]), "no literal of Python stands here, at byte 61"),
        (
            "a dim of true",
            npy("'<f4'", "(True,)", &[0; 4]),
            "shape of an npy header is not a tuple of integers, at byte 10",
        ),
        (
            "a dim of text",
            npy("'<f4'", "('nonsense',)", &[0; 4]),
            "shape of an npy header is not a tuple of integers, at byte 10",
        ),
        ("a dim of a float", npy("'<f4'", "(1.0,)", &[0; 4]), "expected a comma or `)`, at byte 62"),
        (
            "a shape that is a number",
            npy("'<f4'", "1", &[0; 4]),
            "shape of an npy header is not a tuple of integers, at byte 10",
        ),
        (
            "a shape that is a list",
            npy("'<f4'", "[1]", &[0; 4]),
            "shape of an npy header is not a tuple of integers, at byte 10",
        ),
        (
            "a shape in brackets without a comma",
            npy("'<f4'", "(1)", &[0; 4]),
            "shape of an npy header is not a tuple of integers, at byte 10",
        ),
        ("a sum", npy("'<f4'", "(0+1,)", &[0; 4]), "expected a comma or `)`, at byte 62"),
        (
            "a call",
            npy("'<f4'", "(__import__('os').getpid(),)", &[0; 4]),
            "no literal of Python stands here, at byte 61",
        ),
        (
            "an order that is a number",
            file(1, &header("'<f4'", "0", "(1,)"), &[0; 4]),
            "fortran_order of an npy header is not a bool, at byte 10",
        ),
        (
            "an order that is text",
            file(1, &header("'<f4'", "'False'", "(1,)"), &[0; 4]),
            "fortran_order of an npy header is not a bool, at byte 10",
        ),
        ("a list for a header", with_header("['descr', '<f4']"), "npy header is not a dict, at byte 10"),
        ("a text for a header", with_header("'nonsense'"), "npy header is not a dict, at byte 10"),
        ("words for a header", with_header("nonsense"), "no literal of Python stands here, at byte 10"),
        ("spaces for a header", with_header("   "), "no literal of Python stands here, at byte 64"),
        (
            "half a header",
            with_header("{'descr': '<f4', 'fortran_order': False, 'shape': (1,"),
            "no literal of Python stands here, at byte 64",
        ),
        ("half a text", with_header("{'descr': '<f4"), "string has no end, at byte 20"),
        (
            "more behind the header",
            with_header(&format!("{} 1", header("'<f4'", "False", "(1,)"))),
            "something stands behind the dict of an npy header, at byte 67",
        ),
        (
            "two headers",
            with_header(&header("'<f4'", "False", "(1,)").repeat(2)),
            "something stands behind the dict of an npy header, at byte 67",
        ),
        ("no colon", with_header("{'descr' '<f4', 'fortran_order': False, 'shape': (1,)}"), "expected `:`, at byte 19"),
        (
            "no comma",
            with_header("{'descr': '<f4' 'fortran_order': False, 'shape': (1,)}"),
            "expected a comma or `}`, at byte 26",
        ),
        (
            "no dtype",
            with_header("{'fortran_order': False, 'shape': (1,)}"),
            "npy header lacks one of descr, fortran_order and shape, at byte 10",
        ),
        (
            "no order",
            with_header("{'descr': '<f4', 'shape': (1,)}"),
            "npy header lacks one of descr, fortran_order and shape, at byte 10",
        ),
        (
            "no shape",
            with_header("{'descr': '<f4', 'fortran_order': False}"),
            "npy header lacks one of descr, fortran_order and shape, at byte 10",
        ),
        (
            "a key more",
            with_header("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'nonsense': 1}"),
            "npy header has a key that it may not have, or has it twice: `nonsense`, at byte 10",
        ),
        (
            "a key twice",
            with_header("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'shape': (1,)}"),
            "npy header has a key that it may not have, or has it twice: `shape`, at byte 10",
        ),
        (
            "a key that is a number",
            with_header("{1: '<f4', 'fortran_order': False, 'shape': (1,)}"),
            "npy header has a key that it may not have, or has it twice: `?`, at byte 10",
        ),
        (
            "brackets without end",
            with_header(&"(".repeat(60_000)),
            "brackets stand in each other more than 32 times, at byte 43",
        ),
        (
            "lists in lists",
            with_header(&format!("{}{}", "[".repeat(30_000), "]".repeat(30_000))),
            "brackets stand in each other more than 32 times, at byte 43",
        ),
        (
            "lists in a dtype",
            npy(&format!("{}{}", "[".repeat(20_000), "]".repeat(20_000)), "(1,)", &[0; 4]),
            "brackets stand in each other more than 32 times, at byte 52",
        ),
        (
            "a byte that is not ASCII",
            file(1, &header("'\u{e9}'", "False", "(1,)"), &[0; 4]),
            "dtype is none of NumPy's, such as `<f4` or `float32`, at byte 10",
        ),
        (
            "version 3 and not UTF-8",
            {
                let mut bytes = file(3, &header("'<f4'", "False", "(1,)"), &[0; 4]);
                bytes[24] = 0xFF;
                bytes
            },
            "npy header is not UTF-8, at byte 12",
        ),
        (
            "a zero byte",
            with_header("{'descr': '<f4\0', 'fortran_order': False, 'shape': (1,)}"),
            "dtype is none of NumPy's, such as `<f4` or `float32`, at byte 10",
        ),
        (
            "objects",
            npy("'|O'", "(1,)", b"\x80\x04N."),
            "dtype `|O` cannot be held: objects of Python are a pickle, which is never read, because loading one runs what it says; write numbers, or a list, at byte 10",
        ),
        (
            "objects in a struct",
            npy("[('a', '<f4'), ('b', '|O')]", "(1,)", &[0; 12]),
            "b: dtype `|O` cannot be held: objects of Python are a pickle, which is never read, because loading one runs what it says; write numbers, or a list, at byte 10",
        ),
        (
            "a dtype that is none",
            npy("'nonsense'", "(1,)", &[0; 4]),
            "dtype is none of NumPy's, such as `<f4` or `float32`, at byte 10",
        ),
        (
            "a dtype that is a number",
            npy("4", "(1,)", &[0; 4]),
            "dtype is neither a name nor a list of fields, at byte 10",
        ),
        (
            "a dtype that is None",
            npy("None", "(1,)", &[0; 8]),
            "dtype is neither a name nor a list of fields, at byte 10",
        ),
        (
            "a text",
            npy("'<U1'", "(1,)", &[0; 4]),
            "dtype `<U1` cannot be held: text of a fixed width; write a list of str instead (array.tolist()), at byte 10",
        ),
        (
            "bytes",
            npy("'|S4'", "(1,)", &[0; 4]),
            "dtype `|S4` cannot be held: text of a fixed width; write a list of str instead (array.tolist()), at byte 10",
        ),
        (
            "void, as bfloat16 is written",
            npy("'<V2'", "(1,)", &[0; 2]),
            "dtype `<V2` cannot be held: bytes without a meaning, such as np.save makes of bfloat16 and float8; write them as unsigned integers of that width (array.view('u1'), array.view('u2')), at byte 10",
        ),
        ("a bool of 2", npy("'|b1'", "(2,)", &[1, 2]), "bool is neither 0 nor 1, at byte 128"),
        (
            "no field",
            npy("[]", "(1,)", &[]),
            "structured dtype has no fields: write the number of its rows, at byte 10",
        ),
        (
            "a field of a name only",
            npy("[('a',)]", "(1,)", &[0; 4]),
            "field of a structured dtype is not a name with a format, at byte 10",
        ),
        (
            "a name twice",
            npy("[('a', '<f4'), ('a', '<f4')]", "(1,)", &[0; 8]),
            "structured dtype has the name `a` twice, at byte 10",
        ),
        (
            "structs in Fortran order",
            file(1, &header("[('a', '|u1')]", "True", "(2, 2)"), &[0; 4]),
            "structured array has rank 2: make it one of rank 1 (array.reshape(-1)), at byte 128",
        ),
        (
            "2^61 structs",
            npy("[('a', '<f4'), ('b', '<f4')]", "(2305843009213693952,)", &[0; 8]),
            "structured dtype exceeds the largest payload, at byte 128",
        ),
    ];
    all_refused(Encoding::Npy, rows);
}

/// No file of 128 bytes makes anything large, however many elements it claims.
#[test]
fn claims_of_every_size() {
    for bits in 0..64 {
        for shape in [format!("({},)", 1u64 << bits), format!("({}, {})", 1u64 << bits, 1u64 << (63 - bits))] {
            let found = Encoding::Npy.decode::<Value>(&npy("'<f8'", &shape, &[]));
            let error = found.map(drop).unwrap_err();
            assert!(
                ["truncated", "too_large", "shape", "malformed"].contains(&error.kind().name()),
                "{shape}: {error:?}"
            );
        }
    }
}
