//! The types of this crate as values of redis-rs: what owns its elements is an argument and a reply, a view an argument only.

use crate::array::{Array, ArrayView, AsArray, DynArray, DynArrayView};
use crate::element::Element;
use crate::table::Columns;
use crate::value::Value;

crate::redis_value!(DynArray, Value);
crate::redis_value!(for[T] AsArray<T>);
crate::redis_value!(for[T: Element] Array<T>);
crate::redis_value!(for['a, T: Element] ArrayView<'a, T>);
crate::redis_value!(for['a] DynArrayView<'a>);
crate::redis_value!(for['a] Columns<'a>);
