//! What people call the places of a submission.
//!
//! In: a form, a JSON Pointer. Out: labels ("学校 1 · 边界距离"), and values as people read them. Must not know: reports.

use rules_core::form::{Field, Form, Group, Kind, Member, Scope, Text};
use rules_core::json::Json;
use rules_core::plan::Plan;

/// The language that people read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub(crate) enum Lang {
    /// Chinese.
    Zh,
    /// English.
    En,
}

impl Lang {
    /// One of two texts.
    pub(crate) fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// A text in this language, in Chinese where there is no other.
    pub(crate) fn of(self, text: &Text) -> &str {
        match self {
            Lang::En if !text.en.is_empty() => &text.en,
            Lang::En | Lang::Zh => &text.zh,
        }
    }
}

/// Text without what would move the cursor or colour a terminal: it comes from submissions.
pub(crate) fn clean(text: &str) -> String {
    let visible = |c: char| {
        if c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c) {
            '\u{fffd}'
        } else {
            c
        }
    };
    text.chars().map(visible).collect()
}

/// A place of the form.
pub(crate) struct Place<'a> {
    /// Its labels from the outside in.
    pub(crate) label: String,
    /// The field, where the pointer ends at one.
    pub(crate) field: Option<&'a Field>,
}

/// What a pointer is called. Parts that the form does not know stand as they are.
pub(crate) fn place<'a>(form: &'a Form, pointer: &str, lang: Lang) -> Place<'a> {
    let mut parts: Vec<String> = Vec::new();
    let mut found = None;
    let mut scope = form.scopes.first();
    let mut group = 0;
    let keys = pointer
        .split('/')
        .skip(1)
        .map(|key| key.replace("~1", "/").replace("~0", "~"));
    for key in keys {
        found = None;
        let inside = scope.and_then(|scope| Some((scope, scope.groups.get(group)?)));
        let Some((here, members)) = inside else {
            parts.push(clean(&key));
            continue;
        };
        match member(here, members, &key) {
            Some(Step::Field(field)) => {
                parts.push(named(&field.label, &field.name, lang));
                found = Some(field);
                if let Kind::List(inner) = field.kind {
                    scope = form.scopes.get(inner as usize);
                    group = 0;
                }
            }
            Some(Step::Group(number, inner)) => {
                parts.push(named(&inner.label, &inner.name, lang));
                group = number;
            }
            None => match (key.parse::<usize>(), parts.last_mut()) {
                // The item of a list whose scope was just entered.
                (Ok(number), Some(last)) => {
                    last.push_str(&format!(" {}", number.saturating_add(1)));
                    found = here.scalar.then(|| here.fields.first()).flatten();
                }
                _ => parts.push(clean(&key)),
            },
        }
    }
    Place {
        label: parts.join(" · "),
        field: found,
    }
}

enum Step<'a> {
    Field(&'a Field),
    Group(usize, &'a Group),
}

fn member<'a>(scope: &'a Scope, group: &Group, key: &str) -> Option<Step<'a>> {
    group.members.iter().find_map(|member| match *member {
        Member::Field(slot) => {
            let field = scope.fields.get(slot as usize)?;
            (!field.name.is_empty() && field.name == key).then_some(Step::Field(field))
        }
        Member::Group(number) => {
            let inner = scope.groups.get(number as usize)?;
            (inner.name == key).then_some(Step::Group(number as usize, inner))
        }
    })
}

fn named(label: &Text, name: &str, lang: Lang) -> String {
    let label = lang.of(label);
    if label.is_empty() {
        name.to_owned()
    } else {
        label.to_owned()
    }
}

/// A value of evidence as people read it.
pub(crate) fn value(plan: &Plan, field: Option<&Field>, value: &Json, lang: Lang) -> String {
    let unit = field.map_or("", |field| field.unit.as_str());
    let with_unit = |text: String| {
        if unit.is_empty() {
            text
        } else {
            format!("{text} {unit}")
        }
    };
    let option = |code: &str| {
        let options = field.map_or(&[][..], |field| field.options.as_slice());
        let of = |symbol: u32| plan.symbols.get(symbol as usize).map(String::as_str);
        let found = options.iter().find(|option| of(option.symbol) == Some(code));
        found.map_or_else(|| clean(code), |option| named(&option.label, code, lang))
    };
    let member = |name: &str| value.get(name).map(Json::canonical);
    match value {
        Json::Null => lang.pick("未填", "not given").to_owned(),
        Json::Bool(true) => lang.pick("是", "yes").to_owned(),
        Json::Bool(false) => lang.pick("否", "no").to_owned(),
        Json::Num(_) => with_unit(value.canonical()),
        Json::Str(text) => option(text),
        Json::Arr(items) => {
            let items: Vec<String> = items
                .iter()
                .map(|item| item.as_str().map_or_else(|| item.canonical(), option))
                .collect();
            items.join(lang.pick("、", ", "))
        }
        Json::Obj(_) => match (
            member("value"),
            member("tolerance"),
            member("lng"),
            member("lat"),
            member("items"),
        ) {
            (Some(middle), Some(tolerance), ..) if tolerance == "0" => with_unit(middle),
            (Some(middle), Some(tolerance), ..) => with_unit(format!("{middle} ± {tolerance}")),
            (_, _, Some(lng), Some(lat), _) => {
                let crs = value.get("crs").and_then(Json::as_str).unwrap_or("");
                let accuracy = member("accuracy").filter(|metres| metres != "0");
                let accuracy = accuracy
                    .map(|metres| format!(", ± {metres} m"))
                    .unwrap_or_default();
                format!("{lng}, {lat} ({crs}{accuracy})")
            }
            (.., Some(items)) => format!("{items} {}", lang.pick("项", "items")),
            _ => clean(&value.canonical()),
        },
    }
}
