//! Bytes to row schemas: every rule of sections 5.2 and 5.3.

use alloc::format;

use super::read::{error_at, not_shortest, utf8};
use super::schema::Steps;
use super::{
    Dims, LEAF_LIMIT, MAP_LIMIT, NAME_LIMIT, PAYLOAD_LIMIT, Reader, RecordSchema, RowMeasure, RowSchema,
    SUBARRAY_RANK_LIMIT, StepKind, row_formula_holds, tag,
};
use crate::dtype::DType;
use crate::error::{Error, ErrorKind, Result, printable};

/// A schema whose rules have been checked.
pub(super) struct Measured<'a> {
    pub(super) schema: RowSchema<'a>,
    /// Bytes of a row in the fixed part.
    pub(super) width: u64,
    /// Levels of the deepest leaf, as rule R7 counts them: without the rows themselves.
    pub(super) depth: usize,
}

/// What is known of a tuple or map while it is read.
#[derive(Default)]
struct Parsed {
    measure: RowMeasure,
    width: u64,
    leaves: usize,
    node_leaves: u8,
    depth: usize,
}

impl<'a> Reader<'a> {
    /// The schema of rows, with every check that needs no more than the schema.
    pub(super) fn schema(&mut self) -> Result<Measured<'a>> {
        let start = self.at;
        let [first] = self.array()?;
        match first {
            // The commonest by far.
            0..=tag::UINT_MAX => {
                let dtype = row_scalar(first, start)?;
                Ok(Measured { schema: RowSchema::Scalar(dtype), width: dtype.size() as u64, depth: 0 })
            }
            tag::LIST..=tag::MAP_MAX | tag::LONG_LIST | tag::LONG_MAP => self.record(first, start),
            _ => self.leaf_schema(first, start),
        }
    }

    #[inline(never)]
    fn leaf_schema(&mut self, first: u8, start: usize) -> Result<Measured<'a>> {
        let (leaf, width) = self.leaf(first, start)?;
        let (schema, depth) = match leaf {
            StepKind::Scalar(dtype) => (RowSchema::Scalar(dtype), 0),
            StepKind::Optional(dtype) => (RowSchema::Optional(dtype), 0),
            StepKind::Subarray(dtype, dims) => {
                self.check_subarray(dims, width)?;
                (RowSchema::Subarray(dtype, dims), dims.rank())
            }
            StepKind::Node | StepKind::Map(_) => return Err(no_schema(first, start)),
        };
        Ok(Measured { schema, width, depth })
    }

    fn record(&mut self, first: u8, start: usize) -> Result<Measured<'a>> {
        let is_map = matches!(first, tag::MAP..=tag::MAP_MAX | tag::LONG_MAP);
        let entries = self.schema_entries(first, start)?;
        let mut parsed = Parsed { measure: RowMeasure::of_container(), ..Parsed::default() };
        match is_map {
            true => self.map_schema(entries, 1, &mut parsed)?,
            false => self.tuple_schema(entries, start, &mut parsed)?,
        }
        if !parsed.measure.holds() {
            let message = "a row is presented as too many maps, lists and names for its bytes";
            return Err(error_at(start, ErrorKind::Malformed, message));
        }
        let Parsed { width, node_leaves, depth, .. } = parsed;
        let encoded = &self.value[start..self.at];
        let schema = RowSchema::Record(RecordSchema { encoded, width, node_leaves, entries, is_map });
        Ok(Measured { schema, width, depth })
    }

    fn tuple_schema(&mut self, entries: u8, start: usize, parsed: &mut Parsed) -> Result<()> {
        let inside = self.at;
        let mut first_end = None;
        let mut all_same = true;
        for _ in 0..entries {
            let leaf_start = self.at;
            let [first] = self.array()?;
            self.record_leaf(first, leaf_start, 1, parsed)?;
            let first_end = *first_end.get_or_insert(self.at);
            // Equal schemas have equal bytes.
            all_same &= self.value[inside..first_end] == self.value[leaf_start..self.at];
        }
        if all_same && matches!(self.value[inside], 0..=tag::UINT_MAX | tag::ARRAY) {
            let message = "a tuple of one scalar or subarray, expected a subarray";
            return Err(error_at(start, ErrorKind::NotCanonical, message));
        }
        Ok(())
    }

    /// The names and schemas of a map, which is inside so many maps of the schema, itself included.
    fn map_schema(&mut self, entries: u8, maps: usize, parsed: &mut Parsed) -> Result<()> {
        let inside = self.at;
        // A bit for each name that has come. Only where two names share one, names are compared.
        let mut seen = 0u64;
        for _ in 0..entries {
            let name_start = self.at;
            let name = self.name()?;
            let bit = bit_of(name);
            if seen & bit != 0 {
                let mut before = Steps::new(&self.value[inside..name_start], true, entries);
                if before.any(|step| step.containers == 1 && step.name == name) {
                    let message = format!("row schema has the name `{}` twice in a map", printable(name));
                    return Err(error_at(name_start, ErrorKind::Malformed, message));
                }
            }
            seen |= bit;
            parsed.measure.add_name(name.len());
            let start = self.at;
            let [first] = self.array()?;
            if !matches!(first, tag::MAP..=tag::MAP_MAX | tag::LONG_MAP) {
                self.record_leaf(first, start, maps, parsed)?;
                continue;
            }
            let entries = self.schema_entries(first, start)?;
            if maps == MAP_LIMIT {
                let message = format!("row schema has more than {MAP_LIMIT} maps inside each other");
                return Err(error_at(start, ErrorKind::Malformed, message));
            }
            parsed.measure.add_container();
            self.map_schema(entries, maps + 1, parsed)?;
        }
        Ok(())
    }

    /// How many schemas a tuple or map has.
    fn schema_entries(&mut self, first: u8, start: usize) -> Result<u8> {
        let what = if matches!(first, tag::LIST..=tag::LIST_MAX | tag::LONG_LIST) { "tuple" } else { "map" };
        let entries = match first {
            tag::LIST..=tag::LIST_MAX => u64::from(first - tag::LIST),
            tag::MAP..=tag::MAP_MAX => u64::from(first - tag::MAP),
            _ => match self.uv()? {
                short if short <= u64::from(tag::LIST_MAX - tag::LIST) => return Err(not_shortest(start, what)),
                long => long,
            },
        };
        match u8::try_from(entries) {
            Ok(0) => Err(error_at(start, ErrorKind::Malformed, format!("row schema has a {what} of no schema"))),
            Ok(entries) if usize::from(entries) <= LEAF_LIMIT => Ok(entries),
            // Each has at least one leaf.
            _ => Err(too_many_leaves(start)),
        }
    }

    /// The name of a map's entry. It is no node: nothing owes it.
    fn name(&mut self) -> Result<&'a str> {
        let start = self.at;
        let [first] = self.array()?;
        let len = match first {
            tag::STR..=tag::STR_MAX => usize::from(first - tag::STR),
            tag::LONG_STR => match self.count()? {
                short if short <= usize::from(tag::STR_MAX - tag::STR) => return Err(not_shortest(start, "name")),
                long => long,
            },
            _ => {
                let message = format!("found {first:02X}, expected the name of a row schema's entry");
                return Err(error_at(start, ErrorKind::Malformed, message));
            }
        };
        if !(1..=NAME_LIMIT).contains(&len) {
            let message = format!("row schema has a name of {len} bytes, expected 1 to {NAME_LIMIT}");
            return Err(error_at(start, ErrorKind::Malformed, message));
        }
        utf8(self.take(len)?, start as u64)
    }

    /// A leaf inside so many maps, or a tuple.
    fn record_leaf(&mut self, first: u8, start: usize, containers: usize, parsed: &mut Parsed) -> Result<()> {
        if parsed.leaves == LEAF_LIMIT {
            return Err(too_many_leaves(start));
        }
        parsed.leaves += 1;
        let mut rank = 0;
        if first == tag::NIL {
            parsed.node_leaves += 1;
            parsed.measure.add_node();
        } else {
            let (leaf, width) = self.leaf(first, start)?;
            if let StepKind::Subarray(_, dims) = leaf {
                self.check_subarray(dims, width)?;
                parsed.measure.add_subarray(dims.iter());
                rank = dims.rank();
            }
            parsed.measure.add_bytes(width);
            let sum = parsed.width.checked_add(width).filter(|&sum| sum <= PAYLOAD_LIMIT);
            parsed.width =
                sum.ok_or_else(|| error_at(start, ErrorKind::TooLarge, "a row exceeds the largest payload"))?;
        }
        parsed.depth = parsed.depth.max(containers + rank);
        Ok(())
    }

    /// The row formula of a subarray by itself.
    fn check_subarray(&self, dims: Dims<'_>, width: u64) -> Result<()> {
        match row_formula_holds(dims.iter(), width) {
            true => Ok(()),
            false => Err(self.error(ErrorKind::Malformed, "a row is presented as too many lists for its bytes")),
        }
    }

    /// A scalar, an optional scalar or a subarray, and its bytes in a row.
    fn leaf(&mut self, first: u8, start: usize) -> Result<(StepKind<'a>, u64)> {
        match first {
            0..=tag::UINT_MAX => {
                let dtype = row_scalar(first, start)?;
                Ok((StepKind::Scalar(dtype), dtype.size() as u64))
            }
            tag::SOME => {
                let [code] = self.array()?;
                let dtype = row_scalar(code, start)?;
                Ok((StepKind::Optional(dtype), 1 + dtype.size() as u64))
            }
            tag::ARRAY => {
                let [code, rank] = self.array()?;
                let dtype = row_scalar(code, start)?;
                if !(1..=SUBARRAY_RANK_LIMIT).contains(&usize::from(rank)) {
                    let message = format!("subarray has rank-and-order {rank:02X}, expected 1 to 7");
                    return Err(error_at(start, ErrorKind::Malformed, message));
                }
                let (dims, width) = self.dims(rank, dtype)?;
                if dims.iter().any(|dim| dim == 0) {
                    return Err(error_at(start, ErrorKind::Malformed, "subarray has a dim of 0"));
                }
                Ok((StepKind::Subarray(dtype, dims), width))
            }
            _ => Err(no_schema(first, start)),
        }
    }
}

fn row_scalar(code: u8, start: usize) -> Result<DType> {
    DType::from_code(code)
        .filter(|dtype| dtype.is_row_scalar())
        .ok_or_else(|| error_at(start, ErrorKind::Malformed, format!("found dtype {code:02X}, expected a row scalar")))
}

/// One of 64 bits, different for most names that stand together.
fn bit_of(name: &str) -> u64 {
    let byte = |byte: Option<&u8>| byte.copied().map_or(0, usize::from);
    let bytes = name.as_bytes();
    1 << ((byte(bytes.first()) + 3 * byte(bytes.last()) + 7 * bytes.len()) % 64)
}

#[cold]
fn no_schema(found: u8, start: usize) -> Error {
    error_at(start, ErrorKind::Malformed, format!("found {found:02X}, expected a row schema"))
}

#[cold]
fn too_many_leaves(start: usize) -> Error {
    error_at(start, ErrorKind::Malformed, format!("row schema has more than {LEAF_LIMIT} leaves"))
}

#[cfg(test)]
mod tests {
    use alloc::string::{String, ToString};
    use alloc::vec::Vec;

    use super::*;
    use crate::wire::{Node, Rows};

    /// Bytes in hex; `61*256` is a byte 256 times.
    fn hex(text: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        for word in text.split_whitespace() {
            let (byte, times) = word.split_once('*').unwrap_or((word, "1"));
            let byte = u8::from_str_radix(byte, 16).expect("a byte");
            bytes.extend(core::iter::repeat_n(byte, times.parse().expect("a number")));
        }
        bytes
    }

    fn rows(bytes: &[u8]) -> Result<(Rows<'_>, Reader<'_>)> {
        let mut reader = Reader::of_nodes(bytes);
        match reader.node()? {
            Node::Rows(rows) => Ok((rows, reader)),
            other => panic!("{other:?}"),
        }
    }

    /// The schema as it is shown, its width, its node leaves, and the levels of these.
    fn shown(text: &str) -> (String, u64, Vec<usize>) {
        let bytes = hex(text);
        let (found, mut reader) = rows(&bytes).expect("rows");
        let RowSchema::Record(schema) = found.schema else { panic!("{text} is no record") };
        reader.skip_node_part(&found).expect("nodes");
        assert_eq!(reader.offset(), bytes.len() as u64, "{text}");
        let again = RecordSchema::of_checked(schema.encoded());
        assert_eq!(
            (again.width(), again.node_leaves(), again.entries(), again.is_map()),
            (schema.width(), schema.node_leaves(), schema.entries(), schema.is_map()),
            "{text}"
        );
        assert_eq!(schema.node_levels().as_slice().len(), schema.node_leaves());
        (schema.shown(true).to_string(), schema.width(), schema.node_levels().as_slice().into())
    }

    #[test]
    fn accepted() {
        let table: [(&str, &str, u64, &[usize]); 13] = [
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

    #[test]
    fn names_without_quotes() {
        let bytes = hex("D7 B2 82 61 0A 10 D1 50 62*80 C0 01 01 02");
        let RowSchema::Record(schema) = rows(&bytes).expect("rows").0.schema else { panic!("no record") };
        let expected = alloc::format!(r"{{a\n: u8, {}…: node}}", "b".repeat(64));
        assert_eq!(schema.shown(false).to_string(), expected);
    }

    #[test]
    fn rejected() {
        use ErrorKind::{Malformed, NotCanonical, TooLarge, Truncated};
        let nine_maps = alloc::format!("D7 {} 13 01 01 02 03 04 05 06 07 08", "B1 81 61 ".repeat(9));
        let table: [(&str, ErrorKind, &str); 36] = [
            ("D7 A0 01", Malformed, "row schema has a tuple of no schema, at byte 1"),
            ("D7 B0 01", Malformed, "row schema has a map of no schema, at byte 1"),
            ("D7 C0 01 01", Malformed, "found C0, expected a row schema, at byte 1"),
            ("D7 A2 10 10 01 01 02", NotCanonical, "a tuple of one scalar or subarray, expected a subarray, at byte 1"),
            (
                "D7 A1 D6 10 01 02 01 01 02",
                NotCanonical,
                "a tuple of one scalar or subarray, expected a subarray, at byte 1",
            ),
            ("D7 A2 10 B1 81 61 11 01 01 02 00", Malformed, "found B1, expected a row schema, at byte 3"),
            ("D7 A2 10 A2 10 11 01 01 02 03 00", Malformed, "found A2, expected a row schema, at byte 3"),
            ("D7 B1 81 61 A2 10 11 01 01 02 00", Malformed, "found A2, expected a row schema, at byte 4"),
            ("D7 B1 81 61 14 01 01", Malformed, "found dtype 14, expected a row scalar, at byte 4"),
            ("D7 B1 80 10 01 01", Malformed, "row schema has a name of 0 bytes, expected 1 to 255, at byte 2"),
            ("D7 B1 05 10 01 01", Malformed, "found 05, expected the name of a row schema's entry, at byte 2"),
            ("D7 B2 81 61 10 81 61 11 01 01 02 00", Malformed, "row schema has the name `a` twice in a map, at byte 5"),
            // Behind a map that has the name as well, which is none of its brothers.
            (
                "D7 B3 81 61 B1 81 62 10 81 62 10 81 62 10 01 01 02 03",
                Malformed,
                "row schema has the name `b` twice in a map, at byte 11",
            ),
            (
                "D7 B1 D1 80 02 61*256 11 01 01 00",
                Malformed,
                "row schema has a name of 256 bytes, expected 1 to 255, at byte 2",
            ),
            ("D7 B1 D1 01 61 10 01 01", NotCanonical, "name is not in its shortest form, at byte 2"),
            ("D7 B1 81 FF 10 01 01", Malformed, "str is not UTF-8, at byte 2"),
            ("D7 D3 02 10 11 01 01 02 00", NotCanonical, "tuple is not in its shortest form, at byte 1"),
            ("D7 D4 01 81 61 10 01 01", NotCanonical, "map is not in its shortest form, at byte 1"),
            ("D7 D3 41 C0*65 01 C0*65", Malformed, "row schema has more than 64 leaves, at byte 1"),
            ("D7 B2 81 61 D4 3F", Truncated, "metadata is truncated: needed 1 bytes, 0 left, at byte 6"),
            (&nine_maps, Malformed, "row schema has more than 8 maps inside each other, at byte 25"),
            (
                "D7 B1 81 61 B1 81 62 B1 81 63 00 01 01",
                Malformed,
                "a row is presented as too many maps, lists and names for its bytes, at byte 1",
            ),
            (
                "D7 B1 D1 29 61*41 00 01 01",
                Malformed,
                "a row is presented as too many maps, lists and names for its bytes, at byte 1",
            ),
            (
                "D7 A2 10 D6 10 07 01 01 01 01 01 01 01 01 01 02",
                Malformed,
                "a row is presented as too many lists for its bytes, at byte 13",
            ),
            (
                "D7 B2 81 61 D6 13 01 FF FF FF FF FF FF FF FF 0F 81 62 13 01",
                TooLarge,
                "a row exceeds the largest payload, at byte 18",
            ),
            (
                "D7 B1 81 61 D6 13 01 FF FF FF FF FF FF FF FF 0F 02",
                TooLarge,
                "rows exceed the largest payload, at byte 0",
            ),
            ("D7 B1 81 61 10 00", NotCanonical, "rows of no element, expected an empty list, at byte 0"),
            ("D7 B1 81 61 D5 10 02 01 07 02 07", Malformed, "presence byte is neither 0 nor 1, at byte 9"),
            ("D7 B1 81 61 D5 10 02 01 07 00 07", NotCanonical, "an absent scalar is not zero, at byte 9"),
            ("D7 B2 81 61 10 81 62 00 02 01 00 01 02", Malformed, "bool is neither 0 nor 1, at byte 12"),
            ("D7 A2 10 D5 00 02 01 01 01 00 01 03", Malformed, "bool is neither 0 nor 1, at byte 11"),
            ("D7 A2 10 D6 00 01 02 02 01 00 01 01 01 03", Malformed, "bool is neither 0 nor 1, at byte 13"),
            ("D7 B1 81 61 C0 03 01 02", Truncated, "metadata is truncated: needed 3 bytes, 2 left, at byte 6"),
            (
                "D7 B1 81 61 C0 FF FF FF FF FF FF FF FF FF 01 01",
                Truncated,
                "metadata is truncated: needed 18446744073709551615 bytes, 1 left, at byte 15",
            ),
            (
                "D7 A2 C0 C0 FF FF FF FF FF FF FF FF FF 01 01",
                Truncated,
                "metadata is truncated: needed 18446744073709551615 bytes, 1 left, at byte 14",
            ),
            (
                "D7 B2 81 61 10 81 62 C0 02 01 02 C0",
                Truncated,
                "metadata is truncated: needed 2 bytes, 1 left, at byte 9",
            ),
        ];
        for (text, kind, message) in table {
            let bytes = hex(text);
            let error = rows(&bytes).map(|(rows, _)| rows).expect_err(text);
            assert_eq!((error.kind(), error.to_string()), (kind, message.to_string()), "{text}");
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
