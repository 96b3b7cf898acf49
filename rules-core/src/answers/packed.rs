//! Reads a submission that a host packed by the form: no keys, no numbers as text.
//!
//! In: bytes, little endian. A record is a count (u16) and then per answer its slot (u16), a tag (u8) and the value; see `tag`. Out: slots. Must not know:
//! who packed. The bytes are not trusted: whatever does not fit makes the whole reading fail, and the host sends JSON text instead, so that
//! what is wrong with a submission is told in one place only.

use super::pointer::Step;
use super::{Answers, list_scope, scalar};
use crate::domain::geo::{Crs, LngLat};
use crate::form::{Field, Kind};
use crate::limits::Limits;
use crate::plan::Plan;
use crate::value::{Home, List, Point, V};

/// Tags of values.
pub mod tag {
    /// `false`
    pub const FALSE: u8 = 1;
    /// `true`
    pub const TRUE: u8 = 2;
    /// f64
    pub const NUMBER: u8 = 3;
    /// u32 length, UTF-8: text, ref, date, date-time.
    pub const TEXT: u8 = 4;
    /// u16 position of the option.
    pub const CHOICE: u8 = 5;
    /// u64, one bit an option.
    pub const SET: u8 = 6;
    /// f64 value, f64 tolerance.
    pub const MEASURE: u8 = 7;
    /// f64 longitude, f64 latitude, f64 accuracy, u8 coordinate system.
    pub const POINT: u8 = 8;
    /// Nothing.
    pub const FILE: u8 = 10;
    /// u32 count, then records.
    pub const LIST: u8 = 11;
}

/// Reads packed bytes. `false` where they do not fit; the answers are empty then.
pub fn read(answers: &mut Answers, plan: &Plan, bytes: &[u8], limits: &Limits) -> bool {
    answers.reset(&plan.form);
    if bytes.len() > limits.answer_bytes {
        return false;
    }
    let mut reading = Packed {
        answers,
        plan,
        limits,
        bytes,
        items: 0,
    };
    let fits = reading.record(Step::ROOT, 0, 0, 0).is_some() && reading.bytes.is_empty();
    if !fits {
        answers.reset(&plan.form);
    }
    fits
}

struct Packed<'a> {
    answers: &'a mut Answers,
    plan: &'a Plan,
    limits: &'a Limits,
    bytes: &'a [u8],
    items: usize,
}

impl<'a> Packed<'a> {
    #[inline]
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.bytes.split_first_chunk::<N>()?;
        self.bytes = rest;
        Some(*head)
    }

    #[inline]
    fn f64(&mut self) -> Option<f64> {
        let value = f64::from_le_bytes(self.take()?);
        value.is_finite().then_some(value)
    }

    fn record(&mut self, step: Step, scope_id: usize, base: usize, depth: usize) -> Option<()> {
        let plan = self.plan;
        let scope = plan
            .form
            .scopes
            .get(scope_id)
            .filter(|_| depth < self.limits.depth)?;
        for _ in 0..u16::from_le_bytes(self.take()?) {
            let slot = u16::from_le_bytes(self.take()?);
            let [tag] = self.take()?;
            let field = scope.fields.get(usize::from(slot))?;
            let index = base + usize::from(slot);
            match tag {
                tag::LIST => self.list(field, step, index, u32::from(slot), depth)?,
                tag::TEXT => self.text(field, index)?,
                _ => {
                    let value = self.value(field, tag)?;
                    *self.answers.store.values.get_mut(index)? = value;
                }
            }
        }
        Some(())
    }

    fn text(&mut self, field: &'a Field, index: usize) -> Option<()> {
        if !matches!(field.kind, Kind::Text | Kind::Ref | Kind::Date | Kind::DateTime) {
            return None;
        }
        let length = u32::from_le_bytes(self.take()?) as usize;
        let (head, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        let text = core::str::from_utf8(head).ok()?;
        scalar::text(self.plan, field, &mut self.answers.store, index, text).ok()
    }

    #[inline]
    fn value(&mut self, field: &'a Field, tag: u8) -> Option<V> {
        Some(match (tag, field.kind) {
            (tag::FALSE, Kind::Boolean) => V::Bool(false),
            (tag::TRUE, Kind::Boolean) => V::Bool(true),
            (tag::NUMBER, Kind::Number | Kind::Integer) => {
                let value = self.f64()?;
                if value.abs() > crate::limits::MAX_SAFE_INTEGER {
                    return None;
                }
                scalar::number(field, value).ok()?;
                V::Num(value)
            }
            (tag::CHOICE, Kind::Choice) => {
                let position = u16::from_le_bytes(self.take()?);
                V::Choice(field.options.get(usize::from(position))?.symbol)
            }
            (tag::SET, Kind::Choices) => {
                let set = u64::from_le_bytes(self.take()?);
                let most = field.options.len() as u32;
                if most < 64 && set >> most != 0 {
                    return None;
                }
                scalar::in_count(field, set.count_ones()).ok()?;
                V::Set(set)
            }
            (tag::MEASURE, Kind::Measure) => {
                let (value, tolerance) = (self.f64()?, self.f64()?);
                if tolerance < 0.0 {
                    return None;
                }
                scalar::in_range(field, scalar::measure(value, tolerance)).ok()?
            }
            (tag::POINT, Kind::Point) => {
                let at = LngLat {
                    lng: self.f64()?,
                    lat: self.f64()?,
                };
                let accuracy = self.f64()?;
                let [number] = self.take()?;
                let crs = *Crs::ALL.get(usize::from(number))?;
                let allowed = field.crs.is_empty() || field.crs.contains(&crs);
                if !at.is_valid() || accuracy < 0.0 || !allowed {
                    return None;
                }
                self.answers.store.points.push(Point { at, accuracy, crs });
                V::Point(Home::Answers, self.answers.store.points.len() as u32 - 1)
            }
            (tag::FILE, Kind::Attachment) => V::File,
            _ => return None,
        })
    }

    fn list(&mut self, field: &Field, step: Step, index: usize, slot: u32, depth: usize) -> Option<()> {
        let inner = list_scope(field.kind)?;
        let stride = self.plan.form.scopes.get(inner as usize)?.fields.len();
        let len = u32::from_le_bytes(self.take()?);
        self.items += len as usize;
        if self.items > self.limits.items {
            return None;
        }
        scalar::in_count(field, len).ok()?;
        let start = self.answers.store.slots(len as usize * stride);
        let list = self.answers.store.lists.len() as u32;
        self.answers.store.lists.push(List {
            scope: inner,
            start: start as u32,
            stride: stride as u32,
            len,
            parent: step.list,
            item: step.item,
            slot,
        });
        *self.answers.store.values.get_mut(index)? = V::List(list);
        for item in 0..len {
            self.record(
                Step { list, item },
                inner as usize,
                start + item as usize * stride,
                depth + 1,
            )?;
        }
        Some(())
    }
}
