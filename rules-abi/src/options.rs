//! A check's options: from JSON text to what the core takes, kept with the ruleset for many checks. What is misspelt is refused, because an
//! option that is silently ignored changes a verdict.

use crate::failure::{BAD_OPTION, Failure};
use alloc::rc::Rc;
use alloc::string::String;
use rules_core::domain::date::Date;
use rules_core::json::{self, Json};
use rules_core::limits::Limits;
use rules_core::{Detail, Options, Ruleset, Scratch, Tables};

/// Options are flat, but for the limits.
const DEPTH: usize = 4;

/// A ruleset with all that a check is told, and memory that checks reuse.
pub(crate) struct Prepared {
    pub(crate) ruleset: Ruleset,
    pub(crate) told: Told,
    pub(crate) scratch: Scratch,
}

/// What a check is told beside the answers.
pub(crate) struct Told {
    as_of: Date,
    jurisdiction: Option<u32>,
    pub(crate) detail: Detail,
    limits: Limits,
    tables: Option<Rc<Tables>>,
}

impl Told {
    /// Reads options.
    pub(crate) fn read(text: &str, tables: Option<Rc<Tables>>) -> Result<Told, Failure> {
        let bad = |path: &str, detail: &str| Err(Failure::new(BAD_OPTION, path, detail));
        let (tree, flaws) = match json::parse(text, DEPTH) {
            Ok(read) => read,
            Err(_) => return bad("", "no JSON"),
        };
        if let Some((at, _)) = flaws.first() {
            return bad(at, "twice, or no number or text");
        }
        let Json::Obj(members) = tree else {
            return bad("", "no object");
        };
        let mut as_of = None;
        let mut told = Told {
            as_of: Date::MIN,
            jurisdiction: None,
            detail: Detail::default(),
            limits: Limits::DEFAULT,
            tables,
        };
        for (key, value) in &members {
            match (key.as_str(), value) {
                ("jurisdiction" | "explain" | "all" | "limits", Json::Null) => {}
                ("asOf", Json::Str(day)) => {
                    as_of = Some(Date::parse(day).map_err(|_| Failure::new("bad_as_of", "/asOf", day))?);
                }
                ("jurisdiction", Json::Str(code)) => {
                    let division = division(code);
                    if division.is_none() {
                        return Err(Failure::new("bad_jurisdiction", "/jurisdiction", code));
                    }
                    told.jurisdiction = division;
                }
                ("explain", Json::Bool(wanted)) => told.detail.explain = *wanted,
                ("all", Json::Bool(wanted)) => told.detail.all = *wanted,
                ("limits", Json::Obj(limits)) => lower(&mut told.limits, limits)?,
                _ => {
                    return bad(&place("", key), "no such option, or another type");
                }
            }
        }
        let Some(as_of) = as_of else {
            return bad("/asOf", "required: YYYY-MM-DD");
        };
        Ok(Told { as_of, ..told })
    }

    /// As the core takes them.
    pub(crate) fn options(&self) -> Options<'_> {
        Options {
            as_of: self.as_of,
            jurisdiction: self.jurisdiction,
            tables: self.tables.as_deref(),
            detail: self.detail,
            limits: self.limits,
            functions: None,
        }
    }
}

/// Lowers limits; none can be raised.
fn lower(limits: &mut Limits, given: &[(String, Json)]) -> Result<(), Failure> {
    for (key, value) in given {
        let number = match value.as_num() {
            // Whole numbers only; beyond u32 every default is lower.
            Some(number) if number >= 0.0 && number == f64::from(number as u32) => number as u32,
            _ => return Err(Failure::new(BAD_OPTION, &place("/limits", key), "a whole number")),
        };
        let limit = match key.as_str() {
            "answerBytes" => &mut limits.answer_bytes,
            "depth" => &mut limits.depth,
            "items" => &mut limits.items,
            "positions" => &mut limits.positions,
            "textBytes" => &mut limits.text_bytes,
            "problems" => &mut limits.problems,
            "rows" => &mut limits.rows,
            "steps" => {
                limits.steps = limits.steps.min(u64::from(number));
                continue;
            }
            _ => {
                return Err(Failure::new(BAD_OPTION, &place("/limits", key), "no such limit"));
            }
        };
        *limit = (*limit).min(number as usize);
    }
    Ok(())
}

fn place(around: &str, key: &str) -> String {
    let mut path = String::from(around);
    json::push_key(&mut path, key);
    path
}

/// Six digits.
fn division(code: &str) -> Option<u32> {
    (code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| code.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::{Told, division};
    use rules_core::limits::Limits;

    fn refused(text: &str) -> (&'static str, String) {
        match Told::read(text, None) {
            Ok(_) => ("", String::new()),
            Err(failure) => (failure.code, failure.path),
        }
    }

    #[test]
    fn options_are_read() {
        let told = Told::read(
            r#"{"asOf": "2026-03-02", "jurisdiction": "520402", "all": true, "explain": null, "limits": {"items": 3, "depth": 4000000000, "steps": 9}}"#,
            None,
        );
        assert!(told.is_ok());
        let Ok(told) = told else { return };
        let options = told.options();
        assert_eq!(options.as_of.to_string(), "2026-03-02");
        assert_eq!(options.jurisdiction, Some(520_402));
        assert!(options.detail.all && !options.detail.explain);
        let lowered = Limits {
            items: 3,
            steps: 9,
            ..Limits::DEFAULT
        };
        assert_eq!(options.limits, lowered, "limits are only lowered");
    }

    #[test]
    fn what_is_no_option_is_refused_at_its_place() {
        for (text, code, path) in [
            ("", "bad_option", ""),
            ("[]", "bad_option", ""),
            ("{}", "bad_option", "/asOf"),
            (r#"{"asOf": 3}"#, "bad_option", "/asOf"),
            (r#"{"asOf": "2026-02-30"}"#, "bad_as_of", "/asOf"),
            (
                r#"{"asOf": "2026-03-02", "asOf": "2026-03-02"}"#,
                "bad_option",
                "/asOf",
            ),
            (
                r#"{"asOf": "2026-03-02", "expl/ain": true}"#,
                "bad_option",
                "/expl~1ain",
            ),
            (r#"{"asOf": "2026-03-02", "all": "yes"}"#, "bad_option", "/all"),
            (
                r#"{"asOf": "2026-03-02", "jurisdiction": "5204"}"#,
                "bad_jurisdiction",
                "/jurisdiction",
            ),
            (
                r#"{"asOf": "2026-03-02", "limits": {"itens": 1}}"#,
                "bad_option",
                "/limits/itens",
            ),
            (
                r#"{"asOf": "2026-03-02", "limits": {"items": 1.5}}"#,
                "bad_option",
                "/limits/items",
            ),
            (
                r#"{"asOf": "2026-03-02", "limits": {"items": -1}}"#,
                "bad_option",
                "/limits/items",
            ),
        ] {
            assert_eq!(refused(text), (code, path.to_owned()), "{text}");
        }
    }

    #[test]
    fn codes_are_six_digits() {
        assert_eq!(division("520402"), Some(520_402));
        for bad in ["", "52040", "5204020", "+52040", "５２０４０２"] {
            assert_eq!(division(bad), None, "{bad}");
        }
    }
}
