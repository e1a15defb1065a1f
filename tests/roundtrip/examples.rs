//! The second writer against the examples of the specification: who judges others is judged by the text.

use super::form::{Shape, form, join, shape};
use super::model::{Data, ListEvents};
use super::oracle;
use super::tables::{record, tuple};

fn section<'a>(text: &'a str, heading: &str) -> impl Iterator<Item = Vec<&'a str>> + use<'a> {
    let (_, section) = text.split_once(&format!("# {heading}")).expect("the section is there");
    let section = section.split("\n## ").next().unwrap().split("\n### ").next().unwrap();
    let cells = |line: &'a str| line.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`')).collect();
    section.lines().filter(|line| line.starts_with('|')).map(cells)
}

fn meta(data: &Data) -> String {
    let value = oracle::encode(data);
    let len = u32::from_le_bytes(value[8..12].try_into().unwrap()) as usize;
    let meta: Vec<String> = value[16..16 + len].iter().map(|byte| format!("{byte:02X}")).collect();
    meta.join(" ")
}

fn some(data: Data) -> Data {
    Data::Some(data.into())
}

fn text(text: &str) -> Data {
    Data::Str(text.into())
}

fn bytes(elements: &[u8]) -> impl Iterator<Item = Data> + '_ {
    elements.iter().map(|&byte| Data::U8(byte))
}

/// What an example of 5.5 stands for.
fn example(written: &str) -> Option<Data> {
    let a = |value: Data| record(&[("a", value)]);
    let p = |value: Data| record(&[("p", value)]);
    let ab = |a: Data, b: Data| record(&[("a", a), ("b", b)]);
    Some(match written {
        "[1.0f32, 2.0]" => Data::list([Data::F32(1.0), Data::F32(2.0)]),
        "[7u8]" => Data::list([Data::U8(7)]),
        "[Some(1u8), None]" => Data::list([some(Data::U8(1)), Data::None]),
        "[None, Some(1u8)]" => Data::list([Data::None, some(Data::U8(1))]),
        "[None, None]` of any type" => Data::list([Data::None, Data::None]),
        "[Some(None), Some(Some(1u8))]" => Data::list([some(Data::None), some(some(Data::U8(1)))]),
        "[[1u8, 2, 3], [4, 5, 6]]`, arrays" => Data::list([tuple(bytes(&[1, 2, 3])), tuple(bytes(&[4, 5, 6]))]),
        "[[1u8, 2, 3], [4, 5, 6]]`, as vectors" => {
            Data::list([Data::list(bytes(&[1, 2, 3])), Data::list(bytes(&[4, 5, 6]))])
        }
        "[[1u8, 2], [3]]`, as vectors" => Data::list([Data::list(bytes(&[1, 2])), Data::list(bytes(&[3]))]),
        "[[], [1u8]]`, as vectors" => Data::list([Data::list([]), Data::list(bytes(&[1]))]),
        "(1u8, 2u8)" => tuple(bytes(&[1, 2])),
        "(1u8, 2u16)" => tuple([Data::U8(1), Data::U16(2)]),
        "[(1u8, 2u16), (3, 4)]" => {
            Data::list([(1, 2), (3, 4)].map(|(one, other)| tuple([Data::U8(one), Data::U16(other)])))
        }
        "[(1u8, 2u16)]" => Data::list([tuple([Data::U8(1), Data::U16(2)])]),
        "[(1u8, Some(2u8)), (3, None)]" => {
            Data::list([tuple([Data::U8(1), some(Data::U8(2))]), tuple([Data::U8(3), Data::None])])
        }
        "[(1u8,), (None,)]`, options" => Data::list([tuple([some(Data::U8(1))]), tuple([Data::None])]),
        "[(1u8, \"x\"), (3, \"y\")]" => Data::list([tuple([Data::U8(1), text("x")]), tuple([Data::U8(3), text("y")])]),
        "[((1u8, 2u16), 3u8)]" => Data::list([tuple([tuple([Data::U8(1), Data::U16(2)]), Data::U8(3)])]),
        "[[Some(1u8), None], [Some(2), Some(3)]]`, arrays" => {
            Data::list([tuple([some(Data::U8(1)), Data::None]), tuple([some(Data::U8(2)), some(Data::U8(3))])])
        }
        "[{a: 1u8, b: 2u16}, {a: 3, b: 4}]`, structs" => {
            Data::list([ab(Data::U8(1), Data::U16(2)), ab(Data::U8(3), Data::U16(4))])
        }
        "[{a: 1u8, b: 2u16}]" => Data::list([ab(Data::U8(1), Data::U16(2))]),
        "[{a: 1u8, b: \"x\"}, {a: 2, b: \"y\"}]" => {
            Data::list([ab(Data::U8(1), text("x")), ab(Data::U8(2), text("y"))])
        }
        "[({a: 1u8}, {a: 2u8})]" => Data::list([tuple([a(Data::U8(1)), a(Data::U8(2))])]),
        "({a: 1u8}, {a: 2u8})" => tuple([a(Data::U8(1)), a(Data::U8(2))]),
        "[{p: [1u8, 2]}, {p: [3, 4]}]`, `p` an array" => {
            Data::list([p(tuple(bytes(&[1, 2]))), p(tuple(bytes(&[3, 4])))])
        }
        "[{p: [1u8, 2]}, {p: [3, 4]}]`, `p` a vector" => {
            Data::list([p(Data::list(bytes(&[1, 2]))), p(Data::list(bytes(&[3, 4])))])
        }
        "[{p: (1u8, 2u16)}]" => Data::list([p(tuple([Data::U8(1), Data::U16(2)]))]),
        "[{a: None}, {a: None}]" => Data::list([a(Data::None), a(Data::None)]),
        "[{a: 1u8}, {b: 2u8}]" => Data::list([a(Data::U8(1)), record(&[("b", Data::U8(2))])]),
        "[[[[7u8]]]]`, arrays (24 x 3 is over 64 x 1)" => tuple([tuple([tuple([tuple([Data::U8(7)])])])]),
        "[\"a\", \"b\"]" => Data::list([text("a"), text("b")]),
        "[5u128, 6u128]" => Data::list([Data::U128(5), Data::U128(6)]),
        "Some(Some(1u8))" => some(some(Data::U8(1))),
        "[Some([1u8, 2]), Some([3, 4])]`, arrays" => {
            Data::list([some(tuple(bytes(&[1, 2]))), some(tuple(bytes(&[3, 4])))])
        }
        _ => return None,
    })
}

const SPEC: &str = include_str!("../../SPEC.md");
const VECTORS: &str = include_str!("../../docs/vectors.md");

#[test]
fn every_example_of_the_form_of_a_list() {
    let rows = section(SPEC, "5.5 ").skip_while(|row| row[0] != "elements, as Rust").skip(2);
    let checked = rows.map(|row| {
        let data = example(row[0]).unwrap_or_else(|| panic!("an example that is not known: {}", row[0]));
        assert_eq!(meta(&data), row[1], "{}", row[0]);
    });
    assert_eq!(checked.count(), 34);
}

/// Those that a fixed writer would write.
#[test]
fn rows_that_are_accepted() {
    let inner = |value: Data| record(&[("a", record(&[("b", value)]))]);
    let words = |rows: &[u16]| tuple(rows.iter().map(|&word| tuple([Data::U16(word)])));
    let examples = [
        ("rows bool n=2", Data::list([Data::Bool(true), Data::Bool(false)])),
        ("rows optional f32 n=2", Data::list([some(Data::F32(1.0)), Data::None])),
        ("rows u16 [2, 1] n=2", Data::list([words(&[1, 2]), words(&[3, 4])])),
        ("rows {\"a\": {\"b\": optional u8}} n=2", Data::list([inner(Data::U8(7)), inner(Data::None)])),
        ("rows {\"a\": node} n=2", Data::list([Data::None, Data::U128(5)].map(|value| record(&[("a", value)])))),
        ("rows (u8, node) n=1", Data::list([tuple([Data::U8(7), text("hi")])])),
        ("rows (u8, {\"a\": u16}) n=1", Data::list([tuple([Data::U8(1), record(&[("a", Data::U16(2))])])])),
        ("rows (u8, (u8, u16)) n=1", Data::list([tuple([Data::U8(1), tuple([Data::U8(2), Data::U16(3)])])])),
        ("rows {\"a\": (u8, u16)} n=1", Data::list([record(&[("a", tuple([Data::U8(1), Data::U16(2)]))])])),
        (
            "rows (({\"a\": u64})) n=1",
            Data::list([tuple([tuple([record(&[("a", Data::U64(0x0807_0605_0403_0201))])])])]),
        ),
    ];
    for (notation, data) in examples {
        let row = section(VECTORS, "Accepted").find(|row| row.last() == Some(&notation));
        let row = row.unwrap_or_else(|| panic!("docs/vectors.md has no row {notation}"));
        assert_eq!(meta(&data), row[0], "{notation}");
    }
}

#[test]
fn the_table_of_the_join() {
    let of = |name: &str| match name {
        "nil" => Shape::Nil,
        "scalar d" => Shape::Scalar(0x10),
        "optional d" => Shape::Optional(0x10),
        "node" => Shape::Node,
        _ => panic!("no shape: {name}"),
    };
    let names = ["nil", "scalar d", "optional d"];
    let others = [Shape::Node, Shape::Scalar(0x11), Shape::Optional(0x11), Shape::Tuple(vec![Shape::Nil])];
    let mut checked = 0;
    for row in section(SPEC, "5.5 ").filter(|row| row.len() == 5 && names.contains(&row[0])) {
        for (name, result) in names.iter().zip(&row[1..]) {
            assert_eq!(join(of(row[0]), of(name)), of(result), "{} and {name}", row[0]);
            checked += 1;
        }
        for other in others.iter().filter(|other| row[0] != "nil" || matches!(other, Shape::Node | Shape::Tuple(_))) {
            assert_eq!(join(of(row[0]), other.clone()), of(row[4]), "{} and {other:?}", row[0]);
        }
    }
    assert_eq!(checked, 9);
}

/// Of every three shapes of a small world, also of tuples and maps of them, any order and grouping gives the same.
#[test]
fn the_join_is_commutative_and_associative() {
    let leaves = [Shape::Nil, Shape::Scalar(0x10), Shape::Scalar(0x32), Shape::Optional(0x10), Shape::Node];
    let mut shapes = leaves.to_vec();
    for one in &leaves {
        shapes.push(Shape::Map(vec![("a".into(), one.clone())]));
        shapes.push(Shape::Tuple(vec![Shape::Tuple(vec![one.clone()])]));
        shapes.push(Shape::Tuple(vec![one.clone(); 17]));
        shapes.extend(leaves.iter().map(|other| Shape::Tuple(vec![one.clone(), other.clone()])));
    }
    // No element has an uneven tuple of over 16.
    shapes.retain(
        |shape| !matches!(shape, Shape::Tuple(places) if places.len() > 16 && !matches!(places[0], Shape::Scalar(_))),
    );
    for a in &shapes {
        for b in &shapes {
            assert_eq!(join(a.clone(), b.clone()), join(b.clone(), a.clone()), "{a:?} {b:?}");
            for c in &shapes {
                let left = join(join(a.clone(), b.clone()), c.clone());
                assert_eq!(left, join(a.clone(), join(b.clone(), c.clone())), "{a:?} {b:?} {c:?}");
            }
        }
    }
}

/// The limits, in the order in which they go.
#[test]
fn limits_of_shapes() {
    let nest = |depth: usize, inner: Data| (0..depth).fold(inner, |inner, _| tuple([inner, Data::None]));
    fn depth(shape: &Shape) -> usize {
        match shape {
            Shape::Tuple(places) => 1 + places.iter().map(depth).max().unwrap(),
            _ => 0,
        }
    }
    // The ninth is a node, also if it is even, and what held it is even no more.
    assert_eq!(depth(&shape(&nest(8, Data::U8(1)), 0)), 8);
    assert_eq!(depth(&shape(&nest(9, Data::U8(1)), 0)), 8);
    assert_eq!(depth(&shape(&nest(8, tuple([Data::U8(1)])), 0)), 8);
    let even = |depth: usize| (0..depth).fold(Data::U8(1), |inner, _| tuple(vec![inner; 2]));
    assert_eq!(shape(&even(1), 8), Shape::Node);
    assert_eq!(shape(&even(2), 7), Shape::Tuple(vec![Shape::Node; 2]));
    // A long tuple of such is a node, because it is not even.
    assert_eq!(shape(&tuple(vec![even(1); 17]), 7), Shape::Node);
    assert_ne!(shape(&tuple(vec![even(1); 17]), 6), Shape::Node);
    // 1,024 leaves; the inner one that has more becomes one leaf of the outer.
    let wide = |leaves: usize| {
        let places = (0..leaves).collect::<Vec<_>>();
        let tens = places.chunks(16).map(|part| tuple(part.iter().map(|_| Data::None)));
        let hundreds: Vec<Data> = tens.collect();
        Data::List(ListEvents::Tuple, hundreds.chunks(16).map(|part| tuple(part.iter().cloned())).collect())
    };
    assert_ne!(shape(&wide(1024), 0), Shape::Node);
    assert_eq!(shape(&wide(1025), 0), Shape::Node);
    let Shape::Tuple(places) = shape(&tuple([wide(1025), Data::U8(1)]), 0) else { panic!("no tuple") };
    assert_eq!(places, [Shape::Node, Shape::Scalar(0x10)]);
    // An even tuple is one leaf, whatever it holds.
    assert!(form(&[tuple(vec![tuple((0..2000).map(|_| Data::U8(1))), Data::None])]).is_some());
}
