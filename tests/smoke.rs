use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
fn rt<T: Serialize + for<'a> Deserialize<'a> + PartialEq + std::fmt::Debug>(v: T) -> Vec<u8> {
    let b = ndwire::to_vec(&v).unwrap();
    let back: T = ndwire::from_slice(&b).unwrap_or_else(|e| panic!("{e} {v:?} {b:02X?}"));
    assert_eq!(back, v);
    b
}
#[derive(Serialize, Deserialize, PartialEq, Debug)]
enum E {
    A,
    B(u8),
    C(u8, String),
    D { x: f32 },
}
#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct S {
    id: u32,
    label: String,
    emb: Vec<f32>,
    o: Option<Option<u8>>,
    e: Vec<E>,
    big: Vec<Vec<f64>>,
}
#[test]
fn smoke() {
    rt(5u8);
    rt(-5i64);
    rt(u128::MAX);
    rt(i128::MIN);
    rt('x');
    rt("hi".to_string());
    rt("h".repeat(1000));
    rt(vec![1.0f32; 3]);
    rt(vec![1.0f32; 3000]);
    rt(vec![vec![1.0f32; 300]; 30]);
    rt(vec![vec![1.0f32; 300], vec![2.0; 200], vec![]]);
    rt(vec![Some(1u8), None]);
    rt(vec![None, Some(1u8)]);
    rt(vec![None::<u8>, None]);
    rt(vec![Some(Some(1u8)), Some(None), None]);
    rt(vec![[1u8, 2], [3, 4]]);
    rt(vec![vec![vec![1u16; 100]; 5]; 7]);
    rt((1u8, 2.0f32, "x".to_string()));
    rt(BTreeMap::from([(1, vec![1u8]), (2, vec![])]));
    let mut x = vec![vec![vec![1u16; 100]; 5]; 7];
    x[6][4].pop();
    rt(x.clone());
    x[3].pop();
    rt(x);
    rt(S {
        id: 7,
        label: "cat".into(),
        emb: vec![0.5; 768],
        o: Some(None),
        e: vec![E::A, E::B(1), E::C(2, "z".into()), E::D { x: 1.5 }],
        big: vec![vec![1.0; 100], vec![2.0; 99]],
    });
    rt((0..100_000u32).collect::<Vec<_>>());
    rt(vec![true, false, true]);
    rt(vec![vec!["a".to_string()], vec![]]);
    let b = rt(vec![1.0f32, 2.0]);
    assert_eq!(&b[16..], [0xD7, 0x32, 2, 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40]);
}
