//! Distances outside a check, by the measure of the rules: for a host that shows how far the nearest school is before anybody has
//! picked one. What such a host computed itself could differ from what decides.
//!
//! In: places as JSON, as a form has them. Out: distances as canonical JSON. Must not know: rules, forms, limits such as 200 m.

use crate::answers::tree as tree_of;
use crate::eval::place::{Place, between};
use crate::form::{Field, Kind};
use crate::json::{self, Json};
use crate::limits::Limits;
use crate::plan::Plan;
use crate::truth::Why;
use crate::value::{Store, V};
use alloc::string::String;

/// Distances from one place to many: `[from, [to, …]]` goes in, points and areas as in answers. Out comes an array in the same order, of
/// `{"tolerance": 8, "value": 195.2}` in metres, or `{"fault": WORD}` with the word of a problem (`no_crs`, `bad_area`, `out_of_range`,
/// `wrong_type`), `missing`, `crs_mixed` or `overflow`. Text that has not this shape gives
/// `{"fault": "wrong_type"}`.
///
/// ```
/// use rules_core::measuring::distances;
/// let door = r#"{"lng": 105.952, "lat": 26.25, "accuracy": 8, "crs": "wgs84"}"#;
/// let gate = r#"{"lng": 105.950, "lat": 26.25, "crs": "wgs84"}"#;
/// let told = distances(&format!("[{door}, [{gate}, {{}}]]"));
/// assert!(told.starts_with(r#"[{"tolerance":8,"value":199.8"#));
/// assert!(told.ends_with(r#",{"fault":"missing"}]"#));
/// ```
#[must_use]
pub fn distances(text: &str) -> String {
    let mut out = String::new();
    let parsed = json::parse(text, Limits::DEFAULT.depth).unwrap_or_default();
    let Some([from, Json::Arr(to)]) = parsed.0.as_arr() else {
        refuse(&mut out, "wrong_type");
        return out;
    };
    let (plan, mut field) = (Plan::default(), Field::default());
    out.push('[');
    for (i, to) in to.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        let mut store = Store::default();
        let mut read = |place: &Json| {
            field.kind = if place.get("type").is_some() {
                Kind::Area
            } else {
                Kind::Point
            };
            tree_of(&plan, &field, &mut store, place, &mut |_| {})
        };
        match (read(from), read(to)) {
            (Ok(from), Ok(to)) => tell(&mut out, measure(&store, from, to)),
            (Err(problem), _) | (_, Err(problem)) => refuse(&mut out, problem.word()),
        }
    }
    out.push(']');
    out
}

fn measure(store: &Store, from: V, to: V) -> V {
    match (found(store, from), found(store, to)) {
        (Some(from), Some(to)) => between(&from, &to),
        _ => V::MISSING,
    }
}

fn found(store: &Store, value: V) -> Option<Place<'_>> {
    match value {
        V::Point(_, number) => store.points.get(number as usize).copied().map(Place::Point),
        V::Area(_, number) => store.areas.get(number as usize).map(Place::Area),
        _ => None,
    }
}

fn tell(out: &mut String, metres: V) {
    let (value, tolerance) = match metres {
        V::Num(value) => (value, 0.0),
        V::Measure(value, tolerance) => (value, tolerance),
        other => return refuse(out, other.why().and_then(Why::word).unwrap_or_default()),
    };
    out.push_str("{\"tolerance\":");
    json::write_number(tolerance, out);
    out.push_str(",\"value\":");
    json::write_number(value, out);
    out.push('}');
}

fn refuse(out: &mut String, word: &str) {
    out.push_str("{\"fault\":\"");
    out.push_str(word);
    out.push_str("\"}");
}

#[cfg(test)]
mod tests {
    use super::distances;
    use std::format;

    const DOOR: &str = r#"{"lng":105.952,"lat":26.25,"accuracy":8,"crs":"wgs84"}"#;
    const GROUNDS: &str = r#"{"type":"Polygon","crs":"cgcs2000","coordinates":[[[105.948,26.249],[105.95,26.249],[105.95,26.251],[105.948,26.251],[105.948,26.249]]]}"#;

    #[test]
    fn places_of_either_kind_and_accuracies_that_add_up() {
        let told = distances(&format!("[{DOOR},[{DOOR},{GROUNDS}]]"));
        assert!(
            told.starts_with(r#"[{"tolerance":16,"value":0},{"tolerance":8,"value":199.8"#),
            "{told}"
        );
        let inside = r#"{"lng":105.949,"lat":26.25,"crs":"wgs84"}"#;
        assert_eq!(
            distances(&format!("[{GROUNDS},[{inside}]]")),
            r#"[{"tolerance":0,"value":0}]"#
        );
    }

    #[test]
    fn what_cannot_be_measured_says_why() {
        let strange = r#"{"lng":105.95,"lat":26.25}"#;
        let map = r#"{"lng":105.95,"lat":26.25,"crs":"gcj02"}"#;
        let bent = r#"{"type":"Polygon","crs":"wgs84","coordinates":[]}"#;
        let beyond = r#"{"lng":105.95,"lat":126.25,"crs":"wgs84"}"#;
        assert_eq!(
            distances(&format!("[{DOOR},[{strange},{map},{bent},{beyond},{{}},7]]")),
            r#"[{"fault":"no_crs"},{"fault":"crs_mixed"},{"fault":"bad_area"},{"fault":"out_of_range"},{"fault":"missing"},{"fault":"wrong_type"}]"#
        );
        assert_eq!(
            distances(&format!("[{strange},[{DOOR}]]")),
            r#"[{"fault":"no_crs"}]"#
        );
        for text in ["[", "7", "[1]", "[{},{}]", "[{},[],[]]"] {
            assert_eq!(distances(text), r#"{"fault":"wrong_type"}"#, "{text}");
        }
    }
}
