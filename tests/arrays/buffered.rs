//! Arrays inside types that serde buffers, or writes without the token: untagged, tagged and flattened.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Debug;

use ndwire::{Array, ArrayView, AsArray, DType, DynArray, DynArrayView, Order, TimeUnit};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::fields::layout;
use super::support::{Format, Sample, Shifted, each_element, lies_in, refused, samples};

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Image {
    image: DynArray,
    #[serde(with = "ndwire::array")]
    weights: Vec<f32>,
    #[serde(with = "ndwire::array", default)]
    mask: Option<[bool; 2]>,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
#[serde(untagged)]
enum Untagged {
    Never { no_such_field: u8 },
    Struct(Image),
    Array(DynArray),
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
#[serde(tag = "kind")]
enum Internal {
    Array(DynArray),
    Struct(Image),
    Fields { image: DynArray, id: u8 },
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
#[serde(tag = "kind", content = "content")]
enum Adjacent {
    Array(DynArray),
    Tuple(DynArray, u8),
    Fields { image: DynArray, id: u8 },
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct FlatStruct {
    before: u8,
    #[serde(flatten)]
    image: Image,
    after: String,
}

/// The fields of the array itself among those of the struct.
#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct FlatArray {
    before: u8,
    #[serde(flatten)]
    array: DynArray,
    after: String,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct FlatMap {
    #[serde(flatten)]
    arrays: BTreeMap<String, DynArray>,
}

fn image(array: &DynArray) -> Image {
    Image { image: array.clone(), weights: vec![0.5, -1.5], mask: Some([true, false]) }
}

#[track_caller]
fn survives<T: Serialize + DeserializeOwned + PartialEq + Debug>(format: Format, value: T) {
    let bytes = format.write(&value);
    match format.read::<T>(&bytes) {
        Ok(read) => assert_eq!(read, value, "{format:?}"),
        Err(error) => panic!("{format:?} {value:?}: {error}"),
    }
}

#[track_caller]
fn all_survive(format: Format, array: &DynArray) {
    let array = || array.clone();
    survives(format, Untagged::Array(array()));
    survives(format, Untagged::Struct(image(&array())));
    survives(format, Internal::Array(array()));
    survives(format, Internal::Struct(image(&array())));
    survives(format, Internal::Fields { image: array(), id: 7 });
    survives(format, Adjacent::Array(array()));
    survives(format, Adjacent::Tuple(array(), 7));
    survives(format, Adjacent::Fields { image: array(), id: 7 });
    survives(format, FlatStruct { before: 1, image: image(&array()), after: "a".into() });
    survives(format, FlatArray { before: 1, array: array(), after: "a".into() });
    survives(format, FlatMap { arrays: BTreeMap::from([("a".into(), array()), ("b".into(), array())]) });
}

/// MessagePack without names writes a struct as a list: serde cannot tell an untagged struct from it, or find a tag in it.
const NAMED: [Format; 5] = [Format::Ndwire, Format::Json, Format::JsonValue, Format::MsgPackNamed, Format::Cbor];

fn every_shape<T: Sample>() {
    for (shape, order) in [
        (&[][..], Order::RowMajor),
        (&[0], Order::RowMajor),
        (&[3, 0], Order::RowMajor),
        (&[6], Order::RowMajor),
        (&[2, 3], Order::RowMajor),
        (&[2, 3], Order::ColumnMajor),
        (&[3, 1, 2], Order::ColumnMajor),
    ] {
        let elements = samples::<T>(shape.iter().product());
        let array = Array::new(shape, order, elements).expect("it fits");
        for format in NAMED {
            // serde's buffer holds no 128-bit integers: nor do these, in what is a list.
            if T::DTYPE.size() < 16 || matches!(T::DTYPE, DType::Complex128) {
                all_survive(format, &array.clone().into());
            }
        }
    }
}

#[test]
fn arrays_survive_inside_buffered_types_on_every_format() {
    macro_rules! shapes {
        ($type:ty) => {
            every_shape::<$type>()
        };
    }
    each_element!(shapes);
    let dtypes = [
        DType::Datetime64(TimeUnit::Nanosecond),
        DType::Timedelta64(TimeUnit::Generic),
        DType::F8E4M3FN,
        DType::F16,
        DType::BF16,
    ];
    for dtype in dtypes {
        let bytes: Vec<u8> = (0..6 * dtype.size() as u8).collect();
        let array = DynArray::new(dtype, [2, 3], Order::ColumnMajor, bytes).expect("it fits");
        for format in NAMED {
            all_survive(format, &array);
        }
    }
}

/// Where the array is a node, and where serde drops the token and its fields are entries.
#[test]
fn the_form_on_the_wire_is_known() {
    let array = DynArray::new(DType::U16, [2, 2], Order::ColumnMajor, vec![1, 0, 3, 0, 2, 0, 4, 0]).expect("it fits");
    assert_eq!(layout(&Untagged::Array(array.clone())), "array u16 [2, 2] column-major, bytes 32..40\n");
    let expected = [
        "map, 5 entries",
        "  kind: str, 5 bytes",
        "  dtype: str, 3 bytes",
        "  shape: rows u64 [2]",
        "  order: str, 1 byte",
        "  data: rows u16 [4]",
        "",
    ];
    assert_eq!(layout(&Internal::Array(array.clone())), expected.join("\n"));
    let text = layout(&FlatArray { before: 1, array: array.clone(), after: String::new() });
    assert!(text.contains("  order: str, 1 byte\n  data: rows u16 [4]\n  after: str, 0 bytes\n"), "{text}");
    let text = layout(&Internal::Fields { image: array.clone(), id: 7 });
    assert!(text.contains("  image: array u16 [2, 2] column-major, bytes "), "{text}");
    let text = layout(&FlatStruct { before: 1, image: image(&array), after: String::new() });
    assert!(text.contains("  image: array u16 [2, 2] column-major, bytes "), "{text}");
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
#[serde(untagged)]
enum Typed {
    Halves(#[serde(with = "ndwire::array")] Vec<u16>),
    Grid { grid: Array<f64> },
}

#[test]
fn an_untagged_enum_takes_the_variant_whose_dtype_fits() {
    for format in NAMED {
        survives(format, Typed::Halves(vec![1, 2]));
        survives(
            format,
            Typed::Grid { grid: Array::new([2, 2], Order::ColumnMajor, [1.0, 2.0, 3.0, 4.0]).expect("it fits") },
        );
    }
    let wide = ndwire::to_vec(&AsArray([1u32, 2])).expect("written");
    refused::<Typed>(&wide, "custom", "data did not match any variant of untagged enum Typed, at byte 16");
    // Packed lists are shown as lists inside: their numbers are read.
    let list = ndwire::to_vec(&vec![1u16, 2]).expect("written");
    assert_eq!(ndwire::from_slice::<Typed>(&list).expect("a list"), Typed::Halves(vec![1, 2]));
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
#[serde(untagged)]
enum BorrowedUntagged<'a> {
    Array(#[serde(borrow)] ArrayView<'a, u32>),
    Erased {
        #[serde(borrow)]
        erased: DynArrayView<'a>,
    },
    Slice {
        #[serde(with = "ndwire::array")]
        slice: &'a [f32],
    },
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct BorrowedFlat<'a> {
    id: u8,
    #[serde(flatten, borrow)]
    rest: Rest<'a>,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Rest<'a> {
    #[serde(borrow)]
    image: ArrayView<'a, u16>,
    #[serde(with = "ndwire::array", borrow)]
    cow: Cow<'a, [u64]>,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
#[serde(tag = "kind")]
enum BorrowedInternal<'a> {
    Fields {
        #[serde(borrow)]
        image: ArrayView<'a, u64>,
    },
}

#[test]
fn what_is_an_array_node_stays_borrowed_inside_buffered_types() {
    let input = |bytes: Vec<u8>| Shifted::new(&bytes, 0);
    let view = ArrayView::new([2, 3], Order::ColumnMajor, &[1u32, 2, 3, 4, 5, 6][..]).expect("it fits");
    let bytes = input(ndwire::to_vec(&BorrowedUntagged::Array(view.clone())).expect("written"));
    match ndwire::from_slice(bytes.bytes()).expect("read") {
        BorrowedUntagged::Array(read) => {
            assert_eq!((&read, read.order()), (&view, Order::ColumnMajor));
            assert!(read.is_borrowed() && lies_in(read.elements(), bytes.bytes()));
        }
        other => panic!("{other:?}"),
    }
    let erased = DynArrayView::from_elements([3], &[1u8, 2, 3]).expect("it fits");
    let bytes = input(ndwire::to_vec(&BorrowedUntagged::Erased { erased }).expect("written"));
    match ndwire::from_slice(bytes.bytes()).expect("read") {
        BorrowedUntagged::Erased { erased } => {
            assert!(lies_in(erased.bytes(), bytes.bytes()) && erased.bytes() == [1, 2, 3])
        }
        other => panic!("{other:?}"),
    }
    let bytes = input(ndwire::to_vec(&BorrowedUntagged::Slice { slice: &[0.5, 1.5] }).expect("written"));
    match ndwire::from_slice(bytes.bytes()).expect("read") {
        BorrowedUntagged::Slice { slice } => assert!(lies_in(slice, bytes.bytes()) && slice == [0.5, 1.5]),
        other => panic!("{other:?}"),
    }
    let flat =
        BorrowedFlat { id: 1, rest: Rest { image: ArrayView::from(&[1u16, 2, 3][..]), cow: Cow::Borrowed(&[4, 5]) } };
    let bytes = input(ndwire::to_vec(&flat).expect("written"));
    let read: BorrowedFlat<'_> = ndwire::from_slice(bytes.bytes()).expect("read");
    assert_eq!(read, flat);
    assert!(read.rest.image.is_borrowed() && lies_in(read.rest.image.elements(), bytes.bytes()));
    assert!(matches!(&read.rest.cow, Cow::Borrowed(cow) if lies_in(cow, bytes.bytes())));

    let bytes =
        input(ndwire::to_vec(&BorrowedInternal::Fields { image: ArrayView::from(&[7u64; 9][..]) }).expect("written"));
    let BorrowedInternal::Fields { image } = ndwire::from_slice(bytes.bytes()).expect("read");
    assert!(image.is_borrowed() && lies_in(image.elements(), bytes.bytes()));
}

/// The content of an adjacently tagged enum is buffered only where it comes before the tag.
#[test]
fn the_tag_may_come_after_the_content() {
    #[derive(Serialize)]
    struct Backwards {
        content: DynArray,
        kind: &'static str,
    }

    let array = DynArray::new(DType::F32, [2, 3], Order::ColumnMajor, vec![7; 24]).expect("it fits");
    for format in NAMED {
        let bytes = format.write(&Backwards { content: array.clone(), kind: "Array" });
        assert_eq!(format.read::<Adjacent>(&bytes).expect("read"), Adjacent::Array(array.clone()), "{format:?}");
    }
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Beside<T> {
    #[serde(flatten)]
    array: DynArray,
    #[serde(flatten)]
    other: T,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Named {
    unit: String,
    scale: [f32; 2],
    nested: BTreeMap<String, Vec<u8>>,
}

/// Two flattened fields see the same entries: an array ignores those that are not its own.
#[test]
fn a_flattened_array_ignores_other_fields() {
    let array = DynArray::new(DType::F32, [2, 3], Order::ColumnMajor, vec![7; 24]).expect("it fits");
    for format in NAMED {
        let nested = BTreeMap::from([("n".to_owned(), vec![1, 2])]);
        survives(format, Beside { array: array.clone(), other: Named { unit: "m".into(), scale: [1.0, 2.0], nested } });
    }
}

/// `v` and `dim` are the names of ndarray's own serde: beside a dtype they are nobody's but the neighbour's.
#[test]
fn a_flattened_array_ignores_other_fields_that_are_named_v_and_dim() {
    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    struct Version {
        v: String,
        dim: Option<bool>,
    }

    let array = DynArray::from_elements([2], &[1u8, 2]).expect("it fits");
    for format in NAMED {
        survives(format, Beside { array: array.clone(), other: Version { v: "two".into(), dim: Some(true) } });
    }
}

#[test]
fn a_wide_integer_cannot_be_buffered_by_serde() {
    let array = DynArray::from_elements([1], &[u128::MAX]).expect("it fits");
    // As a node it is bytes, which can be.
    survives(Format::Ndwire, Internal::Fields { image: array.clone(), id: 1 });
    survives(Format::Ndwire, Untagged::Array(array.clone()));
    // As a list of numbers not.
    let bytes = ndwire::to_vec(&Internal::Array(array)).expect("written");
    let error = ndwire::from_slice::<Internal>(&bytes).expect_err("no such buffer");
    assert!(
        error
            .to_string()
            .starts_with("data[0]: invalid type: found an integer of 128 bits, expected any value, at byte "),
        "{error}"
    );
}
