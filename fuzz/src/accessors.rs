//! Law: whatever is called on a value that was read holds at its peak, its result included, at most a stated multiple of the value's
//! length; and it asks for at most a stated multiple in all, which stands in for the time that it takes.
//!
//! The fuzz target `accessors_bounded` and the tests of the heap (`tests/heap/accessors.rs`) hold it, each with an allocator of its own.

use std::borrow::Cow;
use std::collections::hash_map::DefaultHasher;
use std::fmt::{Debug, Display, Write};
use std::hash::{Hash, Hasher};

use ndwire::value::Borrowed;
use ndwire::{
    Array, ArrayView, Column, DynArray, DynArrayView, Element, Layout, List, Map, TableView, Value, ValueView,
    from_slice,
};

/// Bytes of memory for each byte of the value, beside [`ONCE`]: held at the peak, and asked for in all.
#[derive(Clone, Copy)]
pub struct Bound {
    peak: usize,
    total: usize,
}

/// The size of a `Value`.
const VALUE: usize = 80;

/// What looks and gives nothing of its own.
const LOOKS: Bound = Bound { peak: 8, total: 64 };
/// What gives a place for each column, or the elements of an array.
const LISTS: Bound = Bound { peak: 64, total: 128 };
/// What gives values. A byte of a row may stand in three maps, each with a name: seven values, and the three names. What is changed in
/// place is there twice.
const BUILDS: Bound = Bound { peak: 10 * VALUE, total: 20 * VALUE };
/// What gives an entry for each node.
const WALKS: Bound = Bound { peak: 8, total: 128 };

/// A place for each of 128 levels, a path, or an error with what was found.
const ONCE: usize = 32 * 1024;
/// What grows place by place asks for twice as much in all.
const ASKED_ONCE: usize = 2 * ONCE;
/// Bytes that may be printed for each byte of the value, and once: 2,000 characters of a value, or 16 names.
const PRINTED: usize = 16;
/// The tree of a layout: what its documentation promises.
const TREE: usize = 64;
const PRINTED_ONCE: usize = 16 * 1024;

/// Nodes of a value on which everything is called.
const NODES: usize = 48;

impl Bound {
    /// Panics if a call on a value of that length took more.
    pub fn check(self, call: &str, len: usize, peak: usize, total: usize) {
        let Bound { peak: most, total: most_total } = self;
        assert!(peak <= most * len + ONCE, "{call}: holds {peak}, allowed {most} times {len} bytes and {ONCE}");
        assert!(
            total <= most_total * len + ASKED_ONCE,
            "{call}: asks for {total}, allowed {most_total} times {len} bytes and {ASKED_ONCE}"
        );
    }
}

/// Runs a call and checks what it took: the name of the call, its bound, and the call.
pub type Judge<'j> = dyn FnMut(&'static str, Bound, &mut dyn FnMut()) + 'j;

/// Calls everything on what can be read of these bytes.
pub fn accessors(bytes: &[u8], judge: &mut Judge<'_>) {
    let calls = &mut Calls { len: bytes.len(), judge };
    if let Ok(value) = from_slice::<Value>(bytes) {
        values(&value, calls);
    }
    if let Ok(Borrowed(view)) = from_slice(bytes) {
        values(&view, calls);
    }
    if let Ok(table) = from_slice::<TableView<'_>>(bytes) {
        tables(&table, calls);
    }
    if let Ok(array) = from_slice::<DynArray>(bytes) {
        arrays(&array, calls);
    }
    typed::<f32>(bytes, calls);
    typed::<u8>(bytes, calls);
    if let Ok(layout) = Layout::of(bytes) {
        layouts(layout, calls);
    }
}

struct Calls<'c, 'j> {
    len: usize,
    judge: &'c mut Judge<'j>,
}

impl Calls<'_, '_> {
    /// What is given is dropped while it is still measured.
    fn call<T>(&mut self, what: &'static str, bound: Bound, mut call: impl FnMut() -> T) {
        (self.judge)(what, bound, &mut || drop(call()));
    }

    /// What is printed is bounded, too. It is counted and not kept.
    fn prints(&mut self, what: &'static str, bound: Bound, printed: &dyn Display) {
        self.prints_at_most(PRINTED, what, bound, printed);
    }

    fn prints_at_most(&mut self, times: usize, what: &'static str, bound: Bound, printed: &dyn Display) {
        let most = times * self.len + PRINTED_ONCE;
        self.call(what, bound, || {
            let mut count = Count(0);
            write!(count, "{printed}").expect("counting cannot fail");
            assert!(count.0 <= most, "{what}: prints {} bytes of {}", count.0, most);
        });
    }

    fn debug(&mut self, what: &'static str, bound: Bound, shown: &dyn Debug) {
        self.prints(what, bound, &format_args!("{shown:?}"));
    }
}

struct Count(usize);

impl Write for Count {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0 += text.len();
        Ok(())
    }
}

fn hash_of(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// The first, one in the middle, and the last.
fn some_of(count: usize) -> impl Iterator<Item = usize> {
    [Some(0), count.checked_div(2), count.checked_sub(1)].into_iter().flatten().filter(move |&index| index < count)
}

fn values<'v>(root: &'v ValueView<'v>, calls: &mut Calls<'_, '_>) {
    let mut nodes = vec![root];
    let mut next = 0;
    while let Some(&value) = nodes.get(next) {
        next += 1;
        let same = value.clone();
        calls.debug("Value: Debug", LOOKS, value);
        calls.call("Value: clone", BUILDS, || value.clone());
        calls.call("Value: into_owned", BUILDS, || value.clone().into_owned());
        calls.call("Value: ==", LOOKS, || assert!(*value == same));
        calls.call("Value: Hash", LOOKS, || hash_of(value));
        calls.call("Value: as", LOOKS, || (value.as_str().is_some(), value.as_int(), value.as_float()));
        calls.call("Value: as_array", LOOKS, || value.as_array());
        match value {
            ValueView::Some(inner) => nodes.push(inner),
            ValueView::List(list) => {
                lists(list, calls);
                nodes.extend(list.nodes().iter().take(NODES));
                // Those that have to be made are looked at where they are made.
                nodes.extend(some_of(list.len()).filter_map(|index| match list.get(index) {
                    Some(Cow::Borrowed(element)) => Some(element),
                    _ => None,
                }));
            }
            ValueView::Map(map) => {
                maps(map, calls);
                nodes.extend(map.entries().iter().flat_map(|(key, value)| [key, value]).take(NODES));
            }
            ValueView::Array(array) => arrays(array, calls),
            _ => {}
        }
        nodes.truncate(NODES);
    }
}

fn lists(list: &List<'_>, calls: &mut Calls<'_, '_>) {
    calls.debug("List: Debug", LOOKS, list);
    calls.call("List: len", LOOKS, || (list.len(), list.is_empty()));
    calls.call("List: as_array", LOOKS, || list.as_array());
    for index in some_of(list.len()) {
        calls.call("List: get", BUILDS, || list.get(index));
    }
    calls.call("List: iter", BUILDS, || list.iter().count());
    calls.call("List: columns", LISTS, || list.columns());
    if let Some(schema) = list.schema() {
        calls.prints("Schema: Display", LOOKS, schema);
        calls.debug("Schema: Debug", LOOKS, schema);
        calls.call("Schema: clone", BUILDS, || schema.clone());
        calls.call("Schema: ==, Hash", LOOKS, || (Some(schema) == list.schema(), hash_of(schema), schema.width()));
    }
    calls.call("List: to_mut", BUILDS, || list.clone().to_mut().len());
    // The same list in the form that its elements choose.
    let mut built = list.clone();
    built.to_mut();
    let (list, built) = (ValueView::List(list.clone()), ValueView::List(built));
    calls.call("Value: == in another form", LOOKS, || assert!(list == built));
    calls.call("Value: == the other way round", LOOKS, || assert!(built == list));
    calls.call("Value: Hash in another form", LOOKS, || assert!(hash_of(&list) == hash_of(&built)));
}

fn maps(map: &Map<'_>, calls: &mut Calls<'_, '_>) {
    calls.debug("Map: Debug", LOOKS, map);
    calls.call("Map: get", LOOKS, || map.get("no such key").map(drop));
    if let Some(name) = map.entries().first().and_then(|(key, _)| key.as_str()) {
        calls.call("Map: get", LOOKS, || map.get(name).map(drop));
    }
}

fn arrays(array: &DynArrayView<'_>, calls: &mut Calls<'_, '_>) {
    let same = array.clone();
    calls.debug("DynArray: Debug", LOOKS, array);
    calls.call("DynArray: clone", LISTS, || array.clone());
    calls.call("DynArray: ==", LOOKS, || assert!(*array == same));
    calls.call("DynArray: Hash", LOOKS, || hash_of(array));
    calls.call("DynArray: view", LOOKS, || array.view());
    calls.call("DynArray: with_dtype", LISTS, || array.view().with_dtype(ndwire::DType::U8));
    calls.call("DynArray: into_owned", LISTS, || array.view().into_owned());
    elements::<u8>(array, calls);
    elements::<f32>(array, calls);
    elements::<u128>(array, calls);
}

fn elements<T: Element>(array: &DynArrayView<'_>, calls: &mut Calls<'_, '_>) {
    calls.call("DynArray: elements", LISTS, || array.elements::<T>().map(|elements| elements.len()));
    calls.call("DynArray: typed", LISTS, || array.typed::<T>().map(drop));
}

fn typed<T: Element + PartialEq>(bytes: &[u8], calls: &mut Calls<'_, '_>) {
    if let Ok(array) = from_slice::<ArrayView<'_, T>>(bytes) {
        calls.debug("ArrayView: Debug", LOOKS, &array);
        calls.call("ArrayView: clone", LISTS, || array.clone());
        calls.call("ArrayView: bytes", LISTS, || array.bytes().len());
        calls.call("ArrayView: to_vec", LISTS, || array.to_vec());
        calls.call("ArrayView: view", LOOKS, || (array.view().len(), array.as_dyn().dtype()));
        calls.call("ArrayView: into_owned", LISTS, || array.clone().into_owned());
    }
    if let Ok(array) = from_slice::<Array<T>>(bytes) {
        calls.debug("Array: Debug", LOOKS, &array);
        calls.call("Array: clone", LISTS, || array.clone());
    }
}

fn tables(table: &TableView<'_>, calls: &mut Calls<'_, '_>) {
    calls.debug("TableView: Debug", LOOKS, table);
    calls.call("TableView: clone", BUILDS, || table.clone());
    calls.call("TableView: len", LOOKS, || (table.len(), table.bytes().len()));
    calls.call("TableView: columns", LISTS, || table.columns());
    calls.call("TableView: column", LOOKS, || table.column("no such column").map(drop));
    let columns = table.columns();
    for index in some_of(columns.len()) {
        let name = columns[index].name();
        calls.call("TableView: column", LOOKS, || table.column(&name).map(drop));
        column(&columns[index], calls);
    }
}

fn column(column: &Column<'_>, calls: &mut Calls<'_, '_>) {
    calls.debug("Column: Debug", LOOKS, column);
    calls.call("Column: name", LOOKS, || column.name().len());
    calls.call("Column: len", LOOKS, || (column.len(), column.is_empty(), column.dtype(), column.is_optional()));
    calls.call("Column: clone", LOOKS, || column.clone());
    calls.call("Column: values", BUILDS, || column.values());
    calls.call("Column: iter", BUILDS, || column.iter::<u8>().map(|elements| elements.count()));
    calls.call("Column: to_vec", BUILDS, || column.to_vec::<f64>());
    calls.call("Column: to_array", BUILDS, || column.to_array::<f32>());
    calls.call("Column: to_options", BUILDS, || column.to_options::<i64>());
}

fn layouts(layout: Layout<'_>, calls: &mut Calls<'_, '_>) {
    calls.debug("Layout: Debug", LOOKS, &layout);
    calls.prints_at_most(TREE, "Layout: Display", LISTS, &layout);
    calls.call("Layout: entries", WALKS, || {
        layout.entries().filter(|entry| entry.dtype().is_some() && entry.shape().is_some()).count()
    });
    if let Some(last) = layout.entries().last() {
        calls.prints("Entry: Display", LOOKS, &last);
        calls.call("Entry: path", LISTS, || last.path());
    }
}
