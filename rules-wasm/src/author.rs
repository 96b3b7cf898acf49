//! The compiler for JavaScript: rulesets as text in, a bundle or diagnostics out. Only in the author's build; a form never loads it.

use rules_compiler::ast::{Ruleset, Span};
use rules_compiler::compile::{Library, Registers, compile as compile_family};
use rules_compiler::csv;
use rules_compiler::diagnostic::{Diagnostic, Sink, render};
use rules_compiler::rulesets::{Beside, beside, group, stands_alone};
use rules_compiler::source::Files;
use rules_compiler::syntax::{parse_cases, parse_part, parse_register, parse_ruleset};
use rules_core::bundle;
use rules_core::plan::Plan;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// What is compiled.
#[derive(Deserialize)]
struct Input {
    /// Ruleset files by name; `NAME.cases.yaml` holds the cases of `NAME.yaml`, `NAME.SECTION.part.yaml` one of its sections.
    files: BTreeMap<String, String>,
    /// Registers of clauses, by the id of their document.
    #[serde(default)]
    registers: BTreeMap<String, String>,
    /// Texts of the documents that are quoted, by id.
    #[serde(default)]
    sources: BTreeMap<String, String>,
    /// Tables that are included, by name, as CSV.
    #[serde(default)]
    tables: BTreeMap<String, String>,
}

#[derive(Serialize)]
struct Output {
    bundles: Vec<Bundle>,
    diagnostics: Vec<Told>,
    rendered: String,
}

#[derive(Serialize)]
struct Bundle {
    id: String,
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    code: &'static str,
    severity: &'static str,
    message: String,
    help: Vec<String>,
    file: String,
    line: u32,
    /// UTF-16 units from the start of the line, from 0, as editors count.
    column: u32,
    /// Offsets into the file's text in UTF-16 units, as JavaScript counts.
    start: usize,
    end: usize,
}

/// What was given, with the registers read.
struct Shelf<'a> {
    input: &'a Input,
    registers: Registers,
}

impl Library for Shelf<'_> {
    fn source_text(&self, document: &str) -> Option<Cow<'_, str>> {
        self.input
            .sources
            .get(document)
            .map(|text| Cow::Borrowed(text.as_str()))
    }

    fn table(&self, include: &str) -> Option<String> {
        self.input.tables.get(include).cloned()
    }

    fn registers(&self) -> Option<&Registers> {
        Some(&self.registers)
    }
}

/// Compiles rulesets: every base with the layers that are among the files.
#[wasm_bindgen]
pub fn compile(input: JsValue) -> Result<JsValue, JsValue> {
    let input: Input = serde_wasm_bindgen::from_value(input)
        .map_err(|error| crate::failure::failure("bad_option", "", &error.to_string()))?;
    let output = run(&input);
    serde_wasm_bindgen::to_value(&output)
        .map_err(|error| crate::failure::failure("bad_option", "", &error.to_string()))
}

fn run(input: &Input) -> Output {
    let (mut files, mut sink) = (Files::new(), Sink::new());
    let mut asts = Vec::new();
    for (name, text) in &input.files {
        let inside = name.rsplit('/').next().unwrap_or(name);
        if !stands_alone(inside) {
            continue;
        }
        let file = files.add(name.as_str(), text.as_str());
        let Some(mut ast) = parse_ruleset(&files, file, &mut sink) else {
            continue;
        };
        let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
        let mut parts = Vec::new();
        for (name, text) in &input.files {
            let Some(kind) = beside(stem, name) else { continue };
            let file = files.add(name.as_str(), text.as_str());
            match kind {
                Beside::Cases => ast.cases.extend(parse_cases(&files, file, &mut sink).1),
                Beside::Part => parts.extend(parse_part(&files, file, &mut sink)),
            }
        }
        ast.absorb(parts);
        asts.push(ast);
    }
    let mut registers = Vec::new();
    for (name, text) in &input.registers {
        let file = files.add(format!("sources/{name}.yaml"), text.as_str());
        registers.extend(parse_register(&files, file, &mut sink));
    }
    let shelf = Shelf {
        input,
        registers: Registers::new(registers, &mut sink),
    };
    shelf.registers.verify(&shelf, &mut sink);
    let bundles = group(asts, &mut sink)
        .into_iter()
        .filter_map(|family| bundle_of(&files, &family, &shelf, &mut sink))
        .collect();
    let diagnostics = sink.into_sorted();
    Output {
        bundles,
        rendered: render(&files, &diagnostics, false),
        diagnostics: diagnostics.iter().map(|one| told(&files, one)).collect(),
    }
}

fn bundle_of(files: &Files, family: &[Ruleset], shelf: &Shelf<'_>, sink: &mut Sink) -> Option<Bundle> {
    let compiled = compile_family(files, family, shelf, sink)?;
    let plans: Vec<Plan> = compiled
        .variants
        .into_iter()
        .map(|variant| variant.plan)
        .collect();
    let kinds = plans.iter().flat_map(|plan| &plan.tables);
    let mut tables = Vec::new();
    for (name, text) in compiled.tables {
        let table = kinds
            .clone()
            .find(|table| table.include.as_deref() == Some(&name))?;
        tables.push((name, csv::to_json(&text, &table.kind).ok()?));
    }
    Some(Bundle {
        id: compiled.id,
        text: bundle::write(&plans, &tables),
    })
}

fn told(files: &Files, diagnostic: &Diagnostic) -> Told {
    let place = files.line_column(diagnostic.span);
    let Span { file, start, end } = diagnostic.span;
    let text = files.get(file).map_or("", |file| file.text.as_str());
    let units = |byte: u32| {
        text.get(..byte as usize)
            .map_or(0, |head| head.encode_utf16().count())
    };
    Told {
        code: diagnostic.code.as_str(),
        severity: diagnostic.severity.word(),
        message: diagnostic.message.clone(),
        help: diagnostic.help.clone(),
        file: files.get(file).map_or_else(String::new, |file| file.name.clone()),
        line: place.line,
        column: place.utf16,
        start: units(start),
        end: units(end),
    }
}
