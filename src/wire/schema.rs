//! Row schemas: what the rows of a list have in common (section 5).

use alloc::vec::Vec;
use core::fmt;

use super::node::uv_of;
use super::{CONTAINER_LIMIT, Dims, row_width, tag};
use crate::dtype::DType;
use crate::error::printable;

/// The schema of rows that are tuples or maps, still encoded; checked, so that reading it again cannot fail.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RecordSchema<'a> {
    pub(super) encoded: &'a [u8],
    pub(super) width: u64,
    pub(super) node_leaves: u16,
    /// All that is inside, at any depth.
    pub(super) steps: u16,
    pub(super) entries: u16,
    pub(super) is_map: bool,
}

impl<'a> RecordSchema<'a> {
    /// From the bytes of one that has been read: [`encoded`](RecordSchema::encoded).
    pub(crate) fn of_checked(encoded: &'a [u8]) -> Self {
        let mut bytes = encoded;
        let (is_map, entries) = head(&mut bytes).unwrap_or((false, 0));
        let mut schema = RecordSchema { encoded, width: 0, node_leaves: 0, steps: 0, entries, is_map };
        for step in schema.steps() {
            schema.steps += 1;
            schema.width += step.kind.width();
            schema.node_leaves += u16::from(matches!(step.kind, StepKind::Node));
        }
        schema
    }

    /// Whether a row is a map; else it is a tuple.
    pub(crate) fn is_map(&self) -> bool {
        self.is_map
    }

    /// Entries or positions of a row; what is inside an entry is not counted.
    pub(crate) fn entries(&self) -> usize {
        self.entries.into()
    }

    /// Nodes of a row in the node part.
    pub(crate) fn node_leaves(&self) -> usize {
        self.node_leaves.into()
    }

    /// How many steps a row has.
    pub(crate) fn step_count(&self) -> usize {
        self.steps.into()
    }

    /// What a row holds, each tuple and map before what is in it.
    pub(crate) fn steps(&self) -> Steps<'a> {
        let mut bytes = self.encoded;
        let (is_map, entries) = head(&mut bytes).unwrap_or((self.is_map, 0));
        Steps::new(bytes, is_map, entries)
    }

    /// How many levels deeper than the rows node itself the nodes of a row stand, in their order.
    pub(crate) fn node_levels(&self) -> Vec<u8> {
        let mut levels = Vec::with_capacity(self.node_leaves());
        let nodes = self.steps().filter(|step| matches!(step.kind, StepKind::Node));
        levels.extend(nodes.map(|node| 1 + node.containers));
        levels
    }
}

/// An entry of a map or a position of a tuple.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step<'a> {
    /// Empty in a tuple, and only there.
    pub(crate) name: &'a str,
    pub(crate) kind: StepKind<'a>,
    /// The tuples and maps around it.
    pub(super) containers: u8,
}

impl Step<'_> {
    /// How many levels deeper than the rows node itself it stands: the rows and what is around it.
    pub(crate) fn levels(&self) -> usize {
        1 + usize::from(self.containers)
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum StepKind<'a> {
    Scalar(DType),
    Optional(DType),
    Subarray(DType, Dims<'a>),
    /// A node of the node part.
    Node,
    /// A tuple of so many positions, which follow.
    Tuple(usize),
    /// A map of so many entries, which follow.
    Map(usize),
}

impl StepKind<'_> {
    /// Bytes in the fixed part; of a tuple or map none, because what is in it follows.
    pub(crate) fn width(&self) -> u64 {
        match self {
            StepKind::Scalar(dtype) => dtype.size() as u64,
            StepKind::Optional(dtype) => 1 + dtype.size() as u64,
            // Checked before.
            StepKind::Subarray(dtype, dims) => row_width(dims.iter(), dtype.size()).unwrap_or(0),
            StepKind::Node | StepKind::Tuple(_) | StepKind::Map(_) => 0,
        }
    }
}

impl fmt::Display for StepKind<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StepKind::Scalar(dtype) => write!(f, "{dtype}"),
            StepKind::Optional(dtype) => write!(f, "optional {dtype}"),
            StepKind::Subarray(dtype, dims) => {
                write!(f, "{dtype} ")?;
                f.debug_list().entries(dims.iter()).finish()
            }
            StepKind::Node => f.write_str("node"),
            StepKind::Tuple(entries) => write!(f, "tuple, {entries} positions"),
            StepKind::Map(entries) => write!(f, "map, {entries} entries"),
        }
    }
}

/// The steps of a schema that has been checked, or of the part of it that has been.
#[derive(Clone)]
pub(crate) struct Steps<'a> {
    bytes: &'a [u8],
    /// Each open tuple or map: whether it is a map, and its entries still to come; and how many are open.
    open: [(bool, u16); CONTAINER_LIMIT],
    depth: u8,
}

impl<'a> Steps<'a> {
    pub(super) fn new(bytes: &'a [u8], is_map: bool, entries: u16) -> Self {
        let mut open = [(false, 0); CONTAINER_LIMIT];
        open[0] = (is_map, entries);
        Steps { bytes, open, depth: 1 }
    }

    /// Bytes of what has not come yet.
    pub(super) fn left(&self) -> usize {
        self.bytes.len()
    }

    fn kind(&mut self) -> Option<StepKind<'a>> {
        let rest = self.bytes;
        let row_scalar = |code: u8| DType::from_code(code);
        match self.bytes.split_off_first().copied()? {
            tag::NIL => Some(StepKind::Node),
            tag::SOME => self.bytes.split_off_first().copied().and_then(row_scalar).map(StepKind::Optional),
            tag::ARRAY => {
                let dtype = self.bytes.split_off_first().copied().and_then(row_scalar)?;
                let rank = self.bytes.split_off_first().copied()?;
                let dims = self.bytes;
                for _ in 0..rank {
                    uv_of(&mut self.bytes)?;
                }
                let encoded = &dims[..dims.len() - self.bytes.len()];
                Some(StepKind::Subarray(dtype, Dims { rank, encoded }))
            }
            code @ 0..=tag::UINT_MAX => row_scalar(code).map(StepKind::Scalar),
            _ => {
                self.bytes = rest;
                let (is_map, entries) = head(&mut self.bytes)?;
                *self.open.get_mut(usize::from(self.depth))? = (is_map, entries);
                self.depth += 1;
                Some(if is_map { StepKind::Map(entries.into()) } else { StepKind::Tuple(entries.into()) })
            }
        }
    }

    fn name(&mut self) -> Option<&'a str> {
        let len = match self.bytes.split_off_first().copied()? {
            short @ tag::STR..=tag::STR_MAX => usize::from(short - tag::STR),
            _ => usize::try_from(uv_of(&mut self.bytes)?).ok()?,
        };
        core::str::from_utf8(self.bytes.split_off(..len)?).ok()
    }
}

impl<'a> Iterator for Steps<'a> {
    type Item = Step<'a>;

    fn next(&mut self) -> Option<Step<'a>> {
        if self.bytes.is_empty() {
            return None;
        }
        let is_map = loop {
            match self.open.get_mut(usize::from(self.depth.checked_sub(1)?))? {
                (_, 0) => self.depth -= 1,
                (is_map, left) => {
                    *left -= 1;
                    break *is_map;
                }
            }
        };
        let containers = self.depth;
        Some(Step { name: if is_map { self.name()? } else { "" }, kind: self.kind()?, containers })
    }
}

/// Whether a checked tuple or map is a map, and how many schemas it has.
fn head(bytes: &mut &[u8]) -> Option<(bool, u16)> {
    match bytes.split_off_first().copied()? {
        short @ tag::LIST..=tag::LIST_MAX => Some((false, (short - tag::LIST).into())),
        short @ tag::MAP..=tag::MAP_MAX => Some((true, (short - tag::MAP).into())),
        long => Some((long == tag::LONG_MAP, u16::try_from(uv_of(bytes)?).ok()?)),
    }
}

/// For people, as `{ts: i64, p: (f32, node)}`.
impl fmt::Display for RecordSchema<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fn container(f: &mut fmt::Formatter<'_>, steps: &mut Steps<'_>, is_map: bool, len: usize) -> fmt::Result {
            f.write_str(if is_map { "{" } else { "(" })?;
            for index in 0..len {
                let Some(step) = steps.next() else { break };
                f.write_str(if index > 0 { ", " } else { "" })?;
                if is_map {
                    write!(f, "{}: ", printable(step.name))?;
                }
                match step.kind {
                    StepKind::Tuple(len) => container(f, steps, false, len)?,
                    StepKind::Map(len) => container(f, steps, true, len)?,
                    leaf => write!(f, "{leaf}")?,
                }
            }
            f.write_str(if is_map { "}" } else { ")" })
        }
        container(f, &mut self.steps(), self.is_map, self.entries())
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::{String, ToString};

    use super::*;
    use crate::error::ErrorKind;
    use crate::value::Schema;
    use crate::wire::parse_schema::tests::{hex, rows};
    use crate::wire::{Reader, RowSchema};

    /// The schema as it is shown, its width, its node leaves, and the levels of these.
    fn shown(text: &str) -> (String, u64, Vec<u8>) {
        let bytes = hex(text);
        let (found, mut reader) = rows(&bytes).expect("rows");
        let RowSchema::Record(schema) = found.schema else { panic!("{text} is no record") };
        reader.skip_node_part(&found).expect("nodes");
        assert_eq!(reader.offset(), bytes.len() as u64, "{text}");
        let again = RecordSchema::of_checked(schema.encoded);
        assert_eq!(
            (again.width, again.node_leaves(), again.entries(), again.is_map()),
            (schema.width, schema.node_leaves(), schema.entries(), schema.is_map()),
            "{text}"
        );
        assert_eq!(schema.node_levels().len(), schema.node_leaves());
        (alloc::format!("{:#}", Schema::of(found.schema)), schema.width, schema.node_levels())
    }

    #[test]
    fn accepted() {
        let table: [(&str, &str, u64, &[u8]); 23] = [
            ("D7 B2 81 61 10 81 62 11 02 01 02 00 03 04 00", r#"{"a": u8, "b": u16}"#, 3, &[]),
            ("D7 B2 81 61 10 81 62 C0 02 01 02 81 78 C3", r#"{"a": u8, "b": node}"#, 1, &[2]),
            ("D7 B1 81 61 B1 81 62 D5 10 02 01 07 00 00", r#"{"a": {"b": optional u8}}"#, 2, &[]),
            ("D7 B1 81 70 D6 10 01 02 02 01 02 03 04", r#"{"p": u8 [2]}"#, 2, &[]),
            ("D7 B1 81 61 C0 02 C0 05", r#"{"a": node}"#, 0, &[2]),
            ("D7 B1 81 61 10 01 07", r#"{"a": u8}"#, 1, &[]),
            ("D7 A2 10 11 02 01 02 00 03 04 00", "(u8, u16)", 3, &[]),
            ("D7 A2 10 C0 01 07 82 68 69", "(u8, node)", 1, &[2]),
            ("D7 A2 D5 10 D5 10 01 01 07 00 00", "(optional u8, optional u8)", 4, &[]),
            ("D7 A2 C0 C0 01 01 02", "(node, node)", 0, &[2, 2]),
            ("D7 A1 C0 02 A0 A1 01", "(node)", 0, &[2]),
            ("D7 A2 10 B1 81 61 11 01 01 02 00", r#"(u8, {"a": u16})"#, 3, &[]),
            ("D7 A2 10 A2 10 11 01 01 02 03 00", "(u8, (u8, u16))", 4, &[]),
            ("D7 B1 81 61 A2 10 11 01 01 02 00", r#"{"a": (u8, u16)}"#, 3, &[]),
            ("D7 A2 B1 81 61 10 B1 81 61 10 01 01 01", r#"({"a": u8}, {"a": u8})"#, 2, &[]),
            ("D7 A1 A1 B1 81 61 13 01 01 02 03 04 05 06 07 08", r#"(({"a": u64}))"#, 8, &[]),
            ("D7 A2 A2 C0 10 C0 01 07 01 02", "((node, u8), node)", 1, &[3, 2]),
            // No row.
            ("D7 B1 81 61 10 00", r#"{"a": u8}"#, 1, &[]),
            ("D7 A2 10 C0 00", "(u8, node)", 1, &[2]),
            ("D7 B2 81 61 D6 10 01 FE FF FF FF 07 81 62 10 00", r#"{"a": u8 [2147483646], "b": u8}"#, 0x7FFF_FFFF, &[]),
            ("D7 A1*7 A3 C0*3 01 C0*3", "((((((((node, node, node))))))))", 0, &[9, 9, 9]),
            // Maps that end together, and what follows them.
            (
                "D7 B3 81 61 B2 81 62 B1 81 63 C0 81 64 00 81 65 C0 81 66 B1 81 67 12 01 01 09 00 00 00 C2 C3",
                r#"{"a": {"b": {"c": node}, "d": bool}, "e": node, "f": {"g": u32}}"#,
                5,
                &[4, 2],
            ),
            // 16 entries, names whose bits are the same, and one as long as a name may be.
            (
                "D7 D4 10 83 61 31 62 10 83 61 32 62 10 83 61 33 62 10 81 64 10 81 65 10 81 66 10 81 67 10 81 68 10 81 69 10 \
                 81 6A 10 81 6B 10 81 6C 10 81 6D 10 81 6E 10 81 6F 10 D1 FF 01 70*255 10 01 00*16",
                &r#"{"a1b": u8, "a2b": u8, "a3b": u8, "d": u8, "e": u8, "f": u8, "g": u8, "h": u8, "i": u8, "j": u8, "k": u8, "l": u8, "m": u8, "n": u8, "o": u8, "P": u8}"#
                    .replace('P', &"p".repeat(255)),
                16,
                &[],
            ),
        ];
        for (text, schema, width, levels) in table {
            assert_eq!(shown(text), (schema.to_string(), width, levels.into()), "{text}");
        }
    }

    /// Rule R7: the rows, the containers around a leaf, and its rank.
    #[test]
    fn depth() {
        let lists = |count: usize, rows: &str| alloc::format!("A1*{count} {rows}");
        let table = [
            // Rows, map, map, and a leaf of rank 2.
            ("D7 B1 81 61 B1 81 62 D6 10 02 01 04 01 00*4", 5),
            ("D7 A2 10 11 01 00 00 00", 2),
            // The node inside: rows, map, list.
            ("D7 B1 81 61 C0 01 A0", 3),
            ("D7 A2 C0 D6 10 02 01 02 01 00 00 A1 A0", 4),
            // No row: the schema counts all the same.
            ("D7 A2 C0 D6 10 02 01 02 00", 4),
            // Rows, tuple, map, tuple, list.
            ("D7 A1 B1 81 61 A2 C0 C0 01 A0 C0", 5),
        ];
        for (rows, depth) in table {
            let deepest = hex(&lists(128 - depth, rows));
            assert!(Reader::of_nodes(&deepest).skip().is_ok(), "{rows}");
            let deeper = hex(&lists(129 - depth, rows));
            let error = Reader::of_nodes(&deeper).skip().expect_err(rows);
            assert_eq!(error.kind(), ErrorKind::TooDeep, "{rows}: {error}");
        }
    }
}
