//! From meaning to plan: typed expressions become nodes, operands before their users.
//!
//! In: a `hir::Ruleset` without faults. Out: a `plan::Plan`; the same input gives the same plan. Must not know: names, YAML, units' rules.
//!
//! Equal subtrees become one node: a node's value depends on the answers, its own operands and the frames it names, all of which are
//! part of it.

mod nodes;

use crate::ast::Span;
use crate::hir;
use crate::resolve::DEPTH;
use crate::source::{Files, to_u32};
use nodes::Nodes;
use rules_core::form::Form;
use rules_core::limits;
use rules_core::plan::{self, Plan};

/// A ruleset beyond the plan's limits.
pub(crate) struct TooLarge {
    /// Where.
    pub(crate) span: Span,
    /// What.
    pub(crate) message: String,
}

/// Lowers a ruleset.
pub(crate) fn lower(ruleset: &hir::Ruleset, files: &Files) -> Result<Plan, TooLarge> {
    let mut nodes = Nodes::new(files, reasons(ruleset));
    let lets = ruleset
        .lets
        .iter()
        .map(|(name, expr)| plan::Let {
            name: name.clone(),
            node: nodes.let_value(expr),
        })
        .collect();
    let relevants: Vec<u32> = ruleset.relevants.iter().map(|expr| nodes.root(expr)).collect();
    let params = ruleset
        .params
        .iter()
        .map(|param| plan::Param {
            name: param.name.clone(),
            label: param.label.clone(),
            unit: param.unit.clone(),
            value: param.value.as_ref().map(|value| nodes.constant(value)),
            clause: param.clause,
        })
        .collect();
    let rules = ruleset
        .rules
        .iter()
        .map(|rule| self::rule(&mut nodes, rule))
        .collect();
    if let Some(span) = nodes.too_deep {
        let message = format!("the expression and the derived values it uses are more than {DEPTH} deep");
        return Err(TooLarge { span, message });
    }
    if nodes.len() > limits::NODES {
        let span = ruleset.rules.first().map_or_else(Span::default, |rule| rule.span);
        return Err(TooLarge {
            span,
            message: format!("the ruleset has more than {} expression nodes", limits::NODES),
        });
    }
    let parts = nodes.finish();
    Ok(Plan {
        layers: ruleset.layers.clone(),
        form: form(&ruleset.form, &relevants),
        symbols: ruleset.symbols.clone(),
        consts: parts.consts,
        params,
        tables: ruleset.tables.clone(),
        patterns: ruleset.patterns.clone(),
        reasons: parts.reasons,
        functions: ruleset.functions.clone(),
        lets,
        nodes: parts.nodes,
        args: parts.args,
        spans: parts.spans,
        units: parts.units,
        texts: parts.texts,
        clauses: ruleset.clauses.clone(),
        rules,
        sections: ruleset.sections.clone(),
    })
}

fn rule(nodes: &mut Nodes<'_>, rule: &hir::Rule) -> plan::Rule {
    let facts = &rule.facts;
    let each = rule.each.as_ref().map(|expr| nodes.root(expr));
    let filter = rule.filter.as_ref().map(|expr| nodes.root(expr));
    let when = rule.when.as_ref().map(|expr| nodes.root(expr));
    plan::Rule {
        id: facts.id.clone(),
        title: facts.title.clone(),
        kind: facts.kind,
        severity: facts.severity,
        clauses: facts.clauses.clone(),
        each,
        filter,
        when,
        require: nodes.root(&rule.require),
        due: rule.due.as_ref().map(|expr| nodes.root(expr)),
        evidence: rule.evidence.iter().map(|expr| nodes.root(expr)).collect(),
        at: rule.at.iter().map(|expr| nodes.root(expr)).collect(),
        message: plan::Template {
            zh: template(nodes, &rule.message_zh),
            en: template(nodes, &rule.message_en),
        },
        remedy: facts.remedy.clone(),
        duty: facts.duty.clone(),
        deadline: rule.deadline.as_ref().map(|expr| nodes.root(expr)),
        effective: facts.effective,
        tags: facts.tags.clone(),
    }
}

fn template(nodes: &mut Nodes<'_>, pieces: &[hir::Piece]) -> Vec<plan::Part> {
    pieces
        .iter()
        .map(|piece| match piece {
            hir::Piece::Text(text) => plan::Part::Text(text.clone()),
            hir::Piece::Expr(expr) => plan::Part::Node(nodes.root(expr)),
        })
        .collect()
}

/// The form with nodes where the typed form has numbers of relevances.
fn form(form: &Form, relevants: &[u32]) -> Form {
    let node = |relevant: &mut Option<u32>| {
        *relevant = relevant.and_then(|number| relevants.get(number as usize).copied());
    };
    let mut form = form.clone();
    for scope in &mut form.scopes {
        scope
            .fields
            .iter_mut()
            .for_each(|field| node(&mut field.relevant));
        scope
            .groups
            .iter_mut()
            .for_each(|group| node(&mut group.relevant));
    }
    form
}

/// The author's own reasons, sorted.
fn reasons(ruleset: &hir::Ruleset) -> Vec<String> {
    let mut found = std::collections::BTreeSet::new();
    let mut visit = |expr: &hir::Expr| {
        expr.walk(&mut |inner| {
            if let hir::ExprKind::Unknown(word) = &inner.kind
                && nodes::builtin_reason(word).is_none()
            {
                found.insert(word.clone());
            }
        });
    };
    ruleset.lets.iter().for_each(|(_, expr)| visit(expr));
    ruleset.relevants.iter().for_each(&mut visit);
    for rule in &ruleset.rules {
        let options = [&rule.each, &rule.filter, &rule.when, &rule.due, &rule.deadline];
        options.into_iter().flatten().for_each(&mut visit);
        visit(&rule.require);
        for piece in rule.message_zh.iter().chain(&rule.message_en) {
            if let hir::Piece::Expr(expr) = piece {
                visit(expr);
            }
        }
    }
    found.into_iter().collect()
}

/// How far a list index reaches.
fn number(n: usize) -> u32 {
    to_u32(n)
}
