//! From named paths to compiled rulesets.
//!
//! In: paths. Out: families (a base with its layers), compiled where they are sound, and the diagnostics of what was named. Must not know:
//! what a command does with them.

use crate::discover::{self, Found};
use crate::fault::{Fault, Result};
use crate::files;
use crate::library::{Folders, TABLE_BYTES};
use crate::term;
use rules_compiler::ast;
use rules_compiler::compile::{self, Compiled, Registers};
use rules_compiler::csv;
use rules_compiler::diagnostic::{self, Code, Diagnostic, Severity, Sink};
use rules_compiler::rulesets::{self, Beside};
use rules_compiler::source::Files;
use rules_compiler::source::yaml::FILE_BYTES;
use rules_compiler::syntax::{parse_cases, parse_part, parse_register, parse_ruleset};
use rules_core::Ruleset;
use rules_core::plan::{Plan, TableKind};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Everything around the named paths.
pub(crate) struct Project {
    /// Texts.
    pub(crate) files: Files,
    /// Bases with their layers of which at least one file was named.
    pub(crate) families: Vec<Family>,
    /// The folder that has `sources/` or `tables/`.
    root: Option<PathBuf>,
    /// The registers of clauses that stand beside them.
    pub(crate) registers: Registers,
    /// What is wrong with them, in the order of the files.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Diagnostics beyond the limit.
    pub(crate) dropped: usize,
    /// How many files were read for what was named.
    pub(crate) count: usize,
}

/// A base with its layers.
pub(crate) struct Family {
    /// Id of the base.
    pub(crate) id: String,
    /// As the author wrote them, the base first.
    pub(crate) asts: Vec<ast::Ruleset>,
    /// Where nothing is wrong.
    pub(crate) compiled: Option<Compiled>,
    /// Included tables as JSON.
    pub(crate) tables: Vec<(String, String)>,
}

impl Family {
    /// The plans, the base alone first.
    pub(crate) fn plans(&self) -> Vec<Plan> {
        let variants = self.compiled.iter().flat_map(|compiled| &compiled.variants);
        variants.map(|variant| variant.plan.clone()).collect()
    }

    /// The ruleset with the params of a case.
    pub(crate) fn trial(&self, compiled: &Compiled) -> Result<Ruleset> {
        self.loaded(
            compiled
                .variants
                .iter()
                .map(|variant| variant.plan.clone())
                .collect(),
        )
    }

    /// The ruleset as it runs.
    pub(crate) fn ruleset(&self) -> Result<Ruleset> {
        self.loaded(self.plans())
    }

    fn loaded(&self, plans: Vec<Plan>) -> Result<Ruleset> {
        Ruleset::from_plans(plans, &self.tables).map_err(|error| {
            Fault::new(format!(
                "`{}` does not load: {} ({})",
                self.id,
                error.text().1,
                error.code()
            ))
        })
    }
}

impl Project {
    /// Reads and compiles what was named.
    pub(crate) fn load(paths: &[PathBuf]) -> Result<Project> {
        let found = discover::find(paths)?;
        let mut reading = Reading::default();
        let bar = term::bar(found.files.len(), "reading");
        let mut unread = Vec::new();
        for path in &found.files {
            match reading.file(path) {
                Err(fault) if !found.wanted.contains(path) => unread.push(fault),
                other => other?,
            }
            bar.inc(1);
        }
        for path in found.root.as_deref().map(discover::registers).unwrap_or_default() {
            reading.register(&path)?;
        }
        bar.finish_and_clear();
        // It might be a layer of what was named, and nobody would miss it.
        for fault in unread {
            term::say(&format!(
                "{}: {fault}\n",
                term::styled(term::YELLOW, "warning: left out")
            ));
        }
        reading.compile(&found)
    }

    /// A text that stands beside the rulesets, if it is there and can be read.
    pub(crate) fn stored(&self, folder: &str, name: &str) -> Option<String> {
        let path = self.root.as_ref()?.join(folder).join(name);
        files::read(&path, TABLE_BYTES).ok()
    }

    /// The errors.
    pub(crate) fn errors(&self) -> usize {
        self.diagnostics
            .iter()
            .filter(|one| one.severity == Severity::Error)
            .count()
            + self.dropped
    }

    /// The warnings.
    pub(crate) fn warnings(&self) -> usize {
        self.diagnostics
            .iter()
            .filter(|one| one.severity == Severity::Warning)
            .count()
    }

    /// Draws diagnostics of at least this severity on standard error.
    pub(crate) fn draw(&self, least: Severity) {
        let mut shown = self.diagnostics.clone();
        shown.retain(|one| one.severity <= least);
        draw(&self.files, &shown);
        if self.dropped > 0 {
            term::say(&format!("and {} more\n", self.dropped));
        }
    }

    /// Draws the errors and stops, if there are any.
    pub(crate) fn sound(self) -> Result<Project> {
        if self.errors() == 0 {
            return Ok(self);
        }
        self.draw(Severity::Error);
        Err(Fault::Drawn)
    }
}

/// Draws diagnostics on standard error.
pub(crate) fn draw(files: &Files, diagnostics: &[Diagnostic]) {
    if !diagnostics.is_empty() {
        term::say(&diagnostic::render(files, diagnostics, term::colours_on_stderr()));
    }
}

#[derive(Default)]
struct Reading {
    files: Files,
    sink: Sink,
    asts: Vec<ast::Ruleset>,
    /// Which file each text is of; a file of cases counts as its ruleset.
    paths: BTreeMap<u32, PathBuf>,
    /// Files that gave no ruleset.
    broken: BTreeSet<u32>,
    registers: Vec<ast::Register>,
    /// Files of registers.
    shared: BTreeSet<u32>,
}

impl Reading {
    fn add(&mut self, path: &Path, owner: &Path) -> Result<u32> {
        // One byte beyond the limit is read, and the compiler says that it is too much.
        let text = files::read(path, 64 * FILE_BYTES)?;
        let id = self.files.add(files::shown(path), text);
        self.paths.insert(id, owner.to_owned());
        Ok(id)
    }

    fn file(&mut self, path: &Path) -> Result<()> {
        let id = self.add(path, path)?;
        let Some(mut ruleset) = parse_ruleset(&self.files, id, &mut self.sink) else {
            self.broken.insert(id);
            return Ok(());
        };
        let mut parts = Vec::new();
        for (kind, beside) in discover::beside(path) {
            let id = self.add(&beside, path)?;
            if kind == Beside::Part {
                match parse_part(&self.files, id, &mut self.sink) {
                    Some(part) => parts.push(part),
                    None => {
                        self.broken.insert(id);
                    }
                }
                continue;
            }
            let (of, cases) = parse_cases(&self.files, id, &mut self.sink);
            if !of.value.is_empty() && of.value != ruleset.id.value {
                let message = format!("the cases are of `{}`", of.value);
                let other = format!("the ruleset beside it is `{}`", ruleset.id.value);
                self.sink
                    .push(Diagnostic::new(Code::R0703, of.span, message).label(ruleset.id.span, other));
            }
            ruleset.cases.extend(cases);
        }
        ruleset.absorb(parts);
        self.asts.push(ruleset);
        Ok(())
    }

    fn register(&mut self, path: &Path) -> Result<()> {
        let id = self.add(path, path)?;
        self.shared.insert(id);
        self.registers
            .extend(parse_register(&self.files, id, &mut self.sink));
        Ok(())
    }

    fn compile(mut self, found: &Found) -> Result<Project> {
        let folders: BTreeSet<&Path> = found.wanted.iter().filter_map(|path| path.parent()).collect();
        let path = |file: u32| {
            self.paths
                .get(&file)
                .map(PathBuf::as_path)
                .unwrap_or(Path::new(""))
        };
        let named = |file: u32| found.wanted.contains(path(file));
        // A file beside a named one that says nothing of itself might be its layer: it counts as named.
        let mut shown: BTreeSet<u32> = self.paths.keys().copied().filter(|file| named(*file)).collect();
        let beside = |file: &&u32| {
            path(**file)
                .parent()
                .is_some_and(|folder| folders.contains(folder))
        };
        shown.extend(self.broken.iter().filter(beside));
        let groups = rulesets::group(std::mem::take(&mut self.asts), &mut self.sink);
        let groups: Vec<Vec<ast::Ruleset>> = groups
            .into_iter()
            .filter(|group| group.iter().any(|one| named(one.span.file)))
            .collect();
        for one in groups.iter().flatten() {
            let owner = path(one.span.file);
            shown.extend(
                self.paths
                    .iter()
                    .filter(|(_, path)| *path == owner)
                    .map(|(file, _)| *file),
            );
        }
        let registers = Registers::new(std::mem::take(&mut self.registers), &mut self.sink);
        let library = Folders::new(found.root.as_deref()).with_registers(registers);
        library.verify(&mut self.sink);
        shown.extend(&self.shared);
        let bar = term::bar(groups.len(), "compiling");
        let mut families = Vec::new();
        for asts in groups {
            let compiled = compile::compile(&self.files, &asts, &library, &mut self.sink);
            let id = asts.first().map(|base| base.id.value.clone()).unwrap_or_default();
            let tables = compiled.as_ref().map_or(Ok(Vec::new()), included)?;
            families.push(Family {
                id,
                asts,
                compiled,
                tables,
            });
            bar.inc(1);
        }
        bar.finish_and_clear();
        if let Some(fault) = library.fault() {
            return Err(fault);
        }
        let registers = library.into_registers();
        let dropped = self.sink.dropped();
        let mut diagnostics = self.sink.into_sorted();
        diagnostics.retain(|one| shown.contains(&one.span.file));
        Ok(Project {
            files: self.files,
            families,
            root: found.root.clone(),
            registers,
            diagnostics,
            dropped,
            count: shown.len() - self.shared.len(),
        })
    }
}

/// The included tables of a family, from the CSV that is stored to the JSON that the engine takes.
fn included(compiled: &Compiled) -> Result<Vec<(String, String)>> {
    let mut out = Vec::new();
    for (name, text) in &compiled.tables {
        let tables = compiled.variants.iter().flat_map(|variant| &variant.plan.tables);
        let kind = tables
            .filter(|table| table.include.as_deref() == Some(name))
            .map(|table| &table.kind)
            .next();
        let json = csv::to_json(text, kind.unwrap_or(&TableKind::Calendar))
            .map_err(|error| Fault::new(format!("`tables/{name}.csv`, {error}")))?;
        out.push((name.clone(), json));
    }
    Ok(out)
}
