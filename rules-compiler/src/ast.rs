//! What the author wrote: one ruleset file as data, every piece with the bytes it stands at.
//!
//! In: made by `syntax`. Out: read by `resolve` (the typed form). Must not know: types, slots, other files.

use rules_core::digest::sha256;
use rules_core::domain::date::Date;
use std::fmt;

/// Bytes `start..end` of the file with this number.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, PartialOrd, Ord)]
pub struct Span {
    /// Index into the compiler's files.
    pub file: u32,
    /// First byte.
    pub start: u32,
    /// Byte after the last.
    pub end: u32,
}

/// A value and where it stands.
#[derive(Clone, PartialEq, Debug)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Where.
    pub span: Span,
}

/// Text per language.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Text {
    /// Chinese.
    pub zh: String,
    /// English, or empty.
    pub en: String,
    /// Where the text stands.
    pub span: Span,
}

/// Half-open period.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Period {
    /// First day.
    pub from: Option<Date>,
    /// First day after.
    pub until: Option<Date>,
}

/// A ruleset file.
#[derive(Clone, PartialEq, Debug)]
pub struct Ruleset {
    /// Id.
    pub id: At<String>,
    /// Semantic version.
    pub version: At<String>,
    /// Title.
    pub title: Text,
    /// GB/T 2260 code.
    pub jurisdiction: At<u32>,
    /// In force.
    pub effective: Period,
    /// The ruleset that this one is layered on.
    pub extends: Option<At<String>>,
    /// Stored documents whose registers of clauses the rules may cite.
    pub documents: Vec<At<String>>,
    /// Sections of the form and of the report, in their order.
    pub sections: Vec<Section>,
    /// Clauses.
    pub sources: Vec<Source>,
    /// Parameters: declared, or (in a layer) set.
    pub params: Vec<Param>,
    /// Tables.
    pub tables: Vec<Table>,
    /// The form.
    pub fields: Vec<Field>,
    /// Derived values.
    pub lets: Vec<(At<String>, Expr)>,
    /// What people call derived values, where the author says it.
    pub let_labels: Vec<(String, Text)>,
    /// Functions.
    pub functions: Vec<Function>,
    /// Rules.
    pub rules: Vec<Rule>,
    /// Rules of the base that this layer disables.
    pub disable: Vec<Disable>,
    /// Examples, also of the sibling file.
    pub cases: Vec<Case>,
    /// `sha256:…` of the canonical JSON of the file's content without `cases`.
    pub digest: String,
    /// The whole file.
    pub span: Span,
}

/// A section of a ruleset: fields and rules that belong together.
#[derive(Clone, PartialEq, Debug)]
pub struct Section {
    /// Id.
    pub id: At<String>,
    /// Title.
    pub title: Text,
}

/// One section of a ruleset in a file of its own.
#[derive(Clone, PartialEq, Debug)]
pub struct Part {
    /// The section that everything in the file belongs to.
    pub section: At<String>,
    /// Parameters.
    pub params: Vec<Param>,
    /// Tables.
    pub tables: Vec<Table>,
    /// Fields.
    pub fields: Vec<Field>,
    /// Derived values.
    pub lets: Vec<(At<String>, Expr)>,
    /// What people call them.
    pub let_labels: Vec<(String, Text)>,
    /// Rules.
    pub rules: Vec<Rule>,
    /// `sha256:…` of the canonical JSON of the file's content.
    pub digest: String,
}

/// The clauses of one stored document, in the document's order.
#[derive(Clone, PartialEq, Debug)]
pub struct Register {
    /// Stored document.
    pub document: At<String>,
    /// Cited name.
    pub title: Text,
    /// GB/T 2260 code of the area that the document is of.
    pub jurisdiction: u32,
    /// Is every clause to be a rule, or told to be none? So it is with the documents that inspections go by; of a law only
    /// the articles that rules rely on are registered.
    pub complete: bool,
    /// Clauses.
    pub clauses: Vec<Clause>,
}

/// A clause of a register: what a rule cites, and where it stands in its document.
#[derive(Clone, PartialEq, Debug)]
pub struct Clause {
    /// What a rule cites.
    pub source: Source,
    /// Heading that it stands under.
    pub heading: String,
    /// What it asks, in English.
    pub gloss: String,
    /// Whom it addresses.
    pub subject: String,
    /// Why no form can decide it; empty for a clause that a rule decides.
    pub undecidable: Text,
    /// A sentence that the first reading of the document had left out; counted apart.
    pub supplement: bool,
}

impl Ruleset {
    /// Takes in its parts, in the order of its sections: their things stand behind the ruleset's own, and their fields and rules
    /// belong to their sections.
    pub fn absorb(&mut self, mut parts: Vec<Part>) {
        parts.sort_by_key(|part| self.section(&part.section.value));
        for part in parts {
            let section = part.section;
            self.params.extend(part.params);
            self.tables.extend(part.tables);
            self.lets.extend(part.lets);
            self.let_labels.extend(part.let_labels);
            self.fields.extend(part.fields.into_iter().map(|mut field| {
                field.section.get_or_insert_with(|| section.clone());
                field
            }));
            self.rules.extend(part.rules.into_iter().map(|mut rule| {
                rule.section.get_or_insert_with(|| section.clone());
                rule
            }));
            self.digest = sha256(format!("{} {}", self.digest, part.digest).as_bytes());
        }
    }

    /// The place of a section among the ruleset's.
    pub fn section(&self, id: &str) -> usize {
        let found = self.sections.iter().position(|section| section.id.value == id);
        found.unwrap_or(self.sections.len())
    }
}

/// A clause.
#[derive(Clone, PartialEq, Debug)]
pub struct Source {
    /// Id.
    pub id: At<String>,
    /// Stored document.
    pub document: At<String>,
    /// Cited name.
    pub title: String,
    /// Article.
    pub article: String,
    /// Exact words.
    pub quote: At<String>,
    /// Publisher.
    pub publisher: String,
    /// Link.
    pub link: String,
    /// `original`, `repost`, `unverified`.
    pub grade: At<String>,
    /// Version in force.
    pub effective: Period,
    /// Note.
    pub note: Text,
    /// Clauses behind it: ids of any register. A finding shows them after it.
    pub behind: Vec<At<String>>,
    /// Who must act, for rules that do not say it themselves.
    pub duty: Text,
}

/// A scalar literal of the YAML file.
#[derive(Clone, PartialEq, Debug)]
pub enum Literal {
    /// `true`, `false`.
    Bool(bool),
    /// Whole number.
    Int(i64),
    /// Number with a point or exponent.
    Num(f64),
    /// Any other plain scalar, or a quoted one.
    Text(String),
}

/// A parameter.
#[derive(Clone, PartialEq, Debug)]
pub struct Param {
    /// Name.
    pub name: At<String>,
    /// Type word; absent in a layer that only sets.
    pub kind: Option<At<String>>,
    /// Label.
    pub label: Text,
    /// Unit.
    pub unit: Option<At<String>>,
    /// Options of a choice.
    pub options: Vec<(At<String>, Text)>,
    /// Value.
    pub value: Option<At<Literal>>,
    /// Clause.
    pub clause: Option<At<String>>,
    /// A proposed value that no clause states.
    pub proposal: bool,
}

/// A table.
#[derive(Clone, PartialEq, Debug)]
pub struct Table {
    /// Name.
    pub name: At<String>,
    /// Label.
    pub label: Text,
    /// Is it a working-day calendar?
    pub calendar: bool,
    /// Stored data to include.
    pub include: Option<At<String>>,
    /// Key column.
    pub key: Option<At<String>>,
    /// Columns.
    pub columns: Vec<Field>,
}

/// A field, a group or a list.
#[derive(Clone, PartialEq, Debug)]
pub struct Field {
    /// Name; empty for the item of a list of scalars.
    pub name: At<String>,
    /// Type word.
    pub kind: At<String>,
    /// Label.
    pub label: Text,
    /// Hint.
    pub hint: Text,
    /// Required.
    pub required: bool,
    /// Relevant.
    pub relevant: Option<Expr>,
    /// Unit.
    pub unit: Option<At<String>>,
    /// Lowest.
    pub min: Option<At<Literal>>,
    /// Highest.
    pub max: Option<At<Literal>>,
    /// Characters.
    pub max_length: Option<At<u32>>,
    /// Regular expression.
    pub pattern: Option<At<String>>,
    /// Options.
    pub options: Vec<(At<String>, Text)>,
    /// Fewest items.
    pub min_items: Option<At<u32>>,
    /// Most items.
    pub max_items: Option<At<u32>>,
    /// Coordinate systems.
    pub crs: Vec<At<String>>,
    /// Members of a group, or of the records of a list.
    pub fields: Vec<Field>,
    /// Item of a list of scalars.
    pub item: Option<Box<Field>>,
    /// Table of a `ref`.
    pub table: Option<At<String>>,
    /// Personal data.
    pub sensitive: bool,
    /// Section of a field of the submission itself.
    pub section: Option<At<String>>,
}

/// A function.
#[derive(Clone, PartialEq, Debug)]
pub struct Function {
    /// Name.
    pub name: At<String>,
    /// Argument names and type words.
    pub args: Vec<(At<String>, At<String>)>,
    /// Type word.
    pub returns: At<String>,
    /// Rhai body.
    pub body: At<String>,
}

/// A rule.
#[derive(Clone, PartialEq, Debug)]
pub struct Rule {
    /// Id.
    pub id: At<String>,
    /// Title.
    pub title: Text,
    /// Kind word.
    pub kind: At<String>,
    /// Severity word.
    pub severity: At<String>,
    /// Section.
    pub section: Option<At<String>>,
    /// Clause ids.
    pub clauses: Vec<At<String>>,
    /// `each: NAME in LIST`.
    pub each: Option<(At<String>, Expr)>,
    /// Filter of `each`.
    pub filter: Option<Expr>,
    /// Applies if.
    pub when: Option<Expr>,
    /// What must hold.
    pub require: Option<Expr>,
    /// What must not hold.
    pub forbid: Option<Expr>,
    /// Due day.
    pub due: Option<Expr>,
    /// Evidence fields, as expressions that name them.
    pub evidence: Vec<Expr>,
    /// Fields to highlight, as expressions that name them.
    pub at: Vec<Expr>,
    /// Message per language.
    pub message: Message,
    /// Remedy.
    pub remedy: Text,
    /// Who must act.
    pub duty: Text,
    /// Day by which.
    pub deadline: Option<Expr>,
    /// In force.
    pub effective: Period,
    /// Tags.
    pub tags: Vec<String>,
    /// The whole rule.
    pub span: Span,
}

/// A message with computed pieces.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Message {
    /// Chinese.
    pub zh: Vec<Piece>,
    /// English.
    pub en: Vec<Piece>,
}

/// A piece of a message.
#[derive(Clone, PartialEq, Debug)]
pub enum Piece {
    /// As written.
    Text(String),
    /// `${…}`.
    Expr(Expr),
}

/// A rule of the base that a layer disables.
#[derive(Clone, PartialEq, Debug)]
pub struct Disable {
    /// Rule id.
    pub rule: At<String>,
    /// Why.
    pub reason: Text,
    /// Clause of the layer.
    pub clause: At<String>,
}

/// An example.
#[derive(Clone, PartialEq, Debug)]
pub struct Case {
    /// Name.
    pub name: At<String>,
    /// Day of the check.
    pub as_of: Date,
    /// Place.
    pub jurisdiction: Option<u32>,
    /// Answers as JSON text.
    pub answers: String,
    /// Tables as JSON text.
    pub tables: Vec<(String, String)>,
    /// Params that a locality might set, for this case only: values as JSON text.
    pub params: Vec<(At<String>, String)>,
    /// Expected outcomes per rule id; several for `each`.
    pub expect: Vec<(At<String>, Vec<Expect>)>,
    /// Expected outcome of the entry.
    pub entry: Option<At<String>>,
    /// Expected verdict.
    pub verdict: Option<At<String>>,
}

/// What a case expects of one verdict.
#[derive(Clone, PartialEq, Debug)]
pub struct Expect {
    /// Outcome word.
    pub outcome: At<String>,
    /// Reason word.
    pub reason: Option<String>,
    /// Missing paths, if stated.
    pub missing: Option<Vec<String>>,
    /// Highlighted paths, if stated.
    pub at: Option<Vec<String>>,
    /// Margin, if stated.
    pub margin: Option<f64>,
}

/// An expression.
#[derive(Clone, PartialEq, Debug)]
pub struct Expr {
    /// What.
    pub kind: ExprKind,
    /// Where: the bytes of the whole sub-expression in the file.
    pub span: Span,
}

impl Expr {
    /// The expressions right inside this one, in the order of the text.
    pub fn children(&self) -> Vec<&Expr> {
        match &self.kind {
            ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Num(_)
            | ExprKind::Text(_)
            | ExprKind::Name(_)
            | ExprKind::Error => Vec::new(),
            ExprKind::Member(of, _)
            | ExprKind::Not(of)
            | ExprKind::Neg(of)
            | ExprKind::Closure(_, of)
            | ExprKind::Index(of, _) => vec![of],
            ExprKind::Coalesce(a, b)
            | ExprKind::Binary(_, a, b)
            | ExprKind::In(a, b)
            | ExprKind::Range { low: a, high: b, .. } => vec![a, b],
            ExprKind::If(a, b, c) => vec![a, b, c],
            ExprKind::Interpolated(list)
            | ExprKind::Array(list)
            | ExprKind::And(list)
            | ExprKind::Or(list)
            | ExprKind::Call(_, list) => list.iter().collect(),
        }
    }
}

/// The kinds of expressions: exactly what the language has.
#[derive(Clone, PartialEq, Debug)]
pub enum ExprKind {
    /// `true`, `false`.
    Bool(bool),
    /// `12`.
    Int(i64),
    /// `1.5`.
    Num(f64),
    /// `"…"`.
    Text(String),
    /// `` `…${x}…` ``.
    Interpolated(Vec<Expr>),
    /// A name.
    Name(String),
    /// `a.b`; also `params.x`.
    Member(Box<Expr>, At<String>),
    /// `a[0]`.
    Index(Box<Expr>, Box<Expr>),
    /// `[a, b]`.
    Array(Vec<Expr>),
    /// `a..b`, `a..=b`.
    Range {
        /// First.
        low: Box<Expr>,
        /// Last, or the one after the last.
        high: Box<Expr>,
        /// `..=`
        inclusive: bool,
    },
    /// `!a`.
    Not(Box<Expr>),
    /// `-a`.
    Neg(Box<Expr>),
    /// `a && b && …`.
    And(Vec<Expr>),
    /// `a || b || …`.
    Or(Vec<Expr>),
    /// `a ?? b`.
    Coalesce(Box<Expr>, Box<Expr>),
    /// Arithmetic and comparison.
    Binary(Binary, Box<Expr>, Box<Expr>),
    /// `x in xs`.
    In(Box<Expr>, Box<Expr>),
    /// `if c { a } else { b }`.
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `f(x, …)`, and `x.f(…)` with `x` as the first argument.
    Call(At<String>, Vec<Expr>),
    /// `|x| …`, only as an argument.
    Closure(At<String>, Box<Expr>),
    /// A faulty piece that was already reported.
    Error,
}

/// Binary operators.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Binary {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `%`
    Rem,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `==`
    Eq,
    /// `!=`
    Ne,
}

impl fmt::Display for Binary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Binary::Add => "+",
            Binary::Sub => "-",
            Binary::Mul => "*",
            Binary::Div => "/",
            Binary::Rem => "%",
            Binary::Lt => "<",
            Binary::Le => "<=",
            Binary::Gt => ">",
            Binary::Ge => ">=",
            Binary::Eq => "==",
            Binary::Ne => "!=",
        })
    }
}
