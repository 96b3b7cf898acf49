//! Random answers for a form: mostly fit, some missing, some wrong, many next to the numbers, texts and days of the rules.
//!
//! In: a typed ruleset and a generator. Out: a JSON tree. Must not know: what a rule decides.

use super::Rng;
use crate::oracle::json::Json;
use rules_compiler::hir::{Expr, ExprKind, Operand, Piece, Ruleset};
use rules_core::domain::date::Date;
use rules_core::form::{Field, Kind, Member, Scope};
use rules_core::plan::Const;

/// What the rules compare with.
#[derive(Clone, Debug)]
pub struct Pool {
    numbers: Vec<f64>,
    texts: Vec<String>,
    days: Vec<Date>,
}

/// Shares in a hundred.
#[derive(Clone, Copy, Debug)]
pub struct Mix {
    /// Of answers that are not there.
    pub missing: usize,
    /// Of answers that are no answer.
    pub wrong: usize,
}

impl Mix {
    /// Mostly there, sometimes wrong.
    pub const USUAL: Mix = Mix {
        missing: 20,
        wrong: 4,
    };
}

/// Gathers the constants of a ruleset.
pub fn pool(ruleset: &Ruleset) -> Pool {
    let mut pool = Pool {
        numbers: vec![0.0, 1.0, 18.0],
        texts: [
            "a",
            "学校",
            "11010519491231002X",
            "110105194912310021",
            "abc",
            "x1",
        ]
        .map(str::to_owned)
        .to_vec(),
        days: [18_000, 20_514, 13_700]
            .iter()
            .filter_map(|&days| Date::from_days(days))
            .collect(),
    };
    for param in &ruleset.params {
        param.value.iter().for_each(|value| pool.add(value));
    }
    let mut add = |expr: &Expr| {
        if let ExprKind::Const(constant) = &expr.kind {
            pool.add(constant);
        }
    };
    walk_all(ruleset, &mut add);
    pool
}

impl Pool {
    fn add(&mut self, constant: &Const) {
        match constant {
            Const::Num(number) => self.numbers.push(*number),
            Const::Text(text) => self.texts.push(text.clone()),
            Const::Date(day) => self.days.push(*day),
            Const::Bool(_) | Const::Choice(_) => {}
        }
    }
}

/// Shows every expression of a ruleset, outer ones first.
pub fn walk_all(ruleset: &Ruleset, see: &mut dyn FnMut(&Expr)) {
    ruleset.relevants.iter().for_each(|expr| walk(expr, see));
    ruleset.lets.iter().for_each(|(_, expr)| walk(expr, see));
    for rule in &ruleset.rules {
        let optional = [&rule.each, &rule.filter, &rule.when, &rule.due, &rule.deadline];
        optional.into_iter().flatten().for_each(|expr| walk(expr, see));
        walk(&rule.require, see);
        rule.evidence
            .iter()
            .chain(&rule.at)
            .for_each(|expr| walk(expr, see));
        for piece in rule.message_zh.iter().chain(&rule.message_en) {
            if let Piece::Expr(expr) = piece {
                walk(expr, see);
            }
        }
    }
}

/// Shows an expression and all inside it.
pub fn walk(expr: &Expr, see: &mut dyn FnMut(&Expr)) {
    see(expr);
    match &expr.kind {
        ExprKind::Const(_)
        | ExprKind::Param(_)
        | ExprKind::Let(_)
        | ExprKind::AsOf
        | ExprKind::Field(_)
        | ExprKind::ItemField(..)
        | ExprKind::FrameRow(_)
        | ExprKind::Unknown(_) => {}
        ExprKind::Column(inner, _) | ExprKind::Not(inner) | ExprKind::HasOption(inner, _) => walk(inner, see),
        ExprKind::And(parts) | ExprKind::Or(parts) | ExprKind::Concat(parts) | ExprKind::Call(_, parts) => {
            parts.iter().for_each(|part| walk(part, see));
        }
        ExprKind::If(a, b, c) => [a, b, c].into_iter().for_each(|part| walk(part, see)),
        ExprKind::Coalesce(a, b) | ExprKind::Binary(_, a, b) | ExprKind::Over(_, a, b, _) => {
            walk(a, see);
            walk(b, see);
        }
        ExprKind::OneOf(first, rest) => {
            walk(first, see);
            rest.iter().for_each(|part| walk(part, see));
        }
        ExprKind::Op(_, operands) => {
            for operand in operands {
                if let Operand::Expr(part) = operand {
                    walk(part, see);
                }
            }
        }
    }
}

/// Random answers.
pub fn answers(ruleset: &Ruleset, pool: &Pool, mix: Mix, rng: &mut Rng) -> Json {
    Maker {
        ruleset,
        pool,
        mix,
        rng,
    }
    .record(0, 0)
}

struct Maker<'a> {
    ruleset: &'a Ruleset,
    pool: &'a Pool,
    mix: Mix,
    rng: &'a mut Rng,
}

impl Maker<'_> {
    fn record(&mut self, scope: u32, depth: u32) -> Json {
        let ruleset = self.ruleset;
        match ruleset.form.scopes.get(scope as usize) {
            Some(scope) if scope.scalar => scope
                .fields
                .first()
                .map_or(Json::Null, |field| self.field(field, depth).unwrap_or(Json::Null)),
            Some(scope) => self.group(scope, 0, depth),
            None => Json::Null,
        }
    }

    fn group(&mut self, scope: &Scope, group: u32, depth: u32) -> Json {
        let mut members = Vec::new();
        for member in scope
            .groups
            .get(group as usize)
            .map(|group| group.members.as_slice())
            .unwrap_or_default()
        {
            match *member {
                Member::Field(slot) => {
                    let Some(field) = scope.fields.get(slot as usize) else {
                        continue;
                    };
                    if let Some(value) = self.field(field, depth) {
                        members.push((field.name.clone(), value));
                    }
                }
                Member::Group(inner) => {
                    let name = scope.groups.get(inner as usize).map_or("", |group| &group.name);
                    if !self.rng.chance(self.mix.missing / 2) {
                        members.push((name.to_owned(), self.group(scope, inner, depth)));
                    }
                }
            }
        }
        if self.rng.chance(self.mix.wrong / 2) {
            members.push(("no_such_key".to_owned(), Json::Bool(true)));
        }
        Json::Object(members)
    }

    fn field(&mut self, field: &Field, depth: u32) -> Option<Json> {
        if self.rng.chance(self.mix.missing) {
            return self
                .rng
                .pick(&[None, None, Some(Json::Null), Some(Json::Text(" ".to_owned()))])
                .clone();
        }
        if self.rng.chance(self.mix.wrong) {
            return Some(self.wrong());
        }
        Some(self.right(field, depth))
    }

    fn wrong(&mut self) -> Json {
        let wrong = [
            Json::Number(1e17),
            Json::Number(-0.5),
            Json::Number(f64::INFINITY),
            Json::Text("2026-02-30".to_owned()),
            Json::Text("no such thing".to_owned()),
            Json::Bool(true),
            Json::List(vec![Json::Null, Json::Number(7.0)]),
            Json::Object(vec![("value".to_owned(), Json::Text("1".to_owned()))]),
            Json::Object(vec![
                ("lng".to_owned(), Json::Number(106.0)),
                ("lat".to_owned(), Json::Number(26.0)),
            ]),
            Json::Broken,
        ];
        self.rng.pick(&wrong).clone()
    }

    /// A number on, just above or just below one of the ruleset's or one of the field's own.
    fn number(&mut self, field: &Field) -> f64 {
        let mut near = self.pool.numbers.clone();
        near.extend(field.min.into_iter().chain(field.max));
        let step = *self
            .rng
            .pick(&[0.0, 0.0, 1.0, -1.0, 0.5, -0.5, 10.0, -10.0, 0.001, -3.0]);
        *self.rng.pick(&near) + step
    }

    fn day(&mut self, field: &Field) -> Date {
        let mut near = self.pool.days.clone();
        near.extend(
            field
                .min
                .into_iter()
                .chain(field.max)
                .filter_map(|days| Date::from_days(days as i64)),
        );
        let step = *self.rng.pick(&[0, 0, 1, -1, 30, -30, 365, -365 * 18, -6_575]);
        let day = *self.rng.pick(&near);
        day.add_days(step).unwrap_or(day)
    }

    fn right(&mut self, field: &Field, depth: u32) -> Json {
        match field.kind {
            Kind::Boolean => Json::Bool(self.rng.chance(50)),
            Kind::Integer => Json::Number(self.number(field).round()),
            Kind::Number => Json::Number(self.number(field)),
            Kind::Text => Json::Text(self.rng.pick(&self.pool.texts).clone()),
            Kind::Choice => self.option(field),
            Kind::Choices => Json::List((0..self.rng.below(4)).map(|_| self.option(field)).collect()),
            Kind::Date => Json::Text(self.day(field).to_string()),
            Kind::DateTime => {
                let zone = *self.rng.pick(&["", "Z", "+08:00", "-05:00"]);
                Json::Text(format!(
                    "{}T{:02}:30:00{zone}",
                    self.day(field),
                    self.rng.below(24)
                ))
            }
            Kind::Measure => {
                let mut members = vec![("value".to_owned(), Json::Number(self.number(field)))];
                if self.rng.chance(60) {
                    let tolerance = *self.rng.pick(&[0.0, 0.5, 1.0, 10.0, 12.0]);
                    members.push(("tolerance".to_owned(), Json::Number(tolerance)));
                }
                Json::Object(members)
            }
            Kind::Point => {
                let (lng, lat) = self.position();
                let mut members = vec![
                    ("lng".to_owned(), Json::Number(lng)),
                    ("lat".to_owned(), Json::Number(lat)),
                    self.crs(field),
                ];
                if self.rng.chance(50) {
                    members.push((
                        "accuracy".to_owned(),
                        Json::Number(*self.rng.pick(&[0.0, 5.0, 40.0])),
                    ));
                }
                Json::Object(members)
            }
            Kind::Area => {
                let (lng, lat) = self.position();
                let corner = |east: f64, north: f64| {
                    Json::List(vec![Json::Number(lng + east), Json::Number(lat + north)])
                };
                let ring = [(0.0, 0.0), (0.002, 0.0), (0.002, 0.001), (0.0, 0.002), (0.0, 0.0)];
                let ring = Json::List(ring.iter().map(|&(east, north)| corner(east, north)).collect());
                let polygon = Json::List(vec![ring]);
                let (kind, coordinates) = if self.rng.chance(70) {
                    ("Polygon", polygon)
                } else {
                    ("MultiPolygon", Json::List(vec![polygon]))
                };
                Json::Object(vec![
                    ("type".to_owned(), Json::Text(kind.to_owned())),
                    ("coordinates".to_owned(), coordinates),
                    self.crs(field),
                ])
            }
            Kind::Attachment => Json::Text("file-1".to_owned()),
            Kind::Ref => Json::Text((*self.rng.pick(&["a", "b", "c", "z"])).to_owned()),
            Kind::List(scope) => {
                let count = if depth == 0 {
                    self.rng.below(4)
                } else {
                    self.rng.below(2)
                };
                Json::List((0..count).map(|_| self.record(scope, depth + 1)).collect())
            }
        }
    }

    fn option(&mut self, field: &Field) -> Json {
        if field.options.is_empty() {
            return Json::Null;
        }
        let symbol = self.rng.pick(&field.options).symbol;
        Json::Text(
            self.ruleset
                .symbols
                .get(symbol as usize)
                .cloned()
                .unwrap_or_default(),
        )
    }

    fn position(&mut self) -> (f64, f64) {
        let step = |rng: &mut Rng| *rng.pick(&[0.0, 0.001, 0.002, 0.003, 0.01, 1.0]);
        (105.95 + step(self.rng), 26.25 + step(self.rng))
    }

    fn crs(&mut self, field: &Field) -> (String, Json) {
        let crs = match field.crs.as_slice() {
            [] => *self
                .rng
                .pick(&["wgs84", "wgs84", "wgs84", "wgs84", "gcj02", "cgcs2000", "bd09"]),
            listed => self.rng.pick(listed).name(),
        };
        ("crs".to_owned(), Json::Text(crs.to_owned()))
    }
}
