//! The coordinate systems a Chinese form meets, and the ways between them. A position in one system comes
//! in, the same place in another goes out. No distance, area or form is known here.
//!
//! GCJ-02 (official maps, Amap, Tencent) is WGS-84 with a secret shift of some hundred metres, BD-09 (Baidu)
//! shifts GCJ-02 once more. Neither is published; formulas and constants here are the public derivation
//! that all open implementations share (`wandergis/coordtransform`, `hujiulong/gcoord`); no authority
//! vouches for it. The way back has no formula and is solved by iteration.

use super::{LngLat, RADIAN};
use core::f64::consts::PI;
use libm::{atan2, cos, sin, sincos, sqrt};

/// A coordinate system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Crs {
    /// Satellite receivers, GeoJSON.
    Wgs84,
    /// The Chinese national system: surveyors, cadastre, Tianditu. Taken as WGS-84: the ellipsoids agree
    /// within 0.1 mm, the frames part by the drift of the plate, some 3 cm a year since 2000. That is less
    /// than a metre, a fraction of what a receiver can tell, and the same for both ends of a distance.
    Cgcs2000,
    /// The shifted system of maps published in China.
    Gcj02,
    /// Baidu's shift on top of GCJ-02.
    Bd09,
}

impl Crs {
    /// Every system.
    pub const ALL: [Crs; 4] = [Crs::Wgs84, Crs::Cgcs2000, Crs::Gcj02, Crs::Bd09];

    /// The name in forms and reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Crs::Wgs84 => "wgs84",
            Crs::Cgcs2000 => "cgcs2000",
            Crs::Gcj02 => "gcj02",
            Crs::Bd09 => "bd09",
        }
    }

    /// The system of exactly this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Crs> {
        Crs::ALL.into_iter().find(|crs| crs.name() == name)
    }
}

/// A position of any system in WGS-84 degrees.
///
/// ```
/// use rules_core::domain::geo::{Crs, LngLat, to_wgs84, wgs84_to_gcj02};
/// let place = LngLat { lng: 106.24, lat: 36.02 };
/// let back = to_wgs84(wgs84_to_gcj02(place), Crs::Gcj02);
/// assert!((back.lng - place.lng).abs() < 1e-9 && (back.lat - place.lat).abs() < 1e-9);
/// ```
#[must_use]
pub fn to_wgs84(point: LngLat, crs: Crs) -> LngLat {
    match crs {
        Crs::Wgs84 | Crs::Cgcs2000 => point,
        Crs::Gcj02 => gcj02_to_wgs84(point),
        Crs::Bd09 => gcj02_to_wgs84(bd09_to_gcj02(point)),
    }
}

/// WGS-84 to GCJ-02. Outside the box of the public derivation (72.004–137.8347° E, 0.8293–55.8271° N) the
/// systems are one. The box is wider than China: places of the neighbours inside it are shifted as well.
#[must_use]
pub fn wgs84_to_gcj02(point: LngLat) -> LngLat {
    if in_box(point) { shift(point) } else { point }
}

/// GCJ-02 to WGS-84, the inverse of [`wgs84_to_gcj02`] to better than 1e-9 degrees (0.1 mm). A position
/// outside the box stays; on the rim of the box, in foreign land and sea, no exact inverse exists.
#[must_use]
pub fn gcj02_to_wgs84(point: LngLat) -> LngLat {
    if in_box(point) { solve(point, shift) } else { point }
}

/// GCJ-02 to BD-09, everywhere.
#[must_use]
pub fn gcj02_to_bd09(point: LngLat) -> LngLat {
    let LngLat { lng, lat } = point;
    let radius = sqrt(lng * lng + lat * lat) + 0.000_02 * sin(lat * BAIDU);
    let (s, c) = sincos(atan2(lat, lng) + 0.000_003 * cos(lng * BAIDU));
    LngLat {
        lng: radius * c + 0.0065,
        lat: radius * s + 0.006,
    }
}

/// BD-09 to GCJ-02, the inverse of [`gcj02_to_bd09`] to better than 1e-9 degrees.
#[must_use]
pub fn bd09_to_gcj02(point: LngLat) -> LngLat {
    solve(point, gcj02_to_bd09)
}

/// 3000 radians a half turn.
const BAIDU: f64 = PI * 3000.0 / 180.0;
/// Krasovsky 1940 ellipsoid, as the derivation has it: equatorial radius in metres, eccentricity squared.
const A: f64 = 6_378_245.0;
const EE: f64 = 0.006_693_421_622_965_943;

fn in_box(p: LngLat) -> bool {
    (72.004..=137.8347).contains(&p.lng) && (0.8293..=55.8271).contains(&p.lat)
}

/// Finds the position that `forward` takes to `goal`. A step shrinks the error fifty-fold at least, so
/// eight bring a shift of 0.01 degrees below the last digit.
fn solve(goal: LngLat, forward: fn(LngLat) -> LngLat) -> LngLat {
    (0..8).fold(goal, |guess, _| {
        let reached = forward(guess);
        LngLat {
            lng: guess.lng + (goal.lng - reached.lng),
            lat: guess.lat + (goal.lat - reached.lat),
        }
    })
}

/// The shift of GCJ-02: polynomial and waves in metres, then degrees on the Krasovsky ellipsoid.
fn shift(point: LngLat) -> LngLat {
    let (x, y) = (point.lng - 105.0, point.lat - 35.0);
    let wave = |metres: f64, degrees: f64| metres * sin(degrees * PI) * 2.0 / 3.0;
    let common = wave(20.0, 6.0 * x) + wave(20.0, 2.0 * x);
    let root = sqrt(x.abs());
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * root
        + common
        + wave(20.0, y)
        + wave(40.0, y / 3.0)
        + wave(160.0, y / 12.0)
        + wave(320.0, y / 30.0);
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * root
        + common
        + wave(20.0, x)
        + wave(40.0, x / 3.0)
        + wave(150.0, x / 12.0)
        + wave(300.0, x / 30.0);
    let (s, c) = sincos(point.lat * RADIAN);
    let w2 = 1.0 - EE * s * s;
    let w = sqrt(w2);
    LngLat {
        lng: point.lng + east / (A / w * c * RADIAN),
        lat: point.lat + north / (A * (1.0 - EE) / (w2 * w) * RADIAN),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back() {
        for crs in Crs::ALL {
            assert_eq!(Crs::from_name(crs.name()), Some(crs));
        }
        assert_eq!(Crs::from_name("WGS84"), None);
    }

    #[test]
    fn outside_the_box_nothing_moves() {
        let london = LngLat {
            lng: -0.1276,
            lat: 51.5072,
        };
        assert_eq!(wgs84_to_gcj02(london), london);
        assert_eq!(to_wgs84(london, Crs::Gcj02), london);
        assert_eq!(to_wgs84(london, Crs::Cgcs2000), london);
        let nothing = LngLat {
            lng: f64::NAN,
            lat: f64::NAN,
        };
        assert!(to_wgs84(nothing, Crs::Bd09).lng.is_nan());
    }

    #[test]
    fn there_and_back() {
        // The kink of the root at 105° E, 35° N among them.
        for (lng, lat) in [
            (105.0, 35.0),
            (105.0 + 1e-11, 35.0 - 1e-11),
            (118.06, 43.6),
            (75.0, 20.0),
            (134.0, 48.0),
        ] {
            let place = LngLat { lng, lat };
            let gcj02 = wgs84_to_gcj02(place);
            for back in [
                to_wgs84(gcj02, Crs::Gcj02),
                to_wgs84(gcj02_to_bd09(gcj02), Crs::Bd09),
            ] {
                assert!(
                    (back.lng - lng).abs() < 1e-10 && (back.lat - lat).abs() < 1e-10,
                    "{back:?}"
                );
            }
        }
    }
}
