//! Limits: every load and every check is bounded. Each number has its reason; all can be lowered by the caller.

/// Bounds of a check. The same on every platform, counted in the same units.
///
/// ```
/// use rules_core::limits::Limits;
/// use rules_core::{Options, Ruleset, domain::date::Date};
/// # const BUNDLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/shop.rules.json"));
/// # let ruleset = Ruleset::load(BUNDLE).unwrap();
/// let limits = Limits { items: 2, ..Limits::DEFAULT };
/// let options = Options { limits, ..Options::on(Date::parse("2026-03-02").unwrap()) };
/// let report = ruleset.check(r#"{"kind": "shop", "guests": [{}, {}, {}]}"#, &options);
/// assert_eq!(report.entry(), "invalid");
/// assert!(report.canonical().contains(r#""code":"too_many_items""#));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Bytes of a submission's JSON. A 76-item inspection with notes is below 100 kB; ten times that is generous.
    pub answer_bytes: usize,
    /// Nesting of a submission's JSON: forms are a few levels deep, and stacks of phones are small.
    pub depth: usize,
    /// Items of all lists of a submission together: a large hotel's month.
    pub items: usize,
    /// Positions of all areas of a submission together: a surveyed campus has tens.
    pub positions: usize,
    /// Evaluation steps (nodes visited, list items included) of a whole check.
    pub steps: u64,
    /// Bytes of one computed text.
    pub text_bytes: usize,
    /// Problems that are listed; the rest is counted.
    pub problems: usize,
    /// Rows of all tables together.
    pub rows: usize,
}

impl Limits {
    /// The defaults.
    pub const DEFAULT: Limits = Limits {
        answer_bytes: 1 << 20,
        depth: 64,
        items: 5_000,
        positions: 20_000,
        steps: 20_000_000,
        text_bytes: 64 << 10,
        problems: 1_000,
        rows: 200_000,
    };
}

impl Default for Limits {
    fn default() -> Limits {
        Limits::DEFAULT
    }
}

/// Nodes of a plan: a thousand rules of a hundred nodes.
pub const NODES: usize = 200_000;
/// Depth of an expression; the evaluator recurses over it.
pub const EXPRESSION_DEPTH: u32 = 64;
/// Rules of a ruleset with its layers.
pub const RULES: usize = 10_000;
/// Slots of one record.
pub const SLOTS: usize = 5_000;
/// States times classes of a pattern's automaton.
pub const PATTERN_CELLS: usize = 60_000;
/// Frames: closures and `each` inside one another.
pub const FRAMES: usize = 8;
/// Bytes of a bundle.
pub const BUNDLE_BYTES: usize = 32 << 20;
/// Largest integer that every platform holds exactly in a double.
pub const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;
