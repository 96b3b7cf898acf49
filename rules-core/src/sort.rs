//! One sort for all: stable, by merging positions.
//!
//! In: items and their order. Out: the items in order. The library's sorts are faster on long lists, and a form downloads some three
//! kilobytes of them for each type that is sorted; here each type costs its moves only.

use alloc::vec::Vec;
use core::cmp::Ordering;

/// Up to here items are swapped in place.
const FEW: usize = 24;

/// Sorts by an order; equal items stay as they stood.
pub(crate) fn sort_by<T>(items: &mut Vec<T>, mut order: impl FnMut(&T, &T) -> Ordering) {
    if items.len() <= FEW {
        for end in 1..items.len() {
            for at in (1..=end).rev() {
                let pair = items.get(at - 1..=at);
                let wrong = matches!(pair, Some([before, after]) if order(after, before) == Ordering::Less);
                if !wrong {
                    break;
                }
                items.swap(at - 1, at);
            }
        }
        return;
    }
    let positions = positions(items.len(), &mut |a, b| match (items.get(a), items.get(b)) {
        (Some(a), Some(b)) => order(a, b) == Ordering::Less,
        _ => false,
    });
    let mut places: Vec<Option<T>> = core::mem::take(items).into_iter().map(Some).collect();
    let moved = positions
        .into_iter()
        .filter_map(|at| places.get_mut(at).and_then(Option::take));
    items.extend(moved);
}

/// The positions of `len` items in order; `before` tells whether one stands truly before another.
fn positions(len: usize, before: &mut dyn FnMut(usize, usize) -> bool) -> Vec<usize> {
    let mut from: Vec<usize> = (0..len).collect();
    let mut to: Vec<usize> = Vec::with_capacity(len);
    let mut width = 1;
    while width < len {
        to.clear();
        for run in from.chunks(width * 2) {
            let (mut left, mut right) = run.split_at(width.min(run.len()));
            while let (Some((a, after_a)), Some((b, after_b))) = (left.split_first(), right.split_first()) {
                if before(*b, *a) {
                    to.push(*b);
                    right = after_b;
                } else {
                    to.push(*a);
                    left = after_a;
                }
            }
            to.extend_from_slice(left);
            to.extend_from_slice(right);
        }
        core::mem::swap(&mut from, &mut to);
        width *= 2;
    }
    from
}

#[cfg(test)]
mod tests {
    use super::sort_by;
    use std::vec::Vec;

    #[test]
    fn as_the_library_sorts() {
        let mut state = 7u32;
        for len in (0..70).chain([1_000, 1_023, 1_024, 1_025]) {
            let items: Vec<(u32, usize)> = (0..len)
                .map(|i| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (state >> 28, i)
                })
                .collect();
            let (mut ours, mut theirs) = (items.clone(), items);
            sort_by(&mut ours, |a, b| a.0.cmp(&b.0));
            theirs.sort_by_key(|item| item.0);
            assert_eq!(ours, theirs);
        }
    }
}
