//! The recipes, run. Each file of a recipe is for users to copy, and has nothing that is not of it.

#[path = "bytes.rs"]
mod bytes_recipe;
mod compiler;
#[path = "fred.rs"]
mod fred_recipe;
#[path = "image.rs"]
mod image_recipe;
#[path = "nalgebra.rs"]
mod nalgebra_recipe;
mod ndarray_0_16;
mod redis_0_32;
#[path = "../common/redis_server.rs"]
mod redis_server;

use ::ndarray_0_16::{Array3, s};
use fred::interfaces::ClientLike;
use image::{GrayImage, Luma, Rgb, RgbImage};
use nalgebra::{DMatrix, DVector};
use ndwire::{Array, Layout, from_slice, to_vec};
use redis_server::PrivateServer;

fn server() -> PrivateServer {
    PrivateServer::start().expect("redis-server starts").expect("these tests need a redis-server on PATH")
}

/// What is in the bytes.
fn layout(bytes: &[u8]) -> String {
    format!("{:#}", Layout::of(bytes).expect("a value"))
}

#[test]
fn nalgebra() {
    use nalgebra_recipe::Pose;
    let rotation = DMatrix::from_row_slice(2, 3, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let pose = Pose { rotation, offset: DVector::from_vec(vec![0.5, 1.5]) };
    let bytes = to_vec(&pose).expect("written");
    assert_eq!(layout(&bytes), "map, 2 entries\n  rotation: array f64 [2, 3] column-major\n  offset: array f64 [2]\n");
    assert_eq!(from_slice::<Pose>(&bytes).expect("read"), pose);

    // As NumPy writes it.
    let rotation = Array::from_elements([2, 3], [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]).expect("it fits");
    let offset = Array::from(vec![0.5, 1.5]);
    let rows = std::collections::BTreeMap::from([("rotation", rotation), ("offset", offset)]);
    assert_eq!(from_slice::<Pose>(&to_vec(&rows).expect("written")).expect("read"), pose);
}

#[test]
fn ndarray_beside_another_version() {
    use ndarray_0_16::{decode, encode};
    let array = Array3::from_shape_fn((2, 3, 4), |(i, j, k)| (i * 100 + j * 10 + k) as f32);
    for array in [array.clone(), array.slice(s![.., .., ..;2]).to_owned(), array.permuted_axes([2, 0, 1])] {
        let bytes = encode(&array).expect("written");
        assert_eq!(decode(&bytes).expect("read").expect("a shape of ndarray"), array.clone().into_dyn());
        let ndwire::AsArray(other): ndwire::AsArray<ndarray::Array3<f32>> = from_slice(&bytes).expect("read");
        assert_eq!(other.shape(), array.shape());
    }
}

#[test]
fn image() {
    use image_recipe::{decode_gray, decode_rgb, encode_gray, encode_rgb};
    let rgb = RgbImage::from_fn(4, 3, |x, y| Rgb([x as u8, y as u8, 255]));
    let bytes = encode_rgb(&rgb).expect("written");
    assert_eq!(layout(&bytes), "array u8 [3, 4, 3]\n");
    assert_eq!(decode_rgb(&bytes).expect("read"), Some(rgb));
    assert_eq!(decode_gray(&bytes).expect("read"), None);

    let gray = GrayImage::from_fn(4, 3, |x, y| Luma([(10 * x + y) as u8]));
    let bytes = encode_gray(&gray).expect("written");
    assert_eq!(layout(&bytes), "array u8 [3, 4]\n");
    assert_eq!(decode_gray(&bytes).expect("read"), Some(gray));
    assert_eq!(decode_rgb(&bytes).expect("read"), None);
}

#[test]
fn bytes() {
    let value = bytes_recipe::encode(&[0.5, 1.5]).expect("written");
    assert_eq!(layout(&value), "array f32 [2]\n");
    assert_eq!(bytes_recipe::decode(&value).expect("read").elements(), [0.5, 1.5]);
}

#[test]
fn redis_before_1() {
    use redis_0_32::{Frame, get, set};
    let server = server();
    let mut con = redis::Client::open(server.url.as_str()).and_then(|client| client.get_connection()).expect("answers");
    let frame = Frame { id: 7, embedding: vec![0.5; 768] };
    set(&mut con, "frame:7", &frame).expect("stored");
    assert_eq!(get(&mut con, "frame:7").expect("read"), Some(frame));
    assert_eq!(get(&mut con, "frame:8").expect("read"), None);
}

#[test]
fn fred() {
    let server = server();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("it starts");
    runtime.block_on(async {
        let config = fred::types::config::Config::from_url(&format!("redis+{}", server.url)).expect("a URL");
        let client = fred::types::Builder::from_config(config).build().expect("a client");
        client.init().await.expect("it answers");
        let matrix = ndarray::array![[0.5f32, 1.5, 2.5], [3.5, 4.5, 5.5]];
        fred_recipe::set(&client, "matrix", &matrix).await.expect("stored");
        assert_eq!(fred_recipe::get(&client, "matrix").await.expect("read"), Some(matrix));
        assert_eq!(fred_recipe::get(&client, "nothing").await.expect("read"), None);
        client.quit().await.expect("it ends");
    });
}
