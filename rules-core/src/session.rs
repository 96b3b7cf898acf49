//! A session: answers that change one at a time, and verdicts that follow. An edit costs its dependents, not the ruleset.
//!
//! In: answers, then edits by JSON Pointer. Out: which rules' verdicts changed; the same report as a fresh check. Must not know: screens.

use crate::answers::locate::{self, Place};
use crate::answers::{Answers, Problem, ProblemCode, Step, of_slot};
use crate::depends::Dependents;
use crate::domain::date::Date;
use crate::entry;
use crate::eval::trace::Trace;
use crate::eval::{Eval, Frame, Functions, Outcome};
use crate::form::Form;
use crate::json::{self, Json};
use crate::judge::{self, Judged, Verdict};
use crate::limits::Limits;
use crate::plan::RuleKind;
use crate::report::{Detail, Report};
use crate::ruleset::{Checker, Chosen, Options, Ruleset, Tables};
use crate::truth::Truth;
use crate::value::V;
use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

mod told;

/// Why an edit was refused. The session is as it was.
///
/// See [`Session`] for one that is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EditError {
    /// The form has no such place, or its list no such item.
    NoSuchPlace,
    /// The value is not JSON, nests too deep or is too large.
    BadValue,
}

impl EditError {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            EditError::NoSuchPlace => "no_such_place",
            EditError::BadValue => "bad_json",
        }
    }
}

/// A form that is being filled in: answers, and the verdicts that follow them.
///
/// ```
/// use rules_core::session::EditError;
/// use rules_core::{Detail, Options, Ruleset, Session, domain::date::Date};
/// # const BUNDLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/shop.rules.json"));
/// # let ruleset = Ruleset::load(BUNDLE).unwrap();
/// let options = Options::on(Date::parse("2026-03-02").unwrap());
/// let mut session = Session::new(&ruleset, r#"{"kind": "shop", "guests": [{}]}"#, &options, None);
/// let moved = session.set("/guests/0/age", "17").unwrap();
/// assert_eq!(moved, [0]); // rules by number: only `adults_only` reads an age
///
/// let report = session.report(Detail::default());
/// assert_eq!(report.verdict(), "fail");
/// assert_eq!(report.canonical(), ruleset.check(&session.answers(), &options).canonical());
///
/// assert_eq!(session.set("/gests/0/age", "17"), Err(EditError::NoSuchPlace));
/// assert_eq!(session.set("/guests/0/age", "17 years"), Err(EditError::BadValue));
/// ```
pub struct Session {
    ruleset: Ruleset,
    as_of: Date,
    jurisdiction: Option<u32>,
    tables: Option<Tables>,
    limits: Limits,
    functions: Option<Box<dyn Functions>>,
    chosen: Chosen,
    tree: Json,
    answers: Answers,
    verdicts: Vec<Vec<Verdict>>,
    dependents: Dependents,
    edits: usize,
}

impl Session {
    /// Begins with answers given as JSON text.
    pub fn new(
        ruleset: &Ruleset,
        answers: &str,
        options: &Options<'_>,
        functions: Option<Box<dyn Functions>>,
    ) -> Session {
        let chosen = ruleset.choose(options.jurisdiction, options.as_of);
        let mut session = Session {
            ruleset: ruleset.clone(),
            as_of: options.as_of,
            jurisdiction: options.jurisdiction,
            tables: options.tables.cloned(),
            limits: options.limits,
            functions,
            chosen,
            tree: Json::Null,
            answers: Answers::default(),
            verdicts: Vec::new(),
            dependents: Dependents::default(),
            edits: 0,
        };
        session.restart(answers);
        session
    }

    /// Replaces all answers.
    pub fn restart(&mut self, text: &str) {
        let within = text.len() <= self.limits.answer_bytes;
        self.tree = if within {
            json::parse(text, self.limits.depth).map_or(Json::Null, |(tree, _)| tree)
        } else {
            Json::Null
        };
        let number = if let Chosen::Variant(number) = self.chosen {
            number
        } else {
            0
        };
        if let Some(plan) = self.ruleset.plan(number) {
            self.answers = Answers::read(plan, text, &self.limits);
            self.dependents = Dependents::of(plan);
        }
        let rules = self.ruleset.plan(number).map_or(0, |plan| plan.rules.len());
        self.verdicts = (0..rules).map(|_| Vec::new()).collect();
        if matches!(self.chosen, Chosen::Variant(_)) {
            let all: Vec<u32> = (0..rules as u32).collect();
            self.judge(&all, None);
        }
    }

    fn with<T>(&self, detail: Detail, run: impl FnOnce(&Checker<'_>) -> T) -> T {
        let options = Options {
            as_of: self.as_of,
            jurisdiction: self.jurisdiction,
            tables: self.tables.as_ref(),
            detail,
            limits: self.limits,
            functions: self.functions.as_deref(),
        };
        run(&Checker::new(&self.ruleset, &options))
    }

    /// The rules that gave another verdict after an edit. `text` is the new value as JSON text.
    ///
    /// # Errors
    /// Where the pointer names nothing of the form, or the value is not JSON.
    pub fn set(&mut self, pointer: &str, text: &str) -> Result<Vec<u32>, EditError> {
        if text.len() > self.limits.answer_bytes {
            return Err(EditError::BadValue);
        }
        let number = if let Chosen::Variant(number) = self.chosen {
            number
        } else {
            0
        };
        let ruleset = self.ruleset.clone();
        let plan = ruleset.plan(number).ok_or(EditError::NoSuchPlace)?;
        let (value, _) = json::parse(text, self.limits.depth).map_err(|_| EditError::BadValue)?;
        if self.doubtful(pointer) {
            return self.put_anew(pointer, Some(value));
        }
        let place = locate::place(&plan.form, &self.answers.store, pointer).ok_or(EditError::NoSuchPlace)?;
        if self.within(&plan.form, place, pointer) {
            return self.put_anew(pointer, Some(value));
        }
        if matches!(place, Place::Group(..)) || counted(&plan.form, &self.answers, place) {
            // A whole group, the whole submission, an item more of a list that may be too long: rare, and simplest to begin again.
            let keys = locate::keys(pointer).ok_or(EditError::NoSuchPlace)?;
            put(&mut self.tree, &keys, Some(value)).ok_or(EditError::NoSuchPlace)?;
            return Ok(self.again());
        }
        let keys = locate::keys(pointer).ok_or(EditError::NoSuchPlace)?;
        put(&mut self.tree, &keys, Some(value)).ok_or(EditError::NoSuchPlace)?;
        self.edits += 1;
        if self.edits.is_multiple_of(4096) {
            // Old texts and lists stay in the store until it is rebuilt.
            return Ok(self.again());
        }
        let inside = |at: &str| {
            at.strip_prefix(pointer)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.answers.problems.retain(|problem| !inside(&problem.at));
        self.answers.set(plan, &place, text, &self.limits);
        let affected = self.dependents.affected(&plan.form, &self.answers.store, &place);
        Ok(self.judge(&affected.rules, affected.only_item))
    }

    /// Removes an answer, or an item of a list.
    ///
    /// # Errors
    /// As `set`.
    pub fn remove(&mut self, pointer: &str) -> Result<Vec<u32>, EditError> {
        let keys = locate::keys(pointer).ok_or(EditError::NoSuchPlace)?;
        let number = if let Chosen::Variant(number) = self.chosen {
            number
        } else {
            0
        };
        let plan = self.ruleset.plan(number).ok_or(EditError::NoSuchPlace)?;
        if self.doubtful(pointer) {
            return self.put_anew(pointer, None);
        }
        let place = locate::place(&plan.form, &self.answers.store, pointer).ok_or(EditError::NoSuchPlace)?;
        if self.within(&plan.form, place, pointer) {
            return self.put_anew(pointer, None);
        }
        if let (Place::Item { .. }, Some((last, list))) = (place, keys.split_last()) {
            let item: usize = last.parse().map_err(|_| EditError::NoSuchPlace)?;
            let mut items = match get(&self.tree, list) {
                Some(Json::Arr(items)) => items.clone(),
                _ => return Err(EditError::NoSuchPlace),
            };
            if item >= items.len() {
                return Err(EditError::NoSuchPlace);
            }
            items.remove(item);
            let cut = pointer.len() - pointer.rsplit('/').next().map_or(0, str::len) - 1;
            let list = pointer.get(..cut).unwrap_or("").to_string();
            return self.set(&list, &Json::Arr(items).canonical());
        }
        let changed = self.set(pointer, "null")?;
        let _ = put(&mut self.tree, &keys, None);
        Ok(changed)
    }

    /// Is something around this place wrong, as a list with too many items is? What is inside of it was not kept then.
    fn doubtful(&self, pointer: &str) -> bool {
        let around = |at: &str| pointer.strip_prefix(at).is_some_and(|rest| rest.starts_with('/'));
        self.answers.problems.iter().any(|problem| around(&problem.at))
    }

    /// Does the pointer name a part of a value, as the longitude of a point?
    fn within(&self, form: &Form, place: Place, pointer: &str) -> bool {
        match place {
            Place::Slot(step, slot) => of_slot(form, &self.answers.store, step, slot).len() < pointer.len(),
            Place::Item { .. } | Place::Group(..) => false,
        }
    }

    /// Puts a value into the tree, or takes one away, and reads everything again.
    fn put_anew(&mut self, pointer: &str, value: Option<Json>) -> Result<Vec<u32>, EditError> {
        let keys = locate::keys(pointer).ok_or(EditError::NoSuchPlace)?;
        let (last, outer) = keys.split_last().ok_or(EditError::NoSuchPlace)?;
        match (get(&self.tree, outer), &value) {
            (Some(Json::Arr(items)), _) => {
                let item: usize = last.parse().map_err(|_| EditError::NoSuchPlace)?;
                if item > items.len() || (value.is_none() && item == items.len()) {
                    return Err(EditError::NoSuchPlace);
                }
            }
            (Some(Json::Obj(_)), _) => {}
            _ => return Err(EditError::NoSuchPlace),
        }
        match value {
            Some(value) => put(&mut self.tree, &keys, Some(value)),
            None => take(&mut self.tree, &keys),
        }
        .ok_or(EditError::NoSuchPlace)?;
        Ok(self.again())
    }

    /// Reads everything again from the tree; what was wrong with it stays wrong.
    fn again(&mut self) -> Vec<u32> {
        let flawed: Vec<Problem> = self
            .answers
            .problems
            .iter()
            .filter(|p| is_flaw(p.code))
            .cloned()
            .collect();
        let before = core::mem::take(&mut self.verdicts);
        let text = self.tree.canonical();
        self.restart(&text);
        let mut repaired = Vec::new();
        let number = if let Chosen::Variant(number) = self.chosen {
            number
        } else {
            0
        };
        if let Some(plan) = self.ruleset.plan(number) {
            for problem in flawed {
                if let Some(Place::Slot(step, slot)) =
                    locate::place(&plan.form, &self.answers.store, &problem.at)
                {
                    let index = step.base(&self.answers.store) + slot as usize;
                    if let Some(value) = self.answers.store.values.get_mut(index) {
                        *value = V::MISSING;
                    }
                }
                self.answers.problems.retain(|p| p.at != problem.at);
                repaired.push(problem);
            }
            let rules = plan.rules.len() as u32;
            if !repaired.is_empty() && matches!(self.chosen, Chosen::Variant(_)) {
                self.answers.problems.append(&mut repaired);
                let all: Vec<u32> = (0..rules).collect();
                self.judge(&all, None);
            }
        }
        let changed = |(number, verdicts): (usize, &Vec<Verdict>)| {
            (before.get(number) != Some(verdicts)).then_some(number as u32)
        };
        self.verdicts.iter().enumerate().filter_map(changed).collect()
    }

    /// Judges some rules again; of a rule decided item by item only `item`, where it is given.
    fn judge(&mut self, rules: &[u32], item: Option<u32>) -> Vec<u32> {
        if !matches!(self.chosen, Chosen::Variant(_)) {
            return Vec::new();
        }
        let mut verdicts = core::mem::take(&mut self.verdicts);
        let changed = self.with(Detail::default(), |checker| {
            let mut changed = Vec::new();
            let Some(cx) = checker.context(&self.answers) else {
                return changed;
            };
            let mut eval = Eval::new(cx);
            let mut fresh = Vec::new();
            for number in rules {
                let Some(slot) = verdicts.get_mut(*number as usize) else {
                    continue;
                };
                let one = item.and_then(|item| slot.iter_mut().find(|v| v.item == item).map(|v| (item, v)));
                let by_item = self.dependents.item_only(*number);
                if let (true, Some((item, verdict)), Some(rule)) =
                    (by_item, one, cx.plan.rules.get(*number as usize))
                    && let crate::eval::Subjects::Each(items) = eval.subjects(rule)
                {
                    eval.bind_each(items, item);
                    let outcome = eval.outcome(rule);
                    eval.unbind_each();
                    if verdict.outcome != outcome {
                        verdict.outcome = outcome;
                        changed.push(*number);
                    }
                    continue;
                }
                fresh.clear();
                judge::judge_rule(&mut eval, *number, &mut fresh);
                if *slot != fresh {
                    slot.clone_from(&fresh);
                    changed.push(*number);
                }
            }
            changed
        });
        self.verdicts = verdicts;
        changed
    }

    /// The verdicts of a rule.
    pub fn verdicts(&self, rule: u32) -> &[Verdict] {
        self.verdicts.get(rule as usize).map_or(&[], Vec::as_slice)
    }

    /// Everything decided, as a fresh check would have it.
    pub fn judged(&self) -> Judged {
        let verdicts = self.verdicts.iter().flatten().copied().collect();
        let lacks = self.with(Detail::default(), |checker| {
            match (checker.context(&self.answers), checker.plan()) {
                (Some(cx), Some(plan)) if matches!(self.chosen, Chosen::Variant(_)) => {
                    entry::lacks(&mut Eval::new(cx), &entry::Needs::of(&plan.form))
                }
                _ => Vec::new(),
            }
        });
        Judged { verdicts, lacks }
    }

    /// The report, byte for byte that of a fresh check of these answers.
    pub fn report(&self, detail: Detail) -> Report {
        let judged = self.judged();
        self.with(detail, |checker| {
            checker.write(&self.answers, &judged, &self.tree)
        })
    }

    /// What decided a verdict.
    pub fn trace(&self, verdict: &Verdict) -> Trace {
        self.with(Detail::default(), |checker| {
            checker.context(&self.answers).map_or_else(Trace::default, |cx| {
                judge::trace(&mut Eval::new(cx), verdict, false)
            })
        })
    }

    /// The pointer of a slot, for traces.
    pub fn pointer(&self, step: Step, slot: u32) -> String {
        let number = if let Chosen::Variant(number) = self.chosen {
            number
        } else {
            0
        };
        self.ruleset.plan(number).map_or(String::new(), |plan| {
            crate::answers::of_slot(&plan.form, &self.answers.store, step, slot)
        })
    }

    /// Whether a field or group is asked: `false` only where its relevance, or that of a group around it, is surely false.
    pub fn relevant(&self, pointer: &str) -> bool {
        self.with(Detail::default(), |checker| {
            let (Some(cx), Some(plan)) = (checker.context(&self.answers), checker.plan()) else {
                return true;
            };
            let Some(place) = locate::place(&plan.form, &self.answers.store, pointer) else {
                return false;
            };
            let (step, member) = match place {
                Place::Slot(step, slot) => (step, Some(slot)),
                Place::Item { record, slot, .. } => (record, Some(slot)),
                Place::Group(step, _) => (step, None),
            };
            let mut eval = Eval::new(cx);
            if step != Step::ROOT {
                eval.set_frame(0, Frame::Item(step.base(cx.store) as u32, step.list, step.item));
            }
            let Some(scope) = plan.form.scopes.get(step.scope(cx.store)) else {
                return true;
            };
            let mut nodes = Vec::new();
            let field = member.and_then(|slot| scope.fields.get(slot as usize));
            nodes.extend(field.and_then(|field| field.relevant));
            let group = if let Place::Group(_, group) = place {
                Some(group)
            } else {
                None
            };
            for (number, candidate) in scope.groups.iter().enumerate() {
                let around = match (member, group) {
                    (Some(slot), _) => scope.holds(number as u32, slot),
                    (None, Some(group)) => number as u32 == group || scope.nests(number as u32, group),
                    (None, None) => false,
                };
                if around {
                    nodes.extend(candidate.relevant);
                }
            }
            nodes.into_iter().all(|node| eval.truth(node) != Truth::False)
        })
    }

    /// Counts of the verdicts that are shown: failed, undetermined or faulted, rules of kind `entry` left out.
    pub fn open(&self) -> (usize, usize) {
        let number = if let Chosen::Variant(number) = self.chosen {
            number
        } else {
            0
        };
        let Some(plan) = self.ruleset.plan(number) else {
            return (0, 0);
        };
        let mut counts = (0, 0);
        for (rule, verdicts) in plan.rules.iter().zip(&self.verdicts) {
            if rule.kind == RuleKind::Entry {
                continue;
            }
            for verdict in verdicts {
                match verdict.outcome {
                    Outcome::Fail => counts.0 += 1,
                    Outcome::Undetermined(_) | Outcome::Faulted(_) => counts.1 += 1,
                    Outcome::Pass | Outcome::NotApplicable => {}
                }
            }
        }
        counts
    }

    /// The answers as canonical JSON.
    pub fn answers(&self) -> String {
        self.tree.canonical()
    }
}

/// Is it an item of a list whose length is limited?
fn counted(form: &Form, answers: &Answers, place: Place) -> bool {
    let Place::Item { record, slot, .. } = place else {
        return false;
    };
    let scope = form.scopes.get(record.scope(&answers.store));
    let field = scope.and_then(|scope| scope.fields.get(slot as usize));
    field.is_some_and(|field| field.min_items.is_some() || field.max_items.is_some())
}

fn is_flaw(code: ProblemCode) -> bool {
    matches!(
        code,
        ProblemCode::DuplicateKey | ProblemCode::LoneSurrogate | ProblemCode::NotFinite
    )
}

fn get<'a>(tree: &'a Json, keys: &[Cow<'_, str>]) -> Option<&'a Json> {
    let mut at = tree;
    for key in keys {
        at = match at {
            Json::Arr(items) => items.get(key.parse::<usize>().ok()?)?,
            other => other.get(key)?,
        };
    }
    Some(at)
}

/// Takes away a member or an item that is there.
fn take(tree: &mut Json, keys: &[Cow<'_, str>]) -> Option<()> {
    let (key, rest) = keys.split_first()?;
    match tree {
        Json::Arr(items) => {
            let item: usize = key.parse().ok()?;
            if rest.is_empty() {
                if item < items.len() {
                    items.remove(item);
                }
                return Some(());
            }
            take(items.get_mut(item)?, rest)
        }
        Json::Obj(members) if rest.is_empty() => {
            members.retain(|(name, _)| name != key);
            Some(())
        }
        Json::Obj(members) => {
            let (_, inner) = members.iter_mut().find(|(name, _)| name == key)?;
            take(inner, rest)
        }
        _ => None,
    }
}

/// Puts a value (or, with `None`, removes it), making the objects and lists on the way.
fn put(tree: &mut Json, keys: &[Cow<'_, str>], value: Option<Json>) -> Option<()> {
    let Some((key, rest)) = keys.split_first() else {
        *tree = value.unwrap_or_default();
        return Some(());
    };
    if let Json::Arr(items) = tree {
        let item: usize = key.parse().ok()?;
        if item == items.len() && rest.is_empty() {
            items.push(value?);
            return Some(());
        }
        return put(items.get_mut(item)?, rest, value);
    }
    if rest.first().is_some_and(|next| next == "0") && tree.get(key).is_none_or(|inner| *inner == Json::Null)
    {
        put(tree, core::slice::from_ref(key), Some(Json::Arr(Vec::new())))?;
    }
    if !matches!(tree, Json::Obj(_)) {
        *tree = Json::Obj(Vec::new());
    }
    let Json::Obj(members) = tree else { return None };
    let found = members.iter().position(|(name, _)| name == key);
    match (found, rest.is_empty(), value) {
        (Some(i), true, None) => {
            members.remove(i);
            Some(())
        }
        (None, _, None) => Some(()),
        (Some(i), _, value) => put(&mut members.get_mut(i)?.1, rest, value),
        (None, _, Some(value)) => {
            members.push((key.to_string(), Json::Null));
            put(&mut members.last_mut()?.1, rest, Some(value))
        }
    }
}
