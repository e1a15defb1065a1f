//! `ndwire::foreign` beside Python itself, through a real Redis: what redis-py stores with msgpack-numpy, with the two headers and
//! with `np.save` is read; and what is written here Python reads, with the decoders that people have.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

pub(crate) use ::redis;

#[path = "redis/fixture.rs"]
mod fixture;
#[path = "common/python.rs"]
mod python;

use fixture::{Server, TIME_TO_LIVE};
use ndwire::foreign::{Encoding, NumpyDType};
use ndwire::redis::{AnyEncoding, Received};
use ndwire::{Array, DType, DynArray, DynArrayView, Order, TimeUnit, Value, to_vec};
use redis::{Commands, Connection};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

const SCRIPT: &str = "tests/foreign/live.py";

/// What `live.py` calls `records`.
#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Record {
    id: u32,
    at: Point,
    ok: bool,
    rgb: [u8; 3],
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Point {
    x: f32,
    y: f32,
}

fn records() -> Vec<Record> {
    vec![
        Record { id: 7, at: Point { x: 0.5, y: -1.5 }, ok: true, rgb: [1, 2, 3] },
        Record { id: u32::MAX, at: Point { x: 1e30, y: 0.0 }, ok: false, rgb: [0, 128, 255] },
    ]
}

/// What it calls `frame`.
#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Frame {
    camera: String,
    image: Array<u8>,
    pose: Pose,
    tracks: Vec<Array<f32>>,
    points: Vec<Record>,
    note: Option<String>,
    #[serde(with = "serde_bytes")]
    blob: Vec<u8>,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Pose {
    #[serde(with = "ndwire::array")]
    rotation: ndarray::Array2<f64>,
    #[serde(with = "ndwire::array")]
    at: Vec<f64>,
}

fn frame() -> Frame {
    Frame {
        camera: "north".to_string(),
        image: Array::from_elements([2, 3, 4], (0..24).collect::<Vec<u8>>()).unwrap(),
        pose: Pose { rotation: ndarray::Array2::eye(3), at: vec![0.5, -1.0, 2.0] },
        tracks: (0..3u8)
            .map(|n| Array::from_elements([n.into()], (0..n).map(f32::from).collect::<Vec<_>>()).unwrap())
            .collect(),
        points: records(),
        note: None,
        blob: vec![0, 255],
    }
}

#[test]
fn what_python_stores_is_read() {
    let server = Server::start();
    let (mut con, prefix) = (server.connection(), server.key(""));
    let printed = python::run(SCRIPT, &["write", server.url(), &prefix]);
    let entries: Vec<Json> = serde_json::from_str(&printed).expect("what it stored, as JSON");
    let text = |entry: &Json, what: &str| entry[what].as_str().unwrap().to_string();
    for entry in &entries {
        let key = text(entry, "key");
        assert_eq!(server.key(key.strip_prefix(&prefix).unwrap()), key, "deleted at the end");
    }
    assert!(entries.len() >= 500, "{}", entries.len());

    let (mut arrays, mut others) = (0, 0);
    for entry in &entries {
        let (key, encoding) = (text(entry, "key"), text(entry, "encoding").parse::<Encoding>().unwrap());
        let received: Received = con.get(&key).unwrap();
        if !matches!(encoding, Encoding::DimsHeader(_)) {
            assert_eq!(Encoding::detect(received.as_bytes()).unwrap(), encoding, "{entry}");
            let AnyEncoding(value): AnyEncoding<Value> = con.get(&key).unwrap();
            let other: Value = received.decode_as(encoding).unwrap();
            assert_eq!(to_vec(&value).unwrap(), to_vec(&other).unwrap(), "{entry}");
        }
        match entry.get("dtype") {
            Some(_) => {
                is_as_stored(entry, &received.decode_as(encoding).unwrap());
                arrays += 1;
            }
            None => {
                is_other(entry, &received);
                others += 1;
            }
        }
    }
    assert_eq!(others, 13, "of {arrays} and these");
}

/// Dtype, shape, order and every bit.
fn is_as_stored(entry: &Json, array: &DynArray) {
    let array = array.view();
    let dtype: NumpyDType = entry["dtype"].as_str().unwrap().parse().unwrap();
    let shape: Vec<usize> = serde_json::from_value(entry["shape"].clone()).unwrap();
    assert_eq!((array.dtype(), array.shape()), (dtype.dtype, &shape[..]), "{entry}");
    let order = if entry["order"] == "F" && shape.iter().filter(|dim| **dim > 1).count() > 1 {
        Order::ColumnMajor
    } else {
        Order::RowMajor
    };
    assert_eq!(array.order(), order, "{entry}");
    let payload: String = row_major(&array).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(entry["payload"], payload, "{entry}");
}

fn is_other(entry: &Json, received: &Received) {
    if entry.get("records").is_some() {
        assert_eq!(received.decode_any::<Vec<Record>>().unwrap(), records(), "{entry}");
    } else if entry.get("frame").is_some() {
        assert_eq!(received.decode_any::<Frame>().unwrap(), frame(), "{entry}");
    } else {
        assert_eq!(received.decode_any::<Json>().unwrap(), entry["scalar"], "{entry}");
    }
}

fn row_major(array: &DynArrayView<'_>) -> Vec<u8> {
    let (bytes, size) = (array.bytes(), array.dtype().size());
    match (array.order(), array.shape()) {
        (Order::RowMajor, _) => bytes.to_vec(),
        (Order::ColumnMajor, &[rows, columns]) => (0..rows * columns)
            .flat_map(|place| &bytes[(place % columns * rows + place / columns) * size..][..size])
            .copied()
            .collect(),
        (_, shape) => panic!("column-major of shape {shape:?}"),
    }
}

/// All dtypes that Python has too, with the names that NumPy gives them, and the numbers 0, 1, 2, 3, 4 and 6 (of a bool, whether
/// they are not 0).
fn numbers() -> Vec<(&'static str, DType, Vec<u8>)> {
    fn of<const N: usize>(convert: impl Fn(u8) -> [u8; N]) -> Vec<u8> {
        [0, 1, 2, 3, 4, 6].into_iter().flat_map(convert).collect()
    }
    let int64 = of(|n| u64::from(n).to_le_bytes());
    vec![
        ("bool", DType::Bool, of(|n| [u8::from(n != 0)])),
        ("int8", DType::I8, of(|n| [n])),
        ("int16", DType::I16, of(|n| [n, 0])),
        ("int32", DType::I32, of(|n| [n, 0, 0, 0])),
        ("int64", DType::I64, int64.clone()),
        ("uint8", DType::U8, of(|n| [n])),
        ("uint16", DType::U16, of(|n| [n, 0])),
        ("uint32", DType::U32, of(|n| [n, 0, 0, 0])),
        ("uint64", DType::U64, int64.clone()),
        ("float16", DType::F16, [0u16, 0x3C00, 0x4000, 0x4200, 0x4400, 0x4600].map(u16::to_le_bytes).concat()),
        ("float32", DType::F32, of(|n| f32::from(n).to_le_bytes())),
        ("float64", DType::F64, of(|n| f64::from(n).to_le_bytes())),
        ("complex64", DType::Complex64, of(|n| u64::from(f32::from(n).to_bits()).to_le_bytes())),
        ("complex128", DType::Complex128, of(|n| (u128::from(f64::from(n).to_bits())).to_le_bytes())),
        ("datetime64[ns]", DType::Datetime64(TimeUnit::Nanosecond), int64.clone()),
        ("datetime64[D]", DType::Datetime64(TimeUnit::Day), int64.clone()),
        ("timedelta64[us]", DType::Timedelta64(TimeUnit::Microsecond), int64.clone()),
        ("timedelta64", DType::Timedelta64(TimeUnit::Generic), int64),
        ("bfloat16", DType::BF16, of(|n| [f32::from(n).to_le_bytes()[2], f32::from(n).to_le_bytes()[3]])),
        ("float8_e4m3fn", DType::F8E4M3FN, vec![0, 0x38, 0x40, 0x44, 0x48, 0x4C]),
        ("float8_e5m2", DType::F8E5M2, vec![0, 0x3C, 0x40, 0x42, 0x44, 0x46]),
    ]
}

/// The same numbers in rows of three, by columns.
fn column_major(dtype: DType, bytes: &[u8]) -> DynArray {
    let size = dtype.size();
    let by_columns: Vec<u8> =
        [0, 3, 1, 4, 2, 5].iter().flat_map(|place| &bytes[place * size..][..size]).copied().collect();
    DynArray::new(dtype, [2, 3], Order::ColumnMajor, by_columns).unwrap()
}

#[test]
fn what_is_written_python_reads() {
    let server = Server::start();
    let (mut con, prefix) = (server.connection(), server.key(""));
    let store = |con: &mut Connection, name: &str, encoding: Encoding, value: &dyn erased::Encode| {
        let key = server.key(&format!("rust:{name}"));
        let bytes = value.encode(encoding).unwrap_or_else(|error| panic!("{name}: {error}"));
        con.set_ex::<_, _, ()>(&key, bytes, TIME_TO_LIVE).unwrap();
    };
    for (name, dtype, bytes) in numbers() {
        let is_new = matches!(dtype, DType::BF16 | DType::F8E4M3FN | DType::F8E5M2);
        let arrays = [
            ("C", DynArray::new(dtype, [2, 3], Order::RowMajor, bytes.clone()).unwrap()),
            ("F", column_major(dtype, &bytes)),
        ];
        for (order, array) in &arrays {
            let encodings =
                [Encoding::MsgpackNumpy, Encoding::Npy, Encoding::TextHeader, Encoding::DimsHeader(dtype.into())];
            for encoding in encodings.into_iter().skip(if is_new { 2 } else { 0 }) {
                store(&mut con, &format!("{name}:{order}:{}", encoding.name()), encoding, array);
            }
        }
    }
    store(&mut con, "bool", Encoding::MsgpackNumpy, &true);
    store(&mut con, "int", Encoding::MsgpackNumpy, &-7i64);
    store(&mut con, "big", Encoding::MsgpackNumpy, &u64::MAX);
    store(&mut con, "float", Encoding::MsgpackNumpy, &0.5f64);
    store(&mut con, "text", Encoding::MsgpackNumpy, &"größe");
    store(&mut con, "nil", Encoding::MsgpackNumpy, &None::<u8>);
    store(&mut con, "records:msgpack-numpy", Encoding::MsgpackNumpy, &records());
    store(&mut con, "records:npy", Encoding::Npy, &records());
    store(&mut con, "frame", Encoding::MsgpackNumpy, &frame());

    let printed = python::run(SCRIPT, &["read", server.url(), &prefix]);
    assert_eq!(printed, format!("read: {} values\n", 18 * 8 + 3 * 4 + 9));
}

/// `Encoding::encode` for values of several types.
mod erased {
    use ndwire::foreign::Encoding;

    pub(crate) trait Encode {
        fn encode(&self, encoding: Encoding) -> ndwire::Result<Vec<u8>>;
    }

    impl<T: serde::Serialize> Encode for T {
        fn encode(&self, encoding: Encoding) -> ndwire::Result<Vec<u8>> {
            encoding.encode(self)
        }
    }
}
