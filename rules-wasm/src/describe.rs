//! What a ruleset is, as objects: forms to draw, clauses and rules to show. Slots stay flat; the TypeScript makes the tree.

use crate::failure::failure;
use crate::outcomes;
use rules_core::Ruleset;
use rules_core::domain::date::Date;
use rules_core::form::{Field, Form, Kind, Member, Scope, Text};
use rules_core::plan::{Const, Layer, Period, Plan, TableKind};
use rules_core::report::{code_text, kind_word, severity_word};
use serde::Serialize;
use wasm_bindgen::JsValue;

fn object(value: &impl Serialize) -> Result<JsValue, JsValue> {
    serde_wasm_bindgen::to_value(value).map_err(|error| failure("engine_trap", "", &error.to_string()))
}

#[derive(Serialize)]
struct Words<'a> {
    zh: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    en: &'a str,
}

fn words(text: &Text) -> Words<'_> {
    Words {
        zh: &text.zh,
        en: &text.en,
    }
}

fn some_words(text: &Text) -> Option<Words<'_>> {
    (!text.zh.is_empty()).then(|| words(text))
}

fn some(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

#[derive(Serialize)]
struct Between {
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
}

fn between(period: &Period) -> Between {
    let day = |day: Option<Date>| day.map(|day| day.to_string());
    Between {
        from: day(period.from),
        until: day(period.until),
    }
}

#[derive(Serialize)]
struct LayerOut<'a> {
    id: &'a str,
    version: &'a str,
    digest: &'a str,
    title: Words<'a>,
    jurisdiction: String,
    effective: Between,
}

fn layer(layer: &Layer) -> LayerOut<'_> {
    LayerOut {
        id: &layer.id,
        version: &layer.version,
        digest: &layer.digest,
        title: words(&layer.title),
        jurisdiction: code_text(layer.jurisdiction),
        effective: between(&layer.effective),
    }
}

#[derive(Serialize)]
struct Head<'a> {
    digest: &'a str,
    /// The base, then every layer of every variant once.
    layers: Vec<LayerOut<'a>>,
    variants: usize,
    #[serde(rename = "reasonWords")]
    reason_words: Vec<&'static str>,
    #[serde(rename = "faultWords")]
    fault_words: Vec<&'static str>,
}

/// Who the ruleset is.
pub(crate) fn head(ruleset: &Ruleset) -> Result<JsValue, JsValue> {
    let mut layers: Vec<LayerOut<'_>> = Vec::new();
    for one in ruleset.plans().flat_map(|plan| &plan.layers) {
        if !layers.iter().any(|known| known.id == one.id) {
            layers.push(layer(one));
        }
    }
    let (reason_words, fault_words) = outcomes::words();
    object(&Head {
        digest: ruleset.digest(),
        layers,
        variants: ruleset.plans().count(),
        reason_words,
        fault_words,
    })
}

#[derive(Serialize)]
struct OptionOut<'a> {
    code: &'a str,
    label: Words<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FieldOut<'a> {
    name: &'a str,
    r#type: &'static str,
    label: Words<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<Words<'a>>,
    required: bool,
    conditional: bool,
    sensitive: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_length: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pattern: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    options: Option<Vec<OptionOut<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_items: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_items: Option<u32>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    crs: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    table: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<u32>,
}

fn type_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Boolean => "boolean",
        Kind::Integer => "integer",
        Kind::Number => "number",
        Kind::Text => "text",
        Kind::Choice => "choice",
        Kind::Choices => "choices",
        Kind::Date => "date",
        Kind::DateTime => "datetime",
        Kind::Measure => "measure",
        Kind::Point => "point",
        Kind::Area => "area",
        Kind::Attachment => "attachment",
        Kind::Ref => "ref",
        Kind::List(_) => "list",
    }
}

fn field<'a>(plan: &'a Plan, field: &'a Field) -> FieldOut<'a> {
    let options = field.options.iter().map(|option| OptionOut {
        code: plan
            .symbols
            .get(option.symbol as usize)
            .map_or("", String::as_str),
        label: words(&option.label),
    });
    FieldOut {
        name: &field.name,
        r#type: type_word(field.kind),
        label: words(&field.label),
        hint: some_words(&field.hint),
        required: field.required,
        conditional: field.relevant.is_some(),
        sensitive: field.sensitive,
        unit: some(&field.unit),
        min: field.min,
        max: field.max,
        max_length: field.max_length,
        pattern: field
            .pattern
            .and_then(|p| plan.patterns.get(p as usize))
            .map(|pattern| pattern.source.as_str()),
        options: (!field.options.is_empty()).then(|| options.collect()),
        min_items: field.min_items,
        max_items: field.max_items,
        crs: field.crs.iter().map(|crs| crs.name()).collect(),
        table: field
            .table
            .and_then(|t| plan.tables.get(t as usize))
            .map(|table| table.name.as_str()),
        scope: if let Kind::List(scope) = field.kind {
            Some(scope)
        } else {
            None
        },
    }
}

#[derive(Serialize)]
struct GroupOut<'a> {
    name: &'a str,
    label: Words<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<Words<'a>>,
    conditional: bool,
    members: Vec<i32>,
}

#[derive(Serialize)]
struct ScopeOut<'a> {
    scalar: bool,
    fields: Vec<FieldOut<'a>>,
    groups: Vec<GroupOut<'a>>,
}

fn scope<'a>(plan: &'a Plan, scope: &'a Scope) -> ScopeOut<'a> {
    let groups = scope.groups.iter().map(|group| GroupOut {
        name: &group.name,
        label: words(&group.label),
        hint: some_words(&group.hint),
        conditional: group.relevant.is_some(),
        members: group
            .members
            .iter()
            .map(|member| match *member {
                Member::Field(slot) => slot as i32,
                Member::Group(group) => -(group as i32),
            })
            .collect(),
    });
    ScopeOut {
        scalar: scope.scalar,
        fields: scope.fields.iter().map(|one| field(plan, one)).collect(),
        groups: groups.collect(),
    }
}

fn scopes<'a>(plan: &'a Plan, form: &'a Form) -> Vec<ScopeOut<'a>> {
    form.scopes.iter().map(|one| scope(plan, one)).collect()
}

#[derive(Serialize)]
struct ClauseOut<'a> {
    id: &'a str,
    title: &'a str,
    article: &'a str,
    quote: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    publisher: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<&'a str>,
    grade: &'a str,
    effective: Between,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<Words<'a>>,
}

#[derive(Serialize)]
struct RuleOut<'a> {
    id: &'a str,
    title: Words<'a>,
    kind: &'static str,
    severity: &'static str,
    clauses: Vec<&'a str>,
    each: bool,
    effective: Between,
    tags: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<Words<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duty: Option<Words<'a>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum ValueOut<'a> {
    Bool(bool),
    Num(f64),
    Text(&'a str),
    Date(String),
}

#[derive(Serialize)]
struct ParamOut<'a> {
    name: &'a str,
    label: Words<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<ValueOut<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    clause: Option<&'a str>,
}

#[derive(Serialize)]
struct TableOut<'a> {
    name: &'a str,
    label: Words<'a>,
    kind: &'static str,
    included: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    columns: Option<ScopeOut<'a>>,
}

#[derive(Serialize)]
struct PlanOut<'a> {
    layers: Vec<LayerOut<'a>>,
    scopes: Vec<ScopeOut<'a>>,
    clauses: Vec<ClauseOut<'a>>,
    rules: Vec<RuleOut<'a>>,
    params: Vec<ParamOut<'a>>,
    tables: Vec<TableOut<'a>>,
    reasons: &'a [String],
}

fn value<'a>(plan: &'a Plan, constant: &'a Const) -> ValueOut<'a> {
    match constant {
        Const::Bool(value) => ValueOut::Bool(*value),
        Const::Num(value) => ValueOut::Num(*value),
        Const::Text(value) => ValueOut::Text(value),
        Const::Choice(symbol) => {
            ValueOut::Text(plan.symbols.get(*symbol as usize).map_or("", String::as_str))
        }
        Const::Date(date) => ValueOut::Date(date.to_string()),
    }
}

/// A variant's plan.
pub(crate) fn plan(ruleset: &Ruleset, variant: usize) -> Result<JsValue, JsValue> {
    let Some(plan) = ruleset.plan(variant) else {
        return Err(failure("bad_option", "", "no such variant"));
    };
    let clause_id = |number: &u32| {
        plan.clauses
            .get(*number as usize)
            .map(|clause| clause.id.as_str())
    };
    let clauses = plan.clauses.iter().map(|clause| ClauseOut {
        id: &clause.id,
        title: &clause.title,
        article: &clause.article,
        quote: &clause.quote,
        publisher: some(&clause.publisher),
        link: some(&clause.link),
        grade: &clause.grade,
        effective: between(&clause.effective),
        note: some_words(&clause.note),
    });
    let rules = plan.rules.iter().map(|rule| RuleOut {
        id: &rule.id,
        title: words(&rule.title),
        kind: kind_word(rule.kind),
        severity: severity_word(rule.severity),
        clauses: rule.clauses.iter().filter_map(clause_id).collect(),
        each: rule.each.is_some(),
        effective: between(&rule.effective),
        tags: &rule.tags,
        remedy: some_words(&rule.remedy),
        duty: some_words(&rule.duty),
    });
    let params = plan.params.iter().map(|param| ParamOut {
        name: &param.name,
        label: words(&param.label),
        unit: some(&param.unit),
        value: param
            .value
            .and_then(|v| plan.consts.get(v as usize))
            .map(|constant| value(plan, constant)),
        clause: param.clause.as_ref().and_then(clause_id),
    });
    let tables = plan.tables.iter().map(|table| TableOut {
        name: &table.name,
        label: words(&table.label),
        kind: if matches!(table.kind, TableKind::Calendar) {
            "calendar"
        } else {
            "rows"
        },
        included: table.include.is_some(),
        columns: match &table.kind {
            TableKind::Calendar => None,
            TableKind::Rows { columns, .. } => Some(scope(plan, columns)),
        },
    });
    object(&PlanOut {
        layers: plan.layers.iter().map(layer).collect(),
        scopes: scopes(plan, &plan.form),
        clauses: clauses.collect(),
        rules: rules.collect(),
        params: params.collect(),
        tables: tables.collect(),
        reasons: &plan.reasons,
    })
}
