//! Nodes as they are made: equal ones once, with the texts that evidence points into.
//!
//! In: typed expressions. Out: the node lists of a plan. Must not know: rules, forms.

use super::number;
use crate::ast::{Binary, Span};
use crate::hir::{Expr, ExprKind, Operand, Ty};
use crate::resolve::DEPTH;
use crate::source::Files;
use rules_core::plan::{self, Const, Node, NodeId, Op};
use rules_core::truth::Why;
use std::collections::BTreeMap;

/// The lists of a plan that nodes make.
pub(super) struct Parts {
    pub(super) consts: Vec<Const>,
    pub(super) nodes: Vec<Node>,
    pub(super) args: Vec<NodeId>,
    pub(super) spans: Vec<plan::Span>,
    pub(super) units: Vec<(NodeId, String)>,
    pub(super) texts: Vec<String>,
    pub(super) reasons: Vec<String>,
}

/// The number of a built-in reason.
pub(super) fn builtin_reason(word: &str) -> Option<u32> {
    Why::WORDS.iter().position(|(own, _)| *own == word).map(number)
}

/// Makes nodes.
pub(super) struct Nodes<'f> {
    files: &'f Files,
    parts: Parts,
    known: BTreeMap<(u8, u32, u32, u32), NodeId>,
    runs: BTreeMap<Vec<NodeId>, u32>,
    const_numbers: BTreeMap<String, u32>,
    text_numbers: BTreeMap<Span, u32>,
    spans: BTreeMap<NodeId, plan::Span>,
    units: BTreeMap<NodeId, String>,
    depths: Vec<u32>,
    let_depths: Vec<u32>,
    /// The whole expression that is being lowered.
    root: Span,
    /// The first expression that is deeper than an evaluator may go.
    pub(super) too_deep: Option<Span>,
}

impl<'f> Nodes<'f> {
    pub(super) fn new(files: &'f Files, reasons: Vec<String>) -> Nodes<'f> {
        Nodes {
            files,
            parts: Parts {
                consts: Vec::new(),
                nodes: Vec::new(),
                args: Vec::new(),
                spans: Vec::new(),
                units: Vec::new(),
                texts: Vec::new(),
                reasons,
            },
            known: BTreeMap::new(),
            runs: BTreeMap::new(),
            const_numbers: BTreeMap::new(),
            text_numbers: BTreeMap::new(),
            spans: BTreeMap::new(),
            units: BTreeMap::new(),
            depths: Vec::new(),
            let_depths: Vec::new(),
            root: Span::default(),
            too_deep: None,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.parts.nodes.len()
    }

    pub(super) fn finish(mut self) -> Parts {
        self.parts.spans = self.spans.into_values().collect();
        self.parts.units = self.units.into_iter().collect();
        self.parts
    }

    /// A whole expression.
    pub(super) fn root(&mut self, expr: &Expr) -> NodeId {
        // Equal nodes are one within an expression only: the words that evidence shows are those of the rule at hand, and a
        // slot of one list is not the same slot of another.
        self.known.clear();
        self.root = expr.span;
        self.expr(expr)
    }

    /// A derived value; they come in order.
    pub(super) fn let_value(&mut self, expr: &Expr) -> NodeId {
        let node = self.root(expr);
        self.let_depths.push(self.depth(node));
        node
    }

    /// The number of a constant.
    pub(super) fn constant(&mut self, value: &Const) -> u32 {
        let key = match value {
            Const::Num(n) => format!("num {:016x}", n.to_bits()),
            other => format!("{other:?}"),
        };
        let fresh = number(self.parts.consts.len());
        let found = *self.const_numbers.entry(key).or_insert(fresh);
        if found == fresh {
            self.parts.consts.push(value.clone());
        }
        found
    }

    fn depth(&self, node: NodeId) -> u32 {
        self.depths.get(node as usize).copied().unwrap_or(0)
    }

    fn expr(&mut self, expr: &Expr) -> NodeId {
        let children: Vec<NodeId> = expr
            .children()
            .into_iter()
            .map(|child| self.expr(child))
            .collect();
        let child = |at: usize| children.get(at).copied().unwrap_or(0);
        let (op, a, b, c) = match &expr.kind {
            ExprKind::Const(value) => (Op::Const, self.constant(value), 0, 0),
            ExprKind::Param(n) => (Op::Param, *n, 0, 0),
            ExprKind::Let(n) => (Op::Let, *n, 0, 0),
            ExprKind::AsOf => (Op::AsOf, 0, 0, 0),
            ExprKind::Field(slot) => (Op::Slot, *slot, 0, 0),
            ExprKind::ItemField(frame, slot) => (Op::Item, *frame, *slot, 0),
            ExprKind::FrameRow(frame) => (Op::FrameRow, *frame, 0, 0),
            ExprKind::Column(_, slot) => (Op::Column, child(0), *slot, 0),
            ExprKind::And(_) => self.run(Op::And, &children),
            ExprKind::Or(_) => self.run(Op::Or, &children),
            ExprKind::Concat(_) => self.run(Op::Concat, &children),
            ExprKind::Not(_) => (Op::Not, child(0), 0, 0),
            ExprKind::If(..) => (Op::If, child(0), child(1), child(2)),
            ExprKind::Coalesce(..) => (Op::Coalesce, child(0), child(1), 0),
            ExprKind::Binary(binary, ..) => {
                let whole = u32::from(matches!(expr.ty, Ty::Int(_)));
                let (op, flag) = operation(*binary, whole);
                (op, child(0), child(1), flag)
            }
            ExprKind::OneOf(..) => {
                let (first, rest) = children
                    .split_first()
                    .map_or((0, &[][..]), |(first, rest)| (*first, rest));
                let (_, start, len, _) = self.run(Op::OneOf, rest);
                (Op::OneOf, first, start, len)
            }
            ExprKind::HasOption(_, bit) => (Op::HasOption, child(0), *bit, 0),
            ExprKind::Unknown(word) => match builtin_reason(word) {
                Some(reason) => (Op::Unknown, reason, 0, 0),
                None => {
                    let found = self.parts.reasons.binary_search(word).unwrap_or(0);
                    (Op::Unknown, 255, number(found), 0)
                }
            },
            ExprKind::Over(op, _, _, frame) => (*op, child(0), child(1), *frame),
            ExprKind::Call(function, _) => {
                let (_, start, len, _) = self.run(Op::Call, &children);
                (Op::Call, *function, start, len)
            }
            ExprKind::Op(op, operands) => {
                let mut nodes = children.iter().copied();
                let mut numbers = operands.iter().map(|operand| match operand {
                    Operand::Expr(_) => nodes.next().unwrap_or(0),
                    Operand::Number(n) => *n,
                });
                let a = numbers.next().unwrap_or(0);
                let b = numbers.next().unwrap_or(0);
                let c = numbers.next().unwrap_or(0);
                (*op, a, b, c)
            }
        };
        let node = self.node(op, a, b, c);
        self.measure_depth(expr, node, &children);
        self.note(expr, node, op);
        node
    }

    fn run(&mut self, op: Op, children: &[NodeId]) -> (Op, u32, u32, u32) {
        let fresh = number(self.parts.args.len());
        let start = *self.runs.entry(children.to_vec()).or_insert(fresh);
        if start == fresh {
            self.parts.args.extend(children);
        }
        (op, start, number(children.len()), 0)
    }

    fn node(&mut self, op: Op, a: u32, b: u32, c: u32) -> NodeId {
        let fresh = number(self.parts.nodes.len());
        let found = *self.known.entry((op as u8, a, b, c)).or_insert(fresh);
        if found == fresh {
            self.parts.nodes.push(Node { op, a, b, c });
        }
        found
    }

    fn measure_depth(&mut self, expr: &Expr, node: NodeId, children: &[NodeId]) {
        let inner = match expr.kind {
            ExprKind::Let(n) => self.let_depths.get(n as usize).copied().unwrap_or(0),
            _ => children.iter().map(|child| self.depth(*child)).max().unwrap_or(0),
        };
        if node as usize == self.depths.len() {
            self.depths.push(inner + 1);
        }
        if inner + 1 > DEPTH && self.too_deep.is_none() {
            self.too_deep = Some(self.root);
        }
    }

    /// Keeps where a boolean node stands, and the unit of a comparison.
    fn note(&mut self, expr: &Expr, node: NodeId, op: Op) {
        if let ExprKind::Binary(_, a, b) = &expr.kind
            && matches!(op, Op::Lt | Op::Le | Op::Gt | Op::Ge | Op::Eq | Op::Ne)
        {
            let unit = [a, b]
                .into_iter()
                .map(|side| unit(&side.ty))
                .find(|unit| !unit.is_empty());
            if let Some(unit) = unit {
                self.units.entry(node).or_insert_with(|| unit.to_owned());
            }
        }
        if expr.ty != Ty::Bool || op == Op::Const || self.spans.contains_key(&node) {
            return;
        }
        let inside = expr.span.file == self.root.file
            && expr.span.start >= self.root.start
            && expr.span.end <= self.root.end
            && expr.span.start <= expr.span.end;
        // A stand-in without a place of its own stands for the whole.
        let own = if inside { expr.span } else { self.root };
        let (files, texts) = (self.files, &mut self.parts.texts);
        let text = *self.text_numbers.entry(self.root).or_insert_with(|| {
            texts.push(files.text(self.root).to_owned());
            number(texts.len() - 1)
        });
        let span = plan::Span {
            node,
            text,
            start: own.start - self.root.start,
            end: own.end - self.root.start,
        };
        self.spans.insert(node, span);
    }
}

fn unit(ty: &Ty) -> &str {
    match ty {
        Ty::Int(unit) | Ty::Num(unit) | Ty::Measure(unit) => unit,
        Ty::Date => "day",
        _ => "",
    }
}

fn operation(binary: Binary, whole: u32) -> (Op, u32) {
    match binary {
        Binary::Add => (Op::Add, whole),
        Binary::Sub => (Op::Sub, whole),
        Binary::Mul => (Op::Mul, whole),
        Binary::Div => (Op::Div, 0),
        Binary::Rem => (Op::Rem, whole),
        Binary::Lt => (Op::Lt, 0),
        Binary::Le => (Op::Le, 0),
        Binary::Gt => (Op::Gt, 0),
        Binary::Ge => (Op::Ge, 0),
        Binary::Eq => (Op::Eq, 0),
        Binary::Ne => (Op::Ne, 0),
    }
}
