//! Expressions in Chinese words, for readers who do not write rules. The expression itself stands beside it and decides.
//!
//! In: what the author wrote, the labels of names. Out: a sentence. Must not know: types, values.

use rules_compiler::ast::{self, Binary, Expr, ExprKind, Field, Literal};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

/// What names are called.
#[derive(Default)]
pub(super) struct Names {
    labels: BTreeMap<String, String>,
    /// Label and value.
    params: BTreeMap<String, (String, Option<String>)>,
    options: BTreeMap<String, String>,
    /// Derived values, which are read as what they mean.
    lets: BTreeMap<String, Expr>,
    /// Fields and params that are days: of those one is earlier or later, not less or more.
    days: BTreeSet<String>,
    /// Derived values that are being spelt out.
    depth: Cell<u8>,
}

/// How many derived values one sentence may spell out inside each other.
const SPELT_OUT: u8 = 8;

impl Names {
    /// The names of a base with its layers.
    pub(super) fn new(asts: &[ast::Ruleset]) -> Names {
        let mut names = Names::default();
        for ruleset in asts {
            names.fields(&ruleset.fields);
            for table in &ruleset.tables {
                names.add(&table.name.value, &table.label.zh);
                names.fields(&table.columns);
            }
            for (name, expr) in &ruleset.lets {
                names.lets.insert(name.value.clone(), expr.clone());
            }
            for param in &ruleset.params {
                // A layer that only sets a param has no label of its own.
                let label = match names.params.get(&param.name.value) {
                    Some((label, _)) if param.label.zh.is_empty() => label.clone(),
                    Some(_) | None => param.label.zh.clone(),
                };
                if param.kind.as_ref().is_some_and(|kind| kind.value == "date") {
                    names.days.insert(param.name.value.clone());
                }
                let unit = param.unit.as_ref().map_or("", |unit| unit.value.as_str());
                let value = param
                    .value
                    .as_ref()
                    .map(|value| format!("{} {unit}", literal(&value.value)).trim_end().to_owned());
                names.params.insert(param.name.value.clone(), (label, value));
                for (code, text) in &param.options {
                    names.options.insert(code.value.clone(), text.zh.clone());
                }
            }
        }
        names
    }

    fn add(&mut self, name: &str, label: &str) {
        if !label.is_empty() {
            self.labels
                .entry(name.to_owned())
                .or_insert_with(|| format!("“{label}”"));
        }
    }

    fn fields(&mut self, fields: &[Field]) {
        for field in fields {
            self.add(&field.name.value, &field.label.zh);
            if matches!(field.kind.value.as_str(), "date" | "datetime") {
                self.days.insert(field.name.value.clone());
            }
            for (code, text) in &field.options {
                self.options
                    .entry(code.value.clone())
                    .or_insert_with(|| text.zh.clone());
            }
            self.fields(&field.fields);
        }
    }

    fn name(&self, name: &str) -> String {
        match name {
            "as_of" => "检查日".to_owned(),
            name => self.labels.get(name).cloned().unwrap_or_else(|| name.to_owned()),
        }
    }

    /// What a derived value means.
    pub(super) fn derived(&self, name: &str) -> Option<&Expr> {
        // A field or table of the same name cannot be; an item's member is no name.
        self.lets.get(name)
    }

    /// An expression as a sentence.
    pub(super) fn sentence(&self, expr: &Expr) -> String {
        self.words(expr, 0)
    }

    fn is_day(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Name(name) => {
                name == "as_of"
                    || self.days.contains(name)
                    || self.lets.get(name).is_some_and(|meant| {
                        // A derived value that names itself does not compile.
                        self.is_day(meant)
                    })
            }
            ExprKind::Member(_, name) => self.days.contains(&name.value),
            ExprKind::Call(name, _) => matches!(
                name.value.as_str(),
                "date" | "date_of" | "add_days" | "add_months" | "add_workdays" | "next_workday"
            ),
            ExprKind::Coalesce(a, _) => self.is_day(a),
            _ => false,
        }
    }

    fn param(&self, name: &str) -> String {
        match self.params.get(name) {
            None => name.to_owned(),
            Some((label, None)) => format!("参数“{label}”（未设定）"),
            Some((label, Some(value))) => {
                let shown = self.options.get(value).unwrap_or(value);
                format!("参数“{label}”（{shown}）")
            }
        }
    }

    /// `bound` is how tightly the surroundings bind: 0 nothing, 1 or, 2 and, 3 a comparison, 4 an operand.
    fn words(&self, expr: &Expr, bound: u8) -> String {
        let (own, text) = match &expr.kind {
            ExprKind::Bool(true) => (9, "是".to_owned()),
            ExprKind::Bool(false) => (9, "否".to_owned()),
            ExprKind::Int(value) => (9, value.to_string()),
            ExprKind::Num(value) => (9, value.to_string()),
            ExprKind::Text(text) => (
                9,
                self.options
                    .get(text)
                    .map_or_else(|| format!("「{text}」"), |label| format!("「{label}」")),
            ),
            ExprKind::Interpolated(parts) => (9, self.list(parts, "")),
            ExprKind::Name(name) => return self.named(name, bound),
            ExprKind::Member(of, name) => (9, self.member(of, &name.value)),
            ExprKind::Index(of, at) => (9, format!("{}的第 {} 项", self.words(of, 4), index(at))),
            ExprKind::Array(items) => (9, format!("（{}）", self.list(items, "、"))),
            ExprKind::Range { low, high, inclusive } => {
                let behind = if *inclusive { "" } else { "（不含）" };
                (
                    9,
                    format!("{} 至 {}{behind}", self.words(low, 4), self.words(high, 4)),
                )
            }
            ExprKind::Not(inner) => (4, format!("不成立：{}", self.words(inner, 4))),
            ExprKind::Neg(inner) => (4, format!("-{}", self.words(inner, 4))),
            ExprKind::And(parts) => (2, self.joined(parts, "，并且 ", 2)),
            ExprKind::Or(parts) => (1, self.joined(parts, "，或者 ", 1)),
            ExprKind::Coalesce(value, instead) => (
                4,
                format!("{}（未填时为 {}）", self.words(value, 4), self.words(instead, 0)),
            ),
            ExprKind::Binary(op, a, b) => {
                let own = if comparison(*op) { 3 } else { 4 };
                (
                    own,
                    format!(
                        "{} {} {}",
                        self.words(a, 4),
                        operator(*op, self.is_day(a) || self.is_day(b)),
                        self.words(b, 4)
                    ),
                )
            }
            ExprKind::In(value, set) => (3, format!("{} 属于 {}", self.words(value, 4), self.words(set, 4))),
            ExprKind::If(condition, yes, no) => (
                0,
                format!(
                    "若 {}，则 {}，否则 {}",
                    self.words(condition, 1),
                    self.words(yes, 1),
                    self.words(no, 1)
                ),
            ),
            ExprKind::Call(name, args) => (4, self.call(&name.value, args)),
            ExprKind::Closure(_, body) => (0, self.words(body, 0)),
            ExprKind::Error => (9, String::new()),
        };
        if own < bound || (own == bound && (1..3).contains(&own)) {
            format!("（{text}）")
        } else {
            text
        }
    }

    /// A name; a derived value as what it means.
    fn named(&self, name: &str, bound: u8) -> String {
        let depth = self.depth.get();
        match self.lets.get(name) {
            Some(meant) if depth < SPELT_OUT => {
                self.depth.set(depth + 1);
                let words = self.words(meant, bound);
                self.depth.set(depth);
                words
            }
            Some(_) | None => self.name(name),
        }
    }

    fn list(&self, items: &[Expr], between: &str) -> String {
        let items: Vec<String> = items.iter().map(|item| self.words(item, 0)).collect();
        items.join(between)
    }

    fn joined(&self, parts: &[Expr], word: &str, bound: u8) -> String {
        let parts: Vec<String> = parts.iter().map(|part| self.words(part, bound)).collect();
        parts.join(word)
    }

    fn member(&self, of: &Expr, name: &str) -> String {
        match &of.kind {
            ExprKind::Name(root) if root == "params" => self.param(name),
            // The item of a list: what it is an item of has been said.
            ExprKind::Name(item) if !self.labels.contains_key(item) => self.name(name),
            _ => format!("{}的{}", self.words(of, 4), self.name(name)),
        }
    }

    fn call(&self, name: &str, args: &[Expr]) -> String {
        let arg = |number: usize| args.get(number).map(|arg| self.words(arg, 0)).unwrap_or_default();
        match (name, args.len()) {
            ("met", 1) => format!("检查员认定 {} 为“达标”", arg(0)),
            ("ratio", 2) => format!("{} 占 {} 的比例", arg(0), arg(1)),
            ("known", 1) => format!("已填 {}", arg(0)),
            ("missing", 1) => format!("未填 {}", arg(0)),
            ("all", 2) => format!("{} 的每一项都满足（{}）", arg(0), arg(1)),
            ("any", 2) => format!("{} 中有一项满足（{}）", arg(0), arg(1)),
            ("none", 2) => format!("{} 中没有一项满足（{}）", arg(0), arg(1)),
            ("count", 2) => format!("{} 中满足（{}）的项数", arg(0), arg(1)),
            ("sum", 2) => format!("{} 各项 {} 之和", arg(0), arg(1)),
            ("len", 1) => format!("{} 的项数或字数", arg(0)),
            ("days_between", 2) => format!("从 {} 到 {} 的天数", arg(0), arg(1)),
            ("months_between", 2) => format!("从 {} 到 {} 的整月数", arg(0), arg(1)),
            ("workdays_between", _) => format!("从 {} 到 {} 的工作日数", arg(0), arg(1)),
            ("add_days", 2) => format!("{} 后 {} 日", arg(0), arg(1)),
            ("add_months", 2) => format!("{} 后 {} 个月", arg(0), arg(1)),
            ("add_workdays", _) => format!("{} 后 {} 个工作日", arg(0), arg(1)),
            ("age_on", _) => format!("{} 出生者在 {} 的周岁", arg(0), arg(1)),
            ("minor_on", _) => format!("{} 出生者在 {} 未满十八周岁", arg(0), arg(1)),
            ("distance", 2) => format!("{} 与 {} 的距离", arg(0), arg(1)),
            ("date", 1) => match args.first().map(|arg| &arg.kind) {
                Some(ExprKind::Text(day)) => day.clone(),
                _ => arg(0),
            },
            ("unknown", 1) => match args.first().map(|arg| &arg.kind) {
                Some(ExprKind::Text(reason)) => format!("未能判定（{}）", reason_words(reason).0),
                _ => "未能判定".to_owned(),
            },
            ("contains", 2) => format!("{} 含有 {}", arg(0), arg(1)),
            ("abs", 1) => format!("{} 的绝对值", arg(0)),
            ("round", _) => format!("{} 四舍五入", arg(0)),
            ("min", 1 | 2) => format!("{} 中的最小值", self.list(args, "、")),
            ("max", 1 | 2) => format!("{} 中的最大值", self.list(args, "、")),
            ("is_workday", _) => format!("{} 是工作日（计调休）", arg(0)),
            ("next_workday", _) => format!("{} 或其后的第一个工作日", arg(0)),
            ("date_of", 1) => format!("{} 的日期", arg(0)),
            ("year", 1) => format!("{} 的年份", arg(0)),
            ("month", 1) => format!("{} 的月份", arg(0)),
            ("day", 1) => format!("{} 的日", arg(0)),
            ("weekday", 1) => format!("{} 是星期几（星期一为 1）", arg(0)),
            ("hour", 1) => format!("{} 的时", arg(0)),
            ("minute", 1) => format!("{} 的分", arg(0)),
            ("resident_id_ok", 1) => format!("{} 是有效的公民身份号码", arg(0)),
            ("birth_of_resident_id", 1) => format!("{} 中的出生日期", arg(0)),
            ("matches", 2) => format!("{} 符合格式 {}", arg(0), arg(1)),
            ("lookup", 2) => format!("{} 中编号为 {} 的一行", arg(0), arg(1)),
            ("nearest", 2) => format!("{} 中离 {} 最近的一处", arg(0), arg(1)),
            ("within", 3) => format!("{} 中离 {} 不超过 {} 米的各处", arg(0), arg(1), arg(2)),
            _ => format!("{name}({})", self.list(args, "，")),
        }
    }
}

/// Why something is open, in Chinese and English; an author's own reason as it stands.
pub(super) fn reason_words(reason: &str) -> (&str, &str) {
    let words = [
        ("missing", "缺答案", "an answer is missing"),
        ("missing_param", "参数未设定", "a parameter is not set"),
        ("no_evidence", "缺证据", "evidence is missing"),
        ("not_due", "未到期", "not due yet"),
        ("too_close", "离界限太近", "too close to the limit"),
        ("method", "量法不定", "the method is open"),
        ("conflict", "数据矛盾", "answers conflict"),
        ("out_of_period", "日历未覆盖", "outside the calendar"),
        ("judgement", "须人工认定", "needs a judgement"),
        ("partly_met", "部分达标", "partly met"),
        ("not_inspected", "未检查", "not inspected"),
    ];
    let found = words.iter().find(|(word, _, _)| *word == reason);
    found.map_or((reason, ""), |(_, zh, en)| (zh, en))
}

/// A literal as people write it.
pub(super) fn literal(value: &Literal) -> String {
    match value {
        Literal::Bool(value) => if *value { "是" } else { "否" }.to_owned(),
        Literal::Int(value) => value.to_string(),
        Literal::Num(value) => value.to_string(),
        Literal::Text(value) => value.clone(),
    }
}

fn index(at: &Expr) -> String {
    match &at.kind {
        ExprKind::Int(number) => number.saturating_add(1).to_string(),
        _ => String::new(),
    }
}

fn comparison(op: Binary) -> bool {
    match op {
        Binary::Lt | Binary::Le | Binary::Gt | Binary::Ge | Binary::Eq | Binary::Ne => true,
        Binary::Add | Binary::Sub | Binary::Mul | Binary::Div | Binary::Rem => false,
    }
}

fn operator(op: Binary, days: bool) -> &'static str {
    match op {
        Binary::Lt if days => "早于",
        Binary::Le if days => "不晚于",
        Binary::Gt if days => "晚于",
        Binary::Ge if days => "不早于",
        Binary::Add => "+",
        Binary::Sub => "−",
        Binary::Mul => "×",
        Binary::Div => "÷",
        Binary::Rem => "除以（取余）",
        Binary::Lt => "小于",
        Binary::Le => "不超过",
        Binary::Gt => "大于",
        Binary::Ge => "不少于",
        Binary::Eq => "为",
        Binary::Ne => "不为",
    }
}

#[cfg(test)]
mod tests {
    use super::Names;
    use rules_compiler::syntax::parse_expression;

    fn check(expression: &str, expected: &str) {
        let mut names = Names::default();
        names.add("sites", "附近学校");
        names.add("distance_m", "距离");
        names.options.insert("bar".to_owned(), "酒吧".to_owned());
        let (expr, _) = parse_expression(expression);
        assert_eq!(names.sentence(&expr), expected, "{expression}");
    }

    #[test]
    fn sentences() {
        check("distance_m >= 200", "“距离” 不少于 200");
        check("a && (b || c)", "a，并且 （b，或者 c）");
        check("a && b && c", "a，并且 b，并且 c");
        check("!(a && b)", "不成立：（a，并且 b）");
        check("kind == \"bar\"", "kind 为 「酒吧」");
        check(
            "sites.all(|s| s.distance_m > 1)",
            "“附近学校” 的每一项都满足（“距离” 大于 1）",
        );
        check(
            "days_between(as_of, date(\"2026-01-01\")) < 3",
            "从 检查日 到 2026-01-01 的天数 小于 3",
        );
        check("if a { b } else { c }", "若 a，则 b，否则 c");
        check("x ?? 0", "x（未填时为 0）");
    }
}
