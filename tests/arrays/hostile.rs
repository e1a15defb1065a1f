//! Shapes that lie, and maps that are almost an array: whatever format fed them, no array type takes them.

use ndwire::{Array, AsArray, DType, DynArray};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::support::{Format, told};

/// What stands in the place of the elements.
#[derive(Clone)]
enum Data {
    Bytes(Vec<u8>),
    /// A list, which this format packs.
    List(Vec<u8>),
    Json(serde_json::Value),
}

/// A key and its value, in any order and number: what no honest writer makes.
#[derive(Clone)]
enum Entry {
    DType(&'static str),
    Shape(serde_json::Value),
    Order(&'static str),
    Data(Data),
    Other(&'static str, serde_json::Value),
    /// Under the name `data`, entries in place of elements.
    Nested(Vec<Entry>),
    /// The key 0, and what this crate's own deserializer shows an array type there: dtype, flags, rank, dims, bytes.
    Forged(DType, u64, Vec<u64>, Vec<u8>),
}

struct Forged<'e>(&'e Entry);

impl Serialize for Forged<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeSeq;
        let Entry::Forged(dtype, flags, dims, bytes) = self.0 else { return serializer.serialize_unit() };
        let mut seq = serializer.serialize_seq(Some(4 + dims.len()))?;
        seq.serialize_element(&dtype.code())?;
        seq.serialize_element(flags)?;
        seq.serialize_element(&dims.len())?;
        for dim in dims {
            seq.serialize_element(dim)?;
        }
        seq.serialize_element(serde_bytes::Bytes::new(bytes))?;
        seq.end()
    }
}

struct Entries<'e>(&'e [Entry]);

impl Serialize for Entries<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for entry in self.0 {
            match entry {
                Entry::DType(name) => map.serialize_entry("dtype", name)?,
                Entry::Shape(dims) => map.serialize_entry("shape", dims)?,
                Entry::Order(order) => map.serialize_entry("order", order)?,
                Entry::Data(Data::Bytes(bytes)) => map.serialize_entry("data", serde_bytes::Bytes::new(bytes))?,
                Entry::Data(Data::List(list)) => map.serialize_entry("data", list)?,
                Entry::Data(Data::Json(value)) => map.serialize_entry("data", value)?,
                Entry::Other(name, value) => map.serialize_entry(name, value)?,
                Entry::Nested(entries) => map.serialize_entry("data", &Entries(entries))?,
                Entry::Forged(..) => map.serialize_entry(&0u64, &Forged(entry))?,
            }
        }
        map.end()
    }
}

/// Each array type's message, of a value in some format.
fn messages(format: Format, bytes: &[u8]) -> Vec<(&'static str, String)> {
    fn message<T: DeserializeOwned>(format: Format, bytes: &[u8]) -> (&'static str, String) {
        let name = std::any::type_name::<T>();
        match format.read::<T>(bytes) {
            Ok(_) => panic!("{format:?}: {name} accepted it"),
            Err(message) => (name, message),
        }
    }
    vec![
        message::<DynArray>(format, bytes),
        message::<Array<u8>>(format, bytes),
        message::<AsArray<Vec<u8>>>(format, bytes),
        message::<AsArray<[u8; 2]>>(format, bytes),
        message::<AsArray<Option<Box<[u8]>>>>(format, bytes),
        #[cfg(feature = "ndarray-0_17")]
        message::<AsArray<ndarray::ArrayD<u8>>>(format, bytes),
        #[cfg(feature = "ndarray-0_17")]
        message::<AsArray<ndarray::ArcArray<u8, ndarray::Ix1>>>(format, bytes),
        #[cfg(feature = "ndarray-0_17")]
        message::<AsArray<ndarray::Array2<u8>>>(format, bytes),
    ]
}

const FORMATS: [Format; 4] = [Format::Ndwire, Format::Json, Format::MsgPack, Format::Cbor];

/// Refused by every array type on every format, with data as bytes and as a list, with this in the message.
#[track_caller]
fn refused_everywhere(entries: &[Entry], expected: &str) {
    for format in FORMATS {
        let bytes = format.write(&Entries(entries));
        for (name, message) in messages(format, &bytes) {
            assert!(message.contains(expected), "{format:?}: {name}: {message}\nexpected: {expected}");
        }
    }
}

/// Three elements, as bytes and as a list.
fn three() -> [Data; 2] {
    [Data::Bytes(vec![1, 2, 3]), Data::List(vec![1, 2, 3])]
}

fn array(dtype: &'static str, shape: serde_json::Value, data: Data) -> Vec<Entry> {
    vec![Entry::DType(dtype), Entry::Shape(shape), Entry::Data(data)]
}

/// In any order of keys: with the dtype first, and with the data first.
#[track_caller]
fn refused_in_any_order(entries: &[Entry], expected: &str) {
    refused_everywhere(entries, expected);
    let mut reversed = entries.to_vec();
    reversed.reverse();
    refused_everywhere(&reversed, expected);
}

#[test]
fn a_shape_that_does_not_fit_the_data_is_never_accepted() {
    for (shape, expected) in [
        (json!([4]), "shape [4] of u8 does not fit its data: found 3 bytes, expected 4"),
        (json!([2]), "shape [2] of u8 does not fit its data: found 3 bytes, expected 2"),
        (json!([]), "shape [] of u8 does not fit its data: found 3 bytes, expected 1"),
        (json!([0]), "shape [0] of u8 does not fit its data: found 3 bytes, expected 0"),
        (json!([3, 0]), "shape [3, 0] of u8 does not fit its data: found 3 bytes, expected 0"),
        (json!([3, 2]), "shape [3, 2] of u8 does not fit its data: found 3 bytes, expected 6"),
        (json!([1u64 << 32, 1u64 << 32]), "shape [4294967296, 4294967296] of u8 exceeds the largest payload"),
        (json!([1u64 << 63]), "shape [9223372036854775808] of u8 exceeds the largest payload"),
        // A product of 2^64 + 3, which is 3 to who multiplies without looking.
        (json!([0x1_0000_0003u64, 0x1_0000_0001u64]), "of u8 exceeds the largest payload"),
        (json!([u64::MAX, 0]), "shape [18446744073709551615, 0] of u8 exceeds the largest payload"),
        (
            json!([1i64 << 62]),
            "shape [4611686018427387904] of u8 does not fit its data: found 3 bytes, expected 46116860",
        ),
        (json!(vec![1; 33]), "rank of an array exceeds the limit of 32"),
        (json!([[3]]), "invalid type: "),
        (json!([3.0]), "invalid type: "),
        (json!(["3"]), "invalid type: "),
        (json!([-3]), "invalid value: "),
        (json!(3), "invalid type: "),
        (json!(null), "invalid type: "),
    ] {
        // Formats have words of their own for what is not of the right type.
        let own = !expected.starts_with("invalid");
        for data in three() {
            let entries = array("u8", shape.clone(), data);
            if own {
                refused_in_any_order(&entries, expected);
            } else {
                refused_in_any_order(&entries, "");
                let error =
                    ndwire::from_slice::<DynArray>(&Format::Ndwire.write(&Entries(&entries))).expect_err("refused");
                assert!(error.to_string().contains(expected), "{error}");
            }
        }
    }
}

/// 2^64 / size elements of a dtype: the product wraps in bytes.
#[test]
fn a_product_that_wraps_in_bytes_is_never_accepted() {
    for dtype in ["u16", "f32", "f64", "complex128"] {
        let size = DType::from_name(dtype).expect("a dtype").size() as u64;
        for shape in [json!([u64::MAX / size + 1]), json!([1u64 << 32, (1u64 << 32) / size])] {
            let expected = format!("of {dtype} exceeds the largest payload");
            for format in FORMATS {
                let bytes = format.write(&Entries(&array(dtype, shape.clone(), Data::Bytes(vec![]))));
                let message = format.read::<DynArray>(&bytes).expect_err("refused");
                assert!(message.contains(&expected) || format == Format::Json, "{format:?}: {message}");
                let message = format.read::<Array<f64>>(&bytes).expect_err("refused");
                assert!(message.contains(&expected) || format == Format::Json, "{format:?}: {message}");
            }
        }
    }
}

#[test]
fn entries_that_are_missing_twice_or_unknown() {
    let [bytes, list] = three();
    let (dtype, shape) = (Entry::DType("u8"), Entry::Shape(json!([3])));
    for data in [bytes, list] {
        let data = Entry::Data(data);
        let all = [dtype.clone(), shape.clone(), data.clone()];
        refused_in_any_order(&[shape.clone(), data.clone()], "missing field `dtype`");
        refused_in_any_order(&[dtype.clone(), data.clone()], "missing field `shape`");
        refused_in_any_order(&[dtype.clone(), shape.clone()], "missing field `data`");
        // A map with no more than `data` is somebody else's.
        refused_in_any_order(std::slice::from_ref(&data), "map, expected an array");
        refused_in_any_order(&[], "map, expected an array");
        let twice = |entry: &Entry| [&all[..], std::slice::from_ref(entry)].concat();
        refused_in_any_order(&twice(&dtype), "duplicate field `dtype`");
        refused_in_any_order(&twice(&shape), "duplicate field `shape`");
        refused_in_any_order(&twice(&data), "duplicate field `data`");
        refused_in_any_order(
            &[&twice(&Entry::Order("C"))[..], &[Entry::Order("F")]].concat(),
            "duplicate field `order`",
        );
        refused_in_any_order(&twice(&Entry::Order("f")), "the order `C` or `F`");
        refused_in_any_order(&[Entry::DType("u7"), shape.clone(), data.clone()], "the name of a dtype");
        refused_in_any_order(&[Entry::DType("datetime64"), shape.clone(), data.clone()], "the name of a dtype");
        refused_in_any_order(&[Entry::DType("U8"), shape.clone(), data.clone()], "the name of a dtype");
        // What is not known is passed over.
        for format in FORMATS {
            let bytes = format.write(&Entries(&twice(&Entry::Other("unit", json!({"a": [1, null]})))));
            assert_eq!(format.read::<Array<u8>>(&bytes).expect("read").elements(), [1, 2, 3], "{format:?}");
            let bytes = format.write(&Entries(&twice(&Entry::Order("C"))));
            assert_eq!(format.read::<DynArray>(&bytes).expect("read").bytes(), [1, 2, 3], "{format:?}");
        }
    }
}

/// No array in the elements of an array, whichever comes first, and no list of another rank.
#[test]
fn data_is_elements_and_nothing_else() {
    let inner = || array("u8", json!([3]), three()[0].clone());
    let no_elements = |found| format!("data: invalid type: found {found}, expected the elements of an array of u8");
    let no_u8 = |problem| format!("data[2]: invalid {problem}, expected u8");
    let nested = || "data[0]: invalid type: found a list, expected u8".to_owned();
    for (entry, expected) in [
        (Entry::Nested(inner()), no_elements("a map")),
        (Entry::Nested(vec![]), no_elements("a map")),
        (Entry::Nested(vec![Entry::Nested(inner())]), no_elements("a map")),
        (Entry::Data(Data::Json(json!("abc"))), no_elements("a str")),
        (Entry::Data(Data::Json(json!(7))), no_elements("an integer")),
        (Entry::Data(Data::Json(json!(null))), no_elements("nil")),
        (Entry::Data(Data::Json(json!([[1], [2], [3]]))), nested()),
        (Entry::Data(Data::Json(json!([[1, 2, 3]]))), nested()),
        (Entry::Data(Data::Json(json!([1, 2, "3"]))), no_u8("type: found a str")),
        (Entry::Data(Data::Json(json!([1, 2, null]))), no_u8("type: found nil")),
        (Entry::Data(Data::Json(json!([1, 2, 300]))), no_u8("value: found an integer out of range")),
        (Entry::Data(Data::Json(json!([1, 2, -3]))), no_u8("value: found an integer out of range")),
        (Entry::Data(Data::Json(json!([1, 2, 3.5]))), no_u8("type: found a float")),
        (Entry::Data(Data::Json(json!([1, 2, true]))), no_u8("type: found a bool")),
    ] {
        let entries = [Entry::DType("u8"), Entry::Shape(json!([3])), entry];
        // The other formats have words of their own for what is not of the right type.
        refused_in_any_order(&entries, "");
        let error = ndwire::from_slice::<DynArray>(&Format::Ndwire.write(&Entries(&entries))).expect_err("refused");
        let message = error.to_string();
        assert_eq!(message.split(", at byte ").next(), Some(&expected[..]), "{message}");
    }
    // An array node of this format there is no list of elements.
    #[derive(Serialize)]
    struct Node {
        dtype: &'static str,
        shape: [u8; 1],
        data: AsArray<[u8; 3]>,
    }
    let bytes = ndwire::to_vec(&Node { dtype: "u8", shape: [3], data: AsArray([1, 2, 3]) }).expect("written");
    let error = ndwire::from_slice::<DynArray>(&bytes).expect_err("refused");
    let message = "data: invalid type: found an array of u8 [3], expected the elements of an array of u8, at byte 41";
    assert_eq!(told(&error), ("type_mismatch", message.into()));
}

/// The key by which this crate's deserializer shows the parts of an array is an integer: a value that has it as a key is no array.
#[test]
fn a_map_with_the_key_0_is_no_array() {
    let forged = Entry::Forged(DType::U8, 0, vec![1], vec![7]);
    for entries in [vec![forged.clone()], vec![forged, Entry::Other("more", json!(1))]] {
        for format in [Format::Ndwire, Format::Cbor, Format::MsgPack] {
            let bytes = format.write(&Entries(&entries));
            let message = format.read::<DynArray>(&bytes).expect_err("refused");
            let expected = match format {
                Format::Cbor => "invalid type: integer `0`, expected str or bytes",
                Format::Ndwire => "invalid type: found an integer, expected a field name",
                _ => "map, expected an array",
            };
            assert!(message.contains(expected), "{format:?}: {message}");
        }
    }
}

/// The same where serde buffers, and shows this format's integers as keys.
#[test]
fn a_map_with_the_key_0_is_no_array_where_serde_buffers() {
    let entries = [Entry::Forged(DType::U8, 0, vec![1], vec![7])];
    for format in [Format::Ndwire, Format::MsgPack, Format::Cbor] {
        let message = format.read::<Buffered<DynArray>>(&format.write(&Entries(&entries))).expect_err("refused");
        assert!(message.contains("data did not match any variant"), "{format:?}: {message}");
    }
}

/// The same key in the place of elements: of no dims, of one, of two.
#[test]
fn a_map_with_the_key_0_as_data_is_refused_and_does_not_panic() {
    for dims in [vec![], vec![1], vec![1, 1]] {
        let inner = vec![Entry::Forged(DType::U8, 2, dims, vec![7])];
        let entries = [Entry::Nested(inner), Entry::DType("u8"), Entry::Shape(json!([1]))];
        for format in [Format::Ndwire, Format::MsgPack, Format::Cbor] {
            let bytes = format.write(&Entries(&entries));
            let message = format.read::<DynArray>(&bytes).expect_err("refused");
            assert!(message.contains("map") && message.contains("the elements of an array"), "{format:?}: {message}");
            let message = format.read::<Buffered<DynArray>>(&bytes).expect_err("refused");
            assert!(message.contains("data did not match any variant"), "{format:?}: {message}");
        }
    }
}

/// What serde buffers before an array type sees it.
#[derive(Deserialize, Debug)]
#[serde(untagged)]
enum Buffered<T> {
    #[allow(dead_code, reason = "it is there to be read into")]
    Array(T),
}

#[test]
fn lies_are_refused_inside_buffered_types_too() {
    for data in three() {
        for shape in [json!([4]), json!([]), json!([u64::MAX, 2]), json!([3, 0]), json!(vec![1; 33])] {
            let entries = array("u8", shape, data.clone());
            for format in FORMATS {
                let bytes = format.write(&Entries(&entries));
                let message = format.read::<Buffered<Array<u8>>>(&bytes).expect_err("refused");
                assert!(message.contains("data did not match any variant of untagged enum Buffered"), "{message}");
            }
        }
    }
}

/// A bool is 0 or 1 wherever it comes from, at any alignment.
#[test]
fn bytes_of_bools_are_looked_at_on_every_format() {
    for format in [Format::Ndwire, Format::MsgPack, Format::Cbor] {
        for entries in [array("bool", json!([2]), Data::Bytes(vec![1, 2])), {
            let mut reversed = array("bool", json!([2]), Data::Bytes(vec![255, 0]));
            reversed.reverse();
            reversed
        }] {
            let bytes = format.write(&Entries(&entries));
            for message in [
                format.read::<DynArray>(&bytes).expect_err("refused"),
                format.read::<Array<bool>>(&bytes).expect_err("refused"),
                format.read::<AsArray<Vec<bool>>>(&bytes).expect_err("refused"),
            ] {
                assert!(message.contains("bool is neither 0 nor 1"), "{format:?}: {message}");
            }
        }
    }
}

/// Which key comes first makes no difference to what is read, in what JSON was transcribed to as well.
#[test]
fn the_order_of_the_keys_makes_no_difference() {
    for (dtype, data) in [
        ("u8", json!([1, 2, 3])),
        ("i64", json!([1, -2, 3])),
        ("u128", json!([1, 2, 3])),
        ("f32", json!([0.5, 1.5, -2.5])),
        ("f64", json!([0.5, 1.0, -2.5])),
        ("f16", json!([15360, 0, 1])),
        ("bool", json!([true, false, true])),
        ("datetime64[ns]", json!([1, -2, 3])),
        ("complex64", json!([[0.5, 1.5], [2.5, 3.5], [4.5, 5.5]])),
    ] {
        let mut entries = array(dtype, json!([3]), Data::Json(data));
        for format in FORMATS {
            let read = |entries: &[Entry]| format.read::<DynArray>(&format.write(&Entries(entries)));
            let first = read(&entries).expect("the dtype first");
            entries.reverse();
            assert_eq!(read(&entries).as_ref(), Ok(&first), "{format:?}: {dtype}: the data first");
            entries.reverse();
        }
    }
}
