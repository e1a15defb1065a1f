//! Nested lists: tuples that are even are one subarray, vectors are lists however long they are, and one element that does not fit
//! makes its lists plain, wherever it stands.

use ndwire::{from_slice, to_vec};
use num_complex::Complex;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::model::{Data, ListEvents};
use super::properties::{check, hex};
use super::tables::{check_all, record, tuple};

/// A nest of these dims around counted scalars.
fn rectangular(dims: &[usize], scalar: &impl Fn(usize) -> Data) -> Data {
    fn level(dims: &[usize], next: &mut usize, scalar: &impl Fn(usize) -> Data) -> Data {
        let Some((&dim, inner)) = dims.split_first() else {
            *next += 1;
            return scalar(*next);
        };
        Data::list((0..dim).map(|_| level(inner, next, scalar)))
    }
    level(dims, &mut 0, scalar)
}

/// The list reached by going so far into the nest: at each level to the first, middle or last element.
fn list_at(data: &mut Data, depth: usize, place: Place) -> &mut Vec<Data> {
    let Data::List(_, elements) = data else { panic!("not a list") };
    if depth == 0 {
        return elements;
    }
    let index = place.of(elements.len());
    list_at(&mut elements[index], depth - 1, place)
}

/// Every list at every so many levels as a tuple.
fn tuples(data: &Data, every: usize) -> Data {
    fn level(data: &Data, depth: usize, every: usize) -> Data {
        match data {
            Data::List(events, elements) => {
                let events = if depth.is_multiple_of(every) { ListEvents::Tuple } else { *events };
                Data::List(events, elements.iter().map(|element| level(element, depth + 1, every)).collect())
            }
            other => other.clone(),
        }
    }
    level(data, 1, every)
}

#[derive(Debug, Clone, Copy)]
enum Place {
    First,
    Middle,
    Last,
}

impl Place {
    fn of(self, len: usize) -> usize {
        match self {
            Place::First => 0,
            Place::Middle => len / 2,
            Place::Last => len - 1,
        }
    }
}

const PLACES: [Place; 3] = [Place::First, Place::Middle, Place::Last];

fn scalars() -> [fn(usize) -> Data; 4] {
    [
        |n| Data::U8(n as u8),
        |n| Data::F64(n as f64),
        |n| Data::Some(Data::I32(-(n as i32)).into()),
        |n| Data::Bool(n % 3 == 0),
    ]
}

/// Dims of every rank up to 9, with blocks on both sides of the 512 bytes.
fn shapes() -> Vec<Vec<usize>> {
    let mut shapes = vec![vec![3, 200], vec![200, 3], vec![2, 3, 100], vec![1, 1], vec![1, 512], vec![3, 1, 5, 1]];
    for rank in 1..=9 {
        shapes.push(vec![2; rank]);
        shapes.push([vec![2; rank - 1], vec![3]].concat());
        shapes.push([vec![1; rank - 1], vec![70]].concat());
        shapes.push(vec![1; rank]);
    }
    shapes.push(vec![3, 3, 3, 3, 3]);
    shapes
}

#[test]
fn rectangular_nests_of_every_rank() {
    for dims in shapes() {
        for scalar in scalars() {
            let data = rectangular(&dims, &scalar);
            check(&data);
            check(&tuples(&data, 1));
            check(&tuples(&data, 2));
        }
    }
}

#[test]
fn one_misfit_at_every_depth_and_place() {
    let misfits: [fn(&mut Vec<Data>, usize); 7] = [
        |list, at| drop(list.remove(at)),
        |list, at| list[at] = Data::list([]),
        |list, at| list[at] = Data::None,
        |list, at| list[at] = Data::Str("misfit".into()),
        |list, at| list[at] = Data::U16(7),
        |list, at| list[at] = Data::list([Data::U16(7)]),
        |list, at| list.insert(at, Data::Bytes(vec![7; 600])),
    ];
    let mut checked = 0;
    for dims in shapes() {
        for scalar in &scalars()[..2] {
            for depth in 0..dims.len() {
                for place in PLACES {
                    for misfit in misfits {
                        let mut data = rectangular(&dims, scalar);
                        let list = list_at(&mut data, depth, place);
                        misfit(list, place.of(list.len()));
                        check(&data);
                        // The same of tuples, or of tuples by turns.
                        if dims.len() < 5 || checked % 5 == 0 {
                            check(&tuples(&data, 1 + checked % 2));
                        }
                        checked += 1;
                    }
                }
            }
        }
    }
    assert!(checked > 5_000, "{checked}");
}

#[test]
fn two_misfits_and_more_after_them() {
    for dims in [vec![3, 4, 100], vec![3, 4, 5], vec![3, 2, 2, 2]] {
        for one in PLACES {
            for other in PLACES {
                let mut data = rectangular(&dims, &|n| Data::F32(n as f32));
                list_at(&mut data, 1, one).clear();
                list_at(&mut data, 0, other).push(rectangular(&dims[1..], &|n| Data::F32(-(n as f32))));
                list_at(&mut data, 0, one).push(Data::list([]));
                check(&data);
            }
        }
    }
}

#[test]
fn an_empty_list_behind_a_block_that_stands_in_data() {
    let lists = vec![vec![1.0f32; 300], vec![]];
    let bytes = to_vec(&lists).unwrap();
    assert_eq!(from_slice::<Vec<Vec<f32>>>(&bytes).unwrap(), lists);
}

/// Over 16 elements, a tuple is even or a node.
#[test]
fn tuples_of_14_to_18() {
    for count in 14..=18 {
        for inner in [Data::U8(1), tuple([Data::U8(1), Data::U8(2)])] {
            let even = tuple(vec![inner.clone(); count]);
            let with = |at: usize, other: Data| {
                let mut elements = vec![inner.clone(); count];
                elements[at] = other;
                tuple(elements)
            };
            check_all(&[even.clone(), even.clone()]);
            for at in [0, 1, count - 1] {
                for other in [
                    Data::None,
                    Data::U16(7),
                    Data::Some(Data::U8(3).into()),
                    tuple([Data::U8(1), Data::U16(2)]),
                    tuple([Data::U8(1)]),
                ] {
                    let misfit = with(at, other);
                    check_all(&[misfit.clone(), misfit.clone()]);
                    check_all(&[even.clone(), misfit.clone()]);
                    check_all(&[misfit.clone(), even.clone(), even.clone()]);
                    check_all(&[record(&[("t", even.clone())]), record(&[("t", misfit)])]);
                }
            }
            // Of another count, and of another scalar.
            check_all(&[even.clone(), tuple(vec![inner.clone(); count + 1]), even.clone()]);
            check_all(&[even.clone(), tuple(vec![Data::U16(1); count])]);
        }
    }
}

/// Lists that become weaker and weaker while they are written.
/// What is inside 8 of them is a node, counted from the row: another row where the list that holds it is plain.
#[test]
fn even_tuples_of_more_levels_than_a_row_has() {
    for rank in 6..=19 {
        for dim in [1, 2] {
            // The innermost ones hold enough for the formula.
            let even = (0..rank - 3)
                .fold(tuple(vec![tuple(vec![tuple(vec![Data::U16(7); 8]); dim]); dim]), |inner, level| {
                    tuple(vec![inner; if level < 2 { dim } else { 1 }])
                });
            check_all(&[even.clone(), even.clone()]);
            check_all(&[even.clone(), Data::Str("x".into())]);
            check_all(&[record(&[("a", even.clone())]), record(&[("b", even.clone())])]);
            check_all(&[tuple([even.clone(), Data::U8(1)]), Data::U8(1)]);
        }
    }
}

#[test]
fn optional_scalars_in_every_order() {
    let some = |n: usize| Data::Some(Data::U32(n as u32).into());
    let forms: [fn(usize, &dyn Fn(usize) -> Data) -> Data; 4] = [
        |n, some| if n == 0 { Data::None } else { some(n) },
        |n, some| if n == 199 { Data::None } else { some(n) },
        |n, some| if n % 2 == 0 { Data::None } else { some(n) },
        |n, some| if n < 150 { Data::None } else { some(n) },
    ];
    for form in forms {
        for len in [2, 3, 50, 200] {
            let list = Data::list((0..len).map(|n| form(n, &some)));
            check(&list);
            check(&Data::list([list.clone(), list.clone()]));
            for misfit in [Data::U8(1), Data::Str("x".into()), Data::list([]), Data::Some(Data::None.into())] {
                let Data::List(_, mut elements) = list.clone() else { unreachable!() };
                elements.push(misfit.clone());
                check(&Data::list(elements.clone()));
                elements.rotate_right(1);
                check(&Data::List(ListEvents::Collect, elements));
            }
        }
    }
}

fn typed<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: T, meta: &str) {
    let bytes = to_vec(&value).unwrap();
    assert_eq!(from_slice::<T>(&bytes).unwrap(), value);
    let meta: String = meta.split_whitespace().map(|byte| format!("{byte} ")).collect();
    assert!(hex(&bytes[16..]).replace('\n', "").starts_with(&meta), "{value:?}: {}, not {meta}", hex(&bytes[16..]));
}

#[test]
fn vectors_of_every_scalar() {
    typed(vec![true, false], "D7 00 02 01 00");
    typed(vec![1u8, 2], "D7 10 02 01 02");
    typed(vec![1u16, 2], "D7 11 02 01 00 02 00");
    typed(vec![1u32], "D7 12 01 01 00 00 00");
    typed(vec![1u64], "D7 13 01 01 00 00 00 00 00 00 00");
    typed(vec![-1i8], "D7 20 01 FF");
    typed(vec![-1i16], "D7 21 01 FF FF");
    typed(vec![-1i32], "D7 22 01 FF FF FF FF");
    typed(vec![-1i64, 1], "D7 23 02 FF FF FF FF FF FF FF FF 01 00 00 00 00 00 00 00");
    typed(vec![1.0f32], "D7 32 01 00 00 80 3F");
    typed(vec![1.0f64], "D7 33 01 00 00 00 00 00 00 F0 3F");
    typed(vec![1u128, u128::MAX], "A2 01 C8 FF FF");
    typed(vec![-1i128, i128::MIN], "A2 FF CD 00 00");
    typed(vec!['a', 'b'], "A2 D0 61 D0 62");
    typed(vec![(), ()], "A2 C0 C0");
    typed(Vec::<f32>::new(), "A0");
}

#[test]
fn vectors_of_every_optional_scalar() {
    typed(vec![Some(true), None], "D7 D5 00 02 01 01 00 00");
    typed(vec![Some(1u8), None], "D7 D5 10 02 01 01 00 00");
    typed(vec![None, Some(1u16)], "D7 D5 11 02 00 00 00 01 01 00");
    typed(vec![Some(1u32), None], "D7 D5 12 02 01 01 00 00 00 00");
    typed(vec![Some(1u64), None], "D7 D5 13 02 01 01");
    typed(vec![Some(-1i8), None], "D7 D5 20 02 01 FF 00 00");
    typed(vec![Some(-1i16), None], "D7 D5 21 02 01 FF FF 00");
    typed(vec![Some(-1i32), None], "D7 D5 22 02 01 FF FF FF FF 00");
    typed(vec![Some(-1i64), None], "D7 D5 23 02 01 FF");
    typed(vec![Some(1.0f32), None], "D7 D5 32 02 01 00 00 80 3F 00");
    typed(vec![Some(1.0f64), None], "D7 D5 33 02 01 00 00 00");
    typed(vec![Some(1u128), None], "A2 01 C0");
    typed(vec![Some('a'), None], "A2 D0 61 C0");
    typed(vec![Some(1u8), Some(2)], "D7 10 02 01 02");
    typed(vec![None::<u8>, None], "A2 C0 C0");
    typed(vec![Some(Some(1u8)), Some(None), None], "A3 01 D5 C0 C0");
    typed(vec![Some(()), None], "A2 D5 C0 C0");
    typed(vec![Some(vec![1u8]), None], "A2 D7 10 01 01 C0");
}

#[test]
fn vectors_of_vectors() {
    typed(vec![Complex::new(1.0f32, 2.0)], "D7 D6 32 01 02 01 00 00 80 3F 00 00 00 40");
    typed(vec![vec![Complex::new(1.0f64, 2.0); 100]; 2], "A2 D7 D6 33 01 02 64");
    typed(vec![[1.0f32; 3]; 1000], "D7 D6 32 01 03 E8 07");
    typed(vec![[[1u8; 2]; 3]; 2], "D7 D6 10 02 03 02 02 01");
    typed(vec![vec![vec![1u16; 100]; 5]; 7], "A7 A5 D7 11 64 01 00 01 00");
    typed(vec![vec![1u8; 2], vec![2; 3]], "A2 D7 10 02 01 01 D7 10 03 02 02 02");
    typed(vec![Some([1u8, 2]), Some([3, 4])], "D7 D6 10 01 02 02 01 02 03 04");
    typed(vec![[[[[[[[1u8; 2]; 2]; 2]; 2]; 2]; 2]; 2]; 3], "D7 D6 10 07 02 02 02 02 02 02 02 03");
    typed(vec![vec![[[[[[[[1u8; 2]; 2]; 2]; 2]; 2]; 2]; 2]; 2]; 2], "A2 D7 D6 10 07 02 02 02 02 02 02 02 02");
    typed([[[[7u8]]]], "A1 D7 D6 10 02 01 01 01 07");
    typed(vec![vec![vec![0.5f64; 4]; 1]; 1], "A1 A1 D7 33 04 00 00 00 00 00 00 E0 3F");
    typed(vec![[[0.5f64; 4]; 1]; 1], "D7 D6 33 02 01 04 01 00 00 00 00 00 00 E0 3F");
    typed([[1u8, 2], [3, 4]], "D7 D6 10 01 02 02 01 02 03 04");
    typed([vec![1u8, 2], vec![3, 4]], "A2 D7 10 02 01 02 D7 10 02 03 04");
    typed((1u8, 2u8, 3u8), "D7 10 03 01 02 03");
    typed((1u8, 2u16), "A2 01 02");
    typed(vec![(1.0f32, 2.0f32); 2], "D7 D6 32 01 02 02");
    typed(vec![(1.0f32, 2u8); 2], "D7 A2 32 10 02 00 00 80 3F 02 00 00 80 3F 02");
    typed(vec![(1.0f32, 2u8)], "D7 A2 32 10 01 00 00 80 3F 02");
    typed(vec![(1u8, [2u8, 3]); 2], "D7 A2 10 D6 10 01 02 02 01 02 03");
    typed(vec![([1u8, 2], [2u8, 3]); 2], "D7 D6 10 02 02 02 02 01 02 02 03");
    typed(vec![(vec![1u8], 2u8), (vec![], 3)], "D7 A2 C0 10 02 02 03 D7 10 01 01 A0");
    typed(vec![[(1u8, 2u16); 2]; 3], "D7 A2 A2 10 11 A2 10 11 03 01 02 00 01 02 00 01 02 00");
    typed(vec![((1u8, 2u16), 3u8)], "D7 A2 A2 10 11 10 01 01 02 00 03");
    typed(vec![(Some(1u8), (2u8, 3u8)), (None, (4, 5))], "D7 A2 D5 10 D6 10 01 02 02 01 01 02 03 00 00 04 05");
    typed(vec![([(1u8,)], "x".to_string())], "D7 A2 D6 10 02 01 01 C0 01 01 81 78");
    typed(vec![(1u8, 2u8), (3, 4)], "D7 D6 10 01 02 02 01 02 03 04");
    typed(vec![(1u8, Some(2u8))], "D7 D6 10 01 02 01 01 02");
    typed(vec![(1u8, None::<u8>)], "D7 A2 10 C0 01 01 C0");
    typed((1u8, (2u8, 3u16)), "A2 01 A2 02 03");
    typed(((1u8, 2u16), (3u8, 4u16)), "D7 A2 10 11 02 01 02 00 03 04 00");
    typed(vec![[(1u8, 2u8); 2]; 3], "D7 D6 10 02 02 02 03");
    typed(vec![vec![[1u8, 2]; 2]; 3], "A3 D7 D6 10 01 02 02 01 02 01 02 D7 D6 10 01 02 02");
    typed(vec![[vec![1u8, 2], vec![1, 2]]; 3], "D7 A2 C0 C0 03 D7 10 02 01 02");
}
