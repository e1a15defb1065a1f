//! Lists of values, in the form they have on the wire.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::vec::Vec;

use super::Value;
use super::records::Records;
use crate::array::{DynArrayView, Order};
use crate::dtype::DType;
use crate::element::Element;
use crate::element::sealed::Sealed;

/// A list. One that was read keeps its form; one that was made or changed takes the form that its elements choose.
///
/// ```
/// use ndwire::{List, Value};
///
/// let mut value: Value = ndwire::from_slice(&ndwire::to_vec(&[1u8, 2])?)?;
/// let Value::List(list) = &mut value else { panic!("a list") };
/// assert_eq!(list.get(1).as_deref(), Some(&Value::from(2)));
///
/// list.to_mut().push("three".into());
/// assert_eq!(format!("{value:?}"), r#"[1, 2, "three"]"#);
/// # Ok::<(), ndwire::Error>(())
/// ```
#[derive(Clone)]
pub struct List {
    pub(super) form: Form,
    /// The elements, unless they are packed.
    pub(super) values: Vec<Value>,
}

#[derive(Clone)]
pub(super) enum Form {
    /// Read as a plain list, and stays one.
    Plain,
    /// Read as rows of scalars, optional scalars or subarrays, and stays packed.
    Rows(Rows),
    /// Read as rows of maps or tuples, and stays packed.
    /// In a box, so that other values are not larger for it.
    Records(Box<Records>),
    /// Made here.
    Built,
}

/// Packed elements.
#[derive(Clone)]
pub(super) struct Rows {
    pub(super) dtype: DType,
    /// A presence byte stands before each scalar.
    pub(super) optional: bool,
    /// The number of rows, then the dims of a row.
    pub(super) shape: Vec<usize>,
    pub(super) bytes: Vec<u8>,
}

impl List {
    /// A plain list, whatever its elements.
    pub(crate) fn plain(values: Vec<Value>) -> Self {
        List { form: Form::Plain, values }
    }

    /// How many elements.
    ///
    /// ```
    /// assert_eq!(ndwire::List::from(vec![ndwire::Value::Nil]).len(), 1);
    /// ```
    pub fn len(&self) -> usize {
        match &self.form {
            Form::Plain | Form::Built => self.values.len(),
            Form::Rows(rows) => rows.len(),
            Form::Records(records) => records.len(),
        }
    }

    /// Whether it has no elements.
    ///
    /// ```
    /// assert!(ndwire::List::default().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// An element. It is made on the spot if the list is packed.
    ///
    /// ```
    /// assert!(ndwire::List::default().get(0).is_none());
    /// ```
    pub fn get(&self, index: usize) -> Option<Cow<'_, Value>> {
        match &self.form {
            Form::Plain | Form::Built => self.values.get(index).map(Cow::Borrowed),
            Form::Rows(rows) => rows.get(index).map(Cow::Owned),
            Form::Records(records) => records.get(index).map(Cow::Owned),
        }
    }

    /// The elements in order.
    ///
    /// ```
    /// assert_eq!(ndwire::List::default().iter().count(), 0);
    /// ```
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Cow<'_, Value>> {
        (0..self.len()).map(|index| self.get(index).unwrap_or(Cow::Owned(Value::Nil)))
    }

    /// The list as an array, if its elements are packed numbers, or lists of them, and none is optional.
    ///
    /// ```
    /// # use ndwire::{List, Value};
    /// assert!(List::from(vec![Value::from(1)]).as_array().is_none(), "packed when it is written, not before");
    /// ```
    pub fn as_array(&self) -> Option<DynArrayView<'_>> {
        match &self.form {
            Form::Rows(Rows { dtype, optional: false, shape, bytes }) => {
                DynArrayView::new(*dtype, shape, Order::RowMajor, bytes.as_slice()).ok()
            }
            _ => None,
        }
    }

    /// The elements as values, to be changed. From then on the list takes the form that its elements choose.
    ///
    /// ```
    /// let mut list = ndwire::List::default();
    /// list.to_mut().push(ndwire::Value::Nil);
    /// assert_eq!(list.len(), 1);
    /// ```
    pub fn to_mut(&mut self) -> &mut Vec<Value> {
        match &self.form {
            Form::Plain | Form::Built => {}
            Form::Rows(rows) => self.values = (0..rows.len()).filter_map(|index| rows.get(index)).collect(),
            Form::Records(records) => self.values = records.values(),
        }
        self.form = Form::Built;
        &mut self.values
    }
}

impl Default for List {
    fn default() -> Self {
        Vec::new().into()
    }
}

impl From<Vec<Value>> for List {
    fn from(values: Vec<Value>) -> Self {
        List { form: Form::Built, values }
    }
}

impl From<Rows> for List {
    fn from(rows: Rows) -> Self {
        List { form: Form::Rows(rows), values: Vec::new() }
    }
}

impl Rows {
    pub(super) fn len(&self) -> usize {
        self.shape.first().copied().unwrap_or(0)
    }

    /// Bytes of a row. There is at least one row.
    fn width(&self) -> usize {
        self.bytes.len() / self.len().max(1)
    }

    fn get(&self, index: usize) -> Option<Value> {
        let row = self.bytes.chunks_exact(self.width().max(1)).nth(index)?;
        Some(match (&self.shape[..], row) {
            ([_, inner @ ..], _) if !inner.is_empty() => {
                Value::List(Rows { shape: inner.into(), bytes: row.into(), ..*self }.into())
            }
            (_, [0, ..]) if self.optional => Value::Nil,
            (_, [_, scalar @ ..]) if self.optional => scalar_value(self.dtype, scalar),
            _ => scalar_value(self.dtype, row),
        })
    }
}

/// A packed scalar as a value.
pub(super) fn scalar_value(dtype: DType, bytes: &[u8]) -> Value {
    fn first<T: Element>(bytes: &[u8]) -> Option<T> {
        <T as Sealed>::view(bytes).first().copied()
    }
    let value = match dtype {
        DType::Bool => first(bytes).map(Value::Bool),
        DType::U8 => first::<u8>(bytes).map(|int| Value::Int(int.into())),
        DType::U16 => first::<u16>(bytes).map(|int| Value::Int(int.into())),
        DType::U32 => first::<u32>(bytes).map(|int| Value::Int(int.into())),
        DType::U64 => first::<u64>(bytes).map(|int| Value::Int(int.into())),
        DType::I8 => first::<i8>(bytes).map(|int| Value::Int(int.into())),
        DType::I16 => first::<i16>(bytes).map(|int| Value::Int(int.into())),
        DType::I32 => first::<i32>(bytes).map(|int| Value::Int(int.into())),
        DType::I64 => first::<i64>(bytes).map(|int| Value::Int(int.into())),
        DType::F32 => first(bytes).map(Value::F32),
        DType::F64 => first(bytes).map(Value::F64),
        _ => None,
    };
    value.unwrap_or(Value::Nil)
}

impl Value {
    /// Packed elements of that shape as a value: a scalar if it has no dims.
    pub(crate) fn packed(dtype: DType, shape: &[usize], bytes: &[u8]) -> Value {
        match shape {
            [] => scalar_value(dtype, bytes),
            _ => Value::List(Rows { dtype, optional: false, shape: shape.into(), bytes: bytes.into() }.into()),
        }
    }
}
