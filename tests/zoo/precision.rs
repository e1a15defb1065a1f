//! Numbers as serde_json keeps them with the feature `arbitrary_precision`: as texts, under a private name.

use std::fmt::Debug;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};

#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
struct Row {
    id: u8,
    number: Number,
    value: Value,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Flat {
    own: u8,
    #[serde(flatten)]
    row: Row,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
#[serde(untagged)]
enum Untagged {
    Row(Row),
}

fn read_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let bytes = ndwire::to_vec(value).unwrap();
    assert_eq!(ndwire::from_slice::<T>(&bytes).unwrap(), *value);
}

#[test]
fn numbers_keep_all_their_digits() {
    for digits in ["0", "-1", "18446744073709551616", "3.14159265358979323846264338327950288", "1e+999"] {
        let number: Number = serde_json::from_str(digits).unwrap();
        assert_eq!(number.to_string(), digits);
        let value: Value = serde_json::from_str(&format!("[{digits}, {{\"a\": {digits}}}, []]")).unwrap();
        let row = Row { id: 7, number: number.clone(), value: value.clone() };
        read_back(&number);
        read_back(&vec![number.clone(), number]);
        read_back(&value);
        read_back(&vec![row.clone(), row.clone()]);
        read_back(&Flat { own: 7, row: row.clone() });
        read_back(&vec![Untagged::Row(row.clone()), Untagged::Row(row)]);
    }
}
