//! Columns of lists that were read: what each holds, whatever the form of the list, and what a name means.

use std::collections::BTreeMap;

use ndwire::{ErrorKind, TableView, Value, from_slice, to_vec};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde::Serialize;

/// Names and values of all columns, by the definition: the fields of the first row, and those of the maps in it.
fn by_definition(rows: &[Value]) -> Vec<(String, Vec<Value>)> {
    let Some(Value::Map(first)) = rows.first() else { return Vec::new() };
    let mut columns = Vec::new();
    for (name, _) in first.entries() {
        let Some(name) = name.as_str() else { continue };
        let cell = |row: &Value| row.as_map().and_then(|row| row.get(name).unwrap().cloned()).unwrap_or(Value::Nil);
        let cells: Vec<Value> = rows.iter().map(cell).collect();
        match cells[0] {
            Value::Map(_) => {
                let inner = by_definition(&cells).into_iter();
                columns.extend(inner.map(|(inner, cells)| (format!("{name}.{inner}"), cells)));
            }
            _ => columns.push((name.to_string(), cells)),
        }
    }
    columns
}

#[track_caller]
fn check(table: &TableView<'_>, expected: &[(String, Vec<Value>)]) {
    let found: Vec<_> = table.columns().iter().map(|column| (column.name().to_string(), column.values())).collect();
    assert_eq!(found, expected);
    for (name, cells) in expected {
        let column = table.column(name).unwrap();
        assert_eq!((&*column.name(), column.len(), &column.values()), (&**name, table.len(), cells));
        assert_eq!(column.is_optional(), cells.contains(&Value::Nil));
    }
}

/// Rows whose keys differ, with maps in maps.
fn row() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![Just(Value::Nil), (0..3i64).prop_map(Value::from), "[ab]{0,2}".prop_map(Value::from)];
    let map = |inner: BoxedStrategy<Value>| {
        btree_map("[a-d]", inner, 0..4)
            .prop_map(|map| Value::Map(map.into_iter().map(|(name, value)| (Value::from(name), value)).collect()))
    };
    let inner = leaf.prop_recursive(3, 12, 4, move |inner| map(inner.boxed()));
    map(inner.boxed())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn columns_of_plain_lists_are_those_of_the_first_row(rows in vec(row(), 1..6)) {
        // From another format it is always plain.
        let json = serde_json::to_string(&Value::from(rows.clone())).unwrap();
        let table: TableView<'_> = serde_json::from_str(&json).unwrap();
        check(&table, &by_definition(&rows));
        // Here it is plain if another row has other names.
        let two = [rows[0].clone(), map(&[("z", Value::from(1))])];
        check(&from_slice(&to_vec(&two).unwrap()).unwrap(), &by_definition(&two));
    }
}

#[derive(Serialize)]
struct Row {
    id: u16,
    corner: [f32; 2],
    note: Option<u8>,
    label: String,
    inner: Inner,
    size: u8,
}

#[derive(Serialize)]
struct Inner {
    kind: i8,
    text: &'static str,
    deep: Deep,
    last: bool,
}

#[derive(Serialize)]
struct Deep {
    x: f64,
}

fn rows(count: u16) -> Vec<Row> {
    let row = |id| Row {
        id,
        corner: [0.5, f32::from(id)],
        note: (id % 2 == 0).then_some(3),
        label: format!("label {id}"),
        inner: Inner { kind: -1, text: "text", deep: Deep { x: 0.25 * f64::from(id) }, last: id == 3 },
        size: 9,
    };
    (0..count).map(row).collect()
}

/// Packed, and from another format.
#[test]
fn a_table_has_the_same_columns_in_every_form() {
    for count in [1, 2, 50] {
        let bytes = to_vec(&rows(count)).unwrap();
        let value: Value = from_slice(&bytes).unwrap();
        let plain: Vec<Value> = value.as_list().unwrap().iter().map(|row| row.into_owned()).collect();
        let expected = by_definition(&plain);
        let names: Vec<&str> = expected.iter().map(|(name, _)| &**name).collect();
        let all = ["id", "corner", "note", "label", "inner.kind", "inner.text", "inner.deep.x", "inner.last", "size"];
        assert_eq!(names, all);
        let table: TableView<'_> = from_slice(&bytes).unwrap();
        assert!(table.schema().is_some());
        check(&table, &expected);
        assert_eq!(format!("{table:?}"), format!("TableView {{ len: {count}, columns: {all:?} }}"));
        assert_eq!(table.column("inner.deep.x").unwrap().to_vec::<f64>().unwrap()[usize::from(count) - 1], {
            0.25 * f64::from(count - 1)
        });
        let notes = table.column("note").unwrap().to_options::<u8>().unwrap();
        assert_eq!(notes, (0..count).map(|id| (id % 2 == 0).then_some(3)).collect::<Vec<_>>());

        let json = serde_json::to_vec(&rows(count)).unwrap();
        let other: TableView<'_> = serde_json::from_slice(&json).unwrap();
        assert_eq!(other.column("inner.kind").unwrap().to_vec::<i64>().unwrap(), vec![-1; count.into()]);
        assert_eq!(other.columns().len(), all.len());
    }
}

/// The places of a tuple are columns by their numbers; one that is an array is one column.
#[test]
fn columns_of_tuples() {
    use ndwire::{DType, List, Schema};
    let scalar = |dtype| Schema::Scalar(dtype);
    let inner = Schema::Tuple(vec![scalar(DType::U8), Schema::Map(vec![("x".into(), scalar(DType::F32))])]);
    let tuple = Schema::Tuple(vec![scalar(DType::U16), inner, Schema::Subarray(DType::U8, vec![2])]);
    let schema = Schema::Map(vec![("p".into(), tuple), ("q".into(), scalar(DType::Bool))]);
    let row = |n: u8| [&[n, 0, n + 1][..], &f32::from(n).to_le_bytes(), &[n, n + 3, 1]].concat();
    let bytes = to_vec(&List::packed(schema.clone(), 2, [row(1), row(2)].concat()).unwrap()).unwrap();
    let table: TableView<'_> = from_slice(&bytes).unwrap();
    let names: Vec<_> = table.columns().iter().map(|column| column.name().to_string()).collect();
    assert_eq!(names, ["p.0", "p.1.0", "p.1.1.x", "p.2", "q"]);
    assert_eq!(table.column("p.1.1.x").unwrap().to_vec::<f32>().unwrap(), [1.0, 2.0]);
    assert_eq!(table.column("p.1.0").unwrap().iter::<u8>().unwrap().collect::<Vec<_>>(), [2, 3]);
    let pairs = table.column("p.2").unwrap().to_array::<u8>().unwrap();
    assert_eq!((pairs.shape(), pairs.elements()), (&[2, 2][..], &[1, 4, 2, 5][..]));
    let error = table.column("p").unwrap_err();
    assert_eq!(error.to_string(), "table has no column `p`: found `p.0`, `p.1.0`, `p.1.1.x`, `p.2`, `q`");

    // Without rows the columns are the same; without columns each name is one.
    let bytes = to_vec(&List::packed(schema, 0, vec![]).unwrap()).unwrap();
    let table: TableView<'_> = from_slice(&bytes).unwrap();
    let found: Vec<_> = table.columns().iter().map(|column| (column.name().to_string(), column.len())).collect();
    assert_eq!(found, names.into_iter().map(|name| (name, 0)).collect::<Vec<_>>());
    assert!(table.column("p.0").unwrap().to_vec::<u16>().unwrap().is_empty());
    assert_eq!(table.column("p.2").unwrap().to_array::<u8>().unwrap().shape(), [0, 2]);
    refused(
        &table,
        "p.3",
        ErrorKind::MissingField,
        "table has no column `p.3`: found `p.0`, `p.1.0`, `p.1.1.x`, `p.2`, `q`",
    );
    assert!(from_slice::<TableView<'_>>(&to_vec(&[(); 0]).unwrap()).unwrap().column("p.3").is_ok());

    let none: &[String] = &[];
    let columns = ndwire::Columns::new().with("t", &[0i64; 0]).with("name", none);
    let bytes = to_vec(&columns).unwrap();
    let table: TableView<'_> = from_slice(&bytes).unwrap();
    assert_eq!(table.column("t").unwrap().dtype(), Some(DType::I64));
    assert!(table.column("name").unwrap().values().is_empty());
    assert!(from_slice::<Vec<BTreeMap<String, Value>>>(&bytes).unwrap().is_empty());
}

fn map(entries: &[(&str, Value)]) -> Value {
    Value::Map(entries.iter().map(|(name, value)| (Value::from(*name), value.clone())).collect())
}

fn refused(table: &TableView<'_>, name: &str, kind: ErrorKind, message: &str) {
    let error = table.column(name).unwrap_err();
    assert_eq!((error.kind(), &*error.to_string()), (kind, message));
}

/// A look-up by name that meets a duplicate is an error (rule R13).
#[test]
fn a_name_that_stands_there_twice_is_an_error() {
    let one = Value::from(1);
    let twice = "table has the column `a` more than once";
    let rows = [map(&[("a", one.clone()), ("b", one.clone()), ("a", one.clone())]), map(&[("b", one.clone())])];
    for rows in [&rows[..], &[rows[1].clone(), map(&[("b", one.clone()), ("b", 2.into()), ("b", 3.into())])]] {
        let bytes = to_vec(&rows).unwrap();
        let table: TableView<'_> = from_slice(&bytes).unwrap();
        let name = if rows[0].as_map().unwrap().entries().len() == 3 { "a" } else { "b" };
        refused(&table, name, ErrorKind::DuplicateField, &twice.replace("`a`", &format!("`{name}`")));
        // Among all columns it is one, has nil there, and is not read as numbers.
        let columns = table.columns();
        let column = columns.iter().find(|column| column.name() == name).unwrap();
        assert!(column.values().contains(&Value::Nil));
        assert_eq!(column.to_options::<u8>().unwrap_err().kind(), ErrorKind::DuplicateField);
        assert_eq!(column.to_vec::<u8>().unwrap_err().kind(), ErrorKind::DuplicateField);
        assert_eq!(columns.iter().filter(|column| column.name() == name).count(), 1);
        if name == "a" {
            assert_eq!(table.column("b").unwrap().to_vec::<u8>().unwrap(), [1, 1]);
        }
    }
    // In a map in the rows.
    let inner = map(&[("x", one.clone()), ("x", one.clone()), ("y", one.clone())]);
    let other = map(&[("a", map(&[("y", one.clone())])), ("b", one.clone())]);
    let bytes = to_vec(&[map(&[("a", inner)]), other]).unwrap();
    let table: TableView<'_> = from_slice(&bytes).unwrap();
    refused(&table, "a.x", ErrorKind::DuplicateField, "table has the column `a.x` more than once");
    assert_eq!(table.column("a.y").unwrap().to_vec::<u8>().unwrap(), [1, 1]);
    // With a dot in a name. Each of the two is a column by itself.
    let row = map(&[("a.b", one.clone()), ("a", map(&[("b", 2.into()), ("c", 3.into())]))]);
    for count in [1, 2] {
        let bytes = to_vec(&vec![row.clone(); count]).unwrap();
        let table: TableView<'_> = from_slice(&bytes).unwrap();
        refused(&table, "a.b", ErrorKind::DuplicateField, "table has the column `a.b` more than once");
        assert_eq!(table.column("a.c").unwrap().to_vec::<i64>().unwrap(), vec![3; count]);
        let cells: Vec<_> = table.columns().iter().map(|column| column.values()[0].clone()).collect();
        assert_eq!(cells, [1, 2, 3].map(Value::from));
    }
}

#[test]
fn what_is_no_column() {
    let rows = [
        map(&[("a", map(&[("x", 1.into())])), ("", 2.into())]),
        map(&[("new", 1.into()), ("a", 5.into())]),
        Value::Map([(Value::from(7), Value::from(7))].into_iter().collect()),
    ];
    let bytes = to_vec(&rows).unwrap();
    let table: TableView<'_> = from_slice(&bytes).unwrap();
    for name in ["a", "x", "new", ".x", "a.", "a.x.", "b.x", "a..x"] {
        refused(&table, name, ErrorKind::MissingField, &format!("table has no column `{name}`: found `a.x`, ``"));
    }
    assert_eq!(table.column("a.x").unwrap().values(), [Value::from(1), Value::Nil, Value::Nil]);
    assert_eq!(table.column("").unwrap().to_options::<u8>().unwrap(), [Some(2), None, None]);

    for bytes in [to_vec(&[1u8, 2]).unwrap(), to_vec(&(map(&[]), 1u8)).unwrap(), to_vec("text").unwrap()] {
        let error = from_slice::<TableView<'_>>(&bytes).unwrap_err();
        assert!(error.to_string().contains("expected a list of structs or maps"), "{error}");
    }
}

/// Many names are shown by the first of them.
#[test]
fn many_columns_are_counted() {
    let row: BTreeMap<String, u8> = (0..1000).map(|n| (format!("name {n:03}"), 1)).collect();
    let bytes = to_vec(&[&row]).unwrap();
    let table: TableView<'_> = from_slice(&bytes).unwrap();
    let shown = format!("{table:?}");
    assert!(shown.starts_with(r#"TableView { len: 1, columns: ["name 000", "name 001", "#), "{shown}");
    assert!(shown.ends_with(r#""name 015", … 984 more] }"#), "{shown}");
    assert_eq!(table.column("name 999").unwrap().to_vec::<u8>().unwrap(), [1]);
}

/// A map that is there twice in a row makes all that is in it ambiguous.
#[test]
fn a_map_that_stands_there_twice_is_an_error() {
    let x = |x: i64| map(&[("x", x.into()), ("deep", map(&[("y", x.into())]))]);
    let rows = [map(&[("a", x(1)), ("b", 1.into())]), map(&[("a", x(2)), ("b", 2.into()), ("a", x(3))])];
    let bytes = to_vec(&rows).unwrap();
    let table: TableView<'_> = from_slice(&bytes).unwrap();
    for name in ["a.x", "a.deep.y"] {
        refused(&table, name, ErrorKind::DuplicateField, &format!("table has the column `{name}` more than once"));
    }
    assert_eq!(table.column("b").unwrap().to_vec::<i64>().unwrap(), [1, 2]);
}

/// A list of structs is a table wherever it is, also as a part of a row.
#[test]
fn tables_in_rows() {
    #[derive(Serialize)]
    struct Inner {
        x: u8,
    }
    let inner = |x| Inner { x };
    let bytes = to_vec(&[[inner(1), inner(2)], [inner(3), inner(4)]]).unwrap();
    let tables: Vec<TableView<'_>> = from_slice(&bytes).unwrap();
    let columns: Vec<Vec<u8>> = tables.iter().map(|table| table.column("x").unwrap().to_vec().unwrap()).collect();
    assert_eq!(columns, [[1, 2], [3, 4]]);
    let bytes = to_vec(&([inner(1), inner(2)], [inner(3), inner(4)])).unwrap();
    let (_, second): (TableView<'_>, TableView<'_>) = from_slice(&bytes).unwrap();
    assert_eq!(second.column("x").unwrap().to_vec::<u8>().unwrap(), [3, 4]);
    let error = from_slice::<Vec<TableView<'_>>>(&to_vec(&[([1u8, 2], 0u8), ([3, 4], 0)]).unwrap()).unwrap_err();
    assert!(error.to_string().contains("expected a list of structs or maps"), "{error}");
}

/// Where a value is in a column tells its row, not a place in bytes that nobody sees.
#[test]
fn errors_of_columns_name_rows() {
    let rows = [map(&[("a", 1.into())]), map(&[("b", 1.into())])];
    let bytes = to_vec(&rows).unwrap();
    let table: TableView<'_> = from_slice(&bytes).unwrap();
    let error = table.column("a").unwrap().to_vec::<u8>().unwrap_err();
    assert_eq!((error.path(), error.offset()), (Some("a[1]"), None), "{error}");
}
