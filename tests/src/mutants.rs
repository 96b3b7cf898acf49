//! Deliberate mistakes in the law's rulesets: would a case notice?
//!
//! In: rulesets as their authors wrote them. Out: for every param and every comparison the ruleset with that one thing changed by a
//! step. Must not know: which cases there are.
//!
//! A wrong legal threshold is the fault that nobody sees: the rule still compiles, and most entries come out right. So each number is
//! moved by one step up and down and each comparison is turned, one at a time.

use rules_compiler::ast::{Binary, Expr, ExprKind, Literal, Param, Ruleset};
use rules_compiler::source::Files;
use rules_core::domain::date::Date;

/// One mistake.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// Ruleset file, by its number in the family.
    file: usize,
    site: Site,
    /// The rule that was changed; a param or a derived value may move any.
    pub rule: Option<String>,
    /// What was changed, in words that stay the same while the ruleset does: `RULESET WHERE: WHAT`.
    pub name: String,
}

#[derive(Clone, Debug)]
enum Site {
    /// A param, by its number, and its wrong value.
    Param(usize, Literal),
    /// A node of the ruleset's expressions, by its number, and what stands there instead.
    Node(usize, ExprKind),
}

/// All mistakes of one ruleset file of a family.
pub fn mutants(files: &Files, family: &[Ruleset], file: usize) -> Vec<Mutant> {
    let Some(ruleset) = family.get(file) else {
        return Vec::new();
    };
    let mut out = Vec::new();
    for (number, param) in ruleset.params.iter().enumerate() {
        for wrong in wrong_values(family, param) {
            let from = param.value.as_ref().map(|value| shown(&value.value));
            out.push(Mutant {
                file,
                name: format!(
                    "{} param {}: {} -> {}",
                    ruleset.id.value,
                    param.name.value,
                    from.unwrap_or_default(),
                    shown(&wrong)
                ),
                rule: None,
                site: Site::Param(number, wrong),
            });
        }
    }
    let mut copy = ruleset.clone();
    let mut number = 0;
    roots(&mut copy, &mut |place, root| {
        walk(root, &mut |expr| {
            for (kind, how) in wrong_nodes(&expr.kind) {
                let text: Vec<&str> = files.text(expr.span).split_whitespace().collect();
                out.push(Mutant {
                    file,
                    name: format!("{} {place}: {} {how}", ruleset.id.value, text.join(" ")),
                    rule: place.strip_prefix("rule ").map(str::to_owned),
                    site: Site::Node(number, kind),
                });
            }
            number += 1;
        });
    });
    out
}

impl Mutant {
    /// The family with the mistake in it.
    pub fn family(&self, family: &[Ruleset]) -> Vec<Ruleset> {
        let mut family = family.to_vec();
        let Some(ruleset) = family.get_mut(self.file) else {
            return family;
        };
        match &self.site {
            Site::Param(number, wrong) => {
                let value = ruleset
                    .params
                    .get_mut(*number)
                    .and_then(|param| param.value.as_mut());
                value.into_iter().for_each(|value| value.value = wrong.clone());
            }
            Site::Node(wanted, kind) => {
                let mut number = 0;
                roots(ruleset, &mut |_, root| {
                    walk(root, &mut |expr| {
                        if number == *wanted {
                            put(expr, kind);
                        }
                        number += 1;
                    });
                });
            }
        }
        family
    }
}

/// A comparison keeps its operands.
fn put(expr: &mut Expr, kind: &ExprKind) {
    match (&mut expr.kind, kind) {
        (ExprKind::Binary(op, _, _), ExprKind::Binary(wrong, _, _)) => *op = *wrong,
        (place, kind) => *place = kind.clone(),
    }
}

/// Every expression that decides something, with the name of what it stands in.
fn roots(ruleset: &mut Ruleset, visit: &mut dyn FnMut(&str, &mut Expr)) {
    for (name, expr) in &mut ruleset.lets {
        visit(&format!("let {}", name.value), expr);
    }
    for rule in &mut ruleset.rules {
        let name = format!("rule {}", rule.id.value);
        let each = rule.each.as_mut().map(|(_, list)| list);
        let roots = [
            each,
            rule.filter.as_mut(),
            rule.when.as_mut(),
            rule.require.as_mut(),
            rule.forbid.as_mut(),
            rule.due.as_mut(),
        ];
        roots.into_iter().flatten().for_each(|root| visit(&name, root));
    }
}

/// An expression and all inside it, outermost first.
fn walk(expr: &mut Expr, visit: &mut dyn FnMut(&mut Expr)) {
    visit(expr);
    match &mut expr.kind {
        ExprKind::Bool(_)
        | ExprKind::Int(_)
        | ExprKind::Num(_)
        | ExprKind::Text(_)
        | ExprKind::Name(_)
        | ExprKind::Error => {}
        ExprKind::Member(of, _) | ExprKind::Not(of) | ExprKind::Neg(of) | ExprKind::Closure(_, of) => {
            walk(of, visit);
        }
        ExprKind::Coalesce(a, b) | ExprKind::Binary(_, a, b) | ExprKind::In(a, b) => {
            walk(a, visit);
            walk(b, visit);
        }
        ExprKind::Range { low, high, .. } => {
            walk(low, visit);
            walk(high, visit);
        }
        // The index of an item is no threshold.
        ExprKind::Index(of, _) => walk(of, visit),
        ExprKind::If(a, b, c) => [a, b, c].into_iter().for_each(|one| walk(one, visit)),
        ExprKind::Interpolated(list)
        | ExprKind::Array(list)
        | ExprKind::And(list)
        | ExprKind::Or(list)
        | ExprKind::Call(_, list) => list.iter_mut().for_each(|one| walk(one, visit)),
    }
}

/// What could stand there by mistake, and how it differs.
fn wrong_nodes(kind: &ExprKind) -> Vec<(ExprKind, String)> {
    match kind {
        ExprKind::Binary(op, _, _) => wrong_operators(*op)
            .iter()
            .map(|wrong| {
                let none = || {
                    Box::new(Expr {
                        kind: ExprKind::Error,
                        span: Default::default(),
                    })
                };
                (
                    ExprKind::Binary(*wrong, none(), none()),
                    format!("({op} -> {wrong})"),
                )
            })
            .collect(),
        ExprKind::Int(value) => [value - 1, value + 1]
            .into_iter()
            .map(|wrong| (ExprKind::Int(wrong), format!("-> {wrong}")))
            .collect(),
        ExprKind::Num(value) => beside(*value)
            .into_iter()
            .map(|wrong| (ExprKind::Num(wrong), format!("-> {wrong}")))
            .collect(),
        _ => Vec::new(),
    }
}

/// The operator that counts the edge otherwise, and the opposite.
fn wrong_operators(op: Binary) -> &'static [Binary] {
    match op {
        Binary::Lt => &[Binary::Le, Binary::Ge],
        Binary::Le => &[Binary::Lt, Binary::Gt],
        Binary::Gt => &[Binary::Ge, Binary::Le],
        Binary::Ge => &[Binary::Gt, Binary::Lt],
        Binary::Eq => &[Binary::Ne],
        Binary::Ne => &[Binary::Eq],
        Binary::Add | Binary::Sub | Binary::Mul | Binary::Div | Binary::Rem => &[],
    }
}

/// A number one step lower and higher: one unit of a whole number, one of the first decimal of a share.
fn beside(value: f64) -> [f64; 2] {
    let step = if value.fract() == 0.0 && value > 1.0 {
        1.0
    } else {
        0.1
    };
    let tidy = |value: f64| (value * 1e6).round() / 1e6;
    [tidy(value - step), tidy(value + step)]
}

fn wrong_values(family: &[Ruleset], param: &Param) -> Vec<Literal> {
    let Some(value) = &param.value else {
        return Vec::new();
    };
    // A layer that only sets a param says neither type nor options again.
    let declared = family
        .iter()
        .flat_map(|one| &one.params)
        .find(|one| one.name.value == param.name.value && one.kind.is_some());
    let kind = declared
        .and_then(|one| one.kind.as_ref())
        .map(|kind| kind.value.as_str());
    let options = declared.map(|one| one.options.as_slice()).unwrap_or_default();
    match (&value.value, kind) {
        (Literal::Bool(flag), _) => vec![Literal::Bool(!flag)],
        (Literal::Int(n), Some("number")) => beside(*n as f64).map(Literal::Num).to_vec(),
        (Literal::Int(n), _) => vec![Literal::Int(n - 1), Literal::Int(n + 1)],
        (Literal::Num(n), _) => beside(*n).map(Literal::Num).to_vec(),
        (Literal::Text(day), Some("date")) => {
            let day = Date::parse(day).ok();
            let moved = [-1, 1].map(|days| day.and_then(|day| day.add_days(days)));
            moved
                .into_iter()
                .flatten()
                .map(|day| Literal::Text(day.to_string()))
                .collect()
        }
        (Literal::Text(code), Some("choice")) => options
            .iter()
            .filter(|(option, _)| option.value != *code)
            .map(|(option, _)| Literal::Text(option.value.clone()))
            .collect(),
        (Literal::Text(text), _) => vec![Literal::Text(format!("{text}x"))],
    }
}

fn shown(literal: &Literal) -> String {
    match literal {
        Literal::Bool(flag) => flag.to_string(),
        Literal::Int(n) => n.to_string(),
        Literal::Num(n) => n.to_string(),
        Literal::Text(text) => text.clone(),
    }
}
