//! The report: what a check answers, as canonical JSON.
//!
//! In: a chosen plan, what was judged. Out: `Report`. Must not know: where answers came from. Texts are made here, last.

use crate::answers::{Answers, Grade, ProblemCode, Step, of_record, of_slot};
use crate::digest::sha256;
use crate::eval::trace::{Path, Trace};
use crate::eval::{Eval, Frame, Outcome};
use crate::form::{Kind, Text};
use crate::json::Json;
use crate::judge::{self, Judged, Verdict};
use crate::plan::{Op, Part, Rule, RuleKind, Section, Severity};
use crate::truth::{Truth, Why};
use crate::value::{NO_LIST, V};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// A report: canonical JSON with the words that callers ask for first.
///
/// ```
/// use rules_core::{Options, Ruleset, domain::date::Date, json::Json};
/// # const BUNDLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/shop.rules.json"));
/// # let ruleset = Ruleset::load(BUNDLE).unwrap();
/// let report = ruleset.check(r#"{"kind": "shop", "guests": [{"age": 17}]}"#, &Options::on(Date::parse("2026-03-02").unwrap()));
/// let finding = report.json().get("verdict").and_then(|verdict| verdict.get("findings")?.as_arr()?.first()).unwrap();
/// assert_eq!(finding.get("rule").and_then(Json::as_str), Some("adults_only"));
/// assert!(report.canonical().contains(report.digest()));
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct Report {
    json: Json,
    digest: String,
    entry: &'static str,
    verdict: &'static str,
}

impl Report {
    /// The report as a tree.
    pub fn json(&self) -> &Json {
        &self.json
    }

    /// The report's bytes (RFC 8785): equal reports are equal bytes on every platform.
    pub fn canonical(&self) -> String {
        self.json.canonical()
    }

    /// `sha256:…` of everything else in the report.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// `complete`, `incomplete` or `invalid`.
    pub fn entry(&self) -> &'static str {
        self.entry
    }

    /// `pass`, `fail`, `undetermined` or `not_applicable`.
    pub fn verdict(&self) -> &'static str {
        self.verdict
    }
}

/// What stands at the head of a report.
#[derive(Clone, Debug, Default)]
pub struct Head<'a> {
    /// Id, version, digest of the ruleset.
    pub ruleset: [&'a str; 3],
    /// Id, version, digest of each layer below it that took part.
    pub layers: Vec<[&'a str; 3]>,
    /// Names and digests of the tables that took part.
    pub tables: Vec<(&'a str, &'a str)>,
    /// Six digits.
    pub jurisdiction: String,
    /// Day of the check.
    pub as_of: String,
    /// `sha256:…` of the canonical answers.
    pub answers: String,
}

fn object(members: Vec<(&str, Json)>) -> Json {
    Json::Obj(
        members
            .into_iter()
            .map(|(key, value)| (key.to_string(), value))
            .collect(),
    )
}

fn text(value: &Text) -> Json {
    let mut members = Vec::from([("zh", Json::from(value.zh.as_str()))]);
    if !value.en.is_empty() {
        members.push(("en", Json::from(value.en.as_str())));
    }
    object(members)
}

fn named(names: &[&str; 3]) -> Json {
    let [id, version, digest] = *names;
    object(Vec::from([
        ("id", id.into()),
        ("version", version.into()),
        ("digest", digest.into()),
    ]))
}

/// Seals the members of a report: head, entry, verdict, then the digest over all of them.
fn seal(head: &Head<'_>, entry: (&'static str, Json), verdict: (&'static str, Json)) -> Report {
    let tables = head
        .tables
        .iter()
        .map(|(name, digest)| (name.to_string(), Json::from(*digest)))
        .collect();
    let mut json = object(Vec::from([
        ("report", Json::from(1.0)),
        ("ruleset", named(&head.ruleset)),
        ("layers", Json::Arr(head.layers.iter().map(named).collect())),
        ("tables", Json::Obj(tables)),
        ("jurisdiction", Json::from(head.jurisdiction.as_str())),
        ("as_of", Json::from(head.as_of.as_str())),
        ("entry", entry.1),
        ("verdict", verdict.1),
        ("answers", Json::from(head.answers.as_str())),
    ]));
    let digest = sha256(json.canonical().as_bytes());
    if let Json::Obj(members) = &mut json {
        members.push(("digest".to_string(), Json::from(digest.as_str())));
    }
    Report {
        json,
        digest,
        entry: entry.0,
        verdict: verdict.0,
    }
}

/// The report of a ruleset that does not hold on that day or for that place. `reason` is `out_of_force` or `other_area`.
pub fn not_applicable(head: &Head<'_>, problems: &Answers, reason: &'static str) -> Report {
    let problems = Problems::of(problems);
    let verdict = object(Vec::from([
        ("outcome", "not_applicable".into()),
        ("reason", reason.into()),
        ("counts", counts(&[0; 5])),
        ("findings", Json::Arr(Vec::new())),
    ]));
    let word = problems.outcome();
    seal(head, (word, problems.json(word)), ("not_applicable", verdict))
}

/// What a report may leave out or add.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Detail {
    /// Evidence with each finding.
    pub explain: bool,
    /// Passes and rules that do not apply, too.
    pub all: bool,
}

/// The report of what was judged.
pub fn write(
    head: &Head<'_>,
    eval: &mut Eval<'_>,
    answers: &Answers,
    judged: &Judged,
    detail: Detail,
) -> Report {
    let cx = eval.context();
    let form = &cx.plan.form;
    let mut problems = Problems::of(answers);
    // Of an entry that could not be read nothing is known to be absent.
    let unread = answers
        .problems
        .iter()
        .any(|problem| problem.at.is_empty() && problem.code.unreadable());
    for (step, slot, code) in judged.lacks.iter().filter(|_| !unread) {
        let at = of_slot(form, cx.store, *step, *slot);
        // What was given and could not be read is wrong, not absent.
        if *code != ProblemCode::Required || !answers.problems.iter().any(|problem| problem.at == at) {
            problems.add(at, *code);
        }
    }
    let mut tally = [0u32; 5];
    let mut sections: Vec<(&Section, [u32; 5])> = cx.plan.sections.iter().map(|one| (one, [0; 5])).collect();
    let mut findings = Vec::new();
    for verdict in &judged.verdicts {
        let Some(rule) = cx.plan.rules.get(verdict.rule as usize) else {
            continue;
        };
        if rule.kind == RuleKind::Entry {
            match verdict.outcome {
                Outcome::Fail => problems.rule(eval, rule, verdict, "contradiction", Grade::Error),
                Outcome::Faulted(fault) => problems.rule(eval, rule, verdict, fault.code(), Grade::Warning),
                Outcome::Pass | Outcome::NotApplicable | Outcome::Undetermined(_) => {}
            }
            continue;
        }
        let section = sections
            .iter_mut()
            .find(|(one, _)| one.rules.contains(&verdict.rule));
        let counts = section.map(|(_, counts)| counts);
        for counts in counts.into_iter().chain([&mut tally]) {
            if let Some(count) = counts.get_mut(verdict.outcome.index()) {
                *count += 1;
            }
        }
        let wanted = match verdict.outcome {
            Outcome::Fail | Outcome::Undetermined(_) | Outcome::Faulted(_) => true,
            Outcome::Pass | Outcome::NotApplicable => detail.all,
        };
        if wanted {
            findings.push(finding(eval, rule, verdict, detail.explain));
        }
    }
    let whole = judged.whole(&cx).word();
    let mut verdict = Vec::from([
        ("outcome", whole.into()),
        ("counts", counts(&tally)),
        ("findings", Json::Arr(findings)),
    ]);
    if !sections.is_empty() {
        let sections = sections.into_iter().map(|(one, tally)| {
            object(Vec::from([
                ("section", Json::from(one.id.as_str())),
                ("counts", counts(&tally)),
            ]))
        });
        verdict.push(("sections", Json::Arr(sections.collect())));
    }
    let word = problems.outcome();
    seal(head, (word, problems.json(word)), (whole, object(verdict)))
}

fn counts(tally: &[u32; 5]) -> Json {
    let named = Outcome::WORDS.iter().zip(tally);
    Json::Obj(
        named
            .map(|(word, count)| (word.to_string(), Json::from(*count)))
            .collect(),
    )
}

/// Problems of the entry as they are written.
struct Problems {
    list: Vec<(String, Json)>,
    more: usize,
    worst: Option<Grade>,
}

impl Problems {
    fn of(answers: &Answers) -> Problems {
        let mut out = Problems {
            list: Vec::new(),
            more: answers.more_problems,
            worst: None,
        };
        for problem in &answers.problems {
            out.add(problem.at.clone(), problem.code);
        }
        out
    }

    fn note(&mut self, grade: Grade) {
        self.worst = match (self.worst, grade) {
            (Some(Grade::Error), _) | (_, Grade::Error) => Some(Grade::Error),
            (Some(Grade::Incomplete), _) | (_, Grade::Incomplete) => Some(Grade::Incomplete),
            (None | Some(Grade::Warning), Grade::Warning) => Some(Grade::Warning),
        };
    }

    fn add(&mut self, at: String, code: ProblemCode) {
        let (zh, en) = code.text();
        self.note(code.grade());
        self.list.push((
            at.clone(),
            object(Vec::from([
                ("at", at.into()),
                ("code", code.word().into()),
                ("severity", code.grade().word().into()),
                (
                    "message",
                    object(Vec::from([("zh", zh.into()), ("en", en.into())])),
                ),
            ])),
        ));
    }

    fn rule(
        &mut self,
        eval: &mut Eval<'_>,
        rule: &Rule,
        verdict: &Verdict,
        code: &'static str,
        grade: Grade,
    ) {
        let trace = judge::trace(eval, verdict, false);
        let cx = eval.context();
        let at = match trace.at.first() {
            Some((step, slot)) => of_slot(&cx.plan.form, cx.store, *step, *slot),
            None => item_pointer(eval, verdict).unwrap_or_default(),
        };
        self.note(grade);
        self.list.push((
            at.clone(),
            object(Vec::from([
                ("at", at.into()),
                ("code", code.into()),
                ("severity", grade.word().into()),
                ("message", message(eval, rule)),
                ("rule", rule.id.as_str().into()),
            ])),
        ));
        eval.unbind_each();
    }

    fn outcome(&self) -> &'static str {
        match self.worst {
            Some(Grade::Error) => "invalid",
            Some(Grade::Incomplete) => "incomplete",
            Some(Grade::Warning) | None => "complete",
        }
    }

    fn json(self, outcome: &'static str) -> Json {
        // Whatever the order of the keys in the text, equal answers give equal reports.
        let mut list = self.list;
        crate::sort::sort_by(&mut list, |a, b| order(&a.0, &b.0));
        let list = list.into_iter().map(|(_, problem)| problem).collect();
        let mut members = Vec::from([("outcome", outcome.into()), ("problems", Json::Arr(list))]);
        if self.more > 0 {
            members.push(("more_problems", Json::from(self.more as f64)));
        }
        object(members)
    }
}

/// Pointers key by key, list items by their number.
fn order(a: &str, b: &str) -> core::cmp::Ordering {
    let (mut a, mut b) = (a.split('/'), b.split('/'));
    loop {
        let (x, y) = (a.next(), b.next());
        let by_number = x
            .and_then(|x| x.parse::<u32>().ok())
            .zip(y.and_then(|y| y.parse::<u32>().ok()));
        let order = by_number.map_or_else(|| x.cmp(&y), |(x, y)| x.cmp(&y));
        if order.is_ne() || x.is_none() {
            return order;
        }
    }
}

fn item_pointer(eval: &Eval<'_>, verdict: &Verdict) -> Option<String> {
    let cx = eval.context();
    let step = Step {
        list: verdict.list,
        item: verdict.item,
    };
    (verdict.list != NO_LIST).then(|| of_record(&cx.plan.form, cx.store, step))
}

fn pointers(eval: &Eval<'_>, paths: &[Path]) -> Json {
    let cx = eval.context();
    Json::Arr(
        paths
            .iter()
            .map(|(step, slot)| of_slot(&cx.plan.form, cx.store, *step, *slot).into())
            .collect(),
    )
}

fn finding(eval: &mut Eval<'_>, rule: &Rule, verdict: &Verdict, explain: bool) -> Json {
    let trace = judge::trace(eval, verdict, explain);
    let cx = eval.context();
    // An author's message and remedy speak of a violation; of what is open nothing of the kind is said.
    let failed = verdict.outcome == Outcome::Fail;
    let clauses = rule
        .clauses
        .iter()
        .filter_map(|clause| cx.plan.clauses.get(*clause as usize));
    let mut members = Vec::from([
        ("rule", Json::from(rule.id.as_str())),
        ("kind", kind_word(rule.kind).into()),
        ("outcome", verdict.outcome.word().into()),
        ("severity", severity_word(rule.severity).into()),
        ("at", pointers(eval, &trace.at)),
        (
            "clauses",
            Json::Arr(clauses.map(|clause| clause.id.as_str().into()).collect()),
        ),
        (
            "message",
            if failed {
                message(eval, rule)
            } else {
                text(&rule.title)
            },
        ),
    ]);
    if let Some(item) = item_pointer(eval, verdict) {
        members.push(("item", item.into()));
    }
    match verdict.outcome {
        Outcome::Undetermined(why) => {
            members.push(("reason", reason(eval, why)));
            members.push(("missing", pointers(eval, &trace.missing)));
        }
        Outcome::Faulted(fault) => members.push(("reason", fault.code().into())),
        Outcome::Pass | Outcome::Fail | Outcome::NotApplicable => {}
    }
    if let (Some((value, node)), true) = (trace.margin, margin_counts(verdict.outcome)) {
        members.push((
            "margin",
            object(Vec::from([
                ("value", value.into()),
                ("unit", unit(eval, node).into()),
            ])),
        ));
    }
    if failed && !rule.remedy.zh.is_empty() {
        members.push(("remedy", text(&rule.remedy)));
    }
    if !rule.duty.zh.is_empty() {
        members.push(("duty", text(&rule.duty)));
    }
    if let (Some(node), Outcome::Fail) = (rule.deadline, verdict.outcome)
        && let V::Date(day) = eval.value(node)
    {
        members.push(("deadline", day.to_string().into()));
    }
    if explain {
        members.push(("evidence", evidence(eval, &trace)));
    }
    eval.unbind_each();
    object(members)
}

/// A margin says something only of what a comparison decided or left too close.
fn margin_counts(outcome: Outcome) -> bool {
    match outcome {
        Outcome::Pass | Outcome::Fail => true,
        Outcome::Undetermined(why) => why == Why::TooClose,
        Outcome::NotApplicable | Outcome::Faulted(_) => false,
    }
}

fn unit(eval: &Eval<'_>, node: u32) -> String {
    let units = &eval.context().plan.units;
    let found = units.binary_search_by_key(&node, |(node, _)| *node).ok();
    found
        .and_then(|i| units.get(i))
        .map_or(String::new(), |(_, unit)| unit.clone())
}

fn reason(eval: &Eval<'_>, why: Why) -> Json {
    match why {
        Why::Author(number) => eval
            .context()
            .plan
            .reasons
            .get(usize::from(number))
            .map_or("", String::as_str)
            .into(),
        why => why.word().unwrap_or("").into(),
    }
}

fn evidence(eval: &mut Eval<'_>, trace: &Trace) -> Json {
    let cx = eval.context();
    let fields = if trace.read.is_empty() {
        &trace.at
    } else {
        &trace.read
    };
    let beside = trace.beside.iter().filter(|path| !fields.contains(path));
    let values = fields.iter().chain(beside).map(|(step, slot)| {
        object(Vec::from([
            ("at", of_slot(&cx.plan.form, cx.store, *step, *slot).into()),
            ("value", field_value(eval, *step, *slot)),
        ]))
    });
    let values = values.collect();
    let mut truths = Vec::new();
    for (node, truth) in &trace.truths {
        let spans = &cx.plan.spans;
        let Some(span) = spans
            .binary_search_by_key(node, |span| span.node)
            .ok()
            .and_then(|i| spans.get(i))
        else {
            continue;
        };
        let source = cx.plan.texts.get(span.text as usize);
        let words = source
            .and_then(|text| text.get(span.start as usize..span.end as usize))
            .unwrap_or("");
        let truth = match truth {
            Truth::True => Json::from(true),
            Truth::False => Json::from(false),
            Truth::Unknown(why) => reason(eval, *why),
        };
        truths.push(object(Vec::from([
            ("expression", one_line(words).into()),
            ("truth", truth),
        ])));
    }
    object(Vec::from([
        ("values", Json::Arr(values)),
        ("truths", Json::Arr(truths)),
    ]))
}

/// An author's text with every run of white space as one space.
fn one_line(words: &str) -> String {
    let mut out = String::new();
    for word in words.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// A field's value as JSON; personal data masked.
fn field_value(eval: &Eval<'_>, step: Step, slot: u32) -> Json {
    let cx = eval.context();
    let scope = cx.plan.form.scopes.get(step.scope(cx.store));
    let Some(field) = scope.and_then(|scope| scope.fields.get(slot as usize)) else {
        return Json::Null;
    };
    let value = cx
        .store
        .values
        .get(step.base(cx.store) + slot as usize)
        .copied()
        .unwrap_or(V::MISSING);
    if field.sensitive && value.why().is_none() {
        return crate::domain::resident_id::MASK.into();
    }
    match value {
        V::Bool(value) => value.into(),
        V::Num(value) if field.kind == Kind::Measure => object(Vec::from([
            ("value", value.into()),
            ("tolerance", Json::from(0.0)),
        ])),
        V::Num(value) => value.into(),
        V::Measure(value, tolerance) => object(Vec::from([
            ("value", value.into()),
            ("tolerance", tolerance.into()),
        ])),
        V::Text(_) | V::Choice(_) | V::Date(_) | V::DateTime(_) => {
            let mut out = String::new();
            eval.write_plain(value, &mut out);
            out.into()
        }
        V::Set(set) => {
            let codes = field
                .options
                .iter()
                .enumerate()
                .filter(|(i, _)| set >> i & 1 == 1);
            let code = |symbol: u32| cx.plan.symbols.get(symbol as usize).map_or("", String::as_str);
            Json::Arr(codes.map(|(_, option)| code(option.symbol).into()).collect())
        }
        V::Point(home, number) => match eval.point(home, number) {
            Some(point) => object(Vec::from([
                ("lng", point.at.lng.into()),
                ("lat", point.at.lat.into()),
                ("accuracy", point.accuracy.into()),
                ("crs", point.crs.name().into()),
            ])),
            None => Json::Null,
        },
        V::Area(..) => "area".into(),
        V::File => "file".into(),
        V::List(list) => {
            let len = cx.store.lists.get(list as usize).map_or(0, |list| list.len);
            object(Vec::from([("items", Json::from(len))]))
        }
        V::Unknown(_) | V::Bounded(..) | V::Rows(_) | V::Row(..) => Json::Null,
    }
}

/// A rule's message for what the frames are bound to; its title where it has none.
fn message(eval: &mut Eval<'_>, rule: &Rule) -> Json {
    if rule.message.zh.is_empty() {
        return text(&rule.title);
    }
    let mut members = Vec::from([("zh", Json::from(filled(eval, &rule.message.zh, false)))]);
    if !rule.message.en.is_empty() {
        members.push(("en", Json::from(filled(eval, &rule.message.en, true))));
    }
    object(members)
}

fn filled(eval: &mut Eval<'_>, parts: &[Part], english: bool) -> String {
    let mut out = String::new();
    for part in parts {
        match part {
            Part::Text(words) => out.push_str(words),
            Part::Node(node) => {
                let value = eval.value(*node);
                match value {
                    V::Unknown(_) | V::Bounded(..) => {
                        out.push_str(if english { "(not given)" } else { "「未填」" })
                    }
                    V::Choice(symbol) => match option_label(eval, *node, symbol, english) {
                        Some(label) => out.push_str(&label),
                        None => eval.write_plain(value, &mut out),
                    },
                    V::Bool(value) if english => out.push_str(if value { "yes" } else { "no" }),
                    // Distances have more digits than anyone measured.
                    V::Num(value) => {
                        eval.write_plain(V::Num(libm::round(value * 100.0) / 100.0), &mut out);
                    }
                    _ => eval.write_plain(value, &mut out),
                }
            }
        }
    }
    out
}

/// The label of an option where the node is a field.
fn option_label(eval: &Eval<'_>, node: u32, symbol: u32, english: bool) -> Option<String> {
    let cx = eval.context();
    let node = cx.plan.nodes.get(node as usize)?;
    let (scope, slot) = match node.op {
        Op::Slot => (0, node.a),
        Op::Item => match eval.frames.get(node.a as usize)? {
            Frame::Item(_, list, _) => (cx.store.lists.get(*list as usize)?.scope as usize, node.b),
            Frame::Empty | Frame::Row(..) => return None,
        },
        _ => return None,
    };
    let field = cx.plan.form.scopes.get(scope)?.fields.get(slot as usize)?;
    let label = &field.options.iter().find(|option| option.symbol == symbol)?.label;
    Some(if english && !label.en.is_empty() {
        label.en.clone()
    } else {
        label.zh.clone()
    })
}

/// The word of a rule's kind.
pub fn kind_word(kind: RuleKind) -> &'static str {
    match kind {
        RuleKind::Duty => "duty",
        RuleKind::Prohibition => "prohibition",
        RuleKind::Trigger => "trigger",
        RuleKind::Entry => "entry",
    }
}

/// The word of a severity.
pub fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "critical",
        Severity::Major => "major",
        Severity::Moderate => "moderate",
        Severity::Minor => "minor",
    }
}

/// Six digits of a division code.
pub fn code_text(code: u32) -> String {
    let mut digits = String::new();
    let mut rest = code;
    let mut place = 100_000;
    for _ in 0..6 {
        digits.push(char::from_digit(rest / place % 10, 10).unwrap_or('0'));
        rest %= place.max(1);
        place = (place / 10).max(1);
    }
    digits
}
