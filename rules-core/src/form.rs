//! The form: what a submission may hold, resolved to slots.
//!
//! In: built by the compiler or read from a bundle. Out: what the readers of answers and the hosts that draw a form go by.
//! Must not know: rules. A *scope* is a record: the submission itself (scope 0), each record of a list, each row of a table. Groups are
//! names only: their fields are slots of the scope they stand in.

use alloc::string::String;
use alloc::vec::Vec;

/// Text per language. `zh` is always there; `en` may be empty.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Text {
    /// Chinese.
    pub zh: String,
    /// English, or empty.
    pub en: String,
}

/// All scopes; number 0 is the submission.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Form {
    /// The scopes.
    pub scopes: Vec<Scope>,
}

/// A record type.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Scope {
    /// The slots, groups flattened, in document order.
    pub fields: Vec<Field>,
    /// Record structure for reading and drawing. Group 0 is the record itself.
    pub groups: Vec<Group>,
    /// True for a list of scalars: one slot whose name is empty and whose value is the item itself.
    pub scalar: bool,
}

impl Scope {
    /// Does this group, or one inside it, hold the slot?
    pub fn holds(&self, group: u32, slot: u32) -> bool {
        self.groups.get(group as usize).is_some_and(|g| {
            g.members.iter().any(|member| match *member {
                Member::Field(field) => field == slot,
                // Inner groups come after the one they stand in.
                Member::Group(inner) => inner > group && self.holds(inner, slot),
            })
        })
    }

    /// Does this group hold the other, at any depth?
    pub fn nests(&self, group: u32, other: u32) -> bool {
        self.groups.get(group as usize).is_some_and(|g| {
            g.members.iter().any(|member| match *member {
                Member::Field(_) => false,
                Member::Group(inner) => inner == other || (inner > group && self.nests(inner, other)),
            })
        })
    }
}

/// A record inside a scope that has no slots of its own.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Group {
    /// Key in the enclosing record; empty for group 0.
    pub name: String,
    /// Label.
    pub label: Text,
    /// Hint, or empty.
    pub hint: Text,
    /// Truth expression; where false the form does not ask for anything inside.
    pub relevant: Option<u32>,
    /// Members in document order.
    pub members: Vec<Member>,
}

/// A member of a group.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Member {
    /// A slot of the scope.
    Field(u32),
    /// A group of the scope.
    Group(u32),
}

/// One slot.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Field {
    /// Key in its record.
    pub name: String,
    /// Keys from the scope's record to the value, groups included: `["address", "street"]`.
    pub path: Vec<String>,
    /// Type.
    pub kind: Kind,
    /// Label.
    pub label: Text,
    /// Hint, or empty.
    pub hint: Text,
    /// Absence makes the entry incomplete while the field is relevant.
    pub required: bool,
    /// Truth expression over the scope (frame 0 is the record where the scope is not the root).
    pub relevant: Option<u32>,
    /// Unit, or empty.
    pub unit: String,
    /// Lowest allowed: a number, or days since 1970-01-01 for dates, milliseconds for date-times.
    pub min: Option<f64>,
    /// Highest allowed.
    pub max: Option<f64>,
    /// Characters.
    pub max_length: Option<u32>,
    /// Index into the plan's patterns.
    pub pattern: Option<u32>,
    /// Options of `choice` and `choices`.
    pub options: Vec<Opt>,
    /// Items of a list or `choices`.
    pub min_items: Option<u32>,
    /// Items of a list or `choices`.
    pub max_items: Option<u32>,
    /// Allowed coordinate systems of `point` and `area`; empty means all.
    pub crs: Vec<crate::domain::geo::Crs>,
    /// Table of a `ref`.
    pub table: Option<u32>,
    /// Personal data.
    pub sensitive: bool,
}

/// An option.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Opt {
    /// Index of the code in the plan's symbols.
    pub symbol: u32,
    /// Label.
    pub label: Text,
}

/// The type of a slot.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Kind {
    /// `true` or `false`.
    #[default]
    Boolean,
    /// Exact within ±(2^53−1).
    Integer,
    /// IEEE double.
    Number,
    /// Text.
    Text,
    /// One option.
    Choice,
    /// A set of options, at most 64.
    Choices,
    /// Calendar day.
    Date,
    /// Instant.
    DateTime,
    /// Value with tolerance.
    Measure,
    /// Place with accuracy and coordinate system.
    Point,
    /// Polygon or multipolygon.
    Area,
    /// A file; only its presence counts.
    Attachment,
    /// A key into a table.
    Ref,
    /// A list whose items are of the scope with this number.
    List(u32),
}
