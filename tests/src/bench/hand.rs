//! The twenty rules written by hand: what somebody who wants speed writes for one form.
//!
//! In: an inspection, parsed into a struct made for it. Out: the same outcomes and paths as the engine's. Must not know: the engine.
//! It is held to be equal on thousands of entries before it is timed.

use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, Visitor};
use std::borrow::Cow;
use std::fmt;

/// A day as the number `yyyymmdd`.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
pub struct Day(i32);

/// A time in China.
#[derive(Clone, Copy)]
pub struct Moment {
    day: Day,
    hour: u8,
}

/// A value with its tolerance.
#[derive(Deserialize)]
pub struct Measure {
    value: f64,
    #[serde(default)]
    tolerance: f64,
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Lodging {
    Hotel,
    Homestay,
    Hostel,
    Esports,
    Other,
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    Immediate,
    Late,
    None,
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Tool {
    Alarm,
    FirstAid,
    Torch,
}

/// An inspection.
#[derive(Deserialize)]
pub struct Entry<'a> {
    inspected_on: Option<Day>,
    previous_on: Option<Day>,
    hotel_kind: Option<Lodging>,
    licence_until: Option<Day>,
    #[serde(borrow)]
    phone: Option<Cow<'a, str>>,
    rooms: Option<f64>,
    rooms_occupied: Option<f64>,
    staff: Option<f64>,
    trained: Option<f64>,
    cameras: Option<f64>,
    patrols: Option<bool>,
    patrol_log: Option<IgnoredAny>,
    equipment: Option<Vec<Tool>>,
    school_distance: Option<Measure>,
    minors_declared: Option<f64>,
    police_report: Option<Told>,
    guests: Option<Vec<Guest<'a>>>,
}

/// A guest.
#[derive(Deserialize)]
pub struct Guest<'a> {
    #[serde(borrow, rename = "ref")]
    code: Option<Cow<'a, str>>,
    #[serde(borrow)]
    room: Option<Cow<'a, str>>,
    checked_in_at: Option<Moment>,
    birth_date: Option<Day>,
    nights: Option<f64>,
    id_checked: Option<bool>,
    registered: Option<bool>,
    guardian_asked: Option<bool>,
    guardian_recorded: Option<bool>,
    accompanied: Option<bool>,
    relation_asked: Option<bool>,
    relation_recorded: Option<bool>,
    suspicious: Option<bool>,
}

fn digits(bytes: &[u8]) -> Option<i32> {
    bytes.iter().try_fold(0, |n, byte| {
        byte.is_ascii_digit().then(|| n * 10 + i32::from(byte - b'0'))
    })
}

fn leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn day(bytes: &[u8]) -> Option<Day> {
    let (year, month, day) = (
        digits(&bytes[..4])?,
        digits(&bytes[5..7])?,
        digits(&bytes[8..10])?,
    );
    let last = match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + i32::from(leap(year)),
        1..=12 => 31,
        _ => 0,
    };
    let fits = bytes[4] == b'-' && bytes[7] == b'-' && (1..=last).contains(&day);
    fits.then_some(Day(year * 10_000 + month * 100 + day))
}

struct Written<T>(fn(&[u8]) -> Option<T>, usize);

impl<T> Visitor<'_> for Written<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a day or a time")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        let bytes = text.as_bytes();
        let read = (bytes.len() == self.1).then(|| self.0(bytes)).flatten();
        read.ok_or_else(|| E::custom("no such day or time"))
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Day, D::Error> {
        from.deserialize_str(Written(day, 10))
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Moment, D::Error> {
        let read = |bytes: &[u8]| {
            let (day, hour, minute) = (day(bytes)?, digits(&bytes[11..13])?, digits(&bytes[14..16])?);
            let second = digits(&bytes[17..19])?;
            let fits = bytes[10] == b'T' && bytes[13] == b':' && hour < 24 && minute < 60 && second < 60;
            (fits && bytes.ends_with(b"+08:00")).then_some(Moment {
                day,
                hour: hour as u8,
            })
        };
        from.deserialize_str(Written(read, 25))
    }
}

/// Why something is not known; the first wins.
#[derive(Clone, Copy, PartialEq, PartialOrd, Debug)]
pub enum Why {
    Missing,
    Conflict,
    NoEvidence,
    TooClose,
}

/// An outcome.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Outcome {
    NotApplicable,
    Pass,
    Fail,
    Undetermined(Why),
}

use Outcome::{Fail, NotApplicable, Pass, Undetermined};

/// No item: the whole inspection.
pub const WHOLE: u32 = u32::MAX;

/// A field: of a guest, or of the inspection.
pub type Path = (u32, &'static str);

/// All that was found.
#[derive(Default)]
pub struct Found {
    /// Rule, item, outcome.
    pub verdicts: Vec<(u32, u32, Outcome)>,
    /// Of what failed or is open: number of the verdict, and its fields.
    pub findings: Vec<(usize, Vec<Path>)>,
    /// Required answers that are missing.
    pub lacks: Vec<Path>,
}

#[derive(Clone, Copy, PartialEq)]
enum Truth {
    Yes,
    No,
    Open(Why),
}

impl From<Option<bool>> for Truth {
    fn from(value: Option<bool>) -> Truth {
        match value {
            Some(true) => Truth::Yes,
            Some(false) => Truth::No,
            None => Truth::Open(Why::Missing),
        }
    }
}

fn first(a: Why, b: Why) -> Why {
    if a <= b { a } else { b }
}

fn and(a: Truth, b: Truth) -> Truth {
    match (a, b) {
        (Truth::No, _) | (_, Truth::No) => Truth::No,
        (Truth::Yes, other) | (other, Truth::Yes) => other,
        (Truth::Open(a), Truth::Open(b)) => Truth::Open(first(a, b)),
    }
}

/// The day on which one born on that day reaches an age: a year older the day after.
fn birthday(birth: Day, years: i32) -> i32 {
    let on = birth.0 + years * 10_000;
    on - i32::from(birth.0 % 10_000 == 229 && !leap(on / 10_000))
}

fn minor(birth: Option<Day>, on: Option<Day>) -> Truth {
    match (birth, on) {
        (Some(birth), Some(on)) if on < birth => Truth::Open(Why::Conflict),
        (Some(birth), Some(on)) if on.0 <= birthday(birth, 18) => Truth::Yes,
        (Some(_), Some(_)) => Truth::No,
        _ => Truth::Open(Why::Missing),
    }
}

fn age(birth: Day, on: Day) -> i32 {
    let years = on.0 / 10_000 - birth.0 / 10_000;
    years - i32::from(years > 0 && on.0 <= birthday(birth, years))
}

/// Days since some day long ago.
fn count_days(day: Day) -> i32 {
    let (year, month, of_month) = (day.0 / 10_000, day.0 / 100 % 100, day.0 % 100);
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    year * 365 + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + of_month
}

pub fn phone_fits(phone: &str) -> bool {
    let all = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_digit);
    match phone.as_bytes() {
        [b'1', b'3'..=b'9', rest @ ..] => rest.len() == 9 && all(rest),
        [b'0', a, b, b'-', rest @ ..] => matches!(rest.len(), 7 | 8) && all(&[*a, *b]) && all(rest),
        [b'0', a, b, c, b'-', rest @ ..] => matches!(rest.len(), 7 | 8) && all(&[*a, *b, *c]) && all(rest),
        _ => false,
    }
}

impl Found {
    fn say(&mut self, rule: u32, item: u32, outcome: Outcome, paths: impl FnOnce(&mut Vec<Path>)) {
        self.verdicts.push((rule, item, outcome));
        if matches!(outcome, Fail | Undetermined(_)) {
            let mut list = Vec::new();
            paths(&mut list);
            self.findings.push((self.verdicts.len() - 1, list));
        }
    }

    /// A comparison of two answers; `at` where it fails, the missing ones where they are.
    fn compare<T: Copy>(
        &mut self,
        rule: u32,
        [a, b]: [(Option<T>, &'static str); 2],
        at: &'static str,
        holds: impl FnOnce(T, T) -> Outcome,
    ) {
        match (a.0, b.0) {
            (Some(x), Some(y)) => {
                let outcome = holds(x, y);
                self.say(rule, WHOLE, outcome, |out| {
                    if outcome == Fail {
                        out.push((WHOLE, at));
                    }
                });
            }
            _ => self.say(rule, WHOLE, Undetermined(Why::Missing), |out| {
                for (missing, name) in [(a.0.is_none(), a.1), (b.0.is_none(), b.1)] {
                    if missing {
                        out.push((WHOLE, name));
                    }
                }
            }),
        }
    }

    /// One answer that decides by itself.
    fn single<T>(
        &mut self,
        rule: u32,
        item: u32,
        name: &'static str,
        value: Option<T>,
        holds: impl FnOnce(T) -> bool,
    ) {
        let outcome = match value {
            Some(value) => holds_or_fails(holds(value)),
            None => Undetermined(Why::Missing),
        };
        self.say(rule, item, outcome, |out| out.push((item, name)));
    }

    /// Two flags that a minor needs.
    fn duties(
        &mut self,
        rule: u32,
        item: u32,
        [company, minority]: [Truth; 2],
        guest: &Guest<'_>,
        flags: [(Option<bool>, &'static str); 2],
    ) {
        let applies = and(company, minority);
        let [a, b] = flags;
        let done = and(a.0.into(), b.0.into());
        let outcome = match (applies, done) {
            (Truth::No, _) => NotApplicable,
            (_, Truth::Yes) => Pass,
            (Truth::Yes, Truth::No) => Fail,
            (Truth::Open(why), Truth::No) | (Truth::Yes, Truth::Open(why)) => Undetermined(why),
            (Truth::Open(a), Truth::Open(b)) => Undetermined(first(a, b)),
        };
        self.say(rule, item, outcome, |out| {
            if outcome == Fail {
                out.extend(
                    flags
                        .iter()
                        .filter(|flag| flag.0 == Some(false))
                        .map(|flag| (item, flag.1)),
                );
                return;
            }
            if matches!(company, Truth::Open(_)) {
                out.push((item, "accompanied"));
            }
            if applies != Truth::Yes && matches!(minority, Truth::Open(_)) {
                minor_missing(item, guest, out);
            }
            if matches!(done, Truth::Open(_)) {
                out.extend(
                    flags
                        .iter()
                        .filter(|flag| flag.0.is_none())
                        .map(|flag| (item, flag.1)),
                );
            }
        });
    }
}

fn holds_or_fails(holds: bool) -> Outcome {
    if holds { Pass } else { Fail }
}

fn minor_missing(item: u32, guest: &Guest<'_>, out: &mut Vec<Path>) {
    if guest.birth_date.is_none() {
        out.push((item, "birth_date"));
    }
    if guest.checked_in_at.is_none() {
        out.push((item, "checked_in_at"));
    }
}

/// Judges an inspection. `found` is empty, or what was found in another one.
pub fn judge(entry: &Entry<'_>, found: &mut Found) {
    found.verdicts.clear();
    found.findings.clear();
    found.lacks.clear();
    found.compare(
        0,
        [
            (entry.licence_until, "licence_until"),
            (entry.inspected_on, "inspected_on"),
        ],
        "licence_until",
        |until, on| holds_or_fails(until >= on),
    );
    each(found, entry, 1, |found, item, guest| {
        let applies = minor(guest.birth_date, guest.checked_in_at.map(|at| at.day));
        let flags = [(guest.id_checked, "id_checked"), (guest.registered, "registered")];
        found.duties(1, item, [Truth::Yes, applies], guest, flags);
    });
    found.single(2, WHOLE, "cameras", entry.cameras, |n| (4.0..=400.0).contains(&n));
    found.single(3, WHOLE, "hotel_kind", entry.hotel_kind, |kind| {
        matches!(kind, Lodging::Hotel | Lodging::Homestay | Lodging::Hostel)
    });
    let distance = match &entry.school_distance {
        None => Undetermined(Why::Missing),
        Some(d) if d.value - d.tolerance >= 200.0 => Pass,
        Some(d) if d.value + d.tolerance < 200.0 => Fail,
        Some(_) => Undetermined(Why::TooClose),
    };
    found.say(4, WHOLE, distance, |out| out.push((WHOLE, "school_distance")));
    each(found, entry, 5, |found, item, guest| {
        found.single(5, item, "nights", guest.nights, |n| (1.0..=30.0).contains(&n));
    });
    found.compare(
        6,
        [(entry.rooms_occupied, "rooms_occupied"), (entry.rooms, "rooms")],
        "rooms_occupied",
        |occupied, rooms| holds_or_fails(occupied <= rooms),
    );
    all_registered(entry, found);
    found.single(8, WHOLE, "phone", entry.phone.as_deref(), phone_fits);
    found.compare(
        9,
        [
            (entry.previous_on, "previous_on"),
            (entry.inspected_on, "inspected_on"),
        ],
        "previous_on",
        |from, to| holds_or_fails(count_days(to) - count_days(from) <= 184),
    );
    each(found, entry, 10, |found, item, guest| {
        let applies = minor(guest.birth_date, guest.checked_in_at.map(|at| at.day));
        let flags = [
            (guest.guardian_asked, "guardian_asked"),
            (guest.guardian_recorded, "guardian_recorded"),
        ];
        found.duties(10, item, [Truth::Yes, applies], guest, flags);
    });
    each(found, entry, 11, |found, item, guest| {
        let applies = minor(guest.birth_date, guest.checked_in_at.map(|at| at.day));
        let flags = [
            (guest.relation_asked, "relation_asked"),
            (guest.relation_recorded, "relation_recorded"),
        ];
        found.duties(11, item, [guest.accompanied.into(), applies], guest, flags);
    });
    each(found, entry, 12, |found, item, guest| {
        found.say(12, item, holds_or_fails(guest.room.is_some()), |out| {
            out.push((item, "room"))
        });
    });
    each(found, entry, 13, not_at_night);
    let patrols = match (entry.patrols, entry.patrol_log.is_some()) {
        (None, _) => Undetermined(Why::Missing),
        (Some(false), _) => Fail,
        (Some(true), true) => Pass,
        (Some(true), false) => Undetermined(Why::NoEvidence),
    };
    found.say(14, WHOLE, patrols, |out| {
        let lacking = patrols == Undetermined(Why::NoEvidence);
        out.push((WHOLE, if lacking { "patrol_log" } else { "patrols" }));
    });
    found.compare(
        15,
        [(entry.trained, "trained"), (entry.staff, "staff")],
        "trained",
        |trained, staff| {
            if trained > staff {
                Undetermined(Why::Conflict)
            } else {
                holds_or_fails(trained / staff >= 0.5)
            }
        },
    );
    minors_counted(entry, found);
    suspicion_reported(entry, found);
    found.single(18, WHOLE, "equipment", entry.equipment.as_ref(), |tools| {
        tools.contains(&Tool::Alarm) && tools.contains(&Tool::FirstAid)
    });
    each(found, entry, 19, |found, item, guest| {
        let outcome = match (guest.birth_date, entry.inspected_on) {
            (Some(birth), Some(on)) if on < birth => Undetermined(Why::Conflict),
            (Some(birth), Some(on)) => holds_or_fails(age(birth, on) <= 110),
            _ => Undetermined(Why::Missing),
        };
        found.say(19, item, outcome, |out| {
            if guest.birth_date.is_none() || outcome == Fail {
                out.push((item, "birth_date"));
            }
            if entry.inspected_on.is_none() {
                out.push((WHOLE, "inspected_on"));
            }
        });
    });
    lacks(entry, found);
}

fn each(found: &mut Found, entry: &Entry<'_>, rule: u32, one: impl Fn(&mut Found, u32, &Guest<'_>)) {
    match &entry.guests {
        Some(guests) => {
            for (item, guest) in guests.iter().enumerate() {
                one(found, item as u32, guest);
            }
        }
        None => found.say(rule, WHOLE, Undetermined(Why::Missing), |out| {
            out.push((WHOLE, "guests"))
        }),
    }
}

fn all_registered(entry: &Entry<'_>, found: &mut Found) {
    let mut all = if entry.guests.is_some() {
        Pass
    } else {
        Undetermined(Why::Missing)
    };
    let guests = entry.guests.as_deref().unwrap_or_default();
    for guest in guests {
        match guest.registered {
            Some(true) => {}
            Some(false) => all = Fail,
            None if all == Pass => all = Undetermined(Why::Missing),
            None => {}
        }
    }
    found.say(7, WHOLE, all, |out| {
        if all == Fail || entry.guests.is_none() {
            out.push((WHOLE, "guests"));
            return;
        }
        let open = guests
            .iter()
            .enumerate()
            .filter(|(_, guest)| guest.registered.is_none());
        out.extend(open.map(|(item, _)| (item as u32, "registered")));
    });
}

fn not_at_night(found: &mut Found, item: u32, guest: &Guest<'_>) {
    let applies = minor(guest.birth_date, guest.checked_in_at.map(|at| at.day));
    let outcome = match (applies, guest.checked_in_at) {
        (Truth::No, _) => NotApplicable,
        (Truth::Yes | Truth::Open(_), Some(at)) if at.hour >= 6 => Pass,
        (Truth::Yes, _) => Fail,
        (Truth::Open(why), Some(_)) => Undetermined(why),
        (Truth::Open(_), None) => Undetermined(Why::Missing),
    };
    found.say(13, item, outcome, |out| {
        if outcome == Fail {
            out.push((item, "checked_in_at"));
        } else {
            minor_missing(item, guest, out);
        }
    });
}

fn minors_counted(entry: &Entry<'_>, found: &mut Found) {
    let (mut low, mut high) = (0.0, 0.0);
    let mut why = entry.guests.is_none().then_some(Why::Missing);
    let guests = entry.guests.as_deref().unwrap_or_default();
    for guest in guests {
        match minor(guest.birth_date, entry.inspected_on) {
            Truth::Yes => {
                low += 1.0;
                high += 1.0;
            }
            Truth::No => {}
            Truth::Open(other) => {
                high += 1.0;
                why = Some(why.map_or(other, |why| first(why, other)));
            }
        }
    }
    let outcome = match (entry.minors_declared, why) {
        (None, _) => Undetermined(Why::Missing),
        (Some(_), Some(why)) if entry.guests.is_none() => Undetermined(why),
        (Some(declared), _) if high <= declared => Pass,
        (Some(declared), _) if low > declared => Fail,
        (Some(_), why) => Undetermined(why.unwrap_or(Why::Missing)),
    };
    found.say(16, WHOLE, outcome, |out| {
        if outcome == Fail {
            out.push((WHOLE, "minors_declared"));
            return;
        }
        if entry.guests.is_none() {
            out.push((WHOLE, "guests"));
        }
        let mut day = entry.inspected_on.is_none();
        for (item, guest) in guests.iter().enumerate() {
            if guest.birth_date.is_none() {
                out.push((item as u32, "birth_date"));
            }
            if core::mem::take(&mut day) {
                out.push((WHOLE, "inspected_on"));
            }
        }
        if entry.minors_declared.is_none() {
            out.push((WHOLE, "minors_declared"));
        }
    });
}

fn suspicion_reported(entry: &Entry<'_>, found: &mut Found) {
    let guests = entry.guests.as_deref().unwrap_or_default();
    let mut any = if entry.guests.is_some() {
        Truth::No
    } else {
        Truth::Open(Why::Missing)
    };
    for guest in guests {
        match guest.suspicious {
            Some(true) => any = Truth::Yes,
            None if any == Truth::No => any = Truth::Open(Why::Missing),
            Some(false) | None => {}
        }
    }
    let outcome = match (any, entry.police_report.map(|told| told == Told::Immediate)) {
        (Truth::No, _) => NotApplicable,
        (_, Some(true)) => Pass,
        (Truth::Yes, Some(false)) => Fail,
        (Truth::Open(why), Some(false)) => Undetermined(why),
        (Truth::Yes | Truth::Open(_), None) => Undetermined(Why::Missing),
    };
    found.say(17, WHOLE, outcome, |out| {
        if any == Truth::Open(Why::Missing) {
            if entry.guests.is_none() {
                out.push((WHOLE, "guests"));
            }
            let open = guests
                .iter()
                .enumerate()
                .filter(|(_, guest)| guest.suspicious.is_none());
            out.extend(open.map(|(item, _)| (item as u32, "suspicious")));
        }
        if outcome == Fail || entry.police_report.is_none() {
            out.push((WHOLE, "police_report"));
        }
    });
}

fn lacks(entry: &Entry<'_>, found: &mut Found) {
    let mut lack = |missing: bool, item: u32, name: &'static str| {
        if missing {
            found.lacks.push((item, name));
        }
    };
    lack(entry.inspected_on.is_none(), WHOLE, "inspected_on");
    lack(entry.hotel_kind.is_none(), WHOLE, "hotel_kind");
    lack(entry.licence_until.is_none(), WHOLE, "licence_until");
    lack(entry.guests.is_none(), WHOLE, "guests");
    for (item, guest) in entry.guests.iter().flatten().enumerate() {
        lack(guest.code.is_none(), item as u32, "ref");
        lack(guest.checked_in_at.is_none(), item as u32, "checked_in_at");
        lack(guest.birth_date.is_none(), item as u32, "birth_date");
    }
}
