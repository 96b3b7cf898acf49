//! What a list is asked for: filters, where to go on, and the condition that they make.
//!
//! In: the query of an address, who asks. Out: a condition of SQL with its values. Must not know: what is selected.

use crate::access::Principal;
use crate::openapi::shapes::{Area, Day, Word, shapes};
use crate::problem::{Kind, Problem};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use rules_core::domain::date::Date;
use rules_core::json::Json;
use sqlx::any::AnyRow;
use sqlx::{AnyPool, AssertSqlSafe, Row};
use utoipa::IntoParams;

/// The members of a query, each to be taken once; what nobody takes is refused.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked(Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Asked, Problem> {
        let read = axum::extract::Query::<Vec<(String, String)>>::from_request_parts(parts, state).await;
        let axum::extract::Query(pairs) = read.map_err(|_| bad("", "the query cannot be read"))?;
        for (number, (name, value)) in pairs.iter().enumerate() {
            if pairs.iter().skip(number + 1).any(|(other, _)| other == name) {
                return Err(bad(name, "it stands twice"));
            }
            // PostgreSQL's text takes no NUL.
            if value.contains('\0') {
                return Err(bad(name, "it has a NUL in it"));
            }
        }
        Ok(Asked(pairs))
    }
}

/// A fault in the query; `at` is the member's name.
pub(crate) fn bad(name: &str, detail: impl Into<String>) -> Problem {
    Problem::new(Kind::BadRequest, detail).at(name)
}

impl Asked {
    /// The value of a member. An empty one is refused: it comes from a variable that was not set, and would ask for everything.
    pub(crate) fn take(&mut self, name: &str) -> Result<Option<String>, Problem> {
        let Some(found) = self.0.iter().position(|(there, _)| there == name) else {
            return Ok(None);
        };
        let value = self.0.remove(found).1;
        if value.is_empty() {
            return Err(bad(name, "it is empty; leave it out"));
        }
        Ok(Some(value))
    }

    /// A value that must be one of `words`.
    pub(crate) fn word(&mut self, name: &str, words: &[&str]) -> Result<Option<String>, Problem> {
        let Some(value) = self.take(name)? else {
            return Ok(None);
        };
        if words.contains(&value.as_str()) {
            return Ok(Some(value));
        }
        Err(bad(name, format!("it is one of {}", words.join(", "))))
    }

    /// `true` or `false`.
    pub(crate) fn truth(&mut self, name: &str) -> Result<Option<bool>, Problem> {
        Ok(self.word(name, &["true", "false"])?.map(|word| word == "true"))
    }

    /// A day.
    pub(crate) fn day(&mut self, name: &str) -> Result<Option<Date>, Problem> {
        let Some(value) = self.take(name)? else {
            return Ok(None);
        };
        let day = Date::parse(&value).map_err(|_| bad(name, "a day is written 2026-03-01"))?;
        Ok(Some(day))
    }

    /// A division code.
    pub(crate) fn place(&mut self, name: &str) -> Result<Option<u32>, Problem> {
        let Some(value) = self.take(name)? else {
            return Ok(None);
        };
        let digits = value.len() == 6 && value.bytes().all(|byte| byte.is_ascii_digit());
        let code = value.parse().ok().filter(|_| digits);
        code.map(Some)
            .ok_or_else(|| bad(name, "a division code is a text of six digits"))
    }

    /// A whole number from 1 to `most`.
    pub(crate) fn number(&mut self, name: &str, most: i64) -> Result<Option<i64>, Problem> {
        let Some(value) = self.take(name)? else {
            return Ok(None);
        };
        let number = value
            .parse()
            .ok()
            .filter(|number| (1..=most).contains(number))
            .ok_or_else(|| bad(name, format!("it is a whole number from 1 to {most}")))?;
        Ok(Some(number))
    }

    /// A place to go on after: a whole number from 0.
    pub(crate) fn position(&mut self, name: &str) -> Result<Option<i64>, Problem> {
        let Some(value) = self.take(name)? else {
            return Ok(None);
        };
        let number = value.parse().ok().filter(|number: &i64| *number >= 0);
        number
            .map(Some)
            .ok_or_else(|| bad(name, "it is a whole number from 0"))
    }

    /// Refuses what nobody took.
    pub(crate) fn end(&self) -> Result<(), Problem> {
        match self.0.first() {
            None => Ok(()),
            // The name is not repeated in the text: it may be anything.
            Some(_) => Err(bad("", "the query has a member that this address does not take")),
        }
    }
}

/// A value to bind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Value {
    Text(String),
    Int(i64),
}

/// Conditions that all hold, with their values.
#[derive(Clone, Debug, Default)]
pub(crate) struct Where {
    conditions: Vec<String>,
    values: Vec<Value>,
}

impl Where {
    /// Adds a value and gives its placeholder.
    pub(crate) fn value(&mut self, value: Value) -> String {
        self.values.push(value);
        format!("${}", self.values.len())
    }

    pub(crate) fn text(&mut self, value: impl Into<String>) -> String {
        self.value(Value::Text(value.into()))
    }

    pub(crate) fn add(&mut self, condition: String) {
        self.conditions.push(condition);
    }

    /// `column = value`
    pub(crate) fn equals(&mut self, column: &str, value: impl Into<String>) {
        let place = self.text(value);
        self.add(format!("{column} = {place}"));
    }

    /// The area and below. As a range and not as a pattern, because an index serves a range on both databases.
    pub(crate) fn below(&mut self, column: &str, area: &str) {
        let kept = match area {
            "000000" => return,
            code if code.ends_with("0000") => 2,
            code if code.ends_with("00") => 4,
            _ => return self.equals(column, area),
        };
        let head: String = area.chars().take(kept).collect();
        let (low, high) = (format!("{head:0<6}"), format!("{head:9<6}"));
        let (low, high) = (self.text(low), self.text(high));
        self.add(format!("{column} BETWEEN {low} AND {high}"));
    }

    /// `WHERE …`, or nothing.
    pub(crate) fn sql(&self) -> String {
        if self.conditions.is_empty() {
            return String::new();
        }
        format!(" WHERE {}", self.conditions.join(" AND "))
    }

    /// Runs a statement that holds this condition. It is made of our own words and placeholders only.
    pub(crate) async fn fetch(&self, pool: &AnyPool, sql: String) -> Result<Vec<AnyRow>, sqlx::Error> {
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for value in &self.values {
            query = match value {
                Value::Text(text) => query.bind(text.clone()),
                Value::Int(number) => query.bind(*number),
            };
        }
        query.fetch_all(pool).await
    }

    /// The one number that a statement gives.
    pub(crate) async fn count(&self, pool: &AnyPool, sql: String) -> Result<i64, sqlx::Error> {
        let rows = self.fetch(pool, sql).await?;
        rows.first().map_or(Ok(0), |row| row.try_get(0))
    }
}

/// Which submissions.
#[derive(Clone, PartialEq, Eq, Debug, Default, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Filter {
    /// Division code: it and everything below.
    #[param(value_type = Option<Area>, inline)]
    pub(crate) area: Option<String>,
    /// Id of the ruleset.
    #[param(value_type = Option<Word>, inline)]
    pub(crate) topic: Option<String>,
    /// `pass`, `fail`, `undetermined`, `not_applicable`, or `none` of what is not judged yet.
    #[param(value_type = Option<OutcomeWord>, inline)]
    pub(crate) outcome: Option<String>,
    /// First day of the check.
    #[param(value_type = Option<Day>, inline)]
    pub(crate) from: Option<Date>,
    /// Last day of the check.
    #[param(value_type = Option<Day>, inline)]
    pub(crate) to: Option<Date>,
    /// Id of a rule that has a finding.
    #[param(value_type = Option<Word>, inline)]
    pub(crate) rule: Option<String>,
    /// `complete`, `incomplete`, `quarantined`
    #[param(value_type = Option<StateWord>, inline)]
    pub(crate) state: Option<String>,
    /// Is the form's report the server's?
    pub(crate) agree: Option<bool>,
    /// Part of the subject's name, kind or place, in any case.
    #[param(value_type = Option<SearchText>, inline)]
    pub(crate) text: Option<String>,
}

pub(crate) const OUTCOMES: &[&str] = &["pass", "fail", "undetermined", "not_applicable", "none"];
const STATES: &[&str] = &["complete", "incomplete", "quarantined"];

shapes! {
    /// An outcome, or that there is none yet.
    OutcomeWord = |text| text.enum_values(Some(OUTCOMES.iter().copied()));
    /// How far a submission is.
    StateWord = |text| text.enum_values(Some(STATES.iter().copied()));
    /// Part of a subject's texts.
    SearchText = |text| text.pattern(Some("^[^\\u0000]+$")).max_length(Some(100));
}

impl Filter {
    /// Takes the filters out of a query.
    pub(crate) fn take(asked: &mut Asked) -> Result<Filter, Problem> {
        let mut filter = Filter {
            area: asked.take("area")?,
            topic: asked.take("topic")?,
            outcome: asked.word("outcome", OUTCOMES)?,
            from: asked.day("from")?,
            to: asked.day("to")?,
            rule: asked.take("rule")?,
            state: asked.word("state", STATES)?,
            agree: asked.truth("agree")?,
            text: asked.take("text")?,
        };
        if filter
            .text
            .as_ref()
            .is_some_and(|text| text.chars().count() > 100)
        {
            return Err(bad("text", "it has at most 100 characters"));
        }
        filter.text = filter.text.map(|text| text.to_lowercase());
        Ok(filter)
    }

    /// The condition on `submissions s`, for whoever asks.
    pub(crate) fn condition(&self, principal: &Principal) -> Result<Where, Problem> {
        let mut all = Where::default();
        visible(&mut all, principal);
        if let Some(area) = &self.area {
            principal.within(area)?;
            all.below("s.area", area);
        }
        if let Some(topic) = &self.topic {
            all.equals("s.topic", topic);
        }
        match self.outcome.as_deref() {
            None => {}
            Some("none") => all.add("s.outcome IS NULL".to_owned()),
            Some(outcome) => all.equals("s.outcome", outcome),
        }
        for (day, sign) in [(self.from, ">="), (self.to, "<=")] {
            if let Some(day) = day {
                let place = all.text(day.to_string());
                all.add(format!("s.as_of {sign} {place}"));
            }
        }
        if let Some(rule) = &self.rule {
            let place = all.text(rule);
            all.add(format!(
                "EXISTS (SELECT 1 FROM findings g WHERE g.rule = {place} AND g.submission = s.id AND g.revision = s.revision)"
            ));
        }
        if let Some(state) = &self.state {
            all.equals("s.state", state);
        }
        if let Some(agree) = self.agree {
            let place = all.value(Value::Int(i64::from(agree)));
            all.add(format!("s.agree = {place}"));
        }
        if let Some(text) = &self.text {
            let place = all.text(contains(text));
            all.add(format!("s.words LIKE {place} ESCAPE '!'"));
        }
        Ok(all)
    }

    /// For the access log: without what somebody searched for.
    pub(crate) fn logged(&self) -> Json {
        let mut members = Vec::new();
        let texts = [
            ("area", self.area.clone()),
            ("topic", self.topic.clone()),
            ("outcome", self.outcome.clone()),
            ("from", self.from.map(|day| day.to_string())),
            ("to", self.to.map(|day| day.to_string())),
            ("rule", self.rule.clone()),
            ("state", self.state.clone()),
        ];
        for (name, value) in texts {
            if let Some(value) = value {
                members.push((name.to_owned(), value.into()));
            }
        }
        if let Some(agree) = self.agree {
            members.push(("agree".to_owned(), Json::Bool(agree)));
        }
        if self.text.is_some() {
            members.push(("text".to_owned(), Json::Bool(true)));
        }
        Json::Obj(members)
    }
}

/// What somebody may see at all.
fn visible(all: &mut Where, principal: &Principal) {
    use crate::access::Role;
    match principal.role {
        Role::Device | Role::Inspector => all.equals("s.sender", &principal.id),
        Role::Reviewer | Role::Office | Role::Admin => all.below("s.area", &principal.area),
    }
}

/// A pattern of LIKE for a text anywhere; `!` takes the meaning of what follows away.
pub(crate) fn contains(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_is_a_range() {
        let range = |area: &str| {
            let mut all = Where::default();
            all.below("s.area", area);
            (all.sql(), all.values.len())
        };
        assert_eq!(range("000000"), (String::new(), 0));
        assert_eq!(range("520402"), (" WHERE s.area = $1".to_owned(), 1));
        let mut all = Where::default();
        all.below("s.area", "520400");
        assert_eq!(
            all.values,
            [Value::Text("520400".into()), Value::Text("520499".into())]
        );
    }

    #[test]
    fn wildcards_mean_themselves() {
        assert_eq!(contains("a%_!b"), "%a!%!_!!b%");
    }

    #[test]
    fn what_nobody_takes_is_refused() {
        let mut asked = Asked(vec![("area".into(), "520000".into()), ("x".into(), "1".into())]);
        assert_eq!(asked.take("area").ok().flatten().as_deref(), Some("520000"));
        assert!(asked.end().is_err());
    }

    #[test]
    fn what_is_empty_is_refused() {
        let mut asked = Asked(vec![("area".into(), String::new())]);
        assert!(asked.take("area").is_err());
        assert!(asked.take("topic").is_ok_and(|topic| topic.is_none()));
    }
}
