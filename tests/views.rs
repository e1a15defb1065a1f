//! Values that are borrowed, and rows that are made of packed bytes.

use std::collections::BTreeMap;

use ndwire::value::Borrowed;
use ndwire::{
    Array, Columns, DType, DynArrayView, ErrorKind, Layout, List, Order, Schema, Value, ValueView, from_slice, to_vec,
};
use serde::{Deserialize, Serialize};

use Schema::{Map, Node, Optional, Scalar, Subarray, Tuple};

fn map(fields: &[(&str, Schema)]) -> Schema {
    Map(fields.iter().map(|(name, schema)| ((*name).into(), schema.clone())).collect())
}

#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
struct Sample {
    ts: i64,
    boxed: [f32; 2],
    ok: Option<bool>,
    inner: Inner,
}

#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
struct Inner {
    id: u8,
}

fn samples(count: u8) -> Vec<Sample> {
    let sample = |id| Sample {
        ts: i64::from(id) - 3,
        boxed: [0.5 * f32::from(id), f32::NEG_INFINITY],
        ok: (id % 3 > 0).then_some(id % 2 == 0),
        inner: Inner { id },
    };
    (0..count).map(sample).collect()
}

fn schema() -> Schema {
    let fields = [
        ("ts", Scalar(DType::I64)),
        ("boxed", Subarray(DType::F32, vec![2])),
        ("ok", Optional(DType::Bool)),
        ("inner", map(&[("id", Scalar(DType::U8))])),
    ];
    map(&fields)
}

/// In META and in DATA, alone, in a struct, in a list and as a node of a row.
#[test]
fn packed_rows_are_written_as_the_structs() {
    for count in [2, 20, 40, 200] {
        let samples = samples(count);
        let bytes = to_vec(&samples).unwrap();
        let Borrowed(ValueView::List(read)) = from_slice(&bytes).unwrap() else { panic!("a table") };
        assert_eq!((read.schema(), read.len(), read.as_array()), (Some(&schema()), usize::from(count), None));

        let made = List::packed(schema(), usize::from(count), read.bytes().to_vec()).unwrap();
        assert_eq!(to_vec(&made).unwrap(), bytes);
        assert_eq!(to_vec(&Value::from(made.clone())).unwrap(), bytes);
        let (one, other) = (BTreeMap::from([("a", &made)]), BTreeMap::from([("a", &samples)]));
        assert_eq!(to_vec(&one).unwrap(), to_vec(&other).unwrap());
        assert_eq!(to_vec(&[&made, &made]).unwrap(), to_vec(&[&samples, &samples]).unwrap());
        let rows = [(1u8, &made), (2, &made)];
        assert_eq!(to_vec(&rows).unwrap(), to_vec(&[(1u8, &samples), (2, &samples)]).unwrap());
        assert_eq!(
            from_slice::<Vec<(u8, Vec<Sample>)>>(&to_vec(&rows).unwrap()).unwrap(),
            [(1, samples.clone()), (2, samples)]
        );
    }
}

#[test]
fn rows_are_looked_at_one_by_one() {
    let bytes = to_vec(&samples(4)).unwrap();
    let Borrowed(ValueView::List(rows)) = from_slice(&bytes).unwrap() else { panic!("a table") };
    assert_eq!(
        format!("{:?}", rows.get(3).unwrap()),
        r#"{"ts": 0, "boxed": rows f32 n=2, "ok": nil, "inner": {"id": 3}}"#
    );
    assert!(rows.get(4).is_none());
    assert_eq!(
        format!("{rows:?}"),
        r#"rows {"ts": i64, "boxed": f32 [2], "ok": optional bool, "inner": {"id": u8}} n=4"#
    );
    assert_eq!(rows.schema().unwrap().width(), 8 + 8 + 2 + 1);

    let bytes = to_vec(&[(1u8, "a", 2.5f32), (2, "b", 3.5)]).unwrap();
    let Borrowed(ValueView::List(rows)) = from_slice(&bytes).unwrap() else { panic!("a table") };
    assert_eq!(rows.schema(), Some(&Tuple(vec![Scalar(DType::U8), Node, Scalar(DType::F32)])));
    assert_eq!(format!("{:?}", rows.get(1).unwrap()), r#"[2, "b", 3.5f32]"#);
    assert_eq!(rows.nodes(), ["a".into(), "b".into()]);
    assert_eq!(to_vec(&rows).unwrap(), bytes);
}

/// In other formats they are the list that they stand for.
#[test]
fn rows_are_natural_elsewhere() {
    let samples = samples(3);
    let bytes = to_vec(&samples).unwrap();
    let Borrowed(ValueView::List(read)) = from_slice(&bytes).unwrap() else { panic!("a table") };
    let made = List::packed(schema(), 3, read.bytes().to_vec()).unwrap();
    assert_eq!(serde_json::to_string(&made).unwrap(), serde_json::to_string(&samples).unwrap());
    assert_eq!(rmp_serde::to_vec_named(&made).unwrap(), rmp_serde::to_vec_named(&samples).unwrap());
}

/// Texts and bytes, arrays and rows are those of the input.
#[test]
fn a_view_borrows() {
    #[derive(Serialize)]
    struct Frame<'a> {
        name: &'a str,
        image: DynArrayView<'a>,
        samples: Vec<Sample>,
        list: Vec<f32>,
    }
    let image = DynArrayView::new(DType::U8, [2, 3], Order::ColumnMajor, vec![1, 2, 3, 4, 5, 6]).unwrap();
    let bytes = to_vec(&Frame { name: "north", image, samples: samples(100), list: vec![0.5; 300] }).unwrap();
    let Borrowed(ValueView::Map(map)) = from_slice(&bytes).unwrap() else { panic!("a struct is a map") };
    let within = |part: &[u8]| bytes.as_ptr_range().contains(&part.as_ptr());
    let [
        (_, ValueView::Str(name)),
        (_, ValueView::Array(image)),
        (_, ValueView::List(samples)),
        (_, ValueView::List(list)),
    ] = map.entries()
    else {
        panic!("{map:?}")
    };
    assert!(within(name.as_bytes()) && within(image.bytes()) && within(samples.bytes()) && within(list.bytes()));
    assert_eq!((image.order(), list.as_array().unwrap().shape()), (Order::ColumnMajor, &[300][..]));
}

/// A view as the field of a struct, alone and in rows.
#[test]
fn a_view_is_a_field() {
    #[derive(Deserialize)]
    struct Read<'a> {
        #[serde(borrow)]
        boxed: Borrowed<'a>,
        ok: Borrowed<'a>,
        inner: Borrowed<'a>,
    }
    for count in [1, 2, 50] {
        let bytes = to_vec(&samples(count)).unwrap();
        let read: Vec<Read<'_>> = from_slice(&bytes).unwrap();
        let shown = format!("{:?} {:?} {:?}", read[0].boxed.0, read[0].ok.0, read[0].inner.0);
        assert_eq!(shown, r#"rows f32 n=2 nil {"id": 0}"#);
    }
    // What another format cannot lend is copied.
    assert_eq!(serde_json::from_str::<Borrowed<'_>>(r#""\n""#).unwrap(), Borrowed("\n".into()));
}

#[test]
fn what_rows_cannot_be() {
    let u8s = Scalar(DType::U8);
    let deep = (0..8).fold(u8s.clone(), |inner, _| map(&[("m", inner)]));
    let many: Vec<(String, Schema)> = (0..1025).map(|index| (format!("f{index}"), u8s.clone())).collect();
    let long = "n".repeat(256);
    let table: &[(Schema, usize, usize, ErrorKind, &str)] = &[
        (u8s.clone(), 0, 0, ErrorKind::Shape, "rows of no element, expected an empty list"),
        (u8s.clone(), 2, 3, ErrorKind::Shape, "rows do not fit their schema: found 3 bytes, expected 2 rows of 1"),
        (
            u8s.clone(),
            usize::MAX,
            3,
            ErrorKind::Shape,
            "rows do not fit their schema: found 3 bytes, expected 18446744073709551615 rows of 1",
        ),
        (Subarray(DType::U8, vec![]), 1, 1, ErrorKind::Malformed, "subarray has rank-and-order 00, expected 1 to 7"),
        (Subarray(DType::U8, vec![0]), 1, 0, ErrorKind::Malformed, "subarray has a dim of 0"),
        (
            Subarray(DType::U8, vec![1; 8]),
            1,
            1,
            ErrorKind::Malformed,
            "subarray has rank-and-order 08, expected 1 to 7",
        ),
        (Subarray(DType::U64, vec![1 << 62, 4]), 1, 1, ErrorKind::Malformed, "a row is wider than 2147483647 bytes"),
        (map(&[]), 1, 0, ErrorKind::Malformed, "row schema has a map of no schema"),
        (
            map(&[("a", Scalar(DType::F16))]),
            1,
            2,
            ErrorKind::Shape,
            "a: rows cannot hold f16, expected bool, an integer of up to 64 bits, f32 or f64",
        ),
        (map(&[("a", map(&[("b", Node)]))]), 1, 0, ErrorKind::Shape, "a.b: packed rows cannot hold a node"),
        (
            map(&[("a", u8s.clone()), ("a", u8s.clone())]),
            1,
            2,
            ErrorKind::Malformed,
            "row schema has the name `a` twice in a map",
        ),
        (map(&[("", u8s.clone())]), 1, 1, ErrorKind::Malformed, "row schema has a name of 0 bytes, expected 1 to 255"),
        (
            map(&[(&long, u8s.clone())]),
            1,
            1,
            ErrorKind::Malformed,
            "row schema has a name of 256 bytes, expected 1 to 255",
        ),
        (
            map(&[(&"n".repeat(600), u8s.clone())]),
            1,
            1,
            ErrorKind::Malformed,
            "row schema has a name of 600 bytes, expected 1 to 255",
        ),
        (
            map(&[("m", deep)]),
            1,
            1,
            ErrorKind::Malformed,
            "row schema has more than 8 tuples and maps inside each other",
        ),
        (
            Map(many),
            1,
            1025,
            ErrorKind::Unsupported,
            "a row holds at most 1024 numbers and arrays: found 1025; write them as arrays of their own, or the rows as maps",
        ),
        (
            Tuple(vec![u8s.clone(), u8s.clone()]),
            1,
            2,
            ErrorKind::NotCanonical,
            "a tuple of one scalar or subarray, expected a subarray",
        ),
        (
            Tuple(vec![map(&[("a", u8s.clone())]), Tuple(vec![u8s.clone()])]),
            1,
            2,
            ErrorKind::NotCanonical,
            "a tuple of one scalar or subarray, expected a subarray",
        ),
        (Node, 0, 0, ErrorKind::Shape, "rows of no element, expected an empty list"),
        (Optional(DType::U8), 0, 0, ErrorKind::Shape, "rows of no element, expected an empty list"),
        (map(&[]), 0, 0, ErrorKind::Malformed, "row schema has a map of no schema"),
        (Scalar(DType::Bool), 1, 1, ErrorKind::Malformed, "bool is neither 0 nor 1"),
        (Optional(DType::U8), 1, 2, ErrorKind::Malformed, "presence byte is neither 0 nor 1"),
    ];
    for (schema, len, bytes, kind, message) in table {
        let error = List::packed(schema.clone(), *len, vec![2; *bytes]).unwrap_err();
        assert_eq!((error.kind(), &*error.to_string()), (*kind, *message), "{schema}");
    }
}

/// A table without rows keeps its columns, those of nodes too, in every type that keeps the form of lists.
#[test]
fn rows_of_no_element() {
    let schema = map(&[("a", Scalar(DType::U8)), ("b", Node), ("p", Tuple(vec![Node, Optional(DType::F32)]))]);
    let rows = List::packed(schema.clone(), 0, vec![]).unwrap();
    assert!(rows.is_empty() && rows.nodes().is_empty() && rows.get(0).is_none());
    let bytes = to_vec(&rows).unwrap();
    assert_eq!(bytes[16..], *b"\xD7\xB3\x81a\x10\x81b\xC0\x81p\xA2\xC0\xD5\x32\x00");
    let Borrowed(ValueView::List(read)) = from_slice(&bytes).unwrap() else { panic!("rows") };
    assert_eq!((read.schema(), read.len()), (Some(&schema), 0));
    let value: Value = from_slice(&bytes).unwrap();
    assert_eq!(format!("{value:?}"), r#"rows {"a": u8, "b": node, "p": (node, optional f32)} n=0"#);
    assert_eq!(
        [to_vec(&read).unwrap(), to_vec(&value).unwrap(), to_vec(&ValueView::List(read).into_owned()).unwrap()],
        [(); 3].map(|()| bytes.clone())
    );
    let empty = Value::List(ndwire::List::default());
    assert_eq!(value, empty);
    let Value::List(list) = value else { panic!("a list") };
    assert!(list.is_empty() && list.iter().next().is_none());
    assert_eq!(serde_json::to_string(&list).unwrap(), "[]");
    assert_eq!(to_vec(&("x", &list)).unwrap()[16..], [b"\xA2\x81x", &bytes[16..]].concat());
    // One that is changed is a list like others.
    let mut list = list;
    list.to_mut().push(Value::Nil);
    assert_eq!(to_vec(&list).unwrap()[16..], [0xA1, 0xC0]);
}

/// The levels of rows that are made count like those of rows that are written one by one.
#[test]
fn made_rows_are_not_nested_deeper_than_others() {
    fn around(levels: usize, rows: &List<'_>) -> ndwire::Result<Vec<u8>> {
        let bytes = to_vec(rows).unwrap();
        let read: Value = from_slice(&bytes).unwrap();
        let nest = (0..levels).fold(read, |inner, _| Value::from(vec![inner, Value::Nil]));
        to_vec(&nest)
    }
    fn views(levels: usize, rows: &List<'_>) -> ndwire::Result<Vec<u8>> {
        to_vec(&(0..levels).fold(ValueView::List(rows.clone()), |inner, _| ValueView::from(vec![inner])))
    }
    let rows = List::packed(map(&[("a", map(&[("b", Subarray(DType::U8, vec![4, 2]))]))]), 1, vec![7; 8]).unwrap();
    for (levels, kind) in [(122, None), (123, None), (124, Some(ErrorKind::TooDeep))] {
        assert_eq!(around(levels, &rows).err().map(|error| error.kind()), kind, "{levels}");
        assert_eq!(views(levels, &rows).err().map(|error| error.kind()), kind, "{levels}");
    }
}

#[test]
fn a_head_and_the_payload_are_the_value() {
    let elements = [1.0f32, 2.0, 3.0, 4.0, 5.0, 6.0];
    for shape in [&[6][..], &[2, 3], &[3, 1, 2], &[1, 1, 1, 1, 6]] {
        let bytes = to_vec(&Array::from_elements(shape, elements.to_vec()).unwrap()).unwrap();
        let head = DynArrayView::head(DType::F32, shape, Order::RowMajor).unwrap();
        assert_eq!(bytes[..head.len()], head);
        assert_eq!(bytes.len(), head.len() + 24);
    }
    let empty = DynArrayView::head(DType::F64, &[0, 3], Order::ColumnMajor).unwrap();
    assert_eq!(empty, to_vec(&Array::<f64>::from_elements([0, 3], vec![]).unwrap()).unwrap());
    assert_eq!(Layout::of(&empty).unwrap().to_string(), "array f64 [0, 3]\n");
    let error = DynArrayView::head(DType::F64, &[1; 33], Order::RowMajor).unwrap_err();
    assert_eq!((error.kind(), &*error.to_string()), (ErrorKind::TooLarge, "rank 33 exceeds the limit of 32"));
    let error = DynArrayView::head(DType::F64, &[1 << 60, 8], Order::RowMajor).unwrap_err();
    assert_eq!(error.to_string(), "shape [1152921504606846976, 8] of f64 exceeds the largest payload");
}

/// Columns give the bytes that rows have.
#[test]
fn columns_and_rows_are_the_same() {
    let none: &[String] = &[];
    let array = ndwire::ArrayView::<f64>::from_elements([0, 3], &[]).unwrap();
    let bytes = to_vec(&Columns::new().with("a", &[0u8; 0]).with("t", none).with("v", array)).unwrap();
    let schema = map(&[("a", Scalar(DType::U8)), ("t", Node), ("v", Subarray(DType::F64, vec![3]))]);
    assert_eq!(to_vec(&List::packed(schema, 0, vec![]).unwrap()).unwrap(), bytes);
    // What no row can be.
    let array = ndwire::ArrayView::<f64>::from_elements([0, 0], &[]).unwrap();
    assert_eq!(to_vec(&Columns::new().with("v", array)).unwrap()[16..], [0xA0]);
    assert_eq!(to_vec(&Columns::new().with("", &[0u8; 0])).unwrap()[16..], [0xA0]);

    let bytes = to_vec(&Columns::new().with("a", &[1u8, 2]).with("b", &[3u16, 4])).unwrap();
    let rows = List::packed(map(&[("a", Scalar(DType::U8)), ("b", Scalar(DType::U16))]), 2, &[1, 3, 0, 2, 4, 0][..]);
    assert_eq!(to_vec(&rows.unwrap()).unwrap(), bytes);
}

/// Also where lists of bytes are equally long, and so packed as one.
#[test]
fn bytes_are_borrowed_whatever_their_lengths() {
    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    struct Keys<'a> {
        #[serde(borrow)]
        keys: Vec<&'a [u8]>,
    }
    for keys in [vec![&b"ab"[..], b"c"], vec![b"ab", b"cd"], vec![b"ab"], vec![&[7; 600], &[8; 600]], vec![b"", b""]] {
        let bytes = to_vec(&keys).unwrap();
        assert_eq!(from_slice::<Vec<&[u8]>>(&bytes).unwrap(), keys);
        let bytes = to_vec(&Keys { keys: keys.clone() }).unwrap();
        assert_eq!(from_slice::<Keys<'_>>(&bytes).unwrap(), Keys { keys });
    }
    let bytes = to_vec(&(&b"ab"[..], &b"cd"[..])).unwrap();
    assert_eq!(from_slice::<(&[u8], &[u8])>(&bytes).unwrap(), (&b"ab"[..], &b"cd"[..]));
    let bytes = to_vec(&[([*b"ab", *b"cd"], 1u8), ([*b"ef", *b"gh"], 2)]).unwrap();
    assert_eq!(from_slice::<Vec<([&[u8]; 2], u8)>>(&bytes).unwrap()[1], ([&b"ef"[..], b"gh"], 2));
    let bytes = to_vec(&[[1u8, 2], [3, 4]]).unwrap();
    let rows: Vec<ndwire::ArrayView<'_, u8>> = from_slice(&bytes).unwrap();
    assert!(rows.iter().all(|row| row.is_borrowed()));
}
