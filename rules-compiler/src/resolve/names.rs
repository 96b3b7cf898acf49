//! Names, members and indices find what they mean.
//!
//! In: `a`, `a.b`, `a[0]` as written. Out: a typed expression of a field, an item, a column, a param or a derived value.
//! Must not know: operators, functions.

use super::forms;
use super::typer::{Bound, Typer, fault};
use crate::ast::{self, At, Span};
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::hir::{Expr, ExprKind, Operand, Ty};
use rules_core::form::{Member, Scope};
use rules_core::plan::Op;

/// What a name leads to.
pub(crate) enum Found {
    /// A value.
    Value(Expr),
    /// A record or a group of one, whose members are values.
    Record(Record),
    /// The word `params`.
    Params,
    /// A table.
    Table(u32),
}

/// A record, or a group inside one.
pub(crate) struct Record {
    holder: Holder,
    group: u32,
}

/// Whose record it is.
enum Holder {
    Root,
    /// Item of a list of this scope, bound to a frame.
    Frame(u32, u32),
    /// Item of a list by its number: list, number, scope.
    Nth(Box<Expr>, u32, u32),
    /// Row of a table.
    Row(Box<Expr>, u32),
}

impl Typer<'_, '_> {
    /// A name, member or index that is a value.
    pub(crate) fn named(&mut self, expr: &ast::Expr) -> Expr {
        let written = match &expr.kind {
            ast::ExprKind::Name(name) => name.as_str(),
            ast::ExprKind::Member(_, name) => name.value.as_str(),
            _ => "this",
        };
        let diagnostic = match self.find(expr) {
            None => return fault(expr.span),
            Some(Found::Value(value)) => return value,
            Some(Found::Record(_)) => {
                Diagnostic::new(Code::R0203, expr.span, format!("`{written}` is a record, not a value"))
                    .help(format!("name one of its fields: `{written}.…`"))
            }
            Some(Found::Params) => Diagnostic::new(Code::R0203, expr.span, "`params` is not a value")
                .help("name one: `params.…`"),
            Some(Found::Table(_)) => {
                Diagnostic::new(Code::R0203, expr.span, format!("`{written}` is a table, not a value"))
                    .help("read it with `lookup(table, key)`, `nearest(table, point)` or `within(table, point, metres)`")
            }
        };
        self.push(diagnostic);
        fault(expr.span)
    }

    /// What an expression names; `None` if that was reported.
    pub(crate) fn find(&mut self, expr: &ast::Expr) -> Option<Found> {
        match &expr.kind {
            ast::ExprKind::Name(name) => self.name(name, expr.span),
            ast::ExprKind::Member(of, member) => self.member(of, member, expr.span),
            ast::ExprKind::Index(list, at) => self.nth(list, at, expr.span),
            _ => Some(Found::Value(self.value(expr))),
        }
    }

    fn name(&mut self, name: &str, span: Span) -> Option<Found> {
        if let Some(found) = self.frame(name, span) {
            return Some(found);
        }
        if let Some(bare) = &self.bare {
            let (frame, scope) = (bare.frame, bare.scope);
            for group in bare.groups.clone().into_iter().rev() {
                let holder = frame.map_or(Holder::Root, |frame| Holder::Frame(frame, scope));
                if let Some(found) = self.slot_of(Record { holder, group }, name, span) {
                    return Some(found);
                }
            }
        }
        if self.world.is_let(name) {
            let (number, ty) = self.world.let_value(name)?;
            return Some(Found::Value(Expr {
                kind: ExprKind::Let(number),
                ty,
                span,
            }));
        }
        if let Some(found) = self.slot_of(
            Record {
                holder: Holder::Root,
                group: 0,
            },
            name,
            span,
        ) {
            return Some(found);
        }
        match name {
            "as_of" => {
                return Some(Found::Value(Expr {
                    kind: ExprKind::AsOf,
                    ty: Ty::Date,
                    span,
                }));
            }
            "params" => return Some(Found::Params),
            _ => {}
        }
        if let Some(number) = self.world.tables.iter().position(|table| table.name == name) {
            return Some(Found::Table(crate::source::to_u32(number)));
        }
        self.unknown_name(name, span);
        None
    }

    fn frame(&self, name: &str, span: Span) -> Option<Found> {
        let number = self.frames.iter().rposition(|(other, _)| other == name)?;
        let frame = crate::source::to_u32(number);
        Some(match self.frames.get(number)?.1 {
            Bound::Row(table) => Found::Value(Expr {
                kind: ExprKind::FrameRow(frame),
                ty: Ty::Row(table),
                span,
            }),
            Bound::Item(scope) => match self.world.scalar(scope) {
                Some(ty) => Found::Value(Expr {
                    kind: ExprKind::ItemField(frame, 0),
                    ty,
                    span,
                }),
                None => Found::Record(Record {
                    holder: Holder::Frame(frame, scope),
                    group: 0,
                }),
            },
            Bound::Fault => Found::Value(fault(span)),
        })
    }

    fn unknown_name(&mut self, name: &str, span: Span) {
        // PERF: a thousand unknown names among thousands of fields; the first hundreds get their help.
        if !self.world.report.is_patient() {
            self.world
                .report
                .say(Code::R0201, span, format!("nothing here is called `{name}`"));
            return;
        }
        let mut names: Vec<String> = self.frames.iter().map(|(name, _)| name.clone()).collect();
        if let Some(bare) = &self.bare
            && let Some(scope) = self.world.form.scopes.get(bare.scope as usize)
        {
            names.extend(bare.groups.iter().flat_map(|group| member_names(scope, *group)));
        }
        names.extend(self.world.let_names().map(str::to_owned));
        names.extend(
            self.world
                .form
                .scopes
                .first()
                .map(|scope| member_names(scope, 0))
                .unwrap_or_default(),
        );
        names.extend(self.world.tables.iter().map(|table| table.name.clone()));
        names.extend(["as_of".to_owned(), "params".to_owned()]);
        let mut diagnostic = Diagnostic::new(Code::R0201, span, format!("nothing here is called `{name}`"))
            .nearest(name, names.iter().map(String::as_str));
        if diagnostic.help.is_empty() {
            if self.world.params.iter().any(|param| param.name == name) {
                diagnostic = diagnostic.help(format!("a param is read as `params.{name}`"));
            } else if super::builtins::is_builtin(name) {
                diagnostic = diagnostic.help(format!("a function is called: `{name}(…)`"));
            } else if let Some(path) = self.inner_field(name) {
                diagnostic = diagnostic.help(format!("there is `{path}`"));
            }
        }
        self.push(diagnostic);
    }

    /// A field of this name inside a group or a frame's record.
    fn inner_field(&self, name: &str) -> Option<String> {
        let root = self.world.form.scopes.first()?;
        if let Some(field) = root.fields.iter().find(|field| field.name == name) {
            return Some(field.path.join("."));
        }
        self.frames.iter().rev().find_map(|(frame, bound)| match bound {
            Bound::Item(scope) => {
                let scope = self.world.form.scopes.get(*scope as usize)?;
                let field = scope.fields.iter().find(|field| field.name == name)?;
                Some(format!("{frame}.{}", field.path.join(".")))
            }
            Bound::Row(_) | Bound::Fault => None,
        })
    }

    fn member(&mut self, of: &ast::Expr, member: &At<String>, span: Span) -> Option<Found> {
        match self.find(of)? {
            Found::Params => {
                let found = self
                    .world
                    .params
                    .iter()
                    .position(|param| param.name == member.value);
                if let Some(param) = found.and_then(|at| self.world.params.get(at)) {
                    let kind = ExprKind::Param(crate::source::to_u32(found?));
                    return Some(Found::Value(Expr {
                        kind,
                        ty: param.ty.clone(),
                        span,
                    }));
                }
                let names = self.world.params.iter().map(|param| param.name.as_str());
                let diagnostic = Diagnostic::new(
                    Code::R0201,
                    member.span,
                    format!("there is no param `{}`", member.value),
                )
                .nearest(&member.value, names);
                self.push(diagnostic);
                None
            }
            Found::Record(record) => self.member_of(record, member, span),
            Found::Value(row) if matches!(row.ty, Ty::Row(_)) => {
                let Ty::Row(table) = row.ty else { return None };
                self.member_of(
                    Record {
                        holder: Holder::Row(Box::new(row), table),
                        group: 0,
                    },
                    member,
                    span,
                )
            }
            Found::Value(value) => {
                if value.ty != Ty::Any {
                    self.no_member(&value, member);
                }
                None
            }
            Found::Table(_) => {
                let diagnostic =
                    Diagnostic::new(Code::R0203, of.span, "a table has no members; a row of it has")
                        .help("read a row with `lookup(table, key)` or `nearest(table, point)`");
                self.push(diagnostic);
                None
            }
        }
    }

    fn no_member(&mut self, value: &Expr, member: &At<String>) {
        let message = format!(
            "{} has no member `{}`",
            super::types::describe(&value.ty),
            member.value
        );
        let mut diagnostic = Diagnostic::new(Code::R0203, member.span, message);
        diagnostic = match &value.ty {
            Ty::List(_) | Ty::Rows(_) => {
                diagnostic.help(format!("say which items: `….all(|x| x.{} …)`", member.value))
            }
            Ty::Ref(table) => {
                let name = self
                    .world
                    .tables
                    .get(*table as usize)
                    .map_or("table", |table| table.name.as_str());
                diagnostic.help(format!("read the row: `lookup({name}, …).{}`", member.value))
            }
            _ if super::builtins::is_builtin(&member.value) => {
                diagnostic.help(format!("a function is called: `….{}()`", member.value))
            }
            _ => diagnostic,
        };
        self.push(diagnostic);
    }

    fn member_of(&mut self, record: Record, member: &At<String>, span: Span) -> Option<Found> {
        let names = self
            .scope_of(&record)
            .map(|scope| member_names(scope, record.group))
            .unwrap_or_default();
        let found = self.slot_of(record, &member.value, span);
        if found.is_none() {
            let message = format!("there is no field `{}` here", member.value);
            let mut diagnostic = Diagnostic::new(Code::R0201, member.span, message);
            diagnostic = match nearest(&member.value, names.iter().map(String::as_str)) {
                Some(found) => diagnostic.help(format!("did you mean `{found}`?")),
                None => {
                    let shown: Vec<String> = names.iter().take(12).map(|name| format!("`{name}`")).collect();
                    diagnostic.help(format!("the fields are {}", shown.join(", ")))
                }
            };
            self.push(diagnostic);
        }
        found
    }

    fn scope_of(&self, record: &Record) -> Option<&Scope> {
        match &record.holder {
            Holder::Root => self.world.form.scopes.first(),
            Holder::Frame(_, scope) | Holder::Nth(_, _, scope) => self.world.form.scopes.get(*scope as usize),
            Holder::Row(_, table) => self.world.columns(*table),
        }
    }

    fn slot_of(&self, record: Record, name: &str, span: Span) -> Option<Found> {
        let scope = self.scope_of(&record)?;
        for member in &scope.groups.get(record.group as usize)?.members {
            match member {
                Member::Group(inner) if scope.groups.get(*inner as usize)?.name == name => {
                    return Some(Found::Record(Record {
                        holder: record.holder,
                        group: *inner,
                    }));
                }
                Member::Field(slot) => {
                    let field = scope.fields.get(*slot as usize)?;
                    if field.name != name {
                        continue;
                    }
                    let ty = forms::ty(field);
                    let kind = match record.holder {
                        Holder::Root => ExprKind::Field(*slot),
                        Holder::Frame(frame, _) => ExprKind::ItemField(frame, *slot),
                        Holder::Nth(list, number, _) => ExprKind::Op(
                            Op::Nth,
                            vec![
                                Operand::Expr(*list),
                                Operand::Number(number),
                                Operand::Number(*slot),
                            ],
                        ),
                        Holder::Row(row, _) => ExprKind::Column(row, *slot),
                    };
                    return Some(Found::Value(Expr { kind, ty, span }));
                }
                Member::Group(_) => {}
            }
        }
        None
    }

    fn nth(&mut self, list: &ast::Expr, at: &ast::Expr, span: Span) -> Option<Found> {
        let list = self.value(list);
        let number = match at.kind {
            ast::ExprKind::Int(n) => u32::try_from(n).ok(),
            _ => None,
        };
        let Some(number) = number else {
            let diagnostic = Diagnostic::new(Code::R0211, at.span, "an index is a whole number, from 0")
                .help("to speak of every item use `all`, `any` or a rule with `each`");
            self.push(diagnostic);
            return None;
        };
        match list.ty {
            Ty::List(scope) => match self.world.scalar(scope) {
                Some(ty) => {
                    let operands = vec![Operand::Expr(list), Operand::Number(number), Operand::Number(0)];
                    Some(Found::Value(Expr {
                        kind: ExprKind::Op(Op::Nth, operands),
                        ty,
                        span,
                    }))
                }
                None => Some(Found::Record(Record {
                    holder: Holder::Nth(Box::new(list), number, scope),
                    group: 0,
                })),
            },
            Ty::Rows(table) => {
                let operands = vec![Operand::Expr(list), Operand::Number(number), Operand::Number(0)];
                Some(Found::Value(Expr {
                    kind: ExprKind::Op(Op::Nth, operands),
                    ty: Ty::Row(table),
                    span,
                }))
            }
            Ty::Any => None,
            ref ty => {
                let message = format!("{} has no items", super::types::describe(ty));
                self.world.report.say(Code::R0203, span, message);
                None
            }
        }
    }
}

fn member_names(scope: &Scope, group: u32) -> Vec<String> {
    let members = scope
        .groups
        .get(group as usize)
        .map(|group| group.members.as_slice())
        .unwrap_or_default();
    members
        .iter()
        .filter_map(|member| match member {
            Member::Field(slot) => scope.fields.get(*slot as usize).map(|field| field.name.clone()),
            Member::Group(inner) => scope.groups.get(*inner as usize).map(|group| group.name.clone()),
        })
        .filter(|name| !name.is_empty())
        .collect()
}
