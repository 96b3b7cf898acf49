//! The façade: a base with its layers in, a plan for every place out.
//!
//! In: the files of one topic as `syntax` gave them, and the stored texts and tables. Out: a `Compiled`, if nothing is wrong; what is wrong
//! goes to the sink, all of it. Must not know: where files come from, how diagnostics are drawn.

use crate::ast;
use crate::diagnostic::{Code, Severity, Sink};
use crate::hir;
use crate::lower;
pub use crate::resolve::registers::Registers;
use crate::resolve::report::Report;
use crate::resolve::sources::Documents;
use crate::resolve::{self, cases, layers};
use crate::source::Files;
use rules_core::domain::date::Date;
use rules_core::json::Json;
use rules_core::plan;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// What is stored beside the rulesets.
pub trait Library {
    /// The text of a document that sources quote.
    fn source_text(&self, document: &str) -> Option<Cow<'_, str>>;
    /// The text of a table that a ruleset includes, as CSV.
    fn table(&self, include: &str) -> Option<String>;
    /// The clauses of whole documents that rulesets may cite, if there are registers of any.
    fn registers(&self) -> Option<&Registers> {
        None
    }
}

/// A base with its layers, compiled.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// Id of the base.
    pub id: String,
    /// One per file: the base, then every layer with all below it. A check takes the last whose layers all cover the place and are in
    /// force.
    pub variants: Vec<Variant>,
    /// Included tables: name and CSV.
    pub tables: Vec<(String, String)>,
    /// Examples, with the number of the variant in whose file they stand.
    pub cases: Vec<(usize, ast::Case)>,
}

/// A chain of files from the base to a layer.
#[derive(Clone, Debug)]
pub struct Variant {
    /// What it means.
    pub hir: hir::Ruleset,
    /// How it runs.
    pub plan: plan::Plan,
}

impl Compiled {
    /// The same with some params set, as a locality would: what a case tries out.
    ///
    /// # Errors
    /// The name of a param that no file declares, or whose type the value is not of.
    pub fn with_params(&self, params: &[(ast::At<String>, String)]) -> Result<Compiled, ast::At<String>> {
        let mut out = self.clone();
        for (name, text) in params {
            let mut found = false;
            for variant in &mut out.variants {
                let Some(number) = variant
                    .hir
                    .params
                    .iter()
                    .position(|param| param.name == name.value)
                else {
                    continue;
                };
                let value = variant
                    .hir
                    .params
                    .get(number)
                    .and_then(|param| typed(&variant.hir, &param.ty, text));
                let Some(value) = value else {
                    return Err(name.clone());
                };
                let constant = variant.plan.consts.len() as u32;
                variant.plan.consts.push(value.clone());
                if let (Some(meant), Some(run)) = (
                    variant.hir.params.get_mut(number),
                    variant.plan.params.get_mut(number),
                ) {
                    meant.value = Some(value);
                    run.value = Some(constant);
                    found = true;
                }
            }
            if !found {
                return Err(name.clone());
            }
        }
        Ok(out)
    }
}

/// A JSON value as a constant of a type.
fn typed(ruleset: &hir::Ruleset, ty: &hir::Ty, text: &str) -> Option<plan::Const> {
    let (value, _) = rules_core::json::parse(text, 4).ok()?;
    match (ty, value) {
        (hir::Ty::Bool, Json::Bool(value)) => Some(plan::Const::Bool(value)),
        (hir::Ty::Int(_) | hir::Ty::Num(_), Json::Num(value)) => Some(plan::Const::Num(value)),
        (hir::Ty::Text, Json::Str(text)) => Some(plan::Const::Text(text)),
        (hir::Ty::Date, Json::Str(text)) => Date::parse(&text).ok().map(plan::Const::Date),
        (hir::Ty::Choice(codes), Json::Str(text)) => {
            let symbol = ruleset.symbols.iter().position(|symbol| *symbol == text)? as u32;
            codes.contains(&symbol).then_some(plan::Const::Choice(symbol))
        }
        _ => None,
    }
}

impl Variant {
    /// Of each rule: does its verdict look at missingness (`known`, `missing`, `??`, `evidence`), so that filling in an answer may turn it?
    pub fn looks_at_missing(&self) -> Vec<bool> {
        resolve::looks_at_missing(&self.hir)
    }
}

/// Compiles a base (first) with its layers.
pub fn compile(
    files: &Files,
    asts: &[ast::Ruleset],
    library: &dyn Library,
    sink: &mut Sink,
) -> Option<Compiled> {
    let mut report = Report::after(sink);
    let broken = is_broken(asts, sink);
    let mut documents = Documents::default();
    let mut variants = Vec::new();
    let mut tables = BTreeMap::new();
    for chain in layers::chains(asts, &mut report) {
        let Some(merged) = layers::merge(&chain, library.registers(), &mut report) else {
            continue;
        };
        let hir = resolve::resolve(
            &merged,
            layers::facts(&chain),
            library,
            &mut documents,
            &mut report,
        );
        for include in hir.tables.iter().filter_map(|table| table.include.clone()) {
            if let Some(text) = library.table(&include) {
                tables.insert(include, text);
            }
        }
        // PERF: what is wrong above has no plan; lowering it would only cost time.
        let plan = if report.errors() == 0 && !broken {
            lower::lower(&hir, files)
        } else {
            Ok(plan::Plan::default())
        };
        match plan {
            Ok(plan) => variants.push(Variant { hir, plan }),
            Err(large) => report.say(Code::R0215, large.span, large.message),
        }
    }
    layers::uncited(asts, &mut report);
    let cases: Vec<(usize, ast::Case)> = asts
        .iter()
        .enumerate()
        .flat_map(|(number, one)| one.cases.iter().map(move |case| (number, case.clone())))
        .collect();
    let all: Vec<&hir::Ruleset> = variants.iter().map(|variant| &variant.hir).collect();
    let names = asts
        .iter()
        .flat_map(|one| &one.rules)
        .map(|rule| (rule.id.value.as_str(), rule.id.span))
        .collect();
    let examples: Vec<&ast::Case> = cases.iter().map(|(_, case)| case).collect();
    cases::check(&all, &names, &examples, &mut report);
    let failed = broken || report.errors() > 0;
    report.flush(sink);
    let id = asts.first()?.id.value.clone();
    (!failed).then(|| Compiled {
        id,
        variants,
        tables: tables.into_iter().collect(),
        cases,
    })
}

/// Has an earlier phase found an error in one of the files?
fn is_broken(asts: &[ast::Ruleset], sink: &Sink) -> bool {
    let of_cases = asts
        .iter()
        .flat_map(|one| &one.cases)
        .map(|case| case.name.span.file);
    let files: BTreeSet<u32> = asts.iter().map(|one| one.span.file).chain(of_cases).collect();
    sink.diagnostics()
        .iter()
        .any(|one| one.severity == Severity::Error && files.contains(&one.span.file))
}
