//! Values and where they live.
//!
//! In: slots written by the readers, constants, what the evaluator computes. Out: small copies; what is large (text, places, areas, lists)
//! stays in a store and is named by number. Must not know: names of fields, rules.

use crate::domain::date::{Date, DateTime};
use crate::domain::geo::{Area, Crs, LngLat};
use crate::truth::{Fault, Truth, Why};
use alloc::string::String;
use alloc::vec::Vec;

/// A value of an expression.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum V {
    /// Not known, and why. A missing answer is `Unknown(Why::Missing)`.
    Unknown(Why),
    /// Truth.
    Bool(bool),
    /// Number.
    Num(f64),
    /// `value ± tolerance`, tolerance above zero.
    Measure(f64, f64),
    /// A count between two bounds because some items are unknown, and why.
    Bounded(u32, u32, Why),
    /// Text.
    Text(TextRef),
    /// Option code: index into the plan's symbols.
    Choice(u32),
    /// Set of options: bit number = position in the field's options.
    Set(u64),
    /// Day.
    Date(Date),
    /// Instant.
    DateTime(DateTime),
    /// Place number in a store.
    Point(Home, u32),
    /// Area number in a store.
    Area(Home, u32),
    /// A file is there.
    File,
    /// List number in the answers.
    List(u32),
    /// Found rows: number in the evaluator's scratch.
    Rows(u32),
    /// A row: table, row, and whether another row could be meant because the place is not exact.
    Row(u16, u32, bool),
}

/// Where a text, place or area lives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Home {
    /// The answers.
    Answers,
    /// The plan's constants.
    Consts,
    /// The evaluator's scratch.
    Scratch,
    /// A table.
    Table(u16),
}

/// A text by place: bytes `start..start + len` of its home (for constants: constant number `start`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TextRef {
    /// Where.
    pub home: Home,
    /// First byte, or number.
    pub start: u32,
    /// Bytes.
    pub len: u32,
}

impl V {
    /// A missing answer.
    pub const MISSING: V = V::Unknown(Why::Missing);

    /// A fault.
    pub const fn fault(fault: Fault) -> V {
        V::Unknown(Why::Fault(fault))
    }

    /// The truth of a boolean expression.
    #[inline]
    pub fn truth(self) -> Truth {
        match self {
            V::Bool(value) => Truth::from(value),
            V::Unknown(why) => Truth::Unknown(why),
            _ => Truth::Unknown(Why::Fault(Fault::BadPlan)),
        }
    }

    /// Why the value is not known, if so.
    #[inline]
    pub fn why(self) -> Option<Why> {
        match self {
            V::Unknown(why) | V::Bounded(_, _, why) => Some(why),
            _ => None,
        }
    }
}

impl From<Truth> for V {
    #[inline]
    fn from(truth: Truth) -> V {
        match truth {
            Truth::True => V::Bool(true),
            Truth::False => V::Bool(false),
            Truth::Unknown(why) => V::Unknown(why),
        }
    }
}

/// A place as given.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Point {
    /// Coordinates in `crs`.
    pub at: LngLat,
    /// Radius in metres within which the true place lies.
    pub accuracy: f64,
    /// Coordinate system.
    pub crs: Crs,
}

/// An area as given, its positions already in WGS-84.
#[derive(Clone, Debug)]
pub struct Region {
    /// The area in WGS-84.
    pub area: Area,
    /// Coordinate system that it came in.
    pub crs: Crs,
}

/// A list of records or scalars: `len` runs of `stride` slots.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct List {
    /// Scope of the items.
    pub scope: u32,
    /// First slot of the first item.
    pub start: u32,
    /// Slots of one item.
    pub stride: u32,
    /// Items.
    pub len: u32,
    /// The list that holds the record this list stands in; `NO_LIST` for the submission.
    pub parent: u32,
    /// Item of `parent`.
    pub item: u32,
    /// Slot in that record.
    pub slot: u32,
}

/// No list: the submission itself.
pub const NO_LIST: u32 = u32::MAX;

/// Slots and what they name.
#[derive(Clone, Default, Debug)]
pub struct Store {
    /// Slots: first those of the submission, then those of list items.
    pub values: Vec<V>,
    /// All texts, one after another.
    pub text: String,
    /// Places.
    pub points: Vec<Point>,
    /// Areas.
    pub areas: Vec<Region>,
    /// Lists.
    pub lists: Vec<List>,
}

impl Store {
    /// Forgets everything and keeps the memory.
    pub fn clear(&mut self) {
        self.values.clear();
        self.text.clear();
        self.points.clear();
        self.areas.clear();
        self.lists.clear();
    }

    /// Appends `count` missing slots and gives the first.
    pub fn slots(&mut self, count: usize) -> usize {
        let start = self.values.len();
        self.values.resize(start + count, V::MISSING);
        start
    }

    /// Keeps a text.
    pub fn keep(&mut self, home: Home, text: &str) -> V {
        let start = self.text.len() as u32;
        self.text.push_str(text);
        V::Text(TextRef {
            home,
            start,
            len: text.len() as u32,
        })
    }

    /// A kept text.
    pub fn text(&self, at: TextRef) -> &str {
        self.text
            .get(at.start as usize..(at.start + at.len) as usize)
            .unwrap_or("")
    }
}
