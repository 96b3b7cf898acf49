//! A division code and a year come in; whether the code was in use goes out, and whether one area covers another. Not known here:
//! identity numbers, rulesets, and where the history comes from.
//!
//! GB/T 2260 codes have six digits: two of province, two of prefecture, two of county. Codes change, and an identity number keeps
//! the code of its registration. The history is to the year and cannot be complete, so what it says is a warning at most,
//! never a fault.

use alloc::string::String;
use alloc::vec::Vec;

/// One period of one code under one name. A code that was renamed, or used again, has several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DivisionRow {
    /// The code, 110000 to 999999.
    pub code: u32,
    /// The full name from the province down.
    pub name: String,
    /// The first year of use.
    pub since: i32,
    /// The year in which it ended; `None` if in use.
    pub until: Option<i32>,
    /// The codes that took over its area; the code itself if it was only renamed.
    pub successors: Vec<u32>,
}

/// What the history says of a code in a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DivisionStatus<'a> {
    /// In use, if only for a part of the year.
    Current,
    /// Used before and no longer.
    Historic {
        /// The codes that took over its area; may be empty.
        successors: &'a [u32],
    },
    /// First used after that year.
    NotYet,
    /// The table does not have the code, or starts after that year.
    Unknown,
}

/// Why rows do not make a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DivisionError {
    /// Not a code of six digits.
    Code {
        /// The code as given.
        code: u32,
    },
    /// The period ends before it begins.
    Period {
        /// The code.
        code: u32,
    },
}

/// The history of division codes.
///
/// ```
/// use rules_core::domain::division::{DivisionRow, DivisionStatus, DivisionTable};
/// let row = |code, since, until, successors: &[u32]| DivisionRow {
///     code, name: "重庆市荣昌县".into(), since, until, successors: successors.into(),
/// };
/// let rows = vec![row(500226, 1997, Some(2015), &[500153]), row(510231, 1983, Some(1997), &[500226])];
/// let table = DivisionTable::from_rows(rows).unwrap();
/// assert_eq!(table.status(500226, 2015), DivisionStatus::Current);
/// assert_eq!(table.status(500226, 2026), DivisionStatus::Historic { successors: &[500153] });
/// assert_eq!(table.status(500226, 1990), DivisionStatus::NotYet);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DivisionTable {
    /// Ascending by code, then by period.
    rows: Vec<DivisionRow>,
    /// The first year of any row.
    since: i32,
}

impl DivisionTable {
    /// Builds a table of rows in any order.
    pub fn from_rows(mut rows: Vec<DivisionRow>) -> Result<Self, DivisionError> {
        for row in &rows {
            if !is_code(row.code) {
                return Err(DivisionError::Code { code: row.code });
            }
            if let Some(&code) = row.successors.iter().find(|code| !is_code(**code)) {
                return Err(DivisionError::Code { code });
            }
            if row.until.is_some_and(|until| until < row.since) {
                return Err(DivisionError::Period { code: row.code });
            }
        }
        rows.sort_by_key(|row| (row.code, row.since, row.until.unwrap_or(i32::MAX)));
        let since = rows.iter().map(|row| row.since).min().unwrap_or(i32::MAX);
        Ok(Self { rows, since })
    }

    /// Whether a code was in use in a year. Both the first and the last year of a period count as use.
    pub fn status(&self, code: u32, year: i32) -> DivisionStatus<'_> {
        let periods = self.periods(code);
        if periods.is_empty() || year < self.since {
            return DivisionStatus::Unknown;
        }
        if periods.iter().any(|row| row.holds_in(year)) {
            return DivisionStatus::Current;
        }
        match periods.iter().rev().find(|row| row.since < year) {
            Some(row) => DivisionStatus::Historic {
                successors: &row.successors,
            },
            None => DivisionStatus::NotYet,
        }
    }

    /// The full name of a code in a year; the later one in the year of a change. `None` where it was not in use.
    pub fn name(&self, code: u32, year: i32) -> Option<&str> {
        self.periods(code)
            .iter()
            .rev()
            .find(|row| row.holds_in(year))
            .map(|row| row.name.as_str())
    }

    fn periods(&self, code: u32) -> &[DivisionRow] {
        let from = self.rows.partition_point(|row| row.code < code);
        let upto = self.rows.partition_point(|row| row.code <= code);
        self.rows.get(from..upto).unwrap_or_default()
    }
}

impl DivisionRow {
    fn holds_in(&self, year: i32) -> bool {
        self.since <= year && self.until.is_none_or(|until| year <= until)
    }
}

/// True if the area of `jurisdiction` contains that of `place`: 0 (written `000000`) the whole country, 520000 all of 52xxxx,
/// 520400 all of 5204xx, any other only itself.
pub fn covers(jurisdiction: u32, place: u32) -> bool {
    if jurisdiction == 0 {
        true
    } else if jurisdiction.is_multiple_of(10_000) {
        jurisdiction / 10_000 == place / 10_000
    } else if jurisdiction.is_multiple_of(100) {
        jurisdiction / 100 == place / 100
    } else {
        jurisdiction == place
    }
}

fn is_code(code: u32) -> bool {
    (110_000..=999_999).contains(&code)
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        reason = "a test that cannot build its input should stop"
    )]

    use super::{DivisionError, DivisionRow, DivisionStatus, DivisionTable, covers};
    use std::vec::Vec;

    fn row(code: u32, name: &str, since: i32, until: Option<i32>, successors: &[u32]) -> DivisionRow {
        DivisionRow {
            code,
            name: name.into(),
            since,
            until,
            successors: successors.into(),
        }
    }

    #[test]
    fn a_renamed_code_stays_in_use() {
        let rows = [
            row(120_110, "天津市东丽区", 1992, None, &[]),
            row(120_110, "天津市东郊区", 1981, Some(1992), &[120_110]),
        ];
        let table = DivisionTable::from_rows(rows.into()).unwrap();
        assert_eq!(table.status(120_110, 1985), DivisionStatus::Current);
        assert_eq!(table.status(120_110, 2026), DivisionStatus::Current);
        assert_eq!(table.status(120_110, 1980), DivisionStatus::Unknown);
        assert_eq!(table.status(120_999, 2026), DivisionStatus::Unknown);
        assert_eq!(table.name(120_110, 1991), Some("天津市东郊区"));
        assert_eq!(table.name(120_110, 1992), Some("天津市东丽区"));
        assert_eq!(table.name(120_110, 1980), None);
    }

    #[test]
    fn a_gap_is_historic() {
        let rows = [
            row(130_107, "甲", 1983, Some(1989), &[130_121]),
            row(130_107, "乙", 1995, None, &[]),
            row(130_121, "丙", 1981, None, &[]),
        ];
        let table = DivisionTable::from_rows(rows.into()).unwrap();
        assert_eq!(table.status(130_107, 1982), DivisionStatus::NotYet);
        assert_eq!(
            table.status(130_107, 1992),
            DivisionStatus::Historic {
                successors: &[130_121]
            }
        );
        assert_eq!(table.status(130_107, 1995), DivisionStatus::Current);
    }

    #[test]
    fn faulty_rows_are_refused() {
        let build = |row| DivisionTable::from_rows(Vec::from([row])).err();
        assert_eq!(
            build(row(52, "", 1981, None, &[])),
            Some(DivisionError::Code { code: 52 })
        );
        assert_eq!(
            build(row(520_000, "", 1981, None, &[5])),
            Some(DivisionError::Code { code: 5 })
        );
        assert_eq!(
            build(row(520_000, "", 1990, Some(1981), &[])),
            Some(DivisionError::Period { code: 520_000 })
        );
    }

    #[test]
    fn an_area_covers_what_begins_with_its_digits() {
        for (jurisdiction, place, covered) in [
            (0, 520_402, true),
            (520_000, 520_402, true),
            (520_000, 520_000, true),
            (520_400, 520_402, true),
            (520_400, 520_400, true),
            (520_402, 520_402, true),
            (520_402, 520_400, false),
            (520_400, 520_500, false),
            (520_000, 530_402, false),
            (520_000, 0, false),
        ] {
            assert_eq!(covers(jurisdiction, place), covered, "{jurisdiction} {place}");
        }
    }
}
