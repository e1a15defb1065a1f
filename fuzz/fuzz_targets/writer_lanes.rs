//! Law: what `collect_seq` and tuples write, whose elements may be serialized twice and so go the fast lanes, is what the same elements
//! give one by one through `serialize_seq`; and it is a value, which is written back to the same bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ndwire::{Error, ErrorKind, Options, Value, from_slice, to_vec_with};
use ndwire_fuzz::{ByLanes, OneByOne, tree_of};
use serde::Serialize;

fuzz_target!(|bytes: &[u8]| {
    let tree = tree_of(bytes);
    for sort_maps in [false, true] {
        let options = Options { sort_maps };
        let [fast, general] = [written(&ByLanes(&tree), options), written(&OneByOne(&tree), options)];
        match (&fast, &general) {
            (Ok(fast), Ok(general)) => assert!(fast == general, "of {tree:?}: {fast:02X?}, one by one {general:02X?}"),
            (Err(fast), Err(general)) => {
                assert_eq!((fast.kind(), fast.to_string()), (general.kind(), general.to_string()))
            }
            _ => panic!("of {tree:?}: {fast:02X?}, one by one {general:02X?}"),
        }
        match fast {
            Ok(value) => {
                let read: Value = from_slice(&value).expect("what was written can be read");
                assert!(
                    written(&read, Options::default()).expect("what was read can be written") == value,
                    "of {tree:?}"
                );
            }
            Err(error) => {
                assert!(matches!(error.kind(), ErrorKind::TooDeep | ErrorKind::Custom), "of {tree:?}: {error:?}")
            }
        }
    }
});

fn written<T: Serialize>(value: &T, options: Options) -> Result<Vec<u8>, Error> {
    to_vec_with(value, options)
}
