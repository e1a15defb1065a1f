//! What is open, the innermost on top.

use alloc::vec::Vec;

/// A stack whose top is held in place: most values are open one inside another no deeper than that, and need no allocation for it.
pub(super) struct Stack<T> {
    /// None only if the stack is empty.
    top: Option<T>,
    below: Vec<T>,
}

impl<T> Stack<T> {
    pub(super) fn new() -> Self {
        Stack { top: None, below: Vec::new() }
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.below.len() + usize::from(self.top.is_some())
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.top.is_none()
    }

    #[inline]
    pub(super) fn push(&mut self, item: T) {
        if let Some(below) = self.top.replace(item) {
            self.below.push(below);
        }
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Option<T> {
        let top = self.top.take();
        if !self.below.is_empty() {
            self.top = self.below.pop();
        }
        top
    }

    #[inline]
    pub(super) fn last(&self) -> Option<&T> {
        self.top.as_ref()
    }

    #[inline]
    pub(super) fn last_mut(&mut self) -> Option<&mut T> {
        self.top.as_mut()
    }

    /// The top, if more than so many are open.
    #[inline]
    pub(super) fn last_above(&self, base: usize) -> Option<&T> {
        self.top.as_ref().filter(|_| self.below.len() >= base)
    }

    #[inline]
    pub(super) fn last_mut_above(&mut self, base: usize) -> Option<&mut T> {
        self.top.as_mut().filter(|_| self.below.len() >= base)
    }

    /// Takes all but the lowest of that number, the outermost first.
    pub(super) fn split_off(&mut self, base: usize) -> Vec<T> {
        self.below.extend(self.top.take());
        let above = self.below.split_off(base);
        self.top = self.below.pop();
        above
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_stack() {
        let mut stack = Stack::new();
        assert!(stack.is_empty());
        assert_eq!(stack.pop(), None::<u8>);
        for n in 0..5 {
            assert_eq!(stack.len(), usize::from(n));
            stack.push(n);
            assert_eq!(stack.last(), Some(&n));
            assert_eq!(stack.last_mut().copied(), Some(n));
        }
        assert_eq!((stack.last_above(4), stack.last_above(5)), (Some(&4), None));
        assert_eq!(stack.last_mut_above(4), Some(&mut 4));
        assert_eq!(stack.last_mut_above(5), None);
        assert_eq!(stack.split_off(2), [2, 3, 4]);
        assert_eq!((stack.len(), stack.pop(), stack.pop(), stack.pop()), (2, Some(1), Some(0), None));
        assert_eq!(stack.split_off(0), []);
    }
}
