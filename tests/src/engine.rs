//! The engine and the oracle behind one façade: ruleset text in, judgements out.
//!
//! In: YAML text, or the files below `rulesets/`; answers, tables, the day, the place. Out: what the engine and the oracle say, and the
//! engine's report. Must not know: what any of it should be.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test whose data does not load should stop"
)]

use crate::oracle::json::Json;
use crate::oracle::{self, Judged, report};
use rules_compiler::ast;
use rules_compiler::compile::{self, Library, Registers};
use rules_compiler::diagnostic::{self, Severity, Sink};
use rules_compiler::hir;
use rules_compiler::rulesets::{Beside, beside, group, stands_alone};
use rules_compiler::source::Files;
use rules_compiler::syntax::{parse_cases, parse_part, parse_register, parse_ruleset};
use rules_core::domain::date::Date;
use rules_core::limits::Limits;
use rules_core::{Detail, Options, Report, Ruleset, Session, Tables, bundle};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Tables given to a check: names and JSON.
pub type Given = [(String, String)];

/// The day of the check: 2026-03-02.
pub fn day() -> Date {
    Date::from_ymd(2026, 3, 2).unwrap()
}

fn rulesets_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../rulesets")
}

/// The files of one folder that end so, by the name before the ending.
fn stored(folder: &str, ending: &str) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    for entry in fs::read_dir(rulesets_folder().join(folder)).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if let Some(name) = name.strip_suffix(ending) {
            out.insert(name.to_owned(), fs::read_to_string(&path).unwrap());
        }
    }
    out
}

/// The stored documents and tables.
struct Stored {
    documents: BTreeMap<String, String>,
    tables: BTreeMap<String, String>,
    /// The registers' texts by document, in the order of the files.
    texts: BTreeMap<String, String>,
    registers: Registers,
}

impl Stored {
    fn get() -> &'static Stored {
        static STORED: OnceLock<Stored> = OnceLock::new();
        STORED.get_or_init(|| {
            let texts = stored("sources", ".yaml");
            let (mut files, mut sink) = (Files::new(), Sink::new());
            let list = Stored::read(&texts, &mut files, &mut sink);
            let stored = Stored {
                documents: stored("sources", ".txt"),
                tables: stored("tables", ".csv"),
                registers: Registers::new(list, &mut sink),
                texts,
            };
            stored.registers.verify(&stored, &mut sink);
            assert!(
                !sink.has_errors(),
                "{}",
                drawn(None, &files, sink).err().unwrap_or_default()
            );
            stored
        })
    }

    fn read(texts: &BTreeMap<String, String>, files: &mut Files, sink: &mut Sink) -> Vec<ast::Register> {
        let read = |(name, text): (&String, &String)| {
            let id = files.add(format!("{name}.yaml"), text.as_str());
            parse_register(files, id, sink)
        };
        texts.iter().filter_map(read).collect()
    }
}

impl Library for Stored {
    fn source_text(&self, document: &str) -> Option<Cow<'_, str>> {
        let lines = self.documents.get(document)?.lines();
        let text: Vec<&str> = lines.filter(|line| !line.starts_with("# ")).collect();
        Some(Cow::Owned(text.join("\n")))
    }

    fn table(&self, include: &str) -> Option<String> {
        self.tables.get(include).cloned()
    }

    fn registers(&self) -> Option<&Registers> {
        Some(&self.registers)
    }
}

/// A calendar's CSV (`date,kind,festival,notice_year`) as the JSON that the engine takes.
fn calendar(csv: &str) -> String {
    let (mut days, mut years) = (Vec::new(), Vec::new());
    for line in csv.lines().skip(1).filter(|line| !line.is_empty()) {
        let [date, kind, _, year] = line.split(',').collect::<Vec<_>>()[..] else {
            panic!("not a day: {line}")
        };
        days.push(format!("[\"{date}\",\"{kind}\"]"));
        years.push(year);
    }
    years.sort_unstable();
    years.dedup();
    format!(
        "{{\"years\":[{}],\"days\":[{}]}}",
        years.join(","),
        days.join(",")
    )
}

/// A stored document and words of it.
pub fn source() -> (&'static str, &'static str) {
    let document = "internet-cafe-regulation";
    assert!(Stored::get().documents.contains_key(document));
    (document, "居民住宅楼（院）内不得设立互联网上网服务营业场所")
}

/// Puts a stored document and words of it in place of `SOURCE_DOCUMENT` and `SOURCE_QUOTE`.
pub fn with_source(yaml: &str) -> String {
    let (document, quote) = source();
    yaml.replace("SOURCE_DOCUMENT", document)
        .replace("SOURCE_QUOTE", quote)
}

/// A base with its layers, ready for both.
pub struct Compiled {
    inner: compile::Compiled,
    included: Vec<(String, String)>,
    ruleset: Ruleset,
}

/// An example of a ruleset.
#[derive(Clone, Debug)]
pub struct Case {
    /// Name.
    pub name: String,
    /// JSON text.
    pub answers: String,
    /// Tables.
    pub tables: Vec<(String, String)>,
    /// Day.
    pub as_of: Date,
    /// Place; of a layer's case that names none, the layer's own.
    pub jurisdiction: Option<u32>,
    /// As the author wrote it.
    pub wanted: ast::Case,
}

/// Compiles a ruleset without layers.
///
/// # Errors
/// The drawn diagnostics.
pub fn compile(yaml: &str) -> Result<Compiled, String> {
    let (mut files, mut sink) = (Files::new(), Sink::new());
    let id = files.add("test.yaml", yaml);
    let ast = parse_ruleset(&files, id, &mut sink);
    let compiled = ast.and_then(|ast| compile::compile(&files, &[ast], Stored::get(), &mut sink));
    drawn(compiled, &files, sink)
}

fn drawn(compiled: Option<compile::Compiled>, files: &Files, sink: Sink) -> Result<Compiled, String> {
    let mut diagnostics = sink.into_sorted();
    diagnostics.retain(|one| one.severity == Severity::Error);
    match compiled {
        Some(compiled) if diagnostics.is_empty() => Ok(Compiled::new(compiled)),
        _ => Err(diagnostic::render(files, &diagnostics, false)),
    }
}

impl Compiled {
    fn new(inner: compile::Compiled) -> Compiled {
        let as_json = |(name, csv): &(String, String)| (name.clone(), calendar(csv));
        let included: Vec<(String, String)> = inner.tables.iter().map(as_json).collect();
        let plans = inner
            .variants
            .iter()
            .map(|variant| variant.plan.clone())
            .collect();
        let ruleset = Ruleset::from_plans(plans, &included).unwrap();
        Compiled {
            inner,
            included,
            ruleset,
        }
    }

    /// What the base means.
    pub fn hir(&self) -> &hir::Ruleset {
        self.variant(0)
    }

    /// What a variant means.
    pub fn variant(&self, number: usize) -> &hir::Ruleset {
        self.inner
            .variants
            .get(number)
            .map(|variant| &variant.hir)
            .unwrap()
    }

    /// What every variant means, the base first.
    pub fn variants(&self) -> impl Iterator<Item = &hir::Ruleset> {
        self.inner.variants.iter().map(|variant| &variant.hir)
    }

    /// The rules of a variant that do not look at missingness.
    pub fn monotone(&self, number: usize) -> Vec<&str> {
        let variant = self.inner.variants.get(number).unwrap();
        let looks = variant.looks_at_missing();
        let rules = variant.hir.rules.iter().zip(looks);
        rules
            .filter(|(_, looks)| !looks)
            .map(|(rule, _)| rule.facts.id.as_str())
            .collect()
    }

    /// The bundle's bytes.
    pub fn bundle(&self) -> String {
        let plans: Vec<_> = self
            .inner
            .variants
            .iter()
            .map(|variant| variant.plan.clone())
            .collect();
        bundle::write(&plans, &self.included)
    }

    /// The loaded ruleset.
    pub fn ruleset(&self) -> &Ruleset {
        &self.ruleset
    }

    /// The examples in its files.
    pub fn cases(&self) -> Vec<Case> {
        let case = |(variant, case): &(usize, ast::Case)| {
            let own = self
                .variant(*variant)
                .layers
                .last()
                .map(|layer| layer.jurisdiction);
            Case {
                name: case.name.value.clone(),
                answers: case.answers.clone(),
                tables: case.tables.clone(),
                as_of: case.as_of,
                jurisdiction: case.jurisdiction.or(own),
                wanted: case.clone(),
            }
        };
        self.inner.cases.iter().map(case).collect()
    }

    /// The same with the params that a case sets.
    pub fn with_params(&self, case: &Case) -> Compiled {
        let inner = self
            .inner
            .with_params(&case.wanted.params)
            .unwrap_or_else(|name| panic!("param {}", name.value));
        let plans = inner
            .variants
            .iter()
            .map(|variant| variant.plan.clone())
            .collect();
        let ruleset = Ruleset::from_plans(plans, &self.included).unwrap_or_else(|error| panic!("{error:?}"));
        Compiled {
            inner,
            included: self.included.clone(),
            ruleset,
        }
    }

    /// Tables for the engine.
    pub fn tables(&self, given: &Given) -> Tables {
        let mut tables = Tables::new(&self.ruleset);
        for (name, text) in given {
            if let Err(error) = tables.insert(&self.ruleset, name, text, &Limits::DEFAULT) {
                panic!("table {name}: {error:?}");
            }
        }
        tables
    }

    /// The engine's report, with all outcomes.
    pub fn report(
        &self,
        answers: &str,
        given: &Given,
        day: Date,
        place: Option<u32>,
        explain: bool,
    ) -> Report {
        let tables = self.tables(given);
        let options = Options {
            jurisdiction: place,
            tables: Some(&tables),
            detail: Detail { explain, all: true },
            ..Options::on(day)
        };
        self.ruleset.check(answers, &options)
    }

    /// A session of the engine's.
    pub fn session(&self, answers: &str, given: &Given, day: Date, place: Option<u32>) -> Session {
        let tables = self.tables(given);
        let options = Options {
            jurisdiction: place,
            tables: Some(&tables),
            ..Options::on(day)
        };
        Session::new(&self.ruleset, answers, &options, None)
    }

    /// What the engine says.
    pub fn engine(&self, answers: &str, given: &Given, day: Date, place: Option<u32>) -> Judged {
        let report = self.report(answers, given, day, place, false).canonical();
        report::parse(&report).unwrap_or_else(|at| panic!("byte {at} of {report}"))
    }

    /// What the oracle says.
    pub fn oracle(&self, answers: &str, given: &Given, day: Date, place: Option<u32>) -> Judged {
        let variants: Vec<&hir::Ruleset> = self.variants().collect();
        let ruleset = oracle::choose(&variants, day, place);
        let mut tables = oracle::Tables::default();
        for table in &ruleset.tables {
            let text = given.iter().find(|(name, _)| *name == table.name);
            let included = self
                .included
                .iter()
                .find(|(name, _)| Some(name) == table.include.as_ref());
            if let Some((_, text)) = text.or(included) {
                tables.give(ruleset, &table.name, &Json::parse(text).unwrap());
            }
        }
        oracle::judge(ruleset, &tables, answers, day, place)
            .unwrap_or_else(|at| panic!("byte {at} of {answers}"))
    }
}

/// Every ruleset below `rulesets/`, with its name; a fault stops.
pub fn rulesets() -> Vec<(String, Compiled)> {
    let all = law();
    all.into_iter()
        .map(|(name, compiled)| match compiled {
            Ok(compiled) => (name, compiled),
            Err(faults) => panic!("{name}\n{faults}"),
        })
        .collect()
}

/// Every ruleset below `rulesets/`, with its id and, where it does not compile, the drawn diagnostics.
pub fn law() -> Vec<(String, Result<Compiled, String>)> {
    let written = Written::read();
    let compiled = written.families.iter().map(|asts| {
        let id = asts.first().unwrap().id.value.clone();
        (id, written.compile(asts))
    });
    compiled.collect()
}

/// Every ruleset below `rulesets/` as its authors wrote it.
pub struct Written {
    /// Texts.
    pub files: Files,
    /// Each base with its layers.
    pub families: Vec<Vec<ast::Ruleset>>,
}

impl Written {
    /// Compiles a base with its layers, perhaps changed.
    ///
    /// # Errors
    /// The drawn diagnostics.
    pub fn compile(&self, asts: &[ast::Ruleset]) -> Result<Compiled, String> {
        let mut sink = Sink::new();
        let compiled = compile::compile(&self.files, asts, Stored::get(), &mut sink);
        drawn(compiled, &self.files, sink)
    }

    /// Reads them.
    pub fn read() -> Written {
        let (mut files, mut sink, mut asts) = (Files::new(), Sink::new(), Vec::new());
        // The registers' files come first, as where they were read: what cites them points into them.
        Stored::read(&Stored::get().texts, &mut files, &mut sink);
        let mut paths = Vec::new();
        for topic in fs::read_dir(rulesets_folder()).unwrap() {
            let topic = topic.unwrap().path();
            if topic.is_dir() && !topic.ends_with("sources") {
                paths.extend(fs::read_dir(topic).unwrap().map(|entry| entry.unwrap().path()));
            }
        }
        paths.sort();
        let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
        let read = |path: &Path, files: &mut Files| files.add(name(path), fs::read_to_string(path).unwrap());
        for path in paths.iter().filter(|path| stands_alone(&name(path))) {
            let id = read(path, &mut files);
            let Some(mut ast) = parse_ruleset(&files, id, &mut sink) else {
                panic!("{}", drawn(None, &files, sink).err().unwrap_or_default());
            };
            let (stem, mut parts) = (path.file_stem().unwrap().to_str().unwrap(), Vec::new());
            for near in paths.iter().filter(|near| near.parent() == path.parent()) {
                let Some(kind) = beside(stem, &name(near)) else {
                    continue;
                };
                let id = read(near, &mut files);
                match kind {
                    Beside::Cases => ast.cases.extend(parse_cases(&files, id, &mut sink).1),
                    Beside::Part => parts.extend(parse_part(&files, id, &mut sink)),
                }
            }
            ast.absorb(parts);
            asts.push(ast);
        }
        let families = group(asts, &mut sink);
        assert!(
            !sink.has_errors(),
            "{}",
            drawn(None, &files, sink).err().unwrap_or_default()
        );
        Written { files, families }
    }
}
