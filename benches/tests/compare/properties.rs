//! What is found out about every peer.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Debug;

use half::bf16;
use ndarray::{Array2, ArrayView2, ShapeBuilder, array};
use ndarray_npy::{ReadNpyExt, ViewNpyExt, WritableElement, WriteNpyExt};
use ndwire::{AsArray, DType, Layout, TimeUnit};
use ndwire_benches::peers::{Format, Ndwire};
use num_complex::Complex;
use safetensors::tensor::{Dtype, SafeTensors, TensorView, View};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::aborts::reads_a_hostile_nest;
use crate::peers::{
    PEERS, each, implements, npy, npy_header, npy_of_header, one_tensor, raw, read_npy, safetensors, safetensors_header,
};

/// One for each peer.
pub type Cells = [String; PEERS.len()];

/// A row of the table.
pub struct Property {
    /// Of the function that finds it out, and of its test.
    pub name: &'static str,
    pub text: &'static str,
    pub find_out: fn() -> Cells,
}

macro_rules! properties {
    ($($name:ident: $text:literal,)*) => {
        [$(Property { name: stringify!($name), text: $text, find_out: $name }),*]
    };
}

/// The rows, in their order.
pub const PROPERTIES: [Property; 11] = properties! {
    any_serde_struct: "takes any struct of serde",
    read_without_the_type: "names and structure can be read without the type",
    dtype_and_shape_told: "the bytes tell an array's dtype and shape",
    borrowed_in_place: "f32 array aligned, borrowed in place, whatever is stored before it",
    column_major_kept: "column-major arrays stay so",
    other_dtypes: "dtypes beyond the primitive types of Rust",
    nan_bits_kept: "the bits of an f32 NaN are kept",
    some_none_kept: "`Some(None)` stays `Some(None)`",
    fields_may_change: "reads after a field was added, removed, moved",
    trailing_bytes_refused: "bytes left over are an error",
    hostile_nest: "1,000,000 nested lists, hostile",
};

/// It has no such thing, or the code around it decides.
const NONE: &str = "–";

fn yes(found: bool) -> String {
    if found { "yes" } else { "no" }.to_owned()
}

/// The cells of the formats of serde, then those of the containers.
fn cells(serde: [bool; 5], containers: [&str; 3]) -> Cells {
    let [ndwire, bincode, postcard, rmp_serde, serde_json] = serde.map(yes);
    let [safetensors, npy, raw] = containers.map(str::to_owned);
    [ndwire, bincode, postcard, rmp_serde, serde_json, safetensors, npy, raw]
}

fn comes_back<F: Format, T: Serialize + DeserializeOwned + PartialEq>(value: &T) -> bool {
    F::encode(value).and_then(|bytes| F::decode::<T>(&bytes)).is_ok_and(|read| read == *value)
}

// --- any struct --------------------------------------------------------------------------------------------------------------

#[derive(Serialize, Deserialize, PartialEq)]
struct Frame {
    id: u64,
    label: String,
    source: Source,
    boxes: Vec<Region>,
    score: Option<f64>,
    tags: BTreeMap<String, Vec<u16>>,
    embedding: Vec<f32>,
    image: Array2<u8>,
}

#[derive(Serialize, Deserialize, PartialEq)]
enum Source {
    Camera {
        number: u8,
    },
    #[allow(dead_code, reason = "an enum has more than one variant")]
    File(String),
}

#[derive(Serialize, Deserialize, PartialEq)]
struct Region {
    corner: (i32, i32),
    name: String,
}

pub fn any_serde_struct() -> Cells {
    fn find_out<F: Format>() -> bool {
        comes_back::<F, _>(&Frame {
            id: 7,
            label: "north".into(),
            source: Source::Camera { number: 2 },
            boxes: vec![
                Region { corner: (-1, 300), name: "cat".into() },
                Region { corner: (0, 0), name: String::new() },
            ],
            score: None,
            tags: [("day".to_owned(), vec![1, 500])].into(),
            embedding: vec![0.5; 3],
            image: array![[1, 2], [3, 4]],
        })
    }
    // What each of them writes: the right types have its trait, and the struct has not.
    assert!(
        implements!(TensorView<'_>: View)
            && implements!(Array2<f32>: WriteNpyExt)
            && implements!([f32; 3]: bytemuck::Pod)
    );
    let containers = [implements!(Frame: View), implements!(Frame: WriteNpyExt), implements!(Frame: bytemuck::Pod)];
    cells(each!(find_out), containers.map(yes).each_ref().map(|cell| cell.as_str()))
}

// --- what the bytes tell -----------------------------------------------------------------------------------------------------

#[derive(Serialize)]
struct Labelled<T> {
    label: String,
    values: T,
}

pub fn read_without_the_type() -> Cells {
    fn find_out<F: Format>() -> bool {
        let bytes = F::encode(&Labelled { label: "cat".into(), values: [1.5f32, 2.5] }).expect("it can be encoded");
        let expected = serde_json::json!({"label": "cat", "values": [1.5, 2.5]});
        F::decode::<serde_json::Value>(&bytes).is_ok_and(|value| value == expected)
    }
    let bytes = one_tensor(Dtype::F32, &[0; 24]);
    assert_eq!(SafeTensors::deserialize(&bytes).expect("tensors").names(), ["values"]);
    // Of what there is in a NumPy file, one array, all is told.
    assert_eq!(npy_header(&npy(&Array2::<f32>::zeros((2, 3)))).trim_end(), NPY_F32);
    cells(each!(find_out), ["yes", "yes", "no"])
}

const NPY_F32: &str = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}";

/// Encodes arrays of zeros, each of another dtype or shape, and tells whether all have other bytes.
macro_rules! tells_zeros_apart {
    (|$array:ident| $encode:expr) => {{
        let mut encodings = std::collections::BTreeSet::new();
        macro_rules! is_new {
            ($type:ty, $shape:expr) => {{
                let $array = Array2::<$type>::default($shape);
                encodings.insert($encode)
            }};
        }
        let unsigned = is_new!(u8, (2, 3)) && is_new!(u16, (2, 3)) && is_new!(u32, (2, 3)) && is_new!(u64, (2, 3));
        let signed = is_new!(i8, (2, 3)) && is_new!(i16, (2, 3)) && is_new!(i32, (2, 3)) && is_new!(i64, (2, 3));
        let floats = is_new!(f32, (2, 3)) && is_new!(f64, (2, 3));
        unsigned && signed && floats && is_new!(f32, (3, 2)) && is_new!(f32, (1, 6))
    }};
}

pub fn dtype_and_shape_told() -> Cells {
    fn find_out<F: Format>() -> bool {
        tells_zeros_apart!(|array| F::encode(&array).expect("it can be encoded"))
    }
    let zeros = Array2::<f32>::zeros((2, 3));
    let bytes = Ndwire::encode(&AsArray(&zeros)).expect("it can be encoded");
    assert_eq!(Layout::of(&bytes).expect("a value").to_string(), "array f32 [2, 3], bytes 32..56\n");
    assert!(tells_zeros_apart!(|array| Ndwire::encode(&AsArray(&array)).expect("it can be encoded")));
    let bytes = one_tensor(Dtype::F32, &[0; 24]);
    let tensors = SafeTensors::deserialize(&bytes).expect("tensors");
    let tensor = tensors.tensor("values").expect("it is there");
    assert_eq!((tensor.dtype(), tensor.shape()), (Dtype::F32, &[2, 3][..]));
    assert_eq!(npy_header(&npy(&zeros)).trim_end(), NPY_F32);
    cells(each!(find_out), ["yes", "yes", &yes(tells_zeros_apart!(|array| raw(array.view())))])
}

// --- arrays ------------------------------------------------------------------------------------------------------------------

const FLOATS: [f32; 6] = [1.5, -2.25, 3.125, 1e-30, 6.5e8, -0.75];

/// Whether the floats lie in the bytes as they do in memory, aligned.
fn lie_aligned(bytes: &[u8]) -> bool {
    let wanted: &[u8] = bytemuck::cast_slice(&FLOATS);
    let found = bytes.windows(wanted.len()).find(|window| *window == wanted);
    found.is_some_and(|found| bytemuck::try_cast_slice::<u8, f32>(found).is_ok())
}

#[derive(Serialize, Deserialize)]
struct Borrowed<'a> {
    label: Cow<'a, str>,
    #[serde(borrow, with = "ndwire::array")]
    values: Cow<'a, [f32]>,
}

pub fn borrowed_in_place() -> Cells {
    let labels = || (0..=64).map(|len| "n".repeat(len));
    fn find_out<F: Format>() -> bool {
        let encode = |len| F::encode(&Labelled { label: "n".repeat(len), values: FLOATS.to_vec() });
        // ndwire's shortest arrays lie aligned only with the attribute, which is what comes next.
        F::NAME == Ndwire::NAME || (0..=64).all(|len| lie_aligned(&encode(len).expect("it can be encoded")))
    }
    for label in labels() {
        let value = Borrowed { label: label.into(), values: FLOATS.as_slice().into() };
        let bytes = Ndwire::encode(&value).expect("it can be encoded");
        let read: Borrowed<'_> = ndwire::from_slice(&bytes).expect("it was encoded");
        assert!(matches!(read.values, Cow::Borrowed(values) if values == FLOATS) && lie_aligned(&bytes));
    }
    let tensors = labels().skip(1).all(|label| {
        let other = TensorView::new(Dtype::U8, vec![label.len()], label.as_bytes()).expect("as many bytes");
        let values = TensorView::new(Dtype::F32, vec![2, 3], bytemuck::cast_slice(&FLOATS)).expect("as many bytes");
        lie_aligned(&safetensors([(&*label, other), ("values", values)]))
    });
    let array = Array2::from_shape_vec((2, 3), FLOATS.to_vec()).expect("six floats");
    let bytes = npy(&array);
    assert_eq!(ArrayView2::<f32>::view_npy(&bytes).expect("aligned"), array);
    cells(each!(find_out), [&yes(tensors), "yes", &yes(lie_aligned(&raw(array.view())))])
}

pub fn column_major_kept() -> Cells {
    let array = Array2::from_shape_vec((2, 3).f(), FLOATS.to_vec()).expect("six floats");
    fn find_out<F: Format>() -> bool {
        let array = Array2::from_shape_vec((2, 3).f(), FLOATS.to_vec()).expect("six floats");
        // Through ndarray's own serde; for ndwire with its attribute.
        let read: Array2<f32> = match F::NAME == Ndwire::NAME {
            true => Ndwire::encode(&AsArray(&array)).and_then(|bytes| Ok(Ndwire::decode::<AsArray<_>>(&bytes)?.0)),
            false => F::encode(&array).and_then(|bytes| F::decode(&bytes)),
        }
        .expect("it was encoded");
        assert_eq!(read, array);
        read.strides() == array.strides()
    }
    // Nothing in the header could tell.
    let header = safetensors_header(&one_tensor(Dtype::F32, &[0; 24]));
    let names: Vec<&String> = header["values"].as_object().expect("a map").keys().collect();
    assert_eq!(names, ["data_offsets", "dtype", "shape"]);
    let tensors = names.iter().any(|name| name.contains("order"));
    let read = read_npy(&npy(&array)).expect("it was written");
    let rows = array.as_standard_layout();
    let told = raw(array.view()) != raw(rows.view());
    cells(each!(find_out), [&yes(tensors), &yes(read.strides() == array.strides()), &yes(told)])
}

/// The same bytes for these two tell nothing of the dtype.
fn differ<F: Format>(one: &impl Serialize, other: &impl Serialize) -> bool {
    F::encode(one).expect("it can be encoded") != F::encode(other).expect("it can be encoded")
}

pub fn other_dtypes() -> Cells {
    let text = |names: &[(&str, bool)]| {
        let kept: Vec<&str> = names.iter().filter(|(_, kept)| *kept).map(|(name, _)| *name).collect();
        if kept.is_empty() { "none".to_owned() } else { kept.join(", ") }
    };
    fn find_out<F: Format>() -> [bool; 3] {
        let complex = Complex::new(1.5f32, -2.0);
        let half = bf16::from_f32(1.5);
        match F::NAME == Ndwire::NAME {
            true => [
                differ::<F>(&AsArray([half]), &AsArray([half.to_bits()])) && comes_back::<F, _>(&AsArray([half])),
                differ::<F>(&AsArray([complex]), &AsArray([1.5f32, -2.0])) && comes_back::<F, _>(&AsArray([complex])),
                ndwire_time_is_kept(),
            ],
            // A time has no type in Rust: what is stored is an i64.
            false => [differ::<F>(&[half], &[half.to_bits()]), differ::<F>(&[complex], &[[1.5f32, -2.0]]), false],
        }
    }
    let names =
        |[half, complex, time]: [bool; 3]| text(&[("bf16", half), ("complex64", complex), ("datetime64", time)]);
    let kept_as = |name: &str| serde_json::from_value::<Dtype>(name.into()).is_ok();
    let tensors = [kept_as("BF16"), kept_as("C64"), kept_as("M8[ns]") || kept_as("DATETIME64")];
    let time = npy_of_header("{'descr': '<M8[ns]', 'fortran_order': False, 'shape': (0, 0)}");
    let time = Array2::<i64>::read_npy(&time[..]).is_ok();
    let npy = [implements!(bf16: WritableElement), implements!(Complex<f32>: WritableElement), time];
    let [ndwire, bincode, postcard, rmp_serde, serde_json] = each!(find_out).map(names);
    [ndwire, bincode, postcard, rmp_serde, serde_json, names(tensors), names(npy), NONE.to_owned()]
}

fn ndwire_time_is_kept() -> bool {
    let dtype = DType::Datetime64(TimeUnit::Nanosecond);
    let times = ndwire::Array::from(vec![0i64, 1_700_000_000]).with_dtype(dtype).expect("times are i64");
    let bytes = ndwire::to_vec(&times).expect("it can be encoded");
    ndwire::from_slice::<ndwire::Array<i64>>(&bytes).is_ok_and(|read| read == times && read.dtype() == dtype)
}

pub fn nan_bits_kept() -> Cells {
    const NAN: u32 = 0xFFC1_2345;
    fn find_out<F: Format>() -> bool {
        let bytes = F::encode(&vec![f32::from_bits(NAN)]).expect("it can be encoded");
        F::decode::<Vec<f32>>(&bytes).is_ok_and(|read| read.iter().map(|read| read.to_bits()).eq([NAN]))
    }
    let data = [NAN; 6].map(u32::to_le_bytes);
    let bytes = one_tensor(Dtype::F32, data.as_flattened());
    let tensors = SafeTensors::deserialize(&bytes).expect("tensors");
    let tensor = tensors.tensor("values").expect("it is there").data() == data.as_flattened();
    let array = Array2::from_elem((2, 3), f32::from_bits(NAN));
    let read = read_npy(&npy(&array)).expect("it was written");
    let npy = read.iter().all(|read| read.to_bits() == NAN);
    cells(each!(find_out), [&yes(tensor), &yes(npy), &yes(raw(array.view())[8..] == *data.as_flattened())])
}

// --- structs -----------------------------------------------------------------------------------------------------------------

pub fn some_none_kept() -> Cells {
    fn find_out<F: Format>() -> bool {
        comes_back::<F, _>(&Some(None::<u8>)) && comes_back::<F, _>(&None::<Option<u8>>)
    }
    cells(each!(find_out), [NONE; 3])
}

#[derive(Serialize)]
struct Before {
    id: u32,
    label: String,
    values: Vec<f32>,
}

#[derive(Deserialize, PartialEq, Debug)]
struct Added {
    id: u32,
    #[serde(default)]
    score: Option<f64>,
    label: String,
    values: Vec<f32>,
}

#[derive(Deserialize, PartialEq, Debug)]
struct Removed {
    id: u32,
    values: Vec<f32>,
}

#[derive(Deserialize, PartialEq, Debug)]
struct Moved {
    values: Vec<f32>,
    label: String,
    id: u32,
}

pub fn fields_may_change() -> Cells {
    fn find_out<F: Format>() -> bool {
        fn reads<F: Format, T: DeserializeOwned + PartialEq + Debug>(bytes: &[u8], expected: T) -> bool {
            F::decode::<T>(bytes).is_ok_and(|read| read == expected)
        }
        let (id, label, values) = (7, "north".to_owned(), FLOATS.to_vec());
        let before = Before { id, label: label.clone(), values: values.clone() };
        let bytes = F::encode(&before).expect("it can be encoded");
        let added = Added { id, score: None, label: label.clone(), values: values.clone() };
        reads::<F, _>(&bytes, added)
            && reads::<F, _>(&bytes, Removed { id, values: values.clone() })
            && reads::<F, _>(&bytes, Moved { id, label, values })
    }
    // Tensors are asked for by name: others beside them, or in another place, change nothing.
    let values = || TensorView::new(Dtype::F32, vec![6], bytemuck::cast_slice(&FLOATS)).expect("as many bytes");
    let label = || TensorView::new(Dtype::U8, vec![5], b"north").expect("as many bytes");
    let files = [
        safetensors([("label", label()), ("values", values())]),
        safetensors([("values", values())]),
        safetensors([("values", values()), ("a", label()), ("label", label())]),
    ];
    let found = |file: &Vec<u8>| {
        SafeTensors::deserialize(file)
            .is_ok_and(|tensors| tensors.tensor("values").is_ok_and(|tensor| tensor == values()))
    };
    cells(each!(find_out), [&yes(files.iter().all(found)), NONE, NONE])
}

// --- hostile bytes -----------------------------------------------------------------------------------------------------------

pub fn trailing_bytes_refused() -> Cells {
    fn find_out<F: Format>() -> bool {
        let value = vec![0.5f32; 3];
        let mut bytes = F::encode(&value).expect("it can be encoded");
        assert_eq!(F::decode(&bytes), Ok(value.clone()));
        bytes.push(0);
        match F::decode::<Vec<f32>>(&bytes) {
            Ok(read) => {
                assert_eq!(read, value);
                false
            }
            Err(_) => true,
        }
    }
    let mut tensors = one_tensor(Dtype::F32, &[0; 24]);
    tensors.push(0);
    let mut npy = npy(&Array2::<f32>::zeros((2, 3)));
    npy.push(0);
    let tensors = SafeTensors::deserialize(&tensors).is_err();
    cells(each!(find_out), [&yes(tensors), &yes(read_npy(&npy).is_err()), NONE])
}

pub fn hostile_nest() -> Cells {
    PEERS.map(|peer| if peer == "raw bytes" { NONE } else { reads_a_hostile_nest(peer) }.to_owned())
}
