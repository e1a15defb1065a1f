//! A table counts as deep as the plain list of the same data.

use ndwire::{ErrorKind, from_slice, to_vec};
use serde::de::IgnoredAny;
use serde::{Serialize, Serializer};

use super::model::{Data, ListEvents};
use super::reader_maps::Meaning;
use super::support::{Outcome, Plain, failure, outcome_direct};
use super::writers::{detections, samples};

/// A value inside so many maps.
struct Inside<'v, T>(usize, &'v T);

impl<T: Serialize> Serialize for Inside<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.checked_sub(1) {
            None => self.1.serialize(serializer),
            Some(levels) => serializer.serialize_newtype_variant("Enum", 0, "a", &Inside(levels, self.1)),
        }
    }
}

/// What becomes of writing it and reading it.
fn outcomes(value: &impl Serialize) -> [Outcome; 3] {
    let bytes = match to_vec(value) {
        Ok(bytes) => bytes,
        Err(error) => return [(); 3].map(|()| Err(failure(&error))),
    };
    let skipped = from_slice::<IgnoredAny>(&bytes).map(|_| "skipped".to_owned()).map_err(|error| failure(&error));
    [skipped, outcome_direct::<Meaning>(&bytes), outcome_direct::<serde_json::Value>(&bytes)]
}

/// How many maps may stand around it.
#[track_caller]
fn most_levels<T: Serialize>(list: &[T]) -> usize {
    let mut most = None;
    for levels in 100..130 {
        let [table, plain] = [outcomes(&Inside(levels, &list)), outcomes(&Inside(levels, &Plain(list)))];
        assert_eq!(table, plain, "{levels} levels");
        match &table[0] {
            Ok(_) => most = Some(levels),
            Err((kind, _)) => assert_eq!(*kind, ErrorKind::TooDeep, "{levels} levels"),
        }
    }
    most.unwrap()
}

#[test]
fn tables_of_many_heights() {
    // A list of maps.
    assert_eq!(most_levels(&samples()), 126);
    // A list in a column, in the fixed part.
    assert_eq!(most_levels(&detections()), 125);
    // The same as nodes, one deeper, and a map.
    let lists = |n: usize| vec![vec![1u8; n]; n];
    assert_eq!(most_levels(&[(1u8, lists(1)), (2, lists(2))]), 124);
    let map = |n| std::collections::BTreeMap::from([("a", (n, [[n, 1u8], [2, 3]]))]);
    assert_eq!(most_levels(&[map(1), map(2)]), 123);
    let pair = |n: u8| ((n, 1u16), [[n; 2]; 3]);
    assert_eq!(most_levels(&[pair(1), pair(2)]), 124);
    assert_eq!(most_levels(&[pair(1)]), 124);
    // Maps in maps, up to the eight that a schema may have, and beyond.
    for height in 1..12 {
        let nested =
            |leaf| (0..height).fold(Data::U8(leaf), |inner, _| Data::Struct(vec![("a", inner), ("b", Data::F64(0.5))]));
        assert_eq!(most_levels(&[nested(1), nested(2)]), 127 - height, "{height} maps");
        let tuple = |leaf| Data::List(ListEvents::Tuple, vec![nested(leaf), Data::Str("x".into())]);
        assert_eq!(most_levels(&[tuple(1), tuple(2)]), 126 - height, "{height} maps in a tuple");
        let tuples = |leaf| {
            (0..height).fold(Data::U8(leaf), |inner, _| {
                Data::List(ListEvents::Tuple, vec![inner, Data::F64(0.5), Data::List(ListEvents::Tuple, vec![])])
            })
        };
        // The empty tuple beside the innermost number is what is deepest.
        assert_eq!(most_levels(&[tuples(1), tuples(2)]), 126 - height, "{height} tuples");
    }
}
