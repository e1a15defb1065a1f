//! The guard of rows that are serialized twice: the second call must give what the first one gave, but for the values of scalars.

use alloc::vec::Vec;

use super::context::Context;
use super::out::{Mark, Taken};
use super::shape::{Kind, Shape};
use crate::error::{Error, Result};
use crate::wire::{Node, Reader, Rows};

/// What a row had written when it missed.
pub(super) struct FirstCall {
    /// The place of the plan at which it missed: what stands before it was written.
    pub(super) missed_at: usize,
    pub(super) nodes: Taken,
}

impl FirstCall {
    /// Compares it with the element that was written by the second call.
    pub(super) fn compare(&self, cx: &mut Context, plan: &Shape, own: &Shape, nodes: Mark) -> Result<()> {
        let mut pairs = Vec::new();
        let is_same = self.places(plan, 0, own, 0, &mut pairs) && {
            let mut first = Reader::of_nodes(&self.nodes.meta);
            let mut second = Reader::of_nodes(cx.out.meta.get(nodes.meta..).unwrap_or_default());
            pairs.into_iter().try_fold(true, |is_same, pair| match pair {
                Pair::Nodes => Ok::<_, Error>(is_same && same_node(&mut first, &mut second, false)?),
                Pair::NodeAndSubtree(nodes) => {
                    first.skip()?;
                    (0..nodes).try_for_each(|_| second.skip())?;
                    Ok(is_same)
                }
            })?
        };
        match is_same {
            true => Ok(()),
            false => Err(differs(cx)),
        }
    }

    /// Whether what was written at a place is what now stands there. Notes which nodes belong together.
    fn places(&self, plan: &Shape, i: usize, own: &Shape, j: usize, pairs: &mut Vec<Pair>) -> bool {
        if i >= self.missed_at {
            return true;
        }
        let is_whole = i + plan.span(i) <= self.missed_at;
        match (plan.kind(i), own.kind(j)) {
            (Kind::Scalar(d) | Kind::Optional(d), Kind::Scalar(e)) => d == e,
            (Kind::Optional(_) | Kind::Nil, Kind::Nil) => true,
            (Kind::Node, Kind::Node) => {
                pairs.push(Pair::Nodes);
                true
            }
            // What is no node alone was written as one.
            (Kind::Node, _) => {
                let subtree = (j..j + own.span(j)).filter(|&j| own.kind(j) == Kind::Node);
                pairs.push(Pair::NodeAndSubtree(subtree.count()));
                true
            }
            (Kind::Map(_), Kind::Map(_)) => {
                let count = plan.places(i).count();
                (!is_whole || own.places(j).count() == count)
                    && plan.places(i).zip(own.places(j)).all(|(i, j)| {
                        i >= self.missed_at || (plan.name(i) == own.name(j) && self.places(plan, i, own, j, pairs))
                    })
            }
            (Kind::Even(_) | Kind::Tuple(_), Kind::Even(_) | Kind::Tuple(_)) => {
                let count = plan.places(i).count();
                // What an even tuple was in the middle of is not known.
                let is_open = !is_whole && matches!(plan.kind(i), Kind::Even(_));
                is_open
                    || (!is_whole || own.places(j).count() == count)
                        && plan.places(i).zip(own.places(j)).all(|(i, j)| self.places(plan, i, own, j, pairs))
            }
            _ => false,
        }
    }
}

pub(super) fn differs(cx: &mut Context) -> Error {
    cx.protocol("a `Serialize` gives another structure when it is called again")
}

/// What stands at one place after the first and after the second call.
enum Pair {
    Nodes,
    /// After the second a scalar, nil, tuple or map with so many nodes in it.
    NodeAndSubtree(usize),
}

/// Whether two nodes have the same structure: kinds, names and lengths.
fn same_node(first: &mut Reader<'_>, second: &mut Reader<'_>, is_key: bool) -> Result<bool> {
    Ok(match (first.node()?, second.node()?) {
        (Node::List(a), Node::List(b)) => a == b && same_children(first, second, a, false)?,
        (Node::Map(a), Node::Map(b)) => a == b && same_children(first, second, a * 2, true)?,
        (Node::Str(a), Node::Str(b)) if is_key => a == b,
        (Node::Some, Node::Some) => same_children(first, second, 1, false)?,
        (Node::Rows(a), Node::Rows(b)) => same_rows(first, second, &a, &b)?,
        (Node::Array(a), Node::Array(b)) => a.dtype == b.dtype && a.dims.iter().eq(b.dims.iter()),
        (a, b) => kind(&a) == kind(&b),
    })
}

fn same_children(first: &mut Reader<'_>, second: &mut Reader<'_>, count: usize, is_map: bool) -> Result<bool> {
    for child in 0..count {
        if !same_node(first, second, is_map && child % 2 == 0)? {
            return Ok(false);
        }
    }
    first.close();
    second.close();
    Ok(true)
}

fn same_rows<'a>(first: &mut Reader<'a>, second: &mut Reader<'_>, a: &Rows<'a>, b: &Rows<'_>) -> Result<bool> {
    if a.count != b.count || a.schema.node_leaves() != b.schema.node_leaves() {
        return Ok(false);
    }
    let mut is_same = true;
    first.each_node_leaf(a, |first| {
        is_same = is_same && same_node(first, second, false)?;
        Ok(())
    })?;
    Ok(is_same)
}

fn kind(node: &Node<'_>) -> u8 {
    match node {
        Node::Nil => 0,
        Node::Bool(_) => 1,
        Node::Uint(_) | Node::WideUint(_) | Node::Int(_) | Node::WideInt(_) => 2,
        Node::F32(_) => 3,
        Node::F64(_) => 4,
        Node::Char(_) => 5,
        Node::Str(_) | Node::DataStr(..) => 6,
        Node::Bytes(_) | Node::DataBytes(_) => 7,
        Node::List(_) => 8,
        Node::Map(_) => 9,
        Node::Some => 10,
        Node::Array(_) => 11,
        Node::Rows(_) => 12,
    }
}
