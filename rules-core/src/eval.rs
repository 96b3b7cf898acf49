//! The evaluator: a plan over answers.
//!
//! In: a plan, answers, tables, the day of the check. Out: values of nodes, outcomes of rules. Must not know: how a report is written,
//! names of fields. Total: whatever a damaged plan asks for is the fault `bad_plan`. Recursion is bounded by the plan's depth,
//! which loading has checked; work by the step limit.

mod arith;
mod builtin;
mod compare;
mod over;
pub(crate) mod place;
mod rule;
pub mod trace;

use crate::domain::date::Date;
use crate::limits::{FRAMES, Limits};
use crate::plan::{Const, Node, NodeId, Op, Plan};
use crate::tables::Data;
use crate::truth::{Fault, Truth, Why};
use crate::value::{Home, Point, Region, Store, TextRef, V};
use alloc::string::String;
use alloc::vec::Vec;

pub use over::Items;
pub use rule::{Outcome, Subjects};

/// What a frame is bound to.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub enum Frame {
    /// Nothing.
    #[default]
    Empty,
    /// Item of a list of the answers: first slot, list, item.
    Item(u32, u32, u32),
    /// Row of a table, and whether another row could be meant.
    Row(u16, u32, bool),
}

/// Runs author's functions. The core has no interpreter of its own.
pub trait Functions {
    /// Calls function number `function` of the plan with known arguments.
    fn call(&self, plan: &Plan, function: u32, args: &[Arg<'_>]) -> Result<Returned, Fault>;
}

/// An argument of an author's function.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Arg<'a> {
    /// Truth.
    Bool(bool),
    /// Number.
    Num(f64),
    /// Text.
    Text(&'a str),
}

/// What an author's function returned.
#[derive(Clone, PartialEq, Debug)]
pub enum Returned {
    /// Truth.
    Bool(bool),
    /// Number.
    Num(f64),
    /// Text.
    Text(String),
}

/// The truth of what a damaged plan asks for.
const BAD_PLAN: Truth = Truth::Unknown(Why::Fault(Fault::BadPlan));
/// Its value.
const FAULTY: V = V::fault(Fault::BadPlan);

/// Constants and parameters of a plan as values, made when it is loaded. PERF: a comparison then reads both of its sides in place.
#[derive(Clone, Default, Debug)]
pub struct Ready {
    consts: Vec<V>,
    params: Vec<V>,
}

impl Ready {
    /// Looks through a plan.
    pub fn of(plan: &Plan) -> Ready {
        let value = |(number, constant): (usize, &Const)| match constant {
            Const::Bool(value) => V::Bool(*value),
            Const::Num(value) => V::Num(*value),
            Const::Text(text) => V::Text(TextRef {
                home: Home::Consts,
                start: number as u32,
                len: text.len() as u32,
            }),
            Const::Choice(symbol) => V::Choice(*symbol),
            Const::Date(date) => V::Date(*date),
        };
        let consts: Vec<V> = plan.consts.iter().enumerate().map(value).collect();
        let param = |value: Option<u32>| match value {
            Some(number) => consts.get(number as usize).copied().unwrap_or(FAULTY),
            None => V::Unknown(Why::MissingParam),
        };
        let params = plan.params.iter().map(|one| param(one.value)).collect();
        Ready { consts, params }
    }
}

/// Everything an expression may read.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The plan's constants and parameters.
    pub ready: &'a Ready,
    /// The answers.
    pub store: &'a Store,
    /// Data per table of the plan; absent where none was given.
    pub tables: &'a [Option<&'a Data>],
    /// The day of the check.
    pub as_of: Date,
    /// Limits.
    pub limits: &'a Limits,
    /// Author's functions, if built in.
    pub functions: Option<&'a dyn Functions>,
}

/// Rows that `within` found, each with whether it surely belongs.
struct Found {
    table: u16,
    rows: Vec<(u32, bool)>,
}

/// An evaluation under way.
pub struct Eval<'a> {
    cx: Context<'a>,
    /// What each frame is bound to.
    pub frames: [Frame; FRAMES],
    lets: Vec<Option<V>>,
    text: String,
    rows: Vec<Found>,
    points: Vec<Point>,
    // PERF: the two lists that every node is looked up in stand here, not behind the context's references.
    nodes: &'a [Node],
    values: &'a [V],
    steps: u64,
    most_steps: u64,
}

impl<'a> Eval<'a> {
    /// Begins.
    pub fn new(cx: Context<'a>) -> Eval<'a> {
        Eval {
            cx,
            frames: [Frame::Empty; FRAMES],
            lets: Vec::new(),
            text: String::new(),
            rows: Vec::new(),
            points: Vec::new(),
            nodes: &cx.plan.nodes,
            values: &cx.store.values,
            steps: 0,
            most_steps: cx.limits.steps,
        }
    }

    /// What is evaluated over.
    pub fn context(&self) -> Context<'a> {
        self.cx
    }

    /// The truth of a boolean node.
    ///
    /// PERF: truths come back in registers, values through memory, so conditions do not go through `value`.
    pub fn truth(&mut self, id: NodeId) -> Truth {
        let Some(&Node { op, a, b, c }) = self.nodes.get(id as usize) else {
            return BAD_PLAN;
        };
        match op {
            Op::Slot => return self.slot(a).truth(),
            Op::Item => return self.item(a, b).truth(),
            _ => {}
        }
        if !self.charge(1) {
            return Truth::Unknown(Why::Fault(Fault::StepLimit));
        }
        match op {
            Op::And => self.and(a, b),
            Op::Or => self.or(a, b),
            Op::Not => self.truth(a).not(),
            Op::Lt | Op::Le | Op::Gt | Op::Ge | Op::Eq | Op::Ne => {
                let (mut x, mut y) = (FAULTY, FAULTY);
                let (x, y) = (self.fetch(a, &mut x), self.fetch(b, &mut y));
                self.compare(op, x, y)
            }
            Op::Known | Op::IsMissing => match self.operand(a) {
                V::Unknown(Why::Fault(fault)) | V::Bounded(_, _, Why::Fault(fault)) => {
                    Truth::Unknown(Why::Fault(fault))
                }
                V::Unknown(_) | V::Bounded(..) => Truth::from(op == Op::IsMissing),
                _ => Truth::from(op == Op::Known),
            },
            Op::MinorOn => self.minor(a, b, c),
            Op::OneOf => self.one_of(a, b, c),
            Op::All | Op::Any | Op::NoneOf => self.quantified(op, a, b, c),
            _ => self.compute(op, a, b, c).truth(),
        }
    }

    /// The value of a node.
    pub fn value(&mut self, id: NodeId) -> V {
        let Some(&Node { op, a, b, c }) = self.nodes.get(id as usize) else {
            return V::fault(Fault::BadPlan);
        };
        if !self.charge(1) {
            return V::fault(Fault::StepLimit);
        }
        self.compute(op, a, b, c)
    }

    /// The value of an operand, in place if it is stored and in `own` if it is computed.
    ///
    /// PERF: copying values from call to call took a third of the evaluation.
    #[inline]
    fn fetch<'s>(&mut self, id: NodeId, own: &'s mut V) -> &'s V
    where
        'a: 's,
    {
        match self.nodes.get(id as usize) {
            Some(&Node { op: Op::Slot, a, .. }) => self.slot(a),
            Some(&Node {
                op: Op::Item, a, b, ..
            }) => self.item(a, b),
            Some(&Node { op: Op::Const, a, .. }) => self.constant(a),
            Some(&Node { op: Op::Param, a, .. }) => self.param(a),
            _ => {
                *own = self.value(id);
                own
            }
        }
    }

    /// The same, copied.
    #[inline]
    fn operand(&mut self, id: NodeId) -> V {
        let mut own = FAULTY;
        *self.fetch(id, &mut own)
    }

    #[inline]
    fn slot(&self, slot: u32) -> &'a V {
        self.values.get(slot as usize).unwrap_or(&FAULTY)
    }

    fn compute(&mut self, op: Op, a: u32, b: u32, c: u32) -> V {
        match op {
            Op::Slot => *self.slot(a),
            Op::Item => *self.item(a, b),
            Op::Const => *self.constant(a),
            Op::And => self.and(a, b).into(),
            Op::Or => self.or(a, b).into(),
            Op::Not => self.truth(a).not().into(),
            Op::Lt | Op::Le | Op::Gt | Op::Ge | Op::Eq | Op::Ne => {
                let (mut x, mut y) = (FAULTY, FAULTY);
                let (x, y) = (self.fetch(a, &mut x), self.fetch(b, &mut y));
                self.compare(op, x, y).into()
            }
            Op::MinorOn => self.minor(a, b, c).into(),
            Op::DateOf => self.date_of(a),
            Op::Param => *self.param(a),
            Op::AsOf => V::Date(self.cx.as_of),
            Op::FrameRow => match self.frame(a) {
                Frame::Row(table, row, unsure) => V::Row(table, row, unsure),
                Frame::Empty | Frame::Item(..) => V::fault(Fault::BadPlan),
            },
            Op::Column => self.column(a, b),
            Op::Let => self.derived(a),
            Op::If => self.conditional(a, b, c),
            Op::Coalesce => match self.value(a) {
                V::Unknown(Why::Fault(fault)) | V::Bounded(_, _, Why::Fault(fault)) => V::fault(fault),
                V::Unknown(_) | V::Bounded(..) => self.value(b),
                known => known,
            },
            Op::Known | Op::IsMissing => match self.value(a) {
                V::Unknown(Why::Fault(fault)) | V::Bounded(_, _, Why::Fault(fault)) => V::fault(fault),
                V::Unknown(_) | V::Bounded(..) => V::Bool(op == Op::IsMissing),
                _ => V::Bool(op == Op::Known),
            },
            Op::Unknown => V::Unknown(match Why::WORDS.get(a as usize) {
                Some((_, why)) => *why,
                None => Why::Author(b as u16),
            }),
            Op::OneOf => self.one_of(a, b, c).into(),
            Op::Add | Op::Sub | Op::Mul | Op::Div | Op::Rem | Op::Min2 | Op::Max2 | Op::Ratio => {
                let (x, y) = (self.operand(a), self.operand(b));
                arith::binary(op, x, y, c == 1)
            }
            Op::Neg | Op::Abs => arith::unary(op, self.value(a)),
            Op::Round => arith::round(self.value(a), b),
            Op::All | Op::Any | Op::NoneOf => self.quantified(op, a, b, c).into(),
            Op::Count | Op::Sum | Op::MinOf | Op::MaxOf => self.over(op, a, b, c),
            Op::Distance => {
                let (x, y) = (self.value(a), self.value(b));
                self.distance(x, y)
            }
            Op::ToWgs84 => {
                let place = self.value(a);
                self.to_wgs84(place)
            }
            Op::Nearest => {
                let place = self.value(b);
                self.nearest(a, place)
            }
            Op::Within => {
                let (place, metres) = (self.value(b), self.value(c));
                self.within(a, place, metres)
            }
            Op::Lookup => {
                let key = self.value(b);
                self.lookup(a, key)
            }
            Op::Nth => {
                let list = self.value(a);
                self.nth(list, b, c)
            }
            Op::HasOption
            | Op::ListHas
            | Op::Len
            | Op::TextHas
            | Op::StartsWith
            | Op::EndsWith
            | Op::Lower
            | Op::Trim
            | Op::Matches
            | Op::Concat
            | Op::DatePart
            | Op::DaysBetween
            | Op::MonthsBetween
            | Op::AddDays
            | Op::AddMonths
            | Op::AddWorkdays
            | Op::WorkdaysBetween
            | Op::IsWorkday
            | Op::NextWorkday
            | Op::AgeOn
            | Op::ResidentIdOk
            | Op::BirthOfId
            | Op::Call => self.builtin(op, a, b, c),
        }
    }

    /// Counts work; false once the limit is passed.
    #[inline]
    pub fn charge(&mut self, steps: u64) -> bool {
        self.steps = self.steps.saturating_add(steps);
        self.steps <= self.most_steps
    }

    fn frame(&self, frame: u32) -> Frame {
        self.frames.get(frame as usize).copied().unwrap_or_default()
    }

    #[inline]
    fn item(&self, frame: u32, slot: u32) -> &'a V {
        match self.frames.get(frame as usize) {
            Some(&Frame::Item(base, _, _)) => self.values.get((base + slot) as usize).unwrap_or(&FAULTY),
            // A rule whose list is not known is asked without an item: nothing of an item is known then.
            Some(Frame::Empty) => &V::MISSING,
            Some(Frame::Row(..)) | None => &FAULTY,
        }
    }

    fn constant(&self, number: u32) -> &'a V {
        self.cx.ready.consts.get(number as usize).unwrap_or(&FAULTY)
    }

    fn param(&self, number: u32) -> &'a V {
        self.cx.ready.params.get(number as usize).unwrap_or(&FAULTY)
    }

    fn derived(&mut self, number: u32) -> V {
        let index = number as usize;
        if self.lets.is_empty() {
            self.lets = alloc::vec![None; self.cx.plan.lets.len()];
        }
        match self.lets.get(index) {
            Some(Some(value)) => return *value,
            Some(None) => {}
            None => return V::fault(Fault::BadPlan),
        }
        let Some(node) = self.cx.plan.lets.get(index).map(|derived| derived.node) else {
            return V::fault(Fault::BadPlan);
        };
        let value = self.value(node);
        if let Some(place) = self.lets.get_mut(index) {
            *place = Some(value);
        }
        value
    }

    fn args(&self, start: u32, len: u32) -> &'a [NodeId] {
        self.cx
            .plan
            .args
            .get(start as usize..(start as usize).saturating_add(len as usize))
            .unwrap_or(&[])
    }

    fn and(&mut self, start: u32, len: u32) -> Truth {
        let mut truth = Truth::True;
        for node in self.args(start, len) {
            truth = truth.and(self.truth(*node));
            if truth == Truth::False {
                break;
            }
        }
        truth
    }

    fn or(&mut self, start: u32, len: u32) -> Truth {
        let mut truth = Truth::False;
        for node in self.args(start, len) {
            truth = truth.or(self.truth(*node));
            if truth == Truth::True {
                break;
            }
        }
        truth
    }

    fn date_of(&mut self, time: NodeId) -> V {
        let mut own = FAULTY;
        match self.fetch(time, &mut own) {
            V::DateTime(at) => V::Date(at.date()),
            other => V::Unknown(other.why().unwrap_or(Why::Fault(Fault::BadPlan))),
        }
    }

    fn conditional(&mut self, condition: NodeId, yes: NodeId, no: NodeId) -> V {
        match self.truth(condition) {
            Truth::True => self.value(yes),
            Truth::False => self.value(no),
            Truth::Unknown(why) => {
                let (a, b) = (self.value(yes), self.value(no));
                let both_known = a.why().is_none() && b.why().is_none();
                if both_known && self.compare(Op::Eq, &a, &b) == Truth::True {
                    a
                } else {
                    V::Unknown(why)
                }
            }
        }
    }

    fn one_of(&mut self, needle: NodeId, start: u32, len: u32) -> Truth {
        let needle = self.operand(needle);
        let mut truth = Truth::False;
        for node in self.args(start, len) {
            let mut other = FAULTY;
            let other = self.fetch(*node, &mut other);
            truth = truth.or(self.compare(Op::Eq, &needle, other));
            if truth == Truth::True {
                break;
            }
        }
        truth
    }

    fn column(&mut self, row: NodeId, slot: u32) -> V {
        match self.value(row) {
            V::Row(table, row, unsure) => {
                let Some(Data {
                    content: crate::tables::Content::Rows(rows),
                    ..
                }) = self.data(u32::from(table))
                else {
                    return V::fault(Fault::BadPlan);
                };
                let value = rows.value(row, slot);
                // Another row might be the nearest; only its distance is known as well as the place is.
                if unsure && !matches!(value, V::Point(..)) {
                    V::Unknown(Why::TooClose)
                } else {
                    value
                }
            }
            V::Unknown(why) => V::Unknown(why),
            _ => V::fault(Fault::BadPlan),
        }
    }

    /// The data of a table.
    pub fn data(&self, table: u32) -> Option<&'a Data> {
        self.cx.tables.get(table as usize).copied().flatten()
    }

    /// The characters of a text.
    pub fn text(&self, text: TextRef) -> &str {
        match text.home {
            Home::Answers => self.cx.store.text(text),
            Home::Consts => match self.cx.plan.consts.get(text.start as usize) {
                Some(Const::Text(text)) => text,
                _ => "",
            },
            Home::Scratch => self
                .text
                .get(text.start as usize..(text.start + text.len) as usize)
                .unwrap_or(""),
            Home::Table(table) => match self.data(u32::from(table)).map(|data| &data.content) {
                Some(crate::tables::Content::Rows(rows)) => rows.store.text(text),
                _ => "",
            },
        }
    }

    /// Keeps a computed text, within the limit.
    pub fn keep(&mut self, text: &str) -> V {
        if text.len() > self.cx.limits.text_bytes || self.text.len() > self.cx.limits.text_bytes * 64 {
            return V::fault(Fault::TextLimit);
        }
        let start = self.text.len() as u32;
        self.text.push_str(text);
        V::Text(TextRef {
            home: Home::Scratch,
            start,
            len: text.len() as u32,
        })
    }

    /// A place.
    pub fn point(&self, home: Home, number: u32) -> Option<Point> {
        let points = match home {
            Home::Answers => &self.cx.store.points,
            Home::Scratch | Home::Consts => &self.points,
            Home::Table(table) => match self.data(u32::from(table)).map(|data| &data.content) {
                Some(crate::tables::Content::Rows(rows)) => &rows.store.points,
                _ => return None,
            },
        };
        points.get(number as usize).copied()
    }

    /// An area.
    pub fn region(&self, home: Home, number: u32) -> Option<&'a Region> {
        match home {
            Home::Answers => self.cx.store.areas.get(number as usize),
            Home::Scratch | Home::Consts => None,
            Home::Table(table) => match self.data(u32::from(table)).map(|data| &data.content) {
                Some(crate::tables::Content::Rows(rows)) => rows.store.areas.get(number as usize),
                _ => None,
            },
        }
    }
}
