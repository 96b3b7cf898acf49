//! The plan: a ruleset compiled for running.
//!
//! In: built by the compiler or read from a bundle. Out: what the evaluator walks. Must not know: YAML, Rhai, names of fields
//! (slots) or how a report is written. Nodes stand after their operands, so a plan has no cycles and its depth is known when it is
//! loaded; `check` refuses one that does not hold to that.

use crate::domain::date::Date;
use crate::form::{Form, Member, Scope, Text};
use alloc::string::String;
use alloc::vec::Vec;

/// Index of a node.
pub type NodeId = u32;

/// One ruleset with the layers that apply, compiled.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Plan {
    /// Ruleset ids from the base to the layer, the first being the base.
    pub layers: Vec<Layer>,
    /// The form.
    pub form: Form,
    /// Codes of options, and other interned words. A choice value is an index here.
    pub symbols: Vec<String>,
    /// Constants.
    pub consts: Vec<Const>,
    /// Parameters in document order.
    pub params: Vec<Param>,
    /// Tables in document order.
    pub tables: Vec<Table>,
    /// Regular expressions as automata.
    pub patterns: Vec<Pattern>,
    /// The author's reasons for `unknown("…")`, sorted by text.
    pub reasons: Vec<String>,
    /// Functions that run in Rhai.
    pub functions: Vec<Function>,
    /// Derived values: name and node, in dependency order.
    pub lets: Vec<Let>,
    /// Expression nodes, operands first.
    pub nodes: Vec<Node>,
    /// Operand lists of nodes with many operands: each run is `start`, `len` in the node.
    pub args: Vec<NodeId>,
    /// Where boolean nodes stand in the author's text, for evidence: sorted by node.
    pub spans: Vec<Span>,
    /// Units of the comparison nodes (`<` to `!=`) that have one, for margins: sorted by node.
    pub units: Vec<(NodeId, String)>,
    /// Source text of every expression that `spans` points into.
    pub texts: Vec<String>,
    /// Clauses.
    pub clauses: Vec<Clause>,
    /// Rules in document order.
    pub rules: Vec<Rule>,
    /// Sections in document order; none where the author made none.
    pub sections: Vec<Section>,
}

/// Fields and rules that belong together: a heading of the form, and a line of the report's counts.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Section {
    /// Id.
    pub id: String,
    /// Title.
    pub title: Text,
    /// Fields and groups of the submission itself.
    pub members: Vec<Member>,
    /// Indices into the rules.
    pub rules: Vec<u32>,
}

/// A ruleset file that took part.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Layer {
    /// Id.
    pub id: String,
    /// Semantic version.
    pub version: String,
    /// `sha256:…` of the canonical form of the file's own content, cases left out.
    pub digest: String,
    /// Title.
    pub title: Text,
    /// GB/T 2260 code as a number.
    pub jurisdiction: u32,
    /// In force.
    pub effective: Period,
}

/// Half-open period of days.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Period {
    /// First day, if bounded.
    pub from: Option<Date>,
    /// First day after, if bounded.
    pub until: Option<Date>,
}

impl Period {
    /// Is `day` in the period?
    pub fn holds(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day < until)
    }
}

/// A derived value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Let {
    /// Name.
    pub name: String,
    /// Node.
    pub node: NodeId,
}

/// A constant.
#[derive(Clone, PartialEq, Debug)]
pub enum Const {
    /// Truth.
    Bool(bool),
    /// Number.
    Num(f64),
    /// Text.
    Text(String),
    /// Option code: index into the symbols.
    Choice(u32),
    /// Day.
    Date(Date),
}

/// A parameter.
#[derive(Clone, PartialEq, Debug)]
pub struct Param {
    /// Name.
    pub name: String,
    /// Label.
    pub label: Text,
    /// Unit, or empty.
    pub unit: String,
    /// Value, if set: index into the constants.
    pub value: Option<u32>,
    /// Clause that states the value: index into the clauses.
    pub clause: Option<u32>,
}

/// Reference data that a check is given.
#[derive(Clone, PartialEq, Debug)]
pub struct Table {
    /// Name.
    pub name: String,
    /// Label.
    pub label: Text,
    /// What it holds.
    pub kind: TableKind,
    /// Name of the included data in the bundle, if any.
    pub include: Option<String>,
}

/// What a table holds.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum TableKind {
    /// Days off and make-up working days.
    #[default]
    Calendar,
    /// Records. `key` and `place` are slots: the key column, and the first `point` column.
    Rows {
        /// Row type.
        columns: Scope,
        /// Slot of the key column.
        key: Option<u32>,
        /// Slot of the first point column.
        place: Option<u32>,
    },
}

/// A regular expression as a deterministic automaton over bytes, matching the whole text.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Pattern {
    /// What the author wrote.
    pub source: String,
    /// Byte class of each of the 256 byte values.
    pub classes: Vec<u8>,
    /// Number of classes.
    pub stride: u32,
    /// `next[state * stride + class]`; state 0 is dead, state 1 is the start.
    pub next: Vec<u16>,
    /// Per state: does the text match if it ends here?
    pub accept: Vec<bool>,
}

/// A function of the author's.
#[derive(Clone, PartialEq, Debug)]
pub struct Function {
    /// Name.
    pub name: String,
    /// Argument names and types.
    pub args: Vec<(String, Scalar)>,
    /// What it returns.
    pub returns: Scalar,
    /// Body, in Rhai.
    pub body: String,
}

/// A type that crosses the boundary to functions.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Scalar {
    /// Truth.
    #[default]
    Boolean,
    /// Exact integer.
    Integer,
    /// Double.
    Number,
    /// Text.
    Text,
}

/// Where a boolean node stands in the author's text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Span {
    /// Node.
    pub node: NodeId,
    /// Index into `texts`.
    pub text: u32,
    /// First byte.
    pub start: u32,
    /// Byte after the last.
    pub end: u32,
}

/// A clause that rules rest on.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Clause {
    /// Id.
    pub id: String,
    /// Stored document.
    pub document: String,
    /// The document's name as it is cited.
    pub title: String,
    /// Article.
    pub article: String,
    /// Exact words.
    pub quote: String,
    /// Publisher, or empty.
    pub publisher: String,
    /// Public address, or empty.
    pub link: String,
    /// `original`, `repost` or `unverified`.
    pub grade: String,
    /// Version in force.
    pub effective: Period,
    /// Note that a finding shows, or empty.
    pub note: Text,
}

/// A rule.
#[derive(Clone, PartialEq, Debug)]
pub struct Rule {
    /// Id.
    pub id: String,
    /// Title.
    pub title: Text,
    /// Kind.
    pub kind: RuleKind,
    /// Severity.
    pub severity: Severity,
    /// Indices into the clauses.
    pub clauses: Vec<u32>,
    /// List node: one verdict per item, which is frame 0.
    pub each: Option<NodeId>,
    /// Which items.
    pub filter: Option<NodeId>,
    /// Applies if.
    pub when: Option<NodeId>,
    /// What must hold; a `forbid` is compiled to its negation.
    pub require: NodeId,
    /// Until this day has passed a false `require` is not due.
    pub due: Option<NodeId>,
    /// Fields without which a pass is undetermined: leaf nodes.
    pub evidence: Vec<NodeId>,
    /// Fields to highlight: leaf nodes; empty means those that decided.
    pub at: Vec<NodeId>,
    /// Message.
    pub message: Template,
    /// What to do.
    pub remedy: Text,
    /// Who must act.
    pub duty: Text,
    /// Day by which.
    pub deadline: Option<NodeId>,
    /// In force.
    pub effective: Period,
    /// Tags.
    pub tags: Vec<String>,
}

/// A message per language; empty for none.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Template {
    /// Chinese.
    pub zh: Vec<Part>,
    /// English.
    pub en: Vec<Part>,
}

/// A piece of a message.
#[derive(Clone, PartialEq, Debug)]
pub enum Part {
    /// As written.
    Text(String),
    /// Computed.
    Node(NodeId),
}

/// What a rule is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum RuleKind {
    /// The law asks it of the inspected.
    #[default]
    Duty,
    /// The law forbids it to the inspected.
    Prohibition,
    /// An item of a negative list.
    Trigger,
    /// The answers contradict each other.
    Entry,
}

/// How grave a finding is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Severity {
    /// Highest.
    #[default]
    Critical,
    /// High.
    Major,
    /// Medium.
    Moderate,
    /// Low.
    Minor,
}

/// An expression node: an operation and up to three operands, whose meaning `Op` tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Node {
    /// Operation.
    pub op: Op,
    /// First operand.
    pub a: u32,
    /// Second operand.
    pub b: u32,
    /// Third operand.
    pub c: u32,
}

/// How an operand of an operation is to be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operand {
    /// Not used: zero.
    None,
    /// A node.
    Node,
    /// Start of a run in `args`; the next operand is its length.
    Args,
    /// A small number or flag.
    Flag,
    /// Index into the constants, params, lets, …: whatever the operation says.
    Index,
}

macro_rules! ops {
    ($($(#[$doc:meta])* $op:ident $word:literal ($a:ident, $b:ident, $c:ident);)*) => {
        /// Operations. The operands are listed as `(a, b, c)`.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u8)]
        pub enum Op { $($(#[$doc])* $op,)* }

        impl Op {
            /// All operations with their words in a bundle and how their operands are read.
            pub const ALL: &'static [(Op, &'static str, [Operand; 3])] = &[
                $((Op::$op, $word, [Operand::$a, Operand::$b, Operand::$c]),)*
            ];
        }
    };
}

ops! {
    /// Constant `a`.
    Const "const" (Index, None, None);
    /// Parameter `a`.
    Param "param" (Index, None, None);
    /// The day of the check.
    AsOf "as_of" (None, None, None);
    /// Root slot `a`.
    Slot "slot" (Index, None, None);
    /// Slot `b` of the list item bound to frame `a`.
    Item "item" (Flag, Index, None);
    /// The table row bound to frame `a`.
    FrameRow "frame_row" (Flag, None, None);
    /// Column `b` of the row `a`.
    Column "column" (Node, Index, None);
    /// Derived value `a`.
    Let "let" (Index, None, None);
    /// All of `args[a..a+b]`.
    And "and" (Args, Flag, None);
    /// Any of `args[a..a+b]`.
    Or "or" (Args, Flag, None);
    /// Not `a`.
    Not "not" (Node, None, None);
    /// If `a` then `b` else `c`.
    If "if" (Node, Node, Node);
    /// `a ?? b`.
    Coalesce "coalesce" (Node, Node, None);
    /// Is `a` known?
    Known "known" (Node, None, None);
    /// Is `a` missing? True for any unknown that is not a fault.
    IsMissing "missing" (Node, None, None);
    /// Unknown with built-in reason `a` (index into `Why::WORDS`), or the author's `reasons[b]` where `a` is 255.
    Unknown "unknown" (Flag, Index, None);
    /// `a < b`.
    Lt "<" (Node, Node, None);
    /// `a <= b`.
    Le "<=" (Node, Node, None);
    /// `a > b`.
    Gt ">" (Node, Node, None);
    /// `a >= b`.
    Ge ">=" (Node, Node, None);
    /// `a == b`.
    Eq "==" (Node, Node, None);
    /// `a != b`.
    Ne "!=" (Node, Node, None);
    /// Is `a` one of `args[b..b+c]`?
    OneOf "one_of" (Node, Args, Flag);
    /// Does the set `a` hold option number `b` of its field?
    HasOption "has_option" (Node, Flag, None);
    /// Does the list of scalars `a` hold `b`?
    ListHas "list_has" (Node, Node, None);
    /// `a + b`; `c` = 1 for integers.
    Add "+" (Node, Node, Flag);
    /// `a - b`; `c` = 1 for integers.
    Sub "-" (Node, Node, Flag);
    /// `a * b`; `c` = 1 for integers.
    Mul "*" (Node, Node, Flag);
    /// `a / b`.
    Div "/" (Node, Node, None);
    /// `a % b`.
    Rem "%" (Node, Node, Flag);
    /// `-a`.
    Neg "neg" (Node, None, None);
    /// Absolute value.
    Abs "abs" (Node, None, None);
    /// `a` rounded half away from zero to `b` decimal digits.
    Round "round" (Node, Flag, None);
    /// `a / b` as a share.
    Ratio "ratio" (Node, Node, None);
    /// The smaller.
    Min2 "min2" (Node, Node, None);
    /// The greater.
    Max2 "max2" (Node, Node, None);
    /// Characters of a text, items of a list, members of a set.
    Len "len" (Node, None, None);
    /// Does text `a` contain text `b`?
    TextHas "text_has" (Node, Node, None);
    /// Does text `a` start with text `b`?
    StartsWith "starts_with" (Node, Node, None);
    /// Does text `a` end with text `b`?
    EndsWith "ends_with" (Node, Node, None);
    /// Lower case (ASCII).
    Lower "lower" (Node, None, None);
    /// Without white space at both ends.
    Trim "trim" (Node, None, None);
    /// Does text `a` match pattern `b`?
    Matches "matches" (Node, Index, None);
    /// The texts of `args[a..a+b]` joined; numbers, dates and choices in their canonical form.
    Concat "concat" (Args, Flag, None);
    /// Civil date in China of a date-time.
    DateOf "date_of" (Node, None, None);
    /// Part `b` of a date or date-time: 0 year, 1 month, 2 day, 3 weekday, 4 hour, 5 minute.
    DatePart "date_part" (Node, Flag, None);
    /// Days from `a` to `b`.
    DaysBetween "days_between" (Node, Node, None);
    /// Whole months from `a` to `b`.
    MonthsBetween "months_between" (Node, Node, None);
    /// `a` plus `b` days.
    AddDays "add_days" (Node, Node, None);
    /// `a` plus `b` months.
    AddMonths "add_months" (Node, Node, None);
    /// `a` plus `b` working days of calendar table `c`.
    AddWorkdays "add_workdays" (Node, Node, Index);
    /// Working days after `a` up to `b`, of calendar table `c`.
    WorkdaysBetween "workdays_between" (Node, Node, Index);
    /// Is `a` a working day of calendar table `b`?
    IsWorkday "is_workday" (Node, Index, None);
    /// The first working day on or after `a`, of calendar table `b`.
    NextWorkday "next_workday" (Node, Index, None);
    /// Age of one born on `a` on day `b`; `c` = 0 day after the birthday, 1 on the birthday.
    AgeOn "age_on" (Node, Node, Flag);
    /// Is one born on `a` under 18 on day `b`? `c` as above.
    MinorOn "minor_on" (Node, Node, Flag);
    /// Metres between `a` and `b`.
    Distance "distance" (Node, Node, None);
    /// `a` in WGS-84.
    ToWgs84 "to_wgs84" (Node, None, None);
    /// Row of table `a` nearest to point `b`.
    Nearest "nearest" (Index, Node, None);
    /// Rows of table `a` within `c` metres of point `b`.
    Within "within" (Index, Node, Node);
    /// Row of table `a` with key `b`.
    Lookup "lookup" (Index, Node, None);
    /// Is `a` a well-formed identity number?
    ResidentIdOk "resident_id_ok" (Node, None, None);
    /// Date of birth of identity number `a`.
    BirthOfId "birth_of_id" (Node, None, None);
    /// For every item of `a`, bound to frame `c`: `b`.
    All "all" (Node, Node, Flag);
    /// For some item of `a`, bound to frame `c`: `b`.
    Any "any" (Node, Node, Flag);
    /// For no item of `a`, bound to frame `c`: `b`.
    NoneOf "none" (Node, Node, Flag);
    /// How many items of `a`, bound to frame `c`: `b`.
    Count "count" (Node, Node, Flag);
    /// Sum over the items of `a`, bound to frame `c`, of `b`.
    Sum "sum" (Node, Node, Flag);
    /// Smallest `b` over the items of `a`, bound to frame `c`.
    MinOf "min" (Node, Node, Flag);
    /// Greatest `b` over the items of `a`, bound to frame `c`.
    MaxOf "max" (Node, Node, Flag);
    /// Slot `c` of item `b` (from 0) of the list `a`; of found rows, row `b`. Missing beyond the end.
    Nth "nth" (Node, Flag, Flag);
    /// Function `a` on `args[b..b+c]`.
    Call "call" (Index, Args, Flag);
}
