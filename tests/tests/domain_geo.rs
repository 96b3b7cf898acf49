//! `rules_core::domain::geo` against witnesses that share no code with it: `geographiclib-rs` for distances,
//! sampled edges and winding numbers for areas, `gcoord` for coordinate systems, a full search for the index.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test that stops here has failed; the witnesses use the platform's maths on purpose"
)]

use geographiclib_rs::{DirectGeodesic, Geodesic, InverseGeodesic};
use rules_core::domain::geo::{
    Area, Crs, LngLat, PlaceIndex, distance_area_area, distance_point_area, gcj02_to_bd09, inverse, to_wgs84,
    wgs84_to_gcj02,
};
use std::f64::consts::{PI, TAU};

/// xorshift64*: the same numbers on every run.
struct Random(u64);

impl Random {
    fn unit(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn range(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Even in the logarithm: as many of 1–10 m as of 1–10 km.
    fn scale(&mut self, low: f64, high: f64) -> f64 {
        self.range(low.ln(), high.ln()).exp()
    }

    fn in_china(&mut self) -> LngLat {
        LngLat {
            lng: self.range(73.5, 135.0),
            lat: self.range(18.0, 53.5),
        }
    }
}

fn at(lng: f64, lat: f64) -> LngLat {
    LngLat { lng, lat }
}

fn karney(geod: &Geodesic, a: LngLat, b: LngLat) -> f64 {
    geod.inverse(a.lat, a.lng, b.lat, b.lng)
}

fn away(geod: &Geodesic, from: LngLat, azimuth: f64, metres: f64) -> LngLat {
    let (lat, lng): (f64, f64) = geod.direct(from.lat, from.lng, azimuth, metres);
    at(lng, lat)
}

#[test]
fn inverse_in_china_agrees_with_geographiclib() {
    let geod = Geodesic::wgs84();
    let mut random = Random(20_260_517);
    let (mut near, mut far) = (0.0_f64, 0.0_f64);
    for _ in 0..10_000 {
        let a = random.in_china();
        let b = away(&geod, a, random.range(-180.0, 180.0), random.scale(1.0, 5e6));
        let expected = karney(&geod, a, b);
        let error = (inverse(a, b) - expected).abs();
        if expected <= 1e5 {
            near = near.max(error)
        } else {
            far = far.max(error)
        }
    }
    println!("largest error to 100 km {near:e} m, to 5,000 km {far:e} m");
    assert!(near < 1e-7 && far < 1e-7);
}

#[test]
fn inverse_around_the_world_agrees_with_geographiclib() {
    let geod = Geodesic::wgs84();
    let mut random = Random(7);
    let mut worst = 0.0_f64;
    for round in 0..20_000 {
        let a = at(random.range(-180.0, 180.0), random.range(-90.0, 90.0));
        let b = match round % 5 {
            0 => at(random.range(-180.0, 180.0), random.range(-90.0, 90.0)),
            // Near the antipode, where a guess on the sphere leads nowhere.
            1 => at(
                a.lng + 180.0 + random.range(-1.0, 1.0),
                -a.lat + random.range(-1.0, 1.0),
            ),
            2 => at(
                a.lng + 180.0 + random.scale(1e-9, 1.0),
                -a.lat - random.scale(1e-9, 1.0),
            ),
            // Along and beside meridian, parallel and equator.
            3 => at(
                a.lng + [0.0, 1e-10, 180.0, 179.5][round / 5 % 4],
                random.range(-90.0, 90.0),
            ),
            _ => at(
                random.range(-180.0, 180.0),
                if round % 2 == 0 { a.lat } else { -a.lat },
            ),
        };
        let a = if round % 7 == 0 { at(a.lng, 0.0) } else { a };
        let (a, b) = (a, at(b.lng, b.lat.clamp(-90.0, 90.0)));
        let error = (inverse(a, b) - karney(&geod, a, b)).abs();
        assert!(error < 1e-6, "{a:?} {b:?} {error:e}");
        worst = worst.max(error);
    }
    println!("largest error worldwide {worst:e} m");
}

/// A ring around `centre`, straight in degrees between its corners, that goes once around it.
fn star(random: &mut Random, geod: &Geodesic, centre: LngLat, low: f64, high: f64) -> Vec<LngLat> {
    let corners = 3 + (random.unit() * 15.0) as usize;
    let mut ring: Vec<LngLat> = (0..corners)
        .map(|corner| {
            let azimuth = 360.0 * (corner as f64 + 0.8 * random.unit()) / corners as f64;
            away(geod, centre, azimuth, random.range(low, high))
        })
        .collect();
    ring.push(ring[0]);
    if random.unit() < 0.5 {
        ring.reverse();
    }
    ring
}

/// A polygon, now and then with a hole, now and then with a second polygon beside it.
fn polygons(random: &mut Random, geod: &Geodesic, centre: LngLat, size: f64) -> Vec<Vec<Vec<LngLat>>> {
    let mut rings = vec![star(random, geod, centre, 0.5 * size, size)];
    if random.unit() < 0.4 {
        rings.push(star(random, geod, centre, 0.05 * size, 0.15 * size));
    }
    let mut all = vec![rings];
    if random.unit() < 0.3 {
        let beside = away(
            geod,
            centre,
            random.range(0.0, 360.0),
            size * random.range(2.1, 4.0),
        );
        all.push(vec![star(random, geod, beside, 0.3 * size, size)]);
    }
    all
}

/// How often a ring goes around a point, by the sum of angles.
fn winding(ring: &[LngLat], p: LngLat) -> i32 {
    let angle = |q: LngLat| (q.lat - p.lat).atan2(q.lng - p.lng);
    let turns: f64 = ring
        .windows(2)
        .map(|edge| {
            let turn = angle(edge[1]) - angle(edge[0]);
            if turn > PI {
                turn - TAU
            } else if turn < -PI {
                turn + TAU
            } else {
                turn
            }
        })
        .sum();
    (turns / TAU).round() as i32
}

fn inside(polygons: &[Vec<Vec<LngLat>>], p: LngLat) -> bool {
    polygons
        .iter()
        .any(|rings| winding(&rings[0], p) != 0 && rings[1..].iter().all(|hole| winding(hole, p) == 0))
}

/// The least of a function over 0..1: samples, then a golden section around the best.
fn least(samples: usize, f: impl Fn(f64) -> f64) -> f64 {
    let share = |step: usize| step as f64 / samples as f64;
    let best = (0..=samples)
        .min_by(|&p, &q| f(share(p)).total_cmp(&f(share(q))))
        .unwrap();
    let (mut low, mut high) = (share(best.saturating_sub(1)), share((best + 1).min(samples)));
    let golden = (5.0_f64.sqrt() - 1.0) / 2.0;
    for _ in 0..45 {
        let (left, right) = (high - golden * (high - low), low + golden * (high - low));
        if f(left) <= f(right) {
            high = right
        } else {
            low = left
        }
    }
    f(low).min(f(high)).min(f(share(best)))
}

fn edges(polygons: &[Vec<Vec<LngLat>>]) -> Vec<(LngLat, LngLat)> {
    polygons
        .iter()
        .flatten()
        .flat_map(|ring| ring.windows(2).map(|edge| (edge[0], edge[1])))
        .collect()
}

fn on((a, b): (LngLat, LngLat), share: f64) -> LngLat {
    at(a.lng + share * (b.lng - a.lng), a.lat + share * (b.lat - a.lat))
}

#[test]
fn point_to_area_agrees_with_sampled_edges() {
    let geod = Geodesic::wgs84();
    let mut random = Random(41);
    let (mut worst, mut within) = (0.0_f64, 0);
    for _ in 0..300 {
        let centre = random.in_china();
        let size = random.scale(20.0, 5e3);
        let rings = polygons(&mut random, &geod, centre, size);
        let area = Area::new(rings.clone()).unwrap();
        for round in 0..4 {
            let reach = if round % 2 == 0 { size * 1.5 } else { 5e4 };
            let p = away(&geod, centre, random.range(0.0, 360.0), random.range(0.0, reach));
            let metres = distance_point_area(p, &area);
            assert_eq!(area.contains(p), inside(&rings, p));
            if area.contains(p) {
                assert_eq!(metres, 0.0);
                within += 1;
                continue;
            }
            let to_edge = |edge| least(12, |share| karney(&geod, p, on(edge, share)));
            let expected = edges(&rings)
                .into_iter()
                .map(to_edge)
                .fold(f64::INFINITY, f64::min);
            worst = worst.max((metres - expected).abs());
        }
    }
    println!("largest error point to area {worst:e} m, {within} of 1,200 inside");
    assert!(worst < 1e-6 && within > 100);
}

#[test]
fn long_edges_and_long_ways_keep_the_millimetre() {
    let geod = Geodesic::wgs84();
    let mut random = Random(43);
    let mut worst = [0.0_f64; 3];
    for (limit, reach) in worst.iter_mut().zip([1e5, 3e5, 1e6]) {
        for _ in 0..60 {
            let centre = random.in_china();
            let rings = vec![vec![star(&mut random, &geod, centre, 1e4, 1e5)]];
            let area = Area::new(rings.clone()).unwrap();
            let p = away(
                &geod,
                centre,
                random.range(0.0, 360.0),
                1e5 + random.range(0.0, reach),
            );
            let to_edge = |edge| least(200, |share| karney(&geod, p, on(edge, share)));
            let expected = edges(&rings)
                .into_iter()
                .map(to_edge)
                .fold(f64::INFINITY, f64::min);
            *limit = limit.max((distance_point_area(p, &area) - expected).abs());
        }
    }
    println!("largest error to a district of 100 km, from 100, 300 and 1,000 km: {worst:?} m");
    assert!(worst[0] < 1e-6 && worst[1] < 1e-4 && worst[2] < 1e-3);
}

#[test]
fn area_to_area_agrees_with_sampled_edges() {
    let geod = &Geodesic::wgs84();
    let mut random = Random(47);
    let (mut worst, mut together) = (0.0_f64, 0);
    for round in 0..60 {
        let centre = random.in_china();
        let size = random.scale(20.0, 3e3);
        let reach = if round % 2 == 0 { size * 4.0 } else { 5e4 };
        let other = away(geod, centre, random.range(0.0, 360.0), random.range(0.0, reach));
        let sides = [
            polygons(&mut random, geod, centre, size),
            polygons(&mut random, geod, other, size / 2.0),
        ];
        let [a, b] = [0, 1].map(|side| Area::new(sides[side].clone()).unwrap());
        let metres = distance_area_area(&a, &b);
        assert_eq!(metres.to_bits(), distance_area_area(&b, &a).to_bits());
        // Overlap by sampling: some point of an edge, or a corner, lies in the other.
        let touches = |from: usize, to: usize| {
            edges(&sides[from])
                .into_iter()
                .any(|e| (0..200).any(|s| inside(&sides[to], on(e, s as f64 / 200.0))))
        };
        if metres == 0.0 {
            assert!(touches(0, 1) || touches(1, 0));
            together += 1;
            continue;
        }
        assert!(!touches(0, 1) && !touches(1, 0));
        // Every edge against every edge, interior against interior, only where a coarse look is promising.
        let mut pairs: Vec<_> = Vec::new();
        for e in edges(&sides[0]) {
            for f in edges(&sides[1]) {
                let coarse = |s: f64| (0..=8).map(move |t| karney(geod, on(e, s), on(f, f64::from(t) / 8.0)));
                let rough = (0..=8)
                    .flat_map(|s| coarse(f64::from(s) / 8.0))
                    .fold(f64::INFINITY, f64::min);
                pairs.push((rough, e, f));
            }
        }
        pairs.sort_by(|p, q| p.0.total_cmp(&q.0));
        let closer = |(_, e, f): &(f64, _, _)| least(8, |s| least(8, |t| karney(geod, on(*e, s), on(*f, t))));
        let expected = pairs.iter().take(4).map(closer).fold(f64::INFINITY, f64::min);
        worst = worst.max((metres - expected).abs());
    }
    println!("largest error area to area {worst:e} m, {together} of 60 together");
    assert!(worst < 1e-5 && together > 5);
}

#[test]
fn every_point_of_a_crossing_is_at_zero() {
    let mut random = Random(53);
    for _ in 0..2_000 {
        let c = random.in_china();
        let (long, thin) = (random.scale(1e-4, 0.1), random.scale(1e-7, 1e-5));
        let bar = |w: f64, h: f64| {
            let corners = [(-w, -h), (w, -h), (w, h), (-w, h), (-w, -h)];
            Area::new(vec![vec![
                corners.map(|(x, y)| at(c.lng + x, c.lat + y)).to_vec(),
            ]])
            .unwrap()
        };
        assert_eq!(distance_area_area(&bar(long, thin), &bar(thin, long)), 0.0);
    }
}

/// The numbers of a data file: comment lines, one line of names, then rows.
fn table(text: &str) -> Vec<Vec<f64>> {
    let rows = text.lines().filter(|line| !line.starts_with('#')).skip(1);
    rows.map(|line| line.split(',').map(|cell| cell.parse().unwrap()).collect())
        .collect()
}

fn differ(a: LngLat, b: LngLat) -> f64 {
    (a.lng - b.lng).abs().max((a.lat - b.lat).abs())
}

#[test]
fn conversions_agree_with_gcoord() {
    let rows = table(include_str!("../data/geo/gcoord.csv"));
    assert!(rows.len() > 1_700);
    let (mut there, mut back, mut moved) = (0.0_f64, 0.0_f64, 0);
    for row in rows {
        let (wgs84, gcj02, bd09) = (at(row[0], row[1]), at(row[2], row[3]), at(row[4], row[5]));
        there = there
            .max(differ(wgs84_to_gcj02(wgs84), gcj02))
            .max(differ(gcj02_to_bd09(gcj02), bd09));
        moved += usize::from(wgs84 != gcj02);
        // On the rim of the box a place and its image lie on different sides.
        let rim = |p: LngLat| [p.lng - 72.004, p.lng - 137.8347, p.lat - 0.8293, p.lat - 55.8271];
        if rim(wgs84).into_iter().any(|degrees| degrees.abs() < 0.02) {
            continue;
        }
        back = back
            .max(differ(to_wgs84(gcj02, Crs::Gcj02), wgs84))
            .max(differ(to_wgs84(bd09, Crs::Bd09), wgs84));
        assert_eq!(to_wgs84(wgs84, Crs::Cgcs2000), wgs84);
    }
    println!("largest difference there {there:e}°, back {back:e}°, {moved} rows moved");
    assert!(there < 5e-12 && back < 1e-10 && moved > 1_500);
}

#[test]
fn a_wrong_system_moves_a_place_farther_than_the_limit() {
    let geod = Geodesic::wgs84();
    for row in table(include_str!("../data/geo/baselines.csv")) {
        let home = at(row[0], row[1]);
        let bd09 = |p: LngLat| gcj02_to_bd09(wgs84_to_gcj02(p));
        assert!((inverse(home, wgs84_to_gcj02(home)) - row[2]).abs() < 0.06);
        assert!((inverse(home, bd09(home)) - row[3]).abs() < 0.06);
        for (azimuth, expected) in [(90.0, [row[4], row[5]]), (0.0, [row[6], row[7]])] {
            let end = away(&geod, home, azimuth, 200.0);
            let measured = [
                inverse(wgs84_to_gcj02(home), wgs84_to_gcj02(end)),
                inverse(bd09(home), bd09(end)),
            ];
            for (got, want) in measured.into_iter().zip(expected) {
                assert!((got - want).abs() < 0.015, "{home:?} {azimuth}: {got} {want}");
            }
        }
    }
}

/// What the index must equal.
fn search_all(points: &[LngLat], from: LngLat) -> Vec<(usize, f64)> {
    let mut all: Vec<(usize, f64)> = points
        .iter()
        .enumerate()
        .map(|(i, &p)| (i, inverse(from, p)))
        .collect();
    all.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    all
}

#[test]
fn index_equals_a_full_search() {
    let geod = Geodesic::wgs84();
    let mut random = Random(59);
    // Towns and scattered places, some given twice.
    let mut points: Vec<LngLat> = Vec::new();
    while points.len() < 5_000 {
        let town = random.in_china();
        for _ in 0..(random.unit() * 60.0) as usize {
            points.push(away(
                &geod,
                town,
                random.range(0.0, 360.0),
                random.scale(5.0, 2e4),
            ));
        }
        points.push(town);
        points.push(town);
    }
    points.truncate(5_000);
    let index = PlaceIndex::new(&points);
    let mut found = 0;
    for round in 0..500 {
        let beside = points[(random.unit() * 5_000.0) as usize];
        let from = match round % 3 {
            0 => random.in_china(),
            1 => beside,
            _ => away(&geod, beside, random.range(0.0, 360.0), random.scale(1.0, 1e3)),
        };
        let all = search_all(&points, from);
        assert_eq!(index.nearest(from), all.first().copied());
        let metres = if round % 5 == 0 {
            all[40].1
        } else {
            random.scale(10.0, 1e5)
        };
        let expected: Vec<_> = all
            .into_iter()
            .take_while(|(_, distance)| *distance <= metres)
            .collect();
        found += expected.len();
        assert_eq!(index.within(from, metres), expected);
    }
    println!("{found} places within reach in 500 questions");
    assert!(found > 5_000);
}

#[test]
fn index_equals_a_full_search_around_the_world() {
    let mut random = Random(61);
    let places = |random: &mut Random, count: usize| -> Vec<LngLat> {
        let lat = |random: &mut Random| {
            if random.unit() < 0.3 {
                random.range(89.0, 90.0)
            } else {
                random.range(-90.0, 90.0)
            }
        };
        let lng = |random: &mut Random| {
            if random.unit() < 0.3 {
                180.0 * random.range(-1.0, 1.0).signum()
            } else {
                random.range(-180.0, 180.0)
            }
        };
        (0..count).map(|_| at(lng(random), lat(random))).collect()
    };
    let points = places(&mut random, 1_000);
    let index = PlaceIndex::new(&points);
    for from in places(&mut random, 200) {
        let all = search_all(&points, from);
        assert_eq!(index.nearest(from), all.first().copied());
        let metres = random.scale(1e3, 2.1e7);
        let expected: Vec<_> = all
            .into_iter()
            .take_while(|(_, distance)| *distance <= metres)
            .collect();
        assert_eq!(index.within(from, metres), expected);
    }
}
