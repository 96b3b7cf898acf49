//! What people call the things that expressions name: fields where they stand (a list's `date` is not another list's), params with
//! their values, derived values.
//!
//! In: a base with its layers as their authors wrote them. Out: labels by place. Must not know: how a sentence is put together.

use rules_compiler::ast::{self, At, Expr, ExprKind, Field, Literal};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// The members of a record by name.
pub(super) type Record = BTreeMap<String, Rc<Info>>;

/// What is known of a field.
#[derive(Default)]
pub(super) struct Info {
    pub(super) label: String,
    pub(super) hint: String,
    pub(super) kind: String,
    pub(super) unit: String,
    options: BTreeMap<String, String>,
    /// Of a group, the records of a list, the rows of a table.
    members: Option<Rc<Record>>,
}

/// What is known of a param.
#[derive(Default)]
struct Param {
    label: String,
    kind: String,
    unit: String,
    value: Option<Literal>,
    options: BTreeMap<String, String>,
}

/// What a name inside a list stands for, and the members of its record.
type Frame = (String, Option<Rc<Record>>);

/// The names of a ruleset.
#[derive(Default)]
pub(super) struct Names {
    root: Record,
    params: BTreeMap<String, Param>,
    /// Label, where the author gave one, and meaning.
    lets: BTreeMap<String, (Option<String>, Expr)>,
    /// Options of all fields, for texts that are compared with something else than a field.
    options: BTreeMap<String, String>,
    /// Names of the items that are being spoken of, outermost first.
    frames: RefCell<Vec<Frame>>,
}

impl Names {
    /// The names of one ruleset file with all that it extends, the base first.
    pub(super) fn new(chain: &[&ast::Ruleset]) -> Names {
        let mut names = Names::default();
        for ruleset in chain {
            let tables = ruleset.tables.iter().map(|table| {
                let info = Info {
                    label: table.label.zh.clone(),
                    members: Some(Rc::new(names.record(&table.columns))),
                    ..Info::default()
                };
                (table.name.value.clone(), Rc::new(info))
            });
            let tables: Record = tables.collect();
            let fields = names.record(&ruleset.fields);
            names.root.extend(tables);
            names.root.extend(fields);
            for (name, expr) in &ruleset.lets {
                let label = ruleset.let_labels.iter().find(|(one, _)| *one == name.value);
                let label = label
                    .map(|(_, text)| text.zh.clone())
                    .filter(|label| !label.is_empty());
                names.lets.insert(name.value.clone(), (label, expr.clone()));
            }
            for param in &ruleset.params {
                names.param_of(param);
            }
        }
        names
    }

    /// The files that a file of a family stands on, itself last.
    pub(super) fn chain<'a>(family: &'a [ast::Ruleset], file: &'a ast::Ruleset) -> Vec<&'a ast::Ruleset> {
        let mut chain = vec![file];
        let mut at = file;
        while let Some(base) = &at.extends {
            let Some(found) = family.iter().find(|one| one.id.value == base.value) else {
                break;
            };
            if chain.iter().any(|one| one.id.value == found.id.value) {
                break;
            }
            chain.insert(0, found);
            at = found;
        }
        chain
    }

    fn record(&mut self, fields: &[Field]) -> Record {
        let mut record = Record::new();
        for field in fields {
            let options: BTreeMap<String, String> = field
                .options
                .iter()
                .map(|(code, text)| (code.value.clone(), text.zh.clone()))
                .collect();
            for (code, label) in &options {
                self.options.entry(code.clone()).or_insert_with(|| label.clone());
            }
            let members = (!field.fields.is_empty()).then(|| Rc::new(self.record(&field.fields)));
            let unit = field.unit.as_ref().map(|unit| unit.value.clone());
            let info = Info {
                label: field.label.zh.clone(),
                hint: field.hint.zh.clone(),
                kind: field.kind.value.clone(),
                unit: unit.unwrap_or_default(),
                options,
                members,
            };
            record.insert(field.name.value.clone(), Rc::new(info));
        }
        record
    }

    fn param_of(&mut self, param: &ast::Param) {
        let known = self.params.entry(param.name.value.clone()).or_default();
        // A layer that only sets a param says nothing else of it.
        if let Some(kind) = &param.kind {
            known.kind.clone_from(&kind.value);
            known.label.clone_from(&param.label.zh);
            known.unit = param
                .unit
                .as_ref()
                .map(|unit| unit.value.clone())
                .unwrap_or_default();
            known.options = param
                .options
                .iter()
                .map(|(code, text)| (code.value.clone(), text.zh.clone()))
                .collect();
        }
        known.value = param.value.as_ref().map(|value| value.value.clone());
    }

    /// Speaks of the items of a list under a name, as long as `speak` lasts.
    pub(super) fn within<T>(&self, name: &str, list: &Expr, speak: impl FnOnce() -> T) -> T {
        let record = self.record_of(list);
        self.frames.borrow_mut().push((name.to_owned(), record));
        let said = speak();
        self.frames.borrow_mut().pop();
        said
    }

    /// The same with the item of a rule, if it has one.
    pub(super) fn each<T>(&self, each: Option<&(At<String>, Expr)>, speak: impl FnOnce() -> T) -> T {
        match each {
            Some((name, list)) => self.within(&name.value, list, speak),
            None => speak(),
        }
    }

    /// Is it the item that is being spoken of?
    pub(super) fn is_item(&self, name: &str) -> bool {
        self.frames.borrow().iter().any(|(one, _)| one == name)
    }

    /// What is known of the field that an expression names.
    pub(super) fn info(&self, expr: &Expr) -> Option<Rc<Info>> {
        match &expr.kind {
            ExprKind::Name(name) if !self.is_item(name) => self.root.get(name).cloned(),
            ExprKind::Member(of, name) => self.record_of(of)?.get(&name.value).cloned(),
            ExprKind::Coalesce(a, _) => self.info(a),
            _ => None,
        }
    }

    /// The members of what an expression gives: a record, the records of a list, the rows of a table.
    fn record_of(&self, expr: &Expr) -> Option<Rc<Record>> {
        match &expr.kind {
            ExprKind::Name(name) => {
                let item = self
                    .frames
                    .borrow()
                    .iter()
                    .rev()
                    .find(|(one, _)| one == name)
                    .cloned();
                if let Some((_, record)) = item {
                    return record;
                }
                match self.root.get(name) {
                    Some(info) => info.members.clone(),
                    None => self.lets.get(name).and_then(|(_, meant)| self.record_of(meant)),
                }
            }
            ExprKind::Member(..) => self.info(expr)?.members.clone(),
            ExprKind::Index(of, _) => self.record_of(of),
            ExprKind::Coalesce(a, _) => self.record_of(a),
            ExprKind::Call(_, args) => self.record_of(args.first()?),
            _ => None,
        }
    }

    /// What a derived value means, and its label.
    pub(super) fn derived(&self, name: &str) -> Option<(Option<&str>, &Expr)> {
        if self.is_item(name) {
            return None;
        }
        let (label, meant) = self.lets.get(name)?;
        Some((label.as_deref(), meant))
    }

    /// The label of a field of the submission itself.
    pub(super) fn field(&self, name: &str) -> Option<&Info> {
        self.root.get(name).map(Rc::as_ref)
    }

    /// An option as people call it; `beside` is what it is compared with.
    pub(super) fn option(&self, code: &str, beside: Option<&Expr>) -> Option<String> {
        let own = beside.and_then(|expr| match &expr.kind {
            ExprKind::Member(root, name) if is_params(root) => {
                self.params.get(&name.value)?.options.get(code).cloned()
            }
            _ => self.info(expr)?.options.get(code).cloned(),
        });
        own.or_else(|| self.options.get(code).cloned())
    }

    /// Is it a day? Of days one is earlier or later, not less or more.
    pub(super) fn is_day(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Name(name) if name == "as_of" => true,
            ExprKind::Name(name) => match self.derived(name) {
                // A derived value that names itself does not compile.
                Some((_, meant)) => self.is_day(meant),
                None => self.is_day_field(expr),
            },
            ExprKind::Member(root, name) if is_params(root) => self
                .params
                .get(&name.value)
                .is_some_and(|param| param.kind == "date"),
            ExprKind::Member(..) => self.is_day_field(expr),
            ExprKind::Call(name, args) => match name.value.as_str() {
                "date" | "date_of" | "add_days" | "add_months" | "add_workdays" | "next_workday" => true,
                "min" | "max" => args.last().is_some_and(|last| self.is_day(last)),
                _ => false,
            },
            ExprKind::Closure(_, body) => self.is_day(body),
            ExprKind::Coalesce(a, _) => self.is_day(a),
            ExprKind::If(_, yes, _) => self.is_day(yes),
            _ => false,
        }
    }

    fn is_day_field(&self, expr: &Expr) -> bool {
        self.info(expr)
            .is_some_and(|info| matches!(info.kind.as_str(), "date" | "datetime"))
    }

    /// A param with its value. `bare` leaves its unit out, for where the sentence says it.
    pub(super) fn param(&self, name: &str, bare: bool) -> String {
        let Some(param) = self.params.get(name) else {
            return name.to_owned();
        };
        let value = match &param.value {
            None => "未设定".to_owned(),
            Some(value) => shown(
                value,
                &param.kind,
                if bare { "" } else { &param.unit },
                &param.options,
            ),
        };
        format!("“{}”（{value}）", param.label)
    }

    /// Names of fields of the submission itself that an expression reads, through derived values too.
    pub(super) fn reads<'e>(&'e self, expr: &'e Expr, read: &mut BTreeSet<&'e str>, depth: usize) {
        if depth > 64 {
            return;
        }
        if let ExprKind::Name(name) = &expr.kind {
            match self.lets.get(name) {
                Some((_, meant)) => self.reads(meant, read, depth + 1),
                None if self.root.contains_key(name) => {
                    read.insert(name);
                }
                None => {}
            }
        }
        expr.children()
            .into_iter()
            .for_each(|child| self.reads(child, read, depth + 1));
    }

    /// The params that an expression reads, through derived values too.
    pub(super) fn params<'e>(&'e self, expr: &'e Expr, read: &mut BTreeSet<&'e str>, depth: usize) {
        if depth > 64 {
            return;
        }
        match &expr.kind {
            ExprKind::Member(root, name) if is_params(root) => {
                read.insert(&name.value);
            }
            ExprKind::Name(name) => {
                if let Some((_, meant)) = self.lets.get(name) {
                    self.params(meant, read, depth + 1);
                }
            }
            _ => expr
                .children()
                .into_iter()
                .for_each(|child| self.params(child, read, depth + 1)),
        }
    }
}

/// Is it the word `params`?
pub(super) fn is_params(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Name(root) if root == "params")
}

/// A value as people write it: a share as per cent, units in Chinese.
pub(super) fn shown(value: &Literal, kind: &str, unit: &str, options: &BTreeMap<String, String>) -> String {
    match value {
        Literal::Text(code) => options.get(code).cloned().unwrap_or_else(|| code.clone()),
        Literal::Int(1) if kind == "number" && unit.is_empty() => "100%".to_owned(),
        Literal::Num(share) if kind == "number" && unit.is_empty() && *share > 0.0 && *share <= 1.0 => {
            // Shares are written with few decimals; what binary adds to them is not meant.
            format!("{}%", (share * 1e6).round() / 1e4)
        }
        value => format!("{}{}", literal(value), unit_word(unit)),
    }
}

/// A unit in Chinese.
pub(super) fn unit_word(unit: &str) -> String {
    let words = [
        ("", ""),
        ("m", "米"),
        ("day", "日"),
        ("month", "个月"),
        ("year", "年"),
        ("hour", "小时"),
        ("minute", "分钟"),
    ];
    let found = words.iter().find(|(code, _)| *code == unit);
    found.map_or_else(|| format!(" {unit}"), |(_, word)| (*word).to_owned())
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
