//! The ruleset as it is meant: layers merged, names resolved, every expression typed, clauses verified.
//!
//! In: made by `resolve` from one or more `ast::Ruleset`. Out: read by `lower` (to a plan), by the documents and by the tests' oracle.
//! Must not know: YAML, Rhai, nodes of a plan. Fields are named by scope and slot of the core's form; the built-ins by `plan::Op`.

use crate::ast::{Binary, Span};
use rules_core::form::{Form, Text};
use rules_core::plan;

/// A ruleset with its layers.
#[derive(Clone, Debug, Default)]
pub struct Ruleset {
    /// Base first.
    pub layers: Vec<plan::Layer>,
    /// The form; `relevant` of fields and groups is an index into `relevants`.
    pub form: Form,
    /// Truth expressions of relevance.
    pub relevants: Vec<Expr>,
    /// Interned option codes.
    pub symbols: Vec<String>,
    /// Parameters and their values.
    pub params: Vec<Param>,
    /// Tables.
    pub tables: Vec<plan::Table>,
    /// Automata.
    pub patterns: Vec<plan::Pattern>,
    /// Functions.
    pub functions: Vec<plan::Function>,
    /// Derived values, each after those it uses.
    pub lets: Vec<(String, Expr)>,
    /// Clauses.
    pub clauses: Vec<plan::Clause>,
    /// Rules.
    pub rules: Vec<Rule>,
    /// Sections, by numbers of members and rules.
    pub sections: Vec<plan::Section>,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Param {
    /// Name.
    pub name: String,
    /// Label.
    pub label: Text,
    /// Type.
    pub ty: Ty,
    /// Unit, or empty.
    pub unit: String,
    /// Value.
    pub value: Option<plan::Const>,
    /// Clause.
    pub clause: Option<u32>,
}

/// A rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// What needs no expression; its nodes are zero or empty.
    pub facts: RuleFacts,
    /// One verdict per item of this list; the item is frame 0.
    pub each: Option<Expr>,
    /// Which items.
    pub filter: Option<Expr>,
    /// Applies if.
    pub when: Option<Expr>,
    /// What must hold; a `forbid` stands here negated.
    pub require: Expr,
    /// Due day.
    pub due: Option<Expr>,
    /// Fields.
    pub evidence: Vec<Expr>,
    /// Fields.
    pub at: Vec<Expr>,
    /// Chinese message.
    pub message_zh: Vec<Piece>,
    /// English message.
    pub message_en: Vec<Piece>,
    /// Day by which.
    pub deadline: Option<Expr>,
    /// The whole rule in the author's file.
    pub span: Span,
}

/// The plain data of a rule.
#[derive(Clone, Debug)]
pub struct RuleFacts {
    /// Id.
    pub id: String,
    /// Title.
    pub title: Text,
    /// Kind.
    pub kind: plan::RuleKind,
    /// Severity.
    pub severity: plan::Severity,
    /// Indices into the clauses.
    pub clauses: Vec<u32>,
    /// Remedy.
    pub remedy: Text,
    /// Who must act.
    pub duty: Text,
    /// In force.
    pub effective: plan::Period,
    /// Tags.
    pub tags: Vec<String>,
}

/// A piece of a message.
#[derive(Clone, Debug)]
pub enum Piece {
    /// As written.
    Text(String),
    /// Computed.
    Expr(Expr),
}

/// A type.
#[derive(Clone, PartialEq, Debug)]
pub enum Ty {
    /// Truth.
    Bool,
    /// Exact integer with a unit (empty: none, fits any).
    Int(String),
    /// Number with a unit.
    Num(String),
    /// Interval with a unit.
    Measure(String),
    /// Text.
    Text,
    /// One of these option codes (symbols).
    Choice(Vec<u32>),
    /// A set of these option codes, in the field's order.
    Choices(Vec<u32>),
    /// Day.
    Date,
    /// Instant.
    DateTime,
    /// Place; the coordinate systems it may come in, empty for all.
    Point(Vec<rules_core::domain::geo::Crs>),
    /// Area; likewise.
    Area(Vec<rules_core::domain::geo::Crs>),
    /// File.
    Attachment,
    /// Key into table.
    Ref(u32),
    /// List whose items are records (or the scalar) of this scope of the form.
    List(u32),
    /// Item of a list of records: a record of this scope.
    Record(u32),
    /// Rows of this table.
    Rows(u32),
    /// A row of this table.
    Row(u32),
    /// Fits every type: `unknown("…")`, and pieces already reported as faulty.
    Any,
}

/// A typed expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What.
    pub kind: ExprKind,
    /// Type.
    pub ty: Ty,
    /// Where it stands in the author's file.
    pub span: Span,
}

/// The kinds of typed expressions.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// Literal (`date("…")` included).
    Const(plan::Const),
    /// Parameter.
    Param(u32),
    /// Derived value.
    Let(u32),
    /// The day of the check.
    AsOf,
    /// Field of the submission: slot of scope 0.
    Field(u32),
    /// Field of the list item bound to a frame: (frame, slot).
    ItemField(u32, u32),
    /// The table row bound to a frame.
    FrameRow(u32),
    /// Column of a row: (row, slot).
    Column(Box<Expr>, u32),
    /// All.
    And(Vec<Expr>),
    /// Any.
    Or(Vec<Expr>),
    /// Not.
    Not(Box<Expr>),
    /// Conditional.
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `??`
    Coalesce(Box<Expr>, Box<Expr>),
    /// Arithmetic and comparison; both sides already fit.
    Binary(Binary, Box<Expr>, Box<Expr>),
    /// Is the first one of the rest?
    OneOf(Box<Expr>, Vec<Expr>),
    /// Does the set hold this option number of its field?
    HasOption(Box<Expr>, u32),
    /// `unknown("word")`.
    Unknown(String),
    /// The joined texts.
    Concat(Vec<Expr>),
    /// Quantifier or aggregate over a list: operation, list, body with the item in this frame.
    Over(plan::Op, Box<Expr>, Box<Expr>, u32),
    /// Every other built-in: the operation and its operands as the plan lists them.
    Op(plan::Op, Vec<Operand>),
    /// Author's function.
    Call(u32, Vec<Expr>),
}

/// Operand of a built-in, in the order of `plan::Op`'s operands (those read as `None` left out).
#[derive(Clone, Debug)]
pub enum Operand {
    /// Expression.
    Expr(Expr),
    /// Flag or index.
    Number(u32),
}

impl Expr {
    /// The direct sub-expressions, in the order they are written.
    pub fn children(&self) -> Vec<&Expr> {
        match &self.kind {
            ExprKind::Const(_)
            | ExprKind::Param(_)
            | ExprKind::Let(_)
            | ExprKind::AsOf
            | ExprKind::Field(_)
            | ExprKind::ItemField(..)
            | ExprKind::FrameRow(_)
            | ExprKind::Unknown(_) => Vec::new(),
            ExprKind::Column(a, _) | ExprKind::Not(a) | ExprKind::HasOption(a, _) => vec![a],
            ExprKind::And(list) | ExprKind::Or(list) | ExprKind::Concat(list) | ExprKind::Call(_, list) => {
                list.iter().collect()
            }
            ExprKind::If(a, b, c) => vec![a, b, c],
            ExprKind::Coalesce(a, b) | ExprKind::Binary(_, a, b) | ExprKind::Over(_, a, b, _) => vec![a, b],
            ExprKind::OneOf(a, list) => std::iter::once(&**a).chain(list).collect(),
            ExprKind::Op(_, operands) => operands
                .iter()
                .filter_map(|operand| match operand {
                    Operand::Expr(expr) => Some(expr),
                    Operand::Number(_) => None,
                })
                .collect(),
        }
    }

    /// Calls `visit` for this expression and everything inside, outermost first.
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Expr)) {
        visit(self);
        for child in self.children() {
            child.walk(visit);
        }
    }
}
