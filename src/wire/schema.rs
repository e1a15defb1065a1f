//! Row schemas: what the rows of a list have in common (section 5).

use core::fmt;

use super::node::uv_of;
use super::{Dims, LEAF_LIMIT, MAP_LIMIT, payload_len, tag};
use crate::dtype::DType;
use crate::error::printable;

/// The schema of rows that are tuples or maps, still encoded; checked, so that reading it again cannot fail.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RecordSchema<'a> {
    pub(super) encoded: &'a [u8],
    pub(super) width: u64,
    pub(super) node_leaves: u8,
    pub(super) entries: u8,
    pub(super) is_map: bool,
}

impl<'a> RecordSchema<'a> {
    /// From the bytes of one that has been read: [`encoded`](RecordSchema::encoded).
    pub(crate) fn of_checked(encoded: &'a [u8]) -> Self {
        let mut bytes = encoded;
        let (is_map, entries) = head(&mut bytes).unwrap_or((false, 0));
        let mut schema = RecordSchema { encoded, width: 0, node_leaves: 0, entries, is_map };
        for step in schema.steps() {
            schema.width += step.kind.width();
            schema.node_leaves += u8::from(matches!(step.kind, StepKind::Node));
        }
        schema
    }

    /// The bytes of the schema.
    pub(crate) fn encoded(&self) -> &'a [u8] {
        self.encoded
    }

    /// Whether a row is a map; else it is a tuple.
    pub(crate) fn is_map(&self) -> bool {
        self.is_map
    }

    /// Entries or positions of a row; what is inside an entry is not counted.
    pub(crate) fn entries(&self) -> usize {
        self.entries.into()
    }

    /// Bytes of a row in the fixed part.
    pub(crate) fn width(&self) -> u64 {
        self.width
    }

    /// Nodes of a row in the node part.
    pub(crate) fn node_leaves(&self) -> usize {
        self.node_leaves.into()
    }

    /// What a row holds, each map before what is in it.
    pub(crate) fn steps(&self) -> Steps<'a> {
        let mut bytes = self.encoded;
        let (is_map, entries) = head(&mut bytes).unwrap_or((self.is_map, 0));
        Steps::new(bytes, is_map, entries)
    }

    /// How many levels deeper than the rows node itself the nodes of a row stand, in their order.
    pub(crate) fn node_levels(&self) -> NodeLevels {
        let mut found = NodeLevels { levels: [0; LEAF_LIMIT], len: 0 };
        let nodes = self.steps().filter(|step| matches!(step.kind, StepKind::Node));
        for (place, node) in found.levels.iter_mut().zip(nodes) {
            *place = node.levels();
            found.len += 1;
        }
        found
    }

    /// The schema for people, with the names as Rust writes strs or without quotes.
    pub(crate) fn shown(self, quoted: bool) -> Shown<'a> {
        Shown { schema: self, quoted }
    }
}

/// From [`RecordSchema::node_levels`].
pub(crate) struct NodeLevels {
    levels: [usize; LEAF_LIMIT],
    len: usize,
}

impl NodeLevels {
    pub(crate) fn as_slice(&self) -> &[usize] {
        &self.levels[..self.len]
    }
}

/// An entry of a map or a position of a tuple.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step<'a> {
    /// Empty in tuples.
    pub(crate) name: &'a str,
    pub(crate) kind: StepKind<'a>,
    /// The maps, or the tuple, around it.
    pub(super) containers: usize,
}

impl Step<'_> {
    /// How many levels deeper than the rows node itself it stands: the rows and what is around it.
    pub(crate) fn levels(&self) -> usize {
        1 + self.containers
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum StepKind<'a> {
    Scalar(DType),
    Optional(DType),
    Subarray(DType, Dims<'a>),
    /// A node of the node part.
    Node,
    /// A map of so many entries, which follow.
    Map(usize),
}

impl StepKind<'_> {
    /// Bytes in the fixed part; of a map none, because its entries follow.
    pub(crate) fn width(&self) -> u64 {
        match self {
            StepKind::Scalar(dtype) => dtype.size() as u64,
            StepKind::Optional(dtype) => 1 + dtype.size() as u64,
            // Checked before.
            StepKind::Subarray(dtype, dims) => payload_len(dims.iter(), dtype.size()).unwrap_or(0),
            StepKind::Node | StepKind::Map(_) => 0,
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
            StepKind::Map(entries) => write!(f, "map, {entries} entries"),
        }
    }
}

/// The steps of a schema that has been checked, or of the part of it that has been.
#[derive(Clone)]
pub(crate) struct Steps<'a> {
    bytes: &'a [u8],
    is_map: bool,
    /// Entries still to come of each open map, and how many are open.
    open: [u8; MAP_LIMIT],
    depth: usize,
}

impl<'a> Steps<'a> {
    pub(super) fn new(bytes: &'a [u8], is_map: bool, entries: u8) -> Self {
        let mut open = [0; MAP_LIMIT];
        open[0] = entries;
        Steps { bytes, is_map, open, depth: 1 }
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
                let (_, entries) = head(&mut self.bytes)?;
                *self.open.get_mut(self.depth)? = entries;
                self.depth += 1;
                Some(StepKind::Map(entries.into()))
            }
        }
    }

    fn name(&mut self) -> Option<&'a str> {
        if !self.is_map {
            return Some("");
        }
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
        let left = loop {
            match self.open.get_mut(self.depth.checked_sub(1)?)? {
                0 => self.depth -= 1,
                left => break left,
            }
        };
        *left -= 1;
        let containers = self.depth;
        Some(Step { name: self.name()?, kind: self.kind()?, containers })
    }
}

/// Whether a checked tuple or map is a map, and how many schemas it has.
fn head(bytes: &mut &[u8]) -> Option<(bool, u8)> {
    match bytes.split_off_first().copied()? {
        short @ tag::LIST..=tag::LIST_MAX => Some((false, short - tag::LIST)),
        short @ tag::MAP..=tag::MAP_MAX => Some((true, short - tag::MAP)),
        long => Some((long == tag::LONG_MAP, u8::try_from(uv_of(bytes)?).ok()?)),
    }
}

/// From [`RecordSchema::shown`].
pub(crate) struct Shown<'a> {
    schema: RecordSchema<'a>,
    quoted: bool,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_map = self.schema.is_map;
        f.write_str(if is_map { "{" } else { "(" })?;
        let mut open = 1;
        let mut is_first = true;
        for step in self.schema.steps() {
            while open > step.containers {
                f.write_str("}")?;
                open -= 1;
            }
            if !core::mem::take(&mut is_first) {
                f.write_str(", ")?;
            }
            match (is_map, self.quoted) {
                (false, _) => {}
                (true, true) => write!(f, "{:?}: ", step.name)?,
                (true, false) => write!(f, "{}: ", printable(step.name))?,
            }
            if let StepKind::Map(_) = step.kind {
                f.write_str("{")?;
                (open, is_first) = (open + 1, true);
            } else {
                write!(f, "{}", step.kind)?;
            }
        }
        for _ in 1..open {
            f.write_str("}")?;
        }
        f.write_str(if is_map { "}" } else { ")" })
    }
}
