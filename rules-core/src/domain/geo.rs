//! Places on the earth: distances, areas, coordinate systems and a search for the nearest of many.
//! Degrees come in, metres go out. Nothing here knows a form, a rule, a tolerance or a limit such as 200 m.
//!
//! Everything measures on the WGS-84 ellipsoid. A position in another system goes through [`to_wgs84`]
//! first; a map position taken for a satellite one lies 265 to 1,450 m beside its place.
//!
//! ```
//! use rules_core::domain::geo::{Area, Crs, LngLat, distance_point_area, inverse, to_wgs84};
//!
//! let gate = LngLat { lng: 105.9500, lat: 26.2500 };
//! let shop = LngLat { lng: 105.9520, lat: 26.2500 };
//! assert!((inverse(gate, shop) - 199.75).abs() < 0.1);
//!
//! let corner = |lng, lat| LngLat { lng, lat };
//! let campus = Area::new(vec![vec![vec![
//!     corner(105.948, 26.249), corner(105.950, 26.249), corner(105.950, 26.251), corner(105.948, 26.251),
//!     corner(105.948, 26.249),
//! ]]])?;
//! assert_eq!(distance_point_area(gate, &campus), 0.0);
//! assert!((distance_point_area(shop, &campus) - 199.75).abs() < 0.1);
//!
//! let seen_on_a_map = LngLat { lng: 105.9520, lat: 26.2500 };
//! assert!(inverse(shop, to_wgs84(seen_on_a_map, Crs::Gcj02)) > 500.0);
//! # Ok::<(), rules_core::domain::geo::AreaFault>(())
//! ```

mod crs;
mod geodesic;
mod index;
mod polygon;

pub use crs::{Crs, bd09_to_gcj02, gcj02_to_bd09, gcj02_to_wgs84, to_wgs84, wgs84_to_gcj02};
pub use geodesic::inverse;
pub use index::PlaceIndex;
pub use polygon::{Area, AreaFault, distance_area_area, distance_point_area};

/// Degree to radian.
const RADIAN: f64 = core::f64::consts::PI / 180.0;

/// A position: degrees east and degrees north, as in GeoJSON. Which system it is in, the holder knows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LngLat {
    /// Longitude in degrees, −180 to 180.
    pub lng: f64,
    /// Geodetic latitude in degrees, −90 to 90.
    pub lat: f64,
}

impl LngLat {
    /// Whether both numbers are finite and within ±180 and ±90.
    #[must_use]
    pub fn is_valid(self) -> bool {
        self.lng.abs() <= 180.0 && self.lat.abs() <= 90.0
    }

    fn is_finite(self) -> bool {
        self.lng.is_finite() && self.lat.is_finite()
    }
}
