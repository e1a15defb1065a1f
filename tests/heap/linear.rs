//! Lists whose rows keep changing take time in proportion to their length: measured as the bytes that the writer ever asks for, and
//! those it asks for again when a vector grows. They are the same for each row, however many there are.

use super::*;

/// A row of as many fields as it says.
#[derive(Clone)]
struct Wide(Vec<Leaf>);

#[derive(Clone, Serialize)]
#[serde(untagged)]
enum Leaf {
    Byte(u8),
    Float(f32),
    Nil,
    Text(&'static str),
    Pair((u8, u16)),
}

const FIELDS: [&str; 64] = {
    const LETTERS: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdef";
    let mut fields = [""; 64];
    let mut at = 0;
    while at < 64 {
        fields[at] = LETTERS.split_at(at).1.split_at(2).0;
        at += 1;
    }
    fields
};

impl Serialize for Wide {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut row = serializer.serialize_struct("Wide", self.0.len())?;
        FIELDS.iter().zip(&self.0).try_for_each(|(name, leaf)| row.serialize_field(name, leaf))?;
        row.end()
    }
}

/// A list through `serialize_element` instead of `collect_seq`.
struct OneByOne<'a, T>(&'a [T]);

impl<T: Serialize> Serialize for OneByOne<'_, T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeSeq;
        let mut list = serializer.serialize_seq(None)?;
        self.0.iter().try_for_each(|element| list.serialize_element(element))?;
        list.end()
    }
}

/// What is asked for in all, for each byte of the value.
fn asked_per_byte(list: &impl Serialize) -> f64 {
    let before = TOTAL.get();
    let bytes = to_vec(list).unwrap();
    (TOTAL.get() - before) as f64 / bytes.len() as f64
}

/// For a thousand rows, two and four thousand: at most so many bytes for each byte of the value, and no more for more rows.
#[track_caller]
fn linear<T: Serialize>(what: &str, most: f64, row: impl Fn(usize, usize) -> T) {
    let rows = |count: usize| (0..count).map(|n| row(n, count)).collect::<Vec<T>>();
    let mut found = Vec::new();
    for count in [1_000, 2_000, 4_000] {
        let rows = rows(count);
        found.push(asked_per_byte(&rows).max(asked_per_byte(&OneByOne(&rows))));
    }
    println!("{what}: {found:.2?}");
    assert!(found.iter().all(|&asked| asked <= most), "{what}: {found:.2?} bytes asked for each byte, at most {most}");
    // A vector that has just doubled, and one that is about to, differ by a factor of two at most.
    assert!(found[2] <= 2.0 * found[0] + 1.0, "{what}: grows with the number of rows: {found:.2?}");
}

#[test]
fn rows_that_keep_changing_take_linear_time() {
    use Leaf::{Byte, Float, Nil, Pair, Text};
    let row = |leaves: &[Leaf]| Wide(leaves.to_vec());
    linear("rows that are alike", 4.0, |n, _| row(&[Byte(n as u8), Float(0.5), Byte(1)]));
    linear("two shapes by turns", 30.0, |n, _| match n % 2 {
        0 => row(&[Byte(1), Float(0.5), Byte(1)]),
        _ => row(&[Float(0.5), Float(0.5), Byte(1)]),
    });
    linear("a scalar, then nil, by turns", 32.0, |n, _| {
        row(&[Byte(1), if n % 2 == 0 { Nil } else { Byte(7) }, Float(0.5)])
    });
    linear("text and scalars by turns", 14.0, |n, _| {
        row(&[if n % 2 == 0 { Text("text") } else { Byte(7) }, Float(0.5)])
    });
    linear("a misfit in another field at every row", 4.0, |n, _| {
        let mut leaves = vec![Byte(1); 64];
        leaves[n % 64] = Float(0.5);
        Wide(leaves)
    });
    linear("64 leaves, one of which becomes weaker at every row", 6.0, |n, count| {
        let weak = n * 64 / count;
        Wide((0..64).map(|leaf| if leaf < weak { Text("x") } else { Byte(1) }).collect())
    });
    linear("64 leaves, one of which becomes optional at every row", 4.0, |n, _| {
        Wide((0..64).map(|leaf| if leaf == n % 64 { Nil } else { Byte(1) }).collect())
    });
    linear("tuples in a row of another form by turns", 30.0, |n, _| {
        row(&[Byte(1), if n % 2 == 0 { Pair((1, 2)) } else { Byte(1) }, Text("text")])
    });
    linear("plain at the last row", 7.0, |n, count| match n + 1 == count {
        true => Wide(vec![]),
        false => row(&[Byte(1), Float(0.5), Text("text")]),
    });
    linear("plain from the first rows on", 6.0, |n, _| match n % 2 {
        0 => Wide(vec![]),
        _ => row(&[Byte(1), Float(0.5), Text("text")]),
    });
    linear("a table in each row, of another form by turns", 51.0, |n, _| {
        let inner = |n: usize| {
            (0..4).map(|m| Wide(vec![if m == n % 4 { Nil } else { Byte(1) }, Float(0.5)])).collect::<Vec<_>>()
        };
        BTreeMap::from([("one", inner(n)), ("other", inner(n + 1))])
    });
    linear("a table in each row that becomes plain at its end", 47.0, |n, _| {
        let inner = |n: usize| (0..4).map(|m| Wide(vec![Byte(1); if m == 3 { n % 2 } else { 2 }])).collect::<Vec<_>>();
        BTreeMap::from([("one", inner(n)), ("other", inner(n + 1))])
    });
    linear("tuples, one leaf of which is a node by turns", 40.0, |n, _| {
        (n as u8, (1u8, if n % 2 == 0 { Nil } else { Float(0.5) }), Text("x"))
    });
    linear("blocks and tuples by turns", 150.0, |n, _| [Byte(1), if n % 2 == 0 { Byte(2) } else { Float(0.5) }]);
    linear("payloads in node leaves, with misfits", 10.0, |n, _| {
        BTreeMap::from([("a", "x".repeat(600)), ("b", if n % 2 == 0 { "y".repeat(600) } else { "z".into() })])
    });
}

/// What is nested deeply and turns plain again and again.
#[test]
fn lists_in_lists_that_turn_plain_take_linear_time() {
    #[derive(Clone, Serialize)]
    #[serde(untagged)]
    enum Nest {
        Leaf(u8),
        Row { a: u8, rows: Vec<Nest> },
        List(Vec<Nest>),
    }
    fn nest(depth: usize, width: usize) -> Nest {
        match depth {
            0 => Nest::Leaf(1),
            _ => {
                let mut rows: Vec<Nest> =
                    (0..width).map(|_| Nest::Row { a: 1, rows: vec![nest(depth - 1, width); 2] }).collect();
                rows.push(Nest::List(vec![Nest::Leaf(7)]));
                Nest::List(rows)
            }
        }
    }
    let mut found = Vec::new();
    for depth in [2usize, 3, 4, 5] {
        // The first table at each depth makes a plan ready, however small it is.
        let value = nest(depth, 3);
        let plan = depth as f64 * 8.0 * 1024.0 / to_vec(&value).unwrap().len() as f64;
        found.push((asked_per_byte(&value) - plan).max(0.0));
    }
    println!("nests by depth: {found:.2?}");
    // Each level may move what is in it once: but not each level all below it again and again.
    assert!(found[3] <= 1.5 * found[2], "{found:.2?}");
    assert!(found.iter().all(|&asked| asked <= 35.0), "{found:.2?}");
}
