//! Places: distances as intervals, the nearest row, the rows within.

use super::{Eval, Found};
use crate::domain::geo::{Crs, LngLat, distance_area_area, distance_point_area, inverse, to_wgs84};
use crate::tables::{Content, Rows};
use crate::truth::{Fault, Why};
use crate::value::{Home, Point, Region, V};

/// Either kind of place.
pub(crate) enum Place<'a> {
    Point(Point),
    Area(&'a Region),
}

impl Place<'_> {
    fn crs(&self) -> Crs {
        match self {
            Place::Point(point) => point.crs,
            Place::Area(region) => region.crs,
        }
    }

    fn accuracy(&self) -> f64 {
        match self {
            Place::Point(point) => point.accuracy,
            Place::Area(_) => 0.0,
        }
    }
}

/// CGCS2000 and WGS-84 name the same place to within a few centimetres; the others are systems of their own.
fn family(crs: Crs) -> Crs {
    if crs == Crs::Cgcs2000 { Crs::Wgs84 } else { crs }
}

fn wgs84(point: Point) -> LngLat {
    to_wgs84(point.at, point.crs)
}

/// Metres between two places, give or take their accuracies: `distance` of every rule.
pub(crate) fn between(x: &Place<'_>, y: &Place<'_>) -> V {
    if family(x.crs()) != family(y.crs()) {
        return V::fault(Fault::CrsMixed);
    }
    let metres = match (x, y) {
        (Place::Point(a), Place::Point(b)) => inverse(wgs84(*a), wgs84(*b)),
        (Place::Point(point), Place::Area(region)) | (Place::Area(region), Place::Point(point)) => {
            distance_point_area(wgs84(*point), &region.area)
        }
        (Place::Area(a), Place::Area(b)) => distance_area_area(&a.area, &b.area),
    };
    length(metres, x.accuracy() + y.accuracy())
}

/// A length that lies within `radius` of `metres`.
fn length(metres: f64, radius: f64) -> V {
    if !metres.is_finite() || !radius.is_finite() {
        return V::fault(Fault::Overflow);
    }
    crate::answers::measure(metres, radius)
}

impl<'a> Eval<'a> {
    fn place(&self, value: V) -> Result<Place<'a>, V> {
        match value {
            V::Point(home, number) => self
                .point(home, number)
                .map(Place::Point)
                .ok_or(V::fault(Fault::BadPlan)),
            V::Area(home, number) => self
                .region(home, number)
                .map(Place::Area)
                .ok_or(V::fault(Fault::BadPlan)),
            V::Unknown(why) => Err(V::Unknown(why)),
            _ => Err(V::fault(Fault::BadPlan)),
        }
    }

    /// Metres between two places.
    pub fn distance(&mut self, x: V, y: V) -> V {
        if let (Some(a), Some(b)) = (x.why(), y.why()) {
            return V::Unknown(a.first(b));
        }
        let (x, y) = match (self.place(x), self.place(y)) {
            (Ok(x), Ok(y)) => (x, y),
            (Err(unknown), _) | (_, Err(unknown)) => return unknown,
        };
        if family(x.crs()) != family(y.crs()) {
            return V::fault(Fault::CrsMixed);
        }
        // Pieces of one boundary may have to be compared with all of the other's.
        let pieces = |place: &Place<'_>| match place {
            Place::Point(_) => 1,
            Place::Area(region) => region.area.pieces() as u64,
        };
        if !self.charge(pieces(&x).saturating_mul(pieces(&y)).saturating_mul(4)) {
            return V::fault(Fault::StepLimit);
        }
        between(&x, &y)
    }

    /// The place in WGS-84.
    pub fn to_wgs84(&mut self, value: V) -> V {
        match self.place(value) {
            Ok(Place::Point(point)) => {
                self.points.push(Point {
                    at: wgs84(point),
                    crs: Crs::Wgs84,
                    ..point
                });
                V::Point(Home::Scratch, self.points.len() as u32 - 1)
            }
            // Areas are kept in WGS-84; only their label says otherwise, and labels of areas are not rewritten.
            Ok(Place::Area(_)) => V::fault(Fault::BadPlan),
            Err(unknown) => unknown,
        }
    }

    fn rows(&self, table: u32) -> Result<&'a Rows, V> {
        match self.data(table).map(|data| &data.content) {
            Some(Content::Rows(rows)) => Ok(rows),
            Some(Content::Calendar(_)) => Err(V::fault(Fault::BadPlan)),
            None => Err(V::MISSING),
        }
    }

    fn centre(&self, table: u32, value: V) -> Result<(&'a Rows, Point), V> {
        let point = match self.place(value) {
            Ok(Place::Point(point)) => Ok(point),
            Ok(Place::Area(_)) => Err(V::fault(Fault::BadPlan)),
            Err(unknown) => Err(unknown),
        };
        match (self.rows(table), point) {
            (Ok(rows), Ok(point)) => Ok((rows, point)),
            (Err(a), Err(b)) => match (a.why(), b.why()) {
                (Some(a), Some(b)) => Err(V::Unknown(a.first(b))),
                _ => Err(a),
            },
            (Err(unknown), Ok(_)) | (Ok(_), Err(unknown)) => Err(unknown),
        }
    }

    /// The row nearest to a place. A table's places may stand in several systems; each is compared in WGS-84.
    pub fn nearest(&self, table: u32, place: V) -> V {
        let (rows, point) = match self.centre(table, place) {
            Ok(found) => found,
            Err(unknown) => return unknown,
        };
        let at = wgs84(point);
        let Some((row, metres)) = rows.nearest(at) else {
            return V::MISSING;
        };
        let unsure = point.accuracy > 0.0 && rows.within(at, metres + 2.0 * point.accuracy).len() > 1;
        V::Row(table as u16, row, unsure)
    }

    /// The rows within a distance of a place, the sure ones and those that the place's accuracy leaves open.
    pub fn within(&mut self, table: u32, place: V, metres: V) -> V {
        let found = self.centre(table, place);
        let (low, high) = match metres {
            V::Num(metres) => (metres, metres),
            V::Measure(metres, tolerance) => (metres - tolerance, metres + tolerance),
            V::Unknown(why) | V::Bounded(_, _, why) => {
                let other = found.err().and_then(V::why);
                return V::Unknown(other.map_or(why, |other| other.first(why)));
            }
            _ => return V::fault(Fault::BadPlan),
        };
        let (rows, point) = match found {
            Ok(found) => found,
            Err(unknown) => return unknown,
        };
        let found = rows.within(wgs84(point), high + point.accuracy);
        if self.rows.len() >= self.context().limits.items {
            return V::Unknown(Why::Fault(Fault::StepLimit));
        }
        let found = found
            .into_iter()
            .map(|(row, metres)| (row, metres <= low - point.accuracy))
            .collect();
        self.rows.push(Found {
            table: table as u16,
            rows: found,
        });
        V::Rows(self.rows.len() as u32 - 1)
    }

    /// The row with a key.
    pub fn lookup(&self, table: u32, key: V) -> V {
        match (self.rows(table), key) {
            (Ok(rows), V::Text(key)) => rows
                .by_key(self.text(key))
                .map_or(V::MISSING, |row| V::Row(table as u16, row, false)),
            (Err(a), key) => match (a.why(), key.why()) {
                (Some(a), Some(b)) => V::Unknown(a.first(b)),
                _ => a,
            },
            (Ok(_), V::Unknown(why)) => V::Unknown(why),
            (Ok(_), _) => V::fault(Fault::BadPlan),
        }
    }
}
