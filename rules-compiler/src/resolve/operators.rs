//! Operators: arithmetic, comparisons and `in`, with their units.
//!
//! In: two operands as written. Out: a typed expression. Must not know: names, functions.

use super::constant;
use super::typer::{Typer, fault, op};
use super::types::{self, describe};
use crate::ast::{self, Binary, Span};
use crate::diagnostic::{Code, Diagnostic};
use crate::hir::{Expr, ExprKind, Ty};
use rules_core::plan::{Const, Op};

impl Typer<'_, '_> {
    /// `a ∘ b`.
    pub(crate) fn binary(&mut self, binary: Binary, a: &ast::Expr, b: &ast::Expr, span: Span) -> Expr {
        let (a, b) = (self.value(a), self.value(b));
        match binary {
            Binary::Add | Binary::Sub | Binary::Mul | Binary::Div | Binary::Rem => {
                self.arithmetic(binary, a, b, span)
            }
            Binary::Lt | Binary::Le | Binary::Gt | Binary::Ge | Binary::Eq | Binary::Ne => {
                self.comparison(binary, a, b, span)
            }
        }
    }

    fn arithmetic(&mut self, binary: Binary, a: Expr, b: Expr, span: Span) -> Expr {
        if !types::is_numeric(&a.ty) || !types::is_numeric(&b.ty) {
            let (found, at) = if types::is_numeric(&a.ty) {
                (&b.ty, b.span)
            } else {
                (&a.ty, a.span)
            };
            let message = format!("`{binary}` works on numbers, found {}", describe(found));
            let mut diagnostic = Diagnostic::new(Code::R0203, at, message);
            diagnostic = match (binary, &a.ty, &b.ty) {
                (Binary::Add, Ty::Text, _) | (Binary::Add, _, Ty::Text) => {
                    diagnostic.help("texts are joined by interpolation: `` `${a}${b}` ``")
                }
                (Binary::Sub, Ty::Date, Ty::Date) => diagnostic.help("write `days_between(earlier, later)`"),
                (Binary::Add | Binary::Sub, Ty::Date, _) => diagnostic.help("write `add_days(date, days)`"),
                _ => diagnostic,
            };
            self.push(diagnostic);
            return fault(span);
        }
        if a.ty == Ty::Any || b.ty == Ty::Any {
            // An author's `unknown(…)` beside a number is a number.
            let known = if a.ty == Ty::Any { &b.ty } else { &a.ty };
            let ty = if binary == Binary::Div {
                Ty::Num(String::new())
            } else {
                known.clone()
            };
            return Expr {
                kind: ExprKind::Binary(binary, Box::new(a), Box::new(b)),
                ty,
                span,
            };
        }
        let (ua, ub) = (types::unit(&a.ty), types::unit(&b.ty));
        let unit = match binary {
            Binary::Mul if ua.is_empty() => ub.to_owned(),
            Binary::Mul if ub.is_empty() => ua.to_owned(),
            Binary::Mul => format!("{ua}·{ub}"),
            Binary::Div if ua == ub || ua.is_empty() => String::new(),
            Binary::Div if ub.is_empty() => ua.to_owned(),
            Binary::Div => format!("{ua}/{ub}"),
            _ => match types::join_units(ua, ub) {
                Some(unit) => unit,
                None => {
                    let message = format!("`{binary}` on two units: `{ua}` and `{ub}`");
                    let diagnostic = Diagnostic::new(Code::R0207, span, message)
                        .label(a.span, format!("in `{ua}`"))
                        .label(b.span, format!("in `{ub}`"));
                    self.push(diagnostic);
                    return fault(span);
                }
            },
        };
        let measures = (matches!(a.ty, Ty::Measure(_)), matches!(b.ty, Ty::Measure(_)));
        let refused = match binary {
            Binary::Mul => measures.0 && measures.1,
            Binary::Div => measures.1,
            Binary::Rem => measures.0 || measures.1,
            _ => false,
        };
        if refused {
            let diagnostic = Diagnostic::new(
                Code::R0203,
                span,
                format!("`{binary}` does not carry the tolerance of a measure"),
            )
            .help("a measure can be multiplied with and divided by a plain number");
            self.push(diagnostic);
            return fault(span);
        }
        if matches!(binary, Binary::Div | Binary::Rem) && matches!(b.kind, ExprKind::Const(Const::Num(0.0))) {
            return self.wrong(Code::R0208, span, "this divides by zero");
        }
        let ty = match types::join_numbers(&a.ty, &b.ty, unit) {
            Ty::Int(unit) if binary == Binary::Div => Ty::Num(unit),
            ty => ty,
        };
        Expr {
            kind: ExprKind::Binary(binary, Box::new(a), Box::new(b)),
            ty,
            span,
        }
    }

    /// `a < b` and its like, from typed operands.
    pub(crate) fn comparison(&mut self, binary: Binary, a: Expr, b: Expr, span: Span) -> Expr {
        let before = self.world.report.errors();
        let (a, b, ty) = self.fit(a, b, &format!("both sides of `{binary}`"), span);
        if self.world.report.errors() > before {
            return fault(span);
        }
        let ordered = matches!(
            ty,
            Ty::Int(_) | Ty::Num(_) | Ty::Measure(_) | Ty::Date | Ty::DateTime | Ty::Any
        );
        let equal = matches!(binary, Binary::Eq | Binary::Ne);
        let fits = ordered || (equal && matches!(ty, Ty::Bool | Ty::Text | Ty::Choice(_) | Ty::Ref(_)));
        if !fits {
            let message = format!("`{binary}` does not compare {}", describe(&ty));
            let mut diagnostic = Diagnostic::new(Code::R0203, span, message);
            diagnostic = match ty {
                Ty::Choices(_) => diagnostic.help("ask for one option: `\"…\" in …`"),
                Ty::Attachment => diagnostic.help("ask whether it is there: `known(…)`"),
                Ty::Point(_) | Ty::Area(_) => diagnostic.help("compare a distance: `distance(a, b)`"),
                Ty::Row(_) => diagnostic.help("compare a column of the rows"),
                _ => diagnostic,
            };
            self.push(diagnostic);
            return fault(span);
        }
        if let Some(always) = constant::always(self, binary, &a, &b) {
            self.always(always, span);
        }
        Expr {
            kind: ExprKind::Binary(binary, Box::new(a), Box::new(b)),
            ty: Ty::Bool,
            span,
        }
    }

    /// Says that a comparison is always the same.
    fn always(&mut self, always: constant::Always, span: Span) {
        let diagnostic = Diagnostic::new(
            Code::R0208,
            span,
            format!("this comparison is always {}", always.truth),
        )
        .help(always.why);
        self.push(diagnostic);
    }

    /// `x in …`.
    pub(crate) fn membership(&mut self, x: &ast::Expr, within: &ast::Expr, span: Span) -> Expr {
        match &within.kind {
            ast::ExprKind::Array(list) => self.one_of(x, list, span),
            ast::ExprKind::Range { low, high, inclusive } => {
                let x = self.value(x);
                let low = self.value(low);
                let high = self.value(high);
                let upper = if *inclusive { Binary::Le } else { Binary::Lt };
                if let (Some(first), Some(last)) = (constant::number(&low), constant::number(&high))
                    && (first > last || (first >= last && !inclusive))
                {
                    return self.wrong(Code::R0208, span, "nothing lies in an empty range");
                }
                let first = self.copy(&x);
                let above = self.comparison(Binary::Ge, first, low, span);
                let below = self.comparison(upper, x, high, span);
                Expr {
                    kind: ExprKind::And(vec![above, below]),
                    ty: Ty::Bool,
                    span,
                }
            }
            _ => {
                let within = self.value(within);
                self.holds(within, x, span)
            }
        }
    }

    /// `contains(within, x)`.
    pub(crate) fn holds(&mut self, within: Expr, x: &ast::Expr, span: Span) -> Expr {
        let x = self.value(x);
        match within.ty.clone() {
            Ty::Any => fault(span),
            Ty::Text if matches!(x.ty, Ty::Text | Ty::Ref(_) | Ty::Any) => {
                op(Op::TextHas, vec![within, x], Ty::Bool, span)
            }
            Ty::Choices(options) => self.has_option(within, &options, x, span),
            Ty::List(scope) => {
                let Some(item) = self.world.scalar(scope) else {
                    let diagnostic = Diagnostic::new(Code::R0203, span, "the list holds records, not values")
                        .help("say what the record is like: `list.any(|item| item.field == …)`");
                    self.push(diagnostic);
                    return fault(span);
                };
                let x = match (&item, &x.ty) {
                    (Ty::Choice(options), Ty::Text) if matches!(x.kind, ExprKind::Const(_)) => {
                        self.option(x, options)
                    }
                    _ => x,
                };
                let comparable = !matches!(
                    item,
                    Ty::Choices(_) | Ty::Point(_) | Ty::Area(_) | Ty::Attachment | Ty::Measure(_)
                );
                if !comparable || types::join(&item, &x.ty).is_err() {
                    let message = format!("the list holds {}, not {}", describe(&item), describe(&x.ty));
                    return self.wrong(Code::R0203, span, message);
                }
                op(Op::ListHas, vec![within, x], Ty::Bool, span)
            }
            other => {
                let message = format!("{} does not hold {}", describe(&other), describe(&x.ty));
                let diagnostic = Diagnostic::new(Code::R0203, span, message)
                    .help("right of `in` stands a list, a range, a text, `[…]` or a field of type `choices`");
                self.push(diagnostic);
                fault(span)
            }
        }
    }

    fn has_option(&mut self, set: Expr, options: &[u32], x: Expr, span: Span) -> Expr {
        let x = if x.ty == Ty::Text {
            self.option(x, options)
        } else {
            x
        };
        let number = |symbol: u32| {
            options
                .iter()
                .position(|option| *option == symbol)
                .map(crate::source::to_u32)
        };
        match (&x.kind, &x.ty) {
            (ExprKind::Const(Const::Choice(symbol)), _) => match number(*symbol) {
                Some(bit) => Expr {
                    kind: ExprKind::HasOption(Box::new(set), bit),
                    ty: Ty::Bool,
                    span,
                },
                None => fault(span),
            },
            // Another choice field: for one of the common options, it is that and the set holds it.
            (_, Ty::Choice(own)) => {
                let mut pairs = Vec::new();
                for symbol in own {
                    let Some(bit) = number(*symbol) else { continue };
                    let option = Expr {
                        kind: ExprKind::Const(Const::Choice(*symbol)),
                        ty: Ty::Choice(vec![*symbol]),
                        span,
                    };
                    let is = ExprKind::Binary(Binary::Eq, Box::new(self.copy(&x)), Box::new(option));
                    let has = ExprKind::HasOption(Box::new(self.copy(&set)), bit);
                    let both = [is, has]
                        .into_iter()
                        .map(|kind| Expr {
                            kind,
                            ty: Ty::Bool,
                            span,
                        })
                        .collect();
                    pairs.push(Expr {
                        kind: ExprKind::And(both),
                        ty: Ty::Bool,
                        span,
                    });
                }
                if pairs.is_empty() {
                    return self.wrong(Code::R0208, span, "the two fields have no option in common");
                }
                Expr {
                    kind: ExprKind::Or(pairs),
                    ty: Ty::Bool,
                    span,
                }
            }
            (_, Ty::Any) => fault(span),
            (_, ty) => {
                let message = format!("a set of choices holds options, not {}", describe(ty));
                self.wrong(Code::R0203, span, message)
            }
        }
    }

    fn one_of(&mut self, x: &ast::Expr, list: &[ast::Expr], span: Span) -> Expr {
        let mut x = self.value(x);
        if list.is_empty() {
            return self.wrong(Code::R0208, span, "nothing is in an empty list");
        }
        let before = self.world.report.errors();
        let mut options = Vec::new();
        for item in list {
            let item = self.value(item);
            let at = item.span;
            let (left, item, ty) = self.fit(x, item, "both sides of `in`", at);
            x = left;
            let fits = matches!(
                ty,
                Ty::Bool
                    | Ty::Int(_)
                    | Ty::Num(_)
                    | Ty::Text
                    | Ty::Choice(_)
                    | Ty::Date
                    | Ty::DateTime
                    | Ty::Ref(_)
                    | Ty::Any
            );
            if !fits {
                let message = format!("{} cannot be one of a list", describe(&ty));
                return self.wrong(Code::R0203, at, message);
            }
            options.push(item);
        }
        if self.world.report.errors() > before {
            return fault(span);
        }
        if let Some(always) = constant::always_in(self, &x, &options) {
            self.always(always, span);
        }
        Expr {
            kind: ExprKind::OneOf(Box::new(x), options),
            ty: Ty::Bool,
            span,
        }
    }
}
