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
    file.extend(format!("{header:len$}", len = len - 1).bytes());
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
        [b"\x93NUMPY\x01\x00\x3B\x00", good.as_bytes(), b"\n", &[0; 8]].concat(),
        [b"\x93NUMPY\x01\x00\x3A\x00", good.as_bytes(), &[0; 8]].concat(),
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
        ("nothing", vec![], ""),
        ("the magic alone", b"\x93NUMPY".to_vec(), ""),
        ("another magic", b"\x93NUMPX\x01\x00".to_vec(), ""),
        ("version 0", file(0, &good, &[0; 8]), ""),
        ("version 4", file(4, &good, &[0; 8]), ""),
        ("version 1.1", [b"\x93NUMPY\x01\x01".to_vec(), file(1, &good, &[0; 8])[8..].to_vec()].concat(), ""),
        ("a header of 65,535 bytes in ten", b"\x93NUMPY\x01\x00\xFF\xFFsecretsecr".to_vec(), ""),
        ("a header of 4 GiB", b"\x93NUMPY\x02\x00\xFF\xFF\xFF\xFFsecret".to_vec(), ""),
        ("no header", b"\x93NUMPY\x01\x00\x00\x00".to_vec(), ""),
        ("an element too few", npy("'<f4'", "(2,)", &[0; 4]), ""),
        ("an element too many", npy("'<f4'", "(2,)", &[0; 12]), ""),
        ("a byte too many", npy("'<f4'", "(2,)", &[0; 9]), ""),
        ("a payload where none is", npy("'<f4'", "(0,)", &[0; 4]), ""),
        ("no payload where one is", npy("'<f4'", "()", &[]), ""),
        ("2^60 elements in 128 bytes", npy("'<f4'", "(1152921504606846976,)", &[]), ""),
        ("2^32 x 2^32", npy("'<f4'", "(4294967296, 4294967296)", &[]), ""),
        ("2^32 x 2^32 bytes", npy("'|u1'", "(4294967296, 4294967296)", &[0]), ""),
        ("2^63 beside a dim of 0", npy("'|u1'", "(0, 9223372036854775808)", &[]), ""),
        ("a dim of 40 digits", npy("'<f4'", "(1111111111222222222233333333334444444444,)", &[]), ""),
        ("33 dims", npy("'|u1'", "(1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1)", &[0]), ""),
        ("a negative dim", npy("'<f4'", "(-1,)", &[0; 4]), ""),
        ("a dim of true", npy("'<f4'", "(True,)", &[0; 4]), ""),
        ("a dim of text", npy("'<f4'", "('secret',)", &[0; 4]), ""),
        ("a dim of a float", npy("'<f4'", "(1.0,)", &[0; 4]), ""),
        ("a shape that is a number", npy("'<f4'", "1", &[0; 4]), ""),
        ("a shape in brackets without a comma", npy("'<f4'", "(1)", &[0; 4]), ""),
        ("a shape that is a list", npy("'<f4'", "[1]", &[0; 4]), ""),
        ("a sum", npy("'<f4'", "(0+1,)", &[0; 4]), ""),
        ("a call", npy("'<f4'", "(__import__('os').getpid(),)", &[0; 4]), ""),
        ("an order that is a number", file(1, &header("'<f4'", "0", "(1,)"), &[0; 4]), ""),
        ("an order that is text", file(1, &header("'<f4'", "'False'", "(1,)"), &[0; 4]), ""),
        ("a list for a header", with_header("['descr', '<f4']"), ""),
        ("a text for a header", with_header("'secret'"), ""),
        ("words for a header", with_header("secret"), ""),
        ("spaces for a header", with_header("   "), ""),
        ("half a header", with_header("{'descr': '<f4', 'fortran_order': False, 'shape': (1,"), ""),
        ("half a text", with_header("{'descr': '<f4"), ""),
        ("more behind the header", with_header(&format!("{} 1", header("'<f4'", "False", "(1,)"))), ""),
        ("two headers", with_header(&header("'<f4'", "False", "(1,)").repeat(2)), ""),
        ("no colon", with_header("{'descr' '<f4', 'fortran_order': False, 'shape': (1,)}"), ""),
        ("no comma", with_header("{'descr': '<f4' 'fortran_order': False, 'shape': (1,)}"), ""),
        ("no dtype", with_header("{'fortran_order': False, 'shape': (1,)}"), ""),
        ("no order", with_header("{'descr': '<f4', 'shape': (1,)}"), ""),
        ("no shape", with_header("{'descr': '<f4', 'fortran_order': False}"), ""),
        ("a key more", with_header("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'secret': 1}"), ""),
        ("a key twice", with_header("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'shape': (1,)}"), ""),
        ("a key that is a number", with_header("{1: '<f4', 'fortran_order': False, 'shape': (1,)}"), ""),
        ("brackets without end", with_header(&"(".repeat(60_000)), ""),
        ("lists in lists", with_header(&format!("{}{}", "[".repeat(30_000), "]".repeat(30_000))), ""),
        ("lists in a dtype", npy(&format!("{}{}", "[".repeat(20_000), "]".repeat(20_000)), "(1,)", &[0; 4]), ""),
        ("a byte that is not ASCII", file(1, &header("'\u{e9}'", "False", "(1,)"), &[0; 4]), ""),
        (
            "version 3 and not UTF-8",
            {
                let mut bytes = file(3, &header("'<f4'", "False", "(1,)"), &[0; 4]);
                bytes[24] = 0xFF;
                bytes
            },
            "",
        ),
        ("a zero byte", with_header("{'descr': '<f4\0', 'fortran_order': False, 'shape': (1,)}"), ""),
        ("an escape", npy(r"'\x3cf4'", "(1,)", &[0; 4]), ""),
        ("objects", npy("'|O'", "(1,)", b"\x80\x04N."), ""),
        ("objects in a struct", npy("[('a', '<f4'), ('b', '|O')]", "(1,)", &[0; 12]), ""),
        ("a dtype that is none", npy("'secret'", "(1,)", &[0; 4]), ""),
        ("a dtype that is a number", npy("4", "(1,)", &[0; 4]), ""),
        ("a dtype that is None", npy("None", "(1,)", &[0; 8]), ""),
        ("a text", npy("'<U1'", "(1,)", &[0; 4]), ""),
        ("bytes", npy("'|S4'", "(1,)", &[0; 4]), ""),
        ("void, as bfloat16 is written", npy("'<V2'", "(1,)", &[0; 2]), ""),
        ("a bool of 2", npy("'|b1'", "(2,)", &[1, 2]), ""),
        ("no field", npy("[]", "(1,)", &[]), ""),
        ("a field of a name only", npy("[('a',)]", "(1,)", &[0; 4]), ""),
        ("a name twice", npy("[('a', '<f4'), ('a', '<f4')]", "(1,)", &[0; 8]), ""),
        ("structs in Fortran order", file(1, &header("[('a', '|u1')]", "True", "(2, 2)"), &[0; 4]), ""),
        ("2^61 structs", npy("[('a', '<f4'), ('b', '<f4')]", "(2305843009213693952,)", &[0; 8]), ""),
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
