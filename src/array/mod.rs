//! Fields as arrays: `#[serde(with = "ndwire::array")]`.
//!
//! A field with this attribute is written as one array node, with dtype, shape and memory order, and copied as one block both
//! ways. It may be of any type that is [`SerializeArray`] and [`DeserializeArray`]: the arrays, shared arrays and views of ndarray with
//! any dimension; `Vec<T>`, `VecDeque<T>`, `[T; N]`, `Cow<[T]>`, `&[T]`, where `T` is an element or itself a `[T; N]`, each of which adds a
//! dim (`Vec<[f32; 3]>` is an array of rank 2); and `Box`, `Rc`, `Arc` and `Option` of these, `Arc<[T]>` among them.
//!
//! ```
//! # #[cfg(feature = "ndarray-0_17")] {
//! use ndarray::{Array2, ArrayD};
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize, PartialEq, Debug)]
//! struct Frame {
//!     #[serde(with = "ndwire::array")]
//!     image: Array2<u8>,
//!     #[serde(with = "ndwire::array")]
//!     weights: ArrayD<f32>,
//!     #[serde(with = "ndwire::array")]
//!     embedding: Vec<f32>,
//!     #[serde(with = "ndwire::array", default)]
//!     mask: Option<Vec<bool>>,
//! }
//!
//! let frame = Frame {
//!     image: Array2::zeros((48, 64)),
//!     weights: ArrayD::ones(vec![2, 3, 4, 5]),
//!     embedding: vec![0.5; 768],
//!     mask: None,
//! };
//! let bytes = ndwire::to_vec(&frame)?;
//! assert_eq!(ndwire::from_slice::<Frame>(&bytes)?, frame);
//! assert!(ndwire::Layout::of(&bytes)?.to_string().contains("image: array u8 [48, 64]"));
//! # }
//! # Ok::<(), ndwire::Error>(())
//! ```
//!
//! * **A missing field.** With any `with`, serde takes the absence of an `Option` field for an error; `default` beside it makes it
//!   `None`.
//! * **Generic structs** need the bounds said, because serde's derive guesses `T: Serialize`:
//!
//! ```
//! use ndwire::array::{DeserializeArray, SerializeArray};
//! use ndwire::Element;
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize)]
//! #[serde(bound(
//!     serialize = "T: Element, [T; N]: SerializeArray",
//!     deserialize = "T: Element, [T; N]: DeserializeArray<'de>"
//! ))]
//! struct Row<T, const N: usize> {
//!     #[serde(with = "ndwire::array")]
//!     cells: [T; N],
//! }
//!
//! let bytes = ndwire::to_vec(&Row { cells: [1u16, 2, 3] })?;
//! assert_eq!(ndwire::from_slice::<Row<u16, 3>>(&bytes)?.cells, [1, 2, 3]);
//! # Ok::<(), ndwire::Error>(())
//! ```
//!
//! * **`usize` and `isize`** are no elements: their size is the machine's, and a dtype, and with it the bytes, must not be. Use `u64` and
//!   `i64`.
//! * **Where no attribute can go** (in a `Vec`, as a map's value, as the whole value) stands [`AsArray`].
//! * **Order.** A contiguous array keeps its order, column-major too. A view that is not contiguous is written row-major.
//! * **Views** (`&[T]`, ndarray's `ArrayView`) borrow from the input, which must have the elements aligned; `Cow<[T]>`, ndarray's
//!   `CowArray` and [`ArrayView`] copy where it has not. They need `#[serde(borrow)]` too.
//! * **Other formats** see the map `{dtype, shape, order?, data}`; with JSON, `data` is a list. Formats that cannot be read without
//!   knowing the type (bincode, postcard) can write arrays and not read them.
//!
//! # What a field of an array type reads
//!
//! An array of its dtype; one of a dtype all of whose numbers it holds (`u8` as `f32`, `f16` as `f64`); that map; a list, or lists
//! of lists of equal lengths, number by number: a float is rounded if need be, an integer must be held exactly, and a float is no
//! integer. The form of the list makes no difference. So the attribute can be added to a field that has been written without it:
//!
//! | written as | read with the attribute as |
//! |---|---|
//! | `Vec<f32>`, `[[f32; 3]; 4]`, any list of numbers | an array of the same shape, of any dtype that holds them |
//! | ndarray's own serde | an array of the same shape |
//! | `Vec<f16>`, `Vec<bf16>` by half's own serde (a list of `u16`) | `Vec<f16>`, `Vec<bf16>` |
//! | `Vec<Complex<f32>>` by num-complex's own serde (a list of pairs) | `Vec<Complex<f32>>` |
//!
//! and each of these reads what was written with the attribute, if it is not inside an untagged or internally tagged enum or a
//! flattened struct, where serde does not tell what it wants. An array of any other dtype is an error that names both.
//!
//! # Under `untagged`, `flatten` and beside a tag
//!
//! Arrays go through serde's buffer as they are. What to know:
//!
//! * **Narrow variants first.** An untagged enum takes the first variant that reads, and a wider dtype reads a narrower one:
//!
//! ```
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize, PartialEq, Debug)]
//! #[serde(untagged)]
//! enum Weights {
//!     F32(#[serde(with = "ndwire::array")] Vec<f32>),
//!     F64(#[serde(with = "ndwire::array")] Vec<f64>),
//! }
//!
//! #[derive(Deserialize, PartialEq, Debug)]
//! #[serde(untagged)]
//! enum WideFirst {
//!     F64(#[serde(with = "ndwire::array")] Vec<f64>),
//!     F32(#[serde(with = "ndwire::array")] Vec<f32>),
//! }
//!
//! let bytes = ndwire::to_vec(&Weights::F32(vec![0.5]))?;
//! assert_eq!(ndwire::from_slice::<Weights>(&bytes)?, Weights::F32(vec![0.5]));
//! assert_eq!(ndwire::from_slice::<WideFirst>(&bytes)?, WideFirst::F64(vec![0.5]), "widened");
//! # Ok::<(), ndwire::Error>(())
//! ```
//!
//!   A list has no dtype to be told by: it is read by the first variant that holds its numbers.
//! * **A catch-all** (`#[serde(flatten)] extra: BTreeMap<String, V>`) keeps arrays if `V` is a [`Value`](crate::Value). A
//!   `serde_json::Value` has no bytes: reading fails, by the name of the field, as soon as an array is among the fields.
//! * **128-bit integers** do not go through the buffer, not even small ones, in any format. Arrays of them do, unless the array is
//!   flattened itself or is all that a variant beside a tag holds.

mod attribute;
mod data;
mod dynamic;
mod fields;
mod found;
mod held;
mod lists;
mod numbers;
mod read;
mod shape;
mod view;
mod write;

pub use attribute::{AsArray, DeserializeArray, SerializeArray, deserialize, serialize};
pub use dynamic::{DynArray, DynArrayView};
pub(crate) use found::read_parts;
pub use shape::Order;
pub use view::{Array, ArrayView};
#[cfg(feature = "ndarray-0_17")]
pub(crate) use {lists::not_borrowed, read::read_plain};
