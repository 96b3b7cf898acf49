//! Which rules an answer can move.
//!
//! In: a plan. Out: for an edited place, the rules to judge again. Must not know: answers beyond their lists.

use crate::answers::locate::Place;
use crate::form::{Form, Kind};
use crate::plan::{Node, NodeId, Op, Operand, Plan};
use crate::value::{Store, V};
use alloc::vec::Vec;

/// Rules by the slots that they read: (scope, slot) and a rule, in order.
#[derive(Clone, Default, Debug)]
pub struct Dependents {
    rules: Vec<((u32, u32), u32)>,
    /// Per rule: the scope of its `each`, if the rule reads that scope's slots only through its own item.
    by_item: Vec<Option<u32>>,
}

/// What an edit moves.
#[derive(Clone, Default, Debug)]
pub struct Affected {
    /// Rules, in order.
    pub rules: Vec<u32>,
    /// The item edited, where rules decided by item need to be judged for it alone.
    pub only_item: Option<u32>,
}

struct Walk<'a> {
    plan: &'a Plan,
    rule: u32,
    /// Slots that rules read, some more than once.
    reads: Vec<((u32, u32), u32)>,
    /// Scopes read through frames other than the rule's own item: few.
    others: Vec<u32>,
    /// Per node: the last rule that came there, and within which scopes it did.
    seen: Vec<(u32, Vec<u32>)>,
}

impl Dependents {
    /// Looks through a plan.
    pub fn of(plan: &Plan) -> Dependents {
        let mut out = Dependents::default();
        let mut walk = Walk {
            plan,
            rule: 0,
            reads: Vec::new(),
            others: Vec::new(),
            seen: plan.nodes.iter().map(|_| (0, Vec::new())).collect(),
        };
        for (number, rule) in plan.rules.iter().enumerate() {
            walk.rule = number as u32;
            walk.others.clear();
            let mut frames: Vec<Option<u32>> = Vec::new();
            if let Some(each) = rule.each {
                walk.node(each, &frames, false);
                frames.push(walk.scope_of(each, &[]));
            }
            let own = rule.each.is_some();
            let roots = [rule.filter, rule.when, Some(rule.require), rule.due];
            for node in roots.into_iter().flatten().chain(rule.evidence.iter().copied()) {
                walk.node(node, &frames, own);
            }
            let scope = frames.first().copied().flatten();
            out.by_item
                .push(scope.filter(|scope| !walk.others.contains(scope)));
        }
        crate::sort::sort_by(&mut walk.reads, Ord::cmp);
        walk.reads.dedup();
        out.rules = walk.reads;
        out
    }

    /// Can this rule be judged for one item alone?
    pub fn item_only(&self, rule: u32) -> bool {
        self.by_item.get(rule as usize).is_some_and(Option::is_some)
    }

    /// What an edit of a place moves.
    pub fn affected(&self, form: &Form, store: &Store, place: &Place) -> Affected {
        let mut rules = Vec::new();
        let mut only_item = None;
        match *place {
            Place::Slot(step, slot) => {
                let scope = step.scope(store) as u32;
                self.add(scope, slot, &mut rules);
                let field = form
                    .scopes
                    .get(scope as usize)
                    .and_then(|scope| scope.fields.get(slot as usize));
                if let Some(Kind::List(inner)) = field.map(|field| field.kind) {
                    self.add_scope(form, inner, &mut rules);
                } else if store
                    .lists
                    .get(step.list as usize)
                    .is_some_and(|list| list.parent == u32::MAX)
                {
                    only_item = Some(step.item).filter(|_| {
                        rules.iter().all(|rule| {
                            self.by_item
                                .get(*rule as usize)
                                .copied()
                                .flatten()
                                .is_none_or(|by| by == scope)
                        })
                    });
                }
            }
            Place::Item { record, slot, .. } => {
                self.add(record.scope(store) as u32, slot, &mut rules);
                let list = store.values.get(record.base(store) + slot as usize);
                if let Some(list) = list.and_then(|value| match value {
                    V::List(list) => store.lists.get(*list as usize),
                    _ => None,
                }) {
                    self.add_scope(form, list.scope, &mut rules);
                }
            }
            Place::Group(step, _) => self.add_scope(form, step.scope(store) as u32, &mut rules),
        }
        crate::sort::sort_by(&mut rules, Ord::cmp);
        rules.dedup();
        Affected { rules, only_item }
    }

    fn add(&self, scope: u32, slot: u32, out: &mut Vec<u32>) {
        let key = (scope, slot);
        let first = self.rules.partition_point(|(read, _)| *read < key);
        let rules = self.rules.iter().skip(first).take_while(|(read, _)| *read == key);
        out.extend(rules.map(|(_, rule)| *rule));
    }

    fn add_scope(&self, form: &Form, scope: u32, out: &mut Vec<u32>) {
        let Some(fields) = form.scopes.get(scope as usize).map(|scope| &scope.fields) else {
            return;
        };
        for (slot, field) in fields.iter().enumerate() {
            self.add(scope, slot as u32, out);
            if let Kind::List(inner) = field.kind
                && inner > scope
            {
                self.add_scope(form, inner, out);
            }
        }
    }
}

impl Walk<'_> {
    fn read(&mut self, slot: (u32, u32)) {
        self.reads.push((slot, self.rule));
    }

    fn other(&mut self, scope: u32) {
        if !self.others.contains(&scope) {
            self.others.push(scope);
        }
    }

    /// The scope of the items of a list node.
    fn scope_of(&self, id: NodeId, frames: &[Option<u32>]) -> Option<u32> {
        let node = self.plan.nodes.get(id as usize)?;
        let (scope, slot) = match node.op {
            Op::Slot => (0, node.a),
            Op::Item => (frames.get(node.a as usize).copied().flatten()?, node.b),
            Op::Let => return self.scope_of(self.plan.lets.get(node.a as usize)?.node, &[]),
            Op::If => {
                return self
                    .scope_of(node.b, frames)
                    .or_else(|| self.scope_of(node.c, frames));
            }
            Op::Coalesce => {
                return self
                    .scope_of(node.a, frames)
                    .or_else(|| self.scope_of(node.b, frames));
            }
            _ => return None,
        };
        match self
            .plan
            .form
            .scopes
            .get(scope as usize)?
            .fields
            .get(slot as usize)?
            .kind
        {
            Kind::List(inner) => Some(inner),
            _ => None,
        }
    }

    fn node(&mut self, id: NodeId, frames: &[Option<u32>], own: bool) {
        // A node is walked once for each innermost scope: what it reads depends on nothing else.
        let key = frames.last().copied().flatten().map_or(0, |scope| scope + 1) * 16 + frames.len() as u32;
        let Some((rule, keys)) = self.seen.get_mut(id as usize) else {
            return;
        };
        if *rule != self.rule {
            *rule = self.rule;
            keys.clear();
        }
        if keys.contains(&key) {
            return;
        }
        keys.push(key);
        let Some(&Node { op, a, b, c }) = self.plan.nodes.get(id as usize) else {
            return;
        };
        match op {
            Op::Slot => {
                self.read((0, a));
            }
            Op::Item => {
                if let Some(scope) = frames.get(a as usize).copied().flatten() {
                    self.read((scope, b));
                    if !own || a > 0 {
                        self.other(scope);
                    }
                }
            }
            Op::Let => {
                if let Some(node) = self.plan.lets.get(a as usize).map(|derived| derived.node) {
                    self.node(node, &[], false);
                }
            }
            Op::All | Op::Any | Op::NoneOf | Op::Count | Op::Sum | Op::MinOf | Op::MaxOf => {
                self.node(a, frames, own);
                let mut inner: Vec<Option<u32>> = frames.to_vec();
                inner.resize(c as usize, None);
                inner.push(self.scope_of(a, frames));
                self.node(b, &inner, own);
            }
            _ => {
                if let (Op::Nth | Op::ListHas, Some(scope)) = (op, self.scope_of(a, frames)) {
                    let slot = if op == Op::Nth { c } else { 0 };
                    self.read((scope, slot));
                    self.other(scope);
                }
                let kinds = Op::ALL.get(op as usize).map_or([Operand::None; 3], |row| row.2);
                let slots = [a, b, c];
                for (i, (kind, operand)) in kinds.iter().zip(slots).enumerate() {
                    match kind {
                        Operand::Node => self.node(operand, frames, own),
                        Operand::Args => {
                            let len = slots.get(i + 1).copied().unwrap_or(0) as usize;
                            let run = operand as usize..(operand as usize).saturating_add(len);
                            for child in self.plan.args.get(run).unwrap_or(&[]).to_vec() {
                                self.node(child, frames, own);
                            }
                        }
                        Operand::None | Operand::Flag | Operand::Index => {}
                    }
                }
            }
        }
    }
}
