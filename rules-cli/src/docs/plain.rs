//! Expressions in Chinese words, for readers who do not write rules. The expression itself stands beside it and decides.
//!
//! In: what the author wrote, what people call the names in it. Out: a sentence. Must not know: types, values.

use super::names::{Names, is_params, unit_word};
use rules_compiler::ast::{Binary, Expr, ExprKind};

/// How tightly the pieces of a sentence bind; what binds less than its surroundings stands in brackets.
const NOTHING: u8 = 0;
const CONNECTED: u8 = 2;
const COMPARED: u8 = 3;
const ADDED: u8 = 5;
const MULTIPLIED: u8 = 6;
const ONE: u8 = 7;

impl Names {
    /// An expression as a sentence.
    pub(super) fn sentence(&self, expr: &Expr) -> String {
        self.truth(expr, NOTHING)
    }

    /// A condition: a bare field that is answered yes or no says which of the two.
    fn truth(&self, expr: &Expr, bound: u8) -> String {
        if self.is_yes_or_no(expr) {
            return bracketed(format!("{}为“是”", self.words(expr, ONE)), COMPARED, bound);
        }
        self.words(expr, bound)
    }

    fn is_yes_or_no(&self, expr: &Expr) -> bool {
        matches!(&expr.kind, ExprKind::Name(_) | ExprKind::Member(..))
            && self.info(expr).is_some_and(|info| info.kind == "boolean")
    }

    fn words(&self, expr: &Expr, bound: u8) -> String {
        let (own, text) = match &expr.kind {
            ExprKind::Bool(value) => (ONE, if *value { "是" } else { "否" }.to_owned()),
            ExprKind::Int(value) => (ONE, value.to_string()),
            ExprKind::Num(value) => (ONE, value.to_string()),
            ExprKind::Text(text) => (ONE, self.quoted(text, None)),
            ExprKind::Interpolated(parts) => (ONE, self.list(parts, "")),
            ExprKind::Name(name) => return self.name(name, expr, bound),
            ExprKind::Member(root, name) if is_params(root) => (ONE, self.param(&name.value, false)),
            ExprKind::Member(of, name) => (ONE, self.member(of, &name.value, expr)),
            ExprKind::Index(of, at) => (ONE, format!("{}的第{}项", self.words(of, ONE), index(at))),
            ExprKind::Array(items) => (ONE, format!("（{}）", self.list(items, "、"))),
            ExprKind::Range { low, high, inclusive } => {
                let behind = if *inclusive { "" } else { "（不含）" };
                let ends = (self.words(low, ADDED), self.words(high, ADDED));
                (COMPARED, format!("{}至{}{behind}", ends.0, ends.1))
            }
            ExprKind::Not(inner) => return self.negated(inner, bound),
            ExprKind::Neg(inner) => (ONE, format!("-{}", self.words(inner, ONE))),
            ExprKind::And(parts) => (CONNECTED, self.joined(parts, "，并且")),
            ExprKind::Or(parts) => (CONNECTED, self.joined(parts, "，或者")),
            ExprKind::Coalesce(value, instead) => (
                ONE,
                format!(
                    "{}（未填时按{}）",
                    self.words(value, ONE),
                    self.words(instead, NOTHING)
                ),
            ),
            ExprKind::Binary(op, a, b) => return self.binary(*op, a, b, bound),
            ExprKind::In(value, set) => (COMPARED, self.member_of(value, set)),
            ExprKind::If(condition, yes, no) => (
                NOTHING,
                format!(
                    "若{}，则{}，否则{}",
                    self.truth(condition, NOTHING),
                    self.truth(yes, CONNECTED),
                    self.truth(no, CONNECTED)
                ),
            ),
            ExprKind::Call(name, args) => (binding(&name.value), self.call(&name.value, args)),
            ExprKind::Closure(_, body) => (NOTHING, self.truth(body, NOTHING)),
            ExprKind::Error => (ONE, String::new()),
        };
        bracketed(text, own, bound)
    }

    /// A name: the item of a list, a derived value by its label or as what it means, a field.
    fn name(&self, name: &str, expr: &Expr, bound: u8) -> String {
        if name == "as_of" {
            return "检查日".to_owned();
        }
        if let Some((label, meant)) = self.derived(name) {
            return match label {
                Some(label) => format!("“{label}”"),
                None => self.truth(meant, bound),
            };
        }
        match self.info(expr) {
            Some(info) if !info.label.is_empty() => format!("“{}”", info.label),
            _ if self.is_item(name) => "该项".to_owned(),
            _ => name.to_owned(),
        }
    }

    fn member(&self, of: &Expr, name: &str, expr: &Expr) -> String {
        let own = match self.info(expr) {
            Some(info) if !info.label.is_empty() => format!("“{}”", info.label),
            _ => name.to_owned(),
        };
        match &of.kind {
            // Of the item of a list it was said what it is an item of.
            ExprKind::Name(item) if self.is_item(item) => own,
            _ => format!("{}的{own}", self.words(of, ONE)),
        }
    }

    fn quoted(&self, text: &str, beside: Option<&Expr>) -> String {
        let text = self.option(text, beside).unwrap_or_else(|| text.to_owned());
        format!("「{text}」")
    }

    fn negated(&self, inner: &Expr, bound: u8) -> String {
        if self.is_yes_or_no(inner) {
            return bracketed(format!("{}为“否”", self.words(inner, ONE)), COMPARED, bound);
        }
        match &inner.kind {
            ExprKind::Not(twice) => self.truth(twice, bound),
            ExprKind::Call(name, args) if name.value == "known" => self.look(false, args),
            ExprKind::Call(name, args) if name.value == "missing" => self.look(true, args),
            _ => bracketed(format!("并非（{}）", self.truth(inner, NOTHING)), COMPARED, bound),
        }
    }

    /// `known` and `missing`: of a field whether it is answered, of anything else whether it can be told.
    fn look(&self, known: bool, args: &[Expr]) -> String {
        let Some(of) = args.first() else {
            return String::new();
        };
        if self.info(of).is_some() {
            let word = if known { "已填" } else { "未填" };
            return format!("{word}{}", self.words(of, ONE));
        }
        let word = if known { "能够判定" } else { "无法判定" };
        format!("{word}（{}）", self.truth(of, NOTHING))
    }

    fn binary(&self, op: Binary, a: &Expr, b: &Expr, bound: u8) -> String {
        let (own, left, right) = match op {
            Binary::Add | Binary::Sub => (ADDED, ADDED, MULTIPLIED),
            Binary::Mul | Binary::Div | Binary::Rem => (MULTIPLIED, MULTIPLIED, ONE),
            _ => (COMPARED, ADDED, ADDED),
        };
        // `len(x) > 0` asks whether anything is there.
        if let (Binary::Gt, ExprKind::Call(name, args), ExprKind::Int(0)) = (op, &a.kind, &b.kind)
            && name.value == "len"
        {
            return bracketed(format!("{}至少填了一项", self.list(args, "")), own, bound);
        }
        let side = |one: &Expr, other: &Expr, bound: u8| match &one.kind {
            ExprKind::Text(text) => self.quoted(text, Some(other)),
            _ => self.words(one, bound),
        };
        let days = self.is_day(a) || self.is_day(b);
        // Between numbers and words a blank reads well; between words none.
        let text = format!("{}{}{}", side(a, b, left), operator(op, days), side(b, a, right));
        bracketed(text, own, bound)
    }

    fn member_of(&self, value: &Expr, set: &Expr) -> String {
        let set = match &set.kind {
            ExprKind::Array(items) => {
                let items = items.iter().map(|item| match &item.kind {
                    ExprKind::Text(text) => self.quoted(text, Some(value)),
                    _ => self.words(item, NOTHING),
                });
                format!("（{}）之一", items.collect::<Vec<_>>().join("、"))
            }
            ExprKind::Range { .. } => format!("在{}之间", self.words(set, NOTHING)),
            _ => {
                let value = match &value.kind {
                    ExprKind::Text(text) => self.quoted(text, Some(set)),
                    _ => self.words(value, ONE),
                };
                return format!("{}中有{value}", self.words(set, ONE));
            }
        };
        let is = if set.starts_with('（') { "为" } else { "" };
        format!("{}{is}{set}", self.words(value, ADDED))
    }

    fn list(&self, items: &[Expr], between: &str) -> String {
        let items: Vec<String> = items.iter().map(|item| self.words(item, NOTHING)).collect();
        items.join(between)
    }

    /// In a legal sentence 或者 and 并且 beside each other read two ways, so each inner one has its brackets.
    fn joined(&self, parts: &[Expr], word: &str) -> String {
        let parts: Vec<String> = parts.iter().map(|part| self.truth(part, COMPARED)).collect();
        parts.join(word)
    }

    /// What is said of each item of a list.
    fn of_items(&self, list: &Expr, closure: &Expr) -> String {
        match &closure.kind {
            ExprKind::Closure(name, body) => self.within(&name.value, list, || self.truth(body, NOTHING)),
            _ => self.words(closure, NOTHING),
        }
    }

    /// Days and months before or after a day.
    fn moved(&self, args: &[Expr], unit: &str) -> String {
        let (Some(from), Some(by)) = (args.first(), args.get(1)) else {
            return String::new();
        };
        let from = self.words(from, ONE);
        match &by.kind {
            ExprKind::Int(0) => from,
            ExprKind::Int(n) if *n < 0 => format!("{from}前{}{unit}", n.unsigned_abs()),
            ExprKind::Neg(inner) => format!("{from}前{}{unit}", self.words(inner, ONE)),
            ExprKind::Member(root, name) if is_params(root) => {
                format!("{from}后{}{unit}", self.param(&name.value, true))
            }
            _ => format!("{from}后{}{unit}", self.words(by, ONE)),
        }
    }

    fn call(&self, name: &str, args: &[Expr]) -> String {
        let arg = |number: usize| {
            args.get(number)
                .map(|arg| self.words(arg, NOTHING))
                .unwrap_or_default()
        };
        let items = || match args {
            [list, closure] => self.of_items(list, closure),
            _ => String::new(),
        };
        match (name, args.len()) {
            ("met", 1) => format!("检查员认定{}为“达标”", arg(0)),
            ("ratio", 2) => format!("{}占{}的比例", arg(0), arg(1)),
            ("known", 1) => self.look(true, args),
            ("missing", 1) => self.look(false, args),
            ("all", 2) => format!("{}的每一项都满足（{}）", arg(0), items()),
            ("any", 2) => format!("{}中至少有一项满足（{}）", arg(0), items()),
            ("none", 2) => format!("{}中没有一项满足（{}）", arg(0), items()),
            ("count", 2) => format!("{}中满足（{}）的项数", arg(0), items()),
            ("sum", 2) => format!("{}各项的{}之和", arg(0), items()),
            ("min", 2) if is_closure(args) => format!("{}各项的{}中最小的", arg(0), items()),
            ("max", 2) if is_closure(args) => format!("{}各项的{}中最大的", arg(0), items()),
            ("min", 2) => format!("{}与{}中较小的", arg(0), arg(1)),
            ("max", 2) => format!("{}与{}中较大的", arg(0), arg(1)),
            ("len", 1) => format!("{}的项数", arg(0)),
            ("days_between", 2) => format!("从{}到{}的天数", arg(0), arg(1)),
            ("months_between", 2) => format!("从{}到{}的整月数", arg(0), arg(1)),
            ("workdays_between", _) => format!("从{}到{}的工作日数", arg(0), arg(1)),
            ("add_days", 2) => self.moved(args, "日"),
            ("add_months", 2) => self.moved(args, "个月"),
            ("add_workdays", _) => self.moved(args, "个工作日"),
            ("is_workday", _) => format!("{}是工作日（计调休）", arg(0)),
            ("next_workday", _) => format!("{}（遇放假顺延到其后第一个工作日）", arg(0)),
            ("age_on", _) => format!("按{}计算，到{}的周岁", arg(0), arg(1)),
            ("minor_on", _) => format!("按{}计算，在{}未满十八周岁", arg(0), arg(1)),
            ("distance", 2) => format!("{}与{}的距离", arg(0), arg(1)),
            ("nearest", 2) => format!("{}中离{}最近的一处", arg(0), arg(1)),
            ("within", 3) => format!("{}中离{}不超过{}米的各处", arg(0), arg(1), arg(2)),
            ("lookup", 2) => format!("{}中编号为{}的一行", arg(0), arg(1)),
            ("date", 1) => match args.first().map(|arg| &arg.kind) {
                Some(ExprKind::Text(day)) => day.clone(),
                _ => arg(0),
            },
            ("date_of", 1) => format!("{}的日期", arg(0)),
            ("year", 1) => format!("{}的年份", arg(0)),
            ("month", 1) => format!("{}的月份", arg(0)),
            ("day", 1) => format!("{}的日", arg(0)),
            ("weekday", 1) => format!("{}是星期几（星期一为1）", arg(0)),
            ("hour", 1) => format!("{}的时", arg(0)),
            ("minute", 1) => format!("{}的分", arg(0)),
            ("unknown", 1) => match args.first().map(|arg| &arg.kind) {
                Some(ExprKind::Text(reason)) => format!("未能判定（{}）", reason_words(reason).0),
                _ => "未能判定".to_owned(),
            },
            ("contains", 2) => match (args.first(), args.get(1)) {
                (Some(set), Some(value)) => self.member_of(value, set),
                _ => String::new(),
            },
            ("abs", 1) => format!("{}的绝对值", arg(0)),
            ("round", _) => format!("{}四舍五入", arg(0)),
            ("resident_id_ok", 1) => format!("{}是有效的公民身份号码", arg(0)),
            ("birth_of_resident_id", 1) => format!("{}中的出生日期", arg(0)),
            ("matches", 2) => format!("{}符合格式{}", arg(0), arg(1)),
            _ => format!("{name}({})", self.list(args, "，")),
        }
    }
}

fn bracketed(text: String, own: u8, bound: u8) -> String {
    if own < bound || (own == bound && own == CONNECTED) {
        format!("（{text}）")
    } else {
        text
    }
}

/// A call that is true or false is a clause of its own; any other is a thing.
fn binding(call: &str) -> u8 {
    match call {
        "all" | "any" | "none" | "known" | "missing" | "met" | "is_workday" | "minor_on" | "matches"
        | "contains" | "starts_with" | "ends_with" | "resident_id_ok" => COMPARED,
        _ => ONE,
    }
}

fn is_closure(args: &[Expr]) -> bool {
    args.last()
        .is_some_and(|arg| matches!(arg.kind, ExprKind::Closure(..)))
}

/// Why something is open, in Chinese and English; an author's own reason as it stands.
pub(super) fn reason_words(reason: &str) -> (&str, &str) {
    let words = [
        ("missing", "缺答案", "an answer is missing"),
        ("missing_param", "标准或口径未设定", "a parameter is not set"),
        ("no_evidence", "缺证据", "evidence is missing"),
        ("not_due", "未到期", "not due yet"),
        ("too_close", "离界限太近", "too close to the limit"),
        ("method", "量法不定", "the method is open"),
        ("conflict", "数据矛盾", "answers conflict"),
        (
            "out_of_period",
            "材料或日历没有覆盖这一期间",
            "outside the period covered",
        ),
        ("judgement", "须人工认定", "needs a judgement"),
        ("partly_met", "部分达标", "partly met"),
        ("not_inspected", "未检查", "not inspected"),
    ];
    let found = words.iter().find(|(word, _, _)| *word == reason);
    found.map_or((reason, ""), |(_, zh, en)| (zh, en))
}

fn index(at: &Expr) -> String {
    match &at.kind {
        ExprKind::Int(number) => number.saturating_add(1).to_string(),
        _ => String::new(),
    }
}

fn operator(op: Binary, days: bool) -> &'static str {
    match op {
        Binary::Lt if days => "早于",
        Binary::Le if days => "不晚于",
        Binary::Gt if days => "晚于",
        Binary::Ge if days => "不早于",
        Binary::Add => "＋",
        Binary::Sub => "－",
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

/// A number with its unit, for facts of a case.
pub(super) fn with_unit(text: &str, unit: &str) -> String {
    format!("{text}{}", unit_word(unit))
}

#[cfg(test)]
mod tests {
    use super::Names;
    use rules_compiler::ast::Ruleset;
    use rules_compiler::diagnostic::Sink;
    use rules_compiler::source::Files;
    use rules_compiler::syntax::{parse_expression, parse_ruleset};

    const FORM: &str = r#"
ruleset: x
version: 1.0.0
title: { zh: 例, en: Example }
jurisdiction: "000000"
params:
  share: { type: number, value: 0.9, label: { zh: 覆盖率, en: Share } }
  months: { type: integer, unit: month, value: 12, label: { zh: 间隔, en: Interval } }
fields:
  - { name: distance_m, type: number, label: { zh: 距离, en: Distance } }
  - { name: done, type: boolean, label: { zh: 已办, en: Done } }
  - { name: date, type: date, label: { zh: 演练日期, en: Drill } }
  - { name: kind, type: choice, label: { zh: 类型, en: Kind }, options: { bar: { zh: 酒吧, en: Bar } } }
  - name: sites
    type: list
    label: { zh: 附近学校, en: Schools }
    fields:
      - { name: date, type: date, label: { zh: 检查日期, en: Checked } }
      - { name: ok, type: boolean, label: { zh: 合格, en: Fine } }
let:
  year_end: { label: { zh: 当年12月31日, en: Year end }, value: add_months(date, 12) }
  ready: done && distance_m > 1
"#;

    fn ruleset() -> Ruleset {
        let (mut files, mut sink) = (Files::new(), Sink::new());
        let id = files.add("x.yaml", FORM);
        parse_ruleset(&files, id, &mut sink)
            .into_iter()
            .next()
            .unwrap_or_else(|| unreachable!())
    }

    #[test]
    fn sentences() {
        let ruleset = ruleset();
        let names = Names::new(&[&ruleset]);
        for (expression, expected) in [
            ("distance_m >= 200", "“距离”不少于200"),
            (
                "done && (distance_m > 1 || kind == \"bar\")",
                "“已办”为“是”，并且（“距离”大于1，或者“类型”为「酒吧」）",
            ),
            (
                "done || distance_m > 1 && kind == \"bar\"",
                "“已办”为“是”，或者（“距离”大于1，并且“类型”为「酒吧」）",
            ),
            ("!done", "“已办”为“否”"),
            ("!(done && done)", "并非（“已办”为“是”，并且“已办”为“是”）"),
            // A list's own date is not the form's.
            (
                "sites.all(|s| s.ok && s.date <= date)",
                "“附近学校”的每一项都满足（“合格”为“是”，并且“检查日期”不晚于“演练日期”）",
            ),
            (
                "ratio(distance_m, 12 * (distance_m - 1)) >= params.share",
                "“距离”占12×（“距离”－1）的比例不少于“覆盖率”（90%）",
            ),
            (
                "as_of <= add_months(date, params.months)",
                "检查日不晚于“演练日期”后“间隔”（12）个月",
            ),
            ("add_days(date, -1) < as_of", "“演练日期”前1日早于检查日"),
            ("as_of > year_end", "检查日晚于“当年12月31日”"),
            ("ready", "“已办”为“是”，并且“距离”大于1"),
            ("len(sites) > 0", "“附近学校”至少填了一项"),
            (
                "missing(distance_m) || missing(distance_m > 1)",
                "未填“距离”，或者无法判定（“距离”大于1）",
            ),
            (
                "if done { distance_m } else { 0 }",
                "若“已办”为“是”，则“距离”，否则0",
            ),
            ("distance_m ?? 0", "“距离”（未填时按0）"),
        ] {
            let (expr, _) = parse_expression(expression);
            assert_eq!(names.sentence(&expr), expected, "{expression}");
        }
    }
}
