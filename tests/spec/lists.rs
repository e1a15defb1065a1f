//! Sections 5.5 and 5.6 of SPEC.md: which form a list has.

use ndwire::to_vec;
use serde::Serialize;
use serde::ser::{SerializeTuple, Serializer};

use super::{SPEC, hex, section, table, value};

/// A tuple of so many numbers, the last one of another type.
pub(crate) struct Uneven(pub(crate) usize);

impl Serialize for Uneven {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut tuple = serializer.serialize_tuple(self.0)?;
        (1..self.0).try_for_each(|_| tuple.serialize_element(&1u8))?;
        tuple.serialize_element(&1u16)?;
        tuple.end()
    }
}

#[derive(Serialize, Clone)]
struct A<T> {
    a: T,
}

#[derive(Serialize)]
struct Ab<T, U> {
    a: T,
    b: U,
}

#[derive(Serialize)]
struct P<T> {
    p: T,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Either {
    A { a: u8 },
    B { b: u8 },
}

/// The Rust text of the table of 5.5 as the value it stands for.
fn encoded(text: &str) -> Vec<u8> {
    match text {
        "[1.0f32, 2.0]" => to_vec(&[1.0f32, 2.0]),
        "[7u8]" => to_vec(&[7u8]),
        "[Some(1u8), None]" => to_vec(&[Some(1u8), None]),
        "[None, Some(1u8)]" => to_vec(&[None, Some(1u8)]),
        "[None, None]` of any type" => {
            assert_eq!(to_vec(&[(), ()]).unwrap(), to_vec(&[None::<String>, None]).unwrap());
            to_vec(&[None::<f32>, None])
        }
        "[Some(None), Some(Some(1u8))]" => to_vec(&[Some(None), Some(Some(1u8))]),
        "[[1u8, 2, 3], [4, 5, 6]]`, arrays" => to_vec(&[[1u8, 2, 3], [4, 5, 6]]),
        "[[1u8, 2, 3], [4, 5, 6]]`, as vectors" => to_vec(&vec![vec![1u8, 2, 3], vec![4, 5, 6]]),
        "[[1u8, 2], [3]]`, as vectors" => to_vec(&vec![vec![1u8, 2], vec![3]]),
        "[[], [1u8]]`, as vectors" => to_vec(&vec![vec![], vec![1u8]]),
        "(1u8, 2u16)" => to_vec(&(1u8, 2u16)),
        "[(1u8, 2u16), (3, 4)]" => to_vec(&[(1u8, 2u16), (3, 4)]),
        "[(1u8, 2u16)]" => to_vec(&[(1u8, 2u16)]),
        "[(1u8, Some(2u8)), (3, None)]" => to_vec(&[(1u8, Some(2u8)), (3, None)]),
        "[(1u8,), (None,)]`, options" => to_vec(&[(Some(1u8),), (None,)]),
        "[((1u8, 2u16), 3u8)]" => to_vec(&[((1u8, 2u16), 3u8)]),
        "[[Some(1u8), None], [Some(2), Some(3)]]`, arrays" => to_vec(&[[Some(1u8), None], [Some(2), Some(3)]]),
        "[{p: (1u8, 2u16)}]" => to_vec(&[P { p: (1u8, 2u16) }]),
        "[(1u8, \"x\"), (3, \"y\")]" => to_vec(&[(1u8, "x"), (3, "y")]),
        "[{a: 1u8, b: 2u16}, {a: 3, b: 4}]`, structs" => to_vec(&[Ab { a: 1u8, b: 2u16 }, Ab { a: 3, b: 4 }]),
        "[{a: 1u8, b: 2u16}]" => to_vec(&[Ab { a: 1u8, b: 2u16 }]),
        "[{a: 1u8, b: \"x\"}, {a: 2, b: \"y\"}]" => to_vec(&[Ab { a: 1u8, b: "x" }, Ab { a: 2, b: "y" }]),
        "[({a: 1u8}, {a: 2u8})]" => to_vec(&[(A { a: 1u8 }, A { a: 2u8 })]),
        "({a: 1u8}, {a: 2u8})" => to_vec(&(A { a: 1u8 }, A { a: 2u8 })),
        "[{p: [1u8, 2]}, {p: [3, 4]}]`, `p` an array" => to_vec(&[P { p: [1u8, 2] }, P { p: [3, 4] }]),
        "[{p: [1u8, 2]}, {p: [3, 4]}]`, `p` a vector" => to_vec(&[P { p: vec![1u8, 2] }, P { p: vec![3, 4] }]),
        "[{a: None}, {a: None}]" => to_vec(&[A { a: None::<u8> }, A { a: None }]),
        "[{a: 1u8}, {b: 2u8}]" => to_vec(&[Either::A { a: 1u8 }, Either::B { b: 2u8 }]),
        "(1u8, 2u8)" => to_vec(&(1u8, 2u8)),
        "[[[[7u8]]]]`, arrays (24 x 3 is over 64 x 1)" => to_vec(&[[[[7u8]]]]),
        "Some(Some(1u8))" => to_vec(&Some(Some(1u8))),
        "[Some([1u8, 2]), Some([3, 4])]`, arrays" => to_vec(&[Some([1u8, 2]), Some([3, 4])]),
        "[5u128, 6u128]" => to_vec(&[5u128, 6u128]),
        "[\"a\", \"b\"]" => to_vec(&["a", "b"]),
        other => panic!("SPEC.md has a list that this test does not know: {other:?}"),
    }
    .unwrap()
}

#[test]
fn the_form_of_a_list() {
    let rows = table(SPEC, "5.5 The form", &["elements, as Rust", "META"]);
    assert!(rows.len() >= 34, "{} rows", rows.len());
    for row in rows {
        assert_eq!(encoded(&row[0]), value(&hex(&row[1]), &[]), "{}", row[0]);
    }
}

/// The table of the join, by the lists of the elements that have these shapes.
#[test]
fn the_join_of_two_elements() {
    #[derive(Serialize, Clone)]
    #[serde(untagged)]
    enum Element {
        Scalar(u8),
        Wider(u16),
        Nil(()),
        Vector(Vec<u8>),
        Tuple((u8, u8)),
        Map(A<u8>),
        Node(char),
    }
    /// Lists of elements whose join is this shape: an optional takes two, and may begin with either.
    fn elements(name: &str, other: &str) -> Vec<Vec<Element>> {
        let (scalar, nil) = (Element::Scalar(1), Element::Nil(()));
        match name {
            "nil" => vec![vec![nil]],
            "scalar d" => vec![vec![scalar]],
            "optional d" => vec![vec![scalar.clone(), nil.clone()], vec![nil, scalar]],
            "anything else" => {
                let mut found = vec![
                    vec![Element::Vector(vec![1, 2])],
                    vec![Element::Tuple((1, 2))],
                    vec![Element::Map(A { a: 1 })],
                    vec![Element::Node('x')],
                ];
                // Another scalar is anything else to a scalar, but not to nil.
                if other != "nil" {
                    found.push(vec![Element::Wider(1)]);
                    found.push(vec![Element::Nil(()), Element::Wider(1)]);
                }
                found
            }
            other => panic!("SPEC.md has a shape that this test does not know: {other:?}"),
        }
    }
    let names = ["", "nil", "scalar d", "optional d", "anything else"];
    let rows = table(SPEC, "5.5 The form", &names);
    assert_eq!(rows.len(), 3);
    let mut checked = 0;
    for row in &rows {
        for (name, joined) in names.iter().zip(row).skip(1) {
            for (left, right) in [(row[0].as_str(), *name), (*name, row[0].as_str())] {
                let lists = elements(left, right).into_iter().flat_map(|first| {
                    elements(right, left).into_iter().map(move |second| [first.clone(), second].concat())
                });
                for list in lists {
                    let meta = to_vec(&list).unwrap()[16..].to_vec();
                    let plain = [0xA0 + list.len() as u8];
                    let head: &[u8] = match joined.as_str() {
                        "optional d" => &[0xD7, 0xD5, 0x10],
                        "scalar d" => &[0xD7, 0x10],
                        "nil" | "node" => &plain,
                        other => panic!("SPEC.md has a shape that this test does not know: {other:?}"),
                    };
                    assert!(meta.starts_with(head), "{left} and {right}: {meta:02X?}");
                    checked += 1;
                }
            }
        }
    }
    assert_eq!(checked, 76);
}

/// Elements of one type in another form: the elements of the table of 5.6, and the META of its form.
#[test]
fn the_form_is_not_that_of_the_type() {
    #[derive(Serialize)]
    struct Skipping {
        a: u8,
        #[serde(skip_serializing_if = "Option::is_none")]
        b: Option<u8>,
    }
    #[derive(Serialize)]
    enum Variant {
        A(u8),
        B(u8),
    }
    let ab = || Ab { a: 1u8, b: 2u8 };
    for row in table(SPEC, "5.6 Elements", &["elements of one type", "form"]) {
        let (list, column) = match row[0].as_str() {
            "a column in which all are none" => (to_vec(&[P { p: None::<u8> }, P { p: None }]), None),
            "one none among `[f32; 2]" => {
                let elements = [Some([1.0f32, 2.0]), None];
                (to_vec(&elements), Some(to_vec(&elements.map(|p| P { p }))))
            }
            "Option<Struct>`, one of them none" => {
                (to_vec(&[Some(ab()), None]), Some(to_vec(&[P { p: Some(ab()) }, P { p: None }])))
            }
            "a field that is skipped if it has no value (`skip_serializing_if`)" => {
                let elements = || [Skipping { a: 1, b: None }, Skipping { a: 3, b: Some(4) }];
                let alike = to_vec(&[Skipping { a: 3, b: Some(4) }, Skipping { a: 5, b: Some(6) }]).unwrap();
                assert_eq!(alike[16..18], [0xD7, 0xB2]);
                (to_vec(&elements()), Some(to_vec(&elements().map(|p| P { p }))))
            }
            "variants of an enum that are not all the same" => {
                let elements = || [Variant::A(1), Variant::B(2)];
                (to_vec(&elements()), Some(to_vec(&elements().map(|p| P { p }))))
            }
            "maps whose keys are in another order (a `HashMap`)" => {
                let elements = || [[("a", 1), ("b", 2)], [("b", 3), ("a", 4)]].map(Entries);
                (to_vec(&elements()), Some(to_vec(&elements().map(|p| P { p }))))
            }
            "no element" => (to_vec(&Vec::<Ab<u8, u8>>::new()), None),
            other => panic!("SPEC.md has elements that this test does not know: {other:?}"),
        };
        let head = match row[1].as_str() {
            "a plain list" | "a plain list, unless all have it or none has" => vec![0xA2],
            "a node leaf of nils, not an optional" => hex("D7 B1 81 70 C0 02 C0 C0"),
            "A0`, without dtype or columns" => vec![0xA0],
            other => panic!("SPEC.md has a form that this test does not know: {other:?}"),
        };
        assert!(list.unwrap()[16..].starts_with(&head), "{}", row[0]);
        assert_eq!(column.is_some(), head == [0xA2], "{}", row[0]);
        if let Some(column) = column {
            assert!(column.unwrap()[16..].starts_with(&hex("D7 B1 81 70 C0 02")), "{} in a column", row[0]);
        }
    }
}

/// A map of these entries, in this order.
struct Entries([(&'static str, u8); 2]);

impl Serialize for Entries {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0)
    }
}

/// Elements of 256 leaves and a few, whose join has 256 for each of them: each parts its own even tuples by a none.
fn parted<const N: usize>() -> [[[[Option<u8>; 16]; 16]; N]; N] {
    let mut elements = [[[[Some(1); 16]; 16]; N]; N];
    (0..N).for_each(|index| elements[index][index].iter_mut().for_each(|tuple| tuple[0] = None));
    elements
}

/// What parts even tuples into their places makes more leaves of them than any element has; and rank 8 is no subarray.
#[test]
fn a_shape_that_is_no_schema() {
    assert!(section(SPEC, "5.5 The form").contains("parts even tuples into their places"));
    assert_eq!(to_vec(&parted::<4>()).unwrap()[16..18], hex("D7 A4"));
    assert_eq!(to_vec(&parted::<5>()).unwrap()[16], 0xA5);
    let seven = [[[[[[[7u8; 2]; 2]; 2]; 2]; 2]; 2]; 2];
    assert_eq!(to_vec(&[seven]).unwrap()[16..20], hex("D7 D6 10 07"));
    assert_eq!(to_vec(&[[seven; 2]]).unwrap()[16..21], hex("A1 D7 D6 10 07"));
    assert_eq!(to_vec(&[P { p: [seven; 2] }]).unwrap()[16..22], hex("D7 B1 81 70 A2 A2"));
}

#[derive(Serialize)]
struct Sample {
    ts: i64,
    x: f32,
    y: f32,
    ok: bool,
}

/// What a list of one struct costs as rows: the plain list is its count and the struct.
#[test]
fn one_row_costs_what_the_rationale_says() {
    fn costs<T: Serialize>(element: T) -> [String; 2] {
        let plain = 1 + to_vec(&element).unwrap().len();
        let bytes = to_vec(&[element]).unwrap();
        assert_eq!(bytes[16], 0xD7);
        [bytes.len(), plain].map(|len| format!("{len} bytes"))
    }
    let rows = table(include_str!("../../docs/rationale.md"), "Rows", &["one struct", "as rows", "as a plain list"]);
    let found: Vec<Vec<String>> = [
        ("{a: 1u8, b: 2u16}", costs(Ab { a: 1u8, b: 2u16 })),
        ("{ts: 1000i64, x: 1.0f32, y: -0.5f32, ok: true}", costs(Sample { ts: 1000, x: 1.0, y: -0.5, ok: true })),
        ("{a: 1u64, b: 2u64}", costs(Ab { a: 1u64, b: 2u64 })),
    ]
    .map(|(element, [rows, plain])| vec![element.to_owned(), rows, plain])
    .into();
    assert_eq!(rows, found);
}
