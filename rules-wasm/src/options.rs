//! Options as JavaScript gives them, and as the core takes them.

use crate::failure::failure;
use rules_core::domain::date::Date;
use rules_core::limits::Limits;
use rules_core::{Detail, Options};
use serde::Deserialize;
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// Options as an object. The TypeScript has checked the types and left out everything else.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Given {
    as_of: String,
    jurisdiction: Option<String>,
    #[serde(default)]
    explain: bool,
    #[serde(default)]
    all: bool,
    limits: Option<Lowered>,
}

/// Limits that a caller lowers; none can be raised.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Lowered {
    answer_bytes: Option<usize>,
    depth: Option<usize>,
    items: Option<usize>,
    positions: Option<usize>,
    steps: Option<u32>,
    text_bytes: Option<usize>,
    problems: Option<usize>,
    rows: Option<usize>,
}

impl Lowered {
    fn limits(&self) -> Limits {
        let most = Limits::DEFAULT;
        let lower = |given: Option<usize>, most: usize| given.map_or(most, |given| given.min(most));
        Limits {
            answer_bytes: lower(self.answer_bytes, most.answer_bytes),
            depth: lower(self.depth, most.depth),
            items: lower(self.items, most.items),
            positions: lower(self.positions, most.positions),
            steps: self.steps.map_or(most.steps, |given| u64::from(given).min(most.steps)),
            text_bytes: lower(self.text_bytes, most.text_bytes),
            problems: lower(self.problems, most.problems),
            rows: lower(self.rows, most.rows),
        }
    }
}

/// Options that a handle keeps between calls.
pub(crate) struct Kept {
    pub(crate) as_of: Date,
    pub(crate) jurisdiction: Option<u32>,
    pub(crate) detail: Detail,
    pub(crate) limits: Limits,
    pub(crate) tables: Option<Rc<rules_core::Tables>>,
}

impl Kept {
    /// Reads options.
    pub(crate) fn read(given: JsValue, tables: Option<Rc<rules_core::Tables>>) -> Result<Kept, JsValue> {
        let given: Given =
            serde_wasm_bindgen::from_value(given).map_err(|error| failure("bad_option", "", &error.to_string()))?;
        let as_of = Date::parse(&given.as_of).map_err(|_| failure("bad_as_of", "/asOf", &given.as_of))?;
        let jurisdiction = match &given.jurisdiction {
            None => None,
            Some(code) => Some(division(code).ok_or_else(|| failure("bad_jurisdiction", "/jurisdiction", code))?),
        };
        Ok(Kept {
            as_of,
            jurisdiction,
            detail: Detail { explain: given.explain, all: given.all },
            limits: given.limits.as_ref().map_or(Limits::DEFAULT, Lowered::limits),
            tables,
        })
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

/// Six digits.
fn division(code: &str) -> Option<u32> {
    (code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit())).then(|| code.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::division;

    #[test]
    fn codes_are_six_digits() {
        assert_eq!(division("520402"), Some(520_402));
        assert_eq!(division("000000"), Some(0));
        for bad in ["", "52040", "5204020", "+52040", "52 402", "５２０４０２"] {
            assert_eq!(division(bad), None, "{bad}");
        }
    }
}
