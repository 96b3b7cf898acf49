//! Expressions get their types.
//!
//! In: one of the author's expressions and what its names can mean. Out: a typed expression; where something is wrong, a diagnostic and
//! a stand-in of type `Any`, so that one fault is said once. Must not know: rules, the plan's nodes.

use super::types;
use super::world::World;
use crate::ast::{self, At, Span};
use crate::diagnostic::{Code, Diagnostic};
use crate::hir::{Expr, ExprKind, Operand, Ty};
use rules_core::limits;
use rules_core::plan::{Const, Op};

/// What stands where something is wrong; the ruleset does not load then.
pub(crate) fn fault(span: Span) -> Expr {
    Expr {
        kind: ExprKind::Const(Const::Bool(false)),
        ty: Ty::Any,
        span,
    }
}

/// A built-in whose operands are all expressions.
pub(crate) fn op(op: Op, operands: Vec<Expr>, ty: Ty, span: Span) -> Expr {
    Expr {
        kind: ExprKind::Op(op, operands.into_iter().map(Operand::Expr).collect()),
        ty,
        span,
    }
}

/// Depth of an expression with the derived values it uses: the evaluator takes twice the depth of one expression.
pub(crate) const DEPTH: u32 = 2 * limits::EXPRESSION_DEPTH;

/// What a frame is bound to.
#[derive(Clone, Copy)]
pub(crate) enum Bound {
    /// An item of a list: records or scalars of this scope.
    Item(u32),
    /// A row of this table.
    Row(u32),
    /// Something that was reported.
    Fault,
}

/// The record whose fields are readable by their bare names: that of a relevance.
pub(crate) struct Bare {
    /// Frame; `None` for the submission itself.
    pub(crate) frame: Option<u32>,
    /// Its scope.
    pub(crate) scope: u32,
    /// Groups from the record inwards.
    pub(crate) groups: Vec<u32>,
}

/// Types expressions.
pub(crate) struct Typer<'w, 'a> {
    /// What names can mean.
    pub(crate) world: &'w mut World<'a>,
    /// Names of the frames, outermost first.
    pub(crate) frames: Vec<(String, Bound)>,
    /// Further names.
    pub(crate) bare: Option<Bare>,
}

impl<'w, 'a> Typer<'w, 'a> {
    /// One without frames.
    pub(crate) fn new(world: &'w mut World<'a>) -> Typer<'w, 'a> {
        Typer {
            world,
            frames: Vec::new(),
            bare: None,
        }
    }

    /// Reports.
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        self.world.report.push(diagnostic);
    }

    /// Reports, and gives the stand-in.
    pub(crate) fn wrong(&mut self, code: Code, span: Span, message: impl Into<String>) -> Expr {
        self.world.report.say(code, span, message);
        fault(span)
    }

    /// Types an expression that is a value.
    pub(crate) fn value(&mut self, expr: &ast::Expr) -> Expr {
        if self.world.depth >= DEPTH {
            return self.wrong(
                Code::R0215,
                expr.span,
                format!("expressions and the derived values they use are nested more than {DEPTH} deep"),
            );
        }
        self.world.depth += 1;
        let typed = self.value_inside(expr);
        self.world.depth -= 1;
        typed
    }

    fn value_inside(&mut self, expr: &ast::Expr) -> Expr {
        let span = expr.span;
        let constant = |value, ty| Expr {
            kind: ExprKind::Const(value),
            ty,
            span,
        };
        match &expr.kind {
            ast::ExprKind::Bool(flag) => constant(Const::Bool(*flag), Ty::Bool),
            ast::ExprKind::Int(n) => constant(Const::Num(*n as f64), Ty::Int(String::new())),
            ast::ExprKind::Num(n) => constant(Const::Num(*n), Ty::Num(String::new())),
            ast::ExprKind::Text(text) => constant(Const::Text(text.clone()), Ty::Text),
            ast::ExprKind::Interpolated(parts) => {
                let parts = parts.iter().map(|part| self.printable(part)).collect();
                Expr {
                    kind: ExprKind::Concat(parts),
                    ty: Ty::Text,
                    span,
                }
            }
            ast::ExprKind::Name(_) | ast::ExprKind::Member(..) | ast::ExprKind::Index(..) => self.named(expr),
            ast::ExprKind::Array(_) => {
                let wrong = Diagnostic::new(Code::R0203, span, "a list stands only on the right of `in`");
                self.push(wrong.help("write `x in [a, b]`"));
                fault(span)
            }
            ast::ExprKind::Range { .. } => {
                let wrong = Diagnostic::new(Code::R0203, span, "a range stands only on the right of `in`");
                self.push(wrong.help("write `x in 1..=5`"));
                fault(span)
            }
            ast::ExprKind::Not(inner) => {
                let inner = self.truth(inner);
                Expr {
                    kind: ExprKind::Not(Box::new(inner)),
                    ty: Ty::Bool,
                    span,
                }
            }
            ast::ExprKind::Neg(inner) => {
                let inner = self.number(inner, "`-`");
                let ty = inner.ty.clone();
                op(Op::Neg, vec![inner], ty, span)
            }
            ast::ExprKind::And(list) => {
                let list = list.iter().map(|one| self.truth(one)).collect();
                Expr {
                    kind: ExprKind::And(list),
                    ty: Ty::Bool,
                    span,
                }
            }
            ast::ExprKind::Or(list) => {
                let list = list.iter().map(|one| self.truth(one)).collect();
                Expr {
                    kind: ExprKind::Or(list),
                    ty: Ty::Bool,
                    span,
                }
            }
            ast::ExprKind::Coalesce(a, b) => {
                let (a, b) = (self.value(a), self.value(b));
                let (a, b, ty) = self.fit(a, b, "both sides of `??`", span);
                Expr {
                    kind: ExprKind::Coalesce(Box::new(a), Box::new(b)),
                    ty,
                    span,
                }
            }
            ast::ExprKind::If(c, a, b) => {
                let (c, a, b) = (self.truth(c), self.value(a), self.value(b));
                let (a, b, ty) = self.fit(a, b, "both branches of `if`", span);
                Expr {
                    kind: ExprKind::If(Box::new(c), Box::new(a), Box::new(b)),
                    ty,
                    span,
                }
            }
            ast::ExprKind::Binary(binary, a, b) => self.binary(*binary, a, b, span),
            ast::ExprKind::In(x, within) => self.membership(x, within, span),
            ast::ExprKind::Call(name, args) => super::builtins::call(self, name, args, span),
            ast::ExprKind::Closure(..) => {
                let wrong = Diagnostic::new(
                    Code::R0203,
                    span,
                    "a closure stands only as the argument of a function",
                );
                self.push(
                    wrong.help("write `list.all(|x| …)`; also `any`, `none`, `count`, `sum`, `min`, `max`"),
                );
                fault(span)
            }
            ast::ExprKind::Error => fault(span),
        }
    }

    /// Types an expression that must be true or false.
    pub(crate) fn truth(&mut self, expr: &ast::Expr) -> Expr {
        let typed = self.value(expr);
        if matches!(typed.ty, Ty::Bool | Ty::Any) {
            return typed;
        }
        let message = format!("expected true or false, found {}", types::describe(&typed.ty));
        let mut diagnostic = Diagnostic::new(Code::R0203, expr.span, message);
        diagnostic = match typed.ty {
            Ty::Attachment => diagnostic.help("ask whether it is there: `known(…)`"),
            Ty::List(_) => {
                diagnostic.help("say what must hold for its items: `….any(|x| …)`, or compare `len(…)`")
            }
            _ => diagnostic.help("compare it with something: `… == …`"),
        };
        self.push(diagnostic);
        fault(expr.span)
    }

    /// Types an expression that must be a number of some kind.
    pub(crate) fn number(&mut self, expr: &ast::Expr, what: &str) -> Expr {
        self.want(expr, types::is_numeric, what, "a number")
    }

    /// Types an expression whose type must pass the test.
    pub(crate) fn want(
        &mut self,
        expr: &ast::Expr,
        fits: fn(&Ty) -> bool,
        what: &str,
        expected: &str,
    ) -> Expr {
        let typed = self.value(expr);
        if typed.ty == Ty::Any || fits(&typed.ty) {
            return typed;
        }
        let message = format!(
            "{what} expects {expected} here, found {}",
            types::describe(&typed.ty)
        );
        let mut diagnostic = Diagnostic::new(Code::R0203, expr.span, message);
        if expected == "a date" {
            diagnostic = match (&typed.ty, &typed.kind) {
                (Ty::Text, ExprKind::Const(Const::Text(text))) => {
                    diagnostic.help(format!("write `date(\"{text}\")`"))
                }
                (Ty::DateTime, _) => diagnostic.help("take its day: `date_of(…)`"),
                _ => diagnostic,
            };
        }
        self.push(diagnostic);
        fault(expr.span)
    }

    /// Types a piece of a text.
    pub(crate) fn printable(&mut self, expr: &ast::Expr) -> Expr {
        let fits = |ty: &Ty| {
            matches!(
                ty,
                Ty::Bool
                    | Ty::Int(_)
                    | Ty::Num(_)
                    | Ty::Measure(_)
                    | Ty::Text
                    | Ty::Choice(_)
                    | Ty::Date
                    | Ty::DateTime
                    | Ty::Ref(_)
            )
        };
        self.want(expr, fits, "a text", "something that can be written out")
    }

    /// Makes two expressions fit each other: a text literal beside a choice is one of its options.
    pub(crate) fn fit(&mut self, a: Expr, b: Expr, what: &str, span: Span) -> (Expr, Expr, Ty) {
        let (a, b) = match (&a.ty, &b.ty) {
            (Ty::Choice(options), Ty::Text) if is_literal(&b) => {
                let options = options.clone();
                let b = self.option(b, &options);
                (a, b)
            }
            (Ty::Text, Ty::Choice(options)) if is_literal(&a) => {
                let options = options.clone();
                let a = self.option(a, &options);
                (a, b)
            }
            _ => (a, b),
        };
        match types::join(&a.ty, &b.ty) {
            Ok(ty) => (a, b, ty),
            Err(types::Clash::Unit) => {
                let message = format!(
                    "{what} have different units: `{}` and `{}`",
                    types::unit(&a.ty),
                    types::unit(&b.ty)
                );
                let diagnostic = Diagnostic::new(Code::R0207, span, message)
                    .label(a.span, format!("in `{}`", types::unit(&a.ty)))
                    .label(b.span, format!("in `{}`", types::unit(&b.ty)));
                self.push(diagnostic);
                (a, b, Ty::Any)
            }
            Err(types::Clash::Type) => {
                let message = format!(
                    "{what} have different types: {} and {}",
                    types::describe(&a.ty),
                    types::describe(&b.ty)
                );
                let mut diagnostic = Diagnostic::new(Code::R0203, span, message)
                    .label(a.span, types::describe(&a.ty))
                    .label(b.span, types::describe(&b.ty));
                for (one, other) in [(&a, &b), (&b, &a)] {
                    diagnostic = match (&one.ty, &other.kind, &other.ty) {
                        (Ty::Date, ExprKind::Const(Const::Text(text)), _) => {
                            diagnostic.help(format!("write `date(\"{text}\")`"))
                        }
                        (Ty::Date, _, Ty::DateTime) => diagnostic.help("take the day: `date_of(…)`"),
                        (Ty::Ref(_), _, Ty::Row(_)) => {
                            diagnostic.help("a `ref` is the key: compare a column of the row")
                        }
                        _ => diagnostic,
                    };
                }
                self.push(diagnostic);
                (a, b, Ty::Any)
            }
        }
    }

    /// Turns the text literals of an expression into options of a choice.
    pub(crate) fn option(&mut self, expr: Expr, options: &[u32]) -> Expr {
        let span = expr.span;
        match expr.kind {
            ExprKind::Const(Const::Text(code)) => {
                let found = options
                    .iter()
                    .copied()
                    .find(|symbol| self.world.code(*symbol) == code);
                if let Some(symbol) = found {
                    return Expr {
                        kind: ExprKind::Const(Const::Choice(symbol)),
                        ty: Ty::Choice(vec![symbol]),
                        span,
                    };
                }
                let codes: Vec<&str> = options.iter().map(|symbol| self.world.code(*symbol)).collect();
                let mut diagnostic =
                    Diagnostic::new(Code::R0206, span, format!("there is no option `{code}`"))
                        .nearest(&code, codes.iter().copied());
                if diagnostic.help.is_empty() {
                    let shown: Vec<String> = codes.iter().take(12).map(|code| format!("`{code}`")).collect();
                    diagnostic = diagnostic.help(format!("the options are {}", shown.join(", ")));
                }
                self.push(diagnostic);
                fault(span)
            }
            ExprKind::If(c, a, b) => {
                let (a, b) = (self.option(*a, options), self.option(*b, options));
                let ty = types::join(&a.ty, &b.ty).unwrap_or(Ty::Any);
                Expr {
                    kind: ExprKind::If(c, Box::new(a), Box::new(b)),
                    ty,
                    span,
                }
            }
            ExprKind::Coalesce(a, b) => {
                let (a, b) = (self.option(*a, options), self.option(*b, options));
                let ty = types::join(&a.ty, &b.ty).unwrap_or(Ty::Any);
                Expr {
                    kind: ExprKind::Coalesce(Box::new(a), Box::new(b)),
                    ty,
                    span,
                }
            }
            kind => Expr {
                kind,
                ty: expr.ty,
                span,
            },
        }
    }

    /// Copies an expression that is used twice. Copies within copies would grow without end, so they are counted.
    pub(crate) fn copy(&mut self, expr: &Expr) -> Expr {
        if self.world.copied < limits::NODES {
            expr.walk(&mut |_| self.world.copied += 1);
        }
        if self.world.copied >= limits::NODES {
            return self.wrong(
                Code::R0215,
                expr.span,
                "too many expressions within ranges and sets",
            );
        }
        expr.clone()
    }

    /// Types the body of a closure with its parameter bound to a new frame; gives the frame.
    pub(crate) fn bind(&mut self, name: &At<String>, bound: Bound, body: &ast::Expr) -> (Expr, u32) {
        let frame = crate::source::to_u32(self.frames.len());
        if self.frames.len() >= limits::FRAMES {
            let message = format!("closures are nested more than {} deep", limits::FRAMES);
            return (self.wrong(Code::R0215, name.span, message), frame);
        }
        if self.frames.iter().any(|(other, _)| *other == name.value) {
            let message = format!("`{}` is already the name of an outer item", name.value);
            self.world.report.say(Code::R0202, name.span, message);
        }
        self.frames.push((name.value.clone(), bound));
        let body = self.value(body);
        self.frames.pop();
        (body, frame)
    }
}

/// Is every value that the expression can give a text literal?
fn is_literal(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Const(Const::Text(_)) => true,
        ExprKind::If(_, a, b) | ExprKind::Coalesce(a, b) => is_literal(a) && is_literal(b),
        _ => false,
    }
}
