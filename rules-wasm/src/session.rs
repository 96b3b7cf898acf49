//! A session: edits in, the rules that they moved out. Paths and values stand in the room, the path first.

use crate::failure::failure;
use crate::room::Room;
use alloc::string::String;
use alloc::vec::Vec;
use rules_core::answers::Step;
use rules_core::eval::Outcome;
use rules_core::json::write_string;
use rules_core::judge::Verdict;
use rules_core::session::EditError;
use rules_core::truth::Why;
use rules_core::value::NO_LIST;
use rules_core::{Detail, Ruleset, Session};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Answers that change one at a time.
#[wasm_bindgen]
pub struct SessionHandle {
    session: Session,
    ruleset: Ruleset,
    plan: usize,
    detail: Detail,
    changed: Vec<u32>,
}

impl SessionHandle {
    pub(crate) fn new(session: Session, ruleset: Ruleset, plan: usize, detail: Detail) -> SessionHandle {
        SessionHandle {
            session,
            ruleset,
            plan,
            detail,
            changed: Vec::new(),
        }
    }

    /// Keeps `[words, rule …]` and gives its address.
    fn moved(&mut self, at: &str, moved: Result<Vec<u32>, EditError>) -> Result<*const u32, JsValue> {
        let moved = moved.map_err(|error| failure(error.code(), at, ""))?;
        self.changed.clear();
        self.changed.push(moved.len() as u32 + 1);
        self.changed.extend(moved);
        Ok(self.changed.as_ptr())
    }
}

#[wasm_bindgen]
impl SessionHandle {
    /// Sets a place to a value given as JSON text; gives the address of the rules that moved.
    pub fn set(&mut self, room: &Room, path: usize, text: usize) -> Result<*const u32, JsValue> {
        let (at, text) = room.path_and_text(path, text);
        let moved = self.session.set(at, text);
        self.moved(at, moved)
    }

    /// Removes an answer or an item of a list; gives the address of the rules that moved.
    pub fn remove(&mut self, room: &Room, path: usize) -> Result<*const u32, JsValue> {
        let at = room.text(path);
        let moved = self.session.remove(at);
        self.moved(at, moved)
    }

    /// Is the field or group asked?
    pub fn relevant(&self, room: &Room, path: usize) -> bool {
        self.session.relevant(room.text(path))
    }

    /// The canonical report, byte for byte that of a fresh check.
    pub fn report(&self, explain: Option<bool>, all: Option<bool>) -> String {
        let wanted = Detail {
            explain: explain.unwrap_or(self.detail.explain),
            all: all.unwrap_or(self.detail.all),
        };
        self.session.report(wanted).canonical()
    }

    /// The answers as canonical JSON.
    pub fn answers(&self) -> String {
        self.session.answers()
    }

    /// Failed findings, and findings that are open.
    pub fn counts(&self) -> Vec<u32> {
        let (failed, open) = self.session.open();
        Vec::from([failed as u32, open as u32])
    }

    /// What one rule says, as JSON text of a list: one entry for the whole, or one per item.
    pub fn outcomes(&self, rule: u32) -> String {
        let mut out = String::from("[");
        for (i, verdict) in self.session.verdicts(rule).iter().enumerate() {
            if i > 0 {
                out.push(',');
            }
            self.write(verdict, &mut out);
        }
        out.push(']');
        out
    }
}

impl SessionHandle {
    fn write(&self, verdict: &Verdict, out: &mut String) {
        let plan = self.ruleset.plan(self.plan);
        let rule = plan.and_then(|plan| plan.rules.get(verdict.rule as usize));
        let member = |out: &mut String, key: &str, value: &str| {
            out.push_str(key);
            write_string(value, out);
        };
        member(out, "{\"rule\":", rule.map_or("", |rule| rule.id.as_str()));
        member(out, ",\"outcome\":", verdict.outcome.word());
        if verdict.list != NO_LIST {
            // No slot: the record itself.
            let step = Step {
                list: verdict.list,
                item: verdict.item,
            };
            member(out, ",\"item\":", &self.session.pointer(step, u32::MAX));
        }
        let reason = match verdict.outcome {
            Outcome::Undetermined(Why::Author(number)) => plan
                .and_then(|plan| plan.reasons.get(usize::from(number)))
                .map(String::as_str),
            Outcome::Undetermined(why) => why.word(),
            Outcome::Faulted(fault) => Some(fault.code()),
            Outcome::Pass | Outcome::Fail | Outcome::NotApplicable => None,
        };
        if let Some(reason) = reason {
            member(out, ",\"reason\":", reason);
        }
        let trace = self.session.trace(verdict);
        let mut list = |key: &str, paths: &[(Step, u32)]| {
            out.push_str(key);
            for (i, (step, slot)) in paths.iter().enumerate() {
                out.push(if i > 0 { ',' } else { '[' });
                write_string(&self.session.pointer(*step, *slot), out);
            }
            out.push_str(if paths.is_empty() { "[]" } else { "]" });
        };
        list(",\"at\":", &trace.at);
        let undecided = matches!(verdict.outcome, Outcome::Undetermined(_));
        list(",\"missing\":", if undecided { &trace.missing } else { &[] });
        out.push('}');
    }
}
