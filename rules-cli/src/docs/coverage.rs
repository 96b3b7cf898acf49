//! Which clauses of the registered documents are rules: what a lawyer asks first, and what the house holds itself to.
//!
//! In: registers, rulesets. Out: per clause the rules that rest on it, per document how many of each kind. Must not know: HTML, files.

use crate::project::Project;
use rules_compiler::ast::{Clause, Expr, ExprKind, Register, Rule, Ruleset};
use std::collections::BTreeMap;

/// How a clause is dealt with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Status {
    /// Rules decide it from what was observed.
    Observed,
    /// At least one of its rules rests on an inspector's finding.
    Judged,
    /// No form can decide it, for the reason that the register gives.
    Undecidable,
    /// Neither: somebody forgot it.
    Open,
}

impl Status {
    /// All, in the order of the table.
    pub(super) const ALL: [Status; 4] = [
        Status::Observed,
        Status::Judged,
        Status::Undecidable,
        Status::Open,
    ];

    /// For a style and for machines.
    pub(super) fn word(self) -> &'static str {
        match self {
            Status::Observed => "observed",
            Status::Judged => "judged",
            Status::Undecidable => "undecidable",
            Status::Open => "open",
        }
    }

    /// What people call it, in Chinese and English.
    pub(super) fn text(self) -> (&'static str, &'static str) {
        match self {
            Status::Observed => ("由事实判定", "decided from facts"),
            Status::Judged => ("由检查员认定", "an inspector's finding"),
            Status::Undecidable => ("表单不能判定", "not decidable from a form"),
            Status::Open => ("未处理", "not dealt with"),
        }
    }
}

/// A rule that rests on a clause.
#[derive(Clone, Copy)]
pub(super) struct Use<'p> {
    /// Number of the family among the project's.
    pub(super) family: usize,
    /// The file that the rule stands in.
    pub(super) ruleset: &'p Ruleset,
    pub(super) rule: &'p Rule,
}

/// All registers with the rules that rest on their clauses.
pub(super) struct Coverage<'p> {
    pub(super) registers: &'p [Register],
    uses: BTreeMap<&'p str, Vec<Use<'p>>>,
}

impl<'p> Coverage<'p> {
    pub(super) fn new(project: &'p Project) -> Coverage<'p> {
        let mut uses: BTreeMap<&str, Vec<Use<'_>>> = BTreeMap::new();
        for (number, family) in project.families.iter().enumerate() {
            for ruleset in &family.asts {
                for rule in &ruleset.rules {
                    for id in &rule.clauses {
                        uses.entry(id.value.as_str()).or_default().push(Use {
                            family: number,
                            ruleset,
                            rule,
                        });
                    }
                }
            }
        }
        Coverage {
            registers: project.registers.all(),
            uses,
        }
    }

    /// The rules that rest on a clause.
    pub(super) fn uses(&self, clause: &Clause) -> &[Use<'p>] {
        self.uses
            .get(clause.source.id.value.as_str())
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    /// How a clause is dealt with. A rule wins over a reason: what is decided is decidable.
    pub(super) fn status(&self, clause: &Clause) -> Status {
        let uses = self.uses(clause);
        if uses.iter().any(|one| is_judged(one.rule)) {
            Status::Judged
        } else if !uses.is_empty() {
            Status::Observed
        } else if !clause.undecidable.zh.is_empty() {
            Status::Undecidable
        } else {
            Status::Open
        }
    }

    /// The documents of which every clause is to be dealt with.
    pub(super) fn complete(&self) -> impl Iterator<Item = &'p Register> {
        self.registers.iter().filter(|register| register.complete)
    }

    /// How many clauses of a document there are of each status.
    pub(super) fn counts(&self, register: &Register) -> [usize; 4] {
        Status::ALL.map(|status| {
            let clauses = register.clauses.iter();
            clauses.filter(|clause| self.status(clause) == status).count()
        })
    }

    /// The rules that rest on clauses of a document.
    pub(super) fn rules(&self, register: &Register) -> usize {
        let uses = register.clauses.iter().flat_map(|clause| self.uses(clause));
        let mut ids: Vec<(usize, &str)> = uses.map(|one| (one.family, one.rule.id.value.as_str())).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.len()
    }

    /// The table as text.
    pub(super) fn table(&self) -> String {
        let mut out = format!(
            "{:<16} {:>7} {:>6} {:>9} {:>7} {:>12} {:>5}\n",
            "document", "clauses", "rules", "from facts", "finding", "undecidable", "open"
        );
        let mut total = [0; 7];
        let row = |name: &str, numbers: &[usize; 7]| {
            let [clauses, rules, observed, judged, undecidable, open, _] = numbers;
            format!(
                "{name:<16} {clauses:>7} {rules:>6} {observed:>10} {judged:>7} {undecidable:>12} {open:>5}\n"
            )
        };
        for register in self.complete() {
            let [observed, judged, undecidable, open] = self.counts(register);
            let numbers = [
                register.clauses.len(),
                self.rules(register),
                observed,
                judged,
                undecidable,
                open,
                register.clauses.len() - open,
            ];
            total.iter_mut().zip(numbers).for_each(|(sum, one)| *sum += one);
            out.push_str(&row(&register.document.value, &numbers));
        }
        let [clauses, .., done] = total;
        out.push_str(&row("all", &total));
        out.push_str(&format!("{done} of {clauses} clauses accounted for\n"));
        out
    }

    /// The clauses that are neither a rule nor told to be none.
    pub(super) fn open(&self) -> Vec<&'p str> {
        self.complete()
            .flat_map(|register| &register.clauses)
            .filter(|clause| self.status(clause) == Status::Open)
            .map(|clause| clause.source.id.value.as_str())
            .collect()
    }
}

/// Does a rule rest on what an inspector judged?
pub(super) fn is_judged(rule: &Rule) -> bool {
    let roots = [rule.require.as_ref(), rule.forbid.as_ref()];
    roots.into_iter().flatten().any(calls_met)
}

fn calls_met(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Call(name, _) if name.value == "met" => true,
        ExprKind::Bool(_)
        | ExprKind::Int(_)
        | ExprKind::Num(_)
        | ExprKind::Text(_)
        | ExprKind::Name(_)
        | ExprKind::Error => false,
        ExprKind::Member(of, _)
        | ExprKind::Not(of)
        | ExprKind::Neg(of)
        | ExprKind::Closure(_, of)
        | ExprKind::Index(of, _) => calls_met(of),
        ExprKind::Coalesce(a, b)
        | ExprKind::Binary(_, a, b)
        | ExprKind::In(a, b)
        | ExprKind::Range { low: a, high: b, .. } => calls_met(a) || calls_met(b),
        ExprKind::If(a, b, c) => calls_met(a) || calls_met(b) || calls_met(c),
        ExprKind::Interpolated(list)
        | ExprKind::Array(list)
        | ExprKind::And(list)
        | ExprKind::Or(list)
        | ExprKind::Call(_, list) => list.iter().any(calls_met),
    }
}
