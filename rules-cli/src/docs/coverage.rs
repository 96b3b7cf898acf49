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
    /// Some of its rules rest on an inspector's finding, others on what was observed.
    Mixed,
    /// Its rules rest on an inspector's finding.
    Judged,
    /// No form can decide it, for the reason that the register gives.
    Undecidable,
    /// Neither: somebody forgot it.
    Open,
}

impl Status {
    /// All, in the order of the table.
    pub(super) const ALL: [Status; 5] = [
        Status::Observed,
        Status::Mixed,
        Status::Judged,
        Status::Undecidable,
        Status::Open,
    ];

    /// For a style and for machines.
    pub(super) fn word(self) -> &'static str {
        match self {
            Status::Observed => "observed",
            Status::Mixed => "mixed",
            Status::Judged => "judged",
            Status::Undecidable => "undecidable",
            Status::Open => "open",
        }
    }

    /// What people call it, in Chinese and English.
    pub(super) fn text(self) -> (&'static str, &'static str) {
        match self {
            Status::Observed => ("由事实判定", "decided from facts"),
            Status::Mixed => (
                "部分由事实判定、部分由检查员认定",
                "partly facts, partly a finding",
            ),
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
        for (clause, uses) in &mut uses {
            uses.sort_by_key(|one| {
                one.rule
                    .clauses
                    .first()
                    .is_none_or(|first| first.value != *clause)
            });
        }
        Coverage {
            registers: project.registers.all(),
            uses,
        }
    }

    /// The rules that rest on a clause; those that name it first come first.
    pub(super) fn uses(&self, clause: &Clause) -> &[Use<'p>] {
        self.uses
            .get(clause.source.id.value.as_str())
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    /// How a clause is dealt with. A rule wins over a reason: what is decided is decidable.
    pub(super) fn status(&self, clause: &Clause) -> Status {
        let uses = self.uses(clause);
        let judged = uses.iter().filter(|one| is_judged(one.rule)).count();
        if judged > 0 && judged < uses.len() {
            Status::Mixed
        } else if judged > 0 {
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
    pub(super) fn counts(&self, register: &Register) -> [usize; 5] {
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
        let row = |name: &str, cells: &[usize; 7]| {
            let cells: Vec<String> = cells.iter().map(|cell| format!("{cell:>12}")).collect();
            format!("{name:<16}{}\n", cells.concat())
        };
        let heads = [
            "clauses",
            "rules",
            "from facts",
            "mixed",
            "finding",
            "undecidable",
            "open",
        ];
        let heads: Vec<String> = heads.iter().map(|head| format!("{head:>12}")).collect();
        let mut out = format!("{:<16}{}\n", "document", heads.concat());
        let mut total = [0; 7];
        for register in self.complete() {
            let [observed, mixed, judged, undecidable, open] = self.counts(register);
            let clauses = register.clauses.len();
            let cells = [
                clauses,
                self.rules(register),
                observed,
                mixed,
                judged,
                undecidable,
                open,
            ];
            total.iter_mut().zip(cells).for_each(|(sum, one)| *sum += one);
            out.push_str(&row(&register.document.value, &cells));
        }
        out.push_str(&row("all", &total));
        let counted = |supplement: bool| {
            let clauses = self.complete().flat_map(|register| &register.clauses);
            let clauses: Vec<&Clause> = clauses.filter(|clause| clause.supplement == supplement).collect();
            let done = clauses
                .iter()
                .filter(|clause| self.status(clause) != Status::Open)
                .count();
            (done, clauses.len())
        };
        let ((done, clauses), (more_done, more)) = (counted(false), counted(true));
        out.push_str(&format!("{done} of {clauses} clauses accounted for"));
        if more > 0 {
            out.push_str(&format!(", and {more_done} of {more} sentences found later"));
        }
        out.push('\n');
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
        _ => expr.children().into_iter().any(calls_met),
    }
}
