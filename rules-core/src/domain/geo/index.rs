//! The nearest of thousands of places. Positions come in once, then any number of questions; indices into
//! the positions and metres go out. What the places are, only the asker knows.
//!
//! The places lie sorted by their height above the plane of the equator, in earth-centred Cartesian metres.
//! A straight line through the earth is never longer than the way along it, so a search goes up and down
//! from the point's own height and ends where the height alone is too far. The results equal those of a
//! search through all, with no seam at the antimeridian or a pole. Few comparisons remain: of 5,000 places
//! all over China, 200 m up and down leave one or two.

use super::LngLat;
use super::geodesic::{cartesian, inverse};
use alloc::vec::Vec;
use core::cmp::Ordering;

/// What rounding may take from a straight line, in metres. Larger than need be by a factor of a thousand.
const SLACK: f64 = 1e-5;

/// An immutable index over WGS-84 positions.
///
/// ```
/// use rules_core::domain::geo::{LngLat, PlaceIndex};
/// let schools = [LngLat { lng: 106.24, lat: 36.02 }, LngLat { lng: 106.25, lat: 36.02 }];
/// let index = PlaceIndex::new(&schools);
/// let (school, metres) = index.nearest(LngLat { lng: 106.251, lat: 36.02 }).unwrap();
/// assert!(school == 1 && metres < 100.0);
/// assert_eq!(index.within(schools[0], 2_000.0).len(), 2);
/// ```
#[derive(Clone, Debug, Default)]
pub struct PlaceIndex {
    nodes: Vec<Node>,
}

#[derive(Clone, Debug)]
struct Node {
    at: [f64; 3],
    place: LngLat,
    index: usize,
}

impl Node {
    fn height(&self) -> f64 {
        let [_, _, height] = self.at;
        height
    }
}

impl PlaceIndex {
    /// Sorts the positions. One that is not [valid](LngLat::is_valid) is never found.
    #[must_use]
    pub fn new(points: &[LngLat]) -> Self {
        let node = |(index, &place): (usize, &LngLat)| Node {
            at: cartesian(place),
            place,
            index,
        };
        let all: Vec<Node> = points.iter().enumerate().map(node).collect();
        let mut order: Vec<(usize, f64)> = all.iter().map(|node| (node.index, node.height())).collect();
        crate::sort::sort_by(&mut order, by_metres);
        let valid = order
            .into_iter()
            .filter_map(|(index, _)| all.get(index))
            .filter(|node| node.place.is_valid());
        PlaceIndex {
            nodes: valid.cloned().collect(),
        }
    }

    /// The nearest place and its distance in metres; of several equally near, the one given first.
    #[must_use]
    pub fn nearest(&self, point: LngLat) -> Option<(usize, f64)> {
        let mut best: Option<(usize, f64)> = None;
        self.search(point, f64::INFINITY, &mut |found| {
            let least = match best {
                Some(least) if by_metres(&least, &found).is_lt() => least,
                _ => found,
            };
            best = Some(least);
            least.1
        });
        best
    }

    /// All places not farther than `metres`, by distance, then in the order given.
    #[must_use]
    pub fn within(&self, point: LngLat, metres: f64) -> Vec<(usize, f64)> {
        let mut found = Vec::new();
        self.search(point, metres, &mut |place| {
            if place.1 <= metres {
                found.push(place);
            }
            metres
        });
        crate::sort::sort_by(&mut found, by_metres);
        found
    }

    /// Shows `visit` every place that may lie within the reach; it answers with the reach from there on.
    fn search(&self, point: LngLat, mut reach: f64, visit: &mut dyn FnMut((usize, f64)) -> f64) {
        let from = Node {
            at: cartesian(point),
            place: point,
            index: 0,
        };
        let middle = self.nodes.partition_point(|node| node.height() < from.height());
        let Some((below, above)) = self.nodes.split_at_checked(middle) else {
            return;
        };
        let (mut below, mut above) = (below.iter().rev().peekable(), above.iter().peekable());
        // The next in height, from either side, until both are out of reach.
        while point.is_valid() {
            let down = below
                .peek()
                .map_or(f64::INFINITY, |node| from.height() - node.height());
            let up = above
                .peek()
                .map_or(f64::INFINITY, |node| node.height() - from.height());
            let next = if down < up { below.next() } else { above.next() };
            let Some(node) = next.filter(|_| down.min(up) <= reach + SLACK) else {
                return;
            };
            if straight(from.at, node.at) <= reach + SLACK {
                reach = visit((node.index, inverse(point, node.place)));
            }
        }
    }
}

/// The order of results, and of places by height: by metres, then as given.
fn by_metres(a: &(usize, f64), b: &(usize, f64)) -> Ordering {
    a.1.total_cmp(&b.1).then(a.0.cmp(&b.0))
}

/// Straight line between two Cartesian points in metres.
fn straight([ax, ay, az]: [f64; 3], [bx, by, bz]: [f64; 3]) -> f64 {
    let (x, y, z) = (bx - ax, by - ay, bz - az);
    libm::sqrt(x * x + y * y + z * z)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    fn at(lng: f64, lat: f64) -> LngLat {
        LngLat { lng, lat }
    }

    #[test]
    fn empty_and_odd_input() {
        assert_eq!(PlaceIndex::new(&[]).nearest(at(0.0, 0.0)), None);
        let index = PlaceIndex::new(&[at(f64::NAN, 0.0), at(5.0, 5.0)]);
        assert_eq!(index.nearest(at(5.0, 5.0)), Some((1, 0.0)));
        assert_eq!(index.nearest(at(f64::INFINITY, 5.0)), None);
        assert_eq!(index.within(at(5.0, 5.0), f64::NAN), vec![]);
        assert_eq!(index.within(at(5.0, 5.0), -1.0), vec![]);
        assert_eq!(index.within(at(5.0, 5.0), 0.0), vec![(1, 0.0)]);
    }

    #[test]
    fn the_first_of_equals() {
        let index = PlaceIndex::new(&[
            at(2.0, 0.0),
            at(1.0, 1.0),
            at(1.0, 1.0),
            at(1.0, -1.0),
            at(1.0, 1.0),
        ]);
        assert_eq!(index.nearest(at(1.0, 1.0)), Some((1, 0.0)));
        let order: Vec<usize> = index
            .within(at(1.0, 0.0), 200_000.0)
            .into_iter()
            .map(|(i, _)| i)
            .collect();
        assert_eq!(order, [1, 2, 3, 4, 0]);
    }

    #[test]
    fn no_seam() {
        let index = PlaceIndex::new(&[at(-179.99, 10.0), at(179.0, 10.0), at(0.0, 89.0), at(90.0, -90.0)]);
        assert_eq!(index.nearest(at(179.99, 10.0)).map(|(i, _)| i), Some(0));
        assert_eq!(index.nearest(at(180.0, 89.5)).map(|(i, _)| i), Some(2));
        assert!(
            index
                .nearest(at(-12.0, -90.0))
                .is_some_and(|(i, metres)| i == 3 && metres < 1e-6)
        );
    }
}
