//! Campuses, premises, districts: areas on the earth and their distances. Rings of WGS-84 positions come in
//! as GeoJSON has them, metres go out. No form, no tolerance and no other coordinate system is known here.
//!
//! An edge is what RFC 7946 says: straight in longitude and latitude. (Against the geodesic between its
//! ends that is 3 mm for an edge of 500 m to the east, and 12 m for one of 30 km, at 35° north.) Distances
//! are taken to the nearest point of an edge, never to vertices alone.
//!
//! Edges are cut into pieces of at most 0.02 degrees, longer ones where all edges together go beyond 80
//! degrees. On a piece the foot of a perpendicular is found in earth-centred Cartesian space, and the
//! distance to the foot is [`inverse`]. The nearest point by chord and the one by geodesic part a little
//! (3 mm at 50 km), and near a minimum that costs the distance far less: below a micrometre to 100 km,
//! below a millimetre to 1,000 km. Each piece and each sixteen of them lie in a ball; what a ball cannot
//! better is not looked at.

use super::geodesic::{cartesian, inverse, tangents};
use super::{LngLat, RADIAN};
use alloc::vec;
use alloc::vec::Vec;

/// Degrees of longitude or latitude in one piece of an edge.
const PIECE: f64 = 0.02;
/// How many pieces cutting may add to an area: hostile edges around the world fill no memory.
const CUTS: f64 = 4096.0;
/// Pieces in a chunk.
const CHUNK: usize = 16;
/// Greatest radius of curvature of the ellipsoid in metres, rounded up.
const WIDEST: f64 = 6_400_000.0;
/// What rounding may take from a straight line, in metres.
const SLACK: f64 = 1e-6;
/// Steps of the search for a foot. The function is all but linear, four would do.
const STEPS: usize = 12;

/// One or several polygons with holes, in WGS-84.
///
/// A point of an edge belongs to the area, that of a hole as well. What overlaps itself is inside where
/// the outer ring goes around it an odd number of times. An area that crosses the antimeridian is cut
/// there, as RFC 7946 §3.1.9 asks.
#[derive(Clone, Debug)]
pub struct Area {
    rings: Vec<Ring>,
    edges: Edges,
}

/// Why rings are no area. Every number counts from zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AreaFault {
    /// No polygon at all.
    Empty,
    /// A polygon without an outer ring.
    NoRing {
        /// Which polygon.
        polygon: usize,
    },
    /// A ring of fewer than four positions.
    ShortRing {
        /// Which polygon.
        polygon: usize,
        /// Which of its rings; 0 is the outer one.
        ring: usize,
        /// How many positions it has.
        positions: usize,
    },
    /// A ring whose last position is not its first.
    OpenRing {
        /// Which polygon.
        polygon: usize,
        /// Which of its rings.
        ring: usize,
    },
    /// A position with a coordinate that is not finite, or beyond ±180 or ±90 degrees.
    BadPosition {
        /// Which polygon.
        polygon: usize,
        /// Which of its rings.
        ring: usize,
        /// Which position of the ring.
        position: usize,
    },
}

impl Area {
    /// Takes the coordinates of a GeoJSON MultiPolygon: polygons of rings, the outer ring first, the others
    /// holes, each of four or more positions, the last equal to the first. Either winding is accepted.
    ///
    /// # Errors
    /// The first fault in the order of the input.
    pub fn new(polygons: Vec<Vec<Vec<LngLat>>>) -> Result<Area, AreaFault> {
        let mut rings = Vec::new();
        for (polygon, list) in polygons.into_iter().enumerate() {
            if list.is_empty() {
                return Err(AreaFault::NoRing { polygon });
            }
            for (ring, positions) in list.into_iter().enumerate() {
                check(&positions, polygon, ring)?;
                rings.push(Ring::new(positions, ring > 0));
            }
        }
        if rings.is_empty() {
            return Err(AreaFault::Empty);
        }
        let edges = || rings.iter().flat_map(|ring| ring.positions.array_windows());
        let degrees: f64 = edges().map(|&[from, to]| extent(from, to)).sum();
        let mut pieces = Vec::new();
        for &[from, to] in edges() {
            cut(from, to, PIECE.max(degrees / CUTS), &mut pieces);
        }
        Ok(Area {
            rings,
            edges: Edges::new(pieces),
        })
    }

    /// The work in this area: a distance to a point takes at most some multiple of this many steps, one to
    /// another area of the product of both. At most the number of positions and 4,096 more.
    #[must_use]
    pub fn pieces(&self) -> usize {
        self.edges.pieces.len()
    }

    /// Whether the point lies in the area or on an edge of it.
    #[must_use]
    pub fn contains(&self, point: LngLat) -> bool {
        // The holes of a polygon follow its outer ring.
        let mut inside = false;
        for ring in &self.rings {
            if !ring.hole {
                if inside {
                    break;
                }
                inside = ring.side_of(point) != Side::Outside;
            } else if inside {
                inside = ring.side_of(point) != Side::Inside;
            }
        }
        inside
    }

    /// Whether the first vertex of a polygon of the other lies in this area.
    fn holds_part_of(&self, other: &Area) -> bool {
        let outer = other.rings.iter().filter(|ring| !ring.hole);
        outer
            .filter_map(|ring| ring.positions.first())
            .any(|&vertex| self.contains(vertex))
    }
}

/// Metres from a WGS-84 point to the nearest point of an area, 0 within it. Infinity if the
/// point is not [valid](LngLat::is_valid); never NaN.
#[must_use]
pub fn distance_point_area(point: LngLat, area: &Area) -> f64 {
    if !point.is_valid() {
        return f64::INFINITY;
    }
    if area.contains(point) {
        return 0.0;
    }
    nearest(&Edges::new(vec![Piece::new(point, point)]), &area.edges)
}

/// Metres between the nearest points of two areas, 0 where they overlap, touch or one lies in the other.
/// The same for `(a, b)` and `(b, a)`.
#[must_use]
pub fn distance_area_area(a: &Area, b: &Area) -> f64 {
    if a.holds_part_of(b) || b.holds_part_of(a) {
        return 0.0;
    }
    nearest(&a.edges, &b.edges)
}

fn check(positions: &[LngLat], polygon: usize, ring: usize) -> Result<(), AreaFault> {
    if let Some(position) = positions.iter().position(|position| !position.is_valid()) {
        return Err(AreaFault::BadPosition {
            polygon,
            ring,
            position,
        });
    }
    if positions.len() < 4 {
        return Err(AreaFault::ShortRing {
            polygon,
            ring,
            positions: positions.len(),
        });
    }
    if positions.first() != positions.last() {
        return Err(AreaFault::OpenRing { polygon, ring });
    }
    Ok(())
}

#[derive(Clone, Debug)]
struct Ring {
    positions: Vec<LngLat>,
    hole: bool,
    west_south: LngLat,
    east_north: LngLat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Outside,
    Edge,
    Inside,
}

impl Ring {
    fn new(positions: Vec<LngLat>, hole: bool) -> Ring {
        let mut west_south = LngLat {
            lng: f64::INFINITY,
            lat: f64::INFINITY,
        };
        let mut east_north = LngLat {
            lng: f64::NEG_INFINITY,
            lat: f64::NEG_INFINITY,
        };
        for at in &positions {
            west_south = LngLat {
                lng: west_south.lng.min(at.lng),
                lat: west_south.lat.min(at.lat),
            };
            east_north = LngLat {
                lng: east_north.lng.max(at.lng),
                lat: east_north.lat.max(at.lat),
            };
        }
        Ring {
            positions,
            hole,
            west_south,
            east_north,
        }
    }

    /// Counts the edges that a ray to the east crosses.
    fn side_of(&self, p: LngLat) -> Side {
        let (low, high) = (self.west_south, self.east_north);
        if p.lng < low.lng || p.lng > high.lng || p.lat < low.lat || p.lat > high.lat {
            return Side::Outside;
        }
        let mut side = Side::Outside;
        for &[a, b] in self.positions.array_windows() {
            let turn = orientation(a, b, p);
            if turn == 0.0 && spans(a.lng, b.lng, p.lng) && spans(a.lat, b.lat, p.lat) {
                return Side::Edge;
            }
            if (a.lat > p.lat) != (b.lat > p.lat) && (b.lat > a.lat) == (turn > 0.0) {
                side = if side == Side::Inside {
                    Side::Outside
                } else {
                    Side::Inside
                };
            }
        }
        side
    }
}

/// Positive if `p` lies left of the way from `a` to `b`, in the plane of longitude and latitude.
fn orientation(a: LngLat, b: LngLat, p: LngLat) -> f64 {
    (b.lng - a.lng) * (p.lat - a.lat) - (p.lng - a.lng) * (b.lat - a.lat)
}

/// Whether `x` lies between the two, whichever is the lesser.
fn spans(a: f64, b: f64, x: f64) -> bool {
    a.min(b) <= x && x <= a.max(b)
}

/// Whether the ranges a to b and c to d have a number in common.
fn overlap(a: f64, b: f64, c: f64, d: f64) -> bool {
    a.min(b) <= c.max(d) && c.min(d) <= a.max(b)
}

/// A ball around a part of an edge, in earth-centred Cartesian metres.
#[derive(Clone, Copy, Debug)]
struct Ball {
    centre: [f64; 3],
    radius: f64,
}

impl Ball {
    /// No way along the earth between the balls is shorter.
    fn gap(&self, other: &Ball) -> f64 {
        surface(length(minus(self.centre, other.centre)) - self.radius - other.radius)
    }

    /// No two points of the balls are farther apart in a straight line.
    fn reach(&self, other: &Ball) -> f64 {
        length(minus(self.centre, other.centre)) + self.radius + other.radius
    }
}

/// What a way along the earth measures at least if the straight line does: a circle of the greatest radius
/// of curvature bulges least.
fn surface(chord: f64) -> f64 {
    chord + chord * chord * chord / (24.0 * WIDEST * WIDEST) - SLACK
}

/// A part of an edge so short that it is all but straight on the ground.
#[derive(Clone, Copy, Debug)]
struct Piece {
    from: LngLat,
    to: LngLat,
    ball: Ball,
}

/// All pieces of an area in the order of its rings, and a ball around each sixteen.
#[derive(Clone, Debug)]
struct Edges {
    pieces: Vec<Piece>,
    balls: Vec<Ball>,
}

impl Edges {
    fn new(pieces: Vec<Piece>) -> Edges {
        let balls = pieces.chunks(CHUNK).map(around).collect();
        Edges { pieces, balls }
    }

    fn chunks(&self) -> impl Iterator<Item = (&Ball, &[Piece])> {
        self.balls.iter().zip(self.pieces.chunks(CHUNK))
    }
}

fn around(pieces: &[Piece]) -> Ball {
    let centre = pieces
        .get(pieces.len() / 2)
        .map_or([0.0; 3], |piece| piece.ball.centre);
    let reach = |piece: &Piece| length(minus(piece.ball.centre, centre)) + piece.ball.radius;
    Ball {
        centre,
        radius: pieces.iter().map(reach).fold(0.0, f64::max),
    }
}

/// Degrees of an edge, the greater of longitude and latitude.
fn extent(from: LngLat, to: LngLat) -> f64 {
    (to.lng - from.lng).abs().max((to.lat - from.lat).abs())
}

/// Cuts an edge into pieces of at most so many degrees. Positions on it are computed from its lower end,
/// whichever way it runs, so that neighbours who share an edge share its pieces.
fn cut(from: LngLat, to: LngLat, most: f64, pieces: &mut Vec<Piece>) {
    let count = libm::ceil(extent(from, to) / most).max(1.0);
    let ahead = (from.lng, from.lat) <= (to.lng, to.lat);
    let (mut last, mut step) = (from, 0.0);
    while step < count {
        step += 1.0;
        let next = if ahead {
            between(from, to, step / count)
        } else {
            between(to, from, (count - step) / count)
        };
        pieces.push(Piece::new(last, next));
        last = next;
    }
}

fn between(from: LngLat, to: LngLat, share: f64) -> LngLat {
    if share >= 1.0 || from == to {
        return to;
    }
    LngLat {
        lng: from.lng + share * (to.lng - from.lng),
        lat: from.lat + share * (to.lat - from.lat),
    }
}

impl Piece {
    fn new(from: LngLat, to: LngLat) -> Piece {
        // The longest parallel that the piece touches sets how long a degree of longitude may be.
        let parallel = if from.lat * to.lat <= 0.0 {
            0.0
        } else {
            from.lat.abs().min(to.lat.abs())
        };
        let east = (to.lng - from.lng) * libm::cos(parallel * RADIAN);
        let radius = libm::hypot(east, to.lat - from.lat) * RADIAN * WIDEST / 2.0;
        Piece {
            from,
            to,
            ball: Ball {
                centre: cartesian(between(from, to, 0.5)),
                radius,
            },
        }
    }

    fn is_point(&self) -> bool {
        self.from == self.to
    }

    /// Whether the two meet, in the plane of longitude and latitude.
    fn meets(&self, other: &Piece) -> bool {
        let (a, b, c, d) = (self.from, self.to, other.from, other.to);
        let apart = |p: f64, q: f64| (p > 0.0 && q > 0.0) || (p < 0.0 && q < 0.0);
        overlap(a.lng, b.lng, c.lng, d.lng)
            && overlap(a.lat, b.lat, c.lat, d.lat)
            && !apart(orientation(a, b, c), orientation(a, b, d))
            && !apart(orientation(c, d, a), orientation(c, d, b))
    }

    /// The nearest position on the piece to a Cartesian point, and the straight line to it.
    fn foot(&self, from: [f64; 3]) -> (LngLat, f64) {
        let chord = |at: LngLat| (at, length(minus(cartesian(at), from)));
        let ends = nearer(chord(self.from), chord(self.to));
        let (lng, lat) = (
            (self.to.lng - self.from.lng) * RADIAN,
            (self.to.lat - self.from.lat) * RADIAN,
        );
        // Half the derivative of the squared straight line along the piece.
        let slope = |share: f64| {
            let at = between(self.from, self.to, share);
            let (east, north) = tangents(at);
            let away = minus(cartesian(at), from);
            lng * dot(east, away) + lat * dot(north, away)
        };
        let (mut low, mut high) = ((0.0, slope(0.0)), (1.0, slope(1.0)));
        if !(low.1 < 0.0 && high.1 > 0.0) {
            return ends;
        }
        // False position, the Illinois way: an end that stays a second time counts half.
        let (mut share, mut last) = (0.5, 0.0);
        for _ in 0..STEPS {
            share = (low.0 * high.1 - high.0 * low.1) / (high.1 - low.1);
            let here = slope(share);
            if here == 0.0 {
                break;
            }
            let halved = if here * last > 0.0 { 0.5 } else { 1.0 };
            if here < 0.0 {
                low = (share, here);
                high.1 *= halved;
            } else {
                high = (share, here);
                low.1 *= halved;
            }
            last = here;
        }
        nearer(ends, chord(between(self.from, self.to, share)))
    }

    /// The lesser of `best` and the distance between the two pieces. Of two straight pieces that do not
    /// meet, one nearest point is an end. The end `to` is not looked at: it is the next piece's `from`.
    fn distance(&self, other: &Piece, best: f64) -> f64 {
        if self.ball.gap(&other.ball) <= 0.0 && self.meets(other) {
            return 0.0;
        }
        let to_piece = |best: f64, end: LngLat, piece: &Piece| {
            let (foot, chord) = piece.foot(cartesian(end));
            if surface(chord) > best {
                best
            } else {
                best.min(inverse(end, foot))
            }
        };
        let best = to_piece(best, self.from, other);
        if self.is_point() {
            best
        } else {
            to_piece(best, other.from, self)
        }
    }
}

/// The least distance between pieces of the two. Once a likely pair is measured, few other balls can hold
/// a nearer one.
fn nearest(a: &Edges, b: &Edges) -> f64 {
    let mut best = likely(a, b);
    for (near, ours) in a.chunks() {
        for (far, theirs) in b.chunks() {
            if near.gap(far) > best {
                continue;
            }
            for s in ours {
                for t in theirs {
                    if s.ball.gap(&t.ball) <= best {
                        best = s.distance(t, best);
                    }
                    if best == 0.0 {
                        return best;
                    }
                }
            }
        }
    }
    best
}

/// The distance of one pair of pieces, those in the middle of the two nearest balls.
fn likely(a: &Edges, b: &Edges) -> f64 {
    let (mut best, mut metres) = (f64::INFINITY, f64::INFINITY);
    for (near, ours) in a.chunks() {
        for (far, theirs) in b.chunks() {
            let reach = near.reach(far);
            if let (true, Some(s), Some(t)) = (
                reach < best,
                ours.get(ours.len() / 2),
                theirs.get(theirs.len() / 2),
            ) {
                (best, metres) = (reach, s.distance(t, f64::INFINITY));
            }
        }
    }
    metres
}

fn minus([ax, ay, az]: [f64; 3], [bx, by, bz]: [f64; 3]) -> [f64; 3] {
    [ax - bx, ay - by, az - bz]
}

fn dot([ax, ay, az]: [f64; 3], [bx, by, bz]: [f64; 3]) -> f64 {
    ax * bx + ay * by + az * bz
}

fn length(v: [f64; 3]) -> f64 {
    libm::sqrt(dot(v, v))
}

fn nearer(a: (LngLat, f64), b: (LngLat, f64)) -> (LngLat, f64) {
    if b.1 < a.1 { b } else { a }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(corners: &[(f64, f64)]) -> Vec<LngLat> {
        corners.iter().map(|&(lng, lat)| LngLat { lng, lat }).collect()
    }

    fn square(west: f64, south: f64, side: f64) -> Vec<LngLat> {
        let (east, north) = (west + side, south + side);
        ring(&[
            (west, south),
            (east, south),
            (east, north),
            (west, north),
            (west, south),
        ])
    }

    #[test]
    fn faults_name_the_place() {
        let good = square(106.0, 36.0, 0.01);
        let fault = |polygons| Area::new(polygons).err();
        assert_eq!(fault(vec![]), Some(AreaFault::Empty));
        assert_eq!(
            fault(vec![vec![good.clone()], vec![]]),
            Some(AreaFault::NoRing { polygon: 1 })
        );
        let short = ring(&[(1.0, 1.0), (2.0, 2.0), (1.0, 1.0)]);
        let expected = AreaFault::ShortRing {
            polygon: 0,
            ring: 1,
            positions: 3,
        };
        assert_eq!(fault(vec![vec![good.clone(), short]]), Some(expected));
        let open = ring(&[(1.0, 1.0), (2.0, 2.0), (1.0, 2.0), (1.0, 1.5)]);
        assert_eq!(
            fault(vec![vec![open]]),
            Some(AreaFault::OpenRing { polygon: 0, ring: 0 })
        );
        for bad in [f64::NAN, f64::INFINITY, 180.1] {
            let mut spoilt = good.clone();
            spoilt.insert(2, LngLat { lng: bad, lat: 0.0 });
            let expected = AreaFault::BadPosition {
                polygon: 0,
                ring: 0,
                position: 2,
            };
            assert_eq!(fault(vec![vec![spoilt]]), Some(expected));
        }
        assert_eq!(fault(vec![vec![good]]), None);
    }

    #[test]
    fn inside_edge_hole_outside() -> Result<(), AreaFault> {
        let area = Area::new(vec![vec![
            square(106.0, 36.0, 0.01),
            square(106.004, 36.004, 0.002),
        ]])?;
        let at = |lng, lat| LngLat { lng, lat };
        assert_eq!(distance_point_area(at(106.002, 36.002), &area), 0.0);
        assert_eq!(distance_point_area(at(106.0, 36.005), &area), 0.0);
        assert_eq!(distance_point_area(at(106.004, 36.005), &area), 0.0);
        // In the middle of the hole, 0.001 degrees of longitude from its sides.
        assert!((distance_point_area(at(106.005, 36.005), &area) - 90.158).abs() < 1e-3);
        assert_eq!(distance_point_area(at(f64::NAN, 36.0), &area), f64::INFINITY);
        Ok(())
    }

    #[test]
    fn areas_that_meet_are_at_zero() -> Result<(), AreaFault> {
        let area = |west: f64, south: f64, side: f64| Area::new(vec![vec![square(west, south, side)]]);
        let home = area(106.0, 36.0, 0.01)?;
        assert_eq!(distance_area_area(&home, &area(106.004, 36.004, 0.001)?), 0.0);
        assert_eq!(distance_area_area(&area(106.004, 36.004, 0.001)?, &home), 0.0);
        assert_eq!(distance_area_area(&home, &area(106.01, 36.002, 0.01)?), 0.0);
        // A cross: no vertex of either lies in the other.
        let bar = ring(&[
            (105.99, 36.004),
            (106.02, 36.004),
            (106.02, 36.006),
            (105.99, 36.006),
            (105.99, 36.004),
        ]);
        assert_eq!(distance_area_area(&home, &Area::new(vec![vec![bar]])?), 0.0);
        let apart = distance_area_area(&home, &area(106.012, 36.002, 0.01)?);
        assert!((apart - 180.305).abs() < 0.01, "{apart}");
        Ok(())
    }

    #[test]
    fn no_seam_at_the_antimeridian() -> Result<(), AreaFault> {
        let fiji = Area::new(vec![vec![square(179.99, -17.0, 0.01)]])?;
        let metres = distance_point_area(
            LngLat {
                lng: -179.999,
                lat: -16.995,
            },
            &fiji,
        );
        assert!((metres - 106.5).abs() < 0.1, "{metres}");
        Ok(())
    }

    #[test]
    fn the_lower_bound_is_one() {
        for step in 0..20_000 {
            let share = |prime: usize| (step * prime % 20_011) as f64 / 20_011.0;
            let a = LngLat {
                lng: 0.0,
                lat: 180.0 * share(7_919) - 90.0,
            };
            // From a decimetre to the antipode, in all directions.
            let reach = libm::pow(10.0, 9.0 * share(104_729) - 6.7);
            let turn = core::f64::consts::TAU * share(15_485_863);
            let lat = a.lat + reach * libm::cos(turn);
            let b = LngLat {
                lng: reach * libm::sin(turn),
                lat: lat.clamp(-90.0, 90.0),
            };
            let metres = inverse(a, b);
            assert!(
                surface(length(minus(cartesian(a), cartesian(b)))) <= metres,
                "{a:?} {b:?} {metres}"
            );
        }
    }

    #[test]
    fn hostile_edges_stay_few() -> Result<(), AreaFault> {
        let corner = |step: usize| LngLat {
            lng: if step.is_multiple_of(2) { -180.0 } else { 180.0 },
            lat: 90.0,
        };
        let area = Area::new(vec![vec![(0..1_001).map(corner).collect()]])?;
        assert!(area.pieces() <= 1_001 + 4_096);
        assert!(distance_point_area(LngLat { lng: 0.0, lat: 0.0 }, &area).is_finite());
        Ok(())
    }
}
