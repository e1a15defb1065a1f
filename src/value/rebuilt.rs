//! Arrays that come as maps: serde's buffers, and other formats, have no other form for them.

use alloc::vec::Vec;

use super::{Value, ValueView};
use crate::array::{DynArrayView, Order};
use crate::dtype::DType;
use crate::wire::RANK_LIMIT;

/// What an untyped value looks at in a map that may be an array.
pub(super) trait Part {
    fn name(&self) -> Option<&str>;
    fn dims(&self) -> Option<Vec<usize>>;
    fn bytes(&self) -> Option<&[u8]>;
}

/// The array that these entries are, but for its bytes, which are the last of them: exactly the keys by which an array is shown, in their
/// order, the name of a dtype, dims, the order only where it has a meaning, and as many bytes as they take.
pub(super) fn array_parts<T: Part>(entries: &[(T, T)]) -> Option<(DType, Vec<usize>, Order)> {
    let (keys, order): (&[&str], _) = match entries.len() {
        3 => (&["dtype", "shape", "data"], Order::RowMajor),
        4 => (&["dtype", "shape", "order", "data"], Order::ColumnMajor),
        _ => return None,
    };
    let [(_, dtype), (_, shape), rest @ .., (_, data)] = entries else { return None };
    let are_those = entries.iter().zip(keys).all(|((key, _), expected)| key.name() == Some(expected));
    if !are_those || rest.iter().any(|(_, order)| order.name() != Some("F")) {
        return None;
    }
    let (dtype, dims) = (DType::from_name(dtype.name()?)?, shape.dims()?);
    let array = DynArrayView::new(dtype, &dims, order, data.bytes()?).ok()?;
    (array.order() == order).then_some((dtype, dims, order))
}

fn dim(int: i128) -> Option<usize> {
    usize::try_from(int).ok()
}

impl Part for Value {
    fn name(&self) -> Option<&str> {
        self.as_str()
    }

    fn dims(&self) -> Option<Vec<usize>> {
        let list = self.as_list().filter(|list| list.len() <= RANK_LIMIT)?;
        list.iter().map(|value| value.as_int().and_then(dim)).collect()
    }

    fn bytes(&self) -> Option<&[u8]> {
        match self {
            Value::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }
}

impl Part for ValueView<'_> {
    fn name(&self) -> Option<&str> {
        match self {
            ValueView::Str(name) => Some(name),
            _ => None,
        }
    }

    fn dims(&self) -> Option<Vec<usize>> {
        let ValueView::List(list) = self else { return None };
        let dims = list.iter().take(RANK_LIMIT + 1).map(|value| match value {
            ValueView::Int(int) => dim(*int),
            _ => None,
        });
        dims.collect()
    }

    fn bytes(&self) -> Option<&[u8]> {
        match self {
            ValueView::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }
}
