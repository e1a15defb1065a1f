//! Structured arrays that rows of this format cannot hold: they read as what a `Vec` of such structs is written as.

use std::collections::BTreeMap;

use ndwire::foreign::{Encoding, decode};
use ndwire::{ErrorKind, Value, to_vec};
use serde::{Deserialize, Serialize};

use super::hostile::messagepack::{array, bin, dims, list, text};

/// A dtype as Python prints it, and as msgpack-numpy packs it.
enum Dtype {
    Name(&'static str),
    Fields(Vec<(String, Dtype, Vec<u64>)>),
}

fn fields(fields: impl IntoIterator<Item = (String, &'static str)>) -> Dtype {
    Dtype::Fields(fields.into_iter().map(|(name, dtype)| (name, Dtype::Name(dtype), vec![])).collect())
}

/// The dtype as the one field of a structure.
fn one(name: &str, dtype: Dtype, shape: &[u64]) -> Dtype {
    Dtype::Fields(vec![(name.into(), dtype, shape.to_vec())])
}

impl Dtype {
    fn printed(&self) -> String {
        let field = |(name, dtype, shape): &(String, Dtype, Vec<u64>)| {
            let shape: String = shape.iter().map(|dim| format!("{dim}, ")).collect();
            let shape = if shape.is_empty() { shape } else { format!(", ({shape})") };
            format!("('{name}', {}{shape})", dtype.printed())
        };
        match self {
            Dtype::Name(name) => format!("'{name}'"),
            Dtype::Fields(fields) => format!("[{}]", fields.iter().map(field).collect::<Vec<_>>().join(", ")),
        }
    }

    fn packed(&self) -> Vec<u8> {
        match self {
            Dtype::Name(name) => text(name),
            Dtype::Fields(fields) => {
                let field = |(name, dtype, shape): &(String, Dtype, Vec<u64>)| {
                    let name =
                        [&[0xDA][..], &u16::try_from(name.len()).unwrap().to_be_bytes(), name.as_bytes()].concat();
                    let shape = if shape.is_empty() { vec![] } else { vec![dims(shape)] };
                    list(&[vec![name, dtype.packed()], shape].concat())
                };
                list(&fields.iter().map(field).collect::<Vec<_>>())
            }
        }
    }

    /// An array of it in every encoding that has structured arrays.
    fn arrays(&self, shape: &[u64], data: &[u8]) -> [(Encoding, Vec<u8>); 3] {
        let dims_of = shape.iter().map(u64::to_string).collect::<Vec<_>>().join(",");
        let header = format!("{{'descr': {}, 'fortran_order': False, 'shape': ({dims_of},), }}", self.printed());
        let header = header.replace("(,)", "()");
        let len = u32::try_from(header.len()).unwrap().to_le_bytes();
        let long_bin = [&[0xC6][..], &u32::try_from(data.len()).unwrap().to_be_bytes(), data].concat();
        let document = array(&[
            ("type", Some(self.packed())),
            ("kind", Some(bin(b"V"))),
            ("shape", Some(dims(shape))),
            ("data", Some(long_bin)),
        ]);
        [
            (Encoding::Npy, [&b"\x93NUMPY\x02\0"[..], &len, header.as_bytes(), data].concat()),
            (Encoding::TextHeader, [format!("{}|{dims_of}|", self.printed()).as_bytes(), data].concat()),
            (Encoding::MsgpackNumpy, document),
        ]
    }
}

/// The array reads as this list, and as its elements alone, to the byte.
#[track_caller]
fn reads_as<T: Serialize>(dtype: &Dtype, data: &[u8], expected: &[T]) {
    for (encoding, bytes) in dtype.arrays(&[expected.len() as u64], data) {
        let value: Value = decode(&bytes).unwrap_or_else(|error| panic!("{encoding}: {error}"));
        assert_eq!(to_vec(&value).unwrap(), to_vec(expected).unwrap(), "{encoding}: {value:?}");
    }
    let first = &data[..data.len() / expected.len()];
    for (encoding, bytes) in dtype.arrays(&[], first) {
        let value: Value = encoding.decode(&bytes).unwrap_or_else(|error| panic!("{encoding}, rank 0: {error}"));
        assert_eq!(to_vec(&value).unwrap(), to_vec(&expected[0]).unwrap(), "{encoding}, rank 0: {value:?}");
    }
    for (encoding, bytes) in dtype.arrays(&[0], &[]) {
        assert_eq!(encoding.decode::<Vec<BTreeMap<String, Value>>>(&bytes).unwrap(), [], "{encoding}, no rows");
    }
}

type Row<T> = BTreeMap<String, T>;

#[test]
fn many_fields() {
    for count in [64, 1024, 1025] {
        let name = |n: usize| format!("f{n:04}");
        let rows: Vec<Row<f32>> = (0..3).map(|row| (0..count).map(|n| (name(n), (row * n) as f32)).collect()).collect();
        let little: Vec<u8> = rows.iter().flat_map(|row| row.values().flat_map(|x| x.to_le_bytes())).collect();
        reads_as(&fields((0..count).map(|n| (name(n), "<f4"))), &little, &rows);
        let big: Vec<u8> = rows.iter().flat_map(|row| row.values().flat_map(|x| x.to_be_bytes())).collect();
        reads_as(&fields((0..count).map(|n| (name(n), ">f4"))), &big, &rows);
        let bytes: Vec<Row<u8>> = (0..20).map(|row| (0..count).map(|n| (name(n), (row * n) as u8)).collect()).collect();
        let data: Vec<u8> = bytes.iter().flat_map(|row| row.values().copied()).collect();
        reads_as(&fields((0..count).map(|n| (name(n), "|u1"))), &data, &bytes);
    }
}

#[test]
fn long_names() {
    for len in [40, 41, 60, 255, 256, 5000] {
        let name = "n".repeat(len);
        let rows: Vec<Row<u8>> = (7..10).map(|n| [(name.clone(), n)].into()).collect();
        reads_as(&fields([(name.clone(), "|u1")]), &[7, 8, 9], &rows);
        let flags: Vec<Row<bool>> = [true, false].map(|flag| [(name.clone(), flag)].into()).into();
        reads_as(&fields([(name, "|b1")]), &[1, 0], &flags);
    }
}

#[test]
fn structures_inside_each_other() {
    #[derive(Serialize)]
    #[serde(untagged)]
    enum Nested {
        Leaf(u16),
        Inner(Row<Nested>),
    }
    fn nested(depth: usize, leaf: u16) -> Nested {
        (0..depth).fold(Nested::Leaf(leaf), |inner, _| Nested::Inner([("a".to_string(), inner)].into()))
    }
    // Brackets of a header stand in each other at most 32 times.
    for depth in [1, 8, 9, 10, 14] {
        let dtype = (0..depth).fold(Dtype::Name("<u2"), |inner, _| one("a", inner, &[]));
        reads_as(&dtype, &[1, 0, 2, 0, 3, 0], &[nested(depth, 1), nested(depth, 2), nested(depth, 3)]);
    }
    let dtype = (0..63).fold(Dtype::Name("<u2"), |inner, _| one("a", inner, &[]));
    let [.., (encoding, bytes)] = dtype.arrays(&[1], &[7, 0]);
    let value: Value = encoding.decode(&bytes).unwrap();
    assert_eq!(to_vec(&value).unwrap(), to_vec(&[nested(63, 7)]).unwrap());
}

#[test]
fn small_arrays_of_many_dims() {
    type Eight = [[[[[[[[u8; 2]; 1]; 1]; 1]; 1]; 1]; 1]; 1];
    let eight = |n: u8| -> Eight { [[[[[[[[n, n + 1]]]]]]]] };
    let rows: Vec<Row<Eight>> = vec![[("a".into(), eight(1))].into(), [("a".into(), eight(3))].into()];
    reads_as(&one("a", Dtype::Name("|u1"), &[1, 1, 1, 1, 1, 1, 1, 2]), &[1, 2, 3, 4], &rows);
    // As rows they would be shown as too much for a byte.
    let rows: Vec<Row<[[[u8; 1]; 1]; 1]>> = vec![[("a".into(), [[[1]]])].into(), [("a".into(), [[[2]]])].into()];
    reads_as(&one("a", Dtype::Name("|u1"), &[1, 1, 1]), &[1, 2], &rows);
}

/// The types of an application read it, and write it as MessagePack that Python reads as a list of dicts.
#[test]
fn a_struct_with_a_long_name() {
    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    struct Flags {
        a_name_so_long_that_no_table_may_repeat_it: u8,
    }
    let name = "a_name_so_long_that_no_table_may_repeat_it".to_string();
    let flags = [1, 2].map(|n| Flags { a_name_so_long_that_no_table_may_repeat_it: n });
    for (encoding, bytes) in fields([(name, "|u1")]).arrays(&[2], &[1, 2]) {
        assert_eq!(decode::<Vec<Flags>>(&bytes).unwrap(), flags, "{encoding}");
    }
    let written = Encoding::MsgpackNumpy.encode(&flags).unwrap();
    assert_eq!(Encoding::MsgpackNumpy.decode::<Vec<Flags>>(&written).unwrap(), flags);
    assert_eq!(written[..4], [0x92, 0x81, 0xD9, 42]);
}

/// As many rows as the bytes justify, and no more.
#[test]
fn rows_that_would_repeat_too_much_are_refused() {
    let read = |name: usize, rows: usize, dtype: &'static str, width: usize| {
        let dtype = fields([("n".repeat(name), dtype)]);
        let results = dtype.arrays(&[rows as u64], &vec![0; rows * width]);
        let results = results.map(|(encoding, bytes)| encoding.decode::<Value>(&bytes).map_err(|error| error.kind()));
        assert!(results.iter().all(|result| *result == results[0]), "{results:?}");
        results[0].clone().map(drop)
    };
    // 2 parts of 160 and 41 x 3 a row, for 200 x (41 + 32 + rows).
    assert_eq!(read(41, 60, "|u1", 1), Ok(()));
    assert_eq!(read(41, 61, "|u1", 1), Err(ErrorKind::Unsupported));
    assert_eq!(read(40, 100_000, "|u1", 1), Ok(()));
    assert_eq!(read(200, 10_000, "<f8", 8), Ok(()));
    assert_eq!(read(600, 10_000, "<f8", 8), Err(ErrorKind::Unsupported));
    // Four lists for each byte, in one row.
    let lists = one("a", Dtype::Name("|u1"), &[1000, 1, 1, 1]);
    for shape in [&[][..], &[1]] {
        for (encoding, bytes) in lists.arrays(shape, &[0; 1000]) {
            assert_eq!(encoding.decode::<Value>(&bytes).unwrap_err().kind(), ErrorKind::Unsupported, "{encoding}");
        }
    }
}
