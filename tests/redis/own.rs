//! Types of this crate that are values themselves.

use std::sync::Arc;

use ndwire::{Array, ArrayView, AsArray, Columns, DynArray, DynArrayView, Value, to_vec};

use crate::fixture::{Server, TIME_TO_LIVE};
use crate::redis::{Commands, FromRedisValue, ToSingleRedisArg};
use crate::{Received, Wire};

/// It is one argument, of the bytes that all other ways write.
#[track_caller]
fn stored(server: &Server, value: impl ToSingleRedisArg, bytes: &[u8]) -> String {
    assert_eq!(value.num_of_args(), 1);
    let key = server.key("own");
    server.connection().set_ex::<_, _, ()>(&key, value, TIME_TO_LIVE).unwrap();
    assert_eq!(server.connection().get::<_, Vec<u8>>(&key).unwrap(), bytes);
    key
}

#[track_caller]
fn read<T: FromRedisValue>(server: &Server, key: &str) -> T {
    server.connection().get(key).unwrap()
}

#[cfg(feature = "ndarray-0_17")]
#[test]
fn one_array_in_one_key() {
    use ndarray::{Array2, array};
    let server = Server::start();
    let pose = array![[1.0f32, 0.0, 2.0], [0.0, 1.0, 3.0]];
    let bytes = to_vec(&AsArray(&pose)).unwrap();
    let key = stored(&server, AsArray(&pose), &bytes);
    let AsArray(again): AsArray<Array2<f32>> = read(&server, &key);
    assert_eq!(again, pose);

    for key in [stored(&server, AsArray(&&pose), &bytes), stored(&server, AsArray(pose.view()), &bytes)] {
        assert_eq!(read::<Option<AsArray<Array2<f32>>>>(&server, &key), Some(AsArray(pose.clone())));
    }
    let key = stored(&server, AsArray(Arc::new(pose.clone())), &bytes);
    assert_eq!(*read::<AsArray<Arc<Array2<f32>>>>(&server, &key).0, pose);
    let key = stored(&server, AsArray(pose), &bytes);
    assert_eq!(read::<Array<f32>>(&server, &key).shape(), [2, 3]);
}

#[test]
fn lists_are_values_as_arrays() {
    let server = Server::start();
    let corners = vec![[0.5f32, 1.5, 2.5]; 4];
    let bytes = to_vec(&Array::from_elements([4, 3], corners.as_flattened()).unwrap()).unwrap();
    let key = stored(&server, AsArray(&corners), &bytes);
    assert_eq!(read::<AsArray<Vec<[f32; 3]>>>(&server, &key).0, corners);

    let bytes = to_vec(&AsArray([1u8, 2])).unwrap();
    stored(&server, AsArray(&[1u8, 2][..]), &bytes);
    let key = stored(&server, AsArray(Some([1u8, 2])), &bytes);
    assert_eq!(read::<AsArray<Option<Vec<u8>>>>(&server, &key).0, Some(vec![1, 2]));
}

#[test]
fn arrays_and_values_are_arguments_and_replies() {
    let server = Server::start();
    let array = Array::from_elements([2, 2], [1u16, 2, 3, 4]).unwrap();
    let bytes = to_vec(&array).unwrap();
    let key = stored(&server, &array, &bytes);
    assert_eq!(read::<Array<u16>>(&server, &key), array);

    let of_any = read::<DynArray>(&server, &key);
    let key = stored(&server, of_any.clone(), &bytes);
    let value = read::<Value>(&server, &key);
    assert_eq!(value, Value::from(of_any));
    let key = stored(&server, &value, &bytes);
    assert_eq!(read::<Value>(&server, &key), value);

    let boxed: Box<Array<u16>> = read(&server, &stored(&server, Arc::new(array.clone()), &bytes));
    assert_eq!(*boxed, array);
}

#[test]
fn views_and_columns_are_arguments() {
    let server = Server::start();
    let view = ArrayView::from_elements([2, 2], &[1u16, 2, 3, 4]).unwrap();
    let bytes = to_vec(&view).unwrap();
    stored(&server, view.as_dyn(), &bytes);
    stored(&server, &view, &bytes);
    let received: Received = read(&server, &stored(&server, view.clone(), &bytes));
    assert_eq!(received.decode::<ArrayView<'_, u16>>().unwrap(), view);
    assert_eq!(received.decode::<DynArrayView<'_>>().unwrap(), view.as_dyn());

    #[derive(serde::Serialize, serde::Deserialize, PartialEq, Debug)]
    struct Sample {
        ts: i64,
        x: f32,
    }
    let samples = vec![Sample { ts: 10, x: 0.5 }, Sample { ts: 20, x: 1.5 }];
    let columns = Columns::new().with("ts", &[10i64, 20]).with("x", &[0.5f32, 1.5]);
    let key = stored(&server, &columns, &to_vec(&samples).unwrap());
    assert_eq!(read::<Wire<Vec<Sample>>>(&server, &key).0, samples);
}

#[test]
fn missing_keys_and_other_values_say_what_to_do() {
    let server = Server::start();
    let mut con = server.connection();
    let (key, nothing) = (server.key("array"), server.key("nothing"));
    con.set_ex::<_, _, ()>(&key, AsArray(&[0.5f32, 1.5]), TIME_TO_LIVE).unwrap();

    let message = |error: crate::redis::RedisError| error.to_string();
    let expected = "invalid type: found nil, expected a string: read a key that may be missing as `Option";
    for (found, target) in [
        (con.get::<_, AsArray<Vec<f32>>>(&nothing).map(drop).map_err(message), "AsArray<T>"),
        (con.get::<_, Array<f32>>(&nothing).map(drop).map_err(message), "Array<T>"),
        (con.get::<_, DynArray>(&nothing).map(drop).map_err(message), "DynArray"),
        (con.get::<_, Value>(&nothing).map(drop).map_err(message), "Value"),
    ] {
        let found = found.unwrap_err();
        assert!(found.contains(&format!("{expected}<{target}>`")), "{found}");
    }
    let keys = [&key, &nothing];
    let read: Vec<Option<AsArray<Vec<f32>>>> = con.mget(&keys).unwrap();
    assert_eq!(read, [Some(AsArray(vec![0.5, 1.5])), None]);

    let found = con.get::<_, AsArray<Vec<[f32; 2]>>>(&key).map(drop).map_err(message).unwrap_err();
    assert!(found.contains("array has another rank: found 1, expected 2, at byte 16"), "{found}");
}
