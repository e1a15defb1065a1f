//! What an element of a list looks like, and what the elements have in common (section 5.5). Pure functions, no bytes of elements.

use alloc::string::String;
use alloc::vec::Vec;

use crate::dtype::DType;
use crate::wire::{self, CONTAINER_LIMIT, LEAF_LIMIT, NAME_LIMIT, RowMeasure, SUBARRAY_RANK_LIMIT, TUPLE_LIMIT, tag};

/// What stands at one place of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Scalar(DType),
    Optional(DType),
    Nil,
    Node,
    /// A tuple of so many scalars or even tuples, all alike: the one step behind it, or its subtree, stands for each.
    Even(u32),
    /// A tuple of so many places, whose subtrees follow.
    Tuple(u32),
    /// A map of so many entries, whose subtrees follow.
    Map(u32),
}

/// One place of a row. A tuple or map stands before its places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) kind: Kind,
    /// Steps of its subtree, itself counted.
    pub(super) span: u32,
    /// Where its name ends among the names. It begins where the one before ends; in a tuple it is empty.
    name_end: u32,
}

/// The shape of an element, or of many.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) steps: Vec<Step>,
    names: String,
}

impl Shape {
    pub(super) fn clear(&mut self) {
        self.steps.clear();
        self.names.clear();
    }

    /// A shape with no steps, and room for as many as another has.
    fn with_room_of(other: &Shape) -> Shape {
        Shape { steps: Vec::with_capacity(other.len()), names: String::with_capacity(other.names.len()) }
    }

    pub(super) fn len(&self) -> usize {
        self.steps.len()
    }

    /// Of a step that is there; node otherwise.
    pub(super) fn kind(&self, at: usize) -> Kind {
        self.steps.get(at).map_or(Kind::Node, |step| step.kind)
    }

    pub(super) fn root(&self) -> Kind {
        self.kind(0)
    }

    pub(super) fn span(&self, at: usize) -> usize {
        self.steps.get(at).map_or(1, |step| step.span as usize)
    }

    pub(super) fn name(&self, at: usize) -> &str {
        let end = |at: usize| self.steps.get(at).map_or(0, |step| step.name_end as usize);
        let start = at.checked_sub(1).map_or(0, end);
        self.names.get(start..end(at)).unwrap_or_default()
    }

    /// Says the name of the step that is pushed next.
    #[inline]
    pub(super) fn push_name(&mut self, name: &str) {
        self.names.push_str(name);
    }

    /// A name that was said, and whose step was not pushed yet.
    pub(super) fn last_name(&self) -> &str {
        let start = self.steps.last().map_or(0, |step| step.name_end as usize);
        self.names.get(start..).unwrap_or_default()
    }

    #[inline]
    pub(super) fn push(&mut self, kind: Kind) {
        self.steps.push(Step { kind, span: 1, name_end: self.names.len() as u32 });
    }

    /// Says of a container what is known when its last place was pushed.
    pub(super) fn close(&mut self, at: usize, kind: Kind) {
        let span = self.steps.len().saturating_sub(at) as u32;
        if let Some(step) = self.steps.get_mut(at) {
            (step.kind, step.span) = (kind, span);
        }
    }

    /// Forgets the steps from there on.
    pub(super) fn truncate(&mut self, at: usize) {
        self.steps.truncate(at);
        self.names.truncate(self.steps.last().map_or(0, |step| step.name_end as usize));
    }

    /// Forgets what is in a container, or under a step, but not its name.
    pub(super) fn replace(&mut self, at: usize, kind: Kind) {
        self.truncate(at + 1);
        self.close(at, kind);
    }

    /// Appends a subtree of another shape, with its name.
    pub(super) fn push_from(&mut self, other: &Shape, at: usize) {
        for at in at..at + other.span(at) {
            self.push_name(other.name(at));
            if let Some(step) = other.steps.get(at) {
                self.steps.push(Step { name_end: self.names.len() as u32, ..*step });
            }
        }
    }

    /// Whether two subtrees are equal but for the names of their first steps.
    pub(super) fn is_same(&self, at: usize, other: &Shape, other_at: usize) -> bool {
        let span = self.span(at);
        span == other.span(other_at)
            && (0..span).all(|i| self.kind(at + i) == other.kind(other_at + i))
            && (1..span).all(|i| self.name(at + i) == other.name(other_at + i))
    }

    /// How many places a tuple, even or not, has.
    fn tuple_len(&self, at: usize) -> Option<u32> {
        match self.kind(at) {
            Kind::Even(len) | Kind::Tuple(len) => Some(len),
            _ => None,
        }
    }

    /// The places of a container; of an even tuple always the same one.
    pub(super) fn places(&self, at: usize) -> impl Iterator<Item = usize> {
        let (len, is_even) = match self.kind(at) {
            Kind::Even(len) => (len, true),
            Kind::Tuple(len) | Kind::Map(len) => (len, false),
            _ => (0, false),
        };
        let mut next = at + 1;
        (0..len).map(move |_| {
            let place = next;
            if !is_even {
                next += self.span(place);
            }
            place
        })
    }

    /// Bytes of a subtree in the fixed part.
    pub(super) fn width(&self, at: usize) -> u64 {
        match self.kind(at) {
            Kind::Scalar(dtype) => dtype.size() as u64,
            Kind::Optional(dtype) => 1 + dtype.size() as u64,
            Kind::Nil | Kind::Node => 0,
            Kind::Even(len) => u64::from(len).saturating_mul(self.width(at + 1)),
            Kind::Tuple(_) | Kind::Map(_) => {
                self.places(at).fold(0, |width: u64, place| width.saturating_add(self.width(place)))
            }
        }
    }

    pub(super) fn has_nodes(&self) -> bool {
        self.steps.iter().any(|step| matches!(step.kind, Kind::Node | Kind::Nil))
    }

    /// The dtype and dims of an even tuple.
    pub(super) fn even(&self, at: usize) -> (DType, Dims) {
        let mut dims = Dims { dims: [0; CONTAINER_LIMIT], rank: 0 };
        for at in at.. {
            match self.kind(at) {
                Kind::Even(len) => dims.push(len.into()),
                Kind::Scalar(dtype) => return (dtype, dims),
                _ => break,
            }
        }
        (DType::Bool, dims)
    }

    /// This shape after the limits, if they change it. A node is what stands inside 8 containers; an empty container; a map with a name
    /// twice; a tuple over 16 that is not even; and, from the innermost outwards, what has over 1,024 leaves.
    pub(super) fn limited(&self) -> Option<Shape> {
        if self.len() <= LEAF_LIMIT && self.keeps_limits(0, 0) {
            return None;
        }
        let mut limited = Shape::with_room_of(self);
        limit(self, 0, 0, &mut limited);
        (limited != *self).then_some(limited)
    }

    /// Whether a subtree of few leaves is left as it is.
    fn keeps_limits(&self, at: usize, depth: usize) -> bool {
        match self.kind(at) {
            Kind::Even(_) => depth < CONTAINER_LIMIT && self.keeps_limits(at + 1, depth + 1),
            Kind::Tuple(len) | Kind::Map(len) => {
                let is_map = matches!(self.kind(at), Kind::Map(_));
                depth < CONTAINER_LIMIT
                    && len > 0
                    && if is_map { !self.has_other_names(at) } else { len as usize <= TUPLE_LIMIT }
                    && self.places(at).all(|place| self.keeps_limits(place, depth + 1))
            }
            _ => true,
        }
    }

    /// The shape of a list of elements of these two shapes.
    pub(super) fn join(&self, other: &Shape) -> Shape {
        let mut join = Join { a: self, b: other, joined: Shape::with_room_of(self), only_packing: false };
        join.place(0, 0, false);
        join.joined
    }

    /// The same, if rows of either can be packed as rows of it and nothing is lost that another form would need: a tuple may
    /// become a node, which is a list, whose form depends on the dtypes in it. So in tuples only optionals may arise.
    pub(super) fn packing_join(&self, other: &Shape) -> Option<Shape> {
        let mut join = Join { a: self, b: other, joined: Shape::with_room_of(self), only_packing: true };
        join.place(0, 0, false).then_some(join.joined)
    }

    /// A nil inside a tuple or map becomes a node leaf.
    pub(super) fn without_nils(mut self) -> Shape {
        for step in self.steps.iter_mut().skip(1) {
            if step.kind == Kind::Nil {
                step.kind = Kind::Node;
            }
        }
        self
    }

    /// Whether a reader accepts it as a schema (5.2 and 5.3).
    pub(super) fn is_schema(&self) -> bool {
        let mut sum = Sum { leaves: 0, measure: RowMeasure::default() };
        match self.root() {
            Kind::Nil | Kind::Node => false,
            Kind::Scalar(_) | Kind::Optional(_) => true,
            _ => self.add_to(0, 0, &mut sum) && sum.measure.holds(),
        }
    }

    fn add_to(&self, at: usize, depth: usize, sum: &mut Sum) -> bool {
        let is_leaf = !matches!(self.kind(at), Kind::Tuple(_) | Kind::Map(_));
        sum.measure.add_name(self.name(at).len());
        if is_leaf {
            sum.leaves += 1;
        }
        let fits = match self.kind(at) {
            Kind::Nil | Kind::Node => {
                sum.measure.add_node();
                true
            }
            Kind::Scalar(_) | Kind::Optional(_) => sum.measure.add_bytes(self.width(at)),
            Kind::Even(_) => {
                let (_, dims) = self.even(at);
                dims.rank <= SUBARRAY_RANK_LIMIT && sum.measure.add_subarray(dims.iter(), self.width(at))
            }
            Kind::Tuple(_) | Kind::Map(_) => {
                sum.measure.add_container();
                depth < CONTAINER_LIMIT && self.places(at).all(|place| self.add_to(place, depth + 1, sum))
            }
        };
        fits && sum.leaves <= LEAF_LIMIT
    }

    /// The schema's bytes.
    pub(super) fn put_schema(&self, meta: &mut Vec<u8>) {
        self.put_schema_at(0, meta);
    }

    fn put_schema_at(&self, at: usize, meta: &mut Vec<u8>) {
        match self.kind(at) {
            Kind::Scalar(dtype) => meta.push(dtype.code()),
            Kind::Optional(dtype) => meta.extend_from_slice(&[tag::SOME, dtype.code()]),
            Kind::Nil | Kind::Node => meta.push(tag::NIL),
            Kind::Even(_) => {
                let (dtype, dims) = self.even(at);
                wire::put_leaf(meta, false, dtype.code(), dims.iter());
            }
            Kind::Tuple(len) => {
                wire::put_list(meta, len.into());
                self.places(at).for_each(|place| self.put_schema_at(place, meta));
            }
            Kind::Map(len) => {
                wire::put_map(meta, len.into());
                for place in self.places(at) {
                    wire::put_str(meta, self.name(place));
                    self.put_schema_at(place, meta);
                }
            }
        }
    }
}

struct Sum {
    leaves: usize,
    measure: RowMeasure,
}

/// The dims of an even tuple. One that is part of a shape after its limits has at most 8; deeper ones are cut off.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dims {
    dims: [u64; CONTAINER_LIMIT],
    rank: usize,
}

impl Dims {
    fn push(&mut self, dim: u64) {
        if let Some(place) = self.dims.get_mut(self.rank) {
            *place = dim;
        }
        self.rank += 1;
    }

    /// Whether what is inside the last of them is a node.
    pub(super) fn is_over_limit(&self) -> bool {
        self.rank > CONTAINER_LIMIT
    }

    pub(super) fn as_slice(&self) -> &[u64] {
        self.dims.get(..self.rank).unwrap_or(&self.dims)
    }

    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = u64> + Clone {
        self.as_slice().iter().copied()
    }
}

/// Whether a name may stand in a schema.
pub(super) fn is_name(name: &str) -> bool {
    (1..=NAME_LIMIT).contains(&name.len())
}

/// Names that are compared each with each, rather than sorted.
const FEW_NAMES: usize = 16;

/// Appends a subtree after its limits. Returns its leaves.
fn limit(from: &Shape, at: usize, depth: usize, to: &mut Shape) -> usize {
    to.push_name(from.name(at));
    let (kind, start) = (from.kind(at), to.len());
    if matches!(kind, Kind::Even(_) | Kind::Tuple(_) | Kind::Map(_)) && depth >= CONTAINER_LIMIT {
        to.push(Kind::Node);
        return 1;
    }
    to.push(kind);
    let leaves = match kind {
        Kind::Even(len) => {
            limit(from, at + 1, depth + 1, to);
            if to.kind(start + 1) == from.kind(at + 1) {
                1
            } else {
                // What it holds has become a node, so it is a tuple like any other.
                let place = to.clone();
                (1..len.min(TUPLE_LIMIT as u32 + 1)).for_each(|_| to.push_from(&place, start + 1));
                to.close(start, Kind::Tuple(len));
                to.leaves_from(start)
            }
        }
        Kind::Tuple(_) | Kind::Map(_) => from.places(at).map(|place| limit(from, place, depth + 1, to)).sum(),
        _ => 1,
    };
    let is_node = match to.kind(start) {
        Kind::Tuple(len) => len == 0 || len as usize > TUPLE_LIMIT,
        Kind::Map(len) => len == 0 || from.has_other_names(at),
        _ => false,
    };
    if is_node || leaves > LEAF_LIMIT {
        to.replace(start, Kind::Node);
        return 1;
    }
    to.close(start, to.kind(start));
    leaves
}

impl Shape {
    /// Whether a map has a name twice, or one that no schema may have.
    fn has_other_names(&self, at: usize) -> bool {
        if self.places(at).any(|place| !is_name(self.name(place))) {
            return true;
        }
        let names = || self.places(at).map(|place| self.name(place));
        if names().count() <= FEW_NAMES {
            return names().enumerate().any(|(n, name)| names().take(n).any(|other| other == name));
        }
        let mut names: Vec<_> = names().collect();
        names.sort_unstable();
        names.windows(2).any(|pair| matches!(pair, [one, other] if one == other))
    }

    /// Leaves in the steps from there on.
    fn leaves_from(&self, start: usize) -> usize {
        let (mut at, mut leaves) = (start, 0);
        while at < self.len() {
            match self.kind(at) {
                Kind::Tuple(_) | Kind::Map(_) => at += 1,
                _ => {
                    leaves += 1;
                    at += self.span(at);
                }
            }
        }
        leaves
    }
}

struct Join<'s> {
    a: &'s Shape,
    b: &'s Shape,
    joined: Shape,
    only_packing: bool,
}

impl Join<'_> {
    /// Appends the join of two subtrees. False if it was to be a packing one and is not.
    fn place(&mut self, i: usize, j: usize, in_tuple: bool) -> bool {
        use Kind::{Map, Nil, Optional, Scalar};
        if self.a.is_same(i, self.b, j) {
            self.joined.push_from(self.a, i);
            return true;
        }
        self.joined.push_name(self.a.name(i));
        let optional = match (self.a.kind(i), self.b.kind(j)) {
            (Nil, Scalar(d) | Optional(d)) | (Scalar(d) | Optional(d), Nil) => Some(d),
            (Scalar(d) | Optional(d), Scalar(e) | Optional(e)) if d == e => Some(d),
            (Map(_), Map(_)) if self.have_same_names(i, j) => return self.container(i, j, in_tuple),
            _ => match (self.a.tuple_len(i), self.b.tuple_len(j)) {
                (Some(m), Some(n)) if m == n && m as usize <= TUPLE_LIMIT => return self.container(i, j, true),
                _ => None,
            },
        };
        self.joined.push(optional.map_or(Kind::Node, Optional));
        optional.is_some() || !(self.only_packing && in_tuple)
    }

    fn container(&mut self, i: usize, j: usize, in_tuple: bool) -> bool {
        let (start, len) = (self.joined.len(), self.a.places(i).count() as u32);
        let kind = if matches!(self.a.kind(i), Kind::Map(_)) { Kind::Map(len) } else { Kind::Tuple(len) };
        self.joined.push(kind);
        let fits = self.a.places(i).zip(self.b.places(j)).all(|(i, j)| self.place(i, j, in_tuple));
        self.joined.close(start, kind);
        fits
    }

    fn have_same_names(&self, i: usize, j: usize) -> bool {
        self.a.kind(i) == self.b.kind(j)
            && self.a.places(i).zip(self.b.places(j)).all(|(i, j)| self.a.name(i) == self.b.name(j))
    }
}
