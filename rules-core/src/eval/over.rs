//! Quantifiers and aggregates over lists and rows.

use super::{Eval, Frame, arith};
use crate::plan::{NodeId, Op};
use crate::truth::{Fault, Truth, Why};
use crate::value::V;

/// What a quantifier runs over.
#[derive(Clone, Copy)]
pub enum Items {
    /// A list of the answers: first slot, stride, items.
    List(u32, u32, u32, u32),
    /// Found rows: table, number in the scratch, rows.
    // PERF: four words of one size; with a short one the compiler copied it in pieces.
    Rows(u32, u32, u32),
}

impl Items {
    /// The list of the answers, or `NO_LIST` for rows of a table.
    pub fn list(self) -> u32 {
        match self {
            Items::List(list, _, _, _) => list,
            Items::Rows(..) => crate::value::NO_LIST,
        }
    }

    /// No items?
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// How many.
    pub fn len(self) -> u32 {
        match self {
            Items::List(_, _, _, len) | Items::Rows(_, _, len) => len,
        }
    }
}

impl Eval<'_> {
    /// The items of a list value, or why they are not known.
    pub fn items(&self, list: V) -> Result<Items, Why> {
        match list {
            V::List(number) => match self.context().store.lists.get(number as usize) {
                Some(list) => Ok(Items::List(number, list.start, list.stride, list.len)),
                None => Err(Why::Fault(Fault::BadPlan)),
            },
            V::Rows(number) => match self.rows.get(number as usize) {
                Some(found) => Ok(Items::Rows(
                    u32::from(found.table),
                    number,
                    found.rows.len() as u32,
                )),
                None => Err(Why::Fault(Fault::BadPlan)),
            },
            V::Unknown(why) => Err(why),
            _ => Err(Why::Fault(Fault::BadPlan)),
        }
    }

    /// The frame of an item, and whether the item surely belongs.
    pub fn bind(&self, items: Items, item: u32) -> (Frame, bool) {
        match items {
            Items::List(list, start, stride, _) => (Frame::Item(start + item * stride, list, item), true),
            Items::Rows(table, number, _) => {
                let row = self
                    .rows
                    .get(number as usize)
                    .and_then(|found| found.rows.get(item as usize))
                    .copied();
                row.map_or((Frame::Empty, true), |(row, sure)| {
                    (Frame::Row(table as u16, row, false), sure)
                })
            }
        }
    }

    /// The truth of a quantifier over the items bound to `frame`.
    pub fn quantified(&mut self, op: Op, list: NodeId, body: NodeId, frame: u32) -> Truth {
        let list = self.operand(list);
        let items = match self.items(list) {
            Ok(items) => items,
            Err(why) => return Truth::Unknown(why),
        };
        let saved = self.frame(frame);
        let truth = self.quantify(op, items, body, frame);
        self.set_frame(frame, saved);
        truth
    }

    /// Evaluates `body` for every item bound to `frame`.
    pub fn over(&mut self, op: Op, list: NodeId, body: NodeId, frame: u32) -> V {
        let list = self.operand(list);
        let items = match self.items(list) {
            Ok(items) => items,
            Err(why) => return V::Unknown(why),
        };
        let saved = self.frame(frame);
        let value = match op {
            Op::Count => self.count(items, body, frame),
            Op::Sum => self.fold(items, body, frame, V::Num(0.0), arith::add),
            Op::MinOf => self.fold(items, body, frame, V::MISSING, |x, y| {
                arith::binary(Op::Min2, x, y, false)
            }),
            Op::MaxOf => self.fold(items, body, frame, V::MISSING, |x, y| {
                arith::binary(Op::Max2, x, y, false)
            }),
            _ => V::fault(Fault::BadPlan),
        };
        self.set_frame(frame, saved);
        value
    }

    /// A slot of an item, or a found row itself; missing beyond the end.
    pub fn nth(&self, list: V, item: u32, slot: u32) -> V {
        let items = match self.items(list) {
            Ok(items) => items,
            Err(why) => return V::Unknown(why),
        };
        if item >= items.len() {
            return V::MISSING;
        }
        match self.bind(items, item) {
            (Frame::Item(base, _, _), _) => self
                .context()
                .store
                .values
                .get((base + slot) as usize)
                .copied()
                .unwrap_or(V::fault(Fault::BadPlan)),
            // Rows come in the order of their distance, which an inexact place leaves open.
            (Frame::Row(table, row, _), sure) => V::Row(table, row, !sure),
            (Frame::Empty, _) => V::fault(Fault::BadPlan),
        }
    }

    /// Binds a frame.
    pub fn set_frame(&mut self, frame: u32, to: Frame) {
        if let Some(place) = self.frames.get_mut(frame as usize) {
            *place = to;
        }
    }

    fn quantify(&mut self, op: Op, items: Items, body: NodeId, frame: u32) -> Truth {
        // `any` is the negation of `all` of the negations; `none` is the negation of `any`.
        let settled = if op == Op::All { Truth::False } else { Truth::True };
        let mut truth = settled.not();
        for item in 0..items.len() {
            let (bound, sure) = self.bind(items, item);
            self.set_frame(frame, bound);
            let mut one = self.truth(body);
            if !sure && one == settled {
                one = Truth::Unknown(Why::TooClose);
            } else if !sure {
                // Whether it belongs or not, it does not settle anything unless it is itself unknown.
                one = if matches!(one, Truth::Unknown(_)) {
                    one
                } else {
                    settled.not()
                };
            }
            truth = if op == Op::All {
                truth.and(one)
            } else {
                truth.or(one)
            };
            if truth == settled {
                break;
            }
        }
        if op == Op::NoneOf { truth.not() } else { truth }
    }

    fn count(&mut self, items: Items, body: NodeId, frame: u32) -> V {
        let (mut low, mut high) = (0u32, 0u32);
        let mut why: Option<Why> = None;
        let mut note = |other: Why| why = Some(why.map_or(other, |why| why.first(other)));
        for item in 0..items.len() {
            let (bound, sure) = self.bind(items, item);
            self.set_frame(frame, bound);
            match (self.truth(body), sure) {
                (Truth::True, true) => {
                    low += 1;
                    high += 1;
                }
                (Truth::True, false) => {
                    high += 1;
                    note(Why::TooClose);
                }
                (Truth::False, _) => {}
                (Truth::Unknown(other), _) => {
                    high += 1;
                    note(other);
                }
            }
        }
        match why {
            None => V::Num(f64::from(low)),
            Some(why) => V::Bounded(low, high, why),
        }
    }

    fn fold(&mut self, items: Items, body: NodeId, frame: u32, empty: V, step: fn(V, V) -> V) -> V {
        let mut total: Option<V> = None;
        for item in 0..items.len() {
            let (bound, sure) = self.bind(items, item);
            self.set_frame(frame, bound);
            let one = if sure {
                self.value(body)
            } else {
                V::Unknown(Why::TooClose)
            };
            total = Some(match total {
                Some(total) => step(total, one),
                None => one,
            });
        }
        total.unwrap_or(empty)
    }
}
