//! Conditions as nested lists: what a lawyer ticks off one by one.
//!
//! In: an expression, what names are called. Out: a tree of sentences. Must not know: HTML, what the expression decides.

use super::names::Names;
use rules_compiler::ast::{Expr, ExprKind};

/// A sentence, and what it has to do with those below it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Condition {
    pub(super) text: String,
    pub(super) below: Vec<Condition>,
}

/// How deep a list may nest before the rest is one sentence.
const DEEP: usize = 6;

/// An expression as a tree.
pub(super) fn tree(names: &Names, expr: &Expr) -> Condition {
    branch(names, expr, 0)
}

fn branch(names: &Names, expr: &Expr, depth: usize) -> Condition {
    let leaf = |expr: &Expr| Condition {
        text: names.sentence(expr),
        below: Vec::new(),
    };
    if depth >= DEEP {
        return leaf(expr);
    }
    let below = |list: &[Expr]| list.iter().map(|one| branch(names, one, depth + 1)).collect();
    match &expr.kind {
        ExprKind::Name(name) => match names.derived(name) {
            Some((None, meant)) => branch(names, meant, depth + 1),
            Some((Some(_), meant)) if is_list(names, meant) => Condition {
                text: format!("{}，即", names.sentence(expr)),
                below: vec![branch(names, meant, depth + 1)],
            },
            Some((Some(label), meant)) => Condition {
                text: format!("{label}：{}", names.sentence(meant)),
                below: Vec::new(),
            },
            None => leaf(expr),
        },
        ExprKind::And(list) => Condition {
            text: "以下各项都满足".to_owned(),
            below: below(list),
        },
        ExprKind::Or(list) => Condition {
            text: "以下任一项满足".to_owned(),
            below: below(list),
        },
        ExprKind::Not(inner) if is_list(names, inner) => Condition {
            text: "以下不成立".to_owned(),
            below: vec![branch(names, inner, depth + 1)],
        },
        ExprKind::If(condition, yes, no) => Condition {
            text: format!("若{}", names.sentence(condition)),
            below: vec![
                prefixed("则", branch(names, yes, depth + 1)),
                prefixed("否则", branch(names, no, depth + 1)),
            ],
        },
        ExprKind::Call(name, args) => match (name.value.as_str(), args.as_slice()) {
            (word @ ("all" | "any" | "none"), [list, closure]) => match &closure.kind {
                ExprKind::Closure(item, body) if is_list(names, body) => Condition {
                    text: format!("{}中{}满足", names.sentence(list), quantity(word)),
                    below: vec![names.within(&item.value, list, || branch(names, body, depth + 1))],
                },
                _ => leaf(expr),
            },
            _ => leaf(expr),
        },
        _ => leaf(expr),
    }
}

fn quantity(word: &str) -> &'static str {
    match word {
        "all" => "每一项都",
        "any" => "至少有一项",
        _ => "没有一项",
    }
}

fn prefixed(word: &str, condition: Condition) -> Condition {
    Condition {
        text: format!("{word}：{}", condition.text),
        below: condition.below,
    }
}

fn is_list(names: &Names, expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::And(_) | ExprKind::Or(_) | ExprKind::If(..) => true,
        ExprKind::Name(name) => names.derived(name).is_some_and(|(label, meant)| {
            label.is_none() && matches!(meant.kind, ExprKind::And(_) | ExprKind::Or(_) | ExprKind::If(..))
        }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::tree;
    use crate::docs::names::Names;
    use rules_compiler::syntax::parse_expression;

    #[test]
    fn a_conjunction_is_a_list_and_a_disjunction_in_it_another() {
        let (expr, _) = parse_expression("a && (b || !c)");
        let tree = tree(&Names::default(), &expr);
        assert_eq!(tree.text, "以下各项都满足");
        let texts: Vec<&str> = tree.below.iter().map(|one| one.text.as_str()).collect();
        assert_eq!(texts, ["a", "以下任一项满足"]);
        let inner: Vec<&str> = tree
            .below
            .iter()
            .flat_map(|one| &one.below)
            .map(|one| one.text.as_str())
            .collect();
        assert_eq!(inner, ["b", "并非（c）"]);
    }
}
