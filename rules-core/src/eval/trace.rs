//! What decided: the second walk over a rule that is reported, along its deciding branch only.
//!
//! In: a node and its value. Out: the fields read there, the missing ones that could still decide, the margin of the first comparison,
//! and (on demand) the sub-expressions with their truth. Must not know: how a finding is written.

use super::{Eval, Frame, Outcome, over::Items};
use crate::answers::Step;
use crate::domain::date::Date;
use crate::limits::FRAMES;
use crate::plan::{Node, NodeId, Op, Operand, Rule};
use crate::truth::{Truth, Why};
use crate::value::V;
use alloc::vec::Vec;

/// Paths of one finding; more are not listed. An inspector reads a few, a list of a thousand guests has a thousand.
pub const MOST_PATHS: usize = 1_000;

/// A slot of a record.
pub type Path = (Step, u32);

/// What decided a rule.
#[derive(Clone, Default, Debug)]
pub struct Trace {
    /// Fields read on the deciding branch, in the order they were met.
    pub at: Vec<Path>,
    /// The same, where the rule names other fields to highlight.
    pub read: Vec<Path>,
    /// Fields that what is beside `require` rests on: what made the rule apply, its due day, its evidence. Only where `truths` is wanted.
    pub beside: Vec<Path>,
    /// Missing fields whose answers could still decide.
    pub missing: Vec<Path>,
    /// How far the first comparison's value lies on the wanted side, and the comparison.
    pub margin: Option<(f64, NodeId)>,
    /// Boolean nodes on the deciding branch with their truth, for what they were bound to.
    pub truths: Vec<(NodeId, Truth)>,
    /// Whether `truths` is wanted.
    pub explain: bool,
}

fn note(paths: &mut Vec<Path>, path: Path) {
    if paths.len() < MOST_PATHS && !paths.contains(&path) {
        paths.push(path);
    }
}

/// What a walk collects.
#[derive(Clone, Copy, PartialEq)]
struct Mode {
    /// The truth that the rule wants of this node, if it is a condition.
    want: Option<bool>,
    /// Whether missing fields count as missing.
    missing: bool,
}

impl Mode {
    fn plain(self) -> Mode {
        Mode { want: None, ..self }
    }
}

impl Eval<'_> {
    /// Traces a rule's outcome for what the frames are bound to.
    pub fn trace(&mut self, rule: &Rule, outcome: Outcome, explain: bool) -> Trace {
        let mut out = Trace {
            explain,
            ..Trace::default()
        };
        let condition = Mode {
            want: None,
            missing: true,
        };
        let wanted = Mode {
            want: Some(true),
            missing: true,
        };
        for node in [rule.filter, rule.when].into_iter().flatten() {
            let value = self.value(node);
            let relevant = match outcome {
                // A rule that does not apply was decided by the condition that is false.
                Outcome::NotApplicable => value == V::Bool(false),
                Outcome::Pass | Outcome::Fail | Outcome::Undetermined(Why::NoEvidence | Why::NotDue) => false,
                Outcome::Undetermined(_) | Outcome::Faulted(_) => value.why().is_some(),
            };
            if relevant {
                self.walk(node, value, condition, &mut out);
            }
        }
        if outcome == Outcome::NotApplicable {
            return out;
        }
        if explain {
            self.beside(rule, outcome, condition, &mut out);
        }
        let value = self.value(rule.require);
        match outcome {
            Outcome::Undetermined(Why::NoEvidence) if value == V::Bool(true) => {
                for node in &rule.evidence {
                    let value = self.value(*node);
                    if value.why().is_some() {
                        self.walk(*node, value, condition, &mut out);
                    }
                }
            }
            _ => {
                self.walk(rule.require, value, wanted, &mut out);
                if let (Some(due), V::Bool(false)) = (rule.due, value) {
                    let value = self.value(due);
                    if value.why().is_some() {
                        self.walk(due, value, condition, &mut out);
                    }
                }
            }
        }
        out
    }

    /// What a decided outcome rests on beside `require`, for the evidence: what made the rule apply, what was due, what was to be there.
    fn beside(&mut self, rule: &Rule, outcome: Outcome, mode: Mode, out: &mut Trace) {
        let applies = rule.filter.iter().chain(&rule.when).copied();
        let nodes: Vec<NodeId> = match outcome {
            Outcome::Fail => applies.chain(rule.due).collect(),
            Outcome::Pass => applies.chain(rule.evidence.iter().copied()).collect(),
            Outcome::NotApplicable | Outcome::Undetermined(_) | Outcome::Faulted(_) => Vec::new(),
        };
        let mut beside = Trace {
            explain: true,
            ..Trace::default()
        };
        for node in nodes {
            let value = self.value(node);
            self.walk(node, value, mode, &mut beside);
        }
        out.truths.append(&mut beside.truths);
        out.beside = beside.at;
    }

    /// Traces a list that is not known.
    pub fn trace_list(&mut self, rule: &Rule) -> Trace {
        let mut out = Trace::default();
        let mode = Mode {
            want: None,
            missing: true,
        };
        if let Some(each) = rule.each {
            let value = self.value(each);
            self.walk(each, value, mode, &mut out);
        }
        let Some(when) = rule.when else { return out };
        for nobody in super::rule::NOBODY {
            self.set_frame(0, nobody);
            let value = self.value(when);
            if value != V::Bool(false) {
                if value.why().is_some() {
                    self.walk(when, value, mode, &mut out);
                }
                break;
            }
        }
        self.unbind_each();
        out
    }

    /// The slots of leaf nodes, for what the frames are bound to.
    pub fn paths(&self, nodes: &[NodeId]) -> Vec<Path> {
        let mut out = Vec::new();
        for id in nodes {
            if let Some(path) = self
                .context()
                .plan
                .nodes
                .get(*id as usize)
                .and_then(|node| self.leaf(*node))
            {
                note(&mut out, path);
            }
        }
        out
    }

    fn leaf(&self, node: Node) -> Option<Path> {
        match (node.op, self.frame(node.a)) {
            (Op::Slot, _) => Some((Step::ROOT, node.a)),
            (Op::Item, Frame::Item(_, list, item)) => Some((Step { list, item }, node.b)),
            _ => None,
        }
    }

    fn walk(&mut self, id: NodeId, value: V, mode: Mode, out: &mut Trace) {
        let Some(&node) = self.context().plan.nodes.get(id as usize) else {
            return;
        };
        if !self.charge(1) {
            return;
        }
        let Node { op, a, b, c } = node;
        // What is settled waits for nothing.
        let mode = Mode {
            missing: mode.missing && value.why().is_some(),
            ..mode
        };
        if out.explain && matches!(value, V::Bool(_) | V::Unknown(_)) && self.spanned(id) {
            let truth = value.truth();
            if !out.truths.iter().any(|(node, _)| *node == id) {
                out.truths.push((id, truth));
            }
        }
        match op {
            Op::Slot | Op::Item => {
                if let Some(path) = self.leaf(node) {
                    note(&mut out.at, path);
                    if mode.missing && value == V::MISSING {
                        note(&mut out.missing, path);
                    }
                }
            }
            Op::And | Op::Or => {
                for child in self.args(a, b) {
                    let one = self.value(*child);
                    let decides = match value {
                        V::Bool(_) => one == value,
                        _ => one.why().is_some(),
                    };
                    if decides {
                        self.walk(*child, one, mode, out);
                    }
                }
            }
            Op::Not => {
                let one = self.value(a);
                self.walk(
                    a,
                    one,
                    Mode {
                        want: mode.want.map(|want| !want),
                        ..mode
                    },
                    out,
                );
            }
            Op::If => self.walk_if(node, value, mode, out),
            Op::Coalesce => {
                let (x, y) = (self.value(a), self.value(b));
                let both = x.why().is_some() && y.why().is_some();
                // What is passed over for `y` is not what the rule wants true or false.
                let want = if x.why().is_some() { None } else { mode.want };
                let missing = mode.missing && both;
                self.walk(a, x, Mode { want, missing }, out);
                // A fault is not covered.
                if x.why().is_some_and(|why| !matches!(why, Why::Fault(_))) {
                    self.walk(b, y, mode, out);
                }
            }
            Op::Known | Op::IsMissing => {
                let one = self.value(a);
                self.walk(
                    a,
                    one,
                    Mode {
                        want: None,
                        missing: false,
                    },
                    out,
                );
            }
            Op::Let => {
                if let Some(node) = self
                    .context()
                    .plan
                    .lets
                    .get(a as usize)
                    .map(|derived| derived.node)
                {
                    let saved = self.frames;
                    self.frames = [Frame::Empty; FRAMES];
                    self.walk(node, value, mode, out);
                    self.frames = saved;
                }
            }
            Op::All | Op::Any | Op::NoneOf | Op::Count | Op::Sum | Op::MinOf | Op::MaxOf => {
                self.walk_over(op, [a, b, c], value, mode, out);
            }
            Op::ListHas => {
                self.walk_operands(node, value, mode, out);
                let list = self.value(a);
                if let (Ok(items), None) = (self.items(list), self.value(b).why()) {
                    for item in 0..items.len() {
                        if let (Frame::Item(base, list, item), _) = self.bind(items, item) {
                            let one = self.context().store.values.get(base as usize).copied();
                            let path = (Step { list, item }, 0);
                            if one == Some(V::MISSING) || value.why().is_none() {
                                note(&mut out.at, path);
                                if mode.missing {
                                    note(&mut out.missing, path);
                                }
                            }
                        }
                    }
                }
            }
            Op::Nth => {
                let list = self.value(a);
                match self
                    .items(list)
                    .ok()
                    .filter(|items| b < items.len())
                    .map(|items| self.bind(items, b).0)
                {
                    Some(Frame::Item(_, list, item)) => {
                        let path = (Step { list, item }, c);
                        note(&mut out.at, path);
                        if mode.missing && value == V::MISSING {
                            note(&mut out.missing, path);
                        }
                    }
                    _ => self.walk(a, list, mode.plain(), out),
                }
            }
            Op::Lt | Op::Le | Op::Gt | Op::Ge => {
                self.margin(id, node, mode, out);
                self.walk_operands(node, value, mode, out);
            }
            _ => self.walk_operands(node, value, mode, out),
        }
    }

    fn spanned(&self, id: NodeId) -> bool {
        self.context()
            .plan
            .spans
            .binary_search_by_key(&id, |span| span.node)
            .is_ok()
    }

    fn walk_if(&mut self, node: Node, whole: V, mode: Mode, out: &mut Trace) {
        let condition = self.value(node.a);
        // Where the branch is a constant it is the condition that decides, and the rule wants it as it is or the other way round.
        let taken = if condition == V::Bool(true) {
            node.b
        } else {
            node.c
        };
        let constant = self
            .context()
            .plan
            .nodes
            .get(taken as usize)
            .is_some_and(|node| node.op == Op::Const);
        let want = match (condition, constant, mode.want) {
            (V::Bool(truth), true, Some(want)) => Some((self.value(taken) == V::Bool(want)) == truth),
            _ => None,
        };
        self.walk(node.a, condition, Mode { want, ..mode }, out);
        // Where the condition is open and the branches agree, both of them decide.
        let agree = whole.why().is_none();
        for (branch, taken) in [(node.b, V::Bool(true)), (node.c, V::Bool(false))] {
            let value = self.value(branch);
            if condition == taken || (condition.why().is_some() && (agree || value.why().is_some())) {
                self.walk(branch, value, mode, out);
            }
        }
    }

    /// All operands of a known value; of an unknown one those that are unknown or inexact, or all where it is unknown by itself.
    fn walk_operands(&mut self, node: Node, value: V, mode: Mode, out: &mut Trace) {
        let kinds = Op::ALL
            .get(node.op as usize)
            .map_or([Operand::None; 3], |row| row.2);
        let slots = [node.a, node.b, node.c];
        // PERF: up to three nodes and one run of others, without a list of them on the heap.
        let mut nodes: [NodeId; 3] = [0; 3];
        let mut count = 0;
        let mut run: &[NodeId] = &[];
        for (number, (kind, operand)) in kinds.iter().zip(slots).enumerate() {
            match kind {
                Operand::Node => {
                    if let Some(place) = nodes.get_mut(count) {
                        *place = operand;
                        count += 1;
                    }
                }
                Operand::Args => run = self.args(operand, slots.get(number + 1).copied().unwrap_or(0)),
                Operand::None | Operand::Flag | Operand::Index => {}
            }
        }
        let all = nodes.iter().take(count).chain(run);
        let open = |v: V| matches!(v, V::Unknown(_) | V::Bounded(..));
        let some_open = value.why().is_some() && all.clone().any(|child| open(self.value(*child)));
        for child in all {
            let one = self.value(*child);
            if !some_open || open(one) {
                self.walk(*child, one, mode.plain(), out);
            }
        }
    }

    fn walk_over(&mut self, op: Op, [list, body, frame]: [u32; 3], value: V, mode: Mode, out: &mut Trace) {
        let items_value = self.value(list);
        let Ok(items) = self.items(items_value) else {
            self.walk(list, items_value, mode.plain(), out);
            return;
        };
        if value.why().is_none() || matches!(items, Items::Rows(..)) {
            self.walk(list, items_value, mode.plain(), out);
        }
        let inner = match (op, mode.want) {
            (Op::NoneOf, Some(want)) => Mode {
                want: Some(!want),
                ..mode
            },
            (Op::All | Op::Any, _) => mode,
            _ => mode.plain(),
        };
        let saved = self.frame(frame);
        for item in 0..items.len() {
            let (bound, sure) = self.bind(items, item);
            self.set_frame(frame, bound);
            let one = self.value(body);
            let decides = match value {
                V::Bool(truth) => match op {
                    Op::NoneOf => one == V::Bool(!truth),
                    _ => one == value,
                },
                // A count that is open and yet enough was decided by all of them.
                V::Bounded(..) if !mode.missing => true,
                V::Unknown(_) | V::Bounded(..) => one.why().is_some() || !sure,
                _ => true,
            };
            if decides {
                self.walk(body, one, inner, out);
            }
            if out.at.len() >= MOST_PATHS && out.missing.len() >= MOST_PATHS {
                break;
            }
        }
        self.set_frame(frame, saved);
    }

    /// The margin of an ordered comparison that the rule wants true or false.
    fn margin(&mut self, id: NodeId, node: Node, mode: Mode, out: &mut Trace) {
        let Some(want) = mode.want else { return };
        if out.margin.is_some() {
            return;
        }
        let (x, y) = (self.value(node.a), self.value(node.b));
        let (Some(x), Some(y)) = (nominal(x), nominal(y)) else {
            return;
        };
        let above = matches!(node.op, Op::Gt | Op::Ge) == want;
        let margin = if above { x - y } else { y - x };
        out.margin = Some((margin, id));
    }
}

/// The middle of a value; of a day its number.
fn nominal(value: V) -> Option<f64> {
    match value {
        V::Num(value) | V::Measure(value, _) => Some(value),
        V::Date(day) => Some(f64::from(Date::days(day))),
        _ => None,
    }
}
