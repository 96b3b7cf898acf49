//! The façade: load a ruleset, check answers.
//!
//! In: a bundle (or plans fresh from the compiler), answers, options. Out: reports. Must not know: YAML, files, clocks.

use crate::answers::{Answers, packed};
use crate::bundle::{self, BundleError};
use crate::digest::sha256;
use crate::domain::date::Date;
use crate::domain::division::covers;
use crate::entry::Needs;
use crate::eval::trace::Trace;
use crate::eval::{Context, Eval, Functions, Ready};
use crate::json;
use crate::judge::{self, Judged, Verdict, Whole};
use crate::limits::Limits;
use crate::outcomes;
use crate::plan::{Layer, Plan};
use crate::report::{self, Detail, Head, Report};
use crate::tables::{Data, TableError};
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

/// A loaded ruleset with its layers. Cloning is cheap.
///
/// ```
/// use rules_core::{Ruleset, bundle::BundleError};
/// assert_eq!(Ruleset::load("{}").err(), Some(BundleError::NotBundle));
/// ```
#[derive(Clone, Debug)]
pub struct Ruleset {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    digest: String,
    variants: Vec<Variant>,
    included: Tables,
}

#[derive(Debug)]
struct Variant {
    plan: Plan,
    ready: Ready,
    needs: Needs,
}

/// Data for the tables of one ruleset. Cloning is cheap.
///
/// ```
/// use rules_core::limits::Limits;
/// use rules_core::{Options, Ruleset, Tables, domain::date::Date};
/// # const BUNDLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/shop.rules.json"));
/// # let ruleset = Ruleset::load(BUNDLE).unwrap();
/// let mut tables = Tables::new(&ruleset);
/// let rows = r#"[{"id": "a", "location": {"lng": 106.001, "lat": 26, "crs": "wgs84"}}]"#;
/// tables.insert(&ruleset, "schools", rows, &Limits::DEFAULT).unwrap();
///
/// // What does not fit is refused at its place, and changes nothing.
/// let wrong = tables.insert(&ruleset, "schools", r#"[{"id": "a", "location": {"lng": 1, "lat": 2}}]"#, &Limits::DEFAULT);
/// assert!(wrong.is_err_and(|error| (error.at.as_str(), error.code) == ("/0/location", "no_crs")));
///
/// let options = Options { tables: Some(&tables), ..Options::on(Date::parse("2026-03-02").unwrap()) };
/// let near = r#"{"kind": "bar", "place": {"lng": 106, "lat": 26, "crs": "wgs84"}, "guests": []}"#;
/// assert_eq!(ruleset.check(near, &options).verdict(), "fail");
/// // A position that is too coarse decides nothing.
/// let coarse = near.replace(r#""crs""#, r#""accuracy": 150, "crs""#);
/// assert_eq!(ruleset.check(&coarse, &options).verdict(), "undetermined");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Tables {
    /// Per variant, per table of its plan.
    data: Vec<Vec<Option<Arc<Data>>>>,
}

impl Tables {
    /// No data.
    pub fn new(ruleset: &Ruleset) -> Tables {
        Tables::sized(ruleset.inner.variants.iter().map(|variant| &variant.plan))
    }

    fn sized<'a>(plans: impl Iterator<Item = &'a Plan>) -> Tables {
        Tables {
            data: plans
                .map(|plan| plan.tables.iter().map(|_| None).collect())
                .collect(),
        }
    }

    /// Takes the data of a table as JSON text: an array of rows, or `{"years": [2026], "days": [["2026-01-01", "off"], …]}` for a calendar.
    ///
    /// # Errors
    /// Where no table has this name, or the data does not fit its columns.
    pub fn insert(
        &mut self,
        ruleset: &Ruleset,
        name: &str,
        text: &str,
        limits: &Limits,
    ) -> Result<(), TableError> {
        let plans = ruleset.inner.variants.iter().map(|variant| &variant.plan);
        self.insert_for(plans, name, text, limits)
    }

    fn insert_for<'a>(
        &mut self,
        plans: impl Iterator<Item = &'a Plan>,
        name: &str,
        text: &str,
        limits: &Limits,
    ) -> Result<(), TableError> {
        let mut found = false;
        for (plan, data) in plans.zip(&mut self.data) {
            let Some(number) = plan.tables.iter().position(|table| table.name == name) else {
                continue;
            };
            let (Some(table), Some(place)) = (plan.tables.get(number), data.get_mut(number)) else {
                continue;
            };
            *place = Some(Arc::new(Data::read(plan, table, number as u16, text, limits)?));
            found = true;
        }
        if found {
            Ok(())
        } else {
            Err(TableError {
                at: String::new(),
                code: "no_such_table",
            })
        }
    }
}

/// What a check is told beside the answers.
///
/// ```
/// use rules_core::limits::Limits;
/// use rules_core::{Detail, Options, domain::date::Date};
///
/// let options = Options {
///     jurisdiction: Some(520402),
///     detail: Detail { explain: true, all: false },
///     limits: Limits { items: 100, ..Limits::DEFAULT },
///     ..Options::on(Date::parse("2026-03-02").unwrap())
/// };
/// assert_eq!(options.as_of.to_string(), "2026-03-02");
/// ```
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// The day of the check. Nothing in the core reads a clock.
    pub as_of: Date,
    /// GB/T 2260 code of the place; the ruleset's own area where absent.
    pub jurisdiction: Option<u32>,
    /// Tables given; included ones are used where one is not given.
    pub tables: Option<&'a Tables>,
    /// What the report adds.
    pub detail: Detail,
    /// Limits.
    pub limits: Limits,
    /// Author's functions, where they are built in.
    pub functions: Option<&'a dyn Functions>,
}

impl Options<'_> {
    /// A check on a day, with nothing else said.
    pub fn on(as_of: Date) -> Options<'static> {
        Options {
            as_of,
            jurisdiction: None,
            tables: None,
            detail: Detail::default(),
            limits: Limits::DEFAULT,
            functions: None,
        }
    }
}

/// Which layers hold for a place and a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Chosen {
    /// The variant with this number.
    Variant(usize),
    /// The ruleset is not in force on that day.
    OutOfForce,
    /// The ruleset is for another area.
    OtherArea,
}

impl Ruleset {
    /// Loads a bundle.
    ///
    /// # Errors
    /// See [`BundleError`].
    ///
    /// ```
    /// use rules_core::{Ruleset, bundle::BundleError};
    /// # const BUNDLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/shop.rules.json"));
    /// let ruleset = Ruleset::load(BUNDLE).unwrap();
    /// assert_eq!(ruleset.base().map(|layer| layer.id.as_str()), Some("shop"));
    /// assert!(ruleset.digest().starts_with("sha256:"));
    ///
    /// let changed = BUNDLE.replace("200", "100");
    /// assert_eq!(Ruleset::load(&changed).err(), Some(BundleError::Digest));
    /// ```
    pub fn load(text: &str) -> Result<Ruleset, BundleError> {
        let content = bundle::read(text)?;
        Ruleset::assemble(content.digest, content.variants, &content.tables)
    }

    /// Loads a bundle that must be signed by one of `keys`.
    ///
    /// # Errors
    /// As [`Ruleset::load`]; [`BundleError::Signature`] where it is not signed by one of them.
    ///
    /// ```
    /// use rules_core::{Ruleset, bundle};
    /// # const BUNDLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/shop.rules.json"));
    /// let seed = [7; 32]; // the secret of an Ed25519 key
    /// let signed = bundle::sign(BUNDLE, seed).unwrap();
    /// assert!(Ruleset::load_signed(&signed, &[bundle::public_key(seed)]).is_ok());
    /// assert_eq!(Ruleset::load_signed(BUNDLE, &[bundle::public_key(seed)]).err().map(|error| error.code()), Some("B0107"));
    /// ```
    pub fn load_signed(text: &str, keys: &[bundle::PublicKey]) -> Result<Ruleset, BundleError> {
        let content = bundle::read_signed(text, keys)?;
        Ruleset::assemble(content.digest, content.variants, &content.tables)
    }

    /// Takes plans fresh from the compiler, the base first.
    ///
    /// # Errors
    /// Where a plan breaks the laws of plans, or an included table does not fit.
    pub fn from_plans(variants: Vec<Plan>, tables: &[(String, String)]) -> Result<Ruleset, BundleError> {
        if variants.is_empty() || !variants.iter().all(bundle::sound) {
            return Err(BundleError::Plan);
        }
        Ruleset::assemble(bundle::digest(&variants, tables), variants, tables)
    }

    fn assemble(
        digest: String,
        plans: Vec<Plan>,
        tables: &[(String, String)],
    ) -> Result<Ruleset, BundleError> {
        let mut included = Tables::sized(plans.iter());
        for (name, text) in tables {
            let used = plans
                .iter()
                .any(|plan| plan.tables.iter().any(|t| t.include.as_deref() == Some(name)));
            if !used {
                continue;
            }
            for table in plans
                .iter()
                .flat_map(|plan| &plan.tables)
                .filter(|t| t.include.as_deref() == Some(name))
            {
                included
                    .insert_for(plans.iter(), &table.name, text, &Limits::DEFAULT)
                    .map_err(|_| BundleError::Plan)?;
            }
        }
        let variants = plans
            .into_iter()
            .map(|plan| Variant {
                needs: Needs::of(&plan.form),
                ready: Ready::of(&plan),
                plan,
            })
            .collect::<Vec<_>>();
        Ok(Ruleset {
            inner: Arc::new(Inner {
                digest,
                variants,
                included,
            }),
        })
    }

    /// `sha256:…` of the bundle's content.
    pub fn digest(&self) -> &str {
        &self.inner.digest
    }

    /// The plans, one per path of layers, the base alone first.
    pub fn plans(&self) -> impl Iterator<Item = &Plan> {
        self.inner.variants.iter().map(|variant| &variant.plan)
    }

    /// The plan with this number.
    pub fn plan(&self, variant: usize) -> Option<&Plan> {
        self.inner.variants.get(variant).map(|variant| &variant.plan)
    }

    /// The base ruleset.
    pub fn base(&self) -> Option<&Layer> {
        self.plan(0).and_then(|plan| plan.layers.first())
    }

    /// Has the ruleset functions of the author's?
    pub fn has_functions(&self) -> bool {
        self.plans().any(|plan| !plan.functions.is_empty())
    }

    /// Which layers hold for a place and a day: of all paths whose every layer does, the longest.
    pub fn choose(&self, jurisdiction: Option<u32>, as_of: Date) -> Chosen {
        let Some(base) = self.base() else {
            return Chosen::OtherArea;
        };
        let place = jurisdiction.unwrap_or(base.jurisdiction);
        if !covers(base.jurisdiction, place) {
            return Chosen::OtherArea;
        }
        if !base.effective.holds(as_of) {
            return Chosen::OutOfForce;
        }
        let mut best = (0, 0);
        for (number, variant) in self.inner.variants.iter().enumerate() {
            let layers = &variant.plan.layers;
            let all = layers
                .iter()
                .all(|layer| covers(layer.jurisdiction, place) && layer.effective.holds(as_of));
            if all && layers.len() > best.1 {
                best = (number, layers.len());
            }
        }
        Chosen::Variant(best.0)
    }

    /// Checks a submission given as JSON text. Always ends in a report, whatever the text is.
    ///
    /// ```
    /// use rules_core::{Options, Ruleset, domain::date::Date};
    /// # const BUNDLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/shop.rules.json"));
    /// # let ruleset = Ruleset::load(BUNDLE).unwrap();
    /// let options = Options::on(Date::parse("2026-03-02").unwrap());
    /// assert_eq!(ruleset.check(r#"{"kind": "shop", "guests": [{"age": 18}]}"#, &options).verdict(), "pass");
    /// assert_eq!(ruleset.check(r#"{"kind": "shop", "guests": [{"age": "?"}]}"#, &options).entry(), "invalid");
    /// assert_eq!(ruleset.check("not JSON", &options).entry(), "invalid");
    /// ```
    pub fn check(&self, answers: &str, options: &Options<'_>) -> Report {
        let mut scratch = Scratch::default();
        Checker::new(self, options).report(answers, &mut scratch)
    }
}

/// Memory that checks reuse.
#[derive(Default, Debug)]
pub struct Scratch {
    /// The answers last read.
    pub answers: Answers,
    /// What was last judged.
    pub judged: Judged,
}

/// A ruleset with its options, ready for many submissions.
///
/// ```
/// use rules_core::eval::Outcome;
/// use rules_core::{Checker, Options, Ruleset, Scratch, domain::date::Date};
/// # const BUNDLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/shop.rules.json"));
/// # let ruleset = Ruleset::load(BUNDLE).unwrap();
/// let options = Options::on(Date::parse("2026-03-02").unwrap());
/// let checker = Checker::new(&ruleset, &options);
/// let mut scratch = Scratch::default();
/// let mut failed = 0;
/// for entry in [r#"{"kind": "shop", "guests": [{"age": 17}, {"age": 16}]}"#, r#"{"kind": "shop", "guests": []}"#] {
///     checker.read(entry, &mut scratch);
///     checker.judge(&mut scratch);
///     failed += scratch.judged.verdicts.iter().filter(|one| one.outcome == Outcome::Fail).count();
/// }
/// assert_eq!(failed, 2);
/// ```
pub struct Checker<'a> {
    ruleset: &'a Ruleset,
    options: &'a Options<'a>,
    chosen: Chosen,
    variant: Option<&'a Variant>,
    tables: Vec<Option<&'a Data>>,
}

impl<'a> Checker<'a> {
    /// Chooses the layers and the tables.
    pub fn new(ruleset: &'a Ruleset, options: &'a Options<'a>) -> Checker<'a> {
        let chosen = ruleset.choose(options.jurisdiction, options.as_of);
        let number = if let Chosen::Variant(number) = chosen {
            number
        } else {
            0
        };
        let given = options.tables.and_then(|tables| tables.data.get(number));
        let included = ruleset.inner.included.data.get(number);
        let variant = ruleset.inner.variants.get(number);
        let count = variant.map_or(0, |variant| variant.plan.tables.len());
        let pick = |from: Option<&'a Vec<Option<Arc<Data>>>>, i: usize| {
            from.and_then(|data| data.get(i)).and_then(Option::as_deref)
        };
        let tables = (0..count)
            .map(|i| pick(given, i).or_else(|| pick(included, i)))
            .collect();
        Checker {
            ruleset,
            options,
            chosen,
            variant,
            tables,
        }
    }

    /// The plan that decides; the base's where the ruleset does not hold.
    pub fn plan(&self) -> Option<&'a Plan> {
        self.variant.map(|variant| &variant.plan)
    }

    /// Which layers were chosen.
    pub fn chosen(&self) -> Chosen {
        self.chosen
    }

    /// What an evaluation over these answers reads.
    pub fn context<'b>(&'b self, answers: &'b Answers) -> Option<Context<'b>> {
        self.variant.map(|variant| Context {
            plan: &variant.plan,
            ready: &variant.ready,
            store: &answers.store,
            tables: &self.tables,
            as_of: self.options.as_of,
            limits: &self.options.limits,
            functions: self.options.functions,
        })
    }

    /// Reads a submission from JSON text.
    pub fn read(&self, text: &str, scratch: &mut Scratch) {
        if let Some(plan) = self.plan() {
            scratch.answers.read_again(plan, text, &self.options.limits);
        }
    }

    /// Reads a submission from packed bytes. `false` where they are not of this form; then nothing was read.
    pub fn read_packed(&self, bytes: &[u8], scratch: &mut Scratch) -> bool {
        self.plan()
            .is_some_and(|plan| packed::read(&mut scratch.answers, plan, bytes, &self.options.limits))
    }

    /// Judges what was read. Outcomes with their rules and items; no texts.
    pub fn judge(&self, scratch: &mut Scratch) {
        let (Chosen::Variant(_), Some(variant)) = (self.chosen, self.variant) else {
            scratch.judged = Judged::default();
            return;
        };
        if let Some(cx) = self.context(&scratch.answers) {
            scratch.judged.run(cx, &variant.needs);
        }
    }

    /// Judges what was read and writes the outcomes as words, for hosts that decode them: see [`outcomes`]. Without the option `all` only what fails
    /// or is not decided.
    pub fn words(&self, scratch: &mut Scratch, out: &mut Vec<u32>) {
        out.clear();
        self.judge(scratch);
        if let Some(cx) = self.context(&scratch.answers) {
            outcomes::write(
                out,
                self.whole(scratch),
                cx,
                &scratch.judged,
                self.options.detail.all,
            );
        }
    }

    /// The verdict of the whole, or `None` where the ruleset does not hold.
    pub fn whole(&self, scratch: &Scratch) -> Option<Whole> {
        match self.chosen {
            Chosen::Variant(_) => self.context(&scratch.answers).map(|cx| scratch.judged.whole(&cx)),
            Chosen::OutOfForce | Chosen::OtherArea => None,
        }
    }

    /// What decided each of the verdicts that `wanted` picks: the paths of findings, in the order of the verdicts.
    ///
    /// PERF: one evaluation for all of them; `trace` begins one for each.
    pub fn traces(
        &self,
        scratch: &Scratch,
        wanted: impl Fn(&Verdict) -> bool,
        mut each: impl FnMut(&Verdict, &Trace),
    ) {
        let Some(cx) = self.context(&scratch.answers) else {
            return;
        };
        let mut eval = Eval::new(cx);
        for verdict in scratch.judged.verdicts.iter().filter(|verdict| wanted(verdict)) {
            let trace = judge::trace(&mut eval, verdict, false);
            each(verdict, &trace);
            eval.unbind_each();
        }
    }

    /// What decided a verdict.
    pub fn trace(&self, scratch: &Scratch, verdict: &Verdict) -> Trace {
        self.context(&scratch.answers).map_or_else(Trace::default, |cx| {
            judge::trace(&mut Eval::new(cx), verdict, false)
        })
    }

    /// Reads, judges and reports a submission given as JSON text.
    pub fn report(&self, text: &str, scratch: &mut Scratch) -> Report {
        self.read(text, scratch);
        self.judge(scratch);
        let tree = if text.len() > self.options.limits.answer_bytes {
            json::Json::Null
        } else {
            json::parse(text, self.options.limits.depth).map_or(json::Json::Null, |(tree, _)| tree)
        };
        self.write(&scratch.answers, &scratch.judged, &tree)
    }

    /// Writes the report of answers already judged; `tree` is the submission as it was given.
    pub fn write(&self, answers: &Answers, judged: &Judged, tree: &json::Json) -> Report {
        let head = self.head(sha256(tree.canonical().as_bytes()));
        match (self.chosen, self.context(answers)) {
            (Chosen::Variant(_), Some(cx)) => {
                report::write(&head, &mut Eval::new(cx), answers, judged, self.options.detail)
            }
            (Chosen::OutOfForce, _) => report::not_applicable(&head, answers, "out_of_force"),
            (Chosen::OtherArea | Chosen::Variant(_), _) => {
                report::not_applicable(&head, answers, "other_area")
            }
        }
    }

    fn head(&self, answers: String) -> Head<'_> {
        let plan = self.plan();
        let layers = plan.map_or(&[] as &[Layer], |plan| &plan.layers);
        let base = layers.first();
        let place = self
            .options
            .jurisdiction
            .or(base.map(|base| base.jurisdiction))
            .unwrap_or(0);
        let tables = plan
            .into_iter()
            .flat_map(|plan| plan.tables.iter().zip(&self.tables));
        let tables = tables
            .filter_map(|(table, data)| data.map(|data| (table.name.as_str(), data.digest.as_str())))
            .collect();
        let applied = if matches!(self.chosen, Chosen::Variant(_)) {
            layers
        } else {
            &[]
        };
        Head {
            ruleset: [
                base.map_or("", |base| base.id.as_str()),
                base.map_or("", |base| base.version.as_str()),
                self.ruleset.digest(),
            ],
            layers: applied
                .iter()
                .skip(1)
                .map(|layer| [layer.id.as_str(), layer.version.as_str(), layer.digest.as_str()])
                .collect(),
            tables,
            jurisdiction: report::code_text(place),
            as_of: self.options.as_of.to_string(),
            answers,
        }
    }
}
