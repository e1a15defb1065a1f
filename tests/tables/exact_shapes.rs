//! What tuples, lists, maps and arrays make of a table, exactly.

use std::collections::BTreeMap;

use ndwire::ErrorKind::{Custom, InvalidLength, InvalidValue, TypeMismatch, UnreadElements};
use serde_bytes::ByteBuf;

use super::reader_arrays::{Array, DynArray, Shown};
use super::reader_maps::{Animal, Hashed, Key};
use super::reader_structs::*;
use super::reader_visitors::*;
use super::support::{Forms, alike, fails, fine};
use super::writers::{Point, detections, embedded, samples};

const PAIRS: [(i32, f32); 2] = [(1, 0.5), (-2, 1.5)];

#[test]
fn tuples() {
    assert_eq!(alike!(&PAIRS => Vec<(i64, f64)>), fine([(1, 0.5), (-2, 1.5)]));
    assert_eq!(alike!(&PAIRS => Vec<Pair>).unwrap(), "[Pair(1, 0.5), Pair(-2, 1.5)]");
    let unread = fails(UnreadElements, "[0]: the target reads fewer elements than there are: found 2, expected 1");
    assert_eq!(alike!(&PAIRS => Vec<(i32,)>), unread);
    let longer = alike!(&PAIRS => Vec<(i32, f32, u8)>);
    assert_eq!(longer, fails(InvalidLength, "[0]: invalid length: found 2, expected a tuple of size 3"));
    let element = alike!(&PAIRS => Vec<(u8, f32)>);
    assert_eq!(element, fails(InvalidValue, "[1][0]: invalid value: found an integer out of range, expected u8"));
    let integers = alike!(&PAIRS => Vec<[i32; 2]>);
    assert_eq!(integers, fails(TypeMismatch, "[0][1]: invalid type: found a float, expected i32"));
    assert_eq!(alike!(&PAIRS => Vec<Vec<f64>>), fine([[1.0, 0.5], [-2.0, 1.5]]));
    let map = alike!(&PAIRS => Vec<Fewer>);
    assert_eq!(map, fails(UnreadElements, "[0]: the target reads fewer elements than there are: found 2, expected 1"));
    let unit = alike!(&PAIRS => Vec<()>);
    assert_eq!(unit, fails(TypeMismatch, "[0]: invalid type: found a list, expected unit"));
}

#[test]
fn tuples_and_maps_inside_each_other() {
    const DEEP: [((u8, u16), u8); 2] = [((1, 300), 3), ((4, 5), 6)];
    assert_eq!(alike!(&DEEP => Vec<((u8, u16), u8)>), fine(DEEP));
    assert_eq!(alike!(&DEEP => Vec<(Vec<u16>, u8)>), fine([(vec![1, 300], 3), (vec![4, 5], 6)]));
    let narrow = alike!(&DEEP => Vec<((u8, u8), u8)>);
    assert_eq!(narrow, fails(InvalidValue, "[0][0][1]: invalid value: found an integer out of range, expected u8"));
    let unread = fails(UnreadElements, "[0][0]: the target reads fewer elements than there are: found 2, expected 1");
    assert_eq!(alike!(&DEEP => Vec<((u8,), u8)>), unread);
    let points = |x| (Point { x, y: 2.0 }, Point { x: 3.0, y: x });
    let read = |x| (InnerAt { x, y: 2.0 }, InnerAt { x: 3.0, y: x });
    let pairs = [points(0.5), points(1.5)];
    assert_eq!(alike!(&pairs => Vec<(InnerAt, InnerAt)>), fine([read(0.5), read(1.5)]));
    let pairs = alike!(&pairs => Vec<(InnerAt, (f64, f64))>);
    assert_eq!(pairs, fails(TypeMismatch, "[0][1]: invalid type: found a map, expected a tuple of size 2"));
    let labelled = [(points(0.5).0, "one"), (points(1.5).0, "two")];
    let texts = alike!(&labelled => Vec<(DenyingX, String)>);
    assert_eq!(texts, fails(ndwire::ErrorKind::UnknownField, "[0][0]: unknown field `y`, expected `x`"));
    let first = fails(UnreadElements, "[0][0]: the target reads fewer entries than there are: found 2, expected 1");
    assert_eq!(alike!(&labelled => Vec<(FirstEntry, String)>), first);
}

#[test]
fn one_row_and_none() {
    assert_eq!(alike!(&[(1u8, 0.5f32)] => Vec<(u8, f32)>), fine([(1u8, 0.5f32)]));
    let same = |sample: &super::writers::Sample| Same { ts: sample.ts, x: sample.x, y: sample.y, ok: sample.ok };
    assert_eq!(alike!(&samples()[..1] => Vec<Same>), fine(samples()[..1].iter().map(same).collect::<Vec<_>>()));
    let [lists, structs, tuple, array] = crate::support::list_readers![Vec<u8>, Vec<Same>, (Same,), [Same; 0]];
    for schema in [&b"\xB2\x82ts\x23\x81x\x32"[..], b"\xA2\x10\x11", b"\xA1\xC0"] {
        let none = Forms::of_no_rows(schema);
        assert_eq!(none.read(&lists), fine([(); 0]));
        assert_eq!(none.read(&structs), fine([(); 0]));
        assert_eq!(none.read(&array), fine([(); 0]));
        let longer = fails(InvalidLength, "invalid length: found 0, expected a tuple of size 1");
        assert_eq!(none.read(&tuple), longer);
    }
}

#[test]
fn the_list_itself() {
    assert_eq!(alike!(&PAIRS => (Pair, Pair)).unwrap(), "(Pair(1, 0.5), Pair(-2, 1.5))");
    let unread = fails(UnreadElements, "the target reads fewer elements than there are: found 2, expected 1");
    assert_eq!(alike!(&PAIRS => (Pair,)), unread);
    let longer = fails(InvalidLength, "invalid length: found 2, expected an array of length 3");
    assert_eq!(alike!(&PAIRS => [(i32, f32); 3]), longer);
    let bytes = alike!(&PAIRS => ByteBuf);
    assert_eq!(bytes, fails(TypeMismatch, "[0]: invalid type: found a list, expected u8"));
    let map = alike!(&samples() => BTreeMap<String, u8>);
    assert_eq!(map, fails(TypeMismatch, "invalid type: found a list, expected a map"));
}

#[test]
fn maps_by_many_keys() {
    let map = |x: f64, y: f64| BTreeMap::from([("x", x), ("y", y)]);
    let maps = [map(1.0, 2.0), map(3.0, 4.0)];
    assert_eq!(alike!(&maps => Vec<BTreeMap<String, f64>>), fine(&maps));
    assert_eq!(alike!(&maps => Vec<Hashed<String, f64>>), fine(&maps));
    assert_eq!(alike!(&maps => Vec<BTreeMap<&str, f64>>), fine(&maps));
    let chars = [BTreeMap::from([('x', 1.0), ('y', 2.0)]), BTreeMap::from([('x', 3.0), ('y', 4.0)])];
    assert_eq!(alike!(&maps => Vec<BTreeMap<char, f64>>), fine(chars));
    assert!(alike!(&maps => Vec<BTreeMap<Key, f64>>).is_ok());
    let integers = alike!(&maps => Vec<BTreeMap<u8, f64>>);
    assert_eq!(integers, fails(TypeMismatch, "[0]: invalid type: found a str, expected u8"));
    let animals = [BTreeMap::from([("Cat", 1.5), ("Dog", 2.5)]), BTreeMap::from([("Cat", 0.5), ("Dog", 3.5)])];
    let read = [(1.5, 2.5), (0.5, 3.5)].map(|(cat, dog)| BTreeMap::from([(Animal::Cat, cat), (Animal::Dog, dog)]));
    assert_eq!(alike!(&animals => Vec<BTreeMap<Animal, f64>>), fine(read));
    let values = alike!(&samples() => Vec<BTreeMap<String, f32>>);
    assert_eq!(values, fails(TypeMismatch, "[0].ok: invalid type: found a bool, expected f32"));
}

#[test]
fn visitors_that_stop_early() {
    let entries = fails(UnreadElements, "[0]: the target reads fewer entries than there are: found 4, expected 1");
    assert_eq!(alike!(&samples() => Vec<FirstEntry>), entries);
    let none = fails(UnreadElements, "[0]: the target reads fewer entries than there are: found 4, expected 0");
    assert_eq!(alike!(&samples() => Vec<NoEntry>), none);
    let elements = fails(UnreadElements, "[0]: the target reads fewer elements than there are: found 2, expected 1");
    assert_eq!(alike!(&PAIRS => Vec<FirstElement>), elements);
    let in_list = fails(UnreadElements, "the target reads fewer elements than there are: found 3, expected 1");
    assert_eq!(alike!(&samples() => FirstElement), in_list);
    let custom = fails(Custom, "[0]: that is enough");
    assert_eq!(alike!(&samples() => Vec<RefusesAfterTwo>), custom);
    assert_eq!(
        alike!(&samples() => Vec<OnlyMap>).unwrap().matches("OnlyMap([\"ts\", \"x\", \"y\", \"ok\"])").count(),
        3
    );
    let seq = fails(TypeMismatch, "[0]: invalid type: found a map, expected OnlySeq");
    assert_eq!(alike!(&samples() => Vec<OnlySeq>), seq);
    let chars = alike!(&samples() => Vec<KeysAsChars>);
    assert_eq!(chars, fails(InvalidValue, "[0]: invalid value: found a str out of range, expected a character"));
    let integers = alike!(&samples() => Vec<KeysAsIntegers>);
    assert_eq!(integers, fails(TypeMismatch, "[0]: invalid type: found a str, expected u64"));
    assert!(alike!(&samples() => Vec<KeysAsBytes>).is_ok());
}

#[test]
fn arrays_of_columns_and_of_nodes() {
    #[derive(serde::Deserialize, Debug)]
    struct Boxes<A> {
        bbox: A,
    }
    #[derive(serde::Deserialize, Debug)]
    struct By {
        #[serde(with = "ndwire::array")]
        embedding: Vec<f32>,
        #[serde(with = "ndwire::array")]
        values: [f32; 3],
        id: u64,
    }
    let boxes = [3.0f32, 300.0, 7.0, 0.0].map(|last| [0.0, 1.0, 2.0, last]);
    let arrays = boxes.map(|bbox| Boxes { bbox: Shown(ndwire::Array::from_elements([4], bbox.to_vec()).unwrap()) });
    assert_eq!(alike!(&detections() => Vec<Boxes<Array<f32>>>), fine(&arrays));
    let wide = |bbox: [f32; 4]| ndwire::Array::from_elements([4], bbox.map(f64::from).to_vec()).unwrap();
    let wider = boxes.map(|bbox| Boxes { bbox: Shown(wide(bbox)) });
    assert_eq!(alike!(&detections() => Vec<Boxes<Array<f64>>>), fine(wider));
    let integers = alike!(&detections() => Vec<Boxes<Array<u8>>>);
    assert_eq!(integers.unwrap_err().1, "[0].bbox[0]: invalid type: found a float, expected u8");
    assert!(alike!(&detections() => Vec<Boxes<DynArray>>).unwrap().contains("f32"));
    let by = [0u16, 1, 2].map(|id| By {
        id: id.into(),
        embedding: vec![id.into(); 200 * usize::from(id)],
        values: [id.into(), 1.0, 2.0],
    });
    assert_eq!(alike!(&embedded(3) => Vec<By>), fine(by));
}

#[test]
fn arrays_of_ndarray() {
    #[derive(serde::Deserialize, Debug)]
    struct Boxes {
        #[serde(with = "ndwire::array")]
        bbox: ndarray::Array1<f32>,
    }
    let boxes = [3.0, 300.0, 7.0, 0.0].map(|last| Boxes { bbox: ndarray::arr1(&[0.0, 1.0, 2.0, last]) });
    assert_eq!(alike!(&detections() => Vec<Boxes>), fine(boxes));
}
