//! What names can mean while one ruleset with its layers is resolved.
//!
//! In: filled by `forms` and `tables`. Out: read by the expressions' typing. Must not know: rules.

use super::report::Report;
use super::typer::Typer;
use crate::ast::{self, At};
use crate::diagnostic::{Code, Diagnostic};
use crate::hir;
use crate::pattern;
use crate::source::to_u32;
use rules_core::form::{Form, Kind};
use rules_core::plan;
use std::collections::BTreeMap;

/// States times classes of all patterns together: twenty of the largest, or a thousand usual ones.
const ALL_PATTERN_CELLS: usize = 20 * rules_core::limits::PATTERN_CELLS;

/// Everything that expressions can name.
pub(crate) struct World<'a> {
    /// Where faults go.
    pub(crate) report: &'a mut Report,
    pub(crate) form: Form,
    pub(crate) symbols: Vec<String>,
    symbol_numbers: BTreeMap<String, u32>,
    pub(crate) params: Vec<hir::Param>,
    pub(crate) tables: Vec<plan::Table>,
    pub(crate) patterns: Vec<plan::Pattern>,
    pub(crate) functions: Vec<plan::Function>,
    /// Derived values that are done, each after those it uses.
    pub(crate) lets: Vec<(String, hir::Expr)>,
    /// What is to be known of each of them.
    pub(crate) let_facts: Vec<LetFacts>,
    /// Nodes that were copied, see `Typer::copy`.
    pub(crate) copied: usize,
    let_sources: BTreeMap<&'a str, &'a (At<String>, ast::Expr)>,
    let_states: BTreeMap<&'a str, LetState>,
    /// Derived values that are being typed, outermost first.
    open_lets: Vec<&'a str>,
    /// How deep the typing is, across derived values.
    pub(crate) depth: u32,
}

/// What is known of a derived value, so that nothing walks through it again: a chain of values that each use the last one twice is
/// short to write and endless to walk.
pub(crate) struct LetFacts {
    /// Where its value lies, see `constant`.
    pub(crate) range: (f64, f64),
    /// Where it looks at missingness, see `monotone`.
    pub(crate) looks: Option<(ast::Span, &'static str)>,
    /// A sensitive field that it shows, see `rules`.
    pub(crate) shows: Option<String>,
}

#[derive(Clone, Copy)]
enum LetState {
    Busy,
    Done(u32),
}

impl<'a> World<'a> {
    /// An empty one.
    pub(crate) fn new(report: &'a mut Report, lets: &'a [(At<String>, ast::Expr)]) -> World<'a> {
        let mut let_sources: BTreeMap<&str, &(At<String>, ast::Expr)> = BTreeMap::new();
        for one in lets {
            let name = &one.0;
            if matches!(name.value.as_str(), "params" | "as_of") {
                report.say(
                    Code::R0202,
                    name.span,
                    format!("`{}` has a meaning of its own", name.value),
                );
            } else if let Some(first) = let_sources.get(name.value.as_str()) {
                let message = format!("the derived value `{}` is declared twice", name.value);
                report
                    .push(Diagnostic::new(Code::R0202, name.span, message).label(first.0.span, "first here"));
                continue;
            }
            let_sources.insert(&name.value, one);
        }
        World {
            report,
            form: Form::default(),
            symbols: Vec::new(),
            symbol_numbers: BTreeMap::new(),
            params: Vec::new(),
            tables: Vec::new(),
            patterns: Vec::new(),
            functions: Vec::new(),
            lets: Vec::new(),
            let_facts: Vec::new(),
            copied: 0,
            let_sources,
            let_states: BTreeMap::new(),
            open_lets: Vec::new(),
            depth: 0,
        }
    }

    /// The number of an option code.
    pub(crate) fn symbol(&mut self, code: &str) -> u32 {
        if let Some(number) = self.symbol_numbers.get(code) {
            return *number;
        }
        let number = to_u32(self.symbols.len());
        self.symbols.push(code.to_owned());
        self.symbol_numbers.insert(code.to_owned(), number);
        number
    }

    /// The option code of a number.
    pub(crate) fn code(&self, symbol: u32) -> &str {
        self.symbols.get(symbol as usize).map_or("", String::as_str)
    }

    /// The number of a pattern; said if it is not one.
    pub(crate) fn pattern(&mut self, source: &At<String>) -> Option<u32> {
        if let Some(found) = self
            .patterns
            .iter()
            .position(|pattern| pattern.source == source.value)
        {
            return Some(to_u32(found));
        }
        match pattern::compile(&source.value) {
            Ok(pattern) => {
                let cells: usize = self.patterns.iter().map(|pattern| pattern.next.len()).sum();
                if cells > ALL_PATTERN_CELLS {
                    self.report.say(
                        Code::R0215,
                        source.span,
                        "the regular expressions of the ruleset are too large",
                    );
                    return None;
                }
                self.patterns.push(pattern);
                Some(to_u32(self.patterns.len() - 1))
            }
            Err(why) => {
                self.report.push(
                    Diagnostic::new(
                        Code::R0212,
                        source.span,
                        "this is not a regular expression of this language",
                    )
                    .help(why),
                );
                None
            }
        }
    }

    /// The number of a table that has a key, by name; said if there is none.
    pub(crate) fn table(&mut self, name: &At<String>) -> Option<u32> {
        let found = self.tables.iter().position(|table| table.name == name.value);
        match found.and_then(|at| self.tables.get(at)).map(|table| &table.kind) {
            Some(plan::TableKind::Rows { key: Some(_), .. }) => {}
            Some(_) => {
                self.report.say(
                    Code::R0214,
                    name.span,
                    format!("the table `{}` has no `key`", name.value),
                );
            }
            None => {
                let names = self.tables.iter().map(|table| table.name.as_str());
                let diagnostic = Diagnostic::new(
                    Code::R0201,
                    name.span,
                    format!("there is no table `{}`", name.value),
                )
                .nearest(&name.value, names);
                self.report.push(diagnostic);
            }
        }
        found.map(to_u32)
    }

    /// Is it the name of a derived value?
    pub(crate) fn is_let(&self, name: &str) -> bool {
        self.let_sources.contains_key(name)
    }

    /// Names of derived values.
    pub(crate) fn let_names(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.let_sources.keys().copied()
    }

    /// The number and type of a derived value, which is typed now if it was not; `None` if it depends on itself.
    pub(crate) fn let_value(&mut self, name: &str) -> Option<(u32, hir::Ty)> {
        let (key, source) = self
            .let_sources
            .get_key_value(name)
            .map(|(key, source)| (*key, *source))?;
        match self.let_states.get(key) {
            Some(LetState::Done(number)) => {
                return self
                    .lets
                    .get(*number as usize)
                    .map(|(_, expr)| (*number, expr.ty.clone()));
            }
            Some(LetState::Busy) => {
                let from = self.open_lets.iter().position(|open| *open == key).unwrap_or(0);
                let circle: Vec<String> = self
                    .open_lets
                    .iter()
                    .skip(from)
                    .chain(std::iter::once(&key))
                    .map(|name| format!("`{name}`"))
                    .collect();
                let message = format!("the derived value `{key}` depends on itself");
                self.report.push(
                    Diagnostic::new(Code::R0210, source.0.span, message)
                        .help(format!("{} in a circle", circle.join(" → "))),
                );
                return None;
            }
            None => {}
        }
        self.let_states.insert(key, LetState::Busy);
        self.open_lets.push(key);
        let mut typer = Typer::new(self);
        let expr = typer.value(&source.1);
        let range = super::constant::range(&typer, &expr);
        let shows = super::rules::shows(self, &[], &expr);
        let looks: Vec<_> = self.let_facts.iter().map(|facts| facts.looks).collect();
        let looks = super::monotone::find(&looks, &expr);
        self.let_facts.push(LetFacts { range, looks, shows });
        self.open_lets.pop();
        let number = to_u32(self.lets.len());
        let ty = expr.ty.clone();
        self.lets.push((key.to_owned(), expr));
        self.let_states.insert(key, LetState::Done(number));
        Some((number, ty))
    }

    /// The form's field behind a root slot or an item's slot.
    pub(crate) fn field(&self, scope: u32, slot: u32) -> Option<&rules_core::form::Field> {
        self.form.scopes.get(scope as usize)?.fields.get(slot as usize)
    }

    /// The type of the items of a list of scalars.
    pub(crate) fn scalar(&self, scope: u32) -> Option<hir::Ty> {
        let found = self.form.scopes.get(scope as usize)?;
        found
            .scalar
            .then(|| found.fields.first().map(super::forms::ty))
            .flatten()
    }

    /// The columns of a table.
    pub(crate) fn columns(&self, table: u32) -> Option<&rules_core::form::Scope> {
        match &self.tables.get(table as usize)?.kind {
            plan::TableKind::Rows { columns, .. } => Some(columns),
            plan::TableKind::Calendar => None,
        }
    }

    /// The first point column of a table, with its type.
    pub(crate) fn place_of(&self, table: u32) -> Option<hir::Ty> {
        let columns = self.columns(table)?;
        columns
            .fields
            .iter()
            .find(|field| field.kind == Kind::Point)
            .map(super::forms::ty)
    }
}
