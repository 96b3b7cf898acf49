//! Answers: a submission in slots, with what is wrong with it.
//!
//! In: JSON text (`read`), packed bytes of a host that knows the form (`packed`). Out: `Answers`. Must not know: rules.
//! Everything wrong with a submission becomes a problem at its path; reading never fails as a whole.

pub mod packed;
mod pointer;
mod read;
mod scalar;

use crate::domain::date::{Date, DateTime};
use crate::form::{Form, Kind};
use crate::limits::Limits;
use crate::plan::Plan;
use crate::value::{Store, V};
use alloc::string::String;
use alloc::vec::Vec;

pub use pointer::{Step, locate, of_record, of_slot};
pub(crate) use scalar::{measure, tree};

/// A submission, read.
#[derive(Clone, Default, Debug)]
pub struct Answers {
    /// Slots.
    pub store: Store,
    /// What is wrong, in the order of the text.
    pub problems: Vec<Problem>,
    /// Problems beyond the limit, not listed.
    pub more_problems: usize,
}

/// Something wrong with an answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// JSON Pointer.
    pub at: String,
    /// What.
    pub code: ProblemCode,
}

macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident $word:literal $severity:ident $zh:literal $en:literal;)*) => {
        /// What is wrong with an answer: a stable code with its severity and texts.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
        pub enum ProblemCode { $($(#[$doc])* $name,)* }

        impl ProblemCode {
            /// All of them: code, word, severity, Chinese and English text.
            pub const ALL: &'static [(ProblemCode, &'static str, Grade, &'static str, &'static str)] =
                &[$((ProblemCode::$name, $word, Grade::$severity, $zh, $en),)*];
        }
    };
}

/// How grave a problem of the entry is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Grade {
    /// The entry is invalid.
    Error,
    /// The entry is incomplete.
    Incomplete,
    /// To be looked at.
    Warning,
}

impl Grade {
    /// The word in a report.
    pub fn word(self) -> &'static str {
        match self {
            Grade::Error => "error",
            Grade::Incomplete => "incomplete",
            Grade::Warning => "warning",
        }
    }
}

problems! {
    /// Not JSON.
    BadJson "bad_json" Error "内容不是有效的 JSON，整份填报未被读取" "this is not valid JSON; nothing of the entry was read";
    /// Larger than the limit.
    TooLarge "too_large" Error "内容超过大小上限，整份填报未被读取" "the entry is larger than the limit; nothing of it was read";
    /// Nested deeper than the limit.
    TooDeep "too_deep" Error "嵌套层数超过上限，整份填报未被读取" "the entry nests deeper than the limit; nothing of it was read";
    /// More list items than the limit.
    TooManyItems "too_many_items" Error "列表项数超过上限，其余各项未被读取" "there are more list items than the limit; the rest was not read";
    /// Another type.
    WrongType "wrong_type" Error "答案类型不对" "the answer is of the wrong type";
    /// Below `min` or above `max`.
    OutOfRange "out_of_range" Error "数值超出允许范围" "the value is out of the allowed range";
    /// Longer than `max_length`.
    TooLong "too_long" Error "文字过长" "the text is too long";
    /// Does not match `pattern`.
    Pattern "pattern" Error "格式不符合要求" "the text does not have the required form";
    /// Not an option of the field.
    UnknownOption "unknown_option" Error "选项不存在" "there is no such option";
    /// Fewer items than `min_items`.
    TooFew "too_few" Error "项数过少" "there are too few items";
    /// More items than `max_items`.
    TooMany "too_many" Error "项数过多" "there are too many items";
    /// A point or area without a coordinate system.
    NoCrs "no_crs" Error "未注明坐标系（wgs84、cgcs2000、gcj02 或 bd09）" "the coordinate system is missing (wgs84, cgcs2000, gcj02 or bd09)";
    /// A coordinate system that the field does not take.
    CrsNotAllowed "crs_not_allowed" Error "此项不接受这种坐标系" "this field does not take that coordinate system";
    /// Rings that make no area.
    BadArea "bad_area" Error "边界不是有效的多边形" "the boundary is not a valid polygon";
    /// Not a day or time that exists.
    BadDate "bad_date" Error "日期或时间不存在或格式不对" "there is no such date or time, or it is written in another form";
    /// Integer beyond ±(2^53−1).
    UnsafeInteger "unsafe_integer" Error "整数过大，无法准确表示" "the integer is too large to be exact";
    /// Not a finite number.
    NotFinite "not_finite" Error "不是有限的数" "the number is not finite";
    /// A key twice in one record.
    DuplicateKey "duplicate_key" Error "同一项出现了两次" "the key stands twice in one record";
    /// Half of a surrogate pair in a text.
    LoneSurrogate "lone_surrogate" Error "文字含有残缺的字符" "the text holds half of a character";
    /// Required and absent.
    Required "required" Incomplete "必填项未填" "a required answer is missing";
    /// Not a key of the form.
    UnknownKey "unknown_key" Warning "表单没有此项" "the form has no such field";
    /// Answered although not asked.
    Irrelevant "irrelevant" Warning "此项不适用却填了答案" "the answer belongs to a question that is not asked here";
    /// A key that the given table does not hold.
    UnknownRef "unknown_ref" Warning "名册中没有这个编号" "the table holds no such key";
}

impl ProblemCode {
    /// Was nothing of the entry read?
    pub fn unreadable(self) -> bool {
        matches!(
            self,
            ProblemCode::BadJson | ProblemCode::TooLarge | ProblemCode::TooDeep
        )
    }

    fn row(self) -> (&'static str, Grade, &'static str, &'static str) {
        ProblemCode::ALL
            .iter()
            .find(|row| row.0 == self)
            .map_or(("", Grade::Error, "", ""), |row| (row.1, row.2, row.3, row.4))
    }

    /// The stable word.
    pub fn word(self) -> &'static str {
        self.row().0
    }

    /// How grave it is.
    pub fn grade(self) -> Grade {
        self.row().1
    }

    /// Chinese and English text.
    pub fn text(self) -> (&'static str, &'static str) {
        let row = self.row();
        (row.2, row.3)
    }
}

impl Answers {
    /// Nothing answered.
    pub fn empty(form: &Form) -> Answers {
        let mut answers = Answers::default();
        answers.reset(form);
        answers
    }

    /// Forgets everything and keeps the memory.
    pub fn reset(&mut self, form: &Form) {
        self.store.clear();
        self.problems.clear();
        self.more_problems = 0;
        self.store
            .slots(form.scopes.first().map_or(0, |scope| scope.fields.len()));
    }

    /// Reads a submission from JSON text.
    pub fn read(plan: &Plan, text: &str, limits: &Limits) -> Answers {
        let mut answers = Answers::empty(&plan.form);
        answers.read_again(plan, text, limits);
        answers
    }

    /// Reads a submission into memory that is already there.
    pub fn read_again(&mut self, plan: &Plan, text: &str, limits: &Limits) {
        self.reset(&plan.form);
        read::submission(self, plan, text, limits);
    }

    /// Reads one value at a place that the form knows: an edit of a session. The value's old problems are dropped.
    pub fn set(&mut self, plan: &Plan, at: &locate::Place, text: &str, limits: &Limits) {
        read::one(self, plan, at, text, limits);
    }

    /// Notes a problem, up to the limit.
    pub fn problem(&mut self, at: String, code: ProblemCode, limits: &Limits) {
        if self.problems.len() < limits.problems {
            self.problems.push(Problem { at, code });
        } else {
            self.more_problems += 1;
        }
    }
}

/// The number that constraints compare: a number itself, days of a date, milliseconds of a date-time.
pub(crate) fn ordinal(value: V) -> Option<f64> {
    match value {
        V::Num(value) | V::Measure(value, _) => Some(value),
        V::Date(date) => Some(f64::from(Date::days(date))),
        V::DateTime(at) => Some(DateTime::millis(at) as f64),
        _ => None,
    }
}

/// Does the kind of a slot hold a list?
pub(crate) fn list_scope(kind: Kind) -> Option<u32> {
    if let Kind::List(scope) = kind {
        Some(scope)
    } else {
        None
    }
}
