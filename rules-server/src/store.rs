//! The rulesets that the service judges by: all bundles of a folder, loaded once.
//!
//! In: a folder. Out: bundles by id. Must not know: HTTP.

use crate::write::{Object, array};
use rules_core::bundle::BundleError;
use rules_core::form::Text;
use rules_core::json::Json;
use rules_core::plan::Layer;
use rules_core::report::code_text;
use rules_core::{Ruleset, limits};
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

/// How bundles are called.
const ENDING: &str = ".rules.json";

/// One bundle: its text as it is handed out, and the ruleset in it.
#[derive(Clone, Debug)]
pub struct Bundle {
    text: String,
    summary: String,
    ruleset: Ruleset,
}

/// All bundles by id.
#[derive(Clone, Debug, Default)]
pub struct Store {
    bundles: BTreeMap<String, Bundle>,
}

/// Why bundles could not be loaded.
#[derive(Debug)]
pub enum LoadError {
    /// A file or folder cannot be read.
    Io(PathBuf, std::io::Error),
    /// A file is no bundle that this service can run.
    Bundle(PathBuf, BundleError),
    /// Two files hold the same ruleset.
    Twice(PathBuf, String),
    /// The folder holds no bundles.
    Empty(PathBuf),
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoadError::Io(path, error) => write!(f, "`{}` cannot be read: {error}", path.display()),
            LoadError::Bundle(path, error) => {
                write!(
                    f,
                    "`{}` does not load: {} ({})",
                    path.display(),
                    error.text().1,
                    error.code()
                )
            }
            LoadError::Twice(path, id) => {
                write!(
                    f,
                    "`{}` holds the ruleset `{id}`, which another bundle holds, too",
                    path.display()
                )
            }
            LoadError::Empty(path) => {
                write!(
                    f,
                    "`{}` holds no bundles (`*{ENDING}`); `rules build` makes them",
                    path.display()
                )
            }
        }
    }
}

impl std::error::Error for LoadError {}

impl Bundle {
    /// Loads a bundle from its text.
    ///
    /// # Errors
    /// What the engine says against it; `Functions` where the author's functions would be needed.
    pub fn load(text: String) -> Result<Bundle, BundleError> {
        let ruleset = Ruleset::load(&text)?;
        if ruleset.has_functions() {
            return Err(BundleError::Functions);
        }
        let summary = summary(&ruleset);
        Ok(Bundle {
            text,
            summary,
            ruleset,
        })
    }

    /// The bytes that were loaded.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Id, version, title, area and layers as JSON.
    pub fn summary(&self) -> &str {
        &self.summary
    }

    /// The ruleset.
    pub fn ruleset(&self) -> &Ruleset {
        &self.ruleset
    }
}

impl Store {
    /// Loads every bundle of a folder.
    ///
    /// # Errors
    /// The first file that cannot be loaded; a folder without any.
    pub fn read(folder: &Path) -> Result<Store, LoadError> {
        let io = |error| LoadError::Io(folder.to_owned(), error);
        let mut files: Vec<PathBuf> = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(io)? {
            let path = entry.map_err(io)?.path();
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
            if name.is_some_and(|name| name.ends_with(ENDING)) {
                files.push(path);
            }
        }
        files.sort();
        let mut store = Store::default();
        for path in files {
            let size = std::fs::metadata(&path).map(|data| data.len()).unwrap_or(0);
            if usize::try_from(size).unwrap_or(usize::MAX) > limits::BUNDLE_BYTES {
                return Err(LoadError::Bundle(path, BundleError::TooLarge));
            }
            let text = match std::fs::read_to_string(&path) {
                Ok(text) => text,
                Err(error) => return Err(LoadError::Io(path, error)),
            };
            let bundle = match Bundle::load(text) {
                Ok(bundle) => bundle,
                Err(error) => return Err(LoadError::Bundle(path, error)),
            };
            if let Some(id) = store.insert(bundle) {
                return Err(LoadError::Twice(path, id));
            }
        }
        if store.bundles.is_empty() {
            return Err(LoadError::Empty(folder.to_owned()));
        }
        Ok(store)
    }

    /// Adds a bundle, and gives its id back where there was one of that id: then the store is as it was.
    pub fn insert(&mut self, bundle: Bundle) -> Option<String> {
        let id = bundle
            .ruleset
            .base()
            .map_or_else(String::new, |base| base.id.clone());
        if self.bundles.contains_key(&id) {
            return Some(id);
        }
        self.bundles.insert(id, bundle);
        None
    }

    /// The bundle with this id.
    pub fn get(&self, id: &str) -> Option<&Bundle> {
        self.bundles.get(id)
    }

    /// All bundles in the order of their ids.
    pub fn bundles(&self) -> impl ExactSizeIterator<Item = &Bundle> {
        self.bundles.values()
    }
}

fn summary(ruleset: &Ruleset) -> String {
    let mut seen: Vec<&str> = Vec::new();
    let mut layers: Vec<String> = Vec::new();
    for layer in ruleset.plans().flat_map(|plan| &plan.layers) {
        if !seen.contains(&layer.id.as_str()) {
            seen.push(&layer.id);
            layers.push(described(layer).finish());
        }
    }
    let Some(base) = ruleset.base() else {
        return String::from("{}");
    };
    let mut out = described(base);
    out.text("digest", ruleset.digest());
    out.text("bundle", &format!("/v1/bundles/{}", base.id));
    out.raw("layers", &array(layers.into_iter().skip(1)));
    out.finish()
}

fn described(layer: &Layer) -> Object {
    let mut out = Object::new();
    out.text("id", &layer.id);
    out.text("version", &layer.version);
    out.raw("title", &title(&layer.title));
    out.text("jurisdiction", &code_text(layer.jurisdiction));
    let mut period = Object::new();
    for (name, day) in [("from", layer.effective.from), ("until", layer.effective.until)] {
        if let Some(day) = day {
            period.text(name, &day.to_string());
        }
    }
    out.raw("effective", &period.finish());
    out
}

fn title(text: &Text) -> String {
    let english = (!text.en.is_empty()).then(|| ("en".to_owned(), Json::from(text.en.as_str())));
    let chinese = ("zh".to_owned(), Json::from(text.zh.as_str()));
    Json::Obj(english.into_iter().chain([chinese]).collect()).canonical()
}
