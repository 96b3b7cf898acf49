//! The shortest path between two positions on the WGS-84 ellipsoid. Two positions come in, metres go out.
//! No coordinate system but WGS-84, no polygon and no tolerance is known here.
//!
//! The method is C. F. F. Karney, "Algorithms for geodesics", Journal of Geodesy 87 (2013), 43–55
//! (numbers in parentheses below are its equations): on the auxiliary sphere the azimuth at the first
//! point is searched, by Newton inside a bracket, until the longitude difference fits. There is always
//! one such azimuth, so near-antipodal points, where Vincenty's iteration fails, take more steps and
//! nothing else. Two simplifications against GeographicLib: the series end at the fourth order, since on
//! this ellipsoid the fifth is below 10 nm, and near-antipodal pairs get no special first guess.

use super::{LngLat, RADIAN};
use libm::{atan2, hypot, sincos, sqrt};

/// Equatorial radius in metres.
const A: f64 = 6_378_137.0;
/// Flattening.
const F: f64 = 1.0 / 298.257_223_563;
const F1: f64 = 1.0 - F;
/// Polar radius in metres.
const B: f64 = A * F1;
/// First eccentricity squared.
const E2: f64 = F * (2.0 - F);
/// Second eccentricity squared.
const EP2: f64 = E2 / (F1 * F1);
/// Third flattening.
const N: f64 = F / (2.0 - F);

/// Newton steps before plain halving, and steps in all: halving ends after 53 and some.
const NEWTON: usize = 20;
const STEPS: usize = 90;
/// Longitude misfit in radians at which the search ends, 6 nm on the equator.
const FIT: f64 = 1e-15;
/// Arc in radians below which the sphere is exact enough, 0.2 m.
const SHORT: f64 = 3.6e-8;
const TINY: f64 = 1.5e-154;

/// Distance in metres along the shortest path on the WGS-84 ellipsoid.
///
/// Right within some nanometres for every pair of positions, antipodes and poles among them; the same
/// bits for `(a, b)` and `(b, a)`; zero for equal positions. Longitudes count modulo 360 and latitudes
/// beyond ±90 as the pole. A coordinate that is not finite gives infinity; the result is never NaN.
///
/// ```
/// use rules_core::domain::geo::{LngLat, inverse};
/// let jfk = LngLat { lng: -73.8, lat: 40.6 };
/// let lhr = LngLat { lng: -0.5, lat: 51.6 };
/// assert!((inverse(jfk, lhr) - 5_551_759.400_319).abs() < 1e-6);
/// ```
#[must_use]
pub fn inverse(a: LngLat, b: LngLat) -> f64 {
    let turn = libm::fmod((b.lng - a.lng).abs(), 360.0);
    if !(a.is_finite() && b.is_finite() && turn.is_finite()) {
        return f64::INFINITY;
    }
    let lon = if turn > 180.0 { 360.0 - turn } else { turn };
    // The first point is the one farther from the equator and lies south: four symmetric cases in one.
    let (lat1, lat2) = if a.lat.abs() < b.lat.abs() {
        (b.lat, a.lat)
    } else {
        (a.lat, b.lat)
    };
    let (lat1, lat2) = if lat1 > 0.0 { (-lat1, -lat2) } else { (lat1, lat2) };
    let pair = Pair {
        lon,
        from: Reduced::new(lat1),
        to: Reduced::new(lat2),
    };
    B * pair
        .meridional(lat1)
        .or_else(|| pair.equatorial())
        .unwrap_or_else(|| pair.general())
}

/// Earth-centred Cartesian coordinates in metres. The straight line between two such points is never
/// longer than [`inverse`] between the positions: a safe lower bound.
pub(super) fn cartesian(p: LngLat) -> [f64; 3] {
    let (slat, clat) = sincos(p.lat * RADIAN);
    let (slng, clng) = sincos(p.lng * RADIAN);
    let across = A / sqrt(1.0 - E2 * slat * slat);
    [
        across * clat * clng,
        across * clat * slng,
        across * (1.0 - E2) * slat,
    ]
}

/// Derivatives of [`cartesian`] by longitude and by latitude, metres per radian.
pub(super) fn tangents(p: LngLat) -> ([f64; 3], [f64; 3]) {
    let (slat, clat) = sincos(p.lat * RADIAN);
    let (slng, clng) = sincos(p.lng * RADIAN);
    let w2 = 1.0 - E2 * slat * slat;
    let east = A / sqrt(w2) * clat;
    let north = A * (1.0 - E2) / (w2 * sqrt(w2));
    (
        [-east * slng, east * clng, 0.0],
        [-north * slat * clng, -north * slat * slng, north * clat],
    )
}

/// Sine and cosine of a reduced latitude, tan β = (1 − f) tan φ, and √(1 + e'² sin² β).
#[derive(Clone, Copy)]
struct Reduced {
    sin: f64,
    cos: f64,
    dn: f64,
}

impl Reduced {
    fn new(lat: f64) -> Self {
        let (s, c) = sincos(lat.clamp(-90.0, 90.0) * RADIAN);
        let (sin, cos) = unit(F1 * s, c);
        Reduced {
            sin,
            cos,
            dn: sqrt(1.0 + EP2 * sin * sin),
        }
    }
}

/// Both ends of the path on the auxiliary sphere: sine and cosine of σ₁ and σ₂, and the arc between.
#[derive(Clone, Copy)]
struct Arc {
    s1: f64,
    c1: f64,
    s2: f64,
    c2: f64,
    length: f64,
}

impl Arc {
    fn new((s1, c1): (f64, f64), (s2, c2): (f64, f64)) -> Self {
        let length = atan2((c1 * s2 - s1 * c2).max(0.0), c1 * c2 + s1 * s2);
        Arc {
            s1,
            c1,
            s2,
            c2,
            length,
        }
    }

    /// Σ cₗ (sin 2lσ₂ − sin 2lσ₁).
    fn series(&self, terms: &[f64]) -> f64 {
        clenshaw(self.s2, self.c2, terms) - clenshaw(self.s1, self.c1, terms)
    }
}

/// Two points with 0 ≤ lon ≤ 180, φ₁ ≤ 0 and |φ₂| ≤ |φ₁|. Lengths below are in polar radii.
struct Pair {
    lon: f64,
    from: Reduced,
    to: Reduced,
}

/// What one azimuth at the first point leads to.
struct Trial {
    arc: Arc,
    eps: f64,
    /// Longitude reached minus longitude wanted, radians.
    misfit: f64,
    /// Its derivative by the azimuth.
    slope: f64,
}

impl Pair {
    /// Sine and cosine of the longitude difference, without loss near 180 degrees.
    fn lambda(&self) -> (f64, f64) {
        if self.lon > 90.0 {
            let (s, c) = sincos((180.0 - self.lon) * RADIAN);
            (s, -c)
        } else {
            sincos(self.lon * RADIAN)
        }
    }

    /// Along a meridian, unless a shorter way leaves it.
    fn meridional(&self, lat1: f64) -> Option<f64> {
        let (slam, clam) = self.lambda();
        if slam != 0.0 && lat1 > -90.0 {
            return None;
        }
        let arc = Arc::new((self.from.sin, clam * self.from.cos), (self.to.sin, self.to.cos));
        let (length, reduced) = self.lengths(&arc, N);
        (arc.length < 1.0 || reduced >= 0.0).then_some(length)
    }

    /// Along the equator, unless the ends are so far apart that a shorter way leaves it.
    fn equatorial(&self) -> Option<f64> {
        (self.from.sin == 0.0 && 180.0 - self.lon >= F * 180.0).then_some(self.lon * RADIAN / F1)
    }

    fn general(&self) -> f64 {
        let (mut salp, mut calp) = match self.first_guess() {
            Ok(length) => return length,
            Err(azimuth) => azimuth,
        };
        // The azimuth lies between these two: the misfit is negative at `low`, positive at `high`.
        let (mut low, mut high) = ((TINY, 1.0), (TINY, -1.0));
        let mut trial = self.try_azimuth(salp, calp);
        for step in 0..STEPS {
            if trial.misfit.abs() <= FIT {
                break;
            }
            if trial.misfit > 0.0 {
                high = (salp, calp);
            } else {
                low = (salp, calp);
            }
            let (s, c) = sincos(-trial.misfit / trial.slope);
            let next = unit(salp * c + calp * s, calp * c - salp * s);
            let inside = next.0 > 0.0 && next.1 / next.0 < low.1 / low.0 && next.1 / next.0 > high.1 / high.0;
            (salp, calp) = if step < NEWTON && trial.slope > 0.0 && inside {
                next
            } else {
                unit((low.0 + high.0) / 2.0, (low.1 + high.1) / 2.0)
            };
            trial = self.try_azimuth(salp, calp);
        }
        self.lengths(&trial.arc, trial.eps).0
    }

    /// The length itself for very short paths, else the azimuth on a sphere as (sine, cosine).
    fn first_guess(&self) -> Result<f64, (f64, f64)> {
        let (p, q) = (self.from, self.to);
        let lam = self.lon * RADIAN;
        let sbet12 = q.sin * p.cos - q.cos * p.sin;
        let near = q.cos * p.cos + q.sin * p.sin >= 0.0 && sbet12 < 0.5 && q.cos * lam < 0.5;
        // (48): for near points the sphere that fits the mean latitude.
        let mean = (p.sin + q.sin) * (p.sin + q.sin);
        let mean = mean / (mean + (p.cos + q.cos) * (p.cos + q.cos));
        let dn = sqrt(1.0 + EP2 * mean);
        let (somg, comg) = if near {
            sincos(lam / (F1 * dn))
        } else {
            self.lambda()
        };
        let salp = q.cos * somg;
        let calp = if comg >= 0.0 {
            sbet12 + q.cos * p.sin * somg * somg / (1.0 + comg)
        } else {
            q.sin * p.cos + q.cos * p.sin - q.cos * p.sin * somg * somg / (1.0 - comg)
        };
        let ssig = hypot(salp, calp);
        if near && ssig < SHORT {
            return Ok(dn * atan2(ssig, p.sin * q.sin + p.cos * q.cos * comg));
        }
        Err(if salp > 0.0 { unit(salp, calp) } else { (1.0, 0.0) })
    }

    /// Follows the geodesic that leaves with this azimuth to the latitude of the second point.
    fn try_azimuth(&self, salp1: f64, calp1: f64) -> Trial {
        let (p, q) = (self.from, self.to);
        let calp1 = if p.sin == 0.0 && calp1 == 0.0 {
            -TINY
        } else {
            calp1
        };
        // (5), (10): azimuth at the equator.
        let salp0 = salp1 * p.cos;
        let calp0 = hypot(calp1, salp1 * p.sin);
        // (45): azimuth at the second point, in the form that keeps digits.
        let same = q.cos == p.cos;
        let calp2 = if same && q.sin.abs() == -p.sin {
            calp1.abs()
        } else {
            let rest = if p.cos < -p.sin {
                (q.cos - p.cos) * (p.cos + q.cos)
            } else {
                (p.sin - q.sin) * (p.sin + q.sin)
            };
            sqrt((calp1 * p.cos * (calp1 * p.cos) + rest).max(0.0)) / q.cos
        };
        // (11), (12): arcs and spherical longitudes from the node.
        let (somg1, comg1) = (salp0 * p.sin, calp1 * p.cos);
        let (somg2, comg2) = (salp0 * q.sin, calp2 * q.cos);
        let arc = Arc::new(unit(p.sin, comg1), unit(q.sin, comg2));
        let somg = (comg1 * somg2 - somg1 * comg2).max(0.0);
        let comg = comg1 * comg2 + somg1 * somg2;
        let (slam, clam) = self.lambda();
        let eta = atan2(somg * clam - comg * slam, comg * clam + somg * slam);
        // (8), (9), (16), (23).
        let k2 = calp0 * calp0 * EP2;
        let eps = k2 / (2.0 * (1.0 + sqrt(1.0 + k2)) + k2);
        let misfit = eta - F * a3(eps) * salp0 * (arc.length + arc.series(&c3(eps)));
        // (46).
        let slope = if calp2 == 0.0 {
            -2.0 * F1 * p.dn / p.sin
        } else {
            self.lengths(&arc, eps).1 * F1 / (calp2 * q.cos)
        };
        Trial {
            arc,
            eps,
            misfit,
            slope,
        }
    }

    /// Length (7) and reduced length (38) of an arc.
    fn lengths(&self, arc: &Arc, eps: f64) -> (f64, f64) {
        let e2 = eps * eps;
        // (17), (18).
        let a1 = (1.0 + e2 / 4.0 + e2 * e2 / 64.0) / (1.0 - eps);
        let b1 = arc.series(&[
            eps * (-1.0 / 2.0 + e2 * 3.0 / 16.0),
            e2 * (-1.0 / 16.0 + e2 / 32.0),
            e2 * eps * (-1.0 / 48.0),
            e2 * e2 * (-5.0 / 512.0),
        ]);
        // (42), (43); only a derivative needs them, so the second order is enough.
        let a2 = (1.0 - eps) * (1.0 + e2 / 4.0);
        let b2 = arc.series(&[eps / 2.0, e2 * 3.0 / 16.0]);
        let j = (a1 - a2) * arc.length + (a1 * b1 - a2 * b2);
        let reduced = self.to.dn * (arc.c1 * arc.s2) - self.from.dn * (arc.s1 * arc.c2) - arc.c1 * arc.c2 * j;
        (a1 * (arc.length + b1), reduced)
    }
}

/// (24).
fn a3(eps: f64) -> f64 {
    const T1: f64 = (N - 1.0) / 2.0;
    const T2: f64 = (3.0 * N * N - N - 2.0) / 8.0;
    const T3: f64 = (-N * N - 3.0 * N - 1.0) / 16.0;
    const T4: f64 = (-2.0 * N - 3.0) / 64.0;
    1.0 + eps * (T1 + eps * (T2 + eps * (T3 + eps * T4)))
}

/// (25).
fn c3(eps: f64) -> [f64; 4] {
    const C11: f64 = (1.0 - N) / 4.0;
    const C12: f64 = (1.0 - N * N) / 8.0;
    const C13: f64 = (3.0 + 3.0 * N - N * N) / 64.0;
    const C14: f64 = (5.0 + 2.0 * N) / 128.0;
    const C22: f64 = (2.0 - 3.0 * N + N * N) / 32.0;
    const C23: f64 = (3.0 - 2.0 * N - 3.0 * N * N) / 64.0;
    const C24: f64 = (3.0 + N) / 128.0;
    const C33: f64 = (5.0 - 9.0 * N + 5.0 * N * N) / 192.0;
    const C34: f64 = (9.0 - 10.0 * N) / 384.0;
    const C44: f64 = (7.0 - 14.0 * N) / 512.0;
    let e2 = eps * eps;
    [
        eps * (C11 + eps * (C12 + eps * (C13 + eps * C14))),
        e2 * (C22 + eps * (C23 + eps * C24)),
        e2 * eps * (C33 + eps * C34),
        e2 * e2 * C44,
    ]
}

/// Σ cₗ sin 2lx, l from 1.
fn clenshaw(sinx: f64, cosx: f64, terms: &[f64]) -> f64 {
    let twice = 2.0 * (cosx - sinx) * (cosx + sinx);
    let (sum, _) = terms
        .iter()
        .rev()
        .fold((0.0, 0.0), |(y0, y1), c| (twice * y0 - y1 + c, y0));
    2.0 * sinx * cosx * sum
}

fn unit(x: f64, y: f64) -> (f64, f64) {
    let r = hypot(x, y);
    (x / r, y / r)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lng: f64, lat: f64) -> LngLat {
        LngLat { lng, lat }
    }

    #[test]
    fn known_lines() {
        let quadrant = 10_001_965.729;
        assert!((inverse(at(0.0, 0.0), at(0.0, 90.0)) - quadrant).abs() < 1e-3);
        assert!((inverse(at(7.0, -90.0), at(-120.0, 90.0)) - 2.0 * quadrant).abs() < 2e-3);
        assert!((inverse(at(0.0, 0.0), at(90.0, 0.0)) - A * core::f64::consts::FRAC_PI_2).abs() < 1e-6);
        // Antipodes on the equator go over a pole.
        assert!((inverse(at(0.0, 0.0), at(180.0, 0.0)) - 2.0 * quadrant).abs() < 2e-3);
        // Vincenty's iteration does not end here (Karney 2013, table 4).
        assert!((inverse(at(0.0, -30.0), at(179.8, 29.9)) - 19_989_832.827_610).abs() < 1e-6);
    }

    #[test]
    fn never_nan() {
        let odd = [
            0.0,
            -0.0,
            1e-300,
            1e-15,
            89.999_999_999_999,
            90.0,
            91.0,
            180.0,
            -180.0,
            540.0,
            1e300,
        ];
        for lng in odd {
            for lat1 in odd {
                for lat2 in odd {
                    let (a, b) = (at(0.0, -lat1), at(lng, lat2));
                    let metres = inverse(a, b);
                    assert!((0.0..2.01e7).contains(&metres), "{a:?} {b:?} {metres}");
                    assert_eq!(metres.to_bits(), inverse(b, a).to_bits());
                }
            }
        }
        assert_eq!(inverse(at(f64::NAN, 0.0), at(0.0, 0.0)), f64::INFINITY);
        assert_eq!(inverse(at(f64::MAX, 0.0), at(f64::MIN, 0.0)), f64::INFINITY);
        assert_eq!(inverse(at(106.24, 36.02), at(106.24, 36.02)), 0.0);
    }
}
