//! `sort_maps`: the entries of maps in the order of their keys' bytes, and nothing else changed.

use serde::Serialize;

use super::{sorted, to_vec};

/// A map of exactly these entries in this order.
struct Entries<K, V>(Vec<(K, V)>);

impl<K: Serialize, V: Serialize> Serialize for Entries<K, V> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

/// Every order of a few entries becomes the first.
fn any_order<K: Serialize + Clone, V: Serialize + Clone>(entries: &[(K, V)]) {
    let expected = to_vec(&Entries(entries.to_vec())).unwrap();
    let mut order: Vec<usize> = (0..entries.len()).collect();
    permutations(&mut order, 0, &mut |order| {
        let shuffled = Entries(order.iter().map(|&index| entries[index].clone()).collect());
        assert_eq!(sorted(&shuffled), expected, "{order:?}");
        let inside = sorted(&("before".repeat(100), &shuffled, "after".repeat(200), &shuffled));
        let fixed = Entries(entries.to_vec());
        assert_eq!(inside, to_vec(&("before".repeat(100), &fixed, "after".repeat(200), &fixed)).unwrap(), "{order:?}");
        let nested = Entries(vec![(1, Some(&shuffled)), (0, None)]);
        assert_eq!(sorted(&nested), to_vec(&Entries(vec![(0, None), (1, Some(&fixed))])).unwrap(), "{order:?}");
    });
}

fn permutations(order: &mut [usize], from: usize, visit: &mut impl FnMut(&[usize])) {
    if from == order.len() {
        return visit(order);
    }
    for other in from..order.len() {
        order.swap(from, other);
        permutations(order, from + 1, visit);
        order.swap(from, other);
    }
}

#[test]
fn small_entries() {
    any_order::<u8, u8>(&[]);
    any_order(&[(1u8, "x")]);
    any_order(&[(0u8, "x"), (1, "y"), (127, "z"), (128, "w")]);
    // The tag of a text holds its length.
    any_order(&[("b", 1u8), ("c", 1), ("aa", 1)]);
    any_order(&[("a", vec![]), ("b", vec![1.0f32])]);
    // -16 is F0, -1 is FF, -17 is C9 EF.
    any_order(&[(5i8, 0u8), (-17, 0), (-16, 0), (-1, 0)]);
    any_order(&[(None, 0u8), (Some(false), 0), (Some(true), 0)]);
}

#[test]
fn entries_with_payloads() {
    let payload = |byte: u8, len: usize| (vec![byte; len], "s".repeat(len), vec![vec![f32::from(byte); 100]; 3]);
    any_order(&[
        ("a", payload(4, 513)),
        ("b", payload(3, 10)),
        ("c", payload(2, 4000)),
        ("d", payload(1, 0)),
        ("e", payload(0, 600)),
    ]);
    any_order(&[("a", vec![]), ("b", vec![1u8; 600]), ("c", vec![]), ("d", vec![2; 1000])]);
}

#[test]
fn a_map_that_stands_behind_an_undecided_list() {
    let map = || Entries(vec![("b", vec![1.0f32; 200]), ("a", vec![2.0; 300])]);
    let fixed = || Entries(vec![("a", vec![2.0f32; 300]), ("b", vec![1.0; 200])]);
    let bytes = sorted(&(vec![1.0f32; 200], map(), vec![3.0f32; 130]));
    assert_eq!(bytes, to_vec(&(vec![1.0f32; 200], fixed(), vec![3.0f32; 130])).unwrap());
    assert_eq!(sorted(&[map(), map()]), to_vec(&[fixed(), fixed()]).unwrap());
}

#[test]
fn keys_with_payloads_are_compared_by_them() {
    let long = |first: char| format!("{first}{}", "x".repeat(600));
    any_order(&[(long('a'), 9u8), (long('b'), 5), (long('c'), 7)]);
    any_order(&[(long('a'), vec![9u8; 700]), (long('b'), vec![]), (long('c'), vec![7; 600])]);
    // Of different length, the node in META decides.
    any_order(&[("z".repeat(600), 1u8), ("a".repeat(601), 0)]);
    any_order(&[(vec![1u8; 600], 9u8), (vec![2; 600], 8)]);
}

#[test]
fn duplicate_keys_keep_their_order() {
    let entries = Entries(vec![("b", 0u8), ("a", 3), ("a", 1), ("a", 2)]);
    assert_eq!(sorted(&entries), to_vec(&Entries(vec![("a", 3u8), ("a", 1), ("a", 2), ("b", 0)])).unwrap());
    let long = "k".repeat(600);
    let entries = Entries(vec![(&long, vec![9u8; 600]), (&long, vec![1; 600]), (&long, vec![5; 601])]);
    assert_eq!(sorted(&entries), to_vec(&entries).unwrap());
}

#[test]
fn fields_of_structs_and_elements_of_lists_stay() {
    #[derive(Serialize)]
    struct Fields {
        b: u8,
        a: (u8, u16, &'static str),
        map: Entries<&'static str, u8>,
    }
    let fields = Fields { b: 2, a: (2, 1, "x"), map: Entries(vec![("z", 1), ("y", 2)]) };
    assert_eq!(sorted(&fields)[16..], *b"\xB3\x81b\x02\x81a\xA3\x02\x01\x81x\x83map\xB2\x81y\x02\x81z\x01");
}

#[test]
fn maps_as_keys_are_sorted_before_they_are_compared() {
    let key = |entries: [(u8, u8); 2]| Entries(entries.to_vec());
    let entries = Entries(vec![(key([(2, 0), (1, 9)]), "later"), (key([(3, 0), (1, 5)]), "sooner")]);
    let fixed = Entries(vec![(key([(1, 5), (3, 0)]), "sooner"), (key([(1, 9), (2, 0)]), "later")]);
    assert_eq!(sorted(&entries), to_vec(&fixed).unwrap());
}
