//! Lists and maps of other crates, and this crate's own arrays.

use arrayvec::{ArrayString, ArrayVec};
use indexmap::{IndexMap, IndexSet};
use ndwire::{Array, DynArray};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::std_types::text;

#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
pub(crate) struct Lists {
    map: IndexMap<String, u8>,
    #[serde(with = "indexmap::map::serde_seq")]
    entries: IndexMap<u32, String>,
    set: IndexSet<String>,
    small: SmallVec<[u16; 4]>,
    texts: SmallVec<[String; 2]>,
    array: ArrayVec<f32, 8>,
    text: ArrayString<64>,
    typed: Array<f32>,
    typeds: Vec<Array<f32>>,
    any: DynArray,
    #[serde(with = "ndwire::array")]
    attribute: Vec<f32>,
    #[serde(with = "ndwire::array", default)]
    maybe: Option<Vec<u64>>,
}

pub(crate) fn lists() -> impl Strategy<Value = Lists> {
    (any::<Vec<u16>>(), text(), any::<(u8, bool)>()).prop_map(|(numbers, text, (len, some))| {
        let floats: Vec<f32> = numbers.iter().map(|&number| number.into()).collect();
        let typed = Array::from_elements([floats.len()], floats.clone()).unwrap();
        let names = || numbers.iter().map(|number| format!("{number} {text}"));
        Lists {
            map: names().zip(0..=255).collect(),
            entries: names().zip(numbers.iter()).map(|(name, &number)| (number.into(), name)).collect(),
            set: names().collect(),
            small: numbers.as_slice().into(),
            texts: names().collect(),
            array: floats.iter().copied().take(8).collect(),
            text: ArrayString::from(&text.chars().take(8).collect::<String>()).unwrap(),
            typeds: vec![typed.clone(), Array::from_elements([1, 1], vec![0.5]).unwrap()],
            any: typed.clone().into(),
            typed,
            maybe: some.then(|| vec![1 << 40; len.into()]),
            attribute: floats,
        }
    })
}
