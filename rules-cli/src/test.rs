//! `rules test`: runs the cases of rulesets, and says which outcomes each rule has reached.

mod coverage;

use crate::fault::{Result, Status};
use crate::project::{self, Family, Project};
use crate::term::{self, BOLD, DIM, GREEN, RED, YELLOW, styled};
use indicatif::ProgressBar;
use rules_compiler::ast::{Case, Expect, Span};
use rules_compiler::diagnostic::{Code, Diagnostic};
use rules_core::answers::{Step, of_slot};
use rules_core::eval::Outcome;
use rules_core::judge::Verdict;
use rules_core::limits::Limits;
use rules_core::plan::Plan;
use rules_core::{Checker, Options, Ruleset, Scratch, Tables};
use rules_functions::RhaiFunctions;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  rules test rulesets
  rules test rulesets/venue/anshun-520400.yaml    with its base, whose cases run, too
  rules test rulesets --only 200
  rules test rulesets --coverage                  names the rules that lack a case

Cases stand in the ruleset under `cases` or in NAME.cases.yaml beside it. A case of a layer without a jurisdiction is checked
for the layer's own area. Failures are drawn on standard error with the case's place; the table is on standard output.";

/// Run the cases of rulesets
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Ruleset files, topic folders or the folder of all rulesets
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Only cases whose name contains this text
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Leave the tables of outcomes out
    #[arg(short, long)]
    quiet: bool,
    /// Fail where a rule has no case for an outcome that it can have: pass, fail, undetermined, not applicable, not due, without evidence
    #[arg(long, conflicts_with = "only")]
    coverage: bool,
}

pub(crate) fn run(args: &Args) -> Result<Status> {
    let project = Project::load(&args.paths)?.sound()?;
    let cases = project
        .families
        .iter()
        .filter_map(|family| family.compiled.as_ref());
    let bar = term::bar(cases.map(|compiled| compiled.cases.len()).sum(), "cases");
    let mut out = String::new();
    let (mut run, mut failed) = (0, 0);
    let mut lacking = Vec::new();
    for family in &project.families {
        let results = family_results(family, args.only.as_deref(), &bar)?;
        project::draw(&project.files, &results.failures);
        run += results.run;
        failed += results.failed;
        if args.coverage {
            lacking.extend(coverage::lacking(family, &results, &project.diagnostics));
        }
        table(&mut out, family, &results, args.quiet || args.coverage);
    }
    bar.finish_and_clear();
    let words = match (run, failed) {
        (0, _) => styled(YELLOW, "no cases were run"),
        (_, 0) => styled(GREEN, format!("{run} cases passed")),
        (_, failed) => styled(RED, format!("{failed} of {run} cases failed")),
    };
    for line in &lacking {
        out.push_str(&format!("{}\n", styled(YELLOW, line)));
    }
    if args.coverage {
        out.push_str(&format!("{} rules lack a case\n", lacking.len()));
    }
    out.push_str(&format!("{words}\n"));
    term::print(&out)?;
    Ok(if failed + lacking.len() > 0 {
        Status::Failed
    } else {
        Status::Ok
    })
}

/// What running the cases of a family gave.
#[derive(Default)]
struct Results {
    run: usize,
    failed: usize,
    failures: Vec<Diagnostic>,
    /// Rule to how often each outcome was reached, in the order of `Outcome::WORDS`.
    reached: BTreeMap<String, [usize; 5]>,
    /// Rule to the reasons for which it was undetermined.
    reasons: BTreeMap<String, BTreeSet<&'static str>>,
}

fn family_results(family: &Family, only: Option<&str>, bar: &ProgressBar) -> Result<Results> {
    let mut results = Results::default();
    let Some(compiled) = &family.compiled else {
        return Ok(results);
    };
    let ruleset = family.ruleset()?;
    let functions = RhaiFunctions::new();
    for (variant, case) in &compiled.cases {
        bar.inc(1);
        if only.is_some_and(|only| !case.name.value.contains(only)) {
            continue;
        }
        let own = ruleset
            .plan(*variant)
            .and_then(|plan| plan.layers.last())
            .map(|layer| layer.jurisdiction);
        let before = results.failures.len();
        let trial = if case.params.is_empty() {
            None
        } else {
            match compiled.with_params(&case.params) {
                Ok(trial) => Some(family.trial(&trial)?),
                Err(name) => {
                    let message = format!("there is no param `{}` that takes this value", name.value);
                    results
                        .failures
                        .push(Diagnostic::new(Code::R0701, name.span, message));
                    None
                }
            }
        };
        one(
            trial.as_ref().unwrap_or(&ruleset),
            case,
            case.jurisdiction.or(own),
            &functions,
            &mut results,
        );
        results.run += 1;
        results.failed += usize::from(results.failures.len() > before);
    }
    Ok(results)
}

/// Runs a case.
fn one(ruleset: &Ruleset, case: &Case, place: Option<u32>, functions: &RhaiFunctions, results: &mut Results) {
    let mut tables = Tables::new(ruleset);
    for (name, rows) in &case.tables {
        if let Err(error) = tables.insert(ruleset, name, rows, &Limits::DEFAULT) {
            let place = if error.at.is_empty() {
                String::new()
            } else {
                format!(" at {}", error.at)
            };
            let message = format!(
                "the table `{name}` of the case does not fit{place}: {}",
                error.code
            );
            results
                .failures
                .push(Diagnostic::new(Code::R0701, case.name.span, message));
            return;
        }
    }
    let mut options = Options::on(case.as_of);
    options.jurisdiction = place;
    options.tables = Some(&tables);
    options.functions = Some(functions);
    let checker = Checker::new(ruleset, &options);
    let mut scratch = Scratch::default();
    let report = checker.report(&case.answers, &mut scratch);
    let Some(plan) = checker.plan() else { return };
    for verdict in &scratch.judged.verdicts {
        if let (Some(rule), Outcome::Undetermined(why)) =
            (plan.rules.get(verdict.rule as usize), verdict.outcome)
        {
            let reasons = results.reasons.entry(rule.id.clone()).or_default();
            reasons.extend(why.word());
        }
        if let Some(rule) = plan.rules.get(verdict.rule as usize)
            && let Some(count) = results
                .reached
                .entry(rule.id.clone())
                .or_default()
                .get_mut(verdict.outcome.index())
        {
            *count += 1;
        }
    }
    let fail = |span: Span, message: String| {
        Diagnostic::new(Code::R0701, span, message).label(case.name.span, "in this case")
    };
    for (rule, expected) in &case.expect {
        let number = plan.rules.iter().position(|one| one.id == rule.value);
        let verdicts: Vec<&Verdict> = scratch
            .judged
            .verdicts
            .iter()
            .filter(|verdict| Some(verdict.rule as usize) == number)
            .collect();
        let unrun = Verdict {
            rule: 0,
            list: 0,
            item: 0,
            outcome: Outcome::NotApplicable,
        };
        // A rule that this place or day does not have says nothing: it does not apply.
        let absent = number.is_none() || scratch.judged.verdicts.is_empty();
        // One word says of all items that the rule does not apply to any.
        let none = verdicts.len() > 1
            && expected.len() == 1
            && verdicts
                .iter()
                .all(|verdict| verdict.outcome == Outcome::NotApplicable);
        let verdicts = if absent || none { vec![&unrun] } else { verdicts };
        if verdicts.len() != expected.len() {
            let actual: Vec<&str> = verdicts.iter().map(|verdict| verdict.outcome.word()).collect();
            let message = format!(
                "`{}`: {} expected, and there are {}: [{}]",
                rule.value,
                outcomes(expected.len()),
                verdicts.len(),
                actual.join(", ")
            );
            results.failures.push(fail(rule.span, message));
            continue;
        }
        for (number, (expect, verdict)) in expected.iter().zip(verdicts).enumerate() {
            let item = if expected.len() > 1 {
                format!(", item {}", number + 1)
            } else {
                String::new()
            };
            let actual = Actual {
                checker: &checker,
                plan,
                scratch: &scratch,
                verdict,
            };
            if let Some(difference) = actual.differs(expect) {
                let message = format!("`{}`{item}: {difference}", rule.value);
                results.failures.push(fail(expect.outcome.span, message));
            }
        }
    }
    for (expected, actual, what) in [
        (&case.entry, report.entry(), "the entry"),
        (&case.verdict, report.verdict(), "the verdict"),
    ] {
        if let Some(expected) = expected.as_ref().filter(|expected| expected.value != actual) {
            let message = format!("{what}: expected {}, got {actual}", expected.value);
            let mut failure = fail(expected.span, message);
            if what == "the entry" {
                failure = failure.help(problems(&report));
            }
            results.failures.push(failure);
        }
    }
}

fn outcomes(count: usize) -> String {
    if count == 1 {
        "one outcome is".to_owned()
    } else {
        format!("{count} outcomes are")
    }
}

/// What is wrong with an entry, in a line.
fn problems(report: &rules_core::Report) -> String {
    let problems = report.json().get("entry").and_then(|entry| entry.get("problems"));
    let problems = problems.and_then(rules_core::json::Json::as_arr).unwrap_or(&[]);
    let text = |one: &rules_core::json::Json, key: &str| {
        one.get(key)
            .and_then(rules_core::json::Json::as_str)
            .unwrap_or("")
            .to_owned()
    };
    let all: Vec<String> = problems
        .iter()
        .map(|one| format!("{} {}", text(one, "at"), text(one, "code")))
        .collect();
    if all.is_empty() {
        "the entry has no problems".to_owned()
    } else {
        format!("its problems: {}", all.join(", "))
    }
}

/// A verdict that came out.
struct Actual<'a> {
    checker: &'a Checker<'a>,
    plan: &'a Plan,
    scratch: &'a Scratch,
    verdict: &'a Verdict,
}

impl Actual<'_> {
    /// What is not as expected, if anything.
    fn differs(&self, expect: &Expect) -> Option<String> {
        let (outcome, reason) = (self.verdict.outcome.word(), self.reason());
        if outcome != expect.outcome.value {
            let why = reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
            let missing = self.pointers(|trace| trace.missing);
            let missing = if missing.is_empty() {
                String::new()
            } else {
                format!("; missing {}", missing.join(", "))
            };
            return Some(format!(
                "expected {}, got {outcome}{why}{missing}",
                expect.outcome.value
            ));
        }
        if let Some(expected) = &expect.reason
            && reason.as_ref() != Some(expected)
        {
            return Some(format!(
                "expected the reason {expected}, got {}",
                reason.as_deref().unwrap_or("none")
            ));
        }
        for (expected, actual, what) in [
            (&expect.missing, self.pointers(|trace| trace.missing), "missing"),
            (&expect.at, self.pointers(|trace| trace.at), "at"),
        ] {
            if let Some(expected) = expected {
                let sorted = |list: &[String]| {
                    let mut list = list.to_vec();
                    list.sort();
                    list.join(", ")
                };
                let (expected, actual) = (sorted(expected), sorted(&actual));
                if expected != actual {
                    return Some(format!("expected `{what}` to be [{expected}], got [{actual}]"));
                }
            }
        }
        if let Some(expected) = expect.margin {
            let actual = self
                .checker
                .trace(self.scratch, self.verdict)
                .margin
                .map(|(value, _)| value);
            // Cases are written in decimals that people read; a micrometre is beyond all of them.
            if actual.is_none_or(|actual| (actual - expected).abs() > 1e-6) {
                let actual = actual.map_or("none".to_owned(), |actual| actual.to_string());
                return Some(format!("expected the margin {expected}, got {actual}"));
            }
        }
        None
    }

    fn reason(&self) -> Option<String> {
        match self.verdict.outcome {
            Outcome::Undetermined(rules_core::truth::Why::Author(number)) => {
                self.plan.reasons.get(usize::from(number)).cloned()
            }
            Outcome::Undetermined(why) => why.word().map(str::to_owned),
            Outcome::Faulted(fault) => Some(fault.code().to_owned()),
            Outcome::Pass | Outcome::Fail | Outcome::NotApplicable => None,
        }
    }

    fn pointers(&self, pick: fn(rules_core::eval::trace::Trace) -> Vec<(Step, u32)>) -> Vec<String> {
        let paths = pick(self.checker.trace(self.scratch, self.verdict));
        let store = &self.scratch.answers.store;
        paths
            .iter()
            .map(|(step, slot)| of_slot(&self.plan.form, store, *step, *slot))
            .collect()
    }
}

/// Rules by the outcomes that they have reached. What every rule should reach and this one has not is marked.
fn table(out: &mut String, family: &Family, results: &Results, quiet: bool) {
    let mut rules: Vec<&str> = Vec::new();
    let variants = family.compiled.iter().flat_map(|compiled| &compiled.variants);
    for rule in variants.flat_map(|variant| &variant.plan.rules) {
        if !rules.contains(&rule.id.as_str()) {
            rules.push(&rule.id);
        }
    }
    let line = |out: &mut String, text: String| {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{text}");
    };
    let passed = results.run - results.failed;
    let style = if results.failed > 0 { RED } else { GREEN };
    let counted = styled(style, format!("{passed} of {} cases pass", results.run));
    line(
        out,
        format!("{}: {} rules, {counted}", styled(BOLD, &family.id), rules.len()),
    );
    if quiet {
        return;
    }
    let width = rules
        .iter()
        .map(|rule| rule.chars().count())
        .max()
        .unwrap_or(0)
        .max(4);
    // The order in which people look: the decided first.
    let columns = [
        ("pass", 1, true),
        ("fail", 2, true),
        ("undetermined", 3, false),
        ("not_applicable", 0, false),
        ("faulted", 4, false),
    ];
    let heads: Vec<String> = columns.iter().map(|(word, ..)| format!("{word:>16}")).collect();
    line(
        out,
        styled(DIM, format!("  {:<width$}{}", "rule", heads.concat())),
    );
    for rule in rules {
        let counts = results.reached.get(rule).copied().unwrap_or_default();
        let cells: Vec<String> = columns
            .iter()
            .map(
                |(_, index, wanted)| match (counts.get(*index).copied().unwrap_or(0), *wanted) {
                    (0, true) => styled(YELLOW, format!("{:>16}", "none")),
                    (0, false) => styled(DIM, format!("{:>16}", "-")),
                    (count, _) => format!("{count:>16}"),
                },
            )
            .collect();
        line(out, format!("  {rule:<width$}{}", cells.concat()));
    }
    out.push('\n');
}
