//! `#[serde(with = "ndwire::array")]` and `AsArray` on the types of the standard library.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Debug;

use ndwire::array::{DeserializeArray, SerializeArray};
use ndwire::{Array, ArrayView, AsArray, DType, DynArrayView, Element, Layout, Order};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::support::{Format, Sample, each_element, lies_in, refused, samples};

/// What the layout of a value says about its nodes.
pub(crate) fn layout<T: Serialize + ?Sized>(value: &T) -> String {
    Layout::of(&ndwire::to_vec(value).expect("written")).expect("a head").to_string()
}

#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
struct Owned<'a> {
    #[serde(with = "ndwire::array")]
    vector: Vec<f32>,
    #[serde(with = "ndwire::array")]
    boxed: Box<[u16]>,
    #[serde(with = "ndwire::array")]
    fixed: [i64; 3],
    #[serde(with = "ndwire::array", borrow)]
    cow: Cow<'a, [u8]>,
    #[serde(with = "ndwire::array")]
    flags: Vec<bool>,
    #[serde(with = "ndwire::array")]
    nothing: [u128; 0],
}

fn owned() -> Owned<'static> {
    Owned {
        vector: vec![0.5, -0.0, f32::MAX],
        boxed: Box::new([1, 65_535]),
        fixed: [i64::MIN, 0, i64::MAX],
        cow: Cow::Owned(vec![1, 2, 3, 4, 5]),
        flags: vec![true, false],
        nothing: [],
    }
}

#[test]
fn a_field_with_the_attribute_is_one_array_node() {
    let bytes = ndwire::to_vec(&owned()).expect("written");
    let layout = layout(&owned());
    let expected = [
        "map, 6 entries",
        "  vector: array f32 [3], bytes 80..92",
        "  boxed: array u16 [2], bytes 96..100",
        "  fixed: array i64 [3], bytes 112..136",
        "  cow: array u8 [5], bytes 144..149",
        "  flags: array bool [2], bytes 160..162",
        "  nothing: array u128 [0]",
        "",
    ];
    assert_eq!(layout, expected.join("\n"));
    assert_eq!(bytes.len(), 162);
    assert_eq!(bytes[144..149], [1, 2, 3, 4, 5]);
    let read: Owned<'_> = ndwire::from_slice(&bytes).expect("read");
    assert_eq!(read, owned());
    assert!(matches!(read.cow, Cow::Borrowed(cow) if lies_in(cow, &bytes)));
}

#[test]
fn fields_with_the_attribute_survive_every_format() {
    for format in Format::BORROWED {
        let bytes = format.write(&owned());
        assert_eq!(format.read_borrowed::<Owned<'_>>(&bytes).expect("read"), owned(), "{format:?}");
    }
    let json = serde_json::to_string(&owned()).expect("written");
    assert!(
        json.starts_with(r#"{"vector":{"dtype":"f32","shape":[3],"data":[0.5,-0.0,3.4028235e+38]},"boxed":"#),
        "{json}"
    );
}

fn containers<T: Sample + Debug>()
where
    AsArray<Vec<T>>: DeserializeOwned,
{
    let elements = samples::<T>(4);
    let fixed: [T; 4] = elements.clone().try_into().expect("four");
    let bytes = ndwire::to_vec(&AsArray(&elements)).expect("written");
    assert_eq!(layout(&AsArray(&elements)), format!("array {} [4], bytes 32..{}\n", T::DTYPE, bytes.len()));
    let all = [
        ndwire::to_vec(&AsArray(&elements[..])),
        ndwire::to_vec(&AsArray(elements.clone().into_boxed_slice())),
        ndwire::to_vec(&AsArray(fixed)),
        ndwire::to_vec(&AsArray(Cow::Borrowed(&elements[..]))),
        ndwire::to_vec(&AsArray(Some(&elements))),
        ndwire::to_vec(&ArrayView::from(&elements[..])),
        ndwire::to_vec(&Array::from(elements.clone())),
    ];
    for other in all {
        assert_eq!(other.expect("written"), bytes, "every container is written alike");
    }
    for format in Format::ALL {
        let bytes = format.write(&AsArray(&elements));
        assert_eq!(format.read::<AsArray<Vec<T>>>(&bytes).expect("read").0, elements);
    }
    let input = super::support::Shifted::new(&bytes, 0);
    assert_eq!(*ndwire::from_slice::<AsArray<Box<[T]>>>(&bytes).expect("read").0, elements[..]);
    assert_eq!(ndwire::from_slice::<AsArray<[T; 4]>>(&bytes).expect("read").0, fixed);
    assert_eq!(ndwire::from_slice::<AsArray<Option<Vec<T>>>>(&bytes).expect("read").0, Some(elements.clone()));
    assert_eq!(*ndwire::from_slice::<AsArray<Cow<'_, [T]>>>(&bytes).expect("read").0, elements[..]);
    assert_eq!(ndwire::from_slice::<AsArray<&[T]>>(input.bytes()).expect("aligned").0, elements);
}

#[test]
fn every_container_holds_every_element() {
    macro_rules! container {
        ($type:ty) => {
            containers::<$type>()
        };
    }
    each_element!(container);
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Strict {
    #[serde(with = "ndwire::array")]
    mask: Option<Vec<u8>>,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Lenient {
    id: u8,
    #[serde(with = "ndwire::array", default)]
    mask: Option<[f32; 2]>,
    #[serde(with = "ndwire::array", default, skip_serializing_if = "Option::is_none")]
    skipped: Option<Box<[bool]>>,
}

#[test]
fn an_option_is_an_array_or_nil_and_needs_a_default_to_be_missing() {
    for mask in [None, Some(vec![]), Some(vec![1, 2])] {
        for format in Format::ALL {
            // MessagePack without names counts fields: it can miss none.
            assert_eq!(format.round(&Strict { mask: mask.clone() }), Strict { mask: mask.clone() });
        }
    }
    assert_eq!(layout(&Strict { mask: None }), "map, 1 entry\n  mask: nil\n");
    assert_eq!(layout(&Strict { mask: Some(vec![7]) }), "map, 1 entry\n  mask: array u8 [1], bytes 32..33\n");

    let without = ndwire::to_vec(&BTreeMap::from([("id", 7u8)])).expect("written");
    refused::<Strict>(&without, "missing_field", "missing field `mask`, at byte 16");
    let read: Lenient = ndwire::from_slice(&without).expect("both have defaults");
    assert_eq!(read, Lenient { id: 7, mask: None, skipped: None });
    for format in [Format::Ndwire, Format::Json, Format::JsonValue, Format::MsgPackNamed, Format::Cbor] {
        for lenient in [
            Lenient { id: 1, mask: Some([0.5, 1.5]), skipped: None },
            Lenient { id: 2, mask: None, skipped: Some(Box::new([true])) },
        ] {
            assert_eq!(format.round(&lenient), lenient, "{format:?}");
        }
    }
    let twice: Option<Option<Vec<u8>>> = Some(None);
    let bytes = ndwire::to_vec(&AsArray(&twice)).expect("written");
    assert_eq!(ndwire::from_slice::<AsArray<Option<Option<Vec<u8>>>>>(&bytes).expect("read").0, twice);
    // As a plain `Option<u8>` reads it.
    let message = "invalid type: found nil, expected an array of u8, at byte 16";
    refused::<AsArray<Option<Vec<u8>>>>(&bytes, "type_mismatch", message);
    refused::<AsArray<Vec<u8>>>(&ndwire::to_vec(&()).expect("written"), "type_mismatch", message);
}

#[test]
fn as_array_goes_where_no_attribute_can() {
    let layers = BTreeMap::from([("a".to_owned(), AsArray(vec![0.5f32])), ("b".to_owned(), AsArray(vec![]))]);
    let rows = vec![AsArray([1u8, 2]), AsArray([3, 4])];
    let value = (AsArray(vec![7u64]), layers, rows, Some(AsArray(vec![true])), AsArray(None::<Vec<i8>>));
    let expected = [
        "list, 5 elements",
        "  [0]: array u64 [1], bytes 48..56",
        "  [1]: map, 2 entries",
        "    a: array f32 [1], bytes 64..68",
        "    b: array f32 [0]",
        "  [2]: list, 2 elements",
        "    [0]: array u8 [2], bytes 80..82",
        "    [1]: array u8 [2], bytes 96..98",
        "  [3]: array bool [1], bytes 112..113",
        "  [4]: nil",
        "",
    ];
    assert_eq!(layout(&value), expected.join("\n"));
    for format in Format::ALL {
        assert_eq!(format.round(&value), value, "{format:?}");
    }
    // As the key of a map, on the formats that have other keys than text.
    let keys = BTreeMap::from([(AsArray(vec![1u8, 2]), 1), (AsArray(vec![]), 2)]);
    assert_eq!(ndwire::from_slice::<BTreeMap<_, _>>(&ndwire::to_vec(&keys).expect("written")).expect("read"), keys);
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
#[serde(bound(serialize = "T: Element", deserialize = "T: Element"))]
struct Grid<T: Element, const N: usize> {
    #[serde(with = "ndwire::array")]
    cells: Vec<T>,
    #[serde(with = "ndwire::array")]
    axis: [T; N],
    label: String,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
#[serde(bound(serialize = "A: SerializeArray", deserialize = "A: DeserializeArray<'de>"))]
struct Any<A> {
    #[serde(with = "ndwire::array")]
    array: A,
}

#[test]
fn generic_structs_say_their_bounds() {
    let grid = Grid { cells: vec![1.5f32, 2.5], axis: [1.0, 2.0, 3.0], label: "g".into() };
    let any = Any { array: Some(vec![1i16, -1]) };
    for format in Format::ALL {
        assert_eq!(format.round(&grid), grid, "{format:?}");
        assert_eq!(format.round(&any), any, "{format:?}");
    }
    assert_eq!(layout(&any), "map, 1 entry\n  array: array i16 [2], bytes 32..36\n");
}

#[derive(Serialize, Deserialize, Debug)]
struct Borrowed<'a> {
    #[serde(with = "ndwire::array")]
    slice: &'a [f64],
    #[serde(borrow)]
    typed: ArrayView<'a, u32>,
    #[serde(borrow)]
    erased: DynArrayView<'a>,
    #[serde(with = "ndwire::array", default, borrow)]
    option: Option<&'a [u16]>,
    #[serde(borrow)]
    list: Vec<AsArray<&'a [u8]>>,
    #[serde(borrow)]
    map: BTreeMap<&'a str, AsArray<Cow<'a, [u64]>>>,
}

#[test]
fn borrowing_fields_point_into_the_input() {
    let value = Borrowed {
        slice: &[0.5, 1.5],
        typed: ArrayView::new([1, 2, 2], Order::ColumnMajor, &[1, 2, 3, 4][..]).expect("it fits"),
        erased: DynArrayView::from_elements([1], &[7i128]).expect("it fits"),
        option: Some(&[1, 2, 3]),
        list: vec![AsArray(&[1, 2]), AsArray(&[3])],
        map: BTreeMap::from([("k", AsArray(Cow::Borrowed(&[9u64][..])))]),
    };
    let bytes = ndwire::to_vec(&value).expect("written");
    let input = super::support::Shifted::new(&bytes, 0);
    let input = input.bytes();
    let read: Borrowed<'_> = ndwire::from_slice(input).expect("read");
    assert_eq!((read.slice, lies_in(read.slice, input)), (value.slice, true));
    assert_eq!((&read.typed, lies_in(read.typed.elements(), input)), (&value.typed, true));
    assert_eq!((&read.erased, lies_in(read.erased.bytes(), input)), (&value.erased, true));
    assert!(read.option == value.option && lies_in(read.option.expect("some"), input));
    assert_eq!(read.list, value.list);
    assert!(read.list.iter().all(|AsArray(slice)| lies_in(slice, input)));
    assert_eq!(read.map, value.map);
    assert!(matches!(read.map["k"].0, Cow::Borrowed(slice) if lies_in(slice, input)));

    // A field that is read without the attribute's reader, by a `Vec` without it: see `pairs.rs`. Of no other dtype:
    let error = ndwire::from_slice::<Any<&[f32]>>(&ndwire::to_vec(&Any { array: [1u8] }).expect("written"))
        .expect_err("widened");
    let message =
        "array: array cannot be borrowed from the input: its elements are not aligned there, or of another dtype";
    assert_eq!((error.kind().name(), error.to_string()), ("custom", format!("{message}, at byte 23")));
}

#[test]
fn the_dtype_on_the_wire_is_the_elements_own() {
    let mut seen = Vec::new();
    macro_rules! dtype {
        ($type:ty) => {{
            let bytes = ndwire::to_vec(&AsArray(samples::<$type>(1))).expect("written");
            let entry = Layout::of(&bytes).expect("a head").entries().next().expect("the root");
            assert_eq!((entry.kind(), entry.dtype()), ("array", Some(<$type as Element>::DTYPE)));
            assert_eq!(bytes[17], <$type as Element>::DTYPE.code());
            seen.push(entry.dtype());
        }};
    }
    each_element!(dtype);
    seen.dedup();
    assert_eq!(seen.len(), super::support::ELEMENT_TYPES);
    assert!(seen.contains(&Some(DType::U128)));
}
