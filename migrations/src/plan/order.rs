//! The one topological sort: `must(a).before(b)`.
//!
//! Stable: of all that may come next, what sorts lowest by its own key comes first, so equal plans
//! are written equally. Nothing here knows what a step does.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What must come before what, over `0..n`.
#[derive(Debug, Default)]
pub(super) struct Order {
    hard: Vec<Vec<u32>>,
    soft: Vec<Vec<u32>>,
}

/// The first half of a rule: `order.must(a)`, to be ended by [`Must::before`].
#[derive(Debug)]
pub(super) struct Must<'a> {
    order: &'a mut Order,
    first: usize,
}

impl Order {
    pub(super) fn new(n: usize) -> Self {
        Order {
            hard: vec![Vec::new(); n],
            soft: vec![Vec::new(); n],
        }
    }

    /// Begins a rule about `first`.
    pub(super) fn must(&mut self, first: usize) -> Must<'_> {
        Must { order: self, first }
    }

    /// All, sorted. Where a hard cycle is left, it is entered where its key is lowest, in its turn.
    pub(super) fn sorted<K: Ord + Clone>(mut self, keys: &[K]) -> Vec<usize> {
        self.open(keys);
        let n = self.hard.len();
        let mut open = vec![[0u32; 2]; n];
        for (edges, which) in [(&mut self.hard, 0), (&mut self.soft, 1)] {
            for list in edges.iter_mut() {
                list.sort_unstable();
                list.dedup();
                for &later in list.iter() {
                    open[later as usize][which] += 1;
                }
            }
        }
        let mut done = vec![false; n];
        let mut ready = BinaryHeap::new();
        // Held back by soft rules alone: the way out where those go round in a circle.
        let mut nearly = BinaryHeap::new();
        for i in 0..n {
            match open[i] {
                [0, 0] => ready.push(Reverse((keys[i].clone(), i))),
                [0, _] => nearly.push(Reverse((keys[i].clone(), i))),
                _ => {}
            }
        }
        let mut sorted = Vec::with_capacity(n);
        while sorted.len() < n {
            let next = [&mut ready, &mut nearly].into_iter().find_map(|heap| {
                std::iter::from_fn(|| heap.pop())
                    .map(|Reverse((_, i))| i)
                    .find(|&i| !done[i])
            });
            let Some(next) = next else {
                break;
            };
            done[next] = true;
            sorted.push(next);
            for (edges, which) in [(&self.hard, 0), (&self.soft, 1)] {
                for &later in &edges[next] {
                    let later = later as usize;
                    open[later][which] -= 1;
                    match open[later] {
                        [0, 0] => ready.push(Reverse((keys[later].clone(), later))),
                        [0, _] if which == 0 => nearly.push(Reverse((keys[later].clone(), later))),
                        _ => {}
                    }
                }
            }
        }
        sorted
    }

    /// Takes the rules away by which the first of a cycle would wait for the others.
    fn open<K: Ord>(&mut self, keys: &[K]) {
        loop {
            let cycles = self.cycles();
            if cycles.is_empty() {
                return;
            }
            for members in cycles {
                let Some(&first) = members.iter().min_by_key(|&&i| &keys[i]) else {
                    continue;
                };
                for i in members {
                    self.hard[i].retain(|&later| later as usize != first);
                }
            }
        }
    }

    /// The sets of those that must each come before one another by hard rules (Tarjan's algorithm,
    /// with a stack of its own: a chain of thousands of tables must not overflow ours).
    pub(super) fn cycles(&self) -> Vec<Vec<usize>> {
        let n = self.hard.len();
        let mut index = vec![u32::MAX; n];
        let mut low = vec![0u32; n];
        let mut on_stack = vec![false; n];
        let (mut stack, mut next, mut cycles) = (Vec::new(), 0u32, Vec::new());
        for root in 0..n {
            if index[root] != u32::MAX {
                continue;
            }
            let mut calls = vec![(root, 0usize)];
            while let Some(&mut (v, ref mut edge)) = calls.last_mut() {
                if *edge == 0 && index[v] == u32::MAX {
                    index[v] = next;
                    low[v] = next;
                    next += 1;
                    stack.push(v);
                    on_stack[v] = true;
                }
                if let Some(&w) = self.hard[v].get(*edge) {
                    *edge += 1;
                    let w = w as usize;
                    if index[w] == u32::MAX {
                        calls.push((w, 0));
                    } else if on_stack[w] {
                        low[v] = low[v].min(index[w]);
                    }
                    continue;
                }
                calls.pop();
                if let Some(&mut (parent, _)) = calls.last_mut() {
                    low[parent] = low[parent].min(low[v]);
                }
                if low[v] == index[v] {
                    let start = stack.iter().rposition(|&w| w == v).unwrap_or(0);
                    let mut members = stack.split_off(start);
                    members.iter().for_each(|&w| on_stack[w] = false);
                    if members.len() > 1 {
                        members.sort_unstable();
                        cycles.push(members);
                    }
                }
            }
        }
        cycles
    }
}

impl Must<'_> {
    /// `first` comes before `later`; nothing is said where they are the same.
    pub(super) fn before(self, later: usize) {
        if self.first != later {
            self.order.hard[self.first].push(later as u32);
        }
    }

    /// `first` comes before `later` where no circle stands against it.
    pub(super) fn rather_before(self, later: usize) {
        if self.first != later {
            self.order.soft[self.first].push(later as u32);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lowest_key_first_within_the_rules() {
        let mut order = Order::new(4);
        order.must(3).before(0);
        order.must(2).before(1);
        assert_eq!(order.sorted(&[0, 1, 2, 3]), [2, 1, 3, 0]);
    }

    #[test]
    fn soft_rules_yield_in_a_circle() {
        let mut order = Order::new(3);
        order.must(1).rather_before(0);
        order.must(0).before(2);
        order.must(2).before(1);
        assert_eq!(order.sorted(&[0, 1, 2]), [0, 2, 1]);
    }

    #[test]
    fn a_cycle_is_entered_in_its_turn() {
        let mut order = Order::new(5);
        order.must(1).before(2);
        order.must(2).before(1);
        order.must(4).before(1);
        assert_eq!(order.sorted(&[0, 1, 2, 3, 4]), [0, 3, 4, 1, 2]);
        let mut order = Order::new(4);
        order.must(1).before(2);
        order.must(2).before(1);
        assert_eq!(order.sorted(&[0, 1, 2, 3]), [0, 1, 2, 3]);
    }

    #[test]
    fn cycles_are_found() {
        let mut order = Order::new(5);
        order.must(0).before(1);
        order.must(1).before(2);
        order.must(2).before(0);
        order.must(3).before(4);
        assert_eq!(order.cycles(), [vec![0, 1, 2]]);
    }
}
