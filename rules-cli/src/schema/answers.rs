//! The JSON Schema of a form's answers: whatever it refuses, a check calls a problem of the entry.
//!
//! In: a plan. Out: JSON Schema 2020-12. Must not know: rules. Absent, `null` and blank text are missing to a check, so they are valid here unless the
//! field is required whatever else is answered. What a schema cannot say (relevance, which days exist) stays with the check. Keywords
//! that begin with `x-` are for hosts that draw forms.

use rules_core::domain::date::Date;
use rules_core::form::{Field, Form, Group, Kind, Member, Scope, Text};
use rules_core::json::Json;
use rules_core::limits::{Limits, MAX_SAFE_INTEGER};
use rules_core::plan::Plan;

/// Characters of a text without a limit of its own, as the language reference says.
const MAX_LENGTH: f64 = 10_000.0;

const SYSTEMS: [&str; 4] = ["wgs84", "cgcs2000", "gcj02", "bd09"];

struct Object(Vec<(String, Json)>);

impl Object {
    fn new() -> Object {
        Object(Vec::new())
    }

    fn with(mut self, key: &str, value: impl Into<Json>) -> Object {
        self.0.push((key.to_owned(), value.into()));
        self
    }

    fn put(&mut self, key: &str, value: impl Into<Json>) {
        self.0.push((key.to_owned(), value.into()));
    }

    fn some(&mut self, key: &str, value: Option<f64>) {
        if let Some(value) = value {
            self.put(key, value);
        }
    }
}

impl From<Object> for Json {
    fn from(object: Object) -> Json {
        Json::Obj(object.0)
    }
}

fn words<'a>(words: impl IntoIterator<Item = &'a str>) -> Json {
    Json::Arr(words.into_iter().map(Json::from).collect())
}

/// The schema of a plan's answers.
pub(super) fn schema(plan: &Plan) -> Json {
    let mut out = Object::new().with("$schema", "https://json-schema.org/draft/2020-12/schema");
    let ids: Vec<String> = plan
        .layers
        .iter()
        .map(|layer| format!("{} {}", layer.id, layer.version))
        .collect();
    if let Some(base) = plan.layers.first() {
        texts(&mut out, &base.title, &Text::default());
    }
    out.put("$comment", format!("answers of {}", ids.join(" + ")));
    let writer = Writer {
        plan,
        form: &plan.form,
    };
    if let Some(root) = plan.form.scopes.first() {
        out.0.extend(writer.record(root, 0).0);
    }
    out.into()
}

fn texts(out: &mut Object, label: &Text, hint: &Text) {
    for (key, english, text) in [
        ("title", "x-title-en", label),
        ("description", "x-description-en", hint),
    ] {
        if !text.zh.is_empty() {
            out.put(key, text.zh.as_str());
        }
        if !text.en.is_empty() {
            out.put(english, text.en.as_str());
        }
    }
}

struct Writer<'a> {
    plan: &'a Plan,
    form: &'a Form,
}

impl Writer<'_> {
    /// A record: the submission, an item of a list, a group.
    fn record(&self, scope: &Scope, group: usize) -> Object {
        let mut properties = Object::new();
        let mut required = Vec::new();
        for member in scope.groups.get(group).map_or(&[][..], |group| &group.members) {
            match *member {
                Member::Field(slot) => {
                    let Some(field) = scope.fields.get(slot as usize) else {
                        continue;
                    };
                    if must(field) {
                        required.push(Json::from(field.name.as_str()));
                    }
                    properties.put(&field.name, self.field(field));
                }
                Member::Group(number) => {
                    let Some(inner) = scope.groups.get(number as usize) else {
                        continue;
                    };
                    let needed = self.needed(scope, inner);
                    if needed {
                        required.push(Json::from(inner.name.as_str()));
                    }
                    properties.put(&inner.name, self.group(scope, inner, number as usize, needed));
                }
            }
        }
        let mut out = Object::new()
            .with("type", "object")
            .with("properties", properties);
        if !required.is_empty() {
            out.put("required", Json::Arr(required));
        }
        out
    }

    /// Is there anything in the group that is required whatever else is answered?
    fn needed(&self, scope: &Scope, group: &Group) -> bool {
        group.relevant.is_none()
            && group.members.iter().any(|member| match *member {
                Member::Field(slot) => scope.fields.get(slot as usize).is_some_and(must),
                Member::Group(inner) => scope
                    .groups
                    .get(inner as usize)
                    .is_some_and(|inner| self.needed(scope, inner)),
            })
    }

    fn group(&self, scope: &Scope, group: &Group, number: usize, needed: bool) -> Object {
        let mut out = Object::new();
        texts(&mut out, &group.label, &group.hint);
        let mut record = self.record(scope, number);
        if !needed {
            set(&mut record, "type", words(["object", "null"]));
        }
        if group.relevant.is_some() {
            // Its members are asked for only where the group is.
            record.0.retain(|(key, _)| key != "required");
        }
        out.0.extend(record.0);
        out
    }

    fn field(&self, field: &Field) -> Object {
        let mut out = Object::new();
        texts(&mut out, &field.label, &field.hint);
        let mut value = self.value(field);
        if !must(field) {
            nullable(&mut value);
        }
        out.0.extend(value.0);
        if !field.unit.is_empty() {
            out.put("x-unit", field.unit.as_str());
        }
        if field.sensitive {
            out.put("x-sensitive", true);
        }
        out
    }

    fn value(&self, field: &Field) -> Object {
        let of = |word: &str| Object::new().with("type", word);
        match field.kind {
            Kind::Boolean => of("boolean"),
            Kind::Integer => {
                let mut out = of("integer");
                out.put("minimum", field.min.unwrap_or(-MAX_SAFE_INTEGER));
                out.put("maximum", field.max.unwrap_or(MAX_SAFE_INTEGER));
                out
            }
            Kind::Number => {
                let mut out = of("number");
                out.some("minimum", field.min);
                out.some("maximum", field.max);
                out
            }
            Kind::Text => self.text(field),
            Kind::Choice => of("string")
                .with("enum", self.codes(field))
                .with("x-options", self.options(field)),
            Kind::Choices => {
                let items = of("string").with("enum", self.codes(field));
                let mut out = of("array").with("items", items);
                bounds(&mut out, field);
                out.with("x-options", self.options(field))
            }
            Kind::Date => {
                let mut out = of("string")
                    .with("format", "date")
                    .with("pattern", r"^\d{4}-\d{2}-\d{2}$");
                let day = |days: Option<f64>| Date::from_days(days? as i64).map(|day| day.to_string());
                for (key, value) in [("x-min", day(field.min)), ("x-max", day(field.max))] {
                    if let Some(value) = value {
                        out.put(key, value);
                    }
                }
                out
            }
            Kind::DateTime => of("string").with(
                "pattern",
                r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?$",
            ),
            Kind::Measure => {
                let mut value = of("number");
                value.some("minimum", field.min);
                value.some("maximum", field.max);
                let properties = Object::new()
                    .with("value", value)
                    .with("tolerance", of("number").with("minimum", 0.0));
                of("object")
                    .with("properties", properties)
                    .with("required", words(["value"]))
            }
            Kind::Point => {
                let degrees = |most: f64| of("number").with("minimum", -most).with("maximum", most);
                let properties = Object::new()
                    .with("lng", degrees(180.0))
                    .with("lat", degrees(90.0))
                    .with("accuracy", of("number").with("minimum", 0.0))
                    .with("crs", systems(field));
                of("object")
                    .with("properties", properties)
                    .with("required", words(["lng", "lat", "crs"]))
            }
            Kind::Area => {
                let properties = Object::new()
                    .with(
                        "type",
                        Object::new().with("enum", words(["Polygon", "MultiPolygon"])),
                    )
                    .with("coordinates", of("array"))
                    .with("crs", systems(field));
                of("object")
                    .with("properties", properties)
                    .with("required", words(["type", "coordinates", "crs"]))
            }
            Kind::Attachment => {
                let properties = Object::new()
                    .with("id", of("string"))
                    .with("name", of("string"))
                    .with("sha256", of("string"));
                Object::new()
                    .with("type", words(["string", "object"]))
                    .with("properties", properties)
            }
            Kind::Ref => {
                let table = field.table.and_then(|table| self.plan.tables.get(table as usize));
                let mut out = of("string");
                if let Some(table) = table {
                    out.put("x-table", table.name.as_str());
                }
                out
            }
            Kind::List(inner) => {
                let mut out = of("array");
                if let Some(scope) = self.form.scopes.get(inner as usize) {
                    let item = match scope.fields.first() {
                        Some(item) if scope.scalar => self.field(item),
                        _ => self.record(scope, 0),
                    };
                    out.put("items", item);
                }
                bounds(&mut out, field);
                if field.max_items.is_none() {
                    out.put("maxItems", Limits::DEFAULT.items as f64);
                }
                out
            }
        }
    }

    fn text(&self, field: &Field) -> Object {
        let most = field.max_length.map_or(MAX_LENGTH, f64::from);
        let mut out = Object::new().with("type", "string").with("maxLength", most);
        let pattern = field
            .pattern
            .and_then(|number| self.plan.patterns.get(number as usize));
        match pattern.map(|pattern| pattern.source.as_str()) {
            // Flags inside of a pattern are written otherwise in ECMAScript.
            Some(source) if source.contains("(?") && !source.contains("(?:") => out.put("x-pattern", source),
            Some(source) if must(field) => out.put("pattern", format!("^(?:{source})$")),
            Some(source) => out.put("pattern", format!(r"^(?:\s*|(?:{source}))$")),
            None if must(field) => out.put("pattern", r"\S"),
            None => {}
        }
        out
    }

    fn codes(&self, field: &Field) -> Json {
        words(field.options.iter().map(|option| self.code(option.symbol)))
    }

    fn options(&self, field: &Field) -> Json {
        let mut out = Object::new();
        for option in &field.options {
            let mut label = Object::new().with("zh", option.label.zh.as_str());
            if !option.label.en.is_empty() {
                label.put("en", option.label.en.as_str());
            }
            out.put(self.code(option.symbol), label);
        }
        out.into()
    }

    fn code(&self, symbol: u32) -> &str {
        self.plan.symbols.get(symbol as usize).map_or("", String::as_str)
    }
}

/// Is an answer required whatever else is answered?
fn must(field: &Field) -> bool {
    field.required && field.relevant.is_none()
}

fn bounds(out: &mut Object, field: &Field) {
    out.some("minItems", field.min_items.map(f64::from));
    out.some("maxItems", field.max_items.map(f64::from));
}

fn systems(field: &Field) -> Object {
    let names: Vec<&str> = field.crs.iter().map(|crs| crs.name()).collect();
    let names = if names.is_empty() { SYSTEMS.to_vec() } else { names };
    Object::new().with("enum", words(names))
}

fn set(object: &mut Object, key: &str, value: Json) {
    if let Some(member) = object.0.iter_mut().find(|(name, _)| name == key) {
        member.1 = value;
    }
}

/// Lets a value be `null`, and a choice or a date blank: all of that is missing.
fn nullable(value: &mut Object) {
    for (key, member) in &mut value.0 {
        match (key.as_str(), &mut *member) {
            ("type", Json::Str(word)) => *member = words([word.as_str(), "null"]),
            ("type", Json::Arr(words)) => words.push(Json::from("null")),
            ("enum", Json::Arr(codes)) => codes.extend([Json::from(""), Json::Null]),
            ("pattern", Json::Str(pattern)) if pattern.starts_with(r"^\d") => {
                let inner = pattern.trim_start_matches('^').trim_end_matches('$');
                *member = Json::from(format!(r"^(?:\s*|{inner})$"));
            }
            _ => {}
        }
    }
}
