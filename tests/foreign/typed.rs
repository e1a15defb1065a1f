//! Types of the application in the encodings of others.

use std::collections::BTreeMap;

use ndwire::foreign::{ByteOrder, Encoding, NumpyDType, decode, decode_with};
use ndwire::{
    Array, Columns, DType, DynArray, ErrorKind, Limits, Order, TableView, TimeUnit, Value, from_slice, to_vec,
};
use serde::{Deserialize, Serialize};

use super::cases::bytes;

const ONE_ARRAY: [Encoding; 3] = [
    Encoding::Npy,
    Encoding::TextHeader,
    Encoding::DimsHeader(NumpyDType { dtype: DType::F32, byte_order: ByteOrder::Little }),
];

#[test]
fn an_array_of_any_type_that_holds_one() {
    let expected = Array::from_elements([3, 2], vec![1.0f32, 2.0, 3.0, 4.0, 5.0, 6.0]).unwrap();
    for encoding in ONE_ARRAY.into_iter().chain([Encoding::MsgpackNumpy, Encoding::Ndwire]) {
        let written = encoding.encode(&expected).unwrap();
        assert_eq!(encoding.decode::<Array<f32>>(&written).unwrap(), expected, "{encoding}");
        assert_eq!(encoding.decode::<Vec<[f64; 2]>>(&written).unwrap(), [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]);
        let array: DynArray = encoding.decode(&written).unwrap();
        assert_eq!((array.dtype(), array.shape()), (DType::F32, &[3, 2][..]), "{encoding}");
        // A list of lists of numbers is written as an array where one is wanted.
        if encoding != Encoding::Ndwire {
            assert_eq!(encoding.encode(&[[1.0f32, 2.0], [3.0, 4.0], [5.0, 6.0]]).unwrap(), written, "{encoding}");
        }
        let column_major = Array::new([3, 2], Order::ColumnMajor, vec![1.0f32, 3.0, 5.0, 2.0, 4.0, 6.0]).unwrap();
        let written = encoding.encode(&column_major).unwrap();
        let again: Array<f32> = encoding.decode(&written).unwrap();
        let keeps = matches!(encoding, Encoding::Npy | Encoding::Ndwire);
        assert_eq!(again.order(), if keeps { Order::ColumnMajor } else { Order::RowMajor }, "{encoding}");
        assert_eq!(again.to_vec(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0], "{encoding}");
    }
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Sample {
    ts: i64,
    position: [f32; 2],
    state: State,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct State {
    ok: bool,
    level: u8,
}

fn samples(count: i64) -> Vec<Sample> {
    (0..count).map(|ts| Sample { ts, position: [0.5, ts as f32], state: State { ok: ts % 2 == 0, level: 7 } }).collect()
}

#[test]
fn a_table_is_a_structured_array_and_back() {
    for encoding in [Encoding::MsgpackNumpy, Encoding::Npy] {
        for count in [2, 3, 1000] {
            let written = encoding.encode(&samples(count)).unwrap();
            assert_eq!(encoding.decode::<Vec<Sample>>(&written).unwrap(), samples(count), "{encoding}");
            assert_eq!(decode::<Vec<Sample>>(&written).unwrap(), samples(count), "{encoding}");
            // The rows are one block, and so they are a table in ndwire again.
            let value: ndwire::Value = encoding.decode(&written).unwrap();
            assert_eq!(to_vec(&value).unwrap(), to_vec(&samples(count)).unwrap(), "{encoding}");
        }
    }
    let (ts, x) = ([1i64, 2, 3], [0.5f32, 1.5, 2.5]);
    let written = Encoding::Npy.encode(&Columns::new().with("ts", &ts).with("x", &x)).unwrap();
    let ndwire = to_vec(&Encoding::Npy.decode::<ndwire::Value>(&written).unwrap()).unwrap();
    let table: TableView<'_> = from_slice(&ndwire).unwrap();
    assert_eq!(table.column("x").unwrap().to_vec::<f32>().unwrap(), x);
}

/// One struct makes no table, so it is a list of a map; the reader does not mind.
#[test]
fn one_struct_alone_is_a_map() {
    for count in [0, 1] {
        let written = Encoding::MsgpackNumpy.encode(&samples(count)).unwrap();
        assert_eq!(Encoding::MsgpackNumpy.decode::<Vec<Sample>>(&written).unwrap(), samples(count));
    }
    let written = Encoding::MsgpackNumpy.encode(&State { ok: true, level: 7 }).unwrap();
    assert_eq!(written, bytes("82 A2 6F 6B C3 A5 6C 65 76 65 6C 07"));
}

/// Found by fuzzing: a small array in a structured array of rank 0 becomes a list in a map, which is written as an array.
#[test]
fn a_small_array_in_one_struct_is_written_as_an_array() {
    let one = "85 C4 02 6E 64 C3 C4 04 74 79 70 65 91 93 A1 61 A3 7C 75 31 91 02 C4 04 6B 69 6E 64 C4 01 56 \
               C4 05 73 68 61 70 65 90 C4 04 64 61 74 61 C4 02 07 08";
    let value: ndwire::Value = Encoding::MsgpackNumpy.decode(&bytes(one)).unwrap();
    assert_eq!(format!("{value:?}"), r#"{"a": rows u8 n=2}"#);
    let written = Encoding::MsgpackNumpy.encode(&value).unwrap();
    let again: ndwire::Value = Encoding::MsgpackNumpy.decode(&written).unwrap();
    assert_eq!(format!("{again:?}"), r#"{"a": array u8 [2]}"#);
    assert_eq!(Encoding::MsgpackNumpy.encode(&again).unwrap(), written);
}

/// Structs with texts and options are no structured array, and stay a list of maps.
#[test]
fn what_does_not_fit_a_structured_array_is_a_list_of_maps() {
    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    struct Named {
        id: u8,
        name: String,
        score: Option<f32>,
    }
    let named = vec![
        Named { id: 1, name: "a".to_string(), score: Some(0.5) },
        Named { id: 2, name: "b".to_string(), score: None },
    ];
    let written = Encoding::MsgpackNumpy.encode(&named).unwrap();
    let expected = "92 83 A2 69 64 01 A4 6E 61 6D 65 A1 61 A5 73 63 6F 72 65 CA 3F 00 00 00 \
                    83 A2 69 64 02 A4 6E 61 6D 65 A1 62 A5 73 63 6F 72 65 C0";
    assert_eq!(written, bytes(expected));
    assert_eq!(Encoding::MsgpackNumpy.decode::<Vec<Named>>(&written).unwrap(), named);
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
enum Shape {
    Unit,
    Newtype(u32),
    Tuple(i8, String),
    Struct { a: f64 },
}

#[test]
fn enums_maps_and_options_go_through_messagepack() {
    type Value = (Vec<Shape>, BTreeMap<u32, Option<i64>>, (u8, &'static str), char, Option<()>);
    let shapes = vec![Shape::Unit, Shape::Newtype(7), Shape::Tuple(-1, "x".to_string()), Shape::Struct { a: 0.5 }];
    let value: Value = (shapes, BTreeMap::from([(1, Some(-1)), (70_000, None)]), (1, "text"), '€', None);
    let written = Encoding::MsgpackNumpy.encode(&value).unwrap();
    type Owned = (Vec<Shape>, BTreeMap<u32, Option<i64>>, (u8, String), char, Option<()>);
    let again: Owned = Encoding::MsgpackNumpy.decode(&written).unwrap();
    assert_eq!(
        (again.0, again.1, again.2.1.as_str(), again.3, again.4),
        (value.0, value.1, value.2.1, value.3, value.4)
    );
}

#[test]
fn limits_are_kept() {
    let deep = Encoding::MsgpackNumpy.encode(&vec![vec![vec![true]]]).unwrap();
    let with_depth = |depth| {
        let limits = Limits { depth, ..Limits::default() };
        decode_with::<Vec<Vec<Vec<bool>>>>(&deep, limits).map_err(|error| error.kind())
    };
    assert_eq!(with_depth(2), Err(ErrorKind::LimitExceeded));
    assert_eq!(with_depth(3), Ok(vec![vec![vec![true]]]));
    for encoding in ONE_ARRAY {
        let written = encoding.encode(&[[0.5f32; 32]; 4]).unwrap();
        let limits = Limits { value_len: 100, ..Limits::default() };
        let error = encoding.decode_with::<DynArray>(&written, limits).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::LimitExceeded, "{encoding}: {error}");
        assert!(encoding.decode_with::<DynArray>(&written, Limits { value_len: 1000, ..limits }).is_ok());
    }
}

#[test]
fn encodings_have_names() {
    let dims = Encoding::DimsHeader(">i4".parse().unwrap());
    let table = [
        (Encoding::Ndwire, "ndwire", "ndwire"),
        (Encoding::MsgpackNumpy, "msgpack-numpy", "msgpack-numpy"),
        (Encoding::TextHeader, "text-header", "text-header"),
        (Encoding::Npy, "npy", "npy"),
        (dims, "dims-header", "dims-header:>i4"),
    ];
    for (encoding, name, text) in table {
        assert_eq!((encoding.name(), text.parse::<Encoding>().unwrap()), (name, encoding));
    }
}

#[test]
fn dtypes_are_spelled_as_numpy_does() {
    let days = DType::Datetime64(TimeUnit::Day);
    let table = [
        ("<f4", DType::F32, ByteOrder::Little, "<f4"),
        ("float32", DType::F32, ByteOrder::Little, "<f4"),
        (">f4", DType::F32, ByteOrder::Big, ">f4"),
        ("|u1", DType::U8, ByteOrder::Little, "|u1"),
        ("uint8", DType::U8, ByteOrder::Little, "|u1"),
        ("bool", DType::Bool, ByteOrder::Little, "|b1"),
        (">i8", DType::I64, ByteOrder::Big, ">i8"),
        ("complex128", DType::Complex128, ByteOrder::Little, "<c16"),
        ("datetime64[D]", days, ByteOrder::Little, "<M8[D]"),
        (">M8[D]", days, ByteOrder::Big, ">M8[D]"),
        ("timedelta64", DType::Timedelta64(TimeUnit::Generic), ByteOrder::Little, "<m8"),
        ("bfloat16", DType::BF16, ByteOrder::Little, "bfloat16"),
        ("float8_e4m3fn", DType::F8E4M3FN, ByteOrder::Little, "float8_e4m3fn"),
    ];
    for (text, dtype, byte_order, shown) in table {
        let parsed: NumpyDType = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(parsed, NumpyDType { dtype, byte_order }, "{text}");
        assert_eq!(parsed.to_string(), shown);
        assert_eq!(shown.parse::<NumpyDType>().unwrap(), parsed);
    }
    for &dtype in DType::ALL {
        assert_eq!(NumpyDType::from(dtype), NumpyDType { dtype, byte_order: ByteOrder::Little });
        let shown = NumpyDType::from(dtype).to_string();
        if !matches!(dtype, DType::U128 | DType::I128) {
            assert_eq!(shown.parse::<NumpyDType>().unwrap().dtype, dtype, "{shown}");
        }
    }
}

/// What `cli/README.md` says of a migration there and back.
#[test]
fn what_changes_its_class_there_and_back() {
    let migrated =
        |from: Encoding, to: Encoding, bytes: &[u8]| to.encode(&from.decode::<Value>(bytes).unwrap()).unwrap();
    let scalar = |dtype: &[u8], data: &[u8]| {
        [b"\x83\xC4\x02nd\xC2\xC4\x04type\xA3", dtype, &[0xC4, 4], b"data", &[0xC4, data.len() as u8], data].concat()
    };
    let list = b"\x92\xCB\x3F\xF0\0\0\0\0\0\0\x02";
    let document = [&[0x93][..], &scalar(b"<f4", &[0, 0, 0xC0, 0x3F]), &scalar(b"<f2", &[0, 0x3C]), list].concat();
    let ndwire = migrated(Encoding::MsgpackNumpy, Encoding::Ndwire, &document);
    let shown = format!("{:?}", from_slice::<Value>(&ndwire).unwrap());
    assert_eq!(shown, "[1.5f32, array f16 [], [1.0f64, 2]]");
    let again = migrated(Encoding::Ndwire, Encoding::MsgpackNumpy, &ndwire);
    let rank_0 =
        b"\x85\xC4\x02nd\xC3\xC4\x04type\xA3<f2\xC4\x04kind\xC4\x00\xC4\x05shape\x90\xC4\x04data\xC4\x02\x00\x3C";
    assert_eq!(again, [&[0x93, 0xCA, 0x3F, 0xC0, 0, 0][..], rank_0, list].concat());
    // As `ndwire.dumps([1.0, 2.0])` writes it.
    let msgpack = migrated(Encoding::Ndwire, Encoding::MsgpackNumpy, &to_vec(&[1.0f64, 2.0]).unwrap());
    let ndwire = migrated(Encoding::MsgpackNumpy, Encoding::Ndwire, &msgpack);
    assert_eq!(ndwire, to_vec(&Array::from_elements([2], vec![1.0f64, 2.0]).unwrap()).unwrap());
}
