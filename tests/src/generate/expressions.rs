//! Random expressions over the fields of [`super::ruleset`], by the type that is wanted.
//!
//! In: a generator and what closure parameters stand for. Out: expression text that should compile. Must not know: YAML.

use super::Rng;

/// What a name in scope stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Bound {
    /// A record of `guests`.
    Guest,
    /// An integer of `xs`.
    Scalar,
    /// A row of `schools`.
    School,
}

/// Writes expressions.
pub struct Writer<'a> {
    /// Where chance comes from.
    pub rng: &'a mut Rng,
    /// Names in scope.
    pub bound: Vec<(String, Bound)>,
    /// Lets that may be used.
    pub lets: Vec<String>,
}

macro_rules! one_of {
    ($self:ident, $($choice:expr),+ $(,)?) => {{
        let choices: &[fn(&mut Writer<'_>, u32) -> String] = &[$($choice),+];
        let choice = *$self.rng.pick(choices);
        choice
    }};
}

impl Writer<'_> {
    fn word(&mut self, words: &[&str]) -> String {
        (*self.rng.pick(words)).to_owned()
    }

    fn bound_to(&mut self, kind: Bound) -> Option<String> {
        let names: Vec<String> = self
            .bound
            .iter()
            .filter(|(_, bound)| *bound == kind)
            .map(|(name, _)| name.clone())
            .collect();
        if names.is_empty() {
            None
        } else {
            Some(self.rng.pick(&names).clone())
        }
    }

    /// A truth.
    pub fn truth(&mut self, depth: u32) -> String {
        if depth == 0 {
            return one_of!(
                self,
                |w, _| w.word(&["b", "c", "b", "c", "params.gone"]),
                |w, d| w.compare(d),
                |w, d| w.compare(d),
                |w, d| w.member(d),
                |w, d| w.item_truth(d),
                |w, d| w.item_truth(d),
                |w, _| w.lets.last().cloned().unwrap_or_else(|| "b".to_owned()),
            )(self, 0);
        }
        let inner = depth - 1;
        one_of!(
            self,
            |w, d| format!("({} && {})", w.truth(d), w.truth(d)),
            |w, d| format!("({} && {} && {})", w.truth(d), w.truth(d), w.truth(d)),
            |w, d| format!("({} || {})", w.truth(d), w.truth(d)),
            |w, d| format!("({} || {})", w.truth(d), w.truth(d)),
            |w, d| format!("!({})", w.truth(d)),
            |w, d| format!(
                "(if {} {{ {} }} else {{ {} }})",
                w.truth(d),
                w.truth(d),
                w.truth(d)
            ),
            |w, d| format!("(({}) ?? {})", w.truth(d), w.word(&["b", "true", "false", "c"])),
            |w, d| format!("({} == {})", w.truth(d), w.word(&["b", "c"])),
            |w, d| w.looks(d),
            |w, d| w.compare(d),
            |w, d| w.compare(d),
            |w, d| w.compare(d),
            |w, d| w.member(d),
            |w, d| w.quantified(d),
            |w, d| w.quantified(d),
            |w, _| {
                let word = w.word(&[
                    "judgement",
                    "method",
                    "conflict",
                    "apple",
                    "zebra",
                    "out_of_period",
                ]);
                format!("(b && unknown(\"{word}\"))")
            },
            |w, _| w.word(&[
                "resident_id_ok(t)",
                "minor_on(d, as_of)",
                "minor_on(d, e, \"birthday\")"
            ]),
        )(self, inner)
    }

    fn looks(&mut self, depth: u32) -> String {
        let what = one_of!(
            self,
            |w, _| w.word(&[
                "b", "n", "x", "t", "k", "ks", "d", "dt", "w", "p", "g", "f", "guests", "xs", "addr.no"
            ]),
            |w, d| w.truth(d),
            |w, d| w.number(d),
            |w, d| w.date(d),
        )(self, depth);
        format!("{}({what})", self.word(&["known", "missing"]))
    }

    fn compare(&mut self, depth: u32) -> String {
        let op = self.word(&["<", "<=", ">", ">=", "==", "!="]);
        let text = one_of!(
            self,
            |w, d| format!(
                "{} OP {}",
                w.int(d),
                w.word(&["n", "m", "3", "18", "7", "addr.no"])
            ),
            |w, d| format!(
                "{} OP {}",
                w.number(d),
                w.word(&["x", "y", "2.5", "0", "params.share"])
            ),
            |w, d| format!(
                "{} OP {}",
                w.measure(d),
                w.word(&["w", "v", "200", "199.5", "params.limit", "params.unset"])
            ),
            |w, d| format!("{} OP {}", w.measure(d), w.measure(d)),
            |w, d| format!(
                "{} OP {}",
                w.date(d),
                w.word(&["d", "e", "as_of", "date(\"2026-03-02\")", "date(\"2024-10-08\")"])
            ),
            |w, d| format!(
                "days_between({}, {}) OP {}",
                w.date(d),
                w.date(d),
                w.word(&["0", "30", "-1"])
            ),
            |w, d| format!(
                "months_between({}, {}) OP {}",
                w.date(d),
                w.date(d),
                w.word(&["0", "12", "-1"])
            ),
            |w, d| format!("age_on({}, {}) OP 18", w.date(d), w.date(d)),
            |w, d| format!("workdays_between({}, {}) OP 5", w.date(d), w.date(d)),
        )(self, depth);
        match text.split_once(" OP ") {
            // The compiler knows what comes out.
            Some((left, right)) if left == right => self.compare(depth),
            _ => format!("({})", text.replace("OP", &op)),
        }
    }

    fn member(&mut self, depth: u32) -> String {
        one_of!(
            self,
            |w, _| format!(
                "{} == \"{}\"",
                w.word(&["k", "j"]),
                w.word(&["red", "green", "blue"])
            ),
            |w, _| w.word(&[
                "k == j",
                "k != j",
                "k in [\"red\", \"blue\"]",
                "params.way == \"straight\""
            ]),
            |w, _| format!("\"{}\" in ks", w.word(&["red", "green", "blue"])),
            |w, _| w.word(&[
                "n in 1..5",
                "m in 0..=3",
                "n in [1, 3, 18]",
                "n in xs",
                "3 in xs",
                "xs.contains(m)"
            ]),
            |w, d| format!("{} == {}", w.text(d), w.word(&["\"a\"", "u", "\"学校\"", "t"])),
            |w, d| format!("{} != {}", w.text(d), w.word(&["\"abc\"", "u"])),
            |w, d| format!("contains({}, {})", w.text(d), w.word(&["\"学\"", "u", "\"b\""])),
            |w, d| format!("{}.starts_with(\"{}\")", w.text(d), w.word(&["a", "学"])),
            |w, d| format!("ends_with({}, \"{}\")", w.text(d), w.word(&["c", "校"])),
            |w, d| format!(
                "matches({}, \"{}\")",
                w.text(d),
                w.word(&["[a-z]+", "[0-9]{3,}X?", "(a|b)*c", "[一-龥]+"])
            ),
            |w, d| format!("is_workday({})", w.date(d)),
        )(self, depth)
    }

    fn item_truth(&mut self, depth: u32) -> String {
        let Some((name, kind)) = self.bound.last().cloned() else {
            return self.compare(depth);
        };
        match kind {
            Bound::Guest => self.word(&[
                "NAME.ok",
                "NAME.age >= 18",
                "NAME.age < n",
                "known(NAME.name)",
                "minor_on(NAME.born, as_of)",
                "(NAME.ok ?? b)",
                "NAME.name == t",
                "NAME.room.floor > 2",
                "len(NAME.name) > 1",
                "NAME.visits.any(|v9| v9.on >= d)",
                "NAME.visits.all(|v9| v9.on >= NAME.born)",
                "len(NAME.visits) > 1",
            ]),
            Bound::Scalar => self.word(&["NAME > 2", "NAME == n", "NAME in 1..=3", "NAME % 2 == 0"]),
            Bound::School => self.word(&["NAME.pupils > 100", "NAME.name == t", "known(NAME.pupils)"]),
        }
        .replace("NAME", &name)
    }

    fn quantified(&mut self, depth: u32) -> String {
        let (list, kind) = self
            .rng
            .pick(&[
                ("guests", Bound::Guest),
                ("guests", Bound::Guest),
                ("xs", Bound::Scalar),
                ("within(schools, p, 450)", Bound::School),
            ])
            .to_owned();
        if self.bound.len() > 2 {
            return self.item_truth(0);
        }
        let name = format!("i{}", self.bound.len());
        let function = self.word(&["all", "any", "none", "count"]);
        self.bound.push((name.clone(), kind));
        let body = if self.rng.chance(60) {
            self.item_truth(0)
        } else {
            self.truth(depth.min(1))
        };
        self.bound.pop();
        if function == "count" {
            let compared = self.word(&["< 1", "< 2", ">= 1", ">= 2", "== 0", "== 1", "> 0", "> 1"]);
            format!("{list}.count(|{name}| {body}) {compared}")
        } else {
            format!("{list}.{function}(|{name}| {body})")
        }
    }

    /// An integer without a unit.
    pub fn int(&mut self, depth: u32) -> String {
        if depth == 0 {
            if let Some(guest) = self.bound_to(Bound::Guest)
                && self.rng.chance(40)
            {
                return format!("{guest}.age");
            }
            return self.word(&[
                "n",
                "m",
                "n",
                "addr.no",
                "len(t)",
                "len(guests)",
                "len(ks)",
                "year(d)",
                "weekday(e)",
                "hour(dt)",
            ]);
        }
        one_of!(
            self,
            |w, d| w.int(d),
            |w, d| format!("({} + {})", w.int(d), w.int(d)),
            |w, d| format!("({} - {})", w.int(d), w.int(d)),
            |w, d| format!("({} * {})", w.int(d), w.int(d)),
            |w, d| format!("({} % {})", w.int(d), w.word(&["m", "2", "n"])),
            |w, d| format!("(-{})", w.int(d)),
            |w, d| format!("abs({})", w.int(d)),
            |w, d| format!("min({}, {})", w.int(d), w.int(d)),
            |w, d| format!("max({}, {})", w.int(d), w.int(d)),
            |w, d| format!("(if {} {{ {} }} else {{ {} }})", w.truth(d), w.int(d), w.int(d)),
            |w, d| format!("({} ?? {})", w.int(d), w.word(&["m", "0", "7"])),
            |w, _| w.word(&[
                "guests.sum(|i| i.age)",
                "guests.min(|i| i.age)",
                "xs.max(|i| i * 2)",
                "xs.sum(|i| i)"
            ]),
            |w, _| w.word(&["guests.count(|i| i.ok)", "xs.count(|i| i > 1)"]),
        )(self, depth - 1)
    }

    /// A number without a unit.
    pub fn number(&mut self, depth: u32) -> String {
        if depth == 0 {
            return self.word(&["x", "y", "x", "params.share"]);
        }
        one_of!(
            self,
            |w, d| w.number(d),
            |w, d| format!("({} / {})", w.int(d), w.int(d)),
            |w, d| format!("({} + {})", w.number(d), w.number(d)),
            |w, d| format!("({} - {})", w.number(d), w.int(d)),
            |w, d| format!("({} * {})", w.number(d), w.number(d)),
            |w, d| format!("({} / {})", w.number(d), w.number(d)),
            |w, d| format!("round({})", w.number(d)),
            |w, d| format!("round({}, {})", w.number(d), w.word(&["1", "2"])),
            |w, d| format!("abs({})", w.number(d)),
            |w, d| format!("ratio({}, {})", w.int(d), w.int(d)),
            |w, d| format!("({} ?? 1.5)", w.number(d)),
            |w, d| format!("min({}, {})", w.number(d), w.number(d)),
        )(self, depth - 1)
    }

    /// An interval in metres.
    pub fn measure(&mut self, depth: u32) -> String {
        if depth == 0 {
            return self.word(&[
                "w",
                "v",
                "distance(p, q)",
                "distance(p, g)",
                "distance(nearest(schools, p).place, p)",
            ]);
        }
        one_of!(
            self,
            |w, d| w.measure(d),
            |w, d| format!("({} + {})", w.measure(d), w.measure(d)),
            |w, d| format!("({} - {})", w.measure(d), w.measure(d)),
            |w, d| format!("({} * {})", w.measure(d), w.word(&["2", "0.5", "n", "-1"])),
            |w, d| format!("({} / {})", w.measure(d), w.word(&["2", "m"])),
            |w, d| format!(
                "(if {} {{ {} }} else {{ {} }})",
                w.truth(d),
                w.measure(d),
                w.measure(d)
            ),
            |w, d| format!("({} ?? {})", w.measure(d), w.measure(0)),
            |_, _| "distance(to_wgs84(p), to_wgs84(q))".to_owned(),
        )(self, depth - 1)
    }

    /// A day.
    pub fn date(&mut self, depth: u32) -> String {
        if depth == 0 {
            if let Some(guest) = self.bound_to(Bound::Guest)
                && self.rng.chance(40)
            {
                return format!("{guest}.born");
            }
            return self.word(&["d", "e", "as_of", "date_of(dt)", "d"]);
        }
        one_of!(
            self,
            |w, d| w.date(d),
            |w, d| format!("add_days({}, {})", w.date(d), w.word(&["30", "-1", "n"])),
            |w, d| format!("add_months({}, {})", w.date(d), w.word(&["1", "-12", "m"])),
            |w, d| format!("add_workdays({}, {})", w.date(d), w.word(&["5", "-3", "m"])),
            |w, d| format!("next_workday({})", w.date(d)),
            |_, _| "birth_of_resident_id(t)".to_owned(),
            |w, d| format!("{}({}, {})", w.word(&["min", "max"]), w.date(d), w.date(d)),
            |w, d| format!("({} ?? {})", w.date(d), w.word(&["e", "as_of"])),
            |w, d| format!("(if {} {{ {} }} else {{ {} }})", w.truth(d), w.date(d), w.date(d)),
        )(self, depth - 1)
    }

    /// A text.
    pub fn text(&mut self, depth: u32) -> String {
        if depth == 0 {
            return self.word(&["t", "u", "addr.street", "t", "lookup(schools, t).name"]);
        }
        one_of!(
            self,
            |w, d| w.text(d),
            |w, d| format!("lower({})", w.text(d)),
            |w, d| format!("trim({})", w.text(d)),
            |w, d| format!("({} ?? \"a\")", w.text(d)),
            |w, d| format!("`${{{}}}-${{{}}}`", w.text(d), w.word(&["n", "k", "d", "x"])),
        )(self, depth - 1)
    }
}
