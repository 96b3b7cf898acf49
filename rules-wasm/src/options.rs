//! Options as JavaScript gives them, and as the core takes them. They come as plain arguments: reading an object through serde
//! would bring its error texts into every form.

use crate::failure::failure;
use alloc::rc::Rc;
use rules_core::domain::date::Date;
use rules_core::limits::Limits;
use rules_core::{Detail, Options};
use wasm_bindgen::JsValue;

/// Limits in the order in which JavaScript gives them; `u32::MAX` stands for the default.
fn lowered(given: &[u32]) -> Limits {
    let most = Limits::DEFAULT;
    let lower = |i: usize, most: usize| given.get(i).map_or(most, |given| most.min(*given as usize));
    Limits {
        answer_bytes: lower(0, most.answer_bytes),
        depth: lower(1, most.depth),
        items: lower(2, most.items),
        positions: lower(3, most.positions),
        steps: given
            .get(4)
            .map_or(most.steps, |given| most.steps.min(u64::from(*given))),
        text_bytes: lower(5, most.text_bytes),
        problems: lower(6, most.problems),
        rows: lower(7, most.rows),
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
    /// Reads options. The TypeScript has checked their types.
    pub(crate) fn read(
        as_of: &str,
        jurisdiction: Option<&str>,
        detail: Detail,
        limits: &[u32],
        tables: Option<Rc<rules_core::Tables>>,
    ) -> Result<Kept, JsValue> {
        Ok(Kept {
            as_of: Date::parse(as_of).map_err(|_| failure("bad_as_of", "/asOf", as_of))?,
            jurisdiction: match jurisdiction {
                None => None,
                Some(code) => {
                    Some(division(code).ok_or_else(|| failure("bad_jurisdiction", "/jurisdiction", code))?)
                }
            },
            detail,
            limits: lowered(limits),
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
    (code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| code.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::{division, lowered};
    use rules_core::limits::Limits;

    #[test]
    fn limits_are_only_lowered() {
        assert_eq!(lowered(&[]), Limits::DEFAULT);
        assert_eq!(
            lowered(&[u32::MAX; 8]),
            Limits {
                steps: Limits::DEFAULT.steps,
                ..Limits::DEFAULT
            }
        );
        let low = lowered(&[10, u32::MAX, 3]);
        assert_eq!(
            (low.answer_bytes, low.depth, low.items),
            (10, Limits::DEFAULT.depth, 3)
        );
    }

    #[test]
    fn codes_are_six_digits() {
        assert_eq!(division("520402"), Some(520_402));
        assert_eq!(division("000000"), Some(0));
        for bad in ["", "52040", "5204020", "+52040", "52 402", "５２０４０２"] {
            assert_eq!(division(bad), None, "{bad}");
        }
    }
}
