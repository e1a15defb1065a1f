//! Bytes to row schemas: every rule of sections 5.2 and 5.3.

use alloc::format;
use alloc::vec::Vec;

use super::read::{error_at, not_shortest, utf8};
use super::schema::Steps;
use super::{
    CONTAINER_LIMIT, LEAF_LIMIT, NAME_LIMIT, Reader, RecordSchema, RowMeasure, RowSchema, SUBARRAY_RANK_LIMIT,
    StepKind, WIDTH_LIMIT, row_formula_holds, row_width, tag,
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

/// What is known of a tuple or map, and of all that is inside it, while it is read.
#[derive(Default)]
struct Parsed {
    measure: RowMeasure,
    leaves: usize,
    node_leaves: u16,
    steps: u16,
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
            first if is_container(first) => self.record(first, start),
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
                if !row_formula_holds(dims.iter(), width) {
                    return Err(too_many_sequences(start));
                }
                (RowSchema::Subarray(dtype, dims), dims.rank())
            }
            StepKind::Node | StepKind::Tuple(_) | StepKind::Map(_) => return Err(no_schema(first, start)),
        };
        Ok(Measured { schema, width, depth })
    }

    fn record(&mut self, first: u8, start: usize) -> Result<Measured<'a>> {
        let mut parsed = Parsed::default();
        let entries = self.container(first, start, 1, &mut parsed)?;
        if !parsed.measure.holds() {
            return Err(too_many_sequences(start));
        }
        let Parsed { measure, node_leaves, steps, depth, .. } = parsed;
        let (encoded, width) = (&self.value[start..self.at], measure.width());
        let schema = RecordSchema { encoded, width, node_leaves, steps, entries, is_map: is_map(first) };
        Ok(Measured { schema: RowSchema::Record(schema), width, depth })
    }

    /// A tuple or map, the so manieth of those inside each other, and how many schemas it has.
    fn container(&mut self, first: u8, start: usize, containers: usize, parsed: &mut Parsed) -> Result<u16> {
        let is_map = is_map(first);
        let entries = self.schema_entries(first, start)?;
        if containers > CONTAINER_LIMIT {
            let message = format!("row schema has more than {CONTAINER_LIMIT} tuples and maps inside each other");
            return Err(error_at(start, ErrorKind::Malformed, message));
        }
        parsed.measure.add_container();
        let inside = self.at;
        // A bit for each name that has come. Only where two names share one, names are compared.
        let (mut seen, mut may_repeat) = (0u64, false);
        let (mut first_end, mut all_same) = (None, true);
        for _ in 0..entries {
            if is_map {
                let name = self.name()?;
                let bit = bit_of(name);
                may_repeat |= seen & bit != 0;
                seen |= bit;
                parsed.measure.add_name(name.len());
            }
            parsed.steps += 1;
            let start = self.at;
            let [first] = self.array()?;
            match is_container(first) {
                true => drop(self.container(first, start, containers + 1, parsed)?),
                false => self.record_leaf(first, start, containers, parsed)?,
            }
            let first_end = *first_end.get_or_insert(self.at);
            // Equal schemas have equal bytes.
            all_same &= self.value[inside..first_end] == self.value[start..self.at];
        }
        if may_repeat {
            self.check_names(inside, entries)?;
        }
        if !is_map && all_same && matches!(self.value[inside], 0..=tag::UINT_MAX | tag::ARRAY) {
            let message = "a tuple of one scalar or subarray, expected a subarray";
            return Err(error_at(start, ErrorKind::NotCanonical, message));
        }
        Ok(entries)
    }

    /// No name stands twice in a map whose names and schemas have been read from there on.
    #[cold]
    fn check_names(&self, inside: usize, entries: u16) -> Result<()> {
        let steps = Steps::new(&self.value[inside..self.at], true, entries);
        let mut names = Vec::with_capacity(entries.into());
        names.extend(steps.clone().filter(|step| step.containers == 1).map(|step| step.name));
        names.sort_unstable();
        let Some(&name) = names.windows(2).find(|pair| pair[0] == pair[1]).and_then(<[_]>::first) else {
            return Ok(());
        };
        let (mut steps, mut start, mut found) = (steps, inside, 0);
        while found < 2 {
            start = self.at - steps.left();
            let Some(step) = steps.next() else { break };
            found += usize::from(step.containers == 1 && step.name == name);
        }
        let message = format!("row schema has the name `{}` twice in a map", printable(name));
        Err(error_at(start, ErrorKind::Malformed, message))
    }

    /// How many schemas a tuple or map has.
    fn schema_entries(&mut self, first: u8, start: usize) -> Result<u16> {
        let what = if is_map(first) { "map" } else { "tuple" };
        let entries = match first {
            tag::LIST..=tag::LIST_MAX => u64::from(first - tag::LIST),
            tag::MAP..=tag::MAP_MAX => u64::from(first - tag::MAP),
            _ => match self.uv()? {
                short if short <= u64::from(tag::LIST_MAX - tag::LIST) => return Err(not_shortest(start, what)),
                long => long,
            },
        };
        match u16::try_from(entries) {
            Ok(0) => Err(error_at(start, ErrorKind::Malformed, format!("row schema has a {what} of no schema"))),
            Ok(entries) if usize::from(entries) <= LEAF_LIMIT => {
                // A schema takes a byte, and a name two.
                self.need(usize::from(entries) * if is_map(first) { 3 } else { 1 })?;
                Ok(entries)
            }
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

    /// A leaf inside so many tuples and maps.
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
            let fits = match leaf {
                StepKind::Subarray(_, dims) => {
                    rank = dims.rank();
                    parsed.measure.add_subarray(dims.iter(), width)
                }
                _ => parsed.measure.add_bytes(width),
            };
            if !fits {
                return Err(too_wide(start));
            }
        }
        parsed.depth = parsed.depth.max(containers + rank);
        Ok(())
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
                let dims = self.encoded_dims(rank)?;
                if dims.iter().any(|dim| dim == 0) {
                    return Err(error_at(start, ErrorKind::Malformed, "subarray has a dim of 0"));
                }
                let width = row_width(dims.iter(), dtype.size()).ok_or_else(|| too_wide(start))?;
                Ok((StepKind::Subarray(dtype, dims), width))
            }
            _ => Err(no_schema(first, start)),
        }
    }
}

fn is_map(first: u8) -> bool {
    matches!(first, tag::MAP..=tag::MAP_MAX | tag::LONG_MAP)
}

fn is_container(first: u8) -> bool {
    matches!(first, tag::LIST..=tag::MAP_MAX | tag::LONG_LIST | tag::LONG_MAP)
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
fn too_wide(start: usize) -> Error {
    error_at(start, ErrorKind::Malformed, format!("a row is wider than {WIDTH_LIMIT} bytes"))
}

#[cold]
fn too_many_sequences(start: usize) -> Error {
    error_at(start, ErrorKind::Malformed, "a row is presented as too many maps, lists and names for its bytes")
}

#[cold]
fn too_many_leaves(start: usize) -> Error {
    error_at(start, ErrorKind::Malformed, format!("row schema has more than {LEAF_LIMIT} leaves"))
}

#[cfg(test)]
pub(super) mod tests;
