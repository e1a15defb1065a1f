//! What rows of maps and tuples have in common: leaves by name or place, and their join (section 5.5 of the specification).

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::shape::Block;
use crate::dtype::DType;
use crate::wire::{self, RowMeasure};

/// The name of a leaf or map. That of a struct's field is compared by its address first.
#[derive(Debug, Clone, Default)]
pub(super) struct Name {
    field: &'static str,
    /// A key of a map, which may not live as long.
    key: Option<Box<str>>,
}

impl Name {
    pub(super) fn field(name: &'static str) -> Self {
        Name { field: name, key: None }
    }

    pub(super) fn key(name: &str) -> Self {
        Name { field: "", key: Some(name.into()) }
    }

    pub(super) fn as_str(&self) -> &str {
        self.key.as_deref().unwrap_or(self.field)
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        (self.key.is_none() && other.key.is_none() && core::ptr::eq(self.field, other.field))
            || self.as_str() == other.as_str()
    }
}

/// What a leaf holds, or that it is a map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// Packed as a node leaf is: the node of nil.
    Nil,
    Scalar(DType),
    Optional(DType),
    Subarray(Box<Block>),
    Node,
    /// So many steps follow that belong to it.
    Map(usize),
}

/// One leaf or map.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Step {
    pub(super) name: Name,
    pub(super) kind: Kind,
}

impl Step {
    pub(super) fn new(name: Name, kind: Kind) -> Self {
        Step { name, kind }
    }

    /// It and the steps that belong to it.
    pub(super) fn span(&self) -> usize {
        match self.kind {
            Kind::Map(below) => 1 + below,
            _ => 1,
        }
    }
}

/// The steps of a row in the order of its events, each map before what it holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Record {
    pub(super) is_map: bool,
    pub(super) steps: Vec<Step>,
}

impl Record {
    /// A block's row as a tuple of leaves.
    pub(super) fn of_block(block: &Block) -> Option<Record> {
        let leaf = match block.inner() {
            None => Kind::Scalar(block.dtype),
            Some(inner) => Kind::Subarray(Box::new(inner)),
        };
        let count = usize::try_from(*block.dims().first()?).ok().filter(|&count| count <= wire::LEAF_LIMIT)?;
        let steps = (0..count).map(|_| Step::new(Name::default(), leaf.clone())).collect();
        Some(Record { is_map: false, steps })
    }

    /// The block that a tuple is whose leaves are all one scalar or one subarray; the error is that no schema can say it.
    pub(super) fn as_block(&self) -> Option<core::result::Result<Block, ()>> {
        let first = self.steps.first().filter(|_| !self.is_map)?;
        if self.steps.iter().any(|step| step.kind != first.kind) {
            return None;
        }
        let count = self.steps.len() as u64;
        match &first.kind {
            Kind::Scalar(dtype) => Some(Block::of_rows(count, *dtype, &[]).ok_or(())),
            Kind::Subarray(inner) => Some(Block::of_rows(count, inner.dtype, inner.dims()).ok_or(())),
            _ => None,
        }
    }

    /// What two rows have in common; none if it is no more than a node.
    pub(super) fn join(&self, other: &Record) -> Option<Record> {
        if self.is_map != other.is_map {
            return None;
        }
        let mut steps = Vec::with_capacity(self.steps.len());
        join_entries(&self.steps, &other.steps, &mut steps).then_some(Record { is_map: self.is_map, steps })
    }

    /// Whether rows of the one are packed as rows of the other.
    pub(super) fn is_packed_as(&self, other: &Record) -> bool {
        let is_node = |kind: &Kind| matches!(kind, Kind::Nil | Kind::Node);
        let mut pairs = self.steps.iter().zip(&other.steps);
        self.steps.len() == other.steps.len()
            && pairs.all(|(a, b)| a.kind == b.kind || (is_node(&a.kind) && is_node(&b.kind)))
    }

    /// Whether a row of the other, packed as this says, still tells what each of its leaves was given as. Under a node leaf an integer
    /// forgets its type, and a tuple that is a node after all takes its form from the types.
    pub(super) fn remembers(&self, other: &Record) -> bool {
        let mut pairs = self.steps.iter().zip(&other.steps);
        self.is_map || !pairs.any(|(own, row)| matches!((&own.kind, &row.kind), (Kind::Node, Kind::Scalar(_))))
    }

    /// Bytes of the fixed part of a row.
    pub(super) fn width(&self) -> usize {
        self.steps.iter().map(|step| width(&step.kind)).sum()
    }

    /// The levels of nesting in a row: maps and tuples, and the rank of subarrays.
    pub(super) fn depth(&self) -> usize {
        fn entries(steps: &[Step]) -> usize {
            let mut deepest = 0;
            let mut at = 0;
            while let Some(step) = steps.get(at) {
                let depth = match &step.kind {
                    Kind::Map(below) => entries(&steps[at + 1..][..*below]),
                    Kind::Subarray(block) => block.dims().len(),
                    _ => 0,
                };
                deepest = deepest.max(depth);
                at += step.span();
            }
            1 + deepest
        }
        entries(&self.steps)
    }

    /// Whether a schema can say it, but for the number of rows: the row formula, and no tuple that is a block.
    pub(super) fn is_schema(&self) -> bool {
        let mut measure = RowMeasure::of_container();
        for step in &self.steps {
            measure.add_name(step.name.as_str().len());
            match &step.kind {
                Kind::Nil | Kind::Node => measure.add_node(),
                Kind::Map(_) => measure.add_container(),
                Kind::Subarray(block) => measure.add_subarray(block.dims().iter().copied()),
                _ => {}
            }
            measure.add_bytes(width(&step.kind) as u64);
        }
        measure.holds() && self.as_block().is_none()
    }

    /// Its bytes as a schema.
    pub(super) fn put(&self, meta: &mut Vec<u8>) {
        let count = self.entries() as u64;
        if self.is_map {
            wire::put_map(meta, count);
        } else {
            wire::put_list(meta, count);
        }
        for (index, step) in self.steps.iter().enumerate() {
            if self.is_map {
                wire::put_str(meta, step.name.as_str());
            }
            match &step.kind {
                Kind::Nil | Kind::Node => meta.push(wire::tag::NIL),
                Kind::Scalar(dtype) => wire::put_leaf(meta, false, dtype.code(), &[]),
                Kind::Optional(dtype) => wire::put_leaf(meta, true, dtype.code(), &[]),
                Kind::Subarray(block) => wire::put_leaf(meta, false, block.dtype.code(), block.dims()),
                Kind::Map(below) => wire::put_map(meta, entries(&self.steps[index + 1..][..*below]) as u64),
            }
        }
    }

    /// Leaves and maps of the row itself.
    pub(super) fn entries(&self) -> usize {
        entries(&self.steps)
    }
}

/// How many leaves and maps these are, without what the maps hold.
pub(super) fn entries(steps: &[Step]) -> usize {
    let mut count = 0;
    let mut at = 0;
    while let Some(step) = steps.get(at) {
        count += 1;
        at += step.span();
    }
    count
}

pub(super) fn width(kind: &Kind) -> usize {
    match kind {
        Kind::Nil | Kind::Node | Kind::Map(_) => 0,
        Kind::Scalar(dtype) => dtype.size(),
        Kind::Optional(dtype) => 1 + dtype.size(),
        Kind::Subarray(block) => block.width(),
    }
}

/// Joins the entries of two maps, or the leaves of two tuples. False if they differ in names or number.
fn join_entries(a: &[Step], b: &[Step], out: &mut Vec<Step>) -> bool {
    let (mut i, mut j) = (0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        if x.name != y.name {
            return false;
        }
        let at = out.len();
        out.push(Step::new(x.name.clone(), Kind::Node));
        let kind = match (&x.kind, &y.kind) {
            (Kind::Map(m), Kind::Map(n)) => match join_entries(&a[i + 1..][..*m], &b[j + 1..][..*n], out) {
                true => Kind::Map(out.len() - at - 1),
                false => {
                    out.truncate(at + 1);
                    Kind::Node
                }
            },
            (x, y) => join_leaves(x, y),
        };
        out[at] = Step::new(core::mem::take(&mut out[at].name), kind);
        i += x.span();
        j += y.span();
    }
    i == a.len() && j == b.len()
}

fn join_leaves(a: &Kind, b: &Kind) -> Kind {
    use Kind::{Nil, Node, Optional, Scalar};
    match (a, b) {
        (a, b) if a == b => a.clone(),
        (Nil, Scalar(dtype) | Optional(dtype)) | (Scalar(dtype) | Optional(dtype), Nil) => Optional(*dtype),
        (Scalar(a), Optional(b)) | (Optional(a), Scalar(b)) if a == b => Optional(*a),
        _ => Node,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(name: &'static str, kind: Kind) -> Step {
        Step::new(Name::field(name), kind)
    }

    /// Maps that are alike and unlike in every way.
    fn all() -> Vec<Record> {
        let block = |count| Block::of_rows(count, DType::U8, &[]).map(|block| Kind::Subarray(Box::new(block)));
        let mut leaves = alloc::vec![Kind::Nil, Kind::Node];
        leaves.extend([DType::U8, DType::F32].map(Kind::Scalar));
        leaves.extend([DType::U8, DType::F32].map(Kind::Optional));
        leaves.extend([block(2), block(3)].into_iter().flatten());
        let map = |steps| Record { is_map: true, steps };
        let mut all: Vec<Record> = leaves.iter().map(|kind| map(alloc::vec![leaf("a", kind.clone())])).collect();
        for kind in [Kind::Nil, Kind::Scalar(DType::U8)] {
            let inner = |name| alloc::vec![leaf("a", Kind::Map(1)), leaf(name, kind.clone())];
            all.extend([map(inner("x")), map(inner("y"))]);
        }
        all.push(map(alloc::vec![leaf("a", Kind::Nil), leaf("b", Kind::Nil)]));
        all.push(map(alloc::vec![leaf("b", Kind::Nil), leaf("a", Kind::Nil)]));
        all
    }

    #[test]
    fn the_join_is_commutative_associative_and_idempotent() {
        let join = |a: &Option<Record>, b: &Option<Record>| a.as_ref()?.join(b.as_ref()?);
        let all: Vec<Option<Record>> = all().into_iter().map(Some).collect();
        assert_eq!(all.len(), 14);
        for a in &all {
            assert_eq!(join(a, a), *a);
            for b in &all {
                let ab = join(a, b);
                assert_eq!(ab, join(b, a));
                for c in &all {
                    assert_eq!(join(&ab, c), join(a, &join(b, c)), "{a:?} {b:?} {c:?}");
                }
            }
        }
    }

    #[test]
    fn a_name_is_known_by_its_text_where_not_by_its_address() {
        assert_eq!(Name::field("a"), Name::key("a"));
        // One address, two lengths.
        const TEXT: &str = "ab";
        assert_ne!(super::super::plan::name_key(TEXT), super::super::plan::name_key(&TEXT[..1]));
        assert_ne!(Name::field(TEXT), Name::field(&TEXT[..1]));
    }
}
