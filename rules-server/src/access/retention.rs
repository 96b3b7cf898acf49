//! How long answers are kept.
//!
//! In: periods by ruleset and area. Out: when something is to be purged. Must not know: how it is done (`purge`).

use super::scope;
use serde::Deserialize;

/// One period. Of those that fit an entry, the one with the narrowest area counts, and of these one that names the ruleset.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Retention {
    /// Id of the ruleset; any, if not given.
    pub ruleset: Option<String>,
    /// Division code; the whole country, if not given.
    #[serde(default = "country")]
    pub area: String,
    /// Days after which the answers are purged; never, if not given.
    pub answers_days: Option<u32>,
}

fn country() -> String {
    "000000".to_owned()
}

const DAY_MS: i64 = 86_400_000;

/// The period for entries of a ruleset in an area.
pub(crate) fn period<'r>(all: &'r [Retention], ruleset: &str, area: &str) -> Option<&'r Retention> {
    let fits = all.iter().filter(|one| {
        one.ruleset.as_deref().is_none_or(|id| id == ruleset)
            && (one.area == "000000" || scope::reaches(&one.area, area))
    });
    fits.max_by_key(|one| {
        (
            scope::pattern(&one.area).trim_end_matches('%').len(),
            one.ruleset.is_some(),
        )
    })
}

/// Is something that was received then to be purged now?
pub(crate) fn is_over(days: Option<u32>, received_ms: i64, now_ms: i64) -> bool {
    days.is_some_and(|days| received_ms.saturating_add(i64::from(days) * DAY_MS) <= now_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_narrowest_period_counts() {
        let of = |ruleset: Option<&str>, area: &str, days| Retention {
            ruleset: ruleset.map(str::to_owned),
            area: area.to_owned(),
            answers_days: Some(days),
        };
        let all = [
            of(None, "000000", 1),
            of(Some("venue"), "000000", 2),
            of(None, "520000", 3),
            of(Some("venue"), "520400", 4),
            of(None, "520400", 5),
        ];
        let cases = [
            ("school", "110101", 1),
            ("venue", "110101", 2),
            ("venue", "520502", 3),
            ("venue", "520402", 4),
            ("school", "520402", 5),
        ];
        for (ruleset, area, days) in cases {
            let found = period(&all, ruleset, area).and_then(|one| one.answers_days);
            assert_eq!(found, Some(days), "{ruleset} {area}");
        }
        assert_eq!(period(&[], "venue", "520402"), None);
    }

    #[test]
    fn a_period_ends_on_its_day() {
        assert!(!is_over(None, 0, i64::MAX));
        assert!(!is_over(Some(2), 0, 2 * DAY_MS - 1));
        assert!(is_over(Some(2), 0, 2 * DAY_MS));
    }
}
