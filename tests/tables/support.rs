//! Both forms of one list, and what a reader makes of them.

use std::fmt::Debug;

use ndwire::{Error, ErrorKind, Layout, Value, from_slice, to_vec};
use serde::{Deserialize, Serialize, Serializer};

use super::bytes::head;
use super::layer;

/// A list that stays a plain list, whatever its elements. It gives itself as a sequence, not as a tuple.
pub(crate) struct Plain<T>(pub(crate) T);

impl<T: Serialize> Serialize for Plain<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct("$ndwire::list", &self.0)
    }
}

/// What became of reading: the value as its `Debug` shows it, or the error without its offset, which the forms do not share.
pub(crate) type Outcome = Result<String, (ErrorKind, String)>;

pub(crate) fn fine(value: impl Debug) -> Outcome {
    Ok(format!("{value:?}"))
}

pub(crate) fn fails(kind: ErrorKind, message: &str) -> Outcome {
    Err((kind, message.to_owned()))
}

pub(crate) fn failure(error: &Error) -> (ErrorKind, String) {
    let message = error.to_string();
    let place = error.offset().map(|offset| format!(", at byte {offset}")).unwrap_or_default();
    let stripped = message.strip_suffix(&place).unwrap_or_else(|| panic!("{message:?} does not end with {place:?}"));
    (error.kind(), stripped.to_owned())
}

/// Without the layer between: as a program reads.
pub(crate) fn outcome_direct<'de, R: Deserialize<'de> + Debug>(bytes: &'de [u8]) -> Outcome {
    from_slice::<R>(bytes).map_err(|error| failure(&error)).and_then(fine)
}

/// A list between other nodes, so that a reader that loses its place is seen.
#[derive(Serialize)]
struct Between<L> {
    before: u8,
    list: L,
    after: Vec<u32>,
    last: String,
}

fn between<L>(list: L) -> Between<L> {
    Between { before: 1, list, after: vec![7; 200], last: "last".to_owned() }
}

/// The same list in two forms.
pub(crate) struct Forms {
    pub(crate) table: Vec<u8>,
    pub(crate) plain: Vec<u8>,
    table_between: Vec<u8>,
    plain_between: Vec<u8>,
}

impl Forms {
    pub(crate) fn of<T: Serialize>(list: &[T]) -> Self {
        Self::of_two(list, &Plain(list))
    }

    /// Of the same list by two types, the second of which writes a plain list.
    pub(crate) fn of_two(list: &(impl Serialize + ?Sized), plain: &impl Serialize) -> Self {
        let bytes = |written: ndwire::Result<Vec<u8>>| written.unwrap_or_else(|error| panic!("{error}"));
        Forms {
            table: bytes(to_vec(list)),
            plain: bytes(to_vec(plain)),
            table_between: bytes(to_vec(&between(list))),
            plain_between: bytes(to_vec(&between(plain))),
        }
    }

    /// A table of no rows, by the schema of its rows, and the empty list. No type writes such a table: columns and NumPy do.
    pub(crate) fn of_no_rows(schema: &[u8]) -> Self {
        let table: Value = from_slice(&head(&[&[0xD7], schema, &[0]].concat())).unwrap();
        Self::of_two(&table, &Plain(Vec::<()>::new()))
    }

    /// The first line of what the one form and the other is.
    pub(crate) fn described(&self) -> [String; 2] {
        [&self.table, &self.plain].map(|bytes| {
            let entries = Layout::of(bytes).unwrap().entries().next();
            entries.unwrap().to_string()
        })
    }

    pub(crate) fn is_table(&self) -> bool {
        let [table, plain] = self.described();
        assert!(plain.starts_with("list, "), "{plain}");
        table.starts_with("rows {") || table.starts_with("rows (")
    }

    /// Whether its rows are maps without a tuple in them. A tuple that is even in itself and not in all rows is split into columns,
    /// and packed where it stands alone: who asks for bytes, or for an array of any dtype, sees that.
    pub(crate) fn is_table_of_maps_alone(&self) -> bool {
        let [table, _] = self.described();
        table.starts_with("rows {") && !table.contains('(')
    }

    /// What the reader makes of both, which must be the same.
    #[track_caller]
    pub(crate) fn read(&self, reader: &Reader) -> Outcome {
        self.compare(reader).unwrap_or_else(|differ| panic!("{differ}"))
    }

    /// What the reader makes of both, or how they differ.
    pub(crate) fn compare(&self, reader: &Reader) -> Result<Outcome, String> {
        let same = |place, [table, plain]: [Outcome; 2]| match table == plain {
            true => Ok(table),
            false => Err(format!("{}, {place}:\n  table: {table:?}\n  plain: {plain:?}", reader.name)),
        };
        let alone = same("alone", [&self.table, &self.plain].map(|bytes| layer::read(bytes, reader.read)))?;
        let inside = same(
            "inside",
            [&self.table_between, &self.plain_between].map(|bytes| layer::read_between(bytes, reader.read)),
        )?;
        match (&alone, &inside) {
            (Err(_), Err(_)) => Ok(alone),
            _ if alone == inside => Ok(alone),
            _ => Err(format!("{}:\n  alone: {alone:?}\n  inside: {inside:?}", reader.name)),
        }
    }
}

/// A type that reads a list, as a function.
pub(crate) struct Reader {
    pub(crate) name: &'static str,
    pub(crate) read: for<'de> fn(&mut dyn layer::AskFor<'de>) -> layer::Result<String>,
}

/// Types of whole lists as [`Reader`]s.
macro_rules! list_readers {
    ($($type:ty),* $(,)?) => {
        [$($crate::support::Reader { name: stringify!($type), read: |from| $crate::layer::shown::<$type>(from) }),*]
    };
}

/// Types of elements as [`Reader`]s of vectors of them.
macro_rules! row_readers {
    ($($type:ty),* $(,)?) => {
        $crate::support::list_readers![$(Vec<$type>),*]
    };
}

/// What the type makes of a list, of which it has been seen that it is written as a table, in both forms.
macro_rules! alike {
    ($rows:expr => $type:ty) => {{
        let forms = $crate::support::Forms::of($rows);
        assert!(forms.is_table(), "{:?}", forms.described());
        let [reader] = $crate::support::list_readers![$type];
        forms.read(&reader)
    }};
}

pub(crate) use {alike, list_readers, row_readers};
